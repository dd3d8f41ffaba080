//! What the tests of protocols share: a scenario from a few lines, and what is said of its run. And
//! tests of the registry.

use super::*;
use crate::report::{self, Claims, Report};
use crate::scenario::{Complaint, Request};

/// A scenario of a problem that ships, over a network on which everything takes 10 ms. `text` is
/// the rest of the file, keys first; `force` settles choices by hand. What is wrong with it is an
/// error, a line each, and its help.
pub(crate) fn load(problem: &str, protocol: &str, text: &str, force: &[&str]) -> Result<Bound, String> {
    let text = format!(
        "title = \"A test\"\nproblem = \"{problem}\"\nprotocol = \"{protocol}\"\nnetwork.delay = \"10ms\"\n{text}\n"
    );
    let force: Vec<String> = force.iter().map(|&choice| choice.to_owned()).collect();
    let request = Request { force: &force, ..Request::new("test", &text) };
    let told = |complaint: &Complaint| match complaint.help.as_str() {
        "" => complaint.message.clone(),
        help => format!("{}; {help}", complaint.message),
    };
    SHIPPED.load(&request).map_err(|wrong| wrong.complaints().map(told).collect::<Vec<_>>().join("\n"))
}

/// Runs a scenario in which all that is asked for happens.
pub(crate) fn report(scenario: &Bound) -> Report {
    let report = report::run(scenario, Claims::Always).unwrap();
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    report
}

/// The verdict of each property, in the protocol's order: `✓ Every node that stayed up decided.`
pub(crate) fn verdicts(report: &Report) -> Vec<String> {
    report.properties.iter().map(|judged| judged.verdict.to_string()).collect()
}

/// The fewest nodes that each layout is made for, and more.
const COUNTS: std::ops::RangeInclusive<usize> = 1..=20;

#[test]
fn every_node_of_every_protocol_has_a_role() {
    for (problem, entry) in SHIPPED.protocols() {
        for count in COUNTS {
            let roles: Vec<Role> = NodeId::first(count).map(|node| (entry.roles)(node, count)).collect();
            // A protocol in which all are peers says so for all of them.
            let peers = roles.iter().filter(|&&role| role == Role::Peer).count();
            assert!(peers == 0 || peers == count, "{} {}: {roles:?}", problem.name, entry.name);
        }
    }
}

#[test]
fn the_roles_of_a_protocol_are_those_of_its_paper() {
    use Role::{Broker, Client, Coordinator, LockService, Operator, Server, Sink, Source, Store, Worker};
    let roles = |problem: &str, protocol: &str, count| {
        let entry = SHIPPED.entry(problem, protocol).unwrap();
        NodeId::first(count).map(|node| (entry.roles)(node, count)).collect::<Vec<_>>()
    };
    assert_eq!(roles("clock-skew", "lease", 4), [LockService, Store, Client, Client]);
    assert_eq!(roles("overload", "retry", 3), [Client, Server, Server]);
    assert_eq!(roles("clock-skew", "ntp", 4), [Server, Server, Server, Client]);
    assert_eq!(roles("exactly-once", "transaction", 3), [Broker, Worker, Worker]);
    assert_eq!(roles("exactly-once", "barriers", 5), [Coordinator, Source, Source, Operator, Sink]);
    assert_eq!(roles("exactly-once", "barriers", 4), [Coordinator, Source, Operator, Sink]);
}
