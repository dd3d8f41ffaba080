//! Views: functions of a report or of a sweep, and of nothing else.

pub mod called;
pub mod card;
pub mod challenge;
pub mod chart;
pub mod choices;
pub mod flight;
pub mod fork;
pub mod mermaid;
pub mod moments;
pub mod perfetto;
pub mod shell;
pub mod shiviz;
pub mod spacetime;
pub mod svg;
pub mod sweep_csv;
pub mod terminal;
pub mod trace_lines;
pub mod twin;

mod axis;
mod besides;
pub(crate) mod numbers;
mod sentence;
#[cfg(test)]
mod tests;
mod text;
mod windows;
