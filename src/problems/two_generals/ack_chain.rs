//! A chain of acknowledgements: alice sends the plan, bob confirms it, alice confirms the
//! confirmation …
//!
//! E. A. Akkoyunlu, K. Ekanadham, R. V. Huber, "Some constraints and tradeoffs in the design of
//! network communications", SOSP, 1975; Jim Gray, "Notes on data base operating systems", 1978.
//!
//! The problem: nobody attacks alone (agreement), nobody attacks without an order and with one and
//! no loss both do (validity), and both decide (termination).
//!
//! The algorithm, for a chain of k messages: (1) alice sends message 1, the plan, if she has an
//! order; (2) the receiver of message i < k sends message i+1, which acknowledges it; (3) the
//! sender of message k attacks iff it received message k-1, and alice always if k = 1; (4) the
//! receiver of message k attacks iff the message arrives; (5) a general that does not know by its
//! deadline that it attacks retreats.
//!
//! Whatever k is, the sender of the last message cannot know that it arrived: losing it breaks
//! agreement. Leaving it out changes nothing for its sender, so the message before it is the last
//! one, and so on down to no message at all. Given that somebody attacks, the chance that it is
//! alone is the loss of one message, for every k.
//!
//! Assumes that a deadline is later than the chain's last delivery; a message that comes after its
//! receiver's deadline is as good as lost. Departures: the deadline, which gives the argument's
//! "iff" a moment; a second copy of a message is ignored.
//!
//! See `notes/problems/two-generals.md`, `scenarios/two-generals/last-messenger.toml` and
//! `more-acks-do-not-help.toml`.

use crate::problems::prelude::*;
use crate::process::MessageId;

use super::judge::{self, Deepens};
use super::theory::{self, Ways};
use super::{ALICE, BOB, Order, Resolve};

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "ack-chain",
    title: "A chain of acknowledgements",
    summary: "Every message is acknowledged, and so is every acknowledgement, up to a last one that is not.",
    paper: "Akkoyunlu, Ekanadham, Huber, \"Some constraints and tradeoffs in the design of network communications\", \
            SOSP, 1975; Gray, \"Notes on data base operating systems\", 1978",
    params: schema::of::<AckChain>,
    properties: PROPERTIES,
    measures: MEASURES,
    theory: THEORY,
    prepare: |scenario| super::setup::<AckChain>(scenario).ready(),
    edges: &["", "acks = 0", "acks = 1", "acks = 9", "order = \"none\""],
    longer: &[Longer::doubling("params.acks", 200, "").within("nodes = 2\nuntil = \"30d\"")],
    ..super::COMMON
};

params! {
    struct AckChain {
        /// How many acknowledgements may follow the plan: the chain is one message longer.
        acks: u32 = 3,
        /// Whether alice has an order: `attack` or `none`.
        order: Order = Order::Attack,
        /// When a general that does not know yet that it attacks retreats, on its clock. Default:
        /// 20ms for each message of the chain.
        #[serde(with = "Positive")]
        deadline: Option<Span> = None,
    }
}

impl AckChain {
    /// The number of the chain's last message.
    fn last(&self) -> u64 {
        u64::from(self.acks) + 1
    }

    fn deadline(&self) -> Span {
        self.deadline.unwrap_or_else(|| Span::from_ms(20).times(i64::from(self.acks) + 1))
    }
}

impl Protocol for AckChain {
    type Process = General;
    type Message = Link;
    type Timer = Deadline;
    type Disk = ();

    fn boot(&self, _node: NodeId, (): &()) -> General {
        let AckChain { order, .. } = *self;
        let (last, deadline) = (self.last(), self.deadline());
        General { order, last, deadline, heard: 0, resolve: Resolve::default() }
    }
}

/// "This is message i of the chain: the plan, if i is one, else I have received message i-1."
#[derive(Clone, Copy, PartialEq, Serialize)]
struct Link(u64);

/// The time to decide.
#[derive(Clone)]
struct Deadline;

/// A general: alice, who begins the chain, or bob.
#[derive(Clone)]
struct General {
    order: Order,
    /// The number of the chain's last message.
    last: u64,
    deadline: Span,
    /// The number of the last message that came.
    heard: u64,
    resolve: Resolve,
}

impl Process<AckChain> for General {
    fn start(&mut self, ctx: &mut Context<'_, AckChain>) {
        if ctx.me() == ALICE {
            super::note_order(self.order, ctx);
            if self.order == Order::None {
                return self.resolve.retreat(ctx);
            }
            // Step 1.
            ctx.send(BOB, Link(1));
            if self.last == 1 {
                // Step 3, of a chain of one.
                return self.resolve.attack(ctx);
            }
        }
        self.resolve.wait(self.deadline, Deadline, ctx);
    }

    fn message(&mut self, from: NodeId, Link(number): Link, ctx: &mut Context<'_, AckChain>) {
        let is_new = number > self.heard;
        if !is_new || self.resolve.is_too_late(ctx) {
            return;
        }
        self.heard = number;
        if number < self.last {
            // Step 2.
            ctx.send(from, Link(number + 1));
        }
        if number + 1 >= self.last {
            // Steps 3 and 4.
            self.resolve.attack(ctx);
        }
    }

    fn timer(&mut self, Deadline: Deadline, ctx: &mut Context<'_, AckChain>) {
        // Step 5.
        self.resolve.retreat(ctx);
    }

    fn state(&self, facts: &mut Facts) {
        self.resolve.tell(facts);
        if self.heard > 0 {
            facts.count("heard", self.heard as usize, self.last as usize);
        }
    }
}

/// The chain's messages: knowledge is as deep as the number of the last that arrived.
#[derive(Default)]
struct Links;

impl Deepens for Links {
    fn depth(message: MessageId) -> i64 {
        let nth = i64::from(message.nth());
        if message.to() == BOB { 2 * nth - 1 } else { 2 * nth }
    }
}

const PROPERTIES: &[Property] = &judge::properties::<Links>();

const MEASURES: &[Measure] =
    &[check::MESSAGES, judge::ATTACKERS, judge::ALONE_GIVEN_ATTACK, judge::knowledge_depth::<Links>()];

const THEORY: &[Theory] = &[
    Theory {
        of: "agreement",
        formula: "(1-p)^(k-1) p for a chain of k messages: all arrive but the last",
        assumes: theory::ASSUMES,
        value: |scenario| Chain::of(scenario).map(|chain| chain.last_but_one() * chain.fails(chain.last)),
    },
    Theory {
        of: "alone_given_attack",
        formula: "p, the loss of the last message, whatever the length of the chain",
        assumes: theory::ASSUMES,
        value: |scenario| {
            let chain = Chain::of(scenario)?;
            (chain.last_but_one() > 0.0).then(|| chain.fails(chain.last))
        },
    },
    Theory {
        of: "attackers",
        formula: "(1-p)^(k-1) (2-p): who sends the last message attacks, and with him who receives it",
        assumes: theory::ASSUMES,
        value: |scenario| Chain::of(scenario).map(|chain| chain.last_but_one() * (2.0 - chain.fails(chain.last))),
    },
    Theory {
        of: "knowledge_depth",
        formula: "the sum of (1-p)^i over i = 1..k: depth i takes i deliveries (Halpern, Moses, 1990)",
        assumes: theory::ASSUMES,
        value: |scenario| Chain::of(scenario).map(|chain| chain.arrives().skip(1).sum()),
    },
    Theory {
        of: "messages",
        formula: "the sum of (1-p)^i over i = 0..k-1: message i+1 is sent when message i arrives",
        assumes: theory::ASSUMES,
        value: |scenario| Chain::of(scenario).map(|chain| chain.arrives().take(chain.last as usize).sum()),
    },
];

/// The chain as its closed forms see it, with a loss of its own each way.
struct Chain {
    last: u64,
    ways: Ways,
}

impl Chain {
    fn of(scenario: &Scenario) -> Option<Chain> {
        let params = scenario.params.read::<AckChain>().ok().filter(|params| params.order == Order::Attack)?;
        let (last, deadline) = (params.last(), params.deadline());
        let ways = Ways::of(scenario, deadline, last)?;
        let (back, there) = ((last / 2).cast_signed(), last.div_ceil(2).cast_signed());
        (ways.there.times(there) + ways.back.times(back) < deadline).then_some(Chain { last, ways })
    }

    /// The chance that message i fails, once it is sent.
    fn fails(&self, number: u64) -> f64 {
        if number % 2 == 1 { self.ways.p } else { self.ways.q }
    }

    /// The chances that the first 0, 1, … k messages arrive.
    fn arrives(&self) -> impl Iterator<Item = f64> {
        let then = |arrives: &mut f64, number: u64| {
            *arrives *= 1.0 - if number == 0 { 0.0 } else { self.fails(number) };
            Some(*arrives)
        };
        (0..=self.last).scan(1.0, then)
    }

    /// The chance that all messages but the last arrive.
    fn last_but_one(&self) -> f64 {
        self.arrives().take(self.last as usize).last().unwrap_or(1.0)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("attack"),
            number => write!(f, "ack {}", number - 1),
        }
    }
}

words!(Deadline => "deadline");

#[cfg(test)]
mod tests {
    use super::super::tests::{
        expects, generals, is_silent, lossy, measure, run, to_alice, to_bob, verdict, verdicts, with_fate,
    };
    use super::*;
    use crate::scenario::{Choice, Decision, Distribution, Fate, Fault, Forced};
    use crate::time::Time;

    fn chain(acks: u32) -> Scenario {
        generals("ack-chain", &format!("acks = {acks}"))
    }

    /// The name of the chain's ith message.
    fn link(number: u32) -> MessageId {
        if number % 2 == 1 { to_bob(number.div_ceil(2)) } else { to_alice(number / 2) }
    }

    /// "The last message": its sender attacks without knowing that it arrived, and every other loss
    /// stops the chain before anybody knows enough.
    #[test]
    fn of_all_single_losses_only_that_of_the_last_message_breaks_agreement() {
        for acks in 0..=12 {
            for lost in 1..=acks + 1 {
                for fate in [Fate::Lose, Fate::Corrupt] {
                    let report = run(&with_fate(chain(acks), link(lost), fate));
                    let is_last = lost == acks + 1;
                    let expected = if is_last { "vhh" } else { "hhh" };
                    assert_eq!(verdicts(&report), expected, "{acks} acks, message {lost}");
                    assert_eq!(measure(&report, "attackers"), Some(i64::from(is_last)));
                    assert_eq!(measure(&report, "alone_given_attack"), is_last.then_some(1));
                    assert_eq!(measure(&report, "knowledge_depth"), Some(i64::from(lost) - 1));
                    assert_eq!(measure(&report, "messages"), Some(i64::from(lost)), "the chain ends with the loss");
                }
            }
        }
    }

    #[test]
    fn a_chain_that_arrives_is_as_deep_as_it_is_long() {
        for acks in 0..=12 {
            let report = run(&chain(acks));
            assert_eq!(measure(&report, "knowledge_depth"), Some(i64::from(acks) + 1));
            assert_eq!(measure(&report, "messages"), Some(i64::from(acks) + 1));
            assert_eq!(measure(&report, "attackers"), Some(2));
        }
    }

    #[test]
    fn the_reason_names_the_message_and_what_is_not_known() {
        let check = |acks, lost, because: &str, evidence: usize| {
            let report = run(&with_fate(chain(acks), lost, Fate::Lose));
            let verdict = verdict(&report, "agreement");
            let told = verdict.because();
            let (before, after) = because.split_once('*').unwrap();
            assert!(told.starts_with(before) && told.ends_with(after), "{told}");
            assert_eq!(verdict.evidence().len(), evidence);
        };
        check(0, link(1), "alice attacks alone: alice:bob:1 was lost at 0s, so bob does not know* the plan.", 3);
        check(
            1,
            link(2),
            "bob attacks alone: bob:alice:1 was lost at *, so alice does not know that bob knows the plan.",
            3,
        );
        let third = "so bob does not know that alice knows that bob knows the plan.";
        check(2, link(3), &format!("alice attacks alone: alice:bob:2 was lost at *, {third}"), 3);
    }

    #[test]
    fn a_second_copy_says_nothing_new() {
        for number in 1..=4 {
            let report = run(&with_fate(chain(3), link(number), Fate::Twice));
            assert_eq!(verdicts(&report), "hhh");
            assert_eq!(measure(&report, "messages"), Some(4), "copy of message {number}");
            assert_eq!(measure(&report, "knowledge_depth"), Some(4));
        }
    }

    #[test]
    fn what_comes_after_the_deadline_is_as_good_as_lost() {
        let slow = |number| {
            let mut scenario = chain(3);
            scenario.faults.push(Fault::Delay { message: link(number), to: Span::from_ms(500) });
            run(&scenario)
        };
        for number in 1..=4 {
            let report = slow(number);
            assert_eq!(measure(&report, "messages"), Some(i64::from(number)), "the chain does not go on");
            assert_eq!(verdicts(&report), if number == 4 { "vhh" } else { "hhh" });
        }
        let because = verdict(&slow(4), "agreement").because().to_owned();
        assert!(because.starts_with("bob attacks alone: bob:alice:2 came at "), "{because}");
        assert!(because.ends_with(", after alice had decided."), "{because}");
    }

    #[test]
    fn a_run_that_is_stopped_leaves_open_what_may_still_come() {
        let mut scenario = with_fate(chain(0), link(1), Fate::Lose);
        scenario.until = Time::from_ns(1_000_000);
        let report = run(&scenario);
        assert_eq!(verdicts(&report), "uhu");
        assert_eq!(measure(&report, "alone_given_attack"), None);
    }

    #[test]
    fn theory_gives_the_figures_of_the_literature() {
        for (acks, p, alone, depth) in [(0, 0.1, 0.1, 0.9), (2, 0.1, 0.081, 2.439), (5, 0.25, 0.059_326, 2.466_064)] {
            let scenario = lossy(chain(acks), p, p);
            expects(&scenario, "agreement", alone);
            expects(&scenario, "alone_given_attack", p);
            expects(&scenario, "knowledge_depth", depth);
        }
        expects(&lossy(chain(4), 0.1, 0.1), "knowledge_depth", 3.685_59);
        expects(&lossy(chain(9), 0.5, 0.5), "knowledge_depth", 0.999_02);
        // Each way its own loss: the last message of an even chain is bob's.
        expects(&lossy(chain(1), 0.2, 0.3), "agreement", 0.8 * 0.3);
        expects(&lossy(chain(1), 0.2, 0.3), "attackers", 0.8 * 1.7);
        expects(&lossy(chain(1), 0.2, 0.3), "messages", 1.8);
    }

    #[test]
    fn theory_is_silent_where_its_assumptions_fail() {
        assert!(!is_silent(&chain(3)));
        assert!(is_silent(&generals("ack-chain", "order = \"none\"")));
        assert!(is_silent(&generals("ack-chain", "deadline = \"60ms\"")), "four messages may take 60ms");
        assert!(is_silent(&with_fate(chain(3), link(1), Fate::Lose)));
        let changed = |change: fn(&mut Scenario)| {
            let mut scenario = chain(3);
            change(&mut scenario);
            scenario
        };
        assert!(is_silent(&changed(|scenario| {
            let (mean, min) = (Span::from_ms(10), Span::ZERO);
            scenario.network.default.delay = Distribution::Exponential { mean, min };
        })));
        assert!(is_silent(&changed(|scenario| scenario.clocks[0].drift_ppb = 1)));
        assert!(is_silent(&changed(|scenario| scenario.until = Time::from_ns(79_000_000))));
        assert!(is_silent(&changed(|scenario| scenario.limits.events = 20)));
        assert!(is_silent(&changed(|scenario| {
            let (choice, decision) = (Choice::Fate(link(1)), Decision::Fate(Fate::Deliver));
            scenario.forced.push(Forced { choice, decision, span: 0..0, by_flag: true });
        })));
    }
}
