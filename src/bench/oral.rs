//! Oral messages, OM(m), as a loop without an engine: the floor for the protocol with the most to
//! remember.
//!
//! All generals are loyal. A lieutenant's values lie in one row per round, a path's place in it
//! being its rank among the paths of that round, as in the protocol's own file; what is left out is
//! the process, its effects, and every fault but the network's.

use serde::{Serialize, Serializer};

use crate::process::{NodeId, Output, Value};
use crate::scenario::Scenario;
use crate::time::Span;
use crate::trace::EventKind;

use super::workload::Outcome;
use super::world::{Pending, World};

const ATTACK: i8 = 1;
const RETREAT: i8 = 0;
const ROUND: Span = Span::from_ms(20);
/// One hop more than the deepest relay that is measured.
const HOPS: usize = 8;

#[derive(Clone, Copy)]
struct Statement {
    order: i8,
    length: u8,
    path: [u16; HOPS],
}

impl Statement {
    fn hops(&self) -> &[u16] {
        &self.path[..usize::from(self.length)]
    }

    fn relayed(mut self, order: i8, by: u16) -> Statement {
        self.path[usize::from(self.length)] = by;
        self.length += 1;
        Statement { order, ..self }
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.order, self.hops()).serialize(serializer)
    }
}

/// One lieutenant's values, a row a round; -1 where nothing came.
struct Heard {
    me: u16,
    rows: Vec<Vec<i8>>,
}

impl Heard {
    fn new(me: u16, nodes: usize, m: usize) -> Heard {
        let mut widths = vec![1];
        for round in 1..=m {
            widths.push(widths[round - 1] * (nodes - 1 - round));
        }
        Heard { me, rows: widths.into_iter().map(|width| vec![-1; width]).collect() }
    }

    fn store(&mut self, nodes: usize, statement: &Statement) {
        let hops = statement.hops();
        let mut rank = 0;
        for (length, &hop) in hops.iter().enumerate().skip(1) {
            let before = hops[..length].iter().chain([&self.me]).filter(|&&other| other < hop).count();
            rank = rank * (nodes - 1 - length) + usize::from(hop) - before;
        }
        self.rows[hops.len() - 1][rank] = statement.order;
    }

    /// The paths of `length` generals, in order.
    fn paths(&self, nodes: usize, length: usize) -> Vec<Statement> {
        let mut paths = vec![Statement { order: RETREAT, length: 1, path: [0; HOPS] }];
        for _ in 1..length {
            let mut longer = Vec::with_capacity(paths.len() * nodes);
            for path in &paths {
                let next = (1..nodes as u16).filter(|node| *node != self.me && !path.hops().contains(node));
                longer.extend(next.map(|node| path.relayed(RETREAT, node)));
            }
            paths = longer;
        }
        paths
    }

    fn decide(&self, nodes: usize) -> i8 {
        let mut settled: Vec<i8> = Vec::new();
        for (depth, row) in self.rows.iter().enumerate().skip(1).rev() {
            let width = nodes - 2 - depth;
            let settle = |(rank, value): (usize, &i8)| {
                majority(settled.get(rank * width..(rank + 1) * width).unwrap_or_default(), *value)
            };
            settled = row.iter().enumerate().map(settle).collect();
        }
        majority(&settled, self.rows[0][0])
    }
}

fn majority(votes: &[i8], own: i8) -> i8 {
    let attacks = votes.iter().chain([&own]).filter(|&&vote| vote == ATTACK).count();
    if 2 * attacks > votes.len() + 1 { ATTACK } else { RETREAT }
}

/// OM(m), once a seed from 1 to `n`.
pub(super) fn runs(n: u64, m: usize, scenario: &Scenario) -> Outcome {
    let mut done = Outcome::default();
    let mut world = World::new(scenario);
    for seed in 1..=n {
        world.begin(seed, scenario);
        run(&mut world, m);
        done.add(&world.counts, world.digest);
    }
    done
}

fn run(world: &mut World<Statement, u8>, m: usize) {
    let nodes = world.count;
    let commander = NodeId::new(0);
    world.event(commander, &EventKind::Started);
    world.event(commander, &EventKind::Output(decision(ATTACK)));
    for to in NodeId::first(nodes).skip(1) {
        world.send(commander, to, Statement { order: ATTACK, length: 1, path: [0; HOPS] });
    }
    let mut heard: Vec<Heard> = (0..nodes as u16).map(|me| Heard::new(me, nodes, m)).collect();
    for node in NodeId::first(nodes).skip(1) {
        world.event(node, &EventKind::Started);
        world.queue.push(world.now + ROUND, Pending::Timer { node, timer: 1 });
    }
    while let Some((at, pending)) = world.queue.pop() {
        world.now = at;
        match pending {
            Pending::Deliver { id, message, damaged } => {
                if world.arrives(id, damaged) {
                    heard[id.to().index()].store(nodes, &message);
                }
            }
            Pending::Timer { node, timer: round } => {
                world.event(node, &EventKind::TimerFired);
                end_round(world, &heard[node.index()], node, usize::from(round), m);
            }
        }
    }
}

fn end_round(world: &mut World<Statement, u8>, heard: &Heard, node: NodeId, round: usize, m: usize) {
    if round > m {
        let values: usize = heard.rows.iter().map(Vec::len).sum();
        let note = |name, number: usize| EventKind::Noted(Output { name, value: Value::Number(number as i64) });
        world.event(node, &note("rounds", round));
        world.event(node, &note("votes", values));
        world.event(node, &EventKind::Output(decision(heard.decide(world.count))));
        return;
    }
    for (path, &order) in heard.paths(world.count, round).iter().zip(&heard.rows[round - 1]) {
        let relayed = path.relayed(order, heard.me);
        for to in NodeId::first(world.count).skip(1) {
            if !relayed.hops().contains(&(to.index() as u16)) {
                world.send(node, to, relayed);
            }
        }
    }
    world.queue.push(world.now + ROUND, Pending::Timer { node, timer: round as u8 + 1 });
}

fn decision(order: i8) -> Output {
    Output { name: "decision", value: Value::Word(if order == ATTACK { "attack" } else { "retreat" }) }
}
