//! Theorems as properties, both ways: within the bounds no run breaks them, whatever the traitors
//! and the weather do; out of bounds some run does. A module a problem.

#[path = "../support/mod.rs"]
mod support;

mod byzantine_generals;
mod folds;
mod rest;
