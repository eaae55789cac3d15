//! Who and what is there at the start.
//!
//! | Client | id | organisations |
//! |---|---|---|
//! | Fjord | `c11e0000-0000-4000-8000-000000000001` | Fjord Bakery `…0001`, Fjord Cycles `…0002` |
//! | Sandbar | `c11e0000-0000-4000-8000-000000000002` | Sandbar Books `…0003` |
//!
//! Organisations have ids in `09a00000-0000-4000-8000-…`, users in `05e40000-0000-4000-8000-…`, suppliers in
//! `50990000-0000-4000-8000-…`.
//!
//! | user | id | in Fjord | in Sandbar | organisations |
//! |---|---|---|---|---|
//! | Mia | `…0001` | Member | | Fjord Bakery |
//! | Ada | `…0002` | Admin | | Fjord Bakery, Fjord Cycles |
//! | Olle | `…0003` | Member | Owner | Fjord Bakery, Sandbar Books |
//! | Eve | `…0004` | | | Fjord Cycles |
//! | Sam | `…0005` | | Member | Sandbar Books |
//!
//! Fjord Bakery has the suppliers `…0001` (credit in two currencies) and `…0002` (none); Sandbar Books has `…0003`.

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Map, Value, json};

use crate::dialect::Seeded;
use crate::entropy::bootstrap_hex;
use crate::store::{AnyStore, Collection, Kind, NewCredential, Seal, Store, Unavailable};

use super::directory::{self, Client, Membership, Organisation, User};
use super::{keys, records, sign_in};

pub(super) const FJORD: &str = "c11e0000-0000-4000-8000-000000000001";
pub(super) const SANDBAR: &str = "c11e0000-0000-4000-8000-000000000002";
const BAKERY: &str = "09a00000-0000-4000-8000-000000000001";
const CYCLES: &str = "09a00000-0000-4000-8000-000000000002";
const BOOKS: &str = "09a00000-0000-4000-8000-000000000003";
const MIA: &str = "05e40000-0000-4000-8000-000000000001";
const ADA: &str = "05e40000-0000-4000-8000-000000000002";
const OLLE: &str = "05e40000-0000-4000-8000-000000000003";
const EVE: &str = "05e40000-0000-4000-8000-000000000004";
const SAM: &str = "05e40000-0000-4000-8000-000000000005";
const CREDITED: &str = "50990000-0000-4000-8000-000000000001";
const UNCREDITED: &str = "50990000-0000-4000-8000-000000000002";
const FOREIGN: &str = "50990000-0000-4000-8000-000000000003";

/// The day of the oldest record.
const FIRST_DAY: &str = "2026-01-05T09:00:00Z";

pub(super) async fn seed(store: &AnyStore, now: Timestamp) -> Result<Seeded, Unavailable> {
    seed_directory(store).await?;
    seed_invoices(store, BAKERY, ADA, 24).await?;
    seed_invoices(store, CYCLES, ADA, 3).await?;
    seed_invoices(store, BOOKS, OLLE, 2).await?;
    seed_credit(store).await?;
    Ok(Seeded {
        tenant: FJORD,
        other_tenant: SANDBAR,
        other_host: None,
        admin: seed_key(store, now, FJORD, "admin").await?,
        limited: seed_session(store, now).await?,
        other: seed_key(store, now, SANDBAR, "other").await?,
    })
}

async fn seed_directory(store: &AnyStore) -> Result<(), Unavailable> {
    for (id, name) in [(FJORD, "Fjord"), (SANDBAR, "Sandbar")] {
        let client = Client {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: "Live".to_owned(),
        };
        put(store, directory::CLIENTS, id, directory::kept(&client)).await?;
    }
    let organisations = [
        (BAKERY, "Fjord Bakery", FJORD),
        (CYCLES, "Fjord Cycles", FJORD),
        (BOOKS, "Sandbar Books", SANDBAR),
    ];
    for (id, name, client) in organisations {
        let organisation = Organisation {
            id: id.to_owned(),
            name: name.to_owned(),
            client_id: client.to_owned(),
        };
        put(
            store,
            directory::ORGANISATIONS,
            id,
            directory::kept(&organisation),
        )
        .await?;
    }
    for user in users() {
        put(store, directory::USERS, &user.id, directory::kept(&user)).await?;
    }
    for (organisation, supplier, name) in [
        (BAKERY, CREDITED, "Mill & Sons"),
        (BAKERY, UNCREDITED, "Oven Works"),
        (BOOKS, FOREIGN, "Paper Trail"),
    ] {
        put(
            store,
            records::suppliers_of(organisation),
            supplier,
            json!({ "name": name }),
        )
        .await?;
    }
    Ok(())
}

fn users() -> [User; 5] {
    let user = |id: &str, name: &str, clients: &[(&str, &str)], organisations: &[(&str, &str)]| User {
        id: id.to_owned(),
        email: format!("{}@example.com", name.to_ascii_lowercase()),
        name: Some(name.to_owned()),
        clients: memberships(clients),
        organisations: memberships(organisations),
    };
    [
        user(MIA, "Mia", &[(FJORD, "Member")], &[(BAKERY, "Member")]),
        user(
            ADA,
            "Ada",
            &[(FJORD, "Admin")],
            &[(BAKERY, "Owner"), (CYCLES, "Owner")],
        ),
        user(
            OLLE,
            "Olle",
            &[(FJORD, "Member"), (SANDBAR, "Owner")],
            &[(BAKERY, "Member"), (BOOKS, "Owner")],
        ),
        User {
            name: None,
            ..user(EVE, "Eve", &[], &[(CYCLES, "Member")])
        },
        user(SAM, "Sam", &[(SANDBAR, "Member")], &[(BOOKS, "Member")]),
    ]
}

fn memberships(of: &[(&str, &str)]) -> Vec<Membership> {
    of.iter()
        .map(|(id, role)| Membership {
            id: (*id).to_owned(),
            role: (*role).to_owned(),
        })
        .collect()
}

/// Invoices day by day, every status in turn.
async fn seed_invoices(
    store: &AnyStore,
    organisation: &str,
    author: &str,
    count: usize,
) -> Result<(), Unavailable> {
    let group = organisation.chars().last().unwrap_or('0');
    for number in 0..count {
        let status = records::STATUSES[number % records::STATUSES.len()];
        let id = format!("14f00000-0000-4000-800{group}-{:012}", number + 1);
        let body = invoice(&id, organisation, author, number, status);
        put(store, records::invoices_of(organisation), &id, body).await?;
    }
    Ok(())
}

fn invoice(id: &str, organisation: &str, author: &str, number: usize, status: &str) -> Value {
    let issued = day(number);
    let is_draft = status == "Draft";
    let net = 10_000 + 250 * i64::try_from(number).unwrap_or_default();
    let tax = net / 5;
    let total = net + tax;
    let paid = match status {
        "Paid" => total,
        "PartiallyPaid" => total / 2,
        _ => 0,
    };
    let customer = format!("c5700000-0000-4000-8000-{:012}", number % 3 + 1);
    json!({
        "id": id,
        "organisationId": organisation,
        "customerId": customer,
        "documentNumber": (!is_draft).then(|| format!("INV-{:04}", number + 1)),
        "issueDate": (!is_draft).then_some(&issued),
        "dueDate": (!is_draft).then(|| day(number + 30)),
        "status": status,
        "currency": "EUR",
        "subTotal": records::money(net),
        "taxAmount": records::money(tax),
        "totalAmount": records::money(total),
        "amountPaid": records::money(paid),
        "amountCredited": 0,
        "outstanding": records::money(if matches!(status, "Draft" | "Void") { 0 } else { total - paid }),
        "recurringScheduleId": null,
        "recurringOccurrenceNumber": null,
        "memo": null,
        "createdAt": issued,
        "createdBy": author,
        "updatedAt": issued,
        "updatedBy": author,
        "paymentUrl": null,
        "customer": {
            "id": customer,
            "organisationId": organisation,
            "name": format!("Customer {}", number % 3 + 1),
            "email": null,
            "country": "NO",
            "createdAt": day(0),
            "updatedAt": day(0),
        },
        "lineItems": [{
            "id": format!("11e00000-0000-4000-8000-{:012}", number + 1),
            "productId": null,
            "productName": null,
            "description": "Delivery",
            "quantity": 1,
            "unitPrice": records::money(net),
            "taxRateId": null,
            "taxRateSnapshot": null,
            "taxAmount": records::money(tax),
            "subTotal": records::money(net),
        }],
    })
}

/// Two credit notes in euros, one in pounds, and an application of the first to a bill.
async fn seed_credit(store: &AnyStore) -> Result<(), Unavailable> {
    let movements = [
        ("EUR", 12_050, 1, None),
        ("GBP", 4_000, 2, None),
        ("EUR", -5_025, 1, Some(1)),
        ("EUR", 990, 3, None),
    ];
    for (number, (currency, amount, note, bill)) in movements.into_iter().enumerate() {
        let body = json!({
            "supplierId": CREDITED,
            "currency": currency,
            "supplierCreditNoteId": format!("5c400000-0000-4000-8000-{note:012}"),
            "billId": bill.map(|bill| format!("b1110000-0000-4000-8000-{bill:012}")),
            "applicationId": bill.map(|bill| format!("a9900000-0000-4000-8000-{bill:012}")),
            "reference": format!("CN-{note:04}"),
            "amount": records::money(amount),
            "occurredAt": day(number),
        });
        store
            .append(records::credit_of(BAKERY), None, body.into())
            .await?;
    }
    Ok(())
}

async fn seed_key(
    store: &AnyStore,
    now: Timestamp,
    client: &str,
    principal: &str,
) -> Result<String, Unavailable> {
    let secret = format!("{}{}", keys::KEY_MARK, bootstrap_hex("dolfin", principal, 32));
    let number = if client == FJORD { 1 } else { 2 };
    let key = NewCredential {
        id: Some(format!("4e700000-0000-4000-8000-{number:012}")),
        prefix: keys::prefix(&secret).to_owned(),
        ..bootstrap(Kind::ApiKey, &secret, client, client, now)
    };
    store.issue(key).await?;
    Ok(format!("key:{secret}"))
}

/// Mia's session.
async fn seed_session(store: &AnyStore, now: Timestamp) -> Result<String, Unavailable> {
    let [mia, ..] = users();
    let secret = sign_in::token(&mia, json!({}), bootstrap_hex("dolfin", "limited", 32).as_bytes());
    store
        .issue(bootstrap(Kind::Session, &secret, FJORD, MIA, now))
        .await?;
    Ok(format!("bearer:{secret}"))
}

/// A ready-made credential: it does not expire.
fn bootstrap(kind: Kind, secret: &str, client: &str, owner: &str, now: Timestamp) -> NewCredential {
    NewCredential {
        id: None,
        kind,
        seal: Seal::of(secret),
        tenant: client.into(),
        owner: owner.into(),
        name: "Ready made".to_owned(),
        prefix: String::new(),
        grants: Vec::new(),
        created_at: now,
        expires_at: None,
        details: Map::new(),
    }
}

async fn put(store: &AnyStore, into: Collection<'_>, id: &str, body: Value) -> Result<(), Unavailable> {
    store.append(into, Some(id.to_owned()), body.into()).await?;
    Ok(())
}

/// A day's morning, counted from the first.
fn day(number: usize) -> String {
    let days = i64::try_from(number).unwrap_or_default();
    let first: Timestamp = FIRST_DAY.parse().unwrap_or_default();
    first
        .checked_add((days * 24).hours())
        .unwrap_or(first)
        .to_string()
}
