//! Parameters: finding their text in a request, reading it as the schema's types, checking the result.

use std::borrow::Cow;

use http::header::COOKIE;
use serde_json::{Number, Value};

use super::route::decode;
use super::schema::{Schemas, Subject};
use super::shape::{Shape, Types};
use super::{Detail, Location, Operation, Parameter, Place, RequestView, Violation};

pub(super) fn check_all(
    schemas: &Schemas,
    operation: &Operation,
    request: &RequestView<'_>,
    found: &mut Vec<Violation>,
) {
    for parameter in operation.parameters() {
        let place = match parameter.location() {
            Location::Path => Place::Path,
            Location::Query => Place::Query,
            Location::Header => Place::Header,
            Location::Cookie => Place::Cookie,
        };
        check(
            schemas,
            parameter,
            request,
            Subject {
                operation,
                place,
                name: parameter.name(),
            },
            found,
        );
    }
}

fn check(
    schemas: &Schemas,
    parameter: &Parameter,
    request: &RequestView<'_>,
    subject: Subject<'_>,
    found: &mut Vec<Violation>,
) {
    if parameter.shape == Shape::Spread {
        return;
    }
    let Some(texts) = texts(parameter, request) else {
        let message = match subject.place {
            Place::Path | Place::Query => "must be percent-encoded UTF-8",
            _ => "must be UTF-8",
        };
        return found.push(subject.violation("encoding", message.to_owned(), Detail::None));
    };
    if texts.is_empty() {
        if parameter.is_required() {
            let detail = Detail::Required {
                property: parameter.name().to_owned(),
            };
            found.push(subject.violation("required", "this parameter is required".to_owned(), detail));
        }
        return;
    }
    let Some(schema) = &parameter.schema else {
        return;
    };
    for candidates in readings(parameter, &texts) {
        let Some(first) = candidates.first() else {
            found.push(subject.violation("json", "must be well-formed JSON".to_owned(), Detail::None));
            continue;
        };
        if !candidates
            .iter()
            .any(|candidate| schemas.accepts(schema, candidate))
        {
            schemas.check(schema, first, subject, found);
        }
    }
}

/// Every text that was sent for a parameter, decoded; nothing at all if one of them cannot be.
fn texts<'a>(parameter: &Parameter, request: &RequestView<'a>) -> Option<Vec<Cow<'a, str>>> {
    let name = parameter.name();
    match parameter.location() {
        Location::Path => {
            let named = request.path_params.iter().filter(|(known, _)| *known == name);
            let texts: Vec<Cow<'a, str>> = named.map(|(_, text)| Cow::Borrowed(text.as_ref())).collect();
            Some(if parameter.shape.is_cut_at_commas() {
                cut(&texts)
            } else {
                texts
            })
        }
        // As nearly everywhere.
        Location::Query if request.query.is_empty() => Some(Vec::new()),
        Location::Query => {
            let pairs = request.query.split('&').filter(|pair| !pair.is_empty());
            let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            let named = pairs.filter(|(known, _)| decode_form(known).is_some_and(|known| known == name));
            named
                .flat_map(|(_, text)| parameter.shape.pieces(text))
                .map(decode_form)
                .collect()
        }
        Location::Header => {
            let sent = request.headers.get_all(name).iter();
            let texts: Option<Vec<_>> = sent
                .map(|value| {
                    std::str::from_utf8(value.as_bytes())
                        .ok()
                        .map(|text| Cow::Borrowed(text.trim()))
                })
                .collect();
            Some(if parameter.shape.is_cut_at_commas() {
                cut(&texts?)
            } else {
                texts?
            })
        }
        Location::Cookie => {
            let sent: Option<Vec<&str>> = request
                .headers
                .get_all(COOKIE)
                .iter()
                .map(|value| std::str::from_utf8(value.as_bytes()).ok())
                .collect();
            let cookies = sent?
                .into_iter()
                .flat_map(|line| line.split(';'))
                .filter_map(|pair| pair.trim().split_once('='));
            let texts: Vec<_> = cookies
                .filter(|(known, _)| *known == name)
                .map(|(_, text)| Cow::Borrowed(text))
                .collect();
            Some(if parameter.shape.is_cut_at_commas() {
                cut(&texts)
            } else {
                texts
            })
        }
    }
}

impl Shape {
    fn is_cut_at_commas(self) -> bool {
        matches!(self, Shape::Separated(_, b','))
    }

    /// A comma that is data is percent-encoded, so the raw text is cut.
    fn pieces(self, text: &str) -> impl Iterator<Item = &str> {
        let is_cut = self.is_cut_at_commas();
        text.split(move |character| is_cut && character == ',')
    }
}

fn cut<'a>(texts: &[Cow<'_, str>]) -> Vec<Cow<'a, str>> {
    let pieces = texts.iter().flat_map(|text| text.split(','));
    pieces.map(|piece| Cow::Owned(piece.trim().to_owned())).collect()
}

/// Decodes a name or value of a query, in which a plus sign is a space.
fn decode_form(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        decode(&text.replace('+', " ")).map(|text| Cow::Owned(text.into_owned()))
    } else {
        decode(text)
    }
}

/// The values that the texts may stand for: one list of candidates for each value that has to be valid.
fn readings(parameter: &Parameter, texts: &[Cow<'_, str>]) -> Vec<Vec<Value>> {
    let strings = |texts: &[&str]| Value::Array(texts.iter().map(|text| Value::from(*text)).collect());
    let list = |texts: Vec<&str>, types: Types| {
        let typed = texts
            .iter()
            .map(|text| scalars(text, types).swap_remove(0))
            .collect();
        vec![vec![Value::Array(typed), strings(&texts)]]
    };
    match parameter.shape {
        Shape::Opaque | Shape::Spread => Vec::new(),
        Shape::Json => texts
            .iter()
            .map(|text| serde_json::from_str(text).into_iter().collect())
            .collect(),
        Shape::Scalar(types) => {
            // A name alone, or with nothing behind the equals sign, may be declared to be enough.
            let spoken = texts
                .iter()
                .filter(|text| !(parameter.allow_empty && text.is_empty()));
            spoken.map(|text| scalars(text, types)).collect()
        }
        Shape::Repeated(types) => list(texts.iter().map(Cow::as_ref).collect(), types),
        Shape::Separated(types, b',') => list(texts.iter().map(Cow::as_ref).collect(), types),
        Shape::Separated(types, at) => list(
            texts.iter().flat_map(|text| text.split(char::from(at))).collect(),
            types,
        ),
    }
}

/// The readings of one text, the most telling first; there is always one.
fn scalars(text: &str, types: Types) -> Vec<Value> {
    let mut readings = Vec::new();
    if types.integer
        && let Some(number) = integer(text)
    {
        readings.push(Value::Number(number));
    }
    if types.number
        && let Some(number) = number(text)
    {
        readings.push(Value::Number(number));
    }
    if types.boolean
        && let Ok(flag) = text.parse::<bool>()
    {
        readings.push(Value::Bool(flag));
    }
    if types.null && (text.is_empty() || text == "null") {
        readings.push(Value::Null);
    }
    readings.push(Value::from(text));
    readings
}

fn integer(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_integer { number(text) } else { None }
}

fn number(text: &str) -> Option<Number> {
    // JSON allows space around a number, a parameter does not.
    if text.trim().len() == text.len() {
        serde_json::from_str(text).ok()
    } else {
        None
    }
}
