//! What dsys says of scenarios that are wrong.
//!
//! Every `tests/bad-input/NAME.toml` is loaded, with the flags of its first line if that is `# flags: …`, and what the
//! loader says must be `NAME.err`. `UPDATE_GOLDENS=1 cargo test` writes these files anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use dsys::problems::Registry;
use dsys::scenario::{Invalid, Request, Scenario, load};

/// The flags of a case.
#[derive(Debug, Default)]
struct Flags {
    set: Vec<String>,
    force: Vec<String>,
    seed: Option<u64>,
}

impl Flags {
    /// Reads `# flags: --set network.loss=2 --force alice:bob:1=lose`; a word in single quotes may hold spaces.
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

fn load_text(name: &str, text: &str, flags: &Flags) -> Result<Scenario, Invalid> {
    let origin = format!("{name}.toml");
    let Flags { set, force, seed } = flags;
    load(&Request { name, origin: &origin, text, set, force, seed: *seed }, &Registry)
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
