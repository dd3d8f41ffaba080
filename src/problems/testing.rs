//! For the tests of protocols: a scenario from a few lines, and what is said of its run.

use super::{Bound, SHIPPED};
use crate::report::{self, Claims, Report};
use crate::scenario::Request;

/// A scenario of a problem that ships, over a network on which everything takes 10 ms. `text` is
/// the rest of the file, keys first; `force` settles choices by hand. What is wrong with it is an
/// error, a line each.
pub(crate) fn load(problem: &str, protocol: &str, text: &str, force: &[&str]) -> Result<Bound, String> {
    let text = format!(
        "title = \"A test\"\nproblem = \"{problem}\"\nprotocol = \"{protocol}\"\nnetwork.delay = \"10ms\"\n{text}\n"
    );
    let force: Vec<String> = force.iter().map(|&choice| choice.to_owned()).collect();
    let request = Request { force: &force, ..Request::new("test", &text) };
    SHIPPED.load(&request).map_err(|wrong| wrong.messages().collect::<Vec<_>>().join("\n"))
}

/// Runs a scenario in which all that is asked for happens.
pub(crate) fn report(scenario: &Bound) -> Report {
    let report = report::run(scenario, Claims::Always).unwrap();
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    report
}

/// The verdict of each property, in the protocol's order: `✓ Every node that stayed up decided.`
pub(crate) fn verdicts(report: &Report) -> Vec<String> {
    report.properties.iter().map(|judged| judged.verdict.to_string()).collect()
}
