//! What a scenario's faults come to: a [`Plan`] sorts them by when the simulator must look at them:
//! before the run, at a moment, at a sending, at a delivery, at a crash point. What they then do is
//! in `fault`.

use crate::process::{Items, MessageId, NodeId};
use crate::scenario::choice::Moment;
use crate::scenario::{
    Choice, CrashWhen, Decision, DiskFate, Distribution, Downtime, Fault, Oscillator, PauseWhen, Scenario, Traitors,
};
use crate::time::{Span, Time};

use super::draw::Odds;

/// A fault by its place in the scenario's list.
pub(super) type Row = usize;

/// A crash or pause that is to follow right after an event of the trace.
pub(super) struct ForcedFault {
    pub(super) event: u32,
    pub(super) choice: Choice,
    pub(super) downtime: Downtime,
}

/// A fault of a node, the network or a clock at a moment of true time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Injection {
    Crash { node: NodeId, down: Downtime, disk: DiskFate },
    Pause { node: NodeId, lasts: Lasts, oscillator: Oscillator },
    Partition(u16),
    ClockStep { node: NodeId, by: Span },
    ClockDrift { node: NodeId, ppb: i64 },
}

/// How long a planned pause lasts.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lasts {
    Forever,
    /// So long, or so long as chance says.
    For(Distribution),
}

impl Lasts {
    /// Whether chance says how long.
    fn is_drawn(&self) -> bool {
        matches!(self, Lasts::For(lasts) if !matches!(lasts, Distribution::Constant(_)))
    }
}

/// Groups that do not hear each other.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    pub(super) row: Row,
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

/// A crash or a pause at a named point.
#[derive(Clone, Debug)]
pub(super) struct AtPoint {
    pub(super) row: Row,
    pub(super) node: NodeId,
    pub(super) point: String,
    pub(super) passing: Passing,
    pub(super) injection: InjectionAtPoint,
}

/// Which passings of a point are meant.
#[derive(Clone, Debug)]
pub(super) enum Passing {
    /// This one, counted from one. That it happens there is among the plan's forced choices, or
    /// certain.
    Nth(u32),
    /// Each, by chance, until some moment; each that is about an item, if there is one.
    Each { odds: Odds, item: Option<u64>, until: Option<Time> },
}

/// What happens at a point.
#[derive(Clone, Debug)]
pub(super) enum InjectionAtPoint {
    Crash { down: Downtime, disk: DiskFate },
    Pause { lasts: Lasts, oscillator: Oscillator },
}

impl AtPoint {
    /// Whether a node's `nth` passing of a point, about these items, is one of those that are
    /// meant.
    pub(super) fn is_meant(&self, node: NodeId, point: &str, nth: u32, items: Option<Items>, now: Time) -> bool {
        let is_passing = match self.passing {
            Passing::Nth(this) => this == nth,
            Passing::Each { item: wanted, until, .. } => {
                wanted.is_none_or(|wanted| items.is_some_and(|items| items.has(wanted)))
                    && until.is_none_or(|until| now < until)
            }
        };
        self.node == node && is_passing && self.point == point
    }
}

/// Crashes of a node at random moments.
#[derive(Clone, Copy, Debug)]
pub(super) struct RandomCrashes {
    pub(super) row: Row,
    pub(super) node: NodeId,
    pub(super) per_second: f64,
    pub(super) until: Option<Time>,
    pub(super) down: Downtime,
    pub(super) disk: DiskFate,
}

/// A crash right after a delivery.
#[derive(Clone, Copy, Debug)]
pub(super) struct AfterDelivery {
    pub(super) row: Row,
    pub(super) message: MessageId,
    pub(super) node: NodeId,
    pub(super) down: Downtime,
    pub(super) disk: DiskFate,
}

/// All faults of a scenario but those of links, which the choices know.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Who lies: by row among the scenario's traitors.
    pub(super) traitors: Vec<Traitors>,
    /// Choices that a fault settles by naming them.
    pub(super) forced: Vec<(Choice, Decision)>,
    /// Injections, in the scenario's order, each with its row.
    pub(super) injections: Vec<(Time, Row, Injection)>,
    /// Crashes right after a delivery.
    pub(super) after_delivery: Vec<AfterDelivery>,
    /// Crashes and pauses at named points.
    pub(super) at_points: Vec<AtPoint>,
    /// Crashes at random moments: so many a second of up time.
    pub(super) rates: Vec<RandomCrashes>,
    /// The partitions that [`Injection::Partition`] names.
    pub(super) partitions: Vec<Partition>,
    /// Whether a crash may take the last writes with it, so that what is written must be told
    /// apart.
    pub(super) may_unsync: bool,
}

impl Plan {
    pub(super) fn new(scenario: &Scenario) -> Plan {
        let mut plan = Plan::default();
        for (row, fault) in scenario.faults.iter().enumerate() {
            plan.add(row, fault, scenario.names.count());
        }
        let by_hand = scenario.forced.iter().map(|forced| (forced.choice.clone(), forced.decision.clone()));
        plan.forced.extend(by_hand);
        plan
    }

    /// Which of its node's pauses at a moment whose length is left to chance an injection is, in
    /// the scenario's order from one.
    pub(super) fn nth_pause(&self, injection: usize) -> u32 {
        let whose = |injection: &(Time, Row, Injection)| match injection.2 {
            Injection::Pause { node, ref lasts, .. } if lasts.is_drawn() => Some(node),
            _ => None,
        };
        let node = whose(&self.injections[injection]);
        self.injections[..=injection].iter().filter(|injection| whose(injection) == node).count() as u32
    }

    fn add(&mut self, row: Row, fault: &Fault, nodes: usize) {
        match *fault {
            Fault::Traitor { ref who, .. } => self.traitors.push(who.clone()),
            Fault::Message { message, fate } => self.forced.push((Choice::Fate(message), Decision::Fate(fate))),
            Fault::Delay { message, to } => self.forced.push((Choice::Delay(message), Decision::Span(to))),
            Fault::Crash { node, ref when, down, disk } => self.add_crash(row, node, when, downtime(down), disk),
            Fault::Pause { node, ref when, lasts, oscillator } => self.add_pause(row, node, when, lasts, oscillator),
            Fault::ClockStep { node, at, by } => self.injections.push((at, row, Injection::ClockStep { node, by })),
            Fault::ClockDrift { node, at, ppb } => self.injections.push((at, row, Injection::ClockDrift { node, ppb })),
            Fault::Partition { ref groups, at, lasts, one_way } => {
                let index = self.partitions.len() as u16;
                let group_of = |node| groups.iter().position(|group| group.contains(&node));
                let group = NodeId::first(nodes).map(group_of).collect();
                self.partitions.push(Partition { row, group, one_way, lasts });
                self.injections.push((at, row, Injection::Partition(index)));
            }
            Fault::Degrade { .. } | Fault::Hold { .. } => {}
        }
    }

    fn add_crash(&mut self, row: Row, node: NodeId, when: &CrashWhen, down: Downtime, disk: DiskFate) {
        self.may_unsync |= disk == DiskFate::Unsynced;
        let injection = InjectionAtPoint::Crash { down, disk };
        match *when {
            CrashWhen::At(at) => self.injections.push((at, row, Injection::Crash { node, down, disk })),
            CrashWhen::After(message) => {
                self.after_delivery.push(AfterDelivery { row, message, node, down, disk });
            }
            CrashWhen::Point { ref point, nth } => {
                let moment = Moment::Point { node, point: point.clone(), nth };
                self.forced.push((Choice::Crash(moment), Decision::Downtime(down)));
                self.at_points.push(AtPoint { row, node, point: point.clone(), passing: Passing::Nth(nth), injection });
            }
            CrashWhen::EachPoint { ref point, probability, item, until } => {
                let passing = Passing::Each { odds: Odds::new(probability), item, until };
                self.at_points.push(AtPoint { row, node, point: point.clone(), passing, injection });
            }
            CrashWhen::Rate { per_second, until } => {
                self.rates.push(RandomCrashes { row, node, per_second, until, down, disk });
            }
        }
    }

    fn add_pause(
        &mut self,
        row: Row,
        node: NodeId,
        when: &PauseWhen,
        lasts: Option<Distribution>,
        oscillator: Oscillator,
    ) {
        let lasts = lasts.map_or(Lasts::Forever, Lasts::For);
        let settled = match lasts {
            Lasts::Forever => Some(Downtime::Forever),
            Lasts::For(Distribution::Constant(span)) => Some(Downtime::For(span)),
            Lasts::For(_) => None,
        };
        match *when {
            PauseWhen::At(at) => self.injections.push((at, row, Injection::Pause { node, lasts, oscillator })),
            PauseWhen::Point { ref point, nth } => {
                let moment = Moment::Point { node, point: point.clone(), nth };
                let decided = |down| (Choice::Pause(moment), Decision::Downtime(down));
                self.forced.extend(settled.map(decided));
                let (passing, injection) = (Passing::Nth(nth), InjectionAtPoint::Pause { lasts, oscillator });
                self.at_points.push(AtPoint { row, node, point: point.clone(), passing, injection });
            }
            PauseWhen::EachPoint { ref point, probability, item, until } => {
                let passing = Passing::Each { odds: Odds::new(probability), item, until };
                let injection = InjectionAtPoint::Pause { lasts, oscillator };
                self.at_points.push(AtPoint { row, node, point: point.clone(), passing, injection });
            }
        }
    }
}

fn downtime(down: Option<Span>) -> Downtime {
    down.map_or(Downtime::Forever, Downtime::For)
}
