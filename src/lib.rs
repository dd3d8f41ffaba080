//! dsys: a toolkit for learning distributed systems.
//!
//! The classic hard problems run as scenarios with injected failures, and every run says in a
//! sentence why a property holds or does not. A scenario is a TOML file; the way of the data is
//!
//! ```text
//! scenario.toml ─▶ Scenario ─▶ problem (typed) ─▶ sim ─▶ Trace ─▶ properties ─▶ Report ─▶ terminal │ svg │ json
//!                              the only generic part      plain data from here on
//! ```
//!
//! A route through the code, in reading order. Each module imports only from those above it.
//!
//! - `arrange`: lists put in order, by one sort for all types.
//! - [`time`]: true time, a node's clock, and spans; integers, all three.
//! - [`process`]: all that the author of a protocol must know.
//! - [`scenario`]: a TOML file becomes a [`scenario::Scenario`], or errors that point at their
//!   place.
//! - [`trace`]: what happened, as plain data.
//! - [`sim`]: the event loop, and in [`sim::choice`] all that chance or an enemy decides.
//! - [`check`]: properties, verdicts and measures.
//! - [`problems`]: the registry; one folder a problem, one file a protocol.
//! - [`report`]: [`report::run`], the one door that everything goes through.
//! - [`explore`]: many runs of a scenario: how often something happens, beside what theory says,
//!   and the worst case.
//! - [`view`]: the report as terminal text, space-time diagram, Mermaid, JSON lines.
//! - `bench`: the engine measured against hand-written loops.
//! - [`library`]: scenarios and notes, those that ship in the binary and those of a folder, and the
//!   path through them.
//! - [`notes`]: the meetup's notes: read, checked, shown, built into a site.
//! - [`stage`]: the page for presenters, and the server that it comes from.
//! - [`cli`]: one file a subcommand.
//!
//! Each of the features `cli`, `stage` and `notes` enables the module of that name. `cli` enables
//! the other two and builds the program. `engine` is what of the stage needs no server, and is in
//! `stage`. Without features everything else is there; that and the engine also on wasm32.
//!
//! What holds everywhere in this crate (a test, `tests/tidy.rs`, watches what can be watched):
//!
//! 1. The modules down to [`view`] do no I/O, read no clock, never sleep, are not async, and draw
//!    chance only through [`sim::choice`]. Only [`explore`] uses threads.
//! 2. A process cannot learn true time: it gets a [`time::Reading`] of its own clock, and
//!    [`time::Time`] is another type.
//! 3. A protocol has no branch for being a traitor, losing or crashing: faults are the simulator's.
//! 4. Views and properties never look into a process's memory or run a protocol's rules again: the
//!    trace says everything.
//! 5. The same seed gives the same bytes on every machine: no iteration over a hash map or set, no
//!    `std::hash` in a digest, no float in time, and no `exp`, `ln` or `powf` of the standard
//!    library where it can reach a trace.

// `params!` names what it needs of this crate, in the crate itself and in others alike.
extern crate self as dsys;

#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
use std::process::ExitCode;

/// The crate that makes schemas, for what [`params!`] and `#[derive(JsonSchema)]` expand to.
#[doc(hidden)]
pub use schemars;

mod arrange;
#[doc(hidden)]
pub mod bench;
pub mod check;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
pub mod explore;
pub mod library;
#[cfg(feature = "notes")]
pub mod notes;
pub mod problems;
pub mod process;
pub mod report;
pub mod scenario;
pub mod sim;
#[cfg(feature = "engine")]
pub mod stage;
pub mod time;
pub mod trace;
pub mod view;

/// The whole program, for the problems of a registry: does what the arguments say, and returns the
/// exit code.
///
/// A crate of your own has `fn main() -> ExitCode { dsys::main(REGISTRY) }`, and with it the
/// command line, sweeps, searches, the stage and the notes for its own protocols.
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub fn main(registry: problems::Registry) -> ExitCode {
    match cli::run(registry) {
        Ok(outcome) => outcome.exit_code(),
        Err(error) => cli::report(&error),
    }
}
