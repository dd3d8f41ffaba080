//! The index that the search page uses.

use serde_json::json;

use super::{Site, note_page, run_page};

/// Returns a script with the index: a page that was opened from a disk can load scripts, but no
/// other files.
pub(super) fn index(site: &Site<'_>) -> String {
    let notes = site.book.notes.iter().map(|note| {
        let (_, rest) = super::super::front::split(&note.source.text).unwrap_or((0..0, 0));
        let text = format!("{} {} {}", note.front.summary, note.front.tags.join(" "), &note.source.text[rest..]);
        json!({ "title": note.front.title, "page": note_page(&note.path), "kind": note.front.kind.word(), "text": folded(&text) })
    });
    let runs = site.runs.iter().filter(|ran| ran.link.is_plain()).map(|ran| {
        let scenario = &ran.report.scenario;
        let text = format!("{} {} {} {}", scenario.name, scenario.problem, scenario.protocol, scenario.story.setup);
        json!({ "title": scenario.title, "page": run_page(&ran.link), "kind": "scenario", "text": folded(&text) })
    });
    let entries: Vec<String> = notes.chain(runs).map(|entry| entry.to_string().replace('<', "\\u003c")).collect();
    format!("\"use strict\";\nglobalThis.dsysIndex = [\n{}\n];\n", entries.join(",\n"))
}

/// The text in one line of small letters, without the addresses of its links.
fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && !"-'_".contains(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
