//! Lamport, Shostak, Pease, "The Byzantine Generals Problem", ACM TOPLAS 4(3), 1982: theorems 1 and
//! 2, lemma 1.

use dsys::problems::Bound;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::support::{Bench, load, theory};

/// Generals of whom some are traitors, each with a way to lie of his own.
#[derive(Clone, Debug)]
struct Army {
    nodes: usize,
    m: usize,
    order: &'static str,
    default: &'static str,
    /// Traitors by index, with their lies.
    traitors: Vec<(usize, String)>,
    seed: u64,
}

const NAMES: [&str; 8] = ["commander", "alice", "bob", "carol", "dave", "erin", "frank", "grace"];

impl Army {
    fn scenario(&self, protocol: &str) -> Bound {
        let Army { nodes, m, order, default, traitors, seed } = self;
        let traitors = traitors.iter().map(|(index, lie)| {
            let node = NAMES[*index];
            // The placeholders of a scripted lie stand for the slots of its traitor.
            let lie = lie.replace("ME", node);
            format!("[[fault]]\ntraitor = {{ node = \"{node}\", {lie} }}\n")
        });
        let traitors: String = traitors.collect();
        load(&format!(
            "title = \"A test\"\nproblem = \"byzantine-generals\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n\
             seed = {seed}\n[params]\nm = {m}\norder = \"{order}\"\ndefault = \"{default}\"\n{traitors}"
        ))
    }

    /// The properties that a run of the army violates, of agreement and validity.
    fn violates(&self, protocol: &str) -> Vec<&'static str> {
        let mut bench = Bench::new(self.scenario(protocol));
        let run = bench.run(self.seed);
        assert!(!run.violates("termination"), "every loyal general decides: {self:?}");
        ["agreement", "validity"].into_iter().filter(|property| run.violates(property)).collect()
    }
}

fn order() -> impl Strategy<Value = &'static str> {
    select(vec!["attack", "retreat"])
}

fn word() -> impl Strategy<Value = &'static str> {
    select(vec!["attack", "retreat", "silent", "attack+retreat"])
}

/// A lie that both protocols know. A scripted one says anything in any of the first slots of any
/// link.
fn lie(nodes: usize) -> impl Strategy<Value = String> {
    let slot = (select(NAMES[1..nodes].to_vec()), 1_u32..=6, word());
    let scripted = prop::collection::vec(slot, 1..20).prop_map(|slots| {
        let slots: std::collections::BTreeMap<String, &str> =
            slots.into_iter().map(|(to, nth, word)| (format!("ME:{to}:{nth}"), word)).collect();
        let words = slots.iter().map(|(slot, word)| format!("\"{slot}\" = \"{word}\""));
        format!("lie = \"scripted\", words = {{ {} }}", words.collect::<Vec<_>>().join(", "))
    });
    let simple = select(vec!["flip", "silent", "random", "parity", "split"]).prop_map(|lie| format!("lie = \"{lie}\""));
    let constant = word().prop_map(|word| format!("lie = \"constant\", word = \"{word}\""));
    prop_oneof![1 => simple, 1 => constant, 3 => scripted]
}

/// Armies of `nodes` generals with m and a number of traitors in these bounds.
fn army(
    sizes: impl Strategy<Value = (usize, usize)>,
    most_traitors: fn(nodes: usize, m: usize) -> usize,
) -> impl Strategy<Value = Army> {
    let army = move |(nodes, m): (usize, usize)| {
        let who = subsequence((0..nodes).collect::<Vec<_>>(), 0..=most_traitors(nodes, m));
        let lies = prop::collection::vec(lie(nodes), nodes);
        (who, lies, order(), order(), any::<u32>()).prop_map(move |(who, lies, order, default, seed)| Army {
            nodes,
            m,
            order,
            default,
            traitors: who.into_iter().zip(lies).collect(),
            seed: seed.into(),
        })
    };
    sizes.prop_flat_map(army)
}

/// A traitor does not send to himself: such slots of a script are left out.
fn without_own_slots(mut army: Army) -> Army {
    for (index, lie) in &mut army.traitors {
        if let Some((head, words)) = lie.split_once('{') {
            let own = format!(":{}:", NAMES[*index]);
            let kept: Vec<&str> = words.trim_end_matches('}').split(',').filter(|word| !word.contains(&own)).collect();
            *lie = format!("{head}{{ {} }}", kept.join(", "));
        }
    }
    army
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Theorem 1: "For any m, Algorithm OM(m) satisfies conditions IC1 and IC2 if there are more
    /// than 3m generals and at most m traitors."
    #[test]
    fn om_m_bears_m_traitors_among_more_than_3m(
        army in army(select(vec![(2, 0), (4, 1), (5, 1), (6, 1), (7, 1), (7, 2), (8, 2)]), |_, m| m).prop_map(without_own_slots)
    ) {
        prop_assert_eq!(theory(&army.scenario("oral"), "agreement"), Some(0.0));
        prop_assert_eq!(army.violates("oral"), Vec::<&str>::new());
    }

    /// Lemma 1: "For any m and k, Algorithm OM(m) satisfies IC2 if there are more than 2k + m
    /// generals and at most k traitors."
    #[test]
    fn om_m_keeps_ic2_among_more_than_2k_plus_m(
        army in army(select(vec![(3, 0), (5, 0), (4, 1), (6, 1), (8, 1), (5, 2), (7, 2), (6, 3)]), |nodes, m| (nodes - m - 1) / 2)
            .prop_map(without_own_slots)
    ) {
        prop_assert_eq!(theory(&army.scenario("oral"), "validity"), Some(0.0));
        prop_assert!(!army.violates("oral").contains(&"validity"));
    }

    /// Theorem 2: "For any m, Algorithm SM(m) solves the Byzantine Generals Problem if there are at
    /// most m traitors."
    #[test]
    fn sm_m_bears_m_traitors_among_any_number(
        army in army(select(vec![(2, 0), (3, 1), (4, 1), (4, 2), (5, 2), (5, 3), (6, 3), (7, 2)]), |_, m| m).prop_map(without_own_slots)
    ) {
        prop_assert_eq!(theory(&army.scenario("signed"), "agreement"), Some(0.0));
        prop_assert_eq!(army.violates("signed"), Vec::<&str>::new());
    }
}

/// Out of bounds: for each of these sizes there is a run that breaks the theorem, among so many
/// random ones.
#[test]
fn one_traitor_too_many_breaks_some_run() {
    for (protocol, nodes, m, who, property) in [
        ("oral", 3, 1, &["bob"][..], "validity"),
        ("oral", 6, 2, &["dave", "erin"], "validity"),
        ("oral", 7, 1, &["commander", "frank"], "agreement"),
        ("oral", 5, 1, &["carol", "dave"], "validity"),
        ("oral", 4, 0, &["commander"], "agreement"),
        ("signed", 4, 0, &["commander"], "agreement"),
        ("signed", 4, 1, &["commander", "carol"], "agreement"),
    ] {
        let traitors: String = who
            .iter()
            .map(|node| format!("[[fault]]\ntraitor = {{ node = \"{node}\", lie = \"random\" }}\n"))
            .collect();
        let scenario = load(&format!(
            "title = \"A test\"\nproblem = \"byzantine-generals\"\nprotocol = \"{protocol}\"\nnodes = {nodes}\n\
             [params]\nm = {m}\n{traitors}"
        ));
        assert_eq!(theory(&scenario, property), None, "{protocol}, m = {m}, {nodes} generals");
        let broken = Bench::new(scenario).violations(property, 200);
        assert!(broken > 0, "{protocol}, m = {m}, {nodes} generals: {property} held in every run");
    }
}
