//! Reads a vendor's document, YAML or JSON, into one JSON value.
//!
//! A typed model would drop every keyword it does not know; here nothing is lost, and the order of keys is kept.

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads the file; the extension decides between JSON and YAML.
pub fn read(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    // Some editors begin a file with a byte order mark, which is no part of the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let value = if is_json {
        parse_json(text)
    } else {
        parse_yaml(text)
    };
    value.with_context(|| format!("parse {}", path.display()))
}

/// Parses JSON text. A key that stands twice is an error, as in YAML: only one of the two could be kept.
pub fn parse_json(text: &str) -> Result<Value> {
    let Distinct(value) = serde_json::from_str(text)?;
    Ok(value)
}

/// A JSON value in which no object has a key twice.
struct Distinct(Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;
        impl<'de> Visitor<'de> for Whole {
            type Value = Distinct;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E>(self) -> Result<Distinct, E> {
                Ok(Distinct(Value::Null))
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Distinct, E> {
                Ok(Distinct(flag.into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Distinct, E> {
                Ok(Distinct(number.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Distinct, E> {
                Ok(Distinct(number.into()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Distinct, E> {
                Ok(Distinct(number.into()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Distinct, E> {
                Ok(Distinct(text.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Distinct, A::Error> {
                let mut list = vec![];
                while let Some(Distinct(item)) = items.next_element()? {
                    list.push(item);
                }
                Ok(Distinct(list.into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Distinct, A::Error> {
                let mut object = Map::new();
                while let Some(key) = members.next_key::<String>()? {
                    if object.contains_key(&key) {
                        return Err(A::Error::custom(format!(
                            "the key `{key}` stands twice in one object"
                        )));
                    }
                    let Distinct(member) = members.next_value()?;
                    object.insert(key, member);
                }
                Ok(Distinct(object.into()))
            }
        }
        deserializer.deserialize_any(Whole)
    }
}

/// Parses YAML text. Mapping keys become strings, as a status such as `201` written without quotes must.
pub fn parse_yaml(text: &str) -> Result<Value> {
    let mut yaml: yaml_serde::Value = yaml_serde::from_str(text)?;
    // `<<` is a word of YAML 1.1 that documents written by hand still use.
    yaml.apply_merge()?;
    to_json(yaml)
}

fn to_json(yaml: yaml_serde::Value) -> Result<Value> {
    use yaml_serde::Value as Yaml;
    Ok(match yaml {
        Yaml::Mapping(mapping) => {
            let mut object = serde_json::Map::new();
            for (key, value) in mapping {
                object.insert(key_text(&key)?, to_json(value)?);
            }
            Value::Object(object)
        }
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(to_json).collect::<Result<_>>()?),
        Yaml::Tagged(tagged) => anyhow::bail!("the YAML tag {} has no meaning in JSON", tagged.tag),
        scalar => serde_json::to_value(scalar)?,
    })
}

fn key_text(key: &yaml_serde::Value) -> Result<String> {
    use yaml_serde::Value as Yaml;
    match key {
        Yaml::String(text) => Ok(text.clone()),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(flag) => Ok(flag.to_string()),
        other => anyhow::bail!("a mapping key is not a scalar: {other:?}"),
    }
}

/// A JSON pointer one step further down, with `~` and `/` escaped.
pub fn pointer(parent: &str, key: impl std::fmt::Display) -> String {
    let key = key.to_string();
    match key.contains(['~', '/']) {
        true => format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1")),
        false => format!("{parent}/{key}"),
    }
}
