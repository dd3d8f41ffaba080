//! Retries: a caller that hears nothing in time, or hears of a failure, asks again.
//!
//! Marc Brooker, "Timeouts, retries and backoff with jitter", Amazon Builders' Library, 2019; Betsy
//! Beyer and others (eds.), "Site reliability engineering", 2016, chapter 22; Nathan Bronson and
//! others, "Metastable failures in distributed systems", HotOS, 2021.
//!
//! The problem: requests come from outside at their own rate, whatever becomes of those before. The
//! server can do only so much, and a call that comes too late is as much work as one in time.
//!
//! The algorithm: (1) a caller sends a call, and waits for at most `timeout`; (2) an answer to the
//! attempt that it waits for ends it, one to an attempt that it gave up changes nothing; (3) after
//! a failure, a refusal or the timeout it makes another attempt, up to `attempts` in all; (4) if
//! there is a budget, each retry takes a token, and each first attempt adds `budget` of one:
//! without a token there is no retry; (5) before a retry it waits as `backoff` says; (6) the server
//! serves
//! `workers` calls at once, lets `queue` others wait, first in first out, and refuses the rest; (7)
//! a gateway does steps 1 to 5 for each call that it must answer, so that attempts multiply.
//!
//! Assumes that clients do not wait for each other: requests come in an open loop. A server does
//! not know whether its caller still waits. Departures: none.
//!
//! See `notes/problems/overload.md` and `scenarios/overload/the-storm-that-feeds-itself.toml`.

use crate::problems::prelude::*;
use crate::process::{Call, Probability};

use super::arrivals::Arrivals;
use super::caller::{Backoff, CallerConfig};
use super::judge::{self, Asks, Goals};
use super::measures;
use super::service::{Client, Service};
use super::station::{Discipline, StationConfig};
use super::theory;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "retry",
    title: "Retries with a time limit",
    summary: "Callers that hear nothing in time ask again, up to a number of attempts or a budget.",
    paper: "Brooker, \"Timeouts, retries and backoff with jitter\", Amazon Builders' Library, 2019",
    params: schema::of::<Retry>,
    properties: &judge::properties::<Retry>(),
    measures: &measures::all::<Retry>(),
    theory: theory::OF_RETRY,
    prepare,
    edges: &[
        "arrival = 1",
        "arrival = 3, timeout = \"100ms\", attempts = 3, service = \"60ms\", workers = 1, slo = \"50ms\", within = \"1s\"",
        "arrival = 3, timeout = \"100ms\", attempts = 2, queue = 1, workers = 1, service = \"300ms\", backoff = \"full\", budget = 0.1",
    ],
    longer: &[Longer::doubling("until", 20, "s").within(STORM)],
    ..super::COMMON
};

/// A server that has too much to do for good.
const STORM: &str = "nodes = 2\n[params]\narrival = 60\ntimeout = \"200ms\"\nattempts = 2\n\
     service = { exponential = { mean = \"20ms\" } }\nqueue = 100";

params! {
    /// The parameters of `retry`.
    pub(super) struct Retry {
        /// How many requests come in a second, on average.
        #[schemars(range(min = 0.001, max = 1_000_000))]
        pub(super) arrival: f64 = 10.0,
        /// How they come: `poisson`, each whenever it likes, or `even`, one after the other at
        /// equal distances.
        pub(super) arrivals: Arrivals = Arrivals::Poisson,
        /// How long a caller waits for an answer. Default: as long as it takes.
        #[serde(with = "Positive")]
        pub(super) timeout: Option<Span> = None,
        /// How many attempts a caller makes in all.
        #[schemars(range(min = 1, max = 1000))]
        pub(super) attempts: u32 = 1,
        /// How a caller waits before another attempt: `none`, `fixed`, `exponential`, or with
        /// jitter
        /// `full`, `equal` or `decorrelated`.
        pub(super) backoff: Backoff = Backoff::None,
        /// The first wait.
        #[serde(with = "Positive")]
        pub(super) base: Span = Span::from_ms(100),
        /// The longest wait.
        #[serde(with = "Positive")]
        pub(super) cap: Span = Span::from_ms(10_000),
        /// The share of retries to first attempts that a caller makes in the long run; ten more can
        /// be saved up. Default: no budget.
        pub(super) budget: Option<Probability> = None,
        /// How likely a call fails at the server although it was served.
        pub(super) fail: Probability = Probability::ZERO,
        /// How long the server works on a call.
        pub(super) service: Distribution = Distribution::Constant(Span::from_ms(10)),
        /// How many calls the server works on at once. Default: on all that come.
        #[schemars(range(min = 1, max = 1_000_000))]
        pub(super) workers: Option<u32> = None,
        /// How many calls can wait at the server. Default: as many as come.
        #[schemars(range(min = 0, max = 1_000_000))]
        pub(super) queue: Option<u32> = None,
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

impl Asks for Retry {
    fn goals(&self) -> Goals {
        Goals { within: self.within, share: self.share, slo: self.slo }
    }
}

impl Retry {
    fn caller(&self, to: NodeId) -> CallerConfig {
        let Retry { timeout, attempts, backoff, base, cap, budget, .. } = *self;
        CallerConfig { to, timeout, attempts, backoff, base, cap, budget }
    }

    fn station(&self) -> StationConfig {
        let Retry { workers, queue, service, fail, .. } = *self;
        StationConfig { workers, room: queue, discipline: Discipline::Fifo, deadline: None, service, fail }
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    super::setup::<Retry>(2, Call::DEEPEST + 1, scenario).run(|params| {
        let client = Client::new(params.arrivals.gap(params.arrival), params.caller(NodeId::new(1)));
        let asked_by_gateways = NodeId::first(scenario.names.count()).skip(2);
        Service::chain(client, asked_by_gateways.map(|to| params.caller(to)).collect(), params.station())
    })
}
