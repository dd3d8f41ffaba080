//! SM(m): agreement by signed messages, which nobody can change when passing them on.
//!
//! Leslie Lamport, Robert Shostak, Marshall Pease, "The Byzantine Generals Problem", ACM TOPLAS
//! 4(3), 1982, section 4.
//!
//! The problem: a commander sends an order to n-1 lieutenants such that IC1 all loyal lieutenants
//! obey the same order, and IC2 if the commander is loyal, every loyal lieutenant obeys the order
//! that he sends.
//!
//! The algorithm. Each lieutenant i keeps a set V of properly signed orders, empty at first. (1)
//! The commander signs and sends his value to every lieutenant. (2) When lieutenant i receives v:0,
//! or v:0:j1:…:jk with v not in V, it adds v to V and, if k < m, signs and sends v:0:j1:…:jk:i to
//! every lieutenant other than j1, …, jk. (3) When no more messages come, it obeys v if V = {v},
//! and the default otherwise.
//!
//! Assumes what OM(m) does, and that a loyal general's signature cannot be forged, no content
//! altered unnoticed, and that anybody can verify a signature. Tolerates m traitors among any
//! number of generals.
//!
//! Departures: the paper leaves open how a lieutenant knows that no more messages come. Here rounds
//! are closed by timers, a chain counts only in the round equal to its length, and relays leave at
//! the end of the round; one that comes before its round waits for it. Step (2) takes all orders
//! from the commander alike, so that both are believed of a commander who signs both for the same
//! lieutenant.
//!
//! In every round in which it may speak, a general has two slots for each recipient, attack and
//! then retreat, silent where it has no new chain or where the recipient has signed it already. So
//! the nth message of a link is always the same statement, and traitors have slots where honest
//! generals are silent. The commander's slots are in round 1, a lieutenant's in rounds 2 to m+1, to
//! the other lieutenants.
//!
//! Traitors may sign with each other's keys and use all chains that any of them received. A lie
//! that needs a loyal signature which none of them has becomes a forgery, and is rejected.
//!
//! See `notes/problems/byzantine-generals.md` and
//! `scenarios/byzantine-generals/signatures-save-three.toml`.

use std::cmp::Reverse;

use crate::check::MESSAGES;
use crate::problems::prelude::*;
use crate::process::{MessageId, Names};
use crate::sim::byzantine::{Dice, Liar, Slot};

use super::chain::{Chain, Key, Keyring};
use super::judge::{DECIDED_ATTACK, REJECTED, ROUNDS, VALUES_PER_LIEUTENANT};
use super::lies::{self, Ask, Plot, Word};
use super::rounds::{self, Conditions, Family, Late, Params, RoundEnd, called};
use super::{COMMANDER, Order};

/// What the registry knows of the protocol.
pub static ENTRY: Entry = Entry {
    name: "signed",
    title: "Signed messages, SM(m)",
    summary: "Everybody passes on every new order under all the signatures that prove it.",
    paper: "Lamport, Shostak, Pease, \"The Byzantine Generals Problem\", ACM TOPLAS 4(3), 1982, section 4",
    lies: lies::SIGNED,
    measures: &[MESSAGES, ROUNDS, VALUES_PER_LIEUTENANT, DECIDED_ATTACK, REJECTED],
    theory: THEORY,
    prepare,
    edges: &["m = 0", "m = 1", "m = 2, default = \"attack\""],
    longer: &[Longer::BY_NODES.within(super::LIARS), Longer::doubling("until", 2, "s").within(super::RESTARTS)],
    ..super::COMMON
};

/// SM(m), for the ground that it shares with OM(m).
const FAMILY: Family = Family { name: "SM", messages, slots, lies: lies::SIGNED };

fn prepare(scenario: &Scenario) -> Prepared {
    FAMILY.setup(scenario).run_with_traitors(|(params, plot)| {
        let (nodes, rounds) = (scenario.names.count(), params.m + 1);
        let liar = SignedLiar { plot, nodes, rounds, keys: vec![], heard: vec![] };
        (Signed { params, names: scenario.names.clone() }, liar)
    })
}

/// The messages of SM(m) among n generals who are all loyal: n-1 orders and, if m > 0, a relay of
/// each to n-2 others.
pub fn messages(nodes: usize, m: u32) -> u128 {
    let lieutenants = (nodes as u128).saturating_sub(1);
    if m == 0 { lieutenants } else { lieutenants * lieutenants }
}

/// The slots that can be filled: a traitor has one for each order and recipient in every round, and
/// makes loyal generals relay both orders.
fn slots(nodes: usize, m: u32, traitors: usize) -> u128 {
    match traitors {
        0 => messages(nodes, m),
        _ => 2 * messages(nodes, m) + 2 * traitors as u128 * u128::from(m) * nodes as u128,
    }
}

#[derive(Clone)]
struct Signed {
    params: Params,
    names: Names,
}

impl Protocol for Signed {
    type Process = General;
    type Message = Chain;
    type Timer = RoundEnd;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> General {
        let key = Keyring.cut(node);
        if node == COMMANDER {
            General::Commander(Commander { key, order: self.params.order })
        } else {
            General::Lieutenant(Lieutenant::new(&self.params, key, &self.names))
        }
    }
}

roles!(enum General: Signed { Commander, Lieutenant });

/// Signs the order.
#[derive(Clone)]
struct Commander {
    key: Key,
    order: Order,
}

impl Process<Signed> for Commander {
    fn start(&mut self, ctx: &mut Context<'_, Signed>) {
        ctx.output(DECISION, self.order);
        // SM(m), step 1.
        let order = Chain::unsigned(self.order).signed(&self.key);
        for to in ctx.others() {
            speak(ctx, to, 1, |said| (said == self.order).then(|| order.clone()));
        }
    }

    fn state(&self, facts: &mut Facts) {
        facts.word("orders", self.order.word());
    }
}

/// Fills the two slots that a general has for a recipient in a round.
fn speak(ctx: &mut Context<'_, Signed>, to: NodeId, round: u32, chain: impl Fn(Order) -> Option<Chain>) {
    for order in Order::BOTH {
        match chain(order) {
            Some(chain) => ctx.send(to, chain),
            None => ctx.silence(to, Chain::blank(order, round)),
        }
    }
}

/// Believes what is signed, relays what is new, and decides.
#[derive(Clone)]
struct Lieutenant {
    key: Key,
    names: Names,
    m: u32,
    default: Order,
    round: Span,
    /// The rounds that are closed.
    closed: u32,
    held: Held,
    decided: Option<Order>,
}

impl Lieutenant {
    fn new(params: &Params, key: Key, names: &Names) -> Lieutenant {
        let &Params { m, default, round, .. } = params;
        Lieutenant { key, names: names.clone(), m, default, round, closed: 0, held: Held::default(), decided: None }
    }

    /// SM(m), step 2, for the orders that are new in the round that just closed.
    fn relay(&self, ctx: &mut Context<'_, Signed>) {
        let me = ctx.me();
        let relayed = Order::BOTH.map(|order| {
            let new = self.held.of(order).filter(|chain| chain.length() == self.closed && !chain.contains(me));
            new.map(|chain| chain.signed(&self.key))
        });
        for to in ctx.others().filter(|&to| to != COMMANDER) {
            speak(ctx, to, self.closed + 1, |order| {
                let mut chains = relayed.iter().flatten();
                chains.find(|chain| chain.order() == order && !chain.contains(to)).cloned()
            });
        }
    }

    /// SM(m), step 3: the paper's choice(V).
    fn decide(&mut self, ctx: &mut Context<'_, Signed>) {
        let order = self.held.only().unwrap_or(self.default);
        self.decided = Some(order);
        rounds::decide(ctx, order, self.closed, self.held.count(), || match self.held.count() {
            0 => format!("holds no signed order, so {order}"),
            1 => format!("holds {order} only"),
            _ => format!("holds attack and retreat: the commander signed both, so {order}"),
        });
    }
}

impl Process<Signed> for Lieutenant {
    fn start(&mut self, ctx: &mut Context<'_, Signed>) {
        ctx.set_timer(self.round, RoundEnd(1));
    }

    fn message(&mut self, from: NodeId, chain: Chain, ctx: &mut Context<'_, Signed>) {
        if let Err(flaw) = chain.verify(self.m + 1) {
            let names = &self.names;
            ctx.note("rejected", flaw.word(), || {
                format!("rejects {}'s message: {}", called(from, names), flaw.says(names))
            });
        } else if chain.length() <= self.closed {
            let (order, round) = (chain.order(), chain.length());
            rounds::late(ctx, Late { from, order, round, closed: self.closed, names: &self.names });
        } else {
            self.held.take(chain);
        }
    }

    fn timer(&mut self, RoundEnd(round): RoundEnd, ctx: &mut Context<'_, Signed>) {
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
        }
        facts.set("signed orders", self.held.count(), self.held.0.iter().rev().map(|chain| chain.order().word()));
    }
}

/// The orders that a lieutenant believes the commander to have signed, each with the first chain
/// that proves it: the paper's V.
#[derive(Clone, Default)]
struct Held(Vec<Chain>);

impl Held {
    fn of(&self, order: Order) -> Option<&Chain> {
        self.0.iter().find(|chain| chain.order() == order)
    }

    /// Takes a chain, unless its order is proved by one that counts as early.
    fn take(&mut self, chain: Chain) {
        match self.0.iter_mut().find(|held| held.order() == chain.order()) {
            Some(held) if held.length() > chain.length() => *held = chain,
            Some(_) => {}
            None => self.0.push(chain),
        }
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    /// The order, if it is one only.
    fn only(&self) -> Option<Order> {
        match &self.0[..] {
            [chain] => Some(chain.order()),
            _ => None,
        }
    }
}

/// The traitors' common voice: holds their keys, and all the genuine chains that any of them
/// received.
#[derive(Clone)]
struct SignedLiar {
    plot: Plot,
    nodes: usize,
    rounds: u32,
    /// The traitors' keys, in the order of the nodes.
    keys: Vec<Key>,
    heard: Vec<Chain>,
}

impl SignedLiar {
    /// How many chains the traitors remember. Loyal generals relay each order once, so that more
    /// than this are heard only where hundreds of them speak, and then one is as good as another.
    const MEMORY: usize = 256;

    fn key(&self, owner: NodeId) -> Option<&Key> {
        self.keys.iter().find(|key| key.owner() == owner)
    }

    /// Puts a word in a slot: the honest message where it says what the word does, and otherwise
    /// the best chain that the traitors have for it.
    fn put(&self, slot: &Slot<'_, Signed>, word: Word, said: &mut Vec<Chain>) {
        for &order in word.orders() {
            if !slot.silent && order == slot.honest.order() {
                said.push(slot.honest.clone());
            } else {
                said.extend(self.chain(order, slot));
            }
        }
    }

    /// A chain for an order in a slot: genuine and of the length that counts there, else genuine
    /// and too short, else forged.
    fn chain(&self, order: Order, slot: &Slot<'_, Signed>) -> Option<Chain> {
        let (own, length) = (self.key(slot.id.from())?, slot.honest.length());
        let heard = self.heard.iter().filter(|chain| chain.order() == order && chain.length() <= length);
        let genuine = heard.map(|chain| self.extend(chain, own, length));
        let from_scratch = self.key(COMMANDER).map(|key| Chain::unsigned(order).signed(key));
        let genuine = genuine.chain(from_scratch.map(|chain| self.extend(&chain, own, length)));
        // A chain that the recipient has signed tells it nothing new.
        let best = genuine.min_by_key(|chain| (chain.contains(slot.id.to()), Reverse(chain.length())));
        best.or_else(|| Some(self.forge(order, own, slot.id.to(), length)))
    }

    /// The chain with more traitors' signatures, up to `length` in all, the last of them made by
    /// `own`.
    fn extend(&self, chain: &Chain, own: &Key, length: u32) -> Chain {
        let mut chain = chain.clone();
        let own = Some(own).filter(|own| !chain.contains(own.owner()));
        let others = self.keys.iter().filter(|key| own.is_none_or(|own| own.owner() != key.owner()));
        for key in others {
            if chain.length() + u32::from(own.is_some()) < length && !chain.contains(key.owner()) {
                chain = chain.signed(key);
            }
        }
        match own {
            Some(own) if chain.length() < length => chain.signed(own),
            _ => chain,
        }
    }

    /// A chain of `length` signatures, all but the traitors' own forged by `own`, who signs last.
    fn forge(&self, order: Order, own: &Key, to: NodeId, length: u32) -> Chain {
        let others = NodeId::first(self.nodes).filter(|&node| node != own.owner() && node != to);
        let signers = others.take(length as usize - 1);
        let chain = signers.fold(Chain::unsigned(order), |chain, signer| match self.key(signer) {
            Some(key) => chain.signed(key),
            None => chain.forged(signer, own),
        });
        chain.signed(own)
    }
}

impl Liar<Signed> for SignedLiar {
    fn begin(&mut self, traitors: &[(NodeId, usize)]) {
        self.plot.begin(traitors);
        self.keys = traitors.iter().map(|&(node, _)| Keyring.cut(node)).collect();
        self.heard.clear();
    }

    fn hear(&mut self, _by: NodeId, _from: NodeId, chain: &Chain) {
        if self.heard.len() < Self::MEMORY && chain.verify(self.rounds).is_ok() && !self.heard.contains(chain) {
            self.heard.push(chain.clone());
        }
    }

    fn lie(&mut self, slot: &Slot<'_, Signed>, dice: &mut Dice, said: &mut Vec<Chain>) {
        self.plot.meet(slot.id);
        let order = slot.honest.order();
        let honest = if slot.silent { Word::Silent } else { Word::Order(order) };
        let is_last = slot.honest.length() == self.rounds;
        let was_heard = is_last && self.heard.iter().any(|chain| chain.order() == order);
        let kept = if was_heard { Word::Order(order) } else { Word::Silent };
        let ask = Ask { id: slot.id, honest, nodes: self.nodes, kept };
        self.put(slot, self.plot.word(&ask, dice), said);
    }

    fn say(&mut self, slot: &Slot<'_, Signed>, words: &str, said: &mut Vec<Chain>) {
        self.plot.meet(slot.id);
        // Words were checked when the scenario was loaded; an invalid one says nothing.
        self.put(slot, Word::parse(words).unwrap_or(Word::Silent), said);
    }

    fn options(&self, slot: &Slot<'_, Signed>) -> Vec<String> {
        let (says, silent) = (Word::Order(slot.honest.order()), Word::Silent);
        let (truth, lie) = if slot.silent { (silent, says) } else { (says, silent) };
        // What one traitor tells another changes nothing: they share all that they have.
        let lie = Some(lie).filter(|_| !self.plot.is_traitor(slot.id.to()));
        [truth].into_iter().chain(lie).map(|word| word.to_string()).collect()
    }

    fn ways(&self, slot: &Slot<'_, Signed>) -> usize {
        1 + usize::from(!self.plot.is_traitor(slot.id.to()))
    }

    fn never_came_up(&self) -> Vec<MessageId> {
        self.plot.never_came_up()
    }
}

/// Closed forms. Numbers of traitors count all generals, the commander too.
const THEORY: &[Theory] = &[
    Theory {
        of: "messages",
        formula: "(n-1)^2, or n-1 if m = 0 (counted from Lamport, Shostak, Pease, 1982, section 4)",
        assumes: "no traitors; every message arrives in its round",
        value: |scenario| {
            let all = conditions(scenario).filter(|all| all.traitors == 0 && all.in_time)?;
            Some(messages(all.nodes, all.m) as f64)
        },
    },
    Theory {
        of: "agreement",
        formula: "0 (Lamport, Shostak, Pease, 1982, theorem 2)",
        assumes: "at most m traitors; every message arrives in its round",
        value: |scenario| {
            let holds = |all: &Conditions| all.traitors <= all.m as usize && all.in_time;
            conditions(scenario).filter(holds).map(|_| 0.0)
        },
    },
    Theory {
        of: "validity",
        formula: "0 (Lamport, Shostak, Pease, 1982, proof of theorem 2: only his order bears his signature)",
        assumes: "every message arrives in its round",
        value: |scenario| conditions(scenario).filter(|all| all.in_time).map(|_| 0.0),
    },
];

fn conditions(scenario: &Scenario) -> Option<Conditions> {
    Conditions::of(scenario, &FAMILY)
}

#[cfg(test)]
mod tests;
