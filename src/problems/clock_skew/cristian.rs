//! Cristian's algorithm: ask a time server, and believe only a quick answer.
//!
//! Flaviu Cristian, "Probabilistic clock synchronization", Distributed Computing 3(3), 1989.
//!
//! The problem: a client is to read a server's clock over a network whose delays vary. A reply that
//! says "it is 12:00" is old when it comes, and the client knows how long the round trip took but
//! not how it was split.
//!
//! The algorithm: (1) the client asks, and remembers when; (2) the server answers with
//! what its clock shows; (3) the client sees how long the round trip took on its oscillator, D, and
//! estimates that the server's clock now shows the answer plus D/2; (4) if D is more than
//! `max-rtt`, or no answer has come by then, the client asks again: the estimate would be too
//! rough; (5) else it corrects its clock, and asks anew after `every`.
//!
//! The estimate is wrong by half the difference of the two delays. Neither was shorter than
//! `min-delay`, so the error is at most D/2 - `min-delay`, whatever happened. A quick answer is a
//! good one, and an attempt that succeeds with probability s costs 1/s attempts.
//!
//! Assumes that no message takes less than `min-delay`, that no clock drifts more than ρ, and that
//! the server tells the truth. The drift adds at most 3ρD to the error of a reading, and 2ρ a
//! second until the next.
//!
//! Departures: the paper's client gives up after a number of attempts and calls its clock
//! unsynchronised; this one tries for ever. The server answers at once. The bounds are derived
//! here, not copied from the paper.
//!
//! See `notes/problems/clock-skew.md` and `scenarios/clock-skew/waiting-for-a-quick-answer.toml`.

use crate::check::Run;
use crate::problems::prelude::*;
use crate::process::Output;
use crate::scenario::Link;
use crate::time::Time;

use super::SERVER;
use super::correction::{Correct, correct, in_words};
use super::judge::{self, Bounded, Docket, Promise, Promises, Regard, Subject, UNTIL_FURTHER_NOTICE};
use super::lies::{Clockmakers, Tells};
use super::theory;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "cristian",
    title: "Cristian's algorithm",
    summary: "Ask a server for the time, add half the round trip, and ask again if it took too long.",
    paper: "Cristian, \"Probabilistic clock synchronization\", Distributed Computing 3(3), 1989",
    params: schema::of::<Params>,
    theory: THEORY,
    layout: Layout::Star,
    roles: |node, _| if node == SERVER { Role::Server } else { Role::Client },
    prepare,
    outputs: &[super::judge::CORRECTION, "rtt"],
    edges: &["", "every = \"1s\", max-rtt = \"10ms\"", "correct = \"slew\", min-delay = \"5ms\""],
    longer: &[Longer::doubling("until", 10, "min").within("nodes = 2\n[clock]\ndrift-ppm = 50\n[network]\nloss = 0.1")],
    ..super::Synchronises::<Readings>::COMMON
};

params! {
    struct Params {
        /// How long a client is content with a reading before it asks anew.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(10_000),
        /// The longest round trip that a client believes.
        #[serde(with = "Positive")]
        max_rtt: Span = Span::from_ms(30),
        /// What every message takes at least: the part of the round trip that hides no error.
        #[serde(with = "FromZero")]
        min_delay: Span = Span::ZERO,
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
    setup.run_with_traitors(|(params, lies)| (Cristian { params }, lies))
}

const THEORY: &[Theory] = &[
    Theory {
        of: "messages",
        formula: "(1 + q)/s for each client: s the chance that an attempt succeeds, its question and its answer both \
                  arrive and take at most `max-rtt` together; q the chance that a question arrives. 2/s without loss",
        assumes: "Delays are constant or uniform, clocks do not drift, each client needs one reading (`every` is no less \
                  than `until`) and has time for it, messages overtake each other, and nothing but loss goes wrong.",
        value: messages,
    },
    Theory {
        of: "final_error",
        formula: "|d_req - d_resp|/2",
        assumes: "One client, constant delays with a round trip of at most `max-rtt`, clocks that do not drift, `correct` = \
                  \"step\", and nothing goes wrong.",
        value: final_error,
    },
];

fn messages(scenario: &Scenario) -> Option<f64> {
    let Params { every, max_rtt, .. } = scenario.params.read().ok()?;
    let network = &scenario.network;
    let is_plain = theory::is_undisturbed(scenario) && theory::is_steady(scenario);
    if !is_plain || Time::ZERO + every < scenario.until {
        return None;
    }
    let of_client = |client| {
        let (there, back) = (network.link(client, SERVER), network.link(SERVER, client));
        let has_copies = [there, back].iter().any(|link| link.duplicate.get() > 0.0);
        // Where no message overtakes another, a slow answer makes the next one late.
        let is_late = |link: &&Link| link.fifo && !matches!(link.delay, Distribution::Constant(_));
        let is_plain = !has_copies && ![there, back].iter().any(is_late);
        let [asked, answered] = [there, back].map(|link| (1.0 - link.loss.get()) * (1.0 - link.corrupt.get()));
        let success = asked * answered * theory::chance_within(there.delay, back.delay, max_rtt)?;
        // More than forty times the mean are needed once in 10^17 runs.
        let attempts = if success < 1.0 { 40.0 / success } else { 1.0 };
        let is_enough = success > 0.0 && scenario.until.ns() as f64 > attempts * max_rtt.ns() as f64;
        (is_enough && is_plain).then(|| (1.0 + asked) / success)
    };
    NodeId::first(scenario.names.count()).filter(|&node| node != SERVER).map(of_client).sum()
}

fn final_error(scenario: &Scenario) -> Option<f64> {
    let Params { max_rtt, correct, .. } = scenario.params.read().ok()?;
    let [client] = NodeId::first(scenario.names.count()).filter(|&node| node != SERVER).collect::<Vec<_>>()[..] else {
        return None;
    };
    let there = theory::constant_delay(scenario, client, SERVER)?;
    let back = theory::constant_delay(scenario, SERVER, client)?;
    let is_quick = there + back <= max_rtt && Time::ZERO + there + back <= scenario.until;
    let is_plain = theory::is_calm(scenario) && theory::is_steady(scenario) && correct == Correct::Step;
    (is_quick && is_plain).then(|| (there - back).abs().ns() as f64 / 2.0)
}

/// How wrong a reading can be whose round trip took `rtt` on the reader's oscillator.
///
/// Half the round trip is wrong by half the difference of the delays, at most rtt/2 - min. The
/// server's clock drifts while the answer is under way, and the client's while it waits, by at most
/// 3ρ·rtt together for any ρ of a scenario.
pub fn reading_error(rtt: Span, min_delay: Span, rho_ppm: u32) -> Span {
    let drift = i128::from(rtt.ns()) * 3 * i128::from(rho_ppm);
    let drift = i64::try_from(drift / 1_000_000 + i128::from(drift % 1_000_000 > 0)).unwrap_or(i64::MAX);
    let half = Span::from_ns(rtt.ns() / 2 + rtt.ns() % 2);
    (half - min_delay).max(Span::ZERO) + Span::from_ns(drift)
}

#[derive(Clone)]
struct Cristian {
    params: Params,
}

impl Protocol for Cristian {
    type Process = Party;
    type Message = Message;
    type Timer = Timer;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Party {
        if node == SERVER {
            Party::Server(Server)
        } else {
            Party::Client(Client { params: self.params.clone(), waiting: None })
        }
    }
}

#[derive(Clone, PartialEq, Serialize)]
enum Message {
    /// "What does your clock show?" What the asker's oscillator shows tells one question from
    /// another.
    Ask(Monotonic),
    /// "When that question came, my clock showed this."
    Tell { asked: Monotonic, time: Reading },
}

impl Tells for Message {
    fn shifted(&self, by: Span) -> Message {
        match *self {
            Message::Ask(at) => Message::Ask(at),
            Message::Tell { asked, time } => Message::Tell { asked, time: time + by },
        }
    }
}

#[derive(Clone)]
enum Timer {
    /// The last reading is too old.
    Anew,
    /// An answer that came now would not be believed.
    TooLate,
}

roles!(enum Party: Cristian { Server, Client });

/// Tells the time.
#[derive(Clone)]
struct Server;

impl Process<Cristian> for Server {
    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Cristian>) {
        if let Message::Ask(asked) = message {
            // Step 2.
            ctx.send(from, Message::Tell { asked, time: ctx.now() });
        }
    }
}

/// Asks for the time.
#[derive(Clone)]
struct Client {
    params: Params,
    waiting: Option<Waiting>,
}

/// An attempt that is under way.
#[derive(Clone)]
struct Waiting {
    since: Monotonic,
    too_late: TimerId,
}

impl Client {
    /// Step 1.
    fn ask(&mut self, ctx: &mut Context<'_, Cristian>) {
        let since = ctx.monotonic();
        ctx.send(SERVER, Message::Ask(since));
        // An answer that takes exactly `max-rtt` is believed.
        let too_late = ctx.set_timer(self.params.max_rtt + Span::from_ns(1), Timer::TooLate);
        self.waiting = Some(Waiting { since, too_late });
    }
}

impl Process<Cristian> for Client {
    fn start(&mut self, ctx: &mut Context<'_, Cristian>) {
        self.ask(ctx);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Cristian>) {
        let Message::Tell { asked, time } = message else { return };
        // The answer to an earlier attempt says nothing of this one's round trip.
        let Some(waiting) = self.waiting.take_if(|waiting| waiting.since == asked) else { return };
        ctx.cancel_timer(waiting.too_late);
        // Not on the clock: somebody may have set it since.
        let rtt = ctx.monotonic() - waiting.since;
        if rtt > self.params.max_rtt {
            // A client that was paused may come to an old answer before it comes to the timer.
            return self.ask(ctx);
        }
        // Step 3.
        let estimate = time + Span::from_ns(rtt.ns() / 2);
        let off = estimate - ctx.now();
        ctx.output("rtt", rtt);
        ctx.note("estimate", Value::Number(off.ns()), || {
            format!("the answer took {}, so the server's clock is {}", rtt.rounded(), in_words(off))
        });
        // Step 5. What a slew corrects must all be there before the next reading says what is to be
        // corrected.
        let takes = correct(ctx, off, self.params.correct, self.params.over);
        ctx.set_timer(self.params.every.max(takes), Timer::Anew);
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Cristian>) {
        match timer {
            Timer::Anew => self.ask(ctx),
            // Step 4.
            Timer::TooLate => {
                self.waiting = None;
                self.ask(ctx);
            }
        }
    }

    fn state(&self, facts: &mut Facts) {
        if self.waiting.is_some() {
            facts.operation("waits", "for an answer");
        }
    }
}

/// What each client promises of its error: from one reading to the next it grows, and while a clock
/// is being slewed from one to the next it is no farther off than by the larger of the two.
#[derive(Debug, Default)]
struct Readings {
    params: Params,
}

impl Readings {
    /// The keys of what is promised of a node until its clock is settled, and from then on.
    const fn keys(node: NodeId) -> [usize; 2] {
        [2 * node.index(), 2 * node.index() + 1]
    }
}

impl Promises for Readings {
    const REFERENCE: Option<NodeId> = Some(SERVER);

    fn begin<R: Regard>(&mut self, run: &Run<'_>, _docket: &mut Docket<R>) {
        // The scenario was accepted, so its parameters can be read.
        self.params = run.scenario.params.read().unwrap_or_default();
    }

    fn told<R: Regard>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>, docket: &mut Docket<R>) {
        let Some(rtt) = output.value.number().filter(|_| output.name == "rtt") else { return };
        let Params { min_delay, rho_ppm, .. } = self.params;
        let error = reading_error(Span::from_ns(rtt), min_delay, rho_ppm);
        let (of, to, growth_ppb) = (Bounded::Error(node), UNTIL_FURTHER_NOTICE, 2_000 * i64::from(rho_ppm));
        let [slewing_key, settled_key] = Readings::keys(node);
        let in_force = [settled_key, slewing_key].into_iter().filter_map(|key| docket.promise(key));
        let before = in_force.filter(|promise| promise.from <= at).map(|promise| promise.at(at)).next();
        for key in [slewing_key, settled_key] {
            docket.close(key, at, run);
        }
        let settled = judge::settled(run, node, at);
        if let Some(before) = before.filter(|_| at < settled) {
            let slewing = Promise { of: of.clone(), from: at, to: settled, at_first: before.max(error), growth_ppb };
            docket.open(slewing_key, slewing);
        }
        let at_first = Promise { of: of.clone(), from: at, to, at_first: error, growth_ppb }.at(settled);
        docket.open(settled_key, Promise { of, from: settled, to, at_first, growth_ppb });
    }
}

impl Subject for Readings {
    const BOUND: &'static str = "half the round trip by the oscillator less the shortest delay, and the drift since";
    const ROUNDING: Span = Span::from_ns(3);

    fn nodes(run: &Run<'_>) -> Vec<NodeId> {
        NodeId::first(run.trace.names.count()).collect()
    }

    fn counts_from_the_start(node: NodeId) -> bool {
        node == SERVER
    }

    /// In the time for which a client is content with a reading it can ask often enough for one.
    fn due(run: &Run<'_>) -> Option<Time> {
        let Params { every, .. } = run.scenario.params.read().ok()?;
        Some(Time::ZERO + every)
    }

    fn why_unset(run: &Run<'_>, _node: NodeId) -> String {
        let max_rtt = run.scenario.params.read().map_or(Span::ZERO, |Params { max_rtt, .. }| max_rtt);
        format!("no answer came within `max-rtt` = {max_rtt}")
    }
}

words!(Message {
    Ask(_) => "time?";
    Tell { time, .. } => "it is {}", time.rounded();
});

words!(Timer {
    Anew => "asks anew";
    TooLate => "the answer takes too long";
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_wrong_by_half_the_round_trip_less_the_shortest_delay() {
        for (rtt, min, rho_ppm, error_us) in
            [(12, 1, 0, 5_000), (12, 6, 0, 0), (12, 7, 0, 0), (30, 0, 0, 15_000), (10, 0, 100, 5_003)]
        {
            let error = reading_error(Span::from_ms(rtt), Span::from_ms(min), rho_ppm);
            assert_eq!(error, Span::from_ns(error_us * 1_000), "{rtt} ms, at least {min} ms, {rho_ppm} ppm");
        }
    }
}
