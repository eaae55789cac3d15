//! OpenAPI Overlay 1.0: our corrections to a vendor's document, applied to a copy of it.
//!
//! The specification lets an action that matches nothing pass in silence. Here it is an error: such an action corrects
//! something that the vendor has since changed, and somebody must look.

use std::cmp::Reverse;

use anyhow::{Context as _, Result, bail, ensure};
use indexmap::IndexSet;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::document;

/// Applies the overlay's actions in order.
pub fn apply(document: &mut Value, overlay: &Value) -> Result<()> {
    let version = overlay.get("overlay").and_then(Value::as_str).unwrap_or_default();
    ensure!(
        version.starts_with("1.0"),
        "`overlay` must be 1.0.x, it is `{version}`"
    );
    let actions = overlay
        .get("actions")
        .and_then(Value::as_array)
        .context("`actions` is missing")?;
    for (index, action) in actions.iter().enumerate() {
        apply_action(document, action).with_context(|| format!("action /actions/{index}"))?;
    }
    Ok(())
}

fn apply_action(document: &mut Value, action: &Value) -> Result<()> {
    let text = |key| {
        action
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
    };
    let target = text("target").context("`target` is missing")?;
    ensure!(
        text("description").is_some(),
        "`{target}` has no description: say why, and on what ground"
    );

    let path = JsonPath::parse(target).with_context(|| format!("`{target}` is no JSONPath"))?;
    // A place that the path names twice is one place, and the order is the path's own.
    let pointers: IndexSet<String> = path
        .query_located(document)
        .locations()
        .map(|location| location.to_json_pointer())
        .collect();
    ensure!(!pointers.is_empty(), "`{target}` matches nothing in the document");

    let removes = action.get("remove").and_then(Value::as_bool).unwrap_or(false);
    match (removes, action.get("update")) {
        (true, None) => remove(document, pointers),
        (false, Some(update)) => pointers.iter().try_for_each(|pointer| {
            let node = document.pointer_mut(pointer).context("the target moved")?;
            ensure!(
                node.is_object() || node.is_array(),
                "`{target}` selects neither an object nor an array at {pointer}"
            );
            merge(node, update);
            Ok(())
        }),
        (true, Some(_)) => bail!("`{target}` both removes and updates: write two actions"),
        (false, None) => bail!("`{target}` neither removes nor updates"),
    }
}

/// Objects merge key by key, an array takes the value as a further element (or, when the value is an array, its elements),
/// anything else is replaced.
fn merge(node: &mut Value, update: &Value) {
    match (node, update) {
        (Value::Object(node), Value::Object(update)) => {
            for (key, value) in update {
                match node.get_mut(key) {
                    Some(existing) => merge(existing, value),
                    None => {
                        node.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(node), Value::Array(update)) => node.extend(update.iter().cloned()),
        (Value::Array(node), update) => node.push(update.clone()),
        (node, update) => *node = update.clone(),
    }
}

/// Removes from the back, so that the removal of one array element does not shift the next.
fn remove(document: &mut Value, pointers: IndexSet<String>) -> Result<()> {
    let mut pointers: Vec<String> = pointers.into_iter().collect();
    pointers.sort_by_cached_key(|pointer| Reverse(place(pointer)));
    for pointer in pointers {
        let (parent, key) = pointer
            .rsplit_once('/')
            .context("the whole document cannot be removed")?;
        let key = key.replace("~1", "/").replace("~0", "~");
        match document.pointer_mut(parent) {
            Some(Value::Object(object)) => {
                object.shift_remove(&key);
            }
            Some(Value::Array(items)) => {
                items.remove(key.parse::<usize>().context("an array index")?);
            }
            _ => bail!("{} was removed before", document::pointer(parent, key)),
        }
    }
    Ok(())
}

/// The steps that lead to a place, those into an array by number: `/list/10` is behind `/list/9`.
fn place(pointer: &str) -> Vec<(Option<usize>, String)> {
    let steps = pointer.split('/');
    steps.map(|step| (step.parse().ok(), step.to_owned())).collect()
}
