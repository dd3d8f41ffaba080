//! A room in which one does all that they can to stop the show, and the others go on.

#![allow(clippy::disallowed_methods, reason = "this is about real time, and no run sees it")]
#![cfg(target_os = "linux")] // Elsewhere a machine has one loopback address, and so is one client.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use dsys::stage::Patience;
use serde_json::{Value as Json, json};

use crate::client::{Answer, Server};

/// Somebody who means no good.
const VANDAL: [u8; 4] = [127, 0, 0, 66];
/// A router with a room full of phones behind it.
const ROUTER: [u8; 4] = [127, 0, 0, 77];
/// At once, for a person, on a busy machine and without optimisations. What they keep each other
/// waiting takes many times as long.
const AT_ONCE: Duration = Duration::from_secs(2);

fn post_from(server: &Server, address: [u8; 4], page: &str, path: &str, body: &Json) -> TcpStream {
    let mut stream = server.connect_from(address).unwrap();
    stream.write_all(server.posted_by(page, path, &body.to_string()).as_bytes()).unwrap();
    stream
}

/// Fails unless a run that nobody has asked for yet is answered at once.
#[track_caller]
fn assert_fresh_run_at_once(server: &Server, seed: u64) {
    let begun = Instant::now();
    let answer = server.post("/api/run", &json!({ "scenario": "three-generals", "seed": seed }).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(begun.elapsed() < AT_ONCE, "a run took {:?}", begun.elapsed());
}

/// A sweep of one run that goes on for hours.
fn endless_sweep() -> Json {
    let set = json!([["params.orders", "1000000"], ["until", "100000s"]]);
    json!({
        "order": { "scenario": "at-least-once-charges-twice", "set": set },
        "over": ["network.loss=0.1"],
        "runs": 1,
    })
}

/// The text of a scenario that ships, made large by what means nothing.
fn large_text(bytes: usize) -> String {
    let story = dsys::library::find("last-messenger").unwrap();
    let filler = "# It is not for the words that this is here, but for their number.\n";
    format!("{}\n{}", story.text, filler.repeat((bytes - story.text.len()) / filler.len()))
}

/// The lines of an answer as they come, after its head.
fn lines(stream: TcpStream) -> impl Iterator<Item = Json> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
    }
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    // What is no JSON is the length of a chunk.
    reader
        .lines()
        .map_while(Result::ok)
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(&line).unwrap())
}

#[test]
fn large_sweeps_keep_no_run_waiting() {
    let server = Server::start();
    let text = large_text(880_000);
    let sweep = |over: &str| json!({ "order": { "text": text }, "over": [over], "runs": 1 });
    let asked: Vec<TcpStream> = (0..4)
        .map(|page| post_from(&server, VANDAL, &page.to_string(), "/api/sweep", &sweep("network.loss=0..0.9/0.06")))
        .collect();
    for seed in 0..5 {
        assert_fresh_run_at_once(&server, seed);
    }
    drop(asked);
    // More points of such a text than can be read are refused before any is.
    let answer = server.post("/api/sweep", &sweep("network.loss=0..0.9/0.001").to_string());
    assert_eq!(answer.status, 422);
    assert!(answer.error().contains("901 points of a scenario of 859 KiB are too much to read"), "{}", answer.error());
    assert_fresh_run_at_once(&server, 9);
}

#[test]
fn many_runs_of_one_client_keep_no_other_waiting() {
    let server = Server::start();
    let endless = |seed: u64| {
        let set = json!([["params.orders", "100000"]]);
        json!({ "scenario": "at-least-once-charges-twice", "seed": seed, "set": set })
    };
    let asked: Vec<_> = (0..64).map(|seed| post_from(&server, VANDAL, "", "/api/run", &endless(seed))).collect();
    for seed in 0..5 {
        assert_fresh_run_at_once(&server, seed);
    }
    drop(asked);
}

#[test]
fn many_searches_of_one_client_hide_the_queue_from_nobody() {
    let server = Server::start();
    let search = json!({ "order": { "scenario": "seven-generals" }, "may": ["lie"], "property": "agreement" });
    let mut asked: Vec<TcpStream> = (0..200).map(|_| post_from(&server, VANDAL, "", "/api/search", &search)).collect();
    // All but those that work and the two that may wait are told so.
    let mut refused = asked.pop().unwrap();
    let answer = Answer::read(&mut refused).unwrap();
    assert_eq!(answer.status, 429);
    assert!(answer.error().contains("enough of yours is waiting"), "{}", answer.error());
    // Somebody else does not wait at all.
    let begun = Instant::now();
    let sweep = json!({ "order": { "scenario": "last-messenger" }, "over": ["network.loss=0.1"], "runs": 10 });
    let mut other = post_from(&server, ROUTER, "one", "/api/sweep", &sweep);
    assert_eq!(Answer::read(&mut other).unwrap().status, 200);
    assert!(begun.elapsed() < AT_ONCE, "a sweep took {:?}", begun.elapsed());
    assert_fresh_run_at_once(&server, 1);
}

#[test]
fn a_room_behind_one_address_is_let_in_and_each_is_told_their_place() {
    let server = Server::start();
    let endless = post_from(&server, ROUTER, "0", "/api/sweep", &endless_sweep());
    // As many more as there are cores that a room may take.
    let cores = std::thread::available_parallelism().unwrap().get();
    let more: Vec<_> = (1..cores)
        .map(|page| post_from(&server, ROUTER, &format!("c{page}"), "/api/sweep", &endless_sweep()))
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    let sweep = json!({ "order": { "scenario": "last-messenger" }, "over": ["network.loss=0.1"], "runs": 10 });
    let phones: Vec<_> =
        (1..=100).map(|page| post_from(&server, ROUTER, &page.to_string(), "/api/sweep", &sweep)).collect();
    let mut phones: Vec<_> = phones.into_iter().map(lines).collect();
    let places: Vec<_> = phones.iter_mut().map(|told| told.next().unwrap()["queue"]["place"].as_u64()).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}");
    drop((endless, more));
    // All of them have their turn.
    for (page, told) in phones.into_iter().enumerate() {
        let told: Vec<Json> = told.collect();
        assert!(told.last().unwrap().get("done").is_some(), "phone {page}: {told:?}");
    }
}

#[test]
fn a_client_that_leaves_ends_its_sweep_in_the_middle_of_a_run() {
    let server = Server::start();
    let cores = std::thread::available_parallelism().unwrap().get();
    // All turns that there are are taken, by runs that would go on for hours.
    let asked: Vec<_> = (0..=cores as u8 + 1)
        .map(|last| post_from(&server, [127, 0, 1, last + 1], "", "/api/sweep", &endless_sweep()))
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    drop(asked);
    let begun = Instant::now();
    let sweep = json!({ "order": { "scenario": "last-messenger" }, "over": ["network.loss=0.1"], "runs": 1 });
    assert_eq!(server.post("/api/sweep", &sweep.to_string()).status, 200);
    assert!(begun.elapsed() < AT_ONCE, "they are still at work after {:?}", begun.elapsed());
}

#[test]
fn time_and_the_end_of_the_server_end_a_sweep_in_the_midst_of_its_run() {
    let survey = Duration::from_millis(300);
    let mut server = Server::with(Patience { survey, ..Patience::default() }, None);
    let begun = Instant::now();
    let told: Vec<Json> = lines(post_from(&server, VANDAL, "", "/api/sweep", &endless_sweep())).collect();
    assert_eq!(told.last().unwrap()["done"]["partial"], true, "{told:?}");
    assert!(begun.elapsed() < survey + AT_ONCE, "{:?}", begun.elapsed());
    server.stop();

    let mut server = Server::start();
    let mut told = lines(post_from(&server, VANDAL, "", "/api/sweep", &endless_sweep()));
    assert!(told.next().unwrap().get("plan").is_some());
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    assert_eq!(told.last().unwrap()["done"]["partial"], true);
}

#[test]
fn many_connections_that_say_nothing_or_half_of_it_keep_nobody_out() {
    let server = Server::start();
    let begins = |nth: usize| -> io::Result<TcpStream> {
        let mut stream = server.connect_from(VANDAL)?;
        if nth.is_multiple_of(2) {
            stream.write_all(b"GET / HTTP/1.1\r\nhost: local")?;
        }
        Ok(stream)
    };
    let mut open: Vec<TcpStream> = (0..1100).map_while(|nth| begins(nth).ok()).collect();
    if open.len() < 1100 {
        // This process may have no more files, and the client needs some, too.
        open.drain(..20);
    }
    for seed in 0..5 {
        assert_fresh_run_at_once(&server, seed);
    }
    // The oldest had to make room.
    open[0].set_read_timeout(Some(AT_ONCE)).unwrap();
    assert_eq!(open[0].read(&mut [0]).unwrap_or(0), 0);
    // Even one that has the vandal's address comes in.
    let begun = Instant::now();
    let mut same = post_from(&server, VANDAL, "", "/api/run", &json!({ "scenario": "three-generals", "seed": 77 }));
    assert_eq!(Answer::read(&mut same).unwrap().status, 200);
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
}

/// Requests of a few kilobytes, or of the largest size, that would be much more if they were taken
/// at their word.
#[test]
fn what_would_grow_is_refused_before_it_has() {
    let server = Server::start();
    let many = |part: &str, separator: &str| vec![part; 1_200_000 / (part.len() + separator.len())].join(separator);
    let ranges = json!({ "order": { "scenario": "last-messenger" }, "over": vec!["a=0..9999"; 80_000] });
    let one_key = json!({ "order": { "scenario": "last-messenger" }, "over": [format!("a={}", many("0..9999", ","))] });
    let keys: String = (0..40_000).map(|key| format!("\"k{key}\" = \"0..9999\"\n")).collect();
    let grid = json!({ "text": format!("title = \"a\"\n[sweep.over]\n{keys}") });
    let parts: String = (0..100_000).map(|key| format!("&k{key}=1")).collect();
    let link = json!({ "link": format!("v=1&scenario=last-messenger{parts}") });
    for (path, body) in [
        ("/api/sweep", &ranges),
        ("/api/sweep", &one_key),
        ("/api/run", &grid),
        ("/api/sweep", &json!({ "order": grid })),
        ("/api/run", &link),
    ] {
        let begun = Instant::now();
        let mut asked = post_from(&server, VANDAL, "", path, body);
        assert_fresh_run_at_once(&server, 1);
        let answer = Answer::read(&mut asked).unwrap();
        let told: String = answer.text().chars().take(200).collect();
        assert_eq!(answer.status, 422, "{told}");
        assert!(begun.elapsed() < 5 * AT_ONCE, "{:?} for {told}", begun.elapsed());
    }
}
