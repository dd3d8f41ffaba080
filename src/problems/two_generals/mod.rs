//! The two generals: two armies must attack together or not at all, and their messengers may be
//! caught.
//!
//! E. A. Akkoyunlu, K. Ekanadham, R. V. Huber, "Some constraints and tradeoffs in the design of
//! network communications", SOSP, 1975; the generals are from Jim Gray, "Notes on data base
//! operating systems", 1978. Joseph Halpern and Yoram Moses, "Knowledge and common knowledge in a
//! distributed environment", JACM 37(3), 1990, show what is missing: to attack together takes
//! common knowledge, and no message that can be lost ever makes it. A protocol would have to keep
//! three conditions whatever the network loses, and none can:
//!
//! - **agreement**: nobody attacks alone;
//! - **validity**: nobody attacks without an order, and with an order and no loss both attack;
//! - **termination**: both decide.
//!
//! This file holds what the protocols share: how a general makes up its mind. How they are judged
//! and measured is in `judge.rs`, and when their closed forms hold in `theory.rs`. The first of the
//! scenario's nodes, alice, has the plan. Every general tells its user a `decision`, once. One that
//! could have been given an order notes `order`, and one that a message reaches too late notes
//! `late`.

pub mod ack_chain;
mod judge;
pub mod messengers;
pub mod randomized;
pub mod retry;
mod theory;

use serde::de::DeserializeOwned;

use super::names;
use super::prelude::*;

/// The problem and its protocols, in teaching order.
pub static PROBLEM: Problem = Problem {
    name: "two-generals",
    title: "The two generals",
    summary: "Can two generals attack together for sure when any of their messengers may be caught?",
    node_names,
    protocols: &[&ack_chain::ENTRY, &messengers::ENTRY, &retry::ENTRY, &randomized::ENTRY],
};

/// The general who has the plan: the first of the scenario's nodes.
pub const ALICE: NodeId = NodeId::new(0);
/// The other general.
pub const BOB: NodeId = NodeId::new(1);

fn node_names(count: usize) -> Vec<String> {
    names::cast(count, &["alice", "bob"], |place| format!("general-{}", place + 1))
}

/// What the problem's protocols have in common.
const COMMON: Entry = Entry {
    outputs: &[DECISION],
    decisions: &[DECISION],
    layout: Layout::Hills,
    roles: |_, _| Role::General,
    ..Entry::BLANK
};

const WEATHER: &str = "nodes = 2\n[network]\nduplicate = 0.5\nloss = 0.3";

/// Reads a scenario, and refuses more or fewer than two generals, and traitors.
fn setup<T: DeserializeOwned + JsonSchema + 'static>(scenario: &Scenario) -> Setup<'_, T> {
    let count = scenario.names.count();
    let miscounted = (count != 2).then(|| {
        let message = format!("two generals are two, and this scenario has {count}");
        scenario.complain_of_nodes(message, "write `nodes = 2`, or two names: `nodes = [\"alice\", \"bob\"]`")
    });
    Setup::read(scenario).refuse(miscounted).refuse_traitors(
        "the two generals are loyal: no protocol of this problem has lies",
        "only the network fails here; traitors are among the `byzantine-generals`",
    )
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

output_words!(pub Order {
    Attack => "attack";
    None => "none";
});

/// What a general does in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Attack,
    Retreat,
}

output_words!(Decision {
    Attack => "attack";
    Retreat => "retreat";
});

/// How a general makes up its mind: once, and by its deadline at the latest.
#[derive(Clone, Default)]
struct Resolve {
    decided: Option<Decision>,
    deadline: Option<TimerId>,
}

impl Resolve {
    /// Waits for `timer`, at which the general retreats if nothing made it attack before.
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
        ctx.cancel_timer(self.deadline.take());
        ctx.output(DECISION, decision);
    }

    /// Whether a message comes too late to change anything, which the general then notes.
    fn is_too_late<P: Protocol>(&self, ctx: &mut Context<'_, P>) -> bool {
        let is_late = self.decided == Some(Decision::Retreat);
        if is_late {
            ctx.note("late", "retreat", || "too late: the retreat is decided".to_owned());
        }
        is_late
    }
}

/// Notes what a general was told before the run.
fn note_order<P: Protocol>(order: Order, ctx: &mut Context<'_, P>) {
    ctx.note("order", order, || match order {
        Order::Attack => "has an order to attack".to_owned(),
        Order::None => "has no order".to_owned(),
    });
}

impl Resolve {
    fn tell(&self, facts: &mut Facts) {
        facts.word("decided", self.decided.map_or("nothing yet", Decision::word));
    }
}

#[cfg(test)]
mod tests;
