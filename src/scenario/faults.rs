//! The faults of a scenario: each row with its names looked up and its keys held against each other.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::cast::Cast;
use super::choice::{Choice, Moment};
use super::document::Tree;
use super::findings::Findings;
use super::numbers::grouped;
use super::params::Params;
use super::spec;
use super::values::At;
use super::{CrashWhen, Fate, Fault, Lie, Traitors};
use crate::process::NodeId;
use crate::time::{Span, Time};

/// The keys of a traitor's row that are not its lie's arguments.
const OF_A_TRAITOR: [&str; 4] = ["node", "nodes", "count", "lie"];

/// What of each fault's row only the protocol can read: the arguments of lies.
pub(super) fn arguments(tree: &Tree<'_>) -> Vec<Params> {
    let rows = tree.get_ref().get("fault").and_then(|rows| rows.get_ref().as_array());
    let of_row = |row: &Tree<'_>| match row.get_ref().get("traitor").map(|row| (row.get_ref(), row.span())) {
        Some((DeValue::Table(table), span)) => Params::without(table, span, &OF_A_TRAITOR),
        _ => Params::empty(),
    };
    rows.into_iter().flat_map(|rows| rows.iter()).map(of_row).collect()
}

/// Reads all rows. `settled` gets the choices that rows settle by naming them.
pub(super) fn read(
    rows: &[At<spec::Fault>],
    arguments: Vec<Params>,
    cast: &Cast<'_>,
    settled: &mut BTreeMap<Choice, Range<usize>>,
    findings: &mut Findings,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut liars = Liars::default();
    for (row, arguments) in rows.iter().zip(arguments) {
        let Some(fault) = one(row, arguments, cast, findings) else { continue };
        if let Some((choice, place)) = settles(&fault, row) {
            match settled.get(&choice) {
                Some(first) => {
                    let message = format!("`{}` is settled twice", choice.name(&cast.names));
                    let help = "a choice can go only one way";
                    findings.add_beside(place, message, help, (first.clone(), "first here"));
                }
                None => {
                    settled.insert(choice, place);
                }
            }
        }
        if let (Fault::Traitor { who, .. }, spec::Fault::Traitor(row)) = (&fault, &**row) {
            liars.add(who, row.span(), cast, findings);
        }
        faults.push(fault);
    }
    faults
}

fn one(row: &spec::Fault, arguments: Params, cast: &Cast<'_>, findings: &mut Findings) -> Option<Fault> {
    Some(match row {
        spec::Fault::Traitor(row) => traitor(row, arguments, cast, findings)?,
        spec::Fault::Lose(row) => Fault::Message { message: cast.message(&row.message, findings)?, fate: Fate::Lose },
        spec::Fault::Corrupt(row) => {
            Fault::Message { message: cast.message(&row.message, findings)?, fate: Fate::Corrupt }
        }
        spec::Fault::Twice(row) => Fault::Message { message: cast.message(&row.message, findings)?, fate: Fate::Twice },
        spec::Fault::Delay(row) => Fault::Delay { message: cast.message(&row.message, findings)?, to: row.to },
        spec::Fault::Crash(row) => {
            let (node, when) = (cast.node(&row.node, findings), crash_when(row, cast, findings));
            Fault::Crash { node: node?, when: when?, down: row.lasts }
        }
        spec::Fault::Pause(row) => {
            Fault::Pause { node: cast.node(&row.node, findings)?, at: time(row.at), lasts: row.lasts }
        }
        spec::Fault::Partition(row) => partition(row, cast, findings)?,
        spec::Fault::Isolate(row) => {
            let node = cast.node(&row.node, findings)?;
            let others = NodeId::first(cast.names.count()).filter(|&other| other != node).collect();
            Fault::Partition { groups: vec![vec![node], others], at: time(row.at), lasts: row.lasts, one_way: false }
        }
        spec::Fault::ClockStep(row) => {
            Fault::ClockStep { node: cast.node(&row.node, findings)?, at: time(row.at), by: row.by }
        }
        spec::Fault::ClockDrift(row) => {
            Fault::ClockDrift { node: cast.node(&row.node, findings)?, at: time(row.at), ppb: row.ppm.ppb }
        }
    })
}

fn time(span: Span) -> Time {
    Time::ZERO + span
}

/// The choice that a row settles by naming it, and where it names it.
fn settles(fault: &Fault, row: &spec::Fault) -> Option<(Choice, Range<usize>)> {
    let choice = match fault {
        Fault::Message { message, .. } => Choice::Fate(*message),
        Fault::Delay { message, .. } => Choice::Delay(*message),
        Fault::Crash { node, when: CrashWhen::Point { point, nth }, .. } => {
            Choice::Crash(Moment::Point { node: *node, point: point.clone(), nth: *nth })
        }
        _ => return None,
    };
    let place = match row {
        spec::Fault::Lose(row) | spec::Fault::Corrupt(row) | spec::Fault::Twice(row) => row.message.span(),
        spec::Fault::Delay(row) => row.message.span(),
        spec::Fault::Crash(row) => row.point.as_ref()?.span(),
        _ => return None,
    };
    Some((choice, place))
}

/// The one key of several that is given, by its name; a complaint if there is none or more than one.
fn exactly_one<'a>(
    keys: &[(&'a str, Option<Range<usize>>)],
    row: Range<usize>,
    findings: &mut Findings,
) -> Option<&'a str> {
    let given: Vec<_> = keys.iter().filter_map(|(name, span)| Some((*name, span.clone()?))).collect();
    let all: Vec<String> = keys.iter().map(|(name, _)| format!("`{name}`")).collect();
    match &given[..] {
        [(only, _)] => Some(only),
        [] => {
            // Not if the key was there, with a value that is a complaint already.
            if !findings.lost(row.clone()).any(|lost| keys.iter().any(|(name, _)| *name == lost)) {
                findings.add(row, format!("one of {} is missing", all.join(", ")), "");
            }
            None
        }
        [(first, there), (second, here), ..] => {
            let message = format!("`{first}` and `{second}` exclude each other");
            let help = format!("exactly one of {} can stand here", all.join(", "));
            findings.add_beside(here.clone(), message, help, (there.clone(), "the first"));
            None
        }
    }
}

fn traitor(row: &At<spec::Traitor>, arguments: Params, cast: &Cast<'_>, findings: &mut Findings) -> Option<Fault> {
    let spec::Traitor { node, nodes, count, lie } = &**row;
    let keys = [
        ("node", node.as_ref().map(At::span)),
        ("nodes", nodes.as_ref().map(At::span)),
        ("count", count.as_ref().map(At::span)),
    ];
    exactly_one(&keys, row.span(), findings)?;
    let who = match (node, nodes, count) {
        (Some(node), ..) => Traitors::These(vec![cast.node(node, findings)?]),
        (_, Some(nodes), _) => Traitors::These(cast.nodes(nodes, &mut BTreeMap::new(), findings)?),
        (.., Some(count)) => Traitors::Count(traitor_count(count, cast, findings)?),
        _ => return None,
    };
    Some(Fault::Traitor { who, lie: Lie { name: (**lie).clone(), span: lie.span(), arguments } })
}

fn traitor_count(count: &At<u64>, cast: &Cast<'_>, findings: &mut Findings) -> Option<usize> {
    let nodes = cast.names.count();
    let fits = usize::try_from(**count).ok().filter(|&count| count <= nodes);
    if fits.is_none() {
        findings.add(count.span(), format!("there cannot be {} traitors among {nodes} nodes", grouped(&**count)), "");
    }
    fits
}

/// Who lies already: by name, and the row in which the seed places them.
#[derive(Default)]
struct Liars {
    named: BTreeMap<NodeId, Range<usize>>,
    placed: Option<Range<usize>>,
}

impl Liars {
    /// No node may follow two plans, and those that the seed places must not meet those that are named.
    fn add(&mut self, who: &Traitors, row: Range<usize>, cast: &Cast<'_>, findings: &mut Findings) {
        let other = match who {
            Traitors::Count(_) => self.placed.as_ref().or(self.named.values().next()),
            Traitors::These(_) => self.placed.as_ref(),
        };
        if let Some(other) = other {
            let message = "these traitors may be the same nodes as those of another row";
            let help = "where the seed places traitors, one row holds them all";
            findings.add_beside(row.clone(), message, help, (other.clone(), "the other row"));
        }
        match who {
            Traitors::Count(_) => self.placed = Some(row),
            Traitors::These(nodes) => {
                for &node in nodes {
                    if let Some(first) = self.named.insert(node, row.clone()) {
                        let message = format!("`{}` is a traitor twice", cast.names.of(node));
                        findings.add_beside(row.clone(), message, "a traitor follows one plan", (first, "here first"));
                    }
                }
            }
        }
    }
}

fn crash_when(row: &At<spec::Crash>, cast: &Cast<'_>, findings: &mut Findings) -> Option<CrashWhen> {
    let keys = [
        ("at", row.at.as_ref().map(At::span)),
        ("after", row.after.as_ref().map(At::span)),
        ("point", row.point.as_ref().map(At::span)),
        ("rate", row.rate.as_ref().map(At::span)),
    ];
    let one = exactly_one(&keys, row.span(), findings)?;
    if let Some(probability) = row.probability.as_ref().filter(|_| one != "point") {
        findings.add(
            probability.span(),
            "`probability` belongs to a `point`",
            "it is the chance at each passing of it",
        );
        return None;
    }
    match (&row.at, &row.after, &row.point, &row.rate) {
        (Some(at), ..) => Some(CrashWhen::At(time(**at))),
        (_, Some(after), ..) => crash_after(row, after, cast, findings),
        (.., Some(point), _) => crash_point(row, point, cast, findings),
        (.., Some(rate)) => Some(CrashWhen::Rate(**rate)),
        _ => None,
    }
}

fn crash_after(row: &spec::Crash, after: &At<String>, cast: &Cast<'_>, findings: &mut Findings) -> Option<CrashWhen> {
    let message = cast.message(after, findings)?;
    if cast.names.find(&row.node).is_some_and(|node| node != message.to()) {
        let text = format!("`{}` is not delivered to `{}`", **after, *row.node);
        let help =
            format!("it is delivered to `{}`: a node crashes after what comes to itself", cast.names.of(message.to()));
        findings.add(after.span(), text, help);
        return None;
    }
    Some(CrashWhen::After(message))
}

fn crash_point(row: &spec::Crash, point: &At<String>, cast: &Cast<'_>, findings: &mut Findings) -> Option<CrashWhen> {
    let (name, nth) = point.split_once(':').map_or((point.as_str(), None), |(name, nth)| (name, Some(nth)));
    if !cast.check_point(name, point.span(), findings) {
        return None;
    }
    match (nth.map(str::parse::<u32>), &row.probability) {
        (Some(Ok(nth)), None) if nth > 0 => Some(CrashWhen::Point { point: name.to_owned(), nth }),
        (None, Some(probability)) => Some(CrashWhen::EachPoint { point: name.to_owned(), probability: **probability }),
        (Some(_), Some(probability)) => {
            let help = "write the point without a count, or leave the probability out";
            let message = "`probability` is for every passing, and `point` names one";
            findings.add_beside(probability.span(), message, help, (point.span(), "the point"));
            None
        }
        (Some(_), None) => {
            let help = format!("passings are counted from 1, as in `{name}:2`");
            findings.add(point.span(), format!("`{}` does not say which passing", **point), help);
            None
        }
        (None, None) => {
            let help = format!("write `{name}:1` for the first, or add a `probability` for each");
            findings.add(point.span(), format!("`{name}` does not say which passing of the point"), help);
            None
        }
    }
}

fn partition(row: &spec::Partition, cast: &Cast<'_>, findings: &mut Findings) -> Option<Fault> {
    let mut seen = BTreeMap::new();
    let mut groups = Vec::new();
    for group in &row.groups {
        if group.is_empty() && findings.lost(group.span()).next().is_none() {
            findings.add(group.span(), "this group is empty", "a node in no group keeps all its links");
        }
        groups.extend(cast.nodes(group, &mut seen, findings));
    }
    let is_whole = groups.len() == row.groups.len();
    is_whole.then_some(Fault::Partition { groups, at: time(row.at), lasts: row.lasts, one_way: row.one_way })
}
