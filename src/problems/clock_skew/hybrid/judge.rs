//! What is judged of hybrid clocks beside the clock condition: how close stamps are to the time,
//! and how large counters get.

use std::marker::PhantomData;

use crate::check::{Fold, Judge, Kind, Measure, Property, Run, Verdict};
use crate::process::NodeId;
use crate::trace::Event;

use super::super::held::Held;
use super::super::ordering::{self, AsNumbers, Chronicle, Happening};
use super::{Params, in_ticks};

pub(super) const PROPERTIES: &[Property] = &{
    let [clock_condition, strong] = ordering::properties::<AsNumbers>();
    [
        clock_condition,
        strong,
        Property {
            name: "near-physical-time",
            kind: Kind::Safety,
            says: "No stamp's l is behind its node's clock, nor more than epsilon ahead of it.",
            needs: ordering::NEEDS,
            judge: Judge::fold::<NearPhysicalTime>(),
        },
        Property {
            name: "bounded-counter",
            kind: Kind::Safety,
            says: "If every clock ticks between any two events of its node, no counter exceeds N(epsilon + 1).",
            needs: ordering::NEEDS,
            judge: Judge::fold::<BoundedCounter>(),
        },
    ]
};

pub(super) const MEASURES: &[Measure] = &{
    let [messages, events] = ordering::MEASURES;
    [
        messages,
        events,
        Measure {
            name: "ahead_max",
            unit: "ns",
            says: "How far a stamp's l was ahead of its node's clock, at most.",
            needs: ordering::NEEDS,
            of: Judge::fold::<Greatest<Ahead>>(),
            in_words: None,
        },
        Measure {
            name: "counter_max",
            unit: "events",
            says: "The greatest counter in a stamp.",
            needs: ordering::NEEDS,
            of: Judge::fold::<Greatest<Counter>>(),
            in_words: None,
        },
    ]
};

/// An event with its stamp and what its node's physical clock showed, in ticks.
struct Stamped {
    event: Happening,
    l: i64,
    c: i64,
    clock: i64,
    /// What the clock showed at the event before it on its node, if there was one.
    clock_before: Option<i64>,
}

impl Stamped {
    /// How many ticks the stamp is ahead of the clock.
    const fn ahead(&self) -> i64 {
        self.l - self.clock
    }
}

/// The events whose stamps are noted whole, with what the clocks showed. That is the trace's to
/// say, not the process's.
#[derive(Debug, Default)]
struct Stamps {
    params: Option<Params>,
    chronicle: Chronicle,
    held: Held<Happening>,
    /// What each node's clock showed at its last event, in ticks.
    clocks: Vec<Option<i64>>,
}

impl Stamps {
    fn params(&mut self, run: &Run<'_>) -> Params {
        self.params.get_or_insert_with(|| Params::of(run)).clone()
    }

    fn see(&mut self, event: &Event, run: &Run<'_>) -> Vec<Stamped> {
        let over = self.held.before(event.at);
        let stamped = self.stamped(over, run);
        if let Some(entry) = self.chronicle.see(event, run) {
            self.held.push(entry.event.at, entry.event);
        }
        stamped
    }

    fn settle(&mut self, run: &Run<'_>) -> Vec<Stamped> {
        // A part of a run ends between two handlers: what is open is complete.
        if let Some(entry) = self.chronicle.complete() {
            self.held.push(entry.event.at, entry.event);
        }
        let over = self.held.before(run.trace.ended_at);
        self.stamped(over, run)
    }

    fn finish(&mut self, run: &Run<'_>) -> Vec<Stamped> {
        let mut over = self.held.all();
        over.extend(self.chronicle.complete().map(|entry| entry.event));
        self.stamped(over, run)
    }

    fn stamped(&mut self, over: Vec<Happening>, run: &Run<'_>) -> Vec<Stamped> {
        let tick = self.params(run).tick;
        self.clocks.resize(run.trace.names.count(), None);
        let stamped = over.into_iter().filter_map(|event| {
            let [l, c] = *event.stamp.as_slice() else { return None };
            let place = event.node.index();
            let clock = in_ticks(run.trace.clocks[place].read(event.at), tick);
            let clock_before = self.clocks[place].replace(clock);
            Some(Stamped { event, l, c, clock, clock_before })
        });
        stamped.collect()
    }
}

/// The greatest of a figure over all events.
struct Greatest<F> {
    stamps: Stamps,
    greatest: Option<i64>,
    figure: PhantomData<F>,
}

impl<F> Default for Greatest<F> {
    fn default() -> Self {
        Greatest { stamps: Stamps::default(), greatest: None, figure: PhantomData }
    }
}

trait Figure: Send {
    fn of(stamped: &Stamped) -> i64;

    /// The figure in the measure's unit.
    fn shown(figure: i64, _params: &Params) -> i64 {
        figure
    }
}

enum Ahead {}

impl Figure for Ahead {
    fn of(stamped: &Stamped) -> i64 {
        stamped.ahead()
    }

    fn shown(ticks: i64, params: &Params) -> i64 {
        params.tick.times(ticks).ns()
    }
}

enum Counter {}

impl Figure for Counter {
    fn of(stamped: &Stamped) -> i64 {
        stamped.c
    }
}

impl<F: Figure> Greatest<F> {
    fn take_in(&mut self, stamped: &[Stamped]) {
        self.greatest = self.greatest.max(stamped.iter().map(F::of).max());
    }
}

impl<F: Figure> Fold for Greatest<F> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        let stamped = self.stamps.see(event, run);
        self.take_in(&stamped);
    }

    fn settle(&mut self, run: &Run<'_>) {
        let stamped = self.stamps.settle(run);
        self.take_in(&stamped);
    }

    fn say(&mut self, run: &Run<'_>) -> Option<i64> {
        let stamped = self.stamps.finish(run);
        self.take_in(&stamped);
        let params = self.stamps.params(run);
        self.greatest.map(|greatest| F::shown(greatest, &params))
    }
}

/// Looks for a stamp that is far from its node's clock.
#[derive(Default)]
struct NearPhysicalTime {
    stamps: Stamps,
    far: Option<Stamped>,
    most_ahead: Option<i64>,
}

impl NearPhysicalTime {
    fn take_in(&mut self, stamped: Vec<Stamped>, run: &Run<'_>) {
        let most = self.stamps.params(run).epsilon_in_ticks();
        for stamped in stamped {
            self.most_ahead = self.most_ahead.max(Some(stamped.ahead()));
            if self.far.is_none() && !(0..=most).contains(&stamped.ahead()) {
                self.far = Some(stamped);
            }
        }
    }
}

impl Fold for NearPhysicalTime {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        let stamped = self.stamps.see(event, run);
        self.take_in(stamped, run);
    }

    fn settle(&mut self, run: &Run<'_>) {
        let stamped = self.stamps.settle(run);
        self.take_in(stamped, run);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let stamped = self.stamps.finish(run);
        self.take_in(stamped, run);
        let params = self.stamps.params(run);
        let epsilon = params.epsilon.rounded();
        let in_words = |ticks: i64| params.tick.times(ticks).rounded();
        match (&self.far, self.most_ahead) {
            (Some(far), _) => {
                let because = || {
                    let (told, by) = (far.event.told(run), in_words(far.ahead().abs()));
                    match far.ahead() {
                        ..0 => format!("{told} has a stamp that is {by} behind the node's clock."),
                        _ => format!("{told} has a stamp {by} ahead of the node's clock; epsilon is {epsilon}."),
                    }
                };
                run.violated(because, [far.event.note])
            }
            (None, None) => run.holds_vacuously(|| "Nothing happened that could be stamped.".to_owned()),
            (None, Some(0)) => run.holds(|| "Every stamp shows what its node's clock showed.".to_owned()),
            (None, Some(most)) => run.holds(|| {
                format!("No stamp is more than {} ahead of its node's clock; epsilon is {epsilon}.", in_words(most))
            }),
        }
    }
}

/// N(ε+1), ε in ticks. (Kulkarni and others, 2014.)
pub(super) const fn most_counted(nodes: i64, epsilon: i64) -> i64 {
    nodes.saturating_mul(epsilon.saturating_add(1))
}

/// Looks for a counter that is too large, and for a clock that did not tick between two events, of
/// which nothing is said.
#[derive(Default)]
struct BoundedCounter {
    stamps: Stamps,
    without_tick: Option<(NodeId, Happening)>,
    too_large: Option<(i64, Happening)>,
    highest: Option<i64>,
}

impl BoundedCounter {
    fn most(&mut self, run: &Run<'_>) -> i64 {
        let nodes = i64::try_from(run.trace.names.count()).unwrap_or(i64::MAX);
        most_counted(nodes, self.stamps.params(run).epsilon_in_ticks())
    }

    fn take_in(&mut self, stamped: Vec<Stamped>, run: &Run<'_>) {
        let most = self.most(run);
        for Stamped { event, c, clock, clock_before, .. } in stamped {
            self.highest = self.highest.max(Some(c));
            if self.without_tick.is_none() && clock_before.is_some_and(|before| before >= clock) {
                self.without_tick = Some((event.node, event.clone()));
            }
            if self.too_large.is_none() && c > most {
                self.too_large = Some((c, event));
            }
        }
    }
}

impl Fold for BoundedCounter {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        let stamped = self.stamps.see(event, run);
        self.take_in(stamped, run);
    }

    fn settle(&mut self, run: &Run<'_>) {
        let stamped = self.stamps.settle(run);
        self.take_in(stamped, run);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let stamped = self.stamps.finish(run);
        self.take_in(stamped, run);
        let most = self.most(run);
        match (&self.without_tick, &self.too_large, self.highest) {
            (Some((node, event)), ..) => run.holds_vacuously(|| {
                let (who, told) = (run.name(*node), event.told(run));
                format!(
                    "Nothing is claimed of this run: {who}'s clock did not tick between {told} and the event before it."
                )
            }),
            (None, Some((c, event)), _) => {
                let because = || format!("{} has the counter {c}; N(epsilon + 1) is {most}.", event.told(run));
                run.violated(because, [event.note])
            }
            (None, None, None) => run.holds_vacuously(|| "Nothing happened that could be stamped.".to_owned()),
            (None, None, Some(highest)) => {
                run.holds(|| format!("No counter is greater than {highest}; N(epsilon + 1) is {most}."))
            }
        }
    }
}
