//! How likely something is.

/// A probability in 0..=1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Probability(f64);

impl Probability {
    /// Never.
    pub const ZERO: Probability = Probability(0.0);
    /// For certain.
    pub const ONE: Probability = Probability(1.0);

    /// So many in a hundred, at most all of them.
    pub const fn percent(percent: u8) -> Probability {
        Probability(if percent < 100 { percent as f64 / 100.0 } else { 1.0 })
    }

    /// The probability `p`, unless it is out of 0..=1.
    pub fn new(p: f64) -> Option<Probability> {
        (0.0..=1.0).contains(&p).then_some(Probability(p))
    }

    /// The probability as a number.
    pub const fn get(self) -> f64 {
        self.0
    }
}
