//! Time in integers: nanoseconds of true time, of a node's clock, and between two moments.
//!
//! Four types keep four things apart. [`Time`] is the simulation's true time, which no process can
//! learn. A [`Reading`] is what a node's own clock shows, and a [`Monotonic`] what its oscillator
//! does, which nobody can set. A [`Span`] is a signed length of time on any of them. There is no
//! float anywhere: a float second would drift, and would differ between machines. What a node's
//! clock shows as a function of true time is in [`clock`].

pub mod clock;

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

use serde::Serialize;

const NS_PER_US: u64 = 1_000;
const NS_PER_MS: u64 = 1_000_000;
const NS_PER_S: u64 = 1_000_000_000;
const NS_PER_MINUTE: u64 = 60 * NS_PER_S;
const NS_PER_HOUR: u64 = 60 * NS_PER_MINUTE;
const NS_PER_DAY: u64 = 24 * NS_PER_HOUR;

/// True time: nanoseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(u64);

/// What a node's clock shows, in nanoseconds; it may be negative, since an offset may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reading(i64);

/// What a node's oscillator shows, in nanoseconds: it runs fast or slow as the clock does, but no
/// step or slew ever moves it. How long something took is the difference of two of these, and never
/// of two [`Reading`]s, between which somebody may have set the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Monotonic(i64);

/// A signed length of time in nanoseconds, at most [`Span::MAX`] either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span(i64);

/// How long something takes, or how far a clock is off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(Span),
    /// Every nanosecond from `min` to `max`, both included, equally likely.
    Uniform {
        /// The least.
        min: Span,
        /// The most, at least `min`.
        max: Span,
    },
    /// `min`, and beyond it an exponential with the rest of the mean.
    Exponential {
        /// The mean, `min` included.
        mean: Span,
        /// The least, at most `mean`.
        min: Span,
    },
    /// The exponential of a normal variable.
    LogNormal {
        /// The median.
        median: Span,
        /// The standard deviation of the logarithm, in 0..=10.
        sigma: f64,
    },
}

impl Distribution {
    /// The least and the most that comes of it. Of one that has no most, what one draw in a
    /// thousand exceeds; of one that has no least above zero, what one in a thousand falls below.
    pub fn ends(&self) -> [Span; 2] {
        /// Of a normal variable, in standard deviations.
        const ONE_IN_A_THOUSAND: f64 = 3.090_232_306_167_813;
        let span = |ns: f64| Span::from_ns(ns as i64).min(Span::MAX);
        match *self {
            Distribution::Constant(only) => [only, only],
            Distribution::Uniform { min, max } => [min, max],
            Distribution::Exponential { mean, min } => {
                let beyond = (mean - min).ns() as f64 * libm::log(1_000.0);
                [min, min + span(beyond)]
            }
            Distribution::LogNormal { median, sigma } => {
                [-ONE_IN_A_THOUSAND, ONE_IN_A_THOUSAND].map(|sd| span(median.ns() as f64 * libm::exp(sigma * sd)))
            }
        }
    }
}

impl Time {
    /// The start of every run.
    pub const ZERO: Time = Time(0);

    /// Later than anything that happens.
    pub const NEVER: Time = Time(u64::MAX);

    /// The moment `ns` nanoseconds after the start.
    pub const fn from_ns(ns: u64) -> Time {
        Time(ns)
    }

    /// Nanoseconds since the start.
    pub const fn ns(self) -> u64 {
        self.0
    }

    /// The span from `earlier` to this moment; negative if `earlier` is later.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.wrapping_sub(earlier.0).cast_signed())
    }

    /// This moment moved by `span`, held at the start of the run and at the end of what can be
    /// counted.
    pub const fn saturating_add(self, span: Span) -> Time {
        Time(self.0.saturating_add_signed(span.0))
    }
}

impl Reading {
    /// The reading of `ns` nanoseconds.
    pub const fn from_ns(ns: i64) -> Reading {
        Reading(ns)
    }

    /// The reading in nanoseconds.
    pub const fn ns(self) -> i64 {
        self.0
    }

    /// The reading rounded as a span is, for people: `12.346ms`, or `3599.988s before zero`.
    pub fn rounded(self) -> String {
        let since = Span(self.0);
        if since.is_negative() { format!("{} before zero", since.abs().rounded()) } else { since.rounded() }
    }

    /// How long ago the clock would have shown zero.
    pub const fn since_zero(self) -> Span {
        Span(self.0)
    }
}

impl Monotonic {
    /// The reading of `ns` nanoseconds.
    pub const fn from_ns(ns: i64) -> Monotonic {
        Monotonic(ns)
    }

    /// How long the oscillator has run.
    pub const fn since_start(self) -> Span {
        Span(self.0)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// The longest span that a scenario may name: ten years of 365 days.
    pub const MAX: Span = Span(10 * 365 * 86_400 * NS_PER_S.cast_signed());

    /// A span of `ns` nanoseconds.
    pub const fn from_ns(ns: i64) -> Span {
        Span(ns)
    }

    /// A span of `ms` milliseconds.
    pub const fn from_ms(ms: i64) -> Span {
        Span(ms * NS_PER_MS.cast_signed())
    }

    /// The span in nanoseconds.
    pub const fn ns(self) -> i64 {
        self.0
    }

    /// Whether the span points backwards.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The length, whichever way the span points.
    pub const fn abs(self) -> Span {
        Span(self.0.abs())
    }

    /// `count` such spans, held at what can be counted.
    pub const fn times(self, count: i64) -> Span {
        Span(self.0.saturating_mul(count))
    }

    /// The span to three digits after its unit's point, for people: `12.346ms`, `21m 19.985s`,
    /// `6h 0.432s`, `4d`.
    pub fn rounded(self) -> String {
        let (unit, size) = unit_of(self.0.unsigned_abs());
        let step = (size / 1_000).max(1);
        let ns = (self.0.unsigned_abs() + step / 2) / step * step;
        let sign = if self.is_negative() { "-" } else { "" };
        if ns < MANY_SECONDS {
            return format!("{sign}{}{unit}", decimal(ns, size));
        }
        format!("{sign}{}", parts(ns).join(" "))
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        self.saturating_add(span)
    }
}

/// The same as [`Time::since`].
impl Sub for Time {
    type Output = Span;
    fn sub(self, earlier: Time) -> Span {
        self.since(earlier)
    }
}

impl Sub for Reading {
    type Output = Span;
    fn sub(self, earlier: Reading) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Sub<Span> for Reading {
    type Output = Reading;
    fn sub(self, span: Span) -> Reading {
        Reading(self.0.saturating_sub(span.0))
    }
}

impl Sub for Monotonic {
    type Output = Span;
    fn sub(self, earlier: Monotonic) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Span> for Monotonic {
    type Output = Monotonic;
    fn add(self, span: Span) -> Monotonic {
        Monotonic(self.0.saturating_add(span.0))
    }
}

impl Add<Span> for Reading {
    type Output = Reading;
    fn add(self, span: Span) -> Reading {
        Reading(self.0.saturating_add(span.0))
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl Neg for Span {
    type Output = Span;
    fn neg(self) -> Span {
        Span(self.0.saturating_neg())
    }
}

/// The largest unit that `ns` fills, and its nanoseconds.
fn unit_of(ns: u64) -> (&'static str, u64) {
    match ns {
        NS_PER_S.. => ("s", NS_PER_S),
        NS_PER_MS.. => ("ms", NS_PER_MS),
        NS_PER_US.. => ("us", NS_PER_US),
        0 => ("s", NS_PER_S),
        _ => ("ns", 1),
    }
}

/// `ns` in units of `size`, exactly: `1.5`.
fn decimal(ns: u64, size: u64) -> String {
    let decimals = format!(".{:0width$}", ns % size, width = size.ilog10() as usize);
    format!("{}{}", ns / size, decimals.trim_end_matches('0').trim_end_matches('.'))
}

/// From so much on, people are told minutes, so that one table never has `1279.985s` beside `1h
/// 58m`.
const MANY_SECONDS: u64 = 2 * NS_PER_MINUTE;

/// Days, hours, minutes and seconds, without those that are zero.
fn parts(ns: u64) -> Vec<String> {
    let mut rest = ns;
    let mut parts = Vec::new();
    for (unit, size) in [("d", NS_PER_DAY), ("h", NS_PER_HOUR), ("m", NS_PER_MINUTE)] {
        if rest >= size {
            parts.push(format!("{}{unit}", rest / size));
        }
        rest %= size;
    }
    if rest > 0 {
        parts.push(format!("{}s", decimal(rest, NS_PER_S)));
    }
    parts
}

impl fmt::Display for Span {
    /// Exact, readable back by [`Span::from_str`], and one word in a shell: `0s`, `1.5ms`, `90s`,
    /// `2h`, `1d0.864s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ns = self.0.unsigned_abs();
        let sign = if self.is_negative() { "-" } else { "" };
        let is_whole_minutes = ns >= MANY_SECONDS && ns.is_multiple_of(NS_PER_MINUTE);
        // Below an hour, seconds alone are easier to type.
        if ns >= NS_PER_HOUR || is_whole_minutes {
            return write!(f, "{sign}{}", parts(ns).concat());
        }
        let (unit, size) = unit_of(ns);
        write!(f, "{sign}{}{unit}", decimal(ns, size))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span(self.0.cast_signed()).fmt(f)
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span(self.0).fmt(f)
    }
}

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// The text does not read as a number with a unit.
    #[error("`{0}` is not a duration: write a number with a unit, as in `50ms`, `1.5s`, `2h` or `-100us`")]
    Unreadable(String),
    /// The duration is longer than [`Span::MAX`].
    #[error("`{0}` is too long: a duration is at most ten years")]
    TooLong(String),
}

impl FromStr for Span {
    type Err = SpanError;

    /// Reads `50ms`, `1.5s`, `1m 30s`, `-100us`: a sign, then numbers with units.
    fn from_str(text: &str) -> Result<Span, SpanError> {
        let (negative, length) = match text.trim().strip_prefix('-') {
            Some(length) => (true, length),
            None => (false, text.trim()),
        };
        if length == "0" {
            return Ok(Span::ZERO);
        }
        let length = humantime::parse_duration(length).map_err(|error| match error {
            humantime::DurationError::NumberOverflow => SpanError::TooLong(text.to_owned()),
            _ => SpanError::Unreadable(text.to_owned()),
        })?;
        let ns = i64::try_from(length.as_nanos()).ok().filter(|&ns| ns <= Span::MAX.0);
        let span = Span(ns.ok_or_else(|| SpanError::TooLong(text.to_owned()))?);
        Ok(if negative { -span } else { span })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_read_and_print() {
        for (text, ns) in [
            ("0s", 0),
            ("1ns", 1),
            ("1.5ms", 1_500_000),
            ("-100us", -100_000),
            ("2h", 7_200_000_000_000),
            ("1m 30s", 90_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Span::from_ns(ns)), "{text}");
        }
        for (ns, exact, rounded) in [
            (-12_345_678, "-12.345678ms", "-12.346ms"),
            (999_999_999, "999.999999ms", "1000ms"),
            (90_000_000_000, "90s", "90s"),
            (900_000_000_000, "15m", "15m"),
            (119_999_000_000, "119.999s", "119.999s"),
            (-899_995_000_000, "-899.995s", "-14m 59.995s"),
            (7_200_000_000_000, "2h", "2h"),
            (21_600_432_000_001, "6h0.432000001s", "6h 0.432s"),
            (-93_784_500_000_000, "-1d2h3m4.5s", "-1d 2h 3m 4.5s"),
            (345_600_000_000_000, "4d", "4d"),
        ] {
            let span = Span::from_ns(ns);
            assert_eq!((span.to_string().as_str(), span.rounded().as_str()), (exact, rounded));
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "-", "50", "ms", "5 parsecs", "--5ms", "nan", "1e9s"] {
            assert!(matches!(text.parse::<Span>(), Err(SpanError::Unreadable(_))), "{text}");
        }
        for text in ["11y", "99999999999999999999s"] {
            assert!(matches!(text.parse::<Span>(), Err(SpanError::TooLong(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_a_span_prints_it_reads(ns in -Span::MAX.0..=Span::MAX.0) {
            prop_assert_eq!(Span(ns).to_string().parse(), Ok(Span(ns)));
        }
    }
}
