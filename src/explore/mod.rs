//! Many runs of one scenario: what a single run, which is an anecdote, cannot tell.
//!
//! [`sweep`] asks how often: many seeds at every point of a grid of settings, beside what theory
//! says. The intervals and the exact sums that its answers are made of are in [`stats`]. [`search`]
//! asks whether it can happen at all, and what is the least that must go wrong. [`challenge`] asks
//! both of what somebody has changed. [`wall`] shows the runs themselves, a cell a seed.

pub mod challenge;
mod cores;
pub mod search;
pub mod stats;
pub mod sweep;
pub mod wall;

pub use cores::on_one_thread;
