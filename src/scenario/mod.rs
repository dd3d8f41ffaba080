//! A scenario: a TOML file, checked, as the rest of the program sees it.
//!
//! The types here say what a scenario *is*, and cannot hold a value out of range. How a file
//! becomes one, and every error on the way, is in the modules below. This layer knows no problem:
//! what only a problem can tell (its protocols, the names of its nodes, its parameters) it asks
//! through [`Vocabulary`].

mod cast;
mod challenge;
pub mod choice;
mod complaint;
mod conform;
mod distribution;
mod document;
mod enemy;
mod explore;
mod fault;
mod faults;
mod findings;
mod flags;
mod forced;
mod formats;
mod invalid;
mod load;
mod mistaken;
mod moments;
mod network;
mod numbers;
mod overrides;
pub mod params;
mod reader;
pub mod schema;
mod sheet;
mod spec;
pub mod statement;
mod story;
#[cfg(test)]
mod tests;
mod tries;
mod values;
pub mod visible;
mod when;
mod written;

pub use crate::process::Probability;
use crate::process::{MessageId, Names, NodeId};
pub use crate::time::Distribution;
use crate::time::{Span, Time};
pub(crate) use challenge::is_same;
pub use challenge::{Challenge, Impossible, Must, NotAllowed};
pub use choice::{Choice, Decision, Downtime, Fate, Forced};
pub use complaint::Complaint;
#[cfg(feature = "notes")]
pub(crate) use document::toml_help;
pub use enemy::{EnemyMay, Figure, SearchSpec, SweepSpec};
pub use explore::{MOST_SWEPT, over, over_place};
pub use fault::{Change, CrashWhen, DiskFate, Fault, Lie, Links, Oscillator, PauseWhen, Traitors};
pub(crate) use findings::known;
pub use flags::Flags;
pub use invalid::{Invalid, Place};
pub use load::fnv1a;
pub use load::{Request, load, refused};
pub(crate) use numbers::grouped;
pub use params::Params;
pub use schema::schema;
pub(crate) use sheet::Sheet;
pub use story::old as old_story;
pub use values::{FromZero, Positive};
pub use when::{By, When};
pub use written::{Rewrite, written};

/// One experiment: who takes part, over what network and clocks, what goes wrong, and what is
/// claimed of it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The story's name: the file's without its ending.
    pub name: String,
    /// A digest of the file's text, sixteen hexadecimal digits.
    pub hash: String,
    /// The title, a line.
    pub title: String,
    /// The problem's name.
    pub problem: String,
    /// The protocol's name.
    pub protocol: String,
    /// What all chance is drawn from.
    pub seed: u64,
    /// When the run is stopped, in true time.
    pub until: Time,
    /// The nodes.
    pub names: Names,
    /// Where the nodes are given: the bytes of the text, or of a flag, that say who or how many
    /// they are.
    pub nodes_span: std::ops::Range<usize>,
    /// What a presenter tells.
    pub story: Story,
    /// The protocol's own parameters, which the protocol reads.
    pub params: Params,
    /// The network.
    pub network: Network,
    /// Each node's clock, in the scenario's order.
    pub clocks: Vec<ClockSpec>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Choices settled by hand, in the order of their names.
    pub forced: Vec<Forced>,
    /// Whether some of them were settled outside the file.
    pub forced_by_flag: bool,
    /// What is claimed of each property, if anything is.
    pub expect: Option<Vec<(String, Claim)>>,
    /// What `dsys sweep` does without flags.
    pub sweep: Option<SweepSpec>,
    /// What the enemy may do in `dsys search`.
    pub search: Option<SearchSpec>,
    /// The task that is judged, if it has one.
    pub challenge: Option<Challenge>,
    /// What a run may use.
    pub limits: Limits,
    /// The settings that were overridden, as given: key and value.
    pub overridden: Vec<(String, String)>,
    /// What stood in the file where they were set, by keys, as the file writes it; and the ends of
    /// a link of which something was set.
    pub replaced: Vec<(String, String)>,
    /// What is sound and yet may not be meant, a sentence each.
    pub warnings: Vec<String>,
}

impl Scenario {
    /// Whether nothing of the file was overridden, so that its claims are about this very run.
    pub fn is_untouched(&self) -> bool {
        self.overridden.is_empty() && !self.forced_by_flag
    }

    /// A complaint about how many nodes there are.
    pub fn complain_of_nodes(&self, message: impl Into<String>, help: impl Into<String>) -> Complaint {
        Complaint { span: self.nodes_span.clone(), message: message.into(), help: help.into() }
    }

    /// A complaint that the number of nodes and the parameter `key` do not go together. It is about
    /// the one of them that stands last: a flag stands after the file, so that a flag is not blamed
    /// on the file that it changes.
    pub fn complain_of_nodes_and(&self, key: &str, message: impl Into<String>, help: impl Into<String>) -> Complaint {
        let of_key = self.params.place(key).filter(|place| place.start > self.nodes_span.start);
        let span = of_key.unwrap_or_else(|| self.nodes_span.clone());
        Complaint { span, message: message.into(), help: help.into() }
    }

    /// What was changed by flags, in words; `None` if nothing was. The story is then about another
    /// run.
    pub fn changes(&self) -> Option<String> {
        if self.is_untouched() {
            return None;
        }
        let set = self.overridden.iter().map(|(key, value)| format!("{key} = {value}"));
        let forced = self.forced.iter().filter(|_| self.forced_by_flag);
        let forced = forced
            .map(|forced| format!("{} = {}", forced.choice.name(&self.names), forced.decision.option(&self.names)));
        Some(set.chain(forced).collect::<Vec<_>>().join(", "))
    }
}

/// What a presenter tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// How much one has to know before, from 1, nothing, to 4.
    pub level: Option<u8>,
    /// A paragraph of Markdown, told before the run: who takes part, what is tried, what may go
    /// wrong.
    pub setup: String,
    /// A paragraph of Markdown, told after the last event: what happened, and why it matters.
    pub lesson: String,
    /// Questions to the room.
    pub predict: Vec<Predict>,
    /// The note to read, relative to the folder of notes.
    pub note: Option<String>,
    /// What to try next.
    pub try_next: Vec<Try>,
    /// Another run that looks the same to one node.
    pub twin: Option<Twin>,
    /// The moments that a presenter steps through, in time order.
    pub beats: Vec<Beat>,
}

/// A change of the run that a presenter has ready.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "TryTold"))]
pub struct Try {
    /// What is changed, a sentence, if the story says it.
    pub says: Option<String>,
    /// The flags for `dsys run`.
    pub flags: String,
}

/// Another run that looks the same to one node, so that the node must do the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// The node that cannot tell the two runs apart.
    pub node: NodeId,
    /// The scenario of the other run, by its name in the library; `None` for this one.
    pub run: Option<String>,
    /// What is changed in it, as flags for `dsys run`.
    pub flags: Option<String>,
    /// What this run is beside the other, a line; `None` for its title.
    pub this: Option<String>,
    /// What the other run is, a line; `None` for its title.
    pub other: Option<String>,
    /// The moment up to which they look the same; `None` for the end.
    pub until: Option<Time>,
    /// Where the file says all that.
    pub(crate) place: std::ops::Range<usize>,
}

/// A question to the room.
#[derive(Clone, Debug, PartialEq)]
pub struct Predict {
    /// The question.
    pub ask: String,
    /// When it is asked; `None`: before the first event.
    pub when: Option<BeatWhen>,
    /// The answers to choose from, at least two.
    pub choices: Vec<PredictChoice>,
    /// What is told of a run that answers the question with nothing.
    pub none: Option<String>,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictChoice {
    /// The answer.
    pub say: String,
    /// Of which runs it is right.
    pub right: Right,
}

/// Of which runs an answer is right.
#[derive(Clone, Debug, PartialEq)]
pub enum Right {
    /// Of those that meet a condition.
    When(When),
    /// Of none, and why.
    Never(String),
}

/// A moment of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// When it is told.
    pub when: BeatWhen,
    /// What is said.
    pub say: String,
}

/// When a beat is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeatWhen {
    /// At a moment of true time.
    At(Time),
    /// When this message arrives, or when it is lost.
    On(MessageId),
}

/// One direction of one link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// How long a message takes.
    pub delay: Distribution,
    /// How likely a message is lost.
    pub loss: Probability,
    /// How likely a message that is neither lost nor corrupted arrives twice.
    pub duplicate: Probability,
    /// How likely a message that is not lost arrives damaged.
    pub corrupt: Probability,
    /// Whether no message overtakes another on this link.
    pub fifo: bool,
}

impl Default for Link {
    fn default() -> Link {
        Link {
            delay: Distribution::Uniform { min: Span::from_ms(5), max: Span::from_ms(15) },
            loss: Probability::ZERO,
            duplicate: Probability::ZERO,
            corrupt: Probability::ZERO,
            fifo: false,
        }
    }
}

/// The network: every link is like the default but for the exceptions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// All links without an exception.
    pub default: Link,
    /// Exceptions: from, to, and the whole link. One a direction, in the order of the nodes.
    pub exceptions: Vec<(NodeId, NodeId, Link)>,
}

impl Network {
    /// The link from one node to another.
    pub fn link(&self, from: NodeId, to: NodeId) -> &Link {
        match self.exceptions.binary_search_by_key(&(from, to), |&(from, to, _)| (from, to)) {
            Ok(index) => &self.exceptions[index].2,
            Err(_) => &self.default,
        }
    }
}

/// A node's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockSpec {
    /// How far it is ahead at the start.
    pub offset: Distribution,
    /// How many parts per billion its oscillator runs fast.
    pub drift_ppb: i64,
}

impl Default for ClockSpec {
    fn default() -> ClockSpec {
        ClockSpec { offset: Distribution::Constant(Span::ZERO), drift_ppb: 0 }
    }
}

/// What a verdict says of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema, serde::Deserialize))]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// It holds.
    Holds,
    /// It is violated.
    Violated,
    /// It cannot be told.
    Unknown,
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Expected::Holds => "holds",
            Expected::Violated => "violated",
            Expected::Unknown => "unknown",
        })
    }
}

/// What a scenario or a note claims of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    /// It holds, vacuously or not.
    Holds,
    /// It holds since nothing is claimed of this run: what it speaks of did not happen.
    #[serde(rename = "holds vacuously")]
    HoldsVacuously,
    /// It is violated.
    Violated,
    /// It cannot be told.
    Unknown,
}

impl Claim {
    /// All claims.
    pub const ALL: [Claim; 4] = [Claim::Holds, Claim::HoldsVacuously, Claim::Violated, Claim::Unknown];

    /// The claim as it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Claim::Holds => "holds",
            Claim::HoldsVacuously => "holds vacuously",
            Claim::Violated => "violated",
            Claim::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// What a run may use; a run that meets a limit ends there and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events of the trace. Default 10 million, at most 4 billion.
    pub events: u64,
    /// Messages under way at once. Default 1 million, at most 10 million.
    pub messages: u64,
    /// Nodes. Default 1,000, at most 4,000.
    pub nodes: u64,
}

impl Limits {
    /// The most that a scenario may allow itself.
    pub const MOST: Limits = Limits { events: 4_000_000_000, messages: 10_000_000, nodes: 4_000 };

    /// The lower one of each limit.
    pub(crate) fn at_most(self, other: Limits) -> Limits {
        let Limits { events, messages, nodes } = other;
        Limits { events: self.events.min(events), messages: self.messages.min(messages), nodes: self.nodes.min(nodes) }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { events: 10_000_000, messages: 1_000_000, nodes: 1_000 }
    }
}

/// The one of `known` that `word` was most likely meant to be, if any is near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let near = known.into_iter().map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate));
    let (distance, best) = near.min_by_key(|&(distance, _)| distance)?;
    (distance <= 2.max(word.chars().count() / 3) && distance < word.chars().count()).then_some(best)
}

/// What the loader of scenarios asks of the registry of problems, which is above it.
pub trait Vocabulary {
    /// The names of all problems, in teaching order.
    fn problems(&self) -> Vec<&'static str>;

    /// The names of a problem's protocols; none for a problem that is not there.
    fn protocols(&self, problem: &str) -> Vec<&'static str>;

    /// The names that a problem gives to `count` nodes.
    fn node_names(&self, problem: &str, count: usize) -> Vec<String>;

    /// The names of a protocol's properties; none for a protocol that is not there.
    fn properties(&self, problem: &str, protocol: &str) -> Vec<&'static str>;

    /// The names of a protocol's measures.
    fn measures(&self, problem: &str, protocol: &str) -> Vec<&'static str>;

    /// The names of what is counted in every run: messages, crashes and so on.
    fn counts(&self) -> Vec<&'static str>;

    /// The names of what a protocol's nodes tell their users.
    fn outputs(&self, problem: &str, protocol: &str) -> Vec<&'static str>;

    /// The names of a protocol's crash points.
    fn crash_points(&self, problem: &str, protocol: &str) -> Vec<&'static str>;

    /// The names of the ways in which a protocol's traitors lie.
    fn lies(&self, problem: &str, protocol: &str) -> Vec<&'static str>;

    /// What a protocol's processes themselves leave to chance: `coin`, and the workload's words as
    /// in `load.gap`.
    fn chances(&self, problem: &str, protocol: &str) -> Vec<&'static str>;

    /// What the protocol itself has to say against a scenario that is sound otherwise: its
    /// parameters, its lies, the words that are forced on its traitors.
    fn check(&self, scenario: &Scenario) -> Vec<Complaint>;
}

#[cfg(test)]
impl Scenario {
    /// A scenario in which nothing goes wrong, for the tests of other modules.
    pub(crate) fn bare(problem: &str, protocol: &str, names: &[&str], params: &str) -> Scenario {
        let names = Names::new(names.iter().copied());
        Scenario {
            name: "test".to_owned(),
            hash: String::new(),
            title: "A test".to_owned(),
            problem: problem.to_owned(),
            protocol: protocol.to_owned(),
            seed: 1,
            until: Time::from_ns(60_000_000_000),
            story: Story::default(),
            params: Params::new(&toml::de::DeTable::parse(params).unwrap()).among(&names),
            network: Network::default(),
            clocks: vec![ClockSpec::default(); names.count()],
            names,
            nodes_span: 0..0,
            faults: Vec::new(),
            forced: Vec::new(),
            forced_by_flag: false,
            expect: None,
            sweep: None,
            search: None,
            challenge: None,
            limits: Limits::default(),
            overridden: Vec::new(),
            replaced: Vec::new(),
            warnings: Vec::new(),
        }
    }
}
