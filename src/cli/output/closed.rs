//! Whether standard output was closed when the program began, as by `dsys run … >&-`.
//!
//! Before `main` the standard library opens /dev/null wherever it finds a standard stream closed,
//! so that no other file gets its number. What is written there afterwards is lost without an
//! error: so it has to be asked earlier.

use std::sync::atomic::{AtomicBool, Ordering};

static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether there is no standard output.
pub(super) fn is_closed() -> bool {
    WAS_CLOSED.load(Ordering::Relaxed)
}

#[cfg(unix)]
#[allow(unsafe_code, reason = "what runs before `main` must not lean on the standard library, and this does not")]
mod before_main {
    use std::sync::atomic::Ordering;

    #[ctor::ctor(unsafe)]
    fn look() {
        // SAFETY: this only asks for the flags of a number, which may be that of no file.
        let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
        super::WAS_CLOSED.store(flags == -1, Ordering::Relaxed);
    }
}
