//! The clocks of a run: a chart of letters, how far each was off over the run, with the bound as a
//! shaded band.

use anstyle::Style;

use crate::check::chart::{Band, Chart, Series};
use crate::report::Report;
use crate::view::axis;

use super::style::{FAINT, LIE, LOST, MESSAGE, PLAIN, TOLD, inked, padded, width, wrapped};
use super::{beside, section};

/// The rows of the chart; odd, so that one is in the middle.
const ROWS: usize = 11;
/// The columns that the values beside the chart take at most.
const VALUES: usize = 12;
/// As many clocks are drawn: more letters would not be told apart.
const MOST_CLOCKS: usize = 10;
const INKS: [Style; 4] = [MESSAGE, LOST, TOLD, LIE];

/// The chart, if the run has one.
pub(super) fn clocks(report: &Report, columns: usize) -> String {
    let Some(chart) = &report.chart else { return String::new() };
    if chart.series.is_empty() || report.trace.ended_at.ns() == 0 {
        return String::new();
    }
    let grid = Grid::new(chart, report.trace.ended_at.ns(), columns.saturating_sub(2 + VALUES + 2));
    let cells = grid.cells();
    let mut lines = grid.lines(&cells);
    lines.push(String::new());
    let names = chart.series.iter().map(|series| width(&series.node)).max().unwrap_or(0) + 2;
    for (index, series) in chart.series.iter().take(MOST_CLOCKS).enumerate() {
        let name = format!("{} {}", grid.signs[index], series.node);
        lines.extend(beside(&name, names, &summary(series), columns));
    }
    if let Some(more @ 1..) = chart.series.len().checked_sub(MOST_CLOCKS) {
        let clocks = if more == 1 { "clock" } else { "clocks" };
        lines.push(inked(FAINT, &format!("… and {more} more {clocks}, in `--format json`")));
    }
    if cells.iter().flatten().any(|&cell| cell == Cell::Several) {
        lines.push("* several at one place".to_owned());
    }
    if let Some(bound) = chart.bound {
        lines.extend(wrapped(&format!("░ the bound: {bound}"), columns.saturating_sub(4)));
    }
    section(&chart.title, lines)
}

/// A letter for each clock: its initial, if no two have the same.
fn signs(all: &[Series]) -> Vec<char> {
    let initials: Vec<char> = all.iter().take(MOST_CLOCKS).filter_map(|series| series.node.chars().next()).collect();
    let is_own = |index: usize| !initials[..index].contains(&initials[index]);
    if (0..initials.len()).all(is_own) { initials } else { ('a'..='z').take(all.len()).collect() }
}

fn summary(series: &Series) -> String {
    let Some(from) = series.counts_from else {
        let at_end = series.points.last().map_or(0, |&(_, off)| off);
        return format!("{} at the end; it was never set", axis::signed_words(at_end));
    };
    let begun = series.around(from).map(|(_, off)| (from, off));
    let counted = begun.into_iter().chain(series.points.iter().copied().filter(|&(at, _)| at > from));
    let farthest = counted.rev().max_by_key(|&(_, off)| off.saturating_abs());
    let (at, off) = farthest.unwrap_or((0, 0));
    let at_end = axis::signed_words(series.points.last().map_or(0, |&(_, off)| off));
    let since = if from > 0 { format!(" (from {} on)", axis::span_words(from)) } else { String::new() };
    format!("{at_end} at the end; farthest{since}: {} at {}", axis::signed_words(off), axis::span_words(at))
}

/// A cell of the chart.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Blank,
    Zero,
    Band,
    Clock(usize),
    /// Several clocks.
    Several,
}

/// The chart as cells.
struct Grid<'a> {
    chart: &'a Chart,
    end: u64,
    columns: usize,
    low: i64,
    high: i64,
    signs: Vec<char>,
}

impl<'a> Grid<'a> {
    fn new(chart: &'a Chart, end: u64, columns: usize) -> Grid<'a> {
        let (low, high) = chart.range();
        Grid { chart, end, columns: columns.max(10), low, high, signs: signs(&chart.series) }
    }

    /// The row of a value; nothing above the chart and below it.
    fn row(&self, value: i64) -> Option<usize> {
        let span = i128::from(self.high) - i128::from(self.low);
        let steps = ROWS as i128 - 1;
        let row = (2 * (i128::from(self.high) - i128::from(value)) * steps + span).div_euclid(2 * span.max(1));
        usize::try_from(row).ok().filter(|&row| row < ROWS)
    }

    /// The moment in the middle of a column.
    fn at(&self, column: usize) -> u64 {
        let part = u128::from(self.end) * (2 * column as u128 + 1) / (2 * self.columns as u128);
        u64::try_from(part).unwrap_or(self.end)
    }

    fn cells(&self) -> Vec<Vec<Cell>> {
        let mut cells = vec![vec![Cell::Blank; self.columns]; ROWS];
        if let Some(zero) = self.row(0) {
            cells[zero].fill(Cell::Zero);
        }
        for column in 0..self.columns {
            let at = self.at(column);
            for (low, high) in self.chart.bands.iter().filter_map(|band| around(band, at)) {
                for (row, cells) in cells.iter_mut().enumerate() {
                    let value = self.value(row);
                    if (low..=high).contains(&value) {
                        cells[column] = Cell::Band;
                    }
                }
            }
            for (index, series) in self.chart.series.iter().take(MOST_CLOCKS).enumerate() {
                let row = series.around(at).and_then(|(_, off)| self.row(off));
                if let Some(row) = row {
                    let cell = &mut cells[row][column];
                    *cell =
                        if matches!(cell, Cell::Clock(_) | Cell::Several) { Cell::Several } else { Cell::Clock(index) };
                }
            }
        }
        cells
    }

    /// The value in the middle of a row.
    fn value(&self, row: usize) -> i64 {
        let span = i128::from(self.high) - i128::from(self.low);
        let down = span * row as i128 / (ROWS as i128 - 1);
        i64::try_from(i128::from(self.high) - down).unwrap_or(self.high)
    }

    fn lines(&self, cells: &[Vec<Cell>]) -> Vec<String> {
        let named = axis::round_values(self.low, self.high, 5);
        let mut lines: Vec<String> = Vec::new();
        for (row, cells) in cells.iter().enumerate() {
            let value = named.iter().find(|&&value| self.row(value) == Some(row));
            let value = value.map_or_else(String::new, |&value| axis::signed_words(value));
            let edge = if value.is_empty() { "│" } else { "┤" };
            let runs = cells.chunk_by(|a, b| a == b);
            let drawn: String = runs.map(|run| self.drawn(run[0], run.len())).collect();
            lines.push(format!(
                "{}{value} {}{drawn}",
                padded("", VALUES.saturating_sub(width(&value))),
                inked(FAINT, edge)
            ));
        }
        let ticks = self.ticks();
        lines.push(format!("{} {}", padded("", VALUES), inked(FAINT, &ticks.0)));
        lines.push(format!("{} {}", padded("", VALUES), ticks.1));
        lines
    }

    /// The axis of true time: the line with its ticks, and the moments below them.
    fn ticks(&self) -> (String, String) {
        let end = i64::try_from(self.end).unwrap_or(i64::MAX);
        let mut line = vec!['─'; self.columns + 1];
        line[0] = '└';
        let mut words = String::new();
        for moment in axis::round_values(0, end, (self.columns / 14).max(1)) {
            let place = u128::from(moment.unsigned_abs()) * (self.columns as u128 - 1) / u128::from(self.end.max(1));
            let place = usize::try_from(place).unwrap_or(0) + 1;
            let text = axis::span_words(moment.unsigned_abs());
            let last = (self.columns + 1).saturating_sub(width(&text));
            let begin = place.saturating_sub(width(&text) / 2).min(last);
            if begin < width(&words) + usize::from(!words.is_empty()) {
                continue;
            }
            line[place.min(self.columns)] = '┴';
            words = format!("{}{text}", padded(&words, begin));
        }
        (line.into_iter().collect(), words)
    }

    fn drawn(&self, cell: Cell, count: usize) -> String {
        let (sign, ink) = match cell {
            Cell::Blank => (' ', PLAIN),
            Cell::Zero => ('·', FAINT),
            Cell::Band => ('░', FAINT),
            Cell::Clock(index) => (self.signs[index], INKS[index % INKS.len()]),
            Cell::Several => ('*', PLAIN),
        };
        inked(ink, &sign.to_string().repeat(count))
    }
}

/// The least and the most of a band at `at`, if it reaches there.
fn around(band: &Band, at: u64) -> Option<(i64, i64)> {
    let after = band.points.partition_point(|&(time, ..)| time <= at);
    let (&(from, low, high), &(to, low_then, high_then)) =
        (band.points.get(after.checked_sub(1)?)?, band.points.get(after)?);
    let part = |first: i64, last: i64| {
        let change = i128::from(last - first) * i128::from(at - from) / i128::from((to - from).max(1));
        first + i64::try_from(change).unwrap_or(0)
    };
    Some((part(low, low_then), part(high, high_then)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_shows_each_clock_in_its_band() {
        let series = |node: &str, end| Series {
            node: node.to_owned(),
            counts_from: Some(0),
            points: vec![(0, 0), (1_000, end)],
        };
        let band = Band { nodes: vec!["ann".to_owned()], points: vec![(0, 0, 0), (1_000, -1_000_000, 1_000_000)] };
        let chart = Chart {
            title: "Clocks".to_owned(),
            unit: "ns",
            bound: Some("2ρT"),
            series: vec![series("ann", 500_000), series("bob", -500_000)],
            bands: vec![band],
        };
        let grid = Grid::new(&chart, 1_000, 24);
        let lines = grid.lines(&grid.cells());
        let lines: Vec<String> = lines.iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
        assert_eq!(lines, EXPECT);
    }

    #[test]
    fn clocks_have_their_initials_if_these_differ() {
        let of = |names: &[&str]| {
            let series =
                names.iter().map(|&node| Series { node: node.to_owned(), counts_from: None, points: Vec::new() });
            signs(&series.collect::<Vec<_>>()).into_iter().collect::<String>()
        };
        assert_eq!(of(&["oslo", "tokyo"]), "ot");
        assert_eq!(of(&["bob", "ben", "carol"]), "abc");
    }

    const EXPECT: [&str; 13] = [
        "       +1 ms ┤                        ",
        "             │                   ░░░░░",
        "             │              ░░░░░░░░░░",
        "     +500 µs ┤          ░░░░aaaaaaaaaa",
        "             │     aaaaaaaaa░░░░░░░░░░",
        "           0 ┤*****░░░░░░░░░░░░░░░░░░░",
        "             │     bbbbbbbbb░░░░░░░░░░",
        "             │          ░░░░bbbbbbbbbb",
        "     −500 µs ┤              ░░░░░░░░░░",
        "             │                   ░░░░░",
        "       −1 ms ┤                        ",
        "             └┴──────────────────────┴",
        "              0                   1 µs",
    ];
}
