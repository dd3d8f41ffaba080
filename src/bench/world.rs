//! What the loops of the floor share: the queue, the keyed draws, the digest and the counts.
//!
//! Static, monomorphic, and with just what a network that loses, damages and doubles messages needs: no processes, no
//! effects, no crashes, no clocks, no limits.

use std::hash::Hash;

use crate::process::{MessageId, NodeId};
use crate::scenario::{Link, Scenario};
use crate::sim::draw::{Key, Odds};
use crate::sim::purpose;
use crate::sim::queue::Queue;
use crate::time::{Distribution, Span, Time};
use crate::trace::{Counts, Digest, What};

/// What is scheduled: a message, or what a node reminds itself of.
pub(super) enum Pending<M, T> {
    Deliver { id: MessageId, message: M, damaged: bool },
    Timer { node: NodeId, timer: T },
}

/// What the loops share: the network, and the trace's digest and counts.
pub(super) struct World<M, T> {
    pub(super) now: Time,
    pub(super) queue: Queue<Pending<M, T>>,
    pub(super) count: usize,
    slots: Vec<u32>,
    links: Vec<Key>,
    lose: Odds,
    corrupt: Odds,
    twice: Odds,
    delay: Distribution,
    pub(super) counts: Counts,
    pub(super) digest: Digest,
}

impl<M: Clone + Hash, T> World<M, T> {
    pub(super) fn new(scenario: &Scenario) -> World<M, T> {
        let count = scenario.names.count();
        let Link { delay, loss, duplicate, corrupt, .. } = scenario.network.default;
        World {
            now: Time::ZERO,
            queue: Queue::new(),
            count,
            slots: vec![0; count * count],
            links: Vec::new(),
            lose: Odds::new(loss),
            corrupt: Odds::new(corrupt),
            twice: Odds::new(duplicate),
            delay,
            counts: Counts::default(),
            digest: Digest::default(),
        }
    }

    /// Begins a run: the keys of the links are made from the seed and the nodes' names.
    pub(super) fn begin(&mut self, seed: u64, scenario: &Scenario) {
        self.now = Time::ZERO;
        self.slots.fill(0);
        self.links.clear();
        self.counts = Counts::default();
        self.digest = Digest::default();
        let seed = Key::of_seed(seed);
        let names: Vec<u64> = scenario.names.iter().map(|name| Key::NONE.text(name).as_number()).collect();
        for &from in &names {
            let from = seed.number(from);
            self.links.extend(names.iter().map(|&to| from.number(to)));
        }
    }

    pub(super) fn event(&mut self, node: NodeId, what: &What) {
        self.counts.events += 1;
        self.digest.event(self.now, Some(node), what);
    }

    pub(super) fn send(&mut self, from: NodeId, to: NodeId, message: M) {
        let link = from.index() * self.count + to.index();
        self.slots[link] += 1;
        let id = MessageId::first(from, to, self.slots[link]);
        self.event(from, &What::Sent { message: id, lie: false });
        message.hash(&mut self.digest);
        let key = self.links[link];
        let happens = |odds: Odds, purpose| !odds.is_never() && odds.draw(&mut key.number(id.key() | purpose).stream());
        if happens(self.lose, purpose::LOSE) {
            self.counts.lost += 1;
            self.event(from, &What::Lost { message: id, after: Span::ZERO });
        } else if happens(self.corrupt, purpose::CORRUPT) {
            self.dispatch(id, message, true, purpose::DELAY);
        } else if happens(self.twice, purpose::TWICE) {
            self.dispatch(id, message.clone(), false, purpose::DELAY);
            let copy = MessageId { copy: true, ..id };
            self.event(from, &What::Copied(copy));
            self.dispatch(copy, message, false, purpose::DELAY_OF_COPY);
        } else {
            self.dispatch(id, message, false, purpose::DELAY);
        }
    }

    fn dispatch(&mut self, id: MessageId, message: M, damaged: bool, purpose: u64) {
        let key = self.links[id.from.index() * self.count + id.to.index()];
        let delay = key.number(id.key() | purpose).stream().span(&self.delay);
        self.queue.push(self.now + delay, Pending::Deliver { id, message, damaged });
    }

    /// Whether the message came through.
    pub(super) fn arrives(&mut self, id: MessageId, damaged: bool) -> bool {
        let what = if damaged { What::Corrupted(id) } else { What::Delivered(id) };
        self.counts.delivered += u64::from(!damaged);
        self.event(id.to, &what);
        !damaged
    }
}
