//! The name that was probably meant, for whoever mistyped one.
//!
//! The binary has this file as a module of its own too: its settings are no part of the library.

/// How alike two names must be for one to be taken for a slip of the other, from 0 to 1. At this measure `retn` is
/// `reten`, and `port` is not `print`.
const ALIKE: f64 = 0.85;

/// The known name that is most like the one that was typed, if any is like it at all.
pub(crate) fn nearest<'k>(typed: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // Nothing this long is a misspelt name, and the measure is quadratic.
    if typed.len() > 100 {
        return None;
    }
    let typed = plain(typed);
    let mut best = None;
    for name in known {
        let likeness = likeness(&typed, &plain(name));
        if likeness >= ALIKE && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}

/// What serde says of a name it does not know (`unknown field`, `unknown variant`), without that name, which may be
/// something else in the wrong place: the nearest known one, or else where the known ones are listed. `None` if it
/// says something else.
pub(crate) fn unknown_name(message: &str, listed: &str) -> Option<String> {
    let (kind, rest) = ["field", "variant"]
        .into_iter()
        .find_map(|kind| Some((kind, message.strip_prefix("unknown ")?.strip_prefix(kind)?)))?;
    // From the right, because what was typed may hold anything.
    let (typed, known) = rest.trim_start().rsplit_once("`, expected ")?;
    let known: Vec<_> = known.split('`').skip(1).step_by(2).collect();
    let what = if kind == "field" { "name" } else { "value" };
    Some(
        match nearest(typed.trim_start_matches('`'), known.iter().copied()) {
            Some(meant) => format!("this {what} is not known; did you mean {meant}?"),
            None if known.len() <= 6 => format!("this {what} is not known; there are {}", known.join(", ")),
            None => format!("this {what} is not known; {listed}"),
        },
    )
}

/// What serde says is expected, in plain words; its own quote what was sent before they come to it. `None` if it says
/// something else.
pub(crate) fn expected(message: &str) -> Option<String> {
    if !message.starts_with("invalid type")
        && !message.starts_with("invalid value")
        && !message.starts_with("invalid length")
    {
        return None;
    }
    let (_, wanted) = message.rsplit_once(", expected ")?;
    Some(match wanted {
        "u16" | "u32" | "u64" | "usize" => "expected a whole number, 0 or more".to_owned(),
        "f64" => "expected a number".to_owned(),
        _ => match wanted.split_once("struct ") {
            Some(_) => "expected an object".to_owned(),
            None => format!("expected {wanted}"),
        },
    })
}

fn plain(name: &str) -> String {
    name.trim_start_matches('-')
        .to_ascii_lowercase()
        .replace('_', "-")
}

/// Part by part where names have parts, so that a vendor's name in front does not make all of its names alike.
fn likeness(typed: &str, known: &str) -> f64 {
    match (typed.split_once('.'), known.split_once('.')) {
        (Some((head, tail)), Some((known_head, known_tail))) => {
            strsim::jaro_winkler(head, known_head) * strsim::jaro_winkler(tail, known_tail)
        }
        (None, Some((_, tail))) => strsim::jaro_winkler(typed, tail),
        _ => strsim::jaro_winkler(typed, known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_that_was_meant_and_a_short_name_does_not_attract() {
        let names = [
            "reten.logout",
            "reten.plaintext-member",
            "sinjapp.second-revoke",
            "dolfin.second-revoke",
        ];
        for (typed, meant) in [
            ("reten.plaintxt", Some("reten.plaintext-member")),
            ("reten.plaintext_member", Some("reten.plaintext-member")),
            ("reten.logot", Some("reten.logout")),
            ("sinjap.second-revoke", Some("sinjapp.second-revoke")),
            ("dolphin.second-revok", Some("dolfin.second-revoke")),
            ("second-revoke", Some("sinjapp.second-revoke")),
            ("stripe.colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, names), meant, "{typed}");
        }
        let flags = [
            "--listen",
            "--print",
            "--vendor",
            "--tls",
            "--journal",
            "--control",
            "--control-token-file",
        ];
        for (typed, meant) in [
            ("--lisen", Some("--listen")),
            ("--control-token", Some("--control-token-file")),
            ("--port", None),
            ("--host", None),
        ] {
            assert_eq!(nearest(typed, flags), meant, "{typed}");
        }
    }

    #[test]
    fn what_serde_says_is_told_without_the_name_that_was_sent() {
        let told = |message: &str| unknown_name(message, "the schema lists all");
        assert_eq!(
            told("unknown field `lisen`, expected one of `listen`, `print` at line 1 column 2").as_deref(),
            Some("this name is not known; did you mean listen?")
        );
        assert_eq!(
            told("unknown variant `sk_`, expected `x`, expected `text` or `json`").as_deref(),
            Some("this value is not known; there are text, json")
        );
        assert_eq!(told("missing field `effect`"), None);
        assert_eq!(
            expected("invalid type: string \"a, expected b\", expected u64").as_deref(),
            Some("expected a whole number, 0 or more")
        );
    }
}
