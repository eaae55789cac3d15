//! Revoking a key: who may, what it answers, and that the key is dead from then on, everywhere.

use super::scope::grants_that_open;
use super::unissued::{self, Look};
use super::usage::{AUTHENTICATION, unknown_credentials};
use crate::case::{Case, Fallback, Need};
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::Caller;
use crate::subject::NewKey;

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
        id: "revoke/unknown-credential-refused",
        requirement: "revoking with a credential that was never issued is refused, and the key goes on working",
        codes: &["AUT-03"],
        situation: Situation::ManageUnknownKey,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(unknown_credential_refused(scene)),
    },
    Case {
        id: "revoke/another-users-key-refused",
        requirement: "another user of the same tenant cannot revoke a key, and it goes on working",
        codes: &["ISO-01", "SCO-03"],
        situation: Situation::RevokeAnotherUser,
        fallback: Fallback::Observe,
        needs: &[Need::Limited],
        run: |scene| Box::pin(another_users_key_refused(scene)),
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
        id: "revoke/unused-refused",
        requirement: "a key that was never used is refused right after the revoke answer",
        codes: &["REV-02", "VIS-01"],
        situation: Situation::UseRevoked,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(unused_refused(scene)),
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
        id: "revoke/refused-with-narrow-grants",
        requirement: "a revoked key is refused also if it had the narrowest grants",
        codes: &["REV-02", "SCO-02"],
        situation: Situation::UseRevokedNarrow,
        fallback: TERMINATION,
        needs: &[],
        run: |scene| Box::pin(refused_with_narrow_grants(scene)),
    },
    Case {
        id: "revoke/ends-management",
        requirement: "a revoked key can neither create nor list nor revoke keys",
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
        requirement: "a key that was revoked twice, or more often, is as dead as before",
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
        codes: &["ISO-03", "ISO-08"],
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
    if exchange.announces_content() {
        scene.breaks(
            "a 204 has no content (RFC 9110, 8.6 and 15.3.5)",
            "its head announces some",
        );
    }
    Ok(())
}

async fn anonymous_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let nobody = scene.caller(Who::Nobody)?;
    let exchange = scene.revoke(&nobody, &key.id).await?;
    scene.judge_refusal("without a credential", &exchange);
    scene.expect_working(&key, "after an anonymous revoke").await
}

async fn unknown_credential_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    for (what, situation, caller) in unknown_credentials(scene, &key)? {
        let exchange = scene.revoke(&caller, &key.id).await?;
        scene.judge_refusal_in(situation, what, &exchange);
        scene
            .expect_working(&key, &format!("after a revoke {what}"))
            .await?;
    }
    Ok(())
}

async fn another_users_key_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let (limited, _, ours) = scene.keys_of_two_users().await?;
    scene.demand_working(&ours).await?;
    let exchange = scene.revoke(&limited, &ours.id).await?;
    scene.judge_refusal("by another user of the tenant", &exchange);
    scene
        .expect_working(&ours, "after a revoke by another user")
        .await
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

async fn unused_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let probe = scene.probe()?.clone();
    scene.revoked(&key).await?;
    let exchange = scene.use_key(&key.secret).await?;
    if exchange.is_success() {
        scene.mark_open(&key);
    }
    scene.judge_refused_use("with a revoked key that was never used", &probe, &exchange);
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
        let connection = scene.wire.connection();
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
    scene.mark_revoked(&key.id);
    if after.is_success() {
        scene.mark_open(&key);
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
        if exchange.is_success() {
            scene.mark_open(&key);
        }
        scene.judge_refused_use("with a revoked key", &probe, &exchange);
    }
    Ok(())
}

async fn refused_with_narrow_grants(scene: &mut Scene<'_>) -> Result<(), Stop> {
    // Whatever else stops a case here, a key must have been accepted somewhere before its refusal says anything.
    scene.probe()?;
    for (narrow, opened) in grants_that_open(scene) {
        let key = NewKey {
            grants: narrow,
            ..scene.named_key()
        };
        let key = scene.key_from(Who::Admin, &key).await?;
        let holder = scene.bearer_of(&key.secret);
        let mut accepting = Vec::new();
        for probe in opened {
            if scene.send(&holder, probe.request.clone()).await?.is_success() {
                accepting.push(probe);
            }
        }
        scene.revoked(&key).await?;
        for probe in accepting {
            let exchange = scene.send(&holder, probe.request.clone()).await?;
            if exchange.is_success() {
                scene.mark_open(&key);
            }
            scene.judge_refused_use("with a revoked key of few grants", &probe, &exchange);
        }
    }
    if scene.findings.is_empty() {
        return Err(Stop::error(
            "no read accepted a key of few grants; see scope/grant-opens-its-operations",
        ));
    }
    Ok(())
}

async fn ends_management(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let sibling = scene.working_key().await?;
    let managing = NewKey {
        grants: scene.subject.with_management(),
        ..scene.named_key()
    };
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &managing).await?;
    if is_refusal(made.exchange.status) {
        return Err(Stop::skip("the target makes no key that may manage keys"));
    }
    let key = scene.key_of(&made)?;
    let holder = scene.manager(&key.secret)?;
    let another = scene.narrow_key();
    // Only a key that could manage keys before can be seen to have lost that.
    let before = scene.create(&holder, &another).await?;
    if !before.exchange.is_success() {
        return Err(Stop::skip(format!(
            "a key in force cannot manage keys: {} answered {}",
            before.exchange.line(),
            before.exchange.status
        )));
    }
    scene.revoked(&key).await?;
    let another = scene.narrow_key();
    let made = scene.create(&holder, &another).await?;
    let seen = format!("{} answered {}", made.exchange.line(), made.exchange.status);
    let refused = is_refusal(made.exchange.status);
    let expected = "a revoked key makes no key";
    if refused {
        scene.meets(expected, seen)
    } else {
        scene.breaks(expected, seen)
    }
    if let Some(request) = scene.subject.list(0) {
        let exchange = scene.send(&holder, request).await?;
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        let expected = "a revoked key lists no keys";
        if is_refusal(exchange.status) {
            scene.meets(expected, seen)
        } else {
            scene.breaks(expected, seen)
        }
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
    let unused = scene.key().await?;
    scene.revoked(&key).await?;
    scene
        .expect_working(&unused, "for the first time after the revoke of another")
        .await?;
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
    for turn in ["second", "third", "fourth"] {
        scene.revoke(&admin, &key.id).await?;
        scene
            .expect_refused(&key, &format!("after the {turn} revoke"))
            .await?;
    }
    Ok(())
}

async fn unknown_id(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let invented = unissued::beside(scene, &key.id).await?;
    let exchange = scene.revoke(&admin, &invented.id).await?;
    if invented.look == Look::Another && is_refusal(exchange.status) {
        // An id of another length may also be found malformed, and then it is refused as such.
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        scene.observes("refused, as unknown or as malformed", seen);
        return Ok(());
    }
    scene.judge_reply("revoke of an unknown id", &exchange);
    Ok(())
}

async fn unknown_id_has_no_effect(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let invented = unissued::beside(scene, &key.id).await?;
    scene.revoke(&admin, &invented.id).await?;
    scene
        .expect_working(&key, "after the revoke of an unknown id")
        .await
}

async fn foreign_id_answer(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let (other, key) = key_that_is_nobodys_elsewhere(scene).await?;
    let exchange = scene.send(&other, scene.subject.revoke(&key.id)).await?;
    scene.judge_reply("revoke by another tenant", &exchange);
    Ok(())
}

async fn foreign_id_has_no_effect(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let (other, key) = key_that_is_nobodys_elsewhere(scene).await?;
    scene.demand_working(&key).await?;
    for attempt in ["a revoke", "a second revoke"] {
        scene.send(&other, scene.subject.revoke(&key.id)).await?;
        scene
            .expect_working(&key, &format!("after {attempt} by another tenant"))
            .await?;
    }
    Ok(())
}

/// The other tenant's principal, who can act at home, and a key of ours that was made after its newest one.
async fn key_that_is_nobodys_elsewhere(scene: &mut Scene<'_>) -> Result<(Caller, Key), Stop> {
    let newest = scene.key_of_other().await?;
    let key = scene.key().await?;
    if !unissued::is_nobodys_beside(&key.id, &newest.id) {
        return Err(Stop::skip(unissued::MAY_BE_SOMEBODYS));
    }
    Ok((scene.caller(Who::Other)?, key))
}

async fn malformed_id(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let elder = scene.working_key().await?;
    let younger = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let id = scene.subject.malformed_id();
    let exchange = scene.revoke(&admin, id).await?;
    scene.judge_refusal("with an id that cannot be one", &exchange);
    // Whoever makes something of such an id may come to the first key, to the last one, or to one in between.
    for key in [&elder, &younger] {
        scene
            .expect_working(key, "after a revoke with an id that cannot be one")
            .await?;
    }
    Ok(())
}
