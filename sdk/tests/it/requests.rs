//! What goes over the wire, and what is refused before it does.

use keyway::{Error, ErrorKind, Secret, Upload, dolfin, reten, sinjapp::types};

use crate::{
    canned::{Canned, Seen},
    clients::{self, CREDENTIAL},
};

async fn sent(request: &types::CreateApiKeyRequest) -> Seen {
    let server = Canned::json(201, &clients::created::sinjapp()).await;
    clients::sinjapp(&server).create_api_key(request).await.unwrap();
    server.only_request()
}

#[tokio::test]
async fn a_default_of_the_document_is_not_sent_for_the_caller() {
    let request = sent(&clients::sinjapp_key()).await;
    assert_eq!(request.line(), "POST /api/v1/api-keys HTTP/1.1");
    assert_eq!(request.body, r#"{"name":"test"}"#);
}

#[tokio::test]
async fn an_empty_array_can_be_sent() {
    let request = sent(&types::CreateApiKeyRequest {
        scopes: Some(vec![]),
        ..clients::sinjapp_key()
    })
    .await;
    assert_eq!(request.body, r#"{"name":"test","scopes":[]}"#);
}

#[tokio::test]
async fn an_enum_is_sent_by_the_vendors_name() {
    let scopes = Some(vec![types::Scope::All, types::Scope::MessagesSend]);
    let request = sent(&types::CreateApiKeyRequest {
        scopes,
        ..clients::sinjapp_key()
    })
    .await;
    assert_eq!(request.body, r#"{"name":"test","scopes":["*","messages.send"]}"#);
}

#[tokio::test]
async fn a_number_beyond_its_limit_is_refused_before_it_is_sent() {
    for days in [0, 366, 9999] {
        let server = Canned::json(201, &clients::created::sinjapp()).await;
        let request = types::CreateApiKeyRequest {
            expires_in_days: Some(days),
            ..clients::sinjapp_key()
        };
        let error = clients::sinjapp(&server)
            .create_api_key(&request)
            .await
            .unwrap_err();
        let Error::InvalidRequest(problem) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(problem.pointer(), "/expires_in_days");
        assert!(!problem.rule().contains("9999"), "{problem}");
        assert_eq!(server.count(), 0);
    }
}

#[tokio::test]
async fn an_id_of_another_form_is_refused_before_it_is_sent() {
    let server = Canned::json(204, "").await;
    for bad in ["rtn_sk_the_secret_instead", "", "..", "../api-keys"] {
        let error = clients::dolfin(&server).revoke_api_key(bad).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{bad}");
        let error = clients::reten(&server)
            .revoke_api_key(bad, &Default::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{bad}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_text_id_cannot_climb_out_of_its_path() {
    let server = Canned::json(200, r#"{"code": 200}"#).await;
    clients::b3os(&server)
        .revoke_api_key("a/../b?c#d", &Default::default())
        .await
        .unwrap();
    assert_eq!(
        server.only_request().line(),
        "DELETE /v1/api-keys/a%2F..%2Fb%3Fc%23d HTTP/1.1"
    );
}

#[tokio::test]
async fn an_id_that_would_name_another_path_is_refused_before_it_is_sent() {
    let server = Canned::json(200, "{}").await;
    for bad in ["", ".", ".."] {
        let revoked = clients::b3os(&server)
            .revoke_api_key(bad, &Default::default())
            .await;
        assert_eq!(revoked.unwrap_err().kind(), ErrorKind::InvalidRequest, "{bad}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn every_vendor_gets_its_own_header_and_none_gets_an_api_version() {
    let server = Canned::json(200, "{}").await;
    clients::sinjapp(&server).get_usage().await.unwrap();
    let request = server.only_request();
    assert_eq!(request.header("x-api-key"), Some(CREDENTIAL));
    assert_plain(&request);

    let server = Canned::json(200, "[]").await;
    clients::reten(&server)
        .list_api_keys(&Default::default())
        .await
        .unwrap();
    let request = server.only_request();
    assert_eq!(request.line(), "GET /api/api-keys HTTP/1.1");
    assert_eq!(
        request.header("authorization"),
        Some(&*format!("Bearer {CREDENTIAL}"))
    );
    assert_eq!(request.header("x-tenant-id"), Some("tenant-1"));
    assert_plain(&request);

    let server = Canned::json(201, &clients::created::dolfin()).await;
    clients::dolfin(&server)
        .create_api_key(&clients::dolfin_key())
        .await
        .unwrap();
    let request = server.only_request();
    assert_eq!(request.header("x-dolfin-api-key"), Some(CREDENTIAL));
    assert_plain(&request);

    let server = Canned::json(200, "{}").await;
    clients::b3os(&server)
        .revoke_api_key("ak_1", &Default::default())
        .await
        .unwrap();
    let request = server.only_request();
    assert_eq!(
        request.header("authorization"),
        Some(&*format!("Bearer {CREDENTIAL}"))
    );
    assert_eq!(request.header("x-org-id"), Some("org_1"));
    assert_plain(&request);
}

#[track_caller]
fn assert_plain(request: &Seen) {
    assert_eq!(request.header("api-version"), None);
    let user_agent = concat!("keyway/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(user_agent));
    assert!(
        request
            .header("accept")
            .is_some_and(|accept| accept.contains("json"))
    );
}

#[tokio::test]
async fn a_public_operation_gets_no_credential() {
    let server = Canned::json(200, r#"{"accessToken": "t"}"#).await;
    let login = reten::types::LoginRequest {
        identifier: "admin@example.com".to_owned(),
        password: Secret::from("SecurePass123!"),
    };
    clients::reten(&server).login(&login).await.unwrap();
    let request = server.only_request();
    assert_eq!(request.header("authorization"), None);
    assert_eq!(
        request.body,
        r#"{"identifier":"admin@example.com","password":"SecurePass123!"}"#
    );
}

#[tokio::test]
async fn a_required_header_is_sent() {
    let server = Canned::json(200, r#"{"data": []}"#).await;
    let organisation = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let params = dolfin::types::ListInvoicesParams {
        limit: Some(5),
        ..Default::default()
    };
    clients::dolfin(&server)
        .list_invoices(organisation, &params)
        .await
        .unwrap();
    let request = server.only_request();
    assert_eq!(request.line(), "GET /invoices?Limit=5 HTTP/1.1");
    assert_eq!(request.header("x-dolfin-organisation-id"), Some(organisation));
}

#[tokio::test]
async fn a_bodyless_success_is_no_value() {
    let server = Canned::answer(204, &[], "").await;
    let () = clients::sinjapp(&server).revoke_api_key(7).await.unwrap();
    assert_eq!(server.only_request().line(), "DELETE /api/v1/api-keys/7 HTTP/1.1");
}

#[tokio::test]
async fn a_file_is_sent_as_a_form() {
    let server = Canned::json(201, r#"{"data": {"id": 1}}"#).await;
    let form = types::SendMessageForm {
        media: Some(Upload::new("PNGDATA", "logo.png", "image/png")),
        sender_number_id: Some(4),
        ..types::SendMessageForm::new("+201000000000", types::MessageType::Image)
    };
    clients::sinjapp(&server)
        .send_message_multipart(form)
        .await
        .unwrap();
    let request = server.only_request();
    assert_eq!(request.line(), "POST /api/v1/messages HTTP/1.1");
    assert!(
        request
            .header("content-type")
            .unwrap()
            .starts_with("multipart/form-data; boundary=")
    );
    assert_eq!(request.header("x-api-key"), Some(CREDENTIAL));
    assert_plain(&request);
    for part in [
        "name=\"to_phone\"",
        "+201000000000",
        "name=\"sender_number_id\"",
        "filename=\"logo.png\"",
        "image/png",
        "PNGDATA",
    ] {
        assert!(request.body.contains(part), "{part} is not in {}", request.body);
    }
    assert!(!request.body.contains("name=\"duration\""), "{}", request.body);
}
