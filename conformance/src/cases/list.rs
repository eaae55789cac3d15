//! The list of keys: complete, true about their state, and closed to strangers.

use crate::case::{Case, Fallback};
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::{Record, State};

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "list/anonymous-refused",
        requirement: "the list is refused without a credential",
        codes: &["AUT-01", "SCO-03"],
        situation: Situation::ListAnonymous,
        fallback: Fallback::Must("RFC 9110, 15.5.2; OWASP ASVS 5, 8.2.1"),
        needs: &[],
        run: |scene| Box::pin(anonymous_refused(scene)),
    },
    Case {
        id: "list/shows-created",
        requirement: "a new key is in the list, once, in force, under the name it was given",
        codes: &["LST-01", "VIS-05"],
        situation: Situation::List,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(shows_created(scene)),
    },
    Case {
        id: "list/shows-revoked-state",
        requirement: "a revoked key is shown as revoked, or not at all where the vendor leaves that open",
        codes: &["LST-02", "REV-11"],
        situation: Situation::ListRevoked,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(shows_revoked_state(scene)),
    },
];

async fn anonymous_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let nobody = scene.caller(Who::Nobody)?;
    let Some(request) = scene.subject.list(0) else {
        return Err(Stop::skip("no operation lists keys"));
    };
    let exchange = scene.send(&nobody, request).await?;
    scene.judge_refusal("without a credential", &exchange);
    Ok(())
}

async fn shows_created(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    if let Some(request) = scene.subject.list(0) {
        let exchange = scene.send(&admin, request).await?;
        scene.judge_reply("list", &exchange);
        if !exchange.is_success() {
            return Ok(());
        }
    }
    let found = find(scene, &key).await?;
    match found.as_slice() {
        [] => scene.breaks("the list shows a new key", "it does not"),
        [record] => {
            scene.meets("the list shows a new key", "the new key is listed");
            if record.state == State::Revoked {
                scene.breaks("the list shows a new key in force", "it shows it as revoked");
            }
            if record.name.as_deref() != Some(&key.name) {
                scene.breaks(
                    "the list shows the name of a new key",
                    "it shows another, or none",
                );
            }
        }
        several => scene.breaks(
            "the list shows a new key once",
            format!("it shows it {} times", several.len()),
        ),
    }
    Ok(())
}

async fn shows_revoked_state(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    if find(scene, &key).await?.is_empty() {
        return Err(Stop::error(
            "the list does not show the key before it is revoked; see list/shows-created",
        ));
    }
    scene.revoked(&key).await?;
    let found = find(scene, &key).await?;
    match found.first().map(|record| record.state) {
        Some(State::Revoked) => scene.meets(
            "the list shows a revoked key as revoked",
            "the revoked key is listed as revoked",
        ),
        Some(_) => scene.breaks(
            "the list shows a revoked key as revoked",
            "it shows it as if it were in force",
        ),
        None if matches!(scene.statement(Situation::ListRevoked), Statement::Silent { .. }) => {
            scene.observes("nothing in particular", "the list leaves a revoked key out");
        }
        None => scene.breaks("the list keeps a revoked key", "it leaves it out"),
    }
    Ok(())
}

async fn find(scene: &Scene<'_>, key: &Key) -> Result<Vec<Record>, Stop> {
    let admin = scene.caller(Who::Admin)?;
    let records = scene.list(&admin).await?.unwrap_or_default();
    Ok(records
        .into_iter()
        .filter(|record| record.id.as_deref() == Some(&key.id))
        .collect())
}
