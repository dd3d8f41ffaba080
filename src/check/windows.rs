//! A run cut into windows of equal length, for what is judged or drawn as it changes over time.

use crate::scenario::Scenario;
use crate::time::{Span, Time};

/// Windows of a run, counted from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows(u64);

impl Windows {
    /// The most windows that a run is cut into.
    pub const MOST: usize = 120;

    /// Windows of a round length of which a scenario's whole run has from 60 to 120.
    pub fn of(scenario: &Scenario) -> Windows {
        Windows::across(scenario.until)
    }

    fn across(run: Time) -> Windows {
        let least = run.ns().div_ceil(Windows::MOST as u64).max(1);
        let units = (0..19).map(|power| 10_u64.pow(power));
        let rounds = units.flat_map(|unit| [10, 15, 20, 30, 40, 50, 60, 80].map(|tenths| unit.saturating_mul(tenths)));
        let length = rounds.map(|tenths| tenths / 10).find(|&length| length >= least);
        Windows(length.unwrap_or(least))
    }

    /// The length of each.
    pub const fn length(self) -> Span {
        Span::from_ns(self.0.cast_signed())
    }

    /// The window in which a moment is.
    pub const fn at(self, moment: Time) -> usize {
        (moment.ns() / self.0) as usize
    }

    /// When a window begins.
    pub const fn start(self, window: usize) -> Time {
        Time::from_ns(self.0.saturating_mul(window as u64))
    }

    /// The first window that begins at a moment or after it.
    pub const fn from(self, moment: Time) -> usize {
        moment.ns().div_ceil(self.0) as usize
    }

    /// How many have ended by a moment.
    pub const fn ended_by(self, moment: Time) -> usize {
        self.at(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_has_from_sixty_to_a_hundred_and_twenty() {
        let lengths = (0..200).map(|step| 120 + step * 7).chain([1_000_000_007, 59_999_999_999, 3_600_000_000_000]);
        for ns in lengths.chain([Span::MAX.ns() as u64]) {
            let windows = Windows::across(Time::from_ns(ns));
            let count = windows.from(Time::from_ns(ns));
            assert!((60..=120).contains(&count), "{ns}: {count} of {:?}", windows.length());
        }
        assert_eq!(Windows::across(Time::from_ns(90_000_000_000)).length(), Span::from_ms(800));
        assert_eq!(Windows::across(Time::ZERO).length(), Span::from_ns(1));
    }

    #[test]
    fn a_moment_is_in_the_window_that_began_last() {
        let windows = Windows(10);
        let at = |ns| windows.at(Time::from_ns(ns));
        assert_eq!([at(0), at(9), at(10)], [0, 0, 1]);
        assert_eq!((windows.start(3), windows.from(Time::from_ns(30))), (Time::from_ns(30), 3));
        assert_eq!((windows.from(Time::from_ns(31)), windows.ended_by(Time::from_ns(39))), (4, 3));
    }
}
