//! `dsys search`: the worst case.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::explore::search::{self, Answer, Effort, Found, Progress, Saved, StoppedBy};
use crate::problems::Bound;
use crate::report::{self, Claims};
use crate::scenario::{self, By, EnemyMay, Request, SearchSpec};
use crate::stage::export::Export;
use crate::stage::run_request::{self, Telling};
use crate::view::{shell, terminal};

use super::args::{Budget, Color, Format, Search};
use super::exit::Outcome;
use super::library::library;
use super::output::{self, Endings, Place, Written};
use super::run::{kind_of, refused};
use super::source::Source;
use super::usage::usage;
use super::{arguments, bar, interrupt, library, new, source};

pub(super) fn run(args: &Search, color: Color) -> anyhow::Result<Outcome> {
    let diagrams = args.diagram.iter().map(|path| Ok((path, kind_of(path)?))).collect::<anyhow::Result<Vec<_>>>()?;
    let asked = args.format.map(|format| (format.word(), format));
    let format = ENDINGS.format(&args.output, asked)?.unwrap_or_default();
    args.save.as_ref().map(|path| Endings { flag: "--save", ..new::CASE }.format(path, None)).transpose()?;
    let source = source::read(&args.scenario)?;
    let Source { name, origin, text, .. } = &source;
    let request = Request { name, origin, text, set: &args.set, force: &args.force, seed: args.seed };
    let scenario = library().load(&request)?;
    let spec = spec(args, &scenario)?;
    let places = Places::open(args, diagrams)?;
    let pictures = places.diagrams.iter().map(|(place, _)| place);
    output::refuse_inputs([&places.answer].into_iter().chain(pictures).chain(&places.case), &source.input)?;
    let answer = seek(args, &scenario, &spec)?;
    tracing::info!(enumerated = answer.enumerated, sampled = answer.sampled, "searched {}", scenario.name);
    let mut written = Written::default();
    written.add(print(&answer, &places.answer, format, args, &scenario, color));
    match &answer.found {
        Some(found) => {
            let link = arguments::link(&source, &args.set, &args.force, args.seed);
            let link = run_request::found(link, &request, &answer, found)?;
            let text = link.text.as_ref().unwrap_or(text).clone();
            let telling = Telling::new(link, Vec::new(), text, &found.report.scenario, library());
            for (place, kind) in &places.diagrams {
                written.add(place.write(|mut out| kind.write(&found.report, &telling, &mut out)));
            }
            if let Some(place) = &places.case {
                written.add(save(place, found, &answer, &request));
            }
        }
        None => say_what_was_not_written(args),
    }
    written.all()?;
    Ok(interrupt::came().map_or(Outcome::Done, Outcome::Interrupted))
}

const ENDINGS: Endings<'_, Format> = Endings {
    flag: "-o",
    formats: &[(".json", Format::Json)],
    otherwise: "text",
    elsewhere: &[
        (".svg", "the answer is text or `.json`; `--diagram FILE.svg` draws the case that is found"),
        (".html", "the answer is text or `.json`; `--diagram FILE.html` makes a page of the case that is found"),
        (".mmd", "the answer is text or `.json`; `--diagram FILE.mmd` draws the case that is found"),
        (".toml", "the answer is text or `.json`; `--save FILE.toml` writes the case that is found as a scenario"),
    ],
};

/// Where the results of a search go, each tried before it.
struct Places {
    answer: Place,
    case: Option<Place>,
    diagrams: Vec<(Place, Export)>,
}

impl Places {
    /// Refuses to write two results to one place, and a found case over a file that is there.
    fn open(args: &Search, diagrams: Vec<(&PathBuf, Export)>) -> anyhow::Result<Places> {
        let answer = Place::open(&args.output)?;
        let case = args.save.as_deref().map(|path| Place::open_new(path, NOT_OVER)).transpose()?;
        let diagrams = diagrams.into_iter().map(|(path, kind)| Ok((Place::open(path)?, kind)));
        let diagrams = diagrams.collect::<anyhow::Result<Vec<_>>>()?;
        let pictures = diagrams.iter().map(|(place, _)| place);
        output::refuse_shared([&answer].into_iter().chain(&case).chain(pictures))?;
        Ok(Places { answer, case, diagrams })
    }
}

const NOT_OVER: &str = "nothing is written over a file that is there: name another";

/// What the enemy may do: as the scenario says, changed by the flags.
fn spec(args: &Search, scenario: &Bound) -> anyhow::Result<SearchSpec> {
    let kinds = EnemyMay::ALL.map(|kind| format!("`{}`", kind.word())).join(", ");
    let mut spec = match &scenario.search {
        Some(spec) => spec.clone(),
        None if args.may.is_empty() => {
            let message = format!("`{}` does not say what the enemy may do: it has no `[search]`", args.scenario);
            let help = format!("say it with `--may`, as in `--may lose` or `--may lie,crash`: the kinds are {kinds}");
            return Err(usage(message, help));
        }
        None => SearchSpec::default(),
    };
    if !args.may.is_empty() {
        spec.may.clone_from(&args.may);
        spec.may.sort_unstable();
        spec.may.dedup();
    }
    spec.at_most = args.at_most.or(spec.at_most);
    if let Some(name) = &args.property {
        check_property(name, scenario)?;
        spec.property = Some(name.clone());
    }
    Ok(spec)
}

fn check_property(name: &str, scenario: &Bound) -> anyhow::Result<()> {
    let properties = scenario.entry.properties.iter().map(|property| property.name);
    if properties.clone().any(|known| known == name) {
        return Ok(());
    }
    let message = format!("`--property {name}`: `{}` has no property `{name}`", scenario.protocol);
    Err(usage(message, scenario::known("properties", properties, name)))
}

/// Searches, with a bar on a terminal, until the time is over or somebody interrupts.
fn seek(args: &Search, scenario: &Bound, spec: &SearchSpec) -> anyhow::Result<Answer> {
    let (runs, time) = match args.budget {
        Some(Budget::Runs(runs)) => (runs, None),
        Some(Budget::Time(time)) => (u64::MAX, Some(time)),
        None => (Effort::DEFAULT.runs, None),
    };
    interrupt::ask();
    tracing::info!("searching {}", scenario.name);
    let bar = ProgressBar::with_draw_target(None, bar::target());
    let style = "{spinner} {wide_msg} [{elapsed}]";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let end = time.and_then(deadline);
    let told = |progress: Progress| {
        bar.set_message(in_words(progress));
        if interrupt::came().is_some() || end.is_some_and(|end| now() >= end) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    let answer = search::search(scenario, spec, Effort { runs, ..Effort::DEFAULT }, &told);
    bar.finish_and_clear();
    answer.map_err(|complaints| refused(&complaints))
}

#[allow(clippy::disallowed_methods, reason = "somebody waits for the answer: this is their time, and no run sees it")]
fn now() -> Instant {
    Instant::now()
}

/// The end of a time from now; `None` if it is too far away to ever come.
fn deadline(time: Duration) -> Option<Instant> {
    now().checked_add(time)
}

fn in_words(progress: Progress) -> String {
    let Progress { runs, depth, done, of, at_random } = progress;
    let what = if at_random { "drawn at random".to_owned() } else { format!("failures: {depth}") };
    let of = of.map(|of| format!(" of {}", scenario::grouped(&of))).unwrap_or_default();
    format!("{} runs · {what}, {}{of}", scenario::grouped(&runs), scenario::grouped(&done))
}

fn print(
    answer: &Answer,
    place: &Place,
    format: Format,
    args: &Search,
    scenario: &Bound,
    color: Color,
) -> anyhow::Result<()> {
    if format == Format::Json {
        let mut object = answer.to_json(&scenario.name, &scenario.names);
        object["predictions"] = serde_json::json!(answer.predictions(scenario));
        if interrupt::came().is_some() {
            object["partial"] = true.into();
        }
        return place.keep(|out| {
            serde_json::to_writer_pretty(&mut *out, &object)?;
            out.write_all(b"\n")
        });
    }
    let columns = output::columns_of(place);
    let at_most = scenario.search.as_ref().and_then(|spec| spec.at_most).filter(|_| args.at_most.is_none());
    let mut text = terminal::paragraph("", &answer.question(&scenario.name), columns);
    let _ = write!(text, "\n{}", terminal::paragraph("", &answer.in_words(&scenario.names), columns));
    for prediction in answer.predictions(scenario).into_iter().filter(|prediction| prediction.by == By::Search) {
        let Some(index) = prediction.answer else { continue };
        let told = format!("{} {}", prediction.ask, prediction.choices[index].say);
        let _ = write!(text, "\n{}", terminal::paragraph("", &told, columns));
    }
    for remark in remarks(answer, args, at_most) {
        let _ = write!(text, "\n{}", terminal::paragraph("", &remark, columns));
    }
    if let Some(found) = &answer.found {
        let _ = write!(text, "\n{}", again(found, args, scenario, columns));
    }
    place.keep_coloured(&text, color)
}

/// What belongs to an answer beside it: what was left out, and what ended the search from outside.
/// `at_most` is the scenario's own limit, if no flag takes its place.
fn remarks(answer: &Answer, args: &Search, at_most: Option<u32>) -> Vec<String> {
    let mut remarks = Vec::new();
    if !answer.set_aside.is_empty() {
        let aside = answer.set_aside.join(", ");
        remarks.push(format!("Left out of the scenario, since here the enemy decides: {aside}."));
    }
    if let (StoppedBy::AtMost, Some(most)) = (answer.stopped_by, at_most) {
        remarks.push(format!("The limit of {most} is the scenario's own: `--at-most N` allows more, or fewer."));
    }
    if interrupt::came().is_some() {
        remarks.push("It was interrupted: this is what was known by then.".to_owned());
    } else if answer.stopped_by == StoppedBy::Budget && matches!(args.budget, Some(Budget::Time(_))) {
        remarks.push("The time was over: on another machine the answer may be another.".to_owned());
    } else if answer.stopped_by == StoppedBy::Budget {
        remarks.push("`--budget RUNS` allows more, `--at-most N` asks for less.".to_owned());
    }
    remarks
}

/// The command that makes the found run again.
fn again(found: &Found, args: &Search, scenario: &Bound, columns: usize) -> String {
    let Some(pinned) = &found.pinned else {
        let text = "Too much of what the scenario decides itself would have to be forced to make this run again by a \
                    command. `--save FILE` writes it as a scenario.";
        return terminal::paragraph("", text, columns);
    };
    let names = &scenario.names;
    let force = found.departures.iter().chain(pinned);
    let force = force.map(|(choice, decision)| format!("{}={}", choice.name(names), decision.option(names)));
    let force: Vec<String> = args.force.iter().cloned().chain(force).collect();
    let mut command =
        format!("dsys run {}{} --seed {}", shell::quoted(&args.scenario), library::flags(), scenario.seed);
    for (flag, values) in [("--set", &args.set), ("--force", &force)] {
        for value in values {
            let _ = write!(command, " {flag} {}", shell::quoted(value));
        }
    }
    let lines = shell::in_lines(&command, columns.saturating_sub(2));
    let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("See it with\n{lines}")
}

/// Writes the found case as a scenario, once it is sure that this makes the same run.
fn save(place: &Place, found: &Found, answer: &Answer, request: &Request<'_>) -> anyhow::Result<()> {
    let setup = answer.in_words(&found.report.scenario.names);
    let text = found.as_scenario(request, &Saved { title: &found.title(), setup: &setup })?;
    let text = format!("{}\n# Found by `dsys search {}`.\n\n{text}", new::SCHEMA, request.name);
    let saved = Request { text: &text, set: &[], force: &[], seed: None, ..*request };
    let report = library()
        .load(&saved)
        .map_err(|invalid| anyhow::anyhow!("the case cannot be written as a scenario:\n{invalid}"))
        .and_then(|scenario| report::run(&scenario, Claims::Always).map_err(|complaints| refused(&complaints)))?;
    if report.expected != Some(true) || report.trace.digest != found.report.trace.digest {
        anyhow::bail!("the case cannot be written as a scenario: its run would be another");
    }
    place.keep(|out| out.write_all(text.as_bytes()))?;
    if place.is_stdout() {
        return Ok(());
    }
    let file = place.path().to_string_lossy();
    writeln!(
        anstream::stderr(),
        "`{file}` is written. Run it with\n  dsys run {}",
        shell::quoted(&source::typed(place.path()))
    )?;
    Ok(())
}

fn say_what_was_not_written(args: &Search) {
    for path in args.save.iter().chain(&args.diagram) {
        // Where standard error is gone, the answer still tells.
        let _ = writeln!(anstream::stderr(), "`{}` is not written: nothing was found", path.display());
    }
}
