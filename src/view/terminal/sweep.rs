//! A sweep as text for the terminal: a table and a strip of marks for each property, a table for each measure, and the
//! commands that make single runs again.

mod distribution;

use crate::explore::sweep::{Figure, Plan, Rate, Row, Shard};
use crate::view::numbers::{in_unit, short};
use crate::view::shell::quoted;

use super::section;
use super::style::{BAD, FAINT, STRONG, clean, grouped, inked, padded, width, wrapped};

/// The points whose runs are told by their commands; of more, the seeds in the tables have to do.
const MOST_REPLAYED: usize = 24;
/// The columns of the narrowest and of the widest strip.
const STRIP: std::ops::RangeInclusive<usize> = 16..=40;

/// The sweep as text. Of the measures of these names it tells the distribution, too.
pub fn render(plan: &Plan, rows: &[Row], distributed: &[String], is_partial: bool, columns: usize) -> String {
    let columns = columns.max(40);
    let mut sections = vec![opening(plan, rows, is_partial, columns)];
    let mut quiet = Vec::new();
    for property in plan.properties() {
        let name = property.name;
        let rated: Vec<(&Row, &Rate)> =
            rows.iter().filter_map(|row| Some((row, row.rates.iter().find(|r| r.property.name == name)?))).collect();
        if rated.iter().all(|(_, rate)| is_quiet(rate)) {
            quiet.push(name);
        } else {
            sections.push(rates(plan, name, &rated, columns));
        }
    }
    sections.push(never(&quiet, rows, columns));
    let mut constants = Vec::new();
    for measure in plan.measures() {
        let name = measure.name;
        let figured: Vec<(&Row, &Figure)> = rows
            .iter()
            .filter_map(|row| Some((row, row.figures.iter().find(|figure| figure.measure.name == name)?)))
            .collect();
        match constant(&figured) {
            Some(value) => constants.push(format!("{name}: {value} in every run of every point")),
            None => sections.push(figures(plan, name, &figured, columns)),
        }
        if distributed.iter().any(|wanted| wanted == name) {
            sections.push(distribution::distribution(plan, name, &figured));
        }
    }
    if !constants.is_empty() {
        sections.push(section("Always the same", constants));
    }
    sections.push(signs(plan, rows, columns));
    sections.push(replays(plan, rows));
    sections.push(format!("{}\n  dsys {}\n", inked(STRONG, "The same again"), command(&plan.command())));
    sections.retain(|section| !section.is_empty());
    sections.join("\n")
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
    let shape = format!(
        "{} · {} · {points} · {} runs each, with the seeds {first} to {last}",
        scenario.problem,
        scenario.protocol,
        grouped(plan.runs()),
    );
    let mut lines = wrapped(&scenario.title, columns).iter().map(|line| inked(STRONG, line)).collect::<Vec<_>>();
    lines.extend(wrapped(&shape, columns).iter().map(|line| inked(FAINT, line)));
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

/// Rows of cells, each column as wide as its widest cell; words to the left, numbers to the right.
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    /// How many columns, from the first, are settings.
    settings: usize,
}

impl Table {
    fn new(plan: &Plan, rest: &[&str]) -> Table {
        let keys = plan.axes().iter().map(|axis| clean(&axis.key));
        let head: Vec<String> = keys.chain(rest.iter().map(|&name| name.to_owned())).collect();
        Table { head, rows: Vec::new(), settings: plan.axes().len() }
    }

    fn add(&mut self, row: &Row, rest: Vec<String>) {
        self.rows.push(row.at.iter().map(|(_, value)| clean(value)).chain(rest).collect());
    }

    /// The head and the rows as lines.
    fn lines(&self) -> (String, Vec<String>) {
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let widest =
            |column: usize| cells(column).chain(self.head.get(column)).map(|cell| width(cell)).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.head.len()).map(widest).collect();
        let line = |row: &Vec<String>| {
            let cell = |(column, (cell, &room)): (usize, (&String, &usize))| match column < self.settings {
                true => padded(cell, room),
                false => format!("{}{cell}", padded("", room - width(cell))),
            };
            row.iter().zip(&widths).enumerate().map(cell).collect::<Vec<_>>().join("  ")
        };
        (line(&self.head), self.rows.iter().map(line).collect())
    }
}

fn rates(plan: &Plan, name: &str, rated: &[(&Row, &Rate)], columns: usize) -> String {
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
    let (head, lines) = table.lines();
    let strips = strips(rated, columns.saturating_sub(width(&head) + 6));
    let mut shown = vec![inked(FAINT, &format!("  {head}  {}", strips.as_ref().map_or("", |(scale, _)| scale)))];
    for (index, (line, (_, rate))) in lines.iter().zip(rated).enumerate() {
        let strip = strips.as_ref().map_or("", |(_, strips)| &strips[index]);
        let sign = if rate.misses() { inked(BAD, "* ") } else { "  ".to_owned() };
        shown.push(format!("{sign}{line}  {strip}"));
    }
    shown.extend(explained(plan, name, columns, has_theory, rated.iter().any(|(_, rate)| rate.misses())));
    section(&format!("{name}: how often it is violated"), shown)
}

/// What theory says of a table, and whether it was met.
fn explained(plan: &Plan, name: &str, columns: usize, has_theory: bool, misses: bool) -> Vec<String> {
    let mut text = String::new();
    if let Some(theory) = plan.theory(name) {
        let formula = theory.formula.trim_end_matches('.');
        text.push_str(&match has_theory {
            true => format!("Theory: {formula}. "),
            false => format!("Theory knows nothing of these points, since its assumptions are not met: {formula}. "),
        });
    }
    if misses {
        text.push_str("* outside of the interval.");
    }
    let lines = wrapped(&text, columns.saturating_sub(4));
    lines.iter().filter(|line| !line.is_empty()).map(|line| inked(FAINT, &format!("  {line}"))).collect()
}

/// What the signs of the tables mean, and what theory assumes.
fn signs(plan: &Plan, rows: &[Row], columns: usize) -> String {
    let mut lines = vec!["from and to are the ends of the 95 % interval; ● rate, ├─┤ interval, ╎ theory.".to_owned()];
    if rows.iter().flat_map(|row| &row.rates).any(|rate| rate.vacuous > 0) {
        lines.push("vacuous: runs in which it held of nothing, since nobody asked or nothing was promised.".to_owned());
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
    let lines = lines.iter().flat_map(|line| wrapped(line, columns.saturating_sub(2)));
    section("How to read this", lines.map(|line| inked(FAINT, &line)))
}

/// The scale of the strips, and a strip for each row; nothing where there is no room for them.
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
fn constant(figured: &[(&Row, &Figure)]) -> Option<String> {
    let (_, first) = figured.first()?;
    let same = |(row, figure): &(&Row, &Figure)| {
        figure.n == row.runs && figure.min == figure.max && figure.min == first.min && !figure.misses
    };
    let value = first.min.filter(|_| figured.iter().all(same))?;
    Some(with_unit(&in_unit(value as f64, first.measure.unit), first.measure.name, first.measure.unit))
}

/// A figure and its unit, where the unit says more than the name and is not written already.
fn with_unit(value: &str, name: &str, unit: &str) -> String {
    if unit == "ns" || unit == name { value.to_owned() } else { format!("{value} {unit}") }
}

fn figures(plan: &Plan, name: &str, figured: &[(&Row, &Figure)], columns: usize) -> String {
    let has_theory = figured.iter().any(|(_, figure)| figure.theory.is_some());
    let mut head = vec!["mean", "sd"];
    head.extend(has_theory.then_some("theory"));
    head.extend(["min", "p50", "p99", "max", "n"]);
    let mut table = Table::new(plan, &head);
    for (row, figure) in figured {
        let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| in_unit(value, figure.measure.unit));
        let whole = |value: Option<i64>| number(value.map(|value| value as f64));
        let mut cells = vec![number(figure.mean), number(figure.sd)];
        cells.extend(has_theory.then(|| number(figure.theory)));
        cells.extend([figure.min, figure.p50, figure.p99, figure.max].map(whole));
        cells.push(grouped(figure.n));
        table.add(row, cells);
    }
    let (head, lines) = table.lines();
    let mut shown = vec![inked(FAINT, &format!("  {head}"))];
    for (line, (_, figure)) in lines.iter().zip(figured) {
        let sign = if figure.misses { inked(BAD, "* ") } else { "  ".to_owned() };
        shown.push(format!("{sign}{line}"));
    }
    let misses = figured.iter().any(|(_, figure)| figure.misses);
    shown.extend(explained(plan, name, columns, has_theory, misses));
    let unit = figured.first().map_or("", |(_, figure)| figure.measure.unit);
    let title = if unit == "ns" || unit == name { name.to_owned() } else { format!("{name}, in {unit}") };
    section(&title, shown)
}

/// The commands that make the example runs of each point again.
fn replays(plan: &Plan, rows: &[Row]) -> String {
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
    for row in rows.iter().take(MOST_REPLAYED) {
        for (seed, what) in examples(row, &told) {
            let replay = command(&plan.replay(row.point, seed));
            lines.push(format!("dsys {replay}  {}", inked(FAINT, &format!("# {what}"))));
        }
    }
    let left = rows.len().saturating_sub(MOST_REPLAYED);
    if left > 0 {
        let text = format!("… and so on: the seeds of the other {} points are in the tables", grouped(left as u64));
        lines.push(inked(FAINT, &text));
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
