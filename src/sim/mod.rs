//! The simulator: runs a protocol in a scenario's world, one event after the other, and writes the
//! trace.
//!
//! This module is the event loop: it pops what is due and tells the process. The rest is the world
//! (`world`), which processes ask for effects, and which injects faults: what chance or an enemy
//! decides is settled in [`choice`] and drawn in `draw`, what happens to a message is in `network`,
//! what goes wrong is planned in `plan` and done in `fault`, the order of events is in `queue`, and
//! [`byzantine`] is how traitors lie.
//!
//! A [`Simulation`] is made once for a scenario and run for many seeds: what it allocated stays, so
//! that a run on the fast path allocates nothing per message.

pub mod byzantine;
mod checkpoint;
pub mod choice;
pub(crate) mod draw;
mod fault;
pub(crate) mod link;
mod marks;
mod network;
mod node;
mod pending;
mod plan;
pub(crate) mod queue;
mod state;
mod warnings;
mod world;

use crate::process::{Context, Host, NodeId, Process, Protocol};
use crate::scenario::Scenario;
use crate::time::Time;
use crate::trace::{EventId, EventKind, LOOK_EVERY, Recording, StopReason, Trace, Watch};

use byzantine::Liar;
use checkpoint::Checkpoints;
use choice::Enumeration;
use pending::Pending;
use world::World;

/// A simulation whose protocol is hidden, so that all protocols look alike from here on.
pub trait Runner {
    /// Runs once and returns the trace. An `enumeration` lets a search decide instead of chance.
    fn run(&mut self, seed: u64, recording: Recording, enumeration: Option<Enumeration>) -> &Trace {
        self.run_watched(seed, recording, enumeration, &mut ())
    }

    /// The same, watched: `watch` may let go of what the trace keeps, and end the run.
    fn run_watched(
        &mut self,
        seed: u64,
        recording: Recording,
        enumeration: Option<Enumeration>,
        watch: &mut dyn Watch,
    ) -> &Trace;

    /// The enumeration of the last run, with the choices that it met.
    fn take_enumeration(&mut self) -> Option<Enumeration>;

    /// What was asked for and did not happen, or changed nothing, in the last run, a sentence each;
    /// complete if the run was at [`Recording::Everything`]. `clocks_are_judged` if somebody looks
    /// at clocks that their processes do not read.
    fn warnings(&self, clocks_are_judged: bool) -> Vec<String>;
}

/// A protocol in a scenario's world.
pub struct Simulation<P: Protocol> {
    protocol: P,
    /// What each node has in memory. While a node is down nothing reaches its process, and the next
    /// one takes its place.
    processes: Vec<P::Process>,
    world: World<P>,
    checkpoints: Checkpoints<P>,
}

impl<P: Protocol> Simulation<P> {
    /// The protocol in the scenario's world; `liar` is the voice of its traitors, if it can have
    /// any.
    pub fn new(protocol: P, liar: Option<Box<dyn Liar<P>>>, scenario: &Scenario) -> Simulation<P> {
        let world = World::new(liar, scenario);
        Simulation {
            protocol,
            processes: Vec::with_capacity(scenario.names.count()),
            world,
            checkpoints: Checkpoints::new(),
        }
    }

    fn begin(&mut self, seed: u64, recording: Recording, enumeration: Option<Enumeration>) {
        self.world.begin(seed, recording, enumeration);
        self.processes.clear();
        let Simulation { protocol, world, .. } = self;
        self.processes.extend(world.disks().map(|(node, disk)| protocol.boot(node, disk)));
        for node in NodeId::first(self.processes.len()) {
            // What was forced to follow an event of another's start may have fallen on this one.
            self.world.inject_forced();
            self.world.state.interrupted = true;
            if self.world.is_up(node) {
                self.start(node, None);
            }
        }
    }

    /// Lets everything happen that is due, until nothing is left or a limit is met.
    fn run_to_end(&mut self, watch: &mut dyn Watch) {
        let mut next_look = LOOK_EVERY;
        loop {
            if self.world.state.interrupted {
                self.world.inject_forced();
                if self.world.stopped.is_some() {
                    break;
                }
            }
            if self.world.trace.counts.events >= next_look {
                next_look = self.world.trace.counts.events + LOOK_EVERY;
                if self.is_ended_by(watch) {
                    break;
                }
            }
            if self.checkpoints.is_open {
                self.leave_checkpoint();
            }
            let Some((at, pending)) = self.world.state.queue.pop() else { break };
            if at == Time::NEVER {
                // What is left waits for oscillators that stand still for good.
                break;
            }
            if at > self.world.until {
                self.world.stopped = Some(StopReason::TimeLimit);
                self.world.trace.ended_at = self.world.until;
                break;
            }
            self.world.state.now = at;
            self.happen(pending);
        }
        self.world.trace.ended = self.world.stopped.unwrap_or(StopReason::Quiescent);
        self.world.trace.counts.in_flight = self.world.state.in_flight;
    }

    /// Lets somebody look at the run, and returns whether that ends it.
    #[cold]
    fn is_ended_by(&mut self, watch: &mut dyn Watch) -> bool {
        let kept = self.world.trace.events.len();
        let ends = watch.look(&mut self.world.trace).is_break();
        if ends {
            self.world.stop(StopReason::Interrupted);
        }
        // A checkpoint holds all that a run has kept: there is none of a run that has let go of
        // some of it.
        if self.world.trace.events.len() < kept {
            self.checkpoints.is_open = false;
        }
        ends
    }

    fn happen(&mut self, pending: Pending<P>) {
        match pending {
            Pending::Deliver { id, message, sent, damaged } => {
                if let Some((delivered, message)) = self.world.arrive(id, message, sent, damaged) {
                    self.handle(id.to(), delivered, |process, ctx| process.message(id.from(), message, ctx));
                    self.world.crash_after_delivery(id, delivered);
                }
            }
            Pending::Timer { node, incarnation, number, timer } => {
                if let Some((fired, timer)) = self.world.fire(node, incarnation, number, timer) {
                    self.handle(node, fired, |process, ctx| process.timer(timer, ctx));
                }
            }
            Pending::Restart { node, incarnation } => {
                if let Some((restarted, disk)) = self.world.restart(node, incarnation) {
                    self.processes[node.index()] = self.protocol.boot(node, disk);
                    self.start(node, Some(restarted));
                }
            }
            Pending::Resume { node, incarnation } => self.world.resume(node, incarnation),
            Pending::RandomCrash { node, incarnation, index } => self.world.crash_at_random(node, incarnation, index),
            Pending::Injection(index) => self.world.inject_planned(index as usize),
            Pending::Heal(index) => self.world.heal(index),
        }
    }

    fn start(&mut self, node: NodeId, cause: Option<EventId>) {
        let started = self.world.record(Some(node), cause, EventKind::Started);
        self.world.draw_crash_gaps(node);
        self.handle(node, started, |process, ctx| process.start(ctx));
    }

    /// Lets a process handle an event.
    #[inline]
    fn handle(&mut self, node: NodeId, cause: EventId, act: impl FnOnce(&mut P::Process, &mut Context<'_, P>)) {
        let Some(mut ctx) = self.world.attend_to(node, cause) else { return };
        let process = &mut self.processes[node.index()];
        act(process, &mut ctx);
        let has_read_clock = ctx.has_read_clock();
        if self.world.is_explaining() {
            self.world.note_reading(node, has_read_clock);
            self.world.keep_state(node, cause, process);
        }
    }
}

impl<P: Protocol> Runner for Simulation<P> {
    fn run_watched(
        &mut self,
        seed: u64,
        recording: Recording,
        enumeration: Option<Enumeration>,
        watch: &mut dyn Watch,
    ) -> &Trace {
        let goes_on = self.checkpoints.begin(seed, recording, enumeration.as_ref());
        match enumeration {
            Some(enumeration) if goes_on => self.go_back(enumeration),
            enumeration => self.begin(seed, recording, enumeration),
        }
        self.run_to_end(watch);
        &self.world.trace
    }

    fn take_enumeration(&mut self) -> Option<Enumeration> {
        self.world.choices.take_enumeration()
    }

    fn warnings(&self, clocks_are_judged: bool) -> Vec<String> {
        self.world.warnings(clocks_are_judged)
    }
}

#[cfg(test)]
mod tests;
