//! The worst case is found where there is one, and ruled out where there is none. A module a
//! question: what is found, whether it is found in order, and what is said of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod order;
mod saved;
mod truths;

use std::ops::ControlFlow;

use dsys::explore::search::{Answer, Effort, search};
use dsys::problems::Bound;
use dsys::scenario::{EnemyMay, SearchSpec};

/// An enemy who may do this, against one property.
fn enemy(may: &[EnemyMay], property: &str) -> SearchSpec {
    SearchSpec {
        may: may.to_vec(),
        at_most: None,
        property: Some(property.to_owned()),
        delays: Vec::new(),
        downtimes: Vec::new(),
        pauses: Vec::new(),
        points: Vec::new(),
    }
}

fn answer_with(scenario: &Bound, spec: &SearchSpec, effort: Effort) -> Answer {
    search(scenario, spec, effort, &|_| ControlFlow::Continue(())).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

fn answer(scenario: &Bound, spec: &SearchSpec) -> Answer {
    answer_with(scenario, spec, Effort::DEFAULT)
}

/// What was found, as one would force it; `None` if nothing was.
fn found(scenario: &Bound, answer: &Answer) -> Option<Vec<String>> {
    let names = &scenario.names;
    let shown = |(choice, decision): &(dsys::scenario::Choice, dsys::scenario::Decision)| {
        format!("{}={}", choice.name(names), decision.option(names))
    };
    answer.found.as_ref().map(|found| found.departures.iter().map(shown).collect())
}
