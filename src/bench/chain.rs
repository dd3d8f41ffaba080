//! The two generals' chain of acknowledgements as a loop without an engine.
//!
//! What the protocol does is in the loop: the next message of the chain, the decisions, and the
//! deadlines, which a decision takes back.

use crate::process::{NodeId, Output, Value};
use crate::scenario::Scenario;
use crate::sim::queue::Place;
use crate::time::Span;
use crate::trace::EventKind;

use super::workload::Outcome;
use super::world::{Pending, World};

/// A general at one end of the chain.
#[derive(Default)]
struct General {
    deadline: Option<Place>,
    attacks: bool,
}

/// A chain of `last` messages, once a seed from 1 to `n`. What is violated is agreement: one
/// attacks alone.
pub(super) fn runs(n: u64, last: u64, scenario: &Scenario) -> Outcome {
    let mut done = Outcome::default();
    let mut world = World::new(scenario);
    for seed in 1..=n {
        world.begin(seed, scenario);
        let attackers = run(&mut world, last);
        done.violated += u64::from(attackers == 1);
        done.add(&world.counts, world.digest);
    }
    done
}

/// One run. Returns the number of generals who attack.
fn run(world: &mut World<u64, ()>, last: u64) -> usize {
    let deadline = Span::from_ms(20).times(last.cast_signed());
    let [alice, bob] = [0, 1].map(NodeId::new);
    let mut generals = [General::default(), General::default()];
    world.event(alice, &EventKind::Started);
    world.event(alice, &EventKind::Noted(Output { name: "order", value: Value::Word("attack") }));
    world.send(alice, bob, 1);
    for (node, general) in [alice, bob].into_iter().zip(&mut generals) {
        if node == bob {
            world.event(bob, &EventKind::Started);
        }
        general.deadline = Some(world.queue.push(world.now + deadline, Pending::Timer { node, timer: () }));
    }
    while let Some((at, pending)) = world.queue.pop() {
        world.now = at;
        match pending {
            Pending::Deliver { id, message, damaged } => {
                if !world.arrives(id, damaged) {
                    continue;
                }
                if message < last {
                    world.send(id.to(), id.from(), message + 1);
                }
                let general = &mut generals[id.to().index()];
                if message + 1 >= last && !general.attacks {
                    general.attacks = true;
                    general.deadline.take().map(|place| world.queue.remove(place));
                    world.event(id.to(), &decision("attack"));
                }
            }
            Pending::Timer { node, .. } => {
                world.event(node, &EventKind::TimerFired);
                world.event(node, &decision("retreat"));
            }
        }
    }
    generals.iter().filter(|general| general.attacks).count()
}

fn decision(word: &'static str) -> EventKind {
    EventKind::Output(Output { name: "decision", value: Value::Word(word) })
}
