//! The protocol that all of this problem run: clients whose requests come from outside, services
//! between, and a server at the end. A protocol's file says how these are set up.
//!
//! The first node stands for all clients together. A node between asks the next one for each call
//! that it must answer.

use crate::problems::prelude::*;
use crate::process::Call;

use super::caller::{Caller, CallerConfig, Over};
use super::station::{Station, StationConfig};

/// What runs on each node as it begins, in the scenario's order.
#[derive(Clone)]
pub(super) struct Service {
    parts: Vec<Part>,
}

impl Service {
    /// Clients that make calls to a server, through gateways that each make calls of their own.
    pub(super) fn chain(client: Client, gateways: Vec<CallerConfig>, server: StationConfig) -> Service {
        let before = NodeId::first(gateways.len());
        let gateway = |(from, config)| Part::Gateway(Gateway { from, caller: Caller::new(config) });
        let mut parts = vec![Part::Client(client)];
        parts.extend(before.zip(gateways).map(gateway));
        parts.push(Part::Server(Server { station: Station::new(server) }));
        Service { parts }
    }
}

impl Protocol for Service {
    type Process = Part;
    type Message = Message;
    type Timer = Alarm;
    type Disk = ();

    fn boot(&self, node: NodeId, (): &()) -> Part {
        self.parts[node.index()].clone()
    }
}

/// What nodes say.
#[derive(Clone, Copy, PartialEq, Serialize)]
pub(super) enum Message {
    /// Do this.
    Ask(Call),
    /// What became of it.
    Answer(Call, Outcome),
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Outcome {
    /// It was served.
    Done,
    /// It failed, or no answer came in time.
    Failed,
    /// Nobody has room for it.
    Refused,
}

impl Outcome {
    /// The output by which a client tells it.
    const fn word(self) -> &'static str {
        match self {
            Outcome::Done => "good",
            Outcome::Failed => "failed",
            Outcome::Refused => "shed",
        }
    }
}

/// What nodes wait for.
#[derive(Clone)]
pub(super) enum Alarm {
    /// The next request.
    Arrive,
    /// The end of a caller's patience.
    GiveUp(Call),
    /// The end of the wait before an attempt.
    Again(Call),
    /// The end of a worker's work.
    Served(NodeId, Call),
}

roles!(
    /// What runs on a node.
    pub(super) enum Part: Service { Client, Gateway, Server }
);

/// All clients together.
#[derive(Clone)]
pub(super) struct Client {
    /// The time between two requests, and before the first.
    gap: Distribution,
    caller: Caller,
    /// The number of the next request, and when it comes on the oscillator.
    next: u32,
    due: Span,
}

impl Client {
    pub(super) fn new(gap: Distribution, config: CallerConfig) -> Client {
        Client { gap, caller: Caller::new(config), next: 0, due: Span::ZERO }
    }

    /// Requests come when they come, whatever the client does: those that came while it was down
    /// are lost, and those that came while it was paused are there when it goes on.
    fn await_next(&mut self, from: Span, ctx: &mut Context<'_, Service>) {
        loop {
            let Some(next) = self.next.checked_add(1) else { return };
            self.next = next;
            self.due += ctx.load("gap", next, &self.gap);
            if self.due >= from {
                break;
            }
        }
        let now = ctx.monotonic().since_start();
        ctx.set_timer(self.due - now, Alarm::Arrive);
    }

    fn tell_user(over: Over, ctx: &mut Context<'_, Service>) {
        if let Some((request, outcome)) = over {
            ctx.output(outcome.word(), request.request());
        }
    }
}

impl Process<Service> for Client {
    fn start(&mut self, ctx: &mut Context<'_, Service>) {
        self.await_next(ctx.monotonic().since_start(), ctx);
    }

    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Service>) {
        if let Message::Answer(call, outcome) = message {
            let over = self.caller.answered(call, outcome, ctx);
            Client::tell_user(over, ctx);
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, Service>) {
        match alarm {
            Alarm::Arrive => {
                let request = self.next;
                ctx.note("asked", request, || format!("request {request} comes"));
                self.caller.begin(request.into(), ctx);
                self.await_next(Span::ZERO, ctx);
            }
            Alarm::GiveUp(call) => {
                let over = self.caller.give_up(call, ctx);
                Client::tell_user(over, ctx);
            }
            Alarm::Again(call) => self.caller.again(call, ctx),
            Alarm::Served(..) => {}
        }
    }

    fn state(&self, facts: &mut Facts) {
        self.caller.tell(facts);
    }
}

/// A service that asks another for each call that it must answer.
#[derive(Clone)]
pub(super) struct Gateway {
    /// Whom it answers.
    from: NodeId,
    caller: Caller,
}

impl Gateway {
    fn answer(&self, over: Over, ctx: &mut Context<'_, Service>) {
        if let Some((call, outcome)) = over {
            ctx.send(self.from, Message::Answer(call, outcome));
        }
    }
}

impl Process<Service> for Gateway {
    fn message(&mut self, _from: NodeId, message: Message, ctx: &mut Context<'_, Service>) {
        match message {
            // retry, step 7.
            Message::Ask(call) => self.caller.begin(call, ctx),
            Message::Answer(call, outcome) => {
                let over = self.caller.answered(call, outcome, ctx);
                self.answer(over, ctx);
            }
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, Service>) {
        match alarm {
            Alarm::GiveUp(call) => {
                let over = self.caller.give_up(call, ctx);
                self.answer(over, ctx);
            }
            Alarm::Again(call) => self.caller.again(call, ctx),
            Alarm::Arrive | Alarm::Served(..) => {}
        }
    }

    fn state(&self, facts: &mut Facts) {
        self.caller.tell(facts);
    }
}

/// Who does the work.
#[derive(Clone)]
pub(super) struct Server {
    station: Station,
}

impl Process<Service> for Server {
    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Service>) {
        if let Message::Ask(call) = message {
            self.station.take(from, call, ctx);
        }
    }

    fn timer(&mut self, alarm: Alarm, ctx: &mut Context<'_, Service>) {
        if let Alarm::Served(from, call) = alarm {
            self.station.served(from, call, ctx);
        }
    }

    fn state(&self, facts: &mut Facts) {
        self.station.tell(facts);
    }
}

words!(Message {
    Ask(call) => "request {call}";
    Answer(call, Outcome::Done) => "answer {call}";
    Answer(call, Outcome::Failed) => "error {call}";
    Answer(call, Outcome::Refused) => "too busy {call}";
});

words!(Alarm {
    Arrive => "next request";
    GiveUp(call) => "give up {call}";
    Again(call) => "try {call}";
    Served(_, call) => "{call} is served";
});
