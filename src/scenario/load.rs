//! From text to [`Scenario`]: the one way in.
//!
//! The text is parsed once, into a tree that knows where everything stands. Flags change the tree.
//! It is then held against the schema of scenario files, which takes out what does not fit, so that
//! names, ranges and whatever else is wrong with the rest is found in the same pass. All findings
//! together are one [`Invalid`].

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::cast::Cast;
use super::conform::conform;
use super::document::{Document, Tree};
use super::findings::Findings;
use super::invalid::Invalid;
use super::overrides;
use super::params::{self, Params};
use super::spec::{self, File};
use super::values::At;
use super::when::Known;
use super::{
    Complaint, Limits, Scenario, SweepSpec, Vocabulary, challenge, explore, faults, forced, network, schema, story,
    tries,
};
use crate::time::{Span, Time};

/// The largest file that is read. A scenario has some kilobytes.
const LARGEST: usize = 1 << 20;
/// When a run is stopped that does not say when.
const UNTIL: Time = Time::from_ns(60_000_000_000);
/// The seed of a scenario that names none.
pub(super) const SEED: u64 = 1;

/// What to load.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The story's name: the file's without its ending.
    pub name: &'a str,
    /// The path that errors show.
    pub origin: &'a str,
    /// The file's text.
    pub text: &'a str,
    /// `KEY=VALUE` of each `--set`.
    pub set: &'a [String],
    /// `CHOICE=OPTION` of each `--force`.
    pub force: &'a [String],
    /// The number of `--seed`.
    pub seed: Option<u64>,
}

impl<'a> Request<'a> {
    /// A file as it is, without flags. Errors show its name.
    pub const fn new(name: &'a str, text: &'a str) -> Request<'a> {
        Request { name, origin: name, text, set: &[], force: &[], seed: None }
    }
}

/// Loads a scenario: its file, changed by its flags, checked by the loader and by the protocol.
///
/// # Errors
///
/// All that is wrong with the file and the flags.
pub fn load(request: &Request<'_>, vocabulary: &dyn Vocabulary) -> Result<Scenario, Invalid> {
    let document = Document::new(request);
    let mut findings = Findings::default();
    let mut later = Later::default();
    let scenario = read(request, &document, vocabulary, &mut later, &mut findings);
    // With flags the story is another one, of which nothing is told.
    if findings.is_empty() && request.set.is_empty() && request.force.is_empty() && request.seed.is_none() {
        tries::check(&later.tries, request, vocabulary, &mut findings);
        challenge::check(&later.changes, request, vocabulary, &mut findings);
    }
    match scenario.filter(|_| findings.is_empty()) {
        Some(scenario) => Ok(scenario),
        None => Err(Invalid::new(&document, findings)),
    }
}

/// What is tried when all else is sound, since it takes loading the scenario again.
#[derive(Default)]
struct Later {
    tries: Vec<tries::Line>,
    changes: challenge::Changes,
}

/// All that somebody above the loader has against a scenario that was loaded.
pub fn refused(request: &Request<'_>, complaints: impl IntoIterator<Item = Complaint>) -> Invalid {
    let mut findings = Findings::default();
    for complaint in complaints {
        findings.complain(complaint);
    }
    Invalid::new(&Document::new(request), findings)
}

fn read(
    request: &Request<'_>,
    document: &Document<'_>,
    vocabulary: &dyn Vocabulary,
    later: &mut Later,
    findings: &mut Findings,
) -> Option<Scenario> {
    if request.text.len() > LARGEST {
        let message = format!("the file has {} bytes, and a scenario at most 1 MiB", request.text.len());
        findings.add(0..0, message, "is this the right file?");
        return None;
    }
    let mut tree = document.parse(findings)?;
    let overridden = overrides::apply(document, &mut tree, findings);
    story::old::refuse(&mut tree, findings);
    conform(&mut tree, schema::file(), "scenario", findings);
    let to_sweep = (findings.is_empty() && tree.get_ref().get("sweep").is_some()).then(|| tree.clone());
    let params = protocol_params(&tree);
    let arguments = faults::arguments(&tree);
    let file: File = params::read(&tree, findings)?;

    let limits = limits(&file.limits, findings);
    let link = network::default_link(&file.network, findings);
    let sweep = file.sweep.as_ref().map(|sweep| explore::sweep(sweep, document, to_sweep.as_ref(), findings));
    let cast = Cast::read(&file, overridden.listed_nodes.as_ref(), limits, vocabulary, findings);
    let search = file.search.as_ref().map(|search| explore::search(search, cast.as_ref(), findings));
    let cast = cast?;
    let mut settled = BTreeMap::new();
    let faults = faults::read(&file.fault, arguments, &cast, &mut settled, findings);
    let forced = forced::read(&file.force, document, &cast, settled, findings);
    forced::check_traitors(&forced, &faults, findings);
    forced::check_drawn(&forced, &faults, &cast.names, findings);
    // A flag may take away what a question asks about, as another protocol does: then it is not
    // asked.
    let may_lack = !request.set.is_empty();
    let known = Known::of(&cast, sweep.as_ref(), search.is_some());
    let story = story::read(&file.story, &cast, &known, may_lack, findings);
    let (challenge, changes) = file
        .challenge
        .as_ref()
        .map_or_else(Default::default, |challenge| challenge::read(challenge, document, &known, may_lack, findings));
    let figure = file.sweep.as_ref().and_then(|sweep| sweep.figure.as_ref());
    let figure = figure.and_then(|figure| explore::figure(figure, &known, may_lack, findings));
    let mut warnings = Vec::new();
    let expect = file.expect.as_ref().map(|expect| story::claims(expect, &cast, &mut warnings, findings));
    let scenario = Scenario {
        name: request.name.to_owned(),
        hash: format!("{:016x}", fnv1a(request.text)),
        title: file.title.as_deref().cloned().unwrap_or_default(),
        problem: cast.problem.to_owned(),
        protocol: cast.protocol.to_owned(),
        seed: file.seed.unwrap_or(SEED),
        until: file.until.map_or(UNTIL, |until: Span| Time::ZERO + until),
        story,
        params: params.among(&cast.names),
        network: network::read(&file.network, link, &cast, findings),
        clocks: network::clocks(&file.clock, &cast, findings),
        names: cast.names.clone(),
        nodes_span: file.nodes.as_ref().map_or(0..0, At::span),
        faults,
        forced,
        forced_by_flag: !request.force.is_empty(),
        expect,
        sweep: sweep.map(|sweep| SweepSpec { figure, ..sweep }),
        search,
        challenge,
        limits,
        overridden: overridden.settings,
        replaced: overridden.replaced,
        warnings,
    };
    for complaint in vocabulary.check(&scenario) {
        findings.complain(complaint);
    }
    *later = Later { tries: story::lines_to_try(&file.story), changes };
    Some(scenario)
}

fn protocol_params(tree: &Tree<'_>) -> Params {
    match tree.get_ref().get("params").map(|table| (table.get_ref(), table.span())) {
        Some((DeValue::Table(table), span)) => Params::without(table, span, &[]),
        _ => Params::empty(),
    }
}

fn limits(limits: &At<spec::Limits>, findings: &Findings) -> Limits {
    let default = Limits::default();
    if findings.lost(limits.span()).next().is_some() {
        return Limits::MOST;
    }
    Limits {
        events: limits.events.unwrap_or(default.events),
        messages: limits.messages.unwrap_or(default.messages),
        nodes: limits.nodes.unwrap_or(default.nodes),
    }
}

/// FNV-1a in 64 bits: tells a changed file from an unchanged one, and needs no library.
/// (Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm", IETF draft, 1991.)
pub fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
