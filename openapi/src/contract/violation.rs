//! What is wrong with an exchange, said without repeating anything that was in it.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Number, Value};

/// One point where a request or a response leaves its contract.
///
/// Neither the message nor the detail holds a value of the instance: a body may carry a plaintext key.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// The id of the operation.
    pub operation: String,
    /// The part of the exchange.
    pub place: Place,
    /// In a body the JSON pointer of the offending value, elsewhere the name of the parameter; empty for the whole.
    pub pointer: String,
    /// The JSON Schema keyword, or one of ours: `json`, `mediaType`, `status`, `body`, `encoding`, `schema`.
    pub rule: Cow<'static, str>,
    /// What would have been right, as a fragment without a full stop.
    pub message: String,
    /// The limits behind the message, for those who word their own.
    pub detail: Detail,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.operation, self.place)?;
        if !self.pointer.is_empty() {
            write!(formatter, " {}", self.pointer)?;
        }
        write!(formatter, ": {}: {}", self.rule, self.message)
    }
}

impl std::error::Error for Violation {}

/// The part of an exchange in which a violation was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A path parameter.
    Path,
    /// A query parameter.
    Query,
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
    /// The body.
    Body,
    /// The status of a response.
    Status,
    /// The `Content-Type`.
    MediaType,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
            Place::Body => "body",
            Place::Status => "status",
            Place::MediaType => "media type",
        })
    }
}

/// The schema's side of a violation: what was asked for, never what was given.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// The rule says it all.
    None,
    /// `required`: the name of the missing property.
    Required {
        /// The missing property.
        property: String,
    },
    /// `type`: the JSON types that would do.
    Type {
        /// Names as JSON Schema writes them, such as `integer`.
        expected: Vec<&'static str>,
    },
    /// `enum` or `const`: the values that would do.
    Allowed {
        /// The listed values.
        values: Vec<Value>,
    },
    /// `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`.
    Bound {
        /// The number in the schema.
        limit: Number,
    },
    /// `minLength`, `maxLength`, `minItems`, `maxItems`, `minProperties`, `maxProperties`.
    Size {
        /// The number in the schema.
        limit: u64,
    },
    /// `pattern`.
    Pattern {
        /// The regular expression in the schema.
        pattern: String,
    },
    /// `format`.
    Format {
        /// The name of the format.
        format: String,
    },
    /// `additionalProperties` or `unevaluatedProperties`: how many properties are not declared. Their names stay unsaid.
    Unexpected {
        /// The number of properties.
        count: usize,
    },
    /// `anyOf` or `oneOf`: what each of the alternatives holds against the value.
    Alternatives {
        /// One list for each alternative, in the order of the schema.
        violations: Vec<Vec<Violation>>,
    },
    /// `mediaType` or `status`: the declared ones.
    Declared {
        /// Media types or status keys, as the contract writes them.
        choices: Vec<String>,
    },
}
