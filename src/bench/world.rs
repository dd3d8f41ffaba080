//! What the loops of the floor share: the queue, the keyed draws, the digest and the counts.
//!
//! Static, monomorphic, and with just what a network that loses, damages and doubles messages
//! needs: no processes, no effects, no crashes, no clocks, no limits. Everything is inlined into
//! the loops, as by hand.

use serde::Serialize;

use crate::process::{MessageId, NodeId};
use crate::scenario::{Fate, Scenario};
use crate::sim::draw::Key;
use crate::sim::link::LinkDraws;
use crate::sim::queue::Queue;
use crate::time::{Span, Time};
use crate::trace::{Counts, Digest, EventKind};

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
    draws: LinkDraws,
    pub(super) counts: Counts,
    pub(super) digest: Digest,
}

impl<M: Clone + Serialize, T> World<M, T> {
    pub(super) fn new(scenario: &Scenario) -> World<M, T> {
        let count = scenario.names.count();
        World {
            now: Time::ZERO,
            queue: Queue::new(),
            count,
            slots: vec![0; count * count],
            links: Vec::new(),
            draws: LinkDraws::new(&scenario.network.default),
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

    #[inline(always)]
    pub(super) fn event(&mut self, node: NodeId, what: &EventKind) {
        self.counts.events += 1;
        self.digest.event(self.now, Some(node), what);
    }

    #[inline(always)]
    pub(super) fn send(&mut self, from: NodeId, to: NodeId, message: M) {
        let link = from.index() * self.count + to.index();
        self.slots[link] += 1;
        let id = MessageId::first(from, to, self.slots[link]);
        self.event(from, &EventKind::Sent { message: id, lie: false });
        self.digest.value(&message);
        match self.draws.fate(self.links[link], id) {
            Fate::Lose => {
                self.counts.lost += 1;
                self.event(from, &EventKind::Lost { message: id, after: Span::ZERO });
            }
            Fate::Corrupt => self.dispatch(id, message, true),
            Fate::Twice => {
                self.dispatch(id, message.clone(), false);
                let copy = id.copy();
                self.event(from, &EventKind::Copied(copy));
                self.dispatch(copy, message, false);
            }
            Fate::Deliver => self.dispatch(id, message, false),
        }
    }

    #[inline(always)]
    fn dispatch(&mut self, id: MessageId, message: M, damaged: bool) {
        let link = self.links[id.from().index() * self.count + id.to().index()];
        let delay = self.draws.delay(link, id);
        self.queue.push(self.now + delay, Pending::Deliver { id, message, damaged });
    }

    /// Whether the message came through.
    #[inline(always)]
    pub(super) fn arrives(&mut self, id: MessageId, damaged: bool) -> bool {
        let what = if damaged { EventKind::Corrupted(id) } else { EventKind::Delivered(id) };
        self.counts.delivered += u64::from(!damaged);
        self.event(id.to(), &what);
        !damaged
    }
}
