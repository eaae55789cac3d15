//! Every protected operation of the vendor's document, and not only the reads on which keys prove themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use keyway_openapi::{Location, Operation};

use super::bodies::body_for;
use super::unissued;
use super::usage::{AUTHENTICATION, invented};
use crate::case::{Case, Fallback};
use crate::exchange::Exchange;
use crate::judge::is_refusal;
use crate::profile::Situation;
use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;
use crate::subject::{Caller, segment};
use crate::wire::Request;

/// What a query that is required is filled with: it looks like a telephone number, and belongs to nobody.
const FILLER: &str = "%2B201000000000";

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "use/every-operation-closed",
        requirement: "no operation of the document that asks for a credential is performed without one",
        codes: &["AUT-01", "SCO-02"],
        situation: Situation::UseAnonymous,
        fallback: AUTHENTICATION,
        needs: &[],
        run: |scene| Box::pin(closed_to_nobody(scene)),
    },
    Case {
        id: "revoke/every-operation-closed",
        requirement: "no operation of the document, read or write, is performed with a revoked key",
        codes: &["REV-02"],
        situation: Situation::UseRevoked,
        fallback: Fallback::Must("OWASP ASVS 5, 7.4.1 and 8.3.2; NIST SP 800-63B"),
        needs: &[],
        run: |scene| Box::pin(closed_to_the_revoked(scene)),
    },
];

/// The operations that ask for a credential.
pub(crate) fn protected(operations: &[Operation]) -> impl Iterator<Item = &Operation> {
    operations.iter().filter(|operation| {
        let ways = operation.security();
        !ways.is_empty() && ways.iter().all(|way| way.schemes().next().is_some())
    })
}

async fn closed_to_nobody(scene: &mut Scene<'_>) -> Result<(), Stop> {
    scene.working_key().await?;
    let nobody = scene.caller(Who::Nobody)?;
    let answers = ask_all(scene, &nobody).await?;
    judge_all(scene, "without a credential", &answers)
}

async fn closed_to_the_revoked(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let key = scene.working_key().await?;
    let unknown = scene.manager(&invented(&key.secret))?;
    let holder = scene.manager(&key.secret)?;
    scene.revoked(&key).await?;
    let refused = scene.use_key(&key.secret).await?;
    let answers = ask_all(scene, &holder).await?;
    if answers.iter().any(|exchange| exchange.is_success()) {
        scene.mark_open(&key);
    }
    judge_all(scene, "with a revoked key", &answers)?;
    let strangers = ask_all(scene, &unknown).await?;
    for (exchange, stranger) in answers.iter().zip(&strangers) {
        judge_by_a_stranger(scene, exchange, stranger, &refused);
    }
    Ok(())
}

/// No operation is performed with a key that has come to its end, be it a read on which keys prove themselves or not.
pub(super) async fn closed_to_the_expired(scene: &mut Scene<'_>, secret: &str) -> Result<(), Stop> {
    let holder = scene.manager(secret)?;
    let unknown = scene.manager(&invented(secret))?;
    let refused = scene.use_key(secret).await?;
    let answers = ask_all(scene, &holder).await?;
    judge_all(scene, "with an expired key", &answers)?;
    let strangers = ask_all(scene, &unknown).await?;
    for (exchange, stranger) in answers.iter().zip(&strangers) {
        judge_by_a_stranger(scene, exchange, stranger, &refused);
    }
    Ok(())
}

/// Sends one request to each protected operation. A key that is made by one of them is cleaned up like any other.
async fn ask_all(scene: &mut Scene<'_>, caller: &Caller) -> Result<Vec<Arc<Exchange>>, Stop> {
    let key = scene.narrow_key();
    let key = scene.spelt(&key);
    let create = scene.subject.create(&key);
    let calls = all_but_create(scene)
        .await?
        .into_iter()
        .map(|(_, request)| (caller.clone(), request))
        .collect();
    let mut answers = scene.send_all(calls).await?;
    answers.push(scene.create_by(caller, create, &key.name).await?.exchange);
    Ok(answers)
}

/// A request to each protected operation but the one that makes keys.
pub(super) async fn all_but_create(
    scene: &mut Scene<'_>,
) -> Result<Vec<(&'static Operation, Request)>, Stop> {
    let invented = unissued::beside(scene, &any_id(scene)).await?.id;
    let key = scene.narrow_key();
    let create = scene.subject.create(&key);
    let operations = scene.target.vendor().contract().operations();
    Ok(protected(operations)
        .map(|operation| (operation, request_for(scene, operation, &invented)))
        .filter(|(_, request)| (request.method, &request.path) != (create.method, &create.path))
        .collect())
}

fn any_id(scene: &Scene<'_>) -> String {
    scene.ids().last().unwrap_or_default().to_owned()
}

/// A request as the document has it, on things that nobody has.
fn request_for(scene: &Scene<'_>, operation: &Operation, invented: &str) -> Request {
    let mut path = operation.full_path();
    for parameter in operation.parameters() {
        if parameter.location() == Location::Path {
            let named_after_tenant = parameter.name().to_ascii_lowercase().contains("client");
            let value = match &scene.setup.minted {
                Some(tenant) if named_after_tenant => tenant,
                _ => invented,
            };
            path = path.replace(&format!("{{{}}}", parameter.name()), &segment(value));
        }
    }
    let query: Vec<String> = operation
        .parameters()
        .iter()
        .filter(|parameter| parameter.location() == Location::Query && parameter.is_required())
        .map(|parameter| format!("{}={FILLER}", parameter.name()))
        .collect();
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let mut request = Request::new(operation.method(), path);
    // The tenant that a read may have to name beside the key.
    let beside = scene
        .subject
        .probes(scene.setup.minted.as_deref(), scene.target.tenant.as_deref())
        .into_iter()
        .find_map(|probe| probe.request.headers.first().cloned());
    if operation.method() == "GET" {
        request.headers.extend(beside);
    }
    match body_for(scene.target.vendor(), operation) {
        Some(body) => request.json(body),
        None => request,
    }
}

fn judge_all(scene: &mut Scene<'_>, what: &str, answers: &[Arc<Exchange>]) -> Result<(), Stop> {
    let mut statuses = BTreeSet::new();
    for exchange in answers {
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        let expected = format!("{what}: {} is refused", exchange.line());
        statuses.insert(exchange.status);
        match exchange.status {
            200..300 => scene.breaks(expected, seen),
            // An operation that is not there is not open.
            501 | 503 => {}
            500.. => scene.warns("OWASP ASVS 5, 16.5.3", expected, seen),
            _ => {}
        }
    }
    let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
    scene.meets(
        format!("{what}: nothing is performed"),
        format!(
            "{} operations refused with {}",
            answers.len(),
            statuses.join(", ")
        ),
    );
    Ok(())
}

/// Where a stranger is told that he is one, and the dead key is told what is wrong with its request, the key was taken
/// for valid.
fn judge_by_a_stranger(scene: &mut Scene<'_>, exchange: &Exchange, stranger: &Exchange, refused: &Exchange) {
    let turned_away = |status: u16| matches!(status, 401 | 403);
    let is_let_in = is_refusal(exchange.status)
        && !turned_away(exchange.status)
        && exchange.status != refused.status
        && turned_away(stranger.status);
    if is_let_in {
        scene.breaks(
            format!(
                "{}: a dead key is told no more than an unknown one",
                exchange.line()
            ),
            format!(
                "{} for the one, {} for the other",
                exchange.status, stranger.status
            ),
        );
    }
}
