//! Literals: `const` and `examples`. Falsy constants (`0`, `false`, `""`, `null`) are constants like any other.

use serde_json::{Map, Value, json};

use super::choices::{judges_null, refers};
use super::report::{Fix, Loss};
use super::walk::Pass;
use crate::document::pointer;

/// `const` becomes an enum of one, with the type that the constant has.
pub(super) fn constant(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    let Some(constant) = raw.get("const") else { return };
    let here = pointer(at, "const");
    let listed = raw.get("enum").and_then(Value::as_array);
    if listed.is_some_and(|values| !values.iter().any(|value| is_same(value, constant))) {
        pass.refuse_for(
            &here,
            "`const` is not among the values of `enum`",
            "remove one of them in the overlay",
            Fix::Remove(pointer(at, "enum")),
        );
    }
    if !raw.contains_key("type") {
        match constant {
            Value::Null if refers(raw) || schema.keys().any(|key| key != "enum" && judges_null(key)) => {}
            Value::Null => {
                schema.insert("nullable".to_owned(), json!(true));
            }
            _ => {
                schema.insert("type".to_owned(), json!(type_of(constant)));
            }
        }
    }
    schema.insert("enum".to_owned(), json!([constant]));
    pass.note(&here, "const");
    if listed.is_some() {
        pass.note(&pointer(at, "enum"), "const");
    }
}

fn type_of(literal: &Value) -> &'static str {
    match literal {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether JSON Schema takes the literal for an integer, as it does `1.0`.
pub(super) fn is_integer(literal: &Value) -> bool {
    let has_no_fraction = |number: f64| number.fract() == 0.0;
    literal.is_i64() || literal.is_u64() || literal.as_f64().is_some_and(has_no_fraction)
}

fn is_same(left: &Value, right: &Value) -> bool {
    left == right
        || left
            .as_f64()
            .zip(right.as_f64())
            .is_some_and(|(left, right)| left == right)
}

/// `examples` is a list in JSON Schema; 3.0 has room for one.
pub(super) fn examples(
    pass: &mut Pass<'_>,
    raw: &Map<String, Value>,
    schema: &mut Map<String, Value>,
    at: &str,
) {
    let here = pointer(at, "examples");
    let examples = match raw.get("examples") {
        None => return,
        Some(Value::Array(examples)) => examples,
        // The form that media types have, met in schemas by mistake.
        Some(Value::Object(_)) => {
            let lost = "examples in a form that schemas do not have".to_owned();
            return pass.lose(&here, "examples", Loss::Words(lost));
        }
        Some(_) => return pass.refuse(&here, "`examples` of a schema must be a list"),
    };
    let has_room = !raw.contains_key("example");
    let lost = match examples.len() > usize::from(has_room) {
        true => "further examples",
        false => "",
    };
    if let (true, Some(first)) = (has_room, examples.first()) {
        schema.insert("example".to_owned(), first.clone());
    }
    pass.lose(&here, "examples", Loss::of_words(lost));
}
