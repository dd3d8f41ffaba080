//! Links that are otherwise than usual for a while, in words. No event tells of them, so that a row
//! which says what the network says changes no run; the scenario does.

use crate::arrange::Arrange;
use crate::process::{Names, NodeId};
use crate::report::Report;
use crate::scenario::{Change, Distribution, Fault, Links};
use crate::time::Time;

/// One stretch of time.
pub(super) struct Window {
    pub(super) from: Time,
    /// When it is over, if the run lasts as long.
    pub(super) to: Option<Time>,
    /// Whose links, and what is other: `shop → ledger: loss 0.5`.
    pub(super) words: String,
    /// What its end brings: `shop → ledger: as usual again`.
    pub(super) over: String,
}

/// The windows that open in a run, in the order of their beginnings.
pub(super) fn windows(report: &Report) -> Vec<Window> {
    let (names, end) = (&report.trace.names, report.trace.ended_at);
    let window = |fault: &Fault| {
        let (links, at, lasts, what, after) = match *fault {
            Fault::Degrade { ref links, at, lasts, ref change } => {
                (links, at, lasts, changed(change), "as usual again")
            }
            Fault::Hold { ref links, at, lasts } => {
                let what = "what is sent is held back".to_owned();
                (links, at, lasts, what, "what was held back is let go")
            }
            _ => return None,
        };
        let to = lasts.map(|lasts| at + lasts).filter(|&to| to <= end);
        let links = self::links(links, names);
        (at <= end).then(|| Window {
            from: at,
            to,
            words: format!("{links}: {what}"),
            over: format!("{links}: {after}"),
        })
    };
    let mut windows: Vec<Window> = report.scenario.faults.iter().filter_map(window).collect();
    windows.arrange_by_key(|window| window.from);
    windows
}

fn links(links: &Links, names: &Names) -> String {
    let list = |nodes: &[NodeId]| nodes.iter().map(|&node| names.of(node)).collect::<Vec<_>>().join(", ");
    match (&links.from, &links.to) {
        (None, None) => "all links".to_owned(),
        (Some(from), None) => format!("from {}", list(from)),
        (None, Some(to)) => format!("to {}", list(to)),
        (Some(from), Some(to)) => format!("{} → {}", list(from), list(to)),
    }
}

fn changed(change: &Change) -> String {
    let chance = [("loss", change.loss), ("duplicate", change.duplicate), ("corrupt", change.corrupt)];
    let chance = chance.into_iter().filter_map(|(key, chance)| Some(format!("{key} {}", chance?.get())));
    let delay = change.delay.map(|delay| format!("delay {}", delay_in_words(&delay)));
    delay.into_iter().chain(chance).collect::<Vec<_>>().join(", ")
}

fn delay_in_words(delay: &Distribution) -> String {
    match delay {
        Distribution::Constant(span) => span.to_string(),
        Distribution::Uniform { min, max } => format!("{min} to {max}"),
        Distribution::Exponential { mean, .. } => format!("{mean} on average"),
        Distribution::LogNormal { median, .. } => format!("{median} in the middle"),
    }
}
