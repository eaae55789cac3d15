//! Long bodies in which nothing was found: whoever reads a page again gets the same one, which need not be searched again.

use parking_lot::Mutex;

/// A shorter body is searched as fast as it is compared.
const LEAST: usize = 256;
/// How many bodies are kept.
const PLACES: usize = 8;

/// Bodies without a secret, each in the place that its length gives it.
#[derive(Debug, Default)]
pub(super) struct Clean(Mutex<[Option<Known>; PLACES]>);

#[derive(Debug)]
struct Known {
    body: String,
    /// How many secrets had been learned by then: of a later one nobody has looked for a trace.
    learned: u64,
}

impl Clean {
    /// Appends a body that is known, unless a secret has been learned since. Whether it did.
    pub(super) fn copy(&self, body: &[u8], learned: u64, shown: &mut String) -> bool {
        if body.len() < LEAST {
            return false;
        }
        let places = self.0.lock();
        match &places[body.len() % PLACES] {
            Some(known) if known.learned == learned && known.body.as_bytes() == body => {
                shown.push_str(&known.body);
                true
            }
            _ => false,
        }
    }

    /// Remembers a body that is shown as it is.
    pub(super) fn note(&self, body: &[u8], shown: &str, learned: u64) {
        if body.len() >= LEAST && shown.as_bytes() == body {
            self.0.lock()[body.len() % PLACES] = Some(Known {
                body: shown.to_owned(),
                learned,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_known_until_a_secret_is_learned() {
        let clean = Clean::default();
        let body = "a page of it ".repeat(100);
        let copied = |learned| {
            let mut shown = String::new();
            clean.copy(body.as_bytes(), learned, &mut shown).then_some(shown)
        };
        assert_eq!(copied(1), None);
        clean.note(body.as_bytes(), &body, 1);
        assert_eq!(copied(1).as_deref(), Some(&*body));
        assert_eq!(copied(2), None);
    }

    #[test]
    fn a_body_that_is_shown_otherwise_is_not_kept() {
        let clean = Clean::default();
        let body = "a page of it ".repeat(100);
        clean.note(body.as_bytes(), "[redacted]", 1);
        assert!(!clean.copy(body.as_bytes(), 1, &mut String::new()));
    }
}
