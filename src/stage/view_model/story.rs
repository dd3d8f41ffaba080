//! The story of a run: when each beat is told in it, and when its question must be asked.

use serde::Serialize;

use crate::process::MessageId;
use crate::report::Report;
use crate::scenario::BeatWhen;
use crate::time::Time;
use crate::trace::{Event, EventId};
use crate::view::flight::{Ending, Flight};

/// A beat, and when it is told.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct BeatTold<'a> {
    at: u64,
    /// The event that it is about, if it is about one.
    event: Option<EventId>,
    say: &'a str,
}

/// The question to the room.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Question<'a> {
    ask: &'a str,
    choices: &'a [String],
    answer: &'a str,
    /// When its answer begins to show.
    at: u64,
}

/// The beats that happen in this run, with their moments. None in a run that is another one than
/// they tell.
pub(super) fn beats<'a>(report: &'a Report, flights: &[Flight]) -> Vec<BeatTold<'a>> {
    let beats = report.scenario.story.beats.iter().filter(|_| report.scenario.is_untouched());
    let mut resolved: Vec<(Time, Option<EventId>, &'a str)> = Vec::new();
    for beat in beats {
        let (at, event) = match beat.when {
            BeatWhen::At(at) => (at.min(report.trace.ended_at), None),
            BeatWhen::On(message) => match ending(message, flights) {
                Some((at, event)) => (at.min(report.trace.ended_at), event),
                None => continue,
            },
        };
        resolved.push((at, event, &beat.say));
    }
    // A lost message's beat comes when it is seen to fall, which may be after the next beat's
    // moment.
    for index in (1..resolved.len()).rev() {
        resolved[index - 1].0 = resolved[index - 1].0.min(resolved[index].0);
    }
    resolved.into_iter().map(|(at, event, say)| BeatTold { at: at.ns(), event, say }).collect()
}

/// When a message's way ends for those who watch, and the event that ended it.
fn ending(message: MessageId, flights: &[Flight]) -> Option<(Time, Option<EventId>)> {
    let flight = flights.iter().find(|flight| flight.message == message)?;
    let at = match flight.ending {
        Ending::Lost => Time::from_ns(flight.sent_at.ns() + (flight.ends_at.ns() - flight.sent_at.ns()) / 2),
        _ => flight.ends_at,
    };
    Some((at, flight.ended))
}

/// The question to the room, and the moment at which its answer begins to show. Nothing in a run
/// that is another one than the question is about.
pub(super) fn predict(report: &Report) -> Option<Question<'_>> {
    let predict = report.scenario.story.predict.as_ref().filter(|_| report.scenario.is_untouched())?;
    Some(Question {
        ask: &predict.ask,
        choices: &predict.choices,
        answer: &predict.answer,
        at: answered_at(report).ns(),
    })
}

/// When the answer begins to show: as the last evidence of the first violation comes; where nothing
/// is violated, at the first decision after the start; where nobody decides, at the last beat.
fn answered_at(report: &Report) -> Time {
    let trace = &report.trace;
    let violated = report.properties.iter().map(|judged| judged.verdict.evidence()).find(|events| !events.is_empty());
    let evidence =
        violated.and_then(|events| events.iter().filter_map(|&id| trace.event(id)).map(|event| event.at).max());
    let is_decision = |event: &&Event| event.at > Time::ZERO && report.scenario.entry.is_decision(event);
    let decision = || trace.events.iter().find(is_decision).map(|event| event.at);
    let last_beat = || match report.scenario.story.beats.last()?.when {
        BeatWhen::At(at) => Some(at.min(trace.ended_at)),
        BeatWhen::On(_) => None,
    };
    evidence.or_else(decision).or_else(last_beat).unwrap_or(trace.ended_at)
}
