//! The two generals: two armies must attack together or not at all, and their messengers may be caught.
//!
//! E. A. Akkoyunlu, K. Ekanadham, R. V. Huber, "Some constraints and tradeoffs in the design of network
//! communications", SOSP, 1975; the generals are from Jim Gray, "Notes on data base operating systems", 1978. Joseph
//! Halpern and Yoram Moses, "Knowledge and common knowledge in a distributed environment", JACM 37(3), 1990, show what
//! is missing: to attack together takes common knowledge, and no message that can be lost ever makes it. A protocol
//! would have to keep three conditions whatever the network loses, and none can:
//!
//! - **agreement**: nobody attacks alone;
//! - **validity**: nobody attacks without an order, and with an order and no loss both attack;
//! - **termination**: both decide.
//!
//! This file is the ground that the protocols share: how a general makes up his mind, the properties and the measures.
//! When their closed forms hold is in `theory.rs`. The first of the scenario's nodes, alice, has the plan. Every general
//! tells his user a `decision`, once; one who could have been given an order notes `order`, and one to whom a message
//! comes too late notes `late`.

pub mod ack_chain;
pub mod messengers;
pub mod randomized;
pub mod retry;
mod theory;

use std::fmt::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{Judge, Kind, Measure, Property, Run, Verdict};
use crate::process::{Context, MessageId, Names, NodeId, Protocol, TimerId, Value};
use crate::scenario::{Complaint, Fault, Scenario};
use crate::time::{Span, Time};
use crate::trace::{Event, EventId, Kinds, What, Why};

use super::{Layout, Problem};

/// The problem and its protocols, in teaching order.
pub const PROBLEM: Problem = Problem {
    name: "two-generals",
    title: "The two generals",
    summary: "Can two generals attack together for sure when any of their messengers may be caught?",
    node_names,
    protocols: &[&ack_chain::ENTRY, &messengers::ENTRY, &retry::ENTRY, &randomized::ENTRY],
    layout: |_| Layout::Hills,
};

/// The general who has the plan: the first of the scenario's nodes.
pub const ALICE: NodeId = NodeId::new(0);
/// The other general.
pub const BOB: NodeId = NodeId::new(1);

fn node_names(count: usize) -> Vec<String> {
    let beyond = (3..=count).map(|nth| format!("general-{nth}"));
    ["alice", "bob"].into_iter().take(count).map(str::to_owned).chain(beyond).collect()
}

/// What every protocol of the problem has against a scenario: more or fewer than two generals, and traitors.
fn complaints(scenario: &Scenario) -> Vec<Complaint> {
    let count = scenario.names.count();
    let miscounted = (count != 2).then(|| {
        let message = format!("two generals are two, and this scenario has {count}");
        scenario.params.complain("nodes", message, "write `nodes = 2`, or two names: `nodes = [\"alice\", \"bob\"]`")
    });
    let traitors = scenario.faults.iter().filter_map(|fault| match fault {
        Fault::Traitor { lie, .. } => Some(Complaint {
            span: lie.span.clone(),
            message: "the two generals are loyal: no protocol of this problem has lies".to_owned(),
            help: "only the network fails here; traitors are among the `byzantine-generals`".to_owned(),
        }),
        _ => None,
    });
    miscounted.into_iter().chain(traitors).collect()
}

/// What a general was told before the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Attack, if the other does.
    Attack,
    /// Nothing.
    None,
}

impl Order {
    /// The order's word.
    pub const fn word(self) -> &'static str {
        match self {
            Order::Attack => "attack",
            Order::None => "none",
        }
    }
}

/// What a general does in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Attack,
    Retreat,
}

impl Decision {
    const fn word(self) -> &'static str {
        match self {
            Decision::Attack => "attack",
            Decision::Retreat => "retreat",
        }
    }
}

/// How a general makes up his mind: once, and by his deadline at the latest.
#[derive(Clone, Default)]
struct Resolve {
    decided: Option<Decision>,
    deadline: Option<TimerId>,
}

impl Resolve {
    /// Waits for `timer`, at which the general retreats if nothing made him attack before.
    fn wait<P: Protocol>(&mut self, span: Span, timer: P::Timer, ctx: &mut Context<'_, P>) {
        self.deadline = Some(ctx.set_timer(span, timer));
    }

    fn attack<P: Protocol>(&mut self, ctx: &mut Context<'_, P>) {
        self.decide(Decision::Attack, ctx);
    }

    fn retreat<P: Protocol>(&mut self, ctx: &mut Context<'_, P>) {
        self.decide(Decision::Retreat, ctx);
    }

    fn decide<P: Protocol>(&mut self, decision: Decision, ctx: &mut Context<'_, P>) {
        if self.decided.is_some() {
            return;
        }
        self.decided = Some(decision);
        if let Some(deadline) = self.deadline.take() {
            ctx.cancel_timer(deadline);
        }
        ctx.output("decision", Value::Word(decision.word()));
    }

    /// Whether a message comes too late to change anything, which the general then notes.
    fn is_too_late<P: Protocol>(&self, ctx: &mut Context<'_, P>) -> bool {
        let is_late = self.decided == Some(Decision::Retreat);
        if is_late {
            ctx.note("late", Value::Word("retreat"), || "too late: the retreat is decided".to_owned());
        }
        is_late
    }
}

/// Notes what a general was told before the run.
fn note_order<P: Protocol>(order: Order, ctx: &mut Context<'_, P>) {
    ctx.note("order", Value::Word(order.word()), || match order {
        Order::Attack => "has an order to attack".to_owned(),
        Order::None => "has no order".to_owned(),
    });
}

impl fmt::Display for Resolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.decided {
            Some(Decision::Attack) => "attacks",
            Some(Decision::Retreat) => "retreats",
            None => "undecided",
        })
    }
}

/// The properties of every protocol of the problem. `agreement` is the protocol's own judge, which knows what to tell of
/// a violation; it goes through [`agreement`].
const fn properties(agreement: fn(&Run<'_>) -> Verdict) -> [Property; 3] {
    [
        Property {
            name: "agreement",
            kind: Kind::Safety,
            says: "Nobody attacks alone.",
            needs: Kinds::OUTPUT,
            judge: Judge::at_end(agreement),
        },
        Property {
            name: "validity",
            kind: Kind::Safety,
            says: "Nobody attacks without an order; with an order, and if every message arrives in time, both attack.",
            needs: Kinds::OUTPUT.or(Kinds::NOTED),
            judge: Judge::at_end(validity),
        },
        Property {
            name: "termination",
            kind: Kind::Liveness,
            says: "Every general that stays up decides.",
            needs: Kinds::OUTPUT.or(Kinds::CRASHED),
            judge: Judge::at_end(termination),
        },
    ]
}

/// The measure of how many generals attack.
const ATTACKERS: Measure = Measure {
    name: "attackers",
    unit: "generals",
    says: "Generals that attack.",
    needs: Kinds::OUTPUT,
    of: Judge::at_end(|run| Some(stands(run).iter().map(|stand| i64::from(stand.attack.is_some())).sum())),
    in_words: None,
};

/// The measure whose mean is the chance that a general who attacks is alone.
const ALONE_GIVEN_ATTACK: Measure = Measure {
    name: "alone_given_attack",
    unit: "0 or 1",
    says: "1 if a general attacks alone, 0 if both attack; not defined where nobody does.",
    needs: Kinds::OUTPUT,
    of: Judge::at_end(|run| match company(run, &stands(run)) {
        Company::Together => Some(0),
        Company::Alone(..) => Some(1),
        Company::Nobody | Company::Open(..) => None,
    }),
    in_words: None,
};

/// The measure of how many copies of the plan came to bob.
const COPIES_RECEIVED: Measure = Measure {
    name: "copies_received",
    unit: "messages",
    says: "Copies of the plan that arrived, those that came late or that the network made included.",
    needs: Kinds::DELIVERED,
    of: Judge::at_end(|run| i64::try_from(arrived(run).filter(|message| message.to() == BOB).count()).ok()),
    in_words: None,
};

/// The measure of how deep the knowledge of the plan went, for a protocol in which `depth` answers with
/// [`depth_after`] of its own messages.
const fn knowledge_depth(depth: fn(&Run<'_>) -> Option<i64>) -> Measure {
    Measure {
        name: "knowledge_depth",
        unit: "knows",
        says: "How many times `knows` is nested in what is known of the plan; not defined after a crash, which forgets.",
        needs: Kinds::DELIVERED,
        of: Judge::at_end(depth),
        in_words: Some(knowledge),
    }
}

/// How deep knowledge is once a plan or its acknowledgement has arrived, where neither is acknowledged any further.
fn depth_of_plan_or_ack(message: MessageId) -> i64 {
    if message.to() == BOB { 1 } else { 2 }
}

/// The greatest of the depths that the messages which arrived brought about.
fn depth_after(run: &Run<'_>, of: fn(MessageId) -> i64) -> Option<i64> {
    (run.trace.counts.crashes == 0).then(|| arrived(run).map(of).max().unwrap_or(0))
}

fn arrived<'a>(run: &Run<'a>) -> impl Iterator<Item = MessageId> + use<'a> {
    run.trace.events.iter().filter_map(|event| match event.what {
        What::Delivered(message) => Some(message),
        _ => None,
    })
}

/// What is known of the plan at a depth: "bob knows that alice knows that bob knows the plan" at 3.
fn knowledge(depth: i64, names: &Names) -> String {
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

/// What a general told his user: when he first said that he attacks, and when he first decided anything.
#[derive(Clone, Copy, Debug, Default)]
struct Stand {
    attack: Option<(EventId, Time)>,
    decided: Option<(EventId, Time)>,
}

fn stands(run: &Run<'_>) -> [Stand; 2] {
    let mut stands = [Stand::default(); 2];
    for (event, by, output) in run.trace.outputs().filter(|(.., output)| output.name == "decision") {
        if let Some(stand) = stands.get_mut(by.index()) {
            let told = (event.id, event.at);
            stand.decided.get_or_insert(told);
            if output.value == Value::Word(Decision::Attack.word()) {
                stand.attack.get_or_insert(told);
            }
        }
    }
    stands
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

fn company(run: &Run<'_>, stands: &[Stand; 2]) -> Company {
    let (loner, other) = match stands.map(|stand| stand.attack.is_some()) {
        [false, false] => return Company::Nobody,
        [true, true] => return Company::Together,
        [true, false] => (ALICE, BOB),
        [false, true] => (BOB, ALICE),
    };
    let may_still = stands[other.index()].decided.is_none() && run.trace.ended != Why::Quiescent;
    if may_still { Company::Open(loner, other) } else { Company::Alone(loner, other) }
}

/// Nobody attacks alone. `why` says why the other general stays.
fn agreement(run: &Run<'_>, why: impl Fn(&Run<'_>, NodeId) -> String) -> Verdict {
    let stands = stands(run);
    match company(run, &stands) {
        Company::Nobody => run.holds(|| "Nobody attacks, so nobody is alone.".to_owned()),
        Company::Together => run.holds(|| "Both generals attack, so nobody is alone.".to_owned()),
        Company::Open(loner, other) => run.unknown(|| {
            let (loner, other) = (run.name(loner), run.name(other));
            format!("{loner} attacks, and {other} had not decided when the run was stopped.")
        }),
        Company::Alone(loner, other) => {
            let because = || format!("{} attacks alone: {}.", run.name(loner), why(run, other));
            let evidence = || {
                // Of many failures a picture shows the last.
                const MOST: usize = 12;
                let failed: Vec<EventId> = failed(run, other).map(|event| event.id).collect();
                let decisions = stands.iter().filter_map(|stand| Some(stand.attack.or(stand.decided)?.0));
                let mut evidence: Vec<EventId> = failed.into_iter().rev().take(MOST).chain(decisions).collect();
                evidence.sort_unstable();
                evidence
            };
            run.violated(because, std::iter::once_with(evidence).flatten())
        }
    }
}

/// What kept word from a general: the messages to it that failed or came after its decision, and its crashes.
fn failed<'a>(run: &Run<'a>, general: NodeId) -> impl Iterator<Item = &'a Event> + use<'a> {
    let decided = stands(run)[general.index()].decided;
    run.trace.events.iter().filter(move |event| match event.what {
        What::Delivered(message) => message.to() == general && decided.is_some_and(|(id, _)| event.id > id),
        What::Crashed => event.node == Some(general) && decided.is_none(),
        _ => event.what.is_fate() && event.what.message().is_some_and(|message| message.to() == general),
    })
}

/// Why a general stays although the other attacks: the message that failed him, and what he therefore does not know.
/// `depth` is how deep knowledge is after a message has arrived.
fn what_failed(run: &Run<'_>, other: NodeId, depth: fn(MessageId) -> i64) -> String {
    let name = run.name(other);
    let Some(last) = failed(run, other).last() else {
        let decided = stands(run)[other.index()].decided.is_some();
        return if decided { format!("{name} retreats") } else { format!("{name} never decided") };
    };
    let at = last.at.since(Time::ZERO).rounded();
    let Some(message) = last.what.message() else { return format!("{name} crashed at {at} and never decided") };
    let what = match last.what {
        What::Corrupted(_) => format!("arrived damaged at {at}"),
        What::Cut(_) => format!("was cut off by a partition at {at}"),
        What::ToCrashed(_) => format!("came at {at}, when {name} was down"),
        What::Delivered(_) => format!("came at {at}, after {name} had decided"),
        _ => format!("was lost at {at}"),
    };
    let failed = failed(run, other).filter(|event| event.what.message().is_some()).count();
    let which = match failed {
        1 => format!("{} {what}", run.trace.names.message(message)),
        many => format!(
            "{many} messages to {name} failed, the last of them {}, which {what}",
            run.trace.names.message(message)
        ),
    };
    if matches!(last.what, What::Delivered(_)) {
        return which;
    }
    format!("{which}, so {name} does not know {}", known(depth(message), &run.trace.names))
}

/// Nobody attacks without an order; with an order, and if every message arrives in time, both attack.
fn validity(run: &Run<'_>) -> Verdict {
    let (mut some, mut all) = (false, true);
    for (.., order) in run.trace.notes("order") {
        let is_order = order.value == Value::Word(Order::Attack.word());
        some |= is_order;
        all &= is_order;
    }
    let stands = stands(run);
    let eager = NodeId::first(2).find(|node| stands[node.index()].attack.is_some());
    match eager {
        Some(eager) if !some => {
            let because = || format!("{} attacks, though nobody had an order to.", run.name(eager));
            return run.violated(because, stands.iter().filter_map(|stand| Some(stand.attack?.0)));
        }
        None if !some => return run.holds(|| "There was no order, and nobody attacks.".to_owned()),
        _ if !all => return run.holds(|| "Only one general had an order, so neither has to attack.".to_owned()),
        _ => {}
    }
    if is_disturbed(run) {
        return run
            .holds(|| "There was an order, but not all went well on the way, so nobody has to attack.".to_owned());
    }
    let stays = |node: &NodeId| stands[node.index()].attack.is_none() && stands[node.index()].decided.is_some();
    match NodeId::first(2).find(stays) {
        None => run.holds(|| "There was an order, and nobody who decided stays behind.".to_owned()),
        Some(stays) => {
            let name = run.name(stays);
            let because = || format!("There was an order and every message arrived in time, but {name} retreats.");
            run.violated(because, stands.iter().filter_map(|stand| Some(stand.decided?.0)))
        }
    }
}

/// Whether any message failed or was late, or a general crashed.
fn is_disturbed(run: &Run<'_>) -> bool {
    let counts = run.trace.counts;
    let failed = counts.lost + counts.corrupted + counts.cut + counts.to_crashed + counts.in_flight;
    failed + counts.crashes > 0 || run.trace.notes("late").next().is_some()
}

fn termination(run: &Run<'_>) -> Verdict {
    let stands = stands(run);
    let waits = |node: &NodeId| stands.get(node.index()).is_some_and(|stand| stand.decided.is_none());
    if !run.correct().any(|node| waits(&node)) {
        return run.holds(|| "Every general that stayed up decided.".to_owned());
    }
    let because = || {
        let waiting: Vec<NodeId> = run.correct().filter(waits).collect();
        format!("Never decided: {}.", run.trace.names.list(&waiting))
    };
    run.not_reached(because, Vec::new())
}

#[cfg(test)]
mod tests;
