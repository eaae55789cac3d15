//! Rotation, step by step: what it makes, where it may stop, and what is left then.

use std::{
    error::Error as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use keyway::{
    ErrorKind, Vendor, b3os,
    keys::{
        ApiKeys, Cause, Expiry, IssuedKey, KeyId, NewKey, OldState, Revocation, Rotation, Step, Successor,
        Verification, rotate,
    },
};
use keyway_mock::{Effect, Fault, MockServer, When, WorldHandle};

use crate::{
    canned::Canned,
    clients,
    played::{admin, calls, live_keys, mocked, plain_key},
};

pub(crate) const NAME: &str = "nightly backup";

/// What tries a key out, at each vendor.
pub(crate) const READS: [&str; 4] = [
    "getTenantContext",
    "listTaskResultTypeConfigs",
    "listClientMembers",
    "listOrganizations",
];

/// Where callers keep their keys.
#[derive(Clone, Default)]
pub(crate) struct Vault(Arc<Mutex<Vec<IssuedKey>>>);

impl Vault {
    pub(crate) async fn keep(self, key: IssuedKey) -> Result<(), std::io::Error> {
        tokio::task::yield_now().await;
        self.0.lock().unwrap().push(key);
        Ok(())
    }

    pub(crate) fn latest(&self) -> Option<IssuedKey> {
        self.0.lock().unwrap().last().cloned()
    }
}

pub(crate) async fn full(_: IssuedKey) -> Result<(), std::io::Error> {
    Err(std::io::Error::other("the vault is full"))
}

/// A rotation that knows what it needs to know at a vendor.
pub(crate) fn rotation_of(old: &IssuedKey) -> Rotation {
    let vendor = old.record().vendor().vendor();
    let rotation = Rotation::of(old.record());
    match vendor {
        Vendor::Sinjapp => rotation.successor(NewKey::named(NAME)),
        _ => rotation,
    }
}

pub(crate) fn spoil(server: &WorldHandle, operation: &str, effect: Effect) {
    server.clear_faults();
    server
        .inject(Fault::new(effect).operation(operation).when(When::Nth(1)))
        .unwrap();
}

#[tokio::test]
async fn the_successor_is_stored_before_the_old_key_ends() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let vault = Vault::default();
        let mut rotation = rotation_of(&old);
        let rotated = rotation
            .run(&keys, async |key: IssuedKey| {
                assert_eq!(
                    keys.verify(&old).await.unwrap(),
                    Verification::Works,
                    "{vendor}: too early"
                );
                assert_eq!(keys.verify(&key).await.unwrap(), Verification::Works);
                vault.clone().keep(key).await
            })
            .await
            .unwrap();
        assert_eq!(rotated.old, Revocation::Revoked);
        assert_eq!(
            keys.verify(&old).await.unwrap(),
            Verification::Refused,
            "{vendor}"
        );
        let stored = vault.latest().unwrap();
        assert_eq!(
            keys.verify(&stored).await.unwrap(),
            Verification::Works,
            "{vendor}"
        );
        assert_eq!(stored.record(), &rotated.successor);
        assert_eq!(
            live_keys(&server, vendor, NAME).await,
            [stored.id().unwrap().as_str()]
        );
        assert!(rotation.secret().is_none(), "it is the vault's now");
        // There is nothing left to do.
        assert_eq!(rotation.run(&keys, full).await.unwrap(), rotated);
    }
}

#[tokio::test]
async fn the_successor_is_what_the_old_key_was_and_lives_as_long() {
    let server = MockServer::start().await;
    let days = |record: &keyway::keys::KeyRecord| {
        let time = |time: &Option<keyway::Timestamp>| time.as_ref().unwrap().instant().unwrap();
        time(&record.expires_at)
            .duration_since(time(&record.created_at))
            .as_secs_f64()
            / 86_400.0
    };
    for vendor in [Vendor::Reten, Vendor::Dolfin, Vendor::B3os] {
        let keys = admin(&server, vendor);
        let wanted = plain_key(vendor, NAME).expiry(Expiry::In(30));
        let wanted = match vendor {
            Vendor::B3os => wanted.description("of the night shift"),
            Vendor::Reten => wanted.scopes(["view_activities", "MANAGE_COMMERCES"]),
            _ => wanted,
        };
        let old = keys.create(wanted).await.unwrap();
        server.clock().advance(Duration::from_secs(3 * 86_400));
        let keys = admin(&server, vendor);
        // By its id, where its record can be read.
        let rotation = match keys.capabilities().list.is_documented() {
            true => Rotation::of(old.id().unwrap()),
            false => Rotation::of(old.record()),
        };
        let rotated = { rotation }
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap();
        let new = rotated.successor;
        assert_eq!(
            (&new.name, &new.scopes),
            (&old.record().name, &old.record().scopes),
            "{vendor}"
        );
        // The mark goes where it does least harm.
        let (said, told) = (new.description.as_deref(), old.record().description.as_deref());
        assert!(
            said == told || said.unwrap().starts_with("of the night shift keyway-"),
            "{said:?}"
        );
        // The end is counted from this machine's clock, which the mock's is three days ahead of.
        assert!((days(&new) + 3.0 - 30.0).abs() < 0.1, "{vendor}: {}", days(&new));
        server.clock().reset();
    }
}

#[tokio::test]
async fn a_service_accounts_key_is_followed_by_a_key_of_the_account() {
    let server = MockServer::start().await;
    let access = server.access(keyway_mock::Vendor::B3os);
    let secret = access.credentials.admin.trim_start_matches("bearer:");
    let client = b3os::Client::new(&access.base_url, b3os::Credentials::bearer(secret)).unwrap();
    let account =
        b3os::types::CreateServiceAccountParams::new("robot", vec![b3os::types::Permission::OrgRead]);
    let account = client
        .create_service_account(&account, &Default::default())
        .await
        .unwrap();
    let key = b3os::types::CreateApiKeyParams {
        service_account_id: account.data.and_then(|data| data.id),
        ..b3os::types::CreateApiKeyParams::new(NAME)
    };
    assert!(key.service_account_id.is_some());
    let old = client.create(key.clone().into()).await.unwrap();
    let rotated = rotate(&client, old.id().unwrap(), |key| Vault::default().keep(key))
        .await
        .unwrap();
    let keyway::keys::VendorRecord::B3os(new) = rotated.successor.vendor() else {
        panic!()
    };
    assert_eq!(new.service_account_id, key.service_account_id);
}

#[tokio::test]
async fn a_store_that_fails_leaves_both_keys_and_the_next_run_stores_the_same_one() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let mut rotation = rotation_of(&old);
        let error = rotation.run(&keys, full).await.unwrap_err();
        assert_eq!(error.step(), Step::Store);
        assert_eq!(
            error.store_error::<std::io::Error>().unwrap().to_string(),
            "the vault is full"
        );
        assert!(error.source().is_some());
        let Successor::Handed(made) = &error.progress().successor else {
            panic!("{error}")
        };
        let text = error.to_string();
        assert!(
            text.contains(made.id.as_ref().unwrap().as_str()) && !text.contains('\n'),
            "{text}"
        );
        assert_eq!(keys.verify(&old).await.unwrap(), Verification::Works);
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 2);
        let secret = rotation.secret().unwrap().clone();
        assert!(!format!("{rotation:?}{error:?}{error}").contains(secret.expose_secret()));

        let vault = Vault::default();
        rotation.run(&keys, |key| vault.clone().keep(key)).await.unwrap();
        assert_eq!(vault.latest().unwrap().secret(), &secret);
        assert_eq!(
            calls(&server, vendor, "createApiKey"),
            2,
            "{vendor}: the old one and one successor"
        );
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 1);
    }
}

#[tokio::test]
async fn a_rotation_that_is_given_up_leaves_the_old_key_alone() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::Dolfin);
    let old = keys.create(plain_key(Vendor::Dolfin, NAME)).await.unwrap();
    let mut rotation = rotation_of(&old);
    rotation.run(&keys, full).await.unwrap_err();
    rotation.abandon(&keys).await.unwrap();
    assert_eq!(rotation.progress().successor, Successor::None);
    assert_eq!(
        live_keys(&server, Vendor::Dolfin, NAME).await,
        [old.id().unwrap().as_str()]
    );
    // Once the old key is gone there is no going back.
    rotation
        .run(&keys, |key| Vault::default().keep(key))
        .await
        .unwrap();
    let error = rotation.abandon(&keys).await.unwrap_err();
    assert!(matches!(error.cause(), Cause::OldIsGone), "{error:?}");
    assert_eq!(live_keys(&server, Vendor::Dolfin, NAME).await.len(), 1);
}

#[tokio::test]
async fn a_successor_that_the_vendor_refuses_is_revoked_and_the_old_key_stays() {
    let server = MockServer::start().await;
    for (vendor, read) in Vendor::ALL.iter().copied().zip(READS) {
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        spoil(&server, read, Effect::Status(401));
        let mut rotation = rotation_of(&old).settles_within(Duration::ZERO);
        let error = rotation.run(&keys, full).await.unwrap_err();
        assert_eq!(error.step(), Step::Verify, "{vendor}: {error}");
        assert!(matches!(
            error.cause(),
            Cause::Verification(Verification::Refused)
        ));
        assert_eq!(error.progress().successor, Successor::None);
        assert_eq!(
            live_keys(&server, vendor, NAME).await,
            [old.id().unwrap().as_str()],
            "{vendor}"
        );
        rotation
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_refused_successor_that_cannot_be_revoked_is_named_and_ended_by_the_next_run() {
    let server = MockServer::start().await;
    let vendor = Vendor::Sinjapp;
    let keys = admin(&server, vendor);
    let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
    spoil(&server, "getTenantContext", Effect::Status(401));
    let stuck = Fault::new(Effect::Status(403))
        .operation("revokeApiKey")
        .when(When::Nth(1));
    server.inject(stuck).unwrap();
    let mut rotation = rotation_of(&old).settles_within(Duration::ZERO);
    let error = rotation.run(&keys, full).await.unwrap_err();
    let Successor::PerhapsRevoked(refused) = &error.progress().successor else {
        panic!("{error}")
    };
    assert!(
        live_keys(&server, vendor, NAME)
            .await
            .contains(&refused.id.as_ref().unwrap().to_string())
    );
    rotation
        .run(&keys, |key| Vault::default().keep(key))
        .await
        .unwrap();
    assert_eq!(live_keys(&server, vendor, NAME).await.len(), 1);
}

#[tokio::test]
async fn a_revocation_that_fails_leaves_both_keys_and_is_done_by_the_next_run() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        spoil(&server, "revokeApiKey", Effect::Status(403));
        let vault = Vault::default();
        let mut rotation = rotation_of(&old);
        let error = rotation
            .run(&keys, |key| vault.clone().keep(key))
            .await
            .unwrap_err();
        assert_eq!(
            (error.step(), error.progress().old_state),
            (Step::RevokeOld, OldState::Untouched)
        );
        assert!(matches!(error.progress().successor, Successor::Stored(_)));
        assert_eq!(keys.verify(&old).await.unwrap(), Verification::Works);
        assert_eq!(
            keys.verify(&vault.latest().unwrap()).await.unwrap(),
            Verification::Works
        );
        rotation.run(&keys, full).await.unwrap();
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 1, "{vendor}");
    }
}

#[tokio::test]
async fn the_key_that_the_client_calls_with_can_be_rotated() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let admin = admin(&server, vendor);
        let wanted = match vendor {
            Vendor::Reten => NewKey::named(NAME).scopes(["MANAGE_API_KEYS", "VIEW_ACTIVITIES"]),
            Vendor::B3os => NewKey::named(NAME).scopes(["read-write"]),
            _ => NewKey::named(NAME),
        };
        let own = admin.create(wanted).await.unwrap();
        let keys = admin.with_key(own.secret()).unwrap();
        // Whether a key may revoke itself is nowhere said; its successor may revoke it.
        for forbidden in [
            "sinjapp.self-revoke=403",
            "dolfin.self-revoke=409",
            "b3os.self-revoke=403",
        ] {
            server.assume(forbidden).unwrap();
        }
        let vault = Vault::default();
        let mut rotation = rotation_of(&own).of_own_key();
        rotation.run(&keys, |key| vault.clone().keep(key)).await.unwrap();
        let stored = vault.latest().unwrap();
        assert_eq!(
            live_keys(&server, vendor, NAME).await,
            [stored.id().unwrap().as_str()],
            "{vendor}"
        );
        assert_eq!(admin.verify(&own).await.unwrap(), Verification::Refused);
        assert_eq!(admin.verify(&stored).await.unwrap(), Verification::Works);
    }
}

#[tokio::test(start_paused = true)]
async fn the_old_key_lives_on_for_the_overlap() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::Dolfin);
    let old = keys.create(plain_key(Vendor::Dolfin, NAME)).await.unwrap();
    let mut rotation = rotation_of(&old).overlap(Duration::from_secs(3600));
    let began = tokio::time::Instant::now();
    {
        let run = rotation.run(&keys, |key| Vault::default().keep(key));
        let early = tokio::time::timeout(Duration::from_secs(3000), run).await;
        assert!(early.is_err());
    }
    assert!(matches!(rotation.progress().successor, Successor::Stored(_)));
    assert_eq!(keys.verify(&old).await.unwrap(), Verification::Works);
    rotation.run(&keys, full).await.unwrap();
    let waited = began.elapsed().as_secs();
    assert!(
        (3600..4200).contains(&waited),
        "the wait of the first run counts: {waited} s"
    );
    assert_eq!(keys.verify(&old).await.unwrap(), Verification::Refused);
}

#[tokio::test]
async fn what_cannot_be_known_has_to_be_said() {
    let server = MockServer::start().await;
    for vendor in [Vendor::Sinjapp, Vendor::Dolfin] {
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let error = rotate(&keys, old.id().unwrap(), full).await.unwrap_err();
        assert_eq!(
            (error.step(), error.keys_error().unwrap().kind()),
            (Step::ReadOld, ErrorKind::Unsupported)
        );
        assert!(
            error
                .keys_error()
                .unwrap()
                .to_string()
                .contains("Rotation::successor")
        );
        let said = Rotation::of(old.id().unwrap()).successor(plain_key(vendor, NAME));
        { said }
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap();
    }
    let keys = admin(&server, Vendor::Reten);
    let error = rotate(&keys, KeyId::from("f47ac10b-58cc-4372-a567-0e02b2c3d479"), full)
        .await
        .unwrap_err();
    assert_eq!(error.keys_error().unwrap().kind(), ErrorKind::InvalidRequest);
    let old = keys.create(plain_key(Vendor::Reten, NAME)).await.unwrap();
    keys.revoke(old.id().unwrap()).await.unwrap();
    let error = rotate(&keys, old.id().unwrap(), full).await.unwrap_err();
    assert_eq!(
        (error.step(), error.progress().successor.clone()),
        (Step::ReadOld, Successor::None)
    );
}

#[tokio::test]
async fn a_rotation_can_be_spawned_and_its_errors_join_any_others() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::B3os);
    let old = keys.create(plain_key(Vendor::B3os, NAME)).await.unwrap();
    let task = tokio::spawn(async move {
        let mut rotation = rotation_of(&old);
        // A store may speak of its errors in anyhow's terms or in plain words.
        let text = async |_: IssuedKey| Err::<(), _>("no room");
        anyhow::Context::context(rotation.run(&keys, text).await, "rotating")?;
        anyhow::Ok(())
    });
    let error = task.await.unwrap().unwrap_err();
    assert!(format!("{error:#}").contains("no room"), "{error:#}");
}

#[tokio::test]
async fn an_answer_without_an_id_stops_before_anything_is_made() {
    let body = clients::created::dolfin().replace(r#""id""#, r#""ident""#);
    let server = Canned::json(201, &body).await;
    let keys = clients::dolfin(&server);
    let old = keys.create(NewKey::unnamed()).await.unwrap();
    assert_eq!(old.id(), None);
    let error = rotate(&keys, old.record(), full).await.unwrap_err();
    assert_eq!(error.step(), Step::ReadOld);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_key_of_another_vendor_is_not_rotated() {
    let server = MockServer::start().await;
    let old = admin(&server, Vendor::Reten)
        .create(plain_key(Vendor::Reten, NAME))
        .await
        .unwrap();
    let error = rotate(&admin(&server, Vendor::B3os), old.record(), full)
        .await
        .unwrap_err();
    assert_eq!(
        (error.step(), error.keys_error().unwrap().kind()),
        (Step::ReadOld, ErrorKind::InvalidRequest)
    );
    assert_eq!(server.journal().to(mocked(Vendor::B3os)).count(), 0);
}

#[tokio::test]
async fn a_successor_that_is_not_known_everywhere_at_once_is_tried_again() {
    let server = MockServer::start().await;
    for (vendor, read) in Vendor::ALL.iter().copied().zip(READS) {
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        server.clear_faults();
        let lagging = Fault::new(Effect::Status(401)).operation(read);
        server.inject(lagging.when(When::First(2))).unwrap();
        let rotated = rotation_of(&old)
            .run(&keys, |key| Vault::default().keep(key))
            .await;
        assert!(rotated.is_ok(), "{vendor}: {}", rotated.unwrap_err());
    }
}

#[tokio::test(start_paused = true)]
async fn a_successor_that_stays_refused_is_given_up_after_five_seconds() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::Dolfin);
    let old = keys.create(plain_key(Vendor::Dolfin, NAME)).await.unwrap();
    let refused = Fault::new(Effect::Status(401)).operation("listClientMembers");
    server.inject(refused).unwrap();
    let began = tokio::time::Instant::now();
    let error = rotation_of(&old).run(&keys, full).await.unwrap_err();
    assert_eq!(error.step(), Step::Verify);
    let waited = began.elapsed().as_millis();
    assert!((5000..5500).contains(&waited), "{waited} ms");
    assert_eq!(calls(&server, Vendor::Dolfin, "listClientMembers"), 7);
}

#[tokio::test(start_paused = true)]
async fn an_overlap_without_end_is_no_panic() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::Dolfin);
    let old = keys.create(plain_key(Vendor::Dolfin, NAME)).await.unwrap();
    let mut rotation = rotation_of(&old)
        .overlap(Duration::MAX)
        .settles_within(Duration::MAX);
    let run = rotation.run(&keys, |key| Vault::default().keep(key));
    let over = tokio::time::timeout(Duration::from_secs(3600), run).await;
    assert!(over.is_err());
    assert_eq!(keys.verify(&old).await.unwrap(), Verification::Works);
}

/// Whoever revoked it: the old key must not go, too.
#[tokio::test]
async fn a_stored_successor_that_was_revoked_meanwhile_keeps_the_old_key() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let mut rotation = rotation_of(&old).settles_within(Duration::ZERO);
        let error = rotation
            .run(&keys, async |key: IssuedKey| {
                keys.revoke(key.id().unwrap()).await.map(|_| ())
            })
            .await
            .unwrap_err();
        assert_eq!(
            (error.step(), error.progress().old_state),
            (Step::Verify, OldState::Untouched),
            "{vendor}: {error}"
        );
        assert!(matches!(
            error.cause(),
            Cause::Verification(Verification::Refused)
        ));
        assert_eq!(keys.verify(&old).await.unwrap(), Verification::Works, "{vendor}");
        rotation.abandon(&keys).await.unwrap();
        rotation
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap();
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 1, "{vendor}");
    }
}
