//! How the values of a scenario file are read by serde, and what its schema says of them.
//!
//! For the author of a protocol: a parameter that is a length of time is a [`Span`]. A plain one
//! may be negative; one that may not is written
//!
//! ```
//! # use dsys::process::NodeId;
//! # use dsys::scenario::{FromZero, Positive};
//! # use dsys::time::Span;
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! #[serde(deny_unknown_fields, default)]
//! struct Params {
//!     /// How long a round lasts.
//!     #[serde(with = "Positive")]
//!     round: Span,
//!     /// How long to wait before the first. Default: as long as a round.
//!     #[serde(with = "FromZero")]
//!     wait: Option<Span>,
//!     /// How many traitors are tolerated.
//!     #[schemars(range(min = 0, max = 15))]
//!     m: u32,
//!     /// The node that begins, if not all do: its name.
//!     first: Option<NodeId>,
//! }
//!
//! impl Default for Params {
//!     fn default() -> Params {
//!         Params { round: Span::from_ms(20), wait: None, m: 1, first: None }
//!     }
//! }
//! ```
//!
//! The protocol's entry names the schema by `scenario::schema::of::<Params>`. The ranges are part
//! of it, and [`Params::read`](super::Params::read) checks them there.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, Range};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, IgnoredAny, Visitor};
use serde::{Deserialize, Serializer};

use super::{Probability, formats, numbers};
use crate::time::Span;

/// A value with the place where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    value: T,
    span: Range<usize>,
}

impl<T> At<T> {
    pub(super) fn new(value: T, span: Range<usize>) -> At<T> {
        At { value, span }
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

impl<T> Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Default> Default for At<T> {
    fn default() -> At<T> {
        At { value: T::default(), span: 0..0 }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<At<T>, D::Error> {
        let spanned = toml::Spanned::<T>::deserialize(deserializer)?;
        Ok(At { span: spanned.span(), value: spanned.into_inner() })
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Span;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as `\"50ms\"`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Span, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": formats::SPAN,
            "pattern": "^\\s*-?\\s*[0-9]",
            "description": "A duration with its unit, as in `50ms`, `1.5s`, `2h` or `-100us`.",
        })
    }
}

/// Reads a [`Span`], or one that need not be given, that is not negative: `#[serde(with =
/// "FromZero")]`.
#[derive(Debug)]
pub struct FromZero;

/// Reads a [`Span`], or one that need not be given, that is longer than nothing: `#[serde(with =
/// "Positive")]`.
#[derive(Debug)]
pub struct Positive;

impl FromZero {
    /// Writes the span as it is read: for the default in a schema.
    ///
    /// # Errors
    ///
    /// Only the serializer's own.
    pub fn serialize<S: Serializer, T: Copy + Into<Option<Span>>>(span: &T, serializer: S) -> Result<S::Ok, S::Error> {
        match (*span).into() {
            Some(span) => serializer.collect_str(&span),
            None => serializer.serialize_none(),
        }
    }

    /// Reads the span.
    ///
    /// # Errors
    ///
    /// When it is no duration, or a negative one.
    pub fn deserialize<'de, D: Deserializer<'de>, T: From<Span>>(deserializer: D) -> Result<T, D::Error> {
        let span = Span::deserialize(deserializer)?;
        if span.is_negative() { Err(D::Error::custom("must not be negative")) } else { Ok(span.into()) }
    }
}

impl Positive {
    /// Writes the span as it is read: for the default in a schema.
    ///
    /// # Errors
    ///
    /// Only the serializer's own.
    pub fn serialize<S: Serializer, T: Copy + Into<Option<Span>>>(span: &T, serializer: S) -> Result<S::Ok, S::Error> {
        match (*span).into() {
            Some(span) => serializer.collect_str(&span),
            None => serializer.serialize_none(),
        }
    }

    /// Reads the span.
    ///
    /// # Errors
    ///
    /// When it is no duration, or not longer than nothing.
    pub fn deserialize<'de, D: Deserializer<'de>, T: From<Span>>(deserializer: D) -> Result<T, D::Error> {
        let span = Span::deserialize(deserializer)?;
        if span > Span::ZERO { Ok(span.into()) } else { Err(D::Error::custom("must be longer than nothing")) }
    }
}

impl JsonSchema for FromZero {
    fn schema_name() -> Cow<'static, str> {
        "FromZero".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": formats::SPAN_FROM_ZERO,
            "pattern": "^\\s*[0-9]",
            "description": "A duration with its unit, as in `50ms`, `1.5s` or `2h`.",
        })
    }
}

impl JsonSchema for Positive {
    fn schema_name() -> Cow<'static, str> {
        "Positive".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": formats::SPAN_ABOVE_ZERO,
            "pattern": "^\\s*[0-9]",
            "description": "A duration longer than nothing, with its unit, as in `50ms`, `1.5s` or `2h`.",
        })
    }
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Probability, D::Error> {
        let number = f64::deserialize(deserializer)?;
        Probability::new(number).ok_or_else(|| D::Error::custom("must be at least 0 and at most 1"))
    }
}

impl JsonSchema for Probability {
    fn schema_name() -> Cow<'static, str> {
        "Probability".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 1, "description": "A probability in 0..=1." })
    }
}

/// A speed in parts per million, exact to a thousandth: kept as parts per billion.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ppm {
    pub(super) ppb: i64,
}

impl<'de> Deserialize<'de> for Ppm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ppm, D::Error> {
        let ppb = numbers::to_ppb(f64::deserialize(deserializer)?);
        ppb.map(|ppb| Ppm { ppb }).ok_or_else(|| D::Error::custom("must have at most three decimals"))
    }
}

impl JsonSchema for Ppm {
    fn schema_name() -> Cow<'static, str> {
        "Ppm".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "format": "ppm", "minimum": -100_000, "maximum": 100_000 })
    }
}

/// The speed of an oscillator with which something is wrong: it may even stand still. One that is
/// sound may not, so that all that protocols promise of drifting clocks is about clocks that go.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct FaultPpm(pub(super) Ppm);

impl JsonSchema for FaultPpm {
    fn schema_name() -> Cow<'static, str> {
        "FaultPpm".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "format": "ppm", "minimum": -1_000_000, "maximum": 100_000 })
    }
}

/// One node, or several.
#[derive(Clone, Debug)]
pub(super) enum Ends {
    One(String),
    Several(Vec<At<String>>),
}

impl<'de> Deserialize<'de> for Ends {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ends, D::Error> {
        struct NameOrList;
        impl<'de> Visitor<'de> for NameOrList {
            type Value = Ends;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a node or a list of nodes")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Ends, E> {
                Ok(Ends::One(name.to_owned()))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Ends, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(Ends::Several(names))
            }
        }
        deserializer.deserialize_any(NameOrList)
    }
}

impl JsonSchema for Ends {
    fn schema_name() -> Cow<'static, str> {
        "Ends".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string" },
            { "type": "array", "items": { "type": "string" }, "minItems": 1 },
        ] })
    }
}

/// The names of nodes, or how many there are.
#[derive(Clone, Debug)]
pub(super) enum Nodes {
    Count(u64),
    Listed(Vec<At<String>>),
}

impl<'de> Deserialize<'de> for Nodes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Nodes, D::Error> {
        struct CountOrList;
        impl<'de> Visitor<'de> for CountOrList {
            type Value = Nodes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names or a count")
            }
            fn visit_i64<E: Error>(self, count: i64) -> Result<Nodes, E> {
                u64::try_from(count).map(Nodes::Count).map_err(E::custom)
            }
            fn visit_u64<E: Error>(self, count: u64) -> Result<Nodes, E> {
                Ok(Nodes::Count(count))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Nodes, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(Nodes::Listed(names))
            }
        }
        deserializer.deserialize_any(CountOrList)
    }
}

impl JsonSchema for Nodes {
    fn schema_name() -> Cow<'static, str> {
        "Nodes".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let name = json_schema!({
            "type": "string", "format": formats::NODE_NAME, "pattern": "^[a-z][a-z0-9-]*$", "maxLength": formats::LONGEST_NAME,
        });
        json_schema!({ "anyOf": [
            { "type": "array", "items": name, "minItems": 2 },
            { "type": "integer", "format": "uint64", "minimum": 2 },
        ] })
    }
}

/// The option of a forced choice: text, or a number that stands for its own text.
#[derive(Clone, Debug)]
pub(super) struct OptionText(pub(super) String);

impl<'de> Deserialize<'de> for OptionText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OptionText, D::Error> {
        struct TextOrNumber;
        impl Visitor<'_> for TextOrNumber {
            type Value = OptionText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<OptionText, E> {
                Ok(OptionText(text.to_owned()))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<OptionText, E> {
                Ok(OptionText(number.to_string()))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<OptionText, E> {
                Ok(OptionText(number.to_string()))
            }
        }
        deserializer.deserialize_any(TextOrNumber)
    }
}

impl JsonSchema for OptionText {
    fn schema_name() -> Cow<'static, str> {
        "OptionText".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"] })
    }
}

/// A table whose keys are names, in its own order.
#[derive(Clone, Debug)]
pub(super) struct Entries<V>(pub(super) Vec<(At<String>, At<V>)>);

impl<V> Default for Entries<V> {
    fn default() -> Entries<V> {
        Entries(Vec::new())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries<V>, D::Error> {
        struct Table<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Table<V> {
            type Value = Entries<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut table: A) -> Result<Entries<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = table.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Table(PhantomData))
    }
}

impl<V: JsonSchema> JsonSchema for Entries<V> {
    fn schema_name() -> Cow<'static, str> {
        format!("Entries_{}", V::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<V>() })
    }
}

/// The values of one key of a grid.
#[derive(Clone, Debug)]
pub(super) enum Grid {
    /// From, to and step: `0..0.9/0.1`.
    Range(String),
    /// Where each value stands.
    Listed(Vec<Range<usize>>),
}

impl<'de> Deserialize<'de> for Grid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Grid, D::Error> {
        struct TextOrList;
        impl<'de> Visitor<'de> for TextOrList {
            type Value = Grid;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a range or a list")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Grid, E> {
                Ok(Grid::Range(text.to_owned()))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Grid, A::Error> {
                let mut places = Vec::new();
                while let Some(value) = list.next_element::<At<IgnoredAny>>()? {
                    places.push(value.span());
                }
                Ok(Grid::Listed(places))
            }
        }
        deserializer.deserialize_any(TextOrList)
    }
}

impl JsonSchema for Grid {
    fn schema_name() -> Cow<'static, str> {
        "Grid".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "array", "minItems": 1 }] })
    }
}
