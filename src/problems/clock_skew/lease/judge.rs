//! How leases are judged and measured, and what theory says about them.
//!
//! A client believes that it holds a lease from its output `holds` to its output `ended`, or to its
//! crash. The lock server tells `granted` and notes `expired`; the store tells `accepted` and
//! `rejected`. All of them give the lease's token.

use std::collections::BTreeMap;

use crate::check::{self, Fold, Judge, Kind, Measure, Property, Run, Verdict};
use crate::problems::Theory;
use crate::process::{NodeId, Output};
use crate::time::{Distribution, Span, Time};
use crate::trace::{Event, EventId, EventKind, Kinds};

use super::super::theory;
use super::service::EveryClientServed;
use super::{FIRST_CLIENT, From, LOCKS, Lease};

const NEEDS: Kinds = Kinds::OUTPUT.or(Kinds::CRASHED);

pub(super) const PROPERTIES: &[Property] = &[
    Property {
        name: "mutual-exclusion",
        kind: Kind::Safety,
        says: "No two clients believe at the same time that they hold the lease.",
        needs: NEEDS,
        judge: Judge::fold::<MutualExclusion>(),
    },
    Property {
        name: "no-stale-write",
        kind: Kind::Safety,
        says: "The store accepts no write under a lease after a later one was granted.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<NoStaleWrite>(),
    },
    Property {
        name: "tokens-in-order",
        kind: Kind::Safety,
        says: "The store accepts no write with a token less than one that it accepted before.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<TokensInOrder>(),
    },
    Property {
        name: "every-client-served",
        kind: Kind::Liveness,
        says: "Every client that asks and stays up gets the lease in the end.",
        needs: NEEDS.or(Kinds::RESTARTED),
        judge: Judge::fold::<EveryClientServed>(),
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
        of: Judge::fold::<Overlap>(),
        in_words: None,
    },
    Measure {
        name: "two_holders",
        unit: "ns",
        says: "How long two clients believed at once that they hold the lease, at most.",
        needs: NEEDS,
        of: Judge::fold::<TwoHolders>(),
        in_words: None,
    },
    Measure {
        name: "stale_writes",
        unit: "writes",
        says: "Writes that the store accepted under a lease after a later one was granted.",
        needs: Kinds::OUTPUT,
        of: Judge::fold::<StaleWrites>(),
        in_words: None,
    },
    Measure {
        name: "rejected_writes",
        unit: "writes",
        says: "Writes that the store rejected for their tokens.",
        needs: Kinds::OUTPUT,
        of: Judge::fold::<RejectedWrites>(),
        in_words: None,
    },
];

/// An output of this name: its node and its token.
fn told(event: &Event, name: &str) -> Option<(NodeId, i64)> {
    match (event.what, event.node) {
        (EventKind::Output(output), Some(node)) if output.name == name => Some((node, token(output)?)),
        _ => None,
    }
}

const fn token(output: Output) -> Option<i64> {
    output.value.number()
}

/// A client's belief that it holds a lease.
#[derive(Clone, Copy, Debug)]
struct Belief {
    client: NodeId,
    token: i64,
    begins: Event,
    /// The event that ends it, if it ended in the run.
    ends: Option<Event>,
}

/// The beliefs that go on, at most one a client.
#[derive(Debug, Default)]
struct Beliefs(BTreeMap<NodeId, Belief>);

impl Beliefs {
    /// Takes in an event; returns the belief that it ends.
    fn see(&mut self, event: &Event) -> Option<Belief> {
        if let Some((client, token)) = told(event, "holds") {
            let belief = Belief { client, token, begins: *event, ends: None };
            return self.0.insert(client, belief).map(|before| Belief { ends: Some(*event), ..before });
        }
        if event.what == EventKind::Crashed || told(event, "ended").is_some() {
            let belief = self.0.remove(&event.node?)?;
            return Some(Belief { ends: Some(*event), ..belief });
        }
        None
    }
}

/// Two beliefs at once.
#[derive(Clone, Copy, Debug)]
struct Shared {
    older: Belief,
    newer: Belief,
    length: Span,
}

/// Looks for two clients that believe at once, and for how long at most.
#[derive(Debug, Default)]
struct TwoHolders {
    beliefs: Beliefs,
    held: usize,
    longest: Option<Shared>,
}

impl TwoHolders {
    fn take_in(&mut self, event: &Event) {
        self.held += usize::from(told(event, "holds").is_some());
        if let Some(ended) = self.beliefs.see(event) {
            self.share(ended, event.at);
        }
    }

    /// Holds a belief that ends at `until` against those that go on.
    fn share(&mut self, ended: Belief, until: Time) {
        for &other in self.beliefs.0.values().filter(|other| other.client != ended.client) {
            let is_older = ended.begins.id < other.begins.id;
            let (older, newer) = if is_older { (ended, other) } else { (other, ended) };
            let length = until.since(newer.begins.at);
            if length > self.longest.map_or(Span::ZERO, |longest| longest.length) {
                self.longest = Some(Shared { older, newer, length });
            }
        }
    }

    /// The run is over, and all beliefs that went on with it.
    fn end(&mut self, run: &Run<'_>) {
        while let Some((_, last)) = self.beliefs.0.pop_first() {
            self.share(last, run.trace.ended_at);
        }
    }
}

impl Fold for TwoHolders {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.take_in(event);
    }

    fn say(&mut self, run: &Run<'_>) -> Option<i64> {
        self.end(run);
        Some(self.longest.map_or(0, |shared| shared.length.ns()))
    }
}

#[derive(Debug, Default)]
struct MutualExclusion(TwoHolders);

impl Fold for MutualExclusion {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.take_in(event);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        self.0.end(run);
        let Some(Shared { older, newer, length }) = self.0.longest else {
            return match self.0.held {
                0 => run.holds_vacuously(|| "Nobody held the lease.".to_owned()),
                1 => run.holds(|| "The lease was held once.".to_owned()),
                2 => run.holds(|| "The lease was held twice, by one client at a time.".to_owned()),
                times => run.holds(|| format!("The lease was held {times} times, by one client at a time.")),
            };
        };
        // Of two beliefs the one that ended first is known with its end; the other went on for at
        // least as long.
        let ends = older.ends.or_else(|| end_of(run, &older));
        let because = || {
            let (who, other) = (run.name(older.client), run.name(newer.client));
            let until = ends.map_or(run.trace.ended_at, |event| event.at).since(Time::ZERO).rounded();
            let since = newer.begins.at.since(Time::ZERO).rounded();
            format!(
                "{who} believed in lease {} until {until}, and {other} held lease {} from {since} on: two holders \
                 for {}.",
                older.token,
                newer.token,
                length.rounded()
            )
        };
        run.violated(because, [older.begins.id, newer.begins.id].into_iter().chain(ends.map(|end| end.id)))
    }
}

/// When a belief ended, of a run whose events are all there.
fn end_of(run: &Run<'_>, belief: &Belief) -> Option<Event> {
    let is_end = |event: &&Event| event.what == EventKind::Crashed || told(event, "ended").is_some();
    let after =
        run.trace.events.iter().filter(|event| event.id > belief.begins.id && event.node == Some(belief.client));
    after.copied().find(|event| is_end(&event))
}

/// Looks for writes that the store accepted under a lease after a later one was granted.
#[derive(Debug, Default)]
struct StaleWrites {
    greatest_granted: Option<i64>,
    accepted: usize,
    rejected: usize,
    stale: usize,
    /// The first stale write, and its token.
    first: Option<(Event, i64)>,
}

impl StaleWrites {
    fn take_in(&mut self, event: &Event) {
        if let Some((_, token)) = told(event, "granted") {
            self.greatest_granted = self.greatest_granted.max(Some(token));
        } else if told(event, "rejected").is_some() {
            self.rejected += 1;
        } else if let Some((_, token)) = told(event, "accepted") {
            self.accepted += 1;
            if self.greatest_granted.is_some_and(|granted| granted > token) {
                self.stale += 1;
                self.first.get_or_insert((*event, token));
            }
        }
    }
}

impl Fold for StaleWrites {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.take_in(event);
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        i64::try_from(self.stale).ok()
    }
}

/// Counts the writes that the store rejected.
#[derive(Debug, Default)]
struct RejectedWrites(StaleWrites);

impl Fold for RejectedWrites {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.take_in(event);
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        i64::try_from(self.0.rejected).ok()
    }
}

#[derive(Debug, Default)]
struct NoStaleWrite(StaleWrites);

impl Fold for NoStaleWrite {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.take_in(event);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        match (self.0.first, self.0.accepted, self.0.rejected) {
            (Some((accepted, token)), ..) => {
                let grant = later_grant(run, &accepted, token);
                let because = || {
                    let at = accepted.at.since(Time::ZERO).rounded();
                    let later = grant.map_or("a later lease".to_owned(), |(grant, later)| {
                        format!("lease {later} had been granted at {}", grant.at.since(Time::ZERO).rounded())
                    });
                    let whose = holder(run, token);
                    format!("The store accepted a write of {whose} with token {token} at {at}, though {later}.")
                };
                let evidence: Vec<EventId> =
                    grant.map(|(grant, _)| grant.id).into_iter().chain([accepted.id]).collect();
                run.violated(because, evidence)
            }
            (None, 0, 0) => run.holds_vacuously(|| "No write came to the store.".to_owned()),
            (None, 1, 0) => run.holds(|| "The only write came before a later lease was granted.".to_owned()),
            (None, accepted, 0) => {
                run.holds(|| format!("All {accepted} writes came before a later lease was granted."))
            }
            (None, _, 1) => run.holds(|| "One write came too late, and the store rejected it.".to_owned()),
            (None, _, rejected) => {
                run.holds(|| format!("{rejected} writes came too late, and the store rejected them."))
            }
        }
    }
}

/// The first grant of a later lease than that of a write that was accepted, of a run whose events
/// are all there.
fn later_grant(run: &Run<'_>, accepted: &Event, token: i64) -> Option<(Event, i64)> {
    let before = run.trace.events.iter().take_while(|event| event.id < accepted.id);
    let mut granted = before.filter_map(|event| Some((*event, told(event, "granted")?.1)));
    granted.find(|&(_, later)| later > token)
}

/// Who held the lease with this token, of a run whose events are all there.
fn holder<'a>(run: &Run<'a>, token: i64) -> &'a str {
    let mut held = run.trace.events.iter().filter_map(|event| told(event, "holds"));
    held.find(|&(_, held)| held == token).map_or("somebody", |(client, _)| run.name(client))
}

/// Looks for a token that goes down.
#[derive(Debug, Default)]
struct TokensInOrder {
    /// The first write with the greatest token so far.
    greatest: Option<(Event, i64)>,
    disorder: Option<[(Event, i64); 2]>,
}

impl Fold for TokensInOrder {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        let Some((_, token)) = told(event, "accepted") else { return };
        match self.greatest {
            Some(greatest) if token < greatest.1 => {
                self.disorder.get_or_insert([greatest, (*event, token)]);
            }
            Some((_, greatest)) if token == greatest => {}
            _ => self.greatest = Some((*event, token)),
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        match self.disorder {
            Some([(before, greater), (accepted, token)]) => {
                let because = || {
                    let [first, then] = [before, accepted].map(|event| event.at.since(Time::ZERO).rounded());
                    format!("The store accepted token {greater} at {first}, and then {token} at {then}.")
                };
                run.violated(because, [before.id, accepted.id])
            }
            None if self.greatest.is_none() => run.holds_vacuously(|| "The store accepted no write.".to_owned()),
            None => run.holds(|| "No token went down.".to_owned()),
        }
    }
}

/// For each lease that was over for both: when its client ceased to believe, less when the server
/// let it expire.
#[derive(Debug, Default)]
struct Overlap {
    beliefs: Beliefs,
    /// For each token of which one is known and the other not: when its client ceased to believe,
    /// and when it expired.
    open: BTreeMap<i64, (Option<Time>, Option<Time>)>,
    most: Option<i64>,
}

impl Overlap {
    fn take_in(&mut self, token: i64, ended: Option<Time>, expired: Option<Time>) {
        let (known_ended, known_expired) = self.open.remove(&token).unwrap_or_default();
        let known = (known_ended.or(ended), known_expired.or(expired));
        if let (Some(ended), Some(expired)) = known {
            self.most = self.most.max(Some(ended.since(expired).ns()));
        } else {
            self.open.insert(token, known);
        }
    }
}

impl Fold for Overlap {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let Some(belief) = self.beliefs.see(event) {
            self.take_in(belief.token, Some(event.at), None);
        }
        if let EventKind::Noted(note) = event.what
            && note.name == "expired"
            && let Some(token) = token(note)
        {
            self.take_in(token, None, Some(event.at));
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        self.most
    }
}

pub(super) const THEORY: &[Theory] = &[Theory {
    of: "overlap",
    formula: "d + T/(1+c) - L/(1+s) counted from reception, -d + T/(1+c) - L/(1+s) counted from sending; d the delay of a \
              message, L the server's length and s its drift, T what clients trust and c their drift",
    assumes: "All messages take the same time, all clients' oscillators run alike, nobody's write is refused while they \
              believe, and nothing goes wrong.",
    value: |scenario| {
        let params: Lease = scenario.params.read().ok()?;
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
        let overlap = match params.from {
            From::Reception => held + way,
            From::Sending => held - way,
        };
        // A holder that is refused stops there. Of two clients nobody refuses the second.
        (!params.fencing || overlap <= 0.0 || clients.len() <= 2).then_some(overlap)
    },
}];
