//! The space-time diagram as numbers: where every lane, arrow, mark and label goes.
//!
//! Time runs from left to right, every node has a lane, and a message is an arrow from its sending
//! to its end. (Leslie Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System",
//! CACM 21(7), 1978, draws them upwards.) A [`Layout`] is plain data that any renderer can draw; it
//! knows no SVG and no colour.
//!
//! A picture of everything would be black. What is drawn is capped by [`Limits`], and
//! [`Layout::left_out`] says what was not.

mod clocks;
mod graph;
mod label;
mod pick;
mod place;
mod scale;
mod shape;

use serde::Serialize;

use crate::report::Report;
use crate::trace::EventId;

pub use super::flight::Ending;
pub use clocks::{Clocks, Leap, READING_FONT, Reading, Slew};
pub use graph::{Beyond, Course, Graph, Name, SAMPLE};
pub use place::{Point, Rect};
pub use scale::{Break, Segment, Tick};

use pick::Pick;
use scale::Scale;

/// The size of the texts below the lanes.
pub const TICK_FONT: f64 = 22.0;
/// The size of the nodes' names.
pub const NAME_FONT: f64 = 28.0;
/// How far things at a lane's ends are from those of the plot.
const PAD: f64 = 28.0;

/// The room that a picture has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Frame {
    /// Where the names begin.
    pub left: f64,
    /// Where the lanes end.
    pub right: f64,
    /// Where the lanes begin.
    pub top: f64,
    /// How high the lanes are in all, if they need no more.
    pub height: f64,
}

/// How much is drawn at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes.
    pub lanes: usize,
    /// Messages.
    pub arrows: usize,
    /// What happens on the lanes.
    pub marks: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { lanes: 40, arrows: 400, marks: 400 }
    }
}

/// Where everything goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layout {
    /// The area of the lanes.
    pub plot: Rect,
    /// Where the axis is.
    pub axis: f64,
    /// Below this there is nothing.
    pub bottom: f64,
    /// The nodes, from top to bottom.
    pub lanes: Vec<Lane>,
    /// Moments named on the axis.
    pub ticks: Vec<Tick>,
    /// Folded stretches of time.
    pub breaks: Vec<Break>,
    /// Partitions.
    pub bands: Vec<Band>,
    /// Parts of lanes on which a node is not at work.
    pub stretches: Vec<Stretch>,
    /// Messages, in the order in which they left.
    pub arrows: Vec<Arrow>,
    /// What happened on the lanes.
    pub marks: Vec<Mark>,
    /// The clocks, where they matter.
    pub clocks: Option<Clocks>,
    /// What was left out, a sentence each.
    pub left_out: Vec<String>,
}

/// A node's lane.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lane {
    /// Where.
    pub y: f64,
    /// The node's name.
    pub name: String,
    /// The name as there is room for it.
    pub shown: String,
    /// The box around it.
    pub frame: Rect,
    /// Whether the node is a traitor.
    pub traitor: bool,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Band {
    /// From where.
    pub left: f64,
    /// To where.
    pub right: f64,
    /// The upper edge; partitions at one time are staggered.
    pub top: f64,
    /// Which groups, as there is room for it.
    pub text: String,
    /// What it is, in a sentence.
    pub story: String,
}

/// Why a node is not at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rest {
    /// It has crashed.
    Down,
    /// It is paused.
    Paused,
}

/// A part of a lane on which a node is not at work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stretch {
    /// Why.
    pub rest: Rest,
    /// The lane.
    pub y: f64,
    /// From where.
    pub left: f64,
    /// To where.
    pub right: f64,
    /// What it is, in a sentence.
    pub story: String,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arrow {
    /// Its name: `alice:bob:1`.
    pub message: String,
    /// The event that began it.
    pub began: EventId,
    /// The event that ended it.
    pub ended: Option<EventId>,
    /// How it ended.
    pub ending: Ending,
    /// Whether a traitor put it instead of the truth.
    pub lie: bool,
    /// Whether it is the network's copy.
    pub copy: bool,
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
    /// The violated properties that it is evidence of.
    pub evidence: Vec<String>,
    /// Its words, if there was room.
    pub label: Option<Label>,
    /// All about it, in sentences.
    pub story: String,
}

/// What a mark on a lane stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The process told its user something.
    Output,
    /// The node crashed.
    Crashed,
    /// The node is up again.
    Restarted,
    /// The node is paused.
    Paused,
    /// The node goes on.
    Resumed,
    /// Its clock was stepped, slewed, or changed its speed.
    Clock,
    /// The process noted an inner step.
    Note,
    /// The process wrote to its disk.
    Wrote,
    /// The process passed a point at which it may crash.
    CrashPoint,
    /// A timer fired.
    Timer,
    /// The process began, or the node was named a traitor; drawn only as evidence.
    Beginning,
}

/// Something that happened on a lane; what is alike and at one place shares a mark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mark {
    /// What it stands for.
    pub sign: Sign,
    /// Where.
    pub at: Point,
    /// The events.
    pub events: Vec<EventId>,
    /// The violated properties that it is evidence of.
    pub evidence: Vec<String>,
    /// Its words, if it has some and there was room.
    pub label: Option<Label>,
    /// All about it, in sentences.
    pub story: String,
}

/// A text in a box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Label {
    /// The box, tag included.
    pub frame: Rect,
    /// The text.
    pub text: String,
    /// The size of its font.
    pub size: f64,
    /// What stands in a dark field at its end: the properties of which it is evidence. Empty if
    /// there are none.
    pub tag: String,
    /// How wide that field is.
    pub tag_width: f64,
}

/// A run's course of time across a picture that can be scrolled: which stretches are folded, and
/// how long the others are beside each other. Everything of the run has its place in it.
pub fn course(report: &Report) -> Vec<Segment> {
    const WIDTH: f64 = 1_000_000.0;
    let everything = Limits { lanes: usize::MAX, arrows: usize::MAX, marks: usize::MAX };
    let (moments, ways) = Pick::new(report, everything).moments();
    Scale::with_breaks(moments, &ways, 0.0, WIDTH, usize::MAX).segments()
}

/// Lays out a run in `frame`.
pub fn layout(report: &Report, frame: Frame, limits: Limits) -> Layout {
    let pick = Pick::new(report, limits);
    let lanes = shape::lanes(report, &pick, frame);
    let plot = shape::plot(&lanes, frame, shape::band_rows(report, &pick));
    let (moments, ways) = pick.moments();
    let right = plot.x + plot.width;
    let scale = Scale::new(moments, &ways, plot.x + PAD, right - label::room_at_end(&pick).max(PAD));
    let (ticks, breaks) = (scale.ticks(), scale.breaks());
    let axis = plot.y + plot.height;
    let bottom = axis + if breaks.is_empty() { 44.0 } else { 76.0 };
    let drawing = shape::Drawing { report, pick: &pick, scale: &scale, lanes: &lanes, plot };
    let (bands, stretches) = (drawing.bands(), drawing.stretches());
    let (mut arrows, mut marks) = (drawing.arrows(), drawing.marks());
    let mut clocks = report.chart.as_ref().map(|chart| clocks::clocks(&drawing, chart, &ticks, bottom));
    let readings = clocks.as_mut().map_or(&mut [][..], |clocks| &mut clocks.readings);
    let unlabelled = label::place(&drawing, &bands, &stretches, &mut arrows, &mut marks, readings);
    let bottom = clocks.as_ref().map_or(bottom, |clocks| clocks.graph.bottom);
    let mut left_out = pick.left_out(report);
    if unlabelled > 0 {
        let texts = if unlabelled == 1 { "The words of one arrow or mark" } else { "The words of {} arrows and marks" };
        let texts = texts.replace("{}", &pick::grouped(unlabelled as u64));
        left_out.push(format!("{texts} found no room; they show under the pointer."));
    }
    Layout { plot, axis, bottom, lanes, ticks, breaks, bands, stretches, arrows, marks, clocks, left_out }
}
