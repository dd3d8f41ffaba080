//! The chart of a run's clocks: how far each was off over true time, and the bound that theory
//! gives for it.
//!
//! A [`Chart`] is plain data, exact to the nanosecond: a clock's course is made of straight lines,
//! so that the points between them say all. Terminal, picture and page draw the same numbers.

use serde::Serialize;

use crate::process::NodeId;
use crate::time::Time;
use crate::time::clock::{ATTO_PER_NS, History};

use super::Run;

/// A bound that is this many times as far as the clocks ever were is cut off in pictures.
const FAR_BOUND: i64 = 12;
/// So is what a clock was before it counted.
const FAR_BEFORE: i64 = 4;

/// How far clocks were off over a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What values are counted in: `ns`.
    pub unit: &'static str,
    /// What the bound is, as an end of the sentence "The bound is …"; `None` where no bound is
    /// known.
    pub bound: Option<&'static str>,
    /// The clocks, in the scenario's order.
    pub series: Vec<Series>,
    /// Where they may be, if the bound is kept.
    pub bands: Vec<Band>,
}

/// How far one clock was off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Series {
    /// The node's name.
    pub node: String,
    /// From when on the protocol answers for the clock, in nanoseconds of true time; `None` if it
    /// never does.
    pub counts_from: Option<u64>,
    /// True time and how far ahead the clock was then, both in nanoseconds; straight lines between.
    /// Where two points have the same time, the clock jumped.
    pub points: Vec<(u64, i64)>,
}

/// Where clocks may be for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Band {
    /// Whose: the bound is broken when one of their series leaves the band.
    pub nodes: Vec<String>,
    /// True time, the least and the most; straight lines between.
    pub points: Vec<(u64, i64, i64)>,
}

impl Chart {
    /// The least and the most that a picture shows, zero included: of the clocks from when on they
    /// count; of their bounds, and of what the clocks were before, where these are not much farther
    /// from zero. What a clock was before anybody set it can be a thousand times as much, and a
    /// bound that says nothing yet can be hours.
    pub fn range(&self) -> (i64, i64) {
        let mut counted: Vec<i64> = Vec::new();
        let mut before: Vec<i64> = Vec::new();
        for series in &self.series {
            let from = series.counts_from.unwrap_or(u64::MAX);
            counted.extend(series.counts_from.and_then(|from| series.around(from)).map(|(_, off)| off));
            for &(at, off) in &series.points {
                if at > from { counted.push(off) } else { before.push(off) }
            }
        }
        if counted.is_empty() {
            std::mem::swap(&mut counted, &mut before);
        }
        let bounds = self.bands.iter().flat_map(|band| &band.points).flat_map(|&(_, low, high)| [low, high]);
        let near =
            |values: &[i64], most: i64| values.iter().copied().filter(|off| off.saturating_abs() <= most).collect();
        let farthest = |values: &[i64]| values.iter().map(|value| value.saturating_abs()).max().unwrap_or(0);
        let least = bounds.clone().map(i64::saturating_abs).min().unwrap_or(0);
        let far = farthest(&counted).max(least).saturating_mul(FAR_BOUND);
        let bounds: Vec<i64> = near(&bounds.collect::<Vec<_>>(), far);
        counted.extend(bounds);
        let before: Vec<i64> = near(&before, farthest(&counted).saturating_mul(FAR_BEFORE));
        let shown = counted.into_iter().chain(before);
        let (low, high) = shown.fold((0, 0), |(low, high), value| (value.min(low), value.max(high)));
        if low == high { (-1_000, 1_000) } else { (low, high) }
    }
}

impl Series {
    /// How far ahead the clock was just before `at`, and just after.
    pub fn around(&self, at: u64) -> Option<(i64, i64)> {
        let after = self.points.partition_point(|&(time, _)| time <= at);
        let before = self.points.partition_point(|&(time, _)| time < at);
        let (&(first, begin), &(last, end)) = (self.points.first()?, self.points.last()?);
        if at <= first && before == after || at > last {
            return Some(if at < first { (begin, begin) } else { (end, end) });
        }
        if before < after {
            return Some((self.points[before].1, self.points[after - 1].1));
        }
        let ((from, low), (to, high)) = (self.points[before - 1], self.points[after]);
        let part = i128::from(high - low) * i128::from(at - from) / i128::from((to - from).max(1));
        // What lies between two values fits where they do.
        let value = low + i64::try_from(part).unwrap_or(0);
        Some((value, value))
    }
}

/// The course of a node's clock against true time, or against the clock of another node.
pub fn course(run: &Run<'_>, node: NodeId, reference: Option<NodeId>) -> Vec<(u64, i64)> {
    let clocks = &run.trace.clocks;
    let (own, other) = (&clocks[node.index()], reference.map(|reference| &clocks[reference.index()]));
    let off = |clock_of: fn(&History, Time) -> i128, at: Time| {
        to_ns(clock_of(own, at) - other.map_or(0, |other| clock_of(other, at)))
    };
    let end = run.trace.ended_at;
    let mut moments: Vec<Time> = own.bends().chain(other.into_iter().flat_map(History::bends)).collect();
    moments.retain(|&at| at < end);
    moments.push(end);
    moments.sort_unstable();
    moments.dedup();
    let mut points = Vec::with_capacity(moments.len());
    for at in moments {
        let before = off(|history, at| history.before(at).ahead(at), at);
        let after = off(|history, at| history.at(at).ahead(at), at);
        if at > Time::ZERO && before != after {
            points.push((at.ns(), before));
        }
        points.push((at.ns(), after));
    }
    points
}

/// The clocks of a run against true time, for a protocol that says nothing of them itself. `None`
/// where all clocks show true time from beginning to end: there is nothing to see.
pub fn clocks(run: &Run<'_>) -> Option<Chart> {
    let names = &run.trace.names;
    let series = NodeId::first(names.count()).map(|node| Series {
        node: names.of(node).to_owned(),
        counts_from: Some(0),
        points: course(run, node, None),
    });
    let series: Vec<Series> = series.collect();
    let is_off = series.iter().flat_map(|series| &series.points).any(|&(_, off)| off != 0);
    let title = "How far each clock was from true time".to_owned();
    is_off.then_some(Chart { title, unit: "ns", bound: None, series, bands: Vec::new() })
}

/// Attoseconds to the nearest nanosecond.
pub fn to_ns(atto: i128) -> i64 {
    let half = ATTO_PER_NS / 2;
    let ns = if atto < 0 { (atto - half) / ATTO_PER_NS } else { (atto + half) / ATTO_PER_NS };
    i64::try_from(ns).unwrap_or(if ns < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_straight_between_its_points_and_jumps_at_two_of_one_time() {
        let points = vec![(0, 0), (10, 100), (10, -50), (20, -40)];
        let series = Series { node: "alice".to_owned(), counts_from: Some(0), points };
        for (at, before, after) in
            [(0, 0, 0), (5, 50, 50), (10, 100, -50), (15, -45, -45), (20, -40, -40), (99, -40, -40)]
        {
            assert_eq!(series.around(at), Some((before, after)), "at {at}");
        }
    }
}
