//! What all answers of the run have in common: their form, their words, and what they must never show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use keyway_openapi::Route;
use serde_json::Value;

use crate::case::{Case, Fallback};
use crate::exchange::Exchange;
use crate::judge::is_refusal;
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;
use crate::wire::Request;

/// What the inside of a server looks like when it comes out. Each is so long that no answer says it by chance.
const INSIDES: [&str; 14] = [
    "Traceback (most recent call last)",
    "Exception in thread",
    "\tat java.",
    "org.springframework.",
    "System.NullReferenceException",
    "   at Microsoft.AspNetCore",
    "node_modules/",
    "/site-packages/",
    "vendor/laravel/framework",
    "Stack trace:",
    "SQLSTATE[",
    "syntax error at or near",
    "thread 'main' panicked",
    "goroutine 1 [running]",
];

/// So many answers are enough to look at.
const MATERIAL: usize = 200;

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "errors/say-what-is-wrong",
        requirement: "every documented error has the members that the vendor's errors have",
        codes: &["ERR-01", "ERR-04"],
        situation: Situation::ErrorForm,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(say_what_is_wrong(scene)),
    },
    Case {
        id: "errors/problem-status",
        requirement: "problem details name the status of their answer, and their type is a URI reference",
        codes: &["ERR-02", "ERR-03"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("RFC 9457, 3.1.1 and 3.1.2"),
        needs: &[],
        run: |scene| Box::pin(problem_status(scene)),
    },
    Case {
        id: "errors/media-type-is-true",
        requirement: "a body that is said to be JSON is JSON",
        codes: &["ERR-01"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("OWASP ASVS 5, 4.1.1; RFC 9110, 8.3"),
        needs: &[],
        run: |scene| Box::pin(media_type_is_true(scene)),
    },
    Case {
        id: "errors/show-no-inside",
        requirement: "no answer shows a stack trace, a query of a database or a path of the server",
        codes: &["ERR-08"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("OWASP ASVS 5, 16.5.1"),
        needs: &[],
        run: |scene| Box::pin(show_no_inside(scene)),
    },
    Case {
        id: "errors/never-5xx",
        requirement: "nothing that the suite sends makes the server fail",
        codes: &["ERR-06"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("OWASP ASVS 5, 16.5.3"),
        needs: &[],
        run: |scene| Box::pin(never_5xx(scene)),
    },
    Case {
        id: "errors/allow-with-405",
        requirement: "an answer that the method is not allowed names those that are",
        codes: &["ERR-07"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("RFC 9110, 15.5.6"),
        needs: &[],
        run: |scene| Box::pin(allow_with_405(scene)),
    },
    Case {
        id: "errors/authentication-first",
        requirement: "whether a stranger with a wrong body is told of the body or of himself is written down",
        codes: &["ERR-09", "CRE-15"],
        situation: Situation::Unsaid,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(authentication_first(scene)),
    },
    Case {
        id: "errors/statuses-declared",
        requirement: "statuses that the document does not declare for their operation are written down",
        codes: &["ERR-05"],
        situation: Situation::Unsaid,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(statuses_declared(scene)),
    },
    Case {
        id: "errors/request-id",
        requirement: "answers carry the request id that is documented, on errors too",
        codes: &["ERR-10"],
        situation: Situation::RequestId,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(request_id(scene)),
    },
    Case {
        id: "answers/times-have-zones",
        requirement: "every time in an answer is one of RFC 3339, with its zone",
        codes: &["ERR-11"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("RFC 3339, 5.6; the examples of the vendor's pages"),
        needs: &[],
        run: |scene| Box::pin(times_have_zones(scene)),
    },
];

/// The answers so far, and a few on purpose, so that there is something to look at when a case runs alone.
async fn answers(scene: &mut Scene<'_>) -> Result<Vec<Arc<Exchange>>, Stop> {
    let transcript = scene.wire.transcript();
    if transcript.len() > MATERIAL {
        return Ok(transcript);
    }
    let nobody = scene.caller(Who::Nobody)?;
    let key = scene.key().await?;
    if let Ok(probe) = scene.probe() {
        let request = probe.request.clone();
        scene.send(&nobody, request.clone()).await?;
        scene.send(&scene.bearer_of(&key.secret), request).await?;
    }
    scene.send(&nobody, scene.subject.revoke(&key.id)).await?;
    let admin = scene.caller(Who::Admin)?;
    for request in [scene.subject.list(0), scene.subject.get(&key.id)]
        .into_iter()
        .flatten()
    {
        scene.send(&admin, request).await?;
    }
    scene.revoke(&admin, &key.id).await?;
    Ok(scene.wire.transcript())
}

/// Writes down the first of what breaks an expectation, and how many there are.
fn judge_each(
    scene: &mut Scene<'_>,
    expected: &str,
    exchanges: &[Arc<Exchange>],
    wrong: impl Fn(&Exchange) -> Option<String>,
) {
    let wrongs: Vec<String> = exchanges.iter().filter_map(|exchange| wrong(exchange)).collect();
    match wrongs.first() {
        None => scene.meets(expected, "all answers do"),
        Some(first) => scene.falls_short(expected, first.clone()),
    }
    if wrongs.len() > 1 {
        scene.measures(format!("{} such answers", wrongs.len()));
    }
}

/// A refusal with a status that the vendor documents for the operation, or for any.
fn is_documented_error(scene: &Scene<'_>, exchange: &Exchange) -> bool {
    if !is_refusal(exchange.status) || exchange.is_odd || exchange.method == "HEAD" {
        return false;
    }
    let path = exchange.path.split('?').next().unwrap_or_default();
    match scene.target.vendor().contract().find(exchange.method, path) {
        Route::Found { operation, .. } => {
            let status = exchange.status.to_string();
            matches!(exchange.status, 401 | 403)
                || operation.declared_statuses().any(|declared| declared == status)
        }
        _ => false,
    }
}

async fn say_what_is_wrong(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let exchanges = answers(scene).await?;
    let words = scene.subject.error_words();
    let expected = format!("an error has {}", words.join(" or "));
    let documented: Vec<Arc<Exchange>> = exchanges
        .into_iter()
        .filter(|exchange| is_documented_error(scene, exchange))
        .collect();
    judge_each(scene, &expected, &documented, |exchange| {
        // What is no JSON at all is judged where a page shows the form of this very answer.
        let body = exchange.json()?;
        let says = |word: &&str| {
            body.get(*word)
                .is_some_and(|said| said.as_str().is_some_and(|said| !said.is_empty()) || said.is_array())
        };
        (!words.iter().any(says)).then(|| format!("{} answered {} without", exchange.line(), exchange.status))
    });
    Ok(())
}

async fn problem_status(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let exchanges = answers(scene).await?;
    let problems: Vec<Arc<Exchange>> = exchanges
        .into_iter()
        .filter(|exchange| {
            exchange
                .header("content-type")
                .is_some_and(|media| media.to_ascii_lowercase().starts_with("application/problem+json"))
        })
        .collect();
    if problems.is_empty() {
        scene.observes("nothing in particular", "no answer is of problem details");
        return Ok(());
    }
    judge_each(
        scene,
        "status is the status of the answer",
        &problems,
        |exchange| {
            let said = exchange.json()?.get("status")?.clone();
            let number = said.as_u64().or_else(|| said.as_str()?.parse().ok());
            (!said.is_null() && number != Some(exchange.status.into())).then(|| {
                format!(
                    "{} answered {} and says another",
                    exchange.line(),
                    exchange.status
                )
            })
        },
    );
    judge_each(scene, "type is a URI reference", &problems, |exchange| {
        let body = exchange.json()?;
        let kind = body.get("type").filter(|kind| !kind.is_null())?;
        let base = url::Url::parse("https://example.org/").ok()?;
        // What a browser would mend (RFC 3986, 2) is no reference yet.
        let is_reference = kind
            .as_str()
            .is_some_and(|kind| kind.bytes().all(is_of_uris) && base.join(kind).is_ok());
        (!is_reference).then(|| format!("{} answered with another", exchange.line()))
    });
    Ok(())
}

async fn media_type_is_true(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let exchanges = answers(scene).await?;
    judge_each(scene, "what is said to be JSON is JSON", &exchanges, |exchange| {
        let is_empty = exchange.body.is_empty() || exchange.method == "HEAD";
        (exchange.says_json() && !is_empty && exchange.json().is_none()).then(|| {
            format!(
                "{} answered {} with something else",
                exchange.line(),
                exchange.status
            )
        })
    });
    Ok(())
}

async fn show_no_inside(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let exchanges = answers(scene).await?;
    judge_each(
        scene,
        "no answer shows the inside of the server",
        &exchanges,
        |exchange| {
            let text = String::from_utf8_lossy(&exchange.body);
            let found = INSIDES
                .into_iter()
                .find(|inside| text.contains(inside))
                .or_else(|| has_frame(&text).then_some("a place in the source"))?;
            Some(format!("{} answered with {:?}", exchange.line(), found.trim()))
        },
    );
    Ok(())
}

/// Whether a text has a frame of a stack trace: `at name (/path/file:line:column)`.
fn has_frame(text: &str) -> bool {
    text.split("at ").skip(1).any(|after| {
        let place = after.split(['\n', ')']).next().unwrap_or_default();
        let mut parts = place.rsplitn(3, ':');
        let is_number = |part: Option<&str>| {
            part.is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let numbered = is_number(parts.next()) && is_number(parts.next());
        numbered
            && parts
                .next()
                .is_some_and(|file| file.contains('/') && !file.contains("://"))
    })
}

async fn never_5xx(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let exchanges = answers(scene).await?;
    judge_each(
        scene,
        "no answer is an error of the server",
        &exchanges,
        |exchange| {
            let fails = exchange.status >= 500 && !matches!(exchange.status, 501 | 503);
            fails.then(|| format!("{} answered {}", exchange.line(), exchange.status))
        },
    );
    Ok(())
}

async fn allow_with_405(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    let key = scene.named_key();
    let collection = scene.subject.create(&key).path;
    // Whoever lets this method in gets nothing to work with.
    let exchange = scene.send(&admin, Request::new("PUT", collection)).await?;
    let expected = "a 405 has Allow";
    let seen = format!("{} answered {}", exchange.line(), exchange.status);
    if exchange.status != 405 {
        scene.observes(expected, seen);
    } else if exchange.header("allow").is_some() {
        scene.meets(expected, "it has");
    } else {
        scene.falls_short(expected, "it has none");
    }
    Ok(())
}

async fn authentication_first(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let nobody = scene.caller(Who::Nobody)?;
    let key = scene.named_key();
    let request = scene
        .subject
        .create(&key)
        .raw(Some("application/json"), b"{\"name\":".to_vec());
    let made = scene.create_by(&nobody, request, &key.name).await?;
    if made.exchange.is_success() {
        scene.breaks("a stranger makes no key", "one is made");
        return Ok(());
    }
    let about = match made.exchange.status {
        401 | 403 => "a stranger is told that he is one",
        _ => "a stranger is told of his body",
    };
    scene.observes(
        "nothing in particular",
        format!("{about}, with {}", made.exchange.status),
    );
    Ok(())
}

async fn statuses_declared(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let exchanges = answers(scene).await?;
    let contract = scene.target.vendor().contract();
    let mut undeclared: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for exchange in &exchanges {
        let path = exchange.path.split('?').next().unwrap_or_default();
        if let Route::Found { operation, .. } = contract.find(exchange.method, path)
            && operation.response(exchange.status).is_none()
        {
            undeclared
                .entry(operation.id().to_owned())
                .or_default()
                .insert(exchange.status);
        }
    }
    let expected = "every status is declared for its operation";
    if undeclared.is_empty() {
        scene.meets(expected, "all are");
        return Ok(());
    }
    let told: Vec<String> = undeclared
        .iter()
        .map(|(operation, statuses)| {
            let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
            format!("{operation} {}", statuses.join(" "))
        })
        .collect();
    scene.observes(expected, format!("not declared: {}", told.join(", ")));
    Ok(())
}

async fn request_id(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let without = answers(scene)
        .await?
        .iter()
        .filter(|exchange| !exchange.is_odd)
        .filter_map(|exchange| exchange.json())
        .filter(|body| body.is_object() && body.get("requestId").and_then(Value::as_str).is_none())
        .count();
    let expected = "answers carry a request id";
    // The document shows it everywhere and requires it nowhere.
    match without {
        0 => scene.meets(expected, "all do"),
        _ => scene.warns(
            "the vendor's document, which shows it on every answer",
            expected,
            "some do not",
        ),
    }
    Ok(())
}

async fn times_have_zones(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let exchanges = answers(scene).await?;
    judge_each(scene, "a time is one of RFC 3339", &exchanges, |exchange| {
        let member = odd_time(exchange.json()?)?;
        Some(format!("{} answered with another in {member}", exchange.line()))
    });
    Ok(())
}

/// The name of a member that is called a time, holds text that begins with a date, and is no time of RFC 3339.
fn odd_time(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => items.iter().find_map(odd_time),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let is_time = name.ends_with("At") || name.ends_with("_at");
            match value {
                Value::String(text) if is_time && !text.is_empty() => {
                    text.parse::<Timestamp>().is_err().then(|| name.clone())
                }
                other => odd_time(other),
            }
        }),
        _ => None,
    }
}

/// The characters of URI references (RFC 3986, 2.1 to 2.3).
fn is_of_uris(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_frame_of_a_stack_trace_is_told_from_a_time_and_an_address() {
        assert!(has_frame(
            "Error: x\n    at check (/srv/app/src/guard.ts:42:13)\n"
        ));
        assert!(has_frame(
            r#"{"message":"x at /srv/app/guard.js:4:1"}"#.trim_end_matches("\"}")
        ));
        for plain in [
            "at 10:20:30",
            "at https://example.org/a:1:2",
            "look at this/that: 4",
            "created at 2026",
        ] {
            assert!(!has_frame(plain), "{plain}");
        }
    }

    #[test]
    fn a_time_without_its_zone_is_found_wherever_it_stands() {
        assert_eq!(
            odd_time(&json!({"a": [{"createdAt": "2026-11-21T00:00:00Z"}]})),
            None
        );
        assert_eq!(
            odd_time(&json!({"createdAt": "2026-11-21 00:00:00+02:00", "expiresAt": null})),
            None
        );
        assert_eq!(
            odd_time(&json!({"a": [{"createdAt": "2026-11-21T00:00:00"}]})).as_deref(),
            Some("createdAt")
        );
    }
}
