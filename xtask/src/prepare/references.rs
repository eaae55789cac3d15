//! References inside the components: the object behind a parameter, a body or an answer, and where it stands.

use serde_json::Value;

use super::Pass;

/// An object and the pointer to where it is defined.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    pub(super) value: &'a Value,
    pub(super) pointer: String,
    /// The name under which it is shared, if it is a component.
    pub(super) name: Option<String>,
}

impl<'a> Pass<'a> {
    /// Follows `$ref` until there is none.
    pub(super) fn resolve(&mut self, value: &'a Value, at: &str) -> Option<Found<'a>> {
        let mut found = Found {
            value,
            pointer: at.to_owned(),
            name: None,
        };
        for _ in 0..16 {
            let Some(reference) = found.value.get("$ref").and_then(Value::as_str) else {
                return Some(found);
            };
            let Some(pointer) = reference.strip_prefix('#') else {
                self.refuse(
                    &found.pointer,
                    format!("`{reference}` is in another document"),
                    "bundle the document first",
                );
                return None;
            };
            let Some(value) = self.document.pointer(pointer) else {
                self.refuse(
                    &found.pointer,
                    format!("`{reference}` leads nowhere"),
                    "correct it in the overlay",
                );
                return None;
            };
            let name = pointer
                .strip_prefix("/components/")
                .and_then(|rest| rest.split_once('/'))
                .map(|(_, name)| name);
            found = Found {
                value,
                pointer: pointer.to_owned(),
                name: name.filter(|name| !name.contains('/')).map(str::to_owned),
            };
        }
        self.refuse(at, "the reference leads in a circle", "correct it in the overlay");
        None
    }
}
