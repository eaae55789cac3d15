//! A vendor's contract: which operation a request is meant for, and whether an exchange keeps to it.

mod operation;
mod parameter;
mod parse;
mod reference;
mod request;
mod response;
mod route;
mod schema;
mod shape;
mod shed;
mod translate;
mod violation;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

use http::HeaderMap;
use serde_json::Value;

pub use operation::{Alternative, Location, Operation, Parameter, Response, SecurityScheme};
pub use violation::{Detail, Place, Violation};

/// An OpenAPI 3.0 or 3.1 document, read once and ready to judge.
pub struct Contract {
    title: String,
    openapi: String,
    operations: Vec<Operation>,
    by_id: HashMap<String, usize>,
    router: route::Router,
    security_schemes: BTreeMap<String, SecurityScheme>,
    schemas: schema::Schemas,
}

impl Contract {
    /// Reads a document in which the overlay has been applied already.
    ///
    /// # Errors
    ///
    /// When the document is neither OpenAPI 3.0 nor 3.1, or contradicts itself.
    pub fn parse(document: Value) -> Result<Contract, ContractError> {
        parse::contract(document)
    }

    /// Compiles every schema now, rather than when it is first needed.
    ///
    /// # Errors
    ///
    /// When a schema is not valid JSON Schema.
    pub fn compile(&self) -> Result<(), ContractError> {
        schema::compile(self)
    }

    /// The title of the document.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The version of OpenAPI that the document is written in.
    pub fn openapi_version(&self) -> &str {
        &self.openapi
    }

    /// Every operation, in the order of the document.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of an id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.by_id.get(id).map(|index| &self.operations[*index])
    }

    /// The security schemes by name.
    pub fn security_schemes(&self) -> impl Iterator<Item = (&str, &SecurityScheme)> {
        self.security_schemes
            .iter()
            .map(|(name, scheme)| (name.as_str(), scheme))
    }

    /// The security scheme of a name.
    pub fn security_scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.security_schemes.get(name)
    }

    /// Finds the operation of a request.
    ///
    /// The path is everything below the host's root, still percent-encoded and without the query.
    /// A literal segment is preferred over a templated one, and the path decides before the method does.
    pub fn find<'c, 'p>(&'c self, method: &str, path: &'p str) -> Route<'c, 'p> {
        self.router.find(&self.operations, method, path)
    }

    /// Says what is wrong with a request. Who sends it is not asked here: security is the caller's to judge.
    ///
    /// Query parameters that are not declared are ignored. Of a body that is not JSON only the media type is looked at.
    ///
    /// # Errors
    ///
    /// With every violation found; there is at least one.
    pub fn check_request(
        &self,
        operation: &Operation,
        request: &RequestView<'_>,
    ) -> Result<(), Vec<Violation>> {
        self.read_request(operation, request).map(|_| ())
    }

    /// Checks a request as [`check_request`](Self::check_request) does, and hands on its body if that is JSON, so that
    /// nobody need read it twice.
    ///
    /// # Errors
    ///
    /// With every violation found; there is at least one.
    pub fn read_request(
        &self,
        operation: &Operation,
        request: &RequestView<'_>,
    ) -> Result<Option<Value>, Vec<Violation>> {
        request::check(&self.schemas, operation, request)
    }

    /// Says what is wrong with a response.
    ///
    /// # Errors
    ///
    /// With every violation found; there is at least one.
    pub fn check_response(
        &self,
        operation: &Operation,
        status: u16,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<(), Vec<Violation>> {
        response::check(&self.schemas, operation, status, content_type, body)
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Contract")
            .field("title", &self.title)
            .field("openapi", &self.openapi)
            .field("operations", &self.operations.len())
            .finish_non_exhaustive()
    }
}

/// What a method and a path lead to.
pub enum Route<'c, 'p> {
    /// An operation.
    Found {
        /// The operation.
        operation: &'c Operation,
        /// Names and percent-decoded values of the path parameters, in the order of the path.
        path_params: Vec<(&'c str, Cow<'p, str>)>,
    },
    /// A path that exists, but not with this method.
    MethodNotAllowed {
        /// The methods it exists with.
        allow: Vec<&'c str>,
    },
    /// No path of the contract.
    NotFound,
}

impl fmt::Debug for Route<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The values are left out: a path may name a key by its plaintext.
            Route::Found { operation, .. } => formatter
                .debug_struct("Found")
                .field("operation", &operation.id())
                .finish_non_exhaustive(),
            Route::MethodNotAllowed { allow } => formatter
                .debug_struct("MethodNotAllowed")
                .field("allow", allow)
                .finish(),
            Route::NotFound => formatter.write_str("NotFound"),
        }
    }
}

/// A request as the contract looks at it. The media type of the body is read from the headers.
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    /// What [`Contract::find`] took out of the path.
    pub path_params: &'a [(&'a str, Cow<'a, str>)],
    /// The query string as it was sent, without the question mark; empty if there was none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body; empty if there was none.
    pub body: &'a [u8],
}

impl fmt::Debug for RequestView<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Query, headers and body may each carry a credential.
        formatter
            .debug_struct("RequestView")
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why a document is no contract.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContractError {
    /// The `openapi` member is missing, or names a version other than 3.0 and 3.1.
    #[error("the document is neither OpenAPI 3.0 nor OpenAPI 3.1")]
    Version,
    /// A part of the document is missing or of another form than OpenAPI gives it.
    #[error("{pointer}: {problem}")]
    Form {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What is the matter.
        problem: &'static str,
    },
    /// A reference leads nowhere, in circles, or out of the document.
    #[error("{pointer}: the reference {target} cannot be followed")]
    Reference {
        /// Where it stands.
        pointer: String,
        /// What it refers to.
        target: String,
    },
    /// Two operations share an id.
    #[error("two operations are called {0}")]
    DuplicateOperation(String),
    /// A schema that JSON Schema does not accept.
    #[error("{pointer}: not a valid schema: {problem}")]
    Schema {
        /// Where it stands.
        pointer: String,
        /// The validator's complaint about the schema.
        problem: String,
    },
}
