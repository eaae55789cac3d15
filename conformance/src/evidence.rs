//! What a finding rests on: the request behind it, and its words without what differs from one run to the next.

use std::sync::Arc;

use keyway_openapi::{Route, Vendor};

use crate::judge::Finding;
use crate::wire::{Request, Sent};

/// What stands for a number, a time or a name that is another one in the next run.
const VOLATILE: &str = "#";
/// Words that are followed by a status, which is no volatile number.
const BEFORE_A_STATUS: [&str; 4] = ["answered", "with", "status", "or"];

/// The request whose answer decided a finding, among those of its case.
pub(crate) fn decisive<'a>(finding: &Finding, sent: &'a [Arc<Sent>]) -> Option<&'a Sent> {
    let last = finding.exchange?;
    let mut answered: Vec<(usize, &Sent, u16)> = sent
        .iter()
        .filter_map(|one| {
            one.answer
                .get()
                .map(|(number, status)| (*number, one.as_ref(), *status))
        })
        .filter(|(number, ..)| *number <= last)
        .collect();
    answered.sort_by_key(|(number, ..)| std::cmp::Reverse(*number));
    let names = |text: &str| finding.seen.contains(text);
    let by_line = answered
        .iter()
        .find(|(_, one, status)| names(&format!("{} answered {status}", line(&one.request))))
        .or_else(|| answered.iter().find(|(_, one, _)| names(&line(&one.request))));
    // Words that name no request are about the last answer.
    by_line.or(answered.first()).map(|(_, one, _)| *one)
}

/// Method and path as the vendor's document writes them, so that ids are not in it.
pub(crate) fn template(vendor: Vendor, request: &Request) -> String {
    let path = request.path.split('?').next().unwrap_or_default();
    match vendor.contract().find(request.method, path) {
        Route::Found { operation, .. } => format!("{} {}", request.method, operation.full_path()),
        _ => format!("{} {}", request.method, masked(path)),
    }
}

/// The requests of a case as its findings name them, each with its template.
pub(crate) struct Lines(Vec<(String, String)>);

impl Lines {
    pub(crate) fn of(vendor: Vendor, sent: &[Arc<Sent>]) -> Self {
        let mut lines: Vec<(String, String)> = Vec::new();
        for one in sent {
            let line = line(&one.request);
            if !lines.iter().any(|(known, _)| *known == line) {
                let template = template(vendor, &one.request);
                lines.push((line, template));
            }
        }
        Self(lines)
    }

    /// A text without ids, names, times and measurements: the same in every run that sees the same.
    pub(crate) fn stable(&self, text: &str) -> String {
        let mut left = text;
        let mut clean = String::new();
        // Templates are put in as they are; only what stands between them is masked. Of two lines that begin at one
        // place the longer one is meant.
        while let Some((at, line, template)) = self
            .0
            .iter()
            .filter_map(|(line, template)| left.find(line.as_str()).map(|at| (at, line, template)))
            .min_by_key(|(at, line, _)| (*at, std::cmp::Reverse(line.len())))
        {
            clean.push_str(&masked(&left[..at]));
            clean.push_str(template);
            left = &left[at + line.len()..];
        }
        clean.push_str(&masked(left));
        clean
    }
}

fn line(request: &Request) -> String {
    let path = request.path.split('?').next().unwrap_or_default();
    format!("{} {path}", request.method)
}

/// The text with every word that holds a digit taken out, but for statuses.
pub(crate) fn masked(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    let mut status_may_follow = false;
    while !rest.is_empty() {
        let is_word = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-');
        let word = &rest[..rest.find(|one| !is_word(one)).unwrap_or(rest.len())];
        if word.is_empty() {
            let between = &rest[..rest.find(is_word).unwrap_or(rest.len())];
            // As in `Unauthenticated (401)`.
            let in_brackets = between == " (" && rest[between.len()..].get(3..4) == Some(")");
            status_may_follow = in_brackets || (status_may_follow && matches!(between, " " | ", "));
            clean.push_str(between);
            rest = &rest[between.len()..];
            continue;
        }
        rest = &rest[word.len()..];
        let is_status = status_may_follow
            && word.len() == 3
            && word
                .parse::<u16>()
                .is_ok_and(|status| (100..600).contains(&status));
        let is_version = word.len() == 2 && word.starts_with('v');
        if is_status || is_version || !word.contains(|one: char| one.is_ascii_digit()) {
            clean.push_str(word);
        } else {
            clean.push_str(VOLATILE);
        }
        status_may_follow = is_status || BEFORE_A_STATUS.contains(&word);
    }
    clean
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;
    use crate::case::{Basis, Outcome};

    fn sent(method: &'static str, path: &str, number: usize, status: u16) -> Arc<Sent> {
        let answer = OnceLock::new();
        answer.set((number, status)).unwrap();
        Arc::new(Sent {
            base_url: "http://127.0.0.1:1".to_owned(),
            request: Request::new(method, path),
            answer,
        })
    }

    fn finding(seen: &str, exchange: Option<usize>) -> Finding {
        Finding {
            outcome: Outcome::Fail,
            basis: Basis::Documented,
            source: String::new(),
            expected: String::new(),
            seen: seen.to_owned(),
            exchange,
            measured: None,
        }
    }

    #[test]
    fn the_request_that_the_words_name_is_decisive_and_otherwise_the_last_one() {
        let all = [
            sent("POST", "/api/api-keys", 0, 201),
            sent("GET", "/api/activities?page=1", 1, 401),
            sent("GET", "/api/activities", 2, 200),
            sent("POST", "/api/api-keys/7/revoke", 3, 200),
            sent("POST", "/api/api-keys", 4, 201),
        ];
        for (seen, exchange, number) in [
            ("GET /api/activities answered 200", Some(4), Some(2)),
            ("GET /api/activities answered 401", Some(4), Some(1)),
            (
                "GET /api/activities answered without statusCode",
                Some(4),
                Some(2),
            ),
            ("the answer fits no schema", Some(3), Some(3)),
            ("POST /api/api-keys answered 201", Some(3), Some(0)),
            ("the call failed", None, None),
        ] {
            let found = decisive(&finding(seen, exchange), &all);
            let found = found.and_then(|one| one.answer.get()).map(|(number, _)| *number);
            assert_eq!(found, number, "{seen}");
        }
        assert!(decisive(&finding("the call failed", Some(9)), &[]).is_none());
    }

    #[test]
    fn what_differs_between_two_runs_is_not_in_the_stable_text() {
        let all = [
            sent("POST", "/api/api-keys/3f2a-99/revoke", 0, 404),
            sent("POST", "/api/api-keys", 1, 201),
        ];
        for (seen, expected) in [
            (
                "POST /api/api-keys/3f2a-99/revoke answered 404",
                "POST /api/api-keys/{id}/revoke answered 404",
            ),
            (
                "GET /api/v1/me answered 200 to the key keyway-0a1b-7 39 ms after its revoke, at use 3",
                "GET /api/v1/me answered 200 to the key # # ms after its revoke, at use #",
            ),
            (
                "refused with 401 about 2 s after its end",
                "refused with 401 about # s after its end",
            ),
            ("answered 200, 404 or 409", "answered 200, 404 or 409"),
            (
                "401 uses of revoked keys refused",
                "# uses of revoked keys refused",
            ),
            (
                "the call failed with Unauthenticated (401)",
                "the call failed with Unauthenticated (401)",
            ),
            ("2026-11-21T05:10:00.123Z", "#:#:#.#"),
        ] {
            assert_eq!(Lines::of(Vendor::Reten, &all).stable(seen), expected);
        }
    }
}
