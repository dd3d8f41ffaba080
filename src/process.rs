//! All that the author of a protocol must know.
//!
//! A [`Protocol`] is a configuration: it names the types that its processes speak and boots one
//! [`Process`] a node. A process is a state machine without I/O. It is told of its start, of
//! messages and of timers, and asks for effects through a [`Context`]: send, set a timer, write to
//! disk, tell the user. It never learns true time, who is faulty, or what the network did.
//!
//! What a process keeps in its own value is memory and is gone after a crash. What it writes to its
//! [`Disk`] stays, and the next incarnation boots from it.

mod call;
mod context;
pub mod facts;
mod names;
mod probability;

use std::fmt::{self, Display};

use serde::Serialize;

use crate::time::Span;
pub use call::{Call, NoCall};
pub use context::{Context, Effect, Host, Items};
pub use facts::{Element, Facts};
pub(crate) use names::listed;
pub use names::{MessageId, Names, NodeId};
pub use probability::Probability;

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

    /// Tells the state as data, for people who watch: what matters most comes first. Nothing by
    /// default. It must take no longer as the run goes on, since it is asked for at every event.
    fn state(&self, _facts: &mut Facts) {}
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

            fn state(&self, facts: &mut $crate::process::Facts) {
                match self { $(Self::$role(role) => $crate::process::Process::<$protocol>::state(role, facts)),+ }
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
