//! What is still to happen, in the one order in which it will: by time, then by the order of scheduling.
//!
//! A 4-ary heap of 16-byte entries beside a slab that holds the payloads: sifting moves small entries only, four of
//! which share a cache line, and nothing is allocated once both have grown to a run's size.

use crate::time::Time;

/// Where a scheduled payload is held until it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: u64,
    sequence: u32,
    place: u32,
}

struct Cell<T> {
    /// The sequence number of the entry that stands for the payload; any other entry for this cell is stale.
    sequence: u32,
    payload: Option<T>,
}

/// A queue of payloads by time.
pub(crate) struct Queue<T> {
    heap: Vec<Entry>,
    cells: Vec<Cell<T>>,
    free: Vec<u32>,
    next_sequence: u32,
}

const ARITY: usize = 4;

impl<T> Queue<T> {
    pub(crate) fn new() -> Queue<T> {
        Queue { heap: Vec::new(), cells: Vec::new(), free: Vec::new(), next_sequence: 0 }
    }

    /// Empties the queue for another run; what it allocated stays.
    pub(crate) fn clear(&mut self) {
        self.heap.clear();
        self.cells.clear();
        self.free.clear();
        self.next_sequence = 0;
    }

    /// Schedules `payload` after everything that is already scheduled for the same moment.
    pub(crate) fn push(&mut self, at: Time, payload: T) -> Place {
        let sequence = self.next_sequence;
        let cell = Cell { sequence, payload: Some(payload) };
        let place = match self.free.pop() {
            Some(place) => {
                self.cells[place as usize] = cell;
                place
            }
            None => {
                self.cells.push(cell);
                (self.cells.len() - 1) as u32
            }
        };
        self.enter(at, place);
        Place(place)
    }

    /// Moves a payload to another moment, as if it were scheduled now.
    pub(crate) fn reschedule(&mut self, place: Place, at: Time) {
        self.cells[place.0 as usize].sequence = self.next_sequence;
        self.enter(at, place.0);
    }

    /// The payload at `place`.
    pub(crate) fn get(&self, place: Place) -> Option<&T> {
        self.cells[place.0 as usize].payload.as_ref()
    }

    /// Takes a payload out before it is due.
    pub(crate) fn remove(&mut self, place: Place) -> Option<T> {
        let payload = self.cells[place.0 as usize].payload.take()?;
        self.free.push(place.0);
        Some(payload)
    }

    /// Takes out what is due next, with its moment and the place that it leaves.
    pub(crate) fn pop(&mut self) -> Option<(Time, Place, T)> {
        loop {
            let entry = self.pop_entry()?;
            let cell = &mut self.cells[entry.place as usize];
            if cell.sequence != entry.sequence {
                continue;
            }
            if let Some(payload) = cell.payload.take() {
                self.free.push(entry.place);
                return Some((Time::from_ns(entry.at), Place(entry.place), payload));
            }
        }
    }

    fn enter(&mut self, at: Time, place: u32) {
        let entry = Entry { at: at.ns(), sequence: self.next_sequence, place };
        self.next_sequence += 1;
        let mut hole = self.heap.len();
        self.heap.push(entry);
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

    fn pop_entry(&mut self) -> Option<Entry> {
        let last = self.heap.pop()?;
        let Some(&first) = self.heap.first() else { return Some(last) };
        let length = self.heap.len();
        let mut hole = 0;
        loop {
            let child = hole * ARITY + 1;
            if child >= length {
                break;
            }
            let children = child..(child + ARITY).min(length);
            // The range is not empty, so there is a least child.
            let least = children.min_by_key(|&index| self.heap[index]).unwrap_or(child);
            if last <= self.heap[least] {
                break;
            }
            self.heap[hole] = self.heap[least];
            hole = least;
        }
        self.heap[hole] = last;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drain(queue: &mut Queue<usize>) -> Vec<(u64, usize)> {
        std::iter::from_fn(|| queue.pop().map(|(at, _, payload)| (at.ns(), payload))).collect()
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
