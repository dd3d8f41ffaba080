//! The registry as a value: which problems there are, and a scenario bound to the problem and the
//! protocol that it names.
//!
//! The layers below see a registry as a [`Vocabulary`] only. Those above take a [`Bound`] scenario,
//! so they never look a name up again, and never meet one that is not there.

use std::ops::Deref;

use crate::scenario::{self, Complaint, Invalid, Request, Scenario, Vocabulary};
use crate::trace::Counts;

use super::{Entry, Prepared, Problem};

/// What can be run: problems, in teaching order.
#[derive(Clone, Copy, Debug)]
pub struct Registry {
    /// The problems.
    pub problems: &'static [&'static Problem],
}

impl Registry {
    /// The problem of this name.
    pub fn problem(&self, name: &str) -> Option<&'static Problem> {
        self.problems.iter().copied().find(|problem| problem.name == name)
    }

    /// The protocol of this name among those of a problem.
    pub fn entry(&self, problem: &str, protocol: &str) -> Option<&'static Entry> {
        self.problem(problem)?.entry(protocol)
    }

    /// All protocols, each with its problem.
    pub fn protocols(self) -> impl Iterator<Item = (&'static Problem, &'static Entry)> {
        self.problems.iter().flat_map(|&problem| problem.protocols.iter().map(move |&entry| (problem, entry)))
    }

    /// Loads a scenario of one of these problems.
    ///
    /// # Errors
    ///
    /// All that is wrong with the file and the flags.
    #[allow(clippy::expect_used, reason = "the loader refuses a name that the registry does not know")]
    pub fn load(&self, request: &Request<'_>) -> Result<Bound, Invalid> {
        let scenario = scenario::load(request, self)?;
        Ok(self.bind(scenario).expect("a problem and a protocol of the registry"))
    }

    /// The scenario with the protocol that it names; `None` if there is none of this name.
    pub fn bind(&self, scenario: Scenario) -> Option<Bound> {
        let faces = self.problem(&scenario.problem)?;
        let entry = faces.entry(&scenario.protocol)?;
        Some(Bound { scenario, faces, entry })
    }
}

/// A scenario and the protocol that it names, ready to be run. It dereferences to its [`Scenario`].
#[derive(Clone, Debug)]
pub struct Bound {
    /// What is set up.
    pub scenario: Scenario,
    /// The problem that it names.
    pub faces: &'static Problem,
    /// The protocol that it names.
    pub entry: &'static Entry,
}

impl Bound {
    /// Makes the protocol ready to run in the scenario.
    ///
    /// # Errors
    ///
    /// What is wrong with the scenario: nothing, if it was loaded and not changed.
    pub fn prepare(&self) -> Prepared {
        (self.entry.prepare)(&self.scenario)
    }

    /// The same protocol in another scenario.
    #[must_use]
    pub fn with(&self, scenario: Scenario) -> Bound {
        Bound { scenario, ..*self }
    }
}

#[cfg(test)]
impl Bound {
    /// A scenario of a problem that ships, made by hand in a test.
    pub(crate) fn of(scenario: &Scenario) -> Bound {
        super::SHIPPED.bind(scenario.clone()).unwrap()
    }
}

impl Deref for Bound {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        &self.scenario
    }
}

impl Vocabulary for Registry {
    fn problems(&self) -> Vec<&'static str> {
        self.problems.iter().map(|problem| problem.name).collect()
    }

    fn protocols(&self, problem: &str) -> Vec<&'static str> {
        let protocols = self.problem(problem).map_or(&[][..], |problem| problem.protocols);
        protocols.iter().map(|entry| entry.name).collect()
    }

    fn node_names(&self, problem: &str, count: usize) -> Vec<String> {
        self.problem(problem).map_or_else(Vec::new, |problem| (problem.node_names)(count))
    }

    fn properties(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        let properties = self.entry(problem, protocol).map_or(&[][..], |entry| entry.properties);
        properties.iter().map(|property| property.name).collect()
    }

    fn measures(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        let measures = self.entry(problem, protocol).map_or(&[][..], |entry| entry.measures);
        measures.iter().map(|measure| measure.name).collect()
    }

    fn counts(&self) -> Vec<&'static str> {
        Counts::NAMES.to_vec()
    }

    fn outputs(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        self.entry(problem, protocol).map_or_else(Vec::new, |entry| entry.outputs.to_vec())
    }

    fn crash_points(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        self.entry(problem, protocol).map_or_else(Vec::new, |entry| entry.crash_points.to_vec())
    }

    fn lies(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        let lies = self.entry(problem, protocol).map_or(&[][..], |entry| entry.lies);
        lies.iter().map(|lie| lie.name).collect()
    }

    fn chances(&self, problem: &str, protocol: &str) -> Vec<&'static str> {
        self.entry(problem, protocol).map_or_else(Vec::new, |entry| entry.chances.to_vec())
    }

    fn check(&self, scenario: &Scenario) -> Vec<Complaint> {
        let entry = self.entry(&scenario.problem, &scenario.protocol);
        entry.and_then(|entry| (entry.prepare)(scenario).err()).unwrap_or_default()
    }
}
