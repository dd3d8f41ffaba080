//! How the clocks of a run are judged: what they showed against true time and each other, and what
//! was promised.
//!
//! Judges read [`Trace::clocks`](crate::trace::Trace::clocks), which hold what every clock showed
//! at every moment. A clock's course is made of straight lines, so that its largest error is at a
//! bend, at the beginning or at the end: the figures here are exact, not sampled
//! (`judge/course.rs`). What counts is stated by the protocol's own file in a [`Subject`]: whose
//! clocks, against what, from when on, and the [`Promise`]s that the protocol makes.
//!
//! - *error*: how far a clock is from the reference. The reference is true time, except where a
//!   protocol makes a node's clock the reference.
//! - *skew*: how far two clocks are from each other; of more than two, the farthest.
//!
//! Both are in nanoseconds, rounded to the nearest. They count from the moment at which a clock was
//! first set by the protocol: what it was before is no fault of the protocol. A traitor's clock
//! does not count.
//!
//! A run is judged as it happens: its outputs open and close promises (`judge/ledger.rs`,
//! `judge/promise.rs`), and the clocks are held against those that are open (`judge/worst.rs`).
//! What is over is forgotten.

mod bounded;
mod course;
mod extent;
mod ledger;
mod monotonic;
mod promise;
mod rounds;
mod service;
mod worst;

use crate::check::{Fold, Judge, Kind, Measure, Property, Run};
use crate::process::NodeId;
use crate::time::{Span, Time};
use crate::trace::{Event, Kinds};

pub(super) use course::{Side, ahead, farthest, moments, settled};
pub use ledger::Promises;
pub use promise::{Bounded, Docket, Promise, Regard, UNTIL_FURTHER_NOTICE};
pub use rounds::{Round, Rounds, Turn, drifted};

/// The output with which a process tells that it has set its clock, and by how much, in
/// nanoseconds.
pub const CORRECTION: &str = "correction";

/// What a protocol's clocks are judged by, and how its outputs make promises.
pub trait Subject: Promises + 'static {
    /// What reading clocks in whole nanoseconds adds to the bound.
    const ROUNDING: Span = Span::ZERO;

    /// How the bound comes about, as an end of the sentence "The bound is …".
    const BOUND: &'static str;

    /// The output with which a node tells that its clock counts from now on.
    const COUNTS_FROM: &'static str = CORRECTION;

    /// The nodes whose clocks the protocol answers for, traitors included.
    fn nodes(run: &Run<'_>) -> Vec<NodeId>;

    /// Whether a node's clock counts from the start, for nobody will set it.
    fn counts_from_the_start(_node: NodeId) -> bool {
        false
    }

    /// From when on a node's clock counts that told so at `at`.
    fn since(run: &Run<'_>, node: NodeId, at: Time) -> Time {
        settled(run, node, at)
    }

    /// By when every clock is to be set, whatever the run does after; `None` if only a run that
    /// comes to rest tells.
    fn due(run: &Run<'_>) -> Option<Time>;

    /// Why nothing was promised, as an end of the sentence "Nothing was promised: …". Asked when
    /// all events are there.
    fn why_nothing(run: &Run<'_>) -> String {
        match run.trace.outputs().any(|(_, _, output)| output.name == Self::COUNTS_FROM) {
            true => "no clock had come to its new time by the end of the run".to_owned(),
            false => "no clock was set".to_owned(),
        }
    }

    /// Why a node's clock was never set, as the end of a sentence. Asked when all events are there.
    fn why_unset(run: &Run<'_>, _node: NodeId) -> String {
        service::nothing_by(run, Self::due(run))
    }

    /// What the promises assume and what was not so when one was broken that concerns `node`: a
    /// sentence, if this can be told. Asked when all events are there.
    fn what_was_not_assumed(_run: &Run<'_>, _node: NodeId, _at: Time) -> Option<String> {
        None
    }
}

/// All promises of a run whose events are all there, in the order in which they ended.
pub fn promises<S: Subject>(run: &Run<'_>) -> Vec<Promise> {
    ledger_of::<S, promise::Collected>(run).finish(run).0.0
}

/// From when on each node's clock counts, in the scenario's order.
pub fn since<S: Subject>(run: &Run<'_>) -> Vec<Option<Time>> {
    let mut ledger = ledger_of::<ledger::EachError<S>, extent::Ignored>(run);
    ledger.finish(run).1.counting.since().to_vec()
}

fn ledger_of<P: Promises, R: Regard>(run: &Run<'_>) -> ledger::Ledger<P, R> {
    let mut ledger = ledger::Ledger::<P, R>::default();
    run.trace.events.iter().for_each(|event| ledger.see(event, run));
    ledger
}

/// The measures of every protocol that synchronises clocks.
pub const fn measures<S: Subject>() -> [Measure; 7] {
    const NEEDS: Kinds = Kinds::OUTPUT.or(Kinds::CLOCK);
    const fn ns<F: Fold<Said = Option<i64>> + 'static>(name: &'static str, says: &'static str) -> Measure {
        let of = Judge::fold::<F>();
        Measure { name, unit: "ns", says, needs: NEEDS, of, in_words: Some(|ns, _| Span::from_ns(ns).rounded()) }
    }
    [
        ns::<extent::MaxError<S>>(
            "max_error",
            "The farthest that a clock was from the reference, once it had been set.",
        ),
        ns::<extent::FinalError<S>>("final_error", "The farthest that a clock was from the reference at the end."),
        ns::<extent::MaxSkew<S>>(
            "max_skew",
            "The farthest that two clocks were from each other, once both had been set.",
        ),
        ns::<extent::FinalSkew<S>>("final_skew", "The farthest that two clocks were from each other at the end."),
        ns::<extent::Bound<S>>("bound", "The largest bound that the protocol promised to keep."),
        Measure {
            name: "steps",
            unit: "steps",
            says: "How often a clock was stepped, by the protocol or by a fault.",
            needs: Kinds::CLOCK,
            of: Judge::fold::<extent::Steps>(),
            in_words: None,
        },
        crate::check::MESSAGES,
    ]
}

/// The properties of clocks that nobody sets.
pub const fn properties_of_courses<S: Subject>() -> [Property; 2] {
    [
        Property {
            name: "bounded-skew",
            kind: Kind::Safety,
            says: "Every clock stays within the bound that the protocol promises.",
            needs: Kinds::OUTPUT.or(Kinds::CLOCK),
            judge: Judge::fold::<bounded::BoundedSkew<S>>(),
        },
        Property {
            name: "monotonic",
            kind: Kind::Safety,
            says: "No clock ever shows less than it showed before.",
            needs: Kinds::CLOCK,
            judge: Judge::fold::<monotonic::Monotonic>(),
        },
    ]
}

/// The properties of every protocol that sets clocks.
pub const fn properties<S: Subject>() -> [Property; 3] {
    let [bounded, monotonic] = properties_of_courses::<S>();
    let set = Property {
        name: "clocks-set",
        kind: Kind::Liveness,
        says: "Every node that stays up gets its clock set in the end.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<service::ClocksSet<S>>(),
    };
    [bounded, monotonic, set]
}

/// The numbers that a node told its user under this name, in order.
pub fn told<'a>(run: &Run<'a>, name: &'static str, node: NodeId) -> impl Iterator<Item = (&'a Event, i64)> + use<'a> {
    let outputs = run.trace.outputs().filter(move |(_, by, output)| *by == node && output.name == name);
    outputs.filter_map(|(event, _, output)| Some((event, output.value.number()?)))
}
