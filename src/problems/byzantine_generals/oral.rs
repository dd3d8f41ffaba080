//! OM(m): agreement by oral messages, which anybody can change when passing them on.
//!
//! Leslie Lamport, Robert Shostak, Marshall Pease, "The Byzantine Generals Problem", ACM TOPLAS
//! 4(3), 1982, section 3.
//!
//! The problem: a commander sends an order to n-1 lieutenants such that IC1 all loyal lieutenants
//! obey the same order, and IC2 if the commander is loyal, every loyal lieutenant obeys the order
//! that he sends.
//!
//! The algorithm. OM(0): (1) the commander sends his value to every lieutenant; (2) each lieutenant
//! uses the value that it receives, or the default if it receives none. OM(m), m > 0: (1) the
//! commander sends his value to every lieutenant; (2) each lieutenant i acts as the commander of
//! OM(m-1) to send the value that it received, or the default, to each of the others; (3) each
//! lieutenant i uses the majority of the value that it received in step 1 and of those that it
//! settled on in step 2 for each of the others.
//!
//! Assumes that every message sent is delivered within its round, that the receiver knows who sent
//! it, and that the absence of a message can be noticed. Tolerates m traitors among n > 3m
//! generals.
//!
//! Departures: the recursion is unrolled. A statement carries the path of generals that it came
//! through, and all sub-instances of a depth share a round; rounds are closed by timers, and the
//! relays of a round leave at its end, in the order of their paths, so that the nth message of a
//! link is always the same statement. The majority of a tie is the default. Nothing refuses n <=
//! 3m: crossing the bound is the lesson.
//!
//! See `notes/problems/byzantine-generals.md` and
//! `scenarios/byzantine-generals/three-generals.toml`.

use std::cmp::Ordering;

use crate::check::MESSAGES;
use crate::problems::prelude::*;
use crate::process::{MessageId, Names};
use crate::sim::byzantine::{Dice, Liar, Slot};

use super::judge::{DECIDED_ATTACK, ROUNDS, VALUES_PER_LIEUTENANT};
use super::lies::{self, Ask, Plot, Word};
use super::rounds::{self, Conditions, Family, Late, Params, Path, RoundEnd, called};
use super::{COMMANDER, Order};

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "oral",
    title: "Oral messages, OM(m)",
    summary: "Everybody tells everybody what everybody said, m times over, and takes the majority.",
    paper: "Lamport, Shostak, Pease, \"The Byzantine Generals Problem\", ACM TOPLAS 4(3), 1982, section 3",
    lies: lies::ORAL,
    measures: &[MESSAGES, ROUNDS, VALUES_PER_LIEUTENANT, DECIDED_ATTACK],
    theory: THEORY,
    prepare,
    edges: &["m = 0", "m = 1", "m = 1, order = \"retreat\""],
    longer: &[Longer::BY_NODES.within(super::LIARS), Longer::doubling("until", 1, "s").within(super::RESTARTS)],
    ..super::COMMON
};

/// OM(m), for the ground that it shares with SM(m).
const FAMILY: Family = Family { name: "OM", messages, slots: |nodes, m, _| messages(nodes, m), lies: lies::ORAL };

fn prepare(scenario: &Scenario) -> Prepared {
    FAMILY.setup(scenario).run_with_traitors(|(params, plot)| {
        let liar = OralLiar { plot, nodes: scenario.names.count() };
        (Oral { params, names: scenario.names.clone() }, liar)
    })
}

/// The messages of OM(m) among n generals who all speak: the sum over k = 1..=m+1 of
/// (n-1)!/(n-1-k)!. (Lamport, Shostak, Pease, 1982, section 3: (n-1)(n-2)...(n-m-1) in the last
/// round.)
pub fn messages(nodes: usize, m: u32) -> u128 {
    let mut of_round = 1_u128;
    let mut sum = 0_u128;
    for k in 1..=u128::from(m) + 1 {
        of_round = of_round.saturating_mul((nodes as u128).saturating_sub(k));
        sum = sum.saturating_add(of_round);
    }
    sum
}

#[derive(Clone)]
struct Oral {
    params: Params,
    names: Names,
}

impl Protocol for Oral {
    type Process = General;
    type Message = Statement;
    type Timer = RoundEnd;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> General {
        if node == COMMANDER {
            General::Commander(Commander { order: self.params.order })
        } else {
            General::Lieutenant(Lieutenant::new(&self.params, node, &self.names))
        }
    }
}

/// "The general at the end of the path says that the one before him said … that the commander
/// ordered this."
#[derive(Clone, PartialEq, Serialize)]
struct Statement {
    order: Order,
    path: Path,
}

roles!(enum General: Oral { Commander, Lieutenant });

/// Gives the order.
#[derive(Clone)]
struct Commander {
    order: Order,
}

impl Process<Oral> for Commander {
    fn start(&mut self, ctx: &mut Context<'_, Oral>) {
        ctx.output(DECISION, self.order);
        // OM(m), step 1.
        let order = Statement { order: self.order, path: Path::OF_THE_COMMANDER };
        ctx.multicast(ctx.others(), &order);
    }

    fn state(&self, facts: &mut Facts) {
        facts.word("orders", self.order.word());
    }
}

/// Hears the order, relays what it heard, and decides.
#[derive(Clone)]
struct Lieutenant {
    names: Names,
    m: u32,
    default: Order,
    round: Span,
    /// The rounds that are closed.
    closed: u32,
    heard: Heard,
    decided: Option<Order>,
}

impl Lieutenant {
    fn new(params: &Params, me: NodeId, names: &Names) -> Lieutenant {
        let &Params { m, default, round, .. } = params;
        let heard = Heard::new(me, names.count(), m);
        Lieutenant { names: names.clone(), m, default, round, closed: 0, heard, decided: None }
    }

    /// OM(m), step 2, for all sub-instances of the round that just closed.
    fn relay(&self, ctx: &mut Context<'_, Oral>) {
        let me = ctx.me();
        for (path, value) in self.heard.statements(self.closed) {
            let relayed = Statement { order: value.unwrap_or(self.default), path: path.then(me) };
            ctx.multicast(ctx.others().filter(|&to| !path.contains(to)), &relayed);
        }
    }

    /// OM(m), step 3.
    fn decide(&mut self, ctx: &mut Context<'_, Oral>) {
        let votes = self.heard.votes(self.default);
        let order = majority(votes.iter().map(|&(_, order)| order), self.default);
        self.decided = Some(order);
        rounds::decide(ctx, order, self.closed, self.heard.len(), || self.tally(&votes, order));
    }

    /// The votes in words: who they are from while they are few, how many of each in any case.
    fn tally(&self, votes: &[(NodeId, Order)], decided: Order) -> String {
        const FEW: usize = 4;
        let attack = votes.iter().filter(|&&(_, order)| order == Order::Attack).count();
        let retreat = votes.len() - attack;
        let verdict = match attack.cmp(&retreat) {
            Ordering::Equal => format!("a tie, which means {decided}"),
            _ => format!("{attack} for attack, {retreat} for retreat"),
        };
        if votes.len() > FEW {
            return format!("counts {verdict}");
        }
        let each = votes.iter().enumerate().map(|(index, &(from, order))| {
            let from = called(from, &self.names);
            let heard = self.heard.has_heard_of(index);
            if heard { format!("{order} from {from}") } else { format!("{order} for the silence of {from}") }
        });
        format!("counts {}: {verdict}", each.collect::<Vec<_>>().join(", "))
    }
}

impl Process<Oral> for Lieutenant {
    fn start(&mut self, ctx: &mut Context<'_, Oral>) {
        ctx.set_timer(self.round, RoundEnd(1));
    }

    fn message(&mut self, from: NodeId, Statement { order, path }: Statement, ctx: &mut Context<'_, Oral>) {
        debug_assert!(path.hops().last() == Some(&from), "a statement's last relay is its sender");
        if path.length() <= self.closed {
            let round = path.length();
            rounds::late(ctx, Late { from, order, round, closed: self.closed, names: &self.names });
        } else {
            self.heard.store(path, order);
        }
    }

    fn timer(&mut self, RoundEnd(round): RoundEnd, ctx: &mut Context<'_, Oral>) {
        self.closed = round;
        if round <= self.m {
            self.relay(ctx);
            ctx.set_timer(self.round, RoundEnd(round + 1));
        } else {
            self.decide(ctx);
        }
    }

    fn state(&self, facts: &mut Facts) {
        if let Some(order) = self.decided {
            facts.word("decided", order.word());
            // What was counted, where that is not what was heard: of reports, and for silence.
            if self.m > 1 || self.heard.said_backwards().any(|(_, order)| order.is_none()) {
                let votes = self.heard.votes(self.default);
                facts.table(
                    "votes",
                    votes.len(),
                    votes.iter().rev().map(|&(from, vote)| Element::row(from, vote.word())),
                );
                return;
            }
        }
        let speakers = self.heard.levels.iter().take(2).map(Vec::len).sum();
        let votes = self.heard.said_backwards();
        facts.table("heard", speakers, votes.map(|(from, order)| Element::row(from, order.map_or("?", Order::word))));
        if self.m > 1 {
            facts.count("reports", self.heard.received, self.heard.len());
        }
    }
}

/// All that a lieutenant heard: a tree with a value for every path that ends at somebody else.
///
/// Level r holds the paths of r generals, in order. The children of the path of rank k at a level,
/// one for each general that is not on it, are the ranks k·c to k·c+c-1 of the next, c being their
/// number.
#[derive(Clone)]
struct Heard {
    me: NodeId,
    nodes: usize,
    levels: Vec<Vec<Option<Order>>>,
    received: usize,
}

impl Heard {
    fn new(me: NodeId, nodes: usize, m: u32) -> Heard {
        let mut levels = vec![vec![None]];
        for level in 1..=m as usize {
            let width = levels[level - 1].len() * (nodes - 1 - level);
            levels.push(vec![None; width]);
        }
        Heard { me, nodes, levels, received: 0 }
    }

    fn len(&self) -> usize {
        self.levels.iter().map(Vec::len).sum()
    }

    /// The generals that could relay a path next, in order.
    fn candidates(&self, path: Path) -> impl Iterator<Item = NodeId> {
        let me = self.me;
        NodeId::first(self.nodes).filter(move |&node| node != me && !path.contains(node))
    }

    fn store(&mut self, path: Path, order: Order) {
        let mut rank = 0;
        for (length, &hop) in path.hops().iter().enumerate().skip(1) {
            // The hop's place among the candidates: its own number, less those before it that are
            // none.
            let before = path.hops()[..length].iter().chain([&self.me]).filter(|&&node| node < hop).count();
            rank = rank * (self.nodes - 1 - length) + hop.index() - before;
        }
        let value = self.levels.get_mut(path.hops().len() - 1).and_then(|level| level.get_mut(rank));
        if let Some(value) = value {
            self.received += usize::from(value.is_none());
            // The first statement counts: a traitor who says two things at once has said the first.
            value.get_or_insert(order);
        }
    }

    /// What each general said first-hand, from the last general backwards: the others the order
    /// that they claim to have heard, if there is a round for that, and the commander its own.
    fn said_backwards(&self) -> impl Iterator<Item = (NodeId, Option<Order>)> {
        let relays = self.levels.get(1).into_iter().flatten().rev();
        let me = self.me;
        let others = NodeId::first(self.nodes).rev().filter(move |&node| node != me && node != COMMANDER);
        others.zip(relays).chain([(COMMANDER, &self.levels[0][0])]).map(|(from, &order)| (from, order))
    }

    /// The paths of `length` generals with what was heard along them, in order.
    fn statements(&self, length: u32) -> Vec<(Path, Option<Order>)> {
        let mut paths = vec![Path::OF_THE_COMMANDER];
        for _ in 1..length {
            paths = paths.iter().flat_map(|&path| self.candidates(path).map(move |node| path.then(node))).collect();
        }
        paths.into_iter().zip(self.levels[length as usize - 1].iter().copied()).collect()
    }

    /// Whether anything came that the vote of this index follows from.
    fn has_heard_of(&self, index: usize) -> bool {
        let Some(rank) = index.checked_sub(1) else { return self.levels[0][0].is_some() };
        let lieutenants = self.nodes - 2;
        self.levels[1..].iter().any(|level| {
            let below = level.len() / lieutenants;
            level[rank * below..(rank + 1) * below].iter().any(Option::is_some)
        })
    }

    /// The values that decide: the one that the commander said, and what the others' sub-instances
    /// settled on.
    fn votes(&self, default: Order) -> Vec<(NodeId, Order)> {
        let said = |value: &Option<Order>| value.unwrap_or(default);
        let (commanders, relayed) = (&self.levels[0], &self.levels[1..]);
        let mut settled: Vec<Order> = Vec::new();
        for (depth, level) in relayed.iter().enumerate().rev() {
            let width = self.nodes - 3 - depth;
            let settle = |(rank, value): (usize, &Option<Order>)| {
                let below = settled.get(rank * width..(rank + 1) * width).unwrap_or_default();
                majority(below.iter().copied().chain([said(value)]), default)
            };
            settled = level.iter().enumerate().map(settle).collect();
        }
        let others = self.candidates(Path::OF_THE_COMMANDER).zip(settled);
        [(COMMANDER, said(&commanders[0]))].into_iter().chain(others).collect()
    }
}

/// The order that more than half of the votes are for; the default if none is.
fn majority(votes: impl Iterator<Item = Order>, default: Order) -> Order {
    let balance: i64 = votes.map(|order| if order == default.other() { 1 } else { -1 }).sum();
    if balance > 0 { default.other() } else { default }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.order.fmt(f)
    }
}

/// An oral statement can claim any order of the one before; only who says it cannot be forged.
#[derive(Clone)]
struct OralLiar {
    plot: Plot,
    nodes: usize,
}

impl OralLiar {
    fn put(slot: &Slot<'_, Oral>, word: Word, said: &mut Vec<Statement>) {
        said.extend(word.orders().iter().map(|&order| Statement { order, ..*slot.honest }));
    }
}

impl Liar<Oral> for OralLiar {
    fn begin(&mut self, traitors: &[(NodeId, usize)]) {
        self.plot.begin(traitors);
    }

    fn lie(&mut self, slot: &Slot<'_, Oral>, dice: &mut Dice, said: &mut Vec<Statement>) {
        self.plot.meet(slot.id);
        let honest = Word::Order(slot.honest.order);
        let ask = Ask { id: slot.id, honest, nodes: self.nodes, kept: Word::Silent };
        Self::put(slot, self.plot.word(&ask, dice), said);
    }

    fn say(&mut self, slot: &Slot<'_, Oral>, words: &str, said: &mut Vec<Statement>) {
        self.plot.meet(slot.id);
        // Words were checked when the scenario was loaded; an invalid one says nothing.
        Self::put(slot, Word::parse(words).unwrap_or(Word::Silent), said);
    }

    fn options(&self, slot: &Slot<'_, Oral>) -> Vec<String> {
        // Silence means the default, and of two orders the first counts: the other order is all
        // there is to try.
        let honest = slot.honest.order;
        [honest, honest.other()].map(|order| order.to_string()).to_vec()
    }

    fn ways(&self, _slot: &Slot<'_, Oral>) -> usize {
        Order::BOTH.len()
    }

    fn never_came_up(&self) -> Vec<MessageId> {
        self.plot.never_came_up()
    }
}

/// Closed forms. Numbers of traitors count all generals, the commander too.
const THEORY: &[Theory] = &[
    Theory {
        of: "messages",
        formula: "sum over k = 1..m+1 of (n-1)!/(n-1-k)! (counted from Lamport, Shostak, Pease, 1982, section 3)",
        assumes: "every general stays up and always speaks; loss changes nothing, for what is missing is relayed as \
                  the default",
        value: |scenario| {
            let all = conditions(scenario).filter(|all| all.all_speak)?;
            Some(messages(all.nodes, all.m) as f64)
        },
    },
    Theory {
        of: "values_per_lieutenant",
        formula: "messages / (n-1)",
        assumes: "every general stays up, and one lieutenant at least is loyal",
        value: |scenario| {
            let all = conditions(scenario).filter(|all| all.traitors < all.nodes - 1)?;
            Some((messages(all.nodes, all.m) / (all.nodes as u128 - 1)) as f64)
        },
    },
    Theory {
        of: "agreement",
        formula: "0 (Lamport, Shostak, Pease, 1982, theorem 1)",
        assumes: "n > 3m; at most m traitors; every message arrives in its round",
        value: |scenario| {
            let holds =
                |all: &Conditions| all.nodes > 3 * all.m as usize && all.traitors <= all.m as usize && all.in_time;
            conditions(scenario).filter(holds).map(|_| 0.0)
        },
    },
    Theory {
        of: "validity",
        formula: "0 (Lamport, Shostak, Pease, 1982, lemma 1)",
        assumes: "n > 2k + m with k traitors; every message arrives in its round",
        value: |scenario| {
            let holds = |all: &Conditions| all.nodes > 2 * all.traitors + all.m as usize && all.in_time;
            conditions(scenario).filter(holds).map(|_| 0.0)
        },
    },
];

fn conditions(scenario: &Scenario) -> Option<Conditions> {
    Conditions::of(scenario, &FAMILY)
}

#[cfg(test)]
mod tests;
