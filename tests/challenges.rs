//! Every shipped challenge is a test: its par solves it, less does not, what breaks an answer
//! breaks it again, and what is impossible is broken whatever is changed.
//!
//! The solutions are here and not in the scenarios, where anybody who opens one would see them.
//! `cargo test --test challenges the_dual_write` tests one challenge; several names go behind `--`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};

use dsys::explore::challenge::{Claimed, Failure, Judged, Refused, Task, keys};
use dsys::library::{self, Story};
use dsys::problems::{Problem, SHIPPED};
use dsys::report::{self, Claims, statement};
use dsys::scenario::Request;
use dsys::scenario::statement::Statement;
use dsys::view::challenge::again;

#[path = "support/each.rs"]
mod each;

/// What solves each challenge; nothing, where nothing does.
const SOLUTIONS: &[(&str, &[&str])] = &[
    ("two-generals/one-storm", &["params.ack-messengers=1"]),
    ("two-generals/retry-until-the-deadline", &["params.attempts=20"]),
    ("two-generals/a-hundred-messengers", &["params.messengers=25", "params.ack-messengers=25"]),
    ("two-generals/last-messenger", &[]),
    ("byzantine-generals/late-is-silent", &["params.round=40ms"]),
    ("byzantine-generals/seven-generals-too-shallow", &["params.m=2"]),
    ("byzantine-generals/withheld-chain", &["params.m=2"]),
    ("byzantine-generals/drawn-by-lot", &[]),
    ("byzantine-generals/six-generals-two-rounds", &["nodes=7", "params.m=2"]),
    ("clock-skew/the-write-that-vanished", &["params.stamp=hybrid"]),
    ("clock-skew/the-leap-backwards", &["params.correct=slew", "params.every=5s"]),
    ("clock-skew/berkeley-and-one-mad-clock", &["params.gamma=200ms", "params.correct=slew"]),
    ("clock-skew/where-fencing-fails", &["params.work=1s"]),
    ("clock-skew/waiting-for-a-quick-answer", &["params.max-rtt=11ms", "params.correct=slew"]),
    ("clock-skew/the-asymmetric-path", &[]),
    ("clock-skew/fencing", &[]),
    ("clock-skew/last-write-wins-under-a-partition", &[]),
    ("exactly-once/at-most-once-forgets", &["protocol=dedup"]),
    ("exactly-once/between-charge-and-record", &["params.order=transaction"]),
    ("exactly-once/the-dual-write", &["protocol=outbox"]),
    ("exactly-once/at-least-once-charges-twice", &["protocol=dedup", "params.order=transaction"]),
    ("exactly-once/back-to-the-checkpoint", &["params.sink=transactional", "params.interval=80ms"]),
    ("exactly-once/the-offset-before-the-work", &[]),
    ("overload/the-storm-that-feeds-itself", &["params.queue=10"]),
    ("exactly-once/the-barrier-nobody-waited-for", &["params.aligned=true", "params.interval=60ms"]),
];

/// What is tested of each challenge.
const OF_EACH: &[each::OfEach] = &[
    ("is_solved_by_its_par", is_solved_by_its_par),
    ("is_not_solved_by_less", is_not_solved_by_less),
    ("is_impossible_only_where_it_says_so", is_impossible_only_where_it_says_so),
    ("names_runs_that_break_an_answer", names_runs_that_break_an_answer),
    ("is_not_solved_by_what_its_run_proposes", is_not_solved_by_what_its_run_proposes),
];

const OF_ALL: &[each::OfAll] = &[
    ("somebody_can_stop_the_judge", somebody_can_stop_the_judge),
    ("there_is_something_for_everybody", there_is_something_for_everybody),
    ("what_is_solved_is_noted_and_told_once", what_is_solved_is_noted_and_told_once),
    ("what_cannot_be_noted_is_no_error", what_cannot_be_noted_is_no_error),
    ("what_is_so_already_is_no_change", what_is_so_already_is_no_change),
    ("what_belongs_to_another_protocol_is_told_so", what_belongs_to_another_protocol_is_told_so),
    ("tests_are_picked_by_several_filters", tests_are_picked_by_several_filters),
];

fn main() {
    let stories = library::stories();
    each::run(stories.iter().filter(|story| has_challenge(story)), OF_EACH, OF_ALL);
}

fn has_challenge(story: &Story) -> bool {
    story.text.contains("\n[challenge]\n")
}

/// Loads a scenario with what an answer changes and forces.
fn request<'a>(story: &'a Story, set: &'a [String], force: &'a [String]) -> Request<'a> {
    Request { name: &story.name, origin: &story.origin, text: &story.text, set, force, seed: None }
}

fn task(story: &Story) -> Task<'_> {
    let task = Task::of(SHIPPED, &request(story, &[], &[])).unwrap_or_else(|invalid| panic!("{invalid}"));
    task.unwrap_or_else(|| panic!("{} has no challenge", story.path()))
}

fn solution(story: &Story) -> Vec<String> {
    let found = SOLUTIONS.iter().find(|(path, _)| *path == story.path());
    let (_, set) = found.unwrap_or_else(|| {
        panic!("nobody says how {} is solved: add a row to `SOLUTIONS` in tests/challenges.rs", story.path())
    });
    set.iter().map(|&setting| setting.to_owned()).collect()
}

fn judged(task: &Task<'_>, set: &[String]) -> Judged {
    task.answer(set, &|_| ControlFlow::Continue(())).unwrap_or_else(|refused| panic!("{refused:?}")).judged
}

fn is_solved_by_its_par(story: &Story) {
    let (task, set) = (task(story), solution(story));
    if task.challenge.impossible.is_some() {
        assert!(set.is_empty(), "{}: what is impossible has a solution", story.path());
        assert_eq!(task.challenge.par, 1, "{}: to say so is one answer", story.path());
        return;
    }
    assert_eq!(set.len(), usize::from(task.challenge.par), "{}", story.path());
    assert_eq!(judged(&task, &set), Judged::Solved, "{}", story.path());
}

fn is_not_solved_by_less(story: &Story) {
    let task = task(story);
    let solutions = task.solutions(usize::from(task.challenge.par) - 1).unwrap_or_else(|refused| panic!("{refused:?}"));
    let solutions = solutions.unwrap_or_else(|| panic!("{}: too much may be changed to try it all", story.path()));
    assert!(solutions.is_empty(), "{}: {solutions:?}", story.path());
}

fn is_impossible_only_where_it_says_so(story: &Story) {
    let task = task(story);
    let claimed = task.claim_impossible(&|_| ControlFlow::Continue(())).unwrap_or_else(|refused| panic!("{refused:?}"));
    let expect = if task.challenge.impossible.is_some() { Claimed::Exhausted } else { Claimed::Refuted };
    assert_eq!(claimed.0, expect, "{}", story.path());
}

fn names_runs_that_break_an_answer(story: &Story) {
    let task = task(story);
    let change = &task.challenge.change;
    let single = change.iter().flat_map(|(key, values)| values.iter().map(move |value| vec![format!("{key}={value}")]));
    let mut broken = 0;
    for set in std::iter::once(Vec::new()).chain(single) {
        if SHIPPED.load(&request(story, &set, &[])).is_err() {
            continue;
        }
        if let Judged::Broken(failure) = judged(&task, &set) {
            is_broken(story, &task, &set, &failure);
            if broken == 0 {
                is_broken_by_its_command(story, &set, &failure);
            }
            broken += 1;
        }
    }
    assert!(broken >= 2, "{}: {broken} wrong answers", story.path());
}

/// A `try` line that sets a key as a solution at par does would tell the answer, or half of it.
fn is_not_solved_by_what_its_run_proposes(story: &Story) {
    let task = task(story);
    let solutions = task.solutions(usize::from(task.challenge.par)).unwrap_or_else(|refused| panic!("{refused:?}"));
    let solving: Vec<String> = solutions.unwrap().concat();
    for line in task.scenario.story.try_next.iter().map(|tried| &tried.flags) {
        let words = shlex::split(line).unwrap();
        for setting in words.iter().map(|word| word.replace('"', "")) {
            assert!(!solving.contains(&setting), "{}: `{line}` tells the answer", story.path());
        }
    }
}

/// The run that a failure names does not meet what it says, for the reason that it says.
fn is_broken(story: &Story, task: &Task<'_>, set: &[String], failure: &Failure) {
    let force = failure.force.as_ref().unwrap_or_else(|| panic!("{}: {failure:?} has no command", story.path()));
    let scenario = SHIPPED.load(&Request { seed: Some(failure.seed), ..request(story, set, force) });
    let scenario = scenario.unwrap_or_else(|invalid| panic!("{invalid}"));
    let report = report::run(&scenario, Claims::IfUntouched).unwrap_or_else(|complaints| panic!("{complaints:?}"));
    let is_true = |statement: &Statement| Some(statement::hold(statement, &report).is_ok());
    let must = task.challenge.must.iter().find(|must| must.text == failure.must).unwrap();
    assert_eq!(must.when.is_met(&is_true), Some(false), "{} {set:?}: {failure:?}", story.path());
    if let Some(property) = failure.property {
        let verdict = report.properties.iter().find(|judged| judged.name == property).unwrap();
        assert_eq!(verdict.verdict.because(), failure.because, "{} {set:?}", story.path());
    }
}

fn is_broken_by_its_command(story: &Story, set: &[String], failure: &Failure) {
    let command = again(failure, &story.path(), set);
    let words = shlex::split(&command).unwrap();
    assert_eq!(words[0], "dsys", "{command}");
    let mut dsys = Command::new(env!("CARGO_BIN_EXE_dsys"));
    dsys.args(&words[1..]).args(["--format", "json"]).stdin(Stdio::null());
    let output = dsys.output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let reasons = report["properties"].as_array().unwrap().iter().map(|property| &property["because"]);
    let is_of_property = reasons.into_iter().any(|because| *because == failure.because);
    // A figure is no property, and the report tells it as a number.
    assert!(is_of_property || failure.because.starts_with('`'), "{command}: {failure:?}");
}

fn there_is_something_for_everybody() {
    let stories = library::stories();
    let stories: Vec<&Story> = stories.iter().filter(|story| has_challenge(story)).collect();
    for (path, _) in SOLUTIONS {
        assert!(stories.iter().any(|story| story.path() == *path), "{path} has a solution and no challenge");
    }
    let tasks: Vec<Task<'_>> = stories.iter().map(|story| task(story)).collect();
    for Problem { name, .. } in SHIPPED.problems {
        assert!(
            tasks.iter().any(|task| task.scenario.problem == *name),
            "{name} has no challenge, and a problem wants one at least. Take a scenario in which a property is \
             violated, and add a `[challenge]` to it: its goal, its par, what must hold, and what may be changed, as \
             in scenarios/two-generals/one-storm.toml. What solves it is a row of `SOLUTIONS` in tests/challenges.rs, \
             and `cargo test --test challenges` judges it."
        );
    }
    for level in 1..=4 {
        assert!(tasks.iter().filter(|task| task.challenge.level == level).count() >= 3, "level {level}");
    }
    assert!(tasks.iter().filter(|task| task.challenge.par >= 2).count() >= 8, "too few need two changes");
    assert!(tasks.iter().filter(|task| task.challenge.impossible.is_some()).count() >= 3, "too few are impossible");
}

fn somebody_can_stop_the_judge() {
    for path in ["two-generals/one-storm", "exactly-once/the-dual-write"] {
        let story = library::find(path).unwrap();
        let (task, stop) = (task(&story), |_| ControlFlow::Break(()));
        assert_eq!(task.answer(&solution(&story), &stop).unwrap().judged, Judged::Stopped, "{path}");
    }
    // An answer that breaks by itself is no more than that; the claim goes on to others.
    let story = library::find("one-storm").unwrap();
    let begun = |runs| if runs < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    assert_eq!(task(&story).claim_impossible(&begun).unwrap().0, Claimed::Stopped);
}

/// Runs the program with this folder for what it keeps; its exit code, and what it printed.
fn dsys(state: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let mut dsys = Command::new(env!("CARGO_BIN_EXE_dsys"));
    let output = dsys.args(args).env("XDG_STATE_HOME", state).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const RIGHT: [&str; 4] = ["challenge", "one-storm", "--set", "params.ack-messengers=1"];

fn what_is_solved_is_noted_and_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let (state, file) = (folder.path().join("state"), folder.path().join("state/dsys/challenges.json"));
    let wrong = dsys(&state, &["challenge", "one-storm", "--set", "params.messengers=10"]);
    assert_eq!((wrong.0, file.exists()), (Some(1), false), "{}", wrong.2);
    let unnoted = dsys(&state, &[&RIGHT[..], &["--no-progress"]].concat());
    assert_eq!((unnoted.0, file.exists()), (Some(0), false), "{}", unnoted.2);
    let first = dsys(&state, &RIGHT);
    assert_eq!(first.0, Some(0));
    assert!(first.2.contains(&file.display().to_string()), "{}", first.2);
    let again = dsys(&state, &RIGHT);
    assert_eq!((again.0, again.2.as_str()), (Some(0), ""));
    assert_eq!(dsys(&state, &["challenge", "last-messenger", "--impossible"]).0, Some(0));
    let list = dsys(&state, &["challenge"]).1;
    assert!(list.contains("one-storm  par 1, solved in 1"), "{list}");
    assert!(list.contains("last-messenger  par 1, shown impossible"), "{list}");
    fs::write(&file, "mine").unwrap();
    let list = dsys(&state, &["challenge"]);
    assert_eq!(list.0, Some(0));
    assert!(list.2.contains("is no list of solved challenges; move it away"), "{}", list.2);
}

fn what_is_so_already_is_no_change() {
    let story = library::find("withheld-chain").unwrap();
    let set = ["params.m=2", "params.round=0.02s"].map(str::to_owned);
    let answer = task(&story).answer(&set, &|_| ControlFlow::Continue(())).unwrap();
    assert_eq!((answer.changes(), &answer.unchanged[..]), (1, &["params.round".to_owned()][..]));
    assert_eq!(answer.judged, Judged::Solved);
}

fn what_belongs_to_another_protocol_is_told_so() {
    for story in library::stories() {
        let Some(task) = Task::of(SHIPPED, &request(&story, &[], &[])).unwrap() else { continue };
        let change = &task.challenge.change;
        let Some((_, protocols)) = change.iter().find(|(key, _)| key == "protocol") else { continue };
        let (protocols, all) = (protocols.iter().map(String::as_str), &task.scenario.protocol);
        for protocol in protocols.chain([all.as_str()]) {
            for (key, values) in change.iter().filter(|(key, _)| key != "protocol") {
                let set = [format!("protocol={protocol}"), format!("{key}={}", values[0])];
                let set = if protocol == all { &set[1..] } else { &set[..] };
                let only = keys::only_with(&task.scenario, &task.challenge, key);
                let told = match task.answer(set, &|_| ControlFlow::Break(())) {
                    Ok(_) => None,
                    Err(Refused::NotAllowed(not_allowed)) => Some(not_allowed.message),
                    Err(refused) => panic!("{} {set:?}: {refused:?}", story.path()),
                };
                let means = only.is_empty() || only.contains(&protocol);
                let expect = format!("`{key}` means nothing with `protocol = {protocol}`");
                assert_eq!(told, Some(expect).filter(|_| !means), "{} {set:?}", story.path());
            }
        }
    }
}

fn what_cannot_be_noted_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let solved = dsys(&file, &RIGHT);
    assert_eq!(solved.0, Some(0));
    assert!(solved.2.starts_with("note: this is not noted"), "{}", solved.2);
}

/// `cargo test --test challenges -- one_storm the_outbox` tests two scenarios, as with the harness
/// of the standard library.
fn tests_are_picked_by_several_filters() {
    let listed = |filters: &[&str]| {
        let mut this = Command::new(std::env::current_exe().unwrap());
        let output = this.arg("--list").args(filters).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().filter(|line| line.ends_with(": test")).count()
    };
    let each = OF_EACH.len();
    assert_eq!(listed(&["one_storm::", "the_dual_write::"]), 2 * each);
    assert_eq!(listed(&["one_storm::", "--skip", "is_solved", "the_dual_write::"]), 2 * (each - 1));
    assert_eq!(listed(&["--exact", "somebody_can_stop_the_judge", "one_storm"]), 1);
}
