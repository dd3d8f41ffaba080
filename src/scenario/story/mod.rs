//! The story of a scenario, and what it claims.

pub mod old;
mod question;
mod what_if;

use super::cast::Cast;
use super::findings::{Findings, known};
use super::spec;
use super::values::{At, Entries};
use super::when::Known;
use super::{Beat, BeatWhen, Claim, Story};
use crate::time::Time;
pub(super) use question::condition;
pub(super) use what_if::lines_to_try;

/// Reads the story. A question that names what is not `known` is wrong, or left out if it
/// `may_lack` that; so is a twin whose node is not there.
pub(super) fn read(
    story: &spec::Story,
    cast: &Cast<'_>,
    known: &Known<'_>,
    may_lack: bool,
    findings: &mut Findings,
) -> Story {
    Story {
        level: story.level,
        setup: story.setup.clone(),
        lesson: story.lesson.clone(),
        predict: question::read(&story.predict, cast, known, may_lack, findings),
        note: story.note.clone(),
        try_next: what_if::tries(&story.try_next),
        twin: what_if::twin(story.twin.as_ref(), cast, may_lack, findings),
        beats: beats(&story.beat, cast, findings),
    }
}

/// Reads the beats.
fn beats(beats: &[At<spec::Beat>], cast: &Cast<'_>, findings: &mut Findings) -> Vec<Beat> {
    let mut told = Vec::new();
    let mut latest: Option<&At<crate::time::Span>> = None;
    for beat in beats {
        let when = match (&beat.at, &beat.on) {
            (Some(at), None) => {
                if let Some(before) = latest.filter(|before| ***before > **at) {
                    let message = format!("this beat comes at {}, after one at {}", **at, **before);
                    findings.add_beside(at.span(), message, "beats are in time order", (before.span(), "told before"));
                }
                latest = Some(at);
                Some(BeatWhen::At(Time::ZERO + **at))
            }
            // With fewer nodes the story is another one, of which nothing is told; this part of it
            // cannot even happen.
            (None, Some(on)) if cast.is_cut(on) => None,
            (None, Some(on)) => cast.message(on, findings).map(BeatWhen::On),
            (Some(at), Some(on)) => {
                let help = "a beat comes at a moment or with a message";
                findings.add_beside(on.span(), "`at` and `on` exclude each other", help, (at.span(), ""));
                None
            }
            (None, None) if findings.lost(beat.span()).next().is_some() => None,
            (None, None) => {
                let help = "write `at = \"10ms\"`, or `on = \"alice:bob:1\"` for the arrival of a message";
                findings.add(beat.span(), "this beat does not say when it comes", help);
                None
            }
        };
        told.extend(when.map(|when| Beat { when, say: beat.say.clone() }));
    }
    told
}

/// Reads the claims. Of a property that has none the warnings tell: it may have been added since
/// the file was written.
pub(super) fn claims(
    expect: &At<Entries<Claim>>,
    cast: &Cast<'_>,
    warnings: &mut Vec<String>,
    findings: &mut Findings,
) -> Vec<(String, Claim)> {
    let properties = cast.vocabulary.properties(cast.problem, cast.protocol);
    for (name, _) in &expect.0 {
        if !properties.contains(&name.as_str()) {
            let message = format!("`{}` has no property `{}`", cast.protocol, **name);
            findings.add(name.span(), message, known("properties", properties.iter().copied(), name));
        }
    }
    let missing: Vec<String> = properties
        .iter()
        .filter(|&name| !expect.0.iter().any(|(claimed, _)| claimed.as_str() == *name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        warnings.push(format!(
            "`[expect]` claims nothing of {missing}: it may be added, as `holds`, `violated` or `unknown`"
        ));
    }
    expect.0.iter().map(|(name, claim)| ((**name).clone(), **claim)).collect()
}
