//! What a traitor could have said instead of what he said.

use std::collections::BTreeMap;

use crate::arrange;
use crate::process::MessageId;
use crate::report::Report;
use crate::scenario::{Choice, Decision, EnemyMay};
use crate::sim::choice::{Departure, Enemy, Enumeration, Met};
use crate::trace::{EventKind, Kinds, Recording};

/// The words that the protocol has for each slot of a traitor, the truth first.
pub type Alternatives = BTreeMap<MessageId, Vec<String>>;

/// What the traitors of a run could have said.
///
/// They are asked of the protocol by other runs in which an enemy decides the lies, which meet the
/// same slots: first one without a lie, to learn in which order the slots come up, then one with
/// those that were told.
pub fn alternatives(report: &Report) -> Alternatives {
    if report.trace.traitors.is_empty() {
        return Alternatives::new();
    }
    let mut bound = report.scenario.clone();
    // What was forced is not the enemy's to decide, and it is one of the words that there are.
    bound.scenario.forced.retain(|forced| !matches!(forced.choice, Choice::Lie(_)));
    let Ok(mut runner) = bound.prepare() else { return Alternatives::new() };
    let mut met = |departures| {
        let mut enemy = Enumeration::new(Enemy { may: vec![EnemyMay::Lie], ..Enemy::default() });
        enemy.moves.naming = true;
        enemy.moves.departures = departures;
        runner.run(bound.seed, Recording::Outputs(Kinds::NONE), Some(enemy));
        runner.take_enumeration().map(|enemy| enemy.moves.met).unwrap_or_default()
    };
    let told = told(report);
    let departure = |(at, met): (usize, &Met)| {
        let Choice::Lie(slot) = met.choice else { return None };
        let words = told.get(&slot)?;
        let option = met.options.iter().position(|option| matches!(option, Decision::Words(said) if said == words))?;
        (option > 0).then_some(Departure { at: at as u32, option: option as u32 })
    };
    let departures = met(Vec::new()).iter().enumerate().filter_map(departure).collect();
    let words = |decision: Decision| match decision {
        Decision::Words(words) => Some(words),
        _ => None,
    };
    let of_slot = met(departures).into_iter().filter_map(|met| match met.choice {
        Choice::Lie(slot) => Some((slot, met.options.into_iter().filter_map(words).collect())),
        _ => None,
    });
    arrange::map(of_slot)
}

/// What the traitors put in their slots in this run, in the words of choices.
fn told(report: &Report) -> BTreeMap<MessageId, String> {
    let mut told: BTreeMap<MessageId, String> = BTreeMap::new();
    for event in &report.trace.events {
        let (message, words) = match event.what {
            EventKind::Sent { message, lie: true } => (message, report.trace.words.of(event.id).unwrap_or_default()),
            EventKind::Withheld(message) => (message, "silent"),
            _ => continue,
        };
        let slot = told.entry(message.slot()).or_default();
        if !slot.is_empty() {
            slot.push('+');
        }
        slot.push_str(words);
    }
    told
}
