//! Shedding: a server that has too much to do turns some calls away, or serves the newest first.
//!
//! Betsy Beyer and others (eds.), "Site reliability engineering", 2016, chapter 21; Ben Maurer,
//! "Fail at scale", ACM Queue 13(8), 2015, for queues that serve the newest first.
//!
//! The problem: more calls come than can be served, for a while or for good. If all wait in one
//! queue, each waits longer than its caller does, and the server works for nobody.
//!
//! The algorithm: (1) a call that comes when all workers are busy waits; (2) if more than `queue`
//! wait then, the one that would be served last is refused; (3) a worker that is done takes the
//! call that came first, or with `discipline = "lifo"` the one that came last; (4) one that has
//! waited longer than `deadline` is refused instead of served.
//!
//! Assumes that clients do not wait for each other, that a caller asks once and gives up after
//! `timeout`, and that to refuse a call costs no time. Departures: the deadline is counted from the
//! moment at which a call comes to the queue, not from when its caller sent it, so that no clocks
//! have to agree.
//!
//! See `notes/problems/overload.md` and `scenarios/overload/the-queue-that-serves-the-dead.toml`.

use crate::problems::prelude::*;
use crate::process::Probability;

use super::arrivals::Arrivals;
use super::caller::{Backoff, CallerConfig};
use super::judge::{self, Asks, Goals};
use super::measures;
use super::service::{Client, Service};
use super::station::{Discipline, StationConfig};
use super::theory;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "shedding",
    title: "Load shedding",
    summary: "A server that has too much to do refuses calls, drops those that waited too long, or serves the newest \
              first.",
    paper: "Maurer, \"Fail at scale\", ACM Queue 13(8), 2015",
    params: schema::of::<Shedding>,
    properties: &judge::properties::<Shedding>(),
    measures: &measures::all::<Shedding>(),
    theory: theory::OF_SHEDDING,
    prepare,
    edges: &[
        "arrival = 1",
        "arrival = 6, timeout = \"500ms\", service = \"300ms\", slo = \"50ms\", within = \"1s\", discipline = \"lifo\"",
        "arrival = 6, timeout = \"500ms\", service = \"300ms\", queue = 1, deadline = \"100ms\", within = \"1s\"",
    ],
    longer: &[Longer::doubling("until", 20, "s").within(FLOOD)],
    ..super::COMMON
};

/// A server that has too much to do for good.
const FLOOD: &str = "nodes = 2\n[params]\narrival = 80\ntimeout = \"200ms\"\n\
     service = { exponential = { mean = \"20ms\" } }\nqueue = 100\ndeadline = \"100ms\"";

params! {
    /// The parameters of `shedding`.
    pub(super) struct Shedding {
        /// How many requests come in a second, on average.
        #[schemars(range(min = 0.001, max = 1_000_000))]
        pub(super) arrival: f64 = 10.0,
        /// How they come: `poisson`, each whenever it likes, or `even`, one after the other at
        /// equal distances.
        pub(super) arrivals: Arrivals = Arrivals::Poisson,
        /// How long a caller waits for an answer. Default: as long as it takes.
        #[serde(with = "Positive")]
        pub(super) timeout: Option<Span> = None,
        /// How long the server works on a call.
        pub(super) service: Distribution = Distribution::Constant(Span::from_ms(10)),
        /// How many calls the server works on at once.
        #[schemars(range(min = 1, max = 1_000_000))]
        pub(super) workers: u32 = 1,
        /// How many calls can wait at the server. Default: as many as come.
        #[schemars(range(min = 0, max = 1_000_000))]
        pub(super) queue: Option<u32> = None,
        /// Which of the calls that wait is served next: `fifo`, the one that came first, or `lifo`,
        /// the one that came last.
        pub(super) discipline: Discipline = Discipline::Fifo,
        /// How long a call may have waited that is still served. Default: any time.
        #[serde(with = "Positive")]
        pub(super) deadline: Option<Span> = None,
        /// How long after the last thing that went wrong requests must be answered as before.
        #[serde(with = "FromZero")]
        pub(super) within: Span = Span::from_ms(60_000),
        /// Which share of them must be answered well then.
        pub(super) share: Probability = Probability::percent(90),
        /// The time in which 99 of 100 good requests must be answered. Default: nothing is
        /// promised.
        #[serde(with = "Positive")]
        pub(super) slo: Option<Span> = None,
    }
}

impl Asks for Shedding {
    fn goals(&self) -> Goals {
        Goals { within: self.within, share: self.share, slo: self.slo }
    }
}

impl Shedding {
    /// A caller that asks once.
    fn caller(&self, to: NodeId) -> CallerConfig {
        let Shedding { timeout, .. } = *self;
        let (base, cap) = (Span::ZERO, Span::ZERO);
        CallerConfig { to, timeout, attempts: 1, backoff: Backoff::None, base, cap, budget: None }
    }

    fn station(&self) -> StationConfig {
        let Shedding { workers, queue, discipline, deadline, service, .. } = *self;
        StationConfig { workers: Some(workers), room: queue, discipline, deadline, service, fail: Probability::ZERO }
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    super::setup::<Shedding>(2, 2, scenario).run(|params| {
        let client = Client::new(params.arrivals.gap(params.arrival), params.caller(NodeId::new(1)));
        Service::chain(client, Vec::new(), params.station())
    })
}
