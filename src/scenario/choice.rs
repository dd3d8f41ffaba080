//! The names of choices, and what may be chosen.
//!
//! Everything that chance or an enemy decides is a [`Choice`] with a name that people can write, in
//! a scenario's `[force]`, after `--force` and in a link: `alice:bob:3.fate`,
//! `bob@charged:2.crash`, `setup.offset:bob`. The short form `alice:bob:3=lose` leaves the ending
//! to the option, which tells it.

use std::fmt;
use std::ops::Range;

use super::findings::{known, short};
use super::nearest;
use crate::process::{Call, MessageId, Names, NodeId};
use crate::time::Span;

/// One thing that chance or an enemy decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// `alice:bob:3.fate`: what the network does with a message.
    Fate(MessageId),
    /// `alice:bob:3.delay`, and `.delay2` of the copy: how long it takes.
    Delay(MessageId),
    /// `bob:carol:1.lie`: what a traitor puts into a message slot.
    Lie(MessageId),
    /// `bob@charged:2.crash`: whether the node crashes there.
    Crash(Moment),
    /// `bob@charged:2.pause`: whether the node pauses there.
    Pause(Moment),
    /// `bob.crash-gap:2`: how long a node with a crash rate stays up before its nth random crash.
    CrashGap(NodeId, u32),
    /// `bob.pause-length:1`: how long the node's nth pause at a moment lasts, of those whose length
    /// is left to chance.
    PauseLength(NodeId, u32),
    /// `bob.coin:4`: a process's own random draw.
    Coin(NodeId, u32),
    /// `setup.offset:bob`: how far a node's clock is ahead at the start.
    Offset(NodeId),
    /// `setup.traitors`: who the traitors are, where only their count is given.
    Traitors,
    /// `load.WORD:7`, or `load.WORD:17.2` of a call: the workload.
    Load(String, Call),
}

/// A moment in a node's life at which it may crash or pause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// The `nth` passing of a named crash point.
    Point {
        /// The node.
        node: NodeId,
        /// The point's name.
        point: String,
        /// Which passing, counted from one.
        nth: u32,
    },
    /// Right after an event of the trace.
    Event {
        /// The node.
        node: NodeId,
        /// The event's number.
        event: u32,
    },
}

/// What the network does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Delivers it.
    Deliver,
    /// Loses it.
    Lose,
    /// Damages it; the receiver notices and drops it.
    Corrupt,
    /// Delivers it twice.
    Twice,
}

impl Fate {
    /// All fates, calm first.
    pub const ALL: [Fate; 4] = [Fate::Deliver, Fate::Lose, Fate::Corrupt, Fate::Twice];

    /// The fate's word.
    pub const fn word(self) -> &'static str {
        match self {
            Fate::Deliver => "deliver",
            Fate::Lose => "lose",
            Fate::Corrupt => "corrupt",
            Fate::Twice => "twice",
        }
    }

    fn of_word(word: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|fate| fate.word() == word)
    }
}

/// How long a node that may crash stays down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Downtime {
    /// It does not crash.
    No,
    /// So long.
    For(Span),
    /// For good.
    Forever,
}

/// What was decided of a choice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Of [`Choice::Fate`].
    Fate(Fate),
    /// Of the choices that are a length of time.
    Span(Span),
    /// Of [`Choice::Lie`]: the protocol's words.
    Words(String),
    /// Of [`Choice::Crash`] and [`Choice::Pause`].
    Downtime(Downtime),
    /// Of the choices that are a number.
    Number(u64),
    /// Of what may happen to a call: `yes` or `no`.
    Happens(bool),
    /// Of [`Choice::Traitors`].
    Nodes(Vec<NodeId>),
}

/// A choice settled by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forced {
    /// Which.
    pub choice: Choice,
    /// What was decided.
    pub decision: Decision,
    /// Where the option stands in the scenario's text or among its flags.
    pub span: Range<usize>,
    /// Whether a flag settles it rather than the file.
    pub by_flag: bool,
}

/// Why a text is no choice, or no option of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ChoiceError {
    /// What is wrong.
    pub message: String,
    /// What is allowed.
    pub help: String,
    /// Whether the option is wrong rather than the name.
    pub in_option: bool,
}

const HOW_TO_NAME: &str = "a choice is named as in `alice:bob:3`, `alice:bob:3.delay`, `bob:carol:1.lie`, \
     `bob@charged:2.crash`, `bob@17.pause`, `bob.coin:4`, `setup.offset:bob`, `load.gap:7` or `load.service:17.2`";

/// What the network can do with a message.
pub(super) const FATES: &str = "a fate is `deliver`, `lose`, `corrupt` or `twice`";

fn bad_name(message: String) -> ChoiceError {
    ChoiceError { message, help: HOW_TO_NAME.to_owned(), in_option: false }
}

fn bad_message(message: String) -> ChoiceError {
    let help = "a message is named by its sender, its receiver and a count from 1, as in `alice:bob:3`";
    ChoiceError { message, help: help.to_owned(), in_option: false }
}

fn bad_option(message: String, help: &str) -> ChoiceError {
    ChoiceError { message, help: help.to_owned(), in_option: true }
}

/// Reads a choice and its option. What a lie's words may be only the protocol knows; it is checked
/// later.
///
/// # Errors
///
/// When the name is none, names a node that is not there, or the option is none of the choice's.
pub fn parse(name: &str, option: &str, names: &Names) -> Result<(Choice, Decision), ChoiceError> {
    let choice = parse_name(name, option, names)?;
    let decision = match &choice {
        Choice::Fate(_) => Decision::Fate(
            Fate::of_word(option).ok_or_else(|| no_fate(option, nearest(option, Fate::ALL.map(Fate::word))))?,
        ),
        Choice::Lie(_) => Decision::Words(option.to_owned()),
        Choice::Crash(_) | Choice::Pause(_) => Decision::Downtime(parse_downtime(option)?),
        Choice::Delay(_) => Decision::Span(parse_length(option, "nothing arrives before it was sent")?),
        Choice::Load(..) => parse_load(option)?,
        Choice::CrashGap(..) | Choice::PauseLength(..) => {
            Decision::Span(parse_length(option, "no length of time is less than nothing")?)
        }
        Choice::Offset(_) => Decision::Span(parse_span(option)?),
        Choice::Coin(..) => Decision::Number(
            option
                .parse()
                .map_err(|_| bad_option(format!("`{option}` is no number"), "a draw is a whole number, 0 or more"))?,
        ),
        Choice::Traitors => {
            let nodes =
                option.split('+').map(|node| node_of(node, names).map_err(|e| ChoiceError { in_option: true, ..e }));
            Decision::Nodes(nodes.collect::<Result<_, _>>()?)
        }
    };
    Ok((choice, decision))
}

fn parse_span(option: &str) -> Result<Span, ChoiceError> {
    option
        .parse()
        .map_err(|error: crate::time::SpanError| bad_option(error.to_string(), "write a duration, as in `50ms`"))
}

fn no_fate(option: &str, near: Option<&str>) -> ChoiceError {
    let help = match near {
        Some(near) => format!("did you mean `{near}`? A{}", FATES.trim_start_matches('a')),
        None => FATES.to_owned(),
    };
    bad_option(format!("`{option}` is no fate of a message"), &help)
}

fn parse_length(option: &str, help: &str) -> Result<Span, ChoiceError> {
    match parse_span(option)? {
        span if span.is_negative() => Err(bad_option(format!("`{option}` is negative"), help)),
        span => Ok(span),
    }
}

fn parse_load(option: &str) -> Result<Decision, ChoiceError> {
    match option {
        "yes" => Ok(Decision::Happens(true)),
        "no" => Ok(Decision::Happens(false)),
        _ => parse_length(option, "no length of time is less than nothing").map(Decision::Span),
    }
}

fn parse_downtime(option: &str) -> Result<Downtime, ChoiceError> {
    match option {
        "no" => Ok(Downtime::No),
        "forever" => Ok(Downtime::Forever),
        _ => match option.parse::<Span>() {
            Ok(span) if !span.is_negative() => Ok(Downtime::For(span)),
            _ => Err(bad_option(
                format!("`{option}` is no downtime"),
                "write `no`, a duration such as `5s`, or `forever`",
            )),
        },
    }
}

fn parse_name(name: &str, option: &str, names: &Names) -> Result<Choice, ChoiceError> {
    if let Some((node, moment)) = name.split_once('@') {
        return parse_moment(name, node_of(node, names)?, moment);
    }
    if name.contains(':') && !name.split(':').next().unwrap_or_default().contains('.') {
        return parse_message_choice(name, option, names);
    }
    let (owner, rest) = name.split_once('.').ok_or_else(|| bad_name(format!("`{name}` names no choice")))?;
    let (word, number) = rest.split_once(':').map_or((rest, None), |(word, number)| (word, Some(number)));
    let nth = || match number.map(str::parse::<u32>) {
        Some(Ok(nth)) if nth > 0 => Ok(nth),
        _ => Err(bad_name(format!("`{name}` does not say which: a number from 1 follows the last colon"))),
    };
    match (owner, word) {
        ("setup", "traitors") if number.is_none() => Ok(Choice::Traitors),
        ("setup", "offset") => Ok(Choice::Offset(node_of(number.unwrap_or_default(), names)?)),
        ("setup", _) => {
            Err(bad_name(format!("`{name}` names no choice: there are `setup.traitors` and `setup.offset:NODE`")))
        }
        ("load", _) => match number.map(str::parse::<Call>) {
            Some(Ok(call)) => Ok(Choice::Load(word.to_owned(), call)),
            _ => Err(bad_name(format!(
                "`{name}` does not say which: a number from 1 follows the last colon, or a call as in `17.2`"
            ))),
        },
        (_, "coin") => Ok(Choice::Coin(node_of(owner, names)?, nth()?)),
        (_, "crash-gap") => Ok(Choice::CrashGap(node_of(owner, names)?, nth()?)),
        (_, "pause-length") => Ok(Choice::PauseLength(node_of(owner, names)?, nth()?)),
        _ => {
            node_of(owner, names)?;
            Err(bad_name(format!("`{name}` names no choice: a node has `coin:N`, `crash-gap:N` and `pause-length:N`")))
        }
    }
}

fn parse_moment(name: &str, node: NodeId, moment: &str) -> Result<Choice, ChoiceError> {
    let (place, what) = moment
        .rsplit_once('.')
        .ok_or_else(|| bad_name(format!("`{name}` does not say what happens there: end it in `.crash` or `.pause`")))?;
    let moment = match (place.parse::<u32>(), place.rsplit_once(':')) {
        (Ok(event), _) => Moment::Event { node, event },
        (_, Some((point, nth))) => match nth.parse::<u32>() {
            Ok(nth) if nth > 0 && !point.is_empty() => Moment::Point { node, point: point.to_owned(), nth },
            _ => return Err(bad_name(format!("`{nth}` in `{name}` is no count: passings are counted from 1"))),
        },
        _ => {
            let message =
                format!("`{place}` in `{name}` is neither a crash point with its count nor an event's number");
            return Err(bad_name(message));
        }
    };
    match what {
        "crash" => Ok(Choice::Crash(moment)),
        "pause" => Ok(Choice::Pause(moment)),
        _ => Err(bad_name(format!("`{name}` ends in `.{what}`: what happens there is `.crash` or `.pause`"))),
    }
}

fn parse_message_choice(name: &str, option: &str, names: &Names) -> Result<Choice, ChoiceError> {
    let (message, ending) = name.split_once('.').map_or((name, None), |(message, ending)| (message, Some(ending)));
    let message = parse_message(message, names)?;
    Ok(match ending {
        Some("fate") => Choice::Fate(message),
        Some("delay") => Choice::Delay(message),
        Some("delay2") => Choice::Delay(message.copy()),
        Some("lie") => Choice::Lie(message.slot()),
        Some(other) => {
            let message = format!("`{name}` ends in `.{other}`: a message has `.fate`, `.delay`, `.delay2` and `.lie`");
            return Err(bad_name(message));
        }
        None if Fate::of_word(option).is_some() => Choice::Fate(message),
        None if option.parse::<Span>().is_ok() => Choice::Delay(message),
        None => match nearest(option, Fate::ALL.map(Fate::word)) {
            Some(near) => {
                return Err(no_fate(option, Some(near)));
            }
            None => Choice::Lie(message),
        },
    })
}

/// Reads a message's name: `alice:bob:3`, `alice:bob:3b`.
///
/// # Errors
///
/// When it is not of that form, or names a node that is not there.
pub fn parse_message(text: &str, names: &Names) -> Result<MessageId, ChoiceError> {
    let parts: Vec<&str> = text.split(':').collect();
    let [from, to, nth] = parts[..] else {
        return Err(bad_message(format!("`{text}` names no message")));
    };
    let (from, to) = (node_of(from, names)?, node_of(to, names)?);
    if from == to {
        return Err(bad_message(format!("`{text}` goes from a node to itself")));
    }
    let (digits, extra) = match nth.char_indices().next_back() {
        Some((at, letter @ 'b'..='z')) => (&nth[..at], letter as u8 - b'a'),
        _ => (nth, 0),
    };
    match digits.parse::<u32>() {
        Ok(nth) if nth > 0 => Ok(MessageId::first(from, to, nth).beside(extra)),
        _ => Err(bad_message(format!("`{nth}` in `{text}` is no count"))),
    }
}

fn node_of(name: &str, names: &Names) -> Result<NodeId, ChoiceError> {
    names.find(name).ok_or_else(|| {
        let help = known("nodes", names.iter(), name);
        ChoiceError { message: format!("there is no node `{}`", short(name)), help, in_option: false }
    })
}

impl Choice {
    /// The choice's name as people write it. A fate is named by its message alone.
    pub fn name(&self, names: &Names) -> String {
        let moment = |moment: &Moment| match moment {
            Moment::Point { node, point, nth } => format!("{}@{point}:{nth}", names.of(*node)),
            Moment::Event { node, event } => format!("{}@{event}", names.of(*node)),
        };
        match self {
            Choice::Fate(message) => names.message(*message),
            Choice::Delay(message) if message.is_copy() => format!("{}.delay2", names.message(*message)),
            Choice::Delay(message) => format!("{}.delay", names.message(*message)),
            Choice::Lie(message) => format!("{}.lie", names.message(*message)),
            Choice::Crash(at) => format!("{}.crash", moment(at)),
            Choice::Pause(at) => format!("{}.pause", moment(at)),
            Choice::CrashGap(node, nth) => format!("{}.crash-gap:{nth}", names.of(*node)),
            Choice::PauseLength(node, nth) => format!("{}.pause-length:{nth}", names.of(*node)),
            Choice::Coin(node, nth) => format!("{}.coin:{nth}", names.of(*node)),
            Choice::Offset(node) => format!("setup.offset:{}", names.of(*node)),
            Choice::Traitors => "setup.traitors".to_owned(),
            Choice::Load(word, nth) => format!("load.{word}:{nth}"),
        }
    }
}

impl Decision {
    /// The option as people write it.
    pub fn option(&self, names: &Names) -> String {
        match self {
            Decision::Fate(fate) => fate.word().to_owned(),
            Decision::Span(span) => span.to_string(),
            Decision::Words(words) => words.clone(),
            Decision::Downtime(downtime) => downtime.to_string(),
            Decision::Number(number) => number.to_string(),
            Decision::Happens(happens) => if *happens { "yes" } else { "no" }.to_owned(),
            Decision::Nodes(nodes) => nodes.iter().map(|&node| names.of(node)).collect::<Vec<_>>().join("+"),
        }
    }
}

impl fmt::Display for Downtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Downtime::No => f.write_str("no"),
            Downtime::For(span) => span.fmt(f),
            Downtime::Forever => f.write_str("forever"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(["alice", "bob", "carol"])
    }

    #[test]
    fn what_a_choice_prints_it_reads() {
        for (text, option) in [
            ("alice:bob:3", "lose"),
            ("alice:bob:3b", "twice"),
            ("alice:bob:3.delay", "50ms"),
            ("alice:bob:3.delay2", "1.5s"),
            ("bob:carol:1.lie", "attack+retreat"),
            ("bob@charged:2.crash", "forever"),
            ("bob@charged:2.crash", "no"),
            ("bob@17.pause", "5s"),
            ("bob.crash-gap:2", "9s"),
            ("bob.pause-length:1", "3s"),
            ("bob.coin:4", "1"),
            ("setup.traitors", "bob+carol"),
            ("setup.offset:bob", "-12ms"),
            ("load.gap:7", "10ms"),
        ] {
            let (choice, decision) = parse(text, option, &names()).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((choice.name(&names()), decision.option(&names())), (text.to_owned(), option.to_owned()));
        }
    }

    #[test]
    fn the_short_form_is_told_by_its_option() {
        let of = |option| parse("alice:bob:3", option, &names()).map(|(choice, _)| choice);
        let message = MessageId::first(NodeId::new(0), NodeId::new(1), 3);
        assert_eq!(of("lose"), Ok(Choice::Fate(message)));
        assert_eq!(of("50ms"), Ok(Choice::Delay(message)));
        assert_eq!(of("attack"), Ok(Choice::Lie(message)));
    }

    #[test]
    fn what_names_no_choice_is_refused() {
        for name in [
            "",
            "alice",
            "alice:bob",
            "alice:bob:0",
            "alice:bob:x",
            "alice:alice:1",
            "alice:dave:1",
            "alice:bob:1.fat",
            "alice:bob:1:2",
            "bob@",
            "bob@charged.crash",
            "bob@charged:0.crash",
            "bob@charged:1",
            "bob@charged:1.crush",
            "dave.coin:1",
            "bob.coin",
            "bob.coin:0",
            "bob.luck:1",
            "setup.offset",
            "setup.offset:dave",
            "load.gap",
            ":::",
        ] {
            let error = parse(name, "lose", &names()).expect_err(name);
            assert!(!error.in_option && !error.message.is_empty() && !error.help.is_empty(), "{name}");
        }
    }

    #[test]
    fn what_is_no_option_is_refused() {
        for (name, option) in [
            ("alice:bob:1.fate", "vanish"),
            ("alice:bob:1.delay", "-5ms"),
            ("alice:bob:1.delay", "soon"),
            ("bob@charged:1.crash", "yes"),
            ("bob@charged:1.crash", "-1s"),
            ("bob.coin:1", "-1"),
            ("setup.traitors", "dave"),
            ("load.gap:1", "soon"),
        ] {
            assert!(parse(name, option, &names()).expect_err(name).in_option, "{name}");
        }
    }
}
