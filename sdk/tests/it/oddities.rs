//! Answers that are not as documented, and what is made of them all the same: a key that is shown once is handed over, and a
//! success counts as one unless it says otherwise.

use keyway::{
    Delivery, ErrorKind, Unreadable, Vendor,
    keys::{ApiKeys, KeyId, KeyState, Revocation, VendorRecord, Verification},
};
use serde_json::{Value, json};

use crate::{
    canned::{Canned, answer},
    clients::{self, ISSUED},
    played::plain_key,
};

const JSON: (&str, &str) = ("content-type", "application/json");

fn keys(vendor: Vendor, server: &Canned) -> Box<dyn ApiKeys> {
    match vendor {
        Vendor::Sinjapp => Box::new(clients::sinjapp(server)),
        Vendor::Reten => Box::new(clients::reten(server)),
        Vendor::Dolfin => Box::new(clients::dolfin(server)),
        _ => Box::new(clients::b3os(server)),
    }
}

fn created(vendor: Vendor) -> String {
    match vendor {
        Vendor::Sinjapp => clients::created::sinjapp(),
        Vendor::Reten => clients::created::reten(),
        Vendor::Dolfin => clients::created::dolfin(),
        _ => clients::created::b3os(),
    }
}

fn documented_status(vendor: Vendor) -> u16 {
    match vendor {
        Vendor::B3os => 200,
        _ => 201,
    }
}

/// The places of all members, the secret's not among them.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    for (name, below) in value.as_object().into_iter().flatten() {
        let pointer = format!("{at}/{name}");
        members(below, &pointer, found);
        if !below.to_string().contains(ISSUED) {
            found.push(pointer);
        }
    }
}

#[tokio::test]
async fn no_member_beside_it_costs_the_secret() {
    let mut tried = 0;
    for &vendor in Vendor::ALL {
        let documented: Value = serde_json::from_str(&created(vendor)).unwrap();
        let mut pointers = Vec::new();
        members(&documented, "", &mut pointers);
        for pointer in pointers {
            for odd in [
                json!(null),
                json!(7),
                json!("text"),
                json!([null]),
                json!({"a": 1}),
                json!(false),
            ] {
                let mut body = documented.clone();
                *body.pointer_mut(&pointer).unwrap() = odd.clone();
                let server = Canned::json(documented_status(vendor), &body.to_string()).await;
                let issued = keys(vendor, &server).create(plain_key(vendor, "n")).await;
                let issued = issued.unwrap_or_else(|error| panic!("{vendor} {pointer} {odd}: {error}"));
                assert_eq!(
                    issued.secret().expose_secret(),
                    ISSUED,
                    "{vendor} {pointer} {odd}"
                );
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 6 * (8 + 11 + 6 + 8), "every member of the four answers");
}

#[tokio::test]
async fn a_flawed_answer_is_told_and_read_as_far_as_it_goes() {
    let body = clients::created::reten().replace(r#""isActive": true"#, r#""isActive": "yes""#);
    let server = Canned::json(201, &body).await;
    let issued = clients::reten(&server)
        .create(plain_key(Vendor::Reten, "n"))
        .await
        .unwrap();
    let path = "isActive".to_owned();
    assert_eq!(issued.flaw(), Some(&Unreadable::Shape { path }));
    let record = issued.record();
    assert_eq!(
        record.id,
        Some(KeyId::from("f47ac10b-58cc-4372-a567-0e02b2c3d479"))
    );
    assert_eq!(record.name.as_deref(), Some("test"));
    assert_eq!(record.scopes, Some(vec!["view_activities".to_owned()]));
    assert_eq!(
        record.created_at.as_ref().map(|time| time.as_str()),
        Some("2026-02-26T14:30:00.000Z")
    );
    assert_eq!(record.state, KeyState::Unknown);
    assert_eq!(record.vendor(), &VendorRecord::Unreadable(Vendor::Reten));
    assert_eq!(record.vendor().vendor(), Vendor::Reten);
}

#[tokio::test]
async fn another_success_than_the_documented_one_costs_nothing() {
    for &vendor in Vendor::ALL {
        for status in [200, 201, 202, 203] {
            let server = Canned::json(status, &created(vendor)).await;
            let issued = keys(vendor, &server)
                .create(plain_key(vendor, "n"))
                .await
                .unwrap();
            assert_eq!(issued.secret().expose_secret(), ISSUED, "{vendor} {status}");
            assert_eq!(issued.flaw(), None);
            assert_ne!(
                issued.record().vendor(),
                &VendorRecord::Unreadable(vendor),
                "{vendor} {status}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_around_the_answer_costs_nothing() {
    for &vendor in Vendor::ALL {
        let created = created(vendor);
        for body in [
            format!("\u{feff}{created}"),
            format!("{created}\0"),
            format!("{created}<!-- cached -->"),
        ] {
            let server = Canned::json(documented_status(vendor), &body).await;
            let issued = keys(vendor, &server)
                .create(plain_key(vendor, "n"))
                .await
                .unwrap();
            assert_eq!(issued.secret().expose_secret(), ISSUED, "{vendor}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_a_secret_is_an_ambiguous_create_with_its_status() {
    for &vendor in Vendor::ALL {
        for secret in [r#""""#, "null", "7", r#"" ""#, r#""two words""#, r#""a\n""#] {
            let body = created(vendor).replace(&format!("\"{ISSUED}\""), secret);
            let server = Canned::json(documented_status(vendor), &body).await;
            let error = keys(vendor, &server)
                .create(plain_key(vendor, "n"))
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AmbiguousCreate, "{vendor} {secret}");
            assert_eq!(
                error.status().map(|status| status.as_u16()),
                Some(documented_status(vendor))
            );
            assert_eq!((error.attempts(), error.delivery()), (1, Delivery::Answered));
            assert!(error.stray().unwrap().id().is_some(), "{vendor} {secret}");
        }
    }
}

#[tokio::test]
async fn a_redirected_create_may_have_made_a_key() {
    let server = Canned::answer(303, &[("location", "/elsewhere")], "").await;
    let error = clients::b3os(&server)
        .create(plain_key(Vendor::B3os, "n"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(error.stray().is_some());
}

#[tokio::test]
async fn a_revocation_is_done_whatever_its_success_looks_like() {
    for &vendor in Vendor::ALL {
        for (status, body) in [(200, ""), (200, "null"), (204, ""), (200, "{}")] {
            // All of B3OS's envelope is optional, so that one without a `code` is read, and says nothing.
            if vendor == Vendor::B3os && body == "{}" {
                continue;
            }
            let server = Canned::answer(status, &[JSON], body).await;
            let revoked = keys(vendor, &server).revoke(&id_at(vendor)).await;
            assert_eq!(revoked.unwrap(), Revocation::Revoked, "{vendor} {status} {body}");
        }
    }
}

#[tokio::test]
async fn the_envelopes_code_counts_from_200_or_from_0() {
    for code in [0, 200] {
        let body = format!(r#"{{"code": {code}, "message": "successfully", "data": {{"items": []}}}}"#);
        let server = Canned::json(200, &body).await;
        let keys = clients::b3os(&server);
        let revoked = keys.revoke(&id_at(Vendor::B3os)).await;
        assert_eq!(revoked.unwrap(), Revocation::Revoked, "{code}");
        assert_eq!(keys.verify(&key()).await.unwrap(), Verification::Works, "{code}");
    }
}

#[tokio::test]
async fn a_success_that_speaks_of_a_failure_revokes_nothing_and_proves_no_key() {
    for &vendor in Vendor::ALL {
        for body in [
            r#"{"code": 404, "message": "not found"}"#,
            r#"{"success": false, "error": {"code": "UNAUTHORIZED"}}"#,
            r#"{"statusCode": 401, "message": "no"}"#,
            r#"{"error": "maintenance", "organization": 5, "data": 5, "items": []}"#,
            "<html>Welcome</html>",
        ] {
            let server = Canned::json(200, body).await;
            let keys = keys(vendor, &server);
            // Reten's answer to a revocation is a message, whatever it says.
            if vendor != Vendor::Reten || !body.contains("message") {
                keys.revoke(&id_at(vendor)).await.expect_err(body);
            }
            keys.verify(&key()).await.expect_err(body);
        }
        let server = Canned::json(202, "{}").await;
        keys(vendor, &server)
            .revoke(&id_at(vendor))
            .await
            .expect_err("202 promises only");
    }
}

#[tokio::test]
async fn a_key_that_lets_read_works_whatever_is_read() {
    for (vendor, body) in [
        (
            Vendor::Sinjapp,
            r#"{"user": [], "organization": {"id": "text", "email_verified": 1}}"#,
        ),
        (Vendor::Reten, r#"[{"code": 7}]"#),
        (Vendor::Reten, "null"),
        (Vendor::Dolfin, r#"{"items": [], "total": 0}"#),
        (Vendor::Dolfin, "null"),
        (
            Vendor::B3os,
            r#"{"code": 200, "data": {"items": [{"createdAt": {}, "id": 17}]}}"#,
        ),
    ] {
        let server = Canned::json(200, body).await;
        let verdict = keys(vendor, &server).verify(&key()).await;
        assert_eq!(verdict.unwrap(), Verification::Works, "{vendor} {body}");
    }
    for (vendor, body) in [
        (Vendor::Sinjapp, "{}"),
        (Vendor::B3os, "{}"),
        (Vendor::B3os, r#"{"code": 200}"#),
    ] {
        let server = Canned::json(200, body).await;
        keys(vendor, &server).verify(&key()).await.expect_err(body);
    }
}

#[tokio::test]
async fn a_time_that_says_nothing_revokes_no_key() {
    for nothing in [r#""""#, r#""0001-01-01T00:00:00Z""#, "false", "null", "0", "{}"] {
        let body = format!(
            r#"{{"code": 200, "data": {{"id": "ak_1", "revokedAt": {nothing}, "expiresAt": {nothing}, "lastUsedAt": {nothing}}}}}"#
        );
        let server = Canned::json(200, &body).await;
        let record = clients::b3os(&server).get(&KeyId::from("ak_1")).await.unwrap();
        assert_eq!(record.state, KeyState::Active, "{nothing}");
        assert_eq!(
            (record.revoked_at, record.last_used_at),
            (None, None),
            "{nothing}"
        );
    }
}

#[tokio::test]
async fn the_words_of_a_refusal_are_found_in_the_forms_that_frameworks_give_them() {
    for (vendor, body, message, fields) in [
        (
            Vendor::Reten,
            r#"{"statusCode": 400, "message": ["name must be shorter", "permissions must not be empty"], "error": "Bad Request"}"#,
            "name must be shorter; permissions must not be empty",
            vec![],
        ),
        (
            Vendor::Dolfin,
            r#"{"title": "t", "detail": "d", "errors": {"ExpiresAt": ["is over"]}, "traceId": "00-1"}"#,
            "d",
            vec![("ExpiresAt", "is over")],
        ),
        (
            Vendor::Sinjapp,
            r#"{"message": "m", "errors": {"name": "is taken"}}"#,
            "m",
            vec![("name", "is taken")],
        ),
        (
            Vendor::B3os,
            r#"{"code": "BAD", "message": "m", "details": {"name": "too long"}}"#,
            "m",
            vec![("name", "too long")],
        ),
    ] {
        for mark in ["", "\u{feff}"] {
            let server = Canned::json(400, &format!("{mark}{body}")).await;
            let error = keys(vendor, &server)
                .create(plain_key(vendor, "n"))
                .await
                .unwrap_err();
            assert_eq!(error.message(), Some(message), "{vendor}");
            assert_eq!(error.fields().collect::<Vec<_>>(), fields, "{vendor}");
            assert_eq!(error.code(), (vendor == Vendor::B3os).then_some("BAD"));
            assert_eq!(error.request_id(), (vendor == Vendor::Dolfin).then_some("00-1"));
        }
    }
}

#[tokio::test]
async fn the_id_of_a_call_is_found_under_the_names_that_gateways_use() {
    for (headers, id) in [
        (&[("x-request-id", "r-1")][..], "r-1"),
        (&[("x-request-id", ""), ("request-id", "r-2")], "r-2"),
        (&[("cf-ray", "8a1-FRA")], "8a1-FRA"),
        (&[("cf-ray", "8a1-FRA"), ("x-request-id", "r-1")], "r-1"),
        (&[("x-amzn-requestid", "a-1")], "a-1"),
        (&[("x-ms-request-id", "m-1")], "m-1"),
        (&[("traceparent", "00-4bf9-00")], "00-4bf9-00"),
    ] {
        let server = Canned::raw(answer(503, headers, "<html>")).await;
        let keys = clients::dolfin(&server).with_retry(keyway::RetryPolicy::off());
        let error = keys.revoke(&id_at(Vendor::Dolfin)).await.unwrap_err();
        assert_eq!(error.request_id(), Some(id), "{headers:?}");
    }
}

#[tokio::test]
async fn a_list_that_does_not_end_as_lists_do_is_not_taken_for_whole() {
    use futures_util::TryStreamExt as _;

    let page = |first: usize, count: usize, more: &str| {
        let keys: Vec<_> = (first..first + count)
            .map(|id| json!({"id": format!("ak_{id}")}))
            .collect();
        let items = Value::from(keys);
        answer(
            200,
            &[JSON],
            &format!(r#"{{"code": 200, "data": {{"items": {items}{more}}}}}"#),
        )
    };
    // Where a page says nothing, a full one is not the last.
    let server = Canned::sequence(vec![page(0, 100, ""), page(100, 50, "")]).await;
    let listed: Vec<_> = clients::b3os(&server).list().try_collect().await.unwrap();
    assert_eq!(listed.len(), 150);
    // A page of known keys is not the last one either.
    let more = r#", "hasMore": true"#;
    let server = Canned::sequence(vec![page(0, 100, more), page(0, 100, more), page(100, 7, "")]).await;
    let listed: Vec<_> = clients::b3os(&server).list().try_collect().await.unwrap();
    assert_eq!(listed.len(), 107);
    // An empty one that is not the last contradicts itself.
    let server = Canned::sequence(vec![page(0, 100, more), page(0, 0, more)]).await;
    let cut: Result<Vec<_>, _> = clients::b3os(&server).list().try_collect().await;
    assert_eq!(cut.unwrap_err().kind(), ErrorKind::Unreadable);
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn an_end_that_can_only_be_a_mistake_is_not_sent() {
    use keyway::keys::Expiry;

    for vendor in [Vendor::Reten, Vendor::Dolfin, Vendor::B3os] {
        for expiry in [
            Expiry::At("tomorrow".into()),
            Expiry::At("".into()),
            Expiry::At("2099-01-01".into()),
            Expiry::At("2020-01-01T00:00:00Z".into()),
            Expiry::In(0),
        ] {
            let server = Canned::json(201, &created(vendor)).await;
            let key = plain_key(vendor, "n").expiry(expiry.clone());
            let error = keys(vendor, &server).create(key).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{vendor} {expiry:?}");
            assert_eq!(server.count(), 0);
        }
    }
}

fn id_at(vendor: Vendor) -> KeyId {
    match vendor {
        Vendor::Sinjapp => KeyId::from(7),
        Vendor::B3os => KeyId::from("ak_1"),
        _ => KeyId::from("f47ac10b-58cc-4372-a567-0e02b2c3d479"),
    }
}

/// A key, with a tenant for the vendor that needs one.
fn key() -> keyway::keys::TenantKey {
    keyway::keys::TenantKey::new(ISSUED, "7c9e6679-7425-40de-944b-e07fc1f90ae7")
}

/// What B3OS says of the old key when it is asked anew.
const OF_A_SERVICE: &str = r#"{"code": 200, "data": {"id": "ak_1", "name": "test", "scope": "read", "organizationId": "org_1",
    "serviceAccountId": "sa_1", "createdAt": "2026-02-26T14:30:00Z"}}"#;

#[tokio::test]
async fn the_record_of_a_flawed_answer_is_read_anew_before_it_is_copied() {
    let flawed = clients::created::b3os().replace(r#""name": "test""#, r#""name": 7"#);
    let server = in_turn(&[(200, flawed.as_str()), (200, OF_A_SERVICE), (400, "{}")]).await;
    let keys = clients::b3os(&server);
    let old = keys.create(plain_key(Vendor::B3os, "test")).await.unwrap();
    assert!(old.flaw().is_some());
    let store = |_| async { Ok::<_, std::io::Error>(()) };
    keys.rotate(old.record(), store).await.unwrap_err();
    let requests = server.all_requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests[2].body.contains(r#""serviceAccountId":"sa_1""#),
        "{}",
        requests[2].body
    );
}

#[tokio::test]
async fn a_successor_without_an_id_that_never_works_stays_named() {
    let nameless = clients::created::b3os().replace(r#""id": "ak_1""#, r#""id": null"#);
    let nameless = nameless.replace(
        r#""scope""#,
        r#""description": "for us keyway-00112233445566aa", "scope""#,
    );
    let server = in_turn(&[(200, OF_A_SERVICE), (200, nameless.as_str()), (401, "{}")]).await;
    let mut rotation =
        keyway::keys::Rotation::of(KeyId::from("ak_0")).settles_within(std::time::Duration::ZERO);
    let store = |_| async { Ok::<_, std::io::Error>(()) };
    let error = rotation.run(&clients::b3os(&server), store).await.unwrap_err();
    let strays = rotation.strays();
    assert_eq!(strays.len(), 1, "{error}");
    // The answer tells no mark; the request does.
    let mark = strays[0].mark().unwrap();
    assert!(server.all_requests()[1].body.contains(mark), "{mark}");
    assert!(error.to_string().contains(mark), "{error}");
}

/// A server that gives these answers one after the other, as JSON.
async fn in_turn(answers: &[(u16, &str)]) -> Canned {
    let answers = answers
        .iter()
        .map(|(status, body)| answer(*status, &[JSON], body));
    Canned::sequence(answers.collect()).await
}
