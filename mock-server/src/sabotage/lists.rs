//! Lists and single records that hide, invent or give away.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::saboteur::Keys;
use super::{LISTING, Sabotage, Trick, Vendor};
use crate::store::Digest;

pub(super) const ALL: &[Sabotage] = &[
    Sabotage {
        name: "list-empty",
        effect: "a list shows no keys at all",
        vendors: LISTING,
        trick: Trick::List(|items, _, _| items.clear()),
    },
    Sabotage {
        name: "list-misses-newest",
        effect: "a list does not show the newest key",
        vendors: LISTING,
        trick: Trick::List(|items, _, keys| {
            let newest = keys.newest().map(|key| key.credential.id().to_owned());
            items.retain(|item| item["id"].as_str() != newest.as_deref());
        }),
    },
    Sabotage {
        name: "list-ends-early",
        effect: "a list shows twenty keys at most, and says that these are all",
        vendors: LISTING,
        trick: Trick::List(|items, _, _| items.truncate(20)),
    },
    Sabotage {
        name: "list-hides-revoked",
        effect: "a list does not show revoked keys",
        vendors: &[Vendor::Reten],
        trick: Trick::List(|items, _, _| items.retain(|item| item["revokedAt"].as_str().is_none())),
    },
    Sabotage {
        name: "list-shows-revoked-as-active",
        effect: "a revoked key is shown as one that works",
        vendors: LISTING,
        trick: Trick::Record(|record, _, _| {
            if let Some(active) = record.get_mut("isActive") {
                *active = Value::from(true);
            }
            if let Some(at) = record.get_mut("revokedAt") {
                *at = Value::Null;
            }
        }),
    },
    Sabotage {
        name: "list-in-other-order",
        effect: "a list is in the order opposite to the documented one",
        vendors: &[Vendor::Reten],
        trick: Trick::List(|items, _, _| items.reverse()),
    },
    Sabotage {
        name: "list-repeats-keys",
        effect: "a list shows every key twice",
        vendors: LISTING,
        trick: Trick::List(|items, _, _| {
            *items = items
                .iter()
                .flat_map(|item| [item.clone(), item.clone()])
                .collect()
        }),
    },
    Sabotage {
        name: "list-shows-foreign-keys",
        effect: "a list shows the keys of other tenants too",
        vendors: LISTING,
        trick: Trick::List(|items, _, keys| {
            let shown: Vec<_> = items.iter().map(|item| item["id"].clone()).collect();
            let missing = keys.0.iter().map(|key| &key.record);
            items.extend(missing.filter(|record| !shown.contains(&record["id"])).cloned());
        }),
    },
    Sabotage {
        name: "secret-in-list",
        effect: "a list shows the secrets",
        vendors: LISTING,
        trick: Trick::List(|items, _, keys| {
            items
                .iter_mut()
                .for_each(|item| show(item, keys, "key", |key| key.to_owned()))
        }),
    },
    Sabotage {
        name: "secret-as-hint-in-list",
        effect: "a list shows whole secrets where the hint belongs",
        vendors: LISTING,
        trick: Trick::List(|items, _, keys| {
            items
                .iter_mut()
                .for_each(|item| show(item, keys, "keyPrefix", |key| key.to_owned()));
        }),
    },
    Sabotage {
        name: "digest-in-list",
        effect: "a list shows the SHA-256 of every secret",
        vendors: LISTING,
        trick: Trick::List(|items, _, keys| {
            items
                .iter_mut()
                .for_each(|item| show(item, keys, "keyHash", |key| Digest::of(key).to_hex()));
        }),
    },
    Sabotage {
        name: "secret-in-get",
        effect: "a single record shows the secret",
        vendors: &[Vendor::B3os],
        trick: Trick::Record(|record, exchange, keys| {
            if exchange.gets() {
                show(record, keys, "key", |key| key.to_owned());
            }
        }),
    },
    Sabotage {
        name: "get-disagrees-with-list",
        effect: "a single record shows another name than the list",
        vendors: &[Vendor::B3os],
        trick: Trick::Record(|record, exchange, _| {
            if exchange.gets() {
                record["name"] = json!("another name");
            }
        }),
    },
    Sabotage {
        name: "name-wrong-in-list",
        effect: "a list shows other names than the keys were given",
        vendors: LISTING,
        trick: Trick::List(|items, _, _| items.iter_mut().for_each(|item| item["name"] = json!("key"))),
    },
    Sabotage {
        name: "grants-wrong-in-list",
        effect: "a list shows fewer rights than a key has",
        vendors: LISTING,
        trick: Trick::List(|items, exchange, _| {
            for item in items {
                item[exchange.shape.grants.unwrap_or("grants")] = if exchange.vendor == Vendor::B3os {
                    json!("read")
                } else {
                    json!([])
                };
            }
        }),
    },
    Sabotage {
        name: "last-use-never-shown",
        effect: "a key that was used shows no last use",
        vendors: &[Vendor::Reten],
        trick: Trick::List(|items, _, _| {
            items.iter_mut().for_each(|item| item["lastUsedAt"] = Value::Null);
        }),
    },
    Sabotage {
        name: "last-use-before-first-use",
        effect: "a key that was never used shows a last use",
        vendors: &[Vendor::Reten],
        trick: Trick::List(|items, _, _| {
            for item in items {
                item["lastUsedAt"] = item["createdAt"].clone();
            }
        }),
    },
    Sabotage {
        name: "reading-extends-expiry",
        effect: "a list shows every key as ending a day after it was read",
        vendors: LISTING,
        trick: Trick::List(|items, _, _| {
            let tomorrow = Timestamp::now() + SignedDuration::from_hours(24);
            for item in items {
                item["expiresAt"] = json!(tomorrow.to_string());
            }
        }),
    },
    Sabotage {
        name: "revocation-time-moves",
        effect: "a revoked key shows the time of reading as that of its revocation",
        vendors: LISTING,
        trick: Trick::List(|items, _, _| {
            let now = Timestamp::now().to_string();
            let revoked = items.iter_mut().filter(|item| item["revokedAt"].is_string());
            revoked.for_each(|item| item["revokedAt"] = json!(now));
        }),
    },
    Sabotage {
        name: "times-without-zone",
        effect: "times are shown without their zone",
        vendors: LISTING,
        trick: Trick::Record(|record, _, _| {
            for time in record
                .as_object_mut()
                .into_iter()
                .flat_map(|record| record.values_mut())
            {
                if let Value::String(text) = time
                    && text.len() > 19
                    && text.as_bytes().get(10) == Some(&b'T')
                {
                    text.truncate(19);
                }
            }
        }),
    },
];

/// Shows something about the secret in a record.
fn show(record: &mut Value, keys: &Keys, member: &str, form: fn(&str) -> String) {
    let id = record["id"].as_str().unwrap_or_default();
    if let Some(key) = keys.of_id(id) {
        record[member] = Value::from(form(&key.secret));
    }
}
