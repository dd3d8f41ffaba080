//! The house rules that a compiler does not know: which layer may import which, how files begin,
//! how long they get.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer, and those that it may import; what is above them all, [`TOP`], may import anything.
/// The order is the reading order of `lib.rs`.
const LAYERS: &[(&str, &[&str])] = &[
    ("arrange", &[]),
    ("time", &[]),
    ("process", &["time", "arrange"]),
    ("scenario", &["process", "time", "arrange"]),
    ("trace", &["process", "time", "arrange"]),
    ("sim", &["process", "scenario", "trace", "time", "arrange"]),
    ("check", &["process", "scenario", "trace", "time", "arrange"]),
    ("problems", &["check", "sim", "process", "scenario", "trace", "time", "arrange"]),
    ("report", &["problems", "check", "sim", "process", "scenario", "trace", "time", "arrange"]),
    ("explore", &["report", "problems", "check", "sim", "process", "scenario", "trace", "time", "arrange"]),
    ("view", &["explore", "report", "problems", "check", "scenario", "trace", "process", "time", "arrange"]),
    (
        "bench",
        &["view", "explore", "report", "problems", "check", "sim", "process", "scenario", "trace", "time", "arrange"],
    ),
    ("library", &["problems", "scenario", "arrange"]),
    (
        "notes",
        &[
            "library", "view", "explore", "report", "problems", "check", "scenario", "trace", "process", "time",
            "arrange",
        ],
    ),
    (
        "stage",
        &[
            "notes", "library", "view", "explore", "report", "problems", "check", "sim", "scenario", "trace",
            "process", "time", "arrange",
        ],
    ),
];

/// The layer that may import any other.
const TOP: &str = "cli";

/// A file that is longer than this is two files.
const MOST_LINES: usize = 700;

fn files_under(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string()
}

/// The layer that a file of `src/` belongs to; `None` for `lib.rs` and `main.rs`.
fn layer_of(path: &Path) -> Option<String> {
    let inside = shown(path);
    let first = inside.strip_prefix("src/").unwrap().split('/').next().unwrap();
    let layer = first.trim_end_matches(".rs");
    (layer != "lib" && layer != "main").then(|| layer.to_owned())
}

/// The layers that a text imports by `crate::LAYER`, with the line of the first mention. What a
/// test module imports does not count: a test may use whatever shows what it tests.
fn imports(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (number, line) in text.lines().enumerate().take_while(|(_, line)| !line.starts_with("#[cfg(test)]")) {
        if line.trim_start().starts_with("//") {
            continue;
        }
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            found.entry(name).or_insert(number + 1);
        }
    }
    found
}

#[test]
fn a_layer_imports_only_what_is_below_it() {
    let mut wrong = Vec::new();
    for path in files_under("src", "rs") {
        let Some(layer) = layer_of(&path) else { continue };
        if layer == TOP || shown(&path).ends_with("/tests.rs") {
            continue;
        }
        let allowed = LAYERS.iter().find(|(name, _)| *name == layer);
        let (_, allowed) =
            allowed.unwrap_or_else(|| panic!("{}: `{layer}` is not in the table of layers", shown(&path)));
        for (import, line) in imports(&fs::read_to_string(&path).unwrap()) {
            let is_layer = import == TOP || LAYERS.iter().any(|(name, _)| *name == import);
            if is_layer && import != layer && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{}:{line}: `{layer}` may not import `{import}`", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_problem_imports_no_other_problem() {
    let problems: Vec<String> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/problems"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(!problems.is_empty());
    for path in files_under("src/problems", "rs") {
        let inside = shown(&path);
        let text = fs::read_to_string(&path).unwrap();
        for other in problems.iter().filter(|problem| inside.matches('/').count() > 2 && !inside.contains(*problem)) {
            assert!(!text.contains(&format!("problems::{other}")), "{inside} imports the problem {other}");
        }
    }
}

#[test]
fn every_file_begins_with_what_it_is_and_none_is_too_long() {
    for folder in ["src", "tests", "benches", "engine", "examples", "machines"] {
        for path in files_under(folder, "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().count();
            assert!(text.starts_with("//! "), "{} does not begin with `//!`", shown(&path));
            assert!(lines <= MOST_LINES, "{} has {lines} lines; {MOST_LINES} is the most", shown(&path));
        }
    }
}

/// The files of the page, each with its text.
fn page() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/stage/assets");
    dsys::stage::files().map(|name| (name.to_string(), fs::read_to_string(folder.join(&*name)).unwrap())).collect()
}

/// Addresses that name something and lead nowhere: nobody fetches them.
const NAMES: &[&str] = &["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/xlink"];

#[test]
fn the_page_asks_no_other_host() {
    for (name, text) in page() {
        let mut text = text.replace("://127.0.0.1", "");
        for known in NAMES {
            text = text.replace(known, "");
        }
        // A comment's or a string's `//` follows a blank or a quote; an address has its scheme
        // before it, or a quote.
        for foreign in ["http:", "https:", "ws://", "wss:", "ftp:", "\"//", "'//", "(//", "`//", "sourceMappingURL"] {
            assert!(!text.contains(foreign), "{name} has `{foreign}`: the page asks nobody but its own server");
        }
    }
}

#[test]
fn the_page_can_be_one_file_and_needs_no_inline_code() {
    for (name, text) in page() {
        let refuse = |words: &[&str]| {
            for word in words {
                assert!(!text.contains(word), "{name} has `{word}`");
            }
        };
        match name.rsplit('.').next() {
            // What the policy of the server forbids: code and styles that are in the page itself.
            Some("html") => refuse(&["<style", "<script>", " style=\"", " onclick=", " onload=", "javascript:"]),
            Some("js") => refuse(&["eval(", "new Function", "innerHTML", "insertAdjacentHTML", "document.write"]),
            Some("css") => {
                refuse(&["@import"]);
                let outside = text.match_indices("url(").find(|(at, _)| !text[at + "url(".len()..].starts_with('#'));
                assert!(outside.is_none(), "{name} mentions a file: what it needs is in the page");
            }
            _ => {}
        }
        assert!(text.lines().count() <= MOST_LINES, "{name} is too long for one file");
    }
    let page = dsys::stage::record::page("A & <title>", r#"{"text":"</script>"}"#).unwrap();
    assert!(page.contains("<title>A &amp; &lt;title></title>"));
    assert!(!page.contains(" src=") && !page.contains("rel=\"stylesheet\""), "a file that is not in the file");
    // Each module is in the import map under the name by which the others call it.
    let map =
        page.split_once("<script type=\"importmap\">").and_then(|(_, rest)| rest.split_once("</script>")).unwrap().0;
    let map: serde_json::Value = serde_json::from_str(map).unwrap();
    for (name, address) in map["imports"].as_object().unwrap() {
        assert!(name.starts_with("stage/") && address.as_str().unwrap().starts_with("data:text/javascript;base64,"));
    }
}

#[test]
fn the_page_is_light() {
    let mut packed = 0;
    for (_, text) in page() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        packed += encoder.finish().unwrap().len();
    }
    assert!(packed < 300 << 10, "{packed} bytes gzipped; 300 KiB is the most");
}

#[test]
fn every_protocol_is_named_in_a_shipped_scenario_and_says_its_paper() {
    let scenarios: String = files_under("scenarios", "toml").iter().map(|p| fs::read_to_string(p).unwrap()).collect();
    for problem in dsys::problems::SHIPPED.problems {
        for entry in problem.protocols {
            let uses = |line: &str| line.replace(' ', "") == format!("protocol=\"{}\"", entry.name);
            assert!(scenarios.lines().any(uses), "no shipped scenario uses {} / {}", problem.name, entry.name);
            let folder = problem.name.replace('-', "_");
            let file = format!("src/problems/{folder}/{}.rs", entry.name.replace('-', "_"));
            let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).unwrap();
            let header: String = text.lines().take_while(|line| line.starts_with("//!")).collect();
            for part in ["Assumes", "eparture", "notes/problems/"] {
                assert!(header.contains(part), "the header of {file} says nothing of `{part}`");
            }
        }
    }
}

/// What a view draws, a protocol's entry and its facts say: no view names a problem, a protocol, or
/// what a protocol tells.
#[test]
fn no_view_knows_a_protocol() {
    let problems = dsys::problems::SHIPPED.problems;
    let entries = problems.iter().flat_map(|problem| problem.protocols.iter().copied());
    let told = |entry: &'static dsys::problems::Entry| [&[entry.name], entry.decisions].concat();
    let names: Vec<&str> = problems.iter().map(|problem| problem.name).chain(entries.flat_map(told)).collect();
    let files = [files_under("src/view", "rs"), files_under("src/stage", "rs"), files_under("src/stage/assets", "js")];
    let mut known = Vec::new();
    for path in files.concat().iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let literals = |name: &str| ['"', '\'', '`'].map(|quote| format!("{quote}{name}{quote}"));
        let has = |name: &&&str| literals(name).iter().any(|literal| text.contains(literal));
        known.extend(names.iter().filter(has).map(|name| format!("{}: {name}", shown(path))));
    }
    assert!(known.is_empty(), "views that know a protocol: {known:#?}");
}

/// The widest that a comment gets, in columns.
const WIDEST_COMMENT: usize = 100;

#[test]
fn no_comment_is_too_wide() {
    let mut wide = Vec::new();
    for folder in ["src", "tests", "benches", "engine", "examples", "machines", "fuzz/fuzz_targets"] {
        for path in files_under(folder, "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut is_drawing = false;
            for (number, line) in text.lines().enumerate() {
                let Some(comment) = line.trim_start().strip_prefix("//") else { continue };
                // A row of a table is one line.
                if comment.trim_start_matches(['/', '!', ' ']).starts_with('|') {
                    continue;
                }
                let is_fence = comment.trim_start_matches(['/', '!', ' ']).starts_with("```");
                is_drawing ^= is_fence;
                if !is_drawing && line.chars().count() > WIDEST_COMMENT {
                    wide.push(format!("{}:{}", shown(&path), number + 1));
                }
            }
        }
    }
    assert!(wide.is_empty(), "comments beyond column {WIDEST_COMMENT}: {}", wide.join(", "));
}

#[test]
fn whatever_has_tests_or_benchmarks_runs_by_default() {
    let manifest: toml::Table =
        toml::from_str(&fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap()).unwrap();
    let list = |key: &str| -> Vec<String> {
        manifest["workspace"][key].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let default = list("default-members");
    assert!(default.contains(&".".to_owned()), "the program itself");
    for member in list("members") {
        let has = |path: &PathBuf| {
            let text = fs::read_to_string(path).unwrap();
            ["#[test]", "proptest!", "libtest_mimic::"].iter().any(|mark| text.contains(mark))
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(&member);
        let measures = fs::read_to_string(folder.join("Cargo.toml")).unwrap().contains("[[bench]]");
        let needed = measures || files_under(&member, "rs").iter().any(has);
        assert!(!needed || default.contains(&member), "`{member}` is no default member, and has what should run");
    }
}

/// The lists of problems in two texts are written from the registry: by UPDATE_GOLDENS.
#[test]
fn the_texts_that_list_the_problems_list_them_all() {
    let problems = dsys::problems::SHIPPED.problems;
    let note = |name: &str| format!("problems/{name}.md");
    let row = |problem: &&dsys::problems::Problem| {
        format!("| {} | {} | [notes](notes/{}) |", problem.title, problem.summary, note(problem.name))
    };
    check_lines("README.md", "](notes/problems/", &problems.iter().map(row).collect::<Vec<_>>());
    let item = |(number, problem): (usize, &&dsys::problems::Problem)| {
        format!("{number}. [{}]({})", problem.title, note(problem.name))
    };
    check_lines("notes/README.md", ". [", &(1..).zip(problems).map(item).collect::<Vec<_>>());
}

/// Holds the lines that follow each other in a file, from the first on that has `mark` in it,
/// against what they must be.
fn check_lines(file: &str, mark: &str, wanted: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| line.contains(mark)).unwrap();
    let end = start + lines[start..].iter().take_while(|line| line.contains(mark)).count();
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        let wanted = wanted.iter().map(String::as_str);
        let new: Vec<&str> = lines[..start].iter().copied().chain(wanted).chain(lines[end..].iter().copied()).collect();
        return fs::write(&path, new.join("\n") + "\n").unwrap();
    }
    assert_eq!(lines[start..end], *wanted, "{file} is stale: UPDATE_GOLDENS=1 cargo test --test tidy writes it anew");
}
