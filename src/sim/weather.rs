//! The weather: what chance alone does to a message on its link.

use crate::process::MessageId;
use crate::scenario::{Fate, Link, Network};
use crate::time::{Distribution, Span};

use super::draw::{Key, Odds, purpose};

/// What chance does on a link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    pub(super) delay: Distribution,
    pub(super) fifo: bool,
    lose: Odds,
    corrupt: Odds,
    twice: Odds,
    calm: bool,
}

impl Weather {
    pub(crate) fn new(link: &Link) -> Weather {
        let (lose, corrupt, twice) = (Odds::new(link.loss), Odds::new(link.corrupt), Odds::new(link.duplicate));
        let calm = lose.is_never() && corrupt.is_never() && twice.is_never();
        Weather { delay: link.delay, fifo: link.fifo, lose, corrupt, twice, calm }
    }

    /// What befalls a message on the link of this key: lost, else damaged, else doubled, each drawn on its own.
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

/// The weather of every link.
pub(super) struct Skies {
    /// On all links without an exception.
    usual: Weather,
    exceptions: Vec<Weather>,
    /// For each link, row by sender, its place among the exceptions, counted from one; empty if there are none.
    exception_of: Vec<u32>,
    nodes: usize,
}

impl Skies {
    pub(super) fn new(nodes: usize, network: &Network) -> Skies {
        let exceptions: Vec<Weather> = network.exceptions.iter().map(|(_, _, link)| Weather::new(link)).collect();
        let mut exception_of = if exceptions.is_empty() { Vec::new() } else { vec![0; nodes * nodes] };
        for (place, (from, to, _)) in (1_u32..).zip(&network.exceptions) {
            exception_of[from.index() * nodes + to.index()] = place;
        }
        Skies { usual: Weather::new(&network.default), exceptions, exception_of, nodes }
    }

    #[inline]
    pub(super) fn over(&self, id: MessageId) -> &Weather {
        if self.exception_of.is_empty() {
            return &self.usual;
        }
        match self.exception_of[id.from().index() * self.nodes + id.to().index()] {
            0 => &self.usual,
            place => &self.exceptions[place as usize - 1],
        }
    }
}
