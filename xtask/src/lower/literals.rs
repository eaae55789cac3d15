//! Literals: `const` and `examples`. Falsy constants (`0`, `false`, `""`, `null`) are constants like any other.

use serde_json::{Map, Value, json};

use super::Pass;

/// `const` becomes an enum of one, with the type that the constant has.
pub(super) fn constant(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let Some(constant) = schema.shift_remove("const") else {
        return;
    };
    match (&constant, schema.contains_key("type")) {
        (Value::Null, _) => {
            schema.shift_remove("type");
            schema.insert("nullable".to_owned(), json!(true));
        }
        (_, true) => {}
        (constant, false) => {
            schema.insert("type".to_owned(), json!(type_of(constant)));
        }
    }
    let contradicted = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| !values.contains(&constant));
    if contradicted {
        pass.refuse(
            at,
            "`const` is not among the values of `enum`",
            "remove one of them in the overlay",
        );
    }
    schema.insert("enum".to_owned(), json!([constant]));
    pass.note(at, "const");
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

/// `examples` is a list in JSON Schema; 3.0 has room for one.
pub(super) fn examples(pass: &mut Pass<'_>, schema: &mut Map<String, Value>, at: &str) {
    let Some(examples) = schema.shift_remove("examples") else {
        return;
    };
    let Value::Array(examples) = examples else {
        pass.refuse(
            at,
            "`examples` of a schema must be a list",
            "correct it in the overlay",
        );
        return;
    };
    let room = usize::from(!schema.contains_key("example"));
    let lost = if examples.len() > room {
        "further examples"
    } else {
        ""
    };
    if let (1, Some(first)) = (room, examples.into_iter().next()) {
        schema.insert("example".to_owned(), first);
    }
    pass.lose(at, "examples", lost);
}
