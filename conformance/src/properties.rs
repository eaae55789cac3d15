//! The catalogue of properties: what can be asked of a vendor of API keys at all, by which standard, and how it stands here.
//!
//! It is kept in `catalogue.toml`. A property is borne by the cases that cite its code; where none does, the file names the
//! tests of this repository that show it, or says why no vendor here can.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::cases::catalogue;

/// How binding a property is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Level {
    /// A duty by a standard.
    M,
    /// What a standard recommends.
    S,
    /// What the vendor documents.
    V,
    /// Good practice.
    G,
}

/// Of whom a property can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Live {
    /// Of a live vendor.
    Y,
    /// Of a live vendor with the consent of the account.
    C,
    /// Of the mock only.
    M,
}

/// A property that a vendor of API keys may have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The code that cases cite, `REV-02` for example.
    pub code: String,
    /// The property in a line.
    pub says: String,
    /// How binding it is.
    pub level: Level,
    /// Of whom it can be asked.
    pub live: Live,
    /// The sections of standards that speak of it.
    #[serde(default)]
    pub standard: Option<String>,
    /// The tests that show it where no case does: `path::name`, the path from the root of the repository.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Why no vendor here can show it.
    #[serde(default)]
    pub none: Option<String>,
}

#[derive(Deserialize)]
struct Kept {
    property: Vec<Property>,
}

/// Every property, in the order of the file.
pub fn properties() -> &'static [Property] {
    static ALL: LazyLock<Vec<Property>> = LazyLock::new(|| {
        // The test `every_property_is_borne_or_says_why_not` reads it before anybody else does.
        toml::from_str::<Kept>(include_str!("../catalogue.toml"))
            .expect("the embedded catalogue is valid")
            .property
    });
    &ALL
}

impl Property {
    /// The property of a code.
    pub fn of(code: &str) -> Option<&'static Property> {
        properties().iter().find(|property| property.code == code)
    }

    /// The cases that bear it.
    pub fn cases(&self) -> impl Iterator<Item = &'static Case> {
        catalogue()
            .iter()
            .copied()
            .filter(|case| case.codes().contains(&self.code.as_str()))
    }
}

impl Case {
    /// The sections of standards that speak of what the case bears on, each once.
    pub fn standards(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = Vec::new();
        for code in self.codes() {
            let sections = Property::of(code).and_then(|property| property.standard.as_deref());
            for section in sections.into_iter().flat_map(|text| text.split("; ")) {
                if !all.contains(&section) {
                    all.push(section);
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_property_is_borne_or_says_why_not() {
        let mut codes = BTreeSet::new();
        for property in properties() {
            assert!(codes.insert(&property.code), "{} stands twice", property.code);
            let ways = [
                property.cases().next().is_some(),
                !property.tests.is_empty(),
                property.none.is_some(),
            ];
            let count = ways.iter().filter(|way| **way).count();
            assert!(count >= 1, "{}: no case, no test and no reason", property.code);
            assert!(
                !(ways[0] && ways[2]),
                "{}: a case bears what no vendor is to show",
                property.code
            );
            let binding = matches!(property.level, Level::M | Level::S);
            assert!(
                !binding || property.standard.is_some(),
                "{}: a duty needs its standard",
                property.code
            );
        }
        assert_eq!(codes.len(), 154);
    }

    #[test]
    fn every_code_that_a_case_cites_is_a_property() {
        for case in catalogue() {
            for code in case.codes() {
                assert!(Property::of(code).is_some(), "{} cites {code}", case.id());
            }
        }
    }

    #[test]
    fn every_test_that_is_named_in_the_place_of_a_case_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for property in properties() {
            for test in &property.tests {
                let (path, name) = test.split_once("::").expect("path::name");
                let text = std::fs::read_to_string(root.join(path))
                    .unwrap_or_else(|error| panic!("{}: {path}: {error}", property.code));
                let is_test = text.contains(&format!("fn {name}("));
                assert!(is_test, "{}: {path} has no {name}", property.code);
            }
        }
    }
}
