//! What `dsys run` is asked to run: a scenario with flags, or a link with flags on top of it.

use crate::scenario::Request;
use crate::stage::share::Link;
use crate::view::shell::quoted;

use super::args::Run;
use super::library::{self, library};
use super::source::{self, Source};
use super::usage::usage;

/// A scenario's text with all that is changed of it.
#[derive(Debug)]
pub(super) struct Arguments {
    /// What stands after `dsys run` to ask for the same scenario.
    pub(super) scenario: String,
    /// The scenario's text.
    pub(super) source: Source,
    set: Vec<String>,
    force: Vec<String>,
    seed: Option<u64>,
    /// The flags that repeat the run: those of a link that has its own text are in the link.
    repeated: (Vec<String>, Vec<String>),
    /// The link that was given, if one was.
    link: Option<Link>,
}

impl Arguments {
    /// Finds out what is asked for.
    pub(super) fn of(args: &Run) -> anyhow::Result<Arguments> {
        let repeated = (args.set.clone(), args.force.clone());
        if !args.scenario.contains("#v=") {
            let source = source::read(&args.scenario)?;
            let (set, force) = repeated.clone();
            return Ok(Arguments {
                scenario: args.scenario.clone(),
                source,
                set,
                force,
                seed: args.seed,
                repeated,
                link: None,
            });
        }
        let link: Link =
            args.scenario.parse().map_err(|error| usage(format!("{error}"), "copy the whole link, in quotes"))?;
        // What stands on the command line comes last, and so wins.
        let with = |own: &[(String, String)], flags: &[String]| -> Vec<String> {
            own.iter().map(|(name, value)| format!("{name}={value}")).chain(flags.iter().cloned()).collect()
        };
        let (set, force) = (with(&link.set, &args.set), with(&link.force, &args.force));
        let seed = args.seed.or(link.seed);
        Ok(match &link.text {
            Some(text) => {
                let origin = format!("{}.toml", link.scenario);
                let name = link.scenario.clone();
                let source = Source { name, origin, ships: None, text: text.clone(), input: None };
                Arguments { scenario: args.scenario.clone(), source, set, force, seed, repeated, link: Some(link) }
            }
            None => {
                let (source, repeated) = (source::ships(&link.scenario)?, (set.clone(), force.clone()));
                let scenario = library().short_name(&link.scenario).to_owned();
                Arguments { scenario, source, set, force, seed, repeated, link: Some(link) }
            }
        })
    }

    /// As the loader of scenarios takes it.
    pub(super) fn request(&self) -> Request<'_> {
        let Source { name, origin, text, .. } = &self.source;
        Request { name, origin, text, set: &self.set, force: &self.force, seed: self.seed }
    }

    /// What keeps the link that was given from showing what it showed when it was made.
    pub(super) fn remarks(&self, hash: &str) -> Vec<String> {
        self.link.as_ref().map(|link| link.remarks(hash)).unwrap_or_default()
    }

    /// The words after `dsys run` that ask for the same scenario of the same library, quoted for a
    /// shell.
    pub(super) fn shown(&self) -> String {
        format!("{}{}", quoted(&self.scenario), library::flags())
    }

    /// The command that makes the run of this seed again.
    pub(super) fn again(&self, seed: u64) -> String {
        let mut command = format!("dsys run {} --seed {seed}", self.shown());
        for (flag, values) in [("--set", &self.repeated.0), ("--force", &self.repeated.1)] {
            for value in values {
                command.push_str(&format!(" {flag} {}", quoted(value)));
            }
        }
        command
    }

    /// The run as a link names it.
    pub(super) fn link(&self) -> Link {
        link(&self.source, &self.set, &self.force, self.seed)
    }
}

/// A scenario with what flags change of it, as a link names it.
pub(super) fn link(source: &Source, set: &[String], force: &[String], seed: Option<u64>) -> Link {
    let pairs = |flags: &[String]| -> Vec<(String, String)> {
        let pairs = flags.iter().filter_map(|flag| flag.split_once('='));
        pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
    };
    let Source { name, ships, text, .. } = source;
    Link {
        scenario: ships.as_ref().unwrap_or(name).clone(),
        text: ships.is_none().then(|| text.clone()),
        seed,
        set: pairs(set),
        force: pairs(force),
        ..Link::default()
    }
}
