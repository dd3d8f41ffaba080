//! Memory of the program, which says so where there is not enough.
//!
//! Without this, a run that outgrows the machine ends in an abort with a backtrace. The standard
//! library's own way to be told, `set_alloc_error_hook`, is not stable; an allocator that wraps the
//! system's is.

#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;

use super::output::unfinished;

/// The system's allocator. Where it has no more to give, the program ends with a sentence and exit
/// code 3.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory;

// SAFETY: every call is the system's allocator's own, and the program ends where that fails.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps to what `GlobalAlloc` asks for; so below.
        had(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: see above.
        had(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: see above.
        had(unsafe { System.realloc(memory, layout, size) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: see above.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[inline]
fn had(memory: *mut u8) -> *mut u8 {
    if memory.is_null() {
        end();
    }
    memory
}

const SENTENCE: &[u8] = b"error: there is not enough memory\n  \
    a run that is looked at keeps each of its events: `--set limits.events=1000000` keeps fewer\n";

#[cold]
fn end() -> ! {
    // Nothing here asks for memory. Standard error has no buffer.
    let _ = std::io::stderr().write_all(SENTENCE);
    unfinished::take_away();
    std::process::exit(3);
}
