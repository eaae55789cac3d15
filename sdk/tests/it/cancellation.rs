//! A rotation whose future is dropped at each of its await points: a key that works is always in the caller's hands, and
//! the progress names every key that there is.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use keyway::{
    Vendor,
    keys::{ApiKeys, IssuedKey, OldState, Progress, Successor, Verification},
};
use keyway_mock::{MockServer, WorldHandle};

use crate::{
    played::{admin, live_keys, plain_key},
    rotation::{NAME, Vault, rotation_of},
};

/// More polls than a rotation needs.
pub(crate) const ENOUGH: usize = 500;

/// How long a future that is not polled any more is left alone before it is dropped, in turns of the runtime: what it has
/// begun gets so far. At none the request is not sent yet; at the most its answer is there and nobody has read it.
pub(crate) const TURNS: [usize; 8] = [0, 1, 2, 4, 8, 16, 64, 2000];

/// Polls a future so many times, leaves it alone for so many turns, and drops it; `None` if it was not done by then.
pub(crate) async fn cut_after<F: Future>(polls: usize, turns: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let output = PollTimes {
        left: polls,
        future: future.as_mut(),
    }
    .await;
    if output.is_none() {
        turn(turns).await;
    }
    output
}
struct PollTimes<'a, F> {
    left: usize,
    future: Pin<&'a mut F>,
}

impl<F: Future> Future for PollTimes<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        self.left -= 1;
        match self.left {
            0 => Poll::Ready(None),
            _ => Poll::Pending,
        }
    }
}

/// Lets everything else go on. Client and server share this thread and loopback carries bytes at once, so that enough turns
/// bring whatever is under way to its end.
pub(crate) async fn turn(times: usize) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn sinjapp_survives_every_cut() {
    cut_everywhere(Vendor::Sinjapp).await;
}

#[tokio::test]
async fn reten_survives_every_cut() {
    cut_everywhere(Vendor::Reten).await;
}

#[tokio::test]
async fn dolfin_survives_every_cut() {
    cut_everywhere(Vendor::Dolfin).await;
}

#[tokio::test]
async fn b3os_survives_every_cut() {
    cut_everywhere(Vendor::B3os).await;
}

async fn cut_everywhere(vendor: Vendor) {
    let server = MockServer::start().await;
    let mut seen = Seen::default();
    for polls in 1..ENOUGH {
        for turns in TURNS {
            if cut_once(&server, vendor, polls, turns, &mut seen).await {
                assert!(
                    seen.is_everything(),
                    "{vendor}: only {seen:?} after {polls} polls"
                );
                return;
            }
        }
    }
    panic!("{vendor}: a rotation is not done after {ENOUGH} polls");
}

/// The situations that the cuts have met: a test that has not met them has shown nothing.
#[derive(Debug, Default)]
struct Seen {
    nothing_sent: bool,
    made_and_lost: bool,
    made: bool,
    handed: bool,
    stored: bool,
    revoked_unnoticed: bool,
}

impl Seen {
    fn is_everything(&self) -> bool {
        let Self {
            nothing_sent,
            made_and_lost,
            made,
            handed,
            stored,
            revoked_unnoticed,
        } = *self;
        nothing_sent && made_and_lost && made && handed && stored && revoked_unnoticed
    }
}

/// Whether the rotation was done before it could be cut.
async fn cut_once(server: &MockServer, vendor: Vendor, polls: usize, turns: usize, seen: &mut Seen) -> bool {
    let world = server.world();
    let keys = admin(&world, vendor);
    let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
    let vault = Vault::default();
    let mut rotation = rotation_of(&old);
    let finished = cut_after(polls, turns, rotation.run(&keys, |key| vault.clone().keep(key))).await;

    // At once, and when what was under way has come to its end.
    somebody_holds_a_key_that_works(&keys, &old, &vault, &rotation.progress()).await;
    turn(2000).await;
    let progress = rotation.progress();
    let old_works = somebody_holds_a_key_that_works(&keys, &old, &vault, &progress).await;
    let lost = every_key_is_named(&world, vendor, &old, &progress).await;
    match &progress.successor {
        Successor::Perhaps(_) if lost == 0 => seen.nothing_sent = true,
        Successor::Perhaps(_) => seen.made_and_lost = true,
        Successor::Made(_) => seen.made = true,
        Successor::Handed(_) => seen.handed = true,
        Successor::Stored(_) if old_works => seen.stored = true,
        Successor::Stored(_) if progress.old_state == OldState::PerhapsRevoked => {
            seen.revoked_unnoticed = true;
        }
        _ => {}
    }
    if let Some(rotated) = finished {
        rotated.unwrap();
        return true;
    }

    // Going on ends as if nothing had happened.
    let is_listed = keys.capabilities().list.is_documented();
    if !is_listed && matches!(progress.successor, Successor::Perhaps(_)) {
        rotation.leave_stray().unwrap();
    }
    rotation.run(&keys, |key| vault.clone().keep(key)).await.unwrap();
    let stored = vault.latest().unwrap();
    assert_eq!(keys.verify(&stored).await.unwrap(), Verification::Works);
    assert_eq!(keys.verify(&old).await.unwrap(), Verification::Refused);
    let mut left = live_keys(&world, vendor, NAME).await;
    left.retain(|id| id != stored.id().unwrap().as_str());
    // Only a mark tells a lost key for certain; one without is named.
    let named = rotation.strays().len();
    match vendor {
        Vendor::B3os => assert!(left.is_empty(), "{polls} polls, {turns} turns: {left:?}"),
        _ => assert!(
            left.len() <= named,
            "{vendor}: {polls} polls, {turns} turns: {left:?}"
        ),
    }
    false
}

/// Whether the old key works.
async fn somebody_holds_a_key_that_works(
    keys: &dyn ApiKeys,
    old: &IssuedKey,
    vault: &Vault,
    progress: &Progress,
) -> bool {
    let old_works = keys.verify(old).await.unwrap() == Verification::Works;
    let stored_works = match vault.latest() {
        Some(stored) => keys.verify(&stored).await.unwrap() == Verification::Works,
        None => false,
    };
    assert!(old_works || stored_works, "locked out at: {progress}");
    match progress.old_state {
        OldState::Untouched => assert!(old_works, "{progress}"),
        OldState::Revoked => assert!(!old_works && stored_works, "{progress}"),
        _ => assert!(stored_works, "{progress}"),
    }
    old_works
}

/// How many keys are named by their name only.
async fn every_key_is_named(
    world: &WorldHandle,
    vendor: Vendor,
    old: &IssuedKey,
    progress: &Progress,
) -> usize {
    assert_eq!(progress.old.as_ref(), old.id());
    let live = live_keys(world, vendor, NAME).await;
    let unnamed: Vec<_> = live
        .iter()
        .filter(|id| old.id().unwrap().as_str() != id.as_str())
        .filter(|id| {
            let named = progress.successor.record().and_then(|record| record.id.as_ref());
            named.is_none_or(|named| named.as_str() != id.as_str())
        })
        .collect();
    match &progress.successor {
        Successor::Perhaps(stray) => {
            assert!(
                unnamed.len() <= 1 && stray.name() == Some(NAME),
                "{unnamed:?} beside: {progress}"
            );
        }
        _ => assert!(unnamed.is_empty(), "{unnamed:?} beside: {progress}"),
    }
    unnamed.len()
}
