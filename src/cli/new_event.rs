//! `dsys notes new-event`: writes the note of the next event. Nothing asks back: what is not known
//! is left open, and said.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::library::{Clash, Library, NotFound, Story};
use crate::notes::Book;
use crate::notes::event::{self, Next, Written};
use crate::notes::meetup::Meetup;
use crate::scenario::Request;
use crate::view::shell::quoted;

use super::args::NewEvent;
use super::exit::Outcome;
use super::library::{laid_over, library, root};
use super::output::{Endings, Place};
use super::source;
use super::usage::usage;

const ENDINGS: Endings<'_, ()> = Endings { flag: "-o", formats: &[(".md", ())], otherwise: "Markdown", elsewhere: &[] };

pub(super) fn run(args: &NewEvent) -> anyhow::Result<Outcome> {
    args.output.as_ref().map(|path| ENDINGS.format(path, None)).transpose()?;
    let folder = args.into.as_deref().or(root()).unwrap_or(Path::new("."));
    // The folder that is read already needs no second look; a file of `-o` is in none.
    let is_elsewhere = args.output.is_none() && args.into.is_some() && args.into.as_deref() != root();
    let with_folder = if is_elsewhere { with_notes_of(folder)? } else { None };
    let library = with_folder.as_ref().unwrap_or_else(|| library());
    let meetup = Meetup::of(library)?;
    let book = Book::read(library);
    let next = next(args, &book, &meetup)?;
    next.check(&book).map_err(|(message, help)| usage(message, help))?;
    let template = event::template(library);
    let written = next.note(&template, &meetup).map_err(|(message, help)| usage(message, help))?;
    let path = match &args.output {
        Some(path) => path.clone(),
        None => events_of(folder)?.join(format!("{}.md", meetup.digits(next.number))),
    };
    let place = Place::open_new(&path, "take it away, or write to another file with `-o`")?;
    place.write(|out| out.write_all(written.text.as_bytes()))?;
    if !place.is_stdout() {
        let check = match &args.output {
            Some(_) => "`dsys notes check DIR` reads it once it is in `DIR/notes`.".to_owned(),
            None => format!("Then:\n  dsys notes check{}", of_folder(args.into.as_deref())),
        };
        tell(&path, &written, &check)?;
    }
    Ok(Outcome::Done)
}

/// What is known of the event, by the flags and by what the meetup's events have in common.
fn next(args: &NewEvent, book: &Book<'_>, meetup: &Meetup) -> anyhow::Result<Next> {
    let common = &meetup.events;
    let number = args.number.unwrap_or_else(|| event::next_number(book));
    let time = args.time.or(common.time);
    // An end that is usual says nothing where no beginning is known.
    let usual = common.duration.clone().filter(|_| args.until.is_none() && time.is_some());
    let demos: anyhow::Result<Vec<(Story, String)>> = args.demo.iter().map(|name| demo(book.library, name)).collect();
    Ok(Next {
        number,
        title: args.title.clone().unwrap_or_else(|| meetup.title_of(number)),
        date: args.date,
        time,
        until: args.until,
        duration: args.duration.clone().or(usual),
        place: args.place.clone().or_else(|| common.place.clone()),
        link: args.link.clone(),
        demos: demos?,
        is_draft: args.draft,
    })
}

/// The scenario of a demo, and its title.
fn demo(library: &Library, name: &str) -> anyhow::Result<(Story, String)> {
    let none = |error: NotFound| {
        source::absent(name).unwrap_or_else(|| usage(error.to_string(), "`dsys list --all` shows all scenarios"))
    };
    let story = library.find(as_named(name)).map_err(none)?;
    let request = Request { origin: story.shown_origin(), ..Request::new(&story.name, &story.text) };
    let title = library.load(&request)?.title.clone();
    Ok((story, title))
}

/// The name of a scenario, also where it is written as a note links to it:
/// `../../scenarios/clock-skew/fencing.toml`.
fn as_named(name: &str) -> &str {
    let path = name.trim_start_matches(['.', '/']).strip_prefix("scenarios/");
    path.and_then(|path| path.strip_suffix(".toml")).unwrap_or(name)
}

/// What is written, and what is still to be done.
fn tell(path: &Path, written: &Written, check: &str) -> anyhow::Result<()> {
    let mut stderr = anstream::stderr();
    let shown = path.display();
    if written.is_draft {
        writeln!(stderr, "`{shown}` is written, as a draft: it is published once you take `draft` away in it.")?;
    } else {
        writeln!(stderr, "`{shown}` is written.")?;
    }
    let unknown: Vec<String> = written.unknown.iter().map(|key| format!("`{key}` (`--{key}`)")).collect();
    if !unknown.is_empty() {
        writeln!(stderr, "Not known yet: {}.", unknown.join(", "))?;
    }
    let open: Vec<String> = written.open.iter().map(|place| format!("`{place}`")).collect();
    if !open.is_empty() {
        writeln!(stderr, "Still to be filled in: {}.", open.join(", "))?;
    }
    writeln!(stderr, "{check}")?;
    Ok(())
}

/// What a command needs to find the folder: nothing where it finds it by itself.
fn of_folder(into: Option<&Path>) -> String {
    into.map(|folder| format!(" {}", quoted(&folder.to_string_lossy()))).unwrap_or_default()
}

/// The library with the notes of the folder that is written into, so that its events count; `None`
/// where it has none.
fn with_notes_of(folder: &Path) -> anyhow::Result<Option<Library>> {
    if !folder.join("notes").is_dir() {
        return Ok(None);
    }
    // Whether notes of the same name are meant is decided later, when they are read.
    laid_over(folder, Clash::Override).map(Some)
}

/// The folder of a library's events, which is made where there is none.
fn events_of(folder: &Path) -> anyhow::Result<PathBuf> {
    let notes = folder.join("notes");
    if !notes.is_dir() {
        let message = format!("there is no folder `{}`", notes.display());
        let help = "name a library's folder with `--into`, or a file with `-o`; `dsys meetup init DIR` makes a library";
        return Err(usage(message, help));
    }
    let events = notes.join("events");
    fs::create_dir_all(&events).with_context(|| format!("`{}` cannot be made", events.display()))?;
    Ok(events)
}
