//! Workloads: protocols that do nothing but send.

use std::ops::ControlFlow;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::problems::{Bound, Entry, Problem, Registry, SHIPPED, byzantine_generals};
use crate::process::{Context, NodeId, Process, Protocol};
use crate::report::Trials;
use crate::scenario::{Expected, Request, schema};
use crate::sim::{Runner, Simulation};
use crate::time::Span;
use crate::trace::{Counts, Digest, Kinds, Recording, Trace};
use crate::view::trace_lines;

use super::{chain, floor, oral};

/// What one pass over a workload did, by the engine or by the floor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Messages delivered.
    pub delivered: u64,
    /// Events that happened.
    pub events: u64,
    /// The digests of all runs, joined.
    pub digest: u64,
    /// Properties violated.
    pub violated: u64,
}

impl Outcome {
    /// Joins one more run.
    pub(super) fn add(&mut self, counts: &Counts, digest: Digest) {
        self.delivered += counts.delivered;
        self.events += counts.events;
        self.digest = self.digest.rotate_left(1) ^ digest.number();
    }
}

/// A workload of a size `n` that suits it.
#[derive(Debug)]
pub struct Workload {
    /// Its name.
    pub name: &'static str,
    /// What it does, and what its size counts.
    pub says: &'static str,
    /// A size that takes some tenths of a second.
    pub usual: u64,
    /// What its cost is told by.
    pub unit: Unit,
    /// The most that it may cost, as a multiple of the floor.
    pub allowed: f64,
    /// Runs it by the engine.
    pub engine: fn(n: u64) -> Outcome,
    /// Runs what it is measured beside: the hand-written loop.
    pub floor: fn(n: u64) -> Outcome,
}

/// What a cost is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A message delivered.
    Message,
    /// A run.
    Run,
    /// An event.
    Event,
}

impl Unit {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Message => "message",
            Unit::Run => "run",
            Unit::Event => "event",
        }
    }

    /// How many a pass of size `n` had that did this.
    pub const fn count(self, n: u64, done: &Outcome) -> u64 {
        match self {
            Unit::Message => done.delivered,
            Unit::Run => n,
            Unit::Event => done.events,
        }
    }
}

/// All workloads. Where nodes only send, the network's faults are armed, so that each is drawn for
/// each message; those of the ping-pong are so unlikely that it goes on to its end.
pub const WORKLOADS: &[Workload] = &[
    Workload {
        name: "pp",
        says: "two nodes, one message in flight; n deliveries",
        usual: 2_000_000,
        unit: Unit::Message,
        allowed: 1.5,
        engine: |n| once(PingPong { returns: n }, &two_nodes()),
        floor: |n| floor::ping_pong(PingPong { returns: n }, &two_nodes()),
    },
    Workload {
        name: "a2a8",
        says: "8 nodes, each to each, n rounds",
        usual: 30_000,
        unit: Unit::Message,
        allowed: 1.25,
        engine: |n| once(Rounds::new(n), &nodes(8)),
        floor: |n| floor::rounds(Rounds::new(n), &nodes(8)),
    },
    Workload {
        name: "a2a64",
        says: "64 nodes, each to each, n rounds",
        usual: 400,
        unit: Unit::Message,
        allowed: 1.25,
        engine: |n| once(Rounds::new(n), &nodes(64)),
        floor: |n| floor::rounds(Rounds::new(n), &nodes(64)),
    },
    Workload {
        name: "a2a1000",
        says: "1,000 nodes, each to each, n rounds; all of a round's messages are in flight at once",
        usual: 1,
        unit: Unit::Message,
        allowed: 1.5,
        engine: |n| once(Rounds::new(n), &nodes(1_000)),
        floor: |n| floor::rounds(Rounds::new(n), &nodes(1_000)),
    },
    Workload {
        name: "run36",
        says: "n runs of 4 nodes and 36 messages, a seed each, the simulator built each time",
        usual: 100_000,
        unit: Unit::Run,
        allowed: 1.5,
        engine: many_runs,
        floor: |n| floor::runs(n, Rounds::new(3), &nodes(4)),
    },
    Workload {
        name: "om72",
        says: "n runs of OM(2) among 7 generals by messages, judged",
        usual: 20_000,
        unit: Unit::Run,
        allowed: 2.0,
        engine: |n| judged(n, &generals(7, 2)),
        floor: |n| oral::runs(n, 2, &generals(7, 2)),
    },
    Workload {
        name: "om103",
        says: "n runs of OM(3) among 10 generals by messages, judged",
        usual: 600,
        unit: Unit::Run,
        allowed: 2.0,
        engine: |n| judged(n, &generals(10, 3)),
        floor: |n| oral::runs(n, 3, &generals(10, 3)),
    },
    Workload {
        name: "om134",
        says: "n runs of OM(4) among 13 generals by messages, judged",
        usual: 12,
        unit: Unit::Run,
        allowed: 2.0,
        engine: |n| judged(n, &generals(13, 4)),
        floor: |n| oral::runs(n, 4, &generals(13, 4)),
    },
    Workload {
        name: "chain10",
        says: "n runs of the two generals with 10 acknowledgements over a network that loses a tenth, judged",
        usual: 200_000,
        unit: Unit::Run,
        allowed: 2.0,
        engine: |n| judged(n, &chain()),
        floor: |n| chain::runs(n, 11, &chain()),
    },
    Workload {
        name: "keep8",
        says: "a2a8 with everything kept, beside a2a8 with nothing kept",
        usual: 2_000,
        unit: Unit::Event,
        allowed: 3.0,
        engine: |n| run(Rounds::new(n), &nodes(8), Recording::Everything, |_| ()),
        floor: |n| once(Rounds::new(n), &nodes(8)),
    },
    Workload {
        name: "lines8",
        says: "a2a8 with everything kept and written as JSON lines, beside a2a8 with everything kept",
        usual: 2_000,
        unit: Unit::Event,
        allowed: f64::INFINITY,
        engine: |n| run(Rounds::new(n), &nodes(8), Recording::Everything, write_down),
        floor: |n| run(Rounds::new(n), &nodes(8), Recording::Everything, |_| ()),
    },
];

/// The protocols of this file, for scenarios that name them.
static SENDING: Registry = Registry { problems: &[&WORKLOAD] };
static WORKLOAD: Problem = Problem {
    name: "workload",
    protocols: &[&PING_PONG, &ALL_TO_ALL],
    // Names as in earlier measurements: longer ones cost more where they are written.
    node_names: byzantine_generals::PROBLEM.node_names,
    ..Problem::BLANK
};

static PING_PONG: Entry = Entry {
    name: "ping-pong",
    params: schema::of::<PingPong>,
    prepare: |scenario| Ok(Box::new(Simulation::new(scenario.params.read::<PingPong>()?, None, scenario))),
    ..Entry::BLANK
};

static ALL_TO_ALL: Entry = Entry {
    name: "all-to-all",
    params: schema::of::<Rounds>,
    prepare: |scenario| Ok(Box::new(Simulation::new(scenario.params.read::<Rounds>()?, None, scenario))),
    ..Entry::BLANK
};

/// A message that two nodes return to each other `returns` times.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PingPong {
    pub(super) returns: u64,
}

/// Everybody sends to everybody, once a round.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rounds {
    pub(super) rounds: u32,
}

impl Rounds {
    /// The length of a round: longer than any delay.
    pub(super) const LENGTH: Span = Span::from_ms(20);

    fn new(rounds: u64) -> Rounds {
        Rounds { rounds: u32::try_from(rounds).unwrap_or(u32::MAX) }
    }
}

impl Protocol for PingPong {
    type Process = Player;
    type Message = u64;
    type Timer = u8;
    type Disk = ();

    fn boot(&self, _: NodeId, (): &()) -> Player {
        Player(self.returns)
    }
}

/// Returns the message until it has gone far enough.
#[derive(Clone)]
pub(super) struct Player(u64);

impl Process<PingPong> for Player {
    fn start(&mut self, ctx: &mut Context<'_, PingPong>) {
        if ctx.me() == NodeId::new(0) {
            ctx.send(NodeId::new(1), 1);
        }
    }

    fn message(&mut self, from: NodeId, hit: u64, ctx: &mut Context<'_, PingPong>) {
        if hit < self.0 {
            ctx.send(from, hit + 1);
        }
    }

    fn timer(&mut self, _: u8, _: &mut Context<'_, PingPong>) {}
}

impl Protocol for Rounds {
    type Process = Speaker;
    type Message = u64;
    type Timer = u8;
    type Disk = ();

    fn boot(&self, _: NodeId, (): &()) -> Speaker {
        Speaker { left: self.rounds, heard: 0 }
    }
}

/// Speaks once a round, and adds up what it hears.
#[derive(Clone)]
pub(super) struct Speaker {
    left: u32,
    heard: u64,
}

impl Process<Rounds> for Speaker {
    fn start(&mut self, ctx: &mut Context<'_, Rounds>) {
        ctx.multicast(ctx.others(), &u64::from(self.left));
        if self.left > 1 {
            ctx.set_timer(Rounds::LENGTH, 0);
        }
    }

    fn message(&mut self, _: NodeId, message: u64, _: &mut Context<'_, Rounds>) {
        self.heard = self.heard.wrapping_add(message);
    }

    fn timer(&mut self, _: u8, ctx: &mut Context<'_, Rounds>) {
        self.left -= 1;
        self.start(ctx);
    }
}

/// What a run that nobody looks at keeps: outputs, of which these protocols have none.
const RECORDING: Recording = Recording::Outputs(Kinds::OUTPUT);

fn once<P: Protocol>(protocol: P, scenario: &Bound) -> Outcome {
    run(protocol, scenario, RECORDING, |_| ())
}

fn run<P: Protocol>(protocol: P, scenario: &Bound, recording: Recording, then: impl Fn(&Trace)) -> Outcome {
    let mut done = Outcome::default();
    let mut simulation = Simulation::new(protocol, None, scenario);
    let trace = simulation.run(1, recording, None);
    then(trace);
    done.add(&trace.counts, trace.digest);
    done
}

#[allow(clippy::expect_used, reason = "nothing is written anywhere")]
fn write_down(trace: &Trace) {
    trace_lines::write(trace, &mut std::io::sink()).expect("a sink takes all");
}

fn many_runs(n: u64) -> Outcome {
    let scenario = nodes(4);
    let mut done = Outcome::default();
    for seed in 1..=n {
        let mut simulation = Simulation::new(Rounds::new(3), None, &scenario);
        let trace = simulation.run(seed, RECORDING, None);
        done.add(&trace.counts, trace.digest);
    }
    done
}

/// Runs a scenario with the seeds 1 to `n`, and judges each run as a sweep does; beside it with a
/// digest, as its floor has one, so that both show that they did the same.
#[allow(clippy::expect_used, reason = "the text is our own")]
fn judged(n: u64, scenario: &Bound) -> Outcome {
    let mut trials = Trials::new(scenario).expect("a workload's scenario").digested();
    let mut done = Outcome::default();
    for seed in 1..=n {
        let mut trial = trials.run(seed, None, &mut || ControlFlow::Continue(()));
        done.violated += trial.verdicts().filter(|verdict| verdict.word() == Expected::Violated).count() as u64;
        trial.values().for_each(|value| _ = std::hint::black_box(value));
        done.add(&trial.trace().counts, trial.trace().digest);
    }
    done
}

fn two_nodes() -> Bound {
    sending("ping-pong", 2, 1e-12)
}

fn nodes(count: usize) -> Bound {
    sending("all-to-all", count, 0.01)
}

/// So many nodes over a network that loses, damages and doubles messages with this probability
/// each. How much they send is the workload's own affair.
fn sending(protocol: &str, count: usize, faults: f64) -> Bound {
    let text = format!(
        r#"
        title = "Nodes that only send"
        problem = "workload"
        protocol = "{protocol}"
        nodes = {count}
        until = "3650d"
        network = {{ loss = {faults:?}, duplicate = {faults:?}, corrupt = {faults:?} }}
        limits = {{ events = 4_000_000_000, messages = 2_000_000 }}
        "#
    );
    scenario(SENDING, &text)
}

fn generals(count: usize, m: u32) -> Bound {
    let text = format!(
        r#"
        title = "Loyal generals"
        problem = "byzantine-generals"
        protocol = "oral"
        nodes = {count}
        params = {{ m = {m} }}
        "#
    );
    scenario(SHIPPED, &text)
}

fn chain() -> Bound {
    scenario(
        SHIPPED,
        r#"
        title = "Ten acknowledgements"
        problem = "two-generals"
        protocol = "ack-chain"
        nodes = 2
        params = { acks = 10 }
        network = { loss = 0.1 }
        "#,
    )
}

#[allow(clippy::expect_used, reason = "the text is our own, and a test loads it")]
fn scenario(registry: Registry, text: &str) -> Bound {
    let request = Request::new("workload", text);
    registry.load(&request).expect("a workload's scenario")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_does_what_the_engine_does() {
        for workload in WORKLOADS {
            let n = match workload.name {
                "a2a1000" | "om134" => 1,
                "chain10" => 1_000,
                _ => 5,
            };
            let (engine, floor) = ((workload.engine)(n), (workload.floor)(n));
            assert!(engine.delivered > 0, "{}", workload.name);
            assert_eq!(engine, floor, "{}", workload.name);
        }
    }
}
