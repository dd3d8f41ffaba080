//! When requests come from outside: at their own rate, whatever becomes of those before.

use crate::problems::prelude::*;

/// How requests come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Arrivals {
    /// Each whenever it likes: a Poisson process.
    Poisson,
    /// One after the other at equal distances.
    Even,
}

impl Arrivals {
    /// The time between two requests of so many a second, and before the first.
    pub(super) fn gap(self, per_second: f64) -> Distribution {
        let mean = Span::from_ns(libm::round(1e9 / per_second) as i64);
        match self {
            Arrivals::Poisson => Distribution::Exponential { mean, min: Span::ZERO },
            Arrivals::Even => Distribution::Constant(mean),
        }
    }
}
