//! What becomes of keys a while after they were revoked: they are tried once more when everything else is over.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::future::join_all;

use super::expiry::PutBack;
use super::naming::let_time_pass;
use super::usage::invented;
use crate::case::{Case, Fallback};
use crate::credential::Credential;
use crate::judge::is_refusal;
use crate::ledger::Entry;
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::{Session, Who};
use crate::stop::Stop;
use crate::subject::Caller;
use crate::wire::Request;

/// How often each key is tried, and one of them: a refusal must not depend on which replica or cache answers.
const TRIES: usize = 2;
const MANY_TRIES: usize = 32;
/// How often one key is used before its revoke.
const OFTEN: usize = 48;
/// So many keys are tried side by side: there can be a hundred of them.
const AT_ONCE: usize = 8;
/// So long every key has been dead at least when it is tried, and so long one of them.
const AFTER: Duration = Duration::from_secs(3);
const LONG_AFTER: Duration = Duration::from_secs(6);
/// So old the first key of the run is when it is revoked.
const OLD: Duration = Duration::from_secs(2);

const TERMINATION: Fallback = Fallback::Must("OWASP ASVS 5, 7.4.1 and 8.3.2; NIST SP 800-63B");

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "create/makes-one-key",
        requirement: "each create makes one key, and one that is refused makes none: the list shows no other of the run",
        codes: &["CRE-06", "CRE-18"],
        situation: Situation::UnsaidOfLists,
        fallback: Fallback::Must("OWASP ASVS 5, 2.3.3 and 16.5.3"),
        needs: &[],
        run: |scene| Box::pin(makes_one_key(scene)),
    },
    Case {
        id: "revoke/old-key-refused",
        requirement: "the first key of the run, kept until the end, is refused when it is revoked then",
        codes: &["REV-02", "REV-03"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(old_key_refused(scene)),
    },
    Case {
        id: "revoke/stays-refused",
        requirement: "every key that was revoked is still refused when the run is over, however often it is tried",
        codes: &["REV-03", "VIS-02"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(stays_refused(scene)),
    },
    Case {
        id: "revoke/last-key-leaves-closed",
        requirement: "when the last key of the run is revoked, reads are as closed as before",
        codes: &["REV-07"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(last_key_leaves_closed(scene)),
    },
    Case {
        id: "create/never-repeats",
        requirement: "no id and no secret is given out twice, not even that of a revoked key",
        codes: &["REV-12", "CRE-06"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("OWASP ASVS 5, 7.2.3 and 11.5.1"),
        needs: &[],
        run: |scene| Box::pin(never_repeats(scene)),
    },
];

/// What each case saw at its time is not all: a key may have come to light since.
async fn makes_one_key(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let Some(records) = scene.list(&admin).await? else {
        return Err(Stop::skip("the target lists no keys"));
    };
    let strays = scene.adopt_strays(&admin, &records);
    let expected = "the list shows no key of the run that no answer handed out";
    if strays.is_empty() {
        scene.meets(expected, "it shows none");
    } else {
        scene.breaks(
            expected,
            format!("it shows {} more: {}", strays.len(), strays.join(", ")),
        );
    }
    Ok(())
}

async fn old_key_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.probe()?;
    let Some(key) = scene.first.take() else {
        return Err(Stop::skip("no key was kept from the set-up"));
    };
    let _back = match scene.target.clock() {
        Some(_) => let_time_pass(scene).await,
        None => {
            tokio::time::sleep(OLD.saturating_sub(key.made.elapsed())).await;
            None
        }
    };
    scene.demand_working(&key).await?;
    // A key that is used often is the one that somebody would rather remember than look up.
    let request = scene.probe()?.request.clone();
    let uses = vec![(scene.bearer_of(&key.secret), request); OFTEN];
    scene.send_all(uses).await?;
    scene.revoked(&key).await?;
    for _ in 0..TRIES {
        scene
            .expect_refused(&key, "after it was revoked at the end of the run")
            .await?;
    }
    Ok(())
}

async fn last_key_leaves_closed(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let probe = scene.probe()?.clone();
    if let Some(first) = scene.first.take() {
        scene.revoked(&first).await?;
    }
    let key = scene.working_key().await?;
    scene.revoked(&key).await?;
    let callers = [
        ("without a key", scene.caller(Who::Nobody)?),
        ("with the revoked key", scene.bearer_of(&key.secret)),
        ("with an unknown key", scene.bearer_of(&invented(&key.secret))),
    ];
    for (what, caller) in callers {
        let exchange = scene.send(&caller, probe.request.clone()).await?;
        let expected = format!("{what}: refused when no key of the run is left");
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        if is_refusal(exchange.status) {
            scene.meets(expected, seen);
        } else {
            scene.breaks(expected, seen);
        }
    }
    Ok(())
}

async fn never_repeats(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    scene.revoked(&key).await?;
    scene.key().await?;
    // One answer may hand out a secret under two names.
    let answers: BTreeSet<(String, Option<usize>)> = scene.minted.iter().cloned().collect();
    let secrets: Vec<String> = answers.into_iter().map(|(secret, _)| secret).collect();
    // Each tenant may count its keys for itself.
    let ids = scene
        .issued_ids
        .iter()
        .map(|(at, id)| format!("{id} at {at}"))
        .collect();
    for (what, all) in [("id", ids), ("secret", secrets)] {
        let different: BTreeSet<&String> = all.iter().collect();
        let expected = format!("no {what} is given out twice");
        if different.len() == all.len() {
            scene.meets(expected, "none is");
        } else {
            scene.breaks(expected, "one is");
        }
    }
    Ok(())
}

async fn stays_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    scene.revoked(&key).await?;
    let revoked_at = Instant::now();
    try_once_more(scene, MANY_TRIES, |entry| entry.id.as_deref() == Some(&key.id)).await?;
    let _back = match scene.target.clock() {
        Some(clock) => {
            clock.advance(LONG_AFTER);
            Some(PutBack::of(clock))
        }
        None => {
            let longest_dead = scene
                .revoked_keys()
                .iter()
                .filter_map(|entry| entry.revoked)
                .min();
            let since_first = longest_dead.unwrap_or(revoked_at).elapsed();
            let wait = AFTER
                .saturating_sub(revoked_at.elapsed())
                .max(LONG_AFTER.saturating_sub(since_first));
            tokio::time::sleep(wait).await;
            None
        }
    };
    try_once_more(scene, TRIES, |_| true).await
}

async fn try_once_more(
    scene: &mut Scene<'_>,
    tries: usize,
    which: impl Fn(&Entry) -> bool,
) -> Result<(), Stop> {
    let request = scene.probe()?.request.clone();
    let keys: Vec<Entry> = scene.revoked_keys().into_iter().filter(which).collect();
    let (mut refused, mut tried) = (0, 0);
    let session: &Session = scene;
    let mut seen = Vec::new();
    for some in keys.chunks(AT_ONCE) {
        seen.extend(join_all(some.iter().map(|entry| uses(session, entry, &request, tries))).await);
    }
    for (entry, statuses) in keys.iter().zip(seen) {
        let statuses = statuses?;
        tried += statuses.len();
        refused += statuses.iter().filter(|status| is_refusal(**status)).count();
        let Some(turn) = statuses.iter().position(|status| !is_refusal(*status)) else {
            continue;
        };
        if let (true, Some(id)) = (
            statuses.iter().any(|status| (200..300).contains(status)),
            &entry.id,
        ) {
            scene.mark_working(id);
        }
        let told = format!(
            "{} answered {} to the key {} {}, at use {}",
            request.line(),
            statuses[turn],
            entry.name,
            since(entry),
            turn + 1
        );
        scene.breaks("a revoked key stays refused", told);
    }
    if refused == tried && tried > 0 {
        scene.meets(
            "a revoked key stays refused",
            format!("{refused} uses of revoked keys refused"),
        );
    }
    Ok(())
}

/// What a key is answered, use after use.
async fn uses(session: &Session, entry: &Entry, request: &Request, tries: usize) -> Result<Vec<u16>, Stop> {
    let holder = Caller {
        tenant: None,
        credential: entry.secret.as_deref().map(Credential::key),
        base_url: entry.maker.base_url.clone(),
    };
    // What a key of another tenant opens may have that tenant in its path.
    let is_anothers = entry.tenant.is_some() && entry.tenant != session.setup.minted;
    let own = match is_anothers {
        true => session
            .subject
            .probes(entry.tenant.as_deref(), None)
            .into_iter()
            .next(),
        false => None,
    };
    let request = own.map_or_else(|| request.clone(), |probe| probe.request);
    let mut statuses = Vec::new();
    for _ in 0..tries {
        statuses.push(session.send(&holder, request.clone()).await?.status);
    }
    Ok(statuses)
}

fn since(entry: &Entry) -> String {
    entry.revoked.map_or_else(
        || "some time after its revoke".to_owned(),
        |at| format!("{} ms after its revoke", at.elapsed().as_millis()),
    )
}
