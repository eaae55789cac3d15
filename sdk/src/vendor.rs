//! What the clients have to know of a vendor beyond its document: how its refusals speak, and what may be asked twice.

use serde_json::Value;

/// A vendor, as its module describes it.
#[derive(Debug)]
pub(crate) struct Vendor {
    pub(crate) name: &'static str,
    /// The cookie in which the vendor keeps a session.
    pub(crate) cookie: Option<&'static str>,
    /// The operations that are a `POST` and may all the same be asked for twice.
    pub(crate) repeatable_posts: &'static [&'static str],
    /// What a refusal says, whatever the status.
    pub(crate) read_refusal: fn(&Value) -> Told,
}

/// What a refusal says. The vendor's own words: not for a log.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) message: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    /// Members of the request, each with what is wrong with it.
    pub(crate) fields: Vec<(String, String)>,
}

/// The text under a name.
pub(crate) fn text(value: &Value, member: &str) -> Option<String> {
    value.get(member)?.as_str().map(str::to_owned)
}
