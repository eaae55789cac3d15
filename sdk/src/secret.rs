//! A value that must not be printed: an API key, a token, a password.
//!
//! Documents mark such values with `format: password`; generation turns every one of them into [`Secret`], so this is the
//! only place that decides how a secret behaves. Generated structs derive `Serialize`, which says field by field what becomes
//! of a secret: a request that has to carry it writes it with [`expose`], an answer leaves it out with [`redact`].

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serializer};
use subtle::ConstantTimeEq as _;

pub(crate) const REDACTED: &str = "[redacted]";

/// A secret text that shows itself only through [`expose_secret`](Secret::expose_secret).
///
/// `Debug` prints `Secret([redacted])`. The memory is overwritten on drop, and two secrets are compared in constant time.
/// There is no `Display`:
///
/// ```compile_fail,E0277
/// println!("{}", keyway::Secret::from("tgo_0123"));
/// ```
///
/// Nor is there a `Serialize`, which could only either give it away or lose it. To store one, say so:
///
/// ```compile_fail,E0277
/// # use keyway::Secret;
/// #[derive(serde::Serialize)]
/// struct Stored {
///     key: Secret,
/// }
/// ```
///
/// ```
/// # use keyway::Secret;
/// #[derive(serde::Serialize)]
/// struct Stored {
///     #[serde(serialize_with = "in_plain")]
///     key: Secret,
/// }
///
/// fn in_plain<S: serde::Serializer>(key: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
///     serializer.serialize_str(key.expose_secret())
/// }
/// # let stored = Stored { key: Secret::from("tgo_0123") };
/// # assert_eq!(serde_json::to_string(&stored).unwrap(), r#"{"key":"tgo_0123"}"#);
/// ```
///
/// ```
/// let secret = keyway::Secret::from("tgo_0123");
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// assert_eq!(secret.expose_secret(), "tgo_0123");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The plaintext. Store it or send it; do not print it.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Secret {
    /// Whether it can be a key: visible ASCII, which a header can carry, and not nothing.
    pub(crate) fn can_be_sent(&self) -> bool {
        let text = self.expose_secret();
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(SecretString::from(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(SecretString::from(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Secret")
            .field(&format_args!("{REDACTED}"))
            .finish()
    }
}

/// Takes time that depends on the lengths only, never on where two secrets of one length differ.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.expose_secret(), other.expose_secret());
        left.as_bytes().ct_eq(right.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// For `#[serde(serialize_with)]` on a field of a request body: the one way a secret gets onto the wire in JSON.
pub(crate) fn expose<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

/// For `#[serde(serialize_with)]` on a field of an answer: who stores or logs one as JSON does not take its secret along.
pub(crate) fn redact<T, S: Serializer>(_: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(REDACTED)
}

/// [`expose`] for an optional field.
#[allow(
    dead_code,
    reason = "generation writes it where a vendor has one, and at present none has"
)]
pub(crate) fn expose_option<S: Serializer>(
    secret: &Option<Secret>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => expose(secret, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    struct Login {
        #[serde(serialize_with = "expose")]
        password: Secret,
        #[serde(serialize_with = "expose_option")]
        code: Option<Secret>,
        #[serde(serialize_with = "expose_option")]
        hint: Option<Secret>,
        #[serde(serialize_with = "redact")]
        echoed: Secret,
    }

    #[test]
    fn debug_prints_the_type_and_nothing_of_the_value() {
        assert_eq!(format!("{:?}", Secret::from("tgo_0123")), "Secret([redacted])");
        assert_eq!(format!("{:#?}", Secret::from("x")), "Secret(\n    [redacted],\n)");
    }

    #[test]
    fn only_a_field_that_says_so_is_written_in_plain() {
        let login = Login {
            password: Secret::from("open sesame"),
            code: Some(Secret::from("0451")),
            hint: None,
            echoed: Secret::from("never"),
        };
        let written = serde_json::to_string(&login).unwrap();
        assert_eq!(
            written,
            r#"{"password":"open sesame","code":"0451","hint":null,"echoed":"[redacted]"}"#
        );
    }

    #[test]
    fn secrets_are_equal_when_their_texts_are() {
        assert_eq!(Secret::from("abc"), Secret::from("abc".to_owned()));
        assert_ne!(Secret::from("abc"), Secret::from("abd"));
        assert_ne!(Secret::from("abc"), Secret::from("ab"));
    }

    #[test]
    fn a_json_string_is_read_as_it_stands() {
        let secret: Secret = serde_json::from_str(r#""tgo_\u0041""#).unwrap();
        assert_eq!(secret.expose_secret(), "tgo_A");
    }
}
