//! What a scenario says of many runs: the grid of its sweep, and what the enemy of its search may
//! do.

use super::Downtime;
use super::statement::Count;
use crate::time::Span;

/// What `dsys sweep` does without flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepSpec {
    /// Runs per point of the grid.
    pub runs: u64,
    /// The grid: a setting's key and its values, each as one would write them after `--set`.
    pub over: Vec<(String, Vec<String>)>,
    /// What it is about, if the scenario says so.
    pub figure: Option<Figure>,
}

/// The figure that a sweep is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What is counted of it.
    pub what: Count,
    /// The property, or the measure.
    pub of: String,
    /// It in words, which go on with "in % of the runs" or "on average".
    pub says: Option<String>,
    /// The runs in which it is defined, in words that end "the runs in which …"; `None`: in all.
    pub given: Option<String>,
}

/// What the enemy may do in `dsys search`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchSpec {
    /// The kinds of choices that it decides.
    pub may: Vec<EnemyMay>,
    /// How many departures from calm it may make; `None`: as many as there are choices.
    pub at_most: Option<u32>,
    /// The property that it tries to violate; `None`: any.
    pub property: Option<String>,
    /// The delays that it may choose from; none: the ends of each link's distribution.
    pub delays: Vec<Span>,
    /// The downtimes that it may choose from; none: a second, and for good.
    pub downtimes: Vec<Downtime>,
    /// The pauses that it may choose from; none: five seconds.
    pub pauses: Vec<Span>,
    /// The crash points at which it may strike; empty: all.
    pub points: Vec<String>,
}

/// A kind of choice that an enemy may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EnemyMay {
    /// What traitors say.
    Lie,
    /// Lose messages.
    Lose,
    /// Corrupt messages.
    Corrupt,
    /// Deliver messages twice.
    Twice,
    /// Choose delays.
    Delay,
    /// Crash nodes.
    Crash,
    /// Pause nodes.
    Pause,
}

impl EnemyMay {
    /// All kinds.
    pub const ALL: [EnemyMay; 7] = [
        EnemyMay::Lie,
        EnemyMay::Lose,
        EnemyMay::Corrupt,
        EnemyMay::Twice,
        EnemyMay::Delay,
        EnemyMay::Crash,
        EnemyMay::Pause,
    ];

    /// The kind's word.
    pub const fn word(self) -> &'static str {
        match self {
            EnemyMay::Lie => "lie",
            EnemyMay::Lose => "lose",
            EnemyMay::Corrupt => "corrupt",
            EnemyMay::Twice => "twice",
            EnemyMay::Delay => "delay",
            EnemyMay::Crash => "crash",
            EnemyMay::Pause => "pause",
        }
    }
}
