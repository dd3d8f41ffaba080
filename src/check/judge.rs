//! Judging a run as it happens.
//!
//! A run that somebody looks at keeps all its events, and a judge can read them at the end. A run
//! of which only the verdicts are wanted may have millions of events: its judges *fold*. They see
//! the events in order, in parts, and keep only what is still open; the events are then dropped.
//! Both ways come to the same verdict, since a judge that folds does so at every recording level.

use std::ops::ControlFlow;

use super::{Measure, Property, Run, Verdict, cut_short};
use crate::scenario::Scenario;
use crate::trace::{Event, Kinds, Trace, Watch};

/// How many kept events a run may have before its judges take them in and let them go.
const PART: usize = 4_096;

/// Takes in the events of a run in order, and says something of it at the end.
pub trait Fold: Default + Send {
    /// What it says: a [`Verdict`], or a measure's value.
    type Said;

    /// Takes in one event. `run` has the scenario, the names and the clocks; of the trace's events,
    /// only those that are not dropped yet.
    fn see(&mut self, event: &Event, run: &Run<'_>);

    /// Called before the clocks' past is dropped: reads now what the judge still needs of it. More
    /// events of this moment may follow.
    fn settle(&mut self, _run: &Run<'_>) {}

    /// Returns the verdict or the value. In a run at
    /// [`Recording::Everything`](crate::trace::Recording) all events are still there, for sentences
    /// and evidence.
    fn say(&mut self, run: &Run<'_>) -> Self::Said;

    /// Resets it to what it was before the first event. A fold that holds lists can keep what it
    /// allocated.
    fn begin(&mut self) {
        *self = Self::default();
    }
}

/// How a property's verdict or a measure's value is found.
pub struct Judge<T: 'static>(How<T>);

impl<T> Clone for Judge<T> {
    fn clone(&self) -> Judge<T> {
        *self
    }
}

impl<T> Copy for Judge<T> {}

impl<T> std::fmt::Debug for Judge<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            How::Fold(_) => "Judge::fold",
            How::AtEnd(_) => "Judge::at_end",
        })
    }
}

enum How<T: 'static> {
    Fold(fn() -> Box<dyn Folding<T>>),
    AtEnd(fn(&Run<'_>) -> T),
}

impl<T> Clone for How<T> {
    fn clone(&self) -> How<T> {
        *self
    }
}

impl<T> Copy for How<T> {}

impl<T> Judge<T> {
    /// Judges as the run happens.
    pub const fn fold<F: Fold<Said = T> + 'static>() -> Judge<T> {
        Judge(How::Fold(|| Box::new(F::default())))
    }

    /// Judges at the end. All events that it needs are kept until then, which costs memory: use it
    /// for a judge that needs none, and [`Judge::fold`] otherwise.
    pub const fn at_end(say: fn(&Run<'_>) -> T) -> Judge<T> {
        Judge(How::AtEnd(say))
    }

    /// Whether it needs all events of these kinds at the end.
    const fn wants_all(&self, needs: Kinds) -> bool {
        matches!(self.0, How::AtEnd(_)) && needs.has(Kinds::ALL)
    }

    /// What it says of a run whose events are all there.
    pub fn of(&self, run: &Run<'_>) -> T {
        let mut sitting = Sitting::new(self);
        sitting.see(run);
        sitting.say(run)
    }
}

/// A [`Fold`] whose type is hidden.
trait Folding<T>: Send {
    fn begin(&mut self);
    fn see_all(&mut self, run: &Run<'_>);
    fn settle(&mut self, run: &Run<'_>);
    fn say(&mut self, run: &Run<'_>) -> T;
}

impl<F: Fold> Folding<F::Said> for F {
    fn begin(&mut self) {
        Fold::begin(self);
    }

    fn see_all(&mut self, run: &Run<'_>) {
        for event in &run.trace.events {
            self.see(event, run);
        }
    }

    fn settle(&mut self, run: &Run<'_>) {
        Fold::settle(self, run);
    }

    fn say(&mut self, run: &Run<'_>) -> F::Said {
        Fold::say(self, run)
    }
}

/// A judge at work.
enum Sitting<T: 'static> {
    Fold(Box<dyn Folding<T>>),
    AtEnd(fn(&Run<'_>) -> T),
}

impl<T> Sitting<T> {
    fn new(judge: &Judge<T>) -> Sitting<T> {
        match judge.0 {
            How::Fold(make) => Sitting::Fold(make()),
            How::AtEnd(say) => Sitting::AtEnd(say),
        }
    }

    fn begin(&mut self) {
        if let Sitting::Fold(fold) = self {
            fold.begin();
        }
    }

    fn see(&mut self, run: &Run<'_>) {
        if let Sitting::Fold(fold) = self {
            fold.see_all(run);
        }
    }

    fn settle(&mut self, run: &Run<'_>) {
        if let Sitting::Fold(fold) = self {
            fold.settle(run);
        }
    }

    fn say(&mut self, run: &Run<'_>) -> T {
        match self {
            Sitting::Fold(fold) => fold.say(run),
            Sitting::AtEnd(say) => say(run),
        }
    }
}

/// The judges of a protocol, which take in one run after the other.
pub struct Judges {
    properties: Vec<Sitting<Verdict>>,
    measures: Vec<Sitting<Option<i64>>>,
    /// Kept events after which they take in a part; `None` if one of them wants all events at the
    /// end.
    part: Option<usize>,
}

impl Judges {
    /// The judges of these properties and measures.
    pub fn new<'a>(properties: impl IntoIterator<Item = &'a Property>, measures: &[Measure]) -> Judges {
        let mut wants_all = false;
        let properties = properties.into_iter().map(|property| {
            wants_all |= property.judge.wants_all(property.needs);
            Sitting::new(&property.judge)
        });
        let properties = properties.collect();
        let measures = measures.iter().map(|measure| {
            wants_all |= measure.of.wants_all(measure.needs);
            Sitting::new(&measure.of)
        });
        let measures = measures.collect();
        Judges { properties, measures, part: (!wants_all).then_some(PART) }
    }

    /// The same, with parts of another size: for tests that hold parts against the whole.
    #[must_use]
    pub fn in_parts_of(self, events: usize) -> Judges {
        Judges { part: self.part.map(|_| events), ..self }
    }

    /// Whether a run's events are let go while it goes on.
    pub const fn let_go(&self) -> bool {
        self.part.is_some()
    }

    /// A run begins: returns who watches it. `goes_on` is asked every few thousand events whether
    /// it is to go on.
    pub fn watch<'a>(
        &'a mut self,
        scenario: &'a Scenario,
        goes_on: &'a mut dyn FnMut() -> ControlFlow<()>,
    ) -> Watching<'a> {
        self.properties.iter_mut().for_each(Sitting::begin);
        self.measures.iter_mut().for_each(Sitting::begin);
        Watching { judges: self, scenario, goes_on }
    }

    /// Takes in a part of a run: what is left of one that has ended.
    pub fn see(&mut self, run: &Run<'_>) {
        self.properties.iter_mut().for_each(|sitting| sitting.see(run));
        self.measures.iter_mut().for_each(|sitting| sitting.see(run));
    }

    /// The verdicts of a run that has ended, in the order of the properties.
    pub fn verdicts<'a>(&'a mut self, run: &'a Run<'a>) -> impl Iterator<Item = Verdict> + use<'a> {
        self.properties.iter_mut().map(|sitting| cut_short(sitting.say(run), run))
    }

    /// The measures of a run that has ended, in their order.
    pub fn values<'a>(&'a mut self, run: &'a Run<'a>) -> impl Iterator<Item = Option<i64>> + use<'a> {
        self.measures.iter_mut().map(|sitting| sitting.say(run))
    }

    fn take_part(&mut self, scenario: &Scenario, trace: &mut Trace) {
        let run = Run { scenario, trace };
        self.see(&run);
        self.properties.iter_mut().for_each(|sitting| sitting.settle(&run));
        self.measures.iter_mut().for_each(|sitting| sitting.settle(&run));
        trace.let_go();
    }
}

/// Judges that watch a run.
pub struct Watching<'a> {
    judges: &'a mut Judges,
    scenario: &'a Scenario,
    goes_on: &'a mut dyn FnMut() -> ControlFlow<()>,
}

impl Watch for Watching<'_> {
    fn look(&mut self, trace: &mut Trace) -> ControlFlow<()> {
        if self.judges.part.is_some_and(|part| trace.events.len() >= part) {
            self.judges.take_part(self.scenario, trace);
        }
        (self.goes_on)()
    }
}
