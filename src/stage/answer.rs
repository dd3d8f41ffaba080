//! What is said as HTTP: JSON, and why something is refused.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::scenario::{Invalid, Place};

/// Something is not done, and why.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: ErrorTold,
}

/// A refusal as the page reads it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ErrorAnswer<'a> {
    error: &'a ErrorTold,
}

/// Why something is not done.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ErrorTold {
    message: String,
    /// The error drawn as the command line draws it.
    report: String,
    findings: Vec<Finding>,
}

/// An error of a scenario, and its place in the text or the flag.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Finding {
    line: Option<usize>,
    column: Option<usize>,
    flag: Option<String>,
    message: String,
    help: String,
}

impl Refusal {
    /// A refusal in one sentence.
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Refusal {
        let message = message.into();
        Refusal { status, error: ErrorTold { report: format!("error: {message}"), message, findings: Vec::new() } }
    }

    /// There is nothing of this name.
    pub(super) fn not_found() -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "there is nothing here")
    }

    /// Others were first.
    pub(super) fn busy() -> Refusal {
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too much is going on; try again in a moment")
    }

    /// It was told to end before it had begun.
    pub(super) fn ended() -> Refusal {
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "this was ended: nobody waits for it any more, or the stage ends")
    }

    /// The server's own fault. What it was goes to the log.
    pub(super) fn internal(error: &dyn std::error::Error) -> Refusal {
        tracing::error!("{error}");
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong inside dsys; this is a bug")
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Refusal {
        let message = match invalid.count() {
            1 => "the scenario has an error".to_owned(),
            count => format!("the scenario has {count} errors"),
        };
        let finding = |place: Place<'_>| Finding {
            line: place.line,
            column: place.column,
            flag: place.flag.map(str::to_owned),
            message: place.message.to_owned(),
            help: place.help.to_owned(),
        };
        let findings = invalid.places().map(finding).collect();
        let error = ErrorTold { message, report: invalid.to_string(), findings };
        Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, error }
    }
}

impl Refusal {
    /// The refusal as the page reads it.
    pub(super) fn told(&self) -> ErrorAnswer<'_> {
        ErrorAnswer { error: &self.error }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, json(&self.told())).into_response()
    }
}

/// An answer of JSON, which nobody keeps.
pub(super) fn json(answer: &impl Serialize) -> Response {
    // None of our types fails to be written.
    of_type("application/json", serde_json::to_vec(answer).unwrap_or_default())
}

/// An answer of this media type, which nobody keeps.
pub(super) fn of_type(media_type: &'static str, body: impl Into<Body>) -> Response {
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-store")];
    (headers, body.into()).into_response()
}
