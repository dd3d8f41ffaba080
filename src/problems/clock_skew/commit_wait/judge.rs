//! How commit wait is judged and measured, and what theory says about it.
//!
//! The user tells `begins`, a server notes `epsilon` and `stamp` and tells `committed`.

use crate::check::chart::Chart;
use crate::check::{self, Fold, Judge, Kind, Measure, Property, Run, Verdict};
use crate::problems::Theory;
use crate::process::{NodeId, Output, Value};
use crate::scenario::Scenario;
use crate::time::clock::History;
use crate::time::{Reading, Span, Time};
use crate::trace::{Event, EventKind, Kinds};

use super::super::chart as clocks;
use super::super::held::Held;
use super::super::judge::{Bounded, Promise};
use super::super::plural;
use super::super::theory;
use super::CommitWait;

const NEEDS: Kinds = Kinds::OUTPUT.or(Kinds::NOTED);
/// As many teeth of the saw as are charted.
const MOST_EPSILONS: usize = 10_000;

pub(super) const PROPERTIES: &[Property] = &[
    Property {
        name: "external-consistency",
        kind: Kind::Safety,
        says: "If one transaction has committed before another begins, its stamp is less.",
        needs: NEEDS,
        judge: Judge::fold::<ExternalConsistency>(),
    },
    Property {
        name: "true-time",
        kind: Kind::Safety,
        says: "Whenever a server stamps, true time is within epsilon of its clock.",
        needs: NEEDS,
        judge: Judge::fold::<TrueTime>(),
    },
    Property {
        name: "termination",
        kind: Kind::Liveness,
        says: "Every transaction commits.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<Termination>(),
    },
];

pub(super) const MEASURES: &[Measure] = &[
    check::MESSAGES,
    Measure {
        name: "commit_wait",
        unit: "ns",
        says: "The longest time from a transaction's stamp to its commit.",
        needs: NEEDS,
        of: Judge::fold::<LongestWait>(),
        in_words: None,
    },
    Measure {
        name: "extra_wait",
        unit: "ns",
        says: "The longest that a commit was held back beyond its round of replication.",
        needs: NEEDS,
        of: Judge::fold::<ExtraWait>(),
        in_words: None,
    },
];

/// A transaction as the trace tells of it.
#[derive(Clone, Copy, Debug)]
struct Transaction {
    number: i64,
    begins: Event,
    stamped: Option<(Event, Reading)>,
    committed: Option<Event>,
}

/// What happened to a transaction.
enum Step {
    /// It began: the one before it is as it will stay.
    Begins,
    Stamped,
    Committed,
}

/// The transaction that runs: one at a time, so that what is noted after one began is its own.
#[derive(Debug, Default)]
struct Current {
    running: Option<Transaction>,
    before: Option<Transaction>,
}

impl Current {
    fn see(&mut self, event: &Event) -> Option<Step> {
        match (event.what, &mut self.running) {
            (EventKind::Output(Output { name: "begins", value: Value::Number(number) }), running) => {
                let next = Transaction { number, begins: *event, stamped: None, committed: None };
                self.before = running.replace(next);
                Some(Step::Begins)
            }
            (EventKind::Noted(Output { name: "stamp", value: Value::Number(stamp) }), Some(current)) => {
                current.stamped = Some((*event, Reading::from_ns(stamp)));
                Some(Step::Stamped)
            }
            (EventKind::Output(Output { name: "committed", .. }), Some(current)) => {
                current.committed = Some(*event);
                Some(Step::Committed)
            }
            _ => None,
        }
    }
}

/// Holds each stamp against the greatest of those that committed before. Each transaction begins
/// after all before it have committed.
#[derive(Debug, Default)]
struct ExternalConsistency {
    current: Current,
    greatest: Option<Transaction>,
    committed: usize,
    /// Two transactions of which the later one has no greater stamp.
    disorder: Option<(Transaction, Transaction)>,
}

impl Fold for ExternalConsistency {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        match self.current.see(event) {
            Some(Step::Begins) => {
                let stamp = |of: &Transaction| of.stamped.map(|(_, stamp)| stamp);
                let done = self.current.before.filter(|before| before.committed.is_some() && before.stamped.is_some());
                self.greatest = self.greatest.into_iter().chain(done).max_by_key(stamp);
            }
            Some(Step::Stamped) => {
                let stamp = |of: &Transaction| of.stamped.map(|(_, stamp)| stamp);
                let is_less = |(before, current): &(Transaction, Transaction)| stamp(before) < stamp(current);
                let two = self.greatest.zip(self.current.running).filter(|two| !is_less(two));
                self.disorder = self.disorder.or(two);
            }
            Some(Step::Committed) => self.committed += 1,
            None => {}
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        if let Some((before, after)) = &self.disorder {
            let events = [before.stamped.map(|(event, _)| event), before.committed, Some(after.begins)];
            let evidence = events.into_iter().chain([after.stamped.map(|(event, _)| event)]).flatten();
            return run.violated(|| out_of_order(run, before, after), evidence.map(|event| event.id));
        }
        match self.committed {
            0 => run.holds_vacuously(|| "No transaction committed.".to_owned()),
            1 => run.holds(|| "Only one transaction committed, and none had before it.".to_owned()),
            _ => run.holds(|| {
                "Each transaction has a greater stamp than all that had committed before it began.".to_owned()
            }),
        }
    }
}

fn out_of_order(run: &Run<'_>, before: &Transaction, after: &Transaction) -> String {
    let [one, other] = [before, after].map(|transaction| transaction.number);
    let place = |of: &Transaction| of.stamped.and_then(|(event, _)| event.node).map_or("?", |node| run.name(node));
    let stamp = |of: &Transaction| of.stamped.map_or(Reading::default(), |(_, stamp)| stamp);
    let (here, there, greater, less) = (place(before), place(after), stamp(before), stamp(after));
    let at = before.committed.map_or(before.begins.at, |event| event.at).since(Time::ZERO).rounded();
    let began = after.begins.at.since(Time::ZERO).rounded();
    let came = format!("Transaction {one} was committed at {at}, before transaction {other} began at {began}");
    if greater == less {
        return format!("{came}; but {here} and {there} stamped both with {less}.");
    }
    format!("{came}; but {here} had stamped it with {greater}, and {there} stamped the later one with {less}.")
}

/// Holds each epsilon against how far the clock was off that it was noted of.
#[derive(Debug, Default)]
struct TrueTime {
    held: Held<(Event, NodeId, i64)>,
    stamps: usize,
    /// The first that was too small, and how far the clock was off.
    too_small: Option<(Event, NodeId, i64, Span)>,
}

impl TrueTime {
    fn take_in(&mut self, noted: Vec<(Event, NodeId, i64)>, run: &Run<'_>) {
        for (event, node, epsilon) in noted {
            let shows = run.trace.clocks[node.index()].read(event.at).ns();
            let off = Span::from_ns(shows.saturating_sub(event.at.ns().cast_signed()));
            self.stamps += 1;
            if self.too_small.is_none() && off.abs().ns() > epsilon {
                self.too_small = Some((event, node, epsilon, off));
            }
        }
    }
}

impl Fold for TrueTime {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        if let (EventKind::Noted(Output { name: "epsilon", value: Value::Number(epsilon) }), Some(node)) =
            (event.what, event.node)
        {
            let over = self.held.before(event.at);
            self.take_in(over, run);
            self.held.push(event.at, (*event, node, epsilon));
        }
    }

    fn settle(&mut self, run: &Run<'_>) {
        let over = self.held.before(run.trace.ended_at);
        self.take_in(over, run);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let over = self.held.all();
        self.take_in(over, run);
        match self.too_small {
            Some((event, node, epsilon, off)) => {
                let because = || {
                    let (who, at) = (run.name(node), event.at.since(Time::ZERO).rounded());
                    let epsilon = Span::from_ns(epsilon).rounded();
                    let way = if off.is_negative() { "behind" } else { "ahead of" };
                    format!(
                        "{who}'s clock was {} {way} true time at {at}, and epsilon is {epsilon}.",
                        off.abs().rounded()
                    )
                };
                run.violated(because, [event.id])
            }
            None if self.stamps == 0 => run.holds_vacuously(|| "Nothing was stamped.".to_owned()),
            None => run.holds(|| "True time was in every interval.".to_owned()),
        }
    }
}

/// Counts the commits.
#[derive(Debug, Default)]
struct Termination(usize);

impl Fold for Termination {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0 += usize::from(matches!(event.what, EventKind::Output(Output { name: "committed", .. })));
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let wanted = run.scenario.params.read::<CommitWait>().map_or(0, |params| params.transactions as usize);
        let told = || format!("{} of {wanted} {} committed.", self.0, plural(wanted, "transaction"));
        if self.0 == wanted { run.holds(told) } else { run.not_reached(told, Vec::new()) }
    }
}

/// The longest time from a stamp to its commit.
#[derive(Debug, Default)]
struct LongestWait {
    current: Current,
    longest: Option<Span>,
}

impl Fold for LongestWait {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let (Some(Step::Committed), Some(current)) = (self.current.see(event), &self.current.running) {
            let took = current.stamped.map(|(stamped, _)| event.at.since(stamped.at));
            self.longest = self.longest.max(took);
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        self.longest.map(Span::ns)
    }
}

/// The longest time that a commit was held back beyond its round.
#[derive(Debug, Default)]
struct ExtraWait(LongestWait);

impl Fold for ExtraWait {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.0.see(event, run);
    }

    fn say(&mut self, run: &Run<'_>) -> Option<i64> {
        let round = run.scenario.params.read::<CommitWait>().ok()?.round;
        Some((self.0.longest? - round).max(Span::ZERO).ns())
    }
}

/// The servers' clocks, with the epsilon that each of them goes by.
pub(super) fn chart(run: &Run<'_>) -> Chart {
    let servers: Vec<NodeId> = NodeId::first(run.trace.names.count()).filter(|&node| node != super::USER).collect();
    let Ok(params) = run.scenario.params.read::<CommitWait>() else { return clocks::chart(run, None, [], &[], "") };
    let promises: Vec<Promise> = servers.iter().flat_map(|&node| epsilons(run, &params, node)).collect();
    let counted = servers.into_iter().map(|node| (node, Some(Time::ZERO)));
    clocks::chart(run, None, counted, &promises, "epsilon")
}

/// What a server takes for granted of its clock, from one synchronisation to the next.
fn epsilons(run: &Run<'_>, params: &CommitWait, node: NodeId) -> Vec<Promise> {
    let (end, clock) = (run.trace.ended_at, &run.trace.clocks[node.index()]);
    let growth_ppb = if params.growth_ppm == 0 { 0 } else { 1_000 * i64::from(params.growth_ppm) };
    let mut promises = Vec::new();
    let mut from = Time::ZERO;
    while promises.len() < MOST_EPSILONS {
        let shows = clock.read(from);
        let next = shows.ns() - shows.ns().rem_euclid(params.poll.ns()) + params.poll.ns();
        let to = if growth_ppb == 0 { end } else { first_showing(clock, Reading::from_ns(next), from, end) };
        let at_first = params.epsilon(shows);
        promises.push(Promise { of: Bounded::Error(node), from, to, at_first, growth_ppb });
        if to >= end {
            break;
        }
        from = to;
    }
    promises
}

/// The first moment from `from` to `to` at which a clock that is never stepped shows `reading`;
/// `to` if it does later.
fn first_showing(clock: &History, reading: Reading, from: Time, to: Time) -> Time {
    let (mut early, mut late) = (from.ns(), to.ns());
    while early + 1 < late {
        let middle = early.midpoint(late);
        if clock.read(Time::from_ns(middle)) < reading {
            early = middle;
        } else {
            late = middle;
        }
    }
    Time::from_ns(late)
}

const ASSUMES: &str =
    "The rule is kept (`wait` = 2) or epsilon does not grow, oscillators do not drift, and nothing goes wrong.";

pub(super) const THEORY: &[Theory] = &[
    Theory {
        of: "commit_wait",
        formula: "the greater of the round and k epsilon, k the `wait`, and the nanosecond that makes it later; for one \
                  transaction within a whole number of polls and no round, k times the mean of an epsilon that grows evenly",
        assumes: ASSUMES,
        value: |scenario| {
            let (params, wait) = mean_wait(scenario)?;
            Some(wait.max(params.round.ns() as f64))
        },
    },
    Theory {
        of: "extra_wait",
        formula: "max(0, k epsilon - L), L the round of replication",
        assumes: ASSUMES,
        value: |scenario| {
            let (params, wait) = mean_wait(scenario)?;
            Some((wait - params.round.ns() as f64).max(0.0))
        },
    },
];

/// The parameters, and the mean of what a transaction waits for its stamp to be past.
fn mean_wait(scenario: &Scenario) -> Option<(CommitWait, f64)> {
    let params: CommitWait = scenario.params.read().ok()?;
    // The first transaction commits in the run; the others wait no longer.
    let grown = params.epsilon
        + Span::from_ns((i128::from(params.poll.ns()) * i128::from(params.growth_ppm) / super::PPM) as i64);
    let first = params.within + theory::longest_delay(scenario) + params.round + grown.times(2) + super::LATER;
    let is_whole = Time::ZERO + first < scenario.until;
    if !(theory::is_calm(scenario) && theory::is_even(scenario) && theory::is_steady(scenario) && is_whole) {
        return None;
    }
    let wait = f64::from(params.wait);
    let later = if params.wait > 0 { super::LATER.ns() as f64 } else { 0.0 };
    let epsilon = params.epsilon.ns() as f64;
    if params.growth_ppm == 0 {
        return Some((params, wait * epsilon + later));
    }
    // The wait ends when the clock less an epsilon that has grown meanwhile has come to the stamp.
    let growth = f64::from(params.growth_ppm) * 1e-6;
    let is_even = params.within > Span::ZERO && params.within.ns() % params.poll.ns() == 0;
    let is_one = params.transactions == 1 && params.round == Span::ZERO && params.wait == 2;
    let mean = epsilon + growth * params.poll.ns() as f64 / 2.0;
    (is_even && is_one).then(|| (params, 2.0 * mean / (1.0 - growth)))
}
