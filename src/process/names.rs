//! Names: of nodes, of messages, and what people call them.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// A node, by its place in the scenario's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NodeId(u16);

impl NodeId {
    /// How many nodes can be told apart in a [`MessageId`].
    pub const MOST: usize = 1 << 12;

    /// The node at `index` of the scenario's list.
    pub const fn new(index: u16) -> NodeId {
        NodeId(index)
    }

    /// The node's place in the scenario's list, counted from zero.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The first `count` nodes, in the scenario's order.
    pub fn first(count: usize) -> impl DoubleEndedIterator<Item = NodeId> + Clone {
        (0..u16::try_from(count).unwrap_or(u16::MAX)).map(NodeId)
    }
}

/// Names one message slot: the `nth` that `from` sends to `to`, counted from one; and which message
/// of the slot is meant.
///
/// A silent slot counts too, so that the nth slot of a link is always the same statement of the
/// protocol. A lie can put more than one message into a slot, and the network can make a copy of
/// each.
///
/// All of it is one word, which a run passes around with every message: from the high bits down the
/// sender, the receiver (12 bits each), the slot's number (32), whether it is the copy (1), and
/// what a lie sent beside the first message (7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageId(u64);

impl MessageId {
    const FROM: u32 = 52;
    const TO: u32 = 40;
    const NTH: u32 = 8;
    const COPY: u64 = 1 << 7;
    const EXTRA: u64 = Self::COPY - 1;

    /// The first (for an honest sender, the only) message of a slot.
    pub const fn first(from: NodeId, to: NodeId, nth: u32) -> MessageId {
        debug_assert!(from.index() < NodeId::MOST && to.index() < NodeId::MOST, "a node that no scenario can have");
        MessageId((from.0 as u64) << Self::FROM | (to.0 as u64) << Self::TO | (nth as u64) << Self::NTH)
    }

    /// The sender.
    pub const fn from(self) -> NodeId {
        NodeId((self.0 >> Self::FROM) as u16)
    }

    /// The receiver.
    pub const fn to(self) -> NodeId {
        NodeId((self.0 >> Self::TO) as u16 & (NodeId::MOST as u16 - 1))
    }

    /// The slot's number on this link, counted from one.
    pub const fn nth(self) -> u32 {
        (self.0 >> Self::NTH) as u32
    }

    /// What a lie sent beside the first message of the slot: 1 is `b`, 2 is `c` …; an honest
    /// message has 0.
    pub const fn extra(self) -> u8 {
        (self.0 & Self::EXTRA) as u8
    }

    /// Whether this is the copy that a duplicating network made.
    pub const fn is_copy(self) -> bool {
        self.0 & Self::COPY != 0
    }

    /// The first message of the same slot.
    pub const fn slot(self) -> MessageId {
        MessageId(self.0 & !(Self::COPY | Self::EXTRA))
    }

    /// The message of this slot that a lie sent beside the first; 0 is the first.
    pub const fn beside(self, extra: u8) -> MessageId {
        MessageId(self.slot().0 | extra as u64 & Self::EXTRA)
    }

    /// The copy that a duplicating network makes of this message.
    pub const fn copy(self) -> MessageId {
        MessageId(self.0 | Self::COPY)
    }

    /// The message that this one is a copy of; itself if it is no copy.
    pub const fn original(self) -> MessageId {
        MessageId(self.0 & !Self::COPY)
    }

    /// All of it, as one word.
    pub(crate) const fn word(self) -> u64 {
        self.0
    }

    /// What a draw's key has of the message, beside the link; the last eight bits are the draw's
    /// purpose.
    pub(crate) const fn key(self) -> u64 {
        const LINK: u64 = u64::MAX << MessageId::TO;
        (self.0 & !(LINK | Self::COPY)) << 8
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let copy = if self.is_copy() { " (copy)" } else { "" };
        write!(f, "{}:{}:{}+{}{copy}", self.from().0, self.to().0, self.nth(), self.extra())
    }
}

/// The names of a scenario's nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Arc<[Box<str>]>);

impl Names {
    /// Names in the scenario's order.
    pub fn new<S: Into<Box<str>>>(names: impl IntoIterator<Item = S>) -> Names {
        Names(names.into_iter().map(Into::into).collect())
    }

    /// How many nodes there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The node's name; `?` for a node of another scenario.
    pub fn of(&self, node: NodeId) -> &str {
        self.0.get(node.index()).map_or("?", |name| name)
    }

    /// The node of this name.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        NodeId::first(self.count()).find(|&node| self.of(node) == name)
    }

    /// All names, in the scenario's order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|name| &**name)
    }

    /// A message's name as people write it: `alice:bob:3`, `alice:bob:3b`.
    pub fn message(&self, id: MessageId) -> String {
        let extra = if id.extra() == 0 { String::new() } else { char::from(b'a' + id.extra().min(25)).to_string() };
        format!("{}:{}:{}{extra}", self.of(id.from()), self.of(id.to()), id.nth())
    }

    /// Several nodes in a sentence: `alice`, `alice and bob`, `alice, bob and carol`.
    pub fn list(&self, nodes: &[NodeId]) -> String {
        listed(nodes.iter().map(|&node| self.of(node)))
    }
}

/// Several nodes in a sentence, as they are called: `Alice`, `Alice and the shop`.
pub(crate) fn listed<'n>(called: impl IntoIterator<Item = &'n str>) -> String {
    match &called.into_iter().collect::<Vec<_>>()[..] {
        [] => "nobody".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_message_id_holds_its_parts(from in 0..4_096_u16, to in 0..4_096_u16, nth: u32, extra in 0..26_u8) {
            let (from, to) = (NodeId::new(from), NodeId::new(to));
            let first = MessageId::first(from, to, nth);
            for id in [first.beside(extra), first.beside(extra).copy()] {
                prop_assert_eq!((id.from(), id.to(), id.nth(), id.extra()), (from, to, nth, extra));
                prop_assert_eq!((id.slot(), id.original()), (first, first.beside(extra)));
                prop_assert_eq!(id.key(), u64::from(nth) << 16 | u64::from(extra) << 8);
            }
            prop_assert!(first.copy().is_copy() && !first.is_copy());
        }
    }
}
