//! Keys made for a test, without a request of the test's own.

use keyway_mock::{MockServer, Vendor};
use reqwest::{Client, StatusCode};

#[tokio::test]
async fn a_key_made_for_a_test_works_with_just_its_grants_until_it_is_revoked() {
    let server = MockServer::start().await;
    let key = server
        .key(Vendor::Sinjapp)
        .with("scopes", vec!["usage.read"])
        .create()
        .await
        .expect("a key");
    let base = server.access(Vendor::Sinjapp).base_url;
    let client = Client::new();
    let read = async |path: &str| {
        let request = client
            .get(format!("{base}/api/v1{path}"))
            .header("x-api-key", key.secret());
        request.send().await.expect("an answer").status()
    };
    assert_eq!(read("/usage").await, StatusCode::OK);
    assert_eq!(read("/messages").await, StatusCode::FORBIDDEN);
    let revoked = client
        .delete(format!("{base}/api/v1/api-keys/{}", key.id()))
        .header("x-api-key", key.secret());
    assert_eq!(
        revoked.send().await.expect("an answer").status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(read("/usage").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_vendor_makes_keys_in_both_tenants_and_shows_none_of_them() {
    let server = MockServer::start().await;
    for vendor in Vendor::PLAYED {
        let mine = server.key(vendor).create().await.expect("a key");
        let theirs = server
            .key(vendor)
            .in_other_tenant()
            .create()
            .await
            .expect("a key");
        assert_ne!(mine.secret(), theirs.secret());
        assert_eq!(
            format!("{mine:?}"),
            format!("IssuedKey {{ id: {:?}, .. }}", mine.id())
        );
    }
    assert_eq!(server.journal().calls("createApiKey").count(), 8);
}

#[tokio::test]
async fn a_refusal_is_the_vendors_own() {
    let server = MockServer::builder()
        .vendor(Vendor::Dolfin)
        .start()
        .await
        .expect("a free port");
    let past = server
        .key(Vendor::Dolfin)
        .with("expiresAt", "2020-01-01T00:00:00Z")
        .create()
        .await;
    let refused = past.expect_err("made in the past");
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("ApiKey.ExpiresAtInPast"), "{refused}");
}
