//! The client of a lease: it asks, relies on the lease for as long as it may, and writes under the
//! lease's token.

use crate::process::{Context, Facts, NodeId, Process, TimerId};

use super::{Alarm, CHECKED, FIRST_CLIENT, From, LOCKS, Lease, Message, RETRY, Raise, STORE, number};

/// Where a client is on its way.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// It will ask.
    Idle,
    /// It has asked and not been answered.
    Asking,
    /// It believes that it holds the lease.
    Holding { token: u64 },
    /// It held the lease.
    Done,
}

/// Wants to write.
#[derive(Clone)]
pub(super) struct Client {
    params: Lease,
    /// The last request's number.
    attempt: u64,
    phase: Phase,
    /// The timer that ends the lease.
    over: Option<TimerId>,
    /// The timer for asking again.
    retry: Option<TimerId>,
    written: u32,
}

impl Client {
    /// A client that has made so many attempts.
    pub(super) fn new(params: Lease, attempt: u64) -> Client {
        Client { params, attempt, phase: Phase::Idle, over: None, retry: None, written: 0 }
    }

    /// Step 1, and step 3 where a client counts from the sending of its request.
    fn ask(&mut self, ctx: &mut Context<'_, Lease>) {
        self.attempt += 1;
        ctx.write(Raise("attempt", self.attempt));
        self.phase = Phase::Asking;
        if self.params.from == From::Sending {
            self.count(ctx);
        }
        self.retry = Some(ctx.set_timer(RETRY, Alarm::Ask));
        ctx.send(LOCKS, Message::Ask { attempt: self.attempt });
    }

    /// Counts the lease from now on.
    fn count(&mut self, ctx: &mut Context<'_, Lease>) {
        self.cancel_counting(ctx);
        self.over = Some(ctx.set_timer(self.params.trust(), Alarm::Over(self.attempt)));
    }

    fn cancel_counting(&mut self, ctx: &mut Context<'_, Lease>) {
        ctx.cancel_timer(self.over.take());
    }

    fn cancel_retry(&mut self, ctx: &mut Context<'_, Lease>) {
        ctx.cancel_timer(self.retry.take());
    }

    /// Step 3.
    fn hold(&mut self, token: u64, ctx: &mut Context<'_, Lease>) {
        self.cancel_retry(ctx);
        self.phase = Phase::Holding { token };
        ctx.output("holds", number(token));
        if self.params.from == From::Reception {
            self.count(ctx);
        }
        self.prepare(ctx);
    }

    fn prepare(&self, ctx: &mut Context<'_, Lease>) {
        if self.written < self.params.writes {
            ctx.set_timer(self.params.work, Alarm::Prepared);
        }
    }

    /// Step 4.
    fn write(&mut self, ctx: &mut Context<'_, Lease>) {
        let Phase::Holding { token } = self.phase else { return };
        self.written += 1;
        ctx.crash_point_for(CHECKED, token);
        ctx.send(STORE, Message::Write { token });
        self.prepare(ctx);
    }

    fn end(&mut self, ctx: &mut Context<'_, Lease>) {
        if let Phase::Holding { token } = self.phase {
            self.cancel_counting(ctx);
            self.phase = Phase::Done;
            ctx.output("ended", number(token));
        }
    }
}

impl Process<Lease> for Client {
    fn start(&mut self, ctx: &mut Context<'_, Lease>) {
        let place = ctx.me().index() - FIRST_CLIENT;
        ctx.set_timer(self.params.stagger.times(place as i64), Alarm::Ask);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Lease>) {
        let is_asking = self.phase == Phase::Asking;
        match message {
            Message::Grant { attempt, token } if is_asking && attempt == self.attempt => self.hold(token, ctx),
            Message::Busy { attempt, wait } if is_asking && attempt == self.attempt => {
                self.cancel_counting(ctx);
                self.cancel_retry(ctx);
                self.phase = Phase::Idle;
                ctx.set_timer(wait, Alarm::Ask);
            }
            Message::Refused { token } if self.phase == (Phase::Holding { token }) => self.end(ctx),
            // An answer to a request that was given up, or to a write.
            _ => {}
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, Lease>) {
        match (alarm, self.phase) {
            (Alarm::Ask, Phase::Idle | Phase::Asking) => self.ask(ctx),
            (Alarm::Over(attempt), Phase::Holding { .. }) if attempt == self.attempt => self.end(ctx),
            (Alarm::Over(attempt), Phase::Asking) if attempt == self.attempt => {
                // What may still be granted to this request is over already.
                self.cancel_retry(ctx);
                self.ask(ctx);
            }
            (Alarm::Prepared, _) => self.write(ctx),
            _ => {}
        }
    }

    fn state(&self, facts: &mut Facts) {
        match self.phase {
            Phase::Idle => facts.word("lease", "not asked for"),
            Phase::Asking => facts.operation("asks", "for the lease"),
            Phase::Holding { token } => facts.operation("holds", format!("lease {token}")),
            Phase::Done => facts.word("lease", "over"),
        }
    }
}
