//! A set of order numbers: most of them follow one another, so what is kept are ranges, and a range
//! is taken apart only by what is missing in it.

/// Order numbers, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// The first and the last number of each range, in order. Between two ranges at least one
    /// number is missing. Mostly there are few, and what changes is near the end: a tree would take
    /// longer.
    ranges: Vec<(u32, u32)>,
    len: u32,
}

impl Numbers {
    /// Adds a number. Returns whether it is new.
    pub(super) fn insert(&mut self, number: u32) -> bool {
        let place = self.behind(number);
        let (before, after) = self.ranges.split_at_mut(place);
        let before = before.last_mut();
        if before.as_ref().is_some_and(|&&mut (_, last)| number <= last) {
            return false;
        }
        self.len += 1;
        let follows = before.filter(|(_, last)| *last + 1 == number);
        let leads = after.first_mut().filter(|(first, _)| *first - 1 == number);
        match (follows, leads) {
            (Some(before), Some(after)) => {
                before.1 = after.1;
                self.ranges.remove(place);
            }
            (Some(before), None) => before.1 = number,
            (None, Some(after)) => after.0 = number,
            (None, None) => self.ranges.insert(place, (number, number)),
        }
        true
    }

    /// Whether the number is one of them.
    pub(super) fn contains(&self, number: u32) -> bool {
        self.last_with(number).is_some()
    }

    /// How many there are.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// The numbers, from the greatest downwards.
    pub(super) fn latest(&self) -> impl Iterator<Item = u32> {
        self.ranges.iter().rev().flat_map(|&(first, last)| (first..=last).rev())
    }

    /// The least of them.
    pub(super) fn first(&self) -> Option<u32> {
        self.ranges.first().map(|&(first, _)| first)
    }

    /// The least of them that is not one of the others.
    pub(super) fn first_without(&self, others: &Numbers) -> Option<u32> {
        self.ranges.iter().find_map(|&(first, last)| {
            let mut number = first;
            // What is covered by a range of the others is passed over at once.
            while let Some(covered) = others.last_with(number) {
                number = covered.checked_add(1)?;
            }
            (number <= last).then_some(number)
        })
    }

    /// The place of the first range that begins after a number.
    fn behind(&self, number: u32) -> usize {
        self.ranges.partition_point(|&(first, _)| first <= number)
    }

    /// The last number of the range that holds a number.
    fn last_with(&self, number: u32) -> Option<u32> {
        let before = self.behind(number).checked_sub(1)?;
        let (_, last) = self.ranges[before];
        (number <= last).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_are_as_good_as_a_set(numbers in prop::collection::vec(0_u32..60, 0..90), others: BTreeSet<u8>) {
            let (mut ranges, mut set) = (Numbers::default(), BTreeSet::new());
            for number in numbers {
                prop_assert_eq!(ranges.insert(number), set.insert(number));
                prop_assert_eq!(ranges.len() as usize, set.len());
            }
            for number in 0..62 {
                prop_assert_eq!(ranges.contains(number), set.contains(&number));
            }
            prop_assert_eq!(ranges.first(), set.first().copied());
            let others: BTreeSet<u32> = others.into_iter().map(u32::from).collect();
            let mut other_ranges = Numbers::default();
            others.iter().for_each(|&number| {
                other_ranges.insert(number);
            });
            prop_assert_eq!(ranges.first_without(&other_ranges), set.difference(&others).next().copied());
        }
    }

    #[test]
    fn numbers_that_follow_one_another_are_one_range() {
        let mut numbers = Numbers::default();
        for number in (1..1_000).step_by(2).chain((2..1_000).step_by(2)).chain([u32::MAX]) {
            assert!(numbers.insert(number));
        }
        assert_eq!(numbers.ranges.len(), 2);
    }
}
