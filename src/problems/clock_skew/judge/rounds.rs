//! Rounds of corrections, and which of them a correction belongs to.

use std::collections::VecDeque;

use crate::check::Run;
use crate::process::{NodeId, Output};
use crate::time::{Span, Time};

use super::Subject;
use super::course::settled;
use super::ledger::counted;

/// How many rounds are remembered that are over: a correction of one of these came too late and
/// belongs to none. One of a round before them counts as a new one.
const REMEMBERED: usize = 64;

/// One round of corrections so far.
#[derive(Clone, Debug)]
pub struct Round {
    number: i64,
    /// The loyal nodes that corrected their clocks in it.
    pub nodes: Vec<NodeId>,
    /// When the first did.
    pub first: Time,
    /// When the last had.
    pub settled: Time,
}

/// What a correction is in the order of rounds.
#[derive(Debug)]
pub enum Turn<'a> {
    /// The first of a round, which ends the one before.
    Begins(&'a Round),
    /// Another of the same round.
    Joins(&'a Round),
}

/// The rounds in which nodes correct their clocks: those that tell their user the same number as
/// `round` do so in the same one.
#[derive(Debug, Default)]
pub struct Rounds {
    current: Option<Round>,
    over: VecDeque<i64>,
}

impl Rounds {
    /// Takes in an output: what it is in the order of rounds, if it tells of one.
    pub fn told<S: Subject>(&mut self, output: Output, node: NodeId, at: Time, run: &Run<'_>) -> Option<Turn<'_>> {
        let number = output.value.number().filter(|_| output.name == "round")?;
        if !counted::<S>(run).contains(&node) || self.over.contains(&number) {
            return None;
        }
        let settled = settled(run, node, at);
        match &mut self.current {
            Some(round) if round.number == number => {
                round.nodes.push(node);
                round.settled = round.settled.max(settled);
                self.current.as_ref().map(Turn::Joins)
            }
            current => {
                let begun = Round { number, nodes: vec![node], first: at, settled };
                if let Some(before) = current.replace(begun) {
                    self.over.truncate(REMEMBERED - 1);
                    self.over.push_front(before.number);
                }
                self.current.as_ref().map(Turn::Begins)
            }
        }
    }
}

/// How far two clocks part in a span of time if each drifts by at most ρ, rounded up to whole
/// nanoseconds.
pub fn drifted(span: Span, rho_ppm: u32) -> Span {
    let product = i128::from(span.ns().max(0)) * 2 * i128::from(rho_ppm);
    Span::from_ns(i64::try_from((product + 999_999) / 1_000_000).unwrap_or(i64::MAX))
}
