//! What a story asks: every run answers it, in one way, and nothing answers it before it is asked.

use dsys::explore::sweep::{self, Plan, Shard, Wanted};
use dsys::library::Story;
use dsys::problems::SHIPPED;
use dsys::report::{self, Claims, Prediction, Report};
use dsys::scenario::{BeatWhen, By, Flags, Request};
use dsys::time::Time;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

/// Seeds that each question is tried with.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=10;
/// Runs a point that decide a question about many.
const RUNS: u64 = 2_000;

pub(super) fn asks_what_every_run_answers(story: &Story) {
    let path = story.path();
    let shipped = run(story, &[], &[], None);
    let mut wrong = Vec::new();
    for (question, prediction) in shipped.scenario.story.predict.iter().zip(shipped.predictions()) {
        let asked = match question.when {
            None => Time::ZERO,
            Some(BeatWhen::At(at)) => at,
            Some(BeatWhen::On(message)) => end_of(&shipped, message),
        };
        // What is told at the very moment of the question is told after it.
        if let Some(seen) = shipped.first_seen_of(question).filter(|&seen| seen < asked) {
            wrong.push(format!("`{}` is asked at {asked:?}, and answered at {seen:?}", prediction.ask));
        }
        for beat in &shipped.scenario.story.beats {
            let told = match beat.when {
                BeatWhen::At(at) => at,
                BeatWhen::On(message) => end_of(&shipped, message),
            };
            let gives_away = |choice: &dsys::report::ChoiceTold| beat.say.contains(choice.say.trim_end_matches('.'));
            let is_long = |choice: &&dsys::report::ChoiceTold| choice.say.len() > 12;
            if told < asked && prediction.choices.iter().filter(is_long).any(gives_away) {
                wrong.push(format!("`{}` is answered by the beat `{}`", prediction.ask, beat.say));
            }
        }
    }
    check("the shipped run", &shipped.predictions(), &mut wrong);
    for seed in SEEDS {
        check(&format!("seed {seed}"), &run(story, &[], &[], Some(seed)).predictions(), &mut wrong);
    }
    for tried in &shipped.scenario.story.try_next {
        let Flags { set, force, seed } = Flags::read(&tried.flags).unwrap();
        check(&tried.flags, &run(story, &set, &force, seed).predictions(), &mut wrong);
    }
    if shipped.predictions().iter().any(|prediction| prediction.by == By::Sweep) {
        let mut of_many = sweep::predictions(&shipped.scenario, &swept(story));
        of_many.retain(|prediction| prediction.by == By::Sweep);
        check("its sweep", &of_many, &mut wrong);
    }
    assert!(wrong.is_empty(), "{path}:\n{}", wrong.join("\n"));
}

/// Exactly one choice is right; or none, and the question says what that means; or many runs
/// decide.
fn check(what: &str, predictions: &[Prediction], wrong: &mut Vec<String>) {
    for Prediction { ask, choices, answer, none, by, .. } in predictions {
        let right: Vec<&str> =
            choices.iter().filter(|choice| choice.is_true == Some(true)).map(|choice| choice.say.as_str()).collect();
        let is_open = choices.iter().any(|choice| choice.is_true.is_none());
        let is_fine = match &right[..] {
            _ if is_open => *by != By::Run && what != "its sweep",
            [] => none.is_some(),
            [_] => answer.is_some(),
            _ => false,
        };
        if !is_fine {
            wrong.push(format!("`{ask}` with {what}: right are {right:?}"));
        }
    }
}

fn run(story: &Story, set: &[String], force: &[String], seed: Option<u64>) -> Report {
    let request = Request { name: &story.name, origin: &story.origin, text: &story.text, set, force, seed };
    let scenario = SHIPPED.load(&request).unwrap_or_else(|invalid| panic!("{invalid}"));
    report::run(&scenario, Claims::IfUntouched).unwrap_or_else(|complaints| panic!("{complaints:?}"))
}

fn swept(story: &Story) -> Vec<sweep::Row> {
    let wanted = Wanted {
        scenario: story.path(),
        name: story.name.clone(),
        origin: story.origin.clone(),
        text: story.text.clone(),
        set: Vec::new(),
        force: Vec::new(),
        seed: None,
        over: Vec::new(),
        runs: Some(RUNS),
        precision: None,
    };
    let plan = Plan::new(SHIPPED, wanted, Shard::WHOLE).unwrap();
    let two = NonZeroUsize::new(2).unwrap();
    sweep::sweep(&plan, two, &|_| ControlFlow::Continue(())).unwrap().rows(&plan)
}

/// When a message's way ends.
fn end_of(report: &Report, message: dsys::process::MessageId) -> Time {
    let is_end = |event: &&dsys::trace::Event| event.what.is_fate() && event.what.message() == Some(message);
    report.trace.events.iter().find(is_end).map_or(Time::ZERO, |event| event.at)
}
