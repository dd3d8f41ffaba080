//! From a scenario back to text: a case that was found, as a file of its own.

use serde::Deserialize;
use toml::de::ValueDeserializer;
use toml::{Table, Value};

use super::document::{Document, Tree};
use super::findings::Findings;
use super::overrides;
use super::{Expected, Invalid, Request, Scenario};

/// What happens to a file that is written anew.
#[derive(Clone, Copy, Debug)]
pub struct Rewrite<'a> {
    /// The new title.
    pub title: &'a str,
    /// The new setup; the rest of the story, which tells of another run, goes.
    pub setup: &'a str,
    /// The scenario that the text is to say: its seed, its nodes and its forced choices are
    /// written.
    pub scenario: &'a Scenario,
    /// Which rows of the file's faults stay.
    pub kept: &'a [bool],
    /// What is claimed of each property.
    pub claims: &'a [(&'a str, Expected)],
}

/// The file of a request with its flags worked in, changed as `rewrite` says. Comments are lost.
///
/// # Errors
///
/// What keeps the file from being read: not one that was loaded.
pub fn written(request: &Request<'_>, rewrite: &Rewrite<'_>) -> Result<String, Invalid> {
    let document = Document::new(request);
    let mut findings = Findings::default();
    let table = document.parse(&mut findings).and_then(|mut tree| {
        overrides::apply(&document, &mut tree, &mut findings);
        table(tree, &mut findings)
    });
    match table.filter(|_| findings.is_empty()) {
        Some(table) => Ok(rewritten(table, rewrite).to_string()),
        None => Err(Invalid::new(&document, findings)),
    }
}

/// The document as plain TOML, which knows no places.
fn table(tree: Tree<'_>, findings: &mut Findings) -> Option<Table> {
    let span = tree.span();
    let complain = |error: toml::de::Error| findings.add(error.span().unwrap_or(span), error.message(), "");
    Table::deserialize(ValueDeserializer::from(tree)).map_err(complain).ok()
}

fn rewritten(mut table: Table, rewrite: &Rewrite<'_>) -> Table {
    let Rewrite { title, setup, scenario, kept, claims } = *rewrite;
    let text = |text: &str| Value::String(text.to_owned());
    let mut set = |key: &str, value: Value| table.insert(key.to_owned(), value);
    set("title", text(title));
    set("nodes", Value::Array(scenario.names.iter().map(text).collect()));
    // A seed that is no number of the format is written in its digits by a flag, and never by a
    // file.
    if let Ok(seed) = i64::try_from(scenario.seed) {
        set("seed", Value::Integer(seed));
    }
    let mut story = Table::new();
    story.insert("setup".to_owned(), text(setup));
    story.extend(scenario.story.note.as_deref().map(|note| ("note".to_owned(), text(note))));
    set("story", Value::Table(story));
    let names = &scenario.names;
    let forced = scenario.forced.iter().map(|one| (one.choice.name(names), text(&one.decision.option(names))));
    set("force", Value::Table(forced.collect()));
    let claims = claims.iter().map(|(name, claim)| ((*name).to_owned(), text(&claim.to_string())));
    set("expect", Value::Table(claims.collect()));
    table.remove("sweep");
    table.remove("challenge");
    if let Some(Value::Array(faults)) = table.get_mut("fault") {
        let mut kept = kept.iter();
        faults.retain(|_| kept.next().copied().unwrap_or(true));
        if faults.is_empty() {
            table.remove("fault");
        }
    }
    table
}
