//! Checking what a server answers.

use super::request::{check_content, declared_media};
use super::schema::{Schemas, Subject};
use super::{Detail, Operation, Place, Violation};

pub(super) fn check(
    schemas: &Schemas,
    operation: &Operation,
    status: u16,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<(), Vec<Violation>> {
    let mut found = Vec::new();
    let subject = |place| Subject {
        operation,
        place,
        name: "",
    };
    match operation.response(status) {
        None => {
            let choices: Vec<String> = operation.declared_statuses().map(str::to_owned).collect();
            let message = format!("{status} is not declared, only {}", choices.join(", "));
            found.push(subject(Place::Status).violation("status", message, Detail::Declared { choices }));
        }
        // RFC 9110 9.3.2: the answer to HEAD has no body, whatever GET would have had.
        Some(response) if response.media.is_empty() || operation.method() == "HEAD" => {
            if !body.is_empty() {
                let message = format!("the answer {status} has no body");
                found.push(subject(Place::Body).violation("body", message, Detail::None));
            }
        }
        Some(_) if body.is_empty() => {
            let message = format!("the answer {status} has a body");
            found.push(subject(Place::Body).violation("required", message, Detail::None));
        }
        Some(response) => {
            if let Some(media) = declared_media(&response.media, content_type, operation, &mut found) {
                check_content(
                    schemas,
                    media,
                    content_type,
                    body,
                    subject(Place::Body),
                    &mut found,
                );
            }
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}
