//! The days that a text names in words, as invitations do: `Thursday, 8 April 2027`, `April 8th`,
//! `8 de abril`.
//!
//! English is read, and where a day is followed by its month, some languages of meetups beside it.

use std::ops::Range;

use super::date::{Date, MONTHS, WEEKDAYS};

/// The months beside those of English, in small letters. No word is two months.
const OTHER_MONTHS: [[&str; 12]; 6] = [
    [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
];

/// The days of the week beside those of English, from Monday on, in small letters.
const OTHER_WEEKDAYS: [[&str; 7]; 6] = [
    ["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"],
    ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"],
    ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
    ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
];

/// Words between a weekday, a day, a month and a year that say nothing.
const FILLERS: [&str; 16] =
    ["de", "of", "the", "di", "d", "del", "den", "dem", "le", "el", "il", "feira", "on", "am", "em", "dia"];

/// A day that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    day: u8,
    month: u8,
    year: Option<u16>,
    /// The day of the week that is written before it, from Monday on.
    weekday: Option<usize>,
    /// Where it stands in the text, with its weekday.
    pub(super) span: Range<usize>,
}

impl Named {
    /// Whether it can be this day.
    pub(super) fn is(&self, date: Date) -> bool {
        self.date(date.parts().0) == Some(date)
    }

    /// The day, in the year that it says or else in this one.
    pub(super) fn date(&self, year: u16) -> Option<Date> {
        Date::new(self.year.unwrap_or(year), self.month, self.day)
    }

    /// Whether it says its year.
    pub(super) fn is_whole(&self) -> bool {
        self.year.is_some()
    }

    /// Whether another day of the week is written before it, if it is in this year.
    pub(super) fn is_on_another_weekday(&self, year: u16) -> bool {
        let real = self.date(year).map(Date::weekday);
        self.weekday.zip(real).is_some_and(|(written, real)| WEEKDAYS[written] != real)
    }
}

/// A word of a text, and where it stands.
struct Word<'t> {
    text: &'t str,
    span: Range<usize>,
}

/// The days that a text names.
pub(super) fn named_in(text: &str) -> Vec<Named> {
    let words = words(text);
    let mut found = Vec::new();
    for at in 0..words.len() {
        let Some((day, month, year, places)) = day_first(&words, at).or_else(|| month_first(&words, at)) else {
            continue;
        };
        let weekday = weekday_before(text, &words, at);
        let begin = weekday.map_or(at, |(before, _)| before);
        let span = words[begin].span.start..words[places.end - 1].span.end;
        let named = Named { day, month, year, weekday: weekday.map(|(_, weekday)| weekday), span };
        // The first of several days of one month: `8 to 10 April`.
        let first = first_of_several(&words, at).map(|day| Named { day, weekday: None, ..named.clone() });
        found.extend(first);
        found.push(named);
    }
    found
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(Word { text: &text[from..at], span: from..at });
                start = None;
            }
            _ => {}
        }
    }
    words
}

type Read = (u8, u8, Option<u16>, Range<usize>);

/// `8 April 2027`, `8th of April`, `8 de abril de 2027`.
fn day_first(words: &[Word<'_>], at: usize) -> Option<Read> {
    let day = day(words[at].text)?;
    let there = after_fillers(words, at + 1);
    let month = month(words.get(there)?.text)?;
    let (year, end) = year_at(words, there + 1);
    Some((day, month, year, at..end))
}

/// `April 8, 2027`, as English also has it.
fn month_first(words: &[Word<'_>], at: usize) -> Option<Read> {
    let month = english_month(words[at].text)?;
    let is_led = at > 0 && day(words[at - 1].text).is_some();
    let there = after_fillers(words, at + 1);
    let day = day(words.get(there).filter(|_| !is_led)?.text)?;
    let (year, end) = year_at(words, there + 1);
    Some((day, month, year, at..end))
}

/// The year that stands there, and where the words after it begin.
fn year_at(words: &[Word<'_>], at: usize) -> (Option<u16>, usize) {
    let there = after_fillers(words, at);
    let is_year = |word: &&Word<'_>| word.text.len() == 4 && word.text.bytes().all(|byte| byte.is_ascii_digit());
    let year = words.get(there).filter(is_year).and_then(|word| word.text.parse().ok());
    (year, if year.is_some() { there + 1 } else { at })
}

fn after_fillers(words: &[Word<'_>], at: usize) -> usize {
    (at..words.len()).find(|&at| !is_filler(words[at].text)).unwrap_or(words.len())
}

fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word.to_lowercase().as_str())
}

/// A day of a month, also as an ordinal: `8`, `8th`, `1º`.
fn day(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let is_ending = ["", "st", "nd", "rd", "th", "º", "er", "e"].contains(&&word[digits.len()..]);
    digits.parse().ok().filter(|day| digits.len() <= 2 && is_ending && (1..=31).contains(day))
}

fn month(word: &str) -> Option<u8> {
    let small = word.to_lowercase();
    let other = || OTHER_MONTHS.iter().find_map(|months| months.iter().position(|month| *month == small));
    english_month(word).or_else(|| Some(other()? as u8 + 1))
}

/// A month of English, with its capital: `may` is mostly none.
fn english_month(word: &str) -> Option<u8> {
    let is_short = |month: &str| word == "Sept" && month == "September" || word.len() == 3 && month.starts_with(word);
    let at = MONTHS.iter().position(|month| *month == word || is_short(month))?;
    Some(at as u8 + 1)
}

fn weekday(word: &str) -> Option<usize> {
    let is_short = |name: &str| word.len() == 3 && name.starts_with(word);
    let small = word.to_lowercase();
    let english = WEEKDAYS.iter().position(|name| *name == word || is_short(name));
    english.or_else(|| OTHER_WEEKDAYS.iter().find_map(|names| names.iter().position(|name| *name == small)))
}

/// The weekday that is written before a day, in the same breath: which word, and which day.
fn weekday_before(text: &str, words: &[Word<'_>], at: usize) -> Option<(usize, usize)> {
    let before = (0..at).rev().find(|&at| !is_filler(words[at].text))?;
    let gap = text.get(words[before].span.end..words[at].span.start)?;
    let found = weekday(words[before].text).filter(|_| !gap.contains(['.', ';', ':', '!', '?', '|']))?;
    Some((before, found))
}

/// The first of several days, of which the last stands there: `8 to 10`, `8–10`.
fn first_of_several(words: &[Word<'_>], at: usize) -> Option<u8> {
    const LONGEST_WORD: usize = 5;
    let before = words.get(at.checked_sub(1)?)?.text;
    let is_joined = before.len() <= LONGEST_WORD && before.chars().all(char::is_alphabetic);
    day(before).or_else(|| day(words.get(at.checked_sub(2)?)?.text).filter(|_| is_joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_as_people_write_them() {
        let date: Date = "2027-04-08".parse().unwrap();
        for text in [
            "On 8 April 2027.",
            "on Thursday, 8 April",
            "April 8th, 2027",
            "Thu, Apr 8",
            "the 8th of April",
            "Thursday the 8th of April 2027",
            "8 de abril de 2027",
            "quinta-feira, 8 de abril",
            "Donnerstag, den 8. April",
            "jeudi 8 avril 2027",
            "8 to 10 April 2027",
            "8–10 April",
        ] {
            let named = named_in(text);
            assert!(named.iter().any(|named| named.is(date)), "{text}: {named:?}");
            assert!(named.iter().all(|named| !named.is_on_another_weekday(2027)), "{text}: {named:?}");
        }
        for text in ["1 de abril de 2027", "8 April 2026", "8 May", "on March 8"] {
            let named = named_in(text);
            assert!(named.len() == 1 && !named[0].is(date), "{text}: {named:?}");
        }
        for text in ["", "8", "at most 8 may come", "version 8.4", "2027-04-08", "In April 2027", "8 people, April"] {
            assert_eq!(named_in(text), [], "{text}");
        }
    }

    #[test]
    fn a_weekday_is_held_against_the_day() {
        let is_wrong = |text: &str| named_in(text).iter().any(|named| named.is_on_another_weekday(2027));
        for text in
            ["Monday, 8 April 2027", "Mon 8 April", "Montag, 8. April", "segunda-feira, 8 de abril", "Friday, April 8"]
        {
            assert!(is_wrong(text), "{text}");
        }
        for text in ["Thursday, 8 April 2027", "every Monday. 8 April 2027", "Monday, 8 April 2024", "Monday, 31 April"]
        {
            assert!(!is_wrong(text), "{text}");
        }
        let text = "é Monday, 8 April 2027!";
        assert_eq!(&text[named_in(text)[0].span.clone()], "Monday, 8 April 2027");
    }
}
