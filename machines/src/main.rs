//! Prints what must be the same on every machine: of each shipped scenario the trace hash, the
//! verdicts, the measures and the runs of other seeds; of its report and its views a hash; and what
//! searches and sweeps tell.
//!
//! `.ci/machines` runs it on a machine of each kind and compares the texts. A line says one thing
//! of one scenario, so that the first line that differs says where to look. Within one machine it
//! checks that a run of which only verdicts are kept has the trace hash, the verdicts and the
//! measures of the run of which everything is.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use dsys::explore::search::{self, Effort};
use dsys::explore::sweep::{self, Plan, Shard, Wanted};
use dsys::library::{self, Story};
use dsys::problems::{Bound, SHIPPED};
use dsys::report::{self, Claims, Report, Trials};
use dsys::scenario::{Expected, Request};
use dsys::trace::Digest;
use dsys::view::terminal::{self, Print};
use dsys::view::{mermaid, perfetto, svg, trace_lines};

/// Seeds beside a scenario's own.
const SEEDS: std::ops::RangeInclusive<u64> = 2..=5;
/// The runs of a search, and those of each point of a sweep.
const RUNS: u64 = 20;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let mut out = io::stdout().lock();
    for story in library::stories() {
        tell(&story, &mut out).map_err(|error| format!("{}: {error}", story.path()))?;
    }
    Ok(())
}

fn tell(story: &Story, out: &mut impl Write) -> Done {
    let path = story.path();
    let scenario = load(story)?;
    let report = report::run(&scenario, Claims::Always).map_err(|complaints| format!("{complaints:?}"))?;
    let mut say = |what: &str, told: &dyn Display| writeln!(out, "{path} {what}: {told}");
    say("trace", &report.trace.digest)?;
    say("verdicts", &verdicts(&report))?;
    say("measures", &measures(&report))?;
    say("seeds", &seeds(&scenario, &report)?)?;
    say("report", &hash(serde_json::to_string(&report)?.as_bytes()))?;
    say("views", &views(&report)?)?;
    if scenario.search.is_some() {
        say("search", &found(&scenario)?)?;
    }
    if scenario.sweep.is_some() {
        say("sweep", &swept(story)?)?;
    }
    Ok(())
}

fn load(story: &Story) -> Result<Bound, String> {
    let Story { name, origin, text, .. } = story;
    let request = Request { origin, ..Request::new(name, text) };
    SHIPPED.load(&request).map_err(|invalid| invalid.to_string())
}

fn verdicts(report: &Report) -> String {
    let words = report.properties.iter().map(|judged| format!("{} {}", judged.name, judged.verdict.word()));
    words.collect::<Vec<_>>().join(", ")
}

fn measures(report: &Report) -> String {
    let told = |value: Option<i64>| value.map_or("undefined".to_owned(), |value| value.to_string());
    let values = report.measures.iter().map(|measured| format!("{} {}", measured.measure.name, told(measured.value)));
    values.collect::<Vec<_>>().join(", ")
}

/// The trace hashes of other seeds, as a sweep runs them, after the scenario's own seed has shown
/// that a sweep and a report see the same run.
fn seeds(scenario: &Bound, report: &Report) -> Result<String, String> {
    let mut trials = Trials::new(scenario).map_err(|complaints| format!("{complaints:?}"))?.digested();
    let mut goes_on = || ControlFlow::Continue(());
    let mut trial = trials.run(scenario.seed, None, &mut goes_on);
    let words: Vec<Expected> = trial.verdicts().map(|verdict| verdict.word()).collect();
    let values: Vec<Option<i64>> = trial.values().collect();
    let same = trial.trace().digest == report.trace.digest
        && words.into_iter().eq(report.properties.iter().map(|judged| judged.verdict.word()))
        && values.into_iter().eq(report.measures.iter().map(|measured| measured.value));
    if !same {
        return Err("the run of which everything is kept is another than that of which only outputs are".to_owned());
    }
    let digests = SEEDS.map(|seed| trials.run(seed, None, &mut goes_on).trace().digest.to_string());
    Ok(digests.collect::<Vec<_>>().join(" "))
}

/// Hashes of what is drawn and written of a report.
fn views(report: &Report) -> io::Result<String> {
    let print = Print { columns: terminal::WIDEST, scenario: "scenario", again: "again", has_states: true };
    let written = |write: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| -> io::Result<String> {
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        Ok(hash(&bytes))
    };
    let views = [
        ("terminal", hash(terminal::render(report, &print).as_bytes())),
        ("svg", hash(svg::render(report).as_bytes())),
        ("mermaid", hash(mermaid::render(report).as_bytes())),
        ("lines", written(&|out| trace_lines::write(&report.trace, out))?),
        ("perfetto", written(&|out| perfetto::write(report, out))?),
    ];
    Ok(views.map(|(view, hash)| format!("{view} {hash}")).join(", "))
}

fn found(scenario: &Bound) -> Result<String, String> {
    let spec = scenario.search.clone().unwrap_or_default();
    let effort = Effort { runs: RUNS, ..Effort::DEFAULT };
    let answer = search::search(scenario, &spec, effort, &|_| ControlFlow::Continue(()))
        .map_err(|complaints| format!("{complaints:?}"))?;
    Ok(answer.to_json(&scenario.name, &scenario.names).to_string())
}

fn swept(story: &Story) -> Result<String, Box<dyn Error>> {
    let wanted = Wanted {
        scenario: story.name.clone(),
        name: story.name.clone(),
        origin: story.origin.clone(),
        text: story.text.clone(),
        runs: Some(RUNS),
        ..Wanted::default()
    };
    let plan = Plan::new(SHIPPED, wanted, Shard::WHOLE)?;
    let sweep = sweep::sweep(&plan, NonZeroUsize::MIN, &|_| ControlFlow::Continue(()))?;
    Ok(hash(sweep::to_json(&plan, &sweep.rows(&plan), false).to_string().as_bytes()))
}

fn hash(bytes: &[u8]) -> String {
    format!("{:016x}", Digest::of_bytes(bytes))
}
