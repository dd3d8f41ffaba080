//! What stands before and after a run: the story and its question, warnings, what to try next.

use crate::report::Report;
use crate::scenario::{By, Predict, Try};
use crate::view::shell::in_lines;

use super::style::{BAD, FAINT, GOOD, LIE, STRONG, clean, inked, width, without_emphasis, wrapped};
use super::{Print, paragraph, section};

/// The title, what the story is about, and the question to the room.
pub(super) fn opening(report: &Report, columns: usize) -> String {
    let scenario = &report.scenario;
    let (title, setting) = (clean(&scenario.title), format!("{} · {}", scenario.problem, scenario.protocol));
    let gap = columns.saturating_sub(width(&title) + width(&setting));
    let mut text = match gap {
        2.. => format!("{}{}{}\n", inked(STRONG, &title), " ".repeat(gap), inked(FAINT, &setting)),
        _ => format!("{}\n{}\n", inked(STRONG, &wrapped(&title, columns).join("\n")), inked(FAINT, &setting)),
    };
    if let Some(changes) = scenario.changes() {
        let remark = format!("Changed: {changes}. The story is about the run without this.");
        for line in wrapped(&remark, columns) {
            text.push_str(&format!("{}\n", inked(LIE, &line)));
        }
    }
    if !scenario.story.setup.trim().is_empty() {
        text.push('\n');
        for line in wrapped(&without_emphasis(&scenario.story.setup), columns) {
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}

/// The questions to the room, before anything has happened.
pub(super) fn questions(report: &Report, columns: usize) -> String {
    report.scenario.story.predict.iter().map(|question| self::question(question, columns)).collect()
}

/// A question with its choices.
pub(super) fn question(question: &Predict, columns: usize) -> String {
    let mut text = String::new();
    for (index, line) in wrapped(&without_emphasis(&question.ask), columns.saturating_sub(2)).iter().enumerate() {
        let sign = if index == 0 { inked(GOOD, "?") } else { " ".to_owned() };
        text.push_str(&format!("{sign} {}\n", inked(STRONG, line)));
    }
    for (number, choice) in (1..).zip(&question.choices) {
        text.push_str(&paragraph(
            &format!("  {} ", inked(FAINT, &number.to_string())),
            &without_emphasis(&choice.say),
            columns,
        ));
    }
    text
}

/// The answers to the questions, and why it matters. The lesson is told of the run that the file
/// describes; the answers are those of this run.
pub(super) fn lesson(report: &Report, print: &Print<'_>, columns: usize) -> String {
    let room = columns.saturating_sub(2);
    let mut lines = Vec::new();
    for prediction in report.predictions() {
        lines.extend(wrapped(&without_emphasis(&prediction.ask), room));
        let (ink, answer) = match (prediction.answer, prediction.by) {
            (Some(index), _) => (GOOD, prediction.choices[index].say.clone()),
            (None, By::Sweep) => (FAINT, format!("Many runs answer this: dsys sweep {}", print.scenario)),
            (None, By::Search) => (FAINT, format!("A search answers this: dsys search {}", print.scenario)),
            (None, By::Run) => (GOOD, prediction.none.unwrap_or_else(|| "This run does not say.".to_owned())),
        };
        let answer = wrapped(&without_emphasis(&answer), room.saturating_sub(2));
        lines.extend(answer.iter().map(|line| format!("  {}", inked(ink, line))));
    }
    if let Some(lesson) = report.lesson() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(wrapped(&without_emphasis(lesson), room));
    }
    if lines.is_empty() { String::new() } else { section("What it means", lines) }
}

/// What was asked for and did not happen.
pub(super) fn warnings(report: &Report, columns: usize) -> String {
    if report.warnings.is_empty() {
        return String::new();
    }
    let lines = report.warnings.iter().flat_map(|warning| {
        let lines = wrapped(warning, columns.saturating_sub(4));
        let signed = |(index, line): (usize, String)| {
            format!("{} {line}", if index == 0 { inked(BAD, "!") } else { " ".to_owned() })
        };
        lines.into_iter().enumerate().map(signed).collect::<Vec<_>>()
    });
    section("Warnings", lines)
}

/// What is changed, if the story says it, and the command that changes it.
fn proposal(Try { says, flags }: &Try, scenario: &str, room: usize) -> Vec<String> {
    let command = format!("dsys run {scenario} {}", clean(flags));
    let Some(says) = says else { return in_lines(&command, room) };
    let command = in_lines(&command, room.saturating_sub(2)).into_iter().map(|line| format!("  {line}"));
    wrapped(says, room).into_iter().chain(command).collect()
}

/// What to try next, without what this run has tried already.
pub(super) fn tries(report: &Report, print: &Print<'_>, columns: usize) -> String {
    let tries = report.scenario.story.try_next.iter().filter(|tried| !is_in(&tried.flags, print.again));
    let room = columns.saturating_sub(2);
    let proposals: Vec<String> = tries.flat_map(|tried| proposal(tried, print.scenario, room)).collect();
    if proposals.is_empty() { String::new() } else { section("Try next", proposals) }
}

/// Whether a command has all of these flags, in any order.
fn is_in(flags: &str, command: &str) -> bool {
    let (Some(flags), Some(command)) = (shlex::split(flags), shlex::split(command)) else { return false };
    let has = |flag: &[String]| command.windows(flag.len()).any(|words| words == flag);
    // Each flag with what belongs to it.
    flags.chunk_by(|_, word| !word.starts_with("--")).all(has)
}

/// What to read, and the command that makes the run again.
pub(super) fn closing(report: &Report, print: &Print<'_>, columns: usize) -> String {
    let story = &report.scenario.story;
    let mut text = String::new();
    if let Some(note) = &story.note {
        for line in wrapped(&format!("The note: {note}"), columns) {
            text.push_str(&format!("{}\n", inked(FAINT, &line)));
        }
    }
    let label = "This run again: ";
    let again = in_lines(print.again, columns.saturating_sub(label.len())).join("\n");
    text.push_str(&format!("{}{again}\n", inked(FAINT, label)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_has_tried_is_known_by_its_flags() {
        let command = "dsys run mine.toml --seed 12 --set 'params.gap=5 ms' --force a:b:1=lose";
        for tried in ["--seed 12", "--force a:b:1=lose --seed 12", "--set 'params.gap=5 ms'"] {
            assert!(is_in(tried, command), "{tried}");
        }
        for new in ["--seed 1", "--seed 2", "--set params.gap=5", "--seed 12 --force a:b:2=lose"] {
            assert!(!is_in(new, command), "{new}");
        }
    }
}
