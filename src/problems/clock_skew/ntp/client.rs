//! The client of NTP: one association a server, and one clock.

use std::fmt;

use crate::process::{Context, NodeId, Process, TimerId, Value};
use crate::time::{Monotonic, Reading, Span};

use super::super::correction::in_words;
use super::super::judge::CORRECTION;
use super::discipline::{Discipline, Verdict};
use super::filter::{ClockFilter, Sample};
use super::selection::{self, Candidate};
use super::{Algorithm, Constants, DISTANCE, Message, Ntp, Root, Timer};

/// How many questions a burst has (BCOUNT), and how long is between them (BTIME, appendix A.1).
const BURST: (u8, Span) = (8, Span::from_ms(2_000));

/// What a client remembers of one server.
#[derive(Clone, Default)]
struct Association {
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

/// Asks the servers, and corrects its clock.
#[derive(Clone)]
pub(super) struct Client {
    constants: Constants,
    associations: Vec<Association>,
    discipline: Option<Discipline>,
    /// When the last sample that was acted on was measured, by the oscillator (s.t).
    updated: Option<Monotonic>,
    /// Whether an offset was so large that the client gave up.
    gave_up: bool,
}

impl Client {
    pub(super) fn new(constants: Constants, servers: usize) -> Client {
        let associations = (0..servers).map(|_| Association::default()).collect();
        Client { constants, associations, discipline: None, updated: None, gave_up: false }
    }

    /// Forgets what the servers said, as at the start, and asks each of them in `after`.
    fn reset(&mut self, after: Span, ctx: &mut Context<'_, Ntp>) {
        let burst = if self.constants.iburst { BURST.0 } else { 0 };
        for (server, association) in NodeId::first(self.associations.len()).zip(&mut self.associations) {
            if let Some(timer) = association.next {
                ctx.cancel_timer(timer);
            }
            let next = Some(ctx.set_timer(after, Timer::Poll(server)));
            *association = Association { burst, next, ..Association::default() };
        }
        self.updated = None;
    }

    /// The poll process of one association (section 13).
    fn poll(&mut self, server: NodeId, ctx: &mut Context<'_, Ntp>) {
        let (t1, now) = (ctx.now(), ctx.monotonic());
        let association = &mut self.associations[server.index()];
        association.reach <<= 1;
        let is_bursting = association.burst > 0;
        if association.reach & 0b111 == 0 && !is_bursting {
            // Three questions without an answer: as if a sample had come that says nothing.
            association.filter.shift(None, now, &self.constants);
        }
        association.burst = association.burst.saturating_sub(1);
        association.asked = Some((t1, now));
        ctx.send(server, Message::Request(t1));
        let pause = if association.burst > 0 { BURST.1 } else { self.constants.poll };
        association.next = Some(ctx.set_timer(pause, Timer::Poll(server)));
    }

    /// The servers that are fit to be followed, with what is known of each (appendix A.5.5.3).
    fn candidates(&self, now: Monotonic) -> Vec<Candidate> {
        let constants = &self.constants;
        let farthest = constants.maxdist + constants.aged(constants.poll);
        let fit = self.associations.iter().enumerate().filter_map(|(server, association)| {
            let (peer, root) = (association.filter.peer()?, association.root?);
            let distance = constants.root_distance(root, peer, now - peer.at);
            let is_fit = association.reach != 0 && distance < farthest;
            is_fit.then_some(Candidate { server, offset: peer.offset, distance, jitter: peer.jitter })
        });
        fit.collect()
    }

    /// The system process (section 11.2).
    fn mitigate(&mut self, ctx: &mut Context<'_, Ntp>) {
        let candidates = self.candidates(ctx.monotonic());
        let chimers = match self.constants.algorithm {
            Algorithm::Intersection => selection::truechimers(&candidates),
            Algorithm::Marzullo => selection::most_overlapping(&candidates),
        };
        if chimers.len() < self.constants.cmin as usize || chimers.is_empty() {
            ctx.note("truechimers", Value::Number(0), || format!("no majority of {} servers agrees", candidates.len()));
            return;
        }
        let truechimers = chimers.len();
        let (survivors, selection_jitter) = selection::cluster(chimers, self.constants.nmin as usize);
        let (offset, jitter) = selection::combine(&survivors, selection_jitter);
        let Some(system_peer) = survivors.first() else { return };
        let Association { filter, root, .. } = &self.associations[system_peer.server];
        let (Some(peer), Some(root)) = (filter.peer(), *root) else { return };
        let (measured, claim) = (peer.at, self.constants.claim(root, peer, ctx.monotonic() - peer.at, offset));
        // An update is acted on only if it is newer than the last (section 11.2.3).
        if self.updated.is_some_and(|updated| measured <= updated) {
            return;
        }
        self.updated = Some(measured);
        ctx.note("truechimers", Value::Number(truechimers as i64), || {
            let (all, left) = (candidates.len(), survivors.len());
            let words = in_words(offset);
            format!(
                "{truechimers} of {all} servers agree, {left} survive: they are {words}, within {}",
                jitter.rounded()
            )
        });
        self.update(offset, measured, claim, ctx);
    }

    /// The clock update (section 11.2.3 and figure 25).
    fn update(&mut self, offset: Span, measured: Monotonic, claim: Span, ctx: &mut Context<'_, Ntp>) {
        let Some(discipline) = &mut self.discipline else { return };
        match discipline.update(offset, measured, &self.constants) {
            Verdict::Ignore => {}
            Verdict::Panic => {
                self.gave_up = true;
                ctx.output("state", Value::Word("panic"));
            }
            Verdict::Step(by) => {
                ctx.output(CORRECTION, Value::Span(by));
                ctx.step_clock(by);
                self.reset(BURST.1, ctx);
            }
            Verdict::Adjust => {
                ctx.output("offset", Value::Span(offset));
                ctx.output(DISTANCE, Value::Span(claim));
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
        let Message::Reply { t1, t2, t3, root } = message else { return };
        let (t4, now) = (ctx.now(), ctx.monotonic());
        let Some(association) = self.associations.get_mut(from.index()) else { return };
        // A reply to another question than the open one is bogus, a second one a duplicate (section 8).
        let Some((_, asked)) = association.asked.take_if(|(asked, _)| *asked == t1 && !self.gave_up) else { return };
        association.root = Some(root);
        association.reach |= 1;
        let sample = Sample::of(now - asked, t2, t3, t4, now, &self.constants);
        let is_news = association.filter.shift(Some(sample), now, &self.constants).is_some();
        // Before the first update anything goes (appendix A.5.2); during a burst, nothing.
        if (is_news || self.updated.is_none()) && association.burst == 0 {
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

    fn state(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reached = self.associations.iter().filter(|association| association.reach != 0).count();
        write!(f, "{reached} of {} servers reached", self.associations.len())
    }
}
