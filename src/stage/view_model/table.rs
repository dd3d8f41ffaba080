//! The table of a run as the page shows it: nodes by their names, and lengths of time in words.

use serde::Serialize;

use super::Shown;
use crate::check::{Row, Table};
use crate::process::{Names, Value};
use crate::report::Report;

/// A table of a run.
#[derive(Debug, Serialize)]
pub(super) struct TableShown<'a> {
    title: &'a str,
    columns: &'a [&'a str],
    rows: Vec<RowShown<'a>>,
}

#[derive(Debug, Serialize)]
struct RowShown<'a> {
    cells: Vec<Shown>,
    /// What is wrong with it; empty where nothing is.
    remark: &'a str,
}

/// The table of a run, if it has one.
pub(super) fn table(report: &Report) -> Option<TableShown<'_>> {
    let names = &report.trace.names;
    let table = report.table.as_ref()?;
    let row =
        |row: &'_ Row| row.cells.iter().enumerate().map(|(column, &value)| cell(table, names, column, value)).collect();
    let rows = table.rows.iter().map(|shown| RowShown { cells: row(shown), remark: &shown.remark });
    Some(TableShown { title: table.title, columns: table.columns, rows: rows.collect() })
}

fn cell(table: &Table, names: &Names, column: usize, value: Value) -> Shown {
    let node = value.number().filter(|_| table.is_of_nodes(column)).and_then(|number| usize::try_from(number - 1).ok());
    let name = node.and_then(|index| names.iter().nth(index));
    name.map_or_else(|| Shown::of(value), |name| Shown::Text(name.to_owned()))
}
