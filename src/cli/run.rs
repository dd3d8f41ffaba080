//! `dsys run`: one run of a scenario.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::problems::Registry;
use crate::report::{self, Claims, Judged, Report, Verdicts, unexpected};
use crate::scenario::{self, Scenario};
use crate::stage::export::Export;
use crate::stage::order::Telling;
use crate::trace::Why;
use crate::view::terminal::{self, Print};
use crate::view::trace_lines;

use super::args::{Color, Format, Run};
use super::asked::Asked;
use super::exit::{Outcome, usage};
use super::shelf::shelf;
use super::{interrupt, output};

pub(super) fn run(args: &Run, color: Color) -> anyhow::Result<Outcome> {
    let diagrams = args.diagram.iter().map(|path| Ok((path, kind_of(path)?))).collect::<anyhow::Result<Vec<_>>>()?;
    refuse_two_in_one_place(args)?;
    let asked = Asked::of(args)?;
    let scenario = load(args, &asked)?;
    let remarks = asked.remarks(&scenario.hash);
    for remark in &remarks {
        writeln!(anstream::stderr(), "note: {remark}")?;
    }
    let claims = if args.expect { Claims::Always } else { Claims::IfUntouched };
    interrupt::listen()?;
    let goes_on = &mut || if interrupt::came() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let is_told = tracing::enabled!(tracing::Level::DEBUG);
    if leaves_out_report(args) && diagrams.is_empty() && args.trace.is_none() && !is_told {
        let Verdicts { properties, expected, ended, events } =
            report::verdicts(&scenario, claims, goes_on).map_err(|complaints| refused(&complaints))?;
        tracing::info!(seed = scenario.seed, events, "ran {}", scenario.name);
        return Ok(judged(&properties, expected, ended));
    }
    let report = report::run_while(&scenario, claims, goes_on).map_err(|complaints| refused(&complaints))?;
    tracing::info!(seed = scenario.seed, events = report.trace.counts.events, "ran {}", scenario.name);
    if !leaves_out_report(args) {
        print(&report, args, &asked, color)?;
    }
    let telling = Telling::new(asked.link(), remarks, asked.source.text.clone(), &scenario, shelf());
    for (path, kind) in diagrams {
        output::to(path, |mut out| kind.write(&report, &telling, &mut out))?;
    }
    if let Some(path) = &args.trace {
        output::to(path, |mut out| trace_lines::write(&report.trace, &mut out))?;
    }
    Ok(judged(&report.properties, report.expected, report.trace.ended))
}

fn load(args: &Run, asked: &Asked) -> anyhow::Result<Scenario> {
    tracing::info!("read {}", asked.source.origin);
    let scenario = scenario::load(&asked.request(), &Registry)?;
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
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Export::of(&name).filter(|&kind| kind != Export::Trace).ok_or_else(|| {
        let message = format!("`--diagram {}` does not say which diagram to draw", path.display());
        let help = "end the file's name in `.svg`, `.html`, `.mmd`, `.shiviz` or `.perfetto.json`; `--help` says what they are";
        usage(message, help)
    })
}

/// Refuses to write two results to one place, where the second would destroy the first or run into it.
fn refuse_two_in_one_place(args: &Run) -> anyhow::Result<()> {
    let report = (!leaves_out_report(args)).then_some(&args.output);
    let places: Vec<&PathBuf> = report.into_iter().chain(&args.diagram).chain(&args.trace).collect();
    let shared = places.iter().enumerate().find(|&(index, place)| places[..index].contains(place));
    match shared {
        None => Ok(()),
        Some((_, place)) if output::is_stdout(place) => {
            let help = "write the report to a file with `-o FILE`, or leave it out with `-q`";
            Err(usage("`--trace -` and the report would both go to standard output", help))
        }
        Some((_, place)) => {
            Err(usage(format!("two results would go to `{}`", place.display()), "give each its own file"))
        }
    }
}

fn leaves_out_report(args: &Run) -> bool {
    args.quiet && output::is_stdout(&args.output)
}

/// What a protocol has against a scenario that was loaded; loading has asked it, so this should not be.
pub(super) fn refused(complaints: &[scenario::Complaint]) -> anyhow::Error {
    let messages: Vec<&str> = complaints.iter().map(|complaint| complaint.message.as_str()).collect();
    anyhow::anyhow!("the protocol refused a scenario that was checked: {}", messages.join("; "))
}

fn print(report: &Report, args: &Run, asked: &Asked, color: Color) -> anyhow::Result<()> {
    if args.format == Format::Json {
        return output::to(&args.output, |out| {
            serde_json::to_writer_pretty(&mut *out, report)?;
            out.write_all(b"\n")
        });
    }
    let scenario = asked.shown();
    let again = asked.again(report.scenario.seed);
    let columns = output::columns().filter(|_| output::is_stdout(&args.output)).unwrap_or(terminal::WIDEST);
    let text = terminal::render(report, &Print { columns, scenario: &scenario, again: &again });
    output::coloured(&args.output, &text, color)
}

/// Says on standard error which verdicts are not as claimed, where that was judged.
fn judged(properties: &[Judged], expected: Option<bool>, ended: Why) -> Outcome {
    if ended == Why::Interrupted {
        return Outcome::Interrupted;
    }
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
