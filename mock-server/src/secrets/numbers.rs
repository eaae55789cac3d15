//! Numbers: bytes written as digits, in Base64 or hexadecimal.

use std::array;
use std::cell::LazyCell;
use std::ops::Range;

use super::glance::{AT_ONCE, KINDS, Outlook, Prospect, prospects_in};
use super::{Endless, SHORTEST, Search, is_legible};

/// Bytes written as digits, the most significant first.
pub(super) struct Coding {
    /// What each character is worth, or one of the two below.
    values: [u8; 256],
    /// How many bits a digit stands for.
    bits: usize,
    /// A byte begins with each so many digits: a power of two.
    period: usize,
    /// The digits of a period that end a byte, and how many bits of each belong to the next.
    ends: &'static [(usize, usize)],
    /// What is known of a number at a glance, if anything is.
    glance: fn(&[u8]) -> Option<Prospects>,
}

/// No digit: a number ends here.
const NONE: u8 = 0xff;
/// No digit, but the number goes on behind it: programs break long lines.
const BREAK: u8 = 0xfe;
/// The longest period.
const ALIGNMENTS: usize = 4;
/// Most numbers have at most so many digits, and are looked at as a whole first.
const SHORT: usize = 64;
// Each digit is the first of three bytes at most.
const _: () = assert!(SHORT / AT_ONCE * 3 <= Outlook::MOST);

/// For each way to take the first digits for something else: whether what is left may stand for enough of a secret's
/// characters. Never wrong where it says no.
type Prospects = [bool; ALIGNMENTS];

/// Both alphabets of RFC 4648 at once.
pub(super) const BASE64: Coding = {
    let mut values = blank();
    let mut value = 0;
    while value < 26 {
        values[b'A' as usize + value] = value as u8;
        values[b'a' as usize + value] = value as u8 + 26;
        value += 1;
    }
    value = 0;
    while value < 10 {
        values[b'0' as usize + value] = value as u8 + 52;
        value += 1;
    }
    values[b'+' as usize] = 62;
    values[b'-' as usize] = 62;
    values[b'/' as usize] = 63;
    values[b'_' as usize] = 63;
    Coding {
        values,
        bits: 6,
        period: 4,
        ends: &[(1, 4), (2, 2), (3, 0)],
        glance,
    }
};

pub(super) const HEX: Coding = {
    let mut values = blank();
    let mut value = 0;
    while value < 10 {
        values[b'0' as usize + value] = value as u8;
        value += 1;
    }
    value = 0;
    while value < 6 {
        values[b'A' as usize + value] = value as u8 + 10;
        values[b'a' as usize + value] = value as u8 + 10;
        value += 1;
    }
    Coding {
        values,
        bits: 4,
        period: 2,
        ends: &[(1, 0)],
        // Few numbers are long enough.
        glance: |_| None,
    }
};

const fn blank() -> [u8; 256] {
    let mut values = [NONE; 256];
    values[b'\r' as usize] = BREAK;
    values[b'\n' as usize] = BREAK;
    values
}

impl Coding {
    /// Searches what the numbers stand for in a text that begins at `start`.
    pub(super) fn search(
        &self,
        text: &[u8],
        mut start: usize,
        search: &mut Search<'_>,
        layers: usize,
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), Endless> {
        let least = self.least_digits();
        if text.len() < least {
            return Ok(());
        }
        let is_end = |byte: &u8| self.values[usize::from(*byte)] == NONE;
        for number in text.split(is_end) {
            if number.len() >= least {
                self.search_number(number, start, search, layers, found)?;
            }
            start += number.len() + 1;
        }
        Ok(())
    }

    /// How many digits the shortest secret has.
    fn least_digits(&self) -> usize {
        (SHORTEST * 8).div_ceil(self.bits)
    }

    /// Where the number begins is not known: what stands before it may look like digits too.
    fn search_number(
        &self,
        number: &[u8],
        start: usize,
        search: &mut Search<'_>,
        layers: usize,
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), Endless> {
        search.charge(number.len())?;
        let promising = (self.glance)(number).unwrap_or_else(|| self.promising(number));
        let worth_a_look = |skipped: &usize| layers == 0 || promising[*skipped];
        if !(0..self.period).any(|skipped| worth_a_look(&skipped)) {
            return Ok(());
        }
        let mut digits = Vec::with_capacity(number.len());
        digits.extend(self.digits(number).map(|(digit, _)| digit));
        if digits.len() < self.least_digits() {
            return Ok(());
        }
        // Nearly always nothing is found.
        let places =
            LazyCell::new(|| -> Vec<usize> { self.digits(number).map(|(_, place)| place).collect() });
        let mut within = Vec::new();
        for skipped in (0..self.period).filter(worth_a_look) {
            let decoded = self.decoded(&digits[skipped..]);
            match layers.checked_sub(1) {
                Some(layers) => {
                    for part in prospects_in(&decoded) {
                        search.part(&decoded, part, layers, &mut within)?;
                    }
                }
                None if is_legible(&decoded) => within.push(0..decoded.len()),
                None => {}
            }
            for secret in within.drain(..) {
                let first = skipped + secret.start * 8 / self.bits;
                let end = skipped + (secret.end * 8).div_ceil(self.bits);
                found.push(start + places[first]..start + places[end - 1] + 1);
            }
        }
        Ok(())
    }

    /// The digits of a number, and where each stands.
    fn digits(&self, number: &[u8]) -> impl Iterator<Item = (u8, usize)> {
        let digits = number.iter().enumerate();
        digits
            .map(|(place, byte)| (self.values[usize::from(*byte)], place))
            .filter(|(digit, _)| *digit != BREAK)
    }

    /// All ways are counted at once.
    fn promising(&self, number: &[u8]) -> Prospects {
        let mut prospects = [Prospect::default(); ALIGNMENTS];
        let mut window = 0_usize;
        for (at, (digit, _)) in self.digits(number).enumerate() {
            window = window << self.bits | usize::from(digit);
            for (behind, rest) in self.ends {
                let skipped = (at + ALIGNMENTS - behind) & (self.period - 1);
                prospects[skipped].look(KINDS[window >> rest & 0xff]);
            }
        }
        prospects.map(|prospect| prospect.is_enough())
    }

    fn decoded(&self, digits: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(digits.len() * self.bits / 8);
        let (mut value, mut bits) = (0_u32, 0);
        for digit in digits {
            value = value << self.bits | u32::from(*digit);
            bits += self.bits;
            if bits >= 8 {
                bits -= 8;
                bytes.push((value >> bits & 0xff) as u8);
            }
        }
        bytes
    }
}

/// What is known at a glance of a number in Base64 that is not long: of nearly every id, that it promises nothing.
fn glance(number: &[u8]) -> Option<Prospects> {
    let mut digits = [0; SHORT + 3];
    if number.len() > SHORT {
        return None;
    }
    for (digit, byte) in digits.iter_mut().zip(number) {
        *digit = BASE64.values[usize::from(*byte)];
    }
    if digits.contains(&BREAK) {
        return None;
    }
    let mut outlook = Outlook::default();
    for start in (0..number.len()).step_by(AT_ONCE) {
        let bytes = bytes_of_groups(digits[start..].first_chunk()?);
        bytes.iter().for_each(|bytes| outlook.look(bytes));
    }
    Some(array::from_fn(|skipped| {
        outlook.may_be_enough(skipped, BASE64.period)
    }))
}

/// The three bytes for which four digits stand, if such a group begins at each of so many places.
fn bytes_of_groups(digits: &[u8; AT_ONCE + 3]) -> [[u8; AT_ONCE]; 3] {
    [
        array::from_fn(|at| digits[at] << 2 | digits[at + 1] >> 4),
        array::from_fn(|at| digits[at + 1] << 4 | digits[at + 2] >> 2),
        array::from_fn(|at| digits[at + 2] << 6 | digits[at + 3]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    #[test]
    fn an_id_in_the_usual_form_is_passed_over_at_once() {
        for id in [
            "660e8400-e29b-41d4-a716-446655440000",
            "550e8400-e29b-41d4-a716-446655440004",
            "0191d3a8-7c1e-7f2b-9c55-3b6f0d2a4e81",
        ] {
            assert_eq!(glance(id.as_bytes()), Some([false; ALIGNMENTS]), "{id}");
        }
    }

    proptest! {
        #[test]
        fn no_number_is_passed_over_that_promises_anything(
            base64 in "[A-Za-z0-9+/_-]{22,80}",
            lines in "[A-Za-z0-9]{11,30}\\n[A-Za-z0-9]{11,30}",
            words in "[ -~]{12,40}",
        ) {
            for number in [&base64, &lines, &STANDARD.encode(&words), &URL_SAFE_NO_PAD.encode(&words)] {
                let number = number.trim_end_matches('=').as_bytes();
                let digits: Vec<u8> = BASE64.digits(number).map(|(digit, _)| digit).collect();
                let known = glance(number).unwrap_or_else(|| BASE64.promising(number));
                for (skipped, may_promise) in known.into_iter().enumerate() {
                    let promises = !prospects_in(&BASE64.decoded(&digits[skipped..])).is_empty();
                    prop_assert!(may_promise || !promises, "{} {skipped}", number.escape_ascii());
                }
            }
        }
    }
}
