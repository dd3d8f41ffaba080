//! On which cores work is done: on all of them, on one, or in a browser on the one that there is.

#[cfg(not(target_arch = "wasm32"))]
mod several {
    use rayon::prelude::*;
    use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

    /// Does work that would take all cores on one thread, and leaves the others to others.
    ///
    /// # Errors
    ///
    /// When the system has no thread for it.
    pub fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, ThreadPoolBuildError> {
        Ok(ThreadPoolBuilder::new().num_threads(1).build()?.install(work))
    }

    /// Does work for each of these on all cores, at a bench of each core's own. Returns what came
    /// of it in their order, or an error if there was one.
    pub(crate) fn for_each<I: Sync, B, T: Send, E: Send>(
        items: &[I],
        bench: impl Fn() -> B + Sync + Send,
        work: impl Fn(&mut B, &I) -> Result<T, E> + Sync + Send,
    ) -> Result<Vec<T>, E> {
        items.par_iter().map_init(bench, work).collect()
    }
}

#[cfg(target_arch = "wasm32")]
mod several {
    use std::convert::Infallible;

    /// Does work on the one thread that there is.
    ///
    /// # Errors
    ///
    /// None: nothing has to be started.
    pub fn on_one_thread<T>(work: impl FnOnce() -> T) -> Result<T, Infallible> {
        Ok(work())
    }

    /// Does work for each of these in their order, at one bench. Returns what came of it, or the
    /// first error.
    pub(crate) fn for_each<I, B, T, E>(
        items: &[I],
        bench: impl Fn() -> B,
        work: impl Fn(&mut B, &I) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let mut bench = bench();
        items.iter().map(|item| work(&mut bench, item)).collect()
    }
}

pub(crate) use several::for_each;
pub use several::on_one_thread;
