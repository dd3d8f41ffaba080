//! The faults of a scenario: each row with its names looked up and its keys held against each
//! other.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::cast::Cast;
use super::choice::{Choice, Moment};
use super::distribution::Delay;
use super::document::Tree;
use super::findings::Findings;
use super::moments::{self, exactly_one};
use super::numbers::grouped;
use super::params::Params;
use super::spec;
use super::values::{At, Ends};
use super::{Change, CrashWhen, Distribution, Fate, Fault, Lie, Links, PauseWhen, Traitors};
use crate::process::NodeId;
use crate::time::{Span, Time};

/// The keys of a traitor's row that are not its lie's arguments.
const OF_A_TRAITOR: [&str; 4] = ["node", "nodes", "count", "lie"];
/// The keys of a link that a row may change for a while.
const OF_A_LINK: [&str; 4] = ["loss", "delay", "duplicate", "corrupt"];

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
            let (node, when) = (cast.node(&row.node, findings), moments::crash(row, cast, findings));
            Fault::Crash { node: node?, when: when?, down: row.lasts, disk: row.disk }
        }
        spec::Fault::Pause(row) => {
            let (node, when) = (cast.node(&row.node, findings), moments::pause(row, cast, findings));
            let lasts = row.lasts.as_ref().map(|lasts| pause_length(lasts, findings));
            Fault::Pause { node: node?, when: when?, lasts: transposed(lasts)?, oscillator: row.oscillator }
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
            Fault::ClockDrift { node: cast.node(&row.node, findings)?, at: time(row.at), ppb: row.ppm.0.ppb }
        }
        spec::Fault::Degrade(row) => degrade(row, cast, findings)?,
        spec::Fault::Hold(row) => {
            let links = links(row.from.as_ref(), row.to.as_ref(), row.span(), cast, findings)?;
            Fault::Hold { links, at: time(row.at), lasts: row.lasts }
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
        Fault::Pause { node, when: PauseWhen::Point { point, nth }, .. } => {
            Choice::Pause(Moment::Point { node: *node, point: point.clone(), nth: *nth })
        }
        _ => return None,
    };
    let place = match row {
        spec::Fault::Lose(row) | spec::Fault::Corrupt(row) | spec::Fault::Twice(row) => row.message.span(),
        spec::Fault::Delay(row) => row.message.span(),
        spec::Fault::Crash(row) => row.point.as_ref()?.span(),
        spec::Fault::Pause(row) => row.point.as_ref()?.span(),
        _ => return None,
    };
    Some((choice, place))
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
    let arguments = arguments.among(&cast.names);
    Some(Fault::Traitor { who, lie: Lie { name: (**lie).clone(), span: lie.span(), arguments } })
}

fn traitor_count(count: &At<u64>, cast: &Cast<'_>, findings: &mut Findings) -> Option<usize> {
    let nodes = cast.names.count();
    let fits = usize::try_from(**count).ok().filter(|&count| count <= nodes);
    if fits.is_none() {
        // A flag is not blamed on the file that it changes.
        let is_of_nodes = cast.nodes_span.start > count.span().start;
        let span = if is_of_nodes { cast.nodes_span.clone() } else { count.span() };
        findings.add(span, format!("there cannot be {} traitors among {nodes} nodes", grouped(&**count)), "");
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
    /// No node may follow two plans, and those that the seed places must not meet those that are
    /// named.
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

/// How long a pause lasts: a distribution, or longer than nothing.
fn pause_length(lasts: &At<Delay>, findings: &mut Findings) -> Option<Distribution> {
    let length = lasts.0.resolve(findings)?;
    if length == Distribution::Constant(Span::ZERO) {
        findings.add(lasts.span(), "`for` must be longer than nothing", "leave the row out if nothing is to happen");
        return None;
    }
    Some(length)
}

fn degrade(row: &At<spec::Degrade>, cast: &Cast<'_>, findings: &mut Findings) -> Option<Fault> {
    let spec::Degrade { ref from, ref to, at, lasts, ref delay, loss, duplicate, corrupt } = **row;
    let says_nothing = delay.is_none() && loss.or(duplicate).or(corrupt).is_none();
    if says_nothing && !findings.lost(row.span()).any(|lost| OF_A_LINK.contains(&lost)) {
        let help = "give at least one of `loss`, `delay`, `duplicate` and `corrupt`";
        findings.add(row.span(), "this row does not say what is other than usual", help);
    }
    let delay = transposed(delay.as_ref().map(|delay| delay.0.resolve(findings)));
    let links = links(from.as_ref(), to.as_ref(), row.span(), cast, findings);
    let change = Change { delay: delay?, loss, duplicate, corrupt };
    (!says_nothing).then_some(Fault::Degrade { links: links?, at: time(at), lasts, change })
}

/// The links from some nodes to others.
fn links(
    from: Option<&At<Ends>>,
    to: Option<&At<Ends>>,
    row: Range<usize>,
    cast: &Cast<'_>,
    findings: &mut Findings,
) -> Option<Links> {
    let mut ends = |ends: Option<&At<Ends>>| match ends.map(|ends| (&**ends, ends.span())) {
        None => Some(None),
        Some((Ends::One(name), span)) => Some(Some(vec![cast.node(&At::new(name.clone(), span), findings)?])),
        Some((Ends::Several(names), _)) => Some(Some(cast.nodes(names, &mut BTreeMap::new(), findings)?)),
    };
    let (from, to) = (ends(from), ends(to));
    let links = Links { from: from?, to: to? };
    if let (Some([only]), Some([other])) = (links.from.as_deref(), links.to.as_deref())
        && only == other
    {
        let message = format!("this link leads from `{}` to itself", cast.names.of(*only));
        findings.add(row, message, "nobody sends to itself");
        return None;
    }
    Some(links)
}

/// What was given and is sound, or was not given; `None` if it was given and is not.
fn transposed<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    given.map_or(Some(None), |sound| sound.map(Some))
}
