//! What goes wrong, and how it befalls a run.
//!
//! A [`Plan`] sorts a scenario's faults by when the simulator must look at them: before the run, at a moment, at a
//! delivery, at a crash point. Below it is what crashes, pauses, partitions and clock faults do to a simulation.

use std::mem;

use crate::process::{Host, MessageId, NodeId, Protocol};
use crate::scenario::choice::Moment;
use crate::scenario::{Choice, CrashWhen, Decision, Downtime, Fault, Scenario, Traitors};
use crate::time::{Span, Time};
use crate::trace::{EventId, What};

use super::draw::Odds;
use super::node::Node;
use super::world::{Asking, Pending, World};

/// Something that befalls a node, the network or a clock at a moment of true time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Blow {
    Crash { node: NodeId, down: Downtime },
    Pause { node: NodeId, lasts: Option<Span> },
    Partition(u16),
    ClockStep { node: NodeId, by: Span },
    ClockDrift { node: NodeId, ppb: i64 },
}

/// Groups that do not hear each other.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// The number of each node's group, if it is in one.
    group: Vec<Option<usize>>,
    one_way: bool,
    pub(super) lasts: Option<Span>,
}

impl Partition {
    /// Whether a message is cut off.
    pub(super) fn cuts(&self, id: MessageId) -> bool {
        match (self.group[id.from().index()], self.group[id.to().index()]) {
            (Some(from), Some(to)) => from != to && (from == 0 || !self.one_way),
            _ => false,
        }
    }
}

/// A crash at a named point that is left to chance.
#[derive(Clone, Debug)]
pub(super) struct RandomCrash {
    pub(super) node: NodeId,
    pub(super) point: String,
    pub(super) odds: Odds,
    pub(super) down: Downtime,
}

/// All faults of a scenario.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Who lies: by row of the scenario.
    pub(super) traitors: Vec<Traitors>,
    /// Choices that a fault settles by naming them.
    pub(super) forced: Vec<(Choice, Decision)>,
    /// Blows, in the scenario's order.
    pub(super) blows: Vec<(Time, Blow)>,
    /// Crashes right after a delivery.
    pub(super) after_delivery: Vec<(MessageId, NodeId, Downtime)>,
    /// Crashes at named points, by chance.
    pub(super) at_points: Vec<RandomCrash>,
    /// Crashes at random moments: so many a second of up time.
    pub(super) rates: Vec<(NodeId, f64, Downtime)>,
    /// The partitions that [`Blow::Partition`] names.
    pub(super) partitions: Vec<Partition>,
}

impl Plan {
    pub(super) fn new(scenario: &Scenario) -> Plan {
        let mut plan = Plan::default();
        for fault in &scenario.faults {
            plan.add(fault, scenario.names.count());
        }
        let by_hand = scenario.forced.iter().map(|forced| (forced.choice.clone(), forced.decision.clone()));
        plan.forced.extend(by_hand);
        plan
    }

    fn add(&mut self, fault: &Fault, nodes: usize) {
        match *fault {
            Fault::Traitor { ref who, .. } => self.traitors.push(who.clone()),
            Fault::Message { message, fate } => self.forced.push((Choice::Fate(message), Decision::Fate(fate))),
            Fault::Delay { message, to } => self.forced.push((Choice::Delay(message), Decision::Span(to))),
            Fault::Crash { node, ref when, down } => self.add_crash(node, when, downtime(down)),
            Fault::Pause { node, at, lasts } => self.blows.push((at, Blow::Pause { node, lasts })),
            Fault::ClockStep { node, at, by } => self.blows.push((at, Blow::ClockStep { node, by })),
            Fault::ClockDrift { node, at, ppb } => self.blows.push((at, Blow::ClockDrift { node, ppb })),
            Fault::Partition { ref groups, at, lasts, one_way } => {
                let index = self.partitions.len() as u16;
                let group_of = |node| groups.iter().position(|group| group.contains(&node));
                let group = NodeId::first(nodes).map(group_of).collect();
                self.partitions.push(Partition { group, one_way, lasts });
                self.blows.push((at, Blow::Partition(index)));
            }
        }
    }

    fn add_crash(&mut self, node: NodeId, when: &CrashWhen, down: Downtime) {
        match *when {
            CrashWhen::At(at) => self.blows.push((at, Blow::Crash { node, down })),
            CrashWhen::After(message) => self.after_delivery.push((message, node, down)),
            CrashWhen::Point { ref point, nth } => {
                let moment = Moment::Point { node, point: point.clone(), nth };
                self.forced.push((Choice::Crash(moment), Decision::Downtime(down)));
            }
            CrashWhen::EachPoint { ref point, probability } => {
                let odds = Odds::new(probability);
                self.at_points.push(RandomCrash { node, point: point.clone(), odds, down });
            }
            CrashWhen::Rate(rate) => self.rates.push((node, rate, down)),
        }
    }
}

fn downtime(down: Option<Span>) -> Downtime {
    down.map_or(Downtime::Forever, Downtime::For)
}

/// A crash or pause that is to follow right after an event of the trace.
pub(super) struct Strike {
    pub(super) event: u32,
    pub(super) choice: Choice,
    pub(super) downtime: Downtime,
}

impl<P: Protocol> World<P> {
    pub(super) fn strike_planned(&mut self, index: usize) {
        match self.plan.blows[index].1 {
            Blow::Crash { node, down } => self.crash(node, None, down),
            Blow::Pause { node, lasts } => self.pause(node, None, lasts),
            Blow::Partition(partition) => {
                self.partitions.push(partition);
                self.record(None, None, What::Partitioned(partition));
                if let Some(lasts) = self.plan.partitions[partition as usize].lasts {
                    self.queue.push(self.now + lasts, Pending::Heal(partition));
                }
            }
            Blow::ClockStep { node, by } => {
                self.nodes[node.index()].clock.step(by);
                self.clock_changed(node, None, What::ClockStepped(by));
            }
            Blow::ClockDrift { node, ppb } => {
                self.nodes[node.index()].clock.set_drift(self.now, ppb);
                self.clock_changed(node, None, What::ClockDrifted(ppb));
                self.reschedule_timers(node);
            }
        }
    }

    /// The end of a partition.
    pub(super) fn heal(&mut self, index: u16) {
        self.partitions.retain(|&other| other != index);
        self.record(None, None, What::Healed(index));
    }

    /// Crashes and pauses nodes where that was forced to follow an event which has just happened, which is an event that
    /// another strike can follow.
    #[cold]
    pub(super) fn strike(&mut self) {
        while !self.struck_at.is_empty() {
            for event in mem::take(&mut self.struck_at) {
                if self.stopped.is_none() {
                    self.strike_after(event);
                }
            }
        }
    }

    fn strike_after(&mut self, event: EventId) {
        let first = self.strikes.partition_point(|strike| strike.event < event.number());
        for index in first..self.strikes.len() {
            let Strike { event: at, ref choice, downtime } = self.strikes[index];
            if at != event.number() {
                break;
            }
            let choice = choice.clone();
            self.choices.came_up(&choice);
            let span = match downtime {
                Downtime::No => continue,
                Downtime::For(span) => Some(span),
                Downtime::Forever => None,
            };
            match choice {
                Choice::Crash(Moment::Event { node, .. }) => self.crash(node, Some(event), downtime),
                Choice::Pause(Moment::Event { node, .. }) => self.pause(node, Some(event), span),
                _ => {}
            }
        }
    }

    /// A node begins a life: the moments at which chance will end it are drawn.
    pub(super) fn draw_crash_gaps(&mut self, node: NodeId) {
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
    }

    /// The moment at which chance ends a node's life, if it still lives that one.
    pub(super) fn crash_at_random(&mut self, node: NodeId, incarnation: u32, row: u32) {
        if self.nodes[node.index()].incarnation == incarnation {
            self.crash(node, None, self.plan.rates[row as usize].2);
        }
    }

    /// A message was delivered: the crashes that were planned to follow.
    #[inline]
    pub(super) fn crash_after_delivery(&mut self, message: MessageId, delivered: EventId) {
        for index in 0..self.plan.after_delivery.len() {
            let (after, node, down) = self.plan.after_delivery[index];
            if after == message.original() && !self.delivered_blows[index] {
                self.delivered_blows[index] = true;
                self.strike();
                self.crash(node, Some(delivered), down);
            }
        }
    }

    pub(super) fn crash(&mut self, node: NodeId, cause: Option<EventId>, down: Downtime) {
        let cell = &mut self.nodes[node.index()];
        if !cell.is_up || down == Downtime::No {
            return;
        }
        let held = cell.lose_memory();
        let incarnation = cell.incarnation;
        self.trace.counts.crashes += 1;
        if !self.trace.crashed.contains(&node) {
            self.trace.crashed.push(node);
        }
        self.interrupted = true;
        self.record(Some(node), cause, What::Crashed);
        for pending in held {
            self.queue.push(self.now, pending);
        }
        if let Downtime::For(span) = down {
            self.queue.push(self.now + span, Pending::Restart { node, incarnation });
        }
    }

    pub(super) fn pause(&mut self, node: NodeId, cause: Option<EventId>, lasts: Option<Span>) {
        let until = lasts.map_or(Time::from_ns(u64::MAX), |lasts| self.now + lasts);
        let cell = &mut self.nodes[node.index()];
        if !cell.is_up || cell.paused_until.is_some_and(|other| other >= until) {
            return;
        }
        cell.paused_until = Some(until);
        let incarnation = cell.incarnation;
        self.interrupted = true;
        self.record(Some(node), cause, What::Paused);
        if lasts.is_some() {
            self.queue.push(until, Pending::Resume { node, incarnation });
        }
    }

    /// A node's downtime is over. Answers with the event of its restart and its disk, if it is still down.
    pub(super) fn restart(&mut self, node: NodeId, incarnation: u32) -> Option<(EventId, &P::Disk)> {
        let cell = &mut self.nodes[node.index()];
        if cell.incarnation != incarnation || cell.is_up {
            return None;
        }
        cell.is_up = true;
        let restarted = self.record(Some(node), None, What::Restarted);
        Some((restarted, &self.nodes[node.index()].disk))
    }

    pub(super) fn resume(&mut self, node: NodeId, incarnation: u32) {
        let cell = &mut self.nodes[node.index()];
        if cell.incarnation != incarnation || cell.paused_until != Some(self.now) {
            return;
        }
        cell.paused_until = None;
        let (held, suspended) = (mem::take(&mut cell.inbox), mem::take(&mut cell.suspended));
        let cause = self.record(Some(node), None, What::Resumed);
        for pending in held {
            let number = match &pending {
                Pending::Timer { number, .. } => Some(*number),
                _ => None,
            };
            let place = self.queue.push(self.now, pending);
            if let Some(number) = number {
                self.nodes[node.index()].timers.replace(number, Some(place));
            }
        }
        self.asking = Asking { node, cause, incarnation };
        for effect in suspended {
            self.ask(effect);
        }
    }

    /// A change of drift moves the moments at which a node's timers fire, though not what they wait for.
    fn reschedule_timers(&mut self, node: NodeId) {
        let Node { clock, timers, .. } = &mut self.nodes[node.index()];
        for armed in timers.armed() {
            armed.place =
                armed.place.and_then(|place| self.queue.reschedule(place, clock.time_when(armed.target).max(self.now)));
        }
    }
}
