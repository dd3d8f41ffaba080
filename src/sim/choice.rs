//! Everything that chance or an enemy decides, settled in one place.
//!
//! A choice is settled by the first that applies: **forced** (a fault of the scenario that names
//! it, `[force]`, `--force`, a click), then **enumerated** (a search), then **drawn**. A draw comes
//! from a stream of its own, keyed by the seed and the choice's name, node names as text. There is
//! no shared generator, so no draw depends on how many were made before, or on which other nodes
//! and injectors there are.

mod enemy;

use std::collections::{BTreeMap, BTreeSet};

use crate::arrange::Arrange;
use crate::process::{Call, MessageId, Names, NodeId};
use crate::scenario::choice::Moment;
use crate::scenario::{Choice, Decision, Distribution, Downtime, EnemyMay, Fate, Fault, Network, Probability};
use crate::time::{Span, Time};

use super::draw::{Key, Odds, Stream, held_span, purpose};
use super::link::LinkTable;
use super::marks::Marks;
use super::plan::ForcedFault;
pub use enemy::{AtRandom, Departure, Enemy, Enumeration, Met, Moves};

/// What somebody put into a traitor's slot.
pub(super) enum Said {
    /// What an honest process would say.
    Truth,
    /// These words.
    Words(String),
}

/// Settles every choice of a run.
pub(super) struct Choices {
    seed: Key,
    /// Each node's name as a number.
    nodes: Vec<u64>,
    /// The seed's key for what each node sends.
    senders: Vec<Key>,
    links: LinkTable,
    forced: BTreeMap<Choice, Settled>,
    /// Whether what the network does with any message is forced or enumerated, or is other at some
    /// moments than at others: if not, the fast path looks no further.
    passages_settled: bool,
    /// The nodes and the passings at which a crash or a pause at a point is forced: what is asked
    /// for at each passing, before a choice is made to look for.
    forced_passings: BTreeSet<(NodeId, u32)>,
    /// Whether any of the workload is forced.
    forces_load: bool,
    enumeration: Option<Enumeration>,
    coins: Vec<u32>,
    out_of_range: Vec<(Choice, u64, u64)>,
}

struct Settled {
    decision: Decision,
    came_up: bool,
}

/// What a run has settled so far, as far as what comes depends on it.
pub(super) struct Passed {
    coins: Vec<u32>,
    came_up: Vec<bool>,
    out_of_range: Vec<(Choice, u64, u64)>,
    /// How many options each choice had that was the enemy's.
    options: Vec<u32>,
}

impl Passed {
    /// How many choices were the enemy's.
    pub(super) fn met(&self) -> usize {
        self.options.len()
    }
}

impl Choices {
    pub(super) fn new(names: &Names, network: &Network, faults: &[Fault]) -> Choices {
        let nodes = names.iter().map(|name| Key::NONE.text(name).as_number()).collect();
        let coins = vec![0; names.count()];
        Choices {
            seed: Key::NONE,
            nodes,
            senders: vec![Key::NONE; names.count()],
            links: LinkTable::new(names.count(), network, faults),
            forced: BTreeMap::new(),
            passages_settled: false,
            forced_passings: BTreeSet::new(),
            forces_load: false,
            enumeration: None,
            coins,
            out_of_range: Vec::new(),
        }
    }

    /// Begins a run.
    pub(super) fn begin(&mut self, seed: u64, enumeration: Option<Enumeration>) {
        self.seed = Key::of_seed(seed);
        for (sender, &name) in self.senders.iter_mut().zip(&self.nodes) {
            *sender = self.seed.number(name);
        }
        self.enumeration = enumeration;
        if let Some(enumeration) = &mut self.enumeration {
            enumeration.moves.begin();
        }
        self.coins.fill(0);
        self.out_of_range.clear();
        for settled in self.forced.values_mut() {
            settled.came_up = false;
        }
        self.notice_passages();
    }

    /// Forces choices for all runs from now on, instead of those forced before.
    pub(super) fn force(&mut self, forced: impl IntoIterator<Item = (Choice, Decision)>) {
        let settled = |(choice, decision)| (choice, Settled { decision, came_up: false });
        self.forced.clear();
        self.forced.extend(forced.into_iter().map(settled));
        let passing = |choice: &Choice| match *choice {
            Choice::Crash(Moment::Point { node, nth, .. }) | Choice::Pause(Moment::Point { node, nth, .. }) => {
                Some((node, nth))
            }
            _ => None,
        };
        self.forced_passings.clear();
        self.forced_passings.extend(self.forced.keys().filter_map(passing));
        self.forces_load = self.forced.keys().any(|choice| matches!(choice, Choice::Load(..)));
    }

    fn notice_passages(&mut self) {
        let is_of_passage = |choice: &Choice| matches!(choice, Choice::Fate(_) | Choice::Delay(_));
        let of_enemy = [EnemyMay::Lose, EnemyMay::Corrupt, EnemyMay::Twice, EnemyMay::Delay];
        let is_enemys = |all: &Enumeration| of_enemy.iter().any(|&kind| all.enemy.may(kind));
        self.passages_settled = self.links.has_windows()
            || self.enumeration.as_ref().is_some_and(is_enemys)
            || self.forced.keys().any(is_of_passage);
    }

    /// Takes the enumeration back at the end of a run, with what it met.
    pub(super) fn take_enumeration(&mut self) -> Option<Enumeration> {
        self.enumeration.take()
    }

    /// What the run has settled so far.
    pub(super) fn passed(&self) -> Passed {
        let options = self.enumeration.as_ref().map_or(&[][..], |all| &all.moves.options).to_vec();
        let came_up = self.forced.values().map(|settled| settled.came_up).collect();
        Passed { coins: self.coins.clone(), came_up, out_of_range: self.out_of_range.clone(), options }
    }

    /// Makes all as it was when so much was settled, and lets the enemy decide what comes.
    pub(super) fn restore(&mut self, passed: &Passed, mut enumeration: Enumeration) {
        enumeration.moves.go_on(&passed.options);
        self.enumeration = Some(enumeration);
        self.coins.clone_from(&passed.coins);
        for (settled, &came_up) in self.forced.values_mut().zip(&passed.came_up) {
            settled.came_up = came_up;
        }
        self.out_of_range.clone_from(&passed.out_of_range);
    }

    /// How many choices of this run were the enemy's.
    pub(super) fn met(&self) -> usize {
        self.enumeration.as_ref().map_or(0, |all| all.moves.options.len())
    }

    /// Whether the enemy has made all its departures.
    pub(super) fn is_calm_from_here(&self) -> bool {
        self.enumeration.as_ref().is_none_or(|all| all.moves.is_calm_from_here())
    }

    /// The forced choices that never came up in this run.
    pub(super) fn never_came_up(&self) -> impl Iterator<Item = (&Choice, &Decision)> {
        let unused = self.forced.iter().filter(|(_, settled)| !settled.came_up);
        unused.map(|(choice, settled)| (choice, &settled.decision))
    }

    fn forced(&mut self, choice: &Choice) -> Option<&Decision> {
        let settled = self.forced.get_mut(choice)?;
        settled.came_up = true;
        Some(&settled.decision)
    }

    fn link_key(&self, id: MessageId) -> Key {
        self.senders[id.from().index()].number(self.nodes[id.to().index()])
    }

    fn node_key(&self, node: NodeId, purpose: u64) -> Key {
        self.seed.number(purpose).number(self.nodes[node.index()])
    }

    /// How long a message takes, if nothing but chance decides and it only delivers it: what most
    /// messages come to.
    #[inline(always)]
    pub(super) fn plain_delay(&self, id: MessageId) -> Option<Span> {
        if self.passages_settled {
            return None;
        }
        let (draws, link) = (self.links.over(id), self.link_key(id));
        (draws.fate(link, id) == Fate::Deliver).then(|| draws.delay(link, id))
    }

    /// What the network does with a message that is sent now.
    pub(super) fn fate(&mut self, id: MessageId, now: Time) -> Fate {
        let settled = if self.passages_settled { self.settled_fate(id) } else { None };
        settled.unwrap_or_else(|| self.links.at(id, now).fate(self.link_key(id), id))
    }

    /// Marks the rows in whose windows a message is sent now, and those of them that change what
    /// chance does with it.
    pub(super) fn mark_windows(&self, id: MessageId, now: Time, marks: &mut Marks) {
        if !self.links.has_windows() {
            return;
        }
        let is_forced = |choice| self.forced.contains_key(&choice);
        let is_settled = is_forced(Choice::Fate(id)) || is_forced(Choice::Delay(id));
        self.links.mark(self.link_key(id), id, now, is_settled, marks);
    }

    fn settled_fate(&mut self, id: MessageId) -> Option<Fate> {
        match self.forced(&Choice::Fate(id)) {
            Some(&Decision::Fate(fate)) => Some(fate),
            _ => self.enumerate_fate(Choice::Fate(id)),
        }
    }

    fn enumerate_fate(&mut self, choice: Choice) -> Option<Fate> {
        let Enumeration { enemy, moves } = self.enumeration.as_mut()?;
        let others = enemy.fates().map(Decision::Fate);
        others.clone().next()?;
        let chance = self.seed.number(purpose::SEARCH);
        match moves.settle(chance, || choice, Decision::Fate(Fate::Deliver), others) {
            Decision::Fate(fate) => Some(fate),
            _ => None,
        }
    }

    /// Whether no message overtakes another on the link of this one.
    pub(super) fn is_fifo(&self, id: MessageId) -> bool {
        self.links.over(id).fifo
    }

    /// How long a message takes that is sent now; `None` if its link keeps it for good.
    pub(super) fn delay(&mut self, id: MessageId, now: Time) -> Option<Span> {
        let drawn = self.drawn_delay(id, now);
        if !self.passages_settled {
            return Some(drawn);
        }
        if let Some(&Decision::Span(span)) = self.forced(&Choice::Delay(id)) {
            return Some(span);
        }
        if let Some(held) = self.links.held(id, now) {
            return held.until.map(|until| until.since(now));
        }
        Some(self.enumerate_delay(id, now, drawn).unwrap_or(drawn))
    }

    /// The delay that chance alone gives a message that is sent now, also to one that is lost.
    pub(super) fn drawn_delay(&self, id: MessageId, now: Time) -> Span {
        self.links.at(id, now).delay(self.link_key(id), id)
    }

    fn enumerate_delay(&mut self, id: MessageId, now: Time, drawn: Span) -> Option<Span> {
        let Enumeration { enemy, moves } = self.enumeration.as_mut().filter(|all| all.enemy.may(EnemyMay::Delay))?;
        let ends = if enemy.delays.is_empty() { self.links.at(id, now).delay.ends() } else { [drawn; 2] };
        let delays = if enemy.delays.is_empty() { &ends[..] } else { &enemy.delays };
        let others = delays.iter().filter(|&&delay| delay != drawn).map(|&delay| Decision::Span(delay));
        match moves.settle(self.seed.number(purpose::SEARCH), || Choice::Delay(id), Decision::Span(drawn), others) {
            Decision::Span(span) => Some(span),
            _ => None,
        }
    }

    /// What was forced or enumerated for a traitor's slot; `None` if its own strategy decides.
    /// `words` gives the words that the protocol has for the slot, the truth first, and `ways` how
    /// many they are.
    pub(super) fn lie(
        &mut self,
        slot: MessageId,
        ways: impl FnOnce() -> usize,
        words: impl Fn() -> Vec<String>,
    ) -> Option<Said> {
        let choice = Choice::Lie(slot);
        if let Some(Decision::Words(words)) = self.forced(&choice) {
            return Some(Said::Words(words.clone()));
        }
        let Enumeration { moves, .. } = self.enumeration.as_mut().filter(|all| all.enemy.may(EnemyMay::Lie))?;
        let met = || Met { choice, options: words().into_iter().map(Decision::Words).collect() };
        Some(match moves.pick(self.seed.number(purpose::SEARCH), ways(), met) {
            0 => Said::Truth,
            option => words().into_iter().nth(option).map_or(Said::Truth, Said::Words),
        })
    }

    /// The draws of a traitor's own strategy for a slot.
    pub(super) fn lie_stream(&self, slot: MessageId) -> Stream {
        self.link_key(slot).number(slot.key() | purpose::LIE).stream()
    }

    /// Whether a node crashes at its `nth` passing of a crash point, if that is forced or the
    /// enemy's to decide.
    pub(super) fn settled_crash(&mut self, node: NodeId, point: &str, nth: u32) -> Option<Downtime> {
        self.settle_downtime(EnemyMay::Crash, Choice::Crash, node, point, nth)
    }

    /// Whether chance lets a node crash at its `nth` passing of a crash point. Rows of other odds
    /// share the draw.
    pub(super) fn draw_crash(&self, node: NodeId, point: &str, nth: u32, odds: Odds) -> bool {
        odds.draw(self.node_key(node, purpose::CRASH).text(point).number(u64::from(nth)))
    }

    /// Whether a node pauses at its `nth` passing of a crash point, if that is forced or the
    /// enemy's to decide.
    pub(super) fn settled_pause(&mut self, node: NodeId, point: &str, nth: u32) -> Option<Downtime> {
        self.settle_downtime(EnemyMay::Pause, Choice::Pause, node, point, nth)
    }

    /// Whether chance lets a node pause at its `nth` passing of a crash point. Rows of other odds
    /// share the draw.
    pub(super) fn draw_pause(&self, node: NodeId, point: &str, nth: u32, odds: Odds) -> bool {
        odds.draw(self.node_key(node, purpose::PAUSE).text(point).number(u64::from(nth)))
    }

    /// How long chance lets a node pause at its `nth` passing of a crash point.
    pub(super) fn pause_at_point_length(&self, node: NodeId, point: &str, nth: u32, lasts: &Distribution) -> Span {
        self.node_key(node, purpose::PAUSE_LENGTH).text(point).number(u64::from(nth)).stream().span(lasts)
    }

    /// How long a node's `nth` pause at a moment lasts, of those whose length is left to chance.
    pub(super) fn pause_length(&mut self, node: NodeId, nth: u32, lasts: &Distribution) -> Span {
        if let Some(&Decision::Span(span)) = self.forced(&Choice::PauseLength(node, nth)) {
            return span;
        }
        self.node_key(node, purpose::PAUSE_LENGTH).number(u64::from(nth)).stream().span(lasts)
    }

    /// How long a node is down or paused at its `nth` passing of a point, if that is forced or the
    /// enemy's to decide.
    fn settle_downtime(
        &mut self,
        kind: EnemyMay,
        what: fn(Moment) -> Choice,
        node: NodeId,
        point: &str,
        nth: u32,
    ) -> Option<Downtime> {
        let choice = || what(Moment::Point { node, point: point.to_owned(), nth });
        if self.forced_passings.contains(&(node, nth))
            && let Some(&Decision::Downtime(downtime)) = self.forced(&choice())
        {
            return Some(downtime);
        }
        let may = |all: &&mut Enumeration| all.enemy.may_at(kind, point);
        let Enumeration { enemy, moves } = self.enumeration.as_mut().filter(may)?;
        let (downtimes, pauses) = match kind {
            EnemyMay::Crash => (&enemy.downtimes[..], &[][..]),
            _ => (&[][..], &enemy.pauses[..]),
        };
        let others = downtimes.iter().copied().chain(pauses.iter().map(|&pause| Downtime::For(pause)));
        let others = others.map(Decision::Downtime);
        match moves.settle(self.seed.number(purpose::SEARCH), choice, Decision::Downtime(Downtime::No), others) {
            Decision::Downtime(downtime) => Some(downtime),
            _ => None,
        }
    }

    /// What was forced to happen to a node right after one of the trace's events, a crash or a
    /// pause, in the order of these.
    pub(super) fn forced_after_events(&self) -> Vec<ForcedFault> {
        let after_event = |(choice, settled): (&Choice, &Settled)| match (choice, &settled.decision) {
            (
                &(Choice::Crash(Moment::Event { event, .. }) | Choice::Pause(Moment::Event { event, .. })),
                &Decision::Downtime(downtime),
            ) => Some(ForcedFault { event, choice: choice.clone(), downtime }),
            _ => None,
        };
        let mut forced: Vec<ForcedFault> = self.forced.iter().filter_map(after_event).collect();
        forced.arrange_by_key(|forced| forced.event);
        forced
    }

    /// Notes that a forced choice came up.
    pub(super) fn came_up(&mut self, choice: &Choice) {
        self.forced(choice);
    }

    /// How long a node that crashes at `rate` a second stays up before its `nth` random crash.
    pub(super) fn crash_gap(&mut self, node: NodeId, nth: u32, rate: f64) -> Span {
        if let Some(&Decision::Span(span)) = self.forced(&Choice::CrashGap(node, nth)) {
            return span;
        }
        let mean = held_span(1e9 / rate);
        let gap = Distribution::Exponential { mean, min: Span::ZERO };
        self.node_key(node, purpose::CRASH_GAP).number(u64::from(nth)).stream().span(&gap)
    }

    /// How far a node's clock is ahead at the start.
    pub(super) fn offset(&mut self, node: NodeId, distribution: &Distribution) -> Span {
        if let Some(&Decision::Span(span)) = self.forced(&Choice::Offset(node)) {
            return span;
        }
        self.node_key(node, purpose::OFFSET).stream().span(distribution)
    }

    /// Places `count` traitors: the nodes whose own draws are least, so that another node changes
    /// nobody's draw.
    pub(super) fn traitors(&mut self, count: usize) -> Vec<NodeId> {
        if let Some(Decision::Nodes(nodes)) = self.forced(&Choice::Traitors) {
            return nodes.clone();
        }
        let draw = |node| (self.node_key(node, purpose::TRAITORS).stream().word(), node);
        let mut draws: Vec<(u64, NodeId)> = NodeId::first(self.nodes.len()).map(draw).collect();
        draws.sort_unstable();
        let mut traitors: Vec<NodeId> = draws.into_iter().take(count).map(|(_, node)| node).collect();
        traitors.sort_unstable();
        traitors
    }

    /// A forced draw; one out of its range is held at the most that it can be, and the run warns of
    /// it.
    fn forced_number(&mut self, choice: Choice, below: u64) -> Option<u64> {
        if self.forced.is_empty() {
            return None;
        }
        let &Decision::Number(number) = self.forced(&choice)? else { return None };
        if number >= below {
            self.out_of_range.push((choice, number, below - 1));
        }
        Some(number.min(below - 1))
    }

    /// Forced draws that were out of range in this run: the choice, what was forced, and what was
    /// taken.
    pub(super) fn out_of_range(&self) -> &[(Choice, u64, u64)] {
        &self.out_of_range
    }
}

/// What processes leave to chance.
impl Choices {
    pub(super) fn draw(&mut self, node: NodeId, below: u64) -> u64 {
        self.coins[node.index()] += 1;
        let nth = self.coins[node.index()];
        match self.forced_number(Choice::Coin(node, nth), below) {
            Some(number) => number,
            None => self.node_key(node, purpose::COIN).number(u64::from(nth)).stream().below(below),
        }
    }

    pub(super) fn load(&mut self, word: &'static str, call: Call, distribution: &Distribution) -> Span {
        match self.forced_load(word, call) {
            Some(&Decision::Span(span)) => span,
            _ => self.load_key(word, call).stream().span(distribution),
        }
    }

    pub(super) fn chance(&mut self, word: &'static str, call: Call, probability: Probability) -> bool {
        match self.forced_load(word, call) {
            Some(&Decision::Happens(happens)) => happens,
            _ => Odds::new(probability).draw(self.load_key(word, call)),
        }
    }

    fn forced_load(&mut self, word: &'static str, call: Call) -> Option<&Decision> {
        if self.forces_load { self.forced(&Choice::Load(word.to_owned(), call)) } else { None }
    }

    fn load_key(&self, word: &'static str, call: Call) -> Key {
        let request = self.seed.number(purpose::LOAD).text(word).number(u64::from(call.request()));
        call.attempts().fold(request, |key, nth| key.number(u64::from(nth)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 100_000;

    #[test]
    fn traitors_are_placed_evenly_and_by_rank() {
        let place = |names: &[&str], seed, count| {
            let mut choices = Choices::new(&Names::new(names.iter().copied()), &Network::default(), &[]);
            choices.begin(seed, None);
            choices.traitors(count)
        };
        let mut counts = [0; 4];
        for seed in 0..N as u64 / 10 {
            let traitors = place(&["alice", "bob", "carol", "dave"], seed, 2);
            assert_eq!(traitors.len(), 2);
            traitors.iter().for_each(|node| counts[node.index()] += 1);
            // A traitor among more is one among fewer, too.
            let among_fewer = place(&["alice", "bob", "carol"], seed, 2);
            assert!(traitors.iter().all(|node| node.index() == 3 || among_fewer.contains(node)));
        }
        // Each is a traitor in half of the runs.
        let sd = (N as f64 / 10.0 * 0.25).sqrt();
        assert!(counts.iter().all(|&count| (f64::from(count) - N as f64 / 20.0).abs() <= 4.5 * sd), "{counts:?}");
    }
}
