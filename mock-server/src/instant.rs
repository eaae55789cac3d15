//! Instants as vendors write them: RFC 3339, in UTC. Most answers have some, so they are written without the machinery
//! of formatting.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Serialize, Serializer};

/// An instant on its way out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instant {
    at: Timestamp,
    fraction: Fraction,
}

/// How much of a second is written; what is smaller is left out.
#[derive(Clone, Copy, Debug)]
enum Fraction {
    AsNeeded,
    Digits(usize),
}

/// An instant to the last digit that is not 0.
pub(crate) fn exact(at: Timestamp) -> Instant {
    Instant {
        at,
        fraction: Fraction::AsNeeded,
    }
}

/// An instant with so many digits of its second, nine at most.
pub(crate) fn with_digits(at: Timestamp, digits: usize) -> Instant {
    Instant {
        at,
        fraction: Fraction::Digits(digits),
    }
}

/// Where the digits of a second begin.
const WHOLE: usize = "0000-00-00T00:00:00".len();

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let civil = Offset::UTC.to_datetime(self.at);
        let mut text = *b"0000-00-00T00:00:00.000000000Z";
        for (place, number) in [
            // Of a year before the first four digits are too few; no vendor is asked for one.
            (0..4, i32::from(civil.year().max(0))),
            (5..7, civil.month().into()),
            (8..10, civil.day().into()),
            (11..13, civil.hour().into()),
            (14..16, civil.minute().into()),
            (17..WHOLE, civil.second().into()),
            (WHOLE + 1..WHOLE + 10, civil.subsec_nanosecond()),
        ] {
            write(number, &mut text[place]);
        }
        let digits = match self.fraction {
            Fraction::Digits(digits) => digits,
            Fraction::AsNeeded => {
                let needed = text[WHOLE + 1..]
                    .iter()
                    .rposition(|digit| (b'1'..=b'9').contains(digit));
                needed.map_or(0, |last| last + 1)
            }
        };
        let end = if digits == 0 {
            WHOLE
        } else {
            WHOLE + 1 + digits.min(9)
        };
        text[end] = b'Z';
        let text = str::from_utf8(&text[..=end]).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(text)
    }
}

/// Writes a number in as many digits as there is room for.
fn write(mut number: i32, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        #[test]
        fn an_instant_is_written_as_everybody_writes_it(
            second in -62_135_596_800..253_402_207_200_i64,
            (parts, unit) in prop::sample::select(vec![(1, 1_000_000_000), (1000, 1_000_000), (1_000_000_000, 1)])
                .prop_flat_map(|(parts, unit)| (0..parts, Just(unit))),
        ) {
            let at = Timestamp::new(second, parts * unit).unwrap();
            prop_assert_eq!(json!(exact(at)), json!(at));
            for digits in [0, 3, 6, 9] {
                prop_assert_eq!(json!(with_digits(at, digits)), json!(format!("{at:.digits$}")));
            }
        }
    }
}
