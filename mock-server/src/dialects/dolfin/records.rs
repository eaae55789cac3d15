//! The reads that prove a credential: members of a Client, invoices and supplier credit of an organisation.

use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::call::{Call, Response, json as json_answer};
use crate::refusal::Refusal;
use crate::store::{AnyStore, Body, Collection, Order, Store, Unavailable, Window, Worth};

use super::assumptions::{FOREIGN_CLIENT, INVOICE_ORDER, UNKNOWN_STATUS_FILTER, UNKNOWN_SUPPLIER};
use super::directory::{self, Caller};
use super::paging;
use super::problem::{self, Problem};

/// The statuses of an invoice (list-invoices page).
pub(super) const STATUSES: [&str; 5] = ["Draft", "Sent", "Paid", "Void", "PartiallyPaid"];

pub(super) fn invoices_of(organisation: &str) -> Collection<'_> {
    collection("invoices", organisation)
}

pub(super) fn suppliers_of(organisation: &str) -> Collection<'_> {
    collection("suppliers", organisation)
}

/// The credit movements with all suppliers of an organisation, oldest first.
pub(super) fn credit_of(organisation: &str) -> Collection<'_> {
    collection("supplier credit", organisation)
}

/// A portal member of a Client.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Member<'u> {
    user_id: &'u str,
    email: &'u str,
    name: Option<&'u str>,
    role: &'u str,
}

/// The portal members of a Client, for callers that have access to it (list-client-members page).
pub(super) async fn members(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let client = call.path_param("clientId").to_ascii_lowercase();
    let has_access = match caller {
        Caller::Anybody => false,
        Caller::Key(key) => *key.tenant == client,
        Caller::User { user, .. } => user.role_in_client(&client).is_some(),
    };
    if !has_access {
        return Err(foreign_client(call));
    }
    let users = directory::users(call.store).await?;
    let members = users.iter().filter_map(|user| {
        Some(Member {
            user_id: &user.id,
            email: &user.email,
            name: user.name.as_deref(),
            role: user.role_in_client(&client)?,
        })
    });
    let members: Vec<_> = members.collect();
    Ok(json_answer(StatusCode::OK, &members))
}

/// The invoices of the organisation, filtered as the older list-invoices page describes.
pub(super) async fn invoices(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let organisation = directory::selected_organisation(call, caller).await?;
    let filter = Filter::of(call)?;
    let order = match call.assumed(&INVOICE_ORDER) {
        "oldest-first" => Order::OldestFirst,
        _ => Order::NewestFirst,
    };
    let listing = format!("invoices {organisation} {filter:?}");
    let page = paging::requested(call, &listing)?;
    let is_wanted = |invoice: &Body| filter.lets_through(invoice);
    let found = call
        .store
        .select(invoices_of(&organisation), page.window(order), is_wanted)
        .await?;
    let bodies = found.items.into_iter().map(Body::into_value);
    Ok(json_answer(StatusCode::OK, &page.of(call, bodies.collect())))
}

/// The credit left with a supplier, currency by currency.
pub(super) async fn credit(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let organisation = directory::selected_organisation(call, caller).await?;
    let movements = movements(call, &organisation, Window::ALL).await?;
    // Summed in hundredths, so that no dust of binary fractions is left over.
    let mut balances: Vec<(String, i64)> = Vec::new();
    for movement in &movements {
        let currency = movement["currency"].as_str().unwrap_or_default();
        let hundredths = movement["amount"].as_f64().unwrap_or_default() * 100.0;
        let amount = hundredths.round() as i64;
        match balances.iter_mut().find(|(known, _)| known == currency) {
            Some((_, available)) => *available += amount,
            None => balances.push((currency.to_owned(), amount)),
        }
    }
    let answer: Vec<Value> = balances
        .into_iter()
        .map(|(currency, available)| json!({ "currency": currency, "available": money(available) }))
        .collect();
    Ok(json_answer(StatusCode::OK, &answer))
}

/// The movements behind that credit, newest first.
pub(super) async fn ledger(call: &Call<'_>, caller: &Caller) -> Result<Response, Refusal> {
    let organisation = directory::selected_organisation(call, caller).await?;
    let listing = format!("ledger {organisation} {}", supplier(call));
    let page = paging::requested(call, &listing);
    let window = page
        .as_ref()
        .map_or(Window::ALL, |page| page.window(Order::NewestFirst));
    let movements = movements(call, &organisation, window).await?;
    Ok(json_answer(StatusCode::OK, &page?.of(call, movements)))
}

/// What an invoice has to be like to be listed.
#[derive(Debug)]
struct Filter {
    status: Option<String>,
    customer: Option<String>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Filter {
    fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let status = call.query("Status");
        let is_unknown = |status: &String| !STATUSES.contains(&status.as_str());
        if status.as_ref().is_some_and(is_unknown) && call.assumed(&UNKNOWN_STATUS_FILTER) == "400" {
            let detail = format!("Status must be one of {}", STATUSES.join(", "));
            return Err(problem::plain(StatusCode::BAD_REQUEST, &detail).refusing(call));
        }
        Ok(Self {
            status,
            customer: call.query("CustomerId").map(|id| id.to_ascii_lowercase()),
            from: instant(call, "IssueDateFrom")?,
            to: instant(call, "IssueDateTo")?,
        })
    }

    /// Both ends of the period are part of it. An invoice that was never issued lies in no period.
    fn lets_through(&self, invoice: &Value) -> bool {
        let is = |member: &str, wanted: &Option<String>| {
            wanted
                .as_ref()
                .is_none_or(|wanted| invoice[member] == wanted.as_str())
        };
        let issued = invoice["issueDate"]
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok());
        is("status", &self.status)
            && is("customerId", &self.customer)
            && self
                .from
                .is_none_or(|from| issued.is_some_and(|issued| issued >= from))
            && self.to.is_none_or(|to| issued.is_some_and(|issued| issued <= to))
    }
}

fn instant(call: &Call<'_>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    match call.query(name).map(|text| text.parse()) {
        None => Ok(None),
        Some(Ok(instant)) => Ok(Some(instant)),
        Some(Err(_)) => {
            let detail = format!("{name} is out of range");
            Err(problem::plain(StatusCode::BAD_REQUEST, &detail).refusing(call))
        }
    }
}

/// A part of the credit movements with the supplier in the path.
async fn movements(call: &Call<'_>, organisation: &str, window: Window) -> Result<Vec<Value>, Refusal> {
    let supplier = supplier(call);
    if !has_supplier(call.store, organisation, &supplier).await? {
        return match call.assumed(&UNKNOWN_SUPPLIER) {
            "empty" => Ok(Vec::new()),
            _ => Err(problem::plain(StatusCode::NOT_FOUND, "No such supplier").refusing(call)),
        };
    }
    let is_of_supplier = |movement: &Body| movement["supplierId"] == supplier.as_str();
    let found = call
        .store
        .select(credit_of(organisation), window, is_of_supplier)
        .await?;
    // Which supplier it is about stands in the path, not in an entry.
    let entries = found
        .items
        .into_iter()
        .map(|movement| match movement.into_value() {
            Value::Object(mut members) => {
                members.shift_remove("supplierId");
                Value::Object(members)
            }
            other => other,
        });
    Ok(entries.collect())
}

fn supplier(call: &Call<'_>) -> String {
    call.path_param("supplierId").to_ascii_lowercase()
}

async fn has_supplier(store: &AnyStore, organisation: &str, supplier: &str) -> Result<bool, Unavailable> {
    let found = store.document(suppliers_of(organisation), supplier).await?;
    Ok(found.is_some())
}

/// An amount in hundredths as the number that stands on the wire.
pub(super) fn money(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

fn foreign_client(call: &Call<'_>) -> Refusal {
    let status = problem::status(call.assumed(&FOREIGN_CLIENT));
    Problem {
        status,
        code: (status == StatusCode::FORBIDDEN).then_some("Member.Forbidden"),
        detail: "The caller has no access to such a Client",
    }
    .refusing(call)
}

fn collection<'a>(name: &'static str, organisation: &'a str) -> Collection<'a> {
    Collection {
        name,
        tenant: organisation,
        keep: 10_000,
        worth: Worth::Record,
    }
}
