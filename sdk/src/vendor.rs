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

/// The message under a name: a text, or several of them, which some frameworks write as a list.
pub(crate) fn message(value: &Value, member: &str) -> Option<String> {
    let texts = texts(value.get(member)?);
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// What an object says about members of the request: a text or a list of texts for each.
pub(crate) fn by_member(value: Option<&Value>) -> Vec<(String, String)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    let pairs = members.flat_map(|(member, messages)| {
        let messages = texts(messages).into_iter();
        messages.map(move |message| (member.clone(), message.to_owned()))
    });
    pairs.collect()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    }
}

/// The text under a name.
pub(crate) fn text(value: &Value, member: &str) -> Option<String> {
    value.get(member)?.as_str().map(str::to_owned)
}
