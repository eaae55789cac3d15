//! How the text of a parameter becomes a value, by its style and the types in its schema.

use serde_json::Value;

use super::reference::Located;
use super::{ContractError, Location};

/// How the text of a parameter becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One value, read as the first of these types that fits.
    Scalar(Types),
    /// A list under repeated names.
    Repeated(Types),
    /// A list in one text, cut at this byte.
    Separated(Types, u8),
    /// A JSON text.
    Json,
    /// A spelling that is only checked for presence.
    Opaque,
    /// An object or a list spread over query parameters of other names, so that not even presence can be seen.
    Spread,
}

/// The scalar types that a text may be read as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Types {
    pub(super) string: bool,
    pub(super) integer: bool,
    pub(super) number: bool,
    pub(super) boolean: bool,
    pub(super) null: bool,
    pub(super) array: bool,
    pub(super) object: bool,
}

/// Reads style, explode and schema of a parameter.
pub(super) fn shape(
    document: &Value,
    parameter: &Located<'_>,
    location: Location,
    schema: &Located<'_>,
) -> Result<Shape, ContractError> {
    let style = parameter.text("style").unwrap_or(match location {
        Location::Query | Location::Cookie => "form",
        Location::Path | Location::Header => "simple",
    });
    let explode = parameter.value["explode"].as_bool().unwrap_or(style == "form");
    let types = types(document, schema)?;
    if !types.array && !types.object {
        return match style {
            "matrix" | "label" => Err(parameter.problem("this style of a parameter is not supported")),
            _ => Ok(Shape::Scalar(types)),
        };
    }
    if types.object {
        let is_spread = location == Location::Query && (style == "deepObject" || explode);
        return Ok(if is_spread { Shape::Spread } else { Shape::Opaque });
    }
    if types.string || types.integer || types.number || types.boolean {
        // One value or a list of them: the text alone does not tell.
        return Ok(Shape::Opaque);
    }
    let items = items_types(document, schema)?;
    match style {
        "form" if explode && location == Location::Query => Ok(Shape::Repeated(items)),
        "form" | "simple" => Ok(Shape::Separated(items, b',')),
        "spaceDelimited" | "pipeDelimited" if explode => Ok(Shape::Repeated(items)),
        "spaceDelimited" => Ok(Shape::Separated(items, b' ')),
        "pipeDelimited" => Ok(Shape::Separated(items, b'|')),
        // The style is for objects; lists are written with it all the same, as `expand[]` and `expand[0]`.
        "deepObject" if location == Location::Query => Ok(Shape::Spread),
        _ => Err(parameter.problem("this style of a parameter is not supported")),
    }
}

fn items_types(document: &Value, schema: &Located<'_>) -> Result<Types, ContractError> {
    let items = schema.clone().resolve(document)?.get("items");
    items
        .map(|items| types(document, &items))
        .transpose()
        .map(Option::unwrap_or_default)
}

/// Every type that a schema names, through references and compositions.
fn types(document: &Value, schema: &Located<'_>) -> Result<Types, ContractError> {
    let mut found = Types::default();
    let mut pending = vec![schema.clone()];
    // A schema that is composed of itself names nothing new, so the walk may be cut off.
    for _ in 0..64 {
        let Some(next) = pending.pop() else {
            break;
        };
        let next = next.resolve(document)?;
        match &next.value["type"] {
            Value::String(name) => found.add(name),
            Value::Array(names) => names
                .iter()
                .filter_map(Value::as_str)
                .for_each(|name| found.add(name)),
            _ => next
                .get("enum")
                .iter()
                .flat_map(Located::elements)
                .for_each(|option| found.add_like(option.value)),
        }
        if next.is_set("nullable") {
            found.null = true;
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            pending.extend(next.get(key).iter().flat_map(Located::elements));
        }
    }
    Ok(found)
}

impl Types {
    fn add(&mut self, name: &str) {
        match name {
            "string" => self.string = true,
            "integer" => self.integer = true,
            "number" => self.number = true,
            "boolean" => self.boolean = true,
            "null" => self.null = true,
            "array" => self.array = true,
            "object" => self.object = true,
            _ => {}
        }
    }

    fn add_like(&mut self, option: &Value) {
        match option {
            Value::String(_) => self.string = true,
            Value::Number(_) => self.number = true,
            Value::Bool(_) => self.boolean = true,
            _ => {}
        }
    }
}
