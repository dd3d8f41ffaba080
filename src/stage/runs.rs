//! Runs, as answers for the page and as files.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::time::timeout;

use crate::scenario::Complaint;

use super::answer::{Refusal, of_type};
use super::export::Export;
use super::order::{Order, OrderError};
use super::request::read;
use super::routes::Shared;

/// `POST /api/run`
pub(super) async fn run(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Refusal> {
    let order: Order = read(request, &shared).await?;
    // Begun only if there is no answer yet.
    let answer = async {
        let (asked, library) = (order.clone(), Arc::clone(&shared.books));
        let work = shared.runs.work(move || {
            let mut staged = asked.stage(&library)?;
            let report = staged.run().map_err(refused)?;
            // As text already here: a large report takes its time to write.
            staged.telling.answer(&report).map_err(|error| Refusal::internal(&error))
        });
        work.await.map(Bytes::from)
    };
    // Whoever waits for another's answer, and for the next one's when that was refused, does not wait for all of them.
    let longest = shared.patience.turn + shared.patience.run;
    let answer = timeout(longest, shared.answers.get_or_insert_async(&order, answer)).await;
    Ok(of_type("application/json", answer.map_err(|_| Refusal::busy())??))
}

/// Answers that were given lately. The same order always gives the same bytes, and a room full of telephones asks for
/// one link at once: the first is worked for, and the others wait for its answer.
pub(super) type Answers = Cache<Order, Bytes, Weight>;

/// Room for the answer of a run or two of the largest, and for hundreds as they mostly are.
const KEPT_BYTES: u64 = 16 << 20;
/// How many answers there are at least. For more the room would be divided, and a part of it would be too small for one
/// of the largest.
const KEPT: usize = 32;

pub(super) fn answers() -> Answers {
    Cache::with_weighter(KEPT, KEPT_BYTES, Weight)
}

/// What keeping an answer takes of memory.
#[derive(Clone, Debug)]
pub(super) struct Weight;

impl Weighter<Order, Bytes> for Weight {
    fn weight(&self, order: &Order, answer: &Bytes) -> u64 {
        (order.size() + answer.len()) as u64
    }
}

/// `POST /api/export/{ending}`
pub(super) async fn export(
    State(shared): State<Arc<Shared>>,
    ending: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let is_asked = |kind: &Export| ending.as_ref().is_ok_and(|ending| kind.ending()[1..] == **ending);
    let kind = Export::ALL.into_iter().find(is_asked).ok_or_else(Refusal::not_found)?;
    let order: Order = read(request, &shared).await?;
    let library = Arc::clone(&shared.books);
    let written = shared.runs.work(move || {
        let mut staged = order.stage(&library)?;
        let report = staged.run().map_err(refused)?;
        let mut file = Vec::new();
        kind.write(&report, &staged.telling, &mut file).map_err(|error| Refusal::internal(&error))?;
        Ok((staged.scenario.name, file))
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

/// What a protocol has against a scenario that was loaded; loading has asked it, so this should not be.
pub(super) fn refused(complaints: Vec<Complaint>) -> Refusal {
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

#[cfg(test)]
mod tests {
    use super::super::order::Seed;
    use super::*;

    #[test]
    fn answers_are_kept_up_to_a_limit_also_when_one_of_them_is_large() {
        let answers = answers();
        let order = |number: u64| Order { seed: Some(Seed::Number(number)), ..Order::default() };
        let large = Bytes::from(vec![b' '; 12 << 20]);
        answers.insert(order(0), large.clone());
        assert!(answers.get(&order(0)).is_some());
        for number in 1..1_000 {
            answers.insert(order(number), large.slice(..100 << 10));
        }
        assert!(answers.get(&order(999)).is_some());
        let weight = answers.weight();
        assert!((KEPT_BYTES / 2..=KEPT_BYTES).contains(&weight), "{} answers of {weight} bytes", answers.len());
    }
}
