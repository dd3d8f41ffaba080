//! A sweep as a chart, one self-contained SVG file: rates and means as points with their intervals,
//! theory as lines.
//!
//! The first key of the grid goes from left to right; each setting of the others is a series of its
//! own. It is drawn to be shown on a wall, as the space-time diagram is, and nothing is told by
//! colour alone. It is our own: a charting crate's pictures hold neither the titles that a screen
//! reader tells nor fonts of a size that is known.

mod drawn;
mod panel;
mod scale;
mod series;
#[cfg(test)]
mod tests;

use std::fmt::Write;

use crate::explore::sweep::{Plan, Row};
use crate::view::spacetime::{Point, Rect};
use crate::view::svg::draw::{Canvas, INK, MONO, SANS};
use crate::view::svg::escape;

use super::besides::besides;
use super::numbers::grouped;
use super::shell::quoted;
use super::text;
pub use drawn::{Drawn, drawn};
use series::Shown;

const WIDTH: f64 = 1920.0;
const HEIGHT: f64 = 1080.0;
/// Nothing that matters is in the outer twentieth, which projectors cut off.
const MARGIN: f64 = 96.0;
const TOP: f64 = 54.0;
const TITLE_FONT: f64 = 44.0;
const FONT: f64 = 24.0;
/// More points than this are not told one by one to readers who do not see the picture.
const MOST_TOLD: usize = 200;

/// The sweep as an SVG picture of the properties and measures of these names; without any, of
/// what is asked for, with the properties that are violated beside it.
pub fn render(plan: &Plan, rows: &[Row], names: &[String]) -> String {
    let shown = Shown::of(plan, rows, names);
    let mut canvas = Canvas::new(format!("c{}", plan.scenario().hash));
    let top = header(&mut canvas, plan, rows, &shown);
    let bottom = footer(&mut canvas, plan, &shown);
    let area = Rect { x: MARGIN, y: top, width: WIDTH - 2.0 * MARGIN, height: bottom - top };
    for (panel, area) in shown.panels.iter().zip(areas(shown.panels.len(), &area)) {
        panel::draw(&mut canvas, panel, &shown.along, &area);
    }
    document(&canvas, plan, &shown)
}

/// Divides an area among panels: beside each other, in two rows from three panels on.
fn areas(count: usize, area: &Rect) -> Vec<Rect> {
    const GAP: f64 = 40.0;
    let rows = if count > 2 { 2 } else { 1 };
    let columns = count.div_ceil(rows).max(1);
    let width = (area.width - GAP * (columns as f64 - 1.0)) / columns as f64;
    let height = area.height / rows as f64;
    let place = |index: usize| Rect {
        x: area.x + (index % columns) as f64 * (width + GAP),
        y: area.y + (index / columns) as f64 * height,
        width,
        height,
    };
    (0..count).map(place).collect()
}

/// Whether a sweep has come to its end; one with `--precision` leaves a point when it is known well
/// enough.
fn is_whole(plan: &Plan, rows: &[Row]) -> bool {
    let is_each = || rows.iter().all(|row| row.runs == plan.runs());
    rows.len() == plan.points() && (plan.wanted().precision.is_some() || is_each())
}

/// Draws title and legend; answers where they end.
fn header(canvas: &mut Canvas, plan: &Plan, rows: &[Row], shown: &Shown) -> f64 {
    let scenario = plan.scenario();
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = TOP;
    for line in text::wrap(&scenario.title, room / 1.08, TITLE_FONT, 2) {
        y += 48.0;
        canvas.text(MARGIN, y, &line, &format!("font-size=\"{TITLE_FONT}\" font-weight=\"bold\""));
    }
    y += 38.0;
    let runs = grouped(&plan.runs().to_string());
    let is_even = rows.iter().all(|row| row.runs == plan.runs());
    let runs = if is_even { format!("{runs} runs a point") } else { format!("up to {runs} runs a point") };
    let runs = if is_whole(plan, rows) { runs } else { format!("{runs}, not all of them run") };
    let subtitle = format!("{} · {} · {runs}", scenario.problem, scenario.protocol);
    canvas.text(MARGIN, y, &text::shorten(&subtitle, room, FONT), "fill=\"#444\"");
    y += 46.0;
    legend(canvas, shown, y) + 20.0
}

/// Draws what the signs mean, from left to right and in as many lines as that takes; answers where
/// it ends.
fn legend(canvas: &mut Canvas, shown: &Shown, mut y: f64) -> f64 {
    let mut x = MARGIN;
    let mut place = |words: &str, sign: f64| {
        let wide = sign + text::width(words, FONT) + 44.0;
        if x + wide > WIDTH - MARGIN && x > MARGIN {
            (x, y) = (MARGIN, y + 38.0);
        }
        let at = Point { x, y: y - 8.0 };
        x += wide;
        at
    };
    let label = |canvas: &mut Canvas, at: Point, sign: f64, words: &str| {
        canvas.text(at.x + sign, at.y + 8.0, words, "");
    };
    for (index, series) in shown.legend() {
        let at = place(&series.words, 34.0);
        let size = if series.is_aside { panel::SMALL } else { 1.0 };
        panel::draw_mark(canvas, Point { x: at.x + 12.0, ..at }, &panel::look(index), size);
        label(canvas, at, 34.0, &series.words);
    }
    let words = "counted, with its 95 % interval";
    let at = place(words, 34.0);
    panel::draw_interval(canvas, at.x + 12.0, [at.y - 18.0, at.y + 18.0], &panel::look(0));
    panel::draw_mark(canvas, Point { x: at.x + 12.0, ..at }, &panel::look(0), 1.0);
    label(canvas, at, 34.0, words);
    if shown.dots().any(|dot| dot.theory.is_some()) {
        let words = shown.theory.map_or_else(|| "theory".to_owned(), |formula| format!("theory: {formula}"));
        let words = text::shorten(&words, WIDTH - 2.0 * MARGIN - 136.0, FONT);
        let at = place(&words, 92.0);
        panel::draw_dashes(canvas, at, Point { x: at.x + 76.0, ..at }, &panel::look(0));
        label(canvas, at, 92.0, &words);
    }
    if shown.dots().any(|dot| dot.misses) {
        let words = "theory is outside of the interval";
        let at = place(words, 48.0);
        panel::draw_ring(canvas, Point { x: at.x + 20.0, ..at });
        label(canvas, at, 48.0, words);
    }
    y
}

/// Draws what was left out, and the command; answers where the room above it ends.
fn footer(canvas: &mut Canvas, plan: &Plan, shown: &Shown) -> f64 {
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = HEIGHT - TOP;
    let words: Vec<String> = plan.command().iter().map(|word| quoted(word)).collect();
    let command = format!("dsys {}", words.join(" "));
    let brief = text::shorten(&command, room / 1.06, 22.0);
    canvas.titled_text(MARGIN, y, &brief, &format!("font-size=\"22\" font-family=\"{MONO}\""), &command);
    let told: Vec<String> = besides(plan).into_iter().chain(shown.left_out.iter().cloned()).collect();
    if !told.is_empty() {
        y -= 34.0;
        canvas.text(MARGIN, y, &text::shorten(&told.join(" "), room, 22.0), "font-size=\"22\" fill=\"#444\"");
    }
    y - 40.0
}

/// The whole file around what was drawn.
fn document(canvas: &Canvas, plan: &Plan, shown: &Shown) -> String {
    let id = &canvas.id;
    let title = escape(&text::one_line(&plan.scenario().title));
    let describes = escape(&description(plan, shown));
    let mut svg = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {HEIGHT:.0}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{SANS}\" font-size=\"{FONT}\" fill=\"{INK}\">\n\
         <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{describes}</desc>\n\
         <rect width=\"{WIDTH:.0}\" height=\"{HEIGHT:.0}\" fill=\"#fff\"/>\n{}</svg>\n",
        canvas.drawn,
    );
    svg
}

/// What the picture shows, for readers who do not see it.
fn description(plan: &Plan, shown: &Shown) -> String {
    let names: Vec<String> = shown.panels.iter().map(|panel| format!("{} ({})", panel.name, panel.says)).collect();
    let mut text = format!("A chart of {}", names.join(", "));
    if !shown.along.title.is_empty() {
        text.push_str(&format!(" over {}", shown.along.title));
    }
    text.push_str(&format!(", {} runs a point.", plan.runs()));
    text.extend(besides(plan).map(|besides| format!(" {besides}")));
    let series = || shown.panels.iter().flat_map(|panel| &panel.series);
    let dots = || series().flat_map(|series| series.dots.iter().map(move |dot| (series, dot)));
    for (series, dot) in dots().take(MOST_TOLD) {
        let misses = if dot.misses { ", outside of the interval" } else { "" };
        text.push_str(&format!(" {}, {}{misses}.", series.of, dot.words));
    }
    let left = dots().count().saturating_sub(MOST_TOLD);
    if left > 0 {
        text.push_str(&format!(" And {left} points more."));
    }
    text
}
