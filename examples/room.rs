//! What a run takes while one client does all that they can to stop the show: `cargo run --release
//! --example room`.
//!
//! The hostile client is at 127.0.0.66 and the one that asks for runs at 127.0.0.1, since two
//! people in a room have two addresses. Each run has a seed of its own, so that no answer can be
//! reused. It prints the latencies, and at the end how long the stage takes to read texts of the
//! largest size, each made to be read slowly.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that fails has nothing to tell")]
#![allow(clippy::disallowed_methods, reason = "this is about real time, and no run sees it")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use dsys::library::Library;
use dsys::stage::{Options, Patience, Stage};
use hdrhistogram::Histogram;
use serde_json::{Value as Json, json};
use tokio::net::TcpSocket;

const VANDAL: [u8; 4] = [127, 0, 0, 66];
const RUNS: u64 = 200;

fn main() {
    let stage = Stage::bind(Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: None,
        names: Vec::new(),
        library: Arc::new(Library::shipped()),
        patience: Patience::default(),
    });
    let stage = stage.unwrap();
    let there = stage.address();
    thread::spawn(move || stage.serve(|| Ok(std::future::pending())));
    let mut room = Room { there, seed: 0 };
    room.tell("nobody else", Vec::new());
    let filled = large(&"# It is not for the words that this is here, but for their number.\n".repeat(12_500));
    let sweep = json!({ "order": { "text": filled }, "over": ["network.loss=0..0.9/0.06"], "runs": 1000 });
    room.tell("4 sweeps of 880 kB", room.ask(4, "/api/sweep", |_| sweep.clone()));
    let search = json!({ "order": { "scenario": "seven-generals" }, "may": ["lie"], "property": "agreement" });
    room.tell("200 searches", room.ask(200, "/api/search", |_| search.clone()));
    let endless =
        |seed| json!({ "scenario": "at-least-once-charges-twice", "seed": seed, "set": [["params.orders", "100000"]] });
    room.tell("64 runs of 50,000 events", room.ask(64, "/api/run", endless));
    room.tell("64 runs of 1 MiB", room.ask(64, "/api/run", |nth| json!({ "text": filled, "seed": nth })));
    let half = |_| {
        let mut stream = connect(there, VANDAL);
        stream.write_all(b"GET / HTTP/1.1\r\nhost: local").unwrap();
        stream
    };
    room.tell("1,100 requests of half a head", (0..1100).map(half).collect());
    for (name, text) in slow_texts() {
        let begun = Instant::now();
        let mut answer = String::new();
        let mut asked = room.post([127, 0, 0, 1], "/api/run", &json!({ "text": text }));
        asked.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap_or_default();
        println!(
            "read alone: {:7.0} ms, {status}: {name}, {} KiB",
            begun.elapsed().as_secs_f64() * 1e3,
            text.len() >> 10
        );
    }
}

struct Room {
    there: SocketAddr,
    seed: u64,
}

impl Room {
    fn post(&self, address: [u8; 4], path: &str, body: &Json) -> TcpStream {
        let mut stream = connect(self.there, address);
        let (there, body) = (self.there, body.to_string());
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: {there}\r\nconnection: close\r\ncontent-type: application/json");
        stream.write_all(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
        stream
    }

    fn ask(&self, number: u64, path: &str, body: impl Fn(u64) -> Json) -> Vec<TcpStream> {
        (0..number).map(|nth| self.post(VANDAL, path, &body(nth))).collect()
    }

    /// Prints what runs take while those requests are under way.
    fn tell(&mut self, what: &str, under_way: Vec<TcpStream>) {
        let mut latencies = Histogram::<u64>::new(3).unwrap();
        for _ in 0..RUNS {
            self.seed += 1;
            let begun = Instant::now();
            let order = json!({ "scenario": "three-generals", "seed": self.seed });
            let mut answer = Vec::new();
            self.post([127, 0, 0, 1], "/api/run", &order).read_to_end(&mut answer).unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
            latencies.record(begun.elapsed().as_micros() as u64).unwrap();
        }
        let at = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
        println!("{what}: a run takes {:.1} ms, p99 {:.1} ms, at most {:.1} ms", at(0.5), at(0.99), at(1.0));
        drop(under_way);
        thread::sleep(Duration::from_millis(500));
    }
}

fn connect(there: SocketAddr, from: [u8; 4]) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        socket.connect(there).await.unwrap()
    });
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream
}

/// A scenario that ships, with more behind it.
fn large(more: &str) -> String {
    let story = dsys::library::find("last-messenger").unwrap();
    format!("{}\n{more}", story.text)
}

/// Texts of the largest size, each of one kind of thing many times.
fn slow_texts() -> Vec<(&'static str, String)> {
    let bare = "title = \"a\"\nproblem = \"two-generals\"\nprotocol = \"retry\"\nnodes = 2\n";
    let fill = |begin: &str, item: &dyn Fn(usize) -> String, end: &str| {
        let mut text = format!("{bare}{begin}");
        for nth in 1.. {
            let item = item(nth);
            if text.len() + item.len() + end.len() > 1_000_000 {
                return text + end;
            }
            text.push_str(&item);
        }
        text
    };
    vec![
        ("comments", large(&"# words\n".repeat(120_000))),
        ("choices", fill("[force]\n", &|n| format!("\"alice:bob:{n}\" = \"lose\"\n"), "")),
        ("faults", fill("", &|n| format!("[[fault]]\nlose = {{ message = \"alice:bob:{n}\" }}\n"), "")),
        (
            "crashes",
            fill("", &|n| format!("[[fault]]\ncrash = {{ node = \"bob\", at = \"{n}ms\", for = \"1ns\" }}\n"), ""),
        ),
        ("beats", fill("", &|n| format!("[[story.beat]]\nat = \"{n}ms\"\nsay = \"a\"\n"), "")),
        ("beats on messages", fill("", &|n| format!("[[story.beat]]\non = \"alice:bob:{n}\"\nsay = \"a\"\n"), "")),
        ("links", fill("", &|_| "[[network.link]]\nfrom = \"alice\"\nto = \"bob\"\n".to_owned(), "")),
        ("unknown keys", fill("", &|n| format!("k{n} = 1\n"), "")),
        ("lines that are no TOML", fill("", &|_| "= = =\n".to_owned(), "")),
        ("keys given twice", fill("", &|n| format!("seed = {n}\n"), "")),
        ("expectations", fill("[expect]\n", &|n| format!("p{n} = \"holds\"\n"), "")),
        ("keys of a grid", fill("[sweep.over]\n", &|n| format!("\"k{n}\" = \"0..9999\"\n"), "")),
        ("values of a grid", fill("[sweep.over]\nseed = [", &|n| format!("{n},"), "]\n")),
        ("delays", fill("[search]\nmay = [\"delay\"]\ndelays = [", &|n| format!("\"{n}ms\","), "]\n")),
        ("things to try", fill("[story]\ntry = [", &|n| format!("\"--seed {n}\","), "]\n")),
        ("clocks", fill("", &|n| format!("[clock.n{n}]\noffset = \"1ms\"\n"), "")),
        ("tables in tables", fill("x = ", &|_| "{a=".to_owned(), "")),
        ("lists in lists", fill("x = ", &|_| "[".to_owned(), "")),
        ("one long text", fill("seed = \"", &|_| "aaaaaaaaaaaaaaaa".to_owned(), "\"\n")),
        ("one long number", fill("seed = ", &|_| "1111111111111111".to_owned(), "\n")),
    ]
}
