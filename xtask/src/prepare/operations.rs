//! Operations: id, parameters, bodies, answers and credentials of each.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Pass, names, prose, servers};
use crate::document::pointer;
use crate::model::{Operation, OwnNames, Parameter, Place, Style};

const VERBS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What every client has beside its operations.
const CLIENTS_OWN: [&str; 20] = [
    "new",
    "with_options",
    "with_credentials",
    "with_retry",
    "with_timeout",
    "base_url",
    "keys",
    // What is called on clients, or inside of them, under these names.
    "clone",
    "fmt",
    "over",
    "wait",
    // What every value has by the prelude: a method of the same name would be called in its place.
    "borrow",
    "borrow_mut",
    "clone_from",
    "clone_into",
    "from",
    "into",
    "to_owned",
    "try_from",
    "try_into",
];

impl<'a> Pass<'a> {
    /// Every operation of the document.
    pub(super) fn operations(&mut self) -> Vec<Operation> {
        let mut operations: Vec<Operation> = vec![];
        let paths = self.document.get("paths").and_then(Value::as_object);
        for (path, item) in paths
            .into_iter()
            .flatten()
            .filter(|(path, _)| !path.starts_with("x-"))
        {
            let item_at = pointer("/paths", path);
            let rooted;
            let path = match path.starts_with('/') {
                true => path,
                false => {
                    self.lose(&item_at, "path-without-slash", "");
                    rooted = format!("/{path}");
                    &rooted
                }
            };
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
        let (further, docs) = self.server_of(item, item_at, value, &at);
        let path = &format!("{further}{path}");
        let id = match value.get("operationId").and_then(Value::as_str) {
            Some(id) => id.to_owned(),
            None => {
                let id = format!("{verb} {path}").replace('{', " by ").replace('}', " ");
                self.lose(&at, "operation-id", "");
                names::snake(&id)
            }
        };
        if value
            .get("callbacks")
            .and_then(Value::as_object)
            .is_some_and(|map| !map.is_empty())
        {
            let here = pointer(&at, "callbacks");
            self.lose(&here, "callbacks", "what the vendor sends by itself");
        }
        let parameters = self.parameters(item, item_at, value, &at, &id);
        let parameters = self.of_template(path, parameters, &at);
        let (body, form) = self.bodies(value, &at, &id);
        let (success, errors, accept) = self.answers(value, &at, &id);
        Operation {
            method_name: names::snake(&id),
            pointer: at.clone(),
            verb: verb.to_owned(),
            path: path.to_owned(),
            docs,
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

    /// A client has one base URL and one path behind it. What lives under another path is called there if that is below the
    /// client's; what lives at another host needs a client for that host. Returns what stands before the path, and the prose
    /// with the host in it.
    fn server_of(&mut self, item: &Value, item_at: &str, value: &Value, at: &str) -> (String, String) {
        let prose = prose(value);
        let usual = (String::new(), prose.clone());
        let holders = [(value, at), (item, item_at)];
        let own = holders
            .iter()
            .find_map(|(holder, at)| Some((holder.get("servers")?.as_array()?, pointer(at, "servers"))));
        let Some((listed, here)) = own.filter(|(listed, _)| !listed.is_empty()) else {
            return usual;
        };
        let main = servers::main(self.document);
        let main_url = main.and_then(|server| server.get("url"));
        if listed.iter().any(|server| server.get("url") == main_url) {
            return usual;
        }
        let (main_path, own_path) = (servers::path_of(main), servers::path_of(listed.first()));
        let further = own_path.strip_prefix(&main_path);
        let Some(further) =
            further.filter(|rest| (rest.is_empty() || rest.starts_with('/')) && !rest.contains('{'))
        else {
            let reason = format!(
                "a server with the path `{own_path}`, and the client's paths are below `{main_path}`"
            );
            self.refuse_without(
                &here,
                &here,
                reason,
                "remove `servers` there in the overlay, or give the document's path to it",
            );
            return usual;
        };
        let host = servers::root_of(listed.first());
        let prose = match host {
            Some(host) if servers::root(self.document).as_ref() != Some(&host) => {
                self.lose(
                    &here,
                    "own-server",
                    &format!("that it lives at {host}: it is called at the client's base URL"),
                );
                format!("{prose}\n\nIt lives at `{host}`: call it with a client whose base URL that is.")
                    .trim()
                    .to_owned()
            }
            _ => prose,
        };
        (further.to_owned(), prose)
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
                let joint = Style::Joined;
                parameters.push(Parameter { field, place, joint });
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
