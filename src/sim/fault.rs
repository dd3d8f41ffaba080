//! What crashes, pauses, partitions and clock faults do to a simulation. When they do is in `plan`.

use std::mem;

use crate::process::{Host, Items, MessageId, NodeId, Protocol};
use crate::scenario::choice::Moment;
use crate::scenario::{Choice, DiskFate, Downtime, Oscillator};
use crate::time::clock::STOPPED_PPB;
use crate::time::{Distribution, Span, Time};
use crate::trace::{EventId, EventKind};

use super::node::Node;
use super::pending::{Asking, Pending};
use super::plan::{ForcedFault, Injection, InjectionAtPoint, Lasts, Passing, Row};
use super::state::State;
use super::world::World;

impl<P: Protocol> World<P> {
    pub(super) fn inject_planned(&mut self, index: usize) {
        let (_, row, ref injection) = self.plan.injections[index];
        match *injection {
            Injection::Crash { node, down, disk } => {
                let changed = self.crash(node, None, down, disk);
                self.state.marks.came(row, changed);
            }
            Injection::Pause { node, ref lasts, oscillator } => {
                let span = match *lasts {
                    Lasts::Forever => None,
                    Lasts::For(Distribution::Constant(span)) => Some(span),
                    Lasts::For(ref lasts) => Some(self.choices.pause_length(node, self.plan.nth_pause(index), lasts)),
                };
                self.state.marks.came(row, false);
                self.pause(node, None, span, oscillator, Some(row));
            }
            Injection::Partition(partition) => {
                self.state.partitions.push(partition);
                self.state.marks.came(row, false);
                self.record(None, None, EventKind::Partitioned(partition));
                if let Some(lasts) = self.plan.partitions[partition as usize].lasts {
                    self.schedule(self.state.now + lasts, Pending::Heal(partition));
                }
            }
            Injection::ClockStep { node, by } => {
                self.state.marks.came(row, false);
                self.state.marks.came_to_clock(row, node, self.state.now, None);
                self.state.nodes[node.index()].clock.step(by);
                self.clock_changed(node, None, EventKind::ClockStepped(by));
            }
            Injection::ClockDrift { node, ppb } => {
                self.state.marks.came(row, false);
                self.mark_oscillator(row, node);
                let cell = &mut self.state.nodes[node.index()];
                match &mut cell.suspended_ppb {
                    // It stands still, and will run so once the node goes on.
                    Some(before) => *before = ppb,
                    None => self.change_drift(node, None, ppb),
                }
            }
        }
    }

    /// Marks that a row changes the speed of a node's oscillator now.
    fn mark_oscillator(&mut self, row: Row, node: NodeId) {
        let Node { timers, timers_set, .. } = &mut self.state.nodes[node.index()];
        // A timer that is armed feels it as one does that is set later.
        let before = timers_set.saturating_sub(u64::from(timers.armed().next().is_some()));
        self.state.marks.came_to_clock(row, node, self.state.now, Some(before));
    }

    fn change_drift(&mut self, node: NodeId, cause: Option<EventId>, ppb: i64) {
        self.state.nodes[node.index()].clock.set_drift(self.state.now, ppb);
        self.clock_changed(node, cause, EventKind::ClockDrifted(ppb));
        self.reschedule_timers(node);
    }

    /// The end of a partition.
    pub(super) fn heal(&mut self, index: u16) {
        self.state.partitions.retain(|&other| other != index);
        self.record(None, None, EventKind::Healed(index));
    }

    /// Crashes and pauses nodes where that was forced to follow an event which has just happened,
    /// which is an event that another of them can follow.
    #[cold]
    pub(super) fn inject_forced(&mut self) {
        while !self.triggers.is_empty() {
            for event in mem::take(&mut self.triggers) {
                if self.stopped.is_none() {
                    self.inject_after(event);
                }
            }
        }
    }

    fn inject_after(&mut self, event: EventId) {
        let first = self.forced_faults.partition_point(|forced| forced.event < event.number());
        for index in first..self.forced_faults.len() {
            let ForcedFault { event: at, ref choice, downtime } = self.forced_faults[index];
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
            let is_felt = match choice {
                Choice::Crash(Moment::Event { node, .. }) => self.crash(node, Some(event), downtime, DiskFate::Kept),
                Choice::Pause(Moment::Event { node, .. }) => {
                    self.pause(node, Some(event), span, Oscillator::Runs, None)
                }
                _ => continue,
            };
            if !is_felt {
                self.state.in_vain.push(index);
            }
        }
    }

    /// A node begins a life: the moments at which chance will end it are drawn.
    pub(super) fn draw_crash_gaps(&mut self, node: NodeId) {
        for index in 0..self.plan.rates.len() {
            let crashes = self.plan.rates[index];
            if crashes.node == node {
                let cell = &mut self.state.nodes[node.index()];
                cell.crash_gaps += 1;
                let gap = self.choices.crash_gap(node, cell.crash_gaps, crashes.per_second);
                let incarnation = cell.incarnation;
                let at = self.state.now + gap;
                if crashes.until.is_none_or(|until| at < until) {
                    self.schedule(at, Pending::RandomCrash { node, incarnation, index: index as u32 });
                }
            }
        }
    }

    /// The moment at which chance ends a node's life, if it still lives that one.
    pub(super) fn crash_at_random(&mut self, node: NodeId, incarnation: u32, index: u32) {
        if self.state.nodes[node.index()].incarnation == incarnation {
            let crashes = self.plan.rates[index as usize];
            let changed = self.crash(node, None, crashes.down, crashes.disk);
            self.state.marks.came(crashes.row, changed);
        }
    }

    /// A message was delivered: the crashes that were planned to follow.
    #[inline]
    pub(super) fn crash_after_delivery(&mut self, message: MessageId, delivered: EventId) {
        for index in 0..self.plan.after_delivery.len() {
            let after = self.plan.after_delivery[index];
            if after.message == message.original() && !self.state.injected_after_delivery[index] {
                self.state.injected_after_delivery[index] = true;
                self.inject_forced();
                let changed = self.crash(after.node, Some(delivered), after.down, after.disk);
                self.state.marks.came(after.row, changed);
            }
        }
    }

    /// A node passes a named point, for the `nth` time: what was forced to happen there, or chance
    /// lets happen.
    pub(super) fn inject_at_point(
        &mut self,
        passing: EventId,
        node: NodeId,
        point: &str,
        nth: u32,
        items: Option<Items>,
    ) {
        let (down, disk) = self.crash_at_point(node, point, nth, items);
        if down != Downtime::No {
            self.crash(node, Some(passing), down, disk);
            return;
        }
        let (row, down, oscillator) = self.pause_at_point(node, point, nth, items);
        match down {
            Downtime::No => {}
            Downtime::For(span) => {
                self.pause(node, Some(passing), Some(span), oscillator, row);
            }
            Downtime::Forever => {
                self.pause(node, Some(passing), None, oscillator, row);
            }
        }
    }

    /// Whether a node crashes at a point, and what happens to its disk. What was forced or an enemy
    /// decides goes before chance; how the disk fares is up to the first row that is about this
    /// passing.
    fn crash_at_point(&mut self, node: NodeId, point: &str, nth: u32, items: Option<Items>) -> (Downtime, DiskFate) {
        let World { plan, choices, state: State { marks, now, .. }, .. } = self;
        let settled = choices.settled_crash(node, point, nth);
        let mut decided = settled.map(|down| (down, None));
        for row in plan.at_points.iter().filter(|row| row.is_meant(node, point, nth, items, *now)) {
            let InjectionAtPoint::Crash { down, disk } = row.injection else { continue };
            let applies = match (&mut decided, &row.passing) {
                (Some((settled, fate)), _) => {
                    fate.is_none() && {
                        *fate = Some(disk);
                        *settled != Downtime::No
                    }
                }
                (None, Passing::Each { odds, .. }) => choices.draw_crash(node, point, nth, *odds),
                (None, Passing::Nth(_)) => false,
            };
            marks.came(row.row, applies);
            if decided.is_none() && applies {
                decided = Some((down, Some(disk)));
            }
        }
        decided.map_or((Downtime::No, DiskFate::Kept), |(down, disk)| (down, disk.unwrap_or_default()))
    }

    /// Whether a node pauses at a point, for how long, what its oscillator does, and the row that
    /// makes it.
    fn pause_at_point(
        &mut self,
        node: NodeId,
        point: &str,
        nth: u32,
        items: Option<Items>,
    ) -> (Option<Row>, Downtime, Oscillator) {
        let World { plan, choices, state: State { marks, now, .. }, .. } = self;
        let mut decided = choices.settled_pause(node, point, nth).map(|down| (None, down, Oscillator::Runs));
        let is_settled = decided.is_some();
        for row in plan.at_points.iter().filter(|row| row.is_meant(node, point, nth, items, *now)) {
            let InjectionAtPoint::Pause { ref lasts, oscillator } = row.injection else { continue };
            marks.came(row.row, false);
            match (&mut decided, &row.passing) {
                (Some((made_by @ None, _, how)), _) if is_settled => (*made_by, *how) = (Some(row.row), oscillator),
                (Some(_), _) => {}
                (None, Passing::Each { odds, .. }) if !choices.draw_pause(node, point, nth, *odds) => {}
                (None, _) => {
                    let down = match lasts {
                        Lasts::Forever => Downtime::Forever,
                        Lasts::For(lasts) => Downtime::For(choices.pause_at_point_length(node, point, nth, lasts)),
                    };
                    decided = Some((Some(row.row), down, oscillator));
                }
            }
        }
        decided.unwrap_or((None, Downtime::No, Oscillator::Runs))
    }

    /// A node goes down. Returns whether it was up.
    pub(super) fn crash(&mut self, node: NodeId, cause: Option<EventId>, down: Downtime, disk: DiskFate) -> bool {
        let cell = &mut self.state.nodes[node.index()];
        if !cell.is_up || down == Downtime::No {
            return false;
        }
        let held = cell.lose_memory();
        let incarnation = cell.incarnation;
        self.trace.counts.crashes += 1;
        if !self.trace.crashed.contains(&node) {
            self.trace.crashed.push(node);
        }
        self.state.interrupted = true;
        let crashed = self.record(Some(node), cause, EventKind::Crashed);
        self.lose_writes(node, crashed, disk);
        self.go_on_oscillating(node, crashed);
        for pending in held {
            self.schedule(self.state.now, pending);
        }
        if let Downtime::For(span) = down {
            self.schedule(self.state.now + span, Pending::Restart { node, incarnation });
        }
        true
    }

    /// What of a crashed node's disk is gone is gone.
    fn lose_writes(&mut self, node: NodeId, crashed: EventId, disk: DiskFate) {
        let lost = match disk {
            DiskFate::Kept => None,
            DiskFate::Lost => Some((self.state.nodes[node.index()].lose_disk(), true)),
            DiskFate::Unsynced => Some((self.state.nodes[node.index()].lose_unsynced(), false)),
        };
        if let Some((writes @ 1.., all)) = lost {
            self.record(Some(node), Some(crashed), EventKind::WritesLost { writes, all });
        }
    }

    /// A node stops doing anything. Returns whether it does so now or longer than it would have.
    /// `row` is what makes it.
    pub(super) fn pause(
        &mut self,
        node: NodeId,
        cause: Option<EventId>,
        lasts: Option<Span>,
        oscillator: Oscillator,
        row: Option<Row>,
    ) -> bool {
        let until = lasts.map_or(Time::NEVER, |lasts| self.state.now + lasts);
        let cell = &mut self.state.nodes[node.index()];
        if !cell.is_up || cell.paused_until.is_some_and(|other| other >= until) {
            return false;
        }
        cell.paused_until = Some(until);
        cell.paused_by = row;
        if let Some(row) = row {
            self.state.marks.applied(row);
        }
        let incarnation = cell.incarnation;
        self.state.interrupted = true;
        let paused = self.record(Some(node), cause, EventKind::Paused);
        if oscillator == Oscillator::Stops && self.state.nodes[node.index()].suspended_ppb.is_none() {
            if let Some(row) = row {
                self.mark_oscillator(row, node);
            }
            let cell = &mut self.state.nodes[node.index()];
            cell.suspended_ppb = Some(cell.clock.drift_ppb());
            self.change_drift(node, Some(paused), STOPPED_PPB);
        }
        if lasts.is_some() {
            self.schedule(until, Pending::Resume { node, incarnation });
        }
        true
    }

    /// The oscillator of a node that was suspended runs again.
    fn go_on_oscillating(&mut self, node: NodeId, cause: EventId) {
        if let Some(ppb) = self.state.nodes[node.index()].suspended_ppb.take() {
            self.change_drift(node, Some(cause), ppb);
        }
    }

    /// Marks that something waits for a paused node that would have happened by now.
    pub(super) fn mark_waiting(&mut self, node: NodeId) {
        if let Some(row) = self.state.nodes[node.index()].paused_by {
            self.state.marks.changed(row);
        }
    }

    /// A node's downtime is over. Returns the event of its restart and its disk, if it is still
    /// down.
    pub(super) fn restart(&mut self, node: NodeId, incarnation: u32) -> Option<(EventId, &P::Disk)> {
        let cell = &mut self.state.nodes[node.index()];
        if cell.incarnation != incarnation || cell.is_up {
            return None;
        }
        cell.is_up = true;
        let restarted = self.record(Some(node), None, EventKind::Restarted);
        Some((restarted, &self.state.nodes[node.index()].disk))
    }

    pub(super) fn resume(&mut self, node: NodeId, incarnation: u32) {
        let cell = &mut self.state.nodes[node.index()];
        if cell.incarnation != incarnation || cell.paused_until != Some(self.state.now) {
            return;
        }
        cell.paused_until = None;
        cell.paused_by = None;
        let (held, suspended) = (mem::take(&mut cell.inbox), mem::take(&mut cell.suspended));
        let cause = self.record(Some(node), None, EventKind::Resumed);
        self.go_on_oscillating(node, cause);
        for pending in held {
            let number = match &pending {
                Pending::Timer { number, .. } => Some(*number),
                _ => None,
            };
            let place = self.schedule(self.state.now, pending);
            if let Some(number) = number {
                self.state.nodes[node.index()].timers.replace(number, Some(place));
            }
        }
        self.asking = Asking { node, cause, incarnation };
        for effect in suspended {
            self.ask(effect);
        }
    }

    /// A change of drift moves the moments at which a node's timers fire, though not what they wait
    /// for.
    fn reschedule_timers(&mut self, node: NodeId) {
        let Node { clock, timers, .. } = &mut self.state.nodes[node.index()];
        for armed in timers.armed() {
            armed.place = armed.place.and_then(|place| {
                self.state.queue.reschedule(place, clock.time_when(armed.target).max(self.state.now))
            });
        }
    }
}
