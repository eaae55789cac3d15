//! The same exchange through every door gives the same bytes.

use keyway_mock::adapters::wiremock::Player;
use keyway_mock::{Access, Effect, Fault, MockServer, Tls, Vendor, When};
use reqwest::{Certificate, Client, Method, StatusCode, Version};
use serde_json::{Value, json};
use wiremock::matchers::any;

/// What a client sees of an answer, but for what time and chance put in.
#[derive(Debug, PartialEq)]
struct Seen {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: String,
}

async fn seen(request: reqwest::RequestBuilder) -> Seen {
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let of_the_mock = |name: &&http::HeaderName| !["date", "content-length"].contains(&name.as_str());
    let mut headers: Vec<_> = answer
        .headers()
        .iter()
        .filter(|(name, _)| of_the_mock(name))
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    headers.sort();
    Seen {
        status,
        headers,
        body: answer.text().await.expect("text"),
    }
}

/// Exchanges without time or chance in their answers, refusals among them.
fn exchanges(client: &Client, access: &Access) -> Vec<reqwest::RequestBuilder> {
    let key = access.credentials.admin.trim_start_matches("key:");
    let at = |method: Method, path: &str| client.request(method, format!("{}{path}", access.base_url));
    vec![
        at(Method::GET, "/api/v1/sender-numbers").header("X-Api-Key", key),
        at(Method::GET, "/api/v1/contacts/lookup?phone=%2B201000000001").header("x-api-key", key),
        at(Method::GET, "/api/v1/me"),
        at(Method::GET, "/api/v1/me").header("x-api-key", "tgo_unknown"),
        at(Method::POST, "/api/v1/api-keys")
            .header("x-api-key", key)
            .json(&json!({"scopes": ["nope"]})),
        at(Method::POST, "/api/v1/api-keys")
            .header("x-api-key", key)
            .body("{"),
        at(Method::PUT, "/api/v1/api-keys").header("x-api-key", key),
        at(Method::GET, "/nowhere"),
        at(Method::DELETE, "/api/v1/api-keys/99").header("x-api-key", key),
        at(Method::GET, "/api/v1/me").header("host", "unknown.example"),
    ]
}

#[tokio::test]
async fn wiremock_answers_with_the_bytes_of_the_server() {
    let ours = MockServer::builder()
        .vendor(Vendor::Sinjapp)
        .start()
        .await
        .expect("a free port");
    let theirs = wiremock::MockServer::start().await;
    let player = Player::new(Vendor::Sinjapp);
    wiremock::Mock::given(any())
        .respond_with(player.clone())
        .mount(&theirs)
        .await;

    let client = Client::new();
    let through_ours = exchanges(&client, &ours.access(Vendor::Sinjapp));
    let through_theirs = exchanges(&client, &player.access(&theirs.uri()));
    let count = through_ours.len();
    for (ours, theirs) in through_ours.into_iter().zip(through_theirs) {
        assert_eq!(seen(ours).await, seen(theirs).await);
    }
    assert_eq!(player.journal().count(), count);
}

#[tokio::test]
async fn a_key_lives_and_dies_behind_wiremock_too() {
    let server = wiremock::MockServer::start().await;
    let player = Player::new(Vendor::Dolfin);
    wiremock::Mock::given(any())
        .respond_with(player.clone())
        .mount(&server)
        .await;
    let access = player.access(&server.uri());
    let admin = access.credentials.admin.trim_start_matches("key:");
    let client = Client::new();
    let made = client
        .post(format!("{}/api-keys", access.base_url))
        .header("x-dolfin-api-key", admin);
    let made: Value = made
        .json(&json!({}))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let (id, key) = (
        made["id"].as_str().expect("an id"),
        made["rawKey"].as_str().expect("a key"),
    );
    let members = format!("{}/clients/{}/members", access.base_url, access.tenant);
    let uses = || client.get(&members).header("x-dolfin-api-key", key).send();
    assert_eq!(uses().await.expect("an answer").status(), StatusCode::OK);
    let url = format!("{}/api-keys/{id}/revoke", access.base_url);
    let revoked = client
        .post(url)
        .header("x-dolfin-api-key", admin)
        .send()
        .await
        .expect("an answer");
    assert_eq!(revoked.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        uses().await.expect("an answer").status(),
        StatusCode::UNAUTHORIZED
    );

    player
        .inject(Fault::new(Effect::ResetAfterCommit).when(When::Nth(1)))
        .expect("a possible fault");
    assert_eq!(
        uses().await.expect("an answer").status(),
        StatusCode::NOT_IMPLEMENTED
    );
}

#[tokio::test]
async fn https_serves_http_2_and_http_1_to_who_trusts_its_certificate() {
    let tls = Tls::self_signed().expect("a certificate");
    let certificate = Certificate::from_pem(tls.certificate_pem().as_bytes()).expect("PEM");
    let server = MockServer::builder()
        .vendor(Vendor::Sinjapp)
        .tls(tls)
        .start()
        .await
        .expect("a free port");
    let access = server.access(Vendor::Sinjapp);
    assert!(access.base_url.starts_with("https://127.0.0.1:"));
    let key = access.credentials.admin.trim_start_matches("key:");
    let me = format!("{}/api/v1/me", access.base_url);
    let trusting = || Client::builder().tls_certs_only([certificate.clone()]);
    for (client, version) in [
        (trusting().build(), Version::HTTP_2),
        (trusting().http1_only().build(), Version::HTTP_11),
    ] {
        let client = client.expect("a client");
        let answer = client
            .get(&me)
            .header("x-api-key", key)
            .send()
            .await
            .expect("an answer");
        assert_eq!((answer.status(), answer.version()), (StatusCode::OK, version));
    }
    assert!(
        Client::new().get(&me).send().await.is_err(),
        "a stranger's certificate was trusted"
    );

    // A tenant is a host over HTTP/2 as well, where it travels in the target.
    let client = trusting()
        .resolve("other.localhost", server.address())
        .build()
        .expect("a client");
    let elsewhere = client
        .get(format!("{}/api/v1/me", access.other_base_url))
        .header("x-api-key", key);
    assert_eq!(
        elsewhere.send().await.expect("an answer").status(),
        StatusCode::UNAUTHORIZED
    );
    let other = access.credentials.other.trim_start_matches("key:");
    let at_home = client
        .get(format!("{}/api/v1/me", access.other_base_url))
        .header("x-api-key", other);
    assert_eq!(at_home.send().await.expect("an answer").status(), StatusCode::OK);
}

#[tokio::test]
async fn http_2_without_tls_is_understood() {
    let server = MockServer::builder()
        .vendor(Vendor::B3os)
        .start()
        .await
        .expect("a free port");
    let access = server.access(Vendor::B3os);
    let client = Client::builder()
        .http2_prior_knowledge()
        .build()
        .expect("a client");
    let key = access.credentials.admin.trim_start_matches("bearer:");
    let url = format!("{}/v1/organizations", access.base_url);
    let answer = client.get(url).bearer_auth(key).send().await.expect("an answer");
    assert_eq!(
        (answer.status(), answer.version()),
        (StatusCode::OK, Version::HTTP_2)
    );
}

#[test]
fn certificate_files_that_are_none_are_refused_by_what_is_wrong() {
    let missing = Tls::from_files("/nowhere/cert.pem".as_ref(), "/nowhere/key.pem".as_ref()).unwrap_err();
    assert!(missing.to_string().contains("/nowhere/cert.pem"), "{missing}");
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let no_certificate = Tls::from_files(manifest.as_ref(), manifest.as_ref()).unwrap_err();
    assert_eq!(
        no_certificate.to_string(),
        "the certificate file holds no PEM certificate"
    );
}
