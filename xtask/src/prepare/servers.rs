//! Servers: the first one's host is for the user of a client to give, its path is ours.

use serde_json::Value;

use super::{Pass, text};
use crate::document::pointer;

impl Pass<'_> {
    /// Whoever gives the host gives no path.
    pub(super) fn note_other_paths(&mut self) {
        let servers = self.document.get("servers").and_then(Value::as_array);
        let own = path(self.document);
        for (index, server) in servers.into_iter().flatten().enumerate() {
            let at = format!("/servers/{index}");
            if path_of(Some(server)) != own {
                self.lose(
                    &at,
                    "one-server",
                    "the path of this server: the client has that of the first",
                );
            }
            let url = text(server.get("url"));
            let after_host = url.split_once("://").map_or(url, |(_, rest)| rest);
            let (_, open) = after_host.split_once('/').unwrap_or_default();
            let variables = server.get("variables").and_then(Value::as_object);
            for name in variables.into_iter().flat_map(|map| map.keys()) {
                if open.contains(&format!("{{{name}}}")) {
                    let here = pointer(&pointer(&at, "variables"), name);
                    self.lose(&here, "one-server", "other values than the default in the path");
                }
            }
        }
    }

    /// What a path leaves open, no client could fill in.
    pub(super) fn refuse_open_server(&mut self) {
        let path = path(self.document);
        if path.contains(['{', '}']) {
            self.refuse_without(
                "/servers/0/url",
                "/servers/0",
                format!("the path `{path}` has a variable without a default"),
                "give it a default in the overlay, or remove the server where another one follows or the paths are whole",
            );
        }
    }
}

/// The server that a client is for: the document's first, or where it has none the one that every path has.
pub(super) fn main(document: &Value) -> Option<&Value> {
    if let Some(first) = document.pointer("/servers/0") {
        return Some(first);
    }
    let paths = document.get("paths")?.as_object()?;
    let mut items = paths.iter().filter(|(path, _)| !path.starts_with("x-"));
    let first = items.next()?.1.pointer("/servers/0")?;
    let is_common = items.all(|(_, item)| item.pointer("/servers/0/url") == first.get("url"));
    is_common.then_some(first)
}

/// The path of the first server without its host: `{tenantBaseUrl}/api/v1` → `/api/v1`. Variables in it have their defaults.
pub(super) fn path(document: &Value) -> String {
    path_of(main(document))
}

pub(super) fn path_of(server: Option<&Value>) -> String {
    let url = filled(server);
    // A query or a fragment has no meaning before the path of an operation.
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url.split_once('/').map_or("", |(_, path)| path),
    };
    match rest.trim_matches('/') {
        "" => String::new(),
        path => format!("/{path}"),
    }
}

/// The host of the first server, if it is told in full.
pub(super) fn root(document: &Value) -> Option<String> {
    root_of(main(document))
}

pub(super) fn root_of(server: Option<&Value>) -> Option<String> {
    let url = url::Url::parse(&filled(server)).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_web.then(|| url.origin().ascii_serialization())
}

/// The URL of a server with the defaults of its variables. What has none stays as it is.
fn filled(server: Option<&Value>) -> String {
    let mut url = text(server.and_then(|server| server.get("url")))
        .trim()
        .to_owned();
    let variables = server
        .and_then(|server| server.get("variables"))
        .and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten() {
        if let Some(default) = variable.get("default").and_then(Value::as_str) {
            url = url.replace(&format!("{{{name}}}"), default);
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_host_is_left_to_the_user_and_the_path_is_ours() {
        let of = |url: &str| path(&json!({ "servers": [{ "url": url }] }));
        assert_eq!(of("{tenantBaseUrl}/api/v1"), "/api/v1");
        assert_eq!(of("https://api.reten.ai"), "");
        assert_eq!(of("https://api.b3os.org/v1/"), "/v1");
        assert_eq!(of("https://api.b3os.org/v1?key=1#top"), "/v1");
        assert_eq!(of("/v1"), "/v1");
        assert_eq!(path(&json!({})), "");
        let on_every_path = json!({ "paths": {
            "/a": { "servers": [{ "url": "https://acme.test/v1" }] },
            "/b": { "servers": [{ "url": "https://acme.test/v1" }] },
        } });
        assert_eq!(path(&on_every_path), "/v1");
    }

    #[test]
    fn variables_have_their_defaults() {
        let document = json!({ "servers": [{
            "url": "https://{region}.acme.test/{version}",
            "variables": { "region": { "default": "eu" }, "version": { "default": "v2" } },
        }] });
        assert_eq!(root(&document).as_deref(), Some("https://eu.acme.test"));
        assert_eq!(path(&document), "/v2");
        assert_eq!(root(&json!({ "servers": [{ "url": "/v1" }] })), None);
        assert_eq!(root(&json!({ "servers": [{ "url": "{host}/v1" }] })), None);
    }
}
