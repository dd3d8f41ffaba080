//! Exactly-once delivery: what is lost, doubled and done again, against closed forms that were derived by hand.

use dsys::check::{self, Run};
use dsys::problems::{self, Registry};
use dsys::report;
use dsys::scenario::{self, Expected, Request, Scenario};
use dsys::trace::Recording;

/// Runs behind every rate and mean.
const RUNS: u64 = 20_000;

/// The scenario of this text, between a shop and a ledger over a network on which everything takes 1 ms.
fn scenario(protocol: &str, text: &str) -> Scenario {
    let head = "title = \"A figure\"\nproblem = \"exactly-once\"\nnetwork.delay = \"1ms\"\n";
    let nodes = if text.contains("nodes =") { "" } else { "nodes = 2\n" };
    let text = format!("{head}{nodes}protocol = \"{protocol}\"\n{text}");
    let request = Request { name: "figure", origin: "figure.toml", text: &text, set: &[], force: &[], seed: None };
    scenario::load(&request, &Registry).unwrap_or_else(|invalid| panic!("{}", invalid.styled()))
}

/// What the program's own theory says of a property or a measure.
fn theory(scenario: &Scenario, of: &str) -> Option<f64> {
    let entry = problems::entry(&scenario.problem, &scenario.protocol).unwrap();
    entry.theory.iter().find(|theory| theory.of == of).and_then(|theory| (theory.value)(scenario))
}

/// The value of a property (1 where it is violated) or of a measure in each of `RUNS` runs.
fn samples(scenario: &Scenario, of: &str) -> Vec<f64> {
    let (entry, mut runner) = report::prepare(scenario).unwrap();
    let recording = Recording::Outputs(report::needs(entry));
    let property = entry.properties.iter().find(|property| property.name == of);
    let measure = entry.measures.iter().find(|measure| measure.name == of);
    let mut value = |seed| {
        let trace = runner.run(seed, recording, None);
        let run = Run { scenario, trace };
        match (property, measure) {
            (Some(property), _) => f64::from(check::judge(property, &run).word() == Expected::Violated),
            (_, Some(measure)) => (measure.of)(&run).unwrap() as f64,
            _ => panic!("{of} is neither a property nor a measure"),
        }
    };
    (1..=RUNS).map(&mut value).collect()
}

/// Holds a rate or a mean against its exact value, and the program's theory against the same. A bound of 4.5 sigma is
/// that of the exact value for a rate, and of the sample for a mean.
fn check(scenario: &Scenario, of: &str, exact: f64) {
    let samples = samples(scenario, of);
    let n = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / n;
    let is_rate = samples.iter().all(|&value| value == 0.0 || value == 1.0) && exact <= 1.0;
    let variance = if is_rate {
        exact * (1.0 - exact)
    } else {
        samples.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)
    };
    let bound = 4.5 * (variance / n).sqrt() + 1e-9;
    let protocol = &scenario.protocol;
    assert!((mean - exact).abs() <= bound, "{protocol}: {of} is {mean}, not {exact} within {bound}");
    if let Some(theory) = theory(scenario, of) {
        assert!((theory - exact).abs() <= 1e-4 * exact.max(1.0), "{protocol}: theory says {theory} of {of}, not {exact}");
    } else {
        panic!("{protocol}: no theory of {of}");
    }
}

/// Losses of both links: p from the shop to the ledger, q back.
fn losses(p: f64, q: f64) -> String {
    format!(
        "network.link = [{{ from = \"shop\", to = \"ledger\", loss = {p:?} }}, {{ from = \"ledger\", to = \"shop\", \
         loss = {q:?} }}]\n"
    )
}

#[test]
fn at_most_once_delivers_what_is_not_lost() {
    for p in [0.1, 0.3, 0.9] {
        let one = scenario("at-most-once", &format!("{}params.orders = 1", losses(p, 0.0)));
        check(&one, "no-loss", p);
        check(&one, "effects", 1.0 - p);
        check(&one, "losses", p);
        check(&one, "no-duplicate", 0.0);
    }
}

#[test]
fn at_least_once_charges_as_often_as_acknowledgements_are_lost() {
    for (p, q, mean) in [(0.0, 0.1, 1.11111), (0.6, 0.1, 1.11111), (0.2, 0.3, 1.42857), (0.3, 0.5, 2.0)] {
        let one = scenario("at-least-once", &format!("{}params = {{ orders = 1, every = \"5ms\" }}", losses(p, q)));
        check(&one, "copies", mean);
        check(&one, "effects", mean);
        check(&one, "no-duplicate", q);
        check(&one, "sends", 1.0 / ((1.0 - p) * (1.0 - q)));
        check(&one, "no-loss", 0.0);
    }
}

#[test]
fn at_least_once_with_four_attempts() {
    let params = "params = { orders = 1, every = \"5ms\", attempts = 4 }";
    let one = scenario("at-least-once", &format!("{}{params}", losses(0.2, 0.3)));
    check(&one, "copies", 1.37503);
    check(&one, "no-duplicate", 0.29184);
    check(&one, "no-loss", 0.2_f64.powi(4));
    check(&one, "sends", 1.37503 / 0.8);
}

#[test]
fn the_copies_of_an_order_are_geometric() {
    let (p, q) = (0.3, 0.5);
    let one = scenario("at-least-once", &format!("{}params = {{ orders = 1, every = \"5ms\" }}", losses(p, q)));
    let copies = samples(&one, "copies");
    for d in 1..=6 {
        let exact = (1.0 - q) * q.powi(d - 1);
        let rate = copies.iter().filter(|&&copies| copies == f64::from(d)).count() as f64 / RUNS as f64;
        let bound = 4.5 * (exact * (1.0 - exact) / RUNS as f64).sqrt();
        assert!((rate - exact).abs() <= bound, "{d} copies: {rate}, not {exact}");
    }
}
