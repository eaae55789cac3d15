//! The repository itself: what is generated is in step with the documents, and the rules of the house are kept.

use std::path::Path;

use xtask::output::Output;
use xtask::{api, coverage, generate, tidy};

#[test]
fn generated_files_are_in_step() {
    let drift = generate::run(&xtask::root(), &[], Output::Check).unwrap();
    let lines = generate::report(&drift);
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn twice_is_the_same_to_the_byte() {
    for vendor in generate::selected(&xtask::root(), &[]).unwrap() {
        let once = generate::of_vendor(&xtask::root(), &vendor).unwrap();
        let twice = generate::of_vendor(&xtask::root(), &vendor).unwrap();
        assert_eq!(once, twice, "{vendor}");
    }
}

#[test]
fn one_changed_field_is_seen_in_every_file_made_from_it() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("openapi/sinjapp");
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["document.yaml", "overlay.yaml"] {
        std::fs::copy(
            xtask::root().join("openapi/sinjapp").join(file),
            folder.join(file),
        )
        .unwrap();
    }
    assert!(generate::run(root.path(), &[], Output::Write).unwrap().is_empty());
    assert!(generate::run(root.path(), &[], Output::Check).unwrap().is_empty());

    for file in ["document.yaml", "overlay.yaml"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let changed = text.replace("last_used_at", "last_seen_at");
        assert_ne!(changed, text);
        std::fs::write(folder.join(file), changed).unwrap();
    }
    let lines = generate::report(&generate::run(root.path(), &[], Output::Check).unwrap());
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(
        lines[2].starts_with("sdk/src/generated/sinjapp.rs differs"),
        "{lines:?}"
    );
    assert_eq!(
        lines[3],
        "sdk/src/generated/sinjapp.rs breaks callers: removes the field `types::ApiKey::last_used_at`"
    );
    assert!(lines[4].contains("cargo xtask generate"));
}

#[test]
fn what_cannot_be_generated_does_not_hide_the_drift_of_the_others() {
    let root = tempfile::tempdir().unwrap();
    for vendor in ["reten", "sinjapp"] {
        let folder = root.path().join("openapi").join(vendor);
        std::fs::create_dir_all(&folder).unwrap();
        for file in ["document.yaml", "overlay.yaml"] {
            std::fs::copy(
                xtask::root().join("openapi").join(vendor).join(file),
                folder.join(file),
            )
            .unwrap();
        }
    }
    std::fs::write(
        root.path().join("openapi/reten/overlay.yaml"),
        "overlay: 2.0.0\nactions: []\n",
    )
    .unwrap();
    let error = generate::run(root.path(), &[], Output::Check)
        .unwrap_err()
        .to_string();
    assert!(error.contains("reten: openapi overlay"), "{error}");
    assert!(error.contains("sinjapp.rs is missing"), "{error}");
    assert!(error.contains("run `cargo xtask generate`"), "{error}");
}

#[test]
fn a_vendor_that_does_not_exist_is_named_with_those_that_do() {
    let error = generate::selected(&xtask::root(), &["nobody".to_owned()]).unwrap_err();
    let told = error.to_string();
    assert!(told.starts_with("`nobody` is no vendor; there are "), "{told}");
    assert!(told.contains("dolfin, reten, sinjapp"), "{told}");
}

#[test]
fn a_page_of_coverage_that_is_out_of_step_is_told_and_written() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("conformance")).unwrap();
    let out_of_step = coverage::compare_or_write(root.path(), "new", Output::Check).unwrap();
    assert_eq!(
        out_of_step,
        ["conformance/COVERAGE.md differs; run `cargo xtask coverage`"]
    );
    assert!(
        coverage::compare_or_write(root.path(), "new", Output::Write)
            .unwrap()
            .is_empty()
    );
    assert!(
        coverage::compare_or_write(root.path(), "new", Output::Check)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_house_is_tidy() {
    let breaches = tidy::run(&xtask::root()).unwrap();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn each_rule_of_the_house_can_be_broken() {
    let of = |path: &str, text: &str| tidy::of_source(Path::new(path), text);
    assert!(of("sdk/src/a.rs", "//! Why.\n").is_empty());
    assert_eq!(
        of("sdk/src/a.rs", "use a;\n"),
        ["sdk/src/a.rs:1: a file opens with `//!` and what it is for"]
    );
    assert_eq!(
        of("a.rs", "//! Why. \n"),
        ["a.rs:1: white space at the end of the line"]
    );
    assert_eq!(
        of("a.rs", "//! Why."),
        ["a.rs:1: no line feed at the end of the file"]
    );
    assert_eq!(
        of("a.rs", concat!("//! Why.\ntodo", "!()\n")),
        ["a.rs:2: unfinished code"]
    );
    let generated = "sdk/src/generated/acme.rs";
    assert!(of(generated, &format!("{}\n", generate::HEADER)).is_empty());
    assert_eq!(of(generated, "//! Edited.\n").len(), 1);
}

#[test]
fn every_operation_of_a_vendor_says_how_it_fails_and_every_field_what_it_means() {
    for vendor in ["sinjapp", "reten", "dolfin", "b3os"] {
        let file = xtask::root().join(format!("sdk/src/generated/{vendor}.rs"));
        let text = std::fs::read_to_string(file).unwrap();
        let operations = text.matches("    pub async fn ").count();
        assert!(operations > 0);
        // Each is there twice, the second time for the blocking client.
        assert_eq!(text.matches("/// # Errors").count(), 2 * operations, "{vendor}");
        assert_eq!(text.matches("`: <https://").count(), 2 * operations, "{vendor}");
        assert_eq!(text.matches("does not say what it means").count(), 0, "{vendor}");
    }
}

#[test]
fn a_listing_has_what_callers_can_name_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "lib.rs",
        "mod inner;\npub use inner::Shown;\npub(crate) use inner::Hidden;\n#[cfg(test)] mod tests { fn f() {} }",
    );
    write(
        "inner.rs",
        r#"
        #[derive(Debug, Clone)]
        pub struct Shown { pub field: Vec<u8>, private: u8 }
        #[non_exhaustive]
        pub enum Choice { One(u8), Two { at: u64 }, Three }
        pub trait Does { type Gives; fn must(&self); fn may(&self) {} }
        pub(crate) struct Hidden;
        impl Hidden { pub(crate) fn no(&self) {} }
        impl Shown {
            pub const MANY: usize = 3;
            pub async fn act(mut self, on: &str) -> Option<u8> { None }
            fn no(&self) {}
        }
        impl std::fmt::Display for Shown {}
        impl std::fmt::Display for Hidden {}
        "#,
    );
    let listing = api::of_room(folder.path()).unwrap();
    let lines: Vec<_> = listing.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "crate: use inner::Shown",
            "inner: impl std::fmt::Display for Shown",
            "inner::Choice: enum, may grow",
            "inner::Choice::One: variant (u8)",
            "inner::Choice::Three: variant ()",
            "inner::Choice::Two: variant (at: u64)",
            "inner::Does: trait: ",
            "inner::Does::Gives: type: ",
            "inner::Does::may: provided fn may(&self)",
            "inner::Does::must: required fn must(&self)",
            "inner::Shown: struct, Clone Debug",
            "inner::Shown::MANY: const usize",
            "inner::Shown::act: async fn act(self, on: &str) -> Option<u8>",
            "inner::Shown::field: Vec<u8>",
        ]
    );
}
