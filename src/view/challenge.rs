//! Challenges in words: what is asked, how it is judged, and what the judge says of an answer.

use std::cmp::Ordering;

use crate::explore::challenge::{Answer, Claimed, Failure, Judged};
use crate::problems::Bound;
use crate::scenario::statement::Statement;
use crate::scenario::{Challenge, When, grouped};
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
    let runs = grouped(&challenge.runs);
    let search = match scenario.search.as_ref().filter(|_| challenge.search) {
        Some(spec) => {
            let may: Vec<&str> = spec.may.iter().map(|kind| kind.word()).collect();
            let at_most = spec.at_most.map(|most| format!(", {most} at most")).unwrap_or_default();
            format!(", and against the worst that an enemy can do with: {}{at_most}", may.join(", "))
        }
        None => String::new(),
    };
    format!("Level {}, par {changes}. An answer is judged by {runs} runs{search}.", challenge.level)
}

/// What the judge says of an answer, in a sentence or two.
pub fn answered(answer: &Answer, challenge: &Challenge) -> String {
    let runs = grouped(&answer.runs);
    match &answer.judged {
        Judged::Solved => {
            let par = match answer.changes.len().cmp(&usize::from(challenge.par)) {
                Ordering::Greater => format!("Par is {}: fewer changes are enough.", challenge.par),
                _ => "That is par.".to_owned(),
            };
            let changes = match answer.changes.len() {
                0 => "with no change".to_owned(),
                1 => "in 1 change".to_owned(),
                count => format!("in {count} changes"),
            };
            format!("Solved {changes}: {runs} runs, and nothing breaks it. {par}")
        }
        Judged::Broken(_) => "Not solved.".to_owned(),
        Judged::Stopped => format!("Stopped after {runs} runs, which nothing broke."),
    }
}

/// The failure that breaks an answer, in a sentence or two.
pub fn broken(failure: &Failure) -> String {
    let what = match (failure.property, failure.departures) {
        (None, _) => format!("The run of seed {} does not meet `{}`", failure.seed, failure.must),
        (Some(_), 0) => format!("Nothing need go wrong, and `{}` is not met", failure.must),
        (Some(_), 1) => format!("One failure is enough, and `{}` is not met", failure.must),
        (Some(_), count) => format!("{count} failures are enough, and `{}` is not met", failure.must),
    };
    format!("{what}: {}", failure.because)
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
