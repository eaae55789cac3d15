//! Credentials as the document's security schemes place them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, COOKIE};
use keyway_openapi::{Location, Operation, SecurityScheme, Vendor};

use crate::call::Call;
use crate::dialect::Presented;
use crate::refusal::{Refusal, Unauthenticated};
use crate::store::{Credential, Kind};

/// The grant that opens everything.
pub(super) const EVERYTHING: &str = "*";

/// The credential of the first alternative of which everything was sent. Where an alternative asks for several, the
/// first of them says who the caller is, and the others only have to be there.
pub(super) fn presented<'c>(vendor: Vendor, call: &'c Call<'_>) -> Result<Option<Presented<'c>>, Refusal> {
    let mut refused = None;
    for alternative in call.operation.security() {
        let sent: Result<Option<Vec<&str>>, Unauthenticated> = alternative
            .schemes()
            .filter_map(|(name, _)| vendor.contract().security_scheme(name))
            // No certificate is asked for on any connection here.
            .filter(|scheme| !matches!(scheme, SecurityScheme::MutualTls))
            .map(|scheme| sent(call, scheme))
            .collect();
        match sent {
            Ok(Some(secrets)) => {
                if let Some(secret) = secrets.first() {
                    let kinds = &[Kind::ApiKey];
                    return Ok(Some(Presented { secret, kinds }));
                }
            }
            Ok(None) => {}
            Err(why) => refused = refused.or(Some(Refusal::Unauthenticated(why))),
        }
    }
    refused.map_or(Ok(None), Err)
}

fn sent<'c>(call: &'c Call<'_>, scheme: &SecurityScheme) -> Result<Option<&'c str>, Unauthenticated> {
    match scheme {
        SecurityScheme::ApiKey {
            location: Location::Header,
            name,
        } => call.secret_header(name),
        SecurityScheme::ApiKey {
            location: Location::Query,
            name,
        } => {
            let query = call.request.uri().query().unwrap_or_default();
            only(query.split('&').filter_map(|pair| pair.split_once('=')), name)
        }
        SecurityScheme::ApiKey {
            location: Location::Cookie,
            name,
        } => {
            let cookies = call.header(COOKIE.as_str()).unwrap_or_default();
            let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
            only(pairs, name)
        }
        SecurityScheme::Http { scheme } => authorization(call, scheme),
        _ => authorization(call, "bearer"),
    }
}

/// The one value of a name.
fn only<'c>(
    pairs: impl Iterator<Item = (&'c str, &'c str)>,
    name: &str,
) -> Result<Option<&'c str>, Unauthenticated> {
    let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(_), Some(_)) => Err(Unauthenticated::Ambiguous),
        (Some(""), None) => Err(Unauthenticated::Malformed),
        (value, None) => Ok(value),
        (None, Some(_)) => Ok(None),
    }
}

/// What follows the scheme in `Authorization`; another scheme is no credential here.
fn authorization<'c>(call: &'c Call<'_>, scheme: &str) -> Result<Option<&'c str>, Unauthenticated> {
    let mut values = call.request.headers().get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(Unauthenticated::Ambiguous),
        (Some(value), None) => {
            let text = value.to_str().map_err(|_| Unauthenticated::Malformed)?;
            let (named, secret) = text.split_once(' ').ok_or(Unauthenticated::Malformed)?;
            Ok(named.eq_ignore_ascii_case(scheme).then_some(secret))
        }
    }
}

/// Whether a credential's grants are those that one of the operation's alternatives names.
pub(super) fn may_call(operation: &Operation, credential: &Credential) -> bool {
    let mut alternatives = operation.security().iter();
    operation.security().is_empty()
        || credential.holds(EVERYTHING)
        || alternatives.any(|alternative| {
            let mut scopes = alternative.schemes().flat_map(|(_, scopes)| scopes);
            scopes.all(|scope| credential.holds(scope))
        })
}

/// How the vendor's callers say who they are, as far as the first scheme tells that an operation asks for.
pub(super) enum Form {
    /// An API key in a place of its own.
    Key,
    /// A token in `Authorization`.
    Token,
    /// A user and a password.
    Basic,
}

impl Form {
    pub(super) fn of(vendor: Vendor) -> Self {
        let contract = vendor.contract();
        let mut schemes = contract
            .operations()
            .iter()
            .flat_map(Operation::security)
            .flat_map(|alternative| alternative.schemes())
            .filter_map(|(name, _)| contract.security_scheme(name));
        match schemes.next() {
            None | Some(SecurityScheme::ApiKey { .. }) => Self::Key,
            Some(SecurityScheme::Http { scheme }) if scheme.eq_ignore_ascii_case("basic") => Self::Basic,
            Some(_) => Self::Token,
        }
    }

    /// The scheme by which the mock's ways in write a credential.
    pub(super) fn scheme(&self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Basic => "basic",
            Self::Token => "bearer",
        }
    }
}

/// A user and a password as RFC 7617 sends them.
pub(super) fn basic(user: &str, password: &str) -> String {
    BASE64_STANDARD.encode(format!("{user}:{password}"))
}
