//! `dsys serve`: the stage, for presenters and for people who play at home.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::anyhow;
use fast_qr::{QRBuilder, QRCode};

use crate::stage::{BindError, Options, Patience, Reach, Stage};

use super::args::{Color, Serve};
use super::exit::Outcome;
use super::interrupt;
use super::library::library;
use super::output::Place;

/// How long answers that are on their way get once somebody ends the server.
const END: Duration = Duration::from_millis(80);

pub(super) fn run(args: &Serve) -> anyhow::Result<Outcome> {
    let stdout = Place::open(Path::new("-"))?;
    let options = Options {
        listen: args.listen,
        public_url: args.public_url.clone(),
        names: args.name.clone(),
        library: Arc::new(library().clone()),
        patience: Patience { end: END, ..Patience::default() },
    };
    let stage = Stage::bind(options).map_err(|error| not_bound(args.listen, error))?;
    let (address, reach) = (stage.address(), stage.reach().clone());
    stage.serve(|| {
        // The address is told only once a signal can stop the server in order: a script that reads
        // the address may end the server at once.
        let stop = stop();
        announce(&stdout, address, &reach)?;
        Ok(stop)
    })?;
    Ok(Outcome::Done)
}

/// Says where the page is, and who can reach it; for a phone, as a code.
fn announce(stdout: &Place, address: SocketAddr, reach: &Reach) -> io::Result<()> {
    let here = reach.here();
    let others: Vec<String> = reach.all().into_iter().filter(|url| *url != here).collect();
    let mut text = format!("The stage is at {here}\n");
    for (nth, url) in others.iter().enumerate() {
        let label = if nth == 0 { "For others:" } else { "" };
        text.push_str(&format!("{label:15} {url}\n"));
    }
    if let Some(code) = reach.best().and_then(|url| QRBuilder::new(url).build().ok()) {
        let paper = Style::new().fg_color(Some(AnsiColor::Black.into())).bg_color(Some(AnsiColor::BrightWhite.into()));
        for line in drawn(&code) {
            text.push_str(&format!("{paper}{line}{paper:#}\n"));
        }
    }
    stdout.keep_coloured(&text, Color::Auto).map_err(io::Error::other)?;
    let mut stderr = anstream::stderr();
    if !address.ip().is_loopback() {
        let whom = if address.ip().is_unspecified() { "on any network of this machine" } else { "on its network" };
        writeln!(
            stderr,
            "Everybody {whom} can open it and let it run scenarios. It reads no files, writes none and keeps nothing."
        )?;
        if reach.best().is_none() {
            writeln!(stderr, "This machine is in no network now: nobody else reaches it until it is.")?;
        }
    }
    writeln!(stderr, "Ctrl-C ends it.")
}

/// A code as lines of text, two of its rows to a line, with the margin that readers want around it.
fn drawn(code: &QRCode) -> impl Iterator<Item = String> {
    const MARGIN: usize = 4;
    let side = code.size + 2 * MARGIN;
    let is_inside = move |at: usize| (MARGIN..side - MARGIN).contains(&at);
    let is_dark = move |row: usize, column: usize| {
        is_inside(row) && is_inside(column) && code[row - MARGIN][column - MARGIN].value()
    };
    let sign = move |row, column| match (is_dark(row, column), is_dark(row + 1, column)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    (0..side).step_by(2).map(move |row| (0..side).map(|column| sign(row, column)).collect())
}

/// Comes to its end when somebody wants the server to stop. That is its ordinary end, and no
/// failure.
fn stop() -> impl Future<Output = ()> {
    let (wake, woken) = tokio::sync::oneshot::channel();
    interrupt::ask_and_wake(move || {
        // A receiver that is gone has ended already.
        let _ = wake.send(());
    });
    async {
        let _ = woken.await;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_corners_and_a_margin() {
        let code = QRBuilder::new("http://192.168.1.20:7411/").build().unwrap();
        let lines: Vec<String> = drawn(&code).collect();
        assert!(lines.iter().all(|line| line.chars().count() == code.size + 8), "{}", lines.join("\n"));
        // The square of a corner, two rows to a line: its frame, seven long, around a heart of
        // three.
        let corner: Vec<&str> = lines[2..6].iter().map(|line| line.trim_start().split(' ').next().unwrap()).collect();
        assert!(lines[0].trim().is_empty() && lines[1].trim().is_empty(), "{}", lines.join("\n"));
        assert_eq!((corner[0], corner[1]), ("█▀▀▀▀▀█", "█"), "{}", lines.join("\n"));
        assert!(lines[5].trim_start().starts_with("▀▀▀▀▀▀▀"), "{}", lines.join("\n"));
    }
}
