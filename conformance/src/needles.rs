//! A search of long texts for thousands of others at once.
//!
//! A machine that knows every needle to its end outgrows the processor's caches with some thousand keys and digests, and
//! each byte that is searched then waits for memory. What is wanted here is long and seldom there, so its first bytes
//! are enough to pass over nearly everything.

use std::collections::HashMap;

/// So many bytes of a needle are looked up.
const START: usize = 8;
/// The logarithm of how many marks there are: enough that thousands of needles leave nearly all of them unset.
const MARKS: u32 = 18;

pub(crate) struct Needles<'a> {
    needles: Vec<&'a str>,
    by_start: HashMap<u64, Vec<usize>>,
    /// A bit for each start, where a hash puts it. One that is not set says that no needle starts so.
    marks: Vec<u64>,
    /// Needles that have no start of that length.
    short: Vec<usize>,
}

impl<'a> Needles<'a> {
    pub(crate) fn of(needles: impl Iterator<Item = &'a str>) -> Self {
        let mut all = Self {
            needles: needles.collect(),
            by_start: HashMap::new(),
            marks: vec![0; 1 << (MARKS - u64::BITS.ilog2())],
            short: Vec::new(),
        };
        for (place, needle) in all.needles.iter().enumerate() {
            match needle.as_bytes().first_chunk() {
                Some(start) => {
                    let start = u64::from_le_bytes(*start);
                    let (word, bit) = mark(start);
                    all.marks[word] |= bit;
                    all.by_start.entry(start).or_default().push(place);
                }
                None => all.short.push(place),
            }
        }
        all
    }

    /// The places of the needles that stand in a text, once for every time they do; the short ones once.
    pub(crate) fn found_in(&self, text: &[u8]) -> Vec<usize> {
        let is_there = |place: &usize| {
            let needle = self.needles[*place].as_bytes();
            needle.is_empty() || text.windows(needle.len()).any(|window| window == needle)
        };
        let mut found: Vec<usize> = self.short.iter().copied().filter(is_there).collect();
        for (at, window) in text.windows(START).enumerate() {
            let start = window.first_chunk().map_or(0, |start| u64::from_le_bytes(*start));
            let (word, bit) = mark(start);
            if self.marks[word] & bit != 0
                && let Some(places) = self.by_start.get(&start)
            {
                let here = &text[at..];
                let stands_here = |place: &usize| here.starts_with(self.needles[*place].as_bytes());
                found.extend(places.iter().copied().filter(stands_here));
            }
        }
        found
    }
}

fn mark(start: u64) -> (usize, u64) {
    // Fibonacci hashing: the high bits of the product depend on every byte.
    let place = start.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - MARKS);
    ((place / 64) as usize, 1 << (place % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_what_stands_there() {
        // Few letters make for many beginnings that needles share.
        let mut draw = 7_u64;
        let mut letters = |length: usize| -> String {
            let mut letter = || {
                draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                ['a', 'b', 'ä'][(draw >> 33) as usize % 3]
            };
            (0..length).map(|_| letter()).collect()
        };
        let text = letters(2_000);
        let needles: Vec<String> = (0..600).map(|place| letters(1 + place % 13)).collect();
        let mut found = Needles::of(needles.iter().map(String::as_str)).found_in(text.as_bytes());
        found.sort_unstable();
        found.dedup();
        let there: Vec<usize> = (0..needles.len())
            .filter(|place| text.contains(&needles[*place]))
            .collect();
        assert_eq!(found, there);
        assert!(there.len() > 100 && there.len() < 500, "{}", there.len());
        assert!(
            Needles::of(["abc", "abcdefghij"].into_iter())
                .found_in(b"ab")
                .is_empty()
        );
    }
}
