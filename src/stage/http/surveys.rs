//! What answers in lines, as HTTP: sweeps, searches, walls of seeds and the judge of challenges.
//!
//! Lines: `{ "queue" }` while it waits; then those of the work; or `{ "error" }`, which is the
//! last.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::de::DeserializeOwned;

use crate::library::Library;
use crate::stage::lines::Lines;
use crate::stage::refusal::Refusal;
use crate::stage::{challenge, search, sweep, wall};

use super::asker::Asker;
use super::body::read;
use super::shared::Shared;
use super::stream::stream;

/// `POST /api/sweep`
pub(super) async fn sweep(shared: State<Arc<Shared>>, asker: Asker, request: Request) -> Result<Response, Refusal> {
    survey(shared, asker, request, sweep::sweep).await
}

/// `POST /api/search`
pub(super) async fn search(shared: State<Arc<Shared>>, asker: Asker, request: Request) -> Result<Response, Refusal> {
    survey(shared, asker, request, search::search).await
}

/// `POST /api/wall`
pub(super) async fn wall(shared: State<Arc<Shared>>, asker: Asker, request: Request) -> Result<Response, Refusal> {
    survey(shared, asker, request, wall::fill).await
}

/// `POST /api/challenge`
pub(super) async fn challenge(shared: State<Arc<Shared>>, asker: Asker, request: Request) -> Result<Response, Refusal> {
    survey(shared, asker, request, challenge::judge).await
}

async fn survey<T: DeserializeOwned + Send + 'static>(
    State(shared): State<Arc<Shared>>,
    asker: Asker,
    request: Request,
    work: fn(T, &Library, &Lines<'_>) -> Result<(), Refusal>,
) -> Result<Response, Refusal> {
    let order: T = read(request, &asker, &shared).await?;
    let library = Arc::clone(&shared.books);
    stream(&shared.surveys, &asker, move |lines| work(order, &library, lines)).await
}
