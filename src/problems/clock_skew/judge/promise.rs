//! What a protocol promises of its clocks, and the docket of the promises that are open.

use std::collections::BTreeMap;

use crate::check::Run;
use crate::process::NodeId;
use crate::time::clock::ATTO_PER_NS;
use crate::time::{Span, Time};

use super::course::to_ns;

/// What a protocol promises for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// What is bounded.
    pub of: Bounded,
    /// From when on.
    pub from: Time,
    /// Until when, at most; the moment itself, before what changes in it, included.
    pub to: Time,
    /// The bound at the beginning.
    pub at_first: Span,
    /// By how many parts per billion of the time since then it grows.
    pub growth_ppb: i64,
}

/// What a promise bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bounded {
    /// How far a clock is from the reference.
    Error(NodeId),
    /// How far any two of these clocks are from each other.
    Skew(Vec<NodeId>),
}

/// The end of a promise that is kept until the protocol says something else.
pub const UNTIL_FURTHER_NOTICE: Time = Time::from_ns(u64::MAX);

impl Promise {
    /// The bound at `at`, in attoseconds.
    pub(in super::super) fn bound(&self, at: Time) -> i128 {
        let since = i128::from(at.since(self.from).ns());
        i128::from(self.at_first.ns()) * ATTO_PER_NS + since * i128::from(self.growth_ppb)
    }

    /// The bound at `at`, to the nearest nanosecond.
    pub fn at(&self, at: Time) -> Span {
        to_ns(self.bound(at))
    }
}

/// Regards a promise while it is open: holds the clocks against it, or takes down its bound.
pub trait Regard: Default + Send {
    /// Regards the promise up to `to`, from where it left off. `reference` is what an error is an
    /// error from.
    fn regard(&mut self, promise: &Promise, to: Time, reference: Option<NodeId>, run: &Run<'_>);

    /// Takes in what was seen of another promise, or of this one later.
    fn join(&mut self, other: Self);
}

/// Promises that are open, each under a key that its protocol chooses, and what was seen of those
/// that are not.
///
/// A promise is regarded from its beginning to wherever time has come, and then forgotten: memory
/// grows with what is open. What is seen of a promise that is *taken back* does not count.
#[derive(Debug)]
pub struct Docket<R> {
    reference: Option<NodeId>,
    open: BTreeMap<usize, Open<R>>,
    seen: R,
}

#[derive(Debug)]
struct Open<R> {
    promise: Promise,
    seen: R,
    /// Whether only what is confirmed of it counts.
    is_tentative: bool,
}

impl<R: Regard> Docket<R> {
    /// An empty docket.
    pub fn new(reference: Option<NodeId>) -> Docket<R> {
        Docket { reference, open: BTreeMap::new(), seen: R::default() }
    }

    /// A promise is made. What is open under the key must be closed before.
    pub fn open(&mut self, key: usize, promise: Promise) {
        debug_assert!(!self.open.contains_key(&key), "a promise is closed before another takes its place");
        self.open.insert(key, Open { promise, seen: R::default(), is_tentative: false });
    }

    /// A promise is made that counts as far as it is confirmed.
    pub fn open_tentatively(&mut self, key: usize, promise: Promise) {
        self.open(key, promise);
        self.open.entry(key).and_modify(|open| open.is_tentative = true);
    }

    /// The open promise under a key.
    pub fn promise(&self, key: usize) -> Option<&Promise> {
        self.open.get(&key).map(|open| &open.promise)
    }

    /// What is promised under a key was promised up to `at`, whatever becomes of it from then on.
    pub fn confirm(&mut self, key: usize, at: Time, run: &Run<'_>) {
        if let Some(open) = self.open.get_mut(&key) {
            let mut seen = std::mem::take(&mut open.seen);
            seen.regard(&open.promise, at.min(open.promise.to), self.reference, run);
            self.seen.join(seen);
            let from = at.max(open.promise.from);
            (open.promise.at_first, open.promise.from) = (open.promise.at(from), from);
        }
    }

    /// What is promised under a key ends at `at`.
    pub fn close(&mut self, key: usize, at: Time, run: &Run<'_>) {
        if let Some(Open { promise, mut seen, .. }) = self.open.remove(&key) {
            seen.regard(&promise, at.min(promise.to), self.reference, run);
            self.seen.join(seen);
        }
    }

    /// What was promised under a key is taken back: nothing that is not confirmed counts.
    pub fn take_back(&mut self, key: usize) {
        self.open.remove(&key);
    }

    /// Regards all open promises up to `now`.
    pub fn come_to(&mut self, now: Time, run: &Run<'_>) {
        // In the moment itself more may change: a promise that begins in it is regarded later.
        for Open { promise, seen, .. } in self.open.values_mut().filter(|open| open.promise.from < now) {
            seen.regard(promise, now.min(promise.to), self.reference, run);
        }
    }

    /// Closes all promises at the end of the run, and returns what was seen.
    pub fn finish(&mut self, ended_at: Time, run: &Run<'_>) -> R {
        self.open.retain(|_, open| !open.is_tentative);
        for key in self.open.keys().copied().collect::<Vec<usize>>() {
            self.close(key, ended_at, run);
        }
        std::mem::take(&mut self.seen)
    }
}

/// The largest bound of all.
#[derive(Debug, Default)]
pub(super) struct Largest(pub(super) Option<Span>);

impl Regard for Largest {
    fn regard(&mut self, promise: &Promise, to: Time, _reference: Option<NodeId>, _run: &Run<'_>) {
        if promise.from <= to {
            self.0 = self.0.max(Some(promise.at_first.max(promise.at(to))));
        }
    }

    fn join(&mut self, other: Largest) {
        self.0 = self.0.max(other.0);
    }
}

/// All promises, as far as they were kept open.
#[derive(Debug, Default)]
pub(super) struct Collected(pub(super) Vec<Promise>);

impl Regard for Collected {
    fn regard(&mut self, promise: &Promise, to: Time, _reference: Option<NodeId>, _run: &Run<'_>) {
        if promise.from <= to {
            self.0 = vec![Promise { to, ..promise.clone() }];
        }
    }

    fn join(&mut self, other: Collected) {
        self.0.extend(other.0);
    }
}
