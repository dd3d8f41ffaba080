//! Averaging: everybody tells everybody the time once, and no algorithm synchronises perfect clocks
//! more closely.
//!
//! Jennifer Lundelius, Nancy Lynch, "An upper and lower bound for clock synchronization",
//! Information and Control 62(2-3), 1984.
//!
//! The problem: n clocks that do not drift show different times, and messages take between d-u and
//! d. How closely can the clocks be synchronised?
//!
//! The algorithm: (1) every process sends what its clock shows to every other; (2) a process that
//! receives a time T when its own clock shows T' estimates that the sender's clock is ahead by T +
//! d - u/2 - T'; (3) when it has heard of all others, it adds the average of these differences to
//! its clock, its own counting as zero.
//!
//! Afterwards no two clocks are more than u(1 - 1/n) apart; and the paper shows that no algorithm
//! can promise less.
//!
//! Assumes that every message takes between `min-delay` = d-u and `max-delay` = d, that none is
//! lost, and that nobody lies. The paper's clocks do not drift; for those that drift by at most ρ
//! the bound grows by 2ρ a second.
//!
//! Departures: none.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/as-near-as-clocks-can-be.toml`.

use std::collections::BTreeSet;

use crate::check::Run;
use crate::problems::prelude::*;
use crate::process::Output;
use crate::time::Time;

use super::correction::{Correct, ahead_of_oscillator, correct, in_words};
use super::judge::{self, Bounded, Docket, Promise, Promises, Regard, Subject, UNTIL_FURTHER_NOTICE, drifted};
use super::lies::{Clockmakers, Tells};
use super::theory;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "average",
    title: "Averaging, once",
    summary: "Everybody tells everybody the time and adds the average of the differences.",
    paper: "Lundelius, Lynch, \"An upper and lower bound for clock synchronization\", Information and Control 62, 1984",
    params: schema::of::<Params>,
    theory: &[Theory {
        of: "bound",
        formula: "u(1 - 1/n), u = `max-delay` - `min-delay`: no algorithm does better",
        assumes: "ρ is 0, and every message arrives.",
        value: |scenario| {
            let Params { min_delay, max_delay, rho_ppm } = scenario.params.read().ok()?;
            let last = max_delay.max(theory::longest_delay(scenario));
            let is_plain = rho_ppm == 0 && theory::is_calm(scenario) && Time::ZERO + last < scenario.until;
            is_plain.then(|| best_possible(max_delay - min_delay, scenario.names.count()).ns() as f64)
        },
    }],
    prepare,
    outputs: &[super::judge::CORRECTION],
    edges: &["", "min-delay = \"5ms\", max-delay = \"5ms\"", "max-delay = \"100ms\""],
    longer: &[Longer::BY_NODES.within(OFFSETS)],
    ..super::Synchronises::<Averaged>::COMMON
};

const OFFSETS: &str = "[clock]\noffset = { uniform = [\"-1s\", \"1s\"] }";

params! {
    #[derive(Copy)]
    struct Params {
        /// What every message takes at least (d-u).
        #[serde(with = "FromZero")]
        min_delay: Span = Span::from_ms(5),
        /// What every message takes at most (d).
        #[serde(with = "FromZero")]
        max_delay: Span = Span::from_ms(15),
        /// How many parts per million any clock drifts at most (ρ).
        #[schemars(range(min = 0, max = 100_000))]
        rho_ppm: u32 = 0,
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    let check =
        |params: &Params, scenario: &Scenario| super::check_delays(params.min_delay, params.max_delay, scenario);
    let setup = Setup::read(scenario).check(check).and(Clockmakers::read(scenario));
    setup.run_with_traitors(|(params, lies)| (Averaging { params, nodes: scenario.names.count() }, lies))
}

/// u(1 - 1/n), rounded up: how far apart clocks may be afterwards, and can be. (Lundelius, Lynch,
/// 1984.)
pub fn best_possible(uncertainty: Span, nodes: usize) -> Span {
    let nodes = nodes.max(1) as i128;
    let apart = (i128::from(uncertainty.ns()) * (nodes - 1) + nodes - 1).div_euclid(nodes);
    Span::from_ns(i64::try_from(apart).unwrap_or(i64::MAX))
}

#[derive(Clone)]
struct Averaging {
    params: Params,
    nodes: usize,
}

impl Protocol for Averaging {
    type Process = Clockkeeper;
    type Message = Clock;
    type Timer = Never;
    type Disk = ();

    fn boot(&self, _node: NodeId, (): &()) -> Clockkeeper {
        let Params { min_delay, max_delay, .. } = self.params;
        let expected = min_delay + Span::from_ns((max_delay - min_delay).ns() / 2);
        Clockkeeper { expected, ahead: vec![None; self.nodes], unheard: self.nodes - 1 }
    }
}

/// "My clock shows this."
#[derive(Clone, PartialEq, Serialize)]
struct Clock(Reading);

impl Tells for Clock {
    fn shifted(&self, by: Span) -> Clock {
        Clock(self.0 + by)
    }
}

/// Hears everybody's time.
#[derive(Clone)]
struct Clockkeeper {
    /// d - u/2: the middle of what a message may take.
    expected: Span,
    /// How far each clock is ahead of its own oscillator, as far as it has heard.
    ahead: Vec<Option<Span>>,
    /// How many others it has not heard from.
    unheard: usize,
}

impl Clockkeeper {
    /// Step 3. One's own clock counts as zero.
    fn finish(&self, ctx: &mut Context<'_, Averaging>) {
        let own = ahead_of_oscillator(ctx.now(), ctx);
        let sum: i128 = self.ahead.iter().flatten().map(|&ahead| i128::from((ahead - own).ns())).sum();
        let average = sum.div_euclid(self.ahead.len() as i128);
        let by = Span::from_ns(i64::try_from(average).unwrap_or(i64::MAX));
        ctx.note("average", Value::Number(by.ns()), || format!("against my clock, the average is {}", in_words(by)));
        correct(ctx, by, Correct::Step, Span::ZERO);
    }
}

impl Process<Averaging> for Clockkeeper {
    fn start(&mut self, ctx: &mut Context<'_, Averaging>) {
        // Step 1.
        ctx.multicast(ctx.others(), &Clock(ctx.now()));
    }

    fn message(&mut self, from: NodeId, Clock(time): Clock, ctx: &mut Context<'_, Averaging>) {
        // The first time counts: what comes after it was said twice.
        if self.ahead[from.index()].is_some() {
            return;
        }
        // Step 2.
        self.ahead[from.index()] = Some(ahead_of_oscillator(time + self.expected, ctx));
        self.unheard -= 1;
        if self.unheard == 0 {
            self.finish(ctx);
        }
    }

    fn state(&self, facts: &mut Facts) {
        facts.count("clocks heard", self.ahead.len() - 1 - self.unheard, self.ahead.len() - 1);
    }
}

/// The one promise, once all have corrected their clocks.
#[derive(Debug, Default)]
struct Averaged {
    /// Who has corrected its clock, and when the last correction of these is complete.
    corrected: BTreeSet<NodeId>,
    settled: Time,
}

impl Promises for Averaged {
    const REFERENCE: Option<NodeId> = None;

    fn told<R: Regard>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>, docket: &mut Docket<R>) {
        let nodes: Vec<NodeId> = run.loyal().collect();
        if output.name != judge::CORRECTION || !nodes.contains(&node) || !self.corrected.insert(node) {
            return;
        }
        self.settled = self.settled.max(judge::settled(run, node, at));
        // Nothing is promised before all have corrected their clocks.
        if self.corrected.len() == nodes.len()
            && let Ok(Params { min_delay, max_delay, rho_ppm }) = run.scenario.params.read()
        {
            let from = self.settled;
            let apart = best_possible(max_delay - min_delay, run.trace.names.count());
            let at_first = apart + drifted(from.since(Time::ZERO), rho_ppm);
            let growth_ppb = 2_000 * i64::from(rho_ppm);
            let (of, to) = (Bounded::Skew(nodes), UNTIL_FURTHER_NOTICE);
            docket.open(0, Promise { of, from, to, at_first, growth_ppb });
        }
    }
}

impl Subject for Averaged {
    const BOUND: &'static str = "u(1-1/n), and the drift since";
    const ROUNDING: Span = Span::from_ns(4);

    fn nodes(run: &Run<'_>) -> Vec<NodeId> {
        NodeId::first(run.trace.names.count()).collect()
    }

    /// Nobody asks twice: the run comes to rest.
    fn due(_run: &Run<'_>) -> Option<Time> {
        None
    }

    fn why_nothing(_run: &Run<'_>) -> String {
        "not everybody has heard from everybody".to_owned()
    }

    fn why_unset(_run: &Run<'_>, _node: NodeId) -> String {
        "it did not hear from everybody, and nobody says the time twice".to_owned()
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is {}", self.0.rounded())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_possible_is_u_times_one_minus_one_nth() {
        for (nodes, thousandths) in [(2, 500), (3, 667), (4, 750), (10, 900), (1, 0)] {
            assert_eq!(best_possible(Span::from_ns(1_000), nodes).ns(), thousandths, "{nodes} nodes");
        }
    }
}
