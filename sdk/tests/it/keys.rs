//! The one vocabulary over all vendors, against the mock and against canned answers.

use std::error::Error as _;

use futures_util::{StreamExt as _, TryStreamExt as _};
use keyway::{
    ErrorKind, Secret, Vendor, b3os,
    keys::{
        ApiKeys, Expiry, KeyId, KeyState, NewKey, Operation, Revocation, Rotation, TenantKey, VendorRecord,
        Verification,
    },
    reten,
};
use keyway_mock::{Effect, Fault, MockServer};

use crate::{
    canned::Canned,
    clients,
    played::{admin, calls, limited, mocked, plain_key},
};

/// Written for any vendor, so that it would not compile if the trait were of no use without one.
async fn live_and_die(keys: &impl ApiKeys, key: NewKey) {
    let vendor = keys.vendor();
    let issued = keys.create(key).await.unwrap();
    assert_eq!(issued.record().name.as_deref(), Some("nightly"), "{vendor}");
    assert_eq!(issued.record().vendor().vendor(), vendor);
    assert!(
        !format!("{issued:?}").contains(issued.secret().expose_secret()),
        "{vendor}"
    );
    assert_eq!(
        keys.verify(&issued).await.unwrap(),
        Verification::Works,
        "{vendor}"
    );

    let id = issued.id().unwrap();
    assert_eq!(keys.revoke(id).await.unwrap(), Revocation::Revoked, "{vendor}");
    assert_eq!(
        keys.verify(&issued).await.unwrap(),
        Verification::Refused,
        "{vendor}"
    );
}

#[tokio::test]
async fn a_key_lives_and_dies_the_same_way_at_every_vendor() {
    let server = MockServer::start().await;
    for vendor in Vendor::ALL.iter().copied() {
        let keys = admin(&server, vendor);
        assert_eq!(keys.vendor(), vendor);
        live_and_die(&keys, plain_key(vendor, "nightly")).await;
    }
}

#[tokio::test]
async fn what_the_vendor_says_of_a_new_key_is_in_its_record() {
    let server = MockServer::start().await;
    let made = async |vendor, key| admin(&server, vendor).create(key).await.unwrap().record().clone();

    let key = NewKey::named("a").scopes(["usage.read"]).expiry(Expiry::In(30));
    let record = made(Vendor::Sinjapp, key).await;
    assert_eq!(record.scopes.as_deref(), Some(&["usage.read".to_owned()][..]));
    assert_eq!((record.state, record.created_at), (KeyState::Active, None));
    assert!(record.expires_at.is_some() && record.prefix.as_deref() == Some("tgo_"));

    let key = NewKey::named("a")
        .scopes(["view_activities"])
        .expiry(Expiry::At("2099-01-01T00:00:00Z".into()));
    let record = made(Vendor::Reten, key).await;
    assert_eq!(
        record.scopes.as_deref(),
        Some(&["view_activities".to_owned()][..])
    );
    assert_eq!(record.expires_at.unwrap().as_str(), "2099-01-01T00:00:00.000Z");
    assert_eq!(
        record.tenant,
        Some(server.access(keyway_mock::Vendor::Reten).tenant)
    );
    assert!(record.created_at.is_some() && record.state == KeyState::Active);

    let record = made(Vendor::Dolfin, NewKey::unnamed()).await;
    assert_eq!(
        (&record.name, &record.scopes, record.state),
        (&None, &None, KeyState::Unknown)
    );
    assert_eq!(
        record.tenant.as_ref(),
        Some(&server.access(keyway_mock::Vendor::Dolfin).tenant)
    );
    let VendorRecord::Dolfin(own) = record.vendor() else {
        panic!()
    };
    assert_eq!(
        own.raw_key.expose_secret(),
        "",
        "the secret is the issued key's alone"
    );

    let key = NewKey::named("a").scopes(["read-write"]).description("for tests");
    let record = made(Vendor::B3os, key).await;
    assert_eq!(record.description.as_deref(), Some("for tests"));
    assert_eq!(record.scopes.as_deref(), Some(&["read-write".to_owned()][..]));
    assert_eq!(record.tenant.as_deref(), Some("org_mockharbor"));
}

#[tokio::test]
async fn pages_are_fetched_as_they_are_needed_and_every_key_comes_once() {
    let server = MockServer::start().await;
    for _ in 0..105 {
        server.key(mocked(Vendor::B3os)).create().await.unwrap();
    }
    let keys = admin(&server, Vendor::B3os);
    let first: Vec<_> = keys.list().take(3).try_collect().await.unwrap();
    assert_eq!(first.len(), 3);
    assert_eq!(calls(&server, Vendor::B3os, "listApiKeys"), 1);

    let all: Vec<_> = keys.list().try_collect().await.unwrap();
    assert_eq!(calls(&server, Vendor::B3os, "listApiKeys"), 3);
    let mut ids: Vec<_> = all.into_iter().map(|key| key.id.unwrap()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(
        ids.len(),
        105 + 2,
        "the keys made here, and the two ready-made ones of the organization"
    );
}

#[tokio::test]
async fn a_list_that_never_ends_is_ended_and_not_taken_for_whole() {
    let body =
        r#"{"data": {"items": [{"id": "ak_1", "name": "a"}], "hasMore": true, "limit": 1, "offset": 0}}"#;
    let server = Canned::json(200, body).await;
    let client = clients::b3os(&server);
    let mut keys = client.list();
    assert_eq!(keys.try_next().await.unwrap().unwrap().name.as_deref(), Some("a"));
    assert_eq!(keys.try_next().await.unwrap_err().kind(), ErrorKind::Unreadable);
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_listed_key_agrees_with_the_one_that_was_made_and_tells_its_end() {
    let server = MockServer::start().await;
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let keys = admin(&server, vendor);
        let issued = keys.create(plain_key(vendor, "listed")).await.unwrap();
        let id = issued.id().unwrap();
        let find = async || {
            let all: Vec<_> = keys.list().try_collect().await.unwrap();
            all.into_iter().find(|key| key.id.as_ref() == Some(id)).unwrap()
        };
        assert_eq!(&find().await, issued.record(), "{vendor}");
        keys.revoke(id).await.unwrap();
        let ended = find().await;
        assert!(
            ended.state == KeyState::Revoked && ended.revoked_at.is_some(),
            "{vendor}"
        );
        if vendor == Vendor::B3os {
            assert_eq!(keys.get(id).await.unwrap(), ended);
        }
    }
}

#[tokio::test]
async fn what_a_vendor_does_not_offer_is_refused_by_name_and_not_sent() {
    let server = MockServer::start().await;
    let id = KeyId::from("1");
    for vendor in Vendor::ALL.iter().copied() {
        let keys = admin(&server, vendor);
        let capabilities = keys.capabilities();
        if !capabilities.list.is_documented() {
            let error = keys.list().try_collect::<Vec<_>>().await.unwrap_err();
            is_unsupported(&error, vendor, Operation::List);
        }
        if !capabilities.get.is_documented() {
            is_unsupported(&keys.get(&id).await.unwrap_err(), vendor, Operation::Get);
        }
    }
    assert_eq!(server.journal().count(), 0);
}

#[track_caller]
fn is_unsupported(error: &keyway::keys::Error, vendor: Vendor, operation: Operation) {
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!((error.vendor(), error.operation()), (vendor, operation));
    let documentation = error.unsupported().unwrap().documentation();
    assert!(documentation.starts_with("https://"));
    let text = error.to_string();
    assert!(
        text.contains(documentation) && text.contains(vendor.title()),
        "{text}"
    );
}

#[tokio::test]
async fn what_a_vendor_cannot_express_is_refused_and_nothing_is_sent() {
    let server = MockServer::start().await;
    let refused = async |vendor: Vendor, key: NewKey, kind: ErrorKind| {
        let error = admin(&server, vendor).create(key).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (kind, Operation::Create),
            "{error}"
        );
        assert!(error.stray().is_none());
    };
    let named = || NewKey::named("a");
    let at = || Expiry::At("2099-01-01T00:00:00Z".into());
    use ErrorKind::{InvalidRequest, Unsupported};

    refused(Vendor::Sinjapp, named().expiry(at()), Unsupported).await;
    refused(Vendor::Sinjapp, named().expiry(Expiry::Never), Unsupported).await;
    refused(Vendor::Sinjapp, named().expiry(Expiry::In(0)), InvalidRequest).await;
    refused(Vendor::Sinjapp, named().expiry(Expiry::In(366)), InvalidRequest).await;
    refused(Vendor::Sinjapp, named().description("x"), Unsupported).await;
    refused(Vendor::Sinjapp, NewKey::unnamed(), InvalidRequest).await;

    let reten = || named().scopes(["VIEW_ACTIVITIES"]);
    refused(Vendor::Reten, named(), InvalidRequest).await;
    refused(Vendor::Reten, named().scopes([""; 0]), InvalidRequest).await;
    refused(Vendor::Reten, reten().description("x"), Unsupported).await;
    refused(
        Vendor::Reten,
        reten().expiry(Expiry::In(u32::MAX)),
        InvalidRequest,
    )
    .await;
    let long = NewKey::named("x".repeat(240)).scopes(["VIEW_ACTIVITIES"]);
    refused(Vendor::Reten, long.marked(), InvalidRequest).await;

    refused(Vendor::Dolfin, named().scopes(["read"]), Unsupported).await;
    refused(Vendor::Dolfin, named().expiry(Expiry::Never), Unsupported).await;
    refused(
        Vendor::B3os,
        named().scopes(["read", "read-write"]),
        InvalidRequest,
    )
    .await;
    refused(Vendor::B3os, named().scopes([""; 0]), InvalidRequest).await;
    refused(Vendor::B3os, named().expiry(Expiry::Never), Unsupported).await;
    assert_eq!(server.journal().count(), 0);
}

#[tokio::test]
async fn the_end_of_a_key_is_sent_as_the_vendor_takes_it() {
    let sent = async |key: NewKey| {
        let server = Canned::json(201, &clients::created::reten()).await;
        clients::reten(&server).create(key.scopes(["a"])).await.unwrap();
        serde_json::from_str::<serde_json::Value>(&server.only_request().body).unwrap()
    };
    let named = || NewKey::named("a");
    assert_eq!(sent(named()).await.get("expiresAt"), None);
    assert_eq!(sent(named().expiry(Expiry::Never)).await.get("expiresAt"), None);
    let at = sent(named().expiry(Expiry::At("2099-01-01T01:00:00+01:00".into()))).await;
    assert_eq!(at["expiresAt"], "2099-01-01T01:00:00+01:00");
    let before = jiff::Timestamp::now();
    let end = sent(named().expiry(Expiry::In(2))).await["expiresAt"]
        .as_str()
        .unwrap()
        .parse::<jiff::Timestamp>();
    let days = end.unwrap().duration_since(before).as_secs_f64() / 86_400.0;
    assert!((2.0..2.01).contains(&days), "{days}");

    let server = Canned::json(201, &clients::created::sinjapp()).await;
    clients::sinjapp(&server)
        .create(named().expiry(Expiry::In(30)))
        .await
        .unwrap();
    assert_eq!(server.only_request().body, r#"{"name":"a","expires_in_days":30}"#);
}

#[tokio::test]
async fn a_vendors_own_request_is_passed_on_exactly() {
    let request = b3os::types::CreateApiKeyParams {
        service_account_id: Some("sa_1".to_owned()),
        expires_at: Some("whenever".into()),
        ..clients::b3os_key()
    };
    let server = Canned::json(200, &clients::created::b3os()).await;
    clients::b3os(&server)
        .create(NewKey::from(request.clone()))
        .await
        .unwrap();
    clients::b3os(&server)
        .create_api_key(&request, &Default::default())
        .await
        .unwrap();
    let bodies = server.all_requests().into_iter().map(|request| request.body);
    let bodies: Vec<_> = bodies.collect();
    assert_eq!(bodies[0], bodies[1]);
    assert!(bodies[0].contains("sa_1") && bodies[0].contains("whenever"));
}

#[tokio::test]
async fn a_vendors_own_request_is_for_that_vendor_and_nothing_can_be_added() {
    let server = MockServer::start().await;
    for vendor in [Vendor::Reten, Vendor::Dolfin, Vendor::B3os] {
        let error = admin(&server, vendor)
            .create(clients::sinjapp_key().into())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(
            error.source().unwrap().to_string().contains("Sinjapp"),
            "{error:?}"
        );
    }
    let added = NewKey::from(clients::sinjapp_key()).expiry(Expiry::In(3));
    let error = admin(&server, Vendor::Sinjapp).create(added).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.journal().count(), 0);
}

#[tokio::test]
async fn a_key_that_may_not_read_is_told_from_one_that_is_refused() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::Reten);
    let blind = keys
        .create(NewKey::named("a").scopes(["MANAGE_COMMERCES"]))
        .await
        .unwrap();
    assert_eq!(keys.verify(&blind).await.unwrap(), Verification::Forbidden);
    assert_eq!(
        keys.verify(&Secret::from("rtn_sk_nobodys")).await.unwrap(),
        Verification::Refused
    );
    // Neither is a failure of the vendor.
    server
        .inject(Fault::new(Effect::Status(500)).operation("getTenantContext"))
        .unwrap();
    let sinjapp = admin(&server, Vendor::Sinjapp);
    let error = sinjapp.verify(&Secret::from("tgo_any")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Server, Operation::Verify)
    );
}

#[tokio::test]
async fn dolfin_has_to_be_told_whose_key_it_is() {
    let server = MockServer::start().await;
    let access = server.access(keyway_mock::Vendor::Dolfin);
    let keys = admin(&server, Vendor::Dolfin);
    let secret = keys.create(NewKey::unnamed()).await.unwrap().into_secret();
    let error = keys.verify(&secret).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let told = TenantKey::new(secret.clone(), &access.tenant);
    assert_eq!(keys.verify(&told).await.unwrap(), Verification::Works);
    // A 403 is not said to mean that the key is good.
    let foreign = TenantKey::new(secret, &access.other_tenant);
    let error = keys.verify(&foreign).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_second_revocation_is_told_where_the_vendor_tells() {
    let server = MockServer::start().await;
    server.assume("b3os.second-revoke=404").unwrap();
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let keys = admin(&server, vendor);
        let issued = keys.create(plain_key(vendor, "twice")).await.unwrap();
        let id = issued.id().unwrap();
        assert_eq!(keys.revoke(id).await.unwrap(), Revocation::Revoked, "{vendor}");
        assert_eq!(
            keys.revoke(id).await.unwrap(),
            Revocation::AlreadyRevoked,
            "{vendor}"
        );
    }
    let error = admin(&server, Vendor::B3os)
        .revoke(&KeyId::from("ak_nobodys"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_reten_400_for_another_reason_is_not_a_revocation() {
    let server = MockServer::start().await;
    let issued = admin(&server, Vendor::Reten)
        .create(plain_key(Vendor::Reten, "a"))
        .await
        .unwrap();
    let access = server.access(keyway_mock::Vendor::Reten);
    let token = access.credentials.admin.trim_start_matches("bearer:");
    let nowhere = reten::Client::new(&access.base_url, reten::Credentials::bearer(token)).unwrap();
    let error = nowhere.revoke(issued.id().unwrap()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Invalid, 400)
    );
    assert_eq!(nowhere.verify(&issued).await.unwrap(), Verification::Works);
}

#[tokio::test]
async fn an_id_of_another_vendor_is_refused_before_it_is_sent() {
    let server = MockServer::start().await;
    for (vendor, id) in [
        (Vendor::Sinjapp, "ak_1"),
        (Vendor::Reten, "7"),
        (Vendor::Dolfin, "7"),
        (Vendor::B3os, ".."),
    ] {
        let error = admin(&server, vendor).revoke(&KeyId::from(id)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{vendor}");
    }
    assert_eq!(server.journal().count(), 0);
}

#[tokio::test]
async fn a_refusal_keeps_everything_that_the_vendor_said() {
    let server = MockServer::start().await;
    let error = limited(&server, Vendor::Reten)
        .create(NewKey::named("a").scopes(["MANAGE_COMMERCES"]))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Forbidden, 403)
    );
    assert!(error.message().is_some() && error.stray().is_none());
    let typed = error
        .downcast_ref::<keyway::Error<reten::types::CreateApiKeyError>>()
        .unwrap();
    assert_eq!(typed.message(), error.message());
    assert!(matches!(
        typed.body(),
        Some(reten::types::CreateApiKeyError::Forbidden(_))
    ));
    assert!(
        error
            .source()
            .unwrap()
            .is::<keyway::Error<reten::types::CreateApiKeyError>>()
    );
    assert_eq!(
        error.to_string(),
        "creating a key at Reten failed: the credential may not do this (403)"
    );

    let error = limited(&server, Vendor::B3os)
        .create(NewKey::named("a"))
        .await
        .unwrap_err();
    assert!(
        error.request_id().is_some() && error.code().is_some(),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_error_prints_neither_body_nor_key_nor_url() {
    let body = format!(
        r#"{{"message": "no {}", "errors": {{"name": ["{0}"]}}}}"#,
        clients::CREDENTIAL
    );
    let server = Canned::json(422, &body).await;
    let error = clients::sinjapp(&server)
        .create(NewKey::named(clients::CREDENTIAL))
        .await
        .unwrap_err();
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text += &format!("{inner} {inner:?}");
        cause = inner.source();
    }
    assert!(
        !text.contains(clients::CREDENTIAL) && !text.contains("127.0.0.1"),
        "{text}"
    );
    assert!(!error.to_string().contains('\n'));
}

#[tokio::test]
async fn any_pointer_to_keys_is_keys_and_another_key_can_take_over() {
    let server = MockServer::start().await;
    let keys = std::sync::Arc::new(admin(&server, Vendor::B3os));
    let issued = keys
        .create(NewKey::named("other").scopes(["read"]))
        .await
        .unwrap();
    let other = keys.with_key(issued.secret()).unwrap();
    let error = (&&other).create(NewKey::named("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(other.list().count().await, keys.list().count().await);
    let error = keys.with_key(&Secret::from("two\nlines")).err().unwrap();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::InvalidRequest, Operation::WithKey)
    );
    assert!(
        tokio::spawn(async move { keys.list().count().await })
            .await
            .unwrap()
            > 0
    );
}

/// Everything that this module makes of a key, printed in every way that there is.
#[tokio::test]
async fn nothing_that_can_be_printed_holds_a_key() {
    let server = MockServer::start().await;
    for vendor in Vendor::ALL.iter().copied() {
        let keys = admin(&server, vendor);
        let issued = keys.create(plain_key(vendor, "a").marked()).await.unwrap();
        let secret = issued.secret().expose_secret().to_owned();
        let mut rotation = Rotation::of(issued.record())
            .successor(plain_key(vendor, "a"))
            .old_secret(issued.secret().clone());
        let error = rotation
            .run(&keys, async |_| Err::<(), _>("no room"))
            .await
            .unwrap_err();
        let successor = rotation.secret().unwrap().expose_secret().to_owned();
        server
            .inject(Fault::new(Effect::MalformedJson).operation("createApiKey"))
            .unwrap();
        let lost = keys.create(plain_key(vendor, "a")).await.unwrap_err();
        server.clear_faults();
        let told = TenantKey::new(issued.secret().clone(), "t");
        let mut text = format!(
            "{issued:?} {issued:#?} {:?} {told:?} {rotation:?} {rotation:#?}",
            issued.record()
        );
        text += &format!(
            "{error} {error:?} {error:#?} {} {:?}",
            error.progress(),
            error.progress()
        );
        text += &format!("{lost} {lost:?} {lost:#?} {:?}", lost.stray());
        let mut cause = lost.source();
        while let Some(inner) = cause {
            text += &format!("{inner} {inner:?}");
            cause = inner.source();
        }
        let owner = server.access(mocked(vendor)).credentials.admin;
        let owner = owner.split_once(':').unwrap().1;
        for hidden in [secret.as_str(), &successor, owner] {
            assert!(hidden.len() > 20 && !text.contains(hidden), "{vendor}");
        }
    }
}

#[tokio::test]
async fn one_call_can_be_made_with_another_policy_and_another_bound() {
    let uuid = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
    let server = Canned::answer(503, &[], "").await;
    let all: [(Box<dyn ApiKeys>, KeyId); 4] = [
        (Box::new(clients::sinjapp(&server)), 7.into()),
        (Box::new(clients::reten(&server)), uuid.into()),
        (Box::new(clients::dolfin(&server)), uuid.into()),
        (Box::new(clients::b3os(&server)), "ak_1".into()),
    ];
    for (keys, id) in all {
        let once = keys.with_retry(keyway::RetryPolicy::off());
        assert_eq!(once.revoke(&id).await.unwrap_err().attempts(), 1);
        let over = keys.with_timeout(std::time::Duration::ZERO);
        assert_eq!(over.revoke(&id).await.unwrap_err().attempts(), 0);
    }
    let keys: Box<dyn ApiKeys> = Box::new(clients::dolfin(&server));
    let id = KeyId::from(uuid);
    assert!(keys.revoke(&id).await.unwrap_err().attempts() > 1);

    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", silent.local_addr().unwrap());
    let credentials = keyway::dolfin::Credentials::api_key("k");
    let keys: Box<dyn ApiKeys> = Box::new(keyway::dolfin::Client::new(&base_url, credentials).unwrap());
    let hasty = keys.with_timeout(std::time::Duration::from_millis(50));
    assert_eq!(hasty.revoke(&id).await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_uuid_is_the_same_in_capitals() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::Reten);
    let issued = keys.create(plain_key(Vendor::Reten, "n")).await.unwrap();
    keys.revoke(issued.id().unwrap()).await.unwrap();
    let capitals = issued.id().unwrap().as_str().to_uppercase();
    let again = keys.revoke(&capitals.into()).await;
    assert_eq!(again.unwrap(), Revocation::AlreadyRevoked);
}

#[tokio::test]
async fn a_reference_to_any_vendors_keys_can_rotate_one() {
    async fn replace(keys: &dyn ApiKeys, old: &keyway::keys::KeyRecord) -> keyway::keys::Rotated {
        let store = |_| async { Ok::<_, std::io::Error>(()) };
        (&keys).rotate(old, store).await.unwrap()
    }

    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::Reten);
    let issued = keys.create(plain_key(Vendor::Reten, "n")).await.unwrap();
    let rotated = replace(&*keys, issued.record()).await;
    assert_ne!(rotated.successor.id, issued.record().id);
    assert_eq!(keys.verify(&issued).await.unwrap(), Verification::Refused);
}
