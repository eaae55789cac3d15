//! The closed world: for every kind of object the keywords that OpenAPI 3.0 and 3.1 have, and what stands behind each.
//!
//! A keyword that is not here is refused.

/// The kinds of objects in an OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    Info,
    License,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Header,
    Link,
    Callback,
    Example,
    SecurityScheme,
    Schema,
}

/// What happens to the value behind a keyword.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    /// It stays as it is; what looks like a keyword inside a literal is none.
    Keep,
    /// It is an object of this kind.
    One(Kind),
    /// It is `true`, `false`, or an object of this kind.
    OneOrFlag(Kind),
    /// It maps free names to objects of this kind.
    Each(Kind),
    /// The same, but a name that begins with `x-` is an extension.
    EachOrExtension(Kind),
    /// It lists objects of this kind.
    Lists(Kind),
    /// It goes, by the rule of this name, and these words are lost with it.
    Lost(&'static str, &'static str),
    /// It goes; a rule sees to it and says so.
    ForRule,
    /// Neither version has it.
    Unknown,
}

use Action::{Each, EachOrExtension, ForRule, Keep, Lists, Lost, One, OneOrFlag};

/// Whether a Reference Object may stand in its place. A path item has a `$ref` of its own.
pub(crate) fn may_be_reference(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Parameter
            | Kind::RequestBody
            | Kind::Response
            | Kind::Header
            | Kind::Link
            | Kind::Callback
            | Kind::Example
            | Kind::SecurityScheme
    )
}

/// What the table of `kind` says about `key`.
pub(crate) fn action(kind: Kind, key: &str) -> Action {
    if kind == Kind::Callback {
        return One(Kind::PathItem);
    }
    table(kind)
        .iter()
        .find(|(name, _)| *name == key)
        .map_or(Action::Unknown, |(_, action)| *action)
}

fn table(kind: Kind) -> &'static [(&'static str, Action)] {
    match kind {
        Kind::Document => DOCUMENT,
        Kind::Info => INFO,
        Kind::License => &[("name", Keep), ("url", Keep), ("identifier", ForRule)],
        Kind::Components => COMPONENTS,
        Kind::PathItem => PATH_ITEM,
        Kind::Operation => OPERATION,
        Kind::Parameter => PARAMETER,
        Kind::Header => HEADER,
        Kind::RequestBody => &[
            ("description", Keep),
            ("required", Keep),
            ("content", Each(Kind::MediaType)),
        ],
        Kind::MediaType => MEDIA_TYPE,
        Kind::Encoding => ENCODING,
        Kind::Response => RESPONSE,
        Kind::Link => LINK,
        Kind::Callback => &[],
        Kind::Example => &[
            ("summary", Keep),
            ("description", Keep),
            ("value", Keep),
            ("externalValue", Keep),
        ],
        Kind::SecurityScheme => SECURITY_SCHEME,
        Kind::Schema => SCHEMA,
    }
}

const DOCUMENT: &[(&str, Action)] = &[
    ("openapi", Keep),
    ("info", One(Kind::Info)),
    ("servers", Keep),
    ("paths", EachOrExtension(Kind::PathItem)),
    ("webhooks", Lost("webhooks", "what the vendor sends by itself")),
    ("jsonSchemaDialect", ForRule),
    ("components", One(Kind::Components)),
    ("security", Keep),
    ("tags", Keep),
    ("externalDocs", Keep),
];

const INFO: &[(&str, Action)] = &[
    ("title", Keep),
    ("description", Keep),
    ("termsOfService", Keep),
    ("contact", Keep),
    ("license", One(Kind::License)),
    ("summary", Lost("info-summary", "the text")),
    ("version", Keep),
];

const COMPONENTS: &[(&str, Action)] = &[
    ("schemas", Each(Kind::Schema)),
    ("responses", Each(Kind::Response)),
    ("parameters", Each(Kind::Parameter)),
    ("examples", Each(Kind::Example)),
    ("requestBodies", Each(Kind::RequestBody)),
    ("headers", Each(Kind::Header)),
    ("securitySchemes", Each(Kind::SecurityScheme)),
    ("links", Each(Kind::Link)),
    ("callbacks", Each(Kind::Callback)),
    ("pathItems", ForRule),
];

const PATH_ITEM: &[(&str, Action)] = &[
    ("$ref", ForRule),
    ("summary", Keep),
    ("description", Keep),
    ("get", One(Kind::Operation)),
    ("put", One(Kind::Operation)),
    ("post", One(Kind::Operation)),
    ("delete", One(Kind::Operation)),
    ("options", One(Kind::Operation)),
    ("head", One(Kind::Operation)),
    ("patch", One(Kind::Operation)),
    ("trace", One(Kind::Operation)),
    ("servers", Keep),
    ("parameters", Lists(Kind::Parameter)),
];

const OPERATION: &[(&str, Action)] = &[
    ("tags", Keep),
    ("summary", Keep),
    ("description", Keep),
    ("externalDocs", Keep),
    ("operationId", Keep),
    ("parameters", Lists(Kind::Parameter)),
    ("requestBody", One(Kind::RequestBody)),
    ("responses", EachOrExtension(Kind::Response)),
    ("callbacks", Each(Kind::Callback)),
    ("deprecated", Keep),
    ("security", Keep),
    ("servers", Keep),
];

const PARAMETER: &[(&str, Action)] = &[
    ("name", Keep),
    ("in", Keep),
    ("description", Keep),
    ("required", Keep),
    ("deprecated", Keep),
    ("allowEmptyValue", Keep),
    ("style", Keep),
    ("explode", Keep),
    ("allowReserved", Keep),
    ("schema", One(Kind::Schema)),
    ("example", Keep),
    ("examples", Each(Kind::Example)),
    ("content", Each(Kind::MediaType)),
];

const HEADER: &[(&str, Action)] = &[
    ("description", Keep),
    ("required", Keep),
    ("deprecated", Keep),
    ("allowEmptyValue", Keep),
    ("style", Keep),
    ("explode", Keep),
    ("allowReserved", Keep),
    ("schema", One(Kind::Schema)),
    ("example", Keep),
    ("examples", Each(Kind::Example)),
    ("content", Each(Kind::MediaType)),
];

const MEDIA_TYPE: &[(&str, Action)] = &[
    ("schema", One(Kind::Schema)),
    ("example", Keep),
    ("examples", Each(Kind::Example)),
    ("encoding", Each(Kind::Encoding)),
];

const ENCODING: &[(&str, Action)] = &[
    ("contentType", Keep),
    ("headers", Each(Kind::Header)),
    ("style", Keep),
    ("explode", Keep),
    ("allowReserved", Keep),
];

const RESPONSE: &[(&str, Action)] = &[
    ("description", Keep),
    ("headers", Each(Kind::Header)),
    ("content", Each(Kind::MediaType)),
    ("links", Each(Kind::Link)),
];

const LINK: &[(&str, Action)] = &[
    ("operationRef", Keep),
    ("operationId", Keep),
    ("parameters", Keep),
    ("requestBody", Keep),
    ("description", Keep),
    ("server", Keep),
];

const SECURITY_SCHEME: &[(&str, Action)] = &[
    ("type", Keep),
    ("description", Keep),
    ("name", Keep),
    ("in", Keep),
    ("scheme", Keep),
    ("bearerFormat", Keep),
    ("flows", Keep),
    ("openIdConnectUrl", Keep),
];

const SCHEMA: &[(&str, Action)] = &[
    ("title", Keep),
    ("multipleOf", Keep),
    ("maximum", Keep),
    ("exclusiveMaximum", Keep),
    ("minimum", Keep),
    ("exclusiveMinimum", Keep),
    ("maxLength", Keep),
    ("minLength", Keep),
    ("pattern", Keep),
    ("maxItems", Keep),
    ("minItems", Keep),
    ("uniqueItems", Keep),
    ("maxProperties", Keep),
    ("minProperties", Keep),
    ("required", Keep),
    ("enum", Keep),
    ("type", Keep),
    ("allOf", Lists(Kind::Schema)),
    ("oneOf", Lists(Kind::Schema)),
    ("anyOf", Lists(Kind::Schema)),
    ("not", One(Kind::Schema)),
    ("items", OneOrFlag(Kind::Schema)),
    ("properties", Each(Kind::Schema)),
    ("additionalProperties", OneOrFlag(Kind::Schema)),
    ("description", Keep),
    ("format", Keep),
    ("default", Keep),
    ("nullable", Keep),
    ("discriminator", Keep),
    ("readOnly", Keep),
    ("writeOnly", Keep),
    ("xml", Keep),
    ("externalDocs", Keep),
    ("example", Keep),
    ("deprecated", Keep),
    // Rewritten by rules once what stands behind them is lowered.
    ("prefixItems", Lists(Kind::Schema)),
    ("patternProperties", Each(Kind::Schema)),
    // Read by rules, as they stand.
    ("$ref", ForRule),
    ("$dynamicRef", ForRule),
    ("$recursiveRef", ForRule),
    ("$defs", ForRule),
    ("definitions", ForRule),
    ("$id", ForRule),
    ("$anchor", ForRule),
    ("$dynamicAnchor", ForRule),
    ("$recursiveAnchor", ForRule),
    ("$schema", ForRule),
    ("$comment", ForRule),
    ("const", ForRule),
    ("examples", ForRule),
    ("contentEncoding", ForRule),
    ("contentMediaType", ForRule),
    ("contentSchema", ForRule),
    ("if", ForRule),
    ("then", ForRule),
    ("else", ForRule),
    ("dependentRequired", ForRule),
    ("dependentSchemas", ForRule),
    ("dependencies", ForRule),
    ("propertyNames", ForRule),
    ("contains", ForRule),
    ("minContains", ForRule),
    ("maxContains", ForRule),
    ("unevaluatedProperties", ForRule),
    ("unevaluatedItems", ForRule),
];
