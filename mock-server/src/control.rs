//! The control plane: what a test does to a world over HTTP, under `/_keyway`.
//!
//! Everything here is also a method of [`MockServer`](crate::MockServer) or [`World`](crate::WorldHandle); this file
//! reads requests and writes answers, and decides nothing but who is let in.

mod document;
mod gate;

use std::sync::Arc;

use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Method, StatusCode};
use jiff::Timestamp;
use keyway_openapi::Vendor;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::assumptions::Assumptions;
use crate::call::{Request, Response, empty, json as answer, with};
use crate::faults::Fault;
use crate::journal::Entry;
use crate::seed::{Misplaced, SeedError, Seeds};
use crate::world::{Snapshot, World};
use crate::worlds::Worlds;

pub(crate) use gate::{Gate, Token};

/// The first segment of every path of the control plane.
pub(crate) const ROOT: &str = "/_keyway";

/// Why a control request is not carried out: a status and one line.
#[derive(Debug)]
struct Problem(StatusCode, String);

impl Problem {
    fn bad(problem: impl std::fmt::Display) -> Self {
        Self(StatusCode::BAD_REQUEST, problem.to_string())
    }
}

/// Whether a request asks for no more than whether the server is there.
pub(crate) fn is_harmless(method: &Method, below: &str) -> bool {
    method == Method::GET && ["/health", "/ready"].contains(&below)
}

/// Carries out a control request. `below` is the path below [`ROOT`]; `world` is the one whose path it was.
pub(crate) async fn respond(
    worlds: &Worlds,
    world: &Arc<World>,
    id: Option<&str>,
    request: &Request,
    below: &str,
) -> Response {
    match carry_out(worlds, world, id, request, below).await {
        Ok(response) => response,
        Err(Problem(status, problem)) => answer(status, &json!({ "error": problem })),
    }
}

async fn carry_out(
    worlds: &Worlds,
    world: &Arc<World>,
    id: Option<&str>,
    request: &Request,
    below: &str,
) -> Result<Response, Problem> {
    world.touch();
    let segments: Vec<_> = below.trim_matches('/').split('/').collect();
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["health" | "ready"]) => Ok(ok(
            &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }),
        )),
        (&Method::GET, ["openapi.json"]) => Ok(ok(document::document())),
        (&Method::GET, ["access"]) => Ok(unstored(ok(&worlds.access(id)))),
        (&Method::POST, ["reset"]) => {
            world.reset();
            Ok(empty(StatusCode::NO_CONTENT))
        }
        (&Method::GET, ["snapshot"]) => Ok(ok(&world.snapshot().await)),
        (&Method::PUT, ["snapshot"]) => {
            world
                .restore(read::<Snapshot>(request)?)
                .await
                .map_err(Problem::bad)?;
            Ok(empty(StatusCode::NO_CONTENT))
        }
        (&Method::POST, ["seed"]) => seed(worlds, world, request).await,
        (method, ["clock", rest @ ..]) => clock(world, method, rest, request),
        (method, ["faults"]) => faults(world, method, request),
        (method, ["journal"]) => journal(world, method, request),
        (method, ["assumptions"]) => assumptions(world, method, request),
        (&Method::GET, ["metrics"]) => Ok(metrics(world)),
        (method, ["worlds", rest @ ..]) if id.is_none() => other_worlds(worlds, method, rest),
        (_, [known, ..]) if document::knows(known) => Err(wrong_method()),
        _ => Err(Problem(
            StatusCode::NOT_FOUND,
            format!("nothing is here; {ROOT}/openapi.json lists what there is"),
        )),
    }
}

fn wrong_method() -> Problem {
    let cure = format!("the path or the method is not known here; {ROOT}/openapi.json lists both");
    Problem(StatusCode::METHOD_NOT_ALLOWED, cure)
}

fn ok(body: &impl Serialize) -> Response {
    answer(StatusCode::OK, body)
}

/// An answer with credentials in it, which nobody on the way may keep.
fn unstored(response: Response) -> Response {
    with(response, CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    // serde's message may quote what was sent; position and path are enough to find the mistake.
    let mut deserializer = serde_json::Deserializer::from_slice(request.body());
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let inner = error.inner();
        Problem::bad(format!(
            "the body cannot be read at {:?}, line {} column {}; {ROOT}/openapi.json shows its form",
            error.path().to_string(),
            inner.line(),
            inner.column()
        ))
    })
}

/// The clock of a world.
#[derive(Debug, JsonSchema, Serialize)]
struct ClockReading {
    /// The present.
    #[schemars(with = "String")]
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
    #[schemars(with = "String")]
    now: Timestamp,
}

/// A step to turn the clock by.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ClockStep {
    /// Whole milliseconds.
    ms: u64,
}

fn clock(world: &World, method: &Method, rest: &[&str], request: &Request) -> Result<Response, Problem> {
    let clock = world.clock();
    match (method, rest) {
        (&Method::GET, []) => {}
        (&Method::PUT, []) => clock.set(read::<ClockSetting>(request)?.now),
        (&Method::DELETE, []) => clock.reset(),
        (&Method::POST, ["advance"]) => {
            clock.advance(std::time::Duration::from_millis(read::<ClockStep>(request)?.ms));
        }
        (&Method::POST, ["freeze"]) => clock.freeze(),
        (&Method::POST, ["thaw"]) => clock.thaw(),
        _ => return Err(wrong_method()),
    }
    let offset_ms = i64::try_from(clock.offset().as_millis()).unwrap_or(i64::MAX);
    Ok(ok(&ClockReading {
        now: clock.now(),
        offset_ms,
        frozen: clock.is_frozen(),
    }))
}

fn faults(world: &World, method: &Method, request: &Request) -> Result<Response, Problem> {
    match *method {
        Method::GET => Ok(ok(&world.faults())),
        Method::POST => {
            world.inject(read::<Fault>(request)?).map_err(Problem::bad)?;
            Ok(answer(StatusCode::CREATED, &world.faults()))
        }
        Method::DELETE => {
            world.clear_faults();
            Ok(empty(StatusCode::NO_CONTENT))
        }
        _ => Err(wrong_method()),
    }
}

fn journal(world: &World, method: &Method, request: &Request) -> Result<Response, Problem> {
    match *method {
        Method::GET => {
            let query = request.uri().query().unwrap_or_default();
            let mut calls = world.journal();
            let mut limit = usize::MAX;
            for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
                calls = match &*name {
                    "vendor" => calls.to(value.parse::<Vendor>().map_err(Problem::bad)?),
                    "operation" => calls.calls(&value),
                    "status" => {
                        calls.answered(value.parse().map_err(|_| Problem::bad("status is a number"))?)
                    }
                    "limit" => {
                        limit = value.parse().map_err(|_| Problem::bad("limit is a number"))?;
                        calls
                    }
                    _ => {
                        return Err(Problem::bad(
                            "the journal is filtered by vendor, operation, status and limit",
                        ));
                    }
                };
            }
            let entries = calls.entries();
            let latest: &[Entry] = &entries[entries.len().saturating_sub(limit)..];
            Ok(ok(&latest))
        }
        Method::DELETE => {
            world.clear_journal();
            Ok(empty(StatusCode::NO_CONTENT))
        }
        _ => Err(wrong_method()),
    }
}

fn assumptions(world: &World, method: &Method, request: &Request) -> Result<Response, Problem> {
    match *method {
        Method::GET => {}
        Method::PUT => {
            let settings: std::collections::BTreeMap<String, String> = read(request)?;
            let settings = settings
                .into_iter()
                .map(|(name, value)| format!("{name}={value}"));
            world.assume_all(settings).map_err(Problem::bad)?;
        }
        _ => return Err(wrong_method()),
    }
    let chosen = world.assumptions();
    let shown: Vec<Value> = Assumptions::all()
        .map(|assumption| {
            let mut shown = json!(assumption);
            shown["value"] = Value::from(chosen.of(assumption));
            shown
        })
        .collect();
    Ok(ok(&shown))
}

async fn seed(worlds: &Worlds, world: &World, request: &Request) -> Result<Response, Problem> {
    let seeds = read::<Seeds>(request)?;
    let not_played = seeds.orders().find_map(|(place, order)| {
        let vendor = order.vendor();
        let problem = SeedError::NotPlayed { vendor };
        worlds
            .seeded(vendor)
            .is_none()
            .then_some(Misplaced { place, problem })
    });
    if let Some(not_played) = not_played {
        return Err(Problem::bad(not_played));
    }
    let made = world.seed(&seeds).await.map_err(Problem::bad)?;
    Ok(unstored(answer(StatusCode::CREATED, &made)))
}

fn metrics(world: &World) -> Response {
    let mut response = empty(StatusCode::OK);
    *response.body_mut() = world.metrics().into();
    let media_type = http::HeaderValue::from_static("text/plain; version=0.0.4");
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, media_type);
    response
}

fn other_worlds(worlds: &Worlds, method: &Method, rest: &[&str]) -> Result<Response, Problem> {
    match (method, rest) {
        (&Method::GET, []) => Ok(ok(&worlds.ids())),
        (&Method::POST, []) => match worlds.make() {
            Some(id) => Ok(unstored(answer(StatusCode::CREATED, &worlds.access(Some(&id))))),
            None => Err(Problem(
                StatusCode::TOO_MANY_REQUESTS,
                "there are as many worlds as this server holds; delete some".to_owned(),
            )),
        },
        (&Method::DELETE, [id]) if worlds.end(id) => Ok(empty(StatusCode::NO_CONTENT)),
        (&Method::DELETE, [_]) => Err(Problem(
            StatusCode::NOT_FOUND,
            "there is no such world".to_owned(),
        )),
        _ => Err(wrong_method()),
    }
}
