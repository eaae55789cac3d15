//! The guides' programs under `examples/`, each run as a program against the mock.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
    time::SystemTime,
};

use keyway::{
    Secret, Vendor,
    keys::{ApiKeys, TenantKey, Verification},
};
use keyway_mock::{Effect, Fault, MockServer, When};

use crate::played::{admin, live_keys, mocked, plain_key};

const NAME: &str = "nightly";

#[tokio::test]
async fn issue_makes_a_key_and_puts_it_into_a_file_that_only_the_user_can_read() {
    let server = MockServer::start().await;
    for vendor in Vendor::ALL.iter().copied() {
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("key");
        let output = run(&server, vendor, "issue", &issue_arguments(vendor, &file), "").await;
        let said = succeeded(&output);
        assert!(said.contains("it works"), "{said}");
        let secret = fs::read_to_string(&file).unwrap();
        assert!(
            !said.contains(&secret) && works(&server, vendor, &secret).await,
            "{vendor}"
        );
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::MetadataExt::mode(&fs::metadata(&file).unwrap()) & 0o777,
            0o600
        );
    }
}

#[tokio::test]
async fn issue_ends_the_key_whose_answer_was_lost_where_it_can() {
    for vendor in [Vendor::Reten, Vendor::Dolfin] {
        let server = MockServer::start().await;
        let lost = Fault::new(Effect::ResetAfterCommit)
            .operation("createApiKey")
            .when(When::Nth(1));
        server.inject(lost).unwrap();
        let room = tempfile::tempdir().unwrap();
        let output = run(
            &server,
            vendor,
            "issue",
            &issue_arguments(vendor, &room.path().join("key")),
            "",
        )
        .await;
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        let left = live_keys(&server, vendor, NAME).await.len();
        match vendor {
            Vendor::Reten => assert!(said.contains("1 revoked, 0 left") && left == 0, "{said}"),
            _ => assert!(said.contains("ask Dolfin") && left == 1, "{said}"),
        }
    }
}

#[tokio::test]
async fn issue_leaves_no_key_that_it_cannot_store() {
    let server = MockServer::start().await;
    let room = tempfile::tempdir().unwrap();
    // No file can be made in the first place; the second is taken by a folder, which shows only when the key is there.
    for (place, made) in [
        (room.path().join("no/such/folder"), 0),
        (room.path().to_owned(), 1),
    ] {
        let arguments = issue_arguments(Vendor::B3os, &place);
        let output = run(&server, Vendor::B3os, "issue", &arguments, "").await;
        assert!(!output.status.success());
        let creates = server.journal().calls("createApiKey").count();
        assert_eq!(creates, made, "{}", place.display());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            said.contains("was made and is revoked again"),
            made == 1,
            "{said}"
        );
        assert_eq!(live_keys(&server, Vendor::B3os, NAME).await, [""; 0]);
    }
}

#[tokio::test]
async fn rotate_replaces_a_key_and_goes_on_after_a_lost_answer() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        let old = keys.create(plain_key(vendor, NAME)).await.unwrap();
        if keys.capabilities().list.is_documented() {
            let lost = Fault::new(Effect::ResetAfterCommit)
                .operation("createApiKey")
                .when(When::Nth(1));
            server.inject(lost).unwrap();
        }
        let room = tempfile::tempdir().unwrap();
        let file = room.path().join("key");
        let mut arguments = vec![path(&file), old.id().unwrap().to_string()];
        if !keys.capabilities().list.is_documented() {
            arguments.push(NAME.to_owned());
        }
        let output = run(&server, vendor, "rotate", &arguments, "").await;
        assert!(succeeded(&output).contains("took over"));
        assert!(
            works(&server, vendor, &fs::read_to_string(&file).unwrap()).await,
            "{vendor}"
        );
        assert_eq!(
            keys.verify(&old).await.unwrap(),
            Verification::Refused,
            "{vendor}"
        );
        assert_eq!(live_keys(&server, vendor, NAME).await.len(), 1, "{vendor}");
    }
}

#[tokio::test]
async fn rotate_gives_up_without_a_trace_where_the_key_cannot_be_stored() {
    let room = tempfile::tempdir().unwrap();
    let server = MockServer::start().await;
    let keys = admin(&server, Vendor::B3os);
    let old = keys.create(plain_key(Vendor::B3os, NAME)).await.unwrap();
    let taken = [path(room.path()), old.id().unwrap().to_string()];
    let output = run(&server, Vendor::B3os, "rotate", &taken, "").await;
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("was not touched; there is no successor"), "{said}");
    assert_eq!(
        live_keys(&server, Vendor::B3os, NAME).await,
        [old.id().unwrap().as_str()]
    );
}

#[tokio::test]
async fn revoke_on_leak_ends_the_key_that_it_is_given_and_no_other() {
    let server = MockServer::start().await;
    for vendor in Vendor::ALL.iter().copied() {
        let keys = admin(&server, vendor);
        let kept = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let leaked = keys.create(plain_key(vendor, NAME)).await.unwrap();
        let arguments = match keys.capabilities().list.is_documented() {
            true => vec![],
            false => vec![leaked.id().unwrap().to_string()],
        };
        let secret = leaked.secret().expose_secret();
        let output = run(&server, vendor, "revoke_on_leak", &arguments, secret).await;
        let said = succeeded(&output);
        assert!(
            said.contains("is refused now") && !said.contains(secret),
            "{said}"
        );
        assert_eq!(keys.verify(&kept).await.unwrap(), Verification::Works, "{vendor}");
        let again = run(&server, vendor, "revoke_on_leak", &arguments, secret).await;
        assert!(succeeded(&again).contains("does not take this key"));
    }
}

#[tokio::test]
async fn list_stale_names_the_keys_that_nobody_uses_or_says_what_to_do() {
    for vendor in Vendor::ALL.iter().copied() {
        let server = MockServer::start().await;
        let keys = admin(&server, vendor);
        server
            .clock()
            .set(jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 40));
        let stale = keys.create(plain_key(vendor, "stale")).await.unwrap();
        let used = keys.create(plain_key(vendor, "used")).await.unwrap();
        server.clock().reset();
        keys.verify(&used).await.unwrap();
        let output = run(&server, vendor, "list_stale", &["30".to_owned()], "").await;
        if keys.capabilities().list.is_documented() {
            let said = succeeded(&output);
            assert!(said.contains(stale.id().unwrap().as_str()), "{said}");
            assert!(!said.contains(used.id().unwrap().as_str()), "{said}");
        } else {
            assert!(!output.status.success());
            assert!(
                String::from_utf8(output.stderr)
                    .unwrap()
                    .contains("listing keys is not possible")
            );
        }
    }
}

#[tokio::test]
async fn the_first_program_says_what_the_readme_says() {
    let server = MockServer::start().await;
    let output = run(&server, Vendor::B3os, "quickstart", &[], "").await;
    assert_eq!(succeeded(&output), crate::readme::said());
    let mut nowhere = Command::new(example("quickstart"));
    let said = nowhere.env_remove("KEYWAY_CREDENTIAL").output().unwrap().stderr;
    assert_eq!(
        String::from_utf8_lossy(&said),
        "KEYWAY_CREDENTIAL: environment variable not found\n"
    );
    assert_eq!(live_keys(&server, Vendor::B3os, "nightly backup").await.len(), 1);
}

fn issue_arguments(vendor: Vendor, file: &Path) -> Vec<String> {
    let mut arguments = vec![path(file), NAME.to_owned()];
    match vendor {
        Vendor::Reten => arguments.push("VIEW_ACTIVITIES".to_owned()),
        Vendor::B3os => arguments.push("read".to_owned()),
        _ => {}
    }
    arguments
}

fn path(file: &Path) -> String {
    file.to_str().unwrap().to_owned()
}

async fn works(server: &MockServer, vendor: Vendor, secret: &str) -> bool {
    let key = TenantKey::new(Secret::from(secret), server.access(mocked(vendor)).tenant);
    admin(server, vendor).verify(&key).await.unwrap() == Verification::Works
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complained}");
    said + &complained
}

/// Runs an example as the ready-made administrator, with something on its standard input.
async fn run(server: &MockServer, vendor: Vendor, name: &str, arguments: &[String], input: &str) -> Output {
    let access = server.access(mocked(vendor));
    let room = tempfile::tempdir().unwrap();
    let mut command = Command::new(example(name));
    command
        .current_dir(room.path())
        .args(["--vendor", vendor.name()])
        .args(arguments)
        .env("KEYWAY_BASE_URL", access.base_url)
        .env("KEYWAY_CREDENTIAL", access.credentials.admin)
        .env("KEYWAY_TENANT", access.tenant)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let input = input.to_owned();
    // The mock goes on answering on this thread.
    let waited = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    });
    waited.await.unwrap()
}

/// The program, which `cargo test` has built unless it was told to build this test alone.
fn example(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let folder = test.parent().and_then(Path::parent).unwrap().join("examples");
        let room = Path::new(env!("CARGO_MANIFEST_DIR"));
        let changed = newest(&room.join("src")).max(newest(&room.join("examples")));
        let modified = |name: &str| fs::metadata(folder.join(name)).ok()?.modified().ok();
        if modified("issue").is_none_or(|built| built < changed) {
            let mut build = Command::new(env!("CARGO"));
            build.args([
                "build",
                "--quiet",
                "--locked",
                "--examples",
                "--package",
                "keyway",
            ]);
            assert!(build.current_dir(room).status().unwrap().success());
        }
        folder
    });
    folder.join(name)
}

/// When the latest of the sources in a folder was changed.
fn newest(folder: &Path) -> SystemTime {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let times = entries.map(|entry| match entry.file_type().unwrap().is_dir() {
        true => newest(&entry.path()),
        false => entry.metadata().unwrap().modified().unwrap(),
    });
    times.max().unwrap()
}
