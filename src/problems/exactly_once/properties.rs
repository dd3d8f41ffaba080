//! What is claimed of every run, and what is counted: both from outputs and notes alone.
//!
//! Effects are counted where they cannot be taken back, at the outside sink: the output `charged`.
//! A table that says what was done may be wrong about it; the customer's bank is not.

use std::marker::PhantomData;

use crate::check::{Fold, Judge, Kind, MESSAGES, Measure, Property, Run, Verdict};
use crate::trace::{Event, Kinds, Recording};

use super::guilt::{Blame, Case};
use super::tally::{Appended, Count, Orders, Processed, Received, Sent, Surplus};

/// The name of the measure that counts charges.
pub(super) const CHARGES: &str = "effects";

/// The properties of a protocol that promises an effect for each order.
pub(super) const OF_EFFECTS: &[Property] = &[NO_LOSS, NO_DUPLICATE];

/// Every order is charged.
pub(super) const NO_LOSS: Property = Property {
    name: "no-loss",
    kind: Kind::Liveness,
    says: "Every order is charged in the end.",
    needs: Kinds::OUTPUT,
    judge: Judge::fold::<Said<NoLoss>>(),
};

/// No order is charged twice.
pub(super) const NO_DUPLICATE: Property = Property {
    name: "no-duplicate",
    kind: Kind::Safety,
    says: "No order is charged more than once, counted at the outside sink.",
    needs: Kinds::OUTPUT,
    judge: Judge::fold::<Said<NoDuplicate>>(),
};

/// No order is charged of which the shop knows nothing.
pub(super) const NO_PHANTOM: Property = Property {
    name: "no-phantom",
    kind: Kind::Liveness,
    says: "Every order that is charged is in the shop's books in the end.",
    needs: Kinds::OUTPUT,
    judge: Judge::fold::<Said<NoPhantom>>(),
};

/// No order is overtaken.
pub(super) const ORDER: Property = Property {
    name: "order",
    kind: Kind::Safety,
    says: "Orders are charged in the order in which they were taken, further charges of an order aside.",
    needs: Kinds::OUTPUT,
    judge: Judge::fold::<Said<InOrder>>(),
};

/// The measures of every protocol that charges orders.
pub(super) const MEASURES: &[Measure] = &[MESSAGES, SENDS, COPIES, EFFECTS, DUPLICATES, LOSSES, REPROCESSED];

/// Times that an order left.
pub(super) const SENDS: Measure = Measure {
    name: "sends",
    unit: "messages",
    says: "Messages that carried an order towards who charges it.",
    needs: Kinds::NOTED,
    of: Judge::fold::<Count<Sent>>(),
    in_words: None,
};

/// Times that an order arrived.
pub(super) const COPIES: Measure = Measure {
    name: "copies",
    unit: "messages",
    says: "Messages with an order that arrived, the first of each order included.",
    needs: Kinds::NOTED,
    of: Judge::fold::<Count<Received>>(),
    in_words: None,
};

/// Charges.
pub(super) const EFFECTS: Measure = Measure {
    name: CHARGES,
    unit: "charges",
    says: "Charges at the outside sink.",
    needs: Kinds::OUTPUT,
    of: Judge::fold::<Said<Effects>>(),
    in_words: None,
};

/// Charges too many.
pub(super) const DUPLICATES: Measure = Measure {
    name: "duplicates",
    unit: "charges",
    says: "Charges of an order beyond its first.",
    needs: Kinds::OUTPUT,
    of: Judge::fold::<Said<Duplicates>>(),
    in_words: None,
};

/// Charges too few.
pub(super) const LOSSES: Measure = Measure {
    name: "losses",
    unit: "orders",
    says: "Orders that customers asked for and that were not charged when the run ended.",
    needs: Kinds::OUTPUT,
    of: Judge::fold::<Said<Losses>>(),
    in_words: None,
};

/// Work that was done again.
pub(super) const REPROCESSED: Measure = Measure {
    name: "reprocessed",
    unit: "orders",
    says: "Times that an order was processed beyond its first.",
    needs: Kinds::NOTED,
    of: Judge::fold::<Surplus<Processed>>(),
    in_words: None,
};

/// Records of the log.
pub(super) const LOG_LENGTH: Measure = Measure {
    name: "log_length",
    unit: "records",
    says: "Records in the log when the run ended.",
    needs: Kinds::NOTED,
    of: Judge::fold::<Count<Appended>>(),
    in_words: None,
};

/// Says something of the orders of a run.
trait Judging: Default + Send {
    type Said;

    fn say(orders: &Orders, run: &Run<'_>) -> Self::Said;
}

/// The [`Fold`] of what is said of orders.
#[derive(Default)]
struct Said<J> {
    orders: Orders,
    by: PhantomData<J>,
}

impl<J: Judging> Fold for Said<J> {
    type Said = J::Said;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.orders.see(event);
    }

    fn say(&mut self, run: &Run<'_>) -> J::Said {
        J::say(&self.orders, run)
    }
}

#[derive(Default)]
struct NoLoss;

impl Judging for NoLoss {
    type Said = Verdict;

    fn say(orders: &Orders, run: &Run<'_>) -> Verdict {
        if orders.asked.len() == 0 {
            return run.holds_vacuously(|| "Nobody ordered, so nothing had to be charged.".to_owned());
        }
        let Some(first) = orders.asked.first_without(&orders.charged) else {
            return run.holds(|| format!("{} charged.", all(orders.asked.len())));
        };
        let Blame { sentence, evidence } = blame(run, |case| case.why_never(first));
        run.not_reached(|| format!("{sentence}{}", more(orders.open, "never charged")), evidence)
    }
}

#[derive(Default)]
struct NoDuplicate;

impl Judging for NoDuplicate {
    type Said = Verdict;

    fn say(orders: &Orders, run: &Run<'_>) -> Verdict {
        let Some(first) = orders.again.first() else {
            return match orders.charges {
                0 => run.holds_vacuously(nothing_charged),
                1 => run.holds(|| "The one charge was the only one of its order.".to_owned()),
                charges => run.holds(|| format!("{charges} charges, each of another order.")),
            };
        };
        let Blame { sentence, evidence } = blame(run, |case| case.why_again(first));
        run.violated(|| format!("{sentence}{}", more(orders.again.len(), "charged more than once")), evidence)
    }
}

#[derive(Default)]
struct NoPhantom;

impl Judging for NoPhantom {
    type Said = Verdict;

    fn say(orders: &Orders, run: &Run<'_>) -> Verdict {
        let Some(first) = orders.charged.first_without(&orders.booked) else {
            return match orders.charges {
                0 => run.holds_vacuously(nothing_charged),
                _ => run.holds(|| "Whatever was charged is in the books.".to_owned()),
            };
        };
        let Blame { sentence, evidence } = blame(run, |case| case.why_phantom(first));
        run.not_reached(|| format!("{sentence}{}", phantoms(orders.phantoms)), evidence)
    }
}

#[derive(Default)]
struct InOrder;

impl Judging for InOrder {
    type Said = Verdict;

    fn say(orders: &Orders, run: &Run<'_>) -> Verdict {
        match orders.behind {
            Some((order, other)) => {
                let Blame { sentence, evidence } = blame(run, |case| case.why_behind(order, other));
                run.violated(|| sentence, evidence)
            }
            None if orders.charges == 0 => run.holds_vacuously(nothing_charged),
            None => run.holds(|| "No order was overtaken by a later one.".to_owned()),
        }
    }
}

#[derive(Default)]
struct Effects;

impl Judging for Effects {
    type Said = Option<i64>;

    fn say(orders: &Orders, _run: &Run<'_>) -> Option<i64> {
        i64::try_from(orders.charges).ok()
    }
}

#[derive(Default)]
struct Duplicates;

impl Judging for Duplicates {
    type Said = Option<i64>;

    fn say(orders: &Orders, _run: &Run<'_>) -> Option<i64> {
        i64::try_from(orders.charges).ok().map(|charges| charges - i64::from(orders.charged.len()))
    }
}

#[derive(Default)]
struct Losses;

impl Judging for Losses {
    type Said = Option<i64>;

    fn say(orders: &Orders, _run: &Run<'_>) -> Option<i64> {
        Some(i64::from(orders.open))
    }
}

fn nothing_charged() -> String {
    "Nothing was charged.".to_owned()
}

/// Who is to blame, if somebody looks.
fn blame(run: &Run<'_>, find: impl FnOnce(&Case<'_>) -> Blame) -> Blame {
    match run.trace.recording {
        Recording::Everything => find(&Case::new(run)),
        Recording::Verdicts(_) | Recording::Outputs(_) => Blame::default(),
    }
}

/// "The only order was", "Both orders were", "All 7 orders were".
fn all(orders: u32) -> String {
    match orders {
        1 => "The only order was".to_owned(),
        2 => "Both orders were".to_owned(),
        _ => format!("All {orders} orders were"),
    }
}

fn more(count: u32, fate: &str) -> String {
    match count {
        0 | 1 => String::new(),
        2 => format!(" One more order was {fate}."),
        _ => format!(" {} more orders were {fate}.", count - 1),
    }
}

fn phantoms(count: u32) -> String {
    match count {
        0 | 1 => String::new(),
        2 => " One more order was charged and is in no books.".to_owned(),
        _ => format!(" {} more orders were charged and are in no books.", count - 1),
    }
}
