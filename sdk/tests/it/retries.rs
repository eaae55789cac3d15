//! When a call is made once more, counted at a server, in a time that runs ahead while everybody waits.

use std::time::Duration;

use keyway::{Delivery, ErrorKind, Options, RetryPolicy, sinjapp};
use tokio::time::Instant;

use crate::{
    canned::{Canned, answer},
    clients,
};

const DONE: &str = "{}";

fn status(status: u16) -> String {
    answer(status, &[], "{}")
}

fn with(server: &Canned, options: &Options) -> sinjapp::Client {
    let credentials = sinjapp::Credentials::api_key(clients::CREDENTIAL);
    sinjapp::Client::with_options(&server.base_url, credentials, options).unwrap()
}

/// Begins its answer and breaks off.
fn broken() -> String {
    "HTTP/1.1 200 \r\ncontent-length: 100\r\n\r\n{".to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_read_is_repeated_after_a_failure_that_may_pass() {
    for failure in [
        status(408),
        status(429),
        status(500),
        status(502),
        status(503),
        status(504),
        broken(),
        String::new(),
    ] {
        let server = Canned::sequence(vec![failure.clone(), status(200)]).await;
        let usage = clients::sinjapp(&server).get_usage().await;
        assert!(usage.is_ok(), "{failure}: {:?}", usage.unwrap_err());
        assert_eq!(server.count(), 2, "{failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_is_not_repeated_after_a_refusal_that_will_stay() {
    for refusal in [400, 401, 403, 404, 409, 418, 422, 501] {
        let server = Canned::raw(status(refusal)).await;
        let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
        assert_eq!(server.count(), 1, "{refusal}");
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_third_failure_is_the_last_and_the_error_says_so() {
    let server = Canned::raw(status(503)).await;
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(error.attempts(), 3);
    assert_eq!(server.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_carries_the_whole_request() {
    let server = Canned::sequence(vec![status(503), answer(204, &[], "")]).await;
    clients::sinjapp(&server).revoke_api_key(7).await.unwrap();
    let request = server.last_request();
    assert_eq!(request.line(), "DELETE /api/v1/api-keys/7 HTTP/1.1");
    assert_eq!(request.header("x-api-key"), Some(clients::CREDENTIAL));
    assert_eq!(server.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_revoke_is_repeated_though_it_is_a_post() {
    let id = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
    let server = Canned::sequence(vec![String::new(), answer(200, &[], r#"{"message": "m"}"#)]).await;
    clients::reten(&server)
        .revoke_api_key(id, &Default::default())
        .await
        .unwrap();
    assert_eq!(server.count(), 2);

    let server = Canned::sequence(vec![status(503), answer(204, &[], "")]).await;
    clients::dolfin(&server).revoke_api_key(id).await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_answer_is_lost_is_never_repeated() {
    for lost in [
        broken(),
        String::new(),
        status(408),
        status(500),
        status(502),
        status(503),
        status(504),
    ] {
        let server = Canned::raw(lost.clone()).await;
        let error = clients::reten(&server)
            .create_api_key(&clients::reten_key(), &Default::default())
            .await
            .unwrap_err();
        assert_eq!(error.attempts(), 1, "{lost}");
        assert_eq!(server.count(), 1, "{lost}");
    }
    let server = Canned::raw(status(429)).await;
    let error = clients::dolfin(&server)
        .create_api_key(&clients::dolfin_key())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(server.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_create_is_repeated_where_the_vendor_says_when_to_come_again() {
    let wait = answer(429, &[("retry-after", "7")], "{}");
    let created = answer(
        201,
        &[("content-type", "application/json")],
        &clients::created::sinjapp(),
    );
    let server = Canned::sequence(vec![wait, created]).await;
    let start = Instant::now();
    clients::sinjapp(&server)
        .create_api_key(&clients::sinjapp_key())
        .await
        .unwrap();
    assert_eq!(server.count(), 2);
    assert!(start.elapsed() >= Duration::from_secs(7), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_create_is_repeated_where_no_connection_could_be_made() {
    let credentials = sinjapp::Credentials::api_key("k");
    let nobody = sinjapp::Client::new("http://127.0.0.1:1", credentials).unwrap();
    let error = nobody.create_api_key(&clients::sinjapp_key()).await.unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test(start_paused = true)]
async fn what_was_perhaps_done_once_stays_perhaps_done() {
    // The server takes one connection, breaks it, and is gone when the second one is made.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let credentials = sinjapp::Credentials::api_key("k");
    let client = sinjapp::Client::new(&base_url, credentials).unwrap();
    let gone = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        drop(listener);
        let mut bytes = [0; 16];
        let read = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await;
        assert!(read.unwrap() > 0);
    };
    let (revoked, ()) = tokio::join!(client.revoke_api_key(7), gone);
    let error = revoked.unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test(start_paused = true)]
async fn a_date_to_come_again_is_honoured_and_one_too_late_ends_the_call() {
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(20);
    let soon = soon.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let server = Canned::sequence(vec![answer(503, &[("retry-after", &soon)], "{}"), status(200)]).await;
    let start = Instant::now();
    clients::sinjapp(&server).get_usage().await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );

    let server = Canned::sequence(vec![answer(503, &[("retry-after", "31")], "{}"), status(200)]).await;
    let start = Instant::now();
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(31)));
    assert_eq!(server.count(), 1);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_policy_is_the_clients_or_that_of_one_call() {
    let server = Canned::raw(status(503)).await;
    let client = with(&server, &Options::new().retry(RetryPolicy::off()));
    assert_eq!(client.get_usage().await.unwrap_err().attempts(), 1);
    let patient = client.with_retry(RetryPolicy::new().max_attempts(5));
    assert_eq!(patient.get_usage().await.unwrap_err().attempts(), 5);
    assert_eq!(client.get_usage().await.unwrap_err().attempts(), 1);
    assert_eq!(server.count(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_pass_the_end_of_the_call_is_not_begun() {
    let server = Canned::raw(answer(503, &[("retry-after", "20")], "{}")).await;
    let client = with(&server, &Options::new().total_timeout(Duration::from_secs(30)));
    let error = client.get_usage().await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    let hasty = client.with_timeout(Duration::from_secs(10));
    let start = Instant::now();
    let error = hasty.get_usage().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.kind(), ErrorKind::Server);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_given_up_at_the_end_of_the_call() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let options = Options::new().total_timeout(Duration::from_secs(45));
    let credentials = sinjapp::Credentials::api_key("k");
    let client = sinjapp::Client::with_options(&base_url, credentials, &options).unwrap();
    let start = Instant::now();
    let error = client.get_usage().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.attempts(), 2);
    let seconds = start.elapsed().as_secs();
    assert!((44..=46).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_multiplied_by_all_clones_of_a_client() {
    let server = Canned::raw(status(503)).await;
    let client = clients::sinjapp(&server);
    let others = client
        .with_credentials(sinjapp::Credentials::api_key("other"))
        .unwrap();
    let mut attempts = 0;
    for client in [&client, &others, &client.clone()] {
        for _ in 0..50 {
            attempts += client.get_usage().await.unwrap_err().attempts();
        }
    }
    // 150 calls, and a hundred repeats in the budget.
    assert_eq!(attempts, 250);
    assert_eq!(server.count(), 250);
}

#[tokio::test(start_paused = true)]
async fn successes_fill_the_budget_again() {
    let mut answers = vec![status(503); 250];
    answers.extend(vec![answer(200, &[], DONE); 10]);
    answers.push(status(503));
    let server = Canned::sequence(answers).await;
    let client = clients::sinjapp(&server);
    // Two repeats for each of the first fifty; then none is left, and a call is one request.
    for _ in 0..50 {
        assert_eq!(client.get_usage().await.unwrap_err().attempts(), 3);
    }
    for _ in 0..100 {
        assert_eq!(client.get_usage().await.unwrap_err().attempts(), 1);
    }
    for _ in 0..10 {
        client.get_usage().await.unwrap();
    }
    // Ten successes are worth two repeats.
    assert_eq!(client.get_usage().await.unwrap_err().attempts(), 3);
    assert_eq!(client.get_usage().await.unwrap_err().attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn times_beyond_all_measure_are_times_without_end() {
    let ages = u64::MAX.to_string();
    let patient = RetryPolicy::new().max_retry_after(Duration::MAX);
    let endless = Options::new().total_timeout(Duration::MAX).retry(patient);
    let server = Canned::sequence(vec![status(503), status(200)]).await;
    assert!(with(&server, &endless).get_usage().await.is_ok());
    let server = Canned::raw(status(200)).await;
    let client = clients::sinjapp(&server).with_timeout(Duration::MAX);
    assert!(client.get_usage().await.is_ok());

    // The vendor asks for more than is left, or than there is.
    let server = Canned::raw(answer(503, &[("retry-after", &ages)], "{}")).await;
    let client = with(&server, &endless);
    let error = client
        .with_timeout(Duration::from_secs(60))
        .get_usage()
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    let waiting = tokio::time::timeout(Duration::from_secs(3600), client.get_usage()).await;
    assert!(waiting.is_err());
}

#[tokio::test]
async fn a_call_whose_time_is_over_is_not_sent() {
    let server = Canned::json(200, &clients::created::b3os()).await;
    let client = clients::b3os(&server).with_timeout(Duration::ZERO);
    let error = client
        .create_api_key(&clients::b3os_key(), &Default::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        (error.delivery(), error.attempts()),
        (keyway::Delivery::NotSent, 0)
    );
    assert_eq!(server.count(), 0);
}
