//! From an HTTP answer to a typed one: the way every generated method ends.
//!
//! Every response reaches us as status, headers and bytes, whatever the vendor declares, so that a body which does not fit
//! costs neither the status nor the headers.

mod objects;

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use self::objects::Objects;
pub(crate) use crate::error::Unreadable;
use crate::{
    error::{AnswerHead, ApiError, Course, Error, Location, UnexpectedAnswer, UnreadableAnswer},
    secret::REDACTED,
    vendor::{Told, Vendor},
};

/// The longest body that is read, in bytes. A list page of any of the vendors is a few hundred kilobytes at most.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// The most room that is made for a body because its length was announced, in bytes.
const ROOM_AT_FIRST: u64 = 256 * 1024;

/// Headers under which services, and then what stands before them, commonly give a call's id; none of the vendors documents
/// one.
const REQUEST_ID_HEADERS: [&str; 18] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "correlation-id",
    "x-trace-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-ms-request-id",
    "x-kong-request-id",
    "x-vercel-id",
    "fly-request-id",
    "cf-ray",
    "x-amzn-trace-id",
    "x-amz-cf-id",
    "x-azure-ref",
    "x-cloud-trace-context",
    "x-b3-traceid",
    "traceparent",
];

/// The fewest characters of a credential that are looked for in answers. No vendor's has less than twenty.
const SHORTEST_PROOF: usize = 8;

/// What some systems write before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What the generated error enum of an operation can do.
pub(crate) trait ErrorAnswer: Sized {
    /// Reads the body as what is declared for the status; `None` if nothing is declared or the body has another shape.
    fn decode(status: u16, body: &[u8]) -> Option<Self>;
}

/// How the body of a declared success is read; `None` if the status is not declared.
pub(crate) type Success<T> = fn(u16, &[u8]) -> Option<Result<T, Unreadable>>;

/// An answer as it came: its head, and as much of its body as came with it.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// What of them is kept is read when there is an error to keep it.
    headers: HeaderMap,
    /// Overwritten when it is dropped, because it may hold a key in plain text.
    body: Zeroizing<Vec<u8>>,
    pub(crate) cut: Option<Cut>,
    /// The header in which the caller proved who it is, so that what repeats it is not shown.
    pub(crate) proof: Option<HeaderValue>,
}

/// Why there is less of a body than was sent.
pub(crate) enum Cut {
    TooLong,
    Broken(reqwest::Error),
}

impl Answer {
    /// Takes in an answer, as far as it comes.
    pub(crate) async fn receive(mut response: reqwest::Response) -> Self {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        // What a vector leaves behind when it grows is not overwritten, so it gets room for everything at once.
        let length = response.content_length().unwrap_or_default();
        let mut body = Zeroizing::new(Vec::with_capacity(length.min(ROOM_AT_FIRST) as usize));
        let cut = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => break Some(Cut::TooLong),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break None,
                Err(error) => break Some(Cut::Broken(error.without_url())),
            }
        };
        Self {
            status,
            headers,
            body,
            cut,
            proof: None,
        }
    }

    /// What the caller proved itself with, if an answer can be searched for it: what is shorter is in any text.
    fn proof(&self) -> Option<&[u8]> {
        // The name of a scheme, such as `Bearer`, may stand before it.
        let secret = self
            .proof
            .as_ref()?
            .as_bytes()
            .rsplit(|byte| *byte == b' ')
            .next()?;
        (secret.len() >= SHORTEST_PROOF).then_some(secret)
    }

    /// The body of a refusal without what the caller proved itself with, where that is repeated: what is left may be shown.
    fn without_proof(&mut self) -> Zeroizing<Vec<u8>> {
        let whole = std::mem::take(&mut self.body);
        let Some(secret) = self.proof().filter(|secret| contains(&whole, secret)) else {
            return whole;
        };
        let mut body = Zeroizing::new(Vec::with_capacity(whole.len() + REDACTED.len()));
        let mut rest = whole.as_slice();
        while let Some(at) = position(rest, secret) {
            body.extend_from_slice(&rest[..at]);
            body.extend_from_slice(REDACTED.as_bytes());
            rest = &rest[at + secret.len()..];
        }
        body.extend_from_slice(rest);
        body
    }

    /// How long the vendor asks to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        wait_of(self.headers.get(header::RETRY_AFTER)?.to_str().ok()?)
    }

    fn head(&self) -> AnswerHead {
        let text = |name: &str| {
            let text = self.headers.get(name)?.to_str().ok()?.trim();
            let repeats = self
                .proof()
                .is_some_and(|secret| contains(text.as_bytes(), secret));
            match repeats {
                true => Some(REDACTED.to_owned()),
                false => (!text.is_empty()).then(|| text.to_owned()),
            }
        };
        AnswerHead {
            status: self.status,
            content_type: text(header::CONTENT_TYPE.as_str()),
            request_id: REQUEST_ID_HEADERS.into_iter().find_map(text),
            retry_after: self.retry_after(),
            location: match self.status.is_redirection() {
                true => text(header::LOCATION.as_str()).map(|place| Location::of(&place)),
                false => None,
            },
        }
    }

    /// The answer, or the error that a user of this crate meets. `success` gets every 2xx.
    pub(crate) fn read<T, E: ErrorAnswer>(
        mut self,
        vendor: &Vendor,
        course: Course,
        success: Success<T>,
    ) -> Result<T, Error<E>> {
        if !self.status.is_success() {
            let head = self.head();
            let body = self.without_proof();
            // The status of a refusal counts for more than a body that is too long or breaks off.
            return Err(match self.cut {
                None => refusal(vendor, head, course, body),
                Some(_) => unexpected(head, course, Told::default(), body),
            });
        }
        let read = match &self.cut {
            None => success(self.status.as_u16(), &self.body),
            Some(Cut::TooLong) => Some(Err(Unreadable::TooLong { limit: BODY_LIMIT })),
            Some(Cut::Broken(cause)) if cause.is_timeout() => Some(Err(Unreadable::Late)),
            Some(Cut::Broken(_)) => Some(Err(Unreadable::Broken)),
        };
        let reason = match read {
            Some(Ok(value)) => return Ok(value),
            Some(Err(reason)) => reason,
            None => return Err(unexpected(self.head(), course, Told::default(), self.body)),
        };
        let head = self.head();
        let Self { body, cut, .. } = self;
        let cause = match cut {
            Some(Cut::Broken(cause)) => Some(cause),
            _ => None,
        };
        Err(Error::Unreadable(Box::new(UnreadableAnswer {
            head,
            course,
            reason,
            cause,
            body,
        })))
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    position(bytes, part).is_some()
}

fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

fn refusal<E: ErrorAnswer>(
    vendor: &Vendor,
    mut head: AnswerHead,
    course: Course,
    body: Zeroizing<Vec<u8>>,
) -> Error<E> {
    let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&body);
    let told =
        serde_json::from_slice(text).map_or_else(|_| Told::default(), |value| (vendor.read_refusal)(&value));
    head.request_id = head.request_id.or_else(|| told.request_id.clone());
    match E::decode(head.status.as_u16(), &body) {
        Some(body) => Error::Api(Box::new(ApiError {
            head,
            course,
            told,
            body,
        })),
        None => unexpected(head, course, told, body),
    }
}

fn unexpected<E>(head: AnswerHead, course: Course, told: Told, body: Zeroizing<Vec<u8>>) -> Error<E> {
    Error::Unexpected(Box::new(UnexpectedAnswer {
        head,
        course,
        told,
        body,
    }))
}

/// Reads a JSON body.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = T::deserialize(Objects(&mut deserializer));
    // Where it fails is found by reading once more: to keep track of it all the time makes reading twice as long.
    value
        .and_then(|value| deserializer.end().map(|()| value))
        .or_else(|_| json_with_path(body))
}

/// [`json`], slower. The error tells where it is and keeps none of serde's text, which may quote a value.
#[cold]
fn json_with_path<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(Objects(&mut deserializer)).map_err(|error| {
        let path = error.path().to_string();
        unreadable(error.inner(), path)
    })?;
    deserializer
        .end()
        .map_err(|error| unreadable(&error, String::new()))?;
    Ok(value)
}

fn unreadable(error: &serde_json::Error, path: String) -> Unreadable {
    match error.classify() {
        serde_json::error::Category::Data => Unreadable::Shape { path },
        serde_json::error::Category::Eof => Unreadable::Truncated,
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => Unreadable::Syntax {
            line: error.line(),
            column: error.column(),
        },
    }
}

/// `Retry-After` is a number of seconds or an HTTP date in one of its three forms (RFC 9110, 10.2.3 and 5.6.7). A date in the
/// past means no wait.
fn wait_of(text: &str) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that is too great to be read asks for a long wait all the same.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let then = httpdate::parse_http_date(text).ok()?;
    Some(then.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only reading them matters here")]
    struct Created {
        id: i64,
        key: String,
    }

    #[track_caller]
    fn fails(body: &str, reason: &Unreadable) {
        assert_eq!(&json::<Created>(body.as_bytes()).unwrap_err(), reason);
    }

    #[test]
    fn a_body_that_cannot_be_read_is_described_without_its_text() {
        fails(
            r#"{"id": "tgo_1", "key": ""}"#,
            &Unreadable::Shape {
                path: "id".to_owned(),
            },
        );
        fails(r#"[1, "tgo_1"]"#, &Unreadable::Shape { path: ".".to_owned() });
        fails(r#"{"id": 1}"#, &Unreadable::Shape { path: ".".to_owned() });
        fails(r#"{"id": 1, "key": "tgo_"#, &Unreadable::Truncated);
        fails("<html>", &Unreadable::Syntax { line: 1, column: 1 });
        fails(
            r#"{"id": 1, "key": ""} trailing"#,
            &Unreadable::Syntax { line: 1, column: 22 },
        );
    }

    #[test]
    fn a_syntax_error_below_an_unknown_member_does_not_name_the_member() {
        fails(
            r#"{"tgo_1": [, "id": 1}"#,
            &Unreadable::Syntax { line: 1, column: 12 },
        );
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        assert_eq!(wait_of("120"), Some(Duration::from_secs(120)));
        // The form of today, that of RFC 850 and that of asctime.
        for (past, future) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 2399 23:59:59 GMT"),
            (
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Tuesday, 31-Dec-69 23:59:59 GMT",
            ),
            ("Sun Nov  6 08:49:37 1994", "Fri Dec 31 23:59:59 2399"),
        ] {
            assert_eq!(wait_of(past), Some(Duration::ZERO), "{past}");
            let later = wait_of(future).unwrap();
            assert!(
                later > Duration::from_secs(365 * 24 * 3600),
                "{future}: {later:?}"
            );
        }
        assert_eq!(
            wait_of("99999999999999999999999"),
            Some(Duration::from_secs(u64::MAX))
        );
        assert_eq!(wait_of(""), None);
        assert_eq!(wait_of("soon"), None);
        assert_eq!(wait_of("-5"), None);
    }
}
