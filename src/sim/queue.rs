//! What is still to happen, in the one order in which it will: by time, then by the order of scheduling.
//!
//! A 4-ary heap of 16-byte entries beside a slab that holds the payloads: sifting moves small entries only, four of
//! which share a cache line, and nothing is allocated once both have grown to a run's size.

use std::mem;

use crate::time::Time;

/// Where a scheduled payload is held until it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u32);

/// When, then in which order of scheduling, then where: one number, so that two entries compare without a branch for the
/// processor to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry(u128);

impl Entry {
    fn new(at: Time, sequence: u32, place: u32) -> Entry {
        Entry(u128::from(at.ns()) << 64 | u128::from(sequence) << 32 | u128::from(place))
    }

    fn at(self) -> Time {
        Time::from_ns((self.0 >> 64) as u64)
    }

    fn sequence(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn place(self) -> u32 {
        self.0 as u32
    }
}

struct Cell<T> {
    /// The sequence number of the entry that stands for the payload; any other entry for this cell is stale. In a cell
    /// without a payload: the next such cell.
    sequence: u32,
    payload: Option<T>,
}

/// No further cell is free.
const NONE: u32 = u32::MAX;

/// A queue of payloads by time.
pub(crate) struct Queue<T> {
    heap: Vec<Entry>,
    cells: Vec<Cell<T>>,
    /// The first of the cells without a payload.
    free: u32,
    next_sequence: u32,
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

    /// Schedules `payload` after everything that is already scheduled for the same moment.
    pub(crate) fn push(&mut self, at: Time, payload: T) -> Place {
        let sequence = self.next_sequence;
        let cell = Cell { sequence, payload: Some(payload) };
        let place = self.free;
        if let Some(vacant) = self.cells.get_mut(place as usize) {
            self.free = vacant.sequence;
            *vacant = cell;
            self.enter(at, place);
            return Place(place);
        }
        let place = self.cells.len() as u32;
        self.cells.push(cell);
        self.enter(at, place);
        Place(place)
    }

    /// Moves a payload to another moment, as if it were scheduled now.
    pub(crate) fn reschedule(&mut self, place: Place, at: Time) {
        self.cells[place.0 as usize].sequence = self.next_sequence;
        self.enter(at, place.0);
    }

    /// Takes a payload out before it is due.
    pub(crate) fn remove(&mut self, place: Place) -> Option<T> {
        let cell = &mut self.cells[place.0 as usize];
        let payload = cell.payload.take()?;
        cell.sequence = mem::replace(&mut self.free, place.0);
        Some(payload)
    }

    /// Takes out what is due next, with its moment.
    pub(crate) fn pop(&mut self) -> Option<(Time, T)> {
        loop {
            let entry = self.pop_entry()?;
            let cell = &mut self.cells[entry.place() as usize];
            if cell.sequence != entry.sequence() {
                continue;
            }
            if let Some(payload) = cell.payload.take() {
                cell.sequence = mem::replace(&mut self.free, entry.place());
                return Some((entry.at(), payload));
            }
        }
    }

    fn enter(&mut self, at: Time, place: u32) {
        let entry = Entry::new(at, self.next_sequence, place);
        self.next_sequence += 1;
        let hole = self.heap.len();
        self.heap.push(entry);
        self.rise(hole, entry);
    }

    /// Puts an entry into the hole, or above it, where it belongs.
    fn rise(&mut self, mut hole: usize, entry: Entry) {
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.heap[parent] <= entry {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = entry;
    }

    /// Takes out the least entry. The hole that it leaves sinks to the bottom, and the last entry, which mostly belongs
    /// there, rises from it: fewer comparisons than to ask at each level whether it stays.
    fn pop_entry(&mut self) -> Option<Entry> {
        let last = self.heap.pop()?;
        let first = *self.heap.first().unwrap_or(&last);
        let mut hole = 0;
        let mut child = 1;
        while let Some(family) = self.heap.get(child..).and_then(<[Entry]>::first_chunk::<ARITY>) {
            let (left, right) = (usize::from(family[1] < family[0]), 2 + usize::from(family[3] < family[2]));
            let least = if family[right] < family[left] { right } else { left };
            self.heap[hole] = family[least];
            hole = child + least;
            child = hole * ARITY + 1;
        }
        if let Some(least) = (child..self.heap.len()).min_by_key(|&index| self.heap[index]) {
            self.heap[hole] = self.heap[least];
            hole = least;
        }
        if !self.heap.is_empty() {
            self.rise(hole, last);
        }
        Some(first)
    }
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
                        queue.reschedule(place, Time::from_ns(later));
                        expected.push((later, index));
                    }
                }
            }
            expected.sort_by_key(|&(at, _)| at);
            prop_assert_eq!(drain(&mut queue), expected);
        }
    }
}
