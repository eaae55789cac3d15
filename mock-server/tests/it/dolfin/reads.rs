//! Members, invoices and supplier credit.

use keyway_mock::Vendor;
use serde_json::{Value, json};

use super::{
    BAKERY, BOOKS, CREDITED, CYCLES, MIA, NOBODY, OLLE, SANDBAR, UNCREDITED, of, sign_in, text, use_key,
};
use crate::judge::Judge;

async fn invoices(judge: &Judge, query: &str) -> Value {
    let ask = of(judge.get(&format!("/invoices{query}")), BAKERY).with(judge.admin());
    ask.send().await.expect(200).json()
}

fn ids(page: &Value) -> Vec<String> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|invoice| text(&invoice["id"]))
        .collect()
}

#[tokio::test]
async fn members_are_shown_to_those_with_access_to_the_client() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let members = use_key(&judge, judge.admin()).send().await.expect(200).json();
    assert_eq!(members.as_array().unwrap().len(), 3);
    assert_eq!(
        members[0],
        json!({ "userId": MIA, "email": "mia@example.com", "name": "Mia", "role": "Member" })
    );
    use_key(&judge, judge.limited()).send().await.expect(200);
    let olle = sign_in(&judge, judge.admin(), OLLE).await;
    let sandbar = format!("/clients/{SANDBAR}/members");
    judge.get(&sandbar).with(&olle).send().await.expect(200);
    for (path, credential) in [
        (sandbar, judge.limited()),
        (format!("/clients/{NOBODY}/members"), judge.admin()),
    ] {
        let refused = judge.get(&path).with(credential).send().await.expect(403).json();
        assert_eq!(refused["title"], "Member.Forbidden");
    }
    judge
        .get("/clients/nonsense/members")
        .with(judge.admin())
        .send()
        .await
        .expect(404);
    use_key(&judge, judge.other()).send().await.expect(403);
}

#[tokio::test]
async fn the_organisation_has_to_be_named_and_be_the_callers() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let ask = || judge.get("/invoices").with(judge.admin());
    ask().send().await.expect(400);
    of(ask(), "nonsense").send().await.expect(400);
    of(of(ask(), BAKERY), CYCLES).send().await.expect(400);
    of(ask(), BOOKS).send().await.expect(404);
    of(ask(), NOBODY).send().await.expect(404);
    of(ask(), &CYCLES.to_uppercase()).send().await.expect(200);
    let mia = || judge.get("/invoices").with(judge.limited());
    of(mia(), BAKERY).send().await.expect(200);
    // Of the same Client, but not one of hers.
    of(mia(), CYCLES).send().await.expect(404);
}

#[tokio::test]
async fn paging_visits_every_invoice_once_and_leads_back() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let mut seen = Vec::new();
    let mut query = "?Limit=7".to_owned();
    loop {
        let page = invoices(&judge, &query).await;
        seen.extend(ids(&page));
        let cursors = &page["meta"]["cursors"];
        assert!(cursors["current"].is_string());
        match cursors["next"].as_str() {
            Some(next) => query = format!("?Limit=7&Cursor={next}"),
            None => {
                let previous =
                    invoices(&judge, &format!("?Limit=7&Cursor={}", text(&cursors["previous"]))).await;
                assert_eq!(ids(&previous), seen[14..21]);
                break;
            }
        }
    }
    assert_eq!(seen, ids(&invoices(&judge, "?Limit=100").await));
    assert_eq!(seen.len(), 24);
    let first = invoices(&judge, "").await;
    assert_eq!(ids(&first), seen[..20]);
    assert!(first["meta"]["cursors"]["previous"].is_null());
}

#[tokio::test]
async fn a_cursor_of_another_list_and_a_limit_out_of_range_are_refused() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let next = text(&invoices(&judge, "?Limit=2").await["meta"]["cursors"]["next"]);
    let huge = "9".repeat(30);
    for query in [
        format!("?Cursor={next}&Status=Paid"),
        "?Cursor=".to_owned(),
        "?Cursor=5-0000000000000000".to_owned(),
        "?Limit=0".to_owned(),
        "?Limit=-1".to_owned(),
        "?Limit=2147483648".to_owned(),
        format!("?Limit={huge}"),
        format!("?Limit=-{huge}"),
        "?Limit=abc".to_owned(),
        "?Limit=1.5".to_owned(),
        "?Limit=07".to_owned(),
        "?Limit=".to_owned(),
    ] {
        let ask = of(judge.get(&format!("/invoices{query}")), BAKERY).with(judge.admin());
        let refused = ask.send().await.expect(400);
        assert_eq!(
            refused.header("content-type"),
            "application/problem+json",
            "{query}"
        );
    }
    let elsewhere = of(judge.get(&format!("/invoices?Cursor={next}")), CYCLES).with(judge.admin());
    elsewhere.send().await.expect(400);
    assert_eq!(ids(&invoices(&judge, "?Limit=2147483647").await).len(), 24);
}

#[tokio::test]
async fn invoices_are_filtered_by_status_customer_and_day() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let paid = invoices(&judge, "?Status=Paid").await;
    assert_eq!(ids(&paid).len(), 5);
    for invoice in paid["data"].as_array().unwrap() {
        assert_eq!(invoice["status"], "Paid");
        assert_eq!(invoice["amountPaid"], invoice["totalAmount"]);
        assert_eq!(invoice["outstanding"], 0.0);
    }
    let customer = "c5700000-0000-4000-8000-000000000002";
    assert_eq!(
        ids(&invoices(&judge, &format!("?CustomerId={customer}")).await).len(),
        8
    );
    // The same instant with an offset; both ends are part of the period.
    let days = "?IssueDateFrom=2026-01-06T10:00:00%2B01:00&IssueDateTo=2026-01-08T09:00:00Z";
    assert_eq!(ids(&invoices(&judge, days).await).len(), 3);
    for query in [
        "?Status=paid",
        "?CustomerId=nonsense",
        "?IssueDateFrom=yesterday",
        "?IssueDateTo=2026-01-06",
    ] {
        let ask = of(judge.get(&format!("/invoices{query}")), BAKERY).with(judge.admin());
        ask.send().await.expect(400);
    }
}

#[tokio::test]
async fn supplier_credit_is_the_sum_of_its_ledger() {
    let judge = Judge::of(Vendor::Dolfin).await;
    let ask = |path: String| of(judge.get(&path), BAKERY).with(judge.admin()).send();
    let balance = ask(format!("/suppliers/{CREDITED}/credit"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        balance,
        json!([{ "currency": "EUR", "available": 80.15 }, { "currency": "GBP", "available": 40.0 }])
    );
    let ledger = ask(format!("/suppliers/{CREDITED}/credit/ledger"))
        .await
        .expect(200)
        .json();
    let entries = ledger["data"].as_array().unwrap();
    assert_eq!(entries.len(), 4);
    let sum: f64 = entries
        .iter()
        .filter(|one| one["currency"] == "EUR")
        .map(|one| one["amount"].as_f64().unwrap())
        .sum();
    assert!((sum - 80.15).abs() < 1e-9);
    // Newest first, and only an application names a bill.
    assert!(text(&entries[0]["occurredAt"]) > text(&entries[3]["occurredAt"]));
    let bills: Vec<_> = entries.iter().map(|one| one["billId"].is_string()).collect();
    assert_eq!(bills, [false, true, false, false]);
    let page = ask(format!("/suppliers/{CREDITED}/credit/ledger?Limit=3"))
        .await
        .expect(200)
        .json();
    let next = text(&page["meta"]["cursors"]["next"]);
    let rest = ask(format!(
        "/suppliers/{CREDITED}/credit/ledger?Limit=3&Cursor={next}"
    ))
    .await
    .expect(200)
    .json();
    assert_eq!(rest["data"], json!([entries[3]]));
    assert_eq!(
        ask(format!("/suppliers/{UNCREDITED}/credit"))
            .await
            .expect(200)
            .json(),
        json!([])
    );
}

#[tokio::test]
async fn a_supplier_of_another_organisation_is_not_there() {
    let judge = Judge::of(Vendor::Dolfin).await;
    for path in ["credit", "credit/ledger"] {
        for supplier in [NOBODY, "50990000-0000-4000-8000-000000000003", "nonsense", "%00"] {
            let ask = of(judge.get(&format!("/suppliers/{supplier}/{path}")), BAKERY).with(judge.admin());
            ask.send().await.expect(404);
        }
        judge
            .get(&format!("/suppliers/{CREDITED}/{path}"))
            .with(judge.admin())
            .send()
            .await
            .expect(400);
        of(judge.get(&format!("/suppliers/{CREDITED}/{path}")), BAKERY)
            .send()
            .await
            .expect(401);
    }
    let foreign = of(judge.get(&format!("/suppliers/{CREDITED}/credit")), BAKERY).with(judge.other());
    foreign.send().await.expect(404);
}
