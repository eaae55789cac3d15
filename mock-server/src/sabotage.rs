//! Broken promises, on purpose: a mock that keeps all of a vendor's promises but one.
//!
//! A suite that has never failed has shown nothing. Each sabotage breaks one promise of a key's life, as servers in
//! the field have broken it, so that a suite (this workspace's, or anybody's own tests) can be seen to notice.
//! Nothing of this runs unless it is asked for by name.
//!
//! A saboteur stands around the vendor's dialect and leaves it alone: it bends a request before it is looked at,
//! decides whether a key lives, or bends the answer. To pass one key off for another it has to know their secrets;
//! a sabotaged mock therefore keeps, in memory only, the plaintext of the keys that it made.

mod answers;
mod creation;
mod identity;
mod life;
mod lists;
mod revocation;
mod rights;
mod saboteur;
mod shape;

use std::fmt;

use http::HeaderMap;
use keyway_openapi::Vendor;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::call::{Request, Response};

pub(crate) use saboteur::{Aim, Saboteur, Shown};
use saboteur::{Exchange, Key, Keys, Use};
use shape::Shape;

/// One promise that the mock can be made to break.
#[derive(Serialize)]
#[non_exhaustive]
pub struct Sabotage {
    /// As `--sabotage` takes it.
    pub name: &'static str,
    /// What happens instead of what was promised.
    pub effect: &'static str,
    /// The vendors that can break this promise.
    pub vendors: &'static [Vendor],
    #[serde(skip)]
    trick: Trick,
}

/// Where and how a promise is broken.
enum Trick {
    /// The presented text passes for this key.
    PassesFor(fn(&str, &Key) -> bool),
    /// A key is given out in another form, and taken in that form.
    Disguise(fn(&str) -> String),
    /// The request is another one by the time it is looked at.
    Before(fn(&mut Request, Vendor, &Keys)),
    /// Another key is made than the one asked for.
    Asked(fn(&mut Map<String, Value>, &Shape)),
    /// A key is made by the owner of the other tenant if the body of the create names that one.
    Follow,
    /// Whether a key lives is decided otherwise, where this says so.
    Life(fn(&Use<'_>) -> Option<Fate>),
    /// What was refused is done all the same, in the name of somebody who may.
    Openly(fn(&Exchange<'_>) -> bool),
    /// It is refused and done all the same.
    Secretly(fn(&Exchange<'_>) -> bool),
    /// A refused request is mended, and done behind the refusal.
    Mended(fn(&Request, &Exchange<'_>) -> Option<Request>),
    /// Keys live or die by what they have nothing to do with.
    Keys(fn(&Exchange<'_>, &mut Keys)),
    /// The answer is bent.
    Answer(fn(&mut Response, &Exchange<'_>, &Keys)),
    /// The answer is bent if it is a refusal or an error.
    Refused(fn(&mut Response, &Exchange<'_>)),
    /// The record of a new key is bent in the answer that brings it.
    Made(fn(&mut Map<String, Value>, &Key, &Exchange<'_>)),
    /// A record of a key is bent, wherever it is shown.
    Record(fn(&mut Value, &Exchange<'_>, &Keys)),
    /// The records of a list are bent.
    List(fn(&mut Vec<Value>, &Exchange<'_>, &Keys)),
    /// Secrets are drawn from a source that can be foreseen.
    Guessable,
}

/// What becomes of a key against the rules.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fate {
    /// It authenticates.
    Alive,
    /// It does not.
    Dead,
}

/// No sabotage has this name, or not at this vendor.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SabotageError {
    /// There is none of this name.
    #[error("no sabotage is named {name:?}; {}`keyway-mock sabotages` lists them", meant(.nearest))]
    Name {
        /// The name asked for.
        name: String,
        /// The name nearest to it, if one is near.
        nearest: Option<&'static str>,
    },
}

fn meant(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |name| format!("did you mean {name}? "))
}

const EVERY: &[Vendor] = &Vendor::PLAYED;
/// The vendors that list their keys.
const LISTING: &[Vendor] = &[Vendor::Reten, Vendor::B3os];
/// The vendors whose keys have scopes or permissions.
const SCOPED: &[Vendor] = &[Vendor::Sinjapp, Vendor::Reten, Vendor::B3os];
/// The vendors that take the instant of a key's expiry.
const DATED: &[Vendor] = &[Vendor::Reten, Vendor::Dolfin, Vendor::B3os];

impl Sabotage {
    /// All of them, in the order of a key's life.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [
            creation::ALL,
            identity::ALL,
            rights::ALL,
            lists::ALL,
            life::ALL,
            revocation::ALL,
            answers::ALL,
        ]
        .into_iter()
        .flatten()
    }

    /// The sabotage of a name.
    ///
    /// # Errors
    /// If there is none; the message names the nearest one.
    pub fn named(name: &str) -> Result<&'static Self, SabotageError> {
        Self::all().find(|one| one.name == name).ok_or_else(|| {
            let known = Self::all().map(|one| one.name);
            SabotageError::Name {
                name: name.to_owned(),
                nearest: crate::nearest::nearest(name, known),
            }
        })
    }

    /// Whether secrets are to be drawn from a source that can be foreseen.
    pub(crate) fn makes_guessable(&self, vendor: Vendor) -> bool {
        matches!(self.trick, Trick::Guessable) && self.vendors.contains(&vendor)
    }
}

impl fmt::Debug for Sabotage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sabotage").field(&self.name).finish()
    }
}

/// The headers by which a caller says who it is.
const CREDENTIAL_HEADERS: [&str; 3] = ["authorization", "x-api-key", "x-dolfin-api-key"];

/// What a request presents as a credential, in whichever header.
fn presented(headers: &HeaderMap) -> Option<&str> {
    CREDENTIAL_HEADERS.iter().find_map(|name| {
        let value = headers.get(*name)?.to_str().ok()?;
        Some(value.split_once(' ').map_or(value, |(_, token)| token))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_and_stand_only_once() {
        let mut seen = std::collections::BTreeSet::new();
        for sabotage in Sabotage::all() {
            assert!(seen.insert(sabotage.name), "{} stands twice", sabotage.name);
            let is_plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-';
            assert!(sabotage.name.chars().all(is_plain), "{}", sabotage.name);
            assert!(!sabotage.vendors.is_empty() && !sabotage.effect.is_empty());
        }
        let pairs: usize = Sabotage::all().map(|one| one.vendors.len()).sum();
        assert!(pairs >= 90, "only {pairs} broken promises");
    }

    #[test]
    fn an_unknown_name_is_told_the_nearest_one() {
        let error = Sabotage::named("revoked-key-still-work").unwrap_err();
        assert!(error.to_string().contains("revoked-key-still-works"), "{error}");
    }
}
