//! A run that nothing is sent in: the cases are asked of the mock inside this process, and what they would send is written
//! down.

use keyway_mock::StartError;
use keyway_openapi::Vendor;
use serde::Serialize;

use crate::case::Outcome;
use crate::evidence::template;
use crate::plan::{Plan, Selection};
use crate::reproduce::MADE_KEY;
use crate::run::{self, Side};
use crate::target::Target;
use crate::vault::Vault;
use crate::wire::{Interrupt, Request};

/// What a run would send, vendor by vendor.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Rehearsal {
    /// In the order of the targets.
    pub vendors: Vec<Part>,
}

/// What a run would send to one vendor.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Part {
    /// The vendor.
    pub vendor: Vendor,
    /// Where it would be sent.
    pub base_url: String,
    /// How many requests there would be.
    pub requests: usize,
    /// How many keys would be made.
    pub keys: usize,
    /// What belongs together: the set-up, each case with its clean-up, the clean-up at the end.
    pub steps: Vec<Step>,
}

/// What one case would send.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// The case, or `set-up` or `clean-up`.
    pub name: &'static str,
    /// How many keys would be made.
    pub keys: usize,
    /// Why nothing would be sent; null where something is.
    pub skipped: Option<String>,
    /// In the order in which they would be sent first.
    pub requests: Vec<Planned>,
}

/// A request that would be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Planned {
    /// The method and the path, as the vendor's document writes it.
    pub request: String,
    /// The variable that holds the credential; `nobody` for none.
    pub credential: &'static str,
    /// How often.
    pub count: usize,
}

/// Says what a run would send to the targets. Nothing is sent to them.
///
/// # Errors
///
/// If no loopback port can be had for the mock.
pub async fn rehearse(targets: &[Target], plan: &Plan) -> Result<Rehearsal, StartError> {
    let mut vendors = Vec::new();
    for (place, target) in targets.iter().enumerate() {
        let share = plan.budget.map(|keys| run::share(keys, place, targets.len()));
        let stand_in = target.rehearsed().await?;
        let mut part = part(target, &act(&stand_in, plan, share).await);
        // The generated client sends past the wire that is listened to, but not past the mock.
        let is_asked = |step: &Step| step.name.starts_with("client/") && step.skipped.is_none();
        if part.steps.iter().any(is_asked) {
            for step in by_client(target, plan).await? {
                merge(&mut part, &step);
            }
        }
        vendors.push(part);
    }
    Ok(Rehearsal { vendors })
}

impl Rehearsal {
    /// For people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.vendors {
            text.push_str(&format!(
                "{} at {}: {} requests, {} keys made and revoked\n",
                part.vendor.title(),
                part.base_url,
                part.requests,
                part.keys
            ));
            for step in &part.steps {
                text.push_str(&told(step));
            }
            text.push('\n');
        }
        text.push_str(CAVEAT);
        text
    }

    /// For programs.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

const CAVEAT: &str = "\
Nothing was sent: this is what the mock inside was asked. A server that answers otherwise may be asked less or a little more:
a 429 is tried three times more, a list is read to its last page, and where the end of a key is waited for there are up to ten more reads.
";

fn told(step: &Step) -> String {
    let mut text = match (&step.skipped, step.keys) {
        (Some(reason), _) if step.requests.is_empty() => {
            return format!("  {}: nothing, {reason}\n", step.name);
        }
        _ if step.requests.is_empty() => return format!("  {}: nothing\n", step.name),
        (_, 0) => format!("  {}\n", step.name),
        (_, 1) => format!("  {}: 1 key\n", step.name),
        (_, keys) => format!("  {}: {keys} keys\n", step.name),
    };
    for planned in &step.requests {
        text.push_str(&format!(
            "    {:>4} × {} as {}\n",
            planned.count, planned.request, planned.credential
        ));
    }
    text
}

async fn act(target: &Target, plan: &Plan, share: Option<usize>) -> Side {
    let (interrupt, vault) = (Interrupt::default(), Vault::default());
    let plan = Plan {
        pace: None,
        ..plan.clone()
    };
    run::side(
        target,
        &plan,
        share,
        &crate::stale::run_id(),
        &interrupt,
        &vault,
        &|_, _, _| {},
    )
    .await
}

fn part(target: &Target, side: &Side) -> Part {
    let vendor = target.vendor;
    let create = run::create_request(vendor);
    let steps: Vec<Step> = side
        .phases
        .iter()
        .map(|phase| {
            let mut step = Step {
                name: phase.name,
                keys: 0,
                skipped: side
                    .verdicts
                    .iter()
                    .find(|verdict| verdict.id == phase.name && verdict.outcome == Outcome::Skip)
                    .map(|verdict| verdict.detail.clone()),
                requests: Vec::new(),
            };
            for sent in &phase.sent {
                let request = &sent.request;
                let status = sent.answer.get().map_or(0, |(_, status)| *status);
                let is_create = request.method == create.method && request.path == create.path;
                step.keys += usize::from(is_create && (200..300).contains(&status));
                step.add(template(vendor, request), side.variables.holder(request));
            }
            step
        })
        .collect();
    Part {
        vendor,
        base_url: target.base_url.clone(),
        requests: steps
            .iter()
            .flat_map(|step| &step.requests)
            .map(|one| one.count)
            .sum(),
        keys: steps.iter().map(|step| step.keys).sum(),
        steps,
    }
}

/// What the generated client sends: everything that the mock was asked and the wire did not send.
async fn by_client(target: &Target, plan: &Plan) -> Result<Vec<Step>, StartError> {
    let stand_in = target.rehearsed().await?;
    let plan = Plan {
        selection: Selection::matching("client/*"),
        ..plan.clone()
    };
    let side = act(&stand_in, &plan, None).await;
    let mut ours: Vec<String> = side
        .phases
        .iter()
        .flat_map(|phase| &phase.sent)
        .map(|sent| sent.request.line())
        .collect();
    let create = run::create_request(target.vendor);
    let mut step = Step {
        name: "client/round-trip",
        keys: 0,
        skipped: None,
        requests: Vec::new(),
    };
    for entry in stand_in.asked() {
        let line = format!("{} {}", entry.method, entry.target);
        if let Some(place) = ours.iter().position(|own| *own == line) {
            ours.swap_remove(place);
            continue;
        }
        let Some(method) = METHODS.iter().find(|method| **method == entry.method) else {
            continue;
        };
        let request = Request::new(method, entry.target);
        let is_create = request.method == create.method && request.path == create.path;
        step.keys += usize::from(is_create && entry.status.is_some_and(|status| status < 300));
        // Keys are managed by whoever may, and used by whoever holds them.
        let is_management = request.path.starts_with(&create.path);
        let credential = if is_management { ADMIN } else { MADE_KEY };
        step.add(template(target.vendor, &request), credential);
    }
    Ok(vec![step])
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const ADMIN: &str = "KEYWAY_CREDENTIAL";

impl Step {
    fn add(&mut self, request: String, credential: &'static str) {
        let known = self
            .requests
            .iter_mut()
            .find(|planned| planned.request == request && planned.credential == credential);
        match known {
            Some(planned) => planned.count += 1,
            None => self.requests.push(Planned {
                request,
                credential,
                count: 1,
            }),
        }
    }
}

fn merge(part: &mut Part, more: &Step) {
    let Some(step) = part.steps.iter_mut().find(|step| step.name == more.name) else {
        return;
    };
    step.keys += more.keys;
    part.keys += more.keys;
    for planned in &more.requests {
        part.requests += planned.count;
        for _ in 0..planned.count {
            step.add(planned.request.clone(), planned.credential);
        }
    }
}
