//! The figures that the problems' literature fixes, through the public interface: counts exactly,
//! probabilities within 4.5 standard deviations. A module a problem.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod byzantine_generals;
mod clock_skew;
mod exactly_once;
mod exactly_once_barriers;
mod figures;
mod folds;
mod guards;
mod ordering;
mod overload;
mod skew;
mod theories;
mod two_generals;
