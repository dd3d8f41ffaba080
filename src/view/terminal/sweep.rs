//! A sweep as text for the terminal: a table and a strip of marks for each property, a table for
//! each measure, and the commands that make single runs again.

mod distribution;

use crate::explore::sweep::{self, Asked, Figure, Plan, Rate, Row, Shard};
use crate::scenario::By;
use crate::view::besides::besides;
use crate::view::numbers::{in_unit, short, told, unit_in_words};
use crate::view::shell::{in_lines, quoted};

use super::columns::{Block, Columns};
use super::section;
use super::style::{BAD, FAINT, GOOD, STRONG, clean, grouped, inked, padded, width, without_emphasis, wrapped};

/// The points whose runs are told by their commands; of more, the seeds in the tables have to do.
const MOST_REPLAYED: usize = 24;
/// The columns of the narrowest and of the widest strip.
const STRIP: std::ops::RangeInclusive<usize> = 10..=40;

/// The sweep as text. Of the measures of these names it tells the distribution, too.
pub fn render(plan: &Plan, rows: &[Row], distributed: &[String], is_partial: bool, columns: usize) -> String {
    let columns = columns.max(40);
    let mut sections = vec![opening(plan, rows, is_partial, columns)];
    let (mut quiet, mut has_strips) = (Vec::new(), false);
    let asked = plan.asked();
    let wanted = |name: &str| asked.as_ref().filter(|asked| asked.of == name).map(Asked::as_share);
    let title = |name: &str| wanted(name).map(|words| wrapped(&words, columns).join("\n"));
    let mut constants = Vec::new();
    // What is asked for comes first, and is told even if there is nothing to see.
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for property in plan.properties() {
        let (name, title) = (property.name, title(property.name));
        let rated: Vec<(&Row, &Rate)> =
            rows.iter().filter_map(|row| Some((row, row.rates.iter().find(|r| r.property.name == name)?))).collect();
        if title.is_none() && rated.iter().all(|(_, rate)| is_quiet(rate)) {
            quiet.push(name);
            continue;
        }
        let tables = if title.is_some() { &mut first } else { &mut others };
        let title = title.unwrap_or_else(|| format!("{name}: how often it is violated"));
        let (text, has_strip) = rates(plan, name, &title, &rated, columns);
        has_strips |= has_strip;
        tables.push(text);
    }
    others.push(never(&quiet, rows, columns));
    for measure in plan.measures() {
        let (name, title) = (measure.name, title(measure.name));
        let figured: Vec<(&Row, &Figure)> = rows
            .iter()
            .filter_map(|row| Some((row, row.figures.iter().find(|figure| figure.measure.name == name)?)))
            .collect();
        let tables = if title.is_some() { &mut first } else { &mut others };
        match constant(plan, &figured).filter(|_| title.is_none()) {
            Some(value) => {
                let text = format!("{name}: {value} in every run of every point");
                constants.extend(wrapped(&text, columns.saturating_sub(2)));
            }
            None => tables.push(figures(plan, name, title, &figured, columns)),
        }
        if distributed.iter().any(|wanted| wanted == name) {
            tables.push(distribution::distribution(plan, name, &figured, columns));
        }
    }
    sections.extend(first.into_iter().chain(others));
    if !constants.is_empty() {
        sections.push(section("Always the same", constants));
    }
    sections.push(answers(plan, rows, is_partial, columns));
    let has_rates = quiet.len() < plan.properties().len();
    sections.push(signs(plan, rows, has_rates, has_strips, columns));
    sections.push(replays(plan, rows, columns));
    let again = in_lines(&format!("dsys {}", command(&plan.command())), columns.saturating_sub(2));
    sections.push(section("The same again", again));
    sections.retain(|section| !section.is_empty());
    sections.join("\n")
}

/// The answers to the questions of the story that many runs decide.
fn answers(plan: &Plan, rows: &[Row], is_partial: bool, columns: usize) -> String {
    let mut lines = Vec::new();
    let predictions = if is_partial { Vec::new() } else { sweep::predictions(plan.scenario(), rows) };
    for prediction in predictions.into_iter().filter(|prediction| prediction.by == By::Sweep) {
        let Some(index) = prediction.answer else { continue };
        lines.extend(wrapped(&without_emphasis(&prediction.ask), columns.saturating_sub(2)));
        let answer = wrapped(&without_emphasis(&prediction.choices[index].say), columns.saturating_sub(4));
        lines.extend(answer.iter().map(|line| format!("  {}", inked(GOOD, line))));
    }
    let scenario = plan.scenario();
    if !lines.is_empty() && scenario.is_untouched() && !scenario.story.lesson.trim().is_empty() {
        lines.push(String::new());
        lines.extend(wrapped(&without_emphasis(&scenario.story.lesson), columns.saturating_sub(2)));
    }
    if lines.is_empty() { String::new() } else { section("What it means", lines) }
}

/// The words of a command, quoted for a shell where they must be.
fn command(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn opening(plan: &Plan, rows: &[Row], is_partial: bool, columns: usize) -> String {
    let scenario = plan.scenario();
    let points = match plan.points() {
        1 => "one point".to_owned(),
        points => format!("{} points", grouped(points as u64)),
    };
    let runs = plan.shard().of_runs(plan.runs());
    let (first, last) = (plan.seed(runs.start), plan.seed(runs.end.saturating_sub(1)));
    let all = grouped(plan.runs());
    let (least, most) = (rows.iter().map(|row| row.runs).min(), rows.iter().map(|row| row.runs).max());
    let each = match (least, most) {
        (Some(least), Some(most)) if is_partial || most == plan.runs() && least == most => {
            format!("{all} runs each, with the seeds {first} to {last}")
        }
        (Some(least), Some(most)) if least == most => {
            format!("{} of at most {all} runs each, with seeds from {first} on", grouped(least))
        }
        (Some(least), Some(most)) => {
            let range = format!("{} to {}", grouped(least), grouped(most));
            format!("{range} of at most {all} runs each, with seeds from {first} on")
        }
        _ => format!("{all} runs each"),
    };
    let shape = format!("{} · {} · {points} · {each}", scenario.problem, scenario.protocol);
    let mut lines = wrapped(&scenario.title, columns).iter().map(|line| inked(STRONG, line)).collect::<Vec<_>>();
    lines.extend(wrapped(&shape, columns).iter().map(|line| inked(FAINT, line)));
    let besides = besides(plan).unwrap_or_default();
    lines.extend(wrapped(&besides, columns).iter().filter(|line| !line.is_empty()).map(|line| inked(FAINT, line)));
    if is_partial {
        let done: u64 = rows.iter().map(|row| row.runs).sum();
        let all = plan.runs().saturating_mul(plan.points() as u64);
        let text = format!("Partial: stopped after {} of {} runs.", grouped(done), grouped(all));
        lines.extend(wrapped(&text, columns).iter().map(|line| inked(BAD, line)));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Whether there is nothing to tell of a property at a point.
fn is_quiet(rate: &Rate) -> bool {
    rate.violated == 0 && rate.unknown == 0 && rate.vacuous == 0 && rate.theory.is_none_or(|theory| theory == 0.0)
}

fn never(quiet: &[&str], rows: &[Row], columns: usize) -> String {
    let runs: u64 = rows.iter().map(|row| row.runs).sum();
    let high = rows.iter().flat_map(|row| &row.rates).filter(|rate| quiet.contains(&rate.property.name));
    let high = high.map(|rate| rate.interval.high).fold(0.0, f64::max);
    if quiet.is_empty() {
        return String::new();
    }
    let text = format!(
        "{}: not once in {} runs, so at no point more often than {} (95 %).",
        quiet.join(", "),
        grouped(runs),
        short(high)
    );
    section("Never violated", wrapped(&text, columns.saturating_sub(2)))
}

/// A table with a row for each point, which begins with the point's settings.
struct Table {
    columns: Columns,
    /// The last parts of the settings' keys, for where the whole keys have no room.
    short: Vec<String>,
}

impl Table {
    fn new(plan: &Plan, rest: &[&str]) -> Table {
        let keys: Vec<String> = plan.axes().iter().map(|axis| clean(&axis.key)).collect();
        let last = |key: &String| key.rsplit('.').next().unwrap_or(key).to_owned();
        let mut short: Vec<String> = keys.iter().map(last).collect();
        let is_clear = |at: usize| short.iter().filter(|key| **key == short[at]).count() == 1;
        if !(0..short.len()).all(is_clear) {
            short.clone_from(&keys);
        }
        let settings = keys.len();
        let head = keys.into_iter().chain(rest.iter().map(|&name| name.to_owned())).collect();
        Table { columns: Columns { head, rows: Vec::new(), keys: settings, words: settings }, short }
    }

    fn add(&mut self, row: &Row, rest: Vec<String>) {
        self.columns.rows.push(row.at.iter().map(|(_, value)| clean(value)).chain(rest).collect());
    }

    /// The head and the rows as lines of at most `room` columns, with columns below each other if
    /// they must. Heads are shortened where that leaves room for a strip.
    fn blocks(mut self, room: usize) -> Vec<Block> {
        if self.columns.width() + 2 + STRIP.start() > room {
            self.columns.head.splice(..self.short.len(), self.short);
        }
        self.columns.blocks(room)
    }
}

/// The blocks as lines, each row with its sign before it.
fn lines_of(blocks: &[Block], signs: &[bool]) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            lines.push(String::new());
        }
        lines.push(inked(FAINT, &format!("  {}", block.head)));
        for (line, &is_marked) in block.lines.iter().zip(signs) {
            let sign = if is_marked { inked(BAD, "* ") } else { "  ".to_owned() };
            lines.push(format!("{sign}{line}"));
        }
    }
    lines
}

/// The table of a property, and whether there is a strip beside it.
fn rates(plan: &Plan, name: &str, title: &str, rated: &[(&Row, &Rate)], columns: usize) -> (String, bool) {
    let has_unknown = rated.iter().any(|(_, rate)| rate.unknown > 0);
    let has_vacuous = rated.iter().any(|(_, rate)| rate.vacuous > 0);
    let has_theory = rated.iter().any(|(_, rate)| rate.theory.is_some());
    let has_fewer = rated.iter().any(|(row, _)| row.runs != plan.runs());
    let mut head = vec!["rate", "from", "to"];
    head.extend(has_theory.then_some("theory"));
    head.extend(has_fewer.then_some("runs"));
    head.extend(["violated"]);
    head.extend(has_unknown.then_some("unknown"));
    head.extend(has_vacuous.then_some("vacuous"));
    head.extend(["seed ✗", "seed ✓"]);
    let mut table = Table::new(plan, &head);
    for (row, rate) in rated {
        let mut cells = vec![short(rate.rate), short(rate.interval.low), short(rate.interval.high)];
        cells.extend(has_theory.then(|| rate.theory.map_or("–".to_owned(), short)));
        cells.extend(has_fewer.then(|| grouped(row.runs)));
        cells.push(grouped(rate.violated));
        cells.extend(has_unknown.then(|| grouped(rate.unknown)));
        cells.extend(has_vacuous.then(|| grouped(rate.vacuous)));
        let seed = |seed: Option<u64>| seed.map_or("–".to_owned(), |seed| seed.to_string());
        cells.extend([seed(rate.example.violated), seed(rate.example.holds)]);
        table.add(row, cells);
    }
    let blocks = table.blocks(columns.saturating_sub(4));
    let room = columns.saturating_sub(blocks.first().map_or(0, |block| width(&block.head)) + 6);
    let strips = strips(rated, room).filter(|_| blocks.len() == 1);
    let signs: Vec<bool> = rated.iter().map(|(_, rate)| rate.misses()).collect();
    let mut shown = lines_of(&blocks, &signs);
    if let Some((scale, strips)) = &strips {
        let beside = std::iter::once(inked(FAINT, scale)).chain(strips.iter().cloned());
        shown.iter_mut().zip(beside).for_each(|(line, strip)| *line = format!("{line}  {strip}"));
    }
    shown.extend(explained(plan, name, columns, has_theory, signs.contains(&true)));
    (section(title, shown), strips.is_some())
}

/// What theory says of a table, and whether it was met.
fn explained(plan: &Plan, name: &str, columns: usize, has_theory: bool, misses: bool) -> Vec<String> {
    let mut text = String::new();
    if let Some(theory) = plan.theory(name) {
        let formula = theory.formula.trim_end_matches('.');
        text.push_str(&match has_theory {
            true => format!("Theory: {formula}. "),
            false => format!("No formula applies to these points: the assumptions of theory are not met ({formula}). "),
        });
    }
    if misses {
        text.push_str("* outside of the interval.");
    }
    let lines = wrapped(&text, columns.saturating_sub(4));
    lines.iter().filter(|line| !line.is_empty()).map(|line| inked(FAINT, &format!("  {line}"))).collect()
}

/// What the signs of the tables mean, and what theory assumes.
fn signs(plan: &Plan, rows: &[Row], has_rates: bool, has_strips: bool, columns: usize) -> String {
    let mut lines = Vec::new();
    if has_rates {
        let strips = if has_strips { "; ● rate, ├─┤ interval, ╎ theory" } else { "" };
        lines.push(format!("from and to are the ends of the 95 % interval{strips}."));
    }
    if rows.iter().flat_map(|row| &row.rates).any(|rate| rate.vacuous > 0) {
        lines.push(
            "vacuous: runs in which it had nothing to judge, because nobody asked or nothing was promised.".to_owned(),
        );
    }
    let misses = |row: &Row| row.rates.iter().any(Rate::misses) || row.figures.iter().any(|figure| figure.misses);
    if rows.iter().any(misses) {
        lines.push(
            "* theory is outside of the interval, as happens by chance at one point in twenty. All points have the same \
             seeds, so they tend to miss together."
                .to_owned(),
        );
    }
    let names = plan.properties().into_iter().map(|property| property.name);
    let names = names.chain(plan.measures().into_iter().map(|measure| measure.name));
    let mut assumed: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, theory) in names.filter_map(|name| Some((name, plan.theory(name)?))) {
        match assumed.iter_mut().find(|(assumes, _)| *assumes == theory.assumes) {
            Some((_, names)) => names.push(name),
            None => assumed.push((theory.assumes, vec![name])),
        }
    }
    for (assumes, names) in assumed {
        lines.push(format!("Theory of {} assumes: {}.", names.join(", "), assumes.trim_end_matches('.')));
    }
    if lines.is_empty() {
        return String::new();
    }
    let lines = lines.iter().flat_map(|line| wrapped(line, columns.saturating_sub(2)));
    section("How to read this", lines.map(|line| inked(FAINT, &line)))
}

/// The scale of the strips, and a strip for each row; `None` where there is no room for them.
fn strips(rated: &[(&Row, &Rate)], room: usize) -> Option<(String, Vec<String>)> {
    let cells = room.min(*STRIP.end());
    if cells < *STRIP.start() {
        return None;
    }
    let ends = rated.iter().flat_map(|(_, rate)| [rate.interval.high, rate.theory.unwrap_or(0.0)]);
    let most = ends.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let at = |value: f64| (((value / most) * (cells - 1) as f64).round() as usize).min(cells - 1);
    let strip = |rate: &Rate| {
        let mut strip = vec![' '; cells];
        let (low, high) = (at(rate.interval.low), at(rate.interval.high));
        strip[low..=high].fill('─');
        (strip[low], strip[high]) = ('├', '┤');
        if let Some(theory) = rate.theory {
            strip[at(theory)] = '╎';
        }
        strip[at(rate.rate)] = '●';
        strip.into_iter().collect::<String>().trim_end().to_owned()
    };
    let most = short(most);
    let scale = format!("0{}{most}", padded("", cells.saturating_sub(1 + width(&most))));
    Some((scale, rated.iter().map(|(_, rate)| strip(rate)).collect()))
}

/// The value that a measure has in every run, if it has but one.
fn constant(plan: &Plan, figured: &[(&Row, &Figure)]) -> Option<String> {
    let (_, first) = figured.first()?;
    let same = |(row, figure): &(&Row, &Figure)| {
        figure.n == row.runs && figure.min == figure.max && figure.min == first.min && !figure.misses
    };
    let value = first.min.filter(|_| figured.iter().all(same))?;
    Some(told(value, first.measure, &plan.scenario().names))
}

fn figures(plan: &Plan, name: &str, title: Option<String>, figured: &[(&Row, &Figure)], columns: usize) -> String {
    let has_theory = figured.iter().any(|(_, figure)| figure.theory.is_some());
    let is_share = figured.first().is_some_and(|(_, figure)| figure.measure.is_share());
    let mut head = if is_share { vec!["share", "from", "to"] } else { vec!["mean", "sd"] };
    head.extend(has_theory.then_some("theory"));
    head.extend(if is_share { &["n"][..] } else { &["min", "p50", "p99", "max", "n"] });
    let mut table = Table::new(plan, &head);
    for (row, figure) in figured {
        let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| in_unit(value, figure.measure.unit));
        let whole = |value: Option<i64>| number(value.map(|value| value as f64));
        let ends = figure.interval.map(|interval| (interval.low, interval.high));
        let mut cells = match is_share {
            true => vec![number(figure.mean), number(ends.map(|(low, _)| low)), number(ends.map(|(_, high)| high))],
            false => vec![number(figure.mean), number(figure.sd)],
        };
        cells.extend(has_theory.then(|| number(figure.theory)));
        if !is_share {
            cells.extend([figure.min, figure.p50, figure.p99, figure.max].map(whole));
        }
        cells.push(grouped(figure.n));
        table.add(row, cells);
    }
    let signs: Vec<bool> = figured.iter().map(|(_, figure)| figure.misses).collect();
    let mut shown = lines_of(&table.blocks(columns.saturating_sub(4)), &signs);
    shown.extend(explained(plan, name, columns, has_theory, signs.contains(&true)));
    let unit = figured.first().and_then(|(_, figure)| unit_in_words(figure.measure));
    let plain = || unit.map_or_else(|| name.to_owned(), |unit| format!("{name}, in {unit}"));
    section(&title.unwrap_or_else(plain), shown)
}

/// The commands that make the example runs of each point again.
fn replays(plan: &Plan, rows: &[Row], columns: usize) -> String {
    if plan.shard() != Shard::WHOLE || rows.is_empty() {
        return String::new();
    }
    let told: Vec<&str> = plan
        .properties()
        .iter()
        .map(|property| property.name)
        .filter(|name| rows.iter().flat_map(|row| &row.rates).any(|r| r.property.name == *name && r.violated > 0))
        .collect();
    let mut lines = Vec::new();
    // Where nothing is ever violated, one point's run is as good as another's.
    let shown = if told.is_empty() { 1 } else { MOST_REPLAYED };
    for row in rows.iter().take(shown) {
        for (seed, what) in examples(row, &told) {
            let replay = format!("dsys {}", command(&plan.replay(row.point, seed)));
            let says = format!("# {what}");
            if width(&replay) + 2 + width(&says) + 2 <= columns {
                lines.push(format!("{replay}  {}", inked(FAINT, &says)));
            } else {
                let says = wrapped(&what, columns.saturating_sub(4));
                lines.extend(says.iter().map(|line| inked(FAINT, &format!("# {line}"))));
                lines.extend(in_lines(&replay, columns.saturating_sub(2)));
            }
        }
    }
    let left = rows.len().saturating_sub(shown);
    if left > 0 && !told.is_empty() {
        let text = format!("… and so on: the seeds of the other {} points are in the tables", grouped(left as u64));
        lines.extend(wrapped(&text, columns.saturating_sub(2)).iter().map(|line| inked(FAINT, line)));
    }
    section("To look at one", lines)
}

/// The seeds of a point that are worth a look, each with what is to be seen there.
fn examples(row: &Row, told: &[&str]) -> Vec<(u64, String)> {
    let mut found: Vec<(u64, Vec<String>)> = Vec::new();
    let mut add = |seed: Option<u64>, what: String| {
        let Some(seed) = seed else { return };
        match found.iter_mut().find(|(known, _)| *known == seed) {
            Some((_, all)) => all.push(what),
            None => found.push((seed, vec![what])),
        }
    };
    for rate in row.rates.iter().filter(|rate| told.contains(&rate.property.name)) {
        add(rate.example.violated, format!("{} violated", rate.property.name));
        add(rate.example.holds, format!("{} holds", rate.property.name));
    }
    if found.is_empty() {
        let seed = row.rates.iter().find_map(|rate| rate.example.holds.or(rate.example.violated));
        found.extend(seed.map(|seed| (seed, vec!["nothing is violated".to_owned()])));
    }
    found.into_iter().map(|(seed, all)| (seed, all.join(", "))).collect()
}
