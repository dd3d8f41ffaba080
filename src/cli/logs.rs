//! What happens inside, told on standard error: steps with -v, every event with -vv.
//!
//! Events of a run carry their simulated time. The wall clock is left out: it would differ from run
//! to run, and says nothing about the scenario.

use tracing::level_filters::LevelFilter;

/// Begins to tell, as much as was asked for.
pub(super) fn begin(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let colours = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(colours)
        .with_target(false)
        .without_time()
        .with_writer(std::io::stderr)
        .init();
}
