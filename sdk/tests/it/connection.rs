//! How a client is pointed at a host, and what it does with redirects, cookies and other clients.

use keyway::{
    ConfigError, Error, ErrorKind, Secret,
    keys::{ApiKeys, KeyId, NewKey},
    reten, sinjapp,
};

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
async fn a_redirect_says_where_it_leads_and_what_to_check() {
    for (told, place) in [
        (
            "https://me:pw@new.example/v1/keys?token=t#x",
            "https://new.example/v1/keys",
        ),
        ("https://new.example?token=t", "https://new.example"),
        ("//new.example/keys", "//new.example/keys"),
        ("/v2/usage?token=t", "/v2/usage"),
    ] {
        let server = Canned::answer(308, &[("location", told)], "").await;
        let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
        let Error::Unexpected(answer) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(answer.location(), Some(place));
        assert!(!format!("{error:?}").contains("new.example"), "{error:?}");
        let common = clients::sinjapp(&server)
            .create(NewKey::named("n"))
            .await
            .unwrap_err();
        for said in [error.to_string(), common.to_string()] {
            assert!(said.contains("not followed; check the base URL"), "{said}");
        }
    }
    let server = Canned::answer(200, &[("location", "/v2")], "x").await;
    let error = clients::sinjapp(&server).get_usage().await.unwrap_err();
    assert!(!format!("{error:?}").contains("Location"), "{error:?}");
}

#[tokio::test]
async fn where_there_is_nothing_the_base_url_is_to_be_checked() {
    let server = Canned::json(404, "{}").await;
    let keys = clients::sinjapp(&server);
    let said = keys.create(NewKey::named("n")).await.unwrap_err().to_string();
    assert_eq!(
        said,
        "creating a key at Sinjapp failed: there is no such place; check the base URL (404)"
    );
    let said = keys.revoke(&KeyId::from("7")).await.unwrap_err().to_string();
    assert!(said.contains("there is no such key"), "{said}");
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
