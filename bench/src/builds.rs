//! What it takes to build the SDK, beside `reqwest` and `serde` alone: crates, time, and the size of a program.
//!
//! Each is a small program of its own in a folder of its own, built from nothing. The versions are those of this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};

use crate::measure::{Goal, Line, Spread, Unit, tell};

/// What a program without the SDK depends on.
const ALONE: &str = r#"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "rustls"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt"] }
"#;

const ALONE_PROGRAM: &str = r#"
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), reqwest::Error> {
    let answer = reqwest::get("http://127.0.0.1:9/").await?.json::<serde_json::Value>().await?;
    println!("{answer}");
    Ok(())
}
"#;

/// A program that builds, and what it took.
struct Built {
    crates: usize,
    seconds: f64,
    bytes: u64,
}

/// Builds the three programs.
pub(crate) fn lines() -> anyhow::Result<Vec<Line>> {
    let alone = build("reqwest and serde alone", ALONE, ALONE_PROGRAM)?;
    let one = build(
        "one vendor",
        &with_sdk("\"reten\", \"rustls\""),
        &uses(&["reten"]),
    )?;
    let all = build(
        "all vendors",
        &with_sdk("\"sinjapp\", \"reten\", \"dolfin\", \"b3os\", \"rustls\""),
        &uses(&["sinjapp", "reten", "dolfin", "b3os"]),
    )?;
    tell("");
    Ok([("one vendor", &one), ("all vendors", &all)]
        .into_iter()
        .flat_map(|(name, built)| compared(name, built, &alone))
        .collect())
}

fn with_sdk(features: &str) -> String {
    let sdk = repository().join("sdk");
    format!(
        "keyway = {{ path = {sdk:?}, default-features = false, features = [{features}] }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n"
    )
}

/// A program that makes a key at each of these vendors, so that no linker leaves them out.
fn uses(vendors: &[&str]) -> String {
    let calls: String = vendors
        .iter()
        .map(|vendor| {
            format!(
                "    let client = keyway::{vendor}::Client::new(\"http://127.0.0.1:9\", keyway::{vendor}::Credentials::from_env()?)?;\n    \
                 println!(\"{{:?}}\", client.create(NewKey::named(\"n\")).await?);\n"
            )
        })
        .collect();
    format!(
        "use keyway::keys::{{ApiKeys as _, NewKey}};\n\n\
         #[tokio::main(flavor = \"current_thread\")]\n\
         async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{calls}    Ok(())\n}}\n"
    )
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds a program from nothing, in the release profile.
fn build(name: &str, dependencies: &str, program: &str) -> anyhow::Result<Built> {
    tell(&format!("building {name}"));
    let folder = tempfile::tempdir()?;
    let at = folder.path();
    fs::create_dir(at.join("src"))?;
    fs::write(at.join("src/main.rs"), program)?;
    fs::write(
        at.join("Cargo.toml"),
        format!(
            "[package]\nname = \"measured\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [profile.release]\nstrip = true\n\n[dependencies]\n{dependencies}"
        ),
    )?;
    fs::copy(repository().join("Cargo.lock"), at.join("Cargo.lock"))?;
    let cargo = || {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .current_dir(at)
            .env("CARGO_TARGET_DIR", at.join("target"))
            .stdin(Stdio::null());
        cargo
    };
    // What is fetched over the network is not to be timed.
    let fetched = cargo().args(["fetch", "--quiet"]).output()?;
    ensure!(
        fetched.status.success(),
        "{}",
        String::from_utf8_lossy(&fetched.stderr)
    );
    let begun = Instant::now();
    let output = cargo().args(["build", "--release", "--offline"]).output()?;
    let seconds = begun.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name} does not build: {said}");
    let binary = at
        .join("target/release/measured")
        .with_extension(std::env::consts::EXE_EXTENSION);
    Ok(Built {
        crates: compiled(&said),
        seconds,
        bytes: fs::metadata(&binary).context("cargo built no program")?.len(),
    })
}

/// How many crates cargo says it compiled.
fn compiled(said: &str) -> usize {
    said.lines()
        .filter(|line| line.trim_start().starts_with("Compiling "))
        .count()
}

fn compared(name: &str, ours: &Built, alone: &Built) -> [Line; 3] {
    let line = |what: &str, ours: f64, alone: f64, absolute: String| Line {
        what: format!("build of {name}: {what}"),
        found: Spread::of(vec![ours / alone]),
        unit: Unit::OfReqwestAndSerde,
        goal: Goal::Open,
        absolute,
    };
    let megabytes = |built: &Built| built.bytes as f64 / 1e6;
    [
        line(
            "crates",
            ours.crates as f64,
            alone.crates as f64,
            format!("{} beside {}", ours.crates, alone.crates),
        ),
        line(
            "time",
            ours.seconds,
            alone.seconds,
            format!("{:.0} s beside {:.0} s", ours.seconds, alone.seconds),
        ),
        line(
            "size of the program",
            megabytes(ours),
            megabytes(alone),
            format!("{:.1} MB beside {:.1} MB", megabytes(ours), megabytes(alone)),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_counted_as_cargo_tells_them() {
        let said =
            "   Compiling libc v0.2\n  Downloaded x\n   Compiling measured v0.0.0 (/tmp/x)\n    Finished\n";
        assert_eq!(compiled(said), 2);
    }

    #[test]
    fn a_build_is_told_beside_the_other_without_a_goal() {
        let built = |crates, seconds, bytes| Built {
            crates,
            seconds,
            bytes,
        };
        let lines = compared(
            "one vendor",
            &built(30, 3.0, 4_000_000),
            &built(20, 2.0, 2_000_000),
        );
        let ratios = lines.map(|line| line.found.median);
        assert_eq!(ratios, [1.5, 1.5, 2.0]);
    }
}
