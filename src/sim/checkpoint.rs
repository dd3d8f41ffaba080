//! Going on from where two runs part.
//!
//! A search runs many behaviours that begin alike: they differ from the first choice on that the
//! enemy decides otherwise. On the way to the last of a run's departures the simulation leaves
//! checkpoints, and the next run goes on from the last one that both pass. Which checkpoints there
//! are changes nothing but the time that it takes.

use crate::process::Protocol;
use crate::trace::{Recording, Trace};

use super::Simulation;
use super::choice::{Departure, Enemy, Enumeration, Passed};
use super::state::State;
use super::world::World;

/// How many events lie between two checkpoints at least: to run so many takes about as long as to
/// keep one.
const SPACING: u64 = 8;
/// How many checkpoints are kept at most; when they are more, every second one is dropped.
const MOST: usize = 64;
/// How many events, kept and still to come, and links a checkpoint may hold: a run that has more
/// leaves none.
const LARGEST: usize = 4_096;

/// The checkpoints of the last run that an enemy decided.
pub(super) struct Checkpoints<P: Protocol> {
    /// Whether the run that is under way leaves checkpoints.
    pub(super) is_open: bool,
    spacing: u64,
    kept: Vec<Checkpoint<P>>,
    /// What the run was given.
    given: Option<(u64, Recording, Enemy)>,
    /// What the enemy did.
    departures: Vec<Departure>,
}

/// A moment between two events.
struct Checkpoint<P: Protocol> {
    processes: Vec<P::Process>,
    moment: Moment<P>,
}

impl<P: Protocol> Checkpoints<P> {
    pub(super) fn new() -> Checkpoints<P> {
        Checkpoints { is_open: false, spacing: SPACING, kept: Vec::new(), given: None, departures: Vec::new() }
    }

    /// How many checkpoints are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// A run begins: forgets the checkpoints that it does not pass. Returns whether any is left.
    pub(super) fn begin(&mut self, seed: u64, recording: Recording, enumeration: Option<&Enumeration>) -> bool {
        let enumeration = enumeration.filter(|enumeration| enumeration.is_written());
        self.is_open = enumeration.is_some();
        let Some(enumeration) = enumeration else {
            self.given = None;
            return false;
        };
        let Enumeration { enemy, moves } = enumeration;
        if self.given.as_ref().is_some_and(|given| (given.0, given.1, &given.2) == (seed, recording, enemy)) {
            let apart = first_difference(&self.departures, &moves.departures);
            let passes = |checkpoint: &Checkpoint<P>| checkpoint.moment.choices.met() <= apart;
            self.kept.truncate(self.kept.partition_point(passes));
        } else {
            self.given = Some((seed, recording, enemy.clone()));
            self.kept.clear();
            self.spacing = SPACING;
        }
        self.departures.clone_from(&moves.departures);
        !self.kept.is_empty()
    }
}

/// The place of the first choice that two lists of departures settle otherwise.
fn first_difference(one: &[Departure], other: &[Departure]) -> usize {
    let alike = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let next = |departures: &[Departure]| departures.get(alike).map_or(usize::MAX, |departure| departure.at as usize);
    next(one).min(next(other))
}

impl<P: Protocol> Simulation<P> {
    /// Goes back to the last checkpoint that is left, and lets the enemy decide otherwise from
    /// there.
    pub(super) fn go_back(&mut self, enumeration: Enumeration) {
        if let Some(last) = self.checkpoints.kept.last() {
            self.processes.clone_from(&last.processes);
            self.world.restore(&last.moment, enumeration);
        }
    }

    /// Leaves a checkpoint, if it is time for one.
    #[cold]
    pub(super) fn leave_checkpoint(&mut self) {
        if self.world.choices.is_calm_from_here() {
            self.checkpoints.is_open = false;
            return;
        }
        let events = self.world.trace.counts.events;
        if let Some(last) = self.checkpoints.kept.last() {
            let moment = &last.moment;
            if events < moment.trace.counts.events + self.checkpoints.spacing
                || self.world.choices.met() == moment.choices.met()
            {
                return;
            }
        }
        if self.world.trace.events.len() + self.world.state.queue.len() + self.world.state.slots.len() > LARGEST {
            return;
        }
        if self.checkpoints.kept.len() == MOST {
            let mut is_kept = false;
            self.checkpoints.kept.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
            self.checkpoints.spacing *= 2;
        }
        self.checkpoints.kept.push(Checkpoint { processes: self.processes.clone(), moment: self.world.save() });
    }
}

/// A run between two events.
pub(super) struct Moment<P: Protocol> {
    state: State<P>,
    choices: Passed,
    trace: Trace,
}

impl<P: Protocol> World<P> {
    fn save(&self) -> Moment<P> {
        Moment { state: self.state.clone(), choices: self.choices.passed(), trace: self.trace.clone() }
    }

    /// Makes everything as it was at the moment, and lets the enemy decide otherwise from there.
    fn restore(&mut self, moment: &Moment<P>, enumeration: Enumeration) {
        let Moment { state, choices, trace } = moment;
        self.state.clone_from(state);
        self.choices.restore(choices, enumeration);
        self.trace.go_back_to(trace);
        // The run that is left behind may have ended, at an event that it was to follow.
        self.stopped = None;
        self.triggers.clear();
    }
}
