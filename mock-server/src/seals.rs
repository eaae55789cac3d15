//! The seals of all secrets that a server ever issued, so that each is recognised wherever it is shown.
//!
//! All worlds of a server share one register, and a reset or a restore leaves it as it is: a token of a state that is
//! gone, or of somebody else's world, is no more to be shown than one of this moment. It keeps 8 bytes of each digest
//! and an outline, about 40 bytes in all, of the latest million secrets. Keys beyond that are still known by the
//! vendor's mark at their beginning.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::RwLock;

use crate::secrets::{PUBLIC_MARKS, SHORTEST};
use crate::store::{Digest, Outline, Seal};

/// How many secrets are remembered.
const MOST: usize = 1_000_000;

/// The register itself.
#[derive(Debug)]
pub(crate) struct Seals {
    register: RwLock<Register>,
    /// Which two bytes a secret begins with, or a public mark: most positions of a text are passed over by this, without
    /// waiting for anybody.
    beginnings: Beginnings,
    learned: AtomicU64,
}

#[derive(Debug)]
struct Register {
    fingerprints: HashSet<u64, BuildHasherDefault<OfDigest>>,
    oldest_first: VecDeque<(u64, Outline)>,
    /// How many secrets have each length, of those that begin alike.
    lengths: HashMap<[u8; 3], BTreeMap<u16, usize>>,
    most: usize,
}

impl Default for Seals {
    fn default() -> Self {
        Self::remembering(MOST)
    }
}

impl Seals {
    fn remembering(most: usize) -> Self {
        let register = Register {
            fingerprints: HashSet::default(),
            oldest_first: VecDeque::new(),
            lengths: HashMap::new(),
            most,
        };
        Self {
            register: RwLock::new(register),
            beginnings: Beginnings::of_public_marks(),
            learned: AtomicU64::new(0),
        }
    }

    /// Remembers a secret. What is shorter than any secret can only come from a snapshot that the mock did not make.
    pub(crate) fn learn(&self, seal: &Seal) {
        if usize::from(seal.outline.length) < SHORTEST {
            return;
        }
        let fingerprint = fingerprint(&seal.digest);
        // The ready-made secrets are the same in every world: most of what comes here is known.
        if !self.register.read().fingerprints.contains(&fingerprint) {
            // Whoever finds a beginning looks into the register next, and whoever reads the number has a text before him
            // that is older than the secret.
            self.beginnings.add(&seal.outline.start);
            self.register.write().add(fingerprint, seal.outline);
            self.learned.fetch_add(1, Ordering::Release);
        }
    }

    /// What is known.
    pub(crate) fn known(&self) -> Known<'_> {
        Known {
            seals: self,
            learned: self.learned.load(Ordering::Acquire),
        }
    }
}

impl Register {
    fn add(&mut self, fingerprint: u64, outline: Outline) {
        if !self.fingerprints.insert(fingerprint) {
            return;
        }
        self.oldest_first.push_back((fingerprint, outline));
        let lengths = self.lengths.entry(outline.start).or_default();
        *lengths.entry(outline.length).or_default() += 1;
        if self.oldest_first.len() > self.most {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some((fingerprint, Outline { start, length })) = self.oldest_first.pop_front() else {
            return;
        };
        self.fingerprints.remove(&fingerprint);
        if let Some(lengths) = self.lengths.get_mut(&start) {
            if let Some(count) = lengths.get_mut(&length) {
                *count -= 1;
            }
            lengths.retain(|_, count| *count > 0);
            if lengths.is_empty() {
                self.lengths.remove(&start);
            }
        }
    }
}

/// Takes the end of a digest for its hash, which it is.
#[derive(Debug, Default)]
pub(crate) struct OfDigest(u64);

impl Hasher for OfDigest {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(end) = bytes.last_chunk() {
            self.0 = u64::from_ne_bytes(*end);
        }
    }

    fn write_u64(&mut self, part: u64) {
        self.0 = part;
    }
}

/// Pairs of bytes, one bit for each.
struct Beginnings(Box<[AtomicU64; 1024]>);

impl Beginnings {
    fn of_public_marks() -> Self {
        let beginnings = Self(Box::new([const { AtomicU64::new(0) }; 1024]));
        for mark in PUBLIC_MARKS {
            beginnings.add(mark);
        }
        beginnings
    }

    /// Adds the first two bytes of a text.
    fn add(&self, text: &[u8]) {
        if let Some(pair) = text.first_chunk::<2>() {
            let pair = usize::from(u16::from_be_bytes(*pair));
            let bit = 1 << (pair % 64);
            // Most begin alike; what is written every time is slow to read for the other processors.
            if self.0[pair / 64].load(Ordering::Relaxed) & bit == 0 {
                self.0[pair / 64].fetch_or(bit, Ordering::Release);
            }
        }
    }

    fn has(&self, text: &[u8]) -> bool {
        text.first_chunk::<2>().is_some_and(|pair| {
            let pair = usize::from(u16::from_be_bytes(*pair));
            self.0[pair / 64].load(Ordering::Relaxed) >> (pair % 64) & 1 != 0
        })
    }
}

impl fmt::Debug for Beginnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beginnings").finish_non_exhaustive()
    }
}

/// The secrets that are known.
#[derive(Debug)]
pub(crate) struct Known<'s> {
    seals: &'s Seals,
    learned: u64,
}

impl Known<'_> {
    /// How many secrets had been learned when this was made.
    pub(crate) fn learned(&self) -> u64 {
        self.learned
    }

    /// Whether a secret, or what is taken for one, may begin with the text. Never wrong when it says no.
    pub(crate) fn may_begin(&self, text: &[u8]) -> bool {
        self.seals.beginnings.has(text)
    }

    /// How long the secret is with which the text begins.
    pub(crate) fn length_of_secret(&self, text: &[u8]) -> Option<usize> {
        let register = self.seals.register.read();
        let lengths = register.lengths.get(text.first_chunk::<3>()?)?;
        let lengths = lengths.keys().rev().map(|length| usize::from(*length));
        lengths.filter(|length| *length <= text.len()).find(|length| {
            let digest = Digest::of(&text[..*length]);
            register.fingerprints.contains(&fingerprint(&digest))
        })
    }
}

/// Eight bytes of a digest: that two secrets share them is as good as impossible, and would only hide too much.
pub(crate) fn fingerprint(digest: &Digest) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *digest.bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_remembered_and_the_others_leave_nothing_behind() {
        let seals = Seals::remembering(10);
        let secret = |number: usize| format!("{number:03}{}", "x".repeat(SHORTEST + number % 7));
        for number in 0..100 {
            seals.learn(&Seal::of(&secret(number)));
            seals.learn(&Seal::of(&secret(number)));
        }
        let known = seals.known();
        let is_known = |number| known.length_of_secret(secret(number).as_bytes()).is_some();
        assert!((90..100).all(is_known) && !(0..90).any(is_known));
        let register = seals.register.read();
        assert_eq!((register.lengths.len(), register.fingerprints.len()), (10, 10));
    }

    #[test]
    fn the_longest_secret_is_found_whatever_follows() {
        let seals = Seals::default();
        seals.learn(&Seal::of("mock_secret_of_one"));
        seals.learn(&Seal::of("mock_secret_of_another"));
        let length = |text: &str| seals.known().length_of_secret(text.as_bytes());
        assert_eq!(length("mock_secret_of_one and more"), Some(18));
        assert_eq!(length("mock_secret_of_another."), Some(22));
        assert_eq!(length("mock_secret_of_on"), None);
        assert_eq!(length("m"), None);
    }
}
