//! <title>: nothing is asked of it yet, because its profile claims nothing.
//!
//! What comes next is what each of these methods is for, as `subject.rs` says, and then a first statement in the profile.

use jiff::Timestamp;
use serde_json::Value;

use crate::credential::Scheme;
use crate::subject::{Caller, Flaw, Issued, NewKey, Page, Probe, Record, Subject};
use crate::wire::Request;

pub(crate) struct <Name>;

/// Stands for a request that nobody has written. None is sent as long as the profile claims nothing.
fn unwritten() -> Request {
    Request::new("GET", "/")
}

impl Subject for <Name> {
    fn sign(&self, request: Request, caller: &Caller) -> Request {
        match &caller.credential {
            None => request,
            Some(credential) => match credential.scheme {
                Scheme::Key => request.header("<header>", credential.expose()),
                Scheme::Bearer => request.header("authorization", format!("Bearer {}", credential.expose())),
            },
        }
    }

    fn usual_scheme(&self) -> Scheme {
        Scheme::<usual>
    }

    fn create(&self, _key: &NewKey) -> Request {
        unwritten()
    }

    fn flawed(&self, _flaw: Flaw, _key: &NewKey, _now: Timestamp) -> Vec<(&'static str, Request)> {
        Vec::new()
    }

    fn least(&self, _key: &NewKey) -> Vec<(&'static str, Request)> {
        Vec::new()
    }

    fn issued(&self, _body: &Value) -> Issued {
        Issued::default()
    }

    fn revoke(&self, _id: &str) -> Request {
        unwritten()
    }

    fn malformed_id(&self) -> &'static str {
        "not-an-id"
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
        Vec::new()
    }

    fn wide(&self) -> Vec<Vec<String>> {
        Vec::new()
    }

    fn without_management(&self) -> Option<Vec<String>> {
        None
    }

    fn error_words(&self) -> &'static [&'static str] {
        &[]
    }
}
