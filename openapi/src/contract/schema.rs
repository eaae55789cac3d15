//! JSON Schema: compiling the schemas of a contract, and putting a validator's errors into our own words.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use jsonschema::{Draft, JsonType, Registry, Validator};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Number, Value, json};

use super::shed::shed;
use super::translate::{Direction, translate};
use super::{Contract, ContractError, Detail, Operation, Place, Violation};

/// The document twice, as schemas for what is sent and as schemas for what comes back; each once it is needed.
pub(super) struct Schemas {
    /// What judges values, as text: a tree of it takes twenty times the room.
    document: Box<str>,
    requests: OnceLock<Result<Registry<'static>, String>>,
    responses: OnceLock<Result<Registry<'static>, String>>,
}

impl Schemas {
    pub(super) fn new(mut document: Value) -> Schemas {
        shed(&mut document);
        Schemas {
            document: document.to_string().into_boxed_str(),
            requests: OnceLock::new(),
            responses: OnceLock::new(),
        }
    }

    fn registry(&self, direction: Direction) -> Result<&Registry<'static>, &str> {
        let place = match direction {
            Direction::Request => &self.requests,
            Direction::Response => &self.responses,
        };
        let registry = place.get_or_init(|| {
            let document = serde_json::from_str(&self.document).map_err(|error| error.to_string())?;
            Registry::new()
                .draft(Draft::Draft202012)
                .add(DOCUMENT, translate(&document, direction))
                .and_then(|builder| builder.prepare())
                .map_err(|error| error.to_string())
        });
        registry.as_ref().map_err(String::as_str)
    }

    /// Every violation of a schema by an instance.
    pub(super) fn check(
        &self,
        part: &SchemaPart,
        instance: &Value,
        subject: Subject<'_>,
        found: &mut Vec<Violation>,
    ) {
        match part.validator(self) {
            Ok(validator) if validator.is_valid(instance) => {}
            Ok(validator) => {
                validator
                    .iter_errors(instance)
                    .for_each(|error| describe(&error, subject, found));
            }
            Err(_) => found.push(subject.violation(
                "schema",
                "the contract's own schema is broken".into(),
                Detail::None,
            )),
        }
    }

    pub(super) fn accepts(&self, part: &SchemaPart, instance: &Value) -> bool {
        part.validator(self)
            .is_ok_and(|validator| validator.is_valid(instance))
    }
}

/// One schema of the document, compiled when it is first needed.
pub(super) struct SchemaPart {
    pointer: String,
    direction: Direction,
    compiled: OnceLock<Result<Box<Validator>, String>>,
}

impl SchemaPart {
    pub(super) fn new(pointer: String, direction: Direction) -> SchemaPart {
        SchemaPart {
            pointer,
            direction,
            compiled: OnceLock::new(),
        }
    }

    fn validator(&self, schemas: &Schemas) -> Result<&Validator, &str> {
        let compiled = self.compiled.get_or_init(|| {
            let registry = schemas.registry(self.direction)?;
            let fragment = utf8_percent_encode(&self.pointer, FRAGMENT);
            jsonschema::options()
                // Of the reference alone, which is held against its draft's own schema first, and this is the smallest.
                // What it leads to is in the draft of the registry.
                .with_draft(Draft::Draft4)
                .with_registry(registry)
                .should_validate_formats(true)
                .offline()
                .build(&json!({ "$ref": format!("{DOCUMENT}#{fragment}") }))
                .map(Box::new)
                .map_err(|error| error.to_string())
        });
        compiled.as_deref().map_err(String::as_str)
    }
}

impl fmt::Debug for Schemas {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Schemas").finish_non_exhaustive()
    }
}

impl fmt::Debug for SchemaPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("SchemaPart").field(&self.pointer).finish()
    }
}

/// Compiles every schema that a check may need.
pub(super) fn compile(contract: &Contract) -> Result<(), ContractError> {
    contract.operations().iter().flat_map(parts).try_for_each(|part| {
        match part.validator(&contract.schemas) {
            Ok(_) => Ok(()),
            Err(problem) => Err(ContractError::Schema {
                pointer: part.pointer.clone(),
                problem: problem.to_owned(),
            }),
        }
    })
}

/// What a violation is about.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) operation: &'a Operation,
    pub(super) place: Place,
    /// The name of the parameter; nothing for a body, whose violations point into it.
    pub(super) name: &'a str,
}

impl Subject<'_> {
    pub(super) fn violation(&self, rule: &'static str, message: String, detail: Detail) -> Violation {
        Violation {
            operation: self.operation.id().to_owned(),
            place: self.place,
            pointer: self.name.to_owned(),
            rule: Cow::Borrowed(rule),
            message,
            detail,
        }
    }
}

/// The name under which a document knows itself. Nothing is ever fetched from it.
const DOCUMENT: &str = "keyway:///document";

/// What a JSON pointer may hold that a URI's fragment may not.
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'%')
    .add(b'{')
    .add(b'}')
    .add(b'#')
    .add(b'^')
    .add(b'|')
    .add(b'\\')
    .add(b'[')
    .add(b']');

fn parts(operation: &Operation) -> impl Iterator<Item = &SchemaPart> {
    let bodies = operation.body.iter().flat_map(|body| &body.media);
    let answers = operation.responses.iter().flat_map(|response| &response.media);
    let parameters = operation
        .parameters
        .iter()
        .filter_map(|parameter| parameter.schema.as_ref());
    bodies
        .chain(answers)
        .filter_map(|media| media.schema.as_ref())
        .chain(parameters)
}

/// The validator's own messages repeat the instance, so only its keyword and the schema's side are used.
fn describe(error: &ValidationError<'_>, subject: Subject<'_>, found: &mut Vec<Violation>) {
    let kind = error.kind();
    let (message, detail) = match kind {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            if let Some(errors) = other_than_null(error, context) {
                return errors.iter().for_each(|error| describe(error, subject, found));
            }
            let violations = context
                .iter()
                .map(|errors| describe_all(errors, subject))
                .collect();
            (
                format!("must fit one of {} alternatives", context.len()),
                Detail::Alternatives { violations },
            )
        }
        _ => explain(kind),
    };
    let pointer = if subject.name.is_empty() {
        error.instance_path().as_str()
    } else {
        subject.name
    };
    found.push(Violation {
        operation: subject.operation.id().to_owned(),
        place: subject.place,
        pointer: pointer.to_owned(),
        rule: Cow::Owned(kind.keyword().to_owned()),
        message,
        detail,
    });
}

fn describe_all(errors: &[ValidationError<'_>], subject: Subject<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    errors
        .iter()
        .for_each(|error| describe(error, subject, &mut violations));
    violations
}

/// "Something or null" is one alternative to a reader: what the something says is the message.
fn other_than_null<'e>(
    parent: &ValidationError<'_>,
    context: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e [ValidationError<'static>]> {
    let wants_null = |errors: &[ValidationError<'_>]| match errors {
        [error] => {
            matches!(
                error.kind(),
                ValidationErrorKind::Type {
                    kind: TypeKind::Single(JsonType::Null)
                }
            ) && error.instance_path() == parent.instance_path()
        }
        _ => false,
    };
    match context {
        [errors, null] | [null, errors] if wants_null(null) && !wants_null(errors) => Some(errors),
        _ => None,
    }
}

fn explain(kind: &ValidationErrorKind) -> (String, Detail) {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Required { property } => {
            let property = property.as_str().unwrap_or_default().to_owned();
            (
                format!("the property {property} is required"),
                Detail::Required { property },
            )
        }
        Kind::Type { kind } => {
            let expected = names(kind);
            (
                format!("must be of type {}", expected.join(" or ")),
                Detail::Type { expected },
            )
        }
        Kind::Enum { options } => allowed(options.as_array().cloned().unwrap_or_default()),
        Kind::Constant { expected_value } => allowed(vec![expected_value.as_ref().clone()]),
        Kind::Minimum { limit } => bound("must be at least", limit),
        Kind::Maximum { limit } => bound("must be at most", limit),
        Kind::ExclusiveMinimum { limit } => bound("must be more than", limit),
        Kind::ExclusiveMaximum { limit } => bound("must be less than", limit),
        Kind::MultipleOf { multiple_of } => bound("must be a multiple of", &json!(multiple_of)),
        Kind::MinLength { limit } => size("must be at least", *limit, "characters long"),
        Kind::MaxLength { limit } => size("must be at most", *limit, "characters long"),
        Kind::MinItems { limit } => size("must hold at least", *limit, "items"),
        Kind::MaxItems { limit } => size("must hold at most", *limit, "items"),
        Kind::MinProperties { limit } => size("must have at least", *limit, "properties"),
        Kind::MaxProperties { limit } => size("must have at most", *limit, "properties"),
        Kind::Pattern { pattern } => (
            format!("must match {pattern}"),
            Detail::Pattern {
                pattern: pattern.clone(),
            },
        ),
        Kind::Format { format } => (
            format!("must be a valid {format}"),
            Detail::Format {
                format: format.clone(),
            },
        ),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let count = unexpected.len();
            (
                format!("must not have properties that are not declared, has {count}"),
                Detail::Unexpected { count },
            )
        }
        Kind::OneOfMultipleValid { .. } => ("must fit only one of the alternatives".to_owned(), Detail::None),
        Kind::UniqueItems => ("must not hold an item twice".to_owned(), Detail::None),
        Kind::FalseSchema => ("must be absent".to_owned(), Detail::None),
        other => (format!("must satisfy {}", other.keyword()), Detail::None),
    }
}

fn names(kind: &TypeKind) -> Vec<&'static str> {
    match kind {
        TypeKind::Single(single) => vec![single.as_str()],
        TypeKind::Multiple(several) => several.iter().map(JsonType::as_str).collect(),
    }
}

fn allowed(values: Vec<Value>) -> (String, Detail) {
    let listed = values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
    (format!("must be one of {listed}"), Detail::Allowed { values })
}

fn bound(wording: &str, limit: &Value) -> (String, Detail) {
    let number = limit.as_number().cloned().unwrap_or_else(|| Number::from(0));
    (format!("{wording} {number}"), Detail::Bound { limit: number })
}

fn size(wording: &str, limit: u64, unit: &str) -> (String, Detail) {
    (format!("{wording} {limit} {unit}"), Detail::Size { limit })
}
