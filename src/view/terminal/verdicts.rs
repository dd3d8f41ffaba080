//! What the run means: each property's verdict with its reason.

use crate::check::Verdict;
use crate::report::{Judged, Report, unexpected};
use crate::time::Time;
use crate::trace::{Event, EventId};

use super::section;
use super::style::{BAD, FAINT, GOOD, LIE, STRONG, inked, padded, width, wrapped};

/// Evidence is named up to this many events; the timeline marks them all.
const MOST_NAMED: usize = 4;

/// What the sign of a verdict of nothing means.
const VACUOUS: &str = "– holds: there was nothing to judge, so nothing could violate it.";

/// The verdicts, and whether they are as the scenario claims.
pub(super) fn verdicts(report: &Report, columns: usize) -> String {
    let names = report.properties.iter().map(|judged| judged.name.len()).max().unwrap_or(0);
    let mut lines: Vec<String> =
        report.properties.iter().flat_map(|judged| verdict(report, judged, names, columns)).collect();
    if report.properties.iter().any(|judged| matches!(judged.verdict, Verdict::Holds { vacuous: true, .. })) {
        lines.extend(wrapped(VACUOUS, columns.saturating_sub(2)).iter().map(|line| inked(FAINT, line)));
    }
    lines.extend(claims(report, columns));
    section("Verdicts", lines)
}

fn verdict(report: &Report, judged: &Judged, names: usize, columns: usize) -> Vec<String> {
    let ink = match judged.verdict {
        Verdict::Holds { vacuous: false, .. } => GOOD,
        Verdict::Holds { .. } => FAINT,
        Verdict::Violated { .. } => BAD,
        Verdict::Unknown { .. } => LIE,
    };
    let word = inked(ink, &format!("{} {}", judged.verdict.sign(), padded(&judged.verdict.word().to_string(), 8)));
    let label = format!("{word}  {}", inked(STRONG, &padded(judged.name, names)));
    let indent = padded("", 10 + 2 + names + 2);
    let room = columns.saturating_sub(width(&indent) + 2);
    let because = wrapped(judged.verdict.because(), room);
    let first = because.first().map(String::as_str).unwrap_or_default();
    let mut lines = vec![format!("{label}  {first}")];
    lines.extend(because.iter().skip(1).map(|line| format!("{indent}{line}")));
    let evidence = evidence(report, judged.verdict.evidence());
    if !evidence.is_empty() {
        lines.extend(wrapped(&evidence, room).iter().map(|line| format!("{indent}{}", inked(FAINT, line))));
    }
    lines
}

/// The events that show a violation, by name and moment.
fn evidence(report: &Report, evidence: &[EventId]) -> String {
    let events: Vec<&Event> = evidence.iter().filter_map(|&id| report.trace.event(id)).collect();
    if events.is_empty() {
        return String::new();
    }
    // Several events of one node at one moment are one place to look at.
    let mut places: Vec<String> = Vec::new();
    for event in events {
        let place = named(report, event);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let more = match places.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    places.truncate(MOST_NAMED);
    format!("Marked ! above: {}{more}.", places.join(", "))
}

fn named(report: &Report, event: &Event) -> String {
    let at = event.at.since(Time::ZERO).rounded();
    match (event.what.message(), event.node) {
        (Some(message), _) => format!("{} at {at}", report.trace.names.message(message)),
        (None, Some(node)) => format!("{} at {at}", report.trace.names.of(node)),
        (None, None) => format!("{} at {at}", event.what.word()),
    }
}

/// Whether the verdicts are as the scenario claims, where that was judged.
fn claims(report: &Report, columns: usize) -> Vec<String> {
    let differing =
        unexpected(&report.properties).map(|(name, claim, verdict)| format!("{name}: {verdict}, not {claim}"));
    let differing: Vec<String> = differing.collect();
    let (ink, text) = match report.expected {
        None => return Vec::new(),
        Some(true) => (FAINT, "All as the scenario claims.".to_owned()),
        Some(false) => (BAD, format!("Not as the scenario claims: {}.", differing.join("; "))),
    };
    wrapped(&text, columns.saturating_sub(2)).iter().map(|line| inked(ink, line)).collect()
}
