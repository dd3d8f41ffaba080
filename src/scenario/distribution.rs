//! How long something takes, as a scenario writes it: `"10ms"`, `{ uniform = ["5ms", "15ms"] }` …

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::findings::Findings;
use super::values::{At, FromZero};
use crate::time::{Distribution, Span};

/// A distribution that is never negative, before its values are held against each other.
#[derive(Clone, Debug)]
pub(super) struct Delay(pub(super) Shape);

/// A distribution that may be negative, before its values are held against each other.
#[derive(Clone, Debug)]
pub(super) struct Offset(pub(super) Shape);

/// What a scenario writes.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Shape {
    Constant(Span),
    Uniform((At<Span>, At<Span>)),
    Exponential { mean: At<Span>, min: Option<At<Span>> },
    LogNormal { median: Span, sigma: f64 },
}

impl Shape {
    /// The distribution, unless its values contradict each other.
    pub(super) fn resolve(&self, findings: &mut Findings) -> Option<Distribution> {
        match self {
            Shape::Constant(span) => Some(Distribution::Constant(*span)),
            Shape::LogNormal { median, sigma } => Some(Distribution::LogNormal { median: *median, sigma: *sigma }),
            Shape::Uniform((min, max)) => {
                let ok = in_order(min, max, "the least comes first, then the most", findings);
                ok.then_some(Distribution::Uniform { min: **min, max: **max })
            }
            Shape::Exponential { mean, min: None } => Some(Distribution::Exponential { mean: **mean, min: Span::ZERO }),
            Shape::Exponential { mean, min: Some(min) } => {
                let ok = in_order(min, mean, "`mean` includes `min`: it is at least as long", findings);
                ok.then_some(Distribution::Exponential { mean: **mean, min: **min })
            }
        }
    }
}

fn in_order(small: &At<Span>, large: &At<Span>, help: &str, findings: &mut Findings) -> bool {
    let ok = **small <= **large;
    if !ok {
        let (a, b) = (small.span(), large.span());
        findings.add(a.start.min(b.start)..a.end.max(b.end), format!("{} is more than {}", **small, **large), help);
    }
    ok
}

/// Reads a text as a constant, and a table by its one key.
struct TextOrTable;

impl<'de> Visitor<'de> for TextOrTable {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a duration or a distribution")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Shape, E> {
        text.parse().map(Shape::Constant).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Shape, A::Error> {
        Shape::deserialize(MapAccessDeserializer::new(table))
    }
}

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Delay, D::Error> {
        deserializer.deserialize_any(TextOrTable).map(Delay)
    }
}

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Offset, D::Error> {
        deserializer.deserialize_any(TextOrTable).map(Offset)
    }
}

/// For protocols that have a length of time of their own left to chance: never negative.
impl<'de> Deserialize<'de> for Distribution {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Distribution, D::Error> {
        let mut findings = Findings::default();
        let distribution = Delay::deserialize(deserializer)?.0.resolve(&mut findings);
        distribution.ok_or_else(|| {
            let words: Vec<String> = findings.into_complaints().into_iter().map(|found| found.message).collect();
            D::Error::custom(words.join("; "))
        })
    }
}

/// As a scenario writes it: so a schema can say what a protocol takes where nothing is given.
impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Distribution::Constant(span) => json!(span.to_string()),
            Distribution::Uniform { min, max } => json!({ "uniform": [min.to_string(), max.to_string()] }),
            Distribution::Exponential { mean, min } => {
                json!({ "exponential": { "mean": mean.to_string(), "min": min.to_string() } })
            }
            Distribution::LogNormal { median, sigma } => {
                json!({ "log-normal": { "median": median.to_string(), "sigma": sigma } })
            }
        };
        written.serialize(serializer)
    }
}

impl JsonSchema for Delay {
    fn schema_name() -> Cow<'static, str> {
        "Delay".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        shapes(&FromZero::json_schema(generator), generator)
    }
}

impl JsonSchema for Offset {
    fn schema_name() -> Cow<'static, str> {
        "Offset".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        shapes(&Span::json_schema(generator), generator)
    }
}

impl JsonSchema for Distribution {
    fn schema_name() -> Cow<'static, str> {
        "Distribution".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Delay::json_schema(generator)
    }
}

/// A duration, or a table of one of the shapes, whose durations are `span`.
fn shapes(span: &Schema, generator: &mut SchemaGenerator) -> Schema {
    let from_zero = FromZero::json_schema(generator);
    let table = |properties: Json, required: &[&str]| {
        json_schema!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        })
    };
    let exponential = table(serde_json::json!({ "mean": span, "min": span }), &["mean"]);
    let sigma = serde_json::json!({
        "type": "number", "minimum": 0, "maximum": 10, "description": "The standard deviation of the logarithm.",
    });
    let log_normal = table(serde_json::json!({ "median": from_zero, "sigma": sigma }), &["median", "sigma"]);
    json_schema!({ "anyOf": [
        span,
        table(serde_json::json!({ "constant": span }), &["constant"]),
        table(serde_json::json!({ "uniform": { "type": "array", "items": span, "minItems": 2, "maxItems": 2 } }), &["uniform"]),
        table(serde_json::json!({ "exponential": exponential }), &["exponential"]),
        table(serde_json::json!({ "log-normal": log_normal }), &["log-normal"]),
    ] })
}
