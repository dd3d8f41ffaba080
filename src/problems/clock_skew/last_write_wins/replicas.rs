//! What each replica holds, as nodes note it.

use std::collections::BTreeMap;

use crate::check::{Fold, Run, Verdict};
use crate::process::NodeId;
use crate::trace::{Event, EventId, EventKind, StopReason};

use super::Params;

/// A write in words: whose, and which where each user writes more than once.
pub(super) fn named(run: &Run<'_>, number: i64) -> String {
    let params = run.scenario.params.read::<Params>().unwrap_or_default();
    let writers = i64::from(params.writers.max(1));
    let place = usize::try_from((number - 1).rem_euclid(writers)).unwrap_or(0);
    let whose = NodeId::first(run.trace.names.count()).nth(place).map_or("somebody", |node| run.name(node));
    if params.writes == 1 { format!("{whose}'s write") } else { format!("write {number}, {whose}'s") }
}

/// The number of the write that each replica holds.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    of: BTreeMap<NodeId, i64>,
    last: Option<EventId>,
}

impl Holdings {
    /// Takes in an event: the replica that it tells of, and the write that this one holds from now
    /// on.
    pub(super) fn see(&mut self, event: &Event) -> Option<(NodeId, i64)> {
        let (EventKind::Noted(note), Some(node)) = (event.what, event.node) else { return None };
        let number = note.value.number().filter(|_| note.name == "holds")?;
        self.of.insert(node, number);
        self.last = Some(event.id);
        Some((node, number))
    }

    /// The write that all replicas hold, or two that differ, in a sentence.
    pub(super) fn agreed(&self, run: &Run<'_>) -> Result<Option<i64>, String> {
        let nodes = || NodeId::first(run.trace.names.count());
        let held = |node: NodeId| self.of.get(&node).copied();
        let first = nodes().next().and_then(held);
        let Some(other) = nodes().find(|&node| held(node) != first) else { return Ok(first) };
        let told = |number: Option<i64>| number.map_or("nothing".to_owned(), |number| named(run, number));
        let here = nodes().next().map_or("?", |node| run.name(node));
        Err(format!("{here} holds {}, {} {}.", told(first), run.name(other), told(held(other))))
    }
}

/// Whether all replicas hold the same write in the end.
#[derive(Debug, Default)]
pub(super) struct Convergence(Holdings);

impl Fold for Convergence {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.see(event);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        match self.0.agreed(run) {
            Ok(Some(held)) => run.holds(|| format!("All replicas hold {}.", named(run, held))),
            Ok(None) => run.holds_vacuously(|| "Nothing was written.".to_owned()),
            Err(apart) => run.not_reached(|| apart, self.0.last.into_iter().collect()),
        }
    }
}

/// Whether it is decided which write remains: a run that goes on may yet bring all replicas
/// together.
pub(super) fn undecided(holdings: &Holdings, run: &Run<'_>) -> Option<String> {
    holdings.agreed(run).err().filter(|_| run.trace.ended != StopReason::Quiescent)
}
