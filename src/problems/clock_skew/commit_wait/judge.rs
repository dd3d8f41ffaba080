//! What of commit wait is judged and measured, and what theory says of it.
//!
//! The user tells `begins`, a server notes `epsilon` and `stamp` and tells `committed`.

use crate::check::chart::Chart;
use crate::check::{self, Judge, Kind, Measure, Property, Run, Verdict};
use crate::problems::Theory;
use crate::process::{NodeId, Output, Value};
use crate::scenario::Scenario;
use crate::time::clock::History;
use crate::time::{Reading, Span, Time};
use crate::trace::{Event, EventId, Kinds, What};

use super::super::chart as clocks;
use super::super::judge::{Bounded, Promise};
use super::super::theory;
use super::Params;

const NEEDS: Kinds = Kinds::OUTPUT.or(Kinds::NOTED);
/// As many teeth of the saw as are charted.
const MOST_EPSILONS: usize = 10_000;

pub(super) const PROPERTIES: &[Property] = &[
    Property {
        name: "external-consistency",
        kind: Kind::Safety,
        says: "If one transaction has committed before another begins, its stamp is less.",
        needs: NEEDS,
        judge: Judge::at_end(external_consistency),
    },
    Property {
        name: "true-time",
        kind: Kind::Safety,
        says: "Whenever a server stamps, true time is within epsilon of its clock.",
        needs: NEEDS,
        judge: Judge::at_end(true_time),
    },
    Property {
        name: "termination",
        kind: Kind::Liveness,
        says: "Every transaction commits.",
        needs: Kinds::OUTPUT,
        judge: Judge::at_end(termination),
    },
];

pub(super) const MEASURES: &[Measure] = &[
    check::MESSAGES,
    Measure {
        name: "commit_wait",
        unit: "ns",
        says: "The longest time from a transaction's stamp to its commit.",
        needs: NEEDS,
        of: Judge::at_end(|run| transactions(run).iter().filter_map(Transaction::took).max().map(Span::ns)),
        in_words: None,
    },
    Measure {
        name: "extra_wait",
        unit: "ns",
        says: "The longest that a commit was held back beyond its round of replication.",
        needs: NEEDS,
        of: Judge::at_end(|run| {
            let round = run.scenario.params.read::<Params>().ok()?.round;
            let took = transactions(run).iter().filter_map(Transaction::took).max()?;
            Some((took - round).max(Span::ZERO).ns())
        }),
        in_words: None,
    },
];

/// A transaction as the trace tells of it.
struct Transaction<'a> {
    number: i64,
    begins: &'a Event,
    stamped: Option<(&'a Event, Reading)>,
    committed: Option<&'a Event>,
}

impl Transaction<'_> {
    fn took(&self) -> Option<Span> {
        Some(self.committed?.at.since(self.stamped?.0.at))
    }
}

/// All transactions, in the order in which they ran: one at a time, so that what is noted after one began is its own.
fn transactions<'a>(run: &Run<'a>) -> Vec<Transaction<'a>> {
    let mut transactions: Vec<Transaction<'a>> = Vec::new();
    for event in &run.trace.events {
        match (event.what, transactions.last_mut()) {
            (What::Output(Output { name: "begins", value: Value::Number(number) }), _) => {
                transactions.push(Transaction { number, begins: event, stamped: None, committed: None });
            }
            (What::Noted(Output { name: "stamp", value: Value::Number(stamp) }), Some(current)) => {
                current.stamped = Some((event, Reading::from_ns(stamp)));
            }
            (What::Output(Output { name: "committed", .. }), Some(current)) => current.committed = Some(event),
            _ => {}
        }
    }
    transactions
}

fn external_consistency(run: &Run<'_>) -> Verdict {
    // Each transaction begins after all before it have committed: it is enough to look at the greatest stamp so far.
    let mut greatest: Option<(&Transaction<'_>, &Event, Reading)> = None;
    let transactions = transactions(run);
    for transaction in &transactions {
        let Some((stamped, stamp)) = transaction.stamped else { continue };
        if let Some((before, first, greater)) = greatest
            && stamp <= greater
        {
            let because = || {
                let [one, other] = [before, transaction].map(|transaction| transaction.number);
                let [here, there] = [first, stamped].map(|event| event.node.map_or("?", |node| run.name(node)));
                let at = before.committed.map_or(before.begins.at, |event| event.at).since(Time::ZERO).rounded();
                let began = transaction.begins.at.since(Time::ZERO).rounded();
                format!(
                    "Transaction {one} was committed at {at}, before transaction {other} began at {began}; but {here} had \
                     stamped it with {greater}, and {there} stamped the later one with {stamp}."
                )
            };
            let committed = before.committed.map(|event| event.id);
            let evidence = [Some(first.id), committed, Some(transaction.begins.id), Some(stamped.id)];
            return run.violated(because, evidence.into_iter().flatten().collect::<Vec<EventId>>());
        }
        if transaction.committed.is_some() {
            greatest = Some((transaction, stamped, stamp));
        }
    }
    run.holds(|| "Each transaction has a greater stamp than all that had committed before it began.".to_owned())
}

fn true_time(run: &Run<'_>) -> Verdict {
    let epsilons =
        run.trace.notes("epsilon").filter_map(|(event, node, note)| Some((event, node, note.value.number()?)));
    let off = |event: &Event, node: NodeId| {
        let shows = run.trace.clocks[node.index()].read(event.at).ns();
        Span::from_ns(shows.saturating_sub(event.at.ns().cast_signed()))
    };
    match epsilons.into_iter().find(|&(event, node, epsilon)| off(event, node).abs().ns() > epsilon) {
        Some((event, node, epsilon)) => {
            let because = || {
                let (who, at) = (run.name(node), event.at.since(Time::ZERO).rounded());
                let (off, epsilon) = (off(event, node), Span::from_ns(epsilon).rounded());
                let way = if off.is_negative() { "behind" } else { "ahead of" };
                format!("{who}'s clock was {} {way} true time at {at}, and epsilon is {epsilon}.", off.abs().rounded())
            };
            run.violated(because, [event.id])
        }
        None => run.holds(|| "True time was in every interval.".to_owned()),
    }
}

fn termination(run: &Run<'_>) -> Verdict {
    let wanted = run.scenario.params.read::<Params>().map_or(0, |params| params.transactions as usize);
    let committed = transactions(run).iter().filter(|transaction| transaction.committed.is_some()).count();
    let told = || format!("{committed} of {wanted} transactions committed.");
    if committed == wanted { run.holds(told) } else { run.not_reached(told, Vec::new()) }
}

/// The servers' clocks, with the epsilon that each of them goes by.
pub(super) fn chart(run: &Run<'_>) -> Chart {
    let servers: Vec<NodeId> = NodeId::first(run.trace.names.count()).filter(|&node| node != super::USER).collect();
    let Ok(params) = run.scenario.params.read::<Params>() else { return clocks::chart(run, None, [], &[], "") };
    let promises: Vec<Promise> = servers.iter().flat_map(|&node| epsilons(run, &params, node)).collect();
    let counted = servers.into_iter().map(|node| (node, Some(Time::ZERO)));
    clocks::chart(run, None, counted, &promises, "epsilon")
}

/// What a server takes for granted of its clock, from one synchronisation to the next.
fn epsilons(run: &Run<'_>, params: &Params, node: NodeId) -> Vec<Promise> {
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

/// The first moment from `from` to `to` at which a clock that is never stepped shows `reading`; `to` if it does later.
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
        formula: "the greater of the round and k epsilon, k the `wait`; for one transaction within a whole number of polls and \
                  no round, k times the mean of an epsilon that grows evenly",
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
fn mean_wait(scenario: &Scenario) -> Option<(Params, f64)> {
    let params: Params = scenario.params.read().ok()?;
    if !(theory::is_calm(scenario) && theory::is_even(scenario) && theory::is_steady(scenario)) {
        return None;
    }
    let wait = f64::from(params.wait);
    let epsilon = params.epsilon.ns() as f64;
    if params.growth_ppm == 0 {
        return Some((params, wait * epsilon));
    }
    // The wait ends when the clock less an epsilon that has grown meanwhile has come to the stamp.
    let growth = f64::from(params.growth_ppm) * 1e-6;
    let is_even = params.within > Span::ZERO && params.within.ns() % params.poll.ns() == 0;
    let is_one = params.transactions == 1 && params.round == Span::ZERO && params.wait == 2;
    let mean = epsilon + growth * params.poll.ns() as f64 / 2.0;
    (is_even && is_one).then(|| (params, 2.0 * mean / (1.0 - growth)))
}
