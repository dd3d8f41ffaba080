//! The paper's figures and counts of SM(m), and what lies do to chains.

use crate::problems::byzantine_generals::testing::{generals, reasons};
use crate::report::{self, Claims};

/// Figure 5, SM(1) with the commander a traitor: "V1 = V2 = {attack, retreat}, and they both
/// obey the order choice({attack, retreat}). Observe that here, unlike the situation in Figure
/// 2, the lieutenants know the commander is a traitor because his signature appears on two
/// different orders".
#[test]
fn figure_5_the_commander_is_a_traitor() {
    for default in ["attack", "retreat"] {
        let params = format!("default = \"{default}\"");
        let why = format!("holds attack and retreat: the commander signed both, so {default}");
        let reasons = reasons(&generals("signed", 3, &params, &[("commander", "parity", "")]));
        assert_eq!(reasons, [format!("alice {why}"), format!("bob {why}")]);
    }
}

/// What a run with these lies puts on a link, slot by slot.
#[track_caller]
fn check_said(m: u32, lies: &[(&str, &str, &str)], link: &str, said: &[&str]) {
    let scenario = generals("signed", 5, &format!("m = {m}"), lies);
    let trace = report::run(&scenario, Claims::Always).unwrap().trace;
    let sent = trace.events.iter().filter(|event| matches!(event.what, crate::trace::EventKind::Sent { .. }));
    let named = sent.filter_map(|event| Some((trace.names.message(event.what.message()?), event.id)));
    let found: Vec<String> = named
        .filter(|(name, _)| name.starts_with(link))
        .map(|(name, id)| format!("{} {}", name.rsplit_once(':').unwrap().1, trace.words.of(id).unwrap()))
        .collect();
    assert_eq!(found, said, "{link}");
}

const BOB_SAYS_RETREAT: (&str, &str, &str) = ("bob", "scripted", "words = { \"bob:alice:2\" = \"retreat\" }");
const LATER: (&str, &str, &str) = ("bob", "scripted", "words = { \"bob:alice:6\" = \"retreat\" }");
/// The lie of a traitor who tells the truth, with no words.
const TRUE: &str = "scripted";

#[test]
fn slots_are_attack_then_retreat_in_every_round() {
    check_said(2, &[], "commander:alice:", &["1 attack:0"]);
    check_said(2, &[], "bob:alice:", &["1 attack:0:2"]);
    check_said(2, &[("commander", "split", "")], "bob:alice:", &["1 attack:0:2", "4 retreat:0:4:2"]);
}

#[test]
fn traitors_sign_with_their_own_keys_and_forge_where_they_need_a_loyal_one() {
    let commander = ("commander", TRUE, "words = {}");
    check_said(1, &[BOB_SAYS_RETREAT], "bob:alice:", &["1 attack:0:2", "2 retreat:0?:2"]);
    check_said(1, &[BOB_SAYS_RETREAT, commander], "bob:alice:", &["1 attack:0:2", "2 retreat:0:2"]);
    // A round that asks for more signatures takes more traitors, or the chain is too short for
    // its round.
    let (carol, dave) = (("carol", TRUE, "words = {}"), ("dave", TRUE, "words = {}"));
    check_said(3, &[LATER, commander], "bob:alice:", &["1 attack:0:2", "6 retreat:0:2"]);
    check_said(3, &[LATER, commander, carol], "bob:alice:", &["1 attack:0:2", "6 retreat:0:3:2"]);
    check_said(3, &[LATER, commander, carol, dave], "bob:alice:", &["1 attack:0:2", "6 retreat:0:3:4:2"]);
    check_said(3, &[LATER, carol], "bob:alice:", &["1 attack:0:2", "6 retreat:0?:3:4?:2"]);
}

#[test]
fn traitors_use_the_loyal_signatures_that_they_heard() {
    // Carol alone is told to retreat, and everybody relays it in turn. In round 4, where an
    // honest Bob has nothing new to say, he signs under what Alice relayed in round 3.
    let commander = ("commander", "scripted", "words = { \"commander:carol:1\" = \"retreat\" }");
    let bob = ("bob", "scripted", "words = { \"bob:dave:6\" = \"retreat\" }");
    check_said(3, &[commander, bob], "alice:bob:", &["1 attack:0:1", "4 retreat:0:3:1"]);
    check_said(3, &[commander, bob], "bob:dave:", &["1 attack:0:2", "4 retreat:0:3:2", "6 retreat:0:3:1:2"]);
}

#[test]
fn a_chain_is_rejected_for_its_first_flaw() {
    let scenario = generals("signed", 4, "", &[("bob", "flip", ""), ("carol", "flip", "")]);
    let trace = report::run(&scenario, Claims::Always).unwrap().trace;
    let rejected: Vec<_> = trace.notes("rejected").map(|(event, ..)| trace.words.of(event.id).unwrap()).collect();
    assert!(rejected.contains(&"rejects carol's message: the commander's signature is forged"), "{rejected:?}");
    assert_eq!(rejected.len(), 4, "each of the two lies to two");
}
