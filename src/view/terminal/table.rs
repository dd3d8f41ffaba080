//! A protocol's table of the run. Rows with something to remark come first to their right to be
//! shown.

use crate::check::{Row, Table};
use crate::process::Value;
use crate::report::Report;

use super::columns::Columns;
use super::section;
use super::style::{BAD, FAINT, grouped, inked, wrapped};

/// As many rows as are shown.
const MOST_ROWS: usize = 20;

/// The table, if there is one.
pub(super) fn table(report: &Report, columns: usize) -> String {
    let Some(table) = &report.table else { return String::new() };
    if table.rows.is_empty() {
        return String::new();
    }
    let rows = shown(&table.rows);
    let words = (0..table.columns.len()).take_while(|&column| table.is_of_nodes(column)).count();
    let columns_of = Columns {
        head: table.columns.iter().map(|&name| name.to_owned()).collect(),
        rows: rows.iter().map(|row| cells(report, table, row)).collect(),
        keys: words.max(1),
        words,
    };
    let mut lines = Vec::new();
    for (at, block) in columns_of.blocks(columns.saturating_sub(4)).iter().enumerate() {
        if at > 0 {
            lines.push(String::new());
        }
        lines.push(inked(FAINT, &format!("  {}", block.head)));
        for (row, line) in rows.iter().zip(&block.lines) {
            let sign = if row.remark.is_empty() { "  ".to_owned() } else { inked(BAD, "✗ ") };
            lines.push(format!("{sign}{line}"));
            // What is wrong is said once.
            if at == 0 && !row.remark.is_empty() {
                lines.extend(wrapped(&row.remark, columns.saturating_sub(6)).iter().map(|line| format!("    {line}")));
            }
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
        let rows = if left == 1 { "row" } else { "rows" };
        lines.push(inked(FAINT, &format!("  … and {} more {rows}{wrong}", grouped(left as u64))));
    }
    section(table.title, lines)
}

/// The rows that are shown, in their order: those with a remark, and as many others as there is
/// room for.
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

/// A row's cells as text, the nodes by their names.
fn cells(report: &Report, table: &Table, row: &Row) -> Vec<String> {
    let names = &report.trace.names;
    let cell = |(column, value): (usize, &Value)| match value {
        Value::Number(number) if table.is_of_nodes(column) => {
            let index = usize::try_from(number - 1).unwrap_or(usize::MAX);
            names.iter().nth(index).map_or_else(|| value.to_string(), str::to_owned)
        }
        value => value.to_string(),
    };
    row.cells.iter().enumerate().map(cell).collect()
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
