//! What a process asks for, and through what: its effects, the host that carries them out, and the
//! context of a handler.

use std::cell::Cell;
use std::ops::RangeInclusive;

use super::{Call, Disk, NodeId, Output, Probability, Protocol, TimerId, Value};
use crate::time::{Distribution, Monotonic, Reading, Span};

/// The items (orders, say) that a node is working on when it passes a crash point: one number or a
/// range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Items {
    first: u64,
    last: u64,
}

impl Items {
    /// Whether the item of this number is among them.
    pub fn has(self, item: u64) -> bool {
        (self.first..=self.last).contains(&item)
    }
}

impl From<u64> for Items {
    fn from(item: u64) -> Items {
        Items { first: item, last: item }
    }
}

impl From<u32> for Items {
    fn from(item: u32) -> Items {
        Items::from(u64::from(item))
    }
}

impl From<RangeInclusive<u32>> for Items {
    fn from(items: RangeInclusive<u32>) -> Items {
        Items { first: u64::from(*items.start()), last: u64::from(*items.end()) }
    }
}

/// What a process asks for.
#[derive(Clone)]
pub enum Effect<P: Protocol> {
    /// Send a message.
    Send {
        /// To whom.
        to: NodeId,
        /// What.
        message: P::Message,
    },
    /// Say nothing in a slot in which the protocol could have said `message`.
    Silence {
        /// To whom.
        to: NodeId,
        /// What could have been said.
        message: P::Message,
    },
    /// Fire a timer after a span of the node's oscillator.
    SetTimer {
        /// Its name, for cancelling.
        id: TimerId,
        /// How long from now.
        after: Span,
        /// What it reminds of.
        timer: P::Timer,
    },
    /// Take a timer back.
    CancelTimer(TimerId),
    /// Set the node's clock forwards or backwards at once.
    StepClock(Span),
    /// Correct the node's clock by `by`, spread evenly over the next `over` of its oscillator.
    SlewClock {
        /// The correction.
        by: Span,
        /// The length of oscillator time over which it is made.
        over: Span,
    },
    /// Write to disk.
    Write(<P::Disk as Disk>::Write),
    /// Tell the user.
    Output(Output),
    /// Write to disk and tell the user, as one: no crash comes between them.
    Commit(<P::Disk as Disk>::Write, Output),
    /// Leave a note in the trace: a step inside the process that people and properties want to see.
    Note {
        /// What was noted.
        note: Output,
        /// The same in words, if everything is recorded.
        text: Option<Box<str>>,
    },
    /// Pass a named point at which a scenario may crash or pause the node.
    CrashPoint {
        /// The point's name.
        point: &'static str,
        /// The items that the node is working on, if it named any.
        items: Option<Items>,
    },
}

/// What a process runs on: the simulator. It carries out what the process asks for, and draws for
/// it, so that each draw is a named choice.
pub trait Host<P: Protocol> {
    /// Carries out one effect.
    fn ask(&mut self, effect: Effect<P>);

    /// Carries out [`Effect::Send`]. It has a method of its own because it is the most frequent
    /// effect: the message can stay in registers.
    fn send(&mut self, to: NodeId, message: P::Message);

    /// Carries out [`Effect::SetTimer`] under a new name.
    fn set_timer(&mut self, after: Span, timer: P::Timer) -> TimerId;

    /// What a node's oscillator shows.
    fn monotonic(&self, node: NodeId) -> Monotonic;

    /// A node's own draw: a number in `0..below`, evenly. `below` is at least one.
    fn draw(&mut self, node: NodeId, below: u64) -> u64;

    /// A length of time of the workload: of those called `word`, the one that belongs to `call`.
    fn load(&mut self, word: &'static str, call: Call, distribution: &Distribution) -> Span;

    /// Whether something of the workload happens: of what is called `word`, the one that belongs to
    /// `call`.
    fn chance(&mut self, word: &'static str, call: Call, probability: Probability) -> bool;

    /// How many nodes there are.
    fn nodes(&self) -> usize;

    /// Whether somebody will read what is said in words.
    fn is_explaining(&self) -> bool;
}

/// What a process sees of the world, and how it acts on it.
pub struct Context<'a, P: Protocol> {
    me: NodeId,
    now: Reading,
    has_read_clock: Cell<bool>,
    host: &'a mut dyn Host<P>,
}

impl<'a, P: Protocol> Context<'a, P> {
    /// A context for one handler.
    pub(crate) fn new(me: NodeId, now: Reading, host: &'a mut dyn Host<P>) -> Context<'a, P> {
        Context { me, now, has_read_clock: Cell::new(false), host }
    }

    /// Whether the process has read its clock.
    pub(crate) fn has_read_clock(&self) -> bool {
        self.has_read_clock.get()
    }

    /// This node.
    pub fn me(&self) -> NodeId {
        self.me
    }

    /// What this node's clock shows, the same during one handler.
    pub fn now(&self) -> Reading {
        self.has_read_clock.set(true);
        self.now
    }

    /// What this node's oscillator shows, the same during one handler. Nobody can set it, so that
    /// it tells how long something took.
    pub fn monotonic(&self) -> Monotonic {
        self.host.monotonic(self.me)
    }

    /// All nodes, this one included.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeId> + Clone + use<P> {
        NodeId::first(self.host.nodes())
    }

    /// All nodes but this one.
    pub fn others(&self) -> impl DoubleEndedIterator<Item = NodeId> + Clone + use<P> {
        let me = self.me;
        NodeId::first(self.host.nodes()).filter(move |&node| node != me)
    }

    /// Sends one message. A process does not send to itself.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        debug_assert!(to != self.me, "a process does not send to itself");
        self.host.send(to, message);
    }

    /// Sends the same message to each of `to`: that many messages.
    pub fn multicast(&mut self, to: impl IntoIterator<Item = NodeId>, message: &P::Message) {
        for to in to {
            self.send(to, message.clone());
        }
    }

    /// Says nothing in a slot in which the protocol could have said `message`. The slot counts on
    /// its link.
    pub fn silence(&mut self, to: NodeId, message: P::Message) {
        self.host.ask(Effect::Silence { to, message });
    }

    /// Fires `timer` when `after` has passed on the node's oscillator; a span that points backwards
    /// fires at once.
    pub fn set_timer(&mut self, after: Span, timer: P::Timer) -> TimerId {
        self.host.set_timer(after, timer)
    }

    /// Takes a timer back. One that has fired, or was taken back before, is left alone, and `None`
    /// is no timer: `ctx.cancel_timer(self.alarm.take())`.
    pub fn cancel_timer(&mut self, id: impl Into<Option<TimerId>>) {
        if let Some(id) = id.into() {
            self.host.ask(Effect::CancelTimer(id));
        }
    }

    /// Sets the node's clock by `by` at once. Timers run on the oscillator and do not move.
    pub fn step_clock(&mut self, by: Span) {
        self.host.ask(Effect::StepClock(by));
    }

    /// Corrects the node's clock by `by`, spread evenly over the next `over` of its oscillator. A
    /// slew that is still under way is ended where it is.
    pub fn slew_clock(&mut self, by: Span, over: Span) {
        self.host.ask(Effect::SlewClock { by, over });
    }

    /// Writes to disk: durable as soon as it is applied, unless a crash row of the scenario says
    /// `disk = "lost"`.
    pub fn write(&mut self, write: <P::Disk as Disk>::Write) {
        self.host.ask(Effect::Write(write));
    }

    /// Tells the user.
    pub fn output(&mut self, name: &'static str, value: impl Into<Value>) {
        self.host.ask(Effect::Output(Output { name, value: value.into() }));
    }

    /// Writes to disk and tells the user as one effect, which no crash can split: for a record that
    /// the user reads itself, such as a row in a store. Where a node writes and then speaks, take
    /// [`write`](Context::write) and [`output`](Context::output): a crash can come between them.
    pub fn commit(&mut self, write: <P::Disk as Disk>::Write, name: &'static str, value: impl Into<Value>) {
        self.host.ask(Effect::Commit(write, Output { name, value: value.into() }));
    }

    /// Notes a step inside the process. `words` says it for people, and is called only when
    /// somebody looks.
    pub fn note(&mut self, name: &'static str, value: impl Into<Value>, words: impl FnOnce() -> String) {
        let text = self.host.is_explaining().then(|| words().into_boxed_str());
        self.host.ask(Effect::Note { note: Output { name, value: value.into() }, text });
    }

    /// Passes a named point at which a scenario may crash or pause this node. A crash here applies
    /// the effects before it and none after it. A scenario says which time: `point = "collected:1"`
    /// is the first time that the node passes `collected`. The entry lists the names, in
    /// `crash_points`.
    pub fn crash_point(&mut self, name: &'static str) {
        self.host.ask(Effect::CrashPoint { point: name, items: None });
    }

    /// The same, with the items that the node is working on: an order by its number, say, or a
    /// batch of orders. A scenario can tie a crash to one of them.
    pub fn crash_point_for(&mut self, name: &'static str, items: impl Into<Items>) {
        self.host.ask(Effect::CrashPoint { point: name, items: Some(items.into()) });
    }

    /// A number in `0..below`, evenly; 0 when `below` is 0. Each draw is a choice of its own:
    /// `bob.coin:4`.
    pub fn draw(&mut self, below: u64) -> u64 {
        if below <= 1 { 0 } else { self.host.draw(self.me, below) }
    }

    /// A length of time of the workload: of those called `word` the seventh, which is the choice
    /// `load.gap:7`, or what belongs to an attempt at a request, `load.service:17.2`. It is the
    /// same for every node that asks.
    pub fn load(&mut self, word: &'static str, call: impl Into<Call>, distribution: &Distribution) -> Span {
        self.host.load(word, call.into(), distribution)
    }

    /// Whether something of the workload happens: the choice `load.fail:17.2`, which is `yes` or
    /// `no`. It is the same for every node that asks.
    pub fn chance(&mut self, word: &'static str, call: impl Into<Call>, probability: Probability) -> bool {
        self.host.chance(word, call.into(), probability)
    }
}
