//! What a run has come to so far, taken in event by event: which orders were asked for, written
//! down and charged, and how often something was noted. What is kept grows with what is unresolved,
//! not with the events.

use std::marker::PhantomData;

use crate::check::{Fold, Run};
use crate::problems::prelude::*;
use crate::process::Output;
use crate::trace::{Event, EventKind};

use super::numbers::Numbers;

/// The order that something told or noted under this name is about.
pub(super) fn order_of(said: Output, name: &str) -> Option<u32> {
    match said.value {
        Value::Number(number) if said.name == name => u32::try_from(number).ok(),
        _ => None,
    }
}

/// The orders of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    /// Those that customers asked for.
    pub(super) asked: Numbers,
    /// Those of them that are in the journal.
    pub(super) booked: Numbers,
    /// Those that were charged.
    pub(super) charged: Numbers,
    /// Those that were charged more than once.
    pub(super) again: Numbers,
    /// How often any was charged.
    pub(super) charges: u64,
    /// How many were asked for and are not charged.
    pub(super) open: u32,
    /// How many are charged and in no journal.
    pub(super) phantoms: u32,
    /// The highest number that was charged.
    highest: u32,
    /// The first order that was charged for the first time after one that was taken later, and that
    /// one.
    pub(super) behind: Option<(u32, u32)>,
}

impl Orders {
    /// Takes in one event.
    pub(super) fn see(&mut self, event: &Event) {
        let EventKind::Output(said) = event.what else { return };
        let Some(order) = order_of(said, said.name) else { return };
        match said.name {
            "asked" => self.ask(order),
            "ordered" => {
                self.ask(order);
                if self.booked.insert(order) && self.charged.contains(order) {
                    self.phantoms -= 1;
                }
            }
            "charged" => self.charge(order),
            _ => {}
        }
    }

    fn ask(&mut self, order: u32) {
        if self.asked.insert(order) && !self.charged.contains(order) {
            self.open += 1;
        }
    }

    fn charge(&mut self, order: u32) {
        self.charges += 1;
        if !self.charged.insert(order) {
            self.again.insert(order);
            return;
        }
        if self.asked.contains(order) {
            self.open -= 1;
        }
        if !self.booked.contains(order) {
            self.phantoms += 1;
        }
        if order < self.highest && self.behind.is_none() {
            self.behind = Some((order, self.highest));
        }
        self.highest = self.highest.max(order);
    }
}

/// The name of an output or a note.
pub(super) trait Word: Default + Send {
    /// The name.
    const NAME: &'static str;
}

macro_rules! words {
    ($($type:ident = $name:literal),+ $(,)?) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            #[derive(Debug, Default)]
            pub(super) struct $type;

            impl Word for $type {
                const NAME: &'static str = $name;
            }
        )+
    };
}

words!(
    Sent = "sent",
    Received = "received",
    Processed = "processed",
    Appended = "appended",
    Completed = "completed",
    Began = "began",
    Marker = "marker",
);

/// Counts the notes of a name.
#[derive(Debug, Default)]
pub(super) struct Count<W> {
    count: i64,
    of: PhantomData<W>,
}

impl<W: Word> Fold for Count<W> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let EventKind::Noted(note) = event.what
            && note.name == W::NAME
        {
            self.count += 1;
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.count)
    }
}

/// Counts the notes of a name, the first about each order not counted.
#[derive(Debug, Default)]
pub(super) struct Surplus<W> {
    seen: Numbers,
    count: i64,
    of: PhantomData<W>,
}

impl<W: Word> Fold for Surplus<W> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let EventKind::Noted(note) = event.what
            && let Some(order) = order_of(note, W::NAME)
            && !self.seen.insert(order)
        {
            self.count += 1;
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.count)
    }
}
