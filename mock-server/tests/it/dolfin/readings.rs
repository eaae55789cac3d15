//! Every assumption can be switched, and each of its choices gives an answer of its own.

use std::collections::BTreeSet;
use std::time::Duration;

use keyway_mock::{Assumptions, Vendor};
use serde_json::json;

use super::{
    ADA, BAKERY, BOOKS, CREDITED, NOBODY, OLLE, SANDBAR, exchange, new_code, new_key, of, revoke, sign_in,
    text, use_key,
};
use crate::judge::{Answer, Judge};

#[tokio::test]
async fn every_choice_of_every_assumption_gives_an_answer_of_its_own() {
    for assumption in Assumptions::all().filter(|one| one.name.starts_with("dolfin.")) {
        let mut answers = BTreeSet::new();
        for choice in assumption.choices {
            let setting = format!("{}={choice}", assumption.name);
            let judge = Judge::assuming(Vendor::Dolfin, &[&setting]).await;
            let answer = probe(&judge, assumption.name).await;
            assert!(
                answers.insert(answer.clone()),
                "{setting} changes nothing: {answer}"
            );
        }
    }
}

/// What a question that hangs on the assumption is answered.
async fn probe(judge: &Judge, assumption: &str) -> String {
    let admin = judge.admin().to_owned();
    let invoices = |query: &str| of(judge.get(&format!("/invoices{query}")), BAKERY).with(&admin);
    match assumption {
        "dolfin.bad-key-status" => seen(&use_key(judge, "key:nobody").send().await),
        "dolfin.order-of-checks" => {
            let ask = || judge.post("/api-keys").json(&json!({ "name": 5 }));
            let nobody = ask().status().await;
            format!("{nobody} {}", ask().with(judge.limited()).status().await)
        }
        "dolfin.wrong-credential-kind" => {
            let key = judge.get("/me").with(&admin).status().await;
            let session = judge.post("/auth/codes").with(judge.limited()).json(&json!({}));
            format!("{key} {}", session.status().await)
        }
        "dolfin.both-credentials" => {
            let (_, revoked) = dead_key(judge).await;
            let first = use_key(judge, &revoked).with(judge.limited()).send().await;
            let second = use_key(judge, &admin).with("bearer:nobody").send().await;
            format!("{} {}", first.status(), second.status())
        }
        "dolfin.error-code-member" => {
            let past = json!({ "expiresAt": "2001-01-01T00:00:00Z" });
            judge
                .post("/api-keys")
                .with(&admin)
                .json(&past)
                .send()
                .await
                .expect(400)
                .text()
        }
        "dolfin.api-key-may-manage-keys" => {
            seen(&judge.post("/api-keys").with(&admin).json(&json!({})).send().await)
        }
        "dolfin.active-client" => {
            let olle = sign_in(judge, &admin, OLLE).await;
            let ask = of(judge.post("/api-keys"), BOOKS).with(&olle).json(&json!({}));
            ask.send().await.status().to_string()
        }
        "dolfin.organisation-header-on-keys" => {
            let named = of(judge.post("/api-keys"), BAKERY).with(&admin).json(&json!({}));
            named.send().await.expect(201);
            judge
                .post("/api-keys")
                .with(&admin)
                .json(&json!({}))
                .status()
                .await
                .to_string()
        }
        "dolfin.far-expiry" => {
            let far = json!({ "name": "x", "expiresAt": "9999-12-31T23:59:59Z" });
            seen(&judge.post("/api-keys").with(&admin).json(&far).send().await)
        }
        "dolfin.second-revoke" => {
            let (id, _) = dead_key(judge).await;
            seen(&revoke(judge, &admin, &id).await)
        }
        "dolfin.unknown-id" => seen(&revoke(judge, &admin, NOBODY).await),
        "dolfin.foreign-id" => {
            let (id, key) = new_key(judge, &admin).await;
            let answer = revoke(judge, judge.other(), &id).await;
            use_key(judge, &key).send().await.expect(200);
            seen(&answer)
        }
        "dolfin.self-revoke" => {
            let (id, key) = new_key(judge, &admin).await;
            seen(&revoke(judge, &key, &id).await)
        }
        "dolfin.malformed-id" => seen(&revoke(judge, &admin, "nonsense").await),
        "dolfin.missing-organisation-header" => seen(&judge.get("/invoices").with(&admin).send().await),
        "dolfin.malformed-organisation-header" => {
            let twice = of(invoices(""), BAKERY).send().await;
            let bad = of(judge.get("/invoices").with(&admin), "nonsense").send().await;
            assert_eq!(twice.status(), bad.status());
            seen(&bad)
        }
        "dolfin.foreign-organisation" => seen(&of(judge.get("/invoices").with(&admin), BOOKS).send().await),
        "dolfin.unknown-supplier" => seen(
            &of(judge.get(&format!("/suppliers/{NOBODY}/credit")), BAKERY)
                .with(&admin)
                .send()
                .await,
        ),
        "dolfin.foreign-client" => seen(
            &judge
                .get(&format!("/clients/{SANDBAR}/members"))
                .with(&admin)
                .send()
                .await,
        ),
        "dolfin.unknown-user" => {
            let ask = judge
                .post("/auth/codes")
                .with(&admin)
                .json(&json!({ "userId": NOBODY }));
            seen(&ask.send().await)
        }
        "dolfin.auth-code-without-user" => judge
            .post("/auth/codes")
            .with(&admin)
            .json(&json!({}))
            .status()
            .await
            .to_string(),
        "dolfin.auth-code-lifetime" => {
            let code = new_code(judge, &admin, ADA).await;
            judge.server.clock().advance(Duration::from_secs(90));
            exchange(judge, &code).await.status().to_string()
        }
        "dolfin.bad-auth-code" => seen(&exchange(judge, "nonsense").await),
        "dolfin.page-shape" => {
            let page = invoices("?Limit=2").send().await.expect(200).json();
            page.as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
                .join(" ")
        }
        "dolfin.bad-cursor" => invoices("?Cursor=forged").status().await.to_string(),
        "dolfin.limit-out-of-range" => seen(&invoices("?Limit=0").send().await),
        "dolfin.invoice-order" => {
            text(&invoices("?Status=Paid").send().await.expect(200).json()["data"][0]["issueDate"])
        }
        "dolfin.unknown-status-filter" => invoices("?Status=Lost").status().await.to_string(),
        other => panic!("no question hangs on {other}"),
    }
}

async fn dead_key(judge: &Judge) -> (String, String) {
    let (id, key) = new_key(judge, judge.admin()).await;
    revoke(judge, judge.admin(), &id).await.expect(204);
    (id, key)
}

fn seen(answer: &Answer) -> String {
    format!("{} {}", answer.status(), answer.json()["title"])
}

#[tokio::test]
async fn the_older_page_shape_pages_on_too() {
    let judge = Judge::assuming(Vendor::Dolfin, &["dolfin.page-shape=next-cursor"]).await;
    let ask = |query: String| {
        of(judge.get(&format!("/invoices{query}")), BAKERY)
            .with(judge.admin())
            .send()
    };
    let first = ask("?Limit=20".to_owned()).await.expect(200).json();
    assert_eq!(first["hasMore"], true);
    let last = ask(format!("?Limit=20&Cursor={}", text(&first["nextCursor"])))
        .await
        .expect(200)
        .json();
    assert_eq!(last["hasMore"], false);
    assert!(last["nextCursor"].is_null());
    assert_eq!(last["data"].as_array().unwrap().len(), 4);
}

/// The judge fails an answer whose status the contract does not declare.
#[tokio::test]
async fn another_reading_is_declared_by_every_operation_that_answers_with_it() {
    let strict = Judge::assuming(
        Vendor::Dolfin,
        &[
            "dolfin.malformed-id=400",
            "dolfin.organisation-header-on-keys=required",
        ],
    )
    .await;
    let admin = strict.admin();
    let members = strict.get("/clients/nonsense/members").with(admin);
    members.send().await.expect(400);
    let malformed = of(strict.post("/api-keys/nonsense/revoke"), BAKERY).with(admin);
    malformed.send().await.expect(400);
    revoke(&strict, admin, NOBODY).await.expect(400);
    let foreign = of(strict.post("/api-keys"), BOOKS).with(admin).json(&json!({}));
    foreign.send().await.expect(404);

    let open = Judge::assuming(
        Vendor::Dolfin,
        &["dolfin.bad-key-status=403", "dolfin.foreign-organisation=403"],
    )
    .await;
    let credit = format!("/suppliers/{CREDITED}/credit");
    let ledger = format!("{credit}/ledger");
    for path in ["/me", "/invoices", &credit, &ledger] {
        of(open.get(path), BAKERY)
            .with("key:nobody")
            .send()
            .await
            .expect(403);
    }
    for path in ["/invoices", &credit, &ledger] {
        of(open.get(path), BOOKS)
            .with(open.admin())
            .send()
            .await
            .expect(403);
    }
    let codes = open.post("/auth/codes").with("key:nobody").json(&json!({}));
    codes.send().await.expect(403);
}

#[tokio::test]
async fn the_status_of_a_bad_code_is_not_that_of_a_bad_key() {
    for (setting, status) in [
        ("dolfin.bad-auth-code=401", 401),
        ("dolfin.bad-auth-code=400", 400),
    ] {
        let judge = Judge::assuming(Vendor::Dolfin, &[setting, "dolfin.bad-key-status=403"]).await;
        exchange(&judge, "nonsense").await.expect(status);
    }
}
