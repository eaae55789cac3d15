//! What a vendor may change without breaking an answer: a show-once secret must survive all of it.

use keyway::{dolfin, reten, sinjapp::types};

use crate::{canned::Canned, clients};

async fn created(body: &str) -> types::CreatedApiKey {
    let server = Canned::json(201, body).await;
    clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap()
}

#[tokio::test]
async fn an_unknown_enum_value_is_kept() {
    let answer = created(r#"{"data": {"id": 7, "status": "frozen"}, "plain_text_key": "k"}"#).await;
    let status = answer.data.status.unwrap();
    assert_eq!(status.as_str(), "frozen");
    assert_ne!(status, types::ApiKeyStatus::Active);
    assert_eq!(serde_json::to_string(&status).unwrap(), r#""frozen""#);
}

#[tokio::test]
async fn an_unknown_member_is_no_trouble() {
    let answer =
        created(r#"{"data": {"id": 7, "owner": {"id": 1}}, "plain_text_key": "k", "hint": 1}"#).await;
    assert_eq!(answer.data.id, 7);
}

#[tokio::test]
async fn null_for_an_array_is_no_trouble() {
    let answer = created(r#"{"data": {"id": 7, "scopes": null}, "plain_text_key": "k"}"#).await;
    assert!(answer.data.scopes.unwrap_or_default().is_empty());
}

#[tokio::test]
async fn null_for_a_required_array_reads_as_empty() {
    let body = clients::created::reten().replace(r#"["view_activities"]"#, "null");
    let server = Canned::json(201, &body).await;
    let answer = clients::reten(&server)
        .create_api_key(&clients::reten_key(), &Default::default())
        .await
        .unwrap();
    assert!(answer.permissions.is_empty());
    assert_eq!(answer.plaintext_key.unwrap().expose_secret(), clients::ISSUED);
}

#[tokio::test]
async fn a_timestamp_of_any_form_does_not_cost_the_secret() {
    for odd in [
        r#""2026-02-26T14:30:00""#,
        r#""2026-02-26 14:30:00""#,
        r#""""#,
        "1772116200",
        "null",
    ] {
        let body = format!(r#"{{"data": {{"id": 7, "expires_at": {odd}}}, "plain_text_key": "k"}}"#);
        let answer = created(&body).await;
        assert_eq!(answer.plain_text_key.expose_secret(), "k", "{odd}");
    }
    for odd in ["null", "1772116200", r#""soon""#] {
        let body = clients::created::reten().replace(r#""2026-02-26T14:30:00.000Z""#, odd);
        let server = Canned::json(201, &body).await;
        let answer = clients::reten(&server)
            .create_api_key(&clients::reten_key(), &Default::default())
            .await;
        assert!(answer.is_ok(), "{odd}: {:?}", answer.unwrap_err());
    }
}

#[tokio::test]
async fn a_number_may_be_written_as_text_or_with_a_fraction_of_zero() {
    for id in [r#""7""#, "7.0"] {
        let answer = created(&format!(r#"{{"data": {{"id": {id}}}, "plain_text_key": "k"}}"#)).await;
        assert_eq!(answer.data.id, 7, "{id}");
    }
    // Dolfin documents the status of its problem details as a number or a text.
    let server = Canned::json(400, r#"{"status": "400", "title": "ApiKey.ExpiresAtInPast"}"#).await;
    let error = clients::dolfin(&server)
        .create_api_key(&clients::dolfin_key())
        .await
        .unwrap_err();
    let Some(dolfin::types::CreateApiKeyError::BadRequest(problem)) = error.body() else {
        panic!("{error:?}");
    };
    assert_eq!(problem.status, Some(400));
}

#[tokio::test]
async fn a_format_or_a_length_is_not_held_against_an_answer() {
    let body = clients::created::reten()
        .replace("f47ac10b-58cc-4372-a567-0e02b2c3d479", "not-a-uuid")
        .replace(r#""name": "test""#, &format!(r#""name": "{}""#, "n".repeat(300)));
    let server = Canned::json(201, &body).await;
    let answer: reten::types::CreatedApiKey = clients::reten(&server)
        .create_api_key(&clients::reten_key(), &Default::default())
        .await
        .unwrap();
    assert_eq!(answer.id, "not-a-uuid");
}

#[tokio::test]
async fn the_same_secret_is_found_under_either_documented_name() {
    let body = clients::created::reten().replace("plaintextKey", "key");
    let server = Canned::json(201, &body).await;
    let answer = clients::reten(&server)
        .create_api_key(&clients::reten_key(), &Default::default())
        .await
        .unwrap();
    assert_eq!(answer.secret().unwrap().expose_secret(), clients::ISSUED);
}

#[test]
fn an_enum_is_made_from_its_text_and_star_has_a_name() {
    assert_eq!(types::Scope::from("*"), types::Scope::All);
    assert_eq!(types::Scope::All.as_str(), "*");
    assert_eq!(types::Scope::from("messages.send"), types::Scope::MessagesSend);
    assert_eq!(
        "later.added".parse::<types::Scope>().unwrap().to_string(),
        "later.added"
    );
}
