//! Free-running clocks: nobody synchronises, and what every oscillator does to its clock adds up.
//!
//! Folklore; the bound is in Leslie Lamport, "Time, Clocks, and the Ordering of Events in a
//! Distributed System", Communications of the ACM 21(7), 1978, section "Physical Clocks", condition
//! PC1 (there with κ for ρ).
//!
//! The problem: two clocks that were set to the same time do not stay so. PC1: each clock runs at a
//! rate within ρ of that of true time.
//!
//! The algorithm: none. Each node reads its clock at intervals and tells its user.
//!
//! Assumes PC1, and that the clocks were at most `spread` apart at the start. Then no two are more
//! than spread + 2ρT apart after T of true time, and two whose rates are 1+ρ and 1-ρ are exactly
//! that far apart.
//!
//! Departures: none.
//!
//! See `notes/problems/clock-skew.md` and
//! `scenarios/clock-skew/four-days-without-synchronisation.toml`.

use std::collections::BTreeSet;

use crate::check::Run;
use crate::problems::prelude::*;
use crate::process::Output;
use crate::scenario::choice::Moment;
use crate::scenario::{Choice, Fault};
use crate::time::Time;

use super::chart;
use super::judge::{self, Bounded, Docket, Promise, Promises, Regard, Subject, UNTIL_FURTHER_NOTICE};

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "free-running",
    title: "Free-running clocks",
    summary: "Nobody synchronises; every clock goes as its oscillator goes.",
    paper: "Lamport, \"Time, Clocks, and the Ordering of Events in a Distributed System\", CACM 21(7), 1978, PC1",
    params: schema::of::<Params>,
    properties: &judge::properties_of_courses::<Warranty>(),
    measures: &judge::measures::<Warranty>(),
    theory: &[
        Theory {
            of: "final_skew",
            formula: "|(offset + ρT) of one - (offset + ρT) of another|, at most 2ρT for two that began together",
            assumes: "constant offsets, drifts that do not change, no clock faults",
            value: final_skew,
        },
        Theory {
            of: "bound",
            formula: "`spread` + 2ρT",
            assumes: "nothing of the clocks, for it is what PC1 allows; some node is never down, so that the run goes on to its end",
            value: |scenario| {
                if !goes_on(scenario) {
                    return None;
                }
                let Params { rho_ppm, spread, .. } = scenario.params.read().ok()?;
                Some(spread.ns() as f64 + 2e-6 * f64::from(rho_ppm) * scenario.until.ns() as f64)
            },
        },
    ],
    chart: Some(chart::of::<Warranty>),
    prepare: |scenario| super::without_lies(scenario).run(|Params { every, .. }| FreeRunning { every }),
    outputs: &["clock"],
    edges: &["every = \"1s\"", "every = \"1s\", spread = \"1s\"", "rho-ppm = 0"],
    longer: &[Longer::doubling("until", 1, "h").within(super::EVERY_10S)],
    ..Entry::BLANK
};

params! {
    struct Params {
        /// What the maker of the oscillators warrants: no clock runs faster or slower by more parts
        /// per million (ρ).
        #[schemars(range(min = 0, max = 100_000))]
        rho_ppm: u32 = 50,
        /// How far apart the clocks are at most at the start.
        #[serde(with = "FromZero")]
        spread: Span = Span::ZERO,
        /// How often each node reads its clock and tells its user.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(3_600_000),
    }
}

#[derive(Clone)]
struct FreeRunning {
    every: Span,
}

impl Protocol for FreeRunning {
    type Process = Reader;
    type Message = Never;
    type Timer = Look;
    type Disk = ();

    fn boot(&self, _node: NodeId, (): &()) -> Reader {
        Reader { every: self.every }
    }
}

/// Time to look at the clock.
#[derive(Clone)]
struct Look;

words!(Look => "reads its clock");

/// Reads its clock at intervals.
#[derive(Clone)]
struct Reader {
    every: Span,
}

impl Process<FreeRunning> for Reader {
    fn start(&mut self, ctx: &mut Context<'_, FreeRunning>) {
        self.timer(Look, ctx);
    }

    fn message(&mut self, _from: NodeId, message: Never, _ctx: &mut Context<'_, FreeRunning>) {
        match message {}
    }

    fn timer(&mut self, _timer: Look, ctx: &mut Context<'_, FreeRunning>) {
        ctx.output("clock", ctx.now().since_zero());
        ctx.set_timer(self.every, Look);
    }
}

/// The one promise: what PC1 allows, from the start to the end.
#[derive(Debug, Default)]
struct Warranty;

impl Promises for Warranty {
    const REFERENCE: Option<NodeId> = None;

    fn begin<R: Regard>(&mut self, run: &Run<'_>, docket: &mut Docket<R>) {
        let Ok(Params { rho_ppm, spread, .. }) = run.scenario.params.read() else { return };
        // Lamport, 1978, PC1 for two clocks: |dC/dt - 1| < ρ for each, so that they part by at most
        // 2ρ a second.
        let growth_ppb = 2_000 * i64::from(rho_ppm);
        let of = Bounded::Skew(Warranty::nodes(run));
        docket.open(0, Promise { of, from: Time::ZERO, to: UNTIL_FURTHER_NOTICE, at_first: spread, growth_ppb });
    }

    fn told<R: Regard>(&mut self, _: Output, _: NodeId, _: Time, _: &Run<'_>, _: &mut Docket<R>) {}
}

impl Subject for Warranty {
    const BOUND: &'static str = "the spread at the start and 2ρT";

    fn nodes(run: &Run<'_>) -> Vec<NodeId> {
        NodeId::first(run.trace.names.count()).collect()
    }

    /// Nobody will set it.
    fn counts_from_the_start(_node: NodeId) -> bool {
        true
    }

    fn due(_run: &Run<'_>) -> Option<Time> {
        None
    }
}

/// Whether some node is left that reads its clock until the end.
fn goes_on(scenario: &Scenario) -> bool {
    let by_faults = scenario.faults.iter().filter_map(|fault| match *fault {
        Fault::Crash { node, down: None, .. } | Fault::Pause { node, lasts: None, .. } => Some(node),
        _ => None,
    });
    let by_force = scenario.forced.iter().filter_map(|forced| match forced.choice {
        Choice::Crash(Moment::Point { node, .. } | Moment::Event { node, .. })
        | Choice::Pause(Moment::Point { node, .. } | Moment::Event { node, .. })
        | Choice::CrashGap(node, _) => Some(node),
        _ => None,
    });
    by_faults.chain(by_force).collect::<BTreeSet<NodeId>>().len() < scenario.names.count()
}

fn final_skew(scenario: &Scenario) -> Option<f64> {
    if !scenario.faults.is_empty() || !scenario.forced.is_empty() {
        return None;
    }
    let mut least = f64::INFINITY;
    let mut most = f64::NEG_INFINITY;
    for clock in &scenario.clocks {
        let Distribution::Constant(offset) = clock.offset else { return None };
        let ahead = offset.ns() as f64 + scenario.until.ns() as f64 * clock.drift_ppb as f64 / 1e9;
        least = least.min(ahead);
        most = most.max(ahead);
    }
    Some(most - least)
}
