//! The digest of a run: one number that two runs share only if they are the same, on every machine.

use std::hash::{Hash, Hasher};

use super::What;
use crate::process::{MessageId, NodeId};
use crate::time::Time;

/// Multiplies two words and folds the halves of the product together: a fast mixer with the full width's diffusion.
/// (Wang Yi, "wyhash", 2019; the fold is that of its `mum`.)
pub(crate) const fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

/// A digest that is the same on every machine: integers count by value, whatever their width or byte order.
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
    pub(crate) fn event(&mut self, at: Time, node: Option<NodeId>, what: &What) {
        let node = node.map_or(u64::from(u32::MAX), |node| node.index() as u64);
        let lie = matches!(what, What::Sent { lie: true, .. });
        let head = node << 32 ^ u64::from(what.kind().0) ^ u64::from(lie) << 31;
        self.mix(at.ns(), head);
        self.mix(what.digest_word(), 0);
    }

    fn mix(&mut self, a: u64, b: u64) {
        self.0 = fold(self.0 ^ a, b ^ 0xa076_1d64_78bd_642f).wrapping_add(0xe703_7ed1_a0b4_28db);
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word), chunk.len() as u64);
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.mix(u64::from(n), 0);
    }

    fn write_u16(&mut self, n: u16) {
        self.mix(u64::from(n), 0);
    }

    fn write_u32(&mut self, n: u32) {
        self.mix(u64::from(n), 0);
    }

    fn write_u64(&mut self, n: u64) {
        self.mix(n, 0);
    }

    fn write_u128(&mut self, n: u128) {
        self.mix(n as u64, (n >> 64) as u64);
    }

    fn write_usize(&mut self, n: usize) {
        self.mix(n as u64, 0);
    }

    fn write_i8(&mut self, n: i8) {
        self.write_i64(i64::from(n));
    }

    fn write_i16(&mut self, n: i16) {
        self.write_i64(i64::from(n));
    }

    fn write_i32(&mut self, n: i32) {
        self.write_i64(i64::from(n));
    }

    fn write_i64(&mut self, n: i64) {
        self.mix(n.cast_unsigned(), 0);
    }

    fn write_i128(&mut self, n: i128) {
        self.write_u128(n.cast_unsigned());
    }

    fn write_isize(&mut self, n: isize) {
        self.write_i64(n as i64);
    }

    fn finish(&self) -> u64 {
        fold(self.0, 0x8ebc_6af0_9c88_c6e3)
    }
}

impl std::fmt::Display for Digest {
    /// Sixteen hexadecimal digits.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.finish())
    }
}

impl What {
    /// What a digest sees of the event beside its kind: one word, the same on every machine.
    #[inline(always)]
    fn digest_word(&self) -> u64 {
        // The delay that a lost message would have had is for pictures: it is not even drawn when nobody looks.
        self.message().map_or_else(|| self.rarer_word(), MessageId::word)
    }

    /// The same for events that are not about a message.
    fn rarer_word(&self) -> u64 {
        match *self {
            What::Output(output) | What::Noted(output) => {
                let mut digest = Digest::default();
                output.hash(&mut digest);
                digest.finish()
            }
            What::Passed { point, nth } => {
                let mut digest = Digest::default();
                (point, nth).hash(&mut digest);
                digest.finish()
            }
            What::ClockStepped(by) => by.ns().cast_unsigned(),
            What::ClockSlewed(by) => by.ns().cast_unsigned().rotate_left(1),
            What::ClockDrifted(ppb) => ppb.cast_unsigned().rotate_left(2),
            What::Partitioned(index) => u64::from(index),
            What::Healed(index) => u64::from(index) | 1 << 32,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest_of(value: impl Hash) -> u64 {
        let mut digest = Digest::default();
        value.hash(&mut digest);
        digest.finish()
    }

    #[test]
    fn a_digest_sees_values_not_widths() {
        assert_eq!(digest_of(7_u8), digest_of(7_u64));
        assert_eq!(digest_of(7_usize), digest_of(7_u32));
        assert_ne!(digest_of((1_u8, 2_u8)), digest_of((2_u8, 1_u8)));
    }

    #[test]
    fn digests_are_pinned() {
        assert_eq!(format!("{:016x}", digest_of("alice")), "708ebed81639150a");
        assert_eq!(format!("{:016x}", digest_of((1_u32, -1_i8, true))), "8efae7c68e9967b3");
    }
}
