//! The meetup that a library is of: its name, where it meets, who runs it, how to join.
//!
//! It is the file `notes/meetup.toml`. Nothing here is of one meetup: titles, numbering and time
//! zone are the file's.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::library::{Library, MEETUP_FILE, Take};
use crate::scenario::{Invalid, Sheet, known, nearest};

use super::link::{self, Wrong};
use super::when::TimeOfDay;
use super::zone::Zone;
use super::{front, language, open};

/// A meetup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meetup {
    /// Its name.
    pub name: String,
    /// What it is about, a sentence.
    pub about: Option<String>,
    /// Its city or region.
    pub city: Option<String>,
    /// The time zone of its events.
    pub zone: Zone,
    /// Whether its zone is said, or is the one that is called after its city. If not, it is UTC,
    /// which nobody chose.
    pub has_zone: bool,
    /// Where its site stands on the web, with a slash at its end.
    pub url: Option<String>,
    /// Where the files of its notes can be edited on the web: a note's path from the folder of
    /// notes on is put behind it.
    pub edit: Option<String>,
    /// The language of its notes, as in `en` or `pt-BR`.
    pub language: String,
    /// Its logo: a picture's path in the library.
    pub logo: Option<String>,
    /// Who runs it.
    pub organiser: Option<Organiser>,
    /// How to be invited.
    pub join: Option<Join>,
    /// What its events have in common.
    pub events: Events,
}

/// Who runs a meetup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organiser {
    /// The name of a person or a group.
    pub name: String,
    /// A page about them, or a `mailto:` address.
    pub link: Option<String>,
}

/// How to be invited to a meetup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// What one does, a sentence.
    pub says: String,
    /// Where one does it.
    pub link: Option<String>,
}

/// What the events of a meetup have in common, unless a note or a flag says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// The title of an event; `{{number}}`, `{{name}}` and `{{city}}` are filled in.
    pub title: String,
    /// The number of the first event.
    pub first: u32,
    /// How many digits a number has at least, in titles and in names of files.
    pub digits: usize,
    /// When they begin.
    pub time: Option<TimeOfDay>,
    /// How long they last, as it was written.
    pub duration: Option<String>,
    /// Where they are.
    pub place: Option<String>,
}

/// The file, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The meetup's name.
    #[schemars(length(min = 1), extend("format" = "line"))]
    name: String,
    /// What the meetup is about, a sentence.
    #[schemars(length(min = 1), extend("format" = "line"))]
    about: Option<String>,
    /// The city or region where it meets.
    #[schemars(length(min = 1), extend("format" = "line"))]
    city: Option<String>,
    /// The time zone of its events, as in `America/Los_Angeles`. Default the one that is called
    /// after the city; where there is none, it must be said before an event has a time.
    #[schemars(with = "Option<String>")]
    zone: Option<Spanned<String>>,
    /// Where its site stands on the web, as in `https://example.org/meetup`.
    #[schemars(with = "Option<String>")]
    url: Option<Spanned<String>>,
    /// Where its notes can be edited on the web: the address of their folder there.
    #[schemars(with = "Option<String>")]
    edit: Option<Spanned<String>>,
    /// The language of its notes, as in `en` or `pt-BR`. Default `en`.
    #[schemars(with = "Option<String>")]
    language: Option<Spanned<String>>,
    /// Its logo: a picture in the folder `notes/`, as in `logo.png`.
    #[schemars(with = "Option<String>")]
    logo: Option<Spanned<String>>,
    /// Who runs it.
    organiser: Option<WrittenOrganiser>,
    /// How to be invited.
    join: Option<WrittenJoin>,
    /// What its events have in common.
    #[serde(default)]
    events: WrittenEvents,
    /// What is taken over of the notes that ship.
    #[serde(default)]
    take: Take,
}

/// The organiser, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenOrganiser {
    /// The name of a person or a group.
    #[schemars(length(min = 1), extend("format" = "line"))]
    name: String,
    /// A page about them, or an address as in `mailto:a@example.org`.
    #[schemars(with = "Option<String>")]
    link: Option<Spanned<String>>,
}

/// How to be invited, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenJoin {
    /// What one does to be invited, a sentence.
    #[schemars(length(min = 1), extend("format" = "line"))]
    says: String,
    /// The page where one does it, or an address as in `mailto:a@example.org`.
    #[schemars(with = "Option<String>")]
    link: Option<Spanned<String>>,
}

/// What the events have in common, as it is written.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenEvents {
    /// The title of an event, as in `"Chat {{number}}"`. Default `"{{name}} {{number}}"`.
    #[schemars(with = "Option<String>")]
    title: Option<Spanned<String>>,
    /// The number of the first event. Default 1.
    #[schemars(range(min = 0, max = 999))]
    first: Option<u32>,
    /// How many digits a number has at least, in titles and in names of files. Default 2.
    #[schemars(range(min = 1, max = 4))]
    digits: Option<u8>,
    /// When events begin, as in `"18:30"`.
    #[schemars(with = "Option<String>")]
    time: Option<Spanned<String>>,
    /// How long events last, as in `"2h"`.
    #[schemars(with = "Option<String>")]
    duration: Option<Spanned<String>>,
    /// Where events are: `virtual`, or a place.
    #[schemars(length(min = 1), extend("format" = "line"))]
    place: Option<String>,
}

/// What can be filled into the title of an event.
const OF_TITLES: [&str; 3] = ["number", "name", "city"];

impl Default for Events {
    fn default() -> Events {
        let title = "{{name}} {{number}}".to_owned();
        Events { title, first: 1, digits: 2, time: None, duration: None, place: None }
    }
}

impl Default for Meetup {
    /// A meetup of which nothing is known.
    fn default() -> Meetup {
        Meetup {
            name: "Notes".to_owned(),
            about: None,
            city: None,
            zone: Zone::default(),
            has_zone: false,
            url: None,
            edit: None,
            language: language::ENGLISH.to_owned(),
            logo: None,
            organiser: None,
            join: None,
            events: Events::default(),
        }
    }
}

impl Meetup {
    /// The meetup of a library; one of which nothing is known where the library does not say.
    ///
    /// # Errors
    ///
    /// All that is wrong with the file: keys and values as in a scenario, time zones, addresses and
    /// times that are none, and names of notes that do not ship.
    pub fn of(library: &Library) -> Result<Meetup, Invalid> {
        let Some(file) = library.file(MEETUP_FILE) else { return Ok(Meetup::default()) };
        let text = file.text();
        let (written, sheet) = Sheet::read::<Written>((&file.origin, &text), "meetup", HELP);
        let mut reading = Reading { sheet, library };
        let meetup = written.map(|written| reading.meetup(written));
        reading.sheet.end()?;
        Ok(meetup.unwrap_or_default())
    }

    /// A number as the meetup's titles and names of files write it: `04`.
    pub fn digits(&self, number: u32) -> String {
        format!("{number:0width$}", width = self.events.digits)
    }

    /// The title of the event of this number.
    pub fn title_of(&self, number: u32) -> String {
        let value = |key: &str| match key {
            "number" => Some(self.digits(number)),
            "name" => Some(self.name.clone()),
            "city" => self.city.clone(),
            _ => None,
        };
        open::filled(&self.events.title, &value).trim().to_owned()
    }
}

const HELP: &str = "it is a TOML file that says at least the meetup's name, as in `name = \"Rainy City Systems\"`";

/// A file being read.
struct Reading<'a> {
    sheet: Sheet<'a>,
    library: &'a Library,
}

impl Reading<'_> {
    fn meetup(&mut self, written: Written) -> Meetup {
        self.take(&written.take);
        let tag = self.checked(written.language, language::read);
        let contact = |text: &str| link::contact(text).map(|()| text.to_owned());
        let organiser = written.organiser.map(|WrittenOrganiser { name, link }| Organiser {
            name: name.trim().to_owned(),
            link: self.checked(link, contact),
        });
        let join = written
            .join
            .map(|WrittenJoin { says, link }| Join { says: says.trim().to_owned(), link: self.checked(link, contact) });
        let library = self.library;
        let is_said = written.zone.is_some();
        let of_city = || written.city.as_deref().and_then(Zone::of_city).filter(|_| !is_said);
        let zone = self.checked(written.zone, zone).or_else(of_city);
        Meetup {
            name: written.name.trim().to_owned(),
            about: written.about.map(|text| text.trim().to_owned()),
            city: written.city.map(|text| text.trim().to_owned()),
            has_zone: zone.is_some() || is_said,
            zone: zone.unwrap_or_default(),
            url: self.checked(written.url, link::folder),
            edit: self.checked(written.edit, link::folder),
            language: tag.unwrap_or_else(|| language::ENGLISH.to_owned()),
            logo: self.checked(written.logo, |text| logo(library, text)),
            organiser,
            join,
            events: self.events(written.events),
        }
    }

    fn events(&mut self, written: WrittenEvents) -> Events {
        let plain = Events::default();
        let time = |text: &str| text.parse::<TimeOfDay>().map_err(|message| (message, String::new()));
        Events {
            title: self.checked(written.title, title).unwrap_or(plain.title),
            first: written.first.unwrap_or(plain.first),
            digits: written.digits.map_or(plain.digits, usize::from),
            time: self.checked(written.time, time),
            duration: self.checked(written.duration, |text| front::duration(text).map(|_| text.to_owned())),
            place: written.place.map(|text| text.trim().to_owned()),
        }
    }

    /// The value that a text says, if it says one.
    fn checked<T>(&mut self, text: Option<Spanned<String>>, read: impl Fn(&str) -> Result<T, Wrong>) -> Option<T> {
        let text = text?;
        let read = read(text.get_ref());
        read.map_err(|(message, help)| self.sheet.add(text.span(), message, help)).ok()
    }

    /// The notes that are taken over must ship.
    fn take(&mut self, take: &Take) {
        let shipped = Library::of(self.library.registry());
        for (what, named, there) in take.lists(&shipped) {
            let there = || there.iter().map(String::as_str);
            for name in named.iter().filter(|name| there().all(|known| known != name.get_ref())) {
                let message = format!("no note about `{}` ships", name.get_ref());
                self.sheet.add(name.span(), message, known(what, there(), name.get_ref()));
            }
        }
    }
}

/// The zone of this name, or what is meant.
fn zone(name: &str) -> Result<Zone, Wrong> {
    name.parse().map_err(|()| {
        let help = "A zone is called after a large city in it, as in `America/Los_Angeles`; `UTC` is one too";
        if Zone::is_shown_as(name) {
            return (format!("`{name}` is no time zone: clocks in several zones show it"), help.to_owned());
        }
        let near = Zone::of_city(name).map(|zone| zone.name()).or_else(|| nearest_zone(name));
        let near = near.map(|near| format!("did you mean `{near}`? "));
        (format!("there is no time zone `{name}`"), near.unwrap_or_default() + help)
    })
}

/// The zone that is nearly spelled so. One of the same part of the world that has another city is
/// not meant.
fn nearest_zone(name: &str) -> Option<&'static str> {
    let near = nearest(name, Zone::names())?;
    let city = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    nearest(&city(name), [city(near).as_str()]).is_some().then_some(near)
}

fn logo(library: &Library, text: &str) -> Result<String, Wrong> {
    match link::resolve(library, MEETUP_FILE, text)? {
        link::Target::Picture(path) => Ok(path),
        _ => Err((format!("`{text}` is no picture"), "a logo is a picture in the folder `notes/`".to_owned())),
    }
}

fn title(text: &str) -> Result<String, Wrong> {
    if text.trim().is_empty() || text.contains(char::is_control) {
        return Err(("a title is some words in one line".to_owned(), String::new()));
    }
    match open::words(text).find(|open| !OF_TITLES.contains(open)) {
        Some(open) => {
            let help = known("words that can be filled in", OF_TITLES, open);
            Err((format!("nothing can be filled into a title for `{{{{{open}}}}}`"), help))
        }
        None => Ok(text.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::SHIPPED;

    fn library(text: &str) -> Library {
        Library::empty(SHIPPED).with_file(MEETUP_FILE, text)
    }

    fn read(text: &str) -> Meetup {
        Meetup::of(&library(text)).unwrap_or_else(|invalid| panic!("{invalid}"))
    }

    fn refused(text: &str, line: usize, message: &str, help: &str) {
        let invalid = Meetup::of(&library(text)).unwrap_err();
        let places: Vec<_> =
            invalid.places().map(|place| (place.line.unwrap_or_default(), place.message, place.help)).collect();
        assert_eq!(places, [(line, message, help)], "{text}");
    }

    #[test]
    fn a_name_is_enough() {
        let meetup = read("name = \"Rainy City Systems\"\n");
        assert_eq!((meetup.zone.name(), meetup.has_zone, meetup.language.as_str()), ("UTC", false, "en"));
        assert_eq!(meetup.title_of(4), "Rainy City Systems 04");
        assert_eq!(Meetup::of(&Library::empty(SHIPPED)).unwrap(), Meetup::default());
    }

    #[test]
    fn a_city_says_the_zone_that_is_called_after_it() {
        let check = |more: &str, expect: (&str, bool)| {
            let meetup = read(&format!("name = \"R\"\n{more}"));
            assert_eq!((meetup.zone.name(), meetup.has_zone), expect, "{more}");
        };
        check("city = \"Lisbon\"", ("Europe/Lisbon", true));
        check("city = \"Lisboa\"", ("UTC", false));
        check("city = \"Lisbon\"\nzone = \"UTC\"", ("UTC", true));
    }

    #[test]
    fn titles_and_numbers_are_the_meetups() {
        let meetup = read("name = \"R\"\ncity = \"Z\"\n[events]\ntitle = \"{{city}}: {{number}}\"\ndigits = 1\n");
        assert_eq!(meetup.title_of(4), "Z: 4");
        assert_eq!(read("name = \"R\"\n[events]\ntitle = \"{{ number }}, {{city}}\"\n").title_of(12), "12, {{city}}");
    }

    #[test]
    fn what_is_said_is_told_with_what_is_allowed() {
        let name = "name = \"R\"\n";
        let zone = "A zone is called after a large city in it, as in `America/Los_Angeles`; `UTC` is one too";
        let near = |near: &str| format!("did you mean `{near}`? {zone}");
        refused("", 0, "`name` is missing", "The meetup's name.");
        refused(&format!("{name}zone = \"Berlin\""), 2, "there is no time zone `Berlin`", &near("Europe/Berlin"));
        refused(
            &format!("{name}zone = \"Los Angeles\""),
            2,
            "there is no time zone `Los Angeles`",
            &near("America/Los_Angeles"),
        );
        refused(&format!("{name}zone = \"Nowhere at all\""), 2, "there is no time zone `Nowhere at all`", zone);
        refused(&format!("{name}zone = \"Europe/Porto\""), 2, "there is no time zone `Europe/Porto`", zone);
        refused(&format!("{name}zone = \"PST\""), 2, "`PST` is no time zone: clocks in several zones show it", zone);
        refused(
            &format!("{name}url = \"example.org\""),
            2,
            "`example.org` is no address of the web: it has no `https:`",
            "an address of the web is as in `https://example.org/page`",
        );
        refused(
            &format!("{name}logo = \"logo.png\""),
            2,
            "there is no file `notes/logo.png` in the library",
            "copy it into `notes/`",
        );
        refused(
            &format!("{name}language = \"English please\""),
            2,
            "`English please` is no tag of a language",
            "write the language's code, as in `en`, `de` or `pt-BR`",
        );
        refused(
            &format!("{name}[events]\ntime = \"7pm\""),
            3,
            "`7pm` is not a time of day: write it as in `18:30`",
            "",
        );
        refused(
            &format!("{name}[events]\ntitle = \"{{{{nr}}}}\""),
            3,
            "nothing can be filled into a title for `{{nr}}`",
            "the words that can be filled in are `number`, `name` and `city`",
        );
        refused(
            &format!("{name}[take]\ntopics = [\"capp\"]"),
            3,
            "no note about `capp` ships",
            &Meetup::of(&library(&format!("{name}[take]\ntopics = [\"capp\"]")))
                .unwrap_err()
                .places()
                .next()
                .map(|place| place.help.to_owned())
                .filter(|help| help.starts_with("did you mean `cap`?"))
                .unwrap_or_default(),
        );
    }

    #[test]
    fn the_shipped_meetup_is_one_such_library() {
        let meetup = Meetup::of(&Library::shipped()).unwrap_or_else(|invalid| panic!("{invalid}"));
        assert!(meetup.organiser.is_some() && meetup.join.is_some());
        assert_eq!(meetup.digits(4), "04");
    }
}
