//! Who can be written to: four ready-made recipients, one for each answer (Sinjapp contacts-lookup guide).

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use crate::call::{Call, Response, json};
use crate::refusal::Refusal;
use crate::store::Credential;

use super::refusals::{Errors, message};
use super::seeds::VERIFIED_AT;
use super::{assumed, messages, senders, time};

/// A phone that has a Sinjapp account.
#[derive(Debug)]
pub(super) struct Contact {
    phone: &'static str,
    pub(super) id: u64,
    is_verified: bool,
    /// `ok`, or why it cannot receive. Only `ok` is documented; the others are ours.
    reason: &'static str,
}

const CONTACTS: [Contact; 3] = [
    Contact {
        phone: "+201000000001",
        id: 123,
        is_verified: true,
        reason: "ok",
    },
    Contact {
        phone: "+201000000002",
        id: 124,
        is_verified: false,
        reason: "account_not_verified",
    },
    Contact {
        phone: "+201000000003",
        id: 125,
        is_verified: true,
        reason: "account_suspended",
    },
];

pub(super) fn find(phone: &str) -> Option<&'static Contact> {
    CONTACTS.iter().find(|contact| contact.phone == phone)
}

pub(super) async fn lookup(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
    let phone = call.query("phone").unwrap_or_default();
    let phone = phone.trim();
    let sender = messages::Sender {
        id: call
            .query("sender_number_id")
            .map(|id| id.trim().parse().unwrap_or(i64::MAX)),
        phone: call.query("sender_phone"),
    };
    let mut errors = Errors::default();
    senders::check_phone(call, "phone", phone, &mut errors);
    if call.assumed(&assumed::LOOKUP_SENDER) == "required" && sender.is_unnamed() {
        errors.add_required("sender_phone");
    }
    errors.into_result()?;
    if !sender.is_unnamed() {
        let sender = messages::sender_of(call, key, &sender).await?;
        if call.assumed(&assumed::LOOKUP_INACTIVE_SENDER) == "422" {
            messages::check_state(call, &sender)?;
        }
    }
    match find(phone) {
        Some(contact) => Ok(json(StatusCode::OK, &known(call, contact))),
        None if call.assumed(&assumed::UNKNOWN_CONTACT) == "404" => {
            Err(message(StatusCode::NOT_FOUND, "Contact not found.").into())
        }
        None => Ok(json(StatusCode::OK, &unknown())),
    }
}

fn known(call: &Call<'_>, contact: &Contact) -> Value {
    json!({
        "exists": true,
        "can_receive": contact.reason == "ok",
        "reason_code": contact.reason,
        "recipient_id": contact.id,
        "is_verified": contact.is_verified,
        "phone_verified_at": contact.is_verified.then(|| time(call, VERIFIED_AT)),
    })
}

fn unknown() -> Value {
    json!({
        "exists": false,
        "can_receive": false,
        "reason_code": "not_found",
        "recipient_id": null,
        "is_verified": false,
        "phone_verified_at": null,
    })
}
