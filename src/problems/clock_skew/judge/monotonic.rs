//! Whether any clock ever showed less than it had shown before.

use crate::check::{Fold, Run, Verdict};
use crate::process::NodeId;
use crate::time::clock::Clock;
use crate::time::{Span, Time};
use crate::trace::{Event, EventId, Kinds};

/// The first leap or run of a loyal clock backwards.
#[derive(Clone, Copy, Debug)]
struct Backwards {
    node: NodeId,
    at: Time,
    /// How far it leapt; `None` if it ran.
    leap: Option<Span>,
}

/// Looks through the pieces of the clocks' courses: a change is held against what was in force
/// before it.
#[derive(Debug, Default)]
pub(super) struct Monotonic {
    first: Option<Backwards>,
    /// For each node, up to which moment its changes were looked at.
    looked_at: Vec<Time>,
}

impl Monotonic {
    /// Looks at the changes up to `to`, that moment not included unless the run is over.
    fn look(&mut self, to: Time, is_over: bool, run: &Run<'_>) {
        self.looked_at.resize(run.trace.names.count(), Time::ZERO);
        for node in run.loyal() {
            let from = std::mem::replace(&mut self.looked_at[node.index()], to);
            let mut before: Option<&Clock> = None;
            for (since, clock) in run.trace.clocks[node.index()].pieces() {
                let is_new = from <= since && (since < to || is_over);
                let found = if is_new { backwards(node, before, since, clock) } else { None };
                if let Some(found) = found.filter(|found| self.first.is_none_or(|first| found.at < first.at)) {
                    self.first = Some(found);
                }
                before = Some(clock);
            }
        }
    }
}

fn backwards(node: NodeId, before: Option<&Clock>, since: Time, clock: &Clock) -> Option<Backwards> {
    let back = before.map_or(Span::ZERO, |before| clock.read(since) - before.read(since));
    if back.is_negative() {
        return Some(Backwards { node, at: since, leap: Some(back) });
    }
    clock.runs_backwards(since).then_some(Backwards { node, at: since, leap: None })
}

impl Fold for Monotonic {
    type Said = Verdict;

    fn see(&mut self, _event: &Event, _run: &Run<'_>) {}

    fn settle(&mut self, run: &Run<'_>) {
        self.look(run.trace.ended_at, false, run);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        self.look(run.trace.ended_at, true, run);
        let Some(Backwards { node, at, leap }) = self.first else {
            return run.holds(|| "No clock ever showed less than before.".to_owned());
        };
        let because = || {
            let (name, when) = (run.name(node), at.since(Time::ZERO).rounded());
            match leap {
                Some(by) => format!("At {when} {name}'s clock leapt back by {}.", by.abs().rounded()),
                None => format!("From {when} on {name}'s clock ran backwards."),
            }
        };
        let is_it = |event: &&Event| event.node == Some(node) && event.at == at && event.what.kind() == Kinds::CLOCK;
        let evidence: Vec<EventId> = run.trace.events.iter().filter(is_it).map(|event| event.id).collect();
        run.violated(because, evidence)
    }
}
