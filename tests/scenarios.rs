//! Every shipped scenario is a test: it loads, runs alike wherever it runs, keeps its claims, and
//! reads as it did.
//!
//! `cargo test --test scenarios three_generals` tests one scenario; several names go behind `--`.
//! `UPDATE_GOLDENS=1 cargo test --test scenarios` writes the goldens anew; commit only a change
//! that you can explain.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dsys::library::{self, Story};
use dsys::problems::{Bound, SHIPPED};
use dsys::report::{self, Claims, Report};
use dsys::scenario::{Beat, BeatWhen, Probability, Request};
use dsys::time::Time;
use dsys::trace::{EventKind, Trace};
use dsys::view::terminal::{self, Print};

#[path = "support/each.rs"]
mod each;
#[path = "support/stories.rs"]
mod stories;
#[path = "support/what_ifs.rs"]
mod what_ifs;

/// What is tested of each scenario.
const OF_EACH: &[each::OfEach] = &[
    ("runs_alike_in_every_process_and_environment", runs_alike_in_every_process_and_environment),
    ("keeps_its_claims", keeps_its_claims),
    ("does_not_feel_an_injector_that_never_strikes", does_not_feel_an_injector_that_never_strikes),
    ("reads_as_it_did", reads_as_it_did),
    ("tells_a_story", tells_a_story),
    ("asks_what_every_run_answers", stories::asks_what_every_run_answers),
    ("works_as_it_says_to_try", works_as_it_says_to_try),
    ("proposes_other_runs_that_can_be_told", what_ifs::proposes_other_runs_that_can_be_told),
    ("looks_as_its_twin_does_to_one_node", what_ifs::looks_as_its_twin_does_to_one_node),
];

const OF_ALL: &[each::OfAll] = &[
    ("no_golden_is_left_over", no_golden_is_left_over),
    ("what_is_made_from_the_code_is_fresh", what_is_made_from_the_code_is_fresh),
];

fn main() {
    each::run(&library::stories(), OF_EACH, OF_ALL);
}

fn load(story: &Story) -> Bound {
    let origin = format!("scenarios/{}.toml", story.path());
    let request = Request { origin: &origin, ..Request::new(&story.name, &story.text) };
    SHIPPED.load(&request).unwrap_or_else(|invalid| panic!("{invalid}"))
}

fn report(scenario: &Bound) -> Report {
    report::run(scenario, Claims::Always).unwrap_or_else(|complaints| panic!("{complaints:?}"))
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program in another process, in an environment that has nothing to do with this one's.
fn in_another_process(args: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dsys"));
    command.args(args).env_clear().envs(environment.iter().copied()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn runs_alike_in_every_process_and_environment(story: &Story) {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    let path = story.path();
    let args = ["run", &path, "--format", "json"];
    let one = in_another_process(&args, &[("TZ", "Asia/Kathmandu"), ("LANG", "tr_TR.UTF-8"), ("HOME", home)]);
    let other = in_another_process(&args, &[("TZ", "America/St_Johns"), ("LC_ALL", "C"), ("HOME", "/nowhere")]);
    assert_eq!(one, other, "{path}");
    let json: serde_json::Value = serde_json::from_str(&one.1).unwrap();
    assert_eq!(json, serde_json::json!(report(&load(story))), "{path}: here and in a process of its own");
}

fn keeps_its_claims(story: &Story) {
    let report = report(&load(story));
    let unexpected: Vec<_> = report::unexpected(&report.properties).collect();
    assert_eq!(report.expected, Some(true), "{}: {unexpected:?}", story.path());
    assert_eq!(report.warnings, [""; 0], "{}", story.path());
}

fn does_not_feel_an_injector_that_never_strikes(story: &Story) {
    let scenario = load(story);
    let (first, last) = (scenario.names.iter().next().unwrap(), scenario.names.iter().last().unwrap());
    let mut text = story.text.clone();
    if scenario.network.exceptions.is_empty() {
        // An exception that is like the rule, written out.
        let link = &scenario.network.default;
        let [loss, twice, corrupt] = [link.loss, link.duplicate, link.corrupt].map(Probability::get);
        text += &format!("\n[[network.link]]\nfrom = \"{last}\"\nto = \"{first}\"\n");
        text += &format!("loss = {loss:?}\nduplicate = {twice:?}\ncorrupt = {corrupt:?}\n");
        // Links that are for a while as they ever are.
        let same = format!("loss = {loss:?}, duplicate = {twice:?}, corrupt = {corrupt:?}");
        text += &format!("\n[[fault]]\ndegrade = {{ at = \"1ms\", for = \"1h\", {same} }}\n");
    }
    let entry = SHIPPED.entry(&scenario.problem, &scenario.protocol).unwrap();
    for point in entry.crash_points {
        for fault in ["crash", "pause"] {
            let never = format!("node = \"{last}\", point = \"{point}\"");
            text += &format!("\n[[fault]]\n{fault} = {{ {never}, probability = 0.0 }}\n");
            text += &format!("\n[[fault]]\n{fault} = {{ {never}, item = 0 }}\n");
            text += &format!("\n[[fault]]\n{fault} = {{ {never}, probability = 1.0, until = \"0s\" }}\n");
        }
    }
    text += &format!("\n[[fault]]\ncrash = {{ node = \"{first}\", rate = 1000, until = \"0s\" }}\n");
    // The seed that it has anyway: with a flag, nothing of the story is tried, which knows none of
    // these rows.
    let seed = Some(scenario.seed);
    let request = Request { origin: "armed", seed, ..Request::new(&story.name, &text) };
    let armed = SHIPPED.load(&request).unwrap_or_else(|invalid| panic!("{invalid}"));
    assert_eq!(report(&armed).trace.digest, report(&scenario).trace.digest, "{}", story.path());
}

fn what_is_made_from_the_code_is_fresh() {
    let schema = in_another_process(&["schema"], &[]).1;
    is_fresh("scenarios/scenario.schema.json", &schema);
    is_fresh("fuzz/scenario.dict", &dictionary(&serde_json::from_str(&schema).unwrap()));
    let three = library::find("three-generals").unwrap();
    is_fresh("docs/three-generals.svg", &dsys::view::svg::render(&report(&load(&three))));
}

/// The words of scenario files, for libFuzzer: all keys of the schema, and all words that a key may
/// be.
fn dictionary(schema: &serde_json::Value) -> String {
    fn collect(value: &serde_json::Value, words: &mut BTreeSet<String>) {
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        match value {
            serde_json::Value::Object(object) => {
                let keys = object.get("properties").and_then(serde_json::Value::as_object).into_iter().flatten();
                words.extend(keys.map(|(key, _)| key.clone()));
                words.extend(object.get("const").and_then(text));
                words.extend(
                    object.get("enum").and_then(serde_json::Value::as_array).into_iter().flatten().filter_map(text),
                );
                object.values().for_each(|value| collect(value, words));
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| collect(value, words)),
            _ => {}
        }
    }
    let mut words = BTreeSet::new();
    collect(schema, &mut words);
    let lines: String = words.iter().map(|word| format!("\"{word}\"\n")).collect();
    format!("# Words of scenario files, for libFuzzer. Made from the schema by `tests/scenarios.rs`.\n{lines}")
}

fn is_fresh(path: &str, text: &str) {
    let path = here().join(path);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&path, text).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == text, "{} is stale", path.display());
}

/// Where a scenario's report is kept.
fn golden(story: &Story) -> PathBuf {
    here().join("tests/golden").join(format!("{}.txt", story.path()))
}

fn reads_as_it_did(story: &Story) {
    let golden = golden(story);
    let scenario = load(story);
    let again = format!("dsys run {} --seed {}", story.name, scenario.seed);
    let print = Print { columns: terminal::WIDEST, scenario: &story.name, again: &again, has_states: false };
    let report = report(&scenario);
    let text = terminal::render(&report, &print);
    let text = anstream::adapter::strip_str(&text).to_string();
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "it is {widest:?} columns wide");
    // The hash sees what the text does not show, and is the same in debug and release builds.
    let text = format!("{text}\ntrace hash {}\n", report.trace.digest);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::create_dir_all(golden.parent().unwrap()).unwrap();
        fs::write(&golden, &text).unwrap();
    }
    let expect = fs::read_to_string(&golden).unwrap_or_default();
    assert!(text == expect, "{}\n{}", golden.display(), first_difference(&expect, &text));
}

fn no_golden_is_left_over() {
    let goldens: BTreeSet<PathBuf> = library::stories().iter().map(golden).collect();
    let found = files_under(&here().join("tests/golden"));
    let orphans: Vec<&PathBuf> = found.iter().filter(|golden| !goldens.contains(*golden)).collect();
    assert!(orphans.is_empty(), "goldens of no scenario: {orphans:?}");
}

fn first_difference(expect: &str, text: &str) -> String {
    let (mut old, mut new) = (expect.lines(), text.lines());
    loop {
        match (old.next(), new.next()) {
            (None, None) => return "they differ in blanks at the end".to_owned(),
            (old, new) if old != new => return format!("- {}\n+ {}", old.unwrap_or_default(), new.unwrap_or_default()),
            _ => {}
        }
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

fn tells_a_story(story: &Story) {
    let (path, scenario) = (story.path(), load(story));
    let told = &scenario.story;
    assert!(story.text.starts_with("#:schema "), "{path}: the first line names the schema");
    assert!(!told.setup.trim().is_empty(), "{path}: no setup");
    assert!(!told.lesson.trim().is_empty(), "{path}: no lesson");
    assert!(!told.predict.is_empty(), "{path}: no question");
    assert!(told.note.is_some(), "{path}: no note");
    assert!(told.level.is_some(), "{path}: no level");
    assert!(told.beats.len() >= 3, "{path}: {} beats", told.beats.len());
    assert!(told.try_next.len() >= 2, "{path}: {} things to try", told.try_next.len());
    // Without a sentence it is a change that a key makes and no list shows.
    for tried in &told.try_next {
        let says = tried.says.as_deref().unwrap_or_default();
        assert!(says.ends_with('.'), "{path}: no sentence says what `{}` changes", tried.flags);
    }
    let note = here().join("notes").join(told.note.as_deref().unwrap_or_default());
    assert!(note.is_file(), "{path}: there is no note {}", note.display());
    let trace = report(&scenario).trace;
    let mut last = Time::ZERO;
    for beat in &told.beats {
        let at = moment(&trace, beat).unwrap_or_else(|| panic!("{path}: {:?} never comes", beat.say));
        assert!(last <= at && at <= trace.ended_at, "{path}: {:?} is told out of order", beat.say);
        last = at;
    }
    // Nothing that a user hears comes after the story's last word.
    let outputs = trace.outputs().map(|(event, ..)| event.at);
    let unsaid = outputs.filter(|&at| at > last).count();
    assert_eq!(unsaid, 0, "{path}: {unsaid} outputs come after the last beat, which should close the story");
}

/// When a beat is told: when its message arrives, or would have, had it not been lost.
fn moment(trace: &Trace, beat: &Beat) -> Option<Time> {
    match beat.when {
        BeatWhen::At(at) => Some(at),
        BeatWhen::On(message) => trace.events.iter().find_map(|event| match event.what {
            EventKind::Lost { message: lost, after } => (lost == message).then_some(event.at + after),
            what => (what.is_fate() && what.message() == Some(message)).then_some(event.at),
        }),
    }
}

fn works_as_it_says_to_try(story: &Story) {
    let mut wrong = Vec::new();
    for flags in load(story).story.try_next.iter().map(|tried| &tried.flags) {
        let words = shlex::split(flags).unwrap_or_else(|| panic!("{}: `{flags}` is not quoted well", story.path()));
        let path = story.path();
        let mut args = vec!["run", &path, "--format", "json"];
        args.extend(words.iter().map(String::as_str));
        let (code, stdout, stderr) = in_another_process(&args, &[]);
        if code != Some(0) || !stderr.is_empty() {
            wrong.push(format!("dsys run {path} {flags}: {code:?}\n{stderr}"));
            continue;
        }
        let json: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        // A row that the line itself moves may be one that now changes nothing, which can be what
        // it shows.
        let is_of_line = |warning: &serde_json::Value| {
            let row = warning.as_str().and_then(|warning| warning.split('`').nth(1)).unwrap_or_default();
            flags.contains(&format!("{row}."))
        };
        if !json["warnings"].as_array().unwrap().iter().all(is_of_line) {
            wrong.push(format!("dsys run {path} {flags}: {}", json["warnings"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
