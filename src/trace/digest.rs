//! The digest of a run: one number that two runs share only if they are the same, on every machine.

mod value;

use serde::Serialize;

use super::EventKind;
use crate::process::{MessageId, NodeId, Output, Value};
use crate::time::Time;

/// Multiplies two words and folds the halves of the product together: a fast mixer with the full
/// width's diffusion. (Wang Yi, "wyhash", 2019; the fold is that of its `mum`.)
#[cfg_attr(target_arch = "wasm32", inline(never))]
#[cfg_attr(not(target_arch = "wasm32"), inline)]
pub(crate) const fn fold(a: u64, b: u64) -> u64 {
    if cfg!(target_arch = "wasm32") {
        return fold_by_halves(a, b);
    }
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

/// The same in words of 64 bits. WebAssembly knows no wider product: there, one of 128 bits is a
/// call that answers through memory, and took a sixth of a sweep. (The carries are told from sums
/// that have wrapped. Where the halves are added up instead, LLVM sees what is meant, and makes the
/// product of 128 bits of it again.)
#[inline(always)]
const fn fold_by_halves(a: u64, b: u64) -> u64 {
    const HALF: u64 = u32::MAX as u64;
    let (a_low, a_high, b_low, b_high) = (a & HALF, a >> 32, b & HALF, b >> 32);
    let (lowest, one) = (a_low * b_low, a_high * b_low);
    let middle = one.wrapping_add(a_low * b_high);
    let low = a.wrapping_mul(b);
    let carries = ((middle < one) as u64) << 32 | (low < lowest) as u64;
    low ^ (a_high * b_high + (middle >> 32) + carries)
}

/// Hands over the words of a text, of eight bytes each, the last one filled up with zeros.
#[inline(always)]
pub(crate) fn words_of(bytes: &[u8], mut take: impl FnMut(u64)) {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        take(u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        take(rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)));
    }
}

/// A digest that is the same on every machine: it takes in words of 64 bits, never memory as it
/// lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(0x9e37_79b9_7f4a_7c15)
    }
}

impl Digest {
    /// Takes in one event.
    #[inline(always)]
    pub(crate) fn event(&mut self, at: Time, node: Option<NodeId>, what: &EventKind) {
        let node = node.map_or(u64::from(u32::MAX), |node| node.index() as u64);
        let lie = matches!(what, EventKind::Sent { lie: true, .. });
        let head = node << 32 ^ u64::from(what.kind().0) ^ u64::from(lie) << 31;
        self.mix(at.ns(), head);
        self.mix(what.digest_word(), 0);
    }

    /// Takes in a value: what a message, a write to disk says of itself. That must not fail.
    #[inline(always)]
    pub(crate) fn value(&mut self, value: &impl Serialize) {
        let mixed = value.serialize(value::Words(self));
        debug_assert!(mixed.is_ok(), "a message or a write cannot be serialized");
    }

    /// The digest of what is taken in here, as a number.
    fn of(take_in: impl FnOnce(&mut Digest)) -> u64 {
        let mut digest = Digest::default();
        take_in(&mut digest);
        digest.number()
    }

    /// Tells changed bytes from unchanged ones.
    pub fn of_bytes(bytes: &[u8]) -> u64 {
        Digest::of(|digest| digest.bytes(bytes))
    }

    /// The digest as a number.
    pub const fn number(&self) -> u64 {
        fold(self.0, 0x8ebc_6af0_9c88_c6e3)
    }

    #[inline(always)]
    fn word(&mut self, word: u64) {
        self.mix(word, 0);
    }

    /// The length, and then words of eight bytes, the last one filled up with zeros.
    fn bytes(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        words_of(bytes, |word| self.word(word));
    }

    fn output(&mut self, output: Output) {
        self.bytes(output.name.as_bytes());
        match output.value {
            Value::Word(word) => {
                self.word(0);
                self.bytes(word.as_bytes());
            }
            Value::Number(number) => self.mix(1, number.cast_unsigned()),
            Value::Span(span) => self.mix(2, span.ns().cast_unsigned()),
        }
    }

    #[inline(always)]
    fn mix(&mut self, a: u64, b: u64) {
        self.0 = fold(self.0 ^ a, b ^ 0xa076_1d64_78bd_642f).wrapping_add(0xe703_7ed1_a0b4_28db);
    }
}

impl std::fmt::Display for Digest {
    /// Sixteen hexadecimal digits.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.number())
    }
}

impl EventKind {
    /// What a digest sees of the event beside its kind: one word, the same on every machine.
    #[inline(always)]
    fn digest_word(&self) -> u64 {
        // The delay that a lost message would have had is for pictures: it is not even drawn when
        // nobody looks.
        self.message().map_or_else(|| self.rarer_word(), MessageId::word)
    }

    /// The same for events that are not about a message.
    fn rarer_word(&self) -> u64 {
        match *self {
            EventKind::Output(output) | EventKind::Noted(output) => Digest::of(|digest| digest.output(output)),
            EventKind::Passed { point, nth } => Digest::of(|digest| {
                digest.bytes(point.as_bytes());
                digest.word(u64::from(nth));
            }),
            EventKind::ClockStepped(by) => by.ns().cast_unsigned(),
            EventKind::ClockSlewed(by) => by.ns().cast_unsigned().rotate_left(1),
            EventKind::ClockDrifted(ppb) => ppb.cast_unsigned().rotate_left(2),
            EventKind::WritesLost { writes, all } => u64::from(writes) | u64::from(all) << 32,
            EventKind::Partitioned(index) => u64::from(index),
            EventKind::Healed(index) => u64::from(index) | 1 << 32,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests;
