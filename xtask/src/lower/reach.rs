//! How far a lost restriction reaches. Under `not` it would refuse values that fitted, and in `oneOf` it may let a second
//! branch fit; both must know of it, also where the restriction was lost in a schema that they refer to.

use std::collections::{BTreeMap, BTreeSet};

/// What is known of the components' losses, and what is being found out.
#[derive(Debug)]
pub(crate) struct Reach<'a> {
    /// Names of components that are known to let more pass.
    known: &'a BTreeSet<String>,
    /// How often something that lets more pass has been met.
    met: usize,
    /// The component that is being walked.
    current: Option<String>,
    wider: BTreeSet<String>,
    /// Which components refer to a component.
    referrers: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Reach<'a> {
    pub(super) fn knowing(known: &'a BTreeSet<String>) -> Self {
        Self {
            known,
            met: 0,
            current: None,
            wider: BTreeSet::new(),
            referrers: BTreeMap::new(),
        }
    }

    /// Something here lets more pass than it did.
    pub(super) fn widen(&mut self) {
        self.met += 1;
        if let Some(current) = &self.current {
            self.wider.insert(current.clone());
        }
    }

    /// A component is referred to.
    pub(super) fn refer(&mut self, component: &str) {
        if let Some(current) = &self.current {
            let referrers = self.referrers.entry(component.to_owned()).or_default();
            referrers.insert(current.clone());
        }
        if self.known.contains(component) {
            self.met += 1;
        }
    }

    /// A mark, to ask later whether anything wider has been met since.
    pub(super) fn mark(&self) -> usize {
        self.met
    }

    /// Enters a component; hands back what has to be given to [`Self::leave`].
    pub(super) fn enter(&mut self, component: String) -> Option<String> {
        self.current.replace(component)
    }

    /// Leaves the component that was entered last.
    pub(super) fn leave(&mut self, outer: Option<String>) {
        self.current = outer;
    }

    /// Every component that lets more pass by itself or through a reference.
    pub(super) fn widened(&self) -> BTreeSet<String> {
        let mut reached = self.wider.clone();
        let mut waiting: Vec<&String> = self.wider.iter().collect();
        while let Some(component) = waiting.pop() {
            for referrer in self.referrers.get(component).into_iter().flatten() {
                if reached.insert(referrer.clone()) {
                    waiting.push(referrer);
                }
            }
        }
        reached
    }
}
