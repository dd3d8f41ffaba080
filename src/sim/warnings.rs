//! What was asked for and did not happen in a run, or changed nothing, a sentence each: nothing is
//! ignored silently.

use crate::process::{MessageId, Names, NodeId, Protocol};
use crate::scenario::{Choice, CrashWhen, DiskFate, Fault, Links, PauseWhen};
use crate::time::{Span, Time};
use crate::trace::{EventKind, Trace};

use super::choice::Choices;
use super::marks::Mark;
use super::plan::{ForcedFault, Row};
use super::world::World;

impl<P: Protocol> World<P> {
    /// All warnings: of choices that were forced, of words that traitors were given, and of the
    /// scenario's faults.
    pub(super) fn warnings(&self, clocks_are_judged: bool) -> Vec<String> {
        let outcome = Outcome {
            names: &self.names,
            choices: &self.choices,
            trace: &self.trace,
            faults: &self.faults,
            marks: (0..self.faults.len()).map(|row| self.mark_of(row, clocks_are_judged)).collect(),
            forced: &self.forced_faults,
            in_vain: &self.state.in_vain,
            unsaid: self.state.liar.iter().flat_map(|liar| liar.never_came_up()).collect(),
        };
        outcome.warnings()
    }

    fn mark_of(&self, row: Row, clocks_are_judged: bool) -> Mark {
        self.state.marks.of(row, |node| {
            let cell = &self.state.nodes[node.index()];
            (if clocks_are_judged { Some(Time::NEVER) } else { cell.read_clock_at }, cell.timers_set)
        })
    }
}

/// What warnings are made of, whatever the protocol.
struct Outcome<'a> {
    names: &'a Names,
    choices: &'a Choices,
    trace: &'a Trace,
    faults: &'a [Fault],
    /// What each of the faults has come to.
    marks: Vec<Mark>,
    forced: &'a [ForcedFault],
    /// The forced faults that met a node that was down, or paused for longer anyway.
    in_vain: &'a [usize],
    /// The slots of traitors' words that never came up.
    unsaid: Vec<MessageId>,
}

impl Outcome<'_> {
    fn warnings(&self) -> Vec<String> {
        let names = self.names;
        let never = self.choices.never_came_up().map(|(choice, decision)| {
            let (choice, option) = (choice.name(names), decision.option(names));
            format!("`{choice}={option}` changed nothing: {choice} never came up in this run")
        });
        let clipped = self.choices.out_of_range().iter().map(|(choice, forced, taken)| {
            let choice = choice.name(names);
            format!("`{choice}={forced}` is out of range: the draw is at most {taken}, which was taken")
        });
        let unsaid = self.unsaid.iter().map(|&slot| {
            let (traitor, slot) = (names.of(slot.from()), names.message(slot));
            format!("what {traitor} was to say in {slot} changed nothing: {slot} never came up in this run")
        });
        let in_vain = self.in_vain.iter().map(|&index| {
            let forced = &self.forced[index];
            let (choice, option) = (forced.choice.name(names), forced.downtime);
            let why = match forced.choice {
                Choice::Crash(_) => "the node was down already",
                _ => "the node was down, or paused for as long, already",
            };
            format!("`{choice}={option}` changed nothing: {why}")
        });
        let rows = self.faults.iter().zip(&self.marks).filter_map(|(fault, &mark)| {
            let why = self.why_idle(fault, mark)?;
            Some(match *fault {
                Fault::Crash { node, when: CrashWhen::After(message), .. } => {
                    format!("{} did not crash after {}: {why}", names.of(node), names.message(message))
                }
                Fault::Partition { .. } => format!("{} touched no message: {why}", self.called(fault)),
                _ => format!("{} changed nothing: {why}", self.called(fault)),
            })
        });
        let disks = self.faults.iter().filter_map(|fault| self.spared_disk(fault));
        never.chain(clipped).chain(unsaid).chain(in_vain).chain(rows).chain(disks).collect()
    }

    /// A fault in words: what it is, of whom, and when.
    fn called(&self, fault: &Fault) -> String {
        let name = |node: NodeId| self.names.of(node);
        let of = |links: &Links| match (&links.from, &links.to) {
            (None, None) => String::new(),
            (Some(from), None) => format!(" on the links from {}", self.names.list(from)),
            (None, Some(to)) => format!(" on the links to {}", self.names.list(to)),
            (Some(from), Some(to)) => {
                format!(" on the links from {} to {}", self.names.list(from), self.names.list(to))
            }
        };
        match fault {
            Fault::Crash { node, when, .. } => match when {
                CrashWhen::At(at) => format!("the crash of {} at {at}", name(*node)),
                CrashWhen::After(message) => {
                    format!("the crash of {} after {}", name(*node), self.names.message(*message))
                }
                CrashWhen::Point { point, .. } => format!("the crash of {} at `{point}`", name(*node)),
                CrashWhen::EachPoint { point, .. } => format!("the chance that {} crashes at `{point}`", name(*node)),
                CrashWhen::Rate { .. } => format!("the rate of crashes of {}", name(*node)),
            },
            Fault::Pause { node, when, .. } => match when {
                PauseWhen::At(at) => format!("the pause of {} at {at}", name(*node)),
                PauseWhen::Point { point, .. } => format!("the pause of {} at `{point}`", name(*node)),
                PauseWhen::EachPoint { point, .. } => format!("the chance that {} pauses at `{point}`", name(*node)),
            },
            Fault::Partition { groups, at, lasts, .. } => {
                let groups: Vec<String> = groups.iter().map(|group| self.names.list(group)).collect();
                format!("the partition between {} {}", groups.join(" and "), window(*at, *lasts))
            }
            Fault::Degrade { links, at, lasts, .. } => format!("the weather{} {}", of(links), window(*at, *lasts)),
            Fault::Hold { links, at, lasts } => format!("the hold{} {}", of(links), window(*at, *lasts)),
            Fault::ClockStep { node, at, .. } => format!("the jump of the clock of {} at {at}", name(*node)),
            Fault::ClockDrift { node, at, .. } => format!("the new speed of the clock of {} from {at} on", name(*node)),
            Fault::Traitor { .. } => "the traitor".to_owned(),
            Fault::Message { message, .. } => format!("the fate of {}", self.names.message(*message)),
            Fault::Delay { message, .. } => format!("the delay of {}", self.names.message(*message)),
        }
    }

    /// Why a fault changed nothing; `None` if it did something, or if others tell of it.
    fn why_idle(&self, fault: &Fault, mark: Mark) -> Option<String> {
        if mark.changed > 0 {
            return None;
        }
        let name = |node: NodeId| self.names.of(node);
        let too_late = |at: Time| (at > self.trace.ended_at).then(|| format!("the run ended before {at}"));
        match *fault {
            // What is forced warns for itself, and a traitor's words too.
            Fault::Traitor { .. } | Fault::Message { .. } | Fault::Delay { .. } => None,
            Fault::Crash { when: CrashWhen::Point { .. }, .. } => None,
            Fault::Pause { when: PauseWhen::Point { .. }, .. } if mark.came == 0 => None,
            Fault::Crash { node, ref when, .. } => Some(match *when {
                CrashWhen::At(at) if mark.came == 0 => too_late(at)?,
                CrashWhen::After(_) if mark.came == 0 => "it was never delivered in this run".to_owned(),
                CrashWhen::Rate { until, .. } => {
                    format!("chance gave {} no crash in this run{}", name(node), before(until))
                }
                CrashWhen::EachPoint { ref point, item, until, .. } => {
                    spared(name(node), "crash", Place { point, item, until }, mark)
                }
                _ => format!("{} was down already", name(node)),
            }),
            Fault::Pause { node, ref when, .. } => Some(match *when {
                PauseWhen::At(at) if mark.came == 0 => too_late(at)?,
                PauseWhen::EachPoint { ref point, item, until, .. } if mark.applied == 0 => {
                    spared(name(node), "pause", Place { point, item, until }, mark)
                }
                _ if mark.applied == 0 => format!("{} was down, or paused for as long, already", name(node)),
                _ => format!("{} had nothing to do while it was paused", name(node)),
            }),
            Fault::Partition { at, .. } => {
                Some(too_late(at).unwrap_or_else(|| "none was to arrive across it meanwhile".to_owned()))
            }
            Fault::ClockStep { node, at, .. } => {
                Some(too_late(at).unwrap_or_else(|| format!("nobody reads the clock of {} from then on", name(node))))
            }
            Fault::ClockDrift { node, at, .. } => Some(too_late(at).unwrap_or_else(|| {
                format!("nobody reads the clock of {} from then on, and no timer runs there", name(node))
            })),
            Fault::Degrade { at, lasts, .. } if mark.came == 0 => Some(unsent(at, lasts, too_late(at))),
            Fault::Degrade { .. } => Some(match mark.came {
                1 => "the one message that was sent then would have fared the same without it".to_owned(),
                several => format!("all {several} messages that were sent then would have fared the same without it"),
            }),
            Fault::Hold { at, lasts, .. } if mark.came == 0 => Some(unsent(at, lasts, too_late(at))),
            Fault::Hold { .. } => {
                Some("what was sent then was lost, or another row or a forced delay had it".to_owned())
            }
        }
    }

    /// Says of a crash that was to take what was on a disk and found nothing there.
    fn spared_disk(&self, fault: &Fault) -> Option<String> {
        let &Fault::Crash { node, disk: disk @ (DiskFate::Lost | DiskFate::Unsynced), .. } = fault else { return None };
        let is_loss = |what: EventKind| matches!(what, EventKind::WritesLost { .. });
        let has = |is: &dyn Fn(EventKind) -> bool| {
            self.trace.events.iter().any(|event| event.node == Some(node) && is(event.what))
        };
        if has(&is_loss) || !has(&|what| what == EventKind::Crashed) {
            return None;
        }
        let name = self.names.of(node);
        Some(match disk {
            DiskFate::Lost => format!("the loss of the disk of {name} changed nothing: there was nothing on it"),
            _ => format!("the crash of {name} took no unsynced writes from its disk: there were none"),
        })
    }
}

/// Where chance can inject a fault.
struct Place<'a> {
    point: &'a str,
    item: Option<u64>,
    until: Option<Time>,
}

/// Says that a node did not crash or pause at a point.
fn spared(name: &str, what: &str, Place { point, item, until }: Place<'_>, mark: Mark) -> String {
    let about = item.map_or_else(String::new, |item| format!(" with item {item}"));
    let before = before(until);
    match mark.came {
        0 => format!("{name} never passed `{point}`{about} in this run{before}"),
        1 => format!("chance let {name} not {what} at the one passing of `{point}`{about}{before}"),
        passings => format!("chance let {name} not {what} at any of {passings} passings of `{point}`{about}{before}"),
    }
}

/// From when to when something lasts.
fn window(at: Time, lasts: Option<Span>) -> String {
    match lasts {
        Some(lasts) => format!("from {at} to {}", at + lasts),
        None => format!("from {at} on"),
    }
}

fn before(until: Option<Time>) -> String {
    until.map_or_else(String::new, |until| format!(" before {until}"))
}

/// Says that nothing was sent in a window.
fn unsent(at: Time, lasts: Option<Span>, too_late: Option<String>) -> String {
    too_late.unwrap_or_else(|| format!("no message was sent on its links {}", window(at, lasts)))
}
