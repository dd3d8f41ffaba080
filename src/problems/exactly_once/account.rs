//! The account of a run: for each order, how often it was sent, delivered, processed, charged and
//! acknowledged.
//!
//! These are the numbers that must agree. The table is made from the trace alone; where a row's
//! charges are not one, its remark names the event that is to blame.

use crate::check::{Row, Run, Table};
use crate::process::Value;
use crate::trace::EventKind;

use super::guilt::Case;
use super::tally::order_of;

const COLUMNS: &[&str] = &["order", "sent", "delivered", "processed", "charged", "acknowledged"];
/// The outputs and notes that the columns count; the first says that there is such an order.
const COUNTED: [&str; COLUMNS.len()] = ["ordered", "sent", "received", "processed", "charged", "acknowledged"];
/// Where the orders themselves and their charges are among them.
const ORDERED: usize = 0;
const CHARGED: usize = 4;

/// The account as a table, one row per order.
pub(super) fn table(run: &Run<'_>) -> Table {
    let counts = counts(run);
    let case = Case::new(run);
    let row = |(order, counts): (u32, &[i64; COLUMNS.len()])| {
        let mut cells: Vec<Value> = counts.iter().map(|&count| Value::Number(count)).collect();
        cells[ORDERED] = Value::Number(i64::from(order));
        let remark = match counts[CHARGED] {
            0 => case.why_never(order).sentence,
            1 if counts[ORDERED] == 0 => case.why_phantom(order).sentence,
            1 => String::new(),
            _ => case.why_again(order).sentence,
        };
        Row { cells, remark }
    };
    let rows = (0..).zip(&counts).skip(1).filter(|(_, counts)| counts.iter().any(|&count| count > 0));
    Table { title: "Orders and charges", columns: COLUMNS, rows: rows.map(row).collect() }
}

/// What the columns count, for each order by its number.
fn counts(run: &Run<'_>) -> Vec<[i64; COLUMNS.len()]> {
    let mut counts: Vec<[i64; COLUMNS.len()]> = Vec::new();
    for event in &run.trace.events {
        let (EventKind::Output(said) | EventKind::Noted(said)) = event.what else { continue };
        let Some(column) = COUNTED.iter().position(|&name| name == said.name) else { continue };
        let Some(order) = order_of(said, said.name) else { continue };
        if order as usize >= counts.len() {
            counts.resize(order as usize + 1, [0; COLUMNS.len()]);
        }
        counts[order as usize][column] += 1;
    }
    counts
}
