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
use serde_json::json;
use tokio::sync::Semaphore;

use crate::library::{Library, catalogue};
use crate::problems::{self, Registry};
use crate::scenario::Invalid;

use super::answer::{Refusal, of_type};
use super::assets::{Asset, Assets};
use super::guard::{self, Names, PublicUrl};
use super::notes;
use super::order::MOST;
use super::request::{self, MOST_BYTES};
use super::runs::{self, Answers};
use super::search;
use super::server::Patience;
use super::share::{Link, LinkError};
use super::sweep;
use super::turns::Turns;

/// What all requests share. None changes it.
#[derive(Debug)]
pub(super) struct Shared {
    assets: Assets,
    /// The scenarios and the notes.
    pub(super) books: Arc<Library>,
    /// What there is to choose from, as an answer.
    library: Asset,
    /// The notes that there are, as an answer.
    pub(super) notes: Asset,
    /// The address under which others reach the stage.
    public: Option<PublicUrl>,
    /// Places for large bodies while they are read.
    pub(super) large_bodies: Semaphore,
    /// The answers of runs that may be asked for again.
    pub(super) answers: Answers,
    /// The turns of runs.
    pub(super) runs: Turns,
    /// The turns of sweeps and searches, each of which takes one thread for long.
    pub(super) surveys: Turns,
    pub(super) patience: Patience,
}

/// All routes of the stage. `at_once` runs are worked on at the same time.
pub(super) fn routes(names: Names, books: Arc<Library>, patience: Patience, at_once: usize) -> Result<Router, Invalid> {
    let shared = Arc::new(Shared {
        assets: Assets::default(),
        library: library(&books, names.public.as_ref())?,
        notes: notes::list(&books),
        books,
        public: names.public.clone(),
        large_bodies: Semaphore::new(request::LARGE_AT_ONCE),
        answers: runs::answers(),
        runs: Turns::new(at_once, patience),
        surveys: Turns::new((at_once - 1).max(1), patience),
        patience,
    });
    let router = Router::new()
        .route("/api/library", get(answer_library))
        .route("/api/scenario/{problem}/{story}", get(scenario_file))
        .route("/api/run", post(runs::run))
        .route("/api/export/{ending}", post(runs::export))
        .route("/api/sweep", post(sweep::sweep))
        .route("/api/search", post(search::search))
        .route("/api/notes", get(notes::all))
        .route("/api/notes/{*path}", get(notes::one))
        .route("/api/qr", get(qr))
        .fallback(file)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(Arc::new(names), guard::check))
        .with_state(shared);
    Ok(router)
}

/// What there is to choose from, made once.
fn library(books: &Library, public: Option<&PublicUrl>) -> Result<Asset, Invalid> {
    let shipped = catalogue::scenarios(books)?;
    let of = |problem: &&'static problems::Problem| {
        let scenarios: Vec<_> = shipped.iter().filter(|(story, _)| story.problem == problem.name).collect();
        catalogue::problem(problem, problem.protocols, &scenarios)
    };
    let library = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "public_url": public.map(PublicUrl::to_string),
        "limits": { "events": MOST.events, "messages": MOST.messages, "nodes": MOST.nodes },
        "problems": problems::ALL.iter().map(of).collect::<Vec<_>>(),
    });
    Ok(Asset::of("application/json", library.to_string().into_bytes()))
}

async fn answer_library(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    shared.library.answer(&headers)
}

async fn scenario_file(
    State(shared): State<Arc<Shared>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path((problem, story)) = path.map_err(|_| Refusal::not_found())?;
    let story = shared.books.find(&format!("{problem}/{story}"), &Registry);
    let story = story.map_err(|error| Refusal::new(StatusCode::NOT_FOUND, error.to_string()))?;
    Ok(of_type("text/plain; charset=utf-8", story.text))
}

#[derive(Debug, Deserialize)]
struct QrQuery {
    link: String,
}

/// The code of a link that others can open.
async fn qr(
    State(shared): State<Arc<Shared>>,
    query: Result<Query<QrQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(query) = query.map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "give the fragment of a `link`"))?;
    let refuse = |message: &str| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message);
    let Some(url) = &shared.public else {
        return Err(refuse("no phone can open this address; `dsys serve --public-url` tells the one that it can"));
    };
    // What is not a link of ours does not go on the wall.
    let link: Link = query.link.parse().map_err(|error: LinkError| refuse(&error.to_string()))?;
    let qr = QRBuilder::new(format!("{url}#{link}")).build();
    let qr = qr.map_err(|_| refuse("this link is too long for a code; share the file instead"))?;
    Ok(of_type("image/svg+xml", SvgBuilder::default().to_str(&qr)))
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
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this is asked for in another way")
}
