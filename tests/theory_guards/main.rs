//! What theories assume, held against every way in which a run can go wrong.
//!
//! A theory says nothing where its assumptions fail. Each fault is armed in turn in a scenario in
//! which the theories of a protocol speak; a table says which of them speak then, and those that do
//! must agree with runs within 4.5 standard deviations. A theory that is silent where it could
//! rightly speak changes the table as well.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod exactly_once;

use std::ops::ControlFlow;

use dsys::problems::{Bound, SHIPPED};
use dsys::report::Trials;
use dsys::scenario::{Expected, Request};

/// How something goes wrong.
#[derive(Clone, Copy)]
enum Arm<'a> {
    /// Settings, as `--set` takes them.
    Set(&'a [&'a str]),
    /// A row of the scenario's faults.
    Row(&'a str),
    /// A choice that is forced, as `--force` takes it.
    Force(&'a str),
}

/// A scenario in which theories speak.
struct Base<'a> {
    /// Its text but for its faults: keys and inline tables only.
    text: &'a str,
    /// Its faults.
    rows: &'a [&'a str],
    /// What its first two nodes are called; faults call them `A` and `B`.
    nodes: [&'a str; 2],
}

/// What the loader says of what cannot go wrong in a scenario: it goes wrong there already, or
/// there is no such thing.
const REFUSED: [&str; 2] = ["settled twice", "has no choice"];

impl Base<'_> {
    fn named(&self, text: &str) -> String {
        let [a, b] = self.nodes;
        text.replace("`A`", a).replace("`B`", b)
    }

    /// The scenario with one more thing that goes wrong; `None` if it cannot.
    fn with(&self, arm: Arm<'_>) -> Option<Bound> {
        let mut rows: Vec<String> = self.rows.iter().map(|&row| row.to_owned()).collect();
        let (mut set, mut force) = (Vec::new(), Vec::new());
        match arm {
            Arm::Set(keys) => set.extend(keys.iter().map(|key| self.named(key))),
            Arm::Row(row) => rows.push(self.named(row)),
            Arm::Force(choice) => force.push(self.named(choice)),
        }
        let faults = rows.iter().map(|row| format!("{{ {row} }}")).collect::<Vec<_>>().join(", ");
        let text = format!("{}\nfault = [{faults}]\n", self.text);
        let request =
            Request { name: "guard", origin: "guard.toml", text: &text, set: &set, force: &force, seed: None };
        match SHIPPED.load(&request) {
            Ok(scenario) => Some(scenario),
            Err(wrong) if wrong.messages().any(|message| REFUSED.iter().any(|word| message.contains(word))) => None,
            Err(wrong) => panic!("{wrong}\n{text}\n{set:?}"),
        }
    }

    /// Holds the theories of the protocol against what goes wrong. `column` is that of a table with
    /// a row a fault: a sign for each theory in the protocol's order, `+` where it speaks and `.`
    /// where it is silent.
    #[track_caller]
    fn guards(&self, faults: &[(&str, Arm<'_>)], runs: u64, column: &[String]) {
        let mut found = Vec::new();
        for &(name, arm) in [("nothing", Arm::Set(&[]))].iter().chain(faults) {
            let Some(scenario) = self.with(arm) else {
                found.push(format!("{name:<30} -"));
                continue;
            };
            let entry = SHIPPED.entry(&scenario.problem, &scenario.protocol).unwrap();
            let said: Vec<Option<f64>> = entry.theory.iter().map(|theory| (theory.value)(&scenario)).collect();
            let signs: String = said.iter().map(|said| if said.is_some() { '+' } else { '.' }).collect();
            found.push(format!("{name:<30} {signs}"));
            let spoken = entry.theory.iter().zip(&said).filter_map(|(theory, &said)| Some((theory.of, said?)));
            agree(&scenario, name, &spoken.collect::<Vec<_>>(), runs);
        }
        assert_eq!(found, column, "{}", self.text);
    }
}

/// A column of a table, each cell behind its row's name. Names take 30 places; the first line has
/// those of the columns.
fn column(table: &str, name: &str) -> Vec<String> {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty());
    let names = lines.next().unwrap().split_whitespace();
    let place = names.zip(0..).find(|(known, _)| *known == name).unwrap().1;
    lines.map(|line| format!("{} {}", &line[..30], line[30..].split_whitespace().nth(place).unwrap())).collect()
}

/// Holds what theories say against so many runs.
fn agree(scenario: &Bound, fault: &str, said: &[(&str, f64)], runs: u64) {
    if said.is_empty() {
        return;
    }
    let entry = SHIPPED.entry(&scenario.problem, &scenario.protocol).unwrap();
    let mut trials = Trials::new(scenario).unwrap();
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); said.len()];
    for seed in 1..=runs {
        let mut trial = trials.run(seed, None, &mut || ControlFlow::Continue(()));
        let verdicts: Vec<Expected> = trial.verdicts().map(|verdict| verdict.word()).collect();
        let measures: Vec<Option<i64>> = trial.values().collect();
        for (values, (of, _)) in values.iter_mut().zip(said) {
            let property = entry.properties.iter().position(|property| property.name == *of);
            let measure = entry.measures.iter().position(|measure| measure.name == *of);
            values.push(match (property, measure) {
                (Some(property), _) => f64::from(verdicts[property] == Expected::Violated),
                (_, Some(measure)) => measures[measure].unwrap() as f64,
                _ => panic!("{of} is neither a property nor a measure"),
            });
        }
    }
    for (values, (of, exact)) in values.iter().zip(said) {
        let n = runs as f64;
        let mean = values.iter().sum::<f64>() / n;
        let sample = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        // The rarest event that moves a mean counts as much as one that was seen.
        let bound = 4.5 * (sample.max(exact.fract() * (1.0 - exact.fract())) / n).sqrt() + 1e-9;
        let protocol = &scenario.protocol;
        assert!(
            (mean - exact).abs() <= bound,
            "{protocol} under {fault}: {of} is {mean}, theory says {exact} ± {bound}"
        );
    }
}
