//! What else could be, as a story writes it: what to try next, and the twin of a run.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::super::formats;
use super::super::values::{At, FromZero};
use crate::time::Span;

/// What to try next: flags alone, or flags with what they change in words.
#[derive(Debug)]
pub(in crate::scenario) enum Try {
    Flags(String),
    Told(Told),
}

/// What to try next, in words and in flags.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Told {
    /// What is changed, a sentence that tells no outcome: `Bob's last message is lost instead.`
    #[schemars(length(min = 1), extend("format" = formats::LINE))]
    pub(in crate::scenario) says: String,
    /// The flags for `dsys run`.
    pub(in crate::scenario) flags: At<String>,
}

impl<'de> Deserialize<'de> for Try {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Try, D::Error> {
        struct TextOrTable;
        impl<'de> Visitor<'de> for TextOrTable {
            type Value = Try;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("flags, or a table of what they change and the flags")
            }
            fn visit_str<E: Error>(self, flags: &str) -> Result<Try, E> {
                Ok(Try::Flags(flags.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Try, A::Error> {
                Told::deserialize(MapAccessDeserializer::new(table)).map(Try::Told)
            }
        }
        deserializer.deserialize_any(TextOrTable)
    }
}

impl JsonSchema for Try {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Try".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let told = generator.subschema_for::<Told>();
        schemars::json_schema!({ "anyOf": [{ "type": "string" }, told] })
    }
}

/// Another run that looks the same to one node, so that the node must do the same in both.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Twin {
    /// The node that cannot tell the two runs apart.
    pub(in crate::scenario) node: At<String>,
    /// The scenario of the other run. This one, changed by `flags`, if not given.
    pub(in crate::scenario) run: Option<At<String>>,
    /// What is changed in it: flags for `dsys run`.
    pub(in crate::scenario) flags: Option<At<String>>,
    /// What this run is beside the other, a line: `The messenger is caught`. Default: its title.
    #[schemars(length(min = 1), extend("format" = formats::LINE))]
    pub(in crate::scenario) this: Option<String>,
    /// What the other run is, a line: `The messenger arrives`. Default: its title.
    #[schemars(length(min = 1), extend("format" = formats::LINE))]
    pub(in crate::scenario) other: Option<String>,
    /// The moment up to which they look the same, in true time. Default: to the end.
    #[schemars(with = "FromZero")]
    #[serde(default)]
    pub(in crate::scenario) until: Option<At<Span>>,
}
