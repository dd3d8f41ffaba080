//! Leases: a lock that expires by itself after a while, by the clock of each party that counts.
//!
//! Cary Gray and David Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed
//! file cache consistency", SOSP, 1989; Martin Kleppmann, "How to do distributed locking", 2016,
//! for fencing tokens.
//!
//! The problem: clients write to a store one at a time. At no moment may two clients hold the lease
//! (mutual exclusion), and the store accepts no write under a lease after a later one was granted
//! (no stale write).
//!
//! The algorithm: (1) a client asks the lock server; (2) if the lease is free, the server grants it
//! for `length` on its own oscillator, with a token that is greater than all before, and else says
//! how long to wait; (3) the client counts `trust` on its oscillator, from the sending of its
//! request or from the reception of the grant, and believes that it holds the lease until then; (4)
//! while it does, it prepares a write for `work`, checks that it still holds the lease, and sends
//! the write with its token; (5) the store accepts it, or, with fencing, rejects it if it has
//! accepted a greater token before.
//!
//! Where `trust` is not given, it is what Gray and Cheriton let a client count from reception: the
//! length, less how long the grant may be under way and processed at either end, less how far the
//! clocks may part.
//!
//! Counted from reception, a slow answer makes the client believe longer than the server; so does
//! drift. Counted from sending, a client with an honest bound on drift is safe, until it pauses
//! between the check and the write: no clock helps then. Fencing rejects the late write, if the new
//! holder has written already. If the late write comes before that, it is accepted: the store
//! cannot know that a greater token is on its way.
//!
//! Assumes that disks are durable. Departures: a client holds the lease once, to its end, and does
//! not renew it; a write that is lost is not sent again. A lock server that comes up again first
//! lets the last lease run out.
//!
//! The scenario's first node is the lock server, the second the store, all others are clients.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/the-lease-held-twice.toml`.

mod client;
mod judge;
mod service;

use crate::problems::prelude::*;
use client::Client;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "lease",
    title: "Leases and fencing tokens",
    summary: "A lock that expires by itself, and a token that tells the store whose turn it is.",
    paper: "Gray, Cheriton, \"Leases: an efficient fault-tolerant mechanism for distributed file cache consistency\", \
            SOSP, 1989; Kleppmann, \"How to do distributed locking\", 2016",
    params: schema::of::<Lease>,
    crash_points: &[CHECKED],
    properties: judge::PROPERTIES,
    measures: judge::MEASURES,
    theory: judge::THEORY,
    layout: Layout::Rows,
    roles: |node, _| match node {
        LOCKS => Role::LockService,
        STORE => Role::Store,
        _ => Role::Client,
    },
    prepare,
    outputs: &["granted", "holds", "ended", "accepted", "rejected"],
    tables: &["granted"],
    item: "lease",
    edges: &[
        "",
        "writes = 0",
        "writes = 1, length = \"1s\", from = \"reception\"",
        "length = \"100ms\", work = \"30ms\", stagger = \"10ms\", fencing = true",
        "length = \"100ms\", trust = \"300ms\", work = \"30ms\", stagger = \"10ms\"",
    ],
    longer: &[Longer::doubling("params.length", 40, "s").within(HOLDERS_IN_TURN)],
    ..Entry::BLANK
};

/// One client after the other holds the lease, and writes every second.
const HOLDERS_IN_TURN: &str =
    "nodes = 4\nuntil = \"30d\"\n[params]\nwork = \"1s\"\nwrites = 1000000\n[network]\nloss = 0.1";

/// The point at which a client has checked that it holds the lease and has not yet sent its write.
const CHECKED: &str = "checked";

const LOCKS: NodeId = NodeId::new(0);
const STORE: NodeId = NodeId::new(1);
/// The place of the first client.
const FIRST_CLIENT: usize = 2;

/// How long a client that got no answer waits before it asks again.
const RETRY: Span = Span::from_ms(1_000);
/// The least that a server tells a client to wait, so that nobody asks without a pause.
const LEAST_WAIT: Span = Span::from_ms(1);

/// From when on a client counts its lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum From {
    /// From the sending of its request.
    Sending,
    /// From the reception of the grant.
    Reception,
}

params! {
    struct Lease {
        /// How long the server grants the lease for, on its oscillator.
        #[serde(with = "Positive")]
        length: Span = Span::from_ms(10_000),
        /// How long a client relies on the lease, on its oscillator. Default: as long as it is
        /// granted for, less what the next three say.
        #[serde(with = "Positive")]
        trust: Option<Span> = None,
        /// How long the grant may be under way to the client (Gray and Cheriton's m_prop).
        #[serde(with = "FromZero")]
        m_prop: Span = Span::ZERO,
        /// How long sender and receiver each may take to process a message (their m_proc).
        #[serde(with = "FromZero")]
        m_proc: Span = Span::ZERO,
        /// How far the two clocks may part while the lease lasts (their epsilon).
        #[serde(with = "FromZero")]
        epsilon: Span = Span::ZERO,
        /// From when on a client counts: `sending` of its request, or `reception` of the grant.
        from: From = From::Sending,
        /// Whether the store rejects a write whose token is less than one that it has accepted.
        fencing: bool = false,
        /// How much later than the one before it each client first asks.
        #[serde(with = "FromZero")]
        stagger: Span = Span::from_ms(1_000),
        /// How long a client prepares each write, on its oscillator.
        #[serde(with = "Positive")]
        work: Span = Span::from_ms(1_000),
        /// How often a client writes at most.
        writes: u32 = 3,
    }
}

impl Lease {
    /// t_c. (Gray and Cheriton, 1989, section 3.1: t_c = max(0, t_s - (m_prop + 2 m_proc) -
    /// epsilon).)
    fn trust(&self) -> Span {
        let allowed = self.length - (self.m_prop + self.m_proc.times(2)) - self.epsilon;
        self.trust.unwrap_or(allowed.max(Span::ZERO))
    }

    /// What is wrong with how long a client relies on the lease.
    fn check(&self, scenario: &Scenario) -> Option<Complaint> {
        let given = [("m-prop", self.m_prop), ("m-proc", self.m_proc), ("epsilon", self.epsilon)];
        let given = given.into_iter().find(|&(_, span)| span > Span::ZERO);
        let complain = |key, message: String, help: &str| Some(scenario.params.complain(key, message, help));
        match (self.trust, given) {
            (Some(trust), Some((key, span))) => {
                let message = format!("`{key}` = {span} shortens a trust that `trust` = {trust} gives whole");
                complain(key, message, "give `trust`, or what is to be taken off `length`")
            }
            (None, Some((key, _))) if self.trust() == Span::ZERO => {
                let message =
                    format!("nothing of the lease of `length` = {} is left for a client to rely on", self.length);
                complain(key, message, "`m-prop` + 2 `m-proc` + `epsilon` must be less than `length`")
            }
            _ => None,
        }
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    let count = scenario.names.count();
    let nobody = || {
        let message = format!("a lease takes a lock server, a store and a client, and this scenario has {count}");
        let help = "name them in this order: `nodes = [\"locks\", \"store\", \"alice\", \"bob\"]`";
        scenario.complain_of_nodes(message, help)
    };
    let setup = super::without_lies(scenario).refuse((count <= FIRST_CLIENT).then(nobody));
    setup.check(Lease::check).ready()
}

impl Protocol for Lease {
    type Process = Party;
    type Message = Message;
    type Timer = Alarm;
    type Disk = Greatest;

    fn boot(&self, node: NodeId, disk: &Greatest) -> Party {
        let params = self.clone();
        let Greatest(greatest) = *disk;
        match node {
            LOCKS => Party::LockServer(LockServer { length: params.length, token: greatest, ends: None }),
            STORE => Party::Store(Store { fencing: params.fencing, greatest }),
            _ => Party::Client(Client::new(params, greatest)),
        }
    }
}

/// What parties say.
#[derive(Clone, Copy, PartialEq, Serialize)]
enum Message {
    /// "May I have the lease?" A client numbers its requests.
    Ask { attempt: u64 },
    /// "You have it."
    Grant { attempt: u64, token: u64 },
    /// "Somebody else has it. Ask again after this long."
    Busy { attempt: u64, wait: Span },
    /// "Store this."
    Write { token: u64 },
    /// "It is stored."
    Stored,
    /// "I have stored a write with a greater token."
    Refused { token: u64 },
}

/// What parties wait for.
#[derive(Clone)]
enum Alarm {
    /// The lock server: this token's lease is over. A client: the lease of this attempt is over.
    Over(u64),
    /// A client: time to ask.
    Ask,
    /// A client: the next write is prepared.
    Prepared,
}

/// The greatest number that a party must never go back behind: a token granted or accepted, or an
/// attempt made.
#[derive(Clone, Copy, Default)]
struct Greatest(u64);

/// A greater number than before, and what it counts.
#[derive(Clone, Serialize)]
struct Raise(&'static str, u64);

impl Disk for Greatest {
    type Write = Raise;

    fn write(&mut self, Raise(_, number): Raise) {
        self.0 = number;
    }
}

roles!(enum Party: Lease { LockServer, Store, Client });

fn number(token: u64) -> Value {
    Value::Number(i64::try_from(token).unwrap_or(i64::MAX))
}

/// Grants the lease to one client at a time.
#[derive(Clone)]
struct LockServer {
    length: Span,
    /// The last token granted.
    token: u64,
    /// When the lease is over, by the server's oscillator, while it is granted.
    ends: Option<Monotonic>,
}

impl LockServer {
    fn begin(&mut self, ctx: &mut Context<'_, Lease>) {
        self.ends = Some(ctx.monotonic() + self.length);
        ctx.set_timer(self.length, Alarm::Over(self.token));
    }
}

impl Process<Lease> for LockServer {
    fn start(&mut self, ctx: &mut Context<'_, Lease>) {
        if self.token > 0 {
            // Up again after a crash. The last lease may still be held, for no longer than this.
            self.begin(ctx);
        }
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Lease>) {
        let Message::Ask { attempt } = message else { return };
        // Step 2.
        match self.ends {
            Some(ends) => {
                let wait = (ends - ctx.monotonic()).max(LEAST_WAIT);
                ctx.send(from, Message::Busy { attempt, wait });
            }
            None => {
                self.token += 1;
                ctx.write(Raise("token granted", self.token));
                ctx.output("granted", number(self.token));
                self.begin(ctx);
                ctx.send(from, Message::Grant { attempt, token: self.token });
            }
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, Lease>) {
        if let Alarm::Over(token) = alarm {
            self.ends = None;
            ctx.note("expired", number(token), || format!("lets lease {token} expire"));
        }
    }

    fn state(&self, facts: &mut Facts) {
        if self.ends.is_some() {
            facts.operation("lent", format!("lease {}", self.token));
        }
        facts.version("last token", self.token);
    }
}

/// Keeps what clients write.
#[derive(Clone)]
struct Store {
    fencing: bool,
    /// The greatest token accepted.
    greatest: u64,
}

impl Process<Lease> for Store {
    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Lease>) {
        let Message::Write { token } = message else { return };
        // Step 5. A holder writes more than once with its token, so an equal one is accepted.
        if self.fencing && token < self.greatest {
            ctx.output("rejected", number(token));
            ctx.send(from, Message::Refused { token });
            return;
        }
        if token > self.greatest {
            self.greatest = token;
            ctx.write(Raise("token accepted", token));
        }
        ctx.output("accepted", number(token));
        ctx.send(from, Message::Stored);
    }

    fn state(&self, facts: &mut Facts) {
        facts.version("greatest token", self.greatest);
    }
}

words!(Message {
    Ask { .. } => "the lease, please";
    Grant { token, .. } => "lease {token} is yours";
    Busy { wait, .. } => "taken for {}", wait.rounded();
    Write { token } => "write, token {token}";
    Stored => "stored";
    Refused { token } => "token {token} refused";
});

words!(Alarm {
    Over(_) => "the lease is over";
    Ask => "ask for the lease";
    Prepared => "a write is prepared";
});

impl fmt::Display for Raise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}
