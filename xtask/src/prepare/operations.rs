//! Operations: id, parameters, bodies, answers and credentials of each.

use serde_json::{Value, json};

use super::answers::is_json;
use super::{Pass, names, prose, text};
use crate::document::pointer;
use crate::model::{Body, BodyMedia, Operation, OwnNames, Parameter, Place, Rules, Scheme, Ty};

const VERBS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What every client has beside its operations.
const CLIENTS_OWN: [&str; 5] = [
    "new",
    "with_options",
    "with_credentials",
    "with_retry",
    "with_timeout",
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
                let operation = self.operation(path, item, &item_at, verb, value);
                if CLIENTS_OWN.contains(&operation.method_name.as_str()) {
                    let reason = format!(
                        "its method is called `{}`, and every client has one",
                        operation.method_name
                    );
                    self.refuse(
                        &operation.pointer,
                        reason,
                        "give it another operationId in the overlay",
                    );
                }
                if let Some(other) = operations
                    .iter()
                    .find(|other| other.method_name == operation.method_name)
                {
                    let reason = format!(
                        "its method is called `{}`, as that of {}",
                        operation.method_name, other.pointer
                    );
                    self.refuse(
                        &operation.pointer,
                        reason,
                        "give one of them another operationId in the overlay",
                    );
                }
                operations.push(operation);
            }
        }
        for operation in &mut operations {
            operation.names = self.own_names(operation);
        }
        operations
    }

    /// Names for the types of one operation. Vendors use the usual ones too, for other things: then there is a second choice.
    fn own_names(&mut self, operation: &Operation) -> OwnNames {
        let mut choose = |endings: [&str; 2]| {
            let names = endings.map(|ending| format!("{}{ending}", names::pascal(&operation.id)));
            let free = names
                .iter()
                .find(|name| !self.types.definitions.contains_key(*name));
            if free.is_none() {
                let reason = format!("`{}` and `{}` are taken", names[0], names[1]);
                self.refuse(
                    &operation.pointer,
                    reason,
                    "give the operation another operationId in the overlay",
                );
            }
            free.unwrap_or(&names[0]).clone()
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
                let id = format!("{verb} {path}").replace(['{', '}'], " by ");
                self.lose(&at, "operation-id", "");
                names::snake(&id)
            }
        };
        let parameters = self.parameters(item, item_at, value, &at, &id);
        self.check_template(path, &parameters, &at);
        let (body, form) = self.bodies(value, &at, &id);
        if form.is_some() && parameters.iter().any(|parameter| parameter.place != Place::Path) {
            self.refuse(
                &at,
                "a form beside parameters in the query or in headers",
                "remove one of them in the overlay",
            );
        }
        let (success, errors) = self.answers(value, &at, &id);
        Operation {
            method_name: names::snake(&id),
            pointer: at.clone(),
            verb: verb.to_owned(),
            path: path.to_owned(),
            docs: prose(value),
            parameters,
            body,
            form,
            success,
            errors,
            security: self.security(value, &at),
            names: OwnNames::default(),
            id,
        }
    }

    /// A client has one base URL and one path behind it, so nothing may live elsewhere.
    fn refuse_own_servers(&mut self, holder: &Value, at: &str) {
        let own = holder.pointer("/servers/0/url");
        if own.is_some() && own != self.document.pointer("/servers/0/url") {
            self.refuse(
                &pointer(at, "servers"),
                "a server of its own",
                "remove it in the overlay, and put its path into the operation's",
            );
        }
    }

    /// progenitor panics on a path and parameters that do not belong together.
    fn check_template(&mut self, path: &str, parameters: &[Parameter], at: &str) {
        let in_path: Vec<&str> = path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect();
        let declared = parameters
            .iter()
            .filter(|parameter| parameter.place == Place::Path);
        let declared: Vec<&str> = declared.map(|parameter| parameter.field.key.as_str()).collect();
        for name in in_path.iter().filter(|name| !declared.contains(name)) {
            self.refuse(
                at,
                format!("the path parameter `{name}` is not declared"),
                "declare it in the overlay",
            );
        }
        for name in declared.iter().filter(|name| !in_path.contains(name)) {
            self.refuse(
                at,
                format!("`{name}` is declared and not in the path"),
                "remove it in the overlay",
            );
        }
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
        let (mut json_body, mut form) = (None, None);
        for (media_type, value) in content.into_iter().flatten() {
            let here = pointer(&at, media_type);
            let schema_at = pointer(&here, "schema");
            let any = json!({});
            let schema = value.get("schema").unwrap_or(&any);
            match media_type.split(';').next().unwrap_or_default().trim() {
                "multipart/form-data" => {
                    let slot = self.slot(schema, &format!("{}Form", names::pascal(id)), &schema_at);
                    match slot.ty {
                        Ty::Named(name) => form = Some(name),
                        _ => self.refuse(
                            &schema_at,
                            "a form without named parts",
                            "describe its parts in the overlay",
                        ),
                    }
                }
                "application/json" | "application/x-www-form-urlencoded" if json_body.is_none() => {
                    let media = if is_json(media_type) {
                        BodyMedia::Json
                    } else {
                        BodyMedia::UrlEncoded
                    };
                    let slot = self.slot(schema, &format!("{}Request", names::pascal(id)), &schema_at);
                    json_body = Some(Body {
                        media,
                        rules: slot.rules.clone(),
                        ty: slot.item(),
                    });
                }
                "text/plain" | "application/octet-stream" if json_body.is_none() => {
                    let (media, ty) = match media_type.starts_with("text/plain") {
                        true => (BodyMedia::Text, Ty::String),
                        false => (BodyMedia::Bytes, Ty::Bytes),
                    };
                    json_body = Some(Body {
                        media,
                        ty,
                        rules: Rules::default(),
                    });
                }
                other if json_body.is_some() => {
                    self.lose(
                        &here,
                        "one-request-type",
                        &format!("that the body may also be sent as `{other}`"),
                    );
                }
                other => self.refuse(
                    &here,
                    format!("a request body of type `{other}`"),
                    "remove it in the overlay",
                ),
            }
        }
        (json_body, form)
    }

    /// The kinds of credentials that are taken, whichever combination of them is asked for.
    fn security(&mut self, operation: &'a Value, at: &str) -> Vec<Scheme> {
        let own = operation.get("security");
        let requirements = own
            .or_else(|| self.document.get("security"))
            .and_then(Value::as_array);
        let mut schemes: Vec<Scheme> = vec![];
        for name in requirements
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .flat_map(|one| one.keys())
        {
            let scheme = self
                .document
                .pointer(&pointer("/components/securitySchemes", name));
            let Some(scheme) = scheme else {
                self.refuse(
                    &pointer(at, "security"),
                    format!("`{name}` is no security scheme"),
                    "define it in the overlay",
                );
                continue;
            };
            let kind = match (
                text(scheme.get("type")),
                text(scheme.get("in")),
                text(scheme.get("scheme")),
            ) {
                ("apiKey", "header", _) => Scheme::ApiKey,
                ("apiKey", "cookie", _) => Scheme::Cookie,
                ("http", _, kind) if kind.eq_ignore_ascii_case("bearer") => Scheme::Bearer,
                ("oauth2" | "openIdConnect", ..) => Scheme::Bearer,
                (kind, place, name) => {
                    let reason = format!("credentials of type `{kind} {place}{name}`");
                    self.refuse(
                        &pointer("/components/securitySchemes", name),
                        reason,
                        "remove the scheme in the overlay",
                    );
                    continue;
                }
            };
            if !schemes.contains(&kind) {
                schemes.push(kind);
            }
        }
        schemes.sort();
        schemes
    }
}
