//! Randomized coordinated attack: nobody can agree for sure, so let chance bound how often they
//! fail to.
//!
//! George Varghese, Nancy Lynch, "A tradeoff between safety and liveness for randomized coordinated
//! attack protocols", PODC, 1992; told as in Nancy Lynch, "Distributed Algorithms", 1996, section
//! 5.2.
//!
//! The problem: the probability that one general attacks alone is at most ε, whatever the network
//! loses (agreement); if no general has an order nobody attacks, and if both have one and nothing
//! is lost both attack (validity); both decide after r rounds (termination).
//!
//! The algorithm: (1) alice draws a secret key, evenly from 1..=r; (2) in each of r rounds each
//! general sends its level, the orders that it knows of, and the key if it knows it; (3) a
//! general's level is 0 until it hears from the other, and one more than the highest level that it
//! heard of from then on; (4) after r rounds a general attacks iff its level is at least the key
//! and both have an order.
//!
//! The two levels never differ by more than one, whatever is lost. So there is at most one key that
//! separates them, and a network that loses messages without knowing the key hits it with
//! probability 1/r: ε = 1/r.
//!
//! Assumes that what is lost does not depend on the key. Departures: rounds are closed by timers,
//! and a message that comes after its round is as good as lost.
//!
//! See `notes/problems/two-generals.md` and `scenarios/two-generals/randomized-attack.toml`.

use crate::check::{Fold, Judge, Run};
use crate::problems::prelude::*;
use crate::trace::{Event, EventKind, Kinds};

use super::judge::{self, Explains};
use super::theory::{self, Ways, share};
use super::{ALICE, BOB, Order, Resolve};

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "randomized",
    title: "Randomized coordinated attack",
    summary: "A secret key hides from the network which of the lost messages will have mattered.",
    paper: "Varghese, Lynch, \"A tradeoff between safety and liveness for randomized coordinated attack protocols\", \
            PODC, 1992; Lynch, \"Distributed Algorithms\", 1996, section 5.2",
    params: schema::of::<Randomized>,
    chances: &["coin"],
    properties: PROPERTIES,
    measures: MEASURES,
    theory: THEORY,
    prepare: |scenario| super::setup::<Randomized>(scenario).ready(),
    edges: &["rounds = 1", "rounds = 4", "orders = [\"attack\", \"none\"]"],
    longer: &[Longer::doubling("params.rounds", 80, "").within(super::WEATHER)],
    ..super::COMMON
};

params! {
    struct Randomized {
        /// How many rounds of messages there are: the key is drawn from so many.
        #[schemars(range(min = 1))]
        rounds: u32 = 5,
        /// How long a round lasts on a general's clock. A message that comes later is as good as
        /// lost.
        #[serde(with = "Positive")]
        round: Span = Span::from_ms(20),
        /// What each general was told before: `attack` or `none`, alice's order first.
        orders: [Order; 2] = [Order::Attack; 2],
    }
}

impl Protocol for Randomized {
    type Process = General;
    type Message = Report;
    type Timer = RoundEnd;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> General {
        let (params, known) = (self.clone(), Known { level: 0, key: None });
        let order = params.orders[usize::from(node != ALICE)];
        General { params, closed: 0, known, order, others_order: None, resolve: Resolve::default() }
    }
}

/// What a general knows that counts.
#[derive(Clone, Copy, PartialEq, Serialize)]
struct Known {
    /// How deeply it knows that the other knows.
    level: u32,
    /// Alice's key, in 1..=rounds.
    key: Option<u32>,
}

/// "In this round I know this, and my own order is that."
#[derive(Clone, Copy, PartialEq, Serialize)]
struct Report {
    round: u32,
    known: Known,
    order: Order,
}

/// The end of this round, counted from one.
#[derive(Clone)]
struct RoundEnd(u32);

/// A general: alice, who draws the key, or bob.
#[derive(Clone)]
struct General {
    params: Randomized,
    /// The rounds that are closed.
    closed: u32,
    known: Known,
    order: Order,
    /// What the other says that it was told.
    others_order: Option<Order>,
    resolve: Resolve,
}

impl General {
    /// Step 2.
    fn send_report(&self, ctx: &mut Context<'_, Randomized>) {
        let other = if ctx.me() == ALICE { BOB } else { ALICE };
        let round = self.closed + 1;
        ctx.send(other, Report { round, known: self.known, order: self.order });
        ctx.set_timer(self.params.round, RoundEnd(round));
    }

    /// Step 4.
    fn decide(&mut self, ctx: &mut Context<'_, Randomized>) {
        let Known { level, key } = self.known;
        ctx.note("level", Value::Number(i64::from(level)), || match key {
            Some(key) => format!("level {level}, the key is {key}"),
            None => format!("level {level}, the key is unknown"),
        });
        let both_ordered = self.order == Order::Attack && self.others_order == Some(Order::Attack);
        if both_ordered && key.is_some_and(|key| level >= key) {
            self.resolve.attack(ctx);
        } else {
            self.resolve.retreat(ctx);
        }
    }
}

impl Process<Randomized> for General {
    fn start(&mut self, ctx: &mut Context<'_, Randomized>) {
        super::note_order(self.order, ctx);
        if ctx.me() == ALICE {
            // Step 1. A draw is below `rounds`, so it fits.
            let key = ctx.draw(u64::from(self.params.rounds)) as u32 + 1;
            // Draws count from 0 and keys from 1: to force a draw, know which is which.
            ctx.note("key", Value::Number(i64::from(key)), || format!("draws {}: the key is {key}", key - 1));
            self.known.key = Some(key);
        }
        self.send_report(ctx);
    }

    fn message(&mut self, _from: NodeId, report: Report, ctx: &mut Context<'_, Randomized>) {
        let Report { round, known, order } = report;
        if round <= self.closed {
            ctx.note("late", Value::Number(i64::from(round)), || format!("after round {round}: as good as lost"));
            return;
        }
        // Step 3.
        self.known.level = self.known.level.max(known.level + 1);
        self.known.key = self.known.key.or(known.key);
        self.others_order = Some(order);
    }

    fn timer(&mut self, RoundEnd(round): RoundEnd, ctx: &mut Context<'_, Randomized>) {
        self.closed = round;
        if round < self.params.rounds { self.send_report(ctx) } else { self.decide(ctx) }
    }

    fn state(&self, facts: &mut Facts) {
        if self.resolve.decided.is_some() {
            self.resolve.tell(facts);
        }
        facts.count("information level", self.known.level as usize, None);
    }
}

const PROPERTIES: &[Property] = &judge::properties::<ByLevels>();

/// Why a general stays although the other attacks: its level against the key.
#[derive(Default)]
struct ByLevels;

impl Explains for ByLevels {
    fn why(run: &Run<'_>, other: NodeId) -> String {
        let number = |name, by| {
            let of_general = run.trace.notes(name).find(|&(_, node, _)| node == by);
            of_general.and_then(|(.., note)| note.value.number())
        };
        let loner = if other == ALICE { BOB } else { ALICE };
        match (number("key", ALICE), number("level", loner), number("level", other)) {
            // After a restart there may be two keys, and then it takes more to say why.
            (Some(key), Some(high), Some(low)) if low < key && key <= high => {
                let (loner, other) = (run.name(loner), run.name(other));
                format!("the key is {key}, which level {high} of {loner} reaches and level {low} of {other} does not")
            }
            _ => judge::what_failed(run, other, |_| None),
        }
    }
}

const MEASURES: &[Measure] = &[
    check::MESSAGES,
    judge::ATTACKERS,
    judge::ALONE_GIVEN_ATTACK,
    Measure {
        name: "level",
        unit: "levels",
        says: "The lower of the generals' levels after the last round; not defined before both have decided.",
        needs: Kinds::NOTED,
        of: Judge::fold::<LowerLevel>(),
        in_words: None,
    },
];

/// The lower of the levels that the generals note at the end.
#[derive(Default)]
struct LowerLevel {
    of: [Option<i64>; 2],
}

impl Fold for LowerLevel {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let (EventKind::Noted(note), Some(by)) = (event.what, event.node)
            && note.name == "level"
            && let Some(of) = self.of.get_mut(by.index())
        {
            *of = note.value.number();
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        let [alice, bob] = self.of;
        Some(alice?.min(bob?))
    }
}

const THEORY: &[Theory] = &[
    Theory {
        of: "agreement",
        formula: "(1 - (1-e)^r) / r, e = p(1-q) + q(1-p): once one message of a round comes and the other does not, the \
                  levels differ for good, and one key of r falls between them; at most 1/r (Varghese, Lynch, 1992)",
        assumes: theory::ASSUMES,
        value: |scenario| Levels::of(scenario).map(|levels| levels.differ / levels.rounds),
    },
    Theory {
        of: "alone_given_attack",
        formula: "P(levels differ) / E[higher level]",
        assumes: theory::ASSUMES,
        value: |scenario| Levels::of(scenario).and_then(|levels| share(levels.differ, levels.higher)),
    },
    Theory {
        of: "attackers",
        formula: "(E[higher level] + E[lower level]) / r: a level is reached by as many keys as it has steps",
        assumes: theory::ASSUMES,
        value: |scenario| Levels::of(scenario).map(|levels| (2.0 * levels.higher - levels.differ) / levels.rounds),
    },
    Theory {
        of: "level",
        formula: "E[higher level] - P(levels differ)",
        assumes: theory::ASSUMES,
        value: |scenario| Levels::of(scenario).map(|levels| levels.higher - levels.differ),
    },
    Theory {
        of: "messages",
        formula: "2 r",
        assumes: theory::ASSUMES,
        value: |scenario| Levels::of(scenario).map(|levels| 2.0 * levels.rounds),
    },
];

/// The generals' levels after the last round, as the closed forms see them.
struct Levels {
    rounds: f64,
    /// The chance that they differ.
    differ: f64,
    /// The mean of the higher one.
    higher: f64,
}

impl Levels {
    fn of(scenario: &Scenario) -> Option<Levels> {
        let params = scenario.params.read::<Randomized>().ok().filter(|params| params.orders == [Order::Attack; 2])?;
        let last = params.round.times(i64::from(params.rounds));
        let Ways { p, q, there, back, .. } = Ways::of(scenario, last, u64::from(params.rounds) * 2)?;
        let is_in_time = there < params.round && back < params.round;
        is_in_time.then(|| Levels::after(params.rounds, p, q))
    }

    /// Round by round, from what the levels can be to each other: equal, alice's ahead by one, or
    /// bob's.
    ///
    /// From equal levels, one message alone puts its receiver ahead. The one behind goes ahead when
    /// it hears from the other; the one ahead learns nothing. Each of these steps raises the higher
    /// level by one.
    fn after(rounds: u32, p: f64, q: f64) -> Levels {
        let (mut equal, mut alice, mut bob) = (1.0, 0.0, 0.0);
        let mut higher = 0.0;
        for _ in 0..rounds {
            higher += equal * (1.0 - p * q) + alice * (1.0 - p) + bob * (1.0 - q);
            (equal, alice, bob) = (
                equal * ((1.0 - p) * (1.0 - q) + p * q),
                equal * p * (1.0 - q) + alice * p + bob * (1.0 - q),
                equal * q * (1.0 - p) + bob * q + alice * (1.0 - p),
            );
        }
        Levels { rounds: f64::from(rounds), differ: alice + bob, higher }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "level {}", self.known.level)
    }
}

words!(RoundEnd(round) => "end of round {round}");

#[cfg(test)]
mod tests {
    use super::super::tests::{
        expects, generals, is_silent, lossy, measure, run, to_alice, to_bob, verdict, verdicts, with_fate,
    };
    use super::*;
    use crate::scenario::{Choice, Decision, Fate, Forced};

    fn rounds(rounds: u32) -> Scenario {
        generals("randomized", &format!("rounds = {rounds}"))
    }

    fn with_key(mut scenario: Scenario, key: u32) -> Scenario {
        let (choice, decision) = (Choice::Coin(ALICE, 1), Decision::Number(u64::from(key) - 1));
        scenario.forced.push(Forced { choice, decision, span: 0..0, by_flag: true });
        scenario
    }

    /// A pattern of losses, two bits a round: bit 2i is the message to bob in round i+1, bit 2i+1
    /// the one to alice.
    fn with_losses(scenario: Scenario, rounds: u32, pattern: u32) -> Scenario {
        (0..2 * rounds).filter(|bit| pattern >> bit & 1 == 1).fold(scenario, |scenario, bit| {
            let nth = bit / 2 + 1;
            with_fate(scenario, if bit % 2 == 0 { to_bob(nth) } else { to_alice(nth) }, Fate::Lose)
        })
    }

    /// "P(disagree) <= 1/r" for every pattern of losses that does not depend on the key: all 4^r of
    /// them, all keys.
    #[test]
    fn for_every_pattern_of_losses_at_most_one_key_separates_the_generals() {
        for r in 2..=5_u32 {
            let mut worst = 0;
            for pattern in 0..4_u32.pow(r) {
                let lossy = with_losses(rounds(r), r, pattern);
                let disagree = (1..=r).filter(|&key| {
                    let mut runner = crate::problems::Bound::of(&with_key(lossy.clone(), key)).prepare().unwrap();
                    let trace = runner.run(1, crate::trace::Recording::Outputs(Kinds::ALL), None);
                    judge::ATTACKERS.of.of(&Run { scenario: &lossy, trace }) == Some(1)
                });
                let disagree = disagree.count();
                assert!(disagree <= 1, "{r} rounds, pattern {pattern:b}: {disagree} keys");
                assert!(pattern != 0 || disagree == 0, "nothing is lost in {r} rounds");
                worst = worst.max(disagree);
            }
            assert_eq!(worst, 1, "{r} rounds");
        }
    }

    #[test]
    fn under_a_one_sided_cut_the_least_key_separates_the_generals() {
        for (p, q, loner) in [(0.0, 1.0, "bob"), (1.0, 0.0, "alice")] {
            for key in 1..=5 {
                let report = run(&lossy(with_key(rounds(5), key), p, q));
                assert_eq!(verdicts(&report), if key == 1 { "vhh" } else { "hhh" }, "key {key}");
                assert_eq!(measure(&report, "level"), Some(0));
                if key == 1 {
                    let because = verdict(&report, "agreement").because();
                    assert!(
                        because.starts_with(&format!("{loner} attacks alone: the key is 1, which level 1")),
                        "{because}"
                    );
                }
            }
        }
    }

    #[test]
    fn without_loss_levels_rise_by_one_a_round() {
        let report = run(&rounds(7));
        assert_eq!((measure(&report, "level"), measure(&report, "messages")), (Some(7), Some(14)));
    }

    #[test]
    fn late_is_lost() {
        let mut scenario = with_key(rounds(3), 1);
        for nth in 1..=3 {
            scenario.faults.push(crate::scenario::Fault::Delay { message: to_bob(nth), to: Span::from_ms(21) });
        }
        let report = run(&scenario);
        assert_eq!((verdicts(&report).as_str(), measure(&report, "level")), ("vhh", Some(0)));
        assert_eq!(report.trace.notes("late").count(), 3);
    }

    #[test]
    fn theory_gives_the_figures_of_the_literature() {
        for (r, bound) in [(5, 0.2), (10, 0.1), (100, 0.01)] {
            expects(&lossy(rounds(r), 0.0, 1.0), "agreement", bound);
            expects(&lossy(rounds(r), 1.0, 0.0), "agreement", bound);
            expects(&rounds(r), "agreement", 0.0);
            expects(&rounds(r), "attackers", 2.0);
        }
        // One round in which each message comes with an even chance: half of the time exactly one
        // comes.
        expects(&lossy(rounds(1), 0.5, 0.5), "agreement", 0.5);
        expects(&lossy(rounds(1), 0.5, 0.5), "alone_given_attack", 2.0 / 3.0);
    }

    #[test]
    fn theory_is_silent_where_its_assumptions_fail() {
        assert!(!is_silent(&rounds(5)));
        assert!(is_silent(&generals("randomized", "round = \"15ms\"")), "a message may take 15ms");
        assert!(is_silent(&generals("randomized", "orders = [\"attack\", \"none\"]")));
        assert!(is_silent(&with_key(rounds(5), 1)));
    }
}
