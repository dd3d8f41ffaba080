//! What happens to every run of a sweep, besides what is swept: what the scenario's file says, and
//! what `--set` and `--force` add.
//!
//! A rate of 100 % may be the work of the one message that the scenario loses in each run: a reader
//! of a chart must be told so.

use crate::explore::sweep::Plan;
use crate::process::NodeId;
use crate::scenario::{CrashWhen, Fate, Fault, PauseWhen, Scenario, Traitors};

use super::called::Called;
use super::choices;

/// The most that is told one by one.
const MOST: usize = 6;

/// What happens to every run besides what is swept, a sentence. `None` where nothing does.
pub(super) fn besides(plan: &Plan) -> Option<String> {
    let scenario = plan.scenario();
    let is_swept = |index: usize| plan.axes().iter().any(|axis| is_of_row(&axis.key, index));
    let own = scenario.faults.iter().enumerate().filter(|&(index, _)| !is_swept(index));
    let mut parts = grouped(own.map(|(_, fault)| told(scenario, fault)).collect());
    let called = Called::of(scenario);
    let forced = scenario.forced.iter();
    let mut forced: Vec<String> =
        forced.map(|forced| choices::told(&forced.choice, &forced.decision, &called)).collect();
    if parts.is_empty() && forced.is_empty() {
        return None;
    }
    let untold = forced.len().saturating_sub(MOST);
    forced.truncate(MOST);
    if untold > 0 {
        forced.push(format!("{untold} more things are settled"));
    }
    let settled = joined(&forced);
    if parts.is_empty() {
        return Some(called.told(&format!("Besides what is swept, in every run {settled}.")));
    }
    let more = parts.len().saturating_sub(MOST);
    parts.truncate(MOST);
    if more > 0 {
        parts.push(format!("does {more} more things"));
    }
    let settled = if settled.is_empty() { settled } else { format!(" In each of them, {settled}.") };
    Some(called.told(&format!("Besides what is swept, every run {}.{settled}", joined(&parts))))
}

/// Whether a key is of this row of the scenario's faults: `fault.0.crash.down`.
fn is_of_row(key: &str, index: usize) -> bool {
    let mut parts = key.split('.');
    parts.next() == Some("fault") && parts.next().is_some_and(|number| number.parse() == Ok(index))
}

/// What a fault does: a verb, and to what it is done.
fn told(scenario: &Scenario, fault: &Fault) -> (&'static str, String) {
    let name = |node: &NodeId| scenario.names.of(*node).to_owned();
    let message = |message| scenario.names.message(message);
    match fault {
        Fault::Traitor { who: Traitors::These(nodes), .. } => {
            let has = if nodes.len() == 1 { "has the traitor" } else { "has the traitors" };
            (has, joined(&nodes.iter().map(name).collect::<Vec<_>>()))
        }
        Fault::Traitor { who: Traitors::Count(1), .. } => ("has", "one traitor, whom chance picks".to_owned()),
        Fault::Traitor { who: Traitors::Count(count), .. } => ("has", format!("{count} traitors, whom chance picks")),
        Fault::Message { message: of, fate } => (fated(*fate), message(*of)),
        Fault::Delay { message: of, .. } => ("sets the delay of", message(*of)),
        Fault::Crash { node, when: CrashWhen::EachPoint { .. } | CrashWhen::Rate { .. }, .. } => {
            ("lets chance crash", name(node))
        }
        Fault::Crash { node, .. } => ("crashes", name(node)),
        Fault::Pause { node, when: PauseWhen::EachPoint { .. }, .. } => ("lets chance pause", name(node)),
        Fault::Pause { node, .. } => ("pauses", name(node)),
        Fault::Degrade { .. } => ("changes", "the weather of links".to_owned()),
        Fault::Hold { .. } => ("holds", "messages back".to_owned()),
        Fault::Partition { groups, .. } => {
            let groups: Vec<String> =
                groups.iter().map(|group| group.iter().map(name).collect::<Vec<_>>().join(", ")).collect();
            ("cuts off", groups.join(" from "))
        }
        Fault::ClockStep { node, .. } => ("steps", format!("the clock of {}", name(node))),
        Fault::ClockDrift { node, .. } => ("changes", format!("the speed of the clock of {}", name(node))),
    }
}

fn fated(fate: Fate) -> &'static str {
    match fate {
        Fate::Deliver => "delivers",
        Fate::Lose => "loses",
        Fate::Corrupt => "damages",
        Fate::Twice => "delivers twice",
    }
}

/// Faults of one verb together: `loses bob:alice:1 and bob:alice:2`.
fn grouped(faults: Vec<(&'static str, String)>) -> Vec<String> {
    let mut verbs: Vec<(&'static str, Vec<String>)> = Vec::new();
    for (verb, what) in faults {
        match verbs.iter_mut().find(|(known, _)| *known == verb) {
            Some((_, all)) => all.push(what),
            None => verbs.push((verb, vec![what])),
        }
    }
    verbs.into_iter().map(|(verb, all)| format!("{verb} {}", joined(&all))).collect()
}

/// `a`, `a and b`, `a, b and c`.
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
