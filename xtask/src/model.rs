//! What generation knows about an API once the document is understood: types and operations, without JSON and without Rust
//! tokens. [`crate::prepare`] fills it, [`crate::facade`] and [`crate::progenitor`] read it.

use indexmap::IndexMap;

/// An API as its client will show it.
#[derive(Debug, Clone)]
pub struct Api {
    /// The title of the document.
    pub title: String,
    /// What the document says of itself.
    pub docs: String,
    /// The root of the first server, as in `https://api.acme.test`, where the document names one.
    pub server: Option<String>,
    /// The path that every operation's path is appended to, such as `/api/v1`; empty for none.
    pub server_path: String,
    /// The types by their Rust names, in the order of the document.
    pub types: IndexMap<String, Definition>,
    /// The operations in the order of the document.
    pub operations: Vec<Operation>,
    /// The credentials that some operation asks for, in the order of the document.
    pub credentials: Vec<Credential>,
}

/// A named type.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Where the document defines it.
    pub pointer: String,
    /// The vendor's prose.
    pub docs: String,
    /// Where it is met, in words.
    pub met: String,
    /// What it is.
    pub shape: Shape,
    /// What tells the branches of a choice apart, where the document says it.
    pub tag: Option<Tag>,
    /// Whether requests hold it.
    pub sent: bool,
    /// Whether answers hold it.
    pub received: bool,
}

/// The property that tells which branch of a choice an object is.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its name on the wire.
    pub key: String,
    /// Its values for each branch, in the order of the branches.
    pub values: Vec<Vec<String>>,
}

/// What a named type is.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object with known properties.
    Struct(Struct),
    /// A string that is one of the known values, or a later one.
    OpenEnum(Vec<Variant>),
    /// A value of one of several JSON types, or something else.
    Union(Vec<(String, Ty)>),
}

/// An object with known properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    /// The properties in the order of the document.
    pub fields: Vec<Field>,
    /// The type of further properties, where the document describes them.
    pub further: Option<Ty>,
}

/// One known value of a string.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The Rust name.
    pub name: String,
    /// The text on the wire.
    pub value: String,
}

/// A property of an object, or a part of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub key: String,
    /// The Rust name.
    pub name: String,
    /// The vendor's prose and what else is documented.
    pub docs: String,
    /// The type of a value that is there.
    pub ty: Ty,
    /// Whether the document demands it.
    pub required: bool,
    /// Whether the document allows `null`.
    pub nullable: bool,
    /// Whether a request tells `null` from nothing, as one that changes a record must.
    pub null_apart: bool,
    /// The default that the vendor documents, as JSON. It is told, never sent.
    pub default: Option<String>,
    /// What a value in a request must keep to.
    pub rules: Rules,
    /// Whether the type contains itself here and needs a box.
    pub boxed: bool,
}

/// A type in a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Ty {
    /// A text.
    String,
    /// A text that must not be printed.
    Secret,
    /// A date and time, kept as the vendor wrote it.
    Timestamp,
    /// A file in a form.
    Upload,
    /// A body that is not JSON.
    Bytes,
    /// A signed integer.
    Integer,
    /// An integer that may pass the largest signed one.
    Unsigned,
    /// Any number.
    Number,
    /// A flag.
    Boolean,
    /// Any JSON value.
    Json,
    /// Any JSON object.
    JsonObject,
    /// A list; its items may be `null`.
    Array(Box<Ty>),
    /// An object with free keys.
    Map(Box<Ty>),
    /// A value or `null`, inside a list or a map.
    Nullable(Box<Ty>),
    /// A choice that would hold itself without a box.
    Boxed(Box<Ty>),
    /// A type of [`Api::types`].
    Named(String),
}

impl Ty {
    /// Whether a value is a secret, or a list or a map of them.
    pub(crate) fn is_secret(&self) -> bool {
        match self {
            Self::Secret => true,
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) | Self::Boxed(inner) => {
                inner.is_secret()
            }
            _ => false,
        }
    }
}

/// The limits a document sets on a value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// At least this number.
    pub minimum: Option<serde_json::Number>,
    /// More than `minimum`, not equal to it.
    pub exclusive_minimum: bool,
    /// At most this number.
    pub maximum: Option<serde_json::Number>,
    /// Less than `maximum`, not equal to it.
    pub exclusive_maximum: bool,
    /// At least as many characters.
    pub min_length: Option<u64>,
    /// At most as many characters.
    pub max_length: Option<u64>,
    /// At least as many items.
    pub min_items: Option<u64>,
    /// At most as many items.
    pub max_items: Option<u64>,
    /// No item twice.
    pub unique_items: bool,
    /// A UUID.
    pub uuid: bool,
    /// One of these numbers, if there are any.
    pub numbers: Vec<serde_json::Number>,
    /// A regular expression of ECMA-262.
    pub pattern: Option<String>,
    /// What the items of a list or the values of a map keep to.
    pub items: Option<Box<Rules>>,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The id in the document.
    pub id: String,
    /// The name of the method, which is also the id that hooks are told.
    pub method_name: String,
    /// Where the document defines it.
    pub pointer: String,
    /// The HTTP method in lower case.
    pub verb: String,
    /// The path template.
    pub path: String,
    /// The vendor's prose.
    pub docs: String,
    /// The page that tells of it, where the document names one.
    pub source: Option<String>,
    /// The parameters in the order of the document.
    pub parameters: Vec<Parameter>,
    /// The body that progenitor's method takes.
    pub body: Option<Body>,
    /// The form that is offered beside the body, or instead of it.
    pub form: Option<String>,
    /// The answers that are a success.
    pub success: Vec<Answer>,
    /// The answers that are an error, in the order in which a status is matched.
    pub errors: Vec<Answer>,
    /// The media types that its client understands, as `Accept` says it.
    pub accept: String,
    /// The kinds of credentials it takes; none if it is public.
    pub security: Vec<Scheme>,
    /// The names of the types that are made for it alone.
    pub names: OwnNames,
}

/// The names of the types that are made for one operation.
#[derive(Debug, Clone, Default)]
pub struct OwnNames {
    /// The struct of the optional parameters.
    pub parameters: String,
    /// The enum of the errors.
    pub error: String,
    /// The enum of the successes, where there are several.
    pub success: String,
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// How it travels.
    pub media: BodyMedia,
    /// Its type.
    pub ty: Ty,
    /// What it must keep to, beyond what its type says.
    pub rules: Rules,
    /// Its media type, where progenitor would send another, or cannot send it at all.
    pub content_type: Option<String>,
}

/// How a request body travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyMedia {
    /// As JSON.
    Json,
    /// As a form of keys and values.
    UrlEncoded,
    /// As a form in which lists and objects stand, some of them in a style of their own.
    StyledForm(Vec<(String, Style)>),
    /// As plain text, whatever the document says of it.
    Text,
    /// As it is.
    Bytes,
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name, type and rules.
    pub field: Field,
    /// Where it travels.
    pub place: Place,
    /// How its parts are joined where it has parts, in a path, a header or a cookie.
    pub joint: Style,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query; a list repeats its name.
    Query,
    /// In the query; a list is joined by commas.
    QueryJoined,
    /// In the query, written by the runtime.
    Styled(Style),
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// How the runtime writes what is no simple value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A list repeats its key, the members of an object stand under their own names.
    Form,
    /// Joined by commas.
    Joined,
    /// Joined by commas, the members of an object as `name=value`.
    Pairs,
    /// Joined by blanks.
    Spaces,
    /// Joined by `|`.
    Pipes,
    /// `key[name]=value`.
    Deep,
    /// As JSON.
    Json,
}

/// One answer of an operation.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Which statuses it stands for.
    pub status: Status,
    /// The name of its variant.
    pub variant: String,
    /// The vendor's prose.
    pub docs: String,
    /// The type of its body, if it has one.
    pub ty: Option<Ty>,
}

/// Which statuses an answer stands for. The order is the one in which a status is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One.
    Exact(u16),
    /// A hundred, by the first digit.
    Range(u16),
    /// Every other.
    Default,
}

/// A kind of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// A key in a header of its own or in the query.
    ApiKey,
    /// The header `Authorization`.
    Authorization,
    /// A cookie.
    Cookie,
}

/// A credential that operations ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// What the document calls its scheme.
    pub key: String,
    /// The Rust name.
    pub name: String,
    /// The vendor's prose.
    pub docs: String,
    /// How it travels.
    pub form: CredentialForm,
    /// Whether some operation asks for it beside another.
    pub beside: bool,
}

/// How a credential travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialForm {
    /// In a header, in lower case.
    Header(String),
    /// In `Authorization`, after this scheme and a blank.
    Authorization(String),
    /// In `Authorization`, a name and a password in Base64.
    Basic,
    /// In the query, under this name.
    Query(String),
    /// In a cookie of this name.
    Cookie(String),
}

impl CredentialForm {
    /// Its kind.
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::Header(_) | Self::Query(_) => Scheme::ApiKey,
            Self::Authorization(_) | Self::Basic => Scheme::Authorization,
            Self::Cookie(_) => Scheme::Cookie,
        }
    }
}
