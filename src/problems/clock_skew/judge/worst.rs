//! Where the clocks come nearest to their bounds, and where they are farthest apart.

use crate::check::Run;
use crate::process::NodeId;
use crate::time::Time;

use super::course::{Side, error, farthest, moments};
use super::promise::{Bounded, Promise, Regard};

/// How things stand with a promise at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) at: Time,
    /// The clock behind; `None` if that is the reference.
    pub(super) behind: Option<NodeId>,
    /// The clock ahead, likewise.
    pub(super) ahead: Option<NodeId>,
    /// How far apart they are, in attoseconds.
    pub(super) apart: i128,
    /// How far they may be, in attoseconds.
    pub(super) bound: i128,
}

impl Standing {
    pub(super) const fn excess(&self) -> i128 {
        self.apart - self.bound
    }
}

/// The first moments at which a promise is nearest to being broken, or broken by the most, and at
/// which the clocks are farthest apart.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worst {
    pub(super) nearest: Option<Standing>,
    pub(super) widest: Option<Standing>,
    /// Up to where the promise was regarded, before what changes in that moment.
    up_to: Option<Time>,
}

impl Worst {
    fn take_in(&mut self, standing: Standing) {
        if self.nearest.is_none_or(|nearest| standing.excess() > nearest.excess()) {
            self.nearest = Some(standing);
        }
        if self.widest.is_none_or(|widest| standing.apart > widest.apart) {
            self.widest = Some(standing);
        }
    }
}

impl Regard for Worst {
    fn regard(&mut self, promise: &Promise, to: Time, reference: Option<NodeId>, run: &Run<'_>) {
        let from = self.up_to.unwrap_or(promise.from);
        if from > to || self.up_to == Some(to) {
            return;
        }
        let one = |node| [Some(node), reference].into_iter().flatten().collect::<Vec<NodeId>>();
        let moments = match &promise.of {
            Bounded::Error(node) => moments(run, &one(*node), from, to),
            Bounded::Skew(nodes) => moments(run, nodes, from, to),
        };
        for (at, side) in moments {
            if let Some(standing) = standing(run, promise, reference, at, side) {
                self.take_in(standing);
            }
        }
        // At the moment in which the promise begins, what changes in it was not seen yet.
        self.up_to = (promise.from < to).then_some(to);
    }

    fn join(&mut self, other: Worst) {
        [other.nearest, other.widest].into_iter().flatten().for_each(|standing| self.take_in(standing));
    }
}

fn standing(run: &Run<'_>, promise: &Promise, reference: Option<NodeId>, at: Time, side: Side) -> Option<Standing> {
    let bound = promise.bound(at);
    match &promise.of {
        &Bounded::Error(node) => {
            let error = error(run, node, reference, at, side);
            let (behind, ahead) = if error < 0 { (Some(node), reference) } else { (reference, Some(node)) };
            Some(Standing { at, behind, ahead, apart: error.abs(), bound })
        }
        Bounded::Skew(nodes) => {
            let (behind, ahead, apart) = farthest(run, nodes, at, side)?;
            Some(Standing { at, behind: Some(behind), ahead: Some(ahead), apart, bound })
        }
    }
}
