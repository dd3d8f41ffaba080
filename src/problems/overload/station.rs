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
    /// How long a call takes a worker.
    pub(super) service: Distribution,
    /// How likely a call fails when it has been served.
    pub(super) fail: Probability,
}

/// Workers and their queue. It does not know whether a caller still waits.
#[derive(Clone)]
pub(super) struct Station {
    config: StationConfig,
    busy: u32,
    queue: VecDeque<(NodeId, Call)>,
}

impl Station {
    pub(super) fn new(config: StationConfig) -> Station {
        Station { config, busy: 0, queue: VecDeque::new() }
    }

    /// Serves a call, lets it wait, or refuses it.
    pub(super) fn take(&mut self, from: NodeId, call: Call, ctx: &mut Context<'_, Service>) {
        // retry, step 6.
        let StationConfig { workers, room, .. } = self.config;
        if workers.is_none_or(|workers| self.busy < workers) {
            return self.begin(from, call, ctx);
        }
        if room.is_some_and(|room| self.queue.len() as u64 >= u64::from(room)) {
            return ctx.send(from, Message::Answer(call, Outcome::Refused));
        }
        self.queue.push_back((from, call));
        let waiting = self.queue.len() as u32;
        ctx.note("queued", waiting, || format!("call {call} waits: {waiting} in the queue"));
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
        // retry, step 6.
        if let Some((from, call)) = self.queue.pop_front() {
            self.begin(from, call, ctx);
        }
    }

    pub(super) fn tell(&self, facts: &mut Facts) {
        let StationConfig { workers, room, .. } = self.config;
        facts.level("queue", self.queue.len(), room.map(|room| room as usize));
        facts.level("busy", self.busy as usize, workers.map(|workers| workers as usize));
    }
}
