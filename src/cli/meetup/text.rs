//! The texts of a new meetup's library.

use crate::library::Library;
use crate::notes::event::plain;
use crate::notes::language::{ENGLISH, is_english};
use crate::notes::meetup::Meetup;
use crate::notes::open::filled;
use crate::notes::{Book, Kind};

use super::super::library::registry;
use super::Known;

/// The workflow that checks the notes and publishes the site.
pub(super) const WORKFLOW: &str = include_str!("workflow.yml");

const ABOUT: &str = "A meetup about distributed systems: how they fail, and what helps.";

/// The keys of the meetup's file that the flags did not give.
pub(super) fn unknown(known: &Known<'_>) -> Vec<&'static str> {
    let args = known.args;
    let rows = [
        ("city", args.city.is_none()),
        ("zone", known.zone.is_none()),
        ("url", args.url.is_none()),
        ("organiser", args.organiser.is_none()),
        ("join", args.join.is_none()),
    ];
    rows.into_iter().filter(|(_, is_unknown)| *is_unknown).map(|(key, _)| key).collect()
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A line of the file: `key = value`, or as a comment with an example where there is no value.
fn row(key: &str, value: Option<&str>, example: &str, says: &str) -> String {
    let says = if says.is_empty() { String::new() } else { format!("  # {says}") };
    match value {
        Some(value) => format!("{key:<8} = {}{says}\n", quoted(value)),
        None => format!("#{key:<8} = {}{says}\n", quoted(example)),
    }
}

/// The file `notes/meetup.toml`.
pub(super) fn meetup(known: &Known<'_>) -> String {
    let args = known.args;
    let mut text = "# Whose notes these are. A line that begins with `#` and no blank is a key that you get by taking the `#` away.\n\n".to_owned();
    text += &row("name", Some(&known.name), "", "");
    text += &row("about", args.about.as_deref(), ABOUT, "");
    text += &row("city", args.city.as_deref(), "Vancouver", "");
    text += &row("zone", known.zone.as_deref(), known.zone_near(), "the time zone of all events");
    text += &row("language", Some(args.language.as_deref().unwrap_or("en")), "", "");
    text += &row("url", args.url.as_deref(), "https://example.org/meetup", "where the site is");
    text += &row("edit", None, "https://example.org/meetup/edit/main/notes", "where notes can be edited");
    text += &row("logo", None, "logo.png", "a picture in this folder");
    text += &part(
        "organiser",
        args.organiser.is_some(),
        &[("name", args.organiser.as_deref(), "Who runs it"), ("link", None, "mailto:name@example.org")],
    );
    let says = args.join.as_ref().map(|_| "To be invited, ask here.");
    text += &part(
        "join",
        says.is_some(),
        &[("says", says, "To be invited, ask here."), ("link", args.join.as_deref(), "https://example.org/join")],
    );
    text += "\n# What events have in common; a flag of `dsys notes new-event` says otherwise.\n[events]\n";
    text += "title    = \"{{name}} {{number}}\"\ndigits   = 2  # how many a number has at least\n";
    text += &row("time", args.time.map(|time| time.to_string()).as_deref(), "18:30", "");
    text += &row("duration", args.duration.as_deref(), "2h", "");
    text += &row("place", args.place.as_deref(), "virtual", "");
    text += "\n# What is taken over of the notes that ship with dsys: all that is not named otherwise.\n\
             # Guides are for you: the site has only those that are named.\n[take]\n";
    text += &names("problems", args.problems.as_deref(), &["two-generals", "byzantine-generals"]);
    text += &names("topics", args.topics.as_deref(), &["cap"]);
    text += "#guides    = [\"first-evening\", \"writing-notes\"]\n#resources = false\n#glossary  = false\n";
    text
}

/// The flag from which a line of the file comes, counted from 1.
pub(super) fn flag_at(toml: &str, line: usize) -> Option<&str> {
    let lines: Vec<&str> = toml.lines().take(line).collect();
    let key = lines.last()?.split('=').next()?.trim();
    let table = lines.iter().rev().find_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    match (table, key) {
        (Some("organiser"), "name") => Some("organiser"),
        (Some("join"), "link") => Some("join"),
        (Some("events"), "time" | "duration" | "place") | (Some("take"), "problems" | "topics") => Some(key),
        (None, "name" | "about" | "city" | "zone" | "language" | "url") => Some(key),
        _ => None,
    }
}

/// A table of the file, as comments where nothing of it is known.
fn part(name: &str, is_known: bool, rows: &[(&str, Option<&str>, &str)]) -> String {
    let head = if is_known { format!("\n[{name}]\n") } else { format!("\n#[{name}]\n") };
    head + &rows.iter().map(|(key, value, example)| row(key, *value, example, "")).collect::<String>()
}

/// A list of names.
fn names(key: &str, named: Option<&[String]>, examples: &[&str]) -> String {
    let list = |names: &[&str]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    match named {
        Some(named) => {
            let named: Vec<&str> = named.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
            format!("{key:<9} = [{}]\n", list(&named))
        }
        None => format!("#{key:<9} = [{}]\n", list(examples)),
    }
}

/// A note as it is written here: in English, which it says where the meetup's language is another.
pub(super) fn in_english(note: &str, meetup: &Meetup) -> String {
    let row = format!("language = \"{ENGLISH}\"  # of the words below, until you write yours");
    if is_english(&meetup.language) { note.to_owned() } else { note.replacen("\n+++\n", &format!("\n{row}\n+++\n"), 1) }
}

/// The file `README.md`.
pub(super) fn readme(known: &Known<'_>) -> String {
    filled(include_str!("readme.md"), &|key| (key == "name").then(|| plain(&known.name)))
}

/// The file `notes/README.md`.
pub(super) fn first_page(known: &Known<'_>, meetup: &Meetup, library: &Library) -> String {
    let city = known.args.city.as_ref().map(|city| format!("In {}.", plain(city)));
    let place = city.map_or_else(String::new, |city| format!("{city} "));
    let join = meetup.join.as_ref().and_then(|join| join.link.clone());
    let join = join.map_or_else(
        || "Everybody can come: look at the next event.".to_owned(),
        |link| format!("To be invited, [ask here](<{link}>)."),
    );
    let organiser = meetup.organiser.as_ref();
    let organiser = organiser.map(|who| format!("\nThe meetup is run by {}.\n", plain(&who.name)));
    let taken = taken(library);
    filled(include_str!("notes-readme.md"), &|key| match key {
        "title" => Some(known.name.replace('\\', "\\\\").replace('"', "\\\"")),
        "name" => Some(plain(&known.name)),
        "about" => Some(plain(known.args.about.as_deref().unwrap_or(ABOUT))),
        "where" => Some(place.clone()),
        "join" => Some(join.clone()),
        "organiser" => Some(organiser.clone().unwrap_or_default()),
        "taken" => Some(taken.clone()),
        _ => None,
    })
}

/// The shipped notes about problems and topics that the meetup takes over, with links to them.
fn taken(library: &Library) -> String {
    let shipped = Library::of(registry());
    let book = Book::read(&shipped);
    let mut text = String::new();
    for (kind, heading) in [(Kind::Problem, "**Problems**, each with runs to play:"), (Kind::Topic, "**Topics**:")] {
        let notes = book.notes.iter().filter(|note| note.front.kind == kind && library.take().note(&note.path));
        let rows: String =
            notes.map(|note| format!("- [{}]({})\n", plain(&note.front.title), note.path_in_notes())).collect();
        if !rows.is_empty() {
            text += &format!("{heading}\n\n{rows}\n");
        }
    }
    text + "`dsys notes` lists all of them."
}
