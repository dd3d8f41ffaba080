//! What is done to nodes, clocks and links in the two runs. A fault that is gone and a new one of
//! the same kind at the same place are one fault that moved.

use crate::arrange::Arrange;
use crate::process::NodeId;
use crate::report::Report;
use crate::scenario::{Choice, CrashWhen, Fault, PauseWhen};
use crate::time::Time;
use crate::trace::{Event, EventKind};
use crate::view::text;

use super::{Clause, Runs, moment};

/// A fault of a run: where it begins, and what belongs to it.
#[derive(Clone, Copy)]
struct Done<'a> {
    begin: &'a Event,
    /// Where it ends; `None`: it lasts.
    end: Option<&'a Event>,
    /// What a crash took from the disk.
    lost: Option<(u32, bool)>,
}

impl Done<'_> {
    /// What tells two faults of a kind and place apart.
    fn marks(&self) -> (Time, EventKind, Option<Time>, Option<(u32, bool)>) {
        // A partition's number is its row's, which says nothing.
        let what = match self.begin.what {
            EventKind::Partitioned(_) => EventKind::Partitioned(0),
            what => what,
        };
        (self.begin.at, what, self.end.map(|end| end.at), self.lost)
    }
}

/// What became of a fault that differs, and the node that it stops, if it stops one.
pub(super) struct Told {
    pub(super) clause: Clause,
    pub(super) stopped: Option<NodeId>,
    /// The node that it is done to, if it is done to one.
    pub(super) node: Option<NodeId>,
}

/// The most faults that are told one by one.
const MOST: usize = 4;

impl<'a> Runs<'a> {
    /// The fault that an event of the changed run, or one of the run as it was, belongs to: what is
    /// other about it. `None` if the event is none of a fault's, or the other run has the same.
    pub(super) fn fault_told(&self, was: Option<&Event>, now: Option<&Event>) -> Option<Told> {
        let ([before, after], names) = ([self.reports[0], self.reports[1]], &self.after.names);
        let begun = now.and_then(|event| begin_of(after, event).or_else(|| self.amid(after, before, event)));
        if let Some(begin) = begun
            && let Some((now, was)) = pair(after, before, begin)
        {
            let is_stop = matches!(begin.what, EventKind::Crashed | EventKind::Paused);
            let stopped = begin.node.filter(|_| is_stop);
            let says = match was {
                Some(was) => moved(before, after, (was, now))?,
                None => format!("{}.", begins(after, now, None)?),
            };
            let clause = Clause::of(says, was.map(|was| was.begin.id), now.begin.id);
            return Some(Told { clause, stopped, node: begin.node });
        }
        let begun = was.and_then(|event| begin_of(before, event).or_else(|| self.amid(before, after, event)))?;
        let (was, now) = pair(before, after, begun)?;
        let Some(now) = now else {
            let says = gone(before, after, was, names)?;
            return Some(Told { clause: Clause::of(says, was.begin.id, None), stopped: None, node: was.begin.node });
        };
        let clause = Clause::of(moved(before, after, (was, now))?, was.begin.id, now.begin.id);
        Some(Told { clause, stopped: None, node: now.begin.node })
    }

    /// All faults that are others in the two runs, in order of time, where rows of faults or what
    /// is forced of them were set otherwise.
    pub(super) fn faults_told(&self) -> Vec<Told> {
        let [before, after] = self.reports;
        if done_to(before) == done_to(after) {
            return Vec::new();
        }
        let is_begin = |report: &Report, event: &Event| begin_of(report, event).is_some_and(|one| one.id == event.id);
        let new = after.trace.events.iter().filter(|event| is_begin(after, event));
        let gone = before.trace.events.iter().filter(|event| is_begin(before, event));
        let new = new.map(|event| (event.at, self.fault_told(None, Some(event))));
        let gone = gone.map(|event| (event.at, self.fault_told(Some(event), None)));
        let mut all: Vec<(Time, Told)> = new.chain(gone).filter_map(|(at, told)| Some((at, told?))).collect();
        all.arrange_by_key(|(at, _)| *at);
        let mut told: Vec<Told> = Vec::new();
        for (_, one) in all {
            if told.len() < MOST && !told.iter().any(|other| other.clause.says == one.clause.says) {
                told.push(one);
            }
        }
        told
    }

    /// What stops a node amid what it does at an event: the event then leaves another state, or
    /// none, and is no news.
    fn amid(&self, here: &'a Report, there: &Report, event: &Event) -> Option<&'a Event> {
        let is_stop = |one: &&Event| matches!(one.what, EventKind::Crashed | EventKind::Paused);
        let later = here.trace.events.iter().skip(event.id.number() as usize);
        let mut now = later.take_while(|one| one.at == event.at).filter(|one| one.node == event.node);
        let stop = now.find(is_stop)?;
        let is_alike = |one: &Event| one.at == stop.at && one.node == stop.node && one.what == stop.what;
        (!there.trace.events.iter().any(is_alike)).then_some(stop)
    }
}

/// The rows of faults, and what is forced, that have events of their own.
fn done_to(report: &Report) -> Vec<String> {
    let is_message = |fault: &&Fault| {
        matches!(
            fault,
            Fault::Traitor { .. }
                | Fault::Message { .. }
                | Fault::Delay { .. }
                | Fault::Degrade { .. }
                | Fault::Hold { .. }
        )
    };
    let rows = report.scenario.faults.iter().filter(|fault| !is_message(fault)).map(|fault| format!("{fault:?}"));
    let forced = report.scenario.forced.iter().filter(|one| {
        matches!(one.choice, Choice::Crash(_) | Choice::Pause(_) | Choice::CrashGap(..) | Choice::PauseLength(..))
    });
    rows.chain(forced.map(|one| format!("{:?} {:?}", one.choice, one.decision))).collect()
}

/// The event with which the fault begins that an event belongs to.
fn begin_of<'r>(report: &'r Report, event: &Event) -> Option<&'r Event> {
    let events = &report.trace.events;
    let earlier = || events[..event.id.number() as usize].iter().rev().filter(|one| one.node == event.node);
    match event.what {
        EventKind::Crashed | EventKind::Paused | EventKind::Partitioned(_) => events.get(event.id.number() as usize),
        // What a process does to its clock has a cause.
        EventKind::ClockStepped(_) | EventKind::ClockDrifted(_) if event.cause.is_none() => {
            events.get(event.id.number() as usize)
        }
        EventKind::Restarted | EventKind::WritesLost { .. } => earlier().find(|one| one.what == EventKind::Crashed),
        EventKind::Resumed => earlier().find(|one| one.what == EventKind::Paused),
        EventKind::Healed(index) => earlier().find(|one| one.what == EventKind::Partitioned(index)),
        _ => None,
    }
}

/// A fault, and the one of the other run that it was or has become. `None` if the other run has
/// the same.
fn pair<'r>(here: &'r Report, there: &'r Report, begin: &Event) -> Option<(Done<'r>, Option<Done<'r>>)> {
    let (ours, theirs) = (alike(here, (here, begin)), alike(there, (here, begin)));
    let lacking = |all: &[Done<'r>], others: &[Done<'r>]| -> Vec<Done<'r>> {
        all.iter().filter(|one| !others.iter().any(|other| other.marks() == one.marks())).copied().collect()
    };
    let (new, gone) = (lacking(&ours, &theirs), lacking(&theirs, &ours));
    let place = new.iter().position(|one| one.begin.id == begin.id)?;
    Some((new[place], gone.get(place).copied()))
}

/// All faults of a run that are of the kind and at the place of an event.
fn alike<'r>(report: &'r Report, (of, event): (&Report, &Event)) -> Vec<Done<'r>> {
    let is_alike = |one: &&Event| {
        let is_kind = std::mem::discriminant(&one.what) == std::mem::discriminant(&event.what);
        let is_place = match (one.what, event.what) {
            (EventKind::Partitioned(one), EventKind::Partitioned(other)) => {
                partition(report, one).map(|(groups, _)| groups) == partition(of, other).map(|(groups, _)| groups)
            }
            _ => one.node == event.node && (is_stop(event) || one.cause.is_none()),
        };
        is_kind && is_place
    };
    report.trace.events.iter().filter(is_alike).map(|begin| done(report, begin)).collect()
}

fn is_stop(event: &Event) -> bool {
    matches!(event.what, EventKind::Crashed | EventKind::Paused)
}

fn done<'r>(report: &'r Report, begin: &'r Event) -> Done<'r> {
    let later = || report.trace.events.iter().skip(begin.id.number() as usize + 1).filter(|one| one.node == begin.node);
    let ends = match begin.what {
        EventKind::Crashed => Some(EventKind::Restarted),
        EventKind::Paused => Some(EventKind::Resumed),
        EventKind::Partitioned(index) => Some(EventKind::Healed(index)),
        _ => None,
    };
    let lost = later().take_while(|one| one.at == begin.at).find_map(|one| match one.what {
        EventKind::WritesLost { writes, all } => Some((writes, all)),
        _ => None,
    });
    Done { begin, end: ends.and_then(|ends| later().find(|one| one.what == ends)), lost }
}

/// The groups of a partition, and when it is to begin.
fn partition(report: &Report, index: u16) -> Option<(&Vec<Vec<NodeId>>, Time)> {
    let mut partitions = report.scenario.faults.iter().filter_map(|fault| match fault {
        Fault::Partition { groups, at, .. } => Some((groups, *at)),
        _ => None,
    });
    partitions.nth(usize::from(index))
}

/// What a fault does, with its moment, and that of the one that it was.
fn begins(report: &Report, done: Done<'_>, was: Option<Time>) -> Option<String> {
    let node = done.begin.node.map_or("the network", |node| report.trace.names.of(node));
    let instead = was.map(|was| format!(" instead of {}", moment(was))).unwrap_or_default();
    let at = format!("at {}{instead}", moment(done.begin.at));
    let until = |while_it: &str| match done.end {
        Some(end) => format!(" and {while_it} until {}", moment(end.at)),
        None => ", for good".to_owned(),
    };
    Some(match done.begin.what {
        EventKind::Crashed => {
            let lost = done.lost.map(|(writes, all)| format!("; {}", text::writes_lost(writes, all)));
            format!("{node} crashes {at}{}{}", until("is down"), lost.unwrap_or_default())
        }
        EventKind::Paused => format!("{node} pauses {at}{}", until("does nothing")),
        EventKind::ClockStepped(by) => format!("the clock of {node} jumps by {} {at}", by.rounded()),
        EventKind::ClockDrifted(ppb) => {
            format!("the oscillator of {node} runs at {} from {}{instead} on", text::drift(ppb), moment(done.begin.at))
        }
        EventKind::Partitioned(index) => {
            let from = moment(done.begin.at);
            let lasts = done.end.map_or(" on".to_owned(), |end| format!(" to {}", moment(end.at)));
            format!("the network is cut{} from {from}{lasts}", groups(report, index))
        }
        _ => return None,
    })
}

/// What is other about a fault of both runs.
fn moved(before: &Report, after: &Report, (was, now): (Done<'_>, Done<'_>)) -> Option<String> {
    let node = now.begin.node.map_or("the network", |node| after.trace.names.of(node));
    let begun = moment(now.begin.at);
    let span = |done: &Done<'_>| match done.end {
        Some(end) => format!("from {} to {}", moment(done.begin.at), moment(end.at)),
        None => format!("from {} on", moment(done.begin.at)),
    };
    if let EventKind::Partitioned(index) = now.begin.what
        && span(&was) != span(&now)
    {
        return Some(format!("The network is cut{} {} instead of {}.", groups(after, index), span(&now), span(&was)));
    }
    if was.begin.at != now.begin.at {
        return Some(format!("{}.", begins(after, now, Some(was.begin.at))?));
    }
    if was.end.map(|end| end.at) != now.end.map(|end| end.at) {
        let lasts = match (now.end, was.end) {
            (Some(now), Some(was)) => format!("until {} instead of {}", moment(now.at), moment(was.at)),
            (Some(now), None) => format!("until {} instead of for good", moment(now.at)),
            (None, was) => {
                let until = was.map(|was| format!(" instead of until {}", moment(was.at))).unwrap_or_default();
                format!("for good{until}")
            }
        };
        return Some(match now.begin.what {
            EventKind::Crashed => format!("{node} crashes at {begun}, as before, and is down {lasts}."),
            EventKind::Paused => format!("{node} pauses at {begun}, as before, and does nothing {lasts}."),
            EventKind::Partitioned(index) => format!("The network is cut{} {lasts}.", groups(after, index)),
            _ => return None,
        });
    }
    Some(match (was.begin.what, now.begin.what) {
        (EventKind::ClockStepped(was), EventKind::ClockStepped(by)) => {
            format!("The clock of {node} jumps by {} instead of {} at {begun}.", by.rounded(), was.rounded())
        }
        (EventKind::ClockDrifted(was), EventKind::ClockDrifted(ppb)) => format!(
            "The oscillator of {node} runs at {} instead of {} from {begun} on.",
            text::drift(ppb),
            text::drift(was)
        ),
        (EventKind::Crashed, _) => match (was.lost, now.lost) {
            (_, Some((writes, all))) => {
                format!("In the crash of {node} at {begun}, {}.", text::writes_lost(writes, all))
            }
            _ => format!(
                "In the crash of {} at {begun}, the disk keeps everything.",
                before.trace.names.of(now.begin.node?)
            ),
        },
        _ => return None,
    })
}

/// What is done no more; or not before the run's end.
fn gone(before: &Report, after: &Report, was: Done<'_>, names: &crate::process::Names) -> Option<String> {
    let node = was.begin.node.map_or("the network", |node| names.of(node));
    let later = planned(before, after, was.begin).filter(|at| *at > after.trace.ended_at);
    let later = later.map(|at| format!(": {} is after the run's end", moment(at))).unwrap_or_default();
    Some(match was.begin.what {
        EventKind::Crashed => format!("{node} does not crash any more{later}."),
        EventKind::Paused => format!("{node} does not pause any more{later}."),
        EventKind::ClockStepped(_) => format!("The clock of {node} does not jump any more{later}."),
        EventKind::ClockDrifted(_) => format!("The oscillator of {node} does not change any more{later}."),
        EventKind::Partitioned(index) => format!("The network is not cut{} any more{later}.", groups(before, index)),
        _ => return None,
    })
}

/// When the changed scenario has a fault of this kind at this place.
fn planned(before: &Report, after: &Report, begin: &Event) -> Option<Time> {
    after.scenario.faults.iter().find_map(|fault| match (fault, begin.what) {
        (&Fault::Crash { node, when: CrashWhen::At(at), .. }, EventKind::Crashed)
        | (&Fault::Pause { node, when: PauseWhen::At(at), .. }, EventKind::Paused)
        | (&Fault::ClockStep { node, at, .. }, EventKind::ClockStepped(_))
        | (&Fault::ClockDrift { node, at, .. }, EventKind::ClockDrifted(_)) => (Some(node) == begin.node).then_some(at),
        (Fault::Partition { groups, at, .. }, EventKind::Partitioned(index)) => {
            (partition(before, index).map(|(groups, _)| groups) == Some(groups)).then_some(*at)
        }
        _ => None,
    })
}

/// Between whom a partition cuts: ` between alice and bob`.
pub(super) fn groups(report: &Report, index: u16) -> String {
    let names = &report.trace.names;
    let Some((groups, _)) = partition(report, index) else { return String::new() };
    let named: Vec<String> = groups.iter().map(|group| names.list(group)).collect();
    match (&groups[..], &named[..]) {
        ([one, others], [name, _]) if one.len() == 1 && others.len() > 1 && others.len() + 1 == names.count() => {
            format!(" between {name} and all others")
        }
        ([_, _], [one, other]) if groups.iter().any(|group| group.len() > 1) => {
            format!(" between {one} on one side and {other} on the other")
        }
        _ => format!(" between {}", named.join(" and ")),
    }
}
