//! Keys that are not what was asked for, and answers to a create that do not tell the truth about them.

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::saboteur::{Exchange, bend_json};
use super::{DATED, EVERY, LISTING, SCOPED, Sabotage, Trick, Vendor};
use crate::call::Request;
use crate::store::Digest;

pub(super) const ALL: &[Sabotage] = &[
    Sabotage {
        name: "create-status-wrong",
        effect: "a create that succeeds answers 202",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if made(exchange) {
                *response.status_mut() = StatusCode::ACCEPTED;
            }
        }),
    },
    Sabotage {
        name: "create-answer-not-json",
        effect: "a create answers its JSON as text/plain",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if made(exchange) {
                let plain = HeaderValue::from_static("text/plain");
                response.headers_mut().insert(http::header::CONTENT_TYPE, plain);
            }
        }),
    },
    Sabotage {
        name: "create-answer-cacheable",
        effect: "the answer that holds the secret may be kept in caches",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if made(exchange) {
                let public = HeaderValue::from_static("public, max-age=600");
                response.headers_mut().insert(http::header::CACHE_CONTROL, public);
            }
        }),
    },
    Sabotage {
        name: "secret-missing",
        effect: "a create answers without the secret",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if made(exchange) {
                bend_json(response, |body| exchange.shape.set_secret(body, None));
            }
        }),
    },
    Sabotage {
        name: "secret-cut",
        effect: "the last four characters of the secret are missing",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, keys| {
            if let Some(key) = keys.newest().filter(|_| made(exchange)) {
                let cut = key.secret.get(..key.secret.len() - 4);
                bend_json(response, |body| exchange.shape.set_secret(body, cut));
            }
        }),
    },
    Sabotage {
        name: "secret-twice",
        effect: "a create shows the secret in a second place",
        vendors: EVERY,
        trick: Trick::Made(|record, key, _| {
            record.insert("copy".to_owned(), Value::from(key.secret.as_str()));
        }),
    },
    Sabotage {
        name: "secret-in-location",
        effect: "a create names the new key by its secret, in a Location header",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, keys| {
            if let Some(key) = keys.newest().filter(|_| made(exchange))
                && let Ok(place) = HeaderValue::from_str(&format!("/api-keys/{}", key.secret))
            {
                response.headers_mut().insert(http::header::LOCATION, place);
            }
        }),
    },
    Sabotage {
        name: "digest-in-create",
        effect: "a create shows the SHA-256 of the secret",
        vendors: EVERY,
        trick: Trick::Made(|record, key, _| {
            record.insert("hash".to_owned(), Value::from(Digest::of(&key.secret).to_hex()));
        }),
    },
    Sabotage {
        name: "same-secret-for-all",
        effect: "every create answers with the secret of the first key",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, keys| {
            if let Some(first) = keys.0.first().filter(|_| made(exchange)) {
                bend_json(response, |body| {
                    exchange.shape.set_secret(body, Some(&first.secret))
                });
            }
        }),
    },
    Sabotage {
        name: "same-id-for-all",
        effect: "every create answers with the id of the first key",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, keys| {
            if let Some(first) = keys.0.first().filter(|_| made(exchange)) {
                bend_json(response, |body| {
                    if let Some(record) = exchange.shape.record(body) {
                        record.insert("id".to_owned(), first.record["id"].clone());
                    }
                });
            }
        }),
    },
    Sabotage {
        name: "id-is-secret",
        effect: "a key's id is its secret",
        vendors: &[Vendor::Reten, Vendor::Dolfin, Vendor::B3os],
        trick: Trick::Made(|record, key, _| {
            record.insert("id".to_owned(), Value::from(key.secret.as_str()));
        }),
    },
    Sabotage {
        name: "id-missing",
        effect: "a create answers without the id",
        vendors: EVERY,
        trick: Trick::Made(|record, _, _| {
            record.remove("id");
        }),
    },
    Sabotage {
        name: "secret-without-mark",
        effect: "a secret does not begin as the vendor's keys are documented to begin",
        vendors: &[Vendor::Reten, Vendor::B3os],
        trick: Trick::Disguise(|secret| format!("x{}", secret.get(7..).unwrap_or_default())),
    },
    Sabotage {
        name: "short-secrets",
        effect: "a secret is 21 characters long, its mark included",
        vendors: EVERY,
        trick: Trick::Disguise(|secret| secret.chars().take(21).collect()),
    },
    Sabotage {
        name: "media-type-ignored",
        effect: "a create takes JSON under any media type",
        vendors: EVERY,
        trick: Trick::Before(|request, _, _| {
            let is_json = serde_json::from_slice::<Value>(request.body()).is_ok_and(|body| body.is_object());
            if is_json {
                let json = HeaderValue::from_static("application/json");
                request.headers_mut().insert(http::header::CONTENT_TYPE, json);
            }
        }),
    },
    Sabotage {
        name: "guessable-secrets",
        effect: "secrets are drawn from a counter",
        vendors: EVERY,
        trick: Trick::Guessable,
    },
    Sabotage {
        name: "name-changed",
        effect: "a key is made under another name than the one asked for",
        vendors: EVERY,
        trick: Trick::Asked(|asked, _| {
            if let Some(Value::String(name)) = asked.get_mut("name") {
                name.push_str(" (copy)");
            }
        }),
    },
    Sabotage {
        name: "name-not-shown",
        effect: "a create answers without the name",
        vendors: EVERY,
        trick: Trick::Made(|record, _, _| {
            record.remove("name");
        }),
    },
    Sabotage {
        name: "grants-widened",
        effect: "a key gets all rights, whatever was asked for",
        vendors: SCOPED,
        trick: Trick::Asked(|asked, shape| {
            if asked_grants_are_known(asked, shape.grants) {
                shape.widen(asked);
            }
        }),
    },
    Sabotage {
        name: "no-grants-mean-all",
        effect: "a key for which no right is asked gets all of them",
        vendors: &[Vendor::Reten],
        trick: Trick::Asked(|asked, shape| {
            let grants = shape.grants.and_then(|grants| asked.get(grants));
            let are_none = grants.is_none_or(|grants| grants.as_array().is_some_and(Vec::is_empty));
            if are_none {
                shape.widen(asked);
            }
        }),
    },
    Sabotage {
        name: "unknown-grants-dropped",
        effect: "a scope or permission that does not exist is dropped in silence",
        vendors: &[Vendor::Sinjapp, Vendor::Reten],
        trick: Trick::Asked(|asked, shape| {
            let grants = shape
                .grants
                .and_then(|grants| asked.get_mut(grants)?.as_array_mut());
            if let Some(grants) = grants {
                grants.retain(|grant| grant.as_str().is_none_or(is_known));
                if grants.is_empty() {
                    shape.widen(asked);
                }
            }
        }),
    },
    Sabotage {
        name: "missing-name-accepted",
        effect: "a create without a name makes a key",
        vendors: SCOPED,
        trick: Trick::Asked(|asked, _| {
            asked.entry("name").or_insert_with(|| Value::from("unnamed"));
        }),
    },
    Sabotage {
        name: "long-name-accepted",
        effect: "a name beyond the documented length is cut and taken",
        vendors: &[Vendor::Reten],
        trick: Trick::Asked(|asked, _| {
            if let Some(Value::String(name)) = asked.get_mut("name")
                && name.chars().count() > 100
            {
                *name = name.chars().take(100).collect();
            }
        }),
    },
    Sabotage {
        name: "expiry-clamped",
        effect: "a life beyond the documented limits is cut to them",
        vendors: &[Vendor::Sinjapp],
        trick: Trick::Asked(|asked, _| {
            if let Some(days) = asked.get_mut("expires_in_days")
                && let Some(number) = days.as_f64()
            {
                *days = Value::from(if number < 1.0 {
                    1
                } else if number > 365.0 {
                    365
                } else {
                    return;
                });
            }
        }),
    },
    Sabotage {
        name: "expiry-forgotten",
        effect: "a key is made without the expiry that was asked for",
        // B3OS does not say how an expiry is written, so it may pass over one.
        vendors: &[Vendor::Sinjapp, Vendor::Reten, Vendor::Dolfin],
        trick: Trick::Asked(|asked, shape| {
            if is_in_future(asked.get(shape.asked_expiry)) {
                asked.remove(shape.asked_expiry);
            }
        }),
    },
    Sabotage {
        name: "expiry-shown-wrong",
        effect: "a create shows an expiry a year late",
        vendors: EVERY,
        trick: Trick::Made(|record, _, exchange| {
            if let Some(Value::String(time)) = record.get_mut(exchange.shape.expiry) {
                later_by_a_year(time);
            }
        }),
    },
    Sabotage {
        name: "past-expiry-accepted",
        effect: "an expiry in the past makes a key that never ends",
        vendors: &[Vendor::Dolfin],
        trick: Trick::Asked(|asked, shape| {
            let past = asked.get(shape.asked_expiry).is_some_and(Value::is_string);
            if past && !is_in_future(asked.get(shape.asked_expiry)) {
                asked.remove(shape.asked_expiry);
            }
        }),
    },
    Sabotage {
        name: "time-zone-ignored",
        effect: "the time zone of an expiry is not read",
        vendors: DATED,
        trick: Trick::Asked(|asked, shape| {
            if let Some(Value::String(time)) = asked.get_mut(shape.asked_expiry)
                && time.get(19..).is_some_and(|zone| zone.contains(['+', '-']))
                && let Some(local) = time.get(..19)
            {
                *time = format!("{local}Z");
            }
        }),
    },
    Sabotage {
        name: "refused-create-makes-key",
        effect: "a create that is refused for its body makes a key all the same",
        vendors: &[Vendor::Reten, Vendor::B3os],
        trick: Trick::Mended(|request, exchange| {
            let is_refused = exchange.creates() && matches!(exchange.status, 400 | 422);
            is_refused.then(|| mended(request, exchange))
        }),
    },
    Sabotage {
        name: "create-makes-two-keys",
        effect: "a create makes a second key that nobody is told of",
        vendors: LISTING,
        trick: Trick::Secretly(made),
    },
    Sabotage {
        name: "create-follows-named-tenant",
        effect: "a key is made in the tenant that the body of the create names",
        vendors: DATED,
        trick: Trick::Follow,
    },
    Sabotage {
        name: "only-first-grant-counts",
        effect: "of several scopes or permissions a key gets the first",
        vendors: &[Vendor::Sinjapp, Vendor::Reten],
        trick: Trick::Asked(|asked, shape| {
            let grants = shape
                .grants
                .and_then(|grants| asked.get_mut(grants)?.as_array_mut());
            if let Some(grants) = grants {
                grants.truncate(1);
            }
        }),
    },
    Sabotage {
        name: "malformed-json-is-500",
        effect: "a body that is no JSON is answered with a 500",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            let is_json = serde_json::from_slice::<Value>(exchange.request.body()).is_ok();
            if exchange.creates() && !is_json && !exchange.is_anonymous() {
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
        }),
    },
    Sabotage {
        name: "invalid-create-is-500",
        effect: "a create whose body is refused is answered with a 500",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if exchange.creates() && matches!(exchange.status, 400 | 422) {
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
        }),
    },
    Sabotage {
        name: "invalid-create-status-wrong",
        effect: "a create whose body is refused is answered with another 4xx than documented",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if exchange.creates() && matches!(exchange.status, 400 | 422) {
                *response.status_mut() = StatusCode::EXPECTATION_FAILED;
            }
        }),
    },
    Sabotage {
        name: "server-owned-members-taken",
        effect: "a caller chooses the id and the creation time of its key",
        vendors: EVERY,
        trick: Trick::Made(|record, _, exchange| {
            let asked: Value = serde_json::from_slice(exchange.request.body()).unwrap_or_default();
            for (member, asked) in asked.as_object().into_iter().flatten() {
                if record.contains_key(member) && member != exchange.shape.asked_expiry {
                    record.insert(member.clone(), asked.clone());
                }
            }
        }),
    },
    Sabotage {
        name: "names-in-small-letters",
        effect: "a create shows the name of its key without capitals",
        vendors: EVERY,
        trick: Trick::Made(|record, _, _| {
            if let Some(Value::String(name)) = record.get_mut("name") {
                *name = name.to_lowercase();
            }
        }),
    },
    Sabotage {
        name: "long-names-refused",
        effect: "a name of more than 200 characters is refused",
        vendors: &[Vendor::Reten],
        trick: Trick::Asked(|asked, _| {
            let name = asked.get("name").and_then(Value::as_str);
            if name.is_some_and(|name| name.chars().count() > 200) {
                asked.remove("name");
            }
        }),
    },
    Sabotage {
        name: "optional-members-demanded",
        effect: "a create with nothing but what is required is refused",
        vendors: &[Vendor::Sinjapp, Vendor::B3os],
        trick: Trick::Asked(|asked, _| {
            if asked.len() == 1 {
                asked.clear();
            }
        }),
    },
    Sabotage {
        name: "nameless-create-refused",
        effect: "a create without a name is refused, although none is required",
        vendors: &[Vendor::Dolfin],
        trick: Trick::Asked(|asked, shape| {
            if asked.get("name").is_none_or(Value::is_null) {
                asked.insert(shape.asked_expiry.to_owned(), Value::from("never"));
            }
        }),
    },
];

fn made(exchange: &Exchange<'_>) -> bool {
    exchange.creates() && exchange.succeeded()
}

/// Every right that a suite may ask for; what is not among them is made up.
fn is_known(grant: &str) -> bool {
    let lower = grant.to_ascii_lowercase();
    let subjects = [
        "*",
        "messages.",
        "usage.",
        "contacts.",
        "view_",
        "manage_",
        "create_",
        "update_",
        "delete_",
        "read",
    ];
    subjects.iter().any(|subject| lower.starts_with(subject))
}

fn asked_grants_are_known(asked: &Map<String, Value>, grants: Option<&str>) -> bool {
    match grants.and_then(|grants| asked.get(grants)) {
        Some(Value::Array(grants)) => {
            !grants.is_empty() && grants.iter().all(|grant| grant.as_str().is_some_and(is_known))
        }
        Some(Value::String(grant)) => is_known(grant),
        _ => false,
    }
}

fn is_in_future(expiry: Option<&Value>) -> bool {
    match expiry {
        Some(Value::String(time)) => time.parse::<Timestamp>().is_ok_and(|at| at > Timestamp::now()),
        Some(Value::Number(days)) => days.as_i64().is_some_and(|days| (1..=365).contains(&days)),
        _ => false,
    }
}

fn later_by_a_year(time: &mut String) {
    if let Some(year) = time.get(..4).and_then(|year| year.parse::<u32>().ok()) {
        time.replace_range(..4, &(year + 1).to_string());
    }
}

/// The smallest valid request for a key that keeps what it can of this one.
fn mended(request: &Request, exchange: &Exchange<'_>) -> Request {
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let name = body["name"]
        .as_str()
        .filter(|name| (1..=50).contains(&name.len()));
    let mut asked = json!({ "name": name.unwrap_or("mended") });
    if let Value::Object(asked) = &mut asked {
        exchange.shape.widen(asked);
    }
    let mut mended = request.clone();
    *mended.body_mut() = Bytes::from(asked.to_string());
    mended
}
