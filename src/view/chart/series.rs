//! What a chart shows, as numbers: panels, each with series of points along one key of the grid.

use crate::arrange::Arrange;
use crate::check::Measure;
use crate::explore::sweep::{Asked, Axis, Figure, Plan, Rate, Row};
use crate::time::Span;
use crate::view::numbers::{grouped, in_unit, short};

/// The most panels, and the most series in each, that can be told apart on a wall.
const MOST_PANELS: usize = 6;
const MOST_SERIES: usize = 8;

/// The key along which a chart goes.
pub(super) struct Along {
    /// Which key of the grid it is.
    axis: usize,
    /// What stands under the axis.
    pub(super) title: String,
    /// The place of each of its values.
    pub(super) places: Vec<f64>,
    /// The words for each value, where the values are no numbers.
    pub(super) words: Option<Vec<String>>,
    /// What lies between its values, where that can be asked of theory.
    between: Between,
}

/// How a place between the values of a key is written.
#[derive(Clone, Copy, PartialEq)]
enum Between {
    /// There is nothing between: words, or whole numbers.
    Nothing,
    /// As a decimal.
    Decimals,
    /// As a span, of so many nanoseconds a unit.
    Spans(f64),
}

/// A property or a measure, at all points of the grid; of the one that is asked for, with others
/// beside it.
pub(super) struct Panel {
    /// What it shows: `agreement is violated`, or `Only one attacks`.
    pub(super) name: String,
    /// What its numbers are: `in % of the runs`, `on average`.
    pub(super) says: String,
    /// The unit of its numbers, where it says how they are written.
    pub(super) unit: &'static str,
    /// Whether the numbers are shares, from 0 to 1.
    pub(super) is_rate: bool,
    /// Its lines, in the order of their looks.
    pub(super) series: Vec<Series>,
}

/// A line of points along the key: of a property or a measure, for a setting of the other keys.
pub(super) struct Series {
    /// What is counted.
    pub(super) of: String,
    /// What it is among the others; empty if there is but one.
    pub(super) words: String,
    /// Whether it is not what is asked for, and thin.
    pub(super) is_aside: bool,
    pub(super) dots: Vec<Dot>,
    /// What theory says along the key: places with values; a place of which it says nothing has
    /// none.
    pub(super) curve: Vec<(f64, Option<f64>)>,
}

/// A point of the grid in a panel.
#[derive(Clone, Debug)]
pub(super) struct Dot {
    /// Its number in the grid.
    pub(super) point: usize,
    pub(super) x: f64,
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) theory: Option<f64>,
    /// Whether theory is outside of the interval.
    pub(super) misses: bool,
    /// The point in words.
    pub(super) words: String,
}

/// All that a chart shows.
pub(super) struct Shown {
    pub(super) along: Along,
    pub(super) panels: Vec<Panel>,
    /// The formula of the theory of what is asked for.
    pub(super) theory: Option<&'static str>,
    /// What was left out, a sentence each.
    pub(super) left_out: Vec<String>,
}

impl Shown {
    /// What the rows show of `names`, each in a panel of its own; without any, of what is asked for
    /// in one panel, with what else is violated beside it.
    pub(super) fn of(plan: &Plan, rows: &[Row], names: &[String]) -> Shown {
        let axis = longest(plan);
        let along = Along::of(plan, axis);
        let all = others(plan, axis);
        let mut left_out = Vec::new();
        if all.len() > MOST_SERIES {
            left_out.push(format!(
                "{} of {} series are left out: go over fewer values.",
                all.len() - MOST_SERIES,
                all.len()
            ));
        }
        let settings = &all[..all.len().min(MOST_SERIES)];
        let sheet = Sheet { plan, rows, along: &along, settings };
        let (panels, theory) = if names.is_empty() {
            let worthy = worth_showing(plan, rows);
            let asked = plan.asked().or_else(|| worthy.first().map(|name| Asked::rate(name)));
            let panel = asked.as_ref().map(|asked| sheet.asked(asked, &worthy, &mut left_out));
            let theory = asked.and_then(|asked| plan.theory(&asked.of)).map(|theory| theory.formula);
            (panel.into_iter().collect(), theory)
        } else {
            if names.len() > MOST_PANELS {
                left_out.push(format!("Not shown: {}.", names[MOST_PANELS..].join(", ")));
            }
            (names.iter().take(MOST_PANELS).map(|name| sheet.named(name)).collect(), None)
        };
        Shown { along, panels, theory, left_out }
    }

    /// The series that need a key in the legend, each with its number: those of the first panel,
    /// since all panels have the same.
    pub(super) fn legend(&self) -> impl Iterator<Item = (usize, &Series)> {
        let series = self.panels.first().map_or(&[][..], |panel| &panel.series);
        series.iter().enumerate().filter(|(_, series)| !series.words.is_empty())
    }

    pub(super) fn dots(&self) -> impl Iterator<Item = &Dot> {
        self.panels.iter().flat_map(|panel| &panel.series).flat_map(|series| &series.dots)
    }
}

/// What series are made from.
struct Sheet<'a> {
    plan: &'a Plan,
    rows: &'a [Row],
    along: &'a Along,
    /// The settings of the other keys that are shown.
    settings: &'a [String],
}

impl Sheet<'_> {
    /// A panel of one property or measure.
    fn named(&self, name: &str) -> Panel {
        let asked = self.measure(name).map_or_else(|| Asked::rate(name), Asked::mean);
        let words = |setting: &str| if self.settings.len() > 1 { setting.to_owned() } else { String::new() };
        let series = self.settings.iter().map(|setting| self.series(name, setting, words(setting), false)).collect();
        self.panel(&asked, series)
    }

    /// The panel of what is asked for. What else is violated is beside it if it is a share as well.
    fn asked(&self, asked: &Asked, worthy: &[String], left_out: &mut Vec<String>) -> Panel {
        let mut besides: Vec<&str> = worthy.iter().map(String::as_str).filter(|name| *name != asked.of).collect();
        if self.measure(&asked.of).is_some_and(|measure| !measure.is_share()) {
            besides.clear();
        }
        let room = (MOST_SERIES / self.settings.len().max(1)).saturating_sub(1);
        if besides.len() > room {
            left_out.push(format!("Not shown: {}.", besides.split_off(room).join(", ")));
        }
        let is_alone = besides.is_empty() && self.settings.len() == 1;
        let words = |says: &str, setting: &str| match setting {
            _ if is_alone => String::new(),
            setting if besides.is_empty() => setting.to_owned(),
            "" => says.to_owned(),
            setting => format!("{says}: {setting}"),
        };
        let of = |name: &str, says: &str, is_aside: bool| {
            let series = |setting: &String| self.series(name, setting, words(says, setting), is_aside);
            self.settings.iter().map(series).collect::<Vec<Series>>()
        };
        let mut series = of(&asked.of, &asked.says, false);
        let aside = |name: &&str| of(name, &Asked::rate(name).in_words(), true);
        series.extend(besides.iter().flat_map(aside));
        self.panel(asked, series)
    }

    fn panel(&self, asked: &Asked, series: Vec<Series>) -> Panel {
        let measure = self.measure(&asked.of);
        let is_rate = measure.is_none_or(Measure::is_share);
        let unit = measure.map_or("", |measure| measure.unit);
        Panel { name: asked.says.clone(), says: asked.counted_in.clone(), unit, is_rate, series }
    }

    fn measure(&self, name: &str) -> Option<&'static Measure> {
        self.plan.measures().into_iter().find(|measure| measure.name == name)
    }

    fn series(&self, name: &str, setting: &str, words: String, is_aside: bool) -> Series {
        let Sheet { plan, rows, along, .. } = *self;
        let mut dots = Vec::new();
        for row in rows.iter().filter(|row| other(plan, along.axis, row.point) == setting) {
            let place = along.place(plan, row.point);
            if let Some(rate) = row.rates.iter().find(|rate| rate.property.name == name) {
                dots.push(of_rate(row, rate, place));
            } else if let Some(figure) = row.figures.iter().find(|figure| figure.measure.name == name) {
                dots.extend(of_figure(row, figure, place));
            }
        }
        let curve = curve(plan, name, along, &dots);
        Series { of: name.to_owned(), words, is_aside, dots, curve }
    }
}

/// The key along which the chart goes: that with the most numbers for values, else the first.
fn longest(plan: &Plan) -> usize {
    let count = |axis: &Axis| if places(axis).is_some() { axis.values.len() } else { 0 };
    let axes = plan.axes().iter().enumerate();
    axes.rev().max_by_key(|(_, axis)| count(axis)).map_or(0, |(index, _)| index)
}

/// The settings of all keys but one, each once, in the order of the grid.
fn others(plan: &Plan, axis: usize) -> Vec<String> {
    let mut found = Vec::new();
    for point in 0..plan.points() {
        let settings = other(plan, axis, point);
        if !found.contains(&settings) {
            found.push(settings);
        }
    }
    found
}

fn other(plan: &Plan, axis: usize, point: usize) -> String {
    let settings = plan.at(point).into_iter().enumerate().filter(|(index, _)| *index != axis);
    settings.map(|(_, (key, value))| format!("{key} = {value}")).collect::<Vec<_>>().join(", ")
}

/// A unit of time: its name, and its nanoseconds.
type Unit = (&'static str, f64);

/// The values of a key as numbers, if they are that, and the unit that these are in.
fn places(axis: &Axis) -> Option<(Vec<f64>, Option<Unit>)> {
    let numbers = axis.values.iter().map(|value| value.parse::<f64>().ok().filter(|number| number.is_finite()));
    if let Some(numbers) = numbers.collect::<Option<Vec<f64>>>() {
        return Some((numbers, None));
    }
    let spans = axis.values.iter().map(|value| value.trim_matches('"').parse::<Span>().ok());
    let spans = spans.collect::<Option<Vec<Span>>>()?;
    let most = spans.iter().map(|span| span.ns().unsigned_abs()).max().unwrap_or(0);
    let unit = unit_of(most);
    Some((spans.iter().map(|span| span.ns() as f64 / unit.1).collect(), Some(unit)))
}

/// The properties that are violated somewhere, or would be in theory; all of them if none is.
fn worth_showing(plan: &Plan, rows: &[Row]) -> Vec<String> {
    let names = || plan.properties().into_iter().map(|property| property.name);
    let is_seen = |name: &str| {
        let rates = rows.iter().flat_map(|row| &row.rates).filter(|rate| rate.property.name == name);
        rates.into_iter().any(|rate| rate.violated > 0 || rate.theory.is_some_and(|theory| theory > 0.0))
    };
    let seen: Vec<String> = names().filter(|name| is_seen(name)).map(str::to_owned).collect();
    if seen.is_empty() { names().map(str::to_owned).collect() } else { seen }
}

impl Along {
    fn of(plan: &Plan, axis: usize) -> Along {
        let index = axis;
        let Some(axis) = plan.axes().get(index) else {
            let words = Some(vec!["as it is".to_owned()]);
            let (title, places, between) = (String::new(), vec![0.0], Between::Nothing);
            return Along { axis: index, title, places, words, between };
        };
        let key = axis.key.clone();
        match places(axis) {
            Some((places, _)) if are_uneven(&places) => {
                let (places, words) = ((0..places.len()).map(|index| index as f64), Some(axis.values.clone()));
                Along { axis: index, title: key, places: places.collect(), words, between: Between::Nothing }
            }
            Some((places, None)) => {
                let has_decimals = axis.values.iter().any(|value| value.contains('.'));
                let between = if has_decimals { Between::Decimals } else { Between::Nothing };
                Along { axis: index, title: key, places, words: None, between }
            }
            Some((places, Some((unit, ns)))) => {
                let title = format!("{key}, in {unit}");
                Along { axis: index, title, places, words: None, between: Between::Spans(ns) }
            }
            None => {
                let places = (0..axis.values.len()).map(|index| index as f64).collect();
                let words = Some(axis.values.clone());
                Along { axis: index, title: key, places, words, between: Between::Nothing }
            }
        }
    }

    /// Places from the first to the last that lie so near each other that theory between them looks
    /// like a curve.
    fn between(&self) -> Vec<(f64, String)> {
        const STEPS: u32 = 60;
        let least = self.places.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let write = |place: f64| match self.between {
            Between::Spans(ns) => Span::from_ns((place * ns).round() as i64).to_string(),
            _ => format!("{place:.6}"),
        };
        let step = |nth: u32| least + (most - least) * f64::from(nth) / f64::from(STEPS);
        (0..=STEPS).map(step).map(|place| (place, write(place))).collect()
    }

    /// Where a point of the grid stands.
    fn place(&self, plan: &Plan, point: usize) -> f64 {
        let value = plan.at(point).get(self.axis).map(|&(_, value)| value);
        let values = plan.axes().get(self.axis).map(|axis| &axis.values);
        let index = values.and_then(|values| values.iter().position(|known| Some(known.as_str()) == value));
        self.places.get(index.unwrap_or_default()).copied().unwrap_or_default()
    }
}

/// Whether numbers lie so unevenly that to scale they could not be told apart: `1, 2, 3, 100`.
/// Then they stand at equal distances.
fn are_uneven(places: &[f64]) -> bool {
    const MOST: f64 = 40.0;
    let mut sorted = places.to_vec();
    sorted.sort_by(f64::total_cmp);
    let least = sorted.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let whole = sorted.last().zip(sorted.first()).map_or(0.0, |(last, first)| last - first);
    whole > least * MOST
}

/// The unit in which spans of up to `ns` read well.
fn unit_of(ns: u64) -> Unit {
    match ns {
        3_600_000_000_001.. => ("hours", 3.6e12),
        1_000_000_000.. => ("seconds", 1e9),
        1_000_000.. => ("milliseconds", 1e6),
        1_000.. => ("microseconds", 1e3),
        _ => ("nanoseconds", 1.0),
    }
}

/// What theory says of one series: between its points too, where that can be asked, else at its
/// points alone.
fn curve(plan: &Plan, name: &str, along: &Along, dots: &[Dot]) -> Vec<(f64, Option<f64>)> {
    let Some(first) = dots.first().filter(|_| dots.iter().any(|dot| dot.theory.is_some())) else { return Vec::new() };
    let mut curve: Vec<(f64, Option<f64>)> = dots.iter().map(|dot| (dot.x, dot.theory)).collect();
    let axis = plan.axes().get(along.axis).filter(|axis| along.between != Between::Nothing && axis.values.len() > 1);
    if let Some(axis) = axis {
        let at = |value: &str| {
            let theories = plan.theory_between(first.point, &axis.key, value);
            theories.into_iter().find(|(of, _)| *of == name).map(|(_, value)| value).filter(|value| value.is_finite())
        };
        curve.extend(along.between().iter().map(|(place, value)| (*place, at(value))));
    }
    curve.arrange_by(|one, other| one.0.total_cmp(&other.0));
    curve
}

fn settings(row: &Row) -> String {
    let at: Vec<String> = row.at.iter().map(|(key, value)| format!("{key} = {value}: ")).collect();
    at.join(", ").replace(": ,", ",")
}

fn in_theory(theory: Option<f64>, unit: &str) -> String {
    theory.map(|theory| format!("; theory {}", in_unit(theory, unit))).unwrap_or_default()
}

fn of_rate(row: &Row, rate: &Rate, x: f64) -> Dot {
    let words = format!(
        "{}{} ({} of {} runs), 95 % interval {} to {}{}",
        settings(row),
        short(rate.rate),
        grouped(&rate.violated.to_string()),
        grouped(&row.runs.to_string()),
        short(rate.interval.low),
        short(rate.interval.high),
        in_theory(rate.theory, ""),
    );
    let (low, high) = (rate.interval.low, rate.interval.high);
    Dot { point: row.point, x, value: rate.rate, low, high, theory: rate.theory, misses: rate.misses(), words }
}

fn of_figure(row: &Row, figure: &Figure, x: f64) -> Option<Dot> {
    let (value, unit) = (figure.mean?, figure.measure.unit);
    let (low, high) = figure.interval.map_or((value, value), |interval| (interval.low, interval.high));
    let words = format!(
        "{}{}{} of {} runs, 95 % interval {} to {}{}",
        settings(row),
        in_unit(value, unit),
        if figure.measure.is_share() { "" } else { " on average" },
        grouped(&figure.n.to_string()),
        in_unit(low, unit),
        in_unit(high, unit),
        in_theory(figure.theory, unit),
    );
    Some(Dot { point: row.point, x, value, low, high, theory: figure.theory, misses: figure.misses, words })
}
