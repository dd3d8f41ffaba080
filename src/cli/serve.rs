//! `dsys serve`: the stage, for presenters and for whoever plays at home.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::anyhow;

use crate::stage::{BindError, Options, Patience, Stage};

use super::args::Serve;
use super::exit::Outcome;
use super::shelf::shelf;

pub(super) fn run(args: &Serve) -> anyhow::Result<Outcome> {
    let options = Options {
        listen: args.listen,
        public_url: args.public_url.clone(),
        library: Arc::new(shelf().clone()),
        patience: Patience::default(),
    };
    let stage = Stage::bind(options).map_err(|error| not_bound(args.listen, error))?;
    let address = stage.address();
    stage.serve(|| {
        // From here on a signal stops it in order, so that whoever was told where it is can also end it.
        let stop = stop()?;
        announce(address, args)?;
        Ok(stop)
    })?;
    Ok(Outcome::Done)
}

/// Says where the page is, and who can reach it.
fn announce(address: SocketAddr, args: &Serve) -> io::Result<()> {
    let here = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::from(([127, 0, 0, 1], address.port())),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], address.port())),
        _ => address,
    };
    let mut stdout = anstream::stdout();
    writeln!(stdout, "The stage is at http://{here}/")?;
    if let Some(url) = &args.public_url {
        writeln!(stdout, "Links lead to   {url}")?;
    }
    stdout.flush()?;
    let mut stderr = anstream::stderr();
    if !address.ip().is_loopback() {
        let whom = if address.ip().is_unspecified() { "on any network of this machine" } else { "on its network" };
        writeln!(
            stderr,
            "Everybody {whom} can open it and let it run scenarios. It reads no files, writes none and keeps nothing."
        )?;
        if args.public_url.is_none() {
            writeln!(stderr, "`--public-url http://ADDRESS:{}/` makes links and QR codes for them.", address.port())?;
        }
    }
    writeln!(stderr, "Ctrl-C ends it.")
}

/// Comes to its end when somebody wants the server to stop. That is its ordinary end, and no failure.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// The same, where there is only Ctrl-C.
#[cfg(not(unix))]
fn stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Why the server does not come up, and what to do about it.
fn not_bound(listen: SocketAddr, error: BindError) -> anyhow::Error {
    let BindError::Address(error) = error else { return error.into() };
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let advice = match free_port(listen) {
                Some(port) => format!("\n  dsys serve --listen {}", SocketAddr::new(listen.ip(), port)),
                None => String::new(),
            };
            anyhow!("{listen} is taken, perhaps by another `dsys serve`; another port is free:{advice}")
        }
        io::ErrorKind::AddrNotAvailable => anyhow!("this machine has no address {}", listen.ip()),
        io::ErrorKind::PermissionDenied => {
            anyhow!("port {} is kept for the system; a port from 1024 on is not", listen.port())
        }
        _ => anyhow!("{listen} cannot be listened on: {error}"),
    }
}

/// A port near the one that is taken.
fn free_port(taken: SocketAddr) -> Option<u16> {
    let near = (taken.port()..=u16::MAX).skip(1).take(50);
    near.into_iter().find(|&port| TcpListener::bind((taken.ip(), port)).is_ok())
}
