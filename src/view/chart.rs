//! Charts.
use crate::explore::sweep::{Plan, Row};
/// To do.
pub fn render(_plan: &Plan, _rows: &[Row], _plot: &[String]) -> String {
    String::new()
}
