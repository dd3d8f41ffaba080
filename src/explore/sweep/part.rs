//! Parts of a sweep that were run apart, on several machines perhaps, and joined again exactly.
//!
//! A part says all that was asked for, the scenario's text included, so that joining needs nothing else, and counts in
//! integers: so the whole is the same, byte for byte, as if it had been swept at once.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Sweep;
use super::plan::{Plan, Refused, Wanted};
use super::shard::Shard;
use super::tally::{Counts, Tally, Verdicts};

/// What a file is that holds a part.
const KIND: &str = "part of a sweep";

/// One part of a sweep, as a file holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What the file is.
    dsys: String,
    /// The version of the program that ran it.
    version: String,
    /// What was asked for.
    wanted: Wanted,
    /// Which part it is.
    shard: Shard,
    /// Whether it was stopped before its end.
    partial: bool,
    /// The counts of each point, in the order of the grid.
    points: Vec<Option<Counts>>,
}

impl Part {
    /// What came of one part of a plan.
    pub fn new(plan: &Plan, sweep: Sweep) -> Part {
        Part {
            dsys: KIND.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            wanted: plan.wanted().clone(),
            shard: plan.shard(),
            partial: sweep.is_partial,
            points: sweep.counts,
        }
    }
}

/// Why parts cannot be joined.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotJoined {
    /// A file does not belong to the others, or is no part at all.
    #[error("`{file}` {why}")]
    Foreign {
        /// Its name.
        file: String,
        /// Why.
        why: String,
    },
    /// Two files hold the same runs.
    #[error("`{file}` holds part {shard}, which `{other}` holds too: its runs would count twice")]
    Overlapping {
        /// The second one's name.
        file: String,
        /// The first one's name.
        other: String,
        /// The part.
        shard: Shard,
    },
    /// Parts are not there.
    #[error("of {of} parts, {} not here: {}", if .missing.len() == 1 { "one is" } else { "some are" }, listed(.missing, *.of))]
    Missing {
        /// The numbers of those that are not.
        missing: Vec<u64>,
        /// How many parts there are.
        of: u64,
    },
    /// What the parts were made from cannot be swept, so they are not what they were.
    #[error("what `{file}` says was swept cannot be: {refused}")]
    Refused {
        /// The file's name.
        file: String,
        /// Why.
        refused: Refused,
    },
}

/// The first of these parts; a list of thousands helps nobody.
fn listed(missing: &[u64], of: u64) -> String {
    const SHOWN: usize = 8;
    let mut shown: Vec<String> = missing.iter().take(SHOWN).map(|part| format!("{part}/{of}")).collect();
    if missing.len() > SHOWN {
        shown.push(format!("and {} more", missing.len() - SHOWN));
    }
    shown.join(", ")
}

fn foreign(file: &str, why: impl Into<String>) -> NotJoined {
    NotJoined::Foreign { file: file.to_owned(), why: why.into() }
}

/// Joins the texts of all parts of a sweep, each with its file's name.
///
/// # Errors
///
/// When one is no part, belongs to another sweep, was stopped before its end, is there twice, or is missing.
pub fn join(files: &[(String, String)]) -> Result<(Plan, Sweep), NotJoined> {
    let parts =
        files.iter().map(|(name, text)| Ok((name.as_str(), read(name, text)?))).collect::<Result<Vec<_>, _>>()?;
    let Some(((first_name, first), others)) = parts.split_first() else {
        return Err(NotJoined::Missing { missing: vec![1], of: 1 });
    };
    for (name, part) in others {
        part.belongs_to(first).map_err(|what| foreign(name, format!("{what} `{first_name}`")))?;
    }
    check_all_there(&parts)?;
    let refused = |refused| NotJoined::Refused { file: (*first_name).to_owned(), refused };
    let plan = Plan::new(first.wanted.clone(), Shard::WHOLE).map_err(refused)?;
    let mut joined: Vec<Option<Tally>> = vec![None; plan.points()];
    for (name, part) in &parts {
        let tallies = part.tallies(&plan).ok_or_else(|| foreign(name, "is damaged: its counts do not fit together"))?;
        for (known, tally) in joined.iter_mut().zip(tallies) {
            let sum = match known.take() {
                Some(known) => {
                    known.plus(tally).ok_or_else(|| foreign(name, "is damaged: its counts are too large"))?
                }
                None => tally,
            };
            *known = Some(sum);
        }
    }
    let counts = joined.iter().map(|tally| tally.as_ref().map(Tally::counts)).collect();
    Ok((plan, Sweep { counts, is_partial: false }))
}

fn read(name: &str, text: &str) -> Result<Part, NotJoined> {
    let part: Part = serde_json::from_str(text).map_err(|error| {
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        foreign(name, if is_json { format!("is no part of a sweep: {error}") } else { format!("is no JSON: {error}") })
    })?;
    let (version, shard) = (env!("CARGO_PKG_VERSION"), part.shard);
    if part.dsys != KIND {
        Err(foreign(name, format!("is no part of a sweep, but `{}`", part.dsys)))
    } else if part.version != version {
        Err(foreign(name, format!("was made by dsys {}, and this is {version}", part.version)))
    } else if !(1..=shard.of).contains(&shard.part) {
        Err(foreign(name, format!("says that it is part {shard}, which cannot be")))
    } else if part.partial {
        Err(foreign(name, format!("is not whole: part {shard} was interrupted; sweep it again")))
    } else {
        Ok(part)
    }
}

fn check_all_there(parts: &[(&str, Part)]) -> Result<(), NotJoined> {
    for (index, (name, part)) in parts.iter().enumerate() {
        if let Some((other, _)) = parts[..index].iter().find(|(_, other)| other.shard == part.shard) {
            let (file, other) = ((*name).to_owned(), (*other).to_owned());
            return Err(NotJoined::Overlapping { file, other, shard: part.shard });
        }
    }
    let of = parts.first().map_or(1, |(_, part)| part.shard.of);
    if parts.len() as u64 == of {
        return Ok(());
    }
    const MOST_NAMED: usize = 1_000;
    let is_missing = |number: &u64| !parts.iter().any(|(_, part)| part.shard.part == *number);
    Err(NotJoined::Missing { missing: (1..=of).filter(is_missing).take(MOST_NAMED).collect(), of })
}

/// Whether the runs that verdicts name as examples are among these, and there where they must be.
fn has_examples_in(verdicts: &Verdicts, runs: &Range<u64>) -> bool {
    let &Verdicts { violated, first_violated, first_held, .. } = verdicts;
    let named = first_violated.into_iter().chain(first_held);
    named.into_iter().all(|run| runs.contains(&run)) && first_violated.is_some() == (violated > 0)
}

impl Part {
    /// Says how this part differs from one that it should be joined with.
    fn belongs_to(&self, first: &Part) -> Result<(), &'static str> {
        let (mine, its) = (&self.wanted, &first.wanted);
        let differing = [
            (mine.name != its.name || mine.text != its.text, "is of another scenario than"),
            (mine.over != its.over, "has another grid than"),
            (mine.runs != its.runs, "has another number of runs than"),
            (mine.seed != its.seed, "has another seed than"),
            (mine.set != its.set, "has other settings than"),
            (mine.force != its.force, "has other forced choices than"),
            (self.shard.of != first.shard.of, "is one of another number of parts than"),
        ];
        differing.into_iter().find(|(differs, _)| *differs).map_or(Ok(()), |(_, what)| Err(what))
    }

    /// The counts of each point, if they are what such a part counts.
    fn tallies(&self, plan: &Plan) -> Option<Vec<Tally>> {
        let runs = self.shard.of_runs(plan.runs());
        let of_point = |(point, counts): (usize, &Option<Counts>)| {
            let (counts, entry) = (counts.as_ref()?, plan.point(point).entry);
            let is_whole = counts.runs == runs.end - runs.start
                && counts.verdicts.len() == entry.properties.len()
                && counts.verdicts.iter().all(|one| has_examples_in(one, &runs))
                && counts.values.len() == entry.measures.len();
            is_whole.then(|| counts.tally()).flatten()
        };
        (self.points.len() == plan.points()).then(|| self.points.iter().enumerate().map(of_point).collect())?
    }
}
