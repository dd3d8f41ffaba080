//! What is set otherwise in the rows of faults and in the draws, where the events of the runs don't
//! say it by themselves.

use crate::report::Report;
use crate::scenario::{Choice, CrashWhen, Decision, Fault, PauseWhen, Traitors};
use crate::trace::EventKind;
use crate::view::called::Called;
use crate::view::choices::{self, passing};

use super::faults::Told;
use super::{Clause, Runs, settings};

/// The keys of each kind of row whose change the events of a run don't tell; beside those of a
/// traitor's row.
const UNTOLD: [(&str, &[&str]); 5] = [
    ("crash", &["probability", "rate", "until", "item"]),
    ("pause", &["probability", "until", "item", "oscillator"]),
    ("partition", &["one-way"]),
    ("degrade", &["from", "to", "at", "for", "delay", "loss", "duplicate", "corrupt", "fifo"]),
    ("hold", &["from", "to", "at", "for"]),
];

/// What tells a traitor's row by the traitors: all other keys are its lie's.
const TRAITORS: [&str; 3] = ["node", "nodes", "count"];

impl Runs<'_> {
    /// What rows of faults say otherwise, a sentence each. `told` are the faults of both runs that
    /// are told by their events.
    pub(super) fn rows(&self, told: &[Told]) -> Vec<String> {
        let [before, after] = self.reports;
        let pairs = before.scenario.faults.iter().zip(&after.scenario.faults);
        let mut rows: Vec<String> = pairs.filter_map(|(was, now)| self.trigger(was, now, told)).collect();
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in after.scenario.overridden.iter().chain(&before.scenario.overridden) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
            }
        }
        rows.extend(keys.into_iter().filter_map(|key| self.key(key)));
        rows
    }

    /// Another point at which a node is stopped, unless the stop itself is told.
    fn trigger(&self, was: &Fault, now: &Fault, told: &[Told]) -> Option<String> {
        let (one, does, [was, now]) = match (was, now) {
            (Fault::Delay { message: of, to: was }, Fault::Delay { message, to }) => {
                let (message, of) = (self.after.names.message(*message), self.before.names.message(*of));
                return match of == message {
                    true if was == to => None,
                    true => Some(format!("{message} takes {to} instead of {was}.")),
                    false => Some(format!("{message} takes {to}, and {of} does not take {was}.")),
                };
            }
            (Fault::Crash { when: was, .. }, Fault::Crash { node, when: now, .. }) => {
                (*node, "crashes", [was, now].map(crash_point))
            }
            (Fault::Pause { when: was, .. }, Fault::Pause { node, when: now, .. }) => {
                (*node, "pauses", [was, now].map(pause_point))
            }
            _ => return None,
        };
        let is_told = told.iter().any(|told| told.node == Some(one));
        let (was, now) = (was?, now?);
        let name = self.after.names.of(one);
        (was != now && !is_told).then(|| format!("{name} {does} {now} instead of {was}."))
    }

    /// A key of a row that no event tells.
    fn key(&self, key: &str) -> Option<String> {
        let [before, after] = self.reports;
        let mut steps = key.split('.');
        let (Some("fault"), Some(row), Some(kind), Some(name)) =
            (steps.next(), steps.next(), steps.next(), steps.next())
        else {
            return None;
        };
        let is_untold = match kind {
            "traitor" => !TRAITORS.contains(&name),
            _ => UNTOLD.iter().any(|(known, keys)| *known == kind && keys.contains(&name)),
        };
        let fault = after.scenario.faults.get(row.parse::<usize>().ok()?)?;
        let (was, now) = (settings::value(before, after, key), settings::value(after, before, key));
        if !is_untold || was == now {
            return None;
        }
        let now = now.unwrap_or_else(|| "left out".to_owned());
        let instead = was.map_or_else(|| ", which was not set before".to_owned(), |was| format!(" instead of {was}"));
        let who = self.whose(fault);
        let is_one = matches!(fault, Fault::Traitor { who: Traitors::These(nodes), .. } if nodes.len() == 1);
        let lies = if is_one { "lies" } else { "lie" };
        let label = match (kind, name) {
            ("traitor", "lie") => format!("how {who} {lies}"),
            ("traitor", "by") => format!("how far from the truth {who} {lies}"),
            ("traitor", "victim") => format!("to whom {who} {lies}"),
            ("traitor", name) => format!("the {} of what {who} says", name.replace('-', " ")),
            _ => format!("the {} of {who} in the {kind}", spelled(name)),
        };
        Some(format!("{label}: {now}{instead}."))
    }

    /// Whom a row is about.
    fn whose(&self, fault: &Fault) -> String {
        let names = &self.after.names;
        let list = |nodes: &Option<Vec<_>>| nodes.as_ref().map_or("all".to_owned(), |nodes| names.list(nodes));
        match fault {
            Fault::Traitor { who: Traitors::These(nodes), .. } => names.list(nodes),
            Fault::Traitor { .. } => names.list(&self.after.traitors),
            Fault::Crash { node, .. }
            | Fault::Pause { node, .. }
            | Fault::ClockStep { node, .. }
            | Fault::ClockDrift { node, .. } => names.of(*node).to_owned(),
            Fault::Message { message, .. } | Fault::Delay { message, .. } => names.message(*message),
            Fault::Degrade { links, .. } | Fault::Hold { links, .. } => {
                format!("the links from {} to {}", list(&links.from), list(&links.to))
            }
            Fault::Partition { groups, .. } => {
                groups.iter().map(|group| names.list(group)).collect::<Vec<_>>().join(" and ")
            }
        }
    }

    /// What is drawn otherwise because it is forced, and what is forced of the clocks and the
    /// workload: about the events where the runs part.
    pub(super) fn draws(&self, parting: usize) -> Vec<Clause> {
        let [before, after] = self.reports;
        let called = Called::of(&after.scenario);
        let lacking = |here: &Report, there: &Report| {
            let all = here.scenario.forced.iter().filter(|one| {
                let is_same =
                    |other: &&crate::scenario::Forced| (&other.choice, &other.decision) == (&one.choice, &one.decision);
                !there.scenario.forced.iter().any(|other| is_same(&other))
            });
            all.map(|one| (one.choice.clone(), one.decision.clone())).collect::<Vec<_>>()
        };
        let says = |(choice, decision): &(Choice, Decision)| match choice {
            Choice::Coin(node, _) => {
                let noted = self.noted_otherwise(parting, *node);
                Some(noted.unwrap_or_else(|| format!("{}.", choices::told(choice, decision, &called))))
            }
            Choice::CrashGap(..) | Choice::PauseLength(..) | Choice::Offset(_) | Choice::Load(..) => {
                Some(format!("{}.", choices::told(choice, decision, &called)))
            }
            _ => None,
        };
        let [was, now] = [self.before, self.after].map(|trace| trace.events.get(parting).or(trace.events.last()));
        let about = |says| Clause::of(says, was.map(|event| event.id), now.map(|event| event.id));
        lacking(after, before).iter().filter_map(says).map(about).collect()
    }

    /// What a node notes where the runs part, and what it noted before: what it has drawn.
    fn noted_otherwise(&self, parting: usize, node: crate::process::NodeId) -> Option<String> {
        let noted = |trace: &crate::trace::Trace| {
            let event = trace.events.get(parting).filter(|event| event.node == Some(node))?;
            match event.what {
                EventKind::Noted(note) => Some((note.name, note.value)),
                _ => None,
            }
        };
        let ((was_name, was), (name, now)) = (noted(self.before)?, noted(self.after)?);
        let says = || format!("{} draws the {name} {now} instead of {was}.", self.after.names.of(node));
        (was_name == name && was != now).then(says)
    }
}

fn crash_point(when: &CrashWhen) -> Option<String> {
    match when {
        CrashWhen::Point { point, nth } => Some(passing(point, *nth)),
        CrashWhen::EachPoint { point, .. } => Some(passing(point, 0)),
        _ => None,
    }
}

fn pause_point(when: &PauseWhen) -> Option<String> {
    match when {
        PauseWhen::Point { point, nth } => Some(passing(point, *nth)),
        PauseWhen::EachPoint { point, .. } => Some(passing(point, 0)),
        PauseWhen::At(_) => None,
    }
}

/// A key as a word: `for` and `until` are none.
fn spelled(key: &str) -> String {
    match key {
        "for" => "length".to_owned(),
        "at" => "begin".to_owned(),
        "until" => "end".to_owned(),
        "from" => "senders".to_owned(),
        "to" => "receivers".to_owned(),
        key => key.replace('-', " "),
    }
}
