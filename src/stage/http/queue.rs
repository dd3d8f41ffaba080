//! Who is next. Turns go round by address, and at each address round by page: so the many
//! requests of one client make only that client wait.
//!
//! An address is not a person: a room full of phones often has one address, behind a router. A page
//! tells itself apart from the others of its address by a token; what sends none counts as one
//! page.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// Who asks: an address, and one page of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Who {
    pub(super) address: IpAddr,
    /// The page's token; empty where there is none.
    pub(super) page: String,
}

/// How many may work, and how many may wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// At work at the same time.
    pub(super) at_once: usize,
    /// How many of these stay free for others when an address takes more than one.
    pub(super) left_free: usize,
    /// Waiting, of one page.
    pub(super) of_page: usize,
    /// Waiting, of one address.
    pub(super) of_address: usize,
    /// Waiting, of all.
    pub(super) of_all: usize,
}

/// Why somebody cannot wait, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// Their page has enough that waits.
    Page,
    /// Their address has.
    Address,
    /// There is no room for anybody.
    All,
}

/// Those that are at work, and those that wait. `wake` is what a waiting one is woken by.
#[derive(Debug)]
pub(super) struct Queue<W> {
    rules: Rules,
    working: Vec<Ticket>,
    waiting: Vec<(Ticket, W)>,
    /// The last ticket that was given to anybody, and the number of turns that have begun.
    tickets: u64,
    begun: u64,
    /// When each page that is here last had a turn, in turns that have begun.
    served: BTreeMap<Who, u64>,
}

#[derive(Clone, Debug)]
struct Ticket {
    number: u64,
    who: Who,
}

impl<W> Queue<W> {
    pub(super) fn new(rules: Rules) -> Queue<W> {
        let served = BTreeMap::new();
        Queue { rules, working: Vec::new(), waiting: Vec::new(), tickets: 0, begun: 0, served }
    }

    /// Lets somebody wait. Returns their ticket.
    pub(super) fn join(&mut self, who: Who, wake: W) -> Result<u64, Full> {
        let count = |is: &dyn Fn(&Who) -> bool| self.waiting.iter().filter(|(ticket, _)| is(&ticket.who)).count();
        if count(&|other| *other == who) >= self.rules.of_page {
            return Err(Full::Page);
        }
        if count(&|other| other.address == who.address) >= self.rules.of_address {
            return Err(Full::Address);
        }
        if self.waiting.len() >= self.rules.of_all {
            return Err(Full::All);
        }
        self.tickets += 1;
        self.waiting.push((Ticket { number: self.tickets, who }, wake));
        Ok(self.tickets)
    }

    /// Ends a ticket, whether it waits or is at work.
    pub(super) fn leave(&mut self, ticket: u64) {
        let is_other = |other: &Ticket| other.number != ticket;
        self.waiting.retain(|(other, _)| is_other(other));
        self.working.retain(is_other);
        let (working, waiting) = (&self.working, &self.waiting);
        let here =
            |who: &Who| working.iter().chain(waiting.iter().map(|(ticket, _)| ticket)).any(|one| one.who == *who);
        self.served.retain(|who, _| here(who));
    }

    /// Lets those begin whose turn it is.
    pub(super) fn advance(&mut self) -> Vec<W> {
        let mut woken = Vec::new();
        while let Some(next) = self.next() {
            let (ticket, wake) = self.waiting.remove(next);
            self.begun += 1;
            self.served.insert(ticket.who.clone(), self.begun);
            self.working.push(ticket);
            woken.push(wake);
        }
        woken
    }

    /// A ticket's place among those that wait, from 1. `None` if it does not wait.
    pub(super) fn place(&self, ticket: u64) -> Option<usize> {
        let place = self.order().into_iter().position(|index| self.waiting[index].0.number == ticket)?;
        Some(place + 1)
    }

    /// The first in order who may begin.
    fn next(&self) -> Option<usize> {
        let free = self.rules.at_once.saturating_sub(self.working.len());
        if free == 0 || self.waiting.is_empty() {
            return None;
        }
        let may_begin = |&index: &usize| {
            let address = self.waiting[index].0.who.address;
            free > self.rules.left_free || self.working.iter().all(|ticket| ticket.who.address != address)
        };
        self.order().into_iter().find(may_begin)
    }

    /// Those that wait, as indices, in the order of their turns.
    ///
    /// Each has a number among those of its page, those at work counted, and the numbers go before
    /// the tickets' age: everybody's first comes before anybody's second. The same again by
    /// address. Of equals, the one that was served longest ago is first.
    fn order(&self) -> Vec<usize> {
        let served = |who: &Who| self.served.get(who).copied().unwrap_or(0);
        let mut of_page: BTreeMap<&Who, usize> = BTreeMap::new();
        let mut of_address: BTreeMap<IpAddr, usize> = BTreeMap::new();
        let mut served_address: BTreeMap<IpAddr, u64> = BTreeMap::new();
        for Ticket { who, .. } in &self.working {
            *of_page.entry(who).or_default() += 1;
            *of_address.entry(who.address).or_default() += 1;
        }
        for (who, &when) in &self.served {
            let last = served_address.entry(who.address).or_default();
            *last = when.max(*last);
        }
        let number = |count: &mut usize| {
            *count += 1;
            *count
        };
        let mut pages: Vec<(usize, u64, usize)> = Vec::with_capacity(self.waiting.len());
        for (index, (Ticket { who, .. }, _)) in self.waiting.iter().enumerate() {
            pages.push((number(of_page.entry(who).or_default()), served(who), index));
        }
        pages.sort_unstable();
        let of = |&(_, _, index): &(usize, u64, usize)| {
            let address = self.waiting[index].0.who.address;
            let nth = number(of_address.entry(address).or_default());
            (nth, served_address.get(&address).copied().unwrap_or(0), index)
        };
        let mut addresses: Vec<(usize, u64, usize)> = pages.iter().map(of).collect();
        addresses.sort_unstable();
        addresses.into_iter().map(|(.., index)| index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules { at_once: 2, left_free: 1, of_page: 3, of_address: 5, of_all: 8 };

    /// A page by two letters: its address, and itself.
    fn who(name: &str) -> Who {
        let address = name.as_bytes()[0];
        Who { address: IpAddr::from([192, 168, 1, address]), page: name[1..].to_owned() }
    }

    /// What happens, and who begins at once: `+ab` joins, `-ab` leaves, the oldest at work first.
    fn check(steps: &[(&str, &str)]) {
        let mut queue = Queue::new(RULES);
        for &(step, expect) in steps {
            let name = &step[1..];
            if step.starts_with('+') {
                queue.join(who(name), name).unwrap();
            } else {
                let here = queue.working.iter().chain(queue.waiting.iter().map(|(ticket, _)| ticket));
                let number = here.filter(|ticket| ticket.who == who(name)).map(|ticket| ticket.number).next();
                queue.leave(number.unwrap_or_else(|| panic!("{name} is not here")));
            }
            assert_eq!(queue.advance().join(" "), expect, "after {step} of {steps:?}");
        }
    }

    #[test]
    fn an_address_leaves_room_for_others() {
        check(&[("+a1", "a1"), ("+a2", ""), ("+b1", "b1"), ("-b1", ""), ("-a1", "a2")]);
    }

    #[test]
    fn turns_go_round_by_address_and_then_by_page() {
        check(&[
            ("+a1", "a1"),
            ("+b1", "b1"),
            ("+a1", ""),
            ("+a1", ""),
            ("+a2", ""),
            ("+b1", ""),
            ("+c1", ""),
            // Nobody of c is at work, and a2 has had no turn yet.
            ("-a1", "c1"),
            ("-c1", "a2"),
            ("-a2", "a1"),
            ("-b1", "b1"),
            ("-a1", "a1"),
        ]);
    }

    #[test]
    fn a_client_that_comes_one_by_one_does_not_wait_for_one_that_brings_many() {
        let mut queue = Queue::new(RULES);
        for _ in 0..3 {
            queue.join(who("a1"), ()).unwrap();
        }
        queue.advance();
        let ticket = queue.join(who("b1"), ()).unwrap();
        assert_eq!((queue.place(ticket), queue.advance().len()), (Some(1), 1));
        let ticket = queue.join(who("b2"), ()).unwrap();
        assert_eq!((queue.place(ticket), queue.place(2), queue.place(3)), (Some(2), Some(1), Some(3)));
    }

    #[test]
    fn only_so_many_wait() {
        let mut queue = Queue::new(RULES);
        let mut join = |name| queue.join(who(name), ()).err();
        assert_eq!(["a1", "a1", "a1", "a1"].map(&mut join), [None, None, None, Some(Full::Page)]);
        assert_eq!(["a2", "a3", "a4"].map(&mut join), [None, None, Some(Full::Address)]);
        assert_eq!(["b1", "b2", "b3", "c1"].map(&mut join), [None, None, None, Some(Full::All)]);
        queue.leave(1);
        assert_eq!(queue.join(who("c1"), ()).err(), None);
    }

    #[test]
    fn nothing_is_kept_of_those_that_have_left() {
        let mut queue = Queue::new(RULES);
        let ticket = queue.join(who("a1"), ()).unwrap();
        queue.advance();
        queue.leave(ticket);
        assert!(queue.served.is_empty() && queue.working.is_empty() && queue.waiting.is_empty());
    }
}
