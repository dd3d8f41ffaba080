//! What went wrong in a run, and when it was over: what a system is to recover from.

use crate::check::Run;
use crate::process::NodeId;
use crate::scenario::Fault;
use crate::time::{Span, Time};
use crate::trace::{Event, EventId, EventKind, Kinds};

/// The last thing that went wrong in a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Trigger {
    /// How many faults of nodes and partitions are there now.
    lasting: u32,
    /// The last event that ended one.
    ended: Option<(EventId, Time)>,
    /// The node that it was about, and what was wrong with it.
    what: Option<(Option<NodeId>, &'static str)>,
}

/// How a run's triggers ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// There was none.
    Never,
    /// One lasts to the end of the run.
    NotYet,
    /// The last ended then; the words say which, and the event shows it if there is one.
    At(Time, String, Option<EventId>),
}

impl Trigger {
    /// The kinds of events that begin or end something that went wrong.
    pub(super) const NEEDS: Kinds =
        Kinds::CRASHED.or(Kinds::RESTARTED).or(Kinds::PAUSED).or(Kinds::RESUMED).or(Kinds::PARTITION);

    /// Takes in one event.
    pub(super) fn see(&mut self, event: &Event) {
        match event.what {
            EventKind::Crashed => self.begin(event, "downtime"),
            EventKind::Paused => self.begin(event, "pause"),
            EventKind::Partitioned(_) => self.begin(event, "partition"),
            EventKind::Restarted | EventKind::Resumed | EventKind::Healed(_) => {
                self.lasting = self.lasting.saturating_sub(1);
                self.ended = Some((event.id, event.at));
            }
            _ => {}
        }
    }

    fn begin(&mut self, event: &Event, what: &'static str) {
        self.lasting += 1;
        self.what = Some((event.node, what));
    }

    /// How it stands at the end of a run. Links that the scenario degrades or holds for a while
    /// count as well: they leave no event.
    pub(super) fn ended(&self, run: &Run<'_>) -> Ended {
        let of_links = run.scenario.faults.iter().filter_map(window);
        let begun = of_links.filter(|(at, _)| *at < run.trace.ended_at);
        let last_of_links = begun.map(|(at, lasts)| lasts.map_or(Time::NEVER, |lasts| at + lasts)).max();
        let of_links = last_of_links.filter(|&end| self.ended.is_none_or(|(_, ended)| end > ended));
        match (self.lasting, of_links, self.ended) {
            (1.., ..) => Ended::NotYet,
            (_, Some(end), _) if end >= run.trace.ended_at => Ended::NotYet,
            (_, Some(end), _) => Ended::At(end, "The bad weather of the links".to_owned(), None),
            (_, None, Some((event, at))) => Ended::At(at, self.words(run), Some(event)),
            (_, None, None) => Ended::Never,
        }
    }

    fn words(&self, run: &Run<'_>) -> String {
        match self.what {
            Some((Some(node), what)) => format!("The {what} of {}", run.name(node)),
            _ => "The partition".to_owned(),
        }
    }
}

/// When links were bad, and for how long.
fn window(fault: &Fault) -> Option<(Time, Option<Span>)> {
    match *fault {
        Fault::Degrade { at, lasts, .. } | Fault::Hold { at, lasts, .. } => Some((at, lasts)),
        _ => None,
    }
}
