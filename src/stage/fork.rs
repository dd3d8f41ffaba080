//! What a change of a run came to, in words.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::library::Library;
use crate::report::Report;
use crate::view::fork::{self, Clause};

use super::answer::{Refusal, json};
use super::asker::Asker;
use super::body::read;
use super::run_request::RunRequest;
use super::runs::{LARGE_TEXT, report};
use super::shared::Shared;
use super::stop::Stop;

/// A run, and the same run with something changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ForkRequest"))]
#[serde(default, deny_unknown_fields)]
pub(super) struct ForkRequest {
    before: RunRequest,
    after: RunRequest,
}

/// What the change came to: clauses that follow from each other; none if the runs are the same.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ForkAnswer {
    clauses: Vec<Clause>,
}

/// `POST /api/fork`
pub(super) async fn tell(
    State(shared): State<Arc<Shared>>,
    asker: Asker,
    request: Request,
) -> Result<Response, Refusal> {
    let ForkRequest { before, after } = read(request, &asker, &shared).await?;
    let _busy = asker.busy();
    // Few bytes of a link can be many of a text.
    let is_large = before.size() + after.size() > LARGE_TEXT || before.is_packed() || after.is_packed();
    let turns = if is_large { &shared.large } else { &shared.runs };
    let library = Arc::clone(&shared.books);
    let clauses = turns.work(&asker, move |stop| {
        let (before, after) = (run(before, &library, stop)?, run(after, &library, stop)?);
        Ok(fork::told(&before, &after))
    });
    Ok(json(&ForkAnswer { clauses: clauses.await? }))
}

fn run(request: RunRequest, library: &Library, stop: &Stop) -> Result<Report, Refusal> {
    report(&mut request.stage(library)?, stop)
}
