//! What can be set on a client, and what is refused before it is made.

use std::time::Duration;

use keyway::{
    BaseUrlError, ConfigError, ConnectionSetting, Delivery, ErrorKind, Occasion, Options, PlainHttp,
    RetryPolicy, Secret, reten, sinjapp,
};

use crate::{canned::Canned, clients::CREDENTIAL};

fn made(base_url: &str, options: &Options) -> Result<sinjapp::Client, ConfigError> {
    sinjapp::Client::with_options(base_url, sinjapp::Credentials::api_key(CREDENTIAL), options)
}

#[tokio::test]
async fn the_application_is_named_before_this_crate() {
    let server = Canned::json(200, "{}").await;
    let client = made(&server.base_url, &Options::new().user_agent("billing/2.1 (eu)")).unwrap();
    client.get_usage().await.unwrap();
    let user_agent = concat!("billing/2.1 (eu) keyway/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.only_request().header("user-agent"), Some(user_agent));
    for unfit in ["a\nb", "", " ", " a", "a ", "a\tb", "ü"] {
        let made = made(&server.base_url, &Options::new().user_agent(unfit));
        assert!(matches!(made, Err(ConfigError::UserAgent)), "{unfit:?}");
    }
}

#[test]
fn keys_go_in_the_clear_to_this_machine_only_unless_it_is_said() {
    for elsewhere in [
        "http://api.reten.ai",
        "http://10.0.0.7:8080",
        "http://localhost.example",
    ] {
        let refused = made(elsewhere, &Options::new()).unwrap_err();
        assert!(
            matches!(refused, ConfigError::BaseUrl(BaseUrlError::PlainHttp)),
            "{elsewhere}: {refused}"
        );
        made(elsewhere, &Options::new().plain_http(PlainHttp::Everywhere)).unwrap();
    }
    for here in [
        "http://localhost",
        "http://127.0.0.1:1",
        "http://acme.localhost:4010",
        "http://[::1]:1",
    ] {
        made(here, &Options::new()).unwrap();
    }
    made("https://api.reten.ai", &Options::new()).unwrap();
}

#[test]
fn what_an_http_client_of_ones_own_decides_cannot_be_set_beside_it() {
    let own = || Options::new().http(reqwest::Client::new());
    let refused = made(
        "http://127.0.0.1:1",
        &own().connect_timeout(Duration::from_secs(1)),
    );
    assert!(matches!(
        refused,
        Err(ConfigError::OwnClient(ConnectionSetting::ConnectTimeout))
    ));
    let proxy = reqwest::Proxy::all("http://127.0.0.1:1").unwrap();
    let refused = made("http://127.0.0.1:1", &own().proxy(proxy));
    assert!(matches!(
        refused,
        Err(ConfigError::OwnClient(ConnectionSetting::Proxy))
    ));
    made(
        "http://127.0.0.1:1",
        &own().attempt_timeout(Duration::from_secs(1)),
    )
    .unwrap();
}

#[tokio::test]
async fn a_proxy_that_is_named_is_gone_through_even_to_this_machine() {
    let proxy = Canned::json(200, "{}").await;
    let options = Options::new()
        .proxy(reqwest::Proxy::all(&proxy.base_url).unwrap())
        .plain_http(PlainHttp::Everywhere);
    let client = made("http://127.0.0.1:1", &options).unwrap();
    client.get_usage().await.unwrap();
    assert_eq!(
        proxy.only_request().line(),
        "GET http://127.0.0.1:1/api/v1/usage HTTP/1.1"
    );
}

#[test]
fn a_proxy_reads_keys_that_go_in_the_clear_only_if_it_is_said() {
    let by_proxy = || Options::new().proxy(reqwest::Proxy::all("http://proxy.example").unwrap());
    let refused = made("http://127.0.0.1:1", &by_proxy()).unwrap_err();
    assert!(
        matches!(refused, ConfigError::BaseUrl(BaseUrlError::PlainHttpByProxy)),
        "{refused}"
    );
    assert!(refused.to_string().contains("plain_http"), "{refused}");
    made(
        "http://127.0.0.1:1",
        &by_proxy().plain_http(PlainHttp::Everywhere),
    )
    .unwrap();
    made("https://api.reten.ai", &by_proxy()).unwrap();
}

#[test]
fn options_show_neither_the_proxy_nor_its_password() {
    let proxy = reqwest::Proxy::all("http://me:proxy-pass-31@proxy.example").unwrap();
    let shown = format!("{:?}", Options::new().proxy(proxy));
    assert!(shown.contains("proxy: true"), "{shown}");
    assert!(
        !shown.contains("proxy.example") && !shown.contains("proxy-pass-31"),
        "{shown}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_in_the_time_it_has() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", silent.local_addr().unwrap());
    let waits = async |options: Options| {
        let client = made(&base_url, &options.retry(RetryPolicy::off())).unwrap();
        let start = tokio::time::Instant::now();
        let error = client.get_usage().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        start.elapsed().as_secs()
    };
    assert_eq!(waits(Options::new()).await, 30);
    assert_eq!(
        waits(Options::new().attempt_timeout(Duration::from_secs(4))).await,
        4
    );
    let own = reqwest::Client::builder()
        .timeout(Duration::from_secs(9))
        .build()
        .unwrap();
    assert_eq!(waits(Options::new().http(own.clone())).await, 9);
    assert_eq!(
        waits(Options::new().http(own).attempt_timeout(Duration::from_secs(4))).await,
        4
    );
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_does_not_answer_has_the_time_of_an_attempt() {
    let waits = async |options: Options| {
        let provider = |_: Occasion| std::future::pending::<Result<Secret, std::io::Error>>();
        let credentials = sinjapp::Credentials::api_key_from(provider);
        let client = sinjapp::Client::with_options("http://127.0.0.1:1", credentials, &options).unwrap();
        let start = tokio::time::Instant::now();
        let call = tokio::time::timeout(Duration::from_secs(3600), client.get_usage());
        let error = call.await.expect("the call ends").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.delivery(), Delivery::NotSent);
        start.elapsed().as_secs()
    };
    let attempt = |seconds| Options::new().attempt_timeout(Duration::from_secs(seconds));
    assert_eq!(waits(Options::new()).await, 30);
    assert_eq!(waits(attempt(4)).await, 4);
    assert_eq!(waits(attempt(4).total_timeout(Duration::from_secs(3))).await, 3);
}

#[test]
fn one_value_serves_the_clients_of_all_vendors() {
    let options = Options::new()
        .user_agent("shop/1")
        .total_timeout(Duration::from_secs(5));
    made("http://127.0.0.1:1", &options).unwrap();
    reten::Client::with_options("http://127.0.0.1:1", reten::Credentials::anonymous(), &options).unwrap();
}
