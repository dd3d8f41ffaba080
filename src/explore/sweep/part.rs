//! Parts of a sweep that were run apart, on several machines perhaps, and joined again exactly.
//!
//! A part says all that was asked for, the scenario's text included, so that joining needs nothing
//! else, and counts in integers: so the whole is the same, byte for byte, as if it had been swept
//! at once. A checksum tells a file that was damaged since it was written, and what it says in more
//! than one field must agree: no part is believed blindly.

use std::io;

use serde::{Deserialize, Serialize};

use crate::problems::Registry;

use super::Sweep;
use super::plan::{Plan, Wanted};
use super::refused::Refused;
use super::sense::{self, Nonsense};
use super::shard::Shard;
use super::tally::{Counts, Tally};

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
    /// CRC-32 of all that is before it, written as compact JSON: tells a file that was damaged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checksum: Option<String>,
}

impl Part {
    /// What came of one part of a plan.
    pub fn new(plan: &Plan, sweep: Sweep) -> Part {
        let mut part = Part {
            dsys: KIND.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            wanted: plan.wanted().clone(),
            shard: plan.shard(),
            partial: sweep.is_partial,
            points: sweep.counts,
            checksum: None,
        };
        part.checksum = Some(part.sum());
        part
    }

    /// What its checksum must be.
    fn sum(&self) -> String {
        let mut hasher = Hasher(crc32fast::Hasher::new());
        let bare = Part { checksum: None, ..self.clone() };
        // What is written into a hasher is written.
        let _ = serde_json::to_writer(&mut hasher, &bare);
        format!("crc32:{:08x}", hasher.0.finalize())
    }
}

/// A checksum that can be written into.
struct Hasher(crc32fast::Hasher);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
    /// A file cannot be read.
    #[error("`{file}` cannot be read: {why}")]
    Unreadable {
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

/// Joins all parts of a sweep, each with its file's name.
///
/// # Errors
///
/// When one is no part, belongs to another sweep, was stopped before its end, is there twice, or is
/// missing.
pub fn join(registry: Registry, parts: &[(String, Part)]) -> Result<(Plan, Sweep), NotJoined> {
    let Some(((first_name, first), others)) = parts.split_first() else {
        return Err(NotJoined::Missing { missing: vec![1], of: 1 });
    };
    for (name, part) in others {
        part.belongs_to(first).map_err(|what| foreign(name, format!("{what} `{first_name}`")))?;
    }
    check_all_there(parts)?;
    let refused = |refused| NotJoined::Refused { file: first_name.clone(), refused };
    let plan = Plan::new(registry, first.wanted.clone(), Shard::WHOLE).map_err(refused)?;
    let mut joined: Vec<Option<Tally>> = vec![None; plan.points()];
    for (name, part) in parts {
        part.make_sense(&plan).map_err(|nonsense| damaged(name, &nonsense))?;
        let histogram = || foreign(name, "is damaged: a histogram in it is not one of ours");
        let tallies = part.tallies().ok_or_else(histogram)?;
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

fn damaged(file: &str, nonsense: &Nonsense) -> NotJoined {
    foreign(file, format!("is damaged: `{}` {}", nonsense.field, nonsense.why))
}

/// The most bytes of a part that are read. One of ten thousand points with ten measures each has
/// some hundred million.
const MOST_BYTES: u64 = 1 << 30;

/// A reader that fails where too much has been read.
struct Limited<R> {
    from: R,
    left: u64,
}

impl<R: io::Read> io::Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let room = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let count = self.from.read(&mut buffer[..room])?;
        self.left -= count as u64;
        Ok(count)
    }
}

/// Reads one part from its file, no further than what is wrong with it.
///
/// # Errors
///
/// When it cannot be read, or is no part that can be joined with others.
pub fn read(registry: Registry, name: &str, from: impl io::Read) -> Result<Part, NotJoined> {
    let part = parse(name, from, MOST_BYTES)?;
    let (version, shard) = (env!("CARGO_PKG_VERSION"), part.shard);
    if part.dsys != KIND {
        Err(foreign(name, format!("is no part of a sweep, but `{}`", part.dsys)))
    } else if part.version != version {
        Err(foreign(name, format!("was made by dsys {}, and this is {version}", part.version)))
    } else if part.checksum.is_none() {
        Err(foreign(name, "has no `checksum`: an older dsys wrote it; sweep this part again"))
    } else if !(1..=shard.of).contains(&shard.part) {
        Err(foreign(name, format!("is damaged: `shard` says {shard}, and there is no such part")))
    } else if part.partial {
        Err(foreign(name, format!("is not whole: part {shard} was interrupted; sweep it again")))
    } else if part.checksum != Some(part.sum()) {
        Err(part.damage(registry, name))
    } else {
        Ok(part)
    }
}

fn parse(name: &str, from: impl io::Read, most: u64) -> Result<Part, NotJoined> {
    let limited = io::BufReader::new(Limited { from, left: most });
    serde_json::from_reader(limited).map_err(|error| unread(name, &error, most))
}

fn unread(name: &str, error: &serde_json::Error, most: u64) -> NotJoined {
    use serde_json::error::Category;
    match (error.classify(), error.io_error_kind()) {
        (_, Some(io::ErrorKind::FileTooLarge)) => {
            foreign(name, format!("is larger than {} MiB: no part of a sweep is", most >> 20))
        }
        (Category::Io, _) => NotJoined::Unreadable { file: name.to_owned(), why: error.to_string() },
        (Category::Data, _) => foreign(name, format!("is no part of a sweep: {error}")),
        (Category::Syntax | Category::Eof, _) => foreign(name, format!("is no JSON: {error}")),
    }
}

fn check_all_there(parts: &[(String, Part)]) -> Result<(), NotJoined> {
    for (index, (name, part)) in parts.iter().enumerate() {
        if let Some((other, _)) = parts[..index].iter().find(|(_, other)| other.shard == part.shard) {
            let (file, other) = (name.clone(), other.clone());
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

    /// What is wrong with a part whose checksum is: the field, if one alone tells.
    fn damage(&self, registry: Registry, name: &str) -> NotJoined {
        let sense = Plan::new(registry, self.wanted.clone(), Shard::WHOLE).map(|plan| self.make_sense(&plan));
        match sense {
            Ok(Err(nonsense)) => damaged(name, &nonsense),
            _ => {
                let (said, is) = (self.checksum.as_deref().unwrap_or_default(), self.sum());
                foreign(name, format!("is damaged: `checksum` is {said}, and that of what it holds is {is}"))
            }
        }
    }

    /// Checks whether the counts can be those of such a part.
    fn make_sense(&self, plan: &Plan) -> Result<(), Nonsense> {
        if self.points.len() != plan.points() {
            let why = format!("has {} rows, and the grid has {} points", self.points.len(), plan.points());
            return Err(Nonsense { field: "points".to_owned(), why });
        }
        let runs = self.shard.of_runs(plan.runs());
        for (index, counts) in self.points.iter().enumerate() {
            let place = format!("points[{index}]");
            let Some(counts) = counts else {
                return Err(Nonsense {
                    field: place,
                    why: "is not there, and the part is said to be whole".to_owned(),
                });
            };
            let entry = plan.point(index).entry;
            sense::point(counts, &runs, entry.properties.len(), entry.measures.len())
                .map_err(|nonsense| Nonsense { field: format!("{place}.{}", nonsense.field), ..nonsense })?;
        }
        Ok(())
    }

    /// The counts of each point, ready to be added to. `None` where one has a histogram that is not
    /// ours.
    fn tallies(&self) -> Option<Vec<Tally>> {
        self.points.iter().map(|counts| counts.as_ref()?.tally()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_far_as_a_part_may_be_large() {
        let check = |text: &str, most: u64, expect: &str| {
            let said = parse("p", text.as_bytes(), most).unwrap_err().to_string();
            assert!(said.starts_with(expect), "{said}");
        };
        let blanks = " ".repeat(3 << 20);
        check(&blanks, 2 << 20, "`p` is larger than 2 MiB: no part of a sweep is");
        check(&blanks, 4 << 20, "`p` is no JSON: EOF");
    }
}
