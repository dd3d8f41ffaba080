//! The picture beside the timeline: a column a node, and an arrow a message.
//!
//! An honest node's lane is a single line, a traitor's a double one; so is a lie's arrow. What does
//! not get through is broken and ends in a cross. A node that is down is hatched, one that is
//! paused is dotted.

use anstyle::Style;

use crate::process::{Names, NodeId};

use super::style::{self, FAINT, LIE, LOST, MESSAGE, PLAIN, STRONG, inked, padded, width};

/// The least room between two lanes: an arrow with a head, or the word `traitor` under two
/// neighbours.
const NARROWEST: usize = 8;
/// The most room between two lanes: more would tear a row apart.
const WIDEST: usize = 15;
/// The columns before the first lane and behind the last, the lane itself counted.
const FIRST: usize = 1;
const LAST: usize = 2;

/// What a node is up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// It runs.
    Up,
    /// It is down.
    Down,
    /// It is paused.
    Paused,
}

/// What a row shows among the lanes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    /// Nothing.
    Nothing,
    /// A sign on a node's lane.
    Sign(NodeId, char, Style),
    /// A message.
    Arrow {
        /// Who sent it.
        from: NodeId,
        /// To whom.
        to: NodeId,
        /// Whether it is a lie.
        lie: bool,
        /// How it ended.
        head: Head,
    },
}

/// How an arrow ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// At the receiver.
    Arrives,
    /// On the way.
    Lost,
    /// Right before the receiver.
    Stopped,
    /// It never began.
    Silent,
    /// It had not ended when the run did.
    UnderWay,
}

/// Where the lanes are.
#[derive(Debug)]
pub(super) struct Lanes {
    spacing: usize,
    columns: usize,
    is_traitor: Vec<bool>,
}

impl Lanes {
    /// Lanes for these nodes in at most `room` columns, if they fit.
    pub(super) fn fit(names: &Names, traitors: &[NodeId], room: usize) -> Option<Lanes> {
        let widths: Vec<usize> = names.iter().map(width).collect();
        let between = widths.windows(2).map(|pair| pair[0] / 2 + pair[1] / 2 + 2);
        let least = between.max().unwrap_or(0).max(NARROWEST);
        let gaps = widths.len().checked_sub(1)?;
        let most = room.checked_sub(FIRST + LAST)?.checked_div(gaps).unwrap_or(WIDEST);
        if most < least {
            return None;
        }
        let spacing = most.min(WIDEST).max(least);
        let is_traitor = NodeId::first(widths.len()).map(|node| traitors.contains(&node)).collect();
        Some(Lanes { spacing, columns: FIRST + gaps * spacing + LAST, is_traitor })
    }

    /// The columns that the lanes take.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    fn centre(&self, node: NodeId) -> usize {
        FIRST + node.index() * self.spacing
    }

    /// The nodes' names over their lanes, which begin after `margin` columns.
    pub(super) fn names(&self, names: &Names, margin: usize) -> String {
        self.labels(margin, NodeId::first(names.count()).map(|node| (node, names.of(node), STRONG)))
    }

    /// The word `traitor` over the lanes of traitors; `None` where there are none.
    pub(super) fn traitors(&self, margin: usize) -> Option<String> {
        let traitors = NodeId::first(self.is_traitor.len()).filter(|node| self.is_traitor[node.index()]);
        self.is_traitor.contains(&true).then(|| self.labels(margin, traitors.map(|node| (node, "traitor", LIE))))
    }

    fn labels<'a>(&self, margin: usize, labels: impl Iterator<Item = (NodeId, &'a str, Style)>) -> String {
        let mut line = String::new();
        let mut column = 0;
        for (node, label, ink) in labels {
            let begin = (margin + self.centre(node)).saturating_sub(width(label) / 2).max(column);
            line.push_str(&padded("", begin - column));
            line.push_str(&inked(ink, label));
            column = begin + width(label);
        }
        line
    }

    /// One row.
    pub(super) fn draw(&self, lanes: &[Lane], mark: Mark) -> String {
        let mut cells = vec![(' ', PLAIN); self.columns];
        for node in NodeId::first(lanes.len()) {
            cells[self.centre(node)] = self.lane(lanes[node.index()], node);
        }
        match mark {
            Mark::Nothing => {}
            Mark::Sign(node, sign, ink) => cells[self.centre(node)] = (sign, ink),
            Mark::Arrow { from, to, lie, head } => self.arrow(&mut cells, from, to, lie, head),
        }
        joined(&cells)
    }

    fn lane(&self, lane: Lane, node: NodeId) -> (char, Style) {
        match lane {
            Lane::Down => ('░', LOST),
            Lane::Paused => ('┊', FAINT),
            Lane::Up if self.is_traitor[node.index()] => ('║', LIE),
            Lane::Up => ('│', FAINT),
        }
    }

    fn arrow(&self, cells: &mut [(char, Style)], from: NodeId, to: NodeId, lie: bool, head: Head) {
        let (begin, end) = (self.centre(from), self.centre(to));
        let rightwards = begin < end;
        let distance = begin.abs_diff(end);
        let at = |step: usize| if rightwards { begin + step } else { begin - step };
        let steps = match head {
            Head::Arrives | Head::Stopped => distance - 1,
            Head::Lost => distance * 3 / 5,
            Head::UnderWay => distance / 2,
            Head::Silent => 3,
        };
        let is_broken = matches!(head, Head::Lost | Head::Stopped | Head::Silent);
        let ink = if is_broken { LOST } else { MESSAGE };
        let ink = if lie { LIE } else { ink };
        cells[begin].0 = leaving(cells[begin].0, lie && !is_broken, rightwards);
        for step in 1..steps {
            let cell = &mut cells[at(step)];
            *cell = match (cell.0, is_broken) {
                (' ', true) => ('╌', ink),
                (' ', false) => (if lie { '═' } else { '─' }, ink),
                (_, true) => *cell,
                (lane, false) => (crossing(lane, lie), ink),
            };
        }
        cells[at(steps)] = match head {
            Head::Arrives | Head::UnderWay => (if rightwards { '►' } else { '◄' }, ink),
            Head::Lost | Head::Stopped => ('✗', style::BAD),
            Head::Silent => ('∅', ink),
        };
    }
}

/// The sign of a lane that an arrow leaves.
const fn leaving(lane: char, double: bool, rightwards: bool) -> char {
    match (lane, double, rightwards) {
        ('│', false, true) => '├',
        ('│', false, false) => '┤',
        ('│', true, true) => '╞',
        ('│', true, false) => '╡',
        ('║', false, true) => '╟',
        ('║', false, false) => '╢',
        ('║', true, true) => '╠',
        ('║', true, false) => '╣',
        _ => lane,
    }
}

/// The sign of a lane that an arrow crosses.
const fn crossing(lane: char, double: bool) -> char {
    match (lane, double) {
        ('║', false) => '╫',
        ('║', true) => '╬',
        ('░', _) => lane,
        (_, false) => '┼',
        (_, true) => '╪',
    }
}

/// The cells as text; neighbours of one ink share their escapes.
fn joined(cells: &[(char, Style)]) -> String {
    let runs = cells.chunk_by(|one, other| one.1 == other.1 || one.0 == ' ' && other.0 == ' ');
    runs.map(|run| inked(run[0].1, &run.iter().map(|cell| cell.0).collect::<String>())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(traitors: &[u16], states: [Lane; 3], mark: Mark, expect: &str) {
        let traitors: Vec<NodeId> = traitors.iter().map(|&node| NodeId::new(node)).collect();
        let lanes = Lanes::fit(&Names::new(["ann", "bob", "cy"]), &traitors, 20).unwrap();
        assert_eq!(anstream::adapter::strip_str(&lanes.draw(&states, mark)).to_string(), expect);
    }

    fn arrow(from: u16, to: u16, lie: bool, head: Head) -> Mark {
        Mark::Arrow { from: NodeId::new(from), to: NodeId::new(to), lie, head }
    }

    #[test]
    fn arrows_say_who_to_whom_and_what_became_of_them() {
        let up = [Lane::Up; 3];
        check(&[], up, Mark::Nothing, " │       │       │ ");
        check(&[], up, arrow(0, 1, false, Head::Arrives), " ├──────►│       │ ");
        check(&[], up, arrow(2, 0, false, Head::Arrives), " │◄──────┼───────┤ ");
        check(&[], up, arrow(0, 2, false, Head::Lost), " ├╌╌╌╌╌╌╌│✗      │ ");
        check(&[], up, arrow(1, 0, false, Head::Stopped), " │✗╌╌╌╌╌╌┤       │ ");
        check(&[1], up, arrow(1, 2, true, Head::Arrives), " │       ╠══════►│ ");
        check(&[1], up, arrow(0, 2, false, Head::Arrives), " ├───────╫──────►│ ");
        check(&[1], up, arrow(1, 0, true, Head::Silent), " │    ∅╌╌╢       │ ");
        check(&[], up, arrow(0, 1, false, Head::UnderWay), " ├───►   │       │ ");
    }

    #[test]
    fn lanes_show_who_is_down_and_who_is_paused() {
        let states = [Lane::Up, Lane::Down, Lane::Paused];
        check(&[], states, Mark::Sign(NodeId::new(0), '◆', PLAIN), " ◆       ░       ┊ ");
        check(&[], states, arrow(0, 2, false, Head::Arrives), " ├───────░──────►┊ ");
    }

    #[test]
    fn lanes_that_do_not_fit_are_not_drawn() {
        let many = Names::new((0..12).map(|index| format!("general-{index}")));
        assert!(Lanes::fit(&many, &[], 60).is_none());
        assert!(Lanes::fit(&Names::new(["alone"]), &[], 60).is_some());
        assert!(Lanes::fit(&Names::new(Vec::<String>::new()), &[], 60).is_none());
    }
}
