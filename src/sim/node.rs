//! One node of a simulation: all but its process. Its disk, its clock, its timers, and what waits
//! while it is paused.

use std::collections::VecDeque;

use crate::process::facts::{Fact, Facts};
use crate::process::{Disk, Effect, Process, Protocol};
use crate::time::Time;
use crate::time::clock::Clock;
use crate::trace::EventId;

use super::pending::Pending;
use super::plan::Row;
use super::queue::Place;

pub(super) struct Node<P: Protocol> {
    /// Whether the node is up: not since a crash, until it restarts.
    pub(super) is_up: bool,
    /// What survives a crash.
    pub(super) disk: P::Disk,
    pub(super) clock: Clock,
    pub(super) traitor: bool,
    /// Counts the crashes, so that what was meant for an earlier life is told from what is meant
    /// for this one.
    pub(super) incarnation: u32,
    pub(super) timers: Timers,
    /// How many timers the node has set in all its lives.
    pub(super) timers_set: u64,
    /// How many random gaps between crashes were drawn.
    pub(super) crash_gaps: u32,
    /// Until when the node is paused.
    pub(super) paused_until: Option<Time>,
    /// The scenario's row that paused it.
    pub(super) paused_by: Option<Row>,
    /// How many parts per billion its oscillator will run fast again, where it stands still as long
    /// as the node is paused.
    pub(super) suspended_ppb: Option<i64>,
    /// When its process last read the clock, if somebody wants to know.
    pub(super) read_clock_at: Option<Time>,
    /// What came while the node was paused.
    pub(super) inbox: Vec<Pending<P>>,
    /// What the process asked for after a pause had begun in the middle of a handler.
    pub(super) suspended: Vec<Effect<P>>,
    /// How many writes the disk has taken since it was empty.
    written: u32,
    unsynced: Unsynced<P::Disk>,
    passings: Vec<(&'static str, u32)>,
    facts: Facts,
}

/// A disk without the writes of the last handler that wrote, and these.
struct Unsynced<D: Disk> {
    synced: D,
    writes: Vec<D::Write>,
    /// The event at which that handler acted.
    handler: Option<EventId>,
}

impl<P: Protocol> Clone for Node<P> {
    fn clone(&self) -> Node<P> {
        let mut node = Node::new(self.clock);
        node.clone_from(self);
        node
    }

    /// What was allocated stays.
    fn clone_from(&mut self, other: &Node<P>) {
        // All fields by name: a new one that is left out here does not compile.
        let Node {
            is_up,
            disk,
            clock,
            traitor,
            incarnation,
            timers,
            timers_set,
            crash_gaps,
            paused_until,
            paused_by,
            suspended_ppb,
            read_clock_at,
            inbox,
            suspended,
            written,
            unsynced,
            passings,
            facts,
        } = other;
        self.is_up = *is_up;
        self.disk.clone_from(disk);
        self.clock = *clock;
        self.traitor = *traitor;
        self.incarnation = *incarnation;
        self.timers.first = timers.first;
        self.timers.armed.clone_from(&timers.armed);
        self.timers_set = *timers_set;
        self.crash_gaps = *crash_gaps;
        self.paused_until = *paused_until;
        self.paused_by = *paused_by;
        self.suspended_ppb = *suspended_ppb;
        self.read_clock_at = *read_clock_at;
        // What is mostly empty has nothing allocated that could stay.
        self.inbox = inbox.clone();
        self.suspended = suspended.clone();
        self.written = *written;
        self.unsynced.synced.clone_from(&unsynced.synced);
        self.unsynced.writes = unsynced.writes.clone();
        self.unsynced.handler = unsynced.handler;
        self.passings.clone_from(passings);
        self.facts.clone_from(facts);
    }
}

impl<P: Protocol> Node<P> {
    pub(super) fn new(clock: Clock) -> Node<P> {
        Node {
            is_up: true,
            disk: P::Disk::default(),
            clock,
            traitor: false,
            incarnation: 0,
            timers: Timers::default(),
            timers_set: 0,
            crash_gaps: 0,
            paused_until: None,
            paused_by: None,
            suspended_ppb: None,
            read_clock_at: None,
            inbox: Vec::new(),
            suspended: Vec::new(),
            written: 0,
            unsynced: Unsynced { synced: P::Disk::default(), writes: Vec::new(), handler: None },
            passings: Vec::new(),
            facts: Facts::default(),
        }
    }

    /// Makes the node as good as new for another run; what it allocated stays.
    pub(super) fn renew(&mut self, clock: Clock) {
        self.lose_memory();
        self.is_up = true;
        self.lose_disk();
        self.clock = clock;
        self.suspended_ppb = None;
        self.read_clock_at = None;
        self.traitor = false;
        self.incarnation = 0;
        self.timers_set = 0;
        self.crash_gaps = 0;
        self.passings.clear();
    }

    /// Whether the node is as most are: up, not paused, and loyal.
    pub(super) fn is_plain(&self) -> bool {
        self.is_up & !self.traitor & self.paused_until.is_none()
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused_until.is_some()
    }

    /// The node goes down. Returns what waited for it, which comes to a node that is not there.
    pub(super) fn lose_memory(&mut self) -> Vec<Pending<P>> {
        self.is_up = false;
        self.incarnation += 1;
        self.timers.clear();
        self.paused_until = None;
        self.paused_by = None;
        self.suspended.clear();
        self.facts.clear();
        std::mem::take(&mut self.inbox)
    }

    /// Puts a write of the handler that acts at this event on the disk. `tells_synced` if a crash
    /// may take it off again.
    pub(super) fn write(&mut self, write: <P::Disk as Disk>::Write, handler: EventId, tells_synced: bool) {
        self.written += 1;
        if tells_synced {
            let Unsynced { synced, writes, handler: last } = &mut self.unsynced;
            if *last != Some(handler) {
                writes.drain(..).for_each(|write| synced.write(write));
                *last = Some(handler);
            }
            writes.push(write.clone());
        }
        self.disk.write(write);
    }

    /// The disk is empty from now on. Returns how many writes are gone.
    pub(super) fn lose_disk(&mut self) -> u32 {
        self.disk = P::Disk::default();
        self.unsynced.synced = P::Disk::default();
        self.unsynced.writes.clear();
        self.unsynced.handler = None;
        std::mem::take(&mut self.written)
    }

    /// The disk is from now on as if the last handler that wrote had not. Returns how many writes
    /// are gone.
    pub(super) fn lose_unsynced(&mut self) -> u32 {
        let Unsynced { synced, writes, handler } = &mut self.unsynced;
        self.disk.clone_from(synced);
        let lost = writes.len() as u32;
        writes.clear();
        *handler = None;
        self.written -= lost;
        lost
    }

    /// Counts one more passing of a crash point, and returns how many there were.
    pub(super) fn count_passing(&mut self, point: &'static str) -> u32 {
        match self.passings.iter_mut().find(|(name, _)| *name == point) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.passings.push((point, 1));
                1
            }
        }
    }

    /// The process's state, if it is another than when this was last asked.
    pub(super) fn changed_state(&mut self, process: &P::Process) -> Option<&[Fact]> {
        self.facts.renew(|facts| process.state(facts))
    }
}

/// The timers that a node has set and that have not fired, by their number.
///
/// Numbers only grow, and old timers mostly go first, so a deque that begins at the oldest one
/// finds each at once.
#[derive(Debug, Default)]
pub(super) struct Timers {
    first: u64,
    armed: VecDeque<Option<Armed>>,
}

/// A timer that has not fired.
#[derive(Clone, Copy, Debug)]
pub(super) struct Armed {
    /// What the node's oscillator shows when it fires.
    pub(super) target: i128,
    /// Where it is scheduled; `None` if it was due while the node is paused, and waits for the node
    /// to go on.
    pub(super) place: Option<Place>,
}

impl Timers {
    #[inline]
    pub(super) fn set(&mut self, number: u64, place: Place, target: i128) {
        if self.armed.is_empty() {
            self.first = number;
        }
        debug_assert_eq!(self.first + self.armed.len() as u64, number, "timers are set in the order of their numbers");
        self.armed.push_back(Some(Armed { target, place: Some(place) }));
    }

    /// The timer fires, or is taken back. Returns the place at which it was scheduled.
    #[inline]
    pub(super) fn take(&mut self, number: u64) -> Option<Place> {
        let armed = self.find(number)?.take();
        while let Some(None) = self.armed.front() {
            self.armed.pop_front();
            self.first += 1;
        }
        armed?.place
    }

    /// The timer has left its place for another, or for none while the node is paused.
    #[inline]
    pub(super) fn replace(&mut self, number: u64, place: Option<Place>) {
        if let Some(Some(armed)) = self.find(number) {
            armed.place = place;
        }
    }

    pub(super) fn armed(&mut self) -> impl Iterator<Item = &mut Armed> {
        self.armed.iter_mut().flatten()
    }

    #[inline]
    fn find(&mut self, number: u64) -> Option<&mut Option<Armed>> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.armed.get_mut(index)
    }

    fn clear(&mut self) {
        self.armed.clear();
    }
}
