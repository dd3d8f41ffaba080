//! The worst case, told of while it is searched for: lines of JSON, as a sweep tells them.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::arrange::Arrange;
use crate::explore::on_one_thread;
use crate::explore::search::{self, Answer, Effort, Progress, Settled};
use crate::library::Library;
use crate::problems::Bound;
use crate::scenario::{self, EnemyMay, SearchSpec};
use crate::view::called::Called;
use crate::view::choices;

use super::lines::Lines;
use super::refusal::Refusal;
use super::run_request::{self, Asked, RunRequest, RunTold, order_of};
use super::share::Link;

/// A search that is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "SearchRequest"))]
#[serde(default, deny_unknown_fields)]
pub(super) struct SearchRequest {
    /// The scenario, and what is changed of it.
    order: RunRequest,
    /// What the enemy may do; what the scenario says if there is nothing.
    may: Vec<EnemyMay>,
    /// How many departures from calm it may make.
    at_most: Option<u32>,
    /// The property to violate; that of the scenario, or any, if there is none.
    property: Option<String>,
    /// How many runs it may take.
    runs: Option<u64>,
}

/// A line of a search.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum SearchTold<'a> {
    /// Now and then.
    Progress { progress: Tried },
    /// At the end.
    Done(Box<SearchDone<'a>>),
}

/// How far a search is.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Tried {
    runs: u64,
    /// The number of departures that is being tried.
    depth: u32,
    /// How many of the runs have this number, and how many there are, where that is known.
    done: u64,
    of: Option<u64>,
    at_random: bool,
}

/// What a search found, in words and as the order that runs it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SearchDone<'a> {
    #[cfg_attr(test, schemars(with = "super::wire::read::SearchFound"))]
    done: Json,
    question: String,
    sentence: String,
    command: Option<String>,
    set_aside: &'a [String],
    interrupted: bool,
    order: Option<RunTold<'a>>,
}

/// Does what `POST /api/search` asks for.
///
/// Lines: `{ "progress" }` now and then; `{ "done", "question",
/// "sentence", "command", "order" … }` at the end, with what `dsys search --format json` prints,
/// the question and the answer in words, and the order that runs the case that was found.
pub(super) fn search(order: SearchRequest, library: &Library, lines: &Lines<'_>) -> Result<(), Refusal> {
    Wanted::of(order, library)?.seek(lines)
}

/// A search that was checked.
struct Wanted<'l> {
    library: &'l Library,
    asked: Asked,
    scenario: Bound,
    spec: SearchSpec,
    effort: Effort,
}

impl Wanted<'_> {
    fn of(order: SearchRequest, library: &Library) -> Result<Wanted<'_>, Refusal> {
        let asked = order.order.clone().read(library)?;
        let scenario = asked.clone().stage(library)?.scenario;
        let spec = spec(&order, &scenario)?;
        let runs = order.runs.unwrap_or(Effort::DEFAULT.runs).min(Effort::DEFAULT.runs);
        Ok(Wanted { library, asked, scenario, spec, effort: Effort { runs, ..Effort::DEFAULT } })
    }

    fn seek(&self, lines: &Lines<'_>) -> Result<(), Refusal> {
        let told = |progress: Progress| {
            let Progress { runs, depth, done, of, at_random } = progress;
            lines.mention(|| SearchTold::Progress { progress: Tried { runs, depth, done, of, at_random } })
        };
        // One thread: the cores are for those who run, too.
        let answer = on_one_thread(|| search::search(&self.scenario, &self.spec, self.effort, &told));
        let answer = answer.map_err(|error| Refusal::internal(&error))??;
        let names = &self.scenario.names;
        let asked = Link { seed: Some(self.scenario.seed), ..self.asked.link.clone() };
        let request = self.asked.request();
        let found =
            answer.found.as_ref().map(|found| run_request::found(asked, &request, &answer, found)).transpose()?;
        let done = SearchDone {
            done: answer.to_json(&self.scenario.name, names),
            question: answer.question(&format!("“{}”", self.scenario.title)),
            sentence: in_words(&answer, &self.scenario),
            command: found.as_ref().map(|found| found.command(self.library)),
            set_aside: &answer.set_aside,
            interrupted: answer.was_interrupted,
            order: found.as_ref().map(order_of),
        };
        lines.end(&SearchTold::Done(Box::new(done)));
        Ok(())
    }
}

/// The answer in words, everything called as the story calls it.
fn in_words(answer: &Answer, scenario: &Bound) -> String {
    let called = Called::of(scenario);
    let one = |(choice, decision): &Settled| choices::told(choice, decision, &called);
    let listed = |departures: &[Settled]| departures.iter().map(one).collect::<Vec<_>>().join("; ");
    called.told(&answer.in_words_by(&listed))
}

/// What the enemy may do: as the scenario says, changed by the order.
fn spec(order: &SearchRequest, scenario: &Bound) -> Result<SearchSpec, Refusal> {
    let refuse = Refusal::unfit;
    let mut spec = match &scenario.search {
        Some(spec) => spec.clone(),
        None if order.may.is_empty() => {
            return Err(refuse("the scenario does not say what the enemy may do: it has no `[search]`".to_owned()));
        }
        None => SearchSpec::default(),
    };
    if !order.may.is_empty() {
        spec.may.clone_from(&order.may);
        spec.may.arrange();
        spec.may.dedup();
    }
    spec.at_most = order.at_most.or(spec.at_most);
    if let Some(name) = &order.property {
        let properties = scenario.entry.properties.iter().map(|property| property.name);
        if !properties.clone().any(|known| known == name) {
            let help = scenario::known("properties", properties, name);
            return Err(refuse(format!("`{}` has no property `{name}`: {help}", scenario.protocol)));
        }
        spec.property = Some(name.clone());
    }
    Ok(spec)
}

/// What a search finds, as its last line has it.
#[cfg(test)]
pub(super) fn found(order: SearchRequest, library: &Library) -> Json {
    let Wanted { scenario, spec, effort, .. } = Wanted::of(order, library).unwrap();
    let answer = search::search(&scenario, &spec, effort, &|_| std::ops::ControlFlow::Continue(())).unwrap();
    answer.to_json(&scenario.name, &scenario.names)
}
