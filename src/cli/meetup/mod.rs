//! `dsys meetup init`: makes the library of a meetup. Nothing asks back: what is not known is left
//! out, and said.

mod text;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;

use crate::library::{Library, MEETUP_FILE};
use crate::notes::event::{self, Next, PLAIN_TEMPLATE};
use crate::notes::language::is_english;
use crate::notes::meetup::Meetup;
use crate::notes::zone::Zone;
use crate::scenario;
use crate::view::shell::quoted;

use super::args::{self, Init, MeetupCommand};
use super::exit::Outcome;
use super::library::registry;
use super::output::Place;
use super::usage::usage;

/// The files of a library: path and text, in the order in which they are told.
type Files = Vec<(String, String)>;

/// What may lie in the folder already.
const MAY_BE_THERE: [&str; 1] = [".git"];

pub(super) fn run(args: &args::Meetup) -> anyhow::Result<Outcome> {
    let MeetupCommand::Init(args) = &args.command;
    init(args)
}

fn init(args: &Init) -> anyhow::Result<Outcome> {
    let folder = &args.folder;
    refuse_what_holds_things(folder)?;
    let known = Known::of(args);
    let made = made(&known, args)?;
    fs::create_dir_all(folder).with_context(|| format!("`{}` cannot be made", folder.display()))?;
    for (path, text) in &made.files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("`{}` cannot be made", parent.display()))?;
        }
        Place::open_new(&path, "name an empty folder")?.write(|out| out.write_all(text.as_bytes()))?;
    }
    tell(folder, &known, &made)?;
    Ok(Outcome::Done)
}

/// What the flags say, and what follows from them.
struct Known<'a> {
    args: &'a Init,
    name: String,
    /// Its zone, if it is said or called after the city.
    zone: Option<String>,
}

impl Known<'_> {
    fn of(args: &Init) -> Known<'_> {
        let name = args.name.clone().unwrap_or_else(|| name_of(&args.folder));
        let of_city = || args.city.as_deref().and_then(Zone::of_city).map(|zone| zone.name().to_owned());
        let zone = args.zone.clone().or_else(of_city);
        Known { args, name, zone }
    }

    /// The zone that is probably meant, as an example.
    fn zone_near(&self) -> &'static str {
        self.args.city.as_deref().and_then(Zone::near_city).map_or("Europe/Berlin", |zone| zone.name())
    }
}

/// A name made from that of the folder: `Rainy City` for `rainy-city`.
fn name_of(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let file = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = file.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    let name = words.map(capital).collect::<Vec<_>>().join(" ");
    if name.is_empty() { "Our Meetup".to_owned() } else { name }
}

/// A library as it is made.
struct Made {
    files: Files,
    /// The meetup that it is of.
    meetup: Meetup,
    /// Whether its first event is a draft.
    is_draft: bool,
}

/// All files of the library, and the meetup that they are of.
fn made(known: &Known<'_>, args: &Init) -> anyhow::Result<Made> {
    let toml = text::meetup(known);
    let library = Library::holding(registry(), &BTreeMap::from([(MEETUP_FILE, toml.as_str())]));
    let meetup = Meetup::of(&library).map_err(|invalid| {
        // What is wrong is a flag: the file is not there yet.
        let first = invalid.places().next();
        let told = |place: scenario::Place<'_>| {
            let flag = place.line.and_then(|line| text::flag_at(&toml, line));
            let flag = flag.map_or_else(String::new, |flag| format!("`--{flag}`: "));
            usage(format!("{flag}{}", place.message), place.help)
        };
        first.map_or_else(|| usage("this is no meetup", ""), told)
    })?;
    let number = meetup.events.first;
    let next = Next {
        number,
        title: meetup.title_of(number),
        date: args.date,
        time: meetup.events.time,
        duration: meetup.events.duration.clone().filter(|_| meetup.events.time.is_some()),
        place: meetup.events.place.clone(),
        // What says when and where it is can be published.
        is_draft: !meetup.has_zone
            || args.date.is_none()
            || meetup.events.time.is_none()
            || meetup.events.place.is_none(),
        ..Next::default()
    };
    if let Some((date, time)) = next.date.zip(next.time) {
        event::exists(&meetup, date, time).map_err(|(message, help)| usage(format!("`--time`: {message}"), help))?;
    }
    let template = text::in_english(PLAIN_TEMPLATE, &meetup);
    let event = next.note(&template, &meetup).map_err(|(message, help)| usage(message, help))?;
    let is_draft = event.is_draft;
    let files = [
        (MEETUP_FILE.to_owned(), toml),
        ("notes/README.md".to_owned(), text::in_english(&text::first_page(known, &meetup, &library), &meetup)),
        (format!("notes/events/{}.md", meetup.digits(number)), event.text),
        ("notes/events/template.md".to_owned(), template),
        ("README.md".to_owned(), text::readme(known)),
        (".github/workflows/notes.yml".to_owned(), text::WORKFLOW.to_owned()),
        (".gitignore".to_owned(), "/site/\n".to_owned()),
    ];
    Ok(Made { files: files.to_vec(), meetup, is_draft })
}

/// Refuses a folder that holds things already: none of them is to be mixed up with the library's.
fn refuse_what_holds_things(folder: &Path) -> anyhow::Result<()> {
    if folder.is_file() {
        return Err(usage(format!("`{}` is a file", folder.display()), "name a folder"));
    }
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !MAY_BE_THERE.contains(&name.as_str()));
    names.sort();
    match names.first() {
        None => Ok(()),
        Some(first) => {
            let message = format!("`{}` holds things already, such as `{first}`", folder.display());
            Err(usage(message, "name a folder that is empty, or that is not there yet"))
        }
    }
}

/// What was written, what is not known, and what to do next.
fn tell(folder: &Path, known: &Known<'_>, made: &Made) -> anyhow::Result<()> {
    let Made { files, meetup, is_draft } = made;
    let shown = folder.display();
    let mut stderr = anstream::stderr();
    let zone = known.zone.as_ref().map(|_| format!(", in the time zone {}", meetup.zone.name()));
    writeln!(stderr, "`{shown}` is the library of {} now{}:", meetup.name, zone.unwrap_or_default())?;
    for (path, _) in files {
        writeln!(stderr, "  {path}")?;
    }
    let unknown = text::unknown(known);
    if !unknown.is_empty() {
        let keys: Vec<String> = unknown.iter().map(|key| format!("`{key}`")).collect();
        writeln!(stderr, "Not known, and left out: {}. Write them into `{MEETUP_FILE}`.", keys.join(", "))?;
    }
    if known.zone.is_none() {
        let city = known.args.city.as_ref();
        let none =
            city.map_or("No time zone is said".to_owned(), |city| format!("No time zone is called after {city}"));
        writeln!(stderr, "{none}: UTC is used until you write one, as in `zone = \"{}\"`.", known.zone_near())?;
        writeln!(stderr, "No event has a time of day before that: `dsys notes check` and the site refuse it.")?;
    }
    if !is_english(&meetup.language) {
        let language = &meetup.language;
        writeln!(
            stderr,
            "What is written here is English, and so are the site's own words and days. Write yours in `{language}`,"
        )?;
        writeln!(stderr, "the template too, and take `language = \"en\"` away where you did.")?;
    }
    writeln!(stderr, "Next:")?;
    if folder != Path::new(".") {
        writeln!(stderr, "  cd {}", quoted(&folder.to_string_lossy()))?;
    }
    let first = meetup.digits(meetup.events.first);
    writeln!(stderr, "  dsys notes check              every link and claim; it names what is still open")?;
    let without = if *is_draft { "; the first event, a draft, is not in it yet" } else { "" };
    writeln!(stderr, "  dsys notes build -o site      the site{without}")?;
    writeln!(stderr, "  dsys notes new-event --help   the event after `notes/events/{first}.md`")?;
    Ok(())
}
