//! A protocol's promises as a run makes them: events go in, moment by moment, and promises open and
//! close.

use std::collections::BTreeSet;

use crate::check::Run;
use crate::process::{NodeId, Output};
use crate::time::{Span, Time};
use crate::trace::{Event, EventKind};

use super::super::held::Held;
use super::Subject;
use super::promise::{Bounded, Docket, Promise, Regard, UNTIL_FURTHER_NOTICE};

/// What turns the outputs of a run into promises.
pub trait Promises: Default + Send {
    /// The node whose clock is the reference; `None` if that is true time.
    const REFERENCE: Option<NodeId>;

    /// The run begins.
    fn begin<R: Regard>(&mut self, _run: &Run<'_>, _docket: &mut Docket<R>) {}

    /// Takes in what a node told its user at `at`. All that happened in that moment has happened.
    fn told<R: Regard>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>, docket: &mut Docket<R>);

    /// Time has come to `now`.
    fn come_to<R: Regard>(&mut self, _now: Time, _run: &Run<'_>, _docket: &mut Docket<R>) {}
}

/// The promises of a run so far, and what was seen of them.
///
/// What a moment comes to is known when it is over: outputs are held until then.
#[derive(Debug)]
pub(super) struct Ledger<P, R> {
    has_begun: bool,
    held: Held<(Time, NodeId, Output)>,
    promises: P,
    docket: Docket<R>,
}

impl<P: Promises, R: Regard> Default for Ledger<P, R> {
    fn default() -> Ledger<P, R> {
        let (promises, docket) = (P::default(), Docket::new(P::REFERENCE));
        Ledger { has_begun: false, held: Held::default(), promises, docket }
    }
}

impl<P: Promises, R: Regard> Ledger<P, R> {
    pub(super) fn see(&mut self, event: &Event, run: &Run<'_>) {
        let (EventKind::Output(output), Some(node)) = (event.what, event.node) else { return };
        self.begin(run);
        let over = self.held.before(event.at);
        self.release(over, run);
        self.held.push(event.at, (event.at, node, output));
    }

    /// Regards what is open up to now, before what is known of the clocks until then is let go.
    pub(super) fn settle(&mut self, run: &Run<'_>) {
        self.begin(run);
        let now = run.trace.ended_at;
        let over = self.held.before(now);
        self.release(over, run);
        self.promises.come_to(now, run, &mut self.docket);
        self.docket.come_to(now, run);
    }

    /// The run has ended: what was seen, and what made the promises.
    pub(super) fn finish(&mut self, run: &Run<'_>) -> (R, &P) {
        self.begin(run);
        let over = self.held.all();
        self.release(over, run);
        let ended_at = run.trace.ended_at;
        self.promises.come_to(ended_at, run, &mut self.docket);
        (self.docket.finish(ended_at, run), &self.promises)
    }

    fn begin(&mut self, run: &Run<'_>) {
        if !self.has_begun {
            self.has_begun = true;
            self.promises.begin(run, &mut self.docket);
        }
    }

    fn release(&mut self, over: Vec<(Time, NodeId, Output)>, run: &Run<'_>) {
        for (at, node, output) in over {
            self.promises.come_to(at, run, &mut self.docket);
            self.promises.told(output, node, at, run, &mut self.docket);
        }
    }
}

/// From when on each clock counts.
#[derive(Debug, Default)]
pub(super) struct Counting {
    since: Vec<Option<Time>>,
}

impl Counting {
    /// The nodes that count from the start.
    fn begin<S: Subject>(&mut self, run: &Run<'_>) -> Vec<NodeId> {
        self.since = vec![None; run.trace.names.count()];
        let from_start = counted::<S>(run).into_iter().filter(|&node| S::counts_from_the_start(node));
        from_start.inspect(|node| self.since[node.index()] = Some(Time::ZERO)).collect()
    }

    /// From when on a node's clock counts, if what it told its user says so for the first time.
    fn told<S: Subject>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>) -> Option<Time> {
        let counts = output.name == S::COUNTS_FROM && self.since[node.index()].is_none();
        if !counts || !counted::<S>(run).contains(&node) {
            return None;
        }
        let from = S::since(run, node, at);
        self.since[node.index()] = Some(from);
        Some(from)
    }

    /// From when on each node's clock counts, in the scenario's order.
    pub(super) fn since(&self) -> &[Option<Time>] {
        &self.since
    }

    /// The clocks that count at a moment.
    pub(super) fn at(&self, at: Time) -> Vec<NodeId> {
        let since = NodeId::first(self.since.len()).zip(&self.since);
        since.filter(|(_, since)| since.is_some_and(|since| since <= at)).map(|(node, _)| node).collect()
    }
}

/// The nodes whose clocks count: those that the protocol answers for and that are loyal.
pub(super) fn counted<S: Subject>(run: &Run<'_>) -> Vec<NodeId> {
    S::nodes(run).into_iter().filter(|&node| !run.trace.is_traitor(node)).collect()
}

/// Not a promise but a question: how far each clock that counts is from the reference at most.
#[derive(Debug, Default)]
pub(super) struct EachError<S> {
    pub(super) counting: Counting,
    subject: std::marker::PhantomData<S>,
}

/// The same of how far any two are from each other.
#[derive(Debug, Default)]
pub(super) struct AllSkew<S> {
    counting: Counting,
    /// Clocks that count from a moment on that has not come.
    coming: BTreeSet<(Time, NodeId)>,
    nodes: Vec<NodeId>,
    subject: std::marker::PhantomData<S>,
}

const fn question(of: Bounded, from: Time) -> Promise {
    Promise { of, from, to: UNTIL_FURTHER_NOTICE, at_first: Span::ZERO, growth_ppb: 0 }
}

impl<S: Subject> Promises for EachError<S> {
    const REFERENCE: Option<NodeId> = S::REFERENCE;

    fn begin<R: Regard>(&mut self, run: &Run<'_>, docket: &mut Docket<R>) {
        for node in self.counting.begin::<S>(run) {
            docket.open(node.index(), question(Bounded::Error(node), Time::ZERO));
        }
    }

    fn told<R: Regard>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>, docket: &mut Docket<R>) {
        if let Some(from) = self.counting.told::<S>(output, node, at, run) {
            docket.open(node.index(), question(Bounded::Error(node), from));
        }
    }
}

impl<S: Subject> Promises for AllSkew<S> {
    const REFERENCE: Option<NodeId> = S::REFERENCE;

    fn begin<R: Regard>(&mut self, run: &Run<'_>, docket: &mut Docket<R>) {
        let from_start = self.counting.begin::<S>(run).into_iter().map(|node| (Time::ZERO, node));
        self.coming.extend(from_start);
        self.come_to(Time::ZERO, run, docket);
    }

    fn told<R: Regard>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>, docket: &mut Docket<R>) {
        if let Some(from) = self.counting.told::<S>(output, node, at, run) {
            self.coming.insert((from, node));
            self.come_to(at, run, docket);
        }
    }

    fn come_to<R: Regard>(&mut self, now: Time, run: &Run<'_>, docket: &mut Docket<R>) {
        while let Some((from, node)) = self.coming.first().copied().filter(|&(from, _)| from <= now) {
            self.coming.remove(&(from, node));
            self.nodes.push(node);
            if self.nodes.len() > 1 {
                docket.close(0, from, run);
                docket.open(0, question(Bounded::Skew(self.nodes.clone()), from));
            }
        }
    }
}
