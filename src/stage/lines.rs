//! Answers that come in lines of JSON while the work goes on: those of sweeps and searches.
//!
//! While the work waits for its turn its place is told, as `{ "queue": { "place" } }`. What is
//! wrong with the request is said with a status where it is known before the first line, and by a
//! last line `{ "error" }` where it is not.
//!
//! The client that goes away ends the work, as does the time that it may take, and the end of the
//! server.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_core::Stream;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::answer::{Refusal, of_type};
use super::asker::Asker;
use super::connections::Busy;
use super::limiter::{Limiter, Place};
use super::stop::{Stop, WhenDropped};

/// How long the last mention is good for: progress is told no more often.
const MENTION: Duration = Duration::from_millis(50);
/// Lines that wait for a client that reads slowly. Beyond these nothing is mentioned.
const LINES_AHEAD: usize = 64;
/// How long one waits before the first word about it, and how often one looks where one stands from
/// then on.
const FIRST_LOOK: Duration = Duration::from_millis(20);
const LOOK: Duration = Duration::from_millis(250);

/// Does the work in its turn, and returns what it tells meanwhile.
///
/// # Errors
///
/// What the work refuses before it has told anything, and what the queue does.
pub(super) async fn stream(
    turns: &Limiter,
    asker: &Asker,
    work: impl FnOnce(&Lines) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    let busy = asker.busy();
    let place = turns.join(asker)?;
    let stop = turns.stop();
    let (sender, receiver) = mpsc::unbounded_channel();
    let ahead = Arc::new(AtomicUsize::new(0));
    let lines = Lines { sender, ahead: Arc::clone(&ahead), mentioned: Mutex::default(), stop: stop.clone() };
    let mut told = Told { receiver, ahead, first: None, _gone: stop.when_dropped(), _busy: busy };
    tokio::spawn(in_turn(place, lines, turns.time(), work));
    match told.receiver.recv().await {
        Some(Line::Refused(refusal)) => return Err(*refusal),
        first => told.first = first,
    }
    Ok(of_type("application/x-ndjson", Body::from_stream(told)))
}

/// Waits for the turn and sees to it that the work ends in time.
async fn in_turn(
    mut place: Place,
    lines: Lines,
    time: Duration,
    work: impl FnOnce(&Lines) -> Result<(), Refusal> + Send + 'static,
) {
    let stop = lines.stop.clone();
    if !wait(&mut place, &lines).await {
        return lines.refuse(Refusal::ended());
    }
    let work = tokio::task::spawn_blocking(move || {
        let done = work(&lines);
        // Who asks again when they have heard why not finds this turn free.
        drop(place);
        if let Err(refusal) = done {
            lines.refuse(refusal);
        }
    });
    if timeout(time, work).await.is_err() {
        stop.set();
    }
}

/// Waits for the turn, and tells the place in the queue as it changes. False if it is wanted no
/// more.
async fn wait(place: &mut Place, lines: &Lines) -> bool {
    let mut told = None;
    let mut look = FIRST_LOOK;
    loop {
        tokio::select! {
            biased;
            () = lines.sender.closed() => return false,
            () = place.begins() => return true,
            () = sleep(look) => if lines.stop.is_set() { return false },
        }
        look = LOOK;
        let number = place.number();
        if let Some(place) = number.filter(|_| number != told) {
            lines.end(&Queued { queue: PlaceInQueue { place } });
            told = number;
        }
    }
}

/// The line of work that waits for its turn.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Queued {
    queue: PlaceInQueue,
}

/// How many wait, this one and those before it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PlaceInQueue {
    place: usize,
}

/// Where work tells how far it is.
#[derive(Debug)]
pub(super) struct Lines {
    sender: mpsc::UnboundedSender<Line>,
    /// Lines that the client has not taken yet.
    ahead: Arc<AtomicUsize>,
    /// When something was last mentioned.
    mentioned: Mutex<Option<Instant>>,
    /// What ends the work.
    pub(super) stop: Stop,
}

#[derive(Debug)]
enum Line {
    Told(Bytes),
    Refused(Box<Refusal>),
}

impl Lines {
    /// Tells one thing. Whether to go on.
    pub(super) fn tell(&self, line: &impl Serialize) -> ControlFlow<()> {
        self.end(line);
        self.stop.goes_on()
    }

    /// Tells one thing now and then: for what the next thing of its kind makes worthless. Whether
    /// to go on.
    pub(super) fn mention<L: Serialize>(&self, line: impl FnOnce() -> L) -> ControlFlow<()> {
        if self.is_to_mention() {
            self.end(&line());
        }
        self.stop.goes_on()
    }

    fn is_to_mention(&self) -> bool {
        let mut last = self.mentioned.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due =
            last.is_none_or(|last| last.elapsed() >= MENTION) && self.ahead.load(Ordering::Relaxed) < LINES_AHEAD;
        if is_due {
            *last = Some(Instant::now());
        }
        is_due
    }

    /// Tells the last thing.
    pub(super) fn end(&self, line: &impl Serialize) {
        self.send(Line::Told(written(line)));
    }

    /// Says why there will be no more.
    fn refuse(&self, refusal: Refusal) {
        self.send(Line::Refused(Box::new(refusal)));
    }

    fn send(&self, line: Line) {
        self.ahead.fetch_add(1, Ordering::Relaxed);
        // Where nobody listens any more, the work is told to end by the one who has left.
        let _ = self.sender.send(line);
    }
}

fn written(line: &impl Serialize) -> Bytes {
    let mut text = serde_json::to_vec(line).unwrap_or_default();
    text.push(b'\n');
    Bytes::from(text)
}

/// What was told, as the body of an answer. It ends the work when it is dropped.
struct Told {
    receiver: mpsc::UnboundedReceiver<Line>,
    ahead: Arc<AtomicUsize>,
    /// The line that decided about the status.
    first: Option<Line>,
    _gone: WhenDropped,
    _busy: Option<Busy>,
}

impl Stream for Told {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let line = match self.first.take() {
            Some(line) => Poll::Ready(Some(line)),
            None => self.receiver.poll_recv(context),
        };
        line.map(|line| {
            let bytes = match line? {
                Line::Told(bytes) => bytes,
                Line::Refused(refusal) => written(&refusal.told()),
            };
            self.ahead.fetch_sub(1, Ordering::Relaxed);
            Some(Ok(bytes))
        })
    }
}
