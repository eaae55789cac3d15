//! The clients that return when a call is over.

use keyway::{ErrorKind, blocking::sinjapp, sinjapp::Credentials};

use crate::{
    canned::Canned,
    clients::{self, CREDENTIAL, ISSUED},
};

fn client(server: &Canned) -> sinjapp::Client {
    sinjapp::Client::new(&server.base_url, Credentials::api_key(CREDENTIAL)).unwrap()
}

#[test]
fn a_call_returns_when_it_is_over() {
    let elsewhere = tokio::runtime::Runtime::new().unwrap();
    let server = elsewhere.block_on(Canned::json(201, &clients::created::sinjapp()));
    let client = client(&server);
    let created = client.create_api_key(&clients::sinjapp_key()).unwrap();
    assert_eq!(created.plain_text_key.expose_secret(), ISSUED);
    assert_eq!(server.only_request().body, r#"{"name":"test"}"#);

    let server = elsewhere.block_on(Canned::json(401, r#"{"message": "no"}"#));
    let refused = self::client(&server).get_usage().unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthenticated);
    assert_eq!(refused.message(), Some("no"));
}

#[test]
fn several_threads_may_share_a_client() {
    let elsewhere = tokio::runtime::Runtime::new().unwrap();
    let server = elsewhere.block_on(Canned::json(200, "{}"));
    let client = client(&server);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| client.clone().get_usage().unwrap());
        }
    });
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn inside_of_a_runtime_a_call_is_an_error_and_no_panic() {
    let server = Canned::json(200, "{}").await;
    let client = client(&server);
    let error = client.get_usage().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InsideRuntime);
    assert_eq!(error.attempts(), 0);
    assert_eq!(server.count(), 0);
    // Nor is it one to drop its runtime here.
    drop(client);
}
