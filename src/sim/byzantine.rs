//! Traitors: honest processes whose words are changed on their way out.
//!
//! No protocol has a branch for being a traitor. A traitor runs the same process as everybody else;
//! what it would send passes through a [`Liar`], which puts zero or more messages into each slot.
//! The liar knows all that the traitors hear, and holds the traitors' keys and nobody else's.

use crate::process::{MessageId, NodeId, Protocol};

use super::draw::Stream;

/// One message slot of a traitor.
#[derive(Debug)]
pub struct Slot<'a, P: Protocol> {
    /// The slot's name.
    pub id: MessageId,
    /// What an honest process says in it; what it could have said, if `silent`.
    pub honest: &'a P::Message,
    /// Whether an honest process says nothing.
    pub silent: bool,
}

/// A fair source for strategies that lie at random: the slot's own stream.
#[derive(Debug)]
pub struct Dice(pub(super) Stream);

impl Dice {
    /// A number in `0..below`, evenly.
    pub fn below(&mut self, below: u64) -> u64 {
        self.0.below(below)
    }
}

/// All traitors of a run, who may share one plan.
pub trait Liar<P: Protocol>: Twin<P> {
    /// A run begins, in which `traitors` lie: each with the index of its row among the scenario's
    /// traitor faults.
    fn begin(&mut self, traitors: &[(NodeId, usize)]);

    /// A traitor hears `message`.
    fn hear(&mut self, _by: NodeId, _from: NodeId, _message: &P::Message) {}

    /// Adds to `said` what the traitor's own strategy puts in the slot.
    fn lie(&mut self, slot: &Slot<'_, P>, dice: &mut Dice, said: &mut Vec<P::Message>);

    /// Adds to `said` what `words` put in the slot, which somebody forced or a search tries.
    fn say(&mut self, slot: &Slot<'_, P>, words: &str, said: &mut Vec<P::Message>);

    /// All words that a search tries for the slot, the truth first.
    fn options(&self, slot: &Slot<'_, P>) -> Vec<String>;

    /// How many words that is: for a search, which rarely asks which.
    fn ways(&self, slot: &Slot<'_, P>) -> usize {
        self.options(slot).len()
    }

    /// The slots for which somebody wrote what to say and that never came up in this run.
    fn never_came_up(&self) -> Vec<MessageId> {
        Vec::new()
    }
}

/// A liar that can be kept as it is, and gone back to. Whatever can be cloned can.
pub trait Twin<P: Protocol> {
    /// The same liar, as it is now.
    fn twin(&self) -> Box<dyn Liar<P>>;
}

impl<P: Protocol, L: Liar<P> + Clone + 'static> Twin<P> for L {
    fn twin(&self) -> Box<dyn Liar<P>> {
        Box::new(self.clone())
    }
}
