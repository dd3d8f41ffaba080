//! A challenge, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::values::{At, Entries, Grid};

/// A task for somebody who learns: the goal, what may be changed to reach it, and how an answer is
/// judged.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Challenge {
    /// How hard it is, from 1, a warm-up, to 4.
    #[schemars(range(min = 1, max = 4))]
    pub(in crate::scenario) level: u8,
    /// What is to be reached, a sentence or two.
    #[schemars(length(min = 1))]
    pub(in crate::scenario) goal: String,
    /// What every run must meet: conditions as in the `when` of a question.
    #[schemars(length(min = 1, max = 9))]
    pub(in crate::scenario) must: Vec<At<String>>,
    /// What may be changed: a key's dotted path, and the values that it may take, a list or a range
    /// `0..0.9/0.1` with its step.
    pub(in crate::scenario) change: At<Entries<Grid>>,
    /// The fewest changes that solve it. Where it is impossible, 1: to say so.
    #[schemars(range(min = 1, max = 9))]
    pub(in crate::scenario) par: u8,
    /// How an answer is judged.
    pub(in crate::scenario) against: Against,
    /// What helps, from a nudge to nearly the answer: each is asked for by itself.
    #[schemars(length(min = 1, max = 9))]
    pub(in crate::scenario) hints: Vec<String>,
    /// A paragraph of Markdown, told when it is solved: why that is the answer.
    #[schemars(length(min = 1))]
    pub(in crate::scenario) lesson: String,
    /// Why no change within `change` reaches the goal. Only where that is so.
    pub(in crate::scenario) impossible: Option<Impossible>,
}

/// How an answer is judged.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Against {
    /// The runs, each with its own seed.
    #[schemars(range(min = 1, max = 100_000))]
    pub(in crate::scenario) runs: u64,
    /// Whether the worst case within `[search]` is looked for, too. Default false.
    #[serde(default)]
    pub(in crate::scenario) search: At<bool>,
}

/// Why a goal cannot be reached.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Impossible {
    /// What is proved, a sentence.
    #[schemars(length(min = 1))]
    pub(in crate::scenario) theorem: String,
    /// Where: author, title, venue, year.
    #[schemars(length(min = 1))]
    pub(in crate::scenario) paper: String,
    /// What reaches the goal that may not be changed here, a sentence.
    #[schemars(length(min = 1))]
    pub(in crate::scenario) beyond: String,
}
