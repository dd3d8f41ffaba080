//! What a protocol makes of a scenario before a run: it reads its parameters and its traitors'
//! lies, and collects all that is wrong with them and with the nodes.
//!
//! A problem begins with what holds for all its protocols, and a protocol ends with `run`, so that
//! its `prepare` is one expression: `|scenario| super::setup(scenario).check(check).run(|params|
//! Quorum { params })`.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::process::Protocol;
use crate::scenario::{Complaint, Fault, Scenario};
use crate::sim::Simulation;
use crate::sim::byzantine::Liar;

use super::Prepared;

/// A scenario as a protocol reads it: what was read of it, and all that is wrong with it.
#[derive(Debug)]
pub struct Setup<'a, T> {
    scenario: &'a Scenario,
    /// `None` if something could not be read; there is a complaint then.
    read: Option<T>,
    complaints: Vec<Complaint>,
    /// Whether traitors are among the complaints.
    no_traitors: bool,
}

impl<'a, T: DeserializeOwned + JsonSchema + 'static> Setup<'a, T> {
    /// Reads the protocol's parameters.
    pub fn read(scenario: &'a Scenario) -> Setup<'a, T> {
        let (read, complaints) = split(scenario.params.read());
        Setup { scenario, read, complaints, no_traitors: false }
    }
}

impl<P: Protocol + 'static> Setup<'_, P> {
    /// Makes a protocol ready to run that is its own parameters, as they were read.
    ///
    /// # Errors
    ///
    /// All that is wrong with the scenario.
    pub fn ready(self) -> Prepared {
        self.run(|protocol| protocol)
    }
}

impl<'a, T> Setup<'a, T> {
    /// Refuses what is complained of.
    #[must_use]
    pub fn refuse(mut self, complaints: impl IntoIterator<Item = Complaint>) -> Setup<'a, T> {
        self.complaints.extend(complaints);
        self
    }

    /// Refuses every traitor, in a problem's own words: [`Setup::run`] does so in general ones.
    #[must_use]
    pub fn refuse_traitors(mut self, message: &str, help: &str) -> Setup<'a, T> {
        self.no_traitors = true;
        let complain = |fault: &Fault| match fault {
            Fault::Traitor { lie, .. } => {
                Some(Complaint { span: lie.span.clone(), message: message.to_owned(), help: help.to_owned() })
            }
            _ => None,
        };
        let complaints: Vec<Complaint> = self.scenario.faults.iter().filter_map(complain).collect();
        self.refuse(complaints)
    }

    /// Refuses what `check` has against the values that were read, if they could be.
    #[must_use]
    pub fn check<C>(self, check: impl FnOnce(&T, &Scenario) -> C) -> Setup<'a, T>
    where
        C: IntoIterator<Item = Complaint>,
    {
        let complaints = self.read.as_ref().map(|read| check(read, self.scenario));
        self.refuse(complaints.into_iter().flatten().collect::<Vec<_>>())
    }

    /// Reads one thing more: usually the traitors' lies.
    #[must_use]
    pub fn and<U>(self, more: Result<U, Vec<Complaint>>) -> Setup<'a, (T, U)> {
        let (more, complaints) = split(more);
        let Setup { scenario, read, complaints: others, no_traitors } = self;
        Setup { scenario, read: read.zip(more), complaints: others, no_traitors }.refuse(complaints)
    }

    /// What was read.
    ///
    /// # Errors
    ///
    /// All that is wrong with the scenario.
    pub fn finish(self) -> Result<T, Vec<Complaint>> {
        self.read.filter(|_| self.complaints.is_empty()).ok_or(self.complaints)
    }

    /// Makes a protocol ready to run that has no lies: traitors are refused.
    ///
    /// # Errors
    ///
    /// All that is wrong with the scenario.
    pub fn run<P: Protocol + 'static>(self, protocol: impl FnOnce(T) -> P) -> Prepared {
        let scenario = self.scenario;
        let setup = match self.no_traitors {
            true => self,
            false => {
                let message = format!("there are no lies in `{}`", scenario.protocol);
                self.refuse_traitors(&message, "none of its nodes can be a traitor")
            }
        };
        Ok(Box::new(Simulation::new(protocol(setup.finish()?), None, scenario)))
    }

    /// Makes a protocol ready to run, with the voice of its traitors.
    ///
    /// # Errors
    ///
    /// All that is wrong with the scenario.
    pub fn run_with_traitors<P, L>(self, protocol: impl FnOnce(T) -> (P, L)) -> Prepared
    where
        P: Protocol + 'static,
        L: Liar<P> + 'static,
    {
        let scenario = self.scenario;
        let (protocol, liar) = protocol(self.finish()?);
        Ok(Box::new(Simulation::new(protocol, Some(Box::new(liar)), scenario)))
    }
}

fn split<T>(read: Result<T, Vec<Complaint>>) -> (Option<T>, Vec<Complaint>) {
    match read {
        Ok(read) => (Some(read), Vec::new()),
        Err(complaints) => (None, complaints),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::NoParams;
    use crate::process::{Never, NodeId, Process};
    use crate::scenario::{Lie, Traitors};

    crate::params! {
        /// A protocol that is its own parameters, and does nothing.
        struct Mute {}
    }

    impl Protocol for Mute {
        type Process = Mute;
        type Message = Never;
        type Timer = Never;
        type Disk = ();

        fn boot(&self, _node: NodeId, (): &()) -> Mute {
            self.clone()
        }
    }

    impl Process<Mute> for Mute {}

    fn complaint(message: &str) -> Complaint {
        Complaint { span: 0..0, message: message.to_owned(), help: String::new() }
    }

    fn messages<T>(setup: Setup<'_, T>) -> Option<Vec<String>> {
        let complaints = setup.finish().err()?;
        Some(complaints.into_iter().map(|complaint| complaint.message).collect())
    }

    fn setup(scenario: &Scenario) -> Setup<'_, NoParams> {
        Setup::read(scenario)
    }

    #[test]
    fn all_complaints_come_at_once() {
        let scenario = Scenario::bare("", "", &["alice"], "x = 1");
        let nobody_lies = setup(&scenario).refuse([complaint("nodes")]).and(Err::<(), _>(vec![complaint("lies")]));
        assert_eq!(messages(nobody_lies).unwrap(), ["unknown key `x`", "nodes", "lies"]);
    }

    #[test]
    fn where_nobody_can_lie_a_traitor_is_refused_once() {
        let refused = |refuse: fn(Setup<'_, Mute>) -> Prepared| {
            let mut scenario = Scenario::bare("p", "mute", &["alice"], "");
            let lie = Lie { name: "flip".to_owned(), span: 0..0, arguments: scenario.params.clone() };
            scenario.faults.push(Fault::Traitor { who: Traitors::Count(1), lie });
            let complaints = refuse(Setup::read(&scenario)).err().unwrap();
            complaints.into_iter().map(|complaint| complaint.message).collect::<Vec<_>>()
        };
        assert_eq!(refused(|setup| setup.ready()), ["there are no lies in `mute`"]);
        assert_eq!(refused(|setup| setup.refuse_traitors("all are loyal", "").ready()), ["all are loyal"]);
    }

    #[test]
    fn only_what_could_be_read_is_checked() {
        let [plain, odd] = ["", "x = 1"].map(|params| Scenario::bare("", "", &["alice"], params));
        let check = |_: &NoParams, scenario: &Scenario| [complaint(&format!("{} node", scenario.names.count()))];
        assert_eq!(messages(setup(&plain).check(check)).unwrap(), ["1 node"]);
        assert_eq!(messages(setup(&odd).check(check)).unwrap(), ["unknown key `x`"]);
        assert_eq!(messages(setup(&plain).check(|_, _| None)), None);
    }
}
