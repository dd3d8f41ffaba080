//! What a run has come to so far, taken in event by event: when the requests came that are still
//! open, and how each ended.

use std::collections::VecDeque;

use crate::check::Run;
use crate::problems::prelude::*;
use crate::time::Time;
use crate::trace::{Event, EventKind, Kinds};

/// The notes and outputs that tell of a request; each names it by its number.
pub(super) mod word {
    /// It came.
    pub(in super::super) const ASKED: &str = "asked";
    /// It was answered well.
    pub(in super::super) const GOOD: &str = "good";
    /// It failed, or nobody answered in time.
    pub(in super::super) const FAILED: &str = "failed";
    /// Nobody had room for it.
    pub(in super::super) const SHED: &str = "shed";
    /// An answer came to an attempt that its caller had given up.
    pub(in super::super) const LATE: &str = "late";
    /// A call waits; the value is how many do.
    pub(in super::super) const QUEUED: &str = "queued";
}

/// The kinds of events by which all this is told.
pub(super) const TOLD: Kinds = Kinds::OUTPUT.or(Kinds::NOTED);

/// The number that an event tells or notes, and under which name.
pub(super) fn told(event: &Event) -> Option<(&'static str, i64)> {
    let (EventKind::Output(said) | EventKind::Noted(said)) = event.what else { return None };
    said.value.number().map(|number| (said.name, number))
}

/// The node that does the work: the last.
pub(super) fn server(run: &Run<'_>) -> Option<NodeId> {
    NodeId::first(run.trace.names.count()).next_back()
}

/// The requests that are open, by their numbers, which grow.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    /// The number of the first that is kept.
    first: i64,
    came: VecDeque<Option<Time>>,
}

impl Open {
    /// Takes in one event. Returns when the request came that ended with it, and whether it ended
    /// well.
    pub(super) fn see(&mut self, event: &Event) -> Option<(Time, bool)> {
        let (name, request) = told(event)?;
        match name {
            word::ASKED => {
                self.ask(request, event.at);
                None
            }
            word::GOOD | word::FAILED | word::SHED => Some((self.end(request)?, name == word::GOOD)),
            _ => None,
        }
    }

    fn ask(&mut self, request: i64, at: Time) {
        if self.came.is_empty() {
            self.first = request;
        }
        // What came while the clients were down has no number here, but a place.
        let Ok(place) = usize::try_from(request - self.first) else { return };
        self.came.resize(self.came.len().max(place), None);
        self.came.push_back(Some(at));
    }

    fn end(&mut self, request: i64) -> Option<Time> {
        let place = usize::try_from(request - self.first).ok()?;
        let came = self.came.get_mut(place)?.take();
        while self.came.front().is_some_and(Option::is_none) {
            self.came.pop_front();
            self.first += 1;
        }
        came
    }

    pub(super) fn clear(&mut self) {
        self.came.clear();
    }
}
