//! The faults of a scenario: each row with its names looked up and its keys held against each other.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::cast::Cast;
use super::choice::{Choice, Moment};
use super::document::Tree;
use super::findings::Findings;
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
    for (row, arguments) in rows.iter().zip(arguments) {
        let Some(fault) = one(row, arguments, cast, findings) else { continue };
        if let Some(choice) = settles(&fault) {
            match settled.get(&choice) {
                Some(first) => {
                    let message = format!("`{}` is settled twice", choice.name(&cast.names));
                    findings.add_beside(
                        row.span(),
                        message,
                        "a choice can go only one way",
                        (first.clone(), "first here"),
                    );
                }
                None => {
                    settled.insert(choice, row.span());
                }
            }
        }
        faults.push(fault);
    }
    check_traitors(rows, cast, findings);
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

/// The choice that a row settles by naming it.
fn settles(fault: &Fault) -> Option<Choice> {
    match fault {
        Fault::Message { message, .. } => Some(Choice::Fate(*message)),
        Fault::Delay { message, .. } => Some(Choice::Delay(*message)),
        Fault::Crash { node, when: CrashWhen::Point { point, nth }, .. } => {
            Some(Choice::Crash(Moment::Point { node: *node, point: point.clone(), nth: *nth }))
        }
        _ => None,
    }
}

/// The one key of several that is given, by its name; a complaint if there is none or more than one.
fn exactly_one<'a>(
    keys: &[(&'a str, Option<Range<usize>>)],
    row: Range<usize>,
    findings: &mut Findings,
) -> Option<&'a str> {
    let given: Vec<_> = keys.iter().filter_map(|(name, span)| Some((*name, span.clone()?))).collect();
    let all: Vec<String> = keys.iter().map(|(name, _)| format!("`{name}`")).collect();
    let help = format!("exactly one of {} is wanted here", all.join(", "));
    match &given[..] {
        [(only, _)] => Some(only),
        [] => {
            findings.add(row, format!("none of {} is given", all.join(", ")), help);
            None
        }
        [(first, there), (second, here), ..] => {
            let message = format!("`{first}` and `{second}` exclude each other");
            findings.add_beside(here.clone(), message, help, (there.clone(), ""));
            None
        }
    }
}

fn traitor(row: &spec::Traitor, arguments: Params, cast: &Cast<'_>, findings: &mut Findings) -> Option<Fault> {
    let spec::Traitor { node, nodes, count, lie } = row;
    let keys = [
        ("node", node.as_ref().map(At::span)),
        ("nodes", nodes.as_ref().map(At::span)),
        ("count", count.as_ref().map(At::span)),
    ];
    exactly_one(&keys, lie.span(), findings)?;
    let who = match (node, nodes, count) {
        (Some(node), ..) => Traitors::These(vec![cast.node(node, findings)?]),
        (_, Some(nodes), _) => Traitors::These(cast.nodes(nodes, findings)?),
        (.., Some(count)) => Traitors::Count(traitor_count(count, cast, findings)?),
        _ => return None,
    };
    Some(Fault::Traitor { who, lie: Lie { name: (**lie).clone(), span: lie.span(), arguments } })
}

fn traitor_count(count: &At<u64>, cast: &Cast<'_>, findings: &mut Findings) -> Option<usize> {
    let nodes = cast.names.count();
    let fits = usize::try_from(**count).ok().filter(|&count| count <= nodes);
    if fits.is_none() {
        findings.add(count.span(), format!("{} of {nodes} nodes cannot be traitors", **count), "");
    }
    fits
}

/// No node may follow two plans, and those that the seed places must not meet those that are named.
fn check_traitors(rows: &[At<spec::Fault>], cast: &Cast<'_>, findings: &mut Findings) {
    let mut named: BTreeMap<NodeId, Range<usize>> = BTreeMap::new();
    let mut rows_before: Option<(Range<usize>, bool)> = None;
    for row in rows {
        let spec::Fault::Traitor(traitor) = &**row else { continue };
        let places = traitor.count.is_some();
        if let Some((first, placed)) = &rows_before
            && (places || *placed)
        {
            let help = "where the seed places the traitors, one row holds them all";
            let message = "these traitors may be the same nodes as those of another row";
            findings.add_beside(row.span(), message, help, (first.clone(), "the other row"));
        }
        let names = traitor.node.iter().chain(traitor.nodes.iter().flat_map(|nodes| nodes.iter()));
        for name in names {
            let Some(node) = cast.names.find(name) else { continue };
            if let Some(first) = named.insert(node, name.span()).filter(|first| !row_holds(row, first)) {
                let message = format!("`{}` already is a traitor", **name);
                findings.add_beside(name.span(), message, "a traitor follows one plan", (first, "first here"));
            }
        }
        rows_before = rows_before.or(Some((row.span(), places)));
    }
}

/// Whether a place is in this very row, where naming a node twice is a complaint already.
fn row_holds(row: &At<spec::Fault>, place: &Range<usize>) -> bool {
    match &**row {
        spec::Fault::Traitor(row) => row.nodes.iter().flat_map(|nodes| nodes.iter()).any(|name| name.span() == *place),
        _ => false,
    }
}

fn crash_when(row: &spec::Crash, cast: &Cast<'_>, findings: &mut Findings) -> Option<CrashWhen> {
    let keys = [
        ("at", row.at.as_ref().map(At::span)),
        ("after", row.after.as_ref().map(At::span)),
        ("point", row.point.as_ref().map(At::span)),
        ("rate", row.rate.as_ref().map(At::span)),
    ];
    let one = exactly_one(&keys, row.node.span(), findings)?;
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
    if cast.names.find(&row.node).is_some_and(|node| node != message.to) {
        let text = format!("`{}` is not delivered to `{}`", **after, *row.node);
        let help =
            format!("it is delivered to `{}`: a node crashes after what comes to itself", cast.names.of(message.to));
        findings.add(after.span(), text, help);
        return None;
    }
    Some(CrashWhen::After(message))
}

fn crash_point(row: &spec::Crash, point: &At<String>, cast: &Cast<'_>, findings: &mut Findings) -> Option<CrashWhen> {
    let (name, nth) = point.split_once(':').map_or((point.as_str(), None), |(name, nth)| (name, Some(nth)));
    let is_there = cast.check_point(name, point.span(), findings);
    let when = match (nth.map(str::parse::<u32>), &row.probability) {
        (Some(Ok(nth)), None) if nth > 0 => CrashWhen::Point { point: name.to_owned(), nth },
        (None, Some(probability)) => CrashWhen::EachPoint { point: name.to_owned(), probability: **probability },
        (Some(_), Some(probability)) => {
            let help = "write the point without a count, or leave the probability out";
            let message = "`probability` is for every passing, and `point` names one";
            findings.add_beside(probability.span(), message, help, (point.span(), "the point"));
            return None;
        }
        (Some(_), None) => {
            let help = format!("passings are counted from 1, as in `{name}:2`");
            findings.add(point.span(), format!("`{}` does not say which passing", **point), help);
            return None;
        }
        (None, None) => {
            let help = format!("write `{name}:1` for the first, or add a `probability` for each");
            findings.add(point.span(), format!("`{name}` does not say which passing of the point"), help);
            return None;
        }
    };
    is_there.then_some(when)
}

fn partition(row: &spec::Partition, cast: &Cast<'_>, findings: &mut Findings) -> Option<Fault> {
    let mut first: BTreeMap<NodeId, Range<usize>> = BTreeMap::new();
    let mut groups = Vec::new();
    let mut sound = true;
    for group in &row.groups {
        if group.is_empty() {
            findings.add(group.span(), "this group is empty", "a node in no group keeps all its links");
            sound = false;
        }
        let Some(nodes) = cast.nodes(group, findings) else {
            sound = false;
            continue;
        };
        for (name, &node) in group.iter().zip(&nodes) {
            if let Some(there) = first.insert(node, name.span()) {
                let message = format!("`{}` is in two groups", **name);
                findings.add_beside(name.span(), message, "", (there, "first here"));
                sound = false;
            }
        }
        groups.push(nodes);
    }
    let fault = Fault::Partition { groups, at: time(row.at), lasts: row.lasts, one_way: row.one_way };
    sound.then_some(fault)
}
