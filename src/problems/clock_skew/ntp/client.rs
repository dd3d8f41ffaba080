//! The client of NTP: one association a server, and one clock. A server that follows others is a
//! client that answers.

use std::sync::Arc;

use crate::process::facts::Words;
use crate::process::{Context, Element, Facts, NodeId, Process, TimerId};
use crate::time::{Monotonic, Reading, Span};

use super::super::correction::in_words;
use super::super::judge::CORRECTION;
use super::discipline::{Discipline, Verdict};
use super::filter::{ClockFilter, Sample};
use super::selection::{self, Candidate};
use super::{Algorithm, Constants, DISTANCE, Message, Ntp, Root, Timer, report};

/// How many questions a burst has (BCOUNT), and how long is between them (BTIME, appendix A.1).
const BURST: (u8, Span) = (8, Span::from_ms(2_000));

/// What a client remembers of one server.
#[derive(Clone)]
struct Association {
    server: NodeId,
    filter: ClockFilter,
    /// What the server last said of itself.
    root: Option<Root>,
    /// When the question that is open was asked, by this clock (T1) and by its oscillator.
    asked: Option<(Reading, Monotonic)>,
    /// Which of the last eight questions were answered, the last in the lowest bit.
    reach: u8,
    /// How many questions of the burst are left.
    burst: u8,
    /// The timer of the next question.
    next: Option<TimerId>,
}

impl Association {
    fn new(server: NodeId) -> Association {
        let filter = ClockFilter::default();
        Association { server, filter, root: None, asked: None, reach: 0, burst: 0, next: None }
    }

    /// The server with the offset that its best sample shows, marked if it cannot be reached.
    fn row(&self) -> Element {
        let offset = self.filter.peer().map(|peer| Words::from(in_words(peer.offset)));
        Element::row(self.server, offset.unwrap_or("no sample".into())).marked(self.reach == 0)
    }
}

/// Asks the servers, and corrects its clock.
#[derive(Clone)]
pub(super) struct Client {
    constants: Arc<Constants>,
    associations: Vec<Association>,
    /// What it says of its own way to the source, and when that was, while it is synchronised.
    system: Option<(Root, Monotonic)>,
    discipline: Option<Discipline>,
    /// When the last sample that was acted on was measured, by the oscillator (s.t).
    updated: Option<Monotonic>,
    /// Whether an offset was so large that the client gave up.
    gave_up: bool,
}

impl Client {
    pub(super) fn new(constants: Arc<Constants>, servers: impl Iterator<Item = NodeId>) -> Client {
        let associations = servers.map(Association::new).collect();
        Client { constants, associations, system: None, discipline: None, updated: None, gave_up: false }
    }

    fn association(&mut self, server: NodeId) -> Option<&mut Association> {
        self.associations.iter_mut().find(|association| association.server == server)
    }

    /// Answers a node that follows this clock, with a dispersion that has grown since the last
    /// update (A.5.3, `fast_xmit`).
    fn answer(&self, from: NodeId, t1: Reading, ctx: &mut Context<'_, Ntp>) {
        let now = ctx.now();
        let root = self.system.filter(|_| !self.gave_up).map(|(root, since)| {
            let dispersion = root.dispersion + self.constants.aged(ctx.monotonic() - since);
            Root { dispersion, ..root }
        });
        ctx.send(from, Message::Reply { t1, t2: now, t3: now, root });
    }

    /// Forgets what the servers said, as at the start, and asks each of them in `after`.
    fn reset(&mut self, after: Span, ctx: &mut Context<'_, Ntp>) {
        let burst = if self.constants.iburst { BURST.0 } else { 0 };
        for association in &mut self.associations {
            let server = association.server;
            ctx.cancel_timer(association.next);
            let next = Some(ctx.set_timer(after, Timer::Poll(server)));
            *association = Association { burst, next, ..Association::new(server) };
        }
        self.updated = None;
        self.system = None;
    }

    /// Step 1: the poll process of one association (section 13).
    fn poll(&mut self, server: NodeId, ctx: &mut Context<'_, Ntp>) {
        let (t1, now) = (ctx.now(), ctx.monotonic());
        let constants = Arc::clone(&self.constants);
        let Some(association) = self.association(server) else { return };
        if association.reach == 0 && association.burst == 0 && constants.iburst {
            // A server that does not answer is asked in a burst again (A.5.7.3).
            association.burst = BURST.0;
        }
        association.reach <<= 1;
        let is_bursting = association.burst > 0;
        if association.reach & 0b111 == 0 && !is_bursting {
            // Three questions without an answer: as if a sample had come that says nothing.
            association.filter.shift(None, now, &constants);
        }
        association.burst = association.burst.saturating_sub(1);
        association.asked = Some((t1, now));
        ctx.send(server, Message::Request(t1));
        let pause = if association.burst > 0 { BURST.1 } else { constants.poll };
        association.next = Some(ctx.set_timer(pause, Timer::Poll(server)));
    }

    /// Step 3: the servers that are fit to be followed, with what is known of each (appendix
    /// A.5.5.3).
    fn candidates(&self, now: Monotonic) -> Vec<Candidate> {
        let constants = &self.constants;
        let farthest = constants.maxdist + constants.aged(constants.poll);
        let fit = self.associations.iter().filter_map(|association| {
            let server = association.server.index();
            let (peer, root) = (association.filter.peer()?, association.root?);
            let distance = constants.root_distance(root, peer, now - peer.at);
            let is_fit = association.reach != 0 && distance < farthest;
            is_fit.then_some(Candidate { server, offset: peer.offset, distance, jitter: peer.jitter })
        });
        fit.collect()
    }

    /// Step 4: the system process (section 11.2).
    fn mitigate(&mut self, ctx: &mut Context<'_, Ntp>) {
        let candidates = self.candidates(ctx.monotonic());
        let (interval, chimers) = match self.constants.algorithm {
            Algorithm::Intersection => selection::truechimers(&candidates),
            Algorithm::Marzullo => selection::most_overlapping(&candidates),
        };
        if chimers.len() < self.constants.cmin as usize || chimers.is_empty() {
            report::note_disagreement(&candidates, ctx);
            return;
        }
        let truechimers = chimers.len();
        let (survivors, selection_jitter) = selection::cluster(chimers, self.constants.nmin as usize);
        let (offset, jitter) = selection::combine(&survivors, selection_jitter);
        let Some(system_peer) = survivors.first() else { return };
        let followed = self.associations.iter().find(|of| of.server.index() == system_peer.server);
        let Some((peer, root)) = followed.and_then(|of| Some((of.filter.peer()?, of.root?))) else { return };
        let (measured, claim) = (peer.at, self.constants.root(root, peer, ctx.monotonic() - peer.at, offset));
        // An update is acted on only if it is newer than the last (section 11.2.3).
        if self.updated.is_some_and(|updated| measured <= updated) {
            return;
        }
        self.updated = Some(measured);
        report::note_selection(&candidates, truechimers, interval, ctx, || {
            let (all, left, jitter) = (candidates.len(), survivors.len(), jitter.rounded());
            let words = in_words(offset);
            match (all, left) {
                (1, _) => format!("one server is there to be believed: it is {words}, within {jitter}"),
                (_, 1) => format!("{truechimers} of {all} servers agree, one survives: it is {words}, within {jitter}"),
                _ => format!("{truechimers} of {all} servers agree, {left} survive: they are {words}, within {jitter}"),
            }
        });
        self.update(offset, measured, claim, ctx);
    }

    /// Step 5: the clock update (section 11.2.3 and figure 25).
    fn update(&mut self, offset: Span, measured: Monotonic, claim: Root, ctx: &mut Context<'_, Ntp>) {
        let Some(discipline) = &mut self.discipline else { return };
        match discipline.update(offset, measured, &self.constants) {
            Verdict::Ignore => {}
            Verdict::Panic => {
                self.gave_up = true;
                ctx.output("state", "panic");
            }
            Verdict::Step(by) => {
                ctx.output(CORRECTION, by);
                ctx.step_clock(by);
                self.reset(BURST.1, ctx);
            }
            Verdict::Adjust => {
                ctx.output("offset", offset);
                ctx.output(DISTANCE, claim.distance());
                self.system = Some((claim, ctx.monotonic()));
            }
        }
    }
}

impl Process<Ntp> for Client {
    fn start(&mut self, ctx: &mut Context<'_, Ntp>) {
        self.reset(Span::ZERO, ctx);
        self.discipline = Some(Discipline::new(ctx.monotonic()));
        ctx.set_timer(self.constants.poll, Timer::Adjust);
    }

    fn message(&mut self, from: NodeId, message: Message, ctx: &mut Context<'_, Ntp>) {
        let (t1, t2, t3, root) = match message {
            Message::Request(t1) => return self.answer(from, t1, ctx),
            Message::Reply { t1, t2, t3, root } => (t1, t2, t3, root),
        };
        let (t4, now) = (ctx.now(), ctx.monotonic());
        let (constants, is_first, gave_up) = (Arc::clone(&self.constants), self.updated.is_none(), self.gave_up);
        let Some(association) = self.association(from) else { return };
        // A reply to another question than the open one is bogus, a second one a duplicate (section
        // 8).
        let Some((_, asked)) = association.asked.take_if(|(asked, _)| *asked == t1 && !gave_up) else { return };
        // Of a server that is not synchronised nothing is taken in (appendix A.5.1.1).
        if root.is_none() {
            return;
        }
        association.root = root;
        association.reach |= 1;
        let sample = Sample::of(now - asked, t2, t3, t4, now, &constants);
        let is_news = association.filter.shift(Some(sample), now, &constants).is_some();
        // Before the first update anything goes (appendix A.5.2); during a burst, nothing.
        if (is_news || is_first) && association.burst == 0 {
            self.mitigate(ctx);
        }
    }

    fn timer(&mut self, timer: Timer, ctx: &mut Context<'_, Ntp>) {
        if self.gave_up {
            return;
        }
        match timer {
            Timer::Poll(server) => self.poll(server, ctx),
            Timer::Adjust => {
                // The clock-adjust process (section 12), once a poll interval.
                if let Some(discipline) = &mut self.discipline {
                    let by = discipline.next_slew(&self.constants);
                    if by != Span::ZERO {
                        ctx.slew_clock(by, self.constants.poll);
                    }
                }
                ctx.set_timer(self.constants.poll, Timer::Adjust);
            }
        }
    }

    fn state(&self, facts: &mut Facts) {
        let rows = self.associations.iter().rev().map(Association::row);
        facts.table("servers", self.associations.len(), rows);
    }
}
