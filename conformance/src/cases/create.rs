//! Making a key: what is handed out, what must be refused, and that a refusal leaves nothing behind.

use jiff::{Timestamp, ToSpan as _};

use serde_json::Value;

use super::usage::{AUTHENTICATION, unknown_credentials};
use crate::case::{Case, Fallback, Need};
use crate::exchange::Exchange;
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Made, Who};
use crate::stop::Stop;
use crate::subject::{Aspect, Caller, DefaultEnd, Expiry, Flaw, Lifetime, NewKey, Record, State};
use crate::wire::Request;

/// The days asked for where a lifetime is counted in days.
const DAYS: i64 = 30;
const FEW_DAYS: i64 = 1;
/// How a lifetime in days becomes an instant is not documented. Days of 24 hours may be told by a clock of any zone; where
/// days of the calendar are counted, the end is the end of a day somewhere.
const ZONE_HOURS: i64 = 15;
const CALENDAR_HOURS: i64 = 26;
/// A server may keep an end by the minute.
const ROUNDING_SECONDS: i64 = 60;

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "create/answers-as-declared",
        requirement: "a valid create answers the declared status, and a body that fits the contract",
        codes: &["CRE-01", "CRE-02", "ERR-12"],
        situation: Situation::Create,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(answers_as_declared(scene)),
    },
    Case {
        id: "create/secret-present-once",
        requirement: "the create answer has the plaintext key once, and beside it an id to revoke it by",
        codes: &["CRE-03", "CRE-05", "SEC-05"],
        situation: Situation::Create,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(secret_present_once(scene)),
    },
    Case {
        id: "create/metadata-echoed",
        requirement: "the create answer shows the name, the grants and the expiry that were asked for",
        codes: &["CRE-12", "EXP-06"],
        situation: Situation::CreateEcho,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(metadata_echoed(scene)),
    },
    Case {
        id: "create/narrow-grants-echoed",
        requirement: "a key that was asked for with the narrowest grants is shown with these and no others",
        codes: &["CRE-12", "SCO-02"],
        situation: Situation::CreateNarrowEcho,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(narrow_grants_echoed(scene)),
    },
    Case {
        id: "create/default-expiry",
        requirement: "a key for which no end is asked ends when the documentation says, or never",
        codes: &["EXP-05"],
        situation: Situation::CreateDefaultExpiry,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(default_expiry(scene)),
    },
    Case {
        id: "create/longest-expiry-accepted",
        requirement: "the longest life that is documented is granted",
        codes: &["EXP-04"],
        situation: Situation::CreateLongestExpiry,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(longest_expiry_accepted(scene)),
    },
    Case {
        id: "create/key-works-at-once",
        requirement: "a new key opens a protected read without any delay",
        codes: &["CRE-04", "VIS-04"],
        situation: Situation::Create,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(key_works_at_once(scene)),
    },
    Case {
        id: "create/distinct",
        requirement: "two creates give two ids and two secrets",
        codes: &["CRE-06"],
        situation: Situation::Create,
        fallback: Fallback::Must("OWASP ASVS 5, 7.2.3 and 11.5.1"),
        needs: &[],
        run: |scene| Box::pin(distinct(scene)),
    },
    Case {
        id: "create/missing-name-refused",
        requirement: "a create without the required name is refused as declared",
        codes: &["CRE-13"],
        situation: Situation::CreateMissingName,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(flawed_refused(scene, Flaw::MissingName)),
    },
    Case {
        id: "create/long-name-refused",
        requirement: "a name that is longer than documented is refused, and makes no key",
        codes: &["CRE-13"],
        situation: Situation::CreateLongName,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(flawed_refused(scene, Flaw::LongName)),
    },
    Case {
        id: "create/unknown-grant-refused",
        requirement: "a create with a scope or permission that does not exist is refused, and makes no key",
        codes: &["CRE-13", "SCO-06"],
        situation: Situation::CreateUnknownGrant,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(flawed_refused(scene, Flaw::UnknownGrant)),
    },
    Case {
        id: "create/no-grants-refused",
        requirement: "a create without any permission is refused where at least one is required",
        codes: &["CRE-13", "SCO-05"],
        situation: Situation::CreateNoGrants,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(flawed_refused(scene, Flaw::NoGrants)),
    },
    Case {
        id: "create/expiry-out-of-range-refused",
        requirement: "a lifetime outside the declared limits, or of another type, is refused and not clamped",
        codes: &["CRE-13", "EXP-04"],
        situation: Situation::CreateExpiryRange,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(flawed_refused(scene, Flaw::ExpiryOutOfRange)),
    },
    Case {
        id: "create/expiry-in-past-refused",
        requirement: "an expiry in the past is refused as declared; a key that is made all the same does not work",
        codes: &["EXP-03", "EXP-01"],
        situation: Situation::CreateExpiryPast,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(flawed_refused(scene, Flaw::ExpiryPast)),
    },
    Case {
        id: "create/malformed-expiry-refused",
        requirement: "an expiry that is no time is refused",
        codes: &["EXP-07"],
        situation: Situation::CreateExpiryMalformed,
        fallback: Fallback::Practice("OWASP ASVS 5, 2.2.1"),
        needs: &[],
        run: |scene| Box::pin(flawed_refused(scene, Flaw::ExpiryMalformed)),
    },
    Case {
        id: "create/anonymous-refused",
        requirement: "a create without a credential is refused, and makes no key",
        codes: &["CRE-15", "AUT-01"],
        situation: Situation::CreateAnonymous,
        fallback: Fallback::Must("RFC 9110, 15.5.2; OWASP ASVS 5, 8.2.1"),
        needs: &[],
        run: |scene| Box::pin(anonymous_refused(scene)),
    },
    Case {
        id: "create/unknown-credential-refused",
        requirement: "a create with a credential that was never issued is refused, and makes no key",
        codes: &["CRE-15", "AUT-03"],
        situation: Situation::ManageUnknownKey,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(unknown_credential_refused(scene)),
    },
    Case {
        id: "create/beyond-creator-refused",
        requirement: "nobody can give a key more than it has itself",
        codes: &["SCO-04"],
        situation: Situation::CreateBeyondCreator,
        fallback: Fallback::Observe,
        needs: &[Need::Limited],
        run: |scene| Box::pin(beyond_creator_refused(scene)),
    },
    Case {
        id: "create/limited-refused",
        requirement: "a principal that may not manage keys cannot create one",
        codes: &["CRE-15", "SCO-03"],
        situation: Situation::CreateLimited,
        fallback: Fallback::Observe,
        needs: &[Need::Limited],
        run: |scene| Box::pin(limited_refused(scene)),
    },
];

async fn answers_as_declared(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    let key = scene.named_key();
    let made = scene.create(&admin, &key).await?;
    scene.judge_reply("create", &made.exchange);
    Ok(())
}

async fn secret_present_once(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let made = successful(scene).await?;
    let secrets = &made.issued.secrets;
    let Some((member, secret)) = secrets.first() else {
        scene.breaks(
            "the answer has the plaintext key",
            "no documented member holds it",
        );
        return Ok(());
    };
    // Two pages may call it by two names; an answer that uses both shows it once for each.
    let found = occurrences(&made.exchange, secret);
    let expected = "the plaintext key stands in the answer once";
    if found == secrets.len() && secrets.iter().all(|(_, other)| other == secret) {
        scene.meets(expected, format!("in the member {member}"));
    } else {
        scene.breaks(
            expected,
            format!("found {found} times, in {} documented members", secrets.len()),
        );
    }
    let in_header = made
        .exchange
        .headers
        .iter()
        .any(|(_, value)| String::from_utf8_lossy(value).contains(secret.as_str()));
    if in_header {
        scene.breaks("no header carries the plaintext key", "a header does");
    }
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        scene.breaks(
            "the plaintext key can be sent in a header",
            "it holds other characters",
        );
    }
    // Not every contract requires an id, but without one nobody can revoke the key.
    match &made.issued.record.id {
        None => scene.warns(
            "OWASP ASVS 5, 7.4.1",
            "the answer has the id of the key",
            "it has none, and the key cannot be revoked",
        ),
        Some(id) if id == secret => scene.breaks("the id is not the plaintext key", "they are the same"),
        Some(_) => {}
    }
    Ok(())
}

async fn metadata_echoed(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    let asked_at = scene.now();
    let ending_in = |days: i64| match scene.subject.lifetime() {
        Lifetime::Days => Expiry::Days(days),
        Lifetime::Instant => Expiry::At(whole_seconds(asked_at) + (days * 24).hours()),
    };
    let [mut expiry, sooner] = [DAYS, FEW_DAYS].map(ending_in);
    let mut key = NewKey {
        expiry: Some(expiry),
        ..scene.named_key()
    };
    let mut made = scene.create(&admin, &key).await?;
    // Somebody may keep no key for so long without saying so.
    if is_refusal(made.exchange.status) && scene.subject.longest().is_none() {
        expiry = sooner;
        key = NewKey {
            expiry: Some(expiry),
            ..scene.named_key()
        };
        made = scene.create(&admin, &key).await?;
    }
    let record = scene.key_of(&made)?.record;
    compare_name(scene, &key.name, &record);
    compare_grants(scene, &key.grants, &record);
    compare_expiry(scene, expiry, asked_at, &record);
    if record.state == State::Revoked {
        scene.breaks("a new key is in force", "the answer says that it is not");
    }
    Ok(())
}

async fn narrow_grants_echoed(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let narrow = scene.narrow_key();
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &narrow).await?;
    let record = scene.key_of(&made)?.record;
    compare_grants(scene, &narrow.grants, &record);
    Ok(())
}

async fn default_expiry(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(default) = scene.subject.default_end() else {
        return Err(Stop::skip("no default is documented"));
    };
    let asked_at = scene.now();
    let record = scene.key().await?.record;
    match (default, &record.expires) {
        (DefaultEnd::Days(days), _) => compare_expiry(scene, Expiry::Days(days), asked_at, &record),
        (DefaultEnd::Never, Some(shown)) => {
            scene.breaks("the expiry shown is null", shown.clone());
        }
        (DefaultEnd::Never, None) if record.unset.contains(&Aspect::Expiry) => {
            scene.meets("the expiry shown is null", "it is");
        }
        (DefaultEnd::Never, None) => scene.observes("the expiry shown is null", "no expiry is shown"),
    }
    Ok(())
}

async fn longest_expiry_accepted(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(longest) = scene.subject.longest() else {
        return Err(Stop::skip("no longest life is documented"));
    };
    // That an ordinary request is accepted shows that it is the life which is not.
    scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let asked_at = scene.now();
    let key = NewKey {
        expiry: Some(longest),
        ..scene.named_key()
    };
    let made = scene.create(&admin, &key).await?;
    scene.judge_reply("create with the longest life", &made.exchange);
    if made.exchange.is_success() {
        compare_expiry(scene, longest, asked_at, &made.issued.record);
    }
    Ok(())
}

async fn key_works_at_once(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let made = successful(scene).await?;
    let key = scene.key_of(&made)?;
    if !scene.setup.probes.is_empty() {
        return scene.expect_working(&key, "at once").await;
    }
    let probes = scene
        .subject
        .probes(made.issued.tenant.as_deref(), scene.target.tenant.as_deref());
    if let Some(stop) = scene.untried() {
        return Err(stop);
    }
    let mut seen = Vec::new();
    for probe in probes {
        let caller = scene.bearer_of(&key.secret);
        let exchange = scene.send(&caller, probe.request).await?;
        seen.push(format!("{} answered {}", exchange.line(), exchange.status));
    }
    scene.breaks("a new key opens a protected read", seen.join(", "));
    Ok(())
}

async fn distinct(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let first = scene.key().await?;
    let second = scene.key().await?;
    for (what, differ) in [
        ("ids", first.id != second.id),
        ("secrets", first.secret != second.secret),
    ] {
        let expected = format!("the {what} of two keys differ");
        if differ {
            scene.meets(expected, format!("two {what} differ"))
        } else {
            scene.breaks(expected, "they are the same")
        }
    }
    Ok(())
}

async fn flawed_refused(scene: &mut Scene<'_>, flaw: Flaw) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    // That a sound request is accepted shows that it is the flaw which is refused.
    scene.key().await?;
    let sound = scene.named_key();
    let sound = scene.spelt(&sound);
    let situation = scene.situation();
    let mut known = None;
    for (what, request) in scene.subject.flawed(flaw, &sound, scene.now()) {
        let mut name = scene.next_name();
        if let (Flaw::LongName, Some(longest)) = (flaw, scene.subject.longest_name()) {
            name = format!("{name:x<width$}", width = longest + 1);
        }
        let request = request.named(&name);
        let attempt = Attempt { what, situation };
        known = expect_no_key(scene, &admin, attempt, request, &name, known).await?;
    }
    Ok(())
}

async fn unknown_credential_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    for (what, situation, caller) in unknown_credentials(scene, &key)? {
        let another = scene.named_key();
        let another = scene.spelt(&another);
        let request = scene.subject.create(&another);
        let attempt = Attempt { what, situation };
        expect_no_key(scene, &caller, attempt, request, &another.name, None).await?;
    }
    Ok(())
}

async fn anonymous_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let nobody = scene.caller(Who::Nobody)?;
    let key = scene.named_key();
    let key = scene.spelt(&key);
    let request = scene.subject.create(&key);
    expect_nothing_made(scene, &nobody, "without a credential", request, &key.name).await
}

async fn beyond_creator_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let limited = scene.caller(Who::Limited)?;
    let lacked = lacked(scene, &limited).await?;
    let narrow = scene.narrow_key();
    let key = match &lacked {
        Lacked::Demonstrably(grant) if !scene.setup.wide.iter().any(|one| one == grant) => NewKey {
            grants: vec![(*grant).to_owned()],
            ..narrow.clone()
        },
        _ => scene.named_key(),
    };
    let documented = !matches!(
        scene.statement(Situation::CreateBeyondCreator),
        Statement::Silent { .. }
    );
    if let (Lacked::Unknown, true) = (&lacked, documented) {
        let request = scene.subject.create(&scene.spelt(&key));
        let made = scene.create_by(&limited, request, &key.name).await?;
        if made.exchange.is_success() {
            return Err(Stop::skip(
                "no read tells what the limited principal lacks, and it may hold what it asked for",
            ));
        }
        scene.judge_refusal("with more than the creator has", &made.exchange);
        return Ok(());
    }
    // Whoever looks at one of several alone must not find the right one by its place.
    for (what, grants) in orders(&key.grants, &narrow.grants) {
        let key = NewKey {
            grants,
            ..scene.named_key()
        };
        let request = scene.subject.create(&scene.spelt(&key));
        expect_nothing_made(scene, &limited, what, request, &key.name).await?;
    }
    Ok(())
}

/// Too many grants, alone and between others that are few enough.
fn orders(beyond: &[String], within: &[String]) -> Vec<(&'static str, Vec<String>)> {
    let mut orders = vec![("with more than the creator has", beyond.to_vec())];
    let has_several = beyond.len() > 1 || (!within.is_empty() && within != beyond);
    if has_several {
        let others: Vec<String> = within
            .iter()
            .filter(|grant| !beyond.contains(grant))
            .cloned()
            .collect();
        let mut between = others.clone();
        between.extend(beyond.iter().rev().cloned());
        between.extend(others);
        between.dedup();
        orders.push(("with more than the creator has, in another order", between));
    }
    orders
}

/// What is known of the grants that a principal does not have.
enum Lacked {
    Demonstrably(&'static str),
    Unknown,
}

/// Asks with the principal's own credential for reads that want a grant. One that is forbidden to it shows what it lacks.
async fn lacked(scene: &Scene<'_>, principal: &Caller) -> Result<Lacked, Stop> {
    let minted = scene.setup.minted.clone();
    for probe in scene
        .subject
        .probes(minted.as_deref(), scene.target.tenant.as_deref())
    {
        let Some(grant) = probe.grant else { continue };
        let exchange = scene.send(principal, probe.request).await?;
        if exchange.status == 403 {
            return Ok(Lacked::Demonstrably(grant));
        }
    }
    Ok(Lacked::Unknown)
}

async fn limited_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let limited = scene.caller(Who::Limited)?;
    // No more than any creator could have: it is creating itself that is to be refused.
    let key = scene.narrow_key();
    let key = scene.spelt(&key);
    let request = scene.subject.create(&key);
    expect_nothing_made(scene, &limited, "by a limited principal", request, &key.name).await
}

/// Sends a create that is to be refused, and looks whether it made a key all the same.
async fn expect_nothing_made(
    scene: &mut Scene<'_>,
    caller: &Caller,
    what: &'static str,
    request: Request,
    name: &str,
) -> Result<(), Stop> {
    let situation = scene.situation();
    expect_no_key(scene, caller, Attempt { what, situation }, request, name, None)
        .await
        .map(|_| ())
}

/// A create that is to be refused: what is wrong with it, and on what the vendor may have said so.
#[derive(Clone, Copy)]
struct Attempt {
    what: &'static str,
    situation: Situation,
}

/// Returns what the list showed behind the attempt, where it showed nothing new: the next one may begin with it. `known` is
/// what it showed before.
async fn expect_no_key(
    scene: &mut Scene<'_>,
    caller: &Caller,
    attempt: Attempt,
    request: Request,
    name: &str,
    known: Option<Vec<Record>>,
) -> Result<Option<Vec<Record>>, Stop> {
    let Attempt { what, situation } = attempt;
    let admin = scene.caller(Who::Admin)?;
    let before = match known {
        Some(known) => Some(known),
        None => listed(scene, &admin).await?,
    };
    let made = scene.create_by(caller, request.clone(), name).await?;
    scene.judge_refusal_in(situation, what, &made.exchange);
    if made.exchange.is_success() {
        judge_what_was_made(scene, &made).await?;
        return Ok(None);
    }
    if !made.issued.secrets.is_empty() {
        scene.breaks(
            format!("{what}: no key is handed out"),
            format!("the answer {} holds one", made.exchange.status),
        );
    }
    let Some(before) = before else {
        return Ok(None);
    };
    let after = listed(scene, &admin).await?.unwrap_or_default();
    let known = |record: &Record| before.iter().any(|one| one.id == record.id);
    // Somebody else may make keys meanwhile: only one with this name, or with none, can be ours.
    let ours = |record: &Record| {
        record
            .name
            .as_deref()
            .is_none_or(|found| found.is_empty() || found == name)
    };
    let (named, renamed): (Vec<Record>, Vec<Record>) = after
        .iter()
        .filter(|record| !known(record))
        .cloned()
        .partition(ours);
    if let Some(record) = named.into_iter().next() {
        // One without a name may be somebody else's after all: it is told of, and left alone.
        let seen = if record.name.as_deref() == Some(name) {
            scene.adopt(&admin, record.id, name);
            "the list shows a new one"
        } else {
            "the list shows a new one without a name, which was left alone"
        };
        scene.breaks(format!("{what}: no key is made"), seen);
    } else if let Some(record) = renamed.into_iter().next() {
        let again = Again {
            caller,
            request,
            name,
            listed: after,
        };
        expect_accident(scene, what, record, again).await?;
    } else {
        return Ok(Some(after));
    }
    Ok(None)
}

/// A refused create, to be sent once more.
struct Again<'a> {
    caller: &'a Caller,
    request: Request,
    name: &'a str,
    listed: Vec<Record>,
}

/// After a refused create the list shows a new key under another name. It is ours only if the same happens again, and
/// nothing happens while nothing is asked for.
async fn expect_accident(
    scene: &mut Scene<'_>,
    what: &str,
    first: Record,
    again: Again<'_>,
) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    let ids = |records: &[Record]| -> Vec<Option<String>> {
        records.iter().map(|record| record.id.clone()).collect()
    };
    let before = listed(scene, &admin).await?.unwrap_or_default();
    let expected = format!("{what}: no key is made");
    if ids(&before) != ids(&again.listed) {
        scene.observes(expected, "the list changes while nothing is asked for");
        return Ok(());
    }
    scene.create_by(again.caller, again.request, again.name).await?;
    let after = listed(scene, &admin).await?.unwrap_or_default();
    let second = after
        .into_iter()
        .find(|record| !ids(&before).contains(&record.id) && record.name == first.name);
    let Some(second) = second else {
        scene.observes(expected, "a key came to light that is somebody else's");
        return Ok(());
    };
    for record in [first, second] {
        scene.adopt(&admin, record.id, &record.name.unwrap_or_default());
    }
    scene.breaks(
        expected,
        "each time it is sent the list shows a new one, under another name",
    );
    Ok(())
}

/// A silent vendor may accept what others refuse. Even then a key that is past its own end must not work, and a grant that
/// does not exist must not open the management of keys.
async fn judge_what_was_made(scene: &mut Scene<'_>, made: &Made) -> Result<(), Stop> {
    let Ok(key) = scene.key_of(made) else {
        return Ok(());
    };
    let ended = key
        .record
        .expires
        .as_deref()
        .and_then(|text| text.parse::<Timestamp>().ok());
    if ended.is_some_and(|end| end < scene.now()) {
        scene.mark_expired(&key);
        scene.expect_refused(&key, "as its end is past").await?;
    }
    if scene.situation() == Situation::CreateUnknownGrant {
        let holder = scene.manager(&key.secret)?;
        let another = scene.narrow_key();
        let made = scene.create(&holder, &another).await?;
        let expected = "a key with a grant that does not exist makes no key";
        let seen = format!("{} answered {}", made.exchange.line(), made.exchange.status);
        if made.exchange.is_success() {
            scene.breaks(expected, seen);
        } else {
            scene.meets(expected, seen);
        }
        opens_nothing(scene, &key).await?;
    }
    Ok(())
}

/// A grant that nobody knows may be passed over, but then the key has none.
async fn opens_nothing(scene: &mut Scene<'_>, key: &Key) -> Result<(), Stop> {
    let guarded = scene.setup.probes.iter().filter(|probe| probe.grant.is_some());
    let calls = guarded
        .map(|probe| (scene.bearer_of(&key.secret), probe.request.clone()))
        .collect();
    let exchanges = scene.send_all(calls).await?;
    let expected = "a key with a grant that does not exist opens no read that asks for one";
    match exchanges.iter().find(|exchange| exchange.is_success()) {
        None => scene.meets(expected, "it opens none"),
        Some(opened) => scene.warns(
            "OWASP ASVS 5, 8.2.1",
            expected,
            format!("it opens {}", opened.line()),
        ),
    }
    Ok(())
}

async fn listed(scene: &Scene<'_>, admin: &Caller) -> Result<Option<Vec<Record>>, Stop> {
    match scene.statement(Situation::List) {
        Statement::Absent { .. } => Ok(None),
        // A target without a working list is told so by the cases of the list.
        _ => match scene.list(admin).await {
            Ok(records) => Ok(records),
            Err(Stop::Error(_)) => Ok(None),
            Err(stop) => Err(stop),
        },
    }
}

/// A create that is expected to succeed, for judging its answer.
async fn successful(scene: &mut Scene<'_>) -> Result<Made, Stop> {
    let admin = scene.caller(Who::Admin)?;
    let key = scene.named_key();
    let made = scene.create(&admin, &key).await?;
    if !made.exchange.is_success() {
        let seen = format!("{} answered {}", made.exchange.line(), made.exchange.status);
        scene.breaks("a valid create succeeds", seen.clone());
        return Err(Stop::error(format!("no key was made: {seen}")));
    }
    Ok(made)
}

/// How often a text stands in the strings and the headers of an answer. Some servers escape a slash or a plus in JSON, so
/// its bytes are not searched.
fn occurrences(exchange: &Exchange, text: &str) -> usize {
    fn within(value: &Value, text: &str) -> usize {
        match value {
            Value::String(one) => one.matches(text).count(),
            Value::Array(items) => items.iter().map(|item| within(item, text)).sum(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| name.matches(text).count() + within(value, text))
                .sum(),
            _ => 0,
        }
    }
    match exchange.json() {
        Some(body) => within(body, text),
        None => String::from_utf8_lossy(&exchange.body).matches(text).count(),
    }
}

/// What is not shown contradicts nothing, unless a complete example of the vendor shows it.
fn not_shown(scene: &mut Scene<'_>, aspect: Aspect, record: &Record, expected: String) {
    let what = match aspect {
        Aspect::Name => "name",
        Aspect::Grants => "grants",
        Aspect::Expiry => "expiry",
    };
    if record.unset.contains(&aspect) {
        scene.breaks(expected, format!("the {what} is said to be unset"));
    } else if scene.is_exemplified(aspect) {
        scene.breaks(expected, format!("no {what} is shown"));
    } else if aspect == Aspect::Name {
        // Every vendor's answer has a member for it, and no other answer may ever tell.
        scene.warns("OpenAPI document", expected, "no name is shown");
    } else {
        scene.observes(expected, format!("no {what} is shown"));
    }
}

fn compare_name(scene: &mut Scene<'_>, asked: &str, record: &Record) {
    let expected = "the name is shown as it was sent".to_owned();
    match record.name.as_deref() {
        Some(shown) if shown == asked => scene.meets(expected, "the name is shown"),
        Some(_) => scene.breaks(expected, "another name is shown"),
        None => not_shown(scene, Aspect::Name, record, expected),
    }
}

/// Order and letter case are not compared: no page speaks of the one, and pages contradict each other on the other.
fn compare_grants(scene: &mut Scene<'_>, asked: &[String], record: &Record) {
    if asked.is_empty() {
        return;
    }
    let normal = |grants: &[String]| {
        let mut grants: Vec<String> = grants.iter().map(|grant| grant.to_ascii_lowercase()).collect();
        grants.sort();
        grants
    };
    let expected = format!("the grants shown are {}", asked.join(", "));
    match record.grants.as_deref() {
        None => not_shown(scene, Aspect::Grants, record, expected),
        Some(shown) if normal(shown) == normal(asked) => scene.meets(expected, shown.join(", ")),
        Some(shown) => scene.breaks(expected, shown.join(", ")),
    }
}

fn compare_expiry(scene: &mut Scene<'_>, asked: Expiry, asked_at: Timestamp, record: &Record) {
    let due = match asked {
        Expiry::At(instant) => instant,
        Expiry::Days(days) => asked_at + (days * 24).hours(),
    };
    let slack = |shown: Timestamp| match asked {
        Expiry::At(_) => ROUNDING_SECONDS.seconds(),
        Expiry::Days(_) if ends_a_day(shown) => CALENDAR_HOURS.hours(),
        Expiry::Days(_) => ZONE_HOURS.hours(),
    };
    let expected = format!("the expiry shown is {due}");
    let Some(shown) = record.expires.as_deref() else {
        not_shown(scene, Aspect::Expiry, record, expected);
        return;
    };
    match shown.parse::<Timestamp>() {
        Ok(instant) if instant >= due - slack(instant) && instant <= due + slack(instant) => {
            scene.meets(expected, shown)
        }
        Ok(_) => scene.breaks(expected, shown),
        Err(_) => scene.breaks(expected, format!("{shown}, which is no RFC 3339 time")),
    }
}

/// Whether an instant is the last or the first of a day in some zone: their offsets are quarters of an hour.
fn ends_a_day(instant: Timestamp) -> bool {
    let into_quarter = instant.as_second().rem_euclid(15 * 60);
    into_quarter == 0 || into_quarter == 15 * 60 - 1
}

fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}
