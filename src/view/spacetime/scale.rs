//! From true time to a place across the picture.
//!
//! Time runs evenly from left to right, but for long stretches in which nothing happens and nothing
//! is under way: these are folded to a narrow break of one width, marked as such, so that ten
//! milliseconds of messages before a minute of waiting stay readable.

use serde::Serialize;

use crate::arrange::Arrange;
use crate::time::Time;
use crate::view::axis::{self, span_words};
use crate::view::text;

use super::TICK_FONT;

/// How wide a folded stretch is.
const BREAK_WIDTH: f64 = 72.0;
/// At most so many stretches are folded.
const MOST_BREAKS: usize = 12;
/// How far ticks are apart, at least.
const TICK_ROOM: f64 = 150.0;

/// A moment named below the lanes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tick {
    /// Where.
    pub x: f64,
    /// The moment, in nanoseconds of true time.
    pub at: u64,
    /// The moment.
    pub text: String,
}

/// A folded stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Break {
    /// Where it begins.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
    /// How long it is, to three digits.
    pub text: String,
}

/// A stretch of time that is drawn evenly, or folded. Times are nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Segment {
    /// When it begins.
    pub from: u64,
    /// When it ends.
    pub to: u64,
    /// Where it begins.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
    /// Whether it is folded.
    pub is_break: bool,
}

/// Where each moment is drawn.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    segments: Vec<Segment>,
    /// Nanoseconds per unit of width, outside breaks.
    ns_per_unit: f64,
}

impl Scale {
    /// A scale from `left` to `right` for things that happen at `moments`, and ways that are under
    /// way from one moment to another; the ends of ways are moments too.
    pub(super) fn new(moments: Vec<u64>, ways: &[(u64, u64)], left: f64, right: f64) -> Scale {
        Scale::with_breaks(moments, ways, left, right, MOST_BREAKS)
    }

    /// The same, with at most so many breaks.
    pub(super) fn with_breaks(mut moments: Vec<u64>, ways: &[(u64, u64)], left: f64, right: f64, most: usize) -> Scale {
        moments.sort_unstable();
        moments.dedup();
        let (Some(&first), Some(&last)) = (moments.first(), moments.last()) else {
            return Scale { segments: Vec::new(), ns_per_unit: 1.0 };
        };
        let folded = folded(&moments, ways, most);
        let folded_ns: u64 = folded.iter().map(|&(from, to)| to - from).sum();
        let busy = (last - first - folded_ns).max(1) as f64;
        let ns_per_unit = busy / (right - left - folded.len() as f64 * BREAK_WIDTH);
        let mut scale = Scale { segments: Vec::new(), ns_per_unit };
        let (mut from, mut x) = (first, left);
        for (start, end) in folded {
            x = scale.push(from, start, x, false);
            x = scale.push(start, end, x, true);
            from = end;
        }
        scale.push(from, last, x, false);
        scale
    }

    fn push(&mut self, from: u64, to: u64, left: f64, is_break: bool) -> f64 {
        let width = if is_break { BREAK_WIDTH } else { (to - from) as f64 / self.ns_per_unit };
        self.segments.push(Segment { from, to, left, right: left + width, is_break });
        left + width
    }

    /// Where `at` is; moments before the first and after the last are held there.
    pub(super) fn x(&self, at: Time) -> f64 {
        let at = at.ns();
        let Some(segment) = self.segments.iter().find(|segment| at <= segment.to).or(self.segments.last()) else {
            return 0.0;
        };
        let length = (segment.to - segment.from).max(1) as f64;
        let part = at.clamp(segment.from, segment.to) - segment.from;
        segment.left + (segment.right - segment.left) * (part as f64 / length)
    }

    /// All stretches, in order.
    pub(super) fn segments(self) -> Vec<Segment> {
        self.segments
    }

    /// Whether time runs evenly from the start of the run to `end`, nothing folded.
    pub(super) fn is_even_from_zero_to(&self, end: Time) -> bool {
        matches!(self.segments[..], [Segment { from: 0, to, is_break: false, .. }] if to == end.ns())
    }

    /// The folded stretches.
    pub(super) fn breaks(&self) -> Vec<Break> {
        let breaks = self.segments.iter().filter(|segment| segment.is_break);
        breaks.map(|s| Break { left: s.left, right: s.right, text: span_words(three_digits(s.to - s.from)) }).collect()
    }

    /// The first moment after every folded stretch, and round moments, as far apart as their texts
    /// need.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let step = axis::step(self.ns_per_unit * TICK_ROOM);
        let mut ticks: Vec<(f64, Tick)> = Vec::new();
        let mut add = |segment: &Segment, at: u64| {
            let (x, text) = (self.place(segment, at), span_words(at));
            let half = text::width(&text, TICK_FONT) / 2.0 + 10.0;
            if ticks.iter().all(|(other, tick)| (tick.x - x).abs() >= other + half) {
                ticks.push((half, Tick { x, at, text }));
            }
        };
        let drawn: Vec<&Segment> = self.segments.iter().filter(|segment| !segment.is_break).collect();
        for segment in drawn.iter().skip(1) {
            add(segment, segment.from);
        }
        for segment in &drawn {
            let round = segment.from.div_ceil(step) * step;
            let first = if round > segment.to { segment.from } else { round };
            let more = std::iter::successors(Some(first), |at| (at / step + 1).checked_mul(step));
            more.take_while(|&at| at <= segment.to).for_each(|at| add(segment, at));
        }
        ticks.arrange_by(|(_, a), (_, b)| a.x.total_cmp(&b.x));
        ticks.into_iter().map(|(_, tick)| tick).collect()
    }

    fn place(&self, segment: &Segment, at: u64) -> f64 {
        segment.left + (at - segment.from) as f64 / self.ns_per_unit
    }
}

/// The stretches to fold, in order: the longest ones, if nothing is under way in them, if they
/// stand out from the others, and if they would take up most of the picture; and then again among
/// what is left.
fn folded(moments: &[u64], ways: &[(u64, u64)], most: usize) -> Vec<(u64, u64)> {
    let mut total = moments[moments.len() - 1] - moments[0];
    let under_way = under_way(moments, ways);
    let gaps = moments.windows(2).zip(under_way).map(|(pair, count)| (pair[0], pair[1], count > 0));
    // A stretch in which a message is under way is folded only if there would be no picture
    // otherwise.
    let may_fold = |&(from, to, busy): &(u64, u64, bool)| !busy || u128::from(to - from) * 50 > u128::from(total) * 49;
    let mut gaps: Vec<(u64, u64)> = gaps.filter(may_fold).map(|(from, to, _)| (from, to)).collect();
    gaps.arrange_by_key(|&(from, to)| (std::cmp::Reverse(to - from), from));
    let mut count = 0;
    loop {
        let length = |index: usize| gaps.get(index).map_or(0, |&(from, to)| to - from);
        let mut sum = 0;
        let more = (count..gaps.len().min(most)).find(|&index| {
            sum += length(index);
            let stands_out = length(index) / 2 >= length(index + 1);
            stands_out && sum < total && sum / 7 >= total / 10
        });
        let Some(last) = more else { break };
        count = last + 1;
        total -= sum;
    }
    gaps.truncate(count);
    gaps.arrange();
    gaps
}

/// How many ways are under way in each stretch between two moments.
fn under_way(moments: &[u64], ways: &[(u64, u64)]) -> Vec<i64> {
    let mut changes = vec![0_i64; moments.len() + 1];
    for &(from, to) in ways {
        changes[moments.partition_point(|&at| at < from)] += 1;
        changes[moments.partition_point(|&at| at < to)] -= 1;
    }
    let counts = changes.iter().scan(0, |count, change| {
        *count += change;
        Some(*count)
    });
    counts.take(moments.len().saturating_sub(1)).collect()
}

/// The number with all digits after the third rounded away.
fn three_digits(number: u64) -> u64 {
    let unit = 10_u64.pow(number.max(1).ilog10().saturating_sub(2));
    (number / unit + u64::from(number % unit >= unit.div_ceil(2))) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn breaks(moments: &[u64], ways: &[(u64, u64)]) -> Vec<String> {
        let ns = moments.iter().map(|ms| ms * MS).collect();
        let ways: Vec<(u64, u64)> = ways.iter().map(|&(from, to)| (from * MS, to * MS)).collect();
        let scale = Scale::new(ns, &ways, 0.0, 1000.0);
        let last = Time::from_ns(moments.iter().max().unwrap() * MS);
        assert!((scale.x(last) - 1000.0).abs() < 1e-6, "the last moment is at the right end");
        scale.breaks().into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn quiet_stretches_are_folded() {
        // A chain of messages, and one message every 20 ms: nothing stands out.
        assert_eq!(breaks(&[0, 10, 22, 30], &[(0, 10), (10, 22), (22, 30)]), [""; 0]);
        assert_eq!(breaks(&[0, 10, 20, 30, 40, 50], &[(0, 10), (20, 30), (40, 50)]), [""; 0]);
        // A minute of waiting after 30 ms.
        assert_eq!(breaks(&[0, 10, 30, 60_030], &[(0, 10), (10, 30)]), ["60 s"]);
        // Rounds of 100 ms, and both at once.
        assert_eq!(breaks(&[0, 8, 100, 109, 200, 211], &[(0, 8), (100, 109), (200, 211)]), ["92 ms", "91 ms"]);
        let both = breaks(&[0, 8, 100, 109, 200, 211, 9000], &[(0, 8), (100, 109), (200, 211)]);
        assert_eq!(both, ["92 ms", "91 ms", "8.79 s"]);
    }

    #[test]
    fn a_stretch_with_a_message_under_way_is_folded_only_where_it_leaves_nothing_else() {
        assert_eq!(breaks(&[0, 5, 200, 205], &[(0, 200)]), [""; 0]);
        assert_eq!(breaks(&[0, 5, 60_000, 60_005], &[(0, 60_000)]), ["60 s"]);
    }

    #[test]
    fn a_run_of_one_moment_has_a_place() {
        let scale = Scale::new(vec![7], &[], 10.0, 100.0);
        assert_eq!(scale.x(Time::from_ns(7)), 10.0);
        assert_eq!(scale.ticks().len(), 1);
        assert_eq!(breaks(&[0, 60_000], &[]), [""; 0]);
    }

    #[test]
    fn ticks_are_round_and_apart() {
        let scale = Scale::new(vec![0, 43 * MS], &[], 0.0, 1000.0);
        let texts: Vec<String> = scale.ticks().into_iter().map(|tick| tick.text).collect();
        assert_eq!(texts, ["0", "10 ms", "20 ms", "30 ms", "40 ms"]);
    }
}
