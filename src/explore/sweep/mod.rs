//! Many seeds at every point of a grid of settings: how often each property is violated and how
//! large each measure is, beside what theory says.
//!
//! Run k of every point, k from 0, has the seed `scenario.seed + k`. So the points share their
//! weather, one differs from the next by its settings alone, and `dsys run --seed` makes any of the
//! runs again. Everything that is counted is an integer, and what is run does not depend on who
//! runs it: the result is the same, byte for byte, on any number of threads, and when it was
//! counted in parts on several machines ([`Part`]).

mod asked;
mod distribution;
mod part;
mod plan;
mod refused;
mod row;
mod schedule;
mod sense;
mod shard;
mod statement;
mod tally;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::problems::Entry;
use crate::report::Trials;
use crate::trace::LOOK_EVERY;

pub use asked::Asked;
pub use distribution::{Bin, MOST_BINS, Tail, tails};
pub use part::{NotJoined, Part, join, read as read_part};
pub use plan::{Axis, MOST_POINTS, MOST_RUNS, Plan, Wanted};
pub use refused::Refused;
pub use row::{Example, Figure, Rate, Row, to_json};
pub use shard::Shard;
pub use statement::{hold, predictions};
pub use tally::{Counts, Values, Verdicts};

use schedule::{Next, Schedule};
use tally::Tally;

/// How far a sweep has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Runs that are done.
    pub done: u64,
    /// Runs that there will be. A point that is precise enough before its last run makes it less.
    pub runs: u64,
    /// A point that has just been finished.
    pub row: Option<&'a Row>,
}

/// What came of a sweep.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The counts of each point; `None` for one that was never begun.
    pub counts: Vec<Option<Counts>>,
    /// Whether it was stopped before its end.
    pub is_partial: bool,
}

impl Sweep {
    /// What is known of every point that was begun, in the order of the grid.
    pub fn rows(&self, plan: &Plan) -> Vec<Row> {
        let known = self.counts.iter().enumerate().filter_map(|(point, counts)| Some((point, counts.as_ref()?)));
        known.map(|(point, counts)| Row::new(plan, point, counts)).collect()
    }
}

/// Runs what was planned on so many threads, that of the caller among them if there is but one.
///
/// `watch` is told now and then, on any of the threads, how far it is, and of every point that is
/// finished; it stops the sweep by a [`ControlFlow::Break`], soon after the runs that are under
/// way.
///
/// # Errors
///
/// When a scenario that was checked is refused all the same, which should not be.
pub fn sweep(
    plan: &Plan,
    threads: NonZeroUsize,
    watch: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
) -> Result<Sweep, Refused> {
    let workshop = Workshop::new(plan, watch);
    if threads.get() == 1 {
        workshop.work();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads.get() {
                scope.spawn(|| workshop.work());
            }
        });
    }
    workshop.into_result()
}

/// What the workers of a sweep share.
struct Workshop<'a> {
    plan: &'a Plan,
    watch: &'a (dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    schedule: Mutex<Schedule<'a>>,
    /// Told when there may be more to take.
    changed: Condvar,
    stopped: AtomicBool,
    done: AtomicU64,
    runs: AtomicU64,
    refused: Mutex<Option<Refused>>,
}

/// What a worker does next.
enum Step {
    /// Run these of a point.
    Run(usize, Range<u64>),
    /// Hand in what it has counted: there is nothing left to take at its point.
    HandIn,
    /// Go home.
    Over,
}

/// A worker's point, ready to run.
struct Bench {
    point: usize,
    entry: &'static Entry,
    trials: Trials,
    tally: Tally,
}

impl<'a> Workshop<'a> {
    fn new(plan: &'a Plan, watch: &'a (dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync)) -> Workshop<'a> {
        let each = plan.shard().of_runs(plan.runs());
        Workshop {
            plan,
            watch,
            schedule: Mutex::new(Schedule::new(plan)),
            changed: Condvar::new(),
            stopped: AtomicBool::new(false),
            done: AtomicU64::new(0),
            runs: AtomicU64::new((each.end - each.start) * plan.points() as u64),
            refused: Mutex::new(None),
        }
    }

    fn into_result(self) -> Result<Sweep, Refused> {
        if let Some(refused) = self.refused.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(refused);
        }
        let schedule = self.schedule.into_inner().unwrap_or_else(PoisonError::into_inner);
        let is_partial = !schedule.is_complete();
        Ok(Sweep { counts: schedule.into_counts(), is_partial })
    }

    /// What one worker does until nothing is left.
    fn work(&self) {
        // A worker that panics must not leave the others waiting for it.
        let _bell = Bell(self);
        let mut bench: Option<Bench> = None;
        loop {
            let (point, runs) = match self.next(bench.as_ref().map(|bench| bench.point)) {
                Step::Run(point, runs) => (point, runs),
                Step::HandIn => {
                    bench = bench.take().and_then(|used| self.hand_in(used));
                    continue;
                }
                Step::Over => return,
            };
            if bench.as_ref().is_none_or(|bench| bench.point != point) {
                match Bench::new(self.plan, point) {
                    Ok(new) => bench = Some(new),
                    Err(refused) => {
                        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(refused);
                        return self.stop();
                    }
                }
            }
            if let Some(bench) = &mut bench {
                self.run(bench, runs);
            }
        }
    }

    /// What a worker does next that has counted at the point `here`. Whether there is more to take
    /// there is asked under the same lock under which it is taken: a worker never waits, or goes
    /// elsewhere, with what it has counted.
    fn next(&self, here: Option<usize>) -> Step {
        let mut schedule = self.lock();
        loop {
            if here.is_some_and(|point| self.is_stopped() || !schedule.has_more(point)) {
                return Step::HandIn;
            }
            if self.is_stopped() {
                return Step::Over;
            }
            match schedule.next(here) {
                Next::Run(point, runs) => return Step::Run(point, runs),
                Next::Over => return Step::Over,
                Next::Wait => schedule = self.changed.wait(schedule).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn run(&self, bench: &mut Bench, runs: Range<u64>) {
        let before = bench.tally.runs;
        let mut events = 0;
        for nth in runs {
            if self.is_stopped() {
                break;
            }
            events += bench.run(nth, self.plan.seed(nth), &mut || self.look());
            // Short runs, of which none is looked into, add up.
            if events >= LOOK_EVERY {
                events = 0;
                let _ = self.look();
            }
        }
        let counted = bench.tally.runs - before;
        let done = self.done.fetch_add(counted, Ordering::Relaxed) + counted;
        self.tell(done, None);
    }

    /// Hands in what was counted at a point, and says so if that finished it. The bench is given
    /// back where the point goes on, ready for more.
    fn hand_in(&self, bench: Bench) -> Option<Bench> {
        let Bench { point, entry, .. } = bench;
        let tally = Tally::new(entry);
        let mut schedule = self.lock();
        let finished = schedule.add(point, bench.tally).cloned();
        let goes_on = !self.is_stopped() && schedule.has_more(point);
        drop(schedule);
        self.changed.notify_all();
        if let Some(counts) = finished {
            let each = self.plan.shard().of_runs(self.plan.runs());
            self.runs.fetch_sub(each.end - each.start - counts.runs, Ordering::Relaxed);
            self.tell(self.done.load(Ordering::Relaxed), Some(&Row::new(self.plan, point, &counts)));
        }
        goes_on.then_some(Bench { tally, ..bench })
    }

    /// Asks in the middle of a run whether the sweep is to go on.
    fn look(&self) -> ControlFlow<()> {
        self.tell(self.done.load(Ordering::Relaxed), None);
        if self.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn tell(&self, done: u64, row: Option<&Row>) {
        let runs = self.runs.load(Ordering::Relaxed);
        if (self.watch)(Progress { done, runs, row }).is_break() {
            self.stop();
        }
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        let _waiting = self.lock();
        self.changed.notify_all();
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Schedule<'a>> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops the others when its worker panics.
struct Bell<'a, 'b>(&'a Workshop<'b>);

impl Drop for Bell<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

impl Bench {
    fn new(plan: &Plan, point: usize) -> Result<Bench, Refused> {
        let scenario = plan.load(point)?;
        let trials = Trials::new(&scenario).map_err(|complaints| {
            let messages: Vec<&str> = complaints.iter().map(|complaint| complaint.message.as_str()).collect();
            Refused::new(format!("the protocol refused a scenario that was checked: {}", messages.join("; ")), "")
        })?;
        let entry = plan.point(point).entry;
        Ok(Bench { point, entry, trials, tally: Tally::new(entry) })
    }

    /// Runs once, and counts what it came to, unless it was stopped. Returns how many events that
    /// took.
    fn run(&mut self, nth: u64, seed: u64, goes_on: &mut dyn FnMut() -> ControlFlow<()>) -> u64 {
        let mut trial = self.trials.run(seed, None, goes_on);
        if !trial.is_interrupted() {
            self.tally.add(nth, &mut trial);
        }
        trial.trace().counts.events
    }
}
