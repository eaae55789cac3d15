//! Checking what a client sends.

use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::operation::Media;
use super::parse::{essence, is_json};
use super::schema::{Schemas, Subject};
use super::{Detail, Operation, Place, RequestView, Violation, parameter};

pub(super) fn check(
    schemas: &Schemas,
    operation: &Operation,
    request: &RequestView<'_>,
) -> Result<Option<Value>, Vec<Violation>> {
    let mut found = Vec::new();
    parameter::check_all(schemas, operation, request, &mut found);
    let body = check_body(schemas, operation, request, &mut found);
    if found.is_empty() { Ok(body) } else { Err(found) }
}

fn check_body(
    schemas: &Schemas,
    operation: &Operation,
    request: &RequestView<'_>,
    found: &mut Vec<Violation>,
) -> Option<Value> {
    let declared = operation.body.as_ref()?;
    let subject = Subject {
        operation,
        place: Place::Body,
        name: "",
    };
    if request.body.is_empty() {
        if declared.required {
            found.push(subject.violation("required", "a body is required".to_owned(), Detail::None));
        }
        return None;
    }
    let sent = request
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media = declared_media(&declared.media, sent, operation, found)?;
    check_content(schemas, media, sent, request.body, subject, found)
}

/// The declared media type that speaks for the one sent; a violation if there is none.
pub(super) fn declared_media<'m>(
    declared: &'m [Media],
    sent: Option<&str>,
    operation: &Operation,
    found: &mut Vec<Violation>,
) -> Option<&'m Media> {
    let wanted = sent.map(essence).unwrap_or_default();
    let named = |name: &str| declared.iter().find(|media| media.name == name);
    let range = || wanted.split_once('/').map(|(kind, _)| format!("{kind}/*"));
    let media = named(&wanted)
        .or_else(|| named(&range()?))
        .or_else(|| if sent.is_some() { named("*/*") } else { None });
    if media.is_none() {
        let choices: Vec<String> = declared.iter().map(|media| media.name.clone()).collect();
        let subject = Subject {
            operation,
            place: Place::MediaType,
            name: "",
        };
        let message = format!("must be {}", choices.join(" or "));
        found.push(subject.violation("mediaType", message, Detail::Declared { choices }));
    }
    media
}

/// Checks a body that is JSON, and hands it on; one in another syntax is left to whoever can read it.
pub(super) fn check_content(
    schemas: &Schemas,
    media: &Media,
    sent: Option<&str>,
    body: &[u8],
    subject: Subject<'_>,
    found: &mut Vec<Violation>,
) -> Option<Value> {
    if !sent.is_some_and(|sent| is_json(&essence(sent))) {
        return None;
    }
    match serde_json::from_slice(body) {
        Ok(instance) => {
            if let Some(schema) = &media.schema {
                schemas.check(schema, &instance, subject, found);
            }
            Some(instance)
        }
        Err(error) => {
            let message = format!(
                "must be well-formed JSON, is not in line {} column {}",
                error.line(),
                error.column()
            );
            found.push(subject.violation("json", message, Detail::None));
            None
        }
    }
}
