//! Work that takes a while: it waits for its turn, and is done where it keeps nobody else waiting.
//!
//! Runs take turns among themselves, as do sweeps and searches among themselves, so that none of the long ones keeps
//! a run waiting.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::Response;
use futures_core::Stream;
use serde_json::Value as Json;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::answer::{Refusal, of_type};
use super::server::Patience;

/// Lines that wait for a client that reads slowly. More, and the work waits too.
const LINES_AHEAD: usize = 64;

/// Who may work at the same time.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    free: Arc<Semaphore>,
    patience: Patience,
}

impl Turns {
    pub(super) fn new(at_once: usize, patience: Patience) -> Turns {
        Turns { free: Arc::new(Semaphore::new(at_once)), patience }
    }

    /// Does the work in its turn, and answers with what came of it.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = timeout(self.patience.turn, Arc::clone(&self.free).acquire_owned()).await;
        let turn = turn.map_err(|_| Refusal::busy())?.map_err(|_| Refusal::busy())?;
        let work = tokio::task::spawn_blocking(move || {
            // The turn is over when the work is, even if nobody waits for it any more.
            let _turn = turn;
            work()
        });
        match timeout(self.patience.run, work).await {
            Ok(done) => done.map_err(|error| Refusal::internal(&error))?,
            Err(_) => {
                let limit = self.patience.run;
                let message =
                    format!("this takes longer than the {limit:?} that the stage has for it; `dsys run` has more");
                Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message))
            }
        }
    }

    /// Does the work in its turn, and answers with what it tells meanwhile, a line of JSON each.
    ///
    /// The client that goes away ends the work, as does the time that it may take: [`Lines`] says so.
    pub(super) fn stream(&self, work: impl FnOnce(&Lines) + Send + 'static) -> Response {
        let (sender, lines) = mpsc::channel(LINES_AHEAD);
        let (free, patience) = (Arc::clone(&self.free), self.patience);
        tokio::spawn(async move {
            let turn = tokio::select! {
                turn = free.acquire_owned() => turn,
                () = sender.closed() => return,
            };
            let is_over = Arc::new(AtomicBool::new(false));
            let lines = Lines { sender, is_over: Arc::clone(&is_over) };
            let work = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                work(&lines);
            });
            if timeout(patience.survey, work).await.is_err() {
                is_over.store(true, Ordering::Relaxed);
            }
        });
        of_type("application/x-ndjson", Body::from_stream(Received(lines)))
    }
}

/// Where work tells how far it is.
#[derive(Debug)]
pub(super) struct Lines {
    sender: mpsc::Sender<Bytes>,
    is_over: Arc<AtomicBool>,
}

impl Lines {
    /// Tells one thing; waits while the client has much to read. False once there is nobody to tell it to, or no more
    /// time.
    pub(super) fn tell(&self, line: &Json) -> bool {
        self.end(line) && self.has_time()
    }

    /// Tells one thing if the client has read the others: for what the next thing of its kind makes worthless. False as
    /// in [`Lines::tell`].
    pub(super) fn mention(&self, line: &Json) -> bool {
        let sent = self.sender.try_send(written(line));
        !matches!(sent, Err(mpsc::error::TrySendError::Closed(_))) && self.has_time()
    }

    /// Tells the last thing. False where there was nobody to tell it to.
    pub(super) fn end(&self, line: &Json) -> bool {
        self.sender.blocking_send(written(line)).is_ok()
    }

    fn has_time(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }
}

fn written(line: &Json) -> Bytes {
    Bytes::from(format!("{line}\n"))
}

/// The lines, as the body of an answer takes them.
struct Received(mpsc::Receiver<Bytes>);

impl Stream for Received {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|line| line.map(Ok))
    }
}
