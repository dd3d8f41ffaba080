//! A protocol's table of the run. Rows with something to remark come first to their right to be shown.

use crate::check::Row;
use crate::report::Report;

use super::section;
use super::style::{BAD, FAINT, grouped, inked, padded, width, wrapped};

/// As many rows as are shown.
const MOST_ROWS: usize = 20;

/// The table, if there is one.
pub(super) fn table(report: &Report, columns: usize) -> String {
    let Some(table) = &report.table else { return String::new() };
    if table.rows.is_empty() {
        return String::new();
    }
    let rows = shown(&table.rows);
    let cells = |row: &Row| row.cells.iter().map(ToString::to_string).collect::<Vec<_>>();
    let widths: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .map(|(column, name)| {
            let widest = rows.iter().map(|row| cells(row).get(column).map_or(0, |cell| width(cell))).max();
            width(name).max(widest.unwrap_or(0))
        })
        .collect();
    let names: Vec<String> = table.columns.iter().map(|&name| name.to_owned()).collect();
    let mut lines = vec![inked(FAINT, &format!("  {}", aligned(&names, &widths)))];
    for row in &rows {
        let sign = if row.remark.is_empty() { "  ".to_owned() } else { inked(BAD, "✗ ") };
        lines.push(format!("{sign}{}", aligned(&cells(row), &widths)));
        if !row.remark.is_empty() {
            lines.extend(wrapped(&row.remark, columns.saturating_sub(6)).iter().map(|line| format!("    {line}")));
        }
    }
    let left = table.rows.len() - rows.len();
    if left > 0 {
        let all = table.rows.iter().filter(|row| !row.remark.is_empty()).count();
        let unseen = all - rows.iter().filter(|row| !row.remark.is_empty()).count();
        let wrong = if unseen > 0 {
            format!(", {} of them with something wrong", grouped(unseen as u64))
        } else {
            String::new()
        };
        lines.push(inked(FAINT, &format!("  … and {} more rows{wrong}", grouped(left as u64))));
    }
    section(table.title, lines)
}

/// The rows that are shown, in their order: those with a remark, and as many others as there is room for.
fn shown(rows: &[Row]) -> Vec<&Row> {
    let guilty = rows.iter().filter(|row| !row.remark.is_empty()).take(MOST_ROWS).count();
    let (mut guilty_left, mut others_left) = (guilty, MOST_ROWS - guilty);
    let take = |row: &&Row| {
        let left = if row.remark.is_empty() { &mut others_left } else { &mut guilty_left };
        let fits = *left > 0;
        *left -= usize::from(fits);
        fits
    };
    rows.iter().filter(take).collect()
}

fn aligned(cells: &[String], widths: &[usize]) -> String {
    let cell = |(cell, &room): (&String, &usize)| format!("{}{cell}", padded("", room - width(cell).min(room)));
    cells.iter().zip(widths).map(cell).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(remarked: impl Fn(usize) -> bool) -> Vec<Row> {
        let row =
            |index| Row { cells: Vec::new(), remark: if remarked(index) { "!".to_owned() } else { String::new() } };
        (0..100).map(row).collect()
    }

    #[test]
    fn a_row_with_a_remark_is_shown_before_one_without() {
        let few = rows(|index| index == 77 || index == 99);
        assert_eq!(shown(&few).len(), MOST_ROWS);
        assert_eq!(shown(&few).iter().filter(|row| !row.remark.is_empty()).count(), 2);
        let many = rows(|index| index % 2 == 1);
        assert!(shown(&many).len() == MOST_ROWS && shown(&many).iter().all(|row| !row.remark.is_empty()));
    }
}
