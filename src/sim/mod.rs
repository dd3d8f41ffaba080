//! The simulator: runs a protocol in a scenario's world, one event after the other, and writes the trace.
//!
//! This module is the event loop: it pops what is due, tells the process, and applies the effects that the process
//! asks for, in order. What chance or an enemy decides is settled in [`choice`] and drawn in `draw`, what goes wrong is
//! planned in `fault`, the order of events is in `queue`, and [`byzantine`] is how traitors lie.
//!
//! A [`Simulation`] is made once for a scenario and run for many seeds: what it allocated stays, so that a run on the
//! fast path allocates nothing per message.

pub mod byzantine;
pub mod choice;
pub(crate) mod draw;
mod fault;
mod network;
mod node;
pub(crate) mod queue;

use std::hash::Hash;
use std::mem;

use crate::process::{Context, Disk, Effect, MessageId, Names, NodeId, Process, Protocol, TimerId};
use crate::scenario::{ClockSpec, Downtime, Limits, Scenario, Traitors};
use crate::time::clock::Clock;
use crate::time::{Span, Time};
use crate::trace::{EventId, Recording, Trace, What, Why};

use byzantine::Liar;
pub(crate) use choice::purpose;
use choice::{Choices, Enumeration};
use fault::{Plan, Strike};
use node::Node;
use queue::Queue;

/// A simulation whose protocol is hidden, so that all protocols look alike from here on.
pub trait Runner {
    /// Runs once and answers with the trace. An `enumeration` lets a search decide instead of chance.
    fn run(&mut self, seed: u64, recording: Recording, enumeration: Option<Enumeration>) -> &Trace;

    /// The enumeration of the last run, with the choices that it met.
    fn take_enumeration(&mut self) -> Option<Enumeration>;

    /// What was asked for and did not happen in the last run, a sentence each.
    fn warnings(&self) -> Vec<String>;
}

/// What is scheduled.
enum Pending<P: Protocol> {
    Deliver { id: MessageId, message: P::Message, sent: EventId, damaged: bool },
    Timer { node: NodeId, incarnation: u32, number: u64, timer: P::Timer },
    Blow(u32),
    RandomCrash { node: NodeId, incarnation: u32, row: u32 },
    Restart { node: NodeId, incarnation: u32 },
    Resume { node: NodeId, incarnation: u32 },
    Heal(u16),
}

/// A protocol in a scenario's world.
pub struct Simulation<P: Protocol> {
    protocol: P,
    liar: Option<Box<dyn Liar<P>>>,
    names: Names,
    clocks: Vec<ClockSpec>,
    limits: Limits,
    until: Time,
    plan: Plan,

    now: Time,
    stopped: Option<Why>,
    nodes: Vec<Node<P>>,
    queue: Queue<Pending<P>>,
    /// How many slots each link has seen, row by sender.
    slots: Vec<u32>,
    /// When the last message of each link arrives, row by sender; empty if no link is fifo.
    last_arrival: Vec<Time>,
    /// The partitions that are in force.
    partitions: Vec<u16>,
    choices: Choices,
    strikes: Vec<Strike>,
    /// Which of the plan's crashes after a delivery have happened.
    delivered_blows: Vec<bool>,
    in_flight: u64,
    trace: Trace,
    effects: Vec<Effect<P>>,
    said: Vec<P::Message>,
}

impl<P: Protocol> Simulation<P> {
    /// The protocol in the scenario's world; `liar` is the voice of its traitors, if it can have any.
    pub fn new(protocol: P, liar: Option<Box<dyn Liar<P>>>, scenario: &Scenario) -> Simulation<P> {
        let count = scenario.names.count();
        let plan = Plan::new(scenario);
        let mut choices = Choices::new(&scenario.names, &scenario.network);
        choices.force(plan.forced.iter().cloned());
        let network = &scenario.network;
        let has_fifo = network.default.fifo || network.exceptions.iter().any(|(_, _, link)| link.fifo);
        Simulation {
            protocol,
            liar,
            names: scenario.names.clone(),
            clocks: scenario.clocks.clone(),
            limits: scenario.limits,
            until: scenario.until,
            delivered_blows: vec![false; plan.after_delivery.len()],
            plan,
            now: Time::ZERO,
            stopped: None,
            nodes: Vec::with_capacity(count),
            queue: Queue::new(),
            slots: vec![0; count * count],
            last_arrival: if has_fifo { vec![Time::ZERO; count * count] } else { Vec::new() },
            partitions: Vec::new(),
            choices,
            strikes: Vec::new(),
            in_flight: 0,
            trace: Trace::new(scenario.names.clone()),
            effects: Vec::new(),
            said: Vec::new(),
        }
    }

    fn begin(&mut self, seed: u64, recording: Recording, enumeration: Option<Enumeration>) {
        self.now = Time::ZERO;
        self.stopped = None;
        self.queue.clear();
        self.slots.fill(0);
        self.last_arrival.fill(Time::ZERO);
        self.partitions.clear();
        self.delivered_blows.fill(false);
        self.in_flight = 0;
        self.trace.clear(recording);
        self.choices.begin(seed, enumeration);
        self.strikes.clear();
        let strikes = self.choices.forced_after_events();
        self.strikes.extend(strikes.map(|(event, choice, downtime)| Strike { event, choice, downtime }));
        self.strikes.sort_by_key(|strike| strike.event);
        self.boot_all();
        self.place_traitors();
        for index in 0..self.plan.blows.len() {
            self.queue.push(self.plan.blows[index].0, Pending::Blow(index as u32));
        }
    }

    fn boot_all(&mut self) {
        for (index, spec) in self.clocks.iter().enumerate() {
            let node = NodeId::new(index as u16);
            let clock = Clock::new(self.choices.offset(node, &spec.offset), spec.drift_ppb);
            self.trace.clocks[index].restart(clock);
            match self.nodes.get_mut(index) {
                Some(used) => used.renew(&self.protocol, node, clock),
                None => self.nodes.push(Node::new(&self.protocol, node, clock)),
            }
        }
    }

    fn place_traitors(&mut self) {
        if self.plan.traitors.is_empty() {
            return;
        }
        let mut placed: Vec<(NodeId, usize)> = Vec::new();
        for (row, who) in self.plan.traitors.iter().enumerate() {
            let nodes = match who {
                Traitors::These(nodes) => nodes.clone(),
                Traitors::Count(count) => self.choices.traitors(*count),
            };
            for node in nodes {
                if !placed.iter().any(|&(other, _)| other == node) {
                    placed.push((node, row));
                }
            }
        }
        placed.sort_unstable();
        for &(node, _) in &placed {
            self.nodes[node.index()].traitor = true;
            self.trace.traitors.push(node);
            self.record(Some(node), None, What::Traitor);
        }
        if let Some(liar) = &mut self.liar {
            liar.begin(&placed);
        }
    }

    fn start_all(&mut self) {
        for node in NodeId::first(self.nodes.len()) {
            self.start(node, None);
        }
    }

    fn start(&mut self, node: NodeId, cause: Option<EventId>) {
        let started = self.record(Some(node), cause, What::Started);
        for row in 0..self.plan.rates.len() {
            let (victim, rate, _) = self.plan.rates[row];
            if victim == node {
                let cell = &mut self.nodes[node.index()];
                cell.crash_gaps += 1;
                let gap = self.choices.crash_gap(node, cell.crash_gaps, rate);
                let incarnation = cell.incarnation;
                self.queue.push(self.now + gap, Pending::RandomCrash { node, incarnation, row: row as u32 });
            }
        }
        self.handle(node, started, |process, ctx| process.start(ctx));
    }

    /// Lets everything happen that is due, until nothing is left or a limit is met.
    fn run_to_end(&mut self) {
        self.start_all();
        while self.stopped.is_none() {
            let Some((at, pending)) = self.queue.pop() else {
                self.trace.ended = Why::Quiescent;
                break;
            };
            if at > self.until {
                self.stopped = Some(Why::TimeLimit);
                self.trace.ended_at = self.until;
                break;
            }
            self.now = at;
            self.happen(pending);
        }
        if let Some(why) = self.stopped {
            self.trace.ended = why;
        }
        self.trace.counts.in_flight = self.in_flight;
    }

    fn happen(&mut self, pending: Pending<P>) {
        match pending {
            Pending::Deliver { id, message, sent, damaged } => self.arrive(id, message, sent, damaged),
            Pending::Timer { node, incarnation, number, timer } => {
                let cell = &mut self.nodes[node.index()];
                if cell.incarnation != incarnation {
                    return;
                }
                if cell.is_paused() {
                    cell.timers.replace(number, None);
                    cell.inbox.push(Pending::Timer { node, incarnation, number, timer });
                    return;
                }
                cell.timers.take(number);
                self.trace.counts.timers += 1;
                let fired = self.record(Some(node), None, What::TimerFired);
                self.word(fired, &timer);
                self.handle(node, fired, |process, ctx| process.timer(timer, ctx));
            }
            Pending::Blow(index) => self.strike_planned(index as usize),
            Pending::RandomCrash { node, incarnation, row } => {
                if self.nodes[node.index()].incarnation == incarnation {
                    self.crash(node, None, self.plan.rates[row as usize].2);
                }
            }
            Pending::Restart { node, incarnation } => {
                let cell = &mut self.nodes[node.index()];
                if cell.incarnation == incarnation && cell.process.is_none() {
                    cell.process = Some(self.protocol.boot(node, &cell.disk));
                    let restarted = self.record(Some(node), None, What::Restarted);
                    self.start(node, Some(restarted));
                }
            }
            Pending::Resume { node, incarnation } => self.resume(node, incarnation),
            Pending::Heal(index) => {
                self.partitions.retain(|&other| other != index);
                self.record(None, None, What::Healed(index));
            }
        }
    }

    /// Lets a process handle an event, and applies what it asks for.
    fn handle(&mut self, node: NodeId, cause: EventId, act: impl FnOnce(&mut P::Process, &mut Context<'_, P>)) {
        if !self.strikes.is_empty() && self.strike_after(cause, node) {
            return;
        }
        let explaining = self.is_explaining();
        let count = self.nodes.len();
        let cell = &mut self.nodes[node.index()];
        let Some(process) = &mut cell.process else { return };
        let reading = cell.clock.read(self.now);
        let effects = &mut self.effects;
        let mut ctx = Context::new(node, count, reading, explaining, cell.timers_set, &mut self.choices, effects);
        act(process, &mut ctx);
        cell.timers_set = ctx.timers_set();
        if explaining && let Some(state) = cell.changed_state() {
            self.trace.states.push(cause, &state);
        }
        if !self.effects.is_empty() {
            let mut effects = mem::take(&mut self.effects);
            self.apply(node, cause, &mut effects);
            self.effects = effects;
        }
    }

    /// Applies effects in order. A crash drops those that are left, a pause keeps them for later.
    fn apply(&mut self, node: NodeId, cause: EventId, effects: &mut Vec<Effect<P>>) {
        let incarnation = self.nodes[node.index()].incarnation;
        let mut left = effects.drain(..);
        while let Some(effect) = left.next() {
            let may_be_struck = matches!(effect, Effect::CrashPoint(_)) || !self.strikes.is_empty();
            let before = self.trace.counts.events;
            self.apply_one(node, cause, effect);
            if self.stopped.is_some() {
                break;
            }
            if !may_be_struck {
                continue;
            }
            if !self.strikes.is_empty() {
                for event in before..self.trace.counts.events {
                    self.strike_after(EventId::new(event as u32), node);
                }
            }
            let cell = &mut self.nodes[node.index()];
            if cell.incarnation != incarnation {
                break;
            }
            if cell.is_paused() {
                cell.suspended = Some((cause, left.collect()));
                break;
            }
        }
    }

    fn apply_one(&mut self, node: NodeId, cause: EventId, effect: Effect<P>) {
        let here = Some(node);
        match effect {
            Effect::Send { to, message } => self.speak(node, to, message, false, cause),
            Effect::Silence { to, message } => self.speak(node, to, message, true, cause),
            Effect::SetTimer { id, after, timer } => self.set_timer(node, id, after, timer),
            Effect::CancelTimer(id) => {
                if let Some(place) = self.nodes[node.index()].timers.take(id.number()) {
                    self.queue.remove(place);
                }
            }
            Effect::StepClock(by) => {
                self.nodes[node.index()].clock.step(by);
                self.clock_changed(node, Some(cause), What::ClockStepped(by));
            }
            Effect::SlewClock { by, over } => {
                self.nodes[node.index()].clock.slew(self.now, by, over);
                self.clock_changed(node, Some(cause), What::ClockSlewed(by));
            }
            Effect::Write(write) => self.write(node, cause, write),
            Effect::Output(output) => {
                self.record(here, Some(cause), What::Output(output));
            }
            // A strike after either event falls on a node that has done both.
            Effect::Commit(write, output) => {
                self.write(node, cause, write);
                self.record(here, Some(cause), What::Output(output));
            }
            Effect::Note { note, text } => {
                let noted = self.record(here, Some(cause), What::Noted(note));
                self.word(noted, &text);
            }
            Effect::CrashPoint(point) => self.pass(node, cause, point),
        }
    }

    /// Records that a node's clock is another from now on.
    fn clock_changed(&mut self, node: NodeId, cause: Option<EventId>, what: What) {
        self.trace.clocks[node.index()].change(self.now, self.nodes[node.index()].clock);
        self.record(Some(node), cause, what);
    }

    fn write(&mut self, node: NodeId, cause: EventId, write: <P::Disk as Disk>::Write) {
        let wrote = self.record(Some(node), Some(cause), What::Wrote);
        write.hash(&mut self.trace.digest);
        self.word(wrote, &write);
        self.nodes[node.index()].disk.write(write);
    }

    fn set_timer(&mut self, node: NodeId, id: TimerId, after: Span, timer: P::Timer) {
        let cell = &mut self.nodes[node.index()];
        let target = cell.clock.target(self.now, after.max(Span::ZERO));
        let at = cell.clock.time_when(target).max(self.now);
        let (incarnation, number) = (cell.incarnation, id.number());
        let place = self.queue.push(at, Pending::Timer { node, incarnation, number, timer });
        cell.timers.set(number, place, target);
    }

    fn pass(&mut self, node: NodeId, cause: EventId, point: &'static str) {
        let nth = self.nodes[node.index()].count_passing(point);
        let passed = self.record(Some(node), Some(cause), What::Passed { point, nth });
        let planned = self.plan.at_points.iter().find(|crash| crash.node == node && crash.point == point);
        let random = planned.map(|crash| (crash.odds, crash.down));
        let down = self.choices.crash_at_point(node, point, nth, random);
        if down != Downtime::No {
            return self.crash(node, Some(passed), down);
        }
        match self.choices.pause_at_point(node, point, nth) {
            Downtime::No => {}
            Downtime::For(span) => self.pause(node, Some(passed), Some(span)),
            Downtime::Forever => self.pause(node, Some(passed), None),
        }
    }

    fn is_explaining(&self) -> bool {
        self.trace.recording == Recording::Everything
    }

    fn record(&mut self, node: Option<NodeId>, cause: Option<EventId>, what: What) -> EventId {
        self.record_often(node, cause, what)
    }

    /// Records an event of a kind of which a run has many: inlined, so that the kind is known where it is digested.
    #[inline(always)]
    fn record_often(&mut self, node: Option<NodeId>, cause: Option<EventId>, what: What) -> EventId {
        self.trace.ended_at = self.now;
        let id = self.trace.push(self.now, node, cause, what);
        if self.trace.counts.events >= self.limits.events {
            self.stop(Why::EventLimit);
        }
        if self.is_explaining() {
            self.log(node, id, what);
        }
        id
    }

    #[cold]
    fn log(&self, node: Option<NodeId>, id: EventId, what: What) {
        let node = node.map_or("the network", |node| self.names.of(node));
        tracing::debug!(at = %self.now, event = id.number(), node, "{}", what.word());
    }

    fn stop(&mut self, why: Why) {
        self.stopped.get_or_insert(why);
    }

    /// Keeps an event's words, if somebody is to read them.
    fn word(&mut self, event: EventId, words: &impl std::fmt::Display) {
        if self.is_explaining() {
            self.trace.words.push(event, words);
        }
    }

    /// Keeps what an honest process would have said.
    fn truth(&mut self, event: EventId, honest: &P::Message, silent: bool) {
        if self.is_explaining() {
            if silent {
                self.trace.truths.push(event, &"nothing");
            } else {
                self.trace.truths.push(event, honest);
            }
        }
    }
}

impl<P: Protocol> Runner for Simulation<P> {
    fn run(&mut self, seed: u64, recording: Recording, enumeration: Option<Enumeration>) -> &Trace {
        self.begin(seed, recording, enumeration);
        self.run_to_end();
        &self.trace
    }

    fn take_enumeration(&mut self) -> Option<Enumeration> {
        self.choices.take_enumeration()
    }

    fn warnings(&self) -> Vec<String> {
        let names = &self.names;
        let never = self.choices.never_came_up().map(|(choice, decision)| {
            let (choice, option) = (choice.name(names), decision.option(names));
            format!("`{choice}={option}` changed nothing: {choice} never came up in this run")
        });
        let clipped = self.choices.out_of_range().iter().map(|(choice, forced, taken)| {
            let choice = choice.name(names);
            format!("`{choice}={forced}` is out of range: the draw is at most {taken}, which was taken")
        });
        let undelivered = self.plan.after_delivery.iter().zip(&self.delivered_blows).filter(|&(_, &done)| !done);
        let undelivered = undelivered.map(|((message, node, _), _)| {
            let message = names.message(*message);
            format!("{} did not crash after {message}: it was never delivered in this run", names.of(*node))
        });
        let unsaid = self.liar.iter().flat_map(|liar| liar.never_came_up()).map(|slot| {
            let (traitor, slot) = (names.of(slot.from), names.message(slot));
            format!("what {traitor} was to say in {slot} changed nothing: {slot} never came up in this run")
        });
        never.chain(clipped).chain(undelivered).chain(unsaid).collect()
    }
}

#[cfg(test)]
mod tests;
