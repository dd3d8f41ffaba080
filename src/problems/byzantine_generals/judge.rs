//! What the problem's protocols are judged by, IC1, IC2 and termination, and what they measure.
//!
//! All of it is read from what generals tell their users and note, as it happens. A lieutenant that
//! restarts may decide again and again, so what is kept is bounded by the number of nodes.

use crate::arrange::Arrange;
use crate::check::standard::{self, DECISION, Decides};
use crate::check::{Fold, Judge, Kind, Measure, Property, Run, Verdict};
use crate::process::NodeId;
use crate::trace::{Event, EventId, EventKind, Kinds};

use super::{COMMANDER, Order};

/// The properties of every protocol of the problem.
pub const PROPERTIES: &[Property] = &[
    Property {
        name: "agreement",
        kind: Kind::Safety,
        says: "All loyal lieutenants obey the same order (condition IC1 of the paper).",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<Agreement>(),
    },
    Property {
        name: "validity",
        kind: Kind::Safety,
        says: "If the commander is loyal, every loyal lieutenant obeys the commander's order (condition IC2 of the paper).",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<Validity>(),
    },
    Property { says: "Every loyal general that stays up decides.", ..standard::termination::<LoyalGeneral>() },
];

/// The rounds that it took.
pub(super) const ROUNDS: Measure = Measure {
    name: "rounds",
    unit: "rounds",
    says: "Rounds of messages until the last loyal lieutenant decided.",
    needs: Kinds::NOTED,
    of: Judge::fold::<Largest<Rounds>>(),
    in_words: None,
};

/// What a lieutenant has to remember.
pub(super) const VALUES_PER_LIEUTENANT: Measure = Measure {
    name: "values_per_lieutenant",
    unit: "values",
    says: "Values that a loyal lieutenant decided from; the most, if they differ.",
    needs: Kinds::NOTED,
    of: Judge::fold::<Largest<Votes>>(),
    in_words: None,
};

/// How many of them attack.
pub(super) const DECIDED_ATTACK: Measure = Measure {
    name: "decided_attack",
    unit: "lieutenants",
    says: "Loyal lieutenants that attack.",
    needs: Kinds::OUTPUT,
    of: Judge::fold::<Attackers>(),
    in_words: None,
};

/// The messages that prove nothing.
pub(super) const REJECTED: Measure = Measure {
    name: "rejected",
    unit: "messages",
    says: "Messages that loyal lieutenants rejected: forged, stripped, signed twice by one general, or too long.",
    needs: Kinds::NOTED,
    of: Judge::fold::<Rejections>(),
    in_words: None,
};

/// What a general decided.
#[derive(Clone, Copy)]
struct Decision {
    by: NodeId,
    order: Order,
    event: EventId,
}

impl Decision {
    fn of(event: &Event) -> Option<Decision> {
        let (EventKind::Output(output), Some(by)) = (event.what, event.node) else { return None };
        let order = Order::of_value(output.value).filter(|_| output.name == DECISION)?;
        Some(Decision { by, order, event: event.id })
    }

    /// The same, if it is a loyal lieutenant's.
    fn of_loyal_lieutenant(event: &Event, run: &Run<'_>) -> Option<Decision> {
        Decision::of(event).filter(|decision| decision.by != COMMANDER && !run.trace.is_traitor(decision.by))
    }
}

/// The nodes that something is true of.
#[derive(Default)]
struct Nodes(Vec<bool>);

impl Nodes {
    fn add(&mut self, node: NodeId) {
        if self.0.len() <= node.index() {
            self.0.resize(node.index() + 1, false);
        }
        self.0[node.index()] = true;
    }

    fn count(&self) -> usize {
        self.0.iter().filter(|&&has| has).count()
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// IC1. Of fewer than two loyal lieutenants that decide, nothing is claimed.
#[derive(Default)]
struct Agreement {
    deciders: Nodes,
    first: Option<Decision>,
    /// The first decision that differs from the very first.
    other: Option<Decision>,
}

impl Fold for Agreement {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        let Some(decision) = Decision::of_loyal_lieutenant(event, run) else { return };
        self.deciders.add(decision.by);
        let first = *self.first.get_or_insert(decision);
        if decision.order != first.order {
            self.other.get_or_insert(decision);
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let loyal = || run.loyal().filter(|&node| node != COMMANDER).count();
        match (self.first, self.other, self.deciders.count()) {
            (Some(first), Some(other), _) => differ(run, first, other),
            (None, ..) => run.holds_vacuously(|| match loyal() {
                0 => "No lieutenant is loyal, so no two have to agree.".to_owned(),
                _ => "No loyal lieutenant decided, so no two differ.".to_owned(),
            }),
            (Some(first), None, 1) => run.holds_vacuously(|| {
                let that_decided = if loyal() == 1 { "" } else { " that decided" };
                format!("{} is the only loyal lieutenant{that_decided}: no two can differ.", run.name(first.by))
            }),
            (Some(first), None, count) => run.holds(|| {
                let that_decided = if count == loyal() { "" } else { " that decided" };
                format!("All loyal lieutenants{that_decided} {}.", first.order)
            }),
        }
    }

    fn begin(&mut self) {
        self.deciders.clear();
        (self.first, self.other) = (None, None);
    }
}

fn differ(run: &Run<'_>, first: Decision, other: Decision) -> Verdict {
    let because = || {
        let (one, two) = (run.name(first.by), run.name(other.by));
        let (this, that) = (tells(first.order), tells(other.order));
        if first.by == other.by {
            return format!("{one} {this} and later {that}, though it is loyal.{}", votes_sentence(run, first.by));
        }
        let votes = [first.by, other.by].map(|by| votes_sentence(run, by)).concat();
        format!("{one} {this} and {two} {that}, though both are loyal.{votes}")
    };
    let lies = || {
        let mut lies = lies_heard(run, first.by);
        if other.by != first.by {
            lies.extend(lies_heard(run, other.by));
        }
        lies
    };
    run.violated(because, std::iter::once_with(lies).flatten().chain([first.event, other.event]))
}

/// IC2. Of an order that a traitor gives, or that nobody is there to obey, nothing is claimed.
#[derive(Default)]
struct Validity {
    ordered: Option<Decision>,
    /// The first loyal lieutenant's decision to retreat, and to attack.
    first: [Option<Decision>; 2],
}

impl Fold for Validity {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        let Some(decision) = Decision::of(event) else { return };
        if decision.by == COMMANDER {
            self.ordered.get_or_insert(decision);
        } else if !run.trace.is_traitor(decision.by) {
            self.first[decision.order as usize].get_or_insert(decision);
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        if run.trace.is_traitor(COMMANDER) {
            let because = "The commander is a traitor, so there is no order that must be obeyed.";
            return run.holds_vacuously(|| because.to_owned());
        }
        let Some(ordered) = self.ordered else {
            return run.holds_vacuously(|| "The commander gave no order.".to_owned());
        };
        let order = ordered.order;
        match (self.first[order.other() as usize], self.first[order as usize]) {
            (Some(first), _) => disobeyed(run, ordered, first),
            (None, Some(_)) => {
                run.holds(|| format!("The commander ordered {order}, and no loyal lieutenant did otherwise."))
            }
            (None, None) => run.holds_vacuously(|| {
                format!("The commander ordered {order}, and there is no loyal lieutenant that decided anything.")
            }),
        }
    }
}

fn disobeyed(run: &Run<'_>, ordered: Decision, first: Decision) -> Verdict {
    let disobeying = || {
        let all = run.trace.events.iter().filter_map(|event| Decision::of_loyal_lieutenant(event, run));
        all.filter(|decision| decision.order != ordered.order)
    };
    let because = || {
        let mut who: Vec<NodeId> = disobeying().map(|decision| decision.by).collect();
        who.arrange();
        who.dedup();
        let (order, votes) = (ordered.order, votes_sentence(run, first.by));
        let act = match who[..] {
            [only] => format!("{} {}", run.name(only), tells(first.order)),
            _ => format!("{} {}", run.trace.names.list(&who), first.order),
        };
        format!("The commander is loyal and ordered {order}, but {act}.{votes}")
    };
    let lies = std::iter::once_with(|| lies_heard(run, first.by)).flatten();
    let last = std::iter::once_with(disobeying).flatten().map(|decision| decision.event);
    run.violated(because, [ordered.event].into_iter().chain(lies).chain(last))
}

/// A general who decides.
#[derive(Default)]
struct LoyalGeneral;

impl Decides for LoyalGeneral {
    const WHO: &'static str = "loyal general";
}

/// How many loyal lieutenants attack.
#[derive(Default)]
struct Attackers(Nodes);

impl Fold for Attackers {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        if let Some(decision) = Decision::of_loyal_lieutenant(event, run)
            && decision.order == Order::Attack
        {
            self.0.add(decision.by);
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        i64::try_from(self.0.count()).ok()
    }

    fn begin(&mut self) {
        self.0.clear();
    }
}

/// The name of a note.
trait Noted: Default + Send + 'static {
    const NAME: &'static str;
}

#[derive(Default)]
struct Rounds;

impl Noted for Rounds {
    const NAME: &'static str = "rounds";
}

#[derive(Default)]
struct Votes;

impl Noted for Votes {
    const NAME: &'static str = "votes";
}

/// The largest number that loyal generals noted under a name.
#[derive(Default)]
struct Largest<N> {
    largest: Option<i64>,
    of: std::marker::PhantomData<N>,
}

impl<N: Noted> Fold for Largest<N> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        if let Some(note) = loyal_note(event, N::NAME, run) {
            self.largest = self.largest.max(note.value.number());
        }
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        self.largest
    }
}

/// How many messages loyal lieutenants rejected.
#[derive(Default)]
struct Rejections(i64);

impl Fold for Rejections {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.0 += i64::from(loyal_note(event, "rejected", run).is_some());
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}

fn loyal_note(event: &Event, name: &'static str, run: &Run<'_>) -> Option<crate::process::Output> {
    match (event.what, event.node) {
        (EventKind::Noted(note), Some(by)) if note.name == name && !run.trace.is_traitor(by) => Some(note),
        _ => None,
    }
}

/// What a lieutenant's own note says of its votes, as a sentence with a space before it.
fn votes_sentence(run: &Run<'_>, of: NodeId) -> String {
    let words = run.trace.notes("votes").filter(|&(_, by, _)| by == of).last();
    match words.and_then(|(event, ..)| run.trace.words.of(event.id)) {
        Some(words) => format!(" {} {words}.", run.name(of)),
        None => String::new(),
    }
}

/// The deliveries of lies to a general, at most as many as a picture can show.
fn lies_heard(run: &Run<'_>, to: NodeId) -> Vec<EventId> {
    const MOST: usize = 12;
    let is_lie = |event: &&Event| {
        let sent = event.cause.and_then(|cause| run.trace.event(cause));
        matches!(event.what, EventKind::Delivered(message) if message.to() == to)
            && sent.is_some_and(|sent| matches!(sent.what, EventKind::Sent { lie: true, .. }))
    };
    run.trace.events.iter().filter(is_lie).take(MOST).map(|event| event.id).collect()
}

const fn tells(order: Order) -> &'static str {
    match order {
        Order::Retreat => "retreats",
        Order::Attack => "attacks",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::judge;
    use crate::problems::byzantine_generals::testing::generals;
    use crate::report::{self, Claims};
    use crate::scenario::Expected;

    /// No protocol here leaves a general waiting for ever: the judge is shown runs whose decisions
    /// nobody was told.
    #[test]
    fn who_never_decides_is_named() {
        let scenario = generals("oral", 4, "m = 1", &[("carol", "flip", "")]);
        let mut trace = report::run(&scenario, Claims::Always).unwrap().trace;
        let hide = |trace: &mut crate::trace::Trace, who: &str| {
            let who = trace.names.find(who);
            for event in trace.events.iter_mut().filter(|event| event.node == who) {
                if let EventKind::Output(output) = event.what {
                    event.what = EventKind::Noted(output);
                }
            }
        };
        let termination = &PROPERTIES[2];
        let says = |trace: &crate::trace::Trace| {
            let verdict = judge(termination, &Run { scenario: &scenario, trace });
            (verdict.word(), verdict.because().to_owned())
        };
        hide(&mut trace, "carol");
        assert_eq!(says(&trace).0, Expected::Holds, "a traitor need not decide");
        hide(&mut trace, "alice");
        assert_eq!(says(&trace), (Expected::Violated, "alice never decided.".to_owned()));
        hide(&mut trace, "bob");
        assert_eq!(says(&trace).1, "alice and bob never decided.");
    }
}
