//! From method and path to an operation, without a regular expression.

use std::borrow::Cow;
use std::cmp::Ordering;

use percent_encoding::percent_decode_str;

use super::{ContractError, Operation, Route};

/// The path templates, grouped by their number of segments and sorted so that the first match is the right one.
#[derive(Debug, Default)]
pub(super) struct Router {
    by_length: Vec<Vec<Pattern>>,
}

impl Router {
    pub(super) fn new(operations: &[Operation]) -> Result<Router, ContractError> {
        let mut router = Router::default();
        for (index, operation) in operations.iter().enumerate() {
            let segments = read_template(&operation.full_path())?;
            let length = segments.len();
            if router.by_length.len() <= length {
                router.by_length.resize_with(length + 1, Vec::new);
            }
            let patterns = &mut router.by_length[length];
            match patterns
                .iter_mut()
                .find(|pattern| compare(&pattern.segments, &segments) == Ordering::Equal)
            {
                Some(pattern) => pattern.methods.push((operation.method(), index, segments)),
                None => patterns.push(Pattern {
                    segments: segments.clone(),
                    methods: vec![(operation.method(), index, segments)],
                }),
            }
        }
        for patterns in &mut router.by_length {
            patterns.sort_by(|left, right| compare(&left.segments, &right.segments));
        }
        Ok(router)
    }

    pub(super) fn find<'c, 'p>(
        &'c self,
        operations: &'c [Operation],
        method: &str,
        path: &'p str,
    ) -> Route<'c, 'p> {
        let Some(relative) = path.strip_prefix('/') else {
            return Route::NotFound;
        };
        let length = 1 + relative.bytes().filter(|byte| *byte == b'/').count();
        let Some(patterns) = self.by_length.get(length) else {
            return Route::NotFound;
        };
        let Some(pattern) = patterns
            .iter()
            .find(|pattern| matches(&pattern.segments, relative))
        else {
            return Route::NotFound;
        };
        match pattern.methods.iter().find(|(known, ..)| *known == method) {
            Some((_, index, segments)) => match capture(segments, relative) {
                Some(path_params) => Route::Found {
                    operation: &operations[*index],
                    path_params,
                },
                None => Route::NotFound,
            },
            None => Route::MethodNotAllowed {
                allow: pattern.methods.iter().map(|(known, ..)| *known).collect(),
            },
        }
    }
}

/// One path template. Operations keep their own segments, because two path items may name a parameter differently.
#[derive(Debug)]
struct Pattern {
    segments: Vec<Segment>,
    methods: Vec<(&'static str, usize, Vec<Segment>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Template {
        before: String,
        name: String,
        after: String,
    },
}

fn read_template(path: &str) -> Result<Vec<Segment>, ContractError> {
    let problem = |problem| ContractError::Form {
        pointer: format!("/paths/{}", super::reference::escape(path)),
        problem,
    };
    let relative = path
        .strip_prefix('/')
        .ok_or_else(|| problem("a path begins with a slash"))?;
    let mut segments = Vec::new();
    for text in relative.split('/') {
        let Some((before, rest)) = text.split_once('{') else {
            let literal = decode(text).ok_or_else(|| problem("a path is percent-encoded UTF-8"))?;
            segments.push(Segment::Literal(literal.into_owned()));
            continue;
        };
        let (name, after) = rest
            .split_once('}')
            .ok_or_else(|| problem("a template ends with a brace"))?;
        if name.is_empty() || after.contains('{') {
            return Err(problem("a segment holds one named template at most"));
        }
        segments.push(Segment::Template {
            before: before.to_owned(),
            name: name.to_owned(),
            after: after.to_owned(),
        });
    }
    Ok(segments)
}

/// Literals come first, longer surroundings of a template before shorter ones; the name of a template is no difference.
fn compare(left: &[Segment], right: &[Segment]) -> Ordering {
    let order = |pair: (&Segment, &Segment)| match pair {
        (Segment::Literal(left), Segment::Literal(right)) => left.cmp(right),
        (Segment::Literal(_), Segment::Template { .. }) => Ordering::Less,
        (Segment::Template { .. }, Segment::Literal(_)) => Ordering::Greater,
        (
            Segment::Template {
                before: left_before,
                after: left_after,
                ..
            },
            Segment::Template {
                before: right_before,
                after: right_after,
                ..
            },
        ) => (right_before.len() + right_after.len())
            .cmp(&(left_before.len() + left_after.len()))
            .then_with(|| left_before.cmp(right_before))
            .then_with(|| left_after.cmp(right_after)),
    };
    left.iter()
        .zip(right)
        .map(order)
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn matches(segments: &[Segment], relative: &str) -> bool {
    segments
        .iter()
        .zip(relative.split('/'))
        .all(|(segment, text)| match segment {
            Segment::Literal(literal) => {
                literal == text || (text.contains('%') && decode(text).as_deref() == Some(literal))
            }
            Segment::Template { before, after, .. } => inner(before, after, text).is_some(),
        })
}

/// The parameters of a path that matches, or nothing if one of them is not percent-encoded UTF-8.
fn capture<'c, 'p>(segments: &'c [Segment], relative: &'p str) -> Option<Vec<(&'c str, Cow<'p, str>)>> {
    let mut captured = Vec::new();
    for (segment, text) in segments.iter().zip(relative.split('/')) {
        if let Segment::Template { before, name, after } = segment {
            captured.push((name.as_str(), decode(inner(before, after, text)?)?));
        }
    }
    Some(captured)
}

fn inner<'a>(before: &str, after: &str, text: &'a str) -> Option<&'a str> {
    text.strip_prefix(before)?
        .strip_suffix(after)
        .filter(|inner| !inner.is_empty())
}

/// Decodes once, and only what is well formed: a lone `%` is not passed on as if it meant itself.
pub(super) fn decode(text: &str) -> Option<Cow<'_, str>> {
    let bytes = text.as_bytes();
    let mut escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    let well_formed = escapes.all(|(at, _)| {
        bytes
            .get(at + 1..at + 3)
            .is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
    });
    if well_formed {
        percent_decode_str(text).decode_utf8().ok()
    } else {
        None
    }
}
