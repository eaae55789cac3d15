//! The README of a standalone crate: how to use it, what it can do, and what of the document did not come along.

use std::fmt::Write as _;

use super::credentials;
use crate::lower::{Loss, Note};
use crate::model::{Api, BodyMedia, CredentialForm, Field, Operation, Parameter, Place, Ty};

/// The text, for a crate that is used as `crate_name`.
pub(super) fn text(api: &Api, package: &str, crate_name: &str, notes: &[Note]) -> String {
    let mut text = format!("# {}\n\nA typed client", heading(api, package));
    let _ = writeln!(
        text,
        ", written from an OpenAPI document by `cargo xtask generate --document`."
    );
    let _ = writeln!(
        text,
        "Do not edit it; change the document or an overlay of it and generate again.\n"
    );
    usage(&mut text, api, package, crate_name);
    proofs(&mut text, api);
    promises(&mut text);
    operations(&mut text, api);
    losses(&mut text, notes);
    let _ = writeln!(
        text,
        "## Where it comes from\n\n`src/generated.rs` and `src/api.rs` are written from the document.\n\
         The other files are the runtime of keyway's own clients, carried along without its tests; they are under MIT or \
         Apache-2.0."
    );
    text
}

/// What the crate is called in prose.
pub(super) fn heading<'a>(api: &'a Api, package: &'a str) -> &'a str {
    let line = api.title.lines().next().unwrap_or_default().trim();
    match line.is_empty() {
        true => package,
        false => line,
    }
}

/// The root that examples call.
pub(super) fn server(api: &Api) -> &str {
    api.server.as_deref().unwrap_or("https://api.example.com")
}

/// How the credentials of an example are made.
pub(super) fn example_credentials(api: &Api) -> String {
    match api.credentials.first() {
        None => "Credentials::anonymous()".to_owned(),
        Some(credential) if credential.form == CredentialForm::Basic => {
            format!("Credentials::{}(\"user\", \"password\")", credential.name)
        }
        Some(credential) => format!("Credentials::{}(\"secret\")", credential.name),
    }
}

fn usage(text: &mut String, api: &Api, package: &str, crate_name: &str) {
    let (server, made) = (server(api), example_credentials(api));
    let call = api.operations.iter().find_map(call);
    let _ = writeln!(
        text,
        "```sh\ncargo add --path <this folder> # {package}\n```\n\n```rust,no_run"
    );
    let _ = writeln!(text, "use {crate_name}::{{Client, Credentials, types}};\n");
    let _ = writeln!(
        text,
        "# async fn example() -> Result<(), Box<dyn std::error::Error>> {{"
    );
    let _ = writeln!(text, "let client = Client::new(\"{server}\", {made})?;");
    if let Some((call, is_told)) = call {
        let (bind, show) = match is_told {
            true => ("let answer = ", "println!(\"{answer:?}\");\n"),
            false => ("", ""),
        };
        let _ = write!(text, "{bind}client.{call}.await?;\n{show}");
    }
    let _ = writeln!(text, "# Ok(())\n# }}\n```\n");
    if !api.server_path.is_empty() {
        let _ = writeln!(
            text,
            "The base URL is the root of the host; `{}` is added to it.\n",
            api.server_path
        );
    }
}

/// A call that needs nothing but what can be made up, and whether it answers something.
fn call(operation: &Operation) -> Option<(String, bool)> {
    if operation.body.is_some() || operation.form.is_some() {
        return None;
    }
    let required = operation
        .parameters
        .iter()
        .filter(|parameter| is_argument(parameter));
    let mut arguments: Vec<String> = required.map(|it| sample(&it.field)).collect::<Option<_>>()?;
    if operation.parameters.iter().any(|it| !is_argument(it)) {
        arguments.push(format!("&types::{}::default()", operation.names.parameters));
    }
    let call = format!("{}({})", operation.method_name, arguments.join(", "));
    Some((call, operation.success.iter().any(|answer| answer.ty.is_some())))
}

fn is_argument(parameter: &Parameter) -> bool {
    parameter.field.required || parameter.place == Place::Path
}

fn sample(field: &Field) -> Option<String> {
    match &field.ty {
        Ty::String => Some("\"…\"".to_owned()),
        Ty::Integer | Ty::Unsigned => Some("1".to_owned()),
        Ty::Number => Some("1.0".to_owned()),
        Ty::Boolean => Some("true".to_owned()),
        Ty::Timestamp => Some("&\"2026-12-31T23:59:59Z\".into()".to_owned()),
        _ => None,
    }
}

fn proofs(text: &mut String, api: &Api) {
    let _ = writeln!(text, "## Credentials\n");
    if api.credentials.is_empty() {
        let _ = writeln!(text, "No operation asks for any: `Credentials::anonymous()`.\n");
        return;
    }
    for credential in &api.credentials {
        let beside = match credential.beside {
            true => format!(" Beside others: `.and_{}(…)`.", credential.name),
            false => String::new(),
        };
        let _ = writeln!(
            text,
            "- `Credentials::{}(…)`: {}{beside}",
            credential.name,
            credentials::described(credential)
        );
    }
    let _ = writeln!(
        text,
        "\n`…_from` takes a provider instead, which is asked again after a 401. Operations without security get none."
    );
    if api
        .credentials
        .iter()
        .any(|it| matches!(it.form, CredentialForm::Query(_)))
    {
        let _ = writeln!(
            text,
            "A key in the query is part of a URL. This crate prints none; proxies and servers log them."
        );
    }
    text.push('\n');
}

fn promises(text: &mut String) {
    let _ = writeln!(
        text,
        "## What to expect\n\n\
         - What the document marks with `format: password` is a `Secret`, which nothing prints. Mark more in an overlay.\n\
         - `Error::kind` tells what sort of failure it was, `Error::body` is the operation's own error enum, and a status \
         always survives.\n\
         - Unknown members, enum values and odd timestamps do not fail an answer; bodies are read up to 8 MiB.\n\
         - Limits of the document are checked before anything is sent.\n\
         - `Options` has timeouts (30 seconds for an attempt), repeats, a proxy, and an HTTP client of your own.\n"
    );
}

fn operations(text: &mut String, api: &Api) {
    let _ = writeln!(text, "## Operations\n\n| method | request |\n|---|---|");
    for operation in &api.operations {
        let _ = writeln!(
            text,
            "| `{}` | `{} {}{}` |",
            methods(operation),
            operation.verb.to_uppercase(),
            api.server_path,
            operation.path.replace('|', "\\|")
        );
    }
    text.push('\n');
}

fn methods(operation: &Operation) -> String {
    let name = &operation.method_name;
    match (&operation.body, &operation.form) {
        (Some(body), Some(_)) if body.media != BodyMedia::Bytes => format!("{name}`, `{name}_multipart"),
        _ => name.clone(),
    }
}

fn losses(text: &mut String, notes: &[Note]) {
    let mut lost: Vec<&Note> = notes.iter().filter(|note| note.loss != Loss::None).collect();
    lost.sort_by_key(|note| note.rule);
    if lost.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "## What of the document did not come along\n\n\
         `cargo xtask generate --document FILE --explain` tells each place.\n\n| rule | places | for instance |\n|---|---|---|"
    );
    for group in lost.chunk_by(|left, right| left.rule == right.rule) {
        let first = group[0];
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            first.rule,
            group.len(),
            first.loss.text().replace('|', "\\|").replace('\n', " ")
        );
    }
    text.push('\n');
}
