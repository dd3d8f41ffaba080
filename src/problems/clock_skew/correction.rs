//! How a clock is corrected: stepped at once, or slewed so that nobody sees it leap.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::process::{Context, Protocol};
use crate::time::{Reading, Span};

use super::judge::CORRECTION;

/// How a protocol corrects a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Correct {
    /// Set it at once. A clock that was ahead leaps back.
    Step,
    /// Let it run faster or slower for a while.
    Slew,
}

/// Corrects the node's clock by `by` and tells its user. Returns how long the correction takes.
///
/// A slew takes `over` of the oscillator, and longer if that were too steep: a clock runs no slower
/// than at half its speed and no faster than at one and a half, so that it never shows less than
/// before.
pub fn correct<P: Protocol>(ctx: &mut Context<'_, P>, by: Span, how: Correct, over: Span) -> Span {
    ctx.output(CORRECTION, by);
    match how {
        _ if by == Span::ZERO => Span::ZERO,
        Correct::Step => {
            ctx.step_clock(by);
            Span::ZERO
        }
        Correct::Slew => {
            let over = over.max(by.abs().times(2));
            ctx.slew_clock(by, over);
            over
        }
    }
}

/// How far a clock that shows `reading` now is ahead of this node's oscillator. Two clocks that are
/// held against it at different moments can be compared, though this node's own clock was set in
/// between.
pub fn ahead_of_oscillator<P: Protocol>(reading: Reading, ctx: &Context<'_, P>) -> Span {
    reading.since_zero() - ctx.monotonic().since_start()
}

/// How far a clock is off, in words: `1.5ms ahead`, `2s behind`, `the same`.
pub fn in_words(off: Span) -> String {
    if off == Span::ZERO {
        return "the same".to_owned();
    }
    let side = if off.is_negative() { "behind" } else { "ahead" };
    format!("{} {side}", off.abs().rounded())
}
