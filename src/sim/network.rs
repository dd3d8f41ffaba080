//! The network: what becomes of a message from the slot in which it is said to its arrival.

use std::hash::Hash;
use std::mem;

use crate::process::{MessageId, NodeId, Process, Protocol};
use crate::scenario::Fate;
use crate::time::Span;
use crate::trace::{EventId, What, Why};

use super::byzantine::{Dice, Slot};
use super::choice::Said;
use super::{Pending, Simulation};

impl<P: Protocol> Simulation<P> {
    pub(super) fn arrive(&mut self, id: MessageId, message: P::Message, sent: EventId, damaged: bool) {
        let cell = &mut self.nodes[id.to.index()];
        if cell.is_paused() {
            cell.inbox.push(Pending::Deliver { id, message, sent, damaged });
            return;
        }
        let is_down = cell.process.is_none();
        self.in_flight -= 1;
        if !self.partitions.is_empty() && self.is_cut(id) {
            self.trace.counts.cut += 1;
            self.record(Some(id.to), Some(sent), What::Cut(id));
        } else if is_down {
            self.trace.counts.to_crashed += 1;
            self.record(Some(id.to), Some(sent), What::ToCrashed(id));
        } else if damaged {
            self.trace.counts.corrupted += 1;
            self.record(Some(id.to), Some(sent), What::Corrupted(id));
        } else {
            self.deliver(id, message, sent);
        }
    }

    fn is_cut(&self, id: MessageId) -> bool {
        self.partitions.iter().any(|&index| self.plan.partitions[index as usize].cuts(id.from, id.to))
    }

    fn deliver(&mut self, id: MessageId, message: P::Message, sent: EventId) {
        self.trace.counts.delivered += 1;
        let delivered = self.record_often(Some(id.to), Some(sent), What::Delivered(id));
        if self.nodes[id.to.index()].traitor
            && let Some(liar) = &mut self.liar
        {
            liar.hear(id.to, id.from, &message);
        }
        self.handle(id.to, delivered, |process, ctx| process.message(id.from, message, ctx));
        for index in 0..self.plan.after_delivery.len() {
            let (message, node, down) = self.plan.after_delivery[index];
            if message == id.original() && !self.delivered_blows[index] {
                self.delivered_blows[index] = true;
                self.crash(node, Some(delivered), down);
            }
        }
    }

    /// A process speaks, or is silent, in the next slot of a link.
    pub(super) fn speak(&mut self, from: NodeId, to: NodeId, message: P::Message, silent: bool, cause: EventId) {
        let slot = &mut self.slots[from.index() * self.nodes.len() + to.index()];
        *slot += 1;
        let id = MessageId::first(from, to, *slot);
        if self.nodes[from.index()].traitor {
            self.lie(id, &message, silent, cause);
        } else if !silent {
            self.transmit(id, message, None, cause);
        }
    }

    fn lie(&mut self, id: MessageId, honest: &P::Message, silent: bool, cause: EventId) {
        let mut said = mem::take(&mut self.said);
        let slot = Slot { id, honest, silent };
        match &mut self.liar {
            Some(liar) => match self.choices.lie(id, || liar.ways(&slot), || liar.options(&slot)) {
                Some(Said::Words(words)) => liar.say(&slot, &words, &mut said),
                Some(Said::Truth) if silent => {}
                Some(Said::Truth) => said.push(honest.clone()),
                None => liar.lie(&slot, &mut Dice(self.choices.lie_stream(id)), &mut said),
            },
            None if silent => {}
            None => said.push(honest.clone()),
        }
        if said.is_empty() && !silent {
            let withheld = self.record(Some(id.from), Some(cause), What::Withheld(id));
            self.truth(withheld, honest, silent);
        }
        for (extra, message) in said.drain(..).take(26).enumerate() {
            let is_lie = silent || extra > 0 || message != *honest;
            let id = MessageId { extra: extra as u8, ..id };
            self.transmit(id, message, is_lie.then_some((honest, silent)), cause);
        }
        self.said = said;
    }

    /// Gives a message to the network; `truth` is what an honest process would have said instead.
    fn transmit(&mut self, id: MessageId, message: P::Message, truth: Option<(&P::Message, bool)>, cause: EventId) {
        self.trace.counts.sent += 1;
        let what = What::Sent { message: id, lie: truth.is_some() };
        let sent = self.record_often(Some(id.from), Some(cause), what);
        message.hash(&mut self.trace.digest);
        self.word(sent, &message);
        if let Some((honest, silent)) = truth {
            self.truth(sent, honest, silent);
        }
        match self.choices.fate(id) {
            Fate::Lose => {
                self.trace.counts.lost += 1;
                let after = if self.is_explaining() { self.choices.drawn_delay(id) } else { Span::ZERO };
                self.record(Some(id.from), Some(sent), What::Lost { message: id, after });
            }
            Fate::Deliver => self.dispatch(id, message, sent, false),
            Fate::Corrupt => self.dispatch(id, message, sent, true),
            Fate::Twice => {
                self.dispatch(id, message.clone(), sent, false);
                let copy = MessageId { copy: true, ..id };
                self.trace.counts.copies += 1;
                let copied = self.record(Some(id.from), Some(sent), What::Copied(copy));
                self.dispatch(copy, message, copied, false);
            }
        }
    }

    #[inline]
    fn dispatch(&mut self, id: MessageId, message: P::Message, sent: EventId, damaged: bool) {
        let mut at = self.now + self.choices.delay(id);
        if self.choices.is_fifo(id) {
            let last = &mut self.last_arrival[id.from.index() * self.nodes.len() + id.to.index()];
            at = at.max(*last);
            *last = at;
        }
        self.in_flight += 1;
        if self.in_flight > self.limits.messages {
            self.stop(Why::MessageLimit);
        }
        self.queue.push(at, Pending::Deliver { id, message, sent, damaged });
    }
}
