//! A request as a line for a shell, its secrets as variables.

use crate::wire::{Request, Sent};

/// The variable for a key that the run made itself.
pub(crate) const MADE_KEY: &str = "KEYWAY_KEY";
/// The variable for what no run hands out: a changed key, or an invented one.
const UNKNOWN_KEY: &str = "KEYWAY_UNKNOWN_KEY";
/// What stands for a credential that is not there.
pub(crate) const NOBODY: &str = "nobody";
/// Headers that carry no secret. The value of any other is a variable, whatever it is.
const HARMLESS: [&str; 4] = ["accept", "content-type", "x-tenant-id", "x-org-id"];

/// The variables that stand for secrets, and the secrets.
pub(crate) struct Variables(Vec<(String, &'static str)>);

/// A part of a word of the line.
enum Part<'a> {
    Text(&'a str),
    Variable(&'static str),
}

impl Variables {
    /// The longest secret first: one can be the beginning of another.
    pub(crate) fn new(secrets: impl IntoIterator<Item = (String, &'static str)>) -> Self {
        let mut secrets: Vec<_> = secrets
            .into_iter()
            .filter(|(secret, _)| !secret.is_empty())
            .collect();
        secrets.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    fn parts<'a>(&self, text: &'a str) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let mut left = text;
        while let Some((at, secret, name)) = self
            .0
            .iter()
            .filter_map(|(secret, name)| left.find(secret.as_str()).map(|at| (at, secret, *name)))
            .min_by_key(|(at, ..)| *at)
        {
            parts.push(Part::Text(&left[..at]));
            parts.push(Part::Variable(name));
            left = &left[at + secret.len()..];
        }
        parts.push(Part::Text(left));
        parts
    }

    /// Whose credential a request carries.
    pub(crate) fn holder(&self, request: &Request) -> &'static str {
        request
            .headers
            .iter()
            .flat_map(|(name, value)| self.header(name, value))
            .find_map(|part| match part {
                Part::Variable(name) => Some(name),
                Part::Text(_) => None,
            })
            .unwrap_or(NOBODY)
    }

    /// The value of a header. Where no secret of the run is in it, it may be one that was changed on purpose.
    fn header<'a>(&self, name: &str, value: &'a str) -> Vec<Part<'a>> {
        let parts = self.parts(value);
        let is_known = parts.iter().any(|part| matches!(part, Part::Variable(_)));
        let is_harmless = HARMLESS
            .iter()
            .any(|harmless| harmless.eq_ignore_ascii_case(name));
        if is_known || is_harmless || value.is_empty() {
            return parts;
        }
        match value.split_once(' ') {
            Some((scheme, rest)) if !rest.is_empty() => {
                let scheme = &value[..=scheme.len()];
                vec![Part::Text(scheme), Part::Variable(UNKNOWN_KEY)]
            }
            _ => vec![Part::Variable(UNKNOWN_KEY)],
        }
    }
}

/// The line that sends a request once more.
pub(crate) fn curl(sent: &Sent, variables: &Variables) -> String {
    let request = &sent.request;
    let mut line = "curl -i --path-as-is --globoff".to_owned();
    match request.method {
        "HEAD" => line.push_str(" --head"),
        method => {
            line.push_str(" -X ");
            line.push_str(&word(&[Part::Text(method)]));
        }
    }
    let url = format!("{}{}", sent.base_url, request.path);
    line.push(' ');
    line.push_str(&word(&variables.parts(&url)));
    let (body, media_type) = match (&request.body, &request.raw) {
        (_, Some(raw)) => (
            Some(String::from_utf8_lossy(&raw.bytes).into_owned()),
            raw.media_type,
        ),
        (Some(body), None) => (Some(body.to_string()), Some("application/json")),
        (None, None) => (None, None),
    };
    let content_type = media_type.map(|media_type| ("content-type", media_type));
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .chain(content_type);
    for (name, value) in headers {
        // Without a value curl would leave the header out; a semicolon tells it to send the header empty.
        let head = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: ")
        };
        let mut parts = vec![Part::Text(&head)];
        parts.extend(variables.header(name, value));
        line.push_str(" -H ");
        line.push_str(&word(&parts));
    }
    if let Some(body) = &body {
        line.push_str(" --data-raw ");
        line.push_str(&word(&variables.parts(body)));
    }
    line
}

/// One word of the line, quoted so that a shell takes nothing in it for its own but the variables.
fn word(parts: &[Part<'_>]) -> String {
    let texts = || {
        parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(*text),
            Part::Variable(_) => None,
        })
    };
    let has_variable = parts.iter().any(|part| matches!(part, Part::Variable(_)));
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "-_./:@%+=,".contains(one);
    if !has_variable && texts().all(|text| text.chars().all(is_plain)) && texts().any(|text| !text.is_empty())
    {
        return texts().collect();
    }
    let is_calm = |one: char| !matches!(one, '"' | '$' | '`' | '\\' | '!');
    if has_variable && texts().all(|text| text.chars().all(is_calm)) {
        let inner: String = parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => (*text).to_owned(),
                Part::Variable(name) => format!("${{{name}}}"),
            })
            .collect();
        return format!("\"{inner}\"");
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let (mut line, mut text) = (String::new(), String::new());
    for part in parts {
        match part {
            Part::Text(more) => text.push_str(more),
            Part::Variable(name) => {
                if !text.is_empty() {
                    line.push_str(&quoted(&std::mem::take(&mut text)));
                }
                line.push_str(&format!("\"${name}\""));
            }
        }
    }
    if !text.is_empty() || line.is_empty() {
        line.push_str(&quoted(&text));
    }
    line
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::OnceLock;

    use serde_json::json;

    use super::*;

    fn sent(request: Request) -> Sent {
        Sent {
            base_url: "http://127.0.0.1:1".to_owned(),
            request,
            answer: OnceLock::new(),
        }
    }

    fn variables() -> Variables {
        Variables::new([
            ("planted-admin".to_owned(), "KEYWAY_CREDENTIAL"),
            ("planted-key".to_owned(), MADE_KEY),
        ])
    }

    #[test]
    fn a_line_has_method_address_headers_and_body_and_no_secret() {
        let request = Request::new("POST", "/api/api-keys?dry=[a]&b=1")
            .header("accept", "application/json")
            .header("authorization", "Bearer planted-admin")
            .json(json!({ "name": "it's", "of": "planted-key" }));
        let line = curl(&sent(request), &variables());
        assert_eq!(
            line,
            concat!(
                "curl -i --path-as-is --globoff -X POST 'http://127.0.0.1:1/api/api-keys?dry=[a]&b=1' ",
                "-H 'accept: application/json' -H \"authorization: Bearer ${KEYWAY_CREDENTIAL}\" ",
                "-H 'content-type: application/json' ",
                r#"--data-raw '{"name":"it'\''s","of":"'"$KEYWAY_KEY"'"}'"#
            )
        );
    }

    #[test]
    fn a_header_that_is_not_known_to_be_harmless_is_never_written_out() {
        for (value, written) in [
            ("planted-kex", "\"x-api-key: ${KEYWAY_UNKNOWN_KEY}\""),
            (
                "Bearer planted-kex",
                "\"x-api-key: Bearer ${KEYWAY_UNKNOWN_KEY}\"",
            ),
            ("planted-keyx", "\"x-api-key: ${KEYWAY_KEY}x\""),
            ("", "'x-api-key;'"),
        ] {
            let line = curl(
                &sent(Request::new("GET", "/").header("x-api-key", value)),
                &variables(),
            );
            assert!(line.ends_with(&format!("-H {written}")), "{line}");
        }
    }

    /// What a shell makes of the line is what was sent, whatever characters are in it.
    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_very_words_that_were_sent() {
        let odd = r#"a'b "c" $HOME `id` \ !x ; & | * é"#;
        let request = Request::new("POST", "/x?$(id)'")
            .header("accept", odd)
            .header("x-api-key", "planted-key")
            .json(json!({ "name": odd, "key": "planted-key" }));
        let line = curl(&sent(request), &variables());
        let script = line.replacen("curl", "printf '%s\\n'", 1);
        let output = Command::new("sh")
            .args(["-c", &script])
            .env("KEYWAY_KEY", "of-the-shell")
            .output()
            .unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        let body = json!({ "name": odd, "key": "of-the-shell" }).to_string();
        let expected = [
            "-i",
            "--path-as-is",
            "--globoff",
            "-X",
            "POST",
            "http://127.0.0.1:1/x?$(id)'",
            "-H",
            &format!("accept: {odd}"),
            "-H",
            "x-api-key: of-the-shell",
            "-H",
            "content-type: application/json",
            "--data-raw",
            &body,
        ];
        assert_eq!(words.lines().collect::<Vec<_>>(), expected);
    }
}
