//! Views: functions of a report, and of nothing else.

pub mod flight;
pub mod mermaid;
pub mod perfetto;
pub mod shell;
pub mod shiviz;
pub mod spacetime;
pub mod svg;
pub mod terminal;
pub mod trace_lines;

mod sentence;
#[cfg(test)]
mod tests;
mod text;
