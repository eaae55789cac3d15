//! Where the mock's randomness comes from: the operating system, or a fixed stream in tests.

use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};

/// Digits, upper and lower case letters: the alphabet of base62.
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How many bytes more than letters are drawn, for those that favour some letters.
const SPARE: usize = 8;

/// Random bytes of the operating system, fetched several draws at a time: each fetch is a call into the kernel. What
/// has been handed out is wiped, so that no secret can be made of it a second time or found here.
struct Pool {
    bytes: [u8; POOLED],
    used: usize,
}

const POOLED: usize = 512;

static POOL: Mutex<Pool> = Mutex::new(Pool {
    bytes: [0; POOLED],
    used: POOLED,
});

impl Pool {
    fn fill(&mut self, buffer: &mut [u8]) {
        for some in buffer.chunks_mut(POOLED) {
            if POOLED - self.used < some.len() {
                getrandom::fill(&mut self.bytes).expect("the operating system hands out random bytes");
                self.used = 0;
            }
            let drawn = &mut self.bytes[self.used..self.used + some.len()];
            some.copy_from_slice(drawn);
            drawn.fill(0);
            self.used += some.len();
        }
    }
}

/// A source of random bytes.
#[derive(Debug, Default)]
pub(crate) enum Entropy {
    /// The operating system's generator.
    #[default]
    System,
    /// A counter, for a mock that is to be caught at it.
    Counter(AtomicU64),
}

impl Entropy {
    /// Fills `buffer` with random bytes.
    pub(crate) fn fill(&self, buffer: &mut [u8]) {
        match self {
            Self::System => POOL.lock().fill(buffer),
            Self::Counter(last) => {
                buffer.fill(0);
                let number = last.fetch_add(1, Ordering::Relaxed).to_be_bytes();
                let length = buffer.len().min(number.len());
                buffer[..length].copy_from_slice(&number[number.len() - length..]);
            }
        }
    }

    /// A random (version 4) UUID in its usual text form.
    pub(crate) fn uuid(&self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// `digits` lower-case hexadecimal digits.
    pub(crate) fn hex(&self, digits: usize) -> String {
        let mut bytes = vec![0; digits.div_ceil(2)];
        self.fill(&mut bytes);
        let mut text = vec![0; 2 * bytes.len()];
        hex::encode_to_slice(&bytes, &mut text).expect("there are two digits to a byte");
        text.truncate(digits);
        String::from_utf8(text).expect("digits are text")
    }

    /// `length` base62 characters, each drawn without bias.
    pub(crate) fn base62(&self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        let mut drawn = [0; 64];
        while text.len() < length {
            let drawn = &mut drawn[..(length - text.len() + SPARE).min(64)];
            self.fill(drawn);
            // 248 is the largest multiple of 62 in a byte; what lies above would favour the first letters.
            let fair = drawn.iter().filter(|byte| **byte < 248);
            let letters = fair.map(|byte| char::from(BASE62[usize::from(byte % 62)]));
            text.extend(letters.take(length - text.len()));
        }
        text
    }
}

/// The ready-made secret of a principal: the same at every start, so that it can stand in a configuration.
///
/// It is derived and not random on purpose. Keys made through the API are always random, so a key that was
/// revoked before a restart can never come back to life after it.
pub(crate) fn bootstrap_hex(vendor: &str, principal: &str, digits: usize) -> String {
    let mut text = String::with_capacity(digits + 64);
    for block in 0_u8.. {
        if text.len() >= digits {
            break;
        }
        let mut hash = Sha256::new();
        hash.update(b"keyway-mock bootstrap credential");
        for part in [vendor.as_bytes(), principal.as_bytes(), &[block]] {
            hash.update([0]);
            hash.update(part);
        }
        text.push_str(&hex::encode(hash.finalize()));
    }
    text.truncate(digits);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn drawn_texts_have_the_asked_length_and_alphabet() {
        let entropy = Entropy::default();
        let base62 = entropy.base62(40);
        assert_eq!(base62.len(), 40);
        assert!(base62.bytes().all(|byte| BASE62.contains(&byte)));
        let hex = entropy.hex(57);
        assert_eq!(hex.len(), 57);
        assert!(hex.bytes().all(|byte| b"0123456789abcdef".contains(&byte)));
    }

    #[test]
    fn draws_differ() {
        let entropy = Entropy::default();
        let drawn: BTreeSet<_> = (0..1000).map(|_| entropy.base62(22)).collect();
        assert_eq!(drawn.len(), 1000);
    }

    #[test]
    fn a_bootstrap_secret_is_the_same_at_every_start_and_differs_by_principal() {
        assert_eq!(
            bootstrap_hex("reten", "admin", 56),
            bootstrap_hex("reten", "admin", 56)
        );
        assert_ne!(
            bootstrap_hex("reten", "admin", 56),
            bootstrap_hex("reten", "other", 56)
        );
        assert_eq!(bootstrap_hex("reten", "admin", 100).len(), 100);
    }
}
