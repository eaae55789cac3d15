//! The reads that prove a key: commerces, activities and the kinds of result (Reten commerces/list,
//! activities/list and integration/list-configs pages).

use std::sync::Arc;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::{Call, Response, json, json_text};
use crate::refusal::Refusal;
use crate::store::{AnyStore, Body, Collection, Order, Store, Unavailable, Window, Worth};

use super::access::Caller;
use super::refusals::error;
use super::users::Tenant;
use super::{answer_of, assumed, time};

pub(super) async fn commerces(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let search = call.query("search").map(|text| text.to_lowercase());
    let external_id = call.query("external_id");
    let global_external_id = call.query("global_external_id");
    let (is_active, is_placeholder) = (flag(call, "is_active"), flag(call, "is_placeholder"));
    page(call, COMMERCES, caller, |entry| {
        let found = |name: &str, search: &str| text(entry, name).to_lowercase().contains(search);
        search
            .as_deref()
            .is_none_or(|search| found("name", search) || found("externalId", search))
            && equals(&external_id, entry, "externalId")
            && equals(&global_external_id, entry, "globalExternalId")
            && agrees(is_active, entry, "isActive")
            && agrees(is_placeholder, entry, "isPlaceholder")
    })
    .await
}

pub(super) async fn activities(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let search = call.query("search").map(|text| text.to_lowercase());
    let bound = |name: &str| {
        call.query(name)
            .and_then(|at| at.trim().parse::<Timestamp>().ok())
    };
    let (from, to) = (bound("scheduled_from"), bound("scheduled_to"));
    let commerce_id = call.query("commerce_id").map(|id| id.to_ascii_lowercase());
    let [status, kind, channel] = ["status", "type", "channel"].map(|name| call.query(name));
    page(call, ACTIVITIES, caller, |entry| {
        let of_commerce = |place: &str| entry.pointer(place).and_then(Value::as_str);
        let name = || of_commerce("/commerceAssignment/commerce/name").unwrap_or_default();
        let id = || of_commerce("/commerceAssignment/commerceId");
        let scheduled = || text(entry, "scheduledAt").parse::<Timestamp>().ok();
        search
            .as_deref()
            .is_none_or(|search| name().to_lowercase().contains(search))
            && equals(&status, entry, "status")
            && equals(&kind, entry, "type")
            && equals(&channel, entry, "channel")
            && commerce_id.as_deref().is_none_or(|wanted| id() == Some(wanted))
            && from.is_none_or(|from| scheduled() >= Some(from))
            && to.is_none_or(|to| scheduled() <= Some(to))
    })
    .await
}

/// The four of the example on the integration/list-configs page, the same in every tenant.
pub(super) fn result_types() -> Response {
    let types = [
        ("SALE_COMPLETED", "Venta completada", false),
        ("NOT_INTERESTED", "No interesado", false),
        ("RESCHEDULE", "Reprogramar visita", true),
        ("NO_CONTACT", "Sin contacto", false),
    ];
    let shown = types.map(|(code, label, wants_date)| {
        json!({ "code": code, "label": label, "requiresFutureScheduledAt": wants_date })
    });
    json(StatusCode::OK, &shown)
}

/// Puts so many commerces, each with an activity, into a tenant.
pub(super) async fn plant(store: &AnyStore, tenant: &Tenant, count: u32) -> Result<(), Unavailable> {
    for number in 1..=count {
        let at = |days: u32| {
            time(
                BEGIN
                    .saturating_add(SignedDuration::from_hours(24 * i64::from(days)))
                    .unwrap_or(BEGIN),
            )
        };
        // The ids differ by tenant in their first digit, as the examples' ids differ.
        let digit = tenant.id.chars().next().unwrap_or('0');
        let id = format!("{digit}80e8400-e29b-41d4-a716-4466554{number:05}");
        let is_placeholder = number % 10 == 0;
        let name = if number == 1 {
            "Main Street Store".to_owned()
        } else {
            format!("Store {number:03}")
        };
        let commerce = json!({
            "id": id,
            "name": name,
            "externalId": if is_placeholder { Value::Null } else { format!("store-{number:03}").into() },
            "globalExternalId": format!("global-{number:03}"),
            "taxId": if is_placeholder { Value::Null } else { format!("123456{number:02}-9").into() },
            "isActive": number % 4 != 0,
            "isPlaceholder": is_placeholder,
            "metadata": {},
            "createdAt": at(number),
            "updatedAt": at(number),
        });
        let pick = |from: &[&'static str]| from.get(number as usize % from.len()).copied();
        let activity = json!({
            "id": format!("{digit}e0e8400-e29b-41d4-a716-4466554{number:05}"),
            "type": pick(&["MESSAGE", "TASK"]),
            "reason": { "code": "VISIT", "label": "Visita" },
            "channel": pick(&["WHATSAPP", "SALESMAN", "EMAIL", "CALLCENTER", "SMS", "CALLCENTER", "PUSH", "SALESMAN"]),
            "status": pick(&["UNRESOLVED", "READY", "DISPATCHED", "COMPLETED", "CANCELED", "FAILED"]),
            "userStatus": { "code": "NEW", "label": "Nuevo" },
            "scheduledAt": at(number + 1),
            "commerceAssignment": { "commerceId": id, "commerce": { "name": name } },
        });
        store
            .append(
                Collection {
                    tenant: tenant.id,
                    ..COMMERCES
                },
                None,
                commerce.into(),
            )
            .await?;
        store
            .append(
                Collection {
                    tenant: tenant.id,
                    ..ACTIVITIES
                },
                None,
                activity.into(),
            )
            .await?;
    }
    Ok(())
}

const COMMERCES: Collection<'static> = Collection {
    name: "reten.commerces",
    tenant: "",
    keep: 10_000,
    worth: Worth::Record,
};
const ACTIVITIES: Collection<'static> = Collection {
    name: "reten.activities",
    tenant: "",
    keep: 10_000,
    worth: Worth::Record,
};

/// 2025-01-14T10:30:00Z, the day before the example commerce was made.
const BEGIN: Timestamp = Timestamp::constant(1_736_850_600, 0);

/// The largest page (Reten commerces/list and activities/list pages).
const MAX_PAGE_SIZE: u64 = 100;

/// One page of what passes a filter, with the counts that belong to it.
async fn page(
    call: &Call<'_>,
    collection: Collection<'static>,
    caller: &Caller,
    passes: impl Fn(&Value) -> bool + Send + Sync,
) -> Result<Response, Refusal> {
    let size = page_size(call)?;
    let page = match call.query("page").map(|page| page.trim().parse::<u32>()) {
        None => 1,
        Some(Ok(page)) => u64::from(page),
        // It could not be told back as it was asked for.
        Some(Err(_)) => return Err(error(answer_of("400"), "Validation failed").into()),
    };
    let order = match call.assumed(&assumed::READ_ORDER) {
        "newest-first" => Order::NewestFirst,
        _ => Order::OldestFirst,
    };
    let all = Collection {
        tenant: &caller.tenant,
        ..collection
    };
    let skip = usize::try_from(page.saturating_sub(1).saturating_mul(size)).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(usize::MAX);
    let window = Window { skip, take, order };
    let found = call.store.select(all, window, |entry| passes(entry)).await?;
    let total = found.total as u64;
    let meta = Meta {
        page,
        limit: size,
        total,
        total_pages: total.div_ceil(size),
    };
    Ok(json_text(StatusCode::OK, shown(call, &found.items, &meta)))
}

/// What is said of a page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    page: u64,
    limit: u64,
    total: u64,
    total_pages: u64,
}

/// How many entries are asked for; at least one.
fn page_size(call: &Call<'_>) -> Result<u64, Refusal> {
    let refused = || Refusal::from(error(answer_of("400"), "Validation failed"));
    let honoured: &[&str] = match call.assumed(&assumed::PAGE_SIZE_PARAMETER) {
        "per_page" => &["per_page"],
        "limit" => &["limit"],
        _ => &["per_page", "limit"],
    };
    let asked = honoured.iter().find_map(|name| call.query(name));
    let size = match asked {
        Some(asked) => counted(&asked),
        None => call.assumed(&assumed::DEFAULT_PAGE_SIZE).parse().unwrap_or(25),
    };
    match size {
        0 if call.assumed(&assumed::PAGE_SIZE_BELOW_ONE) == "400" => Err(refused()),
        size if size > MAX_PAGE_SIZE && call.assumed(&assumed::LIMIT_ABOVE_MAX) == "400" => Err(refused()),
        size => Ok(size.clamp(1, MAX_PAGE_SIZE)),
    }
}

/// A whole number as a count: what is negative counts as none, what is too large as very many.
fn counted(number: &str) -> u64 {
    let number = number.trim();
    match number.parse::<u64>() {
        Ok(number) => number.min(u64::from(u32::MAX)),
        Err(_) if number.starts_with('-') => 0,
        Err(_) => u64::from(u32::MAX),
    }
}

/// A page as JSON.
fn shown(call: &Call<'_>, entries: &[Body], meta: &Meta) -> String {
    let is_bare = call.assumed(&assumed::ACTIVITY_LABELS) == "absent";
    let written = entries.iter().map(|entry| match entry.read() {
        Some(written) if !is_bare => written,
        _ => Arc::new(Written(bare(entry).to_string())),
    });
    let written: Vec<Arc<Written>> = written.collect();
    let length: usize = written.iter().map(|entry| entry.0.len() + 1).sum();
    let mut shown = String::with_capacity(length + ROOM_FOR_META);
    shown.push_str(r#"{"data":["#);
    for (number, entry) in written.iter().enumerate() {
        if number > 0 {
            shown.push(',');
        }
        shown.push_str(&entry.0);
    }
    shown.push_str(r#"],"meta":"#);
    shown.push_str(&serde_json::to_string(meta).expect("the mock's own answers serialise"));
    shown.push('}');
    shown
}

/// As many bytes as a page has beside its entries.
const ROOM_FOR_META: usize = 128;

/// An entry as it is shown, written once.
#[derive(Debug, Deserialize)]
#[serde(from = "Value")]
struct Written(String);

impl From<Value> for Written {
    fn from(mut entry: Value) -> Self {
        hide(&mut entry, &UNSHOWN);
        Self(entry.to_string())
    }
}

/// Looked for, never shown: it is not among the members of the commerces/list page.
const UNSHOWN: [&str; 1] = ["globalExternalId"];

/// An entry without the labels of an activity.
fn bare(entry: &Value) -> Value {
    let mut entry = entry.clone();
    hide(&mut entry, &UNSHOWN);
    hide(&mut entry, &["reason", "userStatus"]);
    entry
}

fn hide(entry: &mut Value, names: &[&str]) {
    if let Value::Object(members) = entry {
        for name in names {
            members.shift_remove(*name);
        }
    }
}

fn text<'e>(entry: &'e Value, name: &str) -> &'e str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn equals(asked: &Option<String>, entry: &Value, name: &str) -> bool {
    asked.as_ref().is_none_or(|asked| asked == text(entry, name))
}

fn agrees(asked: Option<bool>, entry: &Value, name: &str) -> bool {
    asked.is_none_or(|asked| entry.get(name).and_then(Value::as_bool) == Some(asked))
}

/// A parameter that is true or false.
fn flag(call: &Call<'_>, parameter: &str) -> Option<bool> {
    call.query(parameter)?.trim().parse().ok()
}
