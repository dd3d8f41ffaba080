//! `[sweep]` and `[search]`: what is explored around a scenario.

use std::ops::Range;

use toml::de::DeValue;

use super::cast::Cast;
use super::document::{Document, Tree, parse_value};
use super::findings::{Findings, known, short};
use super::overrides;
use super::spec;
use super::statement::{Count, Counted};
use super::values::{At, Grid};
use super::when::Known;
use super::{Complaint, Downtime, Figure, SearchSpec, SweepSpec};
use crate::time::Span;

/// Runs of a sweep that does not say how many.
const RUNS: u64 = 1_000;
/// The most values that one key of a grid may take.
const MOST_VALUES: i128 = 10_000;
/// The most keys that a grid may have.
pub const MOST_SWEPT: usize = 16;

/// Reads what is swept.
///
/// Each key is tried with its first and its last value on `tree`, if that is sound.
pub(super) fn sweep(
    sweep: &spec::Sweep,
    document: &Document<'_>,
    tree: Option<&Tree<'_>>,
    findings: &mut Findings,
) -> SweepSpec {
    let mut over = Vec::new();
    // Each is tried, so that there cannot be any number of them.
    let one_too_many = sweep.over.0.get(MOST_SWEPT);
    if let Some((key, _)) = one_too_many {
        let message = format!("`[sweep]` has {} keys: at most {MOST_SWEPT} are allowed", sweep.over.0.len());
        findings.add(key.span(), message, "sweep fewer keys at once");
    }
    let tree = tree.filter(|_| one_too_many.is_none());
    for (key, grid) in sweep.over.0.iter().take(MOST_SWEPT) {
        let Some(values) = values(grid, document, findings) else { continue };
        let ends = [values.first(), values.last()].into_iter().flatten();
        let refusal = tree.and_then(|tree| ends.into_iter().find_map(|value| overrides::refusal(tree, key, value)));
        if let Some((complaint, is_of_value)) = refusal {
            let place = if is_of_value { grid.span() } else { key.span() };
            findings.add(place, format!("`{}` cannot be swept: {}", **key, complaint.message), complaint.help);
        }
        over.push(((**key).clone(), values));
    }
    SweepSpec { runs: sweep.runs.unwrap_or(RUNS), over, figure: None }
}

/// Reads the figure that a sweep is about. What it names must be among what is `known`; or, if it
/// `may_lack`, there is none.
pub(super) fn figure(
    figure: &spec::Figure,
    known: &Known<'_>,
    may_lack: bool,
    findings: &mut Findings,
) -> Option<Figure> {
    let counted = Counted::read(&figure.of).and_then(|counted| known.counted(&counted).map(|()| counted));
    let Counted { what, of, .. } = match counted {
        Ok(counted) => counted,
        Err(_) if may_lack => return None,
        Err((message, help)) => {
            findings.add(figure.of.span(), message, help);
            return None;
        }
    };
    if let Some(given) = figure.given.as_ref().filter(|_| what == Count::Rate) {
        let help = "take a measure that is not defined in the other runs, as in `mean of …`";
        findings.add(given.span(), "a rate is one of all runs, so nothing is given", help);
    }
    let given = figure.given.as_ref().map(|given| (**given).clone());
    Some(Figure { what, of, says: figure.says.clone(), given })
}

/// The values of a key, each as one would write it after `--set KEY=`.
pub(super) fn values(grid: &At<Grid>, document: &Document<'_>, findings: &mut Findings) -> Option<Vec<String>> {
    match &**grid {
        Grid::Listed(places) if places.len() as i128 > MOST_VALUES => {
            let message = format!("this lists {} values: at most 10,000 are allowed", places.len());
            findings.add(grid.span(), message, "take fewer");
            None
        }
        Grid::Listed(places) => Some(places.iter().map(|place| as_flag(document, place.clone())).collect()),
        Grid::Range(text) => range(text).map_err(|message| findings.add(grid.span(), message, HOW_TO_RANGE)).ok(),
    }
}

/// A value as one would write it after `--set KEY=`: text goes without quotes where it stays text.
fn as_flag(document: &Document<'_>, place: Range<usize>) -> String {
    let written = document.slice(place);
    match parse_value(written, 0).map(toml::Spanned::into_inner) {
        Some(DeValue::String(text)) if parse_value(&text, 0).is_none() && text.trim() == text => text.into_owned(),
        _ => written.to_owned(),
    }
}

/// Reads `--over KEY=VALUES`: the key, and the values that it takes. `VALUES` are divided by
/// commas, and each may be a range.
///
/// # Errors
///
/// What is wrong with it, and how to write it.
pub fn over(argument: &str) -> Result<(String, Vec<String>), Complaint> {
    let refuse = |message: String, help: &str| Complaint { span: 0..0, message, help: help.to_owned() };
    let Some((key, values, _)) = overrides::split(argument) else {
        return Err(refuse(format!("`--over {}` names no key and values", short(argument)), HOW_TO_OVER));
    };
    let mut found = Vec::new();
    for item in items(values) {
        if item.is_empty() {
            return Err(refuse(
                format!("`--over {}` has an empty place where a value should be", short(argument)),
                HOW_TO_OVER,
            ));
        } else if item.contains("..") && !item.starts_with(['"', '\'', '{', '[']) {
            let range =
                range(item).map_err(|message| refuse(format!("`--over {}`: {message}", short(argument)), HOW_TO_OVER));
            found.extend(range?);
        } else {
            found.push(item.to_owned());
        }
        if found.len() as i128 > MOST_VALUES {
            return Err(refuse(format!("`--over` gives `{}` more than 10,000 values", short(key)), "take fewer"));
        }
    }
    Ok((key.to_owned(), found))
}

/// Where `value`, which [`over`] gave, stands in `--over`'s argument: itself, or the range that it
/// is of.
pub fn over_place(argument: &str, value: &str) -> Range<usize> {
    let Some((_, values, start)) = overrides::split(argument) else { return 0..argument.len() };
    let is_here = |item: &&str| *item == value || range(item).is_ok_and(|all| all.iter().any(|one| one == value));
    let found = items(values).into_iter().find(is_here).unwrap_or(values);
    let at = start + (found.as_ptr() as usize).saturating_sub(values.as_ptr() as usize);
    at..at + found.len()
}

/// The parts of a text between commas that are in no brackets and no quotes. One list alone is its
/// items.
fn items(text: &str) -> Vec<&str> {
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    if let Some(inside) = inside.filter(|_| parse_value(text, 0).is_some()) {
        return items(inside);
    }
    let (mut depth, mut quote, mut start, mut found) = (0_i32, None, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) => quote = Some(open).filter(|_| letter != open),
            (None, '"' | '\'') => quote = Some(letter),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found
}

const HOW_TO_OVER: &str =
    "write values or a range, as in `--over params.acks=0,1,5` or `--over network.loss=0..0.9/0.1`";
const HOW_TO_RANGE: &str =
    "write from, to and step, as in `0..0.9/0.1`, `1..5` or `10ms..50ms/10ms`; or a list of values";

/// The values of `0..0.9/0.1`, of `1..5`, or of `10ms..50ms/10ms`: both ends belong to it.
fn range(text: &str) -> Result<Vec<String>, String> {
    let parts = text.split_once("..").map(|(from, rest)| match rest.split_once('/') {
        Some((to, step)) => (from.trim(), to.trim(), Some(step.trim())),
        None => (from.trim(), rest.trim(), None),
    });
    let Some((from, to, step)) = parts else { return Err(format!("`{text}` is no range")) };
    let scale = if from.parse::<Span>().is_ok_and(|_| from != "0") || to.parse::<Span>().is_ok_and(|_| to != "0") {
        Scale::Spans
    } else {
        Scale::Decimals([from, to, step.unwrap_or_default()].into_iter().map(decimals).max().unwrap_or_default())
    };
    let step = match (step, scale) {
        (Some(step), _) => scale.read(step),
        (None, Scale::Decimals(0)) => Some(1),
        _ => return Err(format!("`{text}` has no step")),
    };
    let (Some(from), Some(to), Some(step)) = (scale.read(from), scale.read(to), step) else {
        return Err(format!("`{text}` is no range"));
    };
    if step <= 0 || from > to {
        return Err(format!("`{text}` holds no values: it goes upwards by a step above 0"));
    }
    if (to - from) / step >= MOST_VALUES {
        return Err(format!("`{text}` holds {} values: at most 10,000 are allowed", (to - from) / step + 1));
    }
    Ok((0..=(to - from) / step).map(|nth| scale.show(from + nth * step)).collect())
}

/// How the ends of a range are whole numbers: of nanoseconds, or of the last decimal place.
#[derive(Clone, Copy)]
enum Scale {
    Spans,
    Decimals(usize),
}

/// More decimals than a number of any use has.
const MOST_DECIMALS: usize = 15;

fn decimals(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

impl Scale {
    fn read(self, text: &str) -> Option<i128> {
        match self {
            Scale::Spans => text.parse::<Span>().ok().map(|span| span.ns().into()),
            Scale::Decimals(places) => {
                let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
                let is_number = text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                    && places <= MOST_DECIMALS
                    && text.len() <= 2 * MOST_DECIMALS;
                is_number.then(|| format!("{whole}{rest:0<places$}").parse().ok()).flatten()
            }
        }
    }

    fn show(self, value: i128) -> String {
        match self {
            Scale::Spans => i64::try_from(value).map(Span::from_ns).unwrap_or(Span::MAX).to_string(),
            Scale::Decimals(0) => value.to_string(),
            Scale::Decimals(places) => {
                let sign = if value < 0 { "-" } else { "" };
                let unit = 10_u128.pow(places as u32);
                let (whole, rest) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
                let decimals = format!(".{rest:0places$}");
                format!("{sign}{whole}{}", decimals.trim_end_matches('0').trim_end_matches('.'))
            }
        }
    }
}

/// Reads what a search may do.
pub(super) fn search(search: &spec::Search, cast: Option<&Cast<'_>>, findings: &mut Findings) -> SearchSpec {
    let mut may = Vec::new();
    for kind in &search.may {
        if may.contains(&**kind) {
            findings.add(kind.span(), "the enemy may this already", "name each kind once");
        }
        may.push(**kind);
    }
    let property = search.property.as_ref().map(|name| check_property(name, cast, findings));
    let downtimes = search.downtimes.iter().filter_map(|text| downtime(text, findings)).collect();
    let points = search.points.iter().filter(|point| {
        let is_known = |cast: &Cast<'_>| cast.check_point(point, point.span(), findings);
        cast.is_some_and(is_known)
    });
    let points = points.map(|point| (**point).clone()).collect();
    SearchSpec {
        may,
        at_most: search.at_most,
        property,
        delays: search.delays.clone(),
        downtimes,
        pauses: search.pauses.clone(),
        points,
    }
}

fn check_property(name: &At<String>, cast: Option<&Cast<'_>>, findings: &mut Findings) -> String {
    if let Some(cast) = cast {
        let properties = cast.vocabulary.properties(cast.problem, cast.protocol);
        if !properties.contains(&name.as_str()) {
            let message = format!("`{}` has no property `{}`", cast.protocol, **name);
            findings.add(name.span(), message, known("properties", properties, name));
        }
    }
    (**name).clone()
}

fn downtime(text: &At<String>, findings: &mut Findings) -> Option<Downtime> {
    match (text.as_str(), text.parse::<Span>()) {
        ("forever", _) => Some(Downtime::Forever),
        (_, Ok(span)) if !span.is_negative() => Some(Downtime::For(span)),
        _ => {
            let message = format!("`{}` is no downtime", **text);
            findings.add(text.span(), message, "write a duration, as in `5s`, or `forever`");
            None
        }
    }
}
