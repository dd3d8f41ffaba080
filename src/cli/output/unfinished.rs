//! Files that are being written beside their final place. Code that ends the program early removes
//! them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

static FILES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A file that is being written; known as long as this lives.
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    pub(super) fn new(path: &Path) -> Unfinished {
        FILES.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        Unfinished(path.to_owned())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        FILES.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Takes away what is not finished, as far as that goes: the program is about to end.
pub(crate) fn take_away() {
    // The thread that ran out of memory may hold the lock.
    let Ok(files) = FILES.try_lock() else { return };
    for path in files.iter() {
        let _ = std::fs::remove_file(path);
    }
}
