//! Crates of their own: from small documents with odd things in them, and from the vendors' own.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use xtask::output::Output;
use xtask::standalone::{self, Occupied, runtime};
use xtask::{document, generate};

fn fixtures() -> Vec<(String, Value)> {
    let folder = xtask::root().join("xtask/tests/standalone");
    let mut fixtures: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), document::read(&path).unwrap()))
        .collect();
    for vendor in generate::selected(&xtask::root(), &[]).unwrap() {
        let contract = xtask::root().join("openapi").join(&vendor).join("contract.json");
        fixtures.push((vendor, document::read(&contract).unwrap()));
    }
    fixtures.sort_by(|left, right| left.0.cmp(&right.0));
    fixtures
}

fn made(document: &Value, file: &str) -> String {
    let made = standalone::of_document(document).unwrap();
    let found = made.files.into_iter().find(|(path, _)| path == file);
    found.unwrap_or_else(|| panic!("no {file}")).1
}

/// Heavy: the first run builds what a client depends on, without TLS, which takes most of a minute. The crates that it needs
/// are those of the workspace, so that nothing is fetched.
#[test]
fn every_crate_compiles_without_a_warning() {
    let workspace = tempfile::tempdir().unwrap();
    let mut members = vec![];
    for (index, (name, document)) in fixtures().into_iter().enumerate() {
        let member = format!("c{index}");
        standalone::run(&document, &workspace.path().join(&member), Output::Write)
            .unwrap_or_else(|error| panic!("{name}: {error:#}"));
        let manifest = workspace.path().join(&member).join("Cargo.toml");
        let alone = std::fs::read_to_string(&manifest).unwrap();
        assert!(alone.contains("\n[workspace]\n"));
        std::fs::write(&manifest, alone.replace("\n[workspace]\n", "\n")).unwrap();
        members.push(member);
    }
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    std::fs::write(workspace.path().join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(
        xtask::root().join("Cargo.lock"),
        workspace.path().join("Cargo.lock"),
    )
    .unwrap();
    let checked = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--workspace",
            "--no-default-features",
            "--features",
            "forms",
        ])
        .current_dir(workspace.path())
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("standalone"),
        )
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{told}");
    assert!(!told.contains("warning"), "{told}");
}

#[test]
fn the_runtime_is_the_sdks_to_the_last_file() {
    let sources = xtask::root().join("sdk/src");
    let library = std::fs::read_to_string(sources.join("lib.rs")).unwrap();
    let modules = library
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    // What knows the vendors, and what is generated for them, is not of the runtime.
    let mut wanted: Vec<String> = modules
        .filter(|module| !["generated", "vendors"].contains(module))
        .map(|module| format!("{module}.rs"))
        .collect();
    let mut index = 0;
    while let Some(file) = wanted.get(index).cloned() {
        let text = std::fs::read_to_string(sources.join(&file)).unwrap();
        for module in text
            .lines()
            .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        {
            wanted.push(format!("{}/{module}.rs", file.trim_end_matches(".rs")));
        }
        index += 1;
    }
    wanted.sort();
    let mut carried: Vec<&str> = runtime::FILES.iter().map(|(path, _)| *path).collect();
    carried.sort_unstable();
    assert_eq!(carried, wanted);
    for (path, text) in runtime::FILES {
        assert_eq!(
            *text,
            std::fs::read_to_string(sources.join(path)).unwrap(),
            "{path}"
        );
    }
}

#[test]
fn what_is_carried_has_no_tests_and_names_no_vendor_in_its_examples() {
    let text = "//! For keyway.\n\n/// An example:\n///\n/// ```\n/// use keyway::reten;\n/// ```\n///\n/// And:\n///\n/// ```\n/// use keyway::Secret;\n/// ```\nfn kept() {}\n\n#[cfg(test)]\nmod tests {}\n";
    assert_eq!(
        runtime::carried(text, "acme_client"),
        "//! For acme_client.\n\n/// An example.\n///\n/// And:\n///\n/// ```\n/// use acme_client::Secret;\n/// ```\nfn kept() {}\n"
    );
    for (path, text) in runtime::FILES {
        let carried = runtime::carried(text, "acme_client");
        assert!(
            !carried.contains("keyway") && !carried.contains("mod tests"),
            "{path}"
        );
        assert!(
            !carried.contains("sinjapp") && !carried.contains("reten"),
            "{path}"
        );
    }
}

#[test]
fn each_scheme_gives_credentials_a_way_to_be_made() {
    let document = document::read(&xtask::root().join("xtask/tests/standalone/credentials.yaml")).unwrap();
    let text = made(&document, "src/api.rs");
    for part in [
        "pub fn header_key(secret: impl Into<Secret>)",
        "pub fn header_key_from(provider: impl CredentialProvider)",
        r#"Form::Header(HeaderName::from_static("x-api-key"), "")"#,
        "/// From \\<settings\\>.",
        "pub fn basic(user: impl AsRef<str>, password: impl Into<Secret>) -> Self",
        r#"Form::Query("app_id")"#,
        "pub fn and_app_key(mut self, secret: impl Into<Secret>) -> Self",
        r#"Form::Header(header::COOKIE, "sid=")"#,
        r#"Form::Header(header::AUTHORIZATION, "Token ")"#,
        "pub fn o_auth(",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    // Only what is asked for beside another can be given beside another.
    assert!(!text.contains("and_header_key"), "{text}");
    let calls = made(&document, "src/generated.rs");
    let schemes = |operation: &str| {
        let (_, rest) = calls.split_once(&format!("name: \"{operation}\",")).unwrap();
        let (_, rest) = rest.split_once("schemes: &[").unwrap();
        rest.split_once(']').unwrap().0.to_owned()
    };
    assert_eq!(schemes("inherits"), "Scheme::ApiKey");
    assert_eq!(schemes("open"), "");
    assert_eq!(schemes("perhaps"), "Scheme::Authorization");
    assert_eq!(schemes("both"), "Scheme::ApiKey");
    assert_eq!(schemes("cookie"), "Scheme::Cookie");
    assert_eq!(schemes("any"), "Scheme::Authorization");
    assert_eq!(schemes("certificate"), "");
    assert!(calls.contains(r#"SERVER_PATH: &str = "/v2""#));
    assert!(made(&document, "README.md").contains("https://eu.acme.test"));
}

fn fixture(name: &str) -> Value {
    document::read(&xtask::root().join("xtask/tests/standalone").join(name)).unwrap()
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    // The formatter breaks long lines and ends them with commas.
    let flat = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    let all = flat(text);
    for part in parts {
        assert!(all.contains(&flat(part)), "no `{part}` in {text}");
    }
}

#[test]
fn a_type_with_a_secret_that_travels_both_ways_is_two() {
    let text = made(&fixture("secrets.yaml"), "src/generated.rs");
    has(
        &text,
        &[
            "body: &types::UserSent, ) -> Result<types::User, crate::Error<types::CreateUserError>>",
            "pub login: Option<LoginSent>,",
            "pub login: Option<Login>,",
            "pub friend: Option<Box<UserSent>>,",
            "pub users: Option<Vec<UserSent>>,",
            r#"#[serde(serialize_with = "crate::secret::expose")] pub password: crate::Secret,"#,
        ],
    );
    // What is answered stays redacted when it is written down.
    assert_eq!(text.matches("crate::secret::expose").count(), 1, "{text}");
}

#[test]
fn names_that_are_alike_get_numbers_and_are_told() {
    let made_of = standalone::of_document(&fixture("names.yaml")).unwrap();
    let told: Vec<(&str, &str)> = made_of
        .notes
        .iter()
        .filter(|note| note.rule == "renamed")
        .map(|note| (note.pointer.as_str(), note.loss.text()))
        .collect();
    let renamed = |at: &str, name: &str| {
        told.iter()
            .any(|(place, text)| *place == at && text.ends_with(&format!("`{name}`")))
    };
    assert!(renamed("/components/schemas/Option", "OptionType"), "{told:?}");
    assert!(renamed("/components/schemas/ApiKey", "ApiKey3"), "{told:?}");
    assert!(renamed("/components/schemas/api_key", "ApiKey4"), "{told:?}");
    assert!(renamed("/paths/~1pets2/get", "get_pet_2"), "{told:?}");
}

#[test]
fn parameters_travel_as_their_style_says_under_whatever_name() {
    let text = made(&fixture("parameters.yaml"), "src/generated.rs");
    has(
        &text,
        &[
            r#"crate::parameters::query( &mut request, "filter", crate::parameters::Style::Deep, &value, );"#,
            r#"crate::parameters::query( &mut request, "json", crate::parameters::Style::Json, &value, );"#,
            r#"crate::parameters::query( &mut request, "pipes", crate::parameters::Style::Pipes, &value, );"#,
            r#"crate::parameters::cookie( &mut request, "session", crate::parameters::Style::Form, &value, )?;"#,
            r#"crate::parameters::cookie( &mut request, "secret", crate::parameters::Style::Form, &value.expose_secret(), )?;"#,
            r#"QueryParam::new( "page[size]", &"#,
            r#"QueryParam::new("pipes2", &"#,
            r#"header_map.append("X-Ids","#,
            "let list = crate::parameters::joined( crate::parameters::Style::Joined, &list, );",
            ".request(reqwest::Method::OPTIONS, url)",
            r#".header(reqwest::header::CONTENT_TYPE, "application/merge-patch+json") .json(body)"#,
            r#"crate::parameters::form( body, &[("expand", crate::parameters::Style::Deep)], )"#,
        ],
    );
    assert!(!text.contains("ends-here"), "{text}");
}

#[test]
fn objects_are_told_apart_by_their_discriminator() {
    let text = made(&fixture("shapes.json"), "src/generated.rs");
    has(
        &text,
        &[
            "pub enum Event {",
            "Sold(Box<Sold>),",
            r#"match value.get("kind").and_then(::serde_json::Value::as_str)"#,
            r#"Some("birth" | "hatch") => { ::serde_json::from_value(value.clone()).ok().map(Self::Born) }"#,
            // Where no mapping tells, the values of the property do, or else the name of the schema.
            r#"Some("sale") => { ::serde_json::from_value(value.clone()).ok().map(Self::Sold) }"#,
            r#"Some("Lost") => { ::serde_json::from_value(value.clone()).ok().map(Self::Lost) }"#,
        ],
    );
}

#[test]
fn an_answer_that_is_no_json_is_asked_for_by_its_media_type() {
    let document = document::read(&xtask::root().join("xtask/tests/standalone/shapes.json")).unwrap();
    let text = made(&document, "src/generated.rs");
    assert!(
        text.contains(r#"accept: "image/png, application/json;q=0.9""#),
        "{text}"
    );
    assert!(text.contains(r#"accept: "application/json""#), "{text}");
}

#[test]
fn the_manifest_has_the_versions_of_the_workspace() {
    let bare = json!({ "openapi": "3.1.0", "info": { "title": "Ba\"re", "version": "1" }, "paths": {} });
    let manifest: toml::Table = made(&bare, "Cargo.toml").parse().unwrap();
    let workspace = std::fs::read_to_string(xtask::root().join("Cargo.toml")).unwrap();
    let workspace: toml::Table = workspace.parse().unwrap();
    let decided = &workspace["workspace"]["dependencies"];
    for (name, requirement) in manifest["dependencies"].as_table().unwrap() {
        let decided = decided[name].get("version").unwrap_or(&decided[name]);
        assert_eq!(&requirement["version"], decided, "{name}");
    }
    assert!(manifest["dependencies"].get("reqwest").is_some());
    // Nothing is depended on that is not used.
    assert!(manifest["dependencies"].get("base64").is_none());
    assert!(manifest["dependencies"].get("futures-util").is_none());
}

#[test]
fn a_folder_of_somebody_else_is_left_alone_and_one_of_ours_is_written_again() {
    let bare = json!({ "openapi": "3.1.0", "info": { "title": "Bare", "version": "1" }, "paths": {} });
    let root = tempfile::tempdir().unwrap();
    let theirs = root.path().join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    std::fs::write(theirs.join("Cargo.toml"), "[package]\n").unwrap();
    let error = standalone::run(&bare, &theirs, Output::Write).unwrap_err();
    assert!(error.is::<Occupied>(), "{error:#}");
    assert_eq!(std::fs::read_dir(&theirs).unwrap().count(), 1);

    let ours = root.path().join("ours");
    std::fs::create_dir(&ours).unwrap();
    standalone::run(&bare, &ours, Output::Write).unwrap();
    std::fs::write(ours.join("src/secret.rs"), "changed").unwrap();
    let (_, drift) = standalone::run(&bare, &ours, Output::Check).unwrap();
    assert_eq!(drift.len(), 1, "{drift:?}");
    standalone::run(&bare, &ours, Output::Write).unwrap();
    assert!(standalone::run(&bare, &ours, Output::Check).unwrap().1.is_empty());
}

fn xtask(arguments: &[&str]) -> (Option<i32>, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .output()
        .unwrap();
    (
        ran.status.code(),
        String::from_utf8_lossy(&ran.stderr).into_owned(),
    )
}

#[test]
fn the_command_line_says_what_is_wrong_in_one_line() {
    let root = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| -> PathBuf {
        let path = root.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let bare = file(
        "bare.json",
        r#"{"openapi":"3.1.0","info":{"title":"Bare","version":"1"},"paths":{}}"#,
    );
    let (bare, out) = (bare.to_str().unwrap(), root.path().join("out"));
    let out = out.to_str().unwrap();
    let of = |arguments: &[&str]| xtask(&[&["generate"], arguments].concat());

    assert_eq!(of(&["--document", bare, "--out", out]).0, Some(0));
    let (code, told) = of(&["--document", bare, "--out", root.path().to_str().unwrap()]);
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.contains("is left alone") && told.lines().count() == 1,
        "{told}"
    );
    let (code, told) = of(&["--document", bare]);
    assert_eq!((code, told.lines().count()), (Some(2), 1), "{told}");
    let (code, told) = of(&["--document", "none.yaml", "--out", out]);
    assert_eq!((code, told.lines().count()), (Some(1), 1), "{told}");
    assert_eq!(of(&["--out", out]).0, Some(2));
    let broken = file("broken.yaml", "openapi: [");
    let (code, told) = of(&["--document", broken.to_str().unwrap(), "--out", out]);
    assert_eq!((code, told.lines().count()), (Some(1), 1), "{told}");
}
