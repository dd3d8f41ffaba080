//! Whether users are told that their writes are kept.

use std::collections::BTreeMap;

use crate::check::{Fold, Run, Verdict};
use crate::process::NodeId;
use crate::time::Time;
use crate::trace::{Event, EventKind};

/// What a user is told, or does: the node, its name, and the number of the write.
pub(super) fn told(event: &Event) -> Option<(NodeId, &'static str, i64)> {
    match (event.what, event.node) {
        (EventKind::Output(output), Some(node)) => Some((node, output.name, output.value.number()?)),
        _ => None,
    }
}

/// Counts the acknowledged writes.
#[derive(Debug, Default)]
pub(super) struct Acknowledged(i64);

impl Fold for Acknowledged {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0 += i64::from(matches!(told(event), Some((_, "acknowledged", _))));
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}

/// Looks for users who gave up, or still wait.
#[derive(Debug, Default)]
pub(super) struct Availability {
    /// Writes whose users wait.
    waiting: BTreeMap<i64, NodeId>,
    acknowledged: usize,
    gave_up: Option<(Event, NodeId)>,
}

impl Fold for Availability {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        match told(event) {
            Some((node, "writes", number)) => {
                self.waiting.insert(number, node);
            }
            Some((_, "acknowledged", number)) => {
                self.waiting.remove(&number);
                self.acknowledged += 1;
            }
            Some((node, "gives-up", number)) => {
                self.waiting.remove(&number);
                self.gave_up.get_or_insert((*event, node));
            }
            _ => {}
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        if let Some((event, by)) = self.gave_up {
            let because = || {
                let at = event.at.since(Time::ZERO).rounded();
                format!("{}'s user gave up at {at}: the write was not acknowledged.", run.name(by))
            };
            return run.violated(because, [event.id]);
        }
        match (self.waiting.first_key_value(), self.acknowledged) {
            (Some((_, &by)), _) => {
                run.not_reached(|| format!("{}'s write was not acknowledged.", run.name(by)), Vec::new())
            }
            (None, 0) => run.holds_vacuously(|| "Nobody wrote.".to_owned()),
            (None, 1) => run.holds(|| "The only write was acknowledged.".to_owned()),
            (None, 2) => run.holds(|| "Both writes were acknowledged.".to_owned()),
            (None, many) => run.holds(|| format!("All {many} writes were acknowledged.")),
        }
    }
}
