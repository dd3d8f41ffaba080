//! `[challenge]`: a task that is judged. What it is, how it is read, and which changes it allows.

use std::ops::Range;

use super::document::Document;
use super::explore;
use super::findings::{Findings, known, short};
use super::overrides;
use super::spec;
use super::story;
use super::values::At;
use super::when::{By, Known, When};
use super::{Request, Vocabulary, load};
use crate::time::Span;

/// The most keys that may be changed.
const MOST_KEYS: usize = 8;
/// The most values of all keys together: each is tried when the file is read.
const MOST_VALUES: usize = 64;

/// A task for somebody who learns.
#[derive(Clone, Debug, PartialEq)]
pub struct Challenge {
    /// How hard it is, from 1 to 4.
    pub level: u8,
    /// What is to be reached.
    pub goal: String,
    /// What every run must meet.
    pub must: Vec<Must>,
    /// What may be changed: a key's dotted path and its values, each as one would write it after
    /// `--set KEY=`.
    pub change: Vec<(String, Vec<String>)>,
    /// The fewest changes that solve it.
    pub par: u8,
    /// How many seeds an answer is run with.
    pub runs: u64,
    /// Whether the worst case within the scenario's `[search]` is looked for, too.
    pub search: bool,
    /// What helps, from a nudge to nearly the answer.
    pub hints: Vec<String>,
    /// Why that is the answer, told when it is solved.
    pub lesson: String,
    /// Why no change reaches the goal, where none does.
    pub impossible: Option<Impossible>,
}

/// A condition that every run must meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Must {
    /// As it is written.
    pub text: String,
    /// As it is judged.
    pub when: When,
}

/// Why a goal cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// What is proved, a sentence.
    pub theorem: String,
    /// Where: author, title, venue, year.
    pub paper: String,
    /// What would reach the goal that may not be changed here, a sentence.
    pub beyond: String,
}

/// A change that a challenge does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAllowed {
    /// Which, a clause.
    pub message: String,
    /// What is allowed.
    pub help: String,
}

impl Challenge {
    /// What an answer sets, `KEY=VALUE` each: keys and values.
    ///
    /// # Errors
    ///
    /// The first that is none, that is not allowed, or that sets a key again.
    pub fn settings(&self, set: &[String]) -> Result<Vec<(String, String)>, NotAllowed> {
        let mut settings: Vec<(String, String)> = Vec::new();
        for setting in set {
            let Some((key, value, _)) = overrides::split(setting) else {
                let message = format!("`--set {}` does not set anything", short(setting));
                let help = "write a key and its value, as in `--set network.loss=0.2`".to_owned();
                return Err(NotAllowed { message, help });
            };
            self.allows(key, value)?;
            if let Some((_, before)) = settings.iter().find(|(known, _)| known == key) {
                let message = format!("`{key}` is set twice, to `{}` and to `{}`", short(before), short(value));
                return Err(NotAllowed { message, help: "an answer gives each key one value".to_owned() });
            }
            settings.push((key.to_owned(), value.to_owned()));
        }
        Ok(settings)
    }

    /// Whether it allows to set `key` to `value`, both as written after `--set`.
    ///
    /// # Errors
    ///
    /// Which of them it does not allow, and what it does.
    pub fn allows(&self, key: &str, value: &str) -> Result<(), NotAllowed> {
        let Some((_, values)) = self.change.iter().find(|(allowed, _)| allowed == key) else {
            let keys = self.change.iter().map(|(key, _)| key.as_str());
            let message = format!("`{}` may not be changed in this challenge", short(key));
            return Err(NotAllowed { message, help: known("keys that may be changed", keys, key) });
        };
        if values.iter().any(|allowed| is_same(allowed, value)) {
            return Ok(());
        }
        let message = format!("`{key}` may not be `{}` in this challenge", short(value));
        Err(NotAllowed { message, help: known("values", values.iter().map(String::as_str), "") })
    }
}

/// Whether two values are the same however they are written: `0.1s` is `100ms`, and `"one"` is
/// `one`.
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    let [left, right] = [left, right].map(|value| {
        let value = value.trim();
        let unquoted = ['"', '\''].iter().find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote));
        unquoted.unwrap_or(value)
    });
    let spans = || Some(left.parse::<Span>().ok()? == right.parse::<Span>().ok()?);
    let numbers = || Some(left.parse::<f64>().ok()?.total_cmp(&right.parse::<f64>().ok()?).is_eq());
    left == right || numbers() == Some(true) || spans() == Some(true)
}

/// The values that a challenge allows, with their places: they are tried when all else is sound.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<(At<String>, Range<usize>, Vec<String>)>);

/// Reads a challenge. What its conditions name must be among what is `known`, for each protocol
/// that may be chosen; or, if it `may_lack`, there is no challenge.
pub(super) fn read(
    challenge: &spec::Challenge,
    document: &Document<'_>,
    known: &Known<'_>,
    may_lack: bool,
    findings: &mut Findings,
) -> (Option<Challenge>, Changes) {
    let mut own = Findings::default();
    let changes = changes(challenge, document, &mut own);
    let must = must(challenge, known, &changes, &mut own);
    let search = &challenge.against.search;
    if **search && !known.has_search {
        let help = "add a `[search]`, or leave `search` out";
        own.add(search.span(), "this challenge searches, and the scenario has no `[search]`", help);
    }
    if may_lack && !own.is_empty() {
        return (None, Changes::default());
    }
    for complaint in own.into_complaints() {
        findings.complain(complaint);
    }
    let change = changes.0.iter().map(|(key, _, values)| ((**key).clone(), values.clone())).collect();
    let impossible = challenge.impossible.as_ref().map(|impossible| Impossible {
        theorem: impossible.theorem.clone(),
        paper: impossible.paper.clone(),
        beyond: impossible.beyond.clone(),
    });
    let read = Challenge {
        level: challenge.level,
        goal: challenge.goal.trim().to_owned(),
        must,
        change,
        par: challenge.par,
        runs: challenge.against.runs,
        search: **search,
        hints: challenge.hints.clone(),
        lesson: challenge.lesson.clone(),
        impossible,
    };
    (Some(read), changes)
}

fn changes(challenge: &spec::Challenge, document: &Document<'_>, findings: &mut Findings) -> Changes {
    let mut changes = Vec::new();
    let change = &challenge.change;
    let keys = &change.0;
    match keys.len() {
        0 => findings.add(change.span(), "nothing may be changed", "name a key and its values"),
        1..=MOST_KEYS => {}
        _ => {
            let message = format!("{} keys may be changed: at most {MOST_KEYS} are allowed", keys.len());
            findings.add(change.span(), message, "let fewer be changed");
        }
    }
    for (key, grid) in keys.iter().take(MOST_KEYS) {
        let values = explore::values(grid, document, findings);
        changes.extend(values.map(|values| (key.clone(), grid.span(), values)));
    }
    let count: usize = changes.iter().map(|(_, _, values)| values.len()).sum();
    if count > MOST_VALUES {
        let message = format!("the keys take {count} values together: at most {MOST_VALUES} are allowed");
        findings.add(change.span(), message, "take fewer, or larger steps");
        changes.clear();
    }
    Changes(changes)
}

/// Reads the conditions, which must make sense for each protocol that may be chosen.
fn must(challenge: &spec::Challenge, known: &Known<'_>, changes: &Changes, findings: &mut Findings) -> Vec<Must> {
    let chosen = changes.0.iter().find(|(key, ..)| key.as_str() == "protocol");
    let there = known.vocabulary.protocols(known.problem);
    // One that is not there is found when its value is tried.
    let protocols = chosen.into_iter().flat_map(|(_, place, protocols)| protocols.iter().map(move |one| (place, one)));
    let protocols = protocols.filter(|(_, one)| there.contains(&one.as_str()));
    let mut read = Vec::new();
    for text in &challenge.must {
        if When::read(text).is_ok_and(|when| when.by() != By::Run) {
            let help = "write what is to be true of each run, as in `no-loss: holds` or `messages <= 20`";
            findings.add(text.span(), "a challenge judges every run by itself", help);
            continue;
        }
        let Some(when) = story::condition(text, known, findings) else { continue };
        for (place, protocol) in protocols.clone() {
            let other = Known { protocol, swept: known.swept.clone(), ..*known };
            let lacking = when.statements().into_iter().find_map(|statement| other.check(statement).err());
            if let Some((message, help)) = lacking {
                let message =
                    format!("this protocol may be chosen, and has not what `{}` asks: {message}", short(text));
                findings.add(place.clone(), message, help);
            }
        }
        read.push(Must { text: (**text).clone(), when });
    }
    read
}

/// Loads the scenario with each value that may be chosen, by itself or with one other change: what
/// never loads is no choice.
pub(super) fn check(changes: &Changes, request: &Request<'_>, vocabulary: &dyn Vocabulary, findings: &mut Findings) {
    let refusal = |settings: &[String]| {
        let invalid = load(&Request { set: settings, ..*request }, vocabulary).err()?;
        let message = invalid.messages().next().unwrap_or_default().to_owned();
        let help = invalid.places().find(|place| !place.help.is_empty()).map(|place| place.help.to_owned());
        Some((message, help.unwrap_or_default()))
    };
    let setting = |key: &str, value: &str| format!("{key}={value}");
    for (key, place, values) in &changes.0 {
        let others = changes.0.iter().filter(|(other, ..)| **other != **key);
        let others: Vec<String> =
            others.flat_map(|(other, _, values)| values.iter().map(|value| setting(other, value))).collect();
        for value in values {
            let setting = setting(key, value);
            let Some((message, help)) = refusal(std::slice::from_ref(&setting)) else { continue };
            if !others.iter().any(|other| refusal(&[other.clone(), setting.clone()]).is_none()) {
                findings.add(place.clone(), format!("`{}` cannot be `{}`: {message}", **key, short(value)), help);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_change(change: &[(&str, &[&str])]) -> Challenge {
        let values = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        Challenge {
            level: 1,
            goal: String::new(),
            must: Vec::new(),
            change: change.iter().map(|&(key, all)| (key.to_owned(), values(all))).collect(),
            par: 1,
            runs: 1,
            search: false,
            hints: Vec::new(),
            lesson: String::new(),
            impossible: None,
        }
    }

    #[test]
    fn a_value_is_the_same_however_it_is_written() {
        let challenge = with_change(&[("params.every", &["100ms", "2s"]), ("params.acks", &["one", "3"])]);
        for (key, value) in [("params.every", "0.1s"), ("params.every", "\"2000ms\""), ("params.acks", "'one'")] {
            assert_eq!(challenge.allows(key, value), Ok(()), "{key}={value}");
        }
        assert_eq!(challenge.allows("params.acks", "3.0"), Ok(()));
    }

    #[test]
    fn a_key_has_one_value() {
        let challenge = with_change(&[("params.every", &["100ms", "2s"])]);
        let [one, other] = ["params.every=100ms", "params.every=2s"].map(str::to_owned);
        assert_eq!(challenge.settings(std::slice::from_ref(&one)).map(|settings| settings.len()), Ok(1));
        let refused = challenge.settings(&[one, other]).unwrap_err();
        assert_eq!(refused.message, "`params.every` is set twice, to `100ms` and to `2s`");
    }

    #[test]
    fn what_is_not_allowed_is_told_with_what_is() {
        let challenge = with_change(&[("params.every", &["100ms", "2s"])]);
        let refused = challenge.allows("params.every", "1s").unwrap_err();
        assert_eq!(refused.message, "`params.every` may not be `1s` in this challenge");
        assert_eq!(refused.help, "the values are `100ms` and `2s`");
        let refused = challenge.allows("params.evry", "1s").unwrap_err();
        assert_eq!(refused.message, "`params.evry` may not be changed in this challenge");
        assert_eq!(refused.help, "did you mean `params.every`?");
    }
}
