//! What is said of a run at its end: the verdicts and the measures.

use serde::Serialize;

use crate::check::{Kind, Property};
use crate::report::{Judged, Measured, Report};
use crate::scenario::{Claim, Expected};
use crate::trace::EventId;
use crate::view::numbers;

/// A property with its verdict.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct VerdictShown<'a> {
    name: &'a str,
    kind: Kind,
    /// What the property says of all runs.
    says: Option<&'a str>,
    verdict: Expected,
    vacuous: bool,
    /// The verdict as one sign.
    sign: &'a str,
    /// Why, a sentence.
    because: &'a str,
    /// The events that show a violation.
    evidence: &'a [EventId],
    /// The event from which on it is violated; null where only the whole run tells.
    since: Option<EventId>,
    /// What the scenario claims.
    expected: Option<Claim>,
    as_expected: bool,
}

/// A measure with its value in words, if it is defined in the run.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct MeasureShown<'a> {
    name: &'a str,
    says: &'a str,
    words: Option<String>,
}

/// The verdict of each property.
pub(super) fn verdicts(report: &Report) -> Vec<VerdictShown<'_>> {
    report.properties.iter().map(|judged| VerdictShown::of(judged, report)).collect()
}

impl<'a> VerdictShown<'a> {
    fn of(judged: &'a Judged, report: &'a Report) -> VerdictShown<'a> {
        let property: Option<&Property> =
            report.scenario.entry.properties.iter().find(|property| property.name == judged.name);
        VerdictShown {
            name: judged.name,
            kind: judged.kind,
            says: property.map(|property| property.says),
            verdict: judged.verdict.word(),
            vacuous: judged.verdict.is_vacuous(),
            sign: judged.verdict.sign(),
            because: judged.verdict.because(),
            evidence: judged.verdict.evidence(),
            since: report.violated_since(judged),
            expected: judged.expected,
            as_expected: judged.expected.is_none_or(|claim| judged.verdict.is_as(claim)),
        }
    }
}

/// The value of each measure.
pub(super) fn measures(report: &Report) -> Vec<MeasureShown<'_>> {
    let names = &report.trace.names;
    let measure = |Measured { measure, value }: &Measured| {
        let words = value.map(|value| match measure.in_words {
            Some(in_words) => in_words(value, names),
            None => numbers::amount(value, measure),
        });
        MeasureShown { name: measure.name, says: measure.says, words }
    };
    report.measures.iter().map(measure).collect()
}
