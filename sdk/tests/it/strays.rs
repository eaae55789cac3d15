//! Keys that a create made although its answer was lost: how they are told, found and revoked.

use keyway::{
    ErrorKind, Vendor,
    keys::{ApiKeys, Error, NewKey, Operation, Stray, Verification},
};
use keyway_mock::{Effect, Fault, MockServer, When, WorldHandle};

use crate::{
    canned::Canned,
    clients,
    played::{admin, calls, live_keys, mocked, plain_key},
};

const NAME: &str = "nightly backup";

/// Makes the next create at every vendor meet this.
fn spoil(server: &WorldHandle, effect: Effect) {
    server.clear_faults();
    let fault = Fault::new(effect).operation("createApiKey").when(When::Nth(1));
    server.inject(fault).unwrap();
}

async fn lose(server: &WorldHandle, keys: &dyn ApiKeys, key: NewKey) -> Error {
    spoil(server, Effect::ResetAfterCommit);
    let error = keys.create(key).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::AmbiguousCreate, Operation::Create)
    );
    error
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_says_so_and_is_not_repeated() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let before = jiff::Timestamp::now();
        let error = lose(&server, &keys, plain_key(vendor, NAME)).await;
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 1, "{vendor}");
        assert_eq!(calls(&server, vendor, "createApiKey"), 1, "{vendor}");

        let stray = error.stray().unwrap();
        assert_eq!(
            (stray.vendor(), stray.name(), stray.id()),
            (vendor, Some(NAME), None)
        );
        let (first, last) = stray.window();
        assert!(first < before && last > jiff::Timestamp::now(), "{stray:?}");
        assert!(last.duration_since(first).as_secs() < 60, "{stray:?}");
    }
}

#[tokio::test]
async fn the_lost_key_is_found_by_its_name_and_revoked_where_the_vendor_lists_keys() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let error = lose(&server, &keys, plain_key(vendor, NAME)).await;
        let lost = live_keys(&server, vendor, NAME).await;
        let report = keys.revoke_strays(error.stray().unwrap()).await.unwrap();
        assert_eq!(
            report.revoked.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
            lost,
            "{vendor}"
        );
        assert!(report.is_settled());
        assert!(live_keys(&server, vendor, NAME).await.is_empty(), "{vendor}");
        // Nothing more is found, and nothing else is touched.
        let report = keys.revoke_strays(error.stray().unwrap()).await.unwrap();
        assert!(report.found_nothing() && !report.is_settled(), "{report}");
    }
}

#[tokio::test]
async fn a_key_that_may_be_somebody_elses_is_left() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let others = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let error = lose(&server, &keys, plain_key(vendor, NAME)).await;
        let stray = error.stray().unwrap();
        let report = keys.revoke_strays(stray).await.unwrap();
        assert!(report.revoked.is_empty(), "{vendor}");
        assert_eq!(report.left.len(), 2, "{vendor}: both are named");
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 2, "{vendor}");

        let report = keys
            .revoke_strays(&stray.clone().excluding(others.id().unwrap()))
            .await
            .unwrap();
        assert_eq!((report.revoked.len(), report.left.len()), (1, 0), "{vendor}");
        let left = live_keys(&server, vendor, NAME).await;
        assert_eq!(left, [others.id().unwrap().as_str()], "{vendor}");
    }
}

#[tokio::test]
async fn a_key_that_was_used_or_is_too_old_or_of_another_name_is_not_the_lost_one() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        // The create never came through, so that every key there is somebody's.
        spoil(&server, Effect::ResetBefore);
        let error = keys.create(plain_key(vendor, NAME)).await.unwrap_err();
        let stray = error.stray().unwrap_or_else(|| panic!("{error:?}"));

        keys.create(plain_key(vendor, "nightly backup 2")).await.unwrap();
        let report = keys.revoke_strays(stray).await.unwrap();
        assert_eq!(
            (report.revoked.len(), report.left.len()),
            (0, 0),
            "{vendor}: another name"
        );

        let used = keys.create(plain_key(vendor, NAME)).await.unwrap();
        keys.verify(&used).await.unwrap();
        let report = keys.revoke_strays(stray).await.unwrap();
        assert_eq!(
            (report.revoked.len(), report.left.len()),
            (0, 1),
            "{vendor}: used"
        );
        keys.revoke(used.id().unwrap()).await.unwrap();

        // A day before or after, by the vendor's clock.
        for hours in [-25, 25] {
            let then = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours);
            server.clock().set(then);
            let keys = admin(&server, vendor);
            keys.create(plain_key(vendor, NAME)).await.unwrap();
            let report = keys.revoke_strays(stray).await.unwrap();
            assert_eq!(
                (report.revoked.len(), report.left.len()),
                (0, 0),
                "{vendor}: {hours} h away"
            );
        }
    }
}

#[tokio::test]
async fn a_mark_tells_the_lost_key_from_all_others_of_its_name() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let plain = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let marked = keys.create(plain_key(vendor, NAME).marked()).await.unwrap();
        let error = lose(&server, &keys, plain_key(vendor, NAME).marked()).await;
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 3);

        let stray = error.stray().unwrap();
        assert!(stray.mark().unwrap().starts_with("keyway-"));
        let report = keys.revoke_strays(stray).await.unwrap();
        assert_eq!((report.revoked.len(), report.left.len()), (1, 0), "{vendor}");
        let mut left = live_keys(&server, vendor, NAME).await;
        let mut kept = [plain, marked].map(|key| key.id().unwrap().to_string());
        left.sort();
        kept.sort();
        assert_eq!(left, kept, "{vendor}");
    }
}

#[tokio::test]
async fn where_no_list_is_the_error_says_what_a_person_can_do() {
    for vendor in [Vendor::Sinjapp, Vendor::Dolfin] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let error = lose(&server, &keys, plain_key(vendor, NAME)).await;
        let error = keys.revoke_strays(error.stray().unwrap()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Unsupported, Operation::RevokeStrays)
        );
        assert!(!error.unsupported().unwrap().instead().is_empty());
    }
    assert!(Vendor::Sinjapp.capabilities().list.endpoint().is_none());
}

#[tokio::test]
async fn what_is_left_of_an_answer_may_tell_the_id_and_that_is_enough_at_every_vendor() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        // Enough to hold the id, which B3OS has in the middle of its answer, and too little to be JSON.
        let keep = if vendor == Vendor::B3os { 250 } else { 120 };
        spoil(&server, Effect::TruncateBody { keep });
        let error = keys.create(plain_key(vendor, NAME)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AmbiguousCreate, "{vendor}");
        assert!(
            error.status().is_some_and(|status| status.is_success()),
            "{vendor}"
        );
        let stray = error.stray().unwrap();
        let lost = live_keys(&server, vendor, NAME).await;
        assert_eq!(stray.id().map(|id| vec![id.to_string()]), Some(lost), "{vendor}");
        let report = keys.revoke_strays(stray).await.unwrap();
        assert_eq!(report.revoked.len(), 1);
        assert!(live_keys(&server, vendor, NAME).await.is_empty(), "{vendor}");
        // A second look is no error, whatever the vendor says to it.
        server.clear_faults();
        let gone = Fault::new(Effect::Status(404)).operation("revokeApiKey");
        server.inject(gone).unwrap();
        let report = keys.revoke_strays(stray).await.unwrap();
        assert!(
            vendor == Vendor::B3os || report.found_nothing(),
            "{vendor}: {report}"
        );
    }
}

#[tokio::test]
async fn a_5xx_may_hide_a_key_and_a_refusal_hides_none() {
    let server = MockServer::start().await;
    for vendor in Vendor::ALL.iter().copied() {
        let keys = admin(&server, vendor);
        for (effect, kind) in [
            (Effect::Status(500), ErrorKind::Server),
            (Effect::Html503, ErrorKind::Server),
            (Effect::Status(502), ErrorKind::AmbiguousCreate),
            (Effect::Status(504), ErrorKind::AmbiguousCreate),
        ] {
            spoil(&server, effect);
            let error = keys.create(plain_key(vendor, NAME)).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{vendor}");
            let stray = error.stray().unwrap();
            assert_eq!(stray.name(), Some(NAME));
            if keys.capabilities().list.is_documented() {
                let report = keys.revoke_strays(stray).await.unwrap();
                assert!(
                    report.found_nothing() && !report.is_settled(),
                    "{vendor}: the mock made none"
                );
            }
        }
        spoil(&server, Effect::Status(401));
        let error = keys.create(plain_key(vendor, NAME)).await.unwrap_err();
        assert!(error.stray().is_none(), "{vendor}");
    }
    assert_eq!(server.journal().calls("revokeApiKey").count(), 0);
}

/// The vendor, or a gateway, may have made nothing; then the only key of that name is a good one.
#[tokio::test]
async fn after_a_5xx_a_good_key_of_the_same_name_is_left() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        for effect in [
            Effect::Status(500),
            Effect::Status(502),
            Effect::Html503,
            Effect::Status(504),
        ] {
            let server = MockServer::start().await;
            let keys = admin(&server, vendor);
            let good = keys.create(plain_key(vendor, NAME)).await.unwrap();
            spoil(&server, effect);
            let error = keys.create(plain_key(vendor, NAME)).await.unwrap_err();
            let report = keys.revoke_strays(error.stray().unwrap()).await.unwrap();
            let left: Vec<_> = report.left.iter().map(|key| key.id.as_ref()).collect();
            assert_eq!((left, report.revoked.len()), (vec![good.id()], 0), "{vendor}");
            assert!(!report.is_settled());
            assert!(
                report.to_string().contains(good.id().unwrap().as_str()),
                "{report}"
            );
            assert_eq!(keys.verify(&good).await.unwrap(), Verification::Works, "{vendor}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_in_use_is_not_mistaken_for_the_lost_one_and_does_not_hide_it() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let used = keys.create(plain_key(vendor, NAME)).await.unwrap();
        keys.verify(&used).await.unwrap();
        let error = lose(&server, &keys, plain_key(vendor, NAME)).await;
        let report = keys.revoke_strays(error.stray().unwrap()).await.unwrap();
        assert_eq!(
            (report.revoked.len(), report.left.len()),
            (1, 0),
            "{vendor}: {report}"
        );
        assert_eq!(keys.verify(&used).await.unwrap(), Verification::Works, "{vendor}");
    }
}

/// Where the clocks do not agree, a key of that name is shown and not passed over.
#[tokio::test]
async fn a_wrong_clock_hides_no_key() {
    for vendor in [Vendor::Reten, Vendor::B3os] {
        for seconds in [-20_000, -400, -5, 5, 400, 20_000] {
            let server = MockServer::start().await;
            let keys = admin(&server, vendor);
            let then = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
            server.clock().set(then);
            let error = lose(&server, &keys, plain_key(vendor, NAME)).await;
            let report = keys.revoke_strays(error.stray().unwrap()).await.unwrap();
            assert_eq!(
                (report.revoked.len(), report.left.len()),
                (0, 1),
                "{vendor}: {seconds} s"
            );
            assert!(!report.is_settled() && !report.found_nothing());
        }
    }
}

/// A vendor that lists one key, with this name and description, made now.
async fn lists(name: &str, description: &str) -> Canned {
    let now = jiff::Timestamp::now();
    let key = format!(
        r#"{{"id": "ak_1", "name": "{name}", "description": "{description}", "createdAt": "{now}", "scope": "read"}}"#
    );
    let list =
        format!(r#"{{"code": 200, "message": "success", "data": {{"items": [{key}], "hasMore": false}}}}"#);
    Canned::json(200, &list).await
}

/// What is left of a B3OS create whose answer does not come.
async fn lost_at_b3os(key: NewKey) -> Stray {
    let silent = Canned::raw(String::new()).await;
    let error = clients::b3os(&silent).create(key).await.unwrap_err();
    error.stray().unwrap().clone()
}

#[tokio::test]
async fn a_name_that_the_vendor_trims_is_the_same_name() {
    let stray = lost_at_b3os(NewKey::named(" nightly ").scopes(["read"])).await;
    let server = lists("nightly", "").await;
    let report = clients::b3os(&server).revoke_strays(&stray).await.unwrap();
    assert_eq!(report.revoked.len(), 1, "{report}");
}

#[tokio::test]
async fn a_mark_that_the_vendor_changes_is_looked_for_anywhere_and_one_that_it_cuts_off_leaves_the_key() {
    let stray = lost_at_b3os(NewKey::named(NAME).scopes(["read"]).marked()).await;
    let mark = stray.mark().unwrap();
    for kept in [format!("{mark}."), format!("made by {mark}  ")] {
        let server = lists("renamed", &kept).await;
        let report = clients::b3os(&server).revoke_strays(&stray).await.unwrap();
        assert_eq!(
            (report.revoked.len(), report.left.len()),
            (1, 0),
            "{kept}: {report}"
        );
    }
    for cut_off in ["", &mark[..mark.len() - 1]] {
        let server = lists(NAME, cut_off).await;
        let report = clients::b3os(&server).revoke_strays(&stray).await.unwrap();
        assert_eq!(
            (report.revoked.len(), report.left.len()),
            (0, 1),
            "{cut_off}: {report}"
        );
        assert_eq!(server.count(), 1, "nothing but the list is asked for");
    }
    // Another's mark makes it another's.
    let server = lists(NAME, "keyway-0011223344556677").await;
    let report = clients::b3os(&server).revoke_strays(&stray).await.unwrap();
    assert!(report.found_nothing(), "{report}");
}

#[tokio::test]
async fn a_connection_that_was_never_made_leaves_nothing() {
    let client =
        keyway::sinjapp::Client::new("http://127.0.0.1:1", keyway::sinjapp::Credentials::api_key("k"));
    let error = client.unwrap().create(NewKey::named(NAME)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.stray().is_none());
}

#[tokio::test]
async fn a_key_without_its_plaintext_is_a_stray_with_an_id() {
    let body = clients::created::reten().replace("plaintextKey", "somethingElse");
    let server = Canned::json(201, &body).await;
    let keys = clients::reten(&server);
    let error = keys.create(NewKey::named(NAME).scopes(["a"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AmbiguousCreate);
    assert_eq!(
        error.stray().unwrap().id().unwrap().as_str(),
        "f47ac10b-58cc-4372-a567-0e02b2c3d479"
    );
    assert!(!format!("{error:?}").contains(clients::ISSUED));
}

#[tokio::test]
async fn a_stray_is_looked_for_at_its_own_vendor() {
    let server = MockServer::start().await;
    let error = lose(
        &server,
        &admin(&server, Vendor::Reten),
        plain_key(Vendor::Reten, NAME),
    )
    .await;
    let stray: &Stray = error.stray().unwrap();
    let error = admin(&server, Vendor::B3os)
        .revoke_strays(stray)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.journal().to(mocked(Vendor::B3os)).count(), 0);
}
/// A revocation whose answer is lost is sent again; what the vendor then says about a key that is revoked already counts as
/// success.
#[tokio::test]
async fn a_revocation_whose_answer_is_lost_counts_as_one() {
    let server = MockServer::start().await;
    server.assume("b3os.second-revoke=404").unwrap();
    for vendor in Vendor::ALL.iter().copied() {
        let keys = admin(&server, vendor);
        let issued = keys.create(plain_key(vendor, NAME)).await.unwrap();
        server.clear_faults();
        let lost = Fault::new(Effect::ResetAfterCommit)
            .operation("revokeApiKey")
            .when(When::Nth(1));
        server.inject(lost.vendor(mocked(vendor))).unwrap();
        let revoked = keys.revoke(issued.id().unwrap()).await.unwrap();
        assert_eq!(revoked, keyway::keys::Revocation::Revoked, "{vendor}");
        assert_eq!(calls(&server, vendor, "revokeApiKey"), 2, "{vendor}");
    }
}

#[tokio::test]
async fn a_stray_is_not_looked_for_at_another_tenants_host() {
    // The answer tells the id and breaks off before the key.
    let cut = clients::created::sinjapp()
        .split_once(r#""plain_text_key""#)
        .unwrap()
        .0
        .to_owned();
    let (one, other) = (Canned::json(201, &cut).await, Canned::json(204, "").await);
    let error = clients::sinjapp(&one)
        .create(plain_key(Vendor::Sinjapp, "n"))
        .await
        .unwrap_err();
    let stray = error.stray().unwrap();
    assert_eq!(stray.id().unwrap().as_str(), "7");
    assert_eq!(stray.base_url(), format!("{}/api/v1", one.base_url));

    let elsewhere = other.base_url.replace("127.0.0.1", "localhost");
    let credentials = keyway::sinjapp::Credentials::api_key("k");
    let elsewhere = keyway::sinjapp::Client::new(&elsewhere, credentials).unwrap();
    let refused = elsewhere.revoke_strays(stray).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    assert_eq!(other.count(), 0, "7 is another key there");
    assert!(
        clients::sinjapp(&other)
            .revoke_strays(stray)
            .await
            .unwrap()
            .is_settled()
    );
}
