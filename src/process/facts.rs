//! A process's state as data: named facts, each of a kind that pictures know how to draw.
//!
//! A process tells its facts anew whenever somebody watches ([`Process::state`]). A picture goes by
//! the kind of a fact, never by its name or its protocol's, so a protocol gets its queues, logs and
//! epochs drawn without a line of view code.
//!
//! [`Process::state`]: super::Process::state

use std::borrow::Cow;

use serde::Serialize;

use super::{Names, NodeId};
use crate::time::Span;

/// What a process knows of itself at one moment.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The facts that were told last; those before `told` have been told anew.
    facts: Vec<Fact>,
    told: usize,
    differ: bool,
}

/// One thing that a process knows: its name and what is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fact {
    /// Its name: `epoch`, `in flight`, `log`.
    pub name: &'static str,
    /// What is so.
    #[serde(rename = "is")]
    pub kind: FactKind,
}

/// The kinds of facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// A word of the protocol: what was decided, what is held.
    Word(Words),
    /// The part that the node plays now, where that can change: leader, follower.
    Role(&'static str),
    /// An operation that is under way. It began when it was first told, and ends when it is told no
    /// more.
    Operation(Words),
    /// How many so far, and how many there will be at most.
    Count(Level),
    /// How many now, and of how many there is room for: it rises and falls.
    Level(Level),
    /// What an estimate or a clock of the process shows, in nanoseconds.
    Clock(
        #[serde(serialize_with = "as_ns")]
        #[cfg_attr(test, schemars(with = "i64"))]
        Span,
    ),
    /// A number that says which: an epoch, a term, a round.
    Version(u64),
    /// Elements in the order in which they were appended.
    Log(Elements),
    /// Members, in an order of their own.
    Set(Elements),
    /// Rows of a key and what is kept of it.
    Table(Elements),
}

fn as_ns<S: serde::Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(span.ns())
}

/// Words: mostly the protocol's own, seldom made at run time.
pub type Words = Cow<'static, str>;

/// How many of something there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Level {
    /// How many.
    pub at: u64,
    /// How many there can be, if that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// Elements of a log, members of a set, or rows of a table: the last [`Elements::MOST`] of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Elements {
    /// Those that are kept, in order.
    pub elements: Vec<Element>,
    /// How many stand before them.
    pub more: u64,
}

/// An element of a log, a member of a set, or a row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Element {
    /// What it is, or the key of a row.
    pub key: Key,
    /// What is kept of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Words>,
    /// Whether it wants a look: uncommitted, twice there, refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub marked: bool,
}

/// What names an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Key {
    /// A node, by its place.
    Node(#[cfg_attr(test, schemars(with = "u16"))] NodeId),
    /// Words, or a number as words.
    Words(Words),
}

impl Level {
    fn new(at: usize, limit: Option<usize>) -> Level {
        Level { at: at as u64, limit: limit.map(|limit| limit as u64) }
    }
}

impl Elements {
    /// So many are kept of a log, a set or a table. A run tells its state at every event, so what
    /// one event tells must not grow with the run.
    pub const MOST: usize = 20;

    /// Keeps the end of `elements`, which are `count` in all, told from the last one backwards.
    fn of<C: Into<Element>>(count: usize, backwards: impl IntoIterator<Item = C>) -> Elements {
        let mut elements: Vec<Element> = backwards.into_iter().take(Elements::MOST).map(Into::into).collect();
        elements.reverse();
        Elements { more: count.saturating_sub(elements.len()) as u64, elements }
    }
}

impl Element {
    /// The element of this key alone.
    pub fn new(key: impl Into<Key>) -> Element {
        Element { key: key.into(), value: None, marked: false }
    }

    /// The row of this key with what is kept of it.
    pub fn row(key: impl Into<Key>, value: impl Into<Words>) -> Element {
        Element { value: Some(value.into()), ..Element::new(key) }
    }

    /// The element, marked if `marked`.
    #[must_use]
    pub fn marked(self, marked: bool) -> Element {
        Element { marked, ..self }
    }
}

impl From<NodeId> for Key {
    fn from(node: NodeId) -> Key {
        Key::Node(node)
    }
}

impl From<&'static str> for Key {
    fn from(word: &'static str) -> Key {
        Key::Words(word.into())
    }
}

impl From<u32> for Key {
    fn from(number: u32) -> Key {
        Key::Words(number.to_string().into())
    }
}

impl From<NodeId> for Element {
    fn from(node: NodeId) -> Element {
        Element::new(node)
    }
}

impl From<&'static str> for Element {
    fn from(word: &'static str) -> Element {
        Element::new(word)
    }
}

impl From<u32> for Element {
    fn from(number: u32) -> Element {
        Element::new(number)
    }
}

impl Facts {
    /// A word: `decided attack`.
    pub fn word(&mut self, name: &'static str, word: impl Into<Words>) {
        self.tell(name, FactKind::Word(word.into()));
    }

    /// The part that the node plays now: `role leader`.
    pub fn role(&mut self, name: &'static str, role: &'static str) {
        self.tell(name, FactKind::Role(role));
    }

    /// An operation that is under way, from this moment until it is told no more: `commits 3`.
    pub fn operation(&mut self, name: &'static str, of: impl Into<Words>) {
        self.tell(name, FactKind::Operation(of.into()));
    }

    /// How many so far: `heard 3`. With a limit, `heard 3 of 5`.
    pub fn count(&mut self, name: &'static str, at: usize, limit: impl Into<Option<usize>>) {
        self.tell(name, FactKind::Count(Level::new(at, limit.into())));
    }

    /// How many now: `in flight 3`. With a limit, `in flight 3 of 5`.
    pub fn level(&mut self, name: &'static str, at: usize, limit: impl Into<Option<usize>>) {
        self.tell(name, FactKind::Level(Level::new(at, limit.into())));
    }

    /// What an estimate or a clock of the process shows.
    pub fn clock(&mut self, name: &'static str, shows: Span) {
        self.tell(name, FactKind::Clock(shows));
    }

    /// A number that says which: `epoch 3`.
    pub fn version(&mut self, name: &'static str, number: impl Into<u64>) {
        self.tell(name, FactKind::Version(number.into()));
    }

    /// A log of `count` elements, told from the newest backwards; only the last
    /// [`Elements::MOST`] are asked for.
    pub fn log<C: Into<Element>>(&mut self, name: &'static str, count: usize, backwards: impl IntoIterator<Item = C>) {
        self.tell(name, FactKind::Log(Elements::of(count, backwards)));
    }

    /// A set of `count` members, told from the last backwards; only the last [`Elements::MOST`] are
    /// asked for.
    pub fn set<C: Into<Element>>(&mut self, name: &'static str, count: usize, backwards: impl IntoIterator<Item = C>) {
        self.tell(name, FactKind::Set(Elements::of(count, backwards)));
    }

    /// A table of `count` rows, told from the last backwards; only the last [`Elements::MOST`] are
    /// asked for.
    pub fn table<C: Into<Element>>(
        &mut self,
        name: &'static str,
        count: usize,
        backwards: impl IntoIterator<Item = C>,
    ) {
        self.tell(name, FactKind::Table(Elements::of(count, backwards)));
    }

    fn tell(&mut self, name: &'static str, kind: FactKind) {
        let fact = Fact { name, kind };
        match self.facts.get_mut(self.told) {
            Some(before) if *before == fact => {}
            Some(before) => {
                *before = fact;
                self.differ = true;
            }
            None => {
                self.facts.push(fact);
                self.differ = true;
            }
        }
        self.told += 1;
    }

    /// Lets `tell` tell all facts anew. Returns them if they are others than before.
    pub(crate) fn renew(&mut self, tell: impl FnOnce(&mut Facts)) -> Option<&[Fact]> {
        (self.told, self.differ) = (0, false);
        tell(self);
        let are_fewer = self.told < self.facts.len();
        self.facts.truncate(self.told);
        (self.differ || are_fewer).then_some(&self.facts)
    }

    /// Forgets all facts.
    pub(crate) fn clear(&mut self) {
        self.facts.clear();
    }
}

/// Facts in words, one after the other.
pub fn in_words(facts: &[Fact], names: &Names) -> String {
    let words: Vec<String> = facts.iter().map(|fact| fact.in_words(names)).collect();
    words.join(", ")
}

impl Fact {
    fn in_words(&self, names: &Names) -> String {
        let name = self.name;
        match &self.kind {
            FactKind::Word(word) | FactKind::Operation(word) => format!("{name} {word}"),
            FactKind::Role(role) => format!("{name} {role}"),
            FactKind::Count(Level { at, limit }) | FactKind::Level(Level { at, limit }) => {
                let limit = limit.iter().map(|limit| format!(" of {limit}"));
                [format!("{name} {at}")].into_iter().chain(limit).collect()
            }
            FactKind::Clock(shows) => format!("{name} {}", shows.rounded()),
            FactKind::Version(number) => format!("{name} {number}"),
            FactKind::Log(held) | FactKind::Set(held) | FactKind::Table(held) if held.elements.is_empty() => {
                format!("{name} none")
            }
            FactKind::Log(held) | FactKind::Set(held) | FactKind::Table(held) => {
                format!("{name} [{}]", held.in_words(names))
            }
        }
    }
}

impl Elements {
    fn in_words(&self, names: &Names) -> String {
        let more = (self.more > 0).then(|| format!("{} more", self.more));
        let elements = self.elements.iter().map(|element| element.in_words(names));
        more.into_iter().chain(elements).collect::<Vec<_>>().join(", ")
    }
}

impl Element {
    fn in_words(&self, names: &Names) -> String {
        let key = match &self.key {
            Key::Node(node) => names.of(*node),
            Key::Words(words) => words,
        };
        let value = self.value.iter().map(|value| format!(": {value}"));
        let mark = self.marked.then(|| " (!)".to_owned());
        [key.to_owned()].into_iter().chain(value).chain(mark).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One fact of every kind.
    pub(crate) fn every_kind(facts: &mut Facts) {
        facts.role("role", "leader");
        facts.version("term", 3_u32);
        facts.word("decided", "attack");
        facts.operation("commits", "order 7".to_owned());
        facts.level("in flight", 2, 5);
        facts.count("taken", 9, None);
        facts.clock("offset", Span::from_ms(12));
        facts.log("log", 3, [Element::from(3).marked(true), Element::from(2), Element::from(1)]);
        facts.set("holds", 2, ["retreat", "attack"]);
        facts.table("heard", 2, [Element::row(NodeId::new(1), "retreat"), Element::row(NodeId::new(0), "attack")]);
    }

    fn told(tell: impl FnOnce(&mut Facts)) -> Vec<Fact> {
        Facts::default().renew(tell).unwrap_or_default().to_vec()
    }

    /// The page draws what is in the file, and says it in the same words: see
    /// `tests/page/facts.test.mjs`.
    #[test]
    fn every_kind_is_told_to_the_page_as_its_tests_say() {
        let names = Names::new(["alice", "bob"]);
        let facts = told(every_kind);
        let json = serde_json::json!({ "facts": facts, "words": in_words(&facts, &names) });
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/page/facts.json");
        let text = serde_json::to_string_pretty(&json).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), text, "UPDATE_GOLDENS=1 writes {path}");
    }

    #[test]
    fn a_state_is_told_only_where_it_is_another() {
        let mut facts = Facts::default();
        assert_eq!(facts.renew(|_| {}), None);
        assert_eq!(facts.renew(every_kind).map(<[Fact]>::len), Some(10));
        assert_eq!(facts.renew(every_kind), None);
        assert_eq!(facts.renew(|facts| facts.role("role", "leader")).map(<[Fact]>::len), Some(1));
        assert_eq!(facts.renew(|facts| facts.role("role", "follower")).map(<[Fact]>::len), Some(1));
        assert_eq!(facts.renew(|_| {}), Some(&[][..]));
    }

    #[test]
    fn what_is_long_keeps_its_end() {
        let facts = told(|facts| facts.log("log", 1_000, (0..1_000_u32).rev()));
        let FactKind::Log(Elements { elements, more }) = &facts[0].kind else { panic!("{facts:?}") };
        assert_eq!((elements.len(), *more), (Elements::MOST, 980));
        assert_eq!((elements[0].clone(), elements[19].clone()), (Element::from(980), Element::from(999)));
    }
}
