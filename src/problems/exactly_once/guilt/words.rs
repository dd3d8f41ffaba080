//! The words of a sentence about an order: what was done, how often, and what became of messages.

use crate::trace::{Event, EventId, EventKind};

/// What a node does to an order, by the name of its output or note, in the past tense.
const STEPS: &[(&str, &str)] = &[
    ("asked", "taken"),
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

pub(super) fn done(name: &str) -> Option<&'static str> {
    STEPS.iter().find(|(known, _)| *known == name).map(|&(_, done)| done)
}

pub(super) fn each_time(crashes: &[EventId]) -> &'static str {
    if crashes.len() > 1 { "each time " } else { "" }
}

/// "twice", "3 times".
pub(super) fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

/// As many names as a sentence can hold.
const FEW: usize = 4;

/// How a message's way ended, if not by a delivery.
pub(in crate::problems::exactly_once) fn fate_words(end: &Event) -> Option<&'static str> {
    Some(match end.what {
        EventKind::Lost { .. } => "was lost",
        EventKind::Cut(_) => "was cut off by a partition",
        EventKind::Corrupted(_) => "arrived damaged",
        EventKind::ToCrashed(_) => "came to a node that was down",
        _ => return None,
    })
}

pub(super) fn plural(words: &str) -> String {
    words.strip_prefix("was ").map_or_else(|| words.to_owned(), |rest| format!("were {rest}"))
}

/// Names that share a fate, together; the fates in the order in which they first came.
pub(super) fn by_words<'a>(fates: &'a [(&'static str, String)]) -> Vec<(&'static str, Vec<&'a str>)> {
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
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] if names.len() <= FEW => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..FEW].join(", "), names.len() - FEW),
    }
}

/// A sentence in the making.
#[derive(Default)]
pub(super) struct Telling {
    pub(super) clauses: Vec<String>,
    pub(super) evidence: Vec<EventId>,
}

impl Telling {
    pub(super) fn say(&mut self, clause: String) {
        self.clauses.push(clause);
    }

    pub(super) fn show(&mut self, events: impl IntoIterator<Item = EventId>) {
        self.evidence.extend(events);
    }
}
