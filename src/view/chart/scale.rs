//! Where values stand along an axis, and the round numbers that it is marked with.

/// The steps between marks, within each power of ten.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];
/// The powers of ten that are tried for a step; what is drawn lies well within.
const POWERS: std::ops::RangeInclusive<i32> = -18..=18;

/// Where values stand along an axis of the picture.
pub(super) struct Scale {
    least: f64,
    most: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale that has the value `least` at `from` and `most` at `to`, in whole units of the
    /// picture.
    pub(super) fn new((least, most): (f64, f64), (from, to): (f64, f64)) -> Scale {
        Scale { least, most, from: from.trunc(), to: to.trunc() }
    }

    /// Where a value stands, in tenths of a unit: more digits would be noise in the picture's file.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = (value - self.least) / (self.most - self.least);
        ((self.from + (self.to - self.from) * share) * 10.0).round() / 10.0
    }

    /// The round numbers from end to end: as many as there can be, and no more than `most`.
    pub(super) fn ticks(&self, most: usize) -> Vec<f64> {
        let steps = POWERS.flat_map(|power| STEPS.map(|step| (step, power)));
        let mut ticks = steps.map(|(step, power)| self.multiples(step, power));
        ticks.find(|(count, _)| *count <= most as f64).map(|(_, values)| values.collect()).unwrap_or_default()
    }

    /// How many multiples of `step` times a power of ten there are from end to end, and these.
    fn multiples(&self, step: f64, power: i32) -> (f64, impl Iterator<Item = f64>) {
        let ten = (0..power.unsigned_abs()).fold(1.0, |ten, _| ten * 10.0);
        // Dividing by a power of ten gives the number that people write; multiplying by a tenth
        // does not.
        let value = move |count: f64| if power < 0 { count * step / ten } else { count * step * ten };
        let counted = |end: f64| if power < 0 { end * ten / step } else { end / ten / step };
        // An end that is round itself counts, whatever rounding did to it.
        let (first, last) = ((counted(self.least) - 1e-9).ceil(), (counted(self.most) + 1e-9).floor());
        let count = (last - first + 1.0).max(0.0);
        // The cast is only asked for where there are few.
        (count, (0..count.min(1e6) as u64).map(move |nth| value(first + nth as f64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ends: (f64, f64), most: usize, expect: &[f64]) {
        assert_eq!(Scale::new(ends, (0.0, 100.0)).ticks(most), expect, "{ends:?}, at most {most}");
    }

    #[test]
    fn marks_are_round_and_no_more_than_asked_for() {
        check((0.0, 1.0), 6, &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        check((0.0, 1.0), 11, &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
        check((0.0, 0.1155), 6, &[0.0, 0.02, 0.04, 0.06, 0.08, 0.1]);
        check((0.0, 0.1155), 5, &[0.0, 0.05, 0.1]);
        check((-3.0, 12.0), 6, &[0.0, 5.0, 10.0]);
        check((0.0, 3.2e9), 4, &[0.0, 1e9, 2e9, 3e9]);
        check((98.0, 103.0), 12, &[98.0, 98.5, 99.0, 99.5, 100.0, 100.5, 101.0, 101.5, 102.0, 102.5, 103.0]);
        check((7.1, 7.3), 3, &[7.1, 7.2, 7.3]);
    }

    #[test]
    fn values_stand_between_the_ends_of_the_axis() {
        let scale = Scale::new((-1.0, 3.0), (200.9, 100.2));
        assert_eq!([-1.0, 0.0, 3.0].map(|value| scale.at(value)), [200.0, 175.0, 100.0]);
    }
}
