//! Successors whose create failed: what a rotation looks for, revokes, names and hands out.

use std::time::Duration;

use keyway::{
    ErrorKind, Vendor, b3os,
    keys::{ApiKeys, Cause, IssuedKey, KeyId, NewKey, Rotation, Step, Stray, Successor, Verification},
};
use keyway_mock::{Effect, Fault, MockServer, When};

use crate::{
    canned::{Canned, answer},
    clients,
    played::{admin, live_keys, plain_key},
    rotation::{NAME, READS, Vault, full, rotation_of, spoil},
};

#[tokio::test]
async fn a_lost_successor_with_a_mark_is_revoked_by_the_next_run() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        // Of the same name, just made and never used: only its id tells it from the stray key.
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        spoil(&server, "createApiKey", Effect::ResetAfterCommit);
        let rotation = rotation_of(&old);
        // B3OS's keys have a description, which is marked without being asked for.
        let mut rotation = match vendor {
            Vendor::Reten => rotation.marked(),
            _ => rotation,
        };
        let error = rotation.run(&keys, full).await.unwrap_err();
        assert_eq!(error.step(), Step::Create);
        assert_eq!(error.keys_error().unwrap().kind(), ErrorKind::AmbiguousCreate);
        assert!(matches!(error.progress().successor, Successor::Perhaps(_)));
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 2);
        let vault = Vault::default();
        let rotated = rotation.run(&keys, |key| vault.clone().keep(key)).await.unwrap();
        assert_eq!(
            live_keys(&server, vendor, NAME).await,
            [vault.latest().unwrap().id().unwrap().as_str()]
        );
        assert!(rotated.strays.is_empty() && rotation.strays().is_empty());
    }
}

/// It is like any that another rotation of the same key may have stored.
#[tokio::test]
async fn a_lost_successor_without_a_mark_is_named_and_never_revoked() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        spoil(&server, "createApiKey", Effect::ResetAfterCommit);
        let mut rotation = rotation_of(&old).unmarked();
        rotation.run(&keys, full).await.unwrap_err();
        let lost = live_keys(&server, vendor, NAME).await;
        let lost = lost.iter().find(|id| id.as_str() != old.id().unwrap().as_str());
        let vault = Vault::default();
        let rotated = rotation.run(&keys, |key| vault.clone().keep(key)).await.unwrap();
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 2, "{vendor}");
        assert_eq!(rotated.strays, rotation.strays());
        let [stray] = rotation.strays() else {
            panic!("{rotation:?}")
        };
        let progress = rotation.progress().to_string();
        assert!(
            progress.contains(r#"a key called "nightly backup" may exist besides"#),
            "{progress}"
        );
        // Also when the caller asks, a person has to say which of them it is.
        let mine = rotated.successor.id.as_ref().unwrap();
        let report = keys.revoke_strays(&stray.clone().excluding(mine)).await.unwrap();
        let left: Vec<_> = report
            .left
            .iter()
            .map(|key| key.id.as_ref().unwrap().as_str())
            .collect();
        assert_eq!(left, [lost.unwrap()], "{vendor}");
        assert!(!report.is_settled());
    }
}

#[tokio::test]
async fn a_lost_successor_stops_the_rotation_where_nothing_can_find_it_until_the_caller_says_go_on() {
    for vendor in [Vendor::Sinjapp, Vendor::Dolfin] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        spoil(&server, "createApiKey", Effect::ResetAfterCommit);
        let mut rotation = rotation_of(&old);
        rotation.run(&keys, full).await.unwrap_err();
        let error = rotation.run(&keys, full).await.unwrap_err();
        assert_eq!(error.step(), Step::FindStray);
        assert_eq!(error.keys_error().unwrap().kind(), ErrorKind::Unsupported);
        for told in [NAME, "Rotation::leave_stray"] {
            assert!(error.to_string().contains(told), "{error}");
        }
        assert_eq!(keys.verify(&old).await.unwrap(), Verification::Works);
        assert_eq!(rotation.leave_stray().unwrap().name(), Some(NAME));
        let rotated = rotation
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap();
        assert_eq!(rotated.strays.len(), 1, "{vendor}: it is named all the same");
        assert_eq!(
            live_keys(&server, vendor, NAME).await.len(),
            2,
            "{vendor}: the lost one and the stored one"
        );
    }
}

/// Does at last what a create asked for whose connection broke long ago.
async fn commit_late(keys: &b3os::Client, stray: &Stray) -> IssuedKey {
    let late = b3os::types::CreateApiKeyParams {
        description: stray.mark().map(str::to_owned),
        ..b3os::types::CreateApiKeyParams::new(NAME)
    };
    keys.create(late.into()).await.unwrap()
}

fn b3os_client(server: &MockServer) -> b3os::Client {
    let access = server.access(keyway_mock::Vendor::B3os);
    let secret = access.credentials.admin.trim_start_matches("bearer:");
    b3os::Client::new(&access.base_url, b3os::Credentials::bearer(secret)).unwrap()
}

#[tokio::test]
async fn a_create_that_comes_through_late_is_looked_for_again() {
    let server = MockServer::start().await;
    let keys = b3os_client(&server);
    let old = keys.create(plain_key(Vendor::B3os, NAME)).await.unwrap();
    for (while_storing, after_the_end) in [(true, false), (false, true)] {
        let old = match while_storing {
            true => &old,
            false => &keys.create(plain_key(Vendor::B3os, NAME)).await.unwrap(),
        };
        spoil(&server, "createApiKey", Effect::ResetBefore);
        let mut rotation = rotation_of(old);
        let error = rotation.run(&keys, full).await.unwrap_err();
        let Successor::Perhaps(stray) = error.progress().successor.clone() else {
            panic!("{error}")
        };
        assert!(stray.mark().is_some());
        let mut late = None;
        let rotated = rotation
            .run(&keys, async |_: IssuedKey| {
                if while_storing {
                    late = Some(commit_late(&keys, &stray).await);
                }
                Ok::<_, std::io::Error>(())
            })
            .await
            .unwrap();
        if after_the_end {
            assert_eq!(rotated.strays, std::slice::from_ref(&stray));
            let progress = rotation.progress().to_string();
            assert!(progress.contains(stray.mark().unwrap()), "{progress}");
            late = Some(commit_late(&keys, &stray).await);
            let again = rotation.run(&keys, full).await.unwrap();
            assert_eq!(
                (again.strays.as_slice(), &again.successor),
                (&[][..], &rotated.successor)
            );
        } else {
            assert_eq!(rotated.strays, []);
        }
        assert_eq!(keys.verify(&late.unwrap()).await.unwrap(), Verification::Refused);
        keys.revoke(rotated.successor.id.as_ref().unwrap()).await.unwrap();
    }
    assert!(live_keys(&server, Vendor::B3os, NAME).await.is_empty());
}

/// Two programs rotate one key: neither takes the other's successor for its own lost one.
#[tokio::test]
async fn a_rotation_beside_another_one_of_the_same_key_leaves_its_successor_alone() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        spoil(&server, "createApiKey", Effect::ResetBefore);
        let (mut one, mut other) = (rotation_of(&old), rotation_of(&old));
        one.run(&keys, full).await.unwrap_err();
        // The vendor has not written down yet that the other's successor was used.
        let theirs = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let vault = Vault::default();
        other
            .run(&keys, async |key: IssuedKey| {
                one.run(&keys, full).await.unwrap_err();
                let error = one.abandon(&keys).await.unwrap_err();
                assert!(matches!(error.cause(), Cause::Strays(_)), "{error}");
                vault.clone().keep(key).await
            })
            .await
            .unwrap();
        for key in [&theirs, &vault.latest().unwrap()] {
            assert_eq!(keys.verify(key).await.unwrap(), Verification::Works, "{vendor}");
        }
    }
}

#[tokio::test]
async fn giving_up_is_an_error_while_a_lost_successor_is_not_found() {
    let server = MockServer::start().await;
    let keys = b3os_client(&server);
    let old = keys.create(plain_key(Vendor::B3os, "another")).await.unwrap();
    let wanted = NewKey::named(NAME).scopes(["read"]);
    let mut rotation = rotation_of(&old).successor(wanted);
    spoil(&server, "createApiKey", Effect::ResetBefore);
    rotation.run(&keys, full).await.unwrap_err();
    let error = rotation.abandon(&keys).await.unwrap_err();
    let Cause::Strays(report) = error.cause() else {
        panic!("{error:?}")
    };
    assert!(report.found_nothing());
    assert_eq!(error.step(), Step::FindStray);
    let stray = rotation.strays()[0].clone();
    assert!(error.to_string().contains(stray.mark().unwrap()), "{error}");
    commit_late(&keys, &stray).await;
    rotation.abandon(&keys).await.unwrap();
    assert!(live_keys(&server, Vendor::B3os, NAME).await.is_empty());
}

/// A server that has not heard of a key refuses it, and knows nothing of it when it is to be revoked.
#[tokio::test]
async fn a_successor_that_the_vendor_does_not_know_yet_is_kept_in_mind() {
    for (vendor, read) in Vendor::ALL.iter().copied().zip(READS) {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let once = |effect, operation| Fault::new(effect).operation(operation).when(When::Nth(1));
        server.inject(once(Effect::Status(401), read)).unwrap();
        server.inject(once(Effect::Status(404), "revokeApiKey")).unwrap();
        let mut rotation = rotation_of(&old).settles_within(Duration::ZERO);
        let error = rotation.run(&keys, full).await.unwrap_err();
        assert_eq!(error.step(), Step::Verify);
        let [stray] = error.progress().strays.as_slice() else {
            panic!("{vendor}: {error}")
        };
        let id = stray.id().unwrap().as_str();
        assert!(error.to_string().contains(id), "{error}");
        assert!(
            live_keys(&server, vendor, NAME)
                .await
                .iter()
                .any(|live| live == id)
        );
        let rotated = rotation
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap();
        assert_eq!(rotated.strays, []);
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 1, "{vendor}");
    }
}

/// A client of another tenant, say, is told so.
#[tokio::test]
async fn a_successor_that_works_is_not_gone_because_the_vendor_does_not_find_it() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let mut rotation = rotation_of(&old);
        rotation.run(&keys, full).await.unwrap_err();
        spoil(&server, "revokeApiKey", Effect::Status(404));
        let error = rotation.abandon(&keys).await.unwrap_err();
        assert_eq!(error.step(), Step::RevokeSuccessor, "{vendor}: {error}");
        let Successor::PerhapsRevoked(named) = &error.progress().successor else {
            panic!("{vendor}: {error}")
        };
        let live = live_keys(&server, vendor, NAME).await;
        assert!(
            live.iter().any(|id| id == named.id.as_ref().unwrap().as_str()),
            "{vendor}"
        );
        rotation.abandon(&keys).await.unwrap();
        let live = live_keys(&server, vendor, NAME).await;
        assert_eq!(live, [old.id().unwrap().as_str()], "{vendor}");
    }
}

#[tokio::test]
async fn strays_that_somebody_takes_on_are_not_looked_for_any_more() {
    let server = Canned::sequence(vec![
        answer(200, &[JSON], RECORD),
        answer(502, &[], ""),
        answer(
            200,
            &[JSON],
            r#"{"code": 200, "data": {"items": [], "hasMore": false}}"#,
        ),
    ])
    .await;
    let keys = clients::b3os(&server);
    let mut rotation = Rotation::of(KeyId::from("ak_0"));
    let store = |_| async { Ok::<_, std::io::Error>(()) };
    rotation.run(&keys, store).await.unwrap_err();
    rotation.abandon(&keys).await.unwrap_err();
    assert_eq!(rotation.take_strays().len(), 1);
    rotation.abandon(&keys).await.unwrap();
    assert!(rotation.strays().is_empty());
}

const JSON: (&str, &str) = ("content-type", "application/json");
const RECORD: &str = r#"{"code": 200, "data": {"id": "ak_0", "name": "n", "scope": "read"}}"#;
