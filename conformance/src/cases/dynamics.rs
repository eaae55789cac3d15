//! Revocation while other things happen: uses under way, other revokes, another stream, a restart, a lost answer.

use std::time::{Duration, Instant};

use futures::future::{join, join_all};
use keyway_mock::{Effect, Fault, When};
use tokio::sync::watch;

use crate::case::{Case, Fallback};
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Session, Who};
use crate::stop::Stop;
use crate::subject::Caller;
use crate::wire::Request;

const TERMINATION: Fallback = Fallback::Must("OWASP ASVS 5, 7.4.1 and 8.3.2; NIST SP 800-63B");
const RACE: Fallback = Fallback::Must("OWASP ASVS 5, 8.3.2 and 15.4.2");

/// So many hands use one key at the same time.
const HANDS: usize = 4;
/// So often each of them uses it while it is revoked, and after the answer to that.
const USES_DURING: usize = 4;
const USES_AFTER: usize = 3;
/// So many revokes of one key are sent side by side.
const REVOKES: usize = 4;
/// So many keys are timed, and so long at most.
const TIMED: usize = 5;
const LONGEST: Duration = Duration::from_secs(5);

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "revoke/refused-on-http2-stream",
        requirement: "a revoked key is refused on the HTTP/2 connection on which it had just been accepted",
        codes: &["REV-04"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(refused_on_http2_stream(scene)),
    },
    Case {
        id: "revoke/no-use-starts-after",
        requirement: "while a key is used from several sides, no use that starts after the revoke answer succeeds",
        codes: &["CON-03", "REV-03"],
        situation: Situation::UseRevoked,
        fallback: RACE,
        needs: &[],
        run: |scene| Box::pin(no_use_starts_after(scene)),
    },
    Case {
        id: "revoke/parallel",
        requirement: "of several revokes of one key side by side none fails the server, and the key is dead",
        codes: &["CON-02", "IDM-01"],
        situation: Situation::UseRevoked,
        fallback: RACE,
        needs: &[],
        run: |scene| Box::pin(parallel(scene)),
    },
    Case {
        id: "revoke/latency",
        requirement: "the time from a revoke answer to the first refusal is measured, and no later use succeeds",
        codes: &["VIS-01", "VIS-02"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(latency(scene)),
    },
    Case {
        id: "revoke/survives-restart",
        requirement: "a revoked key is refused, and another one works, after the server was started anew",
        codes: &["REV-05"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(survives_restart(scene)),
    },
    Case {
        id: "revoke/lost-answer-settles",
        requirement: "a revoke whose answer was lost can be sent again, and the key is dead",
        codes: &["CON-09", "IDM-01"],
        situation: Situation::UseRevoked,
        fallback: Fallback::Must("RFC 9110, 9.2.2"),
        needs: &[],
        run: |scene| Box::pin(lost_answer_settles(scene)),
    },
];

async fn refused_on_http2_stream(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let probe = scene.probe()?.clone();
    let holder = scene.bearer_of(&key.secret);
    let request = scene.subject.sign(probe.request.clone(), &holder);
    let admin = scene.caller(Who::Admin)?;
    let revoke = scene.subject.sign(scene.subject.revoke(&key.id), &admin);
    let is_plain = holder.base_url.starts_with("http://");
    let (revoked, after) = {
        // Over TLS the server chooses; without it, it has to be known that it understands.
        let connection = match is_plain {
            true => scene.wire.shaped(|builder| builder.http2_prior_knowledge()),
            false => scene.wire.connection(),
        };
        let before = match connection.send(&holder.base_url, &request).await {
            Ok(before) if before.version == reqwest::Version::HTTP_2 => before,
            Ok(_) | Err(Stop::Error(_) | Stop::Unreachable(_)) => {
                return Err(Stop::skip("the target does not speak HTTP/2"));
            }
            Err(stop) => return Err(stop),
        };
        if !before.is_success() {
            return Err(Stop::error(format!(
                "the case needs a key that works, and {} answered {}",
                before.line(),
                before.status
            )));
        }
        let revoked = scene.wire.send(&admin.base_url, &revoke).await?;
        (revoked, connection.send(&holder.base_url, &request).await?)
    };
    demand_success(&revoked.line(), revoked.status)?;
    scene.mark_revoked(&key.id);
    if after.is_success() {
        scene.mark_open(&key);
    }
    scene.judge_refused_use("with a revoked key on the same HTTP/2 connection", &probe, &after);
    Ok(())
}

fn demand_success(line: &str, status: u16) -> Result<(), Stop> {
    match status {
        200..300 => Ok(()),
        _ => Err(Stop::error(format!(
            "the case needs a revoked key, and {line} answered {status}"
        ))),
    }
}

/// A use of the key: whether it began after the answer to the revoke, and how it ended.
struct Use {
    started_after: bool,
    status: u16,
}

async fn no_use_starts_after(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let (end, ended) = watch::channel(false);
    let session: &Session = scene;
    let revoke = async {
        // The uses get under way first.
        let under_way = session.use_key(&key.secret).await;
        let exchange = session.send(&admin, session.subject.revoke(&key.id)).await;
        // Whoever waits for it has gone on by himself if nobody hears it.
        let _ = end.send(true);
        under_way.and(exchange)
    };
    let hands = join_all((0..HANDS).map(|_| use_on(session, &key, ended.clone())));
    let (revoked, uses) = join(revoke, hands).await;
    let revoked = revoked?;
    demand_success(&revoked.line(), revoked.status)?;
    scene.mark_revoked(&key.id);
    let mut all = Vec::new();
    for some in uses {
        all.extend(some?);
    }
    let late: Vec<&Use> = all.iter().filter(|one| one.started_after).collect();
    let expected = "no use that starts after the revoke answer succeeds";
    let worked = late.iter().filter(|one| !is_refusal(one.status)).count();
    if worked > 0 {
        scene.mark_open(&key);
        scene.breaks(expected, "some do");
    } else {
        scene.meets(expected, "none does");
    }
    scene.measures(format!(
        "{} uses, {} of them after the answer",
        all.len(),
        late.len()
    ));
    Ok(())
}

/// Uses a key several times while it is revoked, and several times after the answer to that.
async fn use_on(session: &Session, key: &Key, mut ended: watch::Receiver<bool>) -> Result<Vec<Use>, Stop> {
    let mut uses = Vec::new();
    for turn in 0..USES_DURING + USES_AFTER {
        if turn == USES_DURING {
            // Without a sender there is nothing to wait for any more.
            let _ = ended.wait_for(|ended| *ended).await;
        }
        let started_after = *ended.borrow();
        let exchange = session.use_key(&key.secret).await?;
        uses.push(Use {
            started_after,
            status: exchange.status,
        });
    }
    Ok(uses)
}

async fn parallel(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let calls = (0..REVOKES)
        .map(|_| (admin.clone(), scene.subject.revoke(&key.id)))
        .collect();
    let exchanges = scene.send_all(calls).await?;
    if !exchanges.iter().any(|exchange| exchange.is_success()) {
        return Err(Stop::error("none of several revokes side by side succeeded"));
    }
    scene.mark_revoked(&key.id);
    let mut allowed: Vec<u16> = Vec::new();
    for situation in [Situation::Revoke, Situation::RevokeSecond] {
        if let Statement::Status { status, .. } = scene.statement(situation) {
            allowed.push(*status);
        }
    }
    let expected = "each revoke is answered as the first or as a later one";
    let mut statuses: Vec<u16> = exchanges.iter().map(|exchange| exchange.status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    let odd = statuses.iter().find(|status| !allowed.contains(status));
    match odd {
        Some(status) if *status >= 500 => scene.breaks(expected, format!("one is answered {status}")),
        // What a revoke beside another one is answered is documented only where both answers are.
        Some(status) => scene.observes(expected, format!("one is answered {status}")),
        None => scene.meets(expected, "they are"),
    }
    scene
        .expect_refused(&key, "after several revokes side by side")
        .await
}

async fn latency(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.probe()?;
    let admin = scene.caller(Who::Admin)?;
    let wanted: Vec<_> = (0..TIMED).map(|_| scene.named_key()).collect();
    let mut keys = Vec::new();
    for made in scene.create_at_once(&admin, &wanted).await? {
        if let Ok(key) = made.and_then(|made| scene.key_of(&made)) {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        return Err(Stop::error("the case needs a key, and none was made"));
    }
    let session: &Session = scene;
    let timed = join_all(keys.iter().map(|key| time_one(session, &admin, key))).await;
    let (mut times, mut late, mut flapped) = (Vec::new(), 0, 0);
    for (key, timed) in keys.iter().zip(timed) {
        let timed = timed?;
        scene.mark_revoked(&key.id);
        if timed.successes_after > 0 || timed.first_refusal.is_none() {
            scene.mark_open(key);
        }
        late += usize::from(timed.successes_before > 0);
        flapped += usize::from(timed.successes_after > 0);
        times.push(timed.first_refusal.unwrap_or(LONGEST));
    }
    let expected = "the first use after the revoke answer is refused";
    match late {
        0 => scene.meets(expected, "it is"),
        _ => scene.falls_short(expected, "it succeeds"),
    }
    let expected = "after the first refusal no use succeeds";
    match flapped {
        0 => scene.meets(expected, "none does"),
        _ => scene.falls_short(expected, "one does"),
    }
    scene.measures(percentiles(&mut times));
    Ok(())
}

/// What became of a key after its revoke.
struct Timed {
    first_refusal: Option<Duration>,
    successes_before: usize,
    successes_after: usize,
}

async fn time_one(session: &Session, admin: &Caller, key: &Key) -> Result<Timed, Stop> {
    session.demand_working(key).await?;
    let revoked = session.send(admin, session.subject.revoke(&key.id)).await?;
    demand_success(&revoked.line(), revoked.status)?;
    let answered = Instant::now();
    let mut timed = Timed {
        first_refusal: None,
        successes_before: 0,
        successes_after: 0,
    };
    while timed.first_refusal.is_none() && answered.elapsed() < LONGEST {
        if is_refusal(session.use_key(&key.secret).await?.status) {
            timed.first_refusal = Some(answered.elapsed());
        } else {
            timed.successes_before += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    for _ in 0..USES_AFTER {
        timed.successes_after += usize::from(session.use_key(&key.secret).await?.is_success());
    }
    Ok(timed)
}

/// Median, 99th percentile and maximum, for people.
fn percentiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |share: f64| {
        let place = (share * times.len().saturating_sub(1) as f64).ceil() as usize;
        times.get(place).copied().unwrap_or_default().as_millis()
    };
    format!(
        "from the revoke answer to the first refusal, over {} keys: p50 {} ms, p99 {} ms, max {} ms",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    )
}

async fn survives_restart(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let alive = scene.working_key().await?;
    scene.revoked(&key).await?;
    scene.expect_refused(&key, "before the restart").await?;
    let Some(restarted) = scene.target.restarted().await else {
        return Err(Stop::skip(
            "only the mock inside this process can be started anew",
        ));
    };
    let base_url = restarted.base_url().to_owned();
    let request = scene.probe()?.request.clone();
    let at = |key: &Key| Caller {
        base_url: base_url.clone(),
        ..scene.bearer_of(&key.secret)
    };
    let (dead, living) = (at(&key), at(&alive));
    let exchange = scene.send(&living, request.clone()).await?;
    let seen = format!("{} answered {}", exchange.line(), exchange.status);
    let expected = "a key in force works after the restart";
    if exchange.is_success() {
        scene.meets(expected, seen);
    } else {
        scene.breaks(expected, seen);
    }
    let exchange = scene.send(&dead, request).await?;
    let seen = format!("{} answered {}", exchange.line(), exchange.status);
    let expected = "the revoked key is refused after the restart";
    if is_refusal(exchange.status) {
        scene.meets(expected, seen);
    } else {
        scene.breaks(expected, seen);
    }
    Ok(())
}

async fn lost_answer_settles(scene: &mut Scene<'_>) -> Result<(), Stop> {
    if scene.target.mock().is_none() {
        return Err(Stop::skip(
            "only the mock inside this process can be made to lose an answer",
        ));
    }
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let revoke = scene.subject.revoke(&key.id);
    let lost = losing_the_answer(scene, &admin, revoke.clone()).await?;
    if !lost {
        return Err(Stop::error("the answer was not lost"));
    }
    let exchange = scene.revoke(&admin, &key.id).await?;
    let expected = "a revoke can be sent once more";
    let seen = format!("{} answered {}", exchange.line(), exchange.status);
    match exchange.status {
        500.. => scene.breaks(expected, seen),
        _ => scene.meets(expected, seen),
    }
    scene
        .expect_refused(&key, "after a revoke whose answer was lost")
        .await?;
    scene.mark_revoked(&key.id);
    Ok(())
}

/// Sends a request that is carried out and not answered; says whether it was so.
async fn losing_the_answer(scene: &Scene<'_>, caller: &Caller, request: Request) -> Result<bool, Stop> {
    let Some(mock) = scene.target.mock() else {
        return Ok(false);
    };
    let others = mock.faults();
    let fault = Fault {
        vendor: Some(scene.target.vendor()),
        operation: Some("revokeApiKey".to_owned()),
        when: When::Nth(1),
        effect: Effect::ResetAfterCommit,
    };
    mock.inject(fault)
        .map_err(|error| Stop::error(format!("the mock takes no such fault: {error}")))?;
    let sent = scene.send(caller, request).await;
    mock.clear_faults();
    for fault in others {
        let _ = mock.inject(fault);
    }
    match sent {
        Err(Stop::Error(_)) => Ok(true),
        Err(stop) => Err(stop),
        // Something stands between, and answers in the place of whom it could not reach.
        Ok(exchange) => Ok(exchange.status >= 500),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_from_what_was_measured() {
        let mut times: Vec<Duration> = [5, 1, 4, 2, 3].map(Duration::from_millis).to_vec();
        assert_eq!(
            percentiles(&mut times),
            "from the revoke answer to the first refusal, over 5 keys: p50 3 ms, p99 5 ms, max 5 ms"
        );
    }
}
