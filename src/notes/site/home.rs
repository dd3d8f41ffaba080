//! What stands above the text on the first page: whose it is, what comes next, and a run that plays
//! by itself.

use maud::{Markup, PreEscaped, html};

use crate::view::svg;

use super::frame::{FIRST, Frame, frame};
use super::html::{Place, body};
use super::{OnPage, Ran, Site, events, lists, run_page, way};

/// The run that is shown, where the library has it: it is known to many, and takes half a minute.
const SHOWN: &str = "byzantine-generals/three-generals";

/// Events beyond these are on the page of events.
const MOST_EVENTS: usize = 3;

/// What the meetup is and when it meets next, and beside it the run and what it asks.
pub(super) fn above(site: &Site<'_>) -> Markup {
    let ran = shown(site);
    html! {
        div.first[ran.is_some()] {
            div.meets {
                (whose(site))
                (events::next(site, FIRST, MOST_EVENTS))
            }
            @if let Some(ran) = ran { (hero(site, ran)) }
        }
    }
}

/// Where the meetup is and what it is about, if it says so.
fn whose(site: &Site<'_>) -> Markup {
    let meetup = &site.book.meetup;
    html! {
        @if meetup.city.is_some() || meetup.about.is_some() {
            p.whose {
                @if let Some(city) = &meetup.city { strong { (city) } }
                @if meetup.city.is_some() && meetup.about.is_some() { " · " }
                @if let Some(about) = &meetup.about { (about) }
            }
        }
    }
}

/// The first page of a library that has no note for it.
pub(super) fn without_note(site: &Site<'_>) -> String {
    let about = site.book.meetup.about.as_deref().unwrap_or("Notes and runs about distributed systems.");
    let main = html! {
        (above(site))
        h1 { (site.name()) }
        @if site.book.meetup.about.is_none() { p { (about) } }
        (lists::list_of_notes(site, FIRST))
    };
    frame(site, &Frame::plain(FIRST, site.name(), about), &main)
}

/// The run of the first page: the best known, else the first that asks something.
pub(super) fn shown<'s>(site: &'s Site<'_>) -> Option<&'s Ran> {
    let plain = || site.runs.iter().filter(|ran| ran.link.is_plain());
    let known = plain().find(|ran| ran.link.story == SHOWN);
    known.or_else(|| plain().find(|ran| !ran.report.scenario.story.predict.is_empty()))
}

fn hero(site: &Site<'_>, ran: &Ran) -> Markup {
    let Ran { link, report } = ran;
    let scenario = &report.scenario;
    let ways = OnPage { page: FIRST, book: site.book };
    let place = Place { library: site.book.library, note: "notes/README.md", ways: &ways };
    let play = site.play_page(ran);
    let film = play.as_ref().map(|page| format!("{page}#film"));
    html! {
        section.hero aria-label="A run that plays by itself" {
            div.asks {
                p.kicker { (scenario.title) }
                p.question { "What would you do?" }
                div.setup { (PreEscaped(body(place, &scenario.story.setup))) }
                @for prediction in report.predictions().iter().take(1) {
                    p { strong { (prediction.ask) } }
                    @for choice in &prediction.choices {
                        details {
                            summary { (choice.say) }
                            p { (told(choice.is_true)) }
                        }
                    }
                }
                p.ways {
                    @if let Some(play) = &play { a href=(way(FIRST, play)) { "Play it yourself" } }
                    a href=(way(FIRST, &run_page(link))) { "What happens, and why" }
                }
            }
            figure.film data-film=[film] data-title=(format!("A run that plays by itself: {}", scenario.title)) {
                (PreEscaped(svg::render(report)))
            }
        }
    }
}

/// What a choice turns out to be.
fn told(is_true: Option<bool>) -> &'static str {
    match is_true {
        Some(true) => "So it turns out in this run.",
        Some(false) => "In this run it turns out otherwise.",
        None => "One run does not say; many do.",
    }
}
