//! A search's answer in words, and as JSON. It never says more than was shown.

use std::fmt::Write;

use serde_json::{Map, Value as Json, json};

use crate::process::Names;
use crate::report::Prediction;
use crate::scenario::statement::Statement;
use crate::scenario::{Choice, Decision, EnemyMay, Fate, Scenario, grouped};

use super::found::{Found, Settled};
use super::{Answer, StoppedBy};

impl Answer {
    /// What was asked.
    pub fn question(&self, scenario: &str) -> String {
        let may: Vec<String> = self.may.iter().map(|kind| kind.deed().to_owned()).collect();
        let property = self.property.unwrap_or("any property");
        format!("What must go wrong in {scenario} to violate {property}, if the enemy may {}?", joined(&may, "or"))
    }

    /// The answer in a paragraph: what is enough to violate the property, or what was ruled out.
    pub fn in_words(&self, names: &Names) -> String {
        self.in_words_by(&|departures| listed(departures, names))
    }

    /// The same, with what is enough as `listed` says it.
    pub fn in_words_by(&self, listed: &dyn Fn(&[Settled]) -> String) -> String {
        let mut words = match &self.found {
            Some(found) => self.found_in_words(found, listed),
            None => self.none_in_words(),
        };
        if self.unknown > 0 {
            let runs = runs(self.unknown);
            let _ = write!(words, " Of {runs} nobody can say: a limit cut them short, or the time was over.");
        }
        words
    }

    fn found_in_words(&self, found: &Found, listed: &dyn Fn(&[Settled]) -> String) -> String {
        let Found { property, because, departures, by_chance, .. } = found;
        let because = because.trim_end_matches('.');
        let enough = enough(departures);
        let listed = listed(departures);
        let is = if is_one(departures) { "is" } else { "are" };
        match (departures.is_empty(), by_chance) {
            (true, _) if self.keeps_faults => format!(
                "Found: the enemy need do nothing, since the scenario's own faults are enough. Then {property} is \
                 violated: {because}."
            ),
            (true, _) => format!("Found: the enemy need do nothing. Then {property} is violated: {because}."),
            (false, false) => {
                format!("Found: {enough} {is} enough — {listed}. Then {property} is violated: {because}.")
            }
            (false, true) => format!(
                "Found by chance, among {} that were drawn at random: {enough} {is} enough — {listed}. Then {property} is \
                 violated: {because}. None of this can be spared by itself, but {}",
                behaviours(self.sampled),
                match self.deepest {
                    0 => "something else may be enough that is less.".to_owned(),
                    deepest => format!(
                        "something else of more than {} may be enough that is less.",
                        self.plots(deepest.into())
                    ),
                }
            ),
        }
    }

    fn none_in_words(&self) -> String {
        if self.enumerated == 0 {
            return "Nothing is known: not one behaviour was run.".to_owned();
        }
        let ended = self.enumerated - self.of_unfinished;
        let mut words = match self.stopped_by {
            StoppedBy::Exhausted if self.choices == 0 => {
                "None: nothing came up that the enemy may decide. There is one behaviour, and it was run.".to_owned()
            }
            StoppedBy::Exhausted => {
                let all = if ended == 1 {
                    "the only behaviour was".to_owned()
                } else {
                    format!("all {} were", behaviours(ended))
                };
                format!("None: {all} run. What the enemy does not decide was drawn from the seed.")
            }
            _ => {
                let most = self.plots(self.deepest.into());
                format!("None with at most {most} ({}); more were not tried.", runs(ended))
            }
        };
        if self.stopped_by == StoppedBy::Budget {
            words = words.replace("; more were not tried.", ".");
            if self.of_unfinished > 0 {
                let _ = write!(
                    words,
                    " Of those with {1}, the first {0} were tried, and none violates it.",
                    behaviours(self.of_unfinished),
                    self.plots(u64::from(self.deepest) + 1)
                );
            }
            if self.sampled > 0 {
                let _ = write!(
                    words,
                    " Beyond that, {} were drawn at random. None violates it, which proves nothing.",
                    behaviours(self.sampled)
                );
            } else if self.of_unfinished == 0 {
                words.push_str(" More were not tried.");
            }
        }
        words
    }

    /// So many of what the enemy may do: `4 lies`, `2 failures`.
    fn plots(&self, count: u64) -> String {
        let (one, many) = match self.may[..] {
            [EnemyMay::Lie] => ("lie", "lies"),
            [EnemyMay::Lose] => ("lost message", "lost messages"),
            [EnemyMay::Corrupt] => ("corrupted message", "corrupted messages"),
            [EnemyMay::Twice] => ("doubled message", "doubled messages"),
            [EnemyMay::Delay] => ("chosen delay", "chosen delays"),
            [EnemyMay::Crash] => ("crash", "crashes"),
            [EnemyMay::Pause] => ("pause", "pauses"),
            _ => ("failure", "failures"),
        };
        format!("{} {}", grouped(&count), if count == 1 { one } else { many })
    }

    /// The answers to the questions of a scenario's story that its search decides. A search whose
    /// runs were used up decides nothing.
    pub fn predictions(&self, scenario: &Scenario) -> Vec<Prediction> {
        let is_found = match (&self.found, self.stopped_by) {
            (Some(_), _) => Some(true),
            (None, StoppedBy::Budget) => None,
            (None, _) => Some(false),
        };
        let is_true = |statement: &Statement| is_found.filter(|_| *statement == Statement::Found);
        scenario.story.predict.iter().map(|question| Prediction::of(question, &is_true)).collect()
    }

    /// The answer as `dsys search --format json` prints it: one object with stable names.
    pub fn to_json(&self, scenario: &str, names: &Names) -> Json {
        let found = self.found.as_ref().map(|found| {
            let forced = found
                .departures
                .iter()
                .map(|(choice, decision)| (choice.name(names), Json::from(decision.option(names))));
            json!({ "forced": forced.collect::<Map<_, _>>(), "because": found.because })
        });
        json!({
            "scenario": scenario,
            "property": self.property,
            "found": found,
            "exhausted": self.stopped_by == StoppedBy::Exhausted,
            "enumerated": self.enumerated,
            "deepest": self.deepest,
            "sampled": self.sampled,
            "choices": self.choices,
            "stopped_by": self.stopped_by.word(),
        })
    }
}

impl EnemyMay {
    /// What the enemy does, after "may".
    pub(crate) const fn deed(self) -> &'static str {
        match self {
            EnemyMay::Lie => "tell lies",
            EnemyMay::Lose => "lose messages",
            EnemyMay::Corrupt => "corrupt messages",
            EnemyMay::Twice => "deliver messages twice",
            EnemyMay::Delay => "choose delays",
            EnemyMay::Crash => "crash nodes",
            EnemyMay::Pause => "pause nodes",
        }
    }
}

impl StoppedBy {
    /// The reason in a word.
    pub const fn word(self) -> &'static str {
        match self {
            StoppedBy::Found => "found",
            StoppedBy::Exhausted => "exhausted",
            StoppedBy::AtMost => "at-most",
            StoppedBy::Budget => "budget",
        }
    }
}

impl Found {
    /// The case in a line.
    pub fn title(&self) -> String {
        let enough = enough(&self.departures);
        let mut letters = enough.chars();
        match letters.next() {
            Some(first) => format!("{}{} violates {}", first.to_uppercase(), letters.as_str(), self.property),
            None => format!("Nothing goes wrong, and {} is violated", self.property),
        }
    }
}

/// What the enemy did, as what is enough: `losing one message and one crash`.
fn enough(departures: &[Settled]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (kind, one, many) in KINDS {
        let count = departures.iter().filter(|settled| kind_of(settled) == kind).count();
        let part = match count {
            0 => continue,
            1 => one.to_owned(),
            _ => many.replace('#', &in_a_word(count)),
        };
        parts.push(part);
    }
    joined(&parts, "and")
}

/// Whether what is enough is one thing: one deed of whatever length, or one event.
fn is_one(departures: &[Settled]) -> bool {
    let first = departures.first().map(kind_of);
    let is_event = matches!(first, Some(EnemyMay::Crash | EnemyMay::Pause));
    departures.iter().all(|other| Some(kind_of(other)) == first) && !(is_event && departures.len() > 1)
}

/// What each kind of departure is called, one and many of them, in the order in which they are
/// told.
const KINDS: [(EnemyMay, &str, &str); 7] = [
    (EnemyMay::Lie, "telling one lie", "telling # lies"),
    (EnemyMay::Lose, "losing one message", "losing # messages"),
    (EnemyMay::Corrupt, "corrupting one message", "corrupting # messages"),
    (EnemyMay::Twice, "delivering one message twice", "delivering # messages twice"),
    (EnemyMay::Delay, "choosing the delay of one message", "choosing the delays of # messages"),
    (EnemyMay::Crash, "one crash", "# crashes"),
    (EnemyMay::Pause, "one pause", "# pauses"),
];

fn kind_of((choice, decision): &Settled) -> EnemyMay {
    match (choice, decision) {
        (Choice::Fate(_), Decision::Fate(Fate::Corrupt)) => EnemyMay::Corrupt,
        (Choice::Fate(_), Decision::Fate(Fate::Twice)) => EnemyMay::Twice,
        (Choice::Delay(_), _) => EnemyMay::Delay,
        (Choice::Crash(_), _) => EnemyMay::Crash,
        (Choice::Pause(_), _) => EnemyMay::Pause,
        (Choice::Lie(_), _) => EnemyMay::Lie,
        _ => EnemyMay::Lose,
    }
}

/// The departures by name, each with its option where that does not go without saying.
fn listed(departures: &[Settled], names: &Names) -> String {
    let is_plain = departures.iter().all(|(_, decision)| *decision == Decision::Fate(Fate::Lose));
    let one = |(choice, decision): &Settled| {
        let name = choice.name(names);
        if is_plain { name } else { format!("{name}={}", decision.option(names)) }
    };
    joined(&departures.iter().map(one).collect::<Vec<_>>(), "and")
}

fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

fn in_a_word(count: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(count).map_or_else(|| grouped(&count), |word| (*word).to_owned())
}

fn behaviours(count: u64) -> String {
    format!("{} {}", grouped(&count), if count == 1 { "behaviour" } else { "behaviours" })
}

fn runs(count: u64) -> String {
    format!("{} {}", grouped(&count), if count == 1 { "run" } else { "runs" })
}
