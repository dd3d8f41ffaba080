//! Labels: the words on arrows and beside marks, placed one after the other where nothing else is.
//!
//! What matters most is placed first: evidence, what clocks show, what nodes told their users,
//! lies, then the rest. A label that finds no room is left out rather than put over another.

use std::collections::BTreeSet;

use crate::report::Report;
use crate::time::Span;
use crate::trace::{Event, EventKind};
use crate::view::text;

use super::pick::Pick;
use super::place::{Board, Point, Rect};
use super::shape::{BAND_HEAD, Drawing, is_labelled};
use super::{Arrow, Band, Ending, Label, Lane, Mark, Reading, Sign, Stretch};

/// Up to so many arrows have large labels.
const FEW_ARROWS: usize = 40;
/// So many different words show at any cost.
const FEW_WORDS: usize = 12;
/// How long an arrow's words may be.
const ARROW_ROOM: f64 = 260.0;
/// How long a mark's words may be.
const MARK_ROOM: f64 = 340.0;
/// The parts of an arrow's way at which its label may be centred, the best first.
const ALONG: [f64; 11] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8, 0.14, 0.86];

/// The words beside a mark, if it has some.
pub(super) fn words(report: &Report, sign: Sign, event: &Event, evidence: &[String]) -> Option<String> {
    if !is_labelled(sign) && evidence.is_empty() {
        return None;
    }
    let signed = |by: Span| format!("{}{}", if by.is_negative() { "" } else { "+" }, by.rounded());
    Some(match event.what {
        EventKind::Output(output) => format!("{}: {}", output.name, output.value),
        EventKind::ClockStepped(by) => format!("clock {}", signed(by)),
        EventKind::ClockSlewed(by) => format!("slew {}", signed(by)),
        EventKind::ClockDrifted(ppb) => format!("drift {}", text::drift(ppb)),
        EventKind::Crashed => "crash".to_owned(),
        EventKind::WritesLost { .. } => "writes lost".to_owned(),
        EventKind::Restarted => "restart".to_owned(),
        EventKind::Paused => "pause".to_owned(),
        EventKind::Resumed => "go on".to_owned(),
        EventKind::Noted(note) => {
            let words = report.trace.words.of(event.id).map(text::one_line);
            words.unwrap_or_else(|| format!("{}: {}", note.name, note.value))
        }
        EventKind::Passed { point, .. } => point.to_owned(),
        EventKind::TimerFired => report.trace.words.of(event.id).map_or_else(|| "timer".to_owned(), text::one_line),
        EventKind::Wrote => "disk".to_owned(),
        EventKind::Traitor => "traitor".to_owned(),
        _ => "start".to_owned(),
    })
}

/// How much room the labels of the last moment need to the right of it.
pub(super) fn room_at_end(pick: &Pick) -> f64 {
    let last = pick.marks.iter().filter(|(sign, event)| is_labelled(*sign) && event.at == pick.to);
    let widths = last.map(|(_, event)| match event.what {
        EventKind::Output(output) => text::width(&format!("{}: {}", output.name, output.value), 24.0) * 1.1 + 40.0,
        _ => 120.0,
    });
    widths.fold(0.0, f64::max).min(420.0)
}

/// Gives labels to arrows and marks. Answers how many found no room.
pub(super) fn place(
    drawing: &Drawing<'_>,
    bands: &[Band],
    stretches: &[Stretch],
    arrows: &mut [Arrow],
    marks: &mut [Mark],
    readings: &mut [Reading],
) -> usize {
    let taken = taken(drawing.plot, bands, stretches, arrows, marks);
    let lines = arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
    let board = Board { within: drawing.plot, taken, lines };
    let mut placer = Placer { drawing, board, is_crowded: arrows.len() > FEW_ARROWS };
    let mut left_out = 0;
    for evidence in [true, false] {
        if !evidence {
            readings.iter_mut().for_each(|reading| placer.label_reading(reading));
        }
        for mark in marks.iter_mut().filter(|mark| mark.evidence.is_empty() != evidence) {
            left_out += usize::from(!placer.label_mark(mark));
        }
        for lie in [true, false] {
            for (index, arrow) in arrows.iter_mut().enumerate() {
                if arrow.evidence.is_empty() != evidence && arrow.lie == lie {
                    left_out += usize::from(!placer.label_arrow(index, arrow, None));
                }
            }
        }
    }
    // Words that show nowhere show once, whatever they cover: a hundred messengers say one thing.
    let mut shown: BTreeSet<String> = BTreeSet::new();
    shown.extend(arrows.iter().filter_map(|arrow| Some(arrow.label.as_ref()?.text.clone())));
    for (index, arrow) in arrows.iter_mut().enumerate().filter(|(_, arrow)| arrow.label.is_none()) {
        let words = drawing.pick.flights[index].words(&drawing.report.trace);
        let is_new = !words.is_empty() && shown.len() < FEW_WORDS && shown.insert(words);
        if is_new && placer.label_arrow(index, arrow, Some(usize::MAX)) {
            left_out -= 1;
        }
    }
    left_out
}

/// Places one label after the other.
struct Placer<'a> {
    drawing: &'a Drawing<'a>,
    board: Board,
    is_crowded: bool,
}

impl Placer<'_> {
    /// Whether the mark has all the labels that it needs.
    fn label_mark(&mut self, mark: &mut Mark) -> bool {
        let report = self.drawing.report;
        let event = mark.events.first().and_then(|&event| report.trace.event(event));
        let Some(event) = event else { return true };
        let Some(words) = words(report, mark.sign, event, &mark.evidence) else { return true };
        let most = if mark.evidence.is_empty() && self.is_crowded { 12 } else { usize::MAX };
        for evidence in [&mark.evidence[..], &[]] {
            let mut label = label(&words, MARK_ROOM, 24.0, evidence);
            if let Some(frame) = self.board.place(beside(mark.at, label.frame), None, most) {
                label.frame = frame;
                mark.label = Some(label);
                return true;
            }
        }
        false
    }

    /// What a clock shows stands below its lane or above it, or nowhere: the chart shows it, too.
    fn label_reading(&mut self, reading: &mut Reading) {
        let Rect { width, height, .. } = reading.frame;
        let Point { x, y } = reading.at;
        // Close to the lane, or beyond a mark on it; centred, or beside the tick.
        let places = [5.0, 13.0].into_iter().flat_map(|off| {
            let aside = [x - width / 2.0, x + 4.0, x - width - 4.0].into_iter();
            aside.flat_map(move |x| [y + off, y - off - height].map(|y| Rect { x, y, width, height }))
        });
        reading.placed = match self.board.place(places, None, usize::MAX) {
            Some(frame) => {
                reading.frame = frame;
                true
            }
            None => false,
        };
    }

    /// Whether the arrow has its words, or has none. They may cover `most` other lines; or what is
    /// usual.
    fn label_arrow(&mut self, index: usize, arrow: &mut Arrow, most: Option<usize>) -> bool {
        let Drawing { report, pick, lanes, .. } = self.drawing;
        let Some(flight) = pick.flights.get(index) else { return true };
        let (words, truth) = (flight.words(&report.trace), flight.truth(&report.trace));
        let mut texts = Vec::new();
        if arrow.ending == Ending::Withheld {
            texts.extend(truth.map(|truth| format!("says nothing (truth: {truth})")));
            texts.push("says nothing".to_owned());
        } else {
            texts.extend(truth.map(|truth| format!("{words} (truth: {truth})")));
            texts.push(if arrow.copy { format!("{words} (copy)") } else { words });
        }
        if texts.last().is_none_or(String::is_empty) {
            return true;
        }
        let most = most.unwrap_or(match (arrow.evidence.is_empty(), arrow.lie) {
            (false, _) => usize::MAX,
            (true, true) => 3,
            (true, false) => 2,
        });
        let size = if self.is_crowded { 20.0 } else { 24.0 };
        // In full if nothing is covered, then in short, and only then over other lines; without a
        // tag at the worst.
        for evidence in [&arrow.evidence[..], &[]] {
            for covered in [0, 1, most] {
                for (form, text) in texts.iter().enumerate() {
                    let is_long = form + 1 < texts.len();
                    let mut label = label(text, ARROW_ROOM * if is_long { 1.4 } else { 1.0 }, size, evidence);
                    let places = along(arrow, label.frame, lanes, self.is_crowded);
                    let covered = if is_long { covered.min(1) } else { covered };
                    if let Some(frame) = self.board.place(places, Some(index), covered) {
                        label.frame = frame;
                        arrow.label = Some(label);
                        return true;
                    }
                }
            }
            if arrow.evidence.is_empty() {
                break;
            }
        }
        false
    }
}

/// What labels must not cover.
fn taken(plot: Rect, bands: &[Band], stretches: &[Stretch], arrows: &[Arrow], marks: &[Mark]) -> Vec<Rect> {
    let heads = arrows.iter().filter(|arrow| !matches!(arrow.ending, Ending::InFlight)).map(|arrow| {
        let size = if arrow.ending == Ending::Lost { 34.0 } else { 26.0 };
        Rect::around(arrow.to, size, size)
    });
    let signs = marks.iter().map(|mark| Rect::around(mark.at, 20.0, 20.0));
    let rests = stretches.iter().map(|s| Rect { x: s.left, y: s.y - 14.0, width: s.right - s.left, height: 28.0 });
    let headings = bands.iter().map(|band| Rect { y: band.top, height: BAND_HEAD, ..plot });
    heads.chain(signs).chain(rests).chain(headings).collect()
}

/// A label of this text, not placed yet.
fn label(words: &str, room: f64, size: f64, evidence: &[String]) -> Label {
    // Evidence is set in bold, which is wider.
    let bold = if evidence.is_empty() { 1.0 } else { 1.1 };
    let text = text::shorten(words, room, size);
    let tag = evidence.join(", ");
    let tag_width = if tag.is_empty() { 0.0 } else { text::width(&tag, 20.0) * 1.1 + 20.0 };
    let width = text::width(&text, size) * bold + 20.0 + tag_width;
    let frame = Rect { x: 0.0, y: 0.0, width, height: size + 10.0 };
    Label { frame, text, size, tag, tag_width }
}

/// The places beside a mark: above and below its lane, to the right and to the left, then farther
/// off.
fn beside(at: Point, frame: Rect) -> Vec<Rect> {
    let Rect { width, height, .. } = frame;
    let mut places = Vec::new();
    for tier in [0.0, 1.0, 2.0] {
        let off = 15.0 + tier * (height + 8.0);
        for x in [at.x + 2.0, at.x - width / 2.0, at.x - width - 2.0] {
            places.extend([at.y - off - height, at.y + off].map(|y| Rect { x, y, width, height }));
        }
    }
    places
}

/// The places on an arrow that cover no lane.
fn along(arrow: &Arrow, frame: Rect, lanes: &[Lane], is_crowded: bool) -> Vec<Rect> {
    let Rect { width, height, .. } = frame;
    let is_on_lane = |place: &Rect| {
        let middle = place.y + height / 2.0;
        lanes.iter().any(|lane| (lane.y - middle).abs() < height / 2.0 + 6.0)
    };
    let places: Vec<Rect> = if arrow.ending == Ending::Withheld {
        let Point { x, y } = arrow.to;
        let down = (arrow.to.y - arrow.from.y).signum();
        let beside = |x, middle: f64| Rect { x, y: middle - height / 2.0, width, height };
        vec![
            beside(x + 16.0, y + down * (height / 2.0 - 6.0)),
            beside(x + 16.0, y),
            beside(x + 16.0, y - down * 10.0),
            beside(arrow.from.x - 8.0 - width, y),
        ]
    } else {
        let on = ALONG.iter().map(|&part| Rect::around(arrow.from.towards(arrow.to, part), width, height));
        // Beside a line that is too short to carry its words, but close enough to touch it.
        let aside = [0.5, 0.3, 0.7].into_iter().flat_map(|part| {
            let Point { x, y } = arrow.from.towards(arrow.to, part);
            let middle = y - height / 2.0;
            [x + 6.0, x - 6.0 - width].map(|x| Rect { x, y: middle, width, height })
        });
        if is_crowded { on.collect() } else { on.chain(aside).collect() }
    };
    places.into_iter().filter(|place| !is_on_lane(place)).collect()
}
