//! What is known of a key, in one form for all vendors, with the vendor's own record kept beside it.

use std::fmt;

use crate::{Secret, Timestamp, Unreadable, Vendor};

/// A key's id, as text. Sinjapp's are numbers, Reten's and Dolfin's UUIDs, B3OS's begin with `ak_`.
///
/// ```
/// use keyway::keys::KeyId;
///
/// assert_eq!(KeyId::from(7).as_str(), "7");
/// assert_eq!(KeyId::from("ak_abc").to_string(), "ak_abc");
/// assert_eq!(KeyId::from("ak\n").to_string(), "ak\\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(String);

impl KeyId {
    /// The id as the vendor writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for KeyId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<String> for KeyId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<i64> for KeyId {
    fn from(id: i64) -> Self {
        Self(id.to_string())
    }
}

/// On one line, whatever a vendor puts into an id: a control character is written as its escape.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_str();
        while let Some(at) = rest.find(char::is_control) {
            let (before, from) = rest.split_at(at);
            let width = from.chars().next().map_or(0, char::len_utf8);
            let (control, after) = from.split_at(width);
            write!(f, "{before}{}", control.escape_default())?;
            rest = after;
        }
        f.write_str(rest)
    }
}

/// Whether a key is good.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// Neither revoked nor, by this machine's clock, past its end.
    Active,
    /// The vendor says that it was revoked.
    Revoked,
    /// Past its end by this machine's clock, and not known to be revoked.
    Expired,
    /// The vendor's record does not say.
    Unknown,
}

/// A key as a vendor describes it, without its secret. What the vendor does not say is `None`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct KeyRecord {
    /// The id, by which the key is revoked. Every vendor tells it, but Dolfin and B3OS do not promise to.
    pub id: Option<KeyId>,
    /// What people call the key.
    pub name: Option<String>,
    /// What the key is for. B3OS only.
    pub description: Option<String>,
    /// The part of the key that may be shown.
    pub prefix: Option<String>,
    /// What it may do; `None` where the vendor's keys have no scopes or the record does not say.
    pub scopes: Option<Vec<String>>,
    /// Whose key it is: Reten's tenant, Dolfin's Client, B3OS's organization. Sinjapp's tenant is the host.
    pub tenant: Option<String>,
    /// When it was made. Sinjapp does not say.
    pub created_at: Option<Timestamp>,
    /// When it ends; `None` if it does not, or the vendor does not say.
    pub expires_at: Option<Timestamp>,
    /// When it was last used; `None` if never, or the vendor does not say.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked; `None` if it was not, or the vendor does not say.
    pub revoked_at: Option<Timestamp>,
    /// Whether it is good.
    pub state: KeyState,
    pub(super) vendor: VendorRecord,
}

impl KeyRecord {
    /// The vendor's own record, with everything in it.
    pub fn vendor(&self) -> &VendorRecord {
        &self.vendor
    }

    /// A record that says only where its data is; the vendors' conversions fill in the rest.
    pub(super) fn of(vendor: VendorRecord) -> Self {
        Self {
            id: None,
            name: None,
            description: None,
            prefix: None,
            scopes: None,
            tenant: None,
            created_at: None,
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
            state: KeyState::Unknown,
            vendor,
        }
    }

    /// The state, where the vendor says whether a key was revoked.
    pub(super) fn with_state(self, state: KeyState) -> Self {
        let is_over = self.expires_at.as_ref().is_some_and(has_passed);
        let state = match state {
            KeyState::Revoked => KeyState::Revoked,
            _ if is_over => KeyState::Expired,
            other => other,
        };
        Self { state, ..self }
    }
}

/// A time, if the vendor tells one: an empty text, the year 1, `false` and 0 are how some write that there is none.
pub(super) fn told(time: &Option<Timestamp>) -> Option<Timestamp> {
    let is_told = |time: &&Timestamp| {
        let text = time.as_str();
        !matches!(text, "" | "false" | "0" | "{}" | "[]") && !text.starts_with("0001-01-01")
    };
    time.as_ref().filter(is_told).cloned()
}

fn has_passed(time: &Timestamp) -> bool {
    time.instant()
        .is_some_and(|instant| instant <= jiff::Timestamp::now())
}

/// A vendor's own record of a key. It holds no secret: where the create answer has one, it is taken out.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum VendorRecord {
    /// Sinjapp's.
    #[cfg(feature = "sinjapp")]
    Sinjapp(Box<crate::sinjapp::types::ApiKey>),
    /// Reten's.
    #[cfg(feature = "reten")]
    Reten(Box<crate::reten::types::ApiKey>),
    /// Dolfin's, which is its create answer: there is no other. Its `raw_key` is emptied.
    #[cfg(feature = "dolfin")]
    Dolfin(Box<crate::dolfin::types::CreateApiKeyResponse>),
    /// B3OS's.
    #[cfg(feature = "b3os")]
    B3os(Box<crate::b3os::types::ApiKey>),
    /// The answer that made the key is not as this vendor documents; see [`IssuedKey::flaw`].
    Unreadable(Vendor),
}

impl VendorRecord {
    /// Whose it is.
    pub fn vendor(&self) -> Vendor {
        match *self {
            #[cfg(feature = "sinjapp")]
            Self::Sinjapp(_) => Vendor::Sinjapp,
            #[cfg(feature = "reten")]
            Self::Reten(_) => Vendor::Reten,
            #[cfg(feature = "dolfin")]
            Self::Dolfin(_) => Vendor::Dolfin,
            #[cfg(feature = "b3os")]
            Self::B3os(_) => Vendor::B3os,
            Self::Unreadable(vendor) => vendor,
        }
    }
}

/// A key that was just made: what is known of it, and its secret, which no vendor tells again.
///
/// Its `Debug` holds no secret, and the secret is overwritten in memory when it is dropped.
#[derive(Clone, Debug)]
pub struct IssuedKey {
    record: KeyRecord,
    secret: Secret,
    flaw: Option<Box<Unreadable>>,
}

impl IssuedKey {
    pub(super) fn new(record: KeyRecord, secret: Secret) -> Self {
        Self {
            record,
            secret,
            flaw: None,
        }
    }

    /// A key from an answer that is not what the vendor documents.
    pub(super) fn flawed(record: KeyRecord, secret: Secret, flaw: Unreadable) -> Self {
        Self {
            record,
            secret,
            flaw: Some(Box::new(flaw)),
        }
    }

    /// What is wrong with the vendor's answer, if it is not as documented. A key is shown once, so such an answer is read as
    /// far as it goes: the secret is there, and of the record what could be made out; [`KeyRecord::vendor`] is then
    /// [`VendorRecord::Unreadable`].
    pub fn flaw(&self) -> Option<&Unreadable> {
        self.flaw.as_deref()
    }

    /// The id, by which the key is revoked; see [`KeyRecord::id`].
    pub fn id(&self) -> Option<&KeyId> {
        self.record.id.as_ref()
    }

    /// What the vendor says of the key.
    pub fn record(&self) -> &KeyRecord {
        &self.record
    }

    /// The key itself. Store it; it is not told again.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The key itself, without the rest.
    pub fn into_secret(self) -> Secret {
        self.secret
    }
}

/// A key in plaintext, to be tried out: a [`Secret`], an [`IssuedKey`], or a [`TenantKey`] where a vendor has to be told
/// whose key it is.
pub trait PlaintextKey: Send + Sync {
    /// The plaintext.
    fn secret(&self) -> &Secret;

    /// Whose key it is, as in [`KeyRecord::tenant`].
    fn tenant(&self) -> Option<&str> {
        None
    }
}

impl PlaintextKey for Secret {
    fn secret(&self) -> &Secret {
        self
    }
}

impl PlaintextKey for IssuedKey {
    fn secret(&self) -> &Secret {
        &self.secret
    }

    fn tenant(&self) -> Option<&str> {
        self.record.tenant.as_deref()
    }
}

/// A key with the tenant that it belongs to. Dolfin needs it: the read by which a key is tried out names the Client.
#[derive(Clone, Debug)]
pub struct TenantKey {
    secret: Secret,
    tenant: String,
}

impl TenantKey {
    /// `secret`, which is a key of `tenant`.
    pub fn new(secret: impl Into<Secret>, tenant: impl Into<String>) -> Self {
        Self {
            secret: secret.into(),
            tenant: tenant.into(),
        }
    }
}

impl PlaintextKey for TenantKey {
    fn secret(&self) -> &Secret {
        &self.secret
    }

    fn tenant(&self) -> Option<&str> {
        Some(&self.tenant)
    }
}

/// What came of trying a key out.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// The vendor let it read.
    Works,
    /// The vendor does not take it (401): it is unknown, revoked or expired.
    Refused,
    /// The key is genuine and may not do this read (403).
    Forbidden,
}

impl Verification {
    /// Whether the vendor knows the key, whatever it may do.
    pub fn is_genuine(self) -> bool {
        matches!(self, Self::Works | Self::Forbidden)
    }
}

/// What came of revoking a key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It is revoked now, by this call as far as the vendor tells.
    Revoked,
    /// It was revoked before. Reten tells, and B3OS where it answers a second revocation with 404; Sinjapp and Dolfin do
    /// not say what they answer then.
    AlreadyRevoked,
}
