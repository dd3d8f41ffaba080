//! What the page asks to be run, the run, and what is told of it.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::explore::search::{Answer, Found, Saved};
use crate::library::{Library, NotFound};
use crate::problems::Bound;
use crate::report::{self, Claims, Report};
use crate::scenario::{Complaint, Invalid, Limits, Request, Scenario};
use crate::trace::StopReason;

use super::refusal::Refusal;
use super::share::{Link, LinkError};
use super::view_model::{self, ViewModel};

/// What a run for the page may use at most. A scenario may allow itself more, which `dsys run`
/// gives it; a page that has to draw every event could not.
pub const MOST: Limits = Limits { events: 50_000, messages: 50_000, nodes: 200 };

/// A text from this many bytes on takes a while to read. Those that ship have a few thousand.
pub(super) const LARGE_TEXT: usize = 64 << 10;

/// The most settings of an order, and the most forced choices: each is looked for among all the
/// others.
const MOST_CHANGES: usize = 2_048;

/// A run that is asked for: a shipped scenario by its name, or one as text, and what is changed of
/// it; or a link that says all that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[allow(clippy::disallowed_types, reason = "the key of a cache, which lives as long as the process")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "RunRequest"))]
#[serde(default, deny_unknown_fields)]
pub struct RunRequest {
    /// The name of a shipped scenario; of a text, what to call it.
    pub scenario: Option<String>,
    /// A scenario file's text.
    pub text: Option<String>,
    /// The seed. A number that JavaScript cannot hold exactly is given as its digits.
    pub seed: Option<Seed>,
    /// Keys and values, as `--set` takes them.
    pub set: Vec<(String, String)>,
    /// Choices and options, as `--force` takes them.
    pub force: Vec<(String, String)>,
    /// The fragment of a link. Nothing else can be said beside it.
    pub link: Option<String>,
}

/// A seed, as a number or as its digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[allow(clippy::disallowed_types, reason = "part of the key of a cache")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Seed {
    /// As a number.
    Number(u64),
    /// As digits.
    Digits(String),
}

/// Why an order is not run.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RequestError {
    /// It does not say what to run.
    #[error("say what to run: the name of a `scenario` that ships, a `text`, or a `link`")]
    Nothing,
    /// It says two things.
    #[error("a `link` says everything: nothing else can stand beside it")]
    LinkAndMore,
    /// The link is none.
    #[error(transparent)]
    Link(#[from] LinkError),
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
    /// There are more changes than anybody would make.
    #[error(
        "{changes} changes are more than the {MOST_CHANGES} that the stage takes; a scenario file has room for more"
    )]
    Changes {
        /// How many there are.
        changes: usize,
    },
    /// There are more nodes than the page can draw.
    #[error("{nodes} nodes are more than the {} that the stage can show; `dsys run` takes more", MOST.nodes)]
    Nodes {
        /// How many there are.
        nodes: usize,
    },
}

/// What is told of a run beside its report: how to come back to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The link that replays it.
    pub link: Link,
    /// What the run is not, a sentence each: what a link promised, or whole.
    pub remarks: Vec<String>,
    /// The command that makes it in a terminal.
    pub command: String,
    /// The scenario file's text.
    pub text: String,
}

/// An order that was read: which scenario, and what is changed of it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// All of it, as a link.
    pub(super) link: Link,
    /// Whether it came as one.
    is_link: bool,
    /// The story's name.
    pub(super) name: String,
    /// What errors call the text.
    pub(super) origin: String,
    /// The scenario file's text.
    pub(super) text: String,
    /// `KEY=VALUE` of each setting.
    pub(super) set: Vec<String>,
    /// `CHOICE=OPTION` of each forced choice.
    pub(super) force: Vec<String>,
}

impl Asked {
    /// Makes a scenario of it.
    pub(super) fn stage(self, library: &Library) -> Result<Staged, RequestError> {
        let mut bound = library.load(&self.request())?;
        let Asked { link, is_link, text, .. } = self;
        let nodes = bound.names.count();
        if nodes as u64 > MOST.nodes {
            return Err(RequestError::Nodes { nodes });
        }
        let own = bound.limits;
        bound.scenario.limits.events = own.events.min(MOST.events);
        bound.scenario.limits.messages = own.messages.min(MOST.messages);
        let remarks = if is_link { link.remarks(&bound.hash) } else { Vec::new() };
        Ok(Staged { telling: Telling::new(link, remarks, text, &bound, library), scenario: bound, own })
    }

    /// What there is to be read, in bytes.
    pub(super) fn size(&self) -> usize {
        let flags = self.set.iter().chain(&self.force).map(String::len);
        self.text.len() + flags.sum::<usize>()
    }

    /// As the loader of scenarios takes it.
    pub(super) fn request(&self) -> Request<'_> {
        let Asked { link, name, origin, text, set, force, .. } = self;
        Request { name, origin, text, set, force, seed: link.seed }
    }
}

/// A scenario that is ready to run.
#[derive(Clone, Debug)]
pub struct Staged {
    /// The scenario, its limits lowered to the stage's.
    pub scenario: Bound,
    /// What will be told of the run.
    pub telling: Telling,
    /// Its limits as it has them itself.
    own: Limits,
}

impl RunRequest {
    /// Makes a scenario of it.
    ///
    /// # Errors
    ///
    /// All that is wrong with the order, or with the scenario.
    pub fn stage(self, library: &Library) -> Result<Staged, RequestError> {
        self.read(library)?.stage(library)
    }

    /// Finds the scenario's text.
    pub(super) fn read(self, library: &Library) -> Result<Asked, RequestError> {
        let is_link = self.link.is_some();
        let mut link = self.into_link()?;
        let (name, origin, text) = match &link.text {
            Some(text) => (link.scenario.clone(), format!("{}.toml", link.scenario), text.clone()),
            None => {
                let story = library.story(&link.scenario);
                let story = story.map_or_else(|| library.find(&link.scenario), Ok)?;
                link.scenario = story.path();
                let origin = story.shown_origin().to_owned();
                (story.name, origin, story.text)
            }
        };
        let (set, force) = (flags(&link.set)?, flags(&link.force)?);
        Ok(Asked { link, is_link, name, origin, text, set, force })
    }

    /// The order as a link: what it has, read; what it makes, not yet filled in.
    fn into_link(self) -> Result<Link, RequestError> {
        let RunRequest { scenario, text, seed, set, force, link } = self;
        if let Some(link) = link {
            let has_more = scenario.is_some() || text.is_some() || seed.is_some();
            if has_more || !set.is_empty() || !force.is_empty() {
                return Err(RequestError::LinkAndMore);
            }
            return Ok(link.parse()?);
        }
        let scenario = match (scenario, &text) {
            (Some(scenario), _) => scenario,
            (None, Some(_)) => "mine".to_owned(),
            (None, None) => return Err(RequestError::Nothing),
        };
        let seed = seed.map(|seed| seed.number()).transpose()?;
        Ok(Link { scenario, text, seed, set, force, ..Link::default() })
    }
}

impl Seed {
    fn number(&self) -> Result<u64, RequestError> {
        match self {
            Seed::Number(number) => Ok(*number),
            Seed::Digits(digits) => digits.parse().map_err(|_| RequestError::Seed),
        }
    }
}

/// Names and values as flags write them. The name ends at the first equals sign, so it can have
/// none.
fn flags(pairs: &[(String, String)]) -> Result<Vec<String>, RequestError> {
    if pairs.len() > MOST_CHANGES {
        return Err(RequestError::Changes { changes: pairs.len() });
    }
    let flag = |(name, value): &(String, String)| {
        if name.contains('=') { Err(RequestError::Name(name.clone())) } else { Ok(format!("{name}={value}")) }
    };
    pairs.iter().map(flag).collect()
}

impl Staged {
    /// Runs it.
    ///
    /// # Errors
    ///
    /// What the protocol has against the scenario; a scenario that was loaded has passed this
    /// before.
    pub fn run(&mut self) -> Result<Report, Vec<Complaint>> {
        self.run_while(&mut || ControlFlow::Continue(()))
    }

    /// The same, for a run that somebody may stop: see [`report::run_while`].
    ///
    /// # Errors
    ///
    /// Those of [`Staged::run`].
    pub fn run_while(&mut self, goes_on: &mut dyn FnMut() -> ControlFlow<()>) -> Result<Report, Vec<Complaint>> {
        let mut report = report::run_while(&self.scenario, Claims::IfUntouched, goes_on)?;
        if report.trace.ended.is_cut_short() && self.own != self.scenario.limits {
            // The claims are about the whole run, which this is not.
            report.expected = None;
            let limits = format!("{} events or {} messages under way at once", MOST.events, MOST.messages);
            let command = &self.telling.command;
            self.telling.remarks.push(format!("The stage stops a run at {limits}. To its end: `{command}`"));
        }
        Ok(report)
    }

    /// Runs it, unless nobody waits for it any more.
    pub(super) fn report(&mut self, is_wanted: &dyn Fn() -> bool) -> Result<Report, Refusal> {
        if !is_wanted() {
            return Err(Refusal::ended());
        }
        let mut goes_on = || if is_wanted() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        let report = self.run_while(&mut goes_on)?;
        if report.trace.ended == StopReason::Interrupted { Err(Refusal::ended()) } else { Ok(report) }
    }

    /// What `POST /api/run` answers: as text already, since a large report takes its time to write.
    pub(super) fn answer(&mut self, is_wanted: &dyn Fn() -> bool) -> Result<String, Refusal> {
        let report = self.report(is_wanted)?;
        self.telling.answer(&report).map_err(|error| Refusal::internal(&error))
    }
}

impl Telling {
    /// What is told of a run of `scenario`, whose file's text this is. `link` says what was asked
    /// for.
    pub fn new(link: Link, remarks: Vec<String>, text: String, scenario: &Scenario, library: &Library) -> Telling {
        let link = Link {
            dsys: env!("CARGO_PKG_VERSION").to_owned(),
            hash: link.text.is_none().then(|| scenario.hash.clone()),
            seed: Some(scenario.seed),
            unknown: Vec::new(),
            ..link
        };
        Telling { command: link.command(library), link, remarks, text }
    }

    /// The run as the page plays it: what `POST /api/run` answers, as JSON.
    ///
    /// # Errors
    ///
    /// None, unless what a protocol tells cannot be written as JSON.
    pub fn answer(&self, report: &Report) -> serde_json::Result<String> {
        self.told(report, None)
    }

    /// The same for a page that has no server to ask: with the scenario's text and where the run is
    /// told without JavaScript, if it is anywhere.
    ///
    /// # Errors
    ///
    /// Those of [`Telling::answer`].
    pub fn recorded(&self, report: &Report, told: Option<&str>) -> serde_json::Result<String> {
        self.told(report, Some(Beside { file: &self.text, told }))
    }

    fn told(&self, report: &Report, beside: Option<Beside<'_>>) -> serde_json::Result<String> {
        let (link, lies) = (Link { event: None, ..self.link.clone() }, view_model::alternatives(report));
        let told = Told {
            report,
            show: view_model::show(report, &lies),
            order: order_of(&link),
            link: link.to_string(),
            command: &self.command,
            event: self.link.event,
            remarks: &self.remarks,
            beside,
        };
        serde_json::to_string(&told)
    }
}

/// What is told of a run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "RunAnswer"))]
pub(super) struct Told<'a> {
    #[cfg_attr(test, schemars(with = "super::wire::read::ReportRead"))]
    report: &'a Report,
    show: ViewModel<'a>,
    order: RunTold<'a>,
    link: String,
    command: &'a str,
    event: Option<u32>,
    remarks: &'a [String],
    #[serde(flatten)]
    beside: Option<Beside<'a>>,
}

/// What a page without a server has beside its run: the scenario's text, and where the run is told
/// without JavaScript.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Beside<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<&'a str>,
}

/// The link to a case that a search found: what was asked for, with the choices forced that make
/// the case; where these are too many, the case as a scenario of its own. `request` is what the
/// scenario was loaded from.
///
/// # Errors
///
/// What is wrong with the request; `None` if it was loaded.
pub fn found(link: Link, request: &Request<'_>, answer: &Answer, found: &Found) -> Result<Link, Invalid> {
    let names = &found.report.scenario.names;
    let Some(pinned) = &found.pinned else {
        let saved = Saved { title: &found.title(), setup: &answer.in_words(names) };
        let text = found.as_scenario(request, &saved)?;
        return Ok(Link { scenario: format!("{}-worst", request.name), text: Some(text), ..Link::default() });
    };
    let settled = found.departures.iter().chain(pinned);
    let forced = settled.map(|(choice, decision)| (choice.name(names), decision.option(names)));
    let force = link.force.into_iter().chain(forced).collect();
    Ok(Link { force, ..link })
}

/// A run, as the order that asks for it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RunTold<'a> {
    scenario: &'a str,
    text: Option<&'a str>,
    /// As digits, which JavaScript does not round.
    seed: Option<String>,
    set: &'a [(String, String)],
    force: &'a [(String, String)],
}

/// The order of the run that a link names.
pub(super) fn order_of(link: &Link) -> RunTold<'_> {
    let Link { scenario, text, seed, set, force, .. } = link;
    RunTold { scenario, text: text.as_deref(), seed: seed.map(|seed| seed.to_string()), set, force }
}
