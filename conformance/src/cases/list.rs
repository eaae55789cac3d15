//! The list of keys: complete, true about their state, and closed to strangers.

use std::time::Duration;

use super::usage::{AUTHENTICATION, unknown_credentials};
use crate::case::{Case, Fallback, Need};
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::{Aspect, Record, State};

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
        id: "list/unknown-credential-refused",
        requirement: "the list is refused to a credential that was never issued",
        codes: &["AUT-03", "SCO-03"],
        situation: Situation::ListUnknownKey,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(unknown_credential_refused(scene)),
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
    Case {
        id: "list/newest-first",
        requirement: "the list begins with the key that was made last",
        codes: &["LST-05"],
        situation: Situation::ListOrder,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(newest_first(scene)),
    },
    Case {
        id: "list/shows-own-only",
        requirement: "the list of one user shows no key of another user of the same tenant",
        codes: &["LST-04", "ISO-02"],
        situation: Situation::ListAnotherUser,
        fallback: Fallback::Observe,
        needs: &[Need::Limited],
        run: |scene| Box::pin(shows_own_only(scene)),
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

async fn unknown_credential_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    for (what, situation, caller) in unknown_credentials(scene, &key)? {
        let Some(request) = scene.subject.list(0) else {
            return Err(Stop::skip("no operation lists keys"));
        };
        let exchange = scene.send(&caller, request).await?;
        scene.judge_refusal_in(situation, what, &exchange);
    }
    Ok(())
}

async fn newest_first(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let elder = scene.key().await?;
    // Two keys of one second may have the same time of creation.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let younger = scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let records = scene.list(&admin).await?.unwrap_or_default();
    let place = |key: &Key| {
        records
            .iter()
            .position(|record| record.id.as_deref() == Some(&key.id))
    };
    let (Some(elder), Some(younger)) = (place(&elder), place(&younger)) else {
        return Err(Stop::error(
            "the list does not show new keys; see list/shows-created",
        ));
    };
    let expected = "the newest key comes first";
    if younger < elder {
        scene.meets(expected, "the younger of two keys comes before the elder");
    } else {
        scene.breaks(expected, "the elder of two keys comes before the younger");
    }
    Ok(())
}

async fn shows_own_only(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let (limited, theirs, ours) = scene.keys_of_two_users().await?;
    let records = scene.list(&limited).await?.unwrap_or_default();
    let shows = |id: &str| records.iter().any(|record| record.id.as_deref() == Some(id));
    if !shows(&theirs.id) {
        return Err(Stop::error(
            "the other user's list does not show that user's own key; see list/shows-created",
        ));
    }
    let expected = "the other user's list leaves our key out";
    if shows(&ours.id) {
        scene.breaks(expected, "it shows it");
    } else {
        scene.meets(expected, "our key is not listed");
    }
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
            let expected = "the list shows the name of a new key";
            match record.name.as_deref() {
                Some(name) if name == key.name => {}
                None if !record.unset.contains(&Aspect::Name) => scene.observes(expected, "it shows none"),
                _ => scene.breaks(expected, "it shows another"),
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
