//! The judges of stamps: the clock condition, and the strong one.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use crate::check::{self, Fold, Judge, Kind, Measure, Property, Run, Verdict};
use crate::time::Reading;
use crate::trace::{Event, EventKind, Kinds};

use super::chronicle::{Chronicle, Entry, Happening};

/// How stamps are compared, and shown to people.
pub(in super::super) trait Comparison: Send + 'static {
    /// Whether one stamp is less than another.
    fn is_less(a: &[i64], b: &[i64]) -> bool;

    /// A stamp in words.
    fn shown(stamp: &[i64]) -> String {
        format!("{stamp:?}")
    }
}

/// Stamps are one number, what a clock shows.
pub(in super::super) enum AsReadings {}

impl Comparison for AsReadings {
    fn is_less(a: &[i64], b: &[i64]) -> bool {
        a < b
    }

    fn shown(stamp: &[i64]) -> String {
        stamp.iter().map(|&ns| Reading::from_ns(ns).to_string()).collect()
    }
}

/// Stamps are one number or more, of which the first that differs decides.
pub(in super::super) enum AsNumbers {}

impl Comparison for AsNumbers {
    fn is_less(a: &[i64], b: &[i64]) -> bool {
        a < b
    }

    fn shown(stamp: &[i64]) -> String {
        let numbers: Vec<String> = stamp.iter().map(i64::to_string).collect();
        if let [only] = numbers.as_slice() { only.clone() } else { format!("({})", numbers.join(", ")) }
    }
}

/// Stamps are vectors: one is less than another if none of its numbers is greater, and they are not
/// all equal.
pub(in super::super) enum AsVectors {}

impl Comparison for AsVectors {
    fn is_less(a: &[i64], b: &[i64]) -> bool {
        a != b && a.iter().zip(b).all(|(a, b)| a <= b)
    }
}

/// The kinds of events that the judges of stamps read: what is noted, and when a message is under
/// way no more.
pub(in super::super) const NEEDS: Kinds = Kinds::NOTED
    .or(Kinds::SENT)
    .or(Kinds::COPIED)
    .or(Kinds::DELIVERED)
    .or(Kinds::LOST)
    .or(Kinds::CORRUPTED)
    .or(Kinds::CUT)
    .or(Kinds::TO_CRASHED)
    .or(Kinds::CRASHED);

/// The properties of every way of stamping.
pub(in super::super) const fn properties<C: Comparison>() -> [Property; 2] {
    [
        Property {
            name: "clock-condition",
            kind: Kind::Safety,
            says: "If one event happened before another, its stamp is less.",
            needs: NEEDS,
            judge: Judge::fold::<ClockCondition<C>>(),
        },
        Property {
            name: "strong-clock-condition",
            kind: Kind::Safety,
            says: "One event happened before another if its stamp is less, and only then.",
            needs: NEEDS,
            judge: Judge::fold::<StrongCondition<C>>(),
        },
    ]
}

/// The measures of every way of stamping.
pub(in super::super) const MEASURES: [Measure; 2] = [
    check::MESSAGES,
    Measure {
        name: "events",
        unit: "events",
        says: "Events that were stamped: local ones, sends and receipts.",
        needs: Kinds::NOTED,
        of: Judge::fold::<Count>(),
        in_words: None,
    },
];

#[derive(Debug, Default)]
struct Count(i64);

impl Fold for Count {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0 += i64::from(matches!(event.what, EventKind::Noted(note) if note.name == "event"));
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}

/// Looks for the first event whose stamp is not greater than that of one right before it. Since
/// "less" is transitive, it is enough to look at these.
struct ClockCondition<C> {
    chronicle: Chronicle,
    disorder: Option<(Happening, Happening)>,
    comparison: PhantomData<C>,
}

impl<C> Default for ClockCondition<C> {
    fn default() -> Self {
        ClockCondition { chronicle: Chronicle::default(), disorder: None, comparison: PhantomData }
    }
}

impl<C: Comparison> ClockCondition<C> {
    fn enter(&mut self, entry: Option<Entry>) -> Option<Happening> {
        let Entry { event, before, sending } = entry?;
        let nearest = [before, sending].into_iter().flatten();
        let wrong = nearest.into_iter().find(|before| !C::is_less(&before.stamp, &event.stamp));
        if let Some(before) = wrong.filter(|_| self.disorder.is_none()) {
            self.disorder = Some((before, event.clone()));
        }
        Some(event)
    }

    /// That nothing happened, or the first disorder.
    fn nothing_or_disorder(&self, run: &Run<'_>) -> Option<Verdict> {
        match &self.disorder {
            Some((before, after)) => Some(disordered::<C>(run, before, after)),
            None if self.chronicle.count() == 0 => {
                Some(run.holds_vacuously(|| "Nothing happened that could be stamped.".to_owned()))
            }
            None => None,
        }
    }
}

impl<C: Comparison> Fold for ClockCondition<C> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        let entry = self.chronicle.see(event, run);
        self.enter(entry);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let entry = self.chronicle.complete();
        self.enter(entry);
        self.nothing_or_disorder(run).unwrap_or_else(|| {
            run.holds(|| match self.chronicle.count() {
                1 => "Only one event was stamped, and nothing happened before it.".to_owned(),
                count => format!("Each of the {count} events has a greater stamp than all that happened before it."),
            })
        })
    }
}

fn disordered<C: Comparison>(run: &Run<'_>, before: &Happening, after: &Happening) -> Verdict {
    let because = || {
        let (first, second) = (before.told(run), after.told(run));
        let (low, high) = (C::shown(&before.stamp), C::shown(&after.stamp));
        if before.stamp == after.stamp {
            return format!("{first} happened before {second}, but both have the stamp {low}.");
        }
        format!("{first} happened before {second}, but its stamp {low} is not less than {high}.")
    };
    run.violated(because, [before.note, after.note])
}

/// Looks also for two events of which the first has the lesser stamp although it did not happen
/// before the second.
///
/// Stamps grow along each node here, so of a node's events those with lesser stamps come first; so
/// do those that happened before. The first that did not is the only one to look at. It may have
/// happened already, or be still to come.
struct StrongCondition<C> {
    condition: ClockCondition<C>,
    /// For each node, those of its events that may be the first that another does not know of, by
    /// their number.
    past: Vec<BTreeMap<usize, Happening>>,
    /// For each node, events that know of all that has happened on it: those of them with the
    /// greatest stamps.
    waiting: Vec<Vec<Happening>>,
    false_order: Option<(Happening, Happening)>,
    /// How many of the past were left when it was last sifted.
    sifted: usize,
}

impl<C> Default for StrongCondition<C> {
    fn default() -> Self {
        let condition = ClockCondition::default();
        StrongCondition { condition, past: Vec::new(), waiting: Vec::new(), false_order: None, sifted: 0 }
    }
}

impl<C: Comparison> StrongCondition<C> {
    fn enter(&mut self, entry: Option<Entry>) {
        let Some(event) = self.condition.enter(entry).filter(|_| self.false_order.is_none()) else { return };
        let nodes = event.known.len();
        self.past.resize(nodes, BTreeMap::new());
        self.waiting.resize(nodes, Vec::new());
        self.false_order = self.held_against(&event);
        let place = event.node.index();
        for (node, &known) in event.known.iter().enumerate().filter(|&(node, _)| node != place) {
            if known == self.count_of(node) {
                let waiting = &mut self.waiting[node];
                waiting.retain(|other| !C::is_less(&other.stamp, &event.stamp));
                waiting.push(event.clone());
            }
        }
        self.waiting[place].clear();
        self.past[place].insert(event.known[place] - 1, event);
        self.sift();
    }

    /// How many events a node has had so far.
    fn count_of(&self, node: usize) -> usize {
        self.past[node].last_key_value().map_or(0, |(&last, _)| last + 1)
    }

    /// An event that has the lesser stamp of two and did not happen before the other, with that
    /// one.
    fn held_against(&self, event: &Happening) -> Option<(Happening, Happening)> {
        let waiting = self.waiting[event.node.index()].iter();
        let mut later = waiting.filter(|other| C::is_less(&event.stamp, &other.stamp));
        if let Some(other) = later.next() {
            return Some((event.clone(), other.clone()));
        }
        let unknown = self.past.iter().zip(&event.known).filter_map(|(past, known)| past.get(known));
        let mut wrong = unknown.filter(|other| C::is_less(&other.stamp, &event.stamp));
        wrong.next().map(|other| (other.clone(), event.clone()))
    }

    /// Lets go of what cannot be the first that somebody does not know of, whenever as much again
    /// has come.
    fn sift(&mut self) {
        let kept: usize = self.past.iter().map(BTreeMap::len).sum();
        if kept < 2 * self.sifted + 64 {
            return;
        }
        let knowledge: Vec<&[usize]> = self.condition.chronicle.knowledge().collect();
        for (node, past) in self.past.iter_mut().enumerate() {
            let last = past.last_key_value().map(|(&last, _)| last);
            let may_be_missed: std::collections::BTreeSet<usize> = knowledge.iter().map(|known| known[node]).collect();
            past.retain(|number, _| Some(*number) == last || may_be_missed.contains(number));
        }
        self.sifted = self.past.iter().map(BTreeMap::len).sum();
    }
}

impl<C: Comparison> Fold for StrongCondition<C> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        let entry = self.condition.chronicle.see(event, run);
        self.enter(entry);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let entry = self.condition.chronicle.complete();
        self.enter(entry);
        if let Some(verdict) = self.condition.nothing_or_disorder(run) {
            return verdict;
        }
        match &self.false_order {
            Some((low, high)) => {
                let because = || {
                    let (first, second) = (low.told(run), high.told(run));
                    let (less, more) = (C::shown(&low.stamp), C::shown(&high.stamp));
                    format!(
                        "{first} has the stamp {less}, and {second} the greater one {more}; but no chain of messages leads \
                         from the one to the other."
                    )
                };
                run.violated(because, [low.note, high.note])
            }
            None => run.holds(|| match self.condition.chronicle.count() {
                1 => "Only one event was stamped.".to_owned(),
                count => format!(
                    "Among the {count} events, a stamp is less exactly where a chain of messages leads from one to the \
                     other."
                ),
            }),
        }
    }
}
