//! Answers: each declared status with its body. A success is told by its status; an error by status, range, then default.

use serde_json::{Value, json};

use super::security::is_token;
use super::{Pass, names, prose};
use crate::document::pointer;
use crate::model::{Answer, Status, Ty};

impl<'a> Pass<'a> {
    /// The successes and the errors of an operation, and the media types of the successes.
    pub(super) fn answers(
        &mut self,
        operation: &'a Value,
        at: &str,
        id: &str,
    ) -> (Vec<Answer>, Vec<Answer>, String) {
        let declared: Vec<(Status, &'a Value, String)> = operation
            .get("responses")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(key, _)| !key.starts_with("x-"))
            .filter_map(|(key, value)| {
                let here = pointer(&pointer(at, "responses"), key);
                let status = parse(key);
                if status.is_none() {
                    self.refuse_without(
                        &here,
                        &here,
                        format!("`{key}` is no status"),
                        "correct it in the overlay, or remove it",
                    );
                }
                Some((status?, value, here))
            })
            .collect();
        let bodies = declared.iter().filter(|(status, ..)| is_success(*status)).count();
        let only_default = bodies == 0;
        let (mut success, mut errors) = (vec![], vec![]);
        let mut accepted: Vec<&str> = vec![];
        let mut seen = vec![];
        for (status, value, here) in declared {
            if seen.contains(&status) {
                self.lose(
                    &here,
                    "status-twice",
                    "the answer: another is declared for the same status",
                );
                continue;
            }
            seen.push(status);
            let Some(found) = self.resolve(value, &here) else {
                continue;
            };
            self.note_what_answers_leave_out(found.value, &found.pointer);
            let variant = variant(status);
            let hint = match (
                is_success(status) || (only_default && status == Status::Default),
                &found.name,
            ) {
                (true, _) if bodies > 1 => format!("{}Response{variant}", names::pascal(id)),
                (true, _) => format!("{}Response", names::pascal(id)),
                (false, Some(shared)) => format!("{}Body", names::pascal(shared)),
                (false, None) => format!("{}{variant}Body", names::pascal(id)),
            };
            let ty = self.answer_body(found.value, &found.pointer, &hint);
            let answer = Answer {
                status,
                variant,
                docs: prose(found.value),
                ty,
            };
            if is_success(status) || (only_default && status == Status::Default) {
                success.push(answer.clone());
                accepted.extend(understood(found.value).map(|(media_type, _)| media_type));
            }
            if !is_success(status) {
                errors.push(answer);
            }
        }
        errors.sort_by_key(|answer| answer.status);
        success.sort_by_key(|answer| answer.status);
        (success, errors, accept(accepted))
    }

    /// A client hands over bodies.
    fn note_what_answers_leave_out(&mut self, response: &Value, at: &str) {
        for (key, told) in [
            ("headers", "what the headers of the answer say"),
            ("links", "which operations follow from the answer"),
        ] {
            let has_some = response
                .get(key)
                .and_then(Value::as_object)
                .is_some_and(|map| !map.is_empty());
            if has_some {
                self.lose(&pointer(at, key), "body-only", told);
            }
        }
    }

    /// The type of an answer's body. JSON is preferred, by whatever name: `application/problem+json` is JSON too.
    fn answer_body(&mut self, response: &'a Value, at: &str, hint: &str) -> Option<Ty> {
        let content = response
            .get("content")?
            .as_object()
            .filter(|content| !content.is_empty())?;
        let here = pointer(at, "content");
        if content.len() > 1 {
            self.lose(&here, "one-media-type", "answers of another media type");
        }
        let (media_type, value) = understood(response)?;
        if !is_json(media_type) || is_binary(value) {
            if essence(media_type) == "text/event-stream" {
                self.lose(
                    &pointer(&here, media_type),
                    "stream-as-whole",
                    "that events come one by one: the answer is read to its end",
                );
            }
            if value
                .pointer("/schema/format")
                .is_some_and(|format| format == "password")
            {
                self.refuse_bare_secret(&pointer(&pointer(&here, media_type), "schema"));
            }
            return Some(Ty::Bytes);
        }
        let schema = value.get("schema").cloned().unwrap_or_else(|| json!({}));
        let slot = self.slot(&schema, hint, &pointer(&pointer(&here, media_type), "schema"));
        Some(slot.item())
    }
}

fn parse(key: &str) -> Option<Status> {
    match key {
        "default" => Some(Status::Default),
        _ if key.len() == 3 && key[1..].eq_ignore_ascii_case("xx") => key[..1]
            .parse()
            .ok()
            .filter(|digit| (1..=5).contains(digit))
            .map(Status::Range),
        _ => key
            .parse()
            .ok()
            .filter(|status| (100..=599).contains(status))
            .map(Status::Exact),
    }
}

fn is_success(status: Status) -> bool {
    matches!(status, Status::Exact(200..=299) | Status::Range(2))
}

fn variant(status: Status) -> String {
    match status {
        Status::Exact(status) => names::reason(status),
        Status::Range(1) => "Informational".to_owned(),
        Status::Range(2) => "Success".to_owned(),
        Status::Range(3) => "Redirection".to_owned(),
        Status::Range(4) => "ClientError".to_owned(),
        Status::Range(_) => "ServerError".to_owned(),
        Status::Default => "Default".to_owned(),
    }
}

/// The content of an answer that a client reads: JSON if there is any, or else what comes first.
fn understood(response: &Value) -> Option<(&str, &Value)> {
    let content = response.get("content")?.as_object()?;
    let plain = content
        .iter()
        .find(|(media_type, _)| is_json(media_type) && !media_type.contains('*'));
    plain
        .or_else(|| content.iter().find(|(media_type, _)| is_json(media_type)))
        .or_else(|| content.iter().next())
        .map(|(media_type, value)| (media_type.as_str(), value))
}

/// The value of `Accept`: what the successes come as. A refusal is read whatever it is, and as JSON by preference.
fn accept(mut media_types: Vec<&str>) -> String {
    media_types.retain(|media_type| !is_json(media_type) && is_media_range(media_type));
    media_types.dedup();
    match media_types.is_empty() {
        true => "application/json".to_owned(),
        false => format!("{}, application/json;q=0.9", media_types.join(", ")),
    }
}

pub(super) fn is_media_range(text: &str) -> bool {
    let is_part = |part: &str| part == "*" || is_token(part);
    essence(text)
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_part(kind) && is_part(subtype))
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

pub(super) fn is_binary(media: &Value) -> bool {
    media
        .pointer("/schema/format")
        .is_some_and(|format| format == "binary")
}

/// A media type without its parameters: `charset` and the like do not matter here.
pub(super) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether bodies of this media type are JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json"
        || essence == "text/json"
        || essence.ends_with("+json")
        || essence == "*/*"
        || essence == "application/*"
}
