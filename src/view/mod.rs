//! Views: functions of a report, and of nothing else.

pub mod mermaid;
pub mod shell;
pub mod spacetime;
pub mod svg;
pub mod terminal;
pub mod trace_lines;

mod axis;
mod flight;
#[cfg(test)]
mod tests;
mod text;
