//! The path through a library: scenarios in the order in which somebody who begins takes them.
//!
//! It is the file `scenarios/path.toml`, which a library may have or not. How hard a step is, the
//! level of its scenario says.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{File, Library, NotFound};
use crate::scenario::{Invalid, Sheet, known, nearest};

/// Where it stands in a library.
pub const PATH_FILE: &str = "scenarios/path.toml";

/// What the levels of scenarios are called, from level 1 on.
pub const LEVELS: [&str; 4] = ["start here", "one step on", "several ideas at once", "hard"];

/// A path through a library. One without steps is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LearningPath {
    /// Its steps, in order. No two are of the same scenario.
    pub steps: Vec<Step>,
}

/// A step of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The scenario: `PROBLEM/NAME`.
    pub story: String,
    /// How many minutes it takes.
    pub minutes: u16,
    /// What one learns, a line. It does not answer the scenario's question.
    pub why: String,
    /// Whether the step is to solve the scenario's challenge, not only to watch its run.
    pub is_challenge: bool,
}

/// The file, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The steps in their order, a row `[[step]]` each.
    #[schemars(length(min = 1, max = 100))]
    step: Vec<WrittenStep>,
}

/// A step, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenStep {
    /// The scenario, as in `two-generals/last-messenger`.
    #[schemars(with = "String")]
    scenario: Spanned<String>,
    /// How many minutes the step takes.
    #[schemars(range(min = 1, max = 600))]
    minutes: u16,
    /// What one learns, a line. It must not answer the scenario's question.
    #[schemars(length(min = 1), extend("format" = "line"))]
    why: String,
    /// Whether the step is to solve the scenario's challenge. Default false.
    #[schemars(with = "bool")]
    #[serde(default)]
    challenge: Option<Spanned<bool>>,
}

impl LearningPath {
    /// The path of a library; one without steps where it has none.
    ///
    /// # Errors
    ///
    /// All that is wrong with the file: keys and values as in a scenario, scenarios that are not
    /// there, that come twice, or that have no challenge.
    pub fn of(library: &Library) -> Result<LearningPath, Invalid> {
        let Some(file) = library.file(PATH_FILE) else { return Ok(LearningPath::default()) };
        let text = file.text();
        read(library, file, &text)
    }

    /// The step that is of this scenario.
    pub fn step(&self, story: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.story == story)
    }

    /// The step after the one that is of this scenario; `None` after the last, and where no step is
    /// of it.
    pub fn after(&self, story: &str) -> Option<&Step> {
        let at = self.steps.iter().position(|step| step.story == story)?;
        self.steps.get(at + 1)
    }
}

fn read(library: &Library, file: &File, text: &str) -> Result<LearningPath, Invalid> {
    const HELP: &str = "a path is a TOML file with a row `[[step]]` for each step";
    let (written, mut sheet) = Sheet::read::<Written>((&file.origin, text), "path", HELP);
    let written = written.map_or_else(Vec::new, |written| written.step);
    for (index, step) in written.iter().enumerate() {
        check(step, &written[..index], library, &mut sheet);
    }
    sheet.end()?;
    let step = |step: WrittenStep| Step {
        story: step.scenario.into_inner(),
        minutes: step.minutes,
        why: step.why.trim().to_owned(),
        is_challenge: step.challenge.is_some_and(Spanned::into_inner),
    };
    Ok(LearningPath { steps: written.into_iter().map(step).collect() })
}

/// Holds a step against the library, and against the steps before it.
fn check(step: &WrittenStep, before: &[WrittenStep], library: &Library, sheet: &mut Sheet<'_>) {
    let (name, span) = (step.scenario.get_ref(), step.scenario.span());
    let Some(story) = library.story(name) else {
        let (message, help) = missing(library, name);
        return sheet.add(span, message, help);
    };
    if let Some(first) = before.iter().find(|before| before.scenario.get_ref() == name) {
        let (message, help) = (format!("`{name}` is a step already"), "each scenario can be one step of the path");
        sheet.add_beside(span, message, help, (first.scenario.span(), "the first"));
    }
    let challenge = step.challenge.as_ref().filter(|challenge| *challenge.get_ref());
    if let Some(challenge) = challenge.filter(|_| !has_challenge(&story.text)) {
        let help = "leave `challenge` out: the step is to watch the run";
        sheet.add(challenge.span(), format!("`{name}` has no challenge"), help);
    }
}

/// What to say of a scenario that is not there.
fn missing(library: &Library, name: &str) -> (String, String) {
    let message = format!("there is no scenario `{name}`");
    // The name alone is enough on the command line, and not here: another problem may get a
    // scenario of the same name.
    let meant = match library.find(name) {
        Ok(story) => Some(story.path()),
        Err(NotFound::Ambiguous { .. }) => None,
        Err(NotFound::Unknown { near, .. }) => near.and_then(|near| library.find(&near).ok()).map(|near| near.path()),
    };
    let paths: Vec<String> = library.stories().iter().map(super::Story::path).collect();
    let meant = meant.or_else(|| nearest(name, paths.iter().map(String::as_str)).map(str::to_owned));
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("write `PROBLEM/NAME`; {}", known("scenarios", paths.iter().map(String::as_str), "")),
    };
    (message, help)
}

/// Whether the text of a scenario has a challenge, sound or not: that is the scenario's own matter.
fn has_challenge(text: &str) -> bool {
    text.parse::<toml::Table>().is_ok_and(|file| file.contains_key("challenge"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::SHIPPED;

    const SHORT: &str = "title = 'T'\n[challenge]\nlevel = 1\n";

    fn library(path: &str) -> Library {
        Library::empty(SHIPPED)
            .with_file("scenarios/two-generals/one.toml", SHORT)
            .with_file("scenarios/two-generals/other.toml", "title = 'T'\n")
            .with_file(PATH_FILE, path)
    }

    fn refused(path: &str, expect: &[(usize, &str, &str)]) {
        let invalid = LearningPath::of(&library(path)).unwrap_err();
        let places: Vec<_> =
            invalid.places().map(|place| (place.line.unwrap_or_default(), place.message, place.help)).collect();
        assert_eq!(places, expect, "{path}");
    }

    fn step(scenario: &str, rest: &str) -> String {
        format!("[[step]]\nscenario = \"{scenario}\"\nminutes = 10\nwhy = \"W.\"\n{rest}")
    }

    #[test]
    fn a_step_leads_to_the_next() {
        let text = step("two-generals/one", "challenge = true\n") + &step("two-generals/other", "");
        let path = LearningPath::of(&library(&text)).unwrap();
        assert!(path.step("two-generals/one").unwrap().is_challenge);
        let other = path.after("two-generals/one").unwrap();
        assert_eq!((other.story.as_str(), other.minutes, other.is_challenge), ("two-generals/other", 10, false));
        assert_eq!((path.after("two-generals/other"), path.after("two-generals/third")), (None, None));
    }

    #[test]
    fn a_library_may_have_no_path() {
        assert_eq!(LearningPath::of(&Library::empty(SHIPPED)).unwrap(), LearningPath::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_what_is_allowed() {
        let near = "did you mean `two-generals/other`?";
        refused(&step("two-generals/othr", ""), &[(2, "there is no scenario `two-generals/othr`", near)]);
        refused(&step("other", ""), &[(2, "there is no scenario `other`", near)]);
        let all = "write `PROBLEM/NAME`; the scenarios are `two-generals/one` and `two-generals/other`";
        refused(&step("something-else", ""), &[(2, "there is no scenario `something-else`", all)]);
        let twice = step("two-generals/one", "") + &step("two-generals/one", "");
        let help = "each scenario can be one step of the path";
        refused(&twice, &[(6, "`two-generals/one` is a step already", help)]);
        let none = "leave `challenge` out: the step is to watch the run";
        let challenge = step("two-generals/other", "challenge = true\n");
        refused(&challenge, &[(5, "`two-generals/other` has no challenge", none)]);
        let minutes = step("two-generals/one", "").replace("10", "0");
        refused(
            &minutes,
            &[(3, "`minutes` must be at least 1 and at most 600, not 0", "How many minutes the step takes.")],
        );
        let misspelt = step("two-generals/one", "").replace("why", "wy");
        let keys = "did you mean `why`? The keys here are `scenario`, `minutes`, `why` and `challenge`";
        let why = "What one learns, a line. It must not answer the scenario's question.";
        refused(&misspelt, &[(1, "`why` is missing", why), (4, "unknown key `wy`", keys)]);
        refused("", &[(0, "`step` is missing", "The steps in their order, a row `[[step]]` each.")]);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let text = step("two-generals/on", "") + &step("two-generals/other", "chalenge = true\n");
        let invalid = LearningPath::of(&library(&text)).unwrap_err();
        assert_eq!(invalid.count(), 2, "{invalid}");
    }
}
