//! What is claimed of every run, and what is counted: both from outputs and notes alone.
//!
//! Effects are counted where they cannot be taken back, at the outside sink: the output `charged`. A table that says
//! what was done may be wrong about it; the customer's bank is not.

use crate::check::{Judge, Kind, MESSAGES, Measure, Property, Run, Verdict};
use crate::process::{Output, Value};
use crate::trace::{Kinds, Recording, What};

use super::guilt::{Blame, Case};

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
    judge: Judge::at_end(no_loss),
};

/// No order is charged twice.
pub(super) const NO_DUPLICATE: Property = Property {
    name: "no-duplicate",
    kind: Kind::Safety,
    says: "No order is charged more than once, counted at the outside sink.",
    needs: Kinds::OUTPUT,
    judge: Judge::at_end(no_duplicate),
};

/// No order is charged of which the shop knows nothing.
pub(super) const NO_PHANTOM: Property = Property {
    name: "no-phantom",
    kind: Kind::Liveness,
    says: "Every order that is charged is in the shop's books in the end.",
    needs: Kinds::OUTPUT,
    judge: Judge::at_end(no_phantom),
};

/// No order is overtaken.
pub(super) const ORDER: Property = Property {
    name: "order",
    kind: Kind::Safety,
    says: "Orders are charged in the order in which they were taken, further charges of an order aside.",
    needs: Kinds::OUTPUT,
    judge: Judge::at_end(order),
};

/// The measures of every protocol that charges orders.
pub(super) const MEASURES: &[Measure] = &[MESSAGES, SENDS, COPIES, EFFECTS, DUPLICATES, LOSSES, REPROCESSED];

/// Times that an order left.
pub(super) const SENDS: Measure = Measure {
    name: "sends",
    unit: "messages",
    says: "Messages that carried an order towards who charges it.",
    needs: Kinds::NOTED,
    of: Judge::at_end(|run| i64::try_from(notes(run, "sent").count()).ok()),
    in_words: None,
};

/// Times that an order arrived.
pub(super) const COPIES: Measure = Measure {
    name: "copies",
    unit: "messages",
    says: "Messages with an order that arrived, the first of each order included.",
    needs: Kinds::NOTED,
    of: Judge::at_end(|run| i64::try_from(notes(run, "received").count()).ok()),
    in_words: None,
};

/// Charges.
pub(super) const EFFECTS: Measure = Measure {
    name: CHARGES,
    unit: "charges",
    says: "Charges at the outside sink.",
    needs: Kinds::OUTPUT,
    of: Judge::at_end(|run| i64::try_from(outputs(run, "charged").count()).ok()),
    in_words: None,
};

/// Charges too many.
pub(super) const DUPLICATES: Measure = Measure {
    name: "duplicates",
    unit: "charges",
    says: "Charges of an order beyond its first.",
    needs: Kinds::OUTPUT,
    of: Judge::at_end(|run| Some(surplus(&tally(outputs(run, "charged"))))),
    in_words: None,
};

/// Charges too few.
pub(super) const LOSSES: Measure = Measure {
    name: "losses",
    unit: "orders",
    says: "Orders that were taken and not charged when the run ended.",
    needs: Kinds::OUTPUT,
    of: Judge::at_end(|run| i64::try_from(uncharged(run).len()).ok()),
    in_words: None,
};

/// Work that was done again.
pub(super) const REPROCESSED: Measure = Measure {
    name: "reprocessed",
    unit: "orders",
    says: "Times that an order was processed beyond its first.",
    needs: Kinds::NOTED,
    of: Judge::at_end(|run| Some(surplus(&tally(notes(run, "processed"))))),
    in_words: None,
};

/// Records of the log.
pub(super) const LOG_LENGTH: Measure = Measure {
    name: "log_length",
    unit: "records",
    says: "Records in the log when the run ended.",
    needs: Kinds::NOTED,
    of: Judge::at_end(|run| i64::try_from(notes(run, "appended").count()).ok()),
    in_words: None,
};

/// The order numbers of all outputs of a name, in the order in which they were told.
pub(super) fn outputs<'a>(run: &Run<'a>, name: &'static str) -> impl Iterator<Item = usize> + use<'a> {
    run.trace.events.iter().filter_map(move |event| match event.what {
        What::Output(output) => order_of(output, name),
        _ => None,
    })
}

/// The order numbers of all notes of a name.
pub(super) fn notes<'a>(run: &Run<'a>, name: &'static str) -> impl Iterator<Item = usize> + use<'a> {
    run.trace.events.iter().filter_map(move |event| match event.what {
        What::Noted(note) => order_of(note, name),
        _ => None,
    })
}

/// The order that something told or noted under this name is about.
pub(super) fn order_of(said: Output, name: &str) -> Option<usize> {
    match said.value {
        Value::Number(number) if said.name == name => usize::try_from(number).ok(),
        _ => None,
    }
}

/// How often each order occurs.
pub(super) fn tally(orders: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut tally = Vec::new();
    for order in orders {
        if order >= tally.len() {
            tally.resize(order + 1, 0);
        }
        tally[order] += 1;
    }
    tally
}

fn surplus(tally: &[u32]) -> i64 {
    tally.iter().map(|&times| i64::from(times.saturating_sub(1))).sum()
}

/// The orders that were taken and not charged.
fn uncharged(run: &Run<'_>) -> Vec<usize> {
    let charged = tally(outputs(run, "charged"));
    outputs(run, "ordered").filter(|&order| charged.get(order).is_none_or(|&times| times == 0)).collect()
}

fn no_loss(run: &Run<'_>) -> Verdict {
    let lost = uncharged(run);
    let Some(&first) = lost.first() else {
        return run.holds(|| format!("{} charged.", all(outputs(run, "ordered").count())));
    };
    let Blame { sentence, evidence } = blame(run, |case| case.why_never(first));
    run.not_reached(|| format!("{sentence}{}", more(lost.len(), "never charged")), evidence)
}

fn no_duplicate(run: &Run<'_>) -> Verdict {
    let charged = tally(outputs(run, "charged"));
    let Some(first) = charged.iter().position(|&times| times > 1) else {
        return run.holds(|| match outputs(run, "charged").count() {
            0 => "Nothing was charged.".to_owned(),
            1 => "The one charge was the only one of its order.".to_owned(),
            charges => format!("{charges} charges, each of another order."),
        });
    };
    let twice = charged.iter().filter(|&&times| times > 1).count();
    let Blame { sentence, evidence } = blame(run, |case| case.why_again(first));
    run.violated(|| format!("{sentence}{}", more(twice, "charged more than once")), evidence)
}

fn no_phantom(run: &Run<'_>) -> Verdict {
    let ordered = tally(outputs(run, "ordered"));
    let charged = tally(outputs(run, "charged"));
    let is_phantom = |&order: &usize| charged[order] > 0 && ordered.get(order).is_none_or(|&times| times == 0);
    let phantoms: Vec<usize> = (0..charged.len()).filter(is_phantom).collect();
    let Some(&first) = phantoms.first() else {
        return run.holds(|| "Whatever was charged is in the books.".to_owned());
    };
    let Blame { sentence, evidence } = blame(run, |case| case.why_phantom(first));
    run.not_reached(|| format!("{sentence}{}", more(phantoms.len(), "charged and is in no books")), evidence)
}

fn order(run: &Run<'_>) -> Verdict {
    let mut seen: Vec<u32> = Vec::new();
    let mut last = 0;
    for order in outputs(run, "charged") {
        seen.resize(seen.len().max(order + 1), 0);
        seen[order] += 1;
        if seen[order] == 1 && order < last {
            let Blame { sentence, evidence } = blame(run, |case| case.why_behind(order, last));
            return run.violated(|| sentence, evidence);
        }
        last = last.max(order);
    }
    run.holds(|| "No order was overtaken by a later one.".to_owned())
}

/// Who is to blame, if somebody looks.
pub(super) fn blame(run: &Run<'_>, find: impl FnOnce(&Case<'_>) -> Blame) -> Blame {
    match run.trace.recording {
        Recording::Everything => find(&Case::new(run)),
        Recording::Outputs(_) => Blame::default(),
    }
}

/// "The only order was", "Both orders were", "All 7 orders were".
fn all(orders: usize) -> String {
    match orders {
        0 => "Nobody ordered, so nothing had to be".to_owned(),
        1 => "The only order was".to_owned(),
        2 => "Both orders were".to_owned(),
        _ => format!("All {orders} orders were"),
    }
}

fn more(count: usize, fate: &str) -> String {
    match count {
        0 | 1 => String::new(),
        2 => format!(" One more order was {fate}."),
        _ => format!(" {} more orders were {fate}.", count - 1),
    }
}
