//! Parameters: what travels in the path, the query, the headers and the cookies, and in which style.

use serde_json::{Value, json};

use super::{Pass, names, security, text};
use crate::document::pointer;
use crate::model::{Parameter, Place, Shape, Style, Ty};

/// Headers that OpenAPI does not let a parameter set.
const RESERVED: [&str; 3] = ["accept", "content-type", "authorization"];

/// What the methods of a client call their other arguments, and what is made on the way.
const METHODS_OWN: [&str; 8] = [
    "body", "form", "params", "at", "value", "request", "parts", "build",
];

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
                parameters.push(parameter);
            }
        }
        let mut taken: Vec<String> = METHODS_OWN.map(str::to_owned).to_vec();
        for parameter in &mut parameters {
            parameter.field.name = names::free(&parameter.field.name, "_", |name| {
                taken.iter().any(|other| other == name)
            });
            taken.push(parameter.field.name.clone());
        }
        parameters
    }

    fn parameter(&mut self, value: &'a Value, at: &str, id: &str) -> Option<Parameter> {
        let key = text(value.get("name"));
        let content = value
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.iter().next());
        let (schema, schema_at) = match (value.get("schema"), content) {
            (Some(schema), _) => (schema, pointer(at, "schema")),
            (None, Some((media_type, media))) => {
                let content_at = pointer(&pointer(at, "content"), media_type);
                if !super::answers::is_json(media_type) || text(value.get("in")) != "query" {
                    self.refuse_without(
                        &content_at,
                        at,
                        format!(
                            "a parameter with `content` of type `{media_type}` in `{}`",
                            text(value.get("in"))
                        ),
                        "give it a `schema` instead in the overlay, or remove it",
                    );
                    return None;
                }
                (media.get("schema")?, pointer(&content_at, "schema"))
            }
            (None, None) => {
                self.refuse_without(
                    at,
                    at,
                    "a parameter without a schema",
                    "give it a `schema` in the overlay, or remove it",
                );
                return None;
            }
        };
        if value.get("allowReserved") == Some(&json!(true)) {
            self.lose(
                &pointer(at, "allowReserved"),
                "reserved-encoded",
                "that reserved characters may stand as they are: they are percent-encoded",
            );
        }
        let mut place = self.place(value, at, key)?;
        let required = place == Place::Path || value.get("required") == Some(&json!(true));
        let mut field = self.field(key, schema, required, &names::pascal(id), &schema_at);
        if let Some(docs) = value.get("description").and_then(Value::as_str) {
            field.docs = docs.trim().to_owned();
        }
        if value.get("schema").is_none() {
            place = Place::Styled(Style::Json);
        } else if !self.is_simple_list(&field.ty) {
            place = match place {
                Place::Query => Place::Styled(Style::Form),
                Place::QueryJoined => Place::Styled(Style::Joined),
                place => place,
            };
        }
        if let Some(what) = not_a_parameter(&field.ty) {
            self.refuse_without(
                &schema_at,
                at,
                format!("{what} cannot be a parameter"),
                "give it another schema in the overlay, or remove it",
            );
            return None;
        }
        Some(Parameter {
            field,
            place,
            joint: joint(value),
        })
    }

    fn place(&mut self, value: &Value, at: &str, key: &str) -> Option<Place> {
        let style = value.get("style").and_then(Value::as_str);
        let explode = value.get("explode").and_then(Value::as_bool);
        match (text(value.get("in")), style) {
            ("path", None | Some("simple")) => Some(Place::Path),
            ("query", None | Some("form")) if explode != Some(false) => Some(Place::Query),
            ("query", None | Some("form")) => Some(Place::QueryJoined),
            // Where a list is exploded, its items stand apart in every style.
            ("query", Some("spaceDelimited" | "pipeDelimited")) if explode == Some(true) => {
                Some(Place::Query)
            }
            ("query", Some("spaceDelimited")) => Some(Place::Styled(Style::Spaces)),
            ("query", Some("pipeDelimited")) => Some(Place::Styled(Style::Pipes)),
            ("query", Some("deepObject")) => Some(Place::Styled(Style::Deep)),
            ("header", None | Some("simple")) if RESERVED.contains(&key.to_ascii_lowercase().as_str()) => {
                self.lose(
                    at,
                    "reserved-header",
                    "the parameter: OpenAPI leaves this header to other means",
                );
                None
            }
            ("header" | "cookie", _) if !security::is_token(key) => {
                self.refuse_without(
                    &pointer(at, "name"),
                    at,
                    format!("`{key}` cannot be the name of a header or a cookie"),
                    "correct it in the overlay, or remove it",
                );
                None
            }
            ("header", None | Some("simple")) => Some(Place::Header),
            ("cookie", None | Some("form")) => Some(Place::Cookie),
            (place, style) => {
                let style = style.unwrap_or("default");
                self.refuse_without(
                    at,
                    at,
                    format!("style `{style}` in `{place}`"),
                    "change the style in the overlay, or remove it",
                );
                None
            }
        }
    }

    /// Whether progenitor can write it into a query: a simple value, or a list of such.
    fn is_simple_list(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Array(item) => self.is_simple(item),
            ty => self.is_simple(ty),
        }
    }

    /// Whether every value of the type is one text.
    pub(super) fn is_simple(&self, ty: &Ty) -> bool {
        match ty {
            Ty::String
            | Ty::Secret
            | Ty::Timestamp
            | Ty::Integer
            | Ty::Unsigned
            | Ty::Number
            | Ty::Boolean => true,
            Ty::Named(name) => {
                let definition = self.types.definitions.get(name);
                definition.is_some_and(|definition| matches!(definition.shape, Shape::OpenEnum(_)))
            }
            _ => false,
        }
    }
}

/// How parts are joined where there is no query: in the style `simple` by commas in any case, in `form`, the only one that
/// cookies have, only if they do not stand apart.
fn joint(parameter: &Value) -> Style {
    let explode = parameter.get("explode").and_then(Value::as_bool);
    match (text(parameter.get("in")), explode) {
        ("cookie", None | Some(true)) => Style::Form,
        ("path" | "header", Some(true)) => Style::Pairs,
        _ => Style::Joined,
    }
}

fn not_a_parameter(ty: &Ty) -> Option<&'static str> {
    match ty {
        Ty::Upload | Ty::Bytes => Some("a file"),
        Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => match **inner {
            Ty::Secret => Some("a list of secrets"),
            ref inner => not_a_parameter(inner),
        },
        _ => None,
    }
}

fn kind(place: Place) -> u8 {
    match place {
        Place::Path => 0,
        Place::Query | Place::QueryJoined | Place::Styled(_) => 1,
        Place::Header => 2,
        Place::Cookie => 3,
    }
}
