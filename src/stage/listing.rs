//! What there is to choose from, as the page lists it.

use serde::Serialize;
use serde_json::Value as Json;

use crate::library::{LearningPath, Library, catalogue};
use crate::notes::Book;
use crate::problems::Problem;
use crate::scenario::Invalid;

use super::run_request::MOST;

/// What there is to choose from.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct LibraryAnswer {
    version: &'static str,
    limits: LimitsTold,
    #[cfg_attr(test, schemars(with = "Vec<super::wire::read::ProblemListed>"))]
    pub(super) problems: Vec<Json>,
    /// The path through the scenarios; empty where the library has none.
    #[cfg_attr(test, schemars(with = "Vec<super::wire::read::StepListed>"))]
    pub(super) path: Vec<Json>,
}

/// What a run for the page may use at most.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct LimitsTold {
    events: u64,
    messages: u64,
    nodes: u64,
}

impl LibraryAnswer {
    pub(super) fn of(books: &Library) -> Result<LibraryAnswer, Invalid> {
        let shipped = catalogue::scenarios(books)?;
        let guide = catalogue::Guide { path: LearningPath::of(books)?, topics: Book::read(books).topics() };
        let of = |problem: &&'static Problem| {
            let scenarios: Vec<_> = shipped.iter().filter(|(story, _)| story.problem == problem.name).collect();
            catalogue::problem(problem, problem.protocols, &scenarios, &guide)
        };
        Ok(LibraryAnswer {
            version: env!("CARGO_PKG_VERSION"),
            limits: LimitsTold { events: MOST.events, messages: MOST.messages, nodes: MOST.nodes },
            problems: books.registry().problems.iter().map(of).collect(),
            path: guide.steps(&shipped),
        })
    }
}
