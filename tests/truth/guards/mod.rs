//! Where theory speaks: every theory of the generals beside every kind of fault, each armed alone.
//!
//! A closed form beside a run that is not as it assumes is worse than none. A row arms one fault
//! and says of each theory of each protocol, in the protocol's order, whether it speaks (`+`) or is
//! silent (`-`), so that silence everywhere does not pass. What speaks is held against runs, within
//! 4.5 standard errors.

mod byzantine_generals;
mod two_generals;

use dsys::problems::{Bound, SHIPPED, Theory};
use dsys::scenario::{Expected, Request};

use crate::support::Bench;

/// Runs for each row and protocol.
const RUNS: u64 = 3_000;
const SIGMAS: f64 = 4.5;

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
    let theories = SHIPPED.entry(&scenario.problem, &scenario.protocol).unwrap().theory;
    let said: Vec<Option<f64>> = theories.iter().map(|theory| (theory.value)(&scenario)).collect();
    let signs: String = said.iter().map(|said| if said.is_some() { '+' } else { '-' }).collect();
    let names: Vec<&str> = theories.iter().map(|theory| theory.of).collect();
    assert_eq!(signs, speaks, "{what}, {}: which of {names:?} speak", scenario.protocol);
    let spoken: Vec<(&Theory, f64)> =
        theories.iter().zip(said).filter_map(|(theory, said)| Some((theory, said?))).collect();
    let mut bench = Bench::new(scenario);
    let mut seen = vec![Seen::default(); spoken.len()];
    let runs = if spoken.is_empty() { 0 } else { RUNS };
    for seed in 1..=runs {
        let run = bench.run(seed);
        for (seen, (theory, _)) in seen.iter_mut().zip(&spoken) {
            if !run.is_property(theory.of) {
                seen.values.extend(run.measure(theory.of).map(|value| value as f64));
                continue;
            }
            let verdict = run.verdict(theory.of);
            assert_ne!(verdict, Expected::Unknown, "{what}, {}, seed {seed}: {}", base, theory.of);
            seen.is_rate = true;
            seen.values.push(f64::from(u8::from(verdict == Expected::Violated)));
        }
    }
    for (seen, (theory, exact)) in seen.iter().zip(spoken) {
        seen.agrees(exact, &format!("{what}, {base}: {}", theory.of));
    }
}

/// What runs show of a rate of violation or of a measure.
#[derive(Clone, Default)]
struct Seen {
    values: Vec<f64>,
    is_rate: bool,
}

impl Seen {
    #[track_caller]
    fn agrees(&self, exact: f64, what: &str) {
        let n = self.values.len() as f64;
        assert!(n > 0.0, "{what}: theory says {exact}, and it is defined in no run");
        let mean = self.values.iter().sum::<f64>() / n;
        let variance = self.values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        let variance = if self.is_rate { (exact * (1.0 - exact)).max(0.0) } else { variance };
        let allowed = SIGMAS * (variance / n).sqrt() + 1e-9;
        assert!((mean - exact).abs() <= allowed, "{what}: theory says {exact}, runs say {mean} (± {allowed})");
    }
}
