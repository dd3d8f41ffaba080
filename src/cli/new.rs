//! `dsys new`: starts a scenario of one's own, from a shipped one or from nothing.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;

use crate::problems::{Entry, Problem};
use crate::scenario::{known, old_story};
use crate::view::shell::quoted;

use super::args::New;
use super::exit::Outcome;
use super::library::registry;
use super::output::{self, Endings, Place};
use super::usage::usage;
use super::{blank, source};

/// What a new file says of its schema. The path that a shipped scenario has points into this
/// project.
pub(super) const SCHEMA: &str = "\
#:schema ./dsys.schema.json
# For completion and checks in your editor, write that file once: dsys schema -o dsys.schema.json
";

/// What a new scenario is written as.
pub(super) const CASE: Endings<'_, ()> =
    Endings { flag: "dsys new", formats: &[(".toml", ())], otherwise: "TOML", elsewhere: &[] };

pub(super) fn run(args: &New) -> anyhow::Result<Outcome> {
    CASE.format(&args.file, None)?;
    let (mut input, mut is_carried_over) = (None, false);
    let (text, origin) = match (&args.from, &args.problem, &args.protocol) {
        (None, Some(problem), Some(protocol)) => {
            let (problem, entry) = named(problem, protocol)?;
            (format!("{SCHEMA}{}", blank::scenario(problem, entry)?), format!("{}, {}", problem.name, entry.name))
        }
        (None, Some(problem), None) => return Err(no_protocol(problem)?),
        (from, ..) => {
            let from = from.clone().unwrap_or_default();
            let source = source::read(&from)?;
            input = source.input;
            let carried_over = old_story::carried_over(&source.text);
            is_carried_over = carried_over.is_some();
            (with_own_schema(carried_over.as_ref().unwrap_or(&source.text)), from)
        }
    };
    make_folder_of(&args.file)?;
    let place = match args.overwrite {
        true => Place::open(&args.file)?,
        false => Place::open_new(&args.file, "`--overwrite` writes over it")?,
    };
    output::refuse_inputs([&place], &input)?;
    place.write(|out| out.write_all(text.as_bytes()))?;
    if !place.is_stdout() {
        let file = args.file.to_string_lossy();
        let mut stderr = anstream::stderr();
        writeln!(stderr, "`{file}` is written, from {origin}. Change it, then:")?;
        if is_carried_over {
            writeln!(stderr, "  (its story was written for an older version: look at the comments in it)")?;
        }
        writeln!(stderr, "  dsys run {}", quoted(&source::typed(&args.file)))?;
    }
    Ok(Outcome::Done)
}

/// Makes the folder that a new file is to be in, as a library's `scenarios/PROBLEM` is not there
/// before its first scenario.
fn make_folder_of(file: &Path) -> anyhow::Result<()> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    fs::create_dir_all(folder).with_context(|| format!("`{}` cannot be made", folder.display()))
}

/// That a protocol is missing, and which ones the problem has.
fn no_protocol(problem: &str) -> anyhow::Result<anyhow::Error> {
    let protocols: Vec<String> =
        problem_of(problem)?.protocols.iter().map(|entry| format!("`{}`", entry.name)).collect();
    let message = format!("`--problem {problem}` needs one of its protocols too: add `--protocol NAME`");
    Ok(usage(message, format!("there are {}", protocols.join(", "))))
}

fn problem_of(problem: &str) -> anyhow::Result<&'static Problem> {
    let problems = registry().problems.iter().map(|problem| problem.name);
    registry().problem(problem).ok_or_else(|| {
        let message = format!("there is no problem `{problem}`");
        usage(message, known("problems", problems, problem))
    })
}

/// The protocol of these names.
fn named(problem: &str, protocol: &str) -> anyhow::Result<(&'static Problem, &'static Entry)> {
    let found = problem_of(problem)?;
    let Some(entry) = found.protocols.iter().find(|entry| entry.name == protocol) else {
        let message = format!("`{problem}` has no protocol `{protocol}`");
        let protocols = found.protocols.iter().map(|entry| entry.name);
        return Err(usage(message, known("protocols", protocols, protocol)));
    };
    Ok((found, entry))
}

/// The scenario's text, its first line's path to the schema replaced.
fn with_own_schema(text: &str) -> String {
    let rest = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("#:schema") => rest,
        _ => text,
    };
    format!("{SCHEMA}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_schemas_line_is_replaced() {
        for (text, expect) in
            [("#:schema ../x.json\na = 1\n", "a = 1\n"), ("# mine\na = 1\n", "# mine\na = 1\n"), ("", "")]
        {
            assert_eq!(with_own_schema(text), format!("{SCHEMA}{expect}"));
        }
    }
}
