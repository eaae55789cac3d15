//! Broken promises: each is broken where it was asked for, and nowhere else.

use keyway_mock::{MockServer, Sabotage, Vendor};
use serde_json::{Value, json};

/// A sabotaged Reten, with the headers of its admin.
struct Broken {
    server: MockServer,
    client: reqwest::Client,
}

impl Broken {
    async fn by(name: &str) -> Self {
        let builder = MockServer::builder().vendor(Vendor::Reten);
        let server = builder.sabotage(name).unwrap().start().await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { server, client }
    }

    fn ask(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let access = self.server.access(Vendor::Reten);
        let admin = access.credentials.admin.trim_start_matches("bearer:").to_owned();
        self.client
            .request(method, format!("{}{path}", access.base_url))
            .bearer_auth(admin)
            .header("x-tenant-id", access.tenant)
    }

    /// A new key: its id and its secret.
    async fn create(&self) -> (String, String) {
        let asked = json!({ "name": "k", "permissions": ["VIEW_ACTIVITIES"] });
        let answer = self.ask(reqwest::Method::POST, "/api/api-keys").json(&asked);
        let body: Value = answer.send().await.unwrap().json().await.unwrap();
        let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
        (text("id"), text("plaintextKey"))
    }

    async fn revoke(&self, id: &str) -> u16 {
        let path = format!("/api/api-keys/{id}/revoke");
        let answer = self.ask(reqwest::Method::POST, &path).send().await.unwrap();
        answer.status().as_u16()
    }

    async fn read_with(&self, key: &str) -> u16 {
        let base_url = self.server.access(Vendor::Reten).base_url;
        let read = self.client.get(format!("{base_url}/api/activities"));
        read.header("x-api-key", key)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }
}

#[tokio::test]
async fn a_revoked_key_works_where_that_promise_is_broken() {
    let broken = Broken::by("revoked-key-still-works").await;
    let (id, key) = broken.create().await;
    assert_eq!(broken.read_with(&key).await, 200);
    assert_eq!(broken.revoke(&id).await, 200);
    assert_eq!(broken.read_with(&key).await, 200);
    assert_eq!(
        broken.read_with("rtn_sk_never").await,
        401,
        "every other promise is kept"
    );
}

#[tokio::test]
async fn a_promise_that_only_another_vendor_can_break_is_kept() {
    // Of Reten nobody is to be told that `bearer` in small letters is no scheme.
    let broken = Broken::by("scheme-case-matters").await;
    let access = broken.server.access(Vendor::Reten);
    let admin = access.credentials.admin.trim_start_matches("bearer:");
    let read = broken.client.get(format!("{}/api/api-keys", access.base_url));
    let read = read
        .header("authorization", format!("bearer {admin}"))
        .header("x-tenant-id", &access.tenant);
    assert_eq!(read.send().await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn every_sabotage_leaves_the_mock_standing() {
    for sabotage in Sabotage::all().filter(|one| one.vendors.contains(&Vendor::Reten)) {
        let broken = Broken::by(sabotage.name).await;
        let (id, key) = broken.create().await;
        let key = if key.is_ascii() && !key.is_empty() {
            key
        } else {
            "none".to_owned()
        };
        broken.read_with(&key).await;
        if !id.is_empty() {
            broken.revoke(&id).await;
        }
        broken.read_with(&key).await;
        let served = broken.server.journal().entries().len();
        assert!(served >= 3, "{} ended the mock", sabotage.name);
    }
}

#[tokio::test]
async fn a_mock_that_gives_secrets_away_does_not_write_them_down() {
    for name in [
        "secret-in-list",
        "secret-in-header",
        "error-echoes-key",
        "secret-in-location",
    ] {
        let broken = Broken::by(name).await;
        let (id, key) = broken.create().await;
        broken
            .ask(reqwest::Method::GET, "/api/api-keys")
            .send()
            .await
            .unwrap();
        broken.revoke(&id).await;
        broken.read_with(&key).await;
        let written = format!("{:?} {:?}", broken.server.journal(), broken.server);
        assert!(!written.contains(&key), "{name}");
        assert!(written.contains("[redacted]"), "{name}");
    }
}

#[test]
fn an_unknown_sabotage_is_told_the_nearest() {
    let error = MockServer::builder().sabotage("revoked-key-works").unwrap_err();
    assert!(error.to_string().contains("did you mean"), "{error}");
}
