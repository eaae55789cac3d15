//! Answers that are not in the form that was promised, or say too much.

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderName, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::saboteur::{Exchange, bend_json};
use super::{EVERY, LISTING, Sabotage, Trick, Vendor, presented};
use crate::call::Response;

pub(super) const ALL: &[Sabotage] = &[
    Sabotage {
        name: "revoke-status-wrong",
        effect: "a revoke that succeeds answers 202",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if exchange.revokes() && exchange.succeeded() && !exchange.is_repeated {
                *response.status_mut() = StatusCode::ACCEPTED;
            }
        }),
    },
    Sabotage {
        name: "second-revoke-status-wrong",
        effect: "a second revoke is answered otherwise than documented",
        vendors: &[Vendor::Reten],
        trick: Trick::Answer(|response, exchange, _| {
            if exchange.revokes() && exchange.is_repeated {
                *response.status_mut() = StatusCode::CONFLICT;
            }
        }),
    },
    Sabotage {
        name: "second-revoke-is-500",
        effect: "a second revoke is answered with a 500",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if exchange.revokes() && exchange.is_repeated {
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
        }),
    },
    Sabotage {
        name: "unknown-id-accepted",
        effect: "a revoke of an id that does not exist is confirmed",
        vendors: &[Vendor::Reten, Vendor::B3os],
        trick: Trick::Answer(|response, exchange, keys| {
            if exchange.revokes() && exchange.status == 404 && exchange.key(keys).is_none() {
                *response.status_mut() = StatusCode::OK;
            }
        }),
    },
    Sabotage {
        name: "malformed-id-is-500",
        effect: "a revoke of what cannot be an id is answered with a 500",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, keys| {
            let is_refused = matches!(exchange.status, 400 | 404 | 422);
            if exchange.revokes() && is_refused && exchange.key(keys).is_none() {
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
        }),
    },
    Sabotage {
        name: "foreign-id-told-apart",
        effect: "the answer tells an id of another tenant from one that does not exist",
        vendors: &[Vendor::B3os],
        trick: Trick::Answer(|response, exchange, keys| {
            if exchange.status == 404 && exchange.key(keys).is_some() {
                *response.status_mut() = StatusCode::FORBIDDEN;
            }
        }),
    },
    Sabotage {
        name: "unauthenticated-is-403",
        effect: "a missing or dead credential is answered with 403",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| swap(response, exchange, 401, StatusCode::FORBIDDEN)),
    },
    Sabotage {
        name: "unauthenticated-is-500",
        effect: "a missing or dead credential is answered with 500",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            swap(response, exchange, 401, StatusCode::INTERNAL_SERVER_ERROR);
        }),
    },
    Sabotage {
        name: "unauthenticated-redirects",
        effect: "a missing or dead credential is sent to a sign-in page",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            if exchange.status == 401 {
                *response.status_mut() = StatusCode::FOUND;
                let place = HeaderValue::from_static("/login");
                response.headers_mut().insert(http::header::LOCATION, place);
            }
        }),
    },
    Sabotage {
        name: "forbidden-is-401",
        effect: "a missing right is answered with 401",
        vendors: &[Vendor::Reten, Vendor::B3os],
        trick: Trick::Answer(|response, exchange, _| swap(response, exchange, 403, StatusCode::UNAUTHORIZED)),
    },
    Sabotage {
        name: "no-challenge",
        effect: "a 401 does not say how to authenticate",
        vendors: EVERY,
        trick: Trick::Answer(|response, _, _| {
            response.headers_mut().remove(WWW_AUTHENTICATE);
        }),
    },
    Sabotage {
        name: "error-is-html",
        effect: "errors are HTML pages",
        vendors: EVERY,
        trick: Trick::Refused(|response, _| {
            *response.body_mut() = Bytes::from_static(b"<html><body><h1>Error</h1></body></html>");
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, html);
        }),
    },
    Sabotage {
        name: "error-media-type-wrong",
        effect: "errors are JSON, and said to be plain text",
        vendors: EVERY,
        trick: Trick::Refused(|response, _| {
            let plain = HeaderValue::from_static("text/plain");
            response.headers_mut().insert(CONTENT_TYPE, plain);
        }),
    },
    Sabotage {
        name: "error-is-not-json",
        effect: "errors are said to be JSON, and are HTML",
        vendors: EVERY,
        trick: Trick::Refused(|response, _| {
            *response.body_mut() = Bytes::from_static(b"<html><body><h1>Error</h1></body></html>");
        }),
    },
    Sabotage {
        name: "request-id-missing",
        effect: "answers carry no request id",
        vendors: &[Vendor::B3os],
        trick: Trick::Answer(|response, _, _| {
            bend_json(response, |body| {
                if let Some(members) = body.as_object_mut() {
                    members.remove("requestId");
                }
            });
        }),
    },
    Sabotage {
        name: "error-is-empty-object",
        effect: "errors are empty objects",
        vendors: EVERY,
        trick: Trick::Refused(|response, _| {
            *response.body_mut() = Bytes::from_static(b"{}");
        }),
    },
    Sabotage {
        name: "error-has-no-body",
        effect: "errors have no body",
        vendors: EVERY,
        trick: Trick::Refused(|response, _| {
            *response.body_mut() = Bytes::new();
            response.headers_mut().remove(CONTENT_TYPE);
        }),
    },
    Sabotage {
        name: "problem-lies-about-status",
        effect: "the status in a problem's body is not the one of the answer",
        vendors: &[Vendor::Dolfin],
        trick: Trick::Refused(|response, _| {
            bend_json(response, |body| body["status"] = json!(200));
        }),
    },
    Sabotage {
        name: "body-lies-about-status",
        effect: "the status in an error's body is not the one of the answer",
        vendors: &[Vendor::Reten],
        trick: Trick::Refused(|response, _| {
            bend_json(response, |body| body["statusCode"] = json!(200));
        }),
    },
    Sabotage {
        name: "error-echoes-key",
        effect: "a refusal repeats the key that it refuses",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            let key = presented(exchange.request.headers())
                .unwrap_or_default()
                .to_owned();
            if exchange.status >= 400 {
                bend_json(response, |body| {
                    body[exchange.shape.words] = Value::from(format!("{key} may not do that"));
                });
            }
        }),
    },
    Sabotage {
        name: "error-shows-stack-trace",
        effect: "a refusal shows where in the server's code it was made",
        vendors: EVERY,
        trick: Trick::Refused(|response, exchange| {
            let trace = "Error: refused\n    at authenticate (/srv/app/src/auth.js:41:13)\n    at next (/srv/app/node_modules/express/lib/router.js:9:1)";
            bend_json(response, |body| body[exchange.shape.words] = Value::from(trace));
        }),
    },
    Sabotage {
        name: "error-tells-revoked-from-unknown",
        effect: "a refusal says that a key has once existed",
        vendors: &[Vendor::Reten],
        trick: Trick::Answer(|response, exchange, keys| {
            let was_issued =
                presented(exchange.request.headers()).is_some_and(|key| keys.of_secret(key).is_some());
            if exchange.status == 401 && was_issued {
                bend_json(response, |body| {
                    body["message"] = json!("This API key was revoked")
                });
            }
        }),
    },
    Sabotage {
        name: "secret-in-header",
        effect: "later answers carry the key they were asked with in a header",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            let key = presented(exchange.request.headers());
            if let Some(key) = key
                .and_then(|key| HeaderValue::from_str(key).ok())
                .filter(|_| !exchange.creates())
            {
                response
                    .headers_mut()
                    .insert(HeaderName::from_static("x-authenticated-by"), key);
            }
        }),
    },
    Sabotage {
        name: "digest-in-error",
        effect: "a refusal shows the SHA-256 of the key that it refuses",
        vendors: EVERY,
        trick: Trick::Answer(|response, exchange, _| {
            let digest =
                presented(exchange.request.headers()).map(|key| crate::store::Digest::of(key).to_hex());
            if let Some(digest) = digest.filter(|_| exchange.status >= 400) {
                bend_json(response, |body| body[exchange.shape.words] = Value::from(digest));
            }
        }),
    },
    Sabotage {
        name: "wrong-method-without-allow",
        effect: "a 405 does not say which methods there are",
        vendors: EVERY,
        trick: Trick::Answer(|response, _, _| {
            response.headers_mut().remove(ALLOW);
        }),
    },
    Sabotage {
        name: "undocumented-read-status",
        effect: "reads that succeed answer 203",
        vendors: LISTING,
        trick: Trick::Answer(|response, exchange, _| {
            if exchange.request.method() == Method::GET && exchange.status == 200 {
                *response.status_mut() = StatusCode::NON_AUTHORITATIVE_INFORMATION;
            }
        }),
    },
    Sabotage {
        name: "read-answer-incomplete",
        effect: "reads that succeed answer with an empty object",
        vendors: LISTING,
        trick: Trick::Answer(|response, exchange, _| {
            if exchange.request.method() == Method::GET && exchange.status == 200 {
                *response.body_mut() = Bytes::from_static(b"{}");
            }
        }),
    },
];

fn swap(response: &mut Response, exchange: &Exchange<'_>, from: u16, to: StatusCode) {
    if exchange.status == from {
        *response.status_mut() = to;
    }
}
