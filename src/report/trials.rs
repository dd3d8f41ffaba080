//! Running a scenario again and again where only the verdicts and measures are wanted.

use std::ops::ControlFlow;

use super::needs_of;
use crate::check::{Judges, Measure, Property, Run, Verdict};
use crate::problems::Bound;
use crate::scenario::Complaint;
use crate::sim::Runner;
use crate::sim::choice::Enumeration;
use crate::trace::{Recording, StopReason, Trace};

/// A scenario's protocol, ready to run, with the judges of its runs. What a run allocated serves
/// the next.
///
/// A run keeps only the kinds of events that its judges read, and lets these go as they are judged:
/// memory grows with what is unresolved in a run, not with its length.
pub struct Trials {
    scenario: Bound,
    runner: Box<dyn Runner>,
    judges: Judges,
    recording: Recording,
}

impl Trials {
    /// Trials of all properties and measures of the scenario's protocol.
    ///
    /// # Errors
    ///
    /// What the protocol has against the scenario; a scenario that was loaded has passed this
    /// before.
    pub fn new(scenario: &Bound) -> Result<Trials, Vec<Complaint>> {
        let Bound { entry, .. } = scenario;
        Ok(Trials::of(scenario, scenario.prepare()?, entry.properties, entry.measures))
    }

    /// Trials of some properties of the scenario's protocol, and of no measure.
    ///
    /// # Errors
    ///
    /// As for [`Trials::new`].
    pub fn of_properties(scenario: &Bound, properties: &[&'static Property]) -> Result<Trials, Vec<Complaint>> {
        Ok(Trials::of(scenario, scenario.prepare()?, properties.iter().copied(), &[]))
    }

    fn of<'a>(
        scenario: &Bound,
        runner: Box<dyn Runner>,
        properties: impl IntoIterator<Item = &'a Property> + Clone,
        measures: &[Measure],
    ) -> Trials {
        let recording = Recording::Verdicts(needs_of(properties.clone(), measures));
        Trials { scenario: scenario.clone(), runner, judges: Judges::new(properties, measures), recording }
    }

    /// The same, with the events of a run taken in by parts of another size: for tests.
    #[must_use]
    pub fn in_parts_of(self, events: usize) -> Trials {
        Trials { judges: self.judges.in_parts_of(events), ..self }
    }

    /// The same, with a digest of each run: to hold a run against another.
    #[must_use]
    pub fn digested(self) -> Trials {
        let recording = match self.recording {
            Recording::Verdicts(kinds) => Recording::Outputs(kinds),
            other => other,
        };
        Trials { recording, ..self }
    }

    /// The scenario that is run.
    pub fn scenario(&self) -> &Bound {
        &self.scenario
    }

    /// Runs once. `goes_on` is asked every few thousand events whether to go on. An `enumeration`
    /// lets a search decide instead of chance.
    pub fn run(
        &mut self,
        seed: u64,
        enumeration: Option<Enumeration>,
        goes_on: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Trial<'_> {
        let Trials { scenario, runner, judges, recording } = self;
        let trace = runner.run_watched(seed, *recording, enumeration, &mut judges.watch(scenario, goes_on));
        let run = Run { scenario, trace };
        judges.see(&run);
        Trial { judges, run }
    }

    /// The enumeration of the last run, with the choices that it met.
    pub fn take_enumeration(&mut self) -> Option<Enumeration> {
        self.runner.take_enumeration()
    }
}

/// A run of which only verdicts and measures are known.
pub struct Trial<'a> {
    judges: &'a mut Judges,
    run: Run<'a>,
}

impl Trial<'_> {
    /// The verdicts, without their sentences, in the order of the properties.
    pub fn verdicts(&mut self) -> impl Iterator<Item = Verdict> {
        self.judges.verdicts(&self.run)
    }

    /// The measures, in their order.
    pub fn values(&mut self) -> impl Iterator<Item = Option<i64>> {
        self.judges.values(&self.run)
    }

    /// The run's counts and end, and its digest if it was asked for. Which events are left in it is
    /// nobody's business.
    pub fn trace(&self) -> &Trace {
        self.run.trace
    }

    /// Whether it was stopped before its end.
    pub fn is_interrupted(&self) -> bool {
        self.run.trace.ended == StopReason::Interrupted
    }
}
