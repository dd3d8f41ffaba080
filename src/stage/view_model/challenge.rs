//! The challenge of a scenario: what is to be reached, and what may be changed.

use serde::Serialize;

use crate::explore::challenge::keys;
use crate::problems::Bound;
use crate::view::challenge::{how_it_is_judged, meaning};

use super::knobs::{self, Setting};

/// A challenge as the page tells it. Its lesson is not here: the judge tells it once it is solved.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ChallengeShown<'a> {
    level: u8,
    goal: &'a str,
    must: Vec<MustShown<'a>>,
    change: Vec<ChangeShown<'a>>,
    par: u8,
    /// How hard it is and how it is judged, in words.
    judged: String,
    hints: &'a [String],
}

/// A condition that every run must meet, and what it means; nothing where it says so itself.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct MustShown<'a> {
    text: &'a str,
    says: &'static str,
}

/// A key that may be changed, its values, what it is in this run, and what it means.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ChangeShown<'a> {
    key: &'a str,
    values: &'a [String],
    now: Option<Setting>,
    says: String,
    /// The protocols that have this key, where not all that may be chosen do.
    only: Vec<&'static str>,
}

/// The challenge of a scenario, if it has one.
pub(super) fn of(scenario: &Bound) -> Option<ChallengeShown<'_>> {
    let challenge = scenario.challenge.as_ref()?;
    let must = challenge.must.iter().map(|must| MustShown { text: &must.text, says: meaning(scenario, &must.when) });
    let change = challenge.change.iter().map(|(key, values)| ChangeShown {
        key,
        values,
        now: now(scenario, key),
        says: keys::meaning(scenario, challenge, key),
        only: keys::only_with(scenario, challenge, key),
    });
    Some(ChallengeShown {
        level: challenge.level,
        goal: &challenge.goal,
        must: must.collect(),
        change: change.collect(),
        par: challenge.par,
        judged: how_it_is_judged(scenario, challenge),
        hints: &challenge.hints,
    })
}

/// What a key is set to; `None` where there is no single word or number for it.
fn now(scenario: &Bound, key: &str) -> Option<Setting> {
    match key {
        "protocol" => Setting::text(&scenario.protocol),
        _ => knobs::knobs(scenario).into_iter().find(|knob| knob.key.as_deref() == Some(key))?.value,
    }
}
