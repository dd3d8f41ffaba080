//! Views: functions of a report, and of nothing else.

pub mod flight;
pub mod mermaid;
pub mod shell;
pub mod spacetime;
pub mod svg;
pub mod terminal;
pub mod trace_lines;

#[cfg(test)]
mod tests;
mod text;
