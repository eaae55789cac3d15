//! Revoking a key: who may, what it answers, and that the key is dead from then on, everywhere.

use crate::case::{Case, Fallback, Need};
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;

const AUTHORIZATION: Fallback = Fallback::Must("RFC 9110, 15.5.2; OWASP ASVS 5, 8.2.1");
const TERMINATION: Fallback = Fallback::Must("OWASP ASVS 5, 7.4.1 and 8.3.2; NIST SP 800-63B");

/// How often a revoked key is tried again: a refusal must not depend on which replica or cache answers.
const TRIES: usize = 3;

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "revoke/answers-as-declared",
        requirement: "revoking a key answers the declared status, and a body that fits the contract",
        codes: &["REV-01", "ERR-12"],
        situation: Situation::Revoke,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(answers_as_declared(scene)),
    },
    Case {
        id: "revoke/anonymous-refused",
        requirement: "revoking without a credential is refused, and the key goes on working",
        codes: &["AUT-01"],
        situation: Situation::RevokeAnonymous,
        fallback: AUTHORIZATION,
        needs: &[],
        run: |scene| Box::pin(anonymous_refused(scene)),
    },
    Case {
        id: "revoke/limited-refused",
        requirement: "a principal that may not manage keys cannot revoke one, and the key goes on working",
        codes: &["SCO-03"],
        situation: Situation::RevokeLimited,
        fallback: Fallback::Observe,
        needs: &[Need::Limited],
        run: |scene| Box::pin(limited_refused(scene)),
    },
    Case {
        id: "revoke/refused-at-once",
        requirement: "a key that was in use is refused right after the revoke answer, and stays refused",
        codes: &["REV-02", "REV-03", "VIS-01", "VIS-02"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(refused_at_once(scene)),
    },
    Case {
        id: "revoke/refused-on-same-connection",
        requirement: "a revoked key is refused on the connection on which it had just been accepted",
        codes: &["REV-04"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(refused_on_same_connection(scene)),
    },
    Case {
        id: "revoke/refused-everywhere",
        requirement: "a revoked key is refused on every read that had accepted it",
        codes: &["REV-02"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(refused_everywhere(scene)),
    },
    Case {
        id: "revoke/ends-management",
        requirement: "a revoked key can neither create nor revoke a key",
        codes: &["REV-02"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(ends_management(scene)),
    },
    Case {
        id: "revoke/siblings-survive",
        requirement: "revoking one key leaves the others working",
        codes: &["REV-06"],
        situation: Situation::Revoke,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(siblings_survive(scene)),
    },
    Case {
        id: "revoke/second-answer",
        requirement: "revoking a revoked key answers as documented",
        codes: &["IDM-02"],
        situation: Situation::RevokeSecond,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(second_answer(scene)),
    },
    Case {
        id: "revoke/second-stays-revoked",
        requirement: "a key that was revoked twice is as dead as before",
        codes: &["IDM-01", "REV-10"],
        situation: Situation::RevokeSecond,
        fallback: Fallback::Must("RFC 9110, 9.2.2"),
        needs: &[],
        run: |scene| Box::pin(second_stays_revoked(scene)),
    },
    Case {
        id: "revoke/unknown-id",
        requirement: "revoking an id that does not exist answers as documented",
        codes: &["REV-08"],
        situation: Situation::RevokeUnknown,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(unknown_id(scene)),
    },
    Case {
        id: "revoke/unknown-id-has-no-effect",
        requirement: "revoking an id that does not exist leaves every key working",
        codes: &["REV-08"],
        situation: Situation::RevokeUnknown,
        fallback: Fallback::Must("OWASP ASVS 5, 8.2.2"),
        needs: &[],
        run: |scene| Box::pin(unknown_id_has_no_effect(scene)),
    },
    Case {
        id: "revoke/foreign-id-answer",
        requirement: "revoking a key of another tenant answers as documented",
        codes: &["ISO-03"],
        situation: Situation::RevokeForeign,
        fallback: Fallback::Observe,
        needs: &[Need::Other],
        run: |scene| Box::pin(foreign_id_answer(scene)),
    },
    Case {
        id: "revoke/foreign-id-has-no-effect",
        requirement: "nobody revokes a key of another tenant",
        codes: &["ISO-01"],
        situation: Situation::RevokeForeign,
        fallback: Fallback::Must("OWASP ASVS 5, 8.4.1"),
        needs: &[Need::Other],
        run: |scene| Box::pin(foreign_id_has_no_effect(scene)),
    },
    Case {
        id: "revoke/malformed-id",
        requirement: "an id that cannot be one is refused, and leaves every key working",
        codes: &["REV-09"],
        situation: Situation::RevokeMalformed,
        fallback: Fallback::Must("OWASP ASVS 5, 2.2.1 and 16.5.3"),
        needs: &[],
        run: |scene| Box::pin(malformed_id(scene)),
    },
];

async fn answers_as_declared(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let exchange = scene.revoke(&admin, &key.id).await?;
    scene.judge_reply("revoke", &exchange);
    Ok(())
}

async fn anonymous_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let nobody = scene.caller(Who::Nobody)?;
    let exchange = scene.revoke(&nobody, &key.id).await?;
    scene.judge_refusal("without a credential", &exchange);
    scene.expect_working(&key, "after an anonymous revoke").await
}

async fn limited_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let limited = scene.caller(Who::Limited)?;
    let key = scene.working_key().await?;
    let exchange = scene.revoke(&limited, &key.id).await?;
    scene.judge_refusal("by a limited principal", &exchange);
    // Where the vendor says nothing the principal may revoke; an answer that says it did not must be true all the same.
    let silent = matches!(
        scene.statement(Situation::RevokeLimited),
        Statement::Silent { .. }
    );
    if silent && exchange.is_success() {
        return scene
            .expect_refused(&key, "after a revoke that was accepted")
            .await;
    }
    scene
        .expect_working(&key, "after a revoke that was refused")
        .await
}

async fn refused_at_once(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let probe = scene.probe()?.clone();
    scene.revoked(&key).await?;
    for _ in 0..TRIES {
        let exchange = scene.use_key(&key.secret).await?;
        if exchange.is_success() {
            scene.mark_open(&key);
        }
        scene.judge_refused_use("with a revoked key", &probe, &exchange);
    }
    Ok(())
}

async fn refused_on_same_connection(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let probe = scene.probe()?.clone();
    let holder = scene.bearer_of(&key.secret);
    let request = scene.subject.sign(probe.request.clone(), &holder);
    let admin = scene.caller(Who::Admin)?;
    let revoke = scene.subject.sign(scene.subject.revoke(&key.id), &admin);
    let (accepted_on, after) = {
        let connection = scene.wire.connection()?;
        let mut accepted_on = Vec::new();
        // A connection is free again only some moments after its answer; a few reads make sure that one is at hand.
        for _ in 0..TRIES {
            let before = connection.send(&holder.base_url, &request).await?;
            if !before.is_success() {
                let line = before.line();
                return Err(Stop::error(format!(
                    "the case needs a key that works, and {line} answered {}",
                    before.status
                )));
            }
            accepted_on.extend(before.local);
        }
        let revoked = scene.wire.send(&admin.base_url, &revoke).await?;
        if !revoked.is_success() {
            let line = revoked.line();
            return Err(Stop::error(format!(
                "the case needs a revoked key, and {line} answered {}",
                revoked.status
            )));
        }
        (accepted_on, connection.send(&holder.base_url, &request).await?)
    };
    if after.is_success() {
        scene.mark_open(&key);
    } else {
        scene.mark_revoked(&key.id);
    }
    scene.judge_refused_use("with a revoked key", &probe, &after);
    if !after.local.is_some_and(|local| accepted_on.contains(&local)) {
        scene.observes(
            "the connection is kept",
            "the target closed it, so another one was used",
        );
    }
    Ok(())
}

async fn refused_everywhere(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let mut accepting = Vec::new();
    for probe in scene.setup.probes.clone() {
        let exchange = scene
            .send(&scene.bearer_of(&key.secret), probe.request.clone())
            .await?;
        if exchange.is_success() {
            accepting.push(probe);
        }
    }
    scene.revoked(&key).await?;
    for probe in accepting {
        let exchange = scene
            .send(&scene.bearer_of(&key.secret), probe.request.clone())
            .await?;
        scene.judge_refused_use("with a revoked key", &probe, &exchange);
    }
    Ok(())
}

async fn ends_management(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let sibling = scene.working_key().await?;
    let key = scene.working_key().await?;
    scene.revoked(&key).await?;
    let holder = scene.bearer_of(&key.secret);
    let another = scene.named_key();
    let made = scene.create(&holder, &another).await?;
    let seen = format!("{} answered {}", made.exchange.line(), made.exchange.status);
    let refused = is_refusal(made.exchange.status);
    let expected = "a revoked key makes no key";
    if refused {
        scene.meets(expected, seen)
    } else {
        scene.breaks(expected, seen)
    }
    let exchange = scene.revoke(&holder, &sibling.id).await?;
    let seen = format!("{} answered {}", exchange.line(), exchange.status);
    let expected = "a revoked key revokes no key";
    if is_refusal(exchange.status) {
        scene.meets(expected, seen)
    } else {
        scene.breaks(expected, seen)
    }
    scene
        .expect_working(&sibling, "after a revoke by a revoked key")
        .await
}

async fn siblings_survive(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let elder = scene.working_key().await?;
    let key = scene.working_key().await?;
    let younger = scene.working_key().await?;
    scene.revoked(&key).await?;
    scene
        .expect_working(&elder, "after the revoke of a key that was made later")
        .await?;
    scene
        .expect_working(&younger, "after the revoke of a key that was made earlier")
        .await
}

async fn second_answer(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    scene.revoked(&key).await?;
    let admin = scene.caller(Who::Admin)?;
    let exchange = scene.revoke(&admin, &key.id).await?;
    scene.judge_reply("second revoke", &exchange);
    Ok(())
}

async fn second_stays_revoked(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    scene.revoked(&key).await?;
    scene.expect_refused(&key, "after the first revoke").await?;
    let admin = scene.caller(Who::Admin)?;
    scene.revoke(&admin, &key.id).await?;
    scene.expect_refused(&key, "after the second revoke").await
}

async fn unknown_id(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let exchange = scene.revoke(&admin, &invented(&key.id)?).await?;
    scene.judge_reply("revoke of an unknown id", &exchange);
    Ok(())
}

async fn unknown_id_has_no_effect(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    scene.revoke(&admin, &invented(&key.id)?).await?;
    scene
        .expect_working(&key, "after the revoke of an unknown id")
        .await
}

async fn foreign_id_answer(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let other = scene.demand_other().await?;
    let key = scene.key().await?;
    let exchange = scene.send(&other, scene.subject.revoke(&key.id)).await?;
    scene.judge_reply("revoke by another tenant", &exchange);
    Ok(())
}

async fn foreign_id_has_no_effect(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let other = scene.demand_other().await?;
    let key = scene.working_key().await?;
    scene.send(&other, scene.subject.revoke(&key.id)).await?;
    scene
        .expect_working(&key, "after a revoke by another tenant")
        .await
}

async fn malformed_id(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let id = scene.subject.malformed_id();
    let exchange = scene.revoke(&admin, id).await?;
    scene.judge_refusal("with an id that cannot be one", &exchange);
    scene
        .expect_working(&key, "after a revoke with an id that cannot be one")
        .await
}

/// An id of the same look that nobody has: far above any number, or with other digits and letters.
fn invented(id: &str) -> Result<String, Stop> {
    let mut random = [0_u8; 64];
    getrandom::fill(&mut random).map_err(|_| Stop::error("the system has no randomness"))?;
    if let Ok(number) = id.parse::<u64>() {
        let step = u64::from(u16::from_le_bytes([random[0], random[1]]));
        return Ok((number.min(1_000_000_000) + 900_000_000 + step).to_string());
    }
    // The mark in front of an id stays: without it the id would be malformed, which is another case.
    let mark = id.rfind('_').map_or(0, |place| place + 1);
    let mut number = 0;
    Ok(id
        .char_indices()
        .map(|(place, one)| {
            number += 1;
            let byte = random[number % random.len()];
            // The version digit of a UUID stays what it is.
            let is_version = id.len() == 36 && (number == 15 || number == 20);
            match one {
                _ if place < mark || is_version => one,
                '0'..='9' => char::from(b'0' + byte % 10),
                'a'..='f' => char::from(b'a' + byte % 6),
                'A'..='F' => char::from(b'A' + byte % 6),
                'g'..='z' => char::from(b'g' + byte % 20),
                'G'..='Z' => char::from(b'G' + byte % 20),
                _ => one,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_id_looks_like_its_model_and_is_another() {
        for id in [
            "17",
            "ak_abcdef0123456789",
            "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        ] {
            let other = invented(id).unwrap();
            assert_ne!(other, id);
            assert_eq!(
                other.chars().filter(|one| *one == '-').count(),
                id.chars().filter(|one| *one == '-').count()
            );
            assert_eq!(id.starts_with("ak_"), other.starts_with("ak_"));
            assert_eq!(id.parse::<u64>().is_ok(), other.parse::<u64>().is_ok());
        }
        assert_eq!(
            &invented("f47ac10b-58cc-4372-a567-0e02b2c3d479").unwrap()[14..15],
            "4"
        );
    }
}
