//! Challenges: the list of them, the task of one, and what the judge says of an answer.

use crate::explore::challenge::{Answer, Claimed, Failure, Judged, Task};
use crate::problems::Bound;
use crate::scenario::statement::Statement;
use crate::scenario::{Challenge, Impossible, When, grouped};
use crate::view::shell::{in_lines, quoted};

use super::style::{BAD, FAINT, GOOD, STRONG, inked, wrapped};
use super::{paragraph, terms};

/// What the levels are called.
const LEVELS: [&str; 4] = ["a warm-up", "one idea", "two ideas at once", "hard"];

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    /// What stands after `dsys challenge`.
    pub name: &'a str,
    /// The challenge.
    pub challenge: &'a Challenge,
    /// In how many changes somebody has solved it here.
    pub solved: Option<usize>,
}

/// All challenges, by level.
pub fn list(rows: &[Listed<'_>], columns: usize) -> String {
    let mut text = String::new();
    for (level, name) in (1..).zip(LEVELS) {
        let of_level: Vec<&Listed<'_>> = rows.iter().filter(|row| row.challenge.level == level).collect();
        if of_level.is_empty() {
            continue;
        }
        text.push_str(&format!("{}\n", inked(STRONG, &format!("Level {level}: {name}"))));
        for row in of_level {
            let sign = if row.solved.is_some() { inked(GOOD, "✓") } else { inked(FAINT, "·") };
            let solved = row.solved.map(|changes| format!(", solved in {changes}")).unwrap_or_default();
            text.push_str(&format!("  {sign} {}  par {}{solved}\n", inked(STRONG, row.name), row.challenge.par));
            text.push_str(&paragraph("      ", &row.challenge.goal, columns));
        }
        text.push('\n');
    }
    text
}

/// The task of a challenge. `command` is how it is asked for: `dsys challenge NAME`.
pub fn task(task: &Task<'_>, command: &str, columns: usize) -> String {
    let Task { scenario, challenge, .. } = task;
    let must: Vec<(&str, &str)> =
        challenge.must.iter().map(|must| (must.text.as_str(), says(scenario, &must.when))).collect();
    let sections = [
        titled(&scenario.title),
        paragraph("", &scenario.story.setup, columns),
        titled("The goal") + &paragraph("  ", &challenge.goal, columns),
        titled("Every run must meet") + &terms("  ", &must, columns),
        titled("You may change") + &changeable(task, columns),
        paragraph("", &how_it_is_judged(task), columns),
        what_next(challenge, command, columns),
    ];
    sections.join("\n")
}

/// The keys that may be changed, with their values and what they are now.
fn changeable(task: &Task<'_>, columns: usize) -> String {
    let change = &task.challenge.change;
    let values = |(key, values): &(String, Vec<String>)| {
        let now = task.now(key).map(|now| format!(" (now {now})")).unwrap_or_default();
        format!("{}{now}", values.join(", "))
    };
    let values: Vec<String> = change.iter().map(values).collect();
    let rows: Vec<(&str, &str)> =
        change.iter().zip(&values).map(|((key, _), values)| (key.as_str(), values.as_str())).collect();
    terms("  ", &rows, columns)
}

/// The commands that go on from here.
fn what_next(challenge: &Challenge, command: &str, columns: usize) -> String {
    let name = command.trim_start_matches("dsys challenge ");
    let hint = match challenge.hints.len() {
        1 => "a hint".to_owned(),
        count => format!("a hint, the first of {count}"),
    };
    let rows = [
        (format!("{command} --set KEY=VALUE"), "an answer; a `--set` for each change"),
        (format!("{command} --impossible"), "if you think that it cannot be done"),
        (format!("{command} --hint 1"), &hint),
        (format!("dsys run {name}"), "the run as it stands"),
    ];
    let rows: Vec<(&str, &str)> = rows.iter().map(|(command, says)| (command.as_str(), *says)).collect();
    terms("  ", &rows, columns)
}

fn titled(title: &str) -> String {
    format!("{}\n", inked(STRONG, title))
}

/// What a condition means, where it is one property.
fn says(scenario: &Bound, when: &When) -> &'static str {
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

fn how_it_is_judged(task: &Task<'_>) -> String {
    let Task { scenario, challenge, .. } = task;
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

/// What the judge says of an answer. `again` makes the run again that breaks it.
pub fn answer(answer: &Answer, challenge: &Challenge, again: Option<&str>, columns: usize) -> String {
    let changes = match answer.changes.len() {
        0 => "with no change".to_owned(),
        1 => "in 1 change".to_owned(),
        count => format!("in {count} changes"),
    };
    let runs = grouped(&answer.runs);
    match &answer.judged {
        Judged::Solved => {
            let par = match answer.changes.len().cmp(&usize::from(challenge.par)) {
                std::cmp::Ordering::Greater => format!("Par is {}: fewer changes are enough.", challenge.par),
                _ => "That is par.".to_owned(),
            };
            let told = format!("Solved {changes}: {runs} runs, and nothing breaks it. {par}");
            format!("{}\n{}", lines(GOOD, &told, columns), paragraph("", &challenge.lesson, columns))
        }
        Judged::Broken(failure) => {
            let told = paragraph("", &broken(failure), columns);
            let command = again.map(|again| in_lines(again, columns.saturating_sub(2))).unwrap_or_default();
            let command: String = command.iter().map(|line| format!("  {line}\n")).collect();
            format!("{}\n{told}\nSee it with\n{command}", lines(BAD, "Not solved.", columns))
        }
        Judged::Stopped => lines(BAD, &format!("Stopped after {runs} runs, which nothing broke."), columns),
    }
}

/// The failure in a sentence or two.
fn broken(failure: &Failure) -> String {
    let what = match (failure.property, failure.departures) {
        (None, _) => format!("The run of seed {} does not meet `{}`", failure.seed, failure.must),
        (Some(_), 0) => format!("Nothing need go wrong, and `{}` is not met", failure.must),
        (Some(_), 1) => format!("One failure is enough, and `{}` is not met", failure.must),
        (Some(_), count) => format!("{count} failures are enough, and `{}` is not met", failure.must),
    };
    format!("{what}: {}", failure.because)
}

/// What the judge says of the claim that there is no answer.
pub fn claimed(claimed: Claimed, runs: u64, challenge: &Challenge, columns: usize) -> String {
    let runs = grouped(&runs);
    let told = match claimed {
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
    };
    match (claimed, &challenge.impossible) {
        (Claimed::Exhausted | Claimed::Theorem, Some(impossible)) => {
            let Impossible { theorem, paper, beyond } = impossible;
            let proof = paragraph("", &format!("{theorem} ({paper})"), columns);
            let beyond = paragraph("", &format!("Beyond these bounds: {beyond}"), columns);
            let lesson = paragraph("", &challenge.lesson, columns);
            format!("{}\n{proof}\n{lesson}\n{beyond}", lines(GOOD, &told, columns))
        }
        _ => lines(BAD, &told, columns),
    }
}

fn lines(ink: anstyle::Style, text: &str, columns: usize) -> String {
    wrapped(text, columns).iter().map(|line| format!("{}\n", inked(ink, line))).collect()
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
