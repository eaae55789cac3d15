//! Where the vendors put what a key consists of: just enough for a saboteur to find it.

use keyway_openapi::Vendor;
use serde_json::{Map, Value};

/// The members of one vendor's requests and answers about keys.
#[derive(Debug)]
pub(super) struct Shape {
    /// Where a single record stands in an answer, as a JSON pointer.
    record: &'static str,
    /// Where the records of a list stand.
    list: &'static str,
    /// Where a create answer has the secret.
    secret: &'static str,
    /// The member for scopes or permissions, in requests and records.
    pub(super) grants: Option<&'static str>,
    /// Grants that allow everything.
    everything: fn() -> Value,
    /// The member for the expiry in a request.
    pub(super) asked_expiry: &'static str,
    /// The member for the expiry in a record.
    pub(super) expiry: &'static str,
    /// The member in which an error speaks to people.
    pub(super) words: &'static str,
}

const SINJAPP: Shape = Shape {
    record: "/data",
    list: "/data",
    secret: "/plain_text_key",
    grants: Some("scopes"),
    everything: || Value::from(vec!["*"]),
    asked_expiry: "expires_in_days",
    expiry: "expires_at",
    words: "message",
};

const RETEN: Shape = Shape {
    record: "",
    list: "",
    secret: "/plaintextKey",
    grants: Some("permissions"),
    everything: || Value::from(vec!["VIEW_ACTIVITIES", "MANAGE_COMMERCES", "MANAGE_API_KEYS"]),
    asked_expiry: "expiresAt",
    expiry: "expiresAt",
    words: "message",
};

const DOLFIN: Shape = Shape {
    record: "",
    list: "/items",
    secret: "/rawKey",
    grants: None,
    everything: || Value::Null,
    asked_expiry: "expiresAt",
    expiry: "expiresAt",
    words: "detail",
};

const B3OS: Shape = Shape {
    record: "/data",
    list: "/data/items",
    secret: "/data/key",
    grants: Some("scope"),
    everything: || Value::from("read-write"),
    asked_expiry: "expiresAt",
    expiry: "expiresAt",
    words: "message",
};

const SHAPES: [(Vendor, &Shape); Vendor::PLAYED.len()] = [
    (Vendor::Sinjapp, &SINJAPP),
    (Vendor::Reten, &RETEN),
    (Vendor::Dolfin, &DOLFIN),
    (Vendor::B3os, &B3OS),
];

impl Shape {
    /// The shape of a vendor whose keys are played.
    pub(super) fn of(vendor: Vendor) -> Option<&'static Self> {
        let known = SHAPES.iter().find(|(known, _)| *known == vendor);
        known.map(|(_, shape)| *shape)
    }

    /// The record of a key in an answer.
    pub(super) fn record<'b>(&self, body: &'b mut Value) -> Option<&'b mut Map<String, Value>> {
        body.pointer_mut(self.record)?.as_object_mut()
    }

    /// The records of a list in an answer.
    pub(super) fn list<'b>(&self, body: &'b mut Value) -> Option<&'b mut Vec<Value>> {
        body.pointer_mut(self.list)?.as_array_mut()
    }

    /// The secret in a create answer.
    pub(super) fn secret<'b>(&self, body: &'b Value) -> Option<&'b str> {
        body.pointer(self.secret)?.as_str()
    }

    /// Puts another secret, or none, into a create answer.
    pub(super) fn set_secret(&self, body: &mut Value, secret: Option<&str>) {
        match (body.pointer_mut(self.secret), secret) {
            (Some(place), Some(secret)) => *place = Value::from(secret),
            (Some(_), None) => {
                let (parent, member) = self.secret.rsplit_once('/').unwrap_or_default();
                if let Some(Value::Object(parent)) = body.pointer_mut(parent) {
                    parent.remove(member);
                }
            }
            (None, _) => {}
        }
    }

    /// Gives a request for a key every right there is.
    pub(super) fn widen(&self, asked: &mut Map<String, Value>) {
        if let Some(grants) = self.grants {
            asked.insert(grants.to_owned(), (self.everything)());
        }
    }
}
