//! Credentials: which kinds an operation takes, and how each of them travels.

use serde_json::{Map, Value};

use super::{Pass, names, text};
use crate::document::pointer;
use crate::model::{Credential, CredentialForm, Scheme};

const SCHEMES: &str = "/components/securitySchemes";

/// What every client's `Credentials` has beside the schemes of its document.
const CREDENTIALS_OWN: [&str; 3] = ["anonymous", "sign", "of"];

impl<'a> Pass<'a> {
    /// The kinds of credentials that are taken, whichever combination of them is asked for; none if it is public.
    pub(super) fn security(&mut self, operation: &'a Value, at: &str) -> Vec<Scheme> {
        let (requirements, at) = match operation.get("security") {
            Some(own) => (Some(own), at),
            None => (self.document.get("security"), ""),
        };
        let at = pointer(at, "security");
        let mut kinds = vec![];
        for requirement in requirements
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
        {
            self.require(requirement, &at, &mut kinds);
        }
        kinds.sort();
        kinds.dedup();
        kinds
    }

    fn require(&mut self, requirement: &'a Map<String, Value>, at: &str, kinds: &mut Vec<Scheme>) {
        for key in requirement.keys() {
            if !self.credentials.contains_key(key) {
                let credential = self.credential(key, at);
                self.credentials.insert(key.clone(), credential);
            }
            if let Some(credential) = &mut self.credentials[key] {
                credential.beside |= requirement.len() > 1;
                kinds.push(credential.form.scheme());
            }
        }
    }

    fn credential(&mut self, key: &str, at: &str) -> Option<Credential> {
        let here = pointer(SCHEMES, key);
        let Some(value) = self.document.pointer(&here) else {
            self.refuse_without(
                at,
                at,
                format!("`{key}` is no security scheme"),
                "define it in the overlay, or take it out",
            );
            return None;
        };
        let found = self.resolve(value, &here)?;
        let form = self.credential_form(found.value, &found.pointer)?;
        Some(Credential {
            key: key.to_owned(),
            name: self.credential_name(key),
            docs: text(found.value.get("description")).trim().to_owned(),
            form,
            beside: false,
        })
    }

    fn credential_name(&self, key: &str) -> String {
        let taken: Vec<String> = self
            .credentials
            .values()
            .flatten()
            .flat_map(|other| constructors(&other.name))
            .collect();
        names::free(&names::snake(key), "", |name| {
            CREDENTIALS_OWN.contains(&name) || constructors(name).iter().any(|made| taken.contains(made))
        })
    }

    fn credential_form(&mut self, scheme: &Value, at: &str) -> Option<CredentialForm> {
        let name = text(scheme.get("name"));
        let form = match (text(scheme.get("type")), text(scheme.get("in"))) {
            ("apiKey", "header") => CredentialForm::Header(name.to_ascii_lowercase()),
            ("apiKey", "query") => CredentialForm::Query(name.to_owned()),
            ("apiKey", "cookie") => CredentialForm::Cookie(name.to_owned()),
            ("http", _) => return self.http_form(text(scheme.get("scheme")), at),
            ("oauth2" | "openIdConnect", _) => {
                return Some(CredentialForm::Authorization("Bearer".to_owned()));
            }
            // Who calls is told by the connection, which is the application's HTTP client's.
            ("mutualTLS", _) => {
                self.lose(
                    at,
                    "mutual-tls",
                    "that a certificate is asked for: bring an HTTP client that has one",
                );
                return None;
            }
            (kind, place) => {
                let reason = format!("credentials of type `{}`", format!("{kind} {place}").trim());
                self.refuse(
                    at,
                    reason,
                    "correct the scheme in the overlay, or take it out of `security`",
                );
                return None;
            }
        };
        let is_usable = match &form {
            CredentialForm::Header(name) | CredentialForm::Cookie(name) => is_token(name),
            _ => !name.is_empty(),
        };
        if !is_usable {
            self.refuse(
                &pointer(at, "name"),
                format!("`{name}` cannot be the name of a header, a cookie or a member of the query"),
                "correct it in the overlay",
            );
        }
        is_usable.then_some(form)
    }

    fn http_form(&mut self, scheme: &str, at: &str) -> Option<CredentialForm> {
        match scheme.to_ascii_lowercase().as_str() {
            "basic" => Some(CredentialForm::Basic),
            "bearer" => Some(CredentialForm::Authorization("Bearer".to_owned())),
            // These answer a challenge of the server's.
            "digest" | "hoba" | "mutual" | "negotiate" | "ntlm" | "scram-sha-1" | "scram-sha-256"
            | "vapid" => {
                self.refuse(
                    at,
                    format!("credentials of the scheme `{scheme}`, which answers a challenge"),
                    "take the scheme out of `security` in the overlay; \
                     an HTTP client of your own can see to it",
                );
                None
            }
            _ if is_token(scheme) => Some(CredentialForm::Authorization(scheme.to_owned())),
            _ => {
                self.refuse(
                    &pointer(at, "scheme"),
                    format!("`{scheme}` is no scheme of `Authorization`"),
                    "correct it in the overlay",
                );
                None
            }
        }
    }
}

/// What a scheme of this name gives `Credentials`: from a secret, from a provider, and beside another.
fn constructors(name: &str) -> [String; 3] {
    let from = format!("{}_from", name.trim_end_matches('_'));
    [name.to_owned(), from, format!("and_{name}")]
}

/// Whether a text may be the name of a header or a cookie (RFC 9110, 5.6.2).
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
