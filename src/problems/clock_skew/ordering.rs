//! What the ordering protocols share: a random workload, and the judges of the stamps that it gets.
//!
//! Leslie Lamport, "Time, clocks, and the ordering of events in a distributed system", CACM 21(7), 1978: event a
//! *happened before* b if both are on one node and a came first, or if a sends the message that b receives, or if some
//! event lies between them so. A way of stamping events is judged by two conditions:
//!
//! - **clock condition**: if a happened before b, then a's stamp is less than b's;
//! - **strong clock condition**: also the other way round, so that stamps tell what could have caused what.
//!
//! Every node begins `events` events of its own. Before each it waits for a gap, the choice `load.gap`: that of the
//! kth event of the node at place i is number 1000·i + k, so that another node changes nobody's gaps. Then it draws
//! a node, its own coin: another node gets a message, and its own place means a local event. A receipt is an event too.
//!
//! Each event leaves notes: `event` (`local`, `send` or `receive`; the only one with words), then a `stamp` for each
//! number of its stamp. What happened before what is worked out from the order of a node's notes and from the messages,
//! never from stamps.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{self, Judge, Kind, Measure, Property, Run, Verdict};
use crate::process::{Context, MessageId, Names, NodeId, Process, Protocol, Value};
use crate::scenario::{Complaint, Positive, Scenario};
use crate::sim::{Runner, Simulation};
use crate::time::{Distribution, Reading, Span, Time};
use crate::trace::{EventId, Kinds, What};

/// The most events that a node may begin: the gaps of the next node are numbered from there.
const MOST_EVENTS: u32 = 999;

/// The workload.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Workload {
    /// How many events of its own, local or sends, each node begins.
    #[schemars(range(min = 1, max = 999))]
    pub(super) events: u32,
    /// The mean time on a node's clock from one of its own events to the next; the gaps are exponential.
    #[serde(with = "Positive")]
    pub(super) gap: Span,
}

impl Default for Workload {
    fn default() -> Workload {
        Workload { events: 5, gap: Span::from_ms(20) }
    }
}

/// Reads the parameters of a protocol that has no others.
pub(super) fn read(scenario: &Scenario, protocol: &str) -> Result<Workload, Vec<Complaint>> {
    super::refuse_traitors(scenario, protocol)?;
    scenario.params.read()
}

/// The rate at which a property is violated that holds in every run in which no node forgets its clock.
pub(super) fn never(scenario: &Scenario) -> Option<f64> {
    super::theory::is_undisturbed(scenario).then_some(0.0)
}

/// A way of stamping the events of one node.
pub(super) trait Stamper: Clone {
    /// What an event is stamped with, and a message carries.
    type Stamp: Clone + PartialEq + Serialize + Display;

    /// The stamp of a local event or a send. What the clock shows `now` is asked only by those who look at it.
    fn tick(&mut self, now: impl FnOnce() -> Reading) -> Self::Stamp;

    /// The stamp of the receipt of a message that carries `received`.
    fn receive(&mut self, now: impl FnOnce() -> Reading, received: &Self::Stamp) -> Self::Stamp;

    /// The numbers that a stamp consists of.
    fn numbers(stamp: &Self::Stamp) -> Vec<i64>;
}

/// Makes the workload ready to run, its events stamped by what `stamper` gives each node.
pub(super) fn prepare<S: Stamper + 'static>(
    load: Workload,
    stamper: impl Fn(NodeId, usize) -> S + 'static,
    scenario: &Scenario,
) -> Box<dyn Runner> {
    let protocol = Ordering { load, stamper: Arc::new(stamper), names: scenario.names.clone() };
    Box::new(Simulation::new(protocol, None, scenario))
}

#[derive(Clone)]
struct Ordering<S> {
    load: Workload,
    stamper: Arc<dyn Fn(NodeId, usize) -> S>,
    names: Names,
}

impl<S: Stamper> Protocol for Ordering<S> {
    type Process = Worker<S>;
    type Message = S::Stamp;
    type Timer = OwnEvent;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Worker<S> {
        let stamper = (self.stamper)(node, self.names.count());
        Worker { stamper, load: self.load.clone(), names: self.names.clone(), begun: 0, last: None }
    }
}

/// The time for a node's next event of its own.
#[derive(Clone)]
struct OwnEvent;

impl Display for OwnEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("next event")
    }
}

/// A node that has events, some of its own and some that others cause.
#[derive(Clone)]
struct Worker<S: Stamper> {
    stamper: S,
    load: Workload,
    names: Names,
    /// How many of its own events it has begun.
    begun: u32,
    last: Option<S::Stamp>,
}

impl<S: Stamper> Worker<S> {
    fn wait(&mut self, ctx: &mut Context<'_, Ordering<S>>) {
        if self.begun < self.load.events {
            let nth = ctx.me().index() as u32 * (MOST_EVENTS + 1) + self.begun + 1;
            let gaps = Distribution::Exponential { mean: self.load.gap, min: Span::ZERO };
            let gap = ctx.load("gap", nth, &gaps);
            ctx.set_timer(gap, OwnEvent);
        }
    }

    fn note(&mut self, kind: &'static str, stamp: S::Stamp, other: NodeId, ctx: &mut Context<'_, Ordering<S>>) {
        let names = &self.names;
        ctx.note("event", Value::Word(kind), || match kind {
            SEND => format!("sends to {}, stamped {stamp}", names.of(other)),
            RECEIVE => format!("receives from {}, stamped {stamp}", names.of(other)),
            _ => format!("does something of its own, stamped {stamp}"),
        });
        for number in S::numbers(&stamp) {
            ctx.note("stamp", Value::Number(number), String::new);
        }
        self.last = Some(stamp);
    }
}

const LOCAL: &str = "local";
const SEND: &str = "send";
const RECEIVE: &str = "receive";

impl<S: Stamper> Process<Ordering<S>> for Worker<S> {
    fn start(&mut self, ctx: &mut Context<'_, Ordering<S>>) {
        self.wait(ctx);
    }

    fn message(&mut self, from: NodeId, received: S::Stamp, ctx: &mut Context<'_, Ordering<S>>) {
        let stamp = self.stamper.receive(|| ctx.now(), &received);
        self.note(RECEIVE, stamp, from, ctx);
    }

    fn timer(&mut self, OwnEvent: OwnEvent, ctx: &mut Context<'_, Ordering<S>>) {
        self.begun += 1;
        let stamp = self.stamper.tick(|| ctx.now());
        let drawn = ctx.draw(ctx.nodes().count() as u64);
        match ctx.others().find(|node| node.index() as u64 == drawn) {
            Some(to) => {
                self.note(SEND, stamp.clone(), to, ctx);
                ctx.send(to, stamp);
            }
            None => self.note(LOCAL, stamp, ctx.me(), ctx),
        }
        self.wait(ctx);
    }

    fn state(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.last.as_ref().map_or(Ok(()), |stamp| write!(f, "at {stamp}"))
    }
}

/// How stamps are compared, and shown to people.
pub(super) trait Comparison {
    /// Whether one stamp is less than another.
    fn is_less(a: &[i64], b: &[i64]) -> bool;

    /// A stamp in words.
    fn shown(stamp: &[i64]) -> String {
        format!("{stamp:?}")
    }
}

/// Stamps are one number, what a clock shows.
pub(super) enum AsReadings {}

impl Comparison for AsReadings {
    fn is_less(a: &[i64], b: &[i64]) -> bool {
        a < b
    }

    fn shown(stamp: &[i64]) -> String {
        stamp.iter().map(|&ns| Reading::from_ns(ns).to_string()).collect()
    }
}

/// Stamps are one number or more, of which the first that differs decides.
pub(super) enum AsNumbers {}

impl Comparison for AsNumbers {
    fn is_less(a: &[i64], b: &[i64]) -> bool {
        a < b
    }

    fn shown(stamp: &[i64]) -> String {
        let numbers: Vec<String> = stamp.iter().map(i64::to_string).collect();
        if let [only] = numbers.as_slice() { only.clone() } else { format!("({})", numbers.join(", ")) }
    }
}

/// Stamps are vectors: one is less than another if none of its numbers is greater, and they are not all equal.
pub(super) enum AsVectors {}

impl Comparison for AsVectors {
    fn is_less(a: &[i64], b: &[i64]) -> bool {
        a != b && a.iter().zip(b).all(|(a, b)| a <= b)
    }
}

/// The kinds of events that the judges of stamps read.
pub(super) const NEEDS: Kinds = Kinds::NOTED.or(Kinds::SENT).or(Kinds::DELIVERED).or(Kinds::CRASHED);

/// The properties of every way of stamping.
pub(super) const fn properties<C: Comparison>() -> [Property; 2] {
    [
        Property {
            name: "clock-condition",
            kind: Kind::Safety,
            says: "If one event happened before another, its stamp is less.",
            needs: NEEDS,
            judge: Judge::at_end(clock_condition::<C>),
        },
        Property {
            name: "strong-clock-condition",
            kind: Kind::Safety,
            says: "One event happened before another if its stamp is less, and only then.",
            needs: NEEDS,
            judge: Judge::at_end(strong_clock_condition::<C>),
        },
    ]
}

/// The measures of every way of stamping.
pub(super) const MEASURES: [Measure; 2] = [
    check::MESSAGES,
    Measure {
        name: "events",
        unit: "events",
        says: "Events that were stamped: local ones, sends and receipts.",
        needs: Kinds::NOTED,
        of: Judge::at_end(|run| i64::try_from(run.trace.notes("event").count()).ok()),
        in_words: None,
    },
];

/// An event of the protocol, as the trace tells of it.
pub(super) struct Happening {
    pub(super) node: NodeId,
    /// The note that says so.
    pub(super) note: EventId,
    pub(super) at: Time,
    kind: &'static str,
    pub(super) stamp: Vec<i64>,
    /// What was sent or received.
    message: Option<MessageId>,
    /// The event before it on its node.
    pub(super) before: Option<usize>,
    /// The sending of what it receives.
    sending: Option<usize>,
}

impl Happening {
    /// The event in words: `alice's sending of alice:bob:2 at 31ms`.
    pub(super) fn told(&self, run: &Run<'_>) -> String {
        let (who, at) = (run.name(self.node), self.at.since(Time::ZERO).rounded());
        let message = self.message.map_or("a message".to_owned(), |message| run.trace.names.message(message));
        match self.kind {
            SEND => format!("{who}'s sending of {message} at {at}"),
            RECEIVE => format!("{who}'s receipt of {message} at {at}"),
            _ => format!("{who}'s local event at {at}"),
        }
    }
}

/// All events of a run in their order, with what came right before each.
pub(super) fn history(run: &Run<'_>) -> Vec<Happening> {
    let nodes = run.trace.names.count();
    let mut history: Vec<Happening> = Vec::new();
    let mut last: Vec<Option<usize>> = vec![None; nodes];
    let mut arrived: Vec<Option<MessageId>> = vec![None; nodes];
    let mut sendings: BTreeMap<MessageId, usize> = BTreeMap::new();
    for event in &run.trace.events {
        let Some(node) = event.node else { continue };
        let current = last[node.index()];
        match event.what {
            What::Noted(note) => match (note.name, note.value, current) {
                ("event", Value::Word(kind), before) => {
                    let message = arrived[node.index()].take().filter(|_| kind == RECEIVE);
                    let sending = message.and_then(|message| sendings.get(&message).copied());
                    last[node.index()] = Some(history.len());
                    let (note, at, stamp) = (event.id, event.at, Vec::new());
                    history.push(Happening { node, note, at, kind, stamp, message, before, sending });
                }
                ("stamp", Value::Number(number), Some(current)) => history[current].stamp.push(number),
                _ => {}
            },
            What::Sent { message, .. } => {
                if let Some(current) = current {
                    history[current].message = Some(message);
                    sendings.insert(message, current);
                }
            }
            What::Delivered(message) => arrived[node.index()] = Some(message.original()),
            // What had arrived and was not yet handled is gone with the memory.
            What::Crashed => arrived[node.index()] = None,
            _ => {}
        }
    }
    history
}

/// An event whose stamp is not greater than that of one right before it, with that one.
fn disorder<C: Comparison>(history: &[Happening]) -> Option<(&Happening, &Happening)> {
    history.iter().find_map(|after| {
        let nearest = [after.before, after.sending].into_iter().flatten().map(|index| &history[index]);
        let mut wrong = nearest.filter(|before| !C::is_less(&before.stamp, &after.stamp));
        wrong.next().map(|before| (before, after))
    })
}

/// Since "less" is transitive, it is enough to look at what came right before each event.
fn clock_condition<C: Comparison>(run: &Run<'_>) -> Verdict {
    let history = history(run);
    match disorder::<C>(&history) {
        Some((before, after)) => disordered::<C>(run, before, after),
        None => run.holds(|| {
            let count = history.len();
            format!("Each of the {count} events has a greater stamp than all that happened before it.")
        }),
    }
}

fn disordered<C: Comparison>(run: &Run<'_>, before: &Happening, after: &Happening) -> Verdict {
    let because = || {
        let (first, second) = (before.told(run), after.told(run));
        let (low, high) = (C::shown(&before.stamp), C::shown(&after.stamp));
        format!("{first} happened before {second}, but its stamp {low} is not less than {high}.")
    };
    run.violated(because, [before.note, after.note])
}

fn strong_clock_condition<C: Comparison>(run: &Run<'_>) -> Verdict {
    let history = history(run);
    if let Some((before, after)) = disorder::<C>(&history) {
        return disordered::<C>(run, before, after);
    }
    match false_order::<C>(&history, run.trace.names.count()) {
        Some((low, high)) => {
            let because = || {
                let (first, second) = (low.told(run), high.told(run));
                let (less, more) = (C::shown(&low.stamp), C::shown(&high.stamp));
                format!(
                    "{first} has the stamp {less}, which is less than {more}, that of {second}; but no chain of \
                     messages leads from the one to the other."
                )
            };
            run.violated(because, [low.note, high.note])
        }
        None => run.holds(|| {
            let count = history.len();
            format!("Among the {count} events, a stamp is less exactly where a chain of messages leads from one to the other.")
        }),
    }
}

/// Two events of which the first has the lesser stamp although it did not happen before the second.
///
/// Stamps grow along each node here, so of a node's events those with lesser stamps come first; so do those that
/// happened before. The first that did not is the only one to look at.
fn false_order<C: Comparison>(history: &[Happening], nodes: usize) -> Option<(&Happening, &Happening)> {
    let mut of_node: Vec<Vec<&Happening>> = Vec::new();
    of_node.resize_with(nodes, Vec::new);
    history.iter().for_each(|event| of_node[event.node.index()].push(event));
    let known = known(history, nodes);
    history.iter().zip(&known).find_map(|(event, known)| {
        let unknown = known.iter().zip(&of_node).filter_map(|(&count, events)| events.get(count));
        let mut wrong = unknown.filter(|other| C::is_less(&other.stamp, &event.stamp));
        wrong.next().map(|&other| (other, event))
    })
}

/// For each event, how many of each node's events are itself or happened before it.
fn known(history: &[Happening], nodes: usize) -> Vec<Vec<usize>> {
    let mut known: Vec<Vec<usize>> = Vec::with_capacity(history.len());
    for event in history {
        let mut counts = event.before.map_or_else(|| vec![0; nodes], |before| known[before].clone());
        if let Some(sending) = event.sending {
            counts.iter_mut().zip(&known[sending]).for_each(|(own, sent)| *own = (*own).max(*sent));
        }
        counts[event.node.index()] += 1;
        known.push(counts);
    }
    known
}
