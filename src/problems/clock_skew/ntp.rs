//! NTP: several servers, of which some are wrong, and a clock that is kept right from all of them.
//!
//! David Mills, Jim Martin, Jack Burbank, William Kasch, RFC 5905, "Network Time Protocol Version
//! 4: Protocol and Algorithms Specification", 2010, with erratum 5600.
//!
//! The problem: a client is to stay near true time although delays vary, oscillators drift, and
//! some servers tell a wrong time (falsetickers).
//!
//! The algorithm: (1) the client asks each server every poll interval; an exchange gives an offset
//! θ and a delay δ (section 8); (2) of the last eight exchanges with a server the one with the
//! least delay is believed, once (section 10, in `ntp/filter.rs`); (3) the root synchronisation
//! distance says how wrong each server's offset can be (appendix A.5.5.2); (4) selection finds an
//! interval in which a majority agrees and drops the falsetickers, cluster drops outliers, combine
//! averages the rest (section 11.2, in `ntp/selection.rs`); (5) the discipline steps the clock,
//! slews it, or waits (section 11.3, in `ntp/discipline.rs`).
//!
//! With every update the client claims that its clock is off by at most the root distance LAMBDA =
//! EPSILON + DELTA/2 (section 11.2.3), and that this grows by PHI until the next. `bounded-skew`
//! holds it to that.
//!
//! Assumes, at each update, of the servers that are fit to be followed: (a) most are *right*, that
//! is, true time lies within the root distance of what they say; (b) the interval of one that is
//! wrong overlaps none of one that is right. Then the interval that selection finds lies within
//! those of right servers, no wrong one has its midpoint in it, and only right ones survive.
//! Without (b) a liar whose interval lies inside of theirs, as one that answers more quickly may
//! say, is a truechimer by all that can be seen: it survives, weighs most in the average, and its
//! small root distance becomes the client's claim. The RFC promises nothing of that case, and
//! neither does this file; nor of a fit majority that is wrong because right servers have not
//! answered often enough yet. (c) The oscillator drifts by no more than PHI. No assumption says
//! that delays are symmetric: half of an asymmetry is an error that no statistic shows, and that
//! the bound covers.
//!
//! With `strata` servers follow servers: one of stratum 2 follows all of stratum 1, and answers
//! with its own root delay and root dispersion (DELTA and EPSILON, which grows by PHI), to which a
//! follower adds its own. One that is not synchronised says so and is not followed.
//!
//! Departures: servers are the first nodes of the scenario, stratum by stratum, and each node
//! follows all of the stratum before its own; the rest are clients. The poll interval is fixed. The
//! discipline is as said in its file. T1 is what the clock as it is now would have shown at the
//! question, by the oscillator (`ntp/filter.rs`). After a step the client asks anew at once, as at
//! its start. Constants are parameters under the RFC's names, with the values of its text (section
//! 7.2 and 11); the reference implementation has MINDISP 10 ms and STEPT 128 ms.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/two-falsetickers-among-seven.toml`.

pub mod discipline;
pub mod filter;
pub mod marzullo;
pub mod selection;

mod claims;
mod client;
mod report;

use crate::problems::prelude::*;
use std::ops::Range;
use std::sync::Arc;

use super::judge;
use super::lies::{Clockmakers, Tells};
use claims::Claims;
use client::Client;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "ntp",
    title: "The Network Time Protocol",
    summary: "Ask several servers again and again, believe the quick answers of a majority, and correct gently.",
    paper: "Mills, Martin, Burbank, Kasch, RFC 5905, \"Network Time Protocol Version 4\", 2010",
    params: schema::of::<Constants>,
    measures: &MEASURES,
    table: Some(report::table),
    layout: Layout::Fan,
    roles: |node, nodes| if node.index() + 1 < nodes { Role::Server } else { Role::Client },
    prepare,
    outputs: &[super::judge::CORRECTION, "offset", DISTANCE, "state"],
    edges: &["", "poll = \"16s\", iburst = false", "servers = 1, stept = \"1ms\", watch = \"1s\""],
    longer: &[
        Longer::doubling("until", 1, "h").within("nodes = 4\n[clock]\ndrift-ppm = 12"),
        Longer::doubling("until", 1, "h").within(STRATA),
    ],
    ..super::Synchronises::<Claims>::COMMON
};

/// Two servers that follow two others, and a client of theirs.
const STRATA: &str = "nodes = 5\n[params]\nstrata = [2, 2]\n[clock]\ndrift-ppm = 12";

const MEASURES: [Measure; 9] = {
    let [max_error, final_error, max_skew, final_skew, bound, steps, messages] = judge::measures::<Claims>();
    let [falsetickers, width] = report::MEASURES;
    [max_error, final_error, max_skew, final_skew, bound, steps, falsetickers, width, messages]
};

/// How the truechimers are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// As RFC 5905 has it: the interval must hold the midpoints of a majority.
    Intersection,
    /// As Marzullo had it in 1984: where most intervals overlap.
    Marzullo,
}

params! {
    /// The parameters: the RFC's constants under its names.
    pub struct Constants {
        /// How many of the nodes are servers of stratum 1, the first ones. Not given: all but the
        /// last.
        #[schemars(range(min = 1, max = 10_000))]
        pub servers: Option<u32> = None,
        /// How many servers each stratum has, from stratum 1 on, where servers follow servers: `[2,
        /// 3]` makes the first two nodes servers of stratum 1, and the next three servers of
        /// stratum 2. Instead of `servers`.
        #[schemars(length(max = 15), inner(range(min = 1, max = 10_000)))]
        pub strata: Vec<u32> = Vec::new(),
        /// How the truechimers are found.
        pub algorithm: Algorithm = Algorithm::Intersection,
        /// How long from one question to a server to the next.
        #[serde(with = "Positive")]
        pub poll: Span = Span::from_ms(64_000),
        /// Whether the client begins with eight questions at short intervals.
        pub iburst: bool = true,
        /// What each server says that its own clock may be off by (its root dispersion).
        #[serde(with = "FromZero")]
        pub root_dispersion: Span = Span::from_ms(1),
        /// How finely a clock can be read.
        #[serde(with = "FromZero")]
        pub precision: Span = Span::from_ns(1_000),
        /// TOLERANCE, PHI: by how many parts per million an oscillator is taken to drift.
        #[schemars(range(min = 0, max = 100_000))]
        pub tolerance_ppm: u32 = 15,
        /// MAXDISP: the dispersion of what is not known.
        #[serde(with = "Positive")]
        pub maxdisp: Span = Span::from_ms(16_000),
        /// MINDISP: the least by which a root distance grows from server to client.
        #[serde(with = "FromZero")]
        pub mindisp: Span = Span::from_ms(5),
        /// MAXDIST: servers with a larger root distance are not fit to be followed.
        #[serde(with = "Positive")]
        pub maxdist: Span = Span::from_ms(1_000),
        /// STEPT: offsets beyond it are stepped, not slewed.
        #[serde(with = "Positive")]
        pub stept: Span = Span::from_ms(125),
        /// WATCH: how long an offset beyond the step threshold must stay.
        #[serde(with = "Positive")]
        pub watch: Span = Span::from_ms(900_000),
        /// PANICT: offsets beyond it end the client.
        #[serde(with = "Positive")]
        pub panict: Span = Span::from_ms(1_000_000),
        /// NMIN: the cluster algorithm leaves at least so many survivors.
        #[schemars(range(min = 1, max = 10_000))]
        pub nmin: u32 = 3,
        /// CMIN: with fewer truechimers the clock is left alone.
        #[schemars(range(min = 1, max = 10_000))]
        pub cmin: u32 = 1,
        /// SGATE: how many times the jitter an offset may jump before it is dropped as a spike.
        #[schemars(range(min = 1, max = 1_000_000))]
        pub sgate: u32 = 3,
        /// TC: how many poll intervals it takes to amortise an offset to about a third.
        #[schemars(range(min = 1, max = 1_000_000))]
        pub tc: u32 = 16,
    }
}

impl Constants {
    /// How much a dispersion grows in a span of time, at PHI.
    pub fn aged(&self, span: Span) -> Span {
        let grown = i128::from(span.ns().max(0)) * i128::from(self.tolerance_ppm) / 1_000_000;
        Span::from_ns(i64::try_from(grown).unwrap_or(i64::MAX))
    }

    /// The root synchronisation distance, appendix A.5.5.2: how wrong an offset can be that was
    /// measured a while ago, by all that adds to it between the source of time and this clock.
    pub fn root_distance(&self, root: Root, peer: &filter::Peer, age: Span) -> Span {
        let delay = (root.delay + peer.delay).max(self.mindisp);
        let half = Span::from_ns(delay.ns() / 2 + delay.ns() % 2);
        half + root.dispersion + peer.dispersion + self.aged(age) + peer.jitter
    }

    /// What a client says of its own way to the source when it takes in an update, by figure 25:
    /// DELTA, and EPSILON, which has |THETA| in it, since the clock is not corrected yet, and grows
    /// by MINDISP at least.
    pub fn root(&self, root: Root, peer: &filter::Peer, age: Span, offset: Span) -> Root {
        let increment = peer.dispersion + peer.jitter + self.aged(age) + offset.abs();
        Root {
            stratum: root.stratum.saturating_add(1),
            delay: root.delay + peer.delay,
            dispersion: root.dispersion + increment.max(self.mindisp),
        }
    }

    /// The servers of each stratum, as places among the nodes.
    fn strata(&self, nodes: usize) -> Vec<Range<usize>> {
        let only = [self.servers.unwrap_or(u32::try_from(nodes.saturating_sub(1)).unwrap_or(u32::MAX))];
        let counts = if self.strata.is_empty() { &only[..] } else { &self.strata };
        let mut first = 0_usize;
        let places = counts.iter().map(|&count| {
            let from = first;
            first = first.saturating_add(count as usize);
            from..first
        });
        places.collect()
    }
}

/// What a server says of its own way to the source of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Root {
    /// How many servers the time has come through, its own clock included.
    pub stratum: u8,
    /// Its root delay (DELTA).
    pub delay: Span,
    /// Its root dispersion (EPSILON).
    pub dispersion: Span,
}

impl Root {
    /// LAMBDA = EPSILON + DELTA/2: how far the clock is off at most.
    pub fn distance(&self) -> Span {
        Span::from_ns(self.delay.ns() / 2 + self.delay.ns() % 2) + self.dispersion
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    let setup = Setup::read(scenario).check(check).and(Clockmakers::read(scenario));
    setup.run_with_traitors(|(constants, lies)| {
        let strata = constants.strata(scenario.names.count());
        (Ntp { constants: Arc::new(constants), strata }, lies)
    })
}

fn check(constants: &Constants, scenario: &Scenario) -> Option<Complaint> {
    let nodes = scenario.names.count();
    if let (Some(servers), false) = (constants.servers, constants.strata.is_empty()) {
        let message = format!("`servers` = {servers} beside `strata`");
        return Some(scenario.params.complain("servers", message, "`strata` says how many servers there are"));
    }
    let servers = constants.strata(nodes).last().map_or(0, |last| last.end);
    let key = if constants.strata.is_empty() { "servers" } else { "strata" };
    if constants.strata.len() > MOST_STRATA || constants.strata.contains(&0) {
        let message = format!("`strata` = {:?}", constants.strata);
        let help = format!("at most {MOST_STRATA} strata, each of at least one server");
        return Some(scenario.params.complain("strata", message, help));
    }
    if servers == 0 || servers >= nodes {
        let message = match key {
            "strata" => format!("`strata` makes {servers} of {nodes} nodes servers, and leaves nobody to be served"),
            _ => format!("`servers` = {servers} of {nodes} nodes leaves nobody to serve or nobody to be served"),
        };
        let help = format!("at least 1 and at most {}", nodes.saturating_sub(1));
        return Some(scenario.complain_of_nodes_and(key, message, help));
    }
    if constants.stept >= constants.panict {
        let message = format!("`stept` = {} is not less than `panict` = {}", constants.stept, constants.panict);
        return Some(scenario.params.complain("stept", message, "no offset would ever be stepped"));
    }
    None
}

#[derive(Clone)]
struct Ntp {
    constants: Arc<Constants>,
    /// The servers of each stratum, as places among the nodes.
    strata: Vec<Range<usize>>,
}

/// With more strata than this, a server counts as not synchronised (MAXSTRAT, less one).
const MOST_STRATA: usize = 15;

impl Protocol for Ntp {
    type Process = Party;
    type Message = Message;
    type Timer = Timer;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Party {
        let stratum = self.strata.iter().position(|places| places.contains(&node.index())).unwrap_or(self.strata.len());
        match stratum.checked_sub(1) {
            None => {
                let root = Root { stratum: 1, delay: Span::ZERO, dispersion: self.constants.root_dispersion };
                Party::Server(Server { root })
            }
            Some(before) => {
                let servers = NodeId::first(self.strata[before].end).skip(self.strata[before].start);
                Party::Client(Client::new(Arc::clone(&self.constants), servers))
            }
        }
    }
}

/// A packet, as far as it matters here.
#[derive(Clone, PartialEq, Serialize)]
enum Message {
    /// "My clock shows this (T1)."
    Request(Reading),
    /// "You asked at T1; I heard it at T2 and answer at T3; this is how far I am from the source."
    /// Nothing of that where the server is not synchronised.
    Reply { t1: Reading, t2: Reading, t3: Reading, root: Option<Root> },
}

impl Tells for Message {
    fn shifted(&self, by: Span) -> Message {
        match *self {
            Message::Request(t1) => Message::Request(t1),
            Message::Reply { t1, t2, t3, root } => Message::Reply { t1, t2: t2 + by, t3: t3 + by, root },
        }
    }
}

#[derive(Clone)]
enum Timer {
    /// It is time to ask this server again.
    Poll(NodeId),
    /// It is time for the next slew.
    Adjust,
}

roles!(enum Party: Ntp { Server, Client });

/// Tells the time.
#[derive(Clone)]
struct Server {
    root: Root,
}

impl Process<Ntp> for Server {
    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Ntp>) {
        if let Message::Request(t1) = message {
            let now = ctx.now();
            ctx.send(from, Message::Reply { t1, t2: now, t3: now, root: Some(self.root) });
        }
    }
}

/// The output with which a client claims how far its clock is off at most, in nanoseconds (LAMBDA).
const DISTANCE: &str = "distance";

words!(Message {
    Request(_) => "time?";
    Reply { root: None, .. } => "I am not synchronised";
    Reply { t3, .. } => "it is {}", t3.rounded();
});

words!(Timer {
    Poll(_) => "asks a server";
    Adjust => "adjusts its clock";
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Monotonic;

    #[test]
    fn the_root_distance_adds_up_all_that_can_be_wrong() {
        let us = |us: i64| Span::from_ns(us * 1_000);
        // Root delay and dispersion, delay, dispersion, age in seconds, jitter: the distance. In
        // microseconds.
        let check = |mindisp, root: (i64, i64), peer: (i64, i64, i64), age_s: i64, distance| {
            let constants = Constants { mindisp: us(mindisp), ..Constants::default() };
            let (delay, dispersion, jitter) = (us(peer.0), us(peer.1), us(peer.2));
            let peer = filter::Peer { offset: Span::ZERO, delay, dispersion, jitter, at: Monotonic::default() };
            let root = Root { stratum: 1, delay: us(root.0), dispersion: us(root.1) };
            assert_eq!(constants.root_distance(root, &peer, us(age_s * 1_000_000)), us(distance));
        };
        check(10_000, (20_000, 5_000), (30_000, 2_000, 1_000), 100, 34_500);
        check(10_000, (0, 0), (100_000, 1_000, 0), 0, 51_000);
        check(10_000, (4_000, 1_000), (2_000, 1_000, 500), 1_000, 22_500);
        check(5_000, (4_000, 1_000), (2_000, 1_000, 500), 1_000, 20_500);
    }

    #[test]
    fn a_client_claims_what_can_be_wrong_and_what_it_has_yet_to_correct() {
        let ms = Span::from_ms;
        let root = Root { stratum: 1, delay: ms(4), dispersion: ms(1) };
        let peer = |dispersion, jitter| {
            let (dispersion, jitter) = (ms(dispersion), ms(jitter));
            filter::Peer { offset: Span::ZERO, delay: ms(26), dispersion, jitter, at: Monotonic::default() }
        };
        let constants = Constants::default();
        assert_eq!(constants.root(root, &peer(3, 2), ms(1_000_000), ms(-40)).distance(), ms(15 + 1 + 3 + 2 + 15 + 40));
        assert_eq!(constants.root(root, &peer(0, 1), Span::ZERO, ms(1)).distance(), ms(15 + 1 + 5), "MINDISP");
        assert_eq!(constants.root(root, &peer(0, 1), Span::ZERO, ms(1)).stratum, 2);
    }
}
