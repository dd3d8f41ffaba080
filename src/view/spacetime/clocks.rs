//! The clocks of a run in its picture: what each shows along its lane, where it leaps, where it is
//! slewed, and below the lanes how far each is off.

use serde::Serialize;

use crate::check::chart::Chart;
use crate::process::NodeId;
use crate::time::{Span, Time};
use crate::trace::{Event, EventKind, Kinds};
use crate::view::axis::{self, span_words};
use crate::view::text;

use super::graph::{self, Graph};
use super::place::{Point, Rect};
use super::scale::Tick;
use super::shape::Drawing;

/// The size of a clock's readings.
pub const READING_FONT: f64 = 19.0;
/// From this on a moment is told in hours, and what a clock shows is told as a distance from it.
const AN_HOUR: u64 = 3_600_000_000_000;

/// The clocks in a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clocks {
    /// What each clock shows at the moments named on the axis.
    pub readings: Vec<Reading>,
    /// Where a clock jumps: its lane is broken there.
    pub leaps: Vec<Leap>,
    /// Where a clock is being slewed.
    pub slews: Vec<Slew>,
    /// How far each clock is off.
    pub graph: Graph,
}

/// What a clock shows at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// The moment on the lane.
    pub at: Point,
    /// What it shows: a reading, or the true moment and how far the clock is from it.
    pub text: String,
    /// Where the text stands, if it found room.
    pub frame: Rect,
    /// Whether it found room.
    pub placed: bool,
}

/// A jump of a clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leap {
    /// Where.
    pub at: Point,
}

/// A part of a lane on which a clock is being slewed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slew {
    /// The lane.
    pub y: f64,
    /// From where.
    pub left: f64,
    /// To where.
    pub right: f64,
    /// What it is, in a sentence.
    pub story: String,
}

/// Lays out the clocks of a run; the graph begins below `top`.
pub(super) fn clocks(drawing: &Drawing<'_>, chart: &Chart, ticks: &[Tick], top: f64) -> Clocks {
    let graph = graph::graph(drawing, chart, ticks, top);
    Clocks { readings: readings(drawing, ticks), leaps: leaps(drawing), slews: slews(drawing), graph }
}

/// What each clock shows at each tick. Where rounding would hide how far clocks are off, or
/// readings would be long, all are told as the moment and the distance from it.
fn readings(drawing: &Drawing<'_>, ticks: &[Tick]) -> Vec<Reading> {
    let trace = &drawing.report.trace;
    let shown = |node: NodeId, tick: &Tick| trace.clocks[node.index()].read(Time::from_ns(tick.at)).since_zero();
    let is_told_by_rounding = |node: NodeId, tick: &Tick| {
        let shows = shown(node, tick);
        let off = shows.ns().abs_diff(tick.at.cast_signed());
        let unit = axis::thousandth(shows.ns().unsigned_abs());
        shows.ns().unsigned_abs() < AN_HOUR && (off == 0 || off >= 10 * unit)
    };
    let nodes = &drawing.pick.nodes;
    let is_plain = nodes.iter().all(|&node| ticks.iter().all(|tick| is_told_by_rounding(node, tick)));
    let reading = |(&node, y): (&NodeId, f64), tick: &Tick| {
        let shows = shown(node, tick);
        let off = shows - Span::from_ns(tick.at.cast_signed());
        let sign = if shows.is_negative() { "−" } else { "" };
        let text = match (is_plain, off) {
            (true, _) => format!("{sign}{}", span_words(shows.ns().unsigned_abs())),
            (false, Span::ZERO) => span_words(tick.at),
            (false, off) if tick.at == 0 => axis::signed_words(off.ns()),
            (false, off) => format!("{} {}", span_words(tick.at), axis::signed_words(off.ns())),
        };
        let (width, height) = (text::width(&text, READING_FONT), READING_FONT + 6.0);
        let frame = Rect { x: tick.x - width / 2.0, y, width, height };
        Reading { at: Point { x: tick.x, y }, text, frame, placed: false }
    };
    let lanes = nodes.iter().zip(drawing.lanes.iter().map(|lane| lane.y));
    lanes.flat_map(|lane| ticks.iter().map(move |tick| reading(lane, tick))).collect()
}

/// The changes of clocks that are drawn, with their lanes.
fn changes<'a>(drawing: &'a Drawing<'_>) -> impl Iterator<Item = (&'a Event, NodeId, f64)> + use<'a> {
    let (pick, lanes) = (drawing.pick, drawing.lanes);
    let changes = drawing.report.trace.events.iter().filter(|event| event.what.kind() == Kinds::CLOCK);
    changes.filter_map(move |event| {
        let node = event.node?;
        Some((event, node, lanes[pick.lane_of(node)?].y))
    })
}

fn leaps(drawing: &Drawing<'_>) -> Vec<Leap> {
    let (from, to) = (drawing.pick.from, drawing.pick.to);
    let steps =
        changes(drawing).filter(|(event, ..)| matches!(event.what, EventKind::ClockStepped(by) if by != Span::ZERO));
    let drawn = steps.filter(|(event, ..)| (from..=to).contains(&event.at));
    drawn.map(|(event, _, y)| Leap { at: Point { x: drawing.scale.x(event.at), y } }).collect()
}

fn slews(drawing: &Drawing<'_>) -> Vec<Slew> {
    let (from, to) = (drawing.pick.from, drawing.pick.to);
    let slewed = changes(drawing).filter_map(|(event, node, y)| match event.what {
        EventKind::ClockSlewed(by) if by != Span::ZERO => {
            let begun = drawing.report.trace.clocks[node.index()].at(event.at);
            Some((event.at, begun.slewed_at()?.min(drawing.report.trace.ended_at), by, node, y))
        }
        _ => None,
    });
    let drawn = slewed.filter(|&(begins, ends, ..)| begins <= to && ends >= from && begins < ends);
    let slew = |(begins, ends, by, node, y): (Time, Time, Span, NodeId, f64)| {
        let name = drawing.report.trace.names.of(node);
        let words = axis::signed_words(by.ns());
        let story = format!("{name}'s clock is slewed by {words}, from {begins} to {ends}.");
        Slew { y, left: drawing.scale.x(begins), right: drawing.scale.x(ends), story }
    };
    drawn.map(slew).collect()
}
