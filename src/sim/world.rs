//! The world of a run: the nodes without their processes, the network between them, what goes wrong
//! with both, and the trace.
//!
//! A process asks it for effects, which are carried out at once and in order. When one of them ends
//! what the process was doing, what it still asks for in the same handler is dropped after a crash,
//! and kept for later by a pause.

use crate::process::{Call, Context, Disk, Effect, Host, Items, Names, NodeId, Probability, Protocol, TimerId};
use crate::scenario::{ClockSpec, Fault, Limits, Scenario, Traitors};
use crate::time::clock::Clock;
use crate::time::{Distribution, Monotonic, Span, Time};
use crate::trace::{EventId, EventKind, Recording, StopReason, Trace};

use super::byzantine::Liar;
use super::choice::{Choices, Enumeration};
use super::node::Node;
use super::pending::{Asking, Pending};
use super::plan::{ForcedFault, Plan};
use super::queue::Place;
use super::state::State;

/// All of a run but the protocol's own processes.
pub(super) struct World<P: Protocol> {
    pub(super) names: Names,
    pub(super) clocks: Vec<ClockSpec>,
    pub(super) limits: Limits,
    pub(super) until: Time,
    pub(super) plan: Plan,
    /// The scenario's faults, for warnings.
    pub(super) faults: Vec<Fault>,

    /// What changes between two events, beside choices and trace.
    pub(super) state: State<P>,
    pub(super) choices: Choices,
    pub(super) trace: Trace,

    pub(super) stopped: Option<StopReason>,
    /// Who asks for effects at the moment.
    pub(super) asking: Asking,
    /// The number of events from which on each is looked at as it is recorded.
    pub(super) inspected_from: u64,
    /// The crashes and pauses that are forced to follow an event, in the order of these.
    pub(super) forced_faults: Vec<ForcedFault>,
    /// Of these events those that have just happened.
    pub(super) triggers: Vec<EventId>,
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
            faults: scenario.faults.clone(),
            state: State::new(liar, count, has_fifo, plan.after_delivery.len()),
            plan,
            choices,
            trace: Trace::new(scenario.names.clone()),
            stopped: None,
            asking: Asking { node: NodeId::new(0), cause: EventId::new(0), incarnation: 0 },
            inspected_from: 0,
            forced_faults: Vec::new(),
            triggers: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Makes everything as it is at the start of a run.
    pub(super) fn begin(&mut self, seed: u64, recording: Recording, enumeration: Option<Enumeration>) {
        self.stopped = None;
        self.state.begin(self.faults.len());
        self.trace.clear(recording);
        self.choices.begin(seed, enumeration);
        self.forced_faults = self.choices.forced_after_events();
        self.triggers.clear();
        let inspects_all = recording == Recording::Everything || !self.forced_faults.is_empty();
        self.inspected_from = if inspects_all { 0 } else { self.limits.events };
        self.renew_nodes();
        self.place_traitors();
        for index in 0..self.plan.injections.len() {
            self.schedule(self.plan.injections[index].0, Pending::Injection(index as u32));
        }
    }

    fn renew_nodes(&mut self) {
        for (index, spec) in self.clocks.iter().enumerate() {
            let node = NodeId::new(index as u16);
            let clock = Clock::new(self.choices.offset(node, &spec.offset), spec.drift_ppb);
            self.trace.clocks[index].restart(clock);
            match self.state.nodes.get_mut(index) {
                Some(used) => used.renew(clock),
                None => self.state.nodes.push(Node::new(clock)),
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
                if let Err(place) = placed.binary_search_by_key(&node, |&(other, _)| other) {
                    placed.insert(place, (node, row));
                }
            }
        }
        for &(node, _) in &placed {
            self.state.nodes[node.index()].traitor = true;
            self.trace.traitors.push(node);
            self.record(Some(node), None, EventKind::Traitor);
        }
        if let Some(liar) = &mut self.state.liar {
            liar.begin(&placed);
        }
    }

    pub(super) fn is_up(&self, node: NodeId) -> bool {
        self.state.nodes[node.index()].is_up
    }

    /// What each node has on disk.
    pub(super) fn disks(&self) -> impl Iterator<Item = (NodeId, &P::Disk)> {
        NodeId::first(self.state.nodes.len()).zip(self.state.nodes.iter().map(|cell| &cell.disk))
    }

    /// Lets a node's process handle an event, if no fault follows right after that event.
    #[inline]
    pub(super) fn attend_to(&mut self, node: NodeId, cause: EventId) -> Option<Context<'_, P>> {
        if self.state.interrupted {
            self.inject_forced();
            let cell = &self.state.nodes[node.index()];
            if !cell.is_up {
                return None;
            }
            self.state.interrupted = self.stopped.is_some() || cell.is_paused();
        }
        let cell = &self.state.nodes[node.index()];
        self.asking = Asking { node, cause, incarnation: cell.incarnation };
        Some(Context::new(node, cell.clock.read(self.state.now), self))
    }

    /// Keeps a process's state as it is after an event, if that is another than before.
    #[cold]
    pub(super) fn keep_state(&mut self, node: NodeId, event: EventId, process: &P::Process) {
        let cell = &mut self.state.nodes[node.index()];
        if cell.is_up
            && let Some(state) = cell.changed_state(process)
        {
            self.trace.states.push(event, state);
        }
    }

    /// Notes that a node's process has read its clock now.
    pub(super) fn note_reading(&mut self, node: NodeId, has_read_clock: bool) {
        if has_read_clock {
            self.state.nodes[node.index()].read_clock_at = Some(self.state.now);
        }
    }

    /// A timer is due. Returns the event of its firing, if the node is there and not paused.
    #[inline]
    pub(super) fn fire(
        &mut self,
        node: NodeId,
        incarnation: u32,
        number: u64,
        timer: P::Timer,
    ) -> Option<(EventId, P::Timer)> {
        let cell = &mut self.state.nodes[node.index()];
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
        let fired = self.record_often(Some(node), None, EventKind::TimerFired);
        self.word(fired, &timer);
        Some((fired, timer))
    }

    /// How what a process asks for is carried out now.
    #[inline]
    fn effect_fate(&mut self) -> EffectFate {
        if self.state.interrupted { self.effect_fate_after_interruption() } else { EffectFate::Granted }
    }

    #[cold]
    fn effect_fate_after_interruption(&mut self) -> EffectFate {
        self.inject_forced();
        let cell = &self.state.nodes[self.asking.node.index()];
        if self.stopped.is_some() || cell.incarnation != self.asking.incarnation {
            EffectFate::Dropped
        } else if cell.is_paused() {
            EffectFate::Kept
        } else {
            EffectFate::Granted
        }
    }

    #[cold]
    fn keep_for_later(&mut self, effect: Effect<P>) {
        self.mark_waiting(self.asking.node);
        self.state.nodes[self.asking.node.index()].suspended.push(effect);
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
                if let Some(place) = self.state.nodes[node.index()].timers.take(id.number()) {
                    self.state.queue.remove(place);
                }
            }
            Effect::StepClock(by) => {
                self.state.nodes[node.index()].clock.step(by);
                self.clock_changed(node, Some(cause), EventKind::ClockStepped(by));
            }
            Effect::SlewClock { by, over } => {
                self.state.nodes[node.index()].clock.slew(self.state.now, by, over);
                self.clock_changed(node, Some(cause), EventKind::ClockSlewed(by));
            }
            Effect::Write(write) => self.write(node, cause, write),
            Effect::Output(output) => {
                self.record(here, Some(cause), EventKind::Output(output));
            }
            // A fault that is forced after either event meets a node that has done both.
            Effect::Commit(write, output) => {
                self.write(node, cause, write);
                self.record(here, Some(cause), EventKind::Output(output));
            }
            Effect::Note { note, text } => {
                let noted = self.record(here, Some(cause), EventKind::Noted(note));
                if let Some(text) = text {
                    self.word(noted, &text);
                }
            }
            Effect::CrashPoint { point, items } => self.pass(node, cause, point, items),
        }
    }

    /// Records that a node's clock is another from now on.
    pub(super) fn clock_changed(&mut self, node: NodeId, cause: Option<EventId>, what: EventKind) {
        self.trace.clocks[node.index()].change(self.state.now, self.state.nodes[node.index()].clock);
        self.record(Some(node), cause, what);
    }

    fn write(&mut self, node: NodeId, cause: EventId, write: <P::Disk as Disk>::Write) {
        let wrote = self.record(Some(node), Some(cause), EventKind::Wrote);
        self.trace.digest_value(&write);
        self.word(wrote, &write);
        self.state.nodes[node.index()].write(write, cause, self.plan.may_unsync);
    }

    fn arm(&mut self, id: TimerId, after: Span, timer: P::Timer) {
        let node = self.asking.node;
        let cell = &mut self.state.nodes[node.index()];
        let (target, at) = cell.clock.due(self.state.now, after.max(Span::ZERO));
        let (incarnation, number) = (cell.incarnation, id.number());
        let place = self.state.queue.push(at, Pending::Timer { node, incarnation, number, timer });
        cell.timers.set(number, place, target);
    }

    fn pass(&mut self, node: NodeId, cause: EventId, point: &'static str, items: Option<Items>) {
        let nth = self.state.nodes[node.index()].count_passing(point);
        let passed = self.record(Some(node), Some(cause), EventKind::Passed { point, nth });
        self.inject_at_point(passed, node, point, nth, items);
    }

    pub(super) fn record(&mut self, node: Option<NodeId>, cause: Option<EventId>, what: EventKind) -> EventId {
        self.record_often(node, cause, what)
    }

    /// Records an event of a kind of which a run has many: inlined, so that the kind is known where
    /// it is digested.
    #[inline(always)]
    pub(super) fn record_often(&mut self, node: Option<NodeId>, cause: Option<EventId>, what: EventKind) -> EventId {
        self.trace.ended_at = self.state.now;
        let id = self.trace.push(self.state.now, node, cause, what);
        if self.trace.counts.events >= self.inspected_from {
            self.inspect(node, id, what);
        }
        id
    }

    /// Looks at an event: when everything is recorded, when something is to follow some event, or
    /// at the limit.
    #[cold]
    fn inspect(&mut self, node: Option<NodeId>, id: EventId, what: EventKind) {
        if self.trace.counts.events >= self.limits.events {
            self.stop(StopReason::EventLimit);
        }
        if self.forced_faults.binary_search_by_key(&id.number(), |forced| forced.event).is_ok() {
            self.triggers.push(id);
            self.state.interrupted = true;
        }
        if self.is_explaining() {
            let node = node.map_or("the network", |node| self.names.of(node));
            tracing::debug!(at = %self.state.now, event = id.number(), node, "{}", what.word());
        }
    }

    /// Schedules what a run has few of: [`Queue::push`](super::queue::Queue::push) is inlined.
    #[inline(never)]
    pub(super) fn schedule(&mut self, at: Time, pending: Pending<P>) -> Place {
        self.state.queue.push(at, pending)
    }

    pub(super) fn stop(&mut self, why: StopReason) {
        self.stopped.get_or_insert(why);
        self.state.interrupted = true;
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
    #[inline]
    pub(super) fn truth(&mut self, event: EventId, honest: &P::Message, silent: bool) {
        if self.is_explaining() {
            self.keep_truth(event, honest, silent);
        }
    }

    #[cold]
    fn keep_truth(&mut self, event: EventId, honest: &P::Message, silent: bool) {
        if silent {
            self.trace.truths.push(event, &"nothing");
        } else {
            self.trace.truths.push(event, honest);
        }
    }
}

/// How an effect is carried out.
enum EffectFate {
    Granted,
    /// The process is gone, or the run is over.
    Dropped,
    /// The node is paused: kept until it goes on.
    Kept,
}

impl<P: Protocol> Host<P> for World<P> {
    fn ask(&mut self, effect: Effect<P>) {
        match self.effect_fate() {
            EffectFate::Granted => self.carry_out(effect),
            EffectFate::Dropped => {}
            EffectFate::Kept => self.keep_for_later(effect),
        }
    }

    fn send(&mut self, to: NodeId, message: P::Message) {
        match self.effect_fate() {
            EffectFate::Granted => self.speak(to, message),
            EffectFate::Dropped => {}
            EffectFate::Kept => self.keep_for_later(Effect::Send { to, message }),
        }
    }

    fn set_timer(&mut self, after: Span, timer: P::Timer) -> TimerId {
        let timers_set = &mut self.state.nodes[self.asking.node.index()].timers_set;
        let id = TimerId::new(*timers_set);
        *timers_set += 1;
        match self.effect_fate() {
            EffectFate::Granted => self.arm(id, after, timer),
            EffectFate::Dropped => {}
            EffectFate::Kept => self.keep_for_later(Effect::SetTimer { id, after, timer }),
        }
        id
    }

    fn draw(&mut self, node: NodeId, below: u64) -> u64 {
        self.choices.draw(node, below)
    }

    fn load(&mut self, word: &'static str, call: Call, distribution: &Distribution) -> Span {
        self.choices.load(word, call, distribution)
    }

    fn chance(&mut self, word: &'static str, call: Call, probability: Probability) -> bool {
        self.choices.chance(word, call, probability)
    }

    fn monotonic(&self, node: NodeId) -> Monotonic {
        self.state.nodes[node.index()].clock.monotonic(self.state.now)
    }

    fn nodes(&self) -> usize {
        self.state.nodes.len()
    }

    fn is_explaining(&self) -> bool {
        self.trace.recording == Recording::Everything
    }
}
