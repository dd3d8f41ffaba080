//! When nodes crash and pause: the keys of a row that exclude each other, and those that belong
//! together.

use std::ops::Range;

use super::cast::Cast;
use super::findings::Findings;
use super::spec;
use super::values::At;
use super::{CrashWhen, PauseWhen, Probability};
use crate::time::{Span, Time};

/// The one key of several that is given, by its name; a complaint if there is none or more than
/// one.
pub(super) fn exactly_one<'a>(
    keys: &[(&'a str, Option<Range<usize>>)],
    row: Range<usize>,
    findings: &mut Findings,
) -> Option<&'a str> {
    let given: Vec<_> = keys.iter().filter_map(|(name, span)| Some((*name, span.clone()?))).collect();
    let all: Vec<String> = keys.iter().map(|(name, _)| format!("`{name}`")).collect();
    match &given[..] {
        [(only, _)] => Some(only),
        [] => {
            // Not if the key was there, with a value that is a complaint already.
            if !findings.lost(row.clone()).any(|lost| keys.iter().any(|(name, _)| *name == lost)) {
                findings.add(row, format!("one of {} is missing", all.join(", ")), "");
            }
            None
        }
        [(first, there), (second, here), ..] => {
            let message = format!("`{first}` and `{second}` exclude each other");
            let help = format!("exactly one of {} can stand here", all.join(", "));
            findings.add_beside(here.clone(), message, help, (there.clone(), "the first"));
            None
        }
    }
}

/// Reads when a node crashes.
pub(super) fn crash(row: &At<spec::Crash>, cast: &Cast<'_>, findings: &mut Findings) -> Option<CrashWhen> {
    let keys = [
        ("at", row.at.as_ref().map(At::span)),
        ("after", row.after.as_ref().map(At::span)),
        ("point", row.point.as_ref().map(At::span)),
        ("rate", row.rate.as_ref().map(At::span)),
    ];
    let one = exactly_one(&keys, row.span(), findings)?;
    let spec::Crash { probability, item, until, .. } = &**row;
    let again = Again { probability: probability.as_ref(), item: item.as_ref(), until: until.as_ref() };
    again.fits(one, findings)?;
    match (&row.at, &row.after, &row.point, &row.rate) {
        (Some(at), ..) => Some(CrashWhen::At(time(**at))),
        (_, Some(after), ..) => crash_after(row, after, cast, findings),
        (.., Some(point), _) => again.at_point(point, cast, findings).map(|at| match at {
            AtPoint::Nth { point, nth } => CrashWhen::Point { point, nth },
            AtPoint::Each { point, probability, item, until } => {
                CrashWhen::EachPoint { point, probability, item, until }
            }
        }),
        (.., Some(rate)) => Some(CrashWhen::Rate { per_second: **rate, until: again.ends() }),
        _ => None,
    }
}

/// Reads when a node pauses.
pub(super) fn pause(row: &At<spec::Pause>, cast: &Cast<'_>, findings: &mut Findings) -> Option<PauseWhen> {
    let keys = [("at", row.at.as_ref().map(At::span)), ("point", row.point.as_ref().map(At::span))];
    let one = exactly_one(&keys, row.span(), findings)?;
    let spec::Pause { probability, item, until, .. } = &**row;
    let again = Again { probability: probability.as_ref(), item: item.as_ref(), until: until.as_ref() };
    again.fits(one, findings)?;
    match (&row.at, &row.point) {
        (Some(at), _) => Some(PauseWhen::At(time(**at))),
        (_, Some(point)) => again.at_point(point, cast, findings).map(|at| match at {
            AtPoint::Nth { point, nth } => PauseWhen::Point { point, nth },
            AtPoint::Each { point, probability, item, until } => {
                PauseWhen::EachPoint { point, probability, item, until }
            }
        }),
        _ => None,
    }
}

fn time(span: Span) -> Time {
    Time::ZERO + span
}

fn crash_after(row: &spec::Crash, after: &At<String>, cast: &Cast<'_>, findings: &mut Findings) -> Option<CrashWhen> {
    let message = cast.message(after, findings)?;
    if cast.names.find(&row.node).is_some_and(|node| node != message.to()) {
        let text = format!("`{}` is not delivered to `{}`", **after, *row.node);
        let help =
            format!("it is delivered to `{}`: a node crashes after what comes to itself", cast.names.of(message.to()));
        findings.add(after.span(), text, help);
        return None;
    }
    Some(CrashWhen::After(message))
}

/// At which passings of a crash point a fault strikes.
enum AtPoint {
    Nth { point: String, nth: u32 },
    Each { point: String, probability: Probability, item: Option<u64>, until: Option<Time> },
}

/// The keys of a fault that can strike again and again.
struct Again<'a> {
    probability: Option<&'a At<Probability>>,
    item: Option<&'a At<u64>>,
    until: Option<&'a At<Span>>,
}

impl Again<'_> {
    fn ends(&self) -> Option<Time> {
        self.until.map(|until| time(**until))
    }

    /// Whether the keys belong to a row whose moment `one` tells: at one moment a fault strikes
    /// once.
    fn fits(&self, one: &str, findings: &mut Findings) -> Option<()> {
        let at_point = one == "point";
        let wrong = match (self.probability, self.item, self.until) {
            (Some(probability), ..) if !at_point => {
                (probability.span(), "`probability` belongs to a `point`", "it is the chance at each passing of it")
            }
            (_, Some(item), _) if !at_point => {
                (item.span(), "`item` belongs to a `point`", "it tells which passings of it are meant")
            }
            (.., Some(until)) if !at_point && one != "rate" => (until.span(), ONCE, NO_END),
            _ => return Some(()),
        };
        findings.add(wrong.0, wrong.1, wrong.2);
        None
    }

    fn at_point(&self, point: &At<String>, cast: &Cast<'_>, findings: &mut Findings) -> Option<AtPoint> {
        let (name, nth) = point.split_once(':').map_or((point.as_str(), None), |(name, nth)| (name, Some(nth)));
        if !cast.check_point(name, point.span(), findings) {
            return None;
        }
        let Some(nth) = nth else { return self.at_each(name, point.span(), findings) };
        let Some(nth) = nth.parse::<u32>().ok().filter(|&nth| nth > 0) else {
            let help = format!("times are counted from 1: `{name}:1` is the first time that the node passes it");
            findings.add(point.span(), format!("`{}` must say which time", **point), help);
            return None;
        };
        let of_many = [("probability", self.probability.map(At::span)), ("item", self.item.map(At::span))];
        if let Some((key, span)) = of_many.into_iter().find_map(|(key, span)| Some((key, span?))) {
            let help = format!("write the point without a count, or leave the `{key}` out");
            let message = format!("`{key}` is for every passing, and `point` names one");
            findings.add_beside(span, message, help, (point.span(), "the point"));
            return None;
        }
        if let Some(until) = self.until {
            findings.add_beside(until.span(), ONCE, NO_END, (point.span(), "the point"));
            return None;
        }
        Some(AtPoint::Nth { point: name.to_owned(), nth })
    }

    /// Every passing, with some probability; for certain where an item is named.
    fn at_each(&self, name: &str, place: Range<usize>, findings: &mut Findings) -> Option<AtPoint> {
        let item = self.item.map(|item| **item);
        let probability = self.probability.map(|probability| **probability);
        let Some(probability) = probability.or(item.map(|_| Probability::ONE)) else {
            let help = format!(
                "`{name}:1` is the first time that the node passes it; or add a `probability` for each time, or an \
                 `item`"
            );
            findings.add(place, format!("`{name}` must say which time"), help);
            return None;
        };
        Some(AtPoint::Each { point: name.to_owned(), probability, item, until: self.ends() })
    }
}

const ONCE: &str = "`until` ends what can come again, and this comes once";
const NO_END: &str = "leave it out; it belongs to a `rate`, a `probability` or an `item`";
