//! A JSON value as a type reads it: fields by their names and never by their places.
//!
//! A type that is derived takes a list of its fields in order as well, which no description of the interface
//! says, and which means something else as soon as a field is added.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// A value whose objects are read by name alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a>(pub(super) &'a Value);

impl IntoDeserializer<'_, Error> for Named<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Named<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(Named));
                let read = visitor.visit_seq(&mut items)?;
                items.end().map(|()| read)
            }
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.as_str(), Named(value)));
                let mut fields = MapDeserializer::new(fields);
                let read = visitor.visit_map(&mut fields)?;
                fields.end().map(|()| read)
            }
            Value::String(text) => visitor.visit_str(text),
            plain => plain.clone().deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.0.is_array() {
            return Err(Error::invalid_type(Unexpected::Seq, &visitor));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.clone().deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(default)]
        one: Option<i32>,
        #[serde(default)]
        words: Vec<String>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        With { n: u8 },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        inner: Inner,
        #[serde(default)]
        more: Vec<Inner>,
        kind: Kind,
        pair: (u8, bool),
    }

    fn read(value: &Value) -> Result<Outer, Error> {
        Outer::deserialize(Named(value))
    }

    fn whole() -> Value {
        json!({"inner": {"one": null, "words": ["a"]}, "more": [{"one": 4}], "kind": "plain",
            "pair": [1, true]})
    }

    #[test]
    fn what_is_named_is_read_at_every_depth() {
        let inner = |one, words: &[&str]| Inner {
            one,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        let expected = Outer {
            inner: inner(None, &["a"]),
            more: vec![inner(Some(4), &[])],
            kind: Kind::Plain,
            pair: (1, true),
        };
        assert_eq!(read(&whole()).unwrap(), expected);
        let mut with = whole();
        with["kind"] = json!({"with": {"n": 3}});
        assert_eq!(read(&with).unwrap().kind, Kind::With { n: 3 });
    }

    #[test]
    fn fields_by_place_are_refused_at_every_depth() {
        for (field, wrong) in [
            ("inner", json!([null, []])),
            ("inner", json!([])),
            ("more", json!([[1, []]])),
            ("pair", json!([1, true, 2])),
            ("pair", json!({"0": 1, "1": true})),
        ] {
            let mut value = whole();
            value[field] = wrong.clone();
            assert!(read(&value).is_err(), "{field}: {wrong}");
        }
        assert!(read(&json!([{}, [], "plain", [1, true]])).is_err());
    }
}
