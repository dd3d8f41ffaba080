//! What comes after a scenario that ships, on the terminal: its own task, and the next step of the
//! path.

use crate::library::{LearningPath, Step};
use crate::scenario::Request;
use crate::view::shell::quoted;
use crate::view::terminal::next::{Next, next};

use super::library::{flags, library};
use super::source::Source;

/// What comes after a run of a scenario. Nothing of a file of somebody's own.
pub(super) fn after_run(source: &Source, has_challenge: bool, columns: usize) -> String {
    let Some(path) = &source.ships else { return String::new() };
    let challenge = has_challenge.then(|| command("challenge", path));
    next(challenge.as_deref(), following(path).as_ref(), columns)
}

/// What comes after a challenge that is solved.
pub(super) fn after_challenge(source: &Source, columns: usize) -> String {
    let following = source.ships.as_deref().and_then(following);
    next(None, following.as_ref(), columns)
}

fn command(subcommand: &str, path: &str) -> String {
    format!("dsys {subcommand} {}{}", quoted(library().short_name(path)), flags())
}

/// The step of the path after a scenario. A path that is wrong has none: `dsys list` says what is
/// wrong with it.
fn following(path: &str) -> Option<Next> {
    let way = LearningPath::of(library()).ok()?;
    let Step { story, is_challenge, .. } = way.after(path)?;
    let scenario = library().story(story)?;
    let request = Request { origin: scenario.shown_origin(), ..Request::new(&scenario.name, &scenario.text) };
    let title = library().load(&request).ok()?.title.clone();
    let subcommand = if *is_challenge { "challenge" } else { "run" };
    Some(Next { command: command(subcommand, story), title })
}
