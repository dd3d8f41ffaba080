//! `dsys challenge`: tasks that are judged.

mod progress;

use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value as Json, json};

use crate::explore::challenge::{Answer, Claimed, Judged, Refused, Task, Told, keys};
use crate::library::{NotFound, catalogue, meant};
use crate::scenario::{Request, grouped, nearest};
use crate::view::challenge::{again, enemy, its_run};
use crate::view::shell::quoted;
use crate::view::terminal::challenge::{self as words, Listed};
use crate::view::terminal::paragraph;

use super::args::{Challenge, Color, Format};
use super::exit::Outcome;
use super::library::{self, library, registry};
use super::next;
use super::output::{self, Place};
use super::run::refused;
use super::source::{self, Source};
use super::usage::usage;
use super::{bar, interrupt};
use progress::Progress;

pub(super) fn run(args: &Challenge, color: Color) -> anyhow::Result<Outcome> {
    let place = Place::open(std::path::Path::new("-"))?;
    let out = Out { place, format: args.format, color };
    let Some(name) = &args.name else { return list(&out) };
    let source = source::read_or(name, &unknown)?;
    let Source { name: story, origin, text, .. } = &source;
    let request = Request { name: story, origin, text, set: &[], force: &[], seed: None };
    let Some(task) = Task::of(registry(), &request)? else {
        return Err(usage(format!("`{name}` has no challenge"), "`dsys challenge` lists those that have one"));
    };
    let asked = Asked { args, task: &task, source: &source, name: format!("{}{}", quoted(name), library::flags()) };
    match (args.hint, args.impossible, args.set.is_empty()) {
        (Some(number), ..) => hint(number, &asked, &out),
        (None, true, _) => claim(&asked, &out),
        (None, false, false) => judge(&asked, &out),
        (None, false, true) => tell(&asked, &out),
    }
}

/// What to say of a scenario that is not there: those that have a challenge are nearest.
fn unknown(error: &NotFound) -> anyhow::Error {
    let mut message = error.to_string();
    if let NotFound::Unknown { name, .. } = error {
        let tasks = catalogue::scenarios(library()).unwrap_or_default();
        let tasks = tasks.iter().filter(|(_, scenario)| scenario.challenge.is_some());
        let names: Vec<&str> = tasks.map(|(story, _)| story.name.as_str()).collect();
        if let Some(near) = nearest(name.rsplit('/').next().unwrap_or(name), names.iter().copied()) {
            message = format!("there is no scenario `{name}`{}", meant(Some(near)));
        }
    }
    usage(message, "`dsys challenge` lists the scenarios that have a challenge")
}

/// Where answers go, and how.
struct Out {
    place: Place,
    format: Format,
    color: Color,
}

impl Out {
    /// Prints text for people, which takes so many columns, or an object for programs.
    fn print(&self, text: impl FnOnce(usize) -> String, object: impl FnOnce() -> Json) -> anyhow::Result<()> {
        match self.format {
            Format::Text => {
                let text = text(output::columns_of(&self.place));
                self.place.keep_coloured(&format!("{}\n", text.trim_end()), self.color)
            }
            Format::Json => {
                let object = object();
                self.place.keep(|out| {
                    serde_json::to_writer_pretty(&mut *out, &object)?;
                    out.write_all(b"\n")
                })
            }
        }
    }
}

/// What somebody asks of one challenge.
struct Asked<'a> {
    args: &'a Challenge,
    task: &'a Task<'a>,
    source: &'a Source,
    /// What stands after `dsys challenge`, quoted for a shell.
    name: String,
}

fn list(out: &Out) -> anyhow::Result<Outcome> {
    let shipped = catalogue::scenarios(library())?;
    let mut rows = Vec::new();
    for (story, scenario) in &shipped {
        rows.extend(scenario.challenge.as_ref().map(|challenge| (story.path(), challenge)));
    }
    // Stable: within a level they stay in teaching order.
    rows.sort_by_key(|(_, challenge)| challenge.level);
    let solved = Progress::read().unwrap_or_else(|said| {
        progress::notice(&said);
        Progress::default()
    });
    let listed: Vec<Listed<'_>> = rows
        .iter()
        .map(|(path, challenge)| Listed { name: library().short_name(path), challenge, solved: solved.of(path) })
        .collect();
    let object = || {
        let row = |Listed { name, challenge, .. }: &Listed<'_>| json!({ "name": name, "level": challenge.level, "goal": challenge.goal, "par": challenge.par });
        listed.iter().map(row).collect()
    };
    let text = |columns| {
        let about = "Something in each of these scenarios is not right. Change what may be changed until nothing \
                     breaks it, in as few changes as you can; or say that it cannot be done.";
        let more = "`dsys challenge NAME` tells the task, and how an answer is judged.";
        let (about, more) = (paragraph("", about, columns), paragraph("", more, columns));
        format!("{about}\n{}{more}", words::list(&listed, columns))
    };
    out.print(text, object)?;
    Ok(Outcome::Done)
}

fn tell(asked: &Asked<'_>, out: &Out) -> anyhow::Result<Outcome> {
    let Asked { task, name, .. } = asked;
    let challenge = &task.challenge;
    let of_keys = |told: &dyn Fn(&str) -> Json| -> Json {
        challenge.change.iter().map(|(key, _)| (key.clone(), told(key))).collect::<serde_json::Map<_, _>>().into()
    };
    let object = || {
        json!({
            "name": task.scenario.name,
            "level": challenge.level,
            "goal": challenge.goal,
            "par": challenge.par,
            "setup": task.scenario.story.setup.trim(),
            "must": challenge.must.iter().map(|must| &must.text).collect::<Vec<_>>(),
            "change": challenge.change.iter().map(|(key, values)| (key.clone(), json!(values))).collect::<serde_json::Map<_, _>>(),
            "now": of_keys(&|key| task.now(key).into()),
            "only_with": of_keys(&|key| keys::only_with(&task.scenario, challenge, key).into()),
            "means": of_keys(&|key| keys::meaning(&task.scenario, challenge, key).into()),
            "runs": challenge.runs,
            "search": enemy(&task.scenario, challenge).map(|spec| json!({
                "may": spec.may.iter().map(|kind| kind.word()).collect::<Vec<_>>(),
                "at_most": spec.at_most,
            })),
            "hints": challenge.hints.len(),
        })
    };
    out.print(|columns| words::task(task, &format!("dsys challenge {name}"), columns), object)?;
    Ok(Outcome::Done)
}

fn hint(number: usize, asked: &Asked<'_>, out: &Out) -> anyhow::Result<Outcome> {
    let hints = &asked.task.challenge.hints;
    let Some(hint) = number.checked_sub(1).and_then(|index| hints.get(index)) else {
        let there = match hints.len() {
            1 => "there is only hint 1".to_owned(),
            2 => "there are hints 1 and 2".to_owned(),
            count => format!("there are hints 1 to {count}"),
        };
        return Err(usage(format!("there is no hint {number}"), there));
    };
    out.print(|columns| paragraph("", hint, columns), || json!({ "hint": hint, "number": number, "of": hints.len() }))?;
    Ok(Outcome::Done)
}

fn judge(asked: &Asked<'_>, out: &Out) -> anyhow::Result<Outcome> {
    let Asked { args, task, name, .. } = asked;
    let challenge = &task.challenge;
    let answer = watched(&|told| task.answer(&args.set, told))?;
    let Answer { settings, judged, .. } = &answer;
    let set: Vec<String> = settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let replay = match judged {
        Judged::Broken(failure) => Some((again(failure, name, &set), &failure.because)),
        _ => None,
    };
    let is_solved = *judged == Judged::Solved;
    let run = replay.as_ref().map_or_else(|| its_run(&answer, name), |(command, _)| command.clone());
    let object = || {
        partial(json!({
            "solved": is_solved,
            "changes": answer.changes(),
            "par": challenge.par,
            "claim": null,
            "proof": null,
            "runs": answer.runs.seeds,
            "searched": answer.runs.searched,
            "command": is_solved.then_some(&run),
            "lesson": is_solved.then_some(&challenge.lesson),
            "counterexample": replay.as_ref().map(|(command, because)| json!({ "command": command, "because": because })),
        }))
    };
    let text = |columns| {
        let answer = words::answer(&answer, challenge, &run, columns);
        if is_solved { with_next(&answer, asked, columns) } else { answer }
    };
    out.print(text, object)?;
    Ok(ended(asked, is_solved, answer.changes()))
}

fn claim(asked: &Asked<'_>, out: &Out) -> anyhow::Result<Outcome> {
    let challenge = &asked.task.challenge;
    let (claimed, runs) = watched(&|told| asked.task.claim_impossible(told))?;
    let proof = match claimed {
        Claimed::Exhausted => json!({ "kind": "exhausted", "runs": runs }),
        Claimed::Theorem => json!({ "kind": "theorem", "runs": runs }),
        Claimed::Refuted | Claimed::Open | Claimed::Stopped => Json::Null,
    };
    let is_solved = !proof.is_null();
    let object = || {
        partial(json!({
            "solved": is_solved,
            "changes": 0,
            "par": challenge.par,
            "claim": "impossible",
            "proof": proof,
            "counterexample": null,
        }))
    };
    let text = |columns| {
        let answer = words::claimed(claimed, runs, challenge, columns);
        if is_solved { with_next(&answer, asked, columns) } else { answer }
    };
    out.print(text, object)?;
    Ok(ended(asked, is_solved, 0))
}

/// An answer that solves it, with what comes next on the path.
fn with_next(answer: &str, asked: &Asked<'_>, columns: usize) -> String {
    let next = next::after_challenge(asked.source, columns);
    if next.is_empty() { answer.to_owned() } else { format!("{}\n\n{next}", answer.trim_end()) }
}

/// The object, marked if somebody interrupted the judge.
fn partial(mut object: Json) -> Json {
    if interrupt::came().is_some() {
        object["partial"] = true.into();
    }
    object
}

/// Takes note of what is solved, and says how the program ends.
fn ended(asked: &Asked<'_>, is_solved: bool, changes: usize) -> Outcome {
    if let Some(signal) = interrupt::came() {
        return Outcome::Interrupted(signal);
    }
    if !is_solved {
        return Outcome::Unexpected;
    }
    // A file of one's own has no name that stays.
    if let Some(path) = asked.source.ships.as_ref().filter(|_| !asked.args.no_progress) {
        progress::note(path, changes);
    }
    Outcome::Done
}

/// Judges, with a bar on a terminal, until somebody interrupts.
fn watched<T>(judged: &dyn Fn(Told<'_>) -> Result<T, Refused>) -> anyhow::Result<T> {
    interrupt::ask();
    let bar = ProgressBar::with_draw_target(None, bar::target());
    let style = "{spinner} {wide_msg} [{elapsed}]";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let told = |runs: u64| {
        bar.set_message(format!("{} runs", grouped(&runs)));
        if interrupt::came().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let result = judged(&told);
    bar.finish_and_clear();
    result.map_err(|error| match error {
        Refused::NotAllowed(not_allowed) => usage(not_allowed.message, not_allowed.help),
        Refused::Scenario(invalid) => (*invalid).into(),
        Refused::Protocol(complaints) => refused(&complaints),
    })
}
