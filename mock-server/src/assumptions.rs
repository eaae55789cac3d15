//! Every answer that no vendor documents: its name, its default, the other choices and the reason.
//!
//! Where a vendor's documentation is silent the mock still has to answer. It never does so in silence
//! itself: each such answer is declared here by its dialect and can be switched.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::dialects;
use crate::nearest::nearest;

/// An answer that the vendor does not document.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Assumption {
    /// `<vendor>.<what>`, as `--assume` takes it.
    pub name: &'static str,
    /// What the mock does unless told otherwise.
    pub default: &'static str,
    /// All values it may take, the default included.
    pub choices: &'static [&'static str],
    /// Why the default is the default.
    pub reason: &'static str,
}

/// Why an assumption could not be switched.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AssumptionError {
    /// The text is not of the form `NAME=VALUE`.
    #[error("an assumption is switched by NAME=VALUE, for example {example}")]
    Form {
        /// A valid setting.
        example: String,
    },
    /// There is no assumption of this name.
    #[error("no assumption is named {name:?}; {}", cure(.nearest))]
    Name {
        /// The name asked for.
        name: String,
        /// The valid name nearest to it, if one is near.
        nearest: Option<&'static str>,
    },
    /// The assumption does not take this value.
    #[error("{name} does not take {value:?}; it takes {}{}", .choices.join(", "), meant(.value, .choices))]
    Value {
        /// The assumption.
        name: &'static str,
        /// The value asked for.
        value: String,
        /// What it takes.
        choices: &'static [&'static str],
    },
}

fn cure(nearest: &Option<&'static str>) -> String {
    match nearest {
        Some(name) => format!("did you mean {name}?"),
        None => "`keyway-mock assumptions` lists them".to_owned(),
    }
}

fn meant(value: &str, choices: &[&'static str]) -> String {
    match nearest(value, choices.iter().copied()) {
        Some(choice) => format!("; did you mean {choice}?"),
        None => String::new(),
    }
}

/// The choices in force.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Assumptions {
    switched: BTreeMap<&'static str, &'static str>,
}

impl Assumptions {
    /// Every assumption of every vendor, in order.
    pub fn all() -> impl Iterator<Item = &'static Assumption> {
        dialects::assumptions()
    }

    /// Switches one assumption, given as `NAME=VALUE`.
    ///
    /// # Errors
    /// If the form, the name or the value is not valid; the message names the nearest valid one.
    pub fn switch(&mut self, setting: &str) -> Result<(), AssumptionError> {
        let Some((name, value)) = setting.split_once('=') else {
            let example = "sinjapp.second-revoke=404".to_owned();
            return Err(AssumptionError::Form { example });
        };
        // Lists are written with blanks.
        let (name, value) = (name.trim(), value.trim());
        let Some(assumption) = Self::all().find(|assumption| assumption.name == name) else {
            let nearest = nearest(name, Self::all().map(|assumption| assumption.name));
            return Err(AssumptionError::Name {
                name: name.to_owned(),
                nearest,
            });
        };
        let Some(choice) = assumption.choices.iter().find(|choice| **choice == value) else {
            return Err(AssumptionError::Value {
                name: assumption.name,
                value: value.to_owned(),
                choices: assumption.choices,
            });
        };
        self.switched.insert(assumption.name, choice);
        Ok(())
    }

    /// The choice in force.
    #[must_use]
    pub fn of(&self, assumption: &Assumption) -> &'static str {
        self.switched
            .get(assumption.name)
            .copied()
            .unwrap_or(assumption.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_defaults_are_among_the_choices() {
        let mut names = std::collections::BTreeSet::new();
        for assumption in Assumptions::all() {
            assert!(
                names.insert(assumption.name),
                "{} is declared twice",
                assumption.name
            );
            assert!(
                assumption.choices.contains(&assumption.default),
                "{}",
                assumption.name
            );
            assert!(
                assumption.choices.len() > 1,
                "{} has no alternative",
                assumption.name
            );
        }
        assert!(names.len() >= 26, "only {} assumptions are declared", names.len());
    }

    #[test]
    fn switching_takes_valid_settings_and_names_the_cure_of_others() {
        let mut assumptions = Assumptions::default();
        let second = Assumptions::all()
            .find(|one| one.name == "sinjapp.second-revoke")
            .unwrap();
        assert_eq!(assumptions.of(second), "204");
        assumptions.switch("sinjapp.second-revoke=404").unwrap();
        assert_eq!(assumptions.of(second), "404");
        let name = assumptions.switch("sinjap.second-revoke=404").unwrap_err();
        assert!(
            name.to_string().contains("did you mean sinjapp.second-revoke?"),
            "{name}"
        );
        let value = assumptions.switch("sinjapp.second-revoke=418").unwrap_err();
        assert!(value.to_string().contains("it takes 204, 404"), "{value}");
        let far = assumptions.switch("colour=red").unwrap_err();
        assert!(
            far.to_string().contains("`keyway-mock assumptions` lists them"),
            "{far}"
        );
        assert!(assumptions.switch("nonsense").is_err());
    }
}
