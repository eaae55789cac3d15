//! The control plane's own OpenAPI document.

use std::sync::OnceLock;

use keyway_openapi::Vendor;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::routes::{self, Action, Below, Operation};
use super::{AllAccess, Assumed, ClockReading, ClockSetting, ClockStep, FILTERS, Health, ROOT, Refused};
use crate::assumptions::{Assumption, Assumptions};
use crate::faults::Fault;
use crate::journal::Entry;
use crate::seed::{IssuedSeeds, Seeds};

/// The media type of the metrics.
pub(super) const METRICS: &str = "text/plain; version=0.0.4";

/// What an operation takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Takes {
    Nothing,
    /// In the query.
    Filters,
    Snapshot,
    Seeds,
    ClockSetting,
    ClockStep,
    Fault,
    Settings,
}

/// What an operation gives where it succeeds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Gives {
    Nothing,
    Object,
    Snapshot,
    Health,
    Access,
    Issued,
    Clock,
    Faults,
    MoreFaults,
    Journal,
    Assumptions,
    Metrics,
    Names,
    World,
}

impl Takes {
    /// The schema of the body, if there is one.
    fn schema(self, generator: &mut SchemaGenerator) -> Option<Value> {
        Some(match self {
            Self::Nothing | Self::Filters => return None,
            Self::Snapshot => snapshot(),
            Self::Seeds => of::<Seeds>(generator),
            Self::ClockSetting => of::<ClockSetting>(generator),
            Self::ClockStep => of::<ClockStep>(generator),
            Self::Fault => of::<Fault>(generator),
            Self::Settings => settings(),
        })
    }
}

impl Gives {
    fn status(self) -> &'static str {
        match self {
            Self::Nothing => "204",
            Self::Issued | Self::MoreFaults | Self::World => "201",
            _ => "200",
        }
    }

    /// Media type and schema of the body, if there is one.
    fn content(self, generator: &mut SchemaGenerator) -> Option<Value> {
        let schema = match self {
            Self::Nothing => return None,
            Self::Metrics => return Some(json!({ METRICS: { "schema": { "type": "string" } } })),
            Self::Object => json!({ "type": "object" }),
            Self::Snapshot => snapshot(),
            Self::Health => of::<Health>(generator),
            Self::Access | Self::World => of::<AllAccess>(generator),
            Self::Issued => of::<IssuedSeeds>(generator),
            Self::Clock => of::<ClockReading>(generator),
            Self::Faults | Self::MoreFaults => of::<Vec<Fault>>(generator),
            Self::Journal => of::<Vec<Entry>>(generator),
            Self::Assumptions => of::<Vec<Assumed<'_>>>(generator),
            Self::Names => of::<Vec<String>>(generator),
        };
        Some(json!({ "application/json": { "schema": schema } }))
    }
}

/// A snapshot; what is in it is the mock's own affair.
fn snapshot() -> Value {
    json!({
        "type": "object",
        "properties": { "version": { "type": "integer" }, "vendors": { "type": "array" } },
        "required": ["version", "vendors"],
    })
}

/// Values by the names of assumptions.
fn settings() -> Value {
    let property = |assumption: &Assumption| {
        let schema = json!({ "type": "string", "enum": assumption.choices });
        (assumption.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = Assumptions::all().map(property).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    Value::from(generator.subschema_for::<T>())
}

/// The document.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut generator = SchemaSettings::draft2020_12()
            .with(|settings| settings.definitions_path = "/components/schemas".into())
            .into_generator();
        let mut paths = Map::new();
        for known in &routes::ALL {
            let path = paths.entry(format!("{ROOT}{}", known.path)).or_insert_with(|| json!({}));
            path[known.method.as_str().to_ascii_lowercase()] = described(known, &mut generator);
        }
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Control plane of keyway-mock",
                "version": env!("CARGO_PKG_VERSION"),
                "description": "For this machine, or with the control token. Below `/~{world}` there is the same for that world, but for `/worlds`. \
                    HEAD is answered as GET, without the body. Another method than those listed is 405 with `Allow`, another path 404.",
            },
            "security": [{}, { "token": [] }],
            "paths": paths,
            "components": {
                "schemas": generator.take_definitions(true),
                "securitySchemes": {
                    "token": { "type": "http", "scheme": "bearer", "description": "For callers from other machines: the control token." },
                },
            },
        })
    })
}

/// The document of one world's control plane, or of the server's, with where that is.
pub(super) fn document_at(root: &str, within: Below) -> Value {
    let mut document = document().clone();
    document["servers"] = json!([{ "url": root }]);
    if let (Below::World, Some(paths)) = (within, document["paths"].as_object_mut()) {
        let elsewhere = format!("{ROOT}/worlds");
        paths.retain(|path, _| !path.starts_with(&elsewhere));
    }
    document
}

fn described(known: &Operation, generator: &mut SchemaGenerator) -> Value {
    let mut success = json!({ "description": known.summary });
    if let Some(content) = known.gives.content(generator) {
        success["content"] = content;
    }
    let mut responses = Map::new();
    responses.insert(known.gives.status().to_owned(), success);
    let body = known.takes.schema(generator);
    let refusal = of::<Refused<'_>>(generator);
    for (status, description) in refusals(known, body.is_some()) {
        let content = json!({ "application/json": { "schema": refusal } });
        responses.insert(
            status.to_owned(),
            json!({ "description": description, "content": content }),
        );
    }
    let mut described = json!({
        "operationId": known.id,
        "summary": known.summary,
        "responses": responses,
    });
    if let Some(schema) = body {
        described["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    let parameters = parameters(known);
    if !parameters.is_empty() {
        described["parameters"] = Value::from(parameters);
    }
    described
}

/// The refusals that an operation may answer with.
fn refusals(known: &Operation, has_body: bool) -> Vec<(&'static str, &'static str)> {
    let mut refusals = Vec::new();
    if has_body || known.takes == Takes::Filters || known.method != http::Method::GET {
        refusals.push(("400", "What was sent cannot be; the line says why"));
    }
    if known.action != Action::Health {
        refusals.push((
            "403",
            "Not from here: another machine without the token, or a page in a browser",
        ));
    }
    if known.action == Action::EndWorld {
        refusals.push(("404", "There is no such world"));
    }
    if has_body {
        refusals.push(("408", "The body took over 30 seconds"));
        refusals.push(("413", "The body is over 256 MiB"));
    }
    if known.action == Action::MakeWorld {
        refusals.push(("429", "There are as many worlds as a server holds"));
    }
    refusals
}

fn parameters(known: &Operation) -> Vec<Value> {
    if known.path.ends_with("{id}") {
        return vec![json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } })];
    }
    if known.takes != Takes::Filters {
        return Vec::new();
    }
    let number = json!({ "type": "integer", "minimum": 0 });
    FILTERS
        .iter()
        .map(|name| {
            let (description, schema) = match *name {
                "vendor" => (
                    "Only calls to this vendor",
                    json!({ "type": "string", "enum": Vendor::ALL.map(Vendor::name) }),
                ),
                "operation" => (
                    "Only calls of the operation of this id",
                    json!({ "type": "string" }),
                ),
                "status" => (
                    "Only those answered with this status",
                    json!({ "type": "integer", "minimum": 100, "maximum": 599 }),
                ),
                _ => ("Only the latest so many", number.clone()),
            };
            json!({ "name": name, "in": "query", "description": description, "schema": schema })
        })
        .collect()
}
