//! A run as text for the terminal: the question, what happened, what it means, and what to try
//! next.
//!
//! The text is coloured; the caller takes the colours off where they are not wanted. It is
//! never wider than it is told to be, but for a command or a name that would be broken.

pub mod challenge;
mod clocks;
mod columns;
mod figures;
mod lanes;
pub mod next;
mod rows;
mod story;
mod style;
pub mod sweep;
mod table;
mod timeline;
pub mod twin;
mod verdicts;

use crate::report::Report;
use crate::scenario::Scenario;
use crate::trace::{Event, Trace};
use style::{STRONG, inked, padded, width, wrapped};
use timeline::{ASKED, Details};

/// The widest that a report gets: what a projector can show.
pub const WIDEST: usize = 100;
/// The narrowest: with less a table is of no use.
pub const NARROWEST: usize = 40;

/// How a report is printed.
#[derive(Clone, Copy, Debug)]
pub struct Print<'a> {
    /// The columns that there are.
    pub columns: usize,
    /// What stands after `dsys run` for this scenario, quoted for a shell.
    pub scenario: &'a str,
    /// The whole command that makes this run again.
    pub again: &'a str,
    /// Whether the timeline tells what each node knows, whenever that changes.
    pub has_states: bool,
}

/// The report as text.
pub fn render(report: &Report, print: &Print<'_>) -> String {
    let columns = print.columns.clamp(NARROWEST, WIDEST);
    joined(report, print, story::questions(report, columns), false)
}

/// A part of a report that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text.
    Text(String),
    /// The question of this number in the story, as text.
    Question(usize, String),
}

/// The report as text that stops where the story asks.
pub fn render_asking(report: &Report, print: &Print<'_>) -> Vec<Part> {
    let columns = print.columns.clamp(NARROWEST, WIDEST);
    let asked = &report.scenario.story.predict;
    let at_once = (0..).zip(asked).filter(|(_, question)| question.when.is_none());
    let at_once: String = at_once.map(|(number, _): (usize, _)| format!("{ASKED}{number}\n")).collect();
    let text = joined(report, print, at_once, true);
    let mut parts = Vec::new();
    for (index, piece) in text.split(ASKED).enumerate() {
        let (number, rest) = if index == 0 { ("", piece) } else { piece.split_once('\n').unwrap_or((piece, "")) };
        let number = number.parse::<usize>().ok();
        if let Some((number, question)) = number.and_then(|number| Some((number, asked.get(number)?))) {
            parts.push(Part::Question(number, story::question(question, columns)));
        }
        parts.push(Part::Text(rest.to_owned()));
    }
    parts
}

fn joined(report: &Report, print: &Print<'_>, questions: String, is_asking: bool) -> String {
    let columns = print.columns.clamp(NARROWEST, WIDEST);
    let sections = [
        story::opening(report, columns),
        questions,
        timeline::timeline(report, Details { is_asking, has_states: print.has_states }, columns),
        clocks::clocks(report, columns),
        figures::outputs(report, columns),
        verdicts::verdicts(report, columns),
        table::table(report, columns),
        figures::figures(report, columns),
        story::lesson(report, print, columns),
        story::warnings(report, columns),
        story::tries(report, print, columns),
        twin::mention(report, print.scenario, columns),
        story::closing(report, print, columns),
    ];
    let sections: Vec<String> = sections.into_iter().filter(|section| !section.is_empty()).collect();
    sections.join("\n")
}

/// What happened in a run, by itself.
pub fn timeline_of(report: &Report, columns: usize) -> String {
    timeline::timeline(report, Details::default(), columns.clamp(NARROWEST, WIDEST))
}

/// What a timeline says of an event of a node or of the network, its node's name left out where a
/// lane shows it.
pub(super) fn words(scenario: &Scenario, trace: &Trace, event: &Event) -> String {
    rows::row(scenario, trace, event, true).text
}

/// A paragraph in at most so many columns: `lead` before its first line, and as much room before
/// the others.
pub fn paragraph(lead: &str, text: &str, columns: usize) -> String {
    let room = columns.saturating_sub(width(lead));
    let lines = wrapped(text, room);
    let blank = padded("", width(lead));
    let line = |index: usize| if index == 0 { lead } else { &blank };
    if lines.is_empty() {
        return format!("{}\n", lead.trim_end());
    }
    lines.iter().enumerate().map(|(index, text)| format!("{}{text}\n", line(index))).collect()
}

/// Names with what they are, a row each: beside each other where both have room, else one below the
/// other.
pub fn terms(lead: &str, rows: &[(&str, &str)], columns: usize) -> String {
    /// What is explained needs so much room beside its name.
    const LEAST_ROOM: usize = 36;
    let longest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let most = columns.saturating_sub(width(lead) + 2 + LEAST_ROOM);
    let name_columns = if longest <= most { longest } else { 0 };
    let row = |(name, says): &(&str, &str)| {
        if says.is_empty() {
            return paragraph(lead, name, columns);
        }
        if width(name) <= name_columns {
            return paragraph(&format!("{lead}{}  ", padded(name, name_columns)), says, columns);
        }
        format!("{}{}", paragraph(lead, name, columns), paragraph(&format!("{lead}  "), says, columns))
    };
    rows.iter().map(row).collect()
}

/// A section: its name, and its lines.
fn section(name: &str, lines: impl IntoIterator<Item = String>) -> String {
    let mut section = format!("{}\n", inked(STRONG, name));
    for line in lines {
        section.push_str(format!("  {line}").trim_end());
        section.push('\n');
    }
    section
}

/// A label in its column and a text beside it, over as many lines as it needs.
fn beside(label: &str, label_columns: usize, text: &str, columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(label_columns + 4);
    let lines = wrapped(text, room);
    let label = padded(label, label_columns.max(width(label)));
    let lines = lines.iter().enumerate().map(|(index, line)| match index {
        0 => format!("{label}  {line}"),
        _ => format!("{}  {line}", padded("", label_columns)),
    });
    lines.collect()
}

#[cfg(test)]
mod tests;
