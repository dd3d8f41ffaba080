//! What each row of the scenario's faults has come to in a run: whether it came up at all, and
//! whether it changed anything.

use crate::process::NodeId;
use crate::time::Time;

use super::plan::Row;

/// The marks of all rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    rows: Vec<Mark>,
    clocks: Vec<ClockFault>,
}

/// What a row has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// How often it could have changed something: its moment came, its point was passed, a message
    /// was sent in its window.
    pub(super) came: u64,
    /// How often it was applied: the node paused, which changes something only if the node had
    /// something to do.
    pub(super) applied: u64,
    /// How often it changed something.
    pub(super) changed: u64,
}

/// An injection that changes nothing but what a node's oscillator or clock shows: it is felt by
/// those who read the clock, and a change of the oscillator's speed by timers.
#[derive(Clone, Copy, Debug)]
struct ClockFault {
    row: Row,
    node: NodeId,
    at: Time,
    /// How many timers the node had set before, and may feel; `None`: timers feel nothing of it.
    timers_set: Option<u64>,
}

impl Marks {
    /// As before a run of a scenario with so many rows.
    pub(super) fn begin(&mut self, rows: usize) {
        self.rows.clear();
        self.rows.resize(rows, Mark::default());
        self.clocks.clear();
    }

    /// The row came up; `changed` if it changed something.
    pub(super) fn came(&mut self, row: Row, changed: bool) {
        self.rows[row].came += 1;
        self.rows[row].changed += u64::from(changed);
    }

    /// The row, which came up before, was applied.
    pub(super) fn applied(&mut self, row: Row) {
        self.rows[row].applied += 1;
    }

    /// The row, which came up before, changed something.
    pub(super) fn changed(&mut self, row: Row) {
        self.rows[row].changed += 1;
    }

    /// The row, which came up before, did something to a clock, of which only later shows whether
    /// it changed anything.
    pub(super) fn came_to_clock(&mut self, row: Row, node: NodeId, at: Time, timers_set: Option<u64>) {
        self.clocks.push(ClockFault { row, node, at, timers_set });
    }

    /// What a row has come to at the end of a run in which each node last read its clock at `read`,
    /// if it did, and set so many timers; at `now` if others look at all clocks.
    pub(super) fn of(&self, row: Row, felt: impl Fn(NodeId) -> (Option<Time>, u64)) -> Mark {
        let is_felt = |injection: &&ClockFault| {
            let (read, timers_set) = felt(injection.node);
            injection.row == row
                && (read.is_some_and(|read| read >= injection.at)
                    || injection.timers_set.is_some_and(|before| timers_set > before))
        };
        let mark = self.rows.get(row).copied().unwrap_or_default();
        Mark { changed: mark.changed + self.clocks.iter().filter(is_felt).count() as u64, ..mark }
    }
}
