//! The broker: its log, what it knows of its producers, and how it judges what comes.

use std::collections::{BTreeMap, VecDeque};

use crate::process::{Context, Element, Facts, NodeId, Process};
use crate::time::Monotonic;

use super::super::SHOP;
use super::{Identity, Kafka, Message, Outcome, Write};

/// The batches that a broker remembers of a producer (`ProducerStateEntry.NUM_BATCHES_TO_RETAIN`),
/// and so the most that may be in flight.
pub(super) const REMEMBERED: usize = 5;

/// The length of the log, and what is known of its producers.
#[derive(Clone, Default)]
pub(super) struct Log {
    length: u32,
    producers: BTreeMap<u32, Known>,
    next_id: u32,
}

/// What a broker knows of a producer.
#[derive(Clone, Default)]
pub(super) struct Known {
    epoch: u32,
    /// What its clock showed when it asked for this epoch.
    asked: Monotonic,
    /// Number and offset of its last batches.
    last: VecDeque<(u32, u32)>,
}

impl Log {
    /// What a write changes.
    pub(super) fn write(&mut self, write: &Write) {
        match *write {
            Write::Journal(_) => {}
            Write::Known { who: Identity { id, epoch }, asked } => {
                self.next_id = self.next_id.max(id + 1);
                self.producers.insert(id, Known { epoch, asked, last: VecDeque::new() });
            }
            Write::Appended { record, .. } => {
                let offset = self.length;
                self.length += 1;
                if let Some((who, sequence)) = record
                    && let Some(known) = self.producers.get_mut(&who.id)
                {
                    known.last.push_back((sequence, offset));
                    if known.last.len() > REMEMBERED {
                        known.last.pop_front();
                    }
                }
            }
        }
    }

    /// Step 3: what to answer to a record; `None` if it is to be appended.
    fn judge(&self, who: Identity, sequence: u32) -> Option<Outcome> {
        let known = self.producers.get(&who.id)?;
        if who.epoch < known.epoch {
            return Some(Outcome::Fenced);
        }
        if let Some(&(_, offset)) = known.last.iter().find(|&&(number, _)| number == sequence) {
            return Some(Outcome::Stands { offset, duplicate: true });
        }
        let next = known.last.back().map_or(0, |&(last, _)| last + 1);
        (sequence != next).then_some(Outcome::OutOfOrder { next })
    }

    /// Step 1: who a producer is. One that asks again is told the same; a new one has the next
    /// epoch of the id that all producers share, or an id of its own.
    fn identify(&self, asked: Monotonic, is_shared: bool) -> (Identity, bool) {
        match self.producers.last_key_value() {
            Some((&id, known)) if known.asked == asked => (Identity { id, epoch: known.epoch }, true),
            Some((&id, known)) if is_shared => (Identity { id, epoch: known.epoch + 1 }, false),
            _ => (Identity { id: self.next_id, epoch: 0 }, false),
        }
    }
}

/// Keeps the log; a reader behind it charges what is appended.
#[derive(Clone)]
pub(super) struct Broker {
    pub(super) params: Kafka,
    pub(super) log: Log,
}

impl Broker {
    fn introduce(&mut self, asked: Monotonic, ctx: &mut Context<'_, Kafka>) {
        let (who, is_known) = self.log.identify(asked, self.params.transactional_id);
        if !is_known {
            self.write(Write::Known { who, asked }, ctx);
        }
        ctx.send(SHOP, Message::YouAre { who, asked });
    }

    fn write(&mut self, write: Write, ctx: &mut Context<'_, Kafka>) {
        self.log.write(&write);
        ctx.write(write);
    }

    /// Step 3: the number is the next one.
    fn append(&mut self, who: Identity, sequence: u32, order: u32, ctx: &mut Context<'_, Kafka>) -> Outcome {
        let offset = self.log.length;
        let write = Write::Appended { order, record: self.params.idempotence.then_some((who, sequence)) };
        self.log.write(&write);
        ctx.note("processed", order, String::new);
        ctx.commit(write, "charged", order);
        ctx.note("appended", order, || format!("at offset {offset}"));
        ctx.crash_point_for("appended", order);
        Outcome::Stands { offset, duplicate: false }
    }
}

impl Process<Kafka> for Broker {
    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Kafka>) {
        match message {
            Message::Init { asked } => self.introduce(asked, ctx),
            Message::Append { who, sequence, order } => {
                ctx.note("received", order, String::new);
                ctx.crash_point_for("received", order);
                let known = if self.params.idempotence { self.log.judge(who, sequence) } else { None };
                let outcome = known.unwrap_or_else(|| self.append(who, sequence, order, ctx));
                if let Outcome::Stands { offset, duplicate: true } = outcome {
                    ctx.note("ignored", order, || format!("it stands at offset {offset}"));
                }
                ctx.note("acknowledging", order, String::new);
                ctx.send(SHOP, Message::Answer { who, sequence, order, outcome });
                ctx.crash_point_for("acknowledged", order);
            }
            Message::YouAre { .. } | Message::Answer { .. } => {}
        }
    }

    fn state(&self, facts: &mut Facts) {
        facts.count("records", self.log.length as usize, None);
        let producers = self.log.producers.iter().rev();
        let last = |known: &Known| known.last.back().map_or_else(String::new, |(_, last)| format!("up to {last}"));
        let rows = producers.map(|(&id, known)| Element::row(id, format!("epoch {} {}", known.epoch, last(known))));
        facts.table("producers", self.log.producers.len(), rows);
    }
}
