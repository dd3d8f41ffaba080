//! The benchmarks. Each is a file of its own beside this folder; `README.md` says what they measure
//! and what they found.
//!
//! They are a package of their own, so that nobody who tests dsys builds the model checker that its
//! search is measured beside.
