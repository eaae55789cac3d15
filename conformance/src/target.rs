//! What is judged: a vendor's server somewhere, or the mock inside this process.

use std::fmt;
use std::sync::Arc;

use keyway_mock::{Clock, MockServer, StartError};
use keyway_openapi::Vendor;

use crate::credential::Credential;
use crate::resolver::is_loopback;

/// One vendor's server and the credentials for it. Clones of an embedded target share its server.
#[derive(Clone)]
pub struct Target {
    pub(crate) vendor: Vendor,
    pub(crate) base_url: String,
    pub(crate) tenant: Option<String>,
    pub(crate) other_tenant: Option<String>,
    pub(crate) other_base_url: Option<String>,
    pub(crate) admin: Credential,
    pub(crate) limited: Option<Credential>,
    pub(crate) other: Option<Credential>,
    pub(crate) stage: Stage,
}

/// Where the target runs.
#[derive(Clone)]
pub(crate) enum Stage {
    /// Elsewhere: its time passes as ours does.
    Live,
    /// In this process: its clock can be turned.
    Embedded(Arc<MockServer>),
    /// In this process, in the place of a live one: treated as that would be.
    StandIn(Arc<MockServer>),
}

/// Whether plain HTTP may leave this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only to a loopback address.
    LoopbackOnly,
    /// Anywhere. Keys can be read on the way.
    Allowed,
}

/// Why a target could not be configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Without a credential that may create keys nothing can be judged.
    #[error("no credential for {vendor}: set {generic} or {named} to key:VALUE or bearer:VALUE")]
    NoCredential {
        /// The vendor.
        vendor: Vendor,
        /// The variable for any vendor.
        generic: &'static str,
        /// The variable for this vendor.
        named: String,
    },
    /// A credential with a line break, another control character or letters beyond ASCII in it.
    #[error("{0} holds a line break or another character that no header can carry")]
    Unsendable(String),
    /// Not an absolute `http` or `https` URL.
    #[error("{0} is not an absolute http or https URL without query and credentials")]
    BaseUrl(&'static str),
    /// Plain HTTP to another machine.
    #[error(
        "{0} is plain http to another machine, where keys can be read on the way; --allow-plain-http permits it"
    )]
    PlainHttp(&'static str),
}

impl Target {
    /// A server at a base URL, with the credentials that the environment holds.
    ///
    /// `lookup` reads a variable; a variable with the vendor's name in it wins over the general one.
    ///
    /// # Errors
    ///
    /// If there is no credential, or a URL that must not be used.
    pub fn from_environment(
        vendor: Vendor,
        base_url: &str,
        plain_http: PlainHttp,
        lookup: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let read = |suffix: &str| {
            [named(vendor, suffix), format!("KEYWAY_{suffix}")]
                .iter()
                .filter_map(|name| lookup(name))
                .map(|value| value.trim().to_owned())
                .find(|value| !value.is_empty())
        };
        let credential = |suffix: &str| {
            let Some(text) = read(suffix) else {
                return Ok(None);
            };
            let is_sendable = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
            if is_sendable {
                Ok(Credential::parse(vendor, &text))
            } else {
                Err(ConfigError::Unsendable(format!("KEYWAY_{suffix}")))
            }
        };
        let other_base_url = read("OTHER_BASE_URL")
            .map(|url| admissible("KEYWAY_OTHER_BASE_URL", &url, plain_http))
            .transpose()?;
        Ok(Self {
            vendor,
            base_url: admissible("--base-url", base_url, plain_http)?,
            tenant: read("TENANT"),
            other_tenant: read("OTHER_TENANT"),
            other_base_url,
            admin: credential("CREDENTIAL")?.ok_or_else(|| ConfigError::NoCredential {
                vendor,
                generic: "KEYWAY_CREDENTIAL",
                named: named(vendor, "CREDENTIAL"),
            })?,
            limited: credential("LIMITED_CREDENTIAL")?,
            other: credential("OTHER_CREDENTIAL")?,
            stage: Stage::Live,
        })
    }

    /// The mock of a vendor, started in this process on a port of its own. It stops when the last clone is dropped.
    ///
    /// # Errors
    ///
    /// If no loopback port can be had.
    pub async fn embedded(vendor: Vendor) -> Result<Self, StartError> {
        let server = MockServer::builder().vendor(vendor).journal(0).start().await?;
        Ok(Self::of_mock(vendor, server))
    }

    /// A mock that was started otherwise. Its clock is turned by the cases of expiry, so it should play this vendor only.
    ///
    /// # Panics
    ///
    /// If the mock does not play the vendor.
    pub fn of_mock(vendor: Vendor, server: MockServer) -> Self {
        let access = server.access(vendor);
        let credential = |text: &str| Credential::parse(vendor, text);
        Self {
            vendor,
            base_url: access.base_url.clone(),
            tenant: Some(access.tenant.clone()),
            other_tenant: Some(access.other_tenant.clone()),
            other_base_url: Some(access.other_base_url.clone()),
            // The mock hands out no empty credential; an empty one would be refused like any other bad one.
            admin: credential(&access.credentials.admin).unwrap_or_else(|| Credential::key("")),
            limited: credential(&access.credentials.limited),
            other: credential(&access.credentials.other),
            stage: Stage::Embedded(Arc::new(server)),
        }
    }

    /// The same target behind another address, as when something stands in front of it.
    #[must_use]
    pub fn behind(self, base_url: &str) -> Self {
        let base_url = base_url.trim_end_matches('/').to_owned();
        // Where a tenant is not a host, the other tenant is found at the same address.
        let other_base_url = self.other_base_url.map(|other| {
            if other == self.base_url {
                base_url.clone()
            } else {
                other
            }
        });
        Self {
            base_url,
            other_base_url,
            ..self
        }
    }

    /// The root of the server.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The clock of an embedded target.
    pub(crate) fn clock(&self) -> Option<&Clock> {
        match &self.stage {
            Stage::Live | Stage::StandIn(_) => None,
            Stage::Embedded(server) => Some(server.clock()),
        }
    }

    /// Whether somebody may have to pay for what is asked: time, a quota, a key that is left behind.
    pub(crate) fn is_at_stake(&self) -> bool {
        matches!(self.stage, Stage::Live | Stage::StandIn(_))
    }

    /// A mock in the place of the target, with the credentials that the target has.
    pub(crate) async fn rehearsed(&self) -> Result<Self, StartError> {
        let server = MockServer::builder().vendor(self.vendor).start().await?;
        let whole = Self::of_mock(self.vendor, server);
        let stage = match (&self.stage, whole.stage) {
            (Stage::Live, Stage::Embedded(server)) => Stage::StandIn(server),
            (_, stage) => stage,
        };
        Ok(Self {
            tenant: whole.tenant.filter(|_| self.tenant.is_some()),
            other_tenant: whole.other_tenant.filter(|_| self.other_tenant.is_some()),
            other_base_url: whole.other_base_url.filter(|_| self.other_base_url.is_some()),
            limited: whole.limited.filter(|_| self.limited.is_some()),
            other: whole.other.filter(|_| self.other.is_some()),
            stage,
            ..whole
        })
    }

    /// What the mock was asked, if it is one.
    pub(crate) fn asked(&self) -> Vec<keyway_mock::Entry> {
        match &self.stage {
            Stage::Live => Vec::new(),
            Stage::Embedded(server) | Stage::StandIn(server) => server.journal().entries().to_vec(),
        }
    }

    /// The mock of an embedded target.
    pub(crate) fn mock(&self) -> Option<&MockServer> {
        match &self.stage {
            Stage::Live | Stage::StandIn(_) => None,
            Stage::Embedded(server) => Some(server),
        }
    }

    /// Another mock with the state of an embedded target, as if its process had ended and begun anew.
    pub(crate) async fn restarted(&self) -> Option<Self> {
        let server = self.mock()?;
        // Through its text, as it would be kept on a disk.
        let kept = serde_json::to_string(&server.snapshot().await.ok()?).ok()?;
        let builder = MockServer::builder()
            .vendor(self.vendor)
            .journal(0)
            .clock(server.clock().clone());
        let builder = match server.sabotage() {
            Some(sabotage) => builder.sabotaged(sabotage),
            None => builder,
        };
        let again = builder.start().await.ok()?;
        again.restore(serde_json::from_str(&kept).ok()?).await.ok()?;
        Some(Self::of_mock(self.vendor, again))
    }

    /// The vendor that is judged.
    pub fn vendor(&self) -> Vendor {
        self.vendor
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("vendor", &self.vendor)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// The vendor's own name for a variable.
pub(crate) fn named(vendor: Vendor, suffix: &str) -> String {
    format!("KEYWAY_{}_{suffix}", vendor.name().to_ascii_uppercase())
}

fn admissible(what: &'static str, url: &str, plain_http: PlainHttp) -> Result<String, ConfigError> {
    let parsed = url::Url::parse(url).map_err(|_| ConfigError::BaseUrl(what))?;
    let bare = parsed.username().is_empty()
        && parsed.password().is_none()
        && parsed.query().is_none()
        && parsed.fragment().is_none();
    if !bare || parsed.host().is_none() {
        return Err(ConfigError::BaseUrl(what));
    }
    let local = is_loopback(&parsed);
    match parsed.scheme() {
        "https" => {}
        "http" if local || plain_http == PlainHttp::Allowed => {}
        "http" => return Err(ConfigError::PlainHttp(what)),
        _ => return Err(ConfigError::BaseUrl(what)),
    }
    Ok(url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str, plain_http: PlainHttp, variables: &[(&str, &str)]) -> Result<Target, ConfigError> {
        let lookup = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Target::from_environment(Vendor::Reten, url, plain_http, &lookup)
    }

    #[test]
    fn the_vendors_own_variable_wins_and_an_empty_one_is_none() {
        let variables = [
            ("KEYWAY_CREDENTIAL", "bearer:general"),
            ("KEYWAY_RETEN_CREDENTIAL", "bearer:own"),
            ("KEYWAY_RETEN_TENANT", ""),
            ("KEYWAY_TENANT", "t-1"),
            ("KEYWAY_LIMITED_CREDENTIAL", " "),
        ];
        let target = target("http://127.0.0.1:9001/", PlainHttp::LoopbackOnly, &variables).unwrap();
        assert_eq!(target.admin.expose(), "own");
        assert_eq!(target.tenant.as_deref(), Some("t-1"));
        assert!(target.limited.is_none());
        assert_eq!(target.base_url, "http://127.0.0.1:9001");
        assert!(!format!("{target:?}").contains("own"));
    }

    #[test]
    fn a_missing_credential_is_named_by_its_variables() {
        let error = target("http://localhost:1", PlainHttp::LoopbackOnly, &[]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("KEYWAY_CREDENTIAL") && text.contains("KEYWAY_RETEN_CREDENTIAL"),
            "{text}"
        );
    }

    #[test]
    fn plain_http_stays_on_this_machine_unless_allowed() {
        let variables = [("KEYWAY_CREDENTIAL", "x-y-z")];
        for url in [
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "http://acme.localhost:1",
            "https://api.reten.ai",
        ] {
            assert!(target(url, PlainHttp::LoopbackOnly, &variables).is_ok(), "{url}");
        }
        let refused = target("http://api.reten.ai", PlainHttp::LoopbackOnly, &variables).unwrap_err();
        assert_eq!(refused, ConfigError::PlainHttp("--base-url"));
        assert!(target("http://api.reten.ai", PlainHttp::Allowed, &variables).is_ok());
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        let variables = [("KEYWAY_CREDENTIAL", "x-y-z")];
        for url in ["api.reten.ai", "ftp://x", "https://a:b@x", "https://x?y=1", ""] {
            let error = target(url, PlainHttp::Allowed, &variables).unwrap_err();
            assert_eq!(error, ConfigError::BaseUrl("--base-url"), "{url}");
        }
    }
}
