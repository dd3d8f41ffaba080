//! Closed forms that several protocols share, and what they assume.

use crate::process::NodeId;
use crate::scenario::{CrashWhen, DiskFate, Distribution, Fault, Scenario};
use crate::time::Span;

use super::{LEDGER, SHOP};

/// What [`Links::of`] checks.
pub(super) const ONLY_LOSS: &str = "nothing goes wrong but independent losses; p is that from shop to ledger";
/// What [`Retries::of`] checks.
pub(super) const PROMPT: &str = "nothing goes wrong but independent losses, p from shop to ledger and q back; an \
                                 answer that is not lost comes sooner than `every`; R attempts, all within the run";

/// The losses of the two links, where nothing else goes wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links {
    /// From the shop to the ledger: p.
    pub(super) loss: f64,
    /// Back: q.
    pub(super) loss_back: f64,
    /// How long a request and its answer take together, if there is a bound on it.
    pub(super) round_trip: Option<Span>,
    /// Whether every message of a link takes equally long.
    pub(super) is_constant: bool,
    /// How fast the two oscillators run, in parts of a billion: timers run on them.
    pub(super) rates: [i128; 2],
}

/// The rate of an oscillator that is right.
const RIGHT: i128 = 1_000_000_000;

/// How long a timer of this length takes in true time, in nanoseconds, on an oscillator of this
/// rate.
pub(super) fn lasts(timer: Span, rate: i128) -> f64 {
    timer.ns() as f64 * (RIGHT as f64 / rate as f64)
}

impl Links {
    /// The links of a scenario without faults and forced choices, in which nothing is damaged or
    /// doubled.
    pub(super) fn of(scenario: &Scenario) -> Option<Links> {
        (scenario.faults.is_empty()).then_some(())?;
        Links::but_for_faults(scenario)
    }

    /// The same of a scenario that may have faults, which the caller looks at.
    pub(super) fn but_for_faults(scenario: &Scenario) -> Option<Links> {
        Links::between(scenario, SHOP, LEDGER)
    }

    /// The links between two nodes, of which the first is the one that asks again. Their
    /// oscillators run.
    pub(super) fn between(scenario: &Scenario, here: NodeId, there: NodeId) -> Option<Links> {
        Links::apart_from_what_is_forced(scenario, here, there).filter(|_| scenario.forced.is_empty())
    }

    /// The same of a scenario in which choices may be forced, which the caller looks at.
    pub(super) fn apart_from_what_is_forced(scenario: &Scenario, here: NodeId, there: NodeId) -> Option<Links> {
        let (out, back) = (scenario.network.link(here, there), scenario.network.link(there, here));
        let is_plain = |link: &crate::scenario::Link| link.duplicate.get() + link.corrupt.get() == 0.0;
        let calm = is_plain(out) && is_plain(back);
        let round_trip = longest(&out.delay).zip(longest(&back.delay)).map(|(out, back)| out + back);
        let is_constant = [out, back].iter().all(|link| matches!(link.delay, Distribution::Constant(_)));
        let rate =
            |node: NodeId| scenario.clocks.get(node.index()).map_or(RIGHT, |it| RIGHT + i128::from(it.drift_ppb));
        let rates = [here, there].map(rate);
        let runs = rates.iter().all(|&rate| rate > 0);
        let (loss, loss_back) = (out.loss.get(), back.loss.get());
        (calm && runs).then_some(Links { loss, loss_back, round_trip, is_constant, rates })
    }

    /// Whether an answer that is not lost comes before a timer of this length fires at the node
    /// that asks.
    pub(super) fn is_prompt(&self, every: Span) -> bool {
        let fires = i128::from(every.ns()) * RIGHT;
        self.round_trip.is_some_and(|round_trip| i128::from(round_trip.ns()) * self.rates[0] < fires)
    }

    /// Whether a node that sends until an answer comes gets one in the end.
    pub(super) fn come_through(&self) -> bool {
        self.loss < 1.0 && self.loss_back < 1.0
    }

    /// How many copies come within a window of the receiver's after the first, one each `every`.
    pub(super) fn copies_within(&self, window: Span, every: Span) -> i128 {
        let [asks, keeps] = self.rates;
        (i128::from(window.ns()) * asks) / (i128::from(every.ns()) * keeps)
    }

    /// Whether a node that speaks each `speaks` is never taken for dead by one that waits for
    /// `waits`.
    pub(super) fn is_alive(&self, speaks: Span, waits: Span) -> bool {
        let late = if self.is_constant { Some(Span::ZERO) } else { self.round_trip };
        let silence = late.map(|late| lasts(speaks, self.rates[0]) + late.ns() as f64);
        silence.is_some_and(|silence| silence < lasts(waits, self.rates[1]))
    }
}

/// The longest that a draw can be, if it is bounded.
pub(super) fn longest(distribution: &Distribution) -> Option<Span> {
    match *distribution {
        Distribution::Constant(span) => Some(span),
        Distribution::Uniform { max, .. } => Some(max),
        Distribution::Exponential { .. } | Distribution::LogNormal { .. } => None,
    }
}

/// The chance that at least one of `orders` independent ones has what each has with chance `p`.
pub(super) fn any(p: f64, orders: f64) -> f64 {
    1.0 - libm::pow(1.0 - p, orders)
}

/// Sending until an answer comes, at most R times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retries {
    p: f64,
    q: f64,
    /// R; `None`: no bound.
    most: Option<u32>,
}

impl Retries {
    /// Of a scenario in which only losses go wrong, and answers come in time.
    pub(super) fn of(scenario: &Scenario, every: Span, attempts: Option<u32>) -> Option<Retries> {
        let links = Links::of(scenario).filter(|links| links.is_prompt(every))?;
        (attempts.is_some() || links.come_through()).then_some(())?;
        Some(Retries { p: links.loss, q: links.loss_back, most: attempts })
    }

    /// `x` to the power of R, the most attempts.
    fn power(&self, x: f64) -> f64 {
        match self.most {
            Some(most) => libm::pow(x, f64::from(most)),
            None if x < 1.0 => 0.0,
            None => 1.0,
        }
    }

    /// The mean number of attempts: (1 - (1-s)^R)/s with s = (1-p)(1-q).
    pub(super) fn sends(&self) -> f64 {
        let s = (1.0 - self.p) * (1.0 - self.q);
        match self.most {
            Some(most) if s == 0.0 => f64::from(most),
            _ => (1.0 - self.power(1.0 - s)) / s,
        }
    }

    /// The mean number of copies that arrive.
    pub(super) fn copies(&self) -> f64 {
        (1.0 - self.p) * self.sends()
    }

    /// The chance that none arrives: p^R.
    pub(super) fn unheard(&self) -> f64 {
        self.power(self.p)
    }

    /// The chance that two or more arrive: q(1 - p^R) - R(1-p)q p^(R-1).
    pub(super) fn twice(&self) -> f64 {
        let last = self
            .most
            .map_or(0.0, |most| f64::from(most) * (1.0 - self.p) * self.q * libm::pow(self.p, f64::from(most - 1)));
        self.q * (1.0 - self.unheard()) - last
    }
}

/// The chance of a crash at a named point of a node, in a scenario in which no other fault is: 0
/// where none is. The node must come back.
pub(super) fn crash_at(scenario: &Scenario, whose: NodeId, point: &str) -> Option<f64> {
    match &scenario.faults[..] {
        [] => Some(0.0),
        [
            Fault::Crash {
                node,
                when: CrashWhen::EachPoint { point: at, probability, item: None, until: None },
                down: Some(_),
                disk: DiskFate::Kept,
            },
        ] if *node == whose && at == point => Some(probability.get()),
        _ => None,
    }
}

/// Whether no crash takes anything from a disk.
pub(super) fn disks_keep(scenario: &Scenario) -> bool {
    scenario.faults.iter().all(|fault| !matches!(fault, Fault::Crash { disk, .. } if *disk != DiskFate::Kept))
}

/// The shortest that a draw can be.
pub(super) fn shortest(distribution: &Distribution) -> Span {
    match *distribution {
        Distribution::Constant(span) => span,
        Distribution::Uniform { min, .. } | Distribution::Exponential { min, .. } => min,
        Distribution::LogNormal { .. } => Span::ZERO,
    }
}
