//! Where the results of a sweep go, and in which format: `dsys sweep` and `dsys merge` write the
//! same.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::explore::sweep::{Part, Plan, Row, to_json};
use crate::view::{chart, sweep_csv, terminal};

use super::args::{Color, RowsFormat, SweepResults};
use super::output::{self, Endings, Input, Place, Written};
use super::usage::usage;

/// What one file of `-o` gets.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Rows(RowsFormat),
    Chart,
}

const ENDINGS: Endings<'_, Kind> = Endings {
    flag: "-o",
    formats: &[(".json", Kind::Rows(RowsFormat::Json)), (".csv", Kind::Rows(RowsFormat::Csv)), (".svg", Kind::Chart)],
    otherwise: "text",
    elsewhere: &[],
};

/// A part has but one format.
const PART: Endings<'_, Kind> = Endings {
    flag: "--shard … -o",
    formats: &[(".json", Kind::Rows(RowsFormat::Json))],
    otherwise: "JSON",
    elsewhere: &[],
};

/// What the flags say of the results.
pub(super) struct Results<'a> {
    format: RowsFormat,
    /// Where the rows go; nowhere, if nobody wants them.
    rows: Option<&'a Path>,
    charts: Vec<&'a Path>,
    plot: &'a [String],
    distribution: &'a [String],
}

impl<'a> Results<'a> {
    /// Reads the flags, and refuses those that do not go together. A part has but one format.
    pub(super) fn of(args: &'a SweepResults, is_part: bool) -> anyhow::Result<Results<'a>> {
        let mut charts: Vec<&PathBuf> = Vec::new();
        let mut others: Vec<&PathBuf> = Vec::new();
        for path in &args.output {
            let is_chart = ENDINGS.format(path, None)? == Some(Kind::Chart);
            if is_chart { charts.push(path) } else { others.push(path) }
        }
        if let [_, second, ..] = others[..] {
            let message = format!("`-o {}` is one place too many for the rows", second.display());
            return Err(usage(message, "give one file for them, and files that end in `.svg` for charts"));
        }
        if is_part && !charts.is_empty() {
            return Err(usage(
                "`--shard` sweeps a part, of which no chart is drawn",
                "`dsys merge … -o plot.svg` draws the whole",
            ));
        }
        if is_part && args.format.is_some_and(|format| format != RowsFormat::Json) {
            return Err(usage(
                "`--shard` writes a part for `dsys merge`, which is always JSON",
                "leave `--format` out",
            ));
        }
        let mut format = args.format.unwrap_or(RowsFormat::Text);
        if let Some(path) = others.first() {
            let endings = if is_part { PART } else { ENDINGS };
            let asked = args.format.map(|format| (format.word(), Kind::Rows(format)));
            if let Some(Kind::Rows(said)) = endings.format(path, asked)? {
                format = said;
            }
        }
        if !args.plot.is_empty() && charts.is_empty() {
            return Err(usage("`--plot` chooses what a chart shows, and no chart is drawn", "add `-o plot.svg`"));
        }
        let rows = others.first().map(|path| path.as_path());
        let rows = rows.or((!args.quiet).then_some(Path::new("-")));
        let charts = charts.into_iter().map(PathBuf::as_path).collect();
        Ok(Results { format, rows, charts, plot: &args.plot, distribution: &args.distribution })
    }

    /// Refuses names that nothing in the sweep has.
    pub(super) fn check_names(&self, plan: &Plan) -> anyhow::Result<()> {
        let measures: Vec<&str> = plan.measures().into_iter().map(|measure| measure.name).collect();
        let properties = plan.properties().into_iter().map(|property| property.name);
        let all: Vec<&str> = properties.chain(measures.iter().copied()).collect();
        check_names("--plot", self.plot, "property or measure", &all)?;
        check_names("--distribution", self.distribution, "measure", &measures)
    }

    /// Tries the places of all results, before there are any.
    pub(super) fn open(&self) -> anyhow::Result<Places<'a>> {
        let rows = self.rows.map(Place::open).transpose()?;
        let charts = self.charts.iter().map(|path| Place::open(path)).collect::<anyhow::Result<Vec<_>>>()?;
        output::refuse_shared(rows.iter().chain(&charts))?;
        let Results { format, plot, distribution, .. } = *self;
        Ok(Places { format, rows, charts, plot, distribution })
    }
}

/// The places of the results, each of which could be written when it was tried.
pub(super) struct Places<'a> {
    format: RowsFormat,
    rows: Option<Place>,
    charts: Vec<Place>,
    plot: &'a [String],
    distribution: &'a [String],
}

impl Places<'_> {
    /// Refuses to write over a file that was read.
    pub(super) fn refuse_inputs<'i>(&self, inputs: impl IntoIterator<Item = &'i Input> + Clone) -> anyhow::Result<()> {
        output::refuse_inputs(self.rows.iter().chain(&self.charts), inputs)
    }

    /// Writes the rows and the charts.
    pub(super) fn write(&self, plan: &Plan, rows: &[Row], is_partial: bool, color: Color) -> anyhow::Result<()> {
        let mut written = Written::default();
        if let Some(place) = &self.rows {
            written.add(self.write_rows(place, plan, rows, is_partial, color));
        }
        for place in &self.charts {
            let picture = chart::render(plan, rows, self.plot);
            let drawn = place.write(|out| out.write_all(picture.as_bytes()));
            // Where the chart was all that was wanted, what it shows is not lost with it.
            let is_lost = drawn.is_err() && self.rows.is_none();
            written.add(drawn);
            if is_lost {
                written.add(
                    Place::open(Path::new("-"))
                        .and_then(|stdout| self.write_rows(&stdout, plan, rows, is_partial, color)),
                );
                break;
            }
        }
        written.all()
    }

    fn write_rows(
        &self,
        place: &Place,
        plan: &Plan,
        rows: &[Row],
        is_partial: bool,
        color: Color,
    ) -> anyhow::Result<()> {
        match self.format {
            RowsFormat::Text => {
                let columns = output::columns_of(place);
                let text = terminal::sweep::render(plan, rows, self.distribution, is_partial, columns);
                place.keep_coloured(&text, color)
            }
            RowsFormat::Json => place.keep(|out| json_line(out, &to_json(plan, rows, is_partial), true)),
            RowsFormat::Csv => {
                let text = match self.distribution {
                    [] => sweep_csv::render(plan, rows, is_partial)?,
                    names => sweep_csv::distribution(plan, rows, names, is_partial)?,
                };
                place.keep(|out| out.write_all(text.as_bytes()))
            }
        }
    }

    /// Writes one part of a sweep.
    pub(super) fn write_part(&self, part: &Part) -> anyhow::Result<()> {
        self.rows.as_ref().map_or(Ok(()), |place| place.keep(|out| json_line(out, part, false)))
    }
}

fn check_names(flag: &str, names: &[String], what: &str, known: &[&str]) -> anyhow::Result<()> {
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let help = format!("there are {}", known.join(", "));
            Err(usage(format!("`{flag} {name}`: there is no such {what}"), help))
        }
    }
}

fn json_line(out: &mut dyn Write, value: &impl serde::Serialize, is_pretty: bool) -> io::Result<()> {
    match is_pretty {
        true => serde_json::to_writer_pretty(&mut *out, value)?,
        false => serde_json::to_writer(&mut *out, value)?,
    }
    out.write_all(b"\n")
}
