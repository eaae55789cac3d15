//! How a key is presented: in the header that is documented and as a whole, whatever the letters of the header's name.

use std::sync::Arc;

use serde_json::{Value, json};

use super::usage::{AUTHENTICATION, invented};
use crate::case::{Case, Fallback};
use crate::credential::Credential;
use crate::exchange::Exchange;
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;
use crate::subject::NewKey;
use crate::wire::Request;

/// Names under which some servers take a key from a query or a body.
const NAMES: [&str; 6] = ["api_key", "apiKey", "api-key", "key", "token", "access_token"];

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "use/header-in-any-case",
        requirement: "the names of headers and of schemes are taken in any case of their letters",
        codes: &["AUT-09"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("RFC 9110, 5.1"),
        needs: &[],
        run: |scene| Box::pin(header_in_any_case(scene)),
    },
    Case {
        id: "use/token-refused-where-keys-are-asked",
        requirement: "a user's token opens no read on which only keys are taken",
        codes: &["AUT-11"],
        situation: Situation::UseToken,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(token_refused_where_keys_are_asked(scene)),
    },
    Case {
        id: "use/malformed-key-refused",
        requirement: "an empty, over-long or unreadable key is refused, and breaks nothing",
        codes: &["AUT-04", "ERR-06"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("OWASP ASVS 5, 8.2.1 and 16.5.3"),
        needs: &[],
        run: |scene| Box::pin(malformed_key_refused(scene)),
    },
    Case {
        id: "use/decorated-key-refused",
        requirement: "a key in quotes, behind a second scheme or with a space in it is not the key",
        codes: &["AUT-12"],
        situation: Situation::UseDecorated,
        fallback: Fallback::Practice("RFC 9110, 11.4; RFC 6750, 2.1"),
        needs: &[],
        run: |scene| Box::pin(decorated_key_refused(scene)),
    },
    Case {
        id: "use/key-elsewhere-refused",
        requirement: "a key in the query or in the body opens nothing",
        codes: &["AUT-08", "SEC-05"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("RFC 6750, 2.3; OWASP ASVS 5, 14.2.1"),
        needs: &[],
        run: |scene| Box::pin(key_elsewhere_refused(scene)),
    },
    Case {
        id: "use/two-keys-refused",
        requirement: "a request with a good and a bad key is refused, whichever comes first",
        codes: &["AUT-10"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("RFC 6750, 2; RFC 9110, 5.3"),
        needs: &[],
        run: |scene| Box::pin(two_keys_refused(scene)),
    },
    Case {
        id: "use/challenged",
        requirement: "a 401 says how to authenticate, and to a request without a credential it names no error",
        codes: &["AUT-02", "AUT-11"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("RFC 9110, 11.6.1 and 15.5.2; RFC 6750, 3.1"),
        needs: &[],
        run: |scene| Box::pin(challenged(scene)),
    },
    Case {
        id: "use/refusals-alike",
        requirement: "an unknown and a revoked key are refused alike, so that nobody learns which keys there were",
        codes: &["AUT-03", "EXP-09", "ERR-04"],
        situation: Situation::UseRefusalsAlike,
        fallback: Fallback::Practice("OWASP ASVS 5, 6.3.8"),
        needs: &[],
        run: |scene| Box::pin(refusals_alike(scene)),
    },
    Case {
        id: "use/other-spellings-closed",
        requirement: "another method or spelling of a protected path needs the same key",
        codes: &["AUT-13"],
        situation: Situation::Unsaid,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(other_spellings_closed(scene)),
    },
];

async fn header_in_any_case(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let holder = scene.bearer_of(&key.secret);
    let request = scene.subject.sign(scene.probe()?.request.clone(), &holder);
    let capitals = {
        let connection = scene.wire.shaped(|builder| builder.http1_title_case_headers());
        connection.send(&holder.base_url, &request).await?
    };
    let expected = "the name of the header in capitals is accepted";
    let seen = format!("{} answered {}", capitals.line(), capitals.status);
    match capitals.is_success() {
        true => scene.meets(expected, seen),
        false => scene.breaks(expected, seen),
    }
    for scheme in ["bearer", "BEARER"] {
        let mut spelt = request.clone();
        let Some((_, value)) = spelt
            .headers
            .iter_mut()
            .find(|(name, _)| *name == "authorization")
        else {
            break;
        };
        if let Some(token) = value.strip_prefix("Bearer ") {
            *value = format!("{scheme} {token}");
        }
        let exchange = scene.wire.send(&holder.base_url, &spelt).await?;
        let expected = format!("the scheme {scheme} is accepted");
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        match exchange.is_success() {
            true => scene.meets(expected, seen),
            // Every client writes it in one way, and many servers know that way alone.
            false => scene.warns("RFC 9110, 11.1", expected, seen),
        }
    }
    Ok(())
}

async fn token_refused_where_keys_are_asked(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(request) = scene.subject.keys_only() else {
        return Err(Stop::skip("no read takes keys alone"));
    };
    let admin = scene.caller(Who::Admin)?;
    if !admin.credential.as_ref().is_some_and(Credential::is_user_token) {
        return Err(Stop::skip("the admin has a key and no token"));
    }
    let key = scene.working_key().await?;
    let opened = scene.send(&scene.bearer_of(&key.secret), request.clone()).await?;
    if !opened.is_success() {
        return Err(Stop::skip("the target does not serve the read to a key either"));
    }
    let exchange = scene.send(&admin, request).await?;
    scene.judge_refusal("with a user's token", &exchange);
    Ok(())
}

async fn malformed_key_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let long = key.secret.repeat(1 + 3_500 / key.secret.len().max(1));
    for (what, value) in [
        ("with an empty key", String::new()),
        ("with a key of 3500 characters", long),
        ("with a key of letters beyond ASCII", format!("{}é", key.secret)),
        ("with a tab in the key", format!("{}\t{}", key.secret, key.secret)),
    ] {
        scene.vault.keep(&value);
        let request = scene.probe()?.request.clone();
        match scene.send(&scene.bearer_of(&value), request).await {
            Ok(exchange) => scene.judge_refusal(what, &exchange),
            // To hang up on such a request is a refusal too.
            Err(Stop::Error(reason)) => scene.observes(format!("{what}: refused"), reason),
            Err(stop) => return Err(stop),
        }
    }
    scene.expect_working(&key, "after such keys were refused").await
}

async fn decorated_key_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let probe = scene.probe()?.clone();
    let half = key.secret.len() / 2;
    let Some((head, tail)) = key.secret.split_at_checked(half) else {
        return Err(Stop::skip("the key cannot be sent in a header"));
    };
    for (what, value) in [
        ("with the key in quotes", format!("\"{}\"", key.secret)),
        (
            "with a second scheme before the key",
            format!("Bearer {}", key.secret),
        ),
        ("with a space in the key", format!("{head} {tail}")),
        ("with the key twice", format!("{}, {}", key.secret, key.secret)),
    ] {
        let exchange = scene
            .send(&scene.bearer_of(&value), probe.request.clone())
            .await?;
        scene.judge_refused_use(what, &probe, &exchange);
    }
    Ok(())
}

async fn key_elsewhere_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let nobody = scene.caller(Who::Nobody)?;
    let mut request = scene.probe()?.request.clone();
    let query: Vec<String> = NAMES
        .iter()
        .map(|name| format!("{name}={}", crate::subject::segment(&key.secret)))
        .collect();
    let mark = if request.path.contains('?') { '&' } else { '?' };
    request.path = format!("{}{mark}{}", request.path, query.join("&"));
    let exchange = scene.send(&nobody, request).await?;
    scene.judge_refusal("with the key in the query", &exchange);
    // What a key may do that manages keys, the same key must not do from within a body.
    let managing = NewKey {
        grants: scene.subject.with_management(),
        ..scene.named_key()
    };
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &managing).await?;
    let secret = match scene.key_of(&made) {
        Ok(managing) => managing.secret,
        Err(_) => key.secret,
    };
    let another = scene.narrow_key();
    let another = scene.spelt(&another);
    let mut request = scene.subject.create(&another);
    if let Some(Value::Object(members)) = &mut request.body {
        for name in NAMES {
            members.entry(name).or_insert(json!(secret));
        }
    }
    let made = scene.create_by(&nobody, request, &another.name).await?;
    scene.judge_refusal("with the key in the body", &made.exchange);
    Ok(())
}

async fn two_keys_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let good = scene.bearer_of(&key.secret);
    let bad = scene.bearer_of(&invented(&key.secret));
    for (what, first, second) in [
        ("with a good key before a bad one", &good, &bad),
        ("with a bad key before a good one", &bad, &good),
    ] {
        let once = scene.subject.sign(scene.probe()?.request.clone(), first);
        let plain = scene.probe()?.request.headers.len();
        let twice = scene.subject.sign(scene.probe()?.request.clone(), second);
        let credential = twice
            .headers
            .into_iter()
            .skip(plain)
            .filter(|(name, _)| *name != "accept");
        let mut request = once;
        request.headers.extend(credential);
        let exchange = scene.wire.send(&good.base_url, &request).await?;
        scene.judge_refusal(what, &exchange);
    }
    Ok(())
}

async fn challenged(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.working_key().await?;
    let nobody = scene.caller(Who::Nobody)?;
    let exchange = scene.send(&nobody, scene.probe()?.request.clone()).await?;
    let expected = "a 401 has WWW-Authenticate";
    if exchange.status != 401 {
        scene.observes(
            expected,
            format!("{} answered {}", exchange.line(), exchange.status),
        );
        return Ok(());
    }
    let Some(challenge) = exchange.header("www-authenticate").map(str::to_owned) else {
        scene.falls_short(expected, "it has none");
        return Ok(());
    };
    scene.meets(expected, "it has");
    let expected = "the challenge to a request without a credential names no error";
    if challenge.to_ascii_lowercase().contains("error=") {
        scene.falls_short(expected, "it names one");
    } else {
        scene.meets(expected, "it names none");
    }
    Ok(())
}

async fn refusals_alike(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let unknown = scene.bearer_of(&invented(&key.secret));
    let unknown = scene.send(&unknown, scene.probe()?.request.clone()).await?;
    scene.revoked(&key).await?;
    let revoked = scene.use_key(&key.secret).await?;
    if !is_refusal(unknown.status) || !is_refusal(revoked.status) {
        return Err(Stop::error(
            "one of the keys is not refused; see revoke/refused-at-once",
        ));
    }
    let expected = "an unknown and a revoked key are refused with one status";
    if unknown.status == revoked.status {
        scene.meets(expected, format!("both with {}", revoked.status));
    } else {
        scene.falls_short(expected, format!("{} and {}", unknown.status, revoked.status));
    }
    let expected = "an unknown and a revoked key are told the same";
    if words(scene, &unknown) == words(scene, &revoked) {
        scene.meets(expected, "they are");
    } else {
        scene.falls_short(expected, "they are told apart");
    }
    let nobody = scene.caller(Who::Nobody)?;
    let absent = scene.send(&nobody, scene.probe()?.request.clone()).await?;
    expect_told_as(scene, "no key", &absent, &revoked);
    Ok(())
}

/// Where the vendor says that one answer is given to whatever is wrong with a key, it is also given to this.
pub(super) fn expect_told_as(scene: &mut Scene<'_>, what: &str, exchange: &Exchange, other: &Exchange) {
    let Statement::Stated { cite, .. } = scene.statement(Situation::UseRefusalsAlike) else {
        return;
    };
    let expected = format!("{what} is told what an unknown key is told ({})", cite.source);
    let is_alike = exchange.status == other.status && words(scene, exchange) == words(scene, other);
    match is_alike {
        true => scene.meets(expected, "it is"),
        false => scene.breaks(
            expected,
            format!("{} answered {} otherwise", exchange.line(), exchange.status),
        ),
    }
}

/// What an error says for people.
fn words(scene: &Scene<'_>, exchange: &Exchange) -> Vec<Option<Value>> {
    let body = exchange.json();
    let words = scene.subject.error_words();
    words.iter().map(|word| body?.get(word).cloned()).collect()
}

async fn other_spellings_closed(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let open = scene.use_key(&key.secret).await?;
    scene.revoked(&key).await?;
    let request = scene.probe()?.request.clone();
    let nobody = scene.caller(Who::Nobody)?;
    let revoked = scene.bearer_of(&key.secret);
    for (what, spelt) in spellings(&request) {
        for (who, caller) in [("without a key", &nobody), ("with a revoked key", &revoked)] {
            let exchange = scene.send(caller, spelt.clone()).await?;
            judge_spelling(scene, &format!("{what} {who}"), &exchange, &open);
        }
    }
    Ok(())
}

/// The same read under other names.
fn spellings(request: &Request) -> Vec<(&'static str, Request)> {
    let (path, query) = match request.path.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (request.path.as_str(), String::new()),
    };
    let at = |path: String| Request {
        path: format!("{path}{query}"),
        ..request.clone()
    };
    vec![
        (
            "HEAD",
            Request {
                method: "HEAD",
                ..request.clone()
            },
        ),
        ("a slash at the end", at(format!("{path}/"))),
        ("two slashes in front", at(format!("/{path}"))),
        ("the path in capitals", at(path.to_ascii_uppercase())),
        ("an encoded letter", at(encoded(path))),
        (
            "a query that nobody asked for",
            at(path.to_owned()).queried("keyway=1"),
        ),
        ("two slashes before its last part", at(doubled(path))),
        ("a kind of file at its end", at(format!("{path}.json"))),
        ("a parameter at its end", at(format!("{path};v=1"))),
        (
            "another method in a header",
            request.clone().header("x-http-method-override", "OPTIONS"),
        ),
    ]
}

/// With the last slash of a path twice.
fn doubled(path: &str) -> String {
    match path.rfind('/') {
        Some(place) => format!("{}/{}", &path[..place], &path[place..]),
        None => path.to_owned(),
    }
}

/// The last letter of a path as a percent sign and its number, which is the same path (RFC 3986, 6.2.2.2).
fn encoded(path: &str) -> String {
    match path.char_indices().next_back() {
        Some((place, last)) if last.is_ascii_alphabetic() => {
            format!("{}%{:02X}", &path[..place], u32::from(last))
        }
        _ => path.to_owned(),
    }
}

/// A page for whoever loses his way may be open. What the key opens may not.
fn judge_spelling(scene: &mut Scene<'_>, what: &str, exchange: &Arc<Exchange>, open: &Arc<Exchange>) {
    let expected = format!("{what}: refused");
    let seen = format!("answered {}", exchange.status);
    let shows = exchange.is_success() && (exchange.method == "HEAD" || is_alike(exchange, open));
    if shows {
        scene.breaks(expected, seen);
    } else if exchange.is_success() {
        scene.observes(expected, format!("{seen} with something else"));
    } else {
        scene.meets(expected, seen);
    }
}

/// Whether both answers are of one form: an id of the request or a time may differ from one to the next.
fn is_alike(left: &Exchange, right: &Exchange) -> bool {
    match (left.json(), right.json()) {
        (Some(left), Some(right)) => has_form_of(left, right),
        _ => left.body == right.body,
    }
}

fn has_form_of(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.get(name).is_some_and(|other| has_form_of(value, other)))
        }
        // How many there are may change from one look to the next.
        (Value::Array(left), Value::Array(right)) => match (left.first(), right.first()) {
            (Some(left), Some(right)) => has_form_of(left, right),
            _ => true,
        },
        // What was not set may be by now.
        (Value::Null, _) | (_, Value::Null) => true,
        (left, right) => std::mem::discriminant(left) == std::mem::discriminant(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_alike_by_their_form() {
        let page = json!({"data": {"items": [{"id": "a", "name": null}], "total": 1}, "requestId": "r-1"});
        let later = json!({"data": {"items": [{"id": "b", "name": "x"}], "total": 2}, "requestId": "r-2"});
        let error = json!({"code": 404, "message": "not found", "requestId": "r-3"});
        assert!(has_form_of(&page, &later) && !has_form_of(&page, &error));
        assert!(!has_form_of(
            &page,
            &json!({"data": "Welcome", "requestId": "r-4"})
        ));
    }

    #[test]
    fn every_spelling_is_another_request() {
        let request = Request::new("GET", "/v1/things?limit=2");
        let lines: Vec<String> = spellings(&request).iter().map(|(_, one)| one.line()).collect();
        assert!(lines.contains(&"HEAD /v1/things?limit=2".to_owned()));
        assert!(lines.contains(&"GET /v1/things/?limit=2".to_owned()));
        assert!(lines.contains(&"GET /V1/THINGS?limit=2".to_owned()));
        assert!(lines.contains(&"GET /v1/thing%73?limit=2".to_owned()));
    }
}
