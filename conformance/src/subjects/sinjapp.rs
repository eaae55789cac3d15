//! Sinjapp: keys with scopes, a tenant for each host, no list.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::credential::Scheme;
use crate::subject::{
    Aspect, Caller, DefaultEnd, Expiry, Flaw, Issued, Lifetime, NewKey, Page, Probe, Record, Refusals, State,
    Subject, Tenancy, secrets, segment, text, texts, unset,
};
use crate::wire::Request;

const KEYS: &str = "/api/v1/api-keys";

pub(crate) struct Sinjapp;

impl Subject for Sinjapp {
    fn sign(&self, request: Request, caller: &Caller) -> Request {
        // Sinjapp's guides send this header with every request.
        let request = request.header("accept", "application/json");
        match &caller.credential {
            None => request,
            Some(credential) => match credential.scheme {
                Scheme::Key => request.header("x-api-key", credential.expose()),
                Scheme::Bearer => request.header("authorization", format!("Bearer {}", credential.expose())),
            },
        }
    }

    fn usual_scheme(&self) -> Scheme {
        Scheme::Key
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
            Flaw::UnknownGrant => vec![
                ("with an unknown scope", with("scopes", json!(["keyway.unknown"]))),
                (
                    "with an unknown scope beside a known one",
                    with("scopes", json!(["usage.read", "keyway.unknown"])),
                ),
                (
                    "with scopes that are no list",
                    with("scopes", json!("usage.read")),
                ),
            ],
            Flaw::ExpiryOutOfRange => vec![
                ("with 0 days", with("expires_in_days", json!(0))),
                ("with a day less than none", with("expires_in_days", json!(-1))),
                ("with a day and a half", with("expires_in_days", json!(1.5))),
                ("with 366 days", with("expires_in_days", json!(366))),
                ("with 1000 days", with("expires_in_days", json!(1000))),
                ("with days in words", with("expires_in_days", json!("ninety"))),
            ],
            Flaw::NoGrants | Flaw::ExpiryPast | Flaw::ExpiryMalformed | Flaw::LongName => Vec::new(),
        }
    }

    fn least(&self, key: &NewKey) -> Vec<(&'static str, Request)> {
        let body = json!({ "name": key.name });
        vec![("create with a name alone", Request::new("POST", KEYS).json(body))]
    }

    fn issued(&self, body: &Value) -> Issued {
        let record = body.get("data").map(record).unwrap_or_default();
        Issued {
            record,
            secrets: secrets(body, &["plain_text_key"]),
            tenant: None,
            user: None,
        }
    }

    fn revoke(&self, id: &str) -> Request {
        Request::new("DELETE", format!("{KEYS}/{}", segment(id)))
    }

    fn malformed_id(&self) -> &'static str {
        "not-a-number"
    }

    fn list(&self, _from: usize) -> Option<Request> {
        None
    }

    fn listed(&self, _body: &Value, _from: usize) -> Option<Page> {
        None
    }

    fn get(&self, _id: &str) -> Option<Request> {
        None
    }

    fn got(&self, _body: &Value) -> Option<Record> {
        None
    }

    fn probes(&self, _minted: Option<&str>, _tenant: Option<&str>) -> Vec<Probe> {
        let read = |path: &str, grant| Probe {
            request: Request::new("GET", format!("/api/v1{path}")),
            grant,
            refusals: Refusals::Documented,
        };
        vec![
            // Sinjapp mcp-setup guide: any active key may read these three.
            read("/me", None),
            read("/subscription", None),
            read("/sender-numbers", None),
            read("/usage", Some("usage.read")),
            read("/messages", Some("messages.read")),
            read("/contacts/lookup?phone=%2B201000000000", Some("contacts.lookup")),
        ]
    }

    fn error_words(&self) -> &'static [&'static str] {
        &["message"]
    }

    fn wide(&self) -> Vec<Vec<String>> {
        let named = ["contacts.lookup", "messages.send", "messages.read", "usage.read"];
        vec![vec!["*".to_owned()], named.map(str::to_owned).to_vec()]
    }

    fn without_management(&self) -> Option<Vec<String>> {
        Some(vec!["usage.read".to_owned()])
    }

    fn other_grants(&self) -> &'static [&'static str] {
        &["messages.send"]
    }

    fn tenancy(&self) -> Tenancy {
        Tenancy::Host
    }

    fn default_end(&self) -> Option<DefaultEnd> {
        // Sinjapp's document: `expires_in_days` has 90 as its default.
        Some(DefaultEnd::Days(90))
    }

    fn longest(&self) -> Option<Expiry> {
        Some(Expiry::Days(365))
    }

    fn lifetime(&self) -> Lifetime {
        Lifetime::Days
    }
}

fn body(key: &NewKey) -> Value {
    let mut body = json!({ "name": key.name, "scopes": key.grants });
    if let Some(Expiry::Days(days)) = key.expiry {
        body["expires_in_days"] = json!(days);
    }
    body
}

fn record(data: &Value) -> Record {
    Record {
        id: text(data, "id"),
        name: text(data, "name"),
        hint: text(data, "prefix"),
        grants: texts(data, "scopes"),
        made: None,
        expires: text(data, "expires_at"),
        state: match text(data, "status").as_deref() {
            Some("active") => State::Active,
            Some("revoked") => State::Revoked,
            _ => State::Unsaid,
        },
        revoked_at: None,
        last_used: text(data, "last_used_at").filter(|text| !text.is_empty()),
        tenant: None,
        user: None,
        unset: unset(
            data,
            &[
                (Aspect::Name, "name"),
                (Aspect::Grants, "scopes"),
                (Aspect::Expiry, "expires_at"),
            ],
        ),
    }
}
