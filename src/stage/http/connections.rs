//! The connections that are open, so that none that does nothing keeps out one that would.
//!
//! There are at most so many, and of one address fewer. Where there is no room for another, the one
//! that has been idle for longest is closed: of that address, or of the address that has most of
//! them. One for which something is being done is never closed.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) of_all: usize,
    pub(super) of_address: usize,
}

/// All open connections.
#[derive(Debug)]
pub(super) struct Connections {
    room: Room,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    /// What has happened to any of them so far: the time by which they are compared.
    now: u64,
    all: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    address: IpAddr,
    /// When it last did something.
    active: u64,
    /// How many things are being done for it.
    busy: usize,
    close: Arc<Notify>,
}

/// A connection that was let in. Its place is free when this is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    all: Arc<Connections>,
    number: u64,
    pub(super) address: IpAddr,
    close: Arc<Notify>,
}

impl Connections {
    pub(super) fn new(room: Room) -> Arc<Connections> {
        Arc::new(Connections { room, open: Mutex::default() })
    }

    /// Lets a connection in, instead of another if need be. `None` if something is being done
    /// for all of them.
    pub(super) fn admit(self: &Arc<Connections>, address: IpAddr) -> Option<Connection> {
        let mut open = self.lock();
        if open.of(address) >= self.room.of_address && !open.close_idle(address) {
            return None;
        }
        if open.all.len() >= self.room.of_all && !open.close_any() {
            return None;
        }
        let close = Arc::new(Notify::new());
        let number = open.tick();
        open.all.insert(number, Entry { address, active: number, busy: 0, close: Arc::clone(&close) });
        Some(Connection { all: Arc::clone(self), number, address, close })
    }

    /// Closes an idle one, if there is any: the system has no room for another.
    pub(super) fn make_room(&self) -> bool {
        self.lock().close_any()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    fn of(&self, address: IpAddr) -> usize {
        self.all.values().filter(|entry| entry.address == address).count()
    }

    /// Closes the one of this address that has been idle for longest.
    fn close_idle(&mut self, address: IpAddr) -> bool {
        let idle = self.all.iter().filter(|(_, entry)| entry.address == address && entry.busy == 0);
        let Some((&number, _)) = idle.min_by_key(|(_, entry)| entry.active) else { return false };
        if let Some(entry) = self.all.remove(&number) {
            entry.close.notify_one();
        }
        true
    }

    /// Closes one of the address that has most that are idle.
    fn close_any(&mut self) -> bool {
        let mut idle: BTreeMap<IpAddr, usize> = BTreeMap::new();
        for entry in self.all.values().filter(|entry| entry.busy == 0) {
            *idle.entry(entry.address).or_default() += 1;
        }
        let most = idle.into_iter().max_by_key(|&(_, count)| count);
        most.is_some_and(|(address, _)| self.close_idle(address))
    }
}

impl Connection {
    /// Comes to its end when the connection is to be closed.
    pub(super) async fn closed(&self) {
        self.close.notified().await;
    }

    /// Something is being done for it, for as long as this is kept.
    pub(super) fn busy(self: &Arc<Connection>) -> Busy {
        self.touch(|busy| busy + 1);
        Busy(Arc::clone(self))
    }

    fn touch(&self, change: impl FnOnce(usize) -> usize) {
        let mut open = self.all.lock();
        let now = open.tick();
        if let Some(entry) = open.all.get_mut(&self.number) {
            entry.active = now;
            entry.busy = change(entry.busy);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.lock().all.remove(&self.number);
    }
}

/// See [`Connection::busy`].
#[derive(Debug)]
pub(super) struct Busy(Arc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.touch(|busy| busy.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 168, 1, last])
    }

    fn room(of_all: usize, of_address: usize) -> Arc<Connections> {
        Connections::new(Room { of_all, of_address })
    }

    #[track_caller]
    fn assert_open(connections: &Arc<Connections>, expect: &[&Connection]) {
        let open: Vec<u64> = connections.lock().all.keys().copied().collect();
        let mut expect: Vec<u64> = expect.iter().map(|connection| connection.number).collect();
        expect.sort_unstable();
        assert_eq!(open, expect);
    }

    #[test]
    fn the_address_with_most_that_are_idle_gives_up_its_oldest() {
        let connections = room(3, 3);
        let [a, b1, b2] = [1, 2, 2].map(|last| connections.admit(address(last)).unwrap());
        let c = connections.admit(address(3)).unwrap();
        assert_open(&connections, &[&a, &b2, &c]);
        // One that is closed twice, or dropped after it was closed, harms none.
        drop(b1);
        assert_open(&connections, &[&a, &b2, &c]);
    }

    #[test]
    fn an_address_has_its_own_room() {
        let connections = room(4, 2);
        let [a1, a2] = [1, 1].map(|last| Arc::new(connections.admit(address(last)).unwrap()));
        drop(a1.busy());
        let a3 = connections.admit(address(1)).unwrap();
        assert_open(&connections, &[&a1, &a3]);
        let b = connections.admit(address(2)).unwrap();
        assert_open(&connections, &[&a1, &a3, &b]);
        drop(a2);
    }

    #[test]
    fn one_for_which_something_is_done_stays() {
        let connections = room(2, 2);
        let [a, b] = [1, 1].map(|last| Arc::new(connections.admit(address(last)).unwrap()));
        let (busy, also_busy) = (a.busy(), b.busy());
        assert!(connections.admit(address(2)).is_none() && !connections.make_room());
        drop(busy);
        let c = connections.admit(address(2)).unwrap();
        assert_open(&connections, &[&b, &c]);
        drop(also_busy);
    }
}
