//! Strokes, colours and shapes.

use std::fmt::Write;

use crate::view::spacetime::{
    Arrow, Band, Break, Ending, Label, Lane, Layout, Mark, NAME_FONT, Point, Rect, Rest, Sign, Stretch, TICK_FONT,
};
use crate::view::text;

use super::{clocks, escape};

pub(in crate::view) const SANS: &str =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
pub(in crate::view) const MONO: &str = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
pub(in crate::view) const INK: &str = "#111";
pub(in crate::view) const GREY: &str = "#6b6b6b";
pub(in crate::view) const BLUE: &str = "#0072B2";
pub(in crate::view) const VERMILLION: &str = "#D55E00";
pub(in crate::view) const GREEN: &str = "#009E73";
pub(in crate::view) const PURPLE: &str = "#CC79A7";
const YELLOW: &str = "#F0E442";

/// What is drawn so far.
pub(in crate::view) struct Canvas {
    /// Begins every id, so that several pictures can stand on one page.
    pub(in crate::view) id: String,
    pub(in crate::view) drawn: String,
    /// Whether arrows are thin, because there are many.
    pub(in crate::view) thin: bool,
}

/// Adds formatted text to a canvas. Writing to a string cannot fail.
macro_rules! put {
    ($canvas:expr, $($format:tt)*) => {
        let _ = writeln!($canvas.drawn, $($format)*);
    };
}

impl Canvas {
    pub(in crate::view) fn new(id: String) -> Canvas {
        Canvas { id, drawn: String::new(), thin: false }
    }

    /// A text whose base line begins at this place.
    pub(in crate::view) fn text(&mut self, x: f64, y: f64, text: &str, style: &str) {
        put!(self, "<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{}</text>", escape(text));
    }

    /// A text that tells more when it is pointed at.
    pub(in crate::view) fn titled_text(&mut self, x: f64, y: f64, text: &str, style: &str, title: &str) {
        let (text, title) = (escape(text), escape(title));
        put!(self, "<text x=\"{x:.1}\" y=\"{y:.1}\" {style}><title>{title}</title>{text}</text>");
    }

    pub(in crate::view) fn line(&mut self, a: Point, b: Point, style: &str) {
        put!(self, "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" {style}/>", a.x, a.y, b.x, b.y);
    }

    pub(in crate::view) fn rect(&mut self, rect: &Rect, style: &str) {
        let Rect { x, y, width, height } = rect;
        put!(self, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" {style}/>");
    }

    pub(in crate::view) fn polygon(&mut self, points: &[Point], style: &str) {
        put!(self, "<polygon points=\"{}\" {style}/>", listed(points));
    }

    pub(in crate::view) fn polyline(&mut self, points: &[Point], style: &str) {
        put!(self, "<polyline points=\"{}\" fill=\"none\" {style}/>", listed(points));
    }

    pub(in crate::view) fn circle(&mut self, at: Point, radius: f64, style: &str) {
        put!(self, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\" {style}/>", at.x, at.y);
    }

    pub(in crate::view) fn open_group(&mut self, style: &str, title: &str) {
        put!(self, "<g {style}><title>{}</title>", escape(title));
    }

    pub(in crate::view) fn close_group(&mut self) {
        put!(self, "</g>");
    }
}

/// The corners of a shape, or of a line, as SVG lists them.
fn listed(points: &[Point]) -> String {
    points.iter().map(|p| format!("{:.1},{:.1}", p.x, p.y)).collect::<Vec<_>>().join(" ")
}

/// Draws everything between header and footer.
pub(super) fn body(canvas: &mut Canvas, layout: &Layout) {
    for band in &layout.bands {
        draw_band(canvas, band, layout);
    }
    draw_axis(canvas, layout);
    for band in &layout.bands {
        let style = format!("font-size=\"{TICK_FONT}\"");
        canvas.titled_text(band.left + 8.0, band.top + 25.0, &band.text, &style, &band.story);
    }
    for lane in &layout.lanes {
        draw_lane(canvas, lane, layout);
    }
    if let Some(clocks) = &layout.clocks {
        clocks::lanes(canvas, clocks);
        clocks::graph(canvas, &clocks.graph);
    }
    for stretch in &layout.stretches {
        draw_stretch(canvas, stretch);
    }
    // What matters is drawn last, and so is not covered.
    let weight = |arrow: &Arrow| (!arrow.evidence.is_empty(), arrow.lie, arrow.ending != Ending::Delivered);
    let mut arrows: Vec<&Arrow> = layout.arrows.iter().collect();
    arrows.sort_by_key(|arrow| weight(arrow));
    for arrow in &arrows {
        draw_arrow(canvas, arrow);
    }
    let mut marks: Vec<&Mark> = layout.marks.iter().collect();
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.sign));
    for mark in marks {
        draw_mark(canvas, mark);
    }
    if let Some(clocks) = &layout.clocks {
        clocks::readings(canvas, clocks);
    }
    for arrow in arrows.iter().filter(|arrow| arrow.label.is_some()) {
        draw_words(canvas, arrow);
    }
    for mark in layout.marks.iter().filter(|mark| mark.label.is_some()) {
        draw_words_of_mark(canvas, mark);
    }
}

fn draw_band(canvas: &mut Canvas, band: &Band, layout: &Layout) {
    let Rect { y, height, .. } = layout.plot;
    let width = (band.right - band.left).max(3.0);
    canvas.open_group("", &band.story);
    canvas.rect(&Rect { x: band.left, y, width, height }, "fill=\"#CC79A7\" fill-opacity=\"0.14\"");
    for x in [band.left, band.left + width] {
        let (a, b) = (Point { x, y }, Point { x, y: y + height });
        canvas.line(a, b, &format!("stroke=\"{PURPLE}\" stroke-width=\"3\" stroke-dasharray=\"3 7\""));
    }
    canvas.close_group();
}

fn draw_axis(canvas: &mut Canvas, layout: &Layout) {
    let (plot, y) = (layout.plot, layout.axis);
    for tick in &layout.ticks {
        let (top, bottom) = (Point { x: tick.x, y: plot.y }, Point { x: tick.x, y: y + 8.0 });
        canvas.line(top, bottom, "stroke=\"#ddd\" stroke-width=\"2\"");
    }
    let right = plot.x + plot.width;
    canvas.line(Point { x: plot.x, y }, Point { x: right, y }, &format!("stroke=\"{INK}\" stroke-width=\"3\""));
    for tick in &layout.ticks {
        let centred = format!("font-size=\"{TICK_FONT}\" text-anchor=\"middle\"");
        canvas.text(tick.x, y + 32.0, &tick.text, &centred);
    }
    let first = layout.lanes.first().map_or(plot.x, |lane| lane.frame.x);
    canvas.text(first, y + 32.0, "true time", &format!("font-size=\"{TICK_FONT}\" fill=\"#444\""));
    // Where many stretches are folded close together, some lengths find no room; they show under
    // the pointer.
    let mut labelled_to = f64::MIN;
    for quiet in &layout.breaks {
        draw_break(canvas, quiet, layout, &mut labelled_to);
    }
}

/// A folded stretch: a shaded column, and two strokes that cut the axis.
fn draw_break(canvas: &mut Canvas, quiet: &Break, layout: &Layout, labelled_to: &mut f64) {
    let (plot, y) = (layout.plot, layout.axis);
    let middle = (quiet.left + quiet.right) / 2.0;
    let column = Rect { x: quiet.left + 8.0, y: plot.y, width: quiet.right - quiet.left - 16.0, height: plot.height };
    canvas.open_group("", &format!("{} in which nothing happens, folded.", quiet.text));
    canvas.rect(&column, "fill=\"#f0f0f0\"");
    canvas.rect(&Rect { x: middle - 9.0, y: y - 6.0, width: 18.0, height: 12.0 }, "fill=\"#fff\"");
    for x in [middle - 9.0, middle + 9.0] {
        let (a, b) = (Point { x: x - 6.0, y: y + 14.0 }, Point { x: x + 6.0, y: y - 14.0 });
        canvas.line(a, b, &format!("stroke=\"{INK}\" stroke-width=\"3\""));
    }
    let centred = format!("font-size=\"{TICK_FONT}\" text-anchor=\"middle\" font-style=\"italic\"");
    let label = format!("⟨ {} ⟩", quiet.text);
    let half = text::width(&label, TICK_FONT) / 2.0;
    if middle - half >= *labelled_to {
        canvas.text(middle, y + 64.0, &label, &centred);
        *labelled_to = middle + half;
    }
    canvas.close_group();
}

fn draw_lane(canvas: &mut Canvas, lane: &Lane, layout: &Layout) {
    let frame = &lane.frame;
    let (from, right) = (frame.x + frame.width, layout.plot.x + layout.plot.width);
    let stroke = format!("stroke=\"{GREY}\" stroke-width=\"3\"");
    canvas.line(Point { x: from, y: lane.y }, Point { x: right, y: lane.y }, &stroke);
    let middle = frame.x + frame.width / 2.0;
    let name_style = format!("font-size=\"{NAME_FONT}\" font-weight=\"bold\" text-anchor=\"middle\"");
    if lane.traitor {
        let outer = format!("fill=\"#fff\" stroke=\"{VERMILLION}\" stroke-width=\"3\" rx=\"8\"");
        canvas.rect(frame, &outer);
        let inset = Rect { x: frame.x + 6.0, y: frame.y + 6.0, width: frame.width - 12.0, height: frame.height - 12.0 };
        canvas.rect(&inset, &format!("fill=\"none\" stroke=\"{VERMILLION}\" stroke-width=\"3\" rx=\"4\""));
        canvas.titled_text(middle, lane.y - 1.0, &lane.shown, &name_style, &lane.name);
        canvas.text(middle, lane.y + 22.0, "B · traitor", "font-size=\"20\" text-anchor=\"middle\"");
    } else {
        canvas.rect(frame, &format!("fill=\"#fff\" stroke=\"{INK}\" stroke-width=\"3\" rx=\"8\""));
        canvas.titled_text(middle, lane.y + 10.0, &lane.shown, &name_style, &lane.name);
    }
}

fn draw_stretch(canvas: &mut Canvas, stretch: &Stretch) {
    canvas.open_group("", &stretch.story);
    let width = (stretch.right - stretch.left).max(2.0);
    rest(canvas, stretch.rest, Rect { x: stretch.left, y: stretch.y - 13.0, width, height: 26.0 });
    canvas.close_group();
}

/// A part of a lane on which a node is not at work.
pub(super) fn rest(canvas: &mut Canvas, rest: Rest, area: Rect) {
    match rest {
        Rest::Down => {
            let style = format!("fill=\"url(#{}-hatch)\" stroke=\"{INK}\" stroke-width=\"2\"", canvas.id);
            canvas.rect(&area, &style);
        }
        Rest::Paused => {
            let y = area.y + area.height / 2.0;
            canvas.rect(&Rect { y: y - 3.0, height: 6.0, ..area }, "fill=\"#fff\"");
            let (a, b) = (Point { x: area.x, y }, Point { x: area.x + area.width, y });
            let dotted = "stroke-width=\"7\" stroke-linecap=\"round\" stroke-dasharray=\"0 16\"";
            canvas.line(a, b, &format!("stroke=\"{INK}\" {dotted}"));
        }
    }
}

fn draw_arrow(canvas: &mut Canvas, arrow: &Arrow) {
    let is_plain = arrow.evidence.is_empty() && !arrow.lie && arrow.ending == Ending::Delivered;
    let faded = if canvas.thin && is_plain { "opacity=\"0.75\"" } else { "" };
    canvas.open_group(faded, &arrow.story);
    if !arrow.evidence.is_empty() {
        halo(canvas, arrow.from, arrow.to);
    }
    stroke(canvas, arrow.ending, arrow.lie, arrow.copy, arrow.from, arrow.to);
    canvas.close_group();
}

/// What lies under a line that is evidence: a yellow tube with dark walls.
pub(super) fn halo(canvas: &mut Canvas, from: Point, to: Point) {
    for (colour, width) in [(INK, 24), (YELLOW, 19)] {
        let style = format!("stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linecap=\"round\"");
        canvas.line(from, to, &style);
    }
}

/// A message's line and its end.
pub(super) fn stroke(canvas: &mut Canvas, ending: Ending, lie: bool, copy: bool, from: Point, to: Point) {
    let colour = if lie { VERMILLION } else { BLUE };
    let width = match (canvas.thin, lie) {
        (true, false) => 2.5,
        (true, true) => 4.5,
        (false, false) => 3.5,
        (false, true) => 7.0,
    };
    let dashes = match ending {
        Ending::Lost => "stroke-dasharray=\"14 9\"",
        Ending::Cut => "stroke-dasharray=\"18 7 4 7\"",
        Ending::Withheld => "stroke-dasharray=\"4 6\"",
        _ => "",
    };
    let style = format!("stroke=\"{colour}\" stroke-width=\"{width}\" {dashes}");
    match ending {
        // Under way beyond the edge: ever fainter.
        Ending::InFlight => {
            for (part, opacity) in [(0.0, 1.0), (0.4, 0.7), (0.65, 0.45), (0.85, 0.25)] {
                let next = match part {
                    0.0 => 0.4,
                    0.4 => 0.65,
                    0.65 => 0.85,
                    _ => 1.0,
                };
                let (a, b) = (from.towards(to, part), from.towards(to, next));
                canvas.line(a, b, &format!("{style} opacity=\"{opacity}\""));
            }
        }
        _ => {
            // A filled head hides the end of its line.
            let short = if ending == Ending::Delivered { 12.0 } else { 0.0 };
            let end = from.towards(to, 1.0 - short / from.distance(to).max(short + 1.0));
            let doubled = if copy { 9.0 } else { width };
            canvas.line(from, end, &format!("stroke=\"{colour}\" stroke-width=\"{doubled}\" {dashes}"));
            if copy {
                canvas.line(from, end, "stroke=\"#fff\" stroke-width=\"3\"");
            }
        }
    }
    draw_end(canvas, ending, lie, colour, from, to);
}

/// What a message's line ends in.
fn draw_end(canvas: &mut Canvas, ending: Ending, lie: bool, colour: &str, from: Point, to: Point) {
    let length = from.distance(to).max(1.0);
    let along = Point { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
    // So far along the line, and so far aside.
    let at = |ahead: f64, aside: f64| Point {
        x: to.x + along.x * ahead - along.y * aside,
        y: to.y + along.y * ahead + along.x * aside,
    };
    let bold = format!("stroke=\"{colour}\" stroke-width=\"5\" stroke-linecap=\"round\"");
    let hollow = format!("fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"4\"");
    match ending {
        Ending::Delivered => {
            let (long, wide) = match (canvas.thin, lie) {
                (true, false) => (15.0, 6.5),
                (true, true) => (18.0, 8.0),
                (false, _) => (21.0, 10.0),
            };
            canvas.polygon(&[to, at(-long, wide), at(-long, -wide)], &format!("fill=\"{colour}\""));
        }
        Ending::Lost => {
            for side in [1.0, -1.0] {
                let ink = bold.replace(colour, INK);
                let (a, b) =
                    (Point { x: to.x - 12.0, y: to.y - 12.0 * side }, Point { x: to.x + 12.0, y: to.y + 12.0 * side });
                canvas.line(a, b, &ink);
            }
        }
        Ending::Corrupted => {
            let zigzag = [at(-30.0, 0.0), at(-22.0, 9.0), at(-15.0, -9.0), at(-8.0, 9.0), at(0.0, 0.0)];
            for pair in zigzag.windows(2) {
                canvas.line(pair[0], pair[1], &bold);
            }
        }
        Ending::Cut => canvas.line(at(-6.0, 14.0), at(-6.0, -14.0), &format!("stroke=\"{INK}\" stroke-width=\"6\"")),
        Ending::ToCrashed => {
            let centre = at(-9.0, 0.0);
            canvas.rect(&Rect { x: centre.x - 8.0, y: centre.y - 8.0, width: 16.0, height: 16.0 }, &hollow);
        }
        Ending::Withheld => canvas.circle(to, 8.0, &hollow),
        Ending::InFlight => {}
    }
}

/// The words on an arrow.
fn draw_words(canvas: &mut Canvas, arrow: &Arrow) {
    let Some(label) = &arrow.label else { return };
    let (colour, width) = match (arrow.evidence.is_empty(), arrow.lie) {
        (false, _) => (INK, 3),
        (true, true) => (VERMILLION, 3),
        (true, false) => (BLUE, 2),
    };
    let double = if arrow.lie { Some(VERMILLION) } else { None };
    draw_label(canvas, label, colour, width, double, &arrow.story);
}

fn draw_label(canvas: &mut Canvas, label: &Label, colour: &str, width: u32, double: Option<&str>, story: &str) {
    let frame = label.frame;
    let is_evidence = !label.tag.is_empty();
    let fill = if is_evidence { YELLOW } else { "#fff" };
    canvas.open_group("", story);
    canvas.rect(&frame, &format!("fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"{width}\" rx=\"6\""));
    if let Some(inner) = double.filter(|_| !is_evidence) {
        let inset = Rect { x: frame.x + 4.0, y: frame.y + 4.0, width: frame.width - 8.0, height: frame.height - 8.0 };
        canvas.rect(&inset, &format!("fill=\"none\" stroke=\"{inner}\" stroke-width=\"1.5\" rx=\"3\""));
    }
    let base = frame.y + frame.height / 2.0 + label.size * 0.35;
    let weight = if is_evidence { "bold" } else { "normal" };
    let middle = frame.x + (frame.width - label.tag_width) / 2.0;
    let style = |size: f64| format!("font-size=\"{size}\" font-weight=\"{weight}\" text-anchor=\"middle\"");
    canvas.text(middle, base, &label.text, &style(label.size));
    if is_evidence {
        let x = frame.x + frame.width - label.tag_width;
        canvas.rect(&Rect { x, width: label.tag_width, ..frame }, &format!("fill=\"{INK}\" rx=\"4\""));
        let tag = format!("{} fill=\"#fff\"", style(20.0));
        canvas.text(x + label.tag_width / 2.0, base - 1.0, &label.tag, &tag);
    }
    canvas.close_group();
}

fn draw_mark(canvas: &mut Canvas, mark: &Mark) {
    canvas.open_group("", &mark.story);
    if !mark.evidence.is_empty() {
        canvas.circle(mark.at, 17.0, &format!("fill=\"{YELLOW}\" stroke=\"{INK}\" stroke-width=\"3\""));
    }
    sign(canvas, mark.sign, mark.at);
    canvas.close_group();
}

/// What stands for something that happened on a lane.
pub(super) fn sign(canvas: &mut Canvas, sign: Sign, at: Point) {
    let Point { x, y } = at;
    let stroke = |colour: &str| format!("stroke=\"{colour}\" stroke-width=\"4\" stroke-linecap=\"round\"");
    let filled = |colour: &str| format!("fill=\"{colour}\"");
    match sign {
        Sign::Output => canvas.circle(at, 10.0, &filled(GREEN)),
        Sign::Crashed => {
            for side in [1.0, -1.0] {
                let (a, b) = (Point { x: x - 11.0, y: y - 11.0 * side }, Point { x: x + 11.0, y: y + 11.0 * side });
                canvas.line(a, b, &stroke(INK));
            }
        }
        Sign::Restarted | Sign::Resumed => {
            let corners =
                [Point { x: x - 7.0, y: y - 11.0 }, Point { x: x + 12.0, y }, Point { x: x - 7.0, y: y + 11.0 }];
            canvas.polygon(&corners, &filled(INK));
        }
        Sign::Paused => {
            for x in [x - 5.0, x + 5.0] {
                canvas.line(Point { x, y: y - 10.0 }, Point { x, y: y + 10.0 }, &stroke(INK));
            }
        }
        Sign::Clock => {
            canvas.circle(at, 11.0, &format!("fill=\"#fff\" {}", stroke(PURPLE)));
            canvas.line(at, Point { x, y: y - 8.0 }, &stroke(INK));
            canvas.line(at, Point { x: x + 6.0, y }, &stroke(INK));
        }
        Sign::Note => {
            let corners =
                [(0.0, -9.0), (8.0, 0.0), (0.0, 9.0), (-8.0, 0.0)].map(|(dx, dy)| Point { x: x + dx, y: y + dy });
            canvas.polygon(&corners, &format!("fill=\"#fff\" stroke=\"{INK}\" stroke-width=\"3\""));
        }
        Sign::Wrote => canvas.rect(&Rect { x: x - 7.0, y: y - 7.0, width: 14.0, height: 14.0 }, &filled(PURPLE)),
        Sign::CrashPoint => {
            canvas.line(Point { x, y: y - 12.0 }, Point { x, y }, &stroke(GREY));
            canvas.circle(Point { x, y: y - 12.0 }, 4.0, &filled(GREY));
        }
        Sign::Timer => canvas.line(Point { x, y: y - 11.0 }, Point { x, y: y + 11.0 }, &stroke(INK)),
        Sign::Beginning => canvas.circle(at, 8.0, &filled(INK)),
    }
}

fn draw_words_of_mark(canvas: &mut Canvas, mark: &Mark) {
    let Some(label) = &mark.label else { return };
    let colour = match mark.sign {
        _ if !mark.evidence.is_empty() => INK,
        Sign::Output => GREEN,
        Sign::Clock => PURPLE,
        _ => INK,
    };
    // A short stem from the mark to its words.
    let frame = label.frame;
    let x = mark.at.x.clamp(frame.x + 8.0, frame.x + frame.width - 8.0);
    let below = frame.y > mark.at.y;
    let y = if below { frame.y } else { frame.y + frame.height };
    let start = Point { x: mark.at.x, y: mark.at.y + if below { 10.0 } else { -10.0 } };
    canvas.line(start, Point { x, y }, &format!("stroke=\"{colour}\" stroke-width=\"3\""));
    draw_label(canvas, label, colour, 3, None, &mark.story);
}
