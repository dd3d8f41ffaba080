//! The problems, in teaching order, and what dsys knows of each protocol.
//!
//! A [`Registry`] is a list of constants: one [`Problem`] a folder, one [`Entry`] a protocol's
//! file. A protocol is a file and a line in its problem's list; `CONTRIBUTING.md` says what else it
//! needs to ship. [`SHIPPED`] is the registry of this crate. A crate of your own can make another,
//! of its own problems and of these.

pub mod byzantine_generals;
pub mod clock_skew;
pub mod exactly_once;
mod longer;
pub mod names;
pub mod overload;
mod picture;
pub mod prelude;
mod registry;
mod setup;
pub mod two_generals;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::chart::Chart;
use crate::check::{self, Measure, Property, Run, Table};
use crate::process::NodeId;
use crate::scenario::{Complaint, Scenario, schema};
use crate::sim::Runner;
use crate::trace::{Event, EventKind};

pub use longer::{DOUBLINGS, Longer};
pub use picture::{Layout, Role};
pub use registry::{Bound, Registry};
pub use setup::Setup;

/// The problems of this crate, in teaching order.
pub static SHIPPED: Registry = Registry {
    problems: &[
        &two_generals::PROBLEM,
        &byzantine_generals::PROBLEM,
        &clock_skew::PROBLEM,
        &exactly_once::PROBLEM,
        &overload::PROBLEM,
    ],
};

/// A problem, with the protocols that face it.
#[derive(Debug)]
pub struct Problem {
    /// Its name, as scenarios write it.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The problem in one sentence.
    pub summary: &'static str,
    /// The names of `count` nodes where a scenario gives only their count.
    pub node_names: fn(count: usize) -> Vec<String>,
    /// The protocols, in teaching order.
    pub protocols: &'static [&'static Entry],
}

impl Problem {
    /// The defaults for what an author leaves out: `..Problem::BLANK`.
    pub const BLANK: Problem = Problem {
        name: "",
        title: "",
        summary: "",
        node_names: |count| names::cast(count, &[], |place| format!("node-{}", place + 1)),
        protocols: &[],
    };

    /// The protocol of this name.
    pub fn entry(&self, protocol: &str) -> Option<&'static Entry> {
        self.protocols.iter().copied().find(|entry| entry.name == protocol)
    }
}

/// A protocol, as everything outside its own file knows it.
#[derive(Debug)]
pub struct Entry {
    /// Its name, as scenarios write it.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Where it comes from: author, title, venue, year, section.
    pub paper: &'static str,
    /// The JSON Schema of its parameters.
    pub params: fn() -> &'static serde_json::Value,
    /// The ways in which its traitors lie.
    pub lies: &'static [LieDoc],
    /// The named points at which a node may crash.
    pub crash_points: &'static [&'static str],
    /// The random choices that its processes make, by name: `coin` if they call
    /// [`draw`](crate::process::Context::draw), `load.gap` if they call
    /// [`load("gap", …)`](crate::process::Context::load).
    pub chances: &'static [&'static str],
    /// The names of its outputs: what its nodes tell their users.
    pub outputs: &'static [&'static str],
    /// The names of the outputs that are decisions: what a node tells its user once and for all.
    pub decisions: &'static [&'static str],
    /// The names of the outputs that are entries of a table: each says that something was done once
    /// more to the item that is its value, as a ledger's rows do. A picture shows every item, and
    /// marks what is there twice.
    pub tables: &'static [&'static str],
    /// What an item of its tables is, in one word: `order`. Empty if it has no tables.
    pub item: &'static str,
    /// Its properties. [`check::standard`] has some that a protocol takes as they are.
    pub properties: &'static [Property],
    /// Its measures.
    pub measures: &'static [Measure],
    /// What theory says of it.
    pub theory: &'static [Theory],
    /// A table of a run that somebody looks at, if the protocol has one.
    pub table: Option<fn(&Run<'_>) -> Table>,
    /// A chart of how far clocks were off in a run that somebody looks at, with the bound that the
    /// protocol promises. Without one, clocks that are off are charted against true time.
    pub chart: Option<fn(&Run<'_>) -> Chart>,
    /// How a picture places its nodes.
    pub layout: Layout,
    /// The role of a node in a scenario of `count` nodes. A picture goes by it, never by the node's
    /// name.
    pub roles: fn(node: NodeId, count: usize) -> Role,
    /// Parameters that bring its sentences to their edges, as a file's `[params]` in one line:
    /// none, one and two of all that they count, and the protocol without its remedy. `""` is the
    /// defaults. A test reads what is said of each in random weather.
    pub edges: &'static [&'static str],
    /// What makes its runs longer. A benchmark doubles each of them, and sees how the cost grows.
    pub longer: &'static [Longer],
    /// Makes it ready to run in a scenario, or returns what is wrong with the scenario: see
    /// [`Setup`].
    pub prepare: fn(&Scenario) -> Prepared,
}

impl Entry {
    /// The defaults for what an author leaves out, `..Entry::BLANK`: no parameters, lies, crash
    /// points, properties or theory, and a ring of peers. `prepare` must be given.
    pub const BLANK: Entry = Entry {
        name: "",
        title: "",
        summary: "",
        paper: "",
        params: schema::of::<NoParams>,
        lies: &[],
        crash_points: &[],
        chances: &[],
        outputs: &[],
        decisions: &[],
        tables: &[],
        item: "",
        properties: &[],
        measures: &[check::MESSAGES],
        theory: &[],
        table: None,
        chart: None,
        layout: Layout::Ring,
        roles: |_, _| Role::Peer,
        edges: &[],
        longer: &[],
        prepare: |_| {
            let message = "the protocol cannot be run: its entry has no `prepare`".to_owned();
            Err(vec![Complaint { span: 0..0, message, help: String::new() }])
        },
    };

    /// Whether this event is a node's decision, told to its user.
    pub fn is_decision(&self, event: &Event) -> bool {
        matches!(event.what, EventKind::Output(output) if self.decisions.contains(&output.name))
    }
}

/// The parameters of a protocol that has none.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// A protocol ready to run, or what is wrong with the scenario.
pub type Prepared = Result<Box<dyn Runner>, Vec<Complaint>>;

/// A way to lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LieDoc {
    /// Its name, as a traitor's row writes it.
    pub name: &'static str,
    /// Its arguments, as one would write them: `word = "attack"`. Empty if it has none.
    pub arguments: &'static str,
    /// What it does, in one sentence.
    pub says: &'static str,
    /// What it does in a few words, as a picture names who lies: “always says the opposite”.
    pub short: &'static str,
}

/// A closed form for a rate or a mean.
#[derive(Clone, Copy, Debug)]
pub struct Theory {
    /// The property whose rate of violation it gives, or the measure whose mean.
    pub of: &'static str,
    /// The formula with its source.
    pub formula: &'static str,
    /// What it assumes.
    pub assumes: &'static str,
    /// Its value; `None` where the scenario is not as it assumes.
    pub value: fn(&Scenario) -> Option<f64>,
}

#[cfg(test)]
pub(crate) mod tests;
