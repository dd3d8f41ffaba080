//! The run as a log for ShiViz, which draws and compares space-time diagrams: each event with its
//! vector clock.
//!
//! Two lines an event: when and what, then the node and its clock as JSON. The file's first line is
//! the expression that ShiViz reads them with; its second would separate several runs, and is empty
//! for one. (Beschastnikh et al., "Visualizing Distributed System Executions", ACM TOSEM 29(2),
//! 2020.)

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Map, Value as Json};

use crate::report::Report;
use crate::trace::{Event, EventId, EventKind};

use super::sentence;

const HEADER: &str = r"(?<at>\S+) (?<event>.*)\n(?<host>\S+) (?<clock>\{.*\})";

/// Writes the log. What concerns no node has no clock, and is left out.
///
/// # Errors
///
/// Those of the writer.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let trace = &report.trace;
    writeln!(out, "{HEADER}\n")?;
    let names: Vec<&str> = trace.names.iter().collect();
    let mut clocks = Clocks::new(names.len());
    for event in &trace.events {
        let Some(node) = event.node else { continue };
        let clock = clocks.tick(node.index(), event);
        let known = clock.iter().enumerate().filter(|&(_, &count)| count > 0);
        let clock: Map<String, Json> = known.map(|(index, &count)| (names[index].to_owned(), count.into())).collect();
        writeln!(out, "{} {}", event.at, sentence::of(&report.scenario, trace, event))?;
        writeln!(out, "{} {}", names[node.index()], Json::Object(clock))?;
    }
    Ok(())
}

/// The vector clocks of all nodes, and of the messages that are under way.
struct Clocks {
    nodes: Vec<Vec<u32>>,
    messages: BTreeMap<EventId, Vec<u32>>,
}

impl Clocks {
    fn new(count: usize) -> Clocks {
        Clocks { nodes: vec![vec![0; count]; count], messages: BTreeMap::new() }
    }

    /// The node's clock with the event in it.
    fn tick(&mut self, node: usize, event: &Event) -> &[u32] {
        let carried = event.cause.filter(|_| event.what.is_fate()).and_then(|sent| self.messages.remove(&sent));
        // Only what a node gets to see tells it of other nodes.
        let carried = carried.filter(|_| matches!(event.what, EventKind::Delivered(_) | EventKind::Corrupted(_)));
        let clock = &mut self.nodes[node];
        for (own, carried) in clock.iter_mut().zip(carried.iter().flatten()) {
            *own = (*own).max(*carried);
        }
        clock[node] += 1;
        if matches!(event.what, EventKind::Sent { .. } | EventKind::Copied(_)) {
            self.messages.insert(event.id, clock.clone());
        }
        clock
    }
}
