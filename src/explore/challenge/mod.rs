//! The judge of challenges: whether changes of a scenario make it meet all that its `[challenge]`
//! asks, against many seeds and against the worst case of its `[search]`.
//!
//! An answer is solved if nothing breaks it, or it comes back with the smallest failure that does,
//! as an ordinary run that anybody can make again. "It cannot be done" is an answer, too: it is
//! proved by trying all that is allowed, and refuted by something allowed that nothing breaks,
//! which is not told.

mod combinations;
mod judge;
pub mod keys;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value as Json;

use crate::problems::{Bound, Entry, Registry};
use crate::scenario::{Challenge, Complaint, Invalid, Limits, NotAllowed, Request, is_same};

pub use combinations::MOST_COMBINATIONS;
use combinations::combinations;
pub use judge::{Failure, Judged};

/// A scenario with a challenge.
#[derive(Clone, Debug)]
pub struct Task<'a> {
    registry: Registry,
    request: Request<'a>,
    /// What each run may use, even if the scenario allows itself more.
    most: Limits,
    /// The scenario as it stands, with nothing changed.
    pub scenario: Bound,
    /// What is asked.
    pub challenge: Challenge,
}

/// Why an answer is not judged.
#[derive(Debug)]
pub enum Refused {
    /// The challenge does not allow a change.
    NotAllowed(NotAllowed),
    /// The changes do not go together.
    Scenario(Box<Invalid>),
    /// The protocol refuses what was loaded, which should not be.
    Protocol(Vec<Complaint>),
}

/// What became of an answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it sets: keys and values.
    pub settings: Vec<(String, String)>,
    /// The keys among them that are so as the scenario stands: to set them changes nothing.
    pub unchanged: Vec<String>,
    /// How it was judged.
    pub judged: Judged,
    /// The runs of its own, each with a seed, and those of searches.
    pub runs: Runs,
}

impl Answer {
    /// How many changes it takes.
    pub fn changes(&self) -> usize {
        self.settings.len() - self.unchanged.len()
    }
}

/// How many runs the judge has made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// With a seed each.
    pub seeds: u64,
    /// Of searches for the worst case.
    pub searched: u64,
}

/// What became of the claim that no answer exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It is true: all that is allowed was tried, and each was broken by a run.
    Exhausted,
    /// It is true, by the theorem that the challenge names: all that is allowed is too much to try.
    Theorem,
    /// It is false: something allowed was tried, and nothing broke it.
    Refuted,
    /// Neither is known: nothing of what was tried solves it, and the challenge names no theorem.
    Open,
    /// Somebody stopped it.
    Stopped,
}

impl Claimed {
    /// Whether the claim is true.
    pub fn is_proved(self) -> bool {
        matches!(self, Claimed::Exhausted | Claimed::Theorem)
    }
}

/// What is told every now and then how many runs there were, from any thread; it stops the judge by
/// breaking.
pub type Told<'a> = &'a (dyn Fn(u64) -> ControlFlow<()> + Sync);

/// Counts the runs, and asks whether to go on.
struct Meter<'a> {
    seeds: AtomicU64,
    searched: AtomicU64,
    told: Told<'a>,
}

impl<'a> Meter<'a> {
    fn new(told: Told<'a>) -> Meter<'a> {
        Meter { seeds: AtomicU64::new(0), searched: AtomicU64::new(0), told }
    }

    fn add_seed(&self) {
        self.seeds.fetch_add(1, Ordering::Relaxed);
    }

    fn add_searched(&self, runs: u64) {
        self.searched.fetch_add(runs, Ordering::Relaxed);
    }

    fn runs(&self) -> Runs {
        Runs { seeds: self.seeds.load(Ordering::Relaxed), searched: self.searched.load(Ordering::Relaxed) }
    }

    fn all(&self) -> u64 {
        let Runs { seeds, searched } = self.runs();
        seeds + searched
    }

    fn goes_on(&self) -> ControlFlow<()> {
        (self.told)(self.all())
    }
}

impl<'a> Task<'a> {
    /// The task of a scenario; `None` if it has none. `request` has no flags.
    ///
    /// # Errors
    ///
    /// All that is wrong with the file.
    pub fn of(registry: Registry, request: &Request<'a>) -> Result<Option<Task<'a>>, Invalid> {
        let request = Request { set: &[], force: &[], seed: None, ..*request };
        let scenario = registry.load(&request)?;
        let challenge = scenario.challenge.clone();
        Ok(challenge.map(|challenge| Task { registry, request, most: Limits::MOST, scenario, challenge }))
    }

    /// The same task, judged by runs that use no more than this.
    pub fn within(self, most: Limits) -> Task<'a> {
        Task { most, ..self }
    }

    /// What the scenario says of a key that may be changed, or what its protocol takes if it says
    /// nothing. `None` of what is no single word or number, and of what has no default.
    pub fn now(&self, key: &str) -> Option<String> {
        match (self.written(key), key.strip_prefix("params.")) {
            (Some(toml::Value::String(text)), _) => Some(text),
            (Some(toml::Value::Array(nodes)), _) if key == "nodes" => Some(nodes.len().to_string()),
            (Some(toml::Value::Array(_) | toml::Value::Table(_)), _) | (None, None) => None,
            (Some(scalar), _) => Some(scalar.to_string()),
            (None, Some(parameter)) => {
                match (self.scenario.entry.params)().get("properties")?.get(parameter)?.get("default")? {
                    Json::String(text) => Some(text.clone()),
                    scalar if scalar.is_number() || scalar.is_boolean() => Some(scalar.to_string()),
                    _ => None,
                }
            }
        }
    }

    /// What the file says of a key.
    fn written(&self, key: &str) -> Option<toml::Value> {
        let file: toml::Table = self.request.text.parse().ok()?;
        let mut path = key.split('.');
        let first = file.get(path.next()?);
        path.fold(first, |value, step| value?.as_table()?.get(step)).cloned()
    }

    /// Judges an answer: `KEY=VALUE` of each change.
    ///
    /// # Errors
    ///
    /// Why it is not judged.
    pub fn answer(&self, set: &[String], told: Told<'_>) -> Result<Answer, Refused> {
        let settings = self.challenge.settings(set).map_err(Refused::NotAllowed)?;
        self.go_together(&settings).map_err(Refused::NotAllowed)?;
        let scenario = self.load(set).map_err(|invalid| Refused::Scenario(Box::new(invalid)))?;
        let meter = Meter::new(told);
        let judged = judge::judge(&scenario, &self.challenge, &meter).map_err(Refused::Protocol)?;
        let unchanged = self.unchanged(&settings);
        Ok(Answer { settings, unchanged, judged, runs: meter.runs() })
    }

    /// Whether the protocol that is chosen takes all other keys. A scenario that does not load
    /// would say so too, but not that another protocol takes them.
    fn go_together(&self, settings: &[(String, String)]) -> Result<(), NotAllowed> {
        let chosen = settings.iter().find(|(key, _)| key == "protocol").map(|(_, value)| value.as_str());
        let protocols = keys::protocols(&self.scenario, &self.challenge);
        let is_chosen = |entry: &&&Entry| chosen.is_none_or(|name| is_same(entry.name, name));
        let Some(&entry) = protocols.iter().find(is_chosen) else { return Ok(()) };
        let Some((key, _)) = settings.iter().find(|(key, _)| !keys::takes(entry, key)) else { return Ok(()) };
        let with = keys::only_with(&self.scenario, &self.challenge, key);
        let with: Vec<String> = with.iter().map(|name| format!("`{name}`")).collect();
        Err(NotAllowed {
            message: format!("`{key}` means nothing with `protocol = {}`", entry.name),
            help: format!("it belongs to {}", with.join(" and ")),
        })
    }

    /// The keys that an answer sets to what they are. With another protocol what the file does not
    /// say may be another default, so that counts as changed.
    fn unchanged(&self, settings: &[(String, String)]) -> Vec<String> {
        let now = |key: &str| self.now(key);
        let is_so = |(key, value): &&(String, String)| now(key).is_some_and(|now| is_same(&now, value));
        let same: Vec<String> = settings.iter().filter(is_so).map(|(key, _)| key.clone()).collect();
        let is_other = settings.iter().any(|(key, _)| key == "protocol" && !same.contains(key));
        same.into_iter().filter(|key| !is_other || self.written(key).is_some()).collect()
    }

    /// Judges the claim that no answer exists, and says how many runs that took. All that is
    /// allowed is tried, fewer changes first, up to [`MOST_COMBINATIONS`].
    ///
    /// # Errors
    ///
    /// What a protocol has against a scenario that was loaded, which should not be.
    pub fn claim_impossible(&self, told: Told<'_>) -> Result<(Claimed, u64), Refused> {
        let meter = Meter::new(told);
        let all = combinations(&self.challenge.change);
        if all.is_none() && self.challenge.impossible.is_some() {
            return Ok((Claimed::Theorem, 0));
        }
        let is_known = all.is_some() && self.challenge.impossible.is_some();
        for set in all.into_iter().flatten() {
            match self.judged(&set, &meter)? {
                Some(Judged::Solved) => return Ok((Claimed::Refuted, meter.all())),
                Some(Judged::Stopped) => return Ok((Claimed::Stopped, meter.all())),
                Some(Judged::Broken(_)) | None => {}
            }
        }
        Ok((if is_known { Claimed::Exhausted } else { Claimed::Open }, meter.all()))
    }

    /// All combinations of at most so many of the allowed changes that solve it, fewest changes
    /// first: for tests, since it tells the answer. `None` if there are more than
    /// [`MOST_COMBINATIONS`] to try.
    ///
    /// # Errors
    ///
    /// As for [`Task::claim_impossible`].
    pub fn solutions(&self, at_most: usize) -> Result<Option<Vec<Vec<String>>>, Refused> {
        let meter = Meter::new(&|_| ControlFlow::Continue(()));
        let Some(all) = combinations(&self.challenge.change) else { return Ok(None) };
        let mut solutions = Vec::new();
        for set in all.into_iter().filter(|set| set.len() <= at_most) {
            if let Some(Judged::Solved) = self.judged(&set, &meter)? {
                solutions.push(set);
            }
        }
        Ok(Some(solutions))
    }

    /// How a combination is judged; `None` if its changes do not go together.
    fn judged(&self, set: &[String], meter: &Meter<'_>) -> Result<Option<Judged>, Refused> {
        let Ok(scenario) = self.load(set) else { return Ok(None) };
        judge::judge(&scenario, &self.challenge, meter).map(Some).map_err(Refused::Protocol)
    }

    fn load(&self, set: &[String]) -> Result<Bound, Invalid> {
        let mut bound = self.registry.load(&Request { set, ..self.request })?;
        bound.scenario.limits = bound.scenario.limits.at_most(self.most);
        Ok(bound)
    }
}
