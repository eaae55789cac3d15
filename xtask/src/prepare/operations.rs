//! Operations: id, parameters, bodies, answers and credentials of each.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::answers::{essence, is_binary, is_json};
use super::{Pass, names, prose, text};
use crate::document::pointer;
use crate::model::{Body, BodyMedia, Operation, OwnNames, Parameter, Place, Rules, Shape, Style, Ty};

const VERBS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What every client has beside its operations.
const CLIENTS_OWN: [&str; 9] = [
    "new",
    "with_options",
    "with_credentials",
    "with_retry",
    "with_timeout",
    // What is called on clients, or inside of them, under these names.
    "clone",
    "fmt",
    "over",
    "wait",
];

impl<'a> Pass<'a> {
    /// Every operation of the document.
    pub(super) fn operations(&mut self) -> Vec<Operation> {
        let mut operations: Vec<Operation> = vec![];
        let paths = self.document.get("paths").and_then(Value::as_object);
        for (path, item) in paths
            .into_iter()
            .flatten()
            .filter(|(path, _)| path.starts_with('/'))
        {
            let item_at = pointer("/paths", path);
            self.refuse_own_servers(item, &item_at);
            for verb in VERBS {
                let Some(value) = item.get(verb) else { continue };
                let mut operation = self.operation(path, item, &item_at, verb, value);
                let name = names::free(&operation.method_name, "_", |name| {
                    let multipart =
                        |other: &Operation| format!("{}_multipart", other.method_name.trim_end_matches('_'));
                    CLIENTS_OWN.contains(&name)
                        || operations
                            .iter()
                            .any(|other| other.method_name == name || multipart(other) == name)
                });
                if name != operation.method_name {
                    let told = format!(
                        "the name `{}`, which another has: it is `{name}`",
                        operation.method_name
                    );
                    self.lose(&operation.pointer, "renamed", &told);
                    operation.method_name = name;
                }
                operations.push(operation);
            }
        }
        let mut taken = BTreeSet::new();
        for operation in &mut operations {
            operation.names = self.own_names(operation, &mut taken);
        }
        operations
    }

    /// Names for the types of one operation. Vendors use the usual ones too, for other things: then there is a second choice.
    fn own_names(&self, operation: &Operation, taken: &mut BTreeSet<String>) -> OwnNames {
        let mut choose = |endings: [&str; 2]| {
            let names = endings.map(|ending| format!("{}{ending}", names::pascal(&operation.id)));
            let is_taken = |name: &str| self.types.definitions.contains_key(name) || taken.contains(name);
            let free = names.iter().find(|name| !is_taken(name)).cloned();
            let name = free.unwrap_or_else(|| names::free(&names[0], "", is_taken));
            taken.insert(name.clone());
            name
        };
        OwnNames {
            parameters: choose(["Params", "Options"]),
            error: choose(["Error", "Refusal"]),
            success: choose(["Success", "Outcome"]),
        }
    }

    fn operation(
        &mut self,
        path: &str,
        item: &'a Value,
        item_at: &str,
        verb: &str,
        value: &'a Value,
    ) -> Operation {
        let at = pointer(item_at, verb);
        self.refuse_own_servers(value, &at);
        let id = match value.get("operationId").and_then(Value::as_str) {
            Some(id) => id.to_owned(),
            None => {
                let id = format!("{verb} {path}").replace('{', " by ").replace('}', " ");
                self.lose(&at, "operation-id", "");
                names::snake(&id)
            }
        };
        let parameters = self.parameters(item, item_at, value, &at, &id);
        let parameters = self.of_template(path, parameters, &at);
        let (body, form) = self.bodies(value, &at, &id);
        let (success, errors, accept) = self.answers(value, &at, &id);
        Operation {
            method_name: names::snake(&id),
            pointer: at.clone(),
            verb: verb.to_owned(),
            path: path.to_owned(),
            docs: prose(value),
            source: super::source(value),
            parameters,
            body,
            form,
            success,
            errors,
            accept,
            security: self.security(value, &at),
            names: OwnNames::default(),
            id,
        }
    }

    /// A client has one base URL and one path behind it, so nothing may live elsewhere.
    fn refuse_own_servers(&mut self, holder: &Value, at: &str) {
        let own = holder.pointer("/servers/0/url");
        if own.is_some() && own != self.document.pointer("/servers/0/url") {
            self.refuse_without(
                &pointer(at, "servers"),
                at,
                "a server of its own, and a client has one",
                "remove what lives there, or `servers` alone where the document's own has it too",
            );
        }
    }

    /// The parameters that belong to the path template: progenitor panics where the two do not fit. What the template has
    /// and nobody declares is a text.
    fn of_template(&mut self, path: &str, mut parameters: Vec<Parameter>, at: &str) -> Vec<Parameter> {
        let Some(in_path) = template(path) else {
            let reason = format!("the path `{path}` has a query, a fragment, or braces that do not match");
            self.refuse_without(
                at,
                at,
                reason,
                "rename the path in the overlay and declare parameters of its query, or remove it",
            );
            return parameters;
        };
        for name in &in_path {
            let is_meant = |other: &Parameter| other.place == Place::Path && other.field.key == *name;
            if !parameters.iter().any(is_meant) {
                self.lose(
                    at,
                    "undeclared-parameter",
                    &format!("what kind of text `{name}` in the path is"),
                );
                let mut field = self.field(name, &json!({ "type": "string" }), true, "", at);
                field.name = names::free(&field.name, "_", |name| {
                    name == "body" || parameters.iter().any(|other| other.field.name == name)
                });
                let place = Place::Path;
                parameters.push(Parameter { field, place });
            }
        }
        parameters.retain(|parameter| {
            let is_meant = parameter.place != Place::Path || in_path.contains(&parameter.field.key.as_str());
            if !is_meant {
                let told = format!(
                    "the parameter `{}`, which is not in the path",
                    parameter.field.key
                );
                self.lose(at, "parameter-without-place", &told);
            }
            is_meant
        });
        parameters
    }

    /// The body that progenitor sends, and the form that is offered beside it.
    fn bodies(&mut self, operation: &'a Value, at: &str, id: &str) -> (Option<Body>, Option<String>) {
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
                    Some(name) => form = Some(name),
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
            return raw(BodyMedia::Text, Ty::String, "text/plain");
        }
        self.unstructured(schema, &essence, at);
        if !super::answers::is_media_range(media_type) {
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

    /// The caller writes what is neither JSON nor a form.
    fn unstructured(&mut self, schema: &Value, media_type: &str, at: &str) {
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

/// The names in a path template; `None` if it is none.
fn template(path: &str) -> Option<Vec<&str>> {
    let mut names = vec![];
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}', '?', '#']) {
        let (name, after) = rest[at..].strip_prefix('{')?.split_once('}')?;
        if name.is_empty() || name.contains('{') {
            return None;
        }
        if !names.contains(&name) {
            names.push(name);
        }
        rest = after;
    }
    Some(names)
}
