//! All runs with the same number of departures, kept as what tells them apart.

use std::ops::Range;

use crate::sim::choice::Departure;

/// The runs whose last departure is not made yet: their parents, each with what it may still depart
/// from.
#[derive(Debug, Default)]
pub(super) struct Level {
    parents: Vec<Parent>,
    /// The parents' departures, one parent after the other.
    departures: Vec<Departure>,
    /// How many options the choices after a parent's last departure had, one parent after the
    /// other.
    options: Vec<u32>,
    size: u64,
}

/// A run, and where what belongs to it ends in the level's lists.
#[derive(Clone, Copy, Debug)]
struct Parent {
    departures: usize,
    options: usize,
    /// How many runs follow from it and from those before it.
    children: u64,
}

/// How many runs follow from one that met choices with so many options after its last departure.
pub(super) fn children(options: &[u32]) -> u64 {
    options.iter().map(|&options| u64::from(options.saturating_sub(1))).sum()
}

impl Level {
    /// Adds what follows from a run: its departures, and the options of the choices after the last
    /// of them.
    pub(super) fn push(&mut self, departures: &[Departure], options: &[u32]) {
        let children = children(options);
        if children > 0 {
            self.departures.extend_from_slice(departures);
            self.options.extend_from_slice(options);
            self.size += children;
            let (departures, options) = (self.departures.len(), self.options.len());
            self.parents.push(Parent { departures, options, children: self.size });
        }
    }

    /// Adds what comes after this in canonical order.
    pub(super) fn append(&mut self, after: &Level) {
        let moved = |parent: &Parent| Parent {
            departures: parent.departures + self.departures.len(),
            options: parent.options + self.options.len(),
            children: parent.children + self.size,
        };
        self.parents.extend(after.parents.iter().map(moved));
        self.departures.extend_from_slice(&after.departures);
        self.options.extend_from_slice(&after.options);
        self.size += after.size;
    }

    /// How many runs it stands for.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.parents[..]) + size_of_val(&self.departures[..]) + size_of_val(&self.options[..])
    }

    /// Calls `each` with the departures of the runs in this part of the canonical order, until it
    /// returns `false`.
    pub(super) fn each(&self, part: Range<u64>, mut each: impl FnMut(&mut Vec<Departure>) -> bool) {
        let mut left = part.end.saturating_sub(part.start);
        let mut path = Vec::new();
        let first = self.parents.partition_point(|parent| parent.children <= part.start);
        for index in first..self.parents.len() {
            let before = index.checked_sub(1).map(|index| self.parents[index]);
            let before = before.unwrap_or(Parent { departures: 0, options: 0, children: 0 });
            let parent = self.parents[index];
            let departures = &self.departures[before.departures..parent.departures];
            let next = departures.last().map_or(0, |last| last.at + 1);
            let mut skip = part.start.saturating_sub(before.children);
            for (at, &options) in (next..).zip(&self.options[before.options..parent.options]) {
                let others = u64::from(options.saturating_sub(1));
                if skip >= others {
                    skip -= others;
                    continue;
                }
                for option in 1 + skip as u32..options {
                    if left == 0 {
                        return;
                    }
                    left -= 1;
                    path.clear();
                    path.extend_from_slice(departures);
                    path.push(Departure { at, option });
                    if !each(&mut path) {
                        return;
                    }
                }
                skip = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(level: &Level, part: Range<u64>) -> Vec<Vec<(u32, u32)>> {
        let mut all = Vec::new();
        level.each(part, |path| {
            all.push(path.iter().map(|departure| (departure.at, departure.option)).collect());
            true
        });
        all
    }

    #[test]
    fn any_part_of_a_level_is_a_part_of_its_order() {
        let mut level = Level::default();
        level.push(&[Departure { at: 0, option: 1 }], &[2, 1, 3]);
        level.push(&[Departure { at: 1, option: 1 }], &[1, 1]);
        let mut after = Level::default();
        after.push(&[Departure { at: 2, option: 2 }], &[3]);
        level.append(&after);
        let expect = [
            vec![(0, 1), (1, 1)],
            vec![(0, 1), (3, 1)],
            vec![(0, 1), (3, 2)],
            vec![(2, 2), (3, 1)],
            vec![(2, 2), (3, 2)],
        ];
        assert_eq!(level.size(), 5);
        for start in 0..=5 {
            for end in start..=5 {
                let part = &expect[start as usize..end as usize];
                assert_eq!(all(&level, start..end), part, "{start}..{end}");
            }
        }
    }
}
