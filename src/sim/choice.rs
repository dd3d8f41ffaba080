//! Everything that chance or an enemy decides, settled in one place.
//!
//! A choice is settled by the first that applies: **forced** (a fault of the scenario that names it, `[force]`,
//! `--force`, a click), then **enumerated** (a search), then **drawn**. A draw comes from a stream of its own, keyed
//! by the seed and the choice's name, node names as text. There is no shared generator, so no draw depends on how
//! many were made before, or on which other nodes and injectors there are.
//!
//! The streams are wyrand (Wang Yi, "wyhash", 2019) started at the choice's key. Uniform integers over them are
//! drawn by the crate `rand`; the continuous distributions use `libm`, whose results are equal on every machine.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rand::{RngExt, TryRng};

use crate::process::{MessageId, Names, NodeId};
use crate::scenario::choice::Moment;
use crate::scenario::{Choice, Decision, Distribution, Downtime, EnemyMay, Fate, Link, Probability};
use crate::time::Span;
use crate::trace::fold;

/// The key of a choice's stream: a seed, and the parts of a name mixed into it one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(u64);

impl Key {
    /// The key that a seed begins with.
    pub(crate) const fn of_seed(seed: u64) -> Key {
        Key(fold(seed ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9)).number(seed)
    }

    /// The key for a name that goes on with `number`.
    pub(crate) const fn number(self, number: u64) -> Key {
        Key(fold(self.0 ^ 0xa076_1d64_78bd_642f, number ^ 0xe703_7ed1_a0b4_28db))
    }

    /// The key for a name that goes on with `text`.
    pub(crate) fn text(self, text: &str) -> Key {
        let mut key = self.number(text.len() as u64);
        for chunk in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            key = key.number(u64::from_le_bytes(word));
        }
        key
    }

    /// The stream of draws for the name.
    pub(crate) const fn stream(self) -> Stream {
        Stream(self.0)
    }
}

/// The endless draws of one choice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream(u64);

impl Stream {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0xa076_1d64_78bd_642f);
        fold(self.0, self.0 ^ 0xe703_7ed1_a0b4_28db)
    }

    /// A number in 0..1, of 53 bits, never 1.
    fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A number in `0..below`, evenly.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        if below <= 1 { 0 } else { self.random_range(0..below) }
    }

    /// A length of time.
    pub(crate) fn span(&mut self, distribution: &Distribution) -> Span {
        match *distribution {
            Distribution::Constant(span) => span,
            Distribution::Uniform { min, max } => Span::from_ns(self.random_range(min.ns()..=max.ns())),
            Distribution::Exponential { mean, min } => {
                let beyond = -libm::log(1.0 - self.unit()) * (mean - min).ns() as f64;
                min + held_span(beyond)
            }
            Distribution::LogNormal { median, sigma } => {
                held_span(median.ns() as f64 * libm::exp(sigma * self.normal()))
            }
        }
    }

    /// A standard normal variable (Box, Muller, "A note on the generation of random normal deviates", 1958).
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }
}

/// A span of so many nanoseconds, held at [`Span::MAX`].
fn held_span(ns: f64) -> Span {
    Span::from_ns(ns as i64).min(Span::MAX)
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// A probability as the number of the 2⁶⁴ words that mean yes; `always` is what does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Odds {
    yes: u64,
    always: bool,
}

impl Odds {
    pub(crate) fn new(probability: Probability) -> Odds {
        // A product with a power of two is exact, and a float-to-integer cast saturates.
        Odds { yes: (probability.get() * 18_446_744_073_709_551_616.0) as u64, always: probability.get() >= 1.0 }
    }

    fn is_never(self) -> bool {
        self.yes == 0
    }

    fn draw(self, stream: &mut Stream) -> bool {
        self.always || stream.word() < self.yes
    }
}

/// A link as the fast path wants it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    pub(super) delay: Distribution,
    pub(super) fifo: bool,
    lose: Odds,
    corrupt: Odds,
    twice: Odds,
    calm: bool,
}

impl Weather {
    pub(super) fn new(link: &Link) -> Weather {
        let (lose, corrupt, twice) = (Odds::new(link.loss), Odds::new(link.corrupt), Odds::new(link.duplicate));
        let calm = lose.is_never() && corrupt.is_never() && twice.is_never();
        Weather { delay: link.delay, fifo: link.fifo, lose, corrupt, twice, calm }
    }
}

/// What tells the choices of one message, node or moment apart. The numbers are part of every key: never change one.
mod purpose {
    pub(super) const LOSE: u64 = 1;
    pub(super) const CORRUPT: u64 = 2;
    pub(super) const TWICE: u64 = 3;
    pub(super) const DELAY: u64 = 4;
    pub(super) const DELAY_OF_COPY: u64 = 5;
    pub(super) const LIE: u64 = 6;
    pub(super) const CRASH: u64 = 7;
    pub(super) const CRASH_GAP: u64 = 8;
    pub(super) const COIN: u64 = 9;
    pub(super) const OFFSET: u64 = 10;
    pub(super) const TRAITORS: u64 = 11;
    pub(super) const LOAD: u64 = 12;
}

/// A choice that a search met, with all that it could have been, calm first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// Which.
    pub choice: Choice,
    /// The options, the calm one first.
    pub options: Vec<Decision>,
}

/// What a search decides instead of chance: the kinds of choices that are the enemy's, and its departures from calm.
#[derive(Clone, Debug, Default)]
pub struct Enumeration {
    /// The kinds of choices that the enemy decides.
    pub may: Vec<EnemyMay>,
    /// What it decides otherwise than calm.
    pub departures: BTreeMap<Choice, Decision>,
    /// The delays that it may choose from.
    pub delays: Vec<Span>,
    /// The downtimes that it may choose from.
    pub downtimes: Vec<Downtime>,
    /// The pauses that it may choose from.
    pub pauses: Vec<Span>,
    /// Every choice that was the enemy's in this run, in the order in which they came up.
    pub met: Vec<Met>,
}

impl Enumeration {
    fn may(&self, kind: EnemyMay) -> bool {
        self.may.contains(&kind)
    }

    /// Settles a choice that is the enemy's.
    fn settle(&mut self, choice: Choice, options: Vec<Decision>) -> Decision {
        let decided = self.departures.get(&choice).filter(|decision| options.contains(decision));
        let decision = decided.unwrap_or(&options[0]).clone();
        self.met.push(Met { choice, options });
        decision
    }
}

/// Settles every choice of a run.
pub(super) struct Choices {
    seed: Key,
    nodes: Vec<u64>,
    forced: BTreeMap<Choice, Settled>,
    /// Whether any choice of a message is forced or enumerated: the fast path looks no further.
    messages_settled: bool,
    enumeration: Option<Enumeration>,
    coins: Vec<u32>,
    out_of_range: Vec<(Choice, u64, u64)>,
}

struct Settled {
    decision: Decision,
    came_up: bool,
}

impl Choices {
    pub(super) fn new(names: &Names) -> Choices {
        let nodes = names.iter().map(|name| Key(0).text(name).0).collect();
        let coins = vec![0; names.count()];
        Choices {
            seed: Key(0),
            nodes,
            forced: BTreeMap::new(),
            messages_settled: false,
            enumeration: None,
            coins,
            out_of_range: Vec::new(),
        }
    }

    /// Begins a run.
    pub(super) fn begin(&mut self, seed: u64, enumeration: Option<Enumeration>) {
        self.seed = Key::of_seed(seed);
        self.enumeration = enumeration;
        self.coins.fill(0);
        self.out_of_range.clear();
        for settled in self.forced.values_mut() {
            settled.came_up = false;
        }
        self.notice_messages();
    }

    /// Forces choices for all runs from now on, in the place of those forced before.
    pub(super) fn force(&mut self, forced: impl IntoIterator<Item = (Choice, Decision)>) {
        let settled = |(choice, decision)| (choice, Settled { decision, came_up: false });
        self.forced = forced.into_iter().map(settled).collect();
    }

    fn notice_messages(&mut self) {
        let about_messages = |choice: &Choice| matches!(choice, Choice::Fate(_) | Choice::Delay(_) | Choice::Lie(_));
        self.messages_settled = self.enumeration.is_some() || self.forced.keys().any(about_messages);
    }

    /// Takes the enumeration back at the end of a run, with what it met.
    pub(super) fn take_enumeration(&mut self) -> Option<Enumeration> {
        self.enumeration.take()
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

    fn message_key(&self, id: MessageId, purpose: u64) -> Key {
        let link = self.seed.number(self.nodes[id.from.index()]).number(self.nodes[id.to.index()]);
        link.number(u64::from(id.nth) << 16 | u64::from(id.extra) << 8 | purpose)
    }

    fn node_key(&self, node: NodeId, purpose: u64) -> Key {
        self.seed.number(purpose).number(self.nodes[node.index()])
    }

    /// What the network does with a message.
    pub(super) fn fate(&mut self, id: MessageId, weather: &Weather) -> Fate {
        if self.messages_settled {
            let choice = Choice::Fate(id);
            if let Some(&Decision::Fate(fate)) = self.forced(&choice) {
                return fate;
            }
            if let Some(fate) = self.enumerate_fate(choice) {
                return fate;
            }
        }
        if weather.calm {
            return Fate::Deliver;
        }
        let happens = |odds: Odds, purpose| !odds.is_never() && odds.draw(&mut self.message_key(id, purpose).stream());
        if happens(weather.lose, purpose::LOSE) {
            Fate::Lose
        } else if happens(weather.corrupt, purpose::CORRUPT) {
            Fate::Corrupt
        } else if happens(weather.twice, purpose::TWICE) {
            Fate::Twice
        } else {
            Fate::Deliver
        }
    }

    fn enumerate_fate(&mut self, choice: Choice) -> Option<Fate> {
        let enumeration = self.enumeration.as_mut()?;
        let allowed =
            [(EnemyMay::Lose, Fate::Lose), (EnemyMay::Corrupt, Fate::Corrupt), (EnemyMay::Twice, Fate::Twice)];
        let mut options = vec![Decision::Fate(Fate::Deliver)];
        options.extend(allowed.iter().filter(|(may, _)| enumeration.may(*may)).map(|&(_, fate)| Decision::Fate(fate)));
        if options.len() == 1 {
            return None;
        }
        match enumeration.settle(choice, options) {
            Decision::Fate(fate) => Some(fate),
            _ => None,
        }
    }

    /// How long a message takes.
    pub(super) fn delay(&mut self, id: MessageId, weather: &Weather) -> Span {
        if self.messages_settled {
            let choice = Choice::Delay(id);
            if let Some(&Decision::Span(span)) = self.forced(&choice) {
                return span;
            }
            let drawn = self.drawn_delay(id, weather);
            return self.enumerate_delay(choice, drawn).unwrap_or(drawn);
        }
        self.drawn_delay(id, weather)
    }

    /// The delay that chance alone gives a message, also to one that is lost.
    pub(super) fn drawn_delay(&self, id: MessageId, weather: &Weather) -> Span {
        let purpose = if id.copy { purpose::DELAY_OF_COPY } else { purpose::DELAY };
        self.message_key(id, purpose).stream().span(&weather.delay)
    }

    fn enumerate_delay(&mut self, choice: Choice, drawn: Span) -> Option<Span> {
        let enumeration = self.enumeration.as_mut().filter(|enumeration| enumeration.may(EnemyMay::Delay))?;
        let mut options = vec![Decision::Span(drawn)];
        let others = enumeration.delays.iter().filter(|&&delay| delay != drawn);
        options.extend(others.map(|&delay| Decision::Span(delay)));
        match enumeration.settle(choice, options) {
            Decision::Span(span) => Some(span),
            _ => None,
        }
    }

    /// The words that were forced or enumerated for a traitor's slot; nothing if his own strategy decides. `options`
    /// gives the words that the protocol has for the slot, the truth first.
    pub(super) fn lie(&mut self, slot: MessageId, options: impl FnOnce() -> Vec<String>) -> Option<String> {
        if !self.messages_settled {
            return None;
        }
        let choice = Choice::Lie(slot);
        if let Some(Decision::Words(words)) = self.forced(&choice) {
            return Some(words.clone());
        }
        let enumeration = self.enumeration.as_mut().filter(|enumeration| enumeration.may(EnemyMay::Lie))?;
        match enumeration.settle(choice, options().into_iter().map(Decision::Words).collect()) {
            Decision::Words(words) => Some(words),
            _ => None,
        }
    }

    /// The draws of a traitor's own strategy for a slot.
    pub(super) fn lie_stream(&self, slot: MessageId) -> Stream {
        self.message_key(slot, purpose::LIE).stream()
    }

    /// Whether a node crashes at its `nth` passing of a crash point; `odds` and `down` are those of a fault that
    /// leaves it to chance.
    pub(super) fn crash_at_point(
        &mut self,
        node: NodeId,
        point: &str,
        nth: u32,
        random: Option<(Odds, Downtime)>,
    ) -> Downtime {
        if !self.forced.is_empty() || self.enumeration.is_some() {
            let choice = Choice::Crash(Moment::Point { node, point: point.to_owned(), nth });
            if let Some(downtime) = self.settle_downtime(choice, EnemyMay::Crash) {
                return downtime;
            }
        }
        match random {
            Some((odds, downtime)) => {
                let key = self.node_key(node, purpose::CRASH).text(point).number(u64::from(nth));
                if odds.draw(&mut key.stream()) { downtime } else { Downtime::No }
            }
            None => Downtime::No,
        }
    }

    /// Whether a node pauses at its `nth` passing of a crash point.
    pub(super) fn pause_at_point(&mut self, node: NodeId, point: &str, nth: u32) -> Downtime {
        if self.forced.is_empty() && self.enumeration.is_none() {
            return Downtime::No;
        }
        let choice = Choice::Pause(Moment::Point { node, point: point.to_owned(), nth });
        self.settle_downtime(choice, EnemyMay::Pause).unwrap_or(Downtime::No)
    }

    fn settle_downtime(&mut self, choice: Choice, kind: EnemyMay) -> Option<Downtime> {
        if let Some(&Decision::Downtime(downtime)) = self.forced(&choice) {
            return Some(downtime);
        }
        let enumeration = self.enumeration.as_mut().filter(|enumeration| enumeration.may(kind))?;
        let mut options = vec![Decision::Downtime(Downtime::No)];
        if kind == EnemyMay::Crash {
            options.extend(enumeration.downtimes.iter().map(|&downtime| Decision::Downtime(downtime)));
        } else {
            options.extend(enumeration.pauses.iter().map(|&pause| Decision::Downtime(Downtime::For(pause))));
        }
        match enumeration.settle(choice, options) {
            Decision::Downtime(downtime) => Some(downtime),
            _ => None,
        }
    }

    /// What was forced to happen to a node right after one of the trace's events: a crash or a pause.
    pub(super) fn forced_after_events(&self) -> impl Iterator<Item = (u32, Choice, Downtime)> {
        self.forced.iter().filter_map(|(choice, settled)| match (choice, &settled.decision) {
            (
                Choice::Crash(Moment::Event { event, .. }) | Choice::Pause(Moment::Event { event, .. }),
                &Decision::Downtime(downtime),
            ) => Some((*event, choice.clone(), downtime)),
            _ => None,
        })
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

    /// Places `count` traitors: the nodes whose own draws are least, so that another node changes nobody's draw.
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

    /// A forced draw; one out of its range is held at the most that it can be, and the run warns of it.
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

    /// Forced draws that were out of range in this run: the choice, what was forced, and what was taken.
    pub(super) fn out_of_range(&self) -> &[(Choice, u64, u64)] {
        &self.out_of_range
    }
}

impl crate::process::Coins for Choices {
    fn draw(&mut self, node: NodeId, below: u64) -> u64 {
        self.coins[node.index()] += 1;
        let nth = self.coins[node.index()];
        match self.forced_number(Choice::Coin(node, nth), below) {
            Some(number) => number,
            None => self.node_key(node, purpose::COIN).number(u64::from(nth)).stream().below(below),
        }
    }

    fn load(&mut self, word: &'static str, nth: u32, distribution: &Distribution) -> Span {
        match self.forced(&Choice::Load(word.to_owned(), nth)) {
            Some(&Decision::Span(span)) => span,
            _ => self.seed.number(purpose::LOAD).text(word).number(u64::from(nth)).stream().span(distribution),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 100_000;

    fn key(seed: u64) -> Key {
        Key::of_seed(seed).text("alice").text("bob")
    }

    /// Pearson's statistic of counts that should be equal.
    fn chi_square(counts: &[usize]) -> f64 {
        let expected = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
        counts.iter().map(|&count| (count as f64 - expected).powi(2) / expected).sum()
    }

    /// Whether a chi-square statistic is within 4.5 sigma of its mean.
    fn is_plausible(statistic: f64, freedom: f64) -> bool {
        (statistic - freedom).abs() <= 4.5 * (2.0 * freedom).sqrt()
    }

    /// First words along each way in which names differ: the seed, the count, the draw, the node's name.
    fn ways() -> Vec<(&'static str, Vec<u64>)> {
        let n = N as u64;
        vec![
            ("seeds", (0..n).map(|seed| key(seed).number(7).stream().word()).collect()),
            ("counts", (0..n).map(|nth| key(1).number(nth).stream().word()).collect()),
            ("messages", (0..n).map(|nth| key(1).number(nth << 16 | purpose::LOSE).stream().word()).collect()),
            ("words", {
                let mut stream = key(1).stream();
                (0..n).map(|_| stream.word()).collect()
            }),
            ("names", (0..n).map(|n| Key::of_seed(1).text(&format!("general-{n}")).stream().word()).collect()),
        ]
    }

    #[test]
    fn draws_are_uniform_in_every_byte() {
        for (way, words) in ways() {
            for byte in 0..8 {
                let mut counts = [0; 256];
                for word in &words {
                    counts[(word >> (8 * byte) & 0xff) as usize] += 1;
                }
                let statistic = chi_square(&counts);
                assert!(is_plausible(statistic, 255.0), "{way}, byte {byte}: {statistic}");
            }
        }
    }

    #[test]
    fn neighbouring_draws_are_independent() {
        for (way, words) in ways() {
            let mut counts = [0; 256];
            for pair in words.windows(2) {
                counts[((pair[0] >> 60) << 4 | pair[1] >> 60) as usize] += 1;
            }
            assert!(is_plausible(chi_square(&counts), 255.0), "{way}");
            let flipped: u32 = words.windows(2).map(|pair| (pair[0] ^ pair[1]).count_ones()).sum();
            let (mean, sd) = (32.0 * N as f64, (16.0 * N as f64).sqrt());
            assert!((f64::from(flipped) - mean).abs() <= 4.5 * sd, "{way}: {flipped}");
        }
    }

    #[test]
    fn purposes_of_one_message_are_independent() {
        let mut counts = [0; 256];
        for nth in 0..N as u64 {
            let of = |purpose| key(1).number(nth << 16 | purpose).stream().word() >> 60;
            counts[(of(purpose::LOSE) << 4 | of(purpose::DELAY)) as usize] += 1;
        }
        assert!(is_plausible(chi_square(&counts), 255.0));
    }

    #[test]
    fn odds_are_met() {
        for p in [0.0, 0.001, 0.1, 0.5, 0.9, 1.0] {
            let odds = Odds::new(Probability::new(p).unwrap());
            let hits = (0..N as u64).filter(|&seed| odds.draw(&mut key(seed).stream())).count() as f64 / N as f64;
            assert!((hits - p).abs() <= 4.5 * (p * (1.0 - p) / N as f64).sqrt(), "{p}: {hits}");
        }
    }

    #[test]
    fn distributions_have_their_means_and_ends() {
        let ms = Span::from_ms;
        let check = |distribution: Distribution, mean: f64, sd: f64| {
            let spans: Vec<i64> = (0..N as u64).map(|seed| key(seed).stream().span(&distribution).ns()).collect();
            let sample = spans.iter().sum::<i64>() as f64 / N as f64;
            let within = 4.5 * sd / (N as f64).sqrt();
            assert!((sample - mean).abs() <= within, "{distribution:?}: {sample} is not {mean}");
            (*spans.iter().min().unwrap(), *spans.iter().max().unwrap())
        };
        assert_eq!(check(Distribution::Constant(ms(3)), 3e6, 0.0), (3_000_000, 3_000_000));
        let few = Distribution::Uniform { min: Span::from_ns(-1), max: Span::from_ns(2) };
        assert_eq!(check(few, 0.5, 1.25_f64.sqrt()), (-1, 2), "both ends occur");
        let (min, _) = check(Distribution::Exponential { mean: ms(10), min: ms(4) }, 1e7, 6e6);
        assert!(min >= 4_000_000);
        let sigma = 0.5_f64;
        let mean = 1e7 * libm::exp(sigma * sigma / 2.0);
        let sd = mean * libm::sqrt(libm::exp(sigma * sigma) - 1.0);
        check(Distribution::LogNormal { median: ms(10), sigma }, mean, sd);
    }

    #[test]
    fn draws_are_pinned() {
        let mut stream = Key::of_seed(1).text("alice").text("bob").number(3).stream();
        assert_eq!([stream.word(), stream.word()], [18_332_520_426_779_740_940, 16_616_181_865_177_506_938]);
        assert_eq!((stream.below(1_000), stream.unit().to_bits()), (47, 4_601_551_371_445_990_392));
        let spans = [
            Distribution::Uniform { min: Span::from_ms(5), max: Span::from_ms(15) },
            Distribution::Exponential { mean: Span::from_ms(10), min: Span::ZERO },
            Distribution::LogNormal { median: Span::from_ms(10), sigma: 0.5 },
        ]
        .map(|distribution| stream.span(&distribution).ns());
        assert_eq!(spans, [11_501_945, 10_988_238, 11_980_326]);
    }

    #[test]
    fn traitors_are_placed_evenly_and_by_rank() {
        let place = |names: &[&str], seed, count| {
            let mut choices = Choices::new(&Names::new(names.iter().copied()));
            choices.begin(seed, None);
            choices.traitors(count)
        };
        let mut counts = [0; 4];
        for seed in 0..N as u64 / 10 {
            let traitors = place(&["alice", "bob", "carol", "dave"], seed, 2);
            assert_eq!(traitors.len(), 2);
            traitors.iter().for_each(|node| counts[node.index()] += 1);
            // Whoever is a traitor among more is one among fewer, too.
            let among_fewer = place(&["alice", "bob", "carol"], seed, 2);
            assert!(traitors.iter().all(|node| node.index() == 3 || among_fewer.contains(node)));
        }
        // Each is a traitor in half of the runs.
        let sd = (N as f64 / 10.0 * 0.25).sqrt();
        assert!(counts.iter().all(|&count| (f64::from(count) - N as f64 / 20.0).abs() <= 4.5 * sd), "{counts:?}");
    }
}
