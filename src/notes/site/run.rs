//! The page of a run: its question, its diagram and its verdicts, as text.

use maud::{PreEscaped, html};

use crate::report::Prediction;
use crate::scenario::{By, Flags, grouped};
use crate::view::svg;

use super::super::link::RunLink;
use super::super::{Note, run};
use super::frame::{FIRST, Frame, frame};
use super::html::{Place, body};
use super::note::step_links;
use super::{OnPage, Ran, Site, note_page, run_page, way};

pub(super) fn page(site: &Site<'_>, ran: &Ran) -> String {
    let Ran { link, report } = ran;
    let page = run_page(link);
    let library = site.book.library;
    let scenario = &report.scenario;
    let command = link.command(library);
    let story = &scenario.story;
    let note = site.note_of(ran);
    let ways = OnPage { page: &page, book: site.book };
    let place = Place { library, note: "notes/README.md", ways: &ways };
    let linked = site.notes().filter(|note| note.runs(library).any(|(other, _)| other == *link));
    let linked: Vec<&Note> = linked.collect();
    let title = title_of(ran);
    let main = html! {
        article {
            h1 { (scenario.title) }
            @if !link.is_plain() {
                p.changed {
                    strong { "Changed: " }
                    @if let Some(says) = said(ran) { (says.trim_end_matches('.')) " (" (changes(ran)) ")" } @else { (changes(ran)) }
                    ". The story is about "
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
            @if let Some(play) = site.play_page(ran) {
                p { a href=(way(&page, &play)) { "Play it step by step" } " (with JavaScript)" }
            } @else if site.player.is_some() {
                p { "It is too long to be played in a browser: " (grouped(&report.trace.events.len())) " events." }
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
            details.on-screen {
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
        @let (before, after) = site.beside(ran);
        @let led = |ran: &Ran| (run_page(&ran.link), ran.report.scenario.title.clone());
        (step_links(&page, before.map(led), after.map(led)))
        script type="application/json" id="recorded" { (PreEscaped(recorded(ran))) }
    };
    let problem = format!("scenarios.html#{}", ran.problem());
    let trail =
        [(FIRST, "Home"), ("scenarios.html", "Scenarios"), (problem.as_str(), site.title_of_problem(ran.problem()))];
    let summary = asks(ran);
    frame(site, &Frame { trail: &trail, ..Frame::plain(&page, &title, &summary) }, &main)
}

/// The title of the scenario, with what is changed in it: as the story says it, if it proposes the
/// change.
pub(super) fn title_of(ran: &Ran) -> String {
    let title = &ran.report.scenario.title;
    match said(ran) {
        _ if ran.link.is_plain() => title.clone(),
        Some(says) if title.ends_with(['?', '!']) => format!("{title} {}", says.trim_end_matches('.')),
        Some(says) => format!("{title}: {}", says.trim_end_matches('.')),
        None => format!("{title} ({})", changes(ran)),
    }
}

/// What the story says of the change that a link makes, if it proposes it.
fn said(ran: &Ran) -> Option<&str> {
    let RunLink { set, force, seed, .. } = &ran.link;
    let changed = Flags { set: set.clone(), force: force.clone(), seed: *seed };
    let mut tries = ran.report.scenario.story.try_next.iter();
    tries.find(|tried| Flags::read(&tried.flags).is_ok_and(|flags| flags == changed))?.says.as_deref()
}

/// What a run asks; what it is, where it asks nothing.
pub(super) fn asks(ran: &Ran) -> String {
    let scenario = &ran.report.scenario;
    let asked = scenario.story.predict.first().map(|question| question.ask.clone());
    asked.unwrap_or_else(|| format!("A run of dsys: {}", scenario.title))
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
