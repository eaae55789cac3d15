//! Schemas: the rules that rewrite JSON Schema 2020-12 keywords, in the order in which they are asked.

use serde_json::{Map, Value, json};

use super::tables::Kind;
use super::{Pass, arrays, bounds, content, definitions, literals, references, shapes, types, unmatched};

/// A rule looks at one schema, before anything below it is looked at, and rewrites what is its own.
type Rule = fn(&mut Pass<'_>, &mut Map<String, Value>, &str);

const RULES: &[Rule] = &[
    definitions::refuse_identities,
    definitions::collect,
    references::with_siblings,
    literals::constant,
    types::numbers_as_text,
    types::null_branches,
    types::type_array,
    types::known_type,
    literals::examples,
    bounds::exclusive,
    content::of_string,
    arrays::prefix_items,
    arrays::items,
    unmatched::pattern_properties,
    unmatched::without_counterpart,
    shapes::refuse_other,
];

/// Lowers one schema.
pub(super) fn lower(pass: &mut Pass<'_>, value: &Value, at: &str) -> Value {
    let mut schema = match value {
        Value::Object(schema) => schema.clone(),
        Value::Bool(true) => {
            pass.note(at, "boolean-schema");
            return json!({});
        }
        Value::Bool(false) => {
            pass.note(at, "boolean-schema");
            return json!({ "not": {} });
        }
        _ => {
            pass.refuse(
                at,
                "a schema must be an object or a boolean",
                "correct it in the overlay",
            );
            return Value::Null;
        }
    };
    for rule in RULES {
        rule(pass, &mut schema, at);
    }
    if schema.contains_key("$ref") {
        return Value::Object(schema);
    }
    pass.entries(Kind::Schema, schema, at)
}
