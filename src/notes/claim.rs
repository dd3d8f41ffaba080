//! Claims: what a note says of a run, held against the run.
//!
//! A claim reads well where nothing runs it:
//!
//! ```text
//! $ dsys run the-lease-held-twice
//! mutual-exclusion: violated
//! because: two holders for 185ms
//! two_holders = 185ms
//! ```

use serde_json::Value as Json;

use crate::check::Verdict;
use crate::report::Report;
use crate::scenario::{self, known};
use crate::time::Span;

use super::link::{RunLink, Wrong};
use super::parse::{Block, Line};
use super::rate::{self, Sweep};
use super::{run, worst};
use crate::library::Library;

/// What a claim is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    /// One run.
    Run(RunLink),
    /// Many.
    Sweep(Sweep),
    /// The worst case.
    Search(RunLink),
}

/// What is claimed of a run, or of many.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) about: About,
    pub(super) command: Line,
    pub(super) statements: Vec<(Line, Statement)>,
}

/// A line under a command.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement {
    /// `agreement: violated`
    Verdict { property: String, expected: scenario::Claim },
    /// `because: bob attacks alone`, of the property of the line before.
    Because { property: String, words: String },
    /// `messages = 4`
    Figure { name: String, relation: Relation, value: i64 },
    /// `decision of bob = attack`
    Output { name: String, node: String, value: String },
    /// `rate of agreement ≈ theory`, under a sweep.
    Rate(rate::Statement),
    /// `found: bob:alice:2=lose`, under a search.
    Worst(worst::Statement),
}

/// How a figure is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Is,
    Less,
    AtMost,
    More,
    AtLeast,
    /// Within this tolerance.
    Near(i64),
}

/// The sign that a command begins with.
pub(super) const PROMPT: &str = "$ ";

const LINES: &str = "the lines are as in `agreement: holds`, `because: …`, `messages = 4`, `max_error ≈ 10ms ± 1ms` and \
                     `decision of bob = attack`";

/// Reads a block of claims. What cannot be read is a fault at its line.
pub(super) fn read(library: &Library, block: &Block) -> (Vec<Claim>, Vec<(Line, Wrong)>) {
    let (mut claims, mut faults): (Vec<Claim>, Vec<(Line, Wrong)>) = (Vec::new(), Vec::new());
    let (mut is_under_command, mut is_readable) = (false, false);
    for line in block.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        if let Some(command) = line.text.trim().strip_prefix(PROMPT) {
            is_under_command = true;
            match about(library, command) {
                Ok(about) => claims.push(Claim { about, command: line.clone(), statements: Vec::new() }),
                Err(wrong) => {
                    faults.push((line.clone(), wrong));
                    is_readable = false;
                    continue;
                }
            }
            is_readable = true;
            continue;
        }
        if !is_under_command {
            let help = "begin the block with a command, as in `$ dsys run three-generals`";
            faults.push((line.clone(), ("this claim is about no run".to_owned(), help.to_owned())));
            break;
        }
        // What is under a command that cannot be read belongs to it, and is not complained of.
        let Some(claim) = claims.last_mut().filter(|_| is_readable) else { continue };
        let before = claim.statements.last().map(|(_, statement)| statement);
        let statement = match claim.about {
            About::Run(_) => statement(line.text.trim(), before),
            About::Sweep(_) => rate::statement(line.text.trim()).map(Statement::Rate),
            About::Search(_) => worst::statement(line.text.trim()).map(Statement::Worst),
        };
        match statement {
            Ok(statement) => claim.statements.push((line.clone(), statement)),
            Err(wrong) => faults.push((line.clone(), wrong)),
        }
    }
    for claim in claims.iter().filter(|claim| claim.statements.is_empty()) {
        if !faults.iter().any(|(line, _)| line.span.start > claim.command.span.start) {
            faults.push((claim.command.clone(), ("nothing is claimed of this run".to_owned(), LINES.to_owned())));
        }
    }
    if block.lines.iter().all(|line| line.text.trim().is_empty()) {
        let line = Line { text: String::new(), span: block.span.clone() };
        faults.push((line, ("the block claims nothing".to_owned(), LINES.to_owned())));
    }
    (claims, faults)
}

/// What a command is about.
fn about(library: &Library, command: &str) -> Result<About, Wrong> {
    let words = run::words(library, command)?;
    match words.subcommand.as_str() {
        "sweep" => Sweep::new(words).map(About::Sweep),
        "search" => run::link(words).map(About::Search),
        _ => run::link(words).map(About::Run),
    }
}

fn statement(line: &str, before: Option<&Statement>) -> Result<Statement, Wrong> {
    if let Some(words) = line.strip_prefix("because:") {
        if words.trim().is_empty() {
            return Err(("`because` gives no reason".to_owned(), "quote some of the run's own words".to_owned()));
        }
        return match before {
            Some(Statement::Verdict { property, .. } | Statement::Because { property, .. }) => {
                Ok(Statement::Because { property: property.clone(), words: words.trim().to_owned() })
            }
            _ => Err((
                "`because` follows no verdict".to_owned(),
                "write it under a line as `agreement: violated`".to_owned(),
            )),
        };
    }
    if line.starts_with("rate of ") || line.starts_with("mean of ") {
        return Err(("this is about many runs".to_owned(), "claim it under a command as `$ dsys sweep …`".to_owned()));
    }
    let (at, sign, relation) = match relation(line) {
        Some(found) => found,
        None => return verdict(line),
    };
    let (name, value) = (line[..at].trim(), line[at + sign..].trim());
    if let Some((name, node)) = name.split_once(" of ") {
        let (name, node) = (name.trim().to_owned(), node.trim().to_owned());
        return match relation {
            Relation::Is => Ok(Statement::Output { name, node, value: value.to_owned() }),
            _ => Err(("what a process said is compared with `=`".to_owned(), LINES.to_owned())),
        };
    }
    let name = name.to_owned();
    if let Relation::Near(_) = relation {
        let Some((value, tolerance)) = value.split_once('±').or_else(|| value.split_once("+-")) else {
            return Err(("`≈` wants a tolerance".to_owned(), "as in `max_error ≈ 10ms ± 1ms`".to_owned()));
        };
        let (value, tolerance) = (number(value)?, number(tolerance)?);
        return Ok(Statement::Figure { name, relation: Relation::Near(tolerance.abs()), value });
    }
    Ok(Statement::Figure { name, relation, value: number(value)? })
}

/// The first sign of comparison in a line: where, how long, and which.
fn relation(line: &str) -> Option<(usize, usize, Relation)> {
    const SIGNS: [(&str, Relation); 8] = [
        ("<=", Relation::AtMost),
        (">=", Relation::AtLeast),
        ("≤", Relation::AtMost),
        ("≥", Relation::AtLeast),
        ("≈", Relation::Near(0)),
        ("=", Relation::Is),
        ("<", Relation::Less),
        (">", Relation::More),
    ];
    let found = SIGNS.iter().filter_map(|&(sign, relation)| Some((line.find(sign)?, sign.len(), relation)));
    found.min_by_key(|&(at, len, _)| (at, usize::MAX - len))
}

fn verdict(line: &str) -> Result<Statement, Wrong> {
    let Some((property, word)) = line.split_once(':') else {
        return Err((format!("`{line}` claims nothing that can be checked"), LINES.to_owned()));
    };
    let word = word.trim();
    let Some(expected) = scenario::Claim::ALL.into_iter().find(|claim| claim.word() == word) else {
        let words = scenario::Claim::ALL.map(scenario::Claim::word);
        return Err((format!("`{word}` is no verdict"), known("words", words, word)));
    };
    Ok(Statement::Verdict { property: property.trim().to_owned(), expected })
}

/// A whole number, or a length of time in nanoseconds.
fn number(text: &str) -> Result<i64, Wrong> {
    let text = text.trim();
    let digits = text.replace(',', "");
    if let Ok(number) = digits.parse() {
        return Ok(number);
    }
    text.parse::<Span>().map(Span::ns).map_err(|_| {
        (
            format!("`{text}` is no figure"),
            "a figure is a whole number, or a time with its unit, as in `8ms`".to_owned(),
        )
    })
}

/// Holds a statement against a run.
pub(super) fn hold(statement: &Statement, report: &Report) -> Result<(), Wrong> {
    match statement {
        Statement::Verdict { property, expected } => {
            let verdict = verdict_of(report, property)?;
            if verdict.is_as(*expected) {
                return Ok(());
            }
            let is_claimed =
                *expected == scenario::Claim::HoldsVacuously && verdict.word() == scenario::Expected::Holds;
            let word = format!("{}{}", verdict.word(), if is_claimed { ", and not vacuously" } else { "" });
            Err((format!("`{property}` is `{word}`"), format!("the run says: {}", verdict.because())))
        }
        Statement::Because { property, words } => {
            let because = verdict_of(report, property)?.because();
            if because.contains(words.as_str()) {
                return Ok(());
            }
            Err(("this is not the reason".to_owned(), format!("the run says: {because}")))
        }
        Statement::Figure { name, relation, value } => figure(report, name, *relation, *value),
        Statement::Output { name, node, value } => output(report, name, node, value),
        // Only lines under a sweep or a search are read as these.
        Statement::Rate(_) | Statement::Worst(_) => Err(("this is about many runs".to_owned(), String::new())),
    }
}

fn verdict_of<'r>(report: &'r Report, property: &str) -> Result<&'r Verdict, Wrong> {
    let judged = report.properties.iter().find(|judged| judged.name == property);
    judged.map(|judged| &judged.verdict).ok_or_else(|| {
        let message = format!("`{}` has no property `{property}`", report.scenario.protocol);
        (message, known("properties", report.properties.iter().map(|judged| judged.name), property))
    })
}

fn figure(report: &Report, name: &str, relation: Relation, value: i64) -> Result<(), Wrong> {
    let (got, unit) = figure_of(report, name)?;
    let is_so = match relation {
        Relation::Is => got == value,
        Relation::Less => got < value,
        Relation::AtMost => got <= value,
        Relation::More => got > value,
        Relation::AtLeast => got >= value,
        Relation::Near(tolerance) => got.abs_diff(value) <= tolerance.unsigned_abs(),
    };
    if is_so {
        return Ok(());
    }
    let shown = if unit == "ns" { Span::from_ns(got).to_string() } else { got.to_string() };
    Err((format!("`{name}` is {shown}"), String::new()))
}

/// A measure's value and unit, or a count's.
fn figure_of(report: &Report, name: &str) -> Result<(i64, &'static str), Wrong> {
    if let Some(measured) = report.measures.iter().find(|measured| measured.measure.name == name) {
        return match measured.value {
            Some(value) => Ok((value, measured.measure.unit)),
            None => Err((format!("`{name}` is not defined in this run"), String::new())),
        };
    }
    let counts = serde_json::to_value(report.trace.counts).unwrap_or_default();
    match counts.get(name).and_then(Json::as_i64) {
        Some(count) => Ok((count, "")),
        None => {
            let of_measures = report.measures.iter().map(|measured| measured.measure.name);
            let of_counts = counts.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
            let names: Vec<&str> = of_measures.chain(of_counts).collect();
            Err((format!("a run of this scenario has no figure `{name}`"), known("figures", names, name)))
        }
    }
}

/// What a process told its user, the last time.
fn output(report: &Report, name: &str, node: &str, value: &str) -> Result<(), Wrong> {
    let names = &report.trace.names;
    if !names.iter().any(|known| known == node) {
        return Err((format!("there is no node `{node}`"), known("nodes", names.iter(), node)));
    }
    let told = report.trace.outputs().filter(|&(_, by, output)| names.of(by) == node && output.name == name).last();
    let got = told.map(|(_, _, output)| match serde_json::to_value(output.value).unwrap_or_default() {
        Json::String(word) => word,
        other => other.to_string(),
    });
    match got {
        Some(got) if got == value => Ok(()),
        Some(got) => Err((format!("`{name}` of {node} is `{got}`"), String::new())),
        None => Err((format!("{node} told no `{name}`"), String::new())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let figure = |name: &str, relation, value| Statement::Figure { name: name.to_owned(), relation, value };
        let check = |line: &str, expect: Result<Statement, &str>| {
            let got = statement(line, None);
            assert_eq!(
                got.as_ref().map_err(|(message, _)| message.as_str()),
                expect.as_ref().map_err(|e| *e),
                "{line}"
            );
        };
        let verdict = |property: &str, expected| Statement::Verdict { property: property.to_owned(), expected };
        check("no-loss: holds", Ok(verdict("no-loss", scenario::Claim::Holds)));
        check("no-loss: holds vacuously", Ok(verdict("no-loss", scenario::Claim::HoldsVacuously)));
        check("messages = 3,609", Ok(figure("messages", Relation::Is, 3609)));
        check("messages >= 3", Ok(figure("messages", Relation::AtLeast, 3)));
        check("overlap < -5ms", Ok(figure("overlap", Relation::Less, -5_000_000)));
        check("max_error ≈ 10ms ± 1ms", Ok(figure("max_error", Relation::Near(1_000_000), 10_000_000)));
        let (name, node, value) = ("decision".to_owned(), "bob".to_owned(), "attack".to_owned());
        check("decision of bob = attack", Ok(Statement::Output { name, node, value }));
        check("no-loss: hold", Err("`hold` is no verdict"));
        check("messages", Err("`messages` claims nothing that can be checked"));
        check("messages = many", Err("`many` is no figure"));
        check("max_error ≈ 10ms", Err("`≈` wants a tolerance"));
        check("because: of this", Err("`because` follows no verdict"));
        check("because:", Err("`because` gives no reason"));
        check("rate of agreement ≈ theory", Err("this is about many runs"));
        check("decision of bob < attack", Err("what a process said is compared with `=`"));
    }
}
