//! The knobs: what of a scenario can be changed, with what it is set to and what it may be.

mod faults;

use serde::Serialize;
use serde_json::{Number, Value as Json};

use crate::problems::Bound;
use crate::scenario::{Probability, Scenario};
use crate::time::{Distribution, Span};

/// Something of a scenario that can be changed.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Knob {
    group: Group,
    /// What `--set` takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
    /// For a fault that can be called off: what `--force` takes instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    force: Option<String>,
    label: String,
    kind: Kind,
    /// What it is set to, if it is set at all.
    pub(super) value: Option<Setting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    min: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    max: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<String>,
    /// The words that it may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    words: Vec<String>,
}

/// The part of a scenario that a knob belongs to.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "KnobGroup"))]
#[serde(rename_all = "lowercase")]
enum Group {
    Nodes,
    Protocol,
    Network,
    Faults,
}

/// What a knob's value is.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "KnobKind"))]
#[serde(rename_all = "lowercase")]
enum Kind {
    Integer,
    Number,
    Truth,
    Word,
    Span,
    Text,
}

/// A value, as `--set` takes it where it is neither a number nor a truth value.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Setting {
    Truth(bool),
    Number(#[cfg_attr(test, schemars(with = "f64"))] Number),
    Text(String),
}

impl Knob {
    fn new(group: Group, key: impl Into<String>, label: impl Into<String>, kind: Kind, value: Option<Setting>) -> Knob {
        Knob {
            group,
            key: Some(key.into()),
            force: None,
            label: label.into(),
            kind,
            value,
            min: None,
            max: None,
            step: None,
            says: None,
            words: Vec::new(),
        }
    }

    /// A chance, from 0 to 1.
    fn chance(group: Group, key: impl Into<String>, label: impl Into<String>, value: Probability) -> Knob {
        let bounds = (Some(Number::from(0)), Some(Number::from(1)));
        let value = Setting::of_float(value.get());
        Knob { step: Some(0.05), ..Knob::new(group, key, label, Kind::Number, value).within(bounds) }
    }

    fn within(self, (min, max): (Option<Number>, Option<Number>)) -> Knob {
        Knob { min, max, ..self }
    }

    fn saying(self, says: &str) -> Knob {
        Knob { says: Some(says.to_owned()), ..self }
    }
}

impl Setting {
    pub(super) fn text(text: impl ToString) -> Option<Setting> {
        Some(Setting::Text(text.to_string()))
    }

    fn of_float(number: f64) -> Option<Setting> {
        Number::from_f64(number).map(Setting::Number)
    }

    /// A value of a parameter. `None` for none.
    fn of_json(value: &Json) -> Option<Setting> {
        match value {
            Json::Null => None,
            Json::Bool(truth) => Some(Setting::Truth(*truth)),
            Json::Number(number) => Some(Setting::Number(number.clone())),
            Json::String(text) => Setting::text(text),
            Json::Object(_) | Json::Array(_) => Setting::text(toml_of(value)),
        }
    }
}

fn toml_of(value: &Json) -> String {
    match value {
        Json::Object(table) => {
            let entries: Vec<String> = table.iter().map(|(key, value)| format!("{key} = {}", toml_of(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(toml_of).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// All knobs, in the order in which they are shown.
pub(super) fn knobs(scenario: &Bound) -> Vec<Knob> {
    let count = Some(Setting::Number(scenario.names.count().into()));
    let nodes = Knob::new(Group::Nodes, "nodes", "nodes", Kind::Integer, count);
    let mut knobs = vec![nodes.within((Some(2.into()), Some(40.into()))).saying("How many nodes take part.")];
    knobs.extend(params(scenario));
    knobs.extend(network(scenario));
    let faults = scenario.faults.iter().enumerate();
    knobs.extend(faults.flat_map(|(row, fault)| faults::knobs(&scenario.names, scenario.entry, row, fault)));
    knobs
}

fn params(scenario: &Bound) -> Vec<Knob> {
    let schema = (scenario.entry.params)();
    let given = scenario.params.to_json();
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else { return Vec::new() };
    let knob = |(name, of): (&String, &Json)| {
        let value = given.get(name).or_else(|| of.get("default")).and_then(Setting::of_json);
        let (kind, words) = kind(of);
        let bound = |name| of.get(name).and_then(Json::as_number).cloned();
        let says = of.get("description").and_then(Json::as_str).map(str::to_owned);
        let knob = Knob::new(Group::Protocol, format!("params.{name}"), name, kind, value);
        Knob { says, words, ..knob.within((bound("minimum"), bound("maximum"))) }
    };
    properties.iter().map(knob).collect()
}

/// What a value of this schema is, and the words that it may be.
fn kind(of: &Json) -> (Kind, Vec<String>) {
    let text = |word: &Json| word.as_str().map(str::to_owned);
    if let Some(Json::Array(words)) = of.get("enum") {
        return (Kind::Word, words.iter().filter_map(text).collect());
    }
    if let Some(all) = of.get("oneOf").and_then(Json::as_array) {
        let words = all.iter().filter_map(|one| one.get("const").or(one.pointer("/enum/0")));
        return (Kind::Word, words.filter_map(text).collect());
    }
    let is_span = of.get("format").and_then(Json::as_str).is_some_and(|format| format.starts_with("span"));
    let kind = match of.get("type").and_then(Json::as_str) {
        Some("boolean") => Kind::Truth,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("string") if is_span => Kind::Span,
        _ => Kind::Text,
    };
    (kind, Vec::new())
}

fn network(scenario: &Scenario) -> Vec<Knob> {
    let link = scenario.network.default;
    let knob = |key: &str, kind, value| Knob::new(Group::Network, format!("network.{key}"), key, kind, value);
    let chance = |key: &str, value| Knob::chance(Group::Network, format!("network.{key}"), key, value);
    vec![
        knob("delay", Kind::Text, Setting::text(delay(&link.delay)))
            .saying("How long a message takes: 10ms, or a table of a distribution."),
        chance("loss", link.loss).saying("How likely a message is lost."),
        chance("duplicate", link.duplicate).saying("How likely a message arrives twice."),
        chance("corrupt", link.corrupt).saying("How likely a message arrives damaged, which the receiver notices."),
        knob("fifo", Kind::Truth, Some(Setting::Truth(link.fifo)))
            .saying("Whether no message overtakes another on its link."),
    ]
}

fn delay(delay: &Distribution) -> String {
    match delay {
        Distribution::Constant(span) => span.to_string(),
        Distribution::Uniform { min, max } => format!("{{ uniform = [\"{min}\", \"{max}\"] }}"),
        Distribution::Exponential { mean, min } if *min == Span::ZERO => {
            format!("{{ exponential = {{ mean = \"{mean}\" }} }}")
        }
        Distribution::Exponential { mean, min } => {
            format!("{{ exponential = {{ mean = \"{mean}\", min = \"{min}\" }} }}")
        }
        Distribution::LogNormal { median, sigma } => {
            format!("{{ log-normal = {{ median = \"{median}\", sigma = {sigma} }} }}")
        }
    }
}
