//! How the stage does under load: `cargo run --release --example load [REQUESTS]`.
//!
//! 64 clients, each with one connection, ask as fast as they are answered: first for a file of the
//! page of about 10 kB, then all for one run, as a room does that follows a link, then for runs of
//! every shipped scenario, each with a seed of its own, so that none can be answered with what
//! another was told. Printed are the latencies of both, their ratio, and what the process holds of
//! memory before and after. Server and clients share the machine, and the clients take their part
//! of it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that fails has nothing to tell")]
#![allow(clippy::disallowed_methods, reason = "this is about real time, and no run sees it")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use dsys::library::{self, Library};
use dsys::stage::{Options, Patience, Stage};
use hdrhistogram::Histogram;

const CLIENTS: usize = 64;

fn main() {
    let requests = std::env::args().nth(1).map_or(20_000, |number| number.parse().unwrap());
    let listen = "127.0.0.1:0".parse().unwrap();
    let library = Arc::new(Library::shipped());
    let patience = Patience::default();
    let stage = Stage::bind(Options { listen, public_url: None, names: Vec::new(), library, patience }).unwrap();
    let address = stage.address();
    thread::spawn(move || stage.serve(|| Ok(std::future::pending())));
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let post = |body: &str| {
        let length = body.len();
        let head = format!("POST /api/run HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json");
        format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}")
    };
    let size = |name: &str| fs::metadata(format!("src/stage/assets/{name}")).unwrap().len();
    let near = dsys::stage::files().min_by_key(|name| size(name).abs_diff(10_000)).unwrap();
    let file = vec![get(&format!("/{near}"))];
    let stories = library::stories();
    let generals = library::find("three-generals").unwrap();
    let order =
        |story: &library::Story, seed: usize| post(&format!("{{\"scenario\":\"{}\",\"seed\":{seed}}}", story.path()));
    let one = vec![order(&generals, 1)];
    let own: Vec<String> = (0..requests).map(|seed| order(&generals, seed)).collect();
    let all: Vec<String> = stories.iter().cycle().zip(0..requests).map(|(story, seed)| order(story, seed)).collect();

    load(address, &all, stories.len());
    let before = memory();
    let file_p99 = tell(&format!("GET /{near}, {} bytes", size(&near)), &load(address, &file, requests));
    for (name, asked) in [
        ("three-generals, one seed for all", &one),
        ("three-generals, a seed each", &own),
        ("every scenario in turn, a seed each", &all),
    ] {
        let p99 = tell(&format!("POST /api/run, {name}"), &load(address, asked, requests));
        println!("    p99 is {:.1} times that of the file", p99 as f64 / file_p99 as f64);
    }
    println!("memory: {before} KiB before, {} KiB after {} requests", memory(), 4 * requests);
    let alone = |story: &library::Story| {
        let asked: Vec<String> = (requests..requests + 20).map(|seed| order(story, seed)).collect();
        (load_by(1, address, &asked, asked.len()).value_at_quantile(0.5), story.path())
    };
    let mut slowest: Vec<(u64, String)> = stories.iter().map(alone).collect();
    slowest.sort_unstable();
    for (micros, path) in slowest.iter().rev().take(5) {
        println!("alone: {:7.2} ms  {path}", *micros as f64 / 1e3);
    }
}

fn load(address: SocketAddr, asked: &[String], requests: usize) -> Histogram<u64> {
    load_by(CLIENTS, address, asked, requests)
}

/// So many clients ask for all of this, in turn; the latencies in microseconds.
fn load_by(clients: usize, address: SocketAddr, asked: &[String], requests: usize) -> Histogram<u64> {
    let next = AtomicUsize::new(0);
    let client = || {
        let mut latencies = Histogram::<u64>::new(3).unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut body = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= requests {
                return latencies;
            }
            let begun = Instant::now();
            stream.write_all(asked[number % asked.len()].as_bytes()).unwrap();
            read_answer(&mut reader, &mut body);
            latencies.record(begun.elapsed().as_micros() as u64).unwrap();
        }
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        let mut all = Histogram::<u64>::new(3).unwrap();
        for client in clients {
            all.add(client.join().unwrap()).unwrap();
        }
        all
    })
}

fn read_answer(reader: &mut impl BufRead, body: &mut Vec<u8>) {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    let mut length = 0;
    while line.trim_end() != "" {
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
        reader.read_line(&mut line).unwrap();
    }
    body.resize(length, 0);
    reader.read_exact(body).unwrap();
}

/// Prints latencies, and returns the 99th percentile.
fn tell(name: &str, latencies: &Histogram<u64>) -> u64 {
    let at = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
    let (p50, p99, max) = (at(0.5), at(0.99), latencies.max() as f64 / 1e3);
    println!(
        "{name}: {} requests by {CLIENTS} clients, p50 {p50:.2} ms, p99 {p99:.2} ms, max {max:.2} ms",
        latencies.len()
    );
    latencies.value_at_quantile(0.99)
}

/// What this process holds of memory, in KiB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}
