//! Who makes calls: a time limit, attempts, waits between them, and a budget for retries.
//!
//! Waits: Marc Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015. Budget:
//! Betsy Beyer and others (eds.), "Site reliability engineering", 2016, chapter 21; a bucket of
//! tokens as in gRPC's retry throttling.

use std::collections::{BTreeMap, BTreeSet};

use crate::problems::prelude::*;
use crate::process::{Call, Probability};

use super::service::{Alarm, Message, Outcome, Service};

/// How a caller makes calls.
#[derive(Clone, Debug)]
pub(super) struct CallerConfig {
    /// Whom it asks.
    pub(super) to: NodeId,
    /// How long it waits for an answer; `None` for as long as it takes.
    pub(super) timeout: Option<Span>,
    /// How many attempts it makes in all.
    pub(super) attempts: u32,
    /// How long it waits between two attempts.
    pub(super) backoff: Backoff,
    /// The first wait.
    pub(super) base: Span,
    /// The longest wait.
    pub(super) cap: Span,
    /// How many retries a first attempt pays for; `None` if none needs to be paid.
    pub(super) budget: Option<Probability>,
}

/// How long a caller waits before the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Backoff {
    /// Not at all.
    None,
    /// Always `base`.
    Fixed,
    /// `base`, and twice as long each time, at most `cap`.
    Exponential,
    /// Evenly between nothing and what `exponential` waits.
    Full,
    /// Half of what `exponential` waits, and evenly up to the other half.
    Equal,
    /// Evenly between `base` and three times the last wait, at most `cap`.
    Decorrelated,
}

impl Backoff {
    /// The least and the most of the wait after the `nth` attempt, before `cap` is applied to what
    /// is drawn. `last` is the wait before.
    fn ends(self, nth: u32, base: Span, cap: Span, last: Span) -> [Span; 2] {
        // Beyond 62 doublings, any cap is reached.
        let doubled = base.times(1 << (nth - 1).min(62)).min(cap);
        match self {
            Backoff::None => [Span::ZERO; 2],
            Backoff::Fixed => [base.min(cap); 2],
            Backoff::Exponential => [doubled; 2],
            Backoff::Full => [Span::ZERO, doubled],
            Backoff::Equal => [Span::from_ns(doubled.ns() / 2), doubled],
            Backoff::Decorrelated => [base, last.times(3)],
        }
    }
}

/// Tokens that retries cost, in millionths of one.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: u64,
    share: u64,
}

impl Bucket {
    const RETRY: u64 = 1_000_000;
    /// So many retries can be saved up, and are there at the start.
    const MOST: u64 = 10 * Bucket::RETRY;

    fn new(share: Probability) -> Bucket {
        Bucket { tokens: Bucket::MOST, share: libm::round(share.get() * Bucket::RETRY as f64) as u64 }
    }

    fn earn(&mut self) {
        self.tokens = (self.tokens + self.share).min(Bucket::MOST);
    }

    fn pay(&mut self) -> bool {
        let rest = self.tokens.checked_sub(Bucket::RETRY);
        self.tokens = rest.unwrap_or(self.tokens);
        rest.is_some()
    }
}

/// Makes calls, and calls again.
#[derive(Clone)]
pub(super) struct Caller {
    config: CallerConfig,
    bucket: Option<Bucket>,
    /// What is under way, by what it was asked for.
    open: BTreeMap<Call, Attempt>,
    /// What it waits for no longer, and has heard nothing of yet.
    given_up: BTreeSet<Call>,
}

/// The attempt that is under way, or the wait before it.
#[derive(Clone)]
struct Attempt {
    call: Call,
    alarm: Option<TimerId>,
    /// The last wait.
    waited: Span,
}

/// What became of what a caller was asked for.
pub(super) type Over = Option<(Call, Outcome)>;

impl Caller {
    pub(super) fn new(config: CallerConfig) -> Caller {
        let bucket = config.budget.map(Bucket::new);
        Caller { config, bucket, open: BTreeMap::new(), given_up: BTreeSet::new() }
    }

    /// Makes the first attempt at what it is asked for.
    pub(super) fn begin(&mut self, asked: Call, ctx: &mut Context<'_, Service>) {
        if let Some(bucket) = &mut self.bucket {
            // retry, step 4.
            bucket.earn();
        }
        self.send(asked.attempt(1), self.config.base, ctx);
    }

    fn send(&mut self, call: Call, waited: Span, ctx: &mut Context<'_, Service>) {
        // retry, step 1.
        ctx.send(self.config.to, Message::Ask(call));
        let alarm = self.config.timeout.map(|timeout| ctx.set_timer(timeout, Alarm::GiveUp(call)));
        self.open.insert(call.parent(), Attempt { call, alarm, waited });
    }

    /// An answer came. One to an attempt that was given up changes nothing.
    pub(super) fn answered(&mut self, call: Call, outcome: Outcome, ctx: &mut Context<'_, Service>) -> Over {
        // retry, step 2.
        let asked = call.parent();
        let Some(attempt) = self.open.get_mut(&asked).filter(|attempt| attempt.call == call) else {
            if self.given_up.remove(&call) && outcome != Outcome::Refused {
                ctx.note("late", call.request(), || format!("too late: call {call} was given up"));
            }
            return None;
        };
        ctx.cancel_timer(attempt.alarm.take());
        if outcome == Outcome::Done { self.end(asked, outcome) } else { self.fail(call, outcome, ctx) }
    }

    /// No answer came in time.
    pub(super) fn give_up(&mut self, call: Call, ctx: &mut Context<'_, Service>) -> Over {
        self.given_up.insert(call);
        self.fail(call, Outcome::Failed, ctx)
    }

    /// The wait before an attempt is over.
    pub(super) fn again(&mut self, call: Call, ctx: &mut Context<'_, Service>) {
        let waited = self.open.get(&call.parent()).map_or(self.config.base, |attempt| attempt.waited);
        self.send(call, waited, ctx);
    }

    /// An attempt has failed: another is made, if there may be one.
    fn fail(&mut self, call: Call, outcome: Outcome, ctx: &mut Context<'_, Service>) -> Over {
        let asked = call.parent();
        // retry, steps 3 and 4.
        let is_last = call.nth() >= self.config.attempts;
        if is_last || !self.bucket.as_mut().is_none_or(Bucket::pay) {
            return self.end(asked, outcome);
        }
        self.wait(asked.attempt(call.nth() + 1), ctx);
        None
    }

    fn wait(&mut self, next: Call, ctx: &mut Context<'_, Service>) {
        // retry, step 5.
        let CallerConfig { backoff, base, cap, .. } = self.config;
        let last = self.open.get(&next.parent()).map_or(base, |attempt| attempt.waited);
        let [min, max] = backoff.ends(next.nth() - 1, base, cap, last);
        let drawn = match min < max {
            true => ctx.load("backoff", next, &Distribution::Uniform { min, max }),
            false => min,
        };
        let waited = drawn.min(cap);
        if waited == Span::ZERO {
            return self.send(next, waited, ctx);
        }
        let alarm = Some(ctx.set_timer(waited, Alarm::Again(next)));
        self.open.insert(next.parent(), Attempt { call: next, alarm, waited });
    }

    fn end(&mut self, asked: Call, outcome: Outcome) -> Over {
        self.open.remove(&asked);
        Some((asked, outcome))
    }

    pub(super) fn tell(&self, facts: &mut Facts) {
        facts.level("in flight", self.open.len(), None);
        if let Some(Bucket { tokens, .. }) = self.bucket {
            facts.level("budget", (tokens / Bucket::RETRY) as usize, (Bucket::MOST / Bucket::RETRY) as usize);
        }
    }
}
