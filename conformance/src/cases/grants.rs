//! Keys with several grants: each of them counts, whatever its place.

use super::scope::grants_that_open;
use crate::case::{Case, Fallback};
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;
use crate::subject::{NewKey, Probe};

pub(crate) static CASES: &[Case] = &[Case {
    id: "scope/each-of-several-grants-counts",
    requirement: "a key with several grants opens the reads of each of them, and is shown with all, in whatever order",
    codes: &["SCO-02", "CRE-12"],
    situation: Situation::ScopeSeveral,
    fallback: Fallback::Observe,
    needs: &[],
    run: |scene| Box::pin(each_counts(scene)),
}];

async fn each_counts(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.probe()?;
    if !scene.subject.wide().iter().any(|grants| grants.len() > 1) {
        return Err(Stop::skip("a key has one grant at most"));
    }
    let opening = opening_by_themselves(scene);
    if opening.len() < 2 {
        return Err(Stop::skip(
            "there are no two grants that each open a read of their own",
        ));
    }
    let forwards: Vec<String> = opening.iter().map(|(grant, _)| grant.clone()).collect();
    let backwards: Vec<String> = forwards.iter().rev().cloned().collect();
    for grants in [forwards, backwards] {
        let all = grants.join(", ");
        let key = NewKey {
            grants,
            ..scene.named_key()
        };
        let asked = key.grants.clone();
        let key = scene.key_from(Who::Admin, &key).await?;
        for (grant, probe) in &opening {
            let exchange = scene
                .send(&scene.bearer_of(&key.secret), probe.request.clone())
                .await?;
            let expected = format!("a key with {all} opens what {grant} opens");
            let seen = format!("{} answered {}", exchange.line(), exchange.status);
            if exchange.is_success() {
                scene.meets(expected, seen);
            } else {
                scene.breaks(expected, seen);
            }
        }
        let Some(shown) = &key.record.grants else { continue };
        let is_shown = |grant: &&String| shown.iter().any(|one| one.eq_ignore_ascii_case(grant));
        let lacking: Vec<&str> = asked
            .iter()
            .filter(|grant| !is_shown(grant))
            .map(String::as_str)
            .collect();
        let expected = format!("a key with {all} is shown with all of them");
        if lacking.is_empty() {
            scene.meets(expected, "it is");
        } else {
            scene.breaks(expected, format!("it is shown without {}", lacking.join(", ")));
        }
    }
    Ok(())
}

/// The grants that open a read which no other grant opens, each with that read.
fn opening_by_themselves(scene: &Scene<'_>) -> Vec<(String, Probe)> {
    grants_that_open(scene)
        .into_iter()
        .filter_map(|(grants, probes)| {
            let grant = grants.into_iter().next()?;
            let own = probes
                .into_iter()
                .find(|probe| probe.grant == Some(grant.as_str()))?;
            Some((grant, own))
        })
        .collect()
}
