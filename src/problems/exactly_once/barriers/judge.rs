//! What is claimed of the job's total: read off the notes of the tasks, never out of their memories.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Run, Verdict};
use crate::problems::exactly_once::properties::{order_of, outputs};
use crate::process::{NodeId, Value};
use crate::trace::{Event, EventId, What};

/// A checkpoint as its parts say it.
#[derive(Default)]
struct Picture {
    /// What the sources had read, and where that is said.
    read: BTreeMap<NodeId, (i64, EventId)>,
    /// The operator's total, and where that is said.
    total: Option<(i64, EventId)>,
    /// Orders in the total that came from behind a source's barrier.
    beyond: Vec<(usize, NodeId)>,
}

/// The checkpoints of a run, in the making as its notes are read.
#[derive(Default)]
struct Album {
    pictures: BTreeMap<i64, Picture>,
    /// The checkpoint whose part a node has begun to tell.
    telling: BTreeMap<NodeId, i64>,
    /// By order: its source, and the newest checkpoint whose barrier that source had sent before it.
    sent: BTreeMap<usize, (NodeId, i64)>,
    /// Orders that the operator has counted since it last wrote its total down.
    counted: BTreeSet<usize>,
}

impl Album {
    /// Reads a note. Answers with the number of a checkpoint that is complete with it.
    fn read(&mut self, event: &Event) -> Option<i64> {
        let (What::Noted(note), Some(node)) = (event.what, event.node) else { return None };
        let Value::Number(value) = note.value else { return None };
        match note.name {
            "snapshot" => {
                self.telling.insert(node, value);
            }
            "read" => {
                let id = self.telling.get(&node)?;
                self.pictures.entry(*id).or_default().read.insert(node, (value, event.id));
            }
            "total" => self.take(*self.telling.get(&node)?, value, event.id),
            "restored" => {
                self.telling.insert(node, value);
                self.counted.clear();
            }
            "completed" => return Some(value),
            _ => {
                if let Some(order) = order_of(note, "sent") {
                    self.sent.insert(order, (node, self.telling.get(&node).copied().unwrap_or_default()));
                } else if let Some(order) = order_of(note, "processed") {
                    self.counted.insert(order);
                }
            }
        }
        None
    }

    fn take(&mut self, id: i64, total: i64, event: EventId) {
        let mut beyond = Vec::new();
        for order in std::mem::take(&mut self.counted) {
            match self.sent.get(&order) {
                Some(&(source, after)) if after >= id => beyond.push((order, source)),
                _ => {}
            }
        }
        let picture = self.pictures.entry(id).or_default();
        picture.total = Some((total, event));
        picture.beyond = beyond;
    }
}

/// Every complete checkpoint says the same at both ends.
pub(super) fn conservation(run: &Run<'_>) -> Verdict {
    let mut album = Album::default();
    let mut complete = 0;
    for event in &run.trace.events {
        let Some(id) = album.read(event) else { continue };
        let Some(Picture { read, total: Some((total, at)), beyond }) = album.pictures.get(&id) else { continue };
        complete += 1;
        let sum: i64 = read.values().map(|&(read, _)| read).sum();
        if sum != *total {
            let evidence = read.values().map(|&(_, event)| event).chain([*at, event.id]);
            let because = || {
                let why = told(run, beyond).map(|why| format!(": {why}")).unwrap_or_default();
                format!("Checkpoint {id} holds a total of {total}, and its sources had read {sum}{why}.")
            };
            return run.violated(because, evidence);
        }
    }
    run.holds(|| match complete {
        0 => "No checkpoint was completed.".to_owned(),
        1 => "The one checkpoint holds what its sources had read.".to_owned(),
        _ => format!("Each of {complete} checkpoints holds what its sources had read."),
    })
}

/// "order 5 came from behind the barrier of west".
fn told(run: &Run<'_>, beyond: &[(usize, NodeId)]) -> Option<String> {
    let &(first, source) = beyond.first()?;
    let source = run.name(source);
    Some(match beyond {
        [_] => {
            format!("order {first} came from behind the barrier of {source}, and was counted before the last barrier")
        }
        _ => format!(
            "{} orders came from behind a barrier, the first of them order {first} of {source}, and were counted before \
             the last barrier",
            beyond.len()
        ),
    })
}

/// The total that the operator tells when the job ends is that of all orders.
pub(super) fn exact_state(run: &Run<'_>) -> Verdict {
    let orders: i64 = outputs(run, "ordered").map(|order| order as i64).sum();
    let told: Vec<_> = run.trace.outputs().filter(|(_, _, output)| output.name == "total").collect();
    let wrong = told.iter().find(|(_, _, output)| output.value != Value::Number(orders));
    if let Some((event, node, output)) = wrong {
        let (why, mut evidence) = went_back(run, *node);
        evidence.push(event.id);
        return run
            .violated(|| format!("The total is {}, and the orders come to {orders}{why}.", output.value), evidence);
    }
    match told.last() {
        Some((_, _, total)) => run.holds(|| format!("The total is {}, which is what the orders come to.", total.value)),
        None => run.holds(|| "The job did not end, so no total was told.".to_owned()),
    }
}

/// What the operator went back to, where that held more than it should have.
fn went_back(run: &Run<'_>, operator: NodeId) -> (String, Vec<EventId>) {
    let mut album = Album::default();
    for event in &run.trace.events {
        album.read(event);
        let What::Noted(note) = event.what else { continue };
        let Value::Number(id) = note.value else { continue };
        if event.node != Some(operator) || note.name != "restored" {
            continue;
        }
        let Some(Picture { total: Some((_, taken)), beyond, .. }) = album.pictures.get(&id) else { continue };
        let orders: Vec<String> = beyond.iter().map(|(order, _)| order.to_string()).collect();
        if !orders.is_empty() {
            let s = if orders.len() > 1 { "s" } else { "" };
            let at = event.at.since(crate::time::Time::ZERO).rounded();
            let why = format!(
                ": {} went back to checkpoint {id} at {at}, whose total held order{s} {} already, and counted them again",
                run.name(operator),
                orders.join(", ")
            );
            let why = if orders.len() > 1 { why } else { why.replace("counted them", "counted it") };
            return (why, vec![*taken, event.id]);
        }
    }
    (String::new(), Vec::new())
}
