//! The closed list of vendors, and the texts each of them comes with.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::contract::Contract;

/// Writes the list down once: the vendors in the order in which reports show them, each with the folder that holds its
/// contract and its name as it writes it itself.
macro_rules! vendors {
    ($($(#[$about:meta])* $vendor:ident = $folder:literal, $title:literal;)*) => {
        /// A vendor of API keys whose contract this crate carries.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Vendor {
            $($(#[$about])* $vendor,)*
        }

        impl Vendor {
            /// Every vendor, in the order in which reports show them.
            pub const ALL: [Vendor; [$($folder),*].len()] = [$(Vendor::$vendor),*];

            /// The lower-case stem that folders, features and command lines use.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Vendor::$vendor => $folder,)*
                }
            }

            /// The name as the vendor writes it.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Vendor::$vendor => $title,)*
                }
            }

            const fn texts(self) -> Texts {
                match self {
                    $(Vendor::$vendor => Texts {
                        document: include_str!(concat!("../", $folder, "/document.yaml")),
                        overlay: include_str!(concat!("../", $folder, "/overlay.yaml")),
                        contract: include_str!(concat!("../", $folder, "/contract.json")),
                    },)*
                }
            }
        }

        static CONTRACTS: [LazyLock<Contract>; Vendor::ALL.len()] =
            [$(LazyLock::new(|| embedded(Vendor::$vendor))),*];
    };
}

vendors! {
    /// Sinjapp Business: tenants by host name, keys with scopes.
    Sinjapp = "sinjapp", "Sinjapp";
    /// Reten: keys with permissions, managed by a user token.
    Reten = "reten", "Reten";
    /// Dolfin: keys of a Client, problem details for errors.
    Dolfin = "dolfin", "Dolfin";
    /// B3OS: keys of an organization, every answer in an envelope.
    B3os = "b3os", "B3OS";
}

impl Vendor {
    /// The vendors whose keys live in the mock, are judged by the suite and speak the clients' common vocabulary.
    ///
    /// A vendor begins outside of it: `cargo xtask new-vendor` brings its contract and its client, the mock answers with
    /// examples, and the suite asks nothing. It is entered here once the life of its keys is written; then the tests ask
    /// for all that the others have.
    pub const PLAYED: [Vendor; 4] = [Vendor::Sinjapp, Vendor::Reten, Vendor::Dolfin, Vendor::B3os];

    /// The vendor's document as the vendor states it, in YAML.
    pub const fn document(self) -> &'static str {
        self.texts().document
    }

    /// Our corrections to the document: an OpenAPI Overlay, in YAML.
    pub const fn overlay(self) -> &'static str {
        self.texts().overlay
    }

    /// Document and overlay joined, in the document's own OpenAPI version, as JSON.
    pub const fn contract_json(self) -> &'static str {
        self.texts().contract
    }

    /// The parsed contract; parsed on first use, then shared.
    pub fn contract(self) -> &'static Contract {
        &CONTRACTS[self as usize]
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Vendor {
    type Err = UnknownVendor;

    fn from_str(text: &str) -> Result<Vendor, UnknownVendor> {
        let wanted = text.trim();
        Vendor::ALL
            .into_iter()
            .find(|vendor| vendor.name().eq_ignore_ascii_case(wanted))
            .ok_or_else(|| UnknownVendor {
                nearest: nearest(wanted),
            })
    }
}

/// A name that is no vendor's. What was typed is not repeated: a key pasted in the wrong place would be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownVendor {
    nearest: Option<Vendor>,
}

impl UnknownVendor {
    /// The vendor that was probably meant, when a slip of the finger explains the difference.
    pub const fn nearest(self) -> Option<Vendor> {
        self.nearest
    }
}

impl fmt::Display for UnknownVendor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Vendor::ALL.map(Vendor::name).join(", ");
        write!(formatter, "unknown vendor, expected one of: {names}")?;
        match self.nearest {
            Some(vendor) => write!(formatter, " (did you mean {vendor}?)"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownVendor {}

struct Texts {
    document: &'static str,
    overlay: &'static str,
    contract: &'static str,
}

/// The test `every_embedded_contract_parses_and_compiles` is why this cannot panic in a released build.
fn embedded(vendor: Vendor) -> Contract {
    let document = serde_json::from_str(vendor.contract_json()).expect("the embedded contract is JSON");
    Contract::parse(document).expect("the embedded contract is an OpenAPI document")
}

/// Two slips are forgiven, as long as half of the name was right.
fn nearest(typed: &str) -> Option<Vendor> {
    // Nothing this long is a misspelt vendor, and the distance below is quadratic.
    if typed.len() > 16 {
        return None;
    }
    let typed = typed.to_ascii_lowercase();
    Vendor::ALL
        .into_iter()
        .map(|vendor| (distance(&typed, vendor.name()), vendor))
        .filter(|(slips, vendor)| *slips <= 2 && slips * 2 <= vendor.name().len())
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, vendor)| vendor)
}

/// Levenshtein's distance, one row at a time.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, left) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, right) in to.chars().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_in_any_case_and_written_in_lower_case() {
        for vendor in Vendor::ALL {
            assert_eq!(vendor.title().parse(), Ok(vendor));
            assert_eq!(vendor.to_string().parse(), Ok(vendor));
            assert_eq!(serde_json::to_value(vendor).unwrap(), vendor.name());
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_valid_ones() {
        let error = "stripe".parse::<Vendor>().unwrap_err();
        let expected = "unknown vendor, expected one of: sinjapp, reten, dolfin, b3os";
        assert!(error.to_string().starts_with(expected), "{error}");
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        for (typed, meant) in [
            ("dolphin", Vendor::Dolfin),
            ("Retan", Vendor::Reten),
            ("b3so", Vendor::B3os),
        ] {
            assert_eq!(typed.parse::<Vendor>().unwrap_err().nearest(), Some(meant));
        }
        let error = "sinjap".parse::<Vendor>().unwrap_err();
        assert!(error.to_string().ends_with("(did you mean sinjapp?)"), "{error}");
    }

    #[test]
    fn what_was_typed_is_never_repeated() {
        let error = "b3sk_planted_secret".parse::<Vendor>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("planted"));
    }
}
