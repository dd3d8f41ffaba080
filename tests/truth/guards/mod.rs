//! Where theory speaks: every theory beside every kind of fault, each armed alone.
//!
//! A row arms one fault and says of each theory of a protocol, in the protocol's order, whether it
//! speaks (`+`) or is silent (`.`). What speaks is held against runs.

mod byzantine_generals;
mod clock_skew;
mod exactly_once;
mod overload;
mod table;
mod two_generals;

use dsys::problems::{Bound, SHIPPED};
use dsys::scenario::Request;

use crate::theories;

/// Runs for each row and protocol.
const RUNS: u64 = 3_000;

/// A fault, as one would write it.
#[derive(Clone, Copy, Default)]
struct Armed {
    /// Rows of the file.
    rows: &'static str,
    /// What goes after `--set`.
    set: &'static [&'static str],
    /// What goes after `--force`.
    force: &'static [&'static str],
}

const fn rows(rows: &'static str) -> Armed {
    Armed { rows, set: &[], force: &[] }
}

const fn set(set: &'static [&'static str]) -> Armed {
    Armed { rows: "", set, force: &[] }
}

const fn force(force: &'static [&'static str]) -> Armed {
    Armed { rows: "", set: &[], force }
}

/// The scenario of these lines with the fault in it, or what the loader has against it.
fn armed(base: &str, fault: Armed) -> Result<Bound, String> {
    let text = format!("{base}\n{}", fault.rows);
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let (set, force) = (owned(fault.set), owned(fault.force));
    let request = Request { name: "armed", origin: "armed.toml", text: &text, set: &set, force: &force, seed: None };
    SHIPPED.load(&request).map_err(|invalid| invalid.to_string())
}

/// Arms a fault, and holds which theories speak against `speaks` and what they say against runs.
fn check(what: &str, base: &str, fault: Armed, speaks: &str) {
    let scenario = armed(base, fault).unwrap_or_else(|wrong| panic!("{what}: {wrong}"));
    let names: Vec<&str> = scenario.entry.theory.iter().map(|theory| theory.of).collect();
    assert_eq!(theories::signs(&scenario), speaks, "{what}, {}: which of {names:?} speak", scenario.protocol);
    theories::agree(&scenario, RUNS, what);
}
