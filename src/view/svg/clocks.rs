//! The clocks in the picture: along the lanes, and in the chart below them.

use crate::view::spacetime::{Beyond, Clocks, Graph, Name, Point, READING_FONT, Rect, SAMPLE, TICK_FONT};
use crate::view::text;

use super::draw::{BLUE, Canvas, GREEN, GREY, INK, PURPLE, VERMILLION};

/// How a clock's reading is written.
pub(super) const READING: &str = "font-size=\"19\" font-style=\"italic\" fill=\"#333\"";
const COLOURS: [&str; 5] = [BLUE, VERMILLION, GREEN, PURPLE, INK];
/// Lines that are drawn alike in grey or black and white are told apart by their strokes.
const DASHES: [&str; 6] = ["", "16 7", "3 6", "16 6 3 6", "26 8", "9 5"];
const BAND: &str = "#56B4E9";

/// The stroke of the clock at this place of the list: colours and dashes begin again at different
/// places.
fn stroke(index: usize) -> String {
    let (colour, dashes) = (COLOURS[index % COLOURS.len()], DASHES[index % DASHES.len()]);
    format!("stroke=\"{colour}\" stroke-width=\"4\" stroke-dasharray=\"{dashes}\" stroke-linejoin=\"round\"")
}

/// What is special about lanes: leaps and slews.
pub(super) fn lanes(canvas: &mut Canvas, clocks: &Clocks) {
    for one in &clocks.slews {
        canvas.open_group("", &one.story);
        slew(canvas, one.y, one.left, one.right);
        canvas.close_group();
    }
    for one in &clocks.leaps {
        leap(canvas, one.at, 24.0);
    }
}

/// A broken lane: a gap between two strokes. `half` is half of what is drawn.
pub(super) fn leap(canvas: &mut Canvas, at: Point, half: f64) {
    let Point { x, y } = at;
    let (lane, slant) =
        (format!("stroke=\"{GREY}\" stroke-width=\"3\""), format!("stroke=\"{INK}\" stroke-width=\"3\""));
    let gap = 14.0;
    canvas.rect(&Rect { x: x - gap, y: y - 4.0, width: 2.0 * gap, height: 8.0 }, "fill=\"#fff\"");
    for side in [-1.0, 1.0] {
        let edge = x + side * gap;
        canvas.line(Point { x: edge, y }, Point { x: x + side * half, y }, &lane);
        canvas.line(Point { x: edge - 5.0, y: y + 13.0 }, Point { x: edge + 5.0, y: y - 13.0 }, &slant);
    }
}

/// A part of a lane on which a clock is slewed: a dotted line along it.
pub(super) fn slew(canvas: &mut Canvas, y: f64, left: f64, right: f64) {
    let style = format!("stroke=\"{PURPLE}\" stroke-width=\"8\" stroke-dasharray=\"3 5\"");
    canvas.line(Point { x: left, y }, Point { x: right, y }, &style);
}

/// What clocks show along the lanes.
pub(super) fn readings(canvas: &mut Canvas, clocks: &Clocks) {
    // A white rim keeps the text readable where it crosses a line.
    let style = format!("{READING} stroke=\"#fff\" stroke-width=\"5\" paint-order=\"stroke\" text-anchor=\"middle\"");
    for reading in clocks.readings.iter().filter(|reading| reading.placed) {
        let Rect { x, y, width, .. } = reading.frame;
        canvas.text(x + width / 2.0, y + READING_FONT, &reading.text, &style);
    }
}

/// The chart.
pub(super) fn graph(canvas: &mut Canvas, graph: &Graph) {
    heading(canvas, graph);
    axes(canvas, graph);
    for band in &graph.bands {
        canvas
            .polygon(band, &format!("fill=\"{BAND}\" fill-opacity=\"0.22\" stroke=\"{BLUE}\" stroke-opacity=\"0.6\""));
    }
    let Rect { x, width, .. } = graph.frame;
    let (from, to) = (Point { x, y: graph.zero }, Point { x: x + width, y: graph.zero });
    canvas.line(from, to, &format!("stroke=\"{GREY}\" stroke-width=\"2\""));
    for (index, course) in graph.courses.iter().enumerate() {
        canvas.open_group("", &course.story);
        for part in &course.parts {
            canvas.polyline(part, &stroke(index));
        }
        canvas.close_group();
    }
    for word in &graph.beyond {
        beyond(canvas, word);
    }
}

fn heading(canvas: &mut Canvas, graph: &Graph) {
    let base = graph.names.first().map_or(graph.frame.y - 14.0, |name| name.at.y);
    let left = graph.names.iter().map(|name| name.at.x).fold(graph.left, f64::min);
    let font = format!("font-size=\"{TICK_FONT}\"");
    canvas.text(left, base, &graph.title, &format!("{font} font-weight=\"bold\""));
    for (index, Name { at, text }) in graph.names.iter().enumerate() {
        let y = at.y - 8.0;
        canvas.line(Point { x: at.x, y }, Point { x: at.x + SAMPLE, y }, &stroke(index));
        canvas.text(at.x + SAMPLE + 10.0, at.y, text, &font);
    }
    if !graph.bound.is_empty() {
        let y = graph.frame.y - 14.0;
        let sample = Rect { x: left, y: y - 18.0, width: SAMPLE, height: 20.0 };
        let style = format!("fill=\"{BAND}\" fill-opacity=\"0.22\" stroke=\"{BLUE}\" stroke-opacity=\"0.6\"");
        canvas.rect(&sample, &style);
        canvas.text(left + SAMPLE + 10.0, y, &graph.bound, &font);
    }
}

fn axes(canvas: &mut Canvas, graph: &Graph) {
    let frame = graph.frame;
    let bottom = frame.y + frame.height;
    canvas.rect(&frame, "fill=\"none\" stroke=\"#bbb\" stroke-width=\"2\"");
    for (y, text) in &graph.values {
        let (a, b) = (Point { x: frame.x - 8.0, y: *y }, Point { x: frame.x + frame.width, y: *y });
        canvas.line(a, b, "stroke=\"#ddd\" stroke-width=\"2\"");
        canvas.text(frame.x - 14.0, y + 7.0, text, "font-size=\"20\" text-anchor=\"end\"");
    }
    for tick in &graph.ticks {
        let (a, b) = (Point { x: tick.x, y: frame.y }, Point { x: tick.x, y: bottom + 8.0 });
        canvas.line(a, b, "stroke=\"#ddd\" stroke-width=\"2\"");
        canvas.text(tick.x, bottom + 30.0, &tick.text, "font-size=\"20\" text-anchor=\"middle\"");
    }
    canvas.text(graph.left, bottom + 30.0, "true time", "font-size=\"20\" fill=\"#444\"");
}

fn beyond(canvas: &mut Canvas, word: &Beyond) {
    let Point { x, y } = word.at;
    let inwards = if word.is_above { 1.0 } else { -1.0 };
    let at = |dx: f64, dy: f64| Point { x: x + dx, y: y + inwards * dy };
    let top = if word.is_above { y + 2.0 } else { y - 24.0 };
    let width = 25.0 + text::width(&word.text, 20.0);
    canvas.rect(&Rect { x: x + 3.0, y: top, width, height: 22.0 }, "fill=\"#fff\" fill-opacity=\"0.9\"");
    canvas.polygon(&[at(12.0, 3.0), at(5.0, 17.0), at(19.0, 17.0)], &format!("fill=\"{INK}\""));
    let base = if word.is_above { y + 20.0 } else { y - 5.0 };
    canvas.text(x + 25.0, base, &word.text, "font-size=\"20\"");
}
