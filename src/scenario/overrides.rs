//! `--set KEY=VALUE`: changes in the tree of a scenario before it is checked.
//!
//! A value given by a flag goes through the same checks as one in the file, and keeps its place in
//! the flag, so that an error points there.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::complaint::Complaint;
use super::conform::conform;
use super::document::{Document, FlagKind, Tree, parse_value};
use super::findings::{Findings, short};
use super::load::SEED;
use super::params::read;
use super::schema;
use super::values::{At, Nodes};

/// What the flags have changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Overridden {
    /// Keys and values as given, the last one of each key.
    pub(super) settings: Vec<(String, String)>,
    /// What stood where they were set, by keys, as the file writes it; and the ends of a link of
    /// which something was set.
    pub(super) replaced: Vec<(String, String)>,
    /// The file's own nodes, where a flag gives only their count.
    pub(super) listed_nodes: Option<At<Nodes>>,
}

/// The deepest path that leads to anything has five steps; a parameter may be a little deeper.
const DEEPEST: usize = 32;

/// One step of a dotted path.
struct Step<'a> {
    word: &'a str,
    span: Range<usize>,
}

/// Applies the flags to the tree.
pub(super) fn apply<'d>(document: &'d Document<'_>, tree: &mut Tree<'d>, findings: &mut Findings) -> Overridden {
    let mut overridden = Overridden::default();
    for flag in document.flags() {
        let (argument, start) = flag.argument();
        let (key, value, value_start) = match flag.kind {
            FlagKind::Force => continue,
            // The seed that the scenario has anyway changes nothing: the command under a report
            // names it always.
            FlagKind::Seed if argument == own_seed(tree) => continue,
            FlagKind::Seed => ("seed", argument, start),
            FlagKind::Set => match split(argument) {
                Some((key, value, at)) => (key, value, start + at),
                None => {
                    let help = "write a key and its value, as in `--set network.loss=0.2`";
                    findings.add(flag.span(), format!("`{}` does not set anything", flag.shown), help);
                    continue;
                }
            },
        };
        let Some(path) = steps(key, start, flag.span(), findings) else { continue };
        let value = parse(value, value_start);
        let key: &str = &path.iter().map(|step| step.word).collect::<Vec<_>>().join(".");
        if key == "nodes" && value.get_ref().is_integer() {
            overridden.listed_nodes = listed_nodes(tree, findings).or(overridden.listed_nodes.take());
        }
        overridden.settings.retain(|(known, _)| known != key);
        overridden.settings.push((key.to_owned(), document.slice(value.span()).to_owned()));
        let ends = ends_of_link(document, tree, &path);
        let made = path.last().map(|step| step.span.clone());
        let Some(place) = place(tree, &path, findings) else { continue };
        let is_there = Some(place.span()) != made;
        let was = is_there.then(|| (key.to_owned(), document.slice(place.span()).to_owned()));
        for (key, was) in was.into_iter().chain(ends) {
            // What the first flag replaces is the file's.
            if !overridden.replaced.iter().any(|(known, _)| *known == key) {
                overridden.replaced.push((key, was));
            }
        }
        *place = value;
    }
    overridden
}

/// The keys and values of the ends of a link, where a path leads to one: `network.link.0.from`.
fn ends_of_link(document: &Document<'_>, tree: &Tree<'_>, path: &[Step<'_>]) -> Vec<(String, String)> {
    let [network, link, row, ..] = path else { return Vec::new() };
    let row = tree.get_ref().get(network.word).and_then(|network| network.get_ref().get(link.word)).and_then(|links| {
        let rows = links.get_ref().as_array().filter(|_| link.word == "link")?;
        Some((row.word, rows.get(row.word.parse::<usize>().ok()?)?))
    });
    let Some((number, row)) = row else { return Vec::new() };
    let end = |end: &str| {
        let node = row.get_ref().get(end)?;
        Some((format!("network.link.{number}.{end}"), document.slice(node.span()).to_owned()))
    };
    ["from", "to"].into_iter().filter_map(end).collect()
}

/// The seed of the file, as digits.
fn own_seed(tree: &Tree<'_>) -> String {
    let seed = tree.get_ref().as_table().and_then(|table| table.get("seed"));
    match seed.map(Spanned::get_ref) {
        Some(DeValue::Integer(seed)) if seed.radix() == 10 => seed.as_str().to_owned(),
        Some(_) => String::new(),
        None => SEED.to_string(),
    }
}

/// What keeps a sweep from setting `key` to `value` in a tree that is sound, and whether that is
/// the value's fault.
pub(super) fn refusal(tree: &Tree<'_>, key: &str, value: &str) -> Option<(Complaint, bool)> {
    let mut findings = Findings::default();
    let mut tree = tree.clone();
    let value = parse(value, key.len() + 1);
    let place_of_value = value.span();
    let path = steps(key, 0, 0..key.len(), &mut findings);
    if let Some(setting) = path.and_then(|path| place(&mut tree, &path, &mut findings)) {
        *setting = value;
        conform(&mut tree, schema::file(), "scenario", &mut findings);
    }
    let complaint = findings.into_complaints().into_iter().next()?;
    let is_of_value = complaint.span == place_of_value;
    Some((complaint, is_of_value))
}

/// Key, value, and where the value begins. Nothing without a key or an equals sign.
pub(super) fn split(argument: &str) -> Option<(&str, &str, usize)> {
    let mut quote = None;
    let equals = argument.find(|c| {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        c == '=' && quote.is_none()
    });
    let (key, value) = (&argument[..equals?], &argument[equals? + 1..]);
    let skipped = value.len() - value.trim_start().len();
    (!key.trim().is_empty()).then(|| (key.trim(), value.trim(), key.len() + 1 + skipped))
}

/// The value as TOML if it is that, else as text.
fn parse(text: &str, start: usize) -> Tree<'_> {
    let as_text = || Spanned::new(start..start + text.len(), DeValue::String(Cow::Borrowed(text)));
    parse_value(text, start).unwrap_or_else(as_text)
}

/// The steps of a dotted path that begins at `start`. The names of choices and of settings hold
/// dots themselves, so below `force` and `sweep.over` the rest is one step.
fn steps<'a>(key: &'a str, start: usize, whole: Range<usize>, findings: &mut Findings) -> Option<Vec<Step<'a>>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    let mut rest = Some(key);
    while let Some(left) = rest {
        let at = start + (key.len() - left.len());
        let is_free = matches!(&steps[..], [one] if one.word == "force")
            || matches!(&steps[..], [one, two] if one.word == "sweep" && two.word == "over");
        let (word, next) = match quoted(left) {
            Some(quoted) => quoted,
            None => match left.split_once('.') {
                Some((word, next)) if !is_free => (word, Some(next)),
                _ => (left, None),
            },
        };
        // A quote is no part of the word.
        let at = at + usize::from(word.as_ptr() != left.as_ptr());
        if word.is_empty() || steps.len() == DEEPEST {
            let help = "write the keys with a dot between them, as in `network.loss` or `fault.0.crash.at`";
            findings.add(whole, format!("`{}` is no path to a key", short(key)), help);
            return None;
        }
        steps.push(Step { word, span: at..at + word.len() });
        rest = next;
    }
    Some(steps)
}

/// The word in quotes at the start of a path, as TOML has it, and what follows its dot. A word in
/// quotes that needs more than that is none.
fn quoted(path: &str) -> Option<(&str, Option<&str>)> {
    let quote = path.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (word, rest) = path[1..].split_once(quote)?;
    let next = match rest.trim_start() {
        "" => None,
        rest => Some(rest.strip_prefix('.')?.trim_start()),
    };
    (!word.contains('\\')).then_some((word, next))
}

/// The place that a path leads to. Tables on the way are made where there are none. A row is made
/// by a step such as `+1`, after those that there are.
fn place<'t, 'd>(tree: &'t mut Tree<'d>, path: &[Step<'d>], findings: &mut Findings) -> Option<&'t mut Tree<'d>> {
    let mut place = tree;
    let mut walked: Vec<&str> = Vec::new();
    for (at, step) in path.iter().enumerate() {
        let above = walked.join(".");
        walked.push(step.word);
        place = match place.get_mut() {
            DeValue::Array(rows) => row(rows, step, &above, findings)?,
            DeValue::Table(table) => {
                let row = path[at..].iter().find(|step| is_row(step)).filter(|_| !table.contains_key(step.word));
                if let Some(row) = row {
                    let words = path.iter().map(|step| step.word);
                    let upto: Vec<&str> = words.take_while(|word| *word != row.word).chain([row.word]).collect();
                    let help = format!("`{}.+1` adds a row", without_row(&upto));
                    findings.add(row.span.clone(), format!("there is no `{}`", upto.join(".")), help);
                    return None;
                }
                let is_list = path.get(at + 1).is_some_and(is_new_row);
                let empty = if is_list { DeValue::Array(DeArray::new()) } else { DeValue::Table(DeTable::new()) };
                table
                    .entry(Spanned::new(step.span.clone(), Cow::Borrowed(step.word)))
                    .or_insert_with(|| Spanned::new(step.span.clone(), empty))
            }
            _ => {
                let message = format!("`{above}` has no keys of its own, so there is no `{}`", walked.join("."));
                findings.add(step.span.clone(), message, "");
                return None;
            }
        };
    }
    Some(place)
}

/// The row that a step leads to: one of the list `above` it, or a new one.
fn row<'t, 'd>(
    rows: &'t mut DeArray<'d>,
    step: &Step<'d>,
    above: &str,
    findings: &mut Findings,
) -> Option<&'t mut Tree<'d>> {
    if is_new_row(step) {
        rows.push(Spanned::new(step.span.clone(), DeValue::Table(DeTable::new())));
        return rows.last_mut();
    }
    let count = rows.len();
    let found = step.word.parse::<usize>().ok().and_then(|index| rows.get_mut(index));
    if found.is_none() {
        let there = match count {
            0 => format!("`{above}` is an empty list"),
            1 => format!("rows are counted from 0, and `{above}` has only `{above}.0`"),
            count => format!("rows are counted from 0: `{above}.0` to `{above}.{}`", count - 1),
        };
        let message = format!("there is no `{above}.{}`", step.word);
        findings.add(step.span.clone(), message, format!("{there}; `{above}.+1` adds one"));
    }
    found
}

/// Whether a step adds a row. The number behind the sign only tells one added row from the others.
fn is_new_row(step: &Step<'_>) -> bool {
    step.word.strip_prefix('+').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The path of the list that a row would be in.
fn without_row(path: &[&str]) -> String {
    path.split_last().map_or(String::new(), |(_, list)| list.join("."))
}

/// Whether a step is a row's number. The keys of tables are no numbers.
fn is_row(step: &Step<'_>) -> bool {
    step.word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The nodes as they are listed before a count overrides them, checked as if they stayed.
fn listed_nodes(tree: &Tree<'_>, findings: &mut Findings) -> Option<At<Nodes>> {
    let mut nodes = tree.get_ref().get("nodes").filter(|nodes| nodes.get_ref().is_array())?.clone();
    let fits = conform(&mut nodes, schema::file().pointer("/properties/nodes")?, "nodes", findings);
    let nodes = fits.then_some(nodes)?;
    read(&nodes, findings)
}
