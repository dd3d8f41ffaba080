//! A toolkit for learning distributed systems.
pub mod check;
pub mod problems;
pub mod process;
pub mod report;
pub mod scenario;
pub mod sim;
pub mod time;
pub mod trace;
