//! The measures: how far clocks were off, at most and at the end, and the largest bound.

use crate::check::{Fold, Run};
use crate::process::NodeId;
use crate::trace::{Event, EventKind};

use super::Subject;
use super::course::{Side, error, farthest, to_ns};
use super::ledger::{AllSkew, EachError, Ledger};
use super::promise::{Largest, Regard};
use super::worst::Worst;

/// A measure of what is seen of a run's promises.
macro_rules! measure {
    ($(#[$doc:meta])* $name:ident: $promises:ty, $regard:ty, |$seen:ident, $of:ident, $run:ident| $value:expr) => {
        $(#[$doc])*
        pub(super) struct $name<S: Subject>(Ledger<$promises, $regard>);

        impl<S: Subject> Default for $name<S> {
            fn default() -> Self {
                $name(Ledger::default())
            }
        }

        impl<S: Subject> Fold for $name<S> {
            type Said = Option<i64>;

            fn see(&mut self, event: &Event, run: &Run<'_>) {
                self.0.see(event, run);
            }

            fn settle(&mut self, run: &Run<'_>) {
                self.0.settle(run);
            }

            fn say(&mut self, $run: &Run<'_>) -> Option<i64> {
                let ($seen, $of) = self.0.finish($run);
                $value
            }
        }
    };
}

measure!(
    /// The largest error of any clock that counts.
    MaxError: EachError<S>, Worst, |seen, _of, _run| seen.widest.map(|widest| to_ns(widest.apart).ns())
);
measure!(
    /// The largest skew between any two clocks that count.
    MaxSkew: AllSkew<S>, Worst, |seen, _of, _run| seen.widest.map(|widest| to_ns(widest.apart).ns())
);
measure!(
    /// The largest error at the end.
    FinalError: EachError<S>, Ignored, |_seen, of, run| {
        let at = run.trace.ended_at;
        let errors = of.counting.at(at).into_iter();
        errors.map(|node| error(run, node, S::REFERENCE, at, Side::After).abs()).max().map(|atto| to_ns(atto).ns())
    }
);
measure!(
    /// The largest skew at the end.
    FinalSkew: EachError<S>, Ignored, |_seen, of, run| {
        let (at, nodes) = (run.trace.ended_at, of.counting.at(run.trace.ended_at));
        let (.., apart) = farthest(run, &nodes, at, Side::After)?;
        (nodes.len() > 1).then_some(to_ns(apart).ns())
    }
);
measure!(
    /// The largest bound that was promised.
    Bound: S, Largest, |seen, _of, _run| seen.0.map(crate::time::Span::ns)
);

/// Where only the end counts.
#[derive(Debug, Default)]
pub(super) struct Ignored;

impl Regard for Ignored {
    fn regard(&mut self, _: &super::Promise, _: crate::time::Time, _: Option<NodeId>, _: &Run<'_>) {}

    fn join(&mut self, Ignored: Ignored) {}
}

/// How often clocks were stepped.
#[derive(Debug, Default)]
pub(super) struct Steps(i64);

impl Fold for Steps {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0 += i64::from(matches!(event.what, EventKind::ClockStepped(_)));
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}
