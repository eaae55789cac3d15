//! The clients that return when a call is over.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener},
    sync::mpsc,
    thread,
    time::Duration,
};

use keyway::{
    ErrorKind, Options, Vendor,
    blocking::{Keys, b3os, dolfin, reten, sinjapp},
    keys::{IssuedKey, KeyId, Rotation, Step, Successor, TenantKey, Verification},
    sinjapp::Credentials,
};
use keyway_mock::{Effect, Fault, MockServer, When, WorldHandle};

use crate::{
    canned::Canned,
    clients::{self, CREDENTIAL, ISSUED},
    played::{mocked, plain_key},
};

fn client(server: &Canned) -> sinjapp::Client {
    sinjapp::Client::new(&server.base_url, Credentials::api_key(CREDENTIAL)).unwrap()
}

#[test]
fn a_call_returns_when_it_is_over() {
    let elsewhere = tokio::runtime::Runtime::new().unwrap();
    let server = elsewhere.block_on(Canned::json(201, &clients::created::sinjapp()));
    let client = client(&server);
    let created = client.create_api_key(&clients::sinjapp_key()).unwrap();
    assert_eq!(created.plain_text_key.expose_secret(), ISSUED);
    assert_eq!(server.only_request().body, r#"{"name":"test"}"#);

    let server = elsewhere.block_on(Canned::json(401, r#"{"message": "no"}"#));
    let refused = self::client(&server).get_usage().unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthenticated);
    assert_eq!(refused.message(), Some("no"));
}

#[test]
fn several_threads_may_share_a_client() {
    let elsewhere = tokio::runtime::Runtime::new().unwrap();
    let server = elsewhere.block_on(Canned::json(200, "{}"));
    let client = client(&server);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| client.clone().get_usage().unwrap());
        }
    });
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn inside_of_a_runtime_a_call_is_an_error_and_no_panic() {
    let server = Canned::json(200, "{}").await;
    let client = client(&server);
    let error = client.get_usage().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InsideRuntime);
    assert_eq!(error.attempts(), 0);
    assert_eq!(server.count(), 0);
    // Nor is it one to drop its runtime here.
    drop(client);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_runtime_wants_code_that_waits_a_call_is_made() {
    let server = Canned::json(200, "{}").await;
    let client = client(&server);
    let said = client.get_usage().unwrap_err().to_string();
    assert!(said.contains("spawn_blocking"), "{said}");
    let elsewhere = client.clone();
    let waited = tokio::task::spawn_blocking(move || elsewhere.get_usage());
    waited.await.unwrap().unwrap();
    tokio::task::block_in_place(|| client.get_usage()).unwrap();
    assert_eq!(server.count(), 2);
    // What is polled without a bound is no task to be seen. It waits, and does not panic.
    tokio::task::unconstrained(async { client.get_usage().map(drop) })
        .await
        .unwrap();
}

/// A server that leaves its first connection open after an answer and closes it when it is told to. Then it says whether the
/// other side has closed it, too, and answers once more.
fn closes_when_told(told: mpsc::Receiver<()>, closed: mpsc::Sender<bool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let body = clients::created::sinjapp();
    let head = "HTTP/1.1 201 \r\ncontent-type: application/json\r\ncontent-length:";
    let answer = format!("{head} {}\r\n\r\n{body}", body.len());
    thread::spawn(move || {
        let answered = || {
            let (mut stream, _) = listener.accept().unwrap();
            assert_ne!(stream.read(&mut [0; 4096]).unwrap(), 0);
            stream.write_all(answer.as_bytes()).unwrap();
            stream
        };
        let mut first = answered();
        told.recv().unwrap();
        first.shutdown(Shutdown::Write).unwrap();
        first.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        closed.send(matches!(first.read(&mut [0]), Ok(0))).unwrap();
        answered();
    });
    base_url
}

#[test]
fn a_connection_that_the_server_closes_between_two_calls_is_not_called_on() {
    let ((tell, told), (closed, is_closed)) = (mpsc::channel(), mpsc::channel());
    let base_url = closes_when_told(told, closed);
    let client = sinjapp::Client::new(&base_url, Credentials::api_key(CREDENTIAL)).unwrap();
    client.create_api_key(&clients::sinjapp_key()).unwrap();
    tell.send(()).unwrap();
    assert!(is_closed.recv().unwrap(), "nobody looks after the connection");
    client.create_api_key(&clients::sinjapp_key()).unwrap();
}

#[test]
fn clients_over_one_http_client_take_up_each_others_connections() {
    let elsewhere = tokio::runtime::Runtime::new().unwrap();
    let server = elsewhere.block_on(MockServer::start());
    let own = reqwest::Client::new();
    let options = Options::new()
        .http(own.clone())
        .attempt_timeout(Duration::from_secs(10));
    let access = server.access(mocked(Vendor::B3os));
    let (_, secret) = access.credentials.admin.split_once(':').unwrap();
    let keys = || {
        let credentials = b3os::Credentials::bearer(secret);
        let client = b3os::Client::with_options(&access.base_url, credentials, &options);
        client.unwrap().keys()
    };
    let make = |keys: &Keys| keys.create(plain_key(Vendor::B3os, "nightly")).unwrap();
    let (one, other) = (keys(), keys());
    for keys in [&one, &other, &one, &other] {
        make(keys);
    }
    drop(one);
    make(&other);
    // The connections that are left end with the runtime that they were made in.
    drop(other);
    make(&keys());
}

/// The keys of the ready-made administrator.
fn admin(server: &WorldHandle, vendor: Vendor) -> Keys {
    let access = server.access(mocked(vendor));
    let (_, secret) = access.credentials.admin.split_once(':').unwrap();
    let url = &access.base_url;
    match vendor {
        Vendor::Sinjapp => sinjapp::Client::new(url, Credentials::api_key(secret))
            .unwrap()
            .keys(),
        Vendor::Reten => {
            let credentials = reten::Credentials::bearer(secret).tenant(&access.tenant);
            reten::Client::new(url, credentials).unwrap().keys()
        }
        Vendor::Dolfin => {
            let credentials = dolfin::Credentials::api_key(secret);
            dolfin::Client::new(url, credentials).unwrap().keys()
        }
        _ => b3os::Client::new(url, b3os::Credentials::bearer(secret))
            .unwrap()
            .keys(),
    }
}

fn rotation_of(vendor: Vendor, old: &IssuedKey) -> Rotation {
    match vendor {
        Vendor::Sinjapp => Rotation::of(old.record()).successor(plain_key(vendor, "nightly")),
        _ => Rotation::of(old.record()),
    }
}

#[test]
fn keys_live_and_die_in_the_common_vocabulary() {
    let elsewhere = tokio::runtime::Runtime::new().unwrap();
    for &vendor in Vendor::ALL {
        let server = elsewhere.block_on(MockServer::start());
        let keys = admin(&server, vendor);
        assert_eq!((keys.vendor(), keys.capabilities().vendor), (vendor, vendor));
        let old = keys.create(plain_key(vendor, "nightly")).unwrap();
        assert_eq!(keys.verify(&old).unwrap(), Verification::Works);
        let listed: Result<Vec<_>, _> = keys.list().collect();
        match keys.capabilities().list.is_documented() {
            true => assert!(listed.unwrap().iter().any(|key| key.id.as_ref() == old.id())),
            false => assert_eq!(listed.unwrap_err().kind(), ErrorKind::Unsupported),
        }
        let got = keys.get(old.id().unwrap());
        match keys.capabilities().get.is_documented() {
            true => assert_eq!(got.unwrap().id.as_ref(), old.id()),
            false => assert_eq!(got.unwrap_err().kind(), ErrorKind::Unsupported),
        }

        let mut vault = Vec::new();
        let mut rotation = rotation_of(vendor, &old);
        let full = keys.rotate(&mut rotation, |_| Err(std::io::Error::other("full")));
        assert_eq!(full.unwrap_err().step(), Step::Store, "{vendor}");
        let store = |key| {
            vault.push(key);
            Ok::<_, std::io::Error>(())
        };
        keys.rotate(&mut rotation, store).unwrap();
        assert_eq!(keys.verify(&old).unwrap(), Verification::Refused, "{vendor}");
        let [successor] = &vault[..] else {
            panic!("{vault:?}")
        };
        assert_eq!(keys.verify(successor).unwrap(), Verification::Works, "{vendor}");

        let mut rotation = rotation_of(vendor, successor);
        keys.rotate(&mut rotation, |_| Err(std::io::Error::other("full")))
            .unwrap_err();
        keys.abandon(&mut rotation).unwrap();
        assert_eq!(rotation.progress().successor, Successor::None);
        keys.revoke(successor.id().unwrap()).unwrap();
        assert_eq!(keys.verify(successor).unwrap(), Verification::Refused, "{vendor}");
    }
}

#[test]
fn a_lost_key_is_found_again() {
    let elsewhere = tokio::runtime::Runtime::new().unwrap();
    let server = elsewhere.block_on(MockServer::start());
    let lost = Fault::new(Effect::ResetAfterCommit).operation("createApiKey");
    server.inject(lost.when(When::Nth(1))).unwrap();
    let keys = admin(&server, Vendor::Reten);
    let error = keys
        .create(plain_key(Vendor::Reten, "nightly").marked())
        .unwrap_err();
    let report = keys.revoke_strays(error.stray().unwrap()).unwrap();
    assert_eq!((report.revoked.len(), report.left.len()), (1, 0));
}

#[tokio::test]
async fn inside_of_a_runtime_the_common_vocabulary_is_an_error_too() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::B3os);
    let id = KeyId::from("ak_1");
    let key = TenantKey::new("b3sk_1", "org_1");
    let errors = [
        keys.create(plain_key(Vendor::B3os, "nightly")).unwrap_err(),
        keys.revoke(&id).unwrap_err(),
        keys.get(&id).unwrap_err(),
        keys.verify(&key).unwrap_err(),
        keys.with_key(&"b3sk_1".into()).unwrap().get(&id).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::InsideRuntime, "{error}");
        assert_eq!(error.attempts(), 0);
        assert!(error.stray().is_none());
    }
    let listed: Vec<_> = keys.list().collect();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].as_ref().unwrap_err().kind(), ErrorKind::InsideRuntime);

    let mut rotation = Rotation::of(id);
    let stopped = keys
        .rotate(&mut rotation, |_| Ok::<_, std::io::Error>(()))
        .unwrap_err();
    assert_eq!(stopped.keys_error().unwrap().kind(), ErrorKind::InsideRuntime);
    assert_eq!(stopped.progress().successor, Successor::None);
    assert!(keys.abandon(&mut rotation).is_err());
    assert_eq!(server.journal().to(mocked(Vendor::B3os)).count(), 0);
}
