//! The legend: a sample and a word for each kind of mark that the picture shows.

use crate::view::spacetime::{Ending, Layout, Point, Rect, Rest, Sign};
use crate::view::text;

use super::clocks;
use super::draw::{Canvas, halo, rest, sign, stroke};

const FONT: f64 = 22.0;
const ROW: f64 = 38.0;
const SAMPLE: f64 = 66.0;

/// What a sample shows.
enum Sample {
    Arrow { ending: Ending, lie: bool, copy: bool },
    Evidence,
    Sign(Sign),
    Rest(Rest),
    Leap,
    Slew,
    Reading,
}

/// Draws the legend from `top` on; answers where it ends.
pub(super) fn draw(canvas: &mut Canvas, layout: &Layout, left: f64, right: f64, top: f64) -> f64 {
    let (mut x, mut y) = (left, top + ROW / 2.0);
    for (sample, words) in entries(layout) {
        let wide = if matches!(sample, Sample::Sign(_)) { 24.0 } else { SAMPLE };
        let width = wide + 12.0 + text::width(words, FONT);
        if x + width > right {
            x = left;
            y += ROW;
        }
        let thin = std::mem::replace(&mut canvas.thin, false);
        draw_sample(canvas, &sample, x, y);
        canvas.thin = thin;
        canvas.text(x + wide + 12.0, y + 8.0, words, &format!("font-size=\"{FONT}\""));
        x += width + 34.0;
    }
    y + ROW / 2.0
}

fn draw_sample(canvas: &mut Canvas, sample: &Sample, x: f64, y: f64) {
    let (from, to) = (Point { x, y }, Point { x: x + SAMPLE, y });
    match *sample {
        Sample::Arrow { ending: ending @ (Ending::Lost | Ending::Withheld), lie, copy } => {
            stroke(canvas, ending, lie, copy, from, Point { x: x + SAMPLE - 12.0, y });
        }
        Sample::Arrow { ending, lie, copy } => stroke(canvas, ending, lie, copy, from, to),
        Sample::Evidence => halo(canvas, Point { x: x + 12.0, y }, Point { x: x + SAMPLE - 12.0, y }),
        Sample::Sign(which) => sign(canvas, which, Point { x: x + 12.0, y }),
        Sample::Leap => clocks::leap(canvas, Point { x: x + SAMPLE / 2.0, y }, SAMPLE / 2.0),
        Sample::Slew => clocks::slew(canvas, y, x, x + SAMPLE),
        Sample::Reading => canvas.text(x, y + 7.0, "10 s", clocks::READING),
        Sample::Rest(which) => rest(canvas, which, Rect { x, y: y - 13.0, width: SAMPLE, height: 26.0 }),
    }
}

/// What the picture shows, in an order of its own.
fn entries(layout: &Layout) -> Vec<(Sample, &'static str)> {
    let arrow = |ending, lie, copy| Sample::Arrow { ending, lie, copy };
    let mut entries = Vec::new();
    let arrows = &layout.arrows;
    let any = |test: &dyn Fn(&crate::view::spacetime::Arrow) -> bool| arrows.iter().any(test);
    if any(&|a| a.ending == Ending::Delivered && !a.lie && !a.copy) {
        entries.push((arrow(Ending::Delivered, false, false), "message"));
    }
    if any(&|a| a.lie && a.ending != Ending::Withheld) {
        entries.push((arrow(Ending::Delivered, true, false), "a traitor's lie"));
    }
    if any(&|a| a.copy) {
        entries.push((arrow(Ending::Delivered, false, true), "copy made by the network"));
    }
    for (ending, words) in [
        (Ending::Withheld, "a traitor says nothing"),
        (Ending::Lost, "lost"),
        (Ending::Corrupted, "arrived damaged"),
        (Ending::Cut, "cut by a partition"),
        (Ending::ToCrashed, "came to a node that is down"),
        (Ending::InFlight, "still under way"),
    ] {
        if any(&|a| a.ending == ending) {
            entries.push((arrow(ending, ending == Ending::Withheld, false), words));
        }
    }
    let in_marks = layout.marks.iter().any(|mark| !mark.evidence.is_empty());
    if in_marks || any(&|a| !a.evidence.is_empty()) {
        entries.push((Sample::Evidence, "evidence of a violation"));
    }
    for (which, words) in [(Rest::Down, "down"), (Rest::Paused, "paused")] {
        if layout.stretches.iter().any(|stretch| stretch.rest == which) {
            entries.push((Sample::Rest(which), words));
        }
    }
    for (which, words) in [
        (Sign::Timer, "timer"),
        (Sign::Note, "inner step"),
        (Sign::CrashPoint, "crash point"),
        (Sign::Wrote, "disk write"),
    ] {
        if layout.marks.iter().any(|mark| mark.sign == which) {
            entries.push((Sample::Sign(which), words));
        }
    }
    if let Some(clocks) = &layout.clocks {
        if !clocks.leaps.is_empty() {
            entries.push((Sample::Leap, "clock stepped"));
        }
        if !clocks.slews.is_empty() {
            entries.push((Sample::Slew, "clock slewed"));
        }
        if clocks.readings.iter().any(|reading| reading.placed) {
            entries.push((Sample::Reading, "what the node's clock shows"));
        }
    }
    entries
}
