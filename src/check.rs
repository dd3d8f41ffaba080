//! Judging a run: properties with their verdicts, and measures.
//!
//! A judge reads the scenario and the trace and nothing else: it never looks into a process, and
//! never runs the protocol's rules again. A property is decided the same at every recording level;
//! its sentence and its evidence are asked for only when somebody looks.

pub mod chart;
mod judge;
mod since;
pub mod standard;
mod windows;

use std::fmt;

use serde::Serialize;

use crate::process::{Names, NodeId, Value};
use crate::scenario::{Claim, Expected, Scenario};
use crate::trace::{EventId, Kinds, Recording, StopReason, Trace};
pub use judge::{Fold, Judge, Judges, Watching};
pub use since::violated_since;
pub use windows::Windows;

/// Whether a property says that something bad never happens, or that something good does in the
/// end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Nothing bad happens: it holds for this run unless the run violates it.
    Safety,
    /// Something good happens in the end.
    Liveness,
}

/// A claim about runs, with its judge.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name, as `[expect]` writes it.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// What it says, a sentence.
    pub says: &'static str,
    /// The kinds of events that its judge reads.
    pub needs: Kinds,
    /// Its judge.
    pub judge: Judge<Verdict>,
}

/// A figure that a protocol reports of a run.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// What it counts: `messages`, `ns`, `rounds` …
    pub unit: &'static str,
    /// What it says, a sentence.
    pub says: &'static str,
    /// The kinds of events that it reads.
    pub needs: Kinds,
    /// Its value; `None` where it is not defined in this run.
    pub of: Judge<Option<i64>>,
    /// Its value in words, where a number says too little.
    pub in_words: Option<fn(i64, &Names) -> String>,
}

/// The unit of a measure that is 1 or 0, whose mean is a share of the runs in which it is defined.
pub const SHARE: &str = "0 or 1";

impl Measure {
    /// Whether its mean is a share, from 0 to 1.
    pub fn is_share(&self) -> bool {
        self.unit == SHARE
    }
}

/// A table of a run: what a protocol's own bookkeeping would show, made from the trace.
///
/// A column called `node`, `client` or `server` holds the numbers of nodes, from 1: people are
/// shown their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it is a table of.
    pub title: &'static str,
    /// The columns' names.
    pub columns: &'static [&'static str],
    /// The rows, each with as many cells as there are columns.
    pub rows: Vec<Row>,
}

impl Table {
    /// Whether a column holds the numbers of nodes.
    pub fn is_of_nodes(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|name| ["node", "client", "server"].contains(name))
    }
}

/// A row of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Value>,
    /// What is wrong with it, a sentence; empty where nothing is.
    pub remark: String,
}

/// What a judge says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The property holds in this run.
    Holds {
        /// Why, a sentence; may be empty where there is nothing to tell.
        because: String,
        /// Whether it holds only because nothing was claimed: nobody asked, or nothing is promised.
        vacuous: bool,
    },
    /// It does not.
    Violated {
        /// Why, a sentence that names nodes, messages and times.
        because: String,
        /// The events that show it.
        evidence: Vec<EventId>,
    },
    /// It cannot be told.
    Unknown {
        /// Why, a sentence.
        because: String,
    },
}

impl Verdict {
    /// The verdict in a word.
    pub const fn word(&self) -> Expected {
        match self {
            Verdict::Holds { .. } => Expected::Holds,
            Verdict::Violated { .. } => Expected::Violated,
            Verdict::Unknown { .. } => Expected::Unknown,
        }
    }

    /// Whether the property holds only because nothing was claimed.
    pub const fn is_vacuous(&self) -> bool {
        matches!(self, Verdict::Holds { vacuous: true, .. })
    }

    /// The verdict as one sign: ✓, – where it holds of nothing, ✗ or ?.
    pub const fn sign(&self) -> &'static str {
        match self {
            Verdict::Holds { vacuous: false, .. } => "✓",
            Verdict::Holds { vacuous: true, .. } => "–",
            Verdict::Violated { .. } => "✗",
            Verdict::Unknown { .. } => "?",
        }
    }

    /// Whether it is as somebody claims.
    pub const fn is_as(&self, claim: Claim) -> bool {
        match claim {
            Claim::Holds => matches!(self, Verdict::Holds { .. }),
            Claim::HoldsVacuously => self.is_vacuous(),
            Claim::Violated => matches!(self, Verdict::Violated { .. }),
            Claim::Unknown => matches!(self, Verdict::Unknown { .. }),
        }
    }

    /// Why, a sentence.
    pub fn because(&self) -> &str {
        match self {
            Verdict::Holds { because, .. } | Verdict::Violated { because, .. } | Verdict::Unknown { because } => {
                because
            }
        }
    }

    /// The events that show a violation.
    pub fn evidence(&self) -> &[EventId] {
        match self {
            Verdict::Violated { evidence, .. } => evidence,
            _ => &[],
        }
    }
}

/// The sign and the sentence: `✓ Every node that decided chose commit.`
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.sign(), self.because())
    }
}

/// What a judge may see.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What was set up.
    pub scenario: &'a Scenario,
    /// What happened.
    pub trace: &'a Trace,
}

impl<'a> Run<'a> {
    /// The property holds. `because` is asked only when somebody looks.
    pub fn holds(&self, because: impl FnOnce() -> String) -> Verdict {
        Verdict::Holds { because: self.in_words(because), vacuous: false }
    }

    /// The property holds since nothing was claimed in this run: nobody asked for anything, or
    /// nothing is promised. `because` says which, and is asked only when somebody looks.
    pub fn holds_vacuously(&self, because: impl FnOnce() -> String) -> Verdict {
        Verdict::Holds { because: self.in_words(because), vacuous: true }
    }

    /// The property is violated. `because` and `evidence` are asked only when somebody looks.
    pub fn violated(&self, because: impl FnOnce() -> String, evidence: impl IntoIterator<Item = EventId>) -> Verdict {
        let evidence = if self.is_watched() { evidence.into_iter().collect() } else { Vec::new() };
        Verdict::Violated { because: self.in_words(because), evidence }
    }

    /// It cannot be told. `because` is asked only when somebody looks.
    pub fn unknown(&self, because: impl FnOnce() -> String) -> Verdict {
        Verdict::Unknown { because: self.in_words(because) }
    }

    /// Judges a property that wants something to happen which did not: a run that came to rest
    /// violates it; one that a limit ended could still have reached it.
    pub fn not_reached(&self, because: impl FnOnce() -> String, evidence: Vec<EventId>) -> Verdict {
        match self.trace.ended {
            StopReason::Quiescent => self.violated(because, evidence),
            _ => self.unknown(|| format!("{} The run was stopped before it came to rest.", because())),
        }
    }

    /// A node's name.
    pub fn name(&self, node: NodeId) -> &'a str {
        self.trace.names.of(node)
    }

    /// The nodes that are no traitors.
    pub fn loyal(&self) -> impl Iterator<Item = NodeId> + use<'a> {
        let trace = self.trace;
        NodeId::first(trace.names.count()).filter(|&node| !trace.is_traitor(node))
    }

    /// The nodes that are no traitors and never crashed.
    pub fn correct(&self) -> impl Iterator<Item = NodeId> + use<'a> {
        let trace = self.trace;
        self.loyal().filter(move |node| !trace.crashed.contains(node))
    }

    fn is_watched(&self) -> bool {
        self.trace.recording == Recording::Everything
    }

    fn in_words(&self, because: impl FnOnce() -> String) -> String {
        if self.is_watched() { because() } else { String::new() }
    }
}

/// Judges one property of a run whose events are all there. A run that a limit cut short leaves
/// open whatever it has not violated.
pub fn judge(property: &Property, run: &Run<'_>) -> Verdict {
    cut_short(property.judge.of(run), run)
}

fn cut_short(verdict: Verdict, run: &Run<'_>) -> Verdict {
    if !run.trace.ended.is_cut_short() || matches!(verdict, Verdict::Violated { .. }) {
        return verdict;
    }
    let limits = run.scenario.limits;
    run.unknown(|| match run.trace.ended {
        StopReason::MessageLimit => {
            format!("The run was cut short by `limits.messages`: at most {} under way at once.", limits.messages)
        }
        StopReason::Interrupted => "The run was interrupted.".to_owned(),
        _ => format!("The run was cut short by `limits.events`: at most {} in all.", limits.events),
    })
}

/// The measure that every protocol has: the messages that were sent, a traitor's included, copies
/// not.
pub const MESSAGES: Measure = Measure {
    name: "messages",
    unit: "messages",
    says: "Messages sent, from one node to one other.",
    needs: Kinds::NONE,
    of: Judge::at_end(|run| i64::try_from(run.trace.counts.sent).ok()),
    in_words: None,
};
