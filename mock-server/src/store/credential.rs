//! A credential as it is kept: in as little room as it can, for there may be millions of them.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Kind, NewCredential, Seal, Standing};

/// A credential as kept.
#[derive(Debug)]
pub(crate) struct Credential {
    pub(crate) kind: Kind,
    pub(super) seal: Seal,
    words: Words,
    // What many have in common is there once, where the store sees to it.
    pub(crate) tenant: Arc<str>,
    pub(crate) owner: Arc<str>,
    pub(crate) grants: Arc<Vec<String>>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    /// Nothing as long as nothing has happened to it, as to most.
    life: Mutex<Option<Box<Life>>>,
}

/// The part of a credential that changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Life {
    pub(super) revoked_at: Option<Timestamp>,
    pub(super) last_use: Option<Arc<LastUse>>,
}

/// The latest use of a credential.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct LastUse {
    pub(crate) at: Timestamp,
    pub(crate) ip: String,
    pub(crate) user_agent: String,
}

impl Credential {
    /// A new one to which nothing has happened yet.
    pub(super) fn new(new: NewCredential, id: &str) -> Self {
        Self {
            kind: new.kind,
            seal: new.seal,
            words: Words::of(id, &new.name, &new.prefix, &written(&new.details)),
            tenant: new.tenant,
            owner: new.owner,
            grants: Arc::new(new.grants),
            created_at: new.created_at,
            expires_at: new.expires_at,
            life: Mutex::default(),
        }
    }

    /// The same with another id.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(super) fn with_id(self, id: &str) -> Self {
        Self {
            words: Words::of(id, self.name(), self.prefix(), self.words.details()),
            ..self
        }
    }

    /// The same after what has happened to it.
    pub(super) fn living(self, life: Life) -> Self {
        let is_untouched = life.revoked_at.is_none() && life.last_use.is_none();
        Self {
            life: Mutex::new((!is_untouched).then(|| Box::new(life))),
            ..self
        }
    }

    pub(crate) fn id(&self) -> &str {
        self.words.id()
    }

    pub(crate) fn name(&self) -> &str {
        self.words.name()
    }

    /// The printable hint.
    pub(crate) fn prefix(&self) -> &str {
        self.words.prefix()
    }

    /// One of the details, if it is there and of that type; as a `&str` only what JSON writes without escapes, as is the
    /// name.
    pub(crate) fn detail<'c, T: Deserialize<'c>>(&'c self, name: &str) -> Option<T> {
        let details = self.words.details();
        // Most are asked for what they do not have, and reading takes longer than looking.
        if !details.contains(name) {
            return None;
        }
        let member = Member {
            name,
            of: PhantomData,
        };
        let found = serde_json::Deserializer::from_str(details).deserialize_map(member);
        found.ok().flatten()
    }

    /// All details.
    pub(super) fn details(&self) -> Map<String, Value> {
        serde_json::from_str(self.words.details()).unwrap_or_default()
    }

    pub(crate) fn revoked_at(&self) -> Option<Timestamp> {
        self.life.lock().as_ref()?.revoked_at
    }

    pub(crate) fn last_use(&self) -> Option<Arc<LastUse>> {
        self.life.lock().as_ref()?.last_use.clone()
    }

    /// What has happened to it.
    pub(super) fn life(&self) -> Life {
        self.life.lock().as_deref().cloned().unwrap_or_default()
    }

    /// Notes a use.
    pub(super) fn touch(&self, last_use: LastUse) {
        self.life.lock().get_or_insert_default().last_use = Some(Arc::new(last_use));
    }

    /// Revokes it; whether it had not been revoked before.
    pub(super) fn end(&self, at: Timestamp) -> bool {
        let mut life = self.life.lock();
        let life = life.get_or_insert_default();
        let is_new = life.revoked_at.is_none();
        life.revoked_at.get_or_insert(at);
        is_new
    }

    pub(crate) fn holds(&self, grant: &str) -> bool {
        self.grants.iter().any(|held| held == grant)
    }

    /// How the credential stands at `now`. It is dead from the very instant of its expiry on.
    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        match (self.revoked_at(), self.expires_at) {
            (Some(at), _) => Standing::Revoked(at),
            (None, Some(at)) if at <= now => Standing::Expired(at),
            _ => Standing::Active,
        }
    }
}

/// What a credential alone has to say, one after the other in one piece of memory.
#[derive(Debug)]
struct Words {
    /// Id, name, printable hint, and details as JSON, or nothing if there are none.
    text: Box<str>,
    /// Where name, hint and details begin.
    begins: [u32; 3],
}

impl Words {
    fn of(id: &str, name: &str, prefix: &str, details: &str) -> Self {
        let begins = [
            id.len(),
            id.len() + name.len(),
            id.len() + name.len() + prefix.len(),
        ];
        Self {
            text: [id, name, prefix, details].concat().into_boxed_str(),
            // Nothing that gets here is as long as that.
            begins: begins.map(|at| u32::try_from(at).unwrap_or(u32::MAX)),
        }
    }

    fn id(&self) -> &str {
        self.between(0, self.begins[0])
    }

    fn name(&self) -> &str {
        self.between(self.begins[0], self.begins[1])
    }

    fn prefix(&self) -> &str {
        self.between(self.begins[1], self.begins[2])
    }

    fn details(&self) -> &str {
        self.text.get(self.begins[2] as usize..).unwrap_or_default()
    }

    fn between(&self, begin: u32, end: u32) -> &str {
        self.text.get(begin as usize..end as usize).unwrap_or_default()
    }
}

fn written(details: &Map<String, Value>) -> String {
    match details.is_empty() {
        true => String::new(),
        false => serde_json::to_string(details).unwrap_or_default(),
    }
}

/// Reads one member of an object and passes over the others.
struct Member<'n, T> {
    name: &'n str,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Member<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<T>, A::Error> {
        let mut found = None;
        while let Some(is_wanted) = members.next_key_seed(Is(self.name))? {
            if is_wanted {
                found = Some(members.next_value()?);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Whether a text is this one; it need not be copied for that.
struct Is<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(text == self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn credential(details: Value) -> Credential {
        let new = NewCredential {
            id: None,
            kind: Kind::ApiKey,
            seal: Seal::of("a secret"),
            tenant: Arc::from("acme"),
            owner: Arc::from("ada"),
            name: "Größe \"L\"\0".to_owned(),
            prefix: "sk_1234".to_owned(),
            grants: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
            details: match details {
                Value::Object(details) => details,
                _ => Map::new(),
            },
        };
        Credential::new(new, "key-1")
    }

    #[test]
    fn words_come_back_as_they_went_in() {
        let details = json!({ "by": "ada", "why": "a \"test\"\n", "list": ["a", "b"], "none": null });
        let key = credential(details.clone());
        assert_eq!((key.id(), key.prefix()), ("key-1", "sk_1234"));
        assert_eq!(key.name(), "Größe \"L\"\0");
        assert_eq!(Value::from(key.details()), details);
        assert_eq!(key.detail("by"), Some("ada"));
        assert_eq!(key.detail("why"), Some("a \"test\"\n".to_owned()));
        assert_eq!(key.detail("list"), Some(vec!["a", "b"]));
        assert_eq!(key.detail::<&str>("list"), None);
        assert_eq!(key.detail::<&str>("missing"), None);
    }

    #[test]
    fn no_words_take_no_room() {
        let key = credential(json!({}));
        assert_eq!(key.words.details(), "");
        assert_eq!(key.detail::<Value>("by"), None);
        assert_eq!(key.details(), Map::new());
    }

    #[test]
    fn a_credential_takes_no_more_room_than_it_did() {
        // With the two counters of an `Arc` and the word that the allocator adds it fills 192 bytes.
        assert!(size_of::<Credential>() <= 168, "{}", size_of::<Credential>());
    }

    #[test]
    fn a_revocation_takes_effect_once_and_keeps_its_time() {
        let key = credential(json!({}));
        key.touch(LastUse::default());
        assert!(key.end(Timestamp::UNIX_EPOCH));
        assert!(!key.end(Timestamp::MAX));
        assert_eq!(key.revoked_at(), Some(Timestamp::UNIX_EPOCH));
        assert!(key.last_use().is_some());
    }
}
