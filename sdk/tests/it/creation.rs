//! The making of a key whose future is dropped at each of its await points: no key is there that nobody has heard of.

use keyway::{
    ErrorKind, Vendor,
    keys::{ApiKeys, Creation, Stray},
};
use keyway_mock::{Effect, Fault, MockServer, When, WorldHandle};

use crate::{
    cancellation::{ENOUGH, TURNS, cut_after, turn},
    played::{admin, live_keys, plain_key},
};

const NAME: &str = "nightly backup";

#[tokio::test]
async fn a_cut_leaves_no_key_unheard_of() {
    for &vendor in Vendor::ALL {
        let server = MockServer::start().await;
        let (mut nothing_made, mut made_and_lost) = (false, false);
        'cuts: for polls in 1..ENOUGH {
            for turns in TURNS {
                match cut_once(&server, vendor, polls, turns).await {
                    Cut::TooLate => break 'cuts,
                    Cut::NothingMade => nothing_made = true,
                    Cut::MadeAndLost => made_and_lost = true,
                }
            }
        }
        // A test that has not met both has shown nothing.
        assert!(nothing_made && made_and_lost, "{vendor}");
    }
}

enum Cut {
    NothingMade,
    MadeAndLost,
    TooLate,
}

async fn cut_once(server: &MockServer, vendor: Vendor, polls: usize, turns: usize) -> Cut {
    let world = server.world();
    let keys = admin(&world, vendor);
    // One of the same name, which is not the one that is lost.
    let other = keys.create(plain_key(vendor, NAME)).await.unwrap();
    let mut creation = Creation::of(plain_key(vendor, NAME));
    let made = cut_after(polls, turns, creation.run(&keys)).await;
    turn(2000).await;
    let unheard_of = unlike(&world, vendor, other.id().unwrap().as_str()).await;
    if let Some(made) = made {
        let made = made.unwrap();
        assert_eq!(unheard_of, [made.id().unwrap().as_str()]);
        assert_eq!(creation.strays(), []);
        return Cut::TooLate;
    }
    let [stray] = creation.strays() else {
        panic!("{vendor}, {polls} polls, {turns} turns: {creation:?}");
    };
    assert!(unheard_of.len() <= 1, "{unheard_of:?}");
    if keys.capabilities().list.is_documented() {
        let report = keys.revoke_strays(stray).await.unwrap();
        let revoked: Vec<_> = report.revoked.iter().map(|id| id.as_str()).collect();
        assert_eq!(revoked, unheard_of);
        assert!(report.is_settled() != unheard_of.is_empty(), "{report}");
        assert!(
            unlike(&world, vendor, other.id().unwrap().as_str())
                .await
                .is_empty()
        );
    } else if !unheard_of.is_empty() {
        // What a person sees in the vendor's dashboard.
        assert!(is_in_books(&world, stray).await, "{vendor}: {stray:?}");
    }
    match unheard_of.is_empty() {
        true => Cut::NothingMade,
        false => Cut::MadeAndLost,
    }
}

async fn unlike(world: &WorldHandle, vendor: Vendor, id: &str) -> Vec<String> {
    let mut live = live_keys(world, vendor, NAME).await;
    live.retain(|other| other != id);
    live
}

/// Whether the mock keeps a key that has the stray's mark in its name.
async fn is_in_books(world: &WorldHandle, stray: &Stray) -> bool {
    let books = serde_json::to_string(&world.snapshot().await.unwrap()).unwrap();
    assert_eq!(stray.name(), Some(&*format!("{NAME} {}", stray.mark().unwrap())));
    books.contains(stray.name().unwrap())
}

#[tokio::test]
async fn a_run_that_fails_keeps_its_stray_and_one_that_is_refused_has_none() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::B3os);
    let mut creation = Creation::of(plain_key(Vendor::B3os, NAME));
    for (effect, strays) in [
        (Effect::Status(400), 0),
        (Effect::ResetAfterCommit, 1),
        (Effect::Status(401), 1),
        (Effect::ResetAfterCommit, 2),
    ] {
        server.clear_faults();
        let fault = Fault::new(effect).operation("createApiKey").when(When::Nth(1));
        server.inject(fault).unwrap();
        creation.run(&keys).await.unwrap_err();
        assert_eq!(creation.strays().len(), strays);
    }
    assert_ne!(creation.strays()[0].mark(), creation.strays()[1].mark());
    creation.run(&keys).await.unwrap();
    assert_eq!(creation.strays().len(), 2);
    for stray in creation.strays() {
        assert_eq!(keys.revoke_strays(stray).await.unwrap().revoked.len(), 1);
    }
    assert_eq!(live_keys(&server, Vendor::B3os, NAME).await.len(), 1);

    let mut nameless = Creation::of(keyway::keys::NewKey::unnamed());
    let error = nameless.run(&keys).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(nameless.strays(), []);
}

#[tokio::test]
async fn a_name_that_has_no_room_for_the_mark_is_refused_and_told_so() {
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::Reten);
    let named = |length: usize| plain_key(Vendor::Reten, &"n".repeat(length));
    let error = Creation::of(named(232)).run(&keys).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let rule = std::error::Error::source(&error).unwrap().to_string();
    assert!(rule.contains("24 characters"), "{rule}");
    Creation::of(named(231)).run(&keys).await.unwrap();
    keys.create(named(255)).await.unwrap();
}
