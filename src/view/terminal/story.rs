//! What stands before and after a run: the story and its question, warnings, what to try next.

use crate::report::Report;
use crate::view::shell::in_lines;

use super::style::{BAD, FAINT, GOOD, LIE, STRONG, clean, inked, width, wrapped};
use super::{Print, section};

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
    if !scenario.story.summary.trim().is_empty() {
        text.push('\n');
        for line in wrapped(&scenario.story.summary, columns) {
            text.push_str(&format!("{line}\n"));
        }
    }
    if let Some(predict) = &scenario.story.predict {
        let choices: Vec<String> = predict.choices.iter().map(|choice| clean(choice)).collect();
        let question = format!("{} ({})", clean(&predict.ask), choices.join(" / "));
        text.push('\n');
        for (index, line) in wrapped(&question, columns.saturating_sub(2)).iter().enumerate() {
            text.push_str(&format!(
                "{} {}\n",
                if index == 0 { inked(GOOD, "?") } else { " ".to_owned() },
                inked(STRONG, line)
            ));
        }
    }
    text
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

/// What to try next, what to read, and the command that makes the run again.
pub(super) fn closing(report: &Report, print: &Print<'_>, columns: usize) -> String {
    let story = &report.scenario.story;
    let mut text = String::new();
    if !story.try_next.is_empty() {
        let command = |flags: &String| format!("dsys run {} {}", print.scenario, clean(flags));
        let lines = story.try_next.iter().flat_map(|flags| in_lines(&command(flags), columns.saturating_sub(2)));
        text.push_str(&section("Try next", lines));
        text.push('\n');
    }
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
