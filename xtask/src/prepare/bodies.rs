//! Request bodies: JSON before all, forms of both kinds, and bodies that the caller writes.

use serde_json::{Map, Value, json};

use super::answers::{essence, is_binary, is_json, is_media_range};
use super::{Pass, names, text};
use crate::document::pointer;
use crate::model::{Body, BodyMedia, Rules, Shape, Style, Ty};

impl<'a> Pass<'a> {
    /// The body that progenitor sends, and the form that is offered beside it.
    pub(super) fn bodies(
        &mut self,
        operation: &'a Value,
        at: &str,
        id: &str,
    ) -> (Option<Body>, Option<String>) {
        let Some(body) = operation.get("requestBody") else {
            return (None, None);
        };
        let Some(found) = self.resolve(body, &pointer(at, "requestBody")) else {
            return (None, None);
        };
        let content = found.value.get("content").and_then(Value::as_object);
        let at = pointer(&found.pointer, "content");
        if found.value.get("required") != Some(&json!(true)) {
            self.lose(
                &found.pointer,
                "optional-body",
                "that the body may be left out: it is always sent",
            );
        }
        let (mut sent, mut form): (Option<Body>, Option<String>) = (None, None);
        for (media_type, media) in by_preference(content) {
            let here = pointer(&at, media_type);
            if is_multipart(media_type) && form.is_none() {
                match self.multipart(
                    media,
                    &format!("{}Form", names::pascal(id)),
                    &pointer(&here, "schema"),
                ) {
                    Some(name) => {
                        self.note_encodings(media, &here);
                        form = Some(name);
                    }
                    None if content.is_some_and(|content| content.len() > 1) => {
                        self.lose(&here, "one-request-type", "a form without named parts");
                    }
                    None => self.refuse_without(
                        &pointer(&here, "schema"),
                        &found.pointer,
                        "a form without named parts",
                        "describe its parts in the overlay, or remove the body",
                    ),
                }
            } else if sent.is_none() {
                sent = Some(self.body(media_type, media, &format!("{}Request", names::pascal(id)), &here));
            } else {
                let told = format!("that the body may also be sent as `{media_type}`");
                self.lose(&here, "one-request-type", &told);
            }
        }
        (sent, form)
    }

    fn multipart(&mut self, media: &Value, name: &str, at: &str) -> Option<String> {
        let slot = self.slot(media.get("schema")?, name, at);
        match slot.ty {
            Ty::Named(name) if self.is_struct(&name) => Some(name),
            _ => None,
        }
    }

    /// A part travels as what its type says.
    fn note_encodings(&mut self, media: &Value, at: &str) {
        let encodings = media.get("encoding").and_then(Value::as_object);
        for (part, encoding) in encodings.into_iter().flatten() {
            for key in ["contentType", "headers", "style", "explode"] {
                if encoding.get(key).is_some() {
                    let here = pointer(&pointer(&pointer(at, "encoding"), part), key);
                    let told = "how the part is written: files as the caller says, objects as JSON, the rest as text";
                    self.lose(&here, "part-encoding", told);
                }
            }
        }
    }

    fn body(&mut self, media_type: &str, media: &'a Value, name: &str, at: &str) -> Body {
        let any = json!({});
        let schema = media.get("schema").unwrap_or(&any);
        let essence = essence(media_type);
        let raw = |media, ty, usual: &str| Body {
            media,
            ty,
            rules: Rules::default(),
            content_type: (essence != usual).then(|| media_type.to_owned()),
        };
        if is_json(media_type) && !is_binary(media) {
            let slot = self.slot(schema, name, &pointer(at, "schema"));
            if slot.ty.is_secret() {
                self.refuse_bare_secret(&pointer(at, "schema"));
            }
            return Body {
                media: BodyMedia::Json,
                rules: slot.rules.clone(),
                ty: slot.item(),
                content_type: (essence.ends_with("+json") || essence == "text/json").then_some(essence),
            };
        }
        if essence == FORM {
            let slot = self.slot(schema, name, &pointer(at, "schema"));
            let styles = styles(media);
            let is_flat = styles.is_empty() && self.is_flat(&slot.ty);
            return Body {
                media: if is_flat {
                    BodyMedia::UrlEncoded
                } else {
                    BodyMedia::StyledForm(styles)
                },
                rules: slot.rules.clone(),
                ty: slot.item(),
                content_type: (!is_flat).then(|| FORM.to_owned()),
            };
        }
        let is_text = essence.starts_with("text/") || essence.ends_with("xml") || essence.ends_with("yaml");
        if is_text && !is_binary(media) {
            self.unstructured(schema, &essence, at);
            let slot = self.slot(schema, name, &pointer(at, "schema"));
            let rules = match slot.ty {
                Ty::String => slot.rules,
                _ => Rules::default(),
            };
            return Body {
                rules,
                ..raw(BodyMedia::Text, Ty::String, "text/plain")
            };
        }
        self.unstructured(schema, &essence, at);
        if !is_media_range(media_type) {
            self.refuse_without(
                at,
                at,
                format!("`{media_type}` is no media type"),
                "correct it in the overlay, or remove it",
            );
        }
        match essence.contains('*') {
            true => raw(BodyMedia::Bytes, Ty::Bytes, &essence),
            false => raw(BodyMedia::Bytes, Ty::Bytes, "application/octet-stream"),
        }
    }

    /// A secret is guarded as a property; a body that is nothing else has none.
    pub(super) fn refuse_bare_secret(&mut self, at: &str) {
        self.refuse(
            at,
            "a secret that is no property of an object cannot be guarded",
            "remove `format: password` there in the overlay",
        );
    }

    /// The caller writes what is neither JSON nor a form.
    fn unstructured(&mut self, schema: &Value, media_type: &str, at: &str) {
        if schema.get("format").is_some_and(|format| format == "password") {
            self.refuse_bare_secret(&pointer(at, "schema"));
        }
        let has_structure = ["$ref", "properties", "items", "allOf", "oneOf", "anyOf"]
            .iter()
            .any(|keyword| schema.get(keyword).is_some());
        if has_structure {
            let told = format!("the structure of a body of `{media_type}`: the caller writes it");
            self.lose(at, "body-as-it-is", &told);
        }
    }

    fn is_struct(&self, name: &str) -> bool {
        let definition = self.types.definitions.get(name);
        definition.is_some_and(|definition| matches!(definition.shape, Shape::Struct(_)))
    }

    /// Whether the usual writer of forms can write a body: it has nothing but simple values.
    fn is_flat(&self, ty: &Ty) -> bool {
        let Ty::Named(name) = ty else { return false };
        match self
            .types
            .definitions
            .get(name)
            .map(|definition| &definition.shape)
        {
            Some(Shape::Struct(object)) => {
                object.further.is_none() && object.fields.iter().all(|field| self.is_simple(&field.ty))
            }
            _ => false,
        }
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// JSON first, whatever the order of the document: it says most.
fn by_preference(content: Option<&Map<String, Value>>) -> Vec<(&String, &Value)> {
    let mut all: Vec<(&String, &Value)> = content.into_iter().flatten().collect();
    let rank = |media_type: &str| match essence(media_type).as_str() {
        "application/json" => 0,
        FORM => 2,
        "application/octet-stream" | "text/plain" => 4,
        _ if is_json(media_type) && !media_type.contains('*') => 1,
        _ if is_multipart(media_type) => 3,
        _ => 5,
    };
    all.sort_by_key(|(media_type, _)| rank(media_type));
    all
}

fn is_multipart(media_type: &str) -> bool {
    essence(media_type) == "multipart/form-data"
}

/// The styles that the document declares for members of a form.
fn styles(media: &Value) -> Vec<(String, Style)> {
    let encoding = media.get("encoding").and_then(Value::as_object);
    let of_member = |encoding: &Value| match (text(encoding.get("style")), encoding.get("explode")) {
        ("deepObject", _) => Some(Style::Deep),
        ("spaceDelimited", _) => Some(Style::Spaces),
        ("pipeDelimited", _) => Some(Style::Pipes),
        ("form", Some(Value::Bool(false))) => Some(Style::Joined),
        _ if is_json(text(encoding.get("contentType"))) => Some(Style::Json),
        _ => None,
    };
    encoding
        .into_iter()
        .flatten()
        .filter_map(|(key, encoding)| Some((key.clone(), of_member(encoding)?)))
        .collect()
}
