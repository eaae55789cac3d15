//! JSON in which an object is an object.
//!
//! serde reads a struct from an array as well, member by member in their order: `[1,"x"]` would pass for an object that has
//! an id and a name. Everything is handed on here but that.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor},
};

/// A deserializer that reads structs from objects only, at any depth.
pub(super) struct Objects<D>(pub(super) D);

/// A visitor that hands everything on to another one; `LISTS` says whether a list is welcome.
struct Guarded<V, const LISTS: bool>(V);

macro_rules! hand_on {
    ($($method:ident($($name:ident: $type:ty),*))*) => {
        $(
            fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
                self.0.$method($($name,)* Guarded::<V, true>(visitor))
            }
        )*
    };
}

/// Of these no object can come, so there is nothing to guard.
macro_rules! hand_on_bare {
    ($($method:ident)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
                self.0.$method(visitor)
            }
        )*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    hand_on! {
        deserialize_any() deserialize_bytes() deserialize_byte_buf() deserialize_option() deserialize_seq()
        deserialize_map()
        deserialize_unit_struct(name: &'static str) deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize) deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    hand_on_bare! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_unit deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0
            .deserialize_struct(name, fields, Guarded::<V, false>(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! visit {
    ($($method:ident($type:ty))*) => {
        $(
            fn $method<E: serde::de::Error>(self, value: $type) -> Result<V::Value, E> {
                self.0.$method(value)
            }
        )*
    };
}

impl<'de, V: Visitor<'de>, const LISTS: bool> Visitor<'de> for Guarded<V, LISTS> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    visit! {
        visit_bool(bool) visit_i8(i8) visit_i16(i16) visit_i32(i32) visit_i64(i64) visit_i128(i128) visit_u8(u8)
        visit_u16(u16) visit_u32(u32) visit_u64(u64) visit_u128(u128) visit_f32(f32) visit_f64(f64) visit_char(char)
        visit_str(&str) visit_borrowed_str(&'de str) visit_string(String) visit_bytes(&[u8])
        visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Objects(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Objects(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        match LISTS {
            true => self.0.visit_seq(Within(items)),
            false => Err(A::Error::invalid_type(Unexpected::Seq, &self.0)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Within(members))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Within(variant))
    }
}

/// What is inside a list, an object or a variant, guarded like its surroundings.
struct Within<A>(A);

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Within<A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        self.0.next_element_seed(Within(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Within<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.0.next_value_seed(Within(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Within<A> {
    type Error = A::Error;
    type Variant = Within<A::Variant>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self::Variant), A::Error> {
        let (value, variant) = self.0.variant_seed(seed)?;
        Ok((value, Within(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Within<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, A::Error> {
        self.0.newtype_variant_seed(Within(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, Guarded::<V, true>(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, Guarded::<V, false>(visitor))
    }
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for Within<T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        self.0.deserialize(Objects(deserializer))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Key {
        id: i64,
        name: Option<String>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Either {
        Nothing,
        Key(Key),
        Pair(i64, Key),
        Named { key: Key },
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Page {
        data: Vec<Key>,
        first: Option<Box<Key>>,
        pair: Option<(i64, String)>,
        either: Option<Either>,
    }

    fn read<T: for<'a> Deserialize<'a>>(json: &str) -> Result<T, serde_json::Error> {
        T::deserialize(Objects(&mut serde_json::Deserializer::from_str(json)))
    }

    #[test]
    fn an_array_is_no_object_at_any_depth() {
        assert!(
            serde_json::from_str::<Key>(r#"[1, "x"]"#).is_ok(),
            "serde has become strict: this file can go"
        );
        for json in [
            r#"[[{"id": 1}], null, null, null]"#,
            r#"{"data": [[1, "x"]]}"#,
            r#"{"data": [], "first": [1, "x"]}"#,
            r#"{"data": [], "either": {"key": [1, "x"]}}"#,
            r#"{"data": [], "either": {"pair": [1, [1, "x"]]}}"#,
            r#"{"data": [], "either": {"named": [{"id": 1}]}}"#,
        ] {
            assert!(serde_json::from_str::<Page>(json).is_ok(), "{json}");
            assert!(read::<Page>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn everything_else_is_read_as_it_was() {
        let json = r#"{"data": [{"id": 1, "name": "n\u0041", "more": [1, {}]}], "first": {"id": 2, "name": null},
            "pair": [3, "p"], "either": {"key": {"id": 4}}}"#;
        assert_eq!(
            read::<Page>(json).unwrap(),
            serde_json::from_str::<Page>(json).unwrap()
        );
        assert_eq!(read::<Either>(r#""nothing""#).unwrap(), Either::Nothing);
        let key = || Key { id: 1, name: None };
        let pair = read::<Either>(r#"{"pair": [3, {"id": 1}]}"#).unwrap();
        assert_eq!(pair, Either::Pair(3, key()));
        let named = read::<Either>(r#"{"named": {"key": {"id": 1}}}"#).unwrap();
        assert_eq!(named, Either::Named { key: key() });
        assert_eq!(
            read::<serde_json::Value>(json).unwrap(),
            serde_json::from_str::<serde_json::Value>(json).unwrap()
        );
    }
}
