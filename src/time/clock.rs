//! A node's clock: an oscillator that may run fast or slow, and the corrections that a protocol
//! made.
//!
//! Everything is exact. The oscillator is kept in attoseconds (a billionth of a nanosecond), so
//! that a drift in parts per billion is an integer rate; it is floored to nanoseconds only when it
//! is read. A clock that runs 10 ppm fast is ahead by 864,000,000 ns after a day, not by about
//! that.
//!
//! A [`Clock`] is a pure function of true time. The simulator holds each node's as it is now; a
//! trace holds a [`History`] of each, so that one can say of a run what any clock showed at any
//! moment.

use super::{Monotonic, Reading, Span, Time};

/// Attoseconds in a nanosecond.
pub const ATTO_PER_NS: i128 = 1_000_000_000;

/// So many nanoseconds in attoseconds. In steps of 64 bits, since WebAssembly knows no wider
/// product.
#[inline]
const fn in_atto(ns: i64) -> i128 {
    const HALF: i64 = u32::MAX as i64;
    const RATE: i64 = ATTO_PER_NS as i64;
    ((((ns >> 32) * RATE) as i128) << 32) + ((ns & HALF) * RATE) as i128
}

/// The drift of an oscillator that stands still, in parts per billion: it runs as slow as can be.
pub const STOPPED_PPB: i64 = -1_000_000_000;

/// One node's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// When the current drift began.
    since: Time,
    /// The oscillator at that moment, in attoseconds.
    oscillator: i128,
    /// How many parts per billion it runs fast.
    drift_ppb: i64,
    /// What was added to it for good: the offset at the start, steps, slews that are over. In
    /// nanoseconds.
    correction: i64,
    /// A slew that has begun and that nothing has replaced.
    slew: Option<Slew>,
    /// Whether nothing but the correction has ever told the clock from true time: most never leave
    /// this, and are read fast.
    is_plain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slew {
    from: i128,
    by: Span,
    over: Span,
}

impl Slew {
    /// What the slew has corrected, in attoseconds, once the oscillator shows `oscillator`.
    fn corrected(self, oscillator: i128) -> i128 {
        let over = in_atto(self.over.ns());
        let by = i128::from(self.by.ns());
        let elapsed = oscillator - self.from;
        if elapsed >= over {
            return by * ATTO_PER_NS;
        }
        match by.checked_mul(elapsed) {
            Some(product) => product.div_euclid(i128::from(self.over.ns())),
            // A correction of years over years: whole nanoseconds are fine enough.
            None => (by * (elapsed / ATTO_PER_NS)).div_euclid(i128::from(self.over.ns())) * ATTO_PER_NS,
        }
    }
}

impl Clock {
    /// A clock that is ahead by `offset` at the start of the run.
    pub fn new(offset: Span, drift_ppb: i64) -> Clock {
        Clock {
            since: Time::ZERO,
            oscillator: 0,
            drift_ppb,
            correction: offset.ns(),
            slew: None,
            is_plain: drift_ppb == 0,
        }
    }

    /// What the oscillator shows, in attoseconds since the start: no correction ever moves it.
    pub fn oscillator(&self, now: Time) -> i128 {
        let elapsed = now.since(self.since).ns();
        let gone = if self.drift_ppb == 0 { in_atto(elapsed) } else { i128::from(elapsed) * self.rate() };
        self.oscillator + gone
    }

    /// What the clock shows, floored to nanoseconds.
    #[inline]
    pub fn read(&self, now: Time) -> Reading {
        if self.is_plain {
            return Reading::from_ns(now.ns().cast_signed() + self.correction);
        }
        Reading::from_ns(i64::try_from(self.shows(now).div_euclid(ATTO_PER_NS)).unwrap_or(i64::MAX))
    }

    /// What the oscillator shows, floored to nanoseconds.
    pub fn monotonic(&self, now: Time) -> Monotonic {
        if self.is_plain {
            return Monotonic::from_ns(i64::try_from(now.ns()).unwrap_or(i64::MAX));
        }
        Monotonic::from_ns(i64::try_from(self.oscillator(now).div_euclid(ATTO_PER_NS)).unwrap_or(i64::MAX))
    }

    /// What the clock shows, in attoseconds: between two bends of its course an exact straight
    /// line.
    pub fn shows(&self, now: Time) -> i128 {
        let oscillator = self.oscillator(now);
        let slewed = self.slew.map_or(0, |slew| slew.corrected(oscillator));
        oscillator + slewed + in_atto(self.correction)
    }

    /// How far the clock is ahead of true time, in attoseconds.
    pub fn ahead(&self, now: Time) -> i128 {
        self.shows(now) - i128::from(now.ns()) * ATTO_PER_NS
    }

    /// When the last slew is, or was, complete; `None` if there was none.
    pub fn slewed_at(&self) -> Option<Time> {
        let slew = self.slew?;
        Some(self.time_when(slew.from + in_atto(slew.over.ns())))
    }

    /// Whether the clock runs backwards at `now`: a slew takes back more than the time in which it
    /// does so.
    pub fn runs_backwards(&self, now: Time) -> bool {
        let backwards = |slew: Slew| slew.by.ns() < 0 && slew.by.abs() > slew.over;
        self.slew.is_some_and(backwards) && self.slewed_at().is_some_and(|done| now < done)
    }

    /// How many parts per billion the oscillator runs fast.
    pub fn drift_ppb(&self) -> i64 {
        self.drift_ppb
    }

    /// The first moment at which the oscillator shows `target` or more; [`Time::NEVER`] if it
    /// stands still before.
    pub fn time_when(&self, target: i128) -> Time {
        let rest = target - self.oscillator;
        if rest <= 0 {
            return self.since;
        }
        let rate = self.rate();
        if rate == 0 {
            return Time::NEVER;
        }
        let ns = (rest + rate - 1).div_euclid(rate);
        self.since + Span::from_ns(i64::try_from(ns).unwrap_or(i64::MAX))
    }

    /// What the oscillator will show `after` from now, and the first moment at which it does.
    #[inline]
    pub fn due(&self, now: Time, after: Span) -> (i128, Time) {
        if self.drift_ppb == 0 {
            let at = now + after;
            return (self.oscillator + in_atto(at.since(self.since).ns()), at);
        }
        let target = self.oscillator(now) + in_atto(after.ns());
        (target, self.time_when(target).max(now))
    }

    /// The clock jumps.
    pub fn step(&mut self, by: Span) {
        self.correction = self.correction.saturating_add(by.ns());
    }

    /// The clock is corrected by `by`, evenly over the next `over` of its oscillator; what an
    /// earlier slew has corrected so far stays, floored to nanoseconds.
    pub fn slew(&mut self, now: Time, by: Span, over: Span) {
        let from = self.oscillator(now);
        if let Some(slew) = self.slew.take() {
            self.correction += slew.corrected(from).div_euclid(ATTO_PER_NS) as i64;
        }
        if over > Span::ZERO {
            self.slew = Some(Slew { from, by, over });
            self.is_plain = false;
        } else {
            self.step(by);
        }
    }

    /// The oscillator runs `ppb` fast from now on.
    pub fn set_drift(&mut self, now: Time, ppb: i64) {
        self.oscillator = self.oscillator(now);
        self.since = now;
        self.drift_ppb = ppb;
        self.is_plain = false;
    }

    /// Attoseconds of the oscillator in a nanosecond of true time; zero if it stands still, and
    /// never less.
    fn rate(&self) -> i128 {
        (ATTO_PER_NS + i128::from(self.drift_ppb)).max(0)
    }
}

/// What a clock was over a run: the clock at the start, and each time that something changed it,
/// the clock from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// From when on the first clock is known.
    since: Time,
    first: Clock,
    changes: Vec<(Time, Clock)>,
}

impl History {
    /// A clock that nothing has changed yet.
    pub fn new(first: Clock) -> History {
        History { since: Time::ZERO, first, changes: Vec::new() }
    }

    /// Begins again with another clock; what was allocated stays.
    pub(crate) fn restart(&mut self, first: Clock) {
        (self.since, self.first) = (Time::ZERO, first);
        self.changes.clear();
    }

    /// From `at` on, which is no earlier than any change before, the clock is this one.
    pub(crate) fn change(&mut self, at: Time, clock: Clock) {
        self.changes.push((at, clock));
    }

    /// Lets go of what the clock was before `now`. The changes of that moment itself stay, since
    /// more may come of it.
    pub(crate) fn let_go(&mut self, now: Time) {
        let gone = self.changes.partition_point(|&(since, _)| since < now);
        if let Some(last) = self.changes.drain(..gone).next_back() {
            (self.since, self.first) = last;
        }
    }

    /// The history without the changes of `at` and later ones.
    pub(crate) fn until_before(&self, at: Time) -> History {
        let changes = self.changes.iter().take_while(|&&(since, _)| since < at).cloned().collect();
        History { since: self.since, first: self.first, changes }
    }

    /// The clock at `at`, all changes of that moment made.
    pub fn at(&self, at: Time) -> &Clock {
        self.nth(self.changes.partition_point(|&(since, _)| since <= at))
    }

    /// The clock just before the changes of `at`.
    pub fn before(&self, at: Time) -> &Clock {
        self.nth(self.changes.partition_point(|&(since, _)| since < at))
    }

    /// What the clock showed at `at`, all changes of that moment made.
    pub fn read(&self, at: Time) -> Reading {
        self.at(at).read(at)
    }

    /// The clocks of the history with the moment from which each was in force, in order.
    pub fn pieces(&self) -> impl Iterator<Item = (Time, &Clock)> {
        [(self.since, &self.first)].into_iter().chain(self.changes.iter().map(|(since, clock)| (*since, clock)))
    }

    /// The moments at which the clock's course may bend or jump, in order: where it changed, and
    /// where a slew was complete. Between two of them it is a straight line.
    pub fn bends(&self) -> impl Iterator<Item = Time> {
        let slewed = Self::slewed_at(self.since, &self.first, self.until(0));
        [self.since].into_iter().chain(slewed).chain(self.bends_of(0))
    }

    /// The bends after `from` and before `to`.
    pub fn bends_between(&self, from: Time, to: Time) -> impl Iterator<Item = Time> {
        let in_force = self.changes.partition_point(|&(since, _)| since <= from);
        let bends = self.bends_of(in_force.saturating_sub(1)).skip_while(move |&at| at <= from);
        // Where the first clock is still in force, so may be its slew.
        let slewed = if in_force == 0 { Self::slewed_at(self.since, &self.first, self.until(0)) } else { None };
        slewed.filter(|&at| from < at).into_iter().chain(bends).take_while(move |&at| at < to)
    }

    /// The bends of the changes from this one on.
    fn bends_of(&self, change: usize) -> impl Iterator<Item = Time> {
        let changes = self.changes.iter().enumerate().skip(change);
        changes.flat_map(|(index, &(since, ref clock))| {
            [Some(since), Self::slewed_at(since, clock, self.until(index + 1))].into_iter().flatten()
        })
    }

    /// When the change of this index comes, if it does.
    fn until(&self, change: usize) -> Time {
        self.changes.get(change).map_or(Time::from_ns(u64::MAX), |&(until, _)| until)
    }

    /// When a slew is complete that is under way in a piece.
    fn slewed_at(since: Time, clock: &Clock, until: Time) -> Option<Time> {
        clock.slewed_at().filter(|&done| since < done && done < until)
    }

    fn nth(&self, piece: usize) -> &Clock {
        let change = piece.checked_sub(1).and_then(|index| self.changes.get(index));
        change.map_or(&self.first, |(_, clock)| clock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: Time = Time::from_ns(86_400_000_000_000);

    #[test]
    fn ten_ppm_over_a_day_is_exact() {
        let clock = Clock::new(Span::ZERO, 10_000);
        assert_eq!(clock.read(DAY).ns() - DAY.ns().cast_signed(), 864_000_000);
        let slow = Clock::new(Span::ZERO, -10_000);
        assert_eq!(slow.read(DAY).ns() - DAY.ns().cast_signed(), -864_000_000);
    }

    #[test]
    fn a_change_of_drift_loses_nothing() {
        // A third of a nanosecond is carried over each of a thousand segments.
        let mut clock = Clock::new(Span::ZERO, 0);
        for segment in 0..1_000_u64 {
            clock.set_drift(Time::from_ns(segment * 1_000), 333_333 + i64::from(segment % 2 == 0));
        }
        let exact = 1_000_000_i128 * ATTO_PER_NS + 1_000 * (333_333 * 1_000 + 500);
        assert_eq!(clock.oscillator(Time::from_ns(1_000_000)), exact);
    }

    #[test]
    fn an_oscillator_that_stands_still_goes_on_where_it_stood() {
        let mut clock = Clock::new(Span::from_ms(5), 50_000);
        let at = |ms| Time::ZERO + Span::from_ms(ms);
        let (target, _) = clock.due(Time::ZERO, Span::from_ms(100));
        let stood = clock.oscillator(at(20));
        clock.set_drift(at(20), STOPPED_PPB);
        clock.slew(at(30), Span::from_ms(-10), Span::from_ms(1));
        assert_eq!(
            (clock.oscillator(at(90)), clock.time_when(target), clock.slewed_at()),
            (stood, Time::NEVER, Some(Time::NEVER))
        );
        assert_eq!(clock.due(at(90), Span::ZERO), (stood, at(90)));
        clock.set_drift(at(120), 0);
        assert!(clock.oscillator(clock.time_when(target)) >= target);
    }

    #[test]
    fn a_step_moves_the_clock_and_not_the_oscillator() {
        let mut clock = Clock::new(Span::from_ms(5), 50_000);
        let (target, before) = clock.due(Time::ZERO, Span::from_ms(10_000));
        clock.step(Span::from_ms(-2_000));
        assert_eq!(clock.time_when(target), before);
        assert_eq!(clock.read(Time::ZERO), Reading::from_ns(-1_995_000_000));
    }

    #[test]
    fn a_slew_is_even_and_ends() {
        let mut clock = Clock::new(Span::ZERO, 0);
        clock.slew(Time::ZERO, Span::from_ms(-10), Span::from_ms(1_000));
        for (at, shows) in [(0, 0), (500, 495), (1_000, 990), (2_000, 1_990)] {
            let at = Time::ZERO + Span::from_ms(at);
            assert_eq!(clock.read(at), Reading::from_ns(Span::from_ms(shows).ns()));
        }
    }

    #[test]
    fn a_history_tells_what_the_clock_showed() {
        let mut clock = Clock::new(Span::from_ms(5), 0);
        let mut history = History::new(clock);
        let at = |ms| Time::ZERO + Span::from_ms(ms);
        clock.step(Span::from_ms(-2));
        history.change(at(10), clock);
        clock.slew(at(20), Span::from_ms(-3), Span::from_ms(30));
        history.change(at(20), clock);
        for (ms, shows) in [(0, 5), (9, 14), (10, 13), (20, 23), (30, 32), (50, 50), (90, 90)] {
            assert_eq!(history.read(at(ms)), Reading::from_ns(Span::from_ms(shows).ns()), "at {ms} ms");
        }
        assert_eq!(history.before(at(10)).read(at(10)), Reading::from_ns(15_000_000));
        assert_eq!(history.bends().collect::<Vec<_>>(), [0, 10, 20, 50].map(at));
    }

    /// A clock that is stepped, slewed, slewed anew before the first slew is over, and drifts.
    fn eventful() -> History {
        let at = |ms| Time::ZERO + Span::from_ms(ms);
        let mut clock = Clock::new(Span::from_ms(5), 40);
        let mut history = History::new(clock);
        clock.step(Span::from_ms(-2));
        history.change(at(10), clock);
        clock.slew(at(20), Span::from_ms(-3), Span::from_ms(30));
        history.change(at(20), clock);
        clock.slew(at(40), Span::from_ms(3), Span::from_ms(20));
        history.change(at(40), clock);
        clock.set_drift(at(45), -500);
        history.change(at(45), clock);
        clock.step(Span::from_ms(1));
        history.change(at(45), clock);
        clock.slew(at(70), Span::from_ms(4), Span::from_ms(10));
        history.change(at(70), clock);
        history
    }

    #[test]
    fn what_was_let_go_changes_nothing_of_what_comes_after() {
        let at = |ms| Time::ZERO + Span::from_ms(ms);
        let whole = eventful();
        for now in 0..100 {
            let mut rest = whole.clone();
            rest.let_go(at(now));
            for ms in now..100 {
                assert_eq!(rest.at(at(ms)), whole.at(at(ms)), "at {ms} ms, let go at {now} ms");
                let after = |history: &History| history.bends_between(at(now), at(ms)).collect::<Vec<_>>();
                assert_eq!(after(&rest), after(&whole), "from {now} ms to {ms} ms");
            }
            let since = |history: &History| {
                let pieces = history.pieces().map(|(since, _)| since);
                pieces.filter(|&since| since >= at(now)).collect::<Vec<_>>()
            };
            let (kept, all) = (since(&rest), since(&whole));
            assert_eq!(kept[kept.len().saturating_sub(all.len())..], all, "pieces from {now} ms on");
            assert!(rest.pieces().next().is_some_and(|(since, _)| since <= at(now)), "at {now} ms");
        }
    }

    #[test]
    fn the_bends_between_two_moments_are_those_of_all_that_lie_there() {
        let history = eventful();
        let at = |ms| Time::ZERO + Span::from_ms(ms);
        for from in 0..100 {
            for to in from..100 {
                let all = history.bends().filter(|&bend| at(from) < bend && bend < at(to));
                let mut all: Vec<Time> = all.collect();
                all.dedup();
                let mut between: Vec<Time> = history.bends_between(at(from), at(to)).collect();
                between.dedup();
                assert_eq!(between, all, "from {from} ms to {to} ms");
            }
        }
    }

    #[test]
    fn a_slew_that_takes_back_more_than_its_time_runs_backwards() {
        for (by, over, backwards) in [(-10, 10, false), (-11, 10, true), (11, 10, false), (-11, 0, false)] {
            let mut clock = Clock::new(Span::ZERO, 0);
            clock.slew(Time::ZERO, Span::from_ms(by), Span::from_ms(over));
            assert_eq!(clock.runs_backwards(Time::ZERO), backwards, "{by} over {over}");
            assert!(!clock.runs_backwards(DAY));
        }
    }

    proptest! {
        #[test]
        fn nanoseconds_are_a_thousand_million_attoseconds(ns: i64) {
            for ns in [ns, i64::MIN, i64::MAX, -1, 0, 1, -(1 << 32), 1 << 32] {
                prop_assert_eq!(in_atto(ns), i128::from(ns) * ATTO_PER_NS);
            }
        }

        #[test]
        fn a_timer_fires_at_the_first_moment_that_shows_its_target(
            drift in prop_oneof![Just(0), -100_000_000_i64..=100_000_000, STOPPED_PPB..=-999_000_000], now in 0_u64..1_000_000_000_000, after in 0_i64..1_000_000_000,
        ) {
            let mut clock = Clock::new(Span::ZERO, 7);
            let now = Time::from_ns(now);
            clock.set_drift(now, drift);
            let (target, fires) = clock.due(now, Span::from_ns(after));
            if drift == STOPPED_PPB {
                prop_assert_eq!(fires, if after == 0 { now } else { Time::NEVER });
                return Ok(());
            }
            prop_assert_eq!(fires, clock.time_when(target));
            prop_assert!(clock.oscillator(fires) >= target);
            prop_assert!(fires == now || clock.oscillator(Time::from_ns(fires.ns() - 1)) < target);
        }
    }
}
