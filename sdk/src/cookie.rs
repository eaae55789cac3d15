//! The one cookie that a vendor keeps a session in.
//!
//! The cookie store that comes with reqwest writes every cookie it is given into the log, and a refresh token is as good as a
//! password. One cookie for one host needs no store.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{HeaderMap, HeaderValue, header};

/// A cookie by its name, and its latest value. Clones share the value.
#[derive(Clone)]
pub(crate) struct SessionCookie {
    name: &'static str,
    /// What the `Cookie` header says, name included.
    header: Arc<Mutex<Option<HeaderValue>>>,
}

impl SessionCookie {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            header: Arc::default(),
        }
    }

    /// The `Cookie` header to send.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        self.lock().clone()
    }

    /// Keeps what an answer sets, or forgets what it takes back.
    pub(crate) fn learn(&self, answer: &HeaderMap) {
        for set in answer.get_all(header::SET_COOKIE) {
            let Ok(set) = set.to_str() else { continue };
            let mut parts = set.split(';').map(str::trim);
            let pair = parts.next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            if name != self.name {
                continue;
            }
            *self.lock() = if value.is_empty() || parts.any(ends_it) {
                None
            } else {
                sensitive(pair)
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<HeaderValue>> {
        // The value is replaced as a whole, so a panic elsewhere cannot have left half of one.
        self.header.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an attribute says that the cookie is over (RFC 6265, 5.2.1 and 5.2.2).
fn ends_it(attribute: &str) -> bool {
    let Some((name, value)) = attribute.split_once('=') else {
        return false;
    };
    if name.eq_ignore_ascii_case("max-age") {
        value.trim().parse::<i64>().is_ok_and(|seconds| seconds <= 0)
    } else if name.eq_ignore_ascii_case("expires") {
        let expires = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value.trim());
        expires.is_ok_and(|expires| expires <= jiff::Timestamp::now())
    } else {
        false
    }
}

fn sensitive(pair: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(pair).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Shows the name only.
impl fmt::Debug for SessionCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionCookie").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn after(set: &[&'static str], kept: Option<&str>) {
        let cookie = SessionCookie::new("refreshToken");
        for set in set {
            let mut headers = HeaderMap::new();
            headers.insert(header::SET_COOKIE, HeaderValue::from_static(set));
            cookie.learn(&headers);
        }
        assert_eq!(
            cookie.header().as_ref().map(|value| value.to_str().unwrap()),
            kept
        );
    }

    #[test]
    fn the_latest_value_is_kept_and_other_cookies_are_not() {
        after(&[], None);
        after(&["refreshToken=r-1; HttpOnly; Path=/"], Some("refreshToken=r-1"));
        after(
            &["refreshToken=r-1", "refreshToken=r-2; Max-Age=604800"],
            Some("refreshToken=r-2"),
        );
        after(&["refreshToken=r-1", "theme=dark"], Some("refreshToken=r-1"));
        after(&["theme=dark", "nonsense"], None);
    }

    #[test]
    fn a_cookie_that_is_taken_back_is_forgotten() {
        after(&["refreshToken=r-1", "refreshToken=; Path=/"], None);
        after(&["refreshToken=r-1", "refreshToken=gone; Max-Age=0"], None);
        after(
            &[
                "refreshToken=r-1",
                "refreshToken=gone; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            ],
            None,
        );
    }

    #[test]
    fn the_value_is_sensitive_and_not_shown() {
        let cookie = SessionCookie::new("refreshToken");
        let mut headers = HeaderMap::new();
        headers.insert(header::SET_COOKIE, HeaderValue::from_static("refreshToken=r-1"));
        cookie.learn(&headers);
        assert!(cookie.header().unwrap().is_sensitive());
        assert_eq!(format!("{cookie:?}"), r#"SessionCookie("refreshToken")"#);
    }
}
