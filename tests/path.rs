//! Where to start and what comes next: the path through the library, as people and programs meet
//! it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use dsys::library::catalogue::{self, level_of};
use dsys::library::{LearningPath, Library};
use dsys::problems::SHIPPED;
use serde_json::Value as Json;

fn dsys(args: &[&str], columns: usize) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dsys"));
    command.args(args).env("COLUMNS", columns.to_string()).env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command.output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// What it prints, if it succeeds.
fn printed(args: &[&str]) -> String {
    let output = dsys(args, 80);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    stdout(&output).to_owned()
}

fn listed(args: &[&str]) -> Json {
    serde_json::from_str(&printed(&[&["list", "--format", "json"], args].concat())).unwrap()
}

/// The scenarios of a list for programs.
fn scenarios(list: &Json) -> impl Iterator<Item = &Json> {
    list["problems"].as_array().unwrap().iter().flat_map(|problem| problem["scenarios"].as_array().unwrap())
}

#[test]
fn the_shipped_path_leads_from_the_easy_to_the_hard_through_all_problems() {
    let library = Library::shipped();
    let path = LearningPath::of(&library).unwrap();
    let scenarios = catalogue::scenarios(&library).unwrap();
    let levels: Vec<u8> = path.steps.iter().map(|step| level_of(&step.story, &scenarios).unwrap()).collect();
    assert!(levels.is_sorted() && levels.iter().collect::<BTreeSet<_>>().len() == 4, "{levels:?}");
    for problem in SHIPPED.problems {
        let is_of = |story: &str| story.split('/').next() == Some(problem.name);
        assert!(path.steps.iter().filter(|step| is_of(&step.story)).count() >= 2, "{}", problem.name);
    }
    assert!(path.steps.iter().any(|step| step.is_challenge));
    // A challenge is no first step.
    assert!(!path.steps[0].is_challenge);
}

#[test]
fn the_path_is_one_screen() {
    let text = printed(&["list"]);
    assert!(text.lines().count() <= 24, "{} lines:\n{text}", text.lines().count());
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.starts_with("Level 1: start here\n"), "{text}");
    for step in LearningPath::of(&Library::shipped()).unwrap().steps {
        let name = step.story.rsplit('/').next().unwrap();
        let line = text.lines().find(|line| line.trim_start().starts_with(&format!("{name} "))).unwrap();
        assert!(line.contains(&format!("{} min", step.minutes)), "{line}");
        assert_eq!(line.ends_with(" (challenge)"), step.is_challenge, "{line}");
    }
    for more in ["dsys list --all", "dsys list PROBLEM", "dsys challenge", "dsys notes", "--topic cap"] {
        assert!(text.contains(more), "{more}:\n{text}");
    }
}

#[test]
fn no_list_is_wider_than_the_columns() {
    for columns in [60, 80, 100] {
        for args in
            [&["list"][..], &["list", "--level", "2"], &["list", "--topic", "cap"], &["list", "--topic", "capp"]]
        {
            let output = dsys(args, columns);
            for line in stdout(&output).lines().chain(stderr(&output).lines()) {
                assert!(line.chars().count() <= columns, "{args:?}: {line}");
            }
        }
    }
}

#[test]
fn programs_get_the_path_the_levels_the_topics_and_the_challenges() {
    let list = listed(&[]);
    let path = list["path"].as_array().unwrap();
    let of = |path: &Json| scenarios(&list).find(|scenario| scenario["path"] == *path).unwrap();
    for pair in path.windows(2) {
        assert_eq!(of(&pair[0]["scenario"])["next"], pair[1]["scenario"]);
    }
    let last = &path.last().unwrap()["scenario"];
    assert_eq!(of(last)["next"], Json::Null);
    for step in path {
        assert!(step["why"].as_str().is_some_and(|why| why.ends_with('.')) && step["minutes"].is_u64(), "{step}");
        assert_eq!(step["level"], of(&step["scenario"])["level"]);
        let has_challenge = of(&step["scenario"])["challenge"].is_object();
        assert!(has_challenge || step["challenge"] == false, "{step}");
    }
    let dual_write = of(&"exactly-once/the-dual-write".into());
    assert_eq!((&dual_write["challenge"]["level"], &dual_write["challenge"]["par"]), (&2.into(), &1.into()));
    assert!(dual_write["challenge"]["goal"].is_string());
    for topic in ["topics/monolith-or-microservices.md", "topics/event-driven-architecture.md"] {
        assert!(dual_write["topics"].as_array().unwrap().contains(&topic.into()), "{topic}: {dual_write}");
    }
    let without = of(&"clock-skew/why-spanner-waits".into());
    assert_eq!(without["challenge"], Json::Null);
}

#[test]
fn a_level_and_a_topic_are_listed_by_themselves() {
    let whole = listed(&[]);
    let paths = |list: &Json, keep: &dyn Fn(&Json) -> bool| -> Vec<String> {
        scenarios(list).filter(|one| keep(one)).map(|one| one["path"].as_str().unwrap().to_owned()).collect()
    };
    let is_of_level = |one: &Json| one["level"] == 3;
    let is_of_topic = |one: &Json| one["topics"].as_array().unwrap().contains(&"topics/cap.md".into());
    let check = |args: &[&str], keep: &dyn Fn(&Json) -> bool| {
        let wanted = paths(&whole, keep);
        assert!(!wanted.is_empty(), "{args:?}");
        assert_eq!(paths(&listed(args), &|_| true), wanted, "{args:?}");
        let text = printed(&[&["list"], args].concat());
        for one in scenarios(&whole) {
            let (path, name) = (one["path"].as_str().unwrap().to_owned(), one["name"].as_str().unwrap());
            let is_told = text.lines().any(|line| line.trim_start().starts_with(&format!("{name} ")));
            assert_eq!(is_told, wanted.contains(&path), "{args:?}: {path}\n{text}");
        }
    };
    check(&["--level", "3"], &is_of_level);
    check(&["--topic", "cap"], &is_of_topic);
    check(&["--topic", "topics/cap.md", "--level", "3"], &|one| is_of_level(one) && is_of_topic(one));
}

/// A library of one's own, with these files.
fn own(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn shown(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

const MINE: &str = "title = \"Mine: four messages\"\nproblem = \"two-generals\"\nprotocol = \"ack-chain\"\nnodes = [\"alice\", \"bob\"]\n";
const START: &str = "+++\ntitle = \"Start\"\nkind = \"about\"\nsummary = \"S.\"\n+++\n\n# Start\n\n\
                     [Mine](../scenarios/two-generals/mine.toml)\n";

#[test]
fn a_library_of_ones_own_may_have_a_path_of_its_own() {
    let steps = "[[step]]\nscenario = \"two-generals/mine\"\nminutes = 5\nwhy = \"W.\"\n\
                 [[step]]\nscenario = \"two-generals/last-messenger\"\nminutes = 7\nwhy = \"W.\"\nchallenge = true\n";
    let files = [("scenarios/two-generals/mine.toml", MINE), ("notes/start.md", START)];
    let without = own(&files);
    let library = ["--library", shown(without.path())];
    let list = printed(&[&library[..], &["list"]].concat());
    assert!(list.contains("Your own\n  mine  Mine: four messages\n"), "{list}");
    let with = own(&[&files[..], &[("scenarios/path.toml", steps)]].concat());
    let library = ["--library", shown(with.path()), "--override"];
    let says = |args: &[&str], expect: &str| {
        let text = printed(&[&library[..], args].concat());
        assert!(text.contains(expect), "{args:?}:\n{text}");
    };
    says(&["list"], "Of no level\n  mine             5 min  Mine: four messages\nLevel 1");
    let flags = library[..2].join(" ");
    says(&["run", "mine"], &format!("Next: dsys challenge last-messenger {flags} --override"));
    says(&["notes", "check"], "All good: ");
    let refused = dsys(&[&library[..2], &["list"]].concat(), 80);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("a library has one path"), "{}", stderr(&refused));
}

#[test]
fn a_wrong_path_is_told_with_its_place_and_a_run_goes_on_without_it() {
    let steps = "[[step]]\nscenario = \"two-generals/last-mesenger\"\nminutes = 0\nwhy = \"W.\"\n\
                 [[step]]\nscenario = \"byzantine-generals/three-generals\"\nminuts = 5\nwhy = \"W.\"\nchallenge = true\n";
    let folder = own(&[("scenarios/path.toml", steps)]);
    let library = ["--library", shown(folder.path()), "--override"];
    let list = dsys(&[&library[..], &["list"]].concat(), 80);
    assert_eq!((list.status.code(), stdout(&list)), (Some(2), ""));
    let check = dsys(&[&library[..], &["notes", "check"]].concat(), 80);
    assert_eq!(check.status.code(), Some(1), "{}", stderr(&check));
    for output in [&list, &check] {
        for says in ["scenarios/path.toml:3:", "`minutes` must be", "unknown key `minuts`", "did you mean `minutes`?"] {
            assert!(stderr(output).contains(says), "{says}: {}", stderr(output));
        }
    }
    let run = printed(&[&library[..], &["run", "three-generals"]].concat());
    assert!(!run.contains("Next: "), "{run}");
}

/// The line that names the step after a scenario: what to do there, and its title. Empty after the
/// last one.
fn next_line(library: &Library, path: &LearningPath, story: &str) -> String {
    let Some(next) = path.after(story) else { return String::new() };
    let told = library.story(&next.story).unwrap();
    let title = toml::from_str::<toml::Table>(&told.text).unwrap()["title"].as_str().unwrap().to_owned();
    let command = if next.is_challenge { "challenge" } else { "run" };
    format!("Next: dsys {command} {}  ({title})\n", told.name)
}

#[test]
fn a_run_names_the_task_and_the_next_step() {
    let library = Library::shipped();
    let path = LearningPath::of(&library).unwrap();
    for (index, step) in path.steps.iter().enumerate() {
        let next = next_line(&library, &path, &step.story);
        assert_eq!(next.is_empty(), index + 1 == path.steps.len(), "{}", step.story);
        let run = printed(&["run", &step.story]);
        assert_eq!(run.contains("Next: "), !next.is_empty(), "{run}");
        assert!(run.ends_with(&next), "{next}:\n{run}");
        let has_challenge = library.story(&step.story).unwrap().text.contains("\n[challenge]\n");
        let turn = format!("Your turn: dsys challenge {}  (", step.story.rsplit('/').next().unwrap());
        assert_eq!(run.contains(&turn), has_challenge, "{turn}:\n{run}");
    }
    // Whatever is changed, the next step is the same.
    let first = &path.steps[0].story;
    assert!(printed(&["run", first, "--seed", "7"]).ends_with(&next_line(&library, &path, first)), "{first}");
    // Somebody who has solved a step is told the same as somebody who has watched it.
    let next = next_line(&library, &path, "exactly-once/the-dual-write");
    let solved = printed(&["challenge", "the-dual-write", "--set", "protocol=outbox", "--no-progress"]);
    assert!(solved.ends_with(&next) && solved.contains("Next: ") != next.is_empty(), "{solved}");
}

#[test]
fn what_is_kept_in_a_file_and_what_is_no_story_of_the_library_names_no_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (report, mine) = (file("r.txt"), file("mine.toml"));
    printed(&["run", "last-messenger", "-o", &report]);
    assert!(!fs::read_to_string(report).unwrap().contains("Next: "));
    fs::write(&mine, printed(&["show", "last-messenger"])).unwrap();
    for text in [printed(&["run", &mine]), printed(&["run", "last-messenger", "--format", "json"])] {
        assert!(!text.contains("Next: ") && !text.contains("Your turn"), "{text}");
    }
    assert_eq!(printed(&["run", "last-messenger", "--quiet"]), "");
}
