//! What the problem's protocols measure.

use hdrhistogram::Histogram;

use crate::check::{Fold, Judge, Run};
use crate::problems::prelude::*;
use crate::trace::{Event, EventKind, Kinds};

use super::judge::{self, Asks};
use super::requests::{Open, TOLD, server, told, word};

/// What every protocol of the problem measures.
pub(super) const fn all<A: Asks>() -> [Measure; 13] {
    let [messages, offered, attempts, good, failed, shed, wasted, p50, p99, p999, mean, queue] = USUAL;
    let recovered = judge::recovered_after::<A>();
    [messages, offered, attempts, good, failed, shed, wasted, p50, p99, p999, mean, queue, recovered]
}

/// All but how long it took to recover.
const USUAL: [Measure; 12] = [
    check::MESSAGES,
    count::<OFFERED>("offered", "requests", "Requests that came."),
    Measure {
        name: "attempts",
        unit: "calls",
        says: "Calls made to the server, retries included.",
        needs: Kinds::SENT,
        of: Judge::fold::<Attempts>(),
        in_words: None,
    },
    count::<GOOD>("good", "requests", "Requests that were answered well."),
    count::<FAILED>("failed", "requests", "Requests that failed in the end, or were not answered in time."),
    count::<SHED>("shed", "requests", "Requests that nobody had room for in the end."),
    count::<LATE>("wasted", "answers", "Answers that came when their caller had given up: work for nobody."),
    latency::<500>("p50", "The time in which half of the good requests were answered."),
    latency::<990>("p99", "The time in which 99 of 100 good requests were answered."),
    latency::<999>("p999", "The time in which 999 of 1000 good requests were answered."),
    Measure {
        name: "mean",
        unit: "ns",
        says: "The mean time to the answer of a good request.",
        needs: TOLD,
        of: Judge::fold::<Mean>(),
        in_words: None,
    },
    Measure {
        name: "queue_max",
        unit: "calls",
        says: "The longest queue, without the calls in service.",
        needs: Kinds::NOTED,
        of: Judge::fold::<Longest>(),
        in_words: None,
    },
];

/// What is counted, by its place in [`COUNTED`].
const COUNTED: [&str; 5] = [word::ASKED, word::GOOD, word::FAILED, word::SHED, word::LATE];
const OFFERED: usize = 0;
const GOOD: usize = 1;
const FAILED: usize = 2;
const SHED: usize = 3;
const LATE: usize = 4;

const fn count<const WHAT: usize>(name: &'static str, unit: &'static str, says: &'static str) -> Measure {
    Measure { name, unit, says, needs: TOLD, of: Judge::fold::<Count<WHAT>>(), in_words: None }
}

const fn latency<const PER_MILLE: u32>(name: &'static str, says: &'static str) -> Measure {
    Measure { name, unit: "ns", says, needs: TOLD, of: Judge::fold::<Percentile<PER_MILLE>>(), in_words: None }
}

#[derive(Default)]
struct Count<const WHAT: usize>(i64);

impl<const WHAT: usize> Fold for Count<WHAT> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0 += i64::from(told(event).is_some_and(|(name, _)| name == COUNTED[WHAT]));
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}

/// The calls that were made to the server.
#[derive(Default)]
struct Attempts(i64);

impl Fold for Attempts {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.0 += i64::from(matches!(event.what, EventKind::Sent { message, .. } if Some(message.to()) == server(run)));
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}

/// How long good requests took.
#[derive(Default)]
struct Latencies {
    open: Open,
    /// Nanoseconds, to three digits; `None` before the first.
    took: Option<Histogram<u64>>,
    sum: i64,
}

impl Latencies {
    fn see(&mut self, event: &Event) {
        let Some((came, true)) = self.open.see(event) else { return };
        let took = event.at.since(came).ns();
        self.sum = self.sum.saturating_add(took);
        if self.took.is_none() {
            self.took = Histogram::new(3).ok();
        }
        if let Some(histogram) = &mut self.took {
            // It grows as it must: only a length beyond all that can be counted is refused.
            _ = histogram.record(took.unsigned_abs());
        }
    }

    fn count(&self) -> u64 {
        self.took.as_ref().map_or(0, Histogram::len)
    }

    fn at(&self, per_mille: u32) -> Option<i64> {
        let took = self.took.as_ref().filter(|took| !took.is_empty())?;
        i64::try_from(took.value_at_quantile(f64::from(per_mille) / 1_000.0)).ok()
    }

    fn clear(&mut self) {
        self.open.clear();
        self.sum = 0;
        if let Some(took) = &mut self.took {
            took.reset();
        }
    }
}

/// So many of a thousand good requests were answered in this time.
#[derive(Default)]
pub(super) struct Percentile<const PER_MILLE: u32>(Latencies);

impl<const PER_MILLE: u32> Percentile<PER_MILLE> {
    /// The value so far, in nanoseconds, and of how many requests.
    pub(super) fn now(&self) -> Option<(i64, u64)> {
        Some((self.0.at(PER_MILLE)?, self.0.count()))
    }
}

impl<const PER_MILLE: u32> Fold for Percentile<PER_MILLE> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.see(event);
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        self.0.at(PER_MILLE)
    }

    fn begin(&mut self) {
        self.0.clear();
    }
}

#[derive(Default)]
struct Mean(Latencies);

impl Fold for Mean {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.see(event);
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        self.0.sum.checked_div(i64::try_from(self.0.count()).ok()?)
    }

    fn begin(&mut self) {
        self.0.clear();
    }
}

#[derive(Default)]
struct Longest(i64);

impl Fold for Longest {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let Some((word::QUEUED, waiting)) = told(event) {
            self.0 = self.0.max(waiting);
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}
