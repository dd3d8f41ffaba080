//! What is said as HTTP: JSON, and why something is refused.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use crate::scenario::Invalid;

/// Something is not done, and why.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    /// The error drawn as the command line draws it.
    report: String,
    findings: Vec<Json>,
}

impl Refusal {
    /// A refusal in one sentence.
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Refusal {
        let message = message.into();
        Refusal { status, report: format!("error: {message}"), message, findings: Vec::new() }
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
        let findings = invalid.places().map(|place| {
            json!({
                "line": place.line,
                "column": place.column,
                "flag": place.flag,
                "message": place.message,
                "help": place.help,
            })
        });
        let findings = findings.collect();
        Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, message, report: invalid.to_string(), findings }
    }
}

impl Refusal {
    /// The refusal as the page reads it.
    pub(super) fn to_json(&self) -> Json {
        let Refusal { message, report, findings, .. } = self;
        json!({ "error": { "message": message, "report": report, "findings": findings } })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, of_type("application/json", self.to_json().to_string())).into_response()
    }
}

/// An answer of this media type, which nobody keeps.
pub(super) fn of_type(media_type: &'static str, body: impl Into<Body>) -> Response {
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-store")];
    (headers, body.into()).into_response()
}
