//! A run and its twin: what one node notices in both, and what really differs.

use crate::report::Report;
use crate::scenario::Twin;
use crate::view::fork;
use crate::view::shell::in_lines;
use crate::view::twin::{Noticed, noticed};

use super::style::{BAD, FAINT, STRONG, inked, padded, width, wrapped};
use super::{NARROWEST, WIDEST, beside, section};

/// The most that is told of what a node notices: the first, and the last.
const MOST: usize = 24;

/// Says that a run has a twin, and what shows it.
pub(super) fn mention(report: &Report, scenario: &str, columns: usize) -> String {
    let names = &report.scenario.names;
    let Some(twin) = report.scenario.story.twin.as_ref().filter(|_| report.scenario.is_untouched()) else {
        return String::new();
    };
    let says = format!("Another run looks the same to {}:", names.of(twin.node));
    let command = in_lines(&format!("dsys run {scenario} --twin"), columns.saturating_sub(4));
    let command = command.into_iter().map(|line| format!("  {line}"));
    section("Its twin", wrapped(&says, columns.saturating_sub(2)).into_iter().chain(command))
}

/// A run beside its twin as text. The node of the twin is in both.
pub fn render(here: &Report, there: &Report, twin: &Twin, columns: usize) -> String {
    let columns = columns.clamp(NARROWEST, WIDEST);
    let name = here.scenario.names.of(twin.node);
    let Some(node) = there.scenario.names.find(name) else { return String::new() };
    let ours = noticed(&here.trace, twin.node, twin.until);
    let theirs = noticed(&there.trace, node, twin.until);
    let alike = ours.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
    let is_same = alike == ours.len() && alike == theirs.len();
    let says = match is_same {
        true => format!("To {name} these two runs look the same, so {name} must do the same in both."),
        false => format!("To {name} these two runs look the same at first, and then they differ."),
    };
    let titles = [(twin.this.as_ref(), here), (twin.other.as_ref(), there)];
    let titles = (1..).zip(titles).flat_map(|(number, (says, report)): (u8, _)| {
        beside(&number.to_string(), 1, says.unwrap_or(&report.scenario.title), columns)
    });
    let titles: String = titles.map(|line| format!("  {line}\n")).collect();
    let mut lines = rows(&ours[..alike], "", columns);
    lines.extend(rows(&ours[alike..], "1", columns).into_iter().map(|line| inked(BAD, &line)));
    lines.extend(rows(&theirs[alike..], "2", columns).into_iter().map(|line| inked(BAD, &line)));
    let told = fork::told(here, there);
    let told = told.iter().flat_map(|clause| wrapped(&clause.says, columns.saturating_sub(2)));
    let sections = [
        wrapped(&says, columns).iter().map(|line| format!("{}\n", inked(STRONG, line))).collect(),
        titles,
        section(&format!("What {name} notices"), lines),
        section("What really happens in the second, and not in the first", told),
    ];
    sections.join("\n")
}

/// What was noticed, each with the reading of the node's clock; before it, in which run.
fn rows(all: &[Noticed<'_>], run: &str, columns: usize) -> Vec<String> {
    let is_left = |index: usize| all.len() > MOST && (MOST / 2..all.len() - MOST / 2).contains(&index);
    let shown = all.iter().enumerate().filter(|&(index, _)| !is_left(index));
    let shown: Vec<(String, String)> = shown.map(|(_, one)| (one.at.to_string(), one.what.to_string())).collect();
    let room = shown.iter().map(|(at, _)| width(at)).max().unwrap_or(0);
    let lead = if run.is_empty() { String::new() } else { format!("{run}  ") };
    let line = |(at, what): &(String, String)| beside(&format!("{lead}{at}"), width(&lead) + room, what, columns);
    let mut lines: Vec<Vec<String>> = shown.iter().map(line).collect();
    if let Some(left) = all.len().checked_sub(MOST).filter(|&left| left > 0) {
        lines.insert(MOST / 2, vec![inked(FAINT, &padded(&format!("… {left} more"), room))]);
    }
    lines.concat()
}
