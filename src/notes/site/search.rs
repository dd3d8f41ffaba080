//! The index that the search page uses: one entry a section of a note, one a scenario.

use comrak::nodes::{Node, NodeValue};
use comrak::{Anchorizer, Arena};
use serde_json::{Value as Json, json};

use super::super::{Note, parse};
use super::{Ran, Site, note_page, run_page};

/// Returns a script with the index: a page that was opened from a disk can load scripts, but no
/// other files.
pub(super) fn index(site: &Site<'_>) -> String {
    let notes = site.notes().flat_map(of_note);
    let runs = site.runs.iter().filter(|ran| ran.link.is_plain()).map(of_run);
    let entries: Vec<String> = notes
        .chain(runs)
        .enumerate()
        .map(|(id, mut entry)| {
            entry["id"] = id.into();
            entry.to_string().replace('<', "\\u003c")
        })
        .collect();
    format!("\"use strict\";\nglobalThis.dsysIndex = [\n{}\n];\n", entries.join(",\n"))
}

fn of_note(note: &Note) -> Vec<Json> {
    let page = note_page(&note.path);
    let tags = note.front.tags.join(" ");
    let entry = |section: &Section| {
        let there = match &section.anchor {
            Some(anchor) => format!("{page}#{anchor}"),
            None => page.clone(),
        };
        let text = if section.anchor.is_none() {
            format!("{} {}", note.front.summary, section.text)
        } else {
            section.text.clone()
        };
        json!({
            "page": there, "title": note.front.title, "heading": section.heading, "kind": note.front.kind.word(),
            "tags": tags, "text": text.trim(),
        })
    };
    sections(&note.source.text).iter().map(entry).collect()
}

fn of_run(ran: &Ran) -> Json {
    let scenario = &ran.report.scenario;
    let asked: Vec<&str> = scenario.story.predict.iter().map(|question| question.ask.as_str()).collect();
    let text = format!("{} {}", in_one_line(&scenario.story.setup), asked.join(" "));
    json!({
        "page": run_page(&ran.link), "title": scenario.title, "heading": "", "kind": "scenario",
        "tags": format!("{} {} {}", scenario.name, scenario.problem, scenario.protocol), "text": text.trim(),
    })
}

/// A part of a note, from one heading to the next.
#[derive(Debug, Default, PartialEq, Eq)]
struct Section {
    /// Where it begins; `None` for the beginning of the note.
    anchor: Option<String>,
    heading: String,
    /// Its words, in one line.
    text: String,
}

/// The sections of a note. What stands under its title is its beginning.
fn sections(markdown: &str) -> Vec<Section> {
    let arena = Arena::new();
    let mut anchors = Anchorizer::new();
    let mut sections = vec![Section::default()];
    for block in parse::tree(&arena, markdown).children() {
        if let NodeValue::Heading(heading) = &block.data().value {
            let text = parse::plain(block);
            let anchor = anchors.anchorize(&text);
            if heading.level > 1 {
                sections.push(Section { anchor: Some(anchor), heading: text, text: String::new() });
            }
        } else if let Some(section) = sections.last_mut() {
            words(block, &mut section.text);
        }
    }
    for section in &mut sections {
        section.text = in_one_line(&section.text);
    }
    sections
}

/// The words of a node and all within it; those of two blocks do not touch.
fn words(node: Node<'_>, text: &mut String) {
    match &node.data().value {
        NodeValue::Text(words) => text.push_str(words),
        NodeValue::Code(code) => text.push_str(&code.literal),
        NodeValue::CodeBlock(code) => text.push_str(&code.literal),
        value if value.block() || matches!(value, NodeValue::SoftBreak | NodeValue::LineBreak) => text.push(' '),
        _ => {}
    }
    for child in node.children() {
        words(child, text);
    }
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_found_by_its_sections() {
        let text = "# Title\n\nFirst *words*.\n\n## A `part`\n\n- one\n- two\n\n### Deep\n\n## A part\n\nLast.\n";
        let found = sections(text);
        let shown: Vec<(Option<&str>, &str, &str)> =
            found.iter().map(|s| (s.anchor.as_deref(), s.heading.as_str(), s.text.as_str())).collect();
        assert_eq!(
            shown,
            [
                (None, "", "First words."),
                (Some("a-part"), "A part", "one two"),
                (Some("deep"), "Deep", ""),
                (Some("a-part-1"), "A part", "Last."),
            ]
        );
    }
}
