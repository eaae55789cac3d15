//! What a refusal says, read from the members in which APIs usually tell it. A document declares the form of an error, not
//! which of its members is for people.

use serde_json::Value;

use crate::vendor::{Told, text};

/// Problem details (RFC 9457), OAuth errors (RFC 6749, 5.2), and bodies that keep everything in `error`.
pub(crate) fn read(body: &Value) -> Told {
    let inner = body.get("error").filter(|error| error.is_object()).unwrap_or(body);
    let first = |members: &[&str]| {
        let places = members.iter().flat_map(|member| [inner, body].map(|place| (place, *member)));
        places.into_iter().find_map(|(place, member)| text(place, member))
    };
    Told {
        message: first(&["message", "detail", "error_description", "title"]).or_else(|| text(body, "error")),
        code: first(&["code"])
            .or_else(|| inner.get("code")?.as_i64().map(|code| code.to_string()))
            .or_else(|| first(&["error", "type"])),
        request_id: first(&["request_id", "requestId"]),
        fields: vec![],
    }
}
