//! A new vendor is in every room at once, or nowhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::new_vendor::{self, Order, Uncommitted};
use xtask::output::Output;
use xtask::{generate, tidy};

/// The samples: one with keys, one in OpenAPI 3.0 with users and passwords, one with several servers and credentials.
const SAMPLES: [(&str, &str); 3] = [
    ("keyhole", "keyhole.yaml"),
    ("ledger", "ledger.json"),
    ("relay", "relay.yaml"),
];

fn sample(file: &str) -> PathBuf {
    xtask::root().join("xtask/tests/new-vendor").join(file)
}

fn order(name: &str, document: PathBuf) -> Order {
    Order {
        name: name.to_owned(),
        title: None,
        document,
        overlay: None,
        uncommitted: Uncommitted::Refuse,
    }
}

/// Every file below a folder but those that are built.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            // In a worktree `.git` is a file, which leads to a repository that is none of a copy's business.
            let is_passed_over = ["target", ".git"].iter().any(|name| entry.file_name() == *name);
            if is_passed_over {
                continue;
            }
            if entry.file_type().unwrap().is_file() {
                let name = path.strip_prefix(root).unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            } else {
                folders.push(path);
            }
        }
    }
    found
}

fn copy_to(folder: &Path) {
    for path in files(&xtask::root()).keys() {
        let copied = folder.join(path);
        fs::create_dir_all(copied.parent().unwrap()).unwrap();
        fs::copy(xtask::root().join(path), copied).unwrap();
    }
}

fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_to(folder.path());
    folder
}

#[test]
fn a_new_vendor_is_in_every_room_and_in_step() {
    let folder = copy();
    let root = folder.path();
    for (name, document) in SAMPLES {
        let told = new_vendor::run(root, &order(name, sample(document))).unwrap();
        for path in [
            "openapi/NAME/document.yaml",
            "openapi/NAME/overlay.yaml",
            "openapi/NAME/contract.json",
            "openapi/NAME/lowered.json",
            "sdk/src/generated/NAME.rs",
            "sdk/src/NAME.rs",
            "mock-server/src/dialects/NAME.rs",
            "conformance/src/subjects/NAME.rs",
            "conformance/profiles/NAME.toml",
        ] {
            let path = path.replace("NAME", name);
            assert!(told.contains(&path), "{path} is not told");
            assert!(root.join(&path).is_file(), "{path}");
        }
    }
    assert_eq!(tidy::run(root).unwrap(), Vec::<String>::new());
    assert!(generate::run(root, &[], Output::Check).unwrap().is_empty());
    let list = fs::read_to_string(root.join("openapi/src/vendor.rs")).unwrap();
    let at = |row: &str| list.find(row).unwrap_or_else(|| panic!("no {row}"));
    assert!(at("B3os = \"b3os\"") < at("Keyhole = \"keyhole\", \"Keyhole\";"));
    assert!(at("Keyhole = \"keyhole\"") < at("Relay = \"relay\""));
    let schema = fs::read_to_string(root.join("conformance/schemas/profile.json")).unwrap();
    assert!(schema.contains("\"b3os\",\n        \"keyhole\",\n        \"ledger\",\n        \"relay\"\n"));
}

#[test]
fn the_vendors_own_document_is_kept_as_it_came_and_the_overlay_is_applied() {
    let folder = copy();
    let overlay = folder.path().join("corrections.yaml");
    let action = "  - target: $.info\n    description: a test\n    update: { version: corrected }\n";
    let text = format!("overlay: 1.0.0\ninfo: {{ title: t, version: '1' }}\nactions:\n{action}");
    fs::write(&overlay, &text).unwrap();
    let order = Order {
        overlay: Some(overlay),
        title: Some("Key Hole".to_owned()),
        ..order("keyhole", sample("keyhole.yaml"))
    };
    new_vendor::run(folder.path(), &order).unwrap();
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    assert_eq!(
        read("openapi/keyhole/document.yaml"),
        fs::read_to_string(sample("keyhole.yaml")).unwrap()
    );
    assert_eq!(read("openapi/keyhole/overlay.yaml"), text);
    assert!(read("openapi/keyhole/contract.json").contains("\"version\": \"corrected\""));
    assert!(read("openapi/src/vendor.rs").contains("Keyhole = \"keyhole\", \"Key Hole\";"));
}

/// Whatever is refused leaves every file as it was.
#[track_caller]
fn refused(root: &Path, order: &Order, told: &str) {
    let before = files(root);
    let error = new_vendor::run(root, order).unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains(told), "{error}");
    assert!(files(root) == before, "something was written: {error}");
}

#[test]
fn what_cannot_be_a_vendor_is_refused_and_nothing_is_written() {
    let folder = copy();
    let root = folder.path();
    let of = |name: &str| order(name, sample("keyhole.yaml"));
    for (name, told) in [
        ("dolfin", "`dolfin` is a vendor already"),
        ("Acme", "lower-case letters and digits"),
        ("acme-two", "lower-case letters and digits"),
        ("2acme", "begins with a letter"),
        ("", "2 to 16"),
        ("type", "a word of Rust"),
        ("option", "`Option` is a word of Rust"),
        ("reqwest", "sdk/Cargo.toml, [dependencies]"),
        ("rustls", "sdk/Cargo.toml, [features]"),
        ("retry", "something else: sdk/src/retry"),
        ("src", "openapi/src"),
        ("std", "a word of Rust"),
    ] {
        refused(root, &of(name), told);
    }
    let title = Order {
        title: Some("A \"B\"".to_owned()),
        ..of("acme")
    };
    refused(root, &title, "a title has");
    refused(root, &order("acme", root.join("nowhere.yaml")), "read ");
    let write = |name: &str, text: &str| {
        let path = root.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let broken = write("broken.yaml", "openapi: [");
    refused(root, &order("acme", broken), "parse ");
    let text = fs::read_to_string(sample("relay.yaml")).unwrap();
    let servers = "  /hooks:\n    servers: [{ url: 'https://hooks.relay.example' }]\n";
    let elsewhere = write("elsewhere.yaml", &text.replace("  /hooks:\n", servers));
    refused(root, &order("acme", elsewhere), "it cannot become a client");
    let two = write("two.yaml", &text.replace("  /hooks:\n", "  /hooks/{a}.{b}:\n"));
    let told = "/paths/~1hooks~1{a}.{b}: two parameters in one segment";
    refused(root, &order("acme", two), told);
    let overlay = write("overlay.yaml", "overlay: 2.0.0\nactions: []\n");
    let corrected = Order {
        overlay: Some(overlay),
        ..of("acme")
    };
    refused(root, &corrected, "openapi overlay");
}

#[test]
fn a_list_that_is_not_where_it_was_is_told_and_nothing_is_written() {
    let folder = copy();
    let path = folder.path().join("mock-server/src/dialects.rs");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("dialects! { $", "dialects! {$")).unwrap();
    let told = "mock-server/src/dialects.rs: the list that begins with `dialects! { $` is not there";
    refused(folder.path(), &order("acme", sample("keyhole.yaml")), told);
}

#[test]
fn what_cannot_be_written_to_the_end_is_taken_back() {
    let folder = copy();
    // The last of the new files has no folder to go to.
    let snapshots = folder.path().join("xtask/tests/it/snapshots");
    fs::remove_dir_all(&snapshots).unwrap();
    fs::write(&snapshots, "").unwrap();
    refused(
        folder.path(),
        &order("acme", sample("keyhole.yaml")),
        "nothing is changed",
    );
    assert!(!folder.path().join("openapi/acme").exists());
}

#[test]
fn files_with_changes_that_are_not_committed_are_left_alone_unless_that_is_asked_for() {
    let folder = copy();
    let root = folder.path();
    let git = |arguments: &[&str]| {
        let told = Command::new("git")
            .args([
                "-c",
                "user.name=n",
                "-c",
                "user.email=n@example.com",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .current_dir(root)
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .output()
            .unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "All"]);
    let list = root.join("openapi/src/vendor.rs");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(&list, format!("{text}\n// mine\n")).unwrap();
    let mut order = order("keyhole", sample("keyhole.yaml"));
    refused(root, &order, "not committed yet: openapi/src/vendor.rs; ");
    order.uncommitted = Uncommitted::Mix;
    new_vendor::run(root, &order).unwrap();
    let list = fs::read_to_string(&list).unwrap();
    assert!(list.contains("Keyhole = ") && list.ends_with("// mine\n"));
}

/// Cargo names what it builds after a package's name, its version and its place in the workspace. A copy of the same version
/// would take the place of what the repository itself has built, and be taken for it afterwards.
fn be_another_version(root: &Path) {
    let manifest = root.join("Cargo.toml");
    let ours = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.contains(&ours), "no {ours}");
    fs::write(&manifest, text.replacen(&ours, "version = \"0.0.0-copy\"", 1)).unwrap();
}

/// Heavy: it compiles the workspace with three vendors more. `cargo test -p xtask -- --ignored` runs it, and `.ci/run` does.
#[test]
#[ignore = "compiles the whole workspace again: some minutes"]
fn with_new_vendors_everything_compiles_the_mock_answers_and_the_suite_asks_nothing() {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(xtask::root().join("target"), PathBuf::from);
    // Always the same place, so that what was compiled there before serves again.
    let root = target.join("new-vendor");
    drop(fs::remove_dir_all(&root));
    copy_to(&root);
    be_another_version(&root);
    for (name, document) in SAMPLES {
        new_vendor::run(&root, &order(name, sample(document))).unwrap();
    }
    let cargo = |arguments: &[&str]| {
        let told = Command::new(env!("CARGO"))
            .args(arguments)
            .env("CARGO_TARGET_DIR", &target)
            .current_dir(&root)
            .output()
            .unwrap();
        let (said, complained) = (
            String::from_utf8_lossy(&told.stdout),
            String::from_utf8_lossy(&told.stderr),
        );
        assert!(told.status.success(), "{arguments:?}\n{said}\n{complained}");
        said.into_owned()
    };
    cargo(&["update", "--workspace", "--offline"]);
    cargo(&["fmt", "--all", "--check"]);
    cargo(&["check", "--workspace", "--all-targets", "--locked", "--offline"]);
    cargo(&[
        "test",
        "--quiet",
        "--locked",
        "--offline",
        "--package",
        "keyway-openapi",
    ]);
    let examples = [
        "test",
        "--quiet",
        "--locked",
        "--offline",
        "--package",
        "keyway-mock",
    ];
    cargo(&[&examples[..], &["--lib", "--test", "it", "example"]].concat());
    let run = [
        "run",
        "--quiet",
        "--locked",
        "--offline",
        "--package",
        "keyway-conformance",
        "--",
        "run",
    ];
    let report = cargo(
        &[
            &run[..],
            &["--vendor", "keyhole", "--vendor", "ledger", "--format", "json"],
        ]
        .concat(),
    );
    assert!(
        report.contains("nothing is claimed yet: fill in `[situations.create]` of the profile"),
        "{report}"
    );
    for outcome in ["pass", "fail", "warn", "observed", "error"] {
        assert!(
            !report.contains(&format!("\"outcome\": \"{outcome}\"")),
            "{outcome}"
        );
    }
}
