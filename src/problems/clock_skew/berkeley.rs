//! The Berkeley algorithm: a master asks everybody, averages, and tells each by how much to correct
//! its clock.
//!
//! Riccardo Gusella, Stefano Zatti, "The accuracy of the clock synchronization achieved by TEMPO in
//! Berkeley UNIX 4.3BSD", IEEE Transactions on Software Engineering 15(7), 1989.
//!
//! The problem: no clock is better than the others, and they are to agree with each other; nobody
//! asks what time it is.
//!
//! The algorithm, every `every`: (1) the master asks each slave for its time; (2) it estimates from
//! the answer and half the round trip, on its oscillator, how far each slave's clock is ahead of
//! its own, and leaves out those that took longer than `max-rtt`; (3) it averages these differences
//! and its own, which is zero: with `gamma` the fault-tolerant average, over the largest set of
//! clocks no two of which differ by more; (4) it sends each slave what it lacks to the average, the
//! difference and not the time, since a difference does not age in transit; (5) everybody corrects
//! its clock.
//!
//! What remains is the error of the readings: two clocks whose readings are wrong by at most E each
//! are at most 2E apart afterwards, whatever the average was. So a clock that is far off does not
//! keep the others from agreeing with each other: without `gamma` they agree on a time that
//! nobody's clock shows.
//!
//! Assumes that no message takes less than `min-delay`, that no clock drifts more than ρ, and that
//! no correction reaches a slave after the next round has begun.
//!
//! Departures: the original times several exchanges with each slave and elects another master when
//! one dies. Here one exchange is timed, and the first node is the master for good.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/berkeley-and-one-mad-clock.toml`.

use crate::check::Run;
use crate::problems::prelude::*;
use crate::process::Output;
use crate::time::Time;

use super::SERVER;
use super::correction::{Correct, ahead_of_oscillator, correct, in_words};
use super::cristian::reading_error;
use super::judge::{Bounded, Docket, Promise, Promises, Regard, Rounds, Subject, Turn, UNTIL_FURTHER_NOTICE, drifted};
use super::lies::{Clockmakers, Tells};
use super::theory;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "berkeley",
    title: "The Berkeley algorithm",
    summary: "A master averages everybody's clock and tells each how far it is off.",
    paper: "Gusella, Zatti, \"The accuracy of the clock synchronization achieved by TEMPO in Berkeley UNIX 4.3BSD\", \
            IEEE TSE 15(7), 1989",
    params: schema::of::<Params>,
    theory: &[Theory {
        of: "bound",
        formula: "2E, E = `max-rtt`/2 - `min-delay` the error of a reading",
        assumes: "ρ is 0, and a round comes to its end, with all that is slewed.",
        value: |scenario| {
            let Params { max_rtt, min_delay, rho_ppm, correct, over, .. } = scenario.params.read().ok()?;
            let [least, most] = theory::offsets(scenario);
            let steepest = (most - least + max_rtt).times(2);
            let slews = if correct == Correct::Slew { over.max(steepest) } else { Span::ZERO };
            let round = max_rtt + theory::longest_delay(scenario) + slews;
            let is_plain =
                rho_ppm == 0 && theory::is_calm(scenario) && Time::ZERO + max_rtt.max(round) < scenario.until;
            is_plain.then(|| reading_error(max_rtt, min_delay, 0).times(2).ns() as f64)
        },
    }],
    layout: Layout::Star,
    roles: |node, _| if node == SERVER { Role::Master } else { Role::Follower },
    prepare,
    outputs: &[super::judge::CORRECTION, "round"],
    edges: &["", "every = \"1s\", max-rtt = \"10ms\"", "correct = \"slew\", gamma = \"5ms\""],
    longer: &[Longer::doubling("until", 10, "min").within(super::EVERY_10S)],
    ..super::Synchronises::<Averages>::COMMON
};

params! {
    struct Params {
        /// How long from the end of one round to the next.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(10_000),
        /// The longest round trip whose reading counts; the master waits so long for answers.
        #[serde(with = "Positive")]
        max_rtt: Span = Span::from_ms(30),
        /// What every message takes at least.
        #[serde(with = "FromZero")]
        min_delay: Span = Span::ZERO,
        /// How far apart two clocks are at most that count in the average. Not given: all count.
        #[serde(deserialize_with = "super::from_zero_if_given")]
        #[schemars(with = "FromZero")]
        gamma: Option<Span> = None,
        /// How many parts per million any clock drifts at most (ρ).
        #[schemars(range(min = 0, max = 100_000))]
        rho_ppm: u32 = 50,
        /// Whether a clock leaps to its new time or glides there.
        correct: Correct = Correct::Step,
        /// How long a slew takes, unless it would be too steep.
        #[serde(with = "Positive")]
        over: Span = Span::from_ms(1_000),
    }
}

fn prepare(scenario: &Scenario) -> Prepared {
    let check =
        |params: &Params, scenario: &Scenario| super::check_round_trip(params.max_rtt, params.min_delay, scenario);
    let setup = Setup::read(scenario).check(check).and(Clockmakers::read(scenario));
    setup.run_with_traitors(|(params, lies)| (Berkeley { params, nodes: scenario.names.count() }, lies))
}

#[derive(Clone)]
struct Berkeley {
    params: Params,
    nodes: usize,
}

impl Protocol for Berkeley {
    type Process = Party;
    type Message = Message;
    type Timer = Timer;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Party {
        let params = self.params.clone();
        if node == SERVER {
            Party::Master(Master { params, asked: None, ahead: vec![None; self.nodes] })
        } else {
            Party::Slave(Slave { params, last: None })
        }
    }
}

#[derive(Clone, PartialEq, Serialize)]
enum Message {
    /// "What does your clock show?" What the master's oscillator shows names the round.
    Ask(Monotonic),
    /// "In that round, my clock showed this."
    Tell { asked: Monotonic, time: Reading },
    /// "In that round, your clock lacked so much."
    Adjust { asked: Monotonic, by: Span },
}

impl Tells for Message {
    fn shifted(&self, by: Span) -> Message {
        match *self {
            Message::Ask(at) => Message::Ask(at),
            Message::Tell { asked, time } => Message::Tell { asked, time: time + by },
            Message::Adjust { asked, by: honest } => Message::Adjust { asked, by: honest + by },
        }
    }
}

#[derive(Clone)]
enum Timer {
    /// The next round begins.
    Begin,
    /// Answers that come from now on do not count.
    Average,
}

roles!(enum Party: Berkeley { Master, Slave });

/// Asks, averages, and tells each what it lacks.
#[derive(Clone)]
struct Master {
    params: Params,
    /// When the round that is under way began.
    asked: Option<Monotonic>,
    /// How far each clock is ahead of the master's oscillator, as far as its answer came in time:
    /// the master's clock may be set between one answer and the next.
    ahead: Vec<Option<Span>>,
}

impl Master {
    /// Step 1.
    fn begin(&mut self, ctx: &mut Context<'_, Berkeley>) {
        let asked = ctx.monotonic();
        self.asked = Some(asked);
        self.ahead.fill(None);
        ctx.multicast(ctx.others(), &Message::Ask(asked));
        ctx.set_timer(self.params.max_rtt + Span::from_ns(1), Timer::Average);
    }

    /// Steps 3 to 5.
    fn average(&mut self, asked: Monotonic, ctx: &mut Context<'_, Berkeley>) {
        let own = ahead_of_oscillator(ctx.now(), ctx);
        for ahead in self.ahead.iter_mut().flatten() {
            *ahead = *ahead - own;
        }
        let known = self.ahead.iter().flatten().copied().chain([Span::ZERO]);
        let (average, counted) = fault_tolerant_average(known.collect(), self.params.gamma);
        ctx.note("average", Value::Number(average.ns()), || {
            format!("against my clock, the average of {counted} is {}", in_words(average))
        });
        let mut largest = average.abs();
        for slave in ctx.others() {
            if let Some(ahead) = self.ahead[slave.index()] {
                let by = average - ahead;
                largest = largest.max(by.abs());
                ctx.send(slave, Message::Adjust { asked, by });
            }
        }
        ctx.output("round", asked.since_start());
        let Params { correct: how, over, every, max_rtt, .. } = self.params;
        correct(ctx, average, how, over);
        // Nobody's clock is to be read while it is being slewed.
        let slewing = if how == Correct::Slew { over.max(largest.times(2)) + max_rtt } else { Span::ZERO };
        ctx.set_timer(every.max(slewing), Timer::Begin);
    }
}

impl Process<Berkeley> for Master {
    fn start(&mut self, ctx: &mut Context<'_, Berkeley>) {
        self.begin(ctx);
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Berkeley>) {
        let Message::Tell { asked, time } = message else { return };
        let rtt = ctx.monotonic() - asked;
        if self.asked == Some(asked) && rtt <= self.params.max_rtt {
            // Step 2.
            let ahead = ahead_of_oscillator(time + Span::from_ns(rtt.ns() / 2), ctx);
            self.ahead[from.index()].get_or_insert(ahead);
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Berkeley>) {
        match timer {
            Timer::Begin => self.begin(ctx),
            Timer::Average => {
                if let Some(asked) = self.asked.take() {
                    self.average(asked, ctx);
                }
            }
        }
    }

    fn state(&self, facts: &mut Facts) {
        if self.asked.is_some() {
            facts.count("answers", self.ahead.iter().flatten().count(), self.ahead.len() - 1);
        }
    }
}

/// Tells the time, and corrects its clock as it is told.
#[derive(Clone)]
struct Slave {
    params: Params,
    /// The last round in which it corrected its clock.
    last: Option<Monotonic>,
}

impl Process<Berkeley> for Slave {
    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Berkeley>) {
        match message {
            Message::Ask(asked) => ctx.send(from, Message::Tell { asked, time: ctx.now() }),
            // The network may deliver it twice.
            Message::Adjust { asked, by } if self.last != Some(asked) => {
                self.last = Some(asked);
                ctx.output("round", asked.since_start());
                correct(ctx, by, self.params.correct, self.params.over);
            }
            Message::Adjust { .. } | Message::Tell { .. } => {}
        }
    }
}

/// The average over the largest set of values no two of which are more than `gamma` apart, and how
/// many these are. Of several such sets the one with the least spread counts, then the lowest.
/// Without `gamma` all values count.
pub fn fault_tolerant_average(mut values: Vec<Span>, gamma: Option<Span>) -> (Span, usize) {
    values.sort_unstable();
    let spread = |set: &[Span]| match set {
        [first, .., last] => *last - *first,
        _ => Span::ZERO,
    };
    let mut best: &[Span] = &[];
    for first in 0..values.len() {
        let from_first = &values[first..];
        let near = |value: &&Span| gamma.is_none_or(|gamma| **value - from_first[0] <= gamma);
        let set = &from_first[..from_first.iter().take_while(near).count()];
        if set.len() > best.len() || set.len() == best.len() && spread(set) < spread(best) {
            best = set;
        }
    }
    let sum: i128 = best.iter().map(|value| i128::from(value.ns())).sum();
    let average = sum.div_euclid((best.len() as i128).max(1));
    (Span::from_ns(i64::try_from(average).unwrap_or(i64::MAX)), best.len())
}

/// What each round promises, from the last correction in it to the first of the next.
#[derive(Debug, Default)]
struct Averages {
    params: Params,
    rounds: Rounds,
}

impl Promises for Averages {
    const REFERENCE: Option<NodeId> = None;

    fn begin<R: Regard>(&mut self, run: &Run<'_>, _docket: &mut Docket<R>) {
        // The scenario was accepted, so its parameters can be read.
        self.params = run.scenario.params.read().unwrap_or_default();
    }

    fn told<R: Regard>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>, docket: &mut Docket<R>) {
        let Params { max_rtt, min_delay, rho_ppm, .. } = self.params;
        let round = match self.rounds.told::<Averages>(output, node, at, run) {
            Some(Turn::Begins(round)) => {
                docket.close(0, at, run);
                round
            }
            Some(Turn::Joins(round)) => {
                docket.take_back(0);
                round
            }
            None => return,
        };
        let apart = reading_error(max_rtt, min_delay, rho_ppm).times(2);
        // The readings are older than the round's first correction, by at most a round trip.
        let at_first = apart + drifted(max_rtt + round.settled.since(round.first), rho_ppm);
        let (of, from, to) = (Bounded::Skew(round.nodes.clone()), round.settled, UNTIL_FURTHER_NOTICE);
        docket.open(0, Promise { of, from, to, at_first, growth_ppb: 2_000 * i64::from(rho_ppm) });
    }
}

impl Subject for Averages {
    const BOUND: &'static str = "twice the error of a reading by the oscillator, and the drift since";
    const ROUNDING: Span = Span::from_ns(6);

    fn nodes(run: &Run<'_>) -> Vec<NodeId> {
        NodeId::first(run.trace.names.count()).collect()
    }

    /// Within three rounds.
    fn due(run: &Run<'_>) -> Option<Time> {
        let Params { every, max_rtt, .. } = run.scenario.params.read().ok()?;
        Some(Time::ZERO + (every + max_rtt.times(2)).times(3))
    }

    fn why_unset(run: &Run<'_>, _node: NodeId) -> String {
        let max_rtt = run.scenario.params.read().map_or(Span::ZERO, |Params { max_rtt, .. }| max_rtt);
        format!("in no round did its answer come within `max-rtt` = {max_rtt} and the correction reach it")
    }
}

words!(Message {
    Ask(_) => "time?";
    Tell { time, .. } => "it is {}", time.rounded();
    Adjust { by: Span::ZERO, .. } => "stay as you are";
    Adjust { by, .. } if by.is_negative() => "go back {}", by.abs().rounded();
    Adjust { by, .. } => "go forward {}", by.rounded();
});

words!(Timer {
    Begin => "the round begins";
    Average => "averages";
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_leaves_out_who_is_far_from_most() {
        let check = |values: &[i64], gamma: Option<i64>, expect: (i64, usize)| {
            let values_ns = values.iter().map(|&ns| Span::from_ns(ns)).collect();
            let (average, counted) = fault_tolerant_average(values_ns, gamma.map(Span::from_ns));
            assert_eq!((average.ns(), counted), expect, "{values:?} within {gamma:?}");
        };
        check(&[0], None, (0, 1));
        check(&[0, 10, 20], None, (10, 3));
        check(&[0, -3, -4], None, (-3, 3));
        check(&[0, 10, 20, 3_600], None, (907, 4));
        check(&[0, 10, 20, 3_600], Some(20), (10, 3));
        check(&[0, 10, 20, 3_600], Some(19), (5, 2));
        // Of two sets of the same size the narrower counts, then the lower.
        check(&[0, 10, 100, 105], Some(20), (102, 2));
        check(&[0, 10, 100, 110], Some(20), (5, 2));
        check(&[5, 5, 9], Some(0), (5, 2));
    }
}
