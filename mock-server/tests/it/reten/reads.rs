//! Commerces and activities in pages and by filter, and the kinds of result.

use serde_json::{Value, json};

use super::{ACTIVITIES, COMMERCES, RESULT_TYPES, judge, key_with};
use crate::judge::Judge;

async fn read(judge: &Judge, path: &str, query: &str) -> Value {
    judge
        .get(&format!("{path}?{query}"))
        .by_admin(judge)
        .send()
        .await
        .expect(200)
        .json()
}

fn entries(body: &Value) -> &Vec<Value> {
    body["data"].as_array().unwrap()
}

#[tokio::test]
async fn lists_come_in_pages() {
    let judge = judge().await;
    for path in [COMMERCES, ACTIVITIES] {
        let first = read(&judge, path, "").await;
        assert_eq!(entries(&first).len(), 25);
        assert_eq!(
            first["meta"],
            json!({ "page": 1, "limit": 25, "total": 30, "totalPages": 2 })
        );
        let second = read(&judge, path, "page=2").await;
        assert_eq!(entries(&second).len(), 5);
        assert!(
            entries(&first)
                .iter()
                .all(|entry| !entries(&second).contains(entry))
        );
        for size in ["per_page=10", "limit=10", "per_page=10&limit=3"] {
            let page = read(&judge, path, &format!("page=3&{size}")).await;
            assert_eq!(
                page["meta"],
                json!({ "page": 3, "limit": 10, "total": 30, "totalPages": 3 })
            );
            assert_eq!(entries(&page)[5..], entries(&second)[..]);
        }
        assert_eq!(entries(&read(&judge, path, "page=99").await).len(), 0);
        let last = read(&judge, path, "page=4294967295").await;
        assert_eq!(
            (entries(&last).len(), &last["meta"]["page"]),
            (0, &json!(u32::MAX))
        );
        for query in [
            "page=0",
            "page=-1",
            "page=x",
            "page=1.5",
            "page=18446744073709551616",
            "per_page=0",
            "per_page=101",
            "per_page=x",
            "limit=0",
        ] {
            let refused = judge
                .get(&format!("{path}?{query}"))
                .by_admin(&judge)
                .send()
                .await;
            assert_eq!(refused.status(), 400, "{path}?{query}");
        }
    }
}

#[tokio::test]
async fn commerces_are_found_by_what_they_are() {
    let judge = judge().await;
    let ids = async |query: &str| {
        let body = read(&judge, COMMERCES, &format!("per_page=100&{query}")).await;
        assert!(!body.to_string().contains("globalExternalId"));
        entries(&body)
            .iter()
            .map(|entry| entry["externalId"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("search=MAIN%20street").await, [json!("store-001")]);
    assert_eq!(ids("search=store-012").await, [json!("store-012")]);
    assert_eq!(ids("external_id=store-002").await, [json!("store-002")]);
    assert_eq!(ids("external_id=store-00").await, Vec::<Value>::new());
    assert_eq!(ids("global_external_id=global-003").await, [json!("store-003")]);
    assert_eq!(
        ids("is_placeholder=true").await,
        [json!(null), json!(null), json!(null)]
    );
    assert_eq!(
        ids("is_active=false").await.len() + ids("is_active=true").await.len(),
        30
    );
    assert_eq!(ids("is_active=false&is_placeholder=true").await.len(), 1);
    judge
        .get(&format!("{COMMERCES}?is_active=maybe"))
        .by_admin(&judge)
        .send()
        .await
        .expect(400);
}

#[tokio::test]
async fn activities_are_found_by_what_they_are() {
    let judge = judge().await;
    let found =
        async |query: &str| read(&judge, ACTIVITIES, &format!("per_page=100&{query}")).await["data"].clone();
    for (parameter, member, values) in [
        (
            "status",
            "status",
            &[
                "READY",
                "UNRESOLVED",
                "DISPATCHED",
                "COMPLETED",
                "CANCELED",
                "FAILED",
            ][..],
        ),
        ("type", "type", &["TASK", "MESSAGE"]),
        (
            "channel",
            "channel",
            &["SALESMAN", "CALLCENTER", "WHATSAPP", "EMAIL", "SMS", "PUSH"],
        ),
    ] {
        let mut total = 0;
        for value in values {
            let found = found(&format!("{parameter}={value}")).await;
            let found = found.as_array().unwrap();
            assert!(
                !found.is_empty() && found.iter().all(|entry| entry[member] == *value),
                "{parameter}={value}"
            );
            total += found.len();
        }
        assert_eq!(total, 30, "{parameter}");
        judge
            .get(&format!("{ACTIVITIES}?{parameter}=NONE"))
            .by_admin(&judge)
            .send()
            .await
            .expect(400);
    }
    let commerce = read(&judge, COMMERCES, "search=main").await["data"][0].clone();
    let of_commerce = found(&format!("commerce_id={}", commerce["id"].as_str().unwrap())).await;
    assert_eq!(
        of_commerce[0]["commerceAssignment"]["commerce"]["name"],
        commerce["name"]
    );
    assert_eq!(found("search=main").await, of_commerce);
    let at = of_commerce[0]["scheduledAt"].as_str().unwrap();
    assert_eq!(
        found(&format!("scheduled_from={at}&scheduled_to={at}")).await,
        of_commerce
    );
    assert_eq!(found(&format!("scheduled_to={at}")).await, of_commerce);
    assert_eq!(
        found(&format!("scheduled_from={at}"))
            .await
            .as_array()
            .unwrap()
            .len(),
        30
    );
    for query in ["commerce_id=1", "scheduled_from=yesterday"] {
        judge
            .get(&format!("{ACTIVITIES}?{query}"))
            .by_admin(&judge)
            .send()
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn each_tenant_reads_its_own() {
    let judge = judge().await;
    let here = read(&judge, COMMERCES, "per_page=100").await;
    let there = judge
        .get(COMMERCES)
        .by_other(&judge)
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!((entries(&here).len(), entries(&there).len()), (30, 2));
    assert!(
        entries(&here)
            .iter()
            .all(|entry| entries(&there).iter().all(|other| other["id"] != entry["id"]))
    );
}

#[tokio::test]
async fn the_kinds_of_result_are_those_of_the_page() {
    let judge = judge().await;
    let (key, _) = key_with(&judge, &["view_activities"]).await;
    let types = judge.get(RESULT_TYPES).with(&key).send().await.expect(200).json();
    assert_eq!(
        types[2],
        json!({ "code": "RESCHEDULE", "label": "Reprogramar visita", "requiresFutureScheduledAt": true })
    );
}
