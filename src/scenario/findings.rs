//! What is wrong with a scenario, collected while it is read.

use std::borrow::Cow;
use std::ops::Range;

use super::complaint::Complaint;
use crate::arrange::Arrange;

/// More findings than this help nobody: the rest is not looked for.
const MOST: usize = 100;

/// A complaint, and the second place that it may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) complaint: Complaint,
    /// Another place, and what is there: `the first one is here`.
    pub(super) beside: Option<(Range<usize>, String)>,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    found: Vec<Finding>,
    /// What was taken out of tables and lists: where the table stands, and the key.
    lost: Vec<(Range<usize>, String)>,
}

impl Findings {
    /// `message` is wrong at `span`; `help` says what is allowed, and may be empty.
    pub(super) fn add(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.complain(Complaint { span, message: message.into(), help: help.into() });
    }

    /// The same, where a second place shows why.
    pub(super) fn add_beside(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
        (there, what): (Range<usize>, &str),
    ) {
        self.add(span, message, help);
        if let Some(last) = self.found.last_mut() {
            last.beside = Some((there, what.to_owned()));
        }
    }

    /// Adds a ready complaint.
    pub(super) fn complain(&mut self, complaint: Complaint) {
        if !self.is_full() {
            self.found.push(Finding { complaint, beside: None });
        }
    }

    /// Remembers that `key` was taken out of the table or list at `span`, so that nobody complains
    /// that it is missing.
    pub(super) fn lose(&mut self, span: Range<usize>, key: &str) {
        if self.lost.len() < MOST {
            self.lost.push((span, key.to_owned()));
        }
    }

    /// The keys that were taken out of the table or list at `span`.
    pub(super) fn lost(&self, span: Range<usize>) -> impl Iterator<Item = &str> {
        self.lost.iter().filter(move |(place, _)| *place == span).map(|(_, key)| key.as_str())
    }

    /// Whether it is of no use to look for more.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.found.iter()
    }

    /// The findings in the order of the text, each once.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.found.arrange_by_key(|finding| (finding.complaint.span.start, finding.complaint.span.end));
        self.found.dedup();
        self.found
    }

    /// The findings as a protocol gets them.
    pub(super) fn into_complaints(self) -> Vec<Complaint> {
        self.sorted().into_iter().map(|finding| finding.complaint).collect()
    }
}

/// Says what was most likely meant by `word`, and what is allowed in its place: "did you mean
/// `bob`? The nodes are `alice` and `bob`".
pub(crate) fn known<'a>(what: &str, names: impl IntoIterator<Item = &'a str>, word: &str) -> String {
    const SHOWN: usize = 18;
    let names: Vec<&str> = names.into_iter().collect();
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let all = match &quoted[..] {
        [] => format!("there are no {what}"),
        [only] => format!("there is only {only}"),
        _ if names.len() > SHOWN => format!("the {what} are {}, …", quoted.join(", ")),
        [first @ .., last] => format!("the {what} are {} and {last}", first.join(", ")),
    };
    match super::nearest(word, names.iter().copied()) {
        Some(near) if names.len() == 1 => format!("did you mean `{near}`?"),
        Some(near) => format!("did you mean `{near}`? T{}", all.trim_start_matches('t')),
        None => all,
    }
}

/// Text of a scenario within a message: as long as one reads.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
