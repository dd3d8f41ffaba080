//! The same tests of each of many scenarios, and tests of all of them together.
//!
//! A test is named by its scenario: `two_generals::one_storm::is_solved_by_its_par`.

use dsys::library::Story;
use libtest_mimic::Trial;

#[path = "harness.rs"]
mod harness;

/// A test of a scenario, with its name.
pub(crate) type OfEach = (&'static str, fn(&Story));

/// A test of all scenarios, with its name.
pub(crate) type OfAll = (&'static str, fn());

/// Runs the tests of each of these scenarios and those of all, and ends the program.
pub(crate) fn run<'a>(stories: impl IntoIterator<Item = &'a Story>, of_each: &[OfEach], of_all: &[OfAll]) -> ! {
    let mut trials = Vec::new();
    for story in stories {
        let path = story.path().replace('/', "::").replace('-', "_");
        for &(name, test) in of_each {
            let story = story.clone();
            trials.push(trial(format!("{path}::{name}"), move || test(&story)));
        }
    }
    trials.extend(of_all.iter().map(|&(name, test)| trial(name.to_owned(), test)));
    assert!(trials.len() > of_all.len(), "there is no scenario to test");
    harness::run(trials, None).1.exit()
}

fn trial(name: String, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
