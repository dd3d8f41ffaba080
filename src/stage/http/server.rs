//! Connections: takes them, bounds what each may cost, and lets their answers end when the server
//! stops.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use super::asker::home;
use super::connections::{Connection, Connections, Room};
use super::guard::{HostName, Names, PublicUrl};
use super::reach::Reach;
use super::routes::routes;
use super::shared::{Ends, Patience};
use crate::library::Library;
use crate::scenario::Invalid;

/// Connections at once: a full room, each with a few; and a room that has one address leaves room
/// for other addresses.
const ROOM: Room = Room { of_all: 1024, of_address: 768 };
/// The most that a request's head, and what is read ahead of a connection, may take.
const MOST_HEAD_BYTES: usize = 64 << 10;

/// What the server is told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The address under which others reach it.
    pub public_url: Option<PublicUrl>,
    /// Names of this machine under which it answers, beside its addresses.
    pub names: Vec<HostName>,
    /// The scenarios and the notes.
    pub library: Arc<Library>,
    /// How long it waits.
    pub patience: Patience,
}

/// A server that has its address, and does not answer yet.
#[derive(Debug)]
pub struct Stage {
    listener: TcpListener,
    address: SocketAddr,
    routes: Router,
    reach: Reach,
    patience: Patience,
    ends: Ends,
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
        let Options { public_url, names, library, patience, .. } = options;
        let reach = Reach { listen: address, public: public_url.clone(), names: names.clone() };
        let names = Names { listen: address, public: public_url, names };
        let ends = Ends::default();
        let routes = routes(names, reach.clone(), library, patience, at_once(), &ends)?;
        Ok(Stage { listener, address, routes, reach, patience, ends })
    }

    /// Where others can open it.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Where it listens; with the port that the system chose, if it was asked to choose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until a future comes to its end: the one that `begin` gives, which is asked
    /// for it before the first request is answered.
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
            self.ends.surveys.store(true, Ordering::Relaxed);
            // What does not end in time is cut off.
            let _ = timeout(self.patience.end, graceful.shutdown()).await;
            self.ends.all.store(true, Ordering::Relaxed);
            io::Result::Ok(())
        })?;
        // Work that has not ended yet is left behind; it has been told to.
        runtime.shutdown_background();
        Ok(())
    }
}

/// How many runs are worked on at once: as many as there are cores.
fn at_once() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Takes connections for ever.
async fn accept(listener: &tokio::net::TcpListener, routes: &Router, graceful: &GracefulShutdown, patience: Patience) {
    let connections = Connections::new(ROOM);
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // One for which there is no room is closed at once.
                let Some(connection) = connections.admit(home(peer.ip())) else { continue };
                tokio::spawn(answer(stream, Arc::new(connection), routes.clone(), graceful.watcher(), patience));
            }
            // One that was given up before it was taken, or no file handles left: neither ends the
            // server.
            Err(error) => {
                tracing::debug!("a connection was not taken: {error}");
                connections.make_room();
                sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

/// Answers the requests of one connection.
async fn answer(stream: TcpStream, connection: Arc<Connection>, routes: Router, watcher: Watcher, patience: Patience) {
    // Small answers go out at once. Where that cannot be said, they go out a little later.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.reader));
    let routes = TowerToHyperService::new(routes);
    let asker = Arc::clone(&connection);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&asker));
        routes.call(request)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(MOST_HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    tokio::select! {
        served = watcher.watch(served) => if let Err(error) = served {
            tracing::debug!("a connection broke: {error}");
        },
        () = connection.closed() => {}
    }
}
