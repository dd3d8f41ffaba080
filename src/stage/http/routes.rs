//! Which request is answered by what.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;
use serde::Deserialize;

use crate::library::Library;
use crate::scenario::Invalid;
use crate::stage::door::MOST_BYTES;
use crate::stage::listing::LibraryAnswer;
use crate::stage::refusal::Refusal;
use crate::stage::share::{Link, LinkError};

use super::answer::{json, of_type};
use super::asker::Asker;
use super::assets::Asset;
use super::guard::{self, Names};
use super::notes;
use super::reach::Reach;
use super::runs;
use super::shared::{Ends, Patience, Shared, Told};
use super::surveys;

/// All routes of the stage. `cores` is how many things can be worked on at the same time.
pub(super) fn routes(
    names: Names,
    reach: Reach,
    books: Arc<Library>,
    patience: Patience,
    cores: usize,
    ends: &Ends,
) -> Result<Router, Invalid> {
    let library = Asset::of_json(&LibraryAnswer::of(&books)?);
    let notes = notes::list(&books);
    let shared = Arc::new(Shared::new(Told { library, notes, reach }, books, patience, cores, ends));
    let router = Router::new()
        .route("/api/library", get(answer_library))
        .route("/api/scenario/{problem}/{story}", get(scenario_file))
        .route("/api/run", post(runs::run))
        .route("/api/export/{ending}", post(runs::export))
        .route("/api/check", post(runs::check))
        .route("/api/fork", post(runs::fork))
        .route("/api/sweep", post(surveys::sweep))
        .route("/api/search", post(surveys::search))
        .route("/api/wall", post(surveys::wall))
        .route("/api/challenge", post(surveys::challenge))
        .route("/api/notes", get(notes::all))
        .route("/api/notes/{*path}", get(notes::one))
        .route("/api/qr", get(qr))
        .route("/api/reach", get(answer_reach))
        .fallback(file)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(Arc::new(names), guard::check))
        .with_state(shared);
    Ok(router)
}

async fn answer_library(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    shared.told.library.answer(&headers)
}

async fn scenario_file(
    State(shared): State<Arc<Shared>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path((problem, story)) = path.map_err(|_| Refusal::not_found())?;
    let story = shared.books.find(&format!("{problem}/{story}"));
    let story = story.map_err(|error| Refusal::new(StatusCode::NOT_FOUND, error.to_string()))?;
    Ok(of_type("text/plain; charset=utf-8", story.text))
}

#[derive(Debug, Deserialize)]
struct QrQuery {
    link: String,
    /// The address that the link leads to; the best one if there is none.
    at: Option<String>,
}

/// Where others can open the page, looked up anew each time: a laptop moves from one network to
/// another.
async fn answer_reach(State(shared): State<Arc<Shared>>) -> Response {
    json(&shared.told.reach.told())
}

/// The code of a link that others can open.
async fn qr(
    State(shared): State<Arc<Shared>>,
    asker: Asker,
    query: Result<Query<QrQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(query) = query.map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "give the fragment of a `link`"))?;
    let refuse = |message: &str| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message);
    let all = shared.told.reach.all();
    let url = match &query.at {
        Some(at) => all.into_iter().find(|url| url == at).ok_or_else(|| refuse("nobody can open this address"))?,
        None => all.into_iter().next().ok_or_else(|| refuse(&format!("{}.", shared.told.reach.in_words())))?,
    };
    let drawn = shared.runs.work(&asker, move |_| {
        // What is not a link of ours does not go on the wall.
        let link: Link = query.link.parse().map_err(|error: LinkError| refuse(&error.to_string()))?;
        let qr = QRBuilder::new(format!("{url}#{link}")).build();
        let qr = qr.map_err(|_| refuse("this link is too long for a code; share the file instead"))?;
        Ok(SvgBuilder::default().to_str(&qr))
    });
    Ok(of_type("image/svg+xml", drawn.await?))
}

/// One of the page's files.
async fn file(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Refusal> {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "there is nothing to do here"));
    }
    let name = match request.uri().path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let asset = shared.assets.get(name).ok_or_else(Refusal::not_found)?;
    Ok(asset.answer(request.headers()))
}

async fn wrong_method() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method not allowed: use the one that the `Allow` header names")
}
