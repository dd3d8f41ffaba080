//! Seed after seed of one scenario, each with what its run came to: the runs behind the odds.

use std::ops::{ControlFlow, Range};

use crate::problems::Bound;
use crate::report::Trials;
use crate::scenario::{Complaint, Expected};

/// The most outcomes that are told apart. The last stands for all others, should there be more: a
/// picture has no more colours.
pub const MOST_OUTCOMES: usize = 26;

/// What runs can come to: the verdict of each property, in the protocol's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes(Vec<Vec<Expected>>);

impl Outcomes {
    /// The number of an outcome, and whether it is a new one. Outcomes are numbered from 0 as they
    /// are met; one that is too much counts as the last.
    fn number(&mut self, verdicts: Vec<Expected>) -> (u8, bool) {
        const LAST: usize = MOST_OUTCOMES - 1;
        let known = self.0.iter().position(|known| *known == verdicts);
        let number = known.unwrap_or(self.0.len()).min(LAST);
        let is_new = number == self.0.len();
        if is_new {
            // What stands for all others has no verdicts of its own.
            self.0.push(if number == LAST { Vec::new() } else { verdicts });
        }
        (number as u8, is_new)
    }
}

/// A run that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done<'a> {
    /// The number of its outcome.
    pub outcome: u8,
    /// The verdicts of that outcome, if it is met for the first time; none if it stands for all
    /// that are too much.
    pub new: Option<&'a [Expected]>,
}

/// Runs the scenario with these seeds, one after the other, and tells of each. `watch` is told of a
/// run that is done, or asked, with `None`, in the middle of one, whether to go on.
///
/// # Errors
///
/// What the protocol has against the scenario; a scenario that was loaded has passed this before.
pub fn fill(
    scenario: &Bound,
    seeds: Range<u64>,
    watch: &mut dyn FnMut(Option<Done<'_>>) -> ControlFlow<()>,
) -> Result<(), Vec<Complaint>> {
    let mut trials = Trials::new(scenario)?;
    let mut outcomes = Outcomes::default();
    for seed in seeds {
        let mut trial = trials.run(seed, None, &mut || watch(None));
        if trial.is_interrupted() {
            break;
        }
        let verdicts = trial.verdicts().map(|verdict| verdict.word()).collect();
        let (outcome, is_new) = outcomes.number(verdicts);
        let new = is_new.then(|| outcomes.0[usize::from(outcome)].as_slice());
        if watch(Some(Done { outcome, new })).is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;
    use crate::problems::SHIPPED;
    use crate::report::{self, Claims};
    use crate::scenario::Request;

    #[test]
    fn each_seed_comes_to_what_its_run_comes_to() {
        let story = library::find("more-acks-do-not-help").unwrap();
        let load = |seed| SHIPPED.load(&Request { seed, ..Request::new(&story.name, &story.text) }).unwrap();
        let mut outcomes: Vec<Vec<Expected>> = Vec::new();
        let mut seed = 5;
        let mut violated = 0;
        let mut watch = |done: Option<Done<'_>>| {
            let Some(Done { outcome, new }) = done else { return ControlFlow::Continue(()) };
            outcomes.extend(new.map(<[Expected]>::to_vec));
            let report = report::run(&load(Some(seed)), Claims::IfUntouched).unwrap();
            let verdicts: Vec<Expected> = report.properties.iter().map(|judged| judged.verdict.word()).collect();
            assert_eq!(outcomes[usize::from(outcome)], verdicts, "seed {seed}");
            violated += u32::from(verdicts.contains(&Expected::Violated));
            seed += 1;
            ControlFlow::Continue(())
        };
        fill(&load(None), 5..105, &mut watch).unwrap();
        assert_eq!(seed, 105);
        assert!(outcomes.len() >= 2 && violated > 5, "{outcomes:?}, violated in {violated}");
    }

    #[test]
    fn it_ends_when_nobody_looks_any_more() {
        let story = library::find("more-acks-do-not-help").unwrap();
        let scenario = SHIPPED.load(&Request::new(&story.name, &story.text)).unwrap();
        let mut done = 0;
        let mut watch = |run: Option<Done<'_>>| {
            done += u32::from(run.is_some());
            if done == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        fill(&scenario, 0..u64::MAX, &mut watch).unwrap();
        assert_eq!(done, 3);
    }

    #[test]
    fn outcomes_that_are_too_many_are_one() {
        let word = |bit: bool| if bit { Expected::Holds } else { Expected::Violated };
        let verdicts = |number: usize| (0..5).map(|bit| word(number >> bit & 1 == 1)).collect::<Vec<_>>();
        let mut outcomes = Outcomes::default();
        let numbers: Vec<(u8, bool)> = (0..32).map(|number| outcomes.number(verdicts(number))).collect();
        assert_eq!(
            (numbers[24], numbers[25], numbers[26], numbers[31]),
            ((24, true), (25, true), (25, false), (25, false))
        );
        assert_eq!((outcomes.0.len(), outcomes.0[25].len()), (MOST_OUTCOMES, 0));
        assert_eq!(outcomes.number(verdicts(7)), (7, false));
    }
}
