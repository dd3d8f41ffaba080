//! The answers to a story's questions, computed from the run that is shown.

use serde::Serialize;

use super::{Report, statement};
use crate::scenario::statement::Statement;
use crate::scenario::{By, Predict, PredictChoice, Right, When};
use crate::time::Time;

/// A question to the room, with what this run answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prediction {
    /// The question.
    pub ask: String,
    /// What may be answered.
    pub choices: Vec<ChoiceTold>,
    /// The right choice; `None` where a sweep or a search decides, and where no choice is right.
    pub answer: Option<usize>,
    /// What is told where no choice is right.
    pub none: Option<String>,
    /// What decides.
    pub by: By,
    /// When this run has settled it, so that the answer may be shown.
    #[serde(skip)]
    pub settled_at: Option<Time>,
}

/// A choice of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChoiceTold {
    /// What it says.
    pub say: String,
    /// Whether it is right; `None` where a sweep or a search decides.
    #[serde(rename = "true")]
    pub is_true: Option<bool>,
    /// Why no run can make it right, if none can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl Prediction {
    /// The question with its answer, if `is_true` knows of statements whether they are true.
    pub fn of(question: &Predict, is_true: &dyn Fn(&Statement) -> Option<bool>) -> Prediction {
        let told = |choice: &PredictChoice| {
            let say = choice.say.clone();
            match &choice.right {
                Right::When(when) => ChoiceTold { say, is_true: when.is_met(is_true), because: None },
                Right::Never(because) => ChoiceTold { say, is_true: Some(false), because: Some(because.clone()) },
            }
        };
        let choices: Vec<ChoiceTold> = question.choices.iter().map(told).collect();
        let by = |choice: &PredictChoice| match &choice.right {
            Right::When(when) => when.by(),
            Right::Never(_) => By::Run,
        };
        let by = question.choices.iter().map(by).max().unwrap_or_default();
        let is_known = choices.iter().all(|choice| choice.is_true.is_some());
        let mut right = choices.iter().enumerate().filter(|(_, choice)| choice.is_true == Some(true));
        let answer = match (is_known, right.next(), right.next()) {
            (true, Some((index, _)), None) => Some(index),
            _ => None,
        };
        Prediction { ask: question.ask.clone(), choices, answer, none: question.none.clone(), by, settled_at: None }
    }

    /// What is wrong with a question that this run does not answer in one way; `None` if it does,
    /// or if something else has to.
    fn fault(&self) -> Option<String> {
        let right: Vec<String> = self
            .choices
            .iter()
            .filter(|choice| choice.is_true == Some(true))
            .map(|choice| format!("`{}`", choice.say))
            .collect();
        let is_open = self.choices.iter().any(|choice| choice.is_true.is_none());
        match &right[..] {
            [] if self.none.is_none() && !is_open => {
                Some(format!("no choice of the question `{}` is right in this run", self.ask))
            }
            [first, .., last] => Some(format!(
                "several choices of the question `{}` are right in this run, {first} and {last} among them",
                self.ask
            )),
            _ => None,
        }
    }
}

impl Report {
    /// The answers to the story's questions in this run.
    pub fn predictions(&self) -> Vec<Prediction> {
        let is_true = |statement: &Statement| match statement {
            Statement::Rate(_) | Statement::Compared(..) | Statement::Found => None,
            of_a_run => Some(statement::hold(of_a_run, self).is_ok()),
        };
        let answered = |question: &Predict| {
            let prediction = Prediction::of(question, &is_true);
            let right = prediction.answer.map(|index| &question.choices[index].right);
            let settled_at = right.and_then(|right| match right {
                Right::When(when) => self.settles(when),
                Right::Never(_) => None,
            });
            Prediction { settled_at, ..prediction }
        };
        self.scenario.story.predict.iter().map(answered).collect()
    }

    /// The first moment at which something is seen of an answer to a question of the story:
    /// evidence, or what a node told its user. `None` if it takes the whole run.
    pub fn first_seen_of(&self, question: &Predict) -> Option<Time> {
        let conditions = question.choices.iter().filter_map(|choice| match &choice.right {
            Right::When(when) => Some(when),
            Right::Never(_) => None,
        });
        let statements = conditions.flat_map(When::statements);
        statements.filter_map(|statement| statement::seen_at(statement, self)).min()
    }

    /// When a condition that is met has come to be so; `None` if only the whole run tells.
    fn settles(&self, when: &When) -> Option<Time> {
        match when {
            When::Is(statement) => statement::seen_at(statement, self),
            When::Not(_) => None,
            When::All(several) => several
                .iter()
                .map(|when| self.settles(when))
                .try_fold(Time::ZERO, |latest, at| at.map(|at| latest.max(at))),
            When::Any(several) => several.iter().filter_map(|when| self.settles(when)).min(),
        }
    }

    /// What happened and why it matters. `None` of a run that is another one than the file
    /// describes, and where a sweep or a search has still to answer a question: they tell it then.
    pub fn lesson(&self) -> Option<&str> {
        let is_answered = self.predictions().iter().all(|prediction| prediction.by == By::Run);
        let lesson = self.scenario.story.lesson.trim();
        (is_answered && self.scenario.is_untouched() && !lesson.is_empty()).then_some(lesson)
    }

    /// What is wrong with the story's questions in this run, a sentence each.
    pub(super) fn faults_of_questions(&self) -> Vec<String> {
        self.predictions().iter().filter_map(Prediction::fault).collect()
    }
}
