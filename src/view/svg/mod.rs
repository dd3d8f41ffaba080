//! The space-time diagram as one self-contained SVG file: no script, no font, no address outside of
//! it.
//!
//! It is drawn to be shown on a wall: 1920 units wide, which a projector shows one to one. The
//! numbers come from [`spacetime`](super::spacetime); here they get strokes and colours. The
//! colours are those of Masataka Okabe and Kei Ito that stand out from white, and nothing is told
//! by colour alone.

mod clocks;
pub(super) mod draw;
mod legend;

use std::fmt::Write;

use crate::check::Verdict;
use crate::report::{Judged, Report};
use crate::scenario::visible::is_invisible;
use crate::trace::StopReason;

use super::spacetime::{Frame, Layout, Limits, Rect, layout};
use super::text;
use draw::{BLUE, Canvas, GREY, INK, MONO, VERMILLION};

const WIDTH: f64 = 1920.0;
const HEIGHT: f64 = 1080.0;
/// Nothing that matters is in the outer twentieth, which projectors cut off.
const MARGIN: f64 = 96.0;
const TOP: f64 = 50.0;
const TITLE_FONT: f64 = 44.0;
const FONT: f64 = 24.0;
const LINE: f64 = 35.0;
/// What legend and command take below the lanes, roughly.
const FOOT: f64 = 230.0;
/// What the chart of clocks takes below the lanes, roughly.
const CHART: f64 = 250.0;
/// A picture that is higher than this is scrolled rather than fitted to a screen.
const TALL: f64 = 1500.0;
/// More arrows than this are drawn thin.
const DENSE: usize = 60;

/// The report as an SVG picture.
pub fn render(report: &Report) -> String {
    let mut canvas = Canvas::new(format!("t{}", report.trace.digest));
    let lines = header(&mut canvas, report);
    let chart = if report.chart.is_some() { CHART } else { 0.0 };
    let height = (HEIGHT - lines - FOOT - chart).max(200.0);
    let frame = Frame { left: MARGIN, right: WIDTH - MARGIN, top: lines, height };
    let layout = layout(report, frame, Limits::default());
    canvas.thin = layout.arrows.len() > DENSE;
    draw::body(&mut canvas, &layout);
    let bottom = footer(&mut canvas, report, &layout) + TOP;
    document(&canvas, report, bottom)
}

/// Only what happens in a run, as a part of a picture: its place and size there. Title, verdicts
/// and legend are left to the words beside it. Text keeps the font that is around it. `None` where
/// its letters would be too small to read.
pub(in crate::view) fn lanes(report: &Report, limits: Limits, room: Rect) -> Option<String> {
    let Rect { x, y, width, height } = room;
    let mut canvas = Canvas::new(format!("l{}", report.trace.digest));
    // As large as it fits: from letters that a preview shows, to as small as many lanes need.
    let mut across = LARGE;
    let mut drawn = lanes_in(report, limits, across, across * height / width);
    for _ in 0..3 {
        let down = across * height / width;
        if drawn.bottom <= down || across >= SMALL {
            break;
        }
        across = (across * drawn.bottom / down).min(SMALL);
        drawn = lanes_in(report, limits, across, across * height / width);
    }
    let down = drawn.bottom.max(across * height / width);
    let scale = (width / across).min(height / down);
    if scale * FONT < LEGIBLE {
        return None;
    }
    canvas.thin = drawn.arrows.len() > DENSE;
    draw::body(&mut canvas, &drawn);
    let id = &canvas.id;
    Some(format!(
        "<svg x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" viewBox=\"0 0 {across:.1} {down:.1}\" \
         preserveAspectRatio=\"xMinYMin\" font-size=\"{FONT}\">\n{}{}</svg>\n",
        hatch(id),
        canvas.drawn,
    ))
}

/// How wide the room of lanes is in units of their letters, at most and at least.
const LARGE: f64 = 1450.0;
const SMALL: f64 = 2600.0;
/// The size of the smallest letters that are worth drawing.
const LEGIBLE: f64 = 11.0;
/// What names of moments take below the lanes.
const AXIS: f64 = 60.0;

fn lanes_in(report: &Report, limits: Limits, across: f64, down: f64) -> Layout {
    let frame = Frame { left: 2.0, right: across - 2.0, top: 4.0, height: (down - AXIS).max(150.0) };
    layout(report, frame, limits)
}

/// The pattern of what is crashed.
fn hatch(id: &str) -> String {
    format!(
        "<defs><pattern id=\"{id}-hatch\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"12\" height=\"12\" fill=\"#fff\"/>\
         <rect width=\"5\" height=\"12\" fill=\"{GREY}\"/></pattern></defs>\n"
    )
}

/// The whole file around what was drawn.
fn document(canvas: &Canvas, report: &Report, height: f64) -> String {
    let id = &canvas.id;
    let title = escape(&text::one_line(&report.scenario.title));
    let describes = escape(&description(report));
    // A picture fills its window, unless that would make it too small to read.
    let size = if height > TALL { format!(" width=\"{WIDTH:.0}\" height=\"{height:.0}\"") } else { String::new() };
    let mut svg = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\"{size} role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{}\" font-size=\"{FONT}\" fill=\"{INK}\">\n\
         <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{describes}</desc>\n\
         {}<rect width=\"{WIDTH:.0}\" height=\"{height:.0}\" fill=\"#fff\"/>\n{}</svg>\n",
        draw::SANS,
        hatch(id),
        canvas.drawn,
    );
    svg
}

/// What the picture shows, for readers who do not see it.
fn description(report: &Report) -> String {
    let (scenario, trace) = (&report.scenario, &report.trace);
    let counts = &trace.counts;
    let traitors = match &trace.traitors[..] {
        [] => String::new(),
        traitors => format!(" Traitors: {}.", trace.names.list(traitors)),
    };
    let verdicts = report.properties.iter().map(|judged| format!(" {}.", verdict(judged).trim_end_matches('.')));
    let outputs = trace.outputs().take(20);
    let outputs = outputs.map(|(event, node, output)| {
        format!(" {} at {}: {} {}.", trace.names.of(node), event.at, output.name, output.value)
    });
    format!(
        "A space-time diagram of {} nodes, protocol {}, seed {}, over {}: {} messages sent, {} delivered, {} lost.{traitors}{}{}",
        trace.names.count(),
        scenario.protocol,
        scenario.seed,
        trace.ended_at,
        counts.sent,
        counts.delivered,
        counts.lost,
        verdicts.collect::<String>(),
        outputs.collect::<String>(),
    )
}

/// A verdict in a line.
fn verdict(judged: &Judged) -> String {
    let (name, because) = (judged.name, judged.verdict.because());
    let word = match judged.verdict {
        Verdict::Holds { .. } => "holds",
        Verdict::Violated { .. } => "is violated",
        Verdict::Unknown { .. } => "is unknown",
    };
    if because.is_empty() { format!("{name} {word}") } else { format!("{name} {word}: {because}") }
}

/// Draws title, protocol and verdicts; answers where they end.
fn header(canvas: &mut Canvas, report: &Report) -> f64 {
    let scenario = &report.scenario;
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = TOP;
    for line in text::wrap(&scenario.title, room / 1.08, TITLE_FONT, 2) {
        y += 48.0;
        canvas.text(MARGIN, y, &line, &format!("font-size=\"{TITLE_FONT}\" font-weight=\"bold\""));
    }
    y += LINE + 2.0;
    let ended = match report.trace.ended {
        StopReason::Quiescent => "came to rest",
        StopReason::TimeLimit => "stopped by the time limit",
        StopReason::EventLimit => "cut short by the limit on events",
        StopReason::Interrupted => "interrupted",
        StopReason::MessageLimit => "cut short by the limit on messages",
    };
    let (problem, protocol, seed) = (&scenario.problem, &scenario.protocol, scenario.seed);
    let last = super::axis::span_words(report.trace.ended_at.ns());
    let subtitle = format!("{problem} · {protocol} · seed {seed} · {ended} at {last}");
    canvas.text(MARGIN, y, &text::shorten(&subtitle, room, FONT), "fill=\"#444\"");
    y += 10.0;
    let most = if report.properties.len() <= 3 { 2 } else { 1 };
    for judged in &report.properties {
        y = verdict_lines(canvas, judged, y, most);
    }
    y + 24.0
}

fn verdict_lines(canvas: &mut Canvas, judged: &Judged, mut y: f64, most: usize) -> f64 {
    let sign = judged.verdict.sign();
    let (colour, weight) = match judged.verdict {
        Verdict::Violated { .. } => (VERMILLION, "font-weight=\"bold\""),
        Verdict::Holds { vacuous: false, .. } => (BLUE, ""),
        Verdict::Holds { .. } | Verdict::Unknown { .. } => (GREY, ""),
    };
    let room = (WIDTH - 2.0 * MARGIN - 40.0) / if weight.is_empty() { 1.0 } else { 1.08 };
    let full = verdict(judged);
    for (index, line) in text::wrap(&full, room, FONT, most).iter().enumerate() {
        y += LINE;
        if index == 0 {
            canvas.text(MARGIN, y, sign, &format!("fill=\"{colour}\" font-size=\"28\" font-weight=\"bold\""));
        }
        canvas.titled_text(MARGIN + 40.0, y, line, weight, &full);
    }
    y
}

/// Draws the legend, what was left out, and the command; answers where they end.
fn footer(canvas: &mut Canvas, report: &Report, layout: &Layout) -> f64 {
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = legend::draw(canvas, layout, MARGIN, WIDTH - MARGIN, layout.bottom + 16.0);
    if !layout.left_out.is_empty() {
        for line in text::wrap(&layout.left_out.join(" "), room, 22.0, 2) {
            y += 30.0;
            canvas.text(MARGIN, y, &line, "font-size=\"22\" fill=\"#444\"");
        }
    }
    y += 38.0;
    // A fixed-width letter is as wide as the widest small one, roughly.
    let command = text::command(&report.scenario);
    let shown = text::shorten(&command, room / 1.06, 22.0);
    canvas.titled_text(MARGIN, y, &shown, &format!("font-size=\"22\" font-family=\"{MONO}\""), &command);
    y
}

/// The text as XML holds it: no markup, and no character that XML forbids.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if is_invisible(c) => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
