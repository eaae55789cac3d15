//! The plainest text that a regular expression takes.
//!
//! Drawn at random, a class such as `\d` would give digits of any script, which ECMA's expressions do not take; the plainest
//! text is also the same every time.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Longer texts are not tried.
const LONGEST: usize = 10_000;

/// The plainest text of at least this many characters, as far as the pattern has room. It still has to be checked: look
/// arounds have no text here, and anchors in the middle are passed over.
pub(super) fn text(pattern: &str, least: u64) -> Option<String> {
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let least = usize::try_from(least).ok()?;
    let mut best = None;
    // What repeats without end repeats more often until the text is long enough.
    for more in (0..4).chain((4..=least.max(4)).step_by((least / 64).max(1))) {
        let mut text = String::new();
        write(&hir, more, &mut text)?;
        let is_enough = text.chars().count() >= least;
        best = Some(text);
        if is_enough {
            break;
        }
    }
    best
}

fn write(hir: &Hir, more: usize, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(plainest(class)?),
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize;
            let most = repetition.max.map_or(usize::MAX, |most| most as usize);
            for _ in 0..least.saturating_add(more).min(most) {
                write(&repetition.sub, 0, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, more, text))?,
        HirKind::Alternation(parts) => write(parts.first()?, more, text)?,
    }
    Some(())
}

/// A letter if the class has one, else a digit, else what is first in it.
fn plainest(class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect(),
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .map(|range| (char::from(range.start()), char::from(range.end())))
            .collect(),
    };
    let has = |wanted: char| {
        ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&wanted))
    };
    ('a'..='z')
        .chain('A'..='Z')
        .chain('0'..='9')
        .chain("-_. /".chars())
        .find(|wanted| has(*wanted))
        .or_else(|| ranges.first().map(|(first, _)| *first))
}
