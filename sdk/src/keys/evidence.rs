//! What an answer proves about a key. That a key works, or is revoked, is told by the success as such; a body that is not
//! quite as documented does not unsay it, and one that speaks of a failure does.

use http::StatusCode;
use serde_json::Value;

use super::{
    error::{Error, Operation},
    record::Verification,
};
use crate::{ErrorKind, Unreadable, Vendor};

impl Verification {
    /// What a read with the key says about it. `shows_data` tells whether a body that is not as documented is the vendor's
    /// all the same, and not that of somebody on the way who answers 200 to everything.
    pub(super) fn of<T, E: Send + Sync + 'static>(
        vendor: Vendor,
        read: Result<T, crate::Error<E>>,
        shows_data: fn(&Value) -> bool,
    ) -> Result<Self, Error> {
        match read {
            Ok(_) => Ok(Self::Works),
            Err(error) => match error.kind() {
                ErrorKind::Unauthenticated => Ok(Self::Refused),
                ErrorKind::Forbidden => Ok(Self::Forbidden),
                _ if success_of(&error).is_some_and(|success| success.is_data(shows_data)) => Ok(Self::Works),
                _ => Err(Error::of(vendor, Operation::Verify, error)),
            },
        }
    }
}

/// Whether a revocation that seems to have failed is done: the vendor says so by its status, in another form than the
/// documented one. 202 is not it: that only promises.
pub(super) fn is_revoked<E>(error: &crate::Error<E>) -> bool {
    success_of(error).is_some_and(|success| {
        let is_done = matches!(success.status, StatusCode::OK | StatusCode::NO_CONTENT);
        is_done && success.is_nothing_or(|body| !takes_it_back(body))
    })
}

/// A success that was not read as documented.
struct Success<'a> {
    status: StatusCode,
    body: &'a [u8],
}

fn success_of<E>(error: &crate::Error<E>) -> Option<Success<'_>> {
    match error {
        crate::Error::Unexpected(answer) if answer.status().is_success() => Some(Success {
            status: answer.status(),
            body: answer.body(),
        }),
        crate::Error::Unreadable(answer) => match answer.reason() {
            Unreadable::Broken | Unreadable::Late | Unreadable::TooLong { .. } => None,
            _ => Some(Success {
                status: answer.status(),
                body: answer.expose_body(),
            }),
        },
        _ => None,
    }
}

impl Success<'_> {
    fn is_data(&self, shows_data: fn(&Value) -> bool) -> bool {
        serde_json::from_slice(self.body).is_ok_and(|body| !takes_it_back(&body) && shows_data(&body))
    }

    fn is_nothing_or(&self, is_fine: fn(&Value) -> bool) -> bool {
        self.body.trim_ascii().is_empty()
            || serde_json::from_slice(self.body).is_ok_and(|body| is_fine(&body))
    }
}

fn takes_it_back(body: &Value) -> bool {
    speaks_of_failure(&|member| body.get(member).cloned())
}

/// Whether a body contradicts the success that it came with, as envelopes can. `member` gives its members.
pub(super) fn speaks_of_failure(member: &dyn Fn(&str) -> Option<Value>) -> bool {
    let status = ["code", "statusCode", "status"]
        .into_iter()
        .find_map(|name| member(name)?.as_i64());
    let has = |name: &str| member(name).is_some_and(|value| !is_nothing(&value));
    status.is_some_and(is_failure)
        || member("success") == Some(Value::Bool(false))
        || has("error")
        || has("errors")
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is_true) => !is_true,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

/// Whether a status that stands in a body is none of a success. Envelopes also count from 0, as some of B3OS's pages show.
pub(super) fn is_failure(status: i64) -> bool {
    status != 0 && !(200..300).contains(&status)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_can_take_back_the_success_that_it_came_with() {
        for body in [
            json!({"code": 401, "message": "unauthorized"}),
            json!({"statusCode": 404}),
            json!({"success": false}),
            json!({"error": {"code": "UNAUTHORIZED"}}),
        ] {
            assert!(takes_it_back(&body), "{body}");
        }
        for body in [
            json!({}),
            json!(null),
            json!([]),
            json!({"code": 200, "error": null}),
            json!({"error": "", "errors": []}),
            json!({"error": false, "errors": {}}),
            json!({"code": 0, "message": "successfully"}),
            json!({"status": "active", "message": "revoked"}),
        ] {
            assert!(!takes_it_back(&body), "{body}");
        }
    }
}
