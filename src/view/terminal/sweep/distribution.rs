//! How a measure was distributed: its values, how many runs had each, and how many had at least so
//! much.

use crate::explore::sweep::{Figure, Plan, Row, Tail, tails};
use crate::view::numbers::{in_unit, short};

use super::super::section;
use super::super::style::{FAINT, grouped, inked, width, wrapped};
use super::{Table, lines_of};

/// The columns of the longest bar.
const BAR: usize = 24;

/// A table of the distribution at each point, from the least value to the greatest.
pub(super) fn distribution(plan: &Plan, name: &str, figured: &[(&Row, &Figure)], columns: usize) -> String {
    let mut table = Table::new(plan, &["value", "runs", "share", "at least", "from", "to"]);
    let mut bars = Vec::new();
    for (row, figure) in figured {
        for tail in tails(&figure.bins) {
            let share = tail.bin.runs as f64 / figure.n as f64;
            table.add(row, cells(&tail, share, figure.measure.unit));
            bars.push("█".repeat((share * BAR as f64).round() as usize));
        }
    }
    let blocks = table.blocks(columns.saturating_sub(4));
    let mut shown = lines_of(&blocks, &vec![false; bars.len()]);
    if let [block] = &blocks[..]
        && width(&block.head) + 6 + BAR <= columns
    {
        shown.iter_mut().skip(1).zip(bars).for_each(|(line, bar)| *line = format!("{line}  {bar}"));
    }
    let says = "at least: the share of runs with this value or more; from and to are its 95 % interval.";
    shown.extend(wrapped(says, columns.saturating_sub(4)).iter().map(|line| inked(FAINT, &format!("  {line}"))));
    section(&format!("{name}: how it is distributed"), shown)
}

fn cells(tail: &Tail, share: f64, unit: &str) -> Vec<String> {
    let value = |value: i64| in_unit(value as f64, unit);
    let (low, high) = (value(tail.bin.low), value(tail.bin.high));
    let range = if low == high { low } else { format!("{low} to {high}") };
    let interval = tail.interval;
    vec![range, grouped(tail.bin.runs), short(share), short(tail.share), short(interval.low), short(interval.high)]
}
