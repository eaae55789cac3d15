//! Schemas: the rules that rewrite JSON Schema 2020-12 keywords, in the order in which they are asked.

use serde_json::{Map, Value, json};

use super::choices::OneOf;
use super::definitions::SCHEMAS;
use super::report::Loss;
use super::tables::Kind;
use super::walk::Pass;
use super::{arrays, bounds, choices, content, definitions, literals, references, shapes, types, unmatched};
use crate::document::pointer;

/// A rule looks at one schema as it was read and, with what is below it lowered, as it will be, and rewrites what is its own.
type Rule = fn(&mut Pass<'_>, &Map<String, Value>, &mut Map<String, Value>, &str);

const RULES: &[Rule] = &[
    shapes::refuse_other,
    unmatched::identity,
    literals::constant,
    literals::examples,
    bounds::exclusive,
    content::of_string,
    unmatched::unevaluated,
    arrays::prefix_items,
    arrays::boolean_items,
    unmatched::pattern_properties,
    unmatched::without_counterpart,
    types::of_another_dialect,
    types::numbers_as_text,
    types::type_array,
    arrays::items_absent,
    references::of_discriminator,
    references::of_schema,
];

/// Lowers one schema.
pub(super) fn lower(pass: &mut Pass<'_>, value: &Value, at: &str) -> Value {
    let raw = match value {
        Value::Object(raw) => raw,
        Value::Bool(true) => {
            pass.note(at, "boolean-schema");
            return json!({});
        }
        Value::Bool(false) => {
            pass.note(at, "boolean-schema");
            return json!({ "not": {} });
        }
        _ => {
            pass.refuse(at, "a schema must be an object or a boolean");
            return Value::Null;
        }
    };
    match at.strip_prefix(SCHEMAS).filter(|name| !name.contains('/')) {
        None => keywords(pass, raw, at),
        Some(name) => {
            let outer = pass.reach.enter(name.replace("~1", "/").replace("~0", "~"));
            let lowered = keywords(pass, raw, at);
            pass.reach.leave(outer);
            lowered
        }
    }
}

fn keywords(pass: &mut Pass<'_>, raw: &Map<String, Value>, at: &str) -> Value {
    definitions::collect(pass, raw, at);
    let mut schema = Map::new();
    let mut one_of = OneOf::Exact;
    for (key, value) in raw {
        let mark = pass.reach.mark();
        let Some(lowered) = pass.entry(Kind::Schema, key, value, at) else {
            continue;
        };
        match key.as_str() {
            "not" if pass.reach.mark() > mark => {
                let lost = "what must not fit, for a part of it is lost".to_owned();
                pass.lose(&pointer(at, key), "negation-of-a-loss", Loss::Wider(lost));
                continue;
            }
            "oneOf" if pass.reach.mark() > mark => one_of = OneOf::Loosened,
            _ => {}
        }
        schema.insert(key.clone(), lowered);
    }
    choices::settle(pass, raw, &mut schema, one_of, at);
    for rule in RULES {
        rule(pass, raw, &mut schema, at);
    }
    Value::Object(schema)
}
