//! Challenges in words: what is asked, how it is judged, and what the judge says of an answer.

use std::cmp::Ordering;

use crate::explore::challenge::{Answer, Claimed, Failure, Judged, Runs};
use crate::problems::Bound;
use crate::scenario::statement::Statement;
use crate::scenario::{Challenge, SearchSpec, When, grouped};
use crate::view::shell::quoted;

/// What a condition means, where it is about one property or one measure.
pub fn meaning(scenario: &Bound, when: &When) -> &'static str {
    let When::Is(statement) = when else { return "" };
    match statement {
        Statement::Verdict { property, .. } => {
            let known = scenario.entry.properties.iter().find(|known| known.name == property);
            known.map_or("", |known| known.says)
        }
        Statement::Figure { name, .. } => {
            scenario.entry.measures.iter().find(|known| known.name == name).map_or("", |known| known.says)
        }
        _ => "",
    }
}

/// How hard it is, and what an answer has to stand.
pub fn how_it_is_judged(scenario: &Bound, challenge: &Challenge) -> String {
    let changes = if challenge.par == 1 { "1 change".to_owned() } else { format!("{} changes", challenge.par) };
    let runs = match challenge.runs {
        1 => "1 run".to_owned(),
        runs => format!("{} runs, each with a seed of its own", grouped(&runs)),
    };
    let search = enemy(scenario, challenge).map(|spec| format!(" {}", the_worst(spec))).unwrap_or_default();
    format!("Level {}, par {changes}. An answer is judged by {runs}.{search}", challenge.level)
}

/// The search against which answers are judged, if they are judged against one.
pub fn enemy<'a>(scenario: &'a Bound, challenge: &Challenge) -> Option<&'a SearchSpec> {
    scenario.search.as_ref().filter(|_| challenge.search)
}

/// What is searched for, a sentence.
fn the_worst(spec: &SearchSpec) -> String {
    let may: Vec<&str> = spec.may.iter().map(|kind| kind.deed()).collect();
    let may = match &may[..] {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => may.concat(),
    };
    let how_often = match spec.at_most {
        None => "as often as it likes".to_owned(),
        Some(1) => "but do only one such thing in a run".to_owned(),
        Some(most) => format!("but do at most {most} such things in a run"),
    };
    format!("The judge also looks for the worst case with an enemy who may {may}, {how_often}.")
}

/// What the judge says of an answer, in a sentence or two.
pub fn answered(answer: &Answer, challenge: &Challenge) -> String {
    let runs = in_words(answer.runs);
    let told = match &answer.judged {
        Judged::Solved => {
            let par = match answer.changes().cmp(&usize::from(challenge.par)) {
                Ordering::Greater => format!("Par is {}: fewer changes are enough.", challenge.par),
                _ => "That is par.".to_owned(),
            };
            let changes = match answer.changes() {
                0 => "with no change".to_owned(),
                1 => "in 1 change".to_owned(),
                count => format!("in {count} changes"),
            };
            format!("Solved {changes}: nothing breaks it in {runs}. {par}")
        }
        Judged::Broken(_) => "Not solved.".to_owned(),
        Judged::Stopped => format!("Stopped after {runs}, in which nothing broke it."),
    };
    let unchanged: Vec<String> = answer.unchanged.iter().map(|key| format!("`{key}`")).collect();
    match &unchanged[..] {
        [] => told,
        [key] => format!("{told} {key} is so already, and counts as no change."),
        [first @ .., last] => format!("{told} {} and {last} are so already, and count as no change.", first.join(", ")),
    }
}

fn in_words(runs: Runs) -> String {
    let counted = |count: u64| format!("{} {}", grouped(&count), if count == 1 { "run" } else { "runs" });
    match runs {
        Runs { seeds, searched: 0 } => counted(seeds),
        Runs { seeds, searched } => format!("{} and a search of {}", counted(seeds), counted(searched)),
    }
}

/// The failure that breaks an answer, in a sentence or two.
pub fn broken(failure: &Failure) -> String {
    let what = match (failure.property, failure.departures) {
        (None, _) => format!("The run of seed {} does not meet `{}`", failure.seed, failure.must),
        (Some(_), 0) => format!("The enemy need do nothing, and `{}` is not met", failure.must),
        (Some(_), 1) => format!("One failure is enough, and `{}` is not met", failure.must),
        (Some(_), count) => format!("{count} failures are enough, and `{}` is not met", failure.must),
    };
    format!("{what}: {}", failure.because)
}

/// Why more is forced than what goes wrong, a sentence; `None` where it is not.
pub fn taken_back(failure: &Failure) -> Option<String> {
    let flags: Vec<String> = failure.taken_back().iter().map(|settled| format!("`--force {settled}`")).collect();
    let (flags, take) = match &flags[..] {
        [] => return None,
        [flag] => (flag.clone(), "takes"),
        [first, second] => (format!("{first} and {second}"), "take"),
        [.., last] => (format!("The last {} `--force`, up to {last},", flags.len()), "take"),
    };
    Some(format!("{flags} {take} back what the scenario itself would do there."))
}

/// The command that makes the run of an answer. `scenario` is what stands after `dsys run`.
pub fn its_run(answer: &Answer, scenario: &str) -> String {
    let set = answer.settings.iter().map(|(key, value)| format!(" --set {}", quoted(&format!("{key}={value}"))));
    format!("dsys run {scenario}{}", set.collect::<String>())
}

/// The command that makes the run of a failure again, or finds it again. `scenario` is what stands
/// after `dsys run`.
pub fn again(failure: &Failure, scenario: &str, set: &[String]) -> String {
    let set: String = set.iter().map(|setting| format!(" --set {}", quoted(setting))).collect();
    match (&failure.force, failure.property) {
        (None, Some(property)) => {
            format!("dsys search {scenario} --seed {}{set} --property {property}", failure.seed)
        }
        (force, _) => {
            let force = force.iter().flatten().map(|settled| format!(" --force {}", quoted(settled)));
            format!("dsys run {scenario} --seed {}{set}{}", failure.seed, force.collect::<String>())
        }
    }
}

/// What the judge says of the claim that there is no answer.
pub fn claimed(claimed: Claimed, runs: u64) -> String {
    let runs = grouped(&runs);
    match claimed {
        Claimed::Exhausted => format!(
            "Solved: it is impossible. Everything that may be changed was tried in {runs} runs, and each answer is \
             broken by one of them."
        ),
        Claimed::Theorem => "Solved: it is impossible, whatever is changed.".to_owned(),
        Claimed::Refuted => {
            "Not solved: it is possible. An answer was found that nothing breaks; which one is yours to find."
                .to_owned()
        }
        Claimed::Open => format!("Not solved: {runs} runs found no answer, which proves nothing."),
        Claimed::Stopped => format!("Stopped after {runs} runs."),
    }
}

/// Why no answer exists, once somebody has found that out: what is proved and where, what it means,
/// and what would help that may not be changed. Empty where the challenge can be solved.
pub fn why_impossible(challenge: &Challenge) -> Vec<String> {
    let Some(impossible) = &challenge.impossible else { return Vec::new() };
    vec![
        format!("{} ({})", impossible.theorem, impossible.paper),
        challenge.lesson.clone(),
        format!("Beyond these bounds: {}", impossible.beyond),
    ]
}
