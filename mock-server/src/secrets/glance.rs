//! What a glance at a text tells: where a secret or its digits could stand, and whether anything may be encoded.
//!
//! Nearly every text that the mock writes down holds neither, and this is all that it costs.

use std::ops::Range;

use super::{PASSWORD, SHORTEST};

/// What a byte may be a part of; several at a time.
pub(super) type Kind = u8;
/// The characters of the vendors' keys and of bearer tokens (RFC 6750, 2.1), and of all numbers that are looked through.
pub(super) const TOKEN: Kind = 1;
pub(super) const PERCENT: Kind = 1 << 1;
pub(super) const BACKSLASH: Kind = 1 << 2;
/// What is left out of characters that are wider than a byte.
pub(super) const PADDING: Kind = 1 << 3;
pub(super) const LINE_BREAK: Kind = 1 << 4;
/// The rarest letter of what names a password.
pub(super) const OF_PASSWORD: Kind = 1 << 5;

pub(super) const KINDS: [Kind; 256] = {
    let mut kinds = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        kinds[at] = sign(byte);
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'~' | b'+' | b'/' | b'=') {
            kinds[at] |= TOKEN;
        }
        at += 1;
    }
    kinds
};

/// What there is in a text besides plain words: signs of escapes, line breaks, the letter of a password.
pub(super) fn signs_in(text: &[u8]) -> Kind {
    let Some(last) = text.last_chunk::<AT_ONCE>() else {
        return text
            .iter()
            .fold(0, |signs, byte| signs | KINDS[usize::from(*byte)])
            & !TOKEN;
    };
    // The last are looked at twice rather than one by one.
    let mut lanes = [0; AT_ONCE];
    for some in text.as_chunks().0.iter().chain([last]) {
        for (lane, byte) in lanes.iter_mut().zip(some) {
            *lane |= sign(*byte);
        }
    }
    lanes.iter().fold(0, |signs, lane| signs | lane)
}

/// How many bytes the compiler is to look at with one instruction.
const AT_ONCE: usize = 16;

/// Without a branch and without a table, so that it can.
const fn sign(byte: u8) -> Kind {
    ((byte == b'%') as Kind * PERCENT)
        | ((byte == b'\\') as Kind * BACKSLASH)
        | ((byte == 0 || byte >= 0x80) as Kind * PADDING)
        | ((byte == b'\r' || byte == b'\n') as Kind * LINE_BREAK)
        | ((byte | 0x20 == b'w') as Kind * OF_PASSWORD)
}

/// Whether the characters of a text are too few for a secret. However one is encoded, its characters or their digits
/// are tokens, and there are as many of them at least.
pub(super) fn holds_too_little(text: &[u8]) -> bool {
    let (kinds, tokens) = text.iter().fold((0, 0), |(kinds, tokens), byte| {
        let kind = KINDS[usize::from(*byte)];
        (kinds | kind, tokens + usize::from(kind & TOKEN))
    });
    !are_enough(tokens, kinds)
}

/// Whether so many tokens, among bytes of these kinds, are enough for a secret or for a password with its name.
pub(super) fn are_enough(tokens: usize, kinds: Kind) -> bool {
    tokens >= SHORTEST || (kinds & OF_PASSWORD != 0 && tokens >= PASSWORD.len())
}

/// The runs of tokens in a text that are long enough for a secret.
#[derive(Clone, Debug)]
pub(super) struct Runs<'t> {
    text: &'t [u8],
    from: usize,
}

impl<'t> Runs<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self { text, from: 0 }
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        // A run that is long enough covers one of every so many places, so no others need be looked at.
        while let Some(byte) = self.text.get(self.from + SHORTEST - 1) {
            let probe = self.from + SHORTEST - 1;
            if !is_token(byte) {
                self.from = probe + 1;
                continue;
            }
            let before = &self.text[self.from..probe];
            let start = before.iter().rposition(|byte| !is_token(byte));
            let start = start.map_or(self.from, |gap| self.from + gap + 1);
            let after = &self.text[probe..];
            let end = after.iter().position(|byte| !is_token(byte));
            let end = end.map_or(self.text.len(), |gap| probe + gap);
            self.from = end + 1;
            if end - start >= SHORTEST {
                return Some(start..end);
            }
        }
        None
    }
}

fn is_token(byte: &u8) -> bool {
    KINDS[usize::from(*byte)] & TOKEN != 0
}
