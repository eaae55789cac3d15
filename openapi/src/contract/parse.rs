//! Reading a document: paths, operations, parameters, bodies, responses and security.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::operation::{Example, Media, RequestBody};
use super::reference::Located;
use super::route::Router;
use super::schema::{SchemaPart, Schemas};
use super::shape::{Shape, shape};
use super::translate::Direction;
use super::{Alternative, Contract, ContractError, Location, Operation, Parameter, Response, SecurityScheme};

/// The fields of a path item that are operations, and the methods they stand for.
const METHODS: &[(&str, &str)] = &[
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("patch", "PATCH"),
    ("trace", "TRACE"),
];

pub(super) fn contract(document: Value) -> Result<Contract, ContractError> {
    let root = Located::root(&document);
    let openapi = root
        .text("openapi")
        .filter(|version| ["3.0.", "3.1."].iter().any(|known| version.starts_with(known)));
    let openapi = openapi.ok_or(ContractError::Version)?.to_owned();
    let security_schemes = security_schemes(&document)?;
    let mut operations = Vec::new();
    for (path, item) in root
        .get("paths")
        .iter()
        .flat_map(Located::members)
        .filter(|(path, _)| path.starts_with('/'))
    {
        let item = item.resolve(&document)?;
        for (field, method) in METHODS {
            if let Some(located) = item.get(field) {
                operations.push(operation(
                    &document,
                    &item,
                    &located,
                    path,
                    method,
                    &security_schemes,
                )?);
            }
        }
    }
    let mut by_id = HashMap::new();
    for (index, operation) in operations.iter().enumerate() {
        if by_id.insert(operation.id.clone(), index).is_some() {
            return Err(ContractError::DuplicateOperation(operation.id.clone()));
        }
    }
    Ok(Contract {
        title: root
            .get("info")
            .and_then(|info| info.text("title"))
            .unwrap_or_default()
            .to_owned(),
        openapi,
        router: Router::new(&operations)?,
        operations,
        by_id,
        security_schemes,
        schemas: Schemas::new(document),
    })
}

fn operation(
    document: &Value,
    item: &Located<'_>,
    located: &Located<'_>,
    path: &str,
    method: &'static str,
    schemes: &BTreeMap<String, SecurityScheme>,
) -> Result<Operation, ContractError> {
    let root = Located::root(document);
    let id = located
        .text("operationId")
        .map_or_else(|| format!("{method} {path}"), str::to_owned);
    let security = located.get("security").or_else(|| root.get("security"));
    Ok(Operation {
        id,
        method,
        path: path.to_owned(),
        base_path: [located, item, &root]
            .into_iter()
            .find_map(base_path)
            .unwrap_or_default(),
        security: security
            .map(|located| alternatives(&located, schemes))
            .transpose()?
            .unwrap_or_default(),
        parameters: parameters(document, item, located, path)?,
        body: located
            .get("requestBody")
            .map(|body| request_body(document, body))
            .transpose()?,
        responses: responses(document, located)?,
    })
}

/// The path of the first server, its variables at their defaults, without a slash at the end.
fn base_path(holder: &Located<'_>) -> Option<String> {
    let server = holder.get("servers")?.elements().next()?;
    let mut url = server.text("url")?.to_owned();
    for (name, variable) in server.get("variables").iter().flat_map(Located::members) {
        url = url.replace(
            &format!("{{{name}}}"),
            variable.text("default").unwrap_or_default(),
        );
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => &url,
    };
    Some(path.trim_end_matches('/').to_owned())
}

fn security_schemes(document: &Value) -> Result<BTreeMap<String, SecurityScheme>, ContractError> {
    let declared = Located::root(document)
        .get("components")
        .and_then(|components| components.get("securitySchemes"));
    let mut schemes = BTreeMap::new();
    for (name, scheme) in declared.iter().flat_map(Located::members) {
        let scheme = scheme.resolve(document)?;
        let read = match scheme.required_text("type", "a security scheme has a type")? {
            "apiKey" => SecurityScheme::ApiKey {
                location: location(&scheme)?,
                name: scheme.required_text("name", "an API key has a name")?.to_owned(),
            },
            "http" => SecurityScheme::Http {
                scheme: scheme
                    .required_text("scheme", "HTTP authentication has a scheme")?
                    .to_ascii_lowercase(),
            },
            "oauth2" => SecurityScheme::OAuth2,
            "openIdConnect" => SecurityScheme::OpenIdConnect,
            "mutualTLS" => SecurityScheme::MutualTls,
            _ => return Err(scheme.problem("no such type of security scheme")),
        };
        schemes.insert(name.to_owned(), read);
    }
    Ok(schemes)
}

fn alternatives(
    security: &Located<'_>,
    schemes: &BTreeMap<String, SecurityScheme>,
) -> Result<Vec<Alternative>, ContractError> {
    let read = |alternative: Located<'_>| {
        let named = alternative.members().map(|(name, scopes)| {
            if !schemes.contains_key(name) {
                return Err(scopes.problem("this security scheme is not declared"));
            }
            let scopes = scopes
                .elements()
                .filter_map(|scope| scope.value.as_str().map(str::to_owned))
                .collect();
            Ok((name.to_owned(), scopes))
        });
        Ok(Alternative {
            schemes: named.collect::<Result<_, ContractError>>()?,
        })
    };
    security.elements().map(read).collect()
}

fn parameters(
    document: &Value,
    item: &Located<'_>,
    operation: &Located<'_>,
    path: &str,
) -> Result<Vec<Parameter>, ContractError> {
    let mut parameters: Vec<Parameter> = Vec::new();
    // The operation's own come last, and take the place of the path item's.
    for holder in [item, operation] {
        for located in holder.get("parameters").iter().flat_map(Located::elements) {
            let located = located.resolve(document)?;
            let read = parameter(document, &located)?;
            if read.location == Location::Path && !path.contains(&format!("{{{}}}", read.name)) {
                return Err(located.problem("a path parameter stands in the path"));
            }
            parameters.retain(|known| known.location != read.location || known.name != read.name);
            if !is_described_elsewhere(&read) {
                parameters.push(read);
            }
        }
    }
    Ok(parameters)
}

/// OpenAPI lets the body and the security schemes speak for these headers.
fn is_described_elsewhere(parameter: &Parameter) -> bool {
    parameter.location == Location::Header
        && ["accept", "content-type", "authorization"]
            .iter()
            .any(|name| parameter.name.eq_ignore_ascii_case(name))
}

fn parameter(document: &Value, located: &Located<'_>) -> Result<Parameter, ContractError> {
    let location = location(located)?;
    let content = located
        .get("content")
        .and_then(|content| content.members().next());
    let schema = match &content {
        Some((_, media)) => media.get("schema"),
        None => located.get("schema"),
    };
    let shape = match (&content, &schema) {
        (Some((name, _)), _) if is_json(&essence(name)) => Shape::Json,
        (None, Some(schema)) => shape(document, located, location, schema)?,
        _ => Shape::Opaque,
    };
    Ok(Parameter {
        name: located
            .required_text("name", "a parameter has a name")?
            .to_owned(),
        location,
        required: located.is_set("required"),
        allow_empty: located.is_set("allowEmptyValue"),
        shape,
        schema: schema.map(|schema| SchemaPart::new(schema.pointer, Direction::Request)),
    })
}

fn request_body(document: &Value, body: Located<'_>) -> Result<RequestBody, ContractError> {
    let body = body.resolve(document)?;
    Ok(RequestBody {
        required: body.is_set("required"),
        media: media(document, &body, Direction::Request)?,
    })
}

fn responses(document: &Value, operation: &Located<'_>) -> Result<Vec<Response>, ContractError> {
    let mut responses = Vec::new();
    let declared = operation.get("responses");
    for (status, response) in declared
        .iter()
        .flat_map(Located::members)
        .filter(|(key, _)| !key.starts_with("x-"))
    {
        let response = response.resolve(document)?;
        responses.push(Response {
            status: status.to_owned(),
            description: response.text("description").unwrap_or_default().to_owned(),
            headers: response
                .get("headers")
                .iter()
                .flat_map(Located::members)
                .map(|(name, _)| name.to_owned())
                .collect(),
            media: media(document, &response, Direction::Response)?,
        });
    }
    Ok(responses)
}

fn media(document: &Value, holder: &Located<'_>, direction: Direction) -> Result<Vec<Media>, ContractError> {
    let read = |(name, located): (&str, Located<'_>)| {
        Ok(Media {
            name: essence(name).into_owned(),
            example: example(document, &located)?.map(Example::of),
            schema: located
                .get("schema")
                .map(|schema| SchemaPart::new(schema.pointer, direction)),
        })
    };
    holder
        .get("content")
        .iter()
        .flat_map(Located::members)
        .map(read)
        .collect()
}

/// The example of a media type, else the first of its examples, else that of its schema.
fn example<'d>(document: &'d Value, media: &Located<'d>) -> Result<Option<&'d Value>, ContractError> {
    if let Some(example) = media.value.get("example") {
        return Ok(Some(example));
    }
    if let Some((_, first)) = media
        .get("examples")
        .and_then(|examples| examples.members().next())
    {
        return Ok(first.resolve(document)?.value.get("value"));
    }
    let Some(schema) = media.get("schema") else {
        return Ok(None);
    };
    let schema = schema.resolve(document)?.value;
    Ok(schema
        .get("example")
        .or_else(|| schema.get("examples").and_then(|examples| examples.get(0))))
}

fn location(located: &Located<'_>) -> Result<Location, ContractError> {
    let name = located.required_text("in", "it is said where this travels")?;
    Location::from_name(name).ok_or_else(|| located.problem("nothing travels there"))
}

/// A media type in lower case, without its parameters.
pub(super) fn essence(media_type: &str) -> Cow<'_, str> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(essence.to_ascii_lowercase())
    } else {
        Cow::Borrowed(essence)
    }
}

/// Whether a media type without parameters is JSON, under its own name or as the syntax of another.
pub(super) fn is_json(essence: &str) -> bool {
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
