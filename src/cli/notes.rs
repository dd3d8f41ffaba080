//! `dsys notes`: reads the meetup's notes, checks what they claim, builds the site.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::library::{Clash, Library, meant};
use crate::notes::check::{self, Checked};
use crate::notes::meetup::Meetup;
use crate::notes::terminal::{self, Print};
use crate::notes::{Book, Fault, Kind, Note, publish, site};
use crate::scenario::nearest;
use crate::stage::site::SitePlayer;
use crate::view::terminal::{paragraph, terms};

use super::args::{Build, Color, Notes, NotesCommand};
use super::bar;
use super::exit::Outcome;
use super::library::{is_shipped_alone, laid_over, library};
use super::new_event;
use super::output::{self, Place};
use super::site::Site;
use super::source;
use super::usage::usage;

const STRONG: anstyle::Style = anstyle::Style::new().bold();

pub(super) fn run(args: &Notes, clash: Clash) -> anyhow::Result<Outcome> {
    match &args.command {
        Some(NotesCommand::Check { folder, quiet }) => check(folder.as_deref(), *quiet, clash),
        Some(NotesCommand::NewEvent(args)) => new_event::run(args),
        Some(NotesCommand::Build(args)) => build(args),
        None => match &args.note {
            Some(name) => read(name, args.answers),
            None => list(),
        },
    }
}

/// The notes by kind, each with what it is about.
fn list() -> anyhow::Result<Outcome> {
    let book = Book::read(library());
    let mut text = String::new();
    let columns = output::columns();
    for kind in Kind::ALL {
        let notes: Vec<&Note> = book.notes.iter().filter(|note| note.front.kind == kind).collect();
        if notes.is_empty() {
            continue;
        }
        text.push_str(&format!("{STRONG}{}{STRONG:#}\n", kind.heading()));
        let summary = |note: &Note| {
            let draft = if note.front.is_draft { "(draft) " } else { "" };
            format!("{draft}{}", note.front.summary)
        };
        let summaries: Vec<String> = notes.iter().map(|note| summary(note)).collect();
        let rows: Vec<(&str, &str)> =
            notes.iter().zip(&summaries).map(|(note, summary)| (note.name(), summary.as_str())).collect();
        text.push_str(&terms("  ", &rows, columns));
        text.push('\n');
    }
    text.push_str(&paragraph("", "`dsys notes NAME` reads one, `dsys notes check` runs what they claim.", columns));
    output::coloured(Path::new("-"), &text, Color::Auto)?;
    Ok(Outcome::Done)
}

fn read(name: &str, answers: bool) -> anyhow::Result<Outcome> {
    let book = Book::read(library());
    let note = match &book.named(name)[..] {
        [note] => *note,
        [] => {
            if let Some(absent) = source::absent(name) {
                return Err(absent);
            }
            if let Some((_, how)) = library().not_taken(name) {
                return Err(usage(format!("there is no note `{name}` in this library"), how));
            }
            let message = format!("there is no note `{name}`{}", meant(nearest_note(&book, name)));
            return Err(usage(message, "`dsys notes` lists them"));
        }
        several => {
            let names: Vec<String> = several.iter().map(|note| format!("`{}`", note.name())).collect();
            return Err(usage(format!("`{name}` is a note of several folders: write {}", names.join(" or ")), ""));
        }
    };
    let columns = output::columns();
    let text = terminal::render(note, book.library, Print { columns, answers });
    output::coloured(Path::new("-"), &text, Color::Auto)?;
    Ok(Outcome::Done)
}

/// The name of a note that is most like this one, whatever letters of either are capitals.
fn nearest_note<'b>(book: &'b Book<'_>, name: &str) -> Option<&'b str> {
    let last = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".md").to_lowercase();
    let small: Vec<String> = book.notes.iter().map(|note| note.name().to_lowercase()).collect();
    let near = nearest(&last, small.iter().map(String::as_str))?;
    let at = small.iter().position(|small| small == near)?;
    Some(book.notes[at].name())
}

fn check(folder: Option<&Path>, quiet: bool, clash: Clash) -> anyhow::Result<Outcome> {
    let own = folder.map(|folder| laid_over(folder, clash)).transpose()?;
    let library: &Library = own.as_ref().unwrap_or_else(|| library());
    let stdout = (!quiet).then(|| Place::open(Path::new("-"))).transpose()?;
    let bar = progress("checking");
    let checked = check::check(library, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let mut stderr = anstream::stderr();
    for fault in &checked.faults {
        // Where standard error is gone, the exit code still tells.
        let _ = writeln!(stderr, "{}\n", fault.draw(true));
    }
    for notice in checked.notices.iter().filter(|_| !quiet) {
        let _ = writeln!(stderr, "{}\n", notice.draw_as_note(true));
    }
    let summary = summary(&checked);
    if checked.faults.is_empty() {
        if let Some(stdout) = stdout {
            stdout.write(|out| writeln!(out, "{summary}"))?;
        }
        return Ok(Outcome::Done);
    }
    let _ = writeln!(stderr, "{summary}");
    Ok(Outcome::Unexpected)
}

fn summary(checked: &Checked) -> String {
    let Checked { faults, notices: _, notes, links, claims, runs } = checked;
    let counts = [(*notes, "note"), (*links, "link"), (*claims, "claim"), (*runs, "run")];
    let counts = counts.map(|(count, thing)| counted(count, thing)).join(", ");
    match faults.len() {
        0 => format!("All good: {counts}."),
        many => format!("{} in {counts}.", counted(many, "fault")),
    }
}

/// So many things: `1 note`, `2 notes`.
fn counted(count: usize, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{ending}")
}

/// A bar on standard error, if that is a terminal.
fn progress(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, bar::target());
    let style =
        ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_message(what)
}

/// The engine that `engine/build` made.
fn engine(file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = fs::read(file).with_context(|| format!("`{}` cannot be read", file.display()))?;
    if SitePlayer::is_engine(&bytes) {
        return Ok(bytes);
    }
    let message = format!("`{}` is no module of WebAssembly", file.display());
    Err(usage(message, "`engine/build FILE` makes the engine, in a clone of dsys"))
}

fn build(args: &Build) -> anyhow::Result<Outcome> {
    let meetup = Meetup::of(library())?;
    let url = args.site_url.as_ref().or(meetup.url.as_ref());
    let settings = site::Settings::new(url.map(String::as_str)).map_err(|(message, help)| usage(message, help))?;
    let today = meetup.zone.moment(now()?).on_the_wall().map(|(date, _)| date);
    let settings = today.map_or(settings.clone(), |today| settings.on(today));
    if is_shipped_alone() {
        let help = "`--library DIR` names one, `dsys meetup init DIR` makes one";
        writeln!(anstream::stderr(), "No library is here: the notes that ship are built ({help}).")?;
    }
    let engine = args.engine.as_deref().map(engine).transpose()?;
    let faults = refuse_what_misleads()?;
    let folder = &args.output;
    let site = Site::open(folder)?;
    let bar = progress("building");
    let player = SitePlayer { library: library(), engine };
    let pages = site::build(library(), &settings, Some(&player), &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let pages = pages.map_err(|message| usage(message, "`dsys notes check` says where"))?;
    site.write(&pages)?;
    let mut stderr = anstream::stderr();
    writeln!(stderr, "{} files are written; open `{}`.", pages.len(), folder.join("index.html").display())?;
    let book = Book::read(library());
    for draft in book.drafts() {
        writeln!(stderr, "Left out, since it is a draft: `{}`.", draft.source.origin)?;
    }
    if !faults.is_empty() {
        writeln!(stderr)?;
    }
    for fault in &faults {
        writeln!(stderr, "{}\n", fault.draw_as_warning(true))?;
    }
    if !faults.is_empty() {
        let faults = counted(faults.len(), "fault");
        writeln!(stderr, "`dsys notes check` finds {faults} in these notes, even without a run.")?;
    }
    if url.is_none() {
        let where_else = "`--site-url`, or `url` in `notes/meetup.toml`";
        writeln!(stderr, "Without {where_else}, there is no sitemap, and the feed's links are relative.")?;
    }
    Ok(Outcome::Done)
}

/// Refuses notes that would mislead readers, or in which they would see what is not finished.
/// Returns the other faults.
fn refuse_what_misleads() -> anyhow::Result<Vec<Fault>> {
    let found = publish::look(library());
    let mut stderr = anstream::stderr();
    for fault in &found.stops {
        writeln!(stderr, "{}\n", fault.draw(true))?;
    }
    match found.stops.len() {
        0 => Ok(found.others),
        stops => {
            let message = format!("no site is built: {} would reach its readers", counted(stops, "fault"));
            Err(usage(
                message,
                "mend what is named above, or write `draft = true` into the note; `dsys notes check` finds all",
            ))
        }
    }
}

/// The moment at which a site is built, in seconds from 1970 on: now, unless `SOURCE_DATE_EPOCH` of
/// the environment says another, as programs that build the same from the same agree.
#[allow(clippy::disallowed_methods, reason = "a site is for readers of today, and no run")]
fn now() -> anyhow::Result<i64> {
    const NAME: &str = "SOURCE_DATE_EPOCH";
    if let Some(epoch) = std::env::var_os(NAME) {
        let seconds = epoch.to_str().and_then(|epoch| epoch.parse().ok());
        return seconds
            .ok_or_else(|| usage(format!("`{NAME}` is no number of seconds"), "count them from 1970 on, or unset it"));
    }
    let passed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(i64::try_from(passed.as_secs()).unwrap_or(i64::MAX))
}
