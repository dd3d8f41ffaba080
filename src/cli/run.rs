//! `dsys run`: one run of a scenario.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use crate::problems::Bound;
use crate::report::{self, Claims, Judged, Report, Verdicts, unexpected};
use crate::scenario::Complaint;
use crate::stage::export::Export;
use crate::stage::run_request::Telling;
use crate::view::terminal::{self, Print};
use crate::view::trace_lines;

use super::args::{Color, Format, Run};
use super::arguments::Arguments;
use super::ask;
use super::exit::Outcome;
use super::library::library;
use super::next;
use super::output::{self, Endings, Place, Written};
use super::twin;
use super::usage::usage;

pub(super) fn run(args: &Run, color: Color) -> anyhow::Result<Outcome> {
    if args.twin {
        return twin::run(args, color);
    }
    let outputs = Outputs::of(args)?;
    refuse_two_on_stdout(args)?;
    let asked = Arguments::of(args)?;
    let scenario = load(args, &asked)?;
    let places = Places::open(args, outputs)?;
    output::refuse_inputs(places.all(), &asked.source.input)?;
    let remarks = asked.remarks(&scenario.hash);
    for remark in &remarks {
        writeln!(anstream::stderr(), "note: {remark}")?;
    }
    let claims = if args.expect { Claims::Always } else { Claims::IfUntouched };
    // A signal ends it at once, with nothing told: to judge and to tell a long run halfway takes
    // long itself, and `--set until=…` tells the same, however often it is asked.
    let is_told = tracing::enabled!(tracing::Level::DEBUG);
    if places.is_empty() && !is_told {
        let Verdicts { properties, expected, events, .. } =
            report::verdicts(&scenario, claims, &mut || ControlFlow::Continue(()))
                .map_err(|complaints| refused(&complaints))?;
        tracing::info!(seed = scenario.seed, events, "ran {}", scenario.name);
        return Ok(judged(&properties, expected));
    }
    let report = report::run(&scenario, claims).map_err(|complaints| refused(&complaints))?;
    tracing::info!(seed = scenario.seed, events = report.trace.counts.events, "ran {}", scenario.name);
    let telling = Telling::new(asked.link(), remarks, asked.source.text.clone(), &scenario, library());
    places.write(&report, &telling, &asked, &Shown { is_asking: args.ask, states: args.states, color })?;
    Ok(judged(&report.properties, report.expected))
}

/// What one file gets.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Report(Format),
    Drawn(Export),
}

const ENDINGS: Endings<'_, Kind> = Endings {
    flag: "-o",
    formats: &[
        (Export::Perfetto.ending(), Kind::Drawn(Export::Perfetto)),
        (".json", Kind::Report(Format::Json)),
        (Export::Svg.ending(), Kind::Drawn(Export::Svg)),
        (Export::Html.ending(), Kind::Drawn(Export::Html)),
        (Export::Mermaid.ending(), Kind::Drawn(Export::Mermaid)),
        (Export::ShiViz.ending(), Kind::Drawn(Export::ShiViz)),
        (Export::Trace.ending(), Kind::Drawn(Export::Trace)),
    ],
    otherwise: "text",
    elsewhere: &[],
};

const TRACE: Endings<'_, ()> = Endings {
    flag: "--trace",
    formats: &[(Export::Trace.ending(), ()), (".ndjson", ())],
    otherwise: "lines of JSON",
    elsewhere: &[],
};

/// What the flags ask for.
struct Outputs<'a> {
    /// The report and its format, unless it is left out.
    report: Option<(&'a Path, Format)>,
    diagrams: Vec<(&'a Path, Export)>,
}

impl<'a> Outputs<'a> {
    fn of(args: &'a Run) -> anyhow::Result<Outputs<'a>> {
        let diagrams = args.diagram.iter().map(|path| Ok((path.as_path(), kind_of(path)?)));
        let mut diagrams = diagrams.collect::<anyhow::Result<Vec<_>>>()?;
        args.trace.as_ref().map(|path| TRACE.format(path, None)).transpose()?;
        let asked = args.format.map(|format| (format.word(), Kind::Report(format)));
        let mut report = None;
        match ENDINGS.format(&args.output, asked)? {
            Some(Kind::Drawn(kind)) => diagrams.insert(0, (&args.output, kind)),
            _ if args.quiet && output::is_stdout(&args.output) => {}
            Some(Kind::Report(format)) => report = Some((args.output.as_path(), format)),
            None => report = Some((args.output.as_path(), Format::default())),
        }
        Ok(Outputs { report, diagrams })
    }
}

/// Where the results of a run go, each tried before it.
struct Places {
    report: Option<(Place, Format)>,
    diagrams: Vec<(Place, Export)>,
    trace: Option<Place>,
}

impl Places {
    fn open(args: &Run, outputs: Outputs<'_>) -> anyhow::Result<Places> {
        let report = outputs.report.map(|(path, format)| Ok::<_, anyhow::Error>((Place::open(path)?, format)));
        let report = report.transpose()?;
        let diagrams = outputs.diagrams.into_iter().map(|(path, kind)| Ok((Place::open(path)?, kind)));
        let diagrams = diagrams.collect::<anyhow::Result<Vec<_>>>()?;
        let trace = args.trace.as_deref().map(Place::open).transpose()?;
        let places = Places { report, diagrams, trace };
        output::refuse_shared(places.all())?;
        Ok(places)
    }

    fn all(&self) -> impl Iterator<Item = &Place> {
        let report = self.report.iter().map(|(place, _)| place);
        report.chain(self.diagrams.iter().map(|(place, _)| place)).chain(&self.trace)
    }

    /// Whether nobody looks at the run.
    fn is_empty(&self) -> bool {
        self.report.is_none() && self.diagrams.is_empty() && self.trace.is_none()
    }

    fn write(&self, report: &Report, telling: &Telling, asked: &Arguments, shown: &Shown) -> anyhow::Result<()> {
        let mut written = Written::default();
        if let Some((place, format)) = &self.report {
            written.add(print(report, place, *format, asked, shown));
        }
        for (place, kind) in &self.diagrams {
            written.add(place.write(|mut out| kind.write(report, telling, &mut out)));
        }
        if let Some(place) = &self.trace {
            written.add(place.write(|mut out| trace_lines::write(&report.trace, &mut out)));
        }
        written.all()
    }
}

fn load(args: &Run, asked: &Arguments) -> anyhow::Result<Bound> {
    tracing::info!("read {}", asked.source.origin);
    let scenario = library().load(&asked.request())?;
    if args.expect && scenario.expect.is_none() {
        return Err(usage(
            "`--expect` has nothing to judge: the scenario has no `[expect]`",
            "add one, or leave the flag out",
        ));
    }
    Ok(scenario)
}

/// The kind of file to write, told by its name's ending.
pub(super) fn kind_of(path: &Path) -> anyhow::Result<Export> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    Export::of(&name).filter(|&kind| kind != Export::Trace).ok_or_else(|| {
        let message = format!("`--diagram {}` does not say which diagram to draw", path.display());
        let help = "end the file's name in `.svg`, `.html`, `.mmd`, `.shiviz` or `.perfetto.json`; `--help` says what they are";
        usage(message, help)
    })
}

/// Refuses to print a trace and a report, one into the other.
fn refuse_two_on_stdout(args: &Run) -> anyhow::Result<()> {
    let prints_report = !args.quiet && output::is_stdout(&args.output);
    if prints_report && args.trace.as_deref().is_some_and(output::is_stdout) {
        let help = "write the report to a file with `-o FILE`, or leave it out with `-q`";
        return Err(usage("`--trace -` and the report would both go to standard output", help));
    }
    Ok(())
}

/// What a protocol has against a scenario that was loaded; loading has asked it, so this should not
/// be.
pub(super) fn refused(complaints: &[Complaint]) -> anyhow::Error {
    let messages: Vec<&str> = complaints.iter().map(|complaint| complaint.message.as_str()).collect();
    anyhow::anyhow!("the protocol refused a scenario that was checked: {}", messages.join("; "))
}

/// How a report is shown to a person.
struct Shown {
    is_asking: bool,
    states: bool,
    color: Color,
}

fn print(
    report: &Report,
    place: &Place,
    format: Format,
    asked: &Arguments,
    &Shown { is_asking, states, color }: &Shown,
) -> anyhow::Result<()> {
    if format == Format::Json {
        return place.keep(|out| {
            serde_json::to_writer_pretty(&mut *out, report)?;
            out.write_all(b"\n")
        });
    }
    let scenario = asked.shown();
    let again = asked.again(report.scenario.seed);
    let columns = output::columns_of(place);
    let how = Print { columns, scenario: &scenario, again: &again, has_states: states };
    // A file is kept, and the path may lead elsewhere when it is read.
    let next = match place.is_stdout() {
        true => next::after_run(&asked.source, report.scenario.challenge.is_some(), columns),
        false => String::new(),
    };
    let gap = if next.is_empty() { "" } else { "\n" };
    if is_asking && place.is_stdout() && ask::is_answered() {
        ask::print(report, &terminal::render_asking(report, &how))?;
        return place.keep_coloured(&format!("{gap}{next}"), color);
    }
    let text = terminal::render(report, &how);
    place.keep_coloured(&format!("{text}{gap}{next}"), color)
}

/// Says on standard error which verdicts are not as claimed, where that was judged.
fn judged(properties: &[Judged], expected: Option<bool>) -> Outcome {
    if expected != Some(false) {
        return Outcome::Done;
    }
    let mut stderr = anstream::stderr();
    for (name, claimed, got) in unexpected(properties) {
        // Where standard error is gone, the exit code still tells.
        let _ = writeln!(stderr, "unexpected: {name} is claimed to be `{claimed}` and is `{got}`");
    }
    Outcome::Unexpected
}
