//! Texts of a format, a pattern and a length.

use serde_json::Value;

use super::patterns;
use super::schemas::Merged;

/// A longer text has no example.
const LONGEST: u64 = 100_000;

/// A text that fits, another one for every turn as far as its form leaves room.
pub(super) fn text(merged: &Merged, turn: usize) -> Option<String> {
    let least = merged.count("minLength").unwrap_or_default();
    let most = merged.count("maxLength").unwrap_or(u64::MAX);
    if least > LONGEST {
        return None;
    }
    let format = merged.get("format").and_then(Value::as_str).unwrap_or_default();
    if let Some(text) = of_format(format, turn) {
        return Some(text);
    }
    if let Some(pattern) = merged.get("pattern").and_then(Value::as_str)
        && let Some(text) = patterns::text(pattern, least)
    {
        return Some(text);
    }
    let mut text = match turn {
        0 => "text".to_owned(),
        turn => format!("text {}", turn + 1),
    };
    while (text.len() as u64) < least {
        text.push('x');
    }
    if (text.len() as u64) > most {
        // The end differs from turn to turn.
        text = text.split_off(text.len() - usize::try_from(most).ok()?);
    }
    Some(text)
}

/// The example of a format that the contract judges, or that a client reads.
fn of_format(format: &str, turn: usize) -> Option<String> {
    let number = turn + 1;
    let two = number % 28 + 1;
    Some(match format {
        "date-time" => format!("2026-01-{two:02}T09:00:00Z"),
        "date" => format!("2026-01-{two:02}"),
        "time" => format!("09:00:{:02}Z", number % 60),
        "duration" => format!("P{number}D"),
        "uuid" => format!("00000000-0000-4000-8000-{number:012x}"),
        "email" | "idn-email" => format!("user{number}@example.com"),
        "uri" | "url" | "iri" => format!("https://example.com/{number}"),
        "uri-reference" | "iri-reference" => format!("/{number}"),
        "uri-template" => format!("/{number}/{{id}}"),
        "hostname" | "idn-hostname" => format!("host{number}.example.com"),
        "ipv4" | "ip" => format!("192.0.2.{}", number % 255),
        "ipv6" => format!("2001:db8::{:x}", number % 0xffff),
        "json-pointer" => format!("/{number}"),
        "relative-json-pointer" => number.to_string(),
        "regex" => "^.*$".to_owned(),
        "byte" => "dGV4dA==".to_owned(),
        _ => return None,
    })
}
