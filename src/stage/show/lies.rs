//! What a traitor could have said in the place of what he said.

use std::collections::BTreeMap;

use crate::process::MessageId;
use crate::report::{self, Report};
use crate::scenario::{Choice, Decision, EnemyMay};
use crate::sim::choice::Enumeration;
use crate::trace::{Kinds, Recording, What};

/// The words that the protocol has for each slot of a traitor, the truth first.
///
/// They are asked of the protocol by another run in which an enemy decides the lies and decides them as they were, so
/// that it meets the same slots.
pub(super) fn alternatives(report: &Report) -> BTreeMap<MessageId, Vec<String>> {
    if report.trace.traitors.is_empty() {
        return BTreeMap::new();
    }
    let Ok((_, mut runner)) = report::prepare(&report.scenario) else { return BTreeMap::new() };
    let enemy = Enumeration { may: vec![EnemyMay::Lie], departures: told(report), ..Enumeration::default() };
    runner.run(report.scenario.seed, Recording::Outputs(Kinds::NONE), Some(enemy));
    let met = runner.take_enumeration().map(|enemy| enemy.met).unwrap_or_default();
    let words = |decision: Decision| match decision {
        Decision::Words(words) => Some(words),
        _ => None,
    };
    let of_slot = met.into_iter().filter_map(|met| match met.choice {
        Choice::Lie(slot) => Some((slot, met.options.into_iter().filter_map(words).collect())),
        _ => None,
    });
    of_slot.collect()
}

/// What the traitors put in their slots in this run, in the words of choices.
fn told(report: &Report) -> BTreeMap<Choice, Decision> {
    let mut told: BTreeMap<MessageId, String> = BTreeMap::new();
    for event in &report.trace.events {
        let (message, words) = match event.what {
            What::Sent { message, lie: true } => (message, report.trace.words.of(event.id).unwrap_or_default()),
            What::Withheld(message) => (message, "silent"),
            _ => continue,
        };
        let slot = told.entry(MessageId { extra: 0, copy: false, ..message }).or_default();
        if !slot.is_empty() {
            slot.push('+');
        }
        slot.push_str(words);
    }
    told.into_iter().map(|(slot, words)| (Choice::Lie(slot), Decision::Words(words))).collect()
}
