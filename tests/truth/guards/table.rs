//! A table of guards: a row a fault, a column a scenario in which theories speak.

use dsys::problems::{Bound, SHIPPED};
use dsys::scenario::Request;

use crate::theories;

/// How something goes wrong.
#[derive(Clone, Copy)]
pub(super) enum Arm<'a> {
    /// Settings, as `--set` takes them.
    Set(&'a [&'a str]),
    /// A row of the scenario's faults.
    Row(&'a str),
    /// A choice that is forced, as `--force` takes it.
    Force(&'a str),
}

/// A scenario in which theories speak.
pub(super) struct Base<'a> {
    /// Its text but for its faults: keys and inline tables only.
    pub(super) text: &'a str,
    /// Its faults.
    pub(super) rows: &'a [&'a str],
    /// What its first two nodes are called; faults call them `A` and `B`.
    pub(super) nodes: [&'a str; 2],
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
    pub(super) fn guards(&self, faults: &[(&str, Arm<'_>)], runs: u64, column: &[String]) {
        let mut found = Vec::new();
        for &(name, arm) in [("nothing", Arm::Set(&[]))].iter().chain(faults) {
            let Some(scenario) = self.with(arm) else {
                found.push(format!("{name:<30} -"));
                continue;
            };
            found.push(format!("{name:<30} {}", theories::signs(&scenario)));
            theories::agree(&scenario, runs, name);
        }
        assert_eq!(found, column, "{}", self.text);
    }
}

/// A column of a table, each cell behind its row's name. Names take 30 places; the first line has
/// those of the columns.
pub(super) fn column(table: &str, name: &str) -> Vec<String> {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty());
    let names = lines.next().unwrap().split_whitespace();
    let place = names.zip(0..).find(|(known, _)| *known == name).unwrap().1;
    lines.map(|line| format!("{} {}", &line[..30], line[30..].split_whitespace().nth(place).unwrap())).collect()
}
