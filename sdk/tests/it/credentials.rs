//! Credentials that a provider gives, and those of the environment.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use keyway::{ConfigError, Delivery, ErrorKind, Occasion, Secret, VariableProblem, reten, sinjapp};

use crate::{
    canned::{Canned, answer},
    clients::{self, CREDENTIAL},
};

/// A provider that gives `key-1`, `key-2` and so on up to `key-LAST`, and how often it was asked.
fn counting(last: u32) -> (sinjapp::Credentials, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&asked);
    let credentials = sinjapp::Credentials::api_key_from(move |_: Occasion| {
        let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            tokio::task::yield_now().await;
            Ok::<_, io::Error>(Secret::from(format!("key-{}", number.min(last))))
        }
    });
    (credentials, asked)
}

fn client(server: &Canned, credentials: sinjapp::Credentials) -> sinjapp::Client {
    sinjapp::Client::new(&server.base_url, credentials).unwrap()
}

fn asked(counter: &AtomicU32) -> u32 {
    counter.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_provider_is_asked_before_the_first_call_and_not_again() {
    let server = Canned::json(200, "{}").await;
    let (credentials, counter) = counting(9);
    let client = client(&server, credentials);
    assert_eq!(asked(&counter), 0);
    client.get_usage().await.unwrap();
    client.clone().get_usage().await.unwrap();
    assert_eq!(asked(&counter), 1);
    assert_eq!(server.last_request().header("x-api-key"), Some("key-1"));
}

#[tokio::test]
async fn after_a_401_the_call_is_made_again_with_another_credential_also_a_create() {
    let created = answer(
        201,
        &[("content-type", "application/json")],
        &clients::created::sinjapp(),
    );
    let server = Canned::sequence(vec![answer(401, &[], "{}"), created]).await;
    let (credentials, counter) = counting(9);
    let client = client(&server, credentials).with_retry(keyway::RetryPolicy::off());
    client.create_api_key(&clients::sinjapp_key()).await.unwrap();
    assert_eq!(asked(&counter), 2);
    assert_eq!(server.count(), 2);
    assert_eq!(server.last_request().header("x-api-key"), Some("key-2"));
    assert_eq!(server.last_request().body, r#"{"name":"test"}"#);
}

#[tokio::test]
async fn a_provider_is_asked_once_for_each_call_that_is_refused() {
    let server = Canned::json(401, "{}").await;
    let (credentials, counter) = counting(9);
    let client = client(&server, credentials);
    let error = client.get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(error.attempts(), 2);
    assert_eq!(asked(&counter), 2);
}

#[tokio::test]
async fn the_same_credential_is_not_tried_again() {
    let server = Canned::json(401, "{}").await;
    let (credentials, counter) = counting(1);
    let error = client(&server, credentials).get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(error.attempts(), 1);
    assert_eq!(asked(&counter), 2);

    let server = Canned::json(401, "{}").await;
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn calls_that_are_refused_at_once_ask_once() {
    // The first answers are for the first credential, whichever call they go to.
    let mut answers = vec![answer(200, &[], "{}")];
    answers.extend(vec![answer(401, &[], "{}"); 3]);
    answers.push(answer(200, &[], "{}"));
    let server = Canned::sequence(answers).await;
    let (credentials, counter) = counting(9);
    let client = client(&server, credentials);
    client.get_usage().await.unwrap();
    let (a, b, c) = tokio::join!(client.get_usage(), client.get_usage(), client.get_usage());
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
    assert_eq!(asked(&counter), 2);
    assert_eq!(server.count(), 7);
}

#[tokio::test]
async fn a_provider_that_fails_fails_the_call_and_nothing_is_sent() {
    let server = Canned::json(200, "{}").await;
    let credentials = sinjapp::Credentials::api_key_from(|_: Occasion| async {
        Err::<Secret, _>(io::Error::other("the vault is sealed"))
    });
    let error = client(&server, credentials).get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(error.attempts(), 0);
    assert_eq!(error.to_string(), "the credential provider failed");
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "the vault is sealed");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_provider_that_fails_after_a_401_says_so() {
    let server = Canned::json(401, "{}").await;
    let credentials = sinjapp::Credentials::api_key_from(|occasion: Occasion| async move {
        match occasion {
            Occasion::FirstUse => Ok(Secret::from("key-1")),
            _ => Err(io::Error::other("the vault is sealed")),
        }
    });
    let error = client(&server, credentials).get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert_eq!(error.attempts(), 1);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn what_a_provider_gives_is_looked_at_and_not_shown() {
    let server = Canned::json(200, "{}").await;
    let credentials = sinjapp::Credentials::api_key_from(|_: Occasion| async {
        Ok::<_, io::Error>(Secret::from(format!("{CREDENTIAL}\n")))
    });
    let shown = format!("{credentials:?}");
    assert_eq!(shown, "Credentials { api_key: Provider }");
    let error = client(&server, credentials).get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    let source = std::error::Error::source(&error).unwrap();
    assert!(matches!(source.downcast_ref(), Some(ConfigError::Credential)));
    assert!(!format!("{error:?} {source:?}").contains(CREDENTIAL));
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_public_operation_asks_no_provider() {
    let server = Canned::json(200, r#"{"accessToken": "t"}"#).await;
    let credentials = reten::Credentials::bearer_from(|_: Occasion| async {
        Err::<Secret, _>(io::Error::other("nobody should ask"))
    });
    let client = reten::Client::new(&server.base_url, credentials).unwrap();
    let login = reten::types::LoginRequest {
        identifier: "admin".to_owned(),
        password: Secret::from("SecurePass123!"),
    };
    client.login(&login).await.unwrap();
    assert_eq!(server.only_request().header("authorization"), None);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_never_answers_is_waited_for_as_long_as_the_call_may_take() {
    let server = Canned::json(200, "{}").await;
    let credentials =
        sinjapp::Credentials::api_key_from(|_: Occasion| std::future::pending::<Result<Secret, io::Error>>());
    let client = client(&server, credentials).with_timeout(std::time::Duration::from_secs(5));
    let error = client.get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(server.count(), 0);
}

/// The environment of a process cannot be changed safely, so another one is started with the environment to be tested.
#[test]
fn the_environment_of_the_process_is_read() {
    let again = |variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "credentials::in_another_environment", "--ignored"])
            .env_remove("SINJAPP_API_KEY")
            .envs(variables.iter().copied());
        command.output().unwrap().status.success()
    };
    assert!(again(&[("SINJAPP_API_KEY", "k-1"), ("EXPECTED", "set")]));
    assert!(again(&[("EXPECTED", "missing")]));
    assert!(!again(&[("SINJAPP_API_KEY", "k-1"), ("EXPECTED", "missing")]));
}

#[test]
#[ignore = "run by another test in an environment of its making"]
fn in_another_environment() {
    let read = sinjapp::Credentials::from_env();
    match std::env::var("EXPECTED").unwrap().as_str() {
        "set" => assert!(read.is_ok()),
        _ => assert!(matches!(
            read,
            Err(ConfigError::Variable {
                name: "SINJAPP_API_KEY",
                problem: VariableProblem::Missing
            })
        )),
    }
}
