//! What a sweep is about: the one figure that its chart and its tables show before all else.
//!
//! A scenario names it in its `[sweep]`. Of one that does not, it is what the story's question
//! counts: what is drawn is what was asked.

use serde::Serialize;

use super::Plan;
use crate::check::Measure;
use crate::scenario::statement::{Count, Counted, Statement};
use crate::scenario::{Figure, Right, Scenario};

/// What a sweep is about, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Asked {
    /// The property, or the measure.
    pub of: String,
    /// Whether it is a measure, whose mean is shown.
    pub is_measure: bool,
    /// What stands above it: `Only one attacks`.
    pub says: String,
    /// What its numbers are: `in % of the runs in which somebody attacks`.
    pub counted_in: String,
}

impl Asked {
    /// How often a property is violated.
    pub fn rate(name: &str) -> Asked {
        Asked {
            of: name.to_owned(),
            is_measure: false,
            says: format!("{name} is violated"),
            counted_in: "in % of the runs".to_owned(),
        }
    }

    /// The mean of a measure.
    pub fn mean(measure: &Measure) -> Asked {
        let name = measure.name.replace('_', " ");
        let (says, counted_in) = match measure.unit {
            _ if measure.is_share() => (name, "in % of the runs in which it is defined"),
            "ns" => (name, "on average"),
            unit if unit == measure.name => (name, "on average"),
            unit => (format!("{name}, in {unit}"), "on average"),
        };
        Asked { of: measure.name.to_owned(), is_measure: true, says, counted_in: counted_in.to_owned() }
    }

    /// The whole in words: `Only one attacks, in % of the runs in which somebody attacks`.
    pub fn in_words(&self) -> String {
        format!("{}, {}", self.says, self.counted_in)
    }

    /// The same where shares are written from 0 to 1: `Only one attacks, as a share of the runs in
    /// which somebody attacks`.
    pub fn as_share(&self) -> String {
        match self.counted_in.strip_prefix("in % of ") {
            Some(runs) => format!("{}, as a share of {runs}", self.says),
            None => self.in_words(),
        }
    }
}

impl Plan {
    /// What the sweep is about. `None` where the scenario does not say it, and asks nothing that
    /// many runs decide.
    pub fn asked(&self) -> Option<Asked> {
        let figure = figure(self.scenario())?;
        let mut asked = match figure.what {
            Count::Rate => Asked::rate(self.properties().iter().find(|known| known.name == figure.of)?.name),
            Count::Mean => Asked::mean(self.measures().into_iter().find(|known| known.name == figure.of)?),
        };
        if let Some(says) = figure.says {
            asked.says = says;
        }
        if let Some(given) = figure.given {
            let is_share = self.measures().iter().any(|known| known.name == asked.of && known.is_share());
            let counts = if is_share { "in %" } else { &asked.counted_in };
            asked.counted_in = format!("{counts} of the runs in which {given}");
        }
        Some(asked)
    }
}

/// The figure that a scenario names, or that its question counts.
fn figure(scenario: &Scenario) -> Option<Figure> {
    let named = scenario.sweep.as_ref().and_then(|sweep| sweep.figure.clone());
    named.or_else(|| {
        let choices = scenario.story.predict.iter().flat_map(|question| &question.choices);
        let conditions = choices.filter_map(|choice| match &choice.right {
            Right::When(when) => Some(when),
            Right::Never(_) => None,
        });
        let counted = conditions.flat_map(|when| when.statements()).find_map(counted)?;
        Some(Figure { what: counted.what, of: counted.of.clone(), says: None, given: None })
    })
}

fn counted(statement: &Statement) -> Option<&Counted> {
    match statement {
        Statement::Rate(rate) => Some(&rate.counted),
        Statement::Compared(counted, ..) => Some(counted),
        _ => None,
    }
}
