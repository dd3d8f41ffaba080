//! Problems with their protocols and scenarios: all of it, or in short.

use serde_json::Value as Json;

use crate::library::Story;
use crate::problems::{Bound, Entry};
use crate::view::terminal::{paragraph, terms};

use super::{STRONG, Shown};

/// How much is told of protocols.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Their names and titles.
    Short,
    /// What they have, by name.
    Names,
    /// What they have, with a sentence each.
    Details,
}

/// A problem with some of its protocols and of the scenarios that use them.
pub(super) fn problem(shown: &Shown, scenarios: &[&(Story, Bound)], told: Told, columns: usize) -> String {
    let problem = shown.problem;
    let mut text = titled("", problem.title, &format!(" ({})", problem.name), columns);
    text.push_str(&paragraph("", problem.summary, columns));
    if told == Told::Short {
        text.push_str(&format!("\n  {STRONG}protocols{STRONG:#}\n"));
        let rows: Vec<(&str, &str)> = shown.protocols.iter().map(|entry| (entry.name, entry.title)).collect();
        text.push_str(&terms("    ", &rows, columns));
    } else {
        for entry in &shown.protocols {
            text.push('\n');
            text.push_str(&titled("  ", entry.name, &format!(": {}", entry.title), columns));
            text.push_str(&paragraph("    ", entry.summary, columns));
            text.push_str(&if told == Told::Details { details(entry, columns) } else { names(entry, columns) });
        }
    }
    if !scenarios.is_empty() {
        text.push_str(&format!("\n  {STRONG}scenarios{STRONG:#}\n"));
    }
    text.push_str(&titles("    ", scenarios, columns));
    text.push('\n');
    text
}

/// Scenarios with their titles.
pub(super) fn titles(lead: &str, scenarios: &[&(Story, Bound)], columns: usize) -> String {
    let rows: Vec<(&str, &str)> =
        scenarios.iter().map(|(story, scenario)| (story.name.as_str(), scenario.title.as_str())).collect();
    terms(lead, &rows, columns)
}

/// A title with its first words strong, over as many lines as it needs.
pub(super) fn titled(lead: &str, strong: &str, rest: &str, columns: usize) -> String {
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
