//! Expiry: a key works until its end, and not beyond it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use keyway_mock::Clock;

use super::naming::record_of;
use super::operations;
use super::presentation::expect_told_as;
use super::usage::invented;
use crate::case::{Case, Fallback, Need};
use crate::exchange::Exchange;
use crate::judge::is_refusal;
use crate::plan::Allowance;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::{Expiry, Lifetime, NewKey, Probe, State};
use crate::wire::Request;

const END: Fallback = Fallback::Must("NIST SP 800-63B; OWASP ASVS 5, 9.2.1");

/// How long a key lives at least that is waited for.
const WAITED: Duration = Duration::from_secs(4);
/// So many answers, each as slow as the slowest so far, must fit in before a key ends that is waited for.
const ANSWERS: u32 = 6;
/// How far from the end, on either side, a key is tried where the clock can be turned.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// As near to the end as it is tried where time stands still.
const BOUNDARY: SignedDuration = SignedDuration::from_secs(1);
/// A server that rounds an end further off than this is not waited for.
const ROUNDING: SignedDuration = SignedDuration::from_secs(11);
/// How long before its end a key is tried that is waited for, beside the time that the answer takes.
const SHORTLY: Duration = Duration::from_millis(300);
/// How long after its end a key is tried first, and how long it is let off for that where its end is documented.
const SOON: Duration = Duration::from_millis(300);
const GRACE: Duration = Duration::from_secs(2);
/// How often, and how long apart, it is tried again where no page says how exact the target's clock is.
const LOOKS: usize = 10;
const BETWEEN: Duration = Duration::from_secs(1);

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "expiry/works-before",
        requirement: "a key with an expiry works until shortly before it",
        codes: &["EXP-02"],
        situation: Situation::UseExpired,
        fallback: END,
        needs: &[],
        run: |scene| Box::pin(works_before(scene)),
    },
    Case {
        id: "expiry/refused-after",
        requirement: "a key is refused once its expiry is over",
        codes: &["EXP-01", "EXP-02"],
        situation: Situation::UseExpired,
        fallback: END,
        needs: &[Need::Allowed(Allowance::Wait)],
        run: |scene| Box::pin(refused_after(scene)),
    },
    Case {
        id: "expiry/refused-everywhere",
        requirement: "an expired key is refused on every read that had accepted it, and makes no key",
        codes: &["EXP-01"],
        situation: Situation::UseExpired,
        fallback: END,
        needs: &[Need::Allowed(Allowance::Wait)],
        run: |scene| Box::pin(refused_everywhere(scene)),
    },
    Case {
        id: "expiry/exact",
        requirement: "a key works a second before its end, and is refused a second after it",
        codes: &["EXP-01", "EXP-02", "VIS-08"],
        situation: Situation::UseExpired,
        fallback: END,
        needs: &[],
        run: |scene| Box::pin(exact(scene)),
    },
    Case {
        id: "expiry/listed-as",
        requirement: "how the list shows a key that is over is written down",
        codes: &["EXP-10"],
        situation: Situation::ListExpired,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(listed_as(scene)),
    },
    Case {
        id: "revoke/refused-with-expiry",
        requirement: "a key that has an expiry is refused after its revoke as any other is",
        codes: &["REV-02"],
        situation: Situation::UseRevoked,
        fallback: Fallback::Must("OWASP ASVS 5, 7.4.1 and 8.3.2; NIST SP 800-63B"),
        needs: &[],
        run: |scene| Box::pin(revoked_before_its_end(scene)),
    },
];

async fn works_before(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(clock) = scene.target.clock().cloned() else {
        let short = short_lived(scene).await?;
        short.approach_end().await;
        let exchange = scene.use_key(&short.key.secret).await?;
        if !exchange.is_success() && !short.is_surely_alive(Timestamp::now()) {
            return Err(Stop::skip(
                "the answer came too late, or the target does not tell its time, so the key may have been over",
            ));
        }
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        let expected = "the key works before its end";
        if exchange.is_success() {
            scene.meets(expected, seen);
        } else {
            scene.breaks(expected, seen);
        }
        return Ok(());
    };
    let (key, end) = turned_to(scene).await?;
    let _back = PutBack(clock.clone());
    clock.set(end - MARGIN);
    scene.expect_working(&key, "half a minute before its end").await
}

async fn refused_after(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let probe = scene.probe()?.clone();
    let Some(clock) = scene.target.clock().cloned() else {
        let short = short_lived(scene).await?;
        short.demand_working(scene).await?;
        short.outlive().await;
        scene.mark_expired(&short.key);
        return judge_outlived(scene, &short, &probe).await;
    };
    let (key, end) = turned_to(scene).await?;
    scene.demand_working(&key).await?;
    let _back = PutBack(clock.clone());
    clock.set(end + MARGIN);
    let exchange = scene.use_key(&key.secret).await?;
    scene.judge_refused_use("with an expired key", &probe, &exchange);
    told_as_unknown(scene, &key, &exchange).await
}

async fn told_as_unknown(scene: &mut Scene<'_>, key: &Key, expired: &Exchange) -> Result<(), Stop> {
    let unknown = scene.use_key(&invented(&key.secret)).await?;
    expect_told_as(scene, "an expired key", expired, &unknown);
    Ok(())
}

/// Where the clock can be turned, the boundary is looked at from either side, and once more from the wrong one: a key that
/// was over is not revived by less time than it has been over.
async fn exact(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let probe = scene.probe()?.clone();
    let Some(clock) = scene.target.clock().cloned() else {
        return Err(Stop::skip(
            "only where the clock can be turned the boundary can be met; see expiry/refused-after",
        ));
    };
    let (key, end) = turned_to(scene).await?;
    let _back = PutBack::of(&clock);
    clock.freeze();
    clock.set(end - BOUNDARY);
    scene.expect_working(&key, "a second before its end").await?;
    clock.set(end);
    let at = scene.use_key(&key.secret).await?;
    clock.set(end + BOUNDARY);
    let exchange = scene.use_key(&key.secret).await?;
    scene.judge_refused_use("a second after its end", &probe, &exchange);
    scene.measures(format!("at its end itself it is answered {}", at.status));
    clock.set(end + BOUNDARY * 2);
    let exchange = scene.use_key(&key.secret).await?;
    scene.judge_refused_use("two seconds after its end", &probe, &exchange);
    Ok(())
}

async fn listed_as(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(clock) = scene.target.clock().cloned() else {
        return Err(Stop::skip(
            "only where the clock can be turned a key is sure to be over",
        ));
    };
    let (key, end) = turned_to(scene).await?;
    let _back = PutBack::of(&clock);
    clock.set(end + MARGIN);
    let seen = match record_of(scene, &key).await?.map(|record| record.state) {
        None => "the list leaves it out",
        Some(State::Active) => "the list shows it as if it were in force",
        Some(State::Revoked) => "the list shows it as not in force",
        Some(State::Unsaid) => "the list does not say whether it is in force",
    };
    scene.observes("nothing in particular", seen);
    Ok(())
}

/// The key may be accepted a while longer where no page says how exact the target's clock is.
async fn judge_outlived(scene: &mut Scene<'_>, short: &ShortLived, probe: &Probe) -> Result<(), Stop> {
    let exchange = scene.use_key(&short.key.secret).await?;
    if !exchange.is_success() {
        scene.judge_refused_use("with an expired key", probe, &exchange);
        return told_as_unknown(scene, &short.key, &exchange).await;
    }
    scene.mark_open(&short.key);
    let mut last = exchange;
    for wait in short.looks(scene) {
        tokio::time::sleep(wait).await;
        last = scene.use_key(&short.key.secret).await?;
        if is_refusal(last.status) {
            scene.mark_expired(&short.key);
            let late = Timestamp::now().duration_since(short.latest).as_millis();
            let seen = format!("refused with {} about {late} ms after its end", last.status);
            let expected = "a key is refused at its end";
            // By whose clock it ended is told by the server's own answers alone.
            match short.clock {
                ServerClock::Told => scene.warns("NIST SP 800-63B; OWASP ASVS 5, 9.2.1", expected, seen),
                ServerClock::Untold => scene.observes(expected, seen),
            }
            return Ok(());
        }
    }
    let exchange = last;
    if short.clock == ServerClock::Untold {
        return Err(Stop::skip(
            "the target does not tell its time, so the key may not have come to its end",
        ));
    }
    scene.judge_refused_use("with an expired key", probe, &exchange);
    Ok(())
}

/// Where the end of a key is judged by [`refused_after`], here it is judged whether it ends everywhere at once.
async fn refused_everywhere(scene: &mut Scene<'_>) -> Result<(), Stop> {
    // Without a read there is nothing to try a key on, and the reason for that is told.
    scene.probe()?;
    let clock = scene.target.clock().cloned();
    let grants = managing_grants(scene).await?;
    let (key, end, short) = match &clock {
        Some(_) => {
            let (key, end) = turned_to_with(scene, grants).await?;
            (key, Some(end), None)
        }
        None => {
            let short = short_lived_with(scene, grants).await?;
            (short.key.clone(), None, Some(short))
        }
    };
    let holder = scene.bearer_of(&key.secret);
    let _back = clock.clone().map(PutBack);
    let outlived = {
        // Connections on which the key was accepted, and on which nothing else is sent.
        let kept = scene.wire.connection();
        let mut accepting = Vec::new();
        for probe in scene.setup.probes.clone() {
            let request = scene.subject.sign(probe.request.clone(), &holder);
            if kept.send(&holder.base_url, &request).await?.is_success() {
                accepting.push((probe, request));
            }
        }
        if accepting.is_empty() {
            return Err(match &short {
                Some(short) if !short.is_surely_alive(Timestamp::now()) => {
                    Stop::skip("no read was answered before the key came to its end")
                }
                _ => Stop::error("the case needs a key that works, and no read accepted it"),
            });
        }
        if let (Some(clock), Some(end)) = (&clock, end) {
            clock.set(end + MARGIN);
        }
        if let Some(short) = &short {
            short.outlive().await;
            short.wait_for_refusal(scene).await?;
        }
        let mut outlived = Vec::new();
        for (probe, request) in accepting {
            outlived.push((probe, kept.send(&holder.base_url, &request).await?));
        }
        outlived
    };
    if let Some(short) = &short {
        scene.mark_expired(&short.key);
    }
    for (probe, exchange) in outlived {
        scene.judge_refused_use("with an expired key on its old connection", &probe, &exchange);
        let exchange = scene.send(&holder, probe.request.clone()).await?;
        scene.judge_refused_use("with an expired key", &probe, &exchange);
        let head = Request {
            method: "HEAD",
            ..probe.request.clone()
        };
        let exchange = scene.send(&holder, head).await?;
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        let expected = "an expired key opens nothing to HEAD";
        match exchange.is_success() {
            true => scene.breaks(expected, seen),
            false => scene.meets(expected, seen),
        }
    }
    let manager = scene.manager(&key.secret)?;
    let another = scene.named_key();
    let made = scene.create(&manager, &another).await?;
    let seen = format!("{} answered {}", made.exchange.line(), made.exchange.status);
    let expected = "an expired key makes no key";
    if is_refusal(made.exchange.status) {
        scene.meets(expected, seen);
    } else {
        scene.breaks(expected, seen);
    }
    if let Some(request) = scene.subject.list(0) {
        let exchange = scene.send(&manager, request).await?;
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        let expected = "an expired key lists no keys";
        match exchange.is_success() {
            true => scene.breaks(expected, seen),
            false => scene.meets(expected, seen),
        }
    }
    operations::closed_to_the_expired(scene, &key.secret).await?;
    Ok(())
}

async fn revoked_before_its_end(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let probe = scene.probe()?.clone();
    // So far ahead that no clock of a server could think it over.
    let asked = match scene.subject.lifetime() {
        Lifetime::Days => Expiry::Days(30),
        Lifetime::Instant => Expiry::At(Timestamp::now() + SignedDuration::from_hours(30 * 24)),
    };
    let key = NewKey {
        expiry: Some(asked),
        ..scene.named_key()
    };
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &key).await?;
    if is_refusal(made.exchange.status) {
        return Err(Stop::skip("the target makes no key with such an end"));
    }
    let key = scene.key_of(&made)?;
    if !scene.use_key(&key.secret).await?.is_success() {
        // Its clock may be far ahead of ours. A key that does not work until its end is judged by expiry/works-before.
        return Err(Stop::skip("the key was refused before it was revoked"));
    }
    scene.revoked(&key).await?;
    let exchange = scene.use_key(&key.secret).await?;
    if exchange.is_success() {
        scene.mark_open(&key);
    }
    scene.judge_refused_use("with a revoked key that has an expiry", &probe, &exchange);
    Ok(())
}

/// Grants with which a key that is over would still be refused nothing but for its end: those that manage keys, if the target
/// gives them to a key.
async fn managing_grants(scene: &mut Scene<'_>) -> Result<Vec<String>, Stop> {
    let mut managing = scene.named_key();
    for grant in scene.subject.with_management() {
        if !managing.grants.contains(&grant) {
            managing.grants.push(grant);
        }
    }
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &managing).await?;
    let works = match scene.key_of(&made) {
        Ok(key) => scene.use_key(&key.secret).await?.is_success(),
        Err(_) => false,
    };
    Ok(match works {
        true => managing.grants,
        false => scene.named_key().grants,
    })
}

/// A key and its end, where the clock can be turned.
pub(super) async fn turned_to(scene: &mut Scene<'_>) -> Result<(Key, Timestamp), Stop> {
    let grants = scene.named_key().grants;
    turned_to_with(scene, grants).await
}

async fn turned_to_with(scene: &mut Scene<'_>, grants: Vec<String>) -> Result<(Key, Timestamp), Stop> {
    let asked = match scene.subject.lifetime() {
        Lifetime::Days => Expiry::Days(1),
        Lifetime::Instant => Expiry::At(Timestamp::now() + 1.hour()),
    };
    let key = NewKey {
        expiry: Some(asked),
        grants,
        ..scene.named_key()
    };
    let key = scene.key_from(Who::Admin, &key).await?;
    let end =
        shown_end(&key).ok_or_else(|| Stop::error("the answer shows no end; see create/metadata-echoed"))?;
    Ok((key, end))
}

/// A key that is about to end, on a server whose time cannot be turned.
struct ShortLived {
    key: Key,
    /// The first moment, by our own clock, at which it may be over.
    earliest: Timestamp,
    /// The last moment, by our own clock, at which it may still be in force.
    latest: Timestamp,
    clock: ServerClock,
    /// How long the slowest answer took so far.
    answer: Duration,
}

/// Whether the target says what time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ServerClock {
    Told,
    Untold,
}

impl ShortLived {
    fn is_surely_alive(&self, now: Timestamp) -> bool {
        self.clock == ServerClock::Told && now < self.earliest
    }

    /// The key must have worked, or its refusal would prove nothing.
    async fn demand_working(&self, scene: &Scene<'_>) -> Result<(), Stop> {
        match scene.demand_working(&self.key).await {
            Err(Stop::Error(_)) if !self.is_surely_alive(Timestamp::now()) => Err(Stop::skip(
                "the answer came too late, or the target does not tell its time, so the key may have been over",
            )),
            ended => ended,
        }
    }

    /// Waits until the end is near, and one more answer in time.
    async fn approach_end(&self) {
        let remaining = self.earliest.duration_since(Timestamp::now());
        let remaining = Duration::try_from(remaining).unwrap_or_default();
        tokio::time::sleep(remaining.saturating_sub(self.answer * 2 + SHORTLY)).await;
    }

    /// Waits until the key is surely over.
    async fn outlive(&self) {
        let remaining = self.latest.duration_since(Timestamp::now());
        tokio::time::sleep(Duration::try_from(remaining).unwrap_or_default() + SOON).await;
    }

    /// How long is waited before each further look at a key that was accepted beyond its end: no page says how exact the
    /// clocks of its servers are.
    fn looks(&self, scene: &Scene<'_>) -> Vec<Duration> {
        let tolerance_is_open = matches!(scene.statement(Situation::UseExpired), Statement::Silent { .. });
        if tolerance_is_open || self.clock == ServerClock::Untold {
            vec![BETWEEN; LOOKS]
        } else {
            vec![GRACE.saturating_sub(SOON)]
        }
    }

    /// Waits until the key is refused on one read at least. One that never is, is judged elsewhere as well as here.
    async fn wait_for_refusal(&self, scene: &Scene<'_>) -> Result<(), Stop> {
        for wait in self.looks(scene) {
            if is_refusal(scene.use_key(&self.key.secret).await?.status) {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
        }
        if self.clock == ServerClock::Untold {
            return Err(Stop::skip(
                "the target does not tell its time, so the key may not have come to its end",
            ));
        }
        Ok(())
    }
}

async fn short_lived(scene: &mut Scene<'_>) -> Result<ShortLived, Stop> {
    let grants = scene.named_key().grants;
    short_lived_with(scene, grants).await
}

async fn short_lived_with(scene: &mut Scene<'_>, grants: Vec<String>) -> Result<ShortLived, Stop> {
    if scene.subject.lifetime() == Lifetime::Days {
        return Err(Stop::skip(
            "a key of this vendor lives for at least a day, which is not waited for",
        ));
    }
    let sent = Timestamp::now();
    let earlier = scene.key().await?;
    let received = Timestamp::now();
    let (server, clock) = match earlier.exchange.date() {
        Some(date) => (date, ServerClock::Told),
        None => (received, ServerClock::Untold),
    };
    let waited = WAITED.max(scene.wire.slowest() * ANSWERS).as_secs_f64().ceil();
    let asked_end = Timestamp::from_second(server.as_second() + waited as i64).unwrap_or(server);
    let asked = NewKey {
        expiry: Some(Expiry::At(asked_end)),
        grants,
        ..scene.named_key()
    };
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &asked).await?;
    if matches!(made.exchange.status, 400 | 422) {
        return Err(Stop::skip(match clock {
            ServerClock::Told => format!("the target makes no key that ends in {waited} seconds"),
            ServerClock::Untold => {
                "the target does not tell its time, so no end could be named that it accepts".to_owned()
            }
        }));
    }
    let key = scene.key_of(&made)?;
    let end = shown_end(&key).unwrap_or(asked_end);
    if end.duration_since(asked_end) > ROUNDING {
        return Err(Stop::skip(
            "the target rounds an end to a time that is not waited for",
        ));
    }
    // The header with the server's time has whole seconds and was written somewhere between our two looks at the clock.
    let left = end.duration_since(server);
    Ok(ShortLived {
        key,
        earliest: sent + left - SignedDuration::from_secs(1),
        latest: received + left,
        clock,
        answer: scene.wire.slowest(),
    })
}

fn shown_end(key: &Key) -> Option<Timestamp> {
    key.record.expires.as_deref()?.parse().ok()
}

/// Puts the clock back, however the case ends.
pub(super) struct PutBack(Clock);

impl PutBack {
    pub(super) fn of(clock: &Clock) -> Self {
        Self(clock.clone())
    }
}

impl Drop for PutBack {
    fn drop(&mut self) {
        self.0.reset();
    }
}
