//! Finds the event that is to blame when an order was charged twice or never, and says it in a sentence.
//!
//! Everything is read off a trace in which all was kept: the outputs and notes of an order, the messages that its
//! notes stand before, what became of those, and the crashes between them. No protocol's rule is repeated here.

use crate::check::Run;
use crate::process::{MessageId, NodeId};
use crate::time::Time;
use crate::trace::{Event, EventId, Trace, What};

use super::properties::order_of;

/// A sentence and the events that show it.
#[derive(Clone, Debug, Default)]
pub(super) struct Blame {
    pub(super) sentence: String,
    pub(super) evidence: Vec<EventId>,
}

/// What a node does to an order, by the name of its output or note, in the past tense.
const DEEDS: &[(&str, &str)] = &[
    ("ordered", "taken"),
    ("sent", "sent"),
    ("received", "received"),
    ("processed", "processed"),
    ("charged", "charged"),
    ("recorded", "recorded"),
    ("acknowledging", "acknowledged"),
    ("committing", "committed"),
    ("committed", "committed"),
    ("rewound", "set back"),
];

fn deed(name: &str) -> Option<&'static str> {
    DEEDS.iter().find(|(known, _)| *known == name).map(|&(_, deed)| deed)
}

/// A run, sorted by orders.
pub(super) struct Case<'a> {
    run: Run<'a>,
    steps: Vec<Vec<Step>>,
    crashes: Vec<(EventId, NodeId)>,
}

/// An output or a note about an order.
#[derive(Clone, Copy, Debug)]
struct Step {
    name: &'static str,
    event: EventId,
    node: NodeId,
}

impl<'a> Case<'a> {
    pub(super) fn new(run: &Run<'a>) -> Case<'a> {
        let mut case = Case { run: *run, steps: Vec::new(), crashes: Vec::new() };
        for event in &run.trace.events {
            let Some(node) = event.node else { continue };
            match event.what {
                What::Crashed => case.crashes.push((event.id, node)),
                What::Output(said) | What::Noted(said) => {
                    let Some(order) = order_of(said, said.name) else { continue };
                    if order >= case.steps.len() {
                        case.steps.resize(order + 1, Vec::new());
                    }
                    case.steps[order].push(Step { name: said.name, event: event.id, node });
                }
                _ => {}
            }
        }
        case
    }

    fn steps(&self, order: usize) -> &[Step] {
        self.steps.get(order).map_or(&[], Vec::as_slice)
    }

    fn named(&self, order: usize, name: &str) -> Vec<Step> {
        self.steps(order).iter().copied().filter(|step| step.name == name).collect()
    }

    fn at(&self, event: EventId) -> String {
        let at = self.run.trace.event(event).map_or(Time::ZERO, |event| event.at);
        at.since(Time::ZERO).rounded()
    }

    fn name(&self, node: NodeId) -> &str {
        self.run.name(node)
    }

    /// Why an order was charged more than once: what let the second charge happen after the first.
    pub(super) fn why_again(&self, order: usize) -> Blame {
        let charges = self.named(order, "charged");
        let [first, second, ..] = charges[..] else { return Blame::default() };
        let mut told = Telling::default();
        if !self.tell_rewinding(order, first, second, &mut told) {
            self.tell_copy(second, &mut told);
            self.tell_answers(order, first, second, &mut told);
            if !self.tell_forgetting(order, first, second, &mut told) {
                self.tell_crash(order, first, second, &mut told);
            }
            self.tell_zombie(order, second, &mut told);
            self.tell_abort(order, first, second, &mut told);
        }
        if told.clauses.is_empty() {
            self.tell_sender(order, &mut told);
        }
        let times = match charges.len() {
            2 => "twice".to_owned(),
            times => format!("{times} times"),
        };
        let evidence = [first.event].into_iter().chain(told.evidence).chain([second.event]).collect();
        Blame { sentence: format!("Order {order} was charged {times}: {}.", told.clauses.join(", and ")), evidence }
    }

    /// The network made the message that led to the second charge out of another.
    fn tell_copy(&self, second: Step, told: &mut Telling) {
        let Some(arrival) = self.arrival_before(second.event) else { return };
        if let What::Delivered(message) = arrival.what
            && let Some(other) = self.twin(message, arrival)
        {
            told.say(format!("the network delivered {} twice", self.run.trace.names.message(message)));
            told.show([other.id, arrival.id]);
        }
    }

    /// The other delivery of a message that the network doubled, if it came before this one.
    fn twin(&self, message: MessageId, arrival: &Event) -> Option<&'a Event> {
        let twin = What::Delivered(if message.is_copy() { message.original() } else { message.copy() });
        let before = &self.run.trace.events[..arrival.id.number() as usize];
        before.iter().rev().find(|event| event.what == twin)
    }

    /// The delivery that an event goes back to.
    fn arrival_before(&self, event: EventId) -> Option<&'a Event> {
        let mut event = self.run.trace.event(event)?;
        loop {
            event = self.run.trace.event(event.cause?)?;
            if matches!(event.what, What::Delivered(_)) {
                return Some(event);
            }
        }
    }

    fn message_after(&self, note: Step) -> Option<(&'a Event, MessageId)> {
        message_after(self.run.trace, note.event)
    }

    /// How the way of a message ended.
    fn fate(&self, sent: &Event) -> Option<&'a Event> {
        let after = self.run.trace.events.get(sent.id.number() as usize + 1..)?;
        after.iter().find(|event| event.cause == Some(sent.id) && event.what.is_fate())
    }

    /// The acknowledgements between two charges that did not come, or came too late.
    fn tell_answers(&self, order: usize, first: Step, second: Step, told: &mut Telling) {
        let mut gone: Vec<(&str, String)> = Vec::new();
        for answer in self.named(order, "acknowledging") {
            if answer.event < first.event || answer.event > second.event {
                continue;
            }
            let Some((sent, message)) = self.message_after(answer) else { continue };
            let Some(end) = self.fate(sent) else { continue };
            let name = self.run.trace.names.message(message);
            told.show([end.id]);
            match fate_words(end) {
                Some(words) => gone.push((words, name)),
                None => {
                    let again = self.named(order, "sent").into_iter().rfind(|step| step.event < second.event);
                    if again.is_some_and(|again| sent.id < again.event && again.event < end.id) {
                        let took = end.at.since(sent.at).rounded();
                        let to = self.name(message.to());
                        told.say(format!(
                            "its acknowledgement {name} took {took}, and {to} had sent the order again by then"
                        ));
                    }
                }
            }
        }
        for (words, names) in by_words(&gone) {
            let (s, words) = if names.len() > 1 { ("s", plural(words)) } else { ("", words.to_owned()) };
            told.say(format!("its acknowledgement{s} {} {words}", listed(&names)));
        }
    }

    /// A crash between two charges by the same node.
    fn tell_crash(&self, order: usize, first: Step, second: Step, told: &mut Telling) {
        let between =
            |&&(event, node): &&(EventId, NodeId)| node == first.node && event > first.event && event < second.event;
        let Some(&(crash, node)) = self.crashes.iter().find(between) else { return };
        let own: Vec<Step> = self.steps(order).iter().copied().filter(|step| step.node == node).collect();
        let before = |name| own.iter().any(|step| step.name == name && step.event < crash);
        if before("recorded") {
            told.say(format!("{} restarted without its table", self.name(node)));
        } else if !before("acknowledging") {
            let after = own.iter().filter(|step| step.event > second.event).find_map(|step| deed(step.name));
            let next = after.map(|deed| format!(" and before it {deed} it")).unwrap_or_default();
            let last = own.iter().filter(|step| step.event < crash).filter_map(|step| deed(step.name)).next_back();
            let last = last.unwrap_or("charged");
            let at = self.at(crash);
            told.say(format!("{} crashed at {at}, after it had {last} the order{next}", self.name(node)));
        } else {
            return;
        }
        told.show([crash]);
    }

    /// Its source was set back to before the order, since some node had lost its memory or missed a message.
    fn tell_rewinding(&self, order: usize, first: Step, second: Step, told: &mut Telling) -> bool {
        let between = |step: &Step| step.event > first.event && step.event < second.event;
        let Some(rewound) = self.named(order, "rewound").into_iter().find(between) else { return false };
        if let Some((failure, words)) = self.failure_behind(rewound.event) {
            told.say(words);
            told.show([failure]);
        }
        let to = self.run.trace.words.of(rewound.event).map(|words| format!(" {words}")).unwrap_or_default();
        told.say(format!(
            "{} was set back{to} at {}, and sent it again",
            self.name(rewound.node),
            self.at(rewound.event)
        ));
        told.show([rewound.event]);
        true
    }

    /// The crash or the lost message to which an event goes back, over the messages that led to it.
    fn failure_behind(&self, event: EventId) -> Option<(EventId, String)> {
        let mut who = None;
        let mut causes = std::iter::successors(self.run.trace.event(event), |event| self.run.trace.event(event.cause?));
        let restarted = causes.find(|event| {
            who = event.node.or(who);
            event.what == What::Restarted
        });
        let before = &self.run.trace.events[..event.number() as usize];
        let failed = |event: &&Event| match event.what {
            What::Crashed => restarted.is_none_or(|restarted| event.node == restarted.node),
            _ => restarted.is_none() && fate_words(event).is_some() && event.what.message().map(|id| id.to()) == who,
        };
        let failure = before.iter().rfind(failed)?;
        let words = match (failure.what.message(), failure.node) {
            (Some(message), _) => format!("{} {}", self.run.trace.names.message(message), fate_words(failure)?),
            (None, node) => format!("{} crashed at {}", self.name(node?), self.at(failure.id)),
        };
        Some((failure.id, words))
    }

    /// A table that had let the order go.
    fn tell_forgetting(&self, order: usize, first: Step, second: Step, told: &mut Telling) -> bool {
        let between = |step: &Step| step.event > first.event && step.event < second.event;
        let Some(forgotten) = self.named(order, "forgotten").into_iter().find(between) else { return false };
        let why = self.run.trace.words.of(forgotten.event).map(|words| format!(" {words}")).unwrap_or_default();
        told.say(format!("{} forgot the order at {}{why}", self.name(forgotten.node), self.at(forgotten.event)));
        told.show([forgotten.event]);
        true
    }

    /// A node that was paused in the middle of the order, and went on with it when another had done it.
    fn tell_zombie(&self, order: usize, second: Step, told: &mut Telling) {
        let worked = self.named(order, "processed");
        let find = |what: What, node, after: EventId| {
            let mut events = self.run.trace.events[after.number() as usize..second.event.number() as usize].iter();
            events.find(|event| event.what == what && event.node == Some(node))
        };
        for began in &worked {
            let Some(paused) = find(What::Paused, began.node, began.event.min(second.event)) else { continue };
            let Some(resumed) = find(What::Resumed, began.node, paused.id) else { continue };
            let other = worked.iter().find(|other| other.node != began.node && other.event < second.event);
            let Some(other) = other else { continue };
            let (who, other) = (self.name(began.node), self.name(other.node));
            told.say(format!(
                "{who} was paused at {}, and went on at {} with what it had begun, though {other} had done it meanwhile",
                self.at(paused.id),
                self.at(resumed.id)
            ));
            return told.show([paused.id, resumed.id]);
        }
    }

    /// A transaction whose charge was seen before it was taken back.
    fn tell_abort(&self, order: usize, first: Step, second: Step, told: &mut Telling) {
        let between = |step: &Step| step.event > first.event && step.event < second.event;
        if let Some(aborted) = self.named(order, "aborted").into_iter().find(between) {
            told.say(format!("the first time in a transaction that was aborted at {}", self.at(aborted.event)));
            told.show([aborted.event]);
        }
    }

    /// Nothing above explains it: the sender sent twice, since it crashed in between or for reasons of its own.
    fn tell_sender(&self, order: usize, told: &mut Telling) {
        let sends = self.named(order, "sent");
        let [first, second, ..] = sends[..] else {
            return told.say("nothing kept it from being charged again".to_owned());
        };
        let who = self.name(second.node).to_owned();
        let crash = self
            .crashes
            .iter()
            .find(|&&(event, node)| node == first.node && event > first.event && event < second.event);
        match crash {
            Some(&(crash, _)) => {
                told.say(format!("{who} crashed at {}, and sent the order again after its restart", self.at(crash)));
                told.show([crash]);
            }
            None => told.say(format!("{who} sent it again at {}", self.at(second.event))),
        }
        told.show([second.event]);
    }

    /// Why an order was charged after one that was taken later.
    pub(super) fn why_behind(&self, order: usize, other: usize) -> Blame {
        let mut told = Telling::default();
        let overtaking = self.named(other, "charged").first().map(|step| step.event);
        for sent in self.named(order, "sent") {
            let Some((sent, message)) = self.message_after(sent) else { continue };
            let (Some(end), Some(overtaking)) = (self.fate(sent), overtaking) else { continue };
            let name = self.run.trace.names.message(message);
            if let Some(words) = fate_words(end) {
                told.say(format!("{name} {words}"));
                told.show([end.id]);
            } else if sent.id < overtaking && overtaking < end.id && told.clauses.is_empty() {
                told.say(format!("{name} took {}", end.at.since(sent.at).rounded()));
                told.show([end.id]);
            }
        }
        told.say(format!("order {other} did not wait for it"));
        let late = self.named(order, "charged").first().map(|step| step.event);
        let evidence = told.evidence.into_iter().chain(overtaking).chain(late).collect();
        Blame {
            sentence: format!("Order {order} stands behind order {other}: {}.", told.clauses.join(", and ")),
            evidence,
        }
    }

    /// Why an order was charged that never came into the books.
    pub(super) fn why_phantom(&self, order: usize) -> Blame {
        let mut told = Telling::default();
        if let Some(&sent) = self.named(order, "sent").first() {
            let who = self.name(sent.node);
            let crash = self.crashes.iter().find(|&&(crash, node)| node == sent.node && crash > sent.event);
            match crash {
                Some(&(crash, _)) => {
                    told.say(format!(
                        "{who} crashed at {}, after it had sent the order and before it wrote it down",
                        self.at(crash)
                    ));
                    told.show([crash]);
                }
                None => told.say(format!("{who} has sent it, and not written it down")),
            }
        }
        let charge = self.named(order, "charged").into_iter().map(|step| step.event);
        let evidence = charge.chain(told.evidence).collect();
        Blame {
            sentence: format!("Order {order} was charged and is in no books: {}.", told.clauses.join(", and ")),
            evidence,
        }
    }

    /// Why an order was not charged.
    pub(super) fn why_never(&self, order: usize) -> Blame {
        let mut told = Telling::default();
        let sent = self.named(order, "sent");
        if self.tell_interruption(order, &mut told) {
        } else if sent.is_empty() {
            told.say("it was never sent".to_owned());
        } else {
            self.tell_messages(&sent, &mut told);
            if self.steps(order).iter().any(|step| step.name == "gave-up") {
                told.say(format!("{} gave up", self.name(sent[0].node)));
            }
        }
        let ordered = self.named(order, "ordered").into_iter().map(|step| step.event);
        let evidence = ordered.chain(told.evidence).collect();
        Blame { sentence: format!("Order {order} was never charged: {}.", told.clauses.join(", and ")), evidence }
    }

    /// A crash that came between two steps of the order's way, after which nobody took the second.
    fn tell_interruption(&self, order: usize, told: &mut Telling) -> bool {
        const UNDERWAY: [&str; 5] = ["ordered", "received", "processed", "recorded", "committed"];
        let last_before = |crash, node| {
            let mut own = self.steps(order).iter().filter(|step| step.node == node && step.event < crash);
            own.next_back().filter(|step| UNDERWAY.contains(&step.name))
        };
        let interrupted = self.crashes.iter().rev().find_map(|&(crash, node)| last_before(crash, node));
        let Some(&Step { name, event, node }) = interrupted else { return false };
        let after = |&&(crash, other): &&(EventId, NodeId)| other == node && crash > event;
        let Some(&(crash, _)) = self.crashes.iter().find(after) else { return false };
        let (who, at) = (self.name(node), self.at(crash));
        let next = if name == "ordered" { "sent" } else { "charged" };
        let last = deed(name).unwrap_or("taken");
        told.say(format!("{who} crashed at {at}, after it had {last} the order and before it {next} it"));
        told.show([crash]);
        let later = self.named(order, "ignored").into_iter().find(|step| step.event > crash);
        if let Some(later) = later {
            told.say(format!("took the copy that came at {} for a duplicate", self.at(later.event)));
            told.show([later.event]);
        }
        true
    }

    /// What became of the messages with the order.
    fn tell_messages(&self, sent: &[Step], told: &mut Telling) {
        let mut ends: Vec<(&str, String)> = Vec::new();
        for &note in sent {
            let Some((sent, message)) = self.message_after(note) else { continue };
            let end = self.fate(sent);
            let words = match end {
                Some(end) => fate_words(end).unwrap_or("arrived to no effect"),
                None => "was still under way when the run ended",
            };
            told.show(end.map(|end| end.id));
            ends.push((words, self.run.trace.names.message(message)));
        }
        match &ends[..] {
            [] => told.say("nothing of it was under way any more".to_owned()),
            [(words, name)] => told.say(format!("its only message {name} {words}")),
            _ => {
                for (words, names) in by_words(&ends) {
                    let words = if names.len() > 1 { plural(words) } else { words.to_owned() };
                    let all = if names.len() == ends.len() { format!("all {} of ", ends.len()) } else { String::new() };
                    told.say(format!("{all}its messages {} {words}", listed(&names)));
                }
            }
        }
    }
}

/// The message that stands right after a note which speaks of it; several notes of the same name may speak of one
/// message. Nothing, if the node did anything else next: it crashed, or the note is not one of these.
pub(super) fn message_after(trace: &Trace, note: EventId) -> Option<(&Event, MessageId)> {
    let note = trace.event(note)?;
    let What::Noted(spoken) = note.what else { return None };
    let after = trace.events.get(note.id.number() as usize + 1..)?;
    let is_another = |event: &&Event| matches!(event.what, What::Noted(other) if other.name == spoken.name);
    let next = after.iter().filter(|event| event.node == note.node).find(|event| !is_another(event))?;
    match next.what {
        What::Sent { message, .. } if next.cause == note.cause => Some((next, message)),
        _ => None,
    }
}

/// As many names as a sentence bears.
const FEW: usize = 4;

/// How a message's way ended, if not by a delivery.
fn fate_words(end: &Event) -> Option<&'static str> {
    Some(match end.what {
        What::Lost { .. } => "was lost",
        What::Cut(_) => "was cut off by a partition",
        What::Corrupted(_) => "arrived damaged",
        What::ToCrashed(_) => "came to a node that was down",
        _ => return None,
    })
}

fn plural(words: &str) -> String {
    words.strip_prefix("was ").map_or_else(|| words.to_owned(), |rest| format!("were {rest}"))
}

/// Names that share a fate, together; the fates in the order in which they first came.
fn by_words<'a>(fates: &'a [(&'static str, String)]) -> Vec<(&'static str, Vec<&'a str>)> {
    let mut groups: Vec<(&'static str, Vec<&str>)> = Vec::new();
    for (words, name) in fates {
        match groups.iter_mut().find(|(other, _)| other == words) {
            Some((_, names)) => names.push(name),
            None => groups.push((words, vec![name])),
        }
    }
    groups
}

/// "a", "a and b", "a, b, c, d and 3 more".
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] if names.len() <= FEW => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..FEW].join(", "), names.len() - FEW),
    }
}

/// A sentence in the making.
#[derive(Default)]
struct Telling {
    clauses: Vec<String>,
    evidence: Vec<EventId>,
}

impl Telling {
    fn say(&mut self, clause: String) {
        self.clauses.push(clause);
    }

    fn show(&mut self, events: impl IntoIterator<Item = EventId>) {
        self.evidence.extend(events);
    }
}
