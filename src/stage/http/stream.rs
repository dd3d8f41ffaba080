//! Lines of JSON as HTTP, while the work goes on that tells them.
//!
//! The answer is a body that ends when the work does (`application/x-ndjson`). Server-sent events
//! would do no better: a browser's `EventSource` cannot send a body, and asks again by itself where
//! a connection breaks, which would begin the work anew. The page reads the body as it comes, and
//! ends the work by leaving it.
//!
//! While the work waits for its turn its place is told, as `{ "queue": { "place" } }`. What is
//! wrong with the request is said with a status where it is known before the first line, and by a
//! last line `{ "error" }` where it is not.
//!
//! The client that goes away ends the work, as does the time that it may take, and the end of the
//! server.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_core::Stream;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use crate::stage::lines::{Lines, Listener, written};
use crate::stage::refusal::Refusal;

use super::answer::of_type;
use super::asker::Asker;
use super::connections::Busy;
use super::limiter::{Limiter, Place};
use super::stop::{Stop, WhenDropped};

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
    work: impl FnOnce(&Lines<'_>) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    let busy = asker.busy();
    let place = turns.join(asker)?;
    let stop = turns.stop();
    let (sender, receiver) = mpsc::unbounded_channel();
    let ahead = Arc::new(AtomicUsize::new(0));
    let client = Client { sender, ahead: Arc::clone(&ahead), stop: stop.clone(), since: Instant::now() };
    let mut told = Told { receiver, ahead, first: None, _gone: stop.when_dropped(), _busy: busy };
    tokio::spawn(in_turn(place, client, turns.time(), work));
    match told.receiver.recv().await {
        Some(Line::Refused(refusal)) => return Err(*refusal),
        first => told.first = first,
    }
    Ok(of_type("application/x-ndjson", Body::from_stream(told)))
}

/// Waits for the turn and sees to it that the work ends in time.
async fn in_turn(
    mut place: Place,
    client: Client,
    time: Duration,
    work: impl FnOnce(&Lines<'_>) -> Result<(), Refusal> + Send + 'static,
) {
    let stop = client.stop.clone();
    if !wait(&mut place, &client).await {
        return client.refuse(Refusal::ended());
    }
    let work = tokio::task::spawn_blocking(move || {
        let done = work(&Lines::to(&client));
        // Who asks again when they have heard why not finds this turn free.
        drop(place);
        if let Err(refusal) = done {
            client.refuse(refusal);
        }
    });
    if timeout(time, work).await.is_err() {
        stop.set();
    }
}

/// Waits for the turn, and tells the place in the queue as it changes. False if it is wanted no
/// more.
async fn wait(place: &mut Place, client: &Client) -> bool {
    let mut told = None;
    let mut look = FIRST_LOOK;
    loop {
        tokio::select! {
            biased;
            () = client.sender.closed() => return false,
            () = place.begins() => return true,
            () = sleep(look) => if client.stop.is_set() { return false },
        }
        look = LOOK;
        let number = place.number();
        if let Some(place) = number.filter(|_| number != told) {
            client.hear(written(&Queued { queue: PlaceInQueue { place } }));
            told = number;
        }
    }
}

/// The line of work that waits for its turn.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::stage) struct Queued {
    queue: PlaceInQueue,
}

/// How many wait, this one and those before it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PlaceInQueue {
    place: usize,
}

/// A client that waits for lines.
#[derive(Debug)]
struct Client {
    sender: mpsc::UnboundedSender<Line>,
    /// Lines that the client has not taken yet.
    ahead: Arc<AtomicUsize>,
    /// What ends the work.
    stop: Stop,
    /// Where its clock begins.
    since: Instant,
}

#[derive(Debug)]
enum Line {
    Told(Bytes),
    Refused(Box<Refusal>),
}

impl Listener for Client {
    fn waits(&self) -> bool {
        !self.stop.is_set()
    }

    fn clock(&self) -> Duration {
        self.since.elapsed()
    }

    fn hear(&self, line: Vec<u8>) {
        self.send(Line::Told(line.into()));
    }

    fn keeps_up(&self) -> bool {
        self.ahead.load(Ordering::Relaxed) < LINES_AHEAD
    }
}

impl Client {
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
                Line::Refused(refusal) => written(&refusal.told()).into(),
            };
            self.ahead.fetch_sub(1, Ordering::Relaxed);
            Some(Ok(bytes))
        })
    }
}
