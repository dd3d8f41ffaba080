//! Transactions on a log: what was read, what was written and how far the worker has come are
//! committed as one.
//!
//! Apache Kafka, KIP-98, "Exactly once delivery and transactional messaging", 2017; KIP-129,
//! "Streams exactly-once semantics", 2017.
//!
//! The problem: a worker reads orders from one log and writes charges to another. Each order must
//! be charged exactly once (no-loss, no-duplicate), in order, though the worker may stop at any
//! moment and another take its place.
//!
//! The algorithm: (1) a worker that is given the work names its transactional id; the broker raises
//! the epoch of that id and aborts whatever transaction an older epoch left open; (2) the worker
//! reads the order after the last committed offset; (3) it writes the charge into its open
//! transaction; (4) it commits: the charge becomes visible and the offset moves, as one; (5) a
//! worker with an older epoch is refused (fenced), and stops. A reader behind the log charges what
//! is committed (`read-committed`).
//!
//! The zombie is the test of it: a worker that was taken for dead and is only slow. Without
//! `fencing` its transaction is not aborted, and commits when it wakes up. With `read-uncommitted`
//! the fencing is in vain.
//!
//! Assumes that the broker's state is durable. The effect is exactly once because charge and offset
//! are in *one* store; a card company outside is not. Departures: one partition, one order a
//! transaction; the broker is its own coordinator, and takes a worker for dead after `session`
//! without a word; a worker stops when all orders are done.
//!
//! See `notes/problems/exactly-once.md` and `scenarios/exactly-once/the-zombie-producer.toml`.

mod broker;

use crate::problems::prelude::*;
use std::collections::BTreeMap;

use super::properties::{self, CHARGES};
use super::theory;
use broker::Broker;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "transaction",
    title: "Transactions on a log",
    summary: "Outputs and offset are committed as one, and a worker that was replaced is fenced off.",
    paper: "Apache Kafka, KIP-98, \"Exactly once delivery and transactional messaging\", 2017; KIP-129, 2017",
    params: schema::of::<Transactions>,
    crash_points: &["appended", "received", "processed", "produced", "committed"],
    properties: PROPERTIES,
    theory: THEORY,
    layout: Layout::Split,
    roles: |node, _| if node == BROKER { Role::Broker } else { Role::Worker },
    prepare,
    edges: &["orders = 1", "orders = 9, fencing = false", "orders = 9, isolation = \"read-uncommitted\""],
    longer: &[Longer::doubling("params.orders", 40, "").within(LOSSY_OF_3)],
    ..super::COMMON
};

const LOSSY_OF_3: &str =
    "nodes = 3\nuntil = \"10min\"\n[params]\ngap = \"50ms\"\n[network]\nloss = 0.1\nduplicate = 0.1";

const PROPERTIES: &[Property] = &[properties::NO_LOSS, properties::NO_DUPLICATE, properties::ORDER];

params! {
    struct Transactions {
        /// How many orders there are.
        #[schemars(range(min = 1, max = 1_000_000))]
        orders: u32 = 10,
        /// The time between two orders, and before the first.
        gap: Distribution = Distribution::Constant(Span::from_ms(10)),
        /// How long a worker waits for an answer before it asks again.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(100),
        /// How long a worker may be silent before another takes its place.
        #[serde(with = "Positive")]
        session: Span = Span::from_ms(500),
        /// Whether the workers share a transactional id, so that the newest fences off the others.
        fencing: bool = true,
        /// What the reader behind the log sees.
        isolation: Isolation = Isolation::ReadCommitted,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Isolation {
    /// What was committed.
    ReadCommitted,
    /// Everything, at once.
    ReadUncommitted,
}

fn prepare(scenario: &Scenario) -> Prepared {
    let setup = super::setup(&["broker", "worker", "spare worker"], scenario);
    setup.check(check).ready()
}

fn check(params: &Transactions, scenario: &Scenario) -> Option<Complaint> {
    (params.session <= params.every).then(|| {
        let message = format!("`session` = {} is not longer than `every` = {}", params.session, params.every);
        let help = "an idle worker speaks once in `every`, and would be taken for dead";
        scenario.params.complain("session", message, help)
    })
}

const BROKER: NodeId = NodeId::new(0);
const WORKERS: [NodeId; 2] = [NodeId::new(1), NodeId::new(2)];

impl Protocol for Transactions {
    type Process = Node;
    type Message = Message;
    type Timer = Timer;
    type Disk = Store;

    fn boot(&self, node: NodeId, store: &Store) -> Node {
        let params = self.clone();
        if node == BROKER {
            Node::Broker(Broker { params, store: store.clone(), owner: 0, session: None, waiting: None })
        } else {
            Node::Worker(Worker { params, epoch: 0, stage: Stage::Idle, alarm: None })
        }
    }
}

/// What broker and workers say to each other. A worker's words carry its epoch, and so do the
/// answers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
enum Message {
    /// "The work is yours."
    Assign,
    /// "I begin."
    Init,
    /// "Your epoch is this, and the next order comes after that."
    Ready { epoch: u32, after: u32 },
    /// "What comes after this order?"
    Fetch { epoch: u32, after: u32 },
    /// "This order."
    Record { epoch: u32, order: u32 },
    /// "Write this charge into my transaction."
    Produce { epoch: u32, order: u32 },
    /// "It is written, and not committed."
    Produced { epoch: u32, order: u32 },
    /// "Commit the charge and the offset of this order."
    Commit { epoch: u32, order: u32 },
    /// "Both are committed."
    Committed { epoch: u32, order: u32 },
    /// "There is a newer epoch."
    Fenced { epoch: u32 },
}

#[derive(Clone)]
enum Timer {
    /// The next customer comes.
    Customer,
    /// The worker has been silent for too long.
    Silent,
    /// No answer has come.
    Unanswered,
}

/// What the broker keeps over a crash.
#[derive(Clone, Default)]
struct Store {
    /// Orders in the first log.
    appended: u32,
    /// The order up to which all is committed.
    committed: u32,
    /// The newest epoch.
    epoch: u32,
    /// The open transactions: the order in each, by who writes.
    open: BTreeMap<u16, u32>,
}

#[derive(Clone, Serialize)]
enum Write {
    Appended(u32),
    /// A producer begins a new epoch; its open transaction is aborted.
    Began {
        producer: u16,
        epoch: u32,
    },
    Produced {
        producer: u16,
        order: u32,
    },
    Committed {
        producer: u16,
        order: u32,
    },
}

impl Disk for Store {
    type Write = Write;

    fn write(&mut self, write: Write) {
        match write {
            Write::Appended(order) => self.appended = order,
            Write::Began { producer, epoch } => {
                self.epoch = epoch;
                self.open.remove(&producer);
            }
            Write::Produced { producer, order } => {
                self.open.insert(producer, order);
            }
            Write::Committed { producer, order } => {
                self.open.remove(&producer);
                self.committed = self.committed.max(order);
            }
        }
    }
}

roles!(enum Node: Transactions { Broker, Worker });

/// Reads, writes, commits.
#[derive(Clone)]
struct Worker {
    params: Transactions,
    epoch: u32,
    stage: Stage,
    alarm: Option<TimerId>,
}

/// What a worker waits for.
#[derive(Clone, Copy)]
enum Stage {
    Idle,
    Beginning,
    Reading { after: u32 },
    Producing { order: u32 },
    Committing { order: u32 },
}

impl Worker {
    /// Goes to a stage, and asks what has to be asked there.
    fn enter(&mut self, stage: Stage, ctx: &mut Context<'_, Transactions>) {
        ctx.cancel_timer(self.alarm.take());
        self.stage = stage;
        let epoch = self.epoch;
        let question = match stage {
            Stage::Idle => return,
            Stage::Reading { after } if after >= self.params.orders => {
                self.stage = Stage::Idle;
                return;
            }
            Stage::Beginning => Message::Init,
            Stage::Reading { after } => Message::Fetch { epoch, after },
            Stage::Producing { order } => Message::Produce { epoch, order },
            Stage::Committing { order } => Message::Commit { epoch, order },
        };
        ctx.send(BROKER, question);
        self.alarm = Some(ctx.set_timer(self.params.every, Timer::Unanswered));
    }
}

impl Process<Transactions> for Worker {
    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Transactions>) {
        match (message, self.stage) {
            (Message::Assign, Stage::Idle) => self.enter(Stage::Beginning, ctx),
            (Message::Ready { epoch, after }, Stage::Beginning) if epoch > self.epoch => {
                self.epoch = epoch;
                // Step 2.
                self.enter(Stage::Reading { after }, ctx);
            }
            (Message::Record { epoch, order }, Stage::Reading { after })
                if epoch == self.epoch && order == after + 1 =>
            {
                ctx.note("received", order, String::new);
                ctx.crash_point_for("received", order);
                ctx.note("processed", order, String::new);
                ctx.crash_point_for("processed", order);
                // Step 3.
                self.enter(Stage::Producing { order }, ctx);
            }
            (Message::Produced { epoch, order }, Stage::Producing { order: mine })
                if epoch == self.epoch && order == mine =>
            {
                ctx.crash_point_for("produced", order);
                // Step 4.
                self.enter(Stage::Committing { order }, ctx);
            }
            (Message::Committed { epoch, order }, Stage::Committing { order: mine })
                if epoch == self.epoch && order == mine =>
            {
                ctx.note("acknowledged", order, String::new);
                ctx.crash_point_for("committed", order);
                // Step 2.
                self.enter(Stage::Reading { after: order }, ctx);
            }
            (Message::Fenced { epoch }, stage) if epoch == self.epoch => {
                if let Stage::Producing { order } | Stage::Committing { order } = stage {
                    ctx.note("fenced", order, || "there is a newer epoch".to_owned());
                }
                // Step 5.
                self.enter(Stage::Idle, ctx);
            }
            _ => {}
        }
    }

    fn timer(&mut self, _unanswered: Timer, ctx: &mut Context<'_, Transactions>) {
        self.alarm = None;
        self.enter(self.stage, ctx);
    }

    fn state(&self, facts: &mut Facts) {
        facts.version("epoch", self.epoch);
        match self.stage {
            Stage::Idle => {}
            Stage::Beginning => facts.operation("begins", "an epoch"),
            Stage::Reading { after } => facts.count("orders done", after as usize, None),
            Stage::Producing { order } => facts.operation("writes", format!("order {order}")),
            Stage::Committing { order } => facts.operation("commits", format!("order {order}")),
        }
    }
}

words!(Message {
    Assign => "the work is yours";
    Init => "I begin";
    Ready { epoch, after } => "you are epoch {epoch}, go on after {after}";
    Fetch { after, .. } => "what comes after {after}?";
    Record { order, .. } => "order {order}";
    Produce { epoch, order } => "epoch {epoch} writes: charge {order}";
    Produced { order, .. } => "written, not committed: {order}";
    Commit { epoch, order } => "epoch {epoch} commits {order}";
    Committed { order, .. } => "committed: {order}";
    Fenced { epoch } => "fenced: epoch {epoch} is over";
});

words!(Timer {
    Customer => "a customer comes";
    Silent => "the worker is silent";
    Unanswered => "no answer";
});

words!(Write {
    Appended(order) => "order {order} appended";
    Began { epoch, .. } => "epoch {epoch} began";
    Produced { order, .. } => "charge {order} written";
    Committed { order, .. } => "charge and offset {order} committed";
});

const SAFE: &str = "fencing and read-committed, whatever fails as long as disks keep what is written; or \
                    read-uncommitted, and nothing goes wrong but that the first worker crashes with probability k \
                    between writing and committing; answers within `every`, and nobody who is up is silent for a `session`";

const THEORY: &[Theory] = &[
    Theory {
        of: "no-duplicate",
        formula: "read-committed: 0; read-uncommitted: 1 - (1-k)^orders, for a worker that crashes is replaced",
        assumes: SAFE,
        value: seen_twice,
    },
    Theory {
        of: CHARGES,
        formula: "read-uncommitted: orders + 1 - (1-k)^orders",
        assumes: SAFE,
        value: |scenario| {
            let params: Transactions = scenario.params.read().ok()?;
            let dirty = params.isolation == Isolation::ReadUncommitted;
            seen_twice(scenario).filter(|_| dirty).map(|twice| f64::from(params.orders) + twice)
        },
    },
];

/// The chance that some charge is seen, taken back and seen again.
fn seen_twice(scenario: &Scenario) -> Option<f64> {
    let params: Transactions = scenario.params.read().ok()?;
    if params.isolation == Isolation::ReadCommitted {
        return (params.fencing && theory::disks_keep(scenario)).then_some(0.0);
    }
    let k = theory::crash_at(scenario, WORKERS[0], "produced")?;
    let calm = |worker| {
        let links = theory::Links::between(scenario, worker, BROKER)?;
        let is_heard = links.is_alive(params.every, params.session);
        (links.loss + links.loss_back == 0.0 && links.is_prompt(params.every) && is_heard).then_some(())
    };
    WORKERS.into_iter().try_for_each(calm)?;
    Some(theory::any(k, f64::from(params.orders)))
}

#[cfg(test)]
mod tests {
    use super::super::tests;
    use crate::problems::Bound;

    fn workers(params: &str, force: &[&str]) -> Bound {
        let nodes = "[\"broker\", \"ledger\", \"spare\"]";
        tests::scenario("transaction", nodes, &format!("params = {{ orders = 3, {params} }}"), force)
    }

    #[test]
    fn a_zombie_is_fenced() {
        let zombie = ["ledger@produced:2.pause=2s"];
        let report = tests::report(&workers("fencing = true", &zombie));
        for property in ["no-loss", "no-duplicate", "order"] {
            tests::holds(&report, property);
        }
        let noted = |name: &str| report.trace.notes(name).map(|(_, node, note)| (node, note.value)).collect::<Vec<_>>();
        assert_eq!(noted("aborted"), [(super::BROKER, super::Value::Number(2))]);
        assert_eq!(noted("fenced"), [(super::WORKERS[0], super::Value::Number(2))]);
        let report = tests::report(&workers("fencing = false", &zombie));
        let because = "Order 2 was charged twice: ledger was paused at 130ms, and went on at 2.13s with what it had begun, \
                       though spare had done it meanwhile.";
        tests::is_violated(&report, "no-duplicate", because);
    }

    #[test]
    fn who_reads_what_is_not_committed_reads_what_is_aborted() {
        let crash = ["ledger@produced:2.crash=5ms"];
        tests::holds(&tests::report(&workers("isolation = \"read-committed\"", &crash)), "no-duplicate");
        let report = tests::report(&workers("isolation = \"read-uncommitted\"", &crash));
        let because = "Order 2 was charged twice: the first time in a transaction that was aborted at 640ms.";
        tests::is_violated(&report, "no-duplicate", because);
    }

    #[test]
    fn transactions_hold_whatever_event_a_crash_or_a_pause_follows() {
        let calm = tests::report(&workers("fencing = true", &[]));
        for event in 0..calm.trace.counts.events {
            for strike in ["ledger@EVENT.crash=2s", "ledger@EVENT.pause=2s", "broker@EVENT.crash=15ms"] {
                let force = strike.replace("EVENT", &event.to_string());
                let report = tests::report(&workers("fencing = true", &[&force]));
                for property in ["no-loss", "no-duplicate", "order"] {
                    tests::holds(&report, property);
                }
            }
        }
    }
}
