//! Runs tests that have names of their own as the standard library's harness does: several filters
//! are taken, of which libtest-mimic takes one.

use libtest_mimic::{Arguments, Conclusion, Trial};

/// The options that a value follows, unless it stands behind a `=`.
const WITH_VALUE: [&str; 6] = ["--test-threads", "--skip", "--color", "--format", "--logfile", "-Z"];

/// Runs the tests that the program's arguments ask for, on so many threads if it says how many.
pub(crate) fn run(mut trials: Vec<Trial>, threads: Option<usize>) -> (Arguments, Conclusion) {
    let (mut arguments, filters) = arguments(std::env::args());
    arguments.test_threads = threads.or(arguments.test_threads);
    let is_named = |name: &str, filter: &str| if arguments.exact { name == filter } else { name.contains(filter) };
    trials.retain(|trial| filters.is_empty() || filters.iter().any(|filter| is_named(trial.name(), filter)));
    let conclusion = libtest_mimic::run(&arguments, trials);
    (arguments, conclusion)
}

/// The program's arguments, with the filters by themselves.
fn arguments(mut words: impl Iterator<Item = String>) -> (Arguments, Vec<String>) {
    let mut options: Vec<String> = words.next().into_iter().collect();
    let mut filters = Vec::new();
    while let Some(word) = words.next() {
        if !word.starts_with('-') {
            filters.push(word);
        } else if WITH_VALUE.contains(&word.as_str()) {
            options.push(word);
            options.extend(words.next());
        } else {
            options.push(word);
        }
    }
    (Arguments::from_iter(options), filters)
}
