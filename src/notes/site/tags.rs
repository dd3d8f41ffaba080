//! Pages of tags: what is about one thing.

use std::collections::BTreeMap;

use comrak::Anchorizer;
use maud::html;

use super::super::Note;
use super::frame::{FIRST, Frame, frame};
use super::{Files, Site, note_page, way};

/// The page of all tags.
const ALL: &str = "tags.html";

/// The page of a tag.
pub(super) fn page_of(tag: &str) -> String {
    format!("tags/{}.html", Anchorizer::new().anchorize(tag))
}

/// The pages of all tags, and the page that lists them.
pub(super) fn pages(site: &Site<'_>) -> Files {
    // Tags that differ in capitals only are one.
    let mut tags: BTreeMap<String, (&str, Vec<&Note>)> = BTreeMap::new();
    for note in site.notes() {
        for tag in &note.front.tags {
            let (_, notes) = tags.entry(page_of(tag)).or_insert((tag, Vec::new()));
            if notes.last().is_none_or(|last| last.path != note.path) {
                notes.push(note);
            }
        }
    }
    let mut files: Files =
        tags.iter().map(|(page, (tag, notes))| (page.clone(), one(site, page, tag, notes).into_bytes())).collect();
    let main = html! {
        h1 { "Tags" }
        ul.labels {
            @for (page, (tag, notes)) in &tags { li { a href=(way(ALL, page)) { (tag) " (" (notes.len()) ")" } } }
        }
    };
    let trail = [(FIRST, "Home"), ("notes.html", "Notes")];
    let all = Frame { trail: &trail, ..Frame::plain(ALL, "Tags", "All tags of the notes.") };
    files.insert(ALL.to_owned(), frame(site, &all, &main).into_bytes());
    files
}

fn one(site: &Site<'_>, page: &str, tag: &str, notes: &[&Note]) -> String {
    let title = format!("Tag: {tag}");
    let main = html! {
        h1 { (title) }
        ul { @for note in notes {
            li { a href=(way(page, &note_page(&note.path))) { (note.front.title) } ": " (note.front.summary) }
        } }
    };
    let trail = [(FIRST, "Home"), (ALL, "Tags")];
    let summary = format!("All notes with the tag {tag}.");
    frame(site, &Frame { trail: &trail, ..Frame::plain(page, &title, &summary) }, &main)
}
