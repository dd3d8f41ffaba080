//! The notes, beside the scenarios that they speak of: Markdown as HTML in which nothing runs and
//! nothing is fetched.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value as Json;

use crate::library::Library;
use crate::notes::site::{Place, Ways, body};
use crate::notes::{Book, Note, RunLink};

use crate::stage::refusal::Refusal;
use crate::stage::share::Link;

use super::answer::of_type;
use super::asker::Asker;
use super::assets::{Asset, media_type};
use super::shared::Shared;

/// The notes that there are, in reading order.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::stage) struct NotesAnswer<'a> {
    notes: Vec<NoteListed<'a>>,
}

/// What there is to know of a note before it is read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct NoteListed<'a> {
    path: &'a str,
    kind: &'a str,
    title: &'a str,
    summary: &'a str,
    tags: &'a [String],
    demos: Vec<Demo<'a>>,
}

/// A run that a note lists to be shown.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Demo<'a> {
    title: &'a str,
    link: String,
}

impl<'a> NoteListed<'a> {
    fn of(note: &'a Note, library: &'a Library) -> NoteListed<'a> {
        let demo = |(run, title)| Demo { title, link: Link::from(&run).to_string() };
        NoteListed {
            path: note.path_in_notes(),
            kind: note.front.kind.word(),
            title: &note.front.title,
            summary: &note.front.summary,
            tags: &note.front.tags,
            demos: note.demos(library).map(demo).collect(),
        }
    }
}

/// The notes that there are, as an answer.
pub(super) fn list(library: &Library) -> Asset {
    Asset::of_json(&listed(library))
}

/// The notes that there are, as JSON.
pub(in crate::stage) fn listed(library: &Library) -> Json {
    let book = Book::read(library);
    let notes = book.notes.iter().map(|note| NoteListed::of(note, library)).collect();
    // None of our types fails to be written.
    serde_json::to_value(NotesAnswer { notes }).unwrap_or_default()
}

/// `GET /api/notes`
pub(super) async fn all(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    shared.told.notes.answer(&headers)
}

/// `GET /api/notes/{path}`: a note as HTML, or a picture of one.
pub(super) async fn one(
    State(shared): State<Arc<Shared>>,
    asker: Asker,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path(path) = path.map_err(|_| Refusal::not_found())?;
    let in_library = format!("notes/{path}");
    let file = shared.books.file(&in_library).ok_or_else(Refusal::not_found)?;
    if path.ends_with(".md") {
        let (library, text) = (Arc::clone(&shared.books), file.text().into_owned());
        let html = shared.runs.work(&asker, move |_| {
            let place = Place { library: &library, note: &in_library, ways: &OnStage };
            Ok(body(place, &text))
        });
        return Ok(of_type("text/html; charset=utf-8", html.await?));
    }
    let media_type = media_type(&path).ok_or_else(Refusal::not_found)?;
    Ok(of_type(media_type, file.bytes.to_vec()))
}

/// A note's path as the page and scenarios write it.
fn shown(path: &str) -> &str {
    path.strip_prefix("notes/").unwrap_or(path)
}

/// Where links lead from the stage: to a run by its link, to a note by `#note=PATH`, or
/// `#note=PATH&at=HEADING`.
struct OnStage;

impl Ways for OnStage {
    fn run(&self, run: &RunLink) -> String {
        format!("#{}", Link::from(run))
    }

    fn note(&self, path: &str, anchor: Option<&str>) -> Option<String> {
        let at = anchor.map(|anchor| format!("&at={anchor}")).unwrap_or_default();
        Some(format!("#note={}{at}", shown(path)))
    }

    fn picture(&self, path: &str) -> String {
        format!("api/notes/{}", shown(path))
    }
}
