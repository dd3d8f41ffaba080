//! Which request is answered by what.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::library::{self, Library, catalogue};
use crate::problems::{self, Registry};
use crate::scenario::{Complaint, Invalid};

use super::answer::{Refusal, of_type};
use super::assets::{Asset, Assets};
use super::export::Export;
use super::guard::{self, Names, PublicUrl};
use super::order::{MOST, Order, OrderError};
use super::share::{Link, LinkError};

/// The most that a request may hold: a scenario of the largest size that is read, and what JSON adds to it.
const MOST_BYTES: usize = 3 << 19;
/// How long a request's body may take to arrive.
const BODY_WITHIN: Duration = Duration::from_secs(10);
/// How long a run may wait for its turn, and then how long it may take.
const TURN_WITHIN: Duration = Duration::from_secs(10);
const RUN_WITHIN: Duration = Duration::from_secs(10);

/// What all requests share. None changes it.
#[derive(Debug)]
struct Shared {
    assets: Assets,
    library: Asset,
    /// The address under which others reach the stage.
    public: Option<PublicUrl>,
    /// As many turns as runs are worked on at once.
    runs: Arc<Semaphore>,
}

/// All routes of the stage. `at_once` runs are worked on at the same time.
pub(super) fn routes(names: Names, at_once: usize) -> Result<Router, Invalid> {
    let shared = Arc::new(Shared {
        assets: Assets::default(),
        library: library(names.public.as_ref())?,
        public: names.public.clone(),
        runs: Arc::new(Semaphore::new(at_once)),
    });
    let router = Router::new()
        .route("/api/library", get(answer_library))
        .route("/api/scenario/{problem}/{story}", get(scenario_file))
        .route("/api/run", post(run))
        .route("/api/export/{ending}", post(export))
        .route("/api/qr", get(qr))
        .fallback(file)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(Arc::new(names), guard::check))
        .with_state(shared);
    Ok(router)
}

/// What there is to choose from, made once.
fn library(public: Option<&PublicUrl>) -> Result<Asset, Invalid> {
    let shipped = catalogue::scenarios(&Library::shipped())?;
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

async fn scenario_file(Path((problem, story)): Path<(String, String)>) -> Result<Response, Refusal> {
    let story = library::find(&format!("{problem}/{story}"), &Registry);
    let story = story.map_err(|error| Refusal::new(StatusCode::NOT_FOUND, error.to_string()))?;
    Ok(of_type("text/plain; charset=utf-8", story.text))
}

async fn run(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Refusal> {
    let order: Order = read(request).await?;
    let answer = in_turn(&shared.runs, move || {
        let staged = order.stage()?;
        let report = staged.run().map_err(refused)?;
        // As text already here: a large report takes its time to write.
        Ok(staged.telling.answer(&report).to_string())
    });
    Ok(of_type("application/json", answer.await?))
}

/// The same run as a file.
async fn export(
    State(shared): State<Arc<Shared>>,
    Path(ending): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let kind = Export::ALL.into_iter().find(|kind| kind.ending()[1..] == ending);
    let kind = kind.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "there is no such kind of file"))?;
    let order: Order = read(request).await?;
    let written = in_turn(&shared.runs, move || {
        let staged = order.stage()?;
        let report = staged.run().map_err(refused)?;
        let mut file = Vec::new();
        kind.write(&report, &staged.telling, &mut file).map_err(|error| Refusal::internal(&error))?;
        Ok((staged.scenario.name, file))
    });
    let (name, file) = written.await?;
    let name: String = name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect();
    let mut response = of_type(kind.media_type(), file);
    let disposition = format!("attachment; filename=\"{name}{}\"", kind.ending());
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

#[derive(Debug, Deserialize)]
struct QrQuery {
    link: String,
}

/// The code of a link that others can open.
async fn qr(State(shared): State<Arc<Shared>>, query: Query<QrQuery>) -> Result<Response, Refusal> {
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

/// What a protocol has against a scenario that was loaded; loading has asked it, so this should not be.
fn refused(complaints: Vec<Complaint>) -> Refusal {
    let messages: Vec<String> = complaints.into_iter().map(|complaint| complaint.message).collect();
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, messages.join("; "))
}

impl From<OrderError> for Refusal {
    fn from(error: OrderError) -> Refusal {
        match error {
            OrderError::Invalid(invalid) => invalid.into(),
            OrderError::NotFound(_) => Refusal::new(StatusCode::NOT_FOUND, error.to_string()),
            _ => Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
        }
    }
}

/// Does work that takes a while, when its turn has come, where it keeps nobody else waiting.
async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let busy = || Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too much is going on; try again in a moment");
    let turn =
        timeout(TURN_WITHIN, Arc::clone(turns).acquire_owned()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    let work = tokio::task::spawn_blocking(move || {
        // The turn is over when the work is, even if nobody waits for it any more.
        let _turn = turn;
        work()
    });
    match timeout(RUN_WITHIN, work).await {
        Ok(done) => done.map_err(|error| Refusal::internal(&error))?,
        Err(_) => {
            let message = format!("this takes longer than {} s, which is too long for the stage", RUN_WITHIN.as_secs());
            Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message))
        }
    }
}

/// The JSON that a request brings.
async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let is_json = |value: &HeaderValue| {
        let media_type = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/json")
    };
    // A form of another site can send no such type without being asked first.
    if !request.headers().get(header::CONTENT_TYPE).is_some_and(is_json) {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a request brings `application/json`"));
    }
    let late = |_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "the request took too long to arrive");
    let bytes = timeout(BODY_WITHIN, Bytes::from_request(request, &())).await.map_err(late)?;
    let bytes = bytes.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "a request has at most 1.5 MiB; a scenario has some kilobytes")
        }
        status => Refusal::new(status, "the request broke off"),
    })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Refusal::new(StatusCode::BAD_REQUEST, format!("the request is not what is expected here: {error}"))
    })
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
    let asset = shared.assets.get(name).ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "there is nothing here"))?;
    Ok(asset.answer(request.headers()))
}

async fn wrong_method() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this is asked for in another way")
}
