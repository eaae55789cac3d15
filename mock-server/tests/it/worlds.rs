//! Worlds: tests that share a server do not see each other.

use std::time::Duration;

use keyway_mock::{Access, MockServer, Vendor, WorldHandle};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

async fn create(access: &Access) -> String {
    let admin = access.credentials.admin.trim_start_matches("bearer:");
    let request = Client::new()
        .post(format!("{}/v1/api-keys", access.base_url))
        .bearer_auth(admin);
    let made = request
        .json(&json!({"name": "made by a test"}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(made.status(), StatusCode::OK);
    let made: Value = made.json().await.expect("JSON");
    made["data"]["key"].as_str().expect("a key").to_owned()
}

async fn uses(access: &Access, key: &str) -> StatusCode {
    let url = format!("{}/v1/organizations", access.base_url);
    Client::new()
        .get(url)
        .bearer_auth(key)
        .send()
        .await
        .expect("an answer")
        .status()
}

fn b3os(world: &WorldHandle) -> Access {
    world.access(Vendor::B3os)
}

#[tokio::test]
async fn a_key_of_one_world_is_unknown_in_another() {
    let server = MockServer::start().await;
    let (mine, yours) = (server.world(), server.world());
    let key = create(&b3os(&mine)).await;
    assert_eq!(uses(&b3os(&mine), &key).await, StatusCode::OK);
    assert_eq!(uses(&b3os(&yours), &key).await, StatusCode::UNAUTHORIZED);
    assert_eq!(uses(&b3os(&server), &key).await, StatusCode::UNAUTHORIZED);
    mine.journal().calls("createApiKey").expect(1);
    yours.journal().calls("createApiKey").expect(0);
    assert_eq!(yours.journal().answered(401).count(), 1);
}

#[tokio::test]
async fn clocks_faults_and_assumptions_are_each_worlds_own() {
    let server = MockServer::start().await;
    let (mine, yours) = (server.world(), server.world());
    mine.clock().advance(Duration::from_secs(1_000_000));
    assert!(yours.clock().offset().as_secs() < 10);
    mine.inject(keyway_mock::Fault::new(keyway_mock::Effect::Html503))
        .expect("a possible fault");
    let admin = b3os(&yours)
        .credentials
        .admin
        .trim_start_matches("bearer:")
        .to_owned();
    assert_eq!(uses(&b3os(&mine), &admin).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(uses(&b3os(&yours), &admin).await, StatusCode::OK);
    mine.assume("b3os.revoked-key-status=403")
        .expect("a valid setting");
    mine.reset().await.expect("memory answers");
    assert_eq!(uses(&b3os(&mine), &admin).await, StatusCode::OK);
    assert!(mine.clock().offset().as_secs() < 10);
}

#[tokio::test]
async fn a_world_ends_with_its_handle() {
    let server = MockServer::start().await;
    let world = server.world();
    let access = b3os(&world);
    let key = create(&access).await;
    drop(world);
    assert_eq!(uses(&access, &key).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_world_made_over_http_says_how_to_get_in_and_ends_when_deleted() {
    let server = MockServer::start().await;
    let control = format!("http://{}/_keyway/worlds", server.address());
    let client = Client::new();
    let made: Value = client
        .post(&control)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let base_url = made["vendors"]["b3os"]["base_url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let admin = made["vendors"]["b3os"]["credentials"]["admin"]
        .as_str()
        .expect("a credential");
    let admin = admin.trim_start_matches("bearer:");
    let organizations = || {
        client
            .get(format!("{base_url}/v1/organizations"))
            .bearer_auth(admin)
            .send()
    };
    assert_eq!(organizations().await.expect("an answer").status(), StatusCode::OK);
    let own_control = made["control"].as_str().expect("a URL");
    let journal = client
        .get(format!("{own_control}/journal"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        journal
            .json::<Value>()
            .await
            .expect("JSON")
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    let id = made["world"].as_str().expect("an id");
    let gone = client
        .delete(format!("{control}/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        organizations().await.expect("an answer").status(),
        StatusCode::NOT_FOUND
    );
    let again = client
        .delete(format!("{control}/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_worlds_document_says_where_it_is_and_leaves_out_what_is_not_there() {
    let server = MockServer::start().await;
    let world = server.world();
    for (control, has_worlds) in [(server.control_url(), true), (world.control_url(), false)] {
        let document = reqwest::get(format!("{control}/openapi.json")).await;
        let document: serde_json::Value = document.expect("an answer").json().await.expect("JSON");
        let at = document["servers"][0]["url"].as_str().expect("a URL");
        for (path, operations) in document["paths"].as_object().expect("paths") {
            assert!(has_worlds || !path.contains("/worlds"), "{path}");
            if operations.get("get").is_some() {
                let answer = reqwest::get(format!("{at}{path}")).await.expect("an answer");
                assert_eq!(answer.status(), StatusCode::OK, "{at}{path}");
            }
        }
        assert_eq!(document["paths"].get("/_keyway/worlds").is_some(), has_worlds);
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_one_form() {
    let server = MockServer::start().await;
    for path in [
        "/nobody",
        "/~nowhere/reten",
        "/~nowhere/_keyway/health",
        "/_keyway/nothing",
    ] {
        let answer = reqwest::get(format!("{}{path}", server.root()))
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        let body: serde_json::Value = answer.json().await.expect("JSON");
        let members: Vec<_> = body.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["error"], "{path}");
    }
}

#[tokio::test]
async fn one_vendor_at_the_root_has_worlds_too() {
    let server = MockServer::builder()
        .vendor(Vendor::B3os)
        .start()
        .await
        .expect("a free port");
    let world = server.world();
    let key = create(&b3os(&world)).await;
    assert_eq!(uses(&b3os(&world), &key).await, StatusCode::OK);
    assert_eq!(uses(&b3os(&server), &key).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_world_does_not_end_under_a_request() {
    let builder = MockServer::builder().idle(Duration::from_secs(2));
    let server = builder.start().await.expect("a free port");
    let client = Client::new();
    let worlds = format!("{}/worlds", server.control_url());
    let made: Value = client
        .post(&worlds)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let control = made["control"].as_str().expect("a URL");
    let url = made["vendors"]["b3os"]["base_url"].as_str().expect("a URL");
    let held_back = json!({ "effect": { "latency": { "ms": 6500 } } });
    let fault = client.post(format!("{control}/faults")).json(&held_back);
    assert_eq!(
        fault.send().await.expect("an answer").status(),
        StatusCode::CREATED
    );
    // Idle worlds are looked for every five seconds.
    client
        .get(format!("{url}/v1/organizations"))
        .send()
        .await
        .expect("an answer");
    let journal = client
        .get(format!("{control}/journal"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(journal.status(), StatusCode::OK, "it ended under the request");
    let begun = std::time::Instant::now();
    while !server.worlds().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(15), "it never ends");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_cookie_is_its_worlds_own() {
    let server = MockServer::start().await;
    let (mine, yours) = (server.world(), server.world());
    let mut paths = Vec::new();
    for world in [&*server, &mine, &yours] {
        let base = world.access(Vendor::Reten).base_url;
        let body = json!({ "identifier": "admin", "password": "admin-password" });
        for operation in ["login", "logout"] {
            let answer = Client::new()
                .post(format!("{base}/api/auth/{operation}"))
                .json(&body);
            let answer = answer.send().await.expect("an answer");
            let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
            let path = cookie
                .split("; ")
                .find_map(|part| part.strip_prefix("Path="))
                .expect("a path");
            assert!(base.ends_with(path), "{path} is not of {base}");
            paths.push(path.to_owned());
        }
    }
    paths.dedup();
    assert_eq!(paths.len(), 3, "{paths:?}");
}
