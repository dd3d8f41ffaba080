//! The knobs: what of a scenario can be turned, with what it is set to and what it may be.

use serde_json::{Value as Json, json};

use crate::problems::Bound;
use crate::scenario::{CrashWhen, Fate, Fault, PauseWhen, Probability, Scenario, Traitors};
use crate::time::{Distribution, Span};

/// All knobs, in the order in which they are shown. A knob's `key` is what `--set` takes; a fault that can be called
/// off has a choice to force instead.
pub(super) fn knobs(scenario: &Bound) -> Json {
    let mut knobs = vec![json!({
        "group": "nodes", "key": "nodes", "label": "nodes", "kind": "integer", "min": 2, "max": 40,
        "value": scenario.names.count(), "says": "How many nodes take part.",
    })];
    knobs.extend(params(scenario));
    knobs.extend(network(scenario));
    knobs.extend(scenario.faults.iter().enumerate().flat_map(|(row, fault)| of_fault(scenario, row, fault)));
    Json::Array(knobs)
}

fn params(scenario: &Bound) -> Vec<Json> {
    let schema = (scenario.entry.params)();
    let given = scenario.params.to_json();
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else { return Vec::new() };
    let knob = |(name, of): (&String, &Json)| {
        let value = given.get(name).or_else(|| of.get("default")).cloned().unwrap_or(Json::Null);
        let (kind, words) = kind(of);
        let mut knob = json!({
            "group": "protocol",
            "key": format!("params.{name}"),
            "label": name,
            "kind": kind,
            "value": as_text(&value),
            "says": of.get("description"),
        });
        for (key, bound) in [("min", "minimum"), ("max", "maximum")] {
            if let Some(bound) = of.get(bound) {
                knob[key] = bound.clone();
            }
        }
        if !words.is_empty() {
            knob["words"] = Json::Array(words);
        }
        knob
    };
    properties.iter().map(knob).collect()
}

/// What a value of this schema is, and the words that it may be.
fn kind(of: &Json) -> (&'static str, Vec<Json>) {
    if let Some(Json::Array(words)) = of.get("enum") {
        return ("word", words.clone());
    }
    let one_of = of.get("oneOf").and_then(Json::as_array);
    if let Some(words) = one_of.map(|all| all.iter().filter_map(|one| one.get("const").or(one.pointer("/enum/0")))) {
        return ("word", words.cloned().collect());
    }
    let is_span = of.get("format").and_then(Json::as_str).is_some_and(|format| format.starts_with("span"));
    match of.get("type").and_then(Json::as_str) {
        Some("boolean") => ("truth", Vec::new()),
        Some("integer") => ("integer", Vec::new()),
        Some("number") => ("number", Vec::new()),
        Some("string") if is_span => ("span", Vec::new()),
        _ => ("text", Vec::new()),
    }
}

/// A value as `--set` takes it, where it is neither a number nor a truth.
fn as_text(value: &Json) -> Json {
    match value {
        Json::Object(_) | Json::Array(_) => toml_of(value).into(),
        plain => plain.clone(),
    }
}

fn toml_of(value: &Json) -> String {
    match value {
        Json::Object(table) => {
            let entries: Vec<String> = table.iter().map(|(key, value)| format!("{key} = {}", toml_of(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(toml_of).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn network(scenario: &Scenario) -> Vec<Json> {
    let link = scenario.network.default;
    let chance = |key: &str, value: f64, says: &str| {
        json!({
            "group": "network", "key": format!("network.{key}"), "label": key, "kind": "number",
            "value": value, "min": 0, "max": 1, "step": 0.05, "says": says,
        })
    };
    vec![
        json!({
            "group": "network", "key": "network.delay", "label": "delay", "kind": "text",
            "value": delay(&link.delay), "says": "How long a message takes: 10ms, or a table of a distribution.",
        }),
        chance("loss", link.loss.get(), "How likely a message is lost."),
        chance("duplicate", link.duplicate.get(), "How likely a message arrives twice."),
        chance("corrupt", link.corrupt.get(), "How likely a message arrives damaged, which the receiver notices."),
        json!({
            "group": "network", "key": "network.fifo", "label": "fifo", "kind": "truth", "value": link.fifo,
            "says": "Whether no message overtakes another on its link.",
        }),
    ]
}

fn delay(delay: &Distribution) -> String {
    match delay {
        Distribution::Constant(span) => span.to_string(),
        Distribution::Uniform { min, max } => format!("{{ uniform = [\"{min}\", \"{max}\"] }}"),
        Distribution::Exponential { mean, min } if *min == Span::ZERO => {
            format!("{{ exponential = {{ mean = \"{mean}\" }} }}")
        }
        Distribution::Exponential { mean, min } => {
            format!("{{ exponential = {{ mean = \"{mean}\", min = \"{min}\" }} }}")
        }
        Distribution::LogNormal { median, sigma } => {
            format!("{{ log-normal = {{ median = \"{median}\", sigma = {sigma} }} }}")
        }
    }
}

/// The knobs of one fault's row.
fn of_fault(scenario: &Bound, row: usize, fault: &Fault) -> Vec<Json> {
    let names = &scenario.names;
    let node_words = || names.iter().map(Json::from).collect::<Vec<_>>();
    let knob = |key: &str, label: String, kind: &str, value: Json, words: Vec<Json>| {
        let mut knob = json!({
            "group": "faults", "key": format!("fault.{row}.{key}"), "label": label, "kind": kind, "value": value,
        });
        if !words.is_empty() {
            knob["words"] = Json::Array(words);
        }
        knob
    };
    let chance = |key: &str, label: String, value: Probability| {
        let mut knob = knob(key, label, "number", value.get().into(), Vec::new());
        (knob["min"], knob["max"], knob["step"]) = (0.into(), 1.into(), json!(0.05));
        knob
    };
    let about = |item: Option<u64>| item.map_or_else(String::new, |item| format!(" with item {item}"));
    match fault {
        Fault::Traitor { who, lie } => {
            let lies = scenario.entry.lies.iter().filter(|lie| lie.arguments.is_empty());
            let mut words: Vec<Json> = lies.map(|lie| Json::from(lie.name)).collect();
            if !words.contains(&Json::from(lie.name.as_str())) {
                words.push(lie.name.as_str().into());
            }
            let (who, name) = match who {
                Traitors::These(nodes) if nodes.len() == 1 => {
                    let name = names.of(nodes[0]);
                    (
                        Some(knob("traitor.node", "traitor".to_owned(), "word", name.into(), node_words())),
                        name.to_owned(),
                    )
                }
                Traitors::These(nodes) => (None, names.list(nodes)),
                Traitors::Count(count) => {
                    let label = "traitors".to_owned();
                    (Some(knob("traitor.count", label, "integer", (*count).into(), Vec::new())), "traitors".to_owned())
                }
            };
            let lie = knob("traitor.lie", format!("lie of {name}"), "word", lie.name.as_str().into(), words);
            who.into_iter().chain([lie]).collect()
        }
        Fault::Message { message, fate } => {
            let name = names.message(*message);
            let words = Fate::ALL.map(|fate| Json::from(fate.word())).to_vec();
            vec![choice(&name, &format!("fate of {name}"), "word", fate.word().into(), words)]
        }
        Fault::Delay { message, to } => {
            let name = names.message(*message);
            vec![choice(
                &format!("{name}.delay"),
                &format!("delay of {name}"),
                "span",
                to.to_string().into(),
                Vec::new(),
            )]
        }
        Fault::Crash { node, when, down, disk: _ } => {
            let name = names.of(*node);
            let down = down.map_or_else(|| "forever".to_owned(), |down| down.to_string());
            match when {
                CrashWhen::At(at) => {
                    vec![knob("crash.at", format!("{name} crashes at"), "span", at.to_string().into(), Vec::new())]
                }
                CrashWhen::Point { point, nth } => {
                    let words = ["no".into(), down.as_str().into(), "forever".into()];
                    let mut words: Vec<Json> = words.to_vec();
                    words.dedup();
                    let label = format!("{name} crashes at {point}:{nth} for");
                    vec![choice(&format!("{name}@{point}:{nth}.crash"), &label, "word", down.as_str().into(), words)]
                }
                CrashWhen::EachPoint { probability, point, item, .. } => {
                    let label = format!("{name} crashes at {point}{} with chance", about(*item));
                    vec![chance("crash.probability", label, *probability)]
                }
                CrashWhen::Rate { per_second, .. } => {
                    vec![knob(
                        "crash.rate",
                        format!("crashes of {name} a second"),
                        "number",
                        (*per_second).into(),
                        Vec::new(),
                    )]
                }
                CrashWhen::After(_) => Vec::new(),
            }
        }
        Fault::Pause { node, when, .. } => {
            let name = names.of(*node);
            match when {
                PauseWhen::At(at) => {
                    vec![knob("pause.at", format!("{name} pauses at"), "span", at.to_string().into(), Vec::new())]
                }
                PauseWhen::Point { .. } => Vec::new(),
                PauseWhen::EachPoint { probability, point, item, .. } => {
                    let label = format!("{name} pauses at {point}{} with chance", about(*item));
                    vec![chance("pause.probability", label, *probability)]
                }
            }
        }
        Fault::Degrade { at, lasts, change, .. } => {
            let begins = knob("degrade.at", "bad links at".to_owned(), "span", at.to_string().into(), Vec::new());
            let lasts = lasts.map(|lasts| {
                knob("degrade.for", "bad links for".to_owned(), "span", lasts.to_string().into(), Vec::new())
            });
            let loss = change.loss.map(|loss| chance("degrade.loss", "loss on bad links".to_owned(), loss));
            [begins].into_iter().chain(lasts).chain(loss).collect()
        }
        Fault::Hold { at, lasts, .. } => {
            let begins = knob("hold.at", "messages held at".to_owned(), "span", at.to_string().into(), Vec::new());
            let lasts = lasts.map(|lasts| {
                knob("hold.for", "messages held for".to_owned(), "span", lasts.to_string().into(), Vec::new())
            });
            [begins].into_iter().chain(lasts).collect()
        }
        Fault::Partition { at, lasts, .. } => {
            let begins = knob("partition.at", "partition at".to_owned(), "span", at.to_string().into(), Vec::new());
            let lasts = lasts.map(|lasts| {
                knob("partition.for", "partition for".to_owned(), "span", lasts.to_string().into(), Vec::new())
            });
            [begins].into_iter().chain(lasts).collect()
        }
        Fault::ClockStep { node, by, .. } => {
            let label = format!("clock of {} jumps by", names.of(*node));
            vec![knob("clock-step.by", label, "span", by.to_string().into(), Vec::new())]
        }
        Fault::ClockDrift { node, ppb, .. } => {
            let label = format!("drift of {} in ppm", names.of(*node));
            vec![knob("clock-drift.ppm", label, "number", (*ppb as f64 / 1e3).into(), Vec::new())]
        }
    }
}

/// A knob that settles a choice by force.
fn choice(name: &str, label: &str, kind: &str, value: Json, words: Vec<Json>) -> Json {
    let mut knob = json!({ "group": "faults", "force": name, "label": label, "kind": kind, "value": value });
    if !words.is_empty() {
        knob["words"] = Json::Array(words);
    }
    knob
}
