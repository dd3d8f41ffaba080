//! Connections: takes them, bounds what each may cost, and lets their answers end when the server stops.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use super::guard::{Names, PublicUrl};
use super::routes::routes;
use crate::library::Library;
use crate::scenario::Invalid;

/// Connections at once: a full room, each with a few.
const MOST_CONNECTIONS: usize = 1024;
/// The most that a request's head, and what is read ahead of a connection, may take.
const MOST_HEAD_BYTES: usize = 64 << 10;

/// What the server is told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The address under which others reach it.
    pub public_url: Option<PublicUrl>,
    /// The scenarios and the notes.
    pub library: Arc<Library>,
    /// How long it waits.
    pub patience: Patience,
}

/// How long the server waits for what may never come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a request's head; a connection may be idle for as long.
    pub head: Duration,
    /// For a request's body.
    pub body: Duration,
    /// For a client to read some of an answer.
    pub reader: Duration,
    /// For a run's turn, while others run.
    pub turn: Duration,
    /// For a run.
    pub run: Duration,
    /// For a sweep or a search; what is known by then is told.
    pub survey: Duration,
    /// For answers that are under way when the server stops.
    pub end: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        let seconds = Duration::from_secs;
        Patience {
            head: seconds(20),
            body: seconds(10),
            reader: seconds(30),
            turn: seconds(10),
            run: seconds(10),
            survey: seconds(60),
            end: seconds(3),
        }
    }
}

/// A server that has its address, and does not answer yet.
#[derive(Debug)]
pub struct Stage {
    listener: TcpListener,
    address: SocketAddr,
    routes: Router,
    patience: Patience,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The address cannot be listened on.
    #[error("{0}")]
    Address(#[from] io::Error),
    /// A shipped scenario cannot be read, which should not be.
    #[error("{0}")]
    Library(#[from] Invalid),
}

impl Stage {
    /// Takes the address, so that connections can be made from now on.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub fn bind(options: Options) -> Result<Stage, BindError> {
        let listener = TcpListener::bind(options.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let Options { public_url, library, patience, .. } = options;
        let routes = routes(Names { listen: address, public: public_url }, library, patience, at_once())?;
        Ok(Stage { listener, address, routes, patience })
    }

    /// Where it listens; with the port that the system chose, if it was asked to choose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until a future comes to its end: the one that `begin` gives, which is asked for it before the
    /// first request is answered.
    ///
    /// # Errors
    ///
    /// When the system gives no threads or no events of sockets; and those of `begin`.
    pub fn serve<F: Future<Output = ()>>(self, begin: impl FnOnce() -> io::Result<F>) -> io::Result<()> {
        let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let stop = begin()?;
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let graceful = GracefulShutdown::new();
            tokio::select! {
                () = accept(&listener, &self.routes, &graceful, self.patience) => {}
                () = stop => {}
            }
            drop(listener);
            // What does not end in time is cut off.
            let _ = timeout(self.patience.end, graceful.shutdown()).await;
            io::Result::Ok(())
        })?;
        // A run that is still going on is left behind.
        runtime.shutdown_background();
        Ok(())
    }
}

/// How many runs are worked on at once: as many as there are cores.
fn at_once() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Takes connections for ever. While there are too many, new ones wait in the system's queue.
async fn accept(listener: &tokio::net::TcpListener, routes: &Router, graceful: &GracefulShutdown, patience: Patience) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let answer = answer(stream, routes.clone(), graceful.watcher(), patience);
                tokio::spawn(async move {
                    answer.await;
                    drop(place);
                });
            }
            // One that was given up before it was taken, or no file handles left: neither ends the server.
            Err(error) => {
                tracing::debug!("a connection was not taken: {error}");
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Answers the requests of one connection.
async fn answer(stream: TcpStream, routes: Router, watcher: Watcher, patience: Patience) {
    // Small answers go out at once. Where that cannot be said, they go out a little later.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.reader));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(MOST_HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(routes));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!("a connection broke: {error}");
    }
}
