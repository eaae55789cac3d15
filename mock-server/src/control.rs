//! The control plane: what a test does to a world over HTTP, under `/_keyway`.
//!
//! Everything here is also a method of [`MockServer`](crate::MockServer) or [`World`](crate::WorldHandle); this file
//! reads requests and writes answers, and decides nothing but who is let in.

mod document;
mod gate;
mod routes;

use std::collections::BTreeMap;
use std::sync::Arc;

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use jiff::Timestamp;
use keyway_openapi::Vendor;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::access::Access;
use crate::assumptions::{Assumption, Assumptions};
use crate::body::Unread;
use crate::call::{Request, Response, empty, json as answer, with};
use crate::faults::{Fault, check_operation};
use crate::journal::Calls;
use crate::misread;
use crate::nearest::nearest;
use crate::seed::{Misplaced, SeedError, Seeds};
use crate::world::{Snapshot, SnapshotError, World};
use crate::worlds::Worlds;

use routes::{Action, Below, Found};

pub(crate) use document::document;
pub(crate) use gate::{Gate, Token};

/// The first segment of every path of the control plane.
pub(crate) const ROOT: &str = "/_keyway";

/// What the journal can be filtered by.
const FILTERS: [&str; 4] = ["vendor", "operation", "status", "limit"];

/// Why a control request is not carried out: a status and one line.
#[derive(Debug)]
struct Problem(StatusCode, String);

impl Problem {
    fn bad(problem: impl std::fmt::Display) -> Self {
        Self(StatusCode::BAD_REQUEST, problem.to_string())
    }

    /// What may be otherwise in a moment.
    fn passing(problem: impl std::fmt::Display) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, problem.to_string())
    }

    fn of_restore(problem: SnapshotError) -> Self {
        match problem {
            SnapshotError::Unavailable(problem) => Self::passing(problem),
            problem => Self::bad(problem),
        }
    }

    fn of_seed(problem: Misplaced) -> Self {
        match problem.problem {
            SeedError::Unavailable(problem) => Self::passing(problem),
            _ => Self::bad(problem),
        }
    }
}

/// The form of every refusal of the control plane.
#[derive(Debug, JsonSchema, Serialize)]
struct Refused<'p> {
    /// What is wrong and how to put it right, in one line.
    error: &'p str,
}

/// A refusal.
pub(crate) fn refused(status: StatusCode, problem: &str) -> Response {
    answer(status, &Refused { error: problem })
}

/// The refusal of a body that could not be read.
pub(crate) fn unreadable(unread: &Unread) -> Response {
    match unread {
        Unread::TooLarge { .. } => refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is over 256 MiB"),
        Unread::Broken => refused(StatusCode::BAD_REQUEST, "the body broke off"),
        Unread::Late => refused(StatusCode::REQUEST_TIMEOUT, "the body took too long"),
    }
}

/// Whether a request asks for no more than whether the server is there.
pub(crate) fn is_harmless(method: &Method, below: &str) -> bool {
    [Method::GET, Method::HEAD].contains(method) && ["/health", "/ready"].contains(&below)
}

/// Carries out a control request. `below` is the path below [`ROOT`]; `world` is the one whose path it was.
pub(crate) async fn respond(
    worlds: &Worlds,
    world: &Arc<World>,
    id: Option<&str>,
    request: &Request,
    below: &str,
) -> Response {
    world.touch();
    match routes::find(request.method(), below, within(id)) {
        Found::Action(action, _) if is_overlooked(request, action) => refused(
            StatusCode::BAD_REQUEST,
            "nothing is read from a body here; send none",
        ),
        Found::Action(action, of) => {
            let asked = Asked {
                worlds,
                world,
                id,
                request,
            };
            carry_out(&asked, action, of)
                .await
                .unwrap_or_else(|Problem(status, problem)| refused(status, &problem))
        }
        Found::OtherMethods(allow) => {
            let problem = format!("this method is not known here; there are {allow}");
            let response = refused(StatusCode::METHOD_NOT_ALLOWED, &problem);
            match HeaderValue::from_str(&allow) {
                Ok(allow) => with(response, ALLOW, allow),
                Err(_) => response,
            }
        }
        Found::Nothing => {
            let problem = format!("nothing is here; {ROOT}/openapi.json lists what there is");
            refused(StatusCode::NOT_FOUND, &problem)
        }
    }
}

fn within(id: Option<&str>) -> Below {
    match id {
        None => Below::Server,
        Some(_) => Below::World,
    }
}

/// Whether a request says something in its body that nobody would read. An empty object says nothing.
fn is_overlooked(request: &Request, action: Action) -> bool {
    let said = request.body().trim_ascii();
    routes::changes_without_a_body(action) && !said.is_empty() && said != b"{}"
}

/// A control request, and what it is about.
struct Asked<'a> {
    worlds: &'a Worlds,
    world: &'a World,
    /// The world's; the first has none.
    id: Option<&'a str>,
    request: &'a Request,
}

/// Carries out one action; `of` is the id in the path, where there is one.
async fn carry_out(asked: &Asked<'_>, action: Action, of: &str) -> Result<Response, Problem> {
    let Asked {
        worlds,
        world,
        id,
        request,
    } = asked;
    match action {
        Action::Health => {
            worlds.first.ping().await.map_err(Problem::passing)?;
            Ok(ok(&Health {
                status: "ok",
                version: env!("CARGO_PKG_VERSION"),
            }))
        }
        Action::Document => {
            let root = worlds.control_url(*id);
            let root = root.strip_suffix(ROOT).unwrap_or(&root);
            Ok(ok(&document::document_at(root, within(*id))))
        }
        Action::Access => Ok(unstored(ok(&worlds.access(*id)))),
        Action::Reset => {
            world.reset().await.map_err(Problem::passing)?;
            Ok(done())
        }
        Action::Snapshot => Ok(ok(&world.snapshot().await.map_err(Problem::passing)?)),
        Action::Restore => {
            let snapshot = read::<Snapshot>(request)?;
            world.restore(snapshot).await.map_err(Problem::of_restore)?;
            Ok(done())
        }
        Action::Seed => seed(worlds, world, request).await,
        Action::ReadClock
        | Action::SetClock
        | Action::ResetClock
        | Action::AdvanceClock
        | Action::FreezeClock
        | Action::ThawClock => clock(world, action, request),
        Action::Faults => Ok(ok(&world.faults())),
        Action::Inject => {
            world.inject(read::<Fault>(request)?).map_err(Problem::bad)?;
            Ok(answer(StatusCode::CREATED, &world.faults()))
        }
        Action::ClearFaults => {
            world.clear_faults();
            Ok(done())
        }
        Action::Journal => journal(world, request.uri().query().unwrap_or_default()),
        Action::ClearJournal => {
            world.clear_journal();
            Ok(done())
        }
        Action::Assumptions => Ok(assumptions(world)),
        Action::Assume => {
            world.assume_all(settings(request)?).map_err(Problem::bad)?;
            Ok(assumptions(world))
        }
        Action::Metrics => Ok(metrics(world)),
        Action::Worlds => Ok(ok(&worlds.ids())),
        Action::MakeWorld => match worlds.make() {
            Some(id) => Ok(unstored(answer(StatusCode::CREATED, &worlds.access(Some(&id))))),
            None => Err(Problem(
                StatusCode::TOO_MANY_REQUESTS,
                "there are as many worlds as this server holds; delete some".to_owned(),
            )),
        },
        Action::EndWorld if worlds.end(of) => Ok(done()),
        Action::EndWorld => Err(Problem(
            StatusCode::NOT_FOUND,
            "there is no such world".to_owned(),
        )),
    }
}

/// The assumptions to be switched, as `NAME=VALUE`.
fn settings(request: &Request) -> Result<Vec<String>, Problem> {
    let settings: Map<String, Value> = read(request)?;
    let setting = |(name, value): (&String, &Value)| match value {
        Value::String(value) => Ok(format!("{name}={value}")),
        _ => Err(Problem::bad(
            "the value of an assumption is a string: \"404\", not 404",
        )),
    };
    settings.iter().map(setting).collect()
}

fn done() -> Response {
    empty(StatusCode::NO_CONTENT)
}

fn ok(body: &impl Serialize) -> Response {
    answer(StatusCode::OK, body)
}

/// An answer with credentials in it, which nobody on the way may keep.
fn unstored(response: Response) -> Response {
    with(response, CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    let listed = format!("{ROOT}/openapi.json shows its form");
    misread::json(request.body(), &listed).map_err(|problem| Problem::bad(format!("the body, {problem}")))
}

/// That the server is there.
#[derive(Debug, JsonSchema, Serialize)]
struct Health {
    /// Always `ok`: a server that is not well does not answer.
    status: &'static str,
    /// The mock's version.
    version: &'static str,
}

/// The way into a world.
#[derive(Debug, JsonSchema)]
#[expect(
    dead_code,
    reason = "only its schema is used; the answer is put together from its parts"
)]
struct AllAccess {
    /// The address that is listened on.
    listen: String,
    /// Where the world's control plane is.
    control: String,
    /// By the vendor's name.
    vendors: BTreeMap<String, Access>,
    /// The world's id; the first has none.
    world: Option<String>,
    /// What clients have to trust, if it is HTTPS.
    certificate_pem: Option<String>,
}

/// An assumption and the choice in force.
#[derive(Debug, JsonSchema, Serialize)]
struct Assumed<'a> {
    #[serde(flatten)]
    assumption: &'a Assumption,
    /// The choice in force.
    value: &'a str,
}

/// The clock of a world.
#[derive(Debug, JsonSchema, Serialize)]
struct ClockReading {
    /// The present.
    #[schemars(with = "String", extend("format" = "date-time"))]
    now: Timestamp,
    /// Milliseconds from the system's time.
    offset_ms: i64,
    /// Whether it is stopped.
    frozen: bool,
}

/// An instant to set the clock to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ClockSetting {
    /// RFC 3339.
    #[schemars(with = "String", extend("format" = "date-time"))]
    now: Timestamp,
}

/// A step to turn the clock by.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ClockStep {
    /// Whole milliseconds.
    ms: u64,
}

fn clock(world: &World, action: Action, request: &Request) -> Result<Response, Problem> {
    let clock = world.clock();
    match action {
        Action::SetClock => clock.set(read::<ClockSetting>(request)?.now),
        Action::ResetClock => clock.reset(),
        Action::AdvanceClock => {
            clock.advance(std::time::Duration::from_millis(read::<ClockStep>(request)?.ms));
        }
        Action::FreezeClock => clock.freeze(),
        Action::ThawClock => clock.thaw(),
        _ => {}
    }
    let offset_ms = i64::try_from(clock.offset().as_millis()).unwrap_or(i64::MAX);
    Ok(ok(&ClockReading {
        now: clock.now(),
        offset_ms,
        frozen: clock.is_frozen(),
    }))
}

fn journal(world: &World, query: &str) -> Result<Response, Problem> {
    let mut calls = world.journal();
    let mut limit = usize::MAX;
    let mut asked = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if asked.insert(name.clone(), value).is_some() {
            return Err(Problem::bad("a filter may be given once"));
        }
    }
    let vendor = asked.get("vendor").map(|name| name.parse::<Vendor>());
    let vendor = vendor.transpose().map_err(Problem::bad)?;
    for (name, value) in asked {
        calls = match &*name {
            "vendor" => vendor.into_iter().fold(calls, Calls::to),
            "operation" => {
                check_operation(vendor, &value).map_err(Problem::bad)?;
                calls.calls(&value)
            }
            "status" => match number("status", &value)? {
                status @ 100..=599 => calls.answered(status),
                _ => return Err(Problem::bad("status is between 100 and 599")),
            },
            "limit" => {
                limit = number("limit", &value)?;
                calls
            }
            other => {
                let cure = match nearest(other, FILTERS) {
                    Some(meant) => format!("; did you mean {meant}?"),
                    None => String::new(),
                };
                let problem = format!("the journal is filtered by {}{cure}", FILTERS.join(", "));
                return Err(Problem::bad(problem));
            }
        };
    }
    Ok(ok(&calls.latest(limit).entries()))
}

fn number<N: std::str::FromStr>(name: &str, value: &str) -> Result<N, Problem> {
    let number = value.parse();
    number.map_err(|_| Problem::bad(format!("{name} is a whole number, 0 or more")))
}

fn assumptions(world: &World) -> Response {
    let chosen = world.assumptions();
    let shown: Vec<_> = Assumptions::all()
        .map(|assumption| Assumed {
            assumption,
            value: chosen.of(assumption),
        })
        .collect();
    ok(&shown)
}

async fn seed(worlds: &Worlds, world: &World, request: &Request) -> Result<Response, Problem> {
    let seeds = read::<Seeds>(request)?;
    let is_played = |vendor| worlds.seeded(vendor).is_some();
    seeds.not_played(is_played).map_err(Problem::bad)?;
    let made = world.seed(&seeds).await.map_err(Problem::of_seed)?;
    Ok(unstored(answer(StatusCode::CREATED, &made)))
}

fn metrics(world: &World) -> Response {
    let mut response = empty(StatusCode::OK);
    *response.body_mut() = world.metrics().into();
    with(
        response,
        CONTENT_TYPE,
        HeaderValue::from_static(document::METRICS),
    )
}
