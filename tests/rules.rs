//! Where each rule of a paper stands in the code: `docs/rules.md`, made from the protocols' own
//! files.
//!
//! The header of a protocol's file numbers the steps of its algorithm, and a comment `// Step 2.`
//! stands where a step is carried out. This test finds every place of every step, so that none can
//! get lost, and writes the table: `UPDATE_GOLDENS=1 cargo test --test rules`. What several
//! protocols of a problem share names them: `// at-least-once, step 1; dedup, step 1.`

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dsys::problems::{Entry, Problem, SHIPPED};

/// The steps of an algorithm as a header tells them: each with its number.
type Steps = Vec<(u32, String)>;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The steps that a file's header numbers. A header may number more than one list.
fn steps(header: &str) -> Steps {
    let mut steps = Steps::new();
    for paragraph in header.split("\n\n") {
        let paragraph = paragraph.replace('\n', " ");
        let mut next = 1;
        let mut rest = paragraph.as_str();
        while let Some((_, after)) = rest.split_once(&format!("({next}) ")) {
            let end = [format!("({}) ", next + 1), "(1) ".to_owned()];
            let end = end.iter().filter_map(|marker| after.find(marker)).min();
            let text = match end {
                // What stands between two lists is no part of the first one's last step.
                Some(end) if after[end..].starts_with("(1) ") => {
                    after[..end].rsplit_once(". ").map_or(&after[..end], |(step, _)| step)
                }
                Some(end) => &after[..end],
                // A step may be several sentences: the last one ends with its paragraph.
                None => after,
            };
            steps.push((next, text.trim().trim_end_matches([';', '.', ',']).trim_end_matches(" and").to_owned()));
            rest = after;
            next = if end.is_some_and(|end| after[end..].starts_with("(1) ")) { 1 } else { next + 1 };
        }
    }
    steps
}

/// The numbers of the steps that a comment speaks of: `Step 3, and then step 1`, `Steps 3 to 5`.
fn numbers(comment: &str) -> Vec<u32> {
    let comment = comment.to_lowercase();
    let mut found = Vec::new();
    for (at, word) in comment.match_indices("step") {
        let rest = comment[at + word.len()..].trim_start_matches('s');
        let Some(rest) = rest.strip_prefix(' ') else { continue };
        let rest = rest.trim_start_matches('(');
        let list: String = rest.chars().take_while(|c| c.is_ascii_digit() || ", andto".contains(*c)).collect();
        let mut range = None;
        for word in list.split([' ', ',']).filter(|word| !word.is_empty()) {
            match (word.parse::<u32>(), range) {
                (Ok(last), Some(first)) => found.extend(first + 1..=last),
                (Ok(number), None) => found.push(number),
                _ => {}
            }
            range = if word == "to" { found.last().copied() } else { None };
        }
    }
    found
}

/// A place in the code: a file below `src/problems`, and a function in it. A function whose name
/// stands more than once in its file is named with its type: `Sender::timer`.
type Place = (String, String);

/// Where the steps of a protocol are carried out, in its own files and, by its name, in those that
/// its problem shares.
fn places(problem: &Problem, entry: &Entry) -> BTreeMap<u32, Vec<Place>> {
    let folder = here("src/problems").join(problem.name.replace('-', "_"));
    let own = entry.name.replace('-', "_");
    let mut places: BTreeMap<u32, Vec<Place>> = BTreeMap::new();
    for path in rust_files(&folder) {
        let within = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
        let is_own = within == format!("{own}.rs") || within.starts_with(&format!("{own}/"));
        let text = fs::read_to_string(&path).unwrap();
        for (function, comment) in comments(&text) {
            let mine = match is_own {
                true => numbers(&comment),
                false => comment
                    .split(';')
                    .filter_map(|part| part.trim().strip_prefix(&format!("{}, ", entry.name)))
                    .flat_map(numbers)
                    .collect(),
            };
            for number in mine {
                let place = (format!("{}/{within}", problem.name.replace('-', "_")), function.clone());
                let known = places.entry(number).or_default();
                if !known.contains(&place) {
                    known.push(place);
                }
            }
        }
    }
    places
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The comments of a file, each with the function that it stands in or before; tests and the header
/// left out.
fn comments(text: &str) -> Vec<(String, String)> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines: Vec<&str> = code.lines().collect();
    let functions = functions(&lines);
    let shown = |function: &Function| {
        let namesakes = functions.iter().filter(|other| other.name == function.name).count();
        match &function.of {
            Some(of) if namesakes > 1 => format!("{of}::{}", function.name),
            _ => function.name.clone(),
        }
    };
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((_, comment)) = line.split_once("//") else { continue };
        let function = match comment.strip_prefix('/') {
            Some(_) => functions.iter().find(|function| function.at >= at),
            None if comment.starts_with('!') => continue,
            None => functions.iter().rfind(|function| function.at <= at),
        };
        let comment = comment.trim_start_matches('/').trim().to_owned();
        found.extend(function.map(|function| (shown(function), comment)));
    }
    found
}

/// A function of a file.
struct Function {
    /// The line on which it begins.
    at: usize,
    /// The type or the trait that it belongs to.
    of: Option<String>,
    name: String,
}

/// The functions of a file, in order.
fn functions(lines: &[&str]) -> Vec<Function> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let (mut of, mut found) = (None, Vec::new());
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        match *line {
            "}" => of = None,
            head if head.starts_with("impl") && head.ends_with('{') => of = Some(word(implementing(head))),
            head if head.contains("trait ") && head.ends_with('{') => {
                of = head.split_once("trait ").map(|(_, name)| word(name));
            }
            _ => {}
        }
        let name = line.split_once("fn ").map(|(_, rest)| word(rest)).unwrap_or_default();
        if !name.is_empty() {
            found.push(Function { at, of: of.clone(), name });
        }
    }
    found
}

/// What follows the head of an implementation: its type, and what is behind that.
fn implementing(head: &str) -> &str {
    if let Some((_, of)) = head.split_once(" for ") {
        return of;
    }
    // `impl<S: Stamper> Worker<S> {`: the type stands behind what closes the first bracket.
    let head = head.trim_start_matches("impl");
    let mut open = 0;
    let end = head.char_indices().find_map(|(at, c)| {
        open += i32::from(c == '<') - i32::from(c == '>');
        (open == 0).then_some(at + c.len_utf8())
    });
    let behind = if head.starts_with('<') { &head[end.unwrap_or_default()..] } else { head };
    behind.trim_start()
}

#[test]
fn every_step_of_a_paper_has_a_place_in_the_code() {
    let mut table = String::from(
        "# From a paper's rule to the code\n\nWritten by `UPDATE_GOLDENS=1 cargo test --test rules` from the headers of \
         the protocols' files and the comments\nthat mark where a step is carried out. Files stand below \
         `src/problems/`.\n",
    );
    let mut lost = Vec::new();
    for (problem, entry) in SHIPPED.protocols() {
        let file = format!("{}/{}.rs", problem.name.replace('-', "_"), entry.name.replace('-', "_"));
        let text = fs::read_to_string(here("src/problems").join(&file)).unwrap();
        let header = text.lines().take_while(|line| line.starts_with("//!"));
        let header: Vec<&str> = header.map(|line| line.trim_start_matches("//!").trim_start()).collect();
        let steps = steps(&header.join("\n"));
        let places = places(problem, entry);
        let _ = write!(table, "\n## {}: {}\n\n{}\n", entry.name, entry.title, entry.paper);
        // A protocol that has no steps says so.
        if steps.is_empty() && !header.join("\n").contains("The algorithm: none.") {
            lost.push(format!("{file}: its header numbers no steps of the algorithm: (1) …; (2) …"));
        }
        if !steps.is_empty() {
            table.push_str("\n| step | rule | where |\n|---|---|---|\n");
        }
        for (number, rule) in steps {
            let places = places.get(&number).map_or(&[][..], Vec::as_slice);
            if places.is_empty() {
                lost.push(format!("{file}: nothing says where step {number} is carried out: {rule}"));
            }
            let shown: Vec<String> = places.iter().map(|(file, function)| format!("`{file}`, `{function}`")).collect();
            let _ = writeln!(table, "| {number} | {} | {} |", rule.replace('|', "\\|"), shown.join("<br>"));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    let path = here("docs/rules.md");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&path, &table).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == table, "docs/rules.md is stale");
}

#[test]
fn a_header_is_read_step_by_step() {
    let header = "The algorithm. A(0): (1) one\nthing; (2) another. A(m): (1) the first;\n(2) the last. And its\nend.\n\nAssumes.";
    let expected = [(1, "one thing"), (2, "another"), (1, "the first"), (2, "the last. And its end")];
    let steps = steps(header);
    assert_eq!(steps.iter().map(|(number, text)| (*number, text.as_str())).collect::<Vec<_>>(), expected);
    assert_eq!(numbers("Step 3, and then step 1."), [3, 1]);
    assert_eq!(numbers("Steps 3 to 5."), [3, 4, 5]);
    assert_eq!(numbers("Steps 1 and 2: a stepping stone"), [1, 2]);
    assert!(numbers("a step of the clock").is_empty());
}

#[test]
fn a_function_is_named_with_its_type_if_its_name_is_not_enough() {
    let text = "impl<S: Of<T>> Process<Ring<S>> for Sender<S> {\n    fn timer() {\n        // Step 1.\n    }\n}\n\n\
                impl<S: Of<T>> Receiver<S> {\n    /// Step 2.\n    fn timer() {}\n\n    fn only() {\n        // Step 3.\n    }\n}\n\n\
                trait Both {\n    fn timer() {\n        // Step 4.\n    }\n}\n\n/// Step 5.\nfn timer() {}\n";
    let found = comments(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, comment)| (name.as_str(), comment.as_str())).collect();
    let expected = [
        ("Sender::timer", "Step 1."),
        ("Receiver::timer", "Step 2."),
        ("only", "Step 3."),
        ("Both::timer", "Step 4."),
        ("timer", "Step 5."),
    ];
    assert_eq!(found, expected);
}
