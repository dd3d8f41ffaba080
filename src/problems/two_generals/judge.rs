//! What the problem's protocols are judged by, agreement, validity and termination, and what they
//! measure.
//!
//! A general decides once, or once more after each restart: what is kept of a run is who first
//! decided what.

use std::fmt::Write;
use std::marker::PhantomData;

use crate::arrange::Arrange;
use crate::check::standard::{self, DECISION, Decides};
use crate::check::{self, Fold, Judge, Kind, Measure, Property, Run, Verdict};
use crate::process::{MessageId, Names, NodeId, Value};
use crate::time::Time;
use crate::trace::{Event, EventId, EventKind, Kinds, StopReason};

use super::{ALICE, BOB, Decision, Order};

/// Why a general stays although the other attacks, which each protocol tells in its own words.
pub(super) trait Explains: Default + Send + 'static {
    /// What goes after "bob attacks alone: ", `other` being who stays.
    fn why(run: &Run<'_>, other: NodeId) -> String;
}

/// What a protocol's messages do for the knowledge of the plan.
pub(super) trait Deepens: Default + Send + 'static {
    /// How deep knowledge is once a message has arrived.
    fn depth(message: MessageId) -> i64;
}

impl<D: Deepens> Explains for D {
    fn why(run: &Run<'_>, other: NodeId) -> String {
        what_failed(run, other, |last| Some(D::depth(last)))
    }
}

/// A plan or its acknowledgement, where neither is acknowledged any further.
#[derive(Default)]
pub(super) struct PlanOrAck;

impl Deepens for PlanOrAck {
    fn depth(message: MessageId) -> i64 {
        if message.to() == BOB { 1 } else { 2 }
    }
}

/// The properties of every protocol of the problem.
pub(super) const fn properties<E: Explains>() -> [Property; 3] {
    [
        Property {
            name: "agreement",
            kind: Kind::Safety,
            says: "Nobody attacks alone.",
            needs: Kinds::OUTPUT,
            judge: Judge::fold::<Agreement<E>>(),
        },
        Property {
            name: "validity",
            kind: Kind::Safety,
            says: "Nobody attacks without an order; with an order, and if every message arrives in time, both attack.",
            needs: Kinds::OUTPUT.or(Kinds::NOTED),
            judge: Judge::fold::<Validity>(),
        },
        Property { says: "Every general that stays up decides.", ..standard::termination::<General>() },
    ]
}

/// The measure of how many generals attack.
pub(super) const ATTACKERS: Measure = Measure {
    name: "attackers",
    unit: "generals",
    says: "Generals that attack.",
    needs: Kinds::OUTPUT,
    of: Judge::fold::<Attackers>(),
    in_words: None,
};

/// The measure whose mean is the chance that a general that attacks is alone.
pub(super) const ALONE_GIVEN_ATTACK: Measure = Measure {
    name: "alone_given_attack",
    unit: check::SHARE,
    says: "1 if a general attacks alone, 0 if both attack; not defined where nobody does.",
    needs: Kinds::OUTPUT,
    of: Judge::fold::<AloneGivenAttack>(),
    in_words: None,
};

/// The measure of how many copies of the plan came to bob.
pub(super) const COPIES_RECEIVED: Measure = Measure {
    name: "copies_received",
    unit: "messages",
    says: "Copies of the plan that arrived, those that came late or that the network made included.",
    needs: Kinds::DELIVERED,
    of: Judge::fold::<CopiesReceived>(),
    in_words: None,
};

/// The measure of how deep the knowledge of the plan went.
pub(super) const fn knowledge_depth<D: Deepens>() -> Measure {
    Measure {
        name: "knowledge_depth",
        unit: "knows",
        says: "How many times `knows` is nested in what is known of the plan; not defined after a crash, which forgets.",
        needs: Kinds::DELIVERED,
        of: Judge::fold::<Depth<D>>(),
        in_words: Some(knowledge),
    }
}

/// What a general told its user: when it first said that it attacks, and when it first decided
/// anything.
#[derive(Clone, Copy, Debug, Default)]
struct Stand {
    attack: Option<(EventId, Time)>,
    decided: Option<(EventId, Time)>,
}

/// Where both generals stand.
#[derive(Clone, Copy, Debug, Default)]
struct Stands([Stand; 2]);

impl Stands {
    fn of(run: &Run<'_>) -> Stands {
        let mut stands = Stands::default();
        run.trace.events.iter().for_each(|event| stands.see(event));
        stands
    }

    fn see(&mut self, event: &Event) {
        let (EventKind::Output(output), Some(by)) = (event.what, event.node) else { return };
        let Some(stand) = self.0.get_mut(by.index()).filter(|_| output.name == DECISION) else { return };
        let told = (event.id, event.at);
        stand.decided.get_or_insert(told);
        if output.value == Value::Word(Decision::Attack.word()) {
            stand.attack.get_or_insert(told);
        }
    }

    fn general(&self, general: NodeId) -> Stand {
        self.0[general.index()]
    }

    fn attackers(&self) -> impl Iterator<Item = (NodeId, EventId)> {
        NodeId::first(2).filter_map(|general| Some((general, self.general(general).attack?.0)))
    }

    fn company(&self, run: &Run<'_>) -> Company {
        let (loner, other) = match self.0.map(|stand| stand.attack.is_some()) {
            [false, false] => return Company::Nobody,
            [true, true] => return Company::Together,
            [true, false] => (ALICE, BOB),
            [false, true] => (BOB, ALICE),
        };
        let may_still = self.general(other).decided.is_none() && run.trace.ended != StopReason::Quiescent;
        if may_still { Company::Open(loner, other) } else { Company::Alone(loner, other) }
    }
}

/// Who attacks with whom.
enum Company {
    Nobody,
    Together,
    /// The first attacks, the second does not.
    Alone(NodeId, NodeId),
    /// The first attacks, and the run was stopped before the second decided.
    Open(NodeId, NodeId),
}

/// Nobody attacks alone. Where nobody attacks, nothing is claimed.
#[derive(Default)]
struct Agreement<E> {
    stands: Stands,
    words: PhantomData<E>,
}

impl<E: Explains> Fold for Agreement<E> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.stands.see(event);
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        match self.stands.company(run) {
            Company::Nobody => run.holds_vacuously(|| "Nobody attacks, so nobody is alone.".to_owned()),
            Company::Together => run.holds(|| "Both generals attack, so nobody is alone.".to_owned()),
            Company::Open(loner, other) => run.unknown(|| {
                let (loner, other) = (run.name(loner), run.name(other));
                format!("{loner} attacks, and {other} had not decided when the run was stopped.")
            }),
            Company::Alone(loner, other) => {
                let because = || format!("{} attacks alone: {}.", run.name(loner), E::why(run, other));
                let evidence = || alone(run, &self.stands, other);
                run.violated(because, std::iter::once_with(evidence).flatten())
            }
        }
    }
}

/// The events that show why a general stays: of many failures the last that a picture can show, and
/// the decisions.
fn alone(run: &Run<'_>, stands: &Stands, other: NodeId) -> Vec<EventId> {
    const MOST: usize = 12;
    let failed: Vec<EventId> = failed(run, other).map(|event| event.id).collect();
    let decisions = stands.0.iter().filter_map(|stand| Some(stand.attack.or(stand.decided)?.0));
    let mut evidence: Vec<EventId> = failed.into_iter().rev().take(MOST).chain(decisions).collect();
    evidence.arrange();
    evidence
}

/// What kept word from a general: the messages to it that failed or came after its decision, and
/// its crashes.
fn failed<'a>(run: &Run<'a>, general: NodeId) -> impl Iterator<Item = &'a Event> + use<'a> {
    let decided = Stands::of(run).general(general).decided;
    run.trace.events.iter().filter(move |event| match event.what {
        EventKind::Delivered(message) => message.to() == general && decided.is_some_and(|(id, _)| event.id > id),
        EventKind::Crashed => event.node == Some(general) && decided.is_none(),
        _ => event.what.is_fate() && event.what.message().is_some_and(|message| message.to() == general),
    })
}

/// Why a general stays although the other attacks: the message that did not reach it, and what it
/// therefore does not know. `depth` is how deep knowledge is after a message has arrived; `None`
/// where that is not what counts.
pub(super) fn what_failed(run: &Run<'_>, other: NodeId, depth: impl Fn(MessageId) -> Option<i64>) -> String {
    let name = run.name(other);
    let Some(last) = failed(run, other).last() else {
        let decided = Stands::of(run).general(other).decided.is_some();
        return if decided { format!("{name} retreats") } else { format!("{name} never decided") };
    };
    let at = last.at.since(Time::ZERO).rounded();
    let Some(message) = last.what.message() else { return format!("{name} crashed at {at} and never decided") };
    let what = match last.what {
        EventKind::Corrupted(_) => format!("arrived damaged at {at}"),
        EventKind::Cut(_) => format!("was cut off by a partition at {at}"),
        EventKind::ToCrashed(_) => format!("came at {at}, when {name} was down"),
        EventKind::Delivered(_) => format!("came at {at}, after {name} had decided"),
        _ => format!("was lost at {at}"),
    };
    let failed = failed(run, other).filter(|event| event.what.message().is_some());
    let (mut count, mut was_late) = (0, false);
    for event in failed {
        count += 1;
        was_late |= matches!(event.what, EventKind::Delivered(_));
    }
    let which = match count {
        1 => format!("{} {what}", run.trace.names.message(message)),
        many => format!(
            "{many} messages to {name} failed, the last of them {}, which {what}",
            run.trace.names.message(message)
        ),
    };
    match depth(message) {
        // A general that hears too late knows in the end, and only then.
        Some(depth) if !was_late => {
            format!("{which}, so {name} does not know {}", known(depth, &run.trace.names))
        }
        _ => which,
    }
}

/// Nobody attacks without an order; with an order, and if every message arrives in time, both
/// attack. Where only one general has an order, or something went wrong on the way, nothing is
/// claimed.
#[derive(Default)]
struct Validity {
    stands: Stands,
    /// Whether somebody had an order.
    ordered: bool,
    /// Whether somebody had none.
    unordered: bool,
    late: bool,
}

impl Fold for Validity {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.stands.see(event);
        if let EventKind::Noted(note) = event.what {
            let is_order = note.name == "order";
            let attack = note.value == Value::Word(Order::Attack.word());
            self.ordered |= is_order && attack;
            self.unordered |= is_order && !attack;
            self.late |= note.name == "late";
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        match (self.stands.attackers().next(), self.ordered, self.unordered) {
            (Some((eager, _)), false, _) => {
                let because = || format!("{} attacks, though nobody had an order to.", run.name(eager));
                run.violated(because, self.stands.attackers().map(|(_, event)| event))
            }
            (None, false, _) => run.holds(|| "There was no order, and nobody attacks.".to_owned()),
            (_, true, true) => {
                run.holds_vacuously(|| "Only one general had an order, so neither has to attack.".to_owned())
            }
            (_, true, false) if self.is_disturbed(run) => run.holds_vacuously(|| {
                "There was an order, but not all went well on the way, so nobody has to attack.".to_owned()
            }),
            (_, true, false) => self.obeyed(run),
        }
    }
}

impl Validity {
    /// Whether any message failed or was late, or a general crashed.
    fn is_disturbed(&self, run: &Run<'_>) -> bool {
        let counts = run.trace.counts;
        let failed = counts.lost + counts.corrupted + counts.cut + counts.to_crashed + counts.in_flight;
        failed + counts.crashes > 0 || self.late
    }

    /// Judges a run with an order in which all went well.
    fn obeyed(&self, run: &Run<'_>) -> Verdict {
        let decided = |general: &NodeId| self.stands.general(*general).decided.is_some();
        let stays = |general: &NodeId| self.stands.general(*general).attack.is_none() && decided(general);
        match NodeId::first(2).find(stays) {
            Some(stays) => {
                let name = run.name(stays);
                let because = || format!("There was an order and every message arrived in time, but {name} retreats.");
                run.violated(because, self.stands.0.iter().filter_map(|stand| Some(stand.decided?.0)))
            }
            None if NodeId::first(2).any(|general| decided(&general)) => {
                run.holds(|| "There was an order, and nobody who decided stays behind.".to_owned())
            }
            None => run.holds_vacuously(|| "There was an order, and nobody had decided yet.".to_owned()),
        }
    }
}

/// A general who decides.
#[derive(Default)]
struct General;

impl Decides for General {
    const WHO: &'static str = "general";
}

#[derive(Default)]
struct Attackers(Stands);

impl Fold for Attackers {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.see(event);
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        i64::try_from(self.0.attackers().count()).ok()
    }
}

#[derive(Default)]
struct AloneGivenAttack(Stands);

impl Fold for AloneGivenAttack {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0.see(event);
    }

    fn say(&mut self, run: &Run<'_>) -> Option<i64> {
        match self.0.company(run) {
            Company::Together => Some(0),
            Company::Alone(..) => Some(1),
            Company::Nobody | Company::Open(..) => None,
        }
    }
}

#[derive(Default)]
struct CopiesReceived(i64);

impl Fold for CopiesReceived {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        self.0 += i64::from(matches!(event.what, EventKind::Delivered(message) if message.to() == BOB));
    }

    fn say(&mut self, _run: &Run<'_>) -> Option<i64> {
        Some(self.0)
    }
}

/// The greatest of the depths that the messages which arrived brought about.
#[derive(Default)]
struct Depth<D> {
    greatest: i64,
    of: PhantomData<D>,
}

impl<D: Deepens> Fold for Depth<D> {
    type Said = Option<i64>;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let EventKind::Delivered(message) = event.what {
            self.greatest = self.greatest.max(D::depth(message));
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Option<i64> {
        (run.trace.counts.crashes == 0).then_some(self.greatest)
    }
}

/// What is known of the plan at a depth: "bob knows that alice knows that bob knows the plan" at 3.
pub(super) fn knowledge(depth: i64, names: &Names) -> String {
    if depth < 1 {
        return "no word of the plan has arrived".to_owned();
    }
    format!("{} knows {}", knower(depth, names), known(depth, names))
}

/// Who has the outermost knowledge at a depth: the plan comes to bob first.
fn knower(depth: i64, names: &Names) -> &str {
    names.of(if depth % 2 == 1 { BOB } else { ALICE })
}

/// What the outermost one knows at a depth: "the plan" at 1, "that bob knows the plan" at 2.
fn known(depth: i64, names: &Names) -> String {
    const MOST: i64 = 6;
    let mut words = String::new();
    for inner in (1..depth).rev().take(MOST as usize - 1) {
        // Writing to a string cannot fail.
        let _ = write!(words, "that {} knows ", knower(inner, names));
    }
    if depth > MOST { format!("{words}… the plan ({depth} deep)") } else { format!("{words}the plan") }
}
