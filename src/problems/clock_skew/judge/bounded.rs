//! Whether every clock stays within the bound that is promised.

use crate::arrange::Arrange;
use crate::check::{Fold, Run, Verdict};
use crate::process::NodeId;
use crate::time::Time;
use crate::time::clock::ATTO_PER_NS;
use crate::trace::{Event, EventId, EventKind, Kinds};

use super::Subject;
use super::course::to_ns;
use super::ledger::Ledger;
use super::worst::{Standing, Worst};

/// Holds the clocks against all promises.
pub(super) struct BoundedSkew<S: Subject>(Ledger<S, Worst>);

impl<S: Subject> Default for BoundedSkew<S> {
    fn default() -> Self {
        BoundedSkew(Ledger::default())
    }
}

impl<S: Subject> Fold for BoundedSkew<S> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.0.see(event, run);
    }

    fn settle(&mut self, run: &Run<'_>) {
        self.0.settle(run);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let (Worst { nearest, widest, .. }, _) = self.0.finish(run);
        let Some((nearest, widest)) = nearest.zip(widest) else {
            return run.holds_vacuously(|| format!("Nothing was promised: {}.", S::why_nothing(run)));
        };
        if nearest.excess() > i128::from(S::ROUNDING.ns()) * ATTO_PER_NS {
            return run.violated(|| broken::<S>(run, &nearest), last_changes(run, &nearest).map(|event| event.id));
        }
        run.holds(|| match Words::of(run, &widest) {
            Words { bound, .. } if widest.apart == 0 => {
                format!("No clock was ever off; the bound was {bound}: {}.", S::BOUND)
            }
            Words { apart, bound, when, behind, ahead } => {
                let source = S::BOUND;
                format!("At worst, at {when}, {ahead} was {apart} ahead of {behind}; the bound was {bound}: {source}.")
            }
        })
    }
}

/// A standing as a sentence says it.
struct Words<'a> {
    apart: String,
    bound: String,
    when: String,
    behind: &'a str,
    ahead: &'a str,
}

impl<'a> Words<'a> {
    fn of(run: &Run<'a>, standing: &Standing) -> Words<'a> {
        let name = |node: Option<NodeId>| node.map_or("true time", |node| run.name(node));
        Words {
            apart: to_ns(standing.apart).rounded(),
            bound: to_ns(standing.bound).rounded(),
            when: standing.at.since(Time::ZERO).rounded(),
            behind: name(standing.behind),
            ahead: name(standing.ahead),
        }
    }
}

/// The sentence of a broken promise, with what is known of why.
fn broken<S: Subject>(run: &Run<'_>, standing: &Standing) -> String {
    let Words { apart, bound, when, behind, ahead } = Words::of(run, standing);
    let mut said = format!("At {when} {ahead} was {apart} ahead of {behind}; the bound was {bound}: {}.", S::BOUND);
    let sets = last_changes(run, standing).filter_map(|event| set_by_a_fault(run, event));
    let nodes = [standing.behind, standing.ahead].into_iter().flatten();
    let beyond = nodes.filter_map(|node| S::what_was_not_assumed(run, node, standing.at));
    for more in sets.chain(beyond) {
        said.push(' ');
        said.push_str(&more);
    }
    said
}

/// That a fault, not the protocol, set a clock.
fn set_by_a_fault(run: &Run<'_>, event: &Event) -> Option<String> {
    let EventKind::ClockStepped(by) = event.what else { return None };
    let (node, when) = (run.name(event.node?), event.at.since(Time::ZERO).rounded());
    let way = if by.is_negative() { "back" } else { "forward" };
    event.cause.is_none().then(|| format!("A fault had set {node}'s clock {way} by {} at {when}.", by.abs().rounded()))
}

/// The last change of each of the two clocks up to then, in order.
fn last_changes<'a>(run: &Run<'a>, standing: &Standing) -> impl Iterator<Item = &'a Event> + use<'a> {
    let (trace, at) = (run.trace, standing.at);
    let last = |node: NodeId| {
        let before = trace.events.partition_point(|event| event.at <= at);
        let mut changes = trace.events[..before].iter().rev().filter(|event| event.what.kind() == Kinds::CLOCK);
        changes.find(|event| event.node == Some(node))
    };
    let mut found: Vec<&Event> = [standing.behind, standing.ahead].into_iter().flatten().filter_map(last).collect();
    found.arrange_by_key(|event| -> EventId { event.id });
    found.dedup_by_key(|event| event.id);
    found.into_iter()
}
