//! Ids that nobody can have been given: a revoke that names one must not meet a key of somebody's.

use crate::scene::Scene;
use crate::session::Who;
use crate::stop::Stop;

/// Fewer random characters than this could be guessed.
const RANDOM: usize = 16;
/// Numbers that are given out in turn are far below this in any account that is not older than the vendors.
const FAR: u64 = 1_000_000_000;
/// The largest whole number that every JSON reader understands.
const LARGEST: u64 = (1 << 53) - 1;

/// An id that was not issued.
pub(super) struct Unissued {
    pub(super) id: String,
    pub(super) look: Look,
}

/// Whether an invented id could pass for one of the target's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Same,
    Another,
}

/// An id for this target that it cannot have issued, by the look of one that it has. Where keys can be looked up the
/// target itself must say that there is none.
pub(super) async fn beside(scene: &Scene<'_>, id: &str) -> Result<Unissued, Stop> {
    let largest = scene.ids().filter_map(|known| known.parse().ok()).max();
    let random = randomness()?;
    let unissued = invented(id, largest.unwrap_or_default(), &random)
        .ok_or_else(|| Stop::skip("no id can be named here of which it is sure that it is nobody's"))?;
    let admin = scene.caller(Who::Admin)?;
    let taken = || Stop::skip("the target does not say of the invented id that it is nobody's");
    if let Some(request) = scene.subject.get(&unissued.id)
        && scene.send(&admin, request).await?.is_success()
    {
        return Err(taken());
    }
    match scene.list(&admin).await {
        Ok(Some(records))
            if records
                .iter()
                .any(|record| record.id.as_ref() == Some(&unissued.id)) =>
        {
            Err(taken())
        }
        Ok(_) => Ok(unissued),
        Err(Stop::Interrupted) => Err(Stop::Interrupted),
        Err(_) => Err(taken()),
    }
}

/// Whether an id that one tenant gave out is surely not that of somebody's key at another one, where `newest` was made. Ids
/// that are numbers may be counted by each tenant for itself, and are then somebody's there as long as they are not beyond
/// the newest one.
pub(super) fn is_nobodys_beside(id: &str, newest: &str) -> bool {
    match (id.parse::<u64>(), newest.parse::<u64>()) {
        (Ok(id), Ok(newest)) => id > newest,
        (Ok(_), Err(_)) => false,
        (Err(_), _) => true,
    }
}

/// Said of a case that would have to name such an id.
pub(super) const MAY_BE_SOMEBODYS: &str =
    "ids are numbers here, and this one may be that of somebody's key in the other tenant";

fn randomness() -> Result<[u8; 64], Stop> {
    let mut random = [0_u8; 64];
    getrandom::fill(&mut random).map_err(|_| Stop::not_done("the system has no randomness"))?;
    Ok(random)
}

/// None: whatever is named might be somebody's.
fn invented(id: &str, largest: u64, random: &[u8; 64]) -> Option<Unissued> {
    if let Ok(number) = id.parse::<u64>() {
        return far_above(number.max(largest), random).map(|number| Unissued {
            id: number.to_string(),
            look: Look::Same,
        });
    }
    if is_uuid(id) {
        return Some(Unissued {
            id: uuid(id, random),
            look: Look::Same,
        });
    }
    opaque(id, random)
}

/// A number far above all that were seen, and of their size: one that fits 31 bits where they do.
fn far_above(largest: u64, random: &[u8; 64]) -> Option<u64> {
    let drawn = u64::from(u32::from_le_bytes([random[0], random[1], random[2], 0]));
    if largest < FAR {
        Some(2_000_000_000 + drawn * 8)
    } else if largest > u64::from(i32::MAX.unsigned_abs()) && largest < LARGEST / 4 {
        Some(LARGEST / 2 + drawn * 4096)
    } else {
        None
    }
}

fn is_uuid(id: &str) -> bool {
    id.len() == 36
        && id.char_indices().all(|(place, one)| match place {
            8 | 13 | 18 | 23 => one == '-',
            _ => one.is_ascii_hexdigit(),
        })
}

/// A random UUID of version 4, in the case of its model.
fn uuid(model: &str, random: &[u8; 64]) -> String {
    let text: String = (0..36)
        .map(|place| match place {
            8 | 13 | 18 | 23 => '-',
            14 => '4',
            19 => char::from(b"89ab"[usize::from(random[19] % 4)]),
            _ => char::from(b"0123456789abcdef"[usize::from(random[place] % 16)]),
        })
        .collect();
    if model.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text.to_ascii_uppercase()
    } else {
        text
    }
}

/// The mark in front stays, and behind it come as many characters as before, at least so many that nobody has them.
fn opaque(id: &str, random: &[u8; 64]) -> Option<Unissued> {
    let mark = id.rfind(['_', '-', ':', '.']).map_or(0, |place| place + 1);
    let (mark, tail) = id.split_at(mark);
    let alphabet = alphabet_of(tail)?;
    let length = tail.len().clamp(RANDOM, random.len());
    let tail_now: String = random[..length]
        .iter()
        .enumerate()
        .map(|(place, byte)| {
            // A number does not begin with a zero.
            let from = usize::from(place == 0 && alphabet.starts_with(b"0"));
            char::from(alphabet[from + usize::from(*byte) % (alphabet.len() - from)])
        })
        .collect();
    Some(Unissued {
        id: format!("{mark}{tail_now}"),
        look: if length == tail.len() {
            Look::Same
        } else {
            Look::Another
        },
    })
}

/// The characters that the tail of an id is made of.
fn alphabet_of(tail: &str) -> Option<&'static [u8]> {
    const DIGITS: &[u8] = b"0123456789";
    const HEX: &[u8] = b"0123456789abcdef";
    const CAPITAL_HEX: &[u8] = b"0123456789ABCDEF";
    // The letters of Crockford's base 32, for ULIDs.
    const CAPITALS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const SMALL: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    const ALL: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if tail.is_empty() {
        return None;
    }
    [DIGITS, HEX, CAPITAL_HEX, CAPITALS, SMALL, ALL]
        .into_iter()
        .find(|alphabet| tail.bytes().all(|byte| alphabet.contains(&byte)))
        .or(Some(ALL))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(model: &str, largest: u64) -> Option<String> {
        invented(model, largest, &randomness().unwrap()).map(|unissued| unissued.id)
    }

    #[test]
    fn a_number_is_far_above_every_seen_one_and_no_larger_than_its_kind() {
        for _ in 0..100 {
            for (model, largest) in [("17", 17), ("103", 999_999_999), ("0", 0)] {
                let number: u64 = id(model, largest).unwrap().parse().unwrap();
                assert!((2_000_000_000..=2_147_483_647).contains(&number), "{number}");
            }
            let number: u64 = id("5000000001", 5_000_000_009).unwrap().parse().unwrap();
            assert!(number > 1_000_000_000_000 && number <= LARGEST, "{number}");
        }
    }

    #[test]
    fn a_number_is_nobodys_elsewhere_only_if_no_key_there_can_have_it_yet() {
        assert!(is_nobodys_beside("8", "7"));
        assert!(!is_nobodys_beside("7", "7") && !is_nobodys_beside("6", "7"));
        assert!(!is_nobodys_beside("6", "key_7") && is_nobodys_beside("key_6", "key_7"));
    }

    #[test]
    fn no_number_is_named_where_all_might_be_given() {
        for model in ["1584332112", "2147483647", "9000000000000000000"] {
            assert_eq!(id(model, 0), None, "{model}");
        }
        assert_eq!(
            id("17", 1_584_332_112),
            None,
            "another id of the run is that large"
        );
    }

    #[test]
    fn a_uuid_is_a_random_one_of_version_4() {
        let other = id("01980a5c-7b1e-7cc3-98c4-dc0c0c07398f", 0).unwrap();
        assert!(is_uuid(&other), "{other}");
        assert_eq!(&other[14..15], "4");
        assert!(
            id("F47AC10B-58CC-4372-A567-0E02B2C3D479", 0)
                .unwrap()
                .bytes()
                .all(|byte| !byte.is_ascii_lowercase())
        );
    }

    #[test]
    fn an_id_of_few_characters_is_not_guessed_but_lengthened() {
        for (model, mark, length, look) in [
            ("ak_51", "ak_", 16, Look::Another),
            ("ak_7f", "ak_", 16, Look::Another),
            ("ak_abcdef0123456789", "ak_", 16, Look::Same),
            ("key-0123456789abcdef0123456789", "key-", 26, Look::Same),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "", 26, Look::Same),
            ("k9", "", 16, Look::Another),
        ] {
            let other = invented(model, 0, &randomness().unwrap()).unwrap();
            assert!(other.id.starts_with(mark), "{}", other.id);
            assert_eq!(other.id.len(), mark.len() + length, "{model}");
            assert_eq!(other.look, look, "{model}");
        }
        assert!(
            id("ak_51", 0).unwrap()["ak_".len()..]
                .bytes()
                .all(|byte| byte.is_ascii_digit())
        );
        assert_eq!(id("ak_", 0), None);
    }
}
