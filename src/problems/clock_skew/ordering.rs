//! What the ordering protocols share: a random workload. The judges of its stamps are in
//! `ordering/judge.rs`.
//!
//! Leslie Lamport, "Time, clocks, and the ordering of events in a distributed system", CACM 21(7),
//! 1978: event a *happened before* b if both are on one node and a came first, or if a sends the
//! message that b receives, or if some event lies between them so. A way of stamping events is
//! judged by two conditions:
//!
//! - **clock condition**: if a happened before b, then a's stamp is less than b's;
//! - **strong clock condition**: also the other way round, so that stamps tell what could have
//!   caused what.
//!
//! Every node begins `events` events of its own. Before each it waits for a gap, the choice
//! `load.gap`: that of the kth event of the node at place i is number 1000·i + k, so that another
//! node changes nobody's gaps. Then it draws a node, its own coin: another node gets a message, and
//! its own place means a local event. A receipt is an event too.
//!
//! Each event leaves notes: `event` (`local`, `send` or `receive`; the only one with words), then a
//! `stamp` for each number of its stamp. What happened before what is worked out from the order of
//! a node's notes and from the messages, never from stamps.

mod chronicle;
mod judge;

use std::fmt::{self, Display};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::problems::prelude::*;
use crate::process::Names;

pub(super) use chronicle::{Chronicle, Happening};
pub(super) use judge::{AsNumbers, AsReadings, AsVectors, MEASURES, NEEDS, properties};

/// The most events that a node may begin: the gaps of the next node are numbered from there.
const MOST_EVENTS: u32 = 999;

params! {
    /// The workload.
    #[derive(Serialize)]
    pub(super) struct Workload {
        /// How many events of its own, local or sends, each node begins.
        #[schemars(range(min = 1, max = 999))]
        pub(super) events: u32 = 5,
        /// The mean time on a node's clock from one of its own events to the next; the gaps are
        /// exponential.
        #[serde(with = "Positive")]
        pub(super) gap: Span = Span::from_ms(20),
    }
}

/// What the ordering protocols have in common.
pub(super) const COMMON: Entry =
    Entry { params: schema::of::<Workload>, chances: &["load.gap", "coin"], measures: &MEASURES, ..Entry::BLANK };

/// The rate at which a property is violated that holds in every run in which no node forgets its
/// clock.
pub(super) fn never(scenario: &Scenario) -> Option<f64> {
    super::theory::is_undisturbed(scenario).then_some(0.0)
}

/// A way of stamping the events of one node.
pub(super) trait Stamper: Clone {
    /// What an event is stamped with, and a message carries.
    type Stamp: Clone + PartialEq + Serialize + Display;

    /// The stamp of a local event or a send. What the clock shows `now` is asked only by those who
    /// look at it.
    fn tick(&mut self, now: impl FnOnce() -> Reading) -> Self::Stamp;

    /// The stamp of the receipt of a message that carries `received`.
    fn receive(&mut self, now: impl FnOnce() -> Reading, received: &Self::Stamp) -> Self::Stamp;

    /// The numbers that a stamp consists of.
    fn numbers(stamp: &Self::Stamp) -> Vec<i64>;
}

/// Makes the workload ready to run, its events stamped by what `stamper` gives each node.
pub(super) fn prepare<S: Stamper + 'static>(
    scenario: &Scenario,
    stamper: impl Fn(NodeId, usize) -> S + 'static,
) -> Prepared {
    prepare_with(scenario, |load| (load, stamper))
}

/// The same for a protocol with parameters of its own: `parts` makes the workload and the stamper
/// of them.
pub(super) fn prepare_with<T, S, F>(scenario: &Scenario, parts: impl FnOnce(T) -> (Workload, F)) -> Prepared
where
    T: DeserializeOwned + JsonSchema + 'static,
    S: Stamper + 'static,
    F: Fn(NodeId, usize) -> S + 'static,
{
    super::without_lies(scenario).run(|params| {
        let (load, stamper) = parts(params);
        Ordering { load, stamper: Arc::new(stamper), names: scenario.names.clone() }
    })
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
        ctx.note("event", kind, || match kind {
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
                // lamport, step 2; vector, step 2.
                ctx.send(to, stamp);
            }
            None => self.note(LOCAL, stamp, ctx.me(), ctx),
        }
        self.wait(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        if let Some(stamp) = &self.last {
            facts.word("last stamp", stamp.to_string());
        }
    }
}
