//! `dsys schema`: prints the JSON Schema of scenario files.

use crate::problems::{Entry, Problem};
use crate::scenario::schema::{ProblemWords, ProtocolWords};

use super::args::Schema;
use super::exit::Outcome;
use super::library::registry;
use super::output::{self, Endings};

const ENDINGS: Endings<'_, ()> = Endings { flag: "-o", formats: &[(".json", ())], otherwise: "JSON", elsewhere: &[] };

pub(super) fn run(args: &Schema) -> anyhow::Result<Outcome> {
    ENDINGS.format(&args.output, None)?;
    let schema = whole();
    output::to(&args.output, |out| {
        serde_json::to_writer_pretty(&mut *out, &schema)?;
        out.write_all(b"\n")
    })?;
    Ok(Outcome::Done)
}

/// The schema of a scenario file of any problem.
pub(super) fn whole() -> serde_json::Value {
    let problems: Vec<ProblemWords> = registry().problems.iter().map(|problem| words_of(problem)).collect();
    crate::scenario::schema(&problems)
}

fn words_of(problem: &Problem) -> ProblemWords {
    let protocol = |entry: &&Entry| ProtocolWords {
        name: entry.name,
        params: (entry.params)(),
        properties: entry.properties.iter().map(|property| property.name).collect(),
        lies: entry.lies.iter().map(|lie| lie.name).collect(),
    };
    ProblemWords { name: problem.name, protocols: problem.protocols.iter().map(protocol).collect() }
}
