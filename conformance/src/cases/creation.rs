//! Making keys side by side and out of odd requests: what is handed out then, and of what quality it is.

use std::collections::BTreeSet;

use futures::future::join;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::case::{Case, Fallback};
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Made, Who};
use crate::stop::Stop;
use crate::subject::Caller;
use crate::wire::Request;

/// So many keys are made side by side, and are in force at once.
const SIDE_BY_SIDE: usize = 13;
/// What a look-up secret must at least have room for (NIST SP 800-63B, 3.1.2.2).
const ROOM_BITS: f64 = 112.0;
/// With less room than this it is no secret (OWASP ASVS 5, 7.2.3 asks for twice as much).
const GUESSABLE_BITS: f64 = 64.0;
/// A run of characters that all keys of a sample share behind their marks is no accident from this length on.
const SHARED_RUN: usize = 8;
/// As far as a server that keeps an end by the minute may be off.
const ROUNDING_SECONDS: i64 = 60;

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "create/parallel-distinct",
        requirement: "keys that are made side by side differ in id and secret, and each of them works",
        codes: &["CON-01", "CON-08", "CRE-06"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("OWASP ASVS 5, 11.5.1 and 15.4.2"),
        needs: &[],
        run: |scene| Box::pin(parallel_distinct(scene)),
    },
    Case {
        id: "create/secret-has-room",
        requirement: "a secret has room for 112 random bits, and keys share nothing but their marks",
        codes: &["CRE-07", "CRE-08", "CRE-11"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("OWASP ASVS 5, 7.2.3 and 11.5.1; NIST SP 800-63B, 3.1.2.2"),
        needs: &[],
        run: |scene| Box::pin(secret_has_room(scene)),
    },
    Case {
        id: "create/secret-has-mark",
        requirement: "a key begins with the mark that is documented for keys",
        codes: &["CRE-09"],
        situation: Situation::KeyMark,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(secret_has_mark(scene)),
    },
    Case {
        id: "create/owned-fields-not-taken",
        requirement: "id, secret, tenant, owner and state of a key are the server's to decide, whatever a create sends",
        codes: &["CRE-14", "ISO-04"],
        situation: Situation::Unsaid,
        fallback: Fallback::Must("OWASP ASVS 5, 15.3.3"),
        needs: &[],
        run: |scene| Box::pin(owned_fields_not_taken(scene)),
    },
    Case {
        id: "create/wrong-media-type-refused",
        requirement: "a create whose body is said to be plain text is refused",
        codes: &["CRE-17"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("RFC 9110, 15.5.16"),
        needs: &[],
        run: |scene| Box::pin(wrong_media_type_refused(scene)),
    },
    Case {
        id: "create/malformed-json-refused",
        requirement: "a create whose body is no JSON is refused, and makes no key",
        codes: &["CRE-17", "CRE-18", "ERR-06"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("RFC 9110, 15.5.1; OWASP ASVS 5, 2.2.1"),
        needs: &[],
        run: |scene| Box::pin(malformed_json_refused(scene)),
    },
    Case {
        id: "create/not-stored",
        requirement: "the answer that holds a secret says that nobody may store it",
        codes: &["SEC-04", "SEC-11"],
        situation: Situation::Unsaid,
        fallback: Fallback::Practice("RFC 9111, 5.2.2.5; OWASP ASVS 5, 14.3.2"),
        needs: &[],
        run: |scene| Box::pin(not_stored(scene)),
    },
    Case {
        id: "create/zone-and-fraction-honoured",
        requirement: "an end with an offset or a fraction of a second is the instant that it names",
        codes: &["EXP-06"],
        situation: Situation::CreateExpiryZone,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(zone_and_fraction_honoured(scene)),
    },
    Case {
        id: "create/impossible-expiry-refused",
        requirement: "a day that no calendar has is no end of a key",
        codes: &["EXP-07"],
        situation: Situation::UnsaidOfInstants,
        fallback: Fallback::Practice("OWASP ASVS 5, 2.2.1"),
        needs: &[],
        run: |scene| Box::pin(impossible_expiry_refused(scene)),
    },
    Case {
        id: "create/omitted-grants",
        requirement: "what a key may do for which no grants were asked is written down",
        codes: &["SCO-05"],
        situation: Situation::CreateOmittedGrants,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(omitted_grants(scene)),
    },
];

async fn parallel_distinct(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.probe()?;
    let admin = scene.caller(Who::Admin)?;
    let keys: Vec<_> = (0..SIDE_BY_SIDE).map(|_| scene.named_key()).collect();
    let mut made = Vec::new();
    for one in scene.create_at_once(&admin, &keys).await? {
        let one = one?;
        let status = one.exchange.status;
        if !one.exchange.is_success() {
            // A limit may stand in the way of some; an error of the server may not.
            let seen = format!("{} answered {status}", one.exchange.line());
            match status {
                500.. => scene.breaks("a create beside others is answered", seen),
                _ => scene.observes("a create beside others is answered", seen),
            }
            continue;
        }
        made.push(scene.key_of(&one)?);
    }
    if made.len() < 2 {
        return Err(Stop::skip("the target does not make several keys side by side"));
    }
    let swapped = made
        .iter()
        .find(|key| key.record.name.as_ref().is_some_and(|shown| *shown != key.name));
    let expected = "each answer names the key that it was asked for";
    match swapped {
        None => scene.meets(expected, "each does"),
        Some(_) => scene.breaks(expected, "one has another name"),
    }
    expect_distinct(scene, "ids", made.iter().map(|key| &key.id));
    expect_distinct(scene, "secrets", made.iter().map(|key| &key.secret));
    let (uses, listed) = join(uses_of(scene, &made), scene.list(&admin)).await;
    let working = uses?.into_iter().filter(|works| *works).count();
    let expected = "every key that was made side by side with others works";
    if working == made.len() {
        scene.meets(expected, "all of them do");
    } else {
        scene.breaks(
            expected,
            format!("{} of {} do not", made.len() - working, made.len()),
        );
    }
    let torn = listed?
        .unwrap_or_default()
        .iter()
        .any(|record| record.id.is_none());
    if torn {
        scene.warns(
            "OWASP ASVS 5, 15.4.2",
            "a list beside writes is whole",
            "an entry has no id",
        );
    }
    Ok(())
}

fn expect_distinct<'a>(scene: &mut Scene<'_>, what: &str, values: impl Iterator<Item = &'a String>) {
    let values: Vec<&String> = values.collect();
    let different: BTreeSet<&&String> = values.iter().collect();
    let expected = format!("the {what} of all keys differ");
    if different.len() == values.len() {
        scene.meets(expected, format!("the {what} differ"));
    } else {
        scene.breaks(expected, format!("two {what} are the same"));
    }
}

async fn uses_of(scene: &Scene<'_>, keys: &[Key]) -> Result<Vec<bool>, Stop> {
    let request = scene.probe()?.request.clone();
    let calls = keys
        .iter()
        .map(|key| (scene.bearer_of(&key.secret), request.clone()))
        .collect();
    let exchanges = scene.send_all(calls).await?;
    Ok(exchanges.iter().map(|exchange| exchange.is_success()).collect())
}

async fn secret_has_room(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let others: Vec<String> = scene.minted.iter().map(|(secret, _)| secret.clone()).collect();
    let random = behind_marks(&key.secret);
    let bits = random.chars().count() as f64 * alphabet_of(random).log2();
    let expected = "a secret has room for 112 random bits";
    if bits >= ROOM_BITS {
        scene.meets(expected, "it has");
    } else if bits >= GUESSABLE_BITS {
        scene.falls_short(expected, format!("it has room for {bits:.0}"));
    } else {
        scene.breaks(
            expected,
            format!("it has room for {bits:.0}, which can be guessed"),
        );
    }
    let expected = "keys share nothing but their marks";
    match shared_run(&others) {
        Some(length) if length * 2 >= random.len() && length > 1 => {
            scene.breaks(
                expected,
                format!(
                    "{length} of {} characters are the same in all of them",
                    random.len()
                ),
            );
        }
        Some(length) if length >= SHARED_RUN => {
            scene.falls_short(
                expected,
                format!("{length} characters are the same in all of them"),
            );
        }
        _ => scene.meets(expected, "they share nothing else"),
    }
    Ok(())
}

/// The part of a key that can be random.
fn behind_marks(secret: &str) -> &str {
    let from = secret
        .char_indices()
        .take(12)
        .filter(|(_, one)| *one == '_')
        .last()
        .map_or(0, |(place, _)| place + 1);
    &secret[from..]
}

/// How many different characters there may be, judged by those that were seen.
fn alphabet_of(text: &str) -> f64 {
    let any = |kind: fn(&char) -> bool| text.chars().any(|one| kind(&one));
    let hexadecimal = text
        .chars()
        .all(|one| one.is_ascii_hexdigit() && !one.is_ascii_uppercase());
    if hexadecimal && any(char::is_ascii_lowercase) {
        return 16.0;
    }
    let digits = if any(char::is_ascii_digit) { 10.0 } else { 0.0 };
    let small = if any(char::is_ascii_lowercase) { 26.0 } else { 0.0 };
    let capital = if any(char::is_ascii_uppercase) { 26.0 } else { 0.0 };
    f64::max(digits + small + capital, 2.0)
}

/// The longest run of characters at one and the same place of all keys behind their marks; none if the sample is small.
fn shared_run(secrets: &[String]) -> Option<usize> {
    if secrets.len() < 4 {
        return None;
    }
    let tails: Vec<&[u8]> = secrets.iter().map(|one| behind_marks(one).as_bytes()).collect();
    let length = tails.iter().map(|tail| tail.len()).min().unwrap_or_default();
    let (mut run, mut longest) = (0, 0);
    for place in 0..length {
        let same = tails.iter().all(|tail| tail[place] == tails[0][place]);
        run = if same { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    Some(longest)
}

async fn secret_has_mark(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    match scene.subject.mark() {
        None => scene.observes(
            "a key has a mark",
            format!("it begins with {}", mark_of(&key.secret)),
        ),
        Some(mark) if key.secret.starts_with(mark) => {
            scene.meets(format!("a key begins with {mark}"), "it does");
        }
        Some(mark) => scene.breaks(format!("a key begins with {mark}"), "it begins otherwise"),
    }
    Ok(())
}

/// The marks of a key without anything of its random part.
fn mark_of(secret: &str) -> &str {
    let mark = secret.len() - behind_marks(secret).len();
    match &secret[..mark] {
        "" => "no mark",
        mark => mark,
    }
}

async fn owned_fields_not_taken(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    // That an ordinary request is accepted shows what is done with the rest.
    let sound = scene.key().await?;
    let key = scene.named_key();
    let key = scene.spelt(&key);
    let chosen = Chosen::like(&sound, scene.target.other_tenant.clone());
    let mut request = scene.subject.create(&key);
    if let Some(Value::Object(members)) = &mut request.body {
        for (name, value) in chosen.members() {
            members.entry(name).or_insert(value);
        }
    }
    scene.vault.keep(&chosen.secret);
    let made = scene.create_by(&admin, request, &key.name).await?;
    if !made.exchange.is_success() {
        scene.judge_refusal("with members that are the server's own", &made.exchange);
        return Ok(());
    }
    judge_owned(scene, &made, &chosen).await
}

/// What a create sends although it is not the sender's to say.
struct Chosen {
    id: Value,
    secret: String,
    tenant: Option<String>,
}

impl Chosen {
    /// An id like a known one, so that it could be taken.
    fn like(key: &Key, tenant: Option<String>) -> Self {
        let id = match key.id.parse::<u64>() {
            Ok(number) => json!(number + 1_000_003),
            Err(_) => json!("0b5e55ed-0000-4000-8000-00000c0ffee5"),
        };
        let mark = key.secret.len() - behind_marks(&key.secret).len();
        let secret = format!("{}00000000chosen000000by000000sender00", &key.secret[..mark]);
        Self { id, secret, tenant }
    }

    fn members(&self) -> Vec<(String, Value)> {
        let secret = ["plain_text_key", "plaintextKey", "rawKey", "key", "secret"]
            .map(|name| (name, json!(self.secret)));
        let state = [
            ("status", json!("revoked")),
            ("isActive", json!(false)),
            ("revokedAt", json!("2001-01-01T00:00:00.000Z")),
            ("createdAt", json!("2001-01-01T00:00:00.000Z")),
        ];
        let tenant = self
            .tenant
            .iter()
            .flat_map(|tenant| ["tenantId", "clientId", "organizationId"].map(|name| (name, json!(tenant))));
        std::iter::once(("id", self.id.clone()))
            .chain(secret)
            .chain(state)
            .chain(tenant)
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

async fn judge_owned(scene: &mut Scene<'_>, made: &Made, chosen: &Chosen) -> Result<(), Stop> {
    let key = scene.key_of(made)?;
    let id = chosen
        .id
        .as_str()
        .map_or_else(|| chosen.id.to_string(), str::to_owned);
    let mut taken = Vec::new();
    if key.id == id {
        taken.push("id");
    }
    if key.secret == chosen.secret {
        taken.push("secret");
    }
    if chosen.tenant.is_some() && made.issued.tenant == chosen.tenant {
        taken.push("tenant");
    }
    let expected = "what is the server's own is not taken from a create";
    if taken.is_empty() {
        scene.meets(expected, "nothing is taken");
    } else {
        scene.breaks(expected, format!("taken: {}", taken.join(", ")));
    }
    if scene.probe().is_ok() {
        scene
            .expect_working(&key, "whatever state its create named")
            .await?;
        let caller = scene.bearer_of(&chosen.secret);
        let exchange = scene.send(&caller, scene.probe()?.request.clone()).await?;
        if exchange.is_success() {
            scene.breaks("a secret of the sender's choice opens nothing", "it opens a read");
        }
    }
    Ok(())
}

async fn wrong_media_type_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let (request, name) = sound_request(scene).await?;
    let bytes = request.body.clone().unwrap_or_default().to_string();
    let request = request.raw(Some("text/plain"), bytes);
    refuse_odd(scene, "with a body of plain text", request, &name).await
}

async fn malformed_json_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    for (what, cut) in [
        ("with JSON that breaks off", 1),
        ("with an empty body", usize::MAX),
    ] {
        let (request, name) = sound_request(scene).await?;
        let mut bytes = request.body.clone().unwrap_or_default().to_string().into_bytes();
        bytes.truncate(bytes.len().saturating_sub(cut));
        let request = request.raw(Some("application/json"), bytes);
        // A body that need not be there may be left out altogether.
        if cut == usize::MAX
            && matches!(
                scene.statement(Situation::CreateMissingName),
                Statement::Absent { .. }
            )
        {
            continue;
        }
        refuse_odd(scene, what, request, &name).await?;
    }
    Ok(())
}

async fn sound_request(scene: &mut Scene<'_>) -> Result<(Request, String), Stop> {
    if scene.findings.is_empty() {
        scene.key().await?;
    }
    let key = scene.named_key();
    let key = scene.spelt(&key);
    Ok((scene.subject.create(&key), key.name))
}

async fn refuse_odd(scene: &mut Scene<'_>, what: &str, request: Request, name: &str) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create_by(&admin, request, name).await?;
    scene.judge_refusal(what, &made.exchange);
    if !made.exchange.is_success() && !made.issued.secrets.is_empty() {
        scene.breaks(format!("{what}: no key is handed out"), "the answer holds one");
    }
    Ok(())
}

async fn not_stored(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.key().await?;
    let said: Vec<String> = key
        .exchange
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("cache-control"))
        .map(|(_, value)| String::from_utf8_lossy(value).to_ascii_lowercase())
        .collect();
    let expected = "Cache-Control has no-store";
    if said.iter().any(|value| value.contains("no-store")) {
        scene.meets(expected, "it has");
    } else if said.is_empty() {
        scene.falls_short(expected, "there is no Cache-Control");
    } else {
        scene.falls_short(expected, said.join(", "));
    }
    Ok(())
}

async fn zone_and_fraction_honoured(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let due = Timestamp::from_second(scene.now().as_second() + 40 * 86_400)
        .map_err(|_| Stop::error("there is no such time"))?;
    let east =
        jiff::tz::Offset::from_seconds(5 * 3600 + 1800).map_err(|_| Stop::error("there is no such zone"))?;
    let plain = due.display_with_offset(east).to_string();
    let fraction = format!("{}.123456Z", due.to_string().trim_end_matches('Z'));
    for (what, written) in [
        ("with an offset", plain),
        ("with a fraction of a second", fraction),
    ] {
        let key = scene.named_key();
        let key = scene.spelt(&key);
        let mut request = scene.subject.create(&key);
        if let Some(body) = &mut request.body {
            body["expiresAt"] = json!(written);
        }
        let made = scene.create_by(&admin, request, &key.name).await?;
        let line = made.exchange.line();
        if !made.exchange.is_success() {
            let seen = format!("{line} answered {}", made.exchange.status);
            match made.exchange.status {
                500.. => scene.breaks(format!("{what}: the end is understood"), seen),
                _ => scene.warns("RFC 3339, 5.6", format!("{what}: the end is understood"), seen),
            }
            continue;
        }
        let shown = made.issued.record.expires.as_deref();
        let expected = format!("{what}: the end shown is {due}");
        match shown.map(str::parse::<Timestamp>) {
            Some(Ok(end)) if end.duration_since(due).as_secs().abs() <= ROUNDING_SECONDS => {
                scene.meets(expected, "the same instant is shown");
            }
            Some(_) => scene.breaks(expected, shown.unwrap_or_default()),
            None => scene.observes(expected, "no end is shown"),
        }
    }
    if scene.probe().is_ok() {
        offset_is_enforced(scene, &admin).await?;
    }
    Ok(())
}

/// An end soon, written so far west that whoever leaves the offset out takes it to be over.
async fn offset_is_enforced(scene: &mut Scene<'_>, admin: &Caller) -> Result<(), Stop> {
    let end = Timestamp::from_second(scene.now().as_second() + 3_600)
        .map_err(|_| Stop::error("there is no such time"))?;
    let west = jiff::tz::Offset::from_seconds(-5 * 3600).map_err(|_| Stop::error("there is no such zone"))?;
    let key = scene.named_key();
    let key = scene.spelt(&key);
    let mut request = scene.subject.create(&key);
    if let Some(body) = &mut request.body {
        body["expiresAt"] = json!(end.display_with_offset(west).to_string());
    }
    let made = scene.create_by(admin, request, &key.name).await?;
    let expected = "a key whose end is in an hour, west of here, works";
    if made.exchange.is_success() {
        let key = scene.key_of(&made)?;
        scene
            .expect_working(
                &key,
                "within the hour that its end, written with an offset, leaves it",
            )
            .await?;
    } else {
        let seen = format!("{} answered {}", made.exchange.line(), made.exchange.status);
        scene.warns("RFC 3339, 5.6", expected, seen);
    }
    Ok(())
}

async fn impossible_expiry_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    for (what, written) in [
        ("with a thirtieth of February", "2031-02-30T00:00:00Z"),
        ("with a thirteenth month", "2031-13-01T00:00:00Z"),
    ] {
        let (mut request, name) = sound_request(scene).await?;
        if let Some(body) = &mut request.body {
            body["expiresAt"] = json!(written);
        }
        refuse_odd(scene, what, request, &name).await?;
    }
    Ok(())
}

async fn omitted_grants(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.probe()?;
    let admin = scene.caller(Who::Admin)?;
    let key = scene.named_key();
    let mut request = scene.subject.create(&key);
    if let Some(Value::Object(members)) = &mut request.body {
        members.retain(|name, _| !matches!(name.as_str(), "scope" | "scopes" | "permissions"));
    }
    let made = scene.create_by(&admin, request, &key.name).await?;
    if !made.exchange.is_success() {
        scene.judge_reply("create without grants", &made.exchange);
        return Ok(());
    }
    let key = scene.key_of(&made)?;
    let probes = scene.setup.probes.clone();
    let calls = probes
        .iter()
        .map(|probe| (scene.bearer_of(&key.secret), probe.request.clone()))
        .collect();
    let exchanges = scene.send_all(calls).await?;
    let opened: Vec<String> = probes
        .iter()
        .zip(&exchanges)
        .filter(|(probe, exchange)| probe.grant.is_some() && exchange.is_success())
        .map(|(_, exchange)| exchange.line())
        .collect();
    let seen = match opened.is_empty() {
        true => "no read that asks for a grant".to_owned(),
        false => opened.join(", "),
    };
    scene.observes("nothing in particular", format!("such a key opens {seen}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_reckoned_from_what_can_be_random() {
        assert_eq!(behind_marks("rtn_sk_a1b2"), "a1b2");
        assert_eq!(behind_marks("abcdef"), "abcdef");
        assert_eq!(mark_of("tgo_Rm9v"), "tgo_");
        assert_eq!(mark_of("Rm9v"), "no mark");
        assert!((alphabet_of("a1b2") - 16.0).abs() < 0.1);
        assert!((alphabet_of("aZ9") - 62.0).abs() < 0.1);
    }

    #[test]
    fn what_all_keys_share_behind_their_marks_is_found() {
        let keys = |tails: &[&str]| tails.iter().map(|tail| format!("k_{tail}")).collect::<Vec<_>>();
        assert_eq!(shared_run(&keys(&["abcd1", "abcd2", "abcd3", "abcd4"])), Some(4));
        assert_eq!(shared_run(&keys(&["abcd1", "wxyz2", "mnop3", "efgh4"])), Some(0));
        assert_eq!(shared_run(&keys(&["abcd1", "abcd2"])), None);
    }
}
