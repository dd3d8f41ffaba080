//! Runs, as answers for the page and as files.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tokio::time::timeout;

use crate::stage::check;
use crate::stage::export::Export;
use crate::stage::fork::ForkRequest;
use crate::stage::refusal::Refusal;
use crate::stage::run_request::{Asked, LARGE_TEXT, RunRequest, Staged};

use super::answer::{json, of_type};
use super::asker::Asker;
use super::body::read;
use super::shared::Shared;
use super::stop::Stop;

/// `POST /api/run`
pub(super) async fn run(
    State(shared): State<Arc<Shared>>,
    asker: Asker,
    request: Request,
) -> Result<Response, Refusal> {
    let order: RunRequest = read(request, &asker, &shared).await?;
    let _busy = asker.busy();
    // Begun only if there is no answer yet.
    let answer = async {
        let written = work(&shared, &asker, order.clone(), |staged, stop| staged.answer(&|| !stop.is_set()));
        written.await.map(Bytes::from)
    };
    // A request that waits for another's answer, and for the next one's when that was refused, does
    // not wait for all of them.
    let longest = shared.patience.turn + shared.patience.run;
    let answer = timeout(longest, shared.answers.get_or_insert_async(&order, answer)).await;
    Ok(of_type("application/json", answer.map_err(|_| Refusal::busy())??))
}

/// Does the work of an order in its turn, and of one whose text is large, in a turn of those.
async fn work<T: Send + 'static>(
    shared: &Arc<Shared>,
    asker: &Asker,
    order: RunRequest,
    work: impl FnOnce(&mut Staged, &Stop) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let library = Arc::clone(&shared.books);
    // Few bytes of a link can be many of a text, and only who unpacks it knows.
    let read = if order.is_packed() {
        let library = Arc::clone(&library);
        Read::Now(Box::new(shared.runs.work(asker, move |_| Ok(order.read(&library)?)).await?))
    } else {
        Read::Later(Box::new(order))
    };
    let turns = if read.size() > LARGE_TEXT { &shared.large } else { &shared.runs };
    turns
        .work(asker, move |stop| {
            let asked = match read {
                Read::Now(asked) => *asked,
                Read::Later(order) => order.read(&library)?,
            };
            work(&mut asked.stage(&library)?, stop)
        })
        .await
}

/// `POST /api/fork`
pub(super) async fn fork(
    State(shared): State<Arc<Shared>>,
    asker: Asker,
    request: Request,
) -> Result<Response, Refusal> {
    let request: ForkRequest = read(request, &asker, &shared).await?;
    let _busy = asker.busy();
    let turns = if request.may_be_large() { &shared.large } else { &shared.runs };
    let library = Arc::clone(&shared.books);
    Ok(json(&turns.work(&asker, move |stop| request.answer(&library, &|| !stop.is_set())).await?))
}

/// `POST /api/check`
pub(super) async fn check(
    State(shared): State<Arc<Shared>>,
    asker: Asker,
    request: Request,
) -> Result<Response, Refusal> {
    let order: RunRequest = read(request, &asker, &shared).await?;
    let turns = if order.may_be_large() { &shared.large } else { &shared.runs };
    let library = Arc::clone(&shared.books);
    Ok(json(&turns.work(&asker, move |_| Ok(check::check(order, &library))).await?))
}

/// An order that was read already, or is still to be read.
enum Read {
    Now(Box<Asked>),
    Later(Box<RunRequest>),
}

impl Read {
    /// What has to be read, in bytes.
    fn size(&self) -> usize {
        match self {
            Read::Now(asked) => asked.size(),
            Read::Later(order) => order.size(),
        }
    }
}

/// `POST /api/export/{ending}`
pub(super) async fn export(
    State(shared): State<Arc<Shared>>,
    asker: Asker,
    ending: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let is_asked = |kind: &Export| ending.as_ref().is_ok_and(|ending| kind.ending()[1..] == **ending);
    let kind = Export::ALL.into_iter().find(is_asked).ok_or_else(Refusal::not_found)?;
    let order: RunRequest = read(request, &asker, &shared).await?;
    let written = work(&shared, &asker, order, move |staged, stop| {
        let report = staged.report(&|| !stop.is_set())?;
        let mut file = Vec::new();
        kind.write(&report, &staged.telling, &mut file).map_err(|error| Refusal::internal(&error))?;
        Ok((staged.scenario.name.clone(), file))
    });
    let (name, file) = written.await?;
    let mut response = of_type(kind.media_type(), file);
    // A name may come from a text: it says nothing but a name.
    let name: String = name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect();
    let disposition = format!("attachment; filename=\"{name}{}\"", kind.ending());
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
