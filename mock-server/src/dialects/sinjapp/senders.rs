//! Sender numbers: registered here, verified in the dashboard (Sinjapp sender-numbers guide).

use std::sync::Arc;

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::call::{Call, Response, json};
use crate::refusal::Refusal;
use crate::store::{Collection, Credential, Document, Store, Unavailable, Window, Worth};

use super::refusals::{self, Errors};
use super::{assumed, time};

/// Where the sender numbers of a tenant stand.
pub(super) fn shelf(tenant: &str) -> Collection<'_> {
    Collection {
        name: "sinjapp.senders",
        tenant,
        keep: 10_000,
        worth: Worth::Record,
    }
}

pub(super) async fn list(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
    let senders = of_tenant(call, key).await?;
    let data: Vec<Value> = senders.iter().map(|sender| shown(call, sender)).collect();
    Ok(json(StatusCode::OK, &json!({ "data": data })))
}

pub(super) async fn register(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
    let body = call.json();
    let phone = body
        .get("phone")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim();
    let mut errors = Errors::default();
    check_phone(call, "phone", phone, &mut errors);
    errors.into_result()?;
    // Sinjapp sender-numbers guide: a new number waits for the one-time password of its owner.
    let sender = json!({
        "phone": phone,
        "display_name": body.get("display_name"),
        "verification_status": "pending_verification",
        "status": "pending_verification",
        "daily_limit_override": null,
        "verified_at": null,
    });
    let (shelf, id) = (shelf(&key.tenant), call.entropy.uuid());
    let registered = match call
        .store
        .append_unless(shelf, id, sender, |known| has_phone(known, phone))
        .await?
    {
        Some(registered) => Some(registered),
        None if call.assumed(&assumed::SENDER_ALREADY_REGISTERED) == "422" => None,
        None => call.store.find(shelf, |known| has_phone(known, phone)).await?,
    };
    match registered {
        Some(sender) => Ok(json(
            StatusCode::CREATED,
            &json!({ "data": shown(call, &sender) }),
        )),
        None => Err(refusals::invalid_field(
            "phone",
            "The phone has already been taken.",
        )),
    }
}

/// Whether a kept sender has this phone.
pub(super) fn has_phone(sender: &Document, phone: &str) -> bool {
    sender.body.get("phone").and_then(Value::as_str) == Some(phone)
}

/// The tenant's senders, the oldest first.
pub(super) async fn of_tenant(call: &Call<'_>, key: &Credential) -> Result<Vec<Document>, Unavailable> {
    let all = call.store.documents(shelf(&key.tenant), Window::ALL).await?;
    Ok(all.items)
}

/// Counts a message; [`sent`] reads the count.
pub(super) async fn count(call: &Call<'_>, tenant: &str, sender: u64) -> Result<(), Unavailable> {
    call.store
        .append(counter(&counted(tenant, sender)), None, json!({}).into())
        .await?;
    Ok(())
}

/// How many messages a sender has sent.
pub(super) async fn sent(call: &Call<'_>, tenant: &str, sender: u64) -> Result<u64, Unavailable> {
    let last = call
        .store
        .documents(counter(&counted(tenant, sender)), Window::ALL)
        .await?
        .items;
    Ok(last.last().map_or(0, |document| document.sequence))
}

/// Complains about a phone that is empty, or of a form that is not accepted.
pub(super) fn check_phone(call: &Call<'_>, field: &str, phone: &str, errors: &mut Errors) {
    let is_e164 = || {
        let digits = phone.strip_prefix('+').unwrap_or_default();
        (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if phone.trim().is_empty() && call.assumed(&assumed::EMPTY_STRINGS) == "422" {
        errors.add_required(field);
    } else if call.assumed(&assumed::PHONE_FORMAT) == "e164" && !is_e164() {
        errors.add(
            field,
            format!("The {} format is invalid.", refusals::spoken(field)),
        );
    }
}

fn shown(call: &Call<'_>, sender: &Document) -> Value {
    let mut shown = json!({ "id": sender.sequence });
    if let (Value::Object(shown), Value::Object(kept)) = (&mut shown, &*sender.body) {
        shown.extend(kept.clone());
        let verified_at = kept.get("verified_at").and_then(Value::as_i64);
        let verified_at = verified_at.and_then(|second| Timestamp::from_second(second).ok());
        shown.insert(
            "verified_at".to_owned(),
            json!(verified_at.map(|at| time(call, at))),
        );
    }
    shown
}

/// A shelf of one: the sequence of what stands on it is the count, and counting is atomic.
fn counter(of: &str) -> Collection<'_> {
    Collection {
        name: "sinjapp.sent",
        tenant: of,
        keep: 1,
        worth: Worth::Record,
    }
}

fn counted(tenant: &str, sender: u64) -> String {
    format!("{tenant}/{sender}")
}
