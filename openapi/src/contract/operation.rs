//! An operation of a contract, and the parts it is made of.

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;

use super::schema::SchemaPart;
use super::shape::Shape;

/// One method on one path.
#[derive(Debug)]
pub struct Operation {
    pub(super) id: String,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) base_path: String,
    pub(super) security: Vec<Alternative>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<RequestBody>,
    pub(super) responses: Vec<Response>,
}

impl Operation {
    /// The `operationId`; for a document without them the method and the path.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The method, in capitals.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// The path template as the document writes it, without the server's own path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path of the server that the operation lives on, such as `/api/v1`; empty at the root of the host.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// The path template below the host's root.
    pub fn full_path(&self) -> String {
        format!("{}{}", self.base_path, self.path)
    }

    /// The ways to be let in, any one of which is enough; none at all means that the operation is public.
    pub fn security(&self) -> &[Alternative] {
        &self.security
    }

    /// The declared parameters, those of the path item included.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The declared media types of the request body; empty where no body is declared.
    pub fn request_media_types(&self) -> impl Iterator<Item = &str> {
        self.body
            .iter()
            .flat_map(|body| body.media.iter())
            .map(|media| media.name.as_str())
    }

    /// Whether a request without a body leaves the contract.
    pub fn is_body_required(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.required)
    }

    /// The first example of a request body.
    pub fn example_request(&self) -> Option<&Value> {
        self.body
            .as_ref()?
            .media
            .iter()
            .find_map(|media| media.example.as_ref())
            .map(Example::value)
    }

    /// The declared responses, in the order of the document.
    pub fn responses(&self) -> &[Response] {
        &self.responses
    }

    /// The keys of the declared responses: statuses, ranges such as `4XX`, or `default`.
    pub fn declared_statuses(&self) -> impl Iterator<Item = &str> {
        self.responses.iter().map(Response::status)
    }

    /// The response that speaks for a status: the exact one, else its range, else the default.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let exact = status.to_string();
        let find =
            |wanted: &dyn Fn(&str) -> bool| self.responses.iter().find(|response| wanted(&response.status));
        find(&|key| key == exact)
            .or_else(|| find(&|key| is_range_of(key, status)))
            .or_else(|| find(&|key| key == "default"))
    }

    /// The first example of the response to a status.
    pub fn example_response(&self, status: u16) -> Option<&Value> {
        self.response(status)?
            .media
            .iter()
            .find_map(|media| media.example.as_ref())
            .map(Example::value)
    }
}

/// One way to be let in: every scheme named here has to be satisfied; no scheme means that nobody is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    pub(super) schemes: Vec<(String, Vec<String>)>,
}

impl Alternative {
    /// The names of the schemes, each with the scopes it must carry.
    pub fn schemes(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.schemes
            .iter()
            .map(|(name, scopes)| (name.as_str(), scopes.as_slice()))
    }
}

/// How a credential is presented.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecurityScheme {
    /// A key in a header, a query parameter or a cookie.
    ApiKey {
        /// Where the key travels.
        location: Location,
        /// The name of the header, parameter or cookie.
        name: String,
    },
    /// The `Authorization` header.
    Http {
        /// The scheme in lower case, such as `bearer`.
        scheme: String,
    },
    /// OAuth 2.
    OAuth2,
    /// OpenID Connect.
    OpenIdConnect,
    /// A client certificate.
    MutualTls,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

impl Location {
    pub(super) fn from_name(name: &str) -> Option<Location> {
        match name {
            "path" => Some(Location::Path),
            "query" => Some(Location::Query),
            "header" => Some(Location::Header),
            "cookie" => Some(Location::Cookie),
            _ => None,
        }
    }
}

/// A declared parameter.
#[derive(Debug)]
pub struct Parameter {
    pub(super) name: String,
    pub(super) location: Location,
    pub(super) required: bool,
    pub(super) allow_empty: bool,
    pub(super) shape: Shape,
    pub(super) schema: Option<SchemaPart>,
}

impl Parameter {
    /// The name as the document writes it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it travels.
    pub fn location(&self) -> Location {
        self.location
    }

    /// Whether a request without it leaves the contract.
    pub fn is_required(&self) -> bool {
        self.required
    }
}

#[derive(Debug)]
pub(super) struct RequestBody {
    pub(super) required: bool,
    pub(super) media: Vec<Media>,
}

/// A declared response.
#[derive(Debug)]
pub struct Response {
    pub(super) status: String,
    pub(super) description: String,
    pub(super) headers: Vec<String>,
    pub(super) media: Vec<Media>,
}

impl Response {
    /// Its key: a status, a range such as `4XX`, or `default`.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The document's description of it.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The names of the declared headers.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(String::as_str)
    }

    /// The declared media types; empty where the response has no body.
    pub fn media_types(&self) -> impl Iterator<Item = &str> {
        self.media.iter().map(|media| media.name.as_str())
    }
}

/// One media type of a body.
pub(super) struct Media {
    /// In lower case and without parameters.
    pub(super) name: String,
    pub(super) schema: Option<SchemaPart>,
    pub(super) example: Option<Example>,
}

/// An example, as text until somebody asks for it: a tree takes many times the room, and hardly anybody asks.
pub(super) struct Example {
    text: Box<str>,
    value: OnceLock<Value>,
}

impl Example {
    pub(super) fn of(value: &Value) -> Example {
        Example {
            text: value.to_string().into_boxed_str(),
            value: OnceLock::new(),
        }
    }

    fn value(&self) -> &Value {
        self.value
            .get_or_init(|| serde_json::from_str(&self.text).unwrap_or_default())
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Examples are left out: a vendor's example of a key looks like a key.
        formatter
            .debug_struct("Media")
            .field("name", &self.name)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

/// Whether a key such as `4XX` covers a status.
pub(super) fn is_range_of(key: &str, status: u16) -> bool {
    let bytes = key.as_bytes();
    bytes.len() == 3
        && bytes[1..].eq_ignore_ascii_case(b"XX")
        && bytes[0].is_ascii_digit()
        && u16::from(bytes[0] - b'0') == status / 100
}
