//! The chart of a run's clocks with what the protocol promises of them.
//!
//! A promise about one clock's error is a band around zero. A promise about the skew of several
//! clocks is a band as high as the bound, midway between the clock behind and the clock ahead:
//! clocks that fit into it are no farther apart than they may be.

use std::collections::BTreeMap;

use crate::arrange::Arrange;
use crate::check::Run;
use crate::check::chart::{Band, Chart, Series, course, to_ns};
use crate::process::NodeId;
use crate::time::{Span, Time};

use super::judge::{self, Bounded, Promise, Side, Subject, ahead, farthest};

/// The chart of a protocol that synchronises clocks.
pub fn of<S: Subject>(run: &Run<'_>) -> Chart {
    // A reference is never off from itself, and nobody answers for a traitor's clock.
    let is_judged = |node: &NodeId| Some(*node) != S::REFERENCE && !run.trace.is_traitor(*node);
    let since = judge::since::<S>(run);
    let nodes = S::nodes(run).into_iter().filter(is_judged).map(|node| (node, since[node.index()]));
    let promises = judge::promises::<S>(run);
    chart(run, S::REFERENCE, nodes, &promises, S::BOUND)
}

/// The chart of these clocks, each with the moment from which it counts, and of what is promised of
/// them.
pub(super) fn chart(
    run: &Run<'_>,
    reference: Option<NodeId>,
    nodes: impl IntoIterator<Item = (NodeId, Option<Time>)>,
    promises: &[Promise],
    bound: &'static str,
) -> Chart {
    let series = nodes.into_iter().map(|(node, from)| Series {
        node: run.name(node).to_owned(),
        counts_from: from.map(Time::ns),
        points: course(run, node, reference),
    });
    let series: Vec<Series> = series.collect();
    let mut bands: Vec<Band> = Vec::new();
    // The last band of each group of nodes.
    let mut last_of: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for promise in promises {
        let Some(band) = band(run, reference, promise) else { continue };
        let begins = band.points.first().map(|&(at, ..)| at);
        let last = last_of.get(&band.nodes).and_then(|&last| bands.get_mut(last));
        match last.filter(|last| last.points.last().map(|&(at, ..)| at) == begins) {
            Some(last) => last.points.extend(band.points),
            None => {
                last_of.insert(band.nodes.clone(), bands.len());
                bands.push(band);
            }
        }
    }
    merge_alike(&mut bands);
    let whom = reference.map_or("true time".to_owned(), |node| format!("{}'s", run.name(node)));
    let bound = (!bands.is_empty()).then_some(bound);
    Chart { title: format!("How far each clock was from {whom}"), unit: "ns", bound, series, bands }
}

/// Lets bands that are the same be one.
fn merge_alike(bands: &mut Vec<Band>) {
    let mut merged: Vec<Band> = Vec::new();
    let mut place_of: BTreeMap<Vec<(u64, i64, i64)>, usize> = BTreeMap::new();
    for band in bands.drain(..) {
        match place_of.get(&band.points).and_then(|&place| merged.get_mut(place)) {
            Some(other) => other.nodes.extend(band.nodes),
            None => {
                place_of.insert(band.points.clone(), merged.len());
                merged.push(band);
            }
        }
    }
    *bands = merged;
}

fn band(run: &Run<'_>, reference: Option<NodeId>, promise: &Promise) -> Option<Band> {
    let to = promise.to.min(run.trace.ended_at);
    if promise.from > to {
        return None;
    }
    let (mut nodes, points) = match &promise.of {
        Bounded::Error(node) => {
            let around_zero = |at: Time| {
                let bound = to_ns(promise.bound(at));
                (at.ns(), -bound, bound)
            };
            (vec![*node], [promise.from, to].map(around_zero).to_vec())
        }
        Bounded::Skew(nodes) => (nodes.clone(), around_the_middle(run, reference, nodes, promise, to)),
    };
    nodes.arrange();
    Some(Band { nodes: nodes.into_iter().map(|node| run.name(node).to_owned()).collect(), points })
}

/// A band around the middle between the clock behind and the clock ahead.
fn around_the_middle(
    run: &Run<'_>,
    reference: Option<NodeId>,
    nodes: &[NodeId],
    promise: &Promise,
    to: Time,
) -> Vec<(u64, i64, i64)> {
    let mut points = Vec::new();
    let mut add = |at: Time, side: Side| {
        let Some((behind, before, _)) = farthest(run, nodes, at, side) else { return };
        let zero = reference.map_or(0, |reference| ahead(run, reference, at, side));
        let twice = ahead(run, behind, at, side) + ahead(run, before, at, side) - 2 * zero;
        let bound = promise.bound(at);
        points.push((at.ns(), to_ns((twice - bound).div_euclid(2)), to_ns((twice + bound).div_euclid(2))));
    };
    let moments = judge::moments(run, nodes, promise.from, to);
    for (index, &(at, side)) in moments.iter().enumerate() {
        add(at, side);
        if let Some(&(next, Side::Before)) = moments.get(index + 1) {
            for kink in kinks(run, nodes, at, next) {
                add(kink, Side::After);
            }
        }
    }
    points.dedup();
    points
}

/// The moments between two bends at which another clock becomes the one behind or ahead, to the
/// nanosecond: all clocks run straight between the two.
fn kinks(run: &Run<'_>, nodes: &[NodeId], from: Time, to: Time) -> Vec<Time> {
    let ends = farthest(run, nodes, from, Side::After).zip(farthest(run, nodes, to, Side::Before));
    let Some(((behind, before, _), (behind_then, before_then, _))) = ends else { return Vec::new() };
    if (behind, before) == (behind_then, before_then) || to.since(from) <= Span::from_ns(1) {
        return Vec::new();
    }
    // Two lines cross where their distance, which changes evenly, is nothing. Lines that meet at an
    // end do not cross.
    let length = i128::from(to.since(from).ns());
    let crossing = |one: NodeId, other: NodeId| {
        let apart = |at, side| ahead(run, one, at, side) - ahead(run, other, at, side);
        let (first, last) = (apart(from, Side::After), apart(to, Side::Before));
        let after = if first == last { 0 } else { first * length / (first - last) };
        let after = i64::try_from(after).ok().filter(|&after| 0 < after && i128::from(after) < length)?;
        Some(from + Span::from_ns(after))
    };
    let Some(middle) = crossing(before, before_then).or_else(|| crossing(behind, behind_then)) else {
        return Vec::new();
    };
    let mut found = kinks(run, nodes, from, middle);
    found.push(middle);
    found.extend(kinks(run, nodes, middle, to));
    found
}
