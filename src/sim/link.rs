//! Links: what chance alone does to a message on its link, and how faults change that for a while.
//!
//! A message meets its link as it is when the message is sent. A changed link draws by the same
//! numbers: a message that is lost with probability 0.1 is lost with 0.2, and a row that says what
//! the network says changes nothing.

use crate::process::{MessageId, NodeId};
use crate::scenario::{Change, Fate, Fault, Link, Links, Network};
use crate::time::{Distribution, Span, Time};

use super::draw::{Key, Odds, purpose};
use super::marks::Marks;
use super::plan::Row;

/// What chance does on a link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkDraws {
    pub(super) delay: Distribution,
    pub(super) fifo: bool,
    lose: Odds,
    corrupt: Odds,
    twice: Odds,
    calm: bool,
}

impl LinkDraws {
    pub(crate) fn new(link: &Link) -> LinkDraws {
        let (lose, corrupt, twice) = (Odds::new(link.loss), Odds::new(link.corrupt), Odds::new(link.duplicate));
        let calm = lose.is_never() && corrupt.is_never() && twice.is_never();
        LinkDraws { delay: link.delay, fifo: link.fifo, lose, corrupt, twice, calm }
    }

    /// The same, but for what a row says.
    fn changed_by(mut self, change: &Change) -> LinkDraws {
        self.delay = change.delay.unwrap_or(self.delay);
        self.lose = change.loss.map_or(self.lose, Odds::new);
        self.corrupt = change.corrupt.map_or(self.corrupt, Odds::new);
        self.twice = change.duplicate.map_or(self.twice, Odds::new);
        self.calm = self.lose.is_never() && self.corrupt.is_never() && self.twice.is_never();
        self
    }

    /// What the network does with a message on the link of this key: lost, else damaged, else
    /// doubled, each drawn on its own.
    #[inline]
    pub(crate) fn fate(&self, link: Key, id: MessageId) -> Fate {
        let happens = |odds: Odds, purpose| odds.draw(link.number(id.key() | purpose));
        if self.calm {
            Fate::Deliver
        } else if happens(self.lose, purpose::LOSE) {
            Fate::Lose
        } else if happens(self.corrupt, purpose::CORRUPT) {
            Fate::Corrupt
        } else if happens(self.twice, purpose::TWICE) {
            Fate::Twice
        } else {
            Fate::Deliver
        }
    }

    /// How long a message takes on the link of this key, if it arrives.
    #[inline]
    pub(crate) fn delay(&self, link: Key, id: MessageId) -> Span {
        let purpose = if id.is_copy() { purpose::DELAY_OF_COPY } else { purpose::DELAY };
        link.number(id.key() | purpose).stream().span(&self.delay)
    }
}

/// Every link.
pub(super) struct LinkTable {
    /// On all links without an exception.
    usual: LinkDraws,
    exceptions: Vec<LinkDraws>,
    /// For each link, row by sender, its place among the exceptions, counted from one; empty if
    /// there are none.
    exception_of: Vec<u32>,
    nodes: usize,
    /// What changes some links for a while, in the scenario's order.
    turns: Vec<(Window, Change)>,
    /// What keeps the messages of some links for a while.
    holds: Vec<Window>,
}

/// Some links for a while.
#[derive(Clone, Debug)]
pub(super) struct Window {
    row: Row,
    links: Links,
    at: Time,
    /// When it is over; `None`: at the end of the run.
    pub(super) until: Option<Time>,
}

impl Window {
    fn new(row: Row, links: &Links, at: Time, lasts: Option<Span>) -> Window {
        Window { row, links: links.clone(), at, until: lasts.map(|lasts| at + lasts) }
    }

    /// Whether a message is sent on these links while the window is open.
    fn has(&self, id: MessageId, now: Time) -> bool {
        let is_among = |nodes: &Option<Vec<NodeId>>, node| nodes.as_ref().is_none_or(|nodes| nodes.contains(&node));
        let is_open = self.at <= now && self.until.is_none_or(|until| now < until);
        is_open && is_among(&self.links.from, id.from()) && is_among(&self.links.to, id.to())
    }
}

impl LinkTable {
    pub(super) fn new(nodes: usize, network: &Network, faults: &[Fault]) -> LinkTable {
        let exceptions: Vec<LinkDraws> = network.exceptions.iter().map(|(_, _, link)| LinkDraws::new(link)).collect();
        let mut exception_of = if exceptions.is_empty() { Vec::new() } else { vec![0; nodes * nodes] };
        for (place, (from, to, _)) in (1_u32..).zip(&network.exceptions) {
            exception_of[from.index() * nodes + to.index()] = place;
        }
        let rows = || faults.iter().enumerate();
        let turns = rows().filter_map(|(row, fault)| match *fault {
            Fault::Degrade { ref links, at, lasts, change } => Some((Window::new(row, links, at, lasts), change)),
            _ => None,
        });
        let holds = rows().filter_map(|(row, fault)| match *fault {
            Fault::Hold { ref links, at, lasts } => Some(Window::new(row, links, at, lasts)),
            _ => None,
        });
        let (turns, holds) = (turns.collect(), holds.collect());
        LinkTable { usual: LinkDraws::new(&network.default), exceptions, exception_of, nodes, turns, holds }
    }

    /// Whether links differ from moment to moment.
    pub(super) fn has_windows(&self) -> bool {
        !(self.turns.is_empty() && self.holds.is_empty())
    }

    /// The link that a message meets that is sent now. Where rows meet, the later one wins, key by
    /// key.
    pub(super) fn at(&self, id: MessageId, now: Time) -> LinkDraws {
        self.without(None, id, now)
    }

    /// The same as if one of the rows were not there.
    fn without(&self, left_out: Option<Row>, id: MessageId, now: Time) -> LinkDraws {
        let open = self.turns.iter().filter(|(window, _)| Some(window.row) != left_out && window.has(id, now));
        open.fold(*self.over(id), |draws, (_, change)| draws.changed_by(change))
    }

    /// The row that keeps a message that is sent now: of several the one that ends last, since it
    /// has the message still when the others let go.
    pub(super) fn held(&self, id: MessageId, now: Time) -> Option<&Window> {
        let holding = self.holds.iter().filter(|window| window.has(id, now));
        holding.max_by_key(|window| window.until.unwrap_or(Time::NEVER))
    }

    /// Marks the rows in whose windows a message is sent now. One has changed something if the
    /// message would fare otherwise without it, and what it does is not settled by hand.
    pub(super) fn mark(&self, link: Key, id: MessageId, now: Time, is_settled: bool, marks: &mut Marks) {
        let draws = self.at(id, now);
        let fate = draws.fate(link, id);
        let held = self.held(id, now);
        for (window, _) in self.turns.iter().filter(|(window, _)| window.has(id, now)) {
            let other = self.without(Some(window.row), id, now);
            let is_later = held.is_none() && draws.delay(link, id) != other.delay(link, id);
            let is_other = other.fate(link, id) != fate || fate != Fate::Lose && is_later;
            marks.came(window.row, is_other && !is_settled);
        }
        for window in self.holds.iter().filter(|window| window.has(id, now)) {
            let is_keeper = held.is_some_and(|keeper| keeper.row == window.row);
            marks.came(window.row, is_keeper && fate != Fate::Lose && !is_settled);
        }
    }

    #[inline]
    pub(super) fn over(&self, id: MessageId) -> &LinkDraws {
        if self.exception_of.is_empty() {
            return &self.usual;
        }
        match self.exception_of[id.from().index() * self.nodes + id.to().index()] {
            0 => &self.usual,
            place => &self.exceptions[place as usize - 1],
        }
    }
}
