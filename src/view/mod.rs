//! Views: functions of a report, and of nothing else.

pub mod mermaid;
pub mod spacetime;
pub mod svg;

mod flight;
#[cfg(test)]
mod tests;
mod text;
