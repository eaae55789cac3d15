//! Sender numbers, contacts, messages in both forms, their log and the counters.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{judge, key_with};
use crate::judge::Judge;

const SENDERS: &str = "/api/v1/sender-numbers";
const MESSAGES: &str = "/api/v1/messages";
const USAGE: &str = "/api/v1/usage";

fn text() -> Value {
    json!({ "sender_number_id": 1, "to_phone": "+201000000001", "type": "text", "content": "Hello" })
}

fn changed(member: &str, value: Value) -> Value {
    let mut body = text();
    body[member] = value;
    body
}

#[tokio::test]
async fn a_registered_number_waits_for_its_code_and_cannot_send() {
    let judge = judge().await;
    let body = json!({ "phone": "+201177777777", "display_name": "Support line" });
    let sender = judge
        .post(SENDERS)
        .with(judge.admin())
        .json(&body)
        .send()
        .await
        .expect(201)
        .json();
    assert_eq!(sender["data"]["phone"], "+201177777777");
    assert_eq!(sender["data"]["display_name"], "Support line");
    assert_eq!(sender["data"]["verification_status"], "pending_verification");
    assert_eq!(sender["data"]["status"], "pending_verification");
    let listed = judge
        .get(SENDERS)
        .with(judge.admin())
        .send()
        .await
        .expect(200)
        .json();
    assert!(listed["data"].as_array().unwrap().contains(&sender["data"]));
    let message = changed("sender_number_id", sender["data"]["id"].clone());
    let refused = judge
        .post(MESSAGES)
        .with(judge.admin())
        .json(&message)
        .send()
        .await
        .expect(422);
    assert_eq!(refused.json()["message"], "Sender number is not active.");
    let again = judge
        .post(SENDERS)
        .with(judge.admin())
        .json(&body)
        .send()
        .await
        .expect(422);
    assert_eq!(
        again.json()["errors"]["phone"],
        json!(["The phone has already been taken."])
    );
    for (body, complaint) in [
        (json!({}), "The phone field is required."),
        (json!({ "phone": 1 }), "The phone must be a string."),
    ] {
        let refused = judge
            .post(SENDERS)
            .with(judge.admin())
            .json(&body)
            .send()
            .await
            .expect(422);
        assert_eq!(refused.json()["errors"]["phone"], json!([complaint]));
    }
}

#[tokio::test]
async fn only_an_active_sender_of_a_verified_owner_sends() {
    let judge = judge().await;
    let senders = judge
        .get(SENDERS)
        .with(judge.admin())
        .send()
        .await
        .expect(200)
        .json();
    let mut states = Vec::new();
    for sender in senders["data"].as_array().unwrap() {
        let message = changed("sender_number_id", sender["id"].clone());
        let answer = judge
            .post(MESSAGES)
            .with(judge.admin())
            .json(&message)
            .send()
            .await;
        states.push((sender["status"].as_str().unwrap().to_owned(), answer.status()));
        match (
            sender["verification_status"].as_str().unwrap(),
            sender["status"].as_str().unwrap(),
        ) {
            ("active", "active") => assert_eq!(answer.status(), 201),
            ("pending_account_verification", _) => assert_eq!(
                answer.expect(422).json()["message"],
                "The sender number owner must be verified in Sinjapp before using the messaging API."
            ),
            _ => assert_eq!(
                answer.expect(422).json()["message"],
                "Sender number is not active."
            ),
        }
    }
    for state in [
        "pending_verification",
        "active",
        "suspended",
        "rejected",
        "removed",
    ] {
        assert!(
            states.iter().any(|(seen, _)| seen == state),
            "no sender is {state}"
        );
    }
}

#[tokio::test]
async fn a_sent_message_is_logged_and_counted() {
    let judge = judge().await;
    let before = sent(&judge, 1).await;
    let message = judge
        .post(MESSAGES)
        .with(judge.admin())
        .json(&text())
        .send()
        .await
        .expect(201)
        .json();
    let message = &message["data"];
    assert_eq!(message["message_type"], "text");
    assert_eq!(message["content"], "Hello");
    assert_eq!(message["recipient_user_id"], json!(123));
    assert_eq!(message["status"], "sent");
    assert!(message["sent_at"].is_string());
    let by_phone = json!({ "sender_phone": "+201100000001", "to_phone": "+209999999999", "type": "text" });
    let unknown = judge
        .post(MESSAGES)
        .with(judge.admin())
        .json(&by_phone)
        .send()
        .await
        .expect(201)
        .json();
    assert_eq!(unknown["data"]["recipient_user_id"], json!(null));
    let log = judge
        .get(MESSAGES)
        .with(judge.admin())
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(log["data"][0]["id"], unknown["data"]["id"]);
    assert_eq!(&log["data"][1], message);
    assert_eq!(log["meta"]["total"], json!(2));
    assert_eq!(sent(&judge, 1).await, before + 2);
    let refused = judge
        .post(MESSAGES)
        .with(judge.admin())
        .json(&changed("sender_number_id", json!(4)))
        .send();
    refused.await.expect(422);
    assert_eq!(sent(&judge, 1).await, before + 2);
    assert_eq!(sent(&judge, 4).await, 0);
}

#[tokio::test]
async fn the_log_comes_in_pages() {
    let judge = judge().await;
    for _ in 0..17 {
        judge
            .post(MESSAGES)
            .with(judge.admin())
            .json(&text())
            .send()
            .await
            .expect(201);
    }
    let page = async |query: &str| {
        judge
            .get(&format!("{MESSAGES}{query}"))
            .with(judge.admin())
            .send()
            .await
            .expect(200)
            .json()
    };
    let first = page("").await;
    assert_eq!(first["data"].as_array().unwrap().len(), 15);
    assert_eq!(first["data"][0]["id"], json!(17));
    assert_eq!(first["links"]["next"], "?page=2");
    let second = page("?page=2").await;
    assert_eq!(second["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&second["meta"]["from"], &second["meta"]["to"]),
        (&json!(16), &json!(17))
    );
    for query in [
        "?page=0",
        "?page=-1",
        "?page=x",
        "?page=99999999999999999999999999",
    ] {
        assert_eq!(page(query).await["meta"]["current_page"], json!(1), "{query}");
    }
    assert_eq!(page("?page=99").await["data"], json!([]));
}

#[tokio::test]
async fn a_message_is_held_to_its_rules() {
    let judge = judge().await;
    let complaints = [
        (
            changed("to_phone", json!("")),
            "to_phone",
            "The to phone field is required.",
        ),
        (
            changed("type", json!("fax")),
            "type",
            "The selected type is invalid.",
        ),
        (
            changed("sender_number_id", json!(99)),
            "sender_number_id",
            "The selected sender number id is invalid.",
        ),
        (
            changed("sender_number_id", json!("x")),
            "sender_number_id",
            "The sender number id must be an integer.",
        ),
        (
            changed("duration", json!(0)),
            "duration",
            "The duration must be at least 1.",
        ),
        (
            changed("duration", json!("abc")),
            "duration",
            "The duration must be an integer.",
        ),
        (
            changed("duration", json!(301)),
            "duration",
            "The duration may not be greater than 300.",
        ),
        (
            changed("type", json!("image")),
            "media",
            "The media field is required.",
        ),
        (
            json!({ "to_phone": "1", "type": "text" }),
            "sender_phone",
            NEITHER,
        ),
        (
            json!({ "type": "text" }),
            "to_phone",
            "The to phone field is required.",
        ),
    ];
    for (body, field, complaint) in complaints {
        let refused = judge
            .post(MESSAGES)
            .with(judge.admin())
            .json(&body)
            .send()
            .await
            .expect(422)
            .json();
        assert_eq!(refused["errors"][field], json!([complaint]), "{body}");
    }
    let nulls = json!({ "sender_number_id": 1, "to_phone": "+201000000001", "type": "text", "content": null,
        "duration": null, "file_name": null, "file_size": null, "file_type": null });
    judge
        .post(MESSAGES)
        .with(judge.admin())
        .json(&nulls)
        .send()
        .await
        .expect(201);
}

const NEITHER: &str = "The sender phone field is required when sender number id is not present.";

fn form(fields: &[(&'static str, &'static str)]) -> Form {
    fields
        .iter()
        .fold(Form::new(), |form, (name, value)| form.text(*name, *value))
}

#[tokio::test]
async fn a_form_with_a_file_is_a_message() {
    let judge = judge().await;
    let fields = [
        ("sender_phone", "+201100000001"),
        ("to_phone", "+201000000001"),
        ("type", "voice"),
        ("duration", "19"),
    ];
    let file = || Part::bytes(vec![0, 159, 146, 150]).file_name("note.ogg");
    let sent = form(&fields).part("media", file());
    let message = judge
        .post(MESSAGES)
        .with(judge.admin())
        .form(sent)
        .send()
        .await
        .expect(201)
        .json();
    assert_eq!(message["data"]["message_type"], "voice");
    let without = judge
        .post(MESSAGES)
        .with(judge.admin())
        .form(form(&fields))
        .send()
        .await
        .expect(422);
    assert_eq!(
        without.json()["errors"]["media"],
        json!(["The media field is required."])
    );
    let as_text = form(&fields).text("media", "no file");
    let refused = judge
        .post(MESSAGES)
        .with(judge.admin())
        .form(as_text)
        .send()
        .await
        .expect(422);
    assert_eq!(
        refused.json()["errors"]["media"],
        json!(["The media must be a file."])
    );
}

#[tokio::test]
async fn a_form_is_held_to_the_rules_of_json() {
    let judge = judge().await;
    for (fields, field, complaint) in [
        (
            vec![("type", "text"), ("sender_number_id", "1")],
            "to_phone",
            "The to phone field is required.",
        ),
        (
            vec![("type", "text"), ("sender_number_id", "1"), ("to_phone", "")],
            "to_phone",
            "The to phone field is required.",
        ),
        (
            vec![("type", "text"), ("sender_number_id", "one"), ("to_phone", "1")],
            "sender_number_id",
            "The sender number id must be an integer.",
        ),
        (
            vec![
                ("type", "text"),
                ("sender_number_id", "1"),
                ("to_phone", "1"),
                ("duration", "999"),
            ],
            "duration",
            "The duration may not be greater than 300.",
        ),
        (
            vec![("type", "fax"), ("sender_number_id", "1"), ("to_phone", "1")],
            "type",
            "The selected type is invalid.",
        ),
    ] {
        let refused = judge
            .post(MESSAGES)
            .with(judge.admin())
            .form(form(&fields))
            .send()
            .await
            .expect(422);
        assert_eq!(refused.json()["errors"][field], json!([complaint]), "{fields:?}");
    }
    let text = form(&[
        ("type", "text"),
        ("sender_number_id", "1"),
        ("to_phone", "+201000000001"),
        ("content", "Hi"),
    ]);
    let message = judge
        .post(MESSAGES)
        .with(judge.admin())
        .form(text)
        .send()
        .await
        .expect(201)
        .json();
    assert_eq!(message["data"]["content"], "Hi");
}

#[tokio::test]
async fn a_form_that_is_broken_is_refused() {
    let judge = judge().await;
    for (media_type, body) in [
        ("multipart/form-data", "--x\r\n"),
        ("multipart/form-data; boundary=", "--x--"),
        ("multipart/form-data; boundary=x", ""),
        ("multipart/form-data; boundary=x", "no boundary here"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ntext",
        ),
        ("multipart/form-data; boundary=x", "--x--"),
    ] {
        judge
            .post(MESSAGES)
            .with(judge.admin())
            .body(media_type, body)
            .send()
            .await
            .expect(422);
    }
    let not_utf8 =
        b"--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n\xff\xfe\r\n--x--\r\n".to_vec();
    judge
        .post(MESSAGES)
        .with(judge.admin())
        .body("multipart/form-data; boundary=x", not_utf8)
        .send()
        .await
        .expect(422);
}

#[tokio::test]
async fn a_contact_is_known_or_not_and_can_receive_or_not() {
    let judge = judge().await;
    let (key, _) = key_with(&judge, &["contacts.lookup"]).await;
    let lookup = async |phone: &str| {
        let path = format!("/api/v1/contacts/lookup?sender_phone=%2B201100000001&phone={phone}");
        judge.get(&path).with(&key).send().await.expect(200).json()
    };
    let example = json!({ "exists": true, "can_receive": true, "reason_code": "ok", "recipient_id": 123,
        "is_verified": true, "phone_verified_at": "2026-04-28T10:00:00Z" });
    assert_eq!(lookup("%2B201000000001").await, example);
    let unverified = lookup("%2B201000000002").await;
    assert_eq!(
        (&unverified["exists"], &unverified["can_receive"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(lookup("%2B201000000003").await["can_receive"], json!(false));
    assert_eq!(lookup("12345").await["exists"], json!(false));
    for (query, field) in [
        ("", "phone"),
        ("?phone=", "phone"),
        ("?phone=1&sender_number_id=x", "sender_number_id"),
    ] {
        let refused = judge
            .get(&format!("/api/v1/contacts/lookup{query}"))
            .with(&key)
            .send()
            .await
            .expect(422);
        assert!(refused.json()["errors"][field].is_array(), "{query}");
    }
    let unknown = judge
        .get("/api/v1/contacts/lookup?phone=1&sender_number_id=99")
        .with(&key)
        .send()
        .await;
    unknown.expect(422);
}

async fn sent(judge: &Judge, sender: u64) -> u64 {
    let usage = judge
        .get(USAGE)
        .with(judge.admin())
        .send()
        .await
        .expect(200)
        .json();
    let counters = usage["data"].as_array().unwrap().clone();
    let counter = counters
        .iter()
        .find(|counter| counter["sender_number_id"] == json!(sender))
        .unwrap();
    counter["messages_sent"].as_u64().unwrap()
}

#[tokio::test]
async fn the_reason_for_a_broken_form_is_that_it_is_broken() {
    let judge = judge().await;
    for media_type in ["multipart/form-data", "multipart/form-data; boundary=x"] {
        let broken = judge.post(MESSAGES).with(judge.admin());
        broken.body(media_type, "--x\r\nbroken").send().await.expect(422);
    }
    for entry in judge.server.journal().entries() {
        let reason = entry.reason.as_deref();
        assert_eq!(reason, Some("the body is no well-formed multipart/form-data"));
    }
}
