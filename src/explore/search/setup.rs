//! What a search works with: the scenario without its own strategy, the properties, the enemy.

use std::collections::BTreeSet;

use crate::check::Property;
use crate::problems::Bound;
use crate::scenario::choice::Moment;
use crate::scenario::{
    Choice, Complaint, CrashWhen, Decision, Downtime, EnemyMay, Fate, Fault, PauseWhen, Scenario, SearchSpec,
};
use crate::sim::choice::Enemy;
use crate::time::Span;
use crate::trace::Kinds;

use super::Effort;

/// What a search works with.
pub(super) struct Setup<'a> {
    /// The scenario as it was given.
    pub(super) asked: &'a Bound,
    /// The same without what the enemy decides instead.
    pub(super) scenario: Bound,
    /// Which rows of its faults are left.
    pub(super) kept: Vec<bool>,
    /// What was taken out of it, as it is forced.
    pub(super) set_aside: Vec<String>,
    /// The name of the property that is to be violated, if it must be this one.
    pub(super) wanted: Option<&'static str>,
    /// The properties one of which is to be violated.
    pub(super) properties: Vec<&'static Property>,
    pub(super) enemy: Enemy,
    /// The bytes that a level may take that is still to be run.
    pub(super) room: usize,
}

impl<'a> Setup<'a> {
    pub(super) fn new(asked: &'a Bound, spec: &SearchSpec, effort: Effort) -> Result<Setup<'a>, Vec<Complaint>> {
        let Left { scenario, kept, set_aside } = without_own_strategy(asked, &spec.may);
        let scenario = asked.with(scenario);
        scenario.prepare()?;
        let entry = scenario.entry;
        let is_wanted = |property: &&Property| spec.property.as_ref().is_none_or(|name| name == property.name);
        let properties: Vec<&'static Property> = entry.properties.iter().filter(is_wanted).collect();
        let wanted = spec.property.as_ref().and_then(|_| Some(properties.first()?.name));
        if let (Some(name), None) = (&spec.property, wanted) {
            let message = format!("`{}` has no property `{name}`", entry.name);
            return Err(vec![Complaint { span: 0..0, message, help: String::new() }]);
        }
        let needs = properties.iter().fold(Kinds::NONE, |needs, property| needs.or(property.needs));
        let mut enemy = enemy(spec);
        if effort.prune {
            enemy = without_equals(enemy, asked, needs);
        }
        Ok(Setup { asked, scenario, kept, set_aside, wanted, properties, enemy, room: effort.room })
    }
}

fn enemy(spec: &SearchSpec) -> Enemy {
    let or = |given: &[Downtime], default: &[Downtime]| if given.is_empty() { default } else { given }.to_vec();
    Enemy {
        may: spec.may.clone(),
        delays: spec.delays.clone(),
        downtimes: or(&spec.downtimes, &[Downtime::For(Span::from_ms(1_000)), Downtime::Forever]),
        pauses: if spec.pauses.is_empty() { vec![Span::from_ms(5_000)] } else { spec.pauses.clone() },
        points: spec.points.clone(),
    }
}

/// What is left of a scenario.
struct Left {
    scenario: Scenario,
    /// Which rows of its faults are.
    kept: Vec<bool>,
    /// What is not, as it is forced.
    set_aside: Vec<String>,
}

/// The scenario without what it decides itself of the kinds that the enemy may decide. What a flag
/// forces stays, and so does what is forced to be calm: both are somebody's word that it is not the
/// enemy's.
fn without_own_strategy(asked: &Scenario, may: &[EnemyMay]) -> Left {
    let mut scenario = asked.clone();
    let mut set_aside = Vec::new();
    let is_theirs = |(choice, decision): &(Choice, Decision)| match (choice, decision) {
        (_, Decision::Downtime(Downtime::No)) => false,
        (Choice::Fate(_), &Decision::Fate(fate)) => kind_of(fate).is_some_and(|kind| may.contains(&kind)),
        (Choice::Delay(_), _) => may.contains(&EnemyMay::Delay),
        (Choice::Lie(_), _) => may.contains(&EnemyMay::Lie),
        (Choice::Crash(Moment::Point { .. }), _) => may.contains(&EnemyMay::Crash),
        (Choice::Pause(Moment::Point { .. }), _) => may.contains(&EnemyMay::Pause),
        _ => false,
    };
    let mut stays = |settled: (Choice, Decision)| {
        let stays = !is_theirs(&settled);
        if !stays {
            let (choice, decision) = settled;
            set_aside.push(format!("{}={}", choice.name(&asked.names), decision.option(&asked.names)));
        }
        stays
    };
    let kept: Vec<bool> = asked.faults.iter().map(|fault| settles(fault).is_none_or(&mut stays)).collect();
    let mut keep = kept.iter();
    scenario.faults.retain(|_| keep.next().copied().unwrap_or(true));
    scenario.forced.retain(|forced| forced.by_flag || stays((forced.choice.clone(), forced.decision.clone())));
    Left { scenario, kept, set_aside }
}

/// The choice that a fault settles by naming it.
fn settles(fault: &Fault) -> Option<(Choice, Decision)> {
    match *fault {
        Fault::Message { message, fate } => Some((Choice::Fate(message), Decision::Fate(fate))),
        Fault::Delay { message, to } => Some((Choice::Delay(message), Decision::Span(to))),
        Fault::Crash { node, when: CrashWhen::Point { ref point, nth }, down, .. } => {
            let moment = Moment::Point { node, point: point.clone(), nth };
            let down = down.map_or(Downtime::Forever, Downtime::For);
            Some((Choice::Crash(moment), Decision::Downtime(down)))
        }
        Fault::Pause { node, when: PauseWhen::Point { ref point, nth }, lasts, .. } => {
            let moment = Moment::Point { node, point: point.clone(), nth };
            // The enemy's own pauses take the place of this one, however long chance would have
            // made it.
            let down = lasts.map_or(Downtime::Forever, |lasts| Downtime::For(lasts.ends()[0]));
            Some((Choice::Pause(moment), Decision::Downtime(down)))
        }
        _ => None,
    }
}

fn kind_of(fate: Fate) -> Option<EnemyMay> {
    match fate {
        Fate::Deliver => None,
        Fate::Lose => Some(EnemyMay::Lose),
        Fate::Corrupt => Some(EnemyMay::Corrupt),
        Fate::Twice => Some(EnemyMay::Twice),
    }
}

/// The enemy without options that can do nothing that another cannot.
///
/// - An option that is written twice is one.
/// - A corrupted message is as good as a lost one: its receiver notices the damage and drops it, so
///   that no process ever learns the difference. But it takes its place in the order of a fifo
///   link, so it is left out only where there is none, and only if no property reads which of the
///   two it was. Where it outlives the time limit, a run with the lost one ends sooner and is
///   judged the more strictly.
///
/// The protocols leave out of a traitor's words what has the effect of another (see
/// `Liar::options`).
fn without_equals(enemy: Enemy, scenario: &Scenario, needs: Kinds) -> Enemy {
    let network = &scenario.network;
    let is_fifo = network.default.fifo || network.exceptions.iter().any(|(_, _, link)| link.fifo);
    let is_told_apart = needs.has(Kinds::LOST.or(Kinds::CORRUPTED));
    let as_good_as_lost = enemy.may.contains(&EnemyMay::Lose) && !is_fifo && !is_told_apart;
    let mut may = once(enemy.may);
    may.retain(|&kind| kind != EnemyMay::Corrupt || !as_good_as_lost);
    Enemy {
        may,
        delays: once(enemy.delays),
        downtimes: once(enemy.downtimes),
        pauses: once(enemy.pauses),
        points: enemy.points,
    }
}

/// Each item once, where it first stands.
fn once<T: Ord + Copy>(items: Vec<T>) -> Vec<T> {
    let mut known = BTreeSet::new();
    items.into_iter().filter(|&item| known.insert(item)).collect()
}
