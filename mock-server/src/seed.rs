//! Users and keys of a test's own, made directly: past the vendor's operations, their limits and their clock.
//!
//! An order is drawn up whole before anything is kept, so of several either all are made or none.

mod builders;

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;
use keyway_openapi::Vendor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::assumptions::Assumptions;
use crate::entropy::Entropy;
use crate::misread::{self, Misread};
use crate::store::{
    self, AnyStore, Collection, Credential, Kind, NewCredential, Newcomer, Seal, Store, Unavailable,
};

pub use builders::{PrincipalBuilder, SeedKeyBuilder};

/// How many entries one document may have.
pub(crate) const MOST: usize = 1_000;

/// Users and keys to be made, all or none: read from JSON, or from anything else that serde reads.
///
/// ```
/// use keyway_mock::{MockServer, Seeds};
///
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let seeds = Seeds::from_json(br#"{
///     "principals": [{"vendor": "reten", "username": "ada", "grants": ["VIEW_ACTIVITIES"]}],
///     "keys": [{"vendor": "reten", "owner": "ada", "grants": ["VIEW_ACTIVITIES"]}]
/// }"#)?;
/// let server = MockServer::start().await;
/// let issued = server.seed(&seeds).await?;
/// assert!(issued.keys()[0].credential().starts_with("key:"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seeds {
    /// Users; at Sinjapp and B3OS, whose documents sign nobody in, keys.
    #[serde(default)]
    pub(crate) principals: Vec<NewPrincipal>,
    /// Keys, of the ready-made administrators unless they are given another owner.
    #[serde(default)]
    pub(crate) keys: Vec<NewKey>,
}

/// A user to be made, with a credential.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPrincipal {
    /// `sinjapp`, `reten`, `dolfin` or `b3os`.
    #[schemars(with = "String", extend("enum" = Vendor::ALL.map(Vendor::name)))]
    pub(crate) vendor: Vendor,
    /// Where the user belongs. `both` is for users of Reten and Dolfin.
    #[serde(default)]
    pub(crate) tenant: Tenancy,
    /// Reten: what the user signs in as, besides the email address. Made up if not given.
    pub(crate) username: Option<String>,
    /// Reten and Dolfin. Made up if not given.
    pub(crate) email: Option<String>,
    /// Reten: at least eight characters; without one the user cannot sign in. Only its digest is kept.
    pub(crate) password: Option<String>,
    /// Dolfin: `Owner`, `Admin` or `Member`.
    pub(crate) role: Option<String>,
    /// Permissions at Reten, scopes at Sinjapp, the one scope at B3OS.
    #[serde(default)]
    pub(crate) grants: Vec<String>,
    /// When the credential ends (RFC 3339), the past included; never if not given.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub(crate) expires_at: Option<Timestamp>,
}

/// A key to be made.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// `sinjapp`, `reten`, `dolfin` or `b3os`.
    #[schemars(with = "String", extend("enum" = Vendor::ALL.map(Vendor::name)))]
    pub(crate) vendor: Vendor,
    /// The tenant it is for: `own` or `other`.
    #[serde(default)]
    pub(crate) tenant: Tenancy,
    /// What it is called.
    pub(crate) name: Option<String>,
    /// Whose it is. Reten: a user's name, email address or id, of the same document too; B3OS: a user's id, or a
    /// service account's name or id. The ready-made administrator if not given; at Sinjapp and Dolfin keys are the tenant's.
    pub(crate) owner: Option<String>,
    /// Permissions at Reten, scopes at Sinjapp, the one scope at B3OS.
    #[serde(default)]
    pub(crate) grants: Vec<String>,
    /// When it ends (RFC 3339), the past included; never if not given.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub(crate) expires_at: Option<Timestamp>,
}

/// Which of the two ready-made tenants.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tenancy {
    /// The one that `admin` and `limited` belong to.
    #[default]
    Own,
    /// The one that `other` belongs to.
    Other,
    /// Both of them.
    Both,
}

impl Tenancy {
    /// One of two, for what cannot be in both.
    pub(crate) fn one_of<T>(self, vendor: Vendor, own: T, other: T) -> Result<T, SeedError> {
        match self {
            Self::Own => Ok(own),
            Self::Other => Ok(other),
            Self::Both => Err(SeedError::Value {
                vendor,
                member: "tenant",
                valid: "own, other".to_owned(),
            }),
        }
    }

    /// Those of two that are meant.
    pub(crate) fn each_of<T>(self, own: T, other: T) -> Vec<T> {
        match self {
            Self::Own => vec![own],
            Self::Other => vec![other],
            Self::Both => vec![own, other],
        }
    }
}

/// Why a user or a key cannot be made. It repeats nothing that was given, for that may be a secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The vendor has no such thing.
    #[error("{vendor} knows no {member} here; what it takes is {valid}")]
    Unknown {
        /// Whose.
        vendor: Vendor,
        /// What was given.
        member: &'static str,
        /// What can be given.
        valid: String,
    },
    /// A value is none of those that there are.
    #[error("{vendor} takes another {member}: {valid}")]
    Value {
        /// Whose.
        vendor: Vendor,
        /// What was given.
        member: &'static str,
        /// The valid values.
        valid: String,
    },
    /// Somebody else has it.
    #[error("{vendor} has somebody with this {member} already; give another or none")]
    Taken {
        /// Whose.
        vendor: Vendor,
        /// What was given.
        member: &'static str,
    },
    /// There is no room for more users.
    #[error("{vendor} has as many users as the mock keeps; reset the world")]
    Full {
        /// Whose.
        vendor: Vendor,
    },
    /// The server was built for another vendor only.
    #[error("this server does not play {vendor}; `GET /_keyway/access` names those that it plays")]
    NotPlayed {
        /// Whose.
        vendor: Vendor,
    },
    /// The document is too long.
    #[error("a document may have {MOST} entries; send several")]
    TooMany,
    /// The store does not answer. Nothing was made, unless only the answer was lost.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Why nothing of a document was made, and where in it the problem is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{place}: {problem}")]
#[non_exhaustive]
pub struct Misplaced {
    /// The entry: `principals[2]`.
    pub place: String,
    /// What is wrong with it.
    pub problem: SeedError,
}

impl NewPrincipal {
    pub(crate) fn new(vendor: Vendor) -> Self {
        Self {
            vendor,
            tenant: Tenancy::default(),
            username: None,
            email: None,
            password: None,
            role: None,
            grants: Vec::new(),
            expires_at: None,
        }
    }

    /// Refuses what the vendor knows nothing of.
    pub(crate) fn check_members(&self, known: &[&'static str]) -> Result<(), SeedError> {
        let given = [
            ("username", self.username.is_some()),
            ("email", self.email.is_some()),
            ("password", self.password.is_some()),
            ("role", self.role.is_some()),
            ("grants", !self.grants.is_empty()),
        ];
        match given
            .iter()
            .find(|(name, is_given)| *is_given && !known.contains(name))
        {
            Some((member, _)) => Err(SeedError::Unknown {
                vendor: self.vendor,
                member,
                valid: format!("{}, tenant, expires_at", known.join(", ")),
            }),
            None => Ok(()),
        }
    }

    /// The email address, or else one made up of `name`.
    pub(crate) fn email_or(&self, name: &str) -> Result<String, SeedError> {
        let Some(email) = &self.email else {
            return Ok(format!("{name}@seeded.example"));
        };
        let is_plain = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._+".contains(&byte))
        };
        match email.split_once('@') {
            Some((local, domain)) if is_plain(local) && is_plain(domain) && email.len() <= 254 => {
                Ok(email.clone())
            }
            _ => Err(SeedError::Value {
                vendor: self.vendor,
                member: "email",
                valid: "name@example.com, in at most 254 characters".to_owned(),
            }),
        }
    }
}

// A password is nobody's business.
impl fmt::Debug for NewPrincipal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPrincipal")
            .field("vendor", &self.vendor)
            .field("tenant", &self.tenant)
            .field("username", &self.username)
            .field("role", &self.role)
            .field("grants", &self.grants)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl NewKey {
    pub(crate) fn new(vendor: Vendor) -> Self {
        Self {
            vendor,
            tenant: Tenancy::default(),
            name: None,
            owner: None,
            grants: Vec::new(),
            expires_at: None,
        }
    }

    /// Refuses an owner, where keys are the tenant's.
    pub(crate) fn check_unowned(&self, known: &str) -> Result<(), SeedError> {
        match self.owner {
            Some(_) => Err(SeedError::Unknown {
                vendor: self.vendor,
                member: "owner",
                valid: known.to_owned(),
            }),
            None => Ok(()),
        }
    }
}

/// The grants without repetition, each of them one of those that there are.
pub(crate) fn known_grants(
    vendor: Vendor,
    asked: &[String],
    known: &[&str],
) -> Result<Vec<String>, SeedError> {
    let mut grants: Vec<String> = Vec::new();
    for grant in asked {
        if !known.contains(&grant.as_str()) {
            return Err(SeedError::Value {
                vendor,
                member: "grants",
                valid: known.join(", "),
            });
        }
        if !grants.contains(grant) {
            grants.push(grant.clone());
        }
    }
    Ok(grants)
}

/// What a vendor's dialect draws up an order with.
pub(crate) struct Desk<'a> {
    pub(crate) store: &'a AnyStore,
    pub(crate) entropy: &'a Entropy,
    pub(crate) assumptions: &'a Assumptions,
    pub(crate) now: Timestamp,
    /// The users that have been drawn up before, of the same vendor: they may own keys, and are in no store yet.
    pub(crate) drawn_up: &'a [Value],
}

impl Desk<'_> {
    /// When a credential came into being: now, or when it ended, if that was before.
    pub(crate) fn begin(&self, order: Order<'_>) -> Timestamp {
        order.expires_at().map_or(self.now, |at| at.min(self.now))
    }

    /// A credential without what only the vendor knows.
    pub(crate) fn credential(
        &self,
        order: Order<'_>,
        kind: Kind,
        secret: &str,
        tenant: &str,
        owner: &str,
    ) -> Result<NewCredential, SeedError> {
        Ok(NewCredential {
            id: None,
            kind,
            seal: Seal::of(secret),
            tenant: tenant.into(),
            owner: owner.into(),
            name: order.name()?,
            prefix: String::new(),
            grants: Vec::new(),
            created_at: self.begin(order),
            expires_at: order.expires_at(),
            details: Map::new(),
        })
    }
}

/// One thing to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order<'s> {
    Principal(&'s NewPrincipal),
    Key(&'s NewKey),
}

impl Order<'_> {
    pub(crate) fn vendor(&self) -> Vendor {
        match self {
            Self::Principal(principal) => principal.vendor,
            Self::Key(key) => key.vendor,
        }
    }

    pub(crate) fn tenant(&self) -> Tenancy {
        match self {
            Self::Principal(principal) => principal.tenant,
            Self::Key(key) => key.tenant,
        }
    }

    pub(crate) fn grants(&self) -> &[String] {
        match self {
            Self::Principal(principal) => &principal.grants,
            Self::Key(key) => &key.grants,
        }
    }

    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::Principal(principal) => principal.expires_at,
            Self::Key(key) => key.expires_at,
        }
    }

    /// What a key is called.
    pub(crate) fn name(&self) -> Result<String, SeedError> {
        let name = match self {
            Self::Key(NewKey { name: Some(name), .. }) => name,
            _ => "seeded for a test",
        };
        if name.chars().count() <= 255 && !name.chars().any(char::is_control) {
            return Ok(name.to_owned());
        }
        Err(SeedError::Value {
            vendor: self.vendor(),
            member: "name",
            valid: "at most 255 characters, none of them a control character".to_owned(),
        })
    }
}

impl Seeds {
    /// Reads a document as `POST /_keyway/seed` takes it.
    ///
    /// # Errors
    /// If it is not such a document; the message names the place and the cure, and repeats nothing of it.
    pub fn from_json(text: &[u8]) -> Result<Self, Misread> {
        misread::json(text, "`keyway-mock config-schema` shows the form, under seeds")
    }

    /// These, and then those.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.principals.extend(others.principals);
        self.keys.extend(others.keys);
        self
    }

    /// Whether there is nothing to be made.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.principals.is_empty() && self.keys.is_empty()
    }

    /// The first entry for a vendor that is not played.
    pub(crate) fn not_played(&self, is_played: impl Fn(Vendor) -> bool) -> Result<(), Misplaced> {
        for (place, order) in self.orders() {
            let vendor = order.vendor();
            if !is_played(vendor) {
                let problem = SeedError::NotPlayed { vendor };
                return Err(Misplaced { place, problem });
            }
        }
        Ok(())
    }

    /// Every order with its place in the document.
    pub(crate) fn orders(&self) -> impl Iterator<Item = (String, Order<'_>)> {
        let principals = self.principals.iter().enumerate();
        let principals = principals.map(|(at, one)| (format!("principals[{at}]"), Order::Principal(one)));
        let keys = self.keys.iter().enumerate();
        principals.chain(keys.map(|(at, one)| (format!("keys[{at}]"), Order::Key(one))))
    }
}

/// A principal or key that has been drawn up and is in no store yet.
pub(crate) struct Enrolment {
    pub(crate) credential: NewCredential,
    /// How the credential is sent: `bearer` or `key`.
    pub(crate) scheme: &'static str,
    pub(crate) secret: String,
    pub(crate) user: Option<NewUser>,
    /// The tenant in the vendor's own notation; the first of several.
    pub(crate) tenant: &'static str,
}

/// A user that has been drawn up.
pub(crate) struct NewUser {
    pub(crate) into: Collection<'static>,
    pub(crate) id: String,
    pub(crate) username: Option<String>,
    pub(crate) email: String,
    pub(crate) body: Value,
}

impl NewUser {
    fn named_by(&self) -> impl Iterator<Item = &'static str> {
        self.names().map(|(member, _)| member)
    }

    /// What the user is called, each name once, and which member says so.
    fn names(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let username = self.username.as_deref();
        let email = Some(&*self.email).filter(|email| Some(*email) != username);
        let username = username.map(|name| ("username", name));
        username.into_iter().chain(email.map(|name| ("email", name)))
    }
}

impl Enrolment {
    /// What is to be kept, and what is told to whoever asked for it when it is.
    pub(crate) fn parted(self, vendor: Vendor) -> (Newcomer, Announcement) {
        let announcement = Announcement {
            vendor,
            user: self
                .user
                .as_ref()
                .map(|user| (user.id.clone(), user.username.clone(), user.email.clone())),
            named_by: self.user.iter().flat_map(NewUser::named_by).collect(),
            tenant: self.tenant,
            credential: format!("{}:{}", self.scheme, self.secret),
        };
        let newcomer = Newcomer {
            user: self.user.map(|user| store::NewUser {
                names: user.names().map(|(_, name)| name.to_owned()).collect(),
                into: user.into,
                id: user.id,
                body: user.body.into(),
            }),
            credential: self.credential,
        };
        (newcomer, announcement)
    }
}

/// What is told of somebody who is not kept yet.
pub(crate) struct Announcement {
    vendor: Vendor,
    /// Id, username and email address.
    user: Option<(String, Option<String>, String)>,
    /// The members that hold the user's names.
    named_by: Vec<&'static str>,
    tenant: &'static str,
    credential: String,
}

impl Announcement {
    /// Why the user is not kept, if one of the names, counted from 0, was given to somebody else meanwhile.
    pub(crate) fn taken(&self, name: usize) -> SeedError {
        SeedError::Taken {
            vendor: self.vendor,
            member: self.named_by.get(name).copied().unwrap_or("name"),
        }
    }

    /// The principal whose credential is kept by now.
    pub(crate) fn of(self, credential: &Credential) -> IssuedPrincipal {
        let (id, username, email) = match self.user {
            Some((id, username, email)) => (id, username, Some(email)),
            None => (credential.id().to_owned(), None, None),
        };
        IssuedPrincipal {
            vendor: self.vendor,
            id,
            tenant: self.tenant,
            username,
            email,
            credential: self.credential,
        }
    }
}

/// Who has been drawn up so far, so that no two are called the same.
#[derive(Debug, Default)]
pub(crate) struct Register {
    names: HashSet<(Vendor, String)>,
    users: HashMap<Vendor, usize>,
}

impl Register {
    /// Takes a user down unless there is no room for it.
    pub(crate) async fn take_down(
        &mut self,
        vendor: Vendor,
        user: &NewUser,
        store: &AnyStore,
    ) -> Result<(), SeedError> {
        let drawn = self.users.entry(vendor).or_default();
        *drawn += 1;
        if store.count(user.into).await? + *drawn > user.into.keep {
            return Err(SeedError::Full { vendor });
        }
        for (member, name) in user.names() {
            if !self.names.insert((vendor, name.to_owned())) {
                return Err(SeedError::Taken { vendor, member });
            }
        }
        Ok(())
    }
}

/// What was made of a document: the only place where the credentials are shown.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct IssuedSeeds {
    /// In the order of the document.
    pub(crate) principals: Vec<IssuedPrincipal>,
    /// In the order of the document.
    pub(crate) keys: Vec<IssuedPrincipal>,
}

impl IssuedSeeds {
    /// The users that were made, in the order of the document.
    #[must_use]
    pub fn principals(&self) -> &[IssuedPrincipal] {
        &self.principals
    }

    /// The keys that were made, in the order of the document.
    #[must_use]
    pub fn keys(&self) -> &[IssuedPrincipal] {
        &self.keys
    }
}

/// A principal that was made, with its credential. `Debug` leaves the credential out.
#[derive(Clone, JsonSchema, Serialize)]
pub struct IssuedPrincipal {
    #[schemars(with = "String", extend("enum" = Vendor::ALL.map(Vendor::name)))]
    vendor: Vendor,
    /// The user's id; the key's, where a principal is a key.
    id: String,
    /// In the vendor's own notation; the first of several.
    tenant: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// `key:VALUE` or `bearer:VALUE`.
    credential: String,
}

impl IssuedPrincipal {
    /// Whose it is.
    #[must_use]
    pub fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// The user's id; the key's, where a principal is a key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The credential as [`Access`](crate::Access) writes them: `key:VALUE` or `bearer:VALUE`.
    #[must_use]
    pub fn credential(&self) -> &str {
        &self.credential
    }

    /// The credential without the word that says how it is sent.
    #[must_use]
    pub fn secret(&self) -> &str {
        self.credential
            .split_once(':')
            .map_or(&self.credential, |(_, secret)| secret)
    }

    /// The tenant in the vendor's own notation; the first of several.
    #[must_use]
    pub fn tenant(&self) -> &str {
        self.tenant
    }

    /// What the user signs in as, where users sign in.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    /// The user's email address, where there are users.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }
}

impl fmt::Debug for IssuedPrincipal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedPrincipal")
            .field("vendor", &self.vendor)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Memory, Worth};
    use futures::executor::block_on;
    use serde_json::json;

    fn user(email: &str) -> NewUser {
        NewUser {
            into: Collection {
                name: "users",
                tenant: "",
                keep: 2,
                worth: Worth::Record,
            },
            id: email.to_owned(),
            username: None,
            email: email.to_owned(),
            body: json!({}),
        }
    }

    #[test]
    fn nobody_is_pushed_out_by_those_who_are_made() {
        let store = AnyStore::Memory(Memory::default());
        let ready = user("ready@example.com");
        block_on(store.append(ready.into, Some(ready.id), ready.body.into())).expect("memory answers");
        let mut register = Register::default();
        let mut take_down = |email: &str| block_on(register.take_down(Vendor::Dolfin, &user(email), &store));
        assert_eq!(take_down("first@example.com"), Ok(()));
        let vendor = Vendor::Dolfin;
        assert_eq!(take_down("second@example.com"), Err(SeedError::Full { vendor }));
    }

    #[test]
    fn a_user_may_be_called_by_the_email_address_and_two_vendors_have_names_of_their_own() {
        let store = AnyStore::Memory(Memory::default());
        let mut register = Register::default();
        let same = NewUser {
            username: Some("ada@example.com".to_owned()),
            ..user("ada@example.com")
        };
        assert_eq!(block_on(register.take_down(Vendor::Reten, &same, &store)), Ok(()));
        assert_eq!(
            block_on(register.take_down(Vendor::Dolfin, &same, &store)),
            Ok(())
        );
        let (vendor, member) = (Vendor::Reten, "email");
        let again = block_on(register.take_down(vendor, &user("ada@example.com"), &store));
        assert_eq!(again, Err(SeedError::Taken { vendor, member }));
    }
}
