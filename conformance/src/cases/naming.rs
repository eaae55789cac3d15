//! Which key a revoke names: the one whose id stands in the path, and no other, however the request is dressed up.

use std::time::Duration;

use keyway_mock::Clock;
use serde_json::json;

use super::expiry::{PutBack, turned_to};
use super::unissued;
use crate::case::{Case, Fallback};
use crate::judge::is_refusal;
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::{Key, Made, Who};
use crate::stop::Stop;
use crate::subject::{NewKey, Record, segment};

const IDENTITY: Fallback = Fallback::Must("OWASP ASVS 5, 2.2.1 and 8.2.2");

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "revoke/secret-is-no-id",
        requirement: "a key is not revoked by its secret, its hint or its name in the place of the id",
        codes: &["REV-16"],
        situation: Situation::Unsaid,
        fallback: IDENTITY,
        needs: &[],
        run: |scene| Box::pin(secret_is_no_id(scene)),
    },
    Case {
        id: "revoke/path-injection",
        requirement: "an id with something before or after it, or cut short, revokes no key that it only mentions",
        codes: &["REV-09", "ISO-09"],
        situation: Situation::Unsaid,
        fallback: IDENTITY,
        needs: &[],
        run: |scene| Box::pin(path_injection(scene)),
    },
    Case {
        id: "revoke/body-is-ignored",
        requirement: "a body that names another key makes a revoke revoke no other key",
        codes: &["REV-18", "REV-06"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("RFC 9110, 9.3.5; OWASP ASVS 5, 8.2.2"),
        needs: &[],
        run: |scene| Box::pin(body_is_ignored(scene)),
    },
    Case {
        id: "revoke/itself",
        requirement: "what a key is answered that revokes itself is written down; if it is revoked, it is dead",
        codes: &["REV-13"],
        situation: Situation::RevokeSelf,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(itself(scene)),
    },
    Case {
        id: "revoke/same-name-survives",
        requirement: "of two keys of one name the one that is named by its id is revoked, and both can be found",
        codes: &["REV-06", "REV-10", "IDM-09"],
        situation: Situation::Revoke,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(same_name_survives(scene)),
    },
    Case {
        id: "create/leaves-namesake-working",
        requirement: "a key goes on working when another one of its name is made",
        codes: &["REV-06", "IDM-09"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("OWASP ASVS 5, 8.2.2"),
        needs: &[],
        run: |scene| Box::pin(leaves_namesake_working(scene)),
    },
    Case {
        id: "create/leaves-revoked-namesake-dead",
        requirement: "a revoked key stays refused when another one of its name is made",
        codes: &["REV-10", "REV-03"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("OWASP ASVS 5, 7.4.1"),
        needs: &[],
        run: |scene| Box::pin(leaves_revoked_namesake_dead(scene)),
    },
    Case {
        id: "revoke/of-expired",
        requirement: "what the revoke of a key that is over is answered is written down; the key stays dead",
        codes: &["EXP-11", "EXP-01"],
        situation: Situation::RevokeExpired,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(of_expired(scene)),
    },
    Case {
        id: "revoke/second-keeps-time",
        requirement: "a second revoke leaves the time of the first one as it was",
        codes: &["IDM-03"],
        situation: Situation::UnsaidOfLists,
        fallback: Fallback::Practice("OWASP ASVS 5, 16.2.1"),
        needs: &[],
        run: |scene| Box::pin(second_keeps_time(scene)),
    },
];

async fn secret_is_no_id(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let hint = key
        .record
        .hint
        .clone()
        .filter(|hint| !hint.is_empty() && *hint != key.id);
    let own_name = Some(key.name.clone()).filter(|name| *name != key.id);
    for (what, name) in [
        ("secret", Some(key.secret.clone())),
        ("hint", hint),
        ("name", own_name),
    ] {
        let Some(name) = name else { continue };
        let exchange = scene.send(&admin, scene.subject.revoke(&name)).await?;
        if exchange.status >= 500 {
            scene.breaks(
                format!("a revoke by the {what} is refused"),
                format!("it is answered {}", exchange.status),
            );
        }
        scene
            .expect_working(&key, &format!("after a revoke by its {what}"))
            .await?;
    }
    Ok(())
}

async fn path_injection(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let nobodys = unissued::beside(scene, &key.id).await?.id;
    let model = scene.subject.revoke(&nobodys);
    let (own, invented) = (segment(&key.id), segment(&nobodys));
    let mut texts = vec![
        ("encoded slashes and dots", format!("{invented}%2F..%2F{own}")),
        ("encoded dots and slashes", format!("{invented}%2F%2E%2E%2F{own}")),
        ("a comma", format!("{invented}%2C{own}")),
        ("an encoded query", format!("{invented}%3Fid%3D{own}")),
        ("a comma and another after it", format!("{own}%2C{invented}")),
        ("a slash and another after it", format!("{own}%2F{invented}")),
        ("letters after it", format!("{own}abc")),
    ];
    texts.extend(cut_short(&key.id).map(|cut| ("its end cut off", segment(cut))));
    for (what, text) in texts {
        let request = crate::wire::Request {
            path: model.path.replace(&invented, &text),
            ..model.clone()
        };
        let exchange = scene.send(&admin, request).await?;
        if exchange.status >= 500 && exchange.status != 501 {
            scene.breaks(
                format!("an id with {what} is refused"),
                format!("it is answered {}", exchange.status),
            );
        }
        scene
            .expect_working(&key, &format!("after a revoke of an id with {what}"))
            .await?;
    }
    Ok(())
}

/// An id without its last character, where that cannot be the id of another key: a long one is, cut, nobody's.
fn cut_short(id: &str) -> Option<&str> {
    const LONG: usize = 16;
    let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
    let (last, _) = id.char_indices().next_back()?;
    (!is_number && id.len() >= LONG).then(|| &id[..last])
}

async fn body_is_ignored(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let named = scene.working_key().await?;
    let mentioned = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let body = json!({ "id": mentioned.id, "ids": [mentioned.id], "apiKey": mentioned.id });
    let request = scene.subject.revoke(&named.id).json(body);
    let exchange = scene.send(&admin, request).await?;
    if exchange.is_success() {
        scene.mark_revoked(&named.id);
        scene.expect_refused(&named, "after a revoke with a body").await?;
    }
    scene
        .expect_working(&mentioned, "after the body of another key's revoke named it")
        .await
}

async fn itself(scene: &mut Scene<'_>) -> Result<(), Stop> {
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
    scene.demand_working(&key).await?;
    let holder = scene.manager(&key.secret)?;
    let exchange = scene.revoke(&holder, &key.id).await?;
    scene.judge_reply("revoke by the key itself", &exchange);
    if exchange.is_success() {
        scene.expect_refused(&key, "after it revoked itself").await
    } else {
        scene
            .expect_working(&key, "after it could not revoke itself")
            .await
    }
}

async fn same_name_survives(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let admin = scene.caller(Who::Admin)?;
    let made = create_namesake(scene, &key).await?;
    if is_refusal(made.exchange.status) {
        return Err(Stop::skip("the target makes no second key of a name"));
    }
    let twin = scene.key_of(&made)?;
    scene.demand_working(&twin).await?;
    if let Some(records) = scene.list(&admin).await? {
        let listed = |id: &str| records.iter().any(|record| record.id.as_deref() == Some(id));
        let expected = "both keys of a name can be found";
        if listed(&key.id) && listed(&twin.id) {
            scene.meets(expected, "the list shows both");
        } else {
            scene.warns("OWASP ASVS 5, 16.2.1", expected, "the list leaves one out");
        }
    }
    scene.revoked(&key).await?;
    scene
        .expect_working(&twin, "after the revoke of another key of its name")
        .await?;
    scene
        .expect_refused(&key, "while another key of its name works")
        .await
}

async fn leaves_namesake_working(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let elder = scene.working_key().await?;
    let made = create_namesake(scene, &elder).await?;
    if is_refusal(made.exchange.status) {
        scene.observes(
            "nothing in particular",
            format!("a second key of a name is refused with {}", made.exchange.status),
        );
    }
    scene
        .expect_working(&elder, "when another one of its name was asked for")
        .await
}

async fn leaves_revoked_namesake_dead(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let elder = scene.working_key().await?;
    scene.revoked(&elder).await?;
    scene.expect_refused(&elder, "after its revoke").await?;
    let made = create_namesake(scene, &elder).await?;
    if is_refusal(made.exchange.status) {
        scene.observes(
            "nothing in particular",
            format!(
                "the name of a revoked key is refused with {}",
                made.exchange.status
            ),
        );
    }
    scene
        .expect_refused(&elder, "when another one of its name was asked for")
        .await
}

/// Asks for another key of the same name.
async fn create_namesake(scene: &mut Scene<'_>, elder: &Key) -> Result<Made, Stop> {
    let namesake = NewKey {
        name: elder.name.clone(),
        ..scene.named_key()
    };
    let admin = scene.caller(Who::Admin)?;
    scene.create(&admin, &namesake).await
}

async fn of_expired(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(clock) = scene.target.clock().cloned() else {
        return Err(Stop::skip(
            "only where the clock can be turned a key is sure to be over; see expiry/refused-after",
        ));
    };
    scene.probe()?;
    let (key, end) = turned_to(scene).await?;
    scene.demand_working(&key).await?;
    let _back = PutBack::of(&clock);
    clock.set(end + jiff::SignedDuration::from_secs(30));
    let admin = scene.caller(Who::Admin)?;
    let exchange = scene.revoke(&admin, &key.id).await?;
    scene.judge_reply("revoke of an expired key", &exchange);
    scene
        .expect_refused(&key, "after the revoke of an expired key")
        .await
}

async fn second_keeps_time(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    scene.revoked(&key).await?;
    let Some(first) = record_of(scene, &key).await?.and_then(|record| record.revoked_at) else {
        return Err(Stop::skip("the list does not tell when a key was revoked"));
    };
    let _back = let_time_pass(scene).await;
    let admin = scene.caller(Who::Admin)?;
    scene.revoke(&admin, &key.id).await?;
    let second = record_of(scene, &key).await?.and_then(|record| record.revoked_at);
    let expected = "the time of the revoke stays";
    if second.as_ref() == Some(&first) {
        scene.meets(expected, "it does");
    } else {
        scene.falls_short(expected, "a second revoke moves it");
    }
    Ok(())
}

/// What the list says of a key.
pub(super) async fn record_of(scene: &Scene<'_>, key: &Key) -> Result<Option<Record>, Stop> {
    let admin = scene.caller(Who::Admin)?;
    let records = scene.list(&admin).await?.unwrap_or_default();
    Ok(records
        .into_iter()
        .find(|record| record.id.as_deref() == Some(&key.id)))
}

/// Makes it a little later for the target: by its clock if that can be turned, which is put back in the end.
pub(super) async fn let_time_pass(scene: &Scene<'_>) -> Option<PutBack> {
    const SOME: Duration = Duration::from_millis(1100);
    let turned = scene.target.clock().map(|clock: &Clock| {
        clock.advance(SOME);
        PutBack::of(clock)
    });
    if turned.is_none() {
        tokio::time::sleep(SOME).await;
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_nobodys_is_cut_short() {
        assert_eq!(
            cut_short("1234567890123456789"),
            None,
            "the cut number may be another's"
        );
        assert_eq!(cut_short("key_9"), None);
        assert_eq!(cut_short("01J9ZQ5W6N8Y7X4V3T2S"), Some("01J9ZQ5W6N8Y7X4V3T2"));
    }
}
