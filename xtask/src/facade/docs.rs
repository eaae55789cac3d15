//! Vendors' prose as documentation comments. Prose is written for a web page: what rustdoc would take for a link, an HTML
//! tag or code to run is escaped.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Definition, Field, Rules, Ty};

/// `#[doc]` lines of the prose, or of `fallback` if there is none.
pub(crate) fn comment(prose: &str, fallback: &str) -> TokenStream {
    let prose = if prose.trim().is_empty() { fallback } else { prose };
    let lines = lines(prose)
        .into_iter()
        .map(|line| if line.is_empty() { line } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// What a reader should know of a field: the vendor's prose, the limits, the default.
pub(super) fn of_field(field: &Field) -> TokenStream {
    let meaning = match (field.docs.trim(), named(&field.ty)) {
        ("", Some(name)) => {
            let see = format!(" See [`{name}`].");
            quote! { #[doc = #see] }
        }
        (prose, _) => comment(prose, UNKNOWN),
    };
    let facts = facts(field);
    if facts.is_empty() {
        return meaning;
    }
    let facts = comment(&facts.join(" "), "");
    quote! { #meaning #[doc = ""] #facts }
}

/// What a reader should know of a type: the vendor's prose, or where it is met.
pub(super) fn of_type(definition: &Definition) -> TokenStream {
    if definition.docs.trim().is_empty() {
        let line = format!(" {}", definition.met);
        return quote! { #[doc = #line] };
    }
    comment(&definition.docs, "")
}

/// What is told of a field that the vendor does not explain.
const UNKNOWN: &str = "The document does not say what it means.";

/// The type whose documentation explains a field of it, or of a list of it.
fn named(ty: &Ty) -> Option<&str> {
    match ty {
        Ty::Named(name) => Some(name),
        Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => named(inner),
        _ => None,
    }
}

fn facts(field: &Field) -> Vec<String> {
    let mut facts = limits(&field.rules);
    if field.null_apart {
        facts.push("`Some(None)` says `null`; `None` says nothing.".to_owned());
    }
    if let Some(default) = &field.default {
        facts.push(format!("If it is left out, the vendor takes `{default}`."));
    }
    facts
}

fn limits(rules: &Rules) -> Vec<String> {
    let mut facts = vec![];
    let mut say = |fact: String| facts.push(fact);
    if let Some(minimum) = &rules.minimum {
        say(format!(
            "{} {minimum}.",
            if rules.exclusive_minimum {
                "More than"
            } else {
                "At least"
            }
        ));
    }
    if let Some(maximum) = &rules.maximum {
        say(format!(
            "{} {maximum}.",
            if rules.exclusive_maximum {
                "Less than"
            } else {
                "At most"
            }
        ));
    }
    if let Some(length) = rules.min_length {
        say(format!("At least {length} characters."));
    }
    if let Some(length) = rules.max_length {
        say(format!("At most {length} characters."));
    }
    if let Some(count) = rules.min_items {
        say(format!("At least {count} items."));
    }
    if let Some(count) = rules.max_items {
        say(format!("At most {count} items."));
    }
    if rules.unique_items {
        say("No item twice.".to_owned());
    }
    if rules.uuid {
        say("A UUID.".to_owned());
    }
    facts
}

/// The prose line by line, as documentation.
pub(crate) fn lines(prose: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for line in prose.trim().lines() {
        // An indented line would be a block of code, and a fenced one a test.
        let line = line.trim().replace("```", "").replace("~~~", "");
        // One empty line ends a paragraph; more say nothing.
        if line.is_empty() && lines.last().is_some_and(String::is_empty) {
            continue;
        }
        lines.push(escape(&line));
    }
    lines
}

/// Escapes outside of code spans. A line with an odd number of backticks has no code spans to speak of.
fn escape(line: &str) -> String {
    if line.matches('`').count() % 2 == 1 {
        return escape_text(&line.replace('`', "'"));
    }
    let parts = line.split('`').enumerate();
    parts
        .map(|(index, part)| {
            if index % 2 == 1 {
                part.to_owned()
            } else {
                escape_text(part)
            }
        })
        .collect::<Vec<_>>()
        .join("`")
}

fn escape_text(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let is_url = word.starts_with("http://") || word.starts_with("https://");
        match is_url && !word.contains(['<', '>', '[', ']', '(', ')']) {
            true => {
                let end = word.trim_end_matches(['.', ',', ';', ':', '!', '?']).len();
                format!("<{}>{}", &word[..end], &word[end..])
            }
            false => word
                .replace("://", ":\\//")
                .replace('<', "\\<")
                .replace('>', "\\>")
                .replace('[', "\\[")
                .replace(']', "\\]"),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_of_a_web_page_becomes_plain_documentation() {
        let shown =
            lines("See https://acme.test/docs. Use <id> and [Key].\n\n\n    curl `a <b>`\n```sh\nls\n```");
        assert_eq!(
            shown,
            [
                "See <https://acme.test/docs>. Use \\<id\\> and \\[Key\\].",
                "",
                "curl `a <b>`",
                "sh",
                "ls",
                ""
            ]
        );
    }
}
