//! Who runs what next: points in order, each in batches, each batch in pieces that any worker may
//! take.
//!
//! A worker keeps to its point, so that it prepares the protocol once a point, and counts on its
//! own until there is nothing left to take there. A point is judged only at the end of a batch,
//! when all of its runs are counted: so what is run, and with it the result, does not depend on the
//! workers.

use std::ops::Range;

use super::plan::Plan;
use super::tally::{Counts, Tally};
use crate::explore::stats::wilson;

/// Runs that a worker takes at a time.
const PIECE: u64 = 32;
/// Runs after which a point is judged, where `--precision` is asked for.
pub(super) const BATCH: u64 = 1_000;

/// What a worker is told to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// These runs of this point.
    Run(usize, Range<u64>),
    /// Wait for others: more may come of what they count.
    Wait,
    /// Nothing is left.
    Over,
}

/// A point that has begun and is not done.
struct Open {
    point: usize,
    /// The runs of this batch that nobody has taken.
    left: Range<u64>,
    tally: Option<Tally>,
}

/// What is left of a sweep, and what has come of it.
pub(super) struct Schedule<'a> {
    plan: &'a Plan,
    runs: Range<u64>,
    batch: u64,
    open: Vec<Open>,
    next_point: usize,
    /// The counts of each point that is done.
    done: Vec<Option<Counts>>,
}

impl<'a> Schedule<'a> {
    pub(super) fn new(plan: &'a Plan) -> Schedule<'a> {
        let runs = plan.shard().of_runs(plan.runs());
        let batch = if plan.wanted().precision.is_some() { BATCH } else { runs.end - runs.start };
        Schedule { plan, runs, batch, open: Vec::new(), next_point: 0, done: vec![None; plan.points()] }
    }

    /// The next piece for a worker that has come from `point`: there, else at a new point, else
    /// wherever others are.
    pub(super) fn next(&mut self, point: Option<usize>) -> Next {
        let has_more = |open: &&mut Open| !open.left.is_empty();
        let here = self.open.iter_mut().filter(has_more).find(|open| Some(open.point) == point);
        if let Some(open) = here {
            return open.take();
        }
        if self.next_point < self.plan.points() {
            let first = self.runs.start..self.runs.end.min(self.runs.start + self.batch);
            let mut open = Open { point: self.next_point, left: first, tally: None };
            let next = open.take();
            self.open.push(open);
            self.next_point += 1;
            return next;
        }
        let nothing = if self.open.is_empty() { Next::Over } else { Next::Wait };
        self.open.iter_mut().find(has_more).map_or(nothing, Open::take)
    }

    /// Whether there is more to take at a point.
    pub(super) fn has_more(&self, point: usize) -> bool {
        self.open.iter().any(|open| open.point == point && !open.left.is_empty())
    }

    /// Adds what a worker has counted at a point. If that was the last, the point gets another
    /// batch, or is done.
    pub(super) fn add(&mut self, point: usize, tally: Tally) -> Option<&Counts> {
        let index = self.open.iter().position(|open| open.point == point)?;
        let open = &mut self.open[index];
        let whole = match open.tally.take() {
            Some(known) => known.plus(tally)?,
            None => tally,
        };
        let until = open.left.end;
        let is_complete = whole.runs == until - self.runs.start;
        let is_done = is_complete && (until == self.runs.end || is_precise(self.plan, &whole));
        if is_complete && !is_done {
            open.left = until..self.runs.end.min(until + self.batch);
        }
        if !is_done {
            open.tally = Some(whole);
            return None;
        }
        self.open.remove(index);
        Some(self.done[point].insert(whole.counts()))
    }

    /// Whether every point is done.
    pub(super) fn is_complete(&self) -> bool {
        self.done.iter().all(Option::is_some)
    }

    /// What is known of every point; of one that was never begun, nothing.
    pub(super) fn into_counts(mut self) -> Vec<Option<Counts>> {
        for open in self.open {
            self.done[open.point] = open.tally.map(|tally| tally.counts());
        }
        self.done
    }
}

/// Whether the interval of every rate is as narrow as `--precision` wants it.
fn is_precise(plan: &Plan, tally: &Tally) -> bool {
    let is_narrow = |width| tally.verdicts().iter().all(|one| wilson(one.violated, tally.runs).width() <= width);
    plan.wanted().precision.is_some_and(is_narrow)
}

impl Open {
    fn take(&mut self) -> Next {
        let until = self.left.end.min(self.left.start + PIECE);
        let piece = self.left.start..until;
        self.left.start = until;
        Next::Run(self.point, piece)
    }
}
