//! A set of order numbers: most of them follow one another, so what is kept are ranges, and a range
//! is taken apart only by what is missing in it.

use std::collections::BTreeMap;

/// Order numbers, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// The first number of each range with its last. Between two ranges at least one number is
    /// missing.
    ranges: BTreeMap<u32, u32>,
    len: u32,
}

impl Numbers {
    /// Adds a number. Returns whether it is new.
    pub(super) fn insert(&mut self, number: u32) -> bool {
        if self.contains(number) {
            return false;
        }
        self.len += 1;
        let last = match number.checked_add(1).and_then(|next| self.ranges.remove(&next)) {
            Some(last) => last,
            None => number,
        };
        match self.ranges.range_mut(..number).next_back() {
            Some((_, end)) if *end + 1 == number => *end = last,
            _ => {
                self.ranges.insert(number, last);
            }
        }
        true
    }

    /// Whether the number is one of them.
    pub(super) fn contains(&self, number: u32) -> bool {
        self.ranges.range(..=number).next_back().is_some_and(|(_, &last)| number <= last)
    }

    /// How many there are.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// The numbers, from the greatest downwards.
    pub(super) fn latest(&self) -> impl Iterator<Item = u32> {
        self.ranges.iter().rev().flat_map(|(&first, &last)| (first..=last).rev())
    }

    /// The least of them.
    pub(super) fn first(&self) -> Option<u32> {
        self.ranges.first_key_value().map(|(&first, _)| first)
    }

    /// The least of them that is not one of the others.
    pub(super) fn first_without(&self, others: &Numbers) -> Option<u32> {
        self.ranges.iter().find_map(|(&first, &last)| {
            let mut number = first;
            // What is covered by a range of the others is passed over at once.
            while let Some((_, &covered)) = others.ranges.range(..=number).next_back().filter(|&(_, &c)| c >= number) {
                number = covered.checked_add(1)?;
            }
            (number <= last).then_some(number)
        })
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
