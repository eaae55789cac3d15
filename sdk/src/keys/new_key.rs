//! What a new key shall be, in one form for all vendors or in a vendor's own.

use super::{
    ApiKeys,
    capabilities::Description,
    error::{Error, Operation},
    mark,
    stray::Stray,
};
use crate::{InvalidRequest, Timestamp, Vendor};

/// What a new key shall be.
///
/// ```
/// use keyway::keys::{Expiry, NewKey};
///
/// let key = NewKey::named("nightly backup")
///     .scopes(["read"])
///     .expiry(Expiry::In(90))
///     .marked();
/// # let _ = key;
/// ```
///
/// What a vendor cannot express is refused before anything is sent ([`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported),
/// or [`InvalidRequest`](crate::ErrorKind::InvalidRequest) for a limit that is broken); nothing is dropped or rounded.
/// A vendor's own request is passed on exactly as it is:
///
/// ```
/// # #[cfg(feature = "sinjapp")] {
/// use keyway::{keys::NewKey, sinjapp::types::{CreateApiKeyRequest, Scope}};
///
/// let key = NewKey::from(CreateApiKeyRequest {
///     name: "nightly backup".to_owned(),
///     scopes: Some(vec![Scope::UsageRead]),
///     expires_in_days: Some(90),
/// });
/// # let _ = key; }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NewKey {
    pub(super) content: Content,
    mark: Mark,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Common(Common),
    Own(VendorRequest),
    /// A vendor's own request that something was added to afterwards.
    Amended(VendorRequest),
}

/// What every vendor's create request is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Common {
    pub(super) name: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) expiry: Expiry,
    pub(super) description: Option<String>,
}

/// When a new key shall end.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Expiry {
    /// Whatever the vendor does if it is not told: see [`ExpiryRules::omitted`](super::ExpiryRules::omitted).
    #[default]
    VendorDefault,
    /// Never. Only Reten documents how to ask for that.
    Never,
    /// After so many days of 24 hours. Where a vendor takes a time, it is counted from this machine's clock.
    In(u32),
    /// At this time. Sinjapp takes whole days only, so it is not possible there.
    At(Timestamp),
}

#[derive(Clone, Debug, PartialEq)]
enum Mark {
    None,
    Draw,
    Drawn(String),
}

/// A create request in a vendor's own form.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum VendorRequest {
    /// Sinjapp's.
    #[cfg(feature = "sinjapp")]
    Sinjapp(crate::sinjapp::types::CreateApiKeyRequest),
    /// Reten's.
    #[cfg(feature = "reten")]
    Reten(crate::reten::types::CreateApiKeyRequest),
    /// Dolfin's.
    #[cfg(feature = "dolfin")]
    Dolfin(crate::dolfin::types::CreateApiKeyRequest),
    /// B3OS's.
    #[cfg(feature = "b3os")]
    B3os(crate::b3os::types::CreateApiKeyParams),
}

impl NewKey {
    /// A key with a name for people.
    pub fn named(name: impl Into<String>) -> Self {
        Self::common(Common {
            name: Some(name.into()),
            ..Common::default()
        })
    }

    /// A key without a name. Only Dolfin has such.
    pub fn unnamed() -> Self {
        Self::common(Common::default())
    }

    pub(super) fn common(common: Common) -> Self {
        Self {
            content: Content::Common(common),
            mark: Mark::None,
        }
    }

    /// What the key may do: Sinjapp's and B3OS's scopes, Reten's permissions, by the vendor's own words. Without this nothing
    /// is said; what that means is in [`ScopeRules::omitted`](super::ScopeRules::omitted).
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes = scopes.into_iter().map(Into::into).collect();
        self.amend(|common| common.scopes = Some(scopes))
    }

    /// When the key ends.
    #[must_use]
    pub fn expiry(self, expiry: Expiry) -> Self {
        self.amend(|common| common.expiry = expiry)
    }

    /// What the key is for. Only B3OS keeps it.
    #[must_use]
    pub fn description(self, description: impl Into<String>) -> Self {
        let description = description.into();
        self.amend(|common| common.description = Some(description))
    }

    /// Puts a mark, `keyway-` and 16 hexadecimal digits that no other call draws, at the end of the key's description (B3OS)
    /// or name (the others), which has to leave room for a blank and these 23 characters.
    ///
    /// If the answer to the create is lost, [`revoke_strays`](super::ApiKeys::revoke_strays) tells the key by its mark,
    /// however many keys have the same name.
    #[must_use]
    pub fn marked(self) -> Self {
        Self {
            mark: Mark::Draw,
            ..self
        }
    }

    /// The same with its mark drawn, so that it is known before the request is sent.
    pub(super) fn with_mark_drawn(self) -> Self {
        let mark = match self.mark {
            Mark::Draw => Mark::Drawn(mark::draw()),
            other => other,
        };
        Self { mark, ..self }
    }

    fn amend(self, change: impl FnOnce(&mut Common)) -> Self {
        let content = match self.content {
            Content::Common(mut common) => {
                change(&mut common);
                Content::Common(common)
            }
            Content::Own(request) | Content::Amended(request) => Content::Amended(request),
        };
        Self { content, ..self }
    }

    /// What the key would be found by if the future that makes it were dropped.
    pub(super) fn trace<K: ApiKeys + ?Sized>(&self, keys: &K) -> Stray {
        let vendor = keys.vendor();
        let name = match &self.content {
            Content::Common(common) => common.name.as_deref(),
            Content::Own(request) | Content::Amended(request) => request.name(),
        };
        let stray = Stray::now(vendor, keys.base_url());
        match &self.mark {
            Mark::Drawn(mark) if vendor.capabilities().description == Description::None => {
                let name = mark::with_mark(name, mark);
                stray.called(Some(&name)).with_mark(mark.clone())
            }
            Mark::Drawn(mark) => stray.called(name).with_mark(mark.clone()),
            Mark::None | Mark::Draw => stray.called(name),
        }
    }

    /// Turns this into the vendor's own request, and says with which mark.
    pub(super) fn prepare<R: Request>(self) -> Result<(R, Option<String>), Error> {
        let this = self.with_mark_drawn();
        let refused = |refusal| Error::refused(R::VENDOR, Operation::Create, refusal);
        let mut request = match this.content {
            Content::Common(common) => R::of(common).map_err(refused)?,
            Content::Own(request) => match R::own(request) {
                Ok(request) => request,
                Err(other) => return Err(refused(meant_for(other.vendor()))),
            },
            Content::Amended(_) => {
                return Err(refused(Refusal::Invalid(InvalidRequest::new(
                    "",
                    "nothing can be added to a vendor's own request",
                ))));
            }
        };
        let Mark::Drawn(mark) = this.mark else {
            return Ok((request, None));
        };
        request.mark(&mark);
        let length = request.name().map_or(0, |name| name.chars().count());
        if R::VENDOR
            .capabilities()
            .longest_name
            .is_some_and(|longest| length > longest)
        {
            let rule = "must leave room for a blank and the mark, which are 24 characters, or not be marked";
            return Err(refused(InvalidRequest::new("/name", rule).into()));
        }
        Ok((request, Some(mark)))
    }
}

/// A vendor's create request, as far as all of them are alike.
pub(super) trait Request: Sized {
    const VENDOR: Vendor;

    /// The common form in the vendor's own.
    fn of(common: Common) -> Result<Self, Refusal>;

    /// The request, if it is this vendor's.
    fn own(request: VendorRequest) -> Result<Self, VendorRequest>;

    /// Puts the mark where it does least harm.
    fn mark(&mut self, mark: &str);

    /// What people will call the key.
    fn name(&self) -> Option<&str>;
}

/// Why something is not asked of a vendor at all.
#[derive(Debug)]
pub(super) enum Refusal {
    /// A limit is broken.
    Invalid(InvalidRequest),
    /// The vendor has no such thing.
    Unsupported {
        /// What is missing.
        what: &'static str,
        /// What can be done about it.
        instead: &'static str,
        documentation: &'static str,
    },
}

impl From<InvalidRequest> for Refusal {
    fn from(inner: InvalidRequest) -> Self {
        Self::Invalid(inner)
    }
}

fn meant_for(vendor: Vendor) -> Refusal {
    Refusal::Invalid(InvalidRequest::new(
        "",
        format!("the request is one for {vendor}"),
    ))
}

impl Common {
    /// The name, where the vendor demands one.
    pub(super) fn required_name(&mut self) -> Result<String, InvalidRequest> {
        self.name
            .take()
            .ok_or_else(|| InvalidRequest::new("/name", "must be given"))
    }

    /// Refuses what only other vendors have.
    pub(super) fn without_description(&self, vendor: Vendor) -> Result<(), Refusal> {
        match self.description {
            None => Ok(()),
            Some(_) => Err(Refusal::Unsupported {
                what: "keys have no description",
                instead: "say it in the name",
                documentation: documentation_of_create(vendor),
            }),
        }
    }

    /// The end of the key where a vendor takes a time: `None` says nothing about it.
    pub(super) fn end(&self, vendor: Vendor) -> Result<Option<Timestamp>, Refusal> {
        use super::capabilities::Never;
        match &self.expiry {
            Expiry::VendorDefault => Ok(None),
            Expiry::Never => match vendor.capabilities().expiry.never {
                Never::ByOmission => Ok(None),
                Never::Undocumented => Err(Refusal::Unsupported {
                    what: "no page says how a key without an end is asked for",
                    instead: "give an end, or leave it to the vendor with Expiry::VendorDefault",
                    documentation: documentation_of_create(vendor),
                }),
            },
            Expiry::In(0) => Err(InvalidRequest::new("/expiry", "must be at least one day").into()),
            Expiry::In(days) => {
                let span = jiff::SignedDuration::from_hours(24 * i64::from(*days));
                let end = jiff::Timestamp::now()
                    .checked_add(span)
                    .map_err(|_| InvalidRequest::new("/expiry", "must be before the year 10000"))?;
                Ok(Some(end.into()))
            }
            Expiry::At(time) => match time.instant() {
                None => Err(InvalidRequest::new(
                    "/expiry",
                    "must be a date and time with an offset (RFC 3339)",
                )
                .into()),
                Some(end) if end <= jiff::Timestamp::now() => {
                    Err(InvalidRequest::new("/expiry", "must be in the future").into())
                }
                Some(_) => Ok(Some(time.clone())),
            },
        }
    }
}

pub(super) fn documentation_of_create(vendor: Vendor) -> &'static str {
    let capabilities = vendor.capabilities();
    match capabilities.create.endpoint() {
        Some(endpoint) => endpoint.documentation,
        None => capabilities.documentation,
    }
}

impl VendorRequest {
    /// Whose form it is.
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
        }
    }
}

impl VendorRequest {
    fn name(&self) -> Option<&str> {
        match *self {
            #[cfg(feature = "sinjapp")]
            Self::Sinjapp(ref request) => Some(&request.name),
            #[cfg(feature = "reten")]
            Self::Reten(ref request) => Some(&request.name),
            #[cfg(feature = "dolfin")]
            Self::Dolfin(ref request) => request.name.as_deref(),
            #[cfg(feature = "b3os")]
            Self::B3os(ref request) => Some(&request.name),
        }
    }
}

impl From<VendorRequest> for NewKey {
    fn from(request: VendorRequest) -> Self {
        Self {
            content: Content::Own(request),
            mark: Mark::None,
        }
    }
}

macro_rules! from_own_request {
    ($feature:literal, $variant:ident, $request:path) => {
        #[cfg(feature = $feature)]
        impl From<$request> for NewKey {
            fn from(request: $request) -> Self {
                VendorRequest::$variant(request).into()
            }
        }
    };
}

from_own_request!("sinjapp", Sinjapp, crate::sinjapp::types::CreateApiKeyRequest);
from_own_request!("reten", Reten, crate::reten::types::CreateApiKeyRequest);
from_own_request!("dolfin", Dolfin, crate::dolfin::types::CreateApiKeyRequest);
from_own_request!("b3os", B3os, crate::b3os::types::CreateApiKeyParams);
