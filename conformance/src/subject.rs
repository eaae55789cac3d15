//! What the judge can do to a vendor: build its requests and read its answers. Judging is not done here.

use jiff::Timestamp;
use keyway_openapi::Operation;
use serde::Deserialize;
use serde_json::Value;

use crate::credential::{Credential, Scheme};
use crate::wire::Request;

/// Who sends a request, and where it is sent.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) base_url: String,
    pub(crate) tenant: Option<String>,
    /// None: the request carries no credential.
    pub(crate) credential: Option<Credential>,
}

/// When a new key is to end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Expiry {
    At(Timestamp),
    Days(i64),
}

/// In what measure a vendor takes an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifetime {
    Instant,
    Days,
}

/// A key to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewKey {
    pub(crate) name: String,
    pub(crate) grants: Vec<String>,
    pub(crate) expiry: Option<Expiry>,
}

/// A way in which a create request is wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    MissingName,
    UnknownGrant,
    NoGrants,
    ExpiryOutOfRange,
    ExpiryPast,
    ExpiryMalformed,
    LongName,
}

/// What an answer says about a key. Whatever it leaves out is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Record {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) grants: Option<Vec<String>>,
    pub(crate) made: Option<String>,
    pub(crate) expires: Option<String>,
    pub(crate) state: State,
    pub(crate) revoked_at: Option<String>,
    pub(crate) last_used: Option<String>,
    /// The tenant and the user that it is said to be of.
    pub(crate) tenant: Option<String>,
    pub(crate) user: Option<String>,
    /// What the answer has a member for and says that it is not set.
    pub(crate) unset: Vec<Aspect>,
}

/// What an answer can say of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Aspect {
    Name,
    Grants,
    Expiry,
}

/// Whether a key is said to be in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    Active,
    Revoked,
    #[default]
    Unsaid,
}

/// What a create answer hands out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issued {
    pub(crate) record: Record,
    /// The plaintext, by the name of each documented member that carries it.
    pub(crate) secrets: Vec<(&'static str, String)>,
    /// The tenant that the answer names.
    pub(crate) tenant: Option<String>,
    /// The user that the answer names as the one who holds the key.
    pub(crate) user: Option<String>,
}

/// A page of a list.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) records: Vec<Record>,
    /// Where the next page begins.
    pub(crate) next: Option<usize>,
    /// Whether the page says that there is another; none where it does not say.
    pub(crate) says_more: Option<bool>,
}

/// A protected read.
#[derive(Clone)]
pub(crate) struct Probe {
    pub(crate) request: Request,
    /// The grant it asks for; none where any key will do.
    pub(crate) grant: Option<&'static str>,
    pub(crate) refusals: Refusals,
}

impl Probe {
    /// Whether both are the same read.
    pub(crate) fn is_at(&self, other: &Probe) -> bool {
        self.request.line() == other.request.line()
    }
}

/// Whether the vendor's words on refused keys are about this very operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusals {
    Documented,
    Inferred,
}

/// What a vendor's pages leave open about how a create is to be sent. The first that the target accepts is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    AsOnTheCreatePage,
    /// With the names of grants in capitals.
    UpperCase,
    /// With the tenant in a header of its own.
    WithTenant,
}

/// When a key ends for which no end was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultEnd {
    Never,
    Days(i64),
}

/// How a caller may name another tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tenancy {
    /// By the host.
    Host,
    /// By a header.
    Header,
    /// Not at all: the credential says it.
    Credential,
}

/// One vendor's requests and answers.
pub(crate) trait Subject: Send + Sync {
    /// Puts the caller's credential and tenant onto a request.
    fn sign(&self, request: Request, caller: &Caller) -> Request;

    /// In which header a credential travels that says nothing of it.
    fn usual_scheme(&self) -> Scheme;

    /// The request that makes a key.
    fn create(&self, key: &NewKey) -> Request;

    /// Requests that must not make a key at this time, each with a word on what is wrong. Empty where the flaw does not exist.
    fn flawed(&self, flaw: Flaw, key: &NewKey, now: Timestamp) -> Vec<(&'static str, Request)>;

    /// Creates that leave out, or set to null, what the document leaves to the caller.
    fn least(&self, key: &NewKey) -> Vec<(&'static str, Request)>;

    /// Reads a create answer.
    fn issued(&self, body: &Value) -> Issued;

    fn revoke(&self, id: &str) -> Request;

    /// An id that cannot be one.
    fn malformed_id(&self) -> &'static str;

    /// A page of the list from an offset on; none where there is no list.
    fn list(&self, from: usize) -> Option<Request>;

    /// Reads the page that was asked for from an offset on.
    fn listed(&self, body: &Value, from: usize) -> Option<Page>;

    fn get(&self, id: &str) -> Option<Request>;

    fn got(&self, body: &Value) -> Option<Record>;

    /// Reads that a key can prove itself on, in the order of preference. `minted` is the tenant that the key was made in.
    fn probes(&self, minted: Option<&str>, tenant: Option<&str>) -> Vec<Probe>;

    /// Everything that a key can be granted, without the management of keys if that is a grant of its own. The first
    /// that the target accepts is used.
    fn wide(&self) -> Vec<Vec<String>>;

    /// Grants that do not open the management of keys; none where keys have no grants.
    fn without_management(&self) -> Option<Vec<String>>;

    /// Grants of the vendor's for which no read of [`probes`](Self::probes) asks.
    fn other_grants(&self) -> &'static [&'static str] {
        &[]
    }

    /// Grants that open the management of keys, and a read besides.
    fn with_management(&self) -> Vec<String> {
        self.wide().into_iter().next().unwrap_or_default()
    }

    /// What every key begins with, where that is documented.
    fn mark(&self) -> Option<&'static str> {
        None
    }

    /// Whether the list of keys asks for the management of keys too.
    fn lists_for_managers_only(&self) -> bool {
        false
    }

    /// The grant that an operation asks for, by the vendor's document.
    fn grant_for<'c>(&self, operation: &'c Operation) -> Option<&'c str> {
        let mut ways = operation.security().iter();
        let (_, scopes) = ways.next()?.schemes().next()?;
        scopes.first().map(String::as_str)
    }

    /// The members of the vendor's errors that say what is wrong; each error has one of them at least.
    fn error_words(&self) -> &'static [&'static str];

    /// The list in pages of so many, from an offset on; none where there are no pages.
    fn page(&self, _size: i64, _from: usize) -> Option<Request> {
        None
    }

    /// The first page of the list for whoever names no length, and how long it then is; none where that is not documented.
    fn default_page(&self) -> Option<(Request, usize)> {
        None
    }

    /// The end of a key for which none was asked, where it is documented.
    fn default_end(&self) -> Option<DefaultEnd> {
        None
    }

    /// The longest life that is documented.
    fn longest(&self) -> Option<Expiry> {
        None
    }

    /// The greatest documented length of a name.
    fn longest_name(&self) -> Option<usize> {
        None
    }

    /// A read on which keys are taken and users' tokens are not.
    fn keys_only(&self) -> Option<Request> {
        None
    }

    /// A read that tells a user the tenants of which he is a member.
    fn memberships(&self) -> Option<Request> {
        None
    }

    /// The tenants in the answer to it.
    fn member_of(&self, _body: &Value) -> Option<Vec<String>> {
        None
    }

    /// In what manner a create may have to be sent.
    fn manners(&self) -> &'static [Manner] {
        &[Manner::AsOnTheCreatePage]
    }

    /// Whether whoever has this credential says for which tenant, where there are several.
    fn is_told_the_tenant_of(&self, _credential: &Credential) -> bool {
        true
    }

    fn tenancy(&self) -> Tenancy {
        Tenancy::Credential
    }

    fn lifetime(&self) -> Lifetime {
        Lifetime::Instant
    }
}

/// A member as text: ids are numbers here and strings there.
pub(crate) fn text(value: &Value, member: &str) -> Option<String> {
    match value.get(member)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The aspects whose members are there and empty.
pub(crate) fn unset(value: &Value, members: &[(Aspect, &str)]) -> Vec<Aspect> {
    members
        .iter()
        .filter(|(_, member)| {
            value
                .get(*member)
                .is_some_and(|value| value.is_null() || value.as_str() == Some(""))
        })
        .map(|(aspect, _)| *aspect)
        .collect()
}

/// A member that is a list of strings.
pub(crate) fn texts(value: &Value, member: &str) -> Option<Vec<String>> {
    let items = value.get(member)?.as_array()?;
    items
        .iter()
        .map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// The documented members that carry a plaintext.
pub(crate) fn secrets(value: &Value, members: &[&'static str]) -> Vec<(&'static str, String)> {
    members
        .iter()
        .filter_map(|member| Some((*member, value.get(*member)?.as_str()?.to_owned())))
        .filter(|(_, secret)| !secret.is_empty())
        .collect()
}

/// A segment of a path, with everything but unreserved characters encoded.
pub(crate) fn segment(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}
