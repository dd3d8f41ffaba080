//! How the clocks of a run are judged: what they showed against true time and each other, and what was promised.
//!
//! Judges read [`Trace::clocks`](crate::trace::Trace::clocks), which hold what every clock showed at every moment. A
//! clock's course is made of straight lines, so that its largest error is at a bend, at the beginning or at the end:
//! the figures here are exact, not sampled. What counts is stated by the protocol's own file in a [`Subject`]: whose
//! clocks, against what, from when on, and the [`Promise`]s that the protocol makes.
//!
//! - *error*: how far a clock is from the reference. The reference is true time, except where a protocol makes a
//!   node's clock the reference.
//! - *skew*: how far two clocks are from each other; of more than two, the farthest.
//!
//! Both are in nanoseconds, rounded to the nearest. They count from the moment at which a clock was first set by the
//! protocol: what it was before is no fault of the protocol. A traitor's clock does not count.

use crate::check::chart;
use crate::check::{Judge, Kind, Measure, Property, Run, Verdict};
use crate::process::NodeId;
use crate::time::clock::ATTO_PER_NS;
use crate::time::{Span, Time};
use crate::trace::{Event, Kinds, What};

/// The output with which a process tells that it has set its clock, and by how much, in nanoseconds.
pub const CORRECTION: &str = "correction";

/// What a protocol's clocks are judged by.
pub trait Subject {
    /// The node whose clock is the reference; nothing where true time is.
    const REFERENCE: Option<NodeId>;

    /// The nodes whose clocks the protocol answers for, whoever is a traitor among them.
    fn nodes(run: &Run<'_>) -> Vec<NodeId>;

    /// From when on a node's clock counts; nothing if it never does.
    fn since(run: &Run<'_>, node: NodeId) -> Option<Time> {
        first_settled(run, node)
    }

    /// What the protocol promises in this run, given what it assumes; nothing where it promises nothing.
    fn promises(run: &Run<'_>) -> Vec<Promise>;

    /// What reading clocks in whole nanoseconds adds to the bound.
    const ROUNDING: Span = Span::ZERO;

    /// How the bound comes about, as an end of the sentence "The bound is …".
    const BOUND: &'static str;
}

/// What a protocol promises for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// What is bounded.
    pub of: Bounded,
    /// From when on.
    pub from: Time,
    /// Until when; the moment itself, before what changes in it, included.
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

impl Promise {
    /// The bound at `at`, in attoseconds.
    pub(super) fn bound(&self, at: Time) -> i128 {
        let since = i128::from(at.since(self.from).ns());
        i128::from(self.at_first.ns()) * ATTO_PER_NS + since * i128::from(self.growth_ppb)
    }

    /// The bound at the end of the promise.
    pub fn at_last(&self) -> Span {
        to_ns(self.bound(self.to))
    }
}

/// Attoseconds to the nearest nanosecond.
fn to_ns(atto: i128) -> Span {
    Span::from_ns(chart::to_ns(atto))
}

/// The corrections of a node that its user was told of: when, and by how much.
pub fn corrections<'a>(run: &Run<'a>, node: NodeId) -> impl Iterator<Item = (Time, Span)> + use<'a> {
    told(run, CORRECTION, node).map(|(event, number)| (event.at, Span::from_ns(number)))
}

/// The numbers that a node told its user under this name, in order.
pub fn told<'a>(run: &Run<'a>, name: &'static str, node: NodeId) -> impl Iterator<Item = (&'a Event, i64)> + use<'a> {
    let outputs = run.trace.outputs().filter(move |(_, by, output)| *by == node && output.name == name);
    outputs.filter_map(|(event, _, output)| Some((event, output.value.number()?)))
}

/// When a node's first correction was complete, if it made any.
pub fn first_settled(run: &Run<'_>, node: NodeId) -> Option<Time> {
    corrections(run, node).next().map(|(at, _)| settled(run, node, at))
}

/// When the correction that a node made at `at` is complete: at once, or at the end of the slew.
pub fn settled(run: &Run<'_>, node: NodeId, at: Time) -> Time {
    run.trace.clocks[node.index()].at(at).slewed_at().map_or(at, |done| done.max(at))
}

/// What a node promises of its error that read the reference at moments, each with the error that the reading may
/// have: until the next reading the error grows, and while a clock is being slewed from one to the next it is no
/// farther off than by the larger of the two.
pub fn promises_of_readings(run: &Run<'_>, node: NodeId, read: &[(Time, Span)], growth_ppb: i64) -> Vec<Promise> {
    let mut promises: Vec<Promise> = Vec::new();
    let promise = |from, to, at_first| Promise { of: Bounded::Error(node), from, to, at_first, growth_ppb };
    for (index, &(at, error)) in read.iter().enumerate() {
        let settled = settled(run, node, at);
        let until = read.get(index + 1).map_or(run.trace.ended_at, |&(next, _)| next);
        if let Some(before) = promises.last().map(Promise::at_last).filter(|_| at < settled) {
            promises.push(promise(at, settled.min(until), before.max(error)));
        }
        if settled <= until {
            let grown = promise(at, settled, error).at_last();
            promises.push(promise(settled, until, grown));
        }
    }
    promises
}

/// One round of corrections.
#[derive(Clone, Debug)]
pub struct Round {
    /// The loyal nodes that corrected their clocks in it.
    pub nodes: Vec<NodeId>,
    /// When the first did.
    pub first: Time,
    /// When the last had.
    pub settled: Time,
    /// When the first correction of the next round came, or the run ended.
    pub until: Time,
}

impl Round {
    /// Whether all its corrections were complete before the next began.
    pub fn is_settled(&self) -> bool {
        self.settled <= self.until
    }
}

/// The rounds in which nodes corrected their clocks, in order: those that told their user the same number as `round`
/// did so in the same one.
pub fn rounds<S: Subject>(run: &Run<'_>) -> Vec<Round> {
    let mut found: Vec<(i64, Round)> = Vec::new();
    let counted = counted::<S>(run);
    let outputs = run.trace.outputs().filter(|(_, node, output)| output.name == "round" && counted.contains(node));
    for (event, node, output) in outputs {
        let Some(number) = output.value.number() else { continue };
        let settled = settled(run, node, event.at);
        match found.iter_mut().rev().find(|(other, _)| *other == number) {
            Some((_, round)) => {
                round.nodes.push(node);
                round.settled = round.settled.max(settled);
            }
            None => {
                let until = run.trace.ended_at;
                found.push((number, Round { nodes: vec![node], first: event.at, settled, until }));
            }
        }
    }
    let mut rounds: Vec<Round> = found.into_iter().map(|(_, round)| round).collect();
    for index in 1..rounds.len() {
        rounds[index - 1].until = rounds[index].first;
    }
    rounds
}

/// How far two clocks part in a span of time if each drifts by at most ρ, rounded up to whole nanoseconds.
pub fn drifted(span: Span, rho_ppm: u32) -> Span {
    let product = i128::from(span.ns().max(0)) * 2 * i128::from(rho_ppm);
    Span::from_ns(i64::try_from((product + 999_999) / 1_000_000).unwrap_or(i64::MAX))
}

/// The nodes whose clocks count: those that the protocol answers for and that are loyal.
fn counted<S: Subject>(run: &Run<'_>) -> Vec<NodeId> {
    S::nodes(run).into_iter().filter(|&node| !run.trace.is_traitor(node)).collect()
}

/// Whether a moment is seen before or after what changes in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// How far a node's clock is ahead of true time, in attoseconds.
pub(super) fn ahead(run: &Run<'_>, node: NodeId, at: Time, side: Side) -> i128 {
    let history = &run.trace.clocks[node.index()];
    let clock = if side == Side::Before { history.before(at) } else { history.at(at) };
    clock.ahead(at)
}

fn error(run: &Run<'_>, node: NodeId, reference: Option<NodeId>, at: Time, side: Side) -> i128 {
    ahead(run, node, at, side) - reference.map_or(0, |reference| ahead(run, reference, at, side))
}

/// The two clocks of several that are farthest from each other: the one behind, the one ahead, and by how much.
pub(super) fn farthest(run: &Run<'_>, nodes: &[NodeId], at: Time, side: Side) -> Option<(NodeId, NodeId, i128)> {
    let (&first, rest) = nodes.split_first()?;
    let ahead_of = |node| ahead(run, node, at, side);
    let mut behind = (first, ahead_of(first));
    let mut before = behind;
    for &node in rest {
        let here = ahead_of(node);
        if here < behind.1 {
            behind = (node, here);
        }
        if here > before.1 {
            before = (node, here);
        }
    }
    Some((behind.0, before.0, before.1 - behind.1))
}

/// The moments at which the clocks of `nodes` may be farthest from anything: the ends, and the bends between them.
pub(super) fn moments(run: &Run<'_>, nodes: &[NodeId], from: Time, to: Time) -> Vec<(Time, Side)> {
    let mut bends: Vec<Time> = Vec::new();
    for &node in nodes {
        bends.extend(run.trace.clocks[node.index()].bends().filter(|&at| from < at && at < to));
    }
    bends.sort_unstable();
    bends.dedup();
    let between = bends.into_iter().flat_map(|at| [(at, Side::Before), (at, Side::After)]);
    let last = if from < to { Some((to, Side::Before)) } else { None };
    [(from, Side::After)].into_iter().chain(between).chain(last).collect()
}

/// The largest error of any clock that counts, in attoseconds.
fn worst_error<S: Subject>(run: &Run<'_>) -> Option<i128> {
    let of_node = |node| {
        let from = S::since(run, node)?;
        let watched: Vec<NodeId> = [Some(node), S::REFERENCE].into_iter().flatten().collect();
        let moments = moments(run, &watched, from, run.trace.ended_at);
        moments.into_iter().map(|(at, side)| error(run, node, S::REFERENCE, at, side).abs()).max()
    };
    counted::<S>(run).into_iter().filter_map(of_node).max()
}

/// The largest skew between any two clocks that count, in attoseconds.
fn worst_skew<S: Subject>(run: &Run<'_>) -> Option<i128> {
    let mut counting: Vec<(Time, NodeId)> =
        counted::<S>(run).into_iter().filter_map(|node| Some((S::since(run, node)?, node))).collect();
    if counting.len() < 2 {
        return None;
    }
    counting.sort_unstable();
    let mut worst = None;
    let mut nodes: Vec<NodeId> = Vec::new();
    for (index, &(from, node)) in counting.iter().enumerate() {
        nodes.push(node);
        let to = counting.get(index + 1).map_or(run.trace.ended_at, |&(next, _)| next);
        for (at, side) in moments(run, &nodes, from, to) {
            worst = worst.max(farthest(run, &nodes, at, side).map(|(.., apart)| apart));
        }
    }
    worst
}

/// The clocks that count at the end of the run.
fn counting_at_the_end<S: Subject>(run: &Run<'_>) -> Vec<NodeId> {
    let counts = |node: &NodeId| S::since(run, *node).is_some_and(|since| since <= run.trace.ended_at);
    counted::<S>(run).into_iter().filter(counts).collect()
}

fn final_error<S: Subject>(run: &Run<'_>) -> Option<i128> {
    let at = run.trace.ended_at;
    let errors = counting_at_the_end::<S>(run).into_iter();
    errors.map(|node| error(run, node, S::REFERENCE, at, Side::After).abs()).max()
}

fn final_skew<S: Subject>(run: &Run<'_>) -> Option<i128> {
    let nodes = counting_at_the_end::<S>(run);
    let (.., apart) = farthest(run, &nodes, run.trace.ended_at, Side::After)?;
    (nodes.len() > 1).then_some(apart)
}

/// The measures of every protocol that synchronises clocks.
pub const fn measures<S: Subject>() -> [Measure; 7] {
    const NEEDS: Kinds = Kinds::OUTPUT.or(Kinds::CLOCK);
    const fn ns(name: &'static str, says: &'static str, of: fn(&Run<'_>) -> Option<i64>) -> Measure {
        let of = Judge::at_end(of);
        Measure { name, unit: "ns", says, needs: NEEDS, of, in_words: Some(|ns, _| Span::from_ns(ns).rounded()) }
    }
    [
        ns("max_error", "The farthest that a clock was from the reference, once it had been set.", |run| {
            worst_error::<S>(run).map(|atto| to_ns(atto).ns())
        }),
        ns("final_error", "The farthest that a clock was from the reference at the end.", |run| {
            final_error::<S>(run).map(|atto| to_ns(atto).ns())
        }),
        ns("max_skew", "The farthest that two clocks were from each other, once both had been set.", |run| {
            worst_skew::<S>(run).map(|atto| to_ns(atto).ns())
        }),
        ns("final_skew", "The farthest that two clocks were from each other at the end.", |run| {
            final_skew::<S>(run).map(|atto| to_ns(atto).ns())
        }),
        ns("bound", "The largest bound that the protocol promised to keep.", |run| {
            S::promises(run).iter().map(|promise| promise.at_last().max(promise.at_first).ns()).max()
        }),
        Measure {
            name: "steps",
            unit: "steps",
            says: "How often a clock was stepped, by the protocol or by a fault.",
            needs: Kinds::CLOCK,
            of: Judge::at_end(|run| {
                let steps = run.trace.events.iter().filter(|event| matches!(event.what, What::ClockStepped(_)));
                i64::try_from(steps.count()).ok()
            }),
            in_words: None,
        },
        crate::check::MESSAGES,
    ]
}

/// The properties of every protocol that synchronises clocks.
pub const fn properties<S: Subject>() -> [Property; 2] {
    [
        Property {
            name: "bounded-skew",
            kind: Kind::Safety,
            says: "Every clock stays within the bound that the protocol promises.",
            needs: Kinds::OUTPUT.or(Kinds::CLOCK),
            judge: Judge::at_end(bounded_skew::<S>),
        },
        Property {
            name: "monotonic",
            kind: Kind::Safety,
            says: "No clock ever shows less than it showed before.",
            needs: Kinds::CLOCK,
            judge: Judge::at_end(monotonic),
        },
    ]
}

/// Where a promise is broken the most.
struct Breach {
    at: Time,
    /// The clock behind, if it is not the reference that is.
    behind: Option<NodeId>,
    /// The clock ahead, likewise.
    ahead: Option<NodeId>,
    apart: i128,
    bound: i128,
}

impl Breach {
    fn excess(&self) -> i128 {
        self.apart - self.bound
    }
}

/// The state of a promise at a moment.
fn standing<S: Subject>(run: &Run<'_>, promise: &Promise, at: Time, side: Side) -> Option<Breach> {
    let bound = promise.bound(at);
    match &promise.of {
        &Bounded::Error(node) => {
            let error = error(run, node, S::REFERENCE, at, side);
            let (behind, ahead) = if error < 0 { (Some(node), S::REFERENCE) } else { (S::REFERENCE, Some(node)) };
            Some(Breach { at, behind, ahead, apart: error.abs(), bound })
        }
        Bounded::Skew(nodes) => {
            let (behind, ahead, apart) = farthest(run, nodes, at, side)?;
            Some(Breach { at, behind: Some(behind), ahead: Some(ahead), apart, bound })
        }
    }
}

/// The first moment of a promise at which `how_bad` is greatest.
fn worst_of<S: Subject>(run: &Run<'_>, promise: &Promise, how_bad: fn(&Breach) -> i128) -> Option<Breach> {
    let nodes: Vec<NodeId> = match &promise.of {
        Bounded::Error(node) => [Some(*node), S::REFERENCE].into_iter().flatten().collect(),
        Bounded::Skew(nodes) => nodes.clone(),
    };
    let to = promise.to.min(run.trace.ended_at);
    if promise.from > to {
        return None;
    }
    let all = moments(run, &nodes, promise.from, to).into_iter();
    first_worst(all.filter_map(|(at, side)| standing::<S>(run, promise, at, side)), how_bad)
}

fn first_worst(breaches: impl Iterator<Item = Breach>, how_bad: fn(&Breach) -> i128) -> Option<Breach> {
    breaches.reduce(|worst, other| if how_bad(&other) > how_bad(&worst) { other } else { worst })
}

fn bounded_skew<S: Subject>(run: &Run<'_>) -> Verdict {
    let promises = S::promises(run);
    let worst =
        |how_bad| first_worst(promises.iter().filter_map(|promise| worst_of::<S>(run, promise, how_bad)), how_bad);
    let Some(nearest) = worst(Breach::excess) else {
        return run.unknown(|| "Nothing was promised: the clocks were not set.".to_owned());
    };
    let name = |node: Option<NodeId>| node.map_or("true time", |node| run.name(node));
    let words = |breach: &Breach| {
        let Breach { at, behind, ahead, apart, bound } = breach;
        let (apart, bound) = (to_ns(*apart).rounded(), to_ns(*bound).rounded());
        let when = at.since(Time::ZERO).rounded();
        let (behind, ahead, source) = (name(*behind), name(*ahead), S::BOUND);
        (apart, bound, when, behind, ahead, source)
    };
    if nearest.excess() > i128::from(S::ROUNDING.ns()) * ATTO_PER_NS {
        let because = || {
            let (apart, bound, when, behind, ahead, source) = words(&nearest);
            format!("At {when} {ahead} was {apart} ahead of {behind}; the bound was {bound}: {source}.")
        };
        run.violated(because, last_changes(run, &nearest))
    } else {
        run.holds(|| {
            let widest = worst(|breach| breach.apart).unwrap_or(nearest);
            let (apart, bound, when, behind, ahead, source) = words(&widest);
            format!("At worst, at {when}, {ahead} was {apart} ahead of {behind}; the bound was {bound}: {source}.")
        })
    }
}

/// The last changes of the two clocks before a breach.
fn last_changes(run: &Run<'_>, breach: &Breach) -> Vec<crate::trace::EventId> {
    let last = |node: NodeId| {
        let changes = run.trace.events.iter().filter(|event| event.what.kind() == Kinds::CLOCK);
        let before = changes.filter(|event| event.node == Some(node) && event.at <= breach.at);
        before.map(|event| event.id).max()
    };
    let mut found: Vec<_> = [breach.behind, breach.ahead].into_iter().flatten().filter_map(last).collect();
    found.sort_unstable();
    found
}

/// The first leap or run of a loyal clock backwards: of which node, when, and how far if it was a leap.
fn first_backwards(run: &Run<'_>) -> Option<(NodeId, Time, Option<Span>)> {
    let of_node = |node: NodeId| {
        let pieces = run.trace.clocks[node.index()].pieces();
        let mut before: Option<&crate::time::clock::Clock> = None;
        for (since, clock) in pieces {
            let back = before.map_or(Span::ZERO, |before| clock.read(since) - before.read(since));
            if back.is_negative() {
                return Some((node, since, Some(back)));
            }
            if clock.runs_backwards(since) {
                return Some((node, since, None));
            }
            before = Some(clock);
        }
        None
    };
    run.loyal().filter_map(of_node).min_by_key(|&(_, at, _)| at)
}

fn monotonic(run: &Run<'_>) -> Verdict {
    match first_backwards(run) {
        None => run.holds(|| "No clock ever showed less than before.".to_owned()),
        Some((node, at, leap)) => {
            let because = || {
                let (name, when) = (run.name(node), at.since(Time::ZERO).rounded());
                match leap {
                    Some(by) => format!("At {when} {name}'s clock leapt back by {}.", by.abs().rounded()),
                    None => format!("From {when} on {name}'s clock ran backwards."),
                }
            };
            let is_it =
                |event: &&Event| event.node == Some(node) && event.at == at && event.what.kind() == Kinds::CLOCK;
            let evidence: Vec<_> = run.trace.events.iter().filter(is_it).map(|event| event.id).collect();
            run.violated(because, evidence)
        }
    }
}
