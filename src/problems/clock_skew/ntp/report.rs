//! NTP's selection as a report shows it: whom a client could choose among, and which interval it
//! found.
//!
//! At each update a client notes, for each server that is fit to be followed, `candidate` (the
//! server's place among the nodes, from one on) with `low` and `high`, the ends of its interval;
//! then `interval-low`, `interval-high` and `falsetickers`; then `truechimers`, the only one with
//! words. Offsets are ahead of the client's clock as it is then.

use std::marker::PhantomData;

use crate::check::{Fold, Judge, Measure, Row, Run, Table};
use crate::process::{Context, NodeId, Output, Value};
use crate::time::{Span, Time};
use crate::trace::{Event, EventKind, Kinds};

use super::selection::Candidate;
use super::{Algorithm, Constants, Ntp};

const CANDIDATE: &str = "candidate";
const LOW: &str = "low";
const HIGH: &str = "high";
const INTERVAL_LOW: &str = "interval-low";
const INTERVAL_HIGH: &str = "interval-high";
const FALSETICKERS: &str = "falsetickers";
const TRUECHIMERS: &str = "truechimers";

/// Notes an update's selection.
pub(super) fn note_selection(
    candidates: &[Candidate],
    truechimers: usize,
    interval: Option<(i64, i64)>,
    ctx: &mut Context<'_, Ntp>,
    words: impl FnOnce() -> String,
) {
    note_candidates(candidates, ctx);
    if let Some((low, high)) = interval {
        ctx.note(INTERVAL_LOW, Span::from_ns(low), String::new);
        ctx.note(INTERVAL_HIGH, Span::from_ns(high), String::new);
    }
    ctx.note(FALSETICKERS, count(candidates.len() - truechimers), String::new);
    ctx.note(TRUECHIMERS, count(truechimers), words);
}

/// Notes that no majority of the candidates agrees.
pub(super) fn note_disagreement(candidates: &[Candidate], ctx: &mut Context<'_, Ntp>) {
    note_candidates(candidates, ctx);
    ctx.note(TRUECHIMERS, count(0), || match candidates.len() {
        0 => "no server is fit to be followed".to_owned(),
        1 => "one server is not enough".to_owned(),
        2 => "2 servers disagree, and two cannot outvote each other".to_owned(),
        many => format!("no majority of {many} servers agrees"),
    });
}

fn note_candidates(candidates: &[Candidate], ctx: &mut Context<'_, Ntp>) {
    for candidate in candidates {
        ctx.note(CANDIDATE, count(candidate.server + 1), String::new);
        ctx.note(LOW, Span::from_ns(candidate.low()), String::new);
        ctx.note(HIGH, Span::from_ns(candidate.high()), String::new);
    }
}

fn count(of: usize) -> Value {
    Value::Number(i64::try_from(of).unwrap_or(i64::MAX))
}

/// What one selection came to.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    pub(super) client: NodeId,
    pub(super) at: Time,
    pub(super) candidates: usize,
    /// None if no majority agrees.
    pub(super) truechimers: i64,
    /// The servers with the ends of their intervals, in nanoseconds ahead of the client's clock.
    pub(super) intervals: Vec<(NodeId, i64, i64)>,
    /// The interval that was found, likewise.
    interval: Option<(i64, i64)>,
}

impl Selection {
    /// All selections of a run whose events are all there, in order.
    pub(super) fn all(run: &Run<'_>) -> Vec<Selection> {
        let mut reader = Reader::default();
        run.trace.events.iter().filter_map(|event| reader.see(event, run)).collect()
    }
}

/// What a node told its user or noted in an event.
const fn told_by(what: EventKind) -> Option<Output> {
    match what {
        EventKind::Output(output) | EventKind::Noted(output) => Some(output),
        _ => None,
    }
}

/// Puts notes together: a client notes a selection within one handler.
#[derive(Debug, Default)]
struct Reader {
    intervals: Vec<(NodeId, i64, i64)>,
    interval: (Option<i64>, Option<i64>),
}

impl Reader {
    fn see(&mut self, event: &Event, run: &Run<'_>) -> Option<Selection> {
        let (note, client) = (told_by(event.what)?, event.node?);
        let number = note.value.number()?;
        match note.name {
            CANDIDATE => {
                let server =
                    NodeId::first(run.trace.names.count()).nth(usize::try_from(number).ok()?.checked_sub(1)?)?;
                self.intervals.push((server, 0, 0));
            }
            LOW => self.intervals.last_mut()?.1 = number,
            HIGH => self.intervals.last_mut()?.2 = number,
            INTERVAL_LOW => self.interval.0 = Some(number),
            INTERVAL_HIGH => self.interval.1 = Some(number),
            TRUECHIMERS => {
                let intervals = std::mem::take(&mut self.intervals);
                let (low, high) = std::mem::take(&mut self.interval);
                let (at, candidates, interval) = (event.at, intervals.len(), low.zip(high));
                return Some(Selection { client, at, candidates, truechimers: number, intervals, interval });
            }
            _ => {}
        }
        None
    }
}

/// The largest of a figure over all selections.
#[derive(Debug, Default)]
struct Most<F> {
    reader: Reader,
    most: Option<i64>,
    figure: PhantomData<F>,
}

trait Figure: Default + Send {
    fn of(selection: &Selection) -> Option<i64>;
}

#[derive(Debug, Default)]
struct Falsetickers;

impl Figure for Falsetickers {
    fn of(selection: &Selection) -> Option<i64> {
        let candidates = i64::try_from(selection.candidates).ok()?;
        (selection.truechimers > 0).then_some(candidates - selection.truechimers)
    }
}

#[derive(Debug, Default)]
struct Width;

impl Figure for Width {
    fn of(selection: &Selection) -> Option<i64> {
        selection.interval.map(|(low, high)| high.saturating_sub(low))
    }
}

impl<F: Figure> Fold for Most<F> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        if let Some(selection) = self.reader.see(event, run) {
            self.most = self.most.max(F::of(&selection));
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        self.most
    }
}

pub(super) const MEASURES: [Measure; 2] = [
    Measure {
        name: "falsetickers",
        unit: "servers",
        says: "How many servers an update dropped as falsetickers, at most.",
        needs: Kinds::NOTED,
        of: Judge::fold::<Most<Falsetickers>>(),
        in_words: None,
    },
    Measure {
        name: "selection_width",
        unit: "ns",
        says: "How wide the interval was that selection found at an update, at most.",
        needs: Kinds::NOTED,
        of: Judge::fold::<Most<Width>>(),
        in_words: Some(|ns, _| Span::from_ns(ns).rounded()),
    },
];

/// Each client's last selection, server by server.
pub(super) fn table(run: &Run<'_>) -> Table {
    let mut last: Vec<Option<Selection>> = vec![None; run.trace.names.count()];
    for selection in Selection::all(run) {
        let client = selection.client.index();
        last[client] = Some(selection);
    }
    let rows = last.iter().flatten().flat_map(|selection| rows(run, selection));
    Table { title: "Each client's last selection", columns: COLUMNS, rows: rows.collect() }
}

const COLUMNS: &[&str] = &["client", "server", "at", "low", "high", "truechimer"];

fn rows(run: &Run<'_>, selection: &Selection) -> Vec<Row> {
    let span = |ns: i64| Value::Span(Span::from_ns(ns));
    let algorithm = run.scenario.params.read::<Constants>().map_or(Algorithm::Intersection, |of| of.algorithm);
    let is_truechimer = |low: i64, high: i64| match (selection.interval, algorithm) {
        (None, _) => false,
        (Some(found), Algorithm::Intersection) => (found.0..=found.1).contains(&low.midpoint(high)),
        (Some(found), Algorithm::Marzullo) => low <= found.0 && found.1 <= high,
    };
    let client = run.name(selection.client);
    let row = |&(server, low, high): &(NodeId, i64, i64)| {
        let (name, chimes) = (run.name(server), is_truechimer(low, high));
        let remark = match (selection.interval, chimes) {
            (None, _) => format!("{client} believes nobody: no majority agrees with {name}"),
            (Some(_), false) => format!("{client} drops {name}"),
            (Some(_), true) => String::new(),
        };
        let (at, word) = (selection.at.since(Time::ZERO), Value::Word(if chimes { "yes" } else { "no" }));
        let places = [selection.client, server].map(|node| count(node.index() + 1));
        Row { cells: vec![places[0], places[1], Value::Span(at), span(low), span(high), word], remark }
    };
    selection.intervals.iter().map(row).collect()
}
