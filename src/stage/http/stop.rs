//! Whether work is still wanted: a flag for each request, which its work looks at while it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells work to end: because nobody waits for it any more, because its time is over, or because
/// the server ends.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    own: Arc<AtomicBool>,
    /// That of all work of the server.
    all: Arc<AtomicBool>,
}

impl Stop {
    /// That of a new request; `all` ends it, too.
    pub(super) fn new(all: &Arc<AtomicBool>) -> Stop {
        Stop { own: Arc::default(), all: Arc::clone(all) }
    }

    /// Ends the work.
    pub(super) fn set(&self) {
        self.own.store(true, Ordering::Relaxed);
    }

    /// Whether the work is to end.
    pub(super) fn is_set(&self) -> bool {
        self.own.load(Ordering::Relaxed) || self.all.load(Ordering::Relaxed)
    }

    /// Ends the work when this is dropped, as a request is whose client has gone.
    pub(super) fn when_dropped(&self) -> WhenDropped {
        WhenDropped(self.clone())
    }
}

/// See [`Stop::when_dropped`].
#[derive(Debug)]
pub(super) struct WhenDropped(Stop);

impl Drop for WhenDropped {
    fn drop(&mut self) {
        self.0.set();
    }
}
