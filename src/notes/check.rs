//! Whether what the notes say is so: every link, every claim, all shown output, and the notes' own
//! form.
//!
//! Nothing stops at the first fault: all of them come in one list, in the order of files and lines.
//! Runs are made once each, in parallel. Where a folder of the user's is laid over what ships, the
//! folder is what is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::explore::sweep;
use crate::library::{File, LearningPath, Library, MEETUP_FILE, PATH_FILE, Story};
use crate::problems::Bound;
use crate::scenario::{Complaint, Invalid, known};

use super::claim::{self, About, Claim, PROMPT};
use super::link::{self, RunLink, Target, Wrong};
use super::meetup::Meetup;
use super::parse::{Block, Line, Link};
use super::rate::Sweep;
use super::worst::{self, Search};
use super::zone::Zone;
use super::{Book, Fault, Kind, Note, Source, TEMPLATE, event, front, run, shown};

/// What was checked, and what is wrong.
#[derive(Debug)]
pub struct Checked {
    /// All faults, in the order of files and lines.
    pub faults: Vec<Fault>,
    /// What is no fault and worth knowing: which notes are drafts, and that no zone is said yet.
    pub notices: Vec<Fault>,
    /// The notes that were read.
    pub notes: usize,
    /// The links that were followed.
    pub links: usize,
    /// The lines of claims and blocks of output that were held against runs.
    pub claims: usize,
    /// The runs that were made.
    pub runs: usize,
}

/// Checks a library's book. `progress` is told how many runs are done, and of how many.
pub fn check(library: &Library, progress: &(dyn Fn(usize, usize) + Sync)) -> Checked {
    let book = Book::read(library);
    let notes = own(&book);
    let mut checking = Checking::look(&book, &notes);
    let runs = checking.make_runs(progress);
    let faults = in_order(checking.faults);
    let links = notes.iter().map(|note| note.parsed.links.len()).sum();
    let claims = checking.claims.iter().filter(|(_, asked)| !matches!(asked, Asked::Tells(_))).count();
    let mut notices = checking.notices;
    notices.extend(notes.iter().filter(|note| note.front.is_draft).map(|note| of_draft(note)));
    notices.sort_by(|a, b| a.source.origin.cmp(&b.source.origin));
    Checked { faults, notices, notes: notes.len(), links, claims, runs }
}

/// The faults of a book that show without a run.
pub(super) fn without_runs(book: &Book<'_>) -> Vec<Fault> {
    in_order(Checking::look(book, &own(book)).faults)
}

/// The notes that are checked.
fn own<'b>(book: &'b Book<'_>) -> Vec<&'b Note> {
    book.notes.iter().filter(|note| note.is_own || !book.library.has_own()).collect()
}

/// The faults in the order of files and lines, each once.
fn in_order(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by(|a, b| {
        let key = |fault: &Fault| (fault.source.origin.clone(), fault.span.start, fault.span.end);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    faults.dedup();
    faults
}

/// That a note is a draft, and what is still open in it.
fn of_draft(note: &Note) -> Fault {
    let text = &note.source.text;
    let unknown = [("date", note.front.date.is_none()), ("time", note.front.time.is_none())];
    let unknown =
        unknown.into_iter().chain([("place", note.front.place.is_none()), ("link", note.front.link.is_none())]);
    let unknown = unknown.filter(|(_, is_unknown)| *is_unknown && note.front.kind == Kind::Event);
    let mut open: Vec<String> = unknown.map(|(key, _)| format!("`{key}`")).collect();
    open.extend(event::left_words(text).iter().map(|place| format!("`{place}`")));
    let open = if open.is_empty() { String::new() } else { format!("still open: {}; ", open.join(", ")) };
    let help = format!("{open}it is published once `draft` is taken away");
    let message = "this is a draft: it is in no site, feed or calendar";
    Fault::new(&note.source, front::place_of(text, "draft"), message, help)
}

/// Whether this begins a command that notes run.
fn is_run(command: &str) -> bool {
    ["dsys run ", "dsys sweep ", "dsys search "].iter().any(|begin| command.starts_with(begin))
}

/// Where a text stands in quotes, as it mostly does; the text's beginning where it was written in
/// some other form.
fn quoted_in(text: &str, value: &str) -> std::ops::Range<usize> {
    text.find(&format!("\"{value}\"")).map_or(0..0, |at| at..at + value.len() + 2)
}

struct Checking<'b> {
    book: &'b Book<'b>,
    faults: Vec<Fault>,
    notices: Vec<Fault>,
    /// The runs that are linked, each with the place of its link.
    wanted: Vec<(RunLink, Place<'b>)>,
    claims: Vec<(About, Asked<'b>)>,
}

/// A place in a note.
type Place<'b> = (&'b Arc<Source>, std::ops::Range<usize>);

/// What is asked of a run.
#[derive(Clone)]
enum Asked<'b> {
    /// That it can be made, at this command.
    Made(Place<'b>),
    /// That a statement holds.
    Holds(Place<'b>, claim::Line),
    /// That its output is as shown.
    Prints(&'b Arc<Source>, Vec<Line>),
    /// That nothing in this scenario changes nothing.
    Tells(Arc<Source>),
}

impl<'b> Checking<'b> {
    /// All that shows without a run.
    fn look(book: &'b Book<'b>, notes: &[&'b Note]) -> Checking<'b> {
        let faults = book.faults.clone();
        let mut checking = Checking { book, faults, notices: Vec::new(), wanted: Vec::new(), claims: Vec::new() };
        for note in notes {
            checking.form(note);
            checking.links(note);
            checking.blocks(note);
        }
        checking.template();
        checking.orphans(notes);
        checking.events(notes);
        checking.scenarios();
        checking.path();
        checking.meetup();
        checking
    }

    fn add(&mut self, (source, span): Place<'_>, (message, help): Wrong) {
        self.faults.push(Fault::new(source, span, message, help));
    }

    /// What a note must be like, whatever it says.
    fn form(&mut self, note: &'b Note) {
        let fail = |message: &str, help: &str| (message.to_owned(), help.to_owned());
        let headings = &note.parsed.headings;
        if note.parsed.is_too_deep {
            return self.add((&note.source, 0..0), fail("the note is nested too deeply to be read", "quote less"));
        }
        match headings.first() {
            Some(first) if first.level == 1 && first.text.trim() == note.front.title => {}
            Some(first) if first.level == 1 => {
                let message = format!("the heading is not the title, `{}`", note.front.title);
                self.add((&note.source, first.span.clone()), (message, "let both say the same".to_owned()));
            }
            _ => {
                let help = format!("begin with `# {}`", note.front.title);
                self.add((&note.source, 0..0), ("the note does not begin with a heading".to_owned(), help));
            }
        }
        for heading in headings {
            let place = (&note.source, heading.span.clone());
            if heading.is_repeated {
                let message = format!("an earlier heading has the anchor `#{}` already", heading.anchor);
                self.add(place, (message, "give each heading of a note its own words".to_owned()));
            } else if heading.anchor.is_empty() {
                self.add(place, fail("this heading has no words to link to", "give it some"));
            }
        }
        self.markup(note);
        if !note.front.is_draft {
            for place in event::left(&note.source.text) {
                let help = "write what belongs here, or take it away; in code, braces can be shown";
                self.add((&note.source, place), fail("this place is still open", help));
            }
        }
        let is_silent = note.front.kind == Kind::Topic
            && !note.front.is_draft
            && note.runs(self.book.library).next().is_none()
            && !note.source.text.to_lowercase().contains("no scenario");
        if is_silent {
            let help = "link one, or say plainly that no scenario makes its point yet";
            self.add((&note.source, 0..0), fail("the topic links to no run", help));
        }
    }

    /// What Markdown reads otherwise than it was meant.
    fn markup(&mut self, note: &'b Note) {
        let parsed = &note.parsed;
        let kinds = [
            (
                &parsed.dropped,
                "HTML is left out of notes",
                "Markdown is shown; of HTML only `<details><summary>Answer</summary>` and `</details>` are",
            ),
            (
                &parsed.unclosed,
                "this answer does not end",
                "write `</details>` after it, with a blank line before and after",
            ),
            (
                &parsed.unopened,
                "no answer ends here",
                "take it away, or begin one with `<details><summary>Answer</summary>` and a blank line",
            ),
            (
                &parsed.failed_links,
                "this is not read as a link",
                "blanks in an address are written `%20`; where no link is meant, `\\](`",
            ),
        ];
        for (spans, message, help) in kinds {
            for span in spans {
                self.add((&note.source, span.clone()), (message.to_owned(), help.to_owned()));
            }
        }
    }

    /// Events of the same number, or whose days are in another order than their numbers. Of two
    /// that are checked, the later is at fault.
    fn events(&mut self, notes: &[&'b Note]) {
        let is_checked = |note: &Note| notes.iter().any(|checked| checked.path == note.path);
        let place = |note: &'b Note| (note.front.number, &note.path);
        let events: Vec<&Note> = self.book.notes.iter().filter(|note| note.front.kind == Kind::Event).collect();
        for event in events.iter().copied().filter(|event| is_checked(event)) {
            let is_before = |other: &&&'b Note| !is_checked(other) || place(other) < place(event);
            let others: Vec<&Note> = events.iter().filter(is_before).copied().collect();
            if let Some((key, wrong)) = event::contradiction(event, &others) {
                self.add((&event.source, front::place_of(&event.source.text, key)), wrong);
            }
            for (key, time) in [("time", event.front.time), ("until", event.front.until)] {
                let exists =
                    event.front.date.zip(time).map(|(date, time)| event::exists(&self.book.meetup, date, time));
                if let Some(Err(wrong)) = exists {
                    self.add((&event.source, front::place_of(&event.source.text, key)), wrong);
                }
            }
        }
    }

    fn links(&mut self, note: &'b Note) {
        for link in &note.parsed.links {
            let place = (&note.source, link.span.clone());
            match link::resolve(self.book.library, &note.path, &link.url) {
                Err(wrong) => self.add(place, wrong),
                Ok(target) => {
                    if let Err(wrong) = self.fits(link, &target).and_then(|()| self.is_ready(note, &target)) {
                        self.add(place, wrong);
                    } else if let Target::Run(run) = target {
                        self.wanted.push((run, place));
                    }
                }
            }
        }
    }

    /// Whether a link of a note that readers see leads to one that they see too.
    fn is_ready(&self, note: &Note, target: &Target) -> Result<(), Wrong> {
        let Target::Note { path, .. } = target else { return Ok(()) };
        let is_draft = self.book.at(path).is_some_and(|there| there.front.is_draft);
        if note.front.is_draft || !is_draft {
            return Ok(());
        }
        let help = "readers do not see it: link it once `draft` is taken away there";
        Err((format!("`{path}` is a draft"), help.to_owned()))
    }

    /// Whether a link's target is of the right sort, and has the heading that is named.
    fn fits(&self, link: &Link, target: &Target) -> Result<(), Wrong> {
        let fail = |message: String, help: &str| Err((message, help.to_owned()));
        match target {
            Target::Picture(_) | Target::Run(_) if link.is_image => Ok(()),
            _ if link.is_image => {
                let help = "copy the picture into `notes/`, or name a scenario, whose run is drawn";
                fail("this is no picture of the library".to_owned(), help)
            }
            Target::Note { path, .. } if path == TEMPLATE => Ok(()),
            Target::Note { path, anchor: Some(anchor) } => {
                let headings = self.book.at(path).map(|note| note.parsed.headings.as_slice()).unwrap_or_default();
                let anchors = || headings.iter().map(|heading| heading.anchor.as_str());
                if anchors().any(|known| known == anchor) {
                    return Ok(());
                }
                let help = known("headings", anchors(), anchor);
                Err((format!("`{path}` has no heading `#{anchor}`"), help))
            }
            _ => Ok(()),
        }
    }

    fn blocks(&mut self, note: &'b Note) {
        for block in &note.parsed.blocks {
            match block.language.as_str() {
                "dsys" => self.claimed(note, block),
                "console" => self.shown(note, block),
                // These show how a note is written.
                "markdown" | "text" => {}
                _ => self.unmarked(note, block),
            }
        }
    }

    /// A command in a block that is not marked as one that is run.
    fn unmarked(&mut self, note: &'b Note, block: &Block) {
        let is_command = |line: &&Line| line.text.strip_prefix(PROMPT).is_some_and(is_run);
        let mark = match block.language.as_str() {
            "" => "this block has no mark".to_owned(),
            other => format!("a block with the mark `{other}` is not run"),
        };
        if let Some(line) = block.lines.iter().find(is_command) {
            let help = "mark it `dsys` to have it run, `console` to have its output checked";
            self.add(
                (&note.source, line.span.clone()),
                (format!("nothing runs this command: {mark}"), help.to_owned()),
            );
        }
    }

    fn claimed(&mut self, note: &'b Note, block: &Block) {
        let (claims, faults) = claim::read(self.book.library, block);
        for (line, wrong) in faults {
            self.add((&note.source, line.span), wrong);
        }
        for Claim { about, command, lines } in claims {
            self.claims.push((about.clone(), Asked::Made((&note.source, command.span))));
            for (line, statement) in lines {
                self.claims.push((about.clone(), Asked::Holds((&note.source, line.span), statement)));
            }
        }
    }

    fn shown(&mut self, note: &'b Note, block: &Block) {
        let Some((first, output)) = block.lines.split_first() else { return };
        let Some(command) = first.text.trim().strip_prefix(PROMPT).filter(|command| command.starts_with("dsys "))
        else {
            return self.without_command(note, block);
        };
        if let Some(second) = output.iter().find(|line| line.text.starts_with("$ dsys ")) {
            let wrong = ("a block shows the output of one command".to_owned(), "begin another block".to_owned());
            self.add((&note.source, second.span.clone()), wrong);
            return;
        }
        match run::command(self.book.library, command) {
            Err(wrong) => self.add((&note.source, first.span.clone()), wrong),
            Ok(run) => {
                let about = About::Run(run);
                self.claims.push((about.clone(), Asked::Made((&note.source, first.span.clone()))));
                self.claims.push((about, Asked::Prints(&note.source, output.to_vec())));
            }
        }
    }

    /// A block of output whose first line is no command of dsys, though another is one, or would be
    /// with its sign.
    fn without_command(&mut self, note: &'b Note, block: &Block) {
        let is_command = |line: &&Line| is_run(line.text.strip_prefix(PROMPT).unwrap_or(&line.text));
        if let Some(line) = block.lines.iter().find(is_command) {
            let help = "let the first line be the command with its sign, as in `$ dsys run three-generals`";
            let wrong = ("nothing runs this command: the block does not begin with it".to_owned(), help.to_owned());
            self.add((&note.source, line.span.clone()), wrong);
        }
    }

    /// The template must make a sound note.
    fn template(&mut self) {
        let library = self.book.library;
        let Some(file) = library.file(TEMPLATE).filter(|file| file.is_own || !library.has_own()) else { return };
        let source = Arc::new(Source { origin: file.origin.clone(), text: file.text().into_owned() });
        for key in event::missing(&source.text) {
            let help = "the template names each of them in double braces".to_owned();
            self.add((&source, 0..0), (format!("the template has no `{{{{{key}}}}}`"), help));
        }
        for link in super::parse::parse(&source.text).links {
            if let Err(wrong) = link::resolve(library, TEMPLATE, &link.url) {
                self.add((&source, link.span), wrong);
            }
        }
    }

    /// Notes that are not found from where one begins: a note of kind `about`, or an event, which
    /// is found by its day.
    fn orphans(&mut self, notes: &[&'b Note]) {
        let is_beginning = |note: &&Note| matches!(note.front.kind, Kind::About | Kind::Event);
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
    fn scenarios(&mut self) {
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
    fn path(&mut self) {
        let library = self.book.library;
        let Some(file) = library.file(PATH_FILE).filter(|file| file.is_own || !library.has_own()) else { return };
        if let Err(invalid) = LearningPath::of(library) {
            self.invalid(file, &invalid);
        }
    }

    /// What the library says of its meetup is sound.
    fn meetup(&mut self) {
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
            self.add((&source, place), (message, help));
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

    /// Makes all runs that are linked or claimed, each once, and holds what is said of them against
    /// them.
    fn make_runs(&mut self, progress: &(dyn Fn(usize, usize) + Sync)) -> usize {
        let mut uses: BTreeMap<About, Vec<Asked<'b>>> = BTreeMap::new();
        for (run, place) in &self.wanted {
            uses.entry(About::Run(run.clone())).or_default().push(Asked::Made(place.clone()));
        }
        for (about, asked) in &self.claims {
            uses.entry(about.clone()).or_default().push(asked.clone());
        }
        let library = self.book.library;
        let (done, all) = (AtomicUsize::new(0), uses.len());
        let uses: Vec<(About, Vec<Asked<'b>>)> = uses.into_iter().collect();
        let found: Vec<Vec<Fault>> = uses
            .par_iter()
            .map(|(about, asked)| {
                let faults = match about {
                    About::Run(link) => faults_of_run(library, link, asked),
                    About::Sweep(sweep) => faults_of_sweep(library, sweep, asked),
                    About::Search(search) => faults_of_search(library, search, asked),
                };
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
                faults
            })
            .collect();
        self.faults.extend(found.into_iter().flatten());
        all
    }
}

/// What is wrong with what is asked of one run.
fn faults_of_run(library: &Library, link: &RunLink, asked: &[Asked<'_>]) -> Vec<Fault> {
    let ran = run::run(library, link);
    let shows_it = |help: String| if help.is_empty() { format!("`{}` shows it", link.command(library)) } else { help };
    let fault = |asked: &Asked<'_>| match (asked, &ran) {
        (Asked::Made((source, span)), Err((message, help))) => Some(Fault::new(source, span.clone(), message, help)),
        (Asked::Holds((source, span), statement), Ok(report)) => {
            let (message, help) = claim::hold(statement, report).err()?;
            Some(Fault::new(source, span.clone(), message, shows_it(help)))
        }
        (Asked::Prints(source, lines), Ok(report)) => {
            let (line, (message, help)) = shown::compare(lines, &run::text(library, link, report)).err()?;
            Some(Fault::new(source, line.span, message, shows_it(help)))
        }
        _ => None,
    };
    let warned = |asked: &Asked<'_>| match (asked, &ran) {
        (Asked::Tells(source), Ok(report)) => {
            let fault = |warning: &String| Fault::new(source, 0..0, warning, "let it change something, or take it out");
            report.warnings.iter().map(fault).collect()
        }
        _ => Vec::new(),
    };
    asked.iter().filter_map(fault).chain(asked.iter().flat_map(warned)).collect()
}

/// What is wrong with what is asked of many runs.
fn faults_of_sweep(library: &Library, sweep: &Sweep, asked: &[Asked<'_>]) -> Vec<Fault> {
    let rows = sweep.rows(library);
    let shows_it = |help: String| if help.is_empty() { format!("`{}` shows it", sweep.command(library)) } else { help };
    let fault = |asked: &Asked<'_>| match (asked, &rows) {
        (Asked::Made((source, span)), Err((message, help))) => Some(Fault::new(source, span.clone(), message, help)),
        (Asked::Holds((source, span), claim::Line::Says(statement)), Ok(rows)) => {
            let (message, help) = sweep::hold(statement, rows).err()?;
            Some(Fault::new(source, span.clone(), message, shows_it(help)))
        }
        _ => None,
    };
    asked.iter().filter_map(fault).collect()
}

/// What is wrong with what is asked of the worst case.
fn faults_of_search(library: &Library, search: &Search, asked: &[Asked<'_>]) -> Vec<Fault> {
    let worst = worst::seek(library, search);
    let shows_it =
        |help: String| if help.is_empty() { format!("`{}` shows it", search.command(library)) } else { help };
    let fault = |asked: &Asked<'_>| match (asked, &worst) {
        (Asked::Made((source, span)), Err((message, help))) => Some(Fault::new(source, span.clone(), message, help)),
        (Asked::Holds((source, span), claim::Line::Worst(statement)), Ok(worst)) => {
            let (message, help) = worst::hold(statement, worst).err()?;
            Some(Fault::new(source, span.clone(), message, shows_it(help)))
        }
        _ => None,
    };
    asked.iter().filter_map(fault).collect()
}
