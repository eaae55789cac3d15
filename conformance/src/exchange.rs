//! A request and what was answered to it, as every case reads it.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Version;
use serde_json::Value;

/// A request and what was answered to it.
#[derive(Clone)]
pub(crate) struct Exchange {
    /// Its place in the order of the run.
    pub(crate) number: usize,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    /// Our end of the connection: the same twice is the same connection.
    pub(crate) local: Option<SocketAddr>,
    pub(crate) version: Version,
    /// The request was one that no page tells how to answer.
    pub(crate) is_odd: bool,
    pub(crate) read: Read,
}

/// What was made of an answer's bytes, once: many cases look at every answer of the run.
#[derive(Clone, Default)]
pub(crate) struct Read {
    json: OnceLock<Option<Value>>,
    unescaped: OnceLock<String>,
}

impl Exchange {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok()
    }

    /// The body, where it is JSON.
    pub(crate) fn json(&self) -> Option<&Value> {
        let read = || serde_json::from_slice(self.text()).ok();
        self.read.json.get_or_init(read).as_ref()
    }

    /// Everything in the answer that can be searched: the values of its headers, its bytes, and what the bytes spell when the
    /// escapes of JSON are undone.
    pub(crate) fn searchable(&self) -> impl Iterator<Item = &[u8]> {
        let headers = self.headers.iter().map(|(_, value)| value.as_slice());
        let unescaped = self.body.contains(&b'\\').then(|| {
            let read = || self.json().map(Value::to_string).unwrap_or_default();
            self.read.unescaped.get_or_init(read).as_bytes()
        });
        headers.chain([self.body.as_slice()]).chain(unescaped)
    }

    /// The body without a byte order mark, which JSON need not have and readers may pass over (RFC 8259, 8.1).
    pub(crate) fn text(&self) -> &[u8] {
        self.body.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&self.body)
    }

    /// Whether the media type is that of JSON, or one that ends in it.
    pub(crate) fn says_json(&self) -> bool {
        let essence = self
            .header("content-type")
            .and_then(|value| value.split(';').next())
            .map(|essence| essence.trim().to_ascii_lowercase())
            .unwrap_or_default();
        essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
    }

    /// Whether an answer that must have no content says that it has. A length of nothing is too much, and no harm.
    pub(crate) fn announces_content(&self) -> bool {
        let length = self
            .header("content-length")
            .filter(|length| length.trim() != "0");
        self.status == 204 && (length.is_some() || self.header("transfer-encoding").is_some())
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What the server's clock said.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        instant(self.header("date")?)
    }

    /// How long the server asks to wait: seconds, or until a date, which is a date by its own clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let now = self.date().unwrap_or_else(Timestamp::now);
        let ahead = instant(text)?.duration_since(now);
        // A date that is over asks for no wait.
        Some(Duration::try_from(ahead).unwrap_or_default())
    }

    /// The request line without its query, for people.
    pub(crate) fn line(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

/// A date as headers have it.
fn instant(text: &str) -> Option<Timestamp> {
    // GMT is what HTTP says and an obsolete zone of mail, which means the same.
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(date: Option<&str>, retry_after: &str) -> Exchange {
        let headers = [("date", date), ("retry-after", Some(retry_after))];
        Exchange {
            number: 0,
            method: "GET",
            path: "/".to_owned(),
            status: 429,
            headers: headers
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?.as_bytes().to_vec())))
                .collect(),
            body: Vec::new(),
            local: None,
            version: Version::HTTP_11,
            is_odd: false,
            read: Read::default(),
        }
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date_of_the_servers_clock() {
        let date = Some("Sat, 21 Nov 2026 03:00:00 GMT");
        for (retry_after, seconds) in [
            ("0", Some(0)),
            (" 7 ", Some(7)),
            ("Sat, 21 Nov 2026 03:00:02 GMT", Some(2)),
            ("Sat, 21 Nov 2026 02:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let exchange = limited(date, retry_after);
            assert_eq!(
                exchange.retry_after(),
                seconds.map(Duration::from_secs),
                "{retry_after}"
            );
        }
        assert!(
            limited(None, "Sat, 21 Nov 2020 03:00:00 GMT")
                .retry_after()
                .is_some()
        );
    }

    #[test]
    fn a_plaintext_is_found_in_headers_in_bodies_and_behind_escapes() {
        let exchange = |location: &str, body: &str| Exchange {
            headers: vec![("location".to_owned(), location.as_bytes().to_vec())],
            body: body.as_bytes().to_vec(),
            ..limited(None, "0")
        };
        let shows = |exchange: &Exchange| {
            let mut texts = exchange.searchable();
            texts.any(|text| String::from_utf8_lossy(text).contains("planted"))
        };
        assert!(shows(&exchange("/x?key=planted", "")));
        assert!(shows(&exchange("", "<p>planted</p>")));
        assert!(shows(&exchange("", r#"{"a":"pl\u0061nted"}"#)));
        assert!(!shows(&exchange("/", r#"{"a":"plant"}"#)));
    }

    #[test]
    fn a_204_announces_content_by_a_length_or_an_encoding() {
        let answer = |status: u16, name: &str, value: &str| Exchange {
            status,
            headers: vec![(name.to_owned(), value.as_bytes().to_vec())],
            ..limited(None, "0")
        };
        assert!(answer(204, "content-length", "16").announces_content());
        assert!(answer(204, "transfer-encoding", "chunked").announces_content());
        assert!(!answer(204, "content-length", "0").announces_content());
        assert!(!answer(200, "content-length", "16").announces_content());
    }
}
