//! The other run of a pair that looks the same to one node.

use crate::problems::Bound;
use crate::scenario::{Complaint, Flags, Invalid, Request, Twin};

use super::Library;

impl Library {
    /// The other run of the pair that the scenario of `request` says it belongs to. That scenario
    /// was loaded from `request`.
    ///
    /// # Errors
    ///
    /// Why there is no such run, or none with the node.
    pub fn twin(&self, scenario: &Bound, twin: &Twin, request: &Request<'_>) -> Result<Bound, Complaint> {
        let complain = |message: String, help: String| Complaint { span: twin.place.clone(), message, help };
        let found = twin.run.as_ref().map(|run| self.find(run)).transpose();
        let story = found.map_err(|error| complain(error.to_string(), "a twin is a scenario of the library".into()))?;
        let own = Request { set: &[], force: &[], seed: None, ..*request };
        let other = story.as_ref().map_or(own, |story| Request::new(&story.name, &story.text));
        let flags = twin.flags.as_deref().map(Flags::read).transpose();
        let flags = flags.map_err(|(message, help)| complain(message, help))?.unwrap_or_default();
        let other = self.registry.load(&flags.on(&other)).map_err(|invalid| {
            let place = invalid.places().next();
            let why = place.as_ref().map_or("", |place| place.message);
            complain(format!("the twin cannot be run: {why}"), place.map_or("", |place| place.help).to_owned())
        })?;
        let node = scenario.names.of(twin.node);
        if other.names.find(node).is_none() {
            let there = other.names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let message = format!("the twin has no node `{node}`, which is to see the same in both");
            return Err(complain(message, format!("its nodes are {there}")));
        }
        Ok(other)
    }

    /// Whether a scenario's twin is there, if it names one. With flags the scenario is another one,
    /// of which this is not asked.
    pub(super) fn check_twin(&self, scenario: &Bound, request: &Request<'_>) -> Result<(), Invalid> {
        let Some(known) = scenario.story.twin.as_ref().filter(|_| scenario.is_untouched()) else { return Ok(()) };
        match self.twin(scenario, known, request) {
            Ok(_) => Ok(()),
            Err(complaint) => Err(crate::scenario::refused(request, [complaint])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    fn refusal(twin: &str) -> Option<String> {
        let story = library::find("three-generals").unwrap();
        let own = story.text.find("[story.twin]").unwrap();
        let rest = story.text[own..].find("\n\n").map_or("", |end| &story.text[own + end..]);
        let text = format!("{}[story.twin]\n{twin}{rest}", &story.text[..own]);
        let invalid = Library::shipped().load(&Request::new("three-generals", &text)).err()?;
        let place = invalid.places().next().unwrap();
        assert!(place.line.is_some(), "{invalid}");
        Some(format!("{} | {}", place.message, place.help))
    }

    #[test]
    fn a_twin_is_there_and_has_the_node() {
        assert_eq!(refusal("node = 'alice'\nrun = 'commander-lies'"), None);
        assert_eq!(refusal("node = 'alice'\nflags = '--force bob:alice:1=attack'"), None);
        let refusals = [
            refusal("node = 'alice'\nrun = 'commander-lie'"),
            refusal("node = 'commander'\nrun = 'the-write-that-vanished'"),
            refusal("node = 'alice'\nrun = 'commander-lies'\nflags = '--set nodes=1'"),
            refusal("node = 'alice'\nflags = '--set nodes=1'"),
            refusal("node = 'alice'"),
            refusal("node = 'carol'\nrun = 'commander-lies'"),
        ];
        let refusals: Vec<String> = refusals.into_iter().flatten().collect();
        insta::assert_snapshot!(refusals.join("\n"));
    }
}
