//! The keys that a challenge lets be changed: what each means, and with which protocols it does.

use serde_json::Value as Json;

use crate::problems::{Bound, Entry};
use crate::scenario::Challenge;

/// What a key means, a sentence; empty where nothing says so.
pub fn meaning(scenario: &Bound, challenge: &Challenge, key: &str) -> String {
    let known = match key {
        "protocol" => "What the nodes run.",
        "nodes" => "How many nodes take part.",
        "network.delay" => "How long a message takes.",
        "network.loss" => "How likely a message is lost.",
        _ => "",
    };
    let of_protocols = || {
        let described = |entry: &Entry| Some(parameter(entry, key)?.get("description")?.as_str()?.to_owned());
        first_sentence(&protocols(scenario, challenge).into_iter().find_map(described).unwrap_or_default()).to_owned()
    };
    if known.is_empty() { of_protocols() } else { known.to_owned() }
}

/// The protocols that have a parameter. Empty where all that may be chosen do, and for other keys.
pub fn only_with(scenario: &Bound, challenge: &Challenge, key: &str) -> Vec<&'static str> {
    let all = protocols(scenario, challenge);
    let having: Vec<&str> = all.iter().filter(|entry| takes(entry, key)).map(|entry| entry.name).collect();
    if having.len() == all.len() { Vec::new() } else { having }
}

/// The protocols that may be chosen, the scenario's own first.
pub fn protocols(scenario: &Bound, challenge: &Challenge) -> Vec<&'static Entry> {
    let chosen = challenge.change.iter().find(|(key, _)| key == "protocol");
    let others = chosen.into_iter().flat_map(|(_, names)| names).filter(|name| **name != scenario.entry.name);
    let others = others.filter_map(|name| scenario.faces.entry(name));
    std::iter::once(scenario.entry).chain(others).collect()
}

/// Whether a protocol takes this key: each takes all that are no parameters.
pub(super) fn takes(entry: &Entry, key: &str) -> bool {
    !key.starts_with("params.") || parameter(entry, key).is_some()
}

/// What the schema of a protocol says of `params.NAME`.
fn parameter(entry: &Entry, key: &str) -> Option<Json> {
    let name = key.strip_prefix("params.")?;
    (entry.params)().get("properties")?.get(name).cloned()
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_where_the_next_begins() {
        for (text, first) in [("One.", "One."), ("One 1.5 ms. Two.", "One 1.5 ms."), ("", "")] {
            assert_eq!(first_sentence(text), first);
        }
    }
}
