//! Theories held against runs: which of a protocol's closed forms speak of a scenario, and whether
//! they agree with what many runs of it come to.
//!
//! A closed form beside a run that is not as it assumes is worse than none. So each table of guards
//! arms one fault a row, and says of each theory whether it speaks (`+`) or is silent (`.`):
//! silence everywhere does not pass, and neither does a form that speaks and is wrong.

use std::ops::ControlFlow;

use dsys::problems::Bound;
use dsys::report::Trials;
use dsys::scenario::Expected;

/// How far a mean may be from what is exact, in standard errors.
const SIGMAS: f64 = 4.5;
/// By how much the mean of a length of time may be off because clocks show whole nanoseconds.
const ROUNDED: f64 = 3.0;

/// A sign for each theory of the scenario's protocol, in the protocol's order.
pub(crate) fn signs(scenario: &Bound) -> String {
    let speaks = scenario.entry.theory.iter().map(|theory| (theory.value)(scenario).is_some());
    speaks.map(|speaks| if speaks { '+' } else { '.' }).collect()
}

/// Holds what the theories say of a scenario against so many runs of it.
#[track_caller]
pub(crate) fn agree(scenario: &Bound, runs: u64, what: &str) {
    let theories = scenario.entry.theory.iter();
    let said = theories.filter_map(|theory| Some((theory.of, (theory.value)(scenario)?)));
    let mut seen: Vec<Seen> = said.map(|(of, exact)| Seen::new(scenario, of, exact)).collect();
    if seen.is_empty() {
        return;
    }
    let mut trials = Trials::new(scenario).unwrap();
    for seed in 1..=runs {
        let mut trial = trials.run(seed, None, &mut || ControlFlow::Continue(()));
        let verdicts: Vec<Expected> = trial.verdicts().map(|verdict| verdict.word()).collect();
        let measures: Vec<Option<i64>> = trial.values().collect();
        for seen in &mut seen {
            seen.take(&verdicts, &measures);
        }
    }
    for seen in seen {
        seen.assert_agrees(&format!("{} under {what}", scenario.protocol));
    }
}

/// What a theory is about, by its place in the protocol's entry.
enum Of {
    Property(usize),
    Measure(usize),
}

/// What runs show of what one theory is about.
struct Seen {
    name: &'static str,
    of: Of,
    /// What the theory says: how often a property is violated, or a measure's mean.
    exact: f64,
    rounded: f64,
    values: Vec<f64>,
}

impl Seen {
    fn new(scenario: &Bound, name: &'static str, exact: f64) -> Seen {
        let entry = scenario.entry;
        let property = entry.properties.iter().position(|property| property.name == name);
        let measure = entry.measures.iter().position(|measure| measure.name == name);
        let of = match (property, measure) {
            (Some(place), _) => Of::Property(place),
            (None, Some(place)) => Of::Measure(place),
            (None, None) => panic!("{name} is neither a property nor a measure"),
        };
        let is_time = measure.is_some_and(|place| entry.measures[place].unit == "ns");
        Seen { name, of, exact, rounded: if is_time { ROUNDED } else { 1e-9 }, values: Vec::new() }
    }

    fn take(&mut self, verdicts: &[Expected], measures: &[Option<i64>]) {
        match self.of {
            Of::Property(place) => {
                assert_ne!(verdicts[place], Expected::Unknown, "{}: theory speaks of what is not known", self.name);
                self.values.push(f64::from(verdicts[place] == Expected::Violated));
            }
            // Theory speaks of the runs in which the measure is defined.
            Of::Measure(place) => self.values.extend(measures[place].map(|value| value as f64)),
        }
    }

    #[track_caller]
    fn assert_agrees(&self, what: &str) {
        let Seen { name, exact, values, .. } = self;
        let n = values.len() as f64;
        assert!(n > 0.0, "{what}: theory says {exact} of {name}, which is defined in no run");
        let mean = values.iter().sum::<f64>() / n;
        let sample = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        // The rarest event that moves a mean counts as much as one that was seen.
        let rarest = exact.fract() * (1.0 - exact.fract());
        let variance = if matches!(self.of, Of::Property(_)) { rarest } else { sample.max(rarest) };
        let allowed = SIGMAS * (variance / n).sqrt() + self.rounded;
        assert!((mean - exact).abs() <= allowed, "{what}: {name} is {mean}, theory says {exact} ± {allowed}");
    }
}
