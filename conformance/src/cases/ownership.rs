//! Whose a new key is: its maker's, whomever its create names.

use serde_json::{Value, json};

use super::unissued::is_nobodys_beside;
use crate::case::{Case, Fallback};
use crate::judge::is_refusal;
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::{Made, Who};
use crate::stop::Stop;
use crate::subject::Caller;

/// The members in which a create could name a tenant, and those in which it could name a user.
const TENANT: &[&str] = &[
    "tenantId",
    "clientId",
    "organizationId",
    "organisationId",
    "tenant_id",
    "client_id",
    "organization_id",
    "tenant",
];
const USER: &[&str] = &["userId", "user_id", "ownerId", "owner", "createdBy"];

pub(crate) static CASES: &[Case] = &[Case {
    id: "create/maker-owns-key",
    requirement: "a create that names another tenant or another user makes a key of its maker's, or none",
    codes: &["CRE-14", "ISO-04"],
    situation: Situation::Unsaid,
    fallback: Fallback::Must("OWASP ASVS 5, 8.4.1 and 15.3.3"),
    needs: &[],
    run: |scene| Box::pin(maker_owns_key(scene)),
}];

/// Somebody else, with a key of his own.
struct Rival {
    caller: Caller,
    made: Made,
}

async fn maker_owns_key(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let admin = scene.caller(Who::Admin)?;
    let sound = scene.named_key();
    let sound = scene.create(&admin, &sound).await?;
    scene.key_of(&sound)?;
    let rivals = rivals(scene).await?;
    let claims = claims(scene, &sound, &rivals);
    if claims.is_empty() {
        return Err(Stop::skip(
            "no other tenant or user is known by a name that a create could use",
        ));
    }
    for (what, members, value) in claims {
        let key = scene.named_key();
        let key = scene.spelt(&key);
        let mut request = scene.subject.create(&key);
        if let Some(Value::Object(body)) = &mut request.body {
            body.extend(members.iter().map(|name| ((*name).to_owned(), json!(value))));
        }
        let what = format!("a create that names another {what}");
        let made = scene.create_by(&admin, request, &key.name).await?;
        if made.exchange.is_success() {
            expect_own(scene, &what, &sound, &made, &rivals).await?;
        } else {
            scene.judge_refusal(&what, &made.exchange);
        }
    }
    Ok(())
}

/// Those of the known principals who can make a key.
async fn rivals(scene: &mut Scene<'_>) -> Result<Vec<Rival>, Stop> {
    let mut rivals = Vec::new();
    for who in [Who::Other, Who::Limited] {
        let Ok(caller) = scene.caller(who) else { continue };
        let key = scene.narrow_key();
        let made = scene.create(&caller, &key).await?;
        if made.exchange.is_success() {
            rivals.push(Rival { caller, made });
        }
    }
    Ok(rivals)
}

/// What a create can claim: in words, in which members, and whose it would be.
fn claims(
    scene: &Scene<'_>,
    sound: &Made,
    rivals: &[Rival],
) -> Vec<(&'static str, &'static [&'static str], String)> {
    let tenants = rivals
        .iter()
        .filter_map(|rival| rival.made.issued.tenant.clone())
        .chain(scene.target.other_tenant.clone())
        .filter(|tenant| Some(tenant) != sound.issued.tenant.as_ref())
        .map(|tenant| ("tenant", TENANT, tenant));
    let users = rivals
        .iter()
        .filter_map(|rival| rival.made.issued.user.clone())
        .filter(|user| Some(user) != sound.issued.user.as_ref())
        .map(|user| ("user", USER, user));
    let mut claims: Vec<_> = tenants.chain(users).collect();
    claims.sort();
    claims.dedup();
    claims
}

/// The key must be the maker's by all that can be seen: its answer, the lists, and who can revoke it.
async fn expect_own(
    scene: &mut Scene<'_>,
    what: &str,
    sound: &Made,
    made: &Made,
    rivals: &[Rival],
) -> Result<(), Stop> {
    let key = scene.key_of(made)?;
    let admin = scene.caller(Who::Admin)?;
    let mut signs = Vec::new();
    let differ =
        |own: &Option<String>, shown: &Option<String>| own.is_some() && shown.is_some() && own != shown;
    if differ(&sound.issued.tenant, &made.issued.tenant) || differ(&sound.issued.user, &made.issued.user) {
        signs.push("its answer names another owner");
    }
    if lists(scene, &admin, made).await? == Some(false) && lists(scene, &admin, sound).await? == Some(true) {
        signs.push("the list of its maker leaves it out");
    }
    for rival in rivals {
        // Who sees the maker's other keys as well may see this one.
        if lists(scene, &rival.caller, made).await? == Some(true)
            && lists(scene, &rival.caller, sound).await? == Some(false)
        {
            signs.push("the list of another shows it");
        }
    }
    let exchange = scene.revoke(&admin, &key.id).await?;
    if is_refusal(exchange.status) {
        signs.push("its maker cannot revoke it");
        for rival in rivals {
            let newest = rival.made.issued.record.id.as_deref().unwrap_or_default();
            if rival.caller.base_url == admin.base_url || is_nobodys_beside(&key.id, newest) {
                scene.revoke(&rival.caller, &key.id).await?;
            }
        }
    } else if exchange.is_success() && scene.probe().is_ok() {
        scene
            .expect_refused(&key, "when its maker has revoked it")
            .await?;
    }
    let expected = format!("{what} makes a key of its maker's");
    if signs.is_empty() {
        scene.meets(expected, "it does");
    } else {
        scene.breaks(expected, signs.join(", "));
    }
    Ok(())
}

/// Whether somebody's list shows a key; nothing where there is no list for him.
async fn lists(scene: &Scene<'_>, caller: &Caller, made: &Made) -> Result<Option<bool>, Stop> {
    match scene.list(caller).await {
        Ok(records) => Ok(records.map(|records| {
            records
                .iter()
                .any(|record| record.id.is_some() && record.id == made.issued.record.id)
        })),
        Err(Stop::Error(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}
