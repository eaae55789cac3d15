//! What a rotation knows of the key that it replaces, and that it never takes the last key that works.

use keyway::{
    ErrorKind, Vendor,
    keys::{ApiKeys, Cause, IssuedKey, KeyId, OldState, Revocation, Rotation, Step, Successor, Verification},
};
use keyway_mock::{Effect, Fault, MockServer, WorldHandle};

use crate::{
    canned::{Canned, answer},
    clients,
    played::{admin, calls, live_keys, plain_key},
    rotation::{NAME, Vault, full, rotation_of, spoil},
};

/// Takes the records of keys out of sight.
fn hide_records(server: &WorldHandle) {
    for read in ["listApiKeys", "getApiKey"] {
        let hidden = Fault::new(Effect::Status(403)).operation(read);
        server.inject(hidden).unwrap();
    }
}

#[tokio::test]
async fn a_refusal_that_may_mean_that_the_old_key_is_gone_leaves_it_open() {
    for vendor in Vendor::ALL.iter().copied() {
        for status in [400, 404, 409, 410, 500] {
            let server = MockServer::start().await;
            let keys = admin(&server, vendor);
            let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
            server.clear_faults();
            let refused = Fault::new(Effect::Status(status)).operation("revokeApiKey");
            server.inject(refused).unwrap();
            hide_records(&server);
            let vault = Vault::default();
            let mut rotation = rotation_of(&old);
            let error = rotation
                .run(&keys, |key| vault.clone().keep(key))
                .await
                .unwrap_err();
            assert_eq!(
                (error.step(), error.progress().old_state),
                (Step::RevokeOld, OldState::PerhapsRevoked),
                "{vendor}: {status}"
            );
            let hint = error.to_string().contains("Rotation::old_is_gone");
            assert_eq!(hint, status != 500, "{error}");
            let error = rotation.abandon(&keys).await.unwrap_err();
            assert!(matches!(error.cause(), Cause::OldIsGone), "{vendor}: {error:?}");
            let stored = vault.latest().unwrap();
            assert_eq!(
                keys.verify(&stored).await.unwrap(),
                Verification::Works,
                "{vendor}"
            );
        }
    }
}

#[tokio::test]
async fn a_refusal_for_another_reason_leaves_the_old_key_untouched() {
    for vendor in Vendor::ALL.iter().copied() {
        for status in [401, 403, 422] {
            let server = MockServer::start().await;
            let keys = admin(&server, vendor);
            let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
            spoil(&server, "revokeApiKey", Effect::Status(status));
            let mut rotation = rotation_of(&old);
            let error = rotation
                .run(&keys, |key| Vault::default().keep(key))
                .await
                .unwrap_err();
            assert_eq!(
                error.progress().old_state,
                OldState::Untouched,
                "{vendor}: {status}"
            );
            rotation.abandon(&keys).await.unwrap();
            let left = live_keys(&server, vendor, NAME).await;
            assert_eq!(left, [old.id().unwrap().as_str()], "{vendor}: {status}");
        }
    }
}

/// The vendor refuses the revocation with a 404, and its record of the key, or the key, says that it is good.
#[tokio::test]
async fn a_key_that_is_shown_to_be_good_is_not_taken_for_gone() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        spoil(&server, "revokeApiKey", Effect::Status(404));
        let mut rotation = rotation_of(&old).old_secret(old.secret().clone());
        let error = rotation
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap_err();
        assert_eq!(error.progress().old_state, OldState::Untouched, "{vendor}");
        let rotated = rotation.run(&keys, full).await.unwrap();
        assert_eq!(rotated.old, Revocation::Revoked, "{vendor}");
    }
}

#[tokio::test]
async fn giving_up_takes_no_successor_back_while_the_old_key_is_not_good() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        server.assume("sinjapp.second-revoke=404").unwrap();
        server.assume("dolfin.second-revoke=404").unwrap();
        server.assume("b3os.second-revoke=404").unwrap();
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let mut rotation = rotation_of(&old).old_secret(old.secret().clone());
        rotation.run(&keys, full).await.unwrap_err();

        // While the vendor's record cannot be read, nobody knows.
        if keys.capabilities().list.is_documented() {
            hide_records(&server);
            let error = rotation.abandon(&keys).await.unwrap_err();
            assert_eq!(error.keys_error().unwrap().kind(), ErrorKind::Forbidden);
            assert_eq!(error.step(), Step::Abandon);
            server.clear_faults();
        }
        // Somebody else revokes the old key, of which the rotation knows nothing yet.
        keys.revoke(old.id().unwrap()).await.unwrap();
        assert_eq!(rotation.progress().old_state, OldState::Untouched);
        let error = rotation.abandon(&keys).await.unwrap_err();
        assert!(matches!(error.cause(), Cause::OldIsGone), "{vendor}: {error:?}");
        assert_eq!(error.progress().old_state, OldState::Revoked, "{vendor}");
        let successor = rotation
            .progress()
            .successor
            .record()
            .unwrap()
            .id
            .clone()
            .unwrap();
        assert_eq!(
            live_keys(&server, vendor, NAME).await,
            [successor.as_str()],
            "{vendor}"
        );

        let rotated = rotation
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap();
        assert_eq!(rotated.old, Revocation::AlreadyRevoked, "{vendor}");
    }
}

/// Where a record tells, a rotation whose old key has vanished ends by itself; elsewhere the caller says so.
#[tokio::test]
async fn a_rotation_whose_old_key_was_revoked_by_somebody_else_can_end() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        server.assume("sinjapp.second-revoke=404").unwrap();
        server.assume("dolfin.second-revoke=404").unwrap();
        server.assume("b3os.second-revoke=404").unwrap();
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let vault = Vault::default();
        let mut rotation = rotation_of(&old);
        let store = async |key: IssuedKey| {
            keys.revoke(old.id().unwrap()).await.unwrap();
            vault.clone().keep(key).await
        };
        let run = rotation.run(&keys, store).await;
        let rotated = if keys.capabilities().list.is_documented() {
            run.unwrap()
        } else {
            let error = run.unwrap_err();
            assert_eq!(
                (error.step(), error.progress().old_state),
                (Step::RevokeOld, OldState::PerhapsRevoked)
            );
            let revocations = calls(&server, vendor, "revokeApiKey");
            rotation.old_is_gone();
            let rotated = rotation.run(&keys, full).await.unwrap();
            assert_eq!(calls(&server, vendor, "revokeApiKey"), revocations, "{vendor}");
            rotated
        };
        assert_eq!(rotated.old, Revocation::AlreadyRevoked, "{vendor}");
        assert_eq!(rotation.progress().old_state, OldState::Revoked);
        let stored = vault.latest().unwrap();
        assert_eq!(
            keys.verify(&stored).await.unwrap(),
            Verification::Works,
            "{vendor}"
        );
    }
}

/// A deleted key has no record; one that the caller has seen before was deleted.
#[tokio::test]
async fn an_old_key_that_is_not_there_any_more_is_gone_and_one_that_never_was_is_not() {
    let vendor = Vendor::B3os;
    let server = MockServer::start().await;
    let keys = admin(&server, vendor);
    let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
    let deleted = |operation| Fault::new(Effect::Status(404)).operation(operation);
    for rotation in [Rotation::of(old.record()), Rotation::of(old.id().unwrap())] {
        server.clear_faults();
        let store = async |_: IssuedKey| {
            server.inject(deleted("revokeApiKey")).unwrap();
            server.inject(deleted("getApiKey"))
        };
        // The list shows it, so that whatever answers 404 is behind.
        let error = { rotation }.run(&keys, store).await.unwrap_err();
        assert_eq!(error.step(), Step::RevokeOld);
        server.clear_faults();
        assert_eq!(keys.verify(&old).await.unwrap(), Verification::Works);
    }

    let json = |status, body: &str| answer(status, &[("content-type", "application/json")], body);
    let record = r#"{"code": 200, "data": {"id": "ak_0", "name": "n", "scope": "read"}}"#;
    let items = r#"{"code": 200, "data": {"items": [], "hasMore": false}}"#;
    let absent = Canned::sequence(vec![
        json(200, record),
        json(200, &clients::created::b3os()),
        json(200, items),
        json(200, items),
        json(404, "{}"),
        json(404, "{}"),
        json(404, "{}"),
        json(200, items),
    ])
    .await;
    let store = |_| async { Ok::<_, std::io::Error>(()) };
    let rotated = Rotation::of(KeyId::from("ak_0"))
        .run(&clients::b3os(&absent), store)
        .await
        .unwrap();
    assert_eq!(rotated.old, Revocation::AlreadyRevoked);
    assert!(absent.last_request().line().starts_with("GET /v1/api-keys?"));

    let mut mistyped = Rotation::of(KeyId::from("ak_mistyped")).successor(plain_key(vendor, NAME));
    let error = mistyped
        .run(&keys, |key| Vault::default().keep(key))
        .await
        .unwrap_err();
    assert_eq!(error.step(), Step::RevokeOld);
    assert_eq!(error.progress().old_state, OldState::PerhapsRevoked);
    assert!(matches!(error.progress().successor, Successor::Stored(_)));
}

/// Reten lists the caller's own keys: that another's is not among them means nothing.
#[tokio::test]
async fn a_key_that_the_caller_does_not_see_is_not_gone() {
    let server = MockServer::start().await;
    let (admin, limited) = (
        admin(&server, Vendor::Reten),
        crate::played::limited(&server, Vendor::Reten),
    );
    let key = plain_key(Vendor::Reten, NAME);
    let theirs = limited.create(key.clone()).await;
    let Ok(theirs) = theirs else {
        panic!("{}", theirs.unwrap_err())
    };
    spoil(&server, "revokeApiKey", Effect::Status(404));
    let error = rotation_of(&theirs)
        .run(&admin, |key| Vault::default().keep(key))
        .await
        .unwrap_err();
    assert_eq!(
        (error.step(), error.progress().old_state),
        (Step::RevokeOld, OldState::PerhapsRevoked)
    );
    assert_eq!(limited.verify(&theirs).await.unwrap(), Verification::Works);
}

/// Sinjapp and Dolfin do not say what a second revocation gets; if it is a 404, the old key itself tells.
#[tokio::test]
async fn the_refusal_of_the_old_key_proves_that_it_is_revoked() {
    let server = MockServer::start().await;
    server.assume("sinjapp.second-revoke=404").unwrap();
    server.assume("dolfin.second-revoke=404").unwrap();
    for vendor in [Vendor::Sinjapp, Vendor::Dolfin] {
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        keys.revoke(old.id().unwrap()).await.unwrap();
        let error = rotation_of(&old)
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap_err();
        assert_eq!(
            (error.step(), error.keys_error().unwrap().kind()),
            (Step::RevokeOld, ErrorKind::NotFound)
        );
        let mut knowing = rotation_of(&old).old_secret(old.secret().clone());
        let rotated = knowing
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap();
        assert_eq!(rotated.old, Revocation::AlreadyRevoked, "{vendor}");

        // A key that works is not gone, whatever its id is said to be.
        let works = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let mut mistaken = rotation_of(&old).old_secret(works.secret().clone());
        let error = mistaken
            .run(&keys, |key| Vault::default().keep(key))
            .await
            .unwrap_err();
        assert_eq!(error.progress().old_state, OldState::Untouched, "{vendor}");
    }
}

/// B3OS's own answer, with other members.
fn envelope(data: &str) -> String {
    let body = format!(r#"{{"code": 200, "message": "success", "requestId": "r", "data": {data}}}"#);
    answer(200, &[("content-type", "application/json")], &body)
}

#[tokio::test]
async fn an_answer_about_the_old_key_is_no_successor() {
    let server = Canned::sequence(vec![
        envelope(r#"{"id": "ak_1", "name": "n", "scope": "read"}"#),
        envelope(r#"{"id": "ak_1", "key": "b3sk_again", "name": "n", "scope": "read"}"#),
    ])
    .await;
    let keys = clients::b3os(&server);
    let mut rotation = Rotation::of(KeyId::from("ak_1"));
    let error = rotation.run(&keys, full).await.unwrap_err();
    assert_eq!(error.step(), Step::Create, "{error}");
    assert!(matches!(error.progress().successor, Successor::Perhaps(_)));
    assert_eq!(server.count(), 2, "the old key was read, and a create sent");
}

#[tokio::test]
async fn a_message_is_one_line_whatever_the_vendor_calls_its_keys() {
    let server = Canned::sequence(vec![
        envelope(r#"{"id": "ak_1", "name": "n", "scope": "read"}"#),
        envelope(r#"{"id": "ak_2\nERROR forged\u001b[2J", "key": "b3sk_new", "name": "n", "scope": "read"}"#),
        envelope(r#"{"items": [{"id": "org_1"}], "hasMore": false}"#),
    ])
    .await;
    let error = Rotation::of(KeyId::from("ak_1"))
        .run(&clients::b3os(&server), full)
        .await
        .unwrap_err();
    assert_eq!(error.step(), Step::Store, "{error:?}");
    let text = error.to_string();
    assert!(text.contains(r"ak_2\nERROR forged"), "{text}");
    assert!(!text.contains(['\n', '\u{1b}']), "{text}");
}

/// What is not known of the old key is not left out of the request for its successor: that may mean all of it.
#[tokio::test]
async fn a_record_that_does_not_tell_the_scopes_or_the_end_is_not_copied() {
    let body = clients::created::b3os().replace(r#""scope": "read", "#, "");
    let server = Canned::json(200, &body).await;
    let keys = clients::b3os(&server);
    let old = keys.create(plain_key(Vendor::B3os, NAME)).await.unwrap();
    let error = Rotation::of(old.record()).run(&keys, full).await.unwrap_err();
    assert_eq!(error.keys_error().unwrap().kind(), ErrorKind::Unsupported);
    assert_eq!(server.count(), 1);

    // Sinjapp's keys end after 90 days if nothing is said.
    let body = clients::created::sinjapp().replace(r#""2027-02-19T00:00:00Z""#, "null");
    let server = Canned::json(201, &body).await;
    let keys = clients::sinjapp(&server);
    let old = keys.create(plain_key(Vendor::Sinjapp, NAME)).await.unwrap();
    let error = Rotation::of(old.record()).run(&keys, full).await.unwrap_err();
    assert_eq!(error.step(), Step::ReadOld, "{error}");
    assert_eq!(error.keys_error().unwrap().kind(), ErrorKind::Unsupported);
    assert_eq!(server.count(), 1);
}

/// Its first answer was lost, and the client's own key is gone with it.
#[tokio::test]
async fn the_clients_own_key_that_was_rotated_as_anothers_can_still_be_brought_to_an_end() {
    let server = MockServer::start().await;
    let admin = admin(&server, Vendor::Dolfin);
    let own = admin.create(plain_key(Vendor::Dolfin, NAME)).await.unwrap();
    let keys = admin.with_key(own.secret()).unwrap();
    spoil(&server, "revokeApiKey", Effect::ResetAfterCommit);
    let mut rotation = rotation_of(&own);
    let error = rotation
        .run(&keys, |key| Vault::default().keep(key))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("Rotation::of_own_key"), "{error}");
    let rotated = rotation.of_own_key().run(&keys, full).await.unwrap();
    assert_eq!(live_keys(&server, Vendor::Dolfin, NAME).await.len(), 1);
    assert_eq!(
        admin.verify(&own).await.unwrap(),
        Verification::Refused,
        "{rotated:?}"
    );
}

/// An odd answer to the revocation is checked against the record; that this may not be read says nothing of the key.
#[tokio::test]
async fn a_record_that_may_not_be_read_does_not_make_the_old_key_untouched() {
    let server = Canned::sequence(vec![
        envelope(r#"{"id": "ak_1", "name": "n", "scope": "read"}"#),
        envelope(r#"{"id": "ak_2", "key": "b3sk_new", "name": "n", "scope": "read"}"#),
        envelope(r#"{"items": [{"id": "org_1"}], "hasMore": false}"#),
        envelope(r#"{"items": [{"id": "org_1"}], "hasMore": false}"#),
        answer(200, &[("content-type", "application/json")], "{}"),
        answer(403, &[("content-type", "application/json")], "{}"),
    ])
    .await;
    let error = Rotation::of(KeyId::from("ak_1"))
        .run(&clients::b3os(&server), |key| Vault::default().keep(key))
        .await
        .unwrap_err();
    assert_eq!(error.step(), Step::RevokeOld, "{error:?}");
    assert_eq!(error.progress().old_state, OldState::PerhapsRevoked, "{error}");
}
