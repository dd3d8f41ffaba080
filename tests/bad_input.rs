//! What dsys says of scenarios that are wrong.
//!
//! Every `tests/bad-input/NAME.toml` is loaded, with the flags of its first line if that is `#
//! flags: …`, and what the loader says must be `NAME.err`. `UPDATE_GOLDENS=1 cargo test` writes
//! these files anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "this is how a test fails")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use dsys::problems::{Bound, SHIPPED};
use dsys::scenario::{Invalid, Request};

/// The flags of a case.
#[derive(Debug, Default)]
struct Flags {
    set: Vec<String>,
    force: Vec<String>,
    seed: Option<u64>,
}

impl Flags {
    /// Reads `# flags: --set network.loss=2 --force alice:bob:1=lose`; a word in single quotes may
    /// hold spaces.
    fn of(text: &str) -> Flags {
        let mut flags = Flags::default();
        let line = text.lines().next().and_then(|line| line.strip_prefix("# flags:")).unwrap_or_default();
        let mut words = words(line).into_iter();
        while let (Some(flag), Some(argument)) = (words.next(), words.next()) {
            match flag.as_str() {
                "--set" => flags.set.push(argument),
                "--force" => flags.force.push(argument),
                "--seed" => flags.seed = Some(argument.parse().unwrap()),
                other => panic!("no such flag: {other}"),
            }
        }
        flags
    }
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

fn load_text(name: &str, text: &str, flags: &Flags) -> Result<Bound, Invalid> {
    let origin = format!("{name}.toml");
    let Flags { set, force, seed } = flags;
    SHIPPED.load(&Request { name, origin: &origin, text, set, force, seed: *seed })
}

#[test]
fn bad_scenarios_are_refused_in_plain_words() {
    let mut cases: Vec<PathBuf> = fs::read_dir("tests/bad-input").unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    cases.sort();
    assert!(cases.len() >= 45, "only {} cases", cases.len());
    let mut differences = String::new();
    for case in &cases {
        check(case, &mut differences);
    }
    assert!(differences.is_empty(), "{differences}");
}

fn check(case: &Path, differences: &mut String) {
    let name = case.file_stem().unwrap().to_str().unwrap();
    let text = fs::read_to_string(case).unwrap();
    let said = match load_text(name, &text, &Flags::of(&text)) {
        Ok(_) => "no error\n".to_owned(),
        Err(invalid) => format!("{invalid}\n"),
    };
    let golden = case.with_extension("err");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&golden, &said).unwrap();
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    if said != expected || said == "no error\n" {
        writeln!(differences, "== {name}\n-- expected\n{expected}-- said\n{said}").unwrap();
    }
}

/// The shipped scenarios, by path.
fn shipped() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for problem in fs::read_dir("scenarios").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for path in fs::read_dir(problem).unwrap().map(|entry| entry.unwrap().path()) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn shipped_scenarios_are_accepted() {
    for (path, text) in shipped() {
        if let Err(invalid) = load_text("shipped", &text, &Flags::default()) {
            panic!("{}:\n{invalid}", path.display());
        }
    }
}

/// Loading answers, whatever it is given, and what it says can be drawn.
fn survives(text: &str, flags: &Flags) {
    if let Err(invalid) = load_text("random", text, flags) {
        assert!(invalid.count() > 0 && invalid.to_string().starts_with("error: "), "{text:?}");
        assert!(!invalid.styled().is_empty());
    }
}

#[test]
fn the_deepest_that_toml_allows_is_survived() {
    let keys = vec!["a"; 79].join(".");
    let tables = format!("{}1{}", format!("{{ {keys} = ").repeat(78), " }".repeat(78));
    let lists = format!("{}1{}", "[".repeat(78), "]".repeat(78));
    for value in [&tables, &lists] {
        for key in
            ["title", "params.x", "nodes", "fault", "fault.0.crash", "network.link", "force.x", "sweep.over.x", "x"]
        {
            survives(&format!("{key} = {value}"), &Flags::default());
            survives(EVERYTHING, &Flags { set: vec![format!("{key}={value}")], ..Flags::default() });
        }
    }
}

/// A scenario in which every key stands once.
const EVERYTHING: &str = include_str!("everything.toml");

#[test]
fn a_scenario_with_every_key_is_accepted() {
    if let Err(invalid) = load_text("everything", EVERYTHING, &Flags::default()) {
        panic!("{invalid}");
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(text in ".{0,200}") {
        survives(&text, &Flags::default());
    }

    #[test]
    fn anything_like_a_scenario_is_survived(
        words in prop::collection::vec(prop::sample::select(vec![
            "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"", "\n", "'", "#", "1", "-1", "nan", "1e999", "0x", "true", "ä",
            "title", "problem", "protocol", "nodes", "fault", "crash", "traitor", "node", "network", "link", "loss",
            "delay", "uniform", "clock", "force", "sweep", "over", "expect", "params", "m", "story", "beat", "at",
            "\"byzantine-generals\"", "\"oral\"", "\"alice\"", "\"5ms\"", "\"alice:bob:1\"", "\"0..1/0.1\"",
        ]), 0..60)
    ) {
        survives(&words.concat(), &Flags::default());
        survives(&words.join(" "), &Flags::default());
    }

    #[test]
    fn a_damaged_scenario_is_survived(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..40), 1..6)
    ) {
        let mut text: Vec<char> = EVERYTHING.chars().collect();
        for (from, to, length) in edits {
            // What stands in one place is copied over what stands in another.
            let (from, to) = (from.index(text.len()), to.index(text.len()));
            let copied: Vec<char> = text[from..text.len().min(from + length)].to_vec();
            text.splice(to..text.len().min(to + length / 2), copied);
        }
        survives(&text.into_iter().collect::<String>(), &Flags::default());
    }

    #[test]
    fn any_flag_is_survived(set in ".{0,40}", key in "[a-z.0-9]{0,20}", value in ".{0,20}", force in "[a-z:.@0-9=+]{0,30}") {
        let flags = Flags { set: vec![set, format!("{key}={value}")], force: vec![force], seed: Some(7) };
        survives(EVERYTHING, &flags);
    }

    #[test]
    fn any_value_of_any_key_is_survived(
        key in prop::sample::select(vec![
            "title", "nodes", "nodes.1", "seed", "until", "story.predict.choices", "story.beat.0.at", "params.m", "params",
            "network.delay", "network.delay.constant", "network.link.0.from", "network.link", "clock.alice.offset", "clock",
            "fault", "fault.0", "fault.0.traitor.node", "fault.5.crash.at", "force", "force.alice:bob:1", "expect.agreement",
            "sweep.over.network.loss", "sweep.runs", "search.may", "limits.nodes", "problem", "protocol",
        ]),
        value in prop::sample::select(vec![
            "0", "1", "-1", "2.5", "nan", "1e308", "99999999999999999999", "x", "", "[]", "{}", "[1]", "['alice']", "true",
            "{ a = 1 }", "5ms", "-5ms", "0s", "10y", "0..1/0.1", "2026-01-01", "[[['alice']]]", "\"\"",
        ])
    ) {
        let flags = Flags { set: vec![format!("{key}={value}")], ..Flags::default() };
        survives(EVERYTHING, &flags);
    }
}
