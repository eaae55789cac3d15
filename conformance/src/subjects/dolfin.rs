//! Dolfin: keys of a Client, without scopes, without a list; errors are problem details.

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::credential::Scheme;
use crate::subject::{
    Aspect, Caller, Expiry, Flaw, Issued, Manner, NewKey, Page, Probe, Record, Refusals, State, Subject,
    secrets, segment, text, unset,
};
use crate::wire::Request;

const KEYS: &str = "/api-keys";
const ORGANISATION: &str = "x-dolfin-organisation-id";

pub(crate) struct Dolfin;

impl Subject for Dolfin {
    fn sign(&self, request: Request, caller: &Caller) -> Request {
        let request = request.header("accept", "application/json, application/problem+json");
        // Dolfin authentication guide: most operations need this header. Whether those on keys do is not said; the caller
        // names a tenant only if they do (dolfin.organisation-header-on-keys).
        let request = match &caller.tenant {
            Some(organisation) if request.path.starts_with(KEYS) => {
                request.header(ORGANISATION, organisation)
            }
            _ => request,
        };
        match &caller.credential {
            None => request,
            Some(credential) => match credential.scheme {
                Scheme::Key => request.header("x-dolfin-api-key", credential.expose()),
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

    fn flawed(&self, flaw: Flaw, key: &NewKey, now: Timestamp) -> Vec<(&'static str, Request)> {
        let with = |expiry: Value| {
            let mut body = body(key);
            body["expiresAt"] = expiry;
            Request::new("POST", KEYS).json(body)
        };
        match flaw {
            Flaw::ExpiryPast => vec![
                ("with an expiry in the past", with(json!("2020-01-01T00:00:00Z"))),
                (
                    "with an expiry of an hour ago",
                    with(json!((now - 1.hour()).to_string())),
                ),
            ],
            Flaw::ExpiryMalformed => vec![
                ("with an expiry that is no time", with(json!("next tuesday"))),
                ("with a number for an expiry", with(json!(1_924_992_000))),
            ],
            Flaw::MissingName
            | Flaw::UnknownGrant
            | Flaw::NoGrants
            | Flaw::ExpiryOutOfRange
            | Flaw::LongName => Vec::new(),
        }
    }

    fn least(&self, key: &NewKey) -> Vec<(&'static str, Request)> {
        let create = |body: Value| Request::new("POST", KEYS).json(body);
        let nameless = json!({ "name": null });
        let endless = json!({ "name": key.name, "expiresAt": null });
        vec![
            ("create without anything", create(json!({}))),
            ("create with a name that is null", create(nameless)),
            ("create with an expiry that is null", create(endless)),
        ]
    }

    fn issued(&self, body: &Value) -> Issued {
        let record = Record {
            id: text(body, "id"),
            name: text(body, "name"),
            hint: text(body, "keyPrefix"),
            grants: None,
            made: text(body, "createdAt"),
            expires: text(body, "expiresAt"),
            state: State::Unsaid,
            revoked_at: None,
            last_used: None,
            tenant: None,
            user: None,
            unset: unset(body, &[(Aspect::Name, "name"), (Aspect::Expiry, "expiresAt")]),
        };
        Issued {
            record,
            secrets: secrets(body, &["rawKey"]),
            tenant: text(body, "clientId"),
            user: None,
        }
    }

    fn revoke(&self, id: &str) -> Request {
        Request::new("POST", format!("{KEYS}/{}/revoke", segment(id)))
    }

    fn malformed_id(&self) -> &'static str {
        "not-a-uuid"
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

    fn probes(&self, minted: Option<&str>, tenant: Option<&str>) -> Vec<Probe> {
        let probe = |request| Probe {
            request,
            grant: None,
            refusals: Refusals::Documented,
        };
        // Dolfin members/list-client-members page: open to a key of the Client. Dolfin authentication guide: most reads
        // need the organisation's header, without saying whether this is one of them.
        let members =
            minted.map(|client| Request::new("GET", format!("/clients/{}/members", segment(client))));
        let named = |request: Request| tenant.map(|organisation| request.header(ORGANISATION, organisation));
        [
            members.clone(),
            members.and_then(named),
            named(Request::new("GET", "/invoices")),
        ]
        .into_iter()
        .flatten()
        .map(probe)
        .collect()
    }

    fn error_words(&self) -> &'static [&'static str] {
        &["title", "detail"]
    }

    fn wide(&self) -> Vec<Vec<String>> {
        vec![Vec::new()]
    }

    fn without_management(&self) -> Option<Vec<String>> {
        None
    }

    fn manners(&self) -> &'static [Manner] {
        &[Manner::AsOnTheCreatePage, Manner::WithTenant]
    }
}

fn body(key: &NewKey) -> Value {
    let mut body = json!({ "name": key.name });
    if let Some(Expiry::At(instant)) = key.expiry {
        body["expiresAt"] = json!(instant.to_string());
    }
    body
}
