//! Parameters: what travels in the path, the query and the headers. Other places and styles are refused by name.

use serde_json::{Value, json};

use super::{Pass, names, text};
use crate::document::pointer;
use crate::model::{Parameter, Place, Shape, Ty};

/// Headers that OpenAPI does not let a parameter set.
const RESERVED: [&str; 3] = ["accept", "content-type", "authorization"];

impl<'a> Pass<'a> {
    /// The parameters of a path item and an operation; the operation's own win.
    pub(super) fn parameters(
        &mut self,
        item: &'a Value,
        item_at: &str,
        operation: &'a Value,
        at: &str,
        id: &str,
    ) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = vec![];
        for (holder, holder_at) in [(item, item_at), (operation, at)] {
            let list = holder.get("parameters").and_then(Value::as_array);
            for (index, parameter) in list.into_iter().flatten().enumerate() {
                let here = pointer(&pointer(holder_at, "parameters"), index);
                let Some(found) = self.resolve(parameter, &here) else {
                    continue;
                };
                let Some(parameter) = self.parameter(found.value, &found.pointer, id) else {
                    continue;
                };
                parameters.retain(|other| {
                    other.field.key != parameter.field.key || kind(other.place) != kind(parameter.place)
                });
                if parameters
                    .iter()
                    .any(|other| other.field.name == parameter.field.name)
                    || parameter.field.name == "body"
                {
                    let reason = format!("another parameter is called `{}` in Rust", parameter.field.name);
                    self.refuse(&here, reason, "remove one of them in the overlay");
                }
                parameters.push(parameter);
            }
        }
        parameters
    }

    fn parameter(&mut self, value: &'a Value, at: &str, id: &str) -> Option<Parameter> {
        let key = text(value.get("name"));
        let place = self.place(value, at, key)?;
        let Some(schema) = value.get("schema") else {
            self.refuse(
                at,
                "a parameter with `content` instead of `schema`",
                "give it a schema in the overlay",
            );
            return None;
        };
        let required = place == Place::Path || value.get("required") == Some(&json!(true));
        let mut field = self.field(key, schema, required, &names::pascal(id), &pointer(at, "schema"));
        if let Some(docs) = value.get("description").and_then(Value::as_str) {
            field.docs = docs.trim().to_owned();
        }
        if let Some(what) = self.not_a_parameter(&field.ty, place) {
            self.refuse(
                &pointer(at, "schema"),
                format!("{what} cannot be a parameter in this place"),
                "give it a simpler schema in the overlay",
            );
            return None;
        }
        Some(Parameter { field, place })
    }

    fn place(&mut self, value: &Value, at: &str, key: &str) -> Option<Place> {
        let style = value.get("style").and_then(Value::as_str);
        let explode = value.get("explode").and_then(Value::as_bool);
        match (text(value.get("in")), style) {
            ("path", None | Some("simple")) => Some(Place::Path),
            ("query", None | Some("form")) if explode != Some(false) => Some(Place::Query),
            ("query", None | Some("form")) => Some(Place::QueryJoined),
            ("header", None | Some("simple")) if RESERVED.contains(&key.to_ascii_lowercase().as_str()) => {
                self.lose(
                    at,
                    "reserved-header",
                    "the parameter: OpenAPI leaves this header to other means",
                );
                None
            }
            ("header", None | Some("simple")) => Some(Place::Header),
            ("cookie", _) => {
                self.refuse(
                    at,
                    "a cookie parameter",
                    "remove it in the overlay: cookies are kept by the transport",
                );
                None
            }
            (place, style) => {
                let style = style.unwrap_or("default");
                self.refuse(
                    at,
                    format!("style `{style}` in `{place}`"),
                    "change the style in the overlay",
                );
                None
            }
        }
    }

    fn not_a_parameter(&self, ty: &Ty, place: Place) -> Option<&'static str> {
        match ty {
            Ty::Array(inner) if matches!(place, Place::Query | Place::QueryJoined) => match **inner {
                Ty::Array(_) => Some("a list of lists"),
                _ => self.not_a_parameter(inner, place),
            },
            Ty::Array(_) => Some("a list"),
            Ty::Map(_) | Ty::JsonObject => Some("an object"),
            Ty::Upload | Ty::Bytes => Some("a file"),
            Ty::Json => Some("any JSON value"),
            Ty::Nullable(_) => Some("a list with nulls"),
            Ty::Named(name) => match self
                .types
                .definitions
                .get(name)
                .map(|definition| &definition.shape)
            {
                Some(Shape::OpenEnum(_)) => None,
                _ => Some("an object or a choice"),
            },
            _ => None,
        }
    }
}

fn kind(place: Place) -> u8 {
    match place {
        Place::Path => 0,
        Place::Query | Place::QueryJoined => 1,
        Place::Header => 2,
    }
}
