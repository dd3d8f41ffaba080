//! All that the author of a protocol must know.
//!
//! A [`Protocol`] is a configuration: it names the types that its processes speak and boots one
//! [`Process`] a node. A process is a state machine without I/O. It is told of its start, of
//! messages and of timers, and asks for effects through a [`Context`]: send, set a timer, write to
//! disk, tell the user. It never learns true time, who is faulty, or what the network did.
//!
//! What a process keeps in its own value is memory and is gone after a crash. What it writes to its
//! [`Disk`] stays, and the next incarnation boots from it.

mod names;

use std::cell::Cell;
use std::fmt::{self, Display};
use std::ops::RangeInclusive;

use serde::Serialize;

use crate::time::{Distribution, Monotonic, Reading, Span};
pub use names::{MessageId, Names, NodeId};

/// What survives a crash, if the scenario does not let the crash lose it: a value that changes only
/// by whole writes.
pub trait Disk: Clone + Default {
    /// One write, applied whole or not at all. `Display` gives its words, `Serialize` what the
    /// trace hash sees.
    type Write: Clone + Serialize + Display;

    /// Applies one write.
    fn write(&mut self, write: Self::Write);
}

/// For protocols that keep nothing over a crash.
impl Disk for () {
    type Write = Never;

    fn write(&mut self, write: Never) {
        match write {}
    }
}

/// For protocols that keep only what they wrote last: a decision, a vote, an epoch.
impl<W: Clone + Serialize + Display> Disk for Option<W> {
    type Write = W;

    fn write(&mut self, write: W) {
        *self = Some(write);
    }
}

/// A type without values: the write of a protocol that keeps nothing, the message of one that sends
/// none. (`std::convert::Infallible` cannot be serialized.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

/// A protocol with its configuration.
pub trait Protocol: Clone {
    /// What runs on a node.
    type Process: Process<Self> + Clone;
    /// What nodes say to each other. `Display` gives the words on the arrows. The trace hash reads
    /// the message through `Serialize`: serialize every field, and nothing that differs between
    /// machines.
    type Message: Clone + PartialEq + Serialize + Display;
    /// What a node reminds itself of.
    type Timer: Clone + Display;
    /// What a node keeps over a crash.
    type Disk: Disk;

    /// The process of `node` as it begins, at the start of the run and after every crash: memory is
    /// fresh, the disk holds what was written before.
    fn boot(&self, node: NodeId, disk: &Self::Disk) -> Self::Process;
}

/// A state machine on one node. A handler that it leaves out does nothing.
pub trait Process<P: Protocol> {
    /// The node begins: at the start of the run and after a restart.
    fn start(&mut self, _ctx: &mut Context<'_, P>) {}

    /// A message arrives.
    fn message(&mut self, _from: NodeId, _message: P::Message, _ctx: &mut Context<'_, P>) {}

    /// A timer fires.
    fn timer(&mut self, _timer: P::Timer, _ctx: &mut Context<'_, P>) {}

    /// The state in a few words, for people who watch. Nothing by default.
    fn state(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// What a process tells its user: a decision, a charge, a value read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Output {
    /// What it is about: `decision`, `charged` …
    pub name: &'static str,
    /// What is said of it.
    pub value: Value,
}

/// A word, a number, or a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// One of the protocol's words.
    Word(&'static str),
    /// A count or an identity.
    Number(i64),
    /// A length of time, or what a clock shows: nanoseconds for programs, rounded for people.
    Span(Span),
}

impl Value {
    /// The number, or the nanoseconds; `None` for a word.
    pub const fn number(self) -> Option<i64> {
        match self {
            Value::Word(_) => None,
            Value::Number(number) => Some(number),
            Value::Span(span) => Some(span.ns()),
        }
    }
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Value {
        Value::Word(word)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Number(i64::from(number))
    }
}

impl From<Span> for Value {
    fn from(span: Span) -> Value {
        Value::Span(span)
    }
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Value::Word(word) => serializer.serialize_str(word),
            Value::Number(number) => serializer.serialize_i64(number),
            Value::Span(span) => serializer.serialize_i64(span.ns()),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Word(word) => f.write_str(word),
            Value::Number(number) => write!(f, "{number}"),
            Value::Span(span) => f.write_str(&span.rounded()),
        }
    }
}

/// Names a timer that a node has set, so that the node can cancel it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerId(u64);

impl TimerId {
    /// The name of a node's timer before which it had set `number`.
    pub(crate) const fn new(number: u64) -> TimerId {
        TimerId(number)
    }

    /// How many timers the node had set before this one.
    pub const fn number(self) -> u64 {
        self.0
    }
}

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

    /// A length of time of the workload, the `nth` of those called `word`.
    fn load(&mut self, word: &'static str, nth: u32, distribution: &Distribution) -> Span;

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

    /// Writes to disk: durable as soon as it is applied, but for a crash that the scenario lets
    /// lose it.
    pub fn write(&mut self, write: <P::Disk as Disk>::Write) {
        self.host.ask(Effect::Write(write));
    }

    /// Tells the user.
    pub fn output(&mut self, name: &'static str, value: impl Into<Value>) {
        self.host.ask(Effect::Output(Output { name, value: value.into() }));
    }

    /// Writes to disk and tells the user as one effect, which no crash can split: for what the user
    /// is told *by* the write, such as a row in a store that they read. A write and an output by
    /// themselves can be split.
    pub fn commit(&mut self, write: <P::Disk as Disk>::Write, name: &'static str, value: impl Into<Value>) {
        self.host.ask(Effect::Commit(write, Output { name, value: value.into() }));
    }

    /// Notes a step inside the process. `words` says it for people, and is called only when somebody
    /// looks.
    pub fn note(&mut self, name: &'static str, value: impl Into<Value>, words: impl FnOnce() -> String) {
        let text = self.host.is_explaining().then(|| words().into_boxed_str());
        self.host.ask(Effect::Note { note: Output { name, value: value.into() }, text });
    }

    /// Passes a named point at which a scenario may crash or pause this node. A crash here applies
    /// the effects before it and none after it.
    pub fn crash_point(&mut self, name: &'static str) {
        self.host.ask(Effect::CrashPoint { point: name, items: None });
    }

    /// The same, with the items that the node is working on: an order by its number, say, or a batch
    /// of orders. A scenario can tie a crash to one of them.
    pub fn crash_point_for(&mut self, name: &'static str, items: impl Into<Items>) {
        self.host.ask(Effect::CrashPoint { point: name, items: Some(items.into()) });
    }

    /// A number in `0..below`, evenly; 0 when `below` is 0. Each draw is a choice of its own:
    /// `bob.coin:4`.
    pub fn draw(&mut self, below: u64) -> u64 {
        if below <= 1 { 0 } else { self.host.draw(self.me, below) }
    }

    /// A length of time of the workload, the `nth` of those called `word`: the choice `load.gap:7`.
    /// It is the same for every node that asks.
    pub fn load(&mut self, word: &'static str, nth: u32, distribution: &Distribution) -> Span {
        self.host.load(word, nth, distribution)
    }
}

/// Joins the roles of a protocol into the one process type that runs on every node.
///
/// `roles!(pub enum General: Oral { Commander, Lieutenant })` makes an enum with a variant a role,
/// each holding the role's struct of the same name, and passes every event on to it.
#[macro_export]
macro_rules! roles {
    ($(#[$doc:meta])* $vis:vis enum $name:ident: $protocol:ty { $($role:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone)]
        $vis enum $name { $(#[doc = concat!("See [`", stringify!($role), "`].")] $role($role)),+ }

        impl $crate::process::Process<$protocol> for $name {
            fn start(&mut self, ctx: &mut $crate::process::Context<'_, $protocol>) {
                match self { $(Self::$role(role) => role.start(ctx)),+ }
            }

            fn message(
                &mut self,
                from: $crate::process::NodeId,
                message: <$protocol as $crate::process::Protocol>::Message,
                ctx: &mut $crate::process::Context<'_, $protocol>,
            ) {
                match self { $(Self::$role(role) => role.message(from, message, ctx)),+ }
            }

            fn timer(
                &mut self,
                timer: <$protocol as $crate::process::Protocol>::Timer,
                ctx: &mut $crate::process::Context<'_, $protocol>,
            ) {
                match self { $(Self::$role(role) => role.timer(timer, ctx)),+ }
            }

            fn state(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self { $(Self::$role(role) => $crate::process::Process::<$protocol>::state(role, f)),+ }
            }
        }
    };
}

/// The words of a message, a timer or a write, as people read them: a `Display` with a row for each
/// variant.
///
/// A row is a variant's pattern, a format and its arguments. A type that is one struct has one row
/// and no braces.
///
/// ```
/// enum Message {
///     Ask,
///     Grant { token: u64 },
///     Busy(dsys::time::Span),
/// }
/// dsys::words!(Message {
///     Ask => "the lease, please";
///     Grant { token } => "lease {token} is yours";
///     Busy(wait) => "taken for {}", wait.rounded();
/// });
///
/// struct RoundEnd(u32);
/// dsys::words!(RoundEnd(round) => "end of round {round}");
///
/// assert_eq!(Message::Grant { token: 3 }.to_string(), "lease 3 is yours");
/// assert_eq!(RoundEnd(2).to_string(), "end of round 2");
/// ```
#[macro_export]
macro_rules! words {
    ($type:ident {
        $($variant:ident $(($($tuple:tt)*))? $({$($fields:tt)*})? $(if $guard:expr)? =>
            $format:literal $(, $argument:expr)*;)+
    }) => {
        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant $(($($tuple)*))? $({$($fields)*})? $(if $guard)? =>
                        ::std::write!(f, $format $(, $argument)*),)+
                }
            }
        }
    };
    ($type:ident $(($($tuple:tt)*))? $({$($fields:tt)*})? => $format:literal $(, $argument:expr)*) => {
        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let $type $(($($tuple)*))? $({$($fields)*})? = self;
                ::std::write!(f, $format $(, $argument)*)
            }
        }
    };
}

/// An enum whose variants are words that a user is told: `word()`, as visible as the macro is told,
/// a `Display`, and the [`Value`] of an output or a note.
///
/// ```
/// use dsys::process::Value;
///
/// #[derive(Clone, Copy)]
/// enum Decision {
///     Commit,
///     Abort,
/// }
/// dsys::output_words!(Decision { Commit => "commit"; Abort => "abort"; });
///
/// assert_eq!(Value::from(Decision::Commit), Value::Word("commit"));
/// assert_eq!(Decision::Abort.to_string(), "abort");
/// ```
#[macro_export]
macro_rules! output_words {
    ($vis:vis $type:ident { $($variant:ident => $word:literal;)+ }) => {
        impl $type {
            /// The word that a user is told.
            $vis const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl ::std::convert::From<$type> for $crate::process::Value {
            fn from(word: $type) -> $crate::process::Value {
                $crate::process::Value::Word(word.word())
            }
        }
    };
}
