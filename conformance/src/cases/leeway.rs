//! What a create may be, and must then be taken as it is: names of any characters, and bodies that leave out what is
//! left to the caller.

use serde_json::Value;

use crate::case::{Case, Fallback};
use crate::judge::is_refusal;
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;
use crate::subject::NewKey;

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "create/name-kept-as-sent",
        requirement: "a name is shown as it was sent: its capitals, its letters beyond ASCII, its punctuation, all of it",
        codes: &["CRE-12"],
        situation: Situation::CreateEcho,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(name_kept_as_sent(scene)),
    },
    Case {
        id: "create/longest-name-accepted",
        requirement: "a name of the longest length that is documented is taken",
        codes: &["CRE-01", "CRE-13"],
        situation: Situation::CreateLongName,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(longest_name_accepted(scene)),
    },
    Case {
        id: "create/optional-is-optional",
        requirement: "what the document leaves to the caller may be left out, or be null where it says so",
        codes: &["CRE-01"],
        situation: Situation::Create,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(optional_is_optional(scene)),
    },
];

async fn name_kept_as_sent(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    let mut made = Vec::new();
    for (what, rest) in NAMES {
        let mut key = scene.named_key();
        key.name.push_str(rest);
        let one = scene.create(&admin, &key).await?;
        let status = one.exchange.status;
        let expected = format!("a name {what} is shown as it was sent");
        let seen = format!("{} answered {status}", one.exchange.line());
        match status {
            200..300 => match &one.issued.record.name {
                Some(shown) if *shown == key.name => scene.meets(expected, "it is"),
                Some(_) => scene.breaks(expected, "another one is shown"),
                // Whether it must be shown is another case's to say.
                None => scene.observes(expected, "no name is shown"),
            },
            // No page says which characters a name may have.
            400..500 => scene.observes(expected, seen),
            _ => scene.breaks(expected, seen),
        }
        made.extend(one.issued.record.id.map(|id| (what, id, key.name)));
    }
    let Some(records) = scene.list(&admin).await? else {
        return Ok(());
    };
    for (what, id, name) in made {
        let listed = records.iter().find(|record| record.id.as_ref() == Some(&id));
        let Some(shown) = listed.and_then(|record| record.name.as_ref()) else {
            continue;
        };
        let expected = format!("a name {what} is listed as it was sent");
        match *shown == name {
            true => scene.meets(expected, "it is"),
            false => scene.breaks(expected, "another one is listed"),
        }
    }
    Ok(())
}

/// What is put behind a name of the run's. No letter of these has a second spelling in Unicode.
const NAMES: [(&str, &str); 4] = [
    ("with capitals", " of Production EU"),
    ("beyond ASCII", " für 本番 🔑"),
    ("with punctuation", r#" O'Neill & "Sons" <b>; 100% \ #1"#),
    (
        "of more than a hundred characters",
        " of the nightly export from the warehouse to the ledger that somebody keeps for the auditors of last year",
    ),
];

async fn longest_name_accepted(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(longest) = scene.subject.longest_name() else {
        return Err(Stop::skip("no longest name is documented"));
    };
    // That an ordinary request is accepted shows that it is the length which is not.
    scene.key().await?;
    let admin = scene.caller(Who::Admin)?;
    let sound = scene.named_key();
    let key = NewKey {
        name: format!("{:x<longest$}", sound.name),
        ..sound
    };
    let made = scene.create(&admin, &key).await?;
    let expected = format!("a name of {longest} characters is taken");
    let seen = format!("{} answered {}", made.exchange.line(), made.exchange.status);
    if !made.exchange.is_success() {
        scene.breaks(expected, seen);
        return Ok(());
    }
    match &made.issued.record.name {
        Some(shown) if *shown != key.name => scene.breaks(expected, "another name is shown"),
        _ => scene.meets(expected, seen),
    }
    Ok(())
}

async fn optional_is_optional(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    // That an ordinary request is accepted shows that it is the leaving out which is not.
    scene.key().await?;
    let model = scene.named_key();
    let mut has_nameless = false;
    for (what, request) in scene.subject.least(&scene.spelt(&model)) {
        let name = scene.next_name();
        let request = request.named(&name);
        let is_nameless = |body: &Value| body.get("name").is_none_or(Value::is_null);
        let is_nameless = request.body.as_ref().is_none_or(is_nameless);
        let made = scene.create_by(&admin, request, &name).await?;
        if has_nameless && is_nameless && is_refusal(made.exchange.status) {
            // Two without a name may be two of one name to somebody who wants them to differ.
            scene.observes(
                what,
                format!("a second one is refused with {}", made.exchange.status),
            );
            continue;
        }
        has_nameless |= is_nameless && made.exchange.is_success();
        scene.judge_reply(what, &made.exchange);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subjects;
    use http::HeaderMap;
    use keyway_openapi::{RequestView, Route, Vendor};

    #[test]
    fn what_is_left_out_is_what_the_document_leaves_to_the_caller() {
        for vendor in Vendor::PLAYED {
            let subject = subjects::of(vendor);
            let key = NewKey {
                name: "keyway".to_owned(),
                grants: subject.wide().remove(0),
                expiry: None,
            };
            for (what, request) in subject.least(&key) {
                let Route::Found { operation, .. } = vendor.contract().find("POST", &request.path) else {
                    panic!("{vendor} has no {}", request.path);
                };
                let mut headers = HeaderMap::new();
                headers.insert("content-type", "application/json".parse().unwrap());
                let body = request.body.unwrap_or_default().to_string().into_bytes();
                let view = RequestView {
                    path_params: &[],
                    query: "",
                    headers: &headers,
                    body: &body,
                };
                let wrong = vendor.contract().check_request(operation, &view).err();
                let of_body = wrong
                    .into_iter()
                    .flatten()
                    .find(|violation| violation.place == keyway_openapi::Place::Body);
                assert!(of_body.is_none(), "{vendor} {what}: {}", of_body.unwrap());
            }
        }
    }

    #[test]
    fn a_name_with_punctuation_is_short_and_one_is_long() {
        let lengths = NAMES.map(|(_, rest)| rest.chars().count());
        assert!(lengths[3] > 100 && lengths.iter().sum::<usize>() < 255);
    }
}
