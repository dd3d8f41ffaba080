//! The parts of a scenario that only a protocol can read: its parameters, and the arguments of a
//! lie.

use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};
use toml::value::Datetime;

use super::complaint::Complaint;
use super::conform::conform;
use super::document::Tree;
use super::findings::{Findings, known, short};
use super::reader::{self, Fault};
use super::{formats, schema};
use crate::process::Names;

/// A table of a scenario that only a protocol can read.
#[derive(Clone, Debug)]
pub struct Params {
    span: Range<usize>,
    entries: Vec<(Spanned<String>, Spanned<Owned>)>,
    /// The nodes that its values may name.
    names: Names,
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
        Params { span: table.span(), entries: own_entries(table.get_ref()), names: Names::default() }
    }

    /// An empty table that stands nowhere.
    pub(super) fn empty() -> Params {
        Params { span: 0..0, entries: Vec::new(), names: Names::default() }
    }

    /// The entries of a table but for some that another reads.
    pub(super) fn without(table: &DeTable<'_>, span: Range<usize>, others: &[&str]) -> Params {
        let mut entries = own_entries(table);
        entries.retain(|(key, _)| !others.contains(&key.get_ref().as_str()));
        Params { span, entries, names: Names::default() }
    }

    /// The same table in a scenario of these nodes, which its values may name.
    #[must_use]
    pub fn among(self, names: &Names) -> Params {
        Params { names: names.clone(), ..self }
    }

    /// Reads the table as a protocol's own type: one that derives `Deserialize` and `JsonSchema`
    /// with `#[serde(deny_unknown_fields)]`. The schema's ranges (`#[schemars(range(min = 0, max =
    /// 15))]`) are checked, the descriptions of its keys (their doc comments) are the help in an
    /// error. How to write a length of time is told at [`Positive`](super::Positive); a parameter
    /// that is a [`NodeId`](crate::process::NodeId) is written as the node's name.
    ///
    /// # Errors
    ///
    /// All that is wrong with it: unknown keys, missing ones, values of another type or out of
    /// range, names of no node.
    pub fn read<T: DeserializeOwned + JsonSchema + 'static>(&self) -> Result<T, Vec<Complaint>> {
        let mut findings = Findings::default();
        let table = self.held_against(schema::of::<T>(), &mut findings);
        table.and_then(|table| read(&table, &mut findings)).ok_or_else(|| findings.into_complaints())
    }

    /// The table, if it fits its schema and its nodes are there.
    fn held_against(&self, schema: &Json, findings: &mut Findings) -> Option<Tree<'_>> {
        let mut table = Spanned::new(self.span.clone(), DeValue::Table(lend_entries(&self.entries)));
        let fits = conform(&mut table, schema, "params", findings);
        place_nodes(&mut table, schema, &self.names, findings);
        (fits && findings.is_empty()).then_some(table)
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

/// Puts the place of a node where its name stands, which is how serde reads a `NodeId`: it cannot
/// know the names.
fn place_nodes(value: &mut Tree<'_>, schema: &Json, names: &Names, findings: &mut Findings) {
    for one in schema.get("anyOf").and_then(Json::as_array).into_iter().flatten() {
        place_nodes(value, one, names, findings);
    }
    let span = value.span();
    match value.get_mut() {
        DeValue::String(name) if formats::is_node(schema) => match names.find(name) {
            Some(node) => *name = node.index().to_string().into(),
            None => {
                let help = known("nodes", names.iter(), name);
                findings.add(span, format!("there is no node `{}`", short(name)), help);
            }
        },
        DeValue::Array(items) => {
            let of_items = schema.get("items").unwrap_or(&Json::Null);
            items.iter_mut().for_each(|item| place_nodes(item, of_items, names, findings));
        }
        DeValue::Table(entries) => {
            for (key, value) in entries.iter_mut() {
                let of_key = schema.get("properties").and_then(|all| all.get(key.get_ref().as_ref()));
                place_nodes(value, of_key.unwrap_or(&Json::Null), names, findings);
            }
        }
        _ => {}
    }
}

/// Reads a value that fits the schema of `T`. What serde has against it nevertheless is a finding.
pub(super) fn read<T: DeserializeOwned>(value: &Tree<'_>, findings: &mut Findings) -> Option<T> {
    let complain = |fault: Fault| {
        let (span, message) = fault.into_parts();
        findings.add(span.unwrap_or(value.span()), message, "");
    };
    reader::read(value).map_err(complain).ok()
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

/// The parameters of a protocol, each with what it is where a scenario does not say.
///
/// The struct that it makes can be read from a scenario and has a schema; its keys are in kebab
/// case, and one that it does not have is an error. It needs `serde`, and of this crate only its
/// name. Where a protocol *is* its parameters, implement
/// [`Protocol`](crate::process::Protocol) for the struct itself and end its `prepare` by
/// [`Setup::ready`](crate::problems::Setup::ready): then no second struct repeats them.
///
/// The types of parameters, as a scenario writes them:
///
/// - `u32`, `bool`, or an `enum` that derives `Deserialize` and `JsonSchema`: `3`, `true`,
///   `"word"`. A range, `#[schemars(range(min = 1))]`, is checked.
/// - [`Span`](crate::time::Span) with [`Positive`](crate::scenario::Positive) or
///   [`FromZero`](crate::scenario::FromZero): `"100ms"`.
/// - [`Distribution`](crate::time::Distribution): `"10ms"`, `{ uniform = ["1ms", "5ms"] }`.
/// - [`NodeId`](crate::process::NodeId): a node's name, `"bob"`. A name of no node is an error.
/// - `Option` or `Vec` of these: left out, or the value; a list.
///
/// ```
/// use dsys::process::NodeId;
/// use dsys::scenario::Positive;
/// use dsys::time::Span;
///
/// dsys::params! {
///     struct Params {
///         /// How often a message is sent again.
///         attempts: u32 = 3,
///         /// How long to wait before.
///         #[serde(with = "Positive")]
///         timeout: Span = Span::from_ms(100),
///         /// The nodes that vote no.
///         no: Vec<NodeId> = Vec::new(),
///     }
/// }
///
/// assert_eq!(Params::default().attempts, 3);
/// ```
#[macro_export]
macro_rules! params {
    ($(#[$of_all:meta])* $vis:vis struct $name:ident {
        $($(#[$of_one:meta])* $field_vis:vis $field:ident: $type:ty = $default:expr),* $(,)?
    }) => {
        $(#[$of_all])*
        #[derive(Clone, Debug, ::serde::Deserialize, $crate::schemars::JsonSchema)]
        #[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
        #[schemars(crate = "::dsys::schemars")]
        $vis struct $name {
            $($(#[$of_one])* $field_vis $field: $type,)*
        }

        impl ::std::default::Default for $name {
            fn default() -> $name {
                $name { $($field: $default),* }
            }
        }
    };
}
