//! The paper's figures and counts of OM(m), and the tree of what was heard.

use super::*;
use crate::problems::byzantine_generals::testing::{generals, reasons};

/// "(n-1)(n-2)...(n-m-1) messages" in the last round, and the rounds before it.
#[test]
fn the_recursion_sends_what_the_sum_says() {
    fn recursion(nodes: u128, m: u32) -> u128 {
        if m == 0 { nodes - 1 } else { (nodes - 1) * (1 + recursion(nodes - 1, m - 1)) }
    }
    for (nodes, m) in (2..14).flat_map(|nodes| (0..=nodes - 2).map(move |m| (nodes, m as u32))) {
        assert_eq!(messages(nodes, m), recursion(nodes as u128, m), "OM({m}) with {nodes}");
    }
}

/// Figure 3, OM(1) with lieutenant 3 a traitor: lieutenant 2 "has v1 = v2 = v and v3 = x, so he
/// obtains the correct value v = majority(v, v, x)".
#[test]
fn figure_3_a_lieutenant_is_a_traitor() {
    let reasons = reasons(&generals("oral", 4, "", &[("carol", "flip", "")]));
    assert_eq!(
        reasons[1],
        "bob counts attack from the commander, attack from alice, retreat from carol: 2 for attack, 1 for retreat"
    );
}

/// Figure 4, OM(1) with the commander a traitor: "Each lieutenant obtains v1 = x, v2 = y, and
/// v3 = z, so they all obtain the same value majority(x, y, z) in step (3)".
#[test]
fn figure_4_the_commander_is_a_traitor() {
    let reasons = reasons(&generals("oral", 4, "", &[("commander", "split", "")]));
    let counted: Vec<_> = reasons.iter().map(|reason| reason.rsplit_once(": ").unwrap().1).collect();
    assert_eq!(counted, ["2 for attack, 1 for retreat"; 3]);
}

#[test]
fn a_tie_and_no_votes_at_all_mean_the_default() {
    use Order::{Attack, Retreat};
    for default in Order::BOTH {
        for (votes, decided) in [
            (&[][..], default),
            (&[Attack], Attack),
            (&[Retreat], Retreat),
            (&[Attack, Retreat], default),
            (&[Attack, Retreat, Retreat], Retreat),
            (&[Retreat, Attack, Attack, Retreat], default),
        ] {
            assert_eq!(majority(votes.iter().copied(), default), decided, "{votes:?}, default {default}");
        }
    }
}

/// OM(m), step 2 among five: every path of at most three hops that does not pass me has a place
/// of its own.
#[test]
fn each_path_has_a_place_of_its_own() {
    let mut heard = Heard::new(NodeId::new(2), 5, 2);
    assert_eq!(heard.len(), 1 + 3 + 3 * 2);
    let paths: Vec<Path> = (1..=3).flat_map(|length| heard.statements(length)).map(|(path, _)| path).collect();
    for (stored, path) in paths.iter().enumerate() {
        assert_eq!(heard.received, stored);
        heard.store(*path, Order::Attack);
        heard.store(*path, Order::Retreat);
    }
    let heard: Vec<_> = (1..=3).flat_map(|length| heard.statements(length)).collect();
    assert!(heard.iter().all(|&(_, order)| order == Some(Order::Attack)), "the first word counts");
}

#[test]
fn what_never_came_is_told_from_what_was_said() {
    let silent = generals("oral", 3, "default = \"attack\"\norder = \"retreat\"", &[("bob", "silent", "")]);
    let said = "alice counts retreat from the commander, attack for the silence of bob: a tie, which means attack";
    assert_eq!(reasons(&silent), [said]);
}
