//! What becomes of an answer that is not the declared success.

use std::{error::Error as _, time::Duration};

use keyway::{Delivery, Error, ErrorKind, Unreadable, dolfin, sinjapp::types::CreateApiKeyError};

use crate::{canned::Canned, clients};

#[tokio::test]
async fn each_status_has_its_own_body_and_loses_no_field() {
    let body =
        r#"{"message": "The given data was invalid.", "errors": {"name": ["The name field is required."]}}"#;
    let server = Canned::json(422, body).await;
    let error = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.message(), Some("The given data was invalid."));
    let Some(CreateApiKeyError::UnprocessableEntity(refusal)) = error.body() else {
        panic!("not the declared 422");
    };
    assert_eq!(refusal.message.as_deref(), Some("The given data was invalid."));
    let fields = refusal.errors.as_ref().unwrap();
    assert_eq!(fields["name"], ["The name field is required."]);

    let server = Canned::json(401, r#"{"message": "Unauthenticated."}"#).await;
    let error = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(matches!(error.body(), Some(CreateApiKeyError::Unauthorized(_))));
}

#[tokio::test]
async fn problem_details_are_typed_like_any_json() {
    let body = r#"{"type": null, "title": "ApiKey.ExpiresAtInPast", "status": 400, "detail": "ExpiresAt is not in the future."}"#;
    let server = Canned::answer(
        400,
        &[("content-type", "application/problem+json; charset=utf-8")],
        body,
    )
    .await;
    let error = clients::dolfin(&server)
        .create_api_key(&clients::dolfin_key())
        .await
        .unwrap_err();
    let Some(dolfin::types::CreateApiKeyError::BadRequest(problem)) = error.body() else {
        panic!("not the declared 400");
    };
    assert_eq!(problem.title.as_deref(), Some("ApiKey.ExpiresAtInPast"));
    assert_eq!(error.message(), Some("ExpiresAt is not in the future."));
}

#[tokio::test]
async fn a_gateways_html_keeps_its_status() {
    for (status, kind) in [(401, ErrorKind::Unauthenticated), (503, ErrorKind::Server)] {
        let headers = [
            ("content-type", "text/html"),
            ("retry-after", "120"),
            ("x-request-id", "req-9"),
        ];
        let server = Canned::answer(status, &headers, "<html>no</html>").await;
        let error = clients::reten(&server)
            .create_api_key(&clients::reten_key(), &Default::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
        assert_eq!(error.request_id(), Some("req-9"));
        let Error::Unexpected(answer) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(answer.body(), b"<html>no</html>");
        assert_eq!(answer.content_type(), Some("text/html"));
        assert!(error.body().is_none());
    }
}

#[tokio::test]
async fn an_undeclared_success_is_not_taken_for_the_declared_one() {
    let server = Canned::json(202, "{}").await;
    let error = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unexpected(_)), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::AmbiguousCreate);
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
}

#[tokio::test]
async fn a_success_that_cannot_be_read_says_where() {
    let server = Canned::json(201, r#"{"data": {"id": "seven"}, "plain_text_key": "k"}"#).await;
    let error = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    let Error::Unreadable(answer) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(answer.status().as_u16(), 201);
    assert_eq!(
        answer.reason(),
        &Unreadable::Shape {
            path: "data.id".to_owned()
        }
    );
    assert_eq!(
        error.source().unwrap().to_string(),
        "another type than documented at data.id"
    );
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let server = Canned::json(200, &format!("\"{}\"", "a".repeat(9 * 1024 * 1024))).await;
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    let Error::Unreadable(answer) = &error else {
        panic!("{error:?}")
    };
    assert!(matches!(answer.reason(), Unreadable::TooLong { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_keeps_its_status_when_its_body_is_endless_or_breaks_off() {
    let endless = Canned::answer(503, &[("retry-after", "3")], &"a".repeat(9 * 1024 * 1024)).await;
    let broken = "HTTP/1.1 401 \r\nretry-after: 3\r\ncontent-length: 100\r\n\r\n{\"message\": ".to_owned();
    let broken = Canned::raw(broken).await;
    for (server, kind) in [(endless, ErrorKind::Server), (broken, ErrorKind::Unauthenticated)] {
        let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        assert!(matches!(error, Error::Unexpected(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_key_in_an_answer_that_cannot_be_read_is_not_lost() {
    let body = r#"{"data": {"id": 7, "name": {}}, "plain_text_key": "k"}"#;
    let server = Canned::json(201, body).await;
    let error = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    let Error::Unreadable(answer) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(answer.expose_body(), body.as_bytes());
    assert!(!format!("{error:?} {error:#?}").contains("plain_text_key"));
}

#[tokio::test]
async fn a_vendors_own_request_id_is_kept() {
    let body = r#"{"code": 404, "message": "api key not found", "requestId": "abc-123"}"#;
    let server = Canned::json(404, body).await;
    let error = clients::b3os(&server)
        .revoke_api_key("ak_1", &Default::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.message(), Some("api key not found"));
    assert_eq!(error.code(), Some("404"));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_and_one_that_cannot_be_made_are_transport_failures() {
    let server = Canned::raw(String::new()).await;
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(error.attempts() > 0, "{error:?}");
    assert_eq!(error.to_string(), "the connection failed");

    let error = nobody().get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(error.status(), None);
}

/// A client of a port where nobody listens.
fn nobody() -> keyway::sinjapp::Client {
    let credentials = keyway::sinjapp::Credentials::api_key("k");
    keyway::sinjapp::Client::new("http://127.0.0.1:1", credentials).unwrap()
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_ambiguous_and_keeps_what_came() {
    let begun = "HTTP/1.1 201 \r\ncontent-length: 100\r\n\r\n{\"data\": {\"id\": 7".to_owned();
    let server = Canned::raw(begun).await;
    let error = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AmbiguousCreate);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(201));
    assert_eq!(
        error.to_string(),
        "an answer that cannot be read, with 201 Created; a key may have been made"
    );
    let Error::Unreadable(answer) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(answer.reason(), &Unreadable::Broken);
    assert_eq!(answer.expose_body(), br#"{"data": {"id": 7"#);
    assert!(error.source().is_some());

    let complete = r#"{"data": {"id": 7}, "plain_text"#;
    let bad_gateway = "<html>";
    for (status, body) in [(201, complete), (502, bad_gateway), (504, bad_gateway)] {
        let server = Canned::json(status, body).await;
        let error = clients::sinjapp(&server)
            .create_api_key(&clients::sinjapp_key())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AmbiguousCreate, "{status}");
        assert_eq!(error.delivery(), Delivery::Answered, "{status}");
    }

    let silent = Canned::raw(String::new()).await;
    let error = clients::sinjapp(&silent)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AmbiguousCreate);
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_create_that_was_refused_or_did_not_get_out_is_not_ambiguous() {
    let error = nobody()
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.delivery(), Delivery::NotSent);
    for (status, kind) in [
        (401, ErrorKind::Unauthenticated),
        (422, ErrorKind::Invalid),
        (500, ErrorKind::Server),
        (503, ErrorKind::Server),
    ] {
        let server = Canned::json(status, "{}").await;
        let error = clients::sinjapp(&server)
            .create_api_key(&clients::sinjapp_key())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.delivery(), Delivery::Answered);
    }
}

#[tokio::test]
async fn a_request_that_is_refused_here_was_not_attempted() {
    let request = keyway::sinjapp::types::CreateApiKeyRequest {
        expires_in_days: Some(0),
        ..clients::sinjapp_key()
    };
    let error = nobody().create_api_key(&request).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(error.attempts(), 0);
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout_and_may_have_been_sent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let impatient = reqwest::Client::builder()
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let credentials = keyway::sinjapp::Credentials::api_key("k");
    let options = keyway::Options::new()
        .http(impatient)
        .retry(keyway::RetryPolicy::off());
    let client = keyway::sinjapp::Client::with_options(&base_url, credentials, &options).unwrap();
    let error = client.get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::Unknown);
    let error = client.create_api_key(&clients::sinjapp_key()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AmbiguousCreate);
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "no complete answer in time; a key may have been made"
    );
}

#[track_caller]
fn has_fields<E>(error: &Error<E>, expected: &[(&str, &str)]) {
    assert_eq!(error.fields().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn what_a_vendor_says_about_members_is_told_as_pairs() {
    let body =
        r#"{"message": "m", "errors": {"name": ["too long", "not text"], "scopes": ["empty"], "odd": "x"}}"#;
    let error = clients::sinjapp(&Canned::json(422, body).await)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    has_fields(
        &error,
        &[
            ("name", "too long"),
            ("name", "not text"),
            ("scopes", "empty"),
            ("odd", "x"),
        ],
    );

    let body = r#"{"code": 400, "message": "m", "details":
        ["name is missing", {"field": "scope", "message": "unknown"}, {"message": "m2"}, {"reason": 1}, 7, null]}"#;
    let error = clients::b3os(&Canned::json(400, body).await)
        .create_api_key(&clients::b3os_key(), &Default::default())
        .await
        .unwrap_err();
    has_fields(
        &error,
        &[("", "name is missing"), ("scope", "unknown"), ("", "m2")],
    );

    let body = r#"{"statusCode": 400, "message": "Validation failed", "errors": {"name": ["no"]}}"#;
    let error = clients::reten(&Canned::json(400, body).await)
        .create_api_key(&clients::reten_key(), &Default::default())
        .await
        .unwrap_err();
    assert_eq!(error.message(), Some("Validation failed"));
    has_fields(&error, &[]);
}

#[tokio::test]
async fn a_dolfin_code_is_one_in_whatever_member_it_stands_and_a_title_is_none() {
    for (body, code) in [
        (
            r#"{"title": "ApiKey.ExpiresAtInPast"}"#,
            Some("ApiKey.ExpiresAtInPast"),
        ),
        (
            r#"{"type": "ApiKey.NotFound", "title": "Not Found"}"#,
            Some("ApiKey.NotFound"),
        ),
        (
            r#"{"code": "Member.Forbidden", "title": "No"}"#,
            Some("Member.Forbidden"),
        ),
        (
            r#"{"title": "Bad Request", "type": "https://tools.ietf.org/html/rfc7807"}"#,
            None,
        ),
        (
            r#"{"title": "Version 1.0.0", "detail": "a.b", "type": null}"#,
            None,
        ),
    ] {
        let error = clients::dolfin(&Canned::json(400, body).await)
            .create_api_key(&clients::dolfin_key())
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{body}");
    }
}

#[tokio::test]
async fn a_refusal_of_an_undeclared_status_still_tells_its_message() {
    let server = Canned::json(
        418,
        r#"{"message": "no coffee", "code": 418, "requestId": "r-1"}"#,
    )
    .await;
    let error = clients::b3os(&server)
        .create_api_key(&clients::b3os_key(), &Default::default())
        .await
        .unwrap_err();
    assert_eq!(error.message(), Some("no coffee"));
    assert_eq!(error.code(), Some("418"));
    assert_eq!(error.request_id(), Some("r-1"));
}

#[tokio::test]
async fn the_body_of_an_error_can_be_put_into_a_type_of_the_callers() {
    let server = Canned::json(422, r#"{"message": "m"}"#).await;
    let error = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err()
        .map_body(|body| matches!(body, CreateApiKeyError::UnprocessableEntity(_)));
    assert_eq!(error.body(), Some(&true));
    assert_eq!(error.message(), Some("m"));
    assert_eq!(error.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_fails_or_takes_too_long_has_sent_nothing() {
    for (bytes, kind) in [
        (Some("HTTP/1.1 400 \r\n\r\n"), ErrorKind::Transport),
        (None, ErrorKind::Timeout),
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("https://{}", listener.local_addr().unwrap());
        let credentials = keyway::sinjapp::Credentials::api_key("k");
        let options = keyway::Options::new().retry(keyway::RetryPolicy::off());
        let client = keyway::sinjapp::Client::with_options(&base_url, credentials, &options).unwrap();
        let speechless = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            if let Some(bytes) = bytes {
                let written = tokio::io::AsyncWriteExt::write_all(&mut stream, bytes.as_bytes()).await;
                written.unwrap();
            }
            stream
        };
        let key = clients::sinjapp_key();
        let (created, _stream) = tokio::join!(client.create_api_key(&key), speechless);
        let error = created.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn a_list_is_not_taken_for_the_object_that_was_promised() {
    let server = Canned::json(201, r#"[[7, "name", "tgo_1", [], "active", null, null], "k"]"#).await;
    let error = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap_err();
    let Error::Unreadable(answer) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(answer.reason(), &Unreadable::Shape { path: ".".to_owned() });
}
