//! The whole state of a store as plain data: to be written out, and to be put back.
//!
//! It holds digests and no secret, so whoever reads it cannot use a key with it. What callers have put into words of
//! their own (names, descriptions, messages) is written out without the secrets in it, and so comes back without them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::credential::Life;
use super::memory::Shelf;
use super::{Credential, Digest, Kind, LastUse, NewCredential, Outline, Seal};
use crate::redact::Redactor;

/// Numbers beyond this are not exact in JSON.
pub(super) const HIGHEST_NUMBER: u64 = 1 << 53;
/// The most bytes that an id, a tenant or a collection has: not every index takes longer ones, and the mock's are short.
pub(super) const LONGEST_KEY: usize = 500;

/// Documents by collection and tenant.
type Shelves = HashMap<String, HashMap<String, Shelf>>;

/// Everything that a store keeps.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    credentials: Vec<Kept>,
    last_numbers: Vec<(Kind, u64)>,
    documents: Shelves,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    id: String,
    kind: Kind,
    sha256: String,
    outline: Outline,
    tenant: String,
    owner: String,
    name: String,
    prefix: String,
    grants: Vec<String>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    last_use: Option<LastUse>,
    details: Map<String, Value>,
}

impl State {
    pub(super) fn new<'c>(
        credentials: impl Iterator<Item = (&'c Credential, Life)>,
        last_number: &HashMap<Kind, u64>,
        mut documents: Shelves,
        redactor: &Redactor<'_>,
    ) -> Self {
        for shelf in documents.values_mut().flat_map(HashMap::values_mut) {
            shelf.redact(redactor);
        }
        Self {
            credentials: credentials
                .map(|(credential, life)| kept(credential, life, redactor))
                .collect(),
            last_numbers: last_number
                .iter()
                .map(|(kind, number)| (*kind, *number))
                .collect(),
            documents,
        }
    }

    /// Whether it can be lived with; what cannot would lock somebody out, or end in a panic later.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if !self
            .credentials
            .iter()
            .all(|kept| Digest::from_hex(&kept.sha256).is_some())
        {
            return Err("a sha256 is not 64 hexadecimal digits");
        }
        let mut ids = HashSet::new();
        let mut digests = HashSet::new();
        for kept in &self.credentials {
            if kept.id.is_empty() || kept.id.len() > LONGEST_KEY || kept.tenant.len() > LONGEST_KEY {
                return Err("an id is empty, or an id or a tenant is longer than 500 bytes");
            }
            if !ids.insert((kept.kind, &kept.id)) {
                return Err("two credentials of a kind have the same id");
            }
            if !digests.insert(kept.sha256.to_ascii_lowercase()) {
                return Err("two credentials have the same sha256");
            }
        }
        if self
            .last_numbers
            .iter()
            .any(|(_, number)| *number > HIGHEST_NUMBER)
        {
            return Err("a last number is beyond 2^53");
        }
        for (collection, tenants) in &self.documents {
            if collection.len() > LONGEST_KEY || tenants.keys().any(|tenant| tenant.len() > LONGEST_KEY) {
                return Err("a collection or a tenant is longer than 500 bytes");
            }
            if !tenants.values().all(Shelf::is_sound) {
                return Err(
                    "a document is no object, its number is beyond the last one or 2^53, or its id is not its own",
                );
            }
        }
        Ok(())
    }

    /// Credentials, the last numbers of their kinds, and documents. A number that one of the credentials has is not given
    /// again, whatever the state says of the last one.
    pub(super) fn into_parts(self) -> (Vec<Credential>, HashMap<Kind, u64>, Shelves) {
        let mut last_numbers: HashMap<_, _> = self.last_numbers.into_iter().collect();
        for kept in &self.credentials {
            if let Some(number) = number(&kept.id) {
                let last = last_numbers.entry(kept.kind).or_default();
                *last = number.max(*last);
            }
        }
        let credentials = self.credentials.into_iter().filter_map(credential).collect();
        (credentials, last_numbers, self.documents)
    }
}

/// The number that an id is, if it is one that can be given.
fn number(id: &str) -> Option<u64> {
    let number: u64 = id.parse().ok()?;
    (number <= HIGHEST_NUMBER && number.to_string() == id).then_some(number)
}

/// Ids, owners and hints are the mock's own; in everything else a caller may have put a secret.
fn kept(credential: &Credential, life: Life, redactor: &Redactor<'_>) -> Kept {
    let Life { revoked_at, last_use } = life;
    let last_use = last_use.map(|last_use| LastUse {
        user_agent: redactor.plain(&last_use.user_agent),
        ..LastUse::clone(&last_use)
    });
    let details = credential.details().into_iter();
    let details = details.map(|(name, detail)| (name, redactor.words(&detail)));
    Kept {
        id: credential.id().to_owned(),
        kind: credential.kind,
        sha256: credential.seal.digest.to_hex(),
        outline: credential.seal.outline,
        tenant: credential.tenant.to_string(),
        owner: credential.owner.to_string(),
        name: redactor.plain(credential.name()),
        prefix: credential.prefix().to_owned(),
        grants: credential
            .grants
            .iter()
            .map(|grant| redactor.plain(grant))
            .collect(),
        created_at: credential.created_at,
        expires_at: credential.expires_at,
        revoked_at,
        last_use,
        details: details.collect(),
    }
}

fn credential(kept: Kept) -> Option<Credential> {
    let digest = Digest::from_hex(&kept.sha256)?;
    let life = Life {
        revoked_at: kept.revoked_at,
        last_use: kept.last_use.map(Arc::new),
    };
    let new = NewCredential {
        id: None,
        kind: kept.kind,
        seal: Seal {
            digest,
            outline: kept.outline,
        },
        tenant: Arc::from(kept.tenant),
        owner: Arc::from(kept.owner),
        name: kept.name,
        prefix: kept.prefix,
        grants: kept.grants,
        created_at: kept.created_at,
        expires_at: kept.expires_at,
        details: kept.details,
    };
    Some(Credential::new(new, &kept.id).living(life))
}
