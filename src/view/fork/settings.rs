//! What is set otherwise in the changed run: what it is now, what it was, and what it means.

use serde_json::Value as Json;

use crate::report::Report;
use crate::scenario::{Scenario, schema};
use crate::view::called::Called;

/// The settings that differ, a sentence each. A row of faults is told by what it does.
pub(super) fn settings(before: &Report, after: &Report) -> Vec<String> {
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in after.scenario.overridden.iter().chain(&before.scenario.overridden) {
        let is_told = key != "fault" && !key.starts_with("fault.") && !key.starts_with("force.") && key != "nodes";
        if is_told && !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    keys.into_iter().filter_map(|key| told(before, after, key)).collect()
}

fn told(before: &Report, after: &Report, key: &str) -> Option<String> {
    let now = value(after, before, key);
    let was = value(before, after, key);
    if now == was {
        return None;
    }
    let (label, unit) = label(after, key);
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    let now = now.map_or("left out".to_owned(), |now| format!("{now}{unit}"));
    let instead = match was {
        Some(was) => format!(" instead of {was}{unit}"),
        None => ", which was not set before".to_owned(),
    };
    let means = meaning(after, key).map(|means| format!(" ({means})")).unwrap_or_default();
    Some(format!("{label}: {now}{instead}{means}."))
}

/// The value of a key in a run, for people. The scenario of the other run knows what the file has
/// where only that one was changed.
pub(super) fn value(report: &Report, other: &Report, key: &str) -> Option<String> {
    let scenario: &Scenario = &report.scenario;
    match key {
        "seed" => return Some(scenario.seed.to_string()),
        "protocol" => return Some(format!("“{}”", report.scenario.entry.title)),
        _ => {}
    }
    let of = |all: &[(String, String)]| all.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    let given = of(&scenario.overridden).or_else(|| of(&other.scenario.replaced));
    let value = given.map(|given| shown(&given)).or_else(|| default(report, key))?;
    let is_share = key.rsplit('.').next().is_some_and(|name| SHARES.contains(&name));
    Some(if is_share { percent(&value).unwrap_or(value) } else { value })
}

/// Settings that are probabilities.
const SHARES: [&str; 4] = ["loss", "duplicate", "corrupt", "probability"];

/// A probability for people: `30 %` for 0.3.
fn percent(share: &str) -> Option<String> {
    let millionths = (share.parse::<f64>().ok()? * 1e8).round();
    Some(format!("{} %", millionths / 1e6))
}

/// What a setting is called, and its unit.
fn label<'k>(report: &Report, key: &'k str) -> (String, Option<&'k str>) {
    let scenario: &Scenario = &report.scenario;
    let steps: Vec<&str> = key.split('.').filter(|step| *step != "constant").collect();
    let spaced = |word: &str| word.replace('-', " ");
    let of = |key: String| scenario.replaced.iter().find(|(known, _)| *known == key).map(|(_, value)| shown(value));
    let (name, unit) = match steps.last().and_then(|last| last.strip_suffix("-ppm")) {
        Some(name) => (name, Some("ppm")),
        None => (steps.last().copied().unwrap_or_default(), None),
    };
    let name = spaced(name);
    let label = match steps[..] {
        ["until"] => "end of the run".to_owned(),
        ["params", ..] if name.len() < 3 => format!("the parameter {name}"),
        ["params", ..] => name,
        ["clock", node, _] => format!("{name} of {node}'s clock"),
        ["clock", _] => format!("{name} of the clocks"),
        ["network", "link", row, _] => {
            let called = Called::of(&report.scenario);
            let end = |end: &str| {
                let name = of(format!("network.link.{row}.{end}")).unwrap_or_default();
                scenario.names.find(&name).map_or(name, |node| called.node(node).to_owned())
            };
            format!("{name} from {} to {}", end("from"), end("to"))
        }
        ["network", "link"] => "links of their own".to_owned(),
        ["network", _] => format!("{name} of the network"),
        ["limits", _] => format!("limit of {name}"),
        _ => steps.join(" "),
    };
    (label, unit)
}

/// What a parameter is, in the words of its documentation: one sentence without its end.
fn meaning(report: &Report, key: &str) -> Option<String> {
    let schema = (report.scenario.entry.params)();
    let of_key = at(schema, key.strip_prefix("params.")?)?;
    let sentence = sentence_of(of_key)?;
    let mut letters = sentence.chars();
    let first = letters.next()?;
    Some(format!("{}{}", first.to_lowercase(), letters.as_str()))
}

fn sentence_of(schema: &Json) -> Option<&str> {
    let description = schema.get("description")?.as_str()?;
    let end = [". ", "; ", ": ", "\n"].iter().filter_map(|end| description.find(end)).min();
    let sentence = description[..end.unwrap_or(description.len())].trim_end_matches('.');
    let is_plain = !sentence.contains(['(', '`']);
    (is_plain && !sentence.is_empty()).then_some(sentence)
}

/// The value of what is not given.
fn default(report: &Report, key: &str) -> Option<String> {
    if let Some(key) = key.strip_prefix("params.") {
        let default = at((report.scenario.entry.params)(), key)?.get("default")?;
        return Some(default.as_str().map_or_else(|| shown(&default.to_string()), shown));
    }
    // The file's own settings say it in their documentation.
    let description = at(schema::file(), key)?.get("description")?.as_str()?;
    let (_, default) = description.split_once("Default ")?;
    Some(shown(default.trim_end_matches('.').trim_start_matches("from ")))
}

/// The part of a schema at a dotted path.
fn at<'s>(schema: &'s Json, path: &str) -> Option<&'s Json> {
    path.split('.').filter(|step| *step != "constant").try_fold(schema, |schema, step| {
        let of_key = schema.get("properties").and_then(|all| all.get(step));
        of_key
            .or_else(|| schema.get("items"))
            .or_else(|| schema.get("additionalProperties").filter(|one| one.is_object()))
    })
}

/// A value for people: text without its quotes, a list without its brackets, a distribution in
/// words.
fn shown(value: &str) -> String {
    let value = value.trim();
    match value {
        "true" => return "yes".to_owned(),
        "false" => return "no".to_owned(),
        "[]" | "{}" => return "none".to_owned(),
        _ => {}
    }
    let is_distribution = |name: &str| value.contains(&format!("{name} =")) || value.contains(&format!("\"{name}\":"));
    let quoted: Vec<&str> = value.split('"').skip(1).step_by(2).filter(|text| !is_name(text)).collect();
    match quoted[..] {
        [only] if is_distribution("constant") => return only.to_owned(),
        [from, to] if is_distribution("uniform") => return format!("{from} to {to}"),
        _ if value.starts_with('{') => return format!("`{}`", value.replace('`', "'")),
        _ => {}
    }
    let bare = value.trim_matches(|c| matches!(c, '[' | ']'));
    let bare = bare.replace(['"', '\''], "").replace('`', "'");
    // A number such as 0.0 is written as people write it.
    bare.strip_suffix(".0").map_or(bare.clone(), str::to_owned)
}

/// Whether a text in quotes is the name of a distribution, as JSON writes it.
fn is_name(text: &str) -> bool {
    matches!(text, "constant" | "uniform" | "exponential" | "log-normal")
}
