//! What callers see of each client, as a reviewer reads it, and which changes are told as breaking.
//!
//! After an intended change: `INSTA_UPDATE=always cargo test -p xtask signatures`, and read the diff.

use xtask::generate;
use xtask::signatures::Signatures;

#[test]
fn each_client_offers_what_was_agreed_on() {
    for vendor in generate::selected(&xtask::root(), &[]).unwrap() {
        let generated = generate::of_vendor(&xtask::root(), &vendor).unwrap();
        let signatures = Signatures::of(&generated.client).unwrap();
        insta::assert_snapshot!(vendor.clone(), signatures.to_string());
    }
}

const BEFORE: &str = "
    impl crate::acme::Client {
        pub async fn list(&self) -> Result<types::List, crate::Error<types::ListError>> {}
        pub async fn revoke(&self, id: i64) -> Result<(), crate::Error<types::RevokeError>> {}
    }
    pub mod types {
        pub struct Create { pub name: String, pub scopes: Option<Vec<Scope>> }
        #[non_exhaustive]
        pub struct Key { pub id: i64, pub name: String }
        #[non_exhaustive]
        pub enum Scope { Read, Write }
        pub struct Gone { pub a: i64 }
    }";

#[track_caller]
fn breaks(change: &[(&str, &str)], told: &[&str]) {
    let before = Signatures::of(BEFORE).unwrap();
    let mut text = BEFORE.to_owned();
    for (from, to) in change {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let lines = Signatures::of(&text).unwrap().breaking_since(&before);
    assert_eq!(lines, told);
}

#[test]
fn what_breaks_callers_is_named() {
    breaks(&[], &[]);
    breaks(
        &[("pub async fn list", "async fn list")],
        &["removes the operation `Client::list`"],
    );
    breaks(
        &[("id: i64)", "id: &str)")],
        &[
            "changes the operation `Client::revoke` from `(&self, id: i64) -> Result<(), Error<types::RevokeError>>` to \
           `(&self, id: &str) -> Result<(), Error<types::RevokeError>>`",
        ],
    );
    breaks(
        &[("pub struct Gone { pub a: i64 }", "")],
        &["removes the type `types::Gone`"],
    );
    breaks(&[("pub id: i64, ", "")], &["removes the field `types::Key::id`"]);
    breaks(
        &[("id: i64, pub", "id: String, pub")],
        &["changes the field `types::Key::id` from `i64` to `String`"],
    );
    breaks(&[("Read, ", "")], &["removes the variant `types::Scope::Read`"]);
    breaks(
        &[(
            "pub name: String, pub scopes",
            "pub name: String, pub tenant: String, pub scopes",
        )],
        &["adds the required field `types::Create::tenant`"],
    );
    breaks(
        &[(
            "pub name: String, pub scopes",
            "pub name: String, pub tenant: Option<String>, pub scopes",
        )],
        &["adds the field `types::Create::tenant` to a type that callers write out"],
    );
}

#[test]
fn what_may_grow_grows_without_breaking_anybody() {
    breaks(
        &[
            ("Read, ", "Read, Admin, "),
            ("pub id: i64", "pub id: i64, pub owner: String"),
        ],
        &[],
    );
    breaks(
        &[("pub mod types {", "pub mod types { pub struct New { pub a: i64 }")],
        &[],
    );
}
