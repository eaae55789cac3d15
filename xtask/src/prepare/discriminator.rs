//! Discriminators: the property by which a client tells the branches of a choice apart, and its values.

use serde_json::Value;

use super::text;
use crate::model::Tag;

/// What tells the branches apart; `None` if nothing does, or not every branch has a value of its own.
pub(super) fn tag(document: &Value, schema: &Value, branches: &[Value]) -> Option<Tag> {
    let discriminator = schema.get("discriminator")?;
    let key = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mut values: Vec<Vec<String>> = vec![];
    for branch in branches {
        let reference = text(branch.get("$ref"));
        let mapped = mapping
            .into_iter()
            .flatten()
            .filter(|(_, target)| !reference.is_empty() && target.as_str() == Some(reference))
            .map(|(value, _)| value.clone());
        let mut own: Vec<String> = mapped.collect();
        if own.is_empty() {
            own.extend(constants(document, branch, key, 0));
        }
        if own.is_empty() {
            // Without a mapping it is the name of the schema.
            let name = reference
                .strip_prefix("#/components/schemas/")
                .filter(|name| !name.contains('/'))?;
            own.push(name.replace("~1", "/").replace("~0", "~"));
        }
        own.dedup();
        values.push(own);
    }
    let mut all: Vec<&String> = values.iter().flatten().collect();
    let count = all.len();
    all.sort();
    all.dedup();
    (all.len() == count).then(|| Tag {
        key: key.to_owned(),
        values,
    })
}

/// The only values that the property may have in a branch.
fn constants(document: &Value, branch: &Value, key: &str, depth: usize) -> Vec<String> {
    if depth > 16 {
        return vec![];
    }
    if let Some(target) = branch
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|it| it.strip_prefix('#'))
    {
        let found = document.pointer(target);
        return found.map_or_else(Vec::new, |found| constants(document, found, key, depth + 1));
    }
    let own = branch
        .get("properties")
        .and_then(|properties| properties.get(key)?.get("enum")?.as_array())
        .map(|values| {
            values
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        });
    own.unwrap_or_else(|| {
        let parts = branch.get("allOf").and_then(Value::as_array);
        parts
            .into_iter()
            .flatten()
            .flat_map(|part| constants(document, part, key, depth + 1))
            .collect()
    })
}
