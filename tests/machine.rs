//! What a machine does to the program: places that cannot be written, full disks, closed streams,
//! signals, no memory.
//!
//! Whatever happens, no result that took work is lost, nothing half-written has the name of a
//! result, and the exit code and a sentence say what was.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; a machine has real time"
)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::time::{Duration, Instant};

const DSYS: &str = env!("CARGO_BIN_EXE_dsys");

fn dsys(args: &[&str]) -> Command {
    let mut command = Command::new(DSYS);
    command.args(args).stdin(Stdio::null());
    command
}

/// A command of a shell, in which `$DSYS` is the program and `$DIR` a folder.
fn shell(script: &str, folder: &Path) -> Output {
    Command::new("sh").args(["-c", script]).env("DSYS", DSYS).env("DIR", folder).stdin(Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Commands that would take an hour: a test that waits for one has found that it ran.
const LONG: [&[&str]; 2] = [
    &["sweep", "last-messenger", "--runs", "1000000000"],
    &["search", "seven-generals", "--set", "search.at-most=40", "--budget", "1h"],
];

#[test]
fn a_place_that_cannot_be_written_is_told_before_anything_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [folder.path().join("none"), file] {
        let at = |name: &str| place.join(name).to_str().unwrap().to_owned();
        let flags = [("-o", "r.json"), ("-o", "r.svg"), ("--diagram", "d.svg"), ("--save", "s.toml")];
        for (command, takes) in LONG.iter().zip([&flags[..2], &flags[2..]]) {
            for (flag, name) in takes {
                let output = dsys(command).args([flag, at(name).as_str()]).output().unwrap();
                assert_eq!(output.status.code(), Some(3), "{}", said(&output));
                let sentence = format!("error: `{}` cannot be written: ", at(name));
                assert!(said(&output).starts_with(&sentence) && output.stdout.is_empty(), "{}", said(&output));
            }
        }
        for (flag, name) in [("-o", "r.txt"), ("--diagram", "d.html"), ("--trace", "t.jsonl")] {
            let output = dsys(&["run", "three-generals", flag, &at(name)]).output().unwrap();
            assert_eq!((output.status.code(), printed(&output).as_str()), (Some(3), ""), "{}", said(&output));
        }
    }
    let output = dsys(&["notes", "build", "-o", "/proc/site"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).starts_with("error: `/proc/site` cannot be made: "), "{}", said(&output));
}

#[test]
fn a_result_whose_place_fails_later_is_printed() {
    // A file may grow to no more than some blocks here: SIGXFSZ is an error of the write, and no
    // death.
    let folder = tempfile::tempdir().unwrap();
    for (arguments, result) in [
        ("run three-generals --format json -o $DIR/r.json", "\"trace_hash\""),
        ("sweep last-messenger --runs 3 --over network.loss=0..0.9/0.1 --format json -o $DIR/r.json", "\"rows\""),
        ("sweep last-messenger --runs 3 --over network.loss=0..0.9/0.1 -q -o $DIR/r.svg", "agreement"),
        ("search last-messenger --format json -o $DIR/r.json", "\"exhausted\""),
        ("search last-messenger -o /dev/null --save $DIR/s.toml", "[expect]"),
    ] {
        let old = folder.path().join("r.json");
        fs::write(&old, "old").unwrap();
        let output = shell(&format!("ulimit -f 0; exec \"$DSYS\" {arguments}"), folder.path());
        assert_eq!(output.status.code(), Some(3), "{arguments}: {}", said(&output));
        assert!(said(&output).contains("cannot be written: File too large"), "{}", said(&output));
        assert!(printed(&output).contains(result), "{arguments}: {}", printed(&output));
        assert_eq!((fs::read_to_string(&old).unwrap().as_str(), names(folder.path()).len()), ("old", 1));
    }
}

#[test]
fn what_is_written_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let run = |place: &Path| {
        let output = dsys(&["run", "three-generals", "-o", place.to_str().unwrap()]).output().unwrap();
        assert_eq!((output.status.code(), said(&output).as_str()), (Some(0), ""));
    };
    let is_report = |path: &Path| fs::read_to_string(path).unwrap().contains("Three generals");

    // A new file is as any other program would make it; one that is there keeps its permissions.
    run(&at("new"));
    let plain = at("plain");
    File::create(&plain).unwrap();
    assert_eq!(fs::metadata(at("new")).unwrap().mode(), fs::metadata(&plain).unwrap().mode());
    fs::set_permissions(&plain, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(&plain).unwrap();
    run(&plain);
    let after = fs::metadata(&plain).unwrap();
    assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
    assert_ne!(after.ino(), before.ino(), "it was written in place");

    // A symbolic link stays, and what it leads to is written, also where that is not there yet.
    fs::create_dir(at("below")).unwrap();
    for target in ["below/there", "below/not-there"] {
        let _ = fs::remove_file(at("link"));
        symlink(target, at("link")).unwrap();
        fs::write(at("below/there"), "").unwrap();
        run(&at("link"));
        assert!(at("link").is_symlink() && is_report(&at(target)));
    }
    assert_eq!(names(folder.path()), ["below", "link", "new", "plain"]);
}

#[test]
fn pipes_and_streams_are_written_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for (script, expect) in [
        (
            "echo before > $DIR/f; { $DSYS run three-generals -o /dev/stdout; echo after; } >> $DIR/f; cat $DIR/f",
            "after",
        ),
        ("$DSYS run three-generals -o /dev/stdout | cat", ""),
        ("mkfifo $DIR/p; cat $DIR/p & $DSYS run three-generals -o $DIR/p && wait", ""),
        (
            "$DSYS run three-generals -q --diagram /dev/null/x.svg 2>/dev/null || $DSYS run three-generals -o /dev/fd/1",
            "",
        ),
    ] {
        let output = shell(script, folder.path());
        assert!(output.status.success(), "{script}: {}", said(&output));
        assert!(printed(&output).contains("Three generals") && printed(&output).contains(expect), "{script}");
    }
    let shown = shell("cat $DIR/f", folder.path());
    assert!(printed(&shown).starts_with("before\nThree generals"), "{}", printed(&shown));
}

#[test]
fn without_standard_output_a_command_that_prints_fails() {
    for command in [
        "",
        "list",
        "show three-generals",
        "new - --from three-generals",
        "run three-generals",
        "run three-generals -q --trace -",
        "sweep last-messenger --runs 2",
        "sweep last-messenger --runs 2 --shard 1/2",
        "search last-messenger",
        "notes",
        "notes cap",
        "notes check",
        "serve --listen 127.0.0.1:0",
        "schema",
        "completions bash",
        "--help",
        "run --help",
        "--version",
    ] {
        let output = shell(&format!("exec \"$DSYS\" {command} >&-"), Path::new("."));
        assert_eq!(output.status.code(), Some(3), "`{command}`: {}", said(&output));
        assert_eq!(said(&output), "error: standard output cannot be written: it is closed\n", "`{command}`");
    }
    let quiet = shell("exec \"$DSYS\" run three-generals -q >&-", Path::new("."));
    assert_eq!((quiet.status.code(), said(&quiet).as_str()), (Some(0), ""));
    // What somebody sends to /dev/null is not wanted, and that is no error.
    assert!(shell("exec \"$DSYS\" list > /dev/null", Path::new(".")).status.success());
}

#[test]
fn too_little_memory_is_a_sentence() {
    let many = "exec \"$DSYS\" run at-least-once-charges-twice --set params.orders=300000 --set until=10h -q --trace /dev/null";
    let output = shell(&format!("ulimit -v 400000; {many}"), Path::new("."));
    assert_eq!((output.status.code(), printed(&output).as_str()), (Some(3), ""), "{}", said(&output));
    assert!(said(&output).starts_with("error: there is not enough memory\n"), "{}", said(&output));
    assert!(said(&output).contains("limits.events"), "{}", said(&output));
}

/// Starts a command, and waits until it says that it is at work.
fn begun(args: &[&str]) -> (Child, BufReader<ChildStderr>) {
    let sign = match args[0] {
        "sweep" => "sweeping",
        "search" => "searching",
        _ => "read ",
    };
    at_work(dsys(args).arg("-v"), sign)
}

fn at_work(command: &mut Command, sign: &str) -> (Child, BufReader<ChildStderr>) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains(sign) {
        line.clear();
        assert!(told.read_line(&mut line).unwrap() > 0, "it ended before it began");
    }
    (child, told)
}

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap().success());
}

/// What a machine with other work to do may take for what takes 100 ms alone.
const SOON: Duration = Duration::from_secs(5);

#[test]
fn what_is_known_is_written_at_every_signal() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("r.csv");
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        for (command, format) in [(LONG[0], "json"), (LONG[0], "csv"), (LONG[1], "json")] {
            let place = if format == "csv" { csv.to_str().unwrap() } else { "-" };
            let (mut child, mut told) = begun(&[command, &["--format", format, "-o", place]].concat());
            send(signal, &child);
            let sent = Instant::now();
            let (mut out, mut err) = (String::new(), String::new());
            child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
            told.read_to_string(&mut err).unwrap();
            assert_eq!(child.wait().unwrap().code(), Some(code), "{signal} {command:?}: {err}");
            assert!(sent.elapsed() < SOON, "{:?}", sent.elapsed());
            match format {
                "csv" => {
                    let rows = fs::read_to_string(&csv).unwrap();
                    let (head, row) = rows.split_once('\n').unwrap();
                    let at = head.split(',').position(|name| name == "complete").unwrap();
                    assert_eq!(row.lines().next().unwrap().split(',').nth(at), Some("false"), "{rows}");
                }
                _ => {
                    let result: serde_json::Value = serde_json::from_str(&out).unwrap();
                    assert_eq!(result["partial"], true, "{result}");
                }
            }
        }
    }
}

/// Commands that tell nothing before their end: any signal ends them at once, and nothing
/// half-written stays.
#[test]
fn a_signal_ends_what_has_nothing_to_tell() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("part.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let long_run = ["run", "at-least-once-charges-twice", "--set", "params.orders=1000000", "--set", "until=10h"];
    let file = folder.path().join("r.json").to_str().unwrap().to_owned();
    let ends = |child: &mut Child, signal: &str, code: i32| {
        send(signal, child);
        let sent = Instant::now();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert!(sent.elapsed() < SOON, "{:?}", sent.elapsed());
    };
    for (signal, code) in [("TERM", 143), ("HUP", 129)] {
        let mut merge = dsys(&["merge", pipe.to_str().unwrap(), "-o", &file]);
        let mut merge = merge.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // A pipe opens for its writer when its reader has opened it.
        let writer = File::options().write(true).open(&pipe).unwrap();
        ends(&mut merge, signal, code);
        drop(writer);
        let (mut run, _told) = begun(&long_run);
        ends(&mut run, signal, code);
    }
    assert_eq!(names(folder.path()), ["part.json"]);
}

#[test]
fn a_file_that_is_being_written_is_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("t.jsonl");
    let orders = ["--set", "params.orders=20000", "--set", "until=10h", "-q", "--trace", trace.to_str().unwrap()];
    let run = [&["run", "at-least-once-charges-twice"][..], &orders].concat();
    let mut child = dsys(&run).spawn().unwrap();
    // Some megabytes of text take longer to be written than to be looked for.
    while names(folder.path()).is_empty() || !written(folder.path()) {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it was seen");
        std::thread::sleep(Duration::from_millis(1));
    }
    send("TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(names(folder.path()), [""; 0]);
}

/// Whether something in a folder has more than nothing in it.
fn written(folder: &Path) -> bool {
    names(folder).iter().any(|name| fs::metadata(folder.join(name)).is_ok_and(|found| found.len() > 0))
}

#[test]
fn a_second_signal_ends_at_once_and_nohup_is_heeded() {
    let (mut child, _told) = begun(LONG[0]);
    // It cannot print what it knows: nobody reads the pipe, which is full at once or soon.
    send("HUP", &child);
    send("TERM", &child);
    assert!(matches!(child.wait().unwrap().code(), Some(129 | 143)));

    let script = "trap '' HUP; exec \"$DSYS\" sweep last-messenger --runs 1000000000 --format json -v";
    let (mut child, _told) = at_work(Command::new("sh").args(["-c", script]).env("DSYS", DSYS), "sweeping");
    send("HUP", &child);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(child.try_wait().unwrap(), None, "it was told to ignore SIGHUP");
    send("TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

#[test]
fn no_more_is_read_of_a_part_than_shows_that_it_is_none() {
    let output = dsys(&["merge", "/dev/zero"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).starts_with("error: `/dev/zero` is no JSON"), "{}", said(&output));
}

/// A terminal writes `^C` behind the bar. If that begins a new line, the bar stays above the
/// result.
#[cfg(unix)]
#[test]
fn a_bar_has_room_for_what_ctrl_c_writes_behind_it() {
    for (command, of_a_bar) in
        [("search seven-generals --at-most 9", " runs · "), ("sweep last-messenger --runs 100000000", "/s (")]
    {
        let inside = format!("stty cols 80 rows 24; timeout --foreground -s INT 2 {DSYS} {command}");
        let mut script = Command::new("script");
        let Ok(output) = script.args(["-qec", &inside, "/dev/null"]).stdin(Stdio::null()).output() else { return };
        let text = anstream::adapter::strip_str(&String::from_utf8_lossy(&output.stdout)).to_string();
        let bars: Vec<&str> = text.split(['\r', '\n']).filter(|line| line.contains(of_a_bar)).collect();
        let widest = bars.iter().map(|bar| bar.chars().count()).max();
        assert!(widest.is_some_and(|widest| widest <= 76), "{command}: {widest:?}\n{text}");
    }
}
