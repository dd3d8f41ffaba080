//! What is claimed of a snapshot: read off what the nodes tell and note.

use std::collections::BTreeMap;

use crate::arrange::Arrange;
use crate::check::{Fold, Row, Run, Table, Verdict};
use crate::problems::exactly_once::guilt::{fate_words, spoken};
use crate::problems::exactly_once::wording::counted;
use crate::process::{MessageId, NodeId, Value};
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind};

use super::Params;

/// The parts of a snapshot that are complete.
#[derive(Debug, Default)]
struct Parts(BTreeMap<NodeId, i64>);

impl Parts {
    fn see(&mut self, event: &Event) {
        if let (EventKind::Output(told), Some(node)) = (event.what, event.node)
            && let Some(tokens) = told.value.number()
        {
            self.0.insert(node, tokens);
        }
    }

    /// The tokens in all of them.
    fn tokens(&self) -> i64 {
        self.0.values().sum()
    }
}

/// Tokens that the snapshot holds.
#[derive(Debug, Default)]
pub(super) struct Recorded(Parts);

impl Fold for Recorded {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.see(event);
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0.tokens())
    }
}

/// Whether every node completes its part.
#[derive(Debug, Default)]
pub(super) struct Termination(Parts);

impl Fold for Termination {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.see(event);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let nodes = NodeId::first(run.scenario.names.count());
        let waiting: Vec<NodeId> = nodes.filter(|node| !self.0.0.contains_key(node)).collect();
        if waiting.is_empty() {
            return run.holds(|| "A marker came to every node on each of its links.".to_owned());
        }
        run.not_reached(|| format!("Not complete: {}.", run.trace.names.list(&waiting)), Vec::new())
    }
}

/// Whether a complete snapshot holds as many tokens as there are.
#[derive(Debug, Default)]
pub(super) struct Conservation(Parts);

impl Fold for Conservation {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.see(event);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let all = run.scenario.names.count();
        if self.0.0.len() < all {
            return run.holds_vacuously(|| "The snapshot is not complete, so it claims nothing.".to_owned());
        }
        let Ok(params) = run.scenario.params.read::<Params>() else { return run.unknown(String::new) };
        let (there, found) = (i64::from(params.tokens) * all as i64, self.0.tokens());
        if (found, there) == (0, 0) {
            return run.holds_vacuously(|| "There are no tokens, and the snapshot holds none.".to_owned());
        }
        if found == there {
            return run.holds(|| format!("The snapshot holds all {there} tokens, each once."));
        }
        let (why, evidence) = guilty(run);
        run.violated(|| format!("The snapshot holds {}, and there are {there}{why}.", tokens(found)), evidence)
    }
}

fn tokens(count: i64) -> String {
    counted(usize::try_from(count).unwrap_or_default(), "token")
}

/// A clause of why a snapshot does not hold what there is, and the events that show it.
type Clause = (String, Vec<EventId>);

/// Why a snapshot does not hold what there is: what passed a marker, and what became more or less
/// on its way.
fn guilty(run: &Run<'_>) -> (String, Vec<EventId>) {
    const FEW: usize = 3;
    let mut clauses = overtaking(run);
    clauses.extend(changes(run));
    let evidence = clauses.iter().flat_map(|(_, events)| events.iter().copied()).collect();
    let more = clauses.len().saturating_sub(FEW);
    let mut words: Vec<String> = clauses.into_iter().take(FEW).map(|(words, _)| words).collect();
    match more {
        0 => {}
        1 => words.push("there is one more such".to_owned()),
        _ => words.push(format!("there are {more} more such")),
    }
    let why = if words.is_empty() { String::new() } else { format!(": {}", words.join(", and ")) };
    (why, evidence)
}

/// The tokens that passed a marker on its link, or were passed by one.
fn overtaking(run: &Run<'_>) -> Vec<Clause> {
    let markers = markers(run);
    let arrivals = || {
        run.trace.events.iter().filter_map(|event| match event.what {
            EventKind::Delivered(message) => Some((message, event.id)),
            _ => None,
        })
    };
    let link = |message: MessageId| (message.from(), message.to());
    let mut came: BTreeMap<(NodeId, NodeId), Vec<(MessageId, EventId)>> = BTreeMap::new();
    for (marker, at) in arrivals().filter(|(message, _)| markers.binary_search(&message.original()).is_ok()) {
        came.entry(link(marker)).or_default().push((marker, at));
    }
    let mut clauses = Vec::new();
    for (token, at) in arrivals().filter(|(message, _)| markers.binary_search(&message.original()).is_err()) {
        for &(marker, came) in came.get(&link(token)).into_iter().flatten() {
            let [token_name, marker_name] = [token, marker].map(|message| run.trace.names.message(message));
            if token.nth() < marker.nth() && at > came {
                let words = format!("the marker {marker_name} overtook the token {token_name}, which nobody counted");
                clauses.push((words, vec![came, at]));
            } else if token.nth() > marker.nth() && at < came {
                let words =
                    format!("the token {token_name} overtook the marker {marker_name}, and was counted at both ends");
                clauses.push((words, vec![came, at]));
            }
        }
    }
    clauses
}

/// The tokens that were lost or doubled, and the nodes that lost count.
fn changes(run: &Run<'_>) -> Vec<Clause> {
    let markers = markers(run);
    let name = |message| run.trace.names.message(message);
    let clause = |event: &Event| {
        let words = match (event.what, event.node) {
            // A second marker says nothing new.
            (EventKind::Copied(message), _) if markers.binary_search(&message.original()).is_ok() => return None,
            (EventKind::Copied(message), _) => format!("the network doubled {}", name(message.original())),
            (EventKind::Crashed, Some(node)) => {
                let at = event.at.since(Time::ZERO).rounded();
                format!("{} crashed at {at}, and forgot which tokens it held", run.name(node))
            }
            (what, _) => format!("{} {}", name(what.message()?), fate_words(event)?),
        };
        Some((words, vec![event.id]))
    };
    run.trace.events.iter().filter_map(clause).collect()
}

/// The markers, sorted: each stands right after the note of it.
fn markers(run: &Run<'_>) -> Vec<MessageId> {
    let noted = |note| matches!(run.trace.event(note).map(|note| note.what), Some(EventKind::Noted(note)) if note.name == "marker");
    let sent = spoken(run.trace).into_iter().filter(|&(note, _)| noted(note));
    let mut markers: Vec<MessageId> = sent.filter_map(|(_, sent)| run.trace.event(sent)?.what.message()).collect();
    markers.arrange();
    markers
}

/// What each node recorded, of itself and of the links into it.
pub(super) fn table(run: &Run<'_>) -> Table {
    let sum = |name: &'static str, node| {
        let of = run.trace.notes(name).filter(move |&(_, by, _)| by == node);
        Value::Number(of.map(|(_, _, note)| if let Value::Number(number) = note.value { number } else { 0 }).sum())
    };
    let row = |node: NodeId| Row {
        cells: vec![Value::Number(node.index() as i64 + 1), sum("state", node), sum("link", node)],
        remark: String::new(),
    };
    let rows = NodeId::first(run.scenario.names.count()).map(row).collect();
    Table { title: "The snapshot", columns: &["node", "held", "on the links into it"], rows }
}
