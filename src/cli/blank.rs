//! A scenario with nothing in it but a problem and one of its protocols: what a file needs, and as
//! comments all that it may say, each with its default.
//!
//! A line that begins with `#` and no blank is a key that can be had by taking the `#` away; `# `
//! begins a sentence. What is known of parameters and faults comes from their schemas, so that a
//! new one is here without a word in this file.

use serde_json::{Map, Value as Json};

use crate::library::Story;
use crate::problems::{Bound, Entry, Problem};
use crate::scenario::{EnemyMay, Limits, Request};

use super::library::library;
use super::schema;

/// The widest that a comment gets.
const COLUMNS: usize = 100;
/// The most nodes that are tried where no shipped scenario says how many are of use.
const MOST_NODES: usize = 16;

/// The text of a blank scenario of a protocol.
///
/// # Errors
///
/// When no number of nodes suits the protocol without any parameter, which should not be.
pub(super) fn scenario(problem: &Problem, entry: &Entry) -> anyhow::Result<String> {
    let Some(nodes) = nodes(problem, entry) else {
        anyhow::bail!("no number of nodes up to {MOST_NODES} suits `{}`", entry.name);
    };
    let mut text = head(problem, entry, &nodes);
    text.push_str(&comment("These are the defaults. Take away the `#` before a key to change it."));
    text.push_str("\n#seed  = 1\n#until = \"60s\"  # true time: the run is stopped then\n");
    text.push_str(&story(problem, entry, &nodes));
    text.push_str(&params(entry));
    text.push_str(&network(&nodes));
    text.push_str(&faults(entry, &nodes));
    text.push_str(&forced(&nodes));
    text.push_str(&expectation(entry));
    for section in ["sweep", "search"] {
        text.push_str(&section_of(section, entry));
    }
    text.push_str(&challenge(entry));
    text.push_str(&section_of("limits", entry));
    Ok(text)
}

fn head(problem: &Problem, entry: &Entry, nodes: &[String]) -> String {
    let quoted: Vec<String> = nodes.iter().map(|node| format!("\"{node}\"")).collect();
    format!(
        "title    = \"{} of my own\"\nproblem  = \"{}\"\nprotocol = \"{}\"\nnodes    = [{}]  # or how many: {}\n\n",
        entry.title.replace(['"', '\\'], ""),
        problem.name,
        entry.name,
        quoted.join(", "),
        nodes.len(),
    )
}

/// Nodes that suit the protocol: those of the shipped scenario that has fewest, else as few as it
/// takes.
fn nodes(problem: &Problem, entry: &Entry) -> Option<Vec<String>> {
    let shipped = library().stories().into_iter().filter_map(|story| loaded(&story));
    let shipped = shipped
        .filter(|scenario| (scenario.problem.as_str(), scenario.protocol.as_str()) == (problem.name, entry.name));
    let shipped = shipped.map(|scenario| scenario.names.iter().map(str::to_owned).collect::<Vec<String>>());
    let mut candidates: Vec<Vec<String>> = shipped.collect();
    candidates.sort_by_key(Vec::len);
    candidates.extend((2..=MOST_NODES).map(|count| (problem.node_names)(count)));
    candidates.into_iter().find(|nodes| {
        let text = head(problem, entry, nodes);
        let request = Request::new("blank", &text);
        library().load(&request).is_ok()
    })
}

fn loaded(story: &Story) -> Option<Bound> {
    let request = Request::new(&story.name, &story.text);
    library().load(&request).ok()
}

/// A story with a question about the protocol's first property.
fn story(problem: &Problem, entry: &Entry, nodes: &[String]) -> String {
    let note = format!("#note   = \"problems/{}.md\"  # where its subject is told\n", problem.name);
    let node = nodes.first().map_or("", String::as_str);
    let twin = TWIN.replace("NODE", node);
    let question = entry.properties.first().map_or_else(String::new, |property| {
        let name = property.name;
        format!(
            "#[story.predict]\n#ask     = \"Will everything go well?\"\n#choices = [{{ say = \"Yes.\", when = \"{name}: holds\" \
             }}, {{ say = \"No.\", when = \"not {name}: holds\" }}]\n"
        )
    });
    format!("{STORY}{note}{TRY}{twin}{question}{BEAT}")
}

const STORY: &str = r#"
# What a presenter tells. Which choice is right is computed from the run, so that it stays right when the run is changed.
#[story]
#level  = 1  # how much one has to know before: 1 needs nothing, 4 is hard
#setup  = "Before the run: who takes part, what is tried, what may go wrong. It tells no outcome."
#lesson = "After the run: what happened, and why it matters."
"#;

/// A change that a presenter has at hand: with a sentence it is a key of the stage.
const TRY: &str = r#"#try    = ["--seed 2", { says = "Nothing is lost", flags = "--set network.loss=0" }]
"#;

const TWIN: &str = r#"# Another run that looks the same to one node, and what each of the two is called.
#[story.twin]
#node  = "NODE"
#flags = "--seed 2"
#this  = "This run"
#other = "The other run"
"#;

const BEAT: &str = r#"#[[story.beat]]
#at  = "10ms"
#say = "What happens at this moment."
"#;

/// The protocol's parameters, each with what it means, and its default or that it has none.
fn params(entry: &Entry) -> String {
    let schema = (entry.params)();
    let Some(properties) = schema.get("properties").and_then(Json::as_object).filter(|all| !all.is_empty()) else {
        return String::new();
    };
    let mut text = format!("\n# The parameters of `{}`: {}\n#[params]\n", entry.name, entry.title);
    for (name, of) in properties {
        let says = of.get("description").and_then(Json::as_str).unwrap_or_default();
        let words = words_of(of);
        let allowed = if words.is_empty() { String::new() } else { format!(" One of {}.", words.join(", ")) };
        match of.get("default").and_then(as_toml) {
            Some(default) => {
                text.push_str(&comment(&format!("{says}{allowed}")));
                text.push_str(&format!("#{name} = {default}\n"));
            }
            None => text.push_str(&comment(&format!("{name}: {says}{allowed} Not set."))),
        }
    }
    text
}

/// The words that a parameter may be, in quotes.
fn words_of(schema: &Json) -> Vec<String> {
    let several = schema.get("oneOf").and_then(Json::as_array).into_iter().flatten();
    several.filter_map(|one| Some(format!("\"{}\"", one.get("const")?.as_str()?))).collect()
}

fn as_toml(value: &Json) -> Option<String> {
    (!value.is_null()).then(|| toml::Value::try_from(value).ok()).flatten().map(|value| value.to_string())
}

/// The network and the clocks, with a link that differs from the others.
fn network(nodes: &[String]) -> String {
    let (from, to) = (nodes.first().map_or("", String::as_str), nodes.last().map_or("", String::as_str));
    let link = format!(
        "\n{}#[[network.link]]\n#from = \"{from}\"\n#to   = \"{to}\"\n#loss = 0.5\n",
        comment("A link that differs: what is not said is as in `[network]`.")
    );
    format!("{NETWORK}{link}{CLOCKS}")
}

const NETWORK: &str = r#"
# The network: how long a message takes, and how likely each message is lost, delivered twice or damaged.
#[network]
#delay     = { uniform = ["5ms", "15ms"] }
#loss      = 0.0
#duplicate = 0.0
#corrupt   = 0.0
#fifo      = false  # true: no message overtakes another on its link
"#;

const CLOCKS: &str = r#"
# The clocks: how far ahead at the start, and how many parts per million they run fast. `[clock.NAME]` is for one node.
#[clock]
#offset    = "0s"
#drift-ppm = 0
"#;

/// A row of each kind of fault that the protocol can meet, as an example.
fn faults(entry: &Entry, nodes: &[String]) -> String {
    let schema = schema::whole();
    let mut text = format!(
        "\n{}",
        comment("What goes wrong, a row a fault. These are examples of each kind; none is there unless you say so.")
    );
    for kind in schema.pointer("/properties/fault/items/oneOf").and_then(Json::as_array).into_iter().flatten() {
        let Some((name, of)) = kind.get("properties").and_then(Json::as_object).and_then(|all| all.iter().next())
        else {
            continue;
        };
        let Some(row) = row(name, of, entry, nodes) else { continue };
        let says = kind.get("description").and_then(Json::as_str).unwrap_or_default();
        text.push_str(&fault(says, name, &row));
        if name == "crash" {
            text.push_str(&crash_at_a_point(entry, nodes).unwrap_or_default());
        }
    }
    text
}

fn fault(says: &str, kind: &str, row: &str) -> String {
    format!("\n{}#[[fault]]\n#{kind} = {{ {row} }}\n", comment(says))
}

/// A row that names one of the protocol's crash points, with a comment that lists them all.
fn crash_at_a_point(entry: &Entry, nodes: &[String]) -> Option<String> {
    let (point, node) = (entry.crash_points.first()?, nodes.first()?);
    let points: Vec<String> = entry.crash_points.iter().map(|point| format!("`{point}`")).collect();
    let says = format!(
        "The same at a point of the protocol, here the first time that the node passes it. The points: {}.",
        points.join(", ")
    );
    Some(fault(&says, "crash", &format!("node = \"{node}\", point = \"{point}:1\", for = \"50ms\"")))
}

/// What stands in the row of a kind of fault: the keys that it needs, and those that say where and
/// when. `None` where the protocol cannot meet it.
fn row(kind: &str, of: &Json, entry: &Entry, nodes: &[String]) -> Option<String> {
    if kind == "traitor" {
        let lie = entry.lies.first()?;
        let arguments = if lie.arguments.is_empty() { String::new() } else { format!(", {}", lie.arguments) };
        return Some(format!("node = \"{}\", lie = \"{}\"{arguments}", nodes.last()?, lie.name));
    }
    let nothing = Map::new();
    let properties = of.get("properties").and_then(Json::as_object).unwrap_or(&nothing);
    let required = of.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let needed: Vec<&str> = required.collect();
    let is_told = |key: &str| needed.contains(&key) || ["from", "at", "for", "loss"].contains(&key);
    let (first, last) = (nodes.first()?, nodes.last()?);
    let keys = properties.keys().filter(|key| is_told(key)).map(|key| {
        let value = match key.as_str() {
            "node" | "from" => format!("\"{first}\""),
            "message" => format!("\"{first}:{last}:1\""),
            "groups" => format!("[[\"{first}\"], [\"{last}\"]]"),
            "at" => "\"10ms\"".to_owned(),
            "ppm" => "100".to_owned(),
            "loss" => "0.5".to_owned(),
            _ => "\"50ms\"".to_owned(),
        };
        format!("{key} = {value}")
    });
    Some(keys.collect::<Vec<_>>().join(", "))
}

/// A choice that is settled by its name.
fn forced(nodes: &[String]) -> String {
    let (first, last) = (nodes.first().map_or("", String::as_str), nodes.last().map_or("", String::as_str));
    format!(
        "\n{}#[force]\n#\"{first}:{last}:1\" = \"lose\"\n",
        comment("Choices settled by their names, as `--force` does it. `dsys run FILE --trace` shows the names.")
    )
}

/// A task for somebody who learns: what a challenge needs, about the protocol's first property.
fn challenge(entry: &Entry) -> String {
    let Some(property) = entry.properties.first() else { return String::new() };
    CHALLENGE.replace("PROPERTY", property.name)
}

const CHALLENGE: &str = r#"
# A task for somebody who learns, which `dsys challenge` judges.
#[challenge]
#level   = 1  # from 1, a warm-up, to 4
#goal    = "What is to be reached, a sentence or two."
#must    = ["PROPERTY: holds"]  # in every run
#change  = { "network.loss" = [0.0, 0.5] }  # what may be changed, and to which values
#par     = 1  # the fewest changes that solve it
#against = { runs = 100 }  # with `search = true` against the worst case too
#hints   = ["A nudge.", "Nearly the answer."]
#lesson  = "Told when it is solved: why that is the answer."
"#;

/// What can be claimed of the run: a comment, since nobody has seen yet what it does.
fn expectation(entry: &Entry) -> String {
    let mut text = format!(
        "\n{}#[expect]\n",
        comment("What you claim: \"holds\", \"violated\" or \"unknown\". With it, `dsys run --expect` judges the run.")
    );
    for property in entry.properties {
        text.push_str(&format!("#{} = \"holds\"  # {}\n", property.name, property.says));
    }
    text
}

/// A section that says how a command explores the scenario, or what a run may use: every key that
/// means something for the protocol, with an example or its default.
fn section_of(section: &str, entry: &Entry) -> String {
    let schema = schema::whole();
    let of_section = &schema["properties"][section];
    let mut text = format!("\n{}#[{section}]\n", comment(of_section["description"].as_str().unwrap_or_default()));
    for (key, of) in of_section["properties"].as_object().into_iter().flatten() {
        let Some(value) = example(key, entry) else { continue };
        text.push_str(&comment(of["description"].as_str().unwrap_or_default()));
        text.push_str(&format!("#{key} = {value}\n"));
    }
    text
}

/// A value for a key of `[sweep]`, `[search]` or `[limits]`. `None` for one of which nothing in the
/// protocol can be said.
fn example(key: &str, entry: &Entry) -> Option<String> {
    let Limits { events, messages, nodes } = Limits::default();
    let listed =
        |words: &[&str]| format!("[{}]", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "));
    Some(match key {
        "runs" => "1000".to_owned(),
        "over" => "{ \"network.loss\" = \"0..0.5/0.1\" }".to_owned(),
        "figure" => format!("{{ of = \"rate of {}\" }}", entry.properties.first()?.name),
        "may" => {
            let can_lie = !entry.lies.is_empty();
            let may = EnemyMay::ALL.into_iter().filter(|&kind| can_lie || kind != EnemyMay::Lie);
            listed(&may.map(EnemyMay::word).collect::<Vec<_>>())
        }
        "at-most" => "1".to_owned(),
        "property" => format!("\"{}\"", entry.properties.first()?.name),
        "delays" => listed(&["5ms", "15ms"]),
        "downtimes" => listed(&["1s", "forever"]),
        "pauses" => listed(&["5s"]),
        "points" if entry.crash_points.is_empty() => return None,
        "points" => listed(entry.crash_points),
        "events" => events.to_string(),
        "messages" => messages.to_string(),
        "nodes" => nodes.to_string(),
        _ => return None,
    })
}

/// Sentences as a comment.
fn comment(text: &str) -> String {
    crate::view::terminal::paragraph("# ", text, COLUMNS)
        .lines()
        .map(|line| {
            // What a paragraph puts below its lead is blank.
            format!("# {}\n", line.get(2..).unwrap_or_default())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::SHIPPED;
    use crate::report::{self, Claims};

    fn run(text: &str) -> report::Report {
        let request = Request::new("blank", text);
        let scenario = library().load(&request).unwrap_or_else(|invalid| panic!("{text}\n{invalid}"));
        report::run(&scenario, Claims::Always).unwrap()
    }

    /// The text with the keys in its comments, of those sections of which `takes` says so: it gets
    /// a section's name and how many of that name there were before.
    fn without_marks(text: &str, takes: impl Fn(&str, usize) -> bool) -> String {
        let mut sections = vec![String::new()];
        let line = |line: &str| match line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', ':'])) {
            Some(rest) => {
                if rest.starts_with('[') {
                    sections.push(rest.to_owned());
                }
                let section = &sections[sections.len() - 1];
                let before = sections.iter().filter(|other| *other == section).count() - 1;
                if takes(section, before) { format!("{rest}\n") } else { format!("{line}\n") }
            }
            None => format!("{line}\n"),
        };
        text.lines().map(line).collect()
    }

    /// Sections of a file, and keys of those that are no row of a list, that the text does not
    /// tell. `impossible` is only for a challenge that cannot be solved.
    fn untold(text: &str) -> Vec<String> {
        let schema = schema::whole();
        let sections = schema["properties"].as_object().unwrap().iter();
        let is_told = |key: &str| {
            let marked = |line: &str| line.trim_start_matches('#').trim_start_matches(['[', '"']).starts_with(key);
            text.lines().any(marked)
        };
        let keys = sections.flat_map(|(section, of)| {
            let keys = of["properties"].as_object().into_iter().flatten().map(|(key, _)| key.clone());
            std::iter::once(section.clone()).chain(keys.filter(|key| key != "impossible" && key != "points"))
        });
        keys.filter(|key| !is_told(key) && !is_told(&format!("story.{key}")) && !is_told(&format!("network.{key}")))
            .collect()
    }

    #[test]
    fn every_protocol_has_a_blank_whose_comments_are_what_holds_without_them() {
        for (problem, entry) in SHIPPED.protocols() {
            let text = super::scenario(problem, entry).unwrap();
            let blank = run(&text);
            assert!(blank.scenario.expect.is_none() && blank.trace.counts.events > 0, "{}", entry.name);
            let told = run(&without_marks(&text, |section, _| {
                !section.starts_with("[[") && !["[expect]", "[force]"].contains(&section)
            }));
            assert_eq!(blank.trace.digest, told.trace.digest, "{}\n{text}", entry.name);
            run(&without_marks(&text, |section, _| section == "[expect]"));
            run(&without_marks(&text, |section, _| section == "[force]"));
            run(&without_marks(&text, |section, _| section == "[[network.link]]"));
            let examples = text.matches("\n#[[fault]]\n").count();
            assert!(examples > 8, "{text}");
            for example in 0..examples {
                run(&without_marks(&text, |section, before| section == "[[fault]]" && before == example));
            }
            for section in ["sweep", "search", "limits"] {
                for key in schema::whole()["properties"][section]["properties"].as_object().unwrap().keys() {
                    let is_told = text.contains(&format!("\n#{key} = "));
                    assert!(is_told || key == "points" && entry.crash_points.is_empty(), "{}: {key}", entry.name);
                }
            }
            assert_eq!(untold(&text), [""; 0], "{}", entry.name);
            let points = entry.crash_points.iter();
            assert!(points.copied().all(|point| text.contains(&format!("`{point}`"))), "{}", entry.name);
            for parameter in (entry.params)()["properties"].as_object().unwrap().keys() {
                assert!(text.contains(&format!("\n#{parameter} = ")) || text.contains(&format!("# {parameter}: ")));
            }
        }
    }
}
