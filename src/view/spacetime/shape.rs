//! Where lanes, partitions, arrows and marks go, before their labels are placed.

use crate::process::NodeId;
use crate::report::Report;
use crate::scenario::Fault;
use crate::time::Time;
use crate::trace::{Event, EventKind};
use crate::view::flight::{Ending, Flight};
use crate::view::text;
use crate::view::windows::windows;

use super::pick::Pick;
use super::place::{Point, Rect};
use super::scale::Scale;
use super::{Arrow, Band, Frame, Lane, Mark, NAME_FONT, Rest, Sign, Stretch};

/// The height of a partition's heading.
pub(super) const BAND_HEAD: f64 = 34.0;
/// The room for labels above the first lane and below the last.
const LABEL_ROOM: f64 = 62.0;
/// Marks that are closer than this share one place.
const SAME_PLACE: f64 = 5.0;

/// The lanes, with their names' boxes; where each is from above is settled by [`plot`]'s frame.
pub(super) fn lanes(report: &Report, pick: &Pick, frame: Frame) -> Vec<Lane> {
    let names = &report.trace.names;
    let widest = pick.nodes.iter().map(|&node| text::width(names.of(node), NAME_FONT)).fold(90.0, f64::max);
    let room = widest.min(230.0) + 1.0;
    // Lanes that share the picture with a chart stand closer.
    let least = match (pick.nodes.len(), &report.chart) {
        (..=12, None) => 96.0,
        _ => 80.0,
    };
    let gap = (frame.height / pick.nodes.len().max(1) as f64).clamp(least, 250.0);
    // The first lane has room for labels above it.
    let top = frame.top + BAND_HEAD * band_rows(report, pick) as f64 + (LABEL_ROOM - gap / 2.0).max(0.0);
    let lane = |(index, &node): (usize, &NodeId)| {
        let y = top + gap * (index as f64 + 0.5);
        let traitor = report.trace.is_traitor(node);
        let (width, height) = (room + 36.0, if traitor { 76.0 } else { 52.0 });
        let frame = Rect { x: frame.left, y: y - height / 2.0, width, height };
        let shown = text::shorten(names.of(node), room, NAME_FONT);
        Lane { y, name: names.of(node).to_owned(), shown, frame, traitor }
    };
    pick.nodes.iter().enumerate().map(lane).collect()
}

/// The area of the lanes.
pub(super) fn plot(lanes: &[Lane], frame: Frame, rows: usize) -> Rect {
    let x = lanes.first().map_or(frame.left, |lane| lane.frame.x + lane.frame.width);
    let first = lanes.first().map_or(frame.top, |lane| lane.y);
    let last = lanes.last().map_or(frame.top, |lane| lane.y);
    let half = first - frame.top - BAND_HEAD * rows as f64;
    Rect { x, y: frame.top, width: frame.right - x, height: last + half - frame.top }
}

/// How many partitions are in force at one time, at most: so many rows of headings.
pub(super) fn band_rows(report: &Report, pick: &Pick) -> usize {
    periods(report, pick).iter().map(|period| period.row + 1).max().unwrap_or(0)
}

/// One time in which a partition was in force, or links were otherwise than usual.
struct Period {
    words: String,
    from: Time,
    to: Time,
    row: usize,
}

fn periods(report: &Report, pick: &Pick) -> Vec<Period> {
    let mut periods: Vec<Period> = Vec::new();
    let mut add = |words: String, from: Time, to: Time| {
        if to < pick.from || from > pick.to {
            return;
        }
        let is_taken = |row: usize| periods.iter().any(|other| other.row == row && other.to > from);
        let row = (0..).find(|&row| !is_taken(row)).unwrap_or(0);
        periods.push(Period { words, from: from.max(pick.from), to: to.min(pick.to), row });
    };
    let events = &report.trace.events;
    let begun = events.iter().filter_map(|event| match event.what {
        EventKind::Partitioned(index) => Some((index, event)),
        _ => None,
    });
    for (index, event) in begun {
        let healed = events.iter().find(|later| later.id > event.id && later.what == EventKind::Healed(index));
        add(groups(report, index), event.at, healed.map_or(pick.to, |healed| healed.at));
    }
    for window in windows(report) {
        add(window.words, window.from, window.to.unwrap_or(pick.to));
    }
    periods
}

/// The sides of a partition.
fn groups(report: &Report, index: u16) -> String {
    let names = &report.trace.names;
    let partitions = report.scenario.faults.iter().filter_map(|fault| match fault {
        Fault::Partition { groups, one_way, .. } => Some((groups, *one_way)),
        _ => None,
    });
    let Some((groups, one_way)) = partitions.into_iter().nth(usize::from(index)) else {
        return "partition".to_owned();
    };
    let groups: Vec<String> = groups.iter().map(|group| names.list(group)).collect();
    if one_way {
        let (first, others) = groups.split_first().map_or(("", &[][..]), |(first, others)| (first, others));
        format!("partition, one way: {first} ↛ {}", others.join(" | "))
    } else {
        format!("partition: {}", groups.join(" | "))
    }
}

/// All that shapes need.
pub(super) struct Drawing<'a> {
    pub(super) report: &'a Report,
    pub(super) pick: &'a Pick,
    pub(super) scale: &'a Scale,
    pub(super) lanes: &'a [Lane],
    pub(super) plot: Rect,
}

impl Drawing<'_> {
    pub(super) fn bands(&self) -> Vec<Band> {
        let periods = periods(self.report, self.pick);
        let band = |period: &Period| {
            let words = &period.words;
            let left = self.scale.x(period.from);
            // A partition that lasts to the end of the run goes on beyond it.
            let right = if period.to == self.pick.to { self.right() } else { self.scale.x(period.to) };
            // Its heading may be wider than itself, up to the next one in its row.
            let next = periods.iter().filter(|other| other.row == period.row && other.from > period.from);
            let room = next.map(|next| self.scale.x(next.from)).fold(self.right(), f64::min) - left - 16.0;
            let text = Some(text::shorten(words, room, super::TICK_FONT)).filter(|text| text.chars().count() > 4);
            let story = format!("{words}, from {} to {}.", period.from, period.to);
            let top = self.plot.y + BAND_HEAD * period.row as f64;
            Band { left, right, top, text: text.unwrap_or_default(), story }
        };
        periods.iter().map(band).collect()
    }

    fn right(&self) -> f64 {
        self.plot.x + self.plot.width
    }

    pub(super) fn stretches(&self) -> Vec<Stretch> {
        let lanes = self.pick.nodes.iter().zip(self.lanes);
        lanes.flat_map(|(&node, lane)| self.stretches_of(node, lane)).collect()
    }

    fn stretches_of(&self, node: NodeId, lane: &Lane) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        let mut since: Option<(Rest, Time)> = None;
        for event in self.report.trace.events.iter().filter(|event| event.node == Some(node)) {
            let rest = match event.what {
                EventKind::Crashed => Some(Rest::Down),
                EventKind::Paused => Some(Rest::Paused),
                EventKind::Restarted | EventKind::Resumed => None,
                _ => continue,
            };
            if let Some((rest, from)) = since.take() {
                stretches.extend(self.stretch(rest, lane, from, Some(event.at)));
            }
            since = rest.map(|rest| (rest, event.at));
        }
        stretches.extend(since.and_then(|(rest, from)| self.stretch(rest, lane, from, None)));
        stretches
    }

    fn stretch(&self, rest: Rest, lane: &Lane, from: Time, to: Option<Time>) -> Option<Stretch> {
        if from > self.pick.to || to.is_some_and(|to| to < self.pick.from) {
            return None;
        }
        let right = to.filter(|&to| to <= self.pick.to).map_or_else(|| self.right(), |to| self.scale.x(to));
        let word = match rest {
            Rest::Down => "down",
            Rest::Paused => "paused",
        };
        let until = to.map_or_else(|| "to the end".to_owned(), |to| format!("to {to}"));
        let story = format!("{} is {word} from {from} {until}.", lane.name);
        Some(Stretch { rest, y: lane.y, left: self.scale.x(from), right, story })
    }

    pub(super) fn arrows(&self) -> Vec<Arrow> {
        self.pick.flights.iter().filter_map(|flight| self.arrow(flight)).collect()
    }

    fn arrow(&self, flight: &Flight) -> Option<Arrow> {
        let (pick, trace) = (self.pick, &self.report.trace);
        let lane = |node| Some(self.lanes[pick.lane_of(node)?].y);
        let (from_y, to_y) = (lane(flight.message.from())?, lane(flight.message.to())?);
        let from = Point { x: self.scale.x(flight.sent_at), y: from_y };
        let goes_on = pick.goes_on(flight);
        let x = self.scale.x(pick.end_of(flight));
        let to = match flight.ending {
            Ending::Withheld => Point { x: from.x + 26.0, y: from_y + (to_y - from_y).clamp(-38.0, 38.0) },
            _ if goes_on => {
                // It is on its way: towards its lane, at the edge of the picture.
                Point { x: self.right() - 4.0, y: from_y + (to_y - from_y) * 0.6 }
            }
            Ending::Lost => Point { x, y: (from_y + to_y) / 2.0 },
            _ => Point { x, y: to_y },
        };
        Some(Arrow {
            message: trace.names.message(flight.message),
            began: flight.began,
            ended: flight.ended,
            ending: if goes_on && flight.ending != Ending::Withheld { Ending::InFlight } else { flight.ending },
            lie: flight.lie || flight.ending == Ending::Withheld,
            copy: flight.message.is_copy(),
            from,
            to,
            evidence: pick.evidence_of([Some(flight.began), flight.ended].into_iter().flatten()),
            label: None,
            story: flight.story(trace),
        })
    }

    pub(super) fn marks(&self) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (sign, event) in &self.pick.marks {
            let Some(lane) = event.node.and_then(|node| self.pick.lane_of(node)) else { continue };
            let at = Point { x: self.scale.x(event.at), y: self.lanes[lane].y };
            let story = self.story(event, &self.lanes[lane].name);
            let evidence = self.pick.evidence_of([event.id]);
            let mark = Mark { sign: *sign, at, events: vec![event.id], evidence, label: None, story };
            // Words are told apart: what has a label has its own mark.
            let is_plain = !is_labelled(*sign) && mark.evidence.is_empty();
            let shares = |other: &&mut Mark| {
                other.sign == *sign && other.evidence.is_empty() && is_plain && is_same_place(other.at, at)
            };
            match marks.iter_mut().rev().take(40).find(shares) {
                Some(other) => absorb(other, mark),
                None => marks.push(mark),
            }
        }
        without_hidden(marks)
    }

    fn story(&self, event: &Event, name: &str) -> String {
        let words = self.report.trace.words.of(event.id).map(text::one_line);
        let words = |before: &str| words.as_ref().map_or_else(String::new, |words| format!("{before}{words}"));
        let what = match event.what {
            EventKind::Output(output) => format!("tells the user: {} {}", output.name, output.value),
            EventKind::Noted(note) => match words("") {
                words if words.is_empty() => format!("notes {} {}", note.name, note.value),
                words => format!("notes: {words}"),
            },
            EventKind::Passed { point, nth } => format!("passes the crash point {point}, {} time", text::ordinal(nth)),
            EventKind::TimerFired => format!("has a timer{}", words(": ")),
            EventKind::Wrote => format!("writes to its disk{}", words(": ")),
            EventKind::Crashed => "crashes; its memory is gone".to_owned(),
            EventKind::WritesLost { writes, all } => format!("crashes: {}", text::writes_lost(writes, all)),
            EventKind::Restarted => "restarts from its disk".to_owned(),
            EventKind::Paused => "pauses".to_owned(),
            EventKind::Resumed => "goes on".to_owned(),
            EventKind::ClockStepped(by) => format!("has its clock stepped by {by}"),
            EventKind::ClockSlewed(by) => format!("has its clock slewed by {by}"),
            EventKind::ClockDrifted(ppb) => format!("has its clock drift by {} from now on", text::drift(ppb)),
            EventKind::Traitor => "is a traitor".to_owned(),
            _ => "begins".to_owned(),
        };
        format!("{name} {what}, at {}.", event.at)
    }
}

fn is_same_place(a: Point, b: Point) -> bool {
    a.y == b.y && (a.x - b.x).abs() < SAME_PLACE
}

/// Lets one mark stand for another too.
fn absorb(mark: &mut Mark, other: Mark) {
    mark.events.extend(other.events);
    if mark.events.len() <= 6 {
        mark.story = format!("{} {}", mark.story, other.story);
    }
}

/// The marks, without those that would lie under a larger one, which stands for them.
fn without_hidden(marks: Vec<Mark>) -> Vec<Mark> {
    let is_large = |mark: &Mark| is_labelled(mark.sign) || !mark.evidence.is_empty();
    let (mut large, small): (Vec<Mark>, Vec<Mark>) = marks.into_iter().partition(is_large);
    let mut kept = Vec::new();
    for mark in small {
        match large.iter_mut().find(|other| is_same_place(other.at, mark.at)) {
            Some(other) => absorb(other, mark),
            None => kept.push(mark),
        }
    }
    large.extend(kept);
    large.sort_by_key(|mark| mark.events[0]);
    large
}

/// Whether marks of this sign have words beside them.
pub(super) fn is_labelled(sign: Sign) -> bool {
    !matches!(sign, Sign::Note | Sign::Wrote | Sign::CrashPoint | Sign::Timer | Sign::Beginning)
}
