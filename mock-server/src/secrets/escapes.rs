//! Escapes: bytes written as several characters in between others that stand for themselves.

use std::ops::Range;

use super::glance::{BACKSLASH, Kind, PADDING, PERCENT};

/// Every escape, by the kind of byte without which there is none of it.
pub(super) const ALL: [(Kind, Unfold); 3] = [(PERCENT, percent), (BACKSLASH, backslashes), (PADDING, wide)];

/// Undoes one kind of escape; `None` if there is none of it.
type Unfold = fn(&[u8]) -> Option<Unfolded>;

/// A text without its escapes, and where each byte of it comes from.
#[derive(Debug)]
pub(super) struct Unfolded {
    pub(super) bytes: Vec<u8>,
    /// Where each byte comes from.
    places: Vec<Range<usize>>,
}

impl Unfolded {
    /// Where a range comes from.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize| self.places.get(at).cloned().unwrap_or_default();
        place(range.start).start..place(range.end.saturating_sub(1)).end
    }
}

/// Percent-encoding (RFC 3986, 2.1); `None` if there is none.
fn percent(text: &[u8]) -> Option<Unfolded> {
    unfold(text, |rest| match rest {
        [b'%', digits @ ..] => Some((byte(digits)?, 3)),
        _ => None,
    })
}

/// The escapes of JSON (RFC 8259, 7) and of programs; `None` if there are none.
fn backslashes(text: &[u8]) -> Option<Unfolded> {
    unfold(text, |rest| match rest {
        [b'\\', b'u', b'0', b'0', digits @ ..] => Some((byte(digits)?, 6)),
        [b'\\', b'x', digits @ ..] => Some((byte(digits)?, 4)),
        [b'\\', b'n', ..] => Some((b'\n', 2)),
        [b'\\', b'r', ..] => Some((b'\r', 2)),
        [b'\\', plain @ (b'/' | b'"' | b'\\'), ..] => Some((*plain, 2)),
        _ => None,
    })
}

/// Characters of several bytes each, as in UTF-16, and with others between them that nobody sees: what is not ASCII,
/// or is NUL, is left out; `None` if there is nothing of the kind.
fn wide(text: &[u8]) -> Option<Unfolded> {
    let is_padding = |byte: u8| byte == 0 || !byte.is_ascii();
    if !text.iter().any(|byte| is_padding(*byte)) {
        return None;
    }
    let narrow = text.iter().enumerate().filter(|(_, byte)| !is_padding(**byte));
    let (places, bytes) = narrow.map(|(at, byte)| (at..at + 1, *byte)).unzip();
    Some(Unfolded { bytes, places })
}

/// Two hexadecimal digits.
fn byte(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// `escape` says which byte a text begins with, and how long it is, if it begins with an escape.
fn unfold(text: &[u8], escape: impl Fn(&[u8]) -> Option<(u8, usize)>) -> Option<Unfolded> {
    let first = (0..text.len()).find(|at| escape(&text[*at..]).is_some())?;
    let mut bytes = text[..first].to_vec();
    let mut places: Vec<_> = (0..first).map(|at| at..at + 1).collect();
    let mut at = first;
    while at < text.len() {
        let (byte, length) = escape(&text[at..]).unwrap_or((text[at], 1));
        bytes.push(byte);
        places.push(at..at + length);
        at += length;
    }
    Some(Unfolded { bytes, places })
}
