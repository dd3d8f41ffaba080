//! Which events could have caused which.

use std::collections::BTreeSet;

use super::{EventId, Trace};

impl Trace {
    /// Whether `first` could have caused `second`: it came before it at the same node, or a chain
    /// of messages leads from one to the other. An event does not come before itself. Needs a trace
    /// that kept everything.
    ///
    /// Source: L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM
    /// 21(7), 1978, the relation "happened before".
    pub fn happened_before(&self, first: EventId, second: EventId) -> bool {
        // Backwards from the second: the past of an event is what its node did before, and what
        // caused any of that.
        let (mut nodes, mut causes) = (BTreeSet::new(), BTreeSet::from([second]));
        for event in self.events.iter().rev().skip_while(|event| event.id > second) {
            let is_past = causes.contains(&event.id) || event.node.is_some_and(|node| nodes.contains(&node));
            if !is_past {
                continue;
            }
            if event.id == first {
                return first != second;
            }
            nodes.extend(event.node);
            causes.extend(event.cause);
        }
        false
    }
}
