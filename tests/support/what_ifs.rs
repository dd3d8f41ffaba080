//! What a story has ready beside its run: changes that come to something, and a twin that one node
//! cannot tell from it.

use dsys::library::{Library, Story};
use dsys::problems::Bound;
use dsys::report::{self, Claims, Report};
use dsys::scenario::{Flags, Request};
use dsys::view::fork;
use dsys::view::twin::noticed;

/// Each change that a story has ready, in words, makes another run than the rehearsed one, of which
/// a sentence says what came of it. A bare command may show that nothing changes.
pub(super) fn proposes_other_runs_that_can_be_told(story: &Story) {
    let (library, request) = (Library::shipped(), request(story));
    let rehearsed = run(&load(&library, &request));
    let mut wrong = Vec::new();
    for (tried, says) in
        rehearsed.scenario.story.try_next.iter().filter_map(|tried| Some((tried, tried.says.as_ref()?)))
    {
        let flags = Flags::read(&tried.flags).unwrap_or_else(|(message, _)| panic!("{}: {message}", tried.flags));
        let other = run(&load(&library, &flags.on(&request)));
        let told = fork::told(&rehearsed, &other);
        if told.is_empty() || told.iter().any(|clause| clause.says.trim().is_empty()) {
            wrong.push(format!("`{}` comes to nothing that can be told: {told:?}", tried.flags));
        }
        if !says.ends_with('.') || !says.starts_with(char::is_uppercase) {
            wrong.push(format!("`{}` is said in no whole sentence: {says}", tried.flags));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", story.path(), wrong.join("\n"));
}

/// The node of a twin notices the same in both runs, at the same moments of its own clock; and the
/// runs are not the same.
pub(super) fn looks_as_its_twin_does_to_one_node(story: &Story) {
    let (library, request) = (Library::shipped(), request(story));
    let scenario = load(&library, &request);
    let Some(twin) = &scenario.story.twin else { return };
    let other = library.twin(&scenario, twin, &request).unwrap_or_else(|complaint| panic!("{}", complaint.message));
    let (here, there) = (run(&scenario), run(&other));
    let name = scenario.names.of(twin.node);
    let node = other.names.find(name).unwrap_or_else(|| panic!("{name} is not in both"));
    let ours = noticed(&here.trace, twin.node, twin.until);
    let theirs = noticed(&there.trace, node, twin.until);
    for (one, another) in ours.iter().zip(&theirs) {
        assert_eq!(one, another, "{}: what {name} notices", story.path());
    }
    assert_eq!(ours.len(), theirs.len(), "{}: what {name} notices", story.path());
    assert!(ours.len() > 1, "{}: {name} does nothing but begin", story.path());
    assert_ne!(here.trace.digest, there.trace.digest, "{}: a run is no twin of itself", story.path());
    let of = |report: &Report, node| !report.trace.traitors.contains(&node);
    assert!(of(&here, twin.node) && of(&there, node), "{}: a traitor does what it likes", story.path());
}

fn request(story: &Story) -> Request<'_> {
    Request { origin: &story.origin, ..Request::new(&story.name, &story.text) }
}

fn load(library: &Library, request: &Request<'_>) -> Bound {
    library.load(request).unwrap_or_else(|invalid| panic!("{invalid}"))
}

fn run(scenario: &Bound) -> Report {
    report::run(scenario, Claims::IfUntouched).unwrap_or_else(|complaints| panic!("{complaints:?}"))
}
