//! The engine measured against a hand-written loop: the same workloads, written twice.
//!
//! [`workload`] has protocols that do nothing but send, run by the engine as any protocol is.
//! `floor`, `oral` and `chain` have the same workloads as loops without an engine: the same queue,
//! the same draws, the same digest, and nothing that a workload does not need. Both count the same
//! deliveries and end with the same digest, so that what lies between their times is what the
//! engine costs. `cargo bench` prints the ratios; `benches/README.md` says how to read them.

mod chain;
mod floor;
pub mod growth;
mod oral;
pub mod workload;
mod world;

pub use workload::{Outcome, Unit, WORKLOADS, Workload};
