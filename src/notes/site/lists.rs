//! The pages that list notes and scenarios, and the page that finds them.

use maud::{Markup, html};

use super::super::{Kind, Note};
use super::frame::{Frame, frame};
use super::{Ran, Site, note_page, run_page, way};

pub(super) fn notes(site: &Site<'_>) -> String {
    let page = "notes.html";
    let main = html! {
        h1 { "Notes" }
        (list_of_notes(site, page))
        p { a href=(way(page, "tags.html")) { "All tags" } }
    };
    frame(site, &Frame::plain(page, "Notes", "All notes, by kind."), &main)
}

pub(super) fn list_of_notes(site: &Site<'_>, page: &str) -> Markup {
    let of = |kind: Kind| site.notes().filter(move |note: &&Note| note.front.kind == kind);
    html! {
        @for kind in Kind::ALL.into_iter().filter(|&kind| of(kind).next().is_some()) {
            h2 id=(kind.word()) { (kind.heading()) }
            ul { @for note in of(kind) {
                li { a href=(way(page, &note_page(&note.path))) { (note.front.title) } ": " (note.front.summary) }
            } }
        }
    }
}

pub(super) fn scenarios(site: &Site<'_>) -> String {
    let page = "scenarios.html";
    let main = html! {
        h1 { "Scenarios" }
        p { "Each has a question, a run with its diagram, and verdicts." }
        (list_of_scenarios(site, page))
    };
    frame(site, &Frame::plain(page, "Scenarios", "All scenarios, by problem."), &main)
}

fn list_of_scenarios(site: &Site<'_>, page: &str) -> Markup {
    let mut problems: Vec<&str> = Vec::new();
    let listed: Vec<&Ran> = site.listed().collect();
    for ran in &listed {
        if !problems.contains(&ran.problem()) {
            problems.push(ran.problem());
        }
    }
    let of = |name: &str| {
        let is_of = |ran: &&&Ran| ran.problem() == name;
        listed.iter().filter(is_of).collect::<Vec<_>>()
    };
    html! {
        @for name in problems {
            h2 id=(name) { (site.title_of_problem(name)) }
            ul { @for ran in of(name) {
                li { a href=(way(page, &run_page(&ran.link))) { (ran.report.scenario.title) } }
            } }
        }
    }
}

pub(super) fn search(site: &Site<'_>) -> String {
    let page = "search.html";
    let main = html! {
        h1 { "Search" }
        form id="search" role="search" hidden {
            label for="words" { "Words" }
            input id="words" type="search" autocomplete="off";
        }
        p id="found" role="status" {}
        ul id="results" {}
        section id="everything" aria-label="Everything" {
            (list_of_notes(site, page))
            h2 { "Scenarios" }
            ul { @for ran in site.listed() {
                li { a href=(way(page, &run_page(&ran.link))) { (ran.report.scenario.title) } }
            } }
        }
    };
    let scripts = &["minisearch.js", "search-index.js", "search.js"];
    let frame_of = Frame { scripts, ..Frame::plain(page, "Search", "Search the notes and scenarios.") };
    frame(site, &frame_of, &main)
}
