//! What the generated types lean on: enums that a new value does not break, lists that may be `null`, parts of forms.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::Upload;

/// A value that the vendor's document did not know.
///
/// Its text is told by the `as_str` of the enum that holds it. Matching on the text here would stop working on the day the
/// value becomes a variant of its own, so it cannot be matched.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What every open enum has beside its variants: it is read from any text, and written as its own.
macro_rules! text_enum {
    ($name:ident) => {
        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
                Ok(Self::from(value))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <::std::borrow::Cow<'_, str> as ::serde::Deserialize>::deserialize(deserializer)?;
                Ok(Self::from(value.as_ref()))
            }
        }
    };
}
pub(crate) use text_enum;

/// For `#[serde(deserialize_with)]`: a list that must be there and is `null` is an empty one.
pub(crate) fn null_is_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// For `#[serde(deserialize_with)]`: a number, however it is written. JSON does not tell 7 from 7.0, and .NET's documents
/// allow a number as text; neither may cost the answer.
pub(crate) fn number<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    number_in(&Value::deserialize(deserializer)?).ok_or_else(|| serde::de::Error::custom("not a number"))
}

/// [`number`] for an optional field.
pub(crate) fn number_option<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        value => match number_in(&value) {
            Some(number) => Ok(Some(number)),
            None => Err(serde::de::Error::custom("not a number")),
        },
    }
}

/// For `#[serde(deserialize_with)]`: a value or `null`, which are both there. What is not there is `None` by default.
#[allow(
    dead_code,
    reason = "no vendor of this crate has such properties; other documents do"
)]
pub(crate) fn value_or_null<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// [`number_option`] that tells `null` from nothing.
#[allow(
    dead_code,
    reason = "no vendor of this crate has such properties; other documents do"
)]
pub(crate) fn number_or_null<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    number_option(deserializer).map(Some)
}

/// For `Serialize` of a choice that a property tells apart: the branch with one of its values in that property, which the
/// document need not declare, nor a caller know of.
#[allow(
    dead_code,
    reason = "no vendor of this crate has such choices; other documents do"
)]
pub(crate) fn tagged<S: Serializer>(
    branch: &impl Serialize,
    key: &str,
    values: &[&str],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut branch = serde_json::to_value(branch).map_err(serde::ser::Error::custom)?;
    if let (Value::Object(members), Some(first)) = (&mut branch, values.first()) {
        let told = members.get(key).and_then(Value::as_str);
        if !told.is_some_and(|told| values.contains(&told)) {
            members.insert(key.to_owned(), Value::from(*first));
        }
    }
    branch.serialize(serializer)
}

fn number_in<T: DeserializeOwned>(value: &Value) -> Option<T> {
    let number = match value {
        Value::Number(number) => number.clone(),
        Value::String(text) => serde_json::from_str(text).ok()?,
        _ => return None,
    };
    if let Ok(number) = T::deserialize(&number) {
        return Some(number);
    }
    // Beyond this a double no longer tells neighbouring integers apart.
    let whole = number
        .as_f64()
        .filter(|number| number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0)?;
    T::deserialize(&serde_json::Number::from(whole as i64)).ok()
}

/// Whether a text is a UUID in its usual form, as `f47ac10b-58cc-4372-a567-0e02b2c3d479`.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups = text
        .split('-')
        .map(|group| (group.len(), group.bytes().all(|byte| byte.is_ascii_hexdigit())));
    groups.eq([(8, true), (4, true), (4, true), (4, true), (12, true)])
}

/// A file as a part of a form; `None` if its content type is no media type. Forms are compiled only where some vendor takes
/// them.
#[cfg(feature = "forms")]
pub(crate) fn file_part(upload: Upload) -> Option<reqwest::multipart::Part> {
    let Upload {
        bytes,
        file_name,
        content_type,
    } = upload;
    let length = bytes.len() as u64;
    reqwest::multipart::Part::stream_with_length(bytes, length)
        .file_name(file_name)
        .mime_str(&content_type)
        .ok()
}

/// A part of a form that is no simple value: a text as it is, anything else as JSON, which it says of itself.
#[cfg(feature = "forms")]
pub(crate) fn value_part(value: &impl Serialize) -> reqwest::multipart::Part {
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
    use reqwest::multipart::Part;
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => Part::text(text),
        Ok(other) => {
            let json = HeaderValue::from_static("application/json");
            Part::text(other.to_string()).headers(HeaderMap::from_iter([(CONTENT_TYPE, json)]))
        }
        Err(_) => Part::text(""),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
    struct Change {
        #[serde(
            default,
            deserialize_with = "value_or_null",
            skip_serializing_if = "Option::is_none"
        )]
        name: Option<Option<String>>,
        #[serde(
            default,
            deserialize_with = "number_or_null",
            skip_serializing_if = "Option::is_none"
        )]
        due: Option<Option<i64>>,
    }

    #[test]
    fn null_is_told_from_nothing_both_ways() {
        for (change, text) in [
            (Change::default(), json!({})),
            (
                Change {
                    name: Some(None),
                    due: Some(Some(7)),
                },
                json!({ "name": null, "due": 7 }),
            ),
        ] {
            assert_eq!(serde_json::to_value(&change).unwrap(), text);
            assert_eq!(serde_json::from_value::<Change>(text).unwrap(), change);
        }
    }

    #[test]
    fn a_branch_says_what_it_is_even_where_it_does_not_know() {
        let told =
            |branch: Value| tagged(&branch, "kind", &["cat", "lion"], serde_json::value::Serializer).unwrap();
        assert_eq!(told(json!({ "lives": 9 })), json!({ "lives": 9, "kind": "cat" }));
        assert_eq!(told(json!({ "kind": "dog" })), json!({ "kind": "cat" }));
        assert_eq!(told(json!({ "kind": "lion" })), json!({ "kind": "lion" }));
    }

    #[derive(Clone, Debug, PartialEq)]
    enum Status {
        Active,
        Unknown(UnknownValue),
    }

    impl Status {
        fn as_str(&self) -> &str {
            match self {
                Self::Active => "active",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for Status {
        fn from(value: &str) -> Self {
            match value {
                "active" => Self::Active,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    text_enum!(Status);

    #[test]
    fn a_value_nobody_knew_is_kept_as_it_was() {
        let status: Status = serde_json::from_str("\"fro\\u007aen\"").unwrap();
        assert_eq!(status.as_str(), "frozen");
        assert_eq!(serde_json::to_string(&status).unwrap(), "\"frozen\"");
        assert_eq!("active".parse(), Ok(Status::Active));
    }

    #[test]
    fn a_list_that_is_null_is_empty() {
        #[derive(Deserialize)]
        struct Page {
            #[serde(deserialize_with = "null_is_empty")]
            items: Vec<i64>,
        }
        assert!(
            serde_json::from_str::<Page>(r#"{"items": null}"#)
                .unwrap()
                .items
                .is_empty()
        );
        assert!(serde_json::from_str::<Page>("{}").is_err());
    }

    #[test]
    fn a_number_is_read_however_it_is_written() {
        #[derive(Debug, Deserialize)]
        struct Counted {
            #[serde(deserialize_with = "number")]
            id: i64,
            #[serde(default, deserialize_with = "number_option")]
            rate: Option<f64>,
        }
        let read = |id: &str, rate: &str| {
            serde_json::from_str::<Counted>(&format!(r#"{{"id": {id}, "rate": {rate}}}"#))
                .map(|counted| (counted.id, counted.rate))
        };
        assert_eq!(read("7", "1.5").unwrap(), (7, Some(1.5)));
        assert_eq!(read("\"-7\"", "\"1.5\"").unwrap(), (-7, Some(1.5)));
        assert_eq!(read("7.0", "2").unwrap(), (7, Some(2.0)));
        assert_eq!(read("9223372036854775807", "null").unwrap(), (i64::MAX, None));
        for odd in ["\"\"", "\"seven\"", "7.5", "1e300", "null", "true", "[7]"] {
            assert!(read(odd, "1").is_err(), "{odd}");
        }
        assert!(read("1", "\"much\"").is_err());
        assert_eq!(
            serde_json::from_str::<Counted>(r#"{"id": 1}"#).unwrap().rate,
            None
        );
    }

    #[test]
    fn a_uuid_has_five_groups_of_hexadecimal_digits() {
        assert!(is_uuid("f47ac10b-58cc-4372-A567-0e02b2c3d479"));
        for other in [
            "",
            "f47ac10b58cc4372a5670e02b2c3d479",
            "f47ac10b-58cc-4372-a567-0e02b2c3d47g",
            "../admin",
        ] {
            assert!(!is_uuid(other), "{other}");
        }
    }
}
