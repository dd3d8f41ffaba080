//! What no honest client says: the right status each time, and the server goes on.

use std::io::{Read, Write};
use std::time::Duration;

use dsys::library;
use dsys::stage::Patience;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::client::{Answer, Server};

#[test]
fn only_what_is_meant_for_this_server_is_answered() {
    let server = Server::start();
    let with = |target: &str, headers: &str| {
        server.say(format!("GET {target} HTTP/1.1\r\n{headers}connection: close\r\n\r\n")).status
    };
    let host = format!("host: {}\r\n", server.address);
    let port = server.address.port();
    assert_eq!(with("/", &host), 200);
    assert_eq!(with("/", &format!("host: localhost:{port}\r\n")), 200);
    assert_eq!(with("/", "host: evil.example\r\n"), 421);
    assert_eq!(with("/api/library", &format!("host: 127.0.0.1.evil.example:{port}\r\n")), 421);
    assert_eq!(with("http://evil.example/", &host), 421);
    assert_eq!(with("/", ""), 400);
    assert_eq!(with("/", "host:\r\n"), 400);
    assert_eq!(with("/", &format!("{host}{host}")), 400);
    assert_eq!(with("/", "host: a b\r\n"), 421);
    assert_eq!(with("/", &format!("{host}origin: http://{}\r\n", server.address)), 200);
    for foreign in ["http://evil.example", "null", "", "http://localhost:1", "https://127.0.0.1.evil.example"] {
        assert_eq!(with("/", &format!("{host}origin: {foreign}\r\n")), 403, "{foreign}");
    }
}

#[test]
fn a_public_address_is_one_more_name() {
    let server = Server::with(Patience::default(), Some("https://dsys.example/stage"));
    let with = |headers: &str| server.say(format!("GET / HTTP/1.1\r\nconnection: close\r\n{headers}\r\n\r\n")).status;
    assert_eq!(with("host: dsys.example"), 200);
    assert_eq!(with("host: dsys.example\r\norigin: https://dsys.example"), 200);
    assert_eq!(with(&format!("host: {}\r\norigin: https://dsys.example", server.address)), 200);
    assert_eq!(with("host: www.dsys.example"), 421);
    assert_eq!(with("host: dsys.example\r\norigin: https://evil.example"), 403);
}

#[test]
fn no_path_leads_out_of_the_page() {
    let server = Server::start();
    let out = [
        "/../Cargo.toml",
        "/..%2fCargo.toml",
        "/%2e%2e/%2e%2e/Cargo.toml",
        "/....//Cargo.toml",
        "/./index.html",
        "//index.html/",
        "/assets/../../mod.rs",
        "/..\\..\\mod.rs",
        "/index.html%00.js",
        "/C:/index.html",
        "/.git/config",
        "/mod.rs",
        "/etc/passwd",
        "/api",
        "/api/",
        "/api/../index.html",
        "/api/scenario/byzantine-generals/../three-generals",
        "/api/scenario/..%2f..%2fbyzantine-generals/three-generals",
        "/api/scenario/%2e%2e/Cargo",
        "/api/scenario/%ff/%fe",
        "/api/scenario/byzantine-generals/three-generals.toml",
    ];
    for path in out {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(!answer.text().contains("[package]") && !answer.text().contains("root:"), "{path}");
    }
    server.assert_serving();
}

#[test]
fn a_get_changes_nothing_and_nothing_else_is_asked_for_otherwise() {
    let server = Server::start();
    let with = |method: &str, path: &str| {
        let host = server.address;
        server
            .say(format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"))
    };
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        assert_eq!(with(method, "/api/run").status, 405, "{method}");
        assert_eq!(with(method, "/api/export/svg").status, 405, "{method}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(with(method, "/api/library").status, 405, "{method}");
        assert_eq!(with(method, "/index.html").status, 404, "{method}");
    }
    assert_eq!(with("GET", "/api/run").header("allow"), "POST");
}

#[test]
fn a_body_is_json_of_a_bounded_size_that_says_what_is_expected() {
    let server = Server::start();
    let post = |content_type: &str, body: &str| {
        let host = server.address;
        let length = body.len();
        server.say(format!(
            "POST /api/run HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{content_type}content-length: {length}\r\n\r\n{body}"
        ))
    };
    let run = r#"{ "scenario": "three-generals" }"#;
    assert_eq!(post("content-type: Application/JSON; charset=utf-8\r\n", run).status, 200);
    for other in ["", "content-type: text/plain\r\n", "content-type: application/x-www-form-urlencoded\r\n"] {
        assert_eq!(post(other, run).status, 415, "{other}");
    }
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for broken in ["", "{", "null", "\"three-generals\"", "{\"scenario\": 1}", "{\"scenari\": \"a\"}", "\u{0}", &deep] {
        assert_eq!(server.post("/api/run", broken).status, 400, "{broken:.40}");
    }
    for twice in [r#"{"seed": 1, "seed": 2}"#, r#"{"seed": -1}"#, r#"{"seed": 1.5}"#, r#"{"set": [["a"]]}"#] {
        assert_eq!(server.post("/api/run", twice).status, 400, "{twice}");
    }
    for wrong in [
        "{}",
        r#"{"scenario": "three-generals", "seed": "x"}"#,
        r#"{"scenario": "three-generals", "seed": "18446744073709551616"}"#,
        r#"{"scenario": "three-generals", "set": [["a=b", "c"]]}"#,
        r#"{"scenario": "three-generals", "set": [["", ""]]}"#,
        r#"{"scenario": "three-generals", "force": [["a:b:1", "lose"]]}"#,
        r#"{"link": "v=1&scenario=three-generals", "seed": 1}"#,
        r#"{"link": "three-generals"}"#,
    ] {
        assert_eq!(server.post("/api/run", wrong).status, 422, "{wrong}");
    }
    assert_eq!(server.post("/api/run", r#"{"scenario": "../three-generals"}"#).status, 404);
    assert_eq!(server.post("/api/run", r#"{"link": "v=1&scenario=nobody"}"#).status, 404);
}

#[test]
fn a_body_that_is_too_large_is_not_waited_for() {
    let server = Server::start();
    let head = |length: &str| {
        format!(
            "POST /api/run HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{length}\r\n\r\n",
            server.address
        )
    };
    // One that says so: the answer comes before the body.
    assert_eq!(server.say(head("content-length: 1073741824")).status, 413);
    // One that does not say: no more is read than is allowed.
    let mut stream = server.connect();
    stream.write_all(head("transfer-encoding: chunked").as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let sent = (0..16 * 1024).take_while(|_| stream.write_all(chunk.as_bytes()).is_ok()).count();
    assert!(sent < 1024, "{sent} chunks of 64 KiB were taken");
    // The answer is there, unless the system has thrown it away with what was not read.
    if let Ok(answer) = Answer::read(&mut stream) {
        assert_eq!(answer.status, 413);
    }
    // The largest scenario that is read fits, with all that JSON makes of it.
    let text = "#\n".repeat((1 << 20) / 2);
    let answer = server.post("/api/run", &json!({ "text": text }).to_string());
    assert_eq!(answer.status, 413, "two bytes became three");
    let text = "#".repeat(1 << 20);
    assert_eq!(server.post("/api/run", &json!({ "text": text }).to_string()).status, 422);
    assert_eq!(server.post("/api/run", &json!({ "text": "#".repeat((1 << 20) + 1) }).to_string()).status, 422);
    server.assert_serving();
}

#[test]
fn what_is_no_http_ends_there() {
    let server = Server::start();
    let lines = "x: y\r\n".repeat(20_000);
    let long = "x".repeat(200_000);
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x00\xff\xfe",
        b"POST /api/run HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        b"POST /api/run HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /api/run HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: x\r\ncontent-length: 2\r\n\r\n{}",
        format!("GET / HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n").as_bytes(),
        format!("GET /{long} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes(),
    ] {
        let mut stream = server.connect();
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        let refused = answer.is_empty() || text.starts_with("HTTP/1.1 4");
        assert!(refused, "{}: {text}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
    }
    server.assert_serving();
}

fn impatient() -> Patience {
    let short = Duration::from_millis(300);
    Patience { head: short, body: short, reader: short, end: short, ..Patience::default() }
}

#[test]
fn slow_clients_are_not_waited_for() {
    let server = Server::with(impatient(), None);
    // A head that never ends: the connection is closed.
    let mut slow = server.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nhost: local").unwrap();
    let mut nothing = Vec::new();
    slow.read_to_end(&mut nothing).unwrap();
    assert!(nothing.is_empty() || nothing.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&nothing));
    // A client that says nothing at all.
    let mut silent = server.connect();
    assert_eq!(silent.read_to_end(&mut Vec::new()).unwrap(), 0);
    // A body that never ends.
    let mut slow = server.connect();
    let head = format!(
        "POST /api/run HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
        server.address
    );
    slow.write_all(head.as_bytes()).unwrap();
    assert_eq!(Answer::read(&mut slow).unwrap().status, 408);
    server.assert_serving();
}

#[test]
fn a_client_that_reads_nothing_or_goes_away_keeps_nobody_waiting() {
    let server = Server::with(impatient(), None);
    let run = server.posted("/api/run", r#"{ "scenario": "seven-generals" }"#);
    let keeps = run.replace("connection: close\r\n", "");
    let mut deaf = Vec::new();
    for _ in 0..20 {
        // Asks and asks, and reads nothing.
        let mut stream = server.connect();
        stream.set_write_timeout(Some(Duration::from_millis(50))).unwrap();
        let _ = (0..200).take_while(|_| stream.write_all(keeps.as_bytes()).is_ok()).count();
        deaf.push(stream);
        // Goes away in the middle of its own request, and in the middle of the answer.
        let mut gone = server.connect();
        gone.write_all(&run.as_bytes()[..run.len() / 2]).unwrap();
        drop(gone);
        let mut gone = server.connect();
        gone.write_all(run.as_bytes()).unwrap();
        let _ = gone.read(&mut [0; 100]).unwrap();
        drop(gone);
    }
    server.assert_serving();
}

#[test]
fn many_connections_that_do_nothing_leave_room_for_others() {
    let server = Server::start();
    let idle: Vec<_> = (0..300).map(|_| server.connect()).collect();
    server.assert_serving();
    drop(idle);
}

/// JSON that resembles an order.
fn orders() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("three-generals".to_owned()),
        Just("nodes".to_owned()),
        Just("bob:alice:1".to_owned()),
        Just("attack".to_owned()),
        Just("fault.0.traitor.node".to_owned()),
        Just("v=1&scenario=three-generals".to_owned()),
        Just("4".to_owned()),
        Just("1e308".to_owned()),
        ".{0,12}",
    ];
    let scalar = prop_oneof![
        word.clone().prop_map(|word| json!(word)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|is| json!(is)),
        Just(json!(null)),
    ];
    let value = scalar.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            prop::collection::btree_map(".{0,8}", inner, 0..3).prop_map(|table| json!(table)),
        ]
    });
    let pairs = prop::collection::vec((word.clone(), word.clone()), 0..3).prop_map(|pairs| json!(pairs));
    let key = prop::sample::select(vec!["scenario", "text", "seed", "set", "force", "link", "other"]);
    let field = (key, prop_oneof![2 => word.prop_map(|word| json!(word)), 2 => pairs, 1 => value]);
    prop::collection::vec(field, 0..5).prop_map(|fields| {
        let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{}: {value}", json!(key))).collect();
        format!("{{ {} }}", fields.join(", "))
    })
}

/// A scenario file with a stretch of it replaced.
fn texts() -> impl Strategy<Value = String> {
    let stories: Vec<String> = library::stories().into_iter().map(|story| story.text).collect();
    let stretch = prop_oneof![
        ".{0,8}",
        Just("\n[[fault]]\n".to_owned()),
        Just("1000000".to_owned()),
        Just("-1".to_owned()),
        Just("[[[[[[".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("nan".to_owned()),
    ];
    (prop::sample::select(stories), any::<prop::sample::Index>(), 0_usize..40, stretch).prop_map(
        |(text, at, cut, put)| {
            let start = text.floor_char_boundary(at.index(text.len()));
            let end = text.ceil_char_boundary((start + cut).min(text.len()));
            json!({ "text": format!("{}{put}{}", &text[..start], &text[end..]) }).to_string()
        },
    )
}

#[test]
fn whatever_is_asked_for_gets_an_answer() {
    let server = Server::start();
    let mut runner = TestRunner::new(Config { cases: 300, ..Config::default() });
    let asked = prop_oneof![orders(), texts()];
    let routes = prop::sample::select(vec!["/api/run", "/api/run", "/api/export/svg", "/api/export/html"]);
    let outcome = runner.run(&(routes, asked), |(route, body)| {
        let answer = server.post(route, &body);
        let is_known = [200, 400, 404, 422].contains(&answer.status);
        prop_assert!(is_known, "{} of {}: {}", answer.status, body, answer.text());
        if answer.status != 200 {
            prop_assert!(!answer.error().is_empty());
        }
        Ok(())
    });
    outcome.unwrap();
    server.assert_serving();
}
