//! Every secret the run knows of, so that none is ever shown.

use std::sync::{Arc, Mutex, PoisonError};

/// What a secret is replaced by.
pub(crate) const CONCEALED: &str = "[redacted]";
/// Shorter values would be found everywhere. No credential worth the name is this short.
const SHORTEST: usize = 6;

/// The known secrets, shared by the vendors of one run.
#[derive(Clone, Default)]
pub(crate) struct Vault(Arc<Mutex<Vec<String>>>);

impl Vault {
    pub(crate) fn keep(&self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !secrets.iter().any(|known| known == secret) {
            secrets.push(secret.to_owned());
            // The longest first: a key must not be half concealed by another one that it contains.
            secrets.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// The text without secrets, and how many of them had stood in it.
    pub(crate) fn conceal(&self, text: &str) -> (String, usize) {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clean = text.to_owned();
        let mut found = 0;
        for secret in secrets.iter() {
            if clean.contains(secret.as_str()) {
                found += 1;
                clean = clean.replace(secret.as_str(), CONCEALED);
            }
        }
        (clean, found)
    }

    /// The text without secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.conceal(text).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_secret_is_never_shown_not_even_inside_a_longer_one() {
        let vault = Vault::default();
        vault.keep("secret-one");
        vault.keep("secret-one-and-two");
        let (text, found) = vault.conceal("a secret-one-and-two, b secret-one");
        assert_eq!(text, "a [redacted], b [redacted]");
        assert_eq!(found, 2);
    }

    #[test]
    fn a_text_without_secrets_is_left_alone() {
        let vault = Vault::default();
        vault.keep("secret-one");
        vault.keep("abc");
        assert_eq!(vault.conceal("abc is fine"), ("abc is fine".to_owned(), 0));
    }
}
