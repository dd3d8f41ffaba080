//! Many messengers at once: what one of them cannot do for sure, a hundred cannot do for sure
//! either.
//!
//! Jim Gray, "Notes on data base operating systems", 1978, tells of the generals and their
//! messengers; to send many at once is the first idea that everybody has.
//!
//! The problem: nobody attacks alone (agreement), nobody attacks without an order and with one and
//! no loss both do (validity), and both decide (termination).
//!
//! The algorithm: (1) alice, if she has an order, sends n messengers with the plan at once; (2) bob
//! attacks when the first of them arrives, and sends m messengers back that say so; (3) alice
//! attacks when the first of those arrives, or at once if m = 0; (4) a general that does not attack
//! by its deadline retreats.
//!
//! Sending more makes standing alone as unlikely as one wants, and never impossible: p^n without
//! acknowledgements, (1-p^n) p^m with them. Common knowledge is no closer than with one messenger.
//!
//! Assumes that messengers fail independently, which a storm over the valley would not respect.
//! Departures: none.
//!
//! See `notes/problems/two-generals.md` and `scenarios/two-generals/a-hundred-messengers.toml`.

use super::judge::{self, PlanOrAck};
use super::theory::{self, Ways, share};
use super::{ALICE, BOB, Order, Resolve};
use crate::problems::prelude::*;

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "messengers",
    title: "Many messengers at once",
    summary: "Alice sends many messengers with the same plan, and bob may send many back.",
    paper: "Gray, \"Notes on data base operating systems\", 1978",
    params: schema::of::<Messengers>,
    properties: PROPERTIES,
    measures: MEASURES,
    theory: THEORY,
    prepare: |scenario| super::setup(scenario).check(check).ready(),
    edges: &["messengers = 1", "messengers = 2, ack-messengers = 1", "order = \"none\""],
    longer: &[
        Longer::doubling("params.messengers", 200, "").within(super::WEATHER),
        Longer::doubling("params.messengers", 300, "").within("nodes = 2\n[network]\nloss = 1.0"),
    ],
    ..super::COMMON
};

params! {
    struct Messengers {
        /// How many messengers alice sends with the plan.
        #[schemars(range(min = 1))]
        messengers: u32 = 3,
        /// How many messengers bob sends back. None: alice attacks without waiting.
        ack_messengers: u32 = 0,
        /// Whether alice has an order: `attack` or `none`.
        order: Order = Order::Attack,
        /// When a general that does not attack yet retreats, on its clock.
        #[serde(with = "Positive")]
        deadline: Span = Span::from_ms(50),
    }
}

/// Never more messengers at once than the scenario's limit of messages under way.
fn check(params: &Messengers, scenario: &Scenario) -> Vec<Complaint> {
    let most = scenario.limits.messages;
    let crowd = |key: &str, count: u32| {
        let help = format!("`limits.messages` allows {most} messages under way at once");
        let complain = || scenario.params.complain(key, format!("{count} messengers are too many"), help);
        (u64::from(count) > most).then(complain)
    };
    let crowds = [crowd("messengers", params.messengers), crowd("ack-messengers", params.ack_messengers)];
    crowds.into_iter().flatten().collect()
}

impl Protocol for Messengers {
    type Process = General;
    type Message = Word;
    type Timer = Deadline;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> General {
        let (params, resolve) = (self.clone(), Resolve::default());
        if node == ALICE {
            General::Sender(Sender { params, resolve })
        } else {
            General::Receiver(Receiver { params, resolve })
        }
    }
}

/// What a messenger carries.
#[derive(Clone, Copy, PartialEq, Serialize)]
enum Word {
    /// "We attack."
    Plan,
    /// "I have your plan, and attack."
    Ack,
}

/// The time to decide.
#[derive(Clone)]
struct Deadline;

roles!(enum General: Messengers { Sender, Receiver });

/// Alice: has the plan.
#[derive(Clone)]
struct Sender {
    params: Messengers,
    resolve: Resolve,
}

impl Process<Messengers> for Sender {
    fn start(&mut self, ctx: &mut Context<'_, Messengers>) {
        super::note_order(self.params.order, ctx);
        if self.params.order == Order::None {
            return self.resolve.retreat(ctx);
        }
        // Step 1.
        for _ in 0..self.params.messengers {
            ctx.send(BOB, Word::Plan);
        }
        if self.params.ack_messengers == 0 {
            // Step 3, without acknowledgements.
            self.resolve.attack(ctx);
        } else {
            self.resolve.wait(self.params.deadline, Deadline, ctx);
        }
    }

    fn message(&mut self, _from: NodeId, _word: Word, ctx: &mut Context<'_, Messengers>) {
        if !self.resolve.is_too_late(ctx) {
            // Step 3. What the second messenger and later ones say is known.
            self.resolve.attack(ctx);
        }
    }

    fn timer(&mut self, Deadline: Deadline, ctx: &mut Context<'_, Messengers>) {
        // Step 4.
        self.resolve.retreat(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        self.resolve.tell(facts);
    }
}

/// Bob: attacks when he hears of the plan.
#[derive(Clone)]
struct Receiver {
    params: Messengers,
    resolve: Resolve,
}

impl Process<Messengers> for Receiver {
    fn start(&mut self, ctx: &mut Context<'_, Messengers>) {
        self.resolve.wait(self.params.deadline, Deadline, ctx);
    }

    fn message(&mut self, from: NodeId, _word: Word, ctx: &mut Context<'_, Messengers>) {
        if self.resolve.decided.is_none() {
            // Step 2.
            for _ in 0..self.params.ack_messengers {
                ctx.send(from, Word::Ack);
            }
            self.resolve.attack(ctx);
        } else {
            self.resolve.is_too_late(ctx);
        }
    }

    fn timer(&mut self, Deadline: Deadline, ctx: &mut Context<'_, Messengers>) {
        // Step 4.
        self.resolve.retreat(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        self.resolve.tell(facts);
    }
}

const PROPERTIES: &[Property] = &judge::properties::<PlanOrAck>();

const MEASURES: &[Measure] = &[
    check::MESSAGES,
    judge::COPIES_RECEIVED,
    judge::ATTACKERS,
    judge::ALONE_GIVEN_ATTACK,
    judge::knowledge_depth::<PlanOrAck>(),
];

const THEORY: &[Theory] = &[
    Theory {
        of: "agreement",
        formula: "p^n without acknowledgements, (1-p^n) q^m with m of them; p is the loss of a plan, q of an ack",
        assumes: theory::ASSUMES,
        value: |scenario| Crowd::of(scenario).map(|crowd| crowd.alone),
    },
    Theory {
        of: "alone_given_attack",
        formula: "p^n without acknowledgements, q^m with m of them",
        assumes: theory::ASSUMES,
        value: |scenario| Crowd::of(scenario).and_then(|crowd| share(crowd.alone, crowd.alone + crowd.both)),
    },
    Theory {
        of: "attackers",
        formula: "P(one attacks) + 2 P(both attack)",
        assumes: theory::ASSUMES,
        value: |scenario| Crowd::of(scenario).map(|crowd| crowd.alone + 2.0 * crowd.both),
    },
    Theory {
        of: "knowledge_depth",
        formula: "(1-p^n) (1 + (1-q^m)): bob hears, and then alice",
        assumes: theory::ASSUMES,
        value: |scenario| Crowd::of(scenario).map(|crowd| crowd.hears * (1.0 + crowd.is_acked)),
    },
    Theory {
        of: "messages",
        formula: "n + (1-p^n) m",
        assumes: theory::ASSUMES,
        value: |scenario| Crowd::of(scenario).map(|crowd| crowd.plans + crowd.hears * crowd.acks),
    },
    Theory {
        of: "copies_received",
        formula: "n (1-p) (1+d), d the chance that a messenger who arrives comes twice",
        assumes: theory::ASSUMES,
        value: |scenario| {
            let Crowd { plans, ways, .. } = Crowd::of(scenario)?;
            Some(plans * (1.0 - ways.p) * (1.0 + ways.twice))
        },
    },
];

/// The messengers as their closed forms see them.
struct Crowd {
    ways: Ways,
    plans: f64,
    acks: f64,
    /// The chance that bob hears.
    hears: f64,
    /// The chance that alice is acknowledged, once bob has heard.
    is_acked: f64,
    /// The chance that exactly one attacks.
    alone: f64,
    /// The chance that both do.
    both: f64,
}

impl Crowd {
    fn of(scenario: &Scenario) -> Option<Crowd> {
        let params = scenario.params.read::<Messengers>().ok().filter(|params| params.order == Order::Attack)?;
        let messages = u64::from(params.messengers) + u64::from(params.ack_messengers);
        let ways = Ways::of(scenario, params.deadline, messages)?;
        if ways.there + ways.back >= params.deadline {
            return None;
        }
        let (plans, acks) = (f64::from(params.messengers), f64::from(params.ack_messengers));
        // Chances that may be far below 1e-16 are never taken from 1.
        let (unheard, unacked) = (libm::pow(ways.p, plans), libm::pow(ways.q, acks));
        let (hears, is_acked) = (1.0 - unheard, 1.0 - unacked);
        let (alone, both) =
            if params.ack_messengers == 0 { (unheard, hears) } else { (hears * unacked, hears * is_acked) };
        Some(Crowd { ways, plans, acks, hears, is_acked, alone, both })
    }
}

words!(Word {
    Plan => "attack";
    Ack => "ack";
});

words!(Deadline => "deadline");

#[cfg(test)]
mod tests {
    use super::super::tests::{
        expects, generals, is_silent, lossy, measure, run, to_alice, to_bob, verdict, verdicts, with_fate,
    };
    use super::*;
    use crate::scenario::Fate;

    fn crowd(messengers: u32, acks: u32) -> Scenario {
        generals("messengers", &format!("messengers = {messengers}\nack-messengers = {acks}"))
    }

    #[test]
    fn one_messenger_who_comes_through_is_enough() {
        for arrives in 1..=5 {
            let lost = (1..=5).filter(|&nth| nth != arrives);
            let report = run(&lost.fold(crowd(5, 0), |scenario, nth| with_fate(scenario, to_bob(nth), Fate::Lose)));
            assert_eq!((verdicts(&report).as_str(), measure(&report, "copies_received")), ("hhh", Some(1)));
        }
    }

    #[test]
    fn without_acks_alice_attacks_alone_if_all_are_caught() {
        let report = run(&lossy(crowd(100, 0), 1.0, 0.0));
        assert_eq!(verdicts(&report), "vhh");
        let expected = "alice attacks alone: 100 messages to bob failed, the last of them alice:bob:100, which was lost \
             at 0s, so bob does not know the plan.";
        let verdict = verdict(&report, "agreement");
        assert_eq!(verdict.because(), expected);
        assert_eq!(verdict.evidence().len(), 12 + 2, "the last failures, and both decisions");
        assert_eq!(measure(&report, "knowledge_depth"), Some(0));
    }

    #[test]
    fn with_acks_bob_attacks_alone_if_all_acks_are_caught() {
        let report = run(&lossy(crowd(3, 4), 0.0, 1.0));
        assert_eq!(verdicts(&report), "vhh");
        assert!(verdict(&report, "agreement").because().starts_with("bob attacks alone: 4 messages to alice failed"));
        assert_eq!(measure(&report, "messages"), Some(7), "bob answers once");
        assert_eq!(measure(&report, "knowledge_depth"), Some(1));
        // And if no plan arrives, nobody attacks.
        let report = run(&lossy(crowd(3, 4), 1.0, 0.0));
        assert_eq!((verdicts(&report).as_str(), measure(&report, "attackers")), ("hhh", Some(0)));
    }

    #[test]
    fn a_messenger_who_comes_twice_is_answered_once() {
        let report = run(&with_fate(crowd(1, 2), to_bob(1), Fate::Twice));
        assert_eq!(measure(&report, "copies_received"), Some(2));
        assert_eq!(measure(&report, "messages"), Some(3));
        let report = run(&with_fate(crowd(1, 1), to_alice(1), Fate::Twice));
        assert_eq!((verdicts(&report).as_str(), measure(&report, "knowledge_depth")), ("hhh", Some(2)));
    }

    #[test]
    fn who_has_retreated_answers_nobody() {
        let mut scenario = crowd(1, 1);
        scenario.faults.push(crate::scenario::Fault::Delay { message: to_bob(1), to: Span::from_ms(70) });
        let report = run(&scenario);
        assert_eq!((verdicts(&report).as_str(), measure(&report, "messages")), ("hhh", Some(1)));
    }

    #[test]
    fn theory_gives_the_figures_of_the_literature() {
        for (p, n, alone) in [(0.5, 3, 0.125), (0.3, 3, 0.027), (0.1, 6, 1e-6)] {
            expects(&lossy(crowd(n, 0), p, p), "agreement", alone);
        }
        for (p, n, m, alone) in [(0.3, 3, 3, 0.026_271), (0.5, 4, 4, 0.058_594), (0.1, 2, 2, 0.009_9)] {
            expects(&lossy(crowd(n, m), p, p), "agreement", alone);
            expects(&lossy(crowd(n, m), p, p), "alone_given_attack", libm::pow(p, f64::from(m)));
        }
        let (scenario, tiny) = (lossy(crowd(100, 0), 0.5, 0.5), libm::pow(0.5, 100.0));
        let theory = THEORY.iter().find(|theory| theory.of == "agreement").unwrap();
        assert_eq!((theory.value)(&scenario), Some(tiny), "what is rare is not rounded to never");
    }

    #[test]
    fn theory_is_silent_where_its_assumptions_fail() {
        assert!(!is_silent(&crowd(3, 3)));
        assert!(is_silent(&generals("messengers", "deadline = \"30ms\"")), "there and back may take 30ms");
        assert!(is_silent(&with_fate(crowd(3, 3), to_bob(1), Fate::Lose)));
        assert!(is_silent(&generals("messengers", "order = \"none\"")));
    }
}
