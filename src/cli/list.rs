//! `dsys list`: problems in teaching order, their protocols, and the scenarios that show them.

use serde_json::{Value as Json, json};

use crate::library::{Story, catalogue};
use crate::problems::{Bound, Entry, Problem};
use crate::view::shell::quoted;
use crate::view::terminal::{paragraph, terms};

use super::args::{Color, Format, List};
use super::exit::Outcome;
use super::library::{library, registry};
use super::output::{self, Endings, Place};
use super::usage::usage;

const STRONG: anstyle::Style = anstyle::Style::new().bold();

const ENDINGS: Endings<'_, Format> =
    Endings { flag: "-o", formats: &[(".json", Format::Json)], otherwise: "text", elsewhere: &[] };

pub(super) fn run(args: &List, color: Color) -> anyhow::Result<Outcome> {
    let asked = args.format.map(|format| (format.word(), format));
    let format = ENDINGS.format(&args.output, asked)?.unwrap_or_default();
    let shown = chosen(args.name.as_deref())?;
    let shipped = catalogue::scenarios(library())?;
    match format {
        Format::Text => {
            let is_detailed = args.name.is_some();
            let place = Place::open(&args.output)?;
            let columns = output::columns_of(&place);
            let mut text: String =
                shown.iter().map(|shown| problem_text(shown, &shipped, is_detailed, columns)).collect();
            if !is_detailed {
                let more =
                    "`dsys list NAME` tells all of one problem or protocol, `dsys run SCENARIO` runs a scenario.";
                text.push_str(&paragraph("", more, columns));
            }
            place.keep_coloured(&format!("{}\n", text.trim_end()), color)?;
        }
        Format::Json => {
            let problems: Vec<Json> = shown.iter().map(|shown| json_of(shown, &shipped)).collect();
            output::to(&args.output, |out| {
                serde_json::to_writer_pretty(&mut *out, &json!({ "problems": problems }))?;
                out.write_all(b"\n")
            })?;
        }
    }
    Ok(Outcome::Done)
}

/// A problem with those of its protocols that are to be listed.
struct Shown {
    problem: &'static Problem,
    protocols: Vec<&'static Entry>,
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
        let meant = crate::library::meant(crate::scenario::nearest(name, known.iter().copied()));
        let message = format!("there is no problem and no protocol `{name}`{meant}");
        return Err(usage(message, format!("there are {}", known.join(", "))));
    }
    Ok(shown)
}

fn scenarios_of<'a>(shown: &'a Shown, shipped: &'a [(Story, Bound)]) -> impl Iterator<Item = &'a (Story, Bound)> {
    shipped.iter().filter(|(_, scenario)| {
        scenario.problem == shown.problem.name && shown.protocols.iter().any(|entry| entry.name == scenario.protocol)
    })
}

fn json_of(shown: &Shown, shipped: &[(Story, Bound)]) -> Json {
    let scenarios: Vec<&(Story, Bound)> = scenarios_of(shown, shipped).collect();
    catalogue::problem(shown.problem, &shown.protocols, &scenarios)
}

fn problem_text(shown: &Shown, shipped: &[(Story, Bound)], is_detailed: bool, columns: usize) -> String {
    let problem = shown.problem;
    let mut text = titled("", problem.title, &format!(" ({})", problem.name), columns);
    text.push_str(&paragraph("", problem.summary, columns));
    for entry in &shown.protocols {
        text.push('\n');
        text.push_str(&titled("  ", entry.name, &format!(": {}", entry.title), columns));
        text.push_str(&paragraph("    ", entry.summary, columns));
        text.push_str(&if is_detailed { details(entry, columns) } else { names(entry, columns) });
    }
    let scenarios: Vec<&(Story, Bound)> = scenarios_of(shown, shipped).collect();
    if !scenarios.is_empty() {
        text.push_str(&format!("\n  {STRONG}scenarios{STRONG:#}\n"));
    }
    let rows: Vec<(&str, &str)> =
        scenarios.iter().map(|(story, scenario)| (story.name.as_str(), scenario.title.as_str())).collect();
    text.push_str(&terms("    ", &rows, columns));
    text.push('\n');
    text
}

/// A title with its first words strong, over as many lines as it needs.
fn titled(lead: &str, strong: &str, rest: &str, columns: usize) -> String {
    let text = paragraph(lead, &format!("{strong}{rest}"), columns);
    text.replacen(strong, &format!("{STRONG}{strong}{STRONG:#}"), 1)
}

/// What a protocol has, by name.
fn names(entry: &Entry, columns: usize) -> String {
    let parameters: Vec<String> = parameters(entry).into_iter().map(|parameter| parameter.written()).collect();
    let rows = [
        ("properties", entry.properties.iter().map(|property| property.name.to_owned()).collect()),
        ("parameters", parameters),
        ("lies", entry.lies.iter().map(|lie| lie.name.to_owned()).collect::<Vec<_>>()),
        ("crash points", entry.crash_points.iter().map(|&point| point.to_owned()).collect()),
        ("measures", entry.measures.iter().map(|measure| measure.name.to_owned()).collect()),
    ];
    let rows = rows.iter().filter(|(_, names)| !names.is_empty());
    rows.map(|(label, names)| paragraph(&format!("    {label:12}  "), &names.join(" · "), columns)).collect()
}

/// What a protocol has, with a sentence each.
fn details(entry: &Entry, columns: usize) -> String {
    let properties = entry.properties.iter().map(|property| (property.name.to_owned(), property.says.to_owned()));
    let parameters = parameters(entry).into_iter().map(|parameter| (parameter.written(), parameter.says));
    let lies = entry.lies.iter().map(|lie| {
        let arguments = if lie.arguments.is_empty() { String::new() } else { format!(" With `{}`.", lie.arguments) };
        (lie.name.to_owned(), format!("{}{arguments}", lie.says))
    });
    let points = entry.crash_points.iter().map(|&point| (point.to_owned(), String::new()));
    let measures = entry.measures.iter().map(|measure| (measure.name.to_owned(), measure.says.to_owned()));
    let rows: [(&str, Vec<(String, String)>); 5] = [
        ("properties", properties.collect()),
        ("parameters", parameters.collect()),
        ("lies", lies.collect()),
        ("crash points", points.collect()),
        ("measures", measures.collect()),
    ];
    let mut text = paragraph("    ", &format!("From {}.", entry.paper), columns);
    for (label, rows) in rows.iter().filter(|(_, rows)| !rows.is_empty()) {
        text.push_str(&format!("    {STRONG}{label}{STRONG:#}\n"));
        let rows: Vec<(&str, &str)> = rows.iter().map(|(name, says)| (name.as_str(), says.as_str())).collect();
        text.push_str(&terms("      ", &rows, columns));
    }
    text
}

/// A protocol's parameter, as its schema tells of it.
struct Parameter {
    name: String,
    default: Option<Json>,
    says: String,
}

impl Parameter {
    fn written(&self) -> String {
        match &self.default {
            Some(Json::String(default)) => format!("{} = {default}", self.name),
            Some(default) => format!("{} = {default}", self.name),
            None => self.name.clone(),
        }
    }
}

fn parameters(entry: &Entry) -> Vec<Parameter> {
    let schema = (entry.params)();
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else { return Vec::new() };
    let parameter = |(name, of): (&String, &Json)| Parameter {
        name: name.clone(),
        default: of.get("default").cloned(),
        says: of.get("description").and_then(Json::as_str).unwrap_or_default().to_owned(),
    };
    properties.iter().map(parameter).collect()
}
