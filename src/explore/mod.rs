//! Many runs of one scenario: what a single run, which is an anecdote, cannot tell.
//!
//! [`sweep`] asks how often: many seeds at every point of a grid of settings, beside what theory
//! says. The intervals and the exact sums that its answers are made of are in [`stats`]. [`search`]
//! asks whether it can happen at all, and what is the least that must go wrong. [`challenge`] asks
//! both of what somebody has changed. [`wall`] shows the runs themselves, a cell a seed.

pub mod challenge;
pub mod search;
pub mod stats;
pub mod sweep;
pub mod wall;

use rayon::ThreadPoolBuildError;

/// Does work that would take all cores on one thread, and leaves the others to others.
///
/// # Errors
///
/// When the system has no thread for it.
#[cfg(not(target_arch = "wasm32"))]
pub fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, ThreadPoolBuildError> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(1).build()?.install(work))
}

/// Does work on the one thread that there is.
///
/// # Errors
///
/// None: nothing has to be started.
#[cfg(target_arch = "wasm32")]
pub fn on_one_thread<T>(work: impl FnOnce() -> T) -> Result<T, ThreadPoolBuildError> {
    Ok(work())
}
