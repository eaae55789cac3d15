//! Revokes that reach too far, or come undone.

use super::saboteur::Exchange;
use super::{DATED, EVERY, Fate, Sabotage, Trick};

pub(super) const ALL: &[Sabotage] = &[
    Sabotage {
        name: "siblings-die-too",
        effect: "a revoke ends the other keys of the same owner",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let Some(owner) = revoked_owner(exchange, keys.0.iter()) else {
                return;
            };
            let id = exchange.id.unwrap_or_default().to_owned();
            keys.decide(Fate::Dead, |key| {
                *key.credential.owner == owner && key.credential.id() != id
            });
        }),
    },
    Sabotage {
        name: "namesakes-die-too",
        effect: "a revoke ends the other keys of the same name",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let Some(name) = exchange.key(keys).map(|key| key.credential.name().to_owned()) else {
                return;
            };
            if exchange.revokes() && exchange.succeeded() {
                let id = exchange.id.unwrap_or_default().to_owned();
                keys.decide(Fate::Dead, |key| {
                    key.credential.name() == name && key.credential.id() != id
                });
            }
        }),
    },
    Sabotage {
        name: "second-revoke-resurrects",
        effect: "a second revoke brings the key back",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            if exchange.revokes() && exchange.is_repeated {
                let id = exchange.id.unwrap_or_default().to_owned();
                keys.decide(Fate::Alive, |key| key.credential.id() == id);
            }
        }),
    },
    Sabotage {
        name: "create-resurrects-namesake",
        effect: "a new key brings revoked ones of the same name back",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            if !exchange.creates() || !exchange.succeeded() {
                return;
            }
            let newest = keys
                .newest()
                .map(|key| (key.credential.id().to_owned(), key.credential.name().to_owned()));
            if let Some((id, name)) = newest {
                keys.decide(Fate::Alive, |key| {
                    key.credential.name() == name && key.credential.id() != id
                });
            }
        }),
    },
    Sabotage {
        name: "unknown-id-ends-newest",
        effect: "a revoke of an id that does not exist is refused, and ends the newest key",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let is_known = exchange.key(keys).is_some();
            if exchange.revokes() && !exchange.succeeded() && !is_known && !exchange.is_anonymous() {
                end_newest(keys);
            }
        }),
    },
    Sabotage {
        name: "malformed-id-ends-newest",
        effect: "a revoke of what cannot be an id is refused, and ends the newest key",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let id = exchange.id.unwrap_or_default();
            let looks_like = |one: &str| {
                one.len() == id.len()
                    && one
                        .bytes()
                        .zip(id.bytes())
                        .all(|(a, b)| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric())
            };
            let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
            let is_formed = is_number || keys.0.iter().any(|key| looks_like(key.credential.id()));
            if exchange.revokes() && !exchange.succeeded() && !is_formed && !exchange.is_anonymous() {
                end_newest(keys);
            }
        }),
    },
    Sabotage {
        name: "other-tenants-keys-die-too",
        effect: "a revoke ends the keys of all other tenants",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let Some(tenant) = exchange.key(keys).map(|key| key.credential.tenant.clone()) else {
                return;
            };
            if exchange.revokes() && exchange.succeeded() {
                keys.decide(Fate::Dead, |key| key.credential.tenant != tenant);
            }
        }),
    },
    Sabotage {
        name: "text-after-id-ignored",
        effect: "a revoke of an id with something after it is refused, and ends the key of that id",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let id = exchange.id.unwrap_or_default().to_owned();
            // A longer number is another id.
            let is_other_text =
                |rest: &str| !rest.is_empty() && !rest.starts_with(|one: char| one.is_ascii_digit());
            if exchange.revokes() && !exchange.is_anonymous() {
                keys.decide(Fate::Dead, |key| {
                    id.strip_prefix(key.credential.id()).is_some_and(is_other_text)
                });
            }
        }),
    },
    Sabotage {
        name: "part-of-id-revokes",
        effect: "a revoke by the beginning of an id is refused, and ends the key of that id",
        vendors: DATED,
        trick: Trick::Keys(|exchange, keys| {
            let part = exchange.id.unwrap_or_default().to_owned();
            if exchange.revokes() && part.len() >= 8 {
                keys.decide(Fate::Dead, |key| {
                    key.credential.id().len() > part.len() && key.credential.id().starts_with(&part)
                });
            }
        }),
    },
    Sabotage {
        name: "name-in-path-revokes",
        effect: "a revoke by the name instead of the id is refused, and ends the key",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let name = exchange.id.unwrap_or_default().to_owned();
            if exchange.revokes() {
                keys.decide(Fate::Dead, |key| key.credential.name() == name);
            }
        }),
    },
    Sabotage {
        name: "secret-in-path-revokes",
        effect: "a revoke by the secret instead of the id is refused, and ends the key",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let id = exchange.id.unwrap_or_default().to_owned();
            if exchange.revokes() {
                keys.decide(Fate::Dead, |key| key.secret == id);
            }
        }),
    },
    Sabotage {
        name: "anonymous-revoke-is-heard",
        effect: "a revoke with a dead or an unknown credential is refused, and ends the key",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let id = exchange.id.unwrap_or_default().to_owned();
            if exchange.revokes() && exchange.status == 401 {
                keys.decide(Fate::Dead, |key| key.credential.id() == id);
            }
        }),
    },
    Sabotage {
        name: "create-ends-namesakes",
        effect: "a new key ends the ones of its name before it",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let Some(newest) = keys
                .newest()
                .filter(|_| exchange.creates() && exchange.succeeded())
            else {
                return;
            };
            let (id, name) = (
                newest.credential.id().to_owned(),
                newest.credential.name().to_owned(),
            );
            keys.decide(Fate::Dead, |key| {
                key.credential.name() == name && key.credential.id() != id
            });
        }),
    },
    Sabotage {
        name: "create-ends-earlier-keys",
        effect: "a new key ends the ones before it",
        vendors: EVERY,
        trick: Trick::Keys(|exchange, keys| {
            let Some(id) = keys.newest().map(|key| key.credential.id().to_owned()) else {
                return;
            };
            if exchange.creates() && exchange.succeeded() {
                keys.decide(Fate::Dead, |key| key.credential.id() != id);
            }
        }),
    },
];

fn revoked_owner<'k>(
    exchange: &Exchange<'_>,
    mut keys: impl Iterator<Item = &'k super::saboteur::Key>,
) -> Option<String> {
    let is_meant = exchange.revokes() && exchange.succeeded();
    let key = keys.find(|key| is_meant && Some(key.credential.id()) == exchange.id)?;
    Some(key.credential.owner.to_string())
}

fn end_newest(keys: &mut super::saboteur::Keys) {
    if let Some(key) = keys.newest_alive() {
        key.fate = Some(Fate::Dead);
    }
}
