//! Reten: keys with permissions, managed by a user token within a tenant.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::credential::{Credential, Scheme};
use crate::subject::{
    Aspect, Caller, DefaultEnd, Expiry, Flaw, Issued, Manner, NewKey, Page, Probe, Record, Refusals, State,
    Subject, Tenancy, secrets, segment, text, texts, unset,
};
use crate::wire::Request;

const KEYS: &str = "/api/api-keys";

pub(crate) struct Reten;

impl Subject for Reten {
    fn sign(&self, request: Request, caller: &Caller) -> Request {
        let request = request.header("accept", "application/json");
        let request = match &caller.tenant {
            // Reten getting-started page: the header goes with a user token. A key names its tenant by itself, so for a
            // key the suite sends it only to see that it changes nothing.
            Some(tenant) => request.header("x-tenant-id", tenant),
            None => request,
        };
        match &caller.credential {
            None => request,
            Some(credential) => match credential.scheme {
                Scheme::Key => request.header("x-api-key", credential.expose()),
                Scheme::Bearer => request.header("authorization", format!("Bearer {}", credential.expose())),
            },
        }
    }

    fn is_told_the_tenant_of(&self, credential: &Credential) -> bool {
        credential.scheme == Scheme::Bearer
    }

    fn usual_scheme(&self) -> Scheme {
        Scheme::Bearer
    }

    fn create(&self, key: &NewKey) -> Request {
        Request::new("POST", KEYS).json(body(key))
    }

    fn flawed(&self, flaw: Flaw, key: &NewKey, _now: Timestamp) -> Vec<(&'static str, Request)> {
        let with = |member: &str, value: Value| {
            let mut body = body(key);
            body[member] = value;
            Request::new("POST", KEYS).json(body)
        };
        match flaw {
            Flaw::MissingName => {
                let mut body = body(key);
                body.as_object_mut().map(|members| members.remove("name"));
                vec![
                    ("without a name", Request::new("POST", KEYS).json(body)),
                    ("with a name that is null", with("name", Value::Null)),
                    ("with a number for a name", with("name", json!(20_26))),
                ]
            }
            Flaw::UnknownGrant => {
                // In the capitals that the target may want, or it could refuse those alone.
                let capitals = |grant: &String| *grant == grant.to_ascii_uppercase();
                let unknown = if key.grants.iter().all(capitals) {
                    "KEYWAY_UNKNOWN"
                } else {
                    "keyway_unknown"
                };
                let known = key.grants.first().map_or(unknown, String::as_str);
                vec![
                    (
                        "with an unknown permission",
                        with("permissions", json!([unknown])),
                    ),
                    (
                        "with an unknown permission beside a known one",
                        with("permissions", json!([known, unknown])),
                    ),
                    ("with a star for a permission", with("permissions", json!(["*"]))),
                ]
            }
            Flaw::NoGrants => {
                let mut body = body(key);
                body.as_object_mut().map(|members| members.remove("permissions"));
                vec![
                    (
                        "with an empty list of permissions",
                        with("permissions", json!([])),
                    ),
                    ("without permissions", Request::new("POST", KEYS).json(body)),
                    ("with permissions that are null", with("permissions", Value::Null)),
                    (
                        "with permissions that are no list",
                        with("permissions", json!(key.grants.join(" "))),
                    ),
                ]
            }
            Flaw::ExpiryPast => {
                vec![(
                    "with an expiry in the past",
                    with("expiresAt", json!("2020-01-01T00:00:00.000Z")),
                )]
            }
            Flaw::ExpiryMalformed => {
                vec![(
                    "with an expiry that is no time",
                    with("expiresAt", json!("next tuesday")),
                )]
            }
            Flaw::LongName => vec![(
                "with a name of 256 characters",
                Request::new("POST", KEYS).json(body(key)),
            )],
            Flaw::ExpiryOutOfRange => Vec::new(),
        }
    }

    fn least(&self, key: &NewKey) -> Vec<(&'static str, Request)> {
        let body = json!({ "name": key.name, "permissions": key.grants });
        vec![(
            "create with a name and permissions alone",
            Request::new("POST", KEYS).json(body),
        )]
    }

    fn issued(&self, body: &Value) -> Issued {
        // Two pages of Reten disagree on the name of the plaintext; both are accepted.
        Issued {
            record: record(body),
            secrets: secrets(body, &["plaintextKey", "key"]),
            tenant: text(body, "tenantId"),
            user: text(body, "userId"),
        }
    }

    fn revoke(&self, id: &str) -> Request {
        Request::new("POST", format!("{KEYS}/{}/revoke", segment(id)))
    }

    fn malformed_id(&self) -> &'static str {
        "not-a-uuid"
    }

    fn list(&self, _from: usize) -> Option<Request> {
        Some(Request::new("GET", KEYS))
    }

    fn listed(&self, body: &Value, _from: usize) -> Option<Page> {
        let records = body.as_array()?.iter().map(record).collect();
        Some(Page {
            records,
            ..Page::default()
        })
    }

    fn get(&self, _id: &str) -> Option<Request> {
        None
    }

    fn got(&self, _body: &Value) -> Option<Record> {
        None
    }

    fn probes(&self, _minted: Option<&str>, _tenant: Option<&str>) -> Vec<Probe> {
        let read = |path: &str, grant, refusals| Probe {
            request: Request::new("GET", path),
            grant: Some(grant),
            refusals,
        };
        vec![
            // Reten integration/errors page: the answers to bad keys are written for /api/integration.
            read(
                "/api/integration/task-result-type-configs",
                "view_activities",
                Refusals::Documented,
            ),
            read("/api/activities", "view_activities", Refusals::Inferred),
            read("/api/commerces", "manage_commerces", Refusals::Inferred),
        ]
    }

    fn mark(&self) -> Option<&'static str> {
        Some("rtn_sk_")
    }

    /// Reten api-keys/list page: the permission `MANAGE_API_KEYS`, as for the other two operations.
    fn lists_for_managers_only(&self) -> bool {
        true
    }

    fn error_words(&self) -> &'static [&'static str] {
        &["message"]
    }

    fn wide(&self) -> Vec<Vec<String>> {
        vec![
            vec!["manage_commerces".to_owned(), "view_activities".to_owned()],
            vec!["view_activities".to_owned()],
        ]
    }

    fn other_grants(&self) -> &'static [&'static str] {
        &["manage_api_keys", "sync_commerces"]
    }

    fn without_management(&self) -> Option<Vec<String>> {
        Some(vec!["view_activities".to_owned()])
    }

    fn with_management(&self) -> Vec<String> {
        vec!["manage_api_keys".to_owned(), "view_activities".to_owned()]
    }

    fn default_end(&self) -> Option<DefaultEnd> {
        // Reten api-keys/list page: null stands for no expiration.
        Some(DefaultEnd::Never)
    }

    fn longest_name(&self) -> Option<usize> {
        Some(255)
    }

    fn keys_only(&self) -> Option<Request> {
        // Reten integration/authentication page: below this path only keys are taken.
        Some(Request::new("GET", "/api/integration/task-result-type-configs"))
    }

    fn memberships(&self) -> Option<Request> {
        Some(Request::new("GET", "/api/auth/me"))
    }

    fn member_of(&self, body: &Value) -> Option<Vec<String>> {
        texts(body, "tenantIds")
    }

    fn tenancy(&self) -> Tenancy {
        Tenancy::Header
    }

    fn manners(&self) -> &'static [Manner] {
        &[Manner::AsOnTheCreatePage, Manner::UpperCase]
    }
}

fn body(key: &NewKey) -> Value {
    let mut body = json!({ "name": key.name, "permissions": key.grants });
    if let Some(Expiry::At(instant)) = key.expiry {
        body["expiresAt"] = json!(format!("{instant:.3}"));
    }
    body
}

fn record(item: &Value) -> Record {
    let revoked_at = item.get("revokedAt").is_some_and(|value| !value.is_null());
    Record {
        id: text(item, "id"),
        name: text(item, "name"),
        hint: text(item, "keyPrefix"),
        grants: texts(item, "permissions"),
        made: text(item, "createdAt"),
        expires: text(item, "expiresAt"),
        state: match item.get("isActive").and_then(Value::as_bool) {
            Some(false) => State::Revoked,
            // An item that says both is not in force; which of the two is wrong is not for the reader to say.
            Some(true) if !revoked_at => State::Active,
            _ => State::Unsaid,
        },
        revoked_at: text(item, "revokedAt").filter(|text| !text.is_empty()),
        last_used: text(item, "lastUsedAt").filter(|text| !text.is_empty()),
        tenant: text(item, "tenantId"),
        user: text(item, "userId"),
        unset: unset(
            item,
            &[
                (Aspect::Name, "name"),
                (Aspect::Grants, "permissions"),
                (Aspect::Expiry, "expiresAt"),
            ],
        ),
    }
}
