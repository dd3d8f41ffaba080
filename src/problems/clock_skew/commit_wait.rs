//! Commit wait: a clock that says how wrong it may be, and a transaction that waits until it cannot
//! matter.
//!
//! James Corbett and others, "Spanner: Google's globally-distributed database", OSDI, 2012,
//! sections 3, 4.1.2 and 4.2.1.
//!
//! The problem: transactions on different servers are stamped by different clocks. If one has
//! committed before another begins, its stamp must be less (external consistency), though the
//! servers never speak to each other.
//!
//! The algorithm. TT.now() is an interval, the clock ± ε, that contains true time. (1) A server
//! stamps a transaction with s = TT.now().latest; (2) commit wait: it tells nobody of the commit
//! until TT.after(s), that is, until s has surely passed, s < TT.now().earliest. On one node this
//! takes 2ε and the nanosecond that makes it later: ε since s is ahead of the clock by ε, and ε
//! since the clock itself may be ahead. (3) A round of replication goes on meanwhile, and the
//! commit needs both.
//!
//! `wait` says how many ε to wait for: 2 is the paper's rule, 1 the way it is often told, 0 is
//! none. ε grows between synchronisations by `growth-ppm` and is back at `epsilon` after every
//! `poll`.
//!
//! Assumes that true time is in every interval; messages may take no time at all. Departures: the
//! round of replication is a timer; the user runs one transaction after the other, each on the next
//! server; stamps of one server need not be kept apart, since it runs one transaction at a time.
//!
//! The scenario's first node is the user, all others are servers.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/why-spanner-waits.toml`.

mod judge;

use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "commit-wait",
    title: "TrueTime and commit wait",
    summary: "A server stamps a transaction and tells nobody until the stamp is surely past.",
    paper: "Corbett and others, \"Spanner: Google's globally-distributed database\", OSDI, 2012, sections 3 and 4",
    params: schema::of::<CommitWait>,
    chances: &["load.begin"],
    properties: judge::PROPERTIES,
    measures: judge::MEASURES,
    theory: judge::THEORY,
    chart: Some(judge::chart),
    roles: |node, _| if node == USER { Role::User } else { Role::Server },
    prepare: |scenario| super::without_lies::<CommitWait>(scenario).ready(),
    outputs: &["begins", "committed"],
    tables: &["committed"],
    item: "transaction",
    edges: &["", "transactions = 1", "wait = 0, epsilon = \"0ms\"", "transactions = 30, wait = 1"],
    longer: &[Longer::doubling("params.transactions", 30, "").within(OFFSETS)],
    ..Entry::BLANK
};

const OFFSETS: &str = "nodes = 3\nuntil = \"30d\"\n[clock]\noffset = { uniform = [\"-4ms\", \"4ms\"] }";

params! {
    struct CommitWait {
        /// How wrong a clock may be just after it was synchronised.
        #[serde(with = "FromZero")]
        epsilon: Span = Span::from_ms(4),
        /// By how much that grows until the next synchronisation, in millionths of the time.
        #[schemars(range(min = 0, max = 100_000))]
        growth_ppm: u32 = 0,
        /// How often clocks are synchronised: when a clock shows a multiple of it.
        #[serde(with = "Positive")]
        poll: Span = Span::from_ms(30_000),
        /// How many epsilon to wait for: 2 is the rule, less is a mistake.
        #[schemars(range(min = 0, max = 2))]
        wait: u32 = 2,
        /// How long the round of replication takes that goes on during the wait.
        #[serde(with = "FromZero")]
        round: Span = Span::ZERO,
        /// How many transactions the user runs.
        #[schemars(range(min = 1, max = 10_000))]
        transactions: u32 = 2,
        /// The user begins at a random moment of this length after the start.
        #[serde(with = "FromZero")]
        within: Span = Span::ZERO,
    }
}

const PPM: i128 = 1_000_000;

/// The least by which one moment is later than another.
const LATER: Span = Span::from_ns(1);

impl CommitWait {
    /// How wrong a clock may be that shows `now`.
    fn epsilon(&self, now: Reading) -> Span {
        let since = now.ns().rem_euclid(self.poll.ns());
        let grown = i128::from(since) * i128::from(self.growth_ppm) / PPM;
        self.epsilon + Span::from_ns(grown as i64)
    }

    /// TT.now().latest.
    fn latest(&self, now: Reading) -> Reading {
        now + self.epsilon(now)
    }

    /// How long it is until `stamp` counts as past; `None` if it does. For `wait` = 2 this is when
    /// TT.now().earliest is later, for 1 when the clock is; with 0 it counts as past at once.
    fn rest(&self, stamp: Reading, now: Reading) -> Option<Span> {
        let ahead = self.epsilon(now).times(i64::from(self.wait.checked_sub(1)?));
        let rest = stamp + ahead - now + LATER;
        (rest > Span::ZERO).then_some(rest)
    }
}

const USER: NodeId = NodeId::new(0);

impl Protocol for CommitWait {
    type Process = Party;
    type Message = Message;
    type Timer = Alarm;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Party {
        let params = self.clone();
        if node == USER {
            Party::User(User { params, running: 0 })
        } else {
            Party::Server(Server { params, transaction: None, last: 0 })
        }
    }
}

/// What parties say. No message carries a stamp: the servers have only their clocks.
#[derive(Clone, Copy, PartialEq, Serialize)]
enum Message {
    /// "Run this transaction."
    Run(u32),
    /// "It is committed."
    Committed(u32),
}

/// What parties wait for.
#[derive(Clone)]
enum Alarm {
    /// The user begins.
    Begin,
    /// The stamp should be past.
    Past,
    /// The round of replication is over.
    Replicated,
}

roles!(enum Party: CommitWait { User, Server });

/// Runs one transaction after the other, each on the next server.
#[derive(Clone)]
struct User {
    params: CommitWait,
    /// The transaction that runs, counted from one.
    running: u32,
}

impl User {
    fn run_next(&mut self, ctx: &mut Context<'_, CommitWait>) {
        if self.running < self.params.transactions {
            let servers = ctx.others().count();
            let server = ctx.others().nth(self.running as usize % servers);
            self.running += 1;
            ctx.output("begins", Value::Number(i64::from(self.running)));
            if let Some(server) = server {
                ctx.send(server, Message::Run(self.running));
            }
        }
    }
}

impl Process<CommitWait> for User {
    fn start(&mut self, ctx: &mut Context<'_, CommitWait>) {
        let moment = Distribution::Uniform { min: Span::ZERO, max: self.params.within };
        let begin = ctx.load("begin", 1, &moment);
        ctx.set_timer(begin, Alarm::Begin);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, CommitWait>) {
        if message == Message::Committed(self.running) {
            self.run_next(ctx);
        }
    }

    fn timer(&mut self, _alarm: Alarm, ctx: &mut Context<'_, CommitWait>) {
        self.run_next(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        facts.count("transactions", self.running as usize, self.params.transactions as usize);
    }
}

/// A transaction that is not yet committed.
#[derive(Clone, Copy)]
struct Pending {
    number: u32,
    stamp: Reading,
    is_past: bool,
    is_replicated: bool,
}

/// Stamps transactions and commits them.
#[derive(Clone)]
struct Server {
    params: CommitWait,
    transaction: Option<Pending>,
    /// The last transaction that it took on.
    last: u32,
}

impl Server {
    /// Step 1.
    fn begin(&mut self, number: u32, ctx: &mut Context<'_, CommitWait>) {
        let now = ctx.now();
        let stamp = self.params.latest(now);
        self.last = number;
        self.transaction = Some(Pending { number, stamp, is_past: false, is_replicated: false });
        let epsilon = self.params.epsilon(now);
        ctx.note("epsilon", Value::Number(epsilon.ns()), String::new);
        ctx.note("stamp", Value::Number(stamp.ns()), || {
            let wrong =
                if epsilon == Span::ZERO { "is right".to_owned() } else { format!("may be wrong by {epsilon}") };
            format!("stamps transaction {number} with {stamp}: its clock shows {now} and {wrong}")
        });
        ctx.set_timer(self.params.round, Alarm::Replicated);
        self.wait(ctx);
    }

    /// Step 2.
    fn wait(&mut self, ctx: &mut Context<'_, CommitWait>) {
        let Some(pending) = &mut self.transaction else { return };
        match self.params.rest(pending.stamp, ctx.now()) {
            Some(rest) => {
                ctx.set_timer(rest, Alarm::Past);
            }
            None => {
                pending.is_past = true;
                self.commit(ctx);
            }
        }
    }

    /// Step 3.
    fn commit(&mut self, ctx: &mut Context<'_, CommitWait>) {
        if let Some(done) = self.transaction.take_if(|pending| pending.is_past && pending.is_replicated) {
            ctx.output("committed", Value::Number(i64::from(done.number)));
            ctx.send(USER, Message::Committed(done.number));
        }
    }
}

impl Process<CommitWait> for Server {
    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, CommitWait>) {
        match message {
            Message::Run(number) if number > self.last => self.begin(number, ctx),
            // A copy of a request that it has seen.
            _ => {}
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, CommitWait>) {
        if let (Alarm::Replicated, Some(pending)) = (&alarm, &mut self.transaction) {
            pending.is_replicated = true;
            return self.commit(ctx);
        }
        self.wait(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        match self.transaction {
            Some(pending) if pending.is_past => {
                facts.operation("replicates", format!("transaction {}", pending.number));
            }
            Some(pending) => facts.operation("waits", format!("until {} is past", pending.stamp)),
            None => {}
        }
    }
}

words!(Message {
    Run(number) => "run transaction {number}";
    Committed(number) => "transaction {number} is committed";
});

words!(Alarm {
    Begin => "begin";
    Past => "the stamp should be past";
    Replicated => "replicated";
});
