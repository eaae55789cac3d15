//! What a lowering says for itself: what it rewrote, what was lost on the way, and what it refuses.

use std::fmt;

use serde_json::{Value, json};

/// One rewriting.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Note {
    /// Where, in the document that was read.
    pub pointer: String,
    /// The rule that did it.
    pub rule: &'static str,
    /// What of the document's meaning is gone.
    pub loss: Loss,
}

/// What a rewriting costs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Loss {
    /// Nothing: the same is said in other words.
    None,
    /// Words that judge no value: a text, an annotation, a part of the document.
    Words(String),
    /// A restriction: values fit that did not before; none that fitted is refused.
    Wider(String),
    /// A permission: values that fitted are refused.
    Narrower(String),
}

impl Loss {
    /// The loss of these words, or none if there are none.
    pub fn of_words(text: &str) -> Self {
        match text.is_empty() {
            true => Self::None,
            false => Self::Words(text.to_owned()),
        }
    }

    /// What it is called in a report; empty if nothing is lost.
    pub fn label(&self) -> &'static str {
        match self {
            Self::None => "",
            Self::Words(_) => "lost",
            Self::Wider(_) => "wider",
            Self::Narrower(_) => "narrower",
        }
    }

    /// What is gone; empty if nothing is.
    pub fn text(&self) -> &str {
        match self {
            Self::None => "",
            Self::Words(text) | Self::Wider(text) | Self::Narrower(text) => text,
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, rule, loss } = self;
        match loss {
            Loss::None => write!(f, "{rule}  {pointer}"),
            _ => write!(f, "{rule}  {pointer}  {}: {}", loss.label(), loss.text()),
        }
    }
}

/// A construct that no rule covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where, in the document that was read.
    pub pointer: String,
    /// Why it cannot be carried over.
    pub reason: String,
    /// What to do about it.
    pub cure: String,
    /// The action of an overlay that does it, ready to be pasted.
    pub action: Option<Value>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pointer,
            reason,
            cure,
            action,
        } = self;
        let place = if pointer.is_empty() {
            "the document"
        } else {
            pointer
        };
        write!(f, "{place}: {reason}; {cure}")?;
        let Some(action) = action else { return Ok(()) };
        let yaml = yaml_serde::to_string(&json!([action])).map_err(|_| fmt::Error)?;
        write!(f, ":")?;
        yaml.lines().try_for_each(|line| write!(f, "\n    {line}"))
    }
}

/// What an overlay would do about a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fix {
    /// Remove what stands at this pointer.
    Remove(String),
    /// Merge this into what stands at this pointer.
    Update(String, Value),
    /// Nothing that could be written down without knowing more.
    Unknown,
}

impl Fix {
    /// The action, its target as a JSONPath into the document that was read.
    pub(crate) fn action(&self, source: &Value, reason: &str) -> Option<Value> {
        let (pointer, what, change) = match self {
            Self::Remove(pointer) if !pointer.is_empty() => (pointer, "remove", json!(true)),
            Self::Update(pointer, value) => (pointer, "update", value.clone()),
            Self::Remove(_) | Self::Unknown => return None,
        };
        Some(json!({ "target": json_path(source, pointer)?, "description": reason, what: change }))
    }
}

/// The JSONPath of a place that a pointer names; `None` if there is no such place.
fn json_path(source: &Value, pointer: &str) -> Option<String> {
    let mut path = "$".to_owned();
    let mut here = source;
    for step in pointer.split('/').skip(1) {
        let key = step.replace("~1", "/").replace("~0", "~");
        match here {
            Value::Array(items) => {
                let index: usize = key.parse().ok()?;
                here = items.get(index)?;
                path.push_str(&format!("[{index}]"));
            }
            _ => {
                here = here.get(&key)?;
                path.push_str(&member(&key));
            }
        }
    }
    Some(path)
}

/// `.name` where a name needs no quotes, `['name']` where it does.
fn member(key: &str) -> String {
    let is_plain = !key.starts_with(|first: char| first.is_ascii_digit())
        && !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_plain {
        return format!(".{key}");
    }
    let mut quoted = String::new();
    for letter in key.chars() {
        match letter {
            '\'' | '\\' => quoted.extend(['\\', letter]),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    format!("['{quoted}']")
}
