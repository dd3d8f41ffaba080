//! Draws: streams keyed by a seed and a name, and what is drawn from them.
//!
//! There is no shared generator. A stream is wyrand (Wang Yi, "wyhash", 2019) started at the key of
//! a name, so that no draw depends on how many were made before, or on which other nodes and
//! injectors there are. Uniform integers are drawn by the crate `rand`; the continuous
//! distributions use `libm`, whose results are equal on every machine.

use std::convert::Infallible;

use rand::{RngExt, TryRng};

use crate::scenario::Probability;
use crate::time::{Distribution, Span};
use crate::trace::{fold, words_of};

/// What tells the choices of one message, node or moment apart. The numbers are part of every key:
/// never change one.
pub(crate) mod purpose {
    pub(crate) const LOSE: u64 = 1;
    pub(crate) const CORRUPT: u64 = 2;
    pub(crate) const TWICE: u64 = 3;
    pub(crate) const DELAY: u64 = 4;
    pub(crate) const DELAY_OF_COPY: u64 = 5;
    pub(crate) const LIE: u64 = 6;
    pub(crate) const CRASH: u64 = 7;
    pub(crate) const CRASH_GAP: u64 = 8;
    pub(crate) const COIN: u64 = 9;
    pub(crate) const OFFSET: u64 = 10;
    pub(crate) const TRAITORS: u64 = 11;
    pub(crate) const LOAD: u64 = 12;
    pub(crate) const SEARCH: u64 = 13;
    pub(crate) const PAUSE: u64 = 14;
    pub(crate) const PAUSE_LENGTH: u64 = 15;
}

/// The key of a choice's stream: a seed, and the parts of a name mixed into it one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(u64);

impl Key {
    /// No key yet: what a name's own number is made from, and what stands before the first run.
    pub(crate) const NONE: Key = Key(0);

    /// The key as a number, for mixing it into another.
    pub(crate) const fn as_number(self) -> u64 {
        self.0
    }

    /// The key that a seed begins with.
    pub(crate) const fn of_seed(seed: u64) -> Key {
        Key(fold(seed ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9)).number(seed)
    }

    /// The key for a name that goes on with `number`.
    pub(crate) const fn number(self, number: u64) -> Key {
        Key(fold(self.0 ^ 0xa076_1d64_78bd_642f, number ^ 0xe703_7ed1_a0b4_28db))
    }

    /// The key for a name that goes on with `text`.
    pub(crate) fn text(self, text: &str) -> Key {
        let mut key = self.number(text.len() as u64);
        words_of(text.as_bytes(), |word| key = key.number(word));
        key
    }

    /// The stream of draws for the name.
    pub(crate) const fn stream(self) -> Stream {
        Stream(self.0)
    }
}

/// The endless draws of one choice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream(u64);

impl Stream {
    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0xa076_1d64_78bd_642f);
        fold(self.0, self.0 ^ 0xe703_7ed1_a0b4_28db)
    }

    /// A number in 0..1, of 53 bits, never 1.
    fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A number in `0..below`, evenly.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        if below <= 1 { 0 } else { self.random_range(0..below) }
    }

    /// A length of time.
    pub(crate) fn span(&mut self, distribution: &Distribution) -> Span {
        match *distribution {
            Distribution::Constant(span) => span,
            Distribution::Uniform { min, max } => Span::from_ns(self.random_range(min.ns()..=max.ns())),
            Distribution::Exponential { mean, min } => {
                let beyond = -libm::log(1.0 - self.unit()) * (mean - min).ns() as f64;
                min + held_span(beyond)
            }
            Distribution::LogNormal { median, sigma } => {
                held_span(median.ns() as f64 * libm::exp(sigma * self.normal()))
            }
        }
    }

    /// A standard normal variable (Box, Muller, "A note on the generation of random normal
    /// deviates", 1958).
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }
}

/// A span of so many nanoseconds, held at [`Span::MAX`].
pub(crate) fn held_span(ns: f64) -> Span {
    Span::from_ns(ns as i64).min(Span::MAX)
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// A probability as the last of the 2⁶⁴ words that mean yes; `None` if none does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Odds(Option<u64>);

impl Odds {
    pub(crate) fn new(probability: Probability) -> Odds {
        if probability.get() >= 1.0 {
            return Odds(Some(u64::MAX));
        }
        // A product with a power of two is exact, and a float-to-integer cast saturates.
        Odds(((probability.get() * 18_446_744_073_709_551_616.0) as u64).checked_sub(1))
    }

    pub(crate) fn is_never(self) -> bool {
        self.0.is_none()
    }

    /// Whether it happens by what chance has under this key.
    pub(crate) fn draw(self, key: Key) -> bool {
        self.0.is_some_and(|last| key.stream().word() <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 100_000;

    fn key(seed: u64) -> Key {
        Key::of_seed(seed).text("alice").text("bob")
    }

    /// Pearson's statistic of counts that should be equal.
    fn chi_square(counts: &[usize]) -> f64 {
        let expected = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
        counts.iter().map(|&count| (count as f64 - expected).powi(2) / expected).sum()
    }

    /// Whether a chi-square statistic is within 4.5 sigma of its mean.
    fn is_plausible(statistic: f64, freedom: f64) -> bool {
        (statistic - freedom).abs() <= 4.5 * (2.0 * freedom).sqrt()
    }

    /// First words along each way in which names differ: the seed, the count, the draw, the node's
    /// name.
    fn ways() -> Vec<(&'static str, Vec<u64>)> {
        let n = N as u64;
        vec![
            ("seeds", (0..n).map(|seed| key(seed).number(7).stream().word()).collect()),
            ("counts", (0..n).map(|nth| key(1).number(nth).stream().word()).collect()),
            ("messages", (0..n).map(|nth| key(1).number(nth << 16 | 1).stream().word()).collect()),
            ("words", {
                let mut stream = key(1).stream();
                (0..n).map(|_| stream.word()).collect()
            }),
            ("names", (0..n).map(|n| Key::of_seed(1).text(&format!("general-{n}")).stream().word()).collect()),
        ]
    }

    #[test]
    fn draws_are_uniform_in_every_byte() {
        for (way, words) in ways() {
            for byte in 0..8 {
                let mut counts = [0; 256];
                for word in &words {
                    counts[(word >> (8 * byte) & 0xff) as usize] += 1;
                }
                let statistic = chi_square(&counts);
                assert!(is_plausible(statistic, 255.0), "{way}, byte {byte}: {statistic}");
            }
        }
    }

    #[test]
    fn neighbouring_draws_are_independent() {
        for (way, words) in ways() {
            let mut counts = [0; 256];
            for pair in words.windows(2) {
                counts[((pair[0] >> 60) << 4 | pair[1] >> 60) as usize] += 1;
            }
            assert!(is_plausible(chi_square(&counts), 255.0), "{way}");
            let flipped: u32 = words.windows(2).map(|pair| (pair[0] ^ pair[1]).count_ones()).sum();
            let (mean, sd) = (32.0 * N as f64, (16.0 * N as f64).sqrt());
            assert!((f64::from(flipped) - mean).abs() <= 4.5 * sd, "{way}: {flipped}");
        }
    }

    #[test]
    fn purposes_of_one_message_are_independent() {
        let mut counts = [0; 256];
        for nth in 0..N as u64 {
            let of = |purpose| key(1).number(nth << 16 | purpose).stream().word() >> 60;
            counts[(of(1) << 4 | of(4)) as usize] += 1;
        }
        assert!(is_plausible(chi_square(&counts), 255.0));
    }

    #[test]
    fn odds_are_met() {
        for p in [0.0, 0.001, 0.1, 0.5, 0.9, 1.0] {
            let odds = Odds::new(Probability::new(p).unwrap());
            let hits = (0..N as u64).filter(|&seed| odds.draw(key(seed))).count() as f64 / N as f64;
            assert!((hits - p).abs() <= 4.5 * (p * (1.0 - p) / N as f64).sqrt(), "{p}: {hits}");
        }
    }

    #[test]
    fn distributions_have_their_means_and_ends() {
        let ms = Span::from_ms;
        let check = |distribution: Distribution, mean: f64, sd: f64| {
            let spans: Vec<i64> = (0..N as u64).map(|seed| key(seed).stream().span(&distribution).ns()).collect();
            let sample = spans.iter().sum::<i64>() as f64 / N as f64;
            let within = 4.5 * sd / (N as f64).sqrt();
            assert!((sample - mean).abs() <= within, "{distribution:?}: {sample} is not {mean}");
            (*spans.iter().min().unwrap(), *spans.iter().max().unwrap())
        };
        assert_eq!(check(Distribution::Constant(ms(3)), 3e6, 0.0), (3_000_000, 3_000_000));
        let few = Distribution::Uniform { min: Span::from_ns(-1), max: Span::from_ns(2) };
        assert_eq!(check(few, 0.5, 1.25_f64.sqrt()), (-1, 2), "both ends occur");
        let (min, _) = check(Distribution::Exponential { mean: ms(10), min: ms(4) }, 1e7, 6e6);
        assert!(min >= 4_000_000);
        let sigma = 0.5_f64;
        let mean = 1e7 * libm::exp(sigma * sigma / 2.0);
        let sd = mean * libm::sqrt(libm::exp(sigma * sigma) - 1.0);
        check(Distribution::LogNormal { median: ms(10), sigma }, mean, sd);
    }

    #[test]
    fn draws_are_pinned() {
        let mut stream = Key::of_seed(1).text("alice").text("bob").number(3).stream();
        assert_eq!([stream.word(), stream.word()], [18_332_520_426_779_740_940, 16_616_181_865_177_506_938]);
        assert_eq!((stream.below(1_000), stream.unit().to_bits()), (47, 4_601_551_371_445_990_392));
        let spans = [
            Distribution::Uniform { min: Span::from_ms(5), max: Span::from_ms(15) },
            Distribution::Exponential { mean: Span::from_ms(10), min: Span::ZERO },
            Distribution::LogNormal { median: Span::from_ms(10), sigma: 0.5 },
        ]
        .map(|distribution| stream.span(&distribution).ns());
        assert_eq!(spans, [11_501_945, 10_988_238, 11_980_326]);
    }
}
