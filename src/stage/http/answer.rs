//! What is said as HTTP: JSON, and why something is refused.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::stage::refusal::Refusal;

/// What only a server refuses.
impl Refusal {
    /// A refusal in one sentence.
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Refusal {
        Refusal::of_status(status.as_u16(), message)
    }

    /// Others were first.
    pub(super) fn busy() -> Refusal {
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too much is going on; try again in a moment")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // Every number that we give is a status.
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, json(&self.told())).into_response()
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
