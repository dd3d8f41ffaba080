//! The parts of a scenario that only a protocol can read: its parameters, and the arguments of a lie.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// Something wrong with a scenario, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// What is wrong, a clause without a full stop.
    pub message: String,
    /// What is allowed, or what was meant; empty if the message says it all.
    pub help: String,
}

/// A table of a scenario that only a protocol can read.
#[derive(Clone, Debug)]
pub struct Params(Spanned<DeTable<'static>>);

impl Params {
    /// The table, whose spans point into the scenario's text.
    pub fn new(table: Spanned<DeTable<'static>>) -> Params {
        Params(table)
    }

    /// Reads the table as a protocol's own type.
    ///
    /// # Errors
    ///
    /// All that is wrong with it: unknown keys, missing ones, values of another type or out of range.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Complaint>> {
        let table = Spanned::new(self.0.span(), DeValue::Table(self.0.get_ref().clone()));
        T::deserialize(ValueDeserializer::from(table)).map_err(|error| {
            let span = error.span().unwrap_or_else(|| self.0.span());
            vec![Complaint { span, message: error.message().to_owned(), help: String::new() }]
        })
    }

    /// A complaint about the value of `key`, or about the whole table where it is not given.
    pub fn complain(&self, key: &str, message: impl Into<String>, help: impl Into<String>) -> Complaint {
        let span = self.0.get_ref().get(key).map_or_else(|| self.0.span(), Spanned::span);
        Complaint { span, message: message.into(), help: help.into() }
    }
}

/// Reads a span that must be longer than nothing: for `#[serde(deserialize_with)]`.
///
/// # Errors
///
/// When it is no duration, or none that is longer than nothing.
pub fn positive<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<crate::time::Span, D::Error> {
    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
    let span: crate::time::Span = text.parse().map_err(serde::de::Error::custom)?;
    if span > crate::time::Span::ZERO { Ok(span) } else { Err(serde::de::Error::custom("must be longer than 0s")) }
}
