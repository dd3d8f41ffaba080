//! The text of a scenario, and the flags that change it, as one stretch of bytes in which every
//! span has its place.
//!
//! The file comes first, then each flag as one would write it: `--set network.loss=0.2`. So a span
//! into a flag is told from a span into the file by its numbers alone, and an error about an
//! overridden value points at the flag.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::Request;
use super::findings::Findings;
use super::mistaken;

/// A value of a scenario with the place where it stands.
pub(super) type Tree<'a> = Spanned<DeValue<'a>>;

/// What a file is, for errors.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileKind {
    /// What it is called: `scenario`.
    pub(super) name: &'static str,
    /// What one looks like, and where to see one.
    pub(super) help: &'static str,
}

const SCENARIO: FileKind =
    FileKind { name: "scenario", help: "a scenario is a TOML file, as `dsys show three-generals` prints one" };

/// A scenario's file and flags.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// What the text is meant to be.
    pub(super) kind: FileKind,
    pub(super) origin: &'a str,
    pub(super) text: &'a str,
    flags: Vec<Flag>,
}

/// A flag, as it is shown.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    pub(super) kind: FlagKind,
    /// Where the flag begins in the whole document.
    pub(super) start: usize,
    /// The flag with its word: `--set network.loss=0.2`.
    pub(super) shown: String,
}

/// What a flag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlagKind {
    /// `--set KEY=VALUE`
    Set,
    /// `--force CHOICE=OPTION`
    Force,
    /// `--seed N`
    Seed,
}

impl FlagKind {
    /// The flag as one would write it.
    pub(super) fn shown(self, argument: &str) -> String {
        format!("{}{argument}", self.word())
    }

    const fn word(self) -> &'static str {
        match self {
            FlagKind::Set => "--set ",
            FlagKind::Force => "--force ",
            FlagKind::Seed => "--seed ",
        }
    }
}

impl Flag {
    /// What follows the flag's word, and where that begins in the whole document.
    pub(super) fn argument(&self) -> (&str, usize) {
        let word = self.kind.word().len();
        (&self.shown[word..], self.start + word)
    }

    /// The flag's span in the whole document.
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.start + self.shown.len()
    }
}

impl<'a> Document<'a> {
    pub(super) fn new(request: &Request<'a>) -> Document<'a> {
        let mut document = Document { kind: SCENARIO, origin: request.origin, text: request.text, flags: Vec::new() };
        let seed = request.seed.map(|seed| seed.to_string());
        let set = request.set.iter().map(|set| (FlagKind::Set, set));
        let force = request.force.iter().map(|force| (FlagKind::Force, force));
        for (kind, argument) in set.chain(force).chain(seed.iter().map(|seed| (FlagKind::Seed, seed))) {
            let start = document.flags.last().map_or(document.text.len(), |flag| flag.span().end) + 1;
            document.flags.push(Flag { kind, start, shown: kind.shown(argument) });
        }
        document
    }

    /// The same text, meant to be something else than a scenario.
    pub(super) fn of_kind(self, kind: FileKind) -> Document<'a> {
        Document { kind, ..self }
    }

    /// All flags.
    pub(super) fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// The flag in which `offset` lies; `None` if it lies in the file.
    pub(super) fn flag_at(&self, offset: usize) -> Option<&Flag> {
        self.flags.iter().rfind(|flag| flag.start <= offset)
    }

    /// The text at `span`.
    pub(super) fn slice(&self, span: Range<usize>) -> &str {
        let (text, start) = match self.flag_at(span.start) {
            Some(flag) => (flag.shown.as_str(), flag.start),
            None => (self.text, 0),
        };
        text.get(span.start - start..span.end.saturating_sub(start)).unwrap_or_default()
    }

    /// Parses the file. `None` if it is no TOML.
    pub(super) fn parse(&self, findings: &mut Findings) -> Option<Tree<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let span = table.span();
        let tree = shallow(Spanned::new(span, DeValue::Table(table.into_inner())));
        if let Some(what) = (!errors.is_empty()).then(|| mistaken::what(self.text)).flatten() {
            findings.add(0..0, format!("this is {what}, and no {}", self.kind.name), self.kind.help);
            return None;
        }
        let recursion = errors.iter().find(|error| error.message().contains("recurs"));
        if tree.is_none() || recursion.is_some() {
            let span = recursion.and_then(toml::de::Error::span).unwrap_or(0..0);
            let help = format!("no key of a {} needs more than a few levels", self.kind.name);
            findings.add(span, "this is nested too deeply", help);
            return None;
        }
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            // One slip makes the parser stumble more than once, mostly on the same spot.
            if !findings.iter().any(|finding| finding.complaint.span == span) {
                findings.add(span, error.message(), toml_help(error.message()));
            }
        }
        tree.filter(|_| errors.is_empty())
    }
}

/// Parses the value of a flag that begins at `start`. `None` if it is no TOML.
pub(super) fn parse_value(text: &str, start: usize) -> Option<Tree<'_>> {
    let (value, errors) = DeValue::parse_recoverable(text);
    shallow(value).filter(|_| errors.is_empty()).map(|value| shifted(value, start))
}

/// The tree, unless it is so deep that a function which calls itself on each level could run out of
/// stack. Dotted keys within tables within tables get past the parser's own limit.
fn shallow(tree: Tree<'_>) -> Option<Tree<'_>> {
    const DEEPEST: usize = 64;
    let mut waiting = vec![(&tree, 0)];
    while let Some((value, depth)) = waiting.pop() {
        if depth > DEEPEST {
            dismantle(tree);
            return None;
        }
        match value.get_ref() {
            DeValue::Array(items) => waiting.extend(items.iter().map(|item| (item, depth + 1))),
            DeValue::Table(entries) => waiting.extend(entries.values().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    Some(tree)
}

/// Drops a tree level by level, since each level that drops the next would need the stack that
/// there may not be.
fn dismantle(tree: Tree<'_>) {
    let mut waiting = vec![tree];
    while let Some(value) = waiting.pop() {
        match value.into_inner() {
            DeValue::Array(items) => waiting.extend(items),
            DeValue::Table(entries) => waiting.extend(entries.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

/// The same tree with all its spans moved forward by `by`.
fn shifted(tree: Tree<'_>, by: usize) -> Tree<'_> {
    let span = moved(tree.span(), by);
    let value = match tree.into_inner() {
        DeValue::Array(items) => {
            let mut array = DeArray::new();
            for item in items {
                array.push(shifted(item, by));
            }
            DeValue::Array(array)
        }
        DeValue::Table(entries) => {
            let entry = |(key, value): (Spanned<_>, _)| {
                let span = moved(key.span(), by);
                (Spanned::new(span, key.into_inner()), shifted(value, by))
            };
            DeValue::Table(entries.into_iter().map(entry).collect())
        }
        scalar => scalar,
    };
    Spanned::new(span, value)
}

fn moved(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

/// How to mend what a parser of TOML complains of, where its words do not say it; may be empty.
pub(crate) fn toml_help(message: &str) -> &'static str {
    if message.starts_with("string values must be quoted") { "write a text in quotes, as in `\"a text\"`" } else { "" }
}
