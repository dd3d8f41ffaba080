//! Finds the event that is to blame when an order was charged twice or never, and says it in a
//! sentence.
//!
//! Everything is read off a trace in which all was kept: the outputs and notes of an order, the
//! messages that its notes stand before, what became of those, and the crashes between them. No
//! protocol's rule is repeated here.

mod index;
mod words;

use crate::arrange::Arrange;
use crate::check::Run;
use crate::process::NodeId;
use crate::time::Time;
use crate::trace::{EventId, EventKind, StopReason};

pub(super) use index::spoken;
use index::{Index, Step};
pub(super) use words::fate_words;
use words::{Telling, by_words, done, each_time, listed, plural, times};

/// A sentence and the events that show it.
#[derive(Clone, Debug, Default)]
pub(super) struct Blame {
    pub(super) sentence: String,
    pub(super) evidence: Vec<EventId>,
}

/// A run, sorted by orders.
pub(super) struct Case<'a>(Index<'a>);

/// Whether a step comes between two others.
fn between(step: &Step, first: Step, second: Step) -> bool {
    step.event > first.event && step.event < second.event
}

impl<'a> Case<'a> {
    pub(super) fn new(run: &Run<'a>) -> Case<'a> {
        Case(Index::new(run))
    }

    fn at(&self, event: EventId) -> String {
        let at = self.0.event(event).map_or(Time::ZERO, |event| event.at);
        at.since(Time::ZERO).rounded()
    }

    fn name(&self, node: NodeId) -> &str {
        self.0.run.name(node)
    }

    fn words_of(&self, step: Step) -> String {
        self.0.run.trace.words.of(step.event).map(|words| format!(" {words}")).unwrap_or_default()
    }

    fn crashed(&self, node: NodeId, crashes: &[EventId]) -> String {
        let who = self.name(node);
        match crashes {
            [] => format!("{who} crashed"),
            [only] => format!("{who} crashed at {}{}", self.at(*only), self.and_lost(*only)),
            [first, .., last] => {
                format!("{who} crashed {}, from {} to {}", times(crashes.len()), self.at(*first), self.at(*last))
            }
        }
    }

    /// What a crash took from the node's disk: " and lost its disk".
    fn and_lost(&self, crash: EventId) -> &'static str {
        let next = self.0.event(EventId::new(crash.number() + 1)).filter(|next| next.cause == Some(crash));
        match next.map(|next| next.what) {
            Some(EventKind::WritesLost { all: true, .. }) => " and lost its disk",
            Some(EventKind::WritesLost { writes: 1, .. }) => " and lost its last write",
            Some(EventKind::WritesLost { .. }) => " and lost its last writes",
            _ => "",
        }
    }

    /// Why an order was charged more than once: what let the second charge happen after the first.
    pub(super) fn why_again(&self, order: u32) -> Blame {
        let charges: Vec<Step> = self.0.named(order, "charged").collect();
        let [first, second, ..] = charges[..] else { return Blame::default() };
        let mut told = Telling::default();
        if !self.tell_rewinding(order, first, second, &mut told) {
            self.tell_copy(second, &mut told);
            self.tell_answers(order, first, second, &mut told);
            if !self.tell_forgetting(order, first, second, &mut told) {
                self.tell_crash(order, &charges, &mut told);
            }
            self.tell_zombie(order, second, &mut told);
            self.tell_abort(order, first, second, &mut told);
            self.tell_renumbering(order, second, &mut told);
        }
        if told.clauses.is_empty() {
            self.tell_sender(order, &mut told);
        }
        let evidence = [first.event].into_iter().chain(told.evidence).chain([second.event]).collect();
        let (times, why) = (times(charges.len()), told.clauses.join(", and "));
        Blame { sentence: format!("Order {order} was charged {times}: {why}."), evidence }
    }

    /// The network made the message that led to the second charge out of another.
    fn tell_copy(&self, second: Step, told: &mut Telling) {
        let Some(arrival) = self.0.arrival_before(second.event) else { return };
        if let (Some(other), Some(message)) = (self.0.twin(arrival), arrival.what.message()) {
            told.say(format!("the network delivered {} twice", self.0.run.trace.names.message(message)));
            told.show([other.id, arrival.id]);
        }
    }

    /// The acknowledgements between two charges that did not come, or came too late.
    fn tell_answers(&self, order: u32, first: Step, second: Step, told: &mut Telling) {
        let mut gone: Vec<(&str, String)> = Vec::new();
        let again = self.0.named(order, "sent").rfind(|step| step.event < second.event);
        for answer in self.0.named(order, "acknowledging") {
            if answer.event < first.event || answer.event > second.event {
                continue;
            }
            let Some((sent, message)) = self.0.message_after(answer) else { continue };
            let Some(end) = self.0.fate(sent.id) else { continue };
            let name = self.0.run.trace.names.message(message);
            told.show([end.id]);
            if let Some(words) = fate_words(end) {
                gone.push((words, name));
            } else if again.is_some_and(|again| sent.id < again.event && again.event < end.id) {
                let took = end.at.since(sent.at).rounded();
                let to = self.name(message.to());
                told.say(format!("its acknowledgement {name} took {took}, and {to} had sent the order again by then"));
            }
        }
        for (words, names) in by_words(&gone) {
            let (s, words) = if names.len() > 1 { ("s", plural(words)) } else { ("", words.to_owned()) };
            told.say(format!("its acknowledgement{s} {} {words}", listed(&names)));
        }
    }

    /// A crash between two charges by the same node, with all later ones at the same place.
    fn tell_crash(&self, order: u32, charges: &[Step], told: &mut Telling) {
        let [first, second, ..] = charges else { return };
        let own: Vec<Step> = self.0.steps(order).iter().copied().filter(|step| step.node == first.node).collect();
        let crash_in =
            |pair: &[Step]| self.0.crashes_between(first.node, pair[0].event, pair[1].event).first().copied();
        let Some(crash) = crash_in(charges) else { return };
        let before = |name| own.iter().any(|step| step.name == name && step.event < crash);
        if before("recorded") {
            told.say(match self.and_lost(crash) {
                "" => format!("{} restarted without its table", self.name(first.node)),
                _ => format!("{}, and what it had recorded with it", self.crashed(first.node, &[crash])),
            });
        } else if !before("acknowledging") {
            let last = |crash| {
                let until = &own[..own.partition_point(|step| step.event < crash)];
                until.iter().filter_map(|step| done(step.name)).next_back().unwrap_or("charged")
            };
            let crashes: Vec<EventId> =
                charges.windows(2).filter_map(crash_in).filter(|&other| last(other) == last(crash)).collect();
            let next = own.iter().filter(|step| step.event > second.event && !before(step.name));
            let next = next.filter_map(|step| done(step.name)).next();
            let next = next.map(|deed| format!(" and before it {deed} it")).unwrap_or_default();
            let (crashed, each) = (self.crashed(first.node, &crashes), each_time(&crashes));
            told.say(format!("{crashed}, {each}after it had {} the order{next}", last(crash)));
        } else {
            return;
        }
        told.show([crash]);
    }

    /// Its source was set back to before the order, since some node had lost its memory or missed a
    /// message.
    fn tell_rewinding(&self, order: u32, first: Step, second: Step, told: &mut Telling) -> bool {
        let Some(rewound) = self.0.named(order, "rewound").find(|step| between(step, first, second)) else {
            return false;
        };
        if let Some((failure, words)) = self.failure_behind(rewound.event) {
            told.say(words);
            told.show([failure]);
        }
        told.say(format!(
            "{} was set back{} at {}, and sent it again",
            self.name(rewound.node),
            self.words_of(rewound),
            self.at(rewound.event)
        ));
        told.show([rewound.event]);
        true
    }

    /// The crash or the missing message to which an event goes back, over the messages that led to
    /// it.
    fn failure_behind(&self, event: EventId) -> Option<(EventId, String)> {
        let root = self.0.root(event)?;
        let node = root.node?;
        if root.what == EventKind::Restarted {
            let crash = self.0.crash_before(node, event)?;
            return Some((crash, self.crashed(node, &[crash])));
        }
        let (missed, crash) = (self.0.missed_before(node, event), self.0.crash_before(node, event));
        if crash > missed {
            let crash = crash?;
            return Some((crash, self.crashed(node, &[crash])));
        }
        let end = self.0.event(missed?)?;
        let name = self.0.run.trace.names.message(end.what.message()?);
        Some((end.id, format!("{name} {}", fate_words(end)?)))
    }

    /// A table that had let the order go.
    fn tell_forgetting(&self, order: u32, first: Step, second: Step, told: &mut Telling) -> bool {
        let Some(forgotten) = self.0.named(order, "forgotten").find(|step| between(step, first, second)) else {
            return false;
        };
        let (who, at, why) = (self.name(forgotten.node), self.at(forgotten.event), self.words_of(forgotten));
        told.say(format!("{who} forgot the order at {at}{why}"));
        told.show([forgotten.event]);
        true
    }

    /// A node that was paused in the middle of the order, and went on with it when another had done
    /// it.
    fn tell_zombie(&self, order: u32, second: Step, told: &mut Telling) {
        let worked: Vec<Step> = self.0.named(order, "processed").filter(|step| step.event < second.event).collect();
        for began in &worked {
            let Some((paused, resumed)) = self.0.pause_between(began.node, began.event, second.event) else { continue };
            let Some(other) = worked.iter().find(|other| other.node != began.node) else { return };
            let (who, other) = (self.name(began.node), self.name(other.node));
            told.say(format!(
                "{who} was paused at {}, and went on at {} with what it had begun, though {other} had done it meanwhile",
                self.at(paused),
                self.at(resumed)
            ));
            return told.show([paused, resumed]);
        }
    }

    /// A transaction whose charge was seen before it was taken back.
    fn tell_abort(&self, order: u32, first: Step, second: Step, told: &mut Telling) {
        if let Some(aborted) = self.0.named(order, "aborted").find(|step| between(step, first, second)) {
            told.say(format!("the first time in a transaction that was aborted at {}", self.at(aborted.event)));
            told.show([aborted.event]);
        }
    }

    /// A sender that began anew and gave the order another number than the one under which it was
    /// charged before.
    fn tell_renumbering(&self, order: u32, second: Step, told: &mut Telling) {
        const UNKNOWN: &str = "under a number that was new to the broker";
        let Some(anew) = self.0.named(order, "renumbered").rfind(|step| step.event < second.event) else { return };
        let who = self.name(anew.node);
        let fenced = self.0.named(order, "fenced").rfind(|step| step.node == anew.node && step.event < anew.event);
        match (self.0.crash_before(anew.node, anew.event), fenced) {
            (crash, Some(fenced)) if crash < Some(fenced.event) => {
                let at = self.at(fenced.event);
                told.say(format!("{who} was fenced at {at}, and sent the order again {UNKNOWN}"));
                told.show([fenced.event]);
            }
            (Some(crash), _) => {
                let crashed = self.crashed(anew.node, &[crash]);
                told.say(format!("{crashed}, and sent the order again after its restart, {UNKNOWN}"));
                told.show([crash]);
            }
            _ => told.say(format!("{who} sent the order again {UNKNOWN}")),
        }
        told.show([anew.event]);
    }

    /// Where a customer placed an order again after a crash that took the shop's journal with it.
    fn ordered_anew(&self, order: u32, crash: EventId) -> Option<EventId> {
        let placed = |step: &Step| matches!(step.name, "asked" | "ordered");
        let mut orders = self.0.steps(order).iter().filter(|step| placed(step)).map(|step| step.event);
        let first = orders.next()?;
        orders.find(|&anew| first < crash && crash < anew)
    }

    /// Nothing above explains it: the sender sent twice, since it crashed in between or for reasons
    /// of its own.
    fn tell_sender(&self, order: u32, told: &mut Telling) {
        let mut sends = self.0.named(order, "sent");
        let (Some(first), Some(second)) = (sends.next(), sends.next()) else {
            return told.say("nothing kept it from being charged again".to_owned());
        };
        match self.0.crashes_between(first.node, first.event, second.event).first() {
            Some(&crash) => {
                let crashed = self.crashed(second.node, &[crash]);
                let anew = self.ordered_anew(order, crash);
                let took = if anew.is_some() { ", took the order from its customer again" } else { "" };
                let order = if anew.is_some() { "it" } else { "the order" };
                told.say(format!("{crashed}{took}, and sent {order} again after its restart"));
                told.show([crash].into_iter().chain(anew));
            }
            None => match self.slow(first, second) {
                Some(slow) => told.say(format!("{slow}, and {} had sent it again by then", self.name(second.node))),
                None => told.say(format!("{} sent it again at {}", self.name(second.node), self.at(second.event))),
            },
        }
        told.show([second.event]);
    }

    /// The message of a note that was still under way when another was sent: "its message
    /// shop:ledger:1 took 200ms".
    fn slow(&self, first: Step, second: Step) -> Option<String> {
        let (sent, message) = self.0.message_after(first)?;
        let end = self.0.fate(sent.id).filter(|end| end.id > second.event && fate_words(end).is_none())?;
        let took = end.at.since(sent.at).rounded();
        Some(format!("its message {} took {took}", self.0.run.trace.names.message(message)))
    }

    /// Why an order was charged after one that was taken later.
    pub(super) fn why_behind(&self, order: u32, other: u32) -> Blame {
        let mut told = Telling::default();
        let mut gone: Vec<(&str, String)> = Vec::new();
        let mut slow = None;
        let overtaking = self.0.named(other, "charged").next().map(|step| step.event);
        for sent in self.0.named(order, "sent") {
            let Some((sent, message)) = self.0.message_after(sent) else { continue };
            let (Some(end), Some(overtaking)) = (self.0.fate(sent.id), overtaking) else { continue };
            let name = self.0.run.trace.names.message(message);
            if sent.id > overtaking {
                break;
            }
            if let Some(words) = fate_words(end) {
                gone.push((words, name));
                told.show([end.id]);
            } else if overtaking < end.id && slow.is_none() {
                slow = Some(format!("{name} took {}", end.at.since(sent.at).rounded()));
                told.show([end.id]);
            }
        }
        for (words, names) in by_words(&gone) {
            let words = if names.len() > 1 { plural(words) } else { words.to_owned() };
            told.say(format!("{} {words}", listed(&names)));
        }
        told.clauses.extend(slow);
        told.say(format!("order {other} did not wait for it"));
        let late = self.0.named(order, "charged").next().map(|step| step.event);
        let evidence = told.evidence.into_iter().chain(overtaking).chain(late).collect();
        Blame {
            sentence: format!("Order {order} stands behind order {other}: {}.", told.clauses.join(", and ")),
            evidence,
        }
    }

    /// Why an order was charged that never came into the journal.
    pub(super) fn why_phantom(&self, order: u32) -> Blame {
        let mut told = Telling::default();
        let sent = self.0.named(order, "sent").next();
        let crash = sent.and_then(|sent| Some((sent.node, self.0.crash_after(sent.node, sent.event)?)));
        match (sent, crash) {
            (_, Some((node, crash))) => {
                let crashed = self.crashed(node, &[crash]);
                told.say(format!("{crashed}, after it had sent the order and before it wrote it down"));
                told.show([crash]);
            }
            (Some(sent), None) => told.say(format!("{} has sent it, and not written it down", self.name(sent.node))),
            (None, None) => told.say("nobody has written it down".to_owned()),
        }
        let charge = self.0.named(order, "charged").map(|step| step.event);
        let evidence = charge.chain(told.evidence).collect();
        Blame {
            sentence: format!("Order {order} was charged and is in no books: {}.", told.clauses.join(", and ")),
            evidence,
        }
    }

    /// Why an order was not charged.
    pub(super) fn why_never(&self, order: u32) -> Blame {
        let mut told = Telling::default();
        let sent: Vec<Step> = self.0.named(order, "sent").collect();
        if self.tell_interruption(order, &mut told) {
        } else if sent.is_empty() {
            told.say("it was never sent".to_owned());
        } else {
            self.tell_messages(&sent, &mut told);
            if self.0.named(order, "gave-up").next().is_some() {
                told.say(format!("{} gave up", self.name(sent[0].node)));
            }
        }
        let asked = self.0.steps(order).iter().filter(|step| matches!(step.name, "asked" | "ordered"));
        let evidence = asked.map(|step| step.event).chain(told.evidence).collect();
        Blame { sentence: format!("Order {order} was never charged: {}.", told.clauses.join(", and ")), evidence }
    }

    /// A crash that came between two steps of the order's way, after which nobody took the second:
    /// the last such, with all that came at the same place.
    fn tell_interruption(&self, order: u32, told: &mut Telling) -> bool {
        let Some((Step { name, node, .. }, _)) = self.interruptions(order).max_by_key(|&(_, crash)| crash) else {
            return false;
        };
        let here = self.interruptions(order).filter(|(step, _)| (step.name, step.node) == (name, node));
        let mut crashes: Vec<EventId> = here.map(|(_, crash)| crash).collect();
        crashes.arrange();
        let each = each_time(&crashes);
        let next = if matches!(name, "asked" | "ordered") { "sent" } else { "charged" };
        let (crashed, last) = (self.crashed(node, &crashes), done(name).unwrap_or("taken"));
        told.say(format!("{crashed}, {each}after it had {last} the order and before it {next} it"));
        let Some(&last) = crashes.last() else { return false };
        told.show(crashes);
        if let Some(later) = self.0.named(order, "ignored").find(|step| step.event > last) {
            told.say(format!("took the copy that came at {} for a duplicate", self.at(later.event)));
            told.show([later.event]);
        }
        true
    }

    /// The steps on an order's way that a crash interrupted, each with the first crash after it.
    fn interruptions(&self, order: u32) -> impl Iterator<Item = (Step, EventId)> {
        const UNDERWAY: [&str; 6] = ["asked", "ordered", "received", "processed", "recorded", "committed"];
        let steps = self.0.steps(order);
        let mut next: Vec<Option<EventId>> = vec![None; self.0.run.trace.names.count()];
        steps.iter().rev().filter_map(move |&step| {
            let following = next[step.node.index()].replace(step.event);
            let crash = self.0.crash_after(step.node, step.event)?;
            let is_between = following.is_none_or(|following| crash < following);
            (UNDERWAY.contains(&step.name) && is_between).then_some((step, crash))
        })
    }

    /// What became of the messages with the order.
    fn tell_messages(&self, sent: &[Step], told: &mut Telling) {
        let mut ends: Vec<(&str, String)> = Vec::new();
        let arrived = match self.0.run.trace.ended {
            StopReason::Quiescent => "arrived to no effect",
            _ => "arrived, and nothing had come of it when the run ended",
        };
        for &note in sent {
            let Some((sent, message)) = self.0.message_after(note) else { continue };
            let end = self.0.fate(sent.id);
            let words = match end {
                Some(end) => fate_words(end).unwrap_or(arrived),
                None => "was still under way when the run ended",
            };
            told.show(end.map(|end| end.id));
            ends.push((words, self.0.run.trace.names.message(message)));
        }
        match &ends[..] {
            [] => told.say("nothing of it was under way any more".to_owned()),
            [(words, name)] => told.say(format!("its only message {name} {words}")),
            _ => {
                for (words, names) in by_words(&ends) {
                    let words = if names.len() > 1 { plural(words) } else { words.to_owned() };
                    let messages = match names.len() {
                        1 => "its message".to_owned(),
                        2 if ends.len() == 2 => "both its messages".to_owned(),
                        all if all == ends.len() => format!("all {all} of its messages"),
                        _ => "its messages".to_owned(),
                    };
                    told.say(format!("{messages} {} {words}", listed(&names)));
                }
            }
        }
    }
}
