//! `dsys new`: starts a scenario of one's own, from a shipped one or from nothing.

use std::io::Write;

use crate::problems::{Entry, Problem};
use crate::scenario::known;
use crate::view::shell::quoted;

use super::args::New;
use super::exit::{Outcome, usage};
use super::output::Place;
use super::shelf::registry;
use super::{blank, source};

/// What a new file says of its schema. The path that a shipped scenario has points into this project.
pub(super) const SCHEMA: &str = "\
#:schema ./dsys.schema.json
# For completion and checks in your editor, write that file once: dsys schema -o dsys.schema.json
";

pub(super) fn run(args: &New) -> anyhow::Result<Outcome> {
    let (text, origin) = match (&args.from, &args.problem, &args.protocol) {
        (None, Some(problem), Some(protocol)) => {
            let (problem, entry) = named(problem, protocol)?;
            (format!("{SCHEMA}{}", blank::scenario(problem, entry)?), format!("{}, {}", problem.name, entry.name))
        }
        (from, ..) => {
            let from = from.clone().unwrap_or_default();
            (with_own_schema(&source::read(&from)?.text), from)
        }
    };
    let place = match args.overwrite {
        true => Place::open(&args.file)?,
        false => Place::open_new(&args.file, "`--overwrite` writes over it")?,
    };
    place.write(|out| out.write_all(text.as_bytes()))?;
    if !place.is_stdout() {
        let file = args.file.to_string_lossy();
        let mut stderr = anstream::stderr();
        writeln!(stderr, "`{file}` is written, from {origin}. Change it, then:")?;
        writeln!(stderr, "  dsys run {}", quoted(&file))?;
    }
    Ok(Outcome::Done)
}

/// The protocol of these names.
fn named(problem: &str, protocol: &str) -> anyhow::Result<(&'static Problem, &'static Entry)> {
    let problems = registry().problems.iter().map(|problem| problem.name);
    let Some(found) = registry().problem(problem) else {
        let message = format!("there is no problem `{problem}`");
        return Err(usage(message, known("problems", problems, problem)));
    };
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
