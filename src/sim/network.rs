//! The network: what happens to a message from the slot in which it is said to its arrival.

use std::mem;

use crate::process::{Host, MessageId, NodeId, Protocol};
use crate::scenario::Fate;
use crate::time::Span;
use crate::trace::{EventId, EventKind, StopReason};

use super::byzantine::{Dice, Slot};
use super::choice::Said;
use super::pending::Pending;
use super::world::World;

impl<P: Protocol> World<P> {
    /// A message comes to its receiver. Returns the event of its delivery, if it is delivered.
    #[inline]
    pub(super) fn arrive(
        &mut self,
        id: MessageId,
        message: P::Message,
        sent: EventId,
        damaged: bool,
    ) -> Option<(EventId, P::Message)> {
        if damaged || !self.state.nodes[id.to().index()].is_plain() || !self.state.partitions.is_empty() {
            return self.arrive_with_trouble(id, message, sent, damaged);
        }
        self.state.in_flight -= 1;
        Some((self.deliver(id, sent), message))
    }

    /// The same where the message, the node or the network is not as it mostly is.
    #[cold]
    fn arrive_with_trouble(
        &mut self,
        id: MessageId,
        message: P::Message,
        sent: EventId,
        damaged: bool,
    ) -> Option<(EventId, P::Message)> {
        let cell = &mut self.state.nodes[id.to().index()];
        if cell.is_paused() {
            cell.inbox.push(Pending::Deliver { id, message, sent, damaged });
            self.mark_waiting(id.to());
            return None;
        }
        let (is_up, traitor) = (cell.is_up, cell.traitor);
        self.state.in_flight -= 1;
        if damaged || !is_up || self.is_cut(id) {
            self.fail(id, sent);
            return None;
        }
        if let Some(liar) = self.state.liar.as_mut().filter(|_| traitor) {
            liar.hear(id.to(), id.from(), &message);
        }
        Some((self.deliver(id, sent), message))
    }

    #[inline(always)]
    fn deliver(&mut self, id: MessageId, sent: EventId) -> EventId {
        self.trace.counts.delivered += 1;
        self.record_often(Some(id.to()), Some(sent), EventKind::Delivered(id))
    }

    /// A message comes to its receiver and is not delivered: cut off, to a node that is down, or
    /// damaged.
    fn fail(&mut self, id: MessageId, sent: EventId) {
        let (cut, down) = (self.is_cut(id), !self.state.nodes[id.to().index()].is_up);
        let counts = &mut self.trace.counts;
        let (count, what) = match (cut, down) {
            (true, _) => (&mut counts.cut, EventKind::Cut(id)),
            (_, true) => (&mut counts.to_crashed, EventKind::ToCrashed(id)),
            _ => (&mut counts.corrupted, EventKind::Corrupted(id)),
        };
        *count += 1;
        if cut {
            self.mark_cut(id);
        }
        self.record(Some(id.to()), Some(sent), what);
    }

    fn mark_cut(&mut self, id: MessageId) {
        for &index in &self.state.partitions {
            let partition = &self.plan.partitions[usize::from(index)];
            if partition.cuts(id) {
                self.state.marks.changed(partition.row);
            }
        }
    }

    fn is_cut(&self, id: MessageId) -> bool {
        self.state.partitions.iter().any(|&index| self.plan.partitions[usize::from(index)].cuts(id))
    }

    /// The process that asks speaks in the next slot of its link.
    #[inline(always)]
    pub(super) fn speak(&mut self, to: NodeId, message: P::Message) {
        let id = self.next_slot(to);
        if self.is_traitor(id.from()) {
            self.lie(id, &message, false);
        } else {
            self.transmit(id, message, false);
        }
    }

    /// The process that asks says nothing in the next slot of its link, in which it could have said
    /// `message`.
    pub(super) fn pass_in_silence(&mut self, to: NodeId, message: &P::Message) {
        let id = self.next_slot(to);
        if self.is_traitor(id.from()) {
            self.lie(id, message, true);
        }
    }

    fn is_traitor(&self, node: NodeId) -> bool {
        !self.trace.traitors.is_empty() && self.state.nodes[node.index()].traitor
    }

    fn next_slot(&mut self, to: NodeId) -> MessageId {
        let from = self.asking.node;
        let slot = &mut self.state.slots[from.index() * self.state.nodes.len() + to.index()];
        *slot += 1;
        MessageId::first(from, to, *slot)
    }

    #[cold]
    fn lie(&mut self, id: MessageId, honest: &P::Message, silent: bool) {
        let mut said = mem::take(&mut self.said);
        let slot = Slot { id, honest, silent };
        match &mut self.state.liar {
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
            let withheld = self.record(Some(id.from()), Some(self.asking.cause), EventKind::Withheld(id));
            self.truth(withheld, honest, silent);
        }
        for (extra, message) in said.drain(..).take(26).enumerate() {
            let is_lie = silent || extra > 0 || message != *honest;
            let id = id.beside(extra as u8);
            let sent = self.transmit(id, message, is_lie);
            if is_lie {
                self.truth(sent, honest, silent);
            }
        }
        self.said = said;
    }

    /// Gives a message to the network. Returns the event of its leaving.
    #[inline(always)]
    fn transmit(&mut self, id: MessageId, message: P::Message, lie: bool) -> EventId {
        self.trace.counts.sent += 1;
        let sent = self.record_often(Some(id.from()), Some(self.asking.cause), EventKind::Sent { message: id, lie });
        self.trace.digest_value(&message);
        self.word(sent, &message);
        match self.choices.plain_delay(id) {
            Some(delay) => self.dispatch(id, message, sent, delay, false),
            None => self.draw_fate(id, message, sent),
        }
        sent
    }

    /// Does with a message what the network does with it.
    #[cold]
    fn draw_fate(&mut self, id: MessageId, message: P::Message, sent: EventId) {
        self.choices.mark_windows(id, self.state.now, &mut self.state.marks);
        let fate = self.choices.fate(id, self.state.now);
        if fate == Fate::Lose {
            return self.lose(id, sent);
        }
        let delay = self.choices.delay(id, self.state.now);
        let copy = (fate == Fate::Twice).then(|| message.clone());
        self.dispatch_if_ever(id, message, sent, delay, fate == Fate::Corrupt);
        if let Some(copy) = copy {
            self.duplicate(id, copy, sent);
        }
    }

    fn lose(&mut self, id: MessageId, sent: EventId) {
        self.trace.counts.lost += 1;
        let after = if self.is_explaining() { self.choices.drawn_delay(id, self.state.now) } else { Span::ZERO };
        self.record(Some(id.from()), Some(sent), EventKind::Lost { message: id, after });
    }

    fn duplicate(&mut self, id: MessageId, message: P::Message, sent: EventId) {
        let copy = id.copy();
        self.trace.counts.copies += 1;
        let copied = self.record(Some(id.from()), Some(sent), EventKind::Copied(copy));
        let delay = self.choices.delay(copy, self.state.now);
        self.dispatch_if_ever(copy, message, copied, delay, false);
    }

    /// A message without a delay is kept by its link for good: it is on its way to the end.
    fn dispatch_if_ever(
        &mut self,
        id: MessageId,
        message: P::Message,
        sent: EventId,
        delay: Option<Span>,
        damaged: bool,
    ) {
        match delay {
            Some(delay) => self.dispatch(id, message, sent, delay, damaged),
            None => self.count_in_flight(),
        }
    }

    #[inline]
    fn count_in_flight(&mut self) {
        self.state.in_flight += 1;
        if self.state.in_flight > self.limits.messages {
            self.stop(StopReason::MessageLimit);
        }
    }

    #[inline(always)]
    fn dispatch(&mut self, id: MessageId, message: P::Message, sent: EventId, delay: Span, damaged: bool) {
        let mut at = self.state.now + delay;
        if !self.state.last_arrival.is_empty() && self.choices.is_fifo(id) {
            let last = &mut self.state.last_arrival[id.from().index() * self.state.nodes.len() + id.to().index()];
            at = at.max(*last);
            *last = at;
        }
        self.count_in_flight();
        self.state.queue.push(at, Pending::Deliver { id, message, sent, damaged });
    }
}
