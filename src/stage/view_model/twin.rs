//! The other run of a pair that looks the same to one node: what the page asks for, to show both.

use serde::Serialize;

use crate::scenario::{Scenario, Twin};

/// A run's twin.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct TwinShown<'a> {
    /// The node that cannot tell the two runs apart.
    node: usize,
    /// The scenario of the other run; this one if it is null.
    run: Option<&'a str>,
    /// What is changed in it, as `try` writes it.
    flags: Option<&'a str>,
    /// What this run is beside the other; its title if it is null.
    this: Option<&'a str>,
    /// What the other run is; its title if it is null.
    other: Option<&'a str>,
    /// The moment up to which they look the same; the end if it is null.
    until: Option<u64>,
}

/// The twin that the scenario names.
pub(super) fn of(scenario: &Scenario) -> Option<TwinShown<'_>> {
    let Twin { node, run, flags, this, other, until, .. } = scenario.story.twin.as_ref()?;
    Some(TwinShown {
        node: node.index(),
        run: run.as_deref(),
        flags: flags.as_deref(),
        this: this.as_deref(),
        other: other.as_deref(),
        until: until.map(|until| until.ns()),
    })
}
