//! What an injected fault makes of an answer.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use keyway_openapi::Vendor;
use serde_json::Value;

use crate::call::Response;
use crate::delivery::Manner;
use crate::faults::Effect;

/// The answer instead of the vendor's, if the fault keeps the call from being performed. `refuse` gives a status
/// the vendor's form.
pub(crate) fn instead(effect: Effect, refuse: impl Fn(StatusCode) -> Response) -> Option<Response> {
    match effect {
        Effect::Status(status) => Some(refuse(
            StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY),
        )),
        Effect::RateLimit { retry_after_s } => {
            let mut response = refuse(StatusCode::TOO_MANY_REQUESTS);
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
            Some(response)
        }
        Effect::Html503 => Some(html_503()),
        _ => None,
    }
}

/// What is made of an answer to a call that was performed.
pub(crate) fn onto(effect: Effect, vendor: Vendor, response: &mut Response) -> Manner {
    match effect {
        Effect::SlowBody { bytes_per_s } => return Manner::Trickle { bytes_per_s },
        // A body that is kept whole is not broken off.
        Effect::TruncateBody { keep } if keep < response.body().len() => return Manner::Cut { keep },
        Effect::ResetBefore | Effect::ResetAfterCommit => return Manner::Reset,
        Effect::MalformedJson => malform(response),
        Effect::UnknownEnum => rewrite(response, |value| unknown_enums(value, enum_values(vendor))),
        Effect::ExtraField => rewrite(response, extra_fields),
        _ => {}
    }
    Manner::Whole
}

/// As a gateway in front of a vendor answers when there is nobody behind it.
fn html_503() -> Response {
    let page = "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n\
        <body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n";
    let mut response = Response::new(Bytes::from_static(page.as_bytes()));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// The last byte goes: whatever it was, JSON's closing bracket or quote is missing.
fn malform(response: &mut Response) {
    let length = response.body().len();
    replace_body(response, |body| body.slice(..length.saturating_sub(1)));
}

fn rewrite(response: &mut Response, change: impl Fn(&mut Value)) {
    if let Ok(mut value) = serde_json::from_slice(response.body()) {
        change(&mut value);
        replace_body(response, |_| Bytes::from(value.to_string()));
    }
}

fn replace_body(response: &mut Response, change: impl FnOnce(&Bytes) -> Bytes) {
    *response.body_mut() = change(response.body());
    response.headers_mut().remove(CONTENT_LENGTH);
}

fn unknown_enums(value: &mut Value, known: &BTreeSet<String>) {
    match value {
        Value::String(text) if known.contains(text) => *text = format!("{text}_of_tomorrow"),
        Value::Array(items) => items.iter_mut().for_each(|item| unknown_enums(item, known)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| unknown_enums(member, known)),
        _ => {}
    }
}

fn extra_fields(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(extra_fields),
        Value::Object(members) => {
            members.values_mut().for_each(extra_fields);
            members.insert("x_keyway_extra".to_owned(), Value::from("a member of tomorrow"));
        }
        _ => {}
    }
}

/// Every value of every enum in the vendor's contract.
fn enum_values(vendor: Vendor) -> &'static BTreeSet<String> {
    static VALUES: [OnceLock<BTreeSet<String>>; Vendor::ALL.len()] =
        [const { OnceLock::new() }; Vendor::ALL.len()];
    let index = Vendor::ALL
        .iter()
        .position(|known| *known == vendor)
        .unwrap_or_default();
    VALUES[index].get_or_init(|| {
        let mut found = BTreeSet::new();
        if let Ok(contract) = serde_json::from_str(vendor.contract_json()) {
            collect_enums(&contract, &mut found);
        }
        found
    })
}

fn collect_enums(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_enums(item, found)),
        Value::Object(members) => {
            if let Some(Value::Array(values)) = members.get("enum") {
                found.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            members.values().for_each(|member| collect_enums(member, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::json;
    use serde_json::json;

    #[test]
    fn enum_values_become_unknown_and_nothing_else_does() {
        let mut response = json(
            StatusCode::OK,
            &json!({"status": "active", "name": "active duty", "n": 1}),
        );
        assert_eq!(
            onto(Effect::UnknownEnum, Vendor::Sinjapp, &mut response),
            Manner::Whole
        );
        let seen: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(
            seen,
            json!({"status": "active_of_tomorrow", "name": "active duty", "n": 1})
        );
    }

    #[test]
    fn malformed_json_does_not_parse_and_extra_fields_do() {
        let whole = json!({"a": [{"b": 1}]});
        let mut response = json(StatusCode::OK, &whole);
        onto(Effect::ExtraField, Vendor::Reten, &mut response);
        let seen: Value = serde_json::from_slice(response.body()).unwrap();
        assert!(seen["a"][0]["x_keyway_extra"].is_string() && seen["x_keyway_extra"].is_string());
        onto(Effect::MalformedJson, Vendor::Reten, &mut response);
        assert!(serde_json::from_slice::<Value>(response.body()).is_err());
    }

    #[test]
    fn a_rate_limit_says_when_to_come_again() {
        let refuse = |status| json(status, &json!({}));
        let response = instead(Effect::RateLimit { retry_after_s: 7 }, refuse).unwrap();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[RETRY_AFTER], "7");
        assert!(instead(Effect::SlowBody { bytes_per_s: 1 }, refuse).is_none());
    }
}
