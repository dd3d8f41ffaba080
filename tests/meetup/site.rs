//! The site of a meetup of one's own: what is on it, what is refused, and what others know it by.

use std::fs;
use std::path::Path;

use dsys::library::{Clash, Library};
use dsys::notes::site::{self, Files, Settings};

use super::{meetup, read, replace, says, small_meetup};

/// The words around a note are English, and so is what ships; a meetup's own notes are in its
/// language.
#[test]
fn each_page_says_the_language_that_its_words_are_in() {
    let folder = meetup(&["--name", "Cidade", "--language", "pt", "--problems", "", "--topics", "", "--zone", "UTC"]);
    says(folder.path(), &["notes", "build", "-o", "site"], 0);
    let page = |name: &str| read(folder.path(), &format!("site/{name}"));
    // What begins in English says so until it is written anew.
    assert!(page("index.html").contains("<article>"), "{}", page("index.html"));
    for note in ["notes/README.md", "notes/events/01.md", "notes/events/template.md"] {
        assert!(read(folder.path(), note).contains("language = \"en\"  # of the words below"), "{note}");
    }
    replace(folder.path(), "notes/README.md", "language = \"en\"", "#");
    says(folder.path(), &["notes", "build", "-o", "site"], 0);
    let own = page("index.html");
    assert!(own.contains("<html lang=\"en\">") && own.contains("<article lang=\"pt\">"), "{own}");
    let shipped = page("glossary.html");
    assert!(shipped.contains("<html lang=\"en\">") && !shipped.contains("lang=\"pt\""), "{shipped}");
}

/// What `dsys notes check` refuses is not published in silence.
#[test]
fn a_site_is_not_built_of_what_readers_would_miss_or_see_unfinished() {
    let folder = small_meetup();
    let build = ["notes", "build", "-o", "site"];
    let event = "notes/events/02.md";
    says(folder.path(), &["notes", "new-event", "--date", "2027-04-29", "--place", "Café"], 0);
    let sound = read(folder.path(), event);
    for (from, to, place) in [
        ("2027-04-29", "2027-02-30", "there is no day `2027-02-30`"),
        ("2027-04-29", "\"soon\"", "this is no day of the calendar"),
        ("date     = 2027-04-29\n", "", "the front matter has no `date`"),
        ("Everybody may", "{{who}} may", "this place is still open"),
        ("+++\n\n#", "\n#", "front matter begins at 1:1 and is not closed"),
        ("place    =", "plaace   =", "unknown key `plaace`"),
        ("#link     =", "link     =", "this link is still open"),
        ("kind     = \"event\"", "kind     = \"topic\"", "only an event has `number`, `date`, `place`"),
        ("title    = \"Rainy City 02\"", "title    = Rainy City 02", "string values must be quoted"),
    ] {
        fs::write(folder.path().join(event), &sound).unwrap();
        replace(folder.path(), event, from, to);
        let told = says(folder.path(), &build, 2);
        assert!(told.contains(place) && told.contains("notes/events/02.md:"), "{told}");
        assert!(told.contains("no site is built: 1 fault would reach its readers"), "{told}");
        assert!(!folder.path().join("site").exists());
    }
    // The first event, a draft, has open places.
    fs::write(folder.path().join(event), &sound).unwrap();
    let told = says(folder.path(), &build, 0);
    assert!(!told.contains("fault"), "{told}");
    replace(folder.path(), event, "number   = 2", "number   = 1");
    replace(folder.path(), event, "Everybody may", "[Everybody](none.md) may");
    let told = says(folder.path(), &build, 0);
    assert!(told.contains("`dsys notes check` finds 2 faults in these notes, even without a run."), "{told}");
    for part in ["warning: there is no note `notes/events/none.md`", "warning: event 1 is `./notes/events/01.md`"] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    // The first page, and a time of day in no zone, which would be an hour or more late.
    fs::write(folder.path().join(event), &sound).unwrap();
    replace(folder.path(), event, "place    =", "time     = \"19:00\"\nplace    =");
    replace(folder.path(), "notes/meetup.toml", "zone     =", "#zone    =");
    let told = says(folder.path(), &build, 2);
    assert!(told.contains("the times of its events are in UTC"), "{told}");
    replace(folder.path(), "notes/meetup.toml", "#zone    =", "zone     =");
    fs::remove_file(folder.path().join("notes/README.md")).unwrap();
    let told = says(folder.path(), &build, 2);
    assert!(told.contains("the meetup has no first page, `notes/README.md`"), "{told}");
}

#[test]
fn a_site_of_what_ships_is_told_from_ones_own() {
    let elsewhere = tempfile::tempdir().unwrap();
    let none = "No library is here: the notes that ship are built";
    // A file that is no engine ends it before the whole site is made.
    fs::write(elsewhere.path().join("no-engine"), "none").unwrap();
    let build = ["notes", "build", "-o", "site", "--engine", "no-engine"];
    let told = says(elsewhere.path(), &build, 2);
    assert!(told.contains(none), "{told}");
    let folder = meetup(&["--name", "Rainy City"]);
    fs::write(folder.path().join("no-engine"), "none").unwrap();
    assert!(!says(folder.path(), &build, 2).contains(none));
}

/// Where and when are enough: the rest can follow.
#[test]
fn a_first_event_of_which_all_is_known_is_no_draft() {
    let when = ["--city", "Lisbon", "--date", "2027-03-25", "--time", "19:00", "--place", "Café"];
    let folder = meetup(&[&when[..], &["--duration", "90min"]].concat());
    let first = read(folder.path(), "notes/events/01.md");
    assert!(first.contains("time     = \"19:00\"\nduration = \"90min\"\n") && !first.contains("draft"), "{first}");
    assert!(read(folder.path(), "notes/meetup.toml").contains("\nduration = \"90min\"\n"));
    let told = says(folder.path(), &["notes", "check"], 0);
    assert!(!told.contains("draft"), "{told}");
    let files = pages(folder.path(), "2027-01-02");
    let calendar = page(&files, "events/01.ics");
    assert!(calendar.contains("DTSTART:20270325T190000Z\r\nDTEND:20270325T203000Z\r\n"), "{calendar}");
    // Nothing is written of what cannot be.
    let empty = tempfile::tempdir().unwrap();
    let skipped = ["--city", "Lisbon", "--date", "2027-03-28", "--time", "01:30"];
    for (flags, message) in [
        (&skipped[..], "`--time`: there is no 01:30 on 28 March 2027 in `Europe/Lisbon`"),
        (&["--duration", "long"], "`--duration`: `long` is no duration of an event"),
    ] {
        let told = says(empty.path(), &[&["meetup", "init", "new"], flags].concat(), 2);
        assert!(told.contains(message) && !empty.path().join("new").exists(), "{told}");
    }
}

/// What a calendar or a reader of feeds knows an event by stays, wherever site and file are.
#[test]
fn an_event_is_known_again_after_its_site_and_its_file_have_moved() {
    let folder = small_meetup();
    says(folder.path(), &["notes", "new-event", "--date", "2027-01-01", "--place", "Café"], 0);
    replace(folder.path(), "notes/events/02.md", "tags     =", "updated  = 2027-01-01\ntags     =");
    let library = || Library::shipped().with_folder(folder.path(), Clash::Refuse).unwrap();
    let names = |url: Option<&str>| {
        let settings = Settings::new(url).unwrap().on("2027-02-02".parse().unwrap());
        let files = site::build(&library(), &settings, None, &|_, _| ()).unwrap();
        let (calendar, feed) = (page(&files, "calendar.ics"), page(&files, "feed.xml"));
        assert!(calendar.contains("\r\nLAST-MODIFIED:20270101T000000Z\r\n"), "{calendar}");
        let uids = calendar.lines().filter_map(|line| line.strip_prefix("UID:"));
        let ids = feed.split("<id>").skip(1).filter_map(|rest| rest.split("</id>").next());
        uids.chain(ids).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = names(None);
    assert!(before.len() == 3 && before[0] == before[2] && before[0] != before[1], "{before:?}");
    assert_eq!(names(Some("https://example.org/rainy")), before);
    fs::rename(folder.path().join("notes/events/02.md"), folder.path().join("notes/events/cafe.md")).unwrap();
    assert_eq!(names(Some("https://example.org")), before);
}

#[test]
fn each_time_of_an_event_over_a_change_of_clocks_has_the_letters_of_its_own() {
    let folder = small_meetup();
    let event = |date: &str, time: &str| {
        let flags = ["--date", date, "--time", time, "--duration", "3h", "--place", "Café"];
        says(folder.path(), &[&["notes", "new-event"], &flags[..]].concat(), 0);
    };
    event("2027-03-27", "23:30");
    event("2027-10-31", "01:30");
    event("2027-11-30", "23:30");
    let files = pages(folder.path(), "2027-01-02");
    for (file, words) in [
        ("02", "Saturday, 27 March 2027, 23:30 WET to 03:30 WEST on 28 March 2027<"),
        ("03", "Sunday, 31 October 2027, 01:30 WEST to 03:30 WET<"),
        ("04", "Tuesday, 30 November 2027, 23:30 to 02:30 on 1 December 2027 WET<"),
    ] {
        let event = page(&files, &format!("events/{file}.html"));
        assert!(event.contains(words), "{words}:\n{event}");
    }
    let told = says(folder.path(), &["notes", "check"], 0);
    assert!(told.contains("note: clocks show 01:30 twice on 31 October 2027, when they are set back"), "{told}");
    assert!(told.contains("the first is taken, at 2027-10-31T01:30:00+01:00"), "{told}");
}

/// The pages of a meetup's own site on a day.
fn pages(folder: &Path, today: &str) -> Files {
    let library = Library::shipped().with_folder(folder, Clash::Refuse).unwrap();
    site::build(&library, &Settings::default().on(today.parse().unwrap()), None, &|_, _| ()).unwrap()
}

fn page<'f>(files: &'f Files, path: &str) -> &'f str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("there is no {path}"))).unwrap()
}

/// What an organiser reads about running a meetup is not for those who come to it.
#[test]
fn guides_for_organisers_are_on_a_site_that_names_them() {
    let folder = meetup(&["--problems", "clock-skew", "--topics", "", "--zone", "UTC"]);
    let files = pages(folder.path(), "2027-01-02");
    assert!(!files.contains_key("writing-notes.html") && !files.contains_key("first-evening.html"));
    // Notes that ship link to runs of other problems, which the site does not list.
    let listed = page(&files, "scenarios.html");
    assert!(listed.contains("runs/clock-skew/") && !listed.contains("runs/two-generals/"), "{listed}");
    assert!(files.contains_key("runs/two-generals/last-messenger.html"));
    assert!(says(folder.path(), &["notes", "writing-notes"], 0).contains("How to write a note"));
    replace(folder.path(), "notes/README.md", "## Take part", "[Write](writing-notes.md)\n\n## Take part");
    let told = says(folder.path(), &["notes", "check"], 1);
    assert!(told.contains("`notes/writing-notes.md` is a guide for organisers"), "{told}");
    assert!(told.contains("add `writing-notes` to `guides` under `[take]` in `notes/meetup.toml`"), "{told}");
    let guides = "#guides    = [\"first-evening\", \"writing-notes\"]";
    replace(folder.path(), "notes/meetup.toml", guides, "guides = [\"writing-notes\"]");
    says(folder.path(), &["notes", "check"], 0);
    let files = pages(folder.path(), "2027-01-02");
    assert!(files.contains_key("writing-notes.html") && !files.contains_key("first-evening.html"));
}

/// Who comes to the first page sees whose it is and when they meet, and then a run.
#[test]
fn the_first_page_begins_with_the_meetup() {
    let folder = small_meetup();
    let about = "city     = \"Porto\"\nabout    = \"Clocks & queues.\"\nzone     =";
    replace(folder.path(), "notes/meetup.toml", "zone     =", about);
    for (date, title) in [("2027-04-29", "Next"), ("2027-05-29", "Later")] {
        says(
            folder.path(),
            &["notes", "new-event", "--date", date, "--place", "Café", "--title", title, "--demo", "three-generals"],
            0,
        );
    }
    let files = pages(folder.path(), "2027-01-02");
    let first = page(&files, "index.html");
    let places = ["<strong>Porto</strong> · Clocks &amp; queues.", ">Next<", "29 April 2027", ">Later<", "<h1"];
    let places: Vec<Option<usize>> = places.iter().map(|part| first.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}\n{first}");
    assert_eq!(first.matches("Add to your calendar").count(), 1, "{first}");
    // Nothing has taken place: there is a feed, but nobody is led to it.
    let leads = |path: &String| path.ends_with(".html") && page(&files, path).contains("feed.xml\"");
    assert!(files.contains_key("feed.xml") && !files.keys().any(leads));
    let after = pages(folder.path(), "2027-05-01");
    assert!(page(&after, "index.html").contains("href=\"feed.xml\""));
}

#[test]
fn the_author_of_the_feed_is_who_runs_the_meetup() {
    let folder = small_meetup();
    let author =
        || page(&pages(folder.path(), "2027-01-02"), "feed.xml").contains("<author><name>Ada &amp; co</name></author>");
    assert!(!author());
    replace(
        folder.path(),
        "notes/meetup.toml",
        "#[organiser]\n#name     = \"Who runs it\"",
        "[organiser]\nname = \"Ada & co\"",
    );
    assert!(author());
}

#[test]
fn a_feed_without_events_is_of_the_day_of_the_build_or_of_the_newest_note() {
    let folder = small_meetup();
    let updated = || {
        let files = pages(folder.path(), "2027-01-02");
        let feed = page(&files, "feed.xml").to_owned();
        feed.split("<updated>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    assert_eq!(updated(), "2027-01-02T00:00:00+00:00");
    replace(folder.path(), "notes/README.md", "tags    =", "updated = 2026-12-24\ntags    =");
    assert_eq!(updated(), "2026-12-24T00:00:00+00:00");
}

#[test]
fn the_page_of_an_event_has_its_demos_once() {
    let folder = small_meetup();
    let event = ["notes", "new-event", "--date", "2027-04-29", "--place", "Café", "--demo", "three-generals"];
    says(folder.path(), &event, 0);
    let files = pages(folder.path(), "2027-01-02");
    let links = page(&files, "events/02.html").matches("runs/byzantine-generals/three-generals.html").count();
    assert_eq!(links, 1);
}
