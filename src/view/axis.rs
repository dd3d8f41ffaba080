//! Lengths of time in pictures: how they are told, and the round steps that people count axes in.

use crate::time::Span;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The least step that people count in and that is not below `ns`: 1, 2, 5, 10, 20 … of what is
/// less than a second, parts of a minute, of an hour and of a day, and 1, 2, 5, 10 … days.
pub(super) fn step(ns: f64) -> u64 {
    let of_a_minute = [1, 2, 5, 10, 20, 30].map(|count| count * SECOND);
    let of_an_hour = [1, 2, 5, 10, 20, 30].map(|count| count * MINUTE);
    let of_a_day = [1, 2, 3, 6, 12].map(|count| count * HOUR);
    let below = decades(1).take_while(|&step| step < SECOND);
    let named = of_a_minute.into_iter().chain(of_an_hour).chain(of_a_day);
    below.chain(named).chain(decades(DAY)).find(|&step| step as f64 >= ns).unwrap_or(u64::MAX)
}

/// 1, 2, 5, 10, 20, 50 … units, as far as they can be counted.
fn decades(unit: u64) -> impl Iterator<Item = u64> {
    let units = std::iter::successors(Some(unit), |unit| unit.checked_mul(10));
    units.flat_map(|unit| [1, 2, 5].into_iter().filter_map(move |digit| unit.checked_mul(digit)))
}

/// The multiples of a round step from `low` to `high`, at most `most` and always zero if it lies
/// between.
pub(super) fn round_values(low: i64, high: i64, most: usize) -> Vec<i64> {
    let range = high.saturating_sub(low).max(1) as f64;
    let step = i64::try_from(step(range / most.max(1) as f64)).unwrap_or(i64::MAX);
    let first = low.div_euclid(step) + i64::from(low.rem_euclid(step) > 0);
    (first..=high.div_euclid(step)).map(|count| count.saturating_mul(step)).collect()
}

/// The thousandth of the unit in which people tell `ns`: what rounding leaves.
pub(super) const fn thousandth(ns: u64) -> u64 {
    match ns {
        SECOND.. => SECOND / 1_000,
        1_000_000.. => 1_000,
        _ => 1,
    }
}

/// A moment or a length, rounded for people: `12.346 ms`, `1 d 6 h`.
pub(super) fn span_words(ns: u64) -> String {
    if ns == 0 {
        return "0".to_owned();
    }
    let part = |part: &str| {
        let unit = part.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(part.len());
        let word = match &part[unit..] {
            "us" => "µs",
            "m" => "min",
            word => word,
        };
        format!("{} {word}", &part[..unit])
    };
    let text = Span::from_ns(i64::try_from(ns).unwrap_or(i64::MAX)).rounded();
    text.split(' ').map(part).collect::<Vec<_>>().join(" ")
}

/// A distance with its sign, rounded for people: `+1.001 ms`, `−5 s`, `0`.
pub(super) fn signed_words(ns: i64) -> String {
    let sign = match ns {
        0 => "",
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}", span_words(ns.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_that_people_count_in() {
        for (ns, expect) in [
            (1.0, "1 ns"),
            (3e6, "5 ms"),
            (6e8, "1 s"),
            (1.1e10, "20 s"),
            (4e10, "1 min"),
            (2e12, "1 h"),
            (3.7e12, "2 h"),
            (1.5e13, "6 h"),
            (5e13, "1 d"),
            (3e14, "5 d"),
        ] {
            assert_eq!(span_words(step(ns)).replace("60 s", "1 min"), expect, "{ns}");
        }
    }

    #[test]
    fn round_values_lie_within_and_meet_zero() {
        let ms = |values: &[i64]| values.iter().map(|value| value * 1_000_000).collect::<Vec<_>>();
        for (low, high, most, expect) in
            [(-12, 9, 5, &[-10, -5, 0, 5][..]), (0, 4, 4, &[0, 1, 2, 3, 4]), (-7, -3, 2, &[-6, -4]), (0, 0, 3, &[0])]
        {
            assert_eq!(round_values(low * 1_000_000, high * 1_000_000, most), ms(expect), "{low} to {high}");
        }
    }
}
