//! Answers: each declared status with its body. A success is told by its status; an error by status, range, then default.

use serde_json::{Value, json};

use super::{Pass, names, prose};
use crate::document::pointer;
use crate::model::{Answer, Status, Ty};

impl<'a> Pass<'a> {
    /// The successes and the errors of an operation.
    pub(super) fn answers(&mut self, operation: &'a Value, at: &str, id: &str) -> (Vec<Answer>, Vec<Answer>) {
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
                    self.refuse(
                        &here,
                        format!("`{key}` is no status"),
                        "correct it in the overlay",
                    );
                }
                Some((status?, value, here))
            })
            .collect();
        let bodies = declared.iter().filter(|(status, ..)| is_success(*status)).count();
        let only_default = bodies == 0;
        let (mut success, mut errors) = (vec![], vec![]);
        for (status, value, here) in declared {
            let Some(found) = self.resolve(value, &here) else {
                continue;
            };
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
            }
            if !is_success(status) {
                errors.push(answer);
            }
        }
        errors.sort_by_key(|answer| answer.status);
        success.sort_by_key(|answer| answer.status);
        (success, errors)
    }

    /// The type of an answer's body. JSON is preferred, by whatever name: `application/problem+json` is JSON too.
    fn answer_body(&mut self, response: &'a Value, at: &str, hint: &str) -> Option<Ty> {
        let content = response
            .get("content")?
            .as_object()
            .filter(|content| !content.is_empty())?;
        let here = pointer(at, "content");
        let json_type = content.iter().find(|(media_type, _)| is_json(media_type));
        if content.len() > 1 {
            self.lose(&here, "one-media-type", "answers of another media type");
        }
        let Some((media_type, value)) = json_type else {
            return Some(Ty::Bytes);
        };
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

/// Whether bodies of this media type are JSON: parameters such as `charset` do not matter.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
        || essence.ends_with("+json")
        || essence == "*/*"
        || essence == "application/*"
}
