//! What is scheduled, and on whose behalf.

use crate::process::{MessageId, NodeId, Protocol};
use crate::trace::EventId;

/// What is scheduled.
#[derive(Clone)]
pub(super) enum Pending<P: Protocol> {
    Deliver { id: MessageId, message: P::Message, sent: EventId, damaged: bool },
    Timer { node: NodeId, incarnation: u32, number: u64, timer: P::Timer },
    Injection(u32),
    RandomCrash { node: NodeId, incarnation: u32, index: u32 },
    Restart { node: NodeId, incarnation: u32 },
    Resume { node: NodeId, incarnation: u32 },
    Heal(u16),
}

/// A node whose process is handling an event.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    pub(super) node: NodeId,
    pub(super) cause: EventId,
    /// The life in which it began to.
    pub(super) incarnation: u32,
}
