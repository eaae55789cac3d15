//! How a client is pointed at a host, and what it does with redirects, cookies and other clients.

use keyway::{ConfigError, ErrorKind, Secret, reten, sinjapp};

use crate::{canned::Canned, clients};

#[tokio::test]
async fn a_tenant_below_localhost_is_this_machine() {
    let server = Canned::json(200, "{}").await;
    let base_url = format!("http://acme.localhost:{}", server.port());
    let client = sinjapp::Client::new(&base_url, sinjapp::Credentials::api_key("k")).unwrap();
    client.get_usage().await.unwrap();
    assert_eq!(
        server.only_request().header("host"),
        Some(&*format!("acme.localhost:{}", server.port()))
    );
}

#[tokio::test]
async fn a_prefix_of_the_base_url_stays_in_front() {
    let server = Canned::json(200, "{}").await;
    let base_url = format!("{}/sinjapp/", server.base_url);
    let client = sinjapp::Client::new(&base_url, sinjapp::Credentials::api_key("k")).unwrap();
    client.get_usage().await.unwrap();
    assert_eq!(server.only_request().line(), "GET /sinjapp/api/v1/usage HTTP/1.1");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Canned::json(200, "{}").await;
    let server = Canned::answer(302, &[("location", &elsewhere.base_url)], "").await;
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(302));
    assert_eq!(error.kind(), ErrorKind::Other);
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn the_refresh_cookie_is_kept_and_sent_back_to_a_client_in_another_name_too() {
    let cookie = ("set-cookie", "refreshToken=r-1; HttpOnly; Path=/");
    let headers = [("content-type", "application/json"), cookie];
    let server = Canned::answer(200, &headers, r#"{"accessToken": "t"}"#).await;
    let client = reten::Client::new(&server.base_url, reten::Credentials::anonymous()).unwrap();
    let login = reten::types::LoginRequest {
        identifier: "admin".to_owned(),
        password: Secret::from("SecurePass123!"),
    };
    let session = client.login(&login).await.unwrap();
    let client = client
        .with_credentials(reten::Credentials::bearer(session.access_token))
        .unwrap();
    client.refresh().await.unwrap();
    let refresh = server.last_request();
    assert_eq!(refresh.line(), "POST /api/auth/refresh HTTP/1.1");
    assert_eq!(refresh.header("cookie"), Some("refreshToken=r-1"));
    assert_eq!(refresh.header("authorization"), None);
}

#[test]
fn a_client_that_cannot_work_is_not_made() {
    let made = sinjapp::Client::new("your-tenant.sinjapp.org", sinjapp::Credentials::api_key("k"));
    assert!(matches!(made, Err(ConfigError::BaseUrl(_))));
    let made = sinjapp::Client::new("http://127.0.0.1:1", sinjapp::Credentials::api_key("k\n"));
    assert!(matches!(made, Err(ConfigError::Credential)));
    for unfit in ["a\nb", "", " ", "t ", "ü"] {
        let credentials = reten::Credentials::bearer("k").tenant(unfit);
        let made = reten::Client::new("http://127.0.0.1:1", credentials);
        let header = "x-tenant-id";
        assert!(
            matches!(made, Err(ConfigError::Context { header: named }) if named == header),
            "{unfit:?}"
        );
    }
}
