//! The report for programs, and the schema that describes it.

use keyway_openapi::Vendor;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::baseline::Change;
use crate::case::Outcome;
use crate::report::{Judged, Report, Verdict};

/// What a run of the conformance suite came to.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Report of keyway-conformance")]
struct Document<'a> {
    /// What wrote the report.
    suite: Suite,
    /// When the run began, as RFC 3339 writes it.
    started: String,
    /// How long the run took.
    milliseconds: u64,
    /// Whether the run was ended before its time.
    interrupted: bool,
    /// How the process ends, unless the report cannot be written.
    exit: u8,
    /// What was judged.
    targets: &'a [Judged],
    /// How many cases came to each outcome.
    #[schemars(schema_with = "summary_schema")]
    summary: Map<String, Value>,
    /// Vendor by vendor, in the order of the catalogue.
    results: &'a [Verdict],
    /// The vendors that could not be judged at all.
    not_set_up: Vec<NotSetUp<'a>>,
    /// What has changed since the baseline; null where none was given.
    changes: Option<&'a [Change]>,
    /// What became of the keys of the run.
    keys: Keys<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Suite {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct NotSetUp<'a> {
    #[schemars(schema_with = "vendor_schema")]
    vendor: Vendor,
    reason: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Keys<'a> {
    /// How many were made, or may have been.
    made: usize,
    /// The names of those that could not be revoked.
    left: &'a [String],
    /// The names of keys that earlier runs of the suite left behind, still in force.
    stale: &'a [String],
    /// The names of such keys that this run revoked.
    stale_revoked: &'a [String],
}

pub(super) fn render(report: &Report) -> String {
    let document = Document {
        suite: Suite {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        started: format!("{:.3}", report.started),
        milliseconds: u64::try_from(report.took.as_millis()).unwrap_or(u64::MAX),
        interrupted: report.interrupted,
        exit: report.exit().code(),
        targets: &report.judged,
        summary: Outcome::ALL
            .iter()
            .map(|outcome| (outcome.name().to_owned(), json!(report.count(*outcome))))
            .collect(),
        results: &report.verdicts,
        not_set_up: report
            .not_set_up()
            .map(|(vendor, reason)| NotSetUp { vendor, reason })
            .collect(),
        changes: report.changes(),
        keys: Keys {
            made: report.made,
            left: &report.left,
            stale: &report.stale.there,
            stale_revoked: &report.stale.revoked,
        },
    };
    // A value made of strings, numbers and lists always has a text.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of the JSON report.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schema_for!(Document<'static>)).unwrap_or_default();
    text.push('\n');
    text
}

pub(crate) fn vendor_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Vendor::ALL.map(Vendor::name) })
}

fn summary_schema(_: &mut SchemaGenerator) -> Schema {
    let count = json!({ "type": "integer", "minimum": 0 });
    let counts: Map<String, Value> = Outcome::ALL
        .iter()
        .map(|outcome| (outcome.name().to_owned(), count.clone()))
        .collect();
    let names = Outcome::ALL.map(Outcome::name);
    json_schema!({ "type": "object", "properties": counts, "required": names, "additionalProperties": false })
}
