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
/// Its first letter or its last; only [`KINDS`] tells them.
const EDGE_OF_PASSWORD: Kind = 1 << 6;
/// What may stand between the name of a password and its value. Only [`KINDS`] tells it.
const JOINT: Kind = 1 << 7;

/// A byte of no kind parts whatever stands on its two sides: no secret and no name of a password goes across it, and
/// undoing an encoding does not take it away.
pub(super) const KINDS: [Kind; 256] = {
    let mut kinds = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        kinds[at] = sign(byte);
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'~' | b'+' | b'/' | b'=') {
            kinds[at] |= TOKEN;
        }
        kinds[at] |= match byte {
            b'p' | b'P' | b'd' | b'D' => EDGE_OF_PASSWORD,
            b' ' | b'"' | b'\'' | b':' => JOINT,
            _ => 0,
        };
        at += 1;
    }
    kinds
};

/// What there is in a text besides plain words: signs of escapes, line breaks, the letter of a password.
pub(super) fn signs_in(text: &[u8]) -> Kind {
    let Some(last) = text.last_chunk::<AT_ONCE>() else {
        return text.iter().fold(0, |signs, byte| signs | sign(*byte));
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
pub(super) const AT_ONCE: usize = 16;

/// Without a branch and without a table, so that it can.
const fn sign(byte: u8) -> Kind {
    ((byte == b'%') as Kind * PERCENT)
        | ((byte == b'\\') as Kind * BACKSLASH)
        | ((byte == 0 || byte >= 0x80) as Kind * PADDING)
        | ((byte == b'\r' || byte == b'\n') as Kind * LINE_BREAK)
        | ((byte | 0x20 == b'w') as Kind * OF_PASSWORD)
}

/// Whether the characters of a text are too few for a secret. However one is encoded, its characters or their digits
/// are tokens, and there are as many of them at least with nothing between that parts them.
pub(super) fn holds_too_little(text: &[u8]) -> bool {
    let mut prospect = Prospect::default();
    text.iter()
        .for_each(|byte| prospect.look(KINDS[usize::from(*byte)]));
    !prospect.is_enough()
}

/// What bytes that are looked at one by one may come to. Of what only looks like an encoding of something, and is none,
/// hardly anything is left of it at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prospect {
    tokens: usize,
    kinds: Kind,
    is_enough: bool,
}

impl Prospect {
    pub(super) fn look(&mut self, kind: Kind) {
        if kind == 0 {
            self.is_enough |= are_enough(self.tokens, self.kinds);
            (self.tokens, self.kinds) = (0, 0);
        } else {
            self.tokens += usize::from(kind & TOKEN);
            self.kinds |= kind;
        }
    }

    /// Whether there was enough for a secret, or for a password with its name.
    pub(super) fn is_enough(&self) -> bool {
        self.is_enough || are_enough(self.tokens, self.kinds)
    }
}

/// Whether so many tokens, among bytes of these kinds, are enough for a secret or for a password with its name, of which
/// letters are missing only where they may be escaped.
fn are_enough(tokens: usize, kinds: Kind) -> bool {
    let names_a_password = kinds & OF_PASSWORD != 0 && kinds & (EDGE_OF_PASSWORD | PERCENT | BACKSLASH) != 0;
    tokens >= SHORTEST || (tokens >= PASSWORD.len() && names_a_password)
}

/// At most what bytes may come to, at several places at a time: as if nothing parted them. Nearly every number that is
/// none is known by this to stand for too little.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outlook {
    tokens: [u8; AT_ONCE],
    kinds: [Kind; AT_ONCE],
}

impl Outlook {
    /// How many bytes it may be shown at each place.
    pub(super) const MOST: usize = u8::MAX as usize;

    /// One byte at each place.
    pub(super) fn look(&mut self, bytes: &[u8; AT_ONCE]) {
        for (at, byte) in bytes.iter().copied().enumerate() {
            // The comma between the plus sign and the digits is no token, but no harm.
            let is_token =
                matches!(byte, b'+'..=b'9' | b'=' | b'_' | b'~') | (byte | 0x20).is_ascii_lowercase();
            let is_edge = (byte | 0x20 == b'p') | (byte | 0x20 == b'd');
            self.tokens[at] += u8::from(is_token);
            self.kinds[at] |= sign(byte) | (Kind::from(is_edge) * EDGE_OF_PASSWORD);
        }
    }

    /// Whether the bytes at every so many places, from `first` on, may be enough for a secret, or for a password with its
    /// name.
    pub(super) fn may_be_enough(&self, first: usize, every: usize) -> bool {
        let tokens = self.tokens[first..].iter().step_by(every);
        let kinds = self.kinds[first..].iter().step_by(every);
        are_enough(
            tokens.map(|tokens| usize::from(*tokens)).sum(),
            kinds.fold(0, |all, kinds| all | kinds),
        )
    }
}

/// Where in bytes that look like an encoding of something there is enough for a secret, or for a password with its name
/// and its value.
pub(super) fn prospects_in(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let mut prospect = Prospect::default();
        let rest = &bytes[start..];
        let parted = |byte: &u8| {
            let kind = KINDS[usize::from(*byte)];
            prospect.look(kind);
            kind == 0
        };
        let end = start + rest.iter().position(parted).unwrap_or(rest.len());
        if prospect.is_enough() {
            // A password ends where a form's member or a line does, whatever is in it.
            let value = bytes[end..].iter().position(|byte| b"&\n;".contains(byte));
            let value_end = value.map_or(bytes.len(), |length| end + length);
            found.push(start..value_end);
            start = value_end + 1;
        } else {
            start = end + 1;
        }
    }
    found
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
        while let Some(shortest) = self
            .text
            .get(self.from..)
            .and_then(<[u8]>::first_chunk::<SHORTEST>)
        {
            if let Some(gap) = shortest.iter().rposition(|byte| !is_of_token(byte)) {
                // What is long enough begins behind the last gap.
                self.from += gap + 1;
                continue;
            }
            let start = self.from;
            let after = &self.text[start + SHORTEST..];
            let end = after.iter().position(|byte| !is_of_token(byte));
            let end = end.map_or(self.text.len(), |gap| start + SHORTEST + gap);
            self.from = end + 1;
            return Some(start..end);
        }
        None
    }
}

/// Whether all characters of a text are those of a token.
pub(crate) fn is_token(text: &[u8]) -> bool {
    text.iter()
        .fold(TOKEN, |all, byte| all & KINDS[usize::from(*byte)])
        != 0
}

fn is_of_token(byte: &u8) -> bool {
    KINDS[usize::from(*byte)] & TOKEN != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_enough(text: &[u8]) -> bool {
        !holds_too_little(text)
    }

    #[test]
    fn a_password_with_its_name_is_enough_and_so_is_one_with_escapes() {
        for text in [
            "password=x",
            "PassWord:y",
            "%70assword=x",
            "passwor\\x64=x",
            "0123456789abcdef",
        ] {
            assert!(is_enough(text.as_bytes()), "{text}");
        }
        for text in ["", "work=hunter2", "a w and %", "0123456789abcde"] {
            assert!(!is_enough(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn signs_are_seen_wherever_they_stand() {
        for length in [1, 15, 16, 17, 33] {
            for at in 0..length {
                let mut text = vec![b'x'; length];
                assert_eq!(signs_in(&text), 0);
                for (byte, sign) in [
                    (b'%', PERCENT),
                    (b'W', OF_PASSWORD),
                    (0xe9, PADDING),
                    (b'\n', LINE_BREAK),
                ] {
                    text[at] = byte;
                    assert_eq!(signs_in(&text), sign, "{byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn a_run_is_found_wherever_it_stands_if_it_is_long_enough() {
        for before in 0..40 {
            for length in [15, 16, 17, 48] {
                let text = format!("{}{}\"", "\" a ".repeat(before), "x".repeat(length));
                let mut runs = Runs::of(text.as_bytes());
                let start = 4 * before;
                let expected = (length >= SHORTEST).then_some(start..start + length);
                assert_eq!(runs.next(), expected, "{before} {length}");
                assert_eq!(runs.next(), None, "{before} {length}");
            }
        }
    }
}
