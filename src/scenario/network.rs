//! The network and the clocks of a scenario.

use std::collections::BTreeMap;

use super::cast::Cast;
use super::distribution::Delay;
use super::findings::Findings;
use super::spec::{self, NodeClock};
use super::{ClockSpec, Link, Network, Probability};
use crate::process::NodeId;

/// What a link says that differs from another.
struct Changes<'a> {
    delay: Option<&'a Delay>,
    loss: Option<Probability>,
    duplicate: Option<Probability>,
    corrupt: Option<Probability>,
    fifo: Option<bool>,
}

impl Changes<'_> {
    fn apply(&self, to: Link, findings: &mut Findings) -> Link {
        Link {
            delay: self.delay.and_then(|delay| delay.0.resolve(findings)).unwrap_or(to.delay),
            loss: self.loss.unwrap_or(to.loss),
            duplicate: self.duplicate.unwrap_or(to.duplicate),
            corrupt: self.corrupt.unwrap_or(to.corrupt),
            fifo: self.fifo.unwrap_or(to.fifo),
        }
    }
}

/// Reads the link that all are like.
pub(super) fn default_link(network: &spec::Network, findings: &mut Findings) -> Link {
    let spec::Network { ref delay, loss, duplicate, corrupt, fifo, .. } = *network;
    Changes { delay: delay.as_ref(), loss, duplicate, corrupt, fifo }.apply(Link::default(), findings)
}

/// Reads the exceptions.
pub(super) fn read(network: &spec::Network, default: Link, cast: &Cast<'_>, findings: &mut Findings) -> Network {
    let mut rows = BTreeMap::new();
    for row in &network.link {
        let spec::Link { ref from, ref to, ref delay, loss, duplicate, corrupt, fifo } = **row;
        let link = Changes { delay: delay.as_ref(), loss, duplicate, corrupt, fifo }.apply(default, findings);
        let (Some(sender), Some(receiver)) = (cast.node(from, findings), cast.node(to, findings)) else { continue };
        if sender == receiver {
            findings.add(to.span(), format!("this link leads from `{}` to itself", **from), "nobody sends to himself");
            continue;
        }
        match rows.get(&(sender, receiver)) {
            None => {
                rows.insert((sender, receiver), (link, row.span()));
            }
            Some((_, first)) => {
                let message = format!("a second row for the link from `{}` to `{}`", **from, **to);
                let help = "put all that differs on this direction of the link into one row";
                findings.add_beside(row.span(), message, help, (first.clone(), "the first one"));
            }
        }
    }
    let exceptions = rows.into_iter().map(|((from, to), (link, _))| (from, to, link)).collect();
    Network { default, exceptions }
}

/// Reads the clocks of all nodes.
pub(super) fn clocks(clock: &spec::Clock, cast: &Cast<'_>, findings: &mut Findings) -> Vec<ClockSpec> {
    let all = one_clock(&clock.all, ClockSpec::default(), findings);
    let mut clocks = vec![all; cast.names.count()];
    for (name, own) in &clock.of {
        let own = one_clock(own, all, findings);
        if let Some(clock) = cast.node(name, findings).map(NodeId::index).and_then(|index| clocks.get_mut(index)) {
            *clock = own;
        }
    }
    clocks
}

fn one_clock(clock: &NodeClock, default: ClockSpec, findings: &mut Findings) -> ClockSpec {
    let offset = clock.offset.as_ref().and_then(|offset| offset.0.resolve(findings));
    let drift_ppb = clock.drift_ppm.map_or(default.drift_ppb, |drift| drift.ppb);
    ClockSpec { offset: offset.unwrap_or(default.offset), drift_ppb }
}
