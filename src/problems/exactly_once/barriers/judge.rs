//! What is claimed of the job's total: read off the notes of the tasks, never out of their
//! memories.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Fold, Run, Verdict};
use crate::problems::exactly_once::tally::order_of;
use crate::process::{NodeId, Value};
use crate::trace::{Event, EventId, EventKind};

/// A checkpoint as its parts say it.
#[derive(Default)]
struct Picture {
    /// What the sources had read, and where that is said.
    read: BTreeMap<NodeId, (i64, EventId)>,
    /// The operator's total, and where that is said.
    total: Option<(i64, EventId)>,
    /// Orders in the total that came from behind a source's barrier.
    beyond: Vec<(u32, NodeId)>,
}

/// The checkpoints of a run, in the making as its notes are read.
#[derive(Default)]
struct Album {
    pictures: BTreeMap<i64, Picture>,
    /// The checkpoint whose part a node has begun to tell.
    telling: BTreeMap<NodeId, i64>,
    /// By order: its source, and the newest checkpoint whose barrier that source had sent before
    /// it.
    sent: BTreeMap<u32, (NodeId, i64)>,
    /// Orders that the operator has counted since it last wrote its total down.
    counted: BTreeSet<u32>,
}

impl Album {
    /// Reads a note. Returns the number of a checkpoint that is complete with it.
    fn read(&mut self, event: &Event) -> Option<i64> {
        let (EventKind::Noted(note), Some(node)) = (event.what, event.node) else { return None };
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

/// What the parts of a checkpoint come to.
#[derive(Default)]
struct Sums {
    read: BTreeMap<NodeId, i64>,
    total: Option<i64>,
}

/// Whether every complete checkpoint says the same at both ends. Only checkpoints that may still be
/// completed are kept.
#[derive(Default)]
pub(super) struct Conservation {
    sums: BTreeMap<i64, Sums>,
    /// The checkpoint whose part a node has begun to tell.
    telling: BTreeMap<NodeId, i64>,
    complete: u64,
    /// The first complete checkpoint that does not: its number, its total, and what its sources had
    /// read.
    broken: Option<(i64, i64, i64)>,
}

impl Conservation {
    fn complete(&mut self, id: i64) {
        // A checkpoint that is older than a complete one was given up.
        let Some(Sums { read, total: Some(total) }) = self.sums.remove(&id) else { return };
        self.sums = self.sums.split_off(&id);
        self.complete += 1;
        let read = read.values().sum();
        if read != total && self.broken.is_none() {
            self.broken = Some((id, total, read));
        }
    }
}

impl Fold for Conservation {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        let (EventKind::Noted(note), Some(node)) = (event.what, event.node) else { return };
        let Value::Number(value) = note.value else { return };
        match note.name {
            "snapshot" | "restored" => {
                self.telling.insert(node, value);
            }
            "completed" => self.complete(value),
            part @ ("read" | "total") => {
                let Some(&id) = self.telling.get(&node) else { return };
                let sums = self.sums.entry(id).or_default();
                if part == "total" {
                    sums.total = Some(value);
                } else {
                    sums.read.insert(node, value);
                }
            }
            _ => {}
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        if let Some((id, total, read)) = self.broken {
            let (why, evidence) = beyond(run, id);
            let because = || format!("Checkpoint {id} holds a total of {total}, and its sources had read {read}{why}.");
            return run.violated(because, evidence);
        }
        match self.complete {
            0 => run.holds_vacuously(|| "No checkpoint was completed.".to_owned()),
            1 => run.holds(|| "The one checkpoint holds what its sources had read.".to_owned()),
            all => run.holds(|| format!("Each of {all} checkpoints holds what its sources had read.")),
        }
    }
}

/// What a checkpoint holds that it should not, and the events that show it, if somebody looks.
fn beyond(run: &Run<'_>, id: i64) -> (String, Vec<EventId>) {
    let mut album = Album::default();
    let Some(completed) = run.trace.events.iter().find(|event| album.read(event) == Some(id)) else {
        return Default::default();
    };
    let Some(Picture { read, total, beyond }) = album.pictures.get(&id) else { return Default::default() };
    let read = read.values().map(|&(_, event)| event);
    let evidence = read.chain(total.map(|(_, event)| event)).chain([completed.id]).collect();
    (told(run, beyond).map(|why| format!(": {why}")).unwrap_or_default(), evidence)
}

/// "order 5 came from behind the barrier of west".
fn told(run: &Run<'_>, beyond: &[(u32, NodeId)]) -> Option<String> {
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

/// Whether the total that the operator tells when the job ends is that of all orders.
#[derive(Default)]
pub(super) struct ExactState {
    /// What the orders come to.
    orders: i64,
    /// The total that was told first.
    first: Option<i64>,
    /// A total that was told later and is another.
    other: Option<i64>,
}

impl Fold for ExactState {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        let EventKind::Output(said) = event.what else { return };
        if let Some(order) = order_of(said, "ordered") {
            self.orders += i64::from(order);
        }
        if let ("total", Value::Number(total)) = (said.name, said.value) {
            match self.first {
                None => self.first = Some(total),
                Some(first) if first != total => self.other = self.other.or(Some(total)),
                Some(_) => {}
            }
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let orders = self.orders;
        let Some(first) = self.first else {
            return run.holds_vacuously(|| "The job did not end, so no total was told.".to_owned());
        };
        let Some(wrong) = [Some(first), self.other].into_iter().flatten().find(|&total| total != orders) else {
            return run.holds(|| format!("The total is {orders}, which is what the orders come to."));
        };
        let mut told = run.trace.outputs().filter(|(.., said)| said.name == "total");
        let Some((event, node, _)) = told.find(|(.., said)| said.value == Value::Number(wrong)) else {
            return run.violated(String::new, []);
        };
        let (why, mut evidence) = if wrong > orders { went_back(run, node) } else { lost_total(run, node) };
        evidence.push(event.id);
        run.violated(|| format!("The total is {wrong}, and the orders come to {orders}{why}."), evidence)
    }
}

/// Where the operator's disk lost a total that a checkpoint counts on.
fn lost_total(run: &Run<'_>, operator: NodeId) -> (String, Vec<EventId>) {
    let is_lost = |event: &&Event| event.node == Some(operator) && matches!(event.what, EventKind::WritesLost { .. });
    let Some(event) = run.trace.events.iter().find(is_lost) else { return Default::default() };
    let at = event.at.since(crate::time::Time::ZERO).rounded();
    let why =
        format!(": {} lost what was on its disk at {at}, the total of its checkpoint with it", run.name(operator));
    (why, vec![event.id])
}

/// What the operator went back to, where that held more than it should have.
fn went_back(run: &Run<'_>, operator: NodeId) -> (String, Vec<EventId>) {
    let mut album = Album::default();
    for event in &run.trace.events {
        album.read(event);
        let EventKind::Noted(note) = event.what else { continue };
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
