//! Lists put in order by one sort for all types of elements.
//!
//! The sorts of the standard library are code for each type, and of each some kilobytes, which
//! browsers would fetch with the engine. They are right where runs wait for them; here it is places
//! that are sorted, and then the elements go there. What is collected into a set or a map is sorted
//! too: [`set`] and [`map`] insert it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

/// All of these, in order.
pub(crate) fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// All of these in the order of their keys, of which the last one counts.
pub(crate) fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}

/// Puts a list in order: what is equal stays as it was.
pub(crate) trait Arrange<T> {
    /// By the order of its elements.
    fn arrange(&mut self)
    where
        T: Ord,
    {
        self.arrange_by(T::cmp);
    }

    /// By what `key` says of each element.
    fn arrange_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        self.arrange_by(|one, other| key(one).cmp(&key(other)));
    }

    /// By what `compare` says of two.
    fn arrange_by(&mut self, compare: impl Fn(&T, &T) -> Ordering);
}

impl<T> Arrange<T> for [T] {
    fn arrange_by(&mut self, compare: impl Fn(&T, &T) -> Ordering) {
        if self.len() < 2 {
            return;
        }
        let mut origins = sorted_places(self.len(), &|one, other| compare(&self[one], &self[other]));
        for first in 0..self.len() {
            // From place to place, until the element that stood here first comes up.
            let mut place = first;
            loop {
                let origin = mem::replace(&mut origins[place], place);
                if origin == first {
                    break;
                }
                self.swap(place, origin);
                place = origin;
            }
        }
    }
}

/// The places `0..count`, sorted by the elements that stand there.
fn sorted_places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|&one, &other| compare(one, other));
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_order_is_that_of_the_standard_library(keys in prop::collection::vec(0_u8..20, 0..60)) {
            let mut arranged: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let mut sorted = arranged.clone();
            arranged.arrange_by_key(|&(key, _)| key);
            sorted.sort_by_key(|&(key, _)| key);
            prop_assert_eq!(arranged, sorted);
        }
    }
}
