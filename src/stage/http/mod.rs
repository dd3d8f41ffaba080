//! The stage's server: who asks, whose turn it is, and answers as HTTP.

mod answer;
mod asker;
pub(super) mod assets;
mod body;
mod cache;
mod comments;
mod connections;
pub(super) mod guard;
mod limiter;
pub(super) mod notes;
mod queue;
pub(super) mod reach;
mod routes;
mod runs;
pub(super) mod server;
pub(super) mod shared;
mod size;
mod stop;
pub(super) mod stream;
mod surveys;
