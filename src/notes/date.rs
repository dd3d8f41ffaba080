//! A day of the calendar.

use std::fmt;
use std::str::FromStr;

/// A day, which exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// The months, in their order.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of the week, from Monday on.
pub(super) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl Date {
    /// The day, if there is such a one in the years 1900 to 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let exists = (1900..=9999).contains(&year) && (1..=12).contains(&month);
        (exists && (1..=days(year, month)).contains(&day)).then_some(Date { year, month, day })
    }

    /// Year, month and day.
    pub fn parts(self) -> (u16, u8, u8) {
        (self.year, self.month, self.day)
    }

    /// The day in words: `14 August 2023`.
    pub fn in_words(self) -> String {
        let month = MONTHS.get(usize::from(self.month) - 1).copied().unwrap_or_default();
        format!("{} {month} {}", self.day, self.year)
    }

    /// The day of the week.
    pub fn weekday(self) -> &'static str {
        // Leap days are at the ends of years that begin with March. The first such year that is
        // counted is the year 0, whose first day was a Wednesday.
        let (year, month) = match self.month {
            1 | 2 => (u32::from(self.year) - 1, u32::from(self.month) + 9),
            month => (u32::from(self.year), u32::from(month) - 3),
        };
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + u32::from(self.day) - 1;
        WEEKDAYS[(days as usize + 2) % WEEKDAYS.len()]
    }
}

/// The days of a month.
fn days(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Date, String> {
        let (year, month, day) =
            parts(text).ok_or_else(|| format!("`{text}` is not a day: write it as in `2023-08-14`"))?;
        Date::new(year, month, day).ok_or_else(|| format!("there is no day `{text}`"))
    }
}

/// Year, month and day of a text that is written as a day is.
fn parts(text: &str) -> Option<(u16, u8, u8)> {
    let is_number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let &[year, month, day] = &parts[..] else { return None };
    let is_day = is_number(year, 4) && is_number(month, 2) && is_number(day, 2);
    if is_day { Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)) } else { None }
}

/// What to say of a text that is written as a day and is none.
pub(super) fn missing_day(text: &str) -> Option<String> {
    parts(text)?;
    text.parse::<Date>().err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_missing_is_told_from_what_is_no_day() {
        assert_eq!(missing_day("2023-02-30").as_deref(), Some("there is no day `2023-02-30`"));
        assert_eq!((missing_day("2023-02-28"), missing_day("soon")), (None, None));
    }

    #[test]
    fn days_have_their_weekdays() {
        let check =
            |text: &str, expect: &str| assert_eq!(text.parse().map(Date::weekday).as_deref(), Ok(expect), "{text}");
        check("1970-01-01", "Thursday");
        check("2000-02-29", "Tuesday");
        check("2000-03-01", "Wednesday");
        check("2026-12-08", "Tuesday");
        check("2027-04-08", "Thursday");
        check("1900-01-01", "Monday");
        check("2100-03-01", "Monday");
    }

    #[test]
    fn only_days_that_exist_are_days() {
        let check = |text: &str, expect: Result<&str, &str>| {
            let date = text.parse::<Date>().map(Date::in_words);
            assert_eq!(date.as_deref().map_err(String::as_str), expect);
        };
        check("2023-08-14", Ok("14 August 2023"));
        check("2024-02-29", Ok("29 February 2024"));
        check("2023-02-29", Err("there is no day `2023-02-29`"));
        check("1900-02-29", Err("there is no day `1900-02-29`"));
        check("2023-13-01", Err("there is no day `2023-13-01`"));
        check("2023-00-10", Err("there is no day `2023-00-10`"));
        check("2023-04-31", Err("there is no day `2023-04-31`"));
        check("0000-01-01", Err("there is no day `0000-01-01`"));
        for text in ["", "yesterday", "2023-8-14", "14-08-2023", "2023-08-14-1", "+023-08-14", "2023-08-1é"] {
            check(text, Err(&format!("`{text}` is not a day: write it as in `2023-08-14`")));
        }
    }
}
