//! Ready-made judges for protocols whose nodes decide something and tell their users.
//!
//! - **agreement**: no two decisions differ;
//! - **termination**: every node that stays up decides; or, where nodes recover from crashes, every
//!   node that is up at the end does.
//!
//! A node decides by an output. Where it has the name `decision`, [`AGREEMENT`] and [`TERMINATION`]
//! (or [`RECOVERED_TERMINATION`]) are all that a protocol writes; for another name, or other words
//! in the sentences, see [`Decides`]. A judge of your own that asks for more than agreement holds
//! an [`Agreement`], as its example shows.

use std::marker::PhantomData;

use crate::process::{NodeId, Value};
use crate::trace::{Event, EventId, EventKind, Kinds};

use super::{Fold, Judge, Kind, Property, Run, Verdict};

/// The name of the output by which nodes decide, unless a protocol says otherwise.
pub const DECISION: &str = "decision";

/// No two decisions differ.
pub const AGREEMENT: Property = agreement::<Node>();

/// Every node that stays up decides; one that crashed does not count, though it restarted.
pub const TERMINATION: Property = termination::<Node>();

/// Every node that is up at the end decides; one that crashed and restarted counts.
pub const RECOVERED_TERMINATION: Property = recovered_termination::<Node>();

/// Who decides, and by which output.
pub trait Decides: Default + Send + 'static {
    /// The output's name.
    const OUTPUT: &'static str = DECISION;
    /// What a sentence calls one who decides.
    const WHO: &'static str = "node";
}

/// Nodes that decide by the output [`DECISION`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Node;

impl Decides for Node {}

/// The property that no two decisions differ. It is uniform: the decision of a node that crashes
/// later counts, since its user may have acted on it. Those of traitors do not.
pub const fn agreement<D: Decides>() -> Property {
    Property {
        name: "agreement",
        kind: Kind::Safety,
        says: "No two nodes decide differently.",
        needs: Kinds::OUTPUT,
        judge: Judge::fold::<Agreement<D>>(),
    }
}

/// Every node that is loyal and never crashes decides. A node that crashed and restarted does not
/// count: for protocols with stable storage see [`recovered_termination`].
///
/// A run violates it only if it comes to rest: in one that its time limit ends, somebody may still
/// decide, and the verdict is `unknown`. So a protocol that retries for ever is never seen to
/// violate termination; to show that it can wait for ever, let it wait without a timer.
pub const fn termination<D: Decides>() -> Property {
    Property {
        name: "termination",
        kind: Kind::Liveness,
        says: "Every node that stays up decides.",
        needs: Kinds::OUTPUT.or(Kinds::CRASHED),
        judge: Judge::fold::<Termination<D>>(),
    }
}

/// Every loyal node that is up at the end of the run decides, before a crash or after it. A node
/// that crashed and restarted counts; one that is still down does not. As for [`termination`], a
/// run that did not come to rest leaves it unknown.
///
/// Source: M. K. Aguilera, W. Chen, S. Toueg, "Failure detection and consensus in the
/// crash-recovery model", Distributed Computing 2000, section 2: it asks this of their *good*
/// processes, those that are always up or in the end stay up.
pub const fn recovered_termination<D: Decides>() -> Property {
    Property {
        says: "Every node that is up at the end decides.",
        needs: Kinds::OUTPUT.or(Kinds::CRASHED).or(Kinds::RESTARTED),
        judge: Judge::fold::<RecoveredTermination<D>>(),
        ..termination::<D>()
    }
}

/// What a node decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The node.
    pub by: NodeId,
    /// What it decided.
    pub value: Value,
    /// The event at which it told its user.
    pub event: EventId,
}

/// The decision that an event is, if it is one.
pub fn decided<D: Decides>(event: &Event) -> Option<Decision> {
    let (EventKind::Output(output), Some(by)) = (event.what, event.node) else { return None };
    (output.name == D::OUTPUT).then_some(Decision { by, value: output.value, event: event.id })
}

/// The judge of [`agreement`]. A judge that asks for more holds one of these, and says its own word
/// where agreement holds:
///
/// ```
/// use dsys::check::standard::{Agreement, Decision, Node, decided};
/// use dsys::check::{Fold, Run, Verdict};
/// use dsys::process::NodeId;
/// use dsys::trace::Event;
///
/// /// Agreement, and nobody decides before alice, who has the only vote.
/// #[derive(Default)]
/// struct AliceFirst {
///     agreement: Agreement<Node>,
///     first: Option<Decision>,
/// }
///
/// impl Fold for AliceFirst {
///     type Said = Verdict;
///
///     fn see(&mut self, event: &Event, run: &Run<'_>) {
///         self.agreement.see(event, run);
///         self.first = self.first.or(decided::<Node>(event));
///     }
///
///     fn say(&mut self, run: &Run<'_>) -> Verdict {
///         match (self.agreement.say(run), self.first) {
///             (Verdict::Holds { .. }, Some(first)) if first.by != NodeId::new(0) => {
///                 run.violated(|| format!("{} was first.", run.name(first.by)), [first.event])
///             }
///             (agreement, _) => agreement,
///         }
///     }
/// }
/// ```
#[derive(Debug, Default)]
pub struct Agreement<D> {
    first: Option<Decision>,
    /// The first decision of another node than the first.
    second: Option<Decision>,
    /// The first decision that is not as the first of all.
    other: Option<Decision>,
    who: PhantomData<D>,
}

impl<D: Decides> Fold for Agreement<D> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        let Some(decision) = decided::<D>(event).filter(|decision| !run.trace.is_traitor(decision.by)) else { return };
        let first = *self.first.get_or_insert(decision);
        if decision.by != first.by {
            self.second.get_or_insert(decision);
        }
        if decision.value != first.value {
            self.other.get_or_insert(decision);
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        match (self.first, self.second, self.other) {
            (Some(first), _, Some(other)) => run.violated(|| differ(run, first, other), [first.event, other.event]),
            (Some(first), Some(_), None) => {
                run.holds(|| format!("Every {} that decided chose {}.", D::WHO, first.value))
            }
            (Some(first), None, None) => {
                run.holds_vacuously(|| format!("Only {} decided, so no two differ.", run.name(first.by)))
            }
            (None, ..) => run.holds_vacuously(|| "Nobody decided, so no two differ.".to_owned()),
        }
    }
}

fn differ(run: &Run<'_>, first: Decision, other: Decision) -> String {
    let (one, two) = (run.name(first.by), run.name(other.by));
    if first.by == other.by {
        return format!("{one} decided {} and later {}.", first.value, other.value);
    }
    format!("{one} decided {} and {two} {}.", first.value, other.value)
}

/// The nodes that something is true of, up to the last of them.
#[derive(Default)]
struct Nodes(Vec<bool>);

impl Nodes {
    fn set(&mut self, node: NodeId, to: bool) {
        if self.0.len() <= node.index() {
            self.0.resize(node.index() + 1, false);
        }
        self.0[node.index()] = to;
    }

    fn has(&self, node: NodeId) -> bool {
        self.0.get(node.index()).is_some_and(|&has| has)
    }
}

#[derive(Default)]
struct Termination<D> {
    decided: Nodes,
    who: PhantomData<D>,
}

impl<D: Decides> Termination<D> {
    /// Judges whether these nodes decided, which "stayed up", or whatever else they did.
    fn of(&self, nodes: impl Iterator<Item = NodeId>, did: &str, run: &Run<'_>) -> Verdict {
        let mut nodes = nodes.peekable();
        if nodes.peek().is_none() {
            return run.holds_vacuously(|| format!("No {} {did}, so nobody had to decide.", D::WHO));
        }
        let mut waiting = nodes.filter(|&node| !self.decided.has(node)).peekable();
        if waiting.peek().is_none() {
            return run.holds(|| format!("Every {} that {did} decided.", D::WHO));
        }
        run.not_reached(|| format!("{} never decided.", run.trace.names.list(&waiting.collect::<Vec<_>>())), Vec::new())
    }
}

impl<D: Decides> Fold for Termination<D> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, _run: &Run<'_>) {
        if let Some(Decision { by, .. }) = decided::<D>(event) {
            self.decided.set(by, true);
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        self.of(run.correct(), "stayed up", run)
    }

    fn begin(&mut self) {
        self.decided.0.clear();
    }
}

#[derive(Default)]
struct RecoveredTermination<D> {
    termination: Termination<D>,
    down: Nodes,
}

impl<D: Decides> Fold for RecoveredTermination<D> {
    type Said = Verdict;

    fn see(&mut self, event: &Event, run: &Run<'_>) {
        self.termination.see(event, run);
        match (event.what, event.node) {
            (EventKind::Crashed, Some(node)) => self.down.set(node, true),
            (EventKind::Restarted, Some(node)) => self.down.set(node, false),
            _ => {}
        }
    }

    fn say(&mut self, run: &Run<'_>) -> Verdict {
        let up = run.loyal().filter(|&node| !self.down.has(node));
        self.termination.of(up, "was up at the end", run)
    }

    fn begin(&mut self) {
        self.termination.begin();
        self.down.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{Names, Output};
    use crate::scenario::Scenario;
    use crate::time::Time;
    use crate::trace::{Recording, StopReason, Trace};

    /// What happens in a run of alice, bob and carol: a node decides, or it crashes.
    enum Step {
        Decides(u16, &'static str),
        Crashes(u16),
        Restarts(u16),
    }
    use Step::{Crashes, Decides, Restarts};

    /// A run of these steps in which carol is a traitor or not.
    fn said(property: &Property, steps: &[Step], carol_lies: bool, ended: StopReason) -> String {
        let names = ["alice", "bob", "carol"];
        let scenario = Scenario::bare("", "", &names, "");
        let mut trace = Trace::new(Names::new(names));
        trace.clear(Recording::Everything);
        trace.ended = ended;
        trace.traitors.extend(carol_lies.then_some(NodeId::new(2)));
        for step in steps {
            let (node, what) = match *step {
                Decides(node, word) => (node, EventKind::Output(Output { name: DECISION, value: Value::Word(word) })),
                Crashes(node) => (node, EventKind::Crashed),
                Restarts(node) => (node, EventKind::Restarted),
            };
            if what == EventKind::Crashed {
                trace.crashed.push(NodeId::new(node));
            }
            trace.push(Time::ZERO, Some(NodeId::new(node)), None, what);
        }
        property.judge.of(&Run { scenario: &scenario, trace: &trace }).to_string()
    }

    #[test]
    fn no_two_decisions_may_differ() {
        let check = |steps: &[Step], expect| {
            assert_eq!(said(&AGREEMENT, steps, true, StopReason::Quiescent), expect);
        };
        check(&[], "– Nobody decided, so no two differ.");
        check(&[Decides(0, "commit"), Decides(0, "commit")], "– Only alice decided, so no two differ.");
        check(&[Decides(0, "commit"), Decides(1, "commit")], "✓ Every node that decided chose commit.");
        check(&[Decides(0, "commit"), Decides(1, "abort")], "✗ alice decided commit and bob abort.");
        check(&[Decides(1, "commit"), Decides(1, "abort")], "✗ bob decided commit and later abort.");
        check(&[Decides(0, "commit"), Crashes(0), Decides(1, "abort")], "✗ alice decided commit and bob abort.");
        check(&[Decides(0, "commit"), Decides(2, "abort")], "– Only alice decided, so no two differ.");
    }

    #[test]
    fn every_node_that_stays_up_must_decide() {
        let check = |steps: &[Step], ended, expect| {
            assert_eq!(said(&TERMINATION, steps, true, ended), expect);
        };
        check(&[Decides(0, "a"), Decides(1, "b")], StopReason::Quiescent, "✓ Every node that stayed up decided.");
        check(&[Decides(1, "a"), Crashes(0)], StopReason::Quiescent, "✓ Every node that stayed up decided.");
        check(&[Crashes(0), Crashes(1)], StopReason::Quiescent, "– No node stayed up, so nobody had to decide.");
        check(&[Decides(1, "a"), Crashes(1)], StopReason::Quiescent, "✗ alice never decided.");
        let stopped = "? alice and bob never decided. The run was stopped before it came to rest.";
        check(&[], StopReason::TimeLimit, stopped);
    }

    #[test]
    fn a_node_that_comes_up_again_must_decide_too() {
        let check = |steps: &[Step], ended, expect| {
            assert_eq!(said(&RECOVERED_TERMINATION, steps, true, ended), expect);
        };
        let (rest, all) = (StopReason::Quiescent, "✓ Every node that was up at the end decided.");
        check(&[Decides(0, "a"), Decides(1, "a")], rest, all);
        check(&[Decides(0, "a"), Crashes(1)], rest, all);
        check(&[Decides(0, "a"), Crashes(0), Restarts(0), Crashes(1), Restarts(1), Decides(1, "a")], rest, all);
        check(&[Decides(0, "a"), Crashes(1), Restarts(1)], rest, "✗ bob never decided.");
        check(&[Decides(0, "a"), Crashes(1), Restarts(1), Crashes(1)], rest, all);
        check(&[Crashes(0), Crashes(1)], rest, "– No node was up at the end, so nobody had to decide.");
        let stopped = "? bob never decided. The run was stopped before it came to rest.";
        check(&[Decides(0, "a"), Crashes(1), Restarts(1)], StopReason::TimeLimit, stopped);
    }
}
