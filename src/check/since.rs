//! From which event on a property is violated: a picture says so from there on, and no later.
//!
//! Evidence tells all that shows a violation, and some of it may come after: of two holders of one
//! lease, when the first of them let go. So the judge is asked again, of the run up to an event.

use crate::trace::EventId;

use super::{Kind, Property, Run, Verdict};

/// The event from which on a property is violated in a run whose events are all there, by its
/// verdict on the whole. It is no later than the last evidence. `None` if the property is not
/// violated, and where only the whole run tells that it is.
pub fn violated_since(property: &Property, verdict: &Verdict, run: &Run<'_>) -> Option<EventId> {
    let Verdict::Violated { evidence, .. } = verdict else { return None };
    let last = evidence.iter().max().copied();
    // What should have happened in the end may happen until then.
    if property.kind == Kind::Liveness {
        return last;
    }
    let is_violated = |count: usize| property.judge.of(&Run { trace: &run.trace.first(count), ..*run }).is_violated();
    let counted = last.map_or(run.trace.events.len(), |last| last.number() as usize + 1);
    if !is_violated(counted) {
        return last;
    }
    // Once violated, it stays so.
    let (mut open, mut violated) = (0, counted);
    while violated - open > 1 {
        let middle = open + (violated - open) / 2;
        if is_violated(middle) { violated = middle } else { open = middle }
    }
    run.trace.events.get(violated - 1).map(|event| event.id)
}

impl Verdict {
    const fn is_violated(&self) -> bool {
        matches!(self, Verdict::Violated { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;
    use crate::problems::SHIPPED;
    use crate::report::{self, Claims, Report};
    use crate::scenario::Request;
    use crate::trace::EventKind;

    fn run(name: &str) -> Report {
        let story = library::find(name).unwrap();
        let scenario = SHIPPED.load(&Request::new(&story.name, &story.text)).unwrap();
        report::run(&scenario, Claims::IfUntouched).unwrap()
    }

    fn since(report: &Report, name: &str) -> Option<EventId> {
        let judged = report.properties.iter().find(|judged| judged.name == name).unwrap();
        report.violated_since(judged)
    }

    #[test]
    fn a_lease_is_held_twice_from_the_second_holder_on_and_not_from_its_end() {
        for (name, at) in [("the-lease-held-twice", "10.02s"), ("fencing", "10.02s"), ("where-fencing-fails", "10.02s")]
        {
            let report = run(name);
            let event = report.trace.event(since(&report, "mutual-exclusion").unwrap()).unwrap();
            assert!(matches!(event.what, EventKind::Output(output) if output.name == "holds"), "{name}: {event:?}");
            assert_eq!(event.at.since(crate::time::Time::ZERO).rounded(), at, "{name}");
        }
    }

    #[test]
    fn a_clock_is_not_said_to_go_back_before_it_does() {
        let report = run("berkeley-and-one-mad-clock");
        let event = report.trace.event(since(&report, "monotonic").unwrap()).unwrap();
        assert!(matches!(event.what, EventKind::ClockStepped(_)), "{event:?}");
    }

    /// Whether the rest of a run is there or not, up to that event the judge says nothing else.
    #[test]
    fn every_shipped_violation_is_one_from_an_event_on() {
        for story in library::stories() {
            let report = run(&story.name);
            for judged in &report.properties {
                let violated = report.violated_since(judged);
                let is_violated = matches!(judged.verdict, Verdict::Violated { .. });
                assert!(is_violated || violated.is_none(), "{}: {}", story.name, judged.name);
                let last = judged.verdict.evidence().iter().max().copied();
                assert!(last.is_none() || violated <= last, "{}: {}", story.name, judged.name);
                assert!(last.is_none() || violated.is_some(), "{}: {}", story.name, judged.name);
            }
        }
    }
}
