//! The control plane's own OpenAPI document.

use std::sync::OnceLock;

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{ClockReading, ClockSetting, ClockStep, ROOT};
use crate::faults::Fault;
use crate::journal::Entry;
use crate::seed::{IssuedSeeds, Seeds};

/// A schema by name, made by a generator that collects what it refers to.
type Shape = fn(&mut SchemaGenerator) -> Value;

/// One operation of the control plane.
struct Operation {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    request: Option<Shape>,
    status: &'static str,
    response: Option<Shape>,
}

const fn operation(method: &'static str, path: &'static str, summary: &'static str) -> Operation {
    Operation {
        method,
        path,
        summary,
        request: None,
        status: "204",
        response: None,
    }
}

impl Operation {
    const fn takes(self, request: Shape) -> Self {
        Self {
            request: Some(request),
            ..self
        }
    }

    const fn gives(self, status: &'static str, response: Shape) -> Self {
        Self {
            status,
            response: Some(response),
            ..self
        }
    }
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    Value::from(generator.subschema_for::<T>())
}

fn anything(_: &mut SchemaGenerator) -> Value {
    json!({ "type": "object" })
}

fn list(_: &mut SchemaGenerator) -> Value {
    json!({ "type": "array", "items": { "type": "object" } })
}

fn names(_: &mut SchemaGenerator) -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn settings(_: &mut SchemaGenerator) -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "string" } })
}

const OPERATIONS: &[Operation] = &[
    operation("get", "/health", "Whether the server is alive").gives("200", anything),
    operation("get", "/ready", "Whether the server answers").gives("200", anything),
    operation("get", "/openapi.json", "This document").gives("200", anything),
    operation("get", "/access", "Base URLs, tenants and ready-made credentials").gives("200", anything),
    operation(
        "post",
        "/reset",
        "Put state, clock, faults, journal and assumptions back to the beginning",
    ),
    operation(
        "get",
        "/snapshot",
        "The state of every vendor; digests of secrets, never a secret",
    )
    .gives("200", anything),
    operation("put", "/snapshot", "Put a snapshot back").takes(anything),
    operation(
        "post",
        "/seed",
        "Make users and keys, all or none; their credentials are shown in the answer and never again",
    )
    .takes(of::<Seeds>)
    .gives("201", of::<IssuedSeeds>),
    operation("get", "/clock", "Read the clock").gives("200", of::<ClockReading>),
    operation("put", "/clock", "Set the clock")
        .takes(of::<ClockSetting>)
        .gives("200", of::<ClockReading>),
    operation("delete", "/clock", "Put the clock back to the system's time").gives("200", of::<ClockReading>),
    operation("post", "/clock/advance", "Turn the clock forward")
        .takes(of::<ClockStep>)
        .gives("200", of::<ClockReading>),
    operation("post", "/clock/freeze", "Stop the clock").gives("200", of::<ClockReading>),
    operation("post", "/clock/thaw", "Let a stopped clock run on").gives("200", of::<ClockReading>),
    operation("get", "/faults", "The faults in force").gives("200", of::<Vec<Fault>>),
    operation("post", "/faults", "Add a fault")
        .takes(of::<Fault>)
        .gives("201", of::<Vec<Fault>>),
    operation("delete", "/faults", "Take all faults away"),
    operation(
        "get",
        "/journal",
        "The latest exchanges, by vendor, operation, status and limit",
    )
    .gives("200", of::<Vec<Entry>>),
    operation("delete", "/journal", "Forget the exchanges so far"),
    operation(
        "get",
        "/assumptions",
        "Every answer that no vendor documents, and the choice in force",
    )
    .gives("200", list),
    operation("put", "/assumptions", "Switch assumptions, by name")
        .takes(settings)
        .gives("200", list),
    operation("get", "/metrics", "Counters in the text format of Prometheus"),
    operation("get", "/worlds", "The ids of the worlds besides the first").gives("200", names),
    operation("post", "/worlds", "Make a world of one's own").gives("201", anything),
    operation("delete", "/worlds/{id}", "End a world"),
];

/// Whether a path of the control plane begins with this segment.
pub(super) fn knows(segment: &str) -> bool {
    OPERATIONS
        .iter()
        .any(|known| known.path[1..].split('/').next() == Some(segment))
}

/// The document.
pub(super) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut generator = SchemaSettings::draft2020_12()
            .with(|settings| settings.definitions_path = "/components/schemas".into())
            .into_generator();
        let mut paths = Map::new();
        for known in OPERATIONS {
            let path = paths.entry(format!("{ROOT}{}", known.path)).or_insert_with(|| json!({}));
            path[known.method] = described(known, &mut generator);
        }
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Control plane of keyway-mock",
                "version": env!("CARGO_PKG_VERSION"),
                "description": "For this machine, or with the token of --control-token-file. Below `/~{world}` the same for that world.",
            },
            "paths": paths,
            "components": { "schemas": generator.take_definitions(true) },
        })
    })
}

fn described(known: &Operation, generator: &mut SchemaGenerator) -> Value {
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let refused = json!({ "type": "object", "properties": { "error": { "type": "string" } } });
    let mut answer = json!({ "description": known.summary });
    if let Some(shape) = known.response {
        answer["content"] = content(shape(generator));
    }
    let status = if known.path == "/metrics" {
        "200"
    } else {
        known.status
    };
    let mut responses = Map::new();
    responses.insert(status.to_owned(), answer);
    responses.insert(
        "4XX".to_owned(),
        json!({ "description": "Refused, with the reason in one line", "content": content(refused) }),
    );
    let mut described = json!({ "summary": known.summary, "responses": responses });
    if let Some(shape) = known.request {
        described["requestBody"] = json!({ "required": true, "content": content(shape(generator)) });
    }
    if known.path.contains("{id}") {
        described["parameters"] =
            json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    }
    described
}
