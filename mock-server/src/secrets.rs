//! Where secrets stand in a text: those that were issued, what looks like a vendor's key or a signed token, and what is
//! called a password; as they are, or in Base64, hexadecimal digits, percent-encoding, the escapes of JSON or UTF-16,
//! one within the other in any order.
//!
//! The mock keeps no secret, so it cannot search for one. It knows how long each was and how it began, though, and
//! its digest: a piece of text that begins alike is cut to that length, digested, and recognised. What only looks
//! like a key or a token counts as well: it may be somebody's real one.
//!
//! This is done for all that a journal takes in. Secrets are long and of few characters, so most of a text is passed
//! over at a glance (`secrets/glance.rs`).

use std::ops::Range;

use crate::seals::Known;

mod escapes;
mod glance;
mod numbers;

use escapes::Unfolded;
pub(crate) use glance::is_token;
use glance::{LINE_BREAK, OF_PASSWORD, Runs, holds_too_little, signs_in};
use numbers::{BASE64, HEX};

/// How keys of the vendors, signed tokens, and the tokens and codes that the mock makes up begin: what another server
/// with the same store has issued is known by this.
pub(crate) const PUBLIC_MARKS: [&[u8]; 6] = [b"tgo_", b"rtn_sk_", b"dol_live_", b"b3sk_", SIGNED, b"mock_"];
/// How signed tokens begin, as many other letters do in which nothing is hidden.
const SIGNED: &[u8] = b"eyJ";
/// A mark and fewer characters than this is a printable hint, which is no secret.
const HINT: usize = 16;
/// No secret is shorter than this.
pub(crate) const SHORTEST: usize = 16;
/// How many encodings are looked through, one within the other. What is nested deeper is taken for a secret.
const LAYERS: usize = 6;
/// How much is searched for each byte of a text, and how much in any case. A text that takes more than both is taken
/// for a secret whole: it was made to be searched for long.
const WORK: usize = 16;
const LEAST_WORK: usize = 256 * 1024;
/// What the names of members and parameters end in that are secrets although nobody issued them.
const PASSWORD: &[u8] = b"password";
/// Where its rarest letter stands, the `w`.
const RAREST: usize = 4;
/// A shorter text holds neither a secret nor the name of a password with a value behind it.
const LEAST: usize = PASSWORD.len() + 2;

/// Whether a member or a parameter of this name is a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name = name.as_bytes();
    name.last_chunk::<8>()
        .is_some_and(|end| end.eq_ignore_ascii_case(PASSWORD))
}

/// Whether a text may have a member or a parameter of such a name.
pub(crate) fn names_a_password(text: &[u8]) -> bool {
    end_of_password(text).is_some()
}

/// What is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sought {
    /// Keys, tokens, and what is called a password.
    Everything,
    /// Keys and tokens: in a name that somebody gives, or a note, a password is a word.
    Tokens,
}

/// Where secrets stand in a text, in no order; some may overlap.
pub(crate) fn secrets_in(text: &[u8], sought: Sought, known: &Known<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if text.len() < LEAST {
        return found;
    }
    let mut search = Search {
        known,
        sought,
        work_left: text.len() * WORK + LEAST_WORK,
    };
    match search.text(text, LAYERS, &mut found) {
        Ok(()) => {}
        Err(Endless) => found.push(0..text.len()),
    }
    found
}

/// A search, and how much more of it there may be.
struct Search<'k> {
    known: &'k Known<'k>,
    sought: Sought,
    work_left: usize,
}

/// There is no end to it.
struct Endless;

impl Search<'_> {
    fn text(&mut self, text: &[u8], layers: usize, found: &mut Vec<Range<usize>>) -> Result<(), Endless> {
        self.charge(text.len())?;
        let signs = signs_in(text);
        let are_lines = signs & LINE_BREAK != 0;
        if signs & !OF_PASSWORD != 0 && holds_too_little(text) {
            return Ok(());
        }
        for run in Runs::of(text) {
            let tokens = &text[run.clone()];
            // What is hidden whole need not be looked into, and what is broken into lines is one number all the same.
            if search_run(tokens, run.start, self.known, found) == Outcome::Open && !are_lines {
                self.numbers(tokens, run.start, layers, found)?;
            }
        }
        if signs & OF_PASSWORD != 0 && self.sought == Sought::Everything {
            passwords(text, found);
        }
        if signs & !OF_PASSWORD == 0 {
            return Ok(());
        }
        for (sign, unfold) in escapes::ALL {
            if signs & sign != 0
                && let Some(unfolded) = unfold(text)
            {
                self.unfolded(&unfolded, layers, found)?;
            }
        }
        if are_lines {
            self.numbers(text, 0, layers, found)?;
        }
        Ok(())
    }

    /// Searches a part of a text.
    fn part(
        &mut self,
        text: &[u8],
        part: Range<usize>,
        layers: usize,
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), Endless> {
        let known = found.len();
        self.text(&text[part.clone()], layers, found)?;
        for secret in &mut found[known..] {
            *secret = part.start + secret.start..part.start + secret.end;
        }
        Ok(())
    }

    /// Counts a look at so many bytes.
    fn charge(&mut self, bytes: usize) -> Result<(), Endless> {
        self.work_left = self.work_left.checked_sub(bytes).ok_or(Endless)?;
        Ok(())
    }

    /// Searches what the numbers in a text stand for that begins at `start`.
    fn numbers(
        &mut self,
        text: &[u8],
        start: usize,
        layers: usize,
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), Endless> {
        for coding in [&BASE64, &HEX] {
            coding.search(text, start, self, layers, found)?;
        }
        Ok(())
    }

    fn unfolded(
        &mut self,
        unfolded: &Unfolded,
        layers: usize,
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), Endless> {
        let mut within = Vec::new();
        match layers.checked_sub(1) {
            Some(layers) => self.text(&unfolded.bytes, layers, &mut within)?,
            // Nobody encodes so often who has nothing to hide.
            None if is_legible(&unfolded.bytes) => within.push(0..unfolded.bytes.len()),
            None => {}
        }
        found.extend(within.into_iter().map(|range| unfolded.origin(&range)));
        Ok(())
    }
}

/// Where the values of parameters and members stand that are secrets by their name, as in a query or a form.
fn passwords(text: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(end) = text.get(at..).and_then(end_of_password) {
        at += end;
        let rest = &text[at..];
        let after = rest.iter().find(|byte| !b"\"' ".contains(byte));
        if after.is_some_and(|byte| b"=:".contains(byte)) {
            let length = rest.iter().position(|byte| b"&\n;".contains(byte));
            let end = at + length.unwrap_or(rest.len());
            found.push(at..end);
            at = end;
        }
    }
}

/// Where the first name of a password ends.
fn end_of_password(text: &[u8]) -> Option<usize> {
    memchr::memchr2_iter(b'w', b'W', text).find_map(|at| {
        let start = at.checked_sub(RAREST)?;
        let end = start + PASSWORD.len();
        text.get(start..end)?
            .eq_ignore_ascii_case(PASSWORD)
            .then_some(end)
    })
}

/// What a search of a run came to.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Outcome {
    /// All of it is a secret.
    Hidden,
    /// Some of it may be shown.
    Open,
}

/// Searches a run of a token's characters that begins at `start`.
fn search_run(run: &[u8], start: usize, known: &Known<'_>, found: &mut Vec<Range<usize>>) -> Outcome {
    let mut at = 0;
    while at + SHORTEST <= run.len() {
        let rest = &run[at..];
        if !known.may_begin(rest) {
            at += 1;
            continue;
        }
        let is_mark = |mark: &&[u8]| rest.starts_with(mark) && rest.len() >= mark.len() + HINT;
        if PUBLIC_MARKS.iter().any(is_mark) && (!rest.starts_with(SIGNED) || is_signed(rest)) {
            found.push(start + at..start + run.len());
            return if at == 0 { Outcome::Hidden } else { Outcome::Open };
        }
        match known.length_of_secret(rest) {
            Some(length) => {
                found.push(start + at..start + at + length);
                at += length.max(1);
            }
            None => at += 1,
        }
    }
    Outcome::Open
}

/// Whether a text begins with the first part of a signed token and goes on with another (RFC 7515, 3.1).
fn is_signed(text: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let end = text.iter().position(|byte| !is_digit(byte));
    end.is_some_and(|end| text[end] == b'.' && text.get(end + 1).is_some_and(is_digit))
}

/// Whether bytes could be meant to be read; what stands at their ends may belong to something else.
fn is_legible(bytes: &[u8]) -> bool {
    let legible = |run: &[u8]| run.len() >= SHORTEST;
    bytes
        .split(|byte| !(byte.is_ascii_graphic() || *byte == b' '))
        .any(legible)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seals::Seals;
    use crate::store::{Digest, Seal};
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
    use std::time::{Duration, Instant};

    /// What is over in a second must not take for ever, as a search without a bound would; a machine may be busy.
    const ENDLESS: Duration = Duration::from_secs(60);

    /// A refresh token as the mock makes them.
    const SECRET: &str = "mock_Zt5vQy8rBn2KfLw9XcGh3JpS6dAmE1uT7oRiVkNxMzQ";

    fn shown(text: &str) -> String {
        let seals = Seals::default();
        seals.learn(&Seal::of(SECRET));
        let mut found = secrets_in(text.as_bytes(), Sought::Everything, &seals.known());
        found.sort_unstable_by_key(|range| range.start);
        let (mut shown, mut reached) = (String::new(), 0);
        for range in found {
            if range.start >= reached {
                shown.push_str(&text[reached..range.start]);
                shown.push('*');
            }
            reached = reached.max(range.end);
        }
        shown.push_str(&text[reached..]);
        shown
    }

    #[test]
    fn base64_hides_nothing_at_any_alignment_in_any_alphabet() {
        for before in ["", "u", "us", "use", "user:"] {
            for after in ["", ":", ":x", ", and so on"] {
                for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
                    // Bytes that need the characters in which the alphabets differ.
                    let encoded = engine.encode(format!("\u{3fb}\u{3ff}{before}{SECRET}{after}"));
                    for around in ["", "Basic ", "/v1/x/", "a", "ab", "abc", "key="] {
                        let text = format!("{around}{encoded}");
                        let shown = shown(&text);
                        assert!(shown.contains('*'), "{text}");
                        let middle = &encoded[encoded.len() / 2 - 4..encoded.len() / 2 + 4];
                        assert!(!shown.contains(middle), "{text} is shown as {shown}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_stands_around_an_encoded_secret_is_still_shown() {
        let text = format!(
            "/v1/keys/{}/and?more=1",
            STANDARD.encode(format!("user:{SECRET}"))
        );
        let shown = shown(&text);
        assert!(
            shown.starts_with("/v1/keys/dXNlc") && shown.ends_with("/and?more=1"),
            "{shown}"
        );
    }

    #[test]
    fn broken_lines_a_second_layer_and_hexadecimal_digits_hide_nothing() {
        let encoded = STANDARD.encode(format!("some:{SECRET}"));
        let twice = STANDARD.encode(&encoded);
        let (head, tail) = encoded.split_at(31);
        for hidden in [
            format!("{head}\n{tail}"),
            format!("{head}\r\n{tail}\r\n"),
            twice,
            hex::encode(SECRET),
            format!("0x{}", hex::encode_upper(SECRET)),
            format!("a{}", hex::encode(SECRET)),
            STANDARD.encode(hex::encode(SECRET)),
        ] {
            let shown = shown(&hidden);
            assert!(shown.contains('*'), "{hidden} is shown as {shown}");
        }
    }

    /// Nothing is shown but what stands around a secret, a byte or two of it included.
    fn expect_hidden(hidden: &str) {
        let shown = shown(hidden);
        assert!(shown.len() * 4 < hidden.len(), "{hidden} is shown as {shown}");
    }

    #[test]
    fn encodings_hide_nothing_in_whatever_order_they_are_nested() {
        let percent = |text: &str| {
            text.bytes()
                .map(|byte| format!("%{byte:02x}"))
                .collect::<String>()
        };
        let escaped = |text: &str| {
            text.bytes()
                .map(|byte| format!("\\u{byte:04X}"))
                .collect::<String>()
        };
        let wide = |text: &str| {
            text.bytes()
                .map(|byte| format!("{}\0", char::from(byte)))
                .collect::<String>()
        };
        let slashed = |text: &str| text.replace('/', "\\/").replace('=', "\\u003d");
        let encodings: [&dyn Fn(&str) -> String; 7] = [
            &percent,
            &escaped,
            &wide,
            &slashed,
            &|text| STANDARD.encode(format!("??>{text}")),
            &|text| URL_SAFE_NO_PAD.encode(text),
            &|text| hex::encode(text),
        ];
        for first in encodings {
            for second in encodings {
                for third in encodings {
                    let hidden = third(&second(&first(SECRET)));
                    expect_hidden(&hidden);
                }
            }
            // As deep as is looked, and deeper.
            let mut hidden = SECRET.to_owned();
            for _ in 0..9 {
                hidden = first(&hidden);
                if hidden.len() > 100_000 {
                    break;
                }
                expect_hidden(&hidden);
            }
        }
    }

    #[test]
    fn a_text_that_is_made_to_be_searched_for_long_is_not_and_is_not_shown() {
        let mut layers = "%25".repeat(500) + &"QUJD".repeat(500) + "\\u0041\0";
        for _ in 0..4 {
            layers = format!("{}{}", STANDARD.encode(&layers), layers.replace('%', "%25"));
        }
        let begun = Instant::now();
        let _ = shown(&layers);
        assert!(begun.elapsed() < ENDLESS, "{:?}", begun.elapsed());
    }

    #[test]
    fn a_password_is_known_by_its_name_however_that_is_written() {
        for hidden in [
            "currentPassword=hunter2&x=1",
            "PASSWORD=hunter2&x=1",
            "pass%77ord=hunter2&x=1",
            r#"{\"password\":\"hunter2\"}"#,
            "new_password: hunter2",
        ] {
            assert!(
                !shown(hidden).contains("hunter2"),
                "{hidden} is shown as {}",
                shown(hidden)
            );
        }
        for open in [
            "password",
            "the passwords are kept",
            "passwords=2",
            "my password is",
        ] {
            assert_eq!(shown(open), open);
        }
    }

    #[test]
    fn what_is_no_secret_is_not_found() {
        let long = "QWxsIHlvdXIgYmFzZSBhcmUgYmVsb25nIHRvIHVz".repeat(50);
        let digits = "0123456789abcdef".repeat(50);
        for text in [
            &long,
            &digits,
            "660e8400-e29b-41d4-a716-446655440000",
            "mock_",
            &SECRET[1..41],
        ] {
            assert_eq!(shown(text), text);
        }
    }

    /// Letters and digits that mean nothing, the same ones every time.
    fn noise(length: usize) -> String {
        const CHARACTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let digests = (0_u64..).map(|number| Digest::of(number.to_be_bytes()));
        let bytes = digests.flat_map(|digest| *digest.bytes());
        let characters = bytes.map(|byte| char::from(CHARACTERS[usize::from(byte) % CHARACTERS.len()]));
        characters.take(length).collect()
    }

    #[test]
    fn noise_is_looked_at_a_few_times_and_shown() {
        let seals = Seals::default();
        let known = &seals.known();
        let text = noise(1_000_000);
        let mut search = Search {
            known,
            sought: Sought::Everything,
            work_left: 4 * text.len(),
        };
        let mut found = Vec::new();
        let is_over = search.text(text.as_bytes(), LAYERS, &mut found).is_ok();
        assert!(is_over && found.is_empty(), "{is_over} {found:?}");
    }

    #[test]
    fn a_secret_in_noise_is_found_in_whatever_hides_it() {
        let (before, after) = (noise(3_000), noise(2_000));
        for hidden in [
            SECRET.to_owned(),
            STANDARD.encode(SECRET),
            STANDARD.encode(format!("{before}{SECRET}{after}")),
            STANDARD.encode(STANDARD.encode(format!("{before} {SECRET}"))),
            hex::encode(STANDARD.encode(SECRET)),
        ] {
            let shown = shown(&format!("{before} {hidden} {after}"));
            assert!(shown.contains('*'), "{hidden}");
            assert!(!shown.contains(&hidden), "{hidden}");
        }
    }

    #[test]
    fn a_text_made_of_beginnings_is_searched_in_no_time() {
        let seals = Seals::default();
        for length in [20, 36, 44, 48] {
            seals.learn(&Seal::of(&SECRET[..length]));
        }
        let begun = Instant::now();
        for text in ["moc".repeat(7_000), STANDARD.encode("moc".repeat(5_000))] {
            assert!(secrets_in(text.as_bytes(), Sought::Everything, &seals.known()).is_empty());
        }
        assert!(begun.elapsed() < ENDLESS, "{:?}", begun.elapsed());
    }
}
