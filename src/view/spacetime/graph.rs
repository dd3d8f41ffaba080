//! The chart of clocks as numbers: how far each was off over the whole run, with the bound as a
//! band.
//!
//! Time runs evenly here, nothing folded: a drift is a straight line. The range of values is that
//! of the clocks that count and of their bounds. What a clock was before anybody set it can be a
//! thousand times as much; it is cut off at the edge, and a word says so.

use serde::Serialize;

use crate::check::chart::{Chart, Series};
use crate::view::{axis, text};

use super::place::{Point, Rect};
use super::scale::{Scale, Tick};
use super::shape::Drawing;
use super::{PAD, TICK_FONT};

/// How high the chart is.
const HEIGHT: f64 = 168.0;
/// What a line of words above the chart takes.
const LINE: f64 = 32.0;
/// As many values are named beside the chart.
const VALUES: usize = 6;
/// How far the lines keep from the upper and lower edges, as a part of the range.
const MARGIN: f64 = 0.06;
/// A band that is no higher than this is hidden by a line.
const SEEN: f64 = 4.0;

/// The chart of clocks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Graph {
    /// Where its words begin.
    pub left: f64,
    /// The area of the lines.
    pub frame: Rect,
    /// What it shows.
    pub title: String,
    /// What the bound is; empty where none is drawn.
    pub bound: String,
    /// The names of the clocks, each beside a sample of its line.
    pub names: Vec<Name>,
    /// Values named beside it: the height of each and its text.
    pub values: Vec<(f64, String)>,
    /// The height of no error at all.
    pub zero: f64,
    /// Moments named below it.
    pub ticks: Vec<Tick>,
    /// Whether its moments are where those of the lanes are.
    pub is_aligned: bool,
    /// The bounds: closed shapes.
    pub bands: Vec<Vec<Point>>,
    /// The clocks.
    pub courses: Vec<Course>,
    /// Where a line leaves the frame.
    pub beyond: Vec<Beyond>,
    /// Below this there is nothing of it.
    pub bottom: f64,
}

/// A clock's name beside a sample of its line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Name {
    /// Where the sample begins.
    pub at: Point,
    /// The node's name, as there is room for it.
    pub text: String,
}

/// The line of one clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Course {
    /// The node's name.
    pub node: String,
    /// Its parts within the frame.
    pub parts: Vec<Vec<Point>>,
    /// What became of the clock, in a sentence.
    pub story: String,
}

/// A place at which a line leaves the frame.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Beyond {
    /// Where, at the edge.
    pub at: Point,
    /// Whether it is the upper edge.
    pub is_above: bool,
    /// How far the line goes.
    pub text: String,
}

/// How wide the sample of a line is, beside a clock's name.
pub const SAMPLE: f64 = 54.0;

/// Lays out the chart below `top`.
pub(super) fn graph(drawing: &Drawing<'_>, chart: &Chart, lane_ticks: &[Tick], top: f64) -> Graph {
    let plot = drawing.plot;
    let (left, right) = (plot.x + PAD, plot.x + plot.width - PAD);
    let end = drawing.report.trace.ended_at;
    let aligned = drawing.scale.is_even_from_zero_to(end).then(|| drawing.scale.clone());
    let is_aligned = aligned.is_some();
    let scale = aligned.unwrap_or_else(|| Scale::new(vec![0, end.ns()], &[], left, right));
    let ticks = if is_aligned { lane_ticks.to_vec() } else { scale.ticks() };
    let first = drawing.lanes.first().map_or(plot.x, |lane| lane.frame.x);
    let whole = if is_aligned { "" } else { ", over the whole run" };
    let title = format!("{}{whole}", chart.title);
    let (names, names_end) = names(chart, &title, first, plot.x + plot.width, top + 26.0);
    let heading = names_end + if chart.bound.is_none() { 0.0 } else { LINE };
    let frame = Rect { x: plot.x, y: heading + 14.0, width: plot.width, height: HEIGHT };
    let field = Field { frame, scale, range: chart.range() };
    let (low, high) = field.range;
    let bands: Vec<Vec<Point>> = chart.bands.iter().map(|band| field.band(&band.points)).collect();
    let is_seen = bands.iter().any(|band| height(band) > SEEN);
    let thin = if is_seen { "" } else { ", thinner than a line here" };
    let bound = chart.bound.map_or_else(String::new, |bound| format!("the bound{thin}: {bound}"));
    let values = axis::round_values(low, high, VALUES).into_iter();
    let courses = chart.series.iter().map(|series| field.course(series)).collect();
    Graph {
        left: first,
        frame,
        title,
        bound,
        names,
        values: values.map(|value| (field.y(value), axis::signed_words(value))).collect(),
        zero: field.y(0),
        ticks,
        is_aligned,
        bands,
        courses,
        beyond: field.beyond(&chart.series),
        bottom: frame.y + HEIGHT + 44.0,
    }
}

/// The clocks' names after the title, from left to right in as many lines as they need; and where
/// the last line ends.
fn names(chart: &Chart, title: &str, left: f64, right: f64, top: f64) -> (Vec<Name>, f64) {
    let mut at = Point { x: left + text::width(title, TICK_FONT) * 1.1 + 40.0, y: top };
    let mut names = Vec::new();
    for series in &chart.series {
        let text = text::shorten(&series.node, 230.0, TICK_FONT);
        let width = SAMPLE + 10.0 + text::width(&text, TICK_FONT);
        if at.x + width > right {
            at = Point { x: left, y: at.y + LINE };
        }
        names.push(Name { at, text });
        at.x += width + 30.0;
    }
    (names, at.y)
}

fn height(points: &[Point]) -> f64 {
    let heights = points.iter().map(|point| point.y);
    heights.clone().fold(f64::MIN, f64::max) - heights.fold(f64::MAX, f64::min)
}

/// Where values of a chart are drawn.
struct Field {
    frame: Rect,
    scale: Scale,
    range: (i64, i64),
}

impl Field {
    fn y(&self, value: i64) -> f64 {
        let (low, high) = self.range;
        let part = (value as f64 - low as f64) / (high as f64 - low as f64);
        self.frame.y + self.frame.height * (1.0 - MARGIN - part * (1.0 - 2.0 * MARGIN))
    }

    fn point(&self, at: u64, value: i64) -> Point {
        Point { x: self.scale.x(crate::time::Time::from_ns(at)), y: self.y(value) }
    }

    fn course(&self, series: &Series) -> Course {
        let points: Vec<Point> = series.points.iter().map(|&(at, off)| self.point(at, off)).collect();
        let offs = series.points.iter().map(|&(_, off)| off);
        let words = |off: Option<i64>| axis::signed_words(off.unwrap_or(0));
        let story = format!(
            "{}: from {} to {}, {} at the end.",
            series.node,
            words(offs.clone().min()),
            words(offs.clone().max()),
            words(offs.clone().next_back())
        );
        Course { node: series.node.clone(), parts: self.within(&thinned(&points)), story }
    }

    /// The parts of a line that lie within the frame.
    fn within(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let (top, bottom) = (self.frame.y, self.frame.y + self.frame.height);
        let mut parts: Vec<Vec<Point>> = Vec::new();
        for pair in points.windows(2) {
            let Some((from, to)) = clipped(pair[0], pair[1], top, bottom) else { continue };
            match parts.last_mut() {
                Some(part) if part.last() == Some(&from) => part.push(to),
                _ => parts.push(vec![from, to]),
            }
        }
        parts
    }

    /// A band as a closed shape, cut off at the frame.
    fn band(&self, points: &[(u64, i64, i64)]) -> Vec<Point> {
        let held = |point: Point| Point { y: point.y.clamp(self.frame.y, self.frame.y + self.frame.height), ..point };
        let upper: Vec<Point> = points.iter().map(|&(at, _, high)| held(self.point(at, high))).collect();
        let lower: Vec<Point> = points.iter().map(|&(at, low, _)| held(self.point(at, low))).collect();
        thinned(&upper).into_iter().chain(thinned(&lower).into_iter().rev()).collect()
    }

    /// A word for each clock that is farther off than the frame reaches: where it first is, and how
    /// far at most.
    fn beyond(&self, all: &[Series]) -> Vec<Beyond> {
        let (top, bottom) = (self.frame.y, self.frame.y + self.frame.height);
        let of = |series: &Series| {
            let is_out = |&&(_, off): &&(u64, i64)| self.y(off) < top || self.y(off) > bottom;
            let &(at, first) = series.points.iter().find(is_out)?;
            let is_above = self.y(first) < top;
            let farthest = series.points.iter().map(|&(_, off)| off).max_by_key(|off| off.saturating_abs())?;
            let at = Point { x: self.point(at, first).x, y: if is_above { top } else { bottom } };
            Some(Beyond { at, is_above, text: format!("{} {}", series.node, axis::signed_words(farthest)) })
        };
        let mut beyond: Vec<Beyond> = all.iter().filter_map(of).collect();
        // Words that would stand on each other stand beside each other.
        beyond.sort_by(|a, b| a.is_above.cmp(&b.is_above).then(a.at.x.total_cmp(&b.at.x)));
        for index in 1..beyond.len() {
            let last = &beyond[index - 1];
            let least = last.at.x + text::width(&last.text, TICK_FONT) + 40.0;
            if last.is_above == beyond[index].is_above && beyond[index].at.x < least {
                beyond[index].at.x = least;
            }
        }
        beyond.retain(|word| word.at.x + text::width(&word.text, TICK_FONT) < self.frame.x + self.frame.width);
        beyond
    }
}

/// The part of a line between two heights.
fn clipped(a: Point, b: Point, top: f64, bottom: f64) -> Option<(Point, Point)> {
    if a.y.max(b.y) < top || a.y.min(b.y) > bottom {
        return None;
    }
    let at_height = |y: f64| a.towards(b, (y - a.y) / (b.y - a.y));
    let held = |point: Point| match point.y {
        y if y < top => at_height(top),
        y if y > bottom => at_height(bottom),
        _ => point,
    };
    Some((held(a), held(b)))
}

/// The points without those that nobody could see: of many in one column of the picture, the first,
/// the lowest, the highest and the last.
fn thinned(points: &[Point]) -> Vec<Point> {
    let mut kept = Vec::new();
    for column in points.chunk_by(|a, b| a.x.floor() == b.x.floor()) {
        if column.len() <= 4 {
            kept.extend_from_slice(column);
            continue;
        }
        let by_height = |a: &(usize, &Point), b: &(usize, &Point)| a.1.y.total_cmp(&b.1.y);
        let (least, most) = (column.iter().enumerate().min_by(by_height), column.iter().enumerate().max_by(by_height));
        let mut which = [Some(0), least.map(|(index, _)| index), most.map(|(index, _)| index), Some(column.len() - 1)]
            .into_iter()
            .flatten()
            .collect::<Vec<usize>>();
        which.sort_unstable();
        which.dedup();
        kept.extend(which.into_iter().map(|index| column[index]));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_where_it_leaves_the_frame() {
        let point = |x, y| Point { x, y };
        for (a, b, expect) in [
            (point(0.0, 5.0), point(10.0, 5.0), Some((point(0.0, 5.0), point(10.0, 5.0)))),
            (point(0.0, -10.0), point(10.0, 10.0), Some((point(5.0, 0.0), point(10.0, 10.0)))),
            (point(0.0, -10.0), point(10.0, 30.0), Some((point(2.5, 0.0), point(7.5, 20.0)))),
            (point(0.0, -5.0), point(10.0, -1.0), None),
            (point(3.0, 25.0), point(3.0, 10.0), Some((point(3.0, 20.0), point(3.0, 10.0)))),
        ] {
            assert_eq!(clipped(a, b, 0.0, 20.0), expect, "{a:?} {b:?}");
        }
    }

    #[test]
    fn what_nobody_could_see_is_left_out() {
        let points: Vec<Point> = (0..1_000).map(|i| Point { x: f64::from(i) / 500.0, y: f64::from(i % 7) }).collect();
        let kept = thinned(&points);
        assert!(kept.len() <= 8, "{}", kept.len());
        assert_eq!((kept.first(), kept.last()), (points.first(), points.last()));
    }
}
