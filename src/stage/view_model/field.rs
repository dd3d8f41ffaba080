//! What the field shows beside messages: the nodes in their places, and what cuts the network.

use serde::Serialize;

use crate::problems::{Entry, Role};
use crate::process::NodeId;
use crate::report::Report;
use crate::scenario::{Fault, Traitors};
use crate::trace::{Event, EventKind};

use super::place;

/// A node, and where it is in a box from (-1, -1) at the upper left to (1, 1) at the lower right.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct NodeShown<'a> {
    name: &'a str,
    /// What the node is in its protocol.
    role: Role,
    x: f64,
    y: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    traitor: Option<bool>,
    /// How a traitor lies, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    lie: Option<&'a str>,
}

/// A time in which groups of nodes cannot reach each other.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PartitionShown {
    from: u64,
    /// When it heals, if it does.
    to: Option<u64>,
    groups: Vec<Vec<usize>>,
    one_way: bool,
}

pub(super) fn nodes(report: &Report) -> Vec<NodeShown<'_>> {
    let trace = &report.trace;
    let Entry { layout, roles, .. } = *report.scenario.entry;
    let count = trace.names.count();
    let node = |(node, (x, y)): (NodeId, (f64, f64))| {
        let is_traitor = trace.is_traitor(node);
        NodeShown {
            name: trace.names.of(node),
            role: roles(node, count),
            x: round(x),
            y: round(y),
            traitor: is_traitor.then_some(true),
            lie: if is_traitor { lie_of(report, node) } else { None },
        }
    };
    NodeId::first(count).zip(place::places(layout, count)).map(node).collect()
}

/// How the scenario says that a node lies, in the words that pictures have for it.
fn lie_of(report: &Report, node: NodeId) -> Option<&str> {
    let mut rows = report.scenario.faults.iter().filter_map(|fault| match fault {
        Fault::Traitor { who: Traitors::These(nodes), lie } => Some((nodes.contains(&node), lie)),
        Fault::Traitor { lie, .. } => Some((true, lie)),
        _ => None,
    });
    let (_, lie) = rows.find(|(is_about, _)| *is_about)?;
    let known = report.scenario.entry.lies.iter().find(|known| known.name == lie.name);
    Some(known.map_or(lie.name.as_str(), |known| known.short))
}

fn round(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

pub(super) fn partitions(report: &Report) -> Vec<PartitionShown> {
    let events = &report.trace.events;
    let healed =
        |index: u16| events.iter().find(|event| event.what == EventKind::Healed(index)).map(|event| event.at.ns());
    let groups = |index: u16| {
        let partitions = report.scenario.faults.iter().filter_map(|fault| match fault {
            Fault::Partition { groups, one_way, .. } => Some((groups, *one_way)),
            _ => None,
        });
        partitions.into_iter().nth(usize::from(index))
    };
    let partition = |event: &Event| {
        let EventKind::Partitioned(index) = event.what else { return None };
        let (groups, one_way) = groups(index)?;
        let groups = groups.iter().map(|group| group.iter().map(|node| node.index()).collect()).collect();
        Some(PartitionShown { from: event.at.ns(), to: healed(index), groups, one_way })
    };
    events.iter().filter_map(partition).collect()
}
