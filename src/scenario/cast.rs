//! Who takes part: the problem, the protocol and the nodes, and the lookup of their names.

use std::collections::BTreeMap;
use std::ops::Range;

use super::choice::{self, ChoiceError};
use super::findings::{Findings, known, short};
use super::numbers::grouped;
use super::spec::File;
use super::values::{At, Nodes};
use super::{Limits, Vocabulary};
use crate::process::{MessageId, Names, NodeId};

/// The names that the rest of a scenario uses.
pub(super) struct Cast<'a> {
    pub(super) problem: &'a str,
    pub(super) protocol: &'a str,
    pub(super) names: Names,
    /// The nodes that the file lists and a flag's smaller count leaves out.
    cut: Vec<String>,
    /// Where the nodes are given.
    pub(super) nodes_span: Range<usize>,
    pub(super) vocabulary: &'a dyn Vocabulary,
}

impl<'a> Cast<'a> {
    /// Reads problem, protocol and nodes. `None` if one of them is missing or unknown.
    pub(super) fn read(
        file: &'a File,
        listed: Option<&At<Nodes>>,
        limits: Limits,
        vocabulary: &'a dyn Vocabulary,
        findings: &mut Findings,
    ) -> Option<Cast<'a>> {
        let problem = file.problem.as_ref().filter(|problem| {
            let problems = vocabulary.problems();
            is_known("problem", problem, &problems, "problems", findings)
        });
        let protocol = problem.zip(file.protocol.as_ref()).filter(|(problem, protocol)| {
            let protocols = vocabulary.protocols(problem);
            is_known("protocol", protocol, &protocols, &format!("protocols of `{}`", ***problem), findings)
        });
        let nodes = file.nodes.as_ref().filter(|nodes| findings.lost(nodes.span()).next().is_none())?;
        let mut cut = Vec::new();
        let named = match &**nodes {
            Nodes::Listed(names) => check_list(names, limits, nodes.span(), findings),
            Nodes::Count(count) => {
                let count = check_count(*count, limits, nodes.span(), findings)?;
                let listed = match listed.map(|listed| (&**listed, listed.span())) {
                    Some((Nodes::Listed(names), span)) => check_list(names, Limits::MOST, span, findings)?,
                    _ => Vec::new(),
                };
                cut.extend(listed.iter().skip(count).cloned());
                name_nodes(problem?, count, listed, vocabulary, nodes.span(), findings)
            }
        };
        let (problem, protocol) = protocol?;
        Some(Cast { problem, protocol, names: Names::new(named?), cut, nodes_span: nodes.span(), vocabulary })
    }

    /// The nodes that the file lists and a flag's smaller count leaves out.
    pub(super) fn cut(&self) -> &[String] {
        &self.cut
    }

    /// Whether a message's name speaks of a node that a flag has left out.
    pub(super) fn is_cut(&self, message: &str) -> bool {
        message.split(':').take(2).any(|name| self.cut.iter().any(|cut| cut == name))
    }

    /// The node of this name.
    pub(super) fn node(&self, name: &At<String>, findings: &mut Findings) -> Option<NodeId> {
        let node = self.names.find(name);
        if node.is_none() && self.cut.contains(name) {
            let (message, there) = (format!("there is no node `{}`", short(name)), self.nodes_span.clone());
            findings.add_beside(name.span(), message, "", (there, "so few nodes leave it out"));
        } else if node.is_none() {
            let help = known("nodes", self.names.iter(), name);
            findings.add(name.span(), format!("there is no node `{}`", short(name)), help);
        }
        node
    }

    /// Several nodes, none of which is in `seen`, which gets them all. `None` if one of them is
    /// wrong.
    pub(super) fn nodes(
        &self,
        names: &[At<String>],
        seen: &mut BTreeMap<NodeId, Range<usize>>,
        findings: &mut Findings,
    ) -> Option<Vec<NodeId>> {
        let mut nodes = Vec::new();
        for name in names {
            let Some(node) = self.node(name, findings) else { continue };
            match seen.get(&node) {
                Some(first) => {
                    let message = format!("`{}` is named twice", **name);
                    findings.add_beside(name.span(), message, "", (first.clone(), "here first"));
                }
                None => {
                    seen.insert(node, name.span());
                    nodes.push(node);
                }
            }
        }
        (nodes.len() == names.len()).then_some(nodes)
    }

    /// The message of this name.
    pub(super) fn message(&self, name: &At<String>, findings: &mut Findings) -> Option<MessageId> {
        let complain = |ChoiceError { message, help, .. }| findings.add(name.span(), message, help);
        let message = choice::parse_message(name, &self.names).map_err(complain).ok()?;
        self.check_message(message, name.span(), findings).then_some(message)
    }

    /// Whether anybody could lie.
    pub(super) fn has_lies(&self) -> bool {
        !self.vocabulary.lies(self.problem, self.protocol).is_empty()
    }

    /// Says that there cannot be such a message, if there cannot: only a lie puts a second one into
    /// a slot.
    pub(super) fn check_message(&self, message: MessageId, span: Range<usize>, findings: &mut Findings) -> bool {
        let can_be = message.extra() == 0 || self.has_lies();
        if !can_be {
            let shown = self.names.message(message);
            let help =
                format!("only a lie says more than one thing at once: write `{}`", self.names.message(message.slot()));
            findings.add(span, format!("there is no `{shown}`: nobody lies in `{}`", self.protocol), help);
        }
        can_be
    }

    /// Says that `word` is none of what the protocol's processes leave to chance, if it is none.
    pub(super) fn check_chance(&self, word: &str, span: Range<usize>, findings: &mut Findings) -> bool {
        let chances = self.vocabulary.chances(self.problem, self.protocol);
        let is_there = chances.contains(&word);
        if !is_there {
            let help = match &chances[..] {
                [] => format!("processes of `{}` leave nothing to chance", self.protocol),
                _ => known("choices of its processes", chances.iter().copied(), word),
            };
            findings.add(span, format!("`{}` has no choice `{}`", self.protocol, short(word)), help);
        }
        is_there
    }

    /// Says that `point` is none of the protocol's crash points, if it is none.
    pub(super) fn check_point(&self, point: &str, span: Range<usize>, findings: &mut Findings) -> bool {
        let points = self.vocabulary.crash_points(self.problem, self.protocol);
        let is_there = points.contains(&point);
        if !is_there {
            let help = match &points[..] {
                [] => format!("processes of `{}` pass no crash points: say when with `at`", self.protocol),
                _ => known("crash points", points, point),
            };
            findings.add(span, format!("there is no crash point `{point}`"), help);
        }
        is_there
    }
}

fn is_known(what: &str, name: &At<String>, all: &[&str], several: &str, findings: &mut Findings) -> bool {
    let is_there = all.contains(&name.as_str());
    if !is_there {
        let help = known(several, all.iter().copied(), name);
        findings.add(name.span(), format!("there is no {what} `{}`", short(name)), help);
    }
    is_there
}

fn check_count(count: u64, limits: Limits, span: Range<usize>, findings: &mut Findings) -> Option<usize> {
    if count > limits.nodes {
        let message = format!(
            "{} nodes are more than the {} that `limits.nodes` allows",
            grouped(&count),
            grouped(&limits.nodes)
        );
        let help = match limits == Limits::MOST {
            true => String::new(),
            false => format!("the limit can be set to at most {}", grouped(&Limits::MOST.nodes)),
        };
        findings.add(span, message, help);
        return None;
    }
    usize::try_from(count).ok()
}

fn check_list(
    names: &[At<String>],
    limits: Limits,
    span: Range<usize>,
    findings: &mut Findings,
) -> Option<Vec<String>> {
    let count = check_count(names.len() as u64, limits, span, findings)?;
    let mut first: BTreeMap<&str, Range<usize>> = BTreeMap::new();
    for name in names {
        match first.get(name.as_str()) {
            Some(there) => {
                let message = format!("two nodes are called `{}`", **name);
                findings.add_beside(
                    name.span(),
                    message,
                    "each node needs a name of its own",
                    (there.clone(), "here first"),
                );
            }
            None => {
                first.insert(name, name.span());
            }
        }
    }
    (first.len() == count).then(|| names.iter().map(|name| (**name).clone()).collect())
}

/// `count` names: first the listed ones, then those of the problem that are not yet used.
fn name_nodes(
    problem: &str,
    count: usize,
    listed: Vec<String>,
    vocabulary: &dyn Vocabulary,
    span: Range<usize>,
    findings: &mut Findings,
) -> Option<Vec<String>> {
    let mut fresh = vocabulary.node_names(problem, count + listed.len());
    fresh.retain(|name| !listed.contains(name));
    let names: Vec<String> = listed.iter().cloned().chain(fresh).take(count).collect();
    if names.len() < count {
        let message = format!("`{problem}` has names for {} nodes only, not for {count}", names.len());
        findings.add(span, message, "write the names of the nodes as a list");
        return None;
    }
    Some(names)
}
