//! Every route, asked as the page asks.

use std::io::Read;
use std::sync::Arc;

use dsys::library::{self, Library};
use dsys::problems::SHIPPED;
use dsys::report::{self, Claims};
use dsys::scenario::Request;
use dsys::stage::share::Link;
use dsys::stage::{Options, Patience};
use flate2::read::GzDecoder;
use serde_json::{Value as Json, json};

use crate::client::{Answer, Server};

#[test]
fn the_page_and_its_files_come_with_types_and_are_kept_until_they_change() {
    let server = Server::start();
    let page = server.get("/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(server.get("/index.html").body, page.body);
    let again = server.get_with("/", &format!("if-none-match: \"other\", {}", page.header("etag")));
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), page.header("etag"));
    assert_eq!(server.get_with("/", "if-none-match: \"other\"").status, 200);
    let head = server.say(format!("HEAD / HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", server.address));
    assert_eq!((head.status, head.header("etag")), (200, page.header("etag")));
    for part in dsys::stage::files() {
        let asset = server.get(&format!("/{part}"));
        assert_eq!(asset.status, 200, "{part}");
        let ending = part.rsplit('.').next().unwrap();
        let expect = match ending {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "html" => "text/html; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("{part}: a file of the kind {other}"),
        };
        assert_eq!(asset.header("content-type"), expect, "{part}");
    }
}

#[test]
fn what_shrinks_comes_gzipped_to_those_who_can_read_it() {
    let server = Server::start();
    let plain = server.get("/api/library");
    assert_eq!(plain.header("content-encoding"), "");
    for accepted in ["gzip", "br, GZIP;q=0.5".to_lowercase().as_str(), "*"] {
        let packed = server.get_with("/api/library", &format!("accept-encoding: {accepted}"));
        assert_eq!(packed.header("content-encoding"), "gzip", "{accepted}");
        assert_eq!(packed.header("vary"), "accept-encoding");
        let mut text = Vec::new();
        GzDecoder::new(&packed.body[..]).read_to_end(&mut text).unwrap();
        assert!(text == plain.body && packed.body.len() * 3 < text.len());
    }
    for refused in ["br", "gzip;q=0", "identity"] {
        let answer = server.get_with("/api/library", &format!("accept-encoding: {refused}"));
        assert_eq!(answer.header("content-encoding"), "", "{refused}");
    }
}

#[test]
fn every_answer_tells_the_browser_to_keep_it_in() {
    let server = Server::start();
    let refused = server.get_with("/", "origin: http://evil.example");
    for answer in [server.get("/"), server.get("/api/library"), server.get("/nothing"), refused] {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[test]
fn the_library_has_every_scenario_and_its_file() {
    let server = Server::start();
    let library = server.get("/api/library").json();
    assert_eq!(library["version"], env!("CARGO_PKG_VERSION"));
    let problems = library["problems"].as_array().unwrap();
    let names: Vec<&str> = problems.iter().map(|problem| problem["name"].as_str().unwrap()).collect();
    assert_eq!(names, dsys::problems::SHIPPED.problems.iter().map(|problem| problem.name).collect::<Vec<_>>());
    let mut told: Vec<&str> = Vec::new();
    for problem in problems {
        told.extend(problem["scenarios"].as_array().unwrap().iter().map(|story| story["path"].as_str().unwrap()));
        for protocol in problem["protocols"].as_array().unwrap() {
            assert!(protocol["params"].is_object() && protocol["properties"].is_array(), "{protocol}");
        }
    }
    let mut shipped: Vec<String> = library::stories().iter().map(library::Story::path).collect();
    shipped.sort();
    told.sort_unstable();
    assert_eq!(told, shipped);
    for story in library::stories() {
        let file = server.get(&format!("/api/scenario/{}", story.path()));
        assert_eq!((file.status, file.text()), (200, story.text.as_str()));
        assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
    }
    let missing = server.get("/api/scenario/byzantine-generals/three-general");
    assert_eq!(missing.status, 404);
    assert!(missing.error().contains("did you mean `three-generals`"), "{}", missing.text());
}

/// The report as the command line makes it.
fn report_of(story: &library::Story, force: &[String]) -> Json {
    let origin = format!("{}.toml", story.path());
    let request = Request { name: &story.name, origin: &origin, text: &story.text, set: &[], force, seed: None };
    let scenario = SHIPPED.load(&request).unwrap();
    serde_json::json!(report::run(&scenario, Claims::IfUntouched).unwrap())
}

#[test]
fn every_scenario_runs_as_it_does_on_the_command_line() {
    let server = Server::start();
    for story in library::stories() {
        let answer = server.post("/api/run", &json!({ "scenario": story.path() }).to_string());
        assert_eq!(answer.status, 200, "{}: {}", story.path(), answer.text());
        let answer = answer.json();
        assert_eq!(answer["report"], report_of(&story, &[]), "{}", story.path());
        assert_eq!(answer["order"]["scenario"], story.path());
        assert!(answer["show"].is_object());
    }
}

#[test]
fn what_is_changed_is_what_runs() {
    let server = Server::start();
    let story = library::find("three-generals").unwrap();
    let order = json!({ "scenario": "three-generals", "seed": "1", "force": [["bob:alice:1", "attack"]] });
    let answer = server.post("/api/run", &order.to_string()).json();
    let mut expect = report_of(&story, &["bob:alice:1=attack".to_owned()]);
    expect["settings"] = answer["report"]["settings"].clone();
    assert_eq!(answer["report"], expect);
    assert_eq!(answer["command"], "dsys run three-generals --seed 1 --force bob:alice:1=attack");
    let order = json!({ "text": story.text, "scenario": "mine", "set": [["nodes", "4"], ["params.m", "1"]] });
    let answer = server.post("/api/run", &order.to_string()).json();
    assert_eq!(answer["report"]["settings"], json!({ "nodes": "4", "params.m": "1" }));
    assert_eq!(answer["report"]["scenario"], "mine");
    assert!(answer["command"].as_str().unwrap().starts_with("dsys run mine.toml "));
}

#[test]
fn a_link_replays_the_run_that_it_came_from() {
    let server = Server::start();
    let text = library::find("last-messenger").unwrap().text;
    let orders = [
        json!({ "scenario": "three-generals", "seed": u64::MAX.to_string(), "set": [["nodes", "4"]] }),
        json!({ "scenario": "byzantine-generals/three-generals", "force": [["bob:alice:1", "attack+retreat"]] }),
        json!({ "text": text, "scenario": "ma petite scène", "force": [["alice:bob:1", "lose"]] }),
    ];
    for order in orders {
        let first = server.post("/api/run", &order.to_string()).json();
        let link = first["link"].as_str().unwrap_or_else(|| panic!("{first}"));
        let order = json!({ "link": format!("#{link}&event=5") });
        let second = server.post("/api/run", &order.to_string()).json();
        assert_eq!(second["report"]["trace_hash"], first["report"]["trace_hash"], "{link}");
        assert_eq!(second["report"]["properties"], first["report"]["properties"], "{link}");
        assert_eq!((&second["link"], &second["event"]), (&first["link"], &json!(5)));
        assert_eq!(second["remarks"], json!([]));
    }
    let hash = library::catalogue::scenarios(&Library::shipped()).unwrap()[0].1.hash.clone();
    assert_eq!(hash.len(), 16);
    let old = json!({ "link": "v=1&dsys=0.0.1&scenario=two-generals/last-messenger&hash=0000000000000000" });
    let remarks = server.post("/api/run", &old.to_string()).json()["remarks"].to_string();
    assert!(remarks.contains("has changed since") && remarks.contains("dsys 0.0.1"), "{remarks}");
}

#[test]
fn what_is_wrong_with_a_scenario_is_told_with_its_place() {
    let server = Server::start();
    let check = |order: Json, line: Json, column: Json, flag: Json, message: &str| {
        let answer = server.post("/api/run", &order.to_string());
        assert_eq!(answer.status, 422, "{}", answer.text());
        let error = &answer.json()["error"];
        let finding = &error["findings"][0];
        assert_eq!((&finding["line"], &finding["column"], &finding["flag"]), (&line, &column, &flag), "{finding}");
        assert!(finding["message"].as_str().unwrap().contains(message), "{finding}");
        assert!(error["report"].as_str().unwrap().contains("error: "), "{error}");
    };
    let text = "title = \"é\"\nproblem = \"two-generals\"\nprotocol = \"ack-chain\"\nnodes = [ \"a\", \"é\" ]\n";
    check(json!({ "text": text }), json!(4), json!(16), Json::Null, "é");
    check(json!({ "text": "" }), Json::Null, Json::Null, Json::Null, "title");
    let flag = json!("--set nodes=x");
    check(json!({ "scenario": "three-generals", "set": [["nodes", "x"]] }), Json::Null, Json::Null, flag, "`nodes`");
}

#[test]
fn a_run_can_be_taken_home_in_every_form() {
    let server = Server::start();
    let export = |ending: &str| {
        let answer = server.post(&format!("/api/export/{ending}"), r#"{ "scenario": "three-generals" }"#);
        assert_eq!(answer.status, 200, "{ending}: {}", answer.text());
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"three-generals.{ending}\""));
        answer
    };
    assert!(export("svg").text().starts_with("<svg"));
    assert!(export("mmd").text().starts_with("sequenceDiagram"));
    assert!(export("shiviz").text().starts_with("(?<at>"));
    assert!(export("perfetto.json").json()["traceEvents"].is_array());
    assert_eq!(export("jsonl").text().lines().count(), 23);
    assert!(export("html").text().contains("<script type=\"application/json\" id=\"recorded\">"));
    assert_eq!(server.post("/api/export/exe", r#"{ "scenario": "three-generals" }"#).status, 404);
    let named = server.post("/api/export/svg", r#"{ "scenario": "three-generals", "text": "" }"#);
    assert_eq!(named.status, 422);
}

#[test]
fn a_code_leads_to_the_public_address_and_nowhere_else() {
    let link = "v=1&dsys=0.1.0&scenario=two-generals/last-messenger&seed=1";
    let ask = |server: &Server, link: &str| -> Answer {
        let link: String = link.bytes().map(|byte| format!("%{byte:02x}")).collect();
        server.get(&format!("/api/qr?link={link}"))
    };
    let alone = Server::start();
    let answer = ask(&alone, link);
    assert_eq!(answer.status, 422);
    assert!(answer.error().contains("--listen 0.0.0.0"), "{}", answer.error());
    let reach = alone.get("/api/reach").json();
    assert_eq!((&reach["url"], &reach["all"]), (&Json::Null, &json!([])));
    assert!(reach["says"].as_str().unwrap().starts_with("No phone can open"), "{reach}");
    let server = Server::with(Default::default(), Some("http://laptop.local:7411"));
    let reach = server.get("/api/reach").json();
    assert_eq!(
        (&reach["url"], &reach["all"]),
        (&json!("http://laptop.local:7411/"), &json!(["http://laptop.local:7411/"]))
    );
    assert_eq!(server.get("/api/qr?link=v%3D1%26scenario%3Dlast-messenger&at=http://evil.example/").status, 422);
    let answer = ask(&server, link);
    assert_eq!((answer.status, answer.header("content-type")), (200, "image/svg+xml"));
    assert!(answer.text().starts_with("<svg"));
    assert_eq!(ask(&server, "http://evil.example/").status, 422);
    assert_eq!(ask(&server, &format!("v=1&scenario={}", "x".repeat(4000))).status, 422);
    assert_eq!(server.get("/api/qr").status, 400);
    assert_eq!(server.get("/api/qr?link=%ff").status, 422);
}

#[test]
fn one_that_listens_everywhere_says_where_and_answers_to_the_names_it_was_told() {
    let server = Server::of(Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        public_url: None,
        names: vec!["demo.local".parse().unwrap()],
        library: Arc::new(Library::shipped()),
        patience: Patience::default(),
    });
    let port = server.address.port();
    let with = |host: &str| server.say(format!("GET /api/reach HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"));
    let answer = with(&format!("demo.local:{port}"));
    assert_eq!(answer.status, 200);
    let reach = answer.json();
    let all: Vec<&str> = reach["all"].as_array().unwrap().iter().map(|url| url.as_str().unwrap()).collect();
    assert_eq!(all.last(), Some(&&*format!("http://demo.local:{port}/")));
    assert!(all.iter().all(|url| !url.contains("127.0.0.1")), "{all:?}");
    assert!(!reach["says"].as_str().unwrap().contains("No phone"), "{reach}");
    assert_eq!(with("other.local").status, 421);
    let code = server.get(&format!("/api/qr?link=v%3D1%26scenario%3Dlast-messenger&at={}", all[0]));
    assert_eq!((code.status, code.header("content-type")), (200, "image/svg+xml"));
}

#[test]
fn notes_come_as_html_that_only_leads_where_the_stage_can_go() {
    let server = Server::start();
    let notes = server.get("/api/notes").json();
    let notes = notes["notes"].as_array().unwrap();
    let has = |path: &str| notes.iter().any(|note| note["path"] == path);
    assert!(has("problems/two-generals.md") && has("README.md") && !has("events/template.md"));
    let mut runs = 0;
    for note in notes {
        let path = note["path"].as_str().unwrap();
        assert!(!note["title"].as_str().unwrap().is_empty(), "{note}");
        let html = server.get(&format!("/api/notes/{path}"));
        assert_eq!((html.status, html.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert!(html.text().contains("<h1>") && !html.text().contains("<script"), "{path}");
        for part in html.text().split("href=\"").skip(1) {
            let there = part.split('"').next().unwrap().replace("&amp;", "&");
            if let Some(note) = there.strip_prefix("#note=") {
                assert!(has(note.split('&').next().unwrap()), "{path}: {there}");
            } else if there.starts_with("#v=1&") {
                let link: Link = there.parse().unwrap_or_else(|error| panic!("{path}: {there}: {error}"));
                assert!(library::find(&link.scenario).is_ok(), "{path}: {there}");
                runs += 1;
            } else {
                let is_web = ["https://", "http://", "mailto:", "#"].iter().any(|begins| there.starts_with(begins));
                assert!(is_web, "{path}: {there}");
            }
        }
    }
    assert!(runs > 20, "only {runs} runs are linked");
    for none in
        ["nothing.md", "../Cargo.toml", "..%2fCargo.toml", "%2e%2e/Cargo.toml", "problems", "problems/", "%ff.md"]
    {
        assert_eq!(server.get(&format!("/api/notes/{none}")).status, 404, "{none}");
    }
}

#[test]
fn what_a_change_came_to_is_told_with_its_events() {
    let server = Server::start();
    let before = json!({ "scenario": "last-messenger" });
    let after = json!({ "scenario": "last-messenger", "force": [["bob:alice:2", "deliver"]] });
    let told = |after: &Json| {
        let answer = server.post("/api/fork", &json!({ "before": before, "after": after }).to_string());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["clauses"].as_array().unwrap().clone()
    };
    assert_eq!(told(&before), Vec::<Json>::new());
    let clauses = told(&after);
    assert!(clauses[0]["says"].as_str().unwrap().contains("the network lost it"), "{clauses:?}");
    let events = server.post("/api/run", &after.to_string()).json()["show"]["events"].as_array().unwrap().len() as u64;
    let pointed = clauses.iter().flat_map(|clause| clause["after"].as_array().unwrap());
    assert!(
        pointed.clone().count() > 1 && pointed.clone().all(|event| event.as_u64().unwrap() < events),
        "{clauses:?}"
    );
    let answer = server.post("/api/fork", &json!({ "before": before, "after": { "scenario": "nobody" } }).to_string());
    assert_eq!(answer.status, 404, "{}", answer.text());
}
