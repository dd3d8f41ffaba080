//! Fault-tolerant midpoint: in each round drop the f lowest and the f highest clocks, and go to the
//! middle of the rest.
//!
//! Jennifer Lundelius Welch, Nancy Lynch, "A new fault-tolerant algorithm for clock
//! synchronization", Information and Computation 77(1), 1988.
//!
//! The problem: n clocks that drift must stay together although f of their owners say anything, and
//! different things to different nodes.
//!
//! The algorithm, in rounds of length P: (1) when its clock shows i·P, a process sends what it
//! shows to all others; (2) it notes for each time that it receives how far that clock is ahead of
//! its own, taking a message to have been under way for the middle δ of what it may be; (3) when
//! all loyal clocks must have been heard, it drops the f lowest and the f highest differences, its
//! own being zero, and corrects its clock by the midpoint of the lowest and the highest that are
//! left.
//!
//! With n ≥ 3f+1 each round halves the skew but for what delays and drift add: skew' ≤ skew/2 +
//! 2ε + drift, where a message takes between δ-ε and δ+ε. In the long run that is about 4ε + 4ρP.
//!
//! Assumes that the loyal clocks begin at most `beta` apart, that every message takes between
//! `min-delay` and `max-delay`, that none between loyal nodes is lost, and that no clock drifts
//! more than ρ.
//!
//! Departures: a message carries the time that it is sent at, where the paper's is sent at a time
//! that all know: a liar lies about a number instead of about a moment. A clock that was not heard
//! counts as one's own. Nothing refuses n ≤ 3f: crossing the bound is the lesson.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/halving-the-skew-with-a-liar.toml`.

use crate::check::Run;
use crate::problems::prelude::*;
use crate::process::Output;
use crate::time::Time;

use super::correction::{Correct, ahead_of_oscillator, correct, in_words};
use super::judge::{
    Bounded, Docket, Promise, Promises, Regard, Round, Rounds, Subject, Turn, UNTIL_FURTHER_NOTICE, drifted,
};
use super::lies::{Clockmakers, Tells};
use super::theory;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "midpoint",
    title: "Fault-tolerant midpoint",
    summary: "Everybody tells everybody the time, drops the extremes, and goes to the middle of the rest.",
    paper: "Welch, Lynch, \"A new fault-tolerant algorithm for clock synchronization\", Information and Computation \
            77(1), 1988",
    params: schema::of::<Params>,
    theory: &[Theory {
        of: "bound",
        formula: "β/2 + 4ε: half of what it was and 2ε after the first round, and 2ε while the second goes on",
        assumes: "ρ is 0, β is at least 4ε, there is time for two rounds, and nothing goes wrong.",
        value: |scenario| {
            let params: Params = scenario.params.read().ok()?;
            let is_plain =
                params.rho_ppm == 0 && theory::is_calm(scenario) && params.beta >= params.uncertainty().times(2);
            // A clock that is behind comes to its first round later.
            let [least, _] = theory::offsets(scenario);
            let late = if least.is_negative() { -least } else { Span::ZERO };
            let is_whole = Time::ZERO + late + params.every.times(3) + params.window().times(3) < scenario.until
                && scenario.names.count() > 1;
            (is_plain && is_whole).then(|| (params.after_round(params.beta) + params.uncertainty()).ns() as f64)
        },
    }],
    prepare,
    outputs: &[super::judge::CORRECTION, "round"],
    edges: &["", "f = 0", "f = 0, every = \"3s\", beta = \"0ms\""],
    longer: &[Longer::doubling("until", 5, "min").within(A_LIAR)],
    ..super::Synchronises::<Halvings>::COMMON
};

const A_LIAR: &str = "nodes = 4\n[params]\nf = 1\nevery = \"10s\"\n\
     [[fault]]\ntraitor = { node = \"alice\", lie = \"two-faced\", by = \"80ms\" }";

params! {
    #[derive(Copy)]
    struct Params {
        /// How many liars to tolerate: this many of the lowest and of the highest clocks are
        /// dropped.
        #[schemars(range(min = 0, max = 10_000))]
        f: u32 = 1,
        /// How long a round lasts on a node's clock (P).
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(10_000),
        /// How far apart the loyal clocks are at most at the start.
        #[serde(with = "FromZero")]
        beta: Span = Span::from_ms(1_000),
        /// What every message takes at least (δ-ε).
        #[serde(with = "FromZero")]
        min_delay: Span = Span::from_ms(5),
        /// What every message takes at most (δ+ε).
        #[serde(with = "FromZero")]
        max_delay: Span = Span::from_ms(15),
        /// How many parts per million any clock drifts at most (ρ).
        #[schemars(range(min = 0, max = 100_000))]
        rho_ppm: u32 = 50,
    }
}

impl Params {
    /// δ: the middle of what a message takes.
    fn expected(&self) -> Span {
        self.min_delay + Span::from_ns(self.uncertainty().ns() / 2)
    }

    /// 2ε: how far from each other the delays of two messages can be.
    fn uncertainty(&self) -> Span {
        self.max_delay - self.min_delay
    }

    /// How long after it has sent its own time a process may still hear a loyal one.
    fn window(&self) -> Span {
        let slowest = self.beta + self.max_delay;
        slowest + drifted(slowest, self.rho_ppm) + Span::from_ns(1)
    }

    /// How far apart loyal clocks can be right after a round, if they were `skew` apart right after
    /// the one before: they part for a round, and the round halves that, but for 2ε and what they
    /// part while it lasts.
    fn after_round(&self, skew: Span) -> Span {
        let before = skew + drifted(self.every, self.rho_ppm);
        let half = Span::from_ns(before.ns() / 2 + before.ns() % 2);
        half + self.uncertainty() + drifted(self.window(), self.rho_ppm)
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    let setup = Setup::read(scenario).check(check).and(Clockmakers::read(scenario));
    setup.run_with_traitors(|(params, lies)| (Midpoint { params, nodes: scenario.names.count() }, lies))
}

fn check(params: &Params, scenario: &Scenario) -> Option<Complaint> {
    if let Some(complaint) = super::check_delays(params.min_delay, params.max_delay, scenario) {
        return Some(complaint);
    }
    let (f, nodes) = (params.f, scenario.names.count());
    if 2 * f as usize >= nodes {
        let message = format!("`f` = {f} leaves none of {nodes} clocks");
        let most = nodes.saturating_sub(1) / 2;
        let help = format!("the {f} lowest and the {f} highest are dropped: f is at most {most}");
        return Some(scenario.complain_of_nodes_and("f", message, help));
    }
    let shortest = params.window() + params.beta;
    (params.every <= shortest).then(|| {
        let message = format!("a round of `every` = {} is too short", params.every);
        let help = format!("it must be longer than twice `beta` and `max-delay` together: here than {shortest}");
        scenario.params.complain("every", message, help)
    })
}

#[derive(Clone)]
struct Midpoint {
    params: Params,
    nodes: usize,
}

impl Protocol for Midpoint {
    type Process = Clockkeeper;
    type Message = Clock;
    type Timer = Timer;
    type Disk = ();

    fn boot(&self, _node: NodeId, (): &()) -> Clockkeeper {
        Clockkeeper { params: self.params, round: 1, ahead: vec![None; self.nodes] }
    }
}

/// "The round's number is this, and my clock shows that."
#[derive(Clone, PartialEq, Serialize)]
struct Clock {
    round: i64,
    time: Reading,
}

impl Tells for Clock {
    fn shifted(&self, by: Span) -> Clock {
        Clock { round: self.round, time: self.time + by }
    }
}

#[derive(Clone)]
enum Timer {
    /// The clock shows the next multiple of P.
    Begin,
    /// All loyal clocks must have been heard.
    Correct,
}

/// Hears everybody's time, round after round.
#[derive(Clone)]
struct Clockkeeper {
    params: Params,
    /// The round that comes or is under way.
    round: i64,
    /// How far each clock is ahead of its own oscillator in this round, as far as it has heard.
    ahead: Vec<Option<Span>>,
}

impl Clockkeeper {
    /// Sets the timer for the moment at which a clock that shows `now` will show the round's
    /// beginning.
    fn await_round(&self, now: Reading, ctx: &mut Context<'_, Midpoint>) {
        let begins = Reading::from_ns(self.params.every.ns().saturating_mul(self.round));
        ctx.set_timer(begins - now, Timer::Begin);
    }
}

impl Process<Midpoint> for Clockkeeper {
    fn start(&mut self, ctx: &mut Context<'_, Midpoint>) {
        // A clock that comes up later joins at the next round.
        self.round = (ctx.now().ns().div_euclid(self.params.every.ns()) + 1).max(1);
        self.await_round(ctx.now(), ctx);
    }

    fn message(&mut self, from: NodeId, message: Clock, ctx: &mut Context<'_, Midpoint>) {
        if message.round == self.round {
            // Step 2. The first time counts: what comes after it was said twice.
            let ahead = ahead_of_oscillator(message.time + self.params.expected(), ctx);
            self.ahead[from.index()].get_or_insert(ahead);
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Midpoint>) {
        match timer {
            Timer::Begin => {
                // Step 1.
                ctx.multicast(ctx.others(), &Clock { round: self.round, time: ctx.now() });
                ctx.set_timer(self.params.window(), Timer::Correct);
            }
            Timer::Correct => {
                // Step 3.
                let own = ahead_of_oscillator(ctx.now(), ctx);
                let differences = self.ahead.iter().map(|ahead| ahead.unwrap_or(own) - own).collect();
                let by = fault_tolerant_midpoint(differences, self.params.f as usize);
                ctx.note("midpoint", Value::Number(by.ns()), || {
                    format!("against my clock, the midpoint is {}", in_words(by))
                });
                ctx.output("round", Value::Number(self.round));
                correct(ctx, by, Correct::Step, Span::ZERO);
                self.round += 1;
                self.ahead.fill(None);
                self.await_round(ctx.now() + by, ctx);
            }
        }
    }

    fn state(&self, facts: &mut Facts) {
        facts.count("clocks heard", self.ahead.iter().flatten().count(), None);
    }
}

/// The midpoint of what is left when the `f` lowest and the `f` highest values are dropped; zero if
/// nothing is.
pub fn fault_tolerant_midpoint(mut values: Vec<Span>, f: usize) -> Span {
    values.sort_unstable();
    match values.get(f..values.len().saturating_sub(f)).unwrap_or_default() {
        [] => Span::ZERO,
        [only] => *only,
        [lowest, .., highest] => {
            let sum = i128::from(lowest.ns()) + i128::from(highest.ns());
            Span::from_ns(i64::try_from(sum.div_euclid(2)).unwrap_or(i64::MAX))
        }
    }
}

/// What each round promises: half of what the one before did, and something more until all have
/// corrected their clocks.
#[derive(Debug, Default)]
struct Halvings {
    params: Params,
    rounds: Rounds,
    /// The bound right after the round that goes on.
    skew: Span,
}

impl Halvings {
    /// What holds once all have corrected their clocks in a round. Until the next begins, more may.
    const SETTLED: usize = 0;
    /// What holds from the first correction of a round to the last.
    const PASSING: usize = 1;

    fn growth_ppb(&self) -> i64 {
        2_000 * i64::from(self.params.rho_ppm)
    }

    fn settle<R: Regard>(&self, round: &Round, docket: &mut Docket<R>) {
        let (of, from, to) = (Bounded::Skew(round.nodes.clone()), round.settled, UNTIL_FURTHER_NOTICE);
        let (at_first, growth_ppb) = (self.skew, self.growth_ppb());
        docket.open(Halvings::SETTLED, Promise { of, from, to, at_first, growth_ppb });
    }
}

impl Promises for Halvings {
    const REFERENCE: Option<NodeId> = None;

    fn begin<R: Regard>(&mut self, run: &Run<'_>, _docket: &mut Docket<R>) {
        // The scenario was accepted, so its parameters can be read.
        self.params = run.scenario.params.read().unwrap_or_default();
        self.skew = self.params.beta;
    }

    fn told<R: Regard>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>, docket: &mut Docket<R>) {
        let mut rounds = std::mem::take(&mut self.rounds);
        match rounds.told::<Halvings>(output, node, at, run) {
            Some(Turn::Begins(round)) => {
                let before = docket.promise(Halvings::SETTLED).map(|before| (before.of.clone(), before.at(at)));
                docket.take_back(Halvings::PASSING);
                docket.close(Halvings::SETTLED, at, run);
                if let Some((of, bound)) = before {
                    // Until the last correction of the round, a corrected clock is within ε of
                    // where some loyal clock is.
                    let (to, at_first) = (UNTIL_FURTHER_NOTICE, bound + self.params.uncertainty());
                    let passing = Promise { of, from: at, to, at_first, growth_ppb: self.growth_ppb() };
                    docket.open_tentatively(Halvings::PASSING, passing);
                }
                self.skew = self.params.after_round(self.skew);
                self.settle(round, docket);
            }
            Some(Turn::Joins(round)) => {
                docket.confirm(Halvings::PASSING, round.settled, run);
                docket.take_back(Halvings::SETTLED);
                self.settle(round, docket);
            }
            None => {}
        }
        self.rounds = rounds;
    }
}

impl Subject for Halvings {
    const BOUND: &'static str = "half of the bound before, 2ε, and the drift since";
    const ROUNDING: Span = Span::from_ns(6);

    fn nodes(run: &Run<'_>) -> Vec<NodeId> {
        NodeId::first(run.trace.names.count()).collect()
    }

    /// Within two rounds, even if a clock is as far behind as is assumed.
    fn due(run: &Run<'_>) -> Option<Time> {
        let params: Params = run.scenario.params.read().ok()?;
        Some(Time::ZERO + params.every.times(2) + params.beta + params.window())
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is {}", self.time.rounded())
    }
}

words!(Timer {
    Begin => "the round begins";
    Correct => "corrects";
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_midpoint_is_between_the_lowest_and_the_highest_that_are_left() {
        for (values, f, midpoint) in [
            (&[0, 10][..], 0, 5),
            (&[0, 10, 1_000, -1_000], 1, 5),
            (&[0, 1, 2, 3, 900, 1_000, -7], 2, 2),
            (&[0, 10, 1_000], 1, 10),
            (&[-1, 0], 0, -1),
            (&[5], 0, 5),
            (&[5, 6], 1, 0),
        ] {
            let spans = values.iter().map(|&ns| Span::from_ns(ns)).collect();
            assert_eq!(fault_tolerant_midpoint(spans, f).ns(), midpoint, "{values:?} without {f} at each end");
        }
    }

    #[test]
    fn each_round_halves_the_skew_but_for_what_delays_and_drift_add() {
        // Welch, Lynch, 1988: skew' = skew/2 + 2ε, with the fixed point 4ε.
        let check = |epsilon: i64, beta: i64, expect: &[i64]| {
            let (min_delay, max_delay) = (Span::from_ns(10 * epsilon), Span::from_ns(12 * epsilon));
            let params = Params { min_delay, max_delay, rho_ppm: 0, ..Params::default() };
            let mut skew = Span::from_ns(beta);
            for &expect in expect {
                skew = params.after_round(skew);
                assert_eq!(skew.ns(), expect, "ε = {epsilon} from {beta}");
            }
            (0..64).for_each(|_| skew = params.after_round(skew));
            assert!((skew.ns() - 4 * epsilon).abs() <= 1, "{} is not 4ε for ε = {epsilon}", skew.ns());
        };
        check(1_000, 100_000, &[52_000, 28_000, 16_000, 10_000, 7_000, 5_500]);
        check(500, 40_000, &[21_000, 11_500, 6_750]);
        check(0, 8_000, &[4_000, 2_000, 1_000]);
    }
}
