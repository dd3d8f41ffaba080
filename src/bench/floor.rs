//! The floor: the workloads as loops without an engine.
//!
//! They share the queue, the keyed draws and the digest with the engine, and so come to the same
//! events in the same order.

use crate::process::NodeId;
use crate::scenario::Scenario;
use crate::trace::{Counts, Digest, EventKind};

use super::workload::{Outcome, PingPong, Rounds};
use super::world::{Pending, World};

/// The ping-pong, once.
pub(super) fn ping_pong(PingPong { returns }: PingPong, scenario: &Scenario) -> Outcome {
    let mut world: World<u64, ()> = World::new(scenario);
    world.begin(1, scenario);
    let (first, second) = (NodeId::new(0), NodeId::new(1));
    world.event(first, &EventKind::Started);
    world.send(first, second, 1);
    world.event(second, &EventKind::Started);
    while let Some((at, pending)) = world.queue.pop() {
        world.now = at;
        let Pending::Deliver { id, message, damaged } = pending else { continue };
        if world.arrives(id, damaged) && message < returns {
            world.send(id.to(), id.from(), message + 1);
        }
    }
    done([(world.counts, world.digest)])
}

/// What a run comes to.
type Counted = (Counts, Digest);

/// A node speaks to all others; `left` rounds are left, this one included.
fn speak(world: &mut World<u64, u32>, node: NodeId, left: u32) {
    for to in NodeId::first(world.count) {
        if to != node {
            world.send(node, to, u64::from(left));
        }
    }
    if left > 1 {
        world.queue.push(world.now + Rounds::LENGTH, Pending::Timer { node, timer: left - 1 });
    }
}

/// The rounds, once with the seed 1.
pub(super) fn rounds(protocol: Rounds, scenario: &Scenario) -> Outcome {
    done([one_run(1, protocol, scenario)])
}

/// The rounds, with the seeds 1 to `n`.
pub(super) fn runs(n: u64, protocol: Rounds, scenario: &Scenario) -> Outcome {
    done((1..=n).map(|seed| one_run(seed, protocol, scenario)))
}

fn one_run(seed: u64, Rounds { rounds }: Rounds, scenario: &Scenario) -> Counted {
    let mut world = World::new(scenario);
    world.begin(seed, scenario);
    for node in NodeId::first(world.count) {
        world.event(node, &EventKind::Started);
        speak(&mut world, node, rounds);
    }
    let mut heard = vec![0_u64; world.count];
    while let Some((at, pending)) = world.queue.pop() {
        world.now = at;
        match pending {
            Pending::Deliver { id, message, damaged } => {
                if world.arrives(id, damaged) {
                    heard[id.to().index()] = heard[id.to().index()].wrapping_add(message);
                }
            }
            Pending::Timer { node, timer: left } => {
                world.event(node, &EventKind::TimerFired);
                speak(&mut world, node, left);
            }
        }
    }
    std::hint::black_box(heard);
    (world.counts, world.digest)
}

fn done(runs: impl IntoIterator<Item = Counted>) -> Outcome {
    let mut done = Outcome::default();
    for (counts, digest) in runs {
        done.add(&counts, digest);
    }
    done
}
