//! Where clocks are: against true time, a reference, or each other, at any moment and over a while.
//!
//! Between two bends of its course a clock runs along a straight line, so that it is farthest from
//! anything else that does so at a bend or at an end.

use crate::check::{Run, chart};
use crate::process::NodeId;
use crate::time::{Span, Time};

/// Whether a moment is seen before or after what changes in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Side {
    Before,
    After,
}

/// Attoseconds to the nearest nanosecond.
pub(super) fn to_ns(atto: i128) -> Span {
    Span::from_ns(chart::to_ns(atto))
}

/// How far a node's clock is ahead of true time, in attoseconds.
pub(in super::super) fn ahead(run: &Run<'_>, node: NodeId, at: Time, side: Side) -> i128 {
    let history = &run.trace.clocks[node.index()];
    let clock = if side == Side::Before { history.before(at) } else { history.at(at) };
    clock.ahead(at)
}

/// How far a node's clock is ahead of the reference, in attoseconds.
pub(super) fn error(run: &Run<'_>, node: NodeId, reference: Option<NodeId>, at: Time, side: Side) -> i128 {
    ahead(run, node, at, side) - reference.map_or(0, |reference| ahead(run, reference, at, side))
}

/// The two clocks of several that are farthest from each other: the one behind, the one ahead, and
/// by how much.
pub(in super::super) fn farthest(
    run: &Run<'_>,
    nodes: &[NodeId],
    at: Time,
    side: Side,
) -> Option<(NodeId, NodeId, i128)> {
    let (&first, rest) = nodes.split_first()?;
    let ahead_of = |node| ahead(run, node, at, side);
    let mut behind = (first, ahead_of(first));
    let mut before = behind;
    for &node in rest {
        let here = ahead_of(node);
        if here < behind.1 {
            behind = (node, here);
        }
        if here > before.1 {
            before = (node, here);
        }
    }
    Some((behind.0, before.0, before.1 - behind.1))
}

/// The moments at which the clocks of `nodes` may be farthest from anything: the ends, and the
/// bends between them.
pub(in super::super) fn moments(run: &Run<'_>, nodes: &[NodeId], from: Time, to: Time) -> Vec<(Time, Side)> {
    let last = if from < to { Some((to, Side::Before)) } else { None };
    let between = bends(run, nodes, from, to).into_iter().flat_map(|at| [(at, Side::Before), (at, Side::After)]);
    [(from, Side::After)].into_iter().chain(between).chain(last).collect()
}

/// The moments between two at which a clock of `nodes` bends, in order.
fn bends(run: &Run<'_>, nodes: &[NodeId], from: Time, to: Time) -> Vec<Time> {
    let mut bends: Vec<Time> = Vec::new();
    for &node in nodes {
        bends.extend(run.trace.clocks[node.index()].bends_between(from, to));
    }
    bends.sort_unstable();
    bends.dedup();
    bends
}

/// When the correction that a node made at `at` is complete: at once, or at the end of the slew.
pub(in super::super) fn settled(run: &Run<'_>, node: NodeId, at: Time) -> Time {
    run.trace.clocks[node.index()].at(at).slewed_at().map_or(at, |done| done.max(at))
}
