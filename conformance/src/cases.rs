//! The catalogue: every case, in the order in which reports show them. No case names a vendor.

mod aftermath;
mod answers;
mod bodies;
mod client;
mod create;
mod creation;
mod dynamics;
mod expiry;
mod get;
mod grants;
mod leeway;
mod list;
mod naming;
pub(crate) mod operations;
mod ownership;
mod presentation;
mod revoke;
mod scope;
mod secret;
mod tenant;
mod unissued;
mod usage;

use std::sync::LazyLock;

use crate::case::Case;

/// Every case, the last one being the search for secrets in all that came before.
pub fn catalogue() -> &'static [&'static Case] {
    static ALL: LazyLock<Vec<&'static Case>> = LazyLock::new(|| {
        [
            create::CASES,
            leeway::CASES,
            creation::CASES,
            ownership::CASES,
            usage::CASES,
            presentation::CASES,
            operations::CASES,
            scope::CASES,
            grants::CASES,
            list::CASES,
            get::CASES,
            revoke::CASES,
            dynamics::CASES,
            naming::CASES,
            tenant::CASES,
            expiry::CASES,
            client::CASES,
            aftermath::CASES,
            answers::CASES,
            secret::CASES,
        ]
        .into_iter()
        .flatten()
        .collect()
    });
    &ALL
}

/// Whether a case is about everything that came before it.
pub(crate) fn is_about_the_run(case: &Case) -> bool {
    [aftermath::CASES, answers::CASES, secret::CASES]
        .into_iter()
        .flatten()
        .any(|last| last.id == case.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words_and_stand_only_once() {
        let mut seen = std::collections::BTreeSet::new();
        for case in catalogue() {
            assert!(seen.insert(case.id), "{} stands twice", case.id);
            let is_word = |part: &str| {
                part.chars()
                    .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-')
            };
            assert!(
                case.id
                    .split_once('/')
                    .is_some_and(|(area, rest)| is_word(area) && is_word(rest)),
                "{}",
                case.id
            );
            assert!(
                !case.requirement.is_empty() && !case.codes.is_empty(),
                "{}",
                case.id
            );
        }
        assert!(seen.len() >= 45, "only {} cases", seen.len());
    }
}
