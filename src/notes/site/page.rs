//! The pages of the site.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::report::Prediction;
use crate::scenario::By;
use crate::view::svg;

use super::super::{Kind, Note, run};
use super::html::{Place, body};
use super::{OnPage, Ran, Site, note_page, play_page, run_page, way};

/// What the pages of the site have in common.
struct Frame<'a> {
    page: &'a str,
    title: &'a str,
    summary: &'a str,
    /// Files under `assets/` that the page runs.
    scripts: &'a [&'a str],
}

const SITE: &str = "Distributed Systems";

/// Nothing from elsewhere, and no scripts except the site's own.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

fn frame(site: &Site<'_>, frame: &Frame<'_>, main: &Markup) -> String {
    let Frame { page, title, summary, scripts } = frame;
    let to = |there: &str| way(page, there);
    let nav = [
        ("index.html", "The meetup"),
        ("notes.html", "Notes"),
        ("scenarios.html", "Scenarios"),
        ("resources.html", "Resources"),
        ("search.html", "Search"),
    ];
    let is_there = |there: &str| there != "resources.html" || site.book.at("notes/resources.md").is_some();
    let title = if *title == SITE { SITE.to_owned() } else { format!("{title} · {SITE}") };
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                meta name="description" content=(summary);
                @if let Some(url) = site.settings.absolute(page) { link rel="canonical" href=(url); }
                link rel="icon" href=(to("assets/icon.svg"));
                link rel="stylesheet" href=(to("assets/style.css"));
                link rel="alternate" type="application/atom+xml" title="Events" href=(to("feed.xml"));
                @for script in *scripts { script defer src=(to(&format!("assets/{script}"))) {} }
            }
            body {
                a.skip href="#main" { "Skip to the text" }
                header {
                    nav aria-label="Site" {
                        @for (there, words) in nav.iter().filter(|(there, _)| is_there(there)) {
                            a href=(to(there)) aria-current=[(there == page).then_some("page")] { (words) }
                        }
                    }
                }
                main id="main" { (main) }
                footer { p { "Made by " code { "dsys notes build" } ". All runs on these pages were made when the site was built." } }
            }
        }
    };
    markup.into_string()
}

pub(super) fn note(site: &Site<'_>, note: &Note) -> String {
    let page = note_page(&note.path);
    let place = Place { library: site.book.library, note: &note.path, ways: &OnPage(&page) };
    let front = &note.front;
    let demos: Vec<_> = note.demos(site.book.library).collect();
    let main = html! {
        article {
            @if let Some(date) = front.date {
                p.when {
                    time datetime=(date) { (date.in_words()) }
                    @if let Some(place) = &front.place { " · " (place) }
                    @if let Some(link) = &front.link { " · " a href=(link) { "the event's page" } }
                }
            }
            (PreEscaped(body(place, &note.source.text)))
            @if !demos.is_empty() {
                nav.playlist aria-label="Demos in order" {
                    p { "The demos, in order:" }
                    ol { @for (link, words) in &demos { li { a href=(way(&page, &run_page(link))) { (words) } } } }
                }
            }
            @if !front.tags.is_empty() { p.tags { "Tags: " (front.tags.join(", ")) } }
        }
    };
    frame(site, &Frame { page: &page, title: &front.title, summary: &front.summary, scripts: &[] }, &main)
}

pub(super) fn all_notes(site: &Site<'_>) -> String {
    let page = "notes.html";
    let main = html! {
        h1 { "Notes" }
        (list_of_notes(site, page))
    };
    frame(site, &Frame { page, title: "Notes", summary: "All notes, by kind.", scripts: &[] }, &main)
}

fn list_of_notes(site: &Site<'_>, page: &str) -> Markup {
    let of = |kind: Kind| site.book.notes.iter().filter(move |note| note.front.kind == kind);
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
    frame(site, &Frame { page, title: "Scenarios", summary: "All scenarios, by problem.", scripts: &[] }, &main)
}

fn list_of_scenarios(site: &Site<'_>, page: &str) -> Markup {
    let mut folders: Vec<&str> = Vec::new();
    let folder = |ran: &Ran| ran.link.story.split('/').next().unwrap_or_default().len();
    for ran in &site.runs {
        let name = &ran.link.story[..folder(ran)];
        if !folders.contains(&name) {
            folders.push(name);
        }
    }
    let of = |name: &str| {
        let is_of = move |ran: &&Ran| ran.link.is_plain() && ran.link.story[..folder(ran)] == *name;
        site.runs.iter().filter(is_of).collect::<Vec<_>>()
    };
    let title = |name: &str| {
        site.book.library.registry().problem(name).map_or(name.to_owned(), |problem| problem.title.to_owned())
    };
    html! {
        @for name in folders {
            h2 id=(name) { (title(name)) }
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
        section id="everything" {
            (list_of_notes(site, page))
            h2 { "Scenarios" }
            ul { @for ran in site.runs.iter().filter(|ran| ran.link.is_plain()) {
                li { a href=(way(page, &run_page(&ran.link))) { (ran.report.scenario.title) } }
            } }
        }
    };
    let frame_of = Frame {
        page,
        title: "Search",
        summary: "Search the notes and scenarios.",
        scripts: &["search-index.js", "search.js"],
    };
    frame(site, &frame_of, &main)
}

pub(super) fn run(site: &Site<'_>, ran: &Ran) -> String {
    let Ran { link, report } = ran;
    let page = run_page(link);
    let library = site.book.library;
    let scenario = &report.scenario;
    let command = link.command(library);
    let story = &scenario.story;
    let note = story.note.as_ref().map(|note| format!("notes/{note}")).and_then(|path| site.book.at(&path));
    let place = Place { library, note: "notes/README.md", ways: &OnPage(&page) };
    let linked = site.book.notes.iter().filter(|note| note.runs(library).any(|(other, _)| other == *link));
    let linked: Vec<&Note> = linked.collect();
    let title = if link.is_plain() { scenario.title.clone() } else { format!("{} ({})", scenario.title, changes(ran)) };
    let main = html! {
        article {
            h1 { (scenario.title) }
            @if !link.is_plain() {
                p.changed {
                    strong { "Changed: " } (changes(ran)) ". The story is about "
                    a href=(way(&page, &format!("runs/{}.html", link.story))) { "the run without this" } "."
                }
            }
            @if !story.setup.trim().is_empty() { (PreEscaped(body(place, &story.setup))) }
            @for prediction in report.predictions() {
                p.predict { strong { (prediction.ask) } }
                ol.choices { @for choice in &prediction.choices { li { (choice.say) } } }
                details { summary { "Answer" } p { (answer(&prediction, &command)) } }
            }
            h2 { "The run" }
            @if site.plays {
                p { a href=(way(&page, &play_page(link))) { "Play it step by step" } " (with JavaScript)" }
            }
            figure.run tabindex="0" role="group" aria-label="Space-time diagram of the run" { (PreEscaped(svg::render(report))) }
            h2 { "Verdicts" }
            dl.verdicts { @for judged in &report.properties {
                dt { (judged.verdict.sign()) " " (judged.name) " " span class=(judged.verdict.word()) { (judged.verdict.word()) } }
                dd { (judged.verdict.because()) }
            } }
            @if let Some(lesson) = report.lesson() {
                h2 { "What it means" }
                (PreEscaped(body(place, lesson)))
            }
            p { "Trace hash " code id="trace-hash" { (report.trace.digest) } }
            details {
                summary { "The run as text" }
                pre.report tabindex="0" { (run::text(library, link, report)) }
            }
            h2 { "This run again" }
            pre.code tabindex="0" { code { (command) } }
            @if let Some(url) = site.settings.absolute(&page) { p { "A link to this page: " a href=(url) { (url) } } }
            @if !story.try_next.is_empty() {
                p { "Try next:" }
                ul { @for tried in &story.try_next { li {
                    @if let Some(says) = &tried.says { (says) " " }
                    code { "dsys run " (library.short_name(&link.story)) " " (tried.flags) }
                } } }
            }
            @if let Some(note) = note { p { "The note: " a href=(way(&page, &note_page(&note.path))) { (note.front.title) } } }
            @if !linked.is_empty() {
                p { "Linked from: " @for (index, note) in linked.iter().enumerate() {
                    @if index > 0 { ", " }
                    a href=(way(&page, &note_page(&note.path))) { (note.front.title) }
                } }
            }
        }
        script type="application/json" id="recorded" { (PreEscaped(recorded(ran))) }
    };
    let about = format!("A run of dsys: {}", scenario.title);
    frame(site, &Frame { page: &page, title: &title, summary: &about, scripts: &[] }, &main)
}

/// The answer to a question in this run, or what answers it.
fn answer(prediction: &Prediction, command: &str) -> String {
    match (prediction.answer, prediction.by, &prediction.none) {
        (Some(index), ..) => prediction.choices[index].say.clone(),
        (None, By::Sweep, _) => format!("Many runs answer this: {}", command.replacen(" run ", " sweep ", 1)),
        (None, By::Search, _) => format!("A search answers this: {}", command.replacen(" run ", " search ", 1)),
        (None, By::Run, Some(none)) => none.clone(),
        (None, By::Run, None) => "This run does not say.".to_owned(),
    }
}

/// The report for the page's script element, escaped so that nothing in it can end the element.
fn recorded(ran: &Ran) -> String {
    let json = serde_json::json!(ran.report).to_string();
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// What a link changes in its scenario, in words.
fn changes(ran: &Ran) -> String {
    let seed = ran.link.seed.map(|seed| format!("seed = {seed}"));
    let spaced = |text: &String| text.split_once('=').map_or(text.clone(), |(key, value)| format!("{key} = {value}"));
    let changes = ran.link.set.iter().chain(&ran.link.force).map(spaced);
    seed.into_iter().chain(changes).collect::<Vec<_>>().join(", ")
}
