//! Signals that end the program: SIGINT of Ctrl-C, SIGTERM of schedulers, SIGHUP of a terminal that
//! closes.
//!
//! A signal ends the program at once, except where work has said that it knows something worth
//! keeping: there the first signal asks for what is known, and the second ends the program. What is
//! half-written is taken away in either case.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::output::unfinished;

/// A signal that asked the program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal(i32);

impl Signal {
    /// The exit code of a program that it has ended, as shells count it: 130, 143 or 129.
    pub fn exit_code(self) -> u8 {
        u8::try_from(128 + self.0).unwrap_or(u8::MAX)
    }
}

/// The number of the signal that asked; 0 before one has.
static CAME: AtomicI32 = AtomicI32::new(0);
/// Whether the next signal asks, instead of ending the program.
static ASKS: AtomicBool = AtomicBool::new(false);
/// What is done when a signal asks.
static WAKE: Mutex<Option<Box<dyn FnOnce() + Send>>> = Mutex::new(None);

/// From now on the next signal only asks: the caller looks at [`came`] and ends soon with what it
/// knows.
pub(super) fn ask() {
    ASKS.store(true, Ordering::Relaxed);
}

/// The same for a caller that waits for something else than time to pass: it is woken.
pub(super) fn ask_and_wake(wake: impl FnOnce() + Send + 'static) {
    *WAKE.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(wake));
    ask();
}

/// The signal that asked, if one has.
pub(super) fn came() -> Option<Signal> {
    match CAME.load(Ordering::Relaxed) {
        0 => None,
        number => Some(Signal(number)),
    }
}

fn heard(number: i32) {
    if ASKS.swap(false, Ordering::Relaxed) {
        CAME.store(number, Ordering::Relaxed);
        if let Some(wake) = WAKE.lock().unwrap_or_else(PoisonError::into_inner).take() {
            wake();
        }
        return;
    }
    unfinished::take_away();
    std::process::exit(Signal(number).exit_code().into());
}

/// Listens for signals from now on.
#[cfg(unix)]
pub(super) fn listen() -> anyhow::Result<()> {
    use anyhow::Context;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;

    let cannot = "signals cannot be listened for";
    // Once somebody listens for it, a file that grows beyond `ulimit -f` is an error of the write
    // and no sudden death.
    static GREW: AtomicBool = AtomicBool::new(false);
    signal_hook::flag::register(SIGXFSZ, &GREW).context(cannot)?;
    let mut signals = Signals::new([SIGINT, SIGTERM]).context(cannot)?;
    if !is_ignored(SIGHUP) {
        signals.add_signal(SIGHUP).context(cannot)?;
    }
    let thread = std::thread::Builder::new().name("signals".to_owned());
    thread.spawn(move || signals.forever().for_each(heard)).context(cannot)?;
    Ok(())
}

/// Whether this program was started with a signal ignored, as `nohup` does with SIGHUP.
#[cfg(unix)]
#[allow(unsafe_code, reason = "no safe interface tells what becomes of a signal without changing it")]
fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: with no new action given, `sigaction` only writes the present one to where it is
    // told, or fails.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

/// Listens for Ctrl-C from now on.
#[cfg(windows)]
pub(super) fn listen() -> anyhow::Result<()> {
    use anyhow::Context;
    const SIGINT: i32 = 2;
    ctrlc::set_handler(|| heard(SIGINT)).context("Ctrl-C cannot be listened for")
}

/// Where there are no signals, none are heard.
#[cfg(not(any(unix, windows)))]
pub(super) fn listen() -> anyhow::Result<()> {
    Ok(())
}
