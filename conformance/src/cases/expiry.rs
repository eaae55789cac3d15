//! Expiry: a key works until its end, and not beyond it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use keyway_mock::Clock;

use crate::case::{Case, Fallback};
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::{Expiry, Lifetime, NewKey};

const END: Fallback = Fallback::Must("NIST SP 800-63B; OWASP ASVS 5, 9.2.1");

/// How long a key lives that is waited for.
const WAITED: i64 = 4;
/// How far from the end, on either side, a key is tried.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// A server that rounds an end further off than this is not waited for.
const LONGEST: SignedDuration = SignedDuration::from_secs(15);

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
        needs: &[],
        run: |scene| Box::pin(refused_after(scene)),
    },
];

async fn works_before(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(clock) = scene.target.clock().cloned() else {
        let key = short_lived(scene).await?;
        return scene.expect_working(&key.key, "before its end").await;
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
        scene.demand_working(&short.key).await?;
        tokio::time::sleep(short.remaining() + Duration::from_secs(2)).await;
        scene.mark_expired(&short.key);
        let exchange = scene.use_key(&short.key.secret).await?;
        scene.judge_refused_use("with an expired key", &probe, &exchange);
        return Ok(());
    };
    let (key, end) = turned_to(scene).await?;
    scene.demand_working(&key).await?;
    let _back = PutBack(clock.clone());
    clock.set(end + MARGIN);
    let exchange = scene.use_key(&key.secret).await?;
    scene.judge_refused_use("with an expired key", &probe, &exchange);
    Ok(())
}

/// A key and its end, where the clock can be turned.
async fn turned_to(scene: &mut Scene<'_>) -> Result<(Key, Timestamp), Stop> {
    let asked = match scene.subject.lifetime() {
        Lifetime::Days => Expiry::Days(1),
        Lifetime::Instant => Expiry::At(Timestamp::now() + 1.hour()),
    };
    let key = NewKey {
        expiry: Some(asked),
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
    /// By our own clock.
    end: Timestamp,
}

impl ShortLived {
    fn remaining(&self) -> Duration {
        Duration::try_from(self.end.duration_since(Timestamp::now())).unwrap_or_default()
    }
}

async fn short_lived(scene: &mut Scene<'_>) -> Result<ShortLived, Stop> {
    if scene.subject.lifetime() == Lifetime::Days {
        return Err(Stop::skip(
            "a key of this vendor lives for at least a day, which is not waited for",
        ));
    }
    let earlier = scene.key().await?;
    let server = scene.server_time(&earlier.exchange);
    let ahead = Timestamp::now().duration_since(server);
    let end = Timestamp::from_second(server.as_second() + WAITED).unwrap_or(server);
    let asked = NewKey {
        expiry: Some(Expiry::At(end)),
        ..scene.named_key()
    };
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &asked).await?;
    if matches!(made.exchange.status, 400 | 422) {
        return Err(Stop::skip(format!(
            "the target makes no key that ends in {WAITED} seconds"
        )));
    }
    let key = scene.key_of(&made)?;
    let end = shown_end(&key).unwrap_or(end);
    if end.duration_since(server) > LONGEST {
        return Err(Stop::skip(
            "the target rounds an end to a time that is not waited for",
        ));
    }
    // The header with the server's time has whole seconds, so the end may come up to one second later than reckoned.
    Ok(ShortLived {
        key,
        end: end + ahead,
    })
}

fn shown_end(key: &Key) -> Option<Timestamp> {
    key.record.expires.as_deref()?.parse().ok()
}

/// Puts the clock back, however the case ends.
struct PutBack(Clock);

impl Drop for PutBack {
    fn drop(&mut self) {
        self.0.reset();
    }
}
