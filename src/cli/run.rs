//! `dsys run`: one run of a scenario.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::problems::Registry;
use crate::report::{self, Claims, Report};
use crate::scenario::{self, Request, Scenario};
use crate::view::shell::quoted;
use crate::view::terminal::{self, Print};
use crate::view::trace_lines;

use super::args::{Color, Format, Run};
use super::exit::{Outcome, usage};
use super::source::Source;
use super::{output, shelf, source};

pub(super) fn run(args: &Run, color: Color) -> anyhow::Result<Outcome> {
    let diagrams =
        args.diagram.iter().map(|path| Ok((path, Diagram::of(path)?))).collect::<anyhow::Result<Vec<_>>>()?;
    refuse_two_in_one_place(args)?;
    let scenario = load(args)?;
    let claims = if args.expect { Claims::Always } else { Claims::IfUntouched };
    let report = report::run(&scenario, claims).map_err(|complaints| refused(&complaints))?;
    tracing::info!(seed = scenario.seed, events = report.trace.counts.events, "ran {}", scenario.name);
    if !leaves_out_report(args) {
        print(&report, args, color)?;
    }
    for (path, diagram) in diagrams {
        let picture = diagram.draw(&report);
        output::to(path, |out| out.write_all(picture.as_bytes()))?;
    }
    if let Some(path) = &args.trace {
        output::to(path, |mut out| trace_lines::write(&report.trace, &mut out))?;
    }
    Ok(judged(&report))
}

fn load(args: &Run) -> anyhow::Result<Scenario> {
    let Source { name, origin, text } = source::read(&args.scenario)?;
    tracing::info!("read {origin}");
    let request =
        Request { name: &name, origin: &origin, text: &text, set: &args.set, force: &args.force, seed: args.seed };
    let scenario = scenario::load(&request, &Registry)?;
    if args.expect && scenario.expect.is_none() {
        return Err(usage(
            "`--expect` has nothing to judge: the scenario has no `[expect]`",
            "add one, or leave the flag out",
        ));
    }
    Ok(scenario)
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

fn print(report: &Report, args: &Run, color: Color) -> anyhow::Result<()> {
    if args.format == Format::Json {
        return output::to(&args.output, |out| {
            serde_json::to_writer_pretty(&mut *out, &report.to_json())?;
            out.write_all(b"\n")
        });
    }
    let scenario = format!("{}{}", quoted(&args.scenario), shelf::flags());
    let again = again(report, args, &scenario);
    let columns = output::columns().filter(|_| output::is_stdout(&args.output)).unwrap_or(terminal::WIDEST);
    let text = terminal::render(report, &Print { columns, scenario: &scenario, again: &again });
    output::coloured(&args.output, &text, color)
}

/// The command that makes this run again.
fn again(report: &Report, args: &Run, scenario: &str) -> String {
    let mut command = format!("dsys run {scenario} --seed {}", report.scenario.seed);
    for (flag, values) in [("--set", &args.set), ("--force", &args.force)] {
        for value in values {
            command.push_str(&format!(" {flag} {}", quoted(value)));
        }
    }
    command
}

/// Says on standard error which verdicts are not as claimed, where that was judged.
fn judged(report: &Report) -> Outcome {
    if report.expected != Some(false) {
        return Outcome::Done;
    }
    let mut stderr = anstream::stderr();
    for (name, claimed, got) in report.unexpected() {
        // Where standard error is gone, the exit code still tells.
        let _ = writeln!(stderr, "unexpected: {name} is claimed to be `{claimed}` and is `{got}`");
    }
    Outcome::Unexpected
}

/// The kinds of diagrams, told by the file's ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Diagram {
    Svg,
    Mermaid,
}

impl Diagram {
    pub(super) fn of(path: &Path) -> anyhow::Result<Diagram> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => Ok(Diagram::Svg),
            Some("mmd") => Ok(Diagram::Mermaid),
            _ => {
                let message = format!("`--diagram {}` does not say which diagram to draw", path.display());
                Err(usage(message, "end the file's name in `.svg` (space-time diagram) or `.mmd` (Mermaid)"))
            }
        }
    }

    pub(super) fn draw(self, report: &Report) -> String {
        match self {
            Diagram::Svg => crate::view::svg::render(report),
            Diagram::Mermaid => crate::view::mermaid::render(report),
        }
    }
}
