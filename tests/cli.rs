//! The command line as its users meet it: what it prints, what it refuses, and with which exit
//! code.
//!
//! The transcripts in `tests/cli/` are written anew by `UPDATE_GOLDENS=1 cargo test --test cli
//! transcripts`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Output, Stdio};

#[path = "cli/transcripts.rs"]
mod transcripts;

const DSYS: &str = env!("CARGO_BIN_EXE_dsys");

fn dsys(args: &[&str]) -> Command {
    let mut command = Command::new(DSYS);
    command.args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

fn output(args: &[&str]) -> Output {
    dsys(args).output().unwrap()
}

fn with_input(args: &[&str], input: &[u8]) -> Output {
    let mut child = dsys(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that has seen enough closes its end.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Checks the exit code and what standard error says; a failure leaves nothing on standard output.
fn refused(output: &Output, code: i32, says: &str) {
    assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
    assert!(stderr(output).contains(says), "{}", stderr(output));
    assert!(!stderr(output).contains("panicked"), "{}", stderr(output));
    assert_eq!(stdout(output), "");
}

#[test]
fn what_is_no_text_is_no_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    refused(&output(&["run", &file("binary.toml", b"title = \"\xff\"")]), 2, "byte 9 is not UTF-8");
    refused(&output(&["run", &file("huge.toml", &vec![b'#'; (1 << 20) + 1])]), 2, "larger than 1 MiB");
    refused(&output(&["run", &file("empty.toml", b"")]), 2, "title");
    refused(&output(&["run", folder.path().to_str().unwrap()]), 2, "is a directory");
    refused(&output(&["show", &file("no-ending", b"\x00\xff")]), 2, "not UTF-8");
    refused(&with_input(&["run", "-"], b"\xfe"), 2, "standard input is not text");
    refused(&with_input(&["run", "-"], &vec![b' '; 3 << 20]), 2, "standard input is larger than 1 MiB");
}

#[test]
fn a_scenario_is_read_from_standard_input() {
    let shown = output(&["show", "three-generals"]);
    let report = with_input(&["run", "-", "--format", "json"], &shown.stdout);
    assert_eq!(report.status.code(), Some(0), "{}", stderr(&report));
    assert!(stdout(&report).contains("\"scenario\": \"stdin\""));
}

#[test]
fn a_new_scenario_runs_and_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let path = path.to_str().unwrap();
    let new = output(&["new", path, "--from", "three-generals"]);
    assert_eq!((new.status.code(), stdout(&new)), (Some(0), ""), "{}", stderr(&new));
    assert!(fs::read_to_string(path).unwrap().starts_with("#:schema ./dsys.schema.json\n"));
    let run = output(&["run", path, "--expect"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(stdout(&run).contains(&format!("dsys run {path} --seed 1")));
    fs::write(path, "precious").unwrap();
    refused(&output(&["new", path, "--from", "three-generals"]), 2, "is there already");
    assert_eq!(fs::read_to_string(path).unwrap(), "precious");
    assert_eq!(output(&["new", path, "--from", "three-generals", "--overwrite"]).status.code(), Some(0));
    assert!(fs::read_to_string(path).unwrap().contains("byzantine-generals"));
}

#[test]
fn results_go_where_they_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (report, svg, mermaid, trace) = (path("r.json"), path("d.svg"), path("d.mmd"), path("t.jsonl"));
    let (page, shiviz, perfetto) = (path("d.html"), path("d.shiviz"), path("d.perfetto.json"));
    let others = ["--diagram", &page, "--diagram", &shiviz, "--diagram", &perfetto];
    assert!(dsys(&["run", "three-generals", "-q"]).args(others).output().unwrap().status.success());
    assert!(fs::read_to_string(page).unwrap().contains("id=\"recorded\""));
    assert!(fs::read_to_string(shiviz).unwrap().contains("alice {"));
    assert!(fs::read_to_string(perfetto).unwrap().contains("traceEvents"));
    let flags = ["--format", "json", "-o", &report, "--diagram", &svg, "--trace", &trace];
    let run = dsys(&["run", "three-generals"]).args(flags).output().unwrap();
    assert_eq!((run.status.code(), stdout(&run), stderr(&run)), (Some(0), "", ""));
    assert!(output(&["run", "three-generals", "-q", "--diagram", &mermaid]).status.success());
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
    let lines = fs::read_to_string(trace).unwrap();
    let events: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(report["counts"]["events"], events.len());
    assert!(events.iter().enumerate().all(|(index, event)| event["id"] == index));
    assert!(fs::read_to_string(svg).unwrap().starts_with("<svg"));
    assert!(fs::read_to_string(mermaid).unwrap().contains("sequenceDiagram"));
}

#[test]
fn a_link_is_run_as_the_page_would() {
    let plain = output(&["run", "three-generals", "--format", "json"]);
    let plain: serde_json::Value = serde_json::from_str(stdout(&plain)).unwrap();
    let file = plain["scenario_hash"].as_str().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let link = format!(
        "http://127.0.0.1:7411/#v=1&dsys={version}&scenario=byzantine-generals/three-generals&hash={file}&seed=1\
        &force=bob:alice:1=attack&event=14"
    );
    let link = link.as_str();
    let hash = |args: &[&str]| {
        let run = dsys(&["run", "--format", "json"]).args(args).output().unwrap();
        assert_eq!((run.status.code(), stderr(&run)), (Some(0), ""));
        let report: serde_json::Value = serde_json::from_str(stdout(&run)).unwrap();
        report["trace_hash"].clone()
    };
    assert_eq!(hash(&[link]), hash(&["three-generals", "--force", "bob:alice:1=attack"]));
    let more = ["--seed", "7", "--force", "bob:alice:1=silent"];
    assert_eq!(hash(&[&[link], &more[..]].concat()), hash(&[&["three-generals"], &more[..]].concat()));
    let run = output(&["run", link]);
    assert!(stdout(&run).contains("dsys run three-generals --seed 1 --force bob:alice:1=attack"), "{}", stdout(&run));
    let old = output(&["run", &link.replace(file, "0000")]);
    assert_eq!(old.status.code(), Some(0));
    assert!(
        stderr(&old).starts_with("note: `byzantine-generals/three-generals` has changed since"),
        "{}",
        stderr(&old)
    );
    refused(&output(&["run", &link.replace("seed=1", "seed=x")]), 2, "this link is damaged: `seed` is no number");
    refused(&output(&["run", &link.replace("v=1", "v=9")]), 2, "this link needs a newer dsys");
    refused(&output(&["run", &link.replace("three", "nine")]), 2, "there is no scenario");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_insist() {
    let has_colours = |command: &mut Command| stdout(&command.output().unwrap()).contains('\u{1b}');
    assert!(!has_colours(&mut dsys(&["run", "three-generals"])));
    assert!(has_colours(&mut dsys(&["run", "three-generals", "--color", "always"])));
    assert!(!has_colours(dsys(&["run", "three-generals", "--color", "never"]).env("CLICOLOR_FORCE", "1")));
    assert!(!has_colours(dsys(&["run", "three-generals"]).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "0")));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for args in [
        &["run", "three-generals"][..],
        &["run", "three-generals", "--format", "json"],
        &["run", "three-generals", "-q", "--trace", "-"],
        &["list"],
        &["list", "--format", "json"],
        &["show", "three-generals"],
        &["sweep", "more-acks-do-not-help", "--runs", "2"],
        &["notes"],
        &["notes", "two-generals"],
        &["notes", "check"],
        &["schema"],
        &["completions", "zsh"],
        &["--help"],
        &[],
    ] {
        let mut child = dsys(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn parts_of_a_sweep_merge_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let sweep = ["sweep", "retry-until-the-deadline", "--over", "network.loss=0.1,0.3", "--runs", "301"];
    let mut merge = vec!["merge".to_owned()];
    for part in 1..=4 {
        let (shard, file) = (format!("{part}/4"), path(&format!("{part}.json")));
        let run = dsys(&sweep).args(["--shard", &shard, "--threads", "2", "-o", &file]).output().unwrap();
        assert_eq!((run.status.code(), stdout(&run), stderr(&run)), (Some(0), "", ""));
        merge.insert(1, file);
    }
    let merge: Vec<&str> = merge.iter().map(String::as_str).collect();
    for format in ["text", "json", "csv"] {
        let whole = dsys(&sweep).args(["--format", format, "--threads", "1"]).output().unwrap();
        let merged = dsys(&merge).args(["--format", format]).output().unwrap();
        assert!(whole.status.success() && merged.status.success(), "{}{}", stderr(&whole), stderr(&merged));
        assert_eq!(stdout(&whole), stdout(&merged), "{format}");
    }
    let (whole, merged) = (path("whole.svg"), path("merged.svg"));
    assert!(dsys(&sweep).args(["-q", "-o", &whole]).status().unwrap().success());
    assert!(dsys(&merge).args(["-q", "-o", &merged]).status().unwrap().success());
    assert_eq!(fs::read(whole).unwrap(), fs::read(merged).unwrap());
    refused(&output(&merge[..4]), 2, "of 4 parts, one is not here: 1/4");
    refused(&output(&["merge", merge[1], merge[1]]), 2, "its runs would count twice");
    refused(&output(&["merge", "Cargo.toml"]), 2, "`Cargo.toml` is no JSON");
    refused(&output(&["merge", &path("none.json")]), 2, "there is no file");
}

#[test]
fn a_scheduler_says_which_part_of_a_sweep_it_is() {
    let part = |variables: &[(&str, &str)], shard: &str| {
        let mut command = dsys(&["sweep", "last-messenger", "--runs", "8", "--shard", shard]);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let part: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (part["shard"]["part"].as_u64(), part["shard"]["of"].as_u64())
    };
    let slurm = [("SLURM_ARRAY_TASK_ID", "12"), ("SLURM_ARRAY_TASK_MIN", "10"), ("SLURM_ARRAY_TASK_COUNT", "4")];
    assert_eq!(part(&slurm, "auto"), (Some(3), Some(4)));
    assert_eq!(part(&[("JOB_COMPLETION_INDEX", "0")], "auto/2"), (Some(1), Some(2)));
}

/// Starts a command, waits until it says by `sign` that its work has begun, and interrupts it.
/// Returns what it printed, and what it said after that sign.
#[cfg(unix)]
fn interrupted(args: &[&str], sign: &str) -> (Output, String) {
    let mut child = dsys(args).arg("-v").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains(sign) {
        line.clear();
        assert!(told.read_line(&mut line).unwrap() > 0, "it ended before it began");
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let output = child.wait_with_output().unwrap();
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    (output, rest)
}

/// Ctrl-C ends a sweep that would take an hour, and what is known is printed.
#[cfg(unix)]
#[test]
fn an_interrupted_sweep_says_what_is_known() {
    let sweep = ["sweep", "last-messenger", "--runs", "1000000000", "--format", "json"];
    for shard in [&[][..], &["--shard", "1/2"]] {
        let (output, said) = interrupted(&[&sweep, shard].concat(), "sweeping");
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(said.starts_with("interrupted: "), "{said}");
        let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(result["partial"], true);
        let rows = if shard.is_empty() { &result["rows"] } else { &result["points"] };
        assert!(rows[0]["runs"].as_u64().is_some_and(|runs| (1..1_000_000_000).contains(&runs)), "{result}");
    }
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_is_an_io_error() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let run = output(&["run", "three-generals", "-o", "/dev/full"]);
    assert_eq!(run.status.code(), Some(3));
    let says = "error: `/dev/full` cannot be written: No space left on device (os error 28); the result is on standard";
    assert!(stderr(&run).starts_with(says) && stdout(&run).starts_with("Three generals"), "{}", stderr(&run));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = dsys(&["run", "three-generals"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    refused(&run, 3, "standard output cannot be written");
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let completions = output(&["completions", shell]);
        assert!(completions.status.success() && stdout(&completions).contains("completions"), "{shell}");
    }
}

#[test]
fn a_list_for_programs_has_what_the_list_for_people_has() {
    let list: serde_json::Value = serde_json::from_str(stdout(&output(&["list", "--format", "json"]))).unwrap();
    let text = output(&["list", "--all"]);
    for problem in list["problems"].as_array().unwrap() {
        for kind in ["protocols", "scenarios"] {
            for one in problem[kind].as_array().unwrap() {
                assert!(stdout(&text).contains(one["name"].as_str().unwrap()), "{one}");
            }
        }
    }
}

/// A line of a command, which is as long as the command, or of its flags.
fn is_command(line: &str) -> bool {
    let line = line.trim_start_matches("This run again: ").trim_start();
    line.starts_with("dsys ") || line.starts_with("--")
}

#[test]
fn no_line_is_wider_than_the_columns() {
    let list: serde_json::Value = serde_json::from_str(stdout(&output(&["list", "--format", "json"]))).unwrap();
    let names = |kind: &str| -> Vec<String> {
        let problems = list["problems"].as_array().unwrap().iter();
        let named = problems.flat_map(|problem| problem[kind].as_array().unwrap());
        named.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let scenarios = names("scenarios");
    let of_each =
        |command: &str| -> Vec<String> { scenarios.iter().map(|name| command.replace("NAME", name)).collect() };
    let mut commands = of_each("run NAME");
    commands.extend(of_each("sweep NAME --runs 3"));
    commands.extend(of_each("search NAME --may lose --at-most 1 --budget 20"));
    commands.extend(names("protocols").iter().map(|name| format!("list {name}")));
    commands.extend(
        [
            "sweep more-acks-do-not-help --runs 3 --distribution messages",
            "sweep more-acks-do-not-help --runs 100000 --precision 0.5",
            "list no-such-thing",
            "list three-generals",
            "run two-generals",
            "new mine.toml --problem exactly-once",
            "sweep three-generals --runs 2 --plot nothing -o plot.svg",
            "run three-generals -o run.png",
            "notes capp",
        ]
        .map(str::to_owned),
    );
    let too_wide = &|columns: usize| -> Vec<String> {
        let mut found = Vec::new();
        for command in &commands {
            let args: Vec<&str> = command.split(' ').collect();
            let output = dsys(&args).env("COLUMNS", columns.to_string()).output().unwrap();
            let lines = stdout(&output).lines().chain(stderr(&output).lines());
            let wide = lines.filter(|line| line.chars().count() > columns && !is_command(line));
            found.extend(wide.map(|line| format!("{columns}: {command}: {line}")));
        }
        found
    };
    let found: Vec<String> = std::thread::scope(|scope| {
        let threads = [60, 80, 100].map(|columns| scope.spawn(move || too_wide(columns)));
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What a command reads is never where its results go, whatever path leads there.
#[cfg(unix)]
#[test]
fn a_file_that_was_read_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let text = output(&["show", "more-acks-do-not-help"]).stdout;
    fs::write(path("mine"), &text).unwrap();
    fs::create_dir(path("sub")).unwrap();
    std::os::unix::fs::symlink(path("mine"), path("link")).unwrap();
    std::os::unix::fs::symlink(path("mine"), path("link.svg")).unwrap();
    fs::hard_link(path("mine"), path("hard")).unwrap();
    let (mine, by_way, link, hard, svg) =
        (path("mine"), path("sub/../mine"), path("link"), path("hard"), path("link.svg"));
    for flags in [
        &["run", &mine, "-o", &mine][..],
        &["run", &mine, "-q", "--trace", &by_way],
        &["run", &link, "-o", &mine],
        &["run", &mine, "-o", &hard],
        &["run", &mine, "--diagram", &svg],
        &["run", &mine, "-o", &svg],
        &["sweep", &mine, "-o", &link],
        &["sweep", &mine, "-o", &svg],
        &["search", &mine, "-o", &by_way],
        &["search", &mine, "--diagram", &svg],
        &["new", &link, "--from", &mine, "--overwrite"],
    ] {
        refused(&output(flags), 2, "a result there would destroy it");
        assert_eq!(fs::read(&mine).unwrap(), text, "{flags:?}");
    }
    let part = path("part.json");
    let shard = ["sweep", &mine, "--runs", "4", "--shard", "1/1", "-o", &part];
    assert!(output(&shard).status.success());
    let before = fs::read(&part).unwrap();
    refused(&output(&["merge", &part, "-o", &part]), 2, "a result there would destroy it");
    assert_eq!(fs::read(&part).unwrap(), before);
    let as_input = || fs::File::open(&mine).unwrap();
    let run = dsys(&["run", "-", "-o", &link]).stdin(as_input()).output().unwrap();
    refused(&run, 2, "the file that standard input comes from");
    let end = fs::OpenOptions::new().append(true).open(&mine).unwrap();
    let show = dsys(&["show", &mine]).stdout(end).stderr(Stdio::piped()).output().unwrap();
    refused(&show, 2, "standard output is");
    assert_eq!(fs::read(&mine).unwrap(), text);
}

#[test]
fn the_ending_of_a_files_name_says_its_format() {
    let folder = tempfile::tempdir().unwrap();
    let written = |command: &str, name: &str, begins: &str| {
        let path = folder.path().join(name);
        let output = dsys(&command.split(' ').collect::<Vec<_>>()).arg("-o").arg(&path).output().unwrap();
        assert_eq!((output.status.code(), stdout(&output)), (Some(0), ""), "{command}: {}", stderr(&output));
        let text = fs::read_to_string(path).unwrap();
        assert!(text.starts_with(begins), "{command} -o {name}: {text}");
    };
    let (run, sweep, search) = ("run three-generals", "sweep three-generals --runs 2", "search three-generals");
    for (command, name, begins) in [
        (run, "r", "Three generals"),
        (run, "r.txt", "Three generals"),
        (run, "r.json", "{\n  \"version\""),
        (run, "R.JSON", "{\n  \"version\""),
        (run, "r.svg", "<svg"),
        (run, "r.html", "<!doctype html>"),
        (run, "r.jsonl", "{\"id\":0"),
        (search, "s.json", "{\n  \"scenario\""),
        (search, "s.log", "What must go wrong"),
        (sweep, "w.json", "{\n"),
        (sweep, "w.csv", "complete,runs,"),
        (sweep, "w.txt", "Three generals"),
        ("list", "l.json", "{\n  \"problems\""),
        ("schema", "s.json", "{"),
        ("run three-generals --format json", "r.log", "{\n  \"version\""),
    ] {
        written(command, name, begins);
    }
    let unwritten = |command: &str, flag: &str, name: &str, says: &str| {
        let path = folder.path().join(name);
        refused(&dsys(&command.split(' ').collect::<Vec<_>>()).arg(flag).arg(&path).output().unwrap(), 2, says);
        assert!(!path.exists(), "{command} {flag} {name}");
    };
    for (command, flag, name, says) in [
        (run, "-o", "n.png", ".png is not a format that this writes"),
        (run, "--trace", "n.svg", ".svg is not a format"),
        (sweep, "-o", "n.png", ".png is not a format"),
        ("sweep three-generals --runs 2 --shard 1/2", "-o", "n.csv", ".csv is not a format"),
        (search, "-o", "n.svg", "`--diagram FILE.svg` draws the case"),
        (search, "-o", "n.toml", "`--save FILE.toml` writes the case"),
        (search, "--save", "n.json", ".json is not a format"),
        ("list", "-o", "n.csv", ".csv is not a format"),
        ("schema", "-o", "n.toml", ".toml is not a format"),
        ("run three-generals --format text", "-o", "n.json", "`--format text` contradicts the ending"),
        ("run three-generals --format json", "-o", "n.svg", "`--format json` contradicts the ending"),
        ("sweep three-generals --runs 2 --format json", "-o", "n.csv", "`--format json` contradicts the ending"),
    ] {
        unwritten(command, flag, name, says);
    }
}

#[test]
fn a_name_of_another_kind_is_told_what_it_is() {
    let is_told = |args: &str, says: &[&str]| {
        let output = output(&args.split(' ').collect::<Vec<_>>());
        says.iter().for_each(|says| refused(&output, 2, says));
    };
    for command in ["run", "show", "sweep", "search"] {
        is_told(&format!("{command} two-generals"), &["is a problem, not a scenario", "`last-messenger`"]);
    }
    is_told("run oral", &["is a protocol, not a scenario", "`three-generals`"]);
    is_told("list three-generals", &["is a scenario", "`dsys show three-generals`"]);
    is_told("rnu three-generals", &["a similar subcommand exists: 'run'"]);
    is_told("new mine.toml --problem two-generals", &["add `--protocol NAME`", "`ack-chain`"]);
    for help in ["help", "help run"] {
        let output = output(&help.split(' ').collect::<Vec<_>>());
        assert!(output.status.success() && stdout(&output).contains("Usage: dsys"), "{help}");
    }
}

/// A file that is called as a scenario that ships is run by its path.
#[test]
fn a_path_is_told_as_one_that_is_taken_for_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let new = dsys(&["new", "last-messenger", "--from", "three-generals"]).current_dir(&folder).output().unwrap();
    assert!(stderr(&new).ends_with("\n  dsys run ./last-messenger\n"), "{}", stderr(&new));
    let run = dsys(&["run", "./last-messenger"]).current_dir(&folder).output().unwrap();
    assert!(stdout(&run).starts_with("Three generals"), "{}", stderr(&run));
    let new = dsys(&["new", "mine", "--from", "three-generals"]).current_dir(&folder).output().unwrap();
    assert!(stderr(&new).ends_with("\n  dsys run mine\n"), "{}", stderr(&new));
}

#[test]
fn text_is_as_wide_as_the_terminal() {
    let commands = [
        "list",
        "show",
        "new",
        "run",
        "sweep",
        "merge",
        "search",
        "notes",
        "notes check",
        "notes new-event",
        "notes build",
        "meetup",
        "meetup init",
        "serve",
        "schema",
        "completions",
    ];
    let helps = commands.iter().flat_map(|command| [format!("{command} --help"), format!("{command} -h")]);
    let names = ["two-generals", "byzantine-generals", "clock-skew", "exactly-once", "idempotent-producer"];
    let lists = names.iter().map(|name| format!("list {name}"));
    let others = ["", "--help", "-h", "list", "notes", "run three-generals"].map(str::to_owned);
    for command in helps.chain(lists).chain(others) {
        let text = |columns: Option<&str>| {
            let mut command = dsys(&command.split_whitespace().collect::<Vec<_>>());
            match columns {
                Some(columns) => command.env("COLUMNS", columns),
                None => command.env_remove("COLUMNS"),
            };
            stdout(&command.output().unwrap()).to_owned()
        };
        let check = |columns: Option<&str>, most: usize| {
            let text = text(columns);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
            assert!(widest <= most, "`{command}` at {columns:?}: {widest}\n{text}");
        };
        check(Some("80"), 80);
        if ["", "--help", "sweep --help", "list", "notes"].contains(&command.as_str()) {
            check(Some("60"), 60);
            check(Some("250"), 100);
            check(None, 100);
            assert_eq!(text(Some("no number")), text(None));
        }
    }
}

/// Standard output that is a terminal says how wide it is, whatever COLUMNS says.
#[cfg(unix)]
#[test]
fn a_terminal_says_itself_how_wide_it_is() {
    let inside = format!("stty cols 70 rows 24; COLUMNS=100 {DSYS} list --all");
    let mut script = Command::new("script");
    let Ok(output) = script.args(["-qec", &inside, "/dev/null"]).stdin(Stdio::null()).output() else { return };
    let text = anstream::adapter::strip_str(stdout(&output)).to_string();
    let widest = text.lines().map(|line| line.trim_end().chars().count()).max().unwrap_or_default();
    assert!((60..=70).contains(&widest), "{widest}: {text}");
}

#[test]
fn a_scenario_can_be_begun_with_nothing() {
    let blank = output(&["new", "-", "--problem", "byzantine-generals", "--protocol", "signed"]);
    assert_eq!(blank.status.code(), Some(0), "{}", stderr(&blank));
    for line in ["\n#m = 1\n", "\n#order = \"attack\"\n", "\n#[[fault]]\n", "problem  = \"byzantine-generals\"\n"] {
        assert!(stdout(&blank).contains(line), "{}", stdout(&blank));
    }
    let run = with_input(&["run", "-", "-q"], stdout(&blank).as_bytes());
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let check = |flags: &[&str], says: &str| {
        refused(&dsys(&["new", "-"]).args(flags).output().unwrap(), 2, says);
    };
    check(&["--problem", "byzantine-generals", "--protocol", "singed"], "did you mean `signed`?");
    check(&["--problem", "byzantine", "--protocol", "signed"], "there is no problem `byzantine`");
    check(&["--problem", "two-generals"], "add `--protocol NAME`");
    check(&["--from", "three-generals", "--problem", "two-generals", "--protocol", "retry"], "cannot be used with");
    check(&[], "--from <SCENARIO>");
}

#[test]
fn what_is_no_scenario_is_called_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, bytes: &[u8], says: &str| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let output = output(&["run", path.to_str().unwrap()]);
        refused(&output, 2, says);
        assert!(stderr(&output).contains("TOML") || stderr(&output).contains("UTF-8"), "{}", stderr(&output));
    };
    let text = "title = \"T\"\n";
    let wide = |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    check("r.json", b"{ \"title\": \"T\" }", "this is JSON, and no scenario");
    check("t.jsonl", b"{\"id\":0}\n{\"id\":1}\n", "this is lines of JSON, and no scenario");
    check(
        "run.log",
        b"2026-11-29 12:00:01 INFO began\n2026-11-29 12:00:02 INFO ended\n",
        "this is plain text, and no scenario",
    );
    check("a.yaml", b"title: T\nnodes: 2\n", "this is YAML, and no scenario");
    check("bom.toml", &[b"\xff\xfe", &wide(u16::to_le_bytes)[..]].concat(), "is text in UTF-16");
    check("le.toml", &wide(u16::to_le_bytes), "is text in UTF-16LE");
    check("be.toml", &wide(u16::to_be_bytes), "is text in UTF-16BE");
    check("p.png", b"\x89PNG\r\n\x1a\n\0\0", "is a picture, and no scenario");
    check("dsys.toml", &fs::read(DSYS).unwrap()[..4096], "is a program, and no scenario");
    check("zero.toml", b"title = \"\0\"", "is not text: byte 9 is 0");
    // A mark at the start of UTF-8 is harmless.
    let shown = output(&["show", "three-generals"]);
    let run = with_input(&["run", "-", "-q"], &[b"\xef\xbb\xbf", &shown.stdout[..]].concat());
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
}

/// What somebody writes is shown so that it can be seen: it steers no terminal and turns no text
/// around.
#[test]
fn nothing_invisible_is_printed() {
    const TRAPS: &str = "\u{202e}\u{200f}\u{2066}\u{1b}[31m\u{9b}\u{200b}\u{feff}";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trap.toml");
    fs::write(
        &file,
        format!("title = \"T{TRAPS}\"\nproblem = \"two-generals\"\nprotocol = \"ack-chain\"\nnodes = 2\n")
            .replace('\u{1b}', "")
            .replace('\u{9b}', ""),
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let with = |before: &str| format!("{before}{TRAPS}");
    let set = with("params.order=");
    let quoted = format!("title=\"x{TRAPS}\"").replace('\u{1b}', "").replace('\u{9b}', "");
    for args in [
        &["run", file][..],
        &["run", file, "--diagram", "/dev/stdout/x.svg"],
        &["run", file, "--set", &quoted],
        &["run", &with("x")],
        &["run", &with("./x")],
        &["run", file, "--set", &set],
        &["run", file, "--force", &with("alice:bob:1=")],
        &["run", file, &with("--")],
        &["run", file, "-o", &with("/none/")],
        &["sweep", file, "--runs", "2", "--over", &with("params.acks=1,")],
        &["sweep", file, "--runs", "2", "--plot", &with("a")],
        &["search", file, "--property", &with("a")],
        &["list", &with("a")],
        &["notes", &with("a")],
        &[&with("run")],
        &["notes", "check", &with("a")],
        &["merge", &with("a")],
        &["--library", &with("a"), "list"],
    ] {
        let output = output(args);
        for text in [stdout(&output), stderr(&output)] {
            let trap = text.chars().find(|c| *c != '\n' && TRAPS.contains(*c) && !"[31m".contains(*c));
            assert_eq!(trap, None, "{args:?}: {text}");
        }
    }
    assert!(stdout(&output(&["run", file])).starts_with("T\\u{202E}\\u{200F}"), "{}", stdout(&output(&["run", file])));
}

#[test]
fn a_choice_can_be_set_as_toml_quotes_it() {
    let lost = |set: &str| {
        let run = output(&["run", "three-generals", "--set", set, "--format", "json"]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let report: serde_json::Value = serde_json::from_str(stdout(&run)).unwrap();
        (report["trace_hash"].clone(), report["counts"]["lost"].clone(), report["settings"].clone())
    };
    let plain = lost("force.alice:bob:1=lose");
    assert_eq!(plain.1, 1);
    for set in ["force.\"alice:bob:1\"=lose", "force.'alice:bob:1' = lose", "\"force\".\"alice:bob:1\"=\"lose\""] {
        assert_eq!((lost(set).0, lost(set).1), (plain.0.clone(), plain.1.clone()), "{set}");
    }
    assert_eq!(lost("force.\"alice:bob:1\"=lose").2, plain.2);
    for set in ["force.\"alice:bob:1=lose", "\"\".x=1", "network.\"lo\\u0073s\"=1"] {
        assert_eq!(output(&["run", "three-generals", "--set", set]).status.code(), Some(2), "{set}");
    }
    refused(&output(&["run", "three-generals", "--seed", "0x10"]), 2, "a seed is written in decimal: this one is 16");
}

#[test]
fn a_found_case_is_a_scenario_that_keeps_its_claims() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (save, svg) = (path("worst case.toml"), path("worst.svg"));
    let search = output(&["search", "more-acks-do-not-help", "--save", &save, "--diagram", &svg]);
    assert_eq!(search.status.code(), Some(0), "{}", stderr(&search));
    assert!(stderr(&search).contains(&format!("dsys run '{save}'")), "{}", stderr(&search));
    let run = output(&["run", &save, "--expect", "-q"]);
    assert_eq!((run.status.code(), stderr(&run)), (Some(0), ""));
    assert!(fs::read_to_string(svg).unwrap().starts_with("<svg"));
    refused(&output(&["search", "more-acks-do-not-help", "--save", &save]), 2, "is there already");
    let none = path("none.toml");
    let search = output(&["search", "four-generals", "--save", &none]);
    assert_eq!((search.status.code(), fs::exists(&none).unwrap()), (Some(0), false));
    assert!(stderr(&search).contains("is not written: nothing was found"), "{}", stderr(&search));
}

#[test]
fn a_time_that_ends_a_search_is_told() {
    let search = output(&["search", "seven-generals", "--set", "search.at-most=40", "--budget", "100ms"]);
    assert_eq!(search.status.code(), Some(0), "{}", stderr(&search));
    assert!(stdout(&search).contains("on another machine the answer may be another"), "{}", stdout(&search));
}

#[cfg(unix)]
#[test]
fn an_interrupted_search_tells_what_is_known() {
    let args = ["search", "seven-generals", "--set", "search.at-most=40", "--budget", "1h"];
    let (search, said) = interrupted(&args, "searching");
    assert_eq!(search.status.code(), Some(130), "{said}");
    assert!(stdout(&search).contains("It was interrupted"), "{}", stdout(&search));
}
