//! One panel of a chart: axes, theory as lines, rates as points with their intervals.

use crate::arrange::Arrange;
use crate::view::numbers::{in_unit, short};
use crate::view::spacetime::{Point, Rect};
use crate::view::svg::draw::{BLUE, Canvas, GREEN, INK, PURPLE, VERMILLION};
use crate::view::text;

use super::scale::Scale;
use super::series::{Along, Dot, Panel};

const TITLE_FONT: f64 = 30.0;
const FONT: f64 = 24.0;
/// Room for the numbers at the left, the panel's name above, and the numbers and the key's name
/// below.
const LEFT: f64 = 96.0;
const ABOVE: f64 = 62.0;
const BELOW: f64 = 84.0;
/// Series stand beside each other by so much, so that their intervals do not cover each other.
const ASIDE: f64 = 11.0;
/// How large the marks are of what is not asked for.
pub(super) const SMALL: f64 = 0.6;

/// How a series is drawn: its colour, its shape, and the dashes of its theory.
pub(super) struct Look {
    colour: &'static str,
    shape: Shape,
    is_hollow: bool,
    dashes: &'static str,
}

#[derive(Clone, Copy)]
enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
}

/// The look of the nth series. Colour, shape and dashes change together, so that none is needed
/// alone.
pub(super) fn look(series: usize) -> Look {
    let (colour, shape, dashes) = [
        (BLUE, Shape::Circle, "14 9"),
        (VERMILLION, Shape::Square, "4 8"),
        (GREEN, Shape::Triangle, "22 8 4 8"),
        (PURPLE, Shape::Diamond, "30 10"),
    ][series % 4];
    Look { colour, shape, is_hollow: series >= 4, dashes }
}

/// Draws a panel into its area.
pub(super) fn draw(canvas: &mut Canvas, panel: &Panel, along: &Along, area: &Rect) {
    let plot = Rect {
        x: area.x + LEFT,
        y: area.y + ABOVE,
        width: area.width - LEFT - 20.0,
        height: area.height - ABOVE - BELOW,
    };
    let (x, y) = (across(along, panel, &plot), upwards(panel, &plot));
    canvas.open_group("", &format!("{}: {}", panel.name, panel.says));
    heading(canvas, panel, area);
    horizontal(canvas, panel, &y, &plot);
    vertical(canvas, along, &x, &plot);
    let aside = |series: usize| (series as f64 - (panel.series.len() as f64 - 1.0) / 2.0) * ASIDE;
    // What is asked for lies over what is beside it.
    for is_aside in [true, false] {
        for (number, series) in panel.series.iter().enumerate().filter(|(_, series)| series.is_aside == is_aside) {
            let place = |dot: &Dot| Point { x: x.at(dot.x) + aside(number), y: y.at(dot.value) };
            if is_aside {
                draw_aside(canvas, &series.dots, &look(number), place);
                continue;
            }
            draw_theory(canvas, &series.curve, &look(number), &x, &y);
            for dot in &series.dots {
                draw_dot(canvas, dot, &look(number), place(dot), &y);
            }
        }
    }
    canvas.close_group();
}

fn heading(canvas: &mut Canvas, panel: &Panel, area: &Rect) {
    let y = area.y + 34.0;
    canvas.text(area.x, y, &panel.name, &format!("font-size=\"{TITLE_FONT}\" font-weight=\"bold\""));
    let after = area.x + text::width(&panel.name, TITLE_FONT * 1.06) + 16.0;
    let says = text::shorten(&panel.says, area.x + area.width - after, FONT);
    canvas.text(after, y, &says, "fill=\"#444\"");
}

/// The horizontal scale: the ends stand a little inside, with room for the series beside each
/// other.
fn across(along: &Along, panel: &Panel, plot: &Rect) -> Scale {
    let least = along.places.iter().copied().fold(f64::INFINITY, f64::min);
    let most = along.places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let inside = 30.0 + ASIDE * panel.series.len() as f64 / 2.0;
    let ends = if most > least { (least, most) } else { (least - 1.0, least + 1.0) };
    Scale::new(ends, (plot.x + inside, plot.x + plot.width - inside))
}

/// The vertical scale: from zero, if nothing is below it.
fn upwards(panel: &Panel, plot: &Rect) -> Scale {
    let dots = || panel.series.iter().flat_map(|series| &series.dots);
    let shown = || panel.series.iter().filter(|series| !series.is_aside);
    let theory = || shown().flat_map(|series| &series.curve).filter_map(|&(_, value)| value);
    let values = || dots().flat_map(|dot| [dot.low, dot.high]).chain(theory());
    let least = values().fold(0.0, f64::min);
    let most = values().fold(0.0, f64::max);
    let most = match most {
        most if panel.is_rate && most > 0.6 => 1.0,
        most if most > least => most + (most - least) * 0.05,
        _ => least + 1.0,
    };
    Scale::new((least, most), (plot.y + plot.height, plot.y))
}

fn horizontal(canvas: &mut Canvas, panel: &Panel, y: &Scale, plot: &Rect) {
    for tick in y.ticks(6) {
        let at = y.at(tick);
        let (left, right) = (Point { x: plot.x, y: at }, Point { x: plot.x + plot.width, y: at });
        let style =
            if tick == 0.0 { "stroke=\"#111\" stroke-width=\"3\"" } else { "stroke=\"#ddd\" stroke-width=\"2\"" };
        canvas.line(left, right, style);
        let number = if panel.is_rate { percent(tick) } else { in_unit(tick, panel.unit) };
        canvas.text(plot.x - 12.0, at + 8.0, &number, "text-anchor=\"end\"");
    }
}

fn percent(share: f64) -> String {
    format!("{} %", short(share * 100.0))
}

fn vertical(canvas: &mut Canvas, along: &Along, x: &Scale, plot: &Rect) {
    let bottom = plot.y + plot.height;
    let room = plot.width / 80.0;
    let labels: Vec<(f64, String)> = match &along.words {
        Some(words) => along.places.iter().copied().zip(words.iter().cloned()).collect(),
        // The points' own values where they stand apart, else round numbers.
        None if are_apart(&along.places, x) => along.places.iter().map(|&place| (place, short(place))).collect(),
        None => x.ticks((room as usize).clamp(2, 12)).into_iter().map(|tick| (tick, short(tick))).collect(),
    };
    let each = plot.width / labels.len().max(1) as f64;
    for (place, label) in labels {
        let at = x.at(place);
        canvas.line(
            Point { x: at, y: bottom },
            Point { x: at, y: bottom + 10.0 },
            "stroke=\"#111\" stroke-width=\"3\"",
        );
        canvas.text(at, bottom + 36.0, &text::shorten(&label, each.max(70.0), FONT), "text-anchor=\"middle\"");
    }
    let middle = plot.x + plot.width / 2.0;
    canvas.text(middle, bottom + 74.0, &text::shorten(&along.title, plot.width, FONT), "text-anchor=\"middle\"");
}

/// Whether the labels of all places fit beside each other.
fn are_apart(places: &[f64], x: &Scale) -> bool {
    let mut ends: Vec<(f64, f64)> = places
        .iter()
        .map(|&place| {
            let half = text::width(&short(place), FONT) / 2.0 + 6.0;
            (x.at(place) - half, x.at(place) + half)
        })
        .collect();
    ends.arrange_by(|one, other| one.0.total_cmp(&other.0));
    ends.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

/// Theory from place to place; one that it says nothing of breaks the line.
fn draw_theory(canvas: &mut Canvas, curve: &[(f64, Option<f64>)], look: &Look, x: &Scale, y: &Scale) {
    let Look { colour, dashes, .. } = look;
    let style = format!("stroke=\"{colour}\" stroke-width=\"3.5\" stroke-dasharray=\"{dashes}\"");
    for piece in curve.split(|(_, value)| value.is_none()) {
        let known = piece.iter().filter_map(|&(place, value)| Some(Point { x: x.at(place), y: y.at(value?) }));
        match &known.collect::<Vec<Point>>()[..] {
            [] => {}
            &[Point { x, y }] => canvas.line(Point { x: x - 45.0, y }, Point { x: x + 45.0, y }, &style),
            line => canvas.polyline(line, &style),
        }
    }
}

/// What is not asked for: small marks, with a thin line between.
fn draw_aside(canvas: &mut Canvas, dots: &[Dot], look: &Look, place: impl Fn(&Dot) -> Point) {
    let line: Vec<Point> = dots.iter().map(&place).collect();
    if line.len() > 1 {
        canvas.polyline(&line, &format!("stroke=\"{}\" stroke-width=\"1.5\"", look.colour));
    }
    for dot in dots {
        canvas.open_group("", &dot.words);
        draw_mark(canvas, place(dot), look, SMALL);
        canvas.close_group();
    }
}

/// A point with its interval; one whose interval misses theory stands in a ring.
fn draw_dot(canvas: &mut Canvas, dot: &Dot, look: &Look, at: Point, y: &Scale) {
    canvas.open_group("", &dot.words);
    draw_interval(canvas, at.x, [y.at(dot.low), y.at(dot.high)], look);
    draw_mark(canvas, at, look, 1.0);
    if dot.misses {
        draw_ring(canvas, at);
    }
    canvas.close_group();
}

/// An upright bar between two heights, with its ends marked.
pub(super) fn draw_interval(canvas: &mut Canvas, x: f64, ends: [f64; 2], look: &Look) {
    let style = format!("stroke=\"{}\" stroke-width=\"4\"", look.colour);
    canvas.line(Point { x, y: ends[0] }, Point { x, y: ends[1] }, &style);
    for y in ends {
        canvas.line(Point { x: x - 8.0, y }, Point { x: x + 8.0, y }, &style);
    }
}

/// The sign for a point whose interval misses theory.
pub(super) fn draw_ring(canvas: &mut Canvas, at: Point) {
    canvas.circle(at, 19.0, &format!("fill=\"none\" stroke=\"{INK}\" stroke-width=\"3\""));
}

/// The shape of a series at a place, `size` times as large as usual.
pub(super) fn draw_mark(canvas: &mut Canvas, at: Point, look: &Look, size: f64) {
    let colour = look.colour;
    let fill = if look.is_hollow { "#fff" } else { colour };
    let style = format!("fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"{:.1}\"", 4.0 * size);
    let around = |corners: &[(f64, f64)]| {
        corners.iter().map(|(x, y)| Point { x: at.x + x * size, y: at.y + y * size }).collect::<Vec<Point>>()
    };
    match look.shape {
        Shape::Circle => canvas.circle(at, 9.0 * size, &style),
        Shape::Square => canvas.polygon(&around(&[(-8.0, -8.0), (8.0, -8.0), (8.0, 8.0), (-8.0, 8.0)]), &style),
        Shape::Triangle => canvas.polygon(&around(&[(0.0, -10.0), (10.0, 8.0), (-10.0, 8.0)]), &style),
        Shape::Diamond => canvas.polygon(&around(&[(0.0, -11.0), (11.0, 0.0), (0.0, 11.0), (-11.0, 0.0)]), &style),
    }
}

/// The line of a series' theory, for the legend.
pub(super) fn draw_dashes(canvas: &mut Canvas, from: Point, to: Point, look: &Look) {
    let Look { colour, dashes, .. } = look;
    canvas.line(from, to, &format!("stroke=\"{colour}\" stroke-width=\"3.5\" stroke-dasharray=\"{dashes}\""));
}
