//! The server of the stage as its clients meet it, the hostile ones too.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

mod challenges;
mod client;
mod hostile;
mod limits;
mod program;
mod room;
mod routes;
mod surveys;
mod wall;
