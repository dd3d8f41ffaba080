//! What there is to choose from, as the page lists it.

use serde::Serialize;
use serde_json::Value as Json;

use crate::library::absent::{self, Absent};
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
    /// What people look for and what is not here yet.
    absent: Vec<AbsentTold>,
}

/// What is not here yet, and what is nearest to it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct AbsentTold {
    /// What it is looked for as, in small letters and digits.
    names: &'static [&'static str],
    /// What it is called.
    title: &'static str,
    /// The scenarios nearest to it, by their names.
    near: Vec<&'static str>,
    /// What to read.
    read: &'static str,
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
            absent: absent::absent(books).map(|absent| AbsentTold::of(absent, books)).collect(),
        })
    }
}

impl AbsentTold {
    fn of(absent: &Absent, books: &Library) -> AbsentTold {
        let near = absent.near(books).collect();
        AbsentTold { names: absent.names(), title: absent.title, near, read: absent.resource }
    }
}
