//! Numbers: bytes written as digits, in Base64 or hexadecimal.

use std::ops::Range;

use super::glance::{KINDS, Prospect, prospects_in};
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
}

/// No digit: a number ends here.
const NONE: u8 = 0xff;
/// No digit, but the number goes on behind it: programs break long lines.
const BREAK: u8 = 0xfe;
/// The longest period.
const ALIGNMENTS: usize = 4;

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
        let promising = self.promising(number);
        let worth_a_look = |skipped: &usize| layers == 0 || promising[*skipped];
        if !(0..self.period).any(|skipped| worth_a_look(&skipped)) {
            return Ok(());
        }
        let (digits, places): (Vec<u8>, Vec<usize>) = self.digits(number).unzip();
        if digits.len() < self.least_digits() {
            return Ok(());
        }
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

    /// For each way to take the first digits for something else: whether what is left stands for enough of a secret's
    /// characters. All ways are counted at once, and none too low.
    fn promising(&self, number: &[u8]) -> [bool; ALIGNMENTS] {
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
