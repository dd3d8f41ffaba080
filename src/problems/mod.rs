//! The problems, in teaching order, and what dsys knows of each protocol.
//!
//! The registry is a list of constants: one [`Problem`] a folder, one [`Entry`] a protocol's file. Adding a protocol
//! is adding its file and its line in the problem's list.

pub mod byzantine_generals;
pub mod clock_skew;
pub mod exactly_once;
pub mod two_generals;

use crate::check::chart::Chart;
use crate::check::{Measure, Property, Run, Table};
use crate::scenario::{Complaint, Scenario, Vocabulary};
use crate::sim::Runner;

/// All problems, in teaching order.
pub const ALL: &[&Problem] =
    &[&two_generals::PROBLEM, &byzantine_generals::PROBLEM, &clock_skew::PROBLEM, &exactly_once::PROBLEM];

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
    /// Where the nodes of one of its protocols stand in a picture of them.
    pub layout: fn(protocol: &str) -> Layout,
}

/// Where nodes stand in a picture that shows them as parties, not as lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Two hills with a valley between them.
    Hills,
    /// A ring, the first node on top.
    Ring,
    /// The first node above all others.
    Star,
    /// The last node below all others.
    Fan,
    /// One beside the other: what flows, flows from left to right.
    Row,
    /// The first at the left, the others one above the other at the right.
    Split,
    /// The first half in a row above the second.
    Rows,
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
    /// What its processes themselves leave to chance, as choices are named: `coin`, and the workload's words as in
    /// `load.gap`.
    pub chances: &'static [&'static str],
    /// Its properties.
    pub properties: &'static [Property],
    /// Its measures.
    pub measures: &'static [Measure],
    /// What theory says of it.
    pub theory: &'static [Theory],
    /// A table of a run that somebody looks at, if the protocol has one.
    pub table: Option<fn(&Run<'_>) -> Table>,
    /// How far clocks were off in a run that somebody looks at, with what the protocol promises of them. Where a
    /// protocol says nothing, clocks that are off are charted against true time.
    pub chart: Option<fn(&Run<'_>) -> Chart>,
    /// Makes it ready to run in a scenario, or says what it has against the scenario.
    pub prepare: fn(&Scenario) -> Prepared,
}

/// A protocol ready to run, or what it has against the scenario.
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
    /// Its value; nothing where the scenario is not as it assumes.
    pub value: fn(&Scenario) -> Option<f64>,
}

/// The problem of this name.
pub fn problem(name: &str) -> Option<&'static Problem> {
    ALL.iter().copied().find(|problem| problem.name == name)
}

/// The protocol of this name among those of a problem.
pub fn entry(problem: &str, protocol: &str) -> Option<&'static Entry> {
    self::problem(problem)?.protocols.iter().copied().find(|entry| entry.name == protocol)
}

/// The registry, as the loader of scenarios asks it.
#[derive(Clone, Copy, Debug)]
pub struct Registry;

impl Vocabulary for Registry {
    fn problems(&self) -> Vec<&'static str> {
        ALL.iter().map(|problem| problem.name).collect()
    }

    fn protocols(&self, problem: &str) -> Vec<&'static str> {
        self::problem(problem)
            .map_or_else(Vec::new, |problem| problem.protocols.iter().map(|entry| entry.name).collect())
    }

    fn node_names(&self, problem: &str, count: usize) -> Vec<String> {
        self::problem(problem).map_or_else(Vec::new, |problem| (problem.node_names)(count))
    }

    fn properties(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        entry(problem, protocol).map_or_else(Vec::new, |entry| entry.properties.iter().map(|p| p.name).collect())
    }

    fn crash_points(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        entry(problem, protocol).map_or_else(Vec::new, |entry| entry.crash_points.to_vec())
    }

    fn lies(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        entry(problem, protocol).map_or_else(Vec::new, |entry| entry.lies.iter().map(|lie| lie.name).collect())
    }

    fn chances(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        entry(problem, protocol).map_or_else(Vec::new, |entry| entry.chances.to_vec())
    }

    fn check(&self, scenario: &Scenario) -> Vec<Complaint> {
        match entry(&scenario.problem, &scenario.protocol) {
            Some(entry) => (entry.prepare)(scenario).err().unwrap_or_default(),
            None => Vec::new(),
        }
    }
}
