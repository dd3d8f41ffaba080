//! What the problem's protocols share: their parameters, the ends of rounds, the paths that orders
//! take, and the conditions under which theory speaks.
//!
//! Both protocols run in m+1 rounds of equal length, closed by timers: what comes later than its
//! round is as good as silence. That stands for the papers' assumption that the absence of a
//! message can be noticed.

use serde::Serializer;

use crate::problems::LieDoc;
use crate::problems::prelude::*;
use crate::process::Names;
use crate::scenario::{Choice, Decision, Fate, Fault, Forced, Limits, Link, Network, Probability, Traitors};
use crate::time::Time;

use super::lies::Plot;
use super::{COMMANDER, Order};

/// The most relays that a path can hold. OM(11) takes 13 generals and 10⁹ messages.
pub(super) const DEEPEST: u32 = 11;

params! {
    /// The parameters of the problem's protocols.
    pub(super) struct Params {
        /// How many rounds of relaying follow the commander's order: the number of traitors to
        /// tolerate.
        #[schemars(range(min = 0, max = 11))]
        pub(super) m: u32 = 1,
        /// What the commander orders.
        pub(super) order: Order = Order::Attack,
        /// What to do if the orders that were heard do not decide: none came, or neither prevails.
        pub(super) default: Order = Order::Retreat,
        /// How long a round lasts on a general's clock. A message that comes later is as good as
        /// silence.
        #[serde(with = "Positive")]
        pub(super) round: Span = Span::from_ms(20),
    }
}

/// A family of algorithms, one for each m.
#[derive(Clone, Copy)]
pub(super) struct Family {
    /// Its name in the paper.
    pub(super) name: &'static str,
    /// The messages that n generals send if all are loyal.
    pub(super) messages: fn(nodes: usize, m: u32) -> u128,
    /// The most slots that n generals can speak in if so many of them are traitors.
    pub(super) slots: fn(nodes: usize, m: u32, traitors: usize) -> u128,
    /// The lies that it knows.
    pub(super) lies: &'static [LieDoc],
}

impl Family {
    /// Reads the parameters of a scenario and the plot of its traitors.
    pub(super) fn setup(self, scenario: &Scenario) -> Setup<'_, (Params, Plot)> {
        let check = |params: &Params, scenario: &Scenario| self.check(params, scenario);
        Setup::read(scenario).check(check).and(Plot::read(scenario, self.lies))
    }

    /// Refuses what is no instance of the problem, and never one in which traitors win: that is the
    /// lesson.
    fn check(self, params: &Params, scenario: &Scenario) -> Option<Complaint> {
        let (m, nodes) = (params.m, scenario.names.count());
        if nodes < 2 {
            let help = "the nodes are a commander and at least one lieutenant";
            return Some(scenario.complain_of_nodes("there is nobody to give an order to", help));
        }
        if m > DEEPEST || m as usize + 2 > nodes {
            let most = DEEPEST.min((nodes - 2) as u32);
            let message = format!("`m` = {m} is too deep for {nodes} generals");
            let help = format!("each relay must find somebody who has not spoken yet: m is at most {most}");
            return Some(scenario.complain_of_nodes_and("m", message, help));
        }
        let (messages, events) = ((self.messages)(nodes, m), scenario.limits.events);
        (messages > u128::from(events)).then(|| {
            let message = format!("{}({m}) with {nodes} generals sends {messages} messages", self.name);
            scenario.complain_of_nodes_and("m", message, format!("`limits.events` allows {events} events"))
        })
    }
}

/// The end of this round, counted from one.
#[derive(Clone)]
pub(super) struct RoundEnd(pub(super) u32);

words!(RoundEnd(round) => "end of round {round}");

/// The generals that an order came through: the commander, then each who relayed it.
#[derive(Clone, Copy)]
pub(super) struct Path {
    hops: [NodeId; DEEPEST as usize + 1],
    length: u8,
}

impl Path {
    /// The path of no general.
    pub(super) const EMPTY: Path = Path { hops: [COMMANDER; DEEPEST as usize + 1], length: 0 };
    /// The path of what the commander says directly.
    pub(super) const OF_THE_COMMANDER: Path = Path { length: 1, ..Path::EMPTY };

    /// A path of this many hops, of no general in particular.
    pub(super) fn of_length(length: u32) -> Path {
        Path { length: length.min(DEEPEST + 1) as u8, ..Path::EMPTY }
    }

    /// The generals, in the order in which they spoke.
    #[inline]
    pub(super) fn hops(&self) -> &[NodeId] {
        &self.hops[..self.length as usize]
    }

    /// How many generals: what comes along the path is sent in the round of this number.
    #[inline]
    pub(super) fn length(&self) -> u32 {
        u32::from(self.length)
    }

    /// Whether `node` is one of them.
    #[inline]
    pub(super) fn contains(&self, node: NodeId) -> bool {
        self.hops().contains(&node)
    }

    /// The path after one more relay. A path that is full stays as it is.
    #[inline]
    pub(super) fn then(mut self, node: NodeId) -> Path {
        if let Some(hop) = self.hops.get_mut(self.length as usize) {
            *hop = node;
            self.length += 1;
        }
        self
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Path) -> bool {
        self.hops() == other.hops()
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.hops().serialize(serializer)
    }
}

/// A lieutenant decides: notes the rounds that it closed and the values that it decided from, and
/// tells its user. `words` says of the values, after the lieutenant's name, what they are and what
/// they mean.
pub(super) fn decide<P: Protocol>(
    ctx: &mut Context<'_, P>,
    order: Order,
    rounds: u32,
    values: usize,
    words: impl FnOnce() -> String,
) {
    ctx.note("rounds", Value::Number(i64::from(rounds)), String::new);
    ctx.note("votes", Value::Number(i64::try_from(values).unwrap_or(i64::MAX)), words);
    ctx.output(DECISION, order);
}

/// A lieutenant notes that an order came after the end of its round, the last that was closed being
/// `closed`.
pub(super) fn late<P: Protocol>(ctx: &mut Context<'_, P>, what: Late<'_>) {
    let Late { from, order, round, closed, names } = what;
    ctx.note("late", order, || {
        let from = called(from, names);
        format!("hears {order} from {from} for round {round} after the end of round {closed}: as good as silence")
    });
}

/// An order that came too late.
pub(super) struct Late<'a> {
    pub(super) from: NodeId,
    pub(super) order: Order,
    /// The round in which it would have counted.
    pub(super) round: u32,
    /// The last round that was closed when it came.
    pub(super) closed: u32,
    pub(super) names: &'a Names,
}

/// A general in a sentence: the commander by rank, the others by name.
pub(super) fn called(node: NodeId, names: &Names) -> &str {
    if node == COMMANDER { "the commander" } else { names.of(node) }
}

/// What theory needs to know of a scenario.
pub(super) struct Conditions {
    pub(super) nodes: usize,
    pub(super) m: u32,
    /// How many traitors there are at most.
    pub(super) traitors: usize,
    /// Whether each of them says one order wherever an honest general says one, and nothing
    /// elsewhere.
    pub(super) all_speak: bool,
    /// Whether every message arrives in its round.
    pub(super) in_time: bool,
}

impl Conditions {
    /// The conditions of a scenario in which nobody is kept from running all rounds: nobody crashes
    /// or pauses, all clocks run evenly, and no limit cuts the run short. `None` otherwise.
    pub(super) fn of(scenario: &Scenario, family: &Family) -> Option<Conditions> {
        let (params, plot) = family.setup(scenario).finish().ok()?;
        let (nodes, m) = (scenario.names.count(), params.m);
        let is_known = |forced: &Forced| matches!(forced.choice, Choice::Fate(_) | Choice::Delay(_) | Choice::Lie(_));
        let lasts = params.round.ns().saturating_mul(i64::from(m) + 1);
        let traitors = scenario.faults.iter().map(|fault| match fault {
            Fault::Traitor { who: Traitors::These(nodes), .. } => nodes.len(),
            Fault::Traitor { who: Traitors::Count(count), .. } => *count,
            _ => 0,
        });
        let traitors = traitors.sum();
        let runs_to_the_end = scenario.faults.iter().all(spares_rounds)
            && scenario.clocks.iter().all(|clock| clock.drift_ppb == 0)
            && scenario.forced.iter().all(is_known)
            && scenario.until > Time::ZERO + Span::from_ns(lasts)
            && is_whole(scenario, m, (family.slots)(nodes, m, traitors) * plot.most_at_once(scenario));
        let is_lie = |forced: &Forced| matches!(forced.choice, Choice::Lie(_));
        runs_to_the_end.then(|| Conditions {
            nodes,
            m,
            traitors,
            all_speak: plot.all_speak() && !scenario.forced.iter().any(is_lie),
            in_time: scenario.forced.iter().all(is_lie) && is_in_time(scenario, params.round),
        })
    }
}

/// Whether every general runs all its rounds under a fault, each at its time. A kind of fault that
/// is not known here silences theory.
const fn spares_rounds(fault: &Fault) -> bool {
    // Timers run on the oscillator, which a step of the clock leaves alone.
    matches!(
        fault,
        Fault::Traitor { .. }
            | Fault::Message { .. }
            | Fault::Delay { .. }
            | Fault::Degrade { .. }
            | Fault::Hold { .. }
            | Fault::Partition { .. }
            | Fault::ClockStep { .. }
    )
}

/// Whether no limit can cut a run short in which at most so many messages are sent.
fn is_whole(scenario: &Scenario, m: u32, sent: u128) -> bool {
    let copies = if makes_copies(scenario) { 2 } else { 1 };
    // A message is sent, copied, and each copy arrives and is noted to be late or to prove nothing.
    let of_messages = sent.saturating_mul(2 + 2 * copies);
    // A general may turn traitor and starts, ends its rounds, and notes and tells what it decides.
    let of_generals = scenario.names.count() as u128 * (u128::from(m) + 8);
    // A partition begins and ends, as does a spell of bad weather.
    let events = of_messages.saturating_add(of_generals + 2 * scenario.faults.len() as u128);
    let Limits { events: most_events, messages: most_messages, .. } = scenario.limits;
    events < u128::from(most_events) && sent.saturating_mul(copies) <= u128::from(most_messages)
}

/// Whether the network may make a second copy of a message.
fn makes_copies(scenario: &Scenario) -> bool {
    let Network { default, exceptions } = &scenario.network;
    [default].into_iter().chain(exceptions.iter().map(|(.., link)| link)).any(|link| link.duplicate > Probability::ZERO)
        || scenario.faults.iter().any(|fault| match fault {
            Fault::Message { fate, .. } => *fate == Fate::Twice,
            Fault::Degrade { change, .. } => change.duplicate.is_some_and(|copies| copies > Probability::ZERO),
            _ => false,
        })
        || scenario.forced.iter().any(|forced| forced.decision == Decision::Fate(Fate::Twice))
}

/// Whether the network delivers all that is sent, in less than a round.
fn is_in_time(scenario: &Scenario, round: Span) -> bool {
    let is_prompt = |link: &Link| {
        let longest = match link.delay {
            Distribution::Constant(span) | Distribution::Uniform { max: span, .. } => span,
            Distribution::Exponential { .. } | Distribution::LogNormal { .. } => return false,
        };
        link.loss == Probability::ZERO && link.corrupt == Probability::ZERO && longest < round
    };
    let network = &scenario.network;
    is_prompt(&network.default)
        && network.exceptions.iter().all(|(_, _, link)| is_prompt(link))
        && scenario.faults.iter().all(|fault| matches!(fault, Fault::Traitor { .. } | Fault::ClockStep { .. }))
}
