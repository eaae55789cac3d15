//! Vendors' prose as documentation comments. Prose is written for a web page: what rustdoc would take for a link, an HTML
//! tag or code to run is escaped.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Field, Rules};

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
    let facts = facts(field);
    let fallback = format!("`{}`, as the vendor calls it.", field.key);
    let prose = if field.docs.is_empty() {
        fallback.clone()
    } else {
        field.docs.clone()
    };
    match facts.is_empty() {
        true => comment(&prose, &fallback),
        false => {
            let facts = facts.join(" ");
            comment(&format!("{prose}\n\n{facts}"), &fallback)
        }
    }
}

fn facts(field: &Field) -> Vec<String> {
    let mut facts = limits(&field.rules);
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
