//! When an event begins and ends: a time of day, and the moment that it is.

use std::fmt;
use std::str::FromStr;

use tz::UtcDateTime;

use super::date::Date;
use super::front::Front;
use super::zone::Zone;

/// A time of day, to the minute: what a clock on the wall shows. Midnight, unless another is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    /// Minutes from midnight on.
    minutes: u16,
}

/// A moment, and how clocks of a zone show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds from 1970 on, in UTC.
    pub unix: i64,
    /// How far clocks of the zone are ahead of UTC then, in seconds.
    pub offset: i32,
    /// What the zone is called then: `PDT`, or `+03` where it has no letters.
    pub letters: String,
}

/// When an event is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The day on which it begins, in the meetup's zone.
    pub date: Date,
    /// When it begins, if its time is known.
    pub begins: Option<Moment>,
    /// When it ends, if that is known. It is after the beginning.
    pub ends: Option<Moment>,
}

impl TimeOfDay {
    /// The time, if a clock of 24 hours shows it.
    pub fn new(hour: u8, minute: u8) -> Option<TimeOfDay> {
        (hour < 24 && minute < 60).then(|| TimeOfDay { minutes: u16::from(hour) * 60 + u16::from(minute) })
    }

    /// Hour and minute.
    pub fn parts(self) -> [u8; 2] {
        [self.minutes / 60, self.minutes % 60].map(|part| u8::try_from(part).unwrap_or(u8::MAX))
    }

    /// Minutes from midnight on.
    pub fn minutes(self) -> u16 {
        self.minutes
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [hour, minute] = self.parts();
        write!(f, "{hour:02}:{minute:02}")
    }
}

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<TimeOfDay, String> {
        let two = |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok());
        let parts = text.split_once(':').and_then(|(hour, minute)| Some((two(hour)??, two(minute)??)));
        let (hour, minute) = parts.ok_or_else(|| format!("`{text}` is not a time of day: write it as in `18:30`"))?;
        TimeOfDay::new(hour, minute).ok_or_else(|| format!("no clock of 24 hours shows `{text}`"))
    }
}

impl Moment {
    /// The moment as RFC 3339 writes it, with the zone's offset: `2026-12-08T18:30:00-08:00`.
    pub fn rfc3339(&self) -> String {
        let wall = shown(self.unix + i64::from(self.offset));
        let ahead = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{wall}{sign}{:02}:{:02}", ahead / 60, ahead % 60)
    }

    /// The moment in UTC as RFC 5545 writes it: `20261209T023000Z`.
    pub fn in_utc(&self) -> String {
        shown(self.unix).replace(['-', ':'], "") + "Z"
    }

    /// The day and the time of day that the zone's clocks show, if there is such a [`Date`].
    pub fn on_the_wall(&self) -> Option<(Date, TimeOfDay)> {
        let at = UtcDateTime::from_timespec(self.unix + i64::from(self.offset), 0).ok()?;
        let date = Date::new(u16::try_from(at.year()).ok()?, at.month(), at.month_day())?;
        Some((date, TimeOfDay::new(at.hour(), at.minute())?))
    }
}

impl Front {
    /// When the event is, in the meetup's zone. `None` if its day is not known.
    pub fn when(&self, zone: &Zone) -> Option<When> {
        let date = self.date?;
        let begins = self.time.map(|time| zone.at(date, time).moment().clone());
        let lasts = || Some(zone.moment(begins.as_ref()?.unix + i64::from(self.minutes?) * 60));
        let until = || Some(zone.at(date, self.until?).moment().clone());
        let ends = lasts().or_else(until);
        let ends = ends.filter(|ends| begins.as_ref().is_some_and(|begins| begins.unix < ends.unix));
        Some(When { date, begins, ends })
    }
}

/// Seconds from 1970 on as day and time.
fn shown(unix: i64) -> String {
    // Days have four digits of a year, far from where seconds are too many.
    let at = UtcDateTime::from_timespec(unix, 0).map(|at| at.to_string()).unwrap_or_default();
    at.trim_end_matches('Z').split('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_clock_shows_is_a_time_of_day() {
        let check = |text: &str, expect: Result<&str, &str>| {
            let time = text.parse::<TimeOfDay>().map(|time| time.to_string());
            assert_eq!(time.as_deref().map_err(String::as_str), expect);
        };
        check("18:30", Ok("18:30"));
        check("00:00", Ok("00:00"));
        check("24:00", Err("no clock of 24 hours shows `24:00`"));
        check("18:60", Err("no clock of 24 hours shows `18:60`"));
        for text in ["", "soon", "6pm", "6:30", "18.30", "18:30:00", "+1:30"] {
            check(text, Err(&format!("`{text}` is not a time of day: write it as in `18:30`")));
        }
    }

    #[test]
    fn an_event_over_a_change_of_clocks_lasts_as_long_as_it_says() {
        let zone: Zone = "America/Los_Angeles".parse().unwrap();
        let when = |more: &str| {
            let text = format!(
                "+++\ntitle = \"T\"\nkind = \"event\"\nsummary = \"S\"\nnumber = 1\ndate = 2026-10-31\n{more}+++\n"
            );
            let source = std::sync::Arc::new(super::super::Source { origin: "t".to_owned(), text });
            let (front, faults) = super::super::front::read("T", &source);
            assert!(faults.is_empty(), "{faults:?}");
            front.when(&zone).unwrap()
        };
        let shown = |moment: Option<Moment>| moment.map(|moment| moment.rfc3339());
        let over_night = when("time = \"23:00\"\nduration = \"4h\"\n");
        assert_eq!(shown(over_night.begins).as_deref(), Some("2026-10-31T23:00:00-07:00"));
        assert_eq!(shown(over_night.ends).as_deref(), Some("2026-11-01T02:00:00-08:00"));
        let until = when("time = \"18:30\"\nuntil = \"20:00\"\n");
        assert_eq!(shown(until.ends).as_deref(), Some("2026-10-31T20:00:00-07:00"));
        assert_eq!((when("").begins, when("time = \"18:30\"\n").ends), (None, None));
    }
}
