//! An enemy who decides instead of chance: what a search tries.

use std::iter;

use crate::scenario::{Choice, Decision, Downtime, EnemyMay, Fate};
use crate::sim::draw::Key;
use crate::time::Span;

/// A choice that was the enemy's, with all that it could have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// Which.
    pub choice: Choice,
    /// The options, the calm one first.
    pub options: Vec<Decision>,
}

/// What an enemy may decide, and what it may choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enemy {
    /// The kinds of choices that it decides.
    pub may: Vec<EnemyMay>,
    /// The delays that it may choose from; none: the ends of each link's distribution.
    pub delays: Vec<Span>,
    /// The downtimes that it may choose from.
    pub downtimes: Vec<Downtime>,
    /// The pauses that it may choose from.
    pub pauses: Vec<Span>,
    /// The crash points at which it may crash or pause a node; none: at all of them.
    pub points: Vec<String>,
}

impl Enemy {
    pub(super) fn may(&self, kind: EnemyMay) -> bool {
        self.may.contains(&kind)
    }

    /// The fates other than delivery that it may choose.
    pub(super) fn fates(&self) -> impl Iterator<Item = Fate> + Clone {
        let kinds = [(EnemyMay::Lose, Fate::Lose), (EnemyMay::Corrupt, Fate::Corrupt), (EnemyMay::Twice, Fate::Twice)];
        kinds.into_iter().filter(|&(kind, _)| self.may(kind)).map(|(_, fate)| fate)
    }

    pub(super) fn may_at(&self, kind: EnemyMay, point: &str) -> bool {
        self.may(kind) && (self.points.is_empty() || self.points.iter().any(|allowed| allowed == point))
    }
}

/// An enemy's departure from calm: the choice that comes up as the `at`th of its own in the run,
/// counted from 0, takes its option of this index.
///
/// A run is the same as another up to the first choice that is settled otherwise. So the place in
/// the order of coming up says which choice is meant, as surely as its name, once all departures
/// before it are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departure {
    /// The choice's place among those that are the enemy's.
    pub at: u32,
    /// The option's place among the choice's options; 0 is calm.
    pub option: u32,
}

/// A search's hold on a run: it decides instead of chance. It is handed back after the run, to be
/// used again.
#[derive(Clone, Debug, Default)]
pub struct Enumeration {
    /// What the enemy may decide.
    pub enemy: Enemy,
    /// What it does.
    pub moves: Moves,
}

impl Enumeration {
    /// An enemy that decides everything calmly, until its moves are set.
    pub fn new(enemy: Enemy) -> Enumeration {
        Enumeration { enemy, moves: Moves::default() }
    }

    /// Whether all that the enemy does is written in its departures, and nobody wants the choices'
    /// names.
    pub(in crate::sim) fn is_written(&self) -> bool {
        self.moves.at_random.is_none() && !self.moves.naming
    }
}

/// What an enemy does in a run, and what it could have done.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// What it decides otherwise than calm, in the order of coming up. A departure to an option
    /// that the choice does not have is none.
    pub departures: Vec<Departure>,
    /// Lets chance decide for the enemy; `departures` are then those that chance made.
    pub at_random: Option<AtRandom>,
    /// Whether the choices are named in `met`.
    pub naming: bool,
    /// How many options each choice of the enemy's had that came up in the run, in that order.
    pub options: Vec<u32>,
    /// The same choices with their names, if they are named.
    pub met: Vec<Met>,
    next: usize,
}

/// An enemy that decides by chance: each choice departs from calm with the same probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtRandom {
    /// Which sample: each has its own draws.
    pub sample: u64,
    /// One choice in so many departs, on average.
    pub one_in: u32,
    /// The most departures that it may make.
    pub at_most: u32,
}

impl Moves {
    pub(super) fn begin(&mut self) {
        self.options.clear();
        self.met.clear();
        self.next = 0;
        if self.at_random.is_some() {
            self.departures.clear();
        }
    }

    /// Goes on in a run in which the enemy's choices so far had so many options.
    pub(super) fn go_on(&mut self, options: &[u32]) {
        self.options.clear();
        self.options.extend_from_slice(options);
        self.met.clear();
        self.next = self.departures.partition_point(|departure| (departure.at as usize) < options.len());
    }

    /// Whether all departures were made.
    pub(super) fn is_calm_from_here(&self) -> bool {
        self.next >= self.departures.len()
    }

    /// Settles a choice that is the enemy's: it is calm or one of the `others`. What chance draws
    /// for an enemy that decides by it comes from below `chance`.
    pub(super) fn settle(
        &mut self,
        chance: Key,
        choice: impl FnOnce() -> Choice,
        calm: Decision,
        others: impl Iterator<Item = Decision> + Clone,
    ) -> Decision {
        let all = || iter::once(calm.clone()).chain(others.clone()).collect();
        match self.pick(chance, 1 + others.clone().count(), || Met { choice: choice(), options: all() }) {
            0 => calm,
            option => others.clone().nth(option - 1).unwrap_or(calm),
        }
    }

    /// Returns the index of the option that the enemy takes. `name` is called only if the names of
    /// choices are wanted.
    pub(super) fn pick(&mut self, chance: Key, options: usize, name: impl FnOnce() -> Met) -> usize {
        let (at, options) = (self.options.len() as u32, options as u32);
        self.options.push(options);
        if self.naming {
            self.met.push(name());
        }
        match (self.at_random, self.departures.get(self.next)) {
            (Some(random), _) => self.toss(random, at, options, chance),
            (None, Some(departure)) if departure.at == at => {
                self.next += 1;
                if departure.option < options { departure.option as usize } else { 0 }
            }
            _ => 0,
        }
    }

    fn toss(&mut self, random: AtRandom, at: u32, options: u32, chance: Key) -> usize {
        if options == 1 || self.departures.len() >= random.at_most as usize {
            return 0;
        }
        let mut stream = chance.number(random.sample).number(u64::from(at)).stream();
        if stream.below(u64::from(random.one_in)) != 0 {
            return 0;
        }
        let option = 1 + stream.below(u64::from(options) - 1) as u32;
        self.departures.push(Departure { at, option });
        option as usize
    }
}
