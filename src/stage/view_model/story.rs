//! The story of a run: when each beat is told in it, when its questions are asked, and when their
//! answers may be shown.

use serde::Serialize;

use crate::process::MessageId;
use crate::report::{ChoiceTold, Prediction, Report};
use crate::scenario::{BeatWhen, By};
use crate::time::Time;
use crate::trace::EventId;
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

/// A question to the room.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Question {
    ask: String,
    choices: Vec<ChoiceShown>,
    /// Which choice is right in this run.
    answer: Option<usize>,
    /// What is told where none is.
    none: Option<String>,
    by: By,
    /// When it is asked; before the first event if it is null.
    at: Option<u64>,
    /// When its answer may be shown.
    settled: u64,
}

/// A choice of a question.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ChoiceShown {
    say: String,
    /// Why no run can make it right, if none can.
    because: Option<String>,
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

/// The questions to the room, with what this run answers. One that is asked with a message which
/// never comes is asked before the first event.
pub(super) fn questions(report: &Report, flights: &[Flight]) -> Vec<Question> {
    let ended = report.trace.ended_at;
    let asked = report.scenario.story.predict.iter().map(|question| match question.when? {
        BeatWhen::At(at) => Some(at.min(ended).ns()),
        BeatWhen::On(message) => ending(message, flights).map(|(at, _)| at.min(ended).ns()),
    });
    let question = |(prediction, at): (Prediction, Option<u64>)| {
        let choice = |choice: ChoiceTold| ChoiceShown { say: choice.say, because: choice.because };
        let Prediction { ask, choices, answer, none, by, settled_at } = prediction;
        let settled = settled_at.unwrap_or(ended).ns();
        Question { ask, choices: choices.into_iter().map(choice).collect(), answer, none, by, at, settled }
    };
    report.predictions().into_iter().zip(asked).map(question).collect()
}
