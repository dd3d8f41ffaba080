//! The judge of challenges, told of while it judges: lines of JSON, as a sweep tells them.

use serde::{Deserialize, Serialize};

use crate::explore::challenge::{Answer, Claimed, Failure, Judged, Task, Told};
use crate::explore::on_one_thread;
use crate::library::Library;
use crate::scenario::{Challenge, Limits};
use crate::view::challenge as words;

use super::lines::Lines;
use super::refusal::Refusal;
use super::run_request::{Asked, RunRequest, RunTold, order_of};
use super::share::Link;

/// An answer that is to be judged.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "ChallengeRequest"))]
#[serde(default, deny_unknown_fields)]
pub(super) struct ChallengeRequest {
    /// The scenario, and what the answer changes of it: only keys and values.
    order: RunRequest,
    /// Whether the answer is that nothing reaches the goal.
    impossible: bool,
}

/// A line of the judge.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum ChallengeTold<'a> {
    /// Now and then.
    Progress { progress: RunsJudged },
    /// At the end.
    Done { done: Box<Ruling<'a>> },
}

/// How many runs the judge has made.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RunsJudged {
    runs: u64,
}

/// What the judge says.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Ruling<'a> {
    solved: bool,
    /// Whether it ran out of time, so that nothing is decided.
    stopped: bool,
    /// In how many changes: none for the claim that nothing reaches the goal.
    changes: usize,
    par: u8,
    sentence: String,
    /// Why this is the answer, once it is found.
    lesson: Vec<String>,
    counterexample: Option<Counterexample<'a>>,
}

/// The run that breaks an answer.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Counterexample<'a> {
    because: String,
    /// What makes the run again in a terminal, or finds it again.
    command: String,
    /// What makes it here; null where only a search finds it.
    order: Option<RunTold<'a>>,
    /// Why more is forced than what goes wrong; null where it is not.
    aside: Option<String>,
}

/// Does what `POST /api/challenge` asks for.
///
/// Lines: `{ "progress" }` now and then; `{ "done" }` at the end.
pub(super) fn judge(request: ChallengeRequest, library: &Library, lines: &Lines<'_>) -> Result<(), Refusal> {
    // One thread: the cores are for those who run, too.
    on_one_thread(|| answer(request, library, lines)).map_err(|error| Refusal::internal(&error))?
}

fn answer(request: ChallengeRequest, library: &Library, lines: &Lines<'_>) -> Result<(), Refusal> {
    let refuse = Refusal::unfit;
    let asked = request.order.read(library)?;
    if asked.link.seed.is_some() || !asked.force.is_empty() {
        return Err(refuse("an answer changes keys, and neither seeds nor choices"));
    }
    let task = Task::of(library.registry(), &asked.request())?;
    let task = task.ok_or_else(|| refuse("the scenario has no challenge"))?.within(Limits::default());
    let told = |runs| lines.mention(|| ChallengeTold::Progress { progress: RunsJudged { runs } });
    if request.impossible {
        let done = Box::new(claim(&task, &told)?);
        lines.end(&ChallengeTold::Done { done });
        return Ok(());
    }
    let answer = task.answer(&asked.set, &told)?;
    let failure = match &answer.judged {
        Judged::Broken(failure) => Some((failure, link(&asked, failure))),
        Judged::Solved | Judged::Stopped => None,
    };
    let counterexample = failure.as_ref().map(|(failure, link)| Counterexample {
        because: words::broken(failure),
        command: words::again(failure, &asked.link.argument(library), &asked.set),
        order: link.as_ref().map(order_of),
        aside: words::taken_back(failure),
    });
    let done = Box::new(Ruling { counterexample, ..judged(&answer, &task.challenge) });
    lines.end(&ChallengeTold::Done { done });
    Ok(())
}

/// What the judge says of an answer.
fn judged<'a>(answer: &Answer, challenge: &Challenge) -> Ruling<'a> {
    let solved = answer.judged == Judged::Solved;
    Ruling {
        solved,
        stopped: answer.judged == Judged::Stopped,
        changes: answer.changes(),
        par: challenge.par,
        sentence: words::answered(answer, challenge),
        lesson: if solved { vec![challenge.lesson.clone()] } else { Vec::new() },
        counterexample: None,
    }
}

/// What the judge says of the claim that nothing reaches the goal.
fn claim<'a>(task: &Task<'_>, told: Told<'_>) -> Result<Ruling<'a>, Refusal> {
    let (claimed, runs) = task.claim_impossible(told)?;
    let solved = claimed.is_proved();
    Ok(Ruling {
        solved,
        stopped: claimed == Claimed::Stopped,
        changes: 0,
        par: task.challenge.par,
        sentence: words::claimed(claimed, runs),
        lesson: if solved { words::why_impossible(&task.challenge) } else { Vec::new() },
        counterexample: None,
    })
}

/// The link to the run that breaks an answer.
fn link(asked: &Asked, failure: &Failure) -> Option<Link> {
    let forced = failure.force.as_ref()?.iter().filter_map(|settled| settled.split_once('='));
    let force = forced.map(|(choice, option)| (choice.to_owned(), option.to_owned())).collect();
    Some(Link { seed: Some(failure.seed), force, ..asked.link.clone() })
}
