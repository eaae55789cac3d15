//! Following `$ref` inside a document, and remembering where one got to.

use serde_json::Value;

use super::ContractError;
use super::route::decode;

/// A chain of references longer than this is a circle.
const LONGEST_CHAIN: usize = 32;

/// A value of the document together with its JSON pointer.
#[derive(Clone, Debug)]
pub(super) struct Located<'d> {
    pub(super) pointer: String,
    pub(super) value: &'d Value,
}

impl<'d> Located<'d> {
    pub(super) fn root(document: &'d Value) -> Located<'d> {
        Located {
            pointer: String::new(),
            value: document,
        }
    }

    /// The member of an object, as it stands.
    pub(super) fn get(&self, key: &str) -> Option<Located<'d>> {
        let value = self.value.get(key)?;
        Some(Located {
            pointer: format!("{}/{}", self.pointer, escape(key)),
            value,
        })
    }

    /// The members of an object; none if it is something else.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'d str, Located<'d>)> {
        let pointer = self.pointer.clone();
        self.value
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(key, value)| {
                (
                    key.as_str(),
                    Located {
                        pointer: format!("{pointer}/{}", escape(key)),
                        value,
                    },
                )
            })
    }

    /// The elements of a list; none if it is something else.
    pub(super) fn elements(&self) -> impl Iterator<Item = Located<'d>> {
        let pointer = self.pointer.clone();
        let list = self.value.as_array().into_iter().flatten().enumerate();
        list.map(move |(index, value)| Located {
            pointer: format!("{pointer}/{index}"),
            value,
        })
    }

    pub(super) fn text(&self, key: &str) -> Option<&'d str> {
        self.value.get(key)?.as_str()
    }

    pub(super) fn is_set(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(super) fn required_text(&self, key: &str, problem: &'static str) -> Result<&'d str, ContractError> {
        self.text(key).ok_or_else(|| self.problem(problem))
    }

    pub(super) fn problem(&self, problem: &'static str) -> ContractError {
        ContractError::Form {
            pointer: self.pointer.clone(),
            problem,
        }
    }

    /// The value itself, or what its `$ref` leads to in the end.
    pub(super) fn resolve(self, document: &'d Value) -> Result<Located<'d>, ContractError> {
        let mut here = self.clone();
        for _ in 0..LONGEST_CHAIN {
            let Some(target) = here.text("$ref") else {
                return Ok(here);
            };
            here = follow(document, target).ok_or_else(|| self.broken(target))?;
        }
        Err(self.broken(self.text("$ref").unwrap_or_default()))
    }

    fn broken(&self, target: &str) -> ContractError {
        ContractError::Reference {
            pointer: self.pointer.clone(),
            target: target.to_owned(),
        }
    }
}

/// A key as one token of a JSON pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn follow<'d>(document: &'d Value, target: &str) -> Option<Located<'d>> {
    let pointer = decode(target.strip_prefix('#')?)?.into_owned();
    let value = document.pointer(&pointer)?;
    Some(Located { pointer, value })
}
