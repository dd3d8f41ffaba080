//! `dsys new`: starts a scenario of one's own from a shipped one.

use std::io::Write;

use crate::view::shell::quoted;

use super::args::New;
use super::exit::Outcome;
use super::{output, source};

/// What a new file says of its schema. The path that a shipped scenario has points into this project.
pub(super) const SCHEMA: &str = "\
#:schema ./dsys.schema.json
# For completion and checks in your editor, write that file once: dsys schema -o dsys.schema.json
";

pub(super) fn run(args: &New) -> anyhow::Result<Outcome> {
    let text = with_own_schema(&source::read(&args.from)?.text);
    if args.overwrite || output::is_stdout(&args.file) {
        output::to(&args.file, |out| out.write_all(text.as_bytes()))?;
    } else {
        output::new_file(&args.file, &text, "`--overwrite` writes over it")?;
    }
    if !output::is_stdout(&args.file) {
        let file = args.file.to_string_lossy();
        let mut stderr = anstream::stderr();
        writeln!(stderr, "`{file}` is written, from {}. Change it, then:", args.from)?;
        writeln!(stderr, "  dsys run {}", quoted(&file))?;
    }
    Ok(Outcome::Done)
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
