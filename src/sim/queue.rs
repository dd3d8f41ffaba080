//! What is still to happen, in the one order in which it will: by time, then by the order of
//! scheduling.
//!
//! A 4-ary heap of 16-byte entries beside a slab that holds the payloads: sifting moves small
//! entries only, four of which share a cache line, and nothing is allocated once both have grown to
//! a run's size.

use std::mem;

use crate::time::Time;

/// Where a scheduled payload is held until it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u32);

/// When, then in which order of scheduling, then where: one number, so that two entries compare
/// without a branch for the processor to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry(u128);

impl Entry {
    fn new(at: Time, sequence: u32, place: u32) -> Entry {
        Entry(u128::from(at.ns()) << 64 | u128::from(sequence) << 32 | u128::from(place))
    }

    fn at(self) -> Time {
        Time::from_ns((self.0 >> 64) as u64)
    }

    fn place(self) -> u32 {
        self.0 as u32
    }
}

/// Where a payload is held. Exactly one entry stands for each cell that is not free.
#[derive(Clone)]
enum Cell<T> {
    /// Due when its entry comes up.
    Held(T),
    /// Taken out before it was due: its entry comes up for nothing.
    Void,
    /// Free for another payload; then the next cell that is.
    Free(u32),
}

/// No further cell is free.
const NONE: u32 = u32::MAX;

/// A queue of payloads by time.
pub(crate) struct Queue<T> {
    heap: Vec<Entry>,
    cells: Vec<Cell<T>>,
    /// The first of the free cells.
    free: u32,
    next_sequence: u32,
}

impl<T: Clone> Clone for Queue<T> {
    fn clone(&self) -> Queue<T> {
        let (heap, cells) = (self.heap.clone(), self.cells.clone());
        Queue { heap, cells, ..*self }
    }

    /// What was allocated stays.
    fn clone_from(&mut self, other: &Queue<T>) {
        self.heap.clone_from(&other.heap);
        self.cells.clone_from(&other.cells);
        self.free = other.free;
        self.next_sequence = other.next_sequence;
    }
}

const ARITY: usize = 4;

impl<T> Queue<T> {
    pub(crate) fn new() -> Queue<T> {
        Queue { heap: Vec::new(), cells: Vec::new(), free: NONE, next_sequence: 0 }
    }

    /// Empties the queue for another run; what it allocated stays.
    pub(crate) fn clear(&mut self) {
        self.heap.clear();
        self.cells.clear();
        self.free = NONE;
        self.next_sequence = 0;
    }

    /// How many entries there are, those included that come up for nothing.
    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }

    /// Schedules `payload` after everything that is already scheduled for the same moment. Inlined,
    /// so that the payload is written where it stays.
    #[inline(always)]
    pub(crate) fn push(&mut self, at: Time, payload: T) -> Place {
        let mut place = self.free;
        match self.cells.get_mut(place as usize) {
            Some(cell) => {
                if let Cell::Free(next) = *cell {
                    self.free = next;
                }
                *cell = Cell::Held(payload);
            }
            None => {
                place = self.cells.len() as u32;
                self.cells.push(Cell::Held(payload));
            }
        }
        let entry = Entry::new(at, self.next_sequence, place);
        self.next_sequence += 1;
        self.heap.push(entry);
        let hole = self.heap.len() - 1;
        rise(&mut self.heap, hole, entry);
        Place(place)
    }

    /// Moves a payload that is not due yet to another moment, as if it were scheduled now.
    pub(crate) fn reschedule(&mut self, place: Place, at: Time) -> Option<Place> {
        let payload = self.remove(place)?;
        Some(self.push(at, payload))
    }

    /// Takes a payload out before it is due.
    pub(crate) fn remove(&mut self, place: Place) -> Option<T> {
        let cell = &mut self.cells[place.0 as usize];
        match mem::replace(cell, Cell::Void) {
            Cell::Held(payload) => Some(payload),
            other => {
                *cell = other;
                None
            }
        }
    }

    /// Takes out what is due next, with its moment.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(Time, T)> {
        loop {
            let entry = self.pop_entry()?;
            let free = Cell::Free(mem::replace(&mut self.free, entry.place()));
            if let Cell::Held(payload) = mem::replace(&mut self.cells[entry.place() as usize], free) {
                return Some((entry.at(), payload));
            }
        }
    }

    /// Takes out the least entry. The hole that it leaves sinks to the bottom, and the last entry,
    /// which mostly belongs there, rises from it: fewer comparisons than to ask at each level
    /// whether it stays.
    fn pop_entry(&mut self) -> Option<Entry> {
        let last = self.heap.pop()?;
        let heap = self.heap.as_mut_slice();
        let Some(&first) = heap.first() else { return Some(last) };
        let mut hole = 0;
        let mut child = 1;
        while let Some(family) = heap.get(child..).and_then(<[Entry]>::first_chunk::<ARITY>) {
            let (left, right) = (usize::from(family[1] < family[0]), 2 + usize::from(family[3] < family[2]));
            let least = if family[right] < family[left] { right } else { left };
            heap[hole] = family[least];
            hole = child + least;
            child = hole * ARITY + 1;
        }
        if let Some(least) = (child..heap.len()).min_by_key(|&index| heap[index]) {
            heap[hole] = heap[least];
            hole = least;
        }
        rise(heap, hole, last);
        Some(first)
    }
}

/// Puts an entry into the hole, or above it, where it belongs.
fn rise(heap: &mut [Entry], mut hole: usize, entry: Entry) {
    while hole > 0 {
        let parent = (hole - 1) / ARITY;
        if heap[parent] <= entry {
            break;
        }
        heap[hole] = heap[parent];
        hole = parent;
    }
    heap[hole] = entry;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drain(queue: &mut Queue<usize>) -> Vec<(u64, usize)> {
        std::iter::from_fn(|| queue.pop().map(|(at, payload)| (at.ns(), payload))).collect()
    }

    proptest! {
        #[test]
        fn what_is_due_at_once_comes_in_the_order_of_scheduling(times in prop::collection::vec(0_u64..20, 0..200)) {
            let mut queue = Queue::new();
            for (index, &at) in times.iter().enumerate() {
                queue.push(Time::from_ns(at), index);
            }
            let mut expected: Vec<(u64, usize)> = times.into_iter().enumerate().map(|(index, at)| (at, index)).collect();
            expected.sort_by_key(|&(at, _)| at);
            prop_assert_eq!(drain(&mut queue), expected);
        }

        #[test]
        fn what_is_removed_or_moved_leaves_no_ghost(times in prop::collection::vec((0_u64..20, 0_u8..3, 0_u64..20), 0..100)) {
            let mut queue = Queue::new();
            let mut expected = Vec::new();
            for (index, &(at, fate, later)) in times.iter().enumerate() {
                let place = queue.push(Time::from_ns(at), index);
                match fate {
                    0 => expected.push((at, index)),
                    1 => drop(queue.remove(place)),
                    _ => {
                        prop_assert!(queue.reschedule(place, Time::from_ns(later)).is_some());
                        expected.push((later, index));
                    }
                }
            }
            expected.sort_by_key(|&(at, _)| at);
            prop_assert_eq!(drain(&mut queue), expected);
        }
    }
}
