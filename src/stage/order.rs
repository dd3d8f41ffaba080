//! What the page asks to be run, and the run.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::library::{self, NotFound};
use crate::problems::Registry;
use crate::report::{self, Claims, Report};
use crate::scenario::{self, Invalid, Limits, Request, Scenario};

use super::show::show;

/// What a run for the page may use at most. A scenario may allow itself more, which `dsys run` gives it; a page that
/// has to draw every event could not.
pub const MOST: Limits = Limits { events: 50_000, messages: 50_000, nodes: 200 };

/// A run that is asked for: a shipped scenario by name, or one as text, and what is changed of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The name of a shipped scenario; of a text, what to call it.
    pub scenario: Option<String>,
    /// A scenario file's text.
    pub text: Option<String>,
    /// The seed. A number that JavaScript cannot hold exactly can be given as text.
    #[serde(default)]
    pub seed: Option<Seed>,
    /// Keys and values, as `--set` takes them.
    #[serde(default)]
    pub set: Vec<(String, String)>,
    /// Choices and options, as `--force` takes them.
    #[serde(default)]
    pub force: Vec<(String, String)>,
}

/// A seed, as a number or as its digits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Seed {
    /// As a number.
    Number(u64),
    /// As digits.
    Digits(String),
}

/// Why an order is not run.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OrderError {
    /// It does not say what to run.
    #[error("say what to run: the name of a `scenario` that ships, or a `text`")]
    Nothing,
    /// No such scenario ships.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The scenario or the changes have errors.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// The seed is no number.
    #[error("a seed is a whole number from 0 to {}", u64::MAX)]
    Seed,
    /// A key or a choice would be read as something else.
    #[error("`{0}` is no name of a setting or a choice")]
    Name(String),
    /// There are more nodes than the page can draw.
    #[error("{nodes} nodes are more than the {} that the stage can show; `dsys run` takes more", MOST.nodes)]
    Nodes {
        /// How many there are.
        nodes: usize,
    },
}

/// What an order became: a scenario that the stage will run.
#[derive(Clone, Debug)]
pub struct Staged {
    /// The scenario, its limits lowered to the stage's.
    pub scenario: Scenario,
    /// Its limits as it has them itself.
    own: Limits,
    /// Whether it ships.
    ships: bool,
}

impl Order {
    /// Reads the scenario.
    ///
    /// # Errors
    ///
    /// All that is wrong with the order, or with the scenario.
    pub fn stage(&self) -> Result<Staged, OrderError> {
        let (name, origin, text) = match (&self.scenario, &self.text) {
            (None, None) => return Err(OrderError::Nothing),
            (name, Some(text)) => {
                let name = name.as_deref().unwrap_or("yours");
                (name.to_owned(), format!("{name}.toml"), text.clone())
            }
            (Some(name), None) => {
                let story = library::find(name, &Registry)?;
                (story.name.clone(), format!("{}.toml", story.path()), story.text)
            }
        };
        let (set, force) = (flags(&self.set)?, flags(&self.force)?);
        let seed = self.seed.as_ref().map(Seed::number).transpose()?;
        let request = Request { name: &name, origin: &origin, text: &text, set: &set, force: &force, seed };
        let mut scenario = scenario::load(&request, &Registry)?;
        let nodes = scenario.names.count();
        if nodes as u64 > MOST.nodes {
            return Err(OrderError::Nodes { nodes });
        }
        let own = scenario.limits;
        scenario.limits.events = own.events.min(MOST.events);
        scenario.limits.messages = own.messages.min(MOST.messages);
        Ok(Staged { scenario, own, ships: self.text.is_none() })
    }
}

impl Seed {
    fn number(&self) -> Result<u64, OrderError> {
        match self {
            Seed::Number(number) => Ok(*number),
            Seed::Digits(digits) => digits.parse().map_err(|_| OrderError::Seed),
        }
    }
}

/// Names and values as flags write them. The name ends at the first equals sign, so it can have none.
fn flags(pairs: &[(String, String)]) -> Result<Vec<String>, OrderError> {
    let flag = |(name, value): &(String, String)| {
        if name.contains('=') { Err(OrderError::Name(name.clone())) } else { Ok(format!("{name}={value}")) }
    };
    pairs.iter().map(flag).collect()
}

impl Staged {
    /// Runs it.
    pub fn run(&self) -> Result<Report, Vec<scenario::Complaint>> {
        let mut report = report::run(&self.scenario, Claims::IfUntouched)?;
        if self.is_cut_by_stage(&report) {
            // The claims are about the whole run, which this is not.
            report.expected = None;
        }
        Ok(report)
    }

    /// Whether the run would have gone on outside of the stage.
    fn is_cut_by_stage(&self, report: &Report) -> bool {
        report.trace.ended.is_cut_short() && self.own != self.scenario.limits
    }

    /// The answer of `POST /api/run`.
    pub fn answer(&self, report: &Report) -> Json {
        let limits = self.scenario.limits;
        json!({
            "report": report.to_json(),
            "show": show(report),
            "stage": {
                "cut": self.is_cut_by_stage(report),
                "ships": self.ships,
                "limits": { "events": limits.events, "messages": limits.messages, "nodes": MOST.nodes },
            },
        })
    }
}
