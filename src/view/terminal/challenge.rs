//! Challenges: the list of them, the task of one, and what the judge says of an answer.

use crate::explore::challenge::{Answer, Claimed, Judged, Task, keys};
use crate::scenario::Challenge;
use crate::view::challenge as words;
use crate::view::shell::in_lines;

use super::style::{BAD, FAINT, GOOD, STRONG, inked, without_emphasis, wrapped};
use super::{paragraph, terms};

/// What the levels are called.
const LEVELS: [&str; 4] = ["a warm-up", "a step further", "more than one idea", "hard"];

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
            let solved = match (row.solved, &row.challenge.impossible) {
                (None, _) => String::new(),
                (Some(_), Some(_)) => ", shown impossible".to_owned(),
                (Some(changes), None) => format!(", solved in {changes}"),
            };
            text.push_str(&format!("  {sign} {}  par {}{solved}\n", inked(STRONG, row.name), row.challenge.par));
            text.push_str(&paragraph("      ", &without_emphasis(&row.challenge.goal), columns));
        }
        text.push('\n');
    }
    let par = "Par is the fewest changes that reach the goal, each a key with another value than it has now. Where \
               nothing reaches the goal, par is 1: to say so.";
    text + &paragraph("", par, columns)
}

/// The task of a challenge. `command` is how it is asked for: `dsys challenge NAME`.
pub fn task(task: &Task<'_>, command: &str, columns: usize) -> String {
    let Task { scenario, challenge, .. } = task;
    let must: Vec<(&str, &str)> =
        challenge.must.iter().map(|must| (must.text.as_str(), words::meaning(scenario, &must.when))).collect();
    let sections = [
        titled(&scenario.title),
        paragraph("", &without_emphasis(&scenario.story.setup), columns),
        titled("The goal") + &paragraph("  ", &without_emphasis(&challenge.goal), columns),
        titled("Every run must meet") + &terms("  ", &must, columns),
        titled("You may change") + &changeable(task, columns),
        paragraph("", &words::how_it_is_judged(scenario, challenge), columns),
        what_next(task, command, columns),
    ];
    sections.join("\n")
}

/// The keys that may be changed: their values, what they are now, and what they mean.
fn changeable(task: &Task<'_>, columns: usize) -> String {
    let Task { scenario, challenge, .. } = task;
    let told = |(key, values): &(String, Vec<String>)| {
        let only = keys::only_with(scenario, challenge, key).join(" or ");
        let note = match (task.now(key), only.as_str()) {
            (Some(now), "") => format!("now {now}"),
            (None, "") => "now not set".to_owned(),
            (Some(now), only) => format!("now {now}, only with protocol = {only}"),
            (None, only) => format!("only with protocol = {only}"),
        };
        (format!("{} ({note})", values.join(", ")), keys::meaning(scenario, challenge, key))
    };
    let told: Vec<(String, String)> = challenge.change.iter().map(told).collect();
    let mut rows: Vec<(&str, &str)> = Vec::new();
    for ((key, _), (values, meaning)) in challenge.change.iter().zip(&told) {
        rows.push((key, values));
        // What a key means stands below its values.
        rows.extend(Some(("", meaning.as_str())).filter(|_| !meaning.is_empty()));
    }
    terms("  ", &rows, columns)
}

/// The commands that go on from here.
fn what_next(Task { scenario, challenge, .. }: &Task<'_>, command: &str, columns: usize) -> String {
    let name = command.trim_start_matches("dsys challenge ");
    let hint = match challenge.hints.len() {
        1 => "a hint".to_owned(),
        count => format!("a hint, the first of {count}"),
    };
    let mut rows = vec![
        (format!("{command} --set KEY=VALUE"), "an answer; a `--set` for each change"),
        (format!("{command} --impossible"), "if you think that it cannot be done"),
        (format!("{command} --hint 1"), &hint),
        (format!("dsys run {name}"), "the run as it stands"),
    ];
    let protocols = keys::protocols(scenario, challenge);
    rows.extend(protocols.iter().map(|entry| (format!("dsys list {}", entry.name), "what it does, and its keys")));
    let rows: Vec<(&str, &str)> = rows.iter().map(|(command, says)| (command.as_str(), *says)).collect();
    terms("  ", &rows, columns)
}

fn titled(title: &str) -> String {
    format!("{}\n", inked(STRONG, title))
}

/// What the judge says of an answer. `run` makes the run of what solves it, or again the run that
/// breaks it.
pub fn answer(answer: &Answer, challenge: &Challenge, run: &str, columns: usize) -> String {
    let told = words::answered(answer, challenge);
    let command: String = in_lines(run, columns.saturating_sub(2)).iter().map(|line| format!("  {line}\n")).collect();
    match &answer.judged {
        Judged::Solved => {
            let lesson = paragraph("", &without_emphasis(&challenge.lesson), columns);
            format!("{}\n{lesson}\nSee it with\n{command}", lines(GOOD, &told, columns))
        }
        Judged::Broken(failure) => {
            let broken = paragraph("", &words::broken(failure), columns);
            let aside = words::taken_back(failure).map(|aside| paragraph("", &aside, columns)).unwrap_or_default();
            format!("{}\n{broken}\nSee it with\n{command}{aside}", lines(BAD, &told, columns))
        }
        Judged::Stopped => lines(BAD, &told, columns),
    }
}

/// What the judge says of the claim that there is no answer.
pub fn claimed(claimed: Claimed, runs: u64, challenge: &Challenge, columns: usize) -> String {
    let told = words::claimed(claimed, runs);
    if !claimed.is_proved() {
        return lines(BAD, &told, columns);
    }
    let why = words::why_impossible(challenge).into_iter().map(|sentence| paragraph("", &sentence, columns));
    let told = std::iter::once(lines(GOOD, &told, columns));
    told.chain(why).collect::<Vec<_>>().join("\n")
}

fn lines(ink: anstyle::Style, text: &str, columns: usize) -> String {
    wrapped(text, columns).iter().map(|line| format!("{}\n", inked(ink, line))).collect()
}
