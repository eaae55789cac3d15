//! The files of a vendor that a person goes on with.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::model::{Api, CredentialForm};
use crate::standalone::credentials;

use super::Name;

const SDK: &str = include_str!("template/sdk.rs");
/// How a crate of its own reads refusals. A new vendor's are read alike until somebody knows better.
const REFUSAL: &str = include_str!("../standalone/template/refusal.rs");
const DIALECT: &str = include_str!("template/dialect.rs");
const SUBJECT: &str = include_str!("template/subject.rs");
const PROFILE: &str = include_str!("template/profile.toml");
const OVERLAY: &str = include_str!("template/overlay.yaml");
const SNAPSHOT: &str = include_str!("template/signatures.snap");

/// What the constructors are made with, where there are any.
const OF: &str = "
impl Credentials {
    fn of(form: Form, source: Source) -> Self {
        Self { main: Some((form, source)), further: vec![] }
    }
}
";

/// Every word of the templates: a vendor that is called like one would hide it.
pub(super) fn words() -> BTreeSet<&'static str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    [SDK, DIALECT, SUBJECT]
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split(move |letter| !is_part(letter)))
        .collect()
}

/// The vendor's module of the SDK.
pub(super) fn sdk(name: &Name, api: &Api) -> Result<String> {
    let constructors = credentials::constructors(api)?;
    let of = if constructors.is_empty() { "" } else { OF };
    let basic = credentials::basic(api);
    let server = api.server.as_deref().unwrap_or("https://api.example.com");
    let text = filled(SDK, name)
        .replace("<server>", server)
        .replace("<read_refusal>", &read_refusal())
        .replace("client! {\n", &format!("{constructors}{of}{basic}\nclient! {{\n"));
    Ok(formatted(&without_unused(&text)))
}

fn read_refusal() -> String {
    let (_, rest) = REFUSAL
        .split_once("pub(crate) fn read(")
        .expect("the template has the function");
    format!("fn read_refusal({rest}")
}

/// The vendor's dialect of the mock.
pub(super) fn dialect(name: &Name) -> String {
    filled(DIALECT, name)
}

/// The vendor's subject of the suite.
pub(super) fn subject(name: &Name, api: &Api) -> String {
    let key = api
        .credentials
        .iter()
        .find_map(|credential| match &credential.form {
            CredentialForm::Header(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        });
    let is_bearer_usual = matches!(
        api.credentials.first().map(|credential| &credential.form),
        Some(CredentialForm::Authorization(_))
    );
    let usual = if is_bearer_usual { "Bearer" } else { "Key" };
    filled(SUBJECT, name)
        .replace("<header>", key.as_deref().unwrap_or("x-api-key"))
        .replace("<usual>", usual)
}

/// What the vendor documents about the life of a key: nothing yet.
pub(super) fn profile(name: &Name) -> String {
    filled(PROFILE, name)
}

/// Corrections, of which there are none yet.
pub(super) fn overlay(name: &Name) -> String {
    filled(OVERLAY, name)
}

/// What callers see of the client, as the first version is agreed on.
pub(super) fn snapshot(signatures: &str) -> String {
    format!("{SNAPSHOT}{}\n", signatures.trim_end())
}

fn filled(template: &str, name: &Name) -> String {
    template
        .replace("<name>", &name.stem)
        .replace("<Name>", &name.variant)
        .replace("<title>", &name.title)
}

/// Without the imports that this vendor has no use for. In the template each of these stands on a line of its own.
fn without_unused(text: &str) -> String {
    let imports = [
        ("use http::HeaderName;", "HeaderName"),
        ("use http::header;", "header"),
        (
            "use crate::credentials::CredentialProvider;",
            "CredentialProvider",
        ),
    ];
    let mut kept = text.to_owned();
    for (import, word) in imports {
        let rest = kept.replacen(&format!("{import}\n"), "", 1);
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if !rest.split(|letter| !is_part(letter)).any(|part| part == word) {
            kept = rest;
        }
    }
    kept
}

/// As `cargo fmt` would have it. Where there is no rustfmt the text stays as it is, and the first `cargo fmt` does it.
fn formatted(text: &str) -> String {
    let run = || -> Result<String> {
        let mut child = Command::new("rustfmt")
            .args(["--edition", "2024", "--config", "max_width=110"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(text.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        anyhow::ensure!(output.status.success(), "rustfmt refused");
        Ok(String::from_utf8(output.stdout)?)
    };
    run().unwrap_or_else(|_| text.to_owned())
}
