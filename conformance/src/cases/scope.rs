//! Grants: each opens what it says, and nothing else.

use super::operations;
use crate::case::{Case, Fallback};
use crate::exchange::Exchange;
use crate::judge::is_refusal;
use crate::profile::{Situation, Statement};
use crate::scene::Scene;
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::{NewKey, Probe};

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "scope/missing-grant-refused",
        requirement: "a key without the grant that an operation asks for is refused there",
        codes: &["SCO-01", "SCO-02"],
        situation: Situation::ScopeMissing,
        fallback: Fallback::Must("OWASP ASVS 5, 8.2.1"),
        needs: &[],
        run: |scene| Box::pin(missing_grant_refused(scene)),
    },
    Case {
        id: "scope/grant-opens-its-operations",
        requirement: "a key with exactly one grant opens the reads of that grant",
        codes: &["SCO-02", "SCO-07"],
        situation: Situation::ScopeOpens,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(grant_opens_its_operations(scene)),
    },
    Case {
        id: "scope/management-needs-its-grant",
        requirement: "a key that was not granted the management of keys, or of what holds keys, manages none",
        codes: &["SCO-03", "CRE-15"],
        situation: Situation::ScopeManagement,
        fallback: Fallback::Observe,
        needs: &[],
        run: |scene| Box::pin(management_needs_its_grant(scene)),
    },
];

async fn missing_grant_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let guarded = guarded(scene);
    let others = scene.subject.other_grants().iter().copied();
    for grant in grantable(scene).into_iter().chain(others) {
        let closed: Vec<Probe> = guarded
            .iter()
            .filter(|probe| probe.grant != Some(grant))
            .cloned()
            .collect();
        if closed.is_empty() {
            continue;
        }
        let Some(key) = key_if_granted(scene, grant).await? else {
            continue;
        };
        demand_authenticating(scene, &key, grant).await?;
        expect_writes_closed(scene, &key, grant).await?;
        for probe in closed {
            let exchange = scene
                .send(&scene.bearer_of(&key.secret), probe.request.clone())
                .await?;
            // A read that accepted no key so far may not be served at all; then it is not about the grant.
            let served = scene.setup.probes.iter().any(|known| known.is_at(&probe));
            if served || exchange.is_success() || matches!(exchange.status, 401 | 403) {
                scene.judge_refusal(&format!("with {grant} only"), &exchange);
            }
        }
    }
    if scene.findings.is_empty() {
        return Err(Stop::skip(
            "the target serves no read that asks for a grant which some key can be without",
        ));
    }
    Ok(())
}

/// What changes anything is closed to a key without the grant for it, too. A server may look at the request first.
async fn expect_writes_closed(scene: &mut Scene<'_>, key: &Key, grant: &str) -> Result<(), Stop> {
    let requests = operations::all_but_create(scene).await?;
    for (operation, request) in requests {
        let demanded = scene.subject.grant_for(operation);
        if operation.method() == "GET" || demanded.is_none_or(|demanded| demanded == grant) {
            continue;
        }
        let holder = scene.bearer_of(&key.secret);
        let exchange = scene.send(&holder, request).await?;
        let expected = format!("with {grant} only: {} is refused", exchange.line());
        let seen = format!("answered {}", exchange.status);
        match exchange.status {
            200..300 => scene.breaks(expected, seen),
            401 | 403 => scene.meets(expected, seen),
            _ => scene.observes(expected, format!("{seen}, for another reason")),
        }
    }
    Ok(())
}

async fn grant_opens_its_operations(scene: &mut Scene<'_>) -> Result<(), Stop> {
    expect_wide_to_open_everything(scene).await?;
    for (grants, opened) in grants_that_open(scene) {
        let grant = grants.join(", ");
        let key = key_with(scene, &grant).await?;
        for probe in opened {
            let exchange = scene.send(&scene.bearer_of(&key.secret), probe.request).await?;
            expect_open(scene, &grant, &exchange);
        }
    }
    if scene.findings.is_empty() {
        return Err(Stop::error(
            "no read could be tried; see create/key-works-at-once",
        ));
    }
    Ok(())
}

/// The widest key must not be turned away anywhere; a read that the target does not serve is no matter.
async fn expect_wide_to_open_everything(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let widest = scene.subject.wide().into_iter().next().unwrap_or_default();
    if scene.setup.wide != widest {
        return Ok(());
    }
    let key = scene.key().await?;
    let minted = scene.setup.minted.clone();
    for probe in scene
        .subject
        .probes(minted.as_deref(), scene.target.tenant.as_deref())
    {
        let exchange = scene.send(&scene.bearer_of(&key.secret), probe.request).await?;
        if exchange.is_success() || matches!(exchange.status, 401 | 403) {
            expect_open(scene, "everything", &exchange);
        }
    }
    Ok(())
}

fn expect_open(scene: &mut Scene<'_>, grant: &str, exchange: &Exchange) {
    let expected = format!("a key with {grant} opens {}", exchange.line());
    let seen = format!("{} answered {}", exchange.line(), exchange.status);
    if exchange.is_success() {
        scene.meets(expected, seen)
    } else {
        scene.breaks(expected, seen)
    }
}

async fn management_needs_its_grant(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let sibling = scene.working_key().await?;
    let narrow = scene.narrow_key();
    let key = scene.key_from(Who::Admin, &narrow).await?;
    let holder = scene.manager(&key.secret)?;
    let another = scene.narrow_key();
    let managing = NewKey {
        grants: scene.subject.with_management(),
        ..scene.named_key()
    };
    // Whose grants are looked at must be the creator's, not those that it asks for.
    for (what, key) in [
        ("create by a key that may not manage keys", another),
        (
            "create of a managing key by one that may not manage keys",
            managing,
        ),
    ] {
        let made = scene.create(&holder, &key).await?;
        scene.judge_refusal(what, &made.exchange);
    }
    let exchange = scene.revoke(&holder, &sibling.id).await?;
    scene.judge_refusal("revoke by a key that may not manage keys", &exchange);
    if scene.subject.lists_for_managers_only()
        && let Some(request) = scene.subject.list(0)
    {
        let listed = scene.send(&holder, request).await?;
        scene.judge_refusal("list by a key that may not manage keys", &listed);
    }
    // Elsewhere the reads tell which grants are asked for, and the writes are tried with them.
    if matches!(scene.statement(Situation::ScopeMissing), Statement::Absent { .. }) {
        expect_writes_closed(scene, &key, &narrow.grants.join(", ")).await?;
    }
    // Where the vendor says nothing such a key may revoke; an answer that says it did not must be true all the same.
    let silent = matches!(
        scene.statement(Situation::ScopeManagement),
        Statement::Silent { .. }
    );
    if !silent || is_refusal(exchange.status) {
        scene
            .expect_working(&sibling, "after a revoke that was refused")
            .await?;
    }
    Ok(())
}

/// The reads that ask for a grant.
fn guarded(scene: &Scene<'_>) -> Vec<Probe> {
    let minted = scene.setup.minted.clone();
    scene
        .subject
        .probes(minted.as_deref(), scene.target.tenant.as_deref())
        .into_iter()
        .filter(|probe| probe.grant.is_some())
        .collect()
}

/// Each grant that a key can be given alone, with the reads that accepted the first key and that it is to open.
pub(super) fn grants_that_open(scene: &Scene<'_>) -> Vec<(Vec<String>, Vec<Probe>)> {
    grantable(scene)
        .into_iter()
        .map(|grant| {
            let opened = scene
                .setup
                .probes
                .iter()
                .filter(|probe| probe.grant.is_none() || probe.grant == Some(grant))
                .cloned()
                .collect::<Vec<Probe>>();
            (vec![grant.to_owned()], opened)
        })
        .filter(|(_, opened)| !opened.is_empty())
        .collect()
}

/// The known grants, without those that the admin was seen not to have.
fn grantable(scene: &Scene<'_>) -> Vec<&'static str> {
    let widest = scene.subject.wide().into_iter().next().unwrap_or_default();
    let wide = &scene.setup.wide;
    known_grants(scene)
        .into_iter()
        .filter(|grant| *wide == widest || wide.iter().any(|one| one == grant))
        .collect()
}

/// Every grant that some read of the vendor asks for.
fn known_grants(scene: &Scene<'_>) -> Vec<&'static str> {
    let mut grants = Vec::new();
    let minted = scene.setup.minted.clone();
    for probe in scene.subject.probes(minted.as_deref(), None) {
        if let Some(grant) = probe.grant
            && !grants.contains(&grant)
        {
            grants.push(grant);
        }
    }
    grants
}

/// A key with one grant; none where the admin may not give it, which only grants that no read asks for are forgiven.
async fn key_if_granted(scene: &mut Scene<'_>, grant: &str) -> Result<Option<Key>, Stop> {
    if !scene.subject.other_grants().contains(&grant) {
        return key_with(scene, grant).await.map(Some);
    }
    let admin = scene.caller(Who::Admin)?;
    let key = NewKey {
        grants: vec![grant.to_owned()],
        ..scene.named_key()
    };
    let made = scene.create(&admin, &key).await?;
    match is_refusal(made.exchange.status) {
        true => Ok(None),
        false => scene.key_of(&made).map(Some),
    }
}

async fn key_with(scene: &mut Scene<'_>, grant: &str) -> Result<Key, Stop> {
    let key = NewKey {
        grants: vec![grant.to_owned()],
        ..scene.named_key()
    };
    scene.key_from(Who::Admin, &key).await
}

/// A key that does not authenticate at all would be refused for another reason.
async fn demand_authenticating(scene: &Scene<'_>, key: &Key, grant: &str) -> Result<(), Stop> {
    let own = scene
        .setup
        .probes
        .iter()
        .find(|probe| probe.grant.is_none() || probe.grant == Some(grant));
    let Some(probe) = own.cloned() else {
        return Ok(());
    };
    let exchange = scene.send(&scene.bearer_of(&key.secret), probe.request).await?;
    if exchange.is_success() {
        return Ok(());
    }
    let line = exchange.line();
    Err(Stop::error(format!(
        "the case needs a key with {grant} that works, and {line} answered {}",
        exchange.status
    )))
}
