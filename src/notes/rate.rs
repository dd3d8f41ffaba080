//! Claims about many runs: how often, and how large on average, held against a sweep.
//!
//! What is claimed is claimed of every point of the sweep's grid:
//!
//! ```text
//! $ dsys sweep more-acks-do-not-help --over params.acks=0,3,6 --runs 2000
//! rate of agreement <= 0.25
//! mean of alone_given_attack ≈ theory
//! ```

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use crate::explore::sweep::{self, Plan, Refused, Row, Shard, Wanted};
use crate::library::Library;
use crate::view::shell::quoted;

use super::link::Wrong;
use super::run::Words;

/// The most runs that a note may ask for: what is claimed is run whenever somebody checks.
const MOST_RUNS: u64 = 200_000;

/// A sweep, as a command names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sweep {
    story: String,
    seed: Option<u64>,
    set: Vec<String>,
    force: Vec<String>,
    over: Vec<String>,
    runs: Option<u64>,
}

impl Sweep {
    /// The sweep that the words of a command name.
    pub(super) fn new(words: Words) -> Result<Sweep, Wrong> {
        let mut sweep = Sweep { story: words.story, ..Sweep::default() };
        for (flag, value) in words.flags {
            match flag.as_str() {
                "--seed" => sweep.seed = Some(number(&flag, &value)?),
                "--runs" => sweep.runs = Some(number(&flag, &value)?),
                "--over" => sweep.over.push(value),
                "--set" => sweep.set.push(value),
                _ => sweep.force.push(value),
            }
        }
        Ok(sweep)
    }

    /// The command that makes this sweep.
    pub(super) fn command(&self, library: &Library) -> String {
        let Sweep { story, seed, set, force, over, runs } = self;
        let mut command = format!("dsys sweep {}", library.short_name(story));
        let numbers = [("--runs", runs), ("--seed", seed)];
        for (flag, number) in numbers.into_iter().filter_map(|(flag, number)| Some((flag, number.as_ref()?))) {
            command.push_str(&format!(" {flag} {number}"));
        }
        for (flag, values) in [("--over", over), ("--set", set), ("--force", force)] {
            for value in values {
                command.push_str(&format!(" {flag} {}", quoted(value)));
            }
        }
        command
    }

    /// Runs it, on one thread: what a note claims is checked many at a time.
    pub(super) fn rows(&self, library: &Library) -> Result<Vec<Row>, Wrong> {
        let story = library
            .story(&self.story)
            .ok_or_else(|| (format!("there is no scenario `{}`", self.story), String::new()))?;
        let wanted = Wanted {
            scenario: self.story.clone(),
            name: story.name,
            origin: story.origin,
            text: story.text,
            set: self.set.clone(),
            force: self.force.clone(),
            seed: self.seed,
            over: self.over.clone(),
            runs: self.runs,
            precision: None,
        };
        let plan = Plan::new(library.registry(), wanted, Shard::WHOLE).map_err(refused)?;
        let runs = plan.runs().saturating_mul(plan.points() as u64);
        if runs > MOST_RUNS {
            let help = format!("a note may ask for {MOST_RUNS}; give `--runs`, or fewer points with `--over`");
            return Err((format!("this sweep has {runs} runs"), help));
        }
        let swept = sweep::sweep(&plan, NonZeroUsize::MIN, &|_| ControlFlow::Continue(())).map_err(refused)?;
        Ok(swept.rows(&plan))
    }
}

fn refused(refused: Refused) -> Wrong {
    match refused {
        Refused::Words { message, help } => (message, help),
        Refused::Scenario { at, invalid } => {
            let messages: Vec<&str> = invalid.messages().collect();
            (messages.join("; "), at)
        }
        ended @ Refused::Ended { .. } => (ended.to_string(), String::new()),
    }
}

fn number(flag: &str, value: &str) -> Result<u64, Wrong> {
    value.parse().map_err(|_| (format!("`{flag} {value}` is no whole number"), String::new()))
}
