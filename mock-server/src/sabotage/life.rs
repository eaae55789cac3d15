//! Keys that outlive their end, or do not live until it.

use std::time::{Duration, Instant};

use http::{Method, Version};
use jiff::SignedDuration;

use super::saboteur::{Key, Use};
use super::{EVERY, Fate, Sabotage, Trick};
use crate::store::Standing;

/// How long a revocation takes where it takes a while.
const LAG: Duration = Duration::from_millis(200);
/// How long a cache remembers a key that it has seen.
const CACHE: Duration = Duration::from_secs(5);
/// After how long a revoked key works again where it does.
const BACK: SignedDuration = SignedDuration::from_secs(5);
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) const ALL: &[Sabotage] = &[
    Sabotage {
        name: "new-key-works-late",
        effect: "a new key is refused for the first 300 ms",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let is_new = of
                .key
                .is_some_and(|key| key.made.elapsed() < Duration::from_millis(300));
            is_new.then_some(Fate::Dead)
        }),
    },
    Sabotage {
        name: "key-dies-after-first-use",
        effect: "a key works once",
        vendors: EVERY,
        trick: Trick::Life(|of| of.key?.last_used.map(|_| Fate::Dead)),
    },
    Sabotage {
        name: "revoked-key-still-works",
        effect: "a revoke is confirmed, and the key still works",
        vendors: EVERY,
        trick: Trick::Life(|of| of.is_revoked().then_some(Fate::Alive)),
    },
    Sabotage {
        name: "revoked-key-works-on-reads",
        effect: "a revoked key still reads",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_revoked() && of.method == Method::GET).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "revoked-key-works-on-writes",
        effect: "a revoked key still writes",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_revoked() && of.method != Method::GET).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "revoked-key-works-on-one-operation",
        effect: "one operation still takes a revoked key",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let forgotten = [
                "lookupContact",
                "listTaskResultTypeConfigs",
                "listSupplierCreditLedger",
                "listApiRequests",
            ];
            (of.is_revoked() && forgotten.contains(&of.operation)).then_some(Fate::Alive)
        }),
    },
    Sabotage {
        name: "revoked-key-manages-keys",
        effect: "a revoked key still makes and revokes keys",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let manages = matches!(of.operation, "createApiKey" | "revokeApiKey");
            (of.is_revoked() && manages).then_some(Fate::Alive)
        }),
    },
    Sabotage {
        name: "revoked-key-works-on-its-connection",
        effect: "a revoked key works until the connection closes over which it was used",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let is_known = of.key?.connections.contains(&of.connection?);
            (of.is_revoked() && is_known).then_some(Fate::Alive)
        }),
    },
    Sabotage {
        name: "revoked-key-works-over-http2",
        effect: "a revoked key still works over HTTP/2",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_revoked() && of.version == Version::HTTP_2).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "revoked-key-works-from-cache",
        effect: "a key that was used in the last 5 s outlives its revocation by them",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let is_cached = of.key?.last_used?.elapsed() < CACHE;
            (of.is_revoked() && is_cached).then_some(Fate::Alive)
        }),
    },
    Sabotage {
        name: "revocation-lags",
        effect: "a revoked key works for another 200 ms",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_revoked() && since_revoked(of.key?) < LAG).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "revocation-lags-if-unused",
        effect: "a key that was never used works for 200 ms after its revocation",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let key = of.key?;
            let lags = key.last_used.is_none() && since_revoked(key) < LAG;
            (of.is_revoked() && lags).then_some(Fate::Alive)
        }),
    },
    Sabotage {
        name: "revoked-key-flaps",
        effect: "a revoked key is refused, and works again at every third try",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_revoked() && of.key?.tries % 3 == 0).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "revoked-key-works-at-thirtieth-try",
        effect: "a revoked key is refused, and works at every thirtieth try",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_revoked() && of.key?.tries % 30 == 0).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "revoked-key-comes-back",
        effect: "a revoked key is refused for 5 s, and works again after them",
        vendors: EVERY,
        trick: Trick::Life(|of| (since_end(of)? > BACK).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "old-key-outlives-revocation",
        effect: "a key that is older than a second when it is revoked still works",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let Standing::Revoked(at) = of.standing else {
                return None;
            };
            (at.duration_since(of.credential.created_at) > SECOND).then_some(Fate::Alive)
        }),
    },
    Sabotage {
        name: "last-revoked-key-works",
        effect: "once the last key of its owner is revoked, revoked keys work",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_revoked() && of.siblings == 0).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "revocation-lost-at-restart",
        effect: "a key that was revoked before a restart works after it",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_revoked() && of.key.is_none()).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "key-lost-at-restart",
        effect: "a key that was made before a restart is refused after it",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let is_of_a_user = of.credential.name().starts_with("keyway-");
            (of.key.is_none() && is_of_a_user).then_some(Fate::Dead)
        }),
    },
    Sabotage {
        name: "expired-key-still-works",
        effect: "a key works after its expiry",
        vendors: EVERY,
        trick: Trick::Life(|of| of.is_expired().then_some(Fate::Alive)),
    },
    Sabotage {
        name: "expired-key-works-on-reads",
        effect: "an expired key still reads",
        vendors: EVERY,
        trick: Trick::Life(|of| (of.is_expired() && of.method == Method::GET).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "expired-key-works-on-one-operation",
        effect: "one operation still takes an expired key",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let forgotten = [
                "lookupContact",
                "listTaskResultTypeConfigs",
                "listSupplierCreditLedger",
                "listApiRequests",
            ];
            (of.is_expired() && forgotten.contains(&of.operation)).then_some(Fate::Alive)
        }),
    },
    Sabotage {
        name: "expiry-late-by-a-minute",
        effect: "a key works for a minute after its expiry",
        vendors: EVERY,
        trick: Trick::Life(|of| is_past_expiry_by_less_than(of, MINUTE).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "expiry-late-by-a-day",
        effect: "a key works for a day after its expiry",
        vendors: EVERY,
        trick: Trick::Life(|of| is_past_expiry_by_less_than(of, DAY).then_some(Fate::Alive)),
    },
    Sabotage {
        name: "expiry-early",
        effect: "a key dies at half of its life",
        vendors: EVERY,
        trick: Trick::Life(|of| {
            let begun = of.credential.created_at;
            let life = of.credential.expires_at?.duration_since(begun);
            (of.now.duration_since(begun) >= life / 2).then_some(Fate::Dead)
        }),
    },
];

fn since_revoked(key: &Key) -> Duration {
    // Not yet confirmed: the answer to the revoke is still under way.
    key.revoked.as_ref().map_or(Duration::ZERO, Instant::elapsed)
}

/// How long ago a key was revoked, by the server's own clock; nothing if it was not.
fn since_end(of: &Use<'_>) -> Option<SignedDuration> {
    match of.standing {
        Standing::Revoked(at) => Some(of.now.duration_since(at)),
        _ => None,
    }
}

fn is_past_expiry_by_less_than(of: &Use<'_>, slack: SignedDuration) -> bool {
    let expiry = of.credential.expires_at;
    of.is_expired() && expiry.is_some_and(|at| of.now.duration_since(at) < slack)
}
