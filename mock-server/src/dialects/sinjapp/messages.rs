//! Messages: sent as JSON or as a form with a file, and their log (Sinjapp messaging guide).

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use crate::call::{Call, Response, json};
use crate::refusal::Refusal;
use crate::store::{Collection, Credential, Document, Order, Store, Window, Worth};

use super::refusals::{Errors, OWNER_UNVERIFIED, SENDER_NOT_ACTIVE, invalid_field, message};
use super::{assumed, contacts, form, keys, senders, time};

/// Entries on a page, Laravel's own number.
const PER_PAGE: usize = 15;

/// How a request names the number to send from.
#[derive(Debug)]
pub(super) struct Sender {
    pub(super) id: Option<i64>,
    pub(super) phone: Option<String>,
}

impl Sender {
    pub(super) fn is_unnamed(&self) -> bool {
        self.id.is_none() && self.phone.is_none()
    }
}

pub(super) async fn send(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
    let form::Input { fields, has_media } = form::read(call).await?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let sender = Sender {
        id: fields.get("sender_number_id").and_then(keys::whole),
        phone: text("sender_phone").map(str::to_owned),
    };
    let recipient = text("to_phone").unwrap_or_default().trim();
    let kind = text("type").unwrap_or_default();
    let mut errors = Errors::default();
    if sender.is_unnamed() {
        errors.add(
            "sender_number_id",
            "The sender number id field is required when sender phone is not present.",
        );
        errors.add(
            "sender_phone",
            "The sender phone field is required when sender number id is not present.",
        );
    }
    senders::check_phone(call, "to_phone", recipient, &mut errors);
    let is_blank = text("content").unwrap_or_default().trim().is_empty();
    if kind == "text" && is_blank && call.assumed(&assumed::TEXT_WITHOUT_CONTENT) == "422" {
        errors.add_required("content");
    }
    if kind != "text" && !has_media && call.assumed(&assumed::MEDIA_MISSING) == "422" {
        errors.add_required("media");
    }
    let contact = contacts::find(recipient);
    if contact.is_none() && call.assumed(&assumed::UNKNOWN_RECIPIENT) == "422" {
        errors.add("to_phone", "The selected to phone is invalid.");
    }
    errors.into_result()?;
    let sender = sender_of(call, key, &sender).await?;
    check_state(call, &sender)?;
    let logged = json!({
        "sender_number_id": sender.sequence,
        "recipient_user_id": contact.map(|contact| contact.id),
        // One conversation for each pair of sender and recipient.
        "conversation_id": contact.map(|contact| sender.sequence * 1000 + contact.id),
        "message_type": kind,
        "content": fields.get("content"),
        "status": call.assumed(&assumed::MESSAGE_STATUS),
        "sent_at": call.now.as_millisecond(),
    });
    let entry = call.store.append(log(&key.tenant), None, logged.into()).await?;
    senders::count(call, &key.tenant, sender.sequence).await?;
    Ok(json(StatusCode::CREATED, &json!({ "data": shown(call, &entry) })))
}

pub(super) async fn list(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
    let page = page(call)?;
    let order = match call.assumed(&assumed::MESSAGE_LOG_ORDER) {
        "oldest-first" => Order::OldestFirst,
        _ => Order::NewestFirst,
    };
    let skip = (page - 1).saturating_mul(PER_PAGE);
    let slice = call
        .store
        .documents(
            log(&key.tenant),
            Window {
                skip,
                take: PER_PAGE,
                order,
            },
        )
        .await?;
    let entries: Vec<Value> = slice.items.iter().map(|entry| shown(call, entry)).collect();
    let last_page = slice.total.div_ceil(PER_PAGE).max(1);
    let range = (!entries.is_empty()).then(|| (skip + 1, skip + entries.len()));
    let counts = json!({
        "current_page": page,
        "from": range.map(|(from, _)| from),
        "last_page": last_page,
        "per_page": PER_PAGE,
        "to": range.map(|(_, to)| to),
        "total": slice.total,
    });
    let body = match (call.assumed(&assumed::MESSAGE_LOG_FORM), counts) {
        ("paginator", Value::Object(mut flat)) => {
            flat.insert("data".to_owned(), entries.into());
            Value::Object(flat)
        }
        (_, counts) => json!({ "data": entries, "links": links(page, last_page), "meta": counts }),
    };
    Ok(json(StatusCode::OK, &body))
}

/// The page that is asked for.
fn page(call: &Call<'_>) -> Result<usize, Refusal> {
    let Some(asked) = call.query("page") else {
        return Ok(1);
    };
    match asked.trim().parse::<i64>().map(usize::try_from) {
        Ok(Ok(page)) if page > 0 => Ok(page),
        _ if call.assumed(&assumed::MALFORMED_PAGE) == "404" => {
            Err(message(StatusCode::NOT_FOUND, "Page not found.").into())
        }
        _ => Ok(1),
    }
}

/// The sender number that a request names.
pub(super) async fn sender_of(
    call: &Call<'_>,
    key: &Credential,
    named: &Sender,
) -> Result<Document, Refusal> {
    if named.id.is_some() && named.phone.is_some() && call.assumed(&assumed::BOTH_SENDERS) == "422" {
        let complaint = "The sender phone field is prohibited when sender number id is present.";
        return Err(invalid_field("sender_phone", complaint));
    }
    let is_meant = |sender: &Document| match named.id {
        Some(id) => i64::try_from(sender.sequence) == Ok(id),
        None => named
            .phone
            .as_deref()
            .is_some_and(|phone| senders::has_phone(sender, phone.trim())),
    };
    let found = call.store.find(senders::shelf(&key.tenant), is_meant).await?;
    found.ok_or_else(|| {
        if call.assumed(&assumed::UNKNOWN_SENDER) == "404" {
            return message(StatusCode::NOT_FOUND, "Sender number not found.").into();
        }
        let (field, spoken) = match named.id {
            Some(_) => ("sender_number_id", "sender number id"),
            None => ("sender_phone", "sender phone"),
        };
        invalid_field(field, format!("The selected {spoken} is invalid."))
    })
}

/// Whether a number may send (Sinjapp sender-numbers and account-verification guides).
pub(super) fn check_state(call: &Call<'_>, sender: &Document) -> Result<(), Refusal> {
    let member = |name: &str| sender.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (text, assumption) = match (member("verification_status"), member("status")) {
        ("active", "active") => return Ok(()),
        ("pending_account_verification", _) => (OWNER_UNVERIFIED, &assumed::OWNER_UNVERIFIED_STATUS),
        _ => (SENDER_NOT_ACTIVE, &assumed::SENDER_NOT_ACTIVE_STATUS),
    };
    let status = match call.assumed(assumption) {
        "403" => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Err(message(status, text).into())
}

fn log(tenant: &str) -> Collection<'_> {
    Collection {
        name: "sinjapp.messages",
        tenant,
        keep: 10_000,
        worth: Worth::Record,
    }
}

fn shown(call: &Call<'_>, entry: &Document) -> Value {
    let mut shown = json!({ "id": entry.sequence, "message_id": entry.sequence });
    if let (Value::Object(shown), Value::Object(kept)) = (&mut shown, &*entry.body) {
        shown.extend(kept.clone());
        let is_sent = kept.get("status").and_then(Value::as_str) == Some("sent");
        let at = kept.get("sent_at").and_then(Value::as_i64).filter(|_| is_sent);
        let at = at.and_then(|millisecond| jiff::Timestamp::from_millisecond(millisecond).ok());
        shown.insert("sent_at".to_owned(), json!(at.map(|at| time(call, at))));
    }
    shown
}

/// References that are relative to the log itself, so that they hold under whatever address it is served.
fn links(page: usize, last_page: usize) -> Value {
    let to = |page: usize| format!("?page={page}");
    json!({
        "first": to(1),
        "last": to(last_page),
        "prev": (page > 1).then(|| to((page - 1).min(last_page))),
        "next": (page < last_page).then(|| to(page + 1)),
    })
}
