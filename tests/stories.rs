//! What shipped scenarios promise: their claims are met, what they tell of happens in the order in which they tell it,
//! and what they suggest to try runs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use dsys::problems::Registry;
use dsys::report::{self, Claims, Report};
use dsys::scenario::{self, Beat, BeatWhen, Request};
use dsys::time::Time;
use dsys::trace::What;

/// The shipped scenarios: where they are, and their texts.
fn shipped() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

/// Runs a scenario with the flags of a command line.
fn run(path: &Path, text: &str, flags: &[String]) -> Report {
    let of = |name: &str| -> Vec<String> {
        flags.chunks(2).filter(|flag| flag[0] == name).map(|flag| flag[1].clone()).collect()
    };
    let known = ["--set", "--force", "--seed"];
    assert!(flags.chunks(2).all(|flag| flag.len() == 2 && known.contains(&flag[0].as_str())), "{flags:?}");
    let (set, force) = (of("--set"), of("--force"));
    let seed = of("--seed").first().map(|seed| seed.parse().unwrap());
    let name = path.file_stem().unwrap().to_str().unwrap();
    let request = Request { name, origin: name, text, set: &set, force: &force, seed };
    let scenario = scenario::load(&request, &Registry).unwrap_or_else(|wrong| panic!("{name} {flags:?}\n{wrong}"));
    report::run(&scenario, Claims::IfUntouched).unwrap_or_else(|wrong| panic!("{name} {flags:?}: {wrong:?}"))
}

/// Splits flags as a shell does, single quotes kept together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words
}

/// When a beat is told in a run: when its message arrives or is lost; nothing if it never does.
fn moment(report: &Report, beat: &Beat) -> Option<Time> {
    match beat.when {
        BeatWhen::At(at) => Some(at),
        BeatWhen::On(message) => report.trace.events.iter().find_map(|event| match event.what {
            What::Lost { message: lost, after } if lost == message => Some(event.at + after),
            _ if event.what.message() == Some(message) && event.what.is_fate() => Some(event.at),
            _ => None,
        }),
    }
}

#[test]
fn claims_are_met() {
    for (path, text) in shipped() {
        let report = run(&path, &text, &[]);
        assert_eq!(report.warnings, Vec::<String>::new(), "{}", path.display());
        let verdicts: Vec<_> = report.properties.iter().map(|judged| (judged.name, judged.verdict.because())).collect();
        assert_eq!(report.expected, Some(true), "{}: {verdicts:#?}", path.display());
    }
}

#[test]
fn beats_are_told_in_the_order_in_which_they_happen() {
    for (path, text) in shipped() {
        let report = run(&path, &text, &[]);
        let story = &report.scenario.story;
        assert!(story.beats.len() >= 3 && story.predict.is_some() && !story.summary.is_empty(), "{}", path.display());
        let mut last = Time::ZERO;
        for beat in &story.beats {
            let at = moment(&report, beat).unwrap_or_else(|| panic!("{}: `{}` never comes", path.display(), beat.say));
            assert!(last <= at && at <= report.trace.ended_at, "{}: `{}` is out of order", path.display(), beat.say);
            last = at;
        }
    }
}

#[test]
fn what_to_try_runs_and_changes_the_run() {
    for (path, text) in shipped() {
        let told = run(&path, &text, &[]);
        assert!(told.scenario.story.try_next.len() >= 2, "{}", path.display());
        for line in &told.scenario.story.try_next {
            let tried = run(&path, &text, &words(line));
            assert_eq!(tried.warnings, Vec::<String>::new(), "{} {line}", path.display());
            assert_ne!(tried.trace.digest, told.trace.digest, "{} {line}", path.display());
        }
    }
}

#[test]
fn notes_that_stories_name_are_there() {
    for (path, text) in shipped() {
        let report = run(&path, &text, &[]);
        let note = report.scenario.story.note.unwrap_or_else(|| panic!("{} names no note", path.display()));
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("notes").join(&note).exists(), "{}: {note}", path.display());
    }
}
