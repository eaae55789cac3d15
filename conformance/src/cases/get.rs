//! Reading one key back.

use jiff::Timestamp;

use super::usage::{AUTHENTICATION, unknown_credentials};
use crate::case::{Case, Fallback};
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;
use crate::subject::{Record, State};

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "get/agrees-with-list",
        requirement: "reading one key fits the contract and says what the list says of it",
        codes: &["LST-10"],
        situation: Situation::Get,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(agrees_with_list(scene)),
    },
    Case {
        id: "get/shows-revoked-state",
        requirement: "a revoked key reads as revoked, or not at all where the vendor leaves that open",
        codes: &["REV-11"],
        situation: Situation::GetRevoked,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(shows_revoked_state(scene)),
    },
    Case {
        id: "get/anonymous-refused",
        requirement: "a key that there is cannot be read without a credential",
        codes: &["AUT-01", "SCO-03"],
        situation: Situation::Get,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(anonymous_refused(scene)),
    },
    Case {
        id: "get/unknown-credential-refused",
        requirement: "a key that there is cannot be read with a credential that was never issued",
        codes: &["AUT-03", "SCO-03"],
        situation: Situation::Get,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(unknown_credential_refused(scene)),
    },
];

async fn anonymous_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let nobody = scene.caller(Who::Nobody)?;
    let Some(request) = scene.subject.get(&key.id) else {
        return Err(Stop::skip("no operation reads one key"));
    };
    let exchange = scene.send(&nobody, request).await?;
    scene.judge_refusal_in(Situation::ListAnonymous, "without a credential", &exchange);
    Ok(())
}

async fn unknown_credential_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    for (what, _, caller) in unknown_credentials(scene, &key)? {
        let Some(request) = scene.subject.get(&key.id) else {
            return Err(Stop::skip("no operation reads one key"));
        };
        let exchange = scene.send(&caller, request).await?;
        scene.judge_refusal_in(Situation::ListUnknownKey, what, &exchange);
    }
    Ok(())
}

async fn agrees_with_list(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let Some(request) = scene.subject.get(&key.id) else {
        return Err(Stop::skip("no operation reads one key"));
    };
    let exchange = scene.send(&admin, request).await?;
    scene.judge_reply("get", &exchange);
    let Some(got) = exchange
        .json()
        .and_then(|body| scene.subject.got(body))
        .filter(|_| exchange.is_success())
    else {
        scene.breaks(
            "the answer is about a key",
            format!("{} answered {}", exchange.line(), exchange.status),
        );
        return Ok(());
    };
    let records = scene.list(&admin).await?.unwrap_or_default();
    let listed = records
        .into_iter()
        .find(|record| record.id.as_deref() == Some(&key.id));
    let Some(listed) = listed else {
        return Err(Stop::error(
            "the list does not show the key; see list/shows-created",
        ));
    };
    let states_differ =
        got.state != listed.state && got.state != State::Unsaid && listed.state != State::Unsaid;
    let differing = [
        ("id", differ(&got.id, &listed.id)),
        ("name", differ(&got.name, &listed.name)),
        ("hint", differ(&got.hint, &listed.hint)),
        ("grants", differ(&got.grants, &listed.grants)),
        ("expiry", differ(&instant(&got), &instant(&listed))),
        ("state", states_differ),
    ];
    let differing: Vec<&str> = differing
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(what, _)| what)
        .collect();
    if got.id.as_deref() != Some(&key.id) {
        scene.breaks("the key that was asked for is shown", "another is");
    }
    let expected = "get and list say the same";
    if differing.is_empty() {
        scene.meets(expected, "get and list agree");
    } else {
        scene.breaks(expected, format!("they differ in {}", differing.join(", ")));
    }
    Ok(())
}

/// What one of the two leaves out cannot contradict the other.
fn differ<T: PartialEq>(got: &Option<T>, listed: &Option<T>) -> bool {
    matches!((got, listed), (Some(got), Some(listed)) if got != listed)
}

/// Two texts may write one time.
fn instant(record: &Record) -> Option<Result<Timestamp, &str>> {
    let text = record.expires.as_deref()?;
    Some(text.parse().map_err(|_| text))
}

async fn shows_revoked_state(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let Some(request) = scene.subject.get(&key.id) else {
        return Err(Stop::skip("no operation reads one key"));
    };
    // What was read before must not be remembered.
    scene.send(&admin, request.clone()).await?;
    scene.revoked(&key).await?;
    let exchange = scene.send(&admin, request).await?;
    if exchange.is_success() {
        let state = exchange
            .json()
            .and_then(|body| scene.subject.got(body))
            .map(|record| record.state);
        match state {
            Some(State::Revoked) => scene.meets(
                "a revoked key reads as revoked",
                "the revoked key reads as revoked",
            ),
            _ => scene.breaks(
                "a revoked key reads as revoked",
                "it reads as if it were in force",
            ),
        }
    } else if matches!(scene.statement(Situation::GetRevoked), Statement::Silent { .. }) {
        scene.judge_reply("get of a revoked key", &exchange);
    } else {
        scene.breaks(
            "a revoked key can be read",
            format!("{} answered {}", exchange.line(), exchange.status),
        );
    }
    Ok(())
}
