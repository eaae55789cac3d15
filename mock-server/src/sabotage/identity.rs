//! Presented text that passes for a key which it is not, and callers that nobody asks who they are.

use bytes::Bytes;
use http::StatusCode;
use http::header::AUTHORIZATION;
use keyway_openapi::Vendor;

use super::saboteur::{Key, present};
use super::{EVERY, Sabotage, Trick, presented};
use crate::call::{Peer, Request};
use crate::store::Digest;

/// How much of a key somebody compares who compares too little: longer than any vendor's mark.
const COMPARED: usize = 24;

pub(super) const ALL: &[Sabotage] = &[
    Sabotage {
        name: "hint-passes-for-key",
        effect: "the printable prefix of a key authenticates",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| text == key.credential.prefix()),
    },
    Sabotage {
        name: "id-passes-for-key",
        effect: "the id of a key authenticates",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| text == key.credential.id()),
    },
    Sabotage {
        name: "digest-passes-for-key",
        effect: "the SHA-256 of a key, in hexadecimal, authenticates",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| text == Digest::of(&key.secret).to_hex()),
    },
    Sabotage {
        name: "only-beginning-compared",
        effect: "a key authenticates by its first 24 characters, whatever follows them",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| text.get(..COMPARED) == key.secret.get(..COMPARED)),
    },
    Sabotage {
        name: "only-end-compared",
        effect: "a key authenticates by its last 24 characters",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| {
            let end = key.secret.len().saturating_sub(COMPARED);
            key.secret.get(end..).is_some_and(|end| text.ends_with(end))
        }),
    },
    Sabotage {
        name: "first-character-ignored",
        effect: "a key authenticates with another first character",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| {
            text.len() == key.secret.len() && text.get(1..) == key.secret.get(1..)
        }),
    },
    Sabotage {
        name: "last-character-ignored",
        effect: "a key authenticates with another last character",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| {
            let last = key.secret.len() - 1;
            text.len() == key.secret.len() && text.get(..last) == key.secret.get(..last)
        }),
    },
    Sabotage {
        name: "middle-ignored",
        effect: "a key authenticates with anything in its middle",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| {
            let third = key.secret.len() / 3;
            let rest = key.secret.len() - third;
            text.len() == key.secret.len()
                && text.get(..third) == key.secret.get(..third)
                && text.get(rest..) == key.secret.get(rest..)
        }),
    },
    Sabotage {
        name: "case-ignored",
        effect: "a key authenticates in another case",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| text.eq_ignore_ascii_case(&key.secret)),
    },
    Sabotage {
        name: "longer-key-accepted",
        effect: "a key authenticates with something after it",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| text.starts_with(&key.secret)),
    },
    Sabotage {
        name: "shorter-key-accepted",
        effect: "a key authenticates without its last character",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| {
            text.len() + 1 == key.secret.len() && key.secret.starts_with(text)
        }),
    },
    Sabotage {
        name: "quoted-key-accepted",
        effect: "a key authenticates in quotes",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| text.trim_matches(['"', '\'']) == key.secret),
    },
    Sabotage {
        name: "invented-key-accepted",
        effect: "whatever looks like a key authenticates",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| {
            text.len() == key.secret.len() && text.get(..4) == key.secret.get(..4)
        }),
    },
    Sabotage {
        name: "key-in-query-accepted",
        effect: "a key authenticates in the query of the URL",
        vendors: EVERY,
        trick: Trick::Before(|request, vendor, keys| {
            let query = request.uri().query().unwrap_or_default().to_owned();
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            let key = pairs.find_map(|(_, value)| keys.of_secret(&value));
            present_if_anonymous(request, vendor, key);
        }),
    },
    Sabotage {
        name: "key-in-body-accepted",
        effect: "a key authenticates in the body of the request",
        vendors: EVERY,
        trick: Trick::Before(|request, vendor, keys| {
            let body = String::from_utf8_lossy(request.body()).into_owned();
            let key = keys.0.iter().find(|key| body.contains(&key.secret));
            present_if_anonymous(request, vendor, key);
        }),
    },
    Sabotage {
        name: "scheme-case-matters",
        effect: "`bearer` in another case is no scheme",
        vendors: &[Vendor::B3os],
        trick: Trick::Before(|request, _, _| {
            let value = request.headers().get(AUTHORIZATION);
            let scheme = value.and_then(|value| value.to_str().ok()?.split(' ').next());
            if scheme.is_some_and(|scheme| scheme != "Bearer") {
                request.headers_mut().remove(AUTHORIZATION);
            }
        }),
    },
    Sabotage {
        name: "first-of-two-credentials-wins",
        effect: "of two credentials in a request the second is not looked at",
        vendors: &[Vendor::B3os],
        trick: Trick::Before(|request, _, _| {
            let first = request.headers().get(AUTHORIZATION).cloned();
            if let Some(first) = first {
                request.headers_mut().insert(AUTHORIZATION, first);
            }
        }),
    },
    Sabotage {
        name: "anonymous-reads",
        effect: "reads are open to anybody",
        vendors: EVERY,
        trick: Trick::Openly(|exchange| {
            exchange.is_anonymous() && exchange.status == 401 && exchange.is_read()
        }),
    },
    Sabotage {
        name: "anonymous-read-of-one-operation",
        effect: "one protected read is open to anybody",
        vendors: EVERY,
        trick: Trick::Openly(|exchange| {
            let open = [
                "listMessages",
                "listActivities",
                "listClientMembers",
                "listServiceAccounts",
            ];
            let is_open = exchange
                .operation
                .is_some_and(|operation| open.contains(&operation));
            exchange.is_anonymous() && exchange.status == 401 && is_open
        }),
    },
    Sabotage {
        name: "anonymous-creates",
        effect: "keys are made for anybody",
        vendors: EVERY,
        trick: Trick::Openly(|exchange| {
            exchange.is_anonymous() && exchange.status == 401 && exchange.creates()
        }),
    },
    Sabotage {
        name: "anonymous-revokes",
        effect: "keys are revoked for anybody",
        vendors: EVERY,
        trick: Trick::Openly(|exchange| {
            exchange.is_anonymous() && exchange.status == 401 && exchange.revokes()
        }),
    },
    Sabotage {
        name: "anonymous-revoke-refused-and-done",
        effect: "an anonymous revoke is refused, and the key is dead all the same",
        vendors: EVERY,
        trick: Trick::Secretly(|exchange| {
            exchange.is_anonymous() && exchange.status == 401 && exchange.revokes()
        }),
    },
    Sabotage {
        name: "pattern-passes-for-key",
        effect: "a key authenticates by its beginning with a star behind it",
        vendors: EVERY,
        trick: Trick::PassesFor(|text, key| {
            let beginning = text.strip_suffix('*');
            beginning.is_some_and(|beginning| key.secret.starts_with(beginning))
        }),
    },
    Sabotage {
        name: "connection-lets-strangers-in",
        effect: "over a connection on which a key was accepted nobody needs one any more",
        vendors: EVERY,
        trick: Trick::Before(|request, vendor, keys| {
            let connection = request.extensions().get::<Peer>().map(|peer| peer.0);
            let before = |key: &&Key| connection.is_some_and(|one| key.connections.contains(&one));
            let key = keys.0.iter().filter(|key| key.revoked.is_none()).find(before);
            present_if_anonymous(request, vendor, key);
        }),
    },
    Sabotage {
        name: "token-opens-what-is-for-keys",
        effect: "a user's token opens the reads on which only keys are to be taken",
        vendors: &[Vendor::Reten],
        trick: Trick::Answer(|response, exchange, _| {
            let has_token = exchange.request.headers().contains_key(AUTHORIZATION);
            let is_for_keys = exchange.operation == Some("listTaskResultTypeConfigs");
            if has_token && is_for_keys && exchange.status == 401 {
                *response.status_mut() = StatusCode::OK;
                *response.body_mut() = Bytes::from_static(b"[]");
            }
        }),
    },
    Sabotage {
        name: "unknown-key-authenticates-on-reads",
        effect: "reads are open to any key, known or not",
        vendors: EVERY,
        trick: Trick::Openly(|exchange| {
            !exchange.is_anonymous() && exchange.status == 401 && exchange.is_read()
        }),
    },
];

fn present_if_anonymous(request: &mut Request, vendor: Vendor, key: Option<&Key>) {
    if let Some(key) = key.filter(|_| presented(request.headers()).is_none()) {
        present(request, vendor, &key.secret);
    }
}
