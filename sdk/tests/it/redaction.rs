//! Nothing that can be printed holds a key: neither the caller's nor an issued one.

use std::{error::Error as _, fmt::Debug};

use keyway::{Error, Occasion, Options, Secret, b3os, dolfin, reten, sinjapp};
use serde::Serialize;

use crate::{
    canned::Canned,
    clients::{self, CREDENTIAL, ISSUED},
};

#[track_caller]
fn holds_no_secret(text: &str) {
    for secret in [CREDENTIAL, ISSUED] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[track_caller]
fn prints_no_secret(value: &(impl Debug + Serialize)) {
    holds_no_secret(&format!("{value:?} {value:#?}"));
    let json = serde_json::to_string(value).unwrap();
    holds_no_secret(&json);
    assert!(json.contains("[redacted]"), "{json}");
}

#[track_caller]
fn says_no_secret<E>(error: &Error<E>) {
    let mut text = format!("{error} {error:#} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    holds_no_secret(&text);
    assert!(!text.contains("127.0.0.1:"), "a URL is in {text}");
    assert!(!error.to_string().contains('\n'));
}

#[tokio::test]
async fn the_answer_that_brings_a_key_does_not_print_it() {
    let server = Canned::json(201, &clients::created::sinjapp()).await;
    let answer = clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap();
    assert_eq!(answer.plain_text_key.expose_secret(), ISSUED);
    prints_no_secret(&answer);

    let server = Canned::json(201, &clients::created::reten()).await;
    let answer = clients::reten(&server)
        .create_api_key(&clients::reten_key(), &Default::default())
        .await
        .unwrap();
    assert_eq!(answer.plaintext_key.as_ref().unwrap().expose_secret(), ISSUED);
    prints_no_secret(&answer);

    let server = Canned::json(201, &clients::created::dolfin()).await;
    let answer = clients::dolfin(&server)
        .create_api_key(&clients::dolfin_key())
        .await
        .unwrap();
    assert_eq!(answer.raw_key.expose_secret(), ISSUED);
    prints_no_secret(&answer);

    let server = Canned::json(200, &clients::created::b3os()).await;
    let answer = clients::b3os(&server)
        .create_api_key(&clients::b3os_key(), &Default::default())
        .await
        .unwrap();
    assert_eq!(answer.data.key.expose_secret(), ISSUED);
    prints_no_secret(&answer);
}

#[tokio::test]
async fn a_token_and_a_password_are_not_printed_either() {
    let server = Canned::json(200, &format!(r#"{{"accessToken": "{ISSUED}"}}"#)).await;
    let login = reten::types::LoginRequest {
        identifier: "admin".to_owned(),
        password: Secret::from(CREDENTIAL),
    };
    let answer = clients::reten(&server).login(&login).await.unwrap();
    prints_no_secret(&answer);
    holds_no_secret(&format!("{login:?}"));
}

#[test]
fn the_debug_of_a_client_names_the_header_and_not_the_credential() {
    let client = sinjapp::Client::new(
        "http://127.0.0.1:4010/sinjapp",
        sinjapp::Credentials::api_key(CREDENTIAL),
    );
    assert_eq!(
        format!("{:?}", client.unwrap()),
        r#"Client { base_url: "http://127.0.0.1:4010/sinjapp/api/v1", session: Session { vendor: "sinjapp", credential: Some("x-api-key"), beside: [], cookie: None, .. }, .. }"#
    );
    let credentials = sinjapp::Credentials::api_key(CREDENTIAL);
    assert_eq!(
        format!("{credentials:?}"),
        "Credentials { api_key: Secret([redacted]) }"
    );
}

#[tokio::test]
async fn no_odd_answer_to_a_create_puts_its_key_into_an_error() {
    let good = clients::created::sinjapp();
    let odd = [
        (201, good.replace(r#""id": 7"#, r#""id": "seven""#)),
        (201, good.replace(r#""id": 7"#, &format!(r#""id": "{ISSUED}""#))),
        (
            201,
            good.replace(
                r#""status": "active""#,
                &format!(r#""status": {{"{ISSUED}": 1}}"#),
            ),
        ),
        (
            201,
            format!(r#"{{"data": {{"id": 7}}, "plain_text_key": ["{ISSUED}"]}}"#),
        ),
        (201, format!(r#"{{"{ISSUED}": "#)),
        (201, format!(r#"{{"{ISSUED}": [,]}}"#)),
        (201, format!("<html>{ISSUED}</html>")),
        (200, good),
        (401, format!(r#"{{"message": "{CREDENTIAL} is unknown"}}"#)),
        (
            422,
            format!(r#"{{"message": "no", "errors": {{"name": ["{CREDENTIAL}"]}}}}"#),
        ),
        (503, format!("<html>{CREDENTIAL}</html>")),
    ];
    for (status, body) in odd {
        let server = Canned::json(status, &body).await;
        let result = clients::sinjapp(&server)
            .create_api_key(&clients::sinjapp_key())
            .await;
        says_no_secret(&result.unwrap_err());
    }
}

#[tokio::test]
async fn headers_of_an_answer_are_not_printed() {
    let headers = [
        ("x-echo", CREDENTIAL),
        ("set-cookie", ISSUED),
        ("content-type", "text/plain"),
    ];
    let server = Canned::answer(500, &headers, "no").await;
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    says_no_secret(&error);
}

#[tokio::test]
async fn a_failed_connection_does_not_print_where_it_went() {
    let client = sinjapp::Client::new("http://127.0.0.1:1", sinjapp::Credentials::api_key(CREDENTIAL));
    let error = client
        .unwrap()
        .lookup_contact(ISSUED, &Default::default())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "the connection failed");
    holds_no_secret(&format!("{error:?}"));
    assert!(!format!("{error:?}").contains("lookup"), "{error:?}");
}

#[test]
fn what_a_caller_hands_over_is_not_printed() {
    let provider = |_: Occasion| async { Ok::<_, std::io::Error>(Secret::from(CREDENTIAL)) };
    let proxy = reqwest::Proxy::all("http://proxy.example")
        .unwrap()
        .basic_auth("me", CREDENTIAL);
    let options = Options::new()
        .user_agent("shop/1")
        .proxy(proxy)
        .plain_http(keyway::PlainHttp::Everywhere);
    let mut shown = format!("{options:?} {options:#?}");
    let mut show = |value: &dyn Debug| shown += &format!(" {value:?} {value:#?}");

    show(&sinjapp::Credentials::api_key(CREDENTIAL));
    show(&sinjapp::Credentials::api_key_from(provider));
    show(&reten::Credentials::api_key(CREDENTIAL));
    show(&reten::Credentials::bearer(CREDENTIAL).tenant("t-1"));
    show(&reten::Credentials::bearer_from(provider));
    show(&dolfin::Credentials::api_key(CREDENTIAL));
    show(&dolfin::Credentials::bearer(CREDENTIAL));
    show(&b3os::Credentials::bearer(CREDENTIAL).organization("org_1"));
    let base_url = "http://127.0.0.1:1";
    show(&sinjapp::Client::with_options(
        base_url,
        sinjapp::Credentials::api_key(CREDENTIAL),
        &options,
    ));
    show(&reten::Client::new(
        base_url,
        reten::Credentials::bearer(CREDENTIAL),
    ));
    show(&dolfin::Client::new(
        base_url,
        dolfin::Credentials::bearer(CREDENTIAL),
    ));
    show(&b3os::Client::new(
        base_url,
        b3os::Credentials::bearer(CREDENTIAL),
    ));
    show(&sinjapp::Client::new(
        &format!("http://me:{CREDENTIAL}@127.0.0.1"),
        sinjapp::Credentials::api_key("k"),
    ));
    show(&sinjapp::Client::new(
        base_url,
        sinjapp::Credentials::api_key(format!("{CREDENTIAL}\n")),
    ));
    assert!(shown.contains("Provider") && shown.contains("t-1"), "{shown}");
    holds_no_secret(&shown);
}

#[tokio::test]
async fn a_refusal_that_repeats_the_credential_is_read_without_it() {
    let body = format!(
        r#"{{"code": 400, "message": "no key {CREDENTIAL}", "requestId": "{CREDENTIAL}", "details": ["{CREDENTIAL}"]}}"#
    );
    let echo = [("content-type", "application/json"), ("x-request-id", CREDENTIAL)];
    for status in [400, 404, 503] {
        let server = Canned::answer(status, &echo, &body).await;
        let client = clients::b3os(&server).with_retry(keyway::RetryPolicy::off());
        let error = client
            .create_api_key(&clients::b3os_key(), &Default::default())
            .await
            .unwrap_err();
        assert_eq!(error.message(), Some("no key [redacted]"), "{status}");
        assert_eq!(error.request_id(), Some("[redacted]"), "{status}");
        assert_eq!(
            error.fields().collect::<Vec<_>>(),
            [("", "[redacted]")],
            "{status}"
        );
        assert!(
            !format!("{error:?} {:?}", error.body()).contains(CREDENTIAL),
            "{status}"
        );
    }
}

#[tokio::test]
async fn an_odd_success_that_repeats_the_credential_does_not_show_it() {
    let server = Canned::answer(
        200,
        &[("x-request-id", CREDENTIAL), ("content-type", CREDENTIAL)],
        "odd",
    )
    .await;
    let error = clients::b3os(&server)
        .get_api_key("ak_1", &Default::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), keyway::ErrorKind::Unreadable);
    assert_eq!(error.request_id(), Some("[redacted]"));
    holds_no_secret(&format!("{error:?}"));
}
