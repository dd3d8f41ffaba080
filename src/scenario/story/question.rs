//! The questions of a story.

use std::collections::BTreeMap;

use crate::scenario::cast::Cast;
use crate::scenario::findings::{Findings, short};
use crate::scenario::spec;
use crate::scenario::statement::OF_A_RUN;
use crate::scenario::values::At;
use crate::scenario::when::{Known, When};
use crate::scenario::{BeatWhen, Predict, PredictChoice, Right};
use crate::time::Time;

/// Reads the questions. What their choices name must be among what is `known`; or, if it
/// `may_lack`, the question is left out.
pub(in crate::scenario) fn read(
    questions: &[At<spec::Predict>],
    cast: &Cast<'_>,
    known: &Known<'_>,
    may_lack: bool,
    findings: &mut Findings,
) -> Vec<Predict> {
    let asked = |question: &At<spec::Predict>| {
        if !may_lack {
            return Some(one(question, cast, known, findings));
        }
        let mut lacking = Findings::default();
        let read = one(question, cast, known, &mut lacking);
        lacking.is_empty().then_some(read)
    };
    questions.iter().filter_map(asked).collect()
}

fn one(question: &At<spec::Predict>, cast: &Cast<'_>, known: &Known<'_>, findings: &mut Findings) -> Predict {
    let mut seen: BTreeMap<&str, &At<String>> = BTreeMap::new();
    for choice in &question.choices {
        if let Some(first) = seen.insert(&choice.say, &choice.say) {
            findings.add_beside(choice.say.span(), "the same answer twice", "", (first.span(), "first here"));
        }
    }
    let choices: Vec<PredictChoice> =
        question.choices.iter().filter_map(|choice| self::choice(choice, known, findings)).collect();
    let is_never = |choice: &PredictChoice| matches!(choice.right, Right::Never(_));
    if choices.len() == question.choices.len() && choices.iter().all(is_never) {
        let help = "say of one of them `when` it is right";
        findings.add(question.span(), "no run makes any of these choices right", help);
    }
    let (ask, none) = (question.ask.clone(), question.none.clone());
    Predict { ask, when: moment(question, cast, findings), choices, none }
}

/// When it is asked. Of a run without the message it is asked before the first event.
fn moment(question: &spec::Predict, cast: &Cast<'_>, findings: &mut Findings) -> Option<BeatWhen> {
    match (&question.at, &question.on) {
        (None, None) => None,
        (Some(at), None) => Some(BeatWhen::At(Time::ZERO + **at)),
        (None, Some(on)) if cast.is_cut(on) => None,
        (None, Some(on)) => cast.message(on, findings).map(BeatWhen::On),
        (Some(at), Some(on)) => {
            let help = "a question is asked at a moment, or with a message";
            findings.add_beside(on.span(), "`at` and `on` exclude each other", help, (at.span(), ""));
            None
        }
    }
}

fn choice(choice: &At<spec::PredictChoice>, known: &Known<'_>, findings: &mut Findings) -> Option<PredictChoice> {
    let right = match (&choice.when, &choice.because) {
        (Some(when), None) => condition(when, known, findings).map(Right::When),
        (None, Some(because)) => Some(Right::Never(because.clone())),
        (Some(when), Some(_)) => {
            let help = "`because` is for a choice that no run can make right: leave one of them out";
            findings.add(when.span(), "`when` and `because` exclude each other", help);
            None
        }
        (None, None) if findings.lost(choice.span()).next().is_some() => None,
        (None, None) => {
            let help = "write `when = \"agreement: violated\"`, or `because = \"…\"` if no run can make it right";
            findings.add(choice.span(), "this choice does not say when it is right", help);
            None
        }
    }?;
    Some(PredictChoice { say: (*choice.say).clone(), right })
}

/// Reads a condition. What it names must be among what is `known`.
pub(in crate::scenario) fn condition(text: &At<String>, known: &Known<'_>, findings: &mut Findings) -> Option<When> {
    let when = When::read(text).map_err(|(message, help)| {
        let help = if help == OF_A_RUN { HOW_TO_WRITE.to_owned() } else { help };
        findings.add(text.span(), format!("`{}`: {message}", short(text)), help);
    });
    let when = when.ok()?;
    for statement in when.statements() {
        if let Err((message, help)) = known.check(statement) {
            findings.add(text.span(), message, help);
            return None;
        }
    }
    Some(when)
}

const HOW_TO_WRITE: &str = "a condition is as in `agreement: violated`, `messages = 4`, `decision of bob = attack`, \
                            `decision includes attack` and `alice:bob:1 before decision of bob`, with `and`, `or` and \
                            `not` between";
