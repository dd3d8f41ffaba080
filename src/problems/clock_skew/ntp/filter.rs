//! The on-wire protocol and the clock filter of NTP: what one exchange tells, and which of the last
//! eight to believe.
//!
//! David Mills and others, RFC 5905, "Network Time Protocol Version 4", 2010, sections 8, 9.2
//! and 10. The jitter is that of its erratum 5600 (verified): the text divides by n-1 outside of
//! the root.
//!
//! Of eight exchanges the one with the shortest delay is believed, since it hides the least error;
//! but only once, and only if it is newer than the last that was.
//!
//! Departures: a spike is one against the jitter as it was before it came, since its own jitter is
//! as large as itself, and, as in the reference implementation, only once there are enough samples
//! to know the jitter. While a sample stays the best, its dispersion and jitter follow what the
//! others say of it, as in the reference implementation. By the letter of section 10 they would
//! stay as they were when it came.

use crate::time::{Monotonic, Reading, Span};

use super::Constants;

/// What one exchange tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// How far the server's clock is ahead (θ).
    pub offset: Span,
    /// How long the messages were under way, both together (δ).
    pub delay: Span,
    /// How wrong that may be for other reasons than the delay (ε).
    pub dispersion: Span,
    /// When it was measured, by the oscillator (t).
    pub at: Monotonic,
}

/// The offset and the delay of one exchange: the client asks when its clock shows `t1`, the
/// server's shows `t2` when it hears that and `t3` when it answers, and the client's `t4` when the
/// answer comes.
///
/// RFC 5905, section 8: θ = ((T2-T1) + (T3-T4))/2, δ = (T4-T1) - (T3-T2). The offset is wrong by
/// half of what the way there takes longer than the way back, so at most by δ/2. The delay can come
/// out negative if the server's clock is faster than the client's.
pub fn exchange(t1: Reading, t2: Reading, t3: Reading, t4: Reading) -> (Span, Span) {
    let twice = i128::from((t2 - t1).ns()) + i128::from((t3 - t4).ns());
    let offset = Span::from_ns(i64::try_from(twice.div_euclid(2)).unwrap_or(i64::MAX));
    (offset, (t4 - t1) - (t3 - t2))
}

impl Sample {
    /// What an exchange tells that took `elapsed` on the client's oscillator and ended `at`, when
    /// the client's clock showed `t4`. RFC 5905, sections 8 and 9.2.
    ///
    /// T1 is what the clock as it is now would have shown at the beginning: one that was set since
    /// would make half of that a part of the offset, and a round trip that is less than nothing
    /// would be believed as the quickest.
    pub fn of(elapsed: Span, t2: Reading, t3: Reading, t4: Reading, at: Monotonic, constants: &Constants) -> Sample {
        let (offset, delay) = exchange(t4 - elapsed, t2, t3, t4);
        let precision = constants.precision;
        let dispersion = precision + precision + constants.aged(elapsed);
        Sample { offset, delay: delay.max(precision), dispersion, at }
    }
}

/// What a client knows of one server (the peer variables of the RFC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// How far the server's clock is ahead.
    pub offset: Span,
    /// The delay of the exchange that says so.
    pub delay: Span,
    /// The dispersion of all eight.
    pub dispersion: Span,
    /// How much the others differ from it (ψ).
    pub jitter: Span,
    /// When it was measured.
    pub at: Monotonic,
}

/// How many exchanges are remembered (NSTAGE).
pub const STAGES: usize = 8;

/// The last eight exchanges with one server.
#[derive(Clone, Debug, Default)]
pub struct ClockFilter {
    /// The newest first; `None` where there was none yet, or no answer.
    stages: [Option<Sample>; STAGES],
    /// What was last believed.
    last: Option<Peer>,
}

impl ClockFilter {
    /// What was last believed.
    pub fn peer(&self) -> Option<&Peer> {
        self.last.as_ref()
    }

    /// Step 2: shifts a sample in, `None` if no answer came. Returns what to believe now; `None` if
    /// that is not newer than the last, or looks like a spike.
    pub fn shift(&mut self, sample: Option<Sample>, now: Monotonic, constants: &Constants) -> Option<&Peer> {
        self.stages.rotate_right(1);
        self.stages[0] = sample;
        let (newest, peer) = self.best(now, constants)?;
        if let Some(last) = &mut self.last {
            if newest <= last.at {
                (last.dispersion, last.jitter) = (peer.dispersion, peer.jitter);
                return None;
            }
            // The popcorn spike suppressor of appendix A.5.2: once; the next is no longer so soon
            // after the last.
            let jump = (peer.offset - last.offset).abs();
            let soon = newest - last.at < constants.poll.times(2) && last.dispersion < constants.maxdist;
            if soon && jump > last.jitter.times(i64::from(constants.sgate)) {
                return None;
            }
        }
        self.last = Some(peer);
        self.last.as_ref()
    }

    /// The best of the samples, with what all of them say of it, and when it was measured.
    fn best(&self, now: Monotonic, constants: &Constants) -> Option<(Monotonic, Peer)> {
        let mut sorted: Vec<Sample> = self.stages.iter().flatten().copied().collect();
        // Of equal delays the newer goes first: the sort is stable.
        sorted.sort_by_key(|sample| sample.delay);
        let best = *sorted.first()?;
        let peer = Peer {
            offset: best.offset,
            delay: best.delay,
            dispersion: dispersion(&sorted, now, constants),
            jitter: jitter(&sorted).max(constants.precision),
            at: best.at,
        };
        Some((best.at, peer))
    }
}

/// The sum of ε_i/2^(i+1) over the eight stages, which age by PHI; a stage without a sample has
/// MAXDISP. (Section 10.)
fn dispersion(sorted: &[Sample], now: Monotonic, constants: &Constants) -> Span {
    let of = |sample: &Sample| (sample.dispersion + constants.aged(now - sample.at)).min(constants.maxdisp);
    let all = sorted.iter().map(of).chain(std::iter::repeat(constants.maxdisp)).take(STAGES);
    all.enumerate().fold(Span::ZERO, |sum, (stage, span)| sum + Span::from_ns(span.ns() >> (stage + 1)))
}

/// The root of the mean square of what the others differ from the first: √(Σ(θ_0-θ_j)²/(n-1)).
/// (Erratum 5600.)
fn jitter(sorted: &[Sample]) -> Span {
    let Some((first, others)) = sorted.split_first() else { return Span::ZERO };
    root_mean_square(others.iter().map(|other| other.offset - first.offset))
}

/// The root of the mean of squares, zero of none, floored to nanoseconds.
pub fn root_mean_square(values: impl Iterator<Item = Span>) -> Span {
    let (sum, count) = values.fold((0_u128, 0_u128), |(sum, count), value| {
        (sum.saturating_add(u128::from(value.ns().unsigned_abs()).pow(2)), count + 1)
    });
    Span::from_ns(i64::try_from((sum / count.max(1)).isqrt()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Reading {
        Reading::from_ns(Span::from_ms(ms).ns())
    }

    fn since_start(ms: i64) -> Monotonic {
        Monotonic::from_ns(Span::from_ms(ms).ns())
    }

    fn sample(offset_ms: i64, delay_ms: i64, at_ms: i64) -> Sample {
        let (offset, delay) = (Span::from_ms(offset_ms), Span::from_ms(delay_ms));
        Sample { offset, delay, dispersion: Span::ZERO, at: since_start(at_ms) }
    }

    fn still() -> Constants {
        Constants { tolerance_ppm: 0, precision: Span::ZERO, ..Constants::default() }
    }

    #[test]
    fn an_offset_is_wrong_by_half_of_what_the_way_there_takes_longer() {
        // (θ, there, back): the estimate and the delay. θ > 0: the server is ahead.
        for (ahead, there, back, estimate) in [(0, 40, 10, 15), (100, 10, 40, 85), (-5, 20, 20, -5), (0, 30, 10, 10)] {
            for hold in [0, 7] {
                let t2 = there + ahead;
                let found = exchange(at(0), at(t2), at(t2 + hold), at(there + hold + back));
                assert_eq!(found, (Span::from_ms(estimate), Span::from_ms(there + back)), "{ahead} {there} {back}");
            }
        }
    }

    #[test]
    fn a_server_that_is_fast_can_make_the_delay_negative_which_is_held_at_the_precision() {
        // 100 ppm over 64 s.
        let (t1, t2, t4) = (at(0), at(0), at(64_000));
        let t3 = Reading::from_ns(64_006_400_000);
        assert_eq!(exchange(t1, t2, t3, t4).1, Span::from_ns(-6_400_000));
        let sample = Sample::of(t4 - t1, t2, t3, t4, since_start(64_000), &Constants::default());
        assert_eq!(sample.delay, Constants::default().precision);
    }

    #[test]
    fn dispersion_grows_by_about_1_3_seconds_a_day() {
        assert_eq!(Constants::default().aged(Span::from_ms(86_400_000)), Span::from_ms(1_296));
        let constants = Constants { precision: Span::from_ns(1_000), ..Constants::default() };
        let sample = Sample::of(Span::from_ms(1_000), at(5), at(5), at(1_000), since_start(1_000), &constants);
        assert_eq!(sample.dispersion, Span::from_ns(2_000 + 15_000));
    }

    #[test]
    fn each_valid_sample_nearly_halves_the_dispersion_of_the_filter() {
        let dispersion_after = |samples: usize| {
            let sorted: Vec<Sample> = (0..samples).map(|_| sample(0, 10, 0)).collect();
            dispersion(&sorted, since_start(0), &still()).ns()
        };
        for (samples, expect_us) in [(0, 15_937_500), (1, 7_937_500), (2, 3_937_500), (4, 937_500), (8, 0)] {
            assert_eq!(dispersion_after(samples), expect_us * 1_000, "{samples} samples");
        }
        // They age: after a day each by 1.296 s, of which 255 parts in 256 count.
        let aged = dispersion(&[sample(0, 10, 0); 8], since_start(86_400_000), &Constants::default());
        assert_eq!(aged, Span::from_ns(1_296_000_000 / 256 * 255));
        // No stage has more than MAXDISP.
        let ancient = dispersion(&[sample(0, 10, 0); 8], since_start(86_400_000 * 30), &Constants::default());
        assert_eq!(ancient, Span::from_ns(15_937_500_000));
    }

    #[test]
    fn jitter_is_the_root_of_the_mean_square() {
        // Erratum 5600: with n-1 = 4 differences of 1, 1, 1 and 1 ms the jitter is 1 ms; the RFC's
        // text gives half.
        let of = |offsets: &[i64]| {
            let sorted: Vec<Sample> = offsets.iter().map(|&offset| sample(offset, 10, 0)).collect();
            jitter(&sorted)
        };
        assert_eq!(of(&[0, 1, -1, 1, -1]), Span::from_ms(1));
        assert_eq!(of(&[5, 8, 9]), Span::from_ns(3_535_533));
        assert_eq!(of(&[5]), Span::ZERO);
    }

    #[test]
    fn the_quickest_is_believed_once_and_only_if_it_is_newer() {
        let constants = Constants { sgate: 1_000, ..still() };
        let mut filter = ClockFilter::default();
        let mut offer = |offset, delay, when| {
            filter.shift(Some(sample(offset, delay, when)), since_start(when), &constants).map(|peer| peer.offset)
        };
        assert_eq!(offer(1, 10, 0), Some(Span::from_ms(1)));
        // Slower ones change nothing while the quick one is there.
        assert_eq!(offer(2, 20, 64_000), None);
        // As quick and newer: believed.
        assert_eq!(offer(3, 10, 128_000), Some(Span::from_ms(3)));
        for poll in 3..10 {
            assert_eq!(offer(4, 15, poll * 64_000), None, "poll {poll}");
        }
        // The quick ones have left: the newest of those that are equally quick is believed, once.
        assert_eq!(offer(5, 15, 640_000), Some(Span::from_ms(5)));
        assert_eq!(offer(6, 16, 704_000), None);
    }

    #[test]
    fn a_spike_is_dropped_once() {
        let constants = Constants { precision: Span::from_ms(1), ..still() };
        let mut filter = ClockFilter::default();
        let mut offer = |offset, when| {
            filter.shift(Some(sample(offset, 10, when)), since_start(when), &constants).map(|peer| peer.offset)
        };
        for poll in 0..8 {
            assert_eq!(offer(0, poll * 64_000), Some(Span::ZERO));
        }
        assert_eq!(offer(3, 8 * 64_000), Some(Span::from_ms(3)), "three times the jitter is no spike");
        assert_eq!(offer(500, 9 * 64_000), None);
        assert_eq!(offer(500, 10 * 64_000), Some(Span::from_ms(500)), "what is still there after two polls is none");
    }
}
