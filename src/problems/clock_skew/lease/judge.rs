//! What of a lease is judged and measured, and what theory says of it.
//!
//! A client believes that it holds a lease from its output `holds` to its output `ended`, or to its crash. The lock server
//! tells `granted` and notes `expired`; the store tells `accepted` and `rejected`. All of them give the lease's token.

use crate::check::{self, Judge, Kind, Measure, Property, Run, Verdict};
use crate::problems::Theory;
use crate::process::{NodeId, Output};
use crate::time::{Distribution, Span, Time};
use crate::trace::{Event, Kinds, What};

use super::super::theory;
use super::{FIRST_CLIENT, From, LOCKS, Params};

const NEEDS: Kinds = Kinds::OUTPUT.or(Kinds::CRASHED);

pub(super) const PROPERTIES: &[Property] = &[
    Property {
        name: "mutual-exclusion",
        kind: Kind::Safety,
        says: "No two clients believe at the same time that they hold the lease.",
        needs: NEEDS,
        judge: Judge::at_end(mutual_exclusion),
    },
    Property {
        name: "no-stale-write",
        kind: Kind::Safety,
        says: "The store accepts no write under a lease after a later one was granted.",
        needs: Kinds::OUTPUT,
        judge: Judge::at_end(no_stale_write),
    },
    Property {
        name: "tokens-in-order",
        kind: Kind::Safety,
        says: "The store accepts no write with a token less than one that it accepted before.",
        needs: Kinds::OUTPUT,
        judge: Judge::at_end(tokens_in_order),
    },
];

pub(super) const MEASURES: &[Measure] = &[
    check::MESSAGES,
    Measure {
        name: "overlap",
        unit: "ns",
        says: "How long a client went on believing in a lease that the server had let expire, at most; less than nothing \
               if it always stopped before.",
        needs: NEEDS.or(Kinds::NOTED),
        of: Judge::at_end(|run| overlaps(run).max()),
        in_words: None,
    },
    Measure {
        name: "two_holders",
        unit: "ns",
        says: "How long two clients believed at once that they hold the lease, at most.",
        needs: NEEDS,
        of: Judge::at_end(|run| Some(shared(run).map_or(0, |shared| shared.length.ns()))),
        in_words: None,
    },
    Measure {
        name: "stale_writes",
        unit: "writes",
        says: "Writes that the store accepted under a lease after a later one was granted.",
        needs: Kinds::OUTPUT,
        of: Judge::at_end(|run| i64::try_from(stale(run).count()).ok()),
        in_words: None,
    },
    Measure {
        name: "rejected_writes",
        unit: "writes",
        says: "Writes that the store rejected for their tokens.",
        needs: Kinds::OUTPUT,
        of: Judge::at_end(|run| i64::try_from(told(run, "rejected").count()).ok()),
        in_words: None,
    },
];

/// The outputs of this name: the event, the node and the token.
fn told<'a>(run: &Run<'a>, name: &'static str) -> impl Iterator<Item = (&'a Event, NodeId, i64)> + use<'a> {
    run.trace
        .outputs()
        .filter(move |(.., output)| output.name == name)
        .filter_map(|(event, node, output)| token(output).map(|token| (event, node, token)))
}

const fn token(output: Output) -> Option<i64> {
    output.value.number()
}

/// A client's belief that it holds a lease.
struct Belief<'a> {
    client: NodeId,
    token: i64,
    begins: &'a Event,
    /// The event that ends it, if it ended in the run.
    ends: Option<&'a Event>,
}

impl Belief<'_> {
    fn until(&self, run: &Run<'_>) -> Time {
        self.ends.map_or(run.trace.ended_at, |event| event.at)
    }
}

fn beliefs<'a>(run: &Run<'a>) -> Vec<Belief<'a>> {
    let is_end = |what: What| what == What::Crashed || matches!(what, What::Output(output) if output.name == "ended");
    let end = |begins: &Event| {
        let mut after = run.trace.events.iter().filter(|event| event.id > begins.id);
        after.find(|event| event.node == begins.node && is_end(event.what))
    };
    let held = told(run, "holds");
    held.map(|(begins, client, token)| Belief { client, token, begins, ends: end(begins) }).collect()
}

/// Two beliefs at once.
struct Shared<'a> {
    older: Belief<'a>,
    newer: Belief<'a>,
    length: Span,
}

/// The longest time for which two clients believed at once.
fn shared<'a>(run: &Run<'a>) -> Option<Shared<'a>> {
    let mut longest: Option<(usize, usize, Span)> = None;
    let beliefs = beliefs(run);
    for (second, newer) in beliefs.iter().enumerate() {
        for (first, older) in beliefs[..second].iter().enumerate().filter(|(_, older)| older.client != newer.client) {
            let length = older.until(run).min(newer.until(run)).since(newer.begins.at);
            if length > longest.map_or(Span::ZERO, |(.., length)| length) {
                longest = Some((first, second, length));
            }
        }
    }
    let (first, second, length) = longest?;
    let mut beliefs = beliefs.into_iter().skip(first);
    Some(Shared { older: beliefs.next()?, newer: beliefs.nth(second - first - 1)?, length })
}

fn mutual_exclusion(run: &Run<'_>) -> Verdict {
    match shared(run) {
        Some(Shared { older, newer, length }) => {
            let because = || {
                let (who, other) = (run.name(older.client), run.name(newer.client));
                let until = older.until(run).since(Time::ZERO).rounded();
                let since = newer.begins.at.since(Time::ZERO).rounded();
                format!(
                    "{who} believed in lease {} until {until}, and {other} held lease {} from {since} on: two holders \
                     for {}.",
                    older.token,
                    newer.token,
                    length.rounded()
                )
            };
            run.violated(because, [older.begins.id, newer.begins.id].into_iter().chain(older.ends.map(|end| end.id)))
        }
        None => run.holds(|| match beliefs(run).len() {
            0 => "Nobody held the lease.".to_owned(),
            1 => "The lease was held once.".to_owned(),
            times => format!("The lease was held {times} times, by one client at a time."),
        }),
    }
}

/// An accepted write under a lease after a later one was granted, with that grant.
fn stale<'a>(run: &Run<'a>) -> impl Iterator<Item = (&'a Event, i64, &'a Event, i64)> + use<'a> {
    let run = *run;
    told(&run, "accepted").filter_map(move |(accepted, _, token)| {
        let mut granted = told(&run, "granted");
        let (grant, _, later) = granted.find(|&(grant, _, other)| other > token && grant.id < accepted.id)?;
        Some((accepted, token, grant, later))
    })
}

fn no_stale_write(run: &Run<'_>) -> Verdict {
    match stale(run).next() {
        Some((accepted, token, grant, later)) => {
            let because = || {
                let [at, granted] = [accepted, grant].map(|event| event.at.since(Time::ZERO).rounded());
                let whose = holder(run, token);
                format!(
                    "The store accepted a write of {whose} with token {token} at {at}, though lease {later} had been granted \
                     at {granted}."
                )
            };
            run.violated(because, [grant.id, accepted.id])
        }
        None => run.holds(|| match (told(run, "accepted").count(), told(run, "rejected").count()) {
            (accepted, 0) => format!("All {accepted} writes came before a later lease was granted."),
            (_, 1) => "One write came too late, and the store rejected it.".to_owned(),
            (_, rejected) => format!("{rejected} writes came too late, and the store rejected them."),
        }),
    }
}

/// Who held the lease with this token.
fn holder<'a>(run: &Run<'a>, token: i64) -> &'a str {
    told(run, "holds").find(|&(.., held)| held == token).map_or("somebody", |(_, client, _)| run.name(client))
}

fn tokens_in_order(run: &Run<'_>) -> Verdict {
    let mut greatest: Option<(&Event, i64)> = None;
    for (accepted, _, token) in told(run, "accepted") {
        match greatest {
            Some((before, greater)) if token < greater => {
                let because = || {
                    let [first, then] = [before, accepted].map(|event| event.at.since(Time::ZERO).rounded());
                    format!("The store accepted token {greater} at {first}, and then {token} at {then}.")
                };
                return run.violated(because, [before.id, accepted.id]);
            }
            Some((_, greater)) if token == greater => {}
            _ => greatest = Some((accepted, token)),
        }
    }
    run.holds(|| "No token went down.".to_owned())
}

/// For each lease that was over for both: when its client ceased to believe, less when the server let it expire.
fn overlaps<'a>(run: &Run<'a>) -> impl Iterator<Item = i64> + use<'a> {
    let run = *run;
    beliefs(&run).into_iter().filter_map(move |belief| {
        let mut expired = run.trace.notes("expired").filter(|(.., note)| token(*note) == Some(belief.token));
        Some(belief.ends?.at.since(expired.next()?.0.at).ns())
    })
}

pub(super) const THEORY: &[Theory] = &[Theory {
    of: "overlap",
    formula: "d + T/(1+c) - L/(1+s) counted from reception, -d + T/(1+c) - L/(1+s) counted from sending; d the delay of a \
              message, L the server's length and s its drift, T what clients trust and c their drift",
    assumes: "All messages take the same time, all clients' oscillators run alike, and nothing goes wrong.",
    value: |scenario| {
        let params: Params = scenario.params.read().ok()?;
        let clients = scenario.clocks.get(FIRST_CLIENT..)?;
        let drift = clients.first()?.drift_ppb;
        let is_alike = clients.iter().all(|clock| clock.drift_ppb == drift);
        let Distribution::Constant(delay) = scenario.network.default.delay else { return None };
        let has_copies = scenario.network.default.duplicate.get() > 0.0;
        let is_plain = theory::is_calm(scenario) && theory::is_even(scenario) && !has_copies;
        // A request that is not answered in time is made again.
        let is_quick = delay.times(2) < super::RETRY && delay < params.trust();
        let is_whole = Time::ZERO + params.length.times(2) + params.trust().times(2) < scenario.until;
        if !(is_alike && is_plain && is_quick && is_whole) {
            return None;
        }
        let takes = |span: Span, ppb: i64| span.ns() as f64 / (1.0 + ppb as f64 * 1e-9);
        let held = takes(params.trust(), drift) - takes(params.length, scenario.clocks[LOCKS.index()].drift_ppb);
        let way = delay.ns() as f64;
        Some(match params.from {
            From::Reception => held + way,
            From::Sending => held - way,
        })
    },
}];
