//! Going on from where two runs part.
//!
//! A search runs many behaviours that begin alike: they differ from the first choice on that the enemy decides otherwise.
//! On the way to the last of a run's departures the simulation leaves checkpoints, and the next run goes on from the last
//! one that both pass. Which checkpoints there are changes nothing but the time that it takes.

use crate::process::Protocol;
use crate::time::Time;
use crate::trace::{Recording, Trace};

use super::Simulation;
use super::byzantine::Liar;
use super::choice::{Departure, Enemy, Enumeration, Passed};
use super::marks::Marks;
use super::node::Node;
use super::queue::Queue;
use super::world::{Pending, World};

/// How many events lie between two checkpoints at least: to run so many takes about as long as to keep one.
const SPACING: u64 = 8;
/// How many checkpoints are kept at most; when they are more, every second one is dropped.
const MOST: usize = 64;
/// How many events, kept and still to come, and links a checkpoint may hold: a run that has more leaves none.
const LARGEST: usize = 4_096;

/// The checkpoints of the last run that an enemy decided.
pub(super) struct Trail<P: Protocol> {
    /// Whether the run that is under way leaves checkpoints.
    pub(super) is_open: bool,
    spacing: u64,
    checkpoints: Vec<Checkpoint<P>>,
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

impl<P: Protocol> Trail<P> {
    pub(super) fn new() -> Trail<P> {
        Trail { is_open: false, spacing: SPACING, checkpoints: Vec::new(), given: None, departures: Vec::new() }
    }

    /// How many checkpoints are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.checkpoints.len()
    }

    /// A run begins: forgets the checkpoints that it does not pass. Answers whether any is left.
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
            self.checkpoints.truncate(self.checkpoints.partition_point(passes));
        } else {
            self.given = Some((seed, recording, enemy.clone()));
            self.checkpoints.clear();
            self.spacing = SPACING;
        }
        self.departures.clone_from(&moves.departures);
        !self.checkpoints.is_empty()
    }
}

/// The place of the first choice that two lists of departures settle otherwise.
fn first_difference(one: &[Departure], other: &[Departure]) -> usize {
    let alike = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let next = |departures: &[Departure]| departures.get(alike).map_or(usize::MAX, |departure| departure.at as usize);
    next(one).min(next(other))
}

impl<P: Protocol> Simulation<P> {
    /// Goes back to the last checkpoint that is left, and lets the enemy decide otherwise from there.
    pub(super) fn go_back(&mut self, enumeration: Enumeration) {
        if let Some(last) = self.trail.checkpoints.last() {
            self.processes.clone_from(&last.processes);
            self.world.restore(&last.moment, enumeration);
        }
    }

    /// Leaves a checkpoint, if it is time for one.
    #[cold]
    pub(super) fn leave_checkpoint(&mut self) {
        if self.world.choices.is_calm_from_here() {
            self.trail.is_open = false;
            return;
        }
        let events = self.world.trace.counts.events;
        if let Some(last) = self.trail.checkpoints.last() {
            let moment = &last.moment;
            if events < moment.trace.counts.events + self.trail.spacing
                || self.world.choices.met() == moment.choices.met()
            {
                return;
            }
        }
        if self.world.trace.events.len() + self.world.queue.len() + self.world.slots.len() > LARGEST {
            return;
        }
        if self.trail.checkpoints.len() == MOST {
            let mut is_kept = false;
            self.trail.checkpoints.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
            self.trail.spacing *= 2;
        }
        self.trail.checkpoints.push(Checkpoint { processes: self.processes.clone(), moment: self.world.save() });
    }
}

/// All of a world that changes in a run, between two events.
pub(super) struct Moment<P: Protocol> {
    liar: Option<Box<dyn Liar<P>>>,
    now: Time,
    interrupted: bool,
    nodes: Vec<Node<P>>,
    queue: Queue<Pending<P>>,
    slots: Vec<u32>,
    last_arrival: Vec<Time>,
    partitions: Vec<u16>,
    choices: Passed,
    delivered_blows: Vec<bool>,
    marks: Marks,
    in_vain: Vec<usize>,
    in_flight: u64,
    trace: Trace,
}

impl<P: Protocol> World<P> {
    /// Keeps the moment. What is left out does not change in a run, or is empty between two events.
    fn save(&self) -> Moment<P> {
        let World { names: _, clocks: _, limits: _, until: _, plan: _, faults: _, strikes: _, heeded_from: _, .. } =
            self;
        let World { stopped: _, asking: _, struck_at: _, said: _, .. } = self;
        Moment {
            liar: self.liar.as_ref().map(|liar| liar.twin()),
            now: self.now,
            interrupted: self.interrupted,
            nodes: self.nodes.clone(),
            queue: self.queue.clone(),
            slots: self.slots.clone(),
            last_arrival: self.last_arrival.clone(),
            partitions: self.partitions.clone(),
            choices: self.choices.passed(),
            delivered_blows: self.delivered_blows.clone(),
            marks: self.marks.clone(),
            in_vain: self.in_vain.clone(),
            in_flight: self.in_flight,
            trace: self.trace.clone(),
        }
    }

    /// Makes everything as it was at the moment, and lets the enemy decide otherwise from there.
    fn restore(&mut self, moment: &Moment<P>, enumeration: Enumeration) {
        let Moment { liar, now, interrupted, nodes, queue, slots, .. } = moment;
        let Moment { last_arrival, partitions, choices, delivered_blows, marks, in_vain, in_flight, trace, .. } =
            moment;
        self.liar = liar.as_ref().map(|liar| liar.twin());
        self.now = *now;
        self.stopped = None;
        self.interrupted = *interrupted;
        self.nodes.clone_from(nodes);
        self.queue.clone_from(queue);
        self.slots.clone_from(slots);
        self.last_arrival.clone_from(last_arrival);
        self.partitions.clone_from(partitions);
        self.choices.restore(choices, enumeration);
        self.struck_at.clear();
        self.delivered_blows.clone_from(delivered_blows);
        self.marks.clone_from(marks);
        self.in_vain.clone_from(in_vain);
        self.in_flight = *in_flight;
        self.trace.go_back_to(trace);
    }
}
