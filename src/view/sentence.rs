//! An event in one sentence, for other programs' pictures, where no lane and no arrow says the
//! rest.

use crate::process::MessageId;
use crate::scenario::Scenario;
use crate::trace::{Event, EventKind, Trace};

use super::trace_lines::said;
use super::{terminal, text};

/// What happens to the event's node, or to the network: one line.
pub(super) fn of(scenario: &Scenario, trace: &Trace, event: &Event) -> String {
    let sentence = match event.what.message() {
        Some(message) => of_message(trace, event, message),
        None => terminal::words(scenario, trace, event),
    };
    text::one_line(&sentence)
}

fn of_message(trace: &Trace, event: &Event, message: MessageId) -> String {
    let said = said(trace, event);
    let (from, to, name) = (trace.names.of(message.from()), trace.names.of(message.to()), trace.names.message(message));
    let words = match trace.words.of(said) {
        Some(words) => format!("“{words}” ({name})"),
        None => name,
    };
    let truth = trace.truths.of(said).map(|truth| format!("; the truth is “{truth}”")).unwrap_or_default();
    let again = if message.is_copy() { "once more " } else { "" };
    match event.what {
        EventKind::Withheld(_) => format!("lies to {to} by silence{truth}"),
        EventKind::Sent { .. } if !truth.is_empty() => format!("lies to {to}: {words}{truth}"),
        EventKind::Sent { .. } => format!("sends to {to}: {words}"),
        EventKind::Copied(_) => format!("the network doubles, on its way to {to}: {words}"),
        EventKind::Lost { .. } => format!("the network loses, on its way to {to}: {words}"),
        EventKind::Corrupted(_) => format!("receives {again}from {from} damaged, and drops: {words}"),
        EventKind::Cut(_) => format!("the partition cuts off, from {from}: {words}"),
        EventKind::ToCrashed(_) => format!("is down as this comes from {from}: {words}"),
        _ => format!("receives {again}from {from}: {words}"),
    }
}
