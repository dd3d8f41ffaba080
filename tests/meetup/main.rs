//! A meetup of one's own, as an organiser begins and keeps it: by the command line alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use dsys::library::{Clash, Library};
use dsys::notes::Book;

mod site;

fn dsys(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dsys"));
    command.current_dir(folder).args(args).env_remove("CLICOLOR_FORCE").env("COLUMNS", "100").stdin(Stdio::null());
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What a command says, if it ends with this code.
fn says(folder: &Path, args: &[&str], code: i32) -> String {
    let output = dsys(folder, args);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}", said(&output));
    said(&output)
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn replace(folder: &Path, path: &str, from: &str, to: &str) {
    let text = read(folder, path);
    assert!(text.contains(from), "{path} has no {from}:\n{text}");
    fs::write(folder.join(path), text.replace(from, to)).unwrap();
}

/// A new meetup in a folder of its own.
fn meetup(flags: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let args = [&["meetup", "init", "."], flags].concat();
    says(folder.path(), &args, 0);
    folder
}

#[test]
fn a_meetup_begins_with_no_flag_and_is_sound_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let told = says(folder.path(), &["meetup", "init", "rainy-city"], 0);
    for part in [
        "the library of Rainy City",
        "is the library of Rainy City now:\n",
        "No time zone is said: UTC is used until you write one, as in `zone = \"Europe/Berlin\"`.",
        "  notes/meetup.toml\n",
        "left out: `city`, `zone`",
        "cd rainy-city\n",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    let own = folder.path().join("rainy-city");
    let checked = says(&own, &["notes", "check"], 0);
    for part in [
        "All good: 2 notes",
        "this is a draft",
        "notes/events/01.md:",
        "still open: `date`, `time`, `place`, `link`, `{{summary}}`;",
    ] {
        assert!(checked.contains(part), "{part}:\n{checked}");
    }
    assert!(!checked.contains("error"), "{checked}");
    let again = says(folder.path(), &["meetup", "init", "rainy-city"], 2);
    assert!(again.contains("`rainy-city` holds things already, such as `.github`"), "{again}");
}

#[test]
fn what_the_flags_say_is_in_the_notes_and_what_is_wrong_is_told_before_anything_is_written() {
    let flags = [
        ("--name", "Zürich \"Systems\" & <co>"),
        ("--about", "Everything *with* `clocks`."),
        ("--city", "Zurich"),
        ("--language", "de-CH"),
        ("--organiser", "Ada [A]"),
        ("--join", "mailto:ada@example.org"),
        ("--url", "https://example.org/zurich"),
        ("--problems", "clock-skew"),
        ("--topics", ""),
        ("--date", "2027-03-28"),
    ];
    let flags: Vec<&str> = flags.iter().flat_map(|(flag, value)| [*flag, *value]).collect();
    let folder = meetup(&flags);
    let library = Library::shipped().with_folder(folder.path(), Clash::Refuse).unwrap();
    let book = Book::read(&library);
    let meetup = &book.meetup;
    assert_eq!((meetup.name.as_str(), meetup.zone.name()), ("Zürich \"Systems\" & <co>", "Europe/Zurich"));
    assert_eq!((meetup.language.as_str(), meetup.url.as_deref()), ("de-CH", Some("https://example.org/zurich/")));
    assert_eq!(meetup.join.as_ref().unwrap().link.as_deref(), Some("mailto:ada@example.org"));
    let paths: BTreeSet<&str> = book.notes.iter().map(|note| note.path.as_str()).collect();
    assert!(paths.contains("notes/problems/clock-skew.md") && !paths.contains("notes/problems/two-generals.md"));
    assert!(paths.iter().all(|path| !path.starts_with("notes/topics/")), "{paths:?}");
    let first = read(folder.path(), "notes/README.md");
    assert!(!first.contains("Europe/Zurich"), "a zone that the file of the meetup changes stays here: {first}");
    assert!(first.contains("clock-skew.md") && !first.contains("**Topics**"), "{first}");
    says(folder.path(), &["notes", "check"], 0);

    let empty = tempfile::tempdir().unwrap();
    for (flag, value, message) in [
        ("--zone", "Berlin", "`--zone`: there is no time zone `Berlin`"),
        ("--zone", "Berlin", "did you mean `Europe/Berlin`?"),
        ("--url", "nowhere", "`nowhere` is no address of the web"),
        ("--join", "ada", "`--join`: `ada` is no address of the web"),
        ("--join", "ines@example.pt", "`--join`: `ines@example.pt` is an address for mail, and no link"),
        ("--join", "ines@example.pt", "  write `mailto:ines@example.pt`\n"),
        ("--organiser", "", "`--organiser`: `name` must not be empty"),
        ("--place", "", "`--place`: `place` must not be empty"),
        ("--problems", "two-general", "no note about `two-general` ships"),
        ("--topics", "cap,capp", "`--topics`: no note about `capp` ships"),
        ("--language", "x", "`x` is no tag of a language"),
        ("--language", "xx-YY", "`--language`: there is no language `xx`"),
        ("--language", "PT_pt", "did you mean `pt-PT`?"),
        ("--name", " ", "`name` must not be empty"),
        ("--date", "soon", "`soon` is not a day"),
    ] {
        let told = says(empty.path(), &["meetup", "init", "new", flag, value], 2);
        assert!(told.contains(message), "{flag} {value}: {told}");
        assert!(!empty.path().join("new").exists(), "{flag} {value}");
    }
}

/// Nothing of the shipped meetup may be in another one's notes or site.
#[test]
fn nothing_of_the_shipped_meetup_is_in_another_ones() {
    let folder = meetup(&["--name", "Rainy City"]);
    let library = Library::shipped().with_folder(folder.path(), Clash::Refuse).unwrap();
    let shipped = Library::shipped();
    let theirs = dsys::notes::meetup::Meetup::of(&shipped).unwrap();
    let organiser = theirs.organiser.unwrap();
    let join = theirs.join.unwrap().link.unwrap();
    // Their pages elsewhere, and words that mean another meetup's people where they are read there.
    let words = ["lu.ma", "devdinu", "relyonmetrics", "The organiser's", "this project"];
    let all = shipped.files().map(|(_, file)| file.text().into_owned()).collect::<String>();
    assert!(words[..4].iter().all(|word| all.contains(word)));
    let is_theirs =
        |text: &str| [&*organiser.name, &*join].iter().chain(&words).any(|theirs: &&str| text.contains(theirs));
    assert!(shipped.files().any(|(_, file)| is_theirs(&file.text())));
    for (path, file) in library.files() {
        assert!(!is_theirs(&file.text()), "{path}");
    }
    assert!(library.file("notes/events/02.md").is_none());
    assert!(library.file("scenarios/byzantine-generals/three-generals.toml").is_some());
}

/// Nobody is an hour late: the zone is the city's, or its absence is told.
#[test]
fn a_time_without_a_zone_is_a_fault_that_names_the_cure() {
    let folder = meetup(&["--name", "Rainy City", "--city", "Lisbon"]);
    let event = ["notes", "new-event", "--date", "2027-04-29", "--time", "19:00", "--place", "Café"];
    says(folder.path(), &event, 0);
    replace(folder.path(), "notes/meetup.toml", "zone     = \"Europe/Lisbon\"", "#");
    says(folder.path(), &["notes", "check"], 0);
    let library = Library::shipped().with_folder(folder.path(), Clash::Refuse).unwrap();
    let begins = Book::published(&library).notes.iter().find_map(|note| {
        let meetup = dsys::notes::meetup::Meetup::of(&library).unwrap();
        note.front.when(&meetup.zone)?.begins
    });
    assert_eq!(begins.unwrap().in_utc(), "20270429T180000Z");

    let other = tempfile::tempdir().unwrap();
    let told = says(other.path(), &["meetup", "init", "l", "--city", "Lisboa"], 0);
    let cure = "zone = \"Europe/Lisbon\"";
    assert!(
        told.contains(&format!("No time zone is called after Lisboa: UTC is used until you write one, as in `{cure}`")),
        "{told}"
    );
    let own = other.path().join("l");
    let toml = read(&own, "notes/meetup.toml");
    assert!(toml.contains("\n#zone     = \"Europe/Lisbon\"") && !toml.contains("UTC"), "{toml}");
    assert!(!read(&own, "notes/README.md").contains("UTC"));
    let told = says(&own, &["notes", "check"], 0);
    assert!(told.contains("note: the meetup says no time zone yet, and none is called after Lisboa"), "{told}");
    says(&own, &event, 0);
    let told = says(&own, &["notes", "check"], 1);
    assert!(told.contains("the times of its events are in UTC") && told.contains(cure), "{told}");
    replace(&own, "notes/meetup.toml", "#zone ", "zone ");
    says(&own, &["notes", "check"], 0);
}

/// A new meetup that takes nothing over, so that its site is small.
fn small_meetup() -> tempfile::TempDir {
    let folder = meetup(&["--name", "Rainy City", "--zone", "Europe/Lisbon", "--problems", "", "--topics", ""]);
    let guides = "#guides    = [\"first-evening\", \"writing-notes\"]\n#resources = false\n#glossary  = false";
    replace(folder.path(), "notes/meetup.toml", guides, "guides = []\nresources = false\nglossary = false");
    folder
}

#[test]
fn what_ships_and_is_not_taken_over_is_told_with_how_to_take_it() {
    let folder = meetup(&["--name", "Rainy City", "--topics", "kubernetes-docker-cloud", "--zone", "UTC"]);
    let how = "it ships, but is not taken over: add `cap` to `topics` under `[take]` in `notes/meetup.toml`";
    for command in [&["notes", "cap"][..], &["notes", "topics/cap.md"], &["list", "--topic", "cap"]] {
        let told = says(folder.path(), command, 2);
        assert!(told.contains("in this library") && told.contains(how), "{told}");
    }
    replace(folder.path(), "notes/README.md", "## Take part", "[CAP](topics/cap.md)\n\n## Take part");
    let told = says(folder.path(), &["notes", "check"], 1);
    assert!(told.contains("there is no note `notes/topics/cap.md`") && told.contains(how), "{told}");
    replace(folder.path(), "notes/meetup.toml", "\"kubernetes-docker-cloud\"", "\"kubernetes-docker-cloud\", \"cap\"");
    says(folder.path(), &["notes", "check"], 0);
    // What the shipped meetup says of itself is nobody else's.
    let told = says(folder.path(), &["notes", "speakers"], 2);
    assert!(!told.contains("it ships"), "{told}");
}

#[test]
fn the_first_event_is_a_draft_with_what_is_known_and_another_of_its_number_names_it() {
    let folder = meetup(&["--zone", "UTC", "--time", "19:00", "--place", "Café \"Z\""]);
    let first = read(folder.path(), "notes/events/01.md");
    for part in ["time     = \"19:00\"", "place    = \"Café \\\"Z\\\"\"", "draft    = true"] {
        assert!(first.contains(part), "{part}:\n{first}");
    }
    let told = says(folder.path(), &["notes", "new-event", "--number", "1"], 2);
    assert!(
        told.contains("it is a draft: fill that in, or delete `./notes/events/01.md` first; the next number is 2"),
        "{told}"
    );
    // What all events have in common holds for the next.
    says(folder.path(), &["notes", "new-event", "--date", "2027-04-29"], 0);
    let second = read(folder.path(), "notes/events/02.md");
    assert!(second.contains("time     = \"19:00\"") && !second.contains("draft"), "{second}");
    says(folder.path(), &["notes", "check"], 0);
}

#[test]
fn a_list_of_runs_that_is_no_playlist_is_told() {
    let folder = small_meetup();
    let event = ["notes", "new-event", "--date", "2027-04-29", "--place", "Café", "--demo", "three-generals"];
    says(folder.path(), &event, 0);
    let note = "notes/events/02.md";
    let sound = read(folder.path(), note);
    for (from, to, is_lost) in [
        ("1. [", "1) [", false),
        ("## Demos", "## A\n\n### demos", false),
        ("1. [", "- [", true),
        ("## Demos", "## Demonstrações", true),
        ("## Demos", "## Demo", true),
    ] {
        fs::write(folder.path().join(note), &sound).unwrap();
        replace(folder.path(), note, from, to);
        let told = says(folder.path(), &["notes", "check"], 0);
        assert_eq!(told.contains("note: this is a list of runs, but no playlist"), is_lost, "{to}: {told}");
    }
}

#[test]
fn the_next_event_needs_no_flag_and_says_what_is_not_known() {
    let folder = meetup(&["--name", "Rainy City", "--city", "Vancouver"]);
    let told = says(folder.path(), &["notes", "new-event"], 0);
    for part in
        ["02.md` is written, as a draft", "Not known yet: `date` (`--date`), `time` (`--time`)", "`{{summary}}`"]
    {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    let flags = "--date 2027-03-14 --time 18:30 --until 20:30 --link https://example.org/3 --demo three-generals \
         --demo scenarios/clock-skew/fencing.toml --demo ../../scenarios/two-generals/last-messenger.toml --place";
    let flags: Vec<&str> = ["notes", "new-event"].into_iter().chain(flags.split(' ')).chain(["Café *Z*"]).collect();
    let told = says(folder.path(), &flags, 0);
    assert!(told.contains("03.md` is written.\nThen:\n  dsys notes check\n"), "{told}");
    let text = read(folder.path(), "notes/events/03.md");
    for part in [
        "date     = 2027-03-14\ntime     = \"18:30\"\nuntil    = \"20:30\"\nplace    = \"Café *Z*\"",
        "\n# Rainy City 03\n",
        "summary  = \"Café *Z*, on 14 March 2027.\"",
        "1. [Three generals, one traitor](../../scenarios/byzantine-generals/three-generals.toml)\n2. [",
        "](../../scenarios/clock-skew/fencing.toml)\n3. [",
        "](../../scenarios/two-generals/last-messenger.toml)\n",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    assert!(!text.contains("duration") && !text.contains("draft") && !text.contains("{{"), "{text}");
    says(folder.path(), &["notes", "check"], 0);
    // The draft is published once it is filled in, and not before.
    let second = "notes/events/02.md";
    replace(folder.path(), second, "draft    = true\n", "");
    let told = says(folder.path(), &["notes", "check"], 1);
    assert!(told.contains("the front matter has no `date`") && told.contains("this place is still open"), "{told}");
    replace(folder.path(), second, "#date     = 2030-12-31", "date     = 2027-02-09");
    replace(folder.path(), second, "{{summary}}", "Clocks.");
    let told = says(folder.path(), &["notes", "check"], 0);
    assert!(told.contains("01.md") && !told.contains("02.md"), "{told}");
}

#[test]
fn what_all_events_have_in_common_is_the_meetups() {
    let folder = meetup(&["--name", "Rainy City"]);
    let toml = "notes/meetup.toml";
    replace(
        folder.path(),
        toml,
        "title    = \"{{name}} {{number}}\"",
        "title    = \"Kaffee {{number}}\"\nfirst    = 7",
    );
    replace(folder.path(), toml, "digits   = 2", "digits   = 3");
    replace(
        folder.path(),
        toml,
        "#time     = \"18:30\"\n#duration = \"2h\"\n#place    = \"virtual\"",
        "time     = \"19:00\"\nduration = \"90min\"\nplace    = \"Museum\"",
    );
    fs::remove_file(folder.path().join("notes/events/01.md")).unwrap();
    replace(folder.path(), "notes/events/template.md", "## Topics", "## Themen am {{day}}");
    let told = says(folder.path(), &["notes", "new-event", "--date", "2027-01-12"], 0);
    assert!(told.contains("notes/events/007.md` is written.\nNot known yet: `link`"), "{told}");
    let text = read(folder.path(), "notes/events/007.md");
    for part in [
        "# Kaffee 007\n",
        "number   = 7\n",
        "time     = \"19:00\"\nduration = \"90min\"\n",
        "place    = \"Museum\"",
        "## Themen am 12 January 2027\n",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    // A template that has no place for what is known would lose it.
    replace(folder.path(), "notes/events/template.md", "link     = \"{{link}}\"\n", "");
    let told = says(folder.path(), &["notes", "new-event", "--date", "2027-02-12", "--link", "https://a.example"], 2);
    assert!(told.contains("the template has no `{{link}}`"), "{told}");
}

#[test]
fn times_are_those_of_the_zone_on_that_day() {
    let folder = meetup(&["--city", "Los Angeles"]);
    let event = |date: &str, time: &str| {
        dsys(
            folder.path(),
            &["notes", "new-event", "--date", date, "--time", time, "--duration", "2h", "--place", "virtual"],
        )
    };
    for date in ["2027-03-13", "2027-03-14", "2027-11-06", "2027-11-07"] {
        assert_eq!(event(date, "19:00").status.code(), Some(0), "{}", said(&event(date, "19:00")));
    }
    let skipped = said(&event("2028-03-12", "02:30"));
    assert!(skipped.contains("there is no 02:30 on 12 March 2028 in `America/Los_Angeles`"), "{skipped}");
    let library = Library::shipped().with_folder(folder.path(), Clash::Refuse).unwrap();
    let book = Book::published(&library);
    let begins = book.notes.iter().filter_map(|note| note.front.when(&book.meetup.zone)?.begins);
    let begins: Vec<String> = begins.map(|moment| moment.in_utc()).collect();
    assert_eq!(begins, ["20271108T030000Z", "20271107T020000Z", "20270315T020000Z", "20270314T030000Z"]);
}

#[test]
fn in_a_folder_with_a_library_commands_take_it_and_say_so() {
    let folder = meetup(&["--name", "Rainy City"]);
    let own = "scenarios/two-generals/mine.toml";
    // As the README of a new library has it: there is no folder of scenarios yet.
    assert!(read(folder.path(), "README.md").contains("`dsys new scenarios/PROBLEM/mine.toml --from three-generals`"));
    says(folder.path(), &["new", own, "--from", "last-messenger"], 0);
    replace(folder.path(), own, "title    = \"", "title    = \"Mine: ");
    let below = folder.path().join("notes/events");
    for (place, here) in [(folder.path(), "."), (&*below, "../..")] {
        let told = says(place, &["run", "mine"], 0);
        assert!(told.contains("Mine: ") && told.contains("dsys run mine --seed"), "{told}");
        assert!(told.contains(&format!("The library of Rainy City in `{here}` is used.\n")), "{told}");
        for command in [&["list", "--all"][..], &["notes"], &["show", "mine"], &["notes", "check"]] {
            let output = dsys(place, command);
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(told.contains("The library of Rainy City"), "{command:?}: {told}");
        }
    }
    let quiet = dsys(folder.path(), &["run", "mine", "--quiet"]);
    assert_eq!(said(&quiet), "");
    // One that is named is taken instead, and elsewhere there is none.
    let other = meetup(&["--name", "Sunny Town"]);
    let named = says(folder.path(), &["--library", other.path().to_str().unwrap(), "notes", "check"], 0);
    assert!(!named.contains("Rainy"), "{named}");
    let elsewhere = tempfile::tempdir().unwrap();
    says(elsewhere.path(), &["run", "mine"], 2);
    // An event that is written below is where the others are.
    says(&below, &["notes", "new-event", "--date", "2027-01-12", "--place", "virtual"], 0);
    assert!(folder.path().join("notes/events/02.md").is_file());
}

#[test]
fn a_clone_with_a_new_event_sees_it() {
    // The shipped notes as a clone has them, and one event more.
    let folder = tempfile::tempdir().unwrap();
    for (path, file) in Library::shipped().files() {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.bytes).unwrap();
    }
    let quiet = says(folder.path(), &["show", "three-generals"], 0);
    assert!(!quiet.contains("is used"), "what ships is what ships: {quiet}");
    let told = says(folder.path(), &["notes", "new-event", "--date", "2096-12-08", "--place", "virtual"], 0);
    let number = dsys::notes::event::next_number(&Book::read(&Library::shipped()));
    assert!(told.contains(&format!("notes/events/{number:02}.md` is written.")), "{told}");
    let listed = says(folder.path(), &["notes"], 0);
    assert!(listed.contains(&format!("events/{number:02}")), "{listed}");
    replace(folder.path(), &format!("notes/events/{number:02}.md"), "## Topics", "[none](none.md)\n\n## Topics");
    let told = says(folder.path(), &["notes", "check"], 1);
    assert!(told.contains("there is no note `notes/events/none.md`") && told.contains("1 fault"), "{told}");
}

#[test]
fn a_folder_that_is_not_quite_the_library_is_told_from_it() {
    let folder = small_meetup();
    let (whole, parts) = (folder.path().to_str().unwrap(), ["notes", "./notes"]);
    for part in parts {
        let told = says(folder.path(), &["notes", "check", part], 2);
        assert!(told.contains(&format!("`{part}` is a part of a library\n  the library is `.`\n")), "{told}");
    }
    let told = says(&std::env::temp_dir(), &["notes", "check", &format!("{whole}/notes")], 2);
    assert!(told.contains(&format!("the library is `{whole}`")), "{told}");
    let told = says(&folder.path().join("notes"), &["notes", "check", "."], 2);
    assert!(told.contains("`.` is a part of a library\n  the library is `/"), "{told}");
    // Without `meetup.toml`, its first page replaces the one that ships.
    fs::rename(folder.path().join("notes/meetup.toml"), folder.path().join("notes/meetup.old")).unwrap();
    let told = says(folder.path(), &["notes", "check", "."], 2);
    assert!(told.contains("`./notes/meetup.toml` is missing, and `./notes/"), "{told}");
}

#[test]
fn a_library_with_empty_folders_is_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("notes/events")).unwrap();
    let path = folder.path().to_str().unwrap();
    let told = says(folder.path(), &["--library", path, "notes", "new-event", "--date", "2096-12-08"], 0);
    assert!(told.contains("is written"), "{told}");
    let other = tempfile::tempdir().unwrap();
    fs::create_dir_all(other.path().join("scenarios")).unwrap();
    says(folder.path(), &["--library", other.path().to_str().unwrap(), "run", "three-generals"], 0);
    fs::write(other.path().join("meetup.toml"), "name = \"M\"\n").unwrap();
    let told = says(folder.path(), &["notes", "check", other.path().to_str().unwrap()], 2);
    assert!(told.contains("is not where a library has it") && told.contains("notes/meetup.toml"), "{told}");
}
