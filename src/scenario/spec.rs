//! The shape of a scenario file, before names are looked up and values held against each other.
//!
//! Each type here is read by serde and described by its schema, so its doc comments are what
//! editors show and what an error adds as help.

mod challenge;
mod fault;
mod what_if;

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::distribution::{Delay, Offset};
use super::formats;
use super::values::{At, Entries, FromZero, Grid, Nodes, OptionText, Positive, Ppm};
use super::{Claim, EnemyMay, Probability};
use crate::time::Span;
pub(super) use challenge::Challenge;
pub(super) use fault::{Crash, Degrade, Fault, Partition, Pause, Traitor};
pub(super) use what_if::{Told, Try, Twin};

/// A scenario: one experiment with a distributed protocol.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A scenario of dsys")]
pub(super) struct File {
    /// The title, a line.
    #[schemars(required, length(min = 1), extend("format" = formats::LINE))]
    pub(super) title: Option<At<String>>,
    /// The problem that the protocol faces.
    #[schemars(required)]
    pub(super) problem: Option<At<String>>,
    /// The protocol, one of the problem's.
    #[schemars(required)]
    pub(super) protocol: Option<At<String>>,
    /// The names of the nodes; or how many there are, and the problem gives the names. At least
    /// two: one node alone has nobody to talk to.
    #[schemars(required)]
    pub(super) nodes: Option<At<Nodes>>,
    /// What all chance is drawn from, a whole number. Default 1.
    pub(super) seed: Option<u64>,
    /// When the run is stopped, in true time. Default 60s.
    #[schemars(with = "Positive")]
    #[serde(default)]
    pub(super) until: Option<Span>,
    /// What a presenter tells.
    #[serde(default)]
    pub(super) story: Story,
    /// The protocol's own parameters.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    #[serde(default, rename = "params")]
    pub(super) _params: Option<serde::de::IgnoredAny>,
    /// The network: delays, and what it does to messages.
    #[serde(default)]
    pub(super) network: Network,
    /// The clocks of all nodes, and of single ones in sub-tables by the node's name.
    #[serde(default)]
    pub(super) clock: Clock,
    /// What goes wrong: a row a fault, whose one key is the kind.
    #[serde(default)]
    pub(super) fault: Vec<At<Fault>>,
    /// Choices settled by hand: a choice's name and its option.
    #[serde(default)]
    pub(super) force: Entries<OptionText>,
    /// What is claimed of each property of the protocol. `holds vacuously` demands that nothing is
    /// claimed of the run.
    #[serde(default)]
    pub(super) expect: Option<At<Entries<Claim>>>,
    /// What `dsys sweep` does without flags.
    #[serde(default)]
    pub(super) sweep: Option<Sweep>,
    /// What the enemy may do in `dsys search`.
    #[serde(default)]
    pub(super) search: Option<Search>,
    /// A task for somebody who learns, which `dsys challenge` judges.
    #[serde(default)]
    pub(super) challenge: Option<Challenge>,
    /// What a run may use. A run that meets a limit ends there and says so.
    #[serde(default)]
    pub(super) limits: At<Limits>,
}

/// What a presenter tells.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Story {
    /// How much one has to know before: 1, start here, needs nothing; 4 is hard.
    #[schemars(range(min = 1, max = 4))]
    pub(super) level: Option<u8>,
    /// A paragraph of Markdown, told before the run: who takes part, what is tried, what may go
    /// wrong. It tells no outcome.
    pub(super) setup: String,
    /// A paragraph of Markdown, told after the last event: what happened, and why it matters.
    pub(super) lesson: String,
    /// A question to the room, or several, each in a table of its own.
    #[schemars(with = "OneOrMany<Predict>")]
    pub(super) predict: Vec<At<Predict>>,
    /// The note to read, relative to the folder of notes.
    pub(super) note: Option<String>,
    /// What to try next: flags for `dsys run`, or a table of what they change, `says`, and the
    /// `flags`. At most nine, one a digit.
    #[schemars(length(max = 9))]
    #[serde(rename = "try")]
    pub(super) try_next: Vec<At<Try>>,
    /// Another run that looks the same to one node, so that the node must do the same in both.
    pub(super) twin: Option<At<Twin>>,
    /// The moments that a presenter steps through, in time order.
    pub(super) beat: Vec<At<Beat>>,
}

/// A question to the room.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Predict {
    /// The question.
    #[schemars(length(min = 1))]
    pub(super) ask: String,
    /// The moment at which it is asked, in true time. Default: before the first event.
    #[schemars(with = "FromZero")]
    #[serde(default)]
    pub(super) at: Option<At<Span>>,
    /// The message at whose arrival, or loss, it is asked: `alice:bob:1`.
    pub(super) on: Option<At<String>>,
    /// The answers to choose from, at least two. Exactly one is right of a run.
    #[schemars(length(min = 2, max = 9))]
    pub(super) choices: Vec<At<PredictChoice>>,
    /// What is told of a run that answers the question with nothing.
    #[schemars(length(min = 1))]
    pub(super) none: Option<String>,
}

/// A choice: what it says, and `when` it is right of a run, or `because` of what it never is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PredictChoice {
    /// The answer, as somebody would give it.
    #[schemars(length(min = 1))]
    pub(super) say: At<String>,
    /// When it is right: `validity: holds`, `messages = 3`, `decision of bob = attack`, with `and`,
    /// `or` and `not` between.
    pub(super) when: Option<At<String>>,
    /// Why no run can make it right.
    #[schemars(length(min = 1))]
    pub(super) because: Option<String>,
}

/// The schema of one table, or of several.
struct OneOrMany<T>(std::marker::PhantomData<T>);

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OneOrMany".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    }
}

/// A moment of the story: `at` or `on`, and `say`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Beat {
    /// The moment, in true time.
    #[schemars(with = "FromZero")]
    #[serde(default)]
    pub(super) at: Option<At<Span>>,
    /// The message at whose arrival, or loss, it is told: `alice:bob:1`.
    pub(super) on: Option<At<String>>,
    /// What is said.
    #[schemars(length(min = 1))]
    pub(super) say: String,
}

/// The network.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Network {
    /// How long a message takes. Default from 5ms to 15ms.
    pub(super) delay: Option<Delay>,
    /// How likely a message is lost. Default 0.
    pub(super) loss: Option<Probability>,
    /// How likely a message arrives twice. Default 0.
    pub(super) duplicate: Option<Probability>,
    /// How likely a message arrives damaged, which the receiver notices. Default 0.
    pub(super) corrupt: Option<Probability>,
    /// Whether no message overtakes another on its link. Default false.
    pub(super) fifo: Option<bool>,
    /// Exceptions, one direction of one link a row. What a row does not say is as for the network.
    pub(super) link: Vec<At<Link>>,
}

/// One direction of one link.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    /// The sender.
    pub(super) from: At<String>,
    /// The receiver.
    pub(super) to: At<String>,
    /// How long a message takes.
    pub(super) delay: Option<Delay>,
    /// How likely a message is lost.
    pub(super) loss: Option<Probability>,
    /// How likely a message arrives twice.
    pub(super) duplicate: Option<Probability>,
    /// How likely a message arrives damaged, which the receiver notices.
    pub(super) corrupt: Option<Probability>,
    /// Whether no message overtakes another on this link.
    pub(super) fifo: Option<bool>,
}

/// The clocks of all nodes, and of single ones.
#[derive(Debug, Default)]
pub(super) struct Clock {
    pub(super) all: NodeClock,
    pub(super) of: Vec<(At<String>, NodeClock)>,
}

/// A clock.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct NodeClock {
    /// How far the clock is ahead at the start: a duration, which may be negative, or a
    /// distribution. Default 0s.
    pub(super) offset: Option<Offset>,
    /// How many parts per million it runs fast, with at most three decimals. Default 0.
    pub(super) drift_ppm: Option<Ppm>,
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Clock, D::Error> {
        // Not `serde(flatten)`: it forgets where things stand.
        struct Table;
        impl<'de> Visitor<'de> for Table {
            type Value = Clock;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Clock, A::Error> {
                let mut clock = Clock::default();
                while let Some(key) = table.next_key::<At<String>>()? {
                    match key.as_str() {
                        "offset" => clock.all.offset = Some(table.next_value()?),
                        "drift-ppm" => clock.all.drift_ppm = Some(table.next_value()?),
                        _ => clock.of.push((key, table.next_value()?)),
                    }
                }
                Ok(clock)
            }
        }
        deserializer.deserialize_map(Table)
    }
}

impl JsonSchema for Clock {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Clock".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = NodeClock::json_schema(generator);
        schema.insert("additionalProperties".to_owned(), generator.subschema_for::<NodeClock>().to_value());
        schema
    }
}

/// What `dsys sweep` does without flags.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sweep {
    /// Runs at each point of the grid. Default 1,000.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(super) runs: Option<u64>,
    /// The grid: a key's dotted path, and its values: a list, or a range `0..0.9/0.1` with its
    /// step.
    pub(super) over: Entries<Grid>,
    /// What the sweep is about: its chart and its tables show this before all else. What the
    /// story's question counts if not given.
    pub(super) figure: Option<Figure>,
}

/// The figure that a sweep is about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Figure {
    /// What is counted: `rate of agreement`, or `mean of lost_writes`.
    pub(super) of: At<String>,
    /// The same in words, which go on with "in % of the runs" or "on average": `only one attacks`.
    #[schemars(length(min = 1))]
    pub(super) says: Option<String>,
    /// The runs in which a measure is defined, in words that end "the runs in which …": `somebody
    /// attacks`. Only for a measure that is not defined in all of them.
    #[schemars(length(min = 1))]
    pub(super) given: Option<At<String>>,
}

/// What the enemy may do in `dsys search`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Search {
    /// The kinds of choices that the enemy decides.
    #[schemars(length(min = 1))]
    pub(super) may: Vec<At<EnemyMay>>,
    /// How many departures from calm it may make. As many as there are choices if not given.
    pub(super) at_most: Option<u32>,
    /// The property that it tries to violate. Any if not given.
    pub(super) property: Option<At<String>>,
    /// The delays that it may choose from. The ends of each link's distribution if not given; of
    /// one that has no end, what one draw in a thousand exceeds.
    #[schemars(with = "Vec<FromZero>", skip_serializing_if = "Vec::is_empty")]
    #[serde(default)]
    pub(super) delays: Vec<Span>,
    /// The downtimes that it may choose from: durations, or `forever`. Default 1s and forever.
    #[serde(default)]
    pub(super) downtimes: Vec<At<String>>,
    /// The pauses that it may choose from. Default 5s.
    #[schemars(with = "Vec<Positive>", skip_serializing_if = "Vec::is_empty")]
    #[serde(default)]
    pub(super) pauses: Vec<Span>,
    /// The crash points at which it may crash or pause a node. All if not given.
    #[serde(default)]
    pub(super) points: Vec<At<String>>,
}

/// What a run may use.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    /// Events of the trace. Default 10 million, at most 4 billion.
    #[schemars(range(min = 1, max = 4_000_000_000_u64))]
    pub(super) events: Option<u64>,
    /// Messages under way at once. Default 1 million, at most 10 million.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub(super) messages: Option<u64>,
    /// Nodes. Default 1,000, at most 4,000.
    #[schemars(range(min = 2, max = 4_000))]
    pub(super) nodes: Option<u64>,
}
