//! What the files of a library must be like together: notes that are found, scenarios that are
//! linked, the template, the path and the meetup.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::library::{File, LearningPath, MEETUP_FILE, PATH_FILE, Story};
use crate::problems::Bound;
use crate::scenario::{Complaint, Invalid};

use super::super::claim::About;
use super::super::link::{self, RunLink, Target};
use super::super::meetup::Meetup;
use super::super::zone::Zone;
use super::super::{Fault, Kind, Note, Source, TEMPLATE, event, parse, run};
use super::{Asked, Checking};

/// The note with which readers of a meetup's site begin.
const FIRST_PAGE: &str = "notes/README.md";

impl<'b> Checking<'b> {
    /// The template must make a sound note.
    pub(super) fn template(&mut self) {
        let library = self.book.library;
        let Some(file) = library.file(TEMPLATE).filter(|file| file.is_own || !library.has_own()) else { return };
        let source = Arc::new(Source { origin: file.origin.clone(), text: file.text().into_owned() });
        for key in event::missing(&source.text) {
            let help = "the template names each of them in double braces".to_owned();
            self.add((&source, 0..0), (format!("the template has no `{{{{{key}}}}}`"), help));
        }
        for link in parse::parse(&source.text).links {
            if let Err(wrong) = link::resolve(library, TEMPLATE, &link.url) {
                self.add((&source, link.span), wrong);
            }
        }
    }

    /// The library of a meetup has a first page. Returns whether what is linked from it is known.
    pub(super) fn first_page(&mut self) -> bool {
        let library = self.book.library;
        let Some(file) = library.file(MEETUP_FILE).filter(|file| file.is_own) else { return true };
        if library.file(FIRST_PAGE).is_some() {
            return true;
        }
        let source = Arc::new(Source { origin: file.origin.clone(), text: file.text().into_owned() });
        let help = "write a note of kind `about` there, from which readers find the others".to_owned();
        self.add_misleading((&source, 0..0), (format!("the meetup has no first page, `{FIRST_PAGE}`"), help));
        false
    }

    /// Notes that are not found from where one begins: a note of kind `about`, or an event, which
    /// is found by its day. Of one whose front matter is not read, nobody knows whether it is such.
    pub(super) fn orphans(&mut self, notes: &[&'b Note]) {
        let is_beginning = |note: &&Note| matches!(note.front.kind, Kind::About | Kind::Event) || !note.front.is_read;
        let mut to_read: Vec<&Note> = self.book.notes.iter().filter(is_beginning).collect();
        let mut reached: BTreeSet<&str> = to_read.iter().map(|note| note.path.as_str()).collect();
        while let Some(note) = to_read.pop() {
            for link in &note.parsed.links {
                if let Ok(Target::Note { path, .. }) = link::resolve(self.book.library, &note.path, &link.url)
                    && let Some(next) = self.book.at(&path)
                    && reached.insert(&next.path)
                {
                    to_read.push(next);
                }
            }
        }
        let is_lost = |note: &&&Note| !reached.contains(note.path.as_str()) && !note.front.is_draft;
        for note in notes.iter().filter(is_lost) {
            let help = "link it from a note of kind `about`, from an event, or from a note that these lead to; \
                        a library of one's own needs an `about` note or an event of its own";
            let wrong = ("this note is not found by following links".to_owned(), help.to_owned());
            self.add((&note.source, 0..0), wrong);
        }
    }

    /// Every scenario is linked from a note, and names a note that is there.
    pub(super) fn scenarios(&mut self) {
        let library = self.book.library;
        let linked: BTreeSet<String> =
            self.book.notes.iter().flat_map(|note| note.runs(library)).map(|(run, _)| run.story).collect();
        for story in library.stories() {
            let path = format!("scenarios/{}.toml", story.path());
            let is_checked = library.file(&path).is_some_and(|file| file.is_own) || !library.has_own();
            if is_checked {
                self.scenario(&story, linked.contains(&story.path()));
            }
        }
    }

    /// The path leads through scenarios that are there.
    pub(super) fn path(&mut self) {
        let library = self.book.library;
        let Some(file) = library.file(PATH_FILE).filter(|file| file.is_own || !library.has_own()) else { return };
        if let Err(invalid) = LearningPath::of(library) {
            self.invalid(file, &invalid);
        }
    }

    /// What the library says of its meetup is sound.
    pub(super) fn meetup(&mut self) {
        let library = self.book.library;
        let Some(file) = library.file(MEETUP_FILE).filter(|file| file.is_own || !library.has_own()) else { return };
        match Meetup::of(library) {
            Err(invalid) => self.invalid(file, &invalid),
            Ok(meetup) if !meetup.has_zone => self.zone(file, &meetup),
            Ok(_) => {}
        }
    }

    /// That no zone is said: a fault as soon as readers see a time of day, which is in UTC then.
    fn zone(&mut self, file: &File, meetup: &Meetup) {
        let source = Arc::new(Source { origin: file.origin.clone(), text: file.text().into_owned() });
        let city = meetup.city.as_deref();
        let place = city.map_or(0..0, |city| quoted_in(&source.text, city));
        let near = city.and_then(Zone::near_city).map_or("Europe/Berlin", |zone| zone.name());
        let help =
            format!("write the zone of its events, as in `zone = \"{near}\"`; `zone = \"UTC\"` if that is meant");
        let is_timed = |note: &Note| !note.front.is_draft && note.front.time.is_some();
        let why = city.map_or_else(String::new, |city| format!(", and none is called after {city}"));
        if self.book.notes.iter().any(is_timed) {
            let message = format!("the meetup says no time zone{why}: the times of its events are in UTC");
            self.add_misleading((&source, place), (message, help));
        } else {
            let message = format!("the meetup says no time zone yet{why}");
            self.notices.push(Fault::new(&source, place, message, help));
        }
    }

    /// All that is wrong with a file that is no note.
    fn invalid(&mut self, file: &File, invalid: &Invalid) {
        let source = Arc::new(Source { origin: file.origin.clone(), text: file.text().into_owned() });
        for Complaint { span, message, help } in invalid.complaints() {
            self.add((&source, span.clone()), (message.clone(), help.clone()));
        }
    }

    /// The note that a scenario names must be there.
    fn scenarios_note(&mut self, source: &Arc<Source>, note: Option<String>) {
        let Some(note) = note.filter(|note| self.book.at(&format!("notes/{note}")).is_none()) else { return };
        let near = self.book.named(note.rsplit('/').next().unwrap_or(&note)).into_iter().next();
        let near = near.map(|near| near.path.trim_start_matches("notes/"));
        let help = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        self.add((source, quoted_in(&source.text, &note)), (format!("there is no note `{note}`"), help));
    }

    fn scenario(&mut self, story: &Story, is_linked: bool) {
        let Story { origin, text, .. } = story;
        let source = Arc::new(Source { origin: origin.clone(), text: text.clone() });
        let plain = RunLink { story: story.path(), ..RunLink::default() };
        match run::load(self.book.library, &plain) {
            Err(wrong) => self.add((&source, 0..0), wrong),
            Ok(Bound { scenario, .. }) => {
                self.claims.push((About::Run(plain), Asked::Tells(Arc::clone(&source))));
                self.scenarios_note(&source, scenario.story.note);
                if scenario.problem != story.problem {
                    let help = format!("it belongs into `scenarios/{}/`", scenario.problem);
                    let message = format!("the folder is `{}`, and the problem is another", story.problem);
                    self.add((&source, quoted_in(text, &scenario.problem)), (message, help));
                }
            }
        }
        if !is_linked {
            let help = format!("link `scenarios/{}.toml` from the note of its problem", story.path());
            self.add((&source, 0..0), ("no note links to this scenario".to_owned(), help));
        }
    }
}

/// Where a text stands in quotes, as it mostly does; the text's beginning where it was written in
/// some other form.
fn quoted_in(text: &str, value: &str) -> std::ops::Range<usize> {
    text.find(&format!("\"{value}\"")).map_or(0..0, |at| at..at + value.len() + 2)
}
