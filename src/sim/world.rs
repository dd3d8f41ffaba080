//! The world of a run: the nodes without their processes, the network between them, what befalls both, and the trace.
//!
//! A process asks it for effects, which are carried out at once and in order. When one of them ends what the process was
//! doing, what it still asks for in the same handler is dropped after a crash, and kept for later by a pause.

use crate::process::{Context, Disk, Effect, Host, Items, MessageId, Names, NodeId, Protocol, TimerId};
use crate::scenario::{ClockSpec, Fault, Limits, Scenario, Traitors};
use crate::time::clock::Clock;
use crate::time::{Distribution, Monotonic, Span, Time};
use crate::trace::{EventId, Recording, Trace, What, Why};

use super::byzantine::Liar;
use super::choice::{Choices, Enumeration};
use super::fault::Strike;
use super::marks::Marks;
use super::node::Node;
use super::plan::Plan;
use super::queue::Queue;

/// What is scheduled.
#[derive(Clone)]
pub(super) enum Pending<P: Protocol> {
    Deliver { id: MessageId, message: P::Message, sent: EventId, damaged: bool },
    Timer { node: NodeId, incarnation: u32, number: u64, timer: P::Timer },
    Blow(u32),
    RandomCrash { node: NodeId, incarnation: u32, index: u32 },
    Restart { node: NodeId, incarnation: u32 },
    Resume { node: NodeId, incarnation: u32 },
    Heal(u16),
}

/// A node whose process is handling an event.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    pub(super) node: NodeId,
    pub(super) cause: EventId,
    /// The life in which it began to.
    pub(super) incarnation: u32,
}

/// All of a run but the protocol's own processes.
pub(super) struct World<P: Protocol> {
    pub(super) names: Names,
    pub(super) clocks: Vec<ClockSpec>,
    pub(super) limits: Limits,
    pub(super) until: Time,
    pub(super) plan: Plan,
    /// The scenario's faults, for warnings.
    pub(super) faults: Vec<Fault>,

    pub(super) liar: Option<Box<dyn Liar<P>>>,
    pub(super) now: Time,
    pub(super) stopped: Option<Why>,
    /// Who asks for effects at the moment.
    pub(super) asking: Asking,
    /// Something happened that may end what that process is doing: a crash, a pause, a limit, or an event that one of
    /// these is to follow.
    pub(super) interrupted: bool,
    /// The number of events from which on each is looked at as it is recorded.
    pub(super) heeded_from: u64,
    pub(super) nodes: Vec<Node<P>>,
    pub(super) queue: Queue<Pending<P>>,
    /// How many slots each link has seen, row by sender.
    pub(super) slots: Vec<u32>,
    /// When the last message of each link arrives, row by sender; empty if no link is fifo.
    pub(super) last_arrival: Vec<Time>,
    /// The partitions that are in force.
    pub(super) partitions: Vec<u16>,
    pub(super) choices: Choices,
    pub(super) strikes: Vec<Strike>,
    /// The events that have happened and that strikes are to follow.
    pub(super) struck_at: Vec<EventId>,
    /// Which of the plan's crashes after a delivery have happened.
    pub(super) delivered_blows: Vec<bool>,
    /// What the scenario's faults have come to.
    pub(super) marks: Marks,
    /// The strikes that fell on a node that was down, or paused for longer anyway.
    pub(super) in_vain: Vec<usize>,
    pub(super) in_flight: u64,
    pub(super) trace: Trace,
    pub(super) said: Vec<P::Message>,
}

impl<P: Protocol> World<P> {
    pub(super) fn new(liar: Option<Box<dyn Liar<P>>>, scenario: &Scenario) -> World<P> {
        let count = scenario.names.count();
        let plan = Plan::new(scenario);
        let mut choices = Choices::new(&scenario.names, &scenario.network, &scenario.faults);
        choices.force(plan.forced.iter().cloned());
        let network = &scenario.network;
        let has_fifo = network.default.fifo || network.exceptions.iter().any(|(_, _, link)| link.fifo);
        World {
            names: scenario.names.clone(),
            clocks: scenario.clocks.clone(),
            limits: scenario.limits,
            until: scenario.until,
            delivered_blows: vec![false; plan.after_delivery.len()],
            plan,
            faults: scenario.faults.clone(),
            liar,
            now: Time::ZERO,
            stopped: None,
            asking: Asking { node: NodeId::new(0), cause: EventId::new(0), incarnation: 0 },
            interrupted: false,
            heeded_from: 0,
            nodes: Vec::with_capacity(count),
            queue: Queue::new(),
            slots: vec![0; count * count],
            last_arrival: if has_fifo { vec![Time::ZERO; count * count] } else { Vec::new() },
            partitions: Vec::new(),
            choices,
            strikes: Vec::new(),
            struck_at: Vec::new(),
            marks: Marks::default(),
            in_vain: Vec::new(),
            in_flight: 0,
            trace: Trace::new(scenario.names.clone()),
            said: Vec::new(),
        }
    }

    /// Makes everything as it is at the start of a run.
    pub(super) fn begin(&mut self, seed: u64, recording: Recording, enumeration: Option<Enumeration>) {
        self.now = Time::ZERO;
        self.stopped = None;
        self.queue.clear();
        self.slots.fill(0);
        self.last_arrival.fill(Time::ZERO);
        self.partitions.clear();
        self.delivered_blows.fill(false);
        self.marks.begin(self.faults.len());
        self.in_vain.clear();
        self.in_flight = 0;
        self.trace.clear(recording);
        self.choices.begin(seed, enumeration);
        self.strikes.clear();
        let strikes = self.choices.forced_after_events();
        self.strikes.extend(strikes.map(|(event, choice, downtime)| Strike { event, choice, downtime }));
        self.strikes.sort_by_key(|strike| strike.event);
        self.struck_at.clear();
        let heeds_all = recording == Recording::Everything || !self.strikes.is_empty();
        self.heeded_from = if heeds_all { 0 } else { self.limits.events };
        self.renew_nodes();
        self.place_traitors();
        for index in 0..self.plan.blows.len() {
            self.queue.push(self.plan.blows[index].0, Pending::Blow(index as u32));
        }
    }

    fn renew_nodes(&mut self) {
        for (index, spec) in self.clocks.iter().enumerate() {
            let node = NodeId::new(index as u16);
            let clock = Clock::new(self.choices.offset(node, &spec.offset), spec.drift_ppb);
            self.trace.clocks[index].restart(clock);
            match self.nodes.get_mut(index) {
                Some(used) => used.renew(clock),
                None => self.nodes.push(Node::new(clock)),
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

    pub(super) fn is_up(&self, node: NodeId) -> bool {
        self.nodes[node.index()].is_up
    }

    /// What each node has on disk.
    pub(super) fn disks(&self) -> impl Iterator<Item = (NodeId, &P::Disk)> {
        NodeId::first(self.nodes.len()).zip(self.nodes.iter().map(|cell| &cell.disk))
    }

    /// Lets a node's process handle an event, if nothing has struck it down right after that event.
    #[inline]
    pub(super) fn attend_to(&mut self, node: NodeId, cause: EventId) -> Option<Context<'_, P>> {
        if self.interrupted {
            self.strike();
            let cell = &self.nodes[node.index()];
            if !cell.is_up {
                return None;
            }
            self.interrupted = self.stopped.is_some() || cell.is_paused();
        }
        let cell = &self.nodes[node.index()];
        self.asking = Asking { node, cause, incarnation: cell.incarnation };
        Some(Context::new(node, cell.clock.read(self.now), self))
    }

    /// Keeps a process's state as it is after an event, if that is another than before.
    #[cold]
    pub(super) fn keep_state(&mut self, node: NodeId, event: EventId, process: &P::Process) {
        let cell = &mut self.nodes[node.index()];
        if cell.is_up
            && let Some(state) = cell.changed_state(process)
        {
            self.trace.states.push(event, &state);
        }
    }

    /// Notes that a node's process has read its clock now.
    pub(super) fn note_reading(&mut self, node: NodeId, has_read_clock: bool) {
        if has_read_clock {
            self.nodes[node.index()].read_clock_at = Some(self.now);
        }
    }

    /// A timer is due. Answers with the event of its firing, if the node is there and not paused.
    #[inline]
    pub(super) fn fire(
        &mut self,
        node: NodeId,
        incarnation: u32,
        number: u64,
        timer: P::Timer,
    ) -> Option<(EventId, P::Timer)> {
        let cell = &mut self.nodes[node.index()];
        if cell.incarnation != incarnation {
            return None;
        }
        if cell.is_paused() {
            cell.timers.replace(number, None);
            cell.inbox.push(Pending::Timer { node, incarnation, number, timer });
            self.mark_waiting(node);
            return None;
        }
        cell.timers.take(number);
        self.trace.counts.timers += 1;
        let fired = self.record_often(Some(node), None, What::TimerFired);
        self.word(fired, &timer);
        Some((fired, timer))
    }

    /// What becomes of what a process asks for.
    #[inline]
    fn hearing(&mut self) -> Hearing {
        if self.interrupted { self.hearing_after_interruption() } else { Hearing::Granted }
    }

    #[cold]
    fn hearing_after_interruption(&mut self) -> Hearing {
        self.strike();
        let cell = &self.nodes[self.asking.node.index()];
        if self.stopped.is_some() || cell.incarnation != self.asking.incarnation {
            Hearing::Dropped
        } else if cell.is_paused() {
            Hearing::Kept
        } else {
            Hearing::Granted
        }
    }

    #[cold]
    fn keep_for_later(&mut self, effect: Effect<P>) {
        self.mark_waiting(self.asking.node);
        self.nodes[self.asking.node.index()].suspended.push(effect);
    }

    #[inline]
    fn carry_out(&mut self, effect: Effect<P>) {
        let Asking { node, cause, .. } = self.asking;
        let here = Some(node);
        match effect {
            Effect::Send { to, message } => self.send(to, message),
            Effect::Silence { to, message } => self.pass_in_silence(to, &message),
            Effect::SetTimer { id, after, timer } => self.arm(id, after, timer),
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
                if let Some(text) = text {
                    self.word(noted, &text);
                }
            }
            Effect::CrashPoint { point, items } => self.pass(node, cause, point, items),
        }
    }

    /// Records that a node's clock is another from now on.
    pub(super) fn clock_changed(&mut self, node: NodeId, cause: Option<EventId>, what: What) {
        self.trace.clocks[node.index()].change(self.now, self.nodes[node.index()].clock);
        self.record(Some(node), cause, what);
    }

    fn write(&mut self, node: NodeId, cause: EventId, write: <P::Disk as Disk>::Write) {
        let wrote = self.record(Some(node), Some(cause), What::Wrote);
        self.trace.digest.value(&write);
        self.word(wrote, &write);
        self.nodes[node.index()].write(write, cause, self.plan.may_unsync);
    }

    fn arm(&mut self, id: TimerId, after: Span, timer: P::Timer) {
        let node = self.asking.node;
        let cell = &mut self.nodes[node.index()];
        let (target, at) = cell.clock.due(self.now, after.max(Span::ZERO));
        let (incarnation, number) = (cell.incarnation, id.number());
        let place = self.queue.push(at, Pending::Timer { node, incarnation, number, timer });
        cell.timers.set(number, place, target);
    }

    fn pass(&mut self, node: NodeId, cause: EventId, point: &'static str, items: Option<Items>) {
        let nth = self.nodes[node.index()].count_passing(point);
        let passed = self.record(Some(node), Some(cause), What::Passed { point, nth });
        self.strike_at_point(passed, node, point, nth, items);
    }

    pub(super) fn record(&mut self, node: Option<NodeId>, cause: Option<EventId>, what: What) -> EventId {
        self.record_often(node, cause, what)
    }

    /// Records an event of a kind of which a run has many: inlined, so that the kind is known where it is digested.
    #[inline(always)]
    pub(super) fn record_often(&mut self, node: Option<NodeId>, cause: Option<EventId>, what: What) -> EventId {
        self.trace.ended_at = self.now;
        let id = self.trace.push(self.now, node, cause, what);
        if self.trace.counts.events >= self.heeded_from {
            self.heed(node, id, what);
        }
        id
    }

    /// Looks at an event: when everything is recorded, when something is to follow some event, or at the limit.
    #[cold]
    fn heed(&mut self, node: Option<NodeId>, id: EventId, what: What) {
        if self.trace.counts.events >= self.limits.events {
            self.stop(Why::EventLimit);
        }
        if self.strikes.binary_search_by_key(&id.number(), |strike| strike.event).is_ok() {
            self.struck_at.push(id);
            self.interrupted = true;
        }
        if self.is_explaining() {
            let node = node.map_or("the network", |node| self.names.of(node));
            tracing::debug!(at = %self.now, event = id.number(), node, "{}", what.word());
        }
    }

    pub(super) fn stop(&mut self, why: Why) {
        self.stopped.get_or_insert(why);
        self.interrupted = true;
    }

    /// Keeps an event's words, if somebody is to read them.
    #[inline]
    pub(super) fn word(&mut self, event: EventId, words: &impl std::fmt::Display) {
        if self.is_explaining() {
            self.keep_words(event, words);
        }
    }

    #[cold]
    fn keep_words(&mut self, event: EventId, words: &impl std::fmt::Display) {
        self.trace.words.push(event, words);
    }

    /// Keeps what an honest process would have said, if somebody is to read it.
    pub(super) fn truth(&mut self, event: EventId, honest: &P::Message, silent: bool) {
        match self.is_explaining() {
            true if silent => self.trace.truths.push(event, &"nothing"),
            true => self.trace.truths.push(event, honest),
            false => {}
        }
    }
}

/// What becomes of a wish.
enum Hearing {
    Granted,
    /// The process is gone, or the run is over.
    Dropped,
    /// The node is paused: kept until it goes on.
    Kept,
}

impl<P: Protocol> Host<P> for World<P> {
    fn ask(&mut self, effect: Effect<P>) {
        match self.hearing() {
            Hearing::Granted => self.carry_out(effect),
            Hearing::Dropped => {}
            Hearing::Kept => self.keep_for_later(effect),
        }
    }

    fn send(&mut self, to: NodeId, message: P::Message) {
        match self.hearing() {
            Hearing::Granted => self.speak(to, message),
            Hearing::Dropped => {}
            Hearing::Kept => self.keep_for_later(Effect::Send { to, message }),
        }
    }

    fn set_timer(&mut self, after: Span, timer: P::Timer) -> TimerId {
        let timers_set = &mut self.nodes[self.asking.node.index()].timers_set;
        let id = TimerId::new(*timers_set);
        *timers_set += 1;
        match self.hearing() {
            Hearing::Granted => self.arm(id, after, timer),
            Hearing::Dropped => {}
            Hearing::Kept => self.keep_for_later(Effect::SetTimer { id, after, timer }),
        }
        id
    }

    fn draw(&mut self, node: NodeId, below: u64) -> u64 {
        self.choices.draw(node, below)
    }

    fn load(&mut self, word: &'static str, nth: u32, distribution: &Distribution) -> Span {
        self.choices.load(word, nth, distribution)
    }

    fn monotonic(&self, node: NodeId) -> Monotonic {
        self.nodes[node.index()].clock.monotonic(self.now)
    }

    fn nodes(&self) -> usize {
        self.nodes.len()
    }

    fn is_explaining(&self) -> bool {
        self.trace.recording == Recording::Everything
    }
}
