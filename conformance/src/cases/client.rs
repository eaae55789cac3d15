//! The generated client, from the first call to the typed refusal.

use keyway::ErrorKind;

use crate::case::{Case, Fallback};
use crate::clients::{self, Answer, Effect, Life};
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;

pub(crate) static CASES: &[Case] = &[Case {
    id: "client/round-trip",
    requirement: "the generated client makes a key, uses it, revokes it, and meets the refusal as a typed error",
    codes: &["CRE-02", "REV-01", "REV-02"],
    situation: Situation::Revoke,
    fallback: Fallback::Observe,
    needs: &[],
    run: |scene| Box::pin(round_trip(scene)),
}];

async fn round_trip(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let minted = scene.setup.minted.clone();
    let preferred = scene.subject.probes(minted.as_deref(), None).into_iter().next();
    let served = match (&preferred, scene.probe()) {
        (Some(preferred), Ok(found)) => preferred.request.path == found.request.path,
        (_, Err(stop)) => return Err(stop),
        (None, _) => false,
    };
    if !served {
        let line = preferred.map(|probe| probe.request.line()).unwrap_or_default();
        return Err(Stop::skip(format!(
            "the target does not serve {line}, which the client would read"
        )));
    }
    let key = scene.named_key();
    let key = scene.spelt(&key);
    let admin = scene.caller(Who::Admin)?;
    // What the read wanted beside the key, the client has to send too.
    let beside = scene.probe()?.request.headers.clone();
    let place = scene.ask(&admin, &key.name);
    let tale = match clients::round_trip(scene.target.vendor(), &admin, &key, &beside).await {
        Ok(tale) => tale,
        Err(failure) => {
            if failure.effect == Effect::None {
                scene.not_made(place);
            }
            let reason = format!("the client could not make a key: {}", failure.reason);
            // What the target may answer and the client cannot read is the client's fault.
            return Err(match failure.effect {
                Effect::Unreadable => Stop::skip(reason),
                Effect::None | Effect::Unknown => Stop::error(reason),
            });
        }
    };
    scene.made_elsewhere(place, Some(tale.id.clone()), Some(tale.secret));
    let life = tale
        .life
        .map_err(|reason| Stop::error(format!("the client could not use the key: {reason}")))?;
    if life.revoked.is_success() {
        scene.mark_revoked(&tale.id);
    }
    if life.after.is_success() {
        scene.mark_working(&tale.id);
    }
    judge(scene, &life)
}

fn judge(scene: &mut Scene<'_>, tale: &Life) -> Result<(), Stop> {
    for answer in [&tale.used, &tale.revoked, &tale.after] {
        if answer.is_missing() {
            return Err(Stop::error(format!(
                "the client got no answer: {}",
                answer.describe()
            )));
        }
    }
    expect(scene, "the key opens a read", &tale.used, tale.used.is_success());
    expect(
        scene,
        "the key is revoked",
        &tale.revoked,
        tale.revoked.is_success(),
    );
    let refused = tale.after.status.is_some_and(is_refusal);
    expect(scene, "the revoked key is refused", &tale.after, refused);
    if let Statement::Status { status: 401, .. } = scene.statement(Situation::UseRevoked) {
        let typed = tale.after.kind == Some(ErrorKind::Unauthenticated);
        expect(
            scene,
            "the refusal is a typed error of the kind unauthenticated",
            &tale.after,
            typed,
        );
    }
    Ok(())
}

fn expect(scene: &mut Scene<'_>, expected: &str, answer: &Answer, held: bool) {
    if held {
        scene.meets(expected, answer.describe())
    } else {
        scene.breaks(expected, answer.describe())
    }
}
