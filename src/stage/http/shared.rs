//! What all requests share: the library, the answers that never change, and who may work when.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::library::Library;
use crate::stage::door;

use super::assets::{Asset, Assets};
use super::cache::{self, Answers};
use super::limiter::Limiter;
use super::queue::Rules;
use super::reach::Reach;

/// How many large bodies are read at the same time: so what all hold of memory is bounded, and the
/// time that goes into reading them.
const LARGE_BODIES: Rules = Rules { at_once: 32, left_free: 24, of_page: 16, of_address: 64, of_all: 256 };

/// What all requests share. None changes it.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) assets: Assets,
    /// The scenarios and the notes.
    pub(super) books: Arc<Library>,
    /// What is told to everybody alike.
    pub(super) told: Told,
    /// Places for large bodies while they are read.
    pub(super) large_bodies: Limiter,
    /// The answers of runs that may be asked for again.
    pub(super) answers: Answers,
    /// The turns of runs.
    pub(super) runs: Limiter,
    /// The turns of runs of large texts, which take long to be read.
    pub(super) large: Limiter,
    /// The turns of sweeps and searches, each of which takes one thread for long.
    pub(super) surveys: Limiter,
    pub(super) patience: Patience,
}

/// What is told to everybody alike, made once.
#[derive(Debug)]
pub(super) struct Told {
    /// What there is to choose from.
    pub(super) library: Asset,
    /// The notes that there are.
    pub(super) notes: Asset,
    /// Where others reach the stage.
    pub(super) reach: Reach,
}

impl Shared {
    /// `cores` is how many things can be worked on at the same time.
    pub(super) fn new(told: Told, books: Arc<Library>, patience: Patience, cores: usize, ends: &Ends) -> Shared {
        let turns = |rules, turn, work| Limiter::new(rules, turn, work, &ends.all);
        // One address can keep the cores busy, and no more; the system lets those share them that
        // come beside it. Of sweeps and searches there are fewer than cores.
        let runs = Rules { at_once: cores + 4, left_free: 4, of_page: 128, of_address: 512, of_all: 1024 };
        let large = Rules { at_once: 2, left_free: 1, of_page: 4, of_address: 16, of_all: 64 };
        let surveys = Rules { at_once: cores.max(3) - 1, left_free: 1, of_page: 2, of_address: 128, of_all: 256 };
        Shared {
            assets: Assets::default(),
            told,
            books,
            large_bodies: turns(LARGE_BODIES, patience.body, patience.body),
            answers: cache::kept(),
            runs: turns(runs, patience.turn, patience.run),
            large: turns(large, patience.turn, patience.run),
            surveys: Limiter::new(surveys, patience.turn, patience.survey, &ends.surveys),
            patience,
        }
    }
}

/// How long the server waits for what may never come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a request's head; a connection may be idle for as long.
    pub head: Duration,
    /// For a request's body.
    pub body: Duration,
    /// For a client to read some of an answer.
    pub reader: Duration,
    /// For a run's turn, while others run.
    pub turn: Duration,
    /// For a run.
    pub run: Duration,
    /// For a sweep or a search; what is known by then is told.
    pub survey: Duration,
    /// For answers that are under way when the server stops.
    pub end: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        let seconds = Duration::from_secs;
        Patience {
            head: seconds(20),
            body: seconds(10),
            reader: seconds(30),
            turn: seconds(10),
            run: door::RUN,
            survey: door::SURVEY,
            end: seconds(3),
        }
    }
}

/// What ends work that is under way when the server stops.
#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    /// All of it.
    pub(super) all: Arc<AtomicBool>,
    /// Sweeps and searches, which then tell what they know.
    pub(super) surveys: Arc<AtomicBool>,
}
