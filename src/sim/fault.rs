//! What goes wrong, sorted by when the simulator must look at it: before the run, at a moment, at a delivery, at a
//! crash point.

use crate::process::{MessageId, NodeId};
use crate::scenario::choice::Moment;
use crate::scenario::{Choice, CrashWhen, Decision, Downtime, Fault, Scenario, Traitors};
use crate::time::{Span, Time};

use super::choice::Odds;

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
    /// Whether what `from` sends to `to` is cut off.
    pub(super) fn cuts(&self, from: NodeId, to: NodeId) -> bool {
        match (self.group[from.index()], self.group[to.index()]) {
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
