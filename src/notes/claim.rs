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

use crate::report::{Report, statement};
use crate::scenario::statement::{OF_A_RUN, OF_MANY, Statement};

use super::link::{RunLink, Wrong};
use super::parse::{self, Block};
use super::rate::Sweep;
use super::run;
use super::worst::{self, Search};
use crate::library::Library;

/// What a claim is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    /// One run.
    Run(RunLink),
    /// Many.
    Sweep(Sweep),
    /// The worst case.
    Search(Search),
}

/// What is claimed of a run, or of many.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) about: About,
    pub(super) command: parse::Line,
    pub(super) lines: Vec<(parse::Line, Line)>,
}

/// A line under a command.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// `agreement: violated`, `messages = 4`.
    Says(Statement),
    /// `because: bob attacks alone`, of the property of the line before.
    Because { property: String, words: String },
    /// `found: bob:alice:2=lose`, under a search.
    Worst(worst::Statement),
}

/// The sign that a command begins with.
pub(super) const PROMPT: &str = "$ ";

/// Reads a block of claims. What cannot be read is a fault at its line.
pub(super) fn read(library: &Library, block: &Block) -> (Vec<Claim>, Vec<(parse::Line, Wrong)>) {
    let (mut claims, mut faults): (Vec<Claim>, Vec<(parse::Line, Wrong)>) = (Vec::new(), Vec::new());
    let (mut is_under_command, mut is_readable) = (false, false);
    for line in block.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        if let Some(command) = line.text.trim().strip_prefix(PROMPT) {
            is_under_command = true;
            match about(library, command) {
                Ok(about) => claims.push(Claim { about, command: line.clone(), lines: Vec::new() }),
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
        let before = claim.lines.last().map(|(_, statement)| statement);
        let statement = match claim.about {
            About::Run(_) => of_a_run(line.text.trim(), before),
            About::Sweep(_) => of_many(line.text.trim()),
            About::Search(_) => worst::statement(line.text.trim()).map(Line::Worst),
        };
        match statement {
            Ok(statement) => claim.lines.push((line.clone(), statement)),
            Err(wrong) => faults.push((line.clone(), wrong)),
        }
    }
    for claim in claims.iter().filter(|claim| claim.lines.is_empty()) {
        if !faults.iter().any(|(line, _)| line.span.start > claim.command.span.start) {
            faults.push((claim.command.clone(), ("nothing is claimed of this run".to_owned(), OF_A_RUN.to_owned())));
        }
    }
    if block.lines.iter().all(|line| line.text.trim().is_empty()) {
        let line = parse::Line { text: String::new(), span: block.span.clone() };
        faults.push((line, ("the block claims nothing".to_owned(), OF_A_RUN.to_owned())));
    }
    (claims, faults)
}

/// What a command is about.
fn about(library: &Library, command: &str) -> Result<About, Wrong> {
    let words = run::words(library, command)?;
    match words.subcommand.as_str() {
        "sweep" => Sweep::new(words).map(About::Sweep),
        "search" => Search::new(words).map(About::Search),
        _ => run::link(words).map(About::Run),
    }
}

/// Reads a line under `dsys run`.
fn of_a_run(line: &str, before: Option<&Line>) -> Result<Line, Wrong> {
    let Some(words) = line.strip_prefix("because:") else {
        return match Statement::read(line)? {
            Statement::Rate(_) | Statement::Compared(..) => {
                let help = "claim it under a command as `$ dsys sweep …`".to_owned();
                Err(("this is about many runs".to_owned(), help))
            }
            Statement::Found => {
                Err(("this is about a search".to_owned(), "claim it under `$ dsys search …`".to_owned()))
            }
            statement => Ok(Line::Says(statement)),
        };
    };
    if words.trim().is_empty() {
        return Err(("`because` gives no reason".to_owned(), "quote some of the run's own words".to_owned()));
    }
    match before {
        Some(Line::Says(Statement::Verdict { property, .. }) | Line::Because { property, .. }) => {
            Ok(Line::Because { property: property.clone(), words: words.trim().to_owned() })
        }
        _ => Err((
            "`because` follows no verdict".to_owned(),
            "write it under a line as `agreement: violated`".to_owned(),
        )),
    }
}

/// Reads a line under `dsys sweep`.
fn of_many(line: &str) -> Result<Line, Wrong> {
    match Statement::read(line) {
        Ok(statement @ (Statement::Rate(_) | Statement::Compared(..))) => Ok(Line::Says(statement)),
        Err(wrong) if line.starts_with("rate of ") || line.starts_with("mean of ") => Err(wrong),
        _ => Err((format!("`{line}` claims nothing of many runs"), OF_MANY.to_owned())),
    }
}

/// Holds a line against a run.
pub(super) fn hold(line: &Line, report: &Report) -> Result<(), Wrong> {
    match line {
        Line::Says(statement) => statement::hold(statement, report),
        Line::Because { property, words } => {
            let because = statement::verdict_of(report, property)?.because();
            if because.contains(words.as_str()) {
                return Ok(());
            }
            Err(("this is not the reason".to_owned(), format!("the run says: {because}")))
        }
        // Only lines under a search are read as these.
        Line::Worst(_) => Err(("this is about a search".to_owned(), String::new())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_under_a_sweep_are_about_many_runs() {
        for (line, expect) in [
            ("rate of no-loss ≈ theory", None),
            ("rate of no-loss at a=1 < rate of no-loss at a=2", None),
            ("rate of no-loss = 0", None),
            ("mean of effects = 1.25", Some("a sweep's figure is compared by `≈`, not by `=`")),
            ("agreement: holds", Some("`agreement: holds` claims nothing of many runs")),
            ("messages", Some("`messages` claims nothing of many runs")),
        ] {
            assert_eq!(of_many(line).err().as_ref().map(|(message, _)| message.as_str()), expect, "{line}");
        }
    }

    #[test]
    fn a_reason_follows_a_verdict() {
        let verdict = of_a_run("agreement: violated", None).unwrap();
        let words = "bob attacks alone".to_owned();
        let because = Line::Because { property: "agreement".to_owned(), words };
        assert_eq!(of_a_run("because: bob attacks alone", Some(&verdict)), Ok(because.clone()));
        assert_eq!(of_a_run("because: bob attacks alone", Some(&because)), Ok(because));
        for (line, before, expect) in [
            ("because: of this", None, "`because` follows no verdict"),
            ("because:", Some(&verdict), "`because` gives no reason"),
            ("rate of agreement ≈ theory", None, "this is about many runs"),
            ("found", None, "this is about a search"),
            ("agreement: hold", None, "`hold` is no verdict"),
        ] {
            assert_eq!(of_a_run(line, before).unwrap_err().0, expect, "{line}");
        }
    }
}
