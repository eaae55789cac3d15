//! Users and keys of a test's own: made over HTTP and from Rust, and held to what they were given.

use std::time::Duration;

use keyway_mock::adapters::wiremock::Player;
use keyway_mock::{Access, MockServer, SeedError, Vendor};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// A call with a credential, in the tenant named, as the vendor wants it.
fn call(method: Method, url: String, vendor: Vendor, credential: &str, tenant: &str) -> RequestBuilder {
    let request = Client::new().request(method, url);
    match (vendor, credential.split_once(':').expect("a scheme")) {
        (Vendor::Reten, ("bearer", token)) => request.bearer_auth(token).header("x-tenant-id", tenant),
        (_, ("bearer", token)) => request.bearer_auth(token),
        (Vendor::Dolfin, (_, key)) => request.header("x-dolfin-api-key", key),
        (_, (_, key)) => request.header("x-api-key", key),
    }
}

async fn read(access: &Access, path: &str, vendor: Vendor, credential: &str) -> StatusCode {
    let url = format!("{}{path}", access.base_url);
    let call = call(Method::GET, url, vendor, credential, &access.tenant);
    call.send().await.expect("an answer").status()
}

/// Asks for a key in the name of a credential.
async fn make_key(access: &Access, vendor: Vendor, credential: &str) -> StatusCode {
    let (path, body) = match vendor {
        Vendor::Sinjapp => (
            "/api/v1/api-keys",
            json!({"name": "n", "scopes": ["messages.read"]}),
        ),
        Vendor::Reten => (
            "/api/api-keys",
            json!({"name": "n", "permissions": ["VIEW_ACTIVITIES"]}),
        ),
        Vendor::Dolfin => ("/api-keys", json!({"name": "n"})),
        Vendor::B3os => ("/v1/api-keys", json!({"name": "n", "scope": "read"})),
        other => crate::unwritten(other),
    };
    let url = format!("{}{path}", access.base_url);
    let call = call(Method::POST, url, vendor, credential, &access.tenant);
    call.json(&body).send().await.expect("an answer").status()
}

/// A read that a key or user of the least rights below may do.
fn least(vendor: Vendor, tenant: &str) -> String {
    match vendor {
        Vendor::Sinjapp => "/api/v1/usage".to_owned(),
        Vendor::Reten => "/api/activities".to_owned(),
        Vendor::Dolfin => format!("/clients/{tenant}/members"),
        Vendor::B3os => "/v1/organizations".to_owned(),
        other => crate::unwritten(other),
    }
}

/// What suffices for that read, as the entry of a document has it.
fn least_grants(vendor: Vendor) -> Value {
    match vendor {
        Vendor::Sinjapp => json!(["usage.read"]),
        Vendor::Reten => json!(["VIEW_ACTIVITIES"]),
        Vendor::Dolfin => json!([]),
        Vendor::B3os => json!(["read"]),
        other => crate::unwritten(other),
    }
}

async fn seed(server: &MockServer, document: &Value) -> Response {
    let url = format!("{}/seed", server.control_url());
    let request = Client::new().post(url).json(document);
    request.send().await.expect("an answer")
}

/// What was made of a document that is right.
async fn made(server: &MockServer, document: &Value) -> Value {
    let answer = seed(server, document).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    answer.json().await.expect("JSON")
}

fn credential(made: &Value) -> &str {
    made["credential"].as_str().expect("a credential")
}

#[tokio::test]
async fn one_document_makes_a_principal_and_a_key_of_every_vendor_that_may_do_just_their_part() {
    let server = MockServer::start().await;
    let entries: Vec<_> = Vendor::PLAYED
        .map(|vendor| json!({"vendor": vendor.name(), "grants": least_grants(vendor)}))
        .into();
    let made = made(&server, &json!({"principals": entries, "keys": entries})).await;
    for list in ["principals", "keys"] {
        for (vendor, made) in Vendor::PLAYED
            .into_iter()
            .zip(made[list].as_array().expect("a list"))
        {
            let access = server.access(vendor);
            assert_eq!(made["vendor"], vendor.name());
            assert_eq!(made["tenant"], access.tenant, "{vendor}");
            let path = least(vendor, &access.tenant);
            let credential = credential(made);
            assert_eq!(
                read(&access, &path, vendor, credential).await,
                200,
                "{vendor} {list}"
            );
            // A key of Dolfin is a backend's and may do everything.
            let refused = if vendor == Vendor::Dolfin && list == "keys" {
                201
            } else {
                403
            };
            assert_eq!(
                make_key(&access, vendor, credential).await,
                refused,
                "{vendor} {list}"
            );
        }
    }
}

#[tokio::test]
async fn a_user_of_reten_holds_its_permissions_and_no_others() {
    let server = MockServer::start().await;
    let access = server.access(Vendor::Reten);
    let user = server
        .principal(Vendor::Reten)
        .permission("MANAGE_API_KEYS")
        .permission("VIEW_ACTIVITIES")
        .username("rita")
        .email("rita@example.com")
        .password("correct horse")
        .create()
        .await
        .expect("a user");
    let reads = async |path: &str| read(&access, path, Vendor::Reten, user.credential()).await;
    assert_eq!(reads("/api/activities").await, 200);
    assert_eq!(reads("/api/api-keys").await, 200);
    assert_eq!(reads("/api/commerces").await, 403);
    let me = call(
        Method::GET,
        format!("{}/api/auth/me", access.base_url),
        Vendor::Reten,
        user.credential(),
        "",
    );
    let me: Value = me.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(me["id"], user.id());
    assert_eq!(me["email"], "rita@example.com");
    assert_eq!(me["tenantIds"], json!([access.tenant]));
    assert_eq!(make_key(&access, Vendor::Reten, user.credential()).await, 201);

    for (identifier, password, status) in [
        ("rita", "correct horse", 200),
        ("rita@example.com", "correct horse", 200),
        ("rita", "wrong horse", 401),
    ] {
        let login = json!({"identifier": identifier, "password": password});
        let url = format!("{}/api/auth/login", access.base_url);
        let answer = Client::new()
            .post(url)
            .json(&login)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), status, "{identifier}");
    }
}

#[tokio::test]
async fn a_user_of_reten_without_a_password_cannot_sign_in() {
    let server = MockServer::start().await;
    let user = server.principal(Vendor::Reten).create().await.expect("a user");
    let base = server.access(Vendor::Reten).base_url;
    let name = user.username().expect("a made-up name");
    for password in ["        ", "null-null"] {
        let login = json!({"identifier": name, "password": password});
        let answer = Client::new()
            .post(format!("{base}/api/auth/login"))
            .json(&login)
            .send()
            .await;
        assert_eq!(answer.expect("an answer").status(), 401);
    }
}

#[tokio::test]
async fn users_belong_to_the_tenants_they_were_given() {
    let server = MockServer::start().await;
    for vendor in [Vendor::Reten, Vendor::Dolfin] {
        let access = server.access(vendor);
        let [own, other] = [&access.tenant, &access.other_tenant];
        let mine = || match vendor {
            Vendor::Reten => server.principal(vendor).permission("VIEW_ACTIVITIES"),
            _ => server.principal(vendor),
        };
        for (builder, in_own, in_other) in [
            (mine(), 200, 403),
            (mine().in_other_tenant(), 403, 200),
            (mine().in_both_tenants(), 200, 200),
        ] {
            let user = builder.create().await.expect("a user");
            for (tenant, expected) in [(own, in_own), (other, in_other)] {
                let url = format!("{}{}", access.base_url, least(vendor, tenant));
                let answer = call(Method::GET, url, vendor, user.credential(), tenant)
                    .send()
                    .await;
                assert_eq!(answer.expect("an answer").status(), expected, "{vendor} {tenant}");
            }
        }
    }
}

#[tokio::test]
async fn a_role_at_dolfin_decides_who_manages_keys() {
    let server = MockServer::start().await;
    let access = server.access(Vendor::Dolfin);
    for (role, status) in [("Owner", 201), ("Admin", 201), ("Member", 403)] {
        let user = server
            .principal(Vendor::Dolfin)
            .role(role)
            .create()
            .await
            .expect("a user");
        assert_eq!(
            make_key(&access, Vendor::Dolfin, user.credential()).await,
            status,
            "{role}"
        );
        assert!(user.email().is_some());
    }
}

#[tokio::test]
async fn a_key_of_the_other_tenant_is_of_the_other_tenant() {
    let server = MockServer::start().await;
    for vendor in Vendor::PLAYED {
        let entry = json!({"vendor": vendor.name(), "tenant": "other", "grants": least_grants(vendor)});
        let made = made(&server, &json!({"keys": [entry]})).await;
        let made = &made["keys"][0];
        let access = server.access(vendor);
        assert_eq!(made["tenant"], access.other_tenant, "{vendor}");
        let url = format!("{}{}", access.other_base_url, least(vendor, &access.other_tenant));
        let mut request = call(Method::GET, url, vendor, credential(made), &access.other_tenant);
        if vendor == Vendor::Sinjapp {
            // The name may not resolve on the machine of the test.
            let url = format!("{}{}", access.base_url, least(vendor, ""));
            request = call(Method::GET, url, vendor, credential(made), "").header("host", "other.localhost");
        }
        assert_eq!(request.send().await.expect("an answer").status(), 200, "{vendor}");
    }
}

#[tokio::test]
async fn a_key_can_be_expired_from_the_start_or_end_at_any_instant() {
    let server = MockServer::start().await;
    server.clock().freeze();
    let now = server.clock().now();
    let (past, later) = (
        now - Duration::from_secs(86_400),
        now + Duration::from_secs(400 * 86_400),
    );
    for vendor in Vendor::PLAYED {
        let access = server.access(vendor);
        let path = least(vendor, &access.tenant);
        let grants = least_grants(vendor);
        let entry = |at| json!({"vendor": vendor.name(), "grants": grants, "expires_at": at});
        let document =
            json!({"keys": [entry(past), entry(later)], "principals": [entry(past), entry(later)]});
        let made = made(&server, &document).await;
        for list in ["keys", "principals"] {
            let status = async |at: usize| read(&access, &path, vendor, credential(&made[list][at])).await;
            assert_eq!(status(0).await, 401, "{vendor} {list}");
            assert_eq!(status(1).await, 200, "{vendor} {list}");
            server.clock().advance(Duration::from_secs(401 * 86_400));
            assert_eq!(status(1).await, 401, "{vendor} {list}");
            server.clock().set(now);
        }
    }
    let refused = server.journal().answered(401);
    let entries = refused.entries();
    assert!(
        entries
            .iter()
            .all(|entry| entry.reason.as_deref().is_some_and(|why| why.contains("expired"))),
        "{entries:?}"
    );
}

#[tokio::test]
async fn an_administrator_finds_and_revokes_a_seeded_key_like_any_other() {
    let server = MockServer::start().await;
    for vendor in Vendor::PLAYED {
        let builder = server.seed_key(vendor).name("found");
        let key = match vendor {
            Vendor::Sinjapp => builder.scope("usage.read"),
            Vendor::Reten => builder.permission("VIEW_ACTIVITIES"),
            Vendor::Dolfin => builder,
            Vendor::B3os => builder.scope("read"),
            other => crate::unwritten(other),
        };
        let key = key.create().await.expect("a key");
        let access = server.access(vendor);
        let scheme = if vendor == Vendor::B3os { "bearer" } else { "key" };
        let credential = format!("{scheme}:{}", key.secret());
        let path = least(vendor, &access.tenant);
        assert_eq!(read(&access, &path, vendor, &credential).await, 200, "{vendor}");
        let (method, way) = match vendor {
            Vendor::Sinjapp => (Method::DELETE, format!("/api/v1/api-keys/{}", key.id())),
            Vendor::Reten => (Method::POST, format!("/api/api-keys/{}/revoke", key.id())),
            Vendor::Dolfin => (Method::POST, format!("/api-keys/{}/revoke", key.id())),
            Vendor::B3os => (Method::DELETE, format!("/v1/api-keys/{}", key.id())),
            other => crate::unwritten(other),
        };
        let url = format!("{}{way}", access.base_url);
        let revoked = call(method, url, vendor, &access.credentials.admin, &access.tenant);
        assert!(
            revoked.send().await.expect("an answer").status().is_success(),
            "{vendor}"
        );
        assert_eq!(read(&access, &path, vendor, &credential).await, 401, "{vendor}");
    }
}

#[tokio::test]
async fn a_snapshot_keeps_seeded_principals_and_a_reset_forgets_them() {
    let server = MockServer::start().await;
    let document = json!({"principals": [
        {"vendor": "reten", "username": "rita", "password": "correct horse", "grants": ["VIEW_ACTIVITIES"]},
        {"vendor": "dolfin", "role": "Admin"},
        {"vendor": "sinjapp", "grants": ["usage.read"]},
        {"vendor": "b3os", "grants": ["read"]},
    ]});
    let made = made(&server, &document).await;
    let snapshot = server.snapshot().await.expect("memory answers");
    let text = serde_json::to_string(&snapshot).expect("JSON");
    assert!(!text.contains("correct horse"));
    let statuses = async |server: &MockServer| {
        let mut statuses = Vec::new();
        for made in made["principals"].as_array().expect("a list") {
            let vendor: Vendor = made["vendor"]
                .as_str()
                .expect("a name")
                .parse()
                .expect("a vendor");
            let access = server.access(vendor);
            let path = least(vendor, &access.tenant);
            statuses.push(read(&access, &path, vendor, credential(made)).await.as_u16());
        }
        let login = json!({"identifier": "rita", "password": "correct horse"});
        let url = format!("{}/api/auth/login", server.access(Vendor::Reten).base_url);
        let answer = Client::new().post(url).json(&login).send().await;
        statuses.push(answer.expect("an answer").status().as_u16());
        statuses
    };
    assert_eq!(statuses(&server).await, [200; 5]);
    server.reset().await.expect("memory answers");
    assert_eq!(statuses(&server).await, [401; 5]);
    server.restore(snapshot.clone()).await.expect("a sound snapshot");
    assert_eq!(statuses(&server).await, [200; 5]);

    let elsewhere = MockServer::start().await;
    assert_eq!(statuses(&elsewhere).await, [401; 5]);
    elsewhere.restore(snapshot).await.expect("a sound snapshot");
    assert_eq!(statuses(&elsewhere).await, [200; 5]);
}

#[tokio::test]
async fn worlds_do_not_see_each_others_principals() {
    let server = MockServer::start().await;
    let (mine, yours) = (server.world(), server.world());
    let twin = |world| {
        let world: &keyway_mock::WorldHandle = world;
        world
            .principal(Vendor::Reten)
            .permission("VIEW_ACTIVITIES")
            .username("twin")
            .create()
    };
    let user = twin(&mine).await.expect("a user");
    twin(&yours).await.expect("the name is free in the other world");
    let status = async |world: &keyway_mock::WorldHandle| {
        read(
            &world.access(Vendor::Reten),
            "/api/activities",
            Vendor::Reten,
            user.credential(),
        )
        .await
    };
    assert_eq!(status(&mine).await, 200);
    assert_eq!(status(&yours).await, 401);
}

#[tokio::test]
async fn a_wrong_entry_is_named_with_its_cure_and_nothing_is_made() {
    let server = MockServer::start().await;
    let before = serde_json::to_string(&server.snapshot().await.expect("memory answers")).expect("JSON");
    let right = json!({"vendor": "reten", "username": "rita"});
    let wrong = [
        (
            json!({"vendor": "reten", "grants": ["VIEW_ACTIVITES"]}),
            "VIEW_ACTIVITIES",
        ),
        (
            json!({"vendor": "reten", "role": "ADMIN"}),
            "username, email, password, grants",
        ),
        (
            json!({"vendor": "reten", "username": "admin"}),
            "give another or none",
        ),
        (
            json!({"vendor": "reten", "username": "rita"}),
            "give another or none",
        ),
        (
            json!({"vendor": "reten", "email": "other@beta-inc.example"}),
            "give another or none",
        ),
        (json!({"vendor": "reten", "username": "a b"}), "without spaces"),
        (
            json!({"vendor": "reten", "password": "tgo_abc"}),
            "at least 8 characters",
        ),
        (
            json!({"vendor": "reten", "email": "tgo_secret"}),
            "name@example.com",
        ),
        (
            json!({"vendor": "dolfin", "role": "tgo_secret"}),
            "Owner, Admin, Member",
        ),
        (json!({"vendor": "dolfin", "grants": ["read"]}), "email, role"),
        (
            json!({"vendor": "dolfin", "email": "ada@example.com"}),
            "give another or none",
        ),
        (
            json!({"vendor": "sinjapp", "grants": ["tgo_secret"]}),
            "usage.read",
        ),
        (json!({"vendor": "sinjapp", "tenant": "both"}), "own, other"),
        (json!({"vendor": "sinjapp", "username": "rita"}), "grants"),
        (json!({"vendor": "b3os", "grants": []}), "read or read-write"),
        (
            json!({"vendor": "b3os", "grants": ["read", "read-write"]}),
            "just one",
        ),
        (
            json!({"vendor": "b3os", "email": "rita@example.com", "grants": ["read"]}),
            "grants",
        ),
        (json!({"vendor": "tgo_secret"}), "there are sinjapp, reten"),
        (json!({"vendor": "retn"}), "did you mean reten?"),
        (json!({"vendor": "reten", "colour": "tgo_secret"}), "openapi.json"),
        (
            json!({"vendor": "reten", "grant": ["tgo_secret"]}),
            "did you mean grants?",
        ),
        (
            json!({"vendor": "reten", "expires_at": "tgo_secret"}),
            "openapi.json",
        ),
        (json!({}), "missing field `vendor`"),
    ];
    for (entry, cure) in wrong {
        let answer = seed(&server, &json!({"principals": [right, entry]})).await;
        assert_eq!(answer.status(), 400, "{entry}");
        let said: Value = answer.json().await.expect("JSON");
        let said = said["error"].as_str().expect("a reason");
        assert!(
            said.contains("principals[1]") && said.contains(cure),
            "{entry}: {said}"
        );
        assert!(!said.contains("tgo_") && !said.contains('\n'), "{entry}: {said}");
    }
    let keys = [
        (
            json!({"vendor": "dolfin", "grants": ["read"]}),
            "name, tenant, expires_at",
        ),
        (json!({"vendor": "reten", "tenant": "both"}), "own, other"),
        (
            json!({"vendor": "reten", "grants": ["tgo_secret"]}),
            "CREATE_USER",
        ),
        (json!({"vendor": "sinjapp", "name": "x".repeat(256)}), "255"),
    ];
    for (entry, cure) in keys {
        let answer = seed(&server, &json!({"principals": [right], "keys": [entry]})).await;
        assert_eq!(answer.status(), 400, "{entry}");
        let said = answer.text().await.expect("text");
        assert!(said.contains("keys[0]") && said.contains(cure), "{entry}: {said}");
    }
    let after = serde_json::to_string(&server.snapshot().await.expect("memory answers")).expect("JSON");
    assert_eq!(before, after);
    assert_eq!(seed(&server, &json!({"principals": [right]})).await.status(), 201);
}

#[tokio::test]
async fn a_document_is_bounded_and_names_vendors_that_are_played() {
    let server = MockServer::builder()
        .vendor(Vendor::Reten)
        .start()
        .await
        .expect("a free port");
    let entry = json!({"vendor": "sinjapp"});
    let said = seed(&server, &json!({"keys": [entry]}))
        .await
        .text()
        .await
        .expect("text");
    assert!(
        said.contains("keys[0]: this server does not play sinjapp"),
        "{said}"
    );
    let many = vec![json!({"vendor": "reten"}); 1001];
    let answer = seed(&server, &json!({"principals": many})).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(
        seed(&server, &json!({"principals": many[1..]})).await.status(),
        201
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_documents_at_once_with_the_same_name_one_is_carried_out() {
    let server = std::sync::Arc::new(MockServer::start().await);
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let server = std::sync::Arc::clone(&server);
            tokio::spawn(async move {
                // Others around the name make it likely that the documents are drawn up at the same time.
                let mut principals = vec![json!({"vendor": "reten"}); 50];
                principals[0] = json!({"vendor": "reten", "username": "rita"});
                let document = json!({"principals": principals});
                seed(&server, &document).await.status()
            })
        })
        .collect();
    let mut carried_out = 0;
    for one in tries {
        carried_out += usize::from(one.await.expect("no panic") == StatusCode::CREATED);
    }
    assert_eq!(carried_out, 1);
}

#[tokio::test]
async fn answers_with_credentials_are_not_to_be_stored() {
    let server = MockServer::start().await;
    let control = server.control_url();
    let client = Client::new();
    let document = json!({"keys": [{"vendor": "dolfin"}]});
    for request in [
        client.post(format!("{control}/seed")).json(&document),
        client.get(format!("{control}/access")),
        client.post(format!("{control}/worlds")),
    ] {
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success());
        assert_eq!(answer.headers()["cache-control"], "no-store", "{}", answer.url());
    }
}

#[tokio::test]
async fn in_rust_an_error_is_typed_and_nothing_shows_a_secret() {
    let server = MockServer::start().await;
    let refused = server
        .principal(Vendor::Reten)
        .permission("view_activities")
        .create()
        .await;
    let SeedError::Value {
        vendor,
        member,
        valid,
    } = refused.expect_err("lower case")
    else {
        panic!("another error");
    };
    assert_eq!((vendor, member), (Vendor::Reten, "grants"));
    assert!(valid.contains("VIEW_ACTIVITIES"));
    let builder = server.principal(Vendor::Reten).password("correct horse");
    assert!(!format!("{builder:?}").contains("correct horse"));
    let user = builder.create().await.expect("a user");
    let shown = format!("{user:?}");
    assert_eq!(
        shown,
        format!("IssuedPrincipal {{ vendor: Reten, id: {:?}, .. }}", user.id())
    );
}

#[tokio::test]
async fn a_player_behind_wiremock_seeds_as_a_server_does() {
    let server = wiremock::MockServer::start().await;
    let player = Player::new(Vendor::Sinjapp);
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(player.clone())
        .mount(&server)
        .await;
    let access = player.access(&server.uri());
    let principal = player
        .principal()
        .scope("usage.read")
        .create()
        .await
        .expect("a key");
    let now = player.clock().now();
    let expired = player
        .seed_key()
        .scope("*")
        .expires_at(now)
        .create()
        .await
        .expect("a key");
    let status = async |path: &str, credential: &str| read(&access, path, Vendor::Sinjapp, credential).await;
    assert_eq!(status("/api/v1/usage", principal.credential()).await, 200);
    assert_eq!(status("/api/v1/messages", principal.credential()).await, 403);
    assert_eq!(
        status("/api/v1/usage", &format!("key:{}", expired.secret())).await,
        401
    );
}

#[tokio::test]
async fn a_key_is_for_the_owner_it_was_given_who_has_to_be_of_its_tenant() {
    let server = MockServer::start().await;
    // At Reten: by any name, and held to what the user has.
    for owner in ["consultant", "consultant@example.com", "limited"] {
        let entry = json!({"vendor": "reten", "owner": owner, "grants": ["MANAGE_API_KEYS"]});
        let made = made(&server, &json!({"keys": [entry]})).await;
        let access = server.access(Vendor::Reten);
        let status = read(
            &access,
            "/api/api-keys",
            Vendor::Reten,
            credential(&made["keys"][0]),
        )
        .await;
        assert_eq!(status, 200, "{owner}");
    }
    server
        .seed_key(Vendor::Reten)
        .owner("other")
        .in_other_tenant()
        .create()
        .await
        .expect("of Beta Inc");

    // At B3OS: a service account, made through the vendor's own operation.
    let access = server.access(Vendor::B3os);
    let admin = &access.credentials.admin;
    let url = format!("{}/v1/service-accounts", access.base_url);
    let body = json!({"name": "robot", "permissions": ["apikey:read"]});
    let account = call(Method::POST, url, Vendor::B3os, admin, "")
        .json(&body)
        .send()
        .await
        .expect("an answer");
    let account: Value = account.json().await.expect("JSON");
    let robot = server
        .seed_key(Vendor::B3os)
        .owner("robot")
        .scope("read")
        .create()
        .await
        .expect("of an account");
    let mias = server
        .seed_key(Vendor::B3os)
        .owner("user_mockmia")
        .scope("read")
        .create()
        .await
        .expect("of a user");
    for (key, member, owner) in [
        (&robot, "serviceAccountId", &account["data"]["id"]),
        (&mias, "userId", &json!("user_mockmia")),
    ] {
        let url = format!("{}/v1/api-keys/{}", access.base_url, key.id());
        let shown = call(Method::GET, url, Vendor::B3os, admin, "")
            .send()
            .await
            .expect("an answer");
        let shown: Value = shown.json().await.expect("JSON");
        assert_eq!(&shown["data"][member], owner);
    }

    for (entry, cure) in [
        (
            json!({"vendor": "reten", "owner": "other"}),
            "a user of the key's tenant",
        ),
        (
            json!({"vendor": "reten", "owner": "viewer", "tenant": "other"}),
            "a user of the key's tenant",
        ),
        (
            json!({"vendor": "b3os", "grants": ["read"], "owner": "robot", "tenant": "other"}),
            "user_mockolle",
        ),
        (
            json!({"vendor": "b3os", "grants": ["read"], "owner": "user_mockolle"}),
            "user_mockada, user_mockmia",
        ),
        (
            json!({"vendor": "sinjapp", "owner": "acme"}),
            "knows no owner here",
        ),
        (json!({"vendor": "dolfin", "owner": "mia"}), "knows no owner here"),
    ] {
        let answer = seed(&server, &json!({"keys": [entry]})).await;
        assert_eq!(answer.status(), 400, "{entry}");
        let said = answer.text().await.expect("text");
        assert!(said.contains(cure), "{entry}: {said}");
    }
}

#[tokio::test]
async fn a_key_of_reten_has_a_part_of_its_owners_permissions() {
    let server = MockServer::start().await;
    let key = |grant: &str| {
        json!({
            "principals": [{ "vendor": "reten", "username": grant, "grants": ["VIEW_ACTIVITIES"] }],
            "keys": [{ "vendor": "reten", "owner": grant, "grants": [grant] }],
        })
    };
    assert_eq!(
        seed(&server, &key("MANAGE_COMMERCES")).await.status(),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        seed(&server, &key("VIEW_ACTIVITIES")).await.status(),
        StatusCode::CREATED
    );
}
