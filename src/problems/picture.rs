//! What a picture of a protocol's nodes needs: where they stand, and what each of them is.

use serde::Serialize;

/// Where nodes stand in a picture that shows them as parties, not as lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Two hills with a valley between them.
    Hills,
    /// A ring, the first node on top.
    Ring,
    /// The first node above all others.
    Star,
    /// The last node below all others.
    Fan,
    /// One beside the other: what flows, flows from left to right.
    Row,
    /// The first at the left, the others one above the other at the right.
    Split,
    /// The first half in a row above the second.
    Rows,
}

/// What a node is in its protocol. The page draws a node by its role, never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A node like all others.
    Peer,
    /// One of two generals.
    General,
    /// Gives an order to lieutenants.
    Commander,
    /// Obeys a commander.
    Lieutenant,
    /// A person at a client of their own.
    User,
    /// Asks servers.
    Client,
    /// Answers clients.
    Server,
    /// Leads others that follow it for good.
    Master,
    /// Follows a master.
    Follower,
    /// Keeps a copy of what all replicas keep.
    Replica,
    /// Keeps what clients write.
    Store,
    /// Grants locks and leases.
    LockService,
    /// Takes customers' orders and sends them on.
    Shop,
    /// Charges orders.
    Ledger,
    /// Keeps a log that others append to and read.
    Broker,
    /// Reads from a log, works, and writes the result back.
    Worker,
    /// Decides for all participants when something happens, or whether it does.
    Coordinator,
    /// Has a vote or a part in what a coordinator decides.
    Participant,
    /// Where a stream begins.
    Source,
    /// What a stream flows through.
    Operator,
    /// Where a stream ends.
    Sink,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 21] = [
        Role::Peer,
        Role::General,
        Role::Commander,
        Role::Lieutenant,
        Role::User,
        Role::Client,
        Role::Server,
        Role::Master,
        Role::Follower,
        Role::Replica,
        Role::Store,
        Role::LockService,
        Role::Shop,
        Role::Ledger,
        Role::Broker,
        Role::Worker,
        Role::Coordinator,
        Role::Participant,
        Role::Source,
        Role::Operator,
        Role::Sink,
    ];

    /// The role's word, as the page knows it.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Peer => "peer",
            Role::General => "general",
            Role::Commander => "commander",
            Role::Lieutenant => "lieutenant",
            Role::User => "user",
            Role::Client => "client",
            Role::Server => "server",
            Role::Master => "master",
            Role::Follower => "follower",
            Role::Replica => "replica",
            Role::Store => "store",
            Role::LockService => "lock-service",
            Role::Shop => "shop",
            Role::Ledger => "ledger",
            Role::Broker => "broker",
            Role::Worker => "worker",
            Role::Coordinator => "coordinator",
            Role::Participant => "participant",
            Role::Source => "source",
            Role::Operator => "operator",
            Role::Sink => "sink",
        }
    }
}
