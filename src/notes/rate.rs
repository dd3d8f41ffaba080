//! Claims about many runs: how often, and how large on average, held against a sweep.
//!
//! What is claimed is claimed of every point of the sweep's grid:
//!
//! ```text
//! $ dsys sweep more-acks-do-not-help --over params.acks=0,3,6 --runs 2000
//! rate of agreement <= 0.25
//! mean of alone_given_attack ≈ theory
//! ```

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use crate::explore::sweep::{self, Plan, Refused, Row, Shard, Wanted};
use crate::library::Library;
use crate::scenario::known;
use crate::time::Span;
use crate::view::shell::quoted;

use super::link::Wrong;
use super::run::Words;

/// The most runs that a note may ask for: what is claimed is run whenever somebody checks.
const MOST_RUNS: u64 = 200_000;

/// How many standard deviations theory and a sample may differ by. One true claim in 150,000 is
/// farther off.
const SIGMAS: f64 = 4.5;

/// A sweep, as a command names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sweep {
    story: String,
    seed: Option<u64>,
    set: Vec<String>,
    force: Vec<String>,
    over: Vec<String>,
    runs: Option<u64>,
}

/// A line under a sweep: `rate of agreement ≈ 0.1 ± 0.01`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    what: What,
    of: String,
    claimed: Claimed,
}

/// What is claimed to be so large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// The share of runs that violate a property.
    Rate,
    /// The mean of a measure over the runs in which it is defined.
    Mean,
}

/// How large it is claimed to be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Claimed {
    Near(f64, f64),
    Less(f64),
    AtMost(f64),
    More(f64),
    AtLeast(f64),
    /// As large as the scenario's theory says, within what chance allows.
    AsTheory,
}

const LINES: &str = "under a sweep the lines are as in `rate of agreement ≈ 0.1 ± 0.01`, `mean of effects < 1.3` and \
                     `rate of agreement ≈ theory`";

impl Sweep {
    /// The sweep that the words of a command name.
    pub(super) fn new(words: Words) -> Result<Sweep, Wrong> {
        let mut sweep = Sweep { story: words.story, ..Sweep::default() };
        for (flag, value) in words.flags {
            match flag.as_str() {
                "--seed" => sweep.seed = Some(number(&flag, &value)?),
                "--runs" => sweep.runs = Some(number(&flag, &value)?),
                "--over" => sweep.over.push(value),
                "--set" => sweep.set.push(value),
                _ => sweep.force.push(value),
            }
        }
        Ok(sweep)
    }

    /// The command that makes this sweep.
    pub(super) fn command(&self, library: &Library) -> String {
        let Sweep { story, seed, set, force, over, runs } = self;
        let mut command = format!("dsys sweep {}", library.short_name(story));
        let numbers = [("--runs", runs), ("--seed", seed)];
        for (flag, number) in numbers.into_iter().filter_map(|(flag, number)| Some((flag, number.as_ref()?))) {
            command.push_str(&format!(" {flag} {number}"));
        }
        for (flag, values) in [("--over", over), ("--set", set), ("--force", force)] {
            for value in values {
                command.push_str(&format!(" {flag} {}", quoted(value)));
            }
        }
        command
    }

    /// Runs it, on one thread: what a note claims is checked many at a time.
    pub(super) fn rows(&self, library: &Library) -> Result<Vec<Row>, Wrong> {
        let story = library
            .story(&self.story)
            .ok_or_else(|| (format!("there is no scenario `{}`", self.story), String::new()))?;
        let wanted = Wanted {
            scenario: self.story.clone(),
            name: story.name,
            origin: story.origin,
            text: story.text,
            set: self.set.clone(),
            force: self.force.clone(),
            seed: self.seed,
            over: self.over.clone(),
            runs: self.runs,
            precision: None,
        };
        let plan = Plan::new(library.registry(), wanted, Shard::WHOLE).map_err(refused)?;
        let runs = plan.runs().saturating_mul(plan.points() as u64);
        if runs > MOST_RUNS {
            let help = format!("a note may ask for {MOST_RUNS}; give `--runs`, or fewer points with `--over`");
            return Err((format!("this sweep has {runs} runs"), help));
        }
        let swept = sweep::sweep(&plan, NonZeroUsize::MIN, &|_| ControlFlow::Continue(())).map_err(refused)?;
        Ok(swept.rows(&plan))
    }
}

fn refused(refused: Refused) -> Wrong {
    match refused {
        Refused::Words { message, help } => (message, help),
        Refused::Scenario { at, invalid } => {
            let messages: Vec<&str> = invalid.messages().collect();
            (messages.join("; "), at)
        }
        ended @ Refused::Ended { .. } => (ended.to_string(), String::new()),
    }
}

fn number(flag: &str, value: &str) -> Result<u64, Wrong> {
    value.parse().map_err(|_| (format!("`{flag} {value}` is no whole number"), String::new()))
}

/// Reads a line under a sweep.
pub(super) fn statement(line: &str) -> Result<Statement, Wrong> {
    let unreadable = || (format!("`{line}` claims nothing of many runs"), LINES.to_owned());
    let (what, rest) = if let Some(rest) = line.strip_prefix("rate of ") {
        (What::Rate, rest)
    } else if let Some(rest) = line.strip_prefix("mean of ") {
        (What::Mean, rest)
    } else {
        return Err(unreadable());
    };
    let (of, sign, value) = rest
        .split_once(char::is_whitespace)
        .and_then(|(of, rest)| {
            let (sign, value) = rest.trim().split_once(char::is_whitespace)?;
            Some((of, sign, value.trim()))
        })
        .ok_or_else(unreadable)?;
    let claimed = match sign {
        "≈" if value == "theory" => Claimed::AsTheory,
        "≈" => {
            let (value, tolerance) = value
                .split_once('±')
                .or_else(|| value.split_once("+-"))
                .ok_or_else(|| ("`≈` wants a tolerance, or `theory`".to_owned(), LINES.to_owned()))?;
            Claimed::Near(figure(value)?, figure(tolerance)?.abs())
        }
        "<" => Claimed::Less(figure(value)?),
        "<=" | "≤" => Claimed::AtMost(figure(value)?),
        ">" => Claimed::More(figure(value)?),
        ">=" | "≥" => Claimed::AtLeast(figure(value)?),
        "=" => return Err(("what many runs come to is `≈` something".to_owned(), LINES.to_owned())),
        _ => return Err(unreadable()),
    };
    Ok(Statement { what, of: of.to_owned(), claimed })
}

/// A number, or a length of time in nanoseconds.
fn figure(text: &str) -> Result<f64, Wrong> {
    let text = text.trim();
    let plain = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let figure = plain.or_else(|| text.parse::<Span>().ok().map(|span| span.ns() as f64));
    figure.ok_or_else(|| (format!("`{text}` is no figure"), "as in `0.1`, or `8ms`".to_owned()))
}

/// Holds a statement against every row of a sweep.
pub(super) fn hold(statement: &Statement, rows: &[Row]) -> Result<(), Wrong> {
    rows.iter().try_for_each(|row| hold_at(statement, row))
}

/// What a row knows of a rate or a mean: its value, what theory says, and how far chance may take
/// it from there.
struct Known {
    value: f64,
    theory: Option<f64>,
    deviation: f64,
}

fn hold_at(statement: &Statement, row: &Row) -> Result<(), Wrong> {
    let Known { value, theory, deviation } = known_of(statement, row)?;
    let at = row.at.iter().map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ");
    let at = if at.is_empty() { String::new() } else { format!(" at {at}") };
    let name = match statement.what {
        What::Rate => format!("`rate of {}`", statement.of),
        What::Mean => format!("`mean of {}`", statement.of),
    };
    let (is_so, help) = match statement.claimed {
        Claimed::Near(claimed, tolerance) => ((value - claimed).abs() <= tolerance, String::new()),
        Claimed::Less(claimed) => (value < claimed, String::new()),
        Claimed::AtMost(claimed) => (value <= claimed, String::new()),
        Claimed::More(claimed) => (value > claimed, String::new()),
        Claimed::AtLeast(claimed) => (value >= claimed, String::new()),
        Claimed::AsTheory => {
            let Some(theory) = theory else {
                let help = "claim a figure with a tolerance instead".to_owned();
                return Err((format!("no theory is known of {name}{at}"), help));
            };
            // Where chance has no play, what is left is rounding.
            let allowed = (SIGMAS * deviation).max(1e-9 * theory.abs());
            let help = format!("theory says {}, and chance allows {} more or less", short(theory), short(allowed));
            ((value - theory).abs() <= allowed, help)
        }
    };
    if is_so { Ok(()) } else { Err((format!("{name} is {}{at}", short(value)), help)) }
}

fn known_of(statement: &Statement, row: &Row) -> Result<Known, Wrong> {
    let of = statement.of.as_str();
    match statement.what {
        What::Rate => {
            let Some(rate) = row.rates.iter().find(|rate| rate.property.name == of) else {
                let names = row.rates.iter().map(|rate| rate.property.name);
                return Err((format!("there is no property `{of}`"), known("properties", names, of)));
            };
            let p = rate.theory.unwrap_or(rate.rate);
            let deviation = (p * (1.0 - p) / row.runs as f64).max(0.0).sqrt();
            Ok(Known { value: rate.rate, theory: rate.theory, deviation })
        }
        What::Mean => {
            let Some(figure) = row.figures.iter().find(|figure| figure.measure.name == of) else {
                let names = row.figures.iter().map(|figure| figure.measure.name);
                return Err((format!("there is no measure `{of}`"), known("measures", names, of)));
            };
            let Some(mean) = figure.mean else {
                return Err((format!("`{of}` is defined in none of the runs"), String::new()));
            };
            let deviation = figure.sd.unwrap_or(0.0) / (figure.n as f64).sqrt();
            Ok(Known { value: mean, theory: figure.theory, deviation })
        }
    }
}

/// A figure with as many digits as somebody reads.
fn short(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_under_a_sweep_are_read() {
        let check = |line: &str, expect: Result<(What, &str, Claimed), &str>| {
            let got = statement(line);
            let got = got.as_ref().map(|s| (s.what, s.of.as_str(), s.claimed)).map_err(|(message, _)| message.as_str());
            assert_eq!(got, expect, "{line}");
        };
        check("rate of agreement ≈ 0.1 ± 0.01", Ok((What::Rate, "agreement", Claimed::Near(0.1, 0.01))));
        check("rate of no-loss ≈ theory", Ok((What::Rate, "no-loss", Claimed::AsTheory)));
        check("mean of commit_wait <= 8ms", Ok((What::Mean, "commit_wait", Claimed::AtMost(8e6))));
        check("mean of effects ≈ 1.25", Err("`≈` wants a tolerance, or `theory`"));
        check("mean of effects = 1.25", Err("what many runs come to is `≈` something"));
        check("rate of agreement ≈ nan ± 1", Err("`nan` is no figure"));
        check("agreement: holds", Err("`agreement: holds` claims nothing of many runs"));
        check("rate of agreement", Err("`rate of agreement` claims nothing of many runs"));
    }
}
