//! `dsys list`: where to start, and what there is: problems in teaching order, their protocols, and
//! the scenarios that show them.

mod some;
mod start;
mod whole;

use serde_json::{Value as Json, json};

use crate::library::{LearningPath, Story, catalogue};
use crate::notes::Book;
use crate::problems::{Bound, Entry, Problem};
use crate::view::shell::quoted;
use crate::view::terminal::paragraph;

use super::args::{Color, Format, List};
use super::exit::Outcome;
use super::library::{library, registry};
use super::output::{self, Endings, Place};
use super::source::absent;
use super::usage::usage;
use some::Wanted;
use whole::Told;

const STRONG: anstyle::Style = anstyle::Style::new().bold();

const ENDINGS: Endings<'_, Format> =
    Endings { flag: "-o", formats: &[(".json", Format::Json)], otherwise: "text", elsewhere: &[] };

pub(super) fn run(args: &List, color: Color) -> anyhow::Result<Outcome> {
    let asked = args.format.map(|format| (format.word(), format));
    let format = ENDINGS.format(&args.output, asked)?.unwrap_or_default();
    let shown = chosen(args.name.as_deref())?;
    let scenarios = catalogue::scenarios(library())?;
    let book = Book::read(library());
    let guide = catalogue::Guide { path: LearningPath::of(library())?, topics: book.topics() };
    let wanted = Wanted::of(args, &book)?;
    let listed = Listed { shown, scenarios, guide };
    match format {
        Format::Text => {
            let place = Place::open(&args.output)?;
            let text = text(args, &listed, wanted.as_ref(), output::columns_of(&place));
            place.keep_coloured(&format!("{}\n", text.trim_end()), color)?;
        }
        Format::Json => {
            let object = object(&listed, wanted.as_ref());
            output::to(&args.output, |out| {
                serde_json::to_writer_pretty(&mut *out, &object)?;
                out.write_all(b"\n")
            })?;
        }
    }
    Ok(Outcome::Done)
}

/// All that may be listed.
struct Listed {
    shown: Vec<Shown>,
    scenarios: Vec<(Story, Bound)>,
    guide: catalogue::Guide,
}

/// A problem with those of its protocols that are to be listed.
struct Shown {
    problem: &'static Problem,
    protocols: Vec<&'static Entry>,
}

fn text(args: &List, listed: &Listed, wanted: Option<&Wanted>, columns: usize) -> String {
    if let Some(wanted) = wanted {
        return some::text(listed, wanted, columns);
    }
    if args.name.is_none() && !args.all && !listed.guide.path.steps.is_empty() {
        return start::text(listed, columns);
    }
    let told = match (&args.name, args.all) {
        (Some(_), _) => Told::Details,
        (None, true) => Told::Names,
        (None, false) => Told::Short,
    };
    let mut text = String::new();
    for shown in &listed.shown {
        text.push_str(&whole::problem(shown, &listed.of(shown), told, columns));
    }
    if args.name.is_none() {
        let more = "`dsys list NAME` tells all of one problem or protocol, `dsys run SCENARIO` runs a scenario.";
        text.push_str(&paragraph("", more, columns));
    }
    text
}

fn object(listed: &Listed, wanted: Option<&Wanted>) -> Json {
    let problem = |shown: &Shown| {
        let mut scenarios = listed.of(shown);
        scenarios.retain(|(story, scenario)| wanted.is_none_or(|wanted| wanted.has(story, scenario, &listed.guide)));
        catalogue::problem(shown.problem, &shown.protocols, &scenarios, &listed.guide)
    };
    let problems: Vec<Json> = listed.shown.iter().map(problem).collect();
    json!({ "problems": problems, "path": listed.guide.steps(&listed.scenarios) })
}

impl Listed {
    /// The scenarios of a problem that use the protocols which are shown.
    fn of(&self, shown: &Shown) -> Vec<&(Story, Bound)> {
        let is_of = |scenario: &Bound| {
            scenario.problem == shown.problem.name
                && shown.protocols.iter().any(|entry| entry.name == scenario.protocol)
        };
        self.scenarios.iter().filter(|(_, scenario)| is_of(scenario)).collect()
    }
}

/// What has this name; everything where no name is given.
fn chosen(name: Option<&str>) -> anyhow::Result<Vec<Shown>> {
    let is_named = |known: &str| name.is_none_or(|name| name == known);
    let of = |problem: &&'static Problem| {
        let whole = is_named(problem.name);
        let protocols = problem.protocols.iter().copied().filter(|entry| whole || is_named(entry.name)).collect();
        Shown { problem, protocols }
    };
    let shown: Vec<Shown> = registry()
        .problems
        .iter()
        .map(of)
        .filter(|shown| is_named(shown.problem.name) || !shown.protocols.is_empty())
        .collect();
    if shown.is_empty() {
        let protocols = registry().protocols().map(|(_, entry)| entry.name);
        let known: Vec<&str> = registry().problems.iter().map(|problem| problem.name).chain(protocols).collect();
        let name = name.unwrap_or_default();
        if let Ok(story) = library().find(name) {
            let shown = quoted(name);
            let message = format!("`{name}` is a scenario of `{}`, and has no list of its own", story.problem);
            return Err(usage(message, format!("`dsys show {shown}` prints its file, `dsys run {shown}` runs it")));
        }
        if let Some(absent) = absent(name) {
            return Err(absent);
        }
        let meant = crate::library::meant(crate::scenario::nearest(name, known.iter().copied()));
        let message = format!("there is no problem and no protocol `{name}`{meant}");
        return Err(usage(message, format!("there are {}", known.join(", "))));
    }
    Ok(shown)
}
