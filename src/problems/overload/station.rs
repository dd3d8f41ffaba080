//! A station: workers that serve calls one by one, and a queue before them.

use std::collections::VecDeque;

use crate::problems::prelude::*;
use crate::process::{Call, Probability};

use super::service::{Alarm, Message, Outcome, Service};

/// How a station serves.
#[derive(Clone, Debug)]
pub(super) struct StationConfig {
    /// How many calls are served at once; `None` for all that come.
    pub(super) workers: Option<u32>,
    /// How many can wait; `None` for as many as come.
    pub(super) room: Option<u32>,
    /// Which of them is served next.
    pub(super) discipline: Discipline,
    /// How long a call may have waited that is still worth serving; `None` for any time.
    pub(super) deadline: Option<Span>,
    /// How long a call takes a worker.
    pub(super) service: Distribution,
    /// How likely a call fails when it has been served.
    pub(super) fail: Probability,
}

/// Which of the calls that wait is served next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Discipline {
    /// The one that has waited longest.
    Fifo,
    /// The one that came last.
    Lifo,
}

/// A call in the queue.
#[derive(Clone)]
struct Waiting {
    from: NodeId,
    call: Call,
    since: Monotonic,
}

/// Workers and their queue. Whether a caller still waits it knows only by a deadline.
#[derive(Clone)]
pub(super) struct Station {
    config: StationConfig,
    busy: u32,
    /// The oldest first.
    queue: VecDeque<Waiting>,
}

impl Station {
    pub(super) fn new(config: StationConfig) -> Station {
        Station { config, busy: 0, queue: VecDeque::new() }
    }

    /// Serves a call, lets it wait, or refuses it.
    pub(super) fn take(&mut self, from: NodeId, call: Call, ctx: &mut Context<'_, Service>) {
        // retry, step 6; shedding, step 1.
        if self.config.workers.is_none_or(|workers| self.busy < workers) {
            return self.begin(from, call, ctx);
        }
        self.queue.push_back(Waiting { from, call, since: ctx.monotonic() });
        if self.config.room.is_some_and(|room| self.queue.len() as u64 > u64::from(room)) {
            return self.turn_away(ctx);
        }
        let waiting = self.queue.len() as u32;
        ctx.note("queued", waiting, || format!("call {call} waits: {waiting} in the queue"));
    }

    /// Refuses the call that would be served last: one of them is too much.
    fn turn_away(&mut self, ctx: &mut Context<'_, Service>) {
        // shedding, step 2.
        let last = match self.config.discipline {
            Discipline::Fifo => self.queue.pop_back(),
            Discipline::Lifo => self.queue.pop_front(),
        };
        if let Some(Waiting { from, call, .. }) = last {
            ctx.send(from, Message::Answer(call, Outcome::Refused));
        }
    }

    /// The next call to be served. Those that have waited too long are refused on the way.
    fn next(&mut self, ctx: &mut Context<'_, Service>) -> Option<Waiting> {
        loop {
            // shedding, step 3.
            let next = match self.config.discipline {
                Discipline::Fifo => self.queue.pop_front(),
                Discipline::Lifo => self.queue.pop_back(),
            }?;
            let waited = ctx.monotonic() - next.since;
            if self.config.deadline.is_none_or(|deadline| waited <= deadline) {
                return Some(next);
            }
            // shedding, step 4.
            let Waiting { from, call, .. } = next;
            ctx.note("dropped", call.request(), || format!("call {call} has waited for {}", waited.rounded()));
            ctx.send(from, Message::Answer(call, Outcome::Refused));
        }
    }

    fn begin(&mut self, from: NodeId, call: Call, ctx: &mut Context<'_, Service>) {
        self.busy += 1;
        let lasts = ctx.load("service", call, &self.config.service);
        ctx.set_timer(lasts, Alarm::Served(from, call));
    }

    /// A worker is done with a call, and takes the next.
    pub(super) fn served(&mut self, from: NodeId, call: Call, ctx: &mut Context<'_, Service>) {
        self.busy -= 1;
        let fails = ctx.chance("fail", call, self.config.fail);
        ctx.send(from, Message::Answer(call, if fails { Outcome::Failed } else { Outcome::Done }));
        // retry, step 6; shedding, step 3.
        if let Some(Waiting { from, call, .. }) = self.next(ctx) {
            self.begin(from, call, ctx);
        }
    }

    pub(super) fn tell(&self, facts: &mut Facts) {
        let StationConfig { workers, room, .. } = self.config;
        facts.level("queue", self.queue.len(), room.map(|room| room as usize));
        facts.level("busy", self.busy as usize, workers.map(|workers| workers as usize));
    }
}
