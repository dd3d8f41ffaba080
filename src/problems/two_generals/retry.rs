//! Sending again until an answer comes: what every program over a network does.
//!
//! Jim Gray, "Notes on data base operating systems", 1978, for the generals; sending again until it
//! is acknowledged is older than any of its papers.
//!
//! The problem: nobody attacks alone (agreement), nobody attacks without an order and with one and
//! no loss both do (validity), and both decide (termination).
//!
//! The algorithm: (1) alice, if she has an order, sends the plan, and sends it again after every
//! `every` until an acknowledgement comes or all attempts are made; (2) bob attacks when the first
//! copy arrives, and acknowledges every copy; (3) alice attacks when the first acknowledgement
//! arrives, and stops sending; (4) a general that does not attack by its deadline retreats, and
//! alice stops sending.
//!
//! The plan comes through almost surely. But bob acts on it at once, and alice only when she hears
//! of it: if all acknowledgements are lost, bob attacks alone. This is the question that every
//! timeout asks: was the request lost, or the answer?
//!
//! Assumes nothing of the network: what comes after a deadline is as good as lost. Departures:
//! none.
//!
//! See `notes/problems/two-generals.md` and `scenarios/two-generals/retry-until-the-deadline.toml`.

use crate::check::{Fold, Judge, Run};
use crate::problems::prelude::*;
use crate::trace::{Event, EventKind, Kinds};

use super::judge::{self, PlanOrAck};
use super::theory::{self, Ways, share};
use super::{ALICE, BOB, Order, Resolve};

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "retry",
    title: "Retry until acknowledged",
    summary: "Alice sends the plan again and again until bob's acknowledgement comes or her attempts are used up.",
    paper: "Gray, \"Notes on data base operating systems\", 1978",
    params: schema::of::<Retry>,
    properties: PROPERTIES,
    measures: MEASURES,
    theory: THEORY,
    prepare: |scenario| super::setup::<Retry>(scenario).ready(),
    edges: &["attempts = 1", "attempts = 3, every = \"12ms\"", "order = \"none\""],
    longer: &[Longer::doubling("params.attempts", 100, "").within(NO_ANSWER)],
    ..super::COMMON
};

/// Bob answers again and again, and nothing of it arrives.
const NO_ANSWER: &str = "nodes = 2\nuntil = \"30d\"\n[network]\nduplicate = 0.5\n\
     [[network.link]]\nfrom = \"bob\"\nto = \"alice\"\nloss = 1.0";

params! {
    struct Retry {
        /// How often alice sends the plan at most.
        #[schemars(range(min = 1))]
        attempts: u32 = 4,
        /// How long alice waits, on her clock, before she sends it again.
        #[serde(with = "Positive")]
        every: Span = Span::from_ms(40),
        /// When a general that does not attack yet retreats, on its clock. Default: one `every`
        /// after the one that follows the last attempt.
        #[serde(with = "Positive")]
        deadline: Option<Span> = None,
        /// Whether alice has an order: `attack` or `none`.
        order: Order = Order::Attack,
    }
}

impl Retry {
    fn deadline(&self) -> Span {
        self.deadline.unwrap_or_else(|| self.every.times(i64::from(self.attempts) + 1))
    }
}

impl Protocol for Retry {
    type Process = General;
    type Message = Word;
    type Timer = Alarm;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> General {
        let (params, resolve) = (self.clone(), Resolve::default());
        if node == ALICE {
            General::Sender(Sender { params, made: 0, next: None, resolve })
        } else {
            General::Receiver(Receiver { params, resolve })
        }
    }
}

/// What a message says.
#[derive(Clone, Copy, PartialEq, Serialize)]
enum Word {
    /// "We attack."
    Plan,
    /// "I have your plan, and attack."
    Ack,
}

/// What a general waits for.
#[derive(Clone)]
enum Alarm {
    /// The time to send the plan again.
    Again,
    /// The time to decide.
    Deadline,
}

roles!(enum General: Retry { Sender, Receiver });

/// Alice: has the plan.
#[derive(Clone)]
struct Sender {
    params: Retry,
    /// The attempts that were made.
    made: u32,
    /// The timer for the next attempt.
    next: Option<TimerId>,
    resolve: Resolve,
}

impl Sender {
    /// Step 1.
    fn attempt(&mut self, ctx: &mut Context<'_, Retry>) {
        ctx.send(BOB, Word::Plan);
        self.made += 1;
        self.next = (self.made < self.params.attempts).then(|| ctx.set_timer(self.params.every, Alarm::Again));
    }

    fn stop_sending(&mut self, ctx: &mut Context<'_, Retry>) {
        ctx.cancel_timer(self.next.take());
    }
}

impl Process<Retry> for Sender {
    fn start(&mut self, ctx: &mut Context<'_, Retry>) {
        super::note_order(self.params.order, ctx);
        if self.params.order == Order::None {
            return self.resolve.retreat(ctx);
        }
        self.resolve.wait(self.params.deadline(), Alarm::Deadline, ctx);
        self.attempt(ctx);
    }

    fn message(&mut self, _from: NodeId, _word: Word, ctx: &mut Context<'_, Retry>) {
        if !self.resolve.is_too_late(ctx) {
            // Step 3. The acknowledgements after the first find nothing to do.
            self.stop_sending(ctx);
            self.resolve.attack(ctx);
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, Retry>) {
        match alarm {
            Alarm::Again => self.attempt(ctx),
            Alarm::Deadline => {
                // Step 4.
                self.stop_sending(ctx);
                self.resolve.retreat(ctx);
            }
        }
    }

    fn state(&self, facts: &mut Facts) {
        self.resolve.tell(facts);
        if self.made > 0 {
            facts.count("attempts", self.made as usize, self.params.attempts as usize);
        }
    }
}

/// Bob: attacks when he hears of the plan.
#[derive(Clone)]
struct Receiver {
    params: Retry,
    resolve: Resolve,
}

impl Process<Retry> for Receiver {
    fn start(&mut self, ctx: &mut Context<'_, Retry>) {
        self.resolve.wait(self.params.deadline(), Alarm::Deadline, ctx);
    }

    fn message(&mut self, from: NodeId, _word: Word, ctx: &mut Context<'_, Retry>) {
        if !self.resolve.is_too_late(ctx) {
            // Step 2.
            ctx.send(from, Word::Ack);
            self.resolve.attack(ctx);
        }
    }

    fn timer(&mut self, _alarm: Alarm, ctx: &mut Context<'_, Retry>) {
        // Step 4. The deadline is all that bob waits for.
        self.resolve.retreat(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        self.resolve.tell(facts);
    }
}

const PROPERTIES: &[Property] = &judge::properties::<PlanOrAck>();

const MEASURES: &[Measure] = &[
    check::MESSAGES,
    Measure {
        name: "attempts",
        unit: "messages",
        says: "Times that the plan was sent.",
        needs: Kinds::SENT,
        of: Judge::fold::<Made>(),
        in_words: None,
    },
    judge::COPIES_RECEIVED,
    judge::ATTACKERS,
    judge::ALONE_GIVEN_ATTACK,
    judge::knowledge_depth::<PlanOrAck>(),
];

/// The attempts that were made.
#[derive(Default)]
struct Made(i64);

impl Fold for Made {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0 += i64::from(matches!(event.what, EventKind::Sent { message, .. } if message.to() == BOB));
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}

/// What the means of counts assume beside the rest.
const SPACED: &str = "As the others, and that an acknowledgement comes before the next attempt.";

const THEORY: &[Theory] = &[
    Theory {
        of: "agreement",
        formula: "(1-s)^R - p^R for R attempts: bob hears, and no acknowledgement comes through; s = (1-p)(1-a), a = \
                  (1-d) q + d q^2, since bob acknowledges twice the plan that comes twice, with chance d",
        assumes: theory::ASSUMES,
        value: |scenario| Attempts::of(scenario).map(|attempts| attempts.alone()),
    },
    Theory {
        of: "alone_given_attack",
        formula: "((1-s)^R - p^R) / (1 - p^R): bob attacks whenever he hears",
        assumes: theory::ASSUMES,
        value: |scenario| {
            let attempts = Attempts::of(scenario)?;
            share(attempts.alone(), 1.0 - attempts.unheard())
        },
    },
    Theory {
        of: "attackers",
        formula: "(1 - p^R) + (1 - (1-s)^R)",
        assumes: theory::ASSUMES,
        value: |scenario| Attempts::of(scenario).map(|attempts| attempts.means_deep()),
    },
    Theory {
        of: "knowledge_depth",
        formula: "(1 - p^R) + (1 - (1-s)^R): bob hears, and then alice",
        assumes: theory::ASSUMES,
        value: |scenario| Attempts::of(scenario).map(|attempts| attempts.means_deep()),
    },
    Theory {
        of: "attempts",
        formula: "(1 - (1-s)^R) / s",
        assumes: SPACED,
        value: |scenario| Attempts::spaced(scenario).map(|attempts| attempts.made()),
    },
    Theory {
        of: "copies_received",
        formula: "(1-p)(1+d) E[attempts]",
        assumes: SPACED,
        value: |scenario| Attempts::spaced(scenario).map(|attempts| attempts.arrive() * attempts.made()),
    },
    Theory {
        of: "messages",
        formula: "(1 + (1-p)(1+d)) E[attempts]: bob acknowledges each copy that he receives",
        assumes: SPACED,
        value: |scenario| Attempts::spaced(scenario).map(|attempts| (1.0 + attempts.arrive()) * attempts.made()),
    },
];

/// The attempts as their closed forms see them.
struct Attempts {
    ways: Ways,
    /// How many there are at most.
    most: f64,
    every: Span,
}

impl Attempts {
    fn of(scenario: &Scenario) -> Option<Attempts> {
        let params = scenario.params.read::<Retry>().ok().filter(|params| params.order == Order::Attack)?;
        let Retry { attempts, every, .. } = params;
        let ways = Ways::of(scenario, params.deadline(), u64::from(attempts) * 2)?;
        let last = every.times(i64::from(attempts) - 1) + ways.there + ways.back;
        (last < params.deadline()).then_some(Attempts { ways, most: f64::from(attempts), every })
    }

    /// The attempts, if an acknowledgement always comes before the next.
    fn spaced(scenario: &Scenario) -> Option<Attempts> {
        Attempts::of(scenario).filter(|Attempts { ways, every, .. }| ways.there + ways.back < *every)
    }

    /// The chance that one attempt is acknowledged. Of a plan that comes twice, both
    /// acknowledgements must fail.
    fn succeeds(&self) -> f64 {
        let Ways { p, q, twice, .. } = self.ways;
        (1.0 - p) * (1.0 - (1.0 - twice) * q - twice * q * q)
    }

    /// How many copies of the plan arrive of one attempt, on average.
    fn arrive(&self) -> f64 {
        (1.0 - self.ways.p) * (1.0 + self.ways.twice)
    }

    /// The chance that no attempt is acknowledged.
    fn unacked(&self) -> f64 {
        libm::pow(1.0 - self.succeeds(), self.most)
    }

    /// The chance that bob never hears.
    fn unheard(&self) -> f64 {
        libm::pow(self.ways.p, self.most)
    }

    /// The chance that bob hears and no attempt is acknowledged. Rounding must not make it less
    /// than nothing.
    fn alone(&self) -> f64 {
        (self.unacked() - self.unheard()).max(0.0)
    }

    /// The mean number of generals who learn what they need.
    fn means_deep(&self) -> f64 {
        2.0 - self.unheard() - self.unacked()
    }

    /// The mean number of attempts.
    fn made(&self) -> f64 {
        if self.succeeds() > 0.0 { (1.0 - self.unacked()) / self.succeeds() } else { self.most }
    }
}

words!(Word {
    Plan => "attack";
    Ack => "ack";
});

words!(Alarm {
    Again => "send again";
    Deadline => "deadline";
});

#[cfg(test)]
mod tests {
    use super::super::tests::{
        expects, generals, is_silent, lossy, measure, run, to_alice, to_bob, verdict, verdicts, with_fate,
    };
    use super::*;
    use crate::scenario::Fate;
    use crate::time::Time;

    fn attempts(attempts: u32) -> Scenario {
        generals("retry", &format!("attempts = {attempts}"))
    }

    #[test]
    fn alice_stops_at_the_first_ack() {
        for first in 1..=4 {
            let lost = 1..first;
            let report = run(&lost.fold(attempts(4), |scenario, nth| with_fate(scenario, to_bob(nth), Fate::Lose)));
            assert_eq!(verdicts(&report), "hhh");
            assert_eq!(measure(&report, "attempts"), Some(i64::from(first)));
            assert_eq!(measure(&report, "copies_received"), Some(1));
            assert_eq!(measure(&report, "messages"), Some(i64::from(first) + 1));
            // Nothing is left to wait for: neither the next attempt nor a deadline.
            assert_eq!(report.trace.counts.timers, u64::from(first) - 1);
        }
    }

    #[test]
    fn bob_acknowledges_every_copy() {
        let lost = [1, 2].into_iter().fold(attempts(4), |scenario, nth| with_fate(scenario, to_alice(nth), Fate::Lose));
        let report = run(&lost);
        assert_eq!((verdicts(&report).as_str(), measure(&report, "attempts")), ("hhh", Some(3)));
        assert_eq!((measure(&report, "copies_received"), measure(&report, "messages")), (Some(3), Some(6)));
        let report = run(&with_fate(attempts(4), to_bob(1), Fate::Twice));
        assert_eq!((measure(&report, "attempts"), measure(&report, "messages")), (Some(1), Some(3)));
    }

    #[test]
    fn if_all_acks_are_lost_bob_attacks_alone() {
        let report = run(&lossy(attempts(4), 0.0, 1.0));
        assert_eq!((verdicts(&report).as_str(), measure(&report, "attempts")), ("vhh", Some(4)));
        let because = verdict(&report, "agreement").because();
        let start = "bob attacks alone: 4 messages to alice failed, the last of them bob:alice:4, which was lost at ";
        assert!(because.starts_with(start), "{because}");
        assert!(because.ends_with(", so alice does not know that bob knows the plan."), "{because}");
    }

    #[test]
    fn if_all_plans_are_lost_nobody_attacks() {
        let report = run(&lossy(attempts(4), 1.0, 0.0));
        assert_eq!((verdicts(&report).as_str(), measure(&report, "attempts")), ("hhh", Some(4)));
        assert_eq!((measure(&report, "attackers"), measure(&report, "alone_given_attack")), (Some(0), None));
    }

    #[test]
    fn the_deadline_ends_the_attempts() {
        let report = run(&lossy(generals("retry", "attempts = 100\ndeadline = \"90ms\""), 1.0, 0.0));
        assert_eq!((measure(&report, "attempts"), verdicts(&report).as_str()), (Some(3), "hhh"));
        assert_eq!(report.trace.ended_at, Time::from_ns(90_000_000));
    }

    #[test]
    fn an_ack_after_the_deadline_comes_too_late() {
        let mut scenario = attempts(1);
        scenario.faults.push(crate::scenario::Fault::Delay { message: to_alice(1), to: Span::from_ms(500) });
        let report = run(&scenario);
        assert_eq!((verdicts(&report).as_str(), measure(&report, "knowledge_depth")), ("vhh", Some(2)));
        assert!(verdict(&report, "agreement").because().ends_with(", after alice had decided."));
    }

    #[test]
    fn theory_gives_the_figures_of_the_literature() {
        for (p, q, most, alone) in [(0.2, 0.3, 4, 0.035_881), (0.1, 0.1, 3, 0.005_859), (0.5, 0.5, 10, 0.055_337)] {
            expects(&lossy(attempts(most), p, q), "agreement", alone);
        }
        expects(&lossy(attempts(4), 0.2, 0.3), "attempts", 1.718_78);
        for (p, q, made) in [(0.1, 0.1, 1.234_57), (0.2, 0.3, 1.785_71), (0.5, 0.5, 4.0)] {
            expects(&lossy(attempts(200), p, q), "attempts", made);
        }
        expects(&lossy(attempts(7), 1.0, 0.0), "attempts", 7.0);
        expects(&lossy(attempts(7), 0.3, 0.0), "agreement", 0.0);
    }

    #[test]
    fn theory_is_silent_where_its_assumptions_fail() {
        let silent = |scenario: &Scenario, of: &str| {
            (THEORY.iter().find(|theory| theory.of == of).unwrap().value)(scenario).is_none()
        };
        assert!(!is_silent(&attempts(4)));
        assert!(is_silent(&generals("retry", "deadline = \"150ms\"")), "the fourth ack may come at 150ms");
        assert!(is_silent(&with_fate(attempts(4), to_bob(1), Fate::Lose)));
        // An ack that comes after the next attempt changes how many there are, and not who attacks.
        let hasty = generals("retry", "every = \"30ms\"\ndeadline = \"1s\"");
        assert!(silent(&hasty, "attempts") && silent(&hasty, "messages") && !silent(&hasty, "agreement"));
    }
}
