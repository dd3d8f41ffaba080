//! What a request brings.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::asker::Asker;
use super::shared::Shared;
use crate::stage::door::MOST_BYTES;
use crate::stage::refusal::Refusal;

/// A body that is no larger is read at once. The page's are, but for scenarios of one's own.
const SMALL: u64 = 16 << 10;
/// The JSON that a request brings.
pub(super) async fn read<T>(request: Request, asker: &Asker, shared: &Shared) -> Result<T, Refusal>
where
    T: DeserializeOwned + Send + 'static,
{
    // A form of another site can send no such type without being asked first.
    if !request.headers().get(header::CONTENT_TYPE).is_some_and(is_json) {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a request brings `application/json`"));
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > MOST_BYTES as u64) {
        return Err(too_large());
    }
    let is_small = length.is_some_and(|length| length <= SMALL);
    let whole = async {
        if is_small {
            return Ok::<_, Refusal>((body(request).await?, None));
        }
        let mut place = shared.large_bodies.join(asker)?;
        place.begins().await;
        Ok((body(request).await?, Some(place)))
    };
    let late = |_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "the request took too long to arrive");
    let (bytes, place) = timeout(shared.patience.body, whole).await.map_err(late)??;
    if is_small {
        return parsed(&bytes);
    }
    // What is large takes a while, and the threads that answer have others to answer.
    let parse = tokio::task::spawn_blocking(move || {
        let _place = place;
        parsed(&bytes)
    });
    parse.await.map_err(|error| Refusal::internal(&error))?
}

async fn body(request: Request) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        status => Refusal::new(status, "the request broke off"),
    })
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| Refusal::not_read(&error))
}

fn is_json(value: &HeaderValue) -> bool {
    let media_type = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

fn too_large() -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "a request has at most 1.5 MiB; a scenario has some kilobytes")
}
