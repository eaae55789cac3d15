//! B3OS: keys of an organization with one of two scopes; every answer in an envelope.

use jiff::Timestamp;
use keyway_openapi::Operation;
use serde_json::{Value, json};

use crate::credential::Credential;
use crate::credential::Scheme;
use crate::subject::{
    Aspect, Caller, Expiry, Flaw, Issued, NewKey, Page, Probe, Record, Refusals, State, Subject, Tenancy,
    secrets, segment, text, unset,
};
use crate::wire::Request;

const KEYS: &str = "/v1/api-keys";
/// The largest page that is documented.
const PAGE: usize = 100;

pub(crate) struct B3os;

impl Subject for B3os {
    fn sign(&self, request: Request, caller: &Caller) -> Request {
        let request = request.header("accept", "application/json");
        let Some(credential) = &caller.credential else {
            return request;
        };
        let request = request.header("authorization", format!("Bearer {}", credential.expose()));
        match &caller.tenant {
            Some(tenant) => request.header("x-org-id", tenant),
            None => request,
        }
    }

    fn is_told_the_tenant_of(&self, credential: &Credential) -> bool {
        // B3OS authentication page: the organization is named beside a user's token, a key brings its own. For a key the
        // suite sends another one's, only to see that it changes nothing.
        credential.is_user_token()
    }

    fn tenancy(&self) -> Tenancy {
        Tenancy::Header
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
            Flaw::UnknownGrant => vec![("with an unknown scope", with("scope", json!("keyway-unknown")))],
            Flaw::ExpiryPast => vec![(
                "with an expiry in the past",
                with("expiresAt", json!("2020-01-01T00:00:00Z")),
            )],
            Flaw::ExpiryMalformed => vec![(
                "with an expiry that is no time",
                with("expiresAt", json!("next tuesday")),
            )],
            Flaw::NoGrants | Flaw::ExpiryOutOfRange | Flaw::LongName => Vec::new(),
        }
    }

    fn least(&self, key: &NewKey) -> Vec<(&'static str, Request)> {
        // An earlier edition of the create page asked for a scope as well; the present one asks for a name alone.
        let body = json!({ "name": key.name });
        vec![("create with a name alone", Request::new("POST", KEYS).json(body))]
    }

    fn issued(&self, body: &Value) -> Issued {
        let Some(data) = body.get("data") else {
            return Issued::default();
        };
        Issued {
            record: record(data),
            secrets: secrets(data, &["key"]),
            tenant: None,
            user: None,
        }
    }

    fn revoke(&self, id: &str) -> Request {
        Request::new("DELETE", format!("{KEYS}/{}", segment(id)))
    }

    fn malformed_id(&self) -> &'static str {
        "not an id!"
    }

    fn list(&self, from: usize) -> Option<Request> {
        Some(Request::new("GET", format!("{KEYS}?limit={PAGE}&offset={from}")))
    }

    fn listed(&self, body: &Value, from: usize) -> Option<Page> {
        let data = body.get("data")?;
        let items = data.get("items")?;
        // An empty list may be written as null: the fields of the envelope are not required.
        let records: Vec<Record> = items
            .as_array()
            .map(|items| items.iter().map(record).collect())
            .unwrap_or_default();
        // No field is required. Without `hasMore` only a page that is not full is known to be the last one.
        let full = data
            .get("limit")
            .and_then(Value::as_u64)
            .is_none_or(|limit| records.len() as u64 >= limit);
        let says_more = data.get("hasMore").and_then(Value::as_bool);
        let more = says_more.unwrap_or(full) && !records.is_empty();
        let next = more.then(|| from + records.len());
        Some(Page {
            records,
            next,
            says_more,
        })
    }

    fn get(&self, id: &str) -> Option<Request> {
        Some(Request::new("GET", format!("{KEYS}/{}", segment(id))))
    }

    fn got(&self, body: &Value) -> Option<Record> {
        body.get("data").filter(|data| data.is_object()).map(record)
    }

    fn probes(&self, _minted: Option<&str>, _tenant: Option<&str>) -> Vec<Probe> {
        let read = |path: &str, grant| Probe {
            request: Request::new("GET", path),
            grant: Some(grant),
            refusals: Refusals::Documented,
        };
        // B3OS authentication page, earlier edition: the first is the recommended check of a credential. What `read` opens
        // is listed on the page, and service accounts are not in that list.
        vec![
            read("/v1/organizations", "read"),
            read(KEYS, "read"),
            read("/v1/service-accounts", "read-write"),
        ]
    }

    fn mark(&self) -> Option<&'static str> {
        Some("b3sk_")
    }

    /// B3OS authentication page: `read` reads, and what changes anything is `read-write`.
    fn grant_for<'c>(&self, operation: &'c Operation) -> Option<&'c str> {
        Some(match operation.method() {
            "GET" => "read",
            _ => "read-write",
        })
    }

    fn error_words(&self) -> &'static [&'static str] {
        &["message"]
    }

    fn default_page(&self) -> Option<(Request, usize)> {
        // B3OS document: `limit` has 20 as its default.
        Some((Request::new("GET", KEYS), 20))
    }

    fn page(&self, size: i64, from: usize) -> Option<Request> {
        Some(Request::new("GET", format!("{KEYS}?limit={size}&offset={from}")))
    }

    fn wide(&self) -> Vec<Vec<String>> {
        vec![vec!["read-write".to_owned()]]
    }

    fn without_management(&self) -> Option<Vec<String>> {
        Some(vec!["read".to_owned()])
    }
}

fn body(key: &NewKey) -> Value {
    let mut body = json!({ "name": key.name });
    if let Some(scope) = key.grants.first() {
        body["scope"] = json!(scope);
    }
    if let Some(Expiry::At(instant)) = key.expiry {
        body["expiresAt"] = json!(instant.to_string());
    }
    body
}

fn record(item: &Value) -> Record {
    Record {
        id: text(item, "id"),
        name: text(item, "name"),
        hint: text(item, "keyPrefix"),
        grants: text(item, "scope").map(|scope| vec![scope]),
        made: text(item, "createdAt"),
        expires: text(item, "expiresAt").filter(|text| !text.is_empty()),
        // An empty string is how some servers write that a time is not set.
        state: match item.get("revokedAt") {
            Some(Value::String(at)) if !at.is_empty() => State::Revoked,
            _ => State::Active,
        },
        revoked_at: text(item, "revokedAt").filter(|text| !text.is_empty()),
        last_used: text(item, "lastUsedAt").filter(|text| !text.is_empty()),
        tenant: text(item, "organizationId"),
        user: text(item, "userId"),
        unset: unset(
            item,
            &[
                (Aspect::Name, "name"),
                (Aspect::Grants, "scope"),
                (Aspect::Expiry, "expiresAt"),
            ],
        ),
    }
}
