//! The clock discipline of NTP: whether to step the clock, to slew it, or to wait, and what its
//! frequency is.
//!
//! RFC 5905, section 11.3 with figure 28, and appendix A.5.5.6. An offset beyond the step threshold
//! is a spike until it has stayed for the stepout time. The frequency is measured once, over the
//! stepout time, and then followed by the phase-locked loop.
//!
//! Departures: there is no frequency file (state FSET); the poll interval is fixed, and so short
//! that the frequency-locked loop has no part; the residual offset is amortised evenly over each
//! poll interval instead of second by second.

use crate::time::{Monotonic, Span};

use super::Constants;

/// The states of the discipline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The frequency has never been measured.
    Nset,
    /// It is being measured.
    Freq,
    /// It is known, and followed.
    Sync,
    /// An offset beyond the step threshold has been seen.
    Spik,
}

/// How an update is acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is not acted on.
    Ignore,
    /// It is so large that something else must be wrong.
    Panic,
    /// The clock is to be set forward by this at once.
    Step(Span),
    /// The clock is to be slewed, little by little.
    Adjust,
}

/// The state of the discipline.
#[derive(Clone, Debug)]
pub struct Discipline {
    state: State,
    /// What is left to amortise (θ_r).
    residual: Span,
    /// How fast the oscillator must be made to run, in parts per trillion (φ).
    frequency: i64,
    /// When the last update was that was acted on, by the oscillator.
    since: Monotonic,
}

/// The most that a frequency is corrected by: 500 parts per million. (MAXFREQ, appendix A.1.)
const MAXFREQ: i64 = 500_000_000;

const PER_UNIT: i128 = 1_000_000_000_000;

impl Discipline {
    /// A discipline that knows nothing yet.
    pub fn new(now: Monotonic) -> Discipline {
        Discipline { state: State::Nset, residual: Span::ZERO, frequency: 0, since: now }
    }

    /// The state.
    pub fn state(&self) -> State {
        self.state
    }

    /// How fast the oscillator is made to run, in parts per trillion.
    pub fn frequency(&self) -> i64 {
        self.frequency
    }

    /// Step 5: takes in the combined offset of an update that was measured at `at`.
    pub fn update(&mut self, offset: Span, at: Monotonic, constants: &Constants) -> Verdict {
        if offset.abs() > constants.panict {
            return Verdict::Panic;
        }
        let elapsed = at - self.since;
        let has_stayed = elapsed >= constants.watch;
        match (self.state, offset.abs() > constants.stept) {
            (State::Sync, true) => {
                self.state = State::Spik;
                Verdict::Ignore
            }
            (State::Freq | State::Spik, true) if !has_stayed => Verdict::Ignore,
            (State::Freq, false) if !has_stayed => Verdict::Ignore,
            (State::Nset, true) => self.step(State::Freq, offset, at),
            (State::Freq, true) => {
                self.measure_frequency(offset, elapsed);
                self.step(State::Sync, offset, at)
            }
            (State::Spik, true) => self.step(State::Sync, offset, at),
            (State::Nset, false) => self.adjust(State::Freq, offset, at),
            (State::Freq, false) => {
                self.measure_frequency(offset, elapsed);
                self.adjust(State::Sync, offset, at)
            }
            (State::Sync | State::Spik, false) => {
                self.follow_frequency(offset, elapsed, constants);
                self.adjust(State::Sync, offset, at)
            }
        }
    }

    fn step(&mut self, state: State, offset: Span, at: Monotonic) -> Verdict {
        (self.state, self.residual, self.since) = (state, Span::ZERO, at);
        Verdict::Step(offset)
    }

    fn adjust(&mut self, state: State, offset: Span, at: Monotonic) -> Verdict {
        (self.state, self.residual, self.since) = (state, offset, at);
        Verdict::Adjust
    }

    /// What the offset has become beyond what was left to amortise, per time.
    fn measure_frequency(&mut self, offset: Span, elapsed: Span) {
        let gained = i128::from((offset - self.residual).ns()) * PER_UNIT;
        self.change_frequency(gained / i128::from(elapsed.ns().max(1)));
    }

    /// The phase-locked loop: θ·min(μ, poll)/(4·TC·poll)².
    fn follow_frequency(&mut self, offset: Span, elapsed: Span, constants: &Constants) {
        let gain = 4 * i128::from(constants.tc) * i128::from(constants.poll.ns());
        let during = i128::from(elapsed.min(constants.poll).ns().max(0));
        let part = i128::from(offset.ns()) * during;
        // The quotient is taken in two steps, so that no product is too large.
        self.change_frequency(part * (PER_UNIT / 1_000) / gain * 1_000 / gain);
    }

    fn change_frequency(&mut self, by: i128) {
        let most = i128::from(MAXFREQ);
        self.frequency = (i128::from(self.frequency) + by).clamp(-most, most) as i64;
    }

    /// By how much the clock is to be slewed over the next poll interval: a share of the residual
    /// offset, and what the oscillator would lose. (Section 12.)
    pub fn next_slew(&mut self, constants: &Constants) -> Span {
        let share = Span::from_ns(self.residual.ns() / i64::from(constants.tc.max(1)));
        self.residual = self.residual - share;
        let lost = i128::from(constants.poll.ns()) * i128::from(self.frequency) / PER_UNIT;
        share + Span::from_ns(lost as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Monotonic {
        Monotonic::from_ns(seconds * 1_000_000_000)
    }

    /// Follows updates `(seconds, offset in µs)` from a state, and tells what became of each, in
    /// what state.
    fn follow(updates: &[(i64, i64)]) -> Vec<(Verdict, State)> {
        let constants = Constants::default();
        let mut discipline = Discipline::new(at(0));
        let each = updates.iter().map(|&(seconds, us)| {
            let verdict = discipline.update(Span::from_ns(us * 1_000), at(seconds), &constants);
            (verdict, discipline.state())
        });
        each.collect()
    }

    #[test]
    fn an_offset_beyond_the_threshold_steps_at_first_and_is_a_spike_later() {
        use State::{Freq, Nset, Spik, Sync};
        use Verdict::{Adjust, Ignore, Panic, Step};
        let ms = Span::from_ms;
        assert_eq!(follow(&[(1, 1_000_000_001)]), [(Panic, Nset)]);
        assert_eq!(follow(&[(1, 125_000)]), [(Adjust, Freq)], "125 ms is not beyond 125 ms");
        assert_eq!(follow(&[(1, -126_000)]), [(Step(ms(-126)), Freq)]);
        // While the frequency is measured nothing counts; then a spike is waited out, and a real
        // offset stepped.
        let run = follow(&[(0, 0), (64, 1_000), (899, 200_000), (900, 9_000), (964, 200_000), (1_028, 0)]);
        assert_eq!(
            run,
            [(Adjust, Freq), (Ignore, Freq), (Ignore, Freq), (Adjust, Sync), (Ignore, Spik), (Adjust, Sync)]
        );
        let run = follow(&[(0, 0), (900, 0), (964, 200_000), (1_799, 200_000), (1_800, 200_000)]);
        assert_eq!(run[2..], [(Ignore, Spik), (Ignore, Spik), (Step(ms(200)), Sync)]);
    }

    #[test]
    fn the_frequency_is_what_the_offset_became_over_the_stepout_time() {
        let constants = Constants::default();
        let mut discipline = Discipline::new(at(0));
        discipline.update(Span::ZERO, at(0), &constants);
        // 9 ms over 900 s: ten parts per million, exactly.
        discipline.update(Span::from_ms(9), at(900), &constants);
        assert_eq!(discipline.frequency(), 10_000_000);
        // Over 64 s it makes up 640 µs, and a sixteenth of the 9 ms.
        assert_eq!(discipline.next_slew(&constants), Span::from_ns(640_000 + 562_500));
        // No oscillator is corrected by more than 500 ppm.
        let mut wild = Discipline::new(at(0));
        wild.update(Span::ZERO, at(0), &constants);
        wild.update(Span::from_ms(900_000), at(900), &constants);
        assert_eq!(wild.frequency(), MAXFREQ);
    }

    #[test]
    fn the_loop_follows_the_frequency_by_little() {
        let constants = Constants::default();
        let mut discipline = Discipline::new(at(0));
        discipline.update(Span::ZERO, at(0), &constants);
        discipline.update(Span::ZERO, at(900), &constants);
        // 1 ms · 64 s / (4 · 16 · 64 s)²: 3.814697 parts per billion.
        discipline.update(Span::from_ms(1), at(964), &constants);
        assert_eq!(discipline.frequency(), 3_814);
    }

    #[test]
    fn what_is_slewed_adds_up_to_the_offset() {
        let constants = Constants::default();
        let mut discipline = Discipline::new(at(0));
        discipline.update(Span::from_ms(100), at(0), &constants);
        let slewed: i64 = (0..400).map(|_| discipline.next_slew(&constants).ns()).sum();
        assert!((100_000_000 - slewed).abs() <= 16, "{slewed}");
    }
}
