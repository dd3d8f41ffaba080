//! Work that takes a while: it waits for its turn, and is done where it keeps nobody else waiting.
//!
//! Runs take turns among themselves, as do runs of large texts, and sweeps and searches, so that
//! none of the long ones keeps a run waiting. Who is next says [`Queue`]. Work that nobody waits
//! for any more is told to end ([`Stop`]), and its turn is over when it has.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::asker::Asker;
use super::queue::{Full, Queue, Rules};
use super::stop::Stop;
use crate::stage::refusal::Refusal;

/// Who may work at the same time, and how long one may.
#[derive(Clone, Debug)]
pub(super) struct Limiter {
    line: Arc<Line>,
    /// How long one waits for a turn.
    turn: Duration,
    /// How long one may work.
    work: Duration,
    /// Ends all work.
    end: Arc<AtomicBool>,
}

/// A queue, and those who are woken by it.
#[derive(Debug)]
struct Line(Mutex<Queue<oneshot::Sender<()>>>);

/// A place in a queue, waiting or at work. It is left when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    line: Arc<Line>,
    ticket: u64,
    begins: oneshot::Receiver<()>,
}

impl Limiter {
    /// `end` ends all work that is under way.
    pub(super) fn new(rules: Rules, turn: Duration, work: Duration, end: &Arc<AtomicBool>) -> Limiter {
        Limiter { line: Arc::new(Line(Mutex::new(Queue::new(rules)))), turn, work, end: Arc::clone(end) }
    }

    /// Does the work in its turn, and returns what came of it. What is left of the work ends
    /// when this is dropped.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        asker: &Asker,
        work: impl FnOnce(&Stop) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _busy = asker.busy();
        let mut place = self.join(asker)?;
        timeout(self.turn, place.begins()).await.map_err(|_| Refusal::busy())?;
        let stop = self.stop();
        let _gone = stop.when_dropped();
        let work = tokio::task::spawn_blocking(move || {
            // The turn is over when the work is, even if nobody waits for it any more.
            let _place = place;
            work(&stop)
        });
        match timeout(self.work, work).await {
            Ok(done) => done.map_err(|error| Refusal::internal(&error))?,
            Err(_) => {
                let limit = self.work;
                let message =
                    format!("this takes longer than the {limit:?} that the stage has for it; `dsys run` has more");
                Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message))
            }
        }
    }

    /// A place in the queue.
    pub(super) fn join(&self, asker: &Asker) -> Result<Place, Refusal> {
        let (wake, begins) = oneshot::channel();
        let mut queue = self.line.lock();
        let ticket = queue.join(asker.who.clone(), wake)?;
        wake_all(queue);
        Ok(Place { line: Arc::clone(&self.line), ticket, begins })
    }

    /// How long one may work.
    pub(super) fn time(&self) -> Duration {
        self.work
    }

    /// What ends one's work.
    pub(super) fn stop(&self) -> Stop {
        Stop::new(&self.end)
    }
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, Queue<oneshot::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes those whose turn it is. One that has gone meanwhile leaves its place by itself.
fn wake_all(mut queue: MutexGuard<'_, Queue<oneshot::Sender<()>>>) {
    for wake in queue.advance() {
        let _ = wake.send(());
    }
}

impl Place {
    /// Comes to its end when it is this one's turn.
    pub(super) async fn begins(&mut self) {
        // The queue drops no sender of one that still waits.
        let _ = (&mut self.begins).await;
    }

    /// How many wait, this one and those before it. `None` if it waits no more.
    pub(super) fn number(&self) -> Option<usize> {
        self.line.lock().place(self.ticket)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = self.line.lock();
        queue.leave(self.ticket);
        wake_all(queue);
    }
}

impl From<Full> for Refusal {
    fn from(full: Full) -> Refusal {
        match full {
            Full::Page => Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                "enough of yours is waiting already; end some of it, or let it come to its end",
            ),
            Full::Address => Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                "enough of what comes from your address is waiting already; try again in a moment",
            ),
            Full::All => Refusal::busy(),
        }
    }
}
