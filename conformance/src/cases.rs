//! The catalogue: every case, in the order in which reports show them. No case names a vendor.

mod aftermath;
mod client;
mod create;
mod expiry;
mod get;
mod list;
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
            usage::CASES,
            scope::CASES,
            list::CASES,
            get::CASES,
            revoke::CASES,
            tenant::CASES,
            expiry::CASES,
            client::CASES,
            aftermath::CASES,
            secret::CASES,
        ]
        .into_iter()
        .flatten()
        .collect()
    });
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words_and_stand_only_once() {
        let mut seen = std::collections::BTreeSet::new();
        for case in catalogue() {
            assert!(seen.insert(case.id), "{} stands twice", case.id);
            let is_word = |part: &str| part.chars().all(|one| one.is_ascii_lowercase() || one == '-');
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
