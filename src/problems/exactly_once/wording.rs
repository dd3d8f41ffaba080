//! How orders are told: as numbers in the trace, and counted in words.

use crate::process::Value;

/// The number of an order as the trace has it.
pub(super) const fn number(order: u32) -> Value {
    Value::Number(order as i64)
}

/// "1 order", "7 orders".
pub(super) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
