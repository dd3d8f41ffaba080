//! What is wrong with a scenario, collected while it is read.

use std::ops::Range;

use super::params::Complaint;

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
pub(super) struct Findings(Vec<Finding>);

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
        if let Some(last) = self.0.last_mut() {
            last.beside = Some((there, what.to_owned()));
        }
    }

    /// Adds a ready complaint.
    pub(super) fn complain(&mut self, complaint: Complaint) {
        if !self.is_full() {
            self.0.push(Finding { complaint, beside: None });
        }
    }

    /// Whether it is of no use to look for more.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MOST
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// The findings in the order of the text, each once.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| (finding.complaint.span.start, finding.complaint.span.end));
        self.0.dedup();
        self.0
    }

    /// The findings as a protocol gets them.
    pub(super) fn into_complaints(self) -> Vec<Complaint> {
        self.sorted().into_iter().map(|finding| finding.complaint).collect()
    }
}

/// Says what is allowed in the place of `word`, and what was most likely meant: `the nodes are alice, bob; did you
/// mean `bob`?`
pub(super) fn known<'a>(what: &str, names: impl IntoIterator<Item = &'a str> + Clone, word: &str) -> String {
    const SHOWN: usize = 16;
    let all: Vec<&str> = names.clone().into_iter().collect();
    let meant = super::nearest(word, names).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let quoted: Vec<String> = all.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [] => format!("there are no {what}"),
        [only] => format!("there is only {only}{meant}"),
        _ if all.len() > SHOWN => format!("the {what} are {}, …{meant}", quoted.join(", ")),
        [first @ .., last] => format!("the {what} are {} and {last}{meant}", first.join(", ")),
    }
}
