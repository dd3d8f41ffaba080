//! Ctrl-C in the middle of long work: the first asks for what is known, the second ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use super::exit::INTERRUPTED;

static CAME: AtomicBool = AtomicBool::new(false);

/// Takes note of Ctrl-C from now on.
pub(super) fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if CAME.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
    })
    .context("Ctrl-C cannot be listened for")
}

/// Whether it came.
pub(super) fn came() -> bool {
    CAME.load(Ordering::Relaxed)
}
