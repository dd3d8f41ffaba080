//! Runs, as answers for the page and as files.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use tokio::time::timeout;

use crate::report::Report;
use crate::scenario::Complaint;
use crate::trace::StopReason;

use super::answer::{Refusal, of_type};
use super::asker::Asker;
use super::body::read;
use super::export::Export;
use super::run_request::{Asked, RequestError, RunRequest, Staged};
use super::shared::Shared;
use super::stop::Stop;

/// A scenario of so many bytes takes long to be read. Those of the page have some thousands.
pub(super) const LARGE_TEXT: usize = 64 << 10;

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
        let written = work(&shared, &asker, order.clone(), |staged, stop| {
            let report = report(staged, stop)?;
            // As text already here: a large report takes its time to write.
            staged.telling.answer(&report).map_err(|error| Refusal::internal(&error))
        });
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

/// The run of a scenario, unless nobody waits for it any more.
pub(super) fn report(staged: &mut Staged, stop: &Stop) -> Result<Report, Refusal> {
    if stop.is_set() {
        return Err(Refusal::ended());
    }
    let report = staged.run_while(&mut || stop.goes_on()).map_err(refused)?;
    if report.trace.ended == StopReason::Interrupted { Err(Refusal::ended()) } else { Ok(report) }
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
        let report = report(staged, stop)?;
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

/// What a protocol has against a scenario that was loaded; loading has asked it, so this should not
/// be.
pub(super) fn refused(complaints: Vec<Complaint>) -> Refusal {
    let messages: Vec<String> = complaints.into_iter().map(|complaint| complaint.message).collect();
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, messages.join("; "))
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Refusal {
        match error {
            RequestError::Invalid(invalid) => invalid.into(),
            RequestError::NotFound(_) => Refusal::new(StatusCode::NOT_FOUND, error.to_string()),
            _ => Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
        }
    }
}
