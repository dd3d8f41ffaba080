//! The moments of a run that nobody has written a story for: where a presenter stops.
//!
//! A run has thousands of events, and few of them matter to somebody who watches: what is done to
//! it, what is decided, what shows that a property is violated, and the first of each kind.

use std::collections::BTreeSet;

use crate::arrange;
use crate::check::Verdict;
use crate::process::NodeId;
use crate::report::Report;
use crate::trace::{Event, EventId, EventKind};

/// The most moments of a run: as many as a person wants to click through.
const MOST: usize = 24;

/// The events that matter, in order, at most two dozen: decisions and evidence first, then faults;
/// then the first of each kind of output at each node, and of each kind of message.
pub fn moments(report: &Report) -> Vec<EventId> {
    let evidence = report.properties.iter().flat_map(|judged| of_verdict(&judged.verdict));
    let evidence = arrange::set(evidence.copied());
    let events = || report.trace.events.iter();
    let mut firsts = BTreeSet::new();
    let classes: [Vec<EventId>; 3] = [
        ids(events().filter(|event| evidence.contains(&event.id) || report.scenario.entry.is_decision(event))),
        ids(events().filter(|event| is_fault(event))),
        ids(events().filter(|event| first_of(event, report).is_some_and(|first| firsts.insert(first)))),
    ];
    let mut chosen = BTreeSet::new();
    for class in classes {
        let new: Vec<EventId> = class.into_iter().filter(|id| !chosen.contains(id)).collect();
        chosen.extend(spread(&new, MOST - chosen.len()));
    }
    chosen.into_iter().collect()
}

fn ids<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<EventId> {
    events.map(|event| event.id).collect()
}

fn of_verdict(verdict: &Verdict) -> &[EventId] {
    match verdict {
        Verdict::Violated { evidence, .. } => evidence,
        Verdict::Holds { .. } | Verdict::Unknown { .. } => &[],
    }
}

/// So many of the events, evenly spread, the first and the last among them.
fn spread(events: &[EventId], most: usize) -> Vec<EventId> {
    if events.len() <= most {
        return events.to_vec();
    }
    let steps = most.saturating_sub(1).max(1);
    (0..most).map(|nth| events[nth * (events.len() - 1) / steps]).collect()
}

fn is_fault(event: &Event) -> bool {
    matches!(
        event.what,
        EventKind::Withheld(_)
            | EventKind::Sent { lie: true, .. }
            | EventKind::Lost { .. }
            | EventKind::Corrupted(_)
            | EventKind::Cut(_)
            | EventKind::ToCrashed(_)
            | EventKind::Crashed
            | EventKind::WritesLost { .. }
            | EventKind::Restarted
            | EventKind::Paused
            | EventKind::Resumed
            | EventKind::ClockStepped(_)
            | EventKind::Partitioned(_)
            | EventKind::Healed(_)
    )
}

/// What an event may be the first of: an output or a note of this name at a node, or a message
/// whose words begin like this.
fn first_of<'r>(event: &Event, report: &'r Report) -> Option<(Option<NodeId>, &'r str)> {
    match event.what {
        EventKind::Output(output) => Some((event.node, output.name)),
        EventKind::Delivered(_) => {
            let said = super::trace_lines::said(&report.trace, event);
            let words = report.trace.words.of(said).unwrap_or_default();
            Some((None, words.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;
    use crate::problems::SHIPPED;
    use crate::report::{self, Claims};
    use crate::scenario::Request;

    #[test]
    fn every_run_has_moments_and_none_has_many() {
        for story in library::stories() {
            let scenario = SHIPPED.load(&Request::new(&story.name, &story.text)).unwrap();
            let report = report::run(&scenario, Claims::IfUntouched).unwrap();
            let moments = moments(&report);
            assert!(moments.is_sorted() && (1..=MOST).contains(&moments.len()), "{}: {moments:?}", story.name);
            for judged in &report.properties {
                let evidence = of_verdict(&judged.verdict);
                let is_shown = evidence.len() > MOST || evidence.iter().all(|id| moments.contains(id));
                assert!(is_shown || moments.len() == MOST, "{}: {} has no moment", story.name, judged.name);
            }
        }
    }

    #[test]
    fn what_is_too_much_is_spread() {
        let all: Vec<EventId> = (0..100).map(EventId::new).collect();
        let numbers = |most| spread(&all, most).iter().map(|id| id.number()).collect::<Vec<_>>();
        assert_eq!((numbers(2), numbers(0), numbers(1)), (vec![0, 99], vec![], vec![0]));
        assert_eq!(numbers(100).len(), 100);
    }
}
