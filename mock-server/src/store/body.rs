//! The body of a document: JSON, which is read when somebody asks for it, and what it was read as.
//!
//! A log is written at every request and read by hardly anybody, and a user is read at every request and hardly ever
//! written. So a body is kept as it came, facts or value, and what it was made into stays beside it. Clones share all.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// The body of a document.
#[derive(Clone)]
pub(crate) struct Body(Arc<Forms<dyn Facts>>);

/// What a body is made of when somebody reads it; always the same, whenever that is.
pub(crate) trait Facts: Send + Sync + 'static {
    fn value(&self) -> Value;
}

struct Forms<F: ?Sized> {
    value: OnceLock<Value>,
    read: OnceLock<Arc<dyn Any + Send + Sync>>,
    facts: F,
}

/// Of a body that came as a value.
struct Nothing;

impl Facts for Nothing {
    fn value(&self) -> Value {
        Value::Null
    }
}

impl Body {
    /// A body that is not made before it is read.
    pub(crate) fn of(facts: impl Facts) -> Self {
        Self(Arc::new(Forms {
            value: OnceLock::new(),
            read: OnceLock::new(),
            facts,
        }))
    }

    /// The body as a type of the dialect's; none if it is not of that form.
    pub(crate) fn read<T: DeserializeOwned + Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let fresh = || T::deserialize(&**self).ok().map(Arc::new);
        let known = self.0.read.get_or_init(|| match fresh() {
            Some(read) => read,
            None => Arc::new(()),
        });
        // A dialect reads a document as one type; were there another, it would be read each time.
        Arc::clone(known).downcast().ok().or_else(fresh)
    }

    pub(crate) fn into_value(self) -> Value {
        Value::clone(&self)
    }
}

impl Deref for Body {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.0.value.get_or_init(|| self.0.facts.value())
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        Self(Arc::new(Forms {
            value: OnceLock::from(value),
            read: OnceLock::new(),
            facts: Nothing,
        }))
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Value::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Name {
        name: String,
    }

    impl Facts for Name {
        fn value(&self) -> Value {
            json!(self)
        }
    }

    #[test]
    fn a_body_is_the_same_however_it_came() {
        let name = || Name {
            name: "Ada".to_owned(),
        };
        let came = json!({ "name": "Ada" });
        for body in [Body::of(name()), Body::from(came.clone())] {
            assert_eq!(*body, came);
            assert_eq!(serde_json::to_value(&body).unwrap(), came);
            assert_eq!(body.read::<Name>().as_deref(), Some(&name()));
            assert_eq!(body.into_value(), came);
        }
    }

    #[test]
    fn a_body_is_read_as_what_it_is_asked_for_as_and_once_only() {
        let body = Body::from(json!({ "name": "Ada" }));
        let first = body.read::<Name>().unwrap();
        assert!(Arc::ptr_eq(&first, &body.clone().read::<Name>().unwrap()));
        assert_eq!(body.read::<Vec<u8>>(), None);
        assert_eq!(body.read::<Value>().as_deref(), Some(&*body));
    }
}
