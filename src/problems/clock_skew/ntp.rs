//! NTP: several servers, of which some are wrong, and a clock that is kept right from all of them.
//!
//! David Mills, Jim Martin, Jack Burbank, William Kasch, RFC 5905, "Network Time Protocol Version 4: Protocol and
//! Algorithms Specification", 2010, with erratum 5600.
//!
//! The problem: a client is to stay near true time although delays vary, oscillators drift, and some servers tell a
//! wrong time (falsetickers).
//!
//! The algorithm: (1) the client asks each server every poll interval; an exchange gives an offset θ and a delay δ
//! (section 8); (2) of the last eight exchanges with a server the one with the least delay is believed, once (section
//! 10, in `ntp/filter.rs`); (3) the root synchronisation distance says how wrong each server's offset can be (appendix
//! A.5.5.2); (4) selection finds an interval in which a majority agrees and drops the falsetickers, cluster drops
//! outliers, combine averages the rest (section 11.2, in `ntp/selection.rs`); (5) the discipline steps the clock,
//! slews it, or waits (section 11.3, in `ntp/discipline.rs`).
//!
//! With every update the client claims that its clock is off by at most the root distance LAMBDA = EPSILON + DELTA/2
//! (section 11.2.3), and that this grows by PHI until the next. `bounded-skew` holds it to that.
//!
//! Assumes that a majority of the servers are right to within their root dispersion, and for the growth that the
//! oscillator drifts by no more than PHI. No assumption says that delays are symmetric: half of an asymmetry is an error
//! that no statistic shows, and that the bound covers.
//!
//! Departures: all servers are of stratum 1, and the first nodes of the scenario; the rest are clients. The poll
//! interval is fixed. The discipline is as said in its file. After a step the client asks anew at once, as at its start.
//! Constants are parameters under the RFC's names, with the values of its text (section 7.2 and 11); the reference
//! implementation has MINDISP 10 ms and STEPT 128 ms.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/two-falsetickers-among-seven.toml`.

pub mod discipline;
pub mod filter;
pub mod marzullo;
pub mod selection;

mod client;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{Measure, Property, Run};
use crate::problems::Entry;
use crate::process::{Context, NodeId, Process, Protocol};
use crate::roles;
use crate::scenario::{Complaint, FromZero, Positive, Scenario};
use crate::sim::{Runner, Simulation};
use crate::time::{Reading, Span, Time};

use super::chart;
use super::judge::{self, Bounded, Promise, Subject, told};
use super::lies::{self, Clockmakers, Tells};
use client::Client;

/// What the registry knows of the protocol.
pub const ENTRY: Entry = Entry {
    name: "ntp",
    title: "The Network Time Protocol",
    summary: "Ask several servers again and again, believe the quick answers of a majority, and correct gently.",
    paper: "Mills, Martin, Burbank, Kasch, RFC 5905, \"Network Time Protocol Version 4\", 2010",
    params: crate::scenario::schema::of::<Constants>,
    lies: lies::DOCS,
    crash_points: &[],
    chances: &[],
    properties: &PROPERTIES,
    measures: &MEASURES,
    theory: &[],
    table: None,
    chart: Some(chart::of::<Ntp>),
    prepare,
};

const PROPERTIES: [Property; 2] = judge::properties::<Ntp>();
const MEASURES: [Measure; 7] = judge::measures::<Ntp>();

/// How the truechimers are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// As RFC 5905 has it: the interval must hold the midpoints of a majority.
    Intersection,
    /// As Marzullo had it in 1984: where most intervals overlap.
    Marzullo,
}

/// The parameters: the RFC's constants under its names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Constants {
    /// How many of the nodes are servers, the first ones. Not given: all but the last.
    #[schemars(range(min = 1, max = 10_000))]
    pub servers: Option<u32>,
    /// How the truechimers are found.
    pub algorithm: Algorithm,
    /// How long from one question to a server to the next.
    #[serde(with = "Positive")]
    pub poll: Span,
    /// Whether the client begins with eight questions at short intervals.
    pub iburst: bool,
    /// What each server says that its own clock may be off by (its root dispersion).
    #[serde(with = "FromZero")]
    pub root_dispersion: Span,
    /// How finely a clock can be read.
    #[serde(with = "FromZero")]
    pub precision: Span,
    /// TOLERANCE, PHI: by how many parts per million an oscillator is taken to drift.
    #[schemars(range(min = 0, max = 100_000))]
    pub tolerance_ppm: u32,
    /// MAXDISP: the dispersion of what is not known.
    #[serde(with = "Positive")]
    pub maxdisp: Span,
    /// MINDISP: the least by which a root distance grows from server to client.
    #[serde(with = "FromZero")]
    pub mindisp: Span,
    /// MAXDIST: servers with a larger root distance are not fit to be followed.
    #[serde(with = "Positive")]
    pub maxdist: Span,
    /// STEPT: offsets beyond it are stepped, not slewed.
    #[serde(with = "Positive")]
    pub stept: Span,
    /// WATCH: how long an offset beyond the step threshold must stay.
    #[serde(with = "Positive")]
    pub watch: Span,
    /// PANICT: offsets beyond it end the client.
    #[serde(with = "Positive")]
    pub panict: Span,
    /// NMIN: the cluster algorithm leaves at least so many survivors.
    #[schemars(range(min = 1, max = 10_000))]
    pub nmin: u32,
    /// CMIN: with fewer truechimers the clock is left alone.
    #[schemars(range(min = 1, max = 10_000))]
    pub cmin: u32,
    /// SGATE: how many times the jitter an offset may jump before it is dropped as a spike.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub sgate: u32,
    /// TC: how many poll intervals it takes to amortise an offset to about a third.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub tc: u32,
}

impl Default for Constants {
    fn default() -> Constants {
        Constants {
            servers: None,
            algorithm: Algorithm::Intersection,
            poll: Span::from_ms(64_000),
            iburst: true,
            root_dispersion: Span::from_ms(1),
            precision: Span::from_ns(1_000),
            tolerance_ppm: 15,
            maxdisp: Span::from_ms(16_000),
            mindisp: Span::from_ms(5),
            maxdist: Span::from_ms(1_000),
            stept: Span::from_ms(125),
            watch: Span::from_ms(900_000),
            panict: Span::from_ms(1_000_000),
            nmin: 3,
            cmin: 1,
            sgate: 3,
            tc: 16,
        }
    }
}

impl Constants {
    /// How much a dispersion grows in a span of time, at PHI.
    pub fn aged(&self, span: Span) -> Span {
        let grown = i128::from(span.ns().max(0)) * i128::from(self.tolerance_ppm) / 1_000_000;
        Span::from_ns(i64::try_from(grown).unwrap_or(i64::MAX))
    }

    /// The root synchronisation distance, appendix A.5.5.2: how wrong an offset can be that was measured a while ago, by
    /// all that adds to it between the source of time and this clock.
    pub fn root_distance(&self, root: Root, peer: &filter::Peer, age: Span) -> Span {
        let delay = (root.delay + peer.delay).max(self.mindisp);
        let half = Span::from_ns(delay.ns() / 2 + delay.ns() % 2);
        half + root.dispersion + peer.dispersion + self.aged(age) + peer.jitter
    }

    /// How far a client's clock is off at most when it takes in an update: LAMBDA = EPSILON + DELTA/2, by figure 25.
    /// EPSILON has |THETA| in it, for the clock is not corrected yet, and grows by MINDISP at least.
    pub fn claim(&self, root: Root, peer: &filter::Peer, age: Span, offset: Span) -> Span {
        let delay = root.delay + peer.delay;
        let half = Span::from_ns(delay.ns() / 2 + delay.ns() % 2);
        let increment = peer.dispersion + peer.jitter + self.aged(age) + offset.abs();
        half + root.dispersion + increment.max(self.mindisp)
    }

    fn servers(&self, nodes: usize) -> usize {
        self.servers.map_or(nodes.saturating_sub(1), |servers| servers as usize)
    }
}

/// What a server says of its own way to the source of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Root {
    /// Its root delay (DELTA).
    pub delay: Span,
    /// Its root dispersion (EPSILON).
    pub dispersion: Span,
}

fn prepare(scenario: &Scenario) -> Result<Box<dyn Runner>, Vec<Complaint>> {
    let lies = Clockmakers::read(scenario);
    let constants = scenario.params.read::<Constants>().and_then(|constants| check(constants, scenario));
    match (constants, lies) {
        (Ok(constants), Ok(lies)) => {
            let servers = constants.servers(scenario.names.count());
            let ntp = Ntp { constants, servers };
            Ok(Box::new(Simulation::new(ntp, Some(Box::new(lies)), scenario)))
        }
        (constants, lies) => Err(constants.err().into_iter().chain(lies.err()).flatten().collect()),
    }
}

fn check(constants: Constants, scenario: &Scenario) -> Result<Constants, Vec<Complaint>> {
    let nodes = scenario.names.count();
    let servers = constants.servers(nodes);
    if servers == 0 || servers >= nodes {
        let message = format!("`servers` = {servers} of {nodes} nodes leaves nobody to serve or nobody to be served");
        let help = format!("at least 1 and at most {}", nodes.saturating_sub(1));
        return Err(vec![scenario.complain_of_nodes_and("servers", message, help)]);
    }
    if constants.stept >= constants.panict {
        let message = format!("`stept` = {} is not less than `panict` = {}", constants.stept, constants.panict);
        return Err(vec![scenario.params.complain("stept", message, "no offset would ever be stepped")]);
    }
    Ok(constants)
}

#[derive(Clone)]
struct Ntp {
    constants: Constants,
    servers: usize,
}

impl Protocol for Ntp {
    type Process = Party;
    type Message = Message;
    type Timer = Timer;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Party {
        if node.index() < self.servers {
            let root = Root { delay: Span::ZERO, dispersion: self.constants.root_dispersion };
            Party::Server(Server { root })
        } else {
            Party::Client(Client::new(self.constants.clone(), self.servers))
        }
    }
}

/// A packet, as far as it matters here.
#[derive(Clone, PartialEq, Serialize)]
enum Message {
    /// "My clock shows this (T1)."
    Request(Reading),
    /// "You asked at T1; I heard it at T2 and answer at T3; this is how far I am from the source."
    Reply { t1: Reading, t2: Reading, t3: Reading, root: Root },
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
    fn start(&mut self, _ctx: &mut Context<'_, Ntp>) {}

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Ntp>) {
        if let Message::Request(t1) = message {
            let now = ctx.now();
            ctx.send(from, Message::Reply { t1, t2: now, t3: now, root: self.root });
        }
    }

    fn timer(&mut self, _timer: Timer, _ctx: &mut Context<'_, Ntp>) {}
}

impl Subject for Ntp {
    const REFERENCE: Option<NodeId> = None;
    const BOUND: &'static str = "the root distance that the client claims, and PHI since";
    const ROUNDING: Span = Span::from_ns(5);

    fn nodes(run: &Run<'_>) -> Vec<NodeId> {
        let nodes = run.trace.names.count();
        let servers = run.scenario.params.read::<Constants>().map_or(nodes, |constants| constants.servers(nodes));
        NodeId::first(nodes).skip(servers).collect()
    }

    /// From the first time on that a client claims to be synchronised.
    fn since(run: &Run<'_>, node: NodeId) -> Option<Time> {
        told(run, DISTANCE, node).map(|(event, _)| event.at).next()
    }

    fn promises(run: &Run<'_>) -> Vec<Promise> {
        let Ok(Constants { tolerance_ppm, .. }) = run.scenario.params.read() else { return Vec::new() };
        let growth_ppb = 1_000 * i64::from(tolerance_ppm);
        let of_node = |node| {
            // A step ends what was claimed; after it the client is not synchronised until the next update.
            let claims = told(run, DISTANCE, node).map(|(event, distance)| (event.at, Some(Span::from_ns(distance))));
            let steps = judge::corrections(run, node).map(|(at, _)| (at, None));
            let mut turns: Vec<(Time, Option<Span>)> = claims.chain(steps).collect();
            turns.sort_by_key(|&(at, _)| at);
            let ends = turns.iter().skip(1).map(|&(at, _)| at).chain([run.trace.ended_at]);
            let promise = |(&(from, claim), to): (&(Time, Option<Span>), Time)| {
                claim.map(|at_first| Promise { of: Bounded::Error(node), from, to, at_first, growth_ppb })
            };
            turns.iter().zip(ends).filter_map(promise).collect::<Vec<_>>()
        };
        Ntp::nodes(run).into_iter().flat_map(of_node).collect()
    }
}

/// The output with which a client claims how far its clock is off at most, in nanoseconds (LAMBDA).
const DISTANCE: &str = "distance";

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Message::Request(_) => f.write_str("time?"),
            Message::Reply { t3, .. } => write!(f, "it is {}", (*t3 - Reading::default()).rounded()),
        }
    }
}

impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Timer::Poll(_) => "asks a server",
            Timer::Adjust => "adjusts its clock",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_distance_adds_up_all_that_can_be_wrong() {
        let us = |us: i64| Span::from_ns(us * 1_000);
        // Root delay and dispersion, delay, dispersion, age in seconds, jitter: the distance. In microseconds.
        let check = |mindisp, root: (i64, i64), peer: (i64, i64, i64), age_s: i64, distance| {
            let constants = Constants { mindisp: us(mindisp), ..Constants::default() };
            let (delay, dispersion, jitter) = (us(peer.0), us(peer.1), us(peer.2));
            let peer =
                filter::Peer { offset: Span::ZERO, delay, dispersion, jitter, at: crate::time::Monotonic::default() };
            let root = Root { delay: us(root.0), dispersion: us(root.1) };
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
        let root = Root { delay: ms(4), dispersion: ms(1) };
        let peer = |dispersion, jitter| {
            let (dispersion, jitter) = (ms(dispersion), ms(jitter));
            filter::Peer {
                offset: Span::ZERO,
                delay: ms(26),
                dispersion,
                jitter,
                at: crate::time::Monotonic::default(),
            }
        };
        let constants = Constants::default();
        assert_eq!(constants.claim(root, &peer(3, 2), ms(1_000_000), ms(-40)), ms(15 + 1 + 3 + 2 + 15 + 40));
        assert_eq!(constants.claim(root, &peer(0, 1), Span::ZERO, ms(1)), ms(15 + 1 + 5), "MINDISP");
    }
}
