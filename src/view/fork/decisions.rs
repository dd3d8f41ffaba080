//! What nodes decide in the two runs, and how it is told.

use crate::arrange::Arrange;
use crate::process::{NodeId, Value};
use crate::report::Report;
use crate::trace::{Event, EventId, EventKind};

use super::{Clause, Runs};

/// The most changed decisions that are told one by one.
const MOST_DECISIONS: usize = 4;

impl Runs<'_> {
    fn names_of(&self, decisions: &[&Decision]) -> String {
        self.after.names.list(&decisions.iter().map(|one| one.node).collect::<Vec<_>>())
    }
}

/// A node's last decision in each run.
pub(super) struct Decision {
    pub(super) node: NodeId,
    pub(super) before: Option<(Value, EventId)>,
    pub(super) after: Option<(Value, EventId)>,
}

impl Decision {
    /// What it decides in each run.
    fn values(&self) -> (Option<Value>, Option<Value>) {
        (self.before.map(|(value, _)| value), self.after.map(|(value, _)| value))
    }

    pub(super) fn is_changed(&self) -> bool {
        let (before, after) = self.values();
        before != after
    }
}

/// The decisions of all nodes that decide in one of the runs, changed ones in the order in which
/// they come about.
pub(super) fn decisions(before: &Report, after: &Report) -> Vec<Decision> {
    let last = |report: &Report, node: NodeId| {
        let of_node = |event: &&Event| event.node == Some(node) && report.scenario.entry.is_decision(event);
        let event = report.trace.events.iter().rev().find(of_node)?;
        match event.what {
            EventKind::Output(output) => Some((output.value, event.id)),
            _ => None,
        }
    };
    // A node of both runs may have another place in each.
    let place = |node| before.trace.names.find(after.trace.names.of(node));
    let all = NodeId::first(after.trace.names.count()).filter_map(|node| Some((node, place(node)?)));
    let all = all.map(|(node, was)| Decision { node, before: last(before, was), after: last(after, node) });
    let mut all: Vec<Decision> = all.filter(|one| one.before.is_some() || one.after.is_some()).collect();
    all.arrange_by_key(|one| one.after.or(one.before).map(|(_, event)| event));
    all
}

/// What is decided otherwise, and what as before. `follows` says whether what was told before is
/// why.
pub(super) fn decisions_told(runs: &Runs<'_>, decisions: &[Decision], follows: bool) -> Vec<Clause> {
    let (changed, same): (Vec<&Decision>, Vec<&Decision>) = decisions.iter().partition(|one| one.is_changed());
    let mut groups: Vec<Vec<&Decision>> = Vec::new();
    for one in changed.iter().copied() {
        match groups.iter_mut().find(|group| group.iter().all(|other| other.values() == one.values())) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    let mut clauses: Vec<Clause> =
        groups.iter().take(MOST_DECISIONS).map(|group| together(changed_told(runs, group), group)).collect();
    if let Some(first) = clauses.first_mut().filter(|_| follows) {
        first.says.insert_str(0, "So ");
    }
    let rest: Vec<&Decision> = groups.iter().skip(MOST_DECISIONS).flat_map(|group| group.iter().copied()).collect();
    match rest.len() {
        0 => {}
        1 => clauses.push(together("One more decides otherwise.".to_owned(), &rest)),
        more => clauses.push(together(format!("{more} more decide otherwise."), &rest)),
    }
    if changed.is_empty() || same.is_empty() {
        return clauses;
    }
    let mut values: Vec<Value> = same.iter().filter_map(|one| Some(one.after?.0)).collect();
    values.dedup();
    let names = runs.names_of(&same);
    let says = match (same.len(), values.first()) {
        (1, Some(value)) => format!("{names} decides {value}, as before."),
        (_, Some(value)) if values.len() == 1 => format!("{names} decide {value}, as before."),
        _ => format!("{names} decide as before."),
    };
    clauses.push(together(says, &same));
    clauses
}

/// What nodes decide that all decided the same before, and all decide the same now.
fn changed_told(runs: &Runs<'_>, alike: &[&Decision]) -> String {
    let names = runs.names_of(alike);
    let one = alike.len() == 1;
    let (decides, who) = if one { ("decides", "who") } else { ("decide", "who all") };
    match alike.first().map(|first| first.values()) {
        Some((Some(was), Some(now))) => format!("{names} {decides} {now} instead of {was}."),
        Some((Some(was), None)) => format!("{names}, {who} decided {was} before, {decides} nothing."),
        Some((None, Some(now))) => format!("{names}, {who} decided nothing before, {decides} {now}."),
        _ => String::new(),
    }
}

fn together(says: String, decisions: &[&Decision]) -> Clause {
    let before = decisions.iter().filter_map(|one| Some(one.before?.1)).collect();
    Clause::about(says, before, decisions.iter().filter_map(|one| Some(one.after?.1)).collect())
}
