//! The parts of a scenario that only a protocol can read: its parameters, and the arguments of a
//! lie.

use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue, ValueDeserializer};
use toml::value::Datetime;

use super::complaint::Complaint;
use super::conform::conform;
use super::document::Tree;
use super::findings::Findings;
use super::schema;

/// A table of a scenario that only a protocol can read.
#[derive(Clone, Debug)]
pub struct Params {
    span: Range<usize>,
    entries: Vec<(Spanned<String>, Spanned<Owned>)>,
}

/// A value that has left the text that it was read from.
#[derive(Clone, Debug)]
enum Owned {
    Text(String),
    /// A number as it was written, so that it is read as exactly as there.
    Number(String),
    Truth(bool),
    Date(Datetime),
    List(Vec<Spanned<Owned>>),
    Table(Vec<(Spanned<String>, Spanned<Owned>)>),
}

impl Params {
    /// The table, whose spans point into the scenario's text.
    pub fn new(table: &Spanned<DeTable<'_>>) -> Params {
        Params { span: table.span(), entries: own_entries(table.get_ref()) }
    }

    /// An empty table that stands nowhere.
    pub(super) fn empty() -> Params {
        Params { span: 0..0, entries: Vec::new() }
    }

    /// The entries of a table but for some that another reads.
    pub(super) fn without(table: &DeTable<'_>, span: Range<usize>, others: &[&str]) -> Params {
        let mut entries = own_entries(table);
        entries.retain(|(key, _)| !others.contains(&key.get_ref().as_str()));
        Params { span, entries }
    }

    /// Reads the table as a protocol's own type: one that derives `Deserialize` and `JsonSchema`
    /// with `#[serde(deny_unknown_fields)]`. The schema's ranges (`#[schemars(range(min = 0, max =
    /// 15))]`) are checked, the descriptions of its keys (their doc comments) are the help in an
    /// error. How to write a length of time is told at [`Positive`](super::Positive).
    ///
    /// # Errors
    ///
    /// All that is wrong with it: unknown keys, missing ones, values of another type or out of
    /// range.
    pub fn read<T: DeserializeOwned + JsonSchema + 'static>(&self) -> Result<T, Vec<Complaint>> {
        let mut findings = Findings::default();
        let mut table = Spanned::new(self.span.clone(), DeValue::Table(lend_entries(&self.entries)));
        let fits = conform(&mut table, schema::of::<T>(), "params", &mut findings);
        if !fits || !findings.is_empty() {
            return Err(findings.into_complaints());
        }
        read(table, &mut findings).ok_or_else(|| findings.into_complaints())
    }

    /// The table as JSON, for those who show it: a number too large for JSON is text.
    pub fn to_json(&self) -> Json {
        entries_to_json(&self.entries)
    }

    /// Where the value of `key` stands; `None` if it is not given.
    pub(super) fn place(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value.span())
    }

    /// A complaint about the value of `key`, or about the whole table where it is not given.
    pub fn complain(&self, key: &str, message: impl Into<String>, help: impl Into<String>) -> Complaint {
        let span = self.place(key).unwrap_or_else(|| self.span.clone());
        Complaint { span, message: message.into(), help: help.into() }
    }
}

/// Reads a value that fits the schema of `T`. What serde has against it nevertheless is a finding.
pub(super) fn read<T: DeserializeOwned>(value: Tree<'_>, findings: &mut Findings) -> Option<T> {
    let span = value.span();
    let complain = |error: toml::de::Error| {
        findings.add(error.span().unwrap_or(span), error.message(), "");
    };
    T::deserialize(ValueDeserializer::from(value)).map_err(complain).ok()
}

fn own_entries(table: &DeTable<'_>) -> Vec<(Spanned<String>, Spanned<Owned>)> {
    let entry = |(key, value): (&Spanned<DeString<'_>>, &Tree<'_>)| {
        (Spanned::new(key.span(), key.get_ref().to_string()), own(value))
    };
    table.iter().map(entry).collect()
}

fn own(value: &Tree<'_>) -> Spanned<Owned> {
    let owned = match value.get_ref() {
        DeValue::String(text) => Owned::Text(text.to_string()),
        DeValue::Integer(number) => Owned::Number(number.to_string()),
        DeValue::Float(number) => Owned::Number(number.to_string()),
        DeValue::Boolean(truth) => Owned::Truth(*truth),
        DeValue::Datetime(date) => Owned::Date(*date),
        DeValue::Array(items) => Owned::List(items.iter().map(own).collect()),
        DeValue::Table(entries) => Owned::Table(own_entries(entries)),
    };
    Spanned::new(value.span(), owned)
}

fn entries_to_json(entries: &[(Spanned<String>, Spanned<Owned>)]) -> Json {
    Json::Object(entries.iter().map(|(key, value)| (key.get_ref().clone(), to_json(value))).collect())
}

fn to_json(value: &Spanned<Owned>) -> Json {
    match value.get_ref() {
        Owned::Text(text) => Json::from(text.as_str()),
        Owned::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| Json::from(number.as_str())),
        Owned::Truth(truth) => Json::from(*truth),
        Owned::Date(date) => Json::from(date.to_string()),
        Owned::List(items) => items.iter().map(to_json).collect(),
        Owned::Table(entries) => entries_to_json(entries),
    }
}

fn lend_entries(entries: &[(Spanned<String>, Spanned<Owned>)]) -> DeTable<'_> {
    let mut table = DeTable::new();
    for (key, value) in entries {
        table.insert(Spanned::new(key.span(), DeString::Borrowed(key.get_ref())), lend(value));
    }
    table
}

fn lend(value: &Spanned<Owned>) -> Tree<'_> {
    let lent = match value.get_ref() {
        Owned::Text(text) => DeValue::String(DeString::Borrowed(text)),
        Owned::Number(number) => {
            DeValue::parse(number).map_or(DeValue::String(DeString::Borrowed(number)), Spanned::into_inner)
        }
        Owned::Truth(truth) => DeValue::Boolean(*truth),
        Owned::Date(date) => DeValue::Datetime(*date),
        Owned::List(items) => {
            let mut array = DeArray::new();
            items.iter().for_each(|item| array.push(lend(item)));
            DeValue::Array(array)
        }
        Owned::Table(entries) => DeValue::Table(lend_entries(entries)),
    };
    Spanned::new(value.span(), lent)
}
