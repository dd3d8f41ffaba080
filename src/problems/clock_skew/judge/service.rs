//! Whether those who want their clocks set get them set.

use std::marker::PhantomData;

use crate::check::{Fold, Run, Verdict};
use crate::process::NodeId;
use crate::time::Time;
use crate::trace::{Event, EventKind};

use super::Subject;
use super::ledger::counted;

/// Looks for the nodes whose clocks were never set.
pub(super) struct ClocksSet<S> {
    /// Whether each node's clock was set.
    is_set: Vec<bool>,
    subject: PhantomData<S>,
}

impl<S> Default for ClocksSet<S> {
    fn default() -> Self {
        ClocksSet { is_set: Vec::new(), subject: PhantomData }
    }
}

impl<S: Subject> Fold for ClocksSet<S> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        if let (EventKind::Output(output), Some(node)) = (event.what, event.node)
            && output.name == S::COUNTS_FROM
        {
            self.is_set.resize(run.trace.names.count(), false);
            self.is_set[node.index()] = true;
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let wants = |node: &NodeId| Some(*node) != S::REFERENCE && !run.trace.crashed.contains(node);
        let wanting: Vec<NodeId> = counted::<S>(run).into_iter().filter(wants).collect();
        let is_unset = |node: &&NodeId| !self.is_set.get(node.index()).copied().unwrap_or(false);
        let Some(&first) = wanting.iter().find(is_unset) else {
            return match wanting.len() {
                0 => run.holds_vacuously(|| "No node that stayed up wanted its clock set.".to_owned()),
                1 => run.holds(|| format!("{}'s clock was set.", run.name(wanting[0]))),
                2 => run.holds(|| "Both clocks were set.".to_owned()),
                count => run.holds(|| format!("All {count} clocks were set.")),
            };
        };
        let because = || {
            let (who, why) = (run.name(first), S::why_unset(run, first));
            match (wanting.iter().filter(is_unset).count(), wanting.len()) {
                (1, _) => format!("{who}'s clock was never set: {why}."),
                (unset, all) => format!("{unset} of {all} clocks were never set, {who}'s among them: {why}."),
            }
        };
        match S::due(run) {
            Some(due) if due <= run.trace.ended_at => run.violated(because, []),
            _ => run.not_reached(because, Vec::new()),
        }
    }
}

/// What can be said without looking: by when it should have been set.
pub(super) fn nothing_by(run: &Run<'_>, due: Option<Time>) -> String {
    match due {
        Some(due) if due <= run.trace.ended_at => format!("it should have been by {}", due.since(Time::ZERO).rounded()),
        _ => "too little of what it needs came in time".to_owned(),
    }
}
