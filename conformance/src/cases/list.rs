//! The list of keys: complete, true about their state, and closed to strangers.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use super::naming::{let_time_pass, record_of};
use super::usage::{AUTHENTICATION, unknown_credentials};
use crate::case::{Case, Fallback, Need};
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::{Aspect, Caller, Expiry, Lifetime, NewKey, Record, State};

/// How long is waited before each look for a last use: it may be written a little later.
const WAITS: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::from_millis(800),
    Duration::from_secs(2),
];

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
        id: "list/shows-all",
        requirement: "the list leaves out no key that is in force, nor a revoked one where those are documented to stay",
        codes: &["LST-01", "LST-02"],
        situation: Situation::List,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(shows_all(scene)),
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
        codes: &["LST-04"],
        situation: Situation::ListOrder,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(newest_first(scene)),
    },
    Case {
        id: "list/shows-own-only",
        requirement: "the list of one user shows no key of another user of the same tenant",
        codes: &["ISO-07", "ISO-02"],
        situation: Situation::ListAnotherUser,
        fallback: Fallback::Observe,
        needs: &[Need::Limited],
        run: |scene| Box::pin(shows_own_only(scene)),
    },
    Case {
        id: "list/last-use-moves",
        requirement: "the list shows no use of a new key, and one after it was used",
        codes: &["LST-08"],
        situation: Situation::LastUse,
        fallback: Fallback::Practice("OWASP ASVS 5, 16.2.1"),
        needs: &[],
        run: |scene| Box::pin(last_use_moves(scene)),
    },
    Case {
        id: "list/refused-use-leaves-no-trace",
        requirement: "a use that was refused does not count as the last use",
        codes: &["LST-09"],
        situation: Situation::LastUse,
        fallback: Fallback::Practice("OWASP ASVS 5, 16.2.1"),
        needs: &[],
        run: |scene| Box::pin(refused_use_leaves_no_trace(scene)),
    },
    Case {
        id: "list/reading-changes-nothing",
        requirement: "listing and reading a key change nothing of it but its last use",
        codes: &["IDM-04"],
        situation: Situation::UnsaidOfLists,
        fallback: Fallback::Must("RFC 9110, 9.2.1"),
        needs: &[],
        run: |scene| Box::pin(reading_changes_nothing(scene)),
    },
    Case {
        id: "list/pages",
        requirement: "pages are no longer than asked, show each key once, and an odd length breaks nothing",
        codes: &["LST-05", "LST-06"],
        situation: Situation::ListPages,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(pages(scene)),
    },
];

async fn last_use_moves(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    scene.probe()?;
    let before = record_of(scene, &key).await?;
    let expected = "a new key was never used";
    match before.as_ref().map(|record| record.last_used.as_deref()) {
        None => {
            return Err(Stop::error(
                "the list does not show the key; see list/shows-created",
            ));
        }
        Some(None) => scene.meets(expected, "no use is shown"),
        Some(Some(_)) => scene.falls_short(expected, "a use is shown"),
    }
    scene.demand_working(&key).await?;
    let expected = "a use is shown after the key was used";
    let Some(first) = last_use_after(scene, &key, None).await? else {
        // No page says how soon.
        scene.warns(
            "OWASP ASVS 5, 16.2.1",
            expected,
            "none is shown some seconds later",
        );
        return Ok(());
    };
    scene.meets(expected, "it is");
    expect_now(scene, "the use that is shown was just now", &first);
    let _back = let_time_pass(scene).await;
    scene.demand_working(&key).await?;
    let expected = "a later use is shown after the key was used again";
    match last_use_after(scene, &key, Some(&first)).await? {
        Some(_) => scene.meets(expected, "it is"),
        // A server may write it down once in a while only.
        None => scene.warns(
            "OWASP ASVS 5, 16.2.1",
            expected,
            "the first one is, some seconds later",
        ),
    }
    Ok(())
}

/// The last use that the list shows of a key, another one than this; none if there is none in some seconds.
async fn last_use_after(scene: &Scene<'_>, key: &Key, other: Option<&str>) -> Result<Option<String>, Stop> {
    for wait in WAITS {
        tokio::time::sleep(wait).await;
        let used = record_of(scene, key).await?.and_then(|record| record.last_used);
        if used.is_some() && used.as_deref() != other {
            return Ok(used);
        }
    }
    Ok(None)
}

/// So far a time of the target's may be from the `Date` of its answers: machines behind one name have clocks of their own.
const DRIFT: i64 = 10 * 60;

/// A time that the last answer shows is about the time of that answer.
fn expect_now(scene: &mut Scene<'_>, expected: &str, shown: &str) {
    let now = scene
        .wire
        .transcript()
        .last()
        .and_then(|exchange| exchange.date());
    let (Some(now), Ok(shown)) = (now, shown.parse::<Timestamp>()) else {
        // What is no time is another case's to say.
        return;
    };
    if shown.duration_since(now).as_secs().abs() <= DRIFT {
        scene.meets(expected, "it was");
    } else {
        scene.breaks(expected, format!("it is {shown}, while the answer is of {now}"));
    }
}

async fn refused_use_leaves_no_trace(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let mut used = None;
    for wait in WAITS {
        tokio::time::sleep(wait).await;
        used = record_of(scene, &key).await?.and_then(|record| record.last_used);
        if used.is_some() {
            break;
        }
    }
    if used.is_none() {
        return Err(Stop::skip("the list shows no last use; see list/last-use-moves"));
    }
    scene.revoked(&key).await?;
    let _back = let_time_pass(scene).await;
    scene.expect_refused(&key, "after its revoke").await?;
    let Some(record) = record_of(scene, &key).await? else {
        return Err(Stop::skip("the list leaves a revoked key out"));
    };
    let expected = "a refused use is no use";
    if record.last_used.is_none() || record.last_used == used {
        scene.meets(expected, "the last use stays what it was");
    } else {
        scene.falls_short(expected, "the last use moved");
    }
    Ok(())
}

async fn reading_changes_nothing(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let first = record_of(scene, &key).await?;
    let admin = scene.caller(Who::Admin)?;
    if let Some(request) = scene.subject.get(&key.id) {
        scene.send(&admin, request).await?;
    }
    let second = record_of(scene, &key).await?;
    let (Some(mut first), Some(mut second)) = (first, second) else {
        return Err(Stop::error(
            "the list does not show the key; see list/shows-created",
        ));
    };
    (first.last_used, second.last_used) = (None, None);
    let expected = "reading a key changes nothing of it";
    if first == second {
        scene.meets(expected, "it reads as before");
    } else {
        scene.breaks(expected, "it reads otherwise the second time");
    }
    Ok(())
}

/// So many keys one after another are in order by chance once in some thousand times.
const IN_A_ROW: usize = 5;

/// More than the pages of most lists hold, those that are revoked not counted.
const MANY: usize = 27;

/// So few keys to a page, and so many keys that there are several pages of them.
const SHORTEST_PAGE: usize = 2;
/// So many pages are enough to see how one goes on from the other.
const PAGES: usize = 6;
const KEYS: usize = 3;

async fn pages(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let mut keys = Vec::new();
    for _ in 0..KEYS {
        keys.push(scene.key().await?);
    }
    let admin = scene.caller(Who::Admin)?;
    if scene.subject.page(1, 0).is_none() {
        return Err(Stop::skip("the list is not paged"));
    }
    // Pages are told apart by their offset, so a key that comes or goes meanwhile moves all others.
    let mut turned = None;
    for _ in 0..TURNS {
        let before = ids_in(&scene.list(&admin).await?.unwrap_or_default());
        let faults = turn_pages(scene, &keys, &before).await?;
        if before == ids_in(&scene.list(&admin).await?.unwrap_or_default()) {
            turned = Some(faults);
            break;
        }
    }
    let Some(faults) = turned else {
        return Err(Stop::skip("the list changes all the time"));
    };
    for (expected, fault) in [
        ("a page is no longer than was asked", faults.too_long),
        ("a page says whether there is another", faults.end_untrue),
        // In what order they are is not documented, but where a page begins is.
        ("the pages show each key once", faults.not_once),
    ] {
        match fault {
            None => scene.meets(expected, "all do"),
            Some(seen) => scene.breaks(expected, seen),
        }
    }
    expect_default_page(scene, &admin).await?;
    for size in [0, -1, 100_000] {
        if let Some(request) = scene.subject.page(size, 0) {
            let exchange = scene.send(&admin, request).await?;
            let expected = format!("a page of {size} is answered");
            match exchange.status {
                500.. => scene.breaks(expected, format!("with {}", exchange.status)),
                status => scene.meets(expected, format!("with {status}")),
            }
        }
    }
    Ok(())
}

async fn expect_default_page(scene: &mut Scene<'_>, admin: &Caller) -> Result<(), Stop> {
    let Some((request, length)) = scene.subject.default_page() else {
        return Ok(());
    };
    let all = scene.list(admin).await?.unwrap_or_default().len();
    let exchange = scene.send(admin, request).await?;
    let page = exchange.json().and_then(|body| scene.subject.listed(body, 0));
    let shown = page.map(|page| page.records.len()).unwrap_or_default();
    let expected = format!("a page for which no length is asked has {length} keys, or all there are");
    match shown == length.min(all) {
        true => scene.meets(expected, "it has"),
        false => scene.breaks(expected, format!("it has {shown} of {all}")),
    }
    Ok(())
}

/// How often the pages are turned, if the list changes meanwhile.
const TURNS: usize = 3;

/// What is wrong with some pages.
#[derive(Default)]
struct PageFaults {
    too_long: Option<&'static str>,
    end_untrue: Option<&'static str>,
    not_once: Option<&'static str>,
}

async fn turn_pages(scene: &Scene<'_>, keys: &[Key], whole: &[Option<String>]) -> Result<PageFaults, Stop> {
    let all = whole.len();
    let admin = scene.caller(Who::Admin)?;
    let mut faults = PageFaults::default();
    let mut times = vec![0_usize; keys.len()];
    let mut shown: Vec<Option<String>> = Vec::new();
    let size = SHORTEST_PAGE.max(all / PAGES);
    let mut from = 0;
    while from < all
        && let Some(request) = scene.subject.page(size as i64, from)
    {
        let exchange = scene.send(&admin, request).await?;
        let page = exchange.json().and_then(|body| scene.subject.listed(body, from));
        let Some(page) = page.filter(|page| !page.records.is_empty()) else {
            faults.not_once = Some("one that should go on where another ended shows nothing");
            break;
        };
        shown.extend(ids_in(&page.records));
        if page.records.len() > size {
            faults.too_long = Some("one is");
        }
        for (key, times) in keys.iter().zip(&mut times) {
            let here = |record: &&Record| record.id.as_deref() == Some(&key.id);
            *times += page.records.iter().filter(here).count();
        }
        from += page.records.len();
        match (from >= all, page.says_more) {
            (true, Some(true)) => faults.end_untrue = Some("the last one says that there is another"),
            (false, Some(false)) => {
                faults.end_untrue = Some("one that is not the last says that there is no other");
            }
            _ => {}
        }
    }
    if times.iter().any(|times| *times != 1) || !is_once_each(&shown, whole) {
        faults.not_once = Some("they do not");
    }
    Ok(faults)
}

/// Whether some pages, which may be too few for all, show nothing twice and nothing that is not in the whole list, and all of
/// it if they went on to its end.
fn is_once_each(shown: &[Option<String>], whole: &[Option<String>]) -> bool {
    let (paged, listed): (BTreeSet<_>, BTreeSet<_>) = (shown.iter().collect(), whole.iter().collect());
    paged.len() == shown.len() && paged.is_subset(&listed)
}

fn ids_in(records: &[Record]) -> Vec<Option<String>> {
    records.iter().map(|record| record.id.clone()).collect()
}

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
    let mut made_here = vec![elder.id.clone()];
    for _ in 0..IN_A_ROW {
        made_here.push(scene.key().await?.id);
    }
    // Two keys of one second may have the same time of creation.
    let _back = let_time_pass(scene).await;
    let younger = scene.key().await?;
    made_here.push(younger.id.clone());
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
    // Two keys are in order by chance every second time; several hardly ever.
    let made: Vec<Timestamp> = records
        .iter()
        .filter(|record| record.id.as_ref().is_some_and(|id| made_here.contains(id)))
        .filter_map(|record| record.made.as_deref()?.parse().ok())
        .collect();
    let expected = "no key comes before one that was made later";
    match made.is_sorted_by(|earlier, later| earlier >= later) {
        true => scene.meets(expected, format!("none does, of {}", made.len())),
        false => scene.breaks(expected, "one does"),
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

/// Whether two lists of grants have the same ones, in whatever order and case. A star has all there are.
fn are_same(listed: &[String], made: &[String]) -> bool {
    let set = |grants: &[String]| -> BTreeSet<String> {
        grants.iter().map(|grant| grant.to_ascii_lowercase()).collect()
    };
    listed.iter().any(|grant| grant == "*") || set(listed) == set(made)
}

async fn shows_created(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    let key = match key_with_an_end(scene, &admin).await? {
        Some(key) => key,
        None => scene.key().await?,
    };
    if let Some(request) = scene.subject.list(0) {
        let exchange = scene.send(&admin, request).await?;
        scene.judge_reply("list", &exchange);
        if !exchange.is_success() {
            return Ok(());
        }
    }
    expect_listed(scene, &key).await?;
    let narrow = scene.narrow_key();
    let narrow = scene.key_from(Who::Admin, &narrow).await?;
    expect_listed(scene, &narrow).await
}

/// The list shows a key once, and says of it what the answer to its create said.
async fn expect_listed(scene: &mut Scene<'_>, key: &Key) -> Result<(), Stop> {
    let found = find(scene, key).await?;
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
            if let (Some(listed), Some(made)) = (&record.grants, &key.record.grants)
                && !are_same(listed, made)
            {
                scene.breaks(
                    "the list shows the grants that the answer to the create had",
                    "it shows others",
                );
            }
            let ends = (
                instant(record.expires.as_deref()),
                instant(key.record.expires.as_deref()),
            );
            if let (Some(listed), Some(made)) = ends
                && listed != made
            {
                scene.breaks(
                    "the list shows the end that the answer to the create had",
                    "it shows another",
                );
            }
            let whose = [
                (&record.tenant, &key.record.tenant),
                (&record.user, &key.record.user),
            ];
            if whose
                .iter()
                .any(|(listed, made)| listed.is_some() && made.is_some() && listed != made)
            {
                scene.breaks(
                    "the list says whose a key is as the answer to the create did",
                    "it names another",
                );
            }
            if key.record.expires.is_some()
                && record.expires.is_none()
                && record.unset.contains(&Aspect::Expiry)
            {
                scene.breaks(
                    "the list shows the end of a key that has one",
                    "it says that there is none",
                );
            }
            let made = (
                instant(record.made.as_deref()),
                instant(key.record.made.as_deref()),
            );
            if let (Some(listed), Some(made)) = made
                && listed != made
            {
                scene.breaks(
                    "the list shows the time of creation that the answer to the create had",
                    "it shows another",
                );
            }
            if let Some(made) = &record.made {
                expect_now(scene, "a new key was made just now", made);
            }
            if let (Some(listed), Some(made)) = (&record.hint, &key.record.hint)
                && listed != made
            {
                scene.breaks(
                    "the list shows the hint that the answer to the create had",
                    "it shows another",
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

/// A key that ends some day, where the target takes such an end.
async fn key_with_an_end(scene: &mut Scene<'_>, admin: &Caller) -> Result<Option<Key>, Stop> {
    let tomorrow = Timestamp::from_second(scene.now().as_second() + 86_400)
        .map_err(|_| Stop::error("there is no such time"))?;
    let ending = NewKey {
        expiry: Some(match scene.subject.lifetime() {
            Lifetime::Days => Expiry::Days(1),
            Lifetime::Instant => Expiry::At(tomorrow),
        }),
        ..scene.named_key()
    };
    let made = scene.create(admin, &ending).await?;
    match is_refusal(made.exchange.status) {
        true => Ok(None),
        false => scene.key_of(&made).map(Some),
    }
}

/// More keys than a page that nobody speaks of would hold, some of them revoked.
async fn shows_all(scene: &mut Scene<'_>) -> Result<(), Stop> {
    const REVOKED: usize = 2;
    let admin = scene.caller(Who::Admin)?;
    let wanted: Vec<_> = (0..MANY).map(|_| scene.named_key()).collect();
    let mut keys = Vec::new();
    for made in scene.create_at_once(&admin, &wanted).await? {
        if let Ok(key) = made.and_then(|made| scene.key_of(&made)) {
            keys.push(key);
        }
    }
    for key in keys.iter().take(REVOKED) {
        scene.revoked(key).await?;
    }
    let stay = !matches!(scene.statement(Situation::ListRevoked), Statement::Silent { .. });
    let expected: Vec<&Key> = keys.iter().skip(if stay { 0 } else { REVOKED }).collect();
    if expected.is_empty() {
        return Err(Stop::error("the case needs keys, and none was made"));
    }
    // Where other keys come and go meanwhile, the pages of one look may miss what the next one shows.
    let mut listed = BTreeSet::new();
    for _ in 0..TURNS {
        let records = scene.list(&admin).await?.unwrap_or_default();
        listed.extend(records.into_iter().filter_map(|record| record.id));
        if expected.iter().all(|key| listed.contains(&key.id)) {
            break;
        }
    }
    let missing = expected.iter().filter(|key| !listed.contains(&key.id)).count();
    let seen = format!("{missing} of {} are missing", expected.len());
    match missing {
        0 => scene.meets("the list shows every key", seen),
        _ => scene.breaks("the list shows every key", seen),
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
        Some(State::Revoked) => {
            scene.meets(
                "the list shows a revoked key as revoked",
                "the revoked key is listed as revoked",
            );
            if let Some(at) = found.first().and_then(|record| record.revoked_at.clone()) {
                expect_now(scene, "a key was revoked just now", &at);
            }
        }
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

/// Two texts may write one time, and one of them with more digits than the other.
fn instant(text: Option<&str>) -> Option<i64> {
    Some(text?.parse::<Timestamp>().ok()?.as_second())
}

async fn find(scene: &Scene<'_>, key: &Key) -> Result<Vec<Record>, Stop> {
    let admin = scene.caller(Who::Admin)?;
    let records = scene.list(&admin).await?.unwrap_or_default();
    Ok(records
        .into_iter()
        .filter(|record| record.id.as_deref() == Some(&key.id))
        .collect())
}
