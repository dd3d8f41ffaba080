//! The floor: the workloads as loops without an engine.
//!
//! Static, monomorphic, and with just what the workload at hand needs: no processes, no effects, no crashes, no
//! clocks, no limits. What it shares with the engine is the queue, the keyed draws and the digest, so that it comes to
//! the same events in the same order.

use std::hash::Hash;

use crate::process::{MessageId, NodeId};
use crate::scenario::{Link, Scenario};
use crate::sim::draw::{Key, Odds};
use crate::sim::purpose;
use crate::sim::queue::Queue;
use crate::time::{Distribution, Time};
use crate::trace::{Counts, Digest, What};

use super::workload::{Done, Rally, Rounds};

enum Pending {
    Deliver { id: MessageId, message: u64, damaged: bool },
    Round { node: NodeId, left: u32 },
}

/// What the loops share: the network, and the trace's digest and counts.
struct World {
    now: Time,
    queue: Queue<Pending>,
    count: usize,
    slots: Vec<u32>,
    links: Vec<Key>,
    lose: Odds,
    corrupt: Odds,
    twice: Odds,
    delay: Distribution,
    counts: Counts,
    digest: Digest,
}

impl World {
    fn new(scenario: &Scenario) -> World {
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
    fn begin(&mut self, seed: u64, scenario: &Scenario) {
        let seed = Key::of_seed(seed);
        let names: Vec<u64> = scenario.names.iter().map(|name| Key::NONE.text(name).as_number()).collect();
        for &from in &names {
            let from = seed.number(from);
            self.links.extend(names.iter().map(|&to| from.number(to)));
        }
    }

    fn event(&mut self, node: NodeId, what: &What) {
        self.counts.events += 1;
        self.digest.event(self.now, Some(node), what);
    }

    fn send(&mut self, from: NodeId, to: NodeId, message: u64) {
        let link = from.index() * self.count + to.index();
        self.slots[link] += 1;
        let id = MessageId::first(from, to, self.slots[link]);
        self.event(from, &What::Sent { message: id, lie: false });
        message.hash(&mut self.digest);
        let key = self.links[link];
        let happens = |odds: Odds, purpose| odds.draw(&mut key.number(id.key() | purpose).stream());
        if happens(self.lose, purpose::LOSE) {
            self.counts.lost += 1;
            self.event(from, &What::Lost { message: id, after: crate::time::Span::ZERO });
        } else if happens(self.corrupt, purpose::CORRUPT) {
            self.dispatch(id, message, true, purpose::DELAY);
        } else if happens(self.twice, purpose::TWICE) {
            self.dispatch(id, message, false, purpose::DELAY);
            let copy = MessageId { copy: true, ..id };
            self.event(from, &What::Copied(copy));
            self.dispatch(copy, message, false, purpose::DELAY_OF_COPY);
        } else {
            self.dispatch(id, message, false, purpose::DELAY);
        }
    }

    fn dispatch(&mut self, id: MessageId, message: u64, damaged: bool, purpose: u64) {
        let key = self.links[id.from.index() * self.count + id.to.index()];
        let delay = key.number(id.key() | purpose).stream().span(&self.delay);
        self.queue.push(self.now + delay, Pending::Deliver { id, message, damaged });
    }

    fn round(&mut self, node: NodeId, left: u32) {
        for to in NodeId::first(self.count) {
            if to != node {
                self.send(node, to, u64::from(left));
            }
        }
        if left > 1 {
            self.queue.push(self.now + Rounds::LENGTH, Pending::Round { node, left: left - 1 });
        }
    }

    /// Whether the message came through.
    fn arrives(&mut self, id: MessageId, damaged: bool) -> bool {
        let what = if damaged { What::Corrupted(id) } else { What::Delivered(id) };
        self.counts.delivered += u64::from(!damaged);
        self.event(id.to, &what);
        !damaged
    }
}

/// The rally, once.
pub(super) fn rally(Rally { hits }: Rally, scenario: &Scenario) -> Done {
    let mut world = World::new(scenario);
    world.begin(1, scenario);
    let (first, second) = (NodeId::new(0), NodeId::new(1));
    world.event(first, &What::Started);
    world.send(first, second, 1);
    world.event(second, &What::Started);
    while let Some((at, pending)) = world.queue.pop() {
        world.now = at;
        let Pending::Deliver { id, message, damaged } = pending else { continue };
        if world.arrives(id, damaged) && message < hits {
            world.send(id.to, id.from, message + 1);
        }
    }
    done([world])
}

/// The rounds, once with the seed 1.
pub(super) fn rounds(protocol: Rounds, scenario: &Scenario) -> Done {
    done([one_run(1, protocol, scenario)])
}

/// The rounds, with the seeds 1 to `n`.
pub(super) fn runs(n: u64, protocol: Rounds, scenario: &Scenario) -> Done {
    done((1..=n).map(|seed| one_run(seed, protocol, scenario)))
}

fn one_run(seed: u64, Rounds { rounds }: Rounds, scenario: &Scenario) -> World {
    let mut world = World::new(scenario);
    world.begin(seed, scenario);
    for node in NodeId::first(world.count) {
        world.event(node, &What::Started);
        world.round(node, rounds);
    }
    let mut heard = vec![0_u64; world.count];
    while let Some((at, pending)) = world.queue.pop() {
        world.now = at;
        match pending {
            Pending::Deliver { id, message, damaged } => {
                if world.arrives(id, damaged) {
                    heard[id.to.index()] = heard[id.to.index()].wrapping_add(message);
                }
            }
            Pending::Round { node, left } => {
                world.event(node, &What::TimerFired);
                world.round(node, left);
            }
        }
    }
    std::hint::black_box(heard);
    world
}

fn done(runs: impl IntoIterator<Item = World>) -> Done {
    let mut done = Done::default();
    for world in runs {
        done.add(&world.counts, world.digest);
    }
    done
}
